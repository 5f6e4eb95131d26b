"""A camera's RTSP server (RFC 2326): one H.264 stream over interleaved TCP, behind Digest."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
import socket
import socketserver
import struct
import subprocess
import threading
import time
from pathlib import Path

REALM = "IP Camera(C12)"
LONGEST_PACKET = 1400


def h264(picture: Path) -> list[bytes]:
    """The NAL units of one key frame, encoded by FFmpeg: parameter sets first."""
    stream = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", picture, "-c:v", "libx264", "-pix_fmt", "yuvj420p", "-bsf:v",
         "filter_units=remove_types=6", "-crf", "12", "-f", "h264", "-"], check=True, capture_output=True).stdout
    return [unit for unit in re.split(b"\x00\x00\x00?\x01", stream) if unit]


def packets(units: list[bytes], timestamp: int, sequence: int) -> list[bytes]:
    """RTP packets of one access unit (RFC 6184): single units, or FU-A where one is too long."""
    payloads: list[bytes] = []
    for unit in units:
        if len(unit) <= LONGEST_PACKET:
            payloads.append(unit)
            continue
        head, rest = unit[0], unit[1:]
        parts = [rest[at:at + LONGEST_PACKET] for at in range(0, len(rest), LONGEST_PACKET)]
        for number, part in enumerate(parts):
            edge = 0x80 * (number == 0) | 0x40 * (number == len(parts) - 1)
            payloads.append(bytes([head & 0xE0 | 28, edge | head & 0x1F]) + part)
    return [struct.pack("!BBHII", 0x80, 96 | 0x80 * (number == len(payloads) - 1),
                        sequence + number & 0xFFFF, timestamp, 7) + payload
            for number, payload in enumerate(payloads)]


class RtspCamera(socketserver.ThreadingTCPServer):
    """Serves the picture of the moment, a key frame ten times a second."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, picture: Path, user: str, password: str) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.units = h264(picture)
        self.user = user
        self.password = password
        self.silent = False  # takes connections and says nothing
        self.garbage = False  # sends noise for pictures
        self.redirects_to = ""  # an address that it names instead of an answer
        self.basic = False  # wants the password in the clear
        self.signed_in = 0
        self.refused = 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def show(self, picture: Path) -> None:
        self.units = h264(picture)

    def url(self) -> str:
        return f"rtsp://127.0.0.1:{self.server_address[1]}/Streaming/Channels/101"

    def handle_error(self, *_: object) -> None:
        """A client that leaves is no news."""


class Session(socketserver.StreamRequestHandler):
    server: RtspCamera

    def handle(self) -> None:
        self.nonce = secrets.token_hex(8)
        while request := self.read_request():
            if self.server.silent:
                time.sleep(60)
                return
            method, uri, fields = request
            if self.server.redirects_to:
                self.answer(fields, f"Location: {self.server.redirects_to}", status="302 Found")
            elif method == "OPTIONS":
                self.answer(fields, "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN")
            elif not self.proven(method, fields.get("authorization", "")):
                self.server.refused += 1
                way = "Basic" if self.server.basic else f'Digest nonce="{self.nonce}",'
                self.answer(fields, f'WWW-Authenticate: {way} realm="{REALM}"', status="401 Unauthorized")
            elif method == "DESCRIBE":
                self.server.signed_in += 1
                self.answer(fields, "Content-Type: application/sdp", body=self.sdp())
            elif method == "SETUP":
                self.answer(fields, "Transport: RTP/AVP/TCP;unicast;interleaved=0-1", "Session: 1")
            elif method == "PLAY":
                self.answer(fields, "Session: 1")
                self.play()
                return
            else:
                self.answer(fields)
                return

    def read_request(self) -> tuple[str, str, dict[str, str]] | None:
        line = self.rfile.readline(4096).decode()
        fields: dict[str, str] = {}
        while (field := self.rfile.readline(4096).decode().strip()) != "":
            name, _, value = field.partition(":")
            fields[name.lower()] = value.strip()
        return (line.split()[0], line.split()[1], fields) if line.strip() else None

    def answer(self, fields: dict[str, str], *lines: str, status: str = "200 OK", body: str = "") -> None:
        head = [f"RTSP/1.0 {status}", f"CSeq: {fields.get('cseq', '0')}", *lines]
        if body:
            head.append(f"Content-Length: {len(body)}")
        self.wfile.write(("\r\n".join(head) + "\r\n\r\n" + body).encode())

    def proven(self, method: str, authorization: str) -> bool:
        if self.server.basic:
            clear = f"{self.server.user}:{self.server.password}"
            return authorization == "Basic " + base64.b64encode(clear.encode()).decode()
        said = dict(re.findall(r'(\w+)="([^"]*)"', authorization))

        def md5(text: str) -> str:
            return hashlib.md5(text.encode()).hexdigest()

        first = md5(f"{self.server.user}:{REALM}:{self.server.password}")
        second = md5(f"{method}:{said.get('uri')}")
        return (said.get("username") == self.server.user
                and said.get("response") == md5(f"{first}:{self.nonce}:{second}"))

    def sdp(self) -> str:
        sets = ",".join(base64.b64encode(unit).decode() for unit in self.server.units
                        if unit[0] & 31 in (7, 8))
        return ("v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=Media Presentation\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\n"
                "a=control:trackID=1\r\na=rtpmap:96 H264/90000\r\n"
                f"a=fmtp:96 packetization-mode=1; sprop-parameter-sets={sets}\r\n")

    def play(self) -> None:
        sequence = 0
        for number in range(600):
            for packet in packets(self.server.units, number * 9000, sequence):
                if self.server.garbage:
                    packet = packet[:12] + secrets.token_bytes(len(packet) - 12)
                self.wfile.write(struct.pack("!cBH", b"$", 0, len(packet)) + packet)
                sequence += 1
            time.sleep(0.1)
