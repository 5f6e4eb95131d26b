"""What both ends say at the end of the demo, side by side, and whether it agrees.

That every acknowledged reading is stored is judged from outside, without a look at the gateway's
tables: the devices wrote down what was acknowledged, the page says how many readings are stored,
and each of them must have come out at the platform as telemetry.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from notebook import read
from page import parse_time
from sensor_node import NEWER

LATEST_CANDIDATE = timedelta(days=10)  # after the true day

# What each device that is acknowledged wrote down; nobody is told when the others' readings are safe.
NOTES = {"dust-1": "station.jsonl", "hoist-1": "hoist.jsonl"}
ASKED = ("wind-1", "crane-1")
SIMULATED = {"crane-1"}


@dataclass(frozen=True)
class Line:
    what: str
    said: str
    agrees: bool | None  # None: told, not judged


@dataclass(frozen=True)
class Ending:
    """All that was said, once everything came to rest."""

    folder: Path  # notes of the devices and of the platform
    site: dict[str, Any]  # GET /api/v1/site
    checkpoint: str  # GET /checkpoint
    truth: dict[str, Any]  # calibration.json of the time-lapse
    kills: Counter[str]
    gateway_exit: int | None


def acknowledged(folder: Path) -> Counter[tuple[str, str, int]]:
    """Readings by device, period and time, as the devices wrote them down."""
    counted: Counter[tuple[str, str, int]] = Counter()
    for device, file in NOTES.items():
        for entry in read(folder / file):
            counted[device, entry["period"], entry["t"]] += entry["readings"]
    return counted


def arrived(folder: Path) -> Counter[tuple[str, str, int]]:
    """The same as the platform got them, each reading once however often it came."""
    distinct = {(entry["device"], entry["n"], int(entry["t"])) for entry in read(folder / "platform/telemetry.jsonl")}
    return Counter((device, name.split("/")[1].split(".")[0], at) for device, name, at in distinct)


def marked(folder: Path) -> tuple[set[str], set[str]]:
    """Devices with readings that the platform got as simulated, and with readings that it got as real."""
    simulated: set[str] = set()
    real: set[str] = set()
    for entry in read(folder / "platform/telemetry.jsonl"):
        (simulated if entry["flag"] == "simulated" else real).add(entry["device"])
    return simulated, real


def readings(ending: Ending) -> list[Line]:
    said, came = acknowledged(ending.folder), arrived(ending.folder)
    stored = ending.site["counts"]["readings_stored"]
    pushed = Counter({key: count for key, count in came.items() if key[0] in NOTES})
    asked = {device: sum(count for key, count in came.items() if key[0] == device) for device in ASKED}
    simulated, real = marked(ending.folder)
    return [
        Line("readings stored / at the platform", f"{stored} / {came.total()}", 0 < stored == came.total()),
        Line("  acknowledged to who pushed them / at the platform",
             f"{said.total()} / {pushed.total()}, {(said - pushed).total()} acknowledged ones missing",
             said.total() > 0 and said == pushed),
        Line("  asked over Modbus, simulated", " and ".join(f"{count} of {name}" for name, count in asked.items()),
             all(count > 0 for count in asked.values())),
        Line("  marked as simulated at the platform", " ".join(sorted(simulated)) or "none",
             simulated == SIMULATED and not real & SIMULATED),
    ]


def checkpoint_of(text: str) -> tuple[int, str]:
    """Size and root of a C2SP tlog-checkpoint: origin, size, base64 of the root."""
    _, size, root = text.split("\n")[:3]
    return int(size), base64.b64decode(root).hex()


def ledger(ending: Ending) -> list[Line]:
    status = json.loads((ending.folder / "platform/status.json").read_text())
    box, events = ending.site["ledger"], ending.site["uplink"]["events"]
    sizes = {box["size"], events["sent"], events["receipted"], status["size"]}
    roots = {box["root"], status["root"], checkpoint_of(ending.checkpoint)[1]}
    trouble = [entry["what"] for entry in read(ending.folder / "platform/trouble.jsonl")]
    return [
        Line("events in the ledger / sent / received / receipted",
             f"{box['size']} / {events['sent']} / {status['size']} / {events['receipted']}",
             len(sizes) == 1 and box["size"] > 0),
        Line("root, gateway", box["root"], len(roots) == 1),
        Line("root, platform", status["root"], len(roots) == 1),
        Line("root, checkpoint", checkpoint_of(ending.checkpoint)[1],
             checkpoint_of(ending.checkpoint) == (status["size"], status["root"])),
        Line("messages that the platform found wrong", trouble[0] if trouble else "none", not trouble),
    ]


def topping_out(site: dict[str, Any]) -> dict[str, Any] | None:
    for milestone in site["buildings"][0]["milestones"]:
        if milestone["milestone"] == "topping_out":
            return milestone
    return None


def milestone(ending: Ending) -> list[Line]:
    found = topping_out(ending.site)
    if found is None:
        return [Line("topping-out", "never seen", False)]
    truth = parse_time(ending.truth["topping_out"])
    lines = [
        Line("topping-out, true day", f"{truth:%Y-%m-%d}", None),
        Line("topping-out, status and day", f"{found['status']}, {parse_time(found['at']):%Y-%m-%d}",
             found["status"] == "confirmed"),
    ]
    for statement in found["statements"]:
        at = parse_time(statement["at"])
        near = abs(at - truth) <= LATEST_CANDIDATE if statement["act"] in ("propose", "claim") else None
        lines.append(Line(f"  {statement['act']} by the {statement['owner']}", f"{at:%Y-%m-%d}", near))
    return lines


def evidence(ending: Ending) -> list[Line]:
    named = {
        digest
        for each in ending.site["buildings"][0]["milestones"]
        for statement in each["statements"]
        for digest in statement["evidence"]
    }
    came = {entry["sha256"] for entry in read(ending.folder / "platform/evidence.jsonl")}
    return [Line("pictures at the platform", f"{len(came)}, {len(named - came)} named ones missing",
                 bool(named) and named <= came)]


def firmware(ending: Ending) -> list[Line]:
    rollout = ending.site["rollout"] or {"status": "never begun"}
    versions = [node["version"] for node in ending.site["nodes"]]
    return [Line("sensor node's firmware", f"{versions[0]}, rollout {rollout['status']}",
                 versions == [NEWER] and rollout["status"] == "done")]


def presence(ending: Ending) -> list[Line]:
    states = [entry["state"] for entry in read(ending.folder / "platform/health.jsonl")]
    return [
        Line("gateway and platform killed", f"{ending.kills['gateway']} and {ending.kills['platform']} times",
             ending.kills["gateway"] == 1 and ending.kills["platform"] == 1),
        Line("gateway's presence, as the platform saw it", " ".join(states), states[-1:] == ["stopped"]),
        Line("gateway stopped cleanly", f"exit status {ending.gateway_exit}", ending.gateway_exit == 0),
    ]


def judge(ending: Ending) -> list[Line]:
    return [*readings(ending), *ledger(ending), *evidence(ending), *milestone(ending), *firmware(ending), *presence(ending)]


def table(lines: list[Line]) -> str:
    width = max(len(line.what) for line in lines)
    marks = {True: "ok ", False: "BAD", None: "   "}
    return "\n".join(f"  {marks[line.agrees]}  {line.what:<{width}}  {line.said}" for line in lines)
