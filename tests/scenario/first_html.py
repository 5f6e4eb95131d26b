"""Law: what a telephone first gets from a real gateway is of use without a script, is light, and the script takes
it over without an empty moment.

    first_html.py [--pictures FOLDER]
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from gateway import Gateway, patience, wait_for
from people import PAGE, lacks_page, link, run_with_pictures
from pictures import has_played, shown, usable_frames
from policy import settings

options = argparse.Namespace(pictures="")


class FirstHtml(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="jieding-first-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def test_it_is_of_use_light_and_taken_over_without_an_empty_moment(self) -> None:
        risen = usable_frames()
        risen = risen[:len(risen) * 2 // 5:2]  # of its storeys some are in each state but the last
        for frame in risen:
            shutil.copy(frame, self.folder)
        wanted = settings(self.folder)
        with Gateway(wanted) as gateway:
            gateway.start()
            if lacks := lacks_page(gateway):
                self.skipTest(lacks)
            wait_for("the picture", lambda: has_played(gateway, risen[-1].name), 120)
            self.expect_pictures_to_fit_a_screen(gateway)
            address = f"http://127.0.0.1:{gateway.ports['web']}/?viewer={link(gateway)}"
            subprocess.run(["node", PAGE / "first_html.mjs", address, *([options.pictures] if options.pictures else [])],
                           check=True, timeout=180 * patience(), cwd=PAGE)

    def expect_pictures_to_fit_a_screen(self, gateway: Gateway) -> None:
        stored = f"/api/v1/evidence/{shown(gateway)['picture']}"
        whole = gateway.request("GET", stored)[1]
        small = wait_for("a small one", lambda: smaller(gateway, stored + "?width=320", len(whole)))
        self.assertEqual(gateway.request("GET", stored + "?width=320")[1], small, "made once")
        self.assertLess(len(small), len(whole) / 3)
        self.assertEqual(gateway.request("GET", stored + "?width=960")[1], whole, "never larger than stored")


def smaller(gateway: Gateway, path: str, than: int) -> bytes:
    """Empty while vision has no time for it."""
    status, body = gateway.request("GET", path)[:2]
    return body if status == 200 and len(body) < than else b""


if __name__ == "__main__":
    run_with_pictures(__doc__, options)
