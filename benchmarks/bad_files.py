"""A folder of 300 bad files beside the eight good ones of the example: how long the whole of it takes.

The bad files are those of the tests: every way in which a file cannot be read, done to each of the eight forms, and one
form cut off at 28 places.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "2020-ca-nam"
PERIOD, BAD = "2020-N", 300


def bad_folder(folder: Path) -> tuple[Path, tuple[str, ...]]:
    """Writes the folder; returns it and the names of the bad files."""
    from tests.test_read import BAD_FILES

    shutil.copytree(EXAMPLE / "don-vi", folder)
    forms = [path.read_bytes() for path in sorted(folder.glob("*.xlsx"))]
    bad = [spoil(form) for form in forms for _, _, spoil, _ in BAD_FILES][: BAD - 28]
    whole = forms[0]
    bad += [whole[: len(whole) * share // 29] for share in range(1, 29)]
    names = tuple(f"hong/{number:03}.xlsx" for number in range(len(bad)))
    (folder / "hong").mkdir()
    for name, data in zip(names, bad, strict=True):
        (folder / name).write_bytes(data)
    return folder, names


def measure() -> None:
    """Checks the good files alone, then beside the bad ones; prints both times."""
    from cchc_xl import assess

    with tempfile.TemporaryDirectory() as name:
        folder, bad = bad_folder(Path(name) / "don-vi")
        plan = EXAMPLE / "ke-hoach.xlsx"
        times = []
        for where in (EXAMPLE / "don-vi", folder):
            start = time.perf_counter()
            assess(plan, where, period=PERIOD)
            times.append(time.perf_counter() - start)
    print(f"8 good files alone                {times[0]:8.3f} s")
    each = (times[1] - times[0]) / len(bad) * 1000
    print(f"8 good files and {len(bad)} bad ones     {times[1]:8.3f} s  {each:6.1f} ms a bad file")
