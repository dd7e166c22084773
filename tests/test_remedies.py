"""Every remedy followed to the letter: a fault is made on a sound form, the finding's remedy is done, and all is well.

A row of the table is a finding: how its fault comes about, what its remedy says to do, and which value the plan then
has. Well is: the value is right, and nothing above a note is said of the form. What is typed is typed as Excel would
store it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from cchc_xl.office.excel import Refused, parse
from cchc_xl.plan import load_plan
from cchc_xl.plan.edition import find_period, in_force
from cchc_xl.records import Finding, SourceFile, State, Submission
from cchc_xl.text.catalogue import catalogue, fix
from cchc_xl.text.words import read_date
from cchc_xl.unit.conform import conform
from cchc_xl.unit.sheets import Expected
from cchc_xl.unit.validate import check
from tests.damages import APPENDIX, FIGURES, TASKS, both, copied_sheet, heading_row, level, place, sheet, typed
from tests.marked import parts
from tests.test_damages import TASKS as FILLED_TASKS
from tests.test_read import _packed as packed
from tests.unit_forms import FULL, PERIOD, fill, form, issue_forms, plan_with

Change = Callable[[Workbook], None]
Bytes = Callable[[bytes], bytes]
# The Office enters every figure, and its plan wants evidence of 1.1.
PLAN = {f"Số liệu!G{row}": "Văn phòng Sở" for row in range(9, 15)} | {"Bộ chỉ số!G3": "Kế hoạch"}
AWAY, POINTS, EVIDENCE = State.NOT_APPLICABLE, "Điểm tự chấm", "Tài liệu kiểm chứng"


@dataclass(frozen=True)
class Remedy:
    """``says`` is in the remedy, in these words; ``gives`` the values that are right when it has been followed."""

    code: str
    fault: Change
    says: str
    follow: Change
    gives: Mapping[str, object]
    fault_in_bytes: Bytes | None = None
    follow_in_bytes: Bytes | None = None


def bare(code: str, value: Any, number_format: str = "General") -> Change:
    """Types a figure into a cell that was given this format first."""
    return typed(code, value, number_format)


def unstruck(code: str, value: Any) -> Change:
    """Takes the strikethrough away, empties the cell and types."""

    def change(book: Workbook) -> None:
        cell = place(book, FIGURES, code, "Giá trị")
        cell.font, cell.value = Font(strike=False), None
        cell.value = value

    return change


def in_a_run(code: str, value: CellRichText) -> Change:
    return typed(code, value)


def noted(code: str, value: Any, note: str) -> Change:
    """The number alone, and the words in the column of notes."""

    def change(book: Workbook) -> None:
        place(book, FIGURES, code, "Giá trị").value = value
        place(book, FIGURES, code, "Ghi chú").value = note

    return change


def struck(code: str) -> Change:
    def change(book: Workbook) -> None:
        place(book, FIGURES, code, "Giá trị").font = Font(strike=True)

    return change


def without_row(name: str, code: str) -> Change:
    def change(book: Workbook) -> None:
        found = sheet(book, name)
        found.delete_rows(place(book, name, code, {FIGURES: "Mã", APPENDIX: "TT"}[name]).row)

    return change


def row_again(name: str, code: str, heading: str, value: Any) -> Change:
    """A row with this code at the end of the table."""

    def change(book: Workbook) -> None:
        found = sheet(book, name)
        headings = {str(cell.value).strip(): cell.column for cell in found[heading_row(found)]}
        number = found.max_row + 1
        found.cell(number, headings[{FIGURES: "Mã", APPENDIX: "TT"}[name]]).value = code
        found.cell(number, headings[heading]).value = value

    return change


def last_row_gone(name: str) -> Change:
    def change(book: Workbook) -> None:
        found = sheet(book, name)
        found.delete_rows(found.max_row)

    return change


def code_as(value: Any, number_format: str, name: str | None) -> Change:
    def change(book: Workbook) -> None:
        cell = place(book, APPENDIX, "1.10", "TT")
        cell.value, cell.number_format = value, number_format
        sheet(book, APPENDIX).cell(cell.row, 2).value = name

    return change


def code_typed(heading: str, found: str, value: str) -> Change:
    """Formats the cell beside what stands under a heading as text, and types the code."""

    def change(book: Workbook) -> None:
        table = sheet(book, APPENDIX)
        column = next(cell.column for cell in table[heading_row(table)] if cell.value == heading)
        row = next(row for row in range(8, table.max_row + 1) if table.cell(row, column).value == found)
        table.cell(row, 1).number_format, table.cell(row, 1).value = "@", value

    return change


def task(address: str, value: Any) -> Change:
    def change(book: Workbook) -> None:
        book[TASKS][address] = value

    return change


def heading(name: str, old: str, new: str) -> Change:
    def change(book: Workbook) -> None:
        found = book[name]
        cell = next(cell for row in found.iter_rows(max_row=10) for cell in row if cell.value == old)
        cell.value = new

    return change


def second_column(book: Workbook) -> None:
    found = book[FIGURES]
    found["F7"], found["F8"] = "Giá trị", 99


def own_column(book: Workbook) -> None:
    """A figure typed under a heading of the unit's own, behind the form's columns."""
    place(book, FIGURES, "HSO_TONG", "Giá trị").value = None
    book[FIGURES]["F7"], book[FIGURES].cell(place(book, FIGURES, "HSO_TONG", "Giá trị").row, 6).value = "Số mới", 1480


def column_gone(book: Workbook) -> None:
    for row in range(1, book[FIGURES].max_row + 1):
        book[FIGURES].cell(row, 6).value = None


def two_sheets(book: Workbook) -> None:
    copied_sheet(book)
    book[FIGURES].title = "Sheet9"


def one_sheet(book: Workbook) -> None:
    book["Sheet9"].title = FIGURES
    del book["Số liệu (2)"]


def extra_sheet_gone(book: Workbook) -> None:
    del book["Số liệu (2)"]


def in_font(value: str, font: str) -> Change:
    def change(book: Workbook) -> None:
        cell = place(book, APPENDIX, "1.10", "Kết quả thực hiện")
        cell.value, cell.font = value, Font(name=font)

    return change


def stale(stored: bytes, calculation: bytes) -> Bytes:
    """What the file says of the formula 1463+17."""

    def rewrite(data: bytes) -> bytes:
        made = parts(data)
        for name, part in made.items():
            told = re.sub(rb"<f>1463\+17</f><v ?/?>[^<]*(?:</v>)?", b"<f>1463+17</f><v>" + stored + b"</v>", part)
            made[name] = re.sub(rb"<calcPr[^>]*/>", calculation, told) if name == "xl/workbook.xml" else told
        return packed(made)

    return rewrite


def picture(data: bytes) -> bytes:
    made = parts(data)
    for name, part in made.items():
        made[name] = re.sub(rb'(<c r="[A-Z]+\d+"[^>]*) t="e"><v>#VALUE!</v>', rb'\1 t="e" vm="1"><v>#VALUE!</v>', part)
    return packed(made)


NUMBER = "Nhập số nguyên không âm, ví dụ 1480"
STRUCK = InlineFont(strike=True)
REMEDIES = (
    Remedy("D101", typed("HSO_TONG", "148O"), NUMBER, typed("HSO_TONG", 1480), {"HSO_TONG": 1480}),
    Remedy("D101", typed("NGUYEN", "không có"), "không có việc nào: ghi 0", typed("NGUYEN", 0), {"NGUYEN": 0}),
    Remedy("D101", typed("NGUYEN", "-"), "ghi “không phát sinh”", typed("NGUYEN", "không phát sinh"), {"NGUYEN": AWAY}),
    Remedy("D101", typed("THAP_PHAN", "hơn một"), "Nhập số, ví dụ 12,5", typed("THAP_PHAN", "12,5"), {"THAP_PHAN": Decimal("12.5")}),
    Remedy("D101", typed("TY_LE", "cao"), "ví dụ 82,5 (nghĩa là 82,5%)", typed("TY_LE", 82.5), {"TY_LE": Decimal("82.5")}),
    Remedy("D101", typed("SO_TIEN", "nhiều"), "ví dụ 640905000", typed("SO_TIEN", 640905000), {"SO_TIEN": 640905000}),
    Remedy("D101", level("1.2", "cao nhất", POINTS), "Nhập điểm bằng số, ví dụ 1,75", level("1.2", "1,75", POINTS), {"1.2": Decimal("1.75")}),
    Remedy("D102", without_row(FIGURES, "GHI_CHU"), "Thêm lại dòng có mã này", row_again(FIGURES, "GHI_CHU", "Giá trị", "không có"), {"GHI_CHU": "không có"}),
    Remedy("D103", typed("HSO_TONG", None), NUMBER, typed("HSO_TONG", 1480), {"HSO_TONG": 1480}),
    Remedy("D103", typed("NGUYEN", None), "không có việc nào: ghi 0", typed("NGUYEN", 0), {"NGUYEN": 0}),
    Remedy("D103", typed("NGAY_BH", None), "Nhập ngày/tháng/năm, ví dụ 31/12/2021", typed("NGAY_BH", date(2020, 12, 31)), {"NGAY_BH": "31/12/2020"}),
    Remedy("D103", typed("NGAY_BH", None), "không phát sinh: ghi “không phát sinh”", typed("NGAY_BH", "không phát sinh"), {"NGAY_BH": AWAY}),
    Remedy("D103", typed("GHI_CHU", None), "Gõ nội dung bằng chữ", typed("GHI_CHU", "không có"), {"GHI_CHU": "không có"}),
    Remedy("D104", typed("HSO_TONG", "12%"), "nhập số thật, không phải tỷ lệ", bare("HSO_TONG", 1480), {"HSO_TONG": 1480}),
    Remedy("D104", typed("HSO_TONG", 14.8, "0%"), "đặt định dạng ô là General", bare("HSO_TONG", 1480), {"HSO_TONG": 1480}),
    Remedy("D105", typed("HSO_TONG", "1,480"), NUMBER, typed("HSO_TONG", 1480), {"HSO_TONG": 1480}),
    Remedy("D106", typed("THAP_PHAN", "1.480"), "phần thập phân dùng dấu phẩy", typed("THAP_PHAN", "1,48"), {"THAP_PHAN": Decimal("1.48")}),
    Remedy("D107", typed("HSO_TONG", "1480 (kỳ trước 1300)"), "Chỉ ghi một số; phần giải thích ghi ở cột Ghi chú", noted("HSO_TONG", 1480, "kỳ trước 1300"), {"HSO_TONG": 1480}),
    Remedy("D108", typed("HSO_TONG", "1,48 nghìn"), "Ghi đủ chữ số", bare("HSO_TONG", 1480), {"HSO_TONG": 1480}),
    Remedy("D108", typed("SO_TIEN", 45, '0" triệu đồng"'), "45 triệu đồng ghi 45000000", bare("SO_TIEN", 45000000), {"SO_TIEN": 45000000}),
    Remedy("D109", typed("HSO_TONG", date(2021, 3, 12)), "Định dạng ô là General rồi nhập lại số", bare("HSO_TONG", 1480), {"HSO_TONG": 1480}),
    Remedy("D110", without_row(APPENDIX, "1.10"), "chọn mức đạt", row_again(APPENDIX, "1.10", "Mức đạt", "Đủ"), {"1.10": "Đủ"}),
    Remedy("D111", level("1.10", None), "Chọn một trong: Đủ; Thiếu", level("1.10", "Đủ"), {"1.10": "Đủ"}),
    Remedy("D112", level("1.10", "Tốt"), "Chọn một trong: Đủ; Thiếu", level("1.10", "Thiếu"), {"1.10": "Thiếu"}),
    Remedy("D113", typed("NGAY_BH", "cuối năm"), "Nhập ngày/tháng/năm, ví dụ 31/12/2021", typed("NGAY_BH", "31/12/2021"), {"NGAY_BH": "31/12/2021"}),
    Remedy("D113", task("D8", "đầu tháng 3"), "Nhập ngày/tháng/năm", task("D8", date(2021, 3, 10)), {"NV_SOM": 1}),
    Remedy("D114", typed("HSO_TONG", "#N/A"), "nhập lại giá trị", typed("HSO_TONG", 1480), {"HSO_TONG": 1480}),
    Remedy("D114", level("1.1", "#REF!", EVIDENCE), "Gõ nội dung bằng chữ", level("1.1", "Quyết định 12", EVIDENCE), {"1.1": "Đạt"}),
    Remedy("D115", typed("HSO_TONG", "=1463+17"), "hoặc nhập thẳng giá trị", typed("HSO_TONG", 1480), {"HSO_TONG": 1480}),
    Remedy("D115", typed("HSO_TONG", "=1463+17"), "Mở bằng Excel, chờ tính xong và lưu lại", typed("HSO_TONG", "=1463+17"), {"HSO_TONG": 1480}, None, stale(b"1480", b"<calcPr/>")),
    Remedy("D116", row_again(FIGURES, "HSO_TONG", "Giá trị", 7), "Giữ một dòng đúng, xóa dòng thừa", last_row_gone(FIGURES), {"HSO_TONG": 1480}),
    Remedy("D117", code_as(date(2021, 2, 3), "d-mmm", "Gửi báo cáo"), "Định dạng cột TT là Text và nhập lại mã", code_typed("NỘI DUNG", "Gửi báo cáo", "1.10"), {"1.10": "Đủ"}),
    Remedy("D118", task("D8", None), "Nhập hạn hoàn thành", task("D8", date(2021, 3, 10)), {"NV_SOM": 1}),
    Remedy("D120", heading(FIGURES, "Giá trị", "Trị số"), "Ghi lại đúng dòng tiêu đề", heading(FIGURES, "Trị số", "Giá trị"), {"HSO_TONG": 1480}),
    Remedy("D122", second_column, "đổi tên hoặc xóa cột kia", column_gone, {"HSO_DUNG": 30}),
    Remedy("D123", two_sheets, "Giữ một sheet, đặt lại tên “Số liệu”, xóa các sheet kia", one_sheet, {"HSO_TONG": 1480}),
    Remedy("D125", typed("HSO_TONG", "1\u200b480"), "Xóa ô rồi gõ lại số", both(typed("HSO_TONG", None), typed("HSO_TONG", 1480)), {"HSO_TONG": 1480}),
    Remedy("D126", typed("GHI_CHU", True), "Gõ nội dung bằng chữ", typed("GHI_CHU", "không có"), {"GHI_CHU": "không có"}),
    Remedy("D127", level("1.1", "#VALUE!", EVIDENCE), "ghi tên tệp vào ô", level("1.1", "anh-quyet-dinh.jpg", EVIDENCE), {"1.1": "Đạt"}, picture),
    Remedy("D201", typed("NV_TRE", 2), "sửa cho khớp", typed("NV_TRE", 1), {"NV_TRE": 1}),
    Remedy("D202", code_as("1.2", "@", "Báo cáo"), "Sửa mã hoặc tên cho đúng dòng", code_typed("NỘI DUNG", "Báo cáo", "1.10"), {"1.10": "Đủ"}),
    Remedy("D203", level("1.1", 9, POINTS), "Nhập lại điểm tự chấm từ 0 đến 4", level("1.1", 4, POINTS), {"1.1": 4}),
    Remedy("S110", level("1.2", 9, POINTS), "Nhập lại điểm tự chấm từ 0 đến 2, bước 0,25", level("1.2", 2, POINTS), {"1.2": 2}),
    Remedy("D204", level("1.2", None, "Kết quả thực hiện"), "Ghi “Kết quả thực hiện”", level("1.2", "Đã lập danh mục", "Kết quả thực hiện"), {"1.2": Decimal("1.5")}),
    Remedy("D205", level("1.2", None, POINTS), "Nhập điểm", level("1.2", 1.5, POINTS), {"1.2": Decimal("1.5")}),
    Remedy("D207", in_font("hép møt tÕt", "Times New Roman"), "Gõ lại bằng Unicode", in_font("họp mứt tết", "Times New Roman"), {"1.10": "Đủ"}),
    Remedy("D208", copied_sheet, "xóa sheet thừa", extra_sheet_gone, {"HSO_TONG": 1480}),
    Remedy("D209", heading(APPENDIX, POINTS, "Điểm"), "Thêm lại cột có đúng tiêu đề này", heading(APPENDIX, "Điểm", POINTS), {"1.2": Decimal("1.5")}),
    Remedy("D210", in_a_run("HSO_TONG", CellRichText(TextBlock(STRUCK, "12 "), "480")), "xóa ô rồi gõ lại giá trị đúng", unstruck("HSO_TONG", 1480), {"HSO_TONG": 1480}),
    Remedy("D210", struck("HSO_TONG"), "Bỏ định dạng gạch ngang", unstruck("HSO_TONG", 1480), {"HSO_TONG": 1480}),
    Remedy("D211", typed("HSO_TONG", "=1463+17"), "Mở bằng Excel, bấm F9 rồi lưu lại", typed("HSO_TONG", "=1463+17"), {"HSO_TONG": 1480}, stale(b"1300", b'<calcPr calcMode="manual" calcCompleted="0"/>'), stale(b"1480", b'<calcPr calcMode="manual"/>')),
    Remedy("D212", typed("TY_LE", 82.5, "0.00%"), "Gõ lại tỷ lệ kèm dấu %", typed("TY_LE", 0.825, "0.00%"), {"TY_LE": Decimal("82.5")}),
    Remedy("D213", typed("TY_LE", 0.825), "ghi đủ phần trăm, ví dụ 74,12", typed("TY_LE", 82.5), {"TY_LE": Decimal("82.5")}),
    Remedy("D213", typed("TY_LE", 0.5), "ghi kèm dấu %, ví dụ 0,5%", typed("TY_LE", "0,5%"), {"TY_LE": Decimal("0.5")}),
    Remedy("D213", typed("TY_LE", 0.5), "ghi kèm dấu %, ví dụ 0,5%", typed("TY_LE", 0.005, "0.0%"), {"TY_LE": Decimal("0.5")}),
    Remedy("D214", both(task("C8", date(2021, 1, 4)), task("D8", date(2012, 3, 5))), "nhập ngày/tháng/năm", task("D8", date(2021, 3, 10)), {"NV_SOM": 1}),
    Remedy("D215", level("1.2", "1,75/3", POINTS), "chỉ cần ghi điểm, ví dụ 1,75", level("1.2", "1,75", POINTS), {"1.2": Decimal("1.75")}),
    Remedy("T315", own_column, "chép vào cột đúng của biểu mẫu", both(typed("HSO_TONG", 1480), column_gone), {"HSO_TONG": 1480}),
    Remedy("C101", typed("HSO_DUNG", 9999), "", typed("HSO_DUNG", 30), {"HSO_DUNG": 30}),
    Remedy("E201", level("1.1", None, EVIDENCE), "Ghi tên, số văn bản", level("1.1", "Quyết định 12/QĐ-SLĐTBXH", EVIDENCE), {"1.1": "Đạt"}),
)  # fmt: skip
# What is said of a unit's own appendix or form, or of nothing that one types: tests/test_familiar.py and
# tests/test_real_forms.py have them.
ELSEWHERE = {"D128", "D129", "D130", "D131", "D132", "D206", "D216", "D217"}


@dataclass(frozen=True)
class Bench:
    expected: Expected
    sound: bytes

    def read(self, data: bytes) -> tuple[Submission, tuple[Finding, ...]]:
        made = parse(data, SourceFile("vp.xlsx", "vp.xlsx", 0, datetime(2021, 3, 18, tzinfo=timezone.utc)))
        assert not isinstance(made, Refused)
        found = conform(made, self.expected)
        assert isinstance(found, tuple), found
        (sent,) = found
        return sent, (*sent.findings, *check(sent, self.expected.edition))


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    folder = tmp_path_factory.mktemp("chua")
    path = plan_with(folder / "plan.xlsx", PLAN)
    plan = load_plan(path)
    period = find_period(plan, PERIOD)
    assert period is not None
    own = form(issue_forms(path, folder / "don-vi"), "VP")
    figures = {**FULL["VP"]["figures"], **FULL["LD"]["figures"], "HSO_TONG": 1480}
    rows = {**FULL["VP"]["rows"], "1.1": {"Mức đạt": "Đạt", EVIDENCE: "Quyết định 12"}}
    fill(own, figures=figures, rows=rows, tasks=FILLED_TASKS)
    return Bench(Expected.of(in_force(plan, period)), own.read_bytes())


def edited(data: bytes, change: Change, rewrite: Bytes | None) -> bytes:
    book = load_workbook(io.BytesIO(data), rich_text=True)
    change(book)
    packed_again = io.BytesIO()
    book.save(packed_again)
    return rewrite(packed_again.getvalue()) if rewrite else packed_again.getvalue()


def value(sent: Submission, code: str) -> object:
    """The figure, level or points of this code as read."""
    for figure in sent.figures:
        if figure.measure == code:
            return (
                figure.state
                if figure.state is not State.KNOWN
                else figure.text
                if figure.value is None or read_date(figure.text)
                else figure.value
            )
    row = next(row for row in sent.criteria if row.criterion == code)
    return row.self_points if row.self_points is not None else row.level


def above_notes(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(item.code, item.at.address if item.at else "") for item in findings if item.severity != "note"]


def test_the_sound_form_is_sound(bench: Bench) -> None:
    assert above_notes(bench.read(bench.sound)[1]) == []


@pytest.mark.parametrize("remedy", REMEDIES, ids=[f"{item.code} {number}" for number, item in enumerate(REMEDIES)])
def test_a_remedy_followed_to_the_letter_leads_to_the_right_value(bench: Bench, remedy: Remedy) -> None:
    faulty = edited(bench.sound, remedy.fault, remedy.fault_in_bytes)
    told = [item for item in bench.read(faulty)[1] if item.code == remedy.code]
    assert told, above_notes(bench.read(faulty)[1])
    assert remedy.says in fix(told[0])
    sent, findings = bench.read(edited(faulty, remedy.follow, remedy.follow_in_bytes))
    assert above_notes(findings) == []
    assert {code: value(sent, code) for code in remedy.gives} == dict(remedy.gives)


# What the remedies do not say: left out, or done as one might think, it leads nowhere.
ASTRAY = {
    "only the sign is deleted in a cell of a % format": (typed("HSO_TONG", 14.8, "0%"), typed("HSO_TONG", 1480)),
    "typed into a cell that is still struck out": (struck("HSO_TONG"), typed("HSO_TONG", 1480)),
    "0 for a day that there is not": (typed("NGAY_BH", None), typed("NGAY_BH", 0)),
}


@pytest.mark.parametrize(("fault", "followed"), ASTRAY.values(), ids=list(ASTRAY))
def test_the_judgement_can_fail(bench: Bench, fault: Change, followed: Change) -> None:
    assert above_notes(bench.read(edited(edited(bench.sound, fault, None), followed, None))[1])


def test_every_finding_about_a_form_has_its_remedy_tried() -> None:
    codes = {code for code in catalogue() if code.startswith("D")}
    assert codes - {item.code for item in REMEDIES} == ELSEWHERE
