"""Laws of RTSP cameras: a key frame of the stream is seen, whatever happens to the process that decodes it; the
password stands in no argument list and in no log; what is wrong is the camera's health.

    rtsp_camera.py [--kills 5]
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import sys
import threading
import unittest
from pathlib import Path
from typing import Any

from gateway import Gateway, Settings, all_processes, executable, parent_and_name, patience, wait_for
from pictures import SIZE, corners, shown, usable_frames
from rtsp_server import RtspCamera

USER, PASSWORD = "viewer", "p'a:s/s@w%rd&"
options = argparse.Namespace(kills=5)


def settings(camera: RtspCamera, **keys: Any) -> Settings:
    return Settings().building().camera("gate", SIZE, corners(), driver="rtsp", url=camera.url(), user=USER,
                                        password_file="secrets/gate.password", every="1s", **keys)


def start(gateway: Gateway, password: str = PASSWORD) -> None:
    (gateway.state / "secrets" / "gate.password").write_text(password + "\n")
    gateway.start()


def health(gateway: Gateway) -> dict[str, Any]:
    return gateway.site()["cameras"][0]


class Watcher(threading.Thread):
    """Looks at every argument list of the machine for as long as it lives."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.over = threading.Event()
        self.decoders: set[int] = set()
        self.leaks: list[str] = []

    def run(self) -> None:
        while not self.over.wait(0.01):
            for pid in all_processes():
                self.look(pid)

    def look(self, pid: int) -> None:
        try:
            arguments = Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
            if "concat" in arguments:
                self.decoders.add(pid)
                arguments += Path(f"/proc/{pid}/environ").read_text(errors="replace")
        except OSError:
            return
        if PASSWORD in arguments or "p%27a" in arguments:
            self.leaks.append(arguments)


class RtspCameras(unittest.TestCase):
    def setUp(self) -> None:
        if not shutil.which("ffmpeg"):
            self.skipTest("ffmpeg is not installed")
        self.frames = usable_frames()
        self.camera = RtspCamera(self.frames[0], USER, PASSWORD)

    def tearDown(self) -> None:
        self.camera.shutdown()
        self.camera.server_close()

    def wait_for_picture(self, gateway: Gateway) -> None:
        before = shown(gateway).get("picture_at")
        wait_for("a good picture", lambda: shown(gateway).get("picture_at") not in (None, before), 90)

    def test_key_frames_are_seen_and_the_password_is_not(self) -> None:
        watcher = Watcher()
        watcher.start()
        with Gateway(settings(self.camera)) as gateway:
            start(gateway)
            self.wait_for_picture(gateway)
            self.camera.show(self.frames[1])
            self.wait_for_picture(gateway)
            watcher.over.set()
            watcher.join()
            self.assertEqual(gateway.terminate(), 0)
            log = gateway.log.read_text()
        self.assertTrue(watcher.decoders, "no decoder was ever seen")
        self.assertEqual(watcher.leaks, [])
        self.assertNotIn(PASSWORD, log)
        self.assertNotIn("p%27a", log)
        self.assertGreater(self.camera.signed_in, 1)

    def test_decoder_that_dies_takes_nothing_down(self) -> None:
        with Gateway(settings(self.camera)) as gateway:
            start(gateway)
            killed = 0
            while killed < options.kills:
                for pid in wait_for("a decoder", lambda: gateway.children("ffmpeg"), 30, 0.005):
                    try:
                        os.kill(pid, signal.SIGKILL)
                    except ProcessLookupError:
                        continue
                    wait_for("its end", lambda: parent_and_name(pid)[1] != "ffmpeg", 5, 0.005)
                    killed += 1
            wait_for("its reason on the page", lambda: health(gateway)["health"] == "failed", 20)
            self.wait_for_picture(gateway)
            self.assertEqual(health(gateway)["health"], "ok")
            self.assertEqual(gateway.terminate(), 0)

    def test_what_is_wrong_is_health_with_its_reason(self) -> None:
        with Gateway(settings(self.camera, timeout="8s")) as gateway:
            self.camera.silent = True
            start(gateway)
            wait_for("silence to be told", lambda: "in time" in health(gateway)["reason"], 30)
            self.camera.silent = False
            self.wait_for_picture(gateway)
            self.assertEqual(health(gateway)["health"], "ok")
            self.assertEqual(gateway.terminate(), 0)

    def test_a_redirect_to_another_host_is_told_and_not_followed(self) -> None:
        elsewhere = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(elsewhere.close)
        elsewhere.settimeout(0.1)
        port = elsewhere.getsockname()[1]
        self.camera.redirects_to = f"rtsp://127.0.0.1:{port}/Streaming/Channels/101"
        with Gateway(settings(self.camera)) as gateway:
            start(gateway)
            wait_for("the redirect to be told",
                     lambda: f"redirects to 127.0.0.1:{port}" in health(gateway)["reason"], 30)
            self.assertRaises(TimeoutError, elsewhere.accept)
            self.camera.redirects_to = ""
            self.wait_for_picture(gateway)
            self.assertEqual(gateway.terminate(), 0)

    def test_the_password_goes_in_the_clear_only_where_it_may(self) -> None:
        self.camera.basic = True
        with Gateway(settings(self.camera)) as gateway:
            start(gateway)
            wait_for("the reason", lambda: "basic_in_clear" in health(gateway)["reason"], 30)
            self.assertEqual(self.camera.signed_in, 0)
            self.assertEqual(gateway.terminate(), 0)
        with Gateway(settings(self.camera, basic_in_clear=True)) as gateway:
            start(gateway)
            self.wait_for_picture(gateway)
            self.assertEqual(gateway.terminate(), 0)

    def test_wrong_password_is_told_and_not_tried_again_soon(self) -> None:
        with Gateway(settings(self.camera)) as gateway:
            start(gateway, "wrong")
            wait_for("the refusal", lambda: "refuses user" in health(gateway)["reason"], 30)
            tried = self.camera.refused
            threading.Event().wait(3 * patience())
            self.assertEqual(self.camera.refused, tried)
            self.assertEqual(health(gateway)["health"], "failed")
            self.assertEqual(gateway.terminate(), 0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=5)
    parser.parse_args(namespace=options)
    print(executable())
    unittest.main(argv=sys.argv[:1])
