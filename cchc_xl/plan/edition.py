"""The plan as it stands in one period: a :class:`Plan` and a period come in, an :class:`Edition` goes out."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from typing import TypeVar

from cchc_xl.plan.marking import ZERO
from cchc_xl.plan.methods import scoring
from cchc_xl.records import Band, Criterion, Edition, Measure, Node, Period, Plan
from cchc_xl.text.words import closest, key, tidy, unmarked

_SEPARATOR = re.compile(r"[./]")
_DIGITS = "0123456789"
DEEPEST = 50  # levels of a tree of criteria
_YEAR = timedelta(days=330)  # a year's report may be due before the year is out
_T = TypeVar("_T")


def parts(code: str) -> tuple[str, ...]:
    """The parts of a criterion code.

    >>> parts("3.2.5"), parts("I/3.1.1")
    (('3', '2', '5'), ('I', '3', '1', '1'))
    """
    return tuple(_SEPARATOR.split(code.strip()))


def find_period(plan: Plan, text: str) -> Period | None:
    """The one period of the plan that the text can mean; None if that is none or more than one.

    It may be the period's code, its name, or a shorter form: ``Q1``, ``quý 1``, ``2021Q1``, ``q1/2021``, ``6 tháng``,
    ``cả năm``. A year that is told must be the period's own; where none is told, the year of the plan decides.

    >>> from cchc_xl.pipeline.jobs import load_plan, template_path
    >>> plan = load_plan(template_path("plan_template.xlsx"))
    >>> [getattr(find_period(plan, text), "code", None) for text in ("quý 3", "q1/2020", "2022Q1", "Q9", "quý")]
    ['2021-Q3', '2020-Q1', None, None, None]
    """
    coded = [item for item in plan.periods if key(item.code) == key(text)]
    named = [item for item in plan.periods if key(item.name) == key(text)]
    if coded or len(named) == 1:
        return (*coded, *named)[0]
    meant = _meant(plan, text)
    if len(meant) > 1:
        meant = [item for item in meant if item.end.year == plan.settings.year]
    return meant[0] if len(meant) == 1 else None


def near_periods(plan: Plan, text: str) -> tuple[Period, ...]:
    """The periods that somebody may have meant who wrote what :func:`find_period` does not know, likeliest first."""
    meant = _meant(plan, text)
    if meant:
        return tuple(meant)
    shape = _shape(text)
    same = [item for item in plan.periods if shape.rest and any(shape.rest == one.rest for one in _shapes(item))]
    names = {unmarked(name).casefold(): item for item in plan.periods for name in (item.name, item.code)}
    alike = [names[name] for name in closest(unmarked(tidy(text)).casefold(), names)]
    return tuple(dict.fromkeys((*same, *alike)))


def _meant(plan: Plan, text: str) -> list[Period]:
    """The periods whose code or name says the same as the text, so far as the text goes."""
    shape = _shape(text)
    found = []
    for item in plan.periods:
        shapes = _shapes(item)
        own = next((one.year for one in shapes if one.year), item.end.year)
        year, rest = shape.year, shape.rest
        if year is None and len(rest) > 1 and rest[-1] == str(own % 100):  # Q1/21
            year, rest = own, rest[:-1]
        if (rest or year) and year in (None, own) and any((rest or _WHOLE_YEAR) == one.rest for one in shapes):
            found.append(item)
    return found


_WHOLE_YEAR = ("n",)
_LONGEST_PERIOD = 100  # characters of what somebody wrote that are looked at
_PERIOD_PARTS = re.compile(r"[a-z]+|[0-9]+")
_SAID_ALONG = frozenset(("ky", "bao", "cao", "ca", "dau", "cua"))
_PERIOD_WORDS = {
    "quy": "q",
    "quarter": "q",
    "thang": "t",
    "nam": "n",
    "year": "n",
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "mot": "1",
    "nhat": "1",
    "hai": "2",
    "nhi": "2",
    "ba": "3",
    "bon": "4",
    "tu": "4",
    "sau": "6",
    "chin": "9",
    "qi": "q 1",
    "qii": "q 2",
    "qiii": "q 3",
    "qiv": "q 4",
    "quyi": "q 1",
    "quyii": "q 2",
    "quyiii": "q 3",
    "quyiv": "q 4",
}


@dataclass(frozen=True, slots=True)
class _Shape:
    """What names a period: its year, and the rest as (kind, number), of a whole year ``n`` alone."""

    year: int | None
    rest: tuple[str, ...]


def _shapes(period: Period) -> tuple[_Shape, ...]:
    return tuple(one for one in (_shape(period.code), _shape(period.name)) if one.rest)


@lru_cache(maxsize=1_000)
def _shape(text: str) -> _Shape:
    """The shape of a code, a name or what somebody wrote.

    >>> _shape("Quý I năm 2021") == _shape("2021-Q1") == _shape("q1/2021"), _shape("Năm 2020") == _shape("2020-N")
    (True, True)
    """
    written = _PERIOD_PARTS.findall(unmarked(tidy(text[:_LONGEST_PERIOD])).casefold())
    words = " ".join(_PERIOD_WORDS.get(word, word) for word in written if word not in _SAID_ALONG).split()
    years = [word for word in words if len(word) == 4 and word[:2] in ("19", "20") and word.isdigit()]
    rest = [word.lstrip("0") or word for word in words if word not in years]
    if len(rest) > 1:  # “quý I năm 2021”: the year's own word says nothing more
        rest = [word for word in rest if word != "n"]
    return _Shape(int(years[0]) if len(years) == 1 else None, tuple(rest) or (_WHOLE_YEAR if years else ()))


def is_year(start: date, end: date) -> bool:
    """Whether a period from one day to the other is a year, and no part of one.

    >>> is_year(date(2020, 12, 15), date(2021, 12, 14)), is_year(date(2020, 12, 15), date(2021, 6, 14))
    (True, False)
    """
    return end - start >= _YEAR


def following(plan: Plan, period: Period) -> Period | None:
    """The period that tasks drawn from this one are for: after a year the next year, else the next one of the plan.

    Of several that end on one day it is that of the same kind (6T after Q1 where there is no Q2), then the shorter one.
    """
    year, dash, rest = period.code.partition("-")
    same = find_period(plan, f"{int(year) + 1}{dash}{rest}") if year.isascii() and year.isdigit() else None
    kind = rest.strip(_DIGITS)
    later = sorted(
        (item for item in plan.periods if item.end > period.end),
        key=lambda item: (item.end, item.code.partition("-")[2].strip(_DIGITS) != kind, -item.start.toordinal()),
    )
    return (same if is_year(period.start, period.end) else None) or next(iter(later), same)


def earlier_periods(edition: Edition) -> list[Period]:
    """The periods that ended before the edition's does, the latest first."""
    earlier = (item for item in edition.plan.periods if item.end < edition.period.end)
    return sorted(earlier, key=lambda item: item.end, reverse=True)


def in_force(plan: Plan, period: Period) -> Edition:
    """The criteria in force on the last day of the period, as a tree.

    A row applies if it starts on or before that day; of several rows of one code the latest applies. The parent of a
    code is its longest prefix that exists. Maxima are in points. Contract: design §3; nothing is raised.

    >>> plan = cchc_xl.load_plan("thu/2021-quy-1/ke-hoach.xlsx")
    >>> edition = cchc_xl.in_force(plan, plan.periods[-1])
    >>> sum(node.max_score for node in edition.nodes if node.level == 1), len(edition.leaves)
    (Decimal('100'), 38)
    """
    chosen: dict[str, Criterion] = {}
    for criterion in plan.criteria:
        start, held = criterion.effective_from or date.min, chosen.get(criterion.code)
        if start <= period.end and (held is None or start > (held.effective_from or date.min)):
            chosen[criterion.code] = criterion
    by_parts = {parts(code): code for code in chosen}
    parents = {code: _nearest(parts(code)[:-1], by_parts) for code in chosen}
    rows = {parts(row.code): row for row in plan.appendix}
    children: defaultdict[str | None, list[str]] = defaultdict(list)
    for code, parent in parents.items():
        children[parent].append(code)
    bands: defaultdict[str, list[Band]] = defaultdict(list)
    for band in plan.bands:
        bands[band.code].append(band)

    def level(code: str) -> int:
        parent = parents[code]
        return 1 if parent is None else 1 + level(parent)

    @cache
    def maximum(code: str) -> Decimal:
        stated = chosen[code].max_score
        own = [maximum(child) for child in children[code] if not scoring(chosen[child].method).is_bonus]
        given = [most for most in own if most > 0] or own  # what deducts is no part of what the others give
        return sum(given, ZERO) if stated is None else stated

    nodes = tuple(
        Node(
            criterion=criterion,
            max_score=maximum(code),
            parent=parents[code],
            children=tuple(children[code]),
            level=level(code),
            appendix=_nearest(parts(code), rows),
            bands=tuple(bands[code]),
            sound=code not in plan.unsound,
            places=None if children[code] else _places(criterion, plan),
        )
        for code, criterion in chosen.items()
    )
    return Edition(plan, period, nodes)


def distinct_editions(plan: Plan) -> tuple[Edition, ...]:
    """Of the periods in which the same rows are in force, the first one's edition: all that a check need look at."""
    starts = sorted({item.effective_from for item in plan.criteria if item.effective_from})
    periods: dict[int, Period] = {}
    for period in plan.periods:
        periods.setdefault(bisect_right(starts, period.end), period)
    return tuple(in_force(plan, period) for period in periods.values())


def _places(leaf: Criterion, plan: Plan) -> int | None:
    return plan.settings.criterion_places if leaf.places is None else leaf.places


def typed_bounds(node: Node) -> tuple[Band, ...]:
    """The rows of ``Thang điểm`` that bound points which a unit or an appraiser types: only ``chấm tay`` has any."""
    return node.bands if scoring(node.criterion.method).by_hand else ()


def is_extra(code: str, nodes: Mapping[str, Node]) -> bool:
    """Whether a criterion's points are a bonus or a deduction, its own or its groups': in no count of criteria."""
    node = nodes.get(code)
    if node is None:
        return False
    return scoring(node.criterion.method).is_bonus or node.max_score < 0 or is_extra(node.parent or "", nodes)


def entered_measures(edition: Edition, unit: str) -> tuple[Measure, ...]:
    """The figures that a unit enters, in the order of the plan: not those that the plan itself gives."""
    return tuple(item for item in _entered(edition.plan) if unit in item.units)


def entered_by_unit(edition: Edition) -> dict[str, tuple[Measure, ...]]:
    """The figures that each unit enters, as :func:`entered_measures` gives them, of all units at once."""
    found: dict[str, list[Measure]] = {unit.code: [] for unit in edition.plan.units}
    for item in _entered(edition.plan):
        for unit in dict.fromkeys(item.units):
            if unit in found:
                found[unit].append(item)
    return {unit: tuple(items) for unit, items in found.items()}


def _entered(plan: Plan) -> Iterator[Measure]:
    given = {item.measure for item in plan.survey}
    return (item for item in plan.measures if item.code not in given)


def _nearest(code: tuple[str, ...], found: Mapping[tuple[str, ...], _T]) -> _T | None:
    """What stands under the code itself, else under its longest beginning of :data:`DEEPEST` parts."""
    if code in found:
        return found[code]
    return next((found[code[:end]] for end in range(min(len(code), DEEPEST), 0, -1) if code[:end] in found), None)


_FORM_LABEL = re.compile("(?:" + "|".join(map(key, ("mã số", "mã", "ms"))) + r")[\s.:]{0,3}(?=\d)")
_LONGEST_FORM_CODE = 60


@lru_cache(maxsize=20_000)
def form_code_key(text: str) -> str:
    """The match key of a code as a form prints it: "MS 12" is "12" under a heading that says "Mã số"; 012 is not 12.

    >>> form_code_key("MS 12") == form_code_key("ms: 12") == form_code_key("(12)") == form_code_key("Mã số: 12.")
    True
    >>> form_code_key("0101") == form_code_key("101")
    False
    """
    told = key(text[: 2 * _LONGEST_FORM_CODE].replace(":", " "))
    if len(told) > _LONGEST_FORM_CODE:
        return text
    return _FORM_LABEL.sub("", told.strip(" .:;()[]"), count=1).replace(" ", "")
