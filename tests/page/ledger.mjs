// A whole signed log in the layout of C2SP tlog-tiles, for the page to check. Written from the public
// texts with Node's own cryptography; it shares nothing with the page.

import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';

const width = 256;
const origin = 'jieding/hz-demo/gw1';
const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts.map((part) => Buffer.from(part)))).digest();

/// MTH of RFC 6962, section 2.1, over hashes of leaves.
function treeHash(hashes) {
  if (hashes.length === 1) return hashes[0];
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return sha256([1], treeHash(hashes.slice(0, split)), treeHash(hashes.slice(split)));
}

/// Ed25519 from a seed (RFC 8410, section 7).
function keyOf(seed) {
  const secret = createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), sha256(seed)]),
    format: 'der',
    type: 'pkcs8',
  });
  const typed = Buffer.concat([Buffer.of(1), createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(-32)]);
  const hash = sha256(`${origin}\n`, typed);
  return {
    secret,
    id: hash.subarray(0, 4),
    vkey: `${origin}+${hash.toString('hex', 0, 4)}+${typed.toString('base64')}`,
    fingerprint: hash.toString('hex', 0, 16).match(/.{4}/g).join(' '),
  };
}

/// The leaves of a log: what the site shows stands at its index, filler elsewhere.
export function leavesOf(site, size) {
  const data = new Map();
  for (const building of site.buildings)
    for (const { milestone, storey, statements } of building.milestones)
      for (const { act, owner, by, at, ledger_index } of statements)
        data.set(ledger_index, { building: building.id, milestone, storey, act, owner, by, named_at: at });
  return Array.from({ length: size }, (_, index) =>
    JSON.stringify({
      v: 1, id: `gw1/${index}`, index, type: data.has(index) ? 'milestone' : 'gateway', site: 'hz-demo', gateway: 'gw1',
      at: '2024-08-30T06:00:00Z', clock: 'synced', data: data.get(index) ?? { what: 'started', number: index },
    }),
  );
}

/// The leaf at `index` by which the key of one seed hands over to another's (sync/key_change.hpp); signed by `by`.
export function keyLeaf(index, from, to, by = [from, to]) {
  const [old, fresh] = [keyOf(from), keyOf(to)];
  const text = `jieding ledger key change\n${origin}\n${index}\n${fresh.vkey}\n`;
  const lines = by.map((seed) => {
    const { id, secret } = keyOf(seed);
    return `\u2014 ${origin} ${Buffer.concat([id, sign(null, Buffer.from(text), secret)]).toString('base64')}\n`;
  });
  return JSON.stringify({
    v: 1, id: `gw1/${index}`, index, type: 'key', site: 'hz-demo', gateway: 'gw1', at: '2024-08-30T06:00:00Z', clock: 'synced',
    data: { act: 'rotate', previous: old.vkey, key: fresh.vkey, note: `${text}\n${lines.join('')}` },
  });
}

/// Every file of the log by its name, `checkpoint` among them.
export function logOf(leaves, seed = 'box') {
  const key = keyOf(seed);
  const files = new Map();
  const put = (level, rows, bytesOf) => {
    for (let number = 0; number * width < rows.length; number += 1) {
      const part = rows.slice(number * width, (number + 1) * width);
      const partial = part.length < width ? `.p/${part.length}` : '';
      files.set(`/tile/${level}/${String(number).padStart(3, '0')}${partial}`, Buffer.concat(part.map(bytesOf)));
    }
  };
  put('entries', leaves, (leaf) => {
    const bytes = Buffer.from(leaf);
    return Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 255), bytes]);
  });
  const hashes = leaves.map((leaf) => sha256([0], leaf));
  let row = hashes;
  for (let level = 0; row.length > 0; level += 1) {
    put(level, row, (hash) => hash);
    row = Array.from({ length: Math.floor(row.length / width) }, (_, n) => treeHash(row.slice(n * width, (n + 1) * width)));
  }
  const text = `${origin}\n${leaves.length}\n${treeHash(hashes).toString('base64')}\n`;
  const signature = Buffer.concat([key.id, sign(null, Buffer.from(text), key.secret)]).toString('base64');
  files.set('/checkpoint', Buffer.from(`${text}\n\u2014 ${origin} ${signature}\n`));
  return { files, vkey: key.vkey, fingerprint: key.fingerprint };
}

/// The same files, one of them with one byte changed.
export function spoilt(log, path, at) {
  const bytes = Buffer.from(log.files.get(path));
  bytes[at] ^= 1;
  return { ...log, files: new Map(log.files).set(path, bytes) };
}
