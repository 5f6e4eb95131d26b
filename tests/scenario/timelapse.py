"""Law: `jieding timelapse` films what is stored while the gateway goes on storing, and says in one
line what it left out. On a full disk there is no film, no half of one, and the film that was there stays.
`jieding calibrate` is asked in one line as well.

The pictures themselves are checked by film_test, which plays them.
"""

from __future__ import annotations

import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from disk_full import SmallDisk
from gateway import Gateway, Settings, executable, patience, wait_for
from pictures import SITE_A, camera, has_played, usable_frames

DAYS = ["--from", "2024-01-01", "--to", "2025-12-31"]


def boxes(film: bytes) -> dict[str, tuple[int, int]]:
    """Where the boxes at the top of an MP4 begin and end."""
    found, at = {}, 0
    while at < len(film):
        size, kind = struct.unpack(">I4s", film[at:at + 8])
        if size == 1:
            size, = struct.unpack(">Q", film[at + 8:at + 16])
        found[kind.decode()] = (at, at + size)
        at += size
    assert at == len(film), "the last box ends with the file"
    return found


def pictures_in(film: bytes) -> int:
    """How many samples the index names; their sizes fill the film."""
    at = film.index(b"stsz") + 12
    count, = struct.unpack(">I", film[at:at + 4])
    sizes = struct.unpack(f">{count}I", film[at + 4:at + 4 + 4 * count])
    begin, end = boxes(film)["mdat"]
    assert sum(sizes) == end - begin - 16
    return count


class Timelapse(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="jieding-film-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.source = self.folder / "frames"
        self.source.mkdir()
        self.out = self.folder / "一号楼 升起.mp4"

    def jieding(self, gateway: Gateway, command: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [executable(), command, "--config", gateway.config, "--camera", "mast",
             *map(str, arguments)], capture_output=True, text=True, timeout=60 * patience())

    def play(self, frames: list[Path]) -> None:
        for frame in frames:
            (self.source / frame.name).write_bytes(frame.read_bytes())

    def test_films_beside_a_running_gateway(self) -> None:
        frames = usable_frames()[:16]
        with Gateway(camera(Settings(), self.source, [])) as gateway:
            gateway.start()
            self.play(frames[:8])
            wait_for("the first pictures", lambda: has_played(gateway, frames[7].name))
            first = self.jieding(gateway, "timelapse", *DAYS, "--out", self.out)
            self.assertEqual(first.returncode, 0, first.stderr)
            self.assertEqual(pictures_in(self.out.read_bytes()), 8)
            self.assertLess(boxes(self.out.read_bytes())["moov"], boxes(self.out.read_bytes())["mdat"])

            self.play(frames[8:])
            wait_for("the gateway goes on", lambda: has_played(gateway, frames[15].name))
            self.refuses_to_overwrite(gateway)
            self.says_that_nothing_was_stored(gateway)
            self.leaves_out_what_was_changed(gateway)
            self.day_by_day(gateway, frames)
            gateway.kill()
            stopped = self.jieding(gateway, "timelapse", *DAYS, "--out", self.out, "--force")
            self.assertEqual(stopped.returncode, 0, stopped.stderr)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["frames", self.out.name])

    def test_full_disk_leaves_what_was_there(self) -> None:
        frames = usable_frames()[:6]
        self.play(frames)
        with SmallDisk() as disk, Gateway(camera(Settings(), self.source, [])) as gateway:
            gateway.start()
            wait_for("the pictures", lambda: has_played(gateway, frames[-1].name))
            out = disk.folder / self.out.name
            disk.fill(1 << 14)
            self.finds_no_room(gateway, out)
            self.assertFalse(out.exists())
            disk.empty()
            self.assertEqual(self.jieding(gateway, "timelapse", *DAYS, "--out", out).returncode, 0)
            before = out.read_bytes()
            disk.fill(1 << 14)
            self.finds_no_room(gateway, out, "--force")
            self.assertEqual(out.read_bytes(), before)
            self.assertEqual({path.name for path in disk.folder.iterdir()}, {out.name, disk.filler.name})

    def finds_no_room(self, gateway: Gateway, out: Path, *more: str) -> None:
        full = self.jieding(gateway, "timelapse", *DAYS, "--out", out, *more)
        self.assertEqual(full.returncode, 1, full.stderr)
        self.assertEqual(len(full.stderr.splitlines()), 1, full.stderr)
        self.assertIn(f"cannot write {out}: No space left on device", full.stderr)

    def refuses_to_overwrite(self, gateway: Gateway) -> None:
        before = self.out.read_bytes()
        again = self.jieding(gateway, "timelapse", *DAYS, "--out", self.out)
        self.assertEqual(again.returncode, 1)
        self.assertEqual(len(again.stderr.splitlines()), 1, again.stderr)
        self.assertEqual(self.out.read_bytes(), before)

    def says_that_nothing_was_stored(self, gateway: Gateway) -> None:
        empty = self.folder / "empty.mp4"
        none = self.jieding(gateway, "timelapse", "--from", "2019-01-01", "--to", "2019-01-02", "--out", empty)
        self.assertEqual(none.returncode, 1)
        self.assertIn("no stored picture from 2019-01-01 to 2019-01-02", none.stderr)
        self.assertEqual(len(none.stderr.splitlines()), 1, none.stderr)
        self.assertFalse(empty.exists())

    def leaves_out_what_was_changed(self, gateway: Gateway) -> None:
        stored = [row["picture"] for row in gateway.get("/api/v1/buildings/b1/history")["points"]]
        torn, gone = (gateway.state / "evidence" / name[:2] / f"{name}.jpg" for name in stored[2:4])
        torn.write_bytes(torn.read_bytes()[:1000])
        gone.unlink()
        film = self.jieding(gateway, "timelapse", *DAYS, "--out", self.out, "--force")
        self.assertEqual(film.returncode, 0, film.stderr)
        self.assertEqual(len(film.stderr.splitlines()), 2, film.stderr)
        self.assertIn("2 left out", film.stdout)
        self.assertEqual(pictures_in(self.out.read_bytes()), 14)

    def day_by_day(self, gateway: Gateway, frames: list[Path]) -> None:
        name = frames[5].name
        day = f"{name[:4]}-{name[4:6]}-{name[6:8]}"  # taken in the site's daytime
        one = self.jieding(gateway, "timelapse", "--from", day, "--to", day, "--out",
                           self.out, "--force", "--size", "640x360", "--fps", 5)
        self.assertEqual(one.returncode, 0, one.stderr)
        self.assertEqual(pictures_in(self.out.read_bytes()), 1)

    def test_wrong_use_is_one_line(self) -> None:
        with Gateway(camera(Settings(), self.source, [])) as gateway:
            for code, arguments in [
                    (1, [*DAYS]),  # the gateway never ran
                    (2, ["--from", "yesterday", "--to", "2024-01-01"]),
                    (2, ["--from", "2024-02-01", "--to", "2024-01-01"]),
                    (2, [*DAYS, "--size", "641x360"]),
                    (2, [*DAYS, "--camera", "nobody"])]:
                wrong = self.jieding(gateway, "timelapse", *arguments, "--out", self.out)
                self.assertEqual(wrong.returncode, code, wrong.stderr)
                self.assertFalse(self.out.exists())
            frame = SITE_A / "frames/20240806T013600Z.jpg"
            corners = ["378,486", "581,486", "580,375", "379,375"]
            for code, arguments in [
                    (0, ["--corners", *corners, "--storeys-visible", 5]),
                    (1, ["--corners", *corners, "--storeys-visible", 5]),  # the file is there
                    (1, ["--force", "--corners", *corners[::-1], "--storeys-visible", 5]),
                    (2, ["--force", "--corners", *corners]),
                    (2, ["--force", "--corners", *corners[:3], "--storeys-visible", 5]),
                    (2, ["--force", "--corners", *corners[:3], "here", "--storeys-visible", 5]),
                    (2, ["--force", "--building", "b7"]),
                    (2, ["--force", "--storeys-visible", 19])]:
                asked = self.jieding(gateway, "calibrate", "--picture", frame, "--out",
                                     self.folder / "drawn.jpg", *arguments)
                self.assertEqual(asked.returncode, code, asked.stderr)
                self.assertEqual(len(asked.stderr.splitlines()), min(code, 1), asked.stderr)
                self.assertEqual("corners = [[" in asked.stdout, code == 0)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
