"""Laws of drivers that cannot begin: each is its own trouble and nobody else's, it begins by itself when it can, and
`jieding check` says beforehand what will be wrong.
"""

from __future__ import annotations

import socket
import subprocess
import unittest
from pathlib import Path
from typing import Any

from gateway import Gateway, Settings, executable, wait_for


def settings() -> Settings:
    return Settings().pushing_device("crane-1").dust_station("dust-1", "010000A8900016F000169DC1")


def part(gateway: Gateway, ident: str, health: str) -> dict[str, Any] | None:
    parts = gateway.site()["parts"]
    return next((one for one in parts if (one["id"], one["health"]) == (ident, health)), None)


class DriverTrouble(unittest.TestCase):
    def test_one_that_cannot_listen_holds_nobody_back_and_begins_again(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            made = settings().hj212(listen=f"127.0.0.1:{port}")
            gateway = self.enterContext(Gateway(made)).start()
            self.assertNotIn("hj212", gateway.ports)
            failed = wait_for("the failure", lambda: part(gateway, "hj212", "failed"))
            self.assertIn("listen on 127.0.0.1", failed["reason"])
            self.assertIsNotNone(failed["since"])
            self.assertTrue(part(gateway, "http", "ok"))
        again = wait_for("the next run", lambda: part(gateway, "hj212", "warning"), 30)
        self.assertEqual(again["since"], failed["since"])
        wait_for("its port", lambda: gateway.read_ports().get("hj212") == port)
        self.assertEqual(gateway.terminate(), 0)

    def test_one_that_cannot_be_made_holds_nobody_back_and_begins_when_it_can(self) -> None:
        gateway = self.enterContext(Gateway(settings().hj212()))
        token = gateway.state / "secrets" / "crane-1.token"
        secret = token.read_text()
        token.unlink()
        gateway.start()
        failed = wait_for("the failure", lambda: part(gateway, "http", "failed"))
        self.assertIn("crane-1.token", failed["reason"])
        self.assertIn("hj212", gateway.ports)
        pack = [{"n": "crane_height", "u": "m", "v": 1.0}]
        self.assertEqual(gateway.push("crane-1", pack)[0], 404)
        token.write_text(secret)
        token.chmod(0o600)
        wait_for("an answer", lambda: gateway.push("crane-1", pack)[0] == 200, 30)
        self.assertEqual(gateway.terminate(), 0)

    def check(self, gateway: Gateway) -> tuple[int, str]:
        ran = subprocess.run([executable(), "check", "--config", gateway.config], capture_output=True, text=True,
                             check=False)
        return ran.returncode, ran.stdout

    def test_check_says_what_a_driver_will_miss(self) -> None:
        made = settings().building().hj212()
        made.tables["driver.rtsp"] = {"program": "/no/such/ffmpeg"}
        made.camera("gate", (1280, 720), [[500, 600], [700, 600], [700, 200], [500, 200]], driver="rtsp",
                    url="rtsp://10.0.0.5/")
        gateway = self.enterContext(Gateway(made))
        status, said = self.check(gateway)
        self.assertEqual(status, 1)
        self.assertRegex(said, r"BAD +driver rtsp: cannot run /no/such/ffmpeg; install FFmpeg")
        self.assertRegex(said, r"ok +driver http: ready")
        (gateway.state / "secrets" / "crane-1.token").write_text("short\n")
        self.assertRegex(self.check(gateway)[1], r"BAD +driver http: .*crane-1")

    def test_check_finds_nothing_where_nothing_is_wrong(self) -> None:
        gateway = self.enterContext(Gateway(settings().hj212()))
        status, said = self.check(gateway)
        self.assertEqual((status, "BAD" in said), (0, False), said)
        self.assertFalse(Path(gateway.state / "jieding.db").exists(), "a check leaves nothing behind")


if __name__ == "__main__":
    unittest.main(verbosity=2)
