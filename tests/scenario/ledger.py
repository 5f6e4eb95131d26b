"""Laws of the record as strangers see it: a monitor follows it over HTTP by the public formats alone; it can
be taken out, proved and checked without the box; an altered database is refused at start, shown and taken out
all the same; a new key is said by the old one."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import paths  # noqa: F401

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "ledger"))
try:
    import independent
except ImportError as missing:
    print(f"skipped: {missing}; install python3-cryptography")
    sys.exit(77)

from broker import free_port
from gateway import Gateway, Settings, executable, patience
from people import PAGE, lacks_page

TRIGGERS = ("event_stays", "event_is_kept", "event_is_next", "node_stays", "node_is_kept", "node_is_new",
            "checkpoint_stays", "checkpoint_is_kept", "checkpoint_is_next")


def settings() -> Settings:
    return Settings().building().pushing_device("crew")


def ledger(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([executable(), "ledger", *map(str, arguments)], capture_output=True, text=True)


class Mirror:
    """A monitor: fetches what the checkpoint says there must be, and nothing else."""

    def __init__(self, gateway: Gateway, folder: Path) -> None:
        self.gateway, self.folder = gateway, folder
        folder.mkdir()
        self.headers: dict[str, str] = {}

    def fetch(self, name: str) -> bytes:
        connection = self.gateway.connection()
        connection.request("GET", "/" + name)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        if answer.status != 200:
            raise AssertionError(f"GET /{name}: {answer.status} {body!r}")
        self.headers[name] = answer.headers["Content-Type"] + "; " + answer.headers["Cache-Control"]
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
        return body

    def follow(self, vkey: str) -> int:
        (self.folder / "vkey").write_text(vkey + "\n")
        size = count = int(self.fetch("checkpoint").split(b"\n")[1])
        for number, width in enumerate(independent.widths(size)):
            self.fetch(independent.tile_path("entries", number, width))
        level = 0
        while count:
            for number, width in enumerate(independent.widths(count)):
                self.fetch(independent.tile_path(str(level), number, width))
            count, level = count // 256, level + 1
        return size


class Ledger(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="jieding-ledger-"))
        self.addCleanup(shutil.rmtree, self.folder, True)

    def sound(self, *arguments: object) -> str:
        ended = ledger(*arguments)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        return ended.stdout

    def refused(self, *arguments: object) -> str:
        ended = ledger(*arguments)
        self.assertEqual(ended.returncode, 1, ended.stdout)
        self.assertEqual(ended.stderr.count("\n"), 1, ended.stderr)
        return ended.stderr

    def fingerprint(self, gateway: Gateway) -> str:
        said = self.sound("key", "--config", gateway.config)
        return re.search(r"fingerprint  ([0-9a-f ]+)", said)[1]

    def grow(self, gateway: Gateway, storeys: int) -> None:
        for storey in range(1, storeys + 1):
            status, answer = gateway.claim("crew", "b1", "storey_cast", storey)
            self.assertEqual(status, 200, answer)

    def test_a_monitor_follows_over_http(self) -> None:
        made = settings()
        made.tables["web"]["open_to_viewers"] = False
        with Gateway(made) as gateway:
            gateway.start()
            vkey = re.search(r"key          (\S+)", self.sound("key", "--config", gateway.config))[1]
            mirror = Mirror(gateway, self.folder / "mirror")
            mirror.follow(vkey)
            older = self.folder / "older"
            shutil.copy(mirror.folder / "checkpoint", older)
            self.grow(gateway, 18)
            size = mirror.follow(vkey)
            self.assertGreaterEqual(size, 19)
            self.assertEqual(independent.verify(mirror.folder, vkey, older.read_bytes()), size)
            self.sound("verify", mirror.folder, "--against", older, "--key", self.fingerprint(gateway))
            self.assertEqual(mirror.headers["checkpoint"], "text/plain; charset=utf-8; no-cache")
            self.assertEqual(mirror.headers[f"tile/0/000.p/{size}"],
                             "application/octet-stream; public, max-age=31536000, immutable")
            for name in ("tile/0/000", f"tile/0/000.p/{size + 1}", "tile/1/000.p/1", "tile/0/0", "tile/",
                         "tile/0/000.p/256", "tile/0/..%2F..%2Fjieding.db", "tile/99/000"):
                self.assertEqual(gateway.request("GET", "/" + name)[0], 404, name)

    def test_a_milestone_is_proved_and_the_proof_is_read_by_others(self) -> None:
        with Gateway(settings()) as gateway:
            gateway.start()
            self.grow(gateway, 5)
            proof = self.folder / "b1.tlog-proof"
            said = self.sound("prove", "--config", gateway.config, "--building", "b1",
                              "--milestone", "storey_cast", "--storey", 3, "--out", proof)
            vkey = re.search(r"key          (\S+)", said)[1]
            self.assertIn('"storey":3', self.sound("verify", proof, "--key", vkey))
            text = proof.read_text()
            head, _, note = text.partition("\n\n")
            lines = head.split("\n")
            self.assertEqual(lines[0], "c2sp.org/tlog-proof@v1")
            size, root = independent.read_checkpoint(note.encode(), independent.Key(vkey))
            leaf = independent.from_base64(lines[1].removeprefix("extra "))
            index = int(lines[2].removeprefix("index "))
            path = [independent.from_base64(line) for line in lines[3:]]
            self.assertEqual(root_by_path(leaf, index, size, path), root)
            proof.write_text(text.replace(f"index {index}", f"index {index - 1}"))
            self.refused("verify", proof, "--key", vkey)
            self.refused("prove", "--config", gateway.config, "--building", "b1", "--milestone",
                         "topping_out", "--out", self.folder / "none")

    def test_altered_database_is_refused_named_shown_and_exported(self) -> None:
        with Gateway(settings()) as gateway:
            gateway.start()
            self.grow(gateway, 4)
            self.assertEqual(gateway.terminate(), 0)
            sound = self.folder / "sound"
            self.sound("export", sound, "--config", gateway.config)
            alter(gateway.state / "jieding.db", "update event set leaf ="
                  " replace(leaf, '\"storey\":2', '\"storey\":7') where leaf like '%\"storey\":2%'")
            process = gateway.launch()
            self.assertEqual(process.wait(60), 1)
            said = gateway.log.read_text().splitlines()[-1]
            leaf = re.search(r"leaf (\d+) of the ledger", said)[1]
            for offered in ("jieding.db was altered", "run --read-only", "ledger export"):
                self.assertIn(offered, said)
            altered = self.folder / "altered"
            self.sound("export", altered, "--config", gateway.config)
            self.assertIn(f"leaf {leaf} ", self.refused("verify", altered))
            self.sound("verify", sound)
            self.show_only(gateway, int(leaf))

    def show_only(self, gateway: Gateway, leaf: int) -> None:
        gateway.read_only = True
        gateway.start()
        self.assertIn('"storey":7', gateway.leaves()[leaf])
        self.assertTrue(gateway.site()["read_only"])
        mirror = Mirror(gateway, self.folder / "mirror")
        mirror.follow((self.folder / "sound/vkey").read_text().strip())
        with self.assertRaises(independent.Wrong) as wrong:
            independent.verify(mirror.folder)
        self.assertEqual(wrong.exception.leaf, leaf)
        self.assertEqual(gateway.claim("crew", "b1", "storey_cast", 9)[0], 404)  # no door is open
        self.assertEqual(gateway.terminate(), 0)
        self.refused("rotate-key", "--config", gateway.config)

    def test_old_key_hands_over_to_the_new_one(self) -> None:
        with Gateway(settings()) as gateway:
            gateway.start()
            self.grow(gateway, 2)
            old = self.fingerprint(gateway)
            self.assertIn("another gateway", self.refused("rotate-key", "--config", gateway.config))
            gateway.terminate()
            self.sound("rotate-key", "--config", gateway.config)
            gateway.start()
            new = self.fingerprint(gateway)
            self.assertNotEqual(old, new)
            out = self.folder / "out"
            self.sound("export", out, "--config", gateway.config)
            for key in (old, new, old.replace(" ", "").upper()):
                self.assertIn("signed by the one before", self.sound("verify", out, "--key", key))
            independent.verify(out, old)
            gateway.terminate()
            (gateway.state / "secrets/ledger.key").unlink()
            process = gateway.launch()
            self.assertEqual(process.wait(60), 1)
            self.assertIn("rotate-key --lost", gateway.log.read_text().splitlines()[-1])
            self.sound("rotate-key", "--config", gateway.config, "--lost")
            gateway.start()
            self.sound("export", out, "--config", gateway.config)
            self.assertIn("was lost", self.refused("verify", out, "--key", old))
            self.sound("verify", out, "--key", self.fingerprint(gateway))
            independent.verify(out, self.fingerprint(gateway))

    def test_a_visitors_browser_follows_the_change_of_keys(self) -> None:
        """In Chromium, across a restart of the gateway at the same address."""
        made = settings()
        made.tables["web"]["listen"] = f"127.0.0.1:{free_port()}"
        with Gateway(made) as gateway:
            gateway.start()
            if lacks := lacks_page(gateway):
                self.skipTest(lacks)
            self.grow(gateway, 3)
            visitor = subprocess.Popen(
                ["node", PAGE / "key_change.mjs", f"http://127.0.0.1:{gateway.ports['web']}/", self.fingerprint(gateway)],
                cwd=PAGE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            self.addCleanup(lambda: (visitor.kill(), visitor.communicate()))
            self.assertEqual(visitor.stdout.readline(), "checked\n")
            gateway.terminate()
            self.sound("rotate-key", "--config", gateway.config)
            gateway.start()
            visitor.stdin.write(self.fingerprint(gateway) + "\n")
            visitor.stdin.flush()
            self.assertEqual(visitor.wait(120 * patience()), 0)


def root_by_path(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """RFC 9162, section 2.1.3.2."""
    node, last, found = index, size - 1, independent.leaf_hash(leaf)
    for sibling in path:
        if node & 1 or node == last:
            found = independent.hashlib.sha256(b"\x01" + sibling + found).digest()
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = independent.hashlib.sha256(b"\x01" + found + sibling).digest()
        node, last = node >> 1, last >> 1
    return found


def alter(database: Path, change: str) -> None:
    """As somebody with the file in hand."""
    connection = sqlite3.connect(database)
    for trigger in TRIGGERS:
        connection.execute(f"drop trigger {trigger}")
    connection.execute(change)
    connection.commit()
    connection.close()


if __name__ == "__main__":
    unittest.main(verbosity=2)
