"""How fast an image goes into a node over a console: 1 MB at 115200 baud, against what the framing allows.

    python3 tests/firmware-tools/node/upload_rate.py [BYTES]

A line of 127 bytes carries 124 of base64, 93 of a packet, and a byte on the wire takes ten bits.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILD = HERE.parents[2] / "build/release"
KEY = HERE.parents[1] / "data/mcuboot/test-only-ed25519.pem"
BAUD = 115_200
ALLOWED = BAUD / 10 * 93 / 127


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        folder, public = Path(name), Path(name) / "public.pem"
        subprocess.run(["openssl", "pkey", "-in", KEY, "-pubout", "-out", public], check=True)
        for slot, length, version in (("slot0.bin", 1000, "1.0.0"), ("new.img", size, "1.1.0")):
            (folder / "payload").write_bytes(random.Random(version).randbytes(length))
            subprocess.run([BUILD / "jieding-image", "create", folder / "payload", "--version", version, "--key", KEY,
                            "--out", folder / slot], check=True, stdout=subprocess.DEVNULL)
        node = subprocess.Popen([sys.executable, "-B", HERE / "simulated_node.py", folder, "--key", public, "--tcp", "0",
                                 "--baud", str(BAUD)], stdout=subprocess.PIPE, text=True)
        try:
            at = next(line.split()[1] for line in node.stdout if line.startswith("listens"))
            began = time.monotonic()
            subprocess.run([BUILD / "jieding-node", "--at", at, "upload", folder / "new.img", "--key", public], check=True)
            rate = (folder / "new.img").stat().st_size / (time.monotonic() - began)
        finally:
            node.kill()
            node.wait()
        print(f"{rate:.0f} bytes/s, {100 * rate / ALLOWED:.0f} % of the {ALLOWED:.0f} that the console framing allows")


if __name__ == "__main__":
    main()
