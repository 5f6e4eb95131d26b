"""One HJ 212 connection of a dust station, frame by frame; the frames are those of tests/site."""

from __future__ import annotations

import socket
import time
from datetime import datetime, timezone

import paths  # noqa: F401  (makes tests/site importable)
import hj212


def frame(segment: str) -> bytes:
    return hj212.frame(segment)


def upload(command: str, mn: str, at: float, suffix: str, values: dict[str, float]) -> bytes:
    instant = datetime.fromtimestamp(at, timezone.utc)
    items = [f"{code}-{suffix}={value:.1f},{code}-Flag=N" for code, value in values.items()]
    items.insert(0, f"DataTime={hj212.local(instant)}")
    number = hj212.qn(instant, int(command))
    return hj212.upload(number, command, mn, "123456", items)


def realtime(mn: str, at: float, values: dict[str, float]) -> bytes:
    """CN 2011, asking for its 9014."""
    return upload("2011", mn, at, "Rtd", values)


def minute(mn: str, at: float, values: dict[str, float]) -> bytes:
    return upload("2051", mn, at, "Avg", values)


def number_of(whole: bytes) -> str:
    """The QN of a frame."""
    start = whole.index(b"QN=") + 3
    return whole[start:start + 17].decode()


class Station:
    """One connection. `send` is true only after the frame's own 9014."""

    def __init__(self, port: int, mn: str, seconds: float = 10) -> None:
        self.mn = mn
        self.seconds = seconds
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=seconds)
        self.pending = b""

    def close(self) -> None:
        self.socket.close()

    def answer(self) -> bytes:
        """The next whole line from the gateway; raises TimeoutError or ConnectionError."""
        self.socket.settimeout(self.seconds)
        end = time.monotonic() + self.seconds
        while b"\r\n" not in self.pending:
            if time.monotonic() > end:
                raise TimeoutError("no answer")
            got = self.socket.recv(4096)
            if not got:
                raise ConnectionError("closed by the gateway")
            self.pending += got
        line, self.pending = self.pending.split(b"\r\n", 1)
        return line

    def send(self, whole: bytes) -> bool:
        self.socket.sendall(whole)
        return self.is_answered(whole)

    def is_answered(self, whole: bytes) -> bool:
        return hj212.acknowledged(self.answer()) == number_of(whole)
