"""The story of one form and one sloppy clerk, told in three mornings at the Office; every slip is a row of a table.

On 16 March the form comes with 26 slips; on 18 March its marked copy comes back, most of it mended; on 25 March, after
the deadline of the 20th, it comes mended whole. Each time: what is said at which cell, which copy goes back, and
whether anybody is late.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import MergedCell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.worksheet.worksheet import Worksheet

from cchc_xl import pipeline
from cchc_xl.papers.letters import debts
from cchc_xl.result import Result
from cchc_xl.text.catalogue import message
from tests.unit_forms import PERIOD, edit, form, issue_forms, plan_with

FIGURES, APPENDIX, TASKS, LIST = "Số liệu", "Phụ lục", "Nhiệm vụ", "Lỗi cần sửa"
FIRST, SECOND, THIRD = "2021-03-16T02:00:00Z", "2021-03-18T02:00:00Z", "2021-03-25T02:00:00Z"
STRUCK = InlineFont(strike=True)
# The Office of the department enters every figure of the small plan, and two of its criteria want evidence.
PLAN = {f"Số liệu!G{row}": "Văn phòng Sở" for row in range(9, 15)} | {
    "Bộ chỉ số!G3": "Kế hoạch",
    "Bộ chỉ số!G5": "Báo cáo",
}


@dataclass(frozen=True)
class Slip:
    """What the clerk typed where, what is said there, and what the clerk types when the copy has come back.

    ``later`` is what is typed on 25 March, where the first mending was none. A tuple is a value and its format.
    """

    what: str
    cell: str
    typed: Any
    codes: str
    mended: Any
    later: Any = None
    again: str = ""


SLIPS = (
    Slip("the letter O for a zero", "Số liệu!D8", "3O", "D101", 30),
    Slip("thousands as a word", "Số liệu!D9", "1,48 nghìn", "D108", 25, later=1480),
    Slip("two numbers in a cell", "Số liệu!D10", "4 giao, 1 chuyển", "D107", 4),
    Slip(
        "a struck-out number before the right one", "Số liệu!D11", CellRichText(TextBlock(STRUCK, "2 "), "1"), "D210", 1
    ),
    Slip("a percentage of things that are counted", "Số liệu!D12", "25%", "D104", 1),
    Slip("an Excel error", "Số liệu!D13", "#N/A", "D114", 1),
    Slip("a hidden character between digits", "Số liệu!D14", "1\u200b0", "D125", 1),
    Slip("a dot that may be two things", "Số liệu!D15", "1.480", "D106 T312", "1,5"),
    Slip("a blank, because the cell above reaches over it", "Số liệu!D16", None, "D103", 12),
    Slip("money shown in millions", "Số liệu!D17", (640.905, '#,##0.000" triệu"'), "D108", (640905000, "General")),
    Slip("a share for a percentage", "Số liệu!D18", 0.825, "D213", 82.5),
    Slip("a day that is none", "Số liệu!D19", "30/02/2021", "D113", "hôm nọ", later="28/02/2021", again="D113"),
    Slip("TRUE for a text", "Số liệu!D20", True, "D126", "không có gì thêm"),
    Slip("a row of its own", "Số liệu!A21", "SO_MOI", "T302", None),
    Slip("a level that there is not", "Phụ lục!G9", "Tốt", "D112", "Đạt"),
    Slip("an error for evidence", "Phụ lục!I9", "#REF!", "D114 E201", "Quyết định 12/QĐ-SLĐTBXH"),
    Slip("a code with a dot", "Phụ lục!A10", "1.2.", "", "1.2"),
    Slip("points of another maximum", "Phụ lục!H10", "1,5/3", "D215", "1,5/2"),
    Slip("points without a word of why", "Phụ lục!F10", None, "D204", "Đã lập danh mục"),
    Slip("a code that Excel made a number", "Phụ lục!A11", 1.1, "T304", "1.10"),
    Slip("a level not chosen", "Phụ lục!G11", None, "D111", "Đủ"),
    Slip("letters of an old font in a new one", "Phụ lục!J11", "hép møt tÕt", "D207", "Đã họp một lần"),
    Slip("a deadline in words", "Nhiệm vụ!D8", "cuối tháng 3", "D113", date(2021, 3, 10)),
    Slip("a deadline in another year", "Nhiệm vụ!D9", date(2012, 3, 5), "D214", date(2021, 3, 5)),
    Slip("a day that is “done”", "Nhiệm vụ!E10", "xong", "D113", date(2021, 3, 11)),
    Slip("no deadline", "Nhiệm vụ!D11", None, "D118", None, later=date(2021, 3, 15), again="D118"),
)
# What the clerk typed well: neither is ever spoken of.
WELL = {
    "Nhiệm vụ!A8": "01/UBND", "Nhiệm vụ!B8": "Báo cáo tháng", "Nhiệm vụ!C8": date(2021, 1, 4), "Nhiệm vụ!E8": date(2021, 3, 9),
    "Nhiệm vụ!A9": "02/UBND", "Nhiệm vụ!B9": "Kế hoạch", "Nhiệm vụ!C9": date(2021, 1, 4), "Nhiệm vụ!E9": date(2021, 3, 5),
    "Nhiệm vụ!A10": "03/UBND", "Nhiệm vụ!B10": "Trả lời", "Nhiệm vụ!C10": date(2021, 1, 4), "Nhiệm vụ!D10": date(2021, 3, 10),
    "Nhiệm vụ!A11": "04/UBND", "Nhiệm vụ!B11": "Góp ý", "Nhiệm vụ!C11": date(2021, 1, 4),
    "Phụ lục!I11": "Báo cáo 15/BC-SLĐTBXH", "Số liệu!D21": 7,
}  # fmt: skip


def put(book: Workbook, cells: Iterable[tuple[str, Any]]) -> None:
    """Types into the form as a person does: what is typed takes the place of what stood there."""
    for place, value in cells:
        name, _, address = place.partition("!")
        cell = book[name][address]
        cell.value, written = value if isinstance(value, tuple) else (value, None)
        if written:
            cell.number_format = written


def sloppy(book: Workbook) -> None:
    put(book, WELL.items())
    put(book, ((slip.cell, slip.typed) for slip in SLIPS))
    book[FIGURES].merge_cells("D15:D16")


def mended(book: Workbook) -> None:
    book[FIGURES].unmerge_cells("D15:D16")
    put(book, ((slip.cell, slip.mended) for slip in SLIPS))
    put(book, [("Số liệu!D21", None)])


def mended_whole(book: Workbook) -> None:
    put(book, ((slip.cell, slip.later) for slip in SLIPS if slip.later is not None))


@dataclass
class Office:
    """The folder where the units send, and the Office's results."""

    plan: Path
    folder: Path
    out: Path

    def run(self) -> Result:
        return pipeline.run(self.plan, self.folder, period=PERIOD, out=self.out)

    @property
    def copy(self) -> Path:
        return self.out / PERIOD / "phan-hoi" / "VP.xlsx"


def said(result: Result) -> dict[str, set[str]]:
    """The codes at each cell of the clerk's form."""
    told: dict[str, set[str]] = {}
    for item in result.findings:
        if item.unit == "VP" and item.at and item.at.address:
            told.setdefault(f"{item.at.sheet}!{item.at.address}", set()).add(item.code)
    return told


def of_the_file(result: Result) -> set[str]:
    return {item.code for item in result.findings if item.unit == "VP" and item.at and not item.at.address}


def coloured(sheet: Worksheet) -> set[str]:
    return {
        f"{sheet.title}!{area.sqref}"
        for area in sheet.conditional_formatting
        if any("cchc-xl" in formula for rule in area.rules for formula in rule.formula)
    }


def spoken_of(copy: Path) -> set[str]:
    """The cells that have a colour, each of which has our note too, unless it lies under a merged one."""
    book = load_workbook(copy)
    cells = {cell for sheet in book.worksheets for cell in coloured(sheet)}
    noted = {
        f"{sheet.title}!{cell.coordinate}"
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment is not None and "cchc-xl" in cell.comment.text
    }
    covered = {
        f"{sheet.title}!{cell.coordinate}"
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell, MergedCell)
    }
    assert noted == cells - covered
    return cells


def roll(result: Result) -> tuple[str, str | None]:
    row = next(row for row in result.contents.rollcall if row.unit == "VP")
    return row.status, row.file


def owed(result: Result) -> list[str]:
    """What the letter says that the unit owes."""
    return [debt.told for debt in debts(result.contents) if debt.code == "VP"]


def test_the_story_of_a_sloppy_clerk(tmp_path: Path) -> None:
    office = Office(plan_with(tmp_path / "plan.xlsx", PLAN), tmp_path / "don-vi", tmp_path / "ket-qua")
    own = form(issue_forms(office.plan, office.folder), "VP")
    assert len(SLIPS) == 26

    # 16 March. The form comes in time. Each slip is told at its cell, and nothing is said of any other.
    edit(own, sloppy, FIRST)
    result = office.run()
    assert roll(result) == ("submitted", "2021-Q1_VP.xlsx")
    assert said(result) == {slip.cell: set(slip.codes.split()) for slip in SLIPS if slip.codes}
    assert of_the_file(result) == set()
    first = load_workbook(office.copy)[LIST]
    assert [first[f"A{row}"].value for row in (3, 4)] == [
        "Văn phòng Sở, Quý I năm 2021, tệp 2021-Q1_VP.xlsx: 17 lỗi phải sửa, 7 cảnh báo, 3 ghi chú.",
        "Đã nhận: 2 số liệu, 1 tiêu chí, 1 nhiệm vụ hợp lệ.",  # 1 and 0,825; the row of 1.2; the task of 2012
    ]
    assert owed(result) == ["17 nội dung phải sửa; 07 nội dung cần kiểm tra lại"]  # the same numbers
    listed = {f"{row[2].value}!{row[3].value}" for row in first.iter_rows(min_row=6) if row[3].value}
    assert spoken_of(office.copy) == listed == said(result).keys()

    # 18 March. The clerk types into the marked copy and sends it beside the first. What is still wrong is said again,
    # what was mended never; thousands "mended" to 25 are now fewer than the 30 that were in time: a second mistake.
    edit(Path(shutil.copy(office.copy, office.folder / "VP sửa.xlsx")), mended, SECOND)
    result = office.run()
    assert roll(result) == ("submitted", "VP sửa.xlsx")
    again = {slip.cell: set(slip.again.split()) for slip in SLIPS if slip.again}
    assert said(result) == again | {"Số liệu!D8": {"C101"}}
    assert of_the_file(result) == {"U301"}
    second = load_workbook(office.copy)[LIST]
    assert [second[f"A{row}"].value for row in (3, 4)] == [
        "Văn phòng Sở, Quý I năm 2021, tệp VP sửa.xlsx: 3 lỗi phải sửa.",
        "Đã nhận: 11 số liệu, 3 tiêu chí, 3 nhiệm vụ hợp lệ.",
    ]
    assert spoken_of(office.copy) == said(result).keys()
    assert load_workbook(office.copy).sheetnames.count(LIST) == 1

    # 25 March, five days after the deadline. All is mended: nothing goes back, and who sent in time is not late.
    edit(Path(shutil.copy(office.copy, office.folder / "VP sửa lần 2.xlsx")), mended_whole, THIRD)
    result = office.run()
    assert roll(result) == ("submitted", "VP sửa lần 2.xlsx")
    assert said(result) == {}
    assert of_the_file(result) == {"U301", "U302"}
    (correction,) = (message(item) for item in result.findings if item.code == "U302")
    assert correction == "Văn phòng Sở gửi bản đầu đúng hạn; đây là bản sửa lần 3, ngày 25/3/2021, không tính là trễ."
    assert not office.copy.exists()
    assert owed(result) == []  # no letter either
    details = result.contents.measure_details
    figures = {item.code: entry.value for item in details for entry in item.entries if entry.unit == "VP"}
    assert (figures["HSO_TONG"], figures["SO_TIEN"], figures["NV_TRE"]) == (1480, 640905000, 1)
