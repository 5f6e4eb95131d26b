"""Law: SIGTERM under load drains; what was acknowledged is there, the platform reads `stopped`, and
only one gateway at a time has a state folder."""

from __future__ import annotations

import subprocess
import sys
import time
import unittest

from broker import Broker
from gateway import Gateway, Settings, executable, patience, wait_for
from platform_view import PlatformView
from sources import Claimer, DustStation, Pusher, complaints, stored_readings

MN = "010000A8900016F000169DC1"
SEED = 7


def settings(broker: Broker) -> Settings:
    return (Settings().uplink(broker.port).hj212(frames_per_second=100000).building("b1", 120)
            .dust_station("dust-1", MN).pushing_device("hoist-1").pushing_device("hoist-2")
            .pushing_device("site-office"))


class CleanStop(unittest.TestCase):
    def test_sigterm_under_load_keeps_all_that_was_acknowledged(self) -> None:
        with Broker() as broker, PlatformView(broker.port) as platform, \
                Gateway(settings(broker)) as gateway:
            gateway.start()
            sources = [Pusher(gateway, "hoist-1", SEED), Pusher(gateway, "hoist-2", SEED),
                       DustStation(gateway, "dust-1", MN, SEED)]
            claimer = Claimer(gateway, "site-office", ["b1"], 120, SEED, 0.02)
            for round_number in range(3):
                if round_number:
                    gateway.start()
                else:
                    for thread in [*sources, claimer]:
                        thread.start()
                time.sleep(1.5)
                begun = time.monotonic()
                self.assertEqual(gateway.terminate(15), 0)
                took = time.monotonic() - begun
                wait_for("health `stopped`", lambda: platform.health[-1:] == ["stopped"], 5)
                self.assertFalse((gateway.state / "ports.json").exists())
                print(f"stop {round_number + 1} took {took:.2f} s")
            for thread in [*sources, claimer]:
                thread.finish()
                thread.join(20)
            with gateway.database() as database:
                stored = stored_readings(database)
                self.assertEqual(database.execute("pragma integrity_check").fetchone()[0], "ok")
            print(f"{sum(len(s.acknowledged) for s in sources)} acknowledged, {len(stored)} stored")
            self.assertGreater(len(stored), 100)
            self.assertEqual(complaints(sources, stored)[:10], [])

    def test_the_word_stopped_stays_for_who_comes_later_and_offline_after_a_kill(self) -> None:
        with Broker() as broker, Gateway(settings(broker)) as gateway:
            with PlatformView(broker.port) as early:
                gateway.start()
                wait_for("health `online`", lambda: early.health[-1:] == ["online"], 10)
                self.assertEqual(gateway.terminate(), 0)
            with PlatformView(broker.port, "late") as late:
                wait_for("retained health", lambda: late.health, 5)
                self.assertEqual(late.health, ["stopped"])
                gateway.start()
                wait_for("health `online`", lambda: late.health[-1:] == ["online"], 10)
                gateway.kill()
                wait_for("the last will", lambda: late.health[-1:] == ["offline"], 10)

    def test_a_second_gateway_on_the_same_state_refuses_with_one_line(self) -> None:
        with Broker() as broker, Gateway(settings(broker)) as gateway:
            gateway.start()
            second = subprocess.run([executable(), "run", "--config", gateway.config], timeout=20 *
                                    patience(), capture_output=True, text=True, check=False)
            self.assertEqual(second.returncode, 1, second.stderr)
            lines = [line for line in (second.stderr + second.stdout).splitlines() if line.strip()]
            self.assertEqual(len(lines), 1, lines)
            self.assertIn(str(gateway.state), lines[0])
            print(f"refusal: {lines[0]}")
            self.assertEqual(gateway.request("GET", "/healthz")[0], 200)


if __name__ == "__main__":
    print(f"{executable()}, seed {SEED}")
    unittest.main(argv=sys.argv[:1])
