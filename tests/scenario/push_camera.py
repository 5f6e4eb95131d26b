"""Law of pushed pictures: what got its 200 is stored once, masked, with the evidence that the answer names,
across kill -9; while vision is away the answer is 503; whoever may not send is told before the body.

    push_camera.py [--kills 8] [--seed 1]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import signal
import sys
import threading
import unittest
from http.client import HTTPException
from pathlib import Path
from typing import Any

from gateway import Gateway, Settings, executable, patience, wait_for
from pictures import SIZE, corners, instant, usable_frames

VISION = "jieding-vision"
options = argparse.Namespace(kills=8, seed=1)


def settings() -> Settings:
    return (Settings().building()
            .push_camera("gate", SIZE, corners())
            .push_camera("mast", SIZE, corners()))


def put(gateway: Gateway, picture: bytes, taken: str = "", camera: str = "gate", token: str = "",
        announced: int = 0) -> tuple[int, dict[str, str], Any]:
    """One picture over a connection of its own: status, headers, what the answer says. One that is
    only announced is not sent."""
    connection = gateway.connection(60)
    try:
        headers = {"Content-Type": "image/jpeg", "Authorization": f"Bearer {token or gateway.tokens[camera]}"}
        if taken:
            headers["Picture-Taken"] = taken
        if announced:
            picture, headers["Content-Length"] = b"", str(announced)
        connection.request("PUT", f"/api/v1/cameras/{camera}/frames", picture, headers)
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, json.loads(answer.read())
    finally:
        connection.close()


class Camera(threading.Thread):
    """Sends each picture until it is answered, as a camera with a memory card would."""

    def __init__(self, gateway: Gateway, frames: list[Path]) -> None:
        super().__init__(daemon=True)
        self.gateway = gateway
        self.frames = frames
        self.answers: dict[str, Any] = {}  # by the picture's name
        self.failures = 0
        self.strange: list[str] = []
        self.gone = threading.Event()

    def run(self) -> None:
        for frame in self.frames:
            while frame.name not in self.answers and not self.gone.is_set():
                self.send(frame)

    def send(self, frame: Path) -> None:
        try:
            status, _, answer = put(self.gateway, frame.read_bytes(), instant(frame.name))
        except (OSError, HTTPException, ValueError):
            self.failures += 1
            self.gone.wait(0.05)
            return
        if status == 200:
            self.answers[frame.name] = answer
        elif status in (429, 503):
            self.gone.wait(0.2)
        else:
            self.strange.append(f"{frame.name}: {status} {answer}")
            self.gone.set()


class PushCamera(unittest.TestCase):
    def test_what_was_answered_survives_kill_9_once(self) -> None:
        chance = random.Random(options.seed)
        frames = usable_frames()[:24]
        with Gateway(settings()) as gateway:
            gateway.start()
            camera = Camera(gateway, frames)
            camera.start()
            for kill in range(options.kills):
                wait_for("another answer or the end", lambda: len(camera.answers) > 2 * kill
                         or not camera.is_alive(), 60)
                self.assertEqual(camera.strange, [])
                threading.Event().wait(chance.uniform(0, 0.6) * patience())
                gateway.kill()
                gateway.start()
            camera.join(120 * patience())
            self.assertEqual(camera.strange, [])
            self.assertEqual(len(camera.answers), len(frames))
            self.expect_same_answers(gateway, camera, frames)
            self.assertEqual(gateway.terminate(), 0)
            self.expect_stored_once(gateway, camera)
            print(f"{len(frames)} pictures, {options.kills} kills, {camera.failures} requests without answer")

    def expect_same_answers(self, gateway: Gateway, camera: Camera, frames: list[Path]) -> None:
        for frame in frames:
            status, _, answer = put(gateway, frame.read_bytes(), "2024-01-01T00:00:00Z")
            self.assertEqual((status, answer), (200, camera.answers[frame.name]))

    def expect_stored_once(self, gateway: Gateway, camera: Camera) -> None:
        with gateway.database() as database:
            rows = database.execute("select at, picture, usable from estimate order by at").fetchall()
            known = {row[0] for row in database.execute("select sha256 from evidence")}
        stored = {at: (picture, bool(usable)) for at, picture, usable in rows}
        self.assertEqual(len(stored), len(rows))
        self.assertEqual(len(rows), len(camera.answers))
        for name, answer in camera.answers.items():
            self.assertEqual(answer["taken"], instant(name))
            evidence = answer["evidence"]
            self.assertIn((evidence or "", answer["usable"]), stored.values(), name)
            if evidence is None:
                continue
            self.assertIn(evidence, known)
            files = list((gateway.state / "evidence").rglob(f"{evidence}*"))
            self.assertEqual(len(files), 1, evidence)
            self.assertEqual(hashlib.sha256(files[0].read_bytes()).hexdigest(), evidence)

    def test_pictures_wait_outside_while_vision_is_away(self) -> None:
        frames = usable_frames()
        with Gateway(settings()) as gateway:
            gateway.start()
            self.assertEqual(put(gateway, frames[0].read_bytes(), instant(frames[0].name))[0], 200)
            away = threading.Event()
            assassin = threading.Thread(target=self.keep_killing, args=(gateway, away), daemon=True)
            assassin.start()
            statuses = set()

            def told_to_wait() -> bool:
                frame = frames[1 + len(statuses)]
                status, headers, answer = put(gateway, frame.read_bytes(), instant(frame.name))
                statuses.add(status)
                return status == 503 and headers["retry-after"] == "5" and "vision" in answer["detail"]

            wait_for("a 503", told_to_wait, 30)
            away.set()
            assassin.join()
            last = frames[9]
            wait_for("vision to come back",
                     lambda: put(gateway, last.read_bytes(), instant(last.name))[0] == 200, 60, 0.5)

    def keep_killing(self, gateway: Gateway, until: threading.Event) -> None:
        while not until.wait(0.02):
            for pid in gateway.children(VISION):
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass

    def test_refusals_are_problems_and_keep_no_pixel(self) -> None:
        picture = usable_frames()[0].read_bytes()
        with Gateway(settings()) as gateway:
            gateway.start()
            cases = [({"token": "not-a-token-0123456789"}, 401),
                     ({"camera": "gate", "token": gateway.tokens["mast"]}, 403),
                     ({"picture": b"<html>no picture</html>"}, 415),
                     ({"announced": (12 << 20) + 1}, 413),
                     ({"taken": "1970-01-01T00:00:00Z"}, 400)]
            for change, expected in cases:
                status, headers, answer = put(gateway, **{"picture": picture, **change})
                self.assertEqual((status, headers["content-type"], answer["status"]),
                                 (expected, "application/problem+json", expected))
            self.assertEqual(gateway.terminate(), 0)
            with gateway.database() as database:
                kept = database.execute("select reason, length(bytes) from quarantine order by id").fetchall()
            self.assertEqual(kept, [("token", 0), ("foreign_camera", 0), ("not_a_jpeg", 0), ("time", 0)])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.parse_args(namespace=options)
    print(f"{executable()}, seed {options.seed}")
    unittest.main(argv=sys.argv[:1])
