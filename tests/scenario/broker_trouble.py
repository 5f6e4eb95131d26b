"""Law: whatever the broker does, every event arrives in the end, once and in order after the
consumer's own sorting, and devices are acknowledged all the while."""

from __future__ import annotations

import sys
import time
import unittest

from broker import Broker, SilentBroker, free_port
from gateway import Gateway, Settings, executable, wait_for
from platform_view import PlatformView, merkle_root


def settings(port: int, **uplink: object) -> Settings:
    return (Settings().uplink(port, **uplink).building("b1", 120)
            .pushing_device("site-office").pushing_device("hoist-1"))


class BrokerTrouble(unittest.TestCase):
    def setUp(self) -> None:
        self.storey = 0
        self.pushed = 0

    def claim(self, gateway: Gateway, count: int) -> None:
        """So many ledger events, and as many readings; each must be acknowledged at once."""
        for _ in range(count):
            self.storey += 1
            status, answer = gateway.claim("site-office", "b1", "storey_cast", self.storey)
            self.assertEqual(status, 200, answer)
            self.pushed += 1
            at = int(time.time()) - 3600 + self.pushed
            record = {"n": "hoist_top_floor", "u": "1", "v": self.pushed, "t": at}
            status, answer = gateway.push("hoist-1", [record])
            self.assertEqual(status, 200, answer)

    def all_arrived(self, gateway: Gateway, platform: PlatformView) -> bool:
        site = gateway.site()
        return (platform.size() == site["ledger"]["size"] == site["uplink"]["events"]["receipted"]
                and site["uplink"]["telemetry_waiting"] == 0)

    def expect_everything(self, gateway: Gateway, platform: PlatformView,
                          all_telemetry: bool = True) -> None:
        wait_for("everything at the platform", lambda: self.all_arrived(gateway, platform), 40, 0.1)
        platform.wait_quiet(0.5)
        leaves = gateway.leaves()
        self.assertGreaterEqual(len(leaves), self.storey)
        self.assertEqual(platform.leaves, leaves)
        self.assertEqual(platform.contradictions, [])
        self.assertEqual(gateway.site()["ledger"]["root"], platform.root())
        self.assertEqual(merkle_root(leaves), platform.root())
        if all_telemetry:
            self.assertEqual(len(platform.telemetry), self.pushed)

    def report(self, name: str, platform: PlatformView) -> None:
        print(f"{name}: {platform.size()} leaves in {len(platform.arrivals)} messages, "
              f"{len(platform.telemetry)} of {self.pushed} readings")

    def test_a_quiet_broker_gets_each_event_once_and_in_order(self) -> None:
        """The yardstick: without trouble nothing is sent twice."""
        with Broker() as broker, PlatformView(broker.port) as platform, \
                Gateway(settings(broker.port, receipt_timeout="30s")) as gateway:
            gateway.start()
            self.claim(gateway, 30)
            self.expect_everything(gateway, platform)
            self.assertEqual(platform.arrivals, list(range(platform.size())))
            self.report("quiet", platform)

    def test_a_broker_that_is_away_is_waited_for(self) -> None:
        with Broker() as broker, PlatformView(broker.port) as platform, \
                Gateway(settings(broker.port)) as gateway:
            gateway.start()
            self.claim(gateway, 10)
            self.expect_everything(gateway, platform)
            for _ in range(3):
                broker.kill()
                self.claim(gateway, 20)
                time.sleep(1)
                broker.start()
                self.claim(gateway, 5)
            self.expect_everything(gateway, platform, all_telemetry=False)
            self.report("away", platform)

    def test_a_gateway_that_starts_before_its_broker_catches_up(self) -> None:
        port = free_port()
        with Gateway(settings(port)) as gateway:
            gateway.start()
            self.claim(gateway, 20)
            with Broker(port) as broker, PlatformView(broker.port) as platform:
                self.expect_everything(gateway, platform)
                self.report("late", platform)

    def test_events_that_a_broker_acknowledged_and_lost_are_sent_again(self) -> None:
        """The platform is away, the broker takes its queue with it: only receipts count."""
        with Broker() as broker, Gateway(settings(broker.port)) as gateway:
            platform = PlatformView(broker.port).start()
            gateway.start()
            self.claim(gateway, 10)
            self.expect_everything(gateway, platform)
            platform.stop()
            self.claim(gateway, 40)
            wait_for("the broker to take what is sent",
                     lambda: gateway.site()["uplink"]["events"]["sent"] >= 50, 20)
            broker.kill()
            broker.start()
            self.claim(gateway, 5)
            platform.start()
            self.expect_everything(gateway, platform, all_telemetry=False)
            platform.stop()
            self.report("dropped queue", platform)

    def test_a_broker_with_a_short_queue_loses_nothing_of_the_ledger(self) -> None:
        """max_queued_messages drops a QoS 1 backlog without a word to the sender."""
        with Broker(queue=5) as broker, \
                Gateway(settings(broker.port)) as gateway:
            platform = PlatformView(broker.port).start()
            gateway.start()
            self.claim(gateway, 5)
            self.expect_everything(gateway, platform, all_telemetry=False)
            platform.stop()
            self.claim(gateway, 80)
            time.sleep(1)
            platform.start()
            self.expect_everything(gateway, platform, all_telemetry=False)
            platform.stop()
            self.report("short queue", platform)

    def test_a_mute_platform_frees_nothing(self) -> None:
        """PUBACK proves only that the broker has it."""
        with Broker() as broker, PlatformView(broker.port) as platform, \
                Gateway(settings(broker.port, event_window=8)) as gateway:
            platform.mute = True
            gateway.start()
            self.claim(gateway, 30)
            wait_for("a first window", lambda: platform.size() >= 8, 20)
            time.sleep(1)
            self.assertLessEqual(platform.size(), 8)
            self.assertEqual(gateway.site()["uplink"]["events"]["receipted"], 0)
            platform.speak_again()
            self.expect_everything(gateway, platform)
            self.report("mute platform", platform)

    def test_a_broker_that_accepts_and_never_answers_is_left(self) -> None:
        port = free_port()
        with Gateway(settings(port)) as gateway:
            with SilentBroker(port) as silent:
                gateway.start()
                self.claim(gateway, 10)
                wait_for("the gateway to call", lambda: silent.accepted >= 1, 10)
                self.claim(gateway, 10)
                self.assertNotEqual(gateway.site()["uplink"]["state"], "connected")
            with Broker(port) as broker, PlatformView(broker.port) as platform:
                self.expect_everything(gateway, platform)
                self.report("silent broker", platform)

    def test_a_broker_that_falls_silent_does_not_hold_up_a_clean_stop(self) -> None:
        port = free_port()
        with SilentBroker(port) as silent, Gateway(settings(port)) as gateway:
            gateway.start()
            self.claim(gateway, 3)
            wait_for("the gateway to call", lambda: silent.accepted >= 1, 10)
            self.assertEqual(gateway.terminate(20), 0)


if __name__ == "__main__":
    print(executable())
    unittest.main(argv=sys.argv[:1])
