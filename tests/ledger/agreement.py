#!/usr/bin/env python3
"""Two verifiers, one written from the public texts alone, judge random ledgers after random tampering:
the same verdict, the same first wrong leaf, and nothing that was tampered with passes.

    agreement.py [--ledgers 1000] [--seed N]      JIEDING and LEDGER_MAKER name the programs
"""

from __future__ import annotations

import argparse
import collections
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Callable

try:
    import independent
except ImportError as missing:
    print(f"skipped: {missing}; install python3-cryptography")
    sys.exit(77)

Tamper = Callable[[Path, random.Random], None]


def verdict_of_ours(folder: Path, key: str, older: Path | None) -> str:
    command = [os.environ["JIEDING"], "ledger", "verify", str(folder)]
    command += ["--key", key] if key else []
    command += ["--against", str(older)] if older else []
    ended = subprocess.run(command, capture_output=True, text=True)
    if ended.returncode == 0:
        return "sound"
    if ended.returncode != 1:
        raise AssertionError(f"{command} ended with {ended.returncode}: {ended.stderr}")
    leaf = re.match(r"jieding: leaf (\d+) ", ended.stderr)
    return f"leaf {leaf[1]}" if leaf else "wrong"


def verdict_of_theirs(folder: Path, key: str, older: Path | None) -> str:
    try:
        independent.verify(folder, key, older.read_bytes() if older else None)
    except independent.Wrong as wrong:
        return "wrong" if wrong.leaf is None else f"leaf {wrong.leaf}"
    return "sound"


class Log:
    """An exported folder, taken apart and put together again by the public texts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lines = (folder / "checkpoint").read_text().split("\n")
        self.size = int(self.lines[1])

    def bundle(self, number: int) -> Path:
        width = independent.widths(self.size)[number]
        return self.folder / independent.tile_path("entries", number, width)

    def read(self, number: int) -> list[bytes]:
        return independent.entries_of(self.bundle(number).read_bytes())[0]

    def write(self, number: int, entries: list[bytes]) -> None:
        self.bundle(number).write_bytes(
            b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries))

    def rebuild_tiles(self) -> bytes:
        """Makes every tile fit the leaves; returns their root."""
        leaves = [entry for number in range(len(independent.widths(self.size)))
                  for entry in self.read(number)]
        first = hashes = [independent.leaf_hash(leaf) for leaf in leaves]
        level = 0
        while hashes:
            for number, width in enumerate(independent.widths(len(hashes))):
                file = self.folder / independent.tile_path(str(level), number, width)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(b"".join(hashes[256 * number:256 * number + width]))
            hashes = [independent.tree_hash(hashes[i:i + 256])
                      for i in range(0, len(hashes) - 255, 256)]
            level += 1
        return independent.tree_hash(first)


def changed(entry: bytes, dice: random.Random) -> bytes:
    """Another digit somewhere, so that it stays an event; else another byte."""
    digits = [at for at, byte in enumerate(entry) if 0x30 <= byte <= 0x39]
    at = dice.choice(digits) if dice.random() < 0.5 else dice.randrange(len(entry))
    new = entry[at] ^ 1 if at in digits else entry[at] ^ (1 << dice.randrange(8))
    return entry[:at] + bytes([new]) + entry[at + 1:]


def in_one_bundle(change: Callable[[list[bytes], random.Random], None]) -> Tamper:
    def tamper(folder: Path, dice: random.Random) -> None:
        log = Log(folder)
        number = dice.randrange(len(independent.widths(log.size)))
        entries = log.read(number)
        change(entries, dice)
        log.write(number, entries)
    return tamper


def change_leaf(entries: list[bytes], dice: random.Random) -> None:
    at = dice.randrange(len(entries))
    entries[at] = changed(entries[at], dice)


def remove_leaf(entries: list[bytes], dice: random.Random) -> None:
    entries.pop(dice.randrange(len(entries)))


def append_leaf(entries: list[bytes], dice: random.Random) -> None:
    entries.append(changed(dice.choice(entries), dice))


def reorder_leaves(entries: list[bytes], dice: random.Random) -> None:
    if len(entries) < 2:
        return change_leaf(entries, dice)
    one, other = dice.sample(range(len(entries)), 2)
    entries[one], entries[other] = entries[other], entries[one]


def rewrite(folder: Path, dice: random.Random) -> None:
    """With all tiles made to fit: only the signed root tells, or the leaf itself."""
    dice.choice([in_one_bundle(change_leaf), in_one_bundle(reorder_leaves)])(folder, dice)
    Log(folder).rebuild_tiles()


def rewrite_with_root(folder: Path, dice: random.Random) -> None:
    """And the root in the checkpoint, which the key did not sign."""
    rewrite(folder, dice)
    log = Log(folder)
    log.lines[2] = independent.base64.b64encode(log.rebuild_tiles()).decode()
    (folder / "checkpoint").write_text("\n".join(log.lines))


def grow_unsigned(folder: Path, dice: random.Random) -> None:
    log = Log(folder)
    log.lines[1] = str(log.size + 1)
    (folder / "checkpoint").write_text("\n".join(log.lines))


def truncate(folder: Path, dice: random.Random) -> None:
    log = Log(folder)
    file = log.bundle(dice.randrange(len(independent.widths(log.size))))
    file.write_bytes(file.read_bytes()[:dice.randrange(file.stat().st_size)])


def take_file(folder: Path, dice: random.Random) -> None:
    dice.choice([file for file in sorted(folder.rglob("tile/**/*")) if file.is_file()]).unlink()


def change_tile(folder: Path, dice: random.Random) -> None:
    tiles = [file for file in sorted(folder.rglob("tile/**/*"))
             if file.is_file() and "entries" not in file.parts]
    file = dice.choice(tiles)
    bytes_ = bytearray(file.read_bytes())
    bytes_[dice.randrange(len(bytes_))] ^= 1 << dice.randrange(8)
    file.write_bytes(bytes_)


def change_checkpoint(folder: Path, dice: random.Random) -> None:
    note = bytearray((folder / "checkpoint").read_bytes())
    note[dice.randrange(len(note))] ^= 1 << dice.randrange(8)
    (folder / "checkpoint").write_bytes(note)


def old_checkpoint(folder: Path, dice: random.Random) -> None:
    """Truly signed, but of a smaller tree: leaves were appended behind its back."""
    shutil.copy(folder.parent / "older", folder / "checkpoint")


def nothing(folder: Path, dice: random.Random) -> None:
    pass


TAMPERING: dict[str, Tamper] = {
    "changed leaf": in_one_bundle(change_leaf), "removed leaf": in_one_bundle(remove_leaf),
    "reordered leaves": in_one_bundle(reorder_leaves), "appended leaf": in_one_bundle(append_leaf),
    "rewritten tiles": rewrite, "rewritten root": rewrite_with_root, "truncated": truncate,
    "unsigned growth": grow_unsigned, "file taken": take_file, "changed tile": change_tile,
    "changed checkpoint": change_checkpoint, "older checkpoint": old_checkpoint, "nothing": nothing,
}


class Judges:
    def __init__(self) -> None:
        self.seen: collections.Counter[tuple[str, str]] = collections.Counter()
        self.wrong: list[str] = []

    def judge(self, what: str, folder: Path, key: str, older: Path | None,
              sound: bool | None) -> None:
        """`sound`: what both must say; None: that they agree is enough."""
        ours, theirs = verdict_of_ours(folder, key, older), verdict_of_theirs(folder, key, older)
        self.seen[what, re.sub(r"\d+", "N", ours)] += 1
        if ours != theirs:
            self.wrong.append(f"{folder} ({what}): ours says {ours}, the other {theirs}")
        if sound is not None and (ours == "sound") != sound:
            self.wrong.append(f"{folder} ({what}): {ours}")


def judge_one(judges: Judges, folder: Path, number: int, dice: random.Random) -> None:
    log, older = folder / "log", folder / "older"
    vkey = independent.Key((log / "vkey").read_text().strip())
    fingerprint = vkey.hash[:16].hex()
    if (folder / "fork").exists():
        judges.judge("fork with the right key", folder / "fork", "", None, True)
        judges.judge("fork, older checkpoint at hand", folder / "fork", "", older, False)
    what = list(TAMPERING)[number % len(TAMPERING)]
    TAMPERING[what](log, dice)
    lost = any(b'"act":"lost"' in bundle.read_bytes()
               for bundle in (log / "tile/entries").rglob("*") if bundle.is_file())
    if what == "nothing":
        judges.judge("nothing, by fingerprint", log, fingerprint, None, True)
        if not lost:
            judges.judge("nothing, older checkpoint at hand", log, fingerprint, older, True)
        judges.judge("a stranger's fingerprint", log, "0" * 32, None, False)
    else:
        # Where a tile ended just at the older size, the folder proves that tree as well.
        judges.judge(what, log, fingerprint, None, None if what == "older checkpoint" else False)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ledgers", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=20241108)
    wanted = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="jieding-ledgers-"))
    dice = random.Random(wanted.seed)
    judges = Judges()
    try:
        subprocess.run([os.environ["LEDGER_MAKER"], str(folder), str(wanted.ledgers),
                        str(wanted.seed)], check=True)
        for number in range(wanted.ledgers):
            judge_one(judges, folder / str(number), number, dice)
    finally:
        if not judges.wrong:
            shutil.rmtree(folder, ignore_errors=True)
    for (what, verdict), count in sorted(judges.seen.items()):
        print(f"{count:5}  {what}: {verdict}")
    print(f"{wanted.ledgers} ledgers, seed {wanted.seed}, {len(judges.wrong)} disagreements")
    print(*judges.wrong[:20], sep="\n")
    return 1 if judges.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
