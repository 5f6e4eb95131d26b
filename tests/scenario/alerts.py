"""Law: a limit that is passed and a device that falls silent are raised once and cleared once in the ledger,
whatever `kill -9` comes between; what comes late or again raises nothing; a flapping sensor fills nothing."""

from __future__ import annotations

import json
import random
import sys
import threading
import time
import unittest
from http.client import HTTPException
from pathlib import Path
from typing import Any

try:
    import jsonschema
except ImportError:  # python3-jsonschema; the leaves are then not held against their schema
    jsonschema = None

from gateway import Gateway, Settings, section, senml, wait_for


def settings(silent_after: str = "0s", cranes: int = 2) -> Settings:
    made = Settings().building()
    for crane in range(1, cranes + 1):
        made.pushing_device(f"crane-{crane}")
    made.tables["site"]["silent_after"] = silent_after
    made.parts.append(section("[[limit]]", {
        "id": "moment", "zh": "力矩超限", "en": "Moment too high", "level": "alarm",
        "quantity": "crane_moment", "unit": "%", "above": 100, "clear": 90}))
    return made


def moment(value: float, at: float) -> list[dict[str, Any]]:
    return [senml("crane_moment", "%", value, at)]


LEAF = Path(__file__).resolve().parents[2] / "sync/schemas/leaf.schema.json"


def alerts(gateway: Gateway) -> list[dict[str, Any]]:
    leaves = [json.loads(leaf) for leaf in gateway.leaves()]
    for leaf in leaves if jsonschema else []:
        jsonschema.validate(leaf, json.loads(LEAF.read_text()), jsonschema.Draft202012Validator)
    return [leaf["data"] for leaf in leaves if leaf["type"] == "alert"]


def acts(gateway: Gateway) -> list[str]:
    return [one["act"] for one in alerts(gateway)]


class Alerts(unittest.TestCase):
    def push(self, gateway: Gateway, value: float, at: float, device: str = "crane-1") -> None:
        status, body = gateway.push(device, moment(value, at))
        self.assertEqual(status, 200, body)

    def test_a_limit_is_raised_and_cleared_once_over_kills(self) -> None:
        with Gateway(settings()) as gateway:
            gateway.start()
            now = float(int(time.time()))
            self.push(gateway, 120, now - 7200)  # late: it says nothing of now
            self.assertEqual(alerts(gateway), [])
            self.push(gateway, 110, now)
            gateway.kill()  # what was answered is durable, and so is what it raised
            gateway.start()
            self.push(gateway, 110, now)
            self.push(gateway, 115, now + 1)
            self.assertEqual(acts(gateway), ["raise"])
            shown = gateway.site()["alerts"]
            self.assertEqual([(one["limit"], one["device"], one["value"]) for one in shown],
                             [("moment", "crane-1", 110)])
            self.push(gateway, 95, now + 2)
            self.assertEqual(acts(gateway), ["raise"])
            self.push(gateway, 80, now + 3)
            gateway.kill()
            gateway.start()
            self.push(gateway, 80, now + 3)
            self.push(gateway, 110, now + 1)  # again, and of before
            self.assertEqual(acts(gateway), ["raise", "clear"])
            self.assertEqual(gateway.site()["alerts"], [])
            device = gateway.site()["devices"][0]
            self.assertEqual(device["counts"], {})
            self.assertEqual(gateway.terminate(), 0)

    def test_kills_at_random_double_and_lose_no_turn(self) -> None:
        dice = random.Random(7)
        cranes = 8
        kills = 0
        with Gateway(settings(cranes=cranes)) as gateway:
            gateway.start()
            base = float(int(time.time()))
            for turn, value in enumerate([120, 50, 130, 40]):
                for crane in range(1, cranes + 1):
                    pack = moment(value, base + turn)
                    for _ in range(20):  # until it is acknowledged
                        killer = None
                        if dice.random() < 0.5:
                            killer = threading.Timer(dice.uniform(0, 0.01), gateway.process.kill)
                            killer.start()
                        try:
                            acknowledged = gateway.push(f"crane-{crane}", pack)[0] == 200
                        except (OSError, HTTPException):
                            acknowledged = False
                        if killer:
                            killer.join()
                            gateway.process.wait()
                            kills += 1
                            gateway.start()
                        if acknowledged:
                            break
            for crane in range(1, cranes + 1):
                turns = [(one["act"], one["value"]) for one in alerts(gateway)
                         if one["device"] == f"crane-{crane}"]
                self.assertEqual(turns, [("raise", 120), ("clear", 50), ("raise", 130), ("clear", 40)])
            print(f"{kills} kills", file=sys.stderr)
            self.assertEqual(gateway.terminate(), 0)

    def test_what_is_untimely_is_counted(self) -> None:
        with Gateway(settings()) as gateway:
            gateway.start()
            self.push(gateway, 120, time.time() - 7200)
            self.assertEqual(gateway.site()["devices"][0]["counts"], {"limit.untimely": 1})
            self.assertEqual(gateway.terminate(), 0)

    def test_a_flapping_sensor_fills_nothing(self) -> None:
        with Gateway(settings()) as gateway:
            gateway.start()
            now = float(int(time.time()))
            for i in range(60):
                self.push(gateway, 120 if i % 2 == 0 else 50, now + i / 10)
            self.assertEqual(acts(gateway), ["raise", "clear"] * 5 + ["raise"])
            self.assertTrue(alerts(gateway)[-1]["flapping"])
            self.assertTrue(gateway.site()["alerts"][0]["flapping"])
            self.assertEqual(gateway.terminate(), 0)

    def test_silence_is_told_once_over_kills(self) -> None:
        with Gateway(settings("2s")) as gateway:
            gateway.start()
            self.push(gateway, 50, time.time(), "crane-2")
            wait_for("both are silent", lambda: acts(gateway) == ["raise"] * 2, 10)
            told = {one["device"]: one for one in alerts(gateway)}
            self.assertNotIn("last_heard", told["crane-1"])
            self.assertIn("last_heard", told["crane-2"])
            gateway.kill()
            gateway.start()
            time.sleep(4)
            self.assertEqual(acts(gateway), ["raise"] * 2)
            self.assertEqual([one["health"] for one in gateway.site()["devices"]], ["silent"] * 2)
            self.push(gateway, 50, time.time(), "crane-2")
            wait_for("it is heard again", lambda: acts(gateway) == ["raise", "raise", "clear"], 3)
            self.assertEqual([one["device"] for one in gateway.site()["alerts"]], ["crane-1"])
            self.assertEqual(gateway.terminate(), 0)

    def test_what_is_no_longer_configured_is_cleared(self) -> None:
        with Gateway(settings()) as gateway:
            gateway.start()
            self.push(gateway, 120, time.time())
            self.assertEqual(gateway.terminate(), 0)
            text = gateway.config.read_text()
            gateway.config.write_text(text[:text.index("[[limit]]")])
            gateway.start()
            wait_for("the clear", lambda: acts(gateway) == ["raise", "clear"], 5)
            self.assertEqual(alerts(gateway)[-1]["why"], "not_configured")
            self.assertEqual(gateway.site()["alerts"], [])
            self.assertEqual(gateway.terminate(), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
