"""HJ 212-2017 frames as a dust station sends them (and the one answer that it understands)."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))


def crc(segment: bytes) -> int:
    """The standard's CRC: each byte is XORed into the register's high byte moved down."""
    register = 0xFFFF
    for byte in segment:
        register = (register >> 8) ^ byte
        for _ in range(8):
            carry = register & 1
            register >>= 1
            if carry:
                register ^= 0xA001
    return register


def frame(segment: str) -> bytes:
    raw = segment.encode("utf-8")
    return b"##%04d" % len(raw) + raw + b"%04X\r\n" % crc(raw)


def local(at: datetime) -> str:
    return at.astimezone(CHINA).strftime("%Y%m%d%H%M%S")


def qn(at: datetime, count: int) -> str:
    """Request number: local time to the millisecond; the milliseconds count the frames."""
    return local(at) + f"{count % 1000:03d}"


def upload(number: str, command: str, mn: str, password: str, items: list[str]) -> bytes:
    """A data upload with Flag=5: edition 2017 and bit 0, an answer is wanted."""
    head = f"QN={number};ST=39;CN={command};PW={password};MN={mn};Flag=5;"
    return frame(head + "CP=&&" + ";".join(items) + "&&")


def acknowledged(line: bytes) -> str | None:
    """The QN that a frame acknowledges (CN=9014); None where it is anything else."""
    line = line.strip()
    if len(line) < 12 or not line.startswith(b"##") or not line[2:6].isdigit():
        return None
    length = int(line[2:6])
    segment, check = line[6 : 6 + length], line[6 + length :]
    if len(segment) != length or check.upper() != b"%04X" % crc(segment):
        return None
    fields = dict(part.split("=", 1) for part in segment.decode("utf-8").split(";") if "=" in part)
    return fields.get("QN") if fields.get("CN") == "9014" else None
