"""Verifies a folder in the layout of tlog-tiles. Written from the public texts alone (C2SP signed-note,
tlog-checkpoint, tlog-tiles; RFC 6962, section 2.1; RFC 8032) and from sync/schemas/leaf.schema.json; it
shares nothing with the gateway.

    independent.py FOLDER [--key FINGERPRINT_OR_VKEY] [--against CHECKPOINT]
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519 = b"\x01"
WIDTH = 256


class Wrong(Exception):
    """Something is not as it was signed; `leaf` is the first wrong leaf, where one can be named."""

    def __init__(self, why: str, leaf: int | None = None) -> None:
        super().__init__(why)
        self.leaf = leaf


def from_base64(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise Wrong(f"not base64: {error}") from None
    if base64.b64encode(raw).decode() != text:
        raise Wrong("not the one base64 of its bytes")
    return raw


class Key:
    """A verifier key: <name>+hex(key ID)+base64(type || public key)."""

    def __init__(self, vkey: str) -> None:
        parts = vkey.split("+", 2)
        if len(parts) != 3:
            raise Wrong("not a verifier key")
        self.vkey, self.name, typed = vkey, parts[0], from_base64(parts[2])
        self.hash = hashlib.sha256(self.name.encode() + b"\n" + typed).digest()
        if typed[:1] != ED25519 or len(typed) != 33 or self.hash[:4].hex() != parts[1]:
            raise Wrong("not an Ed25519 verifier key")
        self.public = Ed25519PublicKey.from_public_bytes(typed[1:])

    def named_by(self, given: str) -> bool:
        return given == self.vkey or given.replace(" ", "").lower() == self.hash[:16].hex()


def open_note(note: bytes, key: Key) -> str:
    """The text, when the key signed it."""
    try:
        whole = note.decode("utf-8")
    except UnicodeDecodeError:
        raise Wrong("a note is UTF-8") from None
    if any(ord(c) < 0x20 and c != "\n" for c in whole) or not whole.endswith("\n"):
        raise Wrong("control characters in a note")
    text, empty, signatures = whole[:-1].rpartition("\n\n")
    if not empty or not signatures:
        raise Wrong("a note has text, an empty line and signatures")
    text += "\n"
    good = False
    for line in signatures.split("\n"):
        words = line.split(" ")
        if len(words) != 3 or words[0] != "\u2014" or not words[1] or "+" in words[1]:
            raise Wrong("a line that is no signature")
        stamped = from_base64(words[2])
        if len(stamped) <= 4:
            raise Wrong("a signature that is none")
        if words[1] != key.name or stamped[:4] != key.hash[:4]:
            continue
        try:
            key.public.verify(stamped[4:], text.encode())
        except InvalidSignature:
            raise Wrong("a signature of the key that does not hold") from None
        good = True
    if not good:
        raise Wrong("no signature by the key")
    return text


def read_checkpoint(note: bytes, key: Key) -> tuple[int, bytes]:
    """Size and root, when the key signed them for its own origin."""
    lines = open_note(note, key)[:-1].split("\n")
    if len(lines) < 3 or not all(lines) or lines[0] != key.name:
        raise Wrong("not a checkpoint of this origin")
    if not (lines[1].isascii() and lines[1].isdigit()) or str(int(lines[1])) != lines[1]:
        raise Wrong("not a tree size")
    root = from_base64(lines[2])
    if len(root) != 32:
        raise Wrong("not a root hash")
    return int(lines[1]), root


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + leaf).digest()


def tree_hash(hashes: list[bytes]) -> bytes:
    """MTH over leaf hashes, RFC 6962, section 2.1."""
    if len(hashes) < 2:
        return hashes[0] if hashes else hashlib.sha256(b"").digest()
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + tree_hash(hashes[:split]) + tree_hash(hashes[split:])).digest()


def tile_path(level: str, index: int, width: int) -> str:
    steps = [f"{index % 1000:03d}"]
    while index := index // 1000:
        steps.insert(0, f"x{index % 1000:03d}")
    return f"tile/{level}/{'/'.join(steps)}" + (f".p/{width}" if width < WIDTH else "")


def read_tile(folder: Path, level: str, index: int, width: int) -> tuple[bytes, bool]:
    """The tile's bytes, and whether they are of a tile of just this width."""
    for given in (width, WIDTH):
        file = folder / tile_path(level, index, given)
        if file.exists():
            return file.read_bytes(), given == width
    raise Wrong(f"no {tile_path(level, index, width)}")


def widths(count: int) -> list[int]:
    return [WIDTH] * (count // WIDTH) + ([count % WIDTH] if count % WIDTH else [])


def entries_of(bundle: bytes) -> tuple[list[bytes], bool]:
    """Big-endian uint16 length-prefixed entries; false: something is left over."""
    found, at = [], 0
    while at < len(bundle) and len(found) < WIDTH:
        length = int.from_bytes(bundle[at:at + 2], "big")
        if at + 2 + length > len(bundle) or at + 2 > len(bundle):
            return found, False
        found.append(bundle[at + 2:at + 2 + length])
        at += 2 + length
    return found, at == len(bundle)


def check_leaf(leaf: bytes, index: int, origin: str) -> dict:
    try:
        event = json.loads(leaf)
        place, box = event["index"], f"jieding/{event['site']}/{event['gateway']}"
    except (ValueError, KeyError, TypeError):
        raise Wrong("not an event", index) from None
    if place != index or box != origin:
        raise Wrong("an event of another place", index)
    return event


def read_leaves(folder: Path, size: int, origin: str) -> tuple[list[bytes], list[dict]]:
    """Leaf hashes and events, each held against its place in the tile of level 0."""
    hashes: list[bytes] = []
    events: list[dict] = []
    for number, width in enumerate(widths(size)):
        try:
            bundle, its_own = read_tile(folder, "entries", number, width)
        except Wrong as missing:
            raise Wrong(str(missing), len(hashes)) from None
        entries, whole = entries_of(bundle)
        for leaf in entries[:width]:
            index = len(hashes)
            hashes.append(leaf_hash(leaf))
            try:
                tile, _ = read_tile(folder, "0", number, width)
            except Wrong as missing:
                raise Wrong(str(missing), index) from None
            at = 32 * (index % WIDTH)
            if len(tile) % 32 or len(tile) > 32 * WIDTH or tile[at:at + 32] != hashes[-1]:
                raise Wrong("the tile has another hash", index)
            events.append(check_leaf(leaf, index, origin))
        if len(entries) < width:
            raise Wrong("a leaf is missing", len(hashes))
        if its_own and (len(entries) > width or not whole):
            raise Wrong("a leaf that nobody signed", len(hashes))
    return hashes, events


def check_upper_tiles(folder: Path, hashes: list[bytes]) -> None:
    level = 0
    while hashes := [tree_hash(hashes[i:i + WIDTH])
                     for i in range(0, len(hashes) - WIDTH + 1, WIDTH)]:
        level += 1
        for number, width in enumerate(widths(len(hashes))):
            tile, _ = read_tile(folder, str(level), number, width)
            wanted = b"".join(hashes[WIDTH * number:WIDTH * number + width])
            if len(tile) % 32 or tile[:32 * width] != wanted:
                raise Wrong(f"a tile of level {level}")


def key_changes(events: list[dict]) -> list[tuple[int, dict]]:
    """Changes of keys with their leaves; the old key of each rotation and the new one signed it."""
    changes = [(event["index"], event["data"]) for event in events if event["type"] == "key"]
    for index, change in changes:
        try:
            fresh = Key(change["key"])
            signers = [fresh] if change["act"] == "lost" else [fresh, Key(change["previous"])]
            said = {open_note(change["note"].encode(), signer) for signer in signers}
        except Wrong as wrong:
            raise Wrong(str(wrong), index) from None
        text = f"jieding ledger key change\n{fresh.name}\n{index}\n{fresh.vkey}\n"
        if said != {text}:
            raise Wrong("a change of keys that says something else", index)
    return changes


def check_trust(given: str, changes: list[tuple[int, dict]], newest: Key) -> None:
    """The key that people trust signs, or hands over to the one that does, step by step."""
    if changes and changes[-1][1]["key"] != newest.vkey:
        raise Wrong("another key signs than the last change says", changes[-1][0])
    if not given or newest.named_by(given):
        return
    short = given.replace(" ", "").lower()[:8]
    for step, (_, change) in enumerate(changes):
        previous = change["previous"]
        named = (previous.endswith("+" + short) if change["act"] == "lost"
                 else Key(previous).named_by(given))
        if named:
            lost = [index for index, later in changes[step:] if later["act"] == "lost"]
            if lost:
                raise Wrong("the trusted key was lost", lost[0])
            return
    raise Wrong("no key has that fingerprint")


def verify(folder: Path, given: str = "", older: bytes | None = None) -> int:
    """The size of the tree; raises Wrong."""
    newest = Key((folder / "vkey").read_text().split("\n")[0])
    size, root = read_checkpoint((folder / "checkpoint").read_bytes(), newest)
    hashes, events = read_leaves(folder, size, newest.name)
    check_upper_tiles(folder, hashes)
    if tree_hash(hashes) != root:
        raise Wrong("the root is not the signed one")
    changes = key_changes(events)
    check_trust(given, changes, newest)
    if older is not None:
        keys = [newest] + [Key(change["previous"]) for _, change in changes
                           if change["act"] == "rotate"]
        check_older(older, keys, hashes)
    return size


def check_older(note: bytes, keys: list[Key], hashes: list[bytes]) -> None:
    for key in keys:
        try:
            size, root = read_checkpoint(note, key)
            break
        except Wrong:
            continue
    else:
        raise Wrong("no key of this ledger signed the older checkpoint")
    if size > len(hashes) or tree_hash(hashes[:size]) != root:
        raise Wrong("the older checkpoint is of another past")


def main() -> int:
    parser = argparse.ArgumentParser(description="Verify an exported ledger.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--key", default="")
    parser.add_argument("--against", type=Path)
    wanted = parser.parse_args()
    try:
        size = verify(wanted.folder, wanted.key,
                      wanted.against.read_bytes() if wanted.against else None)
    except Wrong as wrong:
        where = "" if wrong.leaf is None else f"leaf {wrong.leaf}: "
        print(f"{where}{wrong}", file=sys.stderr)
        return 1
    print(f"all {size} leaves are as they were signed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
