"""jieding-provision as an installer uses it, and the gateway that begins with what it made.

    JIEDING_PROVISION=build/release/jieding-provision JIEDING=build/release/jieding tests/firmware-tools/provision/provision_test.py
"""

from __future__ import annotations

import contextlib
import datetime
import http.client
import json
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import zbar
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

PROVISION = os.environ["JIEDING_PROVISION"]
JIEDING = os.environ["JIEDING"]
PATIENCE_S = 30.0
SECRET = "marker-broker-password"
PACK = [{"bn": "", "n": "load", "u": "kg", "v": 812, "t": 1780000000}]


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def authority(name: str) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """Another one than the box's own."""
    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.timezone.utc)
    made = (x509.CertificateBuilder().subject_name(called).issuer_name(called).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=9))
            .not_valid_after(now + datetime.timedelta(days=90)).add_extension(x509.BasicConstraints(True, None), True))
    return made.sign(key, hashes.SHA256()), key


def drawn_svg(svg: str) -> list[list[bool]]:
    """Where the code is dark, module by module."""
    size = int(re.search(r'viewBox="0 0 (\d+)', svg)[1])  # type: ignore[index]
    dark = [[False] * size for _ in range(size)]
    for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", svg):
        dark[int(y)][int(x)] = True
    return dark


def drawn_blocks(text: str) -> list[list[bool]]:
    """The same from half blocks: a terminal's ground is dark."""
    dark: list[list[bool]] = []
    for line in text.splitlines():
        if re.fullmatch("[ ▀▄█]{20,}", line):
            dark += [[glyph in " ▄" for glyph in line], [glyph in " ▀" for glyph in line]]
    return dark


def codes_in(dark: list[list[bool]], module: int = 6) -> list[str]:
    """As a camera reads them."""
    rows = [bytes(0 if cell else 255 for cell in row for _ in range(module)) for row in dark]
    picture = zbar.Image(len(rows[0]), len(rows) * module, "Y800", b"".join(row * module for row in rows))
    zbar.ImageScanner().scan(picture)
    return [symbol.data for symbol in picture]


class Gateway:
    """`jieding run` on a box; its page as a client sees it that trusts the box's authority."""

    def __init__(self, box: Path, port: int) -> None:
        self.box, self.port = box, port
        self.log = (box.parent / "gateway.log").open("ab")
        self.process = subprocess.Popen([JIEDING, "run", "--config", box / "jieding.toml"], stdin=subprocess.DEVNULL,
                                        stdout=self.log, stderr=self.log)
        end = time.monotonic() + PATIENCE_S
        while not (box / "state/ports.json").exists():
            assert self.process.poll() is None, (box.parent / "gateway.log").read_text()
            assert time.monotonic() < end, "the gateway does not begin"
            time.sleep(0.02)

    def __enter__(self) -> "Gateway":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(PATIENCE_S) == 0
        self.log.close()

    def ask(self, method: str, path: str, body: object = None, token: str = "", cookie: str = "",
            kind: str = "application/senml+json", authority: str = "tls/authority.pem") -> tuple[int, dict[str, str]]:
        trust = ssl.create_default_context(cafile=str(self.box / authority))
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=PATIENCE_S, context=trust)
        headers = {"Content-Type": kind}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if cookie:
            headers["Cookie"] = cookie
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status, dict(answer.getheaders())


class ProvisionTest(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="jieding-provision-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.port = free_port()
        self.box = self.folder / "box"
        self.said = ""
        (self.folder / "secrets").mkdir()
        (self.folder / "secrets/mqtt.password").write_text(SECRET + "\n")
        self.answers = self.folder / "answers.toml"
        self.write_answers()

    def write_answers(self, authority: str = "site") -> None:
        self.answers.write_text(f"""
[box]
names = ["127.0.0.1", "box.example.cn"]
listen = "127.0.0.1:{self.port}"
authority = "{authority}"
[site]
id = "hz-east"
name = "东河新苑 <3号楼>"
[uplink]
user = "gw1"
password_file = "secrets/mqtt.password"
[[device]]
id = "hoist-1"
driver = "http"
token_file = "secrets/hoist-1.token"
[[user]]
id = "wang"
name = "王大妈"
role = "group"
""")

    def provision(self, *arguments: object, expect: int = 0) -> str:
        done = subprocess.run([PROVISION, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=PATIENCE_S)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        self.said += done.stdout + done.stderr
        return done.stdout + done.stderr

    def create(self, *more: str) -> float:
        begin = time.monotonic()
        self.provision("create", self.answers, self.box, *more)
        return time.monotonic() - begin

    def token(self) -> str:
        return (self.box / "state/secrets/hoist-1.token").read_text().strip()

    def link(self, file: str, kind: str) -> str:
        found = re.search(rf"\?{kind}=(\S+)", (self.box / file).read_text())
        assert found
        return found[1]

    def enter(self, gateway: Gateway, token: str) -> str:
        """The cookie for who comes by a link; empty: none."""
        _, headers = gateway.ask("POST", "/api/v1/session", {"token": token}, kind="application/json")
        return {name.lower(): value for name, value in headers.items()}.get("set-cookie", "").split(";")[0]

    def look(self, gateway: Gateway, cookie: str) -> int:
        return gateway.ask("GET", "/api/v1/site", cookie=cookie)[0]

    def test_the_gateway_begins_with_what_was_made(self) -> None:
        took = self.create()
        print(f"created in {took:.2f} s")
        checked = subprocess.run([JIEDING, "check", "--config", self.box / "jieding.toml"], capture_output=True, text=True)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
        with Gateway(self.box, self.port) as gateway:
            self.assertEqual(gateway.ask("POST", "/api/v1/readings", PACK, self.token())[0] // 100, 2)
            self.assertEqual(gateway.ask("POST", "/api/v1/readings", PACK, "x" * 43)[0], 401)
            self.assertEqual(gateway.ask("GET", "/api/v1/site")[0], 401)
            self.assertEqual(self.look(gateway, self.enter(gateway, self.link("sheet.txt", "viewer"))), 200)
            self.assertEqual(self.look(gateway, self.enter(gateway, self.link("sign-in.txt", "signin"))), 200)
        key = subprocess.run([JIEDING, "ledger", "key", "--config", self.box / "jieding.toml"], capture_output=True, text=True)
        fingerprint = re.search(r"fingerprint  (.*)", key.stdout)
        assert fingerprint
        self.assertIn(fingerprint[1], (self.box / "sheet.html").read_text())
        self.assertIn("东河新苑 &lt;3号楼&gt;", (self.box / "sheet.html").read_text())

    def test_both_codes_lead_where_the_sheet_says(self) -> None:
        self.create()
        text = (self.box / "sheet.txt").read_text()
        link = re.search(r"viewer link  (\S+)", text)
        key = re.search(r"key          (\S+)", text)
        assert link and key
        self.assertEqual(codes_in(drawn_blocks(text)), [link[1]])
        printed = re.findall(r"<svg.*?</svg>", (self.box / "sheet.html").read_text())
        self.assertEqual([codes_in(drawn_svg(svg)) for svg in printed], [[link[1]], [key[1]]])

    def test_the_answers_to_begin_from_make_a_box(self) -> None:
        self.answers = Path(__file__).resolve().parents[3] / "config/answers.toml"
        self.create()
        self.assertTrue((self.box / "policy/hangzhou.toml").exists())
        self.assertEqual(len(self.token()), 43)

    def test_no_secret_is_said(self) -> None:
        self.create()
        self.provision("rotate", self.box, "hoist-1")
        self.provision("renew", self.box)
        for secret in (SECRET, self.token(), (self.box / "state/secrets/ledger.key").read_text().strip(),
                       self.link("sign-in.txt", "signin")):
            self.assertNotIn(secret, self.said)
        self.assertNotIn("PRIVATE KEY", self.said)

    def test_a_dry_run_writes_nothing(self) -> None:
        said = self.provision("create", self.answers, self.box, "--dry-run")
        self.assertIn("jieding.toml", said)
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()), ["answers.toml", "secrets"])

    def test_killed_at_any_time_there_is_no_box_or_a_whole_one(self) -> None:
        chance = random.Random(7)
        took = self.create()
        seen = set()
        for _ in range(40):
            shutil.rmtree(self.box, ignore_errors=True)
            process = subprocess.Popen([PROVISION, "create", self.answers, self.box], stdin=subprocess.DEVNULL,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(chance.uniform(0, 1.3 * took))
            process.kill()
            process.wait()
            seen.add(self.box.exists())
            if self.box.exists():
                self.provision("renew", self.box, "--dry-run")
                self.assertTrue((self.box / "sheet.html").stat().st_size > 0)
        shutil.rmtree(self.box, ignore_errors=True)
        self.create()
        self.assertFalse((self.folder / "box.part").exists())
        print(f"40 kills, ends seen: {sorted(seen)}")

    def test_what_is_there_is_only_put_aside(self) -> None:
        self.create()
        key = (self.box / "state/secrets/ledger.key").read_text()
        self.assertIn("--force", self.provision("create", self.answers, self.box, expect=1))
        self.assertEqual((self.box / "state/secrets/ledger.key").read_text(), key)
        self.create("--force")
        self.assertNotEqual((self.box / "state/secrets/ledger.key").read_text(), key)
        [aside] = self.folder.glob("box.before-*")
        self.assertEqual((aside / "state/secrets/ledger.key").read_text(), key)

    def test_a_renewed_certificate_is_shown_with_the_same_key(self) -> None:
        self.create()
        before = (self.box / "tls/box.pem").read_bytes(), (self.box / "tls/box.key").read_bytes()
        self.provision("renew", self.box, "--dry-run")
        self.assertEqual((self.box / "tls/box.pem").read_bytes(), before[0])
        self.provision("renew", self.box)
        self.assertNotEqual((self.box / "tls/box.pem").read_bytes(), before[0])
        self.assertEqual((self.box / "tls/box.key").read_bytes(), before[1])
        with Gateway(self.box, self.port) as gateway:
            self.assertEqual(gateway.ask("POST", "/api/v1/readings", PACK, self.token())[0] // 100, 2)

    def test_another_authority_signs_the_request(self) -> None:
        self.write_answers("request")
        self.create()
        with Gateway(self.box, self.port) as gateway:  # shows itself until then
            self.assertEqual(gateway.ask("GET", "/api/v1/site", authority="tls/box.pem")[0], 401)
        self.assertIn("--certificate", self.provision("renew", self.box, expect=1))

        city, city_key = authority("City")
        (self.folder / "ca.pem").write_bytes(city.public_bytes(Encoding.PEM))
        asked = x509.load_pem_x509_csr((self.box / "tls/box.csr").read_bytes())

        def signed(days: int, names: bool = True) -> Path:
            now = datetime.datetime.now(datetime.timezone.utc)
            made = (x509.CertificateBuilder().subject_name(asked.subject).issuer_name(city.subject)
                    .public_key(asked.public_key()).serial_number(x509.random_serial_number())
                    .not_valid_before(now - datetime.timedelta(days=9)).not_valid_after(now + datetime.timedelta(days=days)))
            if names:
                made = made.add_extension(asked.extensions.get_extension_for_class(x509.SubjectAlternativeName).value, False)
            (self.folder / "signed.pem").write_bytes(made.sign(city_key, hashes.SHA256()).public_bytes(Encoding.PEM))
            return self.folder / "signed.pem"

        self.assertIn("not good for", self.provision("renew", self.box, "--certificate", signed(30, names=False), expect=1))
        self.assertIn("not now", self.provision("renew", self.box, "--certificate", signed(-2), expect=1))
        self.assertIn("not for this box", self.provision("renew", self.box, "--certificate", self.folder / "ca.pem", expect=1))
        self.provision("renew", self.box, "--certificate", signed(30))
        shutil.copy(self.folder / "ca.pem", self.box / "tls/city.pem")
        with Gateway(self.box, self.port) as gateway:
            self.assertEqual(gateway.ask("GET", "/api/v1/site", authority="tls/city.pem")[0], 401)

    def test_rotated_and_revoked_tokens_open_nothing(self) -> None:
        self.create()
        first = self.token()
        self.provision("rotate", self.box, "hoist-1")
        second = self.token()
        with Gateway(self.box, self.port) as gateway:
            self.assertEqual(gateway.ask("POST", "/api/v1/readings", PACK, first)[0], 401)
            self.assertEqual(gateway.ask("POST", "/api/v1/readings", PACK, second)[0] // 100, 2)
        self.provision("revoke", self.box, "--device", "hoist-1")
        with Gateway(self.box, self.port) as gateway:
            self.assertEqual(gateway.ask("POST", "/api/v1/readings", PACK, second)[0], 401)
        self.assertIn("no-such", self.provision("rotate", self.box, "no-such", expect=1))
        self.provision("revoke", self.box, expect=2)

    def test_revoked_links_open_nothing_once_the_gateway_begins_again(self) -> None:
        self.create()
        old = self.link("sheet.txt", "viewer")
        with Gateway(self.box, self.port) as gateway:
            viewer = self.enter(gateway, old)
            user = self.enter(gateway, self.link("sign-in.txt", "signin"))
            self.assertEqual((self.look(gateway, viewer), self.look(gateway, user)), (200, 200))
            self.provision("revoke", self.box, "--viewers")
        with Gateway(self.box, self.port) as gateway:
            self.assertEqual((self.look(gateway, viewer), self.look(gateway, user)), (401, 200))
            self.assertEqual(self.enter(gateway, old), "")
            self.assertEqual(self.look(gateway, self.enter(gateway, self.link("sheet.txt", "viewer"))), 200)
            with contextlib.closing(sqlite3.connect(self.box / "state/jieding.db")) as database:
                database.execute("insert into password (user, hash) values ('wang', 'x')")
                database.commit()
            self.provision("revoke", self.box, "--user", "wang")
            with contextlib.closing(sqlite3.connect(self.box / "state/jieding.db")) as database:
                self.assertEqual(database.execute("select count(*) from password").fetchone(), (0,))
        with Gateway(self.box, self.port) as gateway:
            self.assertEqual(self.look(gateway, user), 401)

    def test_another_ledger_key_is_told_by_the_ledger_and_the_sheet(self) -> None:
        self.create()
        with Gateway(self.box, self.port):
            self.assertIn("another gateway", self.provision("rotate", self.box, "ledger", expect=1))
        before = (self.box / "sheet.txt").read_text()
        said = self.provision("rotate", self.box, "ledger")
        fingerprint = re.search(r"fingerprint (.*)", said)
        assert fingerprint
        self.assertIn(fingerprint[1], (self.box / "sheet.txt").read_text())
        self.assertNotIn(fingerprint[1], before)
        self.provision("rotate", self.box, "tls")
        with Gateway(self.box, self.port) as gateway:
            self.assertEqual(gateway.ask("POST", "/api/v1/readings", PACK, self.token())[0] // 100, 2)

    def test_a_reset_erases_all_but_the_record(self) -> None:
        self.create()
        with Gateway(self.box, self.port):
            self.assertIn("stop the gateway", self.provision("factory-reset", self.box, "--ledger", self.folder / "kept", "--yes",
                                                             expect=1))
        self.assertIn("--yes", self.provision("factory-reset", self.box, "--ledger", self.folder / "kept", expect=1))
        self.assertTrue((self.box / "state/jieding.db").exists())
        self.provision("factory-reset", self.box, "--ledger", self.box / "kept", "--yes", expect=1)
        key = re.search(r"fingerprint  (.*)", (self.box / "sheet.txt").read_text())
        assert key
        self.provision("factory-reset", self.box, "--ledger", self.folder / "kept", "--yes")
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()), ["answers.toml", "gateway.log", "kept", "secrets"])
        verified = subprocess.run([JIEDING, "ledger", "verify", self.folder / "kept", "--key", key[1]], capture_output=True, text=True)
        self.assertEqual(verified.returncode, 0, verified.stderr)

    def test_a_reset_tells_of_boxes_that_were_put_aside(self) -> None:
        self.create()
        self.create("--force")
        [aside] = self.folder.glob("box.before-*")
        said = self.provision("factory-reset", self.box, "--ledger", self.folder / "kept", "--yes")
        self.assertIn(f"stays      {aside}", said)
        self.assertIn("kept       0 leaves", said)  # it never ran
        self.provision("factory-reset", aside, "--ledger", self.folder / "kept-before", "--yes")
        self.assertFalse(any(self.folder.glob("box*")))

    def test_what_is_wrong_is_said_with_its_line(self) -> None:
        self.answers.write_text(self.answers.read_text() + "[web]\nlisten = \"0.0.0.0:1\"\n[sites]\n")
        self.assertIn("answers.toml:", self.provision("create", self.answers, self.box, expect=1))
        self.assertFalse(self.box.exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
