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
from cchc_xl.records import CellRef, Edition, Finding, Kind, Measure, Node, Unit, column_letters
from cchc_xl.text.catalogue import Told, collected, finding
from cchc_xl.text.numbers import vietnamese
from cchc_xl.unit.form import (
    APPENDIX_SHEET,
    CODE,
    COOPERATES,
    FIGURE_CODE,
    FIGURE_NAME,
    FIGURE_UNIT,
    FIGURE_VALUE,
    FIGURES_SHEET,
    FORM,
    FORM_VERSION,
    LEADS,
    LEVEL,
    NAME,
    NOT_APPLICABLE,
    SELF_POINTS,
    SUPPLEMENT,
    TARGET,
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


def issue(
    edition: Edition, folder: Path, *, created: datetime | None = None
) -> tuple[tuple[Path, ...], tuple[Finding, ...]]:
    """Writes ``<period>_<unit code>.xlsx`` into ``folder`` for every unit that must report.

    Returns the paths written and the findings. A file that is already there is left as it is (a clerk may have filled
    it in) and is a finding. Raises ``OSError`` if the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return collected(_issued(edition, folder, created))


def _issued(edition: Edition, folder: Path, created: datetime | None) -> Told[tuple[Path, ...]]:
    written: list[Path] = []
    for unit in edition.plan.units:
        path = folder / form_name(edition, unit)
        if unit.reports and path.exists():
            yield finding("F204", CellRef(path.name), unit=unit.code)
        elif unit.reports:
            write_form(edition, unit, path, created=created)
            written.append(path)
    return tuple(written)


def form_name(edition: Edition, unit: Unit) -> str:
    """The name of a unit's workbook."""
    return f"{file_name(edition.period.code)}_{file_name(unit.code)}.xlsx"


def write_form(
    edition: Edition,
    unit: Unit,
    path: Path,
    *,
    created: datetime | None = None,
    only: frozenset[str] | None = None,
) -> None:
    """Writes one unit's workbook. The three sheets are there whatever the unit reports on.

    With ``only``, the codes of some criteria and figures, it is a supplement that asks for these, on the sheets that
    have any.
    """
    rows = [row for row in form_rows(edition, unit.code) if only is None or (row.code in only and row.node is not None)]
    measures = [item for item in entered_measures(edition, unit.code) if only is None or item.code in only]
    with Book(path, f"{_TITLE} – {unit.name} – {edition.period.name}", created=created) as book:
        lists = _Lists()
        if only is None or rows:
            _appendix_sheet(book, edition, unit, rows, lists)
        if only is None or measures:
            _figures_sheet(book, edition, unit, measures)
        if only is None:
            _tasks_sheet(book, edition, unit)
        _stamp_sheet(book, edition, unit, lists, "form" if only is None else SUPPLEMENT)


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


def _sheet(book: Book, name: str, edition: Edition, unit: Unit, title: str, notes: tuple[str, ...]) -> Any:
    """A sheet of the form with title, unit, period, notes and headings."""
    sheet = book.sheet(name, tuple(column.width for column in FORM[name].columns))
    settings, period = edition.plan.settings, edition.period
    due = f"; hạn gửi: {period.due:%d/%m/%Y}" if period.due else ""
    window = f"số liệu từ {period.start:%d/%m/%Y} đến {period.end:%d/%m/%Y}"
    sheet.write_string(0, 0, title, book.look("title"))
    sheet.write_string(1, 0, f"Đơn vị: {unit.name}", book.look("bold"))
    sheet.write_string(2, 0, f"Kỳ báo cáo: {period.name} ({window}{due})", book.look("plain"))
    sheet.write_string(3, 0, f"Nơi nhận: {settings.agency}", book.look("plain"))
    for offset, note in enumerate(filter(None, notes)):
        sheet.write_string(4 + offset, 0, note, book.look("note"))
    book.heading(sheet, HEADING_ROW, FORM[name].headings)
    return sheet


def _protect(sheet: Any) -> None:
    allowed = ("format_columns", "format_rows", "select_locked_cells", "select_unlocked_cells")
    sheet.protect("", dict.fromkeys(allowed, True))


def _appendix_sheet(book: Book, edition: Edition, unit: Unit, rows: list[FormRow], lists: _Lists) -> None:
    notes = (
        "Chỉ nhập vào ô màu vàng. Nội dung không phát sinh trong kỳ: ghi “không phát sinh”, không ghi 0.",
        "Dòng nền xám phía dưới là nội dung đơn vị phối hợp: chỉ cần ghi kết quả, tài liệu nếu có.",
    )
    sheet = _sheet(book, APPENDIX_SHEET, edition, unit, _TITLE, notes)
    for number, row in enumerate(rows, start=HEADING_ROW + 1):
        _appendix_row(book, sheet, number, row, lists)
    _protect(sheet)


def _appendix_row(book: Book, sheet: Any, number: int, row: FormRow, lists: _Lists) -> None:
    group = row.node is None and not row.cooperates
    look = "shaded" if row.cooperates else "group" if group else "cell"
    first = row.appendix is not None and row.appendix.code == row.code
    known = row.appendix if first else None
    texts = {CODE: row.code, NAME: row.name}
    if known:
        texts |= {LEADS: known.lead_text, TARGET: known.target, COOPERATES: known.cooperating_text}
    looks = {
        CODE: "shaded_code" if row.cooperates else "group_code" if group else "code",
        **dict.fromkeys((LEADS, TARGET, COOPERATES), "shaded" if group else look),
    }
    for place, column in enumerate(FORM[APPENDIX_SHEET].columns):
        if group or not column.is_input:
            book.write(sheet, number, place, texts.get(column.heading), looks.get(column.heading, look))
        elif column.heading == LEVEL:
            _level_cell(book, sheet, (number, place), row.node, lists)
        elif column.heading == SELF_POINTS:
            _points_cell(book, sheet, (number, place), row.node)
        else:
            book.write(sheet, number, place, None, column.look)


def _level_cell(book: Book, sheet: Any, at: tuple[int, int], node: Node | None, lists: _Lists) -> None:
    levels: tuple[str, ...] = ()
    rule = scoring(node.criterion.method) if node else None
    if node is not None and isinstance(rule, ReportedMethod):
        if rule.scale == "levels":
            levels = tuple(band.level for band in node.bands if band.level)
        if node.criterion.not_applicable:
            levels += (NOT_APPLICABLE,)
    book.write(sheet, *at, None, "input_centre" if levels else "locked")
    if levels:
        sheet.data_validation(
            *at,
            *at,
            {
                "validate": "list",
                "source": lists.source(levels),
                "input_title": "Mức đạt",
                "input_message": cut("Chọn một mức: " + "; ".join(levels)),
                "error_title": "Mức đạt chưa đúng",
                "error_message": "Hãy chọn một mức trong danh sách thả xuống.",
            },
        )


def _points_cell(book: Book, sheet: Any, at: tuple[int, int], node: Node | None) -> None:
    book.write(sheet, *at, None, "input_centre" if node is not None else "locked")
    if node is None:
        return
    low, high = sorted((0, float(node.max_score)))
    counts = scoring(node.criterion.method).by_hand
    step = mark_step(node.bands, node.max_score) if counts else None
    by_step = f", theo bước {vietnamese(step)}" if step else ""
    needed = "" if counts else " Không bắt buộc: điểm được tính từ mức đạt hoặc số liệu."
    maximum = vietnamese(node.max_score)
    sheet.data_validation(
        *at,
        *at,
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


def _figures_sheet(book: Book, edition: Edition, unit: Unit, measures: list[Measure]) -> None:
    notes = (
        "Chỉ nhập số ở cột “Giá trị”. Không có việc nào: ghi 0. Không phát sinh: ghi “không phát sinh”.",
        "" if measures else "Đơn vị không phải nhập số liệu nào trong kỳ này.",
    )
    sheet = _sheet(book, FIGURES_SHEET, edition, unit, "SỐ LIỆU BÁO CÁO", notes)
    for number, measure in enumerate(measures, start=HEADING_ROW + 1):
        texts = {FIGURE_CODE: measure.code, FIGURE_NAME: measure.name, FIGURE_UNIT: measure.unit_name}
        for place, column in enumerate(FORM[FIGURES_SHEET].columns):
            is_value = column.heading == FIGURE_VALUE
            look = _VALUE_LOOKS.get(measure.kind, column.look) if is_value else column.look
            book.write(sheet, number, place, texts.get(column.heading), look)
            rule = figure_check(measure, f"{column_letters(place + 1)}{number + 1}") if is_value else None
            if rule:
                sheet.data_validation(number, place, number, place, rule)
    _protect(sheet)


_VALUE_LOOKS = {Kind.DATE: "input_date", Kind.TEXT: "input_text"}


def _tasks_sheet(book: Book, edition: Edition, unit: Unit) -> None:
    notes = (
        "Mỗi nhiệm vụ được giao một dòng, ngày ghi dd/mm/yyyy; chưa xong thì để trống “Ngày hoàn thành”.",
        "Có danh sách này thì không cần nhập số nhiệm vụ ở sheet “Số liệu”: phần mềm tự đếm sớm, đúng, trễ hạn.",
    )
    sheet = _sheet(book, TASKS_SHEET, edition, unit, "NHIỆM VỤ ĐƯỢC GIAO TRONG KỲ", notes)
    columns = FORM[TASKS_SHEET].columns
    for number in range(HEADING_ROW + 1, HEADING_ROW + 1 + TASK_ROWS):
        for place, column in enumerate(columns):
            book.write(sheet, number, place, None, column.look)
    # The rows below are open too, by their columns: a styled cell each would make every file heavy.
    for row in range(HEADING_ROW):
        sheet.set_row(row, None, book.look("plain"))
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width, book.look(f"{column.look}_below"))
    dates = [place for place, column in enumerate(columns) if column.look == "input_date"]
    sheet.data_validation(
        HEADING_ROW + 1,
        dates[0],
        HEADING_ROW + MORE_TASK_ROWS,
        dates[-1],
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
    sheet.print_area(0, 0, HEADING_ROW + 30, len(columns) - 1)
    _protect(sheet)


def _stamp_sheet(book: Book, edition: Edition, unit: Unit, lists: _Lists, kind: str) -> None:
    sheet = book.workbook.add_worksheet(STAMP_SHEET)
    stamp = (
        ("kind", kind),
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
