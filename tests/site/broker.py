"""A Mosquitto of our own in a folder of our own: one loopback port, passwords, rights per topic."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def find_mosquitto(name: str) -> str:
    """Debian puts the broker where only root's PATH looks."""
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if found is None:
        raise FileNotFoundError(f"{name} is not installed; run script/bootstrap")
    return found


def rights(site: str, gateway: str) -> str:
    root = f"jieding/v1/{site}/{gateway}/"
    box = [f"topic write {root}{name}" for name in ("event", "state/#", "health", "evidence/#", "telemetry", "reply/#")]
    box += [f"topic read {root}{name}" for name in ("receipt", "request")]
    platform = [f"topic read {root}#", f"topic write {root}receipt", f"topic write {root}request"]
    return "\n".join(["user " + gateway, *box, "", "user platform", *platform, ""])


def prepare(folder: Path, port: int, site: str, gateway: str, passwords: dict[str, str]) -> list[str]:
    """Writes configuration, passwords and rights; gives the command that starts the broker."""
    folder.mkdir(mode=0o700)
    (folder / "data").mkdir()
    secrets = folder / "passwords"
    secrets.touch(mode=0o600)
    secrets.write_text("".join(f"{user}:{password}\n" for user, password in passwords.items()))
    subprocess.run([find_mosquitto("mosquitto_passwd"), "-U", str(secrets)], check=True)
    (folder / "rights").write_text(rights(site, gateway))
    (folder / "rights").chmod(0o600)
    (folder / "mosquitto.conf").write_text(
        f"listener {port} 127.0.0.1\n"
        f"user {getpass.getuser()}\n"  # as root it would become another user, who may not read here
        "allow_anonymous false\n"
        f"password_file {secrets}\n"
        f"acl_file {folder}/rights\n"
        "persistence true\n"
        f"persistence_location {folder}/data/\n"
        "max_queued_messages 20000\n"
        "log_dest stderr\n"
    )
    return [find_mosquitto("mosquitto"), "-c", str(folder / "mosquitto.conf")]


def wait_for_port(port: int, seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return True
        except OSError:
            time.sleep(0.05)
    return False
