"""The contractor's site office: claims topping-out when the roof slab is cast."""

from __future__ import annotations

import argparse
import json
from datetime import timedelta
from pathlib import Path

from notebook import replace
from page import Page, Refused, parse_time
from part import SiteClock, say, secret, stop_on_signals, stopping

PAPERWORK = timedelta(days=1)
RETRY_PAUSE_S = 0.5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--page", required=True)
    parser.add_argument("--viewer-token-file", required=True)
    parser.add_argument("--token-file", required=True)
    parser.add_argument("--building", required=True)
    parser.add_argument("--calibration", type=Path, required=True)
    parser.add_argument("--notes", type=Path, required=True, help="what the gateway answered")
    options = parser.parse_args()
    stop_on_signals()
    day = json.loads(options.calibration.read_text())["topping_out"]
    clock = SiteClock(Page(options.page, secret(options.viewer_token_file)))
    while (now := clock.next()) is not None and now < parse_time(day) + PAPERWORK:
        pass
    page = Page(options.page, secret(options.token_file))
    claim = {
        "building": options.building, "milestone": "topping_out", "storey": 0, "at": day,
        "note": "屋面板浇筑完成",
    }
    while not stopping.is_set():
        try:
            replace(options.notes, page.post("/api/v1/claims", claim))
            say("office: topping-out claimed")
            return
        except (OSError, Refused, ValueError) as error:
            say(f"office: {error}, claiming again")
            stopping.wait(RETRY_PAUSE_S)


if __name__ == "__main__":
    main()
