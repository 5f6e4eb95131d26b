"""Law: a dying vision process is never noticed where readings come in, costs no picture, and does
not change what is seen.

    vision_killed.py [--kills 12] [--seed 3]
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import unittest
from pathlib import Path

from gateway import Gateway, Settings, executable, parent_and_name, patience, wait_for
from pictures import camera, frames, has_played, shown
from sources import Pusher, complaints, stored_readings

options = argparse.Namespace(kills=12, seed=3)
pictures = tempfile.TemporaryDirectory(prefix="jieding-pictures-")
VISION = "jieding-vision"
SEEN = ("select at, storeys, low, high, stage, confidence, bands, corrected, usable, reasons,"
        " picture, overlay from estimate order by at, id")


def part() -> list[Path]:
    """A year of pictures in which the building rises: readings that came with older ones would be
    deleted as they should be, after 400 days of business time."""
    return frames()[6:66]


def new_gateway() -> Gateway:
    folder = Path(pictures.name)
    for frame in part():
        if not (folder / frame.name).exists():
            shutil.copy(frame, folder)
    settings = camera(Settings(), folder)
    return Gateway(settings.pushing_device("hoist-1").pushing_device("hoist-2"))


def played(gateway: Gateway) -> bool:
    return has_played(gateway, part()[-1].name)


def what_was_seen(gateway: Gateway) -> tuple[list, list]:
    with gateway.database() as database:
        return (database.execute(SEEN).fetchall(),
                database.execute("select building, kind, storey, status, at from milestone"
                                 " order by 1, 2, 3").fetchall())


class VisionKilled(unittest.TestCase):
    undisturbed: tuple[list, list]
    seconds: float

    @classmethod
    def setUpClass(cls) -> None:
        begun = time.monotonic()
        with new_gateway() as gateway:
            gateway.start()
            wait_for("the whole time-lapse", lambda: played(gateway), 120, 0.1)
            cls.seconds = time.monotonic() - begun
            assert gateway.terminate() == 0
            cls.undisturbed = what_was_seen(gateway)
        print(f"undisturbed: {len(cls.undisturbed[0])} frames in {cls.seconds:.1f} s, "
              f"{len(cls.undisturbed[1])} milestones")

    def setUp(self) -> None:
        self.chance = random.Random(options.seed)
        self.longest = 10 * self.seconds + 120 * patience()

    def expect_the_same(self, gateway: Gateway) -> None:
        self.assertEqual(gateway.terminate(), 0)
        seen, milestones = what_was_seen(gateway)
        self.assertEqual([row[0] for row in seen], [row[0] for row in self.undisturbed[0]])
        different = [pair for pair in zip(seen, self.undisturbed[0]) if pair[0] != pair[1]]
        self.assertEqual(different[:3], [])
        self.assertEqual(milestones, self.undisturbed[1])

    def test_ingest_never_notices_and_every_picture_is_seen(self) -> None:
        with new_gateway() as gateway:
            gateway.start()
            pushers = [Pusher(gateway, device, options.seed, 0.02) for device in ("hoist-1", "hoist-2")]
            self.wait_for_picture(gateway)  # before it the playback clock stands at zero
            for pusher in pushers:
                pusher.start()
            killed = self.kill_children(gateway)
            wait_for("the whole time-lapse", lambda: played(gateway), self.longest, 0.1)
            for pusher in pushers:
                pusher.finish()
                pusher.join(10)
            readings = sum(len(pusher.acknowledged) for pusher in pushers)
            print(f"killed {killed} times, {readings} readings acknowledged meanwhile")
            self.assertGreaterEqual(killed, min(10, options.kills))
            self.assertEqual([(p.refused, p.failures, p.error) for p in pushers], [(0, 0, None)] * 2)
            self.assertGreater(readings, 100)
            self.expect_the_same(gateway)
            with gateway.database() as database:
                self.assertEqual(complaints(list(pushers), stored_readings(database)), [])

    def kill_children(self, gateway: Gateway) -> int:
        """Kills vision at random instants. In between two pictures are seen: one that ends vision
        twice is held to be the culprit, and given up on purpose."""
        killed = 0
        per_picture = self.seconds / len(part())
        while killed < options.kills and not played(gateway):
            time.sleep(self.chance.uniform(0, 4) * per_picture)
            for pid in gateway.children(VISION):
                os.kill(pid, signal.SIGKILL)
                killed += 1
            for _ in range(2):
                self.wait_for_picture(gateway)
        return killed

    def wait_for_picture(self, gateway: Gateway) -> None:
        before = shown(gateway).get("at")
        wait_for("another picture", lambda: played(gateway) or shown(gateway).get("at") != before, 60,
                 0.02)

    def test_a_killed_gateway_takes_vision_with_it_and_resumes(self) -> None:
        with new_gateway() as gateway:
            gateway.start()
            for _ in range(4):
                children = wait_for("a vision process", lambda: gateway.children(VISION), 10)
                time.sleep(self.chance.uniform(0.1, 0.5) * self.seconds / 2)
                gateway.kill()
                wait_for("vision to follow", lambda: all(parent_and_name(pid)[1] != VISION
                                                         for pid in children), 10)
                gateway.start()
            wait_for("the whole time-lapse", lambda: played(gateway), self.longest, 0.1)
            self.expect_the_same(gateway)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--seed", type=int, default=3)
    parser.parse_args(namespace=options)
    print(f"{executable()}, seed {options.seed}")
    unittest.main(argv=sys.argv[:1])
