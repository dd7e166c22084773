"""The report's tables by unit, discrepancies and limitations: a result comes in, their rows go out.

For the report's "Hạn chế" and for next year's plan: in the units' own words and by the figures, nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from cchc_xl.papers.criteria import Criteria, Said, Side, place, split
from cchc_xl.papers.figure_tables import FigureRow, Figures
from cchc_xl.result.contents import BrokenRule, ScoredCriterion
from cchc_xl.result.objects import Object, to_objects
from cchc_xl.result.view import View, self_score_differs
from cchc_xl.text.numbers import ELSEWHERE, Value, count_vi, listing, lower_first, number_vi, percent_vi
from cchc_xl.text.words import key

TASKS = ("NV_GIAO", "NV_SOM", "NV_DUNG", "NV_TRE", "NV_CHUA")
FILES = ("HS_TONTRUOC", "HS_TIEPNHAN", "HS_SOM", "HS_DUNGHAN", "HS_TREHAN", "HS_DANGXULY")
REVIEW = ("TTHC_TONG", "TTHC_RASOAT", "TTHC_GIUNGUYEN", "TTHC_DONGIAN", "TTHC_TIETKIEM")

_ROLL = {
    "submitted": "Đã gửi đúng hạn",
    "late": "Đã gửi, trễ hạn",
    "missing": "Chưa gửi",
    "unreadable": "Đã gửi nhưng không đọc được",
}


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A line of a table by unit: one value for every figure of the table."""

    name: str
    cells: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class UnitTable:
    """Figures by unit with their sums; ``shares`` are in percent of the first figure."""

    rows: tuple[UnitRow, ...]
    total: tuple[Value, ...]
    shares: tuple[Value, ...]
    waiting: tuple[str, ...]

    @property
    def dashes(self) -> bool:
        """Whether a unit does not enter a figure of the table."""
        return any(cell == ELSEWHERE for row in self.rows for cell in row.cells)


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Two statements that do not agree, and where they stand; ``fields`` are the fields it touches.

    ``conflict`` is two sources of one figure, ``breach`` figures that break a rule; else a self-score differs.
    """

    unit: str
    content: str
    left: str
    right: str
    codes: tuple[str, ...]
    fields: tuple[str, ...]
    source: str
    conflict: bool
    breach: bool
    figures: tuple[str, ...]


def by_unit(figures: Figures, codes: tuple[str, ...]) -> UnitTable | None:
    """The figures by unit; None where the plan has none of them or no unit enters them."""
    rows = tuple(
        UnitRow(figures.view.unit(unit), tuple(figures.cell(code, unit) for code in codes))
        for unit in figures.reporting(codes)
    )
    if not rows:
        return None
    shares = tuple(figures.share(code, codes[0]) if figures.planned(code) else ELSEWHERE for code in codes)
    return UnitTable(rows, tuple(figures.total(code) for code in codes), shares, tuple(figures.owing(codes)))


def roll(view: View) -> dict[str, Object | None]:
    """The units of each state of reporting; None for a state without units."""
    names: dict[str, list[str]] = {status: [] for status in _ROLL}
    for row in view.contents.rollcall:
        names[row.status].append(view.unit(row.unit))
    return {
        status: {"status": status, "text": _ROLL[status], "count": len(units), "units": listing(units)}
        if units
        else None
        for status, units in names.items()
    }


def review(figures: Figures) -> list[Object]:
    """The figures of the review of procedures (rà soát TTHC), in percent of all and of the reviewed ones."""
    return [_review_row(figures, code) for code in REVIEW if figures.planned(code)]


def _review_row(figures: Figures, code: str) -> Object:
    row = figures.row(code)
    reviewed = code in ("TTHC_GIUNGUYEN", "TTHC_DONGIAN")
    return {
        "name": f"{row.name} ({row.unit_name})" if row.unit_name else row.name,
        "value": row.text if row.known else str(figures.total(code)),
        "of_all": ELSEWHERE if code == "TTHC_TIETKIEM" else figures.share(code, "TTHC_TONG"),
        "of_reviewed": figures.share(code, "TTHC_RASOAT") if reviewed else ELSEWHERE,
    }


def late_tasks(view: View) -> list[Object]:
    """The tasks of the registers that were done late or are overdue."""
    late = [replace(task, unit=view.unit(task.unit)) for task in view.contents.tasks if task.outcome == "NV_TRE"]
    shown = ("unit", "document", "content", "due", "completed")
    return [{name: task[name] for name in shown} for task in to_objects(late)]


def units_with(figures: Figures, code: str, what: str) -> list[str]:
    """The units that have any of a figure, each with their number, as a sentence names them."""
    named = []
    for unit in figures.reporting((code,)):
        value = figures.cell(code, unit)
        if isinstance(value, Decimal) and value > 0:
            named.append(f"{figures.view.unit(unit)} ({count_vi(value)} {what})")
    return named


def discrepancies(criteria: Criteria, figures: Figures) -> list[Discrepancy]:
    """Broken cross-checks, then self-scores that differ from the computed ones."""
    rows = [_conflict(item, criteria, figures) for item in criteria.view.contents.conflicts]
    return rows + [_self_score(leaf, criteria) for leaf in criteria.view.leaves if self_score_differs(leaf)]


def _conflict(item: BrokenRule, criteria: Criteria, figures: Figures) -> Discrepancy:
    left, operator, right = re.split("(<=|>=|=)", item.rule)
    touched = dict.fromkeys(criteria.view.field_of(code) for code in item.criteria)
    return Discrepancy(
        unit=figures.view.unit(item.unit) if item.unit else "Toàn cơ quan",
        content=(item.message or item.rule).rstrip(" .;"),
        left=_side(left, item.left, figures, percent=item.left_percent),
        right=_side(right, item.right, figures, percent=item.right_percent),
        codes=item.criteria,
        fields=tuple(code for code in touched if code),
        source=place(item) if item.unit else _sources(item, figures),
        conflict=operator == "=",
        breach=operator != "=",
        figures=tuple(figures.named(item.rule)),
    )


def _sources(item: BrokenRule, figures: Figures) -> str:
    """Of a cross-check over totals: the cell of a figure that one unit enters, the number of units behind a sum."""
    told = []
    for code in figures.named(item.rule):
        entries = figures.details[code].entries
        told.append(place(entries[0]) if len(entries) == 1 else f"tổng hợp từ {count_vi(len(entries))} đơn vị")
    return "; ".join(dict.fromkeys(told)) or ELSEWHERE


def _side(side: str, value: Decimal, figures: Figures, *, percent: bool) -> str:
    """A side in words: the names of its figures; of a quotient only those above the slash."""
    above, slash, _below = side.partition("/")
    codes = re.findall(r"[A-Za-z]\w*", above)
    named = " + ".join(lower_first(figures.name(code)) for code in codes)
    if slash:
        named = f"tỷ lệ {named}, tính từ số liệu báo cáo"
    shown = percent_vi(value) if percent or any(map(figures.is_percent, codes)) else number_vi(value)
    return f"{named[:1].upper()}{named[1:]}: {shown}"


def _self_score(leaf: ScoredCriterion, criteria: Criteria) -> Discrepancy:
    field = criteria.view.field_of(leaf.code)
    return Discrepancy(
        unit=criteria.lead(leaf),
        content=f"Điểm tự chấm khác điểm tính theo quy tắc: {leaf.name}",
        left=f"Điểm tự chấm: {number_vi(leaf.self_points)}",
        right=f"Điểm tính theo quy tắc: {number_vi(leaf.points)}",
        codes=(leaf.code,),
        fields=(field,) if field else (),
        source=place(leaf.reports[0]) if leaf.reports else ELSEWHERE,
        conflict=False,
        breach=False,
        figures=(),
    )


# Topics whose sentence in the template says all that a unit could say.
_WHOLE_STORIES = frozenset(("tasks", "inspection", "news"))


@dataclass(frozen=True, slots=True)
class Limitation:
    """A criterion that fell short, or whose figures do not agree: how far, who, what the figures and the units say."""

    code: str
    name: str
    lead: str
    points: Value
    max: Decimal
    gap: Decimal
    topics: frozenset[str]
    figures: tuple[FigureRow, ...]
    results: tuple[Said, ...]
    conflicts: tuple[Discrepancy, ...]
    objective: tuple[str, ...]
    subjective: tuple[str, ...]
    unmarked: tuple[str, ...]
    as_before: str

    @property
    def explained(self) -> bool:
        """Whether a reason, a discrepancy or figures with a meaning of their own say why it fell short."""
        reasons = self.objective or self.subjective or self.unmarked or self.as_before
        return bool(self.topics or self.conflicts or reasons)

    @property
    def facts(self) -> tuple[str, ...]:
        """What its figures and the units say, each without its full stop, for one sentence."""
        told = (f"{row.name}: {row.with_unit}" for row in self.figures)
        written = (text.rstrip(" .;") for text in (*(said.text for said in self.results), *self.unmarked))
        return (*told, *written)


@dataclass(frozen=True, slots=True)
class LimitedField:
    """A field with what limits it, in the order of the plan."""

    code: str
    name: str
    every: tuple[Limitation, ...]

    @property
    def limitations(self) -> tuple[Limitation, ...]:
        """Those that a reason, figures or a discrepancy explain."""
        return tuple(item for item in self.every if item.explained)

    @property
    def others(self) -> tuple[Limitation, ...]:
        """Those of which nobody said why and no figure tells it."""
        return tuple(item for item in self.every if not item.explained)

    @property
    def short(self) -> tuple[Limitation, ...]:
        """Those below their maximum."""
        return tuple(item for item in self.every if item.gap)


def limited_fields(
    criteria: Criteria, figures: Figures, conflicts: list[Discrepancy], topic_of: Mapping[str, str]
) -> list[LimitedField]:
    """The fields with limitations; ``topic_of`` names the topic of every figure that has a sentence of its own.

    A topic and a discrepancy are told once, in the first of the criteria that they touch.
    """
    before: set[str | Discrepancy] = set()
    fields = []
    for field in criteria.view.top:
        told = []
        for item in criteria.counted_in.get(field.code, ()):
            touching = [one for one in conflicts if item.code in one.codes]
            if criteria.gap(item) or any(one not in before for one in touching):
                made = _limitation(item, criteria, figures, touching, topic_of)
                conflicts_left = tuple(one for one in made.conflicts if one not in before)
                told.append(replace(made, topics=made.topics - before, conflicts=conflicts_left))
                before |= {*made.topics, *touching}
        if told:
            fields.append(LimitedField(field.code, field.name, tuple(_once(told))))
    return fields


def _once(told: list[Limitation]) -> list[Limitation]:
    """The same reasons for several criteria, told for the first: the others name it."""
    seen: dict[tuple[tuple[str, ...], ...], str] = {}
    made = []
    for item in told:
        reasons = (item.objective, item.subjective, item.unmarked)
        first = seen.setdefault(reasons, item.code) if any(reasons) else item.code
        if first != item.code:
            item = replace(item, objective=(), subjective=(), unmarked=(), as_before=first)  # noqa: PLW2901
        made.append(item)
    return made


def _limitation(
    item: ScoredCriterion,
    criteria: Criteria,
    figures: Figures,
    conflicts: Iterable[Discrepancy],
    topic_of: Mapping[str, str],
) -> Limitation:
    own = set(figures.named(item.rule.figures))
    named = [code for code in figures.details if code in own or item.code in figures.details[code].criteria]
    topics = frozenset(topic for code in named if (topic := topic_of.get(code)))
    reasons = [part for said in criteria.said([item], lambda report: report.reason) for part in split(said.text)]

    def side(wanted: Side) -> tuple[str, ...]:
        return tuple({key(part.text): part.text for part in reasons if part.side == wanted}.values())

    rows = tuple(row for code in named if code not in topic_of and (row := figures.row(code)).known)
    results = tuple(criteria.said([item], lambda report: report.result))
    # One voice for one fact: the only unit that leads tells it in its own words; of several units the sums speak.
    alone = len(item.lead) == 1 and bool(results)
    return Limitation(
        code=item.code,
        name=item.name,
        lead=criteria.short_lead(item),
        points=item.final_points,
        max=item.applicable_max,
        gap=criteria.gap(item),
        topics=topics,
        figures=() if alone else rows,
        results=() if topics & _WHOLE_STORIES or (rows and not alone) else results,
        # What a topic's own sentence says of its figures need not be said again.
        conflicts=tuple(one for one in conflicts if not set(one.figures) <= topic_of.keys()),
        objective=side("objective"),
        subjective=side("subjective"),
        unmarked=side("unmarked"),
        as_before="",
    )
