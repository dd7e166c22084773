"""The units' workbooks: the plan in force comes in, one workbook per unit that must report goes out.

Contract: design §4. Drop-downs, checks and locked cells come from the same rows of the plan as the checks of what comes
back, so that form and checker cannot disagree.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from cchc_xl.office.excel.book import Book, file_name
from cchc_xl.office.excel.bounds import STAMP_SHEET
from cchc_xl.plan.edition import entered_measures
from cchc_xl.plan.marking import ReportedMethod, mark_step
from cchc_xl.plan.methods import scoring
from cchc_xl.records import CellRef, Edition, Finding, Kind, Node, Unit, column_letters
from cchc_xl.text.catalogue import finding
from cchc_xl.text.numbers import vietnamese
from cchc_xl.unit.form import (
    APPENDIX_HEADINGS,
    APPENDIX_SHEET,
    FIGURE_HEADINGS,
    FIGURES_SHEET,
    FORM_VERSION,
    NOT_APPLICABLE,
    TASK_HEADINGS,
    TASKS_SHEET,
    FormRow,
    cut,
    figure_check,
    fingerprint,
    form_rows,
)

HEADING_ROW = 6
TASK_ROWS, MORE_TASK_ROWS = 40, 1000
_TITLE = "PHỤ LỤC BÁO CÁO CẢI THIỆN CHỈ SỐ CẢI CÁCH HÀNH CHÍNH"
_TASK_WIDTHS = (22, 60, 14, 16, 16, 34)
_APPENDIX_WIDTHS = (7, 34, 22, 36, 20, 30, 16, 10, 26, 28)


def issue(
    edition: Edition, folder: Path, *, created: datetime | None = None
) -> tuple[tuple[Path, ...], tuple[Finding, ...]]:
    """Writes ``<period>_<unit code>.xlsx`` into ``folder`` for every unit that must report.

    Returns the paths written and the findings. A file that is already there is left as it is (a clerk may have filled
    it in) and is a finding. Raises ``OSError`` if the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    findings: list[Finding] = []
    for unit in edition.plan.units:
        if not unit.reports:
            continue
        path = folder / form_name(edition, unit)
        if path.exists():
            findings.append(finding("F204", CellRef(path.name), unit=unit.code))
            continue
        write_form(edition, unit, path, created=created)
        written.append(path)
    return tuple(written), tuple(findings)


def form_name(edition: Edition, unit: Unit) -> str:
    """The name of a unit's workbook."""
    return f"{file_name(edition.period.code)}_{file_name(unit.code)}.xlsx"


def write_form(edition: Edition, unit: Unit, path: Path, *, created: datetime | None = None) -> None:
    """Writes one unit's workbook. The three sheets are there whatever the unit reports on."""
    with Book(path, f"{_TITLE} – {unit.name} – {edition.period.name}", created=created) as book:
        lists = _Lists()
        _appendix_sheet(book, edition, unit, lists)
        _figures_sheet(book, edition, unit)
        _tasks_sheet(book, edition, unit)
        _stamp_sheet(book, edition, unit, lists)


class _Lists:
    """The choices of the drop-downs, kept in the hidden sheet: a choice may hold a comma."""

    def __init__(self) -> None:
        self.columns: list[tuple[str, ...]] = []

    def source(self, choices: tuple[str, ...]) -> str:
        """The reference of these choices' range."""
        if choices not in self.columns:
            self.columns.append(choices)
        column = column_letters(4 + self.columns.index(choices))
        return f"='{STAMP_SHEET}'!${column}$1:${column}${len(choices)}"


def _top(book: Book, sheet: Any, edition: Edition, unit: Unit, title: str, notes: tuple[str, ...]) -> None:
    """Title, unit, period and notes above the headings."""
    settings, period = edition.plan.settings, edition.period
    due = f"; hạn gửi: {period.due:%d/%m/%Y}" if period.due else ""
    window = f"số liệu từ {period.start:%d/%m/%Y} đến {period.end:%d/%m/%Y}"
    sheet.write_string(0, 0, title, book.look("title"))
    sheet.write_string(1, 0, f"Đơn vị: {unit.name}", book.look("bold"))
    sheet.write_string(2, 0, f"Kỳ báo cáo: {period.name} ({window}{due})", book.look("plain"))
    sheet.write_string(3, 0, f"Nơi nhận: {settings.agency}", book.look("plain"))
    for offset, note in enumerate(filter(None, notes)):
        sheet.write_string(4 + offset, 0, note, book.look("note"))


def _protect(sheet: Any) -> None:
    allowed = ("format_columns", "format_rows", "select_locked_cells", "select_unlocked_cells")
    sheet.protect("", dict.fromkeys(allowed, True))


def _appendix_sheet(book: Book, edition: Edition, unit: Unit, lists: _Lists) -> None:
    sheet = book.sheet(APPENDIX_SHEET, _APPENDIX_WIDTHS)
    notes = (
        "Chỉ nhập vào ô màu vàng. Nội dung không phát sinh trong kỳ: ghi “không phát sinh”, không ghi 0.",
        "Dòng nền xám phía dưới là nội dung đơn vị phối hợp: chỉ cần ghi kết quả, tài liệu nếu có.",
    )
    _top(book, sheet, edition, unit, _TITLE, notes)
    book.heading(sheet, HEADING_ROW, APPENDIX_HEADINGS)
    for number, row in enumerate(form_rows(edition, unit.code), start=HEADING_ROW + 1):
        _appendix_row(book, sheet, number, row, lists)
    _protect(sheet)


def _appendix_row(book: Book, sheet: Any, number: int, row: FormRow, lists: _Lists) -> None:
    group = row.node is None and not row.cooperates
    look = "shaded" if row.cooperates else "group" if group else "cell"
    code_look = "shaded_code" if row.cooperates else "group_code" if group else "code"
    first = row.appendix is not None and row.appendix.code == row.code
    known = row.appendix if first else None
    book.write(sheet, number, 0, row.code, code_look)
    book.write(sheet, number, 1, row.name, look)
    for column, text in enumerate((known.lead_text, known.target, known.cooperating_text) if known else ("", "", "")):
        book.write(sheet, number, 2 + column, text, "shaded" if group else look)
    if group:
        for column in range(5, len(APPENDIX_HEADINGS)):
            book.write(sheet, number, column, None, look)
        return
    for column in (5, 8, 9):
        book.write(sheet, number, column, None, "input")
    _level_cell(book, sheet, number, row.node, lists)
    _points_cell(book, sheet, number, row.node)


def _level_cell(book: Book, sheet: Any, number: int, node: Node | None, lists: _Lists) -> None:
    levels: tuple[str, ...] = ()
    rule = scoring(node.criterion.method) if node else None
    if node is not None and isinstance(rule, ReportedMethod):
        if rule.scale == "levels":
            levels = tuple(band.level for band in node.bands if band.level)
        if node.criterion.not_applicable:
            levels += (NOT_APPLICABLE,)
    book.write(sheet, number, 6, None, "input_centre" if levels else "locked")
    if levels:
        sheet.data_validation(
            number,
            6,
            number,
            6,
            {
                "validate": "list",
                "source": lists.source(levels),
                "input_title": "Mức đạt",
                "input_message": cut("Chọn một mức: " + "; ".join(levels)),
                "error_title": "Mức đạt chưa đúng",
                "error_message": "Hãy chọn một mức trong danh sách thả xuống.",
            },
        )


def _points_cell(book: Book, sheet: Any, number: int, node: Node | None) -> None:
    book.write(sheet, number, 7, None, "input_centre" if node is not None else "locked")
    if node is None:
        return
    low, high = sorted((0, float(node.max_score)))
    counts = scoring(node.criterion.method).by_hand
    step = mark_step(node.bands, node.max_score) if counts else None
    by_step = f", theo bước {vietnamese(step)}" if step else ""
    needed = "" if counts else " Không bắt buộc: điểm được tính từ mức đạt hoặc số liệu."
    maximum = vietnamese(node.max_score)
    sheet.data_validation(
        number,
        7,
        number,
        7,
        {
            "validate": "decimal",
            "criteria": "between",
            "minimum": low,
            "maximum": high,
            "input_title": "Điểm tự chấm",
            "input_message": cut(f"Nhập số từ 0 đến {maximum}{by_step}.{needed}"),
            "error_title": "Điểm chưa đúng",
            "error_message": cut(f"Điểm tự chấm là số từ 0 đến {maximum}{by_step}."),
        },
    )


def _figures_sheet(book: Book, edition: Edition, unit: Unit) -> None:
    sheet = book.sheet(FIGURES_SHEET, (18, 62, 16, 20, 40))
    measures = entered_measures(edition, unit.code)
    notes = (
        "Chỉ nhập số ở cột “Giá trị”. Không có việc nào: ghi 0. Không phát sinh: ghi “không phát sinh”.",
        "" if measures else "Đơn vị không phải nhập số liệu nào trong kỳ này.",
    )
    _top(book, sheet, edition, unit, "SỐ LIỆU BÁO CÁO", notes)
    book.heading(sheet, HEADING_ROW, FIGURE_HEADINGS)
    for number, measure in enumerate(measures, start=HEADING_ROW + 1):
        for column, text in enumerate((measure.code, measure.name, measure.unit_name)):
            book.write(sheet, number, column, text, ("code", "cell", "centre")[column])
        book.write(sheet, number, 3, None, _VALUE_LOOKS.get(measure.kind, "input_centre"))
        book.write(sheet, number, 4, None, "input")
        rule = figure_check(measure, f"D{number + 1}")
        if rule:
            sheet.data_validation(number, 3, number, 3, rule)
    _protect(sheet)


_VALUE_LOOKS = {Kind.DATE: "input_date", Kind.TEXT: "input_text"}


def _tasks_sheet(book: Book, edition: Edition, unit: Unit) -> None:
    sheet = book.sheet(TASKS_SHEET, _TASK_WIDTHS)
    notes = (
        "Mỗi nhiệm vụ được giao một dòng, ngày ghi dd/mm/yyyy; chưa xong thì để trống “Ngày hoàn thành”.",
        "Có danh sách này thì không cần nhập số nhiệm vụ ở sheet “Số liệu”: phần mềm tự đếm sớm, đúng, trễ hạn.",
    )
    _top(book, sheet, edition, unit, "NHIỆM VỤ ĐƯỢC GIAO TRONG KỲ", notes)
    book.heading(sheet, HEADING_ROW, TASK_HEADINGS)
    looks = ("input_text", "input", "input_date", "input_date", "input_date", "input")
    for number in range(HEADING_ROW + 1, HEADING_ROW + 1 + TASK_ROWS):
        for column, look in enumerate(looks):
            book.write(sheet, number, column, None, look)
    _open_below(book, sheet, looks)
    last = HEADING_ROW + MORE_TASK_ROWS
    sheet.data_validation(
        HEADING_ROW + 1,
        2,
        last,
        4,
        {
            "validate": "date",
            "criteria": ">=",
            "value": datetime(2000, 1, 1),  # noqa: DTZ001 - a day of the sheet, not an instant
            "input_title": "Ngày",
            "input_message": "Nhập ngày/tháng/năm, ví dụ 31/12/2021.",
            "error_title": "Ngày chưa đúng",
            "error_message": "Nhập ngày/tháng/năm, ví dụ 31/12/2021.",
        },
    )
    sheet.print_area(0, 0, HEADING_ROW + 30, len(TASK_HEADINGS) - 1)
    _protect(sheet)


def _open_below(book: Book, sheet: Any, looks: tuple[str, ...]) -> None:
    """The rows below the drawn ones are open too, by their columns: a styled cell each would make every file heavy."""
    for row in range(HEADING_ROW):
        sheet.set_row(row, None, book.look("plain"))
    for column, (width, look) in enumerate(zip(_TASK_WIDTHS, looks, strict=True)):
        sheet.set_column(column, column, width, book.look(f"{look}_below"))


def _stamp_sheet(book: Book, edition: Edition, unit: Unit, lists: _Lists) -> None:
    sheet = book.workbook.add_worksheet(STAMP_SHEET)
    stamp = (
        ("kind", "form"),
        ("unit", unit.code),
        ("period", edition.period.code),
        ("plan", fingerprint(edition)),
        ("form", FORM_VERSION),
        ("agency", edition.plan.settings.agency),
    )
    for number, pair in enumerate(stamp):
        for column, text in enumerate(pair):
            sheet.write_string(number, column, text, book.look("plain"))
    for column, choices in enumerate(lists.columns, start=3):
        for number, text in enumerate(choices):
            sheet.write_string(number, column, text, book.look("plain"))
    sheet.hide()
