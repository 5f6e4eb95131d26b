"""Law: no pixel inside a privacy mask, nor beyond the facade's surroundings, reaches the disk in any form.

Marker pixels are painted there into real frames, good and bad ones, and played through the
gateway. Then every file of the state folder is searched, while the gateway runs, after a kill and
after a clean stop. Twice with different markers: the stored pictures must be the same bytes.
Without the masks, and with the outside shown, the same search finds them, so it can.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import NamedTuple

from gateway import Gateway, Settings, executable, wait_for
from pictures import camera, frames, has_played, scan_start, usable_frames

TOOL = Path(os.environ.get("MARKER_PIXELS", executable().parent / "marker_pixels"))
# Where people might stand, and a window of the building itself (x, y, width, height in pixels).
MARKERS = [(32, 432, 160, 80), (416, 320, 96, 64)]
FAR_OFF = [(16, 240, 96, 80), (848, 336, 80, 96)]  # where neighbours live
MARGIN = 16  # a JPEG's block: what is painted does not bleed beyond
WINDOW = 40  # bytes of entropy-coded data that cannot stand in another file by chance


class Found(NamedTuple):
    pictures: int
    markers: int
    scan_windows: int


class Yield(NamedTuple):
    """All that one run left behind."""
    found: Found
    masked: dict[int, str]  # hash of the masked picture, by instant
    files: int


def masks() -> list[list[list[float]]]:
    polygons = []
    for x, y, width, height in MARKERS:
        left, top, right, low = x - MARGIN, y - MARGIN, x + width + MARGIN, y + height + MARGIN
        polygons.append([[left, top], [right, top], [right, low], [left, low]])
    return polygons


def paint(colour: str, source: Path, target: Path, boxes: list[tuple[int, ...]] = MARKERS) -> None:
    numbers = [str(number) for box in boxes for number in box]
    subprocess.run([TOOL, "paint", colour, source, target, *numbers], check=True)


def chosen_frames() -> list[Path]:
    """Some good ones through the whole time, and some that the quality gate refuses."""
    good = usable_frames()
    refused = [frame for frame in frames() if frame not in good]
    return sorted([*good[:: len(good) // 8], *refused[:4]])


def painted(folder: Path, colour: str, boxes: list[tuple[int, ...]]) -> None:
    """The frames with markers; also one torn below them and one of another size."""
    sources = chosen_frames()
    for source in sources:
        try:
            paint(colour, source, folder / source.name, boxes)
        except subprocess.CalledProcessError:
            continue  # torn beyond use: nothing to paint on
    good = usable_frames()[-1]
    last = folder / "20300101T000000Z.jpg"
    paint(colour, good, last, boxes)
    whole = last.read_bytes()
    (folder / "20300102T000000Z.jpg").write_bytes(whole[:int(len(whole) * 0.97)])
    subprocess.run([TOOL, "halve", last, folder / "20300103T000000Z.jpg"], check=True)
    paint(colour, good, folder / "20300104T000000Z.jpg", boxes)


def scan_windows(folder: Path) -> list[bytes]:
    """Pieces of the originals' own compressed pixels."""
    windows = []
    for frame in folder.glob("*.jpg"):
        jpeg = frame.read_bytes()
        windows += [jpeg[at:at + WINDOW] for at in range(scan_start(jpeg), len(jpeg) - WINDOW, 1499)]
    return windows


def blobs_of(state: Path, folder: Path) -> None:
    """Every blob of every table as a file of its own, read from a copy with its write-ahead log."""
    for file in state.glob("jieding.db*"):
        shutil.copy(file, folder)
    database = sqlite3.connect(folder / "jieding.db")
    tables = [name for name, in database.execute("select name from sqlite_master where type = 'table'")]
    count = 0
    for table in tables:
        for row in database.execute(f'select * from "{table}"'):
            for value in row:
                if isinstance(value, bytes):
                    (folder / f"{table}-{count}.blob").write_bytes(value)
                    count += 1
    database.close()


def count_in(folder: Path, originals: list[bytes]) -> Found:
    answer = subprocess.run([TOOL, "search", folder], check=True, stdout=subprocess.PIPE, text=True)
    counts = json.loads(answer.stdout)
    copied = 0
    for file in folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            copied += sum(window in content for window in originals)
    return Found(counts["pictures"], counts["markers"], copied)


def search(state: Path, originals: list[bytes]) -> Found:
    """The files as they are, and what the database holds."""
    found = count_in(state, originals)
    with tempfile.TemporaryDirectory(prefix="jieding-blobs-") as name:
        if (state / "jieding.db").exists():
            blobs_of(state, Path(name))
        inside = count_in(Path(name), originals)
    return Found(*(a + b for a, b in zip(found, inside)))


class MasksHold(unittest.TestCase):
    def play(self, colour: str, polygons: list[list[list[float]]], kill: bool = False,
             boxes: list[tuple[int, ...]] = MARKERS, outside: str = "hidden") -> Yield:
        with tempfile.TemporaryDirectory(prefix="jieding-pictures-") as name:
            folder = Path(name)
            painted(folder, colour, boxes)
            last = max(folder.glob("*.jpg")).name
            originals = scan_windows(folder)
            with Gateway(camera(Settings(), folder, polygons, outside=outside)) as gateway:
                gateway.start()
                wait_for("all pictures", lambda: has_played(gateway, last), 60, 0.1)
                found = [search(gateway.state, originals)]
                if kill:
                    gateway.kill()
                    found.append(search(gateway.state, originals))
                    gateway.start()
                self.assertEqual(gateway.terminate(), 0)
                found.append(search(gateway.state, originals))
                worst = Found(*(max(counts) for counts in zip(*found)))
                return self.harvest(gateway, worst)

    def harvest(self, gateway: Gateway, found: Found) -> Yield:
        files = len(list((gateway.state / "evidence").rglob("*.jpg")))
        with gateway.database() as database:
            masked = dict(database.execute("select at, sha256 from evidence where kind = 'masked'"))
        return Yield(found, masked, files)

    def test_markers_inside_masks_are_nowhere_and_change_no_picture(self) -> None:
        masked = self.play("magenta", masks(), kill=True)
        print(f"masked: {masked.found}, {masked.files} evidence files")
        self.assertGreater(masked.found.pictures, 8)
        self.assertEqual(masked.found.markers, 0)
        self.assertEqual(masked.found.scan_windows, 0)
        others = self.play("green", masks())
        self.assertEqual(masked.masked, others.masked)

    def test_without_masks_the_same_search_finds_them(self) -> None:
        open_to_all = self.play("magenta", [])
        print(f"not masked: {open_to_all.found}")
        self.assertGreater(open_to_all.found.markers, 1000)

    def test_markers_beyond_the_surroundings_are_nowhere(self) -> None:
        hidden = self.play("magenta", [], kill=True, boxes=FAR_OFF)
        print(f"outside hidden: {hidden.found}, {hidden.files} evidence files")
        self.assertGreater(hidden.found.pictures, 8)
        self.assertEqual(hidden.found.markers, 0)
        self.assertEqual(hidden.found.scan_windows, 0)
        shown = self.play("magenta", [], boxes=FAR_OFF, outside="shown")
        print(f"outside shown: {shown.found}")
        self.assertGreater(shown.found.markers, 1000)

    def test_the_search_finds_original_bytes_and_raw_pixels(self) -> None:
        with tempfile.TemporaryDirectory(prefix="jieding-pictures-") as name:
            folder, state = Path(name) / "frames", Path(name) / "state"
            folder.mkdir()
            state.mkdir()
            paint("magenta", usable_frames()[0], folder / "20240101T000000Z.jpg")
            originals = scan_windows(folder)
            jpeg = (folder / "20240101T000000Z.jpg").read_bytes()
            (state / "hidden.bin").write_bytes(b"SQLite" + jpeg + bytes(100))
            self.assertGreater(search(state, originals).scan_windows, 0)
            self.assertGreater(search(state, originals).markers, 1000)
            self.hide_in_database(state / "jieding.db", jpeg)
            (state / "hidden.bin").unlink()
            self.assertGreater(search(state, originals).scan_windows, 0)
            self.assertGreater(search(state, originals).markers, 1000)
            (state / "jieding.db").unlink()
            (state / "hidden.bin").write_bytes(b"x" + b"\xff\x00\xff" * 40)
            self.assertEqual(search(state, originals), Found(0, 1, 0))
            subprocess.run([TOOL, "paint", "green", usable_frames()[0], state / "hidden.bin",
                            "0", "0", "1", "1"], check=True)
            self.assertEqual(search(state, originals)[:2], (1, 0))

    def hide_in_database(self, file: Path, jpeg: bytes) -> None:
        database = sqlite3.connect(file)
        with database:
            database.execute("create table camera (state blob)")
            database.execute("insert into camera values (?)", (b"1VDJ" + jpeg,))
        database.close()


if __name__ == "__main__":
    print(executable())
    unittest.main(argv=sys.argv[:1])
