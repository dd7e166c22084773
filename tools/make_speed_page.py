"""Puts what was measured into ``docs/toc-do.md``: ``python tools/make_speed_page.py``, after ``python -m benchmarks … --json docs/so-do.json``.

The tables and the plot stand between two marks; what is said around them is written by hand. A test keeps them equal.
"""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.__main__ import bars
from benchmarks.contenders import Figure

ROOT = Path(__file__).resolve().parent.parent
MEASURED, PAGE = ROOT / "docs" / "so-do.json", ROOT / "docs" / "toc-do.md"
BEGIN, END = "<!-- so-do.json -->", "<!-- hết so-do.json -->"
NAMES = {
    "pandas + openpyxl, all sheets": "pandas + openpyxl, mọi sheet (không kiểm tra gì)",
    "pandas + calamine, all sheets": "pandas + calamine, mọi sheet (không kiểm tra gì)",
    "polars + fastexcel, all sheets": "polars + fastexcel, mọi sheet (không kiểm tra gì)",
    "bare calamine, sheets we use": "calamine trần, các sheet cần dùng",
    "ours, one process": "**cchc-xl, một tiến trình**: đọc, kiểm tra, tổng hợp, chấm điểm, in JSON",
    "ours, two processes": "**cchc-xl, hai tiến trình**",
    "ours, first run": "cchc-xl, lần đầu có ghi bản đọc",
    "ours, nothing changed": "cchc-xl, chạy lại, không tệp nào đổi",
    "ours, one file changed": "cchc-xl, chạy lại, một tệp đổi",
    "ours, Dask, 1 at work": "cchc-xl, cụm Dask một máy làm việc",
    "ours, Dask, 2 at work": "cchc-xl, cụm Dask hai máy làm việc",
    "ours, local folder": "cchc-xl, thư mục trên máy",
    "ours, over SMB": "cchc-xl, cùng thư mục qua `smb://`",
    "import click": '`python -c "import click"`',
    "cchc-xl --help": "`cchc-xl --help`",
}


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run of the benchmarks wrote."""

    command: str
    machine: str
    day: str
    figures: tuple[Figure, ...]

    @classmethod
    def read(cls, path: Path) -> Measured:
        """From the JSON file."""
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        figures = tuple(
            Figure(item["name"], tuple(item["clock"]), tuple(item["processor"]), item["memory"])
            for item in told["figures"]
        )
        return cls(told["command"], told["machine"], told["day"], figures)


def number(value: float, places: int) -> str:
    """As an office writes it.

    >>> number(1155.2, 0), number(8.4, 2)
    ('1.155', '8,40')
    """
    return f"{value:,.{places}f}".translate(str.maketrans(",.", ".,"))


def tables(measured: Measured) -> Iterator[str]:
    """The lines between the marks."""
    grown = [item for item in measured.figures if item.name.endswith(" files")]
    day = "/".join(reversed(measured.day.split("-")))
    yield f"`{measured.command} --json docs/so-do.json`, {day}, {measured.machine}:"
    yield from ("", "| | Giây | Bộ nhớ |", "| --- | ---: | ---: |")
    for item in measured.figures:
        if item in grown:
            continue
        seconds = f"{number(item.seconds, 2)} ({number(min(item.clock), 2)}–{number(max(item.clock), 2)})"
        yield f"| {NAMES[item.name]} | {seconds} | {number(item.memory, 0)} MB |"
    yield from ("", "| Mức phải đạt (thiết kế §11) | Đo được | |", "| --- | ---: | --- |")
    for first, second, ratio, way, bar, held in bars(measured.figures):
        least = "ít nhất" if way == ">=" else "nhiều nhất"
        what = f"{_short(first)} lâu {least} {number(bar, 1)} lần {_short(second)}"
        yield f"| {what} | {number(ratio, 2)} | {'đạt' if held else '**không đạt**'} |"
    if grown:
        yield from ("", "| Số biểu mẫu | Giây | Mili giây một tệp | Bộ nhớ |", "| ---: | ---: | ---: | ---: |")
        counts = [int(item.name.removeprefix("ours, ").removesuffix(" files")) for item in grown]
        each = [1000 * statistics.median(item.clock) / count for item, count in zip(grown, counts, strict=True)]
        for item, count, one in zip(grown, counts, each, strict=True):
            row = (number(count, 0), number(item.seconds, 2), number(one, 1), f"{number(item.memory, 0)} MB")
            yield f"| {' | '.join(row)} |"
        yield from ("", "```mermaid", "xychart-beta", '    title "Mili giây một tệp, cả khởi động"')
        labels = ", ".join(f'"{number(count, 0)}"' for count in counts)
        yield from (f"    x-axis [{labels}]", '    y-axis "mili giây"')
        yield f"    line [{', '.join(f'{one:.1f}' for one in each)}]"
        yield "```"


def _short(name: str) -> str:
    return NAMES[name].replace("**", "").partition(":")[0].partition(" (")[0]


def page() -> str:
    """The page as it should be."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    told = "\n".join(tables(Measured.read(MEASURED)))
    return f"{before}{BEGIN}\n{told}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
