"""The fields (lĩnh vực) as sections of the report: criteria and figures of a result come in, their content goes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cchc_xl.report import tables
from cchc_xl.report.criteria import Criteria, FieldRow, Said, Step
from cchc_xl.report.figures import FigureRow, Figures
from cchc_xl.report.limitations import limited_fields
from cchc_xl.report.tables import Discrepancy
from cchc_xl.text.words import key

Document = dict[str, Any]

# Sentences of their own in the template; every other figure is told by name and value.
_TOPICS = {
    "tasks": tables.TASKS,
    "review": tables.REVIEW,
    "files": (*tables.FILES, "HS_TRE_PM"),
    "inspection": ("DV_KIEMTRA", "DV_TONG"),
    "news": ("TIN_BAI",),
    "initiatives": ("SANGKIEN",),
}
TOPIC_OF = {code: topic for topic, codes in _TOPICS.items() for code in codes}
_IN_SECTION_I = ("tasks", "inspection", "news", "initiatives")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of section II: its score, the topics told in full, other figures, results, discrepancies, next steps."""

    code: str
    name: str
    summary: FieldRow | None
    topics: frozenset[str]
    figures: tuple[FigureRow, ...]
    said: tuple[Said, ...]
    conflicts: tuple[Discrepancy, ...]
    steps: tuple[Step, ...]


def context(document: Document, criteria: Criteria, figures: Figures) -> Document:
    """``fields``, ``leading_field``, ``all_fields``, ``limited_fields``, ``discrepancies`` and their counts."""
    found = tables.discrepancies(document, criteria, figures)
    placed = {code: _field_of_figure(code, criteria, figures) for code in figures.details}
    every = [
        _field(item["code"], item["name"], criteria, figures=figures, placed=placed, found=found)
        for item in criteria.fields
    ]
    unplaced = [item for item in found if not item.fields]
    rest = _field("", "Nội dung khác", criteria, figures=figures, placed=placed, found=unplaced)
    leading = next((field for field in every if key("chỉ đạo") in key(field.name)), None)
    others = [field for field in every if field is not leading]
    if rest.topics or rest.figures or rest.conflicts:
        others.append(rest)
    return {
        "discrepancies": found,
        "limited_fields": limited_fields(criteria, figures, found, TOPIC_OF),
        "conflict_count": sum(item.conflict for item in found),
        "breach_count": sum(item.breach for item in found),
        "leading_field": leading,
        "fields": others,
        "all_fields": every,
    }


def _told_before(item: Document, figures: Figures) -> bool:
    """Whether section I tells this criterion's figures in a sentence of their own."""
    return any(TOPIC_OF.get(code) in _IN_SECTION_I for code in figures.named(item["rule"]["figures"]))


def _field_of_figure(code: str, criteria: Criteria, figures: Figures) -> str:
    named = figures.details[code]["criteria"]
    used = [item["code"] for item in criteria.items if code in item["rule"]["figures"].replace("/", " ").split()]
    return next((field for name in (*named, *used) if (field := criteria.field_of(name))), "")


def _field(
    code: str,
    name: str,
    criteria: Criteria,
    *,
    figures: Figures,
    placed: dict[str, str],
    found: list[Discrepancy],
) -> Field:
    own = [figure for figure, field in placed.items() if field == code]
    # A topic is told once: in the field of its first figure.
    first = {topic: next((placed[item] for item in codes if item in placed), None) for topic, codes in _TOPICS.items()}
    items = [
        item
        for item in criteria.items
        if code and criteria.field_of(item["code"]) == code and not _told_before(item, figures)
    ]
    return Field(
        code=code,
        name=name,
        summary=criteria.field_row(criteria.by_code[code]) if code else None,
        topics=frozenset(topic for topic, field in first.items() if field == code),
        figures=tuple(row for figure in own if figure not in TOPIC_OF and (row := figures.row(figure)).known),
        said=tuple(criteria.said(items, "result")),
        conflicts=tuple(
            item for item in found if (item.conflict or item.breach) and (item.fields[:1] == (code,) or not code)
        ),
        steps=tuple(criteria.steps(code)) if code else (),
    )
