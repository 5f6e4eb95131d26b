"""The built-in time-lapse and pictures that no camera should send."""

from __future__ import annotations

import csv
import tomllib
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from gateway import Gateway, Settings

SITE_A = Path(__file__).resolve().parents[1] / "data/timelapse/site-a"
SIZE = (960, 540)


def corners() -> list[list[float]]:
    return tomllib.loads((SITE_A / "site.toml").read_text())["camera"][0]["facade"][0]["corners"]


def frames() -> list[Path]:
    return sorted((SITE_A / "frames").glob("*.jpg"))


def usable_frames() -> list[Path]:
    """Those that must be accepted."""
    with (SITE_A / "truth.csv").open() as file:
        usable = {row["file"] for row in csv.DictReader(file) if row["usable"] == "1"}
    return [frame for frame in frames() if frame.name in usable]


def instant(name: str) -> str:
    """RFC 3339 of a picture's name."""
    at = datetime.strptime(name[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def camera(settings: Settings, folder: Path,
           masks: list[list[list[float]]] | None = None, **keys: Any) -> Settings:
    return settings.building().folder_camera(folder, SIZE, corners(), masks or [], **keys)


def shown(gateway: Gateway) -> dict:
    """The building's estimate as the page gets it; empty before the first picture."""
    return gateway.site()["buildings"][0]["estimate"] or {}


def has_played(gateway: Gateway, name: str) -> bool:
    """Whether the picture of this name is committed."""
    return shown(gateway).get("at") == instant(name)


def scan_start(jpeg: bytes) -> int:
    """Where the entropy-coded bytes of the first scan begin."""
    at = 2
    while jpeg[at] == 0xFF:
        length = int.from_bytes(jpeg[at + 2:at + 4], "big")
        if jpeg[at + 1] == 0xDA:
            return at + 2 + length
        at += 2 + length
    raise ValueError("not a JPEG")


def with_dimensions(jpeg: bytes, width: int, height: int) -> bytes:
    """The same picture with a header that lies about its size."""
    at = 2
    while jpeg[at + 1] not in (0xC0, 0xC1, 0xC2):
        at += 2 + int.from_bytes(jpeg[at + 2:at + 4], "big")
    return (jpeg[:at + 5] + height.to_bytes(2, "big") + width.to_bytes(2, "big") + jpeg[at + 9:])
