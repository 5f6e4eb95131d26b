// The way from a trusted key to the one that signs now: changes of keys that the old key signed, each a
// leaf of the log (sync/key_change.hpp).

import { fromText, toText, Wrong } from './bytes';
import { fingerprintOf, openNote, readKey } from './note';
import { entriesIn, tileWidth } from './tiles';
import type { Tree } from './tree';

/// Bundles that are looked through for changes, newest first: more than sixty thousand entries.
const mostBundles = 256;

interface KeyChange {
  index: number;
  previous: string;
  key: string;
  note: string;
}

/// Indices of the changes that lead there, newest first; null: no way is signed throughout.
export async function wayFrom(fingerprint: string, vkey: string, tree: Tree): Promise<number[] | null> {
  const way: number[] = [];
  let wanted = vkey;
  const last = Math.floor((tree.size - 1) / tileWidth);
  for (let bundle = last; bundle >= Math.max(0, last - mostBundles + 1); bundle -= 1) {
    const entries = entriesIn(await tree.file('entries', bundle));
    for (let n = entries.length - 1; n >= 0; n -= 1) {
      const change = changeIn(toText(entries[n] as Uint8Array), bundle * tileWidth + n);
      if (change === null || change.key !== wanted) continue;
      if (!isSignedByBoth(change)) return null;
      way.push(change.index);
      wanted = change.previous;
      if (fingerprintOf(readKey(wanted)) === fingerprint) return way;
    }
  }
  return null;
}

/// Null: this leaf changes no key, or says that the old one is lost, which only people can follow.
function changeIn(leaf: string, index: number): KeyChange | null {
  if (!leaf.includes('"rotate"')) return null; // most leaves need not be taken apart
  const { type, data } = JSON.parse(leaf) as { type?: unknown; data?: Record<string, unknown> };
  if (type !== 'key' || data?.['act'] !== 'rotate') return null;
  const [previous, key, note] = [data['previous'], data['key'], data['note']].map(String);
  return { index, previous: previous ?? '', key: key ?? '', note: note ?? '' };
}

/// The note binds the new key to its place in the log.
function isSignedByBoth({ index, previous, key, note }: KeyChange): boolean {
  try {
    const fresh = readKey(key);
    const text = `jieding ledger key change\n${fresh.name}\n${index}\n${key}\n`;
    const bytes = fromText(note);
    return openNote(bytes, fresh) === text && openNote(bytes, readKey(previous)) === text;
  } catch (error) {
    if (error instanceof Wrong) return false;
    throw error;
  }
}
