"""What a template may name: a result comes in, the context of the template goes out.

The keys of ``result.json`` stand in it under their own names (``index``, ``settings``, ``criteria`` …). Beside them
stand ``has``, ``figure``, ``share`` and lists prepared for the report's tables and sentences.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cchc_xl.office.word.charts import marker
from cchc_xl.papers.chart_data import charts
from cchc_xl.papers.criteria import INCOMPLETE, Criteria, FieldRow, Said, Step, is_illustrative, lacking, register
from cchc_xl.papers.figure_tables import FigureRow, Figures
from cchc_xl.papers.report_tables import (
    FILES,
    REVIEW,
    TASKS,
    Discrepancy,
    by_status,
    by_unit,
    discrepancies,
    late_tasks,
    limited_fields,
    review,
    roll,
    units_with,
)
from cchc_xl.papers.score_table import file_rows, score_rows, source_rows
from cchc_xl.text.numbers import ELSEWHERE, Value, change_vi, lower_first, percent_vi
from cchc_xl.text.words import key

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A field in both periods, in percent of its maximum, and the change in percentage points in words."""

    code: str
    name: str
    before: Value
    now: Value
    change: str


@dataclass(frozen=True, slots=True)
class Before:
    """The earlier period: its name and index, how the index moved; of the fields that can be compared, how many did."""

    period: str
    index: Decimal | None
    index_change: Decimal | None
    index_text: str
    compared: int
    risen: int
    fallen: int
    notes: tuple[str, ...]


def change_context(document: Document) -> Document:
    """``change_rows`` and ``before``; empty and None for a result that was compared with nothing."""
    told = document.get("comparison")
    if not told:
        return {"change_rows": (), "before": None}
    rows = tuple(map(_row, told["fields"]))
    gaps = [item["difference_percentage_points"] for item in told["fields"]]
    moves = [Decimal(gap) for gap in gaps if gap is not None]
    moved = told["index"]["difference_percentage_points"]
    before = Before(
        period=lower_first(told["before"]["period_name"]),
        index=_decimal(told["index"]["before"]["percent"]),
        index_change=_decimal(moved),
        index_text=ELSEWHERE if moved is None else change_vi(moved),
        compared=len(moves),
        risen=sum(move > 0 for move in moves),
        fallen=sum(move < 0 for move in moves),
        notes=tuple(note["message"] for note in told["notes"]),
    )
    return {"change_rows": rows, "before": before}


def _row(item: Document) -> ChangeRow:
    moved = item["difference_percentage_points"]
    return ChangeRow(
        item["code"],
        item["name"],
        _share(item["before"]),
        _share(item["after"]),
        ELSEWHERE if moved is None else change_vi(moved),
    )


def _share(side: Document) -> Value:
    if side["status"] == "not_applicable":
        return "not_applicable"
    if side["share"] is not None and not side["complete"]:
        return INCOMPLETE
    return _decimal(side["share"])


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


# Sentences of their own in the template; every other figure is told by name and value.
_TOPICS = {
    "tasks": TASKS,
    "review": REVIEW,
    "files": (*FILES, "HS_TRE_PM"),
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


def fields_context(document: Document, criteria: Criteria, figures: Figures) -> Document:
    """``fields``, ``leading_field``, ``all_fields``, ``limited_fields``, ``discrepancies`` and their counts."""
    found = discrepancies(document, criteria, figures)
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


_ROMAN = ("I", "II", "III", "IV", "V")


@dataclass(frozen=True, slots=True)
class IndexRow:
    """A line of the table that sets the index beside its target and last year's."""

    name: str
    value: str
    difference: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """A line under "Nơi nhận" with its closing mark."""

    text: str
    end: str


class _Numbering:
    """Numbers headings as the template meets them: a heading that is left out leaves no hole."""

    def __init__(self) -> None:
        self.last: dict[str, int] = {}

    def __call__(self, section: str) -> int:
        self.last[section] = self.last.get(section, 0) + 1
        return self.last[section]


def build(document: Document, *, with_sources: bool = False) -> Document:
    """The context for one document of ``result.json``; ``with_sources`` asks for the appendix "Nguồn số liệu"."""
    units = {unit["code"]: unit["name"] for unit in document["units"]}
    figures, criteria = Figures(document, units), Criteria(document, units)
    context = {
        **document,
        "unit_names": units,
        "has": figures.has,
        "figure": figures.figure,
        "share": figures.share,
        "spoken": figures.spoken,
        "planned": figures.planned,
        "figure_name": figures.name,
        "number_in": _Numbering(),
        **_letterhead(document),
        **_index(document),
        **_by_unit(document, figures),
        **_scores(document, criteria),
        **fields_context(document, criteria, figures),
        **change_context(document),
        "criteria_rows": score_rows(criteria, figures),
        "source_rows": source_rows(document) if with_sources else (),
        "source_files": file_rows(document) if with_sources else (),
    }
    drawn = charts(
        context["field_rows"],
        document["index"],
        context["period_text"],
        {row.code: row.before for row in context["change_rows"] if isinstance(row.before, Decimal)},
        int(document["settings"]["places"]),
    )
    return {
        **context,
        "charts": drawn,
        "chart": marker,
        "chart_numbers": {name: str(number) for number, name in enumerate(_in_order(drawn), 1)},
        "table": _table_numbers(context),
        "appendix": _appendix_numbers(context),
    }


def _in_order(drawn: Collection[str]) -> list[str]:
    return [name for name in ("index", "fields", "changes") if name in drawn]


def _letterhead(document: Document) -> Document:
    settings = document["settings"]
    name = lower_first(document["period_name"].strip())
    year = str(settings["year"] or document["period_end"][:4])
    recipients = [text.strip().lstrip("-–").strip().rstrip(" ;.,/") for text in settings["recipients"]]
    recipients = [text for text in recipients if text]
    return {
        "period_text": name if year in name else f"{name} năm {year}",
        "report_year": (document["due"] or document["period_end"])[:4],
        "recipients": [
            Recipient(text, "." if number == len(recipients) else ";") for number, text in enumerate(recipients, 1)
        ],
    }


def _index(document: Document) -> Document:
    index = document["index"]
    now = _number(index["percent"])
    # A provisional index is an interval: it is not compared as if it were a number.
    known = now if index["complete"] else None
    gap, change = (
        None if known is None or index[name] is None else known - Decimal(index[name])
        for name in ("target", "previous")
    )
    rows = [IndexRow("Chỉ số trong kỳ" + ("" if index["complete"] else " (tạm tính)"), percent_vi(now), ELSEWHERE)]
    if not index["complete"]:
        name = "Chỉ số nếu các tiêu chí chưa có điểm đều đạt điểm tối đa"
        rows.append(IndexRow(name, percent_vi(index["percent_if_missing_full"]), ELSEWHERE))
    if index["target"] is not None:
        rows.append(IndexRow("Chỉ số mục tiêu", percent_vi(index["target"]), _difference(gap)))
    if index["previous"] is not None:
        rows.append(IndexRow("Chỉ số năm trước", percent_vi(index["previous"]), _difference(change)))
    settings = document["settings"]
    if settings["previous_rank"] is not None:
        of = f"/{settings['ranked_units']}" if settings["ranked_units"] else ""
        rows.append(IndexRow("Xếp hạng năm trước", f"{settings['previous_rank']}{of}", ELSEWHERE))
    return {"index_rows": rows, "index_gap": gap, "index_change": change}


def _difference(value: Decimal | None) -> str:
    if value is None:
        return ELSEWHERE
    return "bằng" if not value else change_vi(value).replace("tăng", "cao hơn").replace("giảm", "thấp hơn")


def _by_unit(document: Document, figures: Figures) -> Document:
    rolls = roll(document, figures.units)
    return {
        "roll_rows": rolls,
        "roll_total": len(document["rollcall"]),
        "roll": by_status(rolls),
        "tasks_table": by_unit(figures, TASKS),
        "late_tasks": late_tasks(document, figures.units),
        "late_units": units_with(figures, "NV_TRE", "nhiệm vụ"),
        "late_file_units": units_with(figures, "HS_TREHAN", "hồ sơ"),
        "review_waiting": figures.owing(REVIEW),
        "review_rows": review(figures),
        "files_table": by_unit(figures, FILES),
        "figure_rows": [figures.row(code) for code in figures.details],
        "waiting": figures.waiting(),
    }


def _scores(document: Document, criteria: Criteria) -> Document:
    summaries = [criteria.field_row(field) for field in criteria.fields]
    index = document["index"]
    return {
        "field_rows": summaries,
        "field_total": FieldRow(
            code="",
            name="Chỉ số cải cách hành chính",
            leaves=sum(row.leaves for row in summaries),
            full=sum(row.full for row in summaries),
            short=sum(row.short for row in summaries),
            missing=sum(row.missing for row in summaries),
            not_applicable=sum(row.not_applicable for row in summaries),
            max=Decimal(index["applicable_max"]),
            points=_number(index["points"]),
            percent=_number(index["percent"]),
            short_codes=tuple(code for row in summaries for code in row.short_codes),
        ),
        "gap_rows": criteria.gaps(),
        "missing_criteria": criteria.missing(),
        "not_applicable_criteria": [item for item in criteria.leaves if item["status"] == "not_applicable"],
        "appraised_count": sum(item["appraised_points"] is not None for item in criteria.leaves),
        "bonus_rows": criteria.bonus(),
        "unexplained": criteria.unexplained(),
        "evidence_rows": list(register(criteria.leaves, criteria.units, criteria.lead)),
        "missing_evidence": [item for item in criteria.leaves if lacking(item)],
        "illustrative": any(is_illustrative(item) for item in criteria.items),
        "causes": criteria.reasons(),
    }


def _table_numbers(context: Document) -> dict[str, str]:
    """Numbers of the tables in the body, in their order; a table without rows takes none."""
    rows = {
        "roll": context["roll_rows"],
        "tasks": context["tasks_table"],
        "review": context["review_rows"],
        "files": context["files_table"],
        "index": context["index_rows"],
        "fields": context["field_rows"],
        "changes": context["change_rows"],
        "gaps": context["gap_rows"],
    }
    shown = [name for name in rows if rows[name]]
    return {name: str(shown.index(name) + 1) if name in shown else "" for name in rows}


def _appendix_numbers(context: Document) -> dict[str, str]:
    lists = ("criteria_rows", "evidence_rows", "discrepancies", "figure_rows", "source_rows")
    shown = [name for name in lists if context[name]]
    return {name: _ROMAN[shown.index(name)] if name in shown else "" for name in lists}


def _number(value: Value) -> Decimal | None:
    return None if value is None else Decimal(value)
