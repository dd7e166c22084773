"""How a criterion stands, and which criteria are counted: criteria of a result come in, their standing goes out.

A report that says "18/34 tiêu chí chưa đạt điểm tối đa" and ``explain`` that traces the 34 must count alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from cchc_xl.records import Method
from cchc_xl.result.objects import Document


class Standings:
    """The criteria of a result by how they stand."""

    def __init__(self, criteria: Iterable[Document]) -> None:
        self.by_code = {item["code"]: item for item in criteria}
        self.open: set[str] = set()  # groups above a criterion that still waits for its points
        for item in self.by_code.values():
            if item["status"] == "missing":
                self.open |= {group["code"] for group in self.above(item)}
        self.counted = [item for item in self.by_code.values() if self._counts(item)]
        self._counted_codes = {item["code"] for item in self.counted}

    def above(self, item: Document) -> list[Document]:
        """The groups that the criterion stands in, the nearest first."""
        parent = self.by_code.get(item["parent"])
        return [] if parent is None else [parent, *self.above(parent)]

    def is_bonus(self, item: Document) -> bool:
        """Whether its points are added to the index's points but not to the maximum."""
        return any(one["method"] == Method.BONUS for one in (item, *self.above(item)))

    def _counts(self, item: Document) -> bool:
        """Whether its points are what the maximum of its field is made of.

        Of a group that takes the best of its children, or all or nothing, the group counts and no child does: the
        child that was not the best lost no points. Bonus points are none of the maximum.
        """
        if self.is_bonus(item) or any(group["method"] != Method.SUM for group in self.above(item)):
            return False
        return bool(item["status"] != "group" or item["method"] != Method.SUM)

    def counted_for(self, item: Document) -> Document:
        """The counted criterion that the item's points go into: itself, or a group that counts in its place."""
        return next((group for group in self.above(item) if group["code"] in self._counted_codes), item)

    def standing(self, item: Document) -> str:
        """``full``, ``short``, ``missing`` or ``not_applicable``, of a leaf or a group.

        A group that has not its maximum while a criterion in it still waits has no points yet: it is ``missing``.

        >>> leaf = {"code": "1.1", "parent": "1", "status": "missing", "final_points": None, "applicable_max": "1"}
        >>> group = {"code": "1", "parent": None, "status": "group", "method": "thấp nhất"}
        >>> all_of_them = Standings([group | {"final_points": "0", "applicable_max": "3"}, leaf | {"method": "bậc"}])
        >>> [all_of_them.standing(item) for item in all_of_them.by_code.values()]
        ['missing', 'missing']
        """
        if item["status"] in {"missing", "not_applicable"}:
            return str(item["status"])
        waiting, most = item["code"] in self.open, Decimal(item["applicable_max"])
        if item["final_points"] is None:
            return "missing" if most or waiting else "not_applicable"
        if most > 0 and Decimal(item["final_points"]) < most:
            return "missing" if waiting else "short"
        return "full"
