// Who signed a checkpoint, and what it says (C2SP signed-note, tlog-checkpoint; Ed25519, RFC 8032).
// All of it in plain script: a browser has no WebCrypto on a page that came by HTTP.

import { etc, verify } from '@noble/ed25519';
import { sha256, sha512 } from '@noble/hashes/sha2';

import { fromBase64, fromText, join, toHex, toText, Wrong } from './bytes';

etc.sha512Sync = (...parts) => sha512(join(...parts));

const ed25519 = 0x01; // C2SP signed-note, "Signature types"
const idBytes = 4;
const signatureBytes = 64;
const mostNoteBytes = 64 * 1024;

export interface Key {
  name: string;
  bytes: Uint8Array;
  /// Its first four bytes are the key's id, its first half is what people compare.
  hash: Uint8Array;
}

/// `name+id+key`.
export function readKey(vkey: string): Key {
  const [name = '', id, ...rest] = vkey.split('+');
  const typed = fromBase64(rest.join('+'));
  const hash = sha256(join(fromText(`${name}\n`), typed));
  if (name === '' || /\s/.test(name) || typed.length !== 33 || typed[0] !== ed25519) throw new Wrong('not a verifier key');
  if (toHex(hash.subarray(0, idBytes)) !== id) throw new Wrong("the key's id is another's");
  return { name, bytes: typed.subarray(1), hash };
}

export const fingerprintOf = (key: Key): string => toHex(key.hash.subarray(0, 16));

/// The text of a note that carries a good signature by this key, and no bad one.
export function openNote(note: Uint8Array, key: Key): string {
  if (note.length > mostNoteBytes) throw new Wrong('too long for a note');
  const whole = toText(note);
  if (/[\u0000-\u0009\u000b-\u001f]/.test(whole) || !whole.endsWith('\n')) throw new Wrong('not a note');
  const end = whole.lastIndexOf('\n\n');
  if (end < 0) throw new Wrong('a note without signatures');
  const text = whole.slice(0, end + 1);
  let signed = false;
  for (const line of whole.slice(end + 2, -1).split('\n')) {
    const [dash, name, stamp, ...more] = line.split(' ');
    if (dash !== '\u2014' || !name || stamp === undefined || more.length > 0) throw new Wrong('not a signature line');
    const bytes = fromBase64(stamp);
    if (name !== key.name || toHex(bytes.subarray(0, idBytes)) !== toHex(key.hash.subarray(0, idBytes))) continue;
    if (!holds(bytes.subarray(idBytes), fromText(text), key)) throw new Wrong('a signature that does not hold');
    signed = true;
  }
  if (!signed) throw new Wrong('no signature by this key');
  return text;
}

function holds(signature: Uint8Array, text: Uint8Array, key: Key): boolean {
  if (signature.length !== signatureBytes) return false;
  try {
    return verify(signature, text, key.bytes, { zip215: false });
  } catch {
    return false; // not even points of the curve
  }
}

export interface Checkpoint {
  size: number;
  /// SHA-256 in hex.
  root: string;
}

/// Of the key's own log: a signed text of another origin says nothing of this one.
export function readCheckpoint(text: string, origin: string): Checkpoint {
  const [first, size = '', root = ''] = text.split('\n');
  if (first !== origin) throw new Wrong('the checkpoint of another log');
  if (!/^(0|[1-9][0-9]*)$/.test(size) || !Number.isSafeInteger(Number(size))) throw new Wrong('not a size');
  const bytes = fromBase64(root);
  if (bytes.length !== 32) throw new Wrong('not a root');
  return { size: Number(size), root: toHex(bytes) };
}
