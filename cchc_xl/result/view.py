"""Every look-up into a result, once: its contents come in, what is asked of them by code, unit or place goes out.

A report that says "18/34 tiêu chí chưa đạt điểm tối đa" and ``explain`` that traces the 34 must count alike; the shares
that the report writes are those that ``explain`` finds again. For what asks "what if", the path to the target and
points relative to the best of a group of agencies, the tree is summed again with other points.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from functools import cached_property
from typing import Literal

from cchc_xl.plan.marking import GroupMethod, Part
from cchc_xl.plan.methods import scoring
from cchc_xl.plan.tree import Branch, CriteriaTree
from cchc_xl.result.contents import ZERO, Contents, Placed, ScoredCriterion
from cchc_xl.text.numbers import EXACT, settled
from cchc_xl.text.words import key

Standing = Literal["full", "short", "missing", "not_applicable"]


class View:
    """One result with its look-ups: units' names, criteria and figures by code, the tree and how each criterion stands.

    ``leaves`` are the criteria that are no group, ``top`` those without a parent (lĩnh vực), in the plan's order.
    """

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self.places = contents.settings.places
        self.unit_names = {unit.code: unit.name for unit in contents.units}
        self.by_code = {item.code: item for item in contents.criteria}
        self.details = {item.code: item for item in contents.measure_details}
        self.leaves = tuple(item for item in contents.criteria if item.status != "group")
        self.top = tuple(item for item in contents.criteria if item.parent is None)
        self.children: dict[str, list[ScoredCriterion]] = {code: [] for code in self.by_code}
        for item in contents.criteria:
            if item.parent in self.children:
                self.children[item.parent].append(item)

    @property
    def year(self) -> int:
        """The year of the plan, else that in which the period ends."""
        return self.contents.settings.year or self.contents.period_end.year

    def unit(self, code: str) -> str:
        """A unit's name, or its code."""
        return self.unit_names.get(code, code)

    def above(self, item: ScoredCriterion) -> list[ScoredCriterion]:
        """The groups that the criterion stands in, the nearest first."""
        parent = None if item.parent is None else self.by_code.get(item.parent)
        return [] if parent is None else [parent, *self.above(parent)]

    def below(self, code: str) -> list[ScoredCriterion]:
        """A criterion and everything under it, in the plan's order."""
        return self._below.get(code, [])

    @cached_property
    def _below(self) -> dict[str, list[ScoredCriterion]]:
        found: dict[str, list[ScoredCriterion]] = {code: [] for code in self.by_code}
        for item in self.by_code.values():
            for one in (item, *self.above(item)):
                found[one.code].append(item)
        return found

    def leaves_of(self, code: str) -> list[ScoredCriterion]:
        """The leaves under a criterion, or itself."""
        return [item for item in self.below(code) if item.status != "group"]

    def field_of(self, code: str) -> str | None:
        """The code of the field (lĩnh vực) that a criterion stands in; None for a code that the result lacks."""
        item = self.by_code.get(code)
        return None if item is None else (item, *self.above(item))[-1].code

    @cached_property
    def tree(self) -> CriteriaTree:
        """The criteria as they are summed."""
        return CriteriaTree(
            Branch(
                code=item.code,
                children=tuple(child.code for child in self.children[item.code]),
                rule=group_rule(item) if self.children[item.code] else None,
                limit=limit(item) if self.children[item.code] else item.max,
                maximum=item.applicable_max,
                is_bonus=scoring(item.method).is_bonus,
                condition=item.condition if item.sound else None,
                places=item.places,
            )
            for item in self.by_code.values()
        )

    @cached_property
    def open(self) -> frozenset[str]:
        """The groups above a criterion that still waits for its points."""
        waiting = (item for item in self.by_code.values() if item.status == "missing")
        return frozenset(group.code for item in waiting for group in self.above(item))

    @cached_property
    def counted(self) -> list[ScoredCriterion]:
        """The criteria whose points are what the maximum of their field is made of.

        Of a group that takes the best of its children, or all or nothing, the group counts and no child does: the
        child that was not the best lost no points. Bonus points are none of the maximum.
        """
        return [
            item
            for item in self.by_code.values()
            if not self.is_bonus(item)
            and all(scoring(group.method).is_sum for group in self.above(item))
            and (item.status != "group" or not scoring(item.method).is_sum)
        ]

    @cached_property
    def _counted_codes(self) -> frozenset[str]:
        return frozenset(item.code for item in self.counted)

    def counted_for(self, item: ScoredCriterion) -> ScoredCriterion:
        """The counted criterion that the item's points go into: itself, or a group that counts in its place."""
        return next((group for group in self.above(item) if group.code in self._counted_codes), item)

    def is_bonus(self, item: ScoredCriterion) -> bool:
        """Whether its points are added to the index's points but not to the maximum."""
        return any(scoring(one.method).is_bonus for one in (item, *self.above(item)))

    def standing(self, item: ScoredCriterion) -> Standing:
        """How a leaf or a group stands.

        A group that has not its maximum while a criterion in it still waits has no points yet: it is ``missing``.
        """
        if item.status in ("missing", "not_applicable"):
            return item.status
        waiting = item.code in self.open
        if item.final_points is None:
            return "missing" if item.applicable_max or waiting else "not_applicable"
        if item.applicable_max > 0 and item.final_points < item.applicable_max:
            return "missing" if waiting else "short"
        return "full"


def requires_evidence(item: ScoredCriterion) -> bool:
    """Whether the plan asks for evidence for this criterion."""
    return key(item.rule.evidence) not in ("", key("không"))


def lacks_evidence(item: ScoredCriterion) -> bool:
    """Whether a leaf must have evidence and has none."""
    return requires_evidence(item) and item.status != "not_applicable" and not item.evidence


def self_score_differs(leaf: ScoredCriterion) -> bool:
    """Whether a unit's own points, where they are not the points that count, are others than the rule gives."""
    if leaf.self_points is None or leaf.points is None or scoring(leaf.method).by_hand:
        return False
    return leaf.status == "scored" and leaf.self_points != leaf.points


def identity(item: ScoredCriterion) -> tuple[str, str]:
    """A criterion's code and name as one key: the same code with another name is another criterion."""
    return key(item.code), key(item.name)


def where(item: Placed) -> str:
    """Where something stands: file › sheet › cell; '' where that is nowhere."""
    return " › ".join(part for part in (item.file, item.sheet, item.cell) if part)


@dataclass(frozen=True, slots=True)
class Tree:
    """Points of every criterion by code, and the index in percent (None where nothing applies)."""

    points: dict[str, Decimal]
    percent: Decimal | None


def summed(view: View, leaves: Mapping[str, Decimal]) -> Tree:
    """The tree with these leaf points in place of the result's; a leaf without points counts 0.

    The points are those before rounding and conditions, which are asked again, as all groups are (`plan.tree`); the
    applicable maxima stay what they are.
    """
    with localcontext(EXACT):
        own = {item.code: _counted(item) for item in view.by_code.values() if not view.children[item.code]}
        without_rule = {code: ZERO for code, below in view.children.items() if below}
        points = {**without_rule, **own, **leaves}
        least = view.tree.sums(points).least
        applicable = sum((item.applicable_max for item in view.top), ZERO)
        total = settled(sum((least[item.code] or ZERO for item in view.top), ZERO))
        return Tree(
            {code: known or ZERO for code, known in least.items()}, total * 100 / applicable if applicable else None
        )


def _counted(leaf: ScoredCriterion) -> Decimal | None:
    """What a leaf counts: 0 while its points are missing, None where it has no part in the index."""
    away = leaf.status == "not_applicable" or not leaf.applicable_max
    own = bare(leaf)
    return own if own is not None or away else ZERO


def bare(leaf: ScoredCriterion) -> Decimal | None:
    """A leaf's points before they are rounded and before its condition; None while it has none."""
    given = (leaf.appraised_points, leaf.bare_points, leaf.final_points)
    return next((points for points in given if points is not None), None)


def reapplied(view: View, maxima: Mapping[str, Decimal]) -> View:
    """The same result where leaves have other applicable maxima: what did not arise does, or the other way round."""
    items = {code: _reapplied(item, maxima[code]) if code in maxima else item for code, item in view.by_code.items()}
    with localcontext(EXACT):
        for code, item in sorted(items.items(), key=lambda pair: -pair[1].level):
            rule, own = group_rule(item), [items[child.code] for child in view.children[code]]
            if rule is not None and own:
                regular = [(child.max, child.applicable_max) for child in own if not scoring(child.method).is_bonus]
                most = ZERO if rule.is_bonus else rule.limit(item.max, regular)
                items[code] = replace(item, applicable_max=most)
    return View(replace(view.contents, criteria=tuple(items.values())))


def _reapplied(leaf: ScoredCriterion, maximum: Decimal) -> ScoredCriterion:
    if maximum:
        return replace(leaf, applicable_max=maximum, status="scored")
    away = replace(leaf, applicable_max=ZERO, status="not_applicable")
    return replace(away, final_points=None, bare_points=None, appraised_points=None)


def group_rule(item: ScoredCriterion) -> GroupMethod | None:
    """How a group of a result combines its children; None where an error of the plan leaves it without points."""
    rule = scoring(item.method)
    return rule if item.sound and isinstance(rule, GroupMethod) else None


def part(child: ScoredCriterion, points: Decimal) -> Part:
    """A criterion of a result as a part of its group."""
    return Part(points, child.applicable_max, scoring(child.method).is_bonus)


def limit(item: ScoredCriterion) -> Decimal:
    """The most that a group of a result can have: bonus points have a maximum of their own, outside the index."""
    return item.max if scoring(item.method).is_bonus else item.applicable_max


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
