"""A small HTTP client for the gateway's API, as a contractor's or a supervisor's script has one."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from datetime import datetime
from typing import Any


class Refused(Exception):
    """The gateway answered, and the answer was no."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"HTTP {status}: {text.strip()[:300]}")
        self.status = status


class Page:
    """One client with one credential. Raises OSError while the gateway is away."""

    def __init__(self, base: str, bearer: str = "") -> None:
        self.base = base.rstrip("/")
        self.headers: dict[str, str] = {}
        if bearer:
            self.headers["Authorization"] = "Bearer " + bearer

    def request(self, method: str, path: str, body: bytes | None = None, kind: str = "application/json",
                ) -> tuple[bytes, Any]:
        request = urllib.request.Request(self.base + path, data=body, method=method, headers=dict(self.headers))
        if body is not None:
            request.add_header("Content-Type", kind)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.read(), answer.headers
        except urllib.error.HTTPError as error:
            raise Refused(error.code, error.read().decode("utf-8", "replace")) from None

    def get(self, path: str) -> Any:
        return json.loads(self.request("GET", path)[0])

    def text(self, path: str) -> str:
        return self.request("GET", path)[0].decode("utf-8")

    def post(self, path: str, value: Any, kind: str = "application/json") -> Any:
        return json.loads(self.request("POST", path, json.dumps(value).encode("utf-8"), kind)[0])

    def sign_in(self, token: str) -> dict[str, Any]:
        """Changes a one-time or viewer token into a session; later requests carry it."""
        body = json.dumps({"token": token}).encode("utf-8")
        _, headers = self.request("POST", "/api/v1/session", body)
        cookie = (headers.get("Set-Cookie") or "").split(";", 1)[0]
        self.headers["Cookie"] = cookie
        session = self.get("/api/v1/session")
        if session.get("csrf"):
            self.headers["X-CSRF-Token"] = session["csrf"]
        return session

    def business_time(self) -> datetime:
        """What the site's clock says; in the demo it follows the pictures."""
        return parse_time(self.get("/api/v1/site")["clock"]["now"])


def parse_time(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
