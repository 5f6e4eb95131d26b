"""Simulated sensor nodes, each a process of its own, and images for them, made by the real jieding-image."""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from gateway import executable

TESTS = Path(__file__).resolve().parents[1]
PROGRAM = TESTS / "firmware-tools/node/simulated_node.py"
KEYS = TESTS / "data/mcuboot"
VENDOR, BOARD = "example.com", "wind"


class Workshop:
    """Where images are made: a folder with the public half of the key that nodes trust."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(exist_ok=True)
        self.public = folder / "board.pem"
        subprocess.run(["openssl", "pkey", "-in", KEYS / "test-only-ed25519.pem", "-pubout", "-out", self.public], check=True)

    def image(self, version: str, counter: int = 1, size: int = 20_000, board: str = BOARD,
              key: str = "test-only-ed25519.pem") -> tuple[Path, str]:
        """The file and its SHA-256."""
        payload = self.folder / "payload.bin"
        payload.write_bytes(random.Random(version).randbytes(size))
        image = self.folder / f"{version}-{counter}-{board}-{Path(key).stem}.img"
        subprocess.run([executable().parent / "jieding-image", "create", payload, "--version", version, "--security-counter",
                        str(counter), "--vendor", VENDOR, "--board", board, "--key", KEYS / key, "--out", image, "--force"],
                       check=True, capture_output=True)
        return image, hashlib.sha256(image.read_bytes()).hexdigest()

    def torn(self, version: str) -> tuple[Path, str]:
        """The first half of an image."""
        return self.altered(version, "torn", lambda whole: whole[:len(whole) // 2])

    def changed(self, version: str) -> tuple[Path, str]:
        """An image with another byte in the middle."""
        def change(whole: bytes) -> bytes:
            middle = len(whole) // 2
            return whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1:]
        return self.altered(version, "changed", change)

    def altered(self, version: str, how: str, alter: Callable[[bytes], bytes]) -> tuple[Path, str]:
        wrong = alter(self.image(version)[0].read_bytes())
        image = self.folder / f"{version}-{how}.img"
        image.write_bytes(wrong)
        return image, hashlib.sha256(wrong).hexdigest()


class SensorNode:
    """Runs 1.0.0 at first. Use as a context manager; `at` is where it listens."""

    def __init__(self, workshop: Workshop, ident: str, *wishes: str, road: str = "--udp") -> None:
        self.ident, self.workshop, self.wishes, self.road = ident, workshop, wishes, road
        self.flash = workshop.folder / ident
        self.flash.mkdir()
        (self.flash / "slot0.bin").write_bytes(workshop.image("1.0.0")[0].read_bytes())
        self.log = self.flash / "log"
        self.at = self.start("0")

    def start(self, port: str) -> str:
        with self.log.open("w") as log:
            self.process = subprocess.Popen([sys.executable, "-B", PROGRAM, self.flash, "--key", self.workshop.public, self.road,
                                             port, *self.wishes], stdout=subprocess.PIPE, stderr=log, text=True)
        assert self.process.stdout
        for line in self.process.stdout:
            if line.startswith("listens"):
                return line.split()[1]
        raise AssertionError(self.log.read_text())

    def __enter__(self) -> "SensorNode":
        return self

    def __exit__(self, *_: object) -> None:
        self.switch_off()

    def switch_off(self) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()

    def table(self, **keys: object) -> dict[str, object]:
        """Of the gateway's configuration."""
        return {"id": self.ident, "at": self.at, "key": str(self.workshop.public), "vendor": VENDOR, "board": BOARD,
                "answer_within": "500ms", "back_within": "5s", **keys}

    def runs(self) -> str:
        """The version in its first slot, and whether that is confirmed."""
        header = (self.flash / "slot0.bin").read_bytes()[20:24]
        state = self.flash / "state.json"
        confirmed = not state.exists() or '"confirmed": true' in state.read_text()
        return f"{header[0]}.{header[1]}.{int.from_bytes(header[2:4], 'little')}" + ("" if confirmed else " unconfirmed")
