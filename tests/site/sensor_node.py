"""The demo's sensor node: the key that its bootloader trusts, the image that it runs, and a newer one to roll out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SIMULATED = Path(__file__).resolve().parents[1] / "firmware-tools/node/simulated_node.py"
VENDOR, BOARD = "example.com", "wind"
RUNS, NEWER = "1.0.0", "1.1.0"


class SensorNode:
    def __init__(self, folder: Path, build: Path, port: int) -> None:
        self._folder, self._build = folder, build
        self.at = f"udp:127.0.0.1:{port}"
        self._port = port
        self.public = folder / "board.pem"
        self.newer = folder / f"wind-{NEWER}.img"

    def prepare(self) -> list[str]:
        """Makes key and images; the command that starts the node."""
        flash = self._folder / "flash"
        flash.mkdir(parents=True)
        key = self._folder / "maker.pem"
        key.touch(mode=0o600)
        self._run("openssl", "genpkey", "-algorithm", "ed25519", "-out", key)
        self._run("openssl", "pkey", "-in", key, "-pubout", "-out", self.public)
        self._make(RUNS, flash / "slot0.bin", key)
        self._make(NEWER, self.newer, key)
        return [sys.executable, "-B", str(SIMULATED), str(flash), "--key", str(self.public), "--udp", str(self._port)]

    def settings(self) -> dict[str, str]:
        """What the gateway must be told."""
        return {"node.wind-top.at": self.at, "node.wind-top.key": str(self.public)}

    def _make(self, version: str, image: Path, key: Path) -> None:
        payload = self._folder / "payload.bin"
        payload.write_bytes(version.encode().ljust(60_000, b"\xA5"))
        self._run(self._build / "jieding-image", "create", payload, "--version", version, "--security-counter", "auto",
                  "--vendor", VENDOR, "--board", BOARD, "--key", key, "--out", image)

    @staticmethod
    def _run(*words: object) -> None:
        subprocess.run([str(word) for word in words], check=True, capture_output=True, timeout=60)
