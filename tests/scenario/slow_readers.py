"""Law: whoever asks for much and reads nothing, or sends half of much, holds no memory of the box's, is dropped after
a time, and takes nothing from those who read."""

from __future__ import annotations

import hashlib
import socket
import time
import unittest
from pathlib import Path

from gateway import Gateway, Settings, patience, section, wait_for
from people import Person

CLIENTS = 100
DOCUMENT = b"%PDF-1.4\n" + bytes(8 * 1024 * 1024 - 64)
SHA256 = hashlib.sha256(DOCUMENT).hexdigest()
MOST_KB = 320 * 1024  # of 800 MiB that the clients ask for: 64 MiB held, and what a busy machine has in its hands besides
LONGEST = 90  # seconds until the last of them is dropped: the longest of its limits, and half as much again


class SlowReaders(unittest.TestCase):
    def setUp(self) -> None:
        made = Settings().building().pushing_device("crew")
        made.parts.append(section("[[user]]", {"id": "zhao", "role": "operator"}))
        self.gateway = self.enterContext(Gateway(made)).start()
        self.operator = Person(self.gateway, "zhao")
        self.before = self.gateway.resident_kb()

    def slow(self, asked: bytes) -> socket.socket:
        one = socket.socket()
        self.addCleanup(one.close)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # else the kernel takes it for them
        one.settimeout(60 * patience())
        one.connect(("127.0.0.1", self.gateway.ports["web"]))
        one.sendall(asked)
        return one

    def expect_others_to_be_served(self) -> int:
        """For two seconds; the most memory that was seen."""
        most, end = 0, time.monotonic() + 2
        while time.monotonic() < end:
            self.assertEqual(self.gateway.request("GET", "/api/v1/site")[0], 200)
            most = max(most, self.gateway.resident_kb())
        return most

    def expect_all_to_be_dropped(self, clients: list[socket.socket]) -> None:
        for one in clients:
            one.setblocking(False)
        wait_for("all of them dropped", lambda: self.open_connections() <= 1, LONGEST, 0.5)

    def open_connections(self) -> int:
        """Of the gateway's sockets, those that a client holds."""
        folder = Path(f"/proc/{self.gateway.process.pid}/net/tcp")
        port = f":{self.gateway.ports['web']:04X}"
        lines = (line.split() for line in folder.read_text().splitlines()[1:])
        return sum(1 for line in lines if line[1].endswith(port) and line[3] == "01" and line[9] != "0")

    def test_answers_that_nobody_reads_are_let_go(self) -> None:
        self.hand_in()
        cookie = self.operator.headers["Cookie"]
        asked = f"GET /api/v1/documents/{SHA256} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode()
        clients = [self.slow(asked) for _ in range(CLIENTS)]
        for one in clients:
            self.assertTrue(begun(one))
        most = self.expect_others_to_be_served()
        print(f"{CLIENTS} clients that read nothing: {most - self.before} kB more, of {CLIENTS * len(DOCUMENT) // 1024} asked for")
        self.assertLess(most - self.before, MOST_KB)
        self.expect_all_to_be_dropped(clients)
        status, body = self.as_operator("GET", f"/api/v1/documents/{SHA256}")
        self.assertEqual((status, body == DOCUMENT), (200, True), "whoever reads gets it")

    def test_halves_of_uploads_are_let_go(self) -> None:
        token = self.gateway.tokens["crew"]
        head = (f"PUT /api/v1/documents/{SHA256} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
                f"Content-Type: application/pdf\r\nContent-Length: {len(DOCUMENT)}\r\n\r\n").encode()
        clients = []
        for _ in range(CLIENTS):
            clients.append(self.slow(head))
            try:
                clients[-1].sendall(DOCUMENT[:-1])
            except (ConnectionError, TimeoutError):
                pass  # let go already
        most = self.expect_others_to_be_served()
        print(f"{CLIENTS} clients that never end: {most - self.before} kB more, of {CLIENTS * len(DOCUMENT) // 1024} sent")
        self.assertLess(most - self.before, MOST_KB)
        self.expect_all_to_be_dropped(clients)
        self.hand_in()

    def test_fifty_megabytes_are_refused_by_their_length(self) -> None:
        head = (f"POST /api/v1/documents HTTP/1.1\r\nHost: localhost\r\nCookie: {self.operator.headers['Cookie']}\r\n"
                f"X-CSRF-Token: {self.operator.headers['X-CSRF-Token']}\r\nContent-Type: application/pdf\r\nContent-Length: 50000000\r\n\r\n")
        clients = [self.slow(head.encode()) for _ in range(CLIENTS)]
        for one in clients:
            self.assertIn(b" 413 ", one.recv(200))
        self.assertLess(self.expect_others_to_be_served() - self.before, MOST_KB)

    def hand_in(self) -> None:
        self.assertEqual(self.as_operator("POST", "/api/v1/documents", DOCUMENT)[0], 200)

    def as_operator(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        connection = self.gateway.connection(60)
        try:
            connection.request(method, path, body, {**self.operator.headers, "Content-Type": "application/pdf"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


def begun(one: socket.socket) -> bool:
    """An answer is on its way, or was; nothing of it is read."""
    try:
        return one.recv(1, socket.MSG_PEEK) != b""
    except ConnectionResetError:
        return True


if __name__ == "__main__":
    unittest.main()
