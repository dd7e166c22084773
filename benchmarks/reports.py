"""``python -m benchmarks report``: the Word report of more and more criteria; how its time grows with its rows.

The result of the example of a year is taken as it is, then with its criteria repeated under new codes.
"""

from __future__ import annotations

import itertools
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from cchc_xl import assess
from cchc_xl.papers.documents import render
from cchc_xl.pipeline.jobs import example_path, template_path
from cchc_xl.result.contents import Contents

COUNTS = (250, 500, 1000, 2000)


def measure(counts: tuple[int, ...] = COUNTS, rounds: int = 2) -> dict[int, float]:
    """Prints and returns the best time in seconds for each count of rows; the example itself stands under its own."""
    contents = example()
    sizes = {len(contents.criteria): contents, **{count: grown(contents, count) for count in counts}}
    best: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "bao-cao.docx"
        template = template_path("report.docx").read_bytes()
        render(contents, template, out)
        for count, made in sizes.items():
            best[count] = min(_timed(made, template, out) for _ in range(rounds))
            size = out.stat().st_size // 1024
            print(f"{count:6d} rows  {best[count]:7.2f} s  {best[count] / count * 1000:6.2f} ms a row  {size:6d} kB")
    return best


def example() -> Contents:
    """The result of the example of a whole year."""
    folder = example_path("2020-ca-nam")
    return assess(folder / "ke-hoach.xlsx", folder / "don-vi", period="2020-N").contents()


def grown(contents: Contents, count: int) -> Contents:
    """The result with its criteria repeated under new codes until there are ``count``."""
    turns = (
        replace(item, code=f"{turn}/{item.code}", parent=f"{turn}/{item.parent}" if item.parent else None)
        for turn in itertools.count()
        for item in contents.criteria
    )
    return replace(contents, criteria=tuple(itertools.islice(turns, count)))


def _timed(contents: Contents, template: bytes, out: Path) -> float:
    start = time.process_time()
    render(contents, template, out)
    return time.process_time() - start
