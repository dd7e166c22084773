"""``so sánh`` over a group: many results come in, who leads each such criterion and everybody's points go out.

The leader is the best value among the results that count; it takes the place of the plan's ``dẫn đầu``, because the
points of one agency depend on all others (subject.md §1.6, F8 and F14). ``chỉ tiêu`` stays each plan's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from cchc_xl.plan.methods import Relative, scoring
from cchc_xl.result.contents import ScoredCriterion
from cchc_xl.result.view import View, identity
from cchc_xl.text.words import key

_OUT_OF_REACH = Decimal("1E+60")

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
class RelativeCriterion:
    """A ``so sánh`` criterion of one agency: its own points and those in the group.

    ``kept`` says why its own points hold: ``appraised``, ``evidence`` (none given, and the plan says 0), ``no_leader``.
    """

    code: str
    name: str
    max: Decimal
    value: Decimal
    target: Decimal | None
    own_points: Decimal | None
    group_points: Decimal | None
    kept: str | None


@dataclass(frozen=True, slots=True)
class Regraded:
    """A criterion with its points in the group; ``lowest`` are those against a missing value that is out of reach."""

    told: RelativeCriterion
    lowest: Decimal | None


@dataclass(frozen=True, slots=True)
class Leader:
    """The best value of a criterion (None if nobody has one above 0), whose it is, and who still owes a value.

    ``declared`` are the leaders' values that the plans state, ``count`` is how many results have a value.
    """

    code: str
    name: str
    leader: Decimal | None
    holders: tuple[str, ...]
    waiting: tuple[str, ...]
    declared: tuple[Decimal, ...]
    count: int


def find_leaders(group: Sequence[Entry]) -> dict[Identity, Leader]:
    """The leader of every ``so sánh`` leaf of the group, in the order of the group and of its plans.

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
    return Leader(
        code=rows[0][1].code,
        name=rows[0][1].name,
        leader=best if best is not None and best > 0 else None,
        holders=tuple(name for name, value in values if value == best),
        waiting=tuple(entry.name for entry, item in counting if item.value is None and item.status == "missing"),
        declared=tuple(sorted({value for _, item in rows if (value := stated(item, "dẫn đầu")) is not None})),
        count=sum(item.value is not None for _, item in rows),
    )


def regrade(view: View, leaders: dict[Identity, Leader]) -> list[Regraded]:
    """The points of a result's ``so sánh`` leaves against the group's leaders; unrounded, at most the maximum.

    The formulas are those of :class:`cchc_xl.plan.methods.Relative`.
    """
    return [
        _regraded(view, item, item.value, leaders[identity(item)]) for item in _leaves(view) if item.value is not None
    ]


def _regraded(view: View, item: ScoredCriterion, value: Decimal, leader: Leader) -> Regraded:
    target = stated(item, "chỉ tiêu")
    kept, points = None, item.final_points
    if item.appraised_points is not None:
        kept = "appraised"
    elif _unproved(view, item):
        kept = "evidence"
    elif leader.leader is None:
        kept = "no_leader"
    else:
        points = Relative.against(leader.leader, target, value, item.max)
    open_ended = kept is None and leader.waiting
    lowest = Relative.against(_OUT_OF_REACH, target, value, item.max) if open_ended else points
    told = RelativeCriterion(item.code, item.name, item.max, value, target, item.final_points, points, kept)
    return Regraded(told, lowest)


def _leaves(view: View) -> list[ScoredCriterion]:
    return [item for item in view.leaves if scoring(item.method).is_relative]


def stated(item: ScoredCriterion, name: str) -> Decimal | None:
    """The value that the plan states for a criterion under this name of ``Thang điểm``."""
    return next((band.amount for band in item.rule.bands if key(band.level) == key(name)), None)


def _unproved(view: View, item: ScoredCriterion) -> bool:
    """Whether the plan gives 0 points for want of evidence here."""
    strict = view.contents.settings.zero_without_evidence and bool(item.rule.evidence)
    return strict and not any(report.evidence for report in item.reports)
