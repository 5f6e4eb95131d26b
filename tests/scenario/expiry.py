"""Law: a session and a link end by their time, on a page that is open as well; what was written there is still there, and
after signing in again it goes into the record.

    expiry.py [--pictures FOLDER]

Time passes by setting back what is stored while the gateway is stopped: half a day for a session, a quarter of an hour for a link.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sqlite3
import subprocess
import tempfile
import unittest
from pathlib import Path

from broker import free_port
from gateway import Gateway, Settings, patience, wait_for
from people import PAGE, Person, address, lacks_page, run_with_pictures, users
from pictures import camera, usable_frames

options = argparse.Namespace(pictures="")
PASSWORD = "a sentence that only wang knows"


def let_everything_expire(gateway: Gateway) -> None:
    gateway.terminate()
    with sqlite3.connect(gateway.state / "jieding.db") as database:
        for table in ("session", "token"):
            changed = database.execute(f"update {table} set expires = 1 where user <> ''").rowcount
            assert changed > 0, f"there was no {table} to expire"
    database.close()
    gateway.start()


class Expiry(unittest.TestCase):
    def test_what_was_written_outlives_the_session(self) -> None:
        pictures = Path(self.enterContext(tempfile.TemporaryDirectory()))
        shutil.copy(usable_frames()[-1], pictures)  # it drives the clock, which people can trust then
        wanted = camera(Settings(), pictures).pushing_device("site-office")
        wanted.tables["web"] = {"listen": f"127.0.0.1:{free_port()}"}  # the same after a restart; only with a link
        wanted.parts += users()
        with Gateway(wanted) as gateway:
            gateway.start()
            if lacks := lacks_page(gateway):
                self.skipTest(lacks)
            viewer = Person(gateway, "")
            wait_for("the picture", lambda: viewer.ask("GET", "/api/v1/site")[1]["buildings"][0]["estimate"], 60)
            for milestone in ("zero_level", "topping_out"):
                self.assertEqual(gateway.claim("site-office", "b1", milestone)[0], 200)
            self.assertEqual(Person(gateway, "wang").ask("PUT", "/api/v1/password", {"password": PASSWORD})[0], 204)
            addresses = [address(gateway, "wang") for _ in range(3)]
            command = ["node", PAGE / "expiry.mjs", PASSWORD, *addresses, *([options.pictures] if options.pictures else [])]
            with subprocess.Popen(command, cwd=PAGE, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as walk:
                self.assertEqual(walk.stdout.readline(), "written\n")
                let_everything_expire(gateway)
                walk.communicate(f"{address(gateway, 'wang')}\n", timeout=180 * patience())
            self.assertEqual(walk.returncode, 0)
            said = [json.loads(leaf)["data"] for leaf in viewer.ask("GET", "/api/v1/events?count=1000")[1]["events"]]
            self.assertEqual(sorted((one["milestone"], one["act"]) for one in said if one.get("owner") == "group"),
                             [("topping_out", "dispute"), ("zero_level", "confirm")])


if __name__ == "__main__":
    run_with_pictures(__doc__, options)
