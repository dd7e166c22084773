"""What the gate judges by a sample, judged whole: ``python tools/long.py``; prints the tables, takes some ten minutes.

Damaged forms in all pairs and in every format, mutants of the plan read as files, the other readers asked again.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLED = ("tests/test_damages.py", "tests/test_mutations.py", "tests/test_readers_bar.py")

if __name__ == "__main__":
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", *SAMPLED]
    sys.exit(subprocess.run(command, cwd=ROOT, env={**os.environ, "CCHC_XL_WHOLE": "1"}, check=False).returncode)
