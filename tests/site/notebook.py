"""A file of JSON lines that only grows: what a part of the demo wrote down as done."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Iterator


class Notebook:
    """Lines are whole or not there: a line torn by a kill is cut off when the file is opened."""

    def __init__(self, path: Path, durable: bool = False) -> None:
        self._durable = durable
        self._file = open(path, "ab+")
        self._cut_torn_line()

    def _cut_torn_line(self) -> None:
        self._file.seek(0)
        content = self._file.read()
        whole = content.rfind(b"\n") + 1
        if whole != len(content):
            self._file.truncate(whole)
        self._file.seek(0, os.SEEK_END)

    def add(self, entry: dict[str, Any]) -> None:
        """Returns when the line is in the file; if durable, when it is on the disk."""
        self._file.write(json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        self._file.flush()
        if self._durable:
            os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()


def read(path: Path) -> Iterator[dict[str, Any]]:
    if not path.exists():
        return
    for line in path.read_bytes().splitlines(keepends=True):
        if line.endswith(b"\n"):
            yield json.loads(line)


def replace(path: Path, entry: dict[str, Any]) -> None:
    """The file holds the old or the new content, never half of one."""
    beside = path.with_name(path.name + ".new")
    beside.write_text(json.dumps(entry, ensure_ascii=False, indent=1))
    os.replace(beside, path)
