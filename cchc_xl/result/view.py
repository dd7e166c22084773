"""Every look-up into a result, once: its contents come in, what is asked of them by code, unit or place goes out.

A report that says "18/34 tiêu chí chưa đạt điểm tối đa" and ``explain`` that traces the 34 must count alike; the shares
that the report writes are those that ``explain`` finds again. For what asks "what if", the path to the target and
points relative to the best of a group of agencies, the tree is summed again with other points.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cached_property
from typing import Literal

from cchc_xl.plan.edition import TASK_FIGURES
from cchc_xl.plan.marking import GroupMethod, Part
from cchc_xl.plan.methods import scoring
from cchc_xl.plan.wording import slots, worded
from cchc_xl.result.contents import ZERO, Contents, Placed, ScoredCriterion
from cchc_xl.text.numbers import EXACT
from cchc_xl.text.words import key

_SIMPLE = re.compile(r"([A-Za-z]\w*) / ([A-Za-z]\w*)")
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

    @property
    def index_name(self) -> str:
        """What the index is called; a plan that does not say has "chỉ số"."""
        return self.contents.settings.index

    @property
    def index_called(self) -> str:
        """The index inside a sentence: "Chỉ số" with its abbreviation, where the plan has one."""
        return f"Chỉ số {self.contents.settings.index_short}".rstrip()

    @property
    def compiling_unit(self) -> str:
        """The name of the unit that compiles the reports, however the plan names it; '' where it names none."""
        typed = self.contents.settings.compiling_unit
        code = self.compiling_code
        return self.unit_names[code] if code else typed

    @cached_property
    def compiling_code(self) -> str:
        """The code of that unit; '' where the plan names none of its units."""
        typed = key(self.contents.settings.compiling_unit)
        return next((unit.code for unit in self.contents.units if typed in (key(unit.code), key(unit.name))), "")

    def task_figure(self, role: Literal["giao", "sớm", "đúng", "trễ", "chưa"]) -> str:
        """The figure that counts the tasks of this kind; '' where the plan has none."""
        code = TASK_FIGURES[("giao", "sớm", "đúng", "trễ", "chưa").index(role)]
        return code if code in self.details else ""

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

    @cached_property
    def wholes(self) -> dict[str, str]:
        """What a figure is a part of by the plan: the sum that it is added up to, else what it is scored against."""
        found: dict[str, str] = {}
        for group in self.contents.figure_groups:
            if len(group.total) == 1:
                found |= {part: group.total[0] for part in group.parts if part not in found}
        for item in self.contents.criteria:
            if (simple := _SIMPLE.fullmatch(item.rule.figures)) is not None:
                found.setdefault(simple[1], simple[2])
        return {part: whole for part, whole in found.items() if {part, whole} <= self.details.keys()}

    @cached_property
    def shares(self) -> tuple[tuple[str, str], ...]:
        """Every part with its whole and what that is a part of, the shares scored or told, each whole beside itself."""
        found: dict[tuple[str, str], None] = {}
        for part in self.wholes:
            above: list[str] = [part]
            while (whole := self.wholes.get(above[-1])) is not None and whole not in above:
                above.append(whole)
                found[part, whole] = None
        texts = [item.rule.figures for item in self.contents.criteria]
        for sentence in self.contents.sentences:
            wordings = (worded(text) for text in (sentence.text, sentence.when_missing))
            texts += [str(slot.figures) for wording in wordings for slot in slots(wording) if slot.figures]
        for simple in filter(None, map(_SIMPLE.fullmatch, texts)):
            if {simple[1], simple[2]} <= self.details.keys():
                found[simple[1], simple[2]] = None
        return tuple({**found, **{(whole, whole): None for _, whole in found}})

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

    The applicable maxima stay what they are.
    """
    with localcontext(EXACT):
        points: dict[str, Decimal] = {}
        for code, item in sorted(view.by_code.items(), key=lambda pair: -pair[1].level):
            own = view.children[code]
            points[code] = _group(item, own, points) if own else leaves.get(code, item.final_points or ZERO)
        applicable = sum((item.applicable_max for item in view.top), ZERO)
        total = sum((points[item.code] for item in view.top), ZERO)
        return Tree(points, total * 100 / applicable if applicable else None)


def _group(item: ScoredCriterion, children: Sequence[ScoredCriterion], points: Mapping[str, Decimal]) -> Decimal:
    rule = group_rule(item)
    return rule.points([part(child, points[child.code]) for child in children], limit(item)) if rule else ZERO


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
