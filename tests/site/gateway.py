"""The gateway as the demo uses it: its command, its secrets, the links that it prints."""

from __future__ import annotations

import json
import re
import secrets
import subprocess
from pathlib import Path


class Gateway:
    def __init__(self, build: Path, config: Path, state: Path, settings: dict[str, str]) -> None:
        self._program = str(build / "jieding")
        self._state = state
        self._source = ["--config", str(config)]
        for key, value in {"storage.state": str(state), **settings}.items():
            self._source += ["--set", f"{key}={value}"]

    def make_secrets(self, names: list[str]) -> dict[str, str]:
        """One random token per file STATE/secrets/NAME; nobody else may read them."""
        folder = self._state / "secrets"
        folder.mkdir(mode=0o700, parents=True)
        made = {}
        for name in names:
            made[name] = secrets.token_urlsafe(32)
            file = folder / name
            file.touch(mode=0o600)
            file.write_text(made[name])
        return made

    def secret_file(self, name: str) -> str:
        return str(self._state / "secrets" / name)

    def run_command(self) -> list[str]:
        return [self._program, "run", *self._source]

    def forget_ports(self) -> None:
        """A killed gateway leaves its old ports.json behind."""
        (self._state / "ports.json").unlink(missing_ok=True)

    def ports(self) -> dict[str, int] | None:
        """None until everything listens."""
        file = self._state / "ports.json"
        return json.loads(file.read_text()) if file.exists() else None

    def link(self, *what: str) -> str:
        """`viewer` or `sign-in --user ID`: the link that `jieding link` prints."""
        command = self._link(*what)
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, stdin=subprocess.DEVNULL)
        found = re.search(r"https?://\S+\?(viewer|signin)=\S+", done.stdout)
        if done.returncode != 0 or found is None:
            said = (done.stderr or done.stdout).strip().splitlines()
            raise RuntimeError(f"jieding link {what[0]} gave no link: {said[-1] if said else 'it said nothing'}")
        return found.group(0)

    def rollout(self, what: str, *options: str) -> str:
        """What `jieding rollout` says."""
        done = subprocess.run([self._program, "rollout", what, *self._source, *options], capture_output=True, text=True,
                              timeout=90, stdin=subprocess.DEVNULL)
        if done.returncode != 0:
            raise RuntimeError(f"jieding rollout {what}: {done.stderr.strip()}")
        return done.stdout

    def link_command(self, *what: str) -> str:
        return " ".join(self._link(*what))

    def _link(self, kind: str, *options: str) -> list[str]:
        return [self._program, "link", kind, *self._source, *options]


def token_of(link: str) -> str:
    return link.rsplit("=", 1)[1]
