"""Installs into a folder, brings up a box with what was installed, and runs it as bare as its unit makes it.

    tests/install/install_test.py build/release
"""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import tomllib
import unittest
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Callable, Iterator

from unit_bounds import Unit, library

BUILD = Path(sys.argv[1]).resolve()
SITE_A = Path(__file__).resolve().parents[1] / "data/timelapse/site-a"
PATIENCE_S = 60.0
UNITS = ("jieding.service", "jieding-mirror.service")
MOST_EXPOSED = 25  # of 100, by `systemd-analyze security`
PROGRAMS = {"jieding", "jieding-vision", "jieding-film", "jieding-link", "jieding-image", "jieding-node", "jieding-provision"}


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = Path(tempfile.mkdtemp(prefix="jieding-install-"))
        cls.root = cls.folder / "root"
        cls.usr = cls.root / "usr"
        subprocess.run(["cmake", "--install", BUILD, "--prefix", "/usr"], check=True, stdout=subprocess.DEVNULL,
                       env={**os.environ, "DESTDIR": str(cls.root)})
        cls.units = cls.usr / "lib/systemd/system"
        cls.unit = Unit(cls.units / "jieding.service")
        cls.mirror_unit = Unit(cls.units / "jieding-mirror.service")

    @classmethod
    def tearDownClass(cls) -> None:
        shutil.rmtree(cls.folder, ignore_errors=True)

    def run_installed(self, *words: object, expect: int = 0) -> str:
        done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=PATIENCE_S)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def test_programs_are_there_and_say_their_version(self) -> None:
        self.assertEqual({file.name for file in (self.usr / "bin").iterdir()}, PROGRAMS)
        for name in PROGRAMS - {"jieding-vision", "jieding-film"}:  # which only the gateway starts
            self.assertRegex(self.run_installed(self.usr / "bin" / name, "--version"), r"^\d+\.\d+\.\d+\n$")

    def test_what_the_unit_names_is_installed(self) -> None:
        users = (self.usr / "lib/sysusers.d/jieding.conf").read_text()
        for unit in (self.unit, self.mirror_unit):
            program = unit.service["ExecStart"].split()[0]
            self.assertTrue(os.access(self.root / program.lstrip("/"), os.X_OK), program)
            self.assertRegex(users, rf"(?m)^u {unit.service['User']} ")
        self.assertRegex(users, rf"(?m)^m {self.unit.service['User']} {self.unit.service['SupplementaryGroups']}$")
        backend = re.search(r"bootloader-custom-backend=(.*)", (self.usr / "share/jieding/rauc/system.conf").read_text())
        assert backend
        self.assertTrue(os.access(self.root / backend[1].lstrip("/"), os.X_OK), backend[1])

    def test_answers_to_begin_from_name_what_lies_beside_them(self) -> None:
        share = self.usr / "share/jieding"
        answers = tomllib.loads((share / "answers.toml").read_text())
        self.assertTrue((share / answers["policy"]["file"]).is_file())
        self.run_installed(self.usr / "bin/jieding-provision", "create", share / "answers.toml", self.folder / "dry", "--dry-run")

    def need_systemd(self) -> None:
        if shutil.which("systemd-analyze") is None:
            self.skipTest("there is no systemd-analyze (Debian: systemd)")

    def test_systemd_understands_the_units(self) -> None:
        self.need_systemd()
        for unit in Path("/usr/lib/systemd/system").glob("*.target"):  # that ours stands among
            if unit.is_file() and not (self.units / unit.name).exists():
                shutil.copy(unit, self.units)
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", f"--root={self.root}", *UNITS], capture_output=True, text=True)
        ours = [line for line in done.stderr.splitlines() if "jieding" in line]
        self.assertEqual(ours, [], done.stderr)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_the_units_expose_little(self) -> None:
        self.need_systemd()
        for name in UNITS:
            with self.subTest(name):
                done = subprocess.run(["systemd-analyze", "security", "--no-pager", "--offline=true", f"--threshold={MOST_EXPOSED}",
                                       self.units / name], capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                print(done.stdout.strip().splitlines()[-1])

    def test_the_user_can_be_made(self) -> None:
        if shutil.which("systemd-sysusers") is None:
            self.skipTest("there is no systemd-sysusers (Debian: systemd)")
        made = self.folder / "users"
        shutil.copytree(self.usr / "lib/sysusers.d", made / "usr/lib/sysusers.d")
        (made / "etc").mkdir()
        subprocess.run(["systemd-sysusers", f"--root={made}"], check=True, capture_output=True)
        self.assertRegex((made / "etc/passwd").read_text(), r"(?m)^jieding:")
        self.assertRegex((made / "etc/group").read_text(), r"(?m)^dialout:.*\bjieding\b")

    def make_box(self, name: str) -> tuple[Path, int]:
        answers = self.folder / f"{name}.toml"
        port = free_port()
        camera = tomllib.loads((SITE_A / "site.toml").read_text())["camera"][0]
        answers.write_text(f"""[box]
names = ["127.0.0.1"]
listen = "127.0.0.1:{port}"
[site]
id = "hz-test"
[web]
open_to_viewers = true
[[building]]
id = "b1"
storeys = 18
[[camera]]
id = "mast"
driver = "push"
token_file = "secrets/mast.token"
image_size = {camera["image_size"]}
[[camera.facade]]
building = "b1"
scaffold = "climbing"
corners = {camera["facade"][0]["corners"]}
""")
        box = self.folder / name
        self.run_installed(self.usr / "bin/jieding-provision", "create", answers, box)
        return box, port

    @contextmanager
    def life(self, box: Path, bound: Callable[[], None] | None) -> Iterator[None]:
        """The installed gateway on this box, until the block ends."""
        log = box.with_suffix(".log")
        with log.open("wb") as out:
            gateway = subprocess.Popen([self.usr / "bin/jieding", "run", "--config", box / "jieding.toml"],
                                       stdin=subprocess.DEVNULL, stdout=out, stderr=out, preexec_fn=bound)
        try:
            end = time.monotonic() + PATIENCE_S
            while not (box / "state/ports.json").exists():
                self.assertIsNone(gateway.poll(), log.read_text())
                self.assertLess(time.monotonic(), end, log.read_text())
                time.sleep(0.02)
            yield
        finally:
            gateway.send_signal(signal.SIGTERM)
            self.assertEqual(gateway.wait(PATIENCE_S), 0, log.read_text())

    def serve(self, name: str, bound: Callable[[], None] | None) -> dict[str, Any]:
        """One life of a box from the installed programs: a picture through vision, then what the site says."""
        box, port = self.make_box(name)
        said = self.run_installed(self.usr / "bin/jieding", "check", "--config", box / "jieding.toml")
        self.assertIn(f"vision: {self.usr}/bin/jieding-vision", said)
        with self.life(box, bound):
            token = (box / "state/secrets/mast.token").read_text().strip()
            picture = sorted((SITE_A / "frames").glob("*.jpg"))[0]
            taken = re.sub(r"(....)(..)(..)T(..)(..)(..)Z.*", r"\1-\2-\3T\4:\5:\6Z", picture.name)
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "image/jpeg", "Picture-Taken": taken}
            status, answer = self.ask(box, port, "PUT", "/api/v1/cameras/mast/frames", picture.read_bytes(), headers)
            self.assertEqual(status // 100, 2, answer)
            status, answer = self.ask(box, port, "GET", "/api/v1/site", None, {})
            self.assertEqual(status, 200, answer)
            return dict(json.loads(answer))

    @staticmethod
    def ask(box: Path, port: int, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, bytes]:
        trust = ssl.create_default_context(cafile=str(box / "tls/authority.pem"))
        connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=PATIENCE_S, context=trust)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        found = answer.status, answer.read()
        connection.close()
        return found

    def need_bounds(self) -> None:
        self.need_systemd()
        try:
            library()
        except OSError as lacking:
            self.skipTest(f"there is no libseccomp ({lacking})")
        self.unit.allowed()  # asks systemd-analyze, before the fork

    def test_a_box_runs_within_the_bounds_of_its_unit(self) -> None:
        self.need_bounds()
        free = self.serve("free", None)
        bound = self.serve("bound", self.unit.bound_this_process)
        self.assertEqual(bound["clock"]["quality"], free["clock"]["quality"])

    def test_a_mirror_is_kept_within_the_bounds_of_its_unit(self) -> None:
        """Of its paths these stand for the unit's own; a web server of another user has to be able to read what comes."""
        self.need_bounds()
        self.mirror_unit.allowed()
        box, _ = self.make_box("mirrored")
        link, site = self.folder / "mirror.link", self.folder / "site"
        link.write_text(self.run_installed(self.usr / "bin/jieding", "link", "viewer", "--config", box / "jieding.toml"))
        own = {"%d/mirror.link": link, "/var/lib/jieding-mirror": site}
        words = [own.get(word, word) for word in self.mirror_unit.service["ExecStart"].split()[1:]]

        def bound() -> None:
            os.umask(int(self.mirror_unit.service["UMask"], 8))
            self.mirror_unit.bound_this_process()

        with self.life(box, None):
            done = subprocess.run([self.usr / "bin/jieding", *words, "--once", "--ca-file", box / "tls/authority.pem"],
                                  capture_output=True, text=True, preexec_fn=bound, timeout=PATIENCE_S)
        self.assertEqual(done.returncode, 0, done.stderr)
        for name in ("index.html", "api/v1/site.json"):
            self.assertEqual((site / name).stat().st_mode & 0o777, 0o644, name)

    def test_the_clock_may_be_asked_and_not_set(self) -> None:
        """What the kernel does not tell would be taken for an unsynchronised clock: nothing could be confirmed."""
        self.need_bounds()
        asked = "import ctypes; print(ctypes.CDLL('libc.so.6').adjtimex(ctypes.create_string_buffer(512)))"
        turned = "import time; time.clock_settime(time.CLOCK_REALTIME, time.time())"
        done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, preexec_fn=self.unit.bound_this_process)
        self.assertGreaterEqual(int(done.stdout), 0, done.stderr)
        done = subprocess.run([sys.executable, "-c", turned], capture_output=True, text=True, preexec_fn=self.unit.bound_this_process)
        self.assertIn("PermissionError", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
