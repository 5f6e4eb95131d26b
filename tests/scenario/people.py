"""People who signed in, and their browser."""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import threading
import unittest
from http.client import HTTPException
from pathlib import Path
from typing import Any

from gateway import Gateway, executable, section

PAGE = Path(__file__).resolve().parents[2] / "tests/page"


def lacks_page(gateway: Gateway) -> str:
    """Why no browser can look at this gateway's page; empty: one can."""
    if not shutil.which("npm") or not Path("/usr/bin/chromium").exists():
        return "npm or Chromium is not installed"
    if b'id="page"' not in gateway.request("GET", "/")[1]:
        return "this build has no page"
    if not (PAGE / "node_modules/.package-lock.json").exists():
        subprocess.run(["npm", "--prefix", PAGE, "ci", "--no-audit", "--no-fund", "--loglevel=error"], check=True)
    return ""


def run_with_pictures(about: str | None, options: argparse.Namespace) -> None:
    """The calling file's tests, or those that are named; with --pictures their pages stay in that folder."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--pictures", default="")
    parser.add_argument("only", nargs="*")
    parser.parse_args(namespace=options)
    print(executable())
    unittest.main(argv=[sys.argv[0], *options.only])


def link(gateway: Gateway, user: str = "") -> str:
    who = ["sign-in", "--user", user] if user else ["viewer"]
    told = subprocess.run([executable(), "link", who[0], "--config", gateway.config, *who[1:]],
                          check=True, capture_output=True, text=True).stdout
    found = re.search(r"([?#]\w+=|/)([A-Za-z0-9_-]{20,})\s*$", told, re.MULTILINE)
    assert found, told
    return found.group(2)


def address(gateway: Gateway, user: str = "") -> str:
    """Of the page, with a fresh link."""
    return f"http://127.0.0.1:{gateway.ports['web']}/?{'signin' if user else 'viewer'}={link(gateway, user)}"


def users() -> list[str]:
    """One of each role, for a gateway's settings."""
    return [section("[[user]]", {"id": user, "name": user, "role": role})
            for user, role in (("wang", "group"), ("chen", "contractor"), ("zhao", "operator"))]


class Person:
    """Somebody who signed in; asks over a connection of its own each time."""

    def __init__(self, gateway: Gateway, user: str) -> None:
        self.gateway = gateway
        self.headers: dict[str, str] = {}
        status, answer, cookie = self.ask("POST", "/api/v1/session", {"token": link(gateway, user)})
        assert status == 200, answer
        self.headers = {"Cookie": cookie.split(";")[0], "X-CSRF-Token": answer["csrf"]}

    def ask(self, method: str, path: str, body: Any = None, key: str = "") -> tuple[int, Any, str]:
        headers = dict(self.headers)
        if body is not None:
            headers["Content-Type"] = "image/jpeg" if isinstance(body, bytes) else "application/json"
        if key:
            headers["Idempotency-Key"] = key
        sent = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        connection = self.gateway.connection(60)
        try:
            connection.request(method, path, sent, headers)
            answer = connection.getresponse()
            read = answer.read()
            return answer.status, json.loads(read) if read else None, answer.headers.get("Set-Cookie", "")
        finally:
            connection.close()

    def insist(self, method: str, path: str, body: Any, key: str = "", gone: threading.Event | None = None) -> Any:
        """Sends until it is answered well: the gateway may be killed meanwhile."""
        while gone is None or not gone.is_set():
            try:
                status, answer, _ = self.ask(method, path, body, key)
            except (OSError, HTTPException, ValueError):
                threading.Event().wait(0.05)
                continue
            if status in (200, 201):
                return answer
            if status not in (429, 503):
                raise AssertionError(f"{method} {path}: {status} {answer}")
            threading.Event().wait(0.3)
        return None
