"""A plan and what was reported of it, as records without a file.

Criteria, scales, figures and the words of units come in; an ``Edition`` and the ``Consolidation`` that is scored go out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timezone
from decimal import Decimal

from cchc_xl.plan.edition import in_force
from cchc_xl.records import (
    AppendixRow,
    Band,
    CellRef,
    Consolidation,
    Constraint,
    Criterion,
    CriterionEntry,
    Edition,
    Evidence,
    Measure,
    MeasureTotal,
    Outcome,
    Period,
    Plan,
    Settings,
    State,
    Submission,
    Unit,
)

AT = CellRef("p.xlsx", "Bộ chỉ số", 2, 1)
PERIOD = Period("2021-N", "Năm", date(2020, 12, 15), date(2021, 12, 14))
SENT = datetime(2021, 12, 1, tzinfo=timezone.utc)
AWAY = "không phát sinh"
_MARK = re.compile(r"-?[\d.]+")


def band(
    code: str, points: str, low: str | None = None, high: str | None = None, ends: str = "[)", level: str = ""
) -> Band:
    """A row of a scale; ``points``: a number, ``50%`` or ``tỷ lệ``; ``ends``: whether it begins and ends with its edges."""
    if points == "tỷ lệ":
        outcome = Outcome("linear")
    else:
        outcome = Outcome("share" if points.endswith("%") else "points", Decimal(points.rstrip("%")))
    first, last = (None if edge is None else Decimal(edge) for edge in (low, high))
    return Band(code, first, ends[0] == "[", last, ends[1] == "]", level, outcome, "", AT)


def edition(
    criteria: Iterable[Criterion],
    leads: Mapping[str, Iterable[str]],
    *,
    units: Iterable[Unit] = (),
    bands: Iterable[Band] = (),
    measures: Iterable[Measure] = (),
    rules: Iterable[Constraint] = (),
    settings: Settings = Settings(),  # noqa: B008 - frozen
) -> Edition:
    """The plan in force; ``leads`` has the codes of the units by criterion, and those are all units where none is given."""
    criteria = tuple(criteria)
    names = {item.code: item.name for item in criteria}
    led = {code: tuple(codes) for code, codes in leads.items()}
    plan = Plan(
        file="p.xlsx",
        sha256="",
        settings=settings,
        units=tuple(units) or tuple(Unit(code, code) for code in dict.fromkeys(one for codes in led.values() for one in codes)),
        periods=(PERIOD,),
        appendix=tuple(AppendixRow(code, names[code], "", codes, "", "", (), AT) for code, codes in led.items()),
        criteria=criteria,
        bands=tuple(bands),
        measures=tuple(measures),
        constraints=tuple(rules),
    )  # fmt: skip
    return in_force(plan, PERIOD)


def entry(code: str, unit: str, text: str, evidence: str = "") -> CriterionEntry:
    """What a unit that leads wrote: a level, points of its own, "không phát sinh", or nothing."""
    state = State.NOT_APPLICABLE if text == AWAY else State.KNOWN if text else State.MISSING
    points = Decimal(text) if _MARK.fullmatch(text) else None
    return CriterionEntry(unit, code, True, "", text, state, points, state, evidence, "", AT, AT, AT, AT)


def total(measure: Measure, value: Decimal | None) -> MeasureTotal:
    """A figure of the office; without a value its unit has not sent it."""
    if value is None:
        return MeasureTotal(measure, State.MISSING, None, None, (), measure.units)
    return MeasureTotal(measure, State.KNOWN, value, value, ())


def reported(
    made: Edition,
    entries: Iterable[CriterionEntry],
    totals: Iterable[MeasureTotal] = (),
    before: Iterable[MeasureTotal] = (),
) -> Consolidation:
    """One workbook of each unit, with its entries; the figures of this period and of the one before."""
    rows = tuple(entries)
    sent = tuple(
        Submission(
            "f", "", "", unit.code, made.period.code, "", SENT, "", (),
            tuple(row for row in rows if row.unit == unit.code), (), (), "",
        )
        for unit in made.plan.units
    )  # fmt: skip
    shown = tuple(Evidence(row.unit, row.criterion, row.evidence, AT) for row in rows if row.evidence)
    return Consolidation((), sent, tuple(totals), shown, (), (), tuple(before))
