"""`jieding check --deep` against real brokers and broken ones, `jieding support-bundle` with secrets everywhere.

    JIEDING=build/release/jieding tests/scenario/field_tools.py
"""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import os
import pty
import re
import shutil
import socket
import subprocess
import sys
import tarfile
import tempfile
import threading
from pathlib import Path
from typing import Iterator

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from broker import answers, free_port
from gateway import Gateway, Settings, executable, wait_for

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "site"))
import hj212  # noqa: E402

MN = "010000A8900016F000169DC0"
TOKEN = "marker-token-7f31c0de9a"
PASSWORD = "marker-broker-4be1"
STATION_PW = "marker-station-pw"
COMMENT = "marker-in-a-comment"


class Authority:
    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.file = folder / f"{name}.pem"
        made = self._build(self.name, self.key, 400).add_extension(x509.BasicConstraints(True, None), True)
        self.file.write_bytes(made.sign(self.key, hashes.SHA256()).public_bytes(Encoding.PEM))

    def _build(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, days: int) -> x509.CertificateBuilder:
        now = datetime.datetime.now(datetime.timezone.utc)
        return (x509.CertificateBuilder().subject_name(subject).issuer_name(self.name).public_key(key.public_key())
                .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=60))
                .not_valid_after(now + datetime.timedelta(days=days)))

    def issue(self, name: str, days: int = 300, address: str = "127.0.0.1") -> tuple[Path, Path]:
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        made = self._build(subject, key, days).add_extension(names, False).sign(self.key, hashes.SHA256())
        certificate, secret = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        certificate.write_bytes(made.public_bytes(Encoding.PEM))
        secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return certificate, secret


@contextlib.contextmanager
def mosquitto(folder: Path, pair: tuple[Path, Path]) -> Iterator[int]:
    port = free_port()
    passwords = folder / "passwords"
    passwords.unlink(missing_ok=True)
    subprocess.run(["mosquitto_passwd", "-b", "-c", passwords, "gw1", PASSWORD], check=True)
    passwords.chmod(0o644)
    for file in pair:
        file.chmod(0o644)
    configuration = folder / "mosquitto.conf"
    configuration.write_text(f"user root\nlistener {port} 127.0.0.1\nallow_anonymous false\npassword_file {passwords}\n"
                             f"certfile {pair[0]}\nkeyfile {pair[1]}\n")
    broker = subprocess.Popen(["mosquitto", "-c", configuration], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for("mosquitto to listen", lambda: answers(port), 10)
        yield port
    finally:
        broker.terminate()
        broker.wait()


@contextlib.contextmanager
def hangs_up() -> Iterator[int]:
    """Takes connections and ends them."""
    door = socket.create_server(("127.0.0.1", 0))

    def close_all() -> None:
        with contextlib.suppress(OSError):
            while True:
                door.accept()[0].close()

    threading.Thread(target=close_all, daemon=True).start()
    try:
        yield door.getsockname()[1]
    finally:
        door.shutdown(socket.SHUT_RDWR)
        door.close()


class Site:
    """A configuration whose parts the tests change, and what the check says of it."""

    def __init__(self, folder: Path, authority: Authority) -> None:
        self.folder, self.authority = folder, authority
        self.broker = self.extra = ""
        (folder / "state/secrets").mkdir(parents=True)
        self.password = folder / "state/secrets/mqtt.password"
        self.password.write_text(PASSWORD + "\n")
        self.page = authority.issue("page")

    def uplink(self, port: int, authority: Path | None = None, host: str = "127.0.0.1") -> "Site":
        self.broker = (f"[uplink]\nenabled = true\nhost = \"{host}\"\nport = {port}\nuser = \"gw1\"\n"
                       f"password_file = \"secrets/mqtt.password\"\nca_file = \"{authority or self.authority.file}\"\n")
        return self

    def check(self) -> tuple[int, str]:
        file = self.folder / "site.toml"
        file.write_text(f"[site]\nid = \"hz-test\"\n[storage]\nstate = \"state\"\nkeep_free_mb = 1\n[web]\nlisten = \"127.0.0.1:0\"\n"
                        f"tls_certificate = \"{self.page[0]}\"\ntls_key = \"{self.page[1]}\"\n{self.broker}{self.extra}")
        done = subprocess.run([executable(), "check", "--deep", "--config", file], capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout + done.stderr

    def must_say(self, what: str, expect: int) -> None:
        code, said = self.check()
        assert code == expect and re.search(what, said), f"wanted {expect}, {what!r}:\n{code}\n{said}"


def brokers(folder: Path, site: Site, authority: Authority) -> None:
    stranger = Authority(folder, "stranger")
    with mosquitto(folder, authority.issue("broker")) as port:
        site.uplink(port).must_say(r"ok    broker 127\.0\.0\.1:\d+ lets the box in", 0)
        site.must_say(r"ok    certificate of the broker: good until", 0)
        site.uplink(port, stranger.file).must_say(r"BAD   broker .*its certificate: .* its authority\?", 1)
        site.password.write_text("wrong\n")
        site.uplink(port).must_say(r"BAD   broker .*user and password|BAD   broker .*let this user in", 1)
        site.password.write_text(PASSWORD + "\n")
    with mosquitto(folder, authority.issue("old", days=-1)) as port:
        site.uplink(port).must_say(r"BAD   broker .*expired", 1)
    with mosquitto(folder, authority.issue("soon", days=5)) as port:
        site.uplink(port).must_say(r"note  certificate of the broker: good until .*soon over", 0)
    with mosquitto(folder, authority.issue("elsewhere", address="10.9.8.7")) as port:
        site.uplink(port).must_say(r"BAD   broker .*for another name", 1)
    with hangs_up() as port:
        site.uplink(port).must_say(r"BAD   broker .*: TLS: ", 1)
    site.uplink(free_port()).must_say(r"BAD   broker .*Connection refused", 1)
    site.uplink(8883, host="no-such-host.invalid").must_say(r"BAD   name no-such-host\.invalid: not known", 1)
    site.broker = ""
    print("brokers: good, stranger's, wrong password, expired, soon over, wrong name, hangs up, away, unknown")


def certificates(site: Site, authority: Authority) -> None:
    good = site.page
    site.page = authority.issue("late", days=-3)
    site.must_say(r"BAD   certificate of the page: good until .*over; `jieding-provision renew`", 1)
    site.page = (good[0], authority.issue("other")[1])
    site.must_say(r"BAD   certificate of the page: .*its key is another one", 1)
    site.page = authority.issue("nearly", days=20)
    site.must_say(r"note  certificate of the page: good until .*soon over; `jieding-provision renew`", 0)
    site.page = good
    site.must_say(r"ok    certificate of the page: good until", 0)
    print("own certificates: good, soon over, over, with another key")


def devices(site: Site) -> None:
    own, other = pty.openpty()
    line = "[[driver.modbus.line]]\nid = \"east\"\nserial = \"{port}\"\n"
    wind = ("[[device]]\nid = \"wind-1\"\ndriver = \"modbus\"\nline = \"east\"\nunit_id = 1\n"
            "[[device.point]]\nquantity = \"wind_speed\"\naddress = 40001\n")
    site.extra = line.format(port=os.ttyname(other)) + wind
    site.must_say(rf"ok    serial port {os.ttyname(other)}", 0)
    site.extra = line.format(port="/dev/ttyUSB-none") + wind
    site.must_say(r"BAD   serial port /dev/ttyUSB-none: No such file or directory; plug the adapter in", 1)
    site.extra = line.format(port="/dev/null") + wind
    site.must_say(r"BAD   serial port /dev/null: is none", 1)
    os.close(own)
    os.close(other)
    camera = "[[camera]]\nid = \"mast\"\ndriver = \"snapshot\"\nurl = \"http://127.0.0.1:{port}/now.jpg\"\nimage_size = [1280, 720]\n"
    with hangs_up() as port:
        site.extra = camera.format(port=port)
        assert re.search(r"ok    camera mast: 127\.0\.0\.1:\d+ answers", site.check()[1]), site.check()[1]
    site.extra = camera.format(port=free_port())
    site.must_say(r"BAD   camera mast: 127\.0\.0\.1:\d+: Connection refused; see to its power", 1)
    site.extra = "[update]\nprogram = \"/no/rauc\"\n"
    site.must_say(r"BAD   slots: start /no/rauc: No such file", 1)
    site.extra = ""
    site.must_say(r"(ok|note)    ?disk: [\d.]+ MB/s, a commit takes [\d.]+ ms", 0)
    print("serial ports, cameras, slots, disk:", re.search(r"disk: [^\n]*", site.check()[1])[0])  # type: ignore[index]


def beside_a_gateway() -> None:
    """The gateway's own ports are no fault; those of a stranger are."""
    page, station = free_port(), free_port()
    settings = Settings().building().hj212(listen=f"127.0.0.1:{station}").dust_station("dust-1", MN)
    settings.tables["web"]["listen"] = f"127.0.0.1:{page}"
    with Gateway(settings) as gateway:
        def said() -> tuple[int, str]:
            done = subprocess.run([executable(), "check", "--config", gateway.config], capture_output=True, text=True)
            return done.returncode, done.stdout

        gateway.start()
        code, text = said()
        assert code == 0 and f"ok    page: 127.0.0.1:{page} is the running gateway's" in text, text
        assert f"ok    driver hj212: 127.0.0.1:{station} is the running gateway's" in text, text
        gateway.kill()  # its ports file stays
        with socket.create_server(("127.0.0.1", page)):
            code, text = said()
            assert code == 1 and f"BAD   page: cannot listen on 127.0.0.1:{page}" in text, text
            assert f"ok    driver hj212: 127.0.0.1:{station} is free" in text, text
    print("ports: the running gateway's own, a stranger's, free")


def links(folder: Path, authority: Authority) -> None:
    """Where the page listens everywhere, its links bear the names of its certificate."""
    certificate, key = authority.issue("everywhere", address="10.9.8.7")
    settings = Settings().building()
    settings.tables["web"] |= {"listen": "0.0.0.0:18443", "tls_certificate": str(certificate), "tls_key": str(key)}
    for listen, address in (("0.0.0.0:18443", "https://10.9.8.7:18443"), ("[::]:443", "https://10.9.8.7"),
                            ("127.0.0.1:18443", "https://127.0.0.1:18443"), ("[::1]:18443", "https://[::1]:18443")):
        settings.tables["web"]["listen"] = listen
        with Gateway(settings, folder / "linked") as gateway:
            said = subprocess.run([executable(), "link", "viewer", "--config", gateway.config], capture_output=True, text=True, check=True)
            assert re.fullmatch(re.escape(address) + r"/\?viewer=[\w-]+\n", said.stdout), said
    print("links: addresses that a browser takes")


def marked() -> Settings:
    """A site with a secret wherever one can stand."""
    settings = Settings().building().hj212().dust_station("dust-1", MN, pw=STATION_PW).pushing_device("hoist-1")
    settings.tables["uplink"] = {"user": "gw1", "password_file": "secrets/mqtt.password"}
    settings.parts.append(f"# {COMMENT}\n")
    return settings


def bundle(folder: Path) -> None:
    with Gateway(marked()) as gateway:
        secrets = gateway.state / "secrets"
        (secrets / "mqtt.password").write_text(PASSWORD + "\n")
        (secrets / "hoist-1.token").write_text(TOKEN + "\n")
        (secrets / "forgotten").write_text("marker-forgotten-file\n")
        gateway.start()
        with socket.create_connection(("127.0.0.1", gateway.ports["hj212"])) as station:
            frame = hj212.upload("20260315080000000", "2011", MN, "marker-wrong-pw", ["DataTime=20260315080000,a34004-Rtd=41.0"])
            station.sendall(frame)
            listed = [executable(), "quarantine", "list", "--config", gateway.config]
            wait_for("the refusal", lambda: subprocess.run(listed, capture_output=True, check=True).stdout, every=0.2)
        log = folder / "gateway.log"
        log.write_text(gateway.log.read_text() + f"somebody wrote {TOKEN} and {PASSWORD} and {STATION_PW} here\n")
        ledger_key = (secrets / "ledger.key").read_text().strip()
        out = folder / "bundle.tar.gz"
        command = [executable(), "support-bundle", "--config", gateway.config, "--out", out, "--log", log]
        subprocess.run(command, check=True, capture_output=True)
        again = subprocess.run(command, capture_output=True, text=True)
        assert again.returncode == 1 and "--force" in again.stderr, again
        device = folder / "no-file"
        os.mkfifo(device)
        forced = subprocess.run([device if word == out else word for word in command] + ["--force"], capture_output=True, text=True)
        assert forced.returncode == 1 and "is no file" in forced.stderr and device.is_fifo(), forced
        gateway.terminate()
    with tarfile.open(out) as tar:
        texts = {member.name: tar.extractfile(member).read().decode() for member in tar.getmembers()}  # type: ignore[union-attr]
    assert set(texts) == {"about.json", "jieding.toml", "log.txt", "metrics.json", "quarantine.jsonl", "checkpoint", "vkey"}, set(texts)
    for marker in (TOKEN, PASSWORD, STATION_PW, COMMENT, ledger_key, "marker-forgotten-file", "marker-wrong-pw", "marker"):
        for name, text in texts.items():
            assert marker not in text, f"{marker} in {name}"
    assert "jieding/hz-test/gw1" in texts["checkpoint"] and "somebody wrote [left out]" in texts["log.txt"]
    assert texts["quarantine.jsonl"].count("\n") == 1, texts["quarantine.jsonl"]
    assert 'id = "dust-1"' in texts["jieding.toml"].replace("'", '"'), texts["jieding.toml"]
    assert sorted(p.name for p in folder.iterdir() if p.name.startswith("bundle")) == ["bundle.tar.gz"]
    print("support bundle:", ", ".join(f"{name} {len(text)}" for name, text in sorted(texts.items())), "and no secret")


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="jieding-field-"))
    try:
        authority = Authority(folder, "city")
        site = Site(folder, authority)
        brokers(folder, site, authority)
        certificates(site, authority)
        devices(site)
        beside_a_gateway()
        links(folder, authority)
        bundle(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
