"""A dust and noise station that speaks HJ 212-2017 over TCP.

Whenever the site's clock has moved on it sends a realtime frame (CN 2011) and a minute frame
(CN 2051), asks for an answer (Flag bit 0) and waits for it. Without an answer it sends the very
same bytes again, over a new connection if need be: a station may forget nothing either. What was
acknowledged it writes down, one JSON line per frame.
"""

from __future__ import annotations

import argparse
import math
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import hj212
from notebook import Notebook
from page import Page
from part import SiteClock, say, secret, stop_on_signals, stopping

ANSWER_TIMEOUT_S = 3.0
RECONNECT_PAUSE_S = 0.3

# Factor code, mean, swing, decimals: µg/m³, dB, °C, %, kPa, m/s, °.
FACTORS = (
    ("a34001", 140.0, 60.0, 1),
    ("a34002", 70.0, 30.0, 1),
    ("a34004", 35.0, 15.0, 1),
    ("LA", 62.0, 9.0, 1),
    ("a01001", 18.0, 12.0, 1),
    ("a01002", 65.0, 25.0, 1),
    ("a01006", 101.3, 0.9, 2),
    ("a01007", 2.4, 1.8, 1),
    ("a01008", 180.0, 150.0, 0),
)
AVERAGED = FACTORS[:6]


@dataclass(frozen=True)
class Upload:
    """One frame with what it stands for, so that it can be sent again unchanged."""

    number: str
    command: str
    period: str
    at: datetime  # DataTime: the instant, or the start of the period
    readings: int
    raw: bytes


def value(index: int, mean: float, swing: float, at: datetime) -> float:
    """The same for the same instant, different for every other one."""
    days = at.timestamp() / 86_400
    return mean + swing * 0.7 * math.sin(days * (1.3 + index)) + swing * 0.3 * math.sin(days * 211 + index)


def realtime(at: datetime) -> list[str]:
    items = [f"DataTime={hj212.local(at)}"]
    for i, (code, mean, swing, decimals) in enumerate(FACTORS):
        items.append(f"{code}-Rtd={value(i, mean, swing, at):.{decimals}f},{code}-Flag=N")
    return items


def minute(start: datetime) -> list[str]:
    items = [f"DataTime={hj212.local(start)}"]
    for i, (code, mean, swing, decimals) in enumerate(AVERAGED):
        middle = value(i, mean, swing, start)
        least, most = middle - swing * 0.1, middle + swing * 0.1
        items.append(
            f"{code}-Min={least:.{decimals}f},{code}-Avg={middle:.{decimals}f},"
            f"{code}-Max={most:.{decimals}f},{code}-Flag=N"
        )
    return items


class Station:
    def __init__(self, port: int, mn: str, password: str, notebook: Notebook) -> None:
        self._port = port
        self._mn = mn
        self._password = password
        self._notebook = notebook
        self._socket: socket.socket | None = None
        self._received = b""
        self._count = 0

    def uploads(self, now: datetime) -> list[Upload]:
        start = now.replace(second=0, microsecond=0) - timedelta(minutes=1)
        return [
            self._upload("2011", "realtime", now, now, realtime(now), len(FACTORS)),
            self._upload("2051", "minute", now, start, minute(start), 3 * len(AVERAGED)),
        ]

    def _upload(self, command: str, period: str, now: datetime, at: datetime, items: list[str],
                readings: int) -> Upload:
        self._count += 1
        number = hj212.qn(now, self._count)
        raw = hj212.upload(number, command, self._mn, self._password, items)
        return Upload(number, command, period, at, readings, raw)

    def deliver(self, upload: Upload) -> None:
        """Until it is acknowledged, or until asked to stop."""
        sent = 0
        while not stopping.is_set():
            try:
                self._connect()
                assert self._socket is not None
                self._socket.sendall(upload.raw)
                sent += 1
                if self._wait_for_answer(upload.number):
                    self._notebook.add({
                        "qn": upload.number, "period": upload.period,
                        "t": int(upload.at.timestamp()), "readings": upload.readings, "sent": sent,
                    })
                    return
                say(f"station: no answer to {upload.number}, sending it again")
            except OSError as error:
                say(f"station: {error}, connecting again")
                self.close()
                stopping.wait(RECONNECT_PAUSE_S)

    def _connect(self) -> None:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=ANSWER_TIMEOUT_S)
            self._received = b""

    def _wait_for_answer(self, number: str) -> bool:
        assert self._socket is not None
        try:
            while True:
                while b"\r\n" in self._received:
                    line, self._received = self._received.split(b"\r\n", 1)
                    if hj212.acknowledged(line) == number:
                        return True
                more = self._socket.recv(4096)
                if not more:
                    raise ConnectionResetError("the gateway closed the connection")
                self._received += more
        except TimeoutError:
            return False

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--page", required=True, help="address of the gateway's page, for the site's clock")
    parser.add_argument("--viewer-token-file", required=True)
    parser.add_argument("--port", type=int, required=True, help="the gateway's HJ 212 port")
    parser.add_argument("--mn", default="010000A8900016F000169DC0")
    parser.add_argument("--password", default="123456", help="HJ 212 sends it in the clear")
    parser.add_argument("--notes", type=Path, required=True)
    parser.add_argument("--done-file", type=Path, required=True, help="says up to when all is delivered")
    options = parser.parse_args()
    stop_on_signals()
    station = Station(options.port, options.mn, options.password, Notebook(options.notes))
    clock = SiteClock(Page(options.page, secret(options.viewer_token_file)))
    while (now := clock.next()) is not None:
        for upload in station.uploads(now):
            station.deliver(upload)
        options.done_file.write_text(now.isoformat())
    station.close()


if __name__ == "__main__":
    main()
