"""Law: a picture that cannot be one costs only itself, and people can read why it was refused."""

from __future__ import annotations

import os
import sys
import tempfile
import time
import unittest
from pathlib import Path

from gateway import Gateway, Settings, executable, status_kb, wait_for
from pictures import camera, has_played, instant, scan_start, shown, usable_frames, with_dimensions

VISION = "jieding-vision"
MOST_VISION_KB = 400 * 1024  # far below what a 65,500 x 65,500 picture would need


def bad_pictures(good: bytes) -> dict[str, bytes]:
    start = scan_start(good)
    return {
        "torn in the middle": good[:len(good) // 2],
        "torn in its header": good[:start - 40],
        "one byte": good[:1],
        "start and end only": b"\xff\xd8\xff\xd9",
        "65,500 x 65,500": with_dimensions(good, 65_500, 65_500),
        "20,000 x 20,000": with_dimensions(good, 20_000, 20_000),
        "no height": with_dimensions(good, 960, 0),
        "not a JPEG": b"<html>503</html>" + bytes(3000),
        "a PNG's head": b"\x89PNG\r\n\x1a\n" + bytes(3000) + b"\xff\xd9",
        "JPEG head, then noise": good[:start] + os.urandom(30_000) + b"\xff\xd9",
        "zeros": bytes(50_000),
        "empty": b"",
        "13 MiB": good + bytes(13 << 20),
    }


class Feeder:
    """Puts pictures into the camera's folder, whole and in the order of their names."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.minute = 0

    def put(self, jpeg: bytes) -> str:
        self.minute += 1
        name = f"20240601T{self.minute // 60:02d}{self.minute % 60:02d}00Z.jpg"
        beside = self.folder / ("." + name)
        beside.write_bytes(jpeg)
        beside.rename(self.folder / name)
        return name


class BadPictures(unittest.TestCase):
    def test_each_costs_only_itself_and_says_why(self) -> None:
        good = [frame.read_bytes() for frame in usable_frames()[:40:2]]
        with tempfile.TemporaryDirectory(prefix="jieding-pictures-") as folder, \
                Gateway(camera(Settings(), Path(folder))) as gateway:
            feeder = Feeder(Path(folder))
            gateway.start()
            first = feeder.put(good[0])
            wait_for("the first good picture", lambda: has_played(gateway, first), 30)
            names = [first]
            for number, (what, jpeg) in enumerate(bad_pictures(good[0]).items(), 1):
                print(f"{what}: {self.refusal(gateway, feeder.put(jpeg), what)}")
                names.append(feeder.put(good[number]))
                wait_for(f"the good picture after '{what}'", lambda: has_played(gateway, names[-1]), 40)
                self.assertTrue(shown(gateway)["usable"], f"after '{what}': {shown(gateway)}")
            self.expect_all_good_ones(gateway, names)

    def refusal(self, gateway: Gateway, name: str, what: str) -> str:
        """Waits until the picture is refused; why, as the API shows it."""
        before = gateway.site()["counts"]["refused"]
        found: list[str] = []

        def refused() -> bool:
            site = gateway.site()
            estimate = site["buildings"][0]["estimate"]
            if estimate["at"] == instant(name):
                self.assertFalse(estimate["usable"], f"{what} was taken for good")
                found[:] = estimate["reasons"]
                return True
            found[:] = [site["cameras"][0]["reason"]]
            return site["counts"]["refused"] > before

        wait_for(f"'{what}' to be refused", refused, 40)
        self.assertTrue(found and found[0], f"{what}: refused without a reason")
        for pid in gateway.children(VISION):
            self.assertLess(status_kb(pid, "VmHWM"), MOST_VISION_KB, what)
        return ", ".join(found)

    def expect_all_good_ones(self, gateway: Gateway, names: list[str]) -> None:
        history = gateway.get("/api/v1/buildings/b1/history")["points"]
        usable = [point["at"] for point in history if point["usable"]]
        self.assertEqual(len(usable), len(names))
        time.sleep(0.5)
        self.assertEqual(gateway.terminate(), 0)


if __name__ == "__main__":
    print(executable())
    unittest.main(argv=sys.argv[:1])
