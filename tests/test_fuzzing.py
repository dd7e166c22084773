"""A thousand files with damaged bytes: one outcome each, no traceback, no death, bounded time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.conftest import PRINTED, ROOT

COUNT, SEED = 1000, 2021
SECONDS, BYTES = 20, 512 * 1024 * 1024
KNOWN = {f"F{number}" for number in range(101, 114)} | {"read"}
SOUND = sorted(
    [
        *(ROOT / "examples" / "2021-quy-1" / "don-vi").glob("2021-Q1_VP.xlsx"),
        *(
            path
            for path in (ROOT / "tests" / "workbooks").glob("bieu-mau-*")
            if path.suffix in (".xlsx", ".xls", ".ods", ".xlsb")
        ),
    ]
)


def test_a_thousand_damaged_files_have_one_outcome_each_in_bounded_time_and_memory() -> None:
    command = [sys.executable, "-m", "tests.fuzzing", str(COUNT), str(SEED), *map(str, SOUND)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert told["files"] == COUNT
    assert {code for _, code, _ in told["outcomes"]} <= KNOWN
    assert told["slowest"] < SECONDS
    assert told["peak"] < BYTES
    lines = [f"damaged bytes: {COUNT} files of {len(SOUND)} workbooks, each refused by a finding or read"]
    for kind in dict.fromkeys(kind for kind, _, _ in told["outcomes"]):
        shown = ", ".join(f"{code} {number}" for name, code, number in told["outcomes"] if name == kind)
        lines.append(f"{kind:24s}{shown}")
    lines.append(f"slowest file {told['slowest']:.2f} s, peak memory {told['peak'] // 1024 // 1024} MB")
    PRINTED.append("\n".join(lines))


def test_the_sound_workbooks_are_many_formats() -> None:
    assert {Path(path).suffix for path in SOUND} >= {".xlsx", ".xls", ".ods"}
