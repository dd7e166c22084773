"""``so sánh`` over a group: many results come in, who leads each such criterion and everybody's points go out.

The leader is the best value among the results that count; it takes the place of the plan's ``dẫn đầu``, because the
points of one agency depend on all others (subject.md §1.6, F8 and F14). ``chỉ tiêu`` stays each plan's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from cchc_xl.ask.ranking import Leader
from cchc_xl.plan.methods import Relative, scoring
from cchc_xl.records import Band, CellRef, Outcome
from cchc_xl.result.contents import Contents, ScoredCriterion
from cchc_xl.result.view import identity
from cchc_xl.text.words import key

_OUT_OF_REACH = Decimal("1E+60")

Identity = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Contender:
    """A result of the group; ``leads`` says whether its values may be the best (an unranked agency's may not)."""

    name: str
    contents: Contents
    leads: bool = True


@dataclass(frozen=True, slots=True)
class Regraded:
    """A criterion's points in the group; ``lowest`` are those against a missing value that is out of reach.

    ``kept`` says why the result's own points hold: ``appraised``, ``evidence`` (none given, and the plan says 0) or
    ``no_leader``.
    """

    code: str
    value: Decimal
    target: Decimal | None
    points: Decimal | None
    lowest: Decimal | None
    kept: str | None


def find_leaders(group: Sequence[Contender]) -> dict[Identity, Leader]:
    """The leader of every ``so sánh`` leaf of the group, in the order of the group and of its plans.

    A value whose points are 0 for want of evidence does not lead; one whose points were appraised does.
    """
    found: dict[Identity, list[tuple[Contender, ScoredCriterion]]] = {}
    for contender in group:
        for item in _leaves(contender.contents):
            found.setdefault(identity(item), []).append((contender, item))
    return {name: _leader(rows) for name, rows in found.items()}


def _leader(rows: list[tuple[Contender, ScoredCriterion]]) -> Leader:
    counting = [(contender, item) for contender, item in rows if contender.leads]
    values = [
        (contender.name, item.value)
        for contender, item in counting
        if item.value is not None and not _unproved(contender.contents, item)
    ]
    best = max((value for _, value in values), default=None)
    stated = {value for _, item in rows if (value := _stated(item, "dẫn đầu")) is not None}
    return Leader(
        code=rows[0][1].code,
        name=rows[0][1].name,
        leader=best if best is not None and best > 0 else None,
        holders=tuple(name for name, value in values if value == best),
        waiting=tuple(
            contender.name for contender, item in counting if item.value is None and item.status == "missing"
        ),
        declared=tuple(sorted(stated)),
        count=sum(item.value is not None for _, item in rows),
    )


def regrade(contents: Contents, leaders: dict[Identity, Leader]) -> list[Regraded]:
    """The points of a result's ``so sánh`` leaves against the group's leaders; unrounded, at most the maximum.

    The formulas are those of :class:`cchc_xl.plan.methods.Relative`.
    """
    return [
        _regraded(contents, item, item.value, leaders[identity(item)])
        for item in _leaves(contents)
        if item.value is not None
    ]


def _regraded(contents: Contents, item: ScoredCriterion, value: Decimal, leader: Leader) -> Regraded:
    target, maximum = _stated(item, "chỉ tiêu"), item.max
    own = item.final_points
    kept = None
    if item.appraised_points is not None:
        kept = "appraised"
    elif _unproved(contents, item):
        kept = "evidence"
    elif leader.leader is None:
        kept = "no_leader"
    if kept or leader.leader is None:
        return Regraded(item.code, value, target, own, own, kept)
    points = relative_points(value, leader.leader, target, maximum)
    lowest = relative_points(value, _OUT_OF_REACH, target, maximum) if leader.waiting else points
    return Regraded(item.code, value, target, points, lowest, None)


def relative_points(value: Decimal, leader: Decimal, target: Decimal | None, maximum: Decimal) -> Decimal | None:
    """The points of a value against a leader above 0, and against a target where there is one.

    >>> relative_points(Decimal("0.6"), Decimal("0.8"), None, Decimal(40))
    Decimal('30')
    >>> [str(relative_points(Decimal(v), Decimal(120), Decimal(100), Decimal(10))) for v in (80, 100, 110, 120)]
    ['4', '5', '7.5', '10']
    """
    bands = [_parameter("dẫn đầu", leader)]
    if target is not None:
        bands.append(_parameter("chỉ tiêu", target))
    scored = Relative().points(value, bands, maximum)
    return None if scored is None else scored.amount


def _parameter(name: str, amount: Decimal) -> Band:
    return Band("", None, True, None, False, name, Outcome("points", amount), "", CellRef(""))


def _leaves(contents: Contents) -> list[ScoredCriterion]:
    return [item for item in contents.criteria if scoring(item.method).is_relative and item.status != "group"]


def _stated(item: ScoredCriterion, name: str) -> Decimal | None:
    amounts = [band.amount for band in item.rule.bands if key(band.level) == key(name)]
    return amounts[0] if amounts else None


def _unproved(contents: Contents, item: ScoredCriterion) -> bool:
    """Whether the plan gives 0 points for want of evidence here."""
    strict = contents.settings.zero_without_evidence and bool(item.rule.evidence)
    return strict and not any(report.evidence for report in item.reports)
