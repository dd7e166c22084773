"""What the gate judges by a sample, judged whole: ``python tools/long.py``; prints the tables, takes some ten minutes.

Damaged forms in all pairs and in every format, all mutants of the plan, more of a result, bombs of full size, the other
readers asked again, every case of the tables of methods calculated by LibreOffice, every dangerous text, twice the
trees of groups, more of the long texts; runs killed at every write and at 180 moments; a province of 175 agencies in four
quarters; the Windows bundle under wine, with a year of an office; the slow lines of the command line in English; the distributions,
built and installed from the package index, under each CPython that is there and with the lowest versions allowed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMES = (
    "damages",
    "decree",
    "english",
    "every_method",
    "group_methods",
    "kept",
    "linear_text",
    "many_agencies",
    "many_files",
    "mutations",
    "readers_bar",
    "real_tables",
    "results_back",
    "safe_text",
    "shipped",
    "windows_lane",
)
SAMPLED = tuple(f"tests/test_{name}.py" for name in NAMES)

if __name__ == "__main__":
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", *SAMPLED]
    sys.exit(subprocess.run(command, cwd=ROOT, env={**os.environ, "CCHC_XL_WHOLE": "1"}, check=False).returncode)
