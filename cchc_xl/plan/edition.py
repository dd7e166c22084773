"""The plan as it stands in one period: a :class:`Plan` and a period come in, an :class:`Edition` goes out."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from cchc_xl.plan.methods import scoring
from cchc_xl.records import AppendixRow, Criterion, Edition, Measure, Node, Period, Plan

_SEPARATOR = re.compile(r"[./]")


def parts(code: str) -> tuple[str, ...]:
    """The parts of a criterion code.

    >>> parts("3.2.5"), parts("I/3.1.1")
    (('3', '2', '5'), ('I', '3', '1', '1'))
    """
    return tuple(_SEPARATOR.split(code.strip()))


def find_period(plan: Plan, code: str) -> Period | None:
    """The period of this code, whatever its case; None if the plan has none."""
    return next((period for period in plan.periods if period.code.casefold() == code.strip().casefold()), None)


def in_force(plan: Plan, period: Period) -> Edition:
    """The criteria in force on the last day of the period, as a tree.

    A row applies if it starts on or before that day; of several rows of one code the latest applies. The parent of a
    code is its longest prefix that exists.
    """
    chosen: dict[str, Criterion] = {}
    for criterion in plan.criteria:
        if criterion.effective_from is None or criterion.effective_from <= period.end:
            held = chosen.get(criterion.code)
            if held is None or _start(criterion) > _start(held):
                chosen[criterion.code] = criterion
    by_parts = {parts(code): code for code in chosen}
    parents = {code: _longest_prefix(code, by_parts) for code in chosen}
    rows = {parts(row.code): row for row in plan.appendix}
    children: dict[str, list[str]] = {code: [] for code in chosen}
    for code, parent in parents.items():
        if parent:
            children[parent].append(code)
    maxima: dict[str, Decimal] = {}
    nodes = tuple(
        Node(
            criterion=criterion,
            max_score=_max_score(code, chosen, children, maxima),
            parent=parents[code],
            children=tuple(children[code]),
            level=_level(code, parents),
            appendix=_appendix_row(code, rows),
            bands=tuple(band for band in plan.bands if band.code == code),
            sound=code not in plan.unsound,
        )
        for code, criterion in chosen.items()
    )
    return Edition(plan, period, nodes)


def entered_measures(edition: Edition, unit: str) -> tuple[Measure, ...]:
    """The figures that a unit enters, in the order of the plan."""
    return tuple(measure for measure in edition.plan.measures if unit in measure.units)


def _start(criterion: Criterion) -> date:
    return criterion.effective_from or date.min


def _longest_prefix(code: str, by_parts: dict[tuple[str, ...], str]) -> str | None:
    whole = parts(code)
    return next((by_parts[whole[:end]] for end in range(len(whole) - 1, 0, -1) if whole[:end] in by_parts), None)


def _appendix_row(code: str, rows: dict[tuple[str, ...], AppendixRow]) -> AppendixRow | None:
    whole = parts(code)
    return next((rows[whole[:end]] for end in range(len(whole), 0, -1) if whole[:end] in rows), None)


def _level(code: str, parents: dict[str, str | None]) -> int:
    parent = parents[code]
    return 1 if parent is None else 1 + _level(parent, parents)


def _max_score(
    code: str, chosen: dict[str, Criterion], children: dict[str, list[str]], maxima: dict[str, Decimal]
) -> Decimal:
    if code not in maxima:
        stated = chosen[code].max_score
        own = [child for child in children[code] if not scoring(chosen[child].method).is_bonus]
        total = sum((_max_score(child, chosen, children, maxima) for child in own), Decimal(0))
        maxima[code] = total if stated is None else stated
    return maxima[code]


TASK_FIGURES = ("NV_GIAO", "NV_SOM", "NV_DUNG", "NV_TRE", "NV_CHUA")
TASKS_GIVEN, TASKS_EARLY, TASKS_ON_TIME, TASKS_LATE, TASKS_OPEN = TASK_FIGURES
