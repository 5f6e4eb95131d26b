"""What every part of the demo that runs beside the gateway has in common."""

from __future__ import annotations

import signal
import sys
import threading
from datetime import datetime
from pathlib import Path

from page import Page, Refused

stopping = threading.Event()


def stop_on_signals() -> None:
    """SIGTERM and Ctrl-C ask to stop; the part ends what it is doing first."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())


def secret(path: str) -> str:
    """Tokens come in files: an argument list can be read by every process."""
    return Path(path).read_text().strip()


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class SiteClock:
    """The site's clock, asked through the page. Gives each business time once, in order."""

    def __init__(self, page: Page, pause: float = 0.3) -> None:
        self._page = page
        self._pause = pause
        self._last: datetime | None = None

    def next(self) -> datetime | None:
        """Waits until the clock has moved on; None when asked to stop."""
        while not stopping.is_set():
            try:
                now = self._page.business_time()
                if self._last is None or now > self._last:
                    self._last = now
                    return now
            except (OSError, Refused, ValueError) as error:
                say(f"clock: {error}")  # the gateway is away for a moment
            stopping.wait(self._pause)
        return None
