"""Law: what was answered survives `kill -9`; sent again it is answered again and stored once, also when
it came in several packets; what is missing or refused is told, and can be looked at."""

from __future__ import annotations

import base64
import json
import subprocess
import time
import unittest

import dust
from gateway import Gateway, Settings, executable, wait_for

MN = "010000A8900016F000169DC1"


def settings() -> Settings:
    return (Settings().hj212(parts_timeout="1s").building()
            .dust_station("dust-1", MN, tolerate=["blanks"]))


def part(packet: int, packets: int, values: str, qn: str = "") -> bytes:
    number = qn or f"2026031509000053{packet}"
    return dust.frame(f"QN={number};ST=39;CN=2061;PW=123456;MN={MN};Flag=7;PNUM={packets};PNO={packet};"
                      f"CP=&&DataTime=20260315080000;{values}&&")


def realtime(second: int, values: str) -> bytes:
    return dust.frame(f"QN=202603150900{second:02}000;ST=39;CN=2011;PW=123456;MN={MN};Flag=5;"
                      f"CP=&&DataTime=202603150900{second:02};{values}&&")


class Hj212Resend(unittest.TestCase):
    def station(self, gateway: Gateway) -> dust.Station:
        made = dust.Station(gateway.ports["hj212"], MN)
        self.addCleanup(made.close)
        return made

    def counts(self, gateway: Gateway) -> tuple[int, int]:
        counts = gateway.site()["counts"]
        return counts["readings_stored"], counts["readings_repeated"]

    def device(self, gateway: Gateway) -> dict[str, object]:
        return gateway.site()["devices"][0]

    def quarantine(self, gateway: Gateway, *words: str) -> str:
        command = [executable(), "quarantine", *words, "--config", gateway.config]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def test_what_was_answered_is_stored_once(self) -> None:
        first, second = part(1, 2, "a34001-Avg=130.5,a34002-Avg=60"), part(2, 2, "a34004-Avg=41")
        with Gateway(settings()) as gateway:
            gateway.start()
            station = self.station(gateway)
            self.assertTrue(station.send(first))
            gateway.kill()
            gateway.start()
            self.assertEqual(self.counts(gateway), (2, 0))
            station = self.station(gateway)
            self.assertTrue(station.send(first))
            self.assertTrue(station.send(second))
            self.assertTrue(station.send(second))
            self.assertEqual(self.counts(gateway), (3, 3))
            time.sleep(2.5)  # beyond parts_timeout: it is whole, so there is nothing to tell
            self.assertEqual(gateway.site()["counts"]["refused"], 0)
            self.assertEqual(gateway.terminate(), 0)

    def test_missing_parts_and_refused_frames_can_be_looked_at(self) -> None:
        with Gateway(settings()) as gateway:
            gateway.start()
            station = self.station(gateway)
            self.assertTrue(station.send(part(2, 3, "a34004-Avg=41")))
            broken = realtime(1, "a34002-Rtd=96.0").replace(b"96.0", b"\xe5\xb7\xa5.")
            station.socket.sendall(broken)
            self.assertTrue(station.send(realtime(2, " a34002-Rtd=96.0")))  # a granted blank
            wait_for("the missing parts", lambda: self.device(gateway)["refused"] == 1)
            self.assertEqual(self.device(gateway)["counts"], {"tolerated.blanks": 1})
            self.assertIn("PNO 1, 3", str(self.device(gateway)["reason"]))
            wait_for("both in quarantine",
                     lambda: len(self.quarantine(gateway, "list").split("hj212  ")) == 3)
            listed = self.quarantine(gateway, "list", "--reason", "incomplete")
            self.assertIn("dust-1", listed)
            self.assertNotIn("crc", listed)
            out = gateway.config.parent / "refused.jsonl"
            self.quarantine(gateway, "export", "--out", str(out))
            refused = [json.loads(line) for line in out.read_text().splitlines()]
            self.assertEqual([one["reason"] for one in refused], ["crc", "incomplete"])
            self.assertEqual(base64.b64decode(refused[0]["bytes"]), broken.removesuffix(b"\r\n"))
            self.assertEqual(gateway.terminate(), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
