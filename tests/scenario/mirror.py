"""Law: a folder that `jieding mirror` keeps shows, over any web server, what those who only look see of the box, and
nothing else: no token, no form, no picture that the operator stopped; with the box away it stays, and says its age.

    mirror.py [--pictures FOLDER]
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import tempfile
import threading
import unittest
from datetime import datetime, timedelta, timezone
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from gateway import Gateway, Settings, executable, patience, section, wait_for
from people import PAGE, Person, lacks_page, link, run_with_pictures
from pictures import camera, instant, usable_frames

options = argparse.Namespace(pictures="")
EVERY = 5  # seconds; the least that the program takes


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


class WebServer:
    """A plain one: it knows nothing of the box."""

    def __init__(self, folder: Path) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class MirrorOf:
    """`jieding mirror` beside a gateway, as the operator switches it on."""

    def __init__(self, gateway: Gateway, folder: Path) -> None:
        self.folder = folder
        self.token = link(gateway)
        self.link = gateway.folder / "mirror.link"
        self.link.write_text(f"http://127.0.0.1:{gateway.ports['web']}/?viewer={self.token}\n")
        self.words = [executable(), "mirror", "--link", self.link, "--out", folder]

    def start(self, log: Path) -> subprocess.Popen[bytes]:
        with log.open("ab") as said:
            return subprocess.Popen([*self.words, "--every", str(EVERY)], stdin=subprocess.DEVNULL, stdout=said, stderr=said)

    def once(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*self.words, "--once"], capture_output=True, text=True, timeout=120 * patience())

    def read(self, name: str) -> Any:
        try:
            return json.loads((self.folder / name).read_text())
        except FileNotFoundError:
            return None

    def picture(self) -> str:
        """The newest, once it lies there in all its sizes."""
        site = self.read("api/v1/site.json")
        name = site and (site["buildings"][0]["estimate"] or {}).get("picture")
        sizes = ("", "-320", "-640", "-960")
        return name if name and all((self.folder / f"api/v1/evidence/{name}{size}.jpg").exists() for size in sizes) else ""

    def pictures(self) -> list[Path]:
        return sorted(self.folder.glob("api/v1/evidence/*"))


def settings(pictures: Path) -> Settings:
    made = camera(Settings(), pictures).pushing_device("crew")
    made.tables["web"]["open_to_viewers"] = False
    for user, role in (("wang", "group"), ("zhao", "operator")):
        made.parts.append(section("[[user]]", {"id": user, "role": role}))
    return made


class Mirror(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="jieding-mirror-"))
        self.addCleanup(shutil.rmtree, self.folder)
        frame = usable_frames()[0]
        (self.folder / "camera").mkdir()
        shutil.copy(frame, self.folder / "camera")
        self.gateway = self.enterContext(Gateway(settings(self.folder / "camera")))
        self.gateway.start()
        # Below a path, as beside a street office's other pages.
        self.mirror = MirrorOf(self.gateway, self.folder / "www/estates/one")
        self.taken = instant(frame.name)

    def follow(self) -> subprocess.Popen[bytes]:
        process = self.mirror.start(self.gateway.folder / "mirror.log")
        self.addCleanup(lambda: (process.kill(), process.wait()))
        wait_for("the picture on the mirror", self.mirror.picture, 60)
        return process

    def test_it_shows_what_a_viewer_sees_and_its_age_when_the_box_is_away(self) -> None:
        process = self.follow()
        self.assertEqual(self.gateway.claim("crew", "b1", "storey_cast", 1, self.taken)[0], 200)
        wait_for("the claim on the mirror", self.has_claim, 60)
        self.expect_no_secret()
        if lacks := lacks_page(self.gateway):
            self.skipTest(lacks)
        fingerprint = re.search(r"fingerprint  ([0-9a-f ]+)", subprocess.run(
            [executable(), "ledger", "key", "--config", self.gateway.config], check=True, capture_output=True, text=True).stdout)
        assert fingerprint
        server = WebServer(self.folder / "www")
        self.addCleanup(server.close)
        visitor = subprocess.Popen(
            ["node", PAGE / "mirror.mjs", f"{server.url}/estates/one/", fingerprint[1].strip(), *([options.pictures] if options.pictures else [])],
            cwd=PAGE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(lambda: (visitor.kill(), visitor.communicate()))
        assert visitor.stdin and visitor.stdout
        self.assertEqual(visitor.stdout.readline(), "checked\n")
        self.gateway.kill()
        wait_for("word of the box being away", self.says_away, 60)
        self.let_hours_pass(3)
        visitor.stdin.write("away\n")
        visitor.stdin.flush()
        self.assertEqual(visitor.wait(120 * patience()), 0)
        self.gateway.start()
        process.terminate()
        self.assertEqual(process.wait(20 * patience()), 0)

    def test_pictures_that_the_operator_stops_go_and_come_back(self) -> None:
        self.follow()
        operator = Person(self.gateway, "zhao")
        self.assertEqual(operator.ask("PUT", "/api/v1/public-pictures", {"shown": "stopped"})[0], 200)
        wait_for("no picture left", lambda: not self.mirror.pictures(), 60)
        wait_for("word of it", lambda: self.mirror.read("api/v1/site.json")["pictures"]["shown"] == "stopped", 60)
        self.assertEqual(operator.ask("PUT", "/api/v1/public-pictures", {"shown": "live"})[0], 200)
        wait_for("the picture again", self.mirror.picture, 60)

    def test_a_stop_holds_for_a_mirror_that_did_not_run_meanwhile(self) -> None:
        self.assertEqual(wait_for("a first round with the picture", self.round_with_picture, 60).returncode, 0)
        operator = Person(self.gateway, "zhao")
        self.assertEqual(operator.ask("PUT", "/api/v1/public-pictures", {"shown": "stopped"})[0], 200)
        self.assertEqual(self.mirror.once().returncode, 0)
        self.assertEqual(self.mirror.pictures(), [])

    def test_a_round_changes_only_what_changed(self) -> None:
        wait_for("a first round with the picture", self.round_with_picture, 60)
        before = self.stamps()
        self.assertEqual(self.mirror.once().returncode, 0)
        changed = {name for name, stamp in self.stamps().items() if before.get(name) != stamp}
        # The box's clock, figures and a device's day go on.
        self.assertLessEqual(changed, {"mirror.json", "plain.html", "plain.en.html", "api/v1/site.json", "api/v1/devices/crew/readings.json"})

    def test_what_cannot_be_is_one_line(self) -> None:
        for words, status, said in self.wrong():
            ended = subprocess.run([executable(), "mirror", *words], capture_output=True, text=True, timeout=60 * patience())
            self.assertEqual(ended.returncode, status, (words, ended.stderr))
            self.assertRegex(ended.stderr.splitlines()[0], said)
            self.assertEqual(ended.stderr.count("\n"), 1, ended.stderr)
            self.assertNotIn(self.mirror.token, ended.stderr)

    def wrong(self) -> list[tuple[list[Any], int, str]]:
        port = self.gateway.ports["web"]
        files = {"guessed": f"http://127.0.0.1:{port}/?viewer=guessed", "signin": f"http://127.0.0.1:{port}/?signin=abc",
                 "no_token": f"http://127.0.0.1:{port}/", "nobody": "http://127.0.0.1:9/?viewer=abc", "empty": ""}
        for name, text in files.items():
            (self.folder / name).write_text(text)
        (self.folder / "taken").mkdir()
        (self.folder / "taken/letter.txt").write_text("not a mirror's")
        out = ["--out", self.folder / "other", "--once"]
        return [
            (["--link", self.folder / "guessed", *out], 1, "does not take the viewer link"),
            (["--link", self.folder / "no_token", *out], 1, "not open to viewers"),
            (["--link", self.folder / "nobody", *out], 1, "connect"),
            (["--link", self.folder / "signin", *out], 2, "no viewer link"),
            (["--link", self.folder / "empty", *out], 2, "empty"),
            (["--link", self.mirror.link, "--out", self.folder / "taken", "--once"], 1, "holds something else"),
            (["--link", self.mirror.link, *out, "--fingerprint", "12"], 2, "64 hex digits"),
        ]

    def round_with_picture(self) -> subprocess.CompletedProcess[str] | None:
        ended = self.mirror.once()
        return ended if self.mirror.picture() else None

    def has_claim(self) -> bool:
        site = self.mirror.read("api/v1/site.json")
        return any(one["milestone"] == "storey_cast" for one in site["buildings"][0]["milestones"])

    def says_away(self) -> bool:
        return "the mirror shows the last state" in (self.gateway.folder / "mirror.log").read_text()

    def let_hours_pass(self, hours: int) -> None:
        """As if the last good round were so long ago; none writes while the box is away."""
        told = self.mirror.read("mirror.json")
        told["read_at"] = (datetime.now(timezone.utc) - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
        (self.mirror.folder / "mirror.json").write_text(json.dumps(told))

    def stamps(self) -> dict[str, int]:
        files = (file for file in self.mirror.folder.rglob("*") if file.is_file())
        return {str(file.relative_to(self.mirror.folder)): file.stat().st_mtime_ns for file in files}

    def expect_no_secret(self) -> None:
        secrets = [self.mirror.token, self.gateway.tokens["crew"], "jieding_session", "csrf\":"]
        for file in self.mirror.folder.rglob("*"):
            if not file.is_file():
                continue
            self.assertFalse(file.name.endswith(".part"), file)
            text = file.read_bytes().decode(errors="replace")
            for secret in secrets:
                self.assertNotIn(secret, text, file)


if __name__ == "__main__":
    run_with_pictures(__doc__, options)
