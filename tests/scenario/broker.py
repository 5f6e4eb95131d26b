"""A real Mosquitto on a free loopback port, and a listener that only pretends to be one."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import threading
from pathlib import Path

from gateway import wait_for


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


class Broker:
    """Without persistence: what it has queued is lost when it is killed."""

    def __init__(self, port: int = 0, queue: int = 10_000) -> None:
        self.port = port or free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="jieding-broker-"))
        self.config = self.folder / "mosquitto.conf"
        self.config.write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\npersistence false\n"
            f"max_queued_messages {queue}\nmax_inflight_messages 200\n"
            f"max_packet_size 16777216\nlog_type error\nlog_type warning\n")
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Broker":
        return self.start()

    def __exit__(self, *unused: object) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> "Broker":
        with (self.folder / "broker.log").open("ab") as log:
            self.process = subprocess.Popen(["mosquitto", "-c", self.config], stdout=log, stderr=log)
        wait_for("mosquitto to listen", lambda: answers(self.port), 10)
        return self

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


class SilentBroker:
    """Accepts connections on a port, reads what comes and never says a word."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.accepted = 0
        self.connections: list[socket.socket] = []
        self.listener = socket.create_server(("127.0.0.1", port))
        self.thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> "SilentBroker":
        self.thread.start()
        return self

    def __exit__(self, *unused: object) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()
        for connection in self.connections:
            connection.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.accepted += 1
            self.connections.append(connection)
