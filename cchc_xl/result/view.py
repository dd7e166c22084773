"""Every look-up into a result, once: its contents come in, what is asked of them by code, unit or place goes out.

A report that says "18/34 tiêu chí chưa đạt điểm tối đa" and ``explain`` that traces the 34 must count alike; the shares
that the report writes are those that ``explain`` finds again. For what asks "what if", the path to the target and
points relative to the best of a group of agencies, the tree is summed again with other points.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cached_property
from typing import Literal

from cchc_xl.plan.cells import CONTRACT
from cchc_xl.plan.marking import ZERO, GroupMethod, Part
from cchc_xl.plan.methods import ranked_later, scoring
from cchc_xl.plan.tree import Branch, CriteriaTree
from cchc_xl.plan.wording import slots, worded
from cchc_xl.records import Criterion
from cchc_xl.result.contents import Contents, Counts, GivenInput, Placed, ScoredCriterion, Task, UnitFigure
from cchc_xl.text.numbers import EXACT, points_text, settled
from cchc_xl.text.words import RANKED_LATER, key, told_apart

_KEPT: dict[str, str] = {code: word for word, code in CONTRACT["counted"].items()}
NUMERIC = re.compile(r"-?\d{1,60}(?:\.\d{1,60})?")  # a number as a result has it
_SIMPLE = re.compile(r"([A-Za-z]\w*) / ([A-Za-z]\w*)")
Standing = Literal["full", "short", "missing", "not_applicable", "followed"]


class View:
    """One result with its look-ups: units' names, criteria and figures by code, the tree and how each criterion stands.

    ``leaves`` are the criteria that are no group, ``top`` those without a parent (lĩnh vực), in the plan's order;
    ``office`` is who compiles the reports, as a sentence says it.
    """

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self.places = contents.settings.places
        self.unit_names = told_apart({unit.code: unit.name for unit in contents.units})
        self.office = self.compiling_unit or "bộ phận tổng hợp"
        self.by_code = {item.code: item for item in contents.criteria}
        self.details = {item.code: item for item in contents.measure_details}
        self.leaves = tuple(item for item in contents.criteria if item.status != "group")
        self.top = tuple(item for item in contents.criteria if item.parent is None)
        self.children: dict[str, list[ScoredCriterion]] = {code: [] for code in self.by_code}
        for item in contents.criteria:
            if item.parent in self.children:
                self.children[item.parent].append(item)

    @cached_property
    def register(self) -> dict[str, str]:
        """What each figure that is counted from the register of tasks counts, by code."""
        told: dict[str, str] = {code: item.counts for code, item in self.details.items() if item.counts}
        return told or {code: word for code, word in _KEPT.items() if code in self.details}

    @cached_property
    def least(self) -> Mapping[str, Decimal | None]:
        """Everybody's points summed from the leaves', with nothing for what is missing; None where nothing applies."""
        with localcontext(EXACT):
            return self.tree.sums(_own_points(self)).least

    @cached_property
    def known(self) -> dict[str, Decimal]:
        """The same, and 0 where nothing applies."""
        return {code: points or ZERO for code, points in self.least.items()}

    @cached_property
    def applicable(self) -> Decimal:
        """The applicable maximum of the index: of its fields without deductions."""
        return sum((max(item.applicable_max, ZERO) for item in self.top), ZERO)

    def outcome(self, task: Task) -> str:
        """What became of a task, a word of ``Tự đếm``; results of older versions have its figure's code."""
        return _KEPT.get(task.outcome, task.outcome)

    @property
    def last_year(self) -> dict[str, Decimal]:
        """The figures of a year before that criteria rest on, by their names in expressions: ``A@trước``."""
        used = (item for criterion in self.contents.criteria for item in criterion.inputs if item.period)
        return {item.measure: Decimal(item.value) for item in used if NUMERIC.fullmatch(item.value)}

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
        """The index inside a sentence: "Chỉ số" with its abbreviation, else what the plan calls it."""
        return self.contents.settings.index_called

    @property
    def compiling_unit(self) -> str:
        """The name of the unit that compiles the reports, however the plan names it; '' where it names none."""
        return self.unit_names.get(self.compiling_code, self.contents.settings.compiling_unit)

    @cached_property
    def compiling_code(self) -> str:
        """The code of that unit; '' where the plan names none of its units."""
        typed = key(self.contents.settings.compiling_unit)
        return next((unit.code for unit in self.contents.units if typed in (key(unit.code), key(unit.name))), "")

    def task_figure(self, role: Literal["giao", "sớm", "đúng", "trễ", "chưa"]) -> str:
        """The figure that counts the tasks of this kind; '' where the plan has none."""
        return next((code for code, counts in self.register.items() if counts == role), "")

    def unit(self, code: str) -> str:
        """A unit's name, or its code."""
        return self.unit_names.get(code, code)

    def given_by(self, figure: GivenInput | UnitFigure) -> str:
        """Who gave a figure: a unit by its name; of a survey that is the plan, though the figure counts as a unit's."""
        unit = self.unit(figure.unit)
        return {"plan": "kế hoạch", "office": f"{unit} (do {self.office} nhập)"}.get(figure.by, unit)

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
    def unmet(self) -> frozenset[str]:
        """The criteria without points because the one that their condition names has not what is asked."""
        missing = [item.code for item in self.by_code.values() if item.status == "missing" and item.applicable_max]
        with localcontext(EXACT):
            return self.tree.sums(_own_points(self), missing).unmet

    @cached_property
    def at_full(self) -> dict[str, Decimal]:
        """The leaves that still wait for points, at the most that counts for them; bonus and deductions at 0."""
        waiting = (leaf for leaf in self.leaves if leaf.final_points is None and leaf.applicable_max)
        return {leaf.code: ZERO if self.is_extra(leaf) else _most(leaf) for leaf in waiting}

    @cached_property
    def waiting(self) -> frozenset[str]:
        """The groups whose points can still change with a criterion in them that waits for its own."""
        now, full = summed(self, {}).points, summed(self, self.at_full).points
        return frozenset(code for code, points in now.items() if points != full[code] and self.children[code])

    @cached_property
    def counted(self) -> list[ScoredCriterion]:
        """The criteria whose points are what the maximum of their field is made of (docs/decisions/019).

        Of a group that takes the best of its children, or all or nothing, the group counts and no child does: the
        child that was not the best lost no points. A bonus, a deduction and what is only followed are none of it.
        """
        return [
            item
            for item in self.by_code.values()
            if item.max
            and not self.is_extra(item)
            and all(scoring(group.method).is_sum for group in self.above(item))
            and (item.status != "group" or not scoring(item.method).is_sum)
        ]

    def standing_as(self, standing: Standing, field: str | None = None) -> list[ScoredCriterion]:
        """The counted criteria that stand so, in the plan's order; of one field where its code is given."""
        return list(self._standings.get((standing, field), ()))

    @cached_property
    def _standings(self) -> dict[tuple[Standing, str | None], list[ScoredCriterion]]:
        found: dict[tuple[Standing, str | None], list[ScoredCriterion]] = {}
        for item in self.counted:
            for field in dict.fromkeys((None, self.field_of(item.code))):
                found.setdefault((self.standing(item), field), []).append(item)
        return found

    @cached_property
    def counts(self) -> Counts:
        """How many criteria stand how: the one counter of every output."""
        rows = [leaf for leaf in self.leaves if leaf.status != "followed" and not self.is_extra(leaf)]
        appraised = [leaf for leaf in rows if leaf.appraised_points is not None]
        left = [leaf for leaf in rows if leaf.appraised_points is None and leaf.applicable_max]
        return Counts(
            criteria=len(self.counted),
            full=len(self.standing_as("full")),
            short=len(self.standing_as("short")),
            missing=len(self.standing_as("missing")),
            not_applicable=len(self.standing_as("not_applicable")),
            appraised=len(appraised),
            to_appraise=len(rows),
            fully_appraised=bool(appraised) and not left,
        )

    @property
    def counts_text(self) -> str:
        """How the criteria stand, in words."""
        counts, later = self.counts, self._how_many_later()
        return (
            f"{counts.criteria} tiêu chí: {counts.full} đạt điểm tối đa, {counts.short} chưa đạt điểm tối đa, "
            f"{counts.missing} chưa có điểm{f' ({later})' if later else ''}, {counts.not_applicable} không phát sinh"
        )

    def missing_text(self, field: str | None = None) -> str:
        """How many criteria, of one field where its code is given, have no points, and how many a ranking will mark."""
        later = self._how_many_later(field)
        return f"{len(self.standing_as('missing', field))} tiêu chí chưa có điểm{f', {later}' if later else ''}"

    def _how_many_later(self, field: str | None = None) -> str:
        missing = self.standing_as("missing", field)
        later = sum(map(self.ranked_later, missing))
        return RANKED_LATER if later and later == len(missing) else f"trong đó {later} {RANKED_LATER}" if later else ""

    def ranked_later(self, item: ScoredCriterion) -> bool:
        """Whether a criterion waits for nothing but the ranking: nobody owes anything for it."""
        below = (leaf for leaf in self.leaves_of(item.code) if leaf.status == "missing" and leaf.applicable_max)
        leaves = [leaf for leaf in below if leaf.final_points is None]
        return bool(leaves) and all(ranked_later(leaf.method, leaf.value) for leaf in leaves)

    @property
    def appraisal_text(self) -> str:
        """How far the Office's appraisal has come, in words; '' where it is done."""
        done = self.counts
        if done.fully_appraised:
            return ""
        return f"đã thẩm định {done.appraised}/{done.to_appraise} tiêu chí" if done.appraised else "chưa thẩm định"

    def gap(self, item: ScoredCriterion) -> Decimal:
        """How many points a counted criterion is below its maximum, or what a deduction takes away; else 0."""
        points = item.final_points
        if points is None or self.is_bonus(item):
            return ZERO
        if self.is_deduction(item):
            return max(-points, ZERO)
        return item.applicable_max - points if self.standing(item) == "short" else ZERO

    @cached_property
    def deductions(self) -> list[ScoredCriterion]:
        """What takes points away, in the plan's order: the criteria, or their group where its limit holds them."""
        found: list[ScoredCriterion] = []
        for root in self.extras:
            if self.is_deduction(root):
                own = [leaf for leaf in self.leaves_of(root.code) if leaf.final_points and leaf.final_points < 0]
                whole = sum((leaf.final_points or ZERO for leaf in own), ZERO) == (root.final_points or ZERO)
                found += own if whole else [root]
        return found

    @cached_property
    def extras(self) -> list[ScoredCriterion]:
        """The outermost criteria and groups whose points are a bonus or a deduction."""
        return [
            item
            for item in self.by_code.values()
            if self.is_extra(item) and not any(map(self.is_extra, self.above(item)))
        ]

    def extra_points(self) -> tuple[Decimal, Decimal]:
        """The bonus points and the points deducted, above 0, that are in the points of the index."""
        bonus, deducted = (
            sum((item.final_points or ZERO for item in self.extras if self.is_deduction(item) is sign), ZERO)
            for sign in (False, True)
        )
        return bonus, -deducted

    def away(self, policy: str) -> list[ScoredCriterion]:
        """The counted criteria that did not arise, by what the plan says of them.

        Under ``loại`` those that the index's maximum became smaller by; the others have points like any criterion.
        """
        if policy != "loại":
            own = (item for item in self.counted if item.status == "not_applicable" and item.applicable_max)
            return [item for item in own if item.rule.not_applicable == policy]
        return [
            item
            for item in self.standing_as("not_applicable")
            if all(group.applicable_max < group.max for group in self.above(item)[-1:])
        ]

    @property
    def extras_text(self) -> str:
        """What of the index's points is a bonus or was deducted, in words; '' where nothing is."""
        bonus, deducted = self.extra_points()
        told = [f"gồm {points_text(bonus, self.places)} điểm thưởng"] if bonus else []
        told += [f"đã trừ {points_text(deducted, self.places)} điểm"] if deducted else []
        return ", ".join(told)

    @staticmethod
    def away_reason(item: ScoredCriterion) -> str:
        """Why what did not arise has the points it has; '' where it arose or is left out of the maximum."""
        if item.status != "not_applicable" or not item.applicable_max:
            return ""
        return f"không phát sinh, tính {item.rule.not_applicable} theo kế hoạch"

    def share(self, item: ScoredCriterion) -> Decimal | None:
        """The points in percent of the maximum; None without points, and of a bonus or a deduction."""
        known, most = item.final_points, item.applicable_max
        return known * 100 / most if known is not None and most > 0 else None

    def is_bonus(self, item: ScoredCriterion) -> bool:
        """Whether its points are added to the index's points but not to the maximum."""
        return not self.is_deduction(item) and any(scoring(one.method).is_bonus for one in (item, *self.above(item)))

    def is_deduction(self, item: ScoredCriterion) -> bool:
        """Whether its points are taken away: its maximum, or that of a group above it, is negative."""
        return any(one.max < 0 for one in (item, *self.above(item)))

    def is_extra(self, item: ScoredCriterion) -> bool:
        """Whether it is a bonus or a deduction: in no count of criteria."""
        return self.is_bonus(item) or self.is_deduction(item)

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
            told = slots(worded(sentence.text), worded(sentence.when_missing))
            texts += [str(slot.figures) for slot in told if slot.figures]
        for simple in filter(None, map(_SIMPLE.fullmatch, texts)):
            if {simple[1], simple[2]} <= self.details.keys():
                found[simple[1], simple[2]] = None
        return tuple({**found, **{(whole, whole): None for _, whole in found}})

    def standing(self, item: ScoredCriterion) -> Standing:
        """How a leaf or a group stands.

        A group that can still get points from a criterion in it that waits has none yet: it is ``missing``. What did
        not arise is ``not_applicable`` where it is left out of the maximum; elsewhere the plan gives it points.
        """
        if item.final_points is None and item.status == "missing":
            return "missing"
        if not item.max:
            return "followed"
        waiting = item.code in self.waiting
        if item.final_points is None:
            return "missing" if item.applicable_max or waiting else "not_applicable"
        if item.applicable_max > 0 and item.final_points < item.applicable_max:
            return "missing" if waiting else "short"
        return "full"


def requires_evidence(item: ScoredCriterion) -> bool:
    """Whether the plan asks for evidence for this criterion."""
    return bool(item.rule.evidence)


def lacks_evidence(item: ScoredCriterion) -> bool:
    """Whether a leaf must have evidence and has none."""
    return requires_evidence(item) and item.status not in ("not_applicable", "followed") and not item.evidence


def self_score_differs(leaf: ScoredCriterion) -> bool:
    """Whether a unit's own points, where they are not the points that count, are others than the rule gives."""
    if leaf.self_points is None or leaf.points is None or scoring(leaf.method).by_hand:
        return False
    return leaf.status == "scored" and leaf.self_points != leaf.points


def identity(item: ScoredCriterion | Criterion) -> tuple[str, str]:
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
        if view.tree.asks_nothing:
            again = view.tree.again(view.least, leaves)
        else:
            again = dict(view.tree.sums({**_own_points(view), **leaves}).least)
        points = {**view.known, **{code: known or ZERO for code, known in again.items()}}
        total = settled(sum([points[item.code] for item in view.top], ZERO))
        return Tree(points, total * 100 / view.applicable if view.applicable else None)


def _own_points(view: View) -> dict[str, Decimal | None]:
    """The points that the tree is summed from: the leaves', and 0 of groups that an error of the plan leaves dead."""
    groups = {code: ZERO for code, below in view.children.items() if below}
    return {**groups, **{code: _counted(view.by_code[code]) for code in view.by_code if code not in groups}}


def _counted(leaf: ScoredCriterion) -> Decimal | None:
    """What a leaf counts: 0 while its points are missing, None where it has no part in the index."""
    away = leaf.status == "not_applicable" or not leaf.applicable_max
    own = bare(leaf)
    return own if own is not None or away else ZERO


def _most(leaf: ScoredCriterion) -> Decimal:
    """What counts for a leaf that waits, where all that is missing has its maximum."""
    own = bare(leaf)
    return max(leaf.max, ZERO) if own is None else own


def bare(leaf: ScoredCriterion) -> Decimal | None:
    """A leaf's points before they are rounded and before its condition; None while it has none."""
    given = (leaf.appraised_points, leaf.bare_points, leaf.final_points)
    return next((points for points in given if points is not None), None)


def is_pending(leaf: ScoredCriterion) -> bool:
    """Whether a leaf without points has what is asked of it, and waits for the criterion that its condition names."""
    return leaf.condition is not None and leaf.final_points is None and bare(leaf) is not None


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
