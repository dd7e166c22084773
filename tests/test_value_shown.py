"""The value read is the value shown: what a cell shows is what counts, or a finding at the cell says why not.

Each row of a table is one kind of cell, as a program would store it: what it is read as, and what is said of it. The
kinds come from public reports of other software; every reader that can hold the kind is tried.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from cchc_xl.office.excel import Refused, parse
from cchc_xl.plan.figure_values import typed
from cchc_xl.records import ErrorValue, Kind, RawSheet, SourceFile, State, Uncalculated, Value
from tests.office import converted
from tests.unit_forms import ON_TIME, assess, build_plan, edit, fill, form, full_folder

SOURCE = SourceFile("vp.xlsx", "vp.xlsx", 0, datetime.fromisoformat(ON_TIME))
STRUCK, RAISED = InlineFont(strike=True), InlineFont(vertAlign="superscript")


def read(data: bytes) -> RawSheet:
    found = parse(data, SOURCE)
    assert not isinstance(found, Refused), found
    return found.sheets[0]


def saved(change: Callable[[Worksheet], None]) -> bytes:
    book = Workbook()
    change(book.active)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def rewritten(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return packed.getvalue()


def cell(value: Any, font: Font | None = None) -> Callable[[Worksheet], None]:
    def change(sheet: Worksheet) -> None:
        sheet["B2"] = value
        if font:
            sheet["B2"].font = font

    return change


# --- fonts: what is struck out is no text, a raised mark behind a number no digit ---

FONTS: list[tuple[str, Callable[[Worksheet], None], Value, bool]] = [
    ("a struck run before the number", cell(CellRichText(TextBlock(STRUCK, "12 "), "480")), "480", True),
    ("a struck run behind it", cell(CellRichText("480", TextBlock(STRUCK, " 12"))), "480", True),
    ("a whole text struck", cell("480", Font(strike=True)), None, True),
    ("a whole number struck", cell(480, Font(strike=True)), None, True),
    ("a raised footnote", cell(CellRichText("15", TextBlock(RAISED, "1"))), "15", True),
    ("a raised footnote in brackets", cell(CellRichText("15", TextBlock(RAISED, "(1)"))), "15", True),
    ("cubic metres", cell(CellRichText("m", TextBlock(RAISED, "3"))), "m3", False),
    ("a raised mark in a sentence", cell(CellRichText("Báo cáo", TextBlock(RAISED, "1"))), "Báo cáo1", False),
    ("bold is only bold", cell(CellRichText("4", TextBlock(InlineFont(b=True), "80"))), "480", False),
    ("strike switched off", cell(CellRichText("4", TextBlock(InlineFont(strike=False), "80"))), "480", False),
]


@pytest.mark.parametrize(("change", "value", "doubted"), [row[1:] for row in FONTS], ids=[row[0] for row in FONTS])
def test_what_is_struck_out_or_raised_does_not_count(
    change: Callable[[Worksheet], None], value: Value, doubted: bool
) -> None:
    sheet = read(saved(change))
    stored = sheet.rows[1][1] if len(sheet.rows) > 1 and len(sheet.rows[1]) > 1 else None
    assert stored == value
    assert sheet.doubts == (((2, 2, "D210"),) if doubted else ())


@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_struck_out_and_raised_text_saved_by_libreoffice(ending: str, tmp_path: Path) -> None:
    path = tmp_path / "vp.xlsx"
    path.write_bytes(saved(_all_fonts))
    (made,) = converted([path], ending, tmp_path / "moi")
    sheet = read(made.read_bytes())
    values = {row[0]: row[1] if len(row) > 1 else None for row in sheet.rows if row}
    assert values == {name: value for name, _, value, _ in FONTS}
    assert len(sheet.doubts) == sum(doubted for *_, doubted in FONTS)


def _all_fonts(sheet: Worksheet) -> None:
    for number, (name, change, _, _) in enumerate(FONTS, start=1):
        one = Workbook().active
        change(one)
        sheet.cell(number, 1).value, sheet.cell(number, 2).value = name, one["B2"].value
        sheet.cell(number, 2).font = Font(strike=one["B2"].font.strike)


# --- formulas: a stored value that nobody calculated ---


def formula(stored: str, calculation: str) -> bytes:
    """B2 holds a formula with this stored value; ``calculation`` is what the workbook says of its formulas."""
    data = saved(cell(1))
    data = rewritten(data, "xl/workbook.xml", lambda xml: re.sub(rb"<calcPr[^>]*/>", calculation.encode(), xml))
    return rewritten(
        data, "xl/worksheets/sheet1.xml", lambda xml: re.sub(rb'<c r="B2"[^>]*>.*?</c>', stored.encode(), xml)
    )


ON_LOAD, BY_HAND = '<calcPr calcId="1" fullCalcOnLoad="1"/>', '<calcPr calcMode="manual" calcCompleted="0"/>'
DONE = '<calcPr calcId="1"/>'
NUMBER, TEXT = '<c r="B2"><f>7+8</f><v>{}</v></c>', '<c r="B2" t="str"><f>IF(A1="","","x")</f>{}</c>'
FORMULAS: list[tuple[str, bytes, Value, tuple[str, ...]]] = [
    ("0 to be calculated on load", formula(NUMBER.format(0), ON_LOAD), Uncalculated("=7+8"), ()),
    ("0.0 to be calculated on load", formula(NUMBER.format("0.0"), ON_LOAD), Uncalculated("=7+8"), ()),
    ("15, to be calculated on load all the same", formula(NUMBER.format(15), ON_LOAD), 15, ()),
    ("0 that was calculated", formula(NUMBER.format(0), DONE), 0, ()),
    ("no value at all", formula('<c r="B2"><f>7+8</f></c>', DONE), Uncalculated("=7+8"), ()),
    ("calculated by hand, and not yet", formula(NUMBER.format(9), BY_HAND), 9, ("D211",)),
    ("a formula that shows nothing", formula(TEXT.format("<v></v>"), DONE), None, ()),
    ("a formula that shows nothing, in short", formula(TEXT.format("<v/>"), DONE), None, ()),
    ("a formula that shows text", formula(TEXT.format("<v>x</v>"), DONE), "x", ()),
    ("a value in CDATA", formula('<c r="B2"><v><![CDATA[15]]></v></c>', DONE), 15, ()),
    ("a picture in the cell", formula('<c r="B2" t="e" vm="1"><v>#VALUE!</v></c>', DONE), ErrorValue("#PICTURE!"), ()),
    ("a picture of WPS", formula('<c r="B2" t="str"><v>=DISPIMG("ID_1",1)</v></c>', DONE), ErrorValue("#PICTURE!"), ()),
    ("an error", formula('<c r="B2" t="e"><v>#VALUE!</v></c>', DONE), ErrorValue("#VALUE!"), ()),
]


@pytest.mark.parametrize(("data", "value", "doubts"), [row[1:] for row in FORMULAS], ids=[row[0] for row in FORMULAS])
def test_a_stored_value_counts_only_where_somebody_calculated_it(
    data: bytes, value: Value, doubts: tuple[str, ...]
) -> None:
    sheet = read(data)
    stored = sheet.rows[1][1] if len(sheet.rows) > 1 else None
    assert (type(stored), stored) == (type(value), value) or stored == value
    assert tuple(code for _, _, code in sheet.doubts) == doubts


# --- typed cells by the kind of their figure ---

WHOLE, MONEY, SHARE, WORDS = Kind.INTEGER, Kind.MONEY, Kind.PERCENT, Kind.TEXT
# (what is stored, its number format, the kind, what is read, the code of the finding; a note's begins with a letter T)
TYPED: list[tuple[Value, str, Kind, str | None, str | None]] = [
    (45, '#,##0" triệu đồng"', MONEY, None, "D108"),
    (45, '#,##0\\ "nghìn"', WHOLE, None, "D108"),
    (45500, "#,##0,", MONEY, None, "D108"),
    (45, '0".000"', WHOLE, None, "D108"),
    (45, "0\\0\\0", WHOLE, None, "D108"),
    (45000000, '#,##0 "đồng"', MONEY, "45000000", None),
    (45, '#,##0 "m2"', WHOLE, "45", None),
    (45, "[$-42A]#,##0", WHOLE, "45", None),
    ("15O", "", WHOLE, None, "D101"),
    ("15bis", "", WHOLE, None, "D101"),
    ("45đ", "", MONEY, "45", "T301"),
    ("5 ngan", "", WHOLE, None, "D108"),
    ("5 tá", "", WHOLE, None, "D108"),
    ("2 vạn", "", WHOLE, None, "D108"),
    ("5 ty dong", "", MONEY, None, "D108"),
    ("45 triÖu ®ång", "", MONEY, None, "D101"),
    ("45 hồ sơ", "", MONEY, None, "D101"),
    ("12 van ban", "", WHOLE, "12", "T301"),
    ("12 chuyến", "", WHOLE, "12", "T301"),  # the figure counts "chuyến"
    ("12 xe", "", WHOLE, None, "D101"),
    ("\u202a15\u202c", "", WHOLE, "15", None),
    ("1\u200b480", "", WHOLE, None, "D125"),
    (28.999999999999996, "", WHOLE, "29", None),
    (74.12, "0.00%", SHARE, "7412", "D212"),
    (-0.05, "0%", SHARE, "-5", "D212"),
    (0.7412, "", SHARE, "0.7412", "D213"),
    ("0,7412", "", SHARE, "0.7412", "D213"),
    ("0,5%", "", SHARE, "0.5", None),
    (0.005, "0.0%", SHARE, "0.5", None),
    (100, "", SHARE, "100", None),
    ("82,5% hài lòng", "", SHARE, "82.5", "T301"),
    (ErrorValue("#N/A"), "", WORDS, None, "D114"),
    (ErrorValue("#PICTURE!"), "", WORDS, None, "D127"),
    (Uncalculated("=1+1"), "", WORDS, None, "D115"),
    (False, "", WORDS, None, "D126"),
    (False, "", WHOLE, None, "D101"),
    (date(2021, 3, 5), "", WHOLE, None, "D109"),
]


@pytest.mark.parametrize(("stored", "number_format", "kind", "value", "code"), TYPED)
def test_a_cell_by_the_kind_of_its_figure(
    stored: Value, number_format: str, kind: Kind, value: str | None, code: str | None
) -> None:
    from cchc_xl.office.excel.readers import bounded

    (row,) = bounded(RawSheet("A", hidden=False, rows=((stored,),))).rows
    found = typed(row[0], kind, number_format, "chuyến Số chuyến kiểm tra")
    told = [item for item in (found.problem, *found.notes) if item]
    assert (None if found.value is None else str(found.value), told) == (value, [code] if code else [])
    assert (found.state is State.KNOWN) == (value is not None)


# --- text columns hold text ---


def test_what_is_no_text_is_named_at_its_cell_and_is_printed_nowhere(tmp_path: Path) -> None:
    plan = build_plan(tmp_path / "plan.xlsx")
    folder = full_folder(plan, tmp_path / "don-vi")
    path = form(folder, "VP")
    cells = [item[0] for item in load_workbook(path)["Phụ lục"].iter_rows(min_row=8)]
    row = next(item.row for item in cells if item.value == "1.1")

    def spoil(book: Workbook) -> None:
        sheet = book["Phụ lục"]
        sheet.cell(row, 9).value, sheet.cell(row, 6).value, sheet.cell(row, 10).value = "#N/A", '="a"&1', True

    edit(path, spoil)
    told = assess(plan, folder)
    found = [(item["code"], item["cell"]) for item in told["findings"] if item["file"] == path.name]
    assert found == [("D114", f"I{row}"), ("D115", f"F{row}"), ("D126", f"J{row}")]
    reports = next(item["reports"] for item in told["criteria"] if item["code"] == "1.1")
    own = next(item for item in reports if item["unit"] == "VP")
    assert (own["result"], own["evidence"], own["reason"]) == ("", "", "")


# --- dates that can hardly be ---

# (given, due, done): what is said, at the cells of the row
TASKS: list[tuple[tuple[Any, Any, Any], list[str]]] = [
    ((date(2021, 1, 4), date(2021, 3, 5), date(2021, 3, 4)), []),
    ((date(2021, 1, 4), date(2012, 3, 5), date(2021, 3, 4)), ["D214 D8"]),
    ((date(2021, 3, 4), date(2021, 3, 9), date(2021, 3, 1)), ["D214 E8"]),
    ((date(2021, 1, 4), date(2021, 4, 5), date(2021, 4, 4)), ["D214 E8"]),  # the file was saved on 18 March
    ((date(2021, 1, 4), datetime(2021, 3, 5, 17, 0), None), ["D214 D8"]),
    ((date(2021, 1, 4), "05/03/2021", "04/03/2021"), []),
]


@pytest.mark.parametrize(("days", "expected"), TASKS)
def test_a_date_that_can_hardly_be_is_told_and_kept(days: tuple[Any, ...], expected: list[str], tmp_path: Path) -> None:
    plan = build_plan(tmp_path / "plan.xlsx")
    folder = full_folder(plan, tmp_path / "don-vi")
    path = form(folder, "VP")
    counted = dict.fromkeys(("NV_GIAO", "NV_SOM", "NV_DUNG", "NV_TRE", "NV_CHUA"))
    fill(path, figures=counted, tasks=[("01/UBND", "Báo cáo", *days)])
    told = assess(plan, folder)
    found = [f"{item['code']} {item['cell']}" for item in told["findings"] if item["file"] == path.name]
    assert found == expected
    assert told["tasks"][0]["outcome"]


def test_days_and_months_that_a_machine_swapped_are_told(tmp_path: Path) -> None:
    plan = build_plan(tmp_path / "plan.xlsx")
    folder = full_folder(plan, tmp_path / "don-vi")
    counted = dict.fromkeys(("NV_GIAO", "NV_SOM", "NV_DUNG", "NV_TRE", "NV_CHUA"))
    tasks = [
        ("01", "Báo cáo", date(2021, 2, 1), date(2021, 3, 2), None),
        ("02", "Đề án", "25/01/2021", "30/06/2021", None),
    ]
    fill(form(folder, "VP"), figures=counted, tasks=tasks)
    told = [item for item in assess(plan, folder)["findings"] if item["code"] == "D214"]
    assert [item["cell"] for item in told] == ["C8", "D8"]
    assert "đổi chỗ ngày và tháng" in told[0]["message"]
