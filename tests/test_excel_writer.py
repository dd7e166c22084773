"""What is true of every workbook we write: text stays text, and Excel may go on fitting the rows."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook

from cchc_xl.office.excel.book import Book, lines_needed


@pytest.mark.parametrize("text", ["=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "http://x.vn", "0012", "1.10"])
def test_text_stays_text(text: str, tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    with Book(path, "Thử") as book:
        book.write(book.sheet("A", (20,)), 0, 0, text, "cell")
    cell = load_workbook(path)["A"]["A1"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_a_row_s_height_is_a_guess_that_excel_may_change(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    with Book(path, "Thử") as book:
        book.write(book.sheet("A", (10,)), 0, 0, "dài " * 30, "cell")
    with zipfile.ZipFile(path) as package:
        xml = package.read("xl/worksheets/sheet1.xml").decode()
    row = re.search(r"<row [^>]*>", xml)
    assert row
    assert ' ht="' in row[0]
    assert "customHeight" not in row[0]


@pytest.mark.parametrize(
    "name",
    ["báo cáo quý I.docx", "báo cáo #1 quý I.docx", "50%25.docx", "100%.docx", "a [b] {c} ^`.docx", "#%23.docx"],
)
def test_a_link_leads_to_the_file_of_this_very_name(name: str, tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    with Book(path, "Thử") as book:
        book.link(book.sheet("A", (20,)), 0, 0, f"../minh-chung/{name}", name)
    link = load_workbook(path)["A"]["A1"].hyperlink
    assert link
    assert link.location is None
    assert "#" not in link.target
    assert unquote(link.target).replace("\\", "/") == f"../minh-chung/{name}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("minh chứng; " * 40, "minh chứng; " * 40),  # 480 letters: no limit of 255 here
        ("a" * 32_767, "a" * 32_767),
        ("a" * 32_768, "a" * 32_766 + "…"),
        ("😀" * 16_383 + "a", "😀" * 16_383 + "a"),  # two units each
        ("😀" * 16_384, "😀" * 16_383 + "…"),
        ("a" + "😀" * 16_384, "a" + "😀" * 16_382 + "…"),  # no half of a character is left
    ],
    ids=["480", "32767", "32768", "32767 units", "32768 units", "half"],
)
def test_a_cell_holds_what_excel_lets_it_hold_and_says_that_more_was_there(
    text: str, shown: str, tmp_path: Path
) -> None:
    path = tmp_path / "b.xlsx"
    with Book(path, "Thử") as book:
        sheet = book.sheet("A", (20, 20, 20, 20))
        book.write(sheet, 0, 0, text, "cell")
        book.link(sheet, 0, 1, "a.docx", text)
        book.merge(sheet, 0, (2, 3), text, "cell")
    assert [cell.value for cell in load_workbook(path)["A"][1][:3]] == [shown] * 3


# text, width of the column, lines at least: a letter of a code takes the room of nearly two small ones
LONG = [
    ("một hai ba bốn năm sáu", 40, 1),
    ("KE_HOACH_CAI_CACH_HANH_CHINH", 14, 3),  # 28 letters of some 0,65 em in 14 × 0,47: no blank to break at
    ("tệp.xlsx › Phụ lục › HS_TIEPNHAN_TRUCTUYEN", 20, 3),
    ("MMMMMMMMMM", 10, 2),  # 0,9 em each: old estimates by the number of letters gave one line
    ("iiiiiiiiiiiiii", 10, 1),
    ("a\nb\nc", 40, 3),
]


@pytest.mark.parametrize(("text", "width", "lines"), LONG, ids=[row[0][:12] for row in LONG])
def test_rows_are_as_high_as_the_letters_are_wide(text: str, width: float, lines: int) -> None:
    assert lines_needed(text, width) == lines


def test_a_text_over_several_rows_has_room_in_all_of_them_together(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    with Book(path, "Thử") as book:
        sheet = book.sheet("A", (12, 40))
        book.merge_down(sheet, 0, (0, 2), "một hai " * 16, "cell")
        for row in range(3):
            book.write(sheet, row, 1, "ngắn", "cell")
    made = load_workbook(path)["A"]
    lines = lines_needed("một hai " * 16, 10)
    assert lines > 6
    assert sum(made.row_dimensions[row].height for row in (1, 2, 3)) >= lines * 15
    assert [str(area) for area in made.merged_cells.ranges] == ["A1:A3"]
