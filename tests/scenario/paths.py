"""Makes the parts of the demo's site importable: they are written once, in tests/site."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "site"))
