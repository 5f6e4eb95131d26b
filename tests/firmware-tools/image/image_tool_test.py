"""jieding-image itself: what it makes, what it says, how it ends.

    JIEDING_IMAGE=build/release/jieding-image tests/firmware-tools/image/image_tool_test.py
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

PROGRAM = os.environ["JIEDING_IMAGE"]
GIVEN = Path(__file__).resolve().parents[2] / "data/mcuboot"


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False)


class ImageTool(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.key = self.folder / "ed25519.pem"
        shutil.copy(GIVEN / "test-only-ed25519.pem", self.key)
        self.key.chmod(0o600)
        self.out = self.folder / "out.img"

    def expect(self, code: int, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        ended = run(*arguments)
        self.assertEqual(ended.returncode, code, ended.stderr)
        if code == 1:
            self.assertEqual(ended.stderr.count("\n"), 1, ended.stderr)
            self.assertTrue(ended.stderr.startswith("jieding-image: "), ended.stderr)
        return ended

    def test_create_makes_what_imgtool_makes(self) -> None:
        self.expect(0, "create", GIVEN / "payload.bin", "--out", self.out, "--version", "1.3.0", "--key", self.key,
                    "--security-counter", "auto", "--slot-size", "131072", "--confirmed")
        self.assertEqual(self.out.read_bytes(), (GIVEN / "ed25519-1.3.0-padded-confirmed.img").read_bytes())

    def test_sign_signs_what_was_unsigned(self) -> None:
        self.expect(0, "sign", GIVEN / "unsigned-0.9.0.img", "--out", self.out, "--key", self.key)
        good = self.expect(0, "verify", self.out, "--key", self.key)
        self.assertIn("version 0.9.0", good.stdout)

    def test_verify_needs_only_the_public_half(self) -> None:
        public = self.folder / "public.pem"
        subprocess.run(["openssl", "pkey", "-in", self.key, "-pubout", "-out", public], check=True)
        self.expect(0, "verify", GIVEN / "ed25519-pure-2.0.0.img", "--key", public)

    def test_verify_says_what_is_wrong(self) -> None:
        image = GIVEN / "ed25519-1.2.3+4-sc7.img"
        self.assertIn("not newer", self.expect(1, "verify", image, "--key", self.key, "--newer-than", "1.2.3+4").stderr)
        self.assertIn("counter 7", self.expect(1, "verify", image, "--key", self.key, "--min-counter", "8").stderr)
        self.assertIn("not signed",
                      self.expect(1, "verify", GIVEN / "unsigned-0.9.0.img", "--key", self.key).stderr)
        self.assertIn("another key", self.expect(1, "verify", GIVEN / "p256-1.0.0.img", "--key", self.key).stderr)
        self.assertIn("name a file", self.expect(1, "verify", self.folder / "none", "--key", self.key).stderr)

    def test_verify_speaks_to_programs(self) -> None:
        image = GIVEN / "ed25519-1.2.3+4-sc7.img"
        self.assertEqual(json.loads(self.expect(0, "verify", "--json", image, "--key", self.key).stdout), {"good": True})
        torn = self.folder / "torn.img"
        torn.write_bytes(image.read_bytes()[:-1])
        for code, wrong in (("image_damaged", (torn,)), ("image_signature", (GIVEN / "p256-1.0.0.img",)),
                            ("image_signature", (GIVEN / "unsigned-0.9.0.img",)), ("image_board", (image, "--vendor", "example.com")),
                            ("image_counter", (image, "--min-counter", "8")), ("", (image, "--newer-than", "1.2.3+4"))):
            said = self.expect(1, "verify", "--json", *wrong, "--key", self.key).stdout
            self.assertEqual(json.loads(said), {"good": False, "code": code})

    def test_inspect_speaks_to_programs(self) -> None:
        said = json.loads(self.expect(0, "inspect", "--json", GIVEN / "p256-1.1.0-dependency.img").stdout)
        self.assertEqual(said["version"], "1.1.0")
        self.assertEqual(said["dependencies"], [{"image": 1, "version": "1.2.0"}])
        self.assertEqual(said["boot_record"]["type"], "node")
        self.assertEqual(said["signature"]["kind"], "ECDSA P-256")

    def test_inspect_tells_a_changed_image(self) -> None:
        changed = bytearray((GIVEN / "p256-1.0.0.img").read_bytes())
        changed[600] ^= 1
        self.out.write_bytes(changed)
        self.assertIn("WRONG", self.expect(1, "inspect", self.out).stdout)

    def test_an_open_private_key_is_a_warning(self) -> None:
        self.key.chmod(0o644)
        ended = self.expect(0, "verify", GIVEN / "ed25519-pure-2.0.0.img", "--key", self.key)
        self.assertIn("chmod 600", ended.stderr)

    def test_a_key_with_a_password_is_refused_and_not_asked_for(self) -> None:
        locked = self.folder / "locked.pem"
        subprocess.run(["openssl", "pkey", "-in", self.key, "-aes256", "-passout", "pass:x", "-out", locked],
                       check=True)
        self.expect(1, "verify", GIVEN / "ed25519-pure-2.0.0.img", "--key", locked)

    def test_nothing_is_replaced_unasked(self) -> None:
        self.out.write_text("mine")
        sign = ("sign", GIVEN / "unsigned-0.9.0.img", "--out", self.out, "--key", self.key)
        self.expect(1, *sign)
        self.assertEqual(self.out.read_text(), "mine")
        self.expect(0, *sign, "--force")

    def test_wrong_use_ends_with_2(self) -> None:
        self.expect(2)
        self.expect(2, "verify", GIVEN / "p256-1.0.0.img")
        self.expect(2, "create", GIVEN / "payload.bin", "--out", self.out, "--version", "1.2.x")
        self.expect(2, "create", GIVEN / "payload.bin", "--out", self.out, "--version", "1.2", "--pure")
        self.expect(2, "create", GIVEN / "payload.bin", "--out", self.out, "--version", "1.2", "--board", "wind")
        self.expect(2, "create", GIVEN / "payload.bin", "--out", self.out, "--version", "1.2", "--dependency", "x:1")


if __name__ == "__main__":
    unittest.main()
