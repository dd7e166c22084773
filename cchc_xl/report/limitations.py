"""Where points were lost and why: criteria and figures of a result come in, limitations by field go out.

For the report's "Hạn chế" and for next year's plan: in the units' own words and by the figures, nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from cchc_xl.report import causes
from cchc_xl.report.criteria import Criteria, Said
from cchc_xl.report.figures import FigureRow, Figures
from cchc_xl.report.tables import Discrepancy
from cchc_xl.text.numbers import Value
from cchc_xl.text.words import key

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
    criteria: Criteria, figures: Figures, discrepancies: list[Discrepancy], topic_of: Mapping[str, str]
) -> list[LimitedField]:
    """The fields with limitations; ``topic_of`` names the topic of every figure that has a sentence of its own."""
    told: set[str | Discrepancy] = set()
    between = [item for item in discrepancies if item.conflict or item.breach]
    every = (_field(field, criteria, figures, between, topic_of, told) for field in criteria.fields)
    return [field for field in every if field]


def _field(
    field: Document,
    criteria: Criteria,
    figures: Figures,
    conflicts: list[Discrepancy],
    topic_of: Mapping[str, str],
    before: set[str | Discrepancy],
) -> LimitedField | None:
    """The field's limitations; ``before`` holds the topics and discrepancies already told, each is told once."""
    told = []
    for item in criteria.counted_in.get(field["code"], ()):
        touching = tuple(one for one in conflicts if item["code"] in one.codes)
        if criteria.gap(item) or any(one not in before for one in touching):
            made = _limitation(item, criteria, figures, touching, topic_of)
            told.append(
                replace(
                    made,
                    topics=made.topics - before,
                    conflicts=tuple(one for one in made.conflicts if one not in before),
                )
            )
            before |= {*made.topics, *touching}
    if not told:
        return None
    return LimitedField(field["code"], field["name"], tuple(_once(told)))


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
    item: Document,
    criteria: Criteria,
    figures: Figures,
    conflicts: tuple[Discrepancy, ...],
    topic_of: Mapping[str, str],
) -> Limitation:
    own = set(figures.named(item["rule"]["figures"]))
    named = [code for code in figures.details if code in own or item["code"] in figures.details[code]["criteria"]]
    topics = frozenset(topic for code in named if (topic := topic_of.get(code)))
    reasons = [part for said in criteria.said([item], "reason") for part in causes.split(said.text)]

    def side(wanted: causes.Side) -> tuple[str, ...]:
        return tuple({key(part.text): part.text for part in reasons if part.side == wanted}.values())

    # What a topic's own sentence says of its figures need not be said again.
    conflicts = tuple(one for one in conflicts if not set(one.figures) <= topic_of.keys())
    rows = tuple(row for code in named if code not in topic_of and (row := figures.row(code)).known)
    results = tuple(criteria.said([item], "result"))
    # One voice for one fact: the only unit that leads tells it in its own words; of several units the sums speak.
    alone = len(item["lead"]) == 1 and bool(results)
    return Limitation(
        code=item["code"],
        name=item["name"],
        lead=criteria.short_lead(item),
        points=None if item["final_points"] is None else Decimal(item["final_points"]),
        max=Decimal(item["applicable_max"]),
        gap=criteria.gap(item),
        topics=topics,
        figures=() if alone else rows,
        results=() if topics & _WHOLE_STORIES or (rows and not alone) else results,
        conflicts=conflicts,
        objective=side("objective"),
        subjective=side("subjective"),
        unmarked=side("unmarked"),
        as_before="",
    )
