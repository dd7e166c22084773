"""What is true of every workbook we write: text stays text, and Excel may go on fitting the rows."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cchc_xl.office.excel.book import Book


@pytest.mark.parametrize("text", ["=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "http://x.vn", "0012", "1.10"])
def test_text_stays_text(text: str, tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    with Book(path) as book:
        book.write(book.sheet("A", (20,)), 0, 0, text, "cell")
    cell = load_workbook(path)["A"]["A1"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_a_row_s_height_is_a_guess_that_excel_may_change(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    with Book(path) as book:
        book.write(book.sheet("A", (10,)), 0, 0, "dài " * 30, "cell")
    with zipfile.ZipFile(path) as package:
        xml = package.read("xl/worksheets/sheet1.xml").decode()
    row = re.search(r"<row [^>]*>", xml)
    assert row
    assert ' ht="' in row[0]
    assert "customHeight" not in row[0]
