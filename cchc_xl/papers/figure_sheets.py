"""The sheets of figures and of reported levels in the consolidated workbook: what the points' formulas look at."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from math import ceil

from cchc_xl.office.excel.book import Book
from cchc_xl.papers.columns import TO_BE_READ, Cell, Column, Formula, cell_value, head_back, write_table
from cchc_xl.papers.listings import TO_DO
from cchc_xl.papers.scores import FIGURES, FIRST_UNIT, LEVELS, Workings, figure_look, shown_total
from cchc_xl.plan.marking import COMBINATIONS, ReportedMethod
from cchc_xl.records import (
    Consolidation,
    CriterionEntry,
    Edition,
    Kind,
    Measure,
    MeasureTotal,
    Node,
    State,
    column_letters,
)
from cchc_xl.text.words import AWAY, DIFFERENT, MISSING

_ACROSS = 16  # columns of a page: five of the figure, then units


def write_figures(book: Book, edition: Edition, consolidation: Consolidation) -> None:
    """Writes the sheet ``Số liệu``."""
    units, every = edition.plan.units, (*consolidation.measures, *consolidation.last_year)
    rows = {total.measure.code: row for row, total in enumerate(every, start=2)}
    first, last = column_letters(FIRST_UNIT + 1), column_letters(FIRST_UNIT + len(units))
    columns: tuple[Column[MeasureTotal], ...] = (
        Column("Tên số liệu", lambda total: total.measure.name, width=50),
        Column("Mã", lambda total: total.measure.code, "grey_code", 16),
        Column("Đơn vị tính", lambda total: total.measure.unit_name, width=12),
        Column("Gộp", lambda total: total.measure.combine, width=13),
        Column("Toàn cơ quan", lambda total: _whole(total, first, last, rows[total.measure.code]), "number", 18),
        *(Column(unit.name, partial(_of_unit, unit.code), width=15) for unit in units),
    )
    if any(entry.supplied for total in every for entry in total.entries):
        columns += (Column("Số liệu bổ sung", partial(_supplied, {unit.code: unit.name for unit in units}), width=50),)
    sheet = book.sheet(FIGURES, tuple(column.width for column in columns), tab=TO_BE_READ)
    sheet.fit_to_pages(ceil(len(columns) / _ACROSS), 0)
    end = write_table(book, sheet, 0, columns, every)
    head_back(book, sheet, TO_DO, columns[0].heading, len(columns))
    sheet.print_area(0, 0, end, len(columns) - 1)
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    sheet.repeat_columns(0)
    sheet.autofilter(0, 0, end, FIRST_UNIT - 1)


def _of_unit(unit: str, total: MeasureTotal) -> Cell:
    entry = next((entry for entry in total.entries if entry.unit == unit), None)
    if entry is None:
        return Cell(None, "warning" if unit in total.measure.units else "locked")
    if entry.state is State.KNOWN:
        look = "day" if total.measure.kind is Kind.DATE else "supplied" if entry.supplied else "number"
        return Cell(entry.text if entry.value is None else entry.value, look)
    if entry.state is State.NOT_APPLICABLE:
        return Cell(AWAY, "supplied" if entry.supplied else "centre")
    return Cell(f"lỗi: {entry.text}", "error") if entry.state is State.ERROR else Cell(None, "warning")


def _supplied(names: Mapping[str, str], total: MeasureTotal) -> str:
    """For which units the Office entered the figure, and what it rests that on."""
    told = (f"{names[one.unit]}: {one.text} (căn cứ: {one.reference})" for one in total.entries if one.supplied)
    return "; ".join(told)


def _whole(total: MeasureTotal, first: str, last: str, row: int) -> Formula | Cell:
    """The total of a row over the units' columns."""
    is_day = total.measure.kind is Kind.DATE
    if not total.measure.units and total.entries:  # of last year's result: nothing of this workbook makes it
        shown = shown_total(total)
        return Cell(Decimal(str(shown)) if isinstance(shown, float) else shown, "day" if is_day else "number")
    if total.measure.kind is Kind.TEXT or (is_day and not _is_one_day(total.measure)):
        return Cell("; ".join(entry.text for entry in total.entries) or MISSING, "cell")
    values, owed = f"{first}{row}:{last}{row}", len(total.measure.units)
    result = f"{COMBINATIONS[total.measure.combine] if not is_day or owed > 1 else 'MAX'}({values})"
    if total.measure.combine == "một đơn vị":
        result = f'IF(MAX({values})<>MIN({values}),"{DIFFERENT}",{result})'
    whole = Formula(
        f'IF(OR({owed}=0,COUNT({values})+COUNTIF({values},"{AWAY}")<{owed}),"{MISSING}",'
        f'IF(COUNT({values})=0,"{AWAY}",{result}))',
        shown_total(total),
    )
    return Cell(whole, figure_look(total.measure))


def _is_one_day(measure: Measure) -> bool:
    """Whether the days of the units come to one."""
    return len(measure.units) == 1 or measure.combine not in ("tổng", "trung bình")


def write_reported(book: Book, edition: Edition, consolidation: Consolidation, workings: Workings) -> None:
    """Writes the sheet ``Mức đạt``, hidden: a row for each lead unit of a leaf, which its points are made of."""
    sheet = book.sheet(LEVELS, (9, 56, 12, 44, 30, 16, 34, 30))
    headings = ("Mã", "Tiêu chí", "Cách chấm", "Đơn vị", "Mức đạt / điểm tự chấm", "Điểm", "Nguồn", "Đơn vị ghi")
    book.heading(sheet, 0, headings)
    sheet.hide()
    names = {unit.code: unit.name for unit in edition.plan.units}
    entries = {(entry.criterion, entry.unit): entry for item in consolidation.submissions for entry in item.criteria}
    zero = edition.plan.settings.zero_without_evidence
    for number, (node, rule, unit) in enumerate(workings.reports, start=1):
        criterion, entry = node.criterion, entries.get((node.criterion.code, unit))
        for column, text in enumerate((criterion.code, criterion.name, criterion.method, names[unit])):
            book.write(sheet, number, column, text, "cell" if column else "code")
        unsupported = zero and bool(criterion.evidence) and not (entry and entry.evidence)
        text = rule.reported(entry)[0] if entry else ""
        shown, points = _reported(text, node, rule, entry)
        book.write(sheet, number, 4, shown, "warning" if shown is None else "centre")
        cell = f"E{number + 1}"
        formula = rule.formula(cell, workings.levels(criterion.code), node.bands, node.max_score)
        given = f'IF({formula}="","",0)' if unsupported else formula
        whole = f'=IF({cell}="","",IF({cell}="{AWAY}","{AWAY}",{given}))'
        value = cell_value(points if points is None or not unsupported else Decimal(0))
        sheet.write_formula(number, 5, whole, book.look("points"), AWAY if shown == AWAY else value)
        book.write(sheet, number, 6, f"{entry.at.file} › {entry.at_level.address}" if entry else "chưa gửi", "cell")
        book.write(sheet, number, 7, text if shown != text and isinstance(shown, str | None) else None, "cell")


def _reported(
    text: str, node: Node, rule: ReportedMethod, entry: CriterionEntry | None
) -> tuple[Decimal | str | None, Decimal | None]:
    """What the formula looks at for what a unit reported, and its points."""
    if entry and entry.level_state is State.NOT_APPLICABLE:
        return AWAY, None
    if not entry or rule.state(entry) is not State.KNOWN:
        return None, None
    found = rule.points(text, node.bands, node.max_score)
    return rule.shown(text, node.bands), found.amount if found else None
