"""What is relative, over a group: many results come in, who leads each such criterion and everybody's points go out.

``so sánh``, ``thứ hạng`` and ``khoảng`` are graded again among the results that count, each by its own class; nothing
else is. Of ``so sánh`` the best value takes the place of the plan's ``dẫn đầu``, because the points of one agency
depend on all others (subject.md §1.6, F8 and F14); ``chỉ tiêu`` stays each plan's own. A fixed limit is ``ngưỡng``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from cchc_xl.plan.marking import RelativeMethod, stated
from cchc_xl.plan.methods import scoring
from cchc_xl.records import Band, CellRef, Outcome
from cchc_xl.result.contents import ScoredCriterion
from cchc_xl.result.ranking import Leader, RelativeCriterion
from cchc_xl.result.view import View, bare, identity, requires_evidence, summed

Identity = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """A result of the group with its label; ``name`` is the agency's, with the label where two results share it.

    An ``excluded`` one has no place, and its values lead nobody.
    """

    label: str
    view: View
    name: str
    excluded: bool


@dataclass(frozen=True, slots=True)
class Regraded:
    """A criterion with its points in the group before rounding and condition.

    ``lowest`` and ``highest`` are those that the values still missing can make of them.
    """

    told: RelativeCriterion
    points: Decimal | None
    lowest: Decimal | None
    highest: Decimal | None


def find_leaders(group: Sequence[Entry]) -> dict[Identity, Leader]:
    """The leader of every relative leaf of the group, in the order of the group and of its plans.

    A value whose points are 0 for want of evidence does not lead; one whose points were appraised does.
    """
    found: dict[Identity, list[tuple[Entry, ScoredCriterion]]] = {}
    for entry in group:
        for item in _leaves(entry.view):
            found.setdefault(identity(item), []).append((entry, item))
    return {name: _leader(rows) for name, rows in found.items()}


def _leader(rows: list[tuple[Entry, ScoredCriterion]]) -> Leader:
    counting = [(entry, item) for entry, item in rows if not entry.excluded]
    values = [
        (entry.name, item.value)
        for entry, item in counting
        if item.value is not None and not _unproved(entry.view, item)
    ]
    best = max((value for _, value in values), default=None)
    first = rows[0][1]
    has_leader = best is not None and (best > 0 or scoring(first.method).awaits_ranking)
    return Leader(
        code=first.code,
        name=first.name,
        leader=best if has_leader else None,
        holders=tuple(name for name, value in values if value == best),
        waiting=tuple(entry.name for entry, item in counting if item.value is None and item.status == "missing"),
        declared=tuple(sorted({value for _, item in rows if (value := stated(bands_of(item), "dẫn đầu")) is not None})),
        count=sum(item.value is not None for _, item in rows),
        method=first.method,
        values=tuple(sorted((value for _, value in values), reverse=True)),
    )


def regrade(view: View, leaders: dict[Identity, Leader]) -> list[Regraded]:
    """The points of a result's relative leaves among the group's values; unrounded, at most the maximum.

    The formulas are those of each method's class (:class:`cchc_xl.plan.marking.RelativeMethod`).
    """
    graded = [
        _regraded(view, item, item.value, leaders[identity(item)]) for item in _leaves(view) if item.value is not None
    ]
    known = {item.told.code: item.points for item in graded if item.points is not None}
    shown = summed(view, known).points
    return [
        replace(item, told=replace(item.told, group_points=shown[item.told.code])) if item.told.code in known else item
        for item in graded
    ]


def _regraded(view: View, item: ScoredCriterion, value: Decimal, leader: Leader) -> Regraded:
    rule, bands = scoring(item.method), bands_of(item)
    kept, points, spread = None, bare(item), None
    if item.appraised_points is not None:
        kept = "appraised"
    elif _unproved(view, item):
        kept = "evidence"
    elif leader.leader is None or not isinstance(rule, RelativeMethod):
        kept = "no_leader"
    else:
        found = rule.among(value, leader.values, bands, item.max)
        kept, points = ("no_row", points) if found is None else (None, found)
        spread = rule.spread(value, leader.values, len(leader.waiting), bands, item.max) if found is not None else None
    target = stated(bands, "chỉ tiêu")
    own = item.final_points
    told = RelativeCriterion(item.code, item.name, item.max, value, target, own, own, kept, item.method)
    lowest, highest = spread or (points, points)
    return Regraded(told, points, lowest, highest)


def bands_of(item: ScoredCriterion) -> tuple[Band, ...]:
    """The rows of ``Thang điểm`` as the plan has them."""
    at = CellRef(item.rule.file or "", item.rule.sheet or "")
    return tuple(
        Band(
            code=item.code,
            low=row.low,
            low_included=row.low_included,
            high=row.high,
            high_included=row.high_included,
            level=row.level,
            outcome=Outcome(row.form, row.amount),
            note="",
            at=at,
        )
        for row in item.rule.bands
    )


def _leaves(view: View) -> list[ScoredCriterion]:
    return [item for item in view.leaves if scoring(item.method).is_relative]


def _unproved(view: View, item: ScoredCriterion) -> bool:
    """Whether the plan gives 0 points for want of evidence here."""
    strict = view.contents.settings.zero_without_evidence and requires_evidence(item)
    return strict and not any(report.evidence for report in item.reports)
