"""A real gateway in a temporary folder: configuration, secrets, start, kill, stop, HTTP."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable

SITE = "hz-test"
BOX = "gw1"


def executable() -> Path:
    """The gateway under test: $JIEDING, else the release build of this checkout."""
    root = Path(__file__).resolve().parents[2]
    return Path(os.environ.get("JIEDING", root / "build/release/jieding")).resolve()


def patience() -> float:
    """How many times longer than a release build this one may take (sanitizers)."""
    return float(os.environ.get("JIEDING_PATIENCE", "1"))


def wait_for(what: str, reached: Callable[[], Any], seconds: float = 20, every: float = 0.05) -> Any:
    """The first true answer of `reached`; raises when there is none in time."""
    end = time.monotonic() + seconds * patience()
    while True:
        answer = reached()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds * patience():.0f} s in vain: {what}")
        time.sleep(every)


def toml(value: Any) -> str:
    """A value as TOML writes it; JSON's text is TOML's for all that we use."""
    return json.dumps(value)


def section(head: str, keys: dict[str, Any]) -> str:
    return "\n".join([head, *(f"{key} = {toml(value)}" for key, value in keys.items()), ""])


class Settings:
    """What the test wants of the gateway; written out as its TOML file."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[str, Any]] = {
            "site": {"id": SITE, "gateway": BOX},
            "storage": {"keep_free_mb": 16},
            "web": {"listen": "127.0.0.1:0", "open_to_viewers": True},
            "driver.http": {"readings_per_second": 1_000_000},
        }
        self.parts: list[str] = []
        self.token_devices: list[str] = []

    def building(self, ident: str = "b1", storeys: int = 18) -> "Settings":
        self.parts.append(section("[[building]]", {"id": ident, "storeys": storeys}))
        return self

    def hj212(self, **keys: Any) -> "Settings":
        self.tables["driver.hj212"] = {"listen": "127.0.0.1:0", **keys}
        return self

    def dust_station(self, ident: str, mn: str, **keys: Any) -> "Settings":
        self.parts.append(section("[[device]]", {"id": ident, "driver": "hj212", "mn": mn, **keys}))
        return self

    def pushing_device(self, ident: str, owner: str = "contractor") -> "Settings":
        keys = {"id": ident, "driver": "http", "owner": owner,
                "token_file": f"secrets/{ident}.token"}
        self.parts.append(section("[[device]]", keys))
        self.token_devices.append(ident)
        return self

    def mqtt(self, **keys: Any) -> "Settings":
        self.tables["driver.mqtt"] = {"listen": "127.0.0.1:0", "readings_per_second": 1_000_000,
                                      **keys}
        return self

    def mqtt_device(self, ident: str) -> "Settings":
        keys = {"id": ident, "driver": "mqtt", "token_file": f"secrets/{ident}.token"}
        self.parts.append(section("[[device]]", keys))
        self.token_devices.append(ident)
        return self

    def uplink(self, port: int, **keys: Any) -> "Settings":
        self.tables["uplink"] = {
            "enabled": True, "host": "127.0.0.1", "port": port, "receipt_timeout": "1s",
            "backoff_first": "50ms", "backoff_most": "500ms", "stable_after": "500ms", **keys}
        return self

    def folder_camera(self, folder: Path, size: tuple[int, int], corners: list[list[float]],
                      masks: list[list[list[float]]] = [], **keys: Any) -> "Settings":
        lines = section("[[camera]]", {"id": "mast", "driver": "folder",
                                       "folder": str(folder), "image_size": size, **keys})
        self.tables["driver.folder"] = {"poll": "200ms", "settle": "300ms"}
        lines += section("[[camera.facade]]", {"building": "b1", "scaffold": "climbing",
                                               "corners": corners})
        for polygon in masks:
            lines += section("[[camera.mask]]", {"polygon": polygon})
        self.parts.append(lines)
        self.tables["clock"] = {"mode": "playback", "camera": "mast"}
        return self

    def camera(self, ident: str, size: tuple[int, int], corners: list[list[float]], **keys: Any) -> "Settings":
        self.parts.append(section("[[camera]]", {"id": ident, "image_size": size, **keys}) + section(
            "[[camera.facade]]", {"building": "b1", "scaffold": "climbing", "corners": corners}))
        return self

    def push_camera(self, ident: str, size: tuple[int, int], corners: list[list[float]]) -> "Settings":
        self.camera(ident, size, corners, driver="push", token_file=f"secrets/{ident}.token")
        self.tables["driver.push"] = {"pictures_per_minute": 100_000.0}
        self.token_devices.append(ident)
        return self

    def text(self) -> str:
        tables = [section(f"[{name}]", keys) for name, keys in self.tables.items()]
        return "\n".join(tables + self.parts)


class Gateway:
    """One state folder and, most of the time, one process. Use as a context manager."""

    def __init__(self, settings: Settings, state: Path | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="jieding-scenario-"))
        self.state = state or self.folder / "state"
        settings.tables["storage"].setdefault("state", str(self.state))
        self.config = self.folder / "site.toml"
        self.config.write_text(settings.text())
        self.log = self.folder / "gateway.log"
        self.tokens = {device: secrets.token_urlsafe(24) for device in settings.token_devices}
        self.process: subprocess.Popen[bytes] | None = None
        self.ports: dict[str, int] = {}
        self.failed = False
        self.read_only = False
        self._write_secrets()

    def _write_secrets(self) -> None:
        folder = self.state / "secrets"
        folder.mkdir(parents=True, exist_ok=True)
        self.state.chmod(0o700)
        folder.chmod(0o700)
        for device, token in self.tokens.items():
            file = folder / f"{device}.token"
            file.write_text(token + "\n")
            file.chmod(0o600)

    def __enter__(self) -> "Gateway":
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if self.process and self.process.poll() is None:
            self.kill()
        if kind is not None or self.failed:
            self.show_log()
            print(f"kept for a look: {self.folder}", file=sys.stderr)
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    def show_log(self, lines: int = 60) -> None:
        if self.log.exists():
            text = self.log.read_text(errors="replace").splitlines()[-lines:]
            print(f"--- last lines of {self.log} ---", *text, "---", sep="\n", file=sys.stderr)

    def launch(self) -> subprocess.Popen[bytes]:
        """Starts the process without waiting for its ports."""
        with self.log.open("ab") as log:
            only = ["--read-only"] if self.read_only else []
            return subprocess.Popen([executable(), "run", *only, "--config", self.config],
                                    stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def start(self, seconds: float = 20) -> "Gateway":
        (self.state / "ports.json").unlink(missing_ok=True)  # a killed gateway leaves its own
        self.process = self.launch()
        self.ports = wait_for("ports.json of the gateway", self.read_ports, seconds, 0.01)
        return self

    def read_ports(self) -> dict[str, int] | None:
        if self.process is None or self.process.poll() is not None:
            raise AssertionError(f"the gateway ended at start: {self.process and self.process.returncode}")
        try:
            return json.loads((self.state / "ports.json").read_text())
        except FileNotFoundError:
            return None

    def kill(self) -> None:
        """kill -9 and reap."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def terminate(self, seconds: float = 20) -> int:
        """SIGTERM; the exit status."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds * patience())

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def connection(self, seconds: float = 10) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.ports["web"], timeout=seconds * patience())

    def request(self, method: str, path: str, body: Any = None, device: str = "",
                kind: str = "application/json", seconds: float = 10) -> tuple[int, bytes]:
        """One request over a connection of its own: status and body."""
        connection = self.connection(seconds)
        try:
            return ask(connection, method, path, body, self.tokens.get(device, ""), kind)
        finally:
            connection.close()

    def get(self, path: str) -> Any:
        status, body = self.request("GET", path)
        if status != 200:
            raise AssertionError(f"GET {path}: {status} {body[:300]!r}")
        return json.loads(body)

    def site(self) -> Any:
        return self.get("/api/v1/site")

    def claim(self, device: str, building: str, milestone: str, storey: int = 0,
              at: str = "2024-11-08T04:13:00Z") -> tuple[int, Any]:
        body = {"building": building, "milestone": milestone, "storey": storey, "at": at}
        status, answer = self.request("POST", "/api/v1/claims", body, device)
        return status, json.loads(answer) if answer else None

    def push(self, device: str, pack: list[dict[str, Any]]) -> tuple[int, bytes]:
        return self.request("POST", "/api/v1/readings", pack, device, "application/senml+json")

    def leaves(self) -> list[str]:
        """The whole ledger, as text that was hashed."""
        found: list[str] = []
        while True:
            page = self.get(f"/api/v1/events?from={len(found)}&count=100")
            found += page["events"]
            if len(found) >= page["size"] or not page["events"]:
                return found

    def database(self) -> sqlite3.Connection:
        """Read-only; for after a clean stop."""
        return sqlite3.connect(f"file:{self.state}/jieding.db?mode=ro", uri=True)

    def children(self, name: str) -> list[int]:
        """Process ids of the gateway's children by the name of their program."""
        assert self.process
        return [pid for pid in all_processes() if parent_and_name(pid) == (self.process.pid, name)]

    def resident_kb(self) -> int:
        assert self.process
        return status_kb(self.process.pid, "VmRSS")


def ask(connection: http.client.HTTPConnection, method: str, path: str, body: Any, token: str,
        kind: str = "application/json") -> tuple[int, bytes]:
    """One request on a connection that is kept."""
    headers = {"Content-Type": kind} if body is not None else {}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    text = None if body is None else json.dumps(body, separators=(",", ":"))
    connection.request(method, path, text, headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def senml(quantity: str, unit: str, value: float, at: float) -> dict[str, Any]:
    """One SenML record."""
    return {"n": quantity, "u": unit, "v": value, "t": at}


def all_processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def parent_and_name(pid: int) -> tuple[int, str]:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0, ""
    name, rest = stat[stat.index("(") + 1:stat.rindex(")")], stat[stat.rindex(")") + 2:].split()
    return (0, "") if rest[0] == "Z" else (int(rest[1]), name)


def status_kb(pid: int, field: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1])
    return 0
