"""Law: on a full disk readings are refused and say so, milestones still go, and when there is room
again everything goes on; nothing acknowledged is lost.

Needs a small tmpfs, so it needs root; without it the test says so and is skipped.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import dust
from broker import Broker
from gateway import Gateway, Settings, executable, wait_for
from platform_view import PlatformView
from sources import Identity, stored_readings

MN = "010000A8900016F000169DC1"
ROOM_MB, KEEP_FREE_MB = 48, 6


class SmallDisk:
    """A tmpfs of its own, given back at the end."""

    def __enter__(self) -> "SmallDisk":
        self.folder = Path(tempfile.mkdtemp(prefix="jieding-disk-"))
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM_MB}m,mode=0700", "tmpfs",
                               self.folder], capture_output=True, text=True, check=False)
        if made.returncode != 0:
            self.folder.rmdir()
            raise unittest.SkipTest(f"no tmpfs can be mounted here ({made.stderr.strip()})")
        self.filler = self.folder / "filler"
        return self

    def __exit__(self, *unused: object) -> None:
        subprocess.run(["umount", "-l", self.folder], check=True)
        self.folder.rmdir()

    def free(self) -> int:
        room = os.statvfs(self.folder)
        return room.f_bavail * room.f_frsize

    def fill(self, leave: int) -> None:
        """Until so many bytes are free; 0: to the very last."""
        with self.filler.open("ab", buffering=0) as filler:
            try:
                while (rest := self.free() - leave) > 0 or leave == 0:
                    filler.write(bytes(min(max(rest, 4096), 1 << 20)))
            except OSError:
                pass

    def empty(self) -> None:
        self.filler.unlink(missing_ok=True)


class DiskFull(unittest.TestCase):
    def setUp(self) -> None:
        self.at = int(time.time()) - 86400
        self.storey = 0
        self.acknowledged: list[Identity] = []
        self.sent: set[Identity] = set()

    def push(self, gateway: Gateway) -> tuple[int, bytes]:
        self.at += 1
        identity = Identity("hoist-1", "hoist_top_floor", 0, 0, self.at * 1000)
        self.sent.add(identity)
        status, body = gateway.push("hoist-1", [{"n": "hoist_top_floor", "u": "1", "v": 7, "t": self.at}])
        if status == 200:
            self.acknowledged.append(identity)
        return status, body

    def dust_is_acknowledged(self, gateway: Gateway) -> bool:
        self.at += 1
        station = dust.Station(gateway.ports["hj212"], MN, 1.5)
        identity = Identity("dust-1", "pm10", 0, 0, self.at * 1000)
        self.sent.add(identity)
        try:
            answered = station.send(dust.realtime(MN, self.at, {"a34002": 81.0}))
        except TimeoutError:
            answered = False
        finally:
            station.close()
        if answered:
            self.acknowledged.append(identity)
        return answered

    def expect_claim(self, gateway: Gateway, platform: PlatformView, when: str) -> None:
        self.storey += 1
        status, answer = gateway.claim("site-office", "b1", "storey_cast", self.storey)
        self.assertEqual(status, 200, f"{when}: {answer}")
        wait_for(f"the claim made {when} at the platform",
                 lambda: platform.size() > answer["ledger_index"], 20)

    def expect_refusal(self, gateway: Gateway, when: str) -> None:
        status, body = self.push(gateway)
        self.assertEqual(status, 507, f"{when}: {body!r}")
        print(f"{when}: {body.decode()}")
        self.assertFalse(self.dust_is_acknowledged(gateway), f"{when}: 9014 for what was not stored")

    def expect_no_room_for_anything(self, gateway: Gateway) -> None:
        """Even then the gateway runs, says so, and acknowledges nothing that it does not hold."""
        for _ in range(100):
            self.storey += 1
            status, answer = gateway.claim("site-office", "b1", "storey_cast", self.storey)
            if status != 200:
                break
        self.assertEqual(status, 507, answer)
        self.expect_refusal(gateway, "without reserve")

    def expect_service(self, gateway: Gateway, when: str) -> None:
        wait_for(f"readings to be taken {when}", lambda: self.push(gateway)[0] == 200, 20, 0.3)
        self.assertTrue(self.dust_is_acknowledged(gateway), when)

    def test_readings_stop_milestones_go_and_all_recovers(self) -> None:
        with SmallDisk() as disk, Broker() as broker, PlatformView(broker.port) as platform:
            settings = (Settings().uplink(broker.port).hj212().building("b1", 120)
                        .dust_station("dust-1", MN).pushing_device("hoist-1")
                        .pushing_device("site-office"))
            settings.tables["storage"]["keep_free_mb"] = KEEP_FREE_MB
            with Gateway(settings, disk.folder / "state") as gateway:
                gateway.start()
                self.expect_service(gateway, "with room")
                self.expect_claim(gateway, platform, "with room")

                disk.fill((KEEP_FREE_MB - 1) << 20)
                time.sleep(0.5)  # the gateway looks at the disk a few times a second
                self.expect_refusal(gateway, "below the mark")
                self.expect_claim(gateway, platform, "below the mark")

                gateway.kill()
                disk.fill(0)
                gateway.start()
                self.expect_refusal(gateway, "after a restart on a full disk")
                for _ in range(10):
                    self.expect_claim(gateway, platform, "in the room of the reserve")

                disk.fill(0)  # what the reserve gave, too
                self.expect_no_room_for_anything(gateway)

                disk.empty()
                time.sleep(0.5)
                self.expect_service(gateway, "with room again")
                self.expect_claim(gateway, platform, "with room again")
                self.assertEqual(platform.contradictions, [])
                self.assertEqual(platform.leaves, gateway.leaves())
                self.assertEqual(gateway.terminate(), 0)
                self.expect_sound_store(gateway)

    def expect_sound_store(self, gateway: Gateway) -> None:
        with gateway.database() as database:
            self.assertEqual(database.execute("pragma integrity_check").fetchone()[0], "ok")
            stored = stored_readings(database)
        self.assertEqual([one for one in self.acknowledged if len(stored.get(one, [])) != 1], [])
        self.assertEqual(set(stored) - self.sent, set())
        print(f"{len(self.acknowledged)} acknowledged, {len(stored)} stored, {len(self.sent)} sent, "
              f"{self.storey} claims")


if __name__ == "__main__":
    print(executable())
    unittest.main(argv=sys.argv[:1])
