"""Prints what a file of ours says: ``python -m tools.show FILE [SHEET] [--like TEXT]``.

Of a workbook the rows of a sheet, their cells set apart by " | "; of a Word document its paragraphs and table rows. With
``--like`` only those in which the text stands.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from cchc_xl.text.days import date_vi


def lines(path: Path, sheet: str = "") -> Iterator[str]:
    """The rows or paragraphs that hold something, from top to bottom."""
    if path.suffix == ".docx":
        from docx import Document

        document = Document(str(path))
        yield from (paragraph.text for paragraph in document.paragraphs if paragraph.text.strip())
        for table in document.tables:
            yield from (" | ".join(cell.text for cell in row.cells) for row in table.rows)
        return
    from openpyxl import load_workbook

    for row in load_workbook(path, data_only=True)[sheet].iter_rows(values_only=True):
        if any(value is not None for value in row):
            yield " | ".join(map(_shown, row)).rstrip(" |")


def _shown(value: object) -> str:
    if isinstance(value, date):
        return date_vi(value)
    return "" if value is None else str(value)


def main(words: Sequence[str]) -> None:
    """Prints the lines asked for."""
    like = words[words.index("--like") + 1] if "--like" in words else ""
    path, *sheet = words[: words.index("--like")] if like else words
    print(*(line for line in lines(Path(path), *sheet) if like in line), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
