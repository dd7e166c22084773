"""``python -m benchmarks --report``: the Word report of more and more criteria; how its time grows with its rows.

The result of the year's example is taken as it is (31 criteria of the appendix), then with its criteria repeated under
new codes up to the given counts of rows.
"""

from __future__ import annotations

import copy
import tempfile
import time
from pathlib import Path
from typing import Any

from cchc_xl import assess
from cchc_xl.papers.documents import render
from cchc_xl.pipeline.jobs import example_path, template_path

COUNTS = (250, 500, 1000, 2000)
Document = dict[str, Any]


def measure(counts: tuple[int, ...] = COUNTS, rounds: int = 2) -> dict[int, float]:
    """Prints and returns the best time in seconds for each count of rows; the example itself stands under its own."""
    document = example()
    sizes = {len(document["criteria"]): document, **{count: grown(document, count) for count in counts}}
    best: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "bao-cao.docx"
        template = template_path("report.docx").read_bytes()
        render(document, template, out)
        for count, made in sizes.items():
            best[count] = min(_timed(made, template, out) for _ in range(rounds))
            size = out.stat().st_size // 1024
            print(f"{count:6d} rows  {best[count]:7.2f} s  {best[count] / count * 1000:6.2f} ms a row  {size:6d} kB")
    return best


def example() -> Document:
    """The result of the example of a whole year."""
    folder = example_path("2020-ca-nam")
    return assess(folder / "ke-hoach.xlsx", folder / "don-vi", period="2020-N").document()


def grown(document: Document, count: int) -> Document:
    """The document with its criteria repeated under new codes until there are ``count``."""
    made = {**document, "criteria": []}
    turn = 0
    while len(made["criteria"]) < count:
        for item in document["criteria"][: count - len(made["criteria"])]:
            again = copy.copy(item)
            again["code"] = f"{turn}/{item['code']}"
            again["parent"] = f"{turn}/{item['parent']}" if item["parent"] else None
            made["criteria"].append(again)
        turn += 1
    return made


def _timed(document: Document, template: bytes, out: Path) -> float:
    start = time.process_time()
    render(document, template, out)
    return time.process_time() - start
