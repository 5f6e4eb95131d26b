"""Devices that hand in readings as long as they are told to, and remember what was acknowledged."""

from __future__ import annotations

import random
import socket
import sqlite3
import threading
import time
from http.client import HTTPException
from typing import NamedTuple

import dust
from gateway import Gateway, ask, senml

# What an HJ 212 code becomes: quantity, factor from the unit sent to the unit stored.
MEANINGS = {"a34001": ("tsp", 1), "a34002": ("pm10", 1), "a34004": ("pm25", 1),
            "a01001": ("temperature", 1), "a01002": ("humidity", 1), "a01006": ("pressure", 10),
            "a01007": ("wind_speed", 1), "a01008": ("wind_direction", 1), "LA": ("noise", 1)}
AWAY = (OSError, HTTPException, TimeoutError, ConnectionError)


class Identity(NamedTuple):
    device: str
    quantity: str
    period: int     # 0 realtime, 1 minute
    aggregate: int  # 0 sample, 2 mean
    at: int         # ms since 1970


Readings = dict[Identity, float]


class Source(threading.Thread):
    """Sends until `finish`. What got no acknowledgement is sent again, or now and then given up."""

    def __init__(self, gateway: Gateway, name: str, seed: int, pause: float = 0) -> None:
        super().__init__(name=name, daemon=True)
        self.gateway = gateway
        self.random = random.Random(f"{seed}/{name}")
        self.pause = pause
        self.finished = threading.Event()
        self.acknowledged: Readings = {}
        self.sent: Readings = {}
        self.refused = 0    # answers that say no
        self.failures = 0   # no answer at all
        self.count = 0
        self.error: Exception | None = None
        self.base = int(time.time()) - 40 * 86400  # far enough back for one step per batch

    def run(self) -> None:
        try:
            while not self.finished.is_set():
                self.one()
                if self.pause:
                    time.sleep(self.pause * self.random.uniform(0.5, 1.5))
        except Exception as error:  # shown by the test, a thread has nobody to tell
            self.error = error
        self.hang_up()

    def one(self) -> None:
        """Hands in one batch, with as many attempts as it takes or as it is worth."""
        batch = self.make()
        self.sent.update(batch)
        while not self.finished.is_set():
            try:
                if self.hand_in():
                    self.acknowledged.update(batch)
                    return
                self.refused += 1
            except AWAY:
                self.failures += 1
                self.hang_up()
            if self.random.random() < 0.2:
                return
            self.finished.wait(0.05)

    def finish(self) -> None:
        self.finished.set()

    def make(self) -> Readings:
        raise NotImplementedError

    def hand_in(self) -> bool:
        raise NotImplementedError

    def hang_up(self) -> None:
        raise NotImplementedError


class Pusher(Source):
    """A hoist or crane: SenML over one kept HTTP connection."""

    def __init__(self, gateway: Gateway, device: str, seed: int, pause: float = 0,
                 pack: int = 5) -> None:
        super().__init__(gateway, device, seed, pause)
        self.pack = pack
        self.connection = None
        self.records: list[dict] = []

    def make(self) -> Readings:
        self.records = []
        batch: Readings = {}
        for _ in range(self.random.randint(1, self.pack)):
            self.count += 1
            at, value = self.base * 1000 + self.count * 10, float(self.count)
            self.records.append(senml("hoist_top_floor", "1", value, at / 1000))
            batch[Identity(self.name, "hoist_top_floor", 0, 0, at)] = value
        return batch

    def hand_in(self) -> bool:
        if self.connection is None:
            self.connection = self.gateway.connection(5)
        status, _ = ask(self.connection, "POST", "/api/v1/readings", self.records,
                        self.gateway.tokens[self.name], "application/senml+json")
        return status == 200

    def hang_up(self) -> None:
        if self.connection:
            self.connection.close()
            self.connection = None


class DustStation(Source):
    """HJ 212 over one TCP connection: realtime frames, now and then a minute frame."""

    def __init__(self, gateway: Gateway, device: str, mn: str, seed: int, pause: float = 0) -> None:
        super().__init__(gateway, device, seed, pause)
        self.mn = mn
        self.station: dust.Station | None = None
        self.whole = b""

    def make(self) -> Readings:
        self.count += 1
        at, n = self.base + self.count, self.count
        is_minute = n % 10 == 0
        sent = {"a34001": 1 + n % 9999 * 0.1, "a34002": 1 + n % 9000 * 0.1, "a34004": 1 + n % 800 * 0.1,
                "a01001": 1 + n % 40, "a01002": 1 + n % 90, "a01006": 90 + n % 100 * 0.1,
                "a01007": 1 + n % 30, "a01008": 1 + n % 350, "LA": 30 + n % 70}
        sent = {code: round(value, 1) for code, value in sent.items()}
        self.whole = (dust.minute if is_minute else dust.realtime)(self.mn, at, sent)
        return {Identity(self.name, MEANINGS[code][0], int(is_minute), 2 if is_minute else 0,
                         at * 1000): round(value * MEANINGS[code][1], 6)
                for code, value in sent.items()}

    def hand_in(self) -> bool:
        if self.station is None:
            self.station = dust.Station(self.gateway.ports["hj212"], self.mn, 5)
        return self.station.send(self.whole)

    def hang_up(self) -> None:
        if self.station:
            self.station.close()
            self.station = None


class Claimer(threading.Thread):
    """A contractor who claims one storey after the other in several buildings."""

    def __init__(self, gateway: Gateway, device: str, buildings: list[str], storeys: int,
                 seed: int, pause: float) -> None:
        super().__init__(name=device, daemon=True)
        self.gateway = gateway
        self.random = random.Random(f"{seed}/{device}")
        self.pause = pause
        self.todo = [(building, storey) for storey in range(1, storeys + 1) for building in buildings]
        self.finished = threading.Event()
        self.acknowledged: dict[int, tuple[str, int]] = {}  # by ledger index
        self.refusals: list[str] = []

    def run(self) -> None:
        for building, storey in self.todo:
            while not self.finished.wait(self.pause * self.random.uniform(0.5, 1.5)):
                if self.claim(building, storey):
                    break
            if self.finished.is_set():
                return

    def claim(self, building: str, storey: int) -> bool:
        try:
            status, answer = self.gateway.claim(self.name, building, "storey_cast", storey)
        except AWAY:
            return False
        if status == 200:
            self.acknowledged[answer["ledger_index"]] = (building, storey)
        elif status != 503:
            self.refusals.append(f"{building}/{storey}: {status} {answer}")
        return status == 200

    def finish(self) -> None:
        self.finished.set()


def stored_readings(database: sqlite3.Connection) -> dict[Identity, list[float]]:
    """All values that the database holds for each identity."""
    rows = database.execute(
        "select s.device, s.quantity, s.period, s.aggregate, r.at, r.value"
        " from reading r join series s on s.id = r.series")
    stored: dict[Identity, list[float]] = {}
    for device, quantity, period, aggregate, at, value in rows:
        stored.setdefault(Identity(device, quantity, period, aggregate, at), []).append(value)
    return stored


def complaints(sources: list[Source], stored: dict[Identity, list[float]]) -> list[str]:
    """What is wrong with the store: lost, stored twice, changed, or never sent."""
    found = []
    sent: Readings = {}
    for source in sources:
        sent.update(source.sent)
        found += [f"lost: {identity}" for identity in source.acknowledged if identity not in stored]
        if source.error:
            found.append(f"{source.name} itself failed: {source.error!r}")
    for identity, values in stored.items():
        if len(values) != 1:
            found.append(f"stored {len(values)} times: {identity}")
        if identity not in sent:
            found.append(f"never sent: {identity}")
        elif abs(values[0] - sent[identity]) > 1e-6:
            found.append(f"changed from {sent[identity]} to {values[0]}: {identity}")
    return found


def port_is_open(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False
