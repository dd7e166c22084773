"""What a copy of a workbook lost: both come in, words for what is missing or changed go out."""

from __future__ import annotations

from cchc_xl.feedback.inventory import Inventory, inventory
from cchc_xl.feedback.words import ALIKE, SHEET


def losses(before: bytes, after: bytes) -> tuple[str, ...]:
    """What the second workbook has not, or not the same, of what the first has; () where nothing is lost.

    Only the list of findings, our colours, our comments and our stamp may differ. Raises
    :class:`cchc_xl.feedback.package.CannotCopyError` where one is too heavy, and whatever a broken file raises.
    """
    return lost_between(inventory(before), inventory(after))


def lost_between(before: Inventory, after: Inventory) -> tuple[str, ...]:
    """The same of two inventories, in the order in which the workbook is gone through."""
    missing = before.facts - after.facts
    added = after.facts - before.facts
    gone = before.sheets.keys() - after.sheets.keys()
    told = [SHEET if _place(text) in gone else words for words, text in missing]
    told.extend(words for words, text in added if words in ALIKE and _place(text) in before.sheets)
    return tuple(dict.fromkeys(told))


def _place(text: str) -> str:
    """The sheet at which a fact stands."""
    return text.partition("|")[0]
