// Holds a log against what a visitor trusts: a key's fingerprint, the checkpoint of the last visit,
// and what the page says of one leaf. Bytes in, verdict out.

import { toHex, toText, Wrong } from './bytes';
import { wayFrom } from './key_change';
import { fingerprintOf, openNote, readCheckpoint, readKey, type Checkpoint, type Key } from './note';
import { entryIn, tileWidth } from './tiles';
import { leafHash, Tree, type Read } from './tree';

/// One leaf, and fields of its event's data as the page shows them.
export interface Shown {
  index: number;
  data: Record<string, unknown>;
}

export interface Trusted {
  /// 32 hex digits.
  fingerprint: string;
  /// The checkpoint of the last visit; null: there was none.
  kept: Checkpoint | null;
}

export type Fault =
  | 'key' // another key than the trusted one, and no way that it signed
  | 'signature' // the checkpoint is not signed by it
  | 'rewritten' // what was kept is not the past of what is there
  | 'shorter' // fewer leaves than were kept
  | 'absent' // the leaf is not in the signed tree
  | 'differs'; // it is, and says something else than the page

export type Verdict =
  | {
      good: true;
      checkpoint: Checkpoint;
      consistent: boolean;
      leaf: number | null;
      /// Of the key that signs now; another than was trusted where the trusted key said so in the log.
      fingerprint: string;
    }
  | { good: false; fault: Fault };

/// A file that cannot be had throws as `read` does: that is no verdict.
export async function check(vkey: string, note: Uint8Array, read: Read, trusted: Trusted, shown: Shown | null): Promise<Verdict> {
  const key = orNull(() => readKey(vkey));
  if (key === null) return { good: false, fault: 'key' };
  const fingerprint = fingerprintOf(key);
  const known = fingerprint === trusted.fingerprint;
  const checkpoint = orNull(() => readCheckpoint(openNote(note, key), key.name));
  if (checkpoint === null) return { good: false, fault: known ? 'signature' : 'key' };
  const tree = new Tree(read, checkpoint.size);
  if (!known && !(await whole(() => follows(tree, checkpoint, trusted.fingerprint, vkey)))) return { good: false, fault: 'key' };
  const { kept } = trusted;
  if (kept !== null) {
    if (kept.size > checkpoint.size) return { good: false, fault: 'shorter' };
    if (!(await whole(() => continues(tree, checkpoint, kept)))) return { good: false, fault: 'rewritten' };
  }
  if (shown !== null) {
    if (!(await whole(() => includes(tree, checkpoint, shown.index)))) return { good: false, fault: 'absent' };
    if (!(await whole(() => says(tree, key, shown)))) return { good: false, fault: 'differs' };
  }
  return { good: true, checkpoint, consistent: kept !== null, leaf: shown?.index ?? null, fingerprint };
}

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof Wrong) return null;
    throw error;
  }
}

/// What cannot be taken apart proves nothing.
async function whole(proof: () => Promise<boolean>): Promise<boolean> {
  try {
    return await proof();
  } catch (error) {
    if (error instanceof Wrong) return false;
    throw error;
  }
}

/// From the trusted key to this one by changes that are signed and in the tree.
async function follows(tree: Tree, now: Checkpoint, fingerprint: string, vkey: string): Promise<boolean> {
  const way = await wayFrom(fingerprint, vkey, tree);
  if (way === null) return false;
  for (const index of way) if (!(await includes(tree, now, index))) return false;
  return true;
}

async function continues(tree: Tree, now: Checkpoint, kept: Checkpoint): Promise<boolean> {
  const before = await tree.root(0, kept.size, [kept.size]);
  const after = await tree.root(0, now.size, [kept.size]);
  return toHex(before) === kept.root && toHex(after) === now.root;
}

const leafOf = async (tree: Tree, index: number): Promise<Uint8Array> =>
  entryIn(await tree.file('entries', Math.floor(index / tileWidth)), index % tileWidth);

async function includes(tree: Tree, now: Checkpoint, index: number): Promise<boolean> {
  if (index >= now.size) return false;
  tree.put(index, leafHash(await leafOf(tree, index)));
  const root = await tree.root(0, now.size, [index, index + 1]);
  return toHex(root) === now.root;
}

async function says(tree: Tree, key: Key, shown: Shown): Promise<boolean> {
  const event = readJson(toText(await leafOf(tree, shown.index)));
  if (!isObject(event) || event['index'] !== shown.index) return false;
  if (`jieding/${String(event['site'])}/${String(event['gateway'])}` !== key.name) return false;
  const data = event['data'];
  return isObject(data) && Object.entries(shown.data).every(([name, value]) => data[name] === value);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Wrong('a leaf is JSON');
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
