"""What a template may name: a result comes in, the context of the template goes out.

The keys of ``result.json`` stand in it under their own names (``index``, ``settings``, ``criteria`` …). Beside them
stand ``has``, ``figure``, ``share`` and lists prepared for the report's tables and sentences.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cchc_xl.office.word.charts import marker
from cchc_xl.papers.chart_data import charts
from cchc_xl.papers.criteria import INCOMPLETE, Criteria, FieldRow, Said, Step, is_illustrative, register
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
from cchc_xl.result.comparison import Comparison, CriterionChange, CriterionSide
from cchc_xl.result.contents import Contents, PublishedIndex, ScoredCriterion
from cchc_xl.result.objects import to_object, to_objects
from cchc_xl.result.view import View, lacks_evidence
from cchc_xl.text.numbers import ELSEWHERE, Value, change_vi, lower_first, percent_vi
from cchc_xl.text.words import key

Context = dict[str, object]


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


def _before(told: Comparison) -> Before:
    gaps = [item.difference_percentage_points for item in told.fields]
    moves = [gap for gap in gaps if gap is not None]
    moved = told.index.difference_percentage_points
    return Before(
        period=lower_first(told.before.period_name),
        index=told.index.before.percent,
        index_change=moved,
        index_text=ELSEWHERE if moved is None else change_vi(moved),
        compared=len(moves),
        risen=sum(move > 0 for move in moves),
        fallen=sum(move < 0 for move in moves),
        notes=tuple(note.message for note in told.notes),
    )


def _row(item: CriterionChange) -> ChangeRow:
    moved = item.difference_percentage_points
    return ChangeRow(
        item.code,
        item.name,
        _share(item.before),
        _share(item.after),
        ELSEWHERE if moved is None else change_vi(moved),
    )


def _share(side: CriterionSide) -> Value:
    if side.status == "not_applicable":
        return "not_applicable"
    if side.share is not None and not side.complete:
        return INCOMPLETE
    return side.share


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


def _fields(criteria: Criteria, figures: Figures, found: list[Discrepancy]) -> Context:
    """``fields``, ``leading_field``, ``all_fields``, ``limited_fields``, ``discrepancies`` and their counts."""
    placed = {code: _field_of_figure(code, criteria, figures) for code in figures.details}
    every = [
        _field(item.code, item.name, criteria, figures=figures, placed=placed, found=found)
        for item in criteria.view.top
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


def _told_before(item: ScoredCriterion, figures: Figures) -> bool:
    """Whether section I tells this criterion's figures in a sentence of their own."""
    return any(TOPIC_OF.get(code) in _IN_SECTION_I for code in figures.named(item.rule.figures))


def _field_of_figure(code: str, criteria: Criteria, figures: Figures) -> str:
    named = figures.details[code].criteria
    used = [item.code for item in criteria.items if code in item.rule.figures.replace("/", " ").split()]
    return next((field for name in (*named, *used) if (field := criteria.view.field_of(name))), "")


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
        if code and criteria.view.field_of(item.code) == code and not _told_before(item, figures)
    ]
    return Field(
        code=code,
        name=name,
        summary=criteria.field_row(criteria.view.by_code[code]) if code else None,
        topics=frozenset(topic for topic, field in first.items() if field == code),
        figures=tuple(row for figure in own if figure not in TOPIC_OF and (row := figures.row(figure)).known),
        said=tuple(criteria.said(items, lambda report: report.result)),
        conflicts=tuple(
            item for item in found if (item.conflict or item.breach) and (item.fields[:1] == (code,) or not code)
        ),
        steps=tuple(criteria.steps(code)) if code else (),
    )


_ROMAN, _ARABIC = ("I", "II", "III", "IV", "V"), tuple(map(str, range(1, 9)))


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


def build(contents: Contents, *, with_sources: bool = False) -> Context:
    """The context for one result; ``with_sources`` asks for the appendix "Nguồn số liệu".

    What ``result.json`` holds stands in it as there: templates print its decimal strings and days.
    """
    view = View(contents)
    figures, criteria = Figures(view), Criteria(view)
    period, told = _period_text(view), contents.comparison
    changes = tuple(map(_row, told.fields)) if told else ()
    found, rolls, gaps = discrepancies(criteria, figures), roll(view), criteria.gaps()
    fields = [criteria.field_row(field) for field in view.top]
    tasks, files, reviewed = by_unit(figures, TASKS), by_unit(figures, FILES), review(figures)
    indices = _index_rows(contents)
    rows, evidence = score_rows(criteria, figures), list(register(criteria))
    every = [figures.row(code) for code in figures.details]
    sources = source_rows(view) if with_sources else ()
    before = {row.code: row.before for row in changes if isinstance(row.before, Decimal)}
    drawn = charts(fields, contents.index, period, before, view.places)
    return {
        **to_object(contents),
        "unit_names": view.unit_names,
        "has": figures.has,
        "figure": figures.figure,
        "share": figures.share,
        "spoken": figures.spoken,
        "planned": figures.planned,
        "figure_name": figures.name,
        "number_in": _Numbering(),
        "period_text": period,
        "report_year": str((contents.due or contents.period_end).year),
        "recipients": listed(kept_recipients(contents)),
        "index_rows": indices,
        "index_gap": _gap(contents.index, contents.index.target),
        "index_change": _gap(contents.index, contents.index.previous),
        "roll_rows": rolls,
        "roll_total": len(contents.rollcall),
        "roll": by_status(rolls),
        "tasks_table": tasks,
        "late_tasks": late_tasks(view),
        "late_units": units_with(figures, "NV_TRE", "nhiệm vụ"),
        "late_file_units": units_with(figures, "HS_TREHAN", "hồ sơ"),
        "review_waiting": figures.owing(REVIEW),
        "review_rows": reviewed,
        "files_table": files,
        "figure_rows": every,
        "waiting": figures.waiting(),
        "field_rows": fields,
        "field_total": _total(contents.index, fields),
        "gap_rows": gaps,
        "missing_criteria": to_objects(criteria.missing()),
        "not_applicable_criteria": to_objects([item for item in view.leaves if item.status == "not_applicable"]),
        "appraised_count": sum(item.appraised_points is not None for item in view.leaves),
        "bonus_rows": to_objects(criteria.bonus()),
        "unexplained": to_objects(criteria.unexplained()),
        "evidence_rows": evidence,
        "missing_evidence": to_objects([item for item in view.leaves if lacks_evidence(item)]),
        "illustrative": any(is_illustrative(item) for item in criteria.items),
        "causes": criteria.reasons(),
        **_fields(criteria, figures, found),
        "change_rows": changes,
        "before": _before(told) if told else None,
        "criteria_rows": rows,
        "source_rows": sources,
        "source_files": file_rows(contents) if with_sources else (),
        "charts": drawn,
        "chart": marker,
        "chart_numbers": {name: str(number) for number, name in enumerate(_in_order(drawn), 1)},
        "table": _numbered(
            {
                "roll": rolls,
                "tasks": tasks,
                "review": reviewed,
                "files": files,
                "index": indices,
                "fields": fields,
                "changes": changes,
                "gaps": gaps,
            },
            _ARABIC,
        ),
        "appendix": _numbered(
            {
                "criteria_rows": rows,
                "evidence_rows": evidence,
                "discrepancies": found,
                "figure_rows": every,
                "source_rows": sources,
            },
            _ROMAN,
        ),
    }


def _in_order(drawn: Collection[str]) -> list[str]:
    return [name for name in ("index", "fields", "changes") if name in drawn]


def _period_text(view: View) -> str:
    name = lower_first(view.contents.period_name.strip())
    return name if str(view.year) in name else f"{name} năm {view.year}"


def kept_recipients(contents: Contents) -> list[str]:
    """The lines of the plan's "Nơi nhận" without their dashes and closing marks."""
    kept = (text.strip().lstrip("-–").strip().rstrip(" ;.,/") for text in contents.settings.recipients)
    return [text for text in kept if text]


def listed(texts: Sequence[str]) -> list[Recipient]:
    """The lines under "Nơi nhận"."""
    return [Recipient(text, "." if number == len(texts) else ";") for number, text in enumerate(texts, 1)]


def _gap(index: PublishedIndex, beside: Decimal | None) -> Decimal | None:
    """A provisional index is an interval: it is not compared as if it were a number."""
    return index.percent - beside if index.complete and index.percent is not None and beside is not None else None


def _index_rows(contents: Contents) -> list[IndexRow]:
    index, settings = contents.index, contents.settings
    name = "Chỉ số trong kỳ" + ("" if index.complete else " (tạm tính)")
    rows = [IndexRow(name, percent_vi(index.percent), ELSEWHERE)]
    if not index.complete:
        name = "Chỉ số nếu các tiêu chí chưa có điểm đều đạt điểm tối đa"
        rows.append(IndexRow(name, percent_vi(index.percent_if_missing_full), ELSEWHERE))
    for name, beside in (("Chỉ số mục tiêu", index.target), ("Chỉ số năm trước", index.previous)):
        if beside is not None:
            rows.append(IndexRow(name, percent_vi(beside), _difference(_gap(index, beside))))
    if settings.previous_rank is not None:
        of = f"/{settings.ranked_units}" if settings.ranked_units else ""
        rows.append(IndexRow("Xếp hạng năm trước", f"{settings.previous_rank}{of}", ELSEWHERE))
    return rows


def _difference(value: Decimal | None) -> str:
    if value is None:
        return ELSEWHERE
    return "bằng" if not value else change_vi(value).replace("tăng", "cao hơn").replace("giảm", "thấp hơn")


def _total(index: PublishedIndex, fields: Sequence[FieldRow]) -> FieldRow:
    return FieldRow(
        code="",
        name="Chỉ số cải cách hành chính",
        leaves=sum(row.leaves for row in fields),
        full=sum(row.full for row in fields),
        short=sum(row.short for row in fields),
        missing=sum(row.missing for row in fields),
        not_applicable=sum(row.not_applicable for row in fields),
        max=index.applicable_max,
        points=index.points,
        percent=index.percent,
        short_codes=tuple(code for row in fields for code in row.short_codes),
    )


def _numbered(rows: Mapping[str, object], numbers: Sequence[str]) -> dict[str, str]:
    """The number of each table or appendix, in their order; one without rows takes none."""
    shown = [name for name in rows if rows[name]]
    return {name: numbers[shown.index(name)] if name in shown else "" for name in rows}
