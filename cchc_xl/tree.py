"""The criteria tree of a result document summed again: leaf points come in, every group's points and the index go out.

For what asks "what if": the path to the target, and points relative to the best of a group of agencies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext

from cchc_xl.plan.methods import group_points
from cchc_xl.records import Method
from cchc_xl.result.objects import Document
from cchc_xl.text.numbers import EXACT, settled

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
    if not item["sound"]:
        return ZERO
    method = Method(item["method"])
    regular = [child for child in children if child["method"] != Method.BONUS and Decimal(child["applicable_max"])]
    bonus = [child for child in children if child["method"] == Method.BONUS]
    limit = Decimal(item["max"] if method is Method.BONUS else item["applicable_max"])
    pairs = [(points[child["code"]], Decimal(child["applicable_max"])) for child in regular]
    return settled(group_points(method, pairs, limit) + sum((points[child["code"]] for child in bonus), ZERO))
