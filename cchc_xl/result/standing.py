"""How a criterion stands, and which criteria are counted: criteria of a result come in, their standing goes out.

A report that says "18/34 tiêu chí chưa đạt điểm tối đa" and ``explain`` that traces the 34 must count alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from cchc_xl.records import Method
from cchc_xl.result.objects import Document

_ADDED = (Method.SUM, Method.BONUS)


def counted(criteria: Iterable[Document]) -> list[Document]:
    """The criteria whose points their fields add up.

    Of a group that takes the best of its children, or all or nothing, the group itself counts and no child does: the
    child that was not the best lost no points.
    """
    by_code = {item["code"]: item for item in criteria}

    def added(item: Document) -> bool:
        if item["status"] == "group" and item["method"] in _ADDED:
            return False
        above = by_code.get(item["parent"])
        while above is not None:
            if above["method"] not in _ADDED:
                return False
            above = by_code.get(above["parent"])
        return True

    return [item for item in by_code.values() if added(item)]


def standing(item: Document) -> str:
    """``full``, ``short``, ``missing`` or ``not_applicable``, of a leaf or a group.

    >>> standing({"status": "group", "final_points": "1", "applicable_max": "2"})
    'short'
    """
    if item["status"] in {"missing", "not_applicable"}:
        return str(item["status"])
    if item["final_points"] is None:
        return "missing" if Decimal(item["applicable_max"]) else "not_applicable"
    most = Decimal(item["applicable_max"])
    return "short" if most > 0 and Decimal(item["final_points"]) < most else "full"
