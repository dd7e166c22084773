"""Every look-up into a result: its criteria come in; how each stands, what is counted and the tree summed again go out.

A report that says "18/34 tiêu chí chưa đạt điểm tối đa" and ``explain`` that traces the 34 must count alike.

For what asks "what if": the path to the target, and points relative to the best of a group of agencies.

The report writes these shares and ``explain`` finds them again, so both read them here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext

from cchc_xl.plan.marking import GroupMethod, Part
from cchc_xl.plan.methods import scoring
from cchc_xl.result.result_file import Document
from cchc_xl.text.numbers import EXACT


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
        return any(scoring(one["method"]).is_bonus for one in (item, *self.above(item)))

    def _counts(self, item: Document) -> bool:
        """Whether its points are what the maximum of its field is made of.

        Of a group that takes the best of its children, or all or nothing, the group counts and no child does: the
        child that was not the best lost no points. Bonus points are none of the maximum.
        """
        if self.is_bonus(item) or not all(scoring(group["method"]).is_sum for group in self.above(item)):
            return False
        return item["status"] != "group" or not scoring(item["method"]).is_sum

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


def self_score_differs(leaf: Document) -> bool:
    """Whether a unit's own points, where they are not the points that count, are others than the rule gives."""
    own, computed = leaf["self_points"], leaf["points"]
    differs = own is not None and computed is not None and Decimal(own) != Decimal(computed)
    return bool(leaf["status"] == "scored" and differs and not scoring(leaf["method"]).by_hand)


ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Tree:
    """Points of every criterion by code, and the index in percent (None where nothing applies)."""

    points: dict[str, Decimal]
    percent: Decimal | None


def summed(document: Document, leaves: Mapping[str, Decimal]) -> Tree:
    """The tree with these leaf points in place of the document's; a leaf without points counts 0.

    The applicable maxima stay what they are.
    """
    with localcontext(EXACT):
        criteria = {item["code"]: item for item in document["criteria"]}
        children: dict[str, list[str]] = {code: [] for code in criteria}
        for code, item in criteria.items():
            if item["parent"] is not None:
                children[item["parent"]].append(code)
        points: dict[str, Decimal] = {}
        for code in sorted(criteria, key=lambda name: -int(criteria[name]["level"])):
            own = children[code]
            if own:
                points[code] = _group(criteria[code], [criteria[name] for name in own], points)
            else:
                points[code] = leaves.get(code, Decimal(criteria[code]["final_points"] or 0))
        top = [item for item in criteria.values() if item["parent"] is None]
        applicable = sum((Decimal(item["applicable_max"]) for item in top), ZERO)
        total = sum((points[item["code"]] for item in top), ZERO)
        return Tree(points, total * 100 / applicable if applicable else None)


def _group(item: Document, children: list[Document], points: Mapping[str, Decimal]) -> Decimal:
    rule = group_rule(item)
    return rule.points([part(child, points[child["code"]]) for child in children], limit(item)) if rule else ZERO


def group_rule(item: Document) -> GroupMethod | None:
    """How a group of a result combines its children; None where an error of the plan leaves it without points."""
    rule = scoring(item["method"])
    return rule if item["sound"] and isinstance(rule, GroupMethod) else None


def part(child: Document, points: Decimal) -> Part:
    """A criterion of a result as a part of its group."""
    return Part(points, Decimal(child["applicable_max"]), scoring(child["method"]).is_bonus)


def limit(item: Document) -> Decimal:
    """The most that a group of a result can have: bonus points have a maximum of their own, outside the index."""
    return Decimal(item["max" if scoring(item["method"]).is_bonus else "applicable_max"])


# What a figure is a part of: the shares that the report's sentences and tables speak of.
WHOLES = {
    "NV_SOM": "NV_GIAO",
    "NV_DUNG": "NV_GIAO",
    "NV_TRE": "NV_GIAO",
    "NV_CHUA": "NV_GIAO",
    "TTHC_RASOAT": "TTHC_TONG",
    "TTHC_GIUNGUYEN": "TTHC_RASOAT",
    "TTHC_DONGIAN": "TTHC_RASOAT",
    "DV_KIEMTRA": "DV_TONG",
    "DT_THUCHIEN": "DT_KEHOACH",
    "CNTT_THUCHIEN": "CNTT_KEHOACH",
    "VB_DUNGHAN": "VB_GIAO",
    "HS_TRUCTUYEN": "HS_TIEPNHAN",
    "HS_BUUCHINH": "HS_TIEPNHAN",
}


def pairs(planned: Collection[str]) -> Iterator[tuple[str, str]]:
    """Every part with its whole, the whole of that whole, and each whole beside itself (the 100% of a table).

    >>> list(pairs({"TTHC_DONGIAN", "TTHC_RASOAT", "TTHC_TONG"}))[-3:]
    [('TTHC_DONGIAN', 'TTHC_TONG'), ('TTHC_TONG', 'TTHC_TONG'), ('TTHC_RASOAT', 'TTHC_RASOAT')]
    """
    for part in WHOLES:
        whole = WHOLES.get(part)
        while whole is not None:
            if part in planned and whole in planned:
                yield part, whole
            whole = WHOLES.get(whole)
    for whole in dict.fromkeys(WHOLES.values()):
        if whole in planned:
            yield whole, whole
