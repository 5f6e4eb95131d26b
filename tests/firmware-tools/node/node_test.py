"""jieding-node against a simulated node: whole updates, power cuts, fallbacks, lies.

    JIEDING_NODE=... JIEDING_IMAGE=... tests/firmware-tools/node/node_test.py
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOOL, MAKER = os.environ["JIEDING_NODE"], os.environ["JIEDING_IMAGE"]
HERE = Path(__file__).resolve().parent
KEY = HERE.parents[1] / "data/mcuboot/test-only-ed25519.pem"
OTHER_KEY = HERE.parents[1] / "data/mcuboot/test-only-p256.pem"
PATIENCE_S = 120


class NodeTest(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.flash = self.folder / "flash"
        self.flash.mkdir()
        self.public = self.folder / "public.pem"
        subprocess.run(["openssl", "pkey", "-in", KEY, "-pubout", "-out", self.public], check=True)
        self.log: list[str] = []

    def made(self, version: str, size: int = 20_000, key: Path = KEY, counter: int = 1) -> Path:
        payload = self.folder / f"{version}.bin"
        payload.write_bytes(random.Random(version).randbytes(size))
        image = self.folder / f"{version}-{key.stem}.img"
        subprocess.run([MAKER, "create", payload, "--version", version, "--security-counter", str(counter), "--board", "wind",
                        "--vendor", "example.com", "--key", key, "--out", image, "--force"], check=True, capture_output=True)
        return image

    def node(self, *wishes: str) -> str:
        """Starts one that runs 1.0.0, unless its flash holds something; where it listens."""
        slot = self.flash / "slot0.bin"
        if not slot.exists():
            slot.write_bytes(self.made("1.0.0").read_bytes())
        if not {"--udp", "--pty"} & set(wishes):
            wishes += ("--tcp", "0")
        process = subprocess.Popen([sys.executable, "-B", HERE / "simulated_node.py", self.flash, "--key", self.public, *wishes],
                                   stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        for line in process.stdout:
            self.log.append(line.strip())
            if line.startswith("listens"):
                self.process = process
                return line.split()[1]
        self.fail(f"the node does not start: {self.log}")

    def run_tool(self, at: str, *words: object) -> subprocess.CompletedProcess:
        usual = {"--answer-within": "1s", "--back-within": "5s"}
        patience = [word for option in usual.items() if option[0] not in words for word in option]
        return subprocess.run([TOOL, "--at", at, *patience, *map(str, words)], capture_output=True, text=True,
                              timeout=PATIENCE_S, check=False)

    def good(self, at: str, *words: object) -> str:
        done = self.run_tool(at, *words)
        self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
        return done.stdout

    def refused(self, at: str, *words: object) -> str:
        done = self.run_tool(at, *words)
        self.assertEqual(done.returncode, 1, done.stderr + done.stdout)
        self.assertRegex(done.stderr, r"\Ajieding-node: [^\n]+\n\Z")
        return done.stderr

    def slots(self, at: str) -> list[dict]:
        return json.loads(self.good(at, "list", "--json"))

    def runs(self, at: str) -> tuple[str, bool]:
        active = next(slot for slot in self.slots(at) if slot["active"])
        return active["version"], active["confirmed"]

    def test_update_goes_the_whole_way_over_every_road(self) -> None:
        for road in ((), ("--udp", "0"), ("--pty",)):
            with self.subTest(road=road):
                for slot in self.flash.iterdir():
                    slot.unlink()
                at = self.node(*road)
                self.good(at, "echo")
                said = self.good(at, "update", self.made("1.1.0"), "--key", self.public)
                self.assertIn("sent\nmarked\nrestarted\nrunning\nconfirmed\n", said)
                self.assertEqual(self.runs(at), ("1.1.0", True))
                self.process.kill()

    def test_single_steps(self) -> None:
        at = self.node()
        self.good(at, "upload", self.made("1.2.0"), "--key", self.public)
        new = next(slot for slot in self.slots(at) if not slot["active"])
        self.assertIn("next for one boot", self.good(at, "test", new["hash"][:8]))
        self.good(at, "reset")
        while self.runs(at)[0] != "1.2.0":
            pass
        self.assertEqual(self.runs(at), ("1.2.0", False))
        self.good(at, "confirm")
        self.assertEqual(self.runs(at), ("1.2.0", True))

    def test_a_reset_that_is_under_way_is_waited_for_and_not_asked_for_again(self) -> None:
        at = self.node("--udp", "0")
        image = self.made("1.2.0")
        self.good(at, "upload", image, "--key", self.public)
        new = next(slot for slot in self.slots(at) if not slot["active"])
        self.good(at, "test", new["hash"])
        self.good(at, "reset")
        self.good(at, "update", image, "--key", self.public)
        self.assertEqual(self.runs(at), ("1.2.0", True))

    def test_an_image_that_somebody_marked_long_ago_is_put_in_force(self) -> None:
        at = self.node("--udp", "0")
        image = self.made("1.2.0")
        self.good(at, "upload", image, "--key", self.public)
        self.good(at, "test", next(slot for slot in self.slots(at) if not slot["active"])["hash"])
        self.good(at, "update", image, "--key", self.public)
        self.assertEqual(self.runs(at), ("1.2.0", True))

    def test_power_cuts_at_two_hundred_bytes_cost_no_boot_and_no_byte(self) -> None:
        image = self.made("1.1.0", 200_000)
        dice = random.Random(7)
        cuts = dice.sample(range(1, image.stat().st_size), 200)
        at = self.node("--cut-at", ",".join(map(str, cuts)))
        self.good(at, "--answer-within", "100ms", "--tries", "20", "update", image, "--key", self.public)
        self.assertEqual(self.runs(at), ("1.1.0", True))
        self.process.kill()
        said = self.process.stdout.read()
        self.assertEqual(len(re.findall(r"^cut ", said, re.M)), 200)
        self.assertEqual(len(re.findall(r"^boots 1\.0\.0 ", said, re.M)), 200)
        self.assertNotIn("BRICKED", said)
        self.assertEqual((self.flash / "slot0.bin").read_bytes(), image.read_bytes())

    def test_cut_upload_goes_on_with_another_run_of_the_tool(self) -> None:
        image = self.made("1.1.0", 60_000)
        at = self.node("--cut-at", "30000")
        self.run_tool(at, "--tries", "1", "--answer-within", "200ms", "upload", image, "--key", self.public)
        self.assertEqual((self.flash / "slot1.bin").stat().st_size, 30_000)
        said = self.good(at, "upload", image, "--key", self.public)
        first = int(said.split()[0])
        self.assertGreaterEqual(first, 30_000, "what the node had was not sent again")
        self.assertEqual((self.flash / "slot1.bin").read_bytes(), image.read_bytes())

    def test_node_that_does_not_confirm_falls_back_and_is_told(self) -> None:
        at = self.node()
        said = self.refused(at, "--back-within", "2s", "update", self.made("1.1.0"), "--key", self.public, "--self-confirm")
        self.assertIn("did not confirm the image in its time and fell back to version 1.0.0", said)
        self.assertEqual(self.runs(at), ("1.0.0", True))

    def test_node_that_confirms_itself_is_believed(self) -> None:
        at = self.node("--confirms-itself")
        self.good(at, "update", self.made("1.1.0"), "--key", self.public, "--self-confirm")
        self.assertEqual(self.runs(at), ("1.1.0", True))

    def test_node_that_stays_away_is_told(self) -> None:
        at = self.node("--silent-after-reset")
        said = self.refused(at, "--back-within", "2s", "update", self.made("1.1.0"), "--key", self.public)
        self.assertIn("did not come back after its reset", said)

    def test_what_the_bootloader_refuses_is_told(self) -> None:
        at = self.node()
        self.public.write_bytes(subprocess.run(["openssl", "pkey", "-in", OTHER_KEY, "-pubout"], check=True,
                                               capture_output=True).stdout)
        said = self.refused(at, "update", self.made("1.1.0", key=OTHER_KEY), "--key", self.public)
        self.assertIn("no such thing", said)
        self.assertEqual(self.runs(at), ("1.0.0", True))

    def test_nothing_unverified_is_sent(self) -> None:
        at = self.node()
        image = self.made("1.1.0", 300)
        stranger = self.folder / "stranger.pem"
        subprocess.run(["openssl", "pkey", "-in", OTHER_KEY, "-pubout", "-out", stranger], check=True)
        self.refused(at, "upload", image, "--key", stranger)
        self.refused(at, "upload", image, "--key", self.public, "--vendor", "example.com", "--board", "dust")
        self.refused(at, "upload", image, "--key", self.public, "--min-counter", "2")
        self.assertIn("not newer", self.refused(at, "update", self.made("0.9.0"), "--key", self.public))
        self.assertIn("not newer", self.refused(at, "upload", self.made("1.0.0", 500), "--key", self.public))
        whole = image.read_bytes()
        torn = self.folder / "torn.img"
        for length in (*range(0, len(whole), 97), len(whole) - 1):
            torn.write_bytes(whole[:length])
            self.refused(at, "upload", torn, "--key", self.public)
        self.assertFalse((self.flash / "slot1.bin").exists())

    def test_lies_and_silence_end_in_one_line(self) -> None:
        self.assertIn("more than the image", self.refused(self.node("--lies"), "upload", self.made("1.1.0"), "--key", self.public))
        self.process.kill()
        self.process.wait()
        self.assertIn("does not answer", self.refused("udp:127.0.0.1:9", "--tries", "2", "--answer-within", "100ms", "echo"))
        wrong = self.run_tool("nowhere", "echo")
        self.assertIn("is no place", wrong.stderr)


if __name__ == "__main__":
    unittest.main()
