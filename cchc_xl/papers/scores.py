"""The sheets ``Chấm điểm``, ``Số liệu`` and ``Mức đạt``: every score by Excel formulas, with their values beside them.

A scorecard and the consolidation come in; the places that other formulas look at go out. Contract: design §5. A total
says "chưa có" while a unit still owes its value and "không phát sinh" where the matter arose nowhere. A reported level
stands in the plan's own spelling, which is what the formula compares; the unit's own words stand beside it.
"""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

from cchc_xl.office.excel.book import Book
from cchc_xl.papers.columns import Cell, Column, Formula, write_sheet
from cchc_xl.papers.workings import Totals, Workings, cell_value
from cchc_xl.plan.marking import COMBINATIONS, FigureMethod, GroupMethod, ReportedMethod, away_points
from cchc_xl.plan.methods import scoring
from cchc_xl.records import (
    Consolidation,
    CriterionEntry,
    Edition,
    Kind,
    MeasureTotal,
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
    workings: Workings,
    totals: Totals,
    reported: dict[str, str],
) -> dict[str, int]:
    """Writes the sheet; returns the row (from 1) of each criterion, and of the index under ``INDEX_LABEL``."""
    book.heading(sheet, 0, HEADINGS)
    sheet.freeze_panes(1, 2)
    for score in scorecard.scores:
        _row(book, sheet, score, workings, totals, reported.get(score.node.criterion.code))
    last = len(scorecard.scores) + 1
    points, maxima = workings.everything("")
    index = f'=IF(SUM({maxima})=0,"",SUM({points})*100/SUM({maxima}))' if points else '=""'
    for column in range(len(HEADINGS)):
        book.write(sheet, last, column, None if column else INDEX_LABEL, "head")
    sheet.write_formula(last, 3, index, book.look("index"), cell_value(scorecard.index.percent))
    return {**workings.rows, INDEX_LABEL: last + 1}


def _row(book: Book, sheet: Any, score: Score, workings: Workings, totals: Totals, reported: str | None) -> None:
    node, criterion = score.node, score.node.criterion
    row = workings.rows[criterion.code]
    group = bool(node.children)
    book.write(sheet, row - 1, 0, criterion.code, "group_code" if group else "code")
    book.write(sheet, row - 1, 1, f"{'   ' * (node.level - 1)}{criterion.name}", "group" if group else "cell")
    look = book.look("group_points" if group else "points")
    sheet.write_number(row - 1, 2, float(node.max_score), look)
    if group:
        sheet.write_formula(row - 1, 3, f"={_group_points(score, workings)}", look, cell_value(score.final_points))
        for column in (11, 12):
            book.write(sheet, row - 1, column, None, "group")
    else:
        used = f"=IF(AND(ISNUMBER(M{row}),E{row}<>0),M{row},L{row})"
        sheet.write_formula(row - 1, 3, used, look, cell_value(score.final_points))
        own = f"={_leaf_points(score, workings, reported)}"
        sheet.write_formula(row - 1, 11, own, look, cell_value(score.points))
        book.write(sheet, row - 1, 12, score.appraised_points, "points")
    sheet.write_formula(row - 1, 4, f"={_applicable(score, workings, reported)}", look, float(score.applicable_max))
    share = None
    if score.final_points is not None and score.applicable_max:
        share = score.final_points * 100 / score.applicable_max
    percent = f'=IF(OR(D{row}="",E{row}=0),"",D{row}*100/E{row})'
    sheet.write_formula(row - 1, 5, percent, look, cell_value(share))
    text = "group" if group else "cell"
    book.write(sheet, row - 1, 6, criterion.method or "chưa rõ", text if group else "centre")
    if criterion.figures and not group:
        value = workings.value_formula(criterion.code, criterion.figures, totals)
        sheet.write_formula(row - 1, 7, value, book.look("number"), _figure_value(score))
    else:
        book.write(sheet, row - 1, 7, None, text)
    book.write(sheet, row - 1, 8, score.self_points, "points" if not group else "group")
    state = _STATES[score.status]
    state_look = "warning" if score.status == "missing" or score.flagged else text if group else "centre"
    book.write(sheet, row - 1, 9, f"{state}, có mâu thuẫn" if score.flagged else state, state_look)
    book.write(sheet, row - 1, 10, score.basis, text)


def _group_points(score: Score, workings: Workings) -> str:
    """Bonus points have a maximum of their own, outside the index."""
    rule, code = scoring(score.node.criterion.method), score.node.criterion.code
    if not isinstance(rule, GroupMethod) or not score.node.sound:
        return '""'
    return rule.formula(workings.parts(code), f"{'C' if rule.is_bonus else 'E'}{workings.rows[code]}")


def _leaf_points(score: Score, workings: Workings, reported: str | None) -> str:
    """The points of a leaf; 0 where the plan gives none without evidence and there is none."""
    node, rule = score.node, scoring(score.node.criterion.method)
    policy = node.criterion.not_applicable
    away = plain(away_points(policy, node.max_score)) if policy in {"điểm tối đa", "0 điểm"} else '""'
    cells = workings.cells(node.criterion.code)
    if isinstance(rule, ReportedMethod) and node.sound and reported:
        waiting = f'COUNT({reported})+COUNTIF({reported},"{AWAY}")<{len(node.lead)}'
        combined = f"{COMBINATIONS[node.criterion.combine]}({reported})"
        return f'IF({waiting},"",IF(COUNT({reported})=0,{away},{combined}))'
    if isinstance(rule, FigureMethod) and node.sound and node.criterion.figures:
        points = "0" if score.unsupported else rule.formula(cells, node.bands, node.max_score)
        return f'IF({cells.value}="{MISSING}","",IF({cells.value}="{AWAY}",{away},{points}))'
    return '""'


def _applicable(score: Score, workings: Workings, reported: str | None) -> str:
    """The maximum that applies: without what did not arise."""
    node, rule, code = score.node, scoring(score.node.criterion.method), score.node.criterion.code
    cells = workings.cells(code)
    if node.children:
        if not isinstance(rule, GroupMethod):
            return cells.maximum
        limit = rule.limit_formula(cells.maximum, workings.parts(code), is_deduction=node.max_score < 0)
        return "0" if rule.is_bonus else limit
    if node.criterion.not_applicable != "loại" or not node.sound:
        return cells.maximum
    if reported:
        return f'IF(COUNTIF({reported},"{AWAY}")={len(node.lead)},0,{cells.maximum})'
    return f'IF({cells.value}="{AWAY}",0,{cells.maximum})' if node.criterion.figures else cells.maximum


def _figure_value(score: Score) -> float | str:
    """The figure a leaf was scored on, as the formula will show it."""
    if score.status == "missing":
        return MISSING
    return AWAY if score.status == "not_applicable" else cell_value(score.value)


FIGURES_SHEET = "Số liệu"
_FIRST_UNIT = 5


def write_figures(book: Book, edition: Edition, consolidation: Consolidation) -> dict[str, tuple[str, float | str]]:
    """Writes the sheet; returns by its code where each figure's total stands, and what it shows."""
    units = edition.plan.units
    rows = {total.measure.code: row for row, total in enumerate(consolidation.measures, start=2)}
    first, last = column_letters(_FIRST_UNIT + 1), column_letters(_FIRST_UNIT + len(units))
    columns: tuple[Column[MeasureTotal], ...] = (
        Column("Mã", lambda total: total.measure.code, "code", 18),
        Column("Tên số liệu", lambda total: total.measure.name, width=50),
        Column("Đơn vị tính", lambda total: total.measure.unit_name, width=12),
        Column("Gộp", lambda total: total.measure.combine, width=13),
        Column("Toàn cơ quan", lambda total: _whole(total, first, last, rows[total.measure.code]), "number", 18),
        *(Column(unit.code, partial(_of_unit, unit.code), width=14) for unit in units),
    )
    write_sheet(book, FIGURES_SHEET, columns, consolidation.measures).freeze_panes(1, _FIRST_UNIT)
    places = {code: f"'{FIGURES_SHEET}'!$E${row}" for code, row in rows.items()}
    return {total.measure.code: (places[total.measure.code], _shown(total)) for total in consolidation.measures}


def _of_unit(unit: str, total: MeasureTotal) -> Cell:
    entry = next((entry for entry in total.entries if entry.unit == unit), None)
    if entry is None:
        return Cell(None, "warning" if unit in total.measure.units else "locked")
    if entry.state is State.KNOWN:
        return Cell(entry.text if entry.value is None else entry.value, "number")
    if entry.state is State.NOT_APPLICABLE:
        return Cell(AWAY, "centre")
    return Cell(f"lỗi: {entry.text}", "error") if entry.state is State.ERROR else Cell(None, "warning")


def _whole(total: MeasureTotal, first: str, last: str, row: int) -> Formula | Cell:
    """The total of a row over the units' columns."""
    if total.measure.kind in (Kind.DATE, Kind.TEXT):
        return Cell("; ".join(entry.text for entry in total.entries) or MISSING, "cell")
    values, owed = f"{first}{row}:{last}{row}", len(total.measure.units)
    result = f"{COMBINATIONS[total.measure.combine]}({values})"
    if total.measure.combine == "một đơn vị":
        result = f'IF(MAX({values})<>MIN({values}),"{DIFFERENT}",{result})'
    return Formula(
        f'IF(OR({owed}=0,COUNT({values})+COUNTIF({values},"{AWAY}")<{owed}),"{MISSING}",'
        f'IF(COUNT({values})=0,"{AWAY}",{result}))',
        _shown(total),
    )


def _shown(total: MeasureTotal) -> float | str:
    if total.state is State.KNOWN and isinstance(total.value, Decimal):
        return float(total.value)
    return {State.NOT_APPLICABLE: AWAY, State.ERROR: DIFFERENT}.get(total.state, MISSING)


LEVELS_SHEET = "Mức đạt"
_HEADINGS = ("Mã", "Tiêu chí", "Cách chấm", "Đơn vị", "Mức đạt / điểm tự chấm", "Điểm", "Nguồn", "Đơn vị ghi")


def write_reported(book: Book, edition: Edition, consolidation: Consolidation, workings: Workings) -> dict[str, str]:
    """Writes the sheet; returns the range of each leaf's points over its lead units, by code."""
    sheet = book.sheet(LEVELS_SHEET, (9, 56, 12, 44, 30, 16, 34, 30))
    book.heading(sheet, 0, _HEADINGS)
    names = {unit.code: unit.name for unit in edition.plan.units}
    rows = {(entry.criterion, entry.unit): entry for item in consolidation.submissions for entry in item.criteria}
    zero = edition.plan.settings.zero_without_evidence
    ranges: dict[str, str] = {}
    number = 1
    for node in edition.leaves:
        rule, code = scoring(node.criterion.method), node.criterion.code
        if not isinstance(rule, ReportedMethod) or not node.lead:
            continue
        ranges[code] = f"'{LEVELS_SHEET}'!$F${number + 1}:$F${number + len(node.lead)}"
        for unit in node.lead:
            entry = rows.get((code, unit))
            for column, text in enumerate((code, node.criterion.name, node.criterion.method or "", names[unit])):
                book.write(sheet, number, column, text, "code" if column == 0 else "cell")
            unsupported = zero and bool(node.criterion.evidence) and not (entry and entry.evidence)
            _report(book, sheet, number, node, rule, entry, workings.levels(code), unsupported=unsupported)
            number += 1
    return ranges


def _report(
    book: Book,
    sheet: Any,
    number: int,
    node: Node,
    rule: ReportedMethod,
    entry: CriterionEntry | None,
    scale: tuple[str, str],
    *,
    unsupported: bool,
) -> None:
    """What one unit reported, its points, and where it stands."""
    text = rule.reported(entry)[0] if entry else ""
    shown: Decimal | str | None = None
    points: Decimal | None = None
    if entry and entry.level_state is State.NOT_APPLICABLE:
        shown = AWAY
    elif entry and rule.state(entry) is State.KNOWN:
        found = rule.points(text, node.bands, node.max_score)
        shown, points = rule.shown(text, node.bands), found.amount if found else None
    book.write(sheet, number, 4, shown, "warning" if shown is None else "centre")
    cell = f"E{number + 1}"
    formula = "0" if unsupported else rule.formula(cell, scale, node.bands, node.max_score)
    value = cell_value(points if points is None or not unsupported else Decimal(0))
    whole = f'=IF({cell}="","",IF({cell}="{AWAY}","{AWAY}",{formula}))'
    sheet.write_formula(number, 5, whole, book.look("points"), AWAY if shown == AWAY else value)
    book.write(sheet, number, 6, f"{entry.at.file} › {entry.at_level.address}" if entry else "chưa nộp", "cell")
    book.write(sheet, number, 7, text if shown != text and isinstance(shown, str | None) else None, "cell")
