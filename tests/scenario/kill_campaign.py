"""Law: whatever was acknowledged survives kill -9 at any instant, once; and the platform sees the
ledger without gap or duplicate, with the gateway's own root.

    kill_campaign.py [--kills 100] [--seed 1]
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
import unittest

from broker import Broker
from gateway import Gateway, Settings, executable, wait_for
from platform_view import PlatformView, merkle_root
from sources import Claimer, DustStation, Pusher, Source, complaints, stored_readings

PUSHERS = ["hoist-1", "hoist-2", "crane-1"]
STATIONS = {"dust-1": "010000A8900016F000169DC1", "dust-2": "010000A8900016F000169DC2",
            "dust-3": "010000A8900016F000169DC3"}
BUILDINGS = [f"b{n}" for n in range(1, 7)]
options = argparse.Namespace(kills=100, seed=1)


def settings(broker: Broker) -> Settings:
    made = Settings().uplink(broker.port).hj212(frames_per_second=100000)
    for building in BUILDINGS:
        made.building(building, 120)
    for device, mn in STATIONS.items():
        made.dust_station(device, mn)
    for device in [*PUSHERS, "site-office"]:
        made.pushing_device(device)
    return made


class KillCampaign(unittest.TestCase):
    def test_what_was_acknowledged_survives_and_the_platform_sees_it_once(self) -> None:
        chance = random.Random(options.seed)
        started = time.monotonic()
        with Broker() as broker, PlatformView(broker.port) as platform, \
                Gateway(settings(broker)) as gateway:
            gateway.start()
            sources = self.sources(gateway)
            claimer = Claimer(gateway, "site-office", BUILDINGS, 120, options.seed, 0.05)
            for thread in [*sources, claimer]:
                thread.start()
            starts = self.campaign(gateway, sources, claimer, chance)
            self.drain(gateway, platform, sources, claimer)
            leaves = gateway.leaves()
            gateway_root = gateway.site()["ledger"]["root"]
            self.assertEqual(gateway.terminate(), 0)
            with gateway.database() as database:
                stored = stored_readings(database)
                integrity = database.execute("pragma integrity_check").fetchone()[0]
                leaves_stored = database.execute("select leaf from event order by idx").fetchall()
            self.report(sources, claimer, stored, platform, starts, time.monotonic() - started)

            self.assertEqual(integrity, "ok")
            self.assertEqual(complaints(sources, stored)[:10], [])
            self.assertEqual([leaf for leaf, in leaves_stored][:len(leaves)], leaves)
            self.check_ledger(leaves, claimer)
            self.check_platform(leaves, gateway_root, platform)
            self.check_telemetry(stored, platform)

    def sources(self, gateway: Gateway) -> list[Source]:
        pushers = [Pusher(gateway, device, options.seed, 0.004) for device in PUSHERS]
        stations = [DustStation(gateway, device, mn, options.seed, 0.004)
                    for device, mn in STATIONS.items()]
        return [*pushers, *stations]

    def campaign(self, gateway: Gateway, sources: list[Source], claimer: Claimer,
                 chance: random.Random) -> list[float]:
        """Kills the gateway so many times; returns how long each start took (s)."""
        starts = []
        for number in range(options.kills):
            # Mostly in full run, sometimes in the middle of starting.
            time.sleep(chance.uniform(0.02, 0.6))
            gateway.kill()
            begun = time.monotonic()
            if number % 10 == 5:
                gateway.process = gateway.launch()
                time.sleep(chance.uniform(0, 0.1))
                gateway.kill()
            gateway.start()
            starts.append(time.monotonic() - begun)
        time.sleep(1)
        return starts

    def drain(self, gateway: Gateway, platform: PlatformView, sources: list[Source],
              claimer: Claimer) -> None:
        for thread in [*sources, claimer]:
            thread.finish()
        for thread in [*sources, claimer]:
            thread.join(20)

        def settled() -> bool:
            site = gateway.site()
            uplink = site["uplink"]
            return (platform.size() == site["ledger"]["size"] == uplink["events"]["receipted"]
                    and uplink["telemetry_waiting"] == 0)

        wait_for("the platform to hold everything", settled, 60, 0.2)
        platform.wait_quiet()

    def check_ledger(self, leaves: list[str], claimer: Claimer) -> None:
        self.assertEqual(claimer.refusals, [])
        for index, leaf in enumerate(leaves):
            self.assertEqual(json.loads(leaf)["index"], index)
        for index, (building, storey) in claimer.acknowledged.items():
            said = json.loads(leaves[index])["data"]
            self.assertEqual((said["building"], said["storey"], said["act"]),
                             (building, storey, "claim"), f"leaf {index}")

    def check_platform(self, leaves: list[str], root: str, platform: PlatformView) -> None:
        self.assertEqual(platform.contradictions, [])
        self.assertEqual(platform.leaves, leaves)
        self.assertEqual(platform.root(), root)
        self.assertEqual(merkle_root(leaves), root)

    def check_telemetry(self, stored: dict, platform: PlatformView) -> None:
        told = {(device, round(at, 3)) for device, _, at in platform.telemetry}
        missing = [identity for identity in stored if (identity.device, identity.at / 1000) not in told]
        self.assertEqual(missing[:10], [])
        self.assertEqual(len(platform.telemetry), len(stored))
        self.assertTrue(all(len(values) == 1 for values in platform.telemetry.values()))

    def report(self, sources: list[Source], claimer: Claimer, stored: dict,
               platform: PlatformView, starts: list[float], seconds: float) -> None:
        acknowledged = sum(len(source.acknowledged) for source in sources)
        print(f"kills {options.kills}, seed {options.seed}, {seconds:.0f} s; start of the gateway "
              f"{sum(starts) / max(1, len(starts)):.2f} s mean, {max(starts, default=0):.2f} s worst\n"
              f"readings: {acknowledged} acknowledged, {len(stored)} stored, "
              f"{sum(len(s.sent) for s in sources)} sent, "
              f"{sum(s.failures for s in sources)} requests cut off, "
              f"{sum(s.refused for s in sources)} refused\n"
              f"claims: {len(claimer.acknowledged)} acknowledged; ledger {platform.size()} leaves, "
              f"{len(platform.arrivals)} event messages, {len(platform.telemetry)} readings in "
              f"{platform.telemetry_packs} packs at the platform")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.parse_args(namespace=options)
    print(f"{executable()}, seed {options.seed}")
    unittest.main(argv=sys.argv[:1])
