"""A sensor node with MCUboot and mcumgr, written from their public texts alone: two slots in files, a bootloader that
verifies, swaps, and takes an image back that nobody confirmed, SMP over a console (TCP or pty) or UDP.

    simulated_node.py FLASH_DIR --key PUBLIC.pem (--tcp PORT | --udp PORT | --pty) [--cut-at 1000,5000] [--baud 115200]
        [--silent-after-reset] [--confirms-itself] [--lies]

FLASH_DIR is what a power cut leaves: slot0.bin, slot1.bin, state.json. A cut falls within the write of an upload's
piece, after so many bytes written on the whole: what was written stays, what was in memory is gone, and the node
boots. Prints a line for each thing that happens; the first says where it listens.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import pty
import select
import socket
import struct
import sys
import time
import tty
from pathlib import Path

import cbor2
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

HEADER_MAGIC, PLAIN_MAGIC, PROTECTED_MAGIC = 0x96F3B83D, 0x6907, 0x6908
TLV_SHA256, TLV_ECDSA, TLV_ED25519, TLV_PURE = 0x10, 0x22, 0x24, 0x25
WRITE_REPLY, READ_REPLY = 3, 1
BUFFER_SIZE = 2048
EBADSTATE, EINVAL, ENOENT, ENOTSUP = 6, 3, 5, 8


class PowerCut(Exception):
    pass


class BadImage(Exception):
    pass


def say(*words: object) -> None:
    print(*words, flush=True)


class Image:
    """An image in a slot, verified: its hash, version and length."""

    def __init__(self, content: bytes, key) -> None:
        if len(content) < 32 or struct.unpack_from("<I", content)[0] != HEADER_MAGIC:
            raise BadImage("no header")
        header_size, protected = struct.unpack_from("<HH", content, 8)
        size = struct.unpack_from("<I", content, 12)[0]
        major, minor, revision, build = struct.unpack_from("<BBHI", content, 20)
        self.version = f"{major}.{minor}.{revision}" + (f".{build}" if build else "")
        covered = header_size + size + protected
        magic, area = struct.unpack_from("<HH", content, covered) if covered + 4 <= len(content) else (0, 0)
        if magic != PLAIN_MAGIC or covered + area > len(content):
            raise BadImage("no TLVs")
        tlvs, at = {}, covered + 4
        while at + 4 <= covered + area:
            kind, length = struct.unpack_from("<HH", content, at)
            tlvs[kind] = content[at + 4:at + 4 + length]
            at += 4 + length
        self.hash = hashlib.sha256(content[:covered]).digest()
        if tlvs.get(TLV_SHA256) != self.hash:
            raise BadImage("wrong hash")
        try:
            if isinstance(key, ed25519.Ed25519PublicKey):
                key.verify(tlvs[TLV_ED25519], content[:covered] if TLV_PURE in tlvs else self.hash)
            else:
                key.verify(tlvs[TLV_ECDSA], content[:covered], ec.ECDSA(hashes.SHA256()))
        except Exception as wrong:
            raise BadImage(f"signature: {type(wrong).__name__}") from None


class Flash:
    """Two slots and what the bootloader keeps of them; everything else is lost when the power goes."""

    def __init__(self, folder: Path, cuts: list[int]) -> None:
        self.folder, self.cuts, self.written = folder, sorted(cuts), 0

    def slot(self, number: int) -> bytes:
        path = self.folder / f"slot{number}.bin"
        return path.read_bytes() if path.exists() else b""

    def state(self) -> dict:
        path = self.folder / "state.json"
        kept = json.loads(path.read_text()) if path.exists() else {}
        return {"confirmed": True, "pending": False, "permanent": False, "upload": None, **kept}

    def keep(self, **changes: object) -> None:
        state = {**self.state(), **changes}
        new = self.folder / "state.new"
        new.write_text(json.dumps(state))
        os.replace(new, self.folder / "state.json")

    def erase(self) -> None:
        (self.folder / "slot1.bin").write_bytes(b"")

    def write(self, at: int, piece: bytes) -> None:
        cut = self.cuts[0] if self.cuts and self.written + len(piece) > self.cuts[0] else None
        keeps = piece if cut is None else piece[:cut - self.written]
        with (self.folder / "slot1.bin").open("r+b") as slot:
            slot.seek(at)
            slot.write(keeps)
            slot.truncate()
        self.written += len(keeps)
        if cut is not None:
            self.cuts.pop(0)
            raise PowerCut(f"after {self.written} bytes")

    def swap(self) -> None:
        one, other = self.folder / "slot0.bin", self.folder / "slot1.bin"
        aside = self.folder / "swap.bin"
        os.replace(one, aside)
        os.replace(other, one)
        os.replace(aside, other)


class Node:
    def __init__(self, arguments: argparse.Namespace) -> None:
        self.wishes = arguments
        self.flash = Flash(arguments.flash, [int(cut) for cut in arguments.cut_at.split(",") if cut])
        self.key = serialization.load_pem_public_key(arguments.key.read_bytes())
        self.resets_at: float | None = None
        self.deaf_until = 0.0
        self.confirms_at: float | None = None

    # --- the bootloader

    def image(self, number: int) -> Image | None:
        try:
            return Image(self.flash.slot(number), self.key)
        except BadImage:
            return None

    def boot(self) -> None:
        state = self.flash.state()
        if state["pending"]:
            self.flash.keep(pending=False)
            if self.image(1):
                self.flash.swap()
                self.flash.keep(confirmed=state["permanent"], permanent=False, upload=None)
                say("swapped")
            else:
                say("refused: the image of slot 1 is not good")
        elif not state["confirmed"]:
            self.flash.swap()
            self.flash.keep(confirmed=True)
            say("reverted")
        runs = self.image(0)
        if runs is None:
            say("BRICKED: the image of slot 0 is not good")
            sys.exit(3)
        say("boots", runs.version, runs.hash.hex())
        self.confirms_at = time.monotonic() + 0.3 if self.wishes.confirms_itself else None

    def tick(self) -> None:
        now = time.monotonic()
        if self.resets_at is not None and now >= self.resets_at:
            self.resets_at = None
            self.deaf_until = now + (1e9 if self.wishes.silent_after_reset else 0.3)
            self.boot()
        if self.confirms_at is not None and now >= self.confirms_at:
            self.confirms_at = None
            self.flash.keep(confirmed=True)

    # --- SMP

    def answer(self, packet: bytes) -> bytes | None:
        """The reply to a request; nothing while it boots."""
        if time.monotonic() < self.deaf_until or len(packet) < 8 or len(packet) > BUFFER_SIZE:
            return None
        operation, _, length, group, sequence, command = struct.unpack(">BBHHBB", packet[:8])
        if length != len(packet) - 8 or operation & 7 not in (0, 2):
            return None
        handler = {(0, 0): self.echo, (0, 5): self.reset, (0, 6): self.parameters, (1, 0): self.images,
                   (1, 1): self.upload}.get((group, command))
        writes = operation & 7 == 2
        said = handler(writes, cbor2.loads(packet[8:])) if handler else {"rc": ENOTSUP}
        body = cbor2.dumps(said)
        return struct.pack(">BBHHBB", WRITE_REPLY if writes else READ_REPLY, 0, len(body), group, sequence, command) + body

    def echo(self, _writes: bool, said: dict) -> dict:
        return {"r": said.get("d", "")}

    def parameters(self, _writes: bool, _said: dict) -> dict:
        return {"buf_size": BUFFER_SIZE, "buf_count": 4}

    def reset(self, _writes: bool, _said: dict) -> dict:
        self.resets_at = time.monotonic() + 0.1
        return {}

    def images(self, writes: bool, said: dict) -> dict:
        if writes:
            wanted, confirm = said.get("hash"), said.get("confirm", False)
            runs, other = self.image(0), self.image(1)
            if wanted is None or (runs and wanted == runs.hash):
                if not confirm:
                    return {"rc": EINVAL}
                self.flash.keep(confirmed=True)
            elif other and wanted == other.hash:
                self.flash.keep(pending=True, permanent=confirm)
            else:
                return {"rc": ENOENT}
        state = self.flash.state()
        slots = []
        for number in (0, 1):
            image = self.image(number)
            if image is None:
                continue
            slots.append({"slot": number, "version": image.version, "hash": image.hash, "bootable": True,
                          "pending": number == 1 and state["pending"], "confirmed": number == 0 and state["confirmed"],
                          "active": number == 0, "permanent": number == 1 and state["permanent"]})
        return {"images": slots}

    def upload(self, _writes: bool, said: dict) -> dict:
        if self.wishes.lies:
            return {"off": 1 << 40}
        state = self.flash.state()["upload"]
        at, piece = said.get("off", 0), said.get("data", b"")
        has = len(self.flash.slot(1))
        if at == 0:
            if state and state["sha"] == said.get("sha", b"").hex() and 0 < has <= state["len"]:
                return {"off": has}  # the same upload, cut before
            if self.flash.state()["pending"]:
                return {"rc": EBADSTATE}
            self.flash.erase()
            self.flash.keep(upload={"sha": said["sha"].hex(), "len": said["len"]})
            state, has = self.flash.state()["upload"], 0
        if state is None or at != has or at + len(piece) > state["len"]:
            return {"off": has}
        self.flash.write(at, piece)
        return {"off": at + len(piece)}

    def take(self, packet: bytes) -> bytes | None:
        try:
            return self.answer(packet)
        except PowerCut as cut:
            say("cut", cut)
            self.boot()
            return None


# --- ways to it

def crc16(content: bytes) -> int:
    crc = 0
    for byte in content:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


def frame(packet: bytes) -> bytes:
    content = base64.b64encode(struct.pack(">H", len(packet) + 2) + packet + struct.pack(">H", crc16(packet)))
    out, mark = b"", b"\x06\x09"
    for at in range(0, len(content), 124):
        out += mark + content[at:at + 124] + b"\n"
        mark = b"\x04\x14"
    return out


class Console:
    """Lines in, lines out, no faster than the line is."""

    def __init__(self, node: Node, read, write, baud: int) -> None:
        self.node, self.read, self.write, self.baud = node, read, write, baud
        self.unread, self.packet = b"", b""
        self.free_at = time.monotonic()

    def take_time(self, count: int) -> None:
        if self.baud:
            self.free_at = max(self.free_at, time.monotonic()) + count * 10 / self.baud
            time.sleep(max(0.0, self.free_at - time.monotonic()))

    def readable(self) -> bool:
        content = self.read(1024)
        if not content:
            return False
        self.take_time(len(content))
        self.unread += content
        *lines, self.unread = self.unread.split(b"\n")
        for line in lines:
            self.line(line)
        return True

    def line(self, line: bytes) -> None:
        if line[:2] == b"\x06\x09":
            self.packet = b""
        elif line[:2] != b"\x04\x14":
            return
        self.packet += base64.b64decode(line[2:])
        if len(self.packet) < 2 or len(self.packet) < 2 + struct.unpack(">H", self.packet[:2])[0]:
            return
        packet, self.packet = self.packet[2:-2], b""
        reply = self.node.take(packet)
        if reply is not None:
            out = b"uart:~$ log line\n" + frame(reply)
            self.take_time(len(out))
            self.write(out)


def serve_tcp(node: Node, port: int, baud: int) -> None:
    listener = socket.create_server(("127.0.0.1", port))
    say("listens", f"tcp:127.0.0.1:{listener.getsockname()[1]}")
    console, connection = None, None
    while True:
        ready, _, _ = select.select([connection or listener], [], [], 0.02)
        node.tick()
        if ready and connection is None:
            connection, _ = listener.accept()
            console = Console(node, connection.recv, connection.sendall, baud)
        elif ready:
            try:
                alive = console.readable()
            except OSError:
                alive = False
            if not alive:
                connection.close()
                connection = None


def serve_pty(node: Node, baud: int) -> None:
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    say("listens", f"serial:{os.ttyname(theirs)},{baud or 115200},8N1")
    console = Console(node, lambda count: os.read(ours, count), lambda content: os.write(ours, content), baud)
    while True:
        ready, _, _ = select.select([ours], [], [], 0.02)
        node.tick()
        if ready:
            console.readable()


def serve_udp(node: Node, port: int) -> None:
    door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    door.bind(("127.0.0.1", port))
    say("listens", f"udp:127.0.0.1:{door.getsockname()[1]}")
    while True:
        ready, _, _ = select.select([door], [], [], 0.02)
        node.tick()
        if ready:
            packet, peer = door.recvfrom(4096)
            reply = node.take(packet)
            if reply is not None:
                door.sendto(reply, peer)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("flash", type=Path)
    parser.add_argument("--key", type=Path, required=True)
    parser.add_argument("--tcp", type=int)
    parser.add_argument("--udp", type=int)
    parser.add_argument("--pty", action="store_true")
    parser.add_argument("--cut-at", default="")
    parser.add_argument("--baud", type=int, default=0)
    for wish in ("silent-after-reset", "confirms-itself", "lies"):
        parser.add_argument(f"--{wish}", action="store_true")
    arguments = parser.parse_args()
    node = Node(arguments)
    node.boot()
    if arguments.tcp is not None:
        serve_tcp(node, arguments.tcp, arguments.baud)
    elif arguments.udp is not None:
        serve_udp(node, arguments.udp)
    else:
        serve_pty(node, arguments.baud)


if __name__ == "__main__":
    main()
