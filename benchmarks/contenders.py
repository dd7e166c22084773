"""What is timed: commands by name come in, how long each took as a whole process goes out.

All are run once a round, in turn, so that a machine that is busy for a while is so for all of them.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil

from benchmarks.workbooks import PERIOD

_ROOT = Path(__file__).resolve().parent.parent
_USED = ("Phụ lục", "Số liệu", "Nhiệm vụ", "_cchc")  # the sheets of a form that we read
_EACH = "import sys, pathlib\nfiles = sorted(pathlib.Path(sys.argv[1]).glob('*.xlsx'))\n"
_PANDAS = (
    "import pandas as pd\n"
    "pd.concat(sheet for file in files for sheet in pd.read_excel(file, engine={!r}, sheet_name=None).values())\n"
)
_POLARS = (
    "import polars as pl\n"
    "rows = sum(sheet.height for file in files for sheet in pl.read_excel(file, sheet_id=0).values())\n"
)
_CALAMINE = (
    "from python_calamine import CalamineWorkbook\n"
    "for file in files:\n"
    "    with CalamineWorkbook.from_path(str(file)) as book:\n"
    f"        for name in set(book.sheet_names) & set({_USED!r}):\n"
    "            book.get_sheet_by_name(name).to_python()\n"
)
Command = Callable[[], "list[str] | tuple[list[str], Mapping[str, str]]"]
Made = tuple[Path, Path | str]  # a plan and its units' workbooks: a folder, or an address


@dataclass(frozen=True, slots=True)
class Figure:
    """A contender's rounds: seconds by the clock and of the processor, and the most memory seen, in MB."""

    name: str
    clock: tuple[float, ...]
    processor: tuple[float, ...]
    memory: float

    @property
    def seconds(self) -> float:
        """The median by the clock."""
        return statistics.median(self.clock)

    def told(self) -> dict[str, object]:
        """As JSON has it."""
        return {"name": self.name, "clock": self.clock, "processor": self.processor, "memory": self.memory}


def others(made: tuple[Path, Path]) -> dict[str, Command]:
    """Scripts that only read the same workbooks, and check nothing."""
    scripts = {
        "pandas + openpyxl, all sheets": _PANDAS.format("openpyxl"),
        "pandas + calamine, all sheets": _PANDAS.format("calamine"),
        "polars + fastexcel, all sheets": _POLARS,
        "bare calamine, sheets we use": _CALAMINE,
    }
    return {name: partial(_python, "-c", _EACH + code, str(made[1])) for name, code in scripts.items()}


def ours(made: Made) -> dict[str, Command]:
    """Reading, checking, consolidating and scoring."""
    return {
        "ours, one process": partial(_check, made, "--no-cache"),
        "ours, two processes": partial(_check, made, "--no-cache", "--jobs", "2"),
    }


def ours_named(made: Made, name: str, *options: str) -> dict[str, Command]:
    """The same in one process, under a name of its own."""
    return {f"ours, {name}": partial(_check, made, "--no-cache", *options)}


def ours_again(made: Made, kept: Path) -> dict[str, Command]:
    """The same run by run, with what was read before in the folder ``kept``."""
    told = {"CCHC_XL_CACHE": str(kept)}
    return {
        "ours, first run": lambda: (_forgotten(kept, made), told),
        "ours, nothing changed": lambda: (_check(made), told),
        "ours, one file changed": lambda: (_changed(made), told),
    }


def start() -> dict[str, Command]:
    """Start-up beside that of the library that reads the command line."""
    return {
        "import click": partial(_python, "-c", "import click"),
        "cchc-xl --help": partial(_python, "-m", "cchc_xl", "--help"),
    }


def _python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def _check(made: Made, *options: str) -> list[str]:
    return _python("-m", "cchc_xl", "check", *map(str, made), "--period", PERIOD, "--json", *options)


def _forgotten(kept: Path, made: Made) -> list[str]:
    for path in kept.glob("*"):
        path.unlink()
    return _check(made)


def _changed(made: Made) -> list[str]:
    """Another time in the first part's directory entry: the bytes differ, what stands in the workbook does not."""
    path = max(Path(made[1]).glob("*.xlsx"))
    data = bytearray(path.read_bytes())
    data[10] ^= 1
    path.write_bytes(bytes(data))
    return _check(made)


def measured(commands: Mapping[str, Command], rounds: int) -> list[Figure]:
    """Runs them in turn, prints a line for each, and returns the figures; one that fails is told and left out."""
    taken: dict[str, list[tuple[float, float, float]]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            taken[name].append(_run(command))
    figures = []
    for name, rows in taken.items():
        if any(row[0] < 0 for row in rows):
            print(f"{name:34s} cannot be run here")
            continue
        clock, processor, memory = zip(*rows, strict=True)
        figures.append(Figure(name, clock, processor, max(memory)))
        spread = f"({min(clock):.2f}-{max(clock):.2f})"
        print(
            f"{name:34s} {statistics.median(clock):8.2f} s {spread:16s} processor "
            f"{statistics.median(processor):7.2f} s {max(memory):6.0f} MB",
            flush=True,
        )
    return figures


def _run(command: Command) -> tuple[float, float, float]:
    found = command()
    line, more = found if isinstance(found, tuple) else (found, {})
    told = {**os.environ, "PYTHONPATH": str(_ROOT), **more}
    begun, memory = time.perf_counter(), 0
    process = psutil.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=told, cwd=_ROOT)
    while True:
        done, status, taken = os.wait4(process.pid, os.WNOHANG)
        if done:
            break
        with suppress(psutil.Error):
            memory = max(memory, process.memory_info().rss)
        time.sleep(0.02)
    seconds = time.perf_counter() - begun
    if os.waitstatus_to_exitcode(status):
        return -1.0, 0.0, 0.0
    return seconds, taken.ru_utime + taken.ru_stime, memory / 1024 / 1024
