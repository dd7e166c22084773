"""Marks on the cells of a unit's workbook: findings come in, a colour and a comment on each cell go out.

The colour is a conditional format of our own, so that the unit's cell styles stay as they are. What we say in a comment
stands between two lines of ours. By these the marks of an earlier round are known, and go before new ones come.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cchc_xl.feedback.loading import cell_at, own_cells
from cchc_xl.feedback.marks import ALWAYS, AUTHOR, CLOSING, OPENING, is_ours, own_words
from cchc_xl.office.excel.book import lines_needed
from cchc_xl.records import Finding
from cchc_xl.text.catalogue import fix, message

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

WORDS = {"error": "Lỗi phải sửa", "warning": "Cảnh báo", "note": "Ghi chú"}
FILLS = {"error": "F8D7DA", "warning": "FFF3CD", "note": "E5E7EB"}
NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NAMELESS = {"": " ", "None": " "}  # an author without a name is read by openpyxl as "None"
_CELLS_IN_A_RULE = 200
_WIDTH, _LETTERS, _LINE, _TALLEST = 340, 52, 17, 640


def mark(book: Workbook, findings: tuple[Finding, ...]) -> None:
    """Colours and comments the cells that have findings, after taking away the marks of an earlier round."""
    by_sheet: dict[str, dict[tuple[int, int], list[Finding]]] = {}
    for item in findings:
        if item.at is not None and item.at.address:
            by_sheet.setdefault(item.at.sheet, {}).setdefault((item.at.row, item.at.column), []).append(item)
    for sheet in book.worksheets:
        _unmark(sheet)
        marked = by_sheet.get(sheet.title, {})
        _colour(sheet, marked)
        for place, items in marked.items():
            cell = cell_at(sheet, *place)
            if type(cell).__name__ != "MergedCell":
                _comment(cell, items)


def _unmark(sheet: Any) -> None:
    from openpyxl.comments import Comment
    from openpyxl.formatting.formatting import ConditionalFormattingList

    kept = ConditionalFormattingList()
    for area in sheet.conditional_formatting:
        for rule in area.rules:
            if not is_ours(rule.formula):
                kept.add(str(area.sqref), rule)
    sheet.conditional_formatting = kept
    for cell in own_cells(sheet):
        comment = getattr(cell, "comment", None)
        if comment is not None:
            text = own_words(comment.text)
            author = _NAMELESS.get(comment.author, comment.author)
            cell.comment = _sized(Comment(text, author)) if text else None


def _colour(sheet: Any, marked: dict[tuple[int, int], list[Finding]]) -> None:
    """Our rules, before whatever the unit's own rules colour."""
    from openpyxl.formatting.rule import FormulaRule
    from openpyxl.styles import PatternFill
    from openpyxl.utils import get_column_letter

    by_colour: dict[str, list[str]] = {}
    for (row, column), items in marked.items():
        by_colour.setdefault(FILLS[items[0].severity], []).append(f"{get_column_letter(column)}{row}")
    ranges = [
        (colour, " ".join(addresses[start : start + _CELLS_IN_A_RULE]))
        for colour, addresses in by_colour.items()
        for start in range(0, len(addresses), _CELLS_IN_A_RULE)
    ]
    for area in sheet.conditional_formatting:
        for other in area.rules:
            other.priority += len(ranges)
    for priority, (colour, addresses) in enumerate(ranges, start=1):
        rule: Any = FormulaRule(formula=[ALWAYS], fill=PatternFill(bgColor=colour))  # type: ignore[no-untyped-call]
        sheet.conditional_formatting.add(addresses, rule)
        rule.priority = priority


def _comment(cell: Any, items: list[Finding]) -> None:
    """What is wrong and what to do, behind whatever the unit wrote there."""
    from openpyxl.comments import Comment

    told = "\n".join(f"{WORDS[item.severity]} ({item.code}): {message(item)} {fix(item)}" for item in items)
    said = f"{OPENING}\n{NO_TEXT.sub('', told)}\n{CLOSING}"
    if cell.comment is None:
        cell.comment = _sized(Comment(said, AUTHOR))
    else:
        cell.comment = _sized(Comment(f"{cell.comment.text}\n\n{said}", cell.comment.author))


def _sized(comment: Any) -> Any:
    """The comment with a box that shows its whole text."""
    comment.width = _WIDTH
    comment.height = min(_TALLEST, (lines_needed(comment.text, _LETTERS) + 1) * _LINE)
    return comment
