"""Law: nothing that arrives on the HJ 212 port stops the gateway or a good station beside it."""

from __future__ import annotations

import random
import resource
import socket
import sys
import time
import unittest

import dust
from gateway import Gateway, Settings, executable, wait_for

GOOD, OTHER = "010000A8900016F000169DC1", "010000A8900016F000169DC2"
SEED = 11


def settings(**keys: object) -> Settings:
    return (Settings().hj212(frames_per_second=100000, **keys).building()
            .dust_station("dust-1", GOOD).dust_station("dust-2", OTHER))


def crowd(port: int, count: int) -> list[socket.socket]:
    """So many open connections; those that the gateway turns away are simply closed by it."""
    held = []
    for _ in range(count):
        try:
            held.append(socket.create_connection(("127.0.0.1", port), timeout=2))
        except OSError:
            break
    return held


class HostileHj212(unittest.TestCase):
    def setUp(self) -> None:
        self.at = int(time.time()) - 86400
        self.random = random.Random(SEED)

    def station(self, port: int, mn: str, seconds: float = 10) -> dust.Station:
        made = dust.Station(port, mn, seconds)
        self.addCleanup(made.close)
        return made

    def good_frame(self, mn: str = GOOD) -> bytes:
        self.at += 1
        return dust.realtime(mn, self.at, {"a34002": 81.0, "LA": 55.5})

    def expect_service(self, station: dust.Station, frames: int = 3) -> None:
        for _ in range(frames):
            self.assertTrue(station.send(self.good_frame()))

    def throw(self, port: int, text: bytes, at_once: bool = True) -> None:
        """Sends bytes and leaves; the gateway may well have closed before."""
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as thrown:
                for piece in [text] if at_once else [text[n:n + 7] for n in range(0, len(text), 7)]:
                    thrown.sendall(piece)
        except OSError:
            pass

    def garbage(self) -> list[bytes]:
        whole = self.good_frame()
        noise = self.random.randbytes
        broken = bytearray(whole)
        broken[60] ^= 0x20
        return [
            noise(3), noise(4096), noise(1 << 20), b"#" * 100_000, b"##" * 5000, b"##9999" + noise(20),
            b"##0000FFFF\r\n", b"##-001" + noise(8), b"##1024" + b"A" * 1024 + b"0000\r\n",
            whole[:20], whole[:-6], whole[:-6] + b"ZZZZ\r\n", bytes(broken), whole.replace(b"##", b"#"),
            dust.frame("QN=1;ST=39"), dust.frame("&&" * 200), dust.frame("CP=&&&&"),
            dust.frame("\0" * 300), dust.frame("QN=20240101000000000;ST=39;CN=2011;PW=1;MN="
                                                 "UNKNOWN;Flag=5;CP=&&DataTime=20240101000000&&"),
            dust.realtime(GOOD, self.at, {"a34002": float("nan")}),
            dust.realtime(GOOD, self.at, {"a34002": 1e300}),
            dust.frame(f"QN=99999999999999999;ST=39;CN=2011;PW=123456;MN={GOOD};Flag=5;"
                        "CP=&&DataTime=99999999999999;a34002-Rtd=1&&"),
            b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        ]

    def test_garbage_is_refused_and_a_good_station_is_served_on(self) -> None:
        with Gateway(settings()) as gateway:
            gateway.start()
            port = gateway.ports["hj212"]
            station = self.station(port, GOOD)
            self.expect_service(station)
            for text in self.garbage():
                self.throw(port, text, at_once=len(text) > 5000 or self.random.random() < 0.5)
                self.expect_service(station, 1)
            self.assertTrue(gateway.running())
            counts = gateway.site()["counts"]
            self.assertGreater(counts["refused"], 10)
            print(f"garbage: {counts}")
            self.assertEqual(gateway.terminate(), 0)

    def test_garbage_between_good_frames_costs_only_itself(self) -> None:
        with Gateway(settings()) as gateway:
            gateway.start()
            station = self.station(gateway.ports["hj212"], GOOD)
            for text in [b"\r\n\r\n", b"noise", self.good_frame()[:40] + b"\r\n", b"##12"]:
                station.socket.sendall(text)
                whole = self.good_frame()
                station.socket.sendall(whole)
                self.assertTrue(station.is_answered(whole))

    def test_every_split_of_a_frame_is_put_together(self) -> None:
        with Gateway(settings()) as gateway:
            gateway.start()
            station = self.station(gateway.ports["hj212"], GOOD)
            station.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            length = len(self.good_frame())
            for cut in range(1, length, 9):
                whole = self.good_frame()
                station.socket.sendall(whole[:cut])
                time.sleep(0.002)
                station.socket.sendall(whole[cut:])
                self.assertTrue(station.is_answered(whole))

    def test_half_frames_that_drip_are_cut_off(self) -> None:
        with Gateway(settings(frame_timeout="1s")) as gateway:
            gateway.start()
            port = gateway.ports["hj212"]
            drips = [self.station(port, OTHER, 0.05) for _ in range(20)]
            station = self.station(port, GOOD)
            whole, begun, closed = self.good_frame(OTHER), time.monotonic(), 0
            for byte in whole:
                for drip in drips:
                    closed += self.drip(drip, byte)
                if closed == len(drips) or time.monotonic() - begun > 20:
                    break
                self.expect_service(station, 1)
                time.sleep(0.1)
            print(f"slow: {closed} of {len(drips)} cut off after {time.monotonic() - begun:.1f} s")
            self.assertEqual(closed, len(drips))
            self.expect_service(station)

    def drip(self, station: dust.Station, byte: int) -> int:
        """Sends one byte; 1 when this showed that the gateway has closed."""
        if station.socket.fileno() < 0:
            return 0
        try:
            station.socket.sendall(bytes([byte]))
            station.socket.setblocking(False)
            if station.socket.recv(10) != b"":
                return 0
        except BlockingIOError:
            return 0
        except OSError:
            pass
        station.close()
        return 1

    def test_thousands_of_connections_leave_room_for_a_good_station(self) -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
        with Gateway(settings()) as gateway:
            gateway.start()
            port = gateway.ports["hj212"]
            before = self.station(port, GOOD)
            self.expect_service(before)
            held = crowd(port, 3000)
            self.expect_service(before)  # who was there keeps its place
            late = wait_for("a place for a newcomer", lambda: self.newcomer(port), 20, 0.2)
            memory = gateway.resident_kb()
            print(f"crowd: {len(held)} connections, gateway {memory / 1024:.1f} MB")
            late.close()
            for one in held:
                one.close()
            wait_for("the crowd to be gone", lambda: self.newcomer(port), 10)
            self.expect_service(before)
            self.assertEqual(gateway.terminate(), 0)

    def newcomer(self, port: int) -> dust.Station | None:
        try:
            station = self.station(port, OTHER, 2)
            return station if station.send(self.good_frame(OTHER)) else None
        except OSError:
            return None

    def test_unanswered_answers_do_not_fill_the_memory(self) -> None:
        """A station that sends on and never reads its 9014s."""
        with Gateway(settings()) as gateway:
            gateway.start()
            port = gateway.ports["hj212"]
            deaf = socket.create_connection(("127.0.0.1", port), timeout=0.2)
            self.addCleanup(deaf.close)
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            station = self.station(port, GOOD)
            sent = 0
            try:
                for _ in range(30_000):
                    deaf.sendall(self.good_frame(OTHER))
                    sent += 1
            except OSError:
                pass  # it is made to wait, or cut off
            self.expect_service(station)
            memory = gateway.resident_kb()
            print(f"deaf: {sent} frames taken, gateway {memory / 1024:.1f} MB")
            self.assertEqual(gateway.terminate(), 0)


if __name__ == "__main__":
    print(f"{executable()}, seed {SEED}")
    unittest.main(argv=sys.argv[:1])
