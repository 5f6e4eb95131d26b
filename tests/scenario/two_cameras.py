"""Law: two cameras of one building give one figure. While they exclude each other the box says so, to the page, in its
first HTML and to the platform, with a range that holds both; once they agree again it is silent. What is drawn always
stands as high as the figure, and each day of the chart is its last good picture's.

One camera is sent the pictures of the site as they were taken, the other those of months before with the same dates.
"""

from __future__ import annotations

import sys
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from broker import Broker
from gateway import Gateway, Settings, executable, wait_for
from pictures import SIZE, corners, instant, shown, usable_frames
from platform_view import PlatformView
from push_camera import put

RISEN, EARLY = 24, 12  # pictures
CAST = ("frame", "infilled", "facade")
STATES = ["background", "working", *CAST]
CHINA = timezone(timedelta(hours=8))


def settings(port: int) -> Settings:
    return (Settings().uplink(port).building()
            .push_camera("gate", SIZE, corners())
            .push_camera("mast", SIZE, corners()))


def moment(rfc3339: str) -> datetime:
    return datetime.fromisoformat(rfc3339.replace("Z", "+00:00"))


def written(at: datetime) -> str:
    return at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class TwoCameras(unittest.TestCase):
    def send(self, gateway: Gateway, camera: str, frames: list[Path], late: timedelta = timedelta()) -> None:
        """The pictures of a camera that says they were taken so much later."""
        for frame in frames:
            taken = written(moment(instant(frame.name)) + late)
            status, _, answer = put(gateway, frame.read_bytes(), taken, camera)
            self.assertEqual(status, 200, answer)
            self.expect_drawn_as_high_as_said(gateway)

    def expect_drawn_as_high_as_said(self, gateway: Gateway) -> None:
        estimate = shown(gateway)
        cast = round(estimate["storeys"])
        self.assertTrue(all(band in CAST for band in estimate["bands"][:cast]), estimate)
        self.assertFalse(any(band in CAST for band in estimate["bands"][cast:]), estimate)

    def first_html(self, gateway: Gateway) -> str:
        status, page = gateway.request("GET", "/")
        self.assertEqual(status, 200)
        return page.decode()

    def test_they_are_told_apart_and_together(self) -> None:
        frames = usable_frames()
        risen, early = frames[:RISEN], frames[:EARLY]
        late = moment(instant(risen[-1].name)) - moment(instant(early[-1].name))
        with Broker() as broker, Gateway(settings(broker.port)) as gateway, PlatformView(broker.port) as platform:
            gateway.start()
            self.send(gateway, "gate", risen)
            alone = shown(gateway)
            self.assertFalse(alone["cameras_disagree"])
            self.send(gateway, "mast", early, late + timedelta(minutes=1))
            self.expect_contradiction(gateway, platform, alone)
            self.send(gateway, "mast", frames[EARLY:RISEN + 1], late + timedelta(minutes=1))
            self.expect_agreement(gateway)
            self.expect_days_of_the_last_good_pictures(gateway)

    def expect_contradiction(self, gateway: Gateway, platform: PlatformView, alone: dict[str, Any]) -> None:
        both = shown(gateway)
        said = {word["camera"]: word["storeys"] for word in both["cameras"]}
        print(f"each: {said}; together {both['storeys']}, {both['storeys_low']} to {both['storeys_high']}")
        self.assertGreater(said["gate"], said["mast"] + 2)
        self.assertTrue(both["cameras_disagree"])
        self.assertEqual(both["storeys"], alone["storeys"], "a building does not shrink")
        self.assertLessEqual(both["storeys_low"], said["mast"])
        self.assertGreaterEqual(both["storeys_high"], said["gate"])
        self.assertIn("几台摄像机看到的层数不一致", self.first_html(gateway))
        wait_for("the platform to be told", lambda: platform.states.get("b1", {}).get("cameras_disagree"))

    def expect_agreement(self, gateway: Gateway) -> None:
        both = shown(gateway)
        said = {word["camera"]: word["storeys"] for word in both["cameras"]}
        print(f"each: {said}; together {both['storeys']}, {both['storeys_low']} to {both['storeys_high']}")
        self.assertFalse(both["cameras_disagree"])
        self.assertNotIn("不一致", self.first_html(gateway))

    def expect_days_of_the_last_good_pictures(self, gateway: Gateway) -> None:
        history = gateway.get("/api/v1/buildings/b1/history")
        last = {}
        for point in history["points"]:
            if point["usable"]:
                last[moment(point["at"]).astimezone(CHINA).date().isoformat()] = point
        self.assertEqual([(day["day"], day["at"], day["storeys"]) for day in history["days"]],
                         [(day, point["at"], point["storeys"]) for day, point in last.items()])
        today = history["days"][-1]["bands"]
        self.assertEqual([STATES[int(digit)] for digit in today], shown(gateway)["bands"])


if __name__ == "__main__":
    print(executable())
    unittest.main(argv=sys.argv[:1])
