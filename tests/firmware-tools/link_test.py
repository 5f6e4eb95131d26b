"""jieding-link against real sockets and ptys: what it records, replays and watches.

    JIEDING_LINK=build/release/jieding-link tests/firmware-tools/link_test.py
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import tty
import unittest
import urllib.error
import urllib.request
from pathlib import Path

PROGRAM = os.environ["JIEDING_LINK"]
ROOT = Path(__file__).resolve().parents[2]
RECORDINGS = ROOT / "tests/data"
sys.path.insert(0, str(ROOT / "tests/site"))
import hj212  # noqa: E402

MN = "010000A8900016F000169DC0"
PATIENCE_S = 20.0
SITE = f"""
[site]
id = "bench"
[driver.hj212]
listen = "127.0.0.1:0"
[[device]]
id = "dust-1"
driver = "hj212"
mn = "{MN}"
[[driver.modbus.line]]
id = "wires"
serial = "/dev/null"
[[device]]
id = "wind-1"
driver = "modbus"
line = "wires"
unit_id = 1
every = "100ms"
[[device.point]]
quantity = "wind_speed"
address = 40001
scale = 0.1
"""


def dust_frame(second: int, password: str = "123456") -> bytes:
    return hj212.upload(f"2026031508{second // 60:02d}{second % 60:02d}000", "2011", MN, password,
                        [f"DataTime=2026031508{second // 60:02d}{second % 60:02d}", "a34004-Rtd=41.0,a34004-Flag=N"])


def said_by_device(log: Path) -> bytes:
    """However the chunks were cut."""
    said = b""
    for what in re.findall(r"^\S+ < (.*)$", log.read_text(), re.M):
        said += what[1:-1].encode().decode("unicode_escape").encode("latin-1") if what[0] == '"' else bytes.fromhex(what)
    return said


class Tool:
    """One run of the program; its messages are read as they come."""

    def __init__(self, *arguments: str) -> None:
        self._process = subprocess.Popen([PROGRAM, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                         stderr=subprocess.STDOUT, text=True)
        self._lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.append(line.rstrip("\n"))

    def wait_for(self, pattern: str) -> re.Match[str]:
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            for line in list(self._lines):
                if found := re.search(pattern, line):
                    return found
            time.sleep(0.01)
        raise AssertionError(f"waited in vain for {pattern!r}; it said: {self._lines}")

    def port(self) -> int:
        return int(self.wait_for(r"(?:waiting at|listening on) 127\.0\.0\.1:(\d+)").group(1))

    def send(self, number: int) -> None:
        self._process.send_signal(number)

    def end(self) -> tuple[int, str]:
        status = self._process.wait(PATIENCE_S)
        self._reader.join(PATIENCE_S)
        assert self._process.stdout is not None
        self._process.stdout.close()
        return status, "\n".join(self._lines)

    def stop(self) -> tuple[int, str]:
        self.send(signal.SIGTERM)
        return self.end()

    def kill(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self.end()


class LinkTest(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="jieding-link-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.log = self.folder / "device.log"

    def tool(self, *arguments: str) -> Tool:
        tool = Tool(*arguments)
        self.addCleanup(tool.kill)
        return tool

    def record(self, place: str, *more: str) -> Tool:
        return self.tool("record", place, "--out", str(self.log), "--device", "bench station", *more)

    def wait_until(self, so, what: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while not so():
            self.assertLess(time.monotonic(), end, f"waited in vain for {what}")
            time.sleep(0.01)

    def events(self) -> list[str]:
        return [line.split(" ", 1)[1] for line in self.log.read_text().splitlines()
                if re.match(r"[\d-]\S* [<>=] ", line)]


class RecordTest(LinkTest):
    def test_what_a_station_sends_is_written_down_without_its_password(self) -> None:
        recorder = self.tool("record", "--note", "unit: 3", "listen:127.0.0.1:0", "--note", "point: x 40001", "--out",
                             str(self.log), "--device", "bench station", "--firmware", "2.1", "--who", "wang")
        with socket.create_connection(("127.0.0.1", recorder.port())) as station:
            station.sendall(dust_frame(1, "s3cret"))
        self.wait_until(lambda: "= closed" in self.events(), "the station's end")
        status, said = recorder.stop()
        self.assertEqual(status, 0, said)
        text = self.log.read_text()
        self.assertTrue(text.startswith("jieding recording 1\n"))
        for line in ("device: bench station", "firmware: 2.1", "who: wang", "unit: 3", "point: x 40001", "secrets: replaced"):
            self.assertIn(line + "\n", text)
        self.assertRegex(text, r"\nwhen: 20\d\d-\d\d-\d\dT")
        self.assertEqual(self.events()[0], "= opened")
        expected = dust_frame(1).decode().replace("\r\n", "\\r\\n")
        self.assertEqual(self.events()[1:], [f'< "{expected}"', "= closed"])
        self.assertEqual(self.log.stat().st_mode & 0o777, 0o600)

    def test_secrets_are_kept_when_asked(self) -> None:
        recorder = self.record("listen:127.0.0.1:0", "--keep-secrets")
        with socket.create_connection(("127.0.0.1", recorder.port())) as station:
            station.sendall(dust_frame(1, "s3cret"))
        self.wait_until(lambda: "= closed" in self.events(), "the station's end")
        self.assertIn("PW=s3cret;", self.log.read_text())

    def test_both_sides_of_a_talk_are_passed_on_and_written_down(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as gateway:
            port = gateway.getsockname()[1]
            recorder = self.record("listen:127.0.0.1:0", "--to", f"tcp:127.0.0.1:{port}")
            with socket.create_connection(("127.0.0.1", recorder.port())) as device:
                device.sendall(b"\x01\x03\x00\x00")
                inside, _ = gateway.accept()
                with inside:
                    self.assertEqual(inside.recv(100), b"\x01\x03\x00\x00")
                    inside.sendall(b"hello")
                    self.assertEqual(device.recv(100), b"hello")
                self.assertEqual(device.recv(100), b"")  # its end is passed on, too
            self.wait_until(lambda: "= closed" in self.events(), "the end")
        self.assertEqual(self.events(), ["= opened", "< 01 03 00 00", '> "hello"', "= closed"])

    def test_a_device_may_come_again_when_the_other_side_was_away(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as place:
            port = place.getsockname()[1]
        recorder = self.record("listen:127.0.0.1:0", "--to", f"tcp:127.0.0.1:{port}")
        with socket.create_connection(("127.0.0.1", recorder.port())) as device:
            self.assertEqual(device.recv(100), b"")
        recorder.wait_for(f"connect to 127.0.0.1:{port}: ")
        with socket.create_server(("127.0.0.1", port)) as gateway:
            with socket.create_connection(("127.0.0.1", recorder.port())) as device:
                device.sendall(b"here again")
                inside, _ = gateway.accept()
                with inside:
                    self.assertEqual(inside.recv(100), b"here again")
        self.wait_until(lambda: "= closed" in self.events(), "the end")
        self.assertEqual(self.events(), ["= opened", '< "here again"', "= closed"])

    def test_a_serial_port_is_read_raw(self) -> None:
        ours, theirs = os.openpty()
        self.addCleanup(os.close, ours)
        self.addCleanup(os.close, theirs)
        tty.setraw(theirs)
        recorder = self.record(f"serial:{os.ttyname(theirs)},4800,8E1")
        self.wait_until(lambda: self.log.exists() and "= opened" in self.events(), "the port")
        os.write(ours, b"\x03\x0d\x0a\x11\x13\x7f\x00\xff")  # what a terminal would swallow or change
        self.wait_until(lambda: len("".join(self.events()[1:])) >= 23, "the bytes")
        self.assertEqual(recorder.stop()[0], 0)
        self.assertEqual(bytes.fromhex("".join(e[2:] for e in self.events() if e[0] == "<")),
                         b"\x03\x0d\x0a\x11\x13\x7f\x00\xff")

    def test_a_killed_recorder_leaves_whole_lines(self) -> None:
        """However few lines a busy machine makes of what came: it is killed while more comes."""
        recorder = self.record("listen:127.0.0.1:0")
        with socket.create_connection(("127.0.0.1", recorder.port())) as station:
            talk = threading.Thread(target=self.talk_until_cut, args=(station,))
            talk.start()
            self.wait_until(lambda: len(said_by_device(self.log)) > 20_000, "some lines")
            recorder.send(signal.SIGKILL)
            recorder.end()
            talk.join()
        text = self.log.read_text()
        self.assertTrue(text.endswith("\n"))
        player = self.tool("replay", str(self.log), "pty", "--speed", "0")
        device = player.wait_for(r"waiting at (\S+)").group(1)
        with open(device, "rb", buffering=0) as pty:
            self.assertTrue(pty.read(2).startswith(b"#"))

    def talk_until_cut(self, station: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                for second in range(300):
                    station.sendall(dust_frame(second))

    def test_it_ends_when_the_file_is_full_and_when_the_time_is_over(self) -> None:
        recorder = self.record("listen:127.0.0.1:0", "--most-mb", "1")
        with socket.create_connection(("127.0.0.1", recorder.port())) as device:
            try:
                for _ in range(1000):
                    device.sendall(bytes(4096))
            except OSError:
                pass  # it has hung up
        status, said = recorder.end()
        self.assertEqual(status, 0, said)
        self.assertIn("as large as it may be", said)
        self.assertLessEqual(self.log.stat().st_size, 1024 * 1024)
        self.assertGreater(self.log.stat().st_size, 1000 * 1000)
        self.log.unlink()
        self.assertEqual(self.record("listen:127.0.0.1:0", "--for", "100ms").end()[0], 0)

    def test_a_file_is_replaced_only_when_asked(self) -> None:
        self.log.write_text("precious")
        status, said = self.record("listen:127.0.0.1:0", "--for", "10ms").end()
        self.assertEqual(status, 1)
        self.assertIn("--force", said)
        self.assertEqual(self.log.read_text(), "precious")
        self.assertEqual(self.record("listen:127.0.0.1:0", "--for", "10ms", "--force").end()[0], 0)
        self.assertTrue(self.log.read_text().startswith("jieding recording 1\n"))

    def test_wrong_use_is_told_before_anything_is_opened(self) -> None:
        for wrong in (["ftp:1.2.3.4:5"], ["tcp:1.2.3.4"], ["serial:/dev/ttyS0,7,8N1"], ["pty", "--for", "soon"],
                      ["pty", "--note", "no colon"], ["pty", "--most-mb", "0"]):
            status, said = self.record(*wrong).end()
            self.assertEqual(status, 2, said)
        self.assertFalse(self.log.exists())
        status, said = self.record("tcp:127.0.0.1:1").end()
        self.assertEqual(status, 1)
        self.assertIn("127.0.0.1:1", said)


class ReplayTest(LinkTest):
    def write(self, *events: str) -> Path:
        path = self.folder / "recording.log"
        path.write_text("jieding recording 1\ndevice: x\n\n" + "".join(event + "\n" for event in events))
        return path

    def test_the_pace_is_kept_or_made_faster(self) -> None:
        for later, speed, least in (("5.600", "1", 0.55), ("60005.000", "0", 0.0), ("65.000", "100", 0.55)):
            path = self.write('5.000 < "a"', f'{later} < "b"')
            with socket.create_server(("127.0.0.1", 0)) as server:
                player = self.tool("replay", str(path), f"tcp:127.0.0.1:{server.getsockname()[1]}", "--speed", speed)
                connection, _ = server.accept()
                with connection:
                    self.assertEqual(connection.recv(1), b"a")
                    begun = time.monotonic()
                    self.assertEqual(connection.recv(1), b"b")
                    took = time.monotonic() - begun
                    self.assertEqual(connection.recv(1), b"")
                self.assertEqual(player.end()[0], 0)
            self.assertGreaterEqual(took, least)
            self.assertLess(took, PATIENCE_S)

    def test_each_connection_is_played_as_one(self) -> None:
        path = self.write("0.000 = opened", '0.000 < "first"', "0.000 = closed", "0.000 = opened", '0.000 < "second"')
        with socket.create_server(("127.0.0.1", 0)) as server:
            player = self.tool("replay", str(path), f"tcp:127.0.0.1:{server.getsockname()[1]}")
            for wanted in (b"first", b"second"):
                connection, _ = server.accept()
                with connection:
                    came = b""
                    while more := connection.recv(100):
                        came += more
                self.assertEqual(came, wanted)
            self.assertEqual(player.end()[0], 0)

    def test_a_recorded_slave_answers_who_asks(self) -> None:
        """The device's side, as listener: it answers when it is asked, and not before."""
        player = self.tool("replay", str(RECORDINGS / "modbus/wind-sensor.log"), "listen:127.0.0.1:0",
                           "--speed", "0", "--wait", "10s")
        question = bytes.fromhex("010300000001840a")
        with socket.create_connection(("127.0.0.1", player.port())) as master:
            master.settimeout(0.2)
            with self.assertRaises(TimeoutError):
                master.recv(100)
            master.settimeout(PATIENCE_S)
            for answer in ("0103020056387a", "0103020057387a", "0103020056"):
                master.sendall(question)
                self.assertEqual(master.recv(100).hex(), answer)
            status, said = player.end()
        self.assertEqual(status, 0, said)
        self.assertIn("in 3 turns, 3 as recorded", said)

    def test_a_peer_that_does_not_answer_is_told(self) -> None:
        path = self.write("- < 01", "- > 02", "- < 03")
        with socket.create_server(("127.0.0.1", 0)) as server:
            player = self.tool("replay", str(path), f"tcp:127.0.0.1:{server.getsockname()[1]}", "--wait", "300ms")
            connection, _ = server.accept()
            with connection:
                status, said = player.end()
                self.assertEqual(connection.recv(100), b"\x01")
        self.assertEqual(status, 1)
        self.assertIn("gave no answer", said)

    def test_a_pty_holds_what_nobody_read_yet(self) -> None:
        player = self.tool("replay", str(self.write('- < "0123456789"')), "pty")
        device = player.wait_for(r"waiting at (\S+)").group(1)
        time.sleep(1)
        with open(device, "rb", buffering=0) as pty:
            self.assertEqual(pty.read(100), b"0123456789")
            self.assertEqual(player.end()[0], 0)

    def test_a_broken_recording_is_told_with_its_line(self) -> None:
        status, said = self.tool("replay", str(self.write("0.000 < zz")), "pty").end()
        self.assertEqual(status, 1)
        self.assertIn("line 4", said)

    def test_what_was_recorded_plays_as_it_was_said(self) -> None:
        source = RECORDINGS / "mqtt/mosquitto-pub-5.log"
        recorder = self.record("listen:127.0.0.1:0", "--keep-secrets")
        status, said = self.tool("replay", str(source), f"tcp:127.0.0.1:{recorder.port()}", "--speed", "0").end()
        self.assertEqual(status, 0, said)
        self.wait_until(lambda: "= closed" in self.events(), "the end")
        again = self.folder / "again.log"
        recorder.stop()
        self.log.rename(again)
        recorder = self.record("listen:127.0.0.1:0", "--keep-secrets")
        self.tool("replay", str(again), f"tcp:127.0.0.1:{recorder.port()}", "--speed", "0").end()
        self.wait_until(lambda: "= closed" in self.events(), "the end")
        self.assertTrue(said_by_device(again).startswith(b"\x10"))
        self.assertEqual(said_by_device(again), said_by_device(source))
        self.assertEqual(said_by_device(self.log), said_by_device(source))


class WatchTest(LinkTest):
    def setUp(self) -> None:
        super().setUp()
        self.config = self.folder / "site.toml"
        self.config.write_text(SITE)

    def watch(self, what: str, *more: str) -> Tool:
        return self.tool("watch", what, "--config", str(self.config), *more)

    def test_a_watched_station_is_shown_and_not_answered(self) -> None:
        watcher = self.watch("dust-1")
        with socket.create_connection(("127.0.0.1", watcher.port())) as station:
            station.sendall(dust_frame(1))
            watcher.wait_for(r"dust-1  reading pm25 realtime 41 ug/m3 at 2026-03-15T00:00:01Z flag N")
            watcher.wait_for("would be acknowledged; nothing is stored")
            station.settimeout(0.5)
            with self.assertRaises(TimeoutError):
                station.recv(100)
            station.sendall(dust_frame(2, "s3cret").replace(b"41.0", b"42.0"))
            refused = watcher.wait_for("REFUSED crc from 127.0.0.1.*").group(0)
        self.assertNotIn("s3cret", refused)
        self.assertEqual(watcher.stop()[0], 0)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["site.toml"])

    def test_a_station_is_answered_only_when_asked_for(self) -> None:
        watcher = self.watch("hj212", "--acknowledge")
        with socket.create_connection(("127.0.0.1", watcher.port())) as station:
            station.sendall(dust_frame(1))
            station.settimeout(PATIENCE_S)
            self.assertEqual(hj212.acknowledged(station.recv(200).strip()), "20260315080001000")

    def test_who_pushes_over_http_keeps_what_is_only_watched(self) -> None:
        token = self.folder / "hoist-1.token"
        token.write_text("a-token-that-is-long-enough-for-a-hoist")
        token.chmod(0o600)
        self.config.write_text(f"""
[site]
id = "bench"
[web]
listen = "127.0.0.1:0"
[[device]]
id = "hoist-1"
driver = "http"
token_file = "{token}"
""")
        watcher = self.watch("hoist-1")
        address = watcher.wait_for(r"waiting at (http://\S+)").group(1)
        request = urllib.request.Request(address + "/api/v1/readings", b'[{"n":"hoist_load","u":"kg","v":840}]', {
            "Authorization": f"Bearer {token.read_text()}", "Content-Type": "application/senml+json"})
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=PATIENCE_S)
        self.assertEqual(refused.exception.code, 503)
        refused.exception.close()
        watcher.wait_for("hoist-1  reading hoist_load realtime 840 kg at ")
        self.assertEqual(watcher.stop()[0], 0)

    def test_a_recorded_sensor_is_read_through_the_driver(self) -> None:
        player = self.tool("replay", str(RECORDINGS / "modbus/wind-sensor.log"), "pty", "--speed", "0", "--wait", "10s")
        wires = player.wait_for(r"waiting at (\S+)").group(1)
        self.config.write_text(SITE.replace("/dev/null", wires))
        watcher = self.watch("wind-1")
        watcher.wait_for(r"wind-1  reading wind_speed realtime 8\.6 - at ")
        watcher.wait_for(r"wind-1  REFUSED crc ")
        watcher.wait_for(r"wind-1  health FAILED: ")
        self.assertEqual(watcher.stop()[0], 0)

    def test_what_cannot_be_watched_is_told(self) -> None:
        status, said = self.watch("nobody").end()
        self.assertEqual(status, 1)
        self.assertIn("no device or camera 'nobody'", said)
        self.config.write_text(SITE.replace('driver = "hj212"', 'driver = "hj213"'))
        status, said = self.watch("dust-1").end()
        self.assertEqual(status, 1)
        self.assertIn('did you mean "hj212"', said)


if __name__ == "__main__":
    unittest.main()
