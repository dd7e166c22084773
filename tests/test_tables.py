"""Tables on a sheet: sheets drawn as a reader sees them go in, headings, rows and cells as found are read back."""

from __future__ import annotations

import time
from datetime import date

import pytest

from cchc_xl.office.excel.tables import Cell, Headings, Needed, Table, find
from cchc_xl.records import CellRef, ErrorValue, RawSheet, Uncalculated, Value

HEADINGS = ("Mã", "Tên số liệu", "Giá trị", "Ghi chú")
NEEDED = (frozenset({"Mã"}), frozenset({"Giá trị"}))


def sheet(*lines: str, merges: tuple[tuple[int, int, int, int], ...] = (), **more: tuple) -> RawSheet:
    """A sheet from its rows, cells parted by ``|``; a blank one holds nothing."""
    rows = tuple(tuple(text.strip() or None for text in line.split("|")) for line in lines)
    return RawSheet("Tờ 1", hidden=False, rows=rows, merges=merges, **more)


def table(*lines: str, needed: Needed = NEEDED, merges: tuple[tuple[int, int, int, int], ...] = ()) -> Table | None:
    return find(sheet(*lines, merges=merges), "vp.xlsx", "Số liệu", Headings(HEADINGS), needed)


# (rows, merged ranges, rows of the headings and their columns; None where there is no table)
FOUND: list[tuple[tuple[str, ...], tuple[tuple[int, int, int, int], ...], object]] = [
    (("Mã | Tên số liệu | Giá trị | Ghi chú",), (), ((1,), "Mã1 Tên số liệu2 Giá trị3 Ghi chú4")),
    (("Ghi chú | GIÁ  TRỊ | x | mã",), (), ((1,), "Ghi chú1 Giá trị2 Mã4")),
    (("Mã: | Tên số liệu | Giá trị (*) | Ghi chú (1)",), (), ((1,), "Mã1 Tên số liệu2 Giá trị3 Ghi chú4")),
    # a misspelt heading is never guessed: the column is missing, or the table
    (("Mã | Tên số lệu | Giá trị | Ghi chu",), (), ((1,), "Mã1 Giá trị3")),
    (("Mã số | Tên số liệu | Giá trị",), (), None),
    (("Mã | Tên số liệu",), (), None),
    # split over two rows, under a merged heading or not
    (("Mã | Tên | Giá | Ghi", " | số liệu | trị | chú"), (), ((1, 2), "Mã1 Tên số liệu2 Giá trị3 Ghi chú4")),
    (("Mã | Báo cáo | ", " | Giá trị | Ghi chú"), ((1, 2, 1, 3),), ((1, 2), "Mã1 Giá trị2 Ghi chú3")),
    (("Mã | Giá | ", " | trị | chú"), ((1, 2, 1, 3),), ((1, 2), "Mã1 Giá trị2")),
    # the 20th row is the last one looked at
    (("",) * 19 + ("Mã | Giá trị",), (), ((20,), "Mã1 Giá trị2")),
    (("",) * 20 + ("Mã | Giá trị",), (), None),
]


@pytest.mark.parametrize(("rows", "merges", "expected"), FOUND)
def test_headings_are_found_by_their_text(rows: tuple[str, ...], merges: tuple, expected: object) -> None:
    made = table(*rows, merges=merges)
    shown = made and (
        made.heading_rows,
        " ".join(f"{name}{column}" for name, column in sorted(made.columns.items(), key=lambda item: item[1])),
    )
    assert shown == expected


def test_where_no_heading_is_needed_the_row_with_most_of_them_is_taken() -> None:
    rows = ("Mã | Ghi chú", "Mã | Tên số liệu | Giá trị", "Mã | Tên số liệu")
    made, none = table(*rows, needed=()), table("Mã", "Giá trị", needed=())
    assert (made and made.heading_rows, none) == ((2,), None)
    needed = table(*rows, needed=(frozenset({"Mã"}),))
    assert needed is not None
    assert needed.heading_rows[0] == 1


def test_of_a_heading_that_stands_twice_the_left_column_is_read() -> None:
    made = table("Mã | Giá trị | Giá trị | Giá trị (*)", "A | 1 | 2 | 3")
    assert made is not None
    assert made.again == (("Giá trị", 3), ("Giá trị", 4))
    assert [row.value("Giá trị") for row in made.rows()] == ["1"]


def test_repeated_headings_are_no_rows_and_another_table_ends_this_one() -> None:
    made = table("Mã | Giá trị", "A | 1", "Mã | Giá trị", "B | 2", "x | Mã | Giá trị", "C | 3 | 4")
    assert made is not None
    assert [(row.number, row.text("Mã")) for row in made.rows()] == [(2, "A"), (4, "B")]
    assert (made.repeated, made.end) == ((3,), 4)


def test_a_row_knows_its_cells() -> None:
    read = RawSheet(
        "Tờ 1",
        hidden=False,
        rows=(("Ghi chú", None, "Mã", "Giá trị"), (" ", "lạ", " A ", 0.825), (None, None, 1.0, True)),
        formats=((2, 4, "0.0%"),),
    )
    made = find(read, "vp.xlsx", "Số liệu", Headings(HEADINGS), NEEDED)
    assert made is not None
    first, second = made.rows()
    assert (first.text("Mã"), first.value("Giá trị"), first.number_format("Giá trị")) == ("A", 0.825, "0.0%")
    assert first.at("Giá trị") == CellRef("vp.xlsx", "Tờ 1", 2, 4)
    assert (first.value("Ghi chú"), first.value("Tên số liệu")) == (None, None)
    assert first.at("Tên số liệu") == CellRef("vp.xlsx", "Tờ 1", 2, 1)
    assert (second.text("Mã"), second.text("Giá trị"), second.number_format("Giá trị")) == ("1", "", "")


def test_merged_ranges_are_filled_by_the_real_range_only() -> None:
    made = table(
        *("Mã | Tên số liệu | Giá trị | Ghi chú", "A | một | 1 | x", " | hai | 2 | ", "B | ba |  | y", " |  |  | "),
        merges=((2, 1, 3, 1), (4, 2, 4, 3), (5, 1, 5, 4)),
    )
    assert made is not None
    shown = [
        [f"{cell.text}@{cell.at.address}{'<' * cell.merged}" for cell in row.values()] for row in made.filled(HEADINGS)
    ]
    assert shown == [
        ["A@A2", "một@B2", "1@C2", "x@D2"],
        ["A@A2<", "hai@B3", "2@C3", "@D3"],
        ["B@A4", "ba@B4", "@B4<", "y@D4"],
    ]


def test_merged_ranges_without_end_are_read_at_once() -> None:
    ranges = tuple((2, 1, 1_048_576, 16_384) for _ in range(100_000))
    rows = ("Mã | Giá trị", *(f"A{number} | {number}" for number in range(1000)))
    began = time.monotonic()
    made = table(*rows, merges=ranges)
    assert made is not None
    assert list(made.filled(HEADINGS))
    assert time.monotonic() - began < 5


CELLS: list[tuple[Value, str, str, object, bool, bool]] = [
    # value, number format, text, number, blank, unreadable
    (None, "", "", None, True, False),
    ("   ", "", "", None, True, False),
    (" 1,5 ", "", "1,5", "1.5", False, False),
    ("90 trở lên", "", "90 trở lên", None, False, False),
    (0.7412, "0.00%", "74.12%", "74.12", False, False),
    (50, '0"%"', "50%", "50", False, False),
    (28.999999999999996, "", "29", "29", False, False),
    (True, "", "TRUE", None, False, False),
    (date(2021, 3, 14), "", "14/3/2021", None, False, False),
    (ErrorValue("#REF!"), "", "", None, False, True),
    (Uncalculated("=A1"), "", "", None, False, True),
]


@pytest.mark.parametrize(("value", "shown", "text", "number", "blank", "unreadable"), CELLS)
def test_a_cell(value: Value, shown: str, text: str, number: str | None, blank: bool, unreadable: bool) -> None:
    cell = Cell(value, CellRef("vp.xlsx", "Tờ 1", 2, 3), shown)
    assert (cell.text, cell.blank, cell.unreadable, cell.readable) == (
        text,
        blank,
        unreadable,
        not (blank or unreadable),
    )
    assert (str(cell.number) if cell.number is not None else None) == number
