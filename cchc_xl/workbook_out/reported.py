"""The sheet ``Mức đạt`` of the consolidated workbook: levels and self-scores by unit, and their points as formulas.

Consolidation comes in; for every ``mức`` and ``chấm tay`` leaf the range of its units' points goes out.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cchc_xl.office.excel.book import Book
from cchc_xl.plan.methods import by_level, manual, outcome_points, parameter
from cchc_xl.records import Consolidation, CriterionEntry, Edition, Method, Node, State
from cchc_xl.text.numbers import plain
from cchc_xl.text.words import AWAY

SHEET = "Mức đạt"


def write_reported(book: Book, edition: Edition, consolidation: Consolidation) -> dict[str, str]:
    """Writes the sheet; returns the range of each leaf's points over its lead units, by code."""
    sheet = book.sheet(SHEET, (9, 56, 12, 44, 30, 16, 34))
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
            _row(book, sheet, number, node, names[unit], entry, zero_without_evidence=zero)
            number += 1
        ranges[node.criterion.code] = f"'{SHEET}'!$F${first + 1}:$F${number}"
    return ranges


def _row(
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
