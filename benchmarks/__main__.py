"""``python -m benchmarks [PART …] [--files N] [--rounds N] [--json FILE]``: the figures of design §11, side by side.

Parts: ``pairs`` (scripts of others and ours on the same workbooks, whole processes in turn), ``growth`` (20 to 10,000
workbooks), ``again`` (a second run after one change), ``start`` (``--help``), ``cluster`` (Dask with one and two
workers), ``share`` (over SMB), ``report`` (the Word report of more and more criteria), ``bad`` (300 bad files beside 8
good ones). Without a name: ``pairs``, ``again`` and ``start``. Each figure is the median of the rounds, the least and
the most beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from benchmarks import bad_files, reports
from benchmarks.contenders import Figure, measured, others, ours, ours_again, ours_named, start
from benchmarks.workbooks import make_workbooks

PARTS = ("pairs", "again", "start", "growth", "cluster", "share", "report", "bad")
COUNTS = (20, 200, 2000, 10_000)  # workbooks, of which the last are five times as many as elsewhere
BARS = {  # by the names of two figures: how many times as long the first takes, or may take, as the second
    ("pandas + openpyxl, all sheets", "ours, one process"): (">=", 5.0),
    ("pandas + calamine, all sheets", "ours, one process"): (">=", 1.1),
    ("ours, one process", "bare calamine, sheets we use"): ("<=", 2.5),
    ("ours, one process", "ours, two processes"): (">=", 1.7),
    ("ours, first run", "ours, one file changed"): (">=", 10.0),
    ("cchc-xl --help", "import click"): ("<=", 3.0),
}


def main(given: Sequence[str] | None = None) -> int:
    """Parses the arguments, measures and prints; 1 if a bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--files", type=int, default=2000, help="unit workbooks to make (2000)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds (3)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    parser.add_argument("--no-bars", action="store_true", help="0 also where a bar is missed: for few files")
    arguments = parser.parse_args(given)
    parts = arguments.parts or ["pairs", "again", "start"]
    if unknown := [part for part in parts if part not in PARTS]:
        parser.error(f"no such part: {', '.join(unknown)}")
    kernel = f"{platform.system()} {platform.release().partition('-')[0]}"
    machine = f"{kernel}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(machine)
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as name:
        for part in (part for part in PARTS if part in parts):
            print(f"\n{part}")
            figures += _part(part, Path(name), arguments.files, arguments.rounds)
    if arguments.json:
        told = {
            "command": f"python -m benchmarks {' '.join(parts)} --files {arguments.files} --rounds {arguments.rounds}",
            "machine": machine,
            "day": datetime.now().astimezone().date().isoformat(),
            "figures": [item.told() for item in figures],
        }
        arguments.json.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    ratios = bars(figures)
    for first, second, ratio, way, bar, held in ratios:
        print(f"{first} / {second}: {ratio:.2f} (bar: {way} {bar}){'' if held else '  MISSED'}")
    return 0 if arguments.no_bars or all(row[-1] for row in ratios) else 1


def _part(part: str, home: Path, files: int, rounds: int) -> list[Figure]:
    if part == "report":
        reports.measure()
    elif part == "bad":
        bad_files.measure()
    elif part == "start":
        return measured(start(), rounds)
    elif part == "growth":
        counts = [count for count in COUNTS if count <= files * 5]
        return [item for count in counts for item in measured(ours_named(_made(home, count), f"{count} files"), rounds)]
    elif part in ("cluster", "share"):
        from benchmarks import cluster, share

        measure = cluster.measure if part == "cluster" else share.measure
        return measure(_made(home, files), rounds)
    else:
        made = _made(home, files)
        return measured(others(made) | ours(made) if part == "pairs" else ours_again(made, home / "doc"), rounds)
    return []


def _made(home: Path, count: int) -> tuple[Path, Path]:
    folder = home / str(count)
    if not folder.exists():
        folder.mkdir()
        make_workbooks(folder, count)
    return folder / "plan.xlsx", folder / "don-vi"


def bars(figures: Sequence[Figure]) -> list[tuple[str, str, float, str, float, bool]]:
    """The ratios that have a bar: of what to what, how much, the bar, and whether it is held."""
    known = {item.name: item for item in figures}
    found = []
    for (first, second), (way, bar) in BARS.items():
        if first in known and second in known:
            ratio = known[first].seconds / known[second].seconds
            found.append((first, second, ratio, way, bar, ratio >= bar if way == ">=" else ratio <= bar))
    return found


if __name__ == "__main__":
    sys.exit(main())
