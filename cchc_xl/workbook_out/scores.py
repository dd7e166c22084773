"""The sheet ``Chấm điểm``: every leaf, group and the index by Excel formulas, with their values stored beside them.

Scores and the addresses of figures come in; the row number of every criterion goes out. Contract: design §5.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cchc_xl.office.excel.book import Book
from cchc_xl.plan.methods import applicable_formula, group_formula, leaf_points_formula, value_formula
from cchc_xl.records import Score, Scorecard
from cchc_xl.text.words import AWAY, MISSING

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
