"""Next year's plan (kế hoạch cải thiện): the document of a finished year comes in, the context of its draft goes out.

The draft says what the figures say: which criteria fell short, by how much, at which unit and why, in the units' own
words. What no figure says (the numbers of decisions, the rank in the province) is left for the office to write in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from cchc_xl.change import rank_text
from cchc_xl.records import Method
from cchc_xl.report import causes
from cchc_xl.report.context import build
from cchc_xl.report.criteria import Criteria, Said, gap
from cchc_xl.report.figures import FigureRow, Figures
from cchc_xl.report.filters import Value
from cchc_xl.report.tables import Discrepancy
from cchc_xl.vi_text import key

Document = dict[str, Any]

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

    @property
    def explained(self) -> bool:
        """Whether a reason, a discrepancy or figures with a meaning of their own say why it fell short."""
        return bool(self.topics or self.conflicts or self.objective or self.subjective or self.unmarked)


@dataclass(frozen=True, slots=True)
class LimitedField:
    """A field with limitations and the points it lost; of ``others`` nobody said why and no figure tells it."""

    code: str
    name: str
    lost: Decimal
    limitations: tuple[Limitation, ...]
    others: tuple[Limitation, ...]


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A row of the appendix, as the familiar plan has it."""

    code: str
    name: str
    is_field: bool
    lead: str
    target: str
    cooperating: str


@dataclass(frozen=True, slots=True)
class PathStop:
    """A criterion on the shortest way to the target, and the index reached with it."""

    code: str
    name: str
    gain: Decimal
    percent: Decimal


def context(document: Document, rank: int | None = None) -> Document:
    """The context of the draft; ``rank`` is the agency's place in the finished year, where it is known."""
    shared = build(document)
    settings = document["settings"]
    year = int(settings["year"] or document["period_end"][:4])
    units = shared["unit_names"]
    criteria, figures = Criteria(document, units), Figures(document, units)
    told: set[str | Discrepancy] = set()
    fields = [item for field in criteria.fields if (item := _field(field, criteria, figures, shared, told))]
    return {
        **shared,
        "year": str(year),
        "next_year": str(year + 1),
        "rank": rank,
        "rank_change": rank_text(settings["previous_rank"], rank),
        "limited_fields": fields,
        "plan_rows": [_row(item, criteria) for item in criteria.items if item["in_appendix"]],
        "path_stops": _stops(document),
    }


def _field(
    field: Document, criteria: Criteria, figures: Figures, shared: Document, before: set[str | Discrepancy]
) -> LimitedField | None:
    """The field's limitations; ``before`` holds the topics and discrepancies already told, each is told once."""
    own = [item for item in criteria.counted_in.get(field["code"], ()) if not _is_bonus(item, criteria)]
    conflicts: list[Discrepancy] = [item for item in shared["discrepancies"] if item.conflict]
    told = []
    for item in own:
        touching = tuple(one for one in conflicts if item["code"] in one.codes)
        if gap(item) or any(one not in before for one in touching):
            made = _limitation(item, criteria, figures, shared, touching)
            told.append(
                replace(
                    made,
                    topics=made.topics - before,
                    conflicts=tuple(one for one in made.conflicts if one not in before),
                )
            )
            before |= {*made.topics, *made.conflicts}
    if not told:
        return None
    lost = sum((item.gap for item in told), Decimal(0))
    explained = tuple(item for item in told if item.explained)
    return LimitedField(field["code"], field["name"], lost, explained, tuple(one for one in told if not one.explained))


def _is_bonus(item: Document, criteria: Criteria) -> bool:
    """Bonus points are none of the index's maximum: not to have them is no shortcoming."""
    above = criteria.by_code.get(item["parent"])
    return item["method"] == Method.BONUS or (above is not None and _is_bonus(above, criteria))


def _limitation(
    item: Document, criteria: Criteria, figures: Figures, shared: Document, conflicts: tuple[Discrepancy, ...]
) -> Limitation:
    named = [
        code for code in figures.details if code in _named(item) or item["code"] in figures.details[code]["criteria"]
    ]
    topics = frozenset(topic for code in named if (topic := shared["topic_of"].get(code)))
    reasons = [part for said in criteria.said([item], "reason") for part in causes.split(said.text)]

    def side(wanted: causes.Side) -> tuple[str, ...]:
        return tuple({key(part.text): part.text for part in reasons if part.side == wanted}.values())

    rows = tuple(row for code in named if code not in shared["topic_of"] and (row := figures.row(code)).known)
    results = tuple(criteria.said([item], "result"))
    # One voice for one fact: the only unit that leads tells it in its own words; of several units the sums speak.
    alone = len(item["lead"]) == 1 and bool(results)
    return Limitation(
        code=item["code"],
        name=item["name"],
        lead=criteria.lead(item),
        points=None if item["final_points"] is None else Decimal(item["final_points"]),
        max=Decimal(item["applicable_max"]),
        gap=gap(item),
        topics=topics,
        figures=() if alone else rows,
        results=() if topics & _WHOLE_STORIES or (rows and not alone) else results,
        conflicts=conflicts,
        objective=side("objective"),
        subjective=side("subjective"),
        unmarked=side("unmarked"),
    )


def _named(item: Document) -> set[str]:
    return set(item["rule"]["figures"].replace("/", " ").replace("+", " ").split())


def _row(item: Document, criteria: Criteria) -> PlanRow:
    is_field = item["parent"] is None
    lead = "" if is_field else criteria.lead(item)
    return PlanRow(item["code"], item["name"], is_field, lead, item["target"], item["cooperating_text"])


def _stops(document: Document) -> list[PathStop]:
    path = document.get("path")
    if not path or path["status"] != "path":
        return []
    return [
        PathStop(stop["code"], stop["name"], Decimal(stop["full"]) - Decimal(stop["points"] or 0), percent)
        for stop in path["stops"]
        for percent in [Decimal(stop["percent"])]
    ]
