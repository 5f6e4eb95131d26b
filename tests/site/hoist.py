"""A building hoist that pushes the top floor it serves: SenML (RFC 8428) over HTTP.

The hoist follows the structure some storeys behind. Whenever the site's clock has moved on it posts
one pack and repeats the very same pack until the gateway says 2xx, that is: until it is committed.
"""

from __future__ import annotations

import argparse
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from notebook import Notebook
from page import Page, Refused, parse_time
from part import SiteClock, say, secret, stop_on_signals, stopping

STOREYS_BEHIND = 4  # a hoist serves no floor where formwork still stands
RETRY_PAUSE_S = 0.5


def cast_days(calibration: Path) -> list[datetime]:
    """When each storey's slab was cast, from the ground up: what the site itself knows."""
    cast = json.loads(calibration.read_text())["cast"]
    return [parse_time(cast[storey]) for storey in sorted(cast, key=int)]


def top_floor(cast: list[datetime], now: datetime) -> int:
    return max(0, sum(1 for day in cast if day <= now) - STOREYS_BEHIND)


def pack(site: str, now: datetime, floor: int, storey_height_m: float) -> list[dict[str, Any]]:
    return [
        {"bn": f"urn:dev:jieding:{site}:hoist-1:", "bt": int(now.timestamp()), "n": "hoist_top_floor", "v": floor},
        {"n": "hoist_height", "u": "m", "v": round(floor * storey_height_m, 1)},
    ]


def deliver(page: Page, records: list[dict[str, Any]]) -> bool:
    """False when asked to stop first."""
    while not stopping.is_set():
        try:
            page.post("/api/v1/readings", records, "application/senml+json")
            return True
        except (OSError, Refused, ValueError) as error:
            say(f"hoist: {error}, sending it again")
            stopping.wait(RETRY_PAUSE_S)
    return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--page", required=True)
    parser.add_argument("--viewer-token-file", required=True)
    parser.add_argument("--token-file", required=True)
    parser.add_argument("--site", required=True)
    parser.add_argument("--calibration", type=Path, required=True, help="when each storey was cast")
    parser.add_argument("--notes", type=Path, required=True)
    parser.add_argument("--done-file", type=Path, required=True)
    options = parser.parse_args()
    stop_on_signals()
    notes = Notebook(options.notes)
    cast = cast_days(options.calibration)
    clock = SiteClock(Page(options.page, secret(options.viewer_token_file)))
    page = Page(options.page, secret(options.token_file))
    while (now := clock.next()) is not None:
        records = pack(options.site, now, top_floor(cast, now), 2.9)
        if deliver(page, records):
            notes.add({"period": "realtime", "t": int(now.timestamp()), "readings": len(records)})
            options.done_file.write_text(now.isoformat())


if __name__ == "__main__":
    main()
