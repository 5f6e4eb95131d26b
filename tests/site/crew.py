"""Starts and ends the demo's processes: each in a process group of its own, nothing else touched."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path


class Member:
    """One process of the demo with its log."""

    def __init__(self, name: str, command: list[str], logs: Path, may_end: bool = False) -> None:
        self.name = name
        self.may_end = may_end  # True: it has its work done at some time
        self.command = command
        self.log = logs / f"{name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with open(self.log, "ab") as log:
            # A session of its own: Ctrl-C reaches the demo alone, which then ends all in order.
            self._process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)

    def exit_status(self) -> int | None:
        """None while it runs (or was never started)."""
        return None if self._process is None else self._process.poll()

    def kill(self) -> None:
        """As a power cut would: no warning, and its children are on their own."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        self._end_group()
        self._process = None

    def stop(self, seconds: float = 10) -> int | None:
        """Asks, waits, then forces; gives the exit status."""
        if self._process is None:
            return None
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        status = self._process.returncode
        self._end_group()
        self._process = None
        return status

    def _end_group(self) -> None:
        assert self._process is not None
        """Children are given a moment to notice that they are alone, then they are ended."""
        for number in (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._process.pid, number)
            except (ProcessLookupError, PermissionError):
                return
            time.sleep(0.2)

    def tail(self, lines: int = 15) -> str:
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


class Crew:
    """Everything that the demo started, in order; the last started is stopped first."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._members: list[Member] = []

    def start(self, name: str, command: list[str], may_end: bool = False) -> Member:
        member = Member(name, command, self._logs, may_end)
        self._members.append(member)
        member.start()
        return member

    def fallen(self) -> Member | None:
        """A member that ended by itself and should not have."""
        for member in self._members:
            status = member.exit_status()
            if status is not None and not (member.may_end and status == 0):
                return member
        return None

    def stop(self) -> None:
        for member in reversed(self._members):
            member.stop()
