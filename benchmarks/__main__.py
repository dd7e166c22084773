"""``python -m benchmarks [--files 200] [--rounds 3] [--bad | --report]``: reading, checking, scoring against others.

Makes one workbook per unit from the plan template (its eight units repeated), filled in with openpyxl, and times on the
same files, in one process each and in turn: a script that only concatenates ``pandas.read_excel``; a bare
python-calamine pass over every sheet; and ours. Prints the best of the rounds and the ratios of design §11.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks import reports
from benchmarks.bad_files import measure
from benchmarks.workbooks import make_workbooks


def main() -> None:
    """Parses the arguments, measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--files", type=int, default=200, help="unit workbooks to make (200)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds; the best of each contender counts (3)")
    parser.add_argument("--bad", action="store_true", help="instead: 300 bad files beside 8 good ones")
    parser.add_argument("--report", action="store_true", help="instead: the Word report of more and more criteria")
    arguments = parser.parse_args()
    if arguments.report:
        reports.measure()
        return
    if arguments.bad:
        measure()
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plan, forms, period = make_workbooks(folder, arguments.files)
        files = sorted(forms.glob("*.xlsx"))
        contenders: dict[str, Callable[[], object]] = {
            "pandas concat, openpyxl": lambda: _pandas(files),
            "bare python-calamine pass": lambda: _calamine(files),
            "cchc_xl: read, check, consolidate, score": lambda: _ours(plan, forms, period),
        }
        best = dict.fromkeys(contenders, float("inf"))
        for _ in range(arguments.rounds):
            for contender, call in contenders.items():
                start = time.perf_counter()
                call()
                best[contender] = min(best[contender], time.perf_counter() - start)
        _print(best, len(files))


def _pandas(files: Iterable[Path]) -> object:
    import pandas as pd

    return pd.concat(pd.read_excel(file, engine="openpyxl") for file in files)


def _calamine(files: Iterable[Path]) -> object:
    from python_calamine import CalamineWorkbook

    rows = 0
    for file in files:
        with CalamineWorkbook.from_path(str(file)) as workbook:
            rows += sum(len(workbook.get_sheet_by_name(name).to_python()) for name in workbook.sheet_names)
    return rows


def _ours(plan: Path, forms: Path, period: str) -> object:
    from cchc_xl import assess

    assessment = assess(plan, forms, period=period)
    if not assessment.scorecard.index.complete:
        sys.exit("the benchmark's workbooks were not all read")
    return assessment


def _print(best: dict[str, float], count: int) -> None:
    pandas_time, calamine_time, ours = best.values()
    for contender, seconds in best.items():
        print(f"{contender:42s} {seconds:8.3f} s  {seconds / count * 1000:7.2f} ms a file")
    print(f"{count} workbooks: {pandas_time / ours:.1f} times faster than pandas (bar: at least 3)")
    print(f"{count} workbooks: {ours / calamine_time:.1f} times a bare calamine pass (bar: at most 5)")


if __name__ == "__main__":
    main()
