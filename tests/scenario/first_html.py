"""Law: what a telephone first gets from a real gateway is of use without a script, is light, and the script takes
it over without an empty moment.

    first_html.py [--pictures FOLDER]
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from gateway import Gateway, executable, patience, wait_for
from people import PAGE, lacks_page, link
from pictures import has_played, usable_frames
from policy import settings

options = argparse.Namespace(pictures="")


class FirstHtml(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="jieding-first-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def test_it_is_of_use_light_and_taken_over_without_an_empty_moment(self) -> None:
        frame = usable_frames()[0]
        shutil.copy(frame, self.folder)
        wanted = settings(self.folder)
        with Gateway(wanted) as gateway:
            gateway.start()
            if lacks := lacks_page(gateway):
                self.skipTest(lacks)
            wait_for("the picture", lambda: has_played(gateway, frame.name), 60)
            address = f"http://127.0.0.1:{gateway.ports['web']}/?viewer={link(gateway)}"
            subprocess.run(["node", PAGE / "first_html.mjs", address, *([options.pictures] if options.pictures else [])],
                           check=True, timeout=180 * patience(), cwd=PAGE)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", default="")
    parser.add_argument("only", nargs="*")
    parser.parse_args(namespace=options)
    print(executable())
    unittest.main(argv=[sys.argv[0], *options.only])
