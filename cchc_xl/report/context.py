"""What a template may name: the document of ``result.json`` comes in, the context of the template goes out.

The keys of ``result.json`` stand in it under their own names (``index``, ``settings``, ``criteria`` …). Beside them
stand ``has``, ``figure``, ``share`` and lists prepared for the report's tables and sentences.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cchc_xl.office.word.charts import marker
from cchc_xl.report import changes, evidence, fields, score_table, sources, tables
from cchc_xl.report.charts import charts
from cchc_xl.report.criteria import Criteria, FieldRow, is_illustrative
from cchc_xl.report.figures import Figures
from cchc_xl.text.numbers import ELSEWHERE, Value, change_vi, lower_first, percent_vi

Document = dict[str, Any]

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
        **fields.context(document, criteria, figures),
        **changes.context(document),
        "criteria_rows": score_table.rows(criteria, figures),
        "source_rows": sources.rows(document) if with_sources else (),
        "source_files": sources.file_rows(document) if with_sources else (),
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
    now = _decimal(index["percent"])
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
    rolls = tables.roll(document, figures.units)
    return {
        "roll_rows": rolls,
        "roll_total": len(document["rollcall"]),
        "roll": tables.by_status(rolls),
        "tasks_table": tables.by_unit(figures, tables.TASKS),
        "late_tasks": tables.late_tasks(document, figures.units),
        "late_units": tables.units_with(figures, "NV_TRE", "nhiệm vụ"),
        "late_file_units": tables.units_with(figures, "HS_TREHAN", "hồ sơ"),
        "review_waiting": figures.owing(tables.REVIEW),
        "review_rows": tables.review(figures),
        "files_table": tables.by_unit(figures, tables.FILES),
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
            points=_decimal(index["points"]),
            percent=_decimal(index["percent"]),
            short_codes=tuple(code for row in summaries for code in row.short_codes),
        ),
        "gap_rows": criteria.gaps(),
        "missing_criteria": criteria.missing(),
        "not_applicable_criteria": [item for item in criteria.leaves if item["status"] == "not_applicable"],
        "appraised_count": sum(item["appraised_points"] is not None for item in criteria.leaves),
        "bonus_rows": criteria.bonus(),
        "unexplained": criteria.unexplained(),
        "evidence_rows": list(evidence.register(criteria.leaves, criteria.units, criteria.lead)),
        "missing_evidence": [item for item in criteria.leaves if evidence.lacking(item)],
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


def _decimal(value: Value) -> Decimal | None:
    return None if value is None else Decimal(value)
