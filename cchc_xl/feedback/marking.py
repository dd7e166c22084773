"""Marks on the cells of a unit's workbook: findings come in, a colour and a comment on each cell go out.

The colour is a conditional format of our own, so that the unit's cell styles stay as they are; on the next round our
marks are known by it and by the comments' author, and go before new ones come.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cchc_xl.feedback.list_sheet import FILLS, WORDS
from cchc_xl.feedback.stored_values import NO_TEXT
from cchc_xl.messages import fix, message
from cchc_xl.records import Finding

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

AUTHOR = "cchc-xl"
ALWAYS = 'LEN("cchc-xl")=7'
EARLIER = "– Ghi chú có từ trước ("
_OWN_COMMENT = re.compile(rf"\n\n{re.escape(EARLIER)}(.*?)\):\n(.*)\Z", re.DOTALL)


def mark(book: Workbook, findings: tuple[Finding, ...]) -> None:
    """Colours and comments the cells that have findings, after taking away the marks of an earlier round."""
    _unmark(book)
    by_cell: dict[tuple[str, int, int], list[Finding]] = {}
    for item in findings:
        if item.at is not None and item.at.address and item.at.sheet in book.sheetnames:
            by_cell.setdefault((item.at.sheet, item.at.row, item.at.column), []).append(item)
    for (sheet, row, column), items in by_cell.items():
        cell = book[sheet].cell(row, column)
        _colour(book[sheet], cell.coordinate, FILLS[items[0].severity])
        if type(cell).__name__ != "MergedCell":
            _comment(cell, items)


def _unmark(book: Workbook) -> None:
    from openpyxl.comments import Comment
    from openpyxl.formatting.formatting import ConditionalFormattingList

    for sheet in book.worksheets:
        kept = ConditionalFormattingList()
        for area in sheet.conditional_formatting:
            for rule in area.rules:
                if rule.formula != [ALWAYS]:
                    kept.add(str(area.sqref), rule)
        sheet.conditional_formatting = kept
        for cell in list(sheet._cells.values()):  # noqa: SLF001 - asking for rows would make cells
            comment = getattr(cell, "comment", None)
            if comment is not None and comment.author == AUTHOR:
                before = _OWN_COMMENT.search(comment.text)
                cell.comment = Comment(before[2], before[1]) if before else None


def _colour(sheet: Any, address: str, colour: str) -> None:
    from openpyxl.formatting.rule import FormulaRule
    from openpyxl.styles import PatternFill

    for area in sheet.conditional_formatting:
        for other in area.rules:
            other.priority += 1  # ours stands before whatever the unit's own rules colour
    rule: Any = FormulaRule(formula=[ALWAYS], fill=PatternFill(bgColor=colour))  # type: ignore[no-untyped-call]
    sheet.conditional_formatting.add(address, rule)
    rule.priority = 1


def _comment(cell: Any, items: list[Finding]) -> None:
    from openpyxl.comments import Comment

    told = "\n\n".join(f"{WORDS[item.severity]} ({item.code}): {message(item)} {fix(item)}" for item in items)
    if cell.comment is not None:
        told += f"\n\n{EARLIER}{cell.comment.author}):\n{cell.comment.text}"
    comment = Comment(NO_TEXT.sub("", told), AUTHOR)
    comment.width, comment.height = 320, 140
    cell.comment = comment
