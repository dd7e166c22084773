"""What other readers make of a file: ``python -m tests.peers FILE… [-- FILE…]`` prints their counts of cells as JSON.

About the files behind ``--`` only ours is asked.

Each reads in a process of its own, forked here, with 3 seconds of work and 2 GiB; a reader that dies, hangs or raises
counts as having read nothing. Ours reads once in the same way, with the peak of its memory, its child's included; what
lies in ``tests/workbooks``, which is no bomb, it reads one after another, and the peak is that of all of them.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import sys
import time
import warnings
from collections.abc import Callable
from datetime import datetime, timezone
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

# The others get less than the measurements gave them, so that a test run stays short; ours gets what it may take. They
# get it in seconds of work, so that a busy machine does not make them poorer.
SECONDS, PEER_SECONDS, BYTES = 20, 3, 2 * 1024**3


WORKBOOKS = Path(__file__).resolve().parent / "workbooks"


def with_openpyxl(path: str) -> int:
    from openpyxl import load_workbook

    # The cells it holds: its iteration over rows invents every other one up to the farthest, and never comes back.
    return sum(cell.value is not None for sheet in load_workbook(path).worksheets for cell in sheet._cells.values())


def with_openpyxl_read_only(path: str) -> int:
    from openpyxl import load_workbook

    return sum(
        cell.value is not None
        for sheet in load_workbook(path, read_only=True).worksheets
        for row in sheet.iter_rows()
        for cell in row
    )


def with_calamine(path: str) -> int:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    return sum(
        value != "" for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for value in row
    )


def with_pandas(engine: str) -> Callable[[str], int]:
    def read(path: str) -> int:
        import pandas as pd

        sheets = pd.read_excel(path, sheet_name=None, header=None, engine=engine)  # type: ignore[call-overload]
        return sum(int(frame.notna().sum().sum()) for frame in sheets.values())

    return read


def with_xlrd(path: str) -> int:
    import xlrd

    return sum(
        cell.ctype not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) and cell.value != ""
        for sheet in xlrd.open_workbook(path).sheets()
        for row in sheet.get_rows()
        for cell in row
    )


def with_ours(path: str) -> int:
    from cchc_xl.office import excel as reading
    from cchc_xl.office.excel.bounds import Opened
    from cchc_xl.records import SourceFile

    told: list[Any] = []
    ask = reading._opened

    def opened(*job: Any) -> Any:
        told.append(ask(*job))
        return told[-1]

    reading._opened = opened  # with the stamp's sheet, which a form does not show
    data = Path(path).read_bytes()
    try:
        found = reading.parse(data, SourceFile(Path(path).name, path, 1, datetime(2021, 3, 1, tzinfo=timezone.utc)))
    finally:
        reading._opened = ask
    if isinstance(found, reading.Refused):
        raise ValueError(found.finding.code)  # noqa: TRY004 - the answer, as text
    shown, _ = told[-1]
    assert isinstance(shown, Opened)
    return sum(
        sum(value is not None for row in sheet.rows for value in row) + len(sheet.outside) for sheet in shown.sheets
    )


PEERS: dict[str, Callable[[str], int]] = {
    "openpyxl": with_openpyxl,
    "openpyxl read-only": with_openpyxl_read_only,
    "pandas, openpyxl": with_pandas("openpyxl"),
    "calamine": with_calamine,
    "pandas, calamine": with_pandas("calamine"),
    "xlrd": with_xlrd,
}


def ours_of(paths: list[str]) -> Callable[[str], Any]:
    """Ours for many files: for each its count, or a text where there is none, and the seconds."""

    def read(_: str) -> list[tuple[int | str, float]]:
        told = []
        for path in paths:
            start = time.perf_counter()
            try:
                count: int | str = with_ours(path)
            except ValueError as error:
                count = str(error)
            told.append((count, time.perf_counter() - start))
        return told

    return read


def _work(read: Callable[[str], Any], path: str, answer: Connection, limit: int) -> None:
    import os

    if limit:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
        resource.setrlimit(resource.RLIMIT_CPU, (round(used + PEER_SECONDS),) * 2)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what a dying reader prints is not ours
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            answer.send(read(path))
        except ValueError as error:
            answer.send(str(error))
    from cchc_xl.office.excel.child import close

    close()
    own, children = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    answer.send(max(own, children) * 1024)


def asked(
    read: Callable[[str], Any], path: str, limit: int = BYTES, allowed: float = 3 * SECONDS
) -> tuple[Any, int, float]:
    """The count, or a text or None where there is none; the peak memory in bytes; the seconds."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(read, path, there, limit))
    start = time.perf_counter()
    process.start()
    there.close()
    told: list[Any] = []
    try:
        while len(told) < 2 and here.poll(max(0.0, allowed - (time.perf_counter() - start))):
            told.append(here.recv())
    except EOFError:
        pass
    process.kill()
    process.join()
    seconds = time.perf_counter() - start
    return (told[0] if told else None), (told[1] if len(told) > 1 else 0), seconds


def main() -> None:
    import openpyxl  # noqa: F401 - before forking, so that no child pays for it
    import pandas as pd  # noqa: F401 - as above
    import python_calamine  # noqa: F401 - as above
    import xlrd  # noqa: F401 - as above

    import cchc_xl.office.excel.child
    import cchc_xl.office.excel.readers  # noqa: F401 - as above

    answers = {}
    given = sys.argv[1:]
    end = given.index("--") if "--" in given else len(given)
    paths = given[:end] + given[end + 1 :]
    kept = [path for path in paths if Path(path).is_relative_to(WORKBOOKS)]
    told, most, _ = asked(ours_of(kept), "", limit=0, allowed=3 * SECONDS * len(kept))
    known = {path: (count, most, seconds) for path, (count, seconds) in zip(kept, told or (), strict=True)}
    for number, path in enumerate(paths):
        ours, peak, seconds = known[path] if path in known else asked(with_ours, path, limit=0)
        counts = {name: asked(read, path)[0] if number < end else None for name, read in PEERS.items()}
        answers[Path(path).name] = {"ours": ours, "peak": peak, "seconds": seconds, "peers": counts}
    print(json.dumps(answers))


if __name__ == "__main__":
    main()
