"""The sheets ``Chấm điểm``, ``Số liệu`` and ``Mức đạt``: every score by Excel formulas, with their values beside them.

Scores and the addresses of figures come in; the row number of every criterion goes out. Contract: design §5.

Consolidation comes in; the address of every total goes out, for the score formulas. A total says "chưa có" while a unit
still owes its value and "không phát sinh" where the matter arose nowhere.

Consolidation comes in; for every ``mức`` and ``chấm tay`` leaf the range of its units' points goes out.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cchc_xl.office.excel.book import Book
from cchc_xl.plan.methods import (
    applicable_formula,
    by_level,
    group_formula,
    leaf_points_formula,
    manual,
    outcome_points,
    parameter,
    value_formula,
)
from cchc_xl.records import (
    Consolidation,
    CriterionEntry,
    Edition,
    FigureEntry,
    Kind,
    MeasureTotal,
    Method,
    Node,
    Score,
    Scorecard,
    State,
    column_letters,
)
from cchc_xl.text.numbers import plain
from cchc_xl.text.words import AWAY, DIFFERENT, MISSING

HEADINGS = (
    *("Mã", "Tiêu chí", "Điểm tối đa", "Điểm", "Điểm tối đa áp dụng", "Tỷ lệ (%)"),
    *("Cách chấm", "Giá trị số liệu", "Điểm tự chấm", "Trạng thái", "Cơ sở chấm điểm"),
    *("Điểm tính", "Điểm thẩm định"),
)
INDEX_LABEL = "Chỉ số (%)"
_STATES = {"missing": MISSING, "not_applicable": AWAY, "scored": "đã chấm", "group": "nhóm"}


def write_scores(
    book: Book,
    sheet: Any,
    scorecard: Scorecard,
    figures: dict[str, str],
    reported: dict[str, str],
) -> dict[str, int]:
    """Writes the sheet; returns the row (from 1) of each criterion, and of the index under ``INDEX_LABEL``."""
    book.heading(sheet, 0, HEADINGS)
    sheet.freeze_panes(1, 2)
    rows = {score.node.criterion.code: number for number, score in enumerate(scorecard.scores, start=2)}
    by_code = {score.node.criterion.code: score for score in scorecard.scores}
    for score in scorecard.scores:
        _row(book, sheet, score, rows, by_code, figures, reported)
    last = len(scorecard.scores) + 1
    top = [rows[score.node.criterion.code] for score in scorecard.scores if score.node.parent is None]
    points, maxima = (",".join(f"{column}{row}" for row in top) or "0" for column in "DE")
    formula = f'=IF(SUM({maxima})=0,"",SUM({points})*100/SUM({maxima}))'
    percent = scorecard.index.percent
    sheet.write_blank(last, 0, None, book.look("index"))
    sheet.write_string(last, 0, INDEX_LABEL, book.look("head"))
    for column in (1, 2, *range(4, len(HEADINGS))):
        sheet.write_blank(last, column, None, book.look("head"))
    sheet.write_formula(last, 3, formula, book.look("index"), "" if percent is None else float(percent))
    rows[INDEX_LABEL] = last + 1
    return rows


def _row(
    book: Book,
    sheet: Any,
    score: Score,
    rows: dict[str, int],
    by_code: dict[str, Score],
    figures: dict[str, str],
    reported: dict[str, str],
) -> None:
    node, criterion = score.node, score.node.criterion
    row = rows[criterion.code]
    group = bool(node.children)
    book.write(sheet, row - 1, 0, criterion.code, "group_code" if group else "code")
    book.write(sheet, row - 1, 1, f"{'   ' * (node.level - 1)}{criterion.name}", "group" if group else "cell")
    look = book.look("group_points" if group else "points")
    sheet.write_number(row - 1, 2, float(node.max_score), look)
    children = [(by_code[code], rows[code]) for code in node.children]
    usable = node.sound and criterion.method is not None
    value = None
    if children:
        points = group_formula(score, row, children) if usable else '=""'
    else:
        value = value_formula(criterion.figures, figures) if criterion.figures else None
        points = leaf_points_formula(score, row, reported.get(criterion.code)) if usable else '=""'
    if children:
        sheet.write_formula(row - 1, 3, points, look, _number(score.final_points))
        for column in (11, 12):
            book.write(sheet, row - 1, column, None, "group")
    else:
        used = f"=IF(AND(ISNUMBER(M{row}),E{row}<>0),M{row},L{row})"
        sheet.write_formula(row - 1, 3, used, look, _number(score.final_points))
        sheet.write_formula(row - 1, 11, points, look, _number(score.points))
        book.write(sheet, row - 1, 12, score.appraised_points, "points")
    applicable = applicable_formula(score, row, children, reported.get(criterion.code))
    sheet.write_formula(row - 1, 4, applicable, look, float(score.applicable_max))
    share = None
    if score.final_points is not None and score.applicable_max:
        share = float(score.final_points * 100 / score.applicable_max)
    sheet.write_formula(
        row - 1, 5, f'=IF(OR(D{row}="",E{row}=0),"",D{row}*100/E{row})', look, "" if share is None else share
    )
    text = "group" if group else "cell"
    book.write(sheet, row - 1, 6, criterion.method or "chưa rõ", text if group else "centre")
    if value:
        sheet.write_formula(row - 1, 7, value, book.look("number"), _figure_value(score))
    else:
        book.write(sheet, row - 1, 7, None, text)
    book.write(sheet, row - 1, 8, score.self_points, "points" if not group else "group")
    state = _STATES[score.status]
    state_look = "warning" if score.status == "missing" or score.flagged else text if group else "centre"
    book.write(sheet, row - 1, 9, f"{state}, có mâu thuẫn" if score.flagged else state, state_look)
    book.write(sheet, row - 1, 10, score.basis, text)


def _number(value: Decimal | None) -> float | str:
    return "" if value is None else float(value)


def _figure_value(score: Score) -> float | str:
    """The figure a leaf was scored on, as the formula will show it."""
    if score.status == "missing":
        return MISSING
    if score.status == "not_applicable":
        return AWAY
    return float(score.value) if score.value is not None else ""


FIGURES_SHEET = "Số liệu"
_FIRST_UNIT = 5
_FUNCTIONS = {"tổng": "SUM", "trung bình": "AVERAGE", "lớn nhất": "MAX", "nhỏ nhất": "MIN", "một đơn vị": "MAX"}


def write_figures(book: Book, edition: Edition, consolidation: Consolidation) -> dict[str, str]:
    """Writes the sheet; returns the absolute address of each figure's total by its code."""
    units = edition.plan.units
    widths = (18, 50, 12, 13, 18, *([14.0] * len(units)))
    sheet = book.sheet(FIGURES_SHEET, widths)
    book.heading(sheet, 0, ("Mã", "Tên số liệu", "Đơn vị tính", "Gộp", "Toàn cơ quan", *(unit.code for unit in units)))
    sheet.freeze_panes(1, 5)
    addresses: dict[str, str] = {}
    for number, total in enumerate(consolidation.measures, start=1):
        measure = total.measure
        for column, text in enumerate((measure.code, measure.name, measure.unit_name, measure.combine)):
            book.write(sheet, number, column, text, "code" if column == 0 else "cell")
        entries = {entry.unit: entry for entry in total.entries}
        for column, unit in enumerate(units, start=_FIRST_UNIT):
            _unit_cell(book, sheet, number, column, entries.get(unit.code), enters=unit.code in measure.units)
        last = _FIRST_UNIT + len(units) - 1
        _total_cell(book, sheet, number, total, last)
        addresses[measure.code] = f"'{FIGURES_SHEET}'!$E${number + 1}"
    return addresses


def _unit_cell(book: Book, sheet: Any, number: int, column: int, entry: FigureEntry | None, *, enters: bool) -> None:
    if entry is None:
        book.write(sheet, number, column, None, "warning" if enters else "locked")
    elif entry.state is State.KNOWN:
        book.write(sheet, number, column, entry.value if entry.value is not None else entry.text, "number")
    elif entry.state is State.NOT_APPLICABLE:
        book.write(sheet, number, column, AWAY, "centre")
    elif entry.state is State.ERROR:
        book.write(sheet, number, column, f"lỗi: {entry.text}", "error")
    else:
        book.write(sheet, number, column, None, "warning")


def _total_cell(book: Book, sheet: Any, number: int, total: MeasureTotal, last: int) -> None:
    row = number + 1
    values = f"{column_letters(_FIRST_UNIT + 1)}{row}:{column_letters(last + 1)}{row}"
    known = _shown(total)
    if total.measure.kind in (Kind.DATE, Kind.TEXT):
        book.write(sheet, number, 4, "; ".join(entry.text for entry in total.entries) or MISSING, "cell")
        return
    owed = len(total.measure.units)
    result = f"{_FUNCTIONS[total.measure.combine]}({values})"
    if total.measure.combine == "một đơn vị":
        result = f'IF(MAX({values})<>MIN({values}),"{DIFFERENT}",{result})'
    formula = (
        f'=IF(OR({owed}=0,COUNT({values})+COUNTIF({values},"{AWAY}")<{owed}),"{MISSING}",'
        f'IF(COUNT({values})=0,"{AWAY}",{result}))'
    )
    sheet.write_formula(number, 4, formula, book.look("number"), known)


def _shown(total: MeasureTotal) -> float | str:
    if total.state is State.KNOWN and isinstance(total.value, Decimal):
        return float(total.value)
    return {State.NOT_APPLICABLE: AWAY, State.ERROR: DIFFERENT}.get(total.state, MISSING)


LEVELS_SHEET = "Mức đạt"


def write_reported(book: Book, edition: Edition, consolidation: Consolidation) -> dict[str, str]:
    """Writes the sheet; returns the range of each leaf's points over its lead units, by code."""
    sheet = book.sheet(LEVELS_SHEET, (9, 56, 12, 44, 30, 16, 34))
    headings = ("Mã", "Tiêu chí", "Cách chấm", "Đơn vị", "Mức đạt / điểm tự chấm", "Điểm", "Nguồn")
    book.heading(sheet, 0, headings)
    names = {unit.code: unit.name for unit in edition.plan.units}
    rows = {(entry.criterion, entry.unit): entry for item in consolidation.submissions for entry in item.criteria}
    zero = edition.plan.settings.zero_without_evidence
    ranges: dict[str, str] = {}
    number = 1
    for node in edition.leaves:
        if node.criterion.method not in (Method.LEVEL, Method.MANUAL) or not node.lead:
            continue
        first = number
        for unit in node.lead:
            entry = rows.get((node.criterion.code, unit))
            _reported_row(book, sheet, number, node, names[unit], entry, zero_without_evidence=zero)
            number += 1
        ranges[node.criterion.code] = f"'{LEVELS_SHEET}'!$F${first + 1}:$F${number}"
    return ranges


def _reported_row(
    book: Book,
    sheet: Any,
    number: int,
    node: Node,
    unit: str,
    entry: CriterionEntry | None,
    *,
    zero_without_evidence: bool,
) -> None:
    criterion = node.criterion
    for column, text in enumerate((criterion.code, criterion.name, criterion.method or "", unit)):
        book.write(sheet, number, column, text, "code" if column == 0 else "cell")
    book.write(sheet, number, 4, _reported(node, entry), "centre" if entry else "warning")
    unsupported = zero_without_evidence and bool(criterion.evidence) and not (entry and entry.evidence)
    cell = f"E{number + 1}"
    points = "0" if unsupported else _points_formula(node, cell)
    formula = f'=IF({cell}="","",IF({cell}="{AWAY}","{AWAY}",{points}))'
    sheet.write_formula(number, 5, formula, book.look("points"), _value(node, entry, unsupported=unsupported))
    source = f"{entry.at.file} › {entry.at_level.address}" if entry else "chưa nộp"
    book.write(sheet, number, 6, source, "cell")


def _reported(node: Node, entry: CriterionEntry | None) -> Decimal | str | None:
    if entry is None:
        return None
    if entry.level_state is State.NOT_APPLICABLE:
        return AWAY
    return entry.level if node.criterion.method is Method.LEVEL else entry.self_points


def _value(node: Node, entry: CriterionEntry | None, *, unsupported: bool) -> float | str:
    reported = _reported(node, entry)
    if reported in (None, ""):
        return ""
    if reported == AWAY:
        return AWAY
    if isinstance(reported, Decimal):
        return 0.0 if unsupported else float(manual(reported, node.bands, node.max_score))
    points = by_level(str(reported), node.bands, node.max_score)
    if points is None:
        return ""
    return 0.0 if unsupported else float(points.amount)


def _points_formula(node: Node, cell: str) -> str:
    if node.criterion.method is Method.LEVEL:
        formula = '""'
        for band in reversed(node.bands):
            if band.level:
                text = band.level.replace('"', '""')
                formula = f'IF({cell}="{text}",{plain(outcome_points(band.outcome, node.max_score))},{formula})'
        return formula
    low, high = sorted((Decimal(0), node.max_score))
    lowest = parameter(node.bands, "nhỏ nhất", node.max_score)
    highest = parameter(node.bands, "lớn nhất", node.max_score)
    low, high = low if lowest is None else lowest, high if highest is None else highest
    held = f"MIN(MAX({cell},{plain(low)}),{plain(high)})"
    step = parameter(node.bands, "bước", node.max_score)
    if step and step > 0:
        held = f"{plain(low)}+INT(ROUND(({held}-{plain(low)})/{plain(step)},9))*{plain(step)}"
    return held
