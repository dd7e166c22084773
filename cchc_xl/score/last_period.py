"""Units' figures against those of an earlier period: the consolidation and an earlier result come in, findings go out.

All are warnings: a figure may have been wrong before, and two periods may be alike. Windows are the ministry's (design
§3): a period that starts on the same day and ends later counts on from the earlier one.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from cchc_xl.records import CellRef, Consolidation, Edition, FigureEntry, Finding, Kind, Measure, State, Submission
from cchc_xl.result.contents import Contents
from cchc_xl.text.catalogue import finding
from cchc_xl.text.numbers import vietnamese
from cchc_xl.text.words import key

# A thousand times apart is đồng for million đồng; a count below ten may well grow a hundredfold.
_APART, _SMALL = 100, 10
_ENOUGH = 3

_Before = dict[tuple[str, str], Decimal]


def check(before: Contents, edition: Edition, consolidation: Consolidation) -> tuple[Finding, ...]:
    """What each unit's figures say beside the same unit's figures of an earlier period of the same agency."""
    if key(before.agency) != key(edition.plan.settings.agency) or before.period == edition.period.code:
        return ()
    known = _known(before)
    cumulative = before.period_start == edition.period.start and before.period_end < edition.period.end
    return tuple(
        item
        for submission in consolidation.submissions
        for item in _unit(submission, known, edition, before.period, cumulative=cumulative)
    )


def _known(before: Contents) -> _Before:
    return {
        (total.code, entry.unit): entry.value
        for total in before.measure_details
        for entry in total.entries
        if entry.state is State.KNOWN and entry.value is not None
    }


def _unit(
    submission: Submission, known: _Before, edition: Edition, period: str, *, cumulative: bool
) -> Iterator[Finding]:
    measures = {measure.code: measure for measure in edition.plan.measures}
    both = [
        (entry, known[entry.measure, entry.unit])
        for entry in submission.figures
        if entry.value is not None and (entry.measure, entry.unit) in known
    ]
    is_same = all(entry.value == before for entry, before in both)
    if is_same and len(both) >= _ENOUGH and any(before for _, before in both):
        yield finding("C203", CellRef(submission.form_file), unit=submission.unit, period=period)
        return
    for entry, before in both:
        measure = measures[entry.measure]
        now = entry.value or Decimal(0)
        counted_on = cumulative and measure.combine == "tổng" and measure.kind.is_whole
        if counted_on and now < before:
            yield _told("C202", entry, measure, before, period)
        elif _is_apart(now, before, measure.kind):
            yield _told("C204", entry, measure, before, period)


def _is_apart(now: Decimal, before: Decimal, kind: Kind) -> bool:
    low, high = sorted((abs(now), abs(before)))
    return low > 0 and high >= low * _APART and (kind is Kind.MONEY or low >= _SMALL)


def _told(code: str, entry: FigureEntry, measure: Measure, before: Decimal, period: str) -> Finding:
    now = vietnamese(entry.value or Decimal(0))
    fields = {"name": measure.name, "now": now, "before": vietnamese(before), "period": period}
    return finding(code, entry.at, unit=entry.unit, **fields)
