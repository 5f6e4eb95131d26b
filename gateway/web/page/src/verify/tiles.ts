// The files of a tiled log (C2SP tlog-tiles): their names, and what lies in them.

import { Wrong } from './bytes';

export const tileWidth = 256;
const hashBytes = 32;

/// `tile/0/x001/x234/067.p/12` of a tree of this size.
export function tilePath(level: number | 'entries', index: number, size: number): string {
  const below = tileWidth ** (level === 'entries' ? 1 : level + 1);
  const width = Math.min(tileWidth, Math.floor((size - index * below) / (below / tileWidth)));
  let steps = String(index % 1000).padStart(3, '0');
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000))
    steps = `x${String(rest % 1000).padStart(3, '0')}/${steps}`;
  return `tile/${level}/${steps}${width < tileWidth ? `.p/${width}` : ''}`;
}

export function hashIn(tile: Uint8Array, place: number): Uint8Array {
  const hash = tile.subarray(place * hashBytes, (place + 1) * hashBytes);
  if (hash.length !== hashBytes) throw new Wrong('a torn tile');
  return hash;
}

/// Entries are told apart by their length in two bytes, the high one first.
export function entriesIn(bundle: Uint8Array): Uint8Array[] {
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bundle.length; ) {
    const high = bundle[at];
    const low = bundle[at + 1];
    if (high === undefined || low === undefined) throw new Wrong('a torn bundle');
    const end = at + 2 + high * 256 + low;
    if (end > bundle.length) throw new Wrong('a torn bundle');
    entries.push(bundle.subarray(at + 2, end));
    at = end;
  }
  return entries;
}

export function entryIn(bundle: Uint8Array, place: number): Uint8Array {
  const entry = entriesIn(bundle)[place];
  if (entry === undefined) throw new Wrong('a torn bundle');
  return entry;
}
