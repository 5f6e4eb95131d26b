// The Merkle tree of RFC 6962, section 2.1, over hashes that come from tiles.

import { sha256 } from '@noble/hashes/sha2';

import { join } from './bytes';
import { hashIn, tilePath, tileWidth } from './tiles';

export type Read = (path: string) => Promise<Uint8Array>;

const tileHeight = 8; // levels of the tree in one tile

export const leafHash = (entry: Uint8Array): Uint8Array => sha256(join(Uint8Array.of(0), entry));
const above = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(join(Uint8Array.of(1), left, right));

/// A tree of one size. Each file is read once, so that one hash cannot be two things in two proofs.
export class Tree {
  private readonly files = new Map<string, Promise<Uint8Array>>();
  /// Leaves that are known, not taken from a tile.
  private readonly leaves = new Map<number, Uint8Array>();

  constructor(
    private readonly read: Read,
    readonly size: number,
  ) {}

  /// From here on this hash stands at its place, whatever the tile says.
  put(leaf: number, hash: Uint8Array): void {
    this.leaves.set(leaf, hash);
  }

  file(level: number | 'entries', index: number): Promise<Uint8Array> {
    const path = tilePath(level, index, this.size);
    const known = this.files.get(path) ?? this.read(path);
    this.files.set(path, known);
    return known;
  }

  /// The root of the leaves from `first` to before `end`. A subtree with one of the `cuts` inside is
  /// made from its parts: with a leaf's two sides this folds its inclusion path, with an older size
  /// it is the consistency proof, since the older root is made from the same parts.
  async root(first: number, end: number, cuts: readonly number[]): Promise<Uint8Array> {
    const count = end - first;
    if (count === 0) return sha256(new Uint8Array());
    const half = largestPowerBelow(count);
    if ((count === 1 || half * 2 === count) && !cuts.some((cut) => cut > first && cut < end)) return this.subtree(first, count);
    const left = await this.root(first, first + half, cuts);
    const right = await this.root(first + half, end, cuts);
    return above(left, right);
  }

  /// Of a perfect subtree, from the tile that holds its hash or the hashes just below.
  private async subtree(first: number, count: number): Promise<Uint8Array> {
    const known = count === 1 ? this.leaves.get(first) : undefined;
    if (known !== undefined) return known;
    const height = Math.round(Math.log2(count));
    const level = Math.floor(height / tileHeight);
    const across = 2 ** (height % tileHeight);
    const place = (first / count) * across;
    const tile = await this.file(level, Math.floor(place / tileWidth));
    let row = Array.from({ length: across }, (_, n) => hashIn(tile, (place % tileWidth) + n));
    while (row.length > 1) row = pairs(row);
    return row[0] as Uint8Array;
  }
}

function pairs(row: Uint8Array[]): Uint8Array[] {
  const upper: Uint8Array[] = [];
  for (let n = 0; n + 1 < row.length; n += 2) upper.push(above(row[n] as Uint8Array, row[n + 1] as Uint8Array));
  return upper;
}

/// The split of RFC 6962: the largest power of two below the count.
function largestPowerBelow(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}
