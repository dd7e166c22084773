"""What the gate judges by a sample, judged whole: ``python tools/long.py [name …]``; takes as long as it takes.

A test that would be too long for the gate asks ``WHOLE`` of ``tests/conftest.py`` and says there what it leaves out. All modules
that ask are run, or those named: ``shipped`` is ``tests/test_shipped.py``.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASKS = re.compile(r"from tests\.conftest import (?:\([^)]*|.*)\bWHOLE\b|\bconftest\.WHOLE\b")


def sampled() -> list[str]:
    """The names of the test modules of which the gate judges a sample."""
    modules = sorted((ROOT / "tests").glob("test_*.py"))
    return [path.stem.removeprefix("test_") for path in modules if ASKS.search(path.read_text(encoding="utf-8"))]


if __name__ == "__main__":
    files = [f"tests/test_{name}.py" for name in sys.argv[1:] or sampled()]
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", *files]
    sys.exit(subprocess.run(command, cwd=ROOT, env={**os.environ, "CCHC_XL_WHOLE": "1"}, check=False).returncode)
