"""Figures of a year before: the result given for it comes in; what ``A@trước`` stands for goes out, or why none is.

It is the result of the same agency whose period has the same code one year earlier. Contract: design §3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from cchc_xl.plan.expression import last_year_terms
from cchc_xl.records import (
    LAST_YEAR,
    CellRef,
    Edition,
    FigureEntry,
    Finding,
    Kind,
    Measure,
    MeasureTotal,
    Node,
    State,
)
from cchc_xl.result.contents import Contents, MeasureDetail
from cchc_xl.result.kept import RESULT
from cchc_xl.result.view import identity
from cchc_xl.text.catalogue import finding
from cchc_xl.text.days import YEAR, dated, day_number
from cchc_xl.text.numbers import plain
from cchc_xl.text.words import key, read_date

_NUMBERS = frozenset((Kind.INTEGER, Kind.DECIMAL, Kind.MONEY))
_SCALES = frozenset(map(key, ("chục", "trăm", "nghìn", "ngàn", "vạn", "triệu", "tỷ", "tỉ")))


def a_year_before(period: str) -> str:
    """The code of the same period one year earlier; the code itself where it names no year, or several.

    >>> a_year_before("2021-Q1"), a_year_before("N2021"), a_year_before("Q1")
    ('2020-Q1', 'N2020', 'Q1')
    """
    years = YEAR.findall(period)
    return YEAR.sub(str(int(years[0]) - 1), period) if len(years) == 1 else period


def strange(edition: Edition, before: Contents) -> str:
    """Why a result cannot stand beside this edition, as the end of a sentence; '' where it can.

    It is another agency's, or of another set: fewer than half of the criteria of the shorter one bear the same names.
    """
    own = edition.plan.settings.agency
    if own and before.agency and key(before.agency) != key(own):
        return f"là của “{before.agency}”, không phải của “{own}”"
    return of_another_set(edition, before)


def of_another_set(edition: Edition, before: Contents) -> str:
    """That a result is of another set of criteria, as the end of a sentence; '' where it is of this one."""
    names = {key(node.criterion.name) for node in edition.nodes}
    others = {key(item.name) for item in before.criteria}
    if 2 * len(names & others) < min(len(names), len(others)):
        return f"chấm theo bộ chỉ số khác (chỉ {len(names & others)} tiêu chí trùng tên)"
    return ""


def completed(edition: Edition, before: Contents | None) -> Edition:
    """The edition with last year's index and points where the plan leaves them empty, from the result of that year.

    ``before`` tells them if it is of a whole year, the one before this edition's; an index that was provisional, and
    what is not in the result, stay unknown. A criterion is known by its code and name.
    """
    if before is None or not _is_year_before(edition, before):
        return edition
    settings = edition.plan.settings
    index = settings.previous_index
    if index is None and before.index.complete:
        index = before.index.percent
    points = {identity(item): item.final_points for item in before.criteria}
    nodes = tuple(
        replace(node, criterion=replace(node.criterion, previous_points=points[name]))
        if node.criterion.previous_points is None and (name := identity(node.criterion)) in points
        else node
        for node in edition.nodes
    )
    plan = replace(edition.plan, settings=replace(settings, previous_index=index))
    return replace(edition, plan=plan, nodes=nodes)


def untaken(edition: Edition, before: Contents | None) -> tuple[Finding, ...]:
    """A note where a whole year's index stays out of the completed edition because it was provisional."""
    if before is None or not _is_year_before(edition, before) or before.index.complete:
        return ()
    known = edition.plan.settings.previous_index is not None
    return () if known else (finding("S301", None, period=before.period_name),)


def _is_year_before(edition: Edition, before: Contents) -> bool:
    """Whether a result is that of the whole year before this edition's."""
    year = edition.plan.settings.year or edition.period.end.year
    return before.is_whole_year and before.period_end.year == year - 1


def figures(edition: Edition, before: Contents | None) -> tuple[MeasureTotal, ...]:
    """The figures that the expressions of this edition take from the result of a year before, by their names there.

    ``before`` is the result that was given for it. The one entry of each says in its text what is known: a value, or
    why there is none, as there is no result, or one of another period or agency, or the figure is not in it.
    """
    used = [node.criterion.figures for node in edition.leaves if node.criterion.figures]
    sides = [side for rule in edition.plan.constraints for side in (rule.left, rule.right)]
    codes = {term.code for side in (*used, *sides) for term in last_year_terms(side)}
    unfit = _unfit(edition, before)
    fit = None if unfit else before
    return tuple(_of_last_year(item, edition, fit, unfit) for item in edition.plan.measures if item.code in codes)


def lacking(edition: Edition, totals: Iterable[MeasureTotal], before: Contents | None) -> tuple[Finding, ...]:
    """Why criteria are not compared with last year: no fit result, told once, else each figure that it lacks."""
    missing = [total for total in totals if total.state is State.MISSING]
    users = {total.measure.code: _users(edition, total.measure.code) for total in missing}
    unfit = _unfit(edition, before)
    if unfit:
        every = [node for node in edition.leaves if any(node in found for found in users.values())]
        told = {"codes": _listed(every), "reason": unfit, "period": _asked(edition)}
        return (finding("S104", every[0].criterion.at, criterion=every[0].criterion.code, **told),) if every else ()
    return tuple(_absent(edition, total, users[total.measure.code]) for total in missing if users[total.measure.code])


def _users(edition: Edition, name: str) -> list[Node]:
    """The leaves that use a figure of last year."""
    return [node for node in edition.leaves if node.criterion.figures and name in node.criterion.figures.names]


def _listed(nodes: Iterable[Node]) -> str:
    return "; ".join(node.criterion.code for node in nodes)


def _absent(edition: Edition, total: MeasureTotal, users: list[Node]) -> Finding:
    code = total.measure.code.removesuffix(LAST_YEAR)
    name = next(item.name for item in edition.plan.measures if item.code == code)
    first = users[0].criterion
    told = {"codes": _listed(users), "reason": total.entries[0].text, "period": _asked(edition)}
    return finding("S105", first.at, criterion=first.code, name=name, code=code, **told)


def _asked(edition: Edition) -> str:
    """The period that is wanted, as it is told."""
    period = edition.period
    asked = a_year_before(period.code)
    return asked if asked != period.code else f"{period.code} năm {period.end.year - 1}"


def _unfit(edition: Edition, before: Contents | None) -> str:
    """Why the result is not that of a year before; '' where it is."""
    period, asked = edition.period, a_year_before(edition.period.code)
    if before is None:
        return f"chưa chọn kết quả kỳ {_asked(edition)}"
    is_earlier = asked != period.code or before.period_end.year == period.end.year - 1
    if key(before.period) != key(asked) or not is_earlier:
        return f"kết quả đã chọn là của kỳ {before.period}, không phải kỳ {_asked(edition)}"
    return ""


def _of_last_year(measure: Measure, edition: Edition, before: Contents | None, unfit: str) -> MeasureTotal:
    """A figure as the result of a year before has it."""
    period, name = _asked(edition), f"{measure.code}{LAST_YEAR}"
    here = replace(measure, code=name, name=f"{measure.name} (kết quả kỳ {period})", units=(), counts="")
    state, value, text = (State.MISSING, None, unfit) if before is None else _found(measure, before)
    at = CellRef(f"{a_year_before(edition.period.code)}/{RESULT}")
    return MeasureTotal(here, state, value, value, (FigureEntry("", name, state, value, text, at),))


def _found(measure: Measure, before: Contents) -> tuple[State, Decimal | None, str]:
    """What the result has of a figure: its state, its value, and what is to be told of it."""
    detail = next((item for item in before.measure_details if item.code == measure.code), None)
    if detail is None:
        return State.MISSING, None, f"kết quả kỳ {before.period} không có số liệu này"
    if _is_other(detail, measure):
        return State.MISSING, None, f"kết quả kỳ {before.period} tính bằng {_told(detail)}, nay là {_told(measure)}"
    if detail.state is State.NOT_APPLICABLE:
        return State.NOT_APPLICABLE, None, "không phát sinh"
    value = _day(detail) if detail.kind is Kind.DATE else detail.value
    if value is None:
        return State.MISSING, None, f"kết quả kỳ {before.period} chưa có giá trị"
    return State.KNOWN, value, dated(value) if detail.kind is Kind.DATE else plain(value)


def _day(detail: MeasureDetail) -> Decimal | None:
    """The day of all units; a result has dates as text."""
    days = list(_days(detail)) if detail.state is State.KNOWN else []
    if detail.combine in ("lớn nhất", "nhỏ nhất"):
        return (max if detail.combine == "lớn nhất" else min)(days, default=None)
    return days[0] if len(set(days)) == 1 else None


def _days(detail: MeasureDetail) -> Iterator[Decimal]:
    for entry in detail.entries:
        if day := read_date(entry.text):
            yield day_number(day)


def _is_other(detail: MeasureDetail, measure: Measure) -> bool:
    """Whether it was another kind of figure, or counted in thousands then and in millions now."""
    kinds = {detail.kind, measure.kind}
    scales = [_SCALES & set(key(item.unit_name).split()) for item in (detail, measure)]
    return scales[0] != scales[1] or (len(kinds) > 1 and not kinds <= _NUMBERS)


def _told(item: Measure | MeasureDetail) -> str:
    return f"“{item.unit_name or item.kind}”"
