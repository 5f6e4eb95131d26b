// What a visitor's own browser keeps between two checks of the record.

import { onMirror } from './mirror';
import type { Trusted } from './verify/check';

/// One web server may hold the mirrors of several sites.
const shelf = onMirror ? `jieding.check ${new URL('.', document.baseURI).pathname}` : 'jieding.check';
const nothing: Trusted = { fingerprint: '', kept: null };

export function takeTrusted(): Trusted {
  try {
    const from = JSON.parse(localStorage.getItem(shelf) ?? '{}') as Partial<Trusted>;
    const { fingerprint, kept } = from;
    if (typeof fingerprint !== 'string' || !/^[0-9a-f]{32}$/.test(fingerprint)) return nothing;
    const good = Number.isSafeInteger(kept?.size) && (kept?.size ?? -1) >= 0 && /^[0-9a-f]{64}$/.test(kept?.root ?? '');
    return { fingerprint, kept: good && kept ? { size: kept.size, root: kept.root } : null };
  } catch {
    return nothing; // a browser that keeps nothing, or what another page left
  }
}

export function forgetTrusted(): Trusted {
  try {
    localStorage.removeItem(shelf);
  } catch {
    // then nothing was kept either
  }
  return nothing;
}

/// False: the browser keeps nothing, so that the next visit cannot compare.
export function keepTrusted(trusted: Trusted): boolean {
  try {
    localStorage.setItem(shelf, JSON.stringify(trusted));
    return true;
  } catch {
    return false;
  }
}
