"""Packages of npm that a test needs, installed once from the lock file beside their package.json."""
from __future__ import annotations

import shutil
import subprocess
from pathlib import Path


def npm_packages(folder: Path) -> Path | None:
    """The folder's node_modules, as its lock file says; None: there is no npm here."""
    if not shutil.which("npm"):
        return None
    installed = folder / "node_modules"
    mark = installed / ".package-lock.json"
    if not mark.exists() or mark.stat().st_mtime < (folder / "package-lock.json").stat().st_mtime:
        subprocess.run(["npm", "--prefix", folder, "ci", "--no-audit", "--no-fund", "--loglevel=error"], check=True)
    return installed
