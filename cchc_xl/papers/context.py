"""What a template may name: a result comes in, the context of the template goes out.

The keys of ``result.json`` stand in it under their own names (``index``, ``settings``, ``criteria`` …). Beside them
stand ``has``, ``figure``, ``share`` and lists prepared for the report's tables and sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import cast

from cchc_xl.office.word.blocks import Blocks, parsed
from cchc_xl.office.word.charts import marker
from cchc_xl.office.word.fill import clean
from cchc_xl.papers.chart_data import charts
from cchc_xl.papers.criteria import INCOMPLETE, Criteria, FieldRow, is_illustrative, register
from cchc_xl.papers.figure_tables import Figures
from cchc_xl.papers.next_tasks import NextTasks
from cchc_xl.papers.report_tables import (
    Discrepancy,
    discrepancies,
    file_rows,
    limited_fields,
    roll,
    score_rows,
    source_rows,
)
from cchc_xl.papers.report_text import ReportText
from cchc_xl.papers.sentences import Sentences
from cchc_xl.plan.edition import is_year
from cchc_xl.plan.wording import SECTIONS
from cchc_xl.records import Settings
from cchc_xl.result.comparison import Comparison, CriterionChange, CriterionSide
from cchc_xl.result.contents import Contents, ScoredCriterion
from cchc_xl.result.objects import Object, from_object, to_object, to_objects
from cchc_xl.result.view import View, is_pending, lacks_evidence
from cchc_xl.text.days import date_vi
from cchc_xl.text.numbers import (
    ELSEWHERE,
    Value,
    change_vi,
    listing,
    lower_first,
    percent_vi,
    period_vi,
    upper_first,
)

Context = dict[str, object]
BLANK = "\u00a0" * 7  # number and day are written in by the clerk


def _before(told: Comparison) -> Object:
    """The earlier period: its name and index, how the index moved, and how many of the comparable fields did."""
    moves = [gap for item in told.fields if (gap := item.difference_percentage_points) is not None]
    moved = told.index.difference_percentage_points
    return {
        "period": lower_first(told.before.period_name),
        "index": told.index.before.percent,
        "index_change": moved,
        "index_text": ELSEWHERE if moved is None else change_vi(moved, told.places),
        "compared": len(moves),
        "risen": sum(move > 0 for move in moves),
        "fallen": sum(move < 0 for move in moves),
        "notes": tuple(note.message for note in told.notes),
        "part_of_year": not is_year(told.before.period_start, told.before.period_end),
        "up": tuple(item.name for item in told.fields if (item.difference_percentage_points or 0) > 0),
        "down": tuple(item.name for item in told.fields if (item.difference_percentage_points or 0) < 0),
    }


def _change_row(item: CriterionChange, places: int) -> Object:
    """A field in both periods, in percent of its maximum, and the change in percentage points in words."""
    moved = item.difference_percentage_points
    change = ELSEWHERE if moved is None else change_vi(moved, places)
    sides = {"before": _share(item.before), "now": _share(item.after)}
    return {"code": item.code, "name": item.name, **sides, "change": change}


def _share(side: CriterionSide) -> Value:
    if side.status == "not_applicable":
        return side.status
    return INCOMPLETE if side.share is not None and not side.complete else side.share


def _fields(text: ReportText) -> Context:
    """The fields of sections I and II, discrepancies and limitations.

    Of a field: its score, the plan's sentences with their tables, other figures, results, discrepancies, next steps.
    """
    criteria, figures, sentences = text.criteria, text.figures, text.sentences
    found = discrepancies(criteria, figures)
    serious = [item for item in found if item.conflict or item.breach]
    text_of = {field.code: field for field in text.fields}

    def field(code: str, name: str, items: Iterable[ScoredCriterion], conflicts: Iterable[Discrepancy]) -> Object:
        return {
            "code": code,
            "name": name,
            "summary": criteria.field_row(criteria.view.by_code[code]) if code else None,
            **sentences.of_field(code),
            "said": criteria.said(items, lambda report: report.result),
            "conflicts": list(conflicts),
            "steps": criteria.steps(code),
            "text": text_of.get(code),
        }

    told_in_i = {code for told in sentences.told if told.sentence.section == "I" for code in told.codes}
    every = {
        top.code: field(
            top.code,
            top.name,
            (item for item in criteria.view.below(top.code) if told_in_i.isdisjoint(figures.named(item.rule.figures))),
            (item for item in serious if item.fields[:1] == (top.code,)),
        )
        for top in criteria.view.top
    }
    rest = field("", "Nội dung khác", (), (item for item in serious if not item.fields))
    others = [rest] if rest["lines"] or rest["tables"] or rest["figures"] or rest["conflicts"] else []
    return {
        "discrepancies": found,
        "limited_fields": limited_fields(criteria, figures, serious, sentences),
        "conflict_count": sum(item.conflict for item in found),
        "breach_count": sum(item.breach for item in found),
        "leading_fields": [told for code, told in every.items() if code in sentences.leading],
        "fields": [*(told for code, told in every.items() if code not in sentences.leading), *others],
        "all_fields": list(every.values()),
    }


_ROMAN = ("I", "II", "III", "IV", "V")
# In the order of the report: the charts, the tables, each with its rows in the context, and the appendices.
_CHARTS = ("index", "fields", "changes")
_TABLES = {
    "roll": "roll_rows",
    "of_figures": "figure_tables",
    "index": "index_rows",
    "fields": "field_rows",
    "changes": "change_rows",
    "gaps": "gap_rows",
}
_APPENDICES = ("criteria_rows", "evidence_rows", "discrepancies", "figure_rows", "source_rows")


class _Numbering:
    """Numbers headings as the template meets them: a heading that is left out leaves no hole."""

    def __init__(self) -> None:
        self.last: dict[str, int] = {}

    def __call__(self, section: str) -> int:
        self.last[section] = self.last.get(section, 0) + 1
        return self.last[section]


def readied(contents: Contents) -> Contents:
    """As it would be read from ``result.json``, in what XML can hold: made again, a paper is the same paper."""
    return from_object(clean(to_object(contents)))


@dataclass(frozen=True, slots=True)
class Told:
    """A result as its papers tell it, worked out once for all of them: readied, its context, what the report says."""

    contents: Contents
    context: Context
    text: ReportText

    @classmethod
    def of(cls, contents: Contents) -> Told:
        """That of a result, which is readied first."""
        kept = readied(contents)
        return cls(kept, *built(kept))


def build(contents: Contents, *, with_sources: bool = False) -> Context:
    """The context for one result; ``with_sources`` asks for the appendix "Nguồn số liệu".

    What ``result.json`` holds stands in it as there: templates print its decimal strings and days.
    """
    made = built(contents)[0]
    return with_sources_listed(made, contents) if with_sources else made


def with_sources_listed(context: Context, contents: Contents) -> Context:
    """The context with what the appendix "Nguồn số liệu" lists, and with that appendix numbered."""
    listed = {**context, "source_rows": source_rows(View(contents)), "source_files": file_rows(contents)}
    return {**listed, "appendix": _appendices(listed)}


def built(contents: Contents) -> tuple[Context, ReportText]:
    """The context without that appendix, and what the report says in its own words."""
    view = View(contents)
    figures, criteria, period = Figures(view), Criteria(view), period_vi(contents.period_name, view.year)
    text = ReportText(view, criteria, figures, Sentences(view, figures, period))
    fields = [criteria.field_row(field) for field in view.top]
    sections = {section: text.sentences.places(section) for section in SECTIONS}
    by_field = _fields(text)
    made = {
        **to_object(contents),
        **_of_paper(view, period),
        **_of_roll(view),
        **_of_figures(figures),
        **_of_index(view, fields),
        **_of_criteria(criteria),
        **_of_changes(view, fields, period),
        **by_field,
        **_signed(text, period),
        "sections": sections,
        "figure_tables": _figure_tables(sections, by_field),
        "criteria_rows": score_rows(criteria, figures),
        "source_rows": (),
        "source_files": (),
    }
    tables = _numbered_tables(made)
    return {**made, "table": tables, "appendix": _appendices(made)}, text


def _of_paper(view: View, period: str) -> Context:
    """What the paper is: its period and year, who makes it for whom, what the index is called."""
    return {
        "period_text": period,
        "report_year": year_of(view.contents),
        "plan_named": plan_named(view.contents.settings),
        "recipients": listed(kept_recipients(view.contents.settings)),
        "index_name": view.index_name,
        "index_called": view.index_called,
        "compiling_unit": view.compiling_unit,
        "unit_names": view.unit_names,
        "number_in": _Numbering(),
    }


def plan_named(settings: Settings) -> str:
    """The plan that a paper rests on; number and day are left to be written in where they are not known.

    >>> from datetime import date
    >>> plan_named(Settings(plan_number="15/KH-SNV", plan_date=date(2021, 4, 5), index_name="Chỉ số A", year=2021))
    'Kế hoạch số 15/KH-SNV ngày 05/4/2021 về cải thiện Chỉ số A năm 2021'
    """
    year = f" năm {settings.year}" if settings.year else ""
    number = settings.plan_number or f"{BLANK}/KH-{settings.symbol}".rstrip("-")
    day = date_vi(settings.plan_date) if settings.plan_date else f"{BLANK}tháng{BLANK}{year.strip() or f'năm{BLANK}'}"
    return f"Kế hoạch số {number} ngày {day} về cải thiện {settings.index}{year}"


def year_of(contents: Contents) -> str:
    """The year in which a paper about the result is issued."""
    return str((contents.due or contents.period_end).year)


def _of_roll(view: View) -> Context:
    """Who has sent its report."""
    rolls = roll(view)
    return {
        "roll": rolls,
        "roll_rows": [row for row in rolls.values() if row],
        "roll_total": len(view.contents.rollcall),
        "came": sum(row.status in ("submitted", "late") for row in view.contents.rollcall),
    }


def _of_figures(figures: Figures) -> Context:
    """Every figure by its code, in a line of a table, and who still owes which."""
    return {
        "has": figures.has,
        "figure": figures.figure,
        "share": figures.share,
        "spoken": figures.spoken,
        "planned": figures.planned,
        "figure_name": figures.name,
        "figure_rows": [figures.row(code) for code in figures.details],
        "waiting": figures.waiting(),
    }


def _of_index(view: View, fields: Sequence[FieldRow]) -> Context:
    """The index beside others, the points of the fields, how many criteria stand how."""
    index = view.contents.index
    return {
        "index_rows": _index_rows(view),
        "index_gap": index.above(index.target),
        "index_change": index.above(index.previous),
        "field_rows": fields,
        "field_total": _total(view, fields),
        "counts": view.counts,
        "deduction_count": len(view.deductions),
        "with_extras": view.extras_text,
        "appraisal_text": _appraised(view),
    }


def _of_criteria(criteria: Criteria) -> Context:
    """The criteria by how they stand, with what units wrote of them and named as evidence."""
    view, missing = criteria.view, criteria.view.standing_as("missing")
    lacking = {item.code: criteria.lacks(item) for item in missing}
    return {
        "gap_rows": criteria.gaps(),
        "missing_criteria": to_objects(missing),
        "owed_codes": [code for code, (_, owed) in lacking.items() if owed],
        "misfit_codes": [code for code, (wrong, _) in lacking.items() if wrong],
        "ranked_codes": [item.code for item in missing if view.ranked_later(item)],
        "pending_codes": [item.code for item in missing if is_pending(item)],
        "not_applicable_criteria": to_objects(view.away("loại")),
        "away_zero": to_objects(view.away("0 điểm")),
        "away_full": to_objects(view.away("điểm tối đa")),
        "extra_rows": criteria.extras(),
        "followed_rows": criteria.followed(),
        "unexplained": to_objects(criteria.unexplained()),
        "causes": criteria.reasons(),
        "evidence_rows": list(register(criteria)),
        "missing_evidence": to_objects(item for item in view.leaves if lacks_evidence(item)),
        "illustrative": any(is_illustrative(item) for item in criteria.items),
        # Named by templates that offices have made of earlier ones.
        "appraised_count": view.counts.appraised,
        "bonus_rows": to_objects(item for item in view.leaves if view.is_bonus(item)),
        "waiting_extras": to_objects(criteria.waiting_extras()),
    }


def _of_changes(view: View, fields: Sequence[FieldRow], period: str) -> Context:
    """The earlier period beside this one, and the charts that can be drawn."""
    told = view.contents.comparison
    before = {field.code: _share(field.before) for field in told.fields} if told else {}
    drawn = charts(fields, view.contents.index, period, before, view.places, view.index_name)
    return {
        "before": _before(told) if told else None,
        "change_rows": [_change_row(field, view.places) for field in told.fields] if told else [],
        "charts": drawn,
        "chart": marker,
        "chart_numbers": {name: str(number) for number, name in enumerate(filter(drawn.__contains__, _CHARTS), 1)},
    }


def _appraised(view: View) -> str:
    """How far the appraisal has come; its rows are the criteria at the foot of the tree, other counts those above."""
    below = view.counts.appraised and view.counts.to_appraise != view.counts.criteria
    return f"{view.appraisal_text} và tiêu chí thành phần" if below and view.appraisal_text else view.appraisal_text


def _signed(text: ReportText, period: str) -> Context:
    """What the blocks of the report to be signed say, and the names that a short template needs in Vietnamese."""
    view, contents = text.view, text.view.contents
    due = contents.next_due.isoformat() if contents.next_due else None
    tasks = NextTasks(view, text.criteria, text.figures)
    return {
        **head("Báo cáo", f"BC-{contents.settings.symbol}", year_of(contents), to_object(contents.settings)),
        "report_fields": text.fields,
        "issued": text.documents(),
        "unit_tasks": tasks.of_units(),
        "tasks_of_year": bool(tasks.of_year),
        "tasks_due": due,
        "owing_text": text.owing(period),
        "proposals_told": text.proposals(),
        "sentence_rows": [
            {"text": told.text, "figures": listing(text.figures.name(code) for code in told.codes) or ELSEWHERE}
            for told in text.sentences.told
        ],
        "part_of_year": not contents.is_whole_year,
        "scored": text.criteria.any_scored,
        "supplied_units": text.criteria.folded(tuple(contents.supplied)),
        "nested_extras": [item for item in text.criteria.extras() if view.by_code[str(item["code"])].parent],
        "co_quan": contents.agency,
        "ten_chi_so": view.index_name,
        "ky": period,
        "ky_sau": _next(view),
    }


def _next(view: View) -> str:
    """The next period by its name: of a plan that does not go on, the next year after a whole one."""
    contents = view.contents
    if contents.next_name:
        return lower_first(contents.next_name)
    return f"năm {view.year + 1}" if contents.is_whole_year else "kỳ tiếp theo"


def head(kind: str, symbol: str, year: str, signer: Mapping[str, object]) -> Context:
    """What the blocks of a letterhead and a signature are filled with, of any document."""
    named = {name: signer[name] for name in ("signing_authority", "signing_title", "signer")}
    return {"khoi": blocks(), "loai_van_ban": kind, "ky_hieu": symbol, "nam_ky": year, "nguoi_ky": named}


@cache
def blocks() -> Blocks:
    """The blocks of the report and of the note, by name: what `blocks.txt` says."""
    return parsed(Path(__file__).with_name("blocks.txt").read_text(encoding="utf-8"))


def kept_recipients(settings: Settings) -> list[str]:
    """The lines of the plan's "Nơi nhận" without their dashes and closing marks.

    >>> kept_recipients(Settings(recipients=("- Như trên;", "- Lưu: VT./.")))
    ['Như trên', 'Lưu: VT']
    """
    kept = (text.strip().lstrip("-–").strip().rstrip(" ;.,/") for text in settings.recipients)
    return [text for text in kept if text]


def listed(texts: Sequence[str]) -> list[Object]:
    """The lines under "Nơi nhận", each with its closing mark."""
    return [{"text": text, "end": "." if number == len(texts) else ";"} for number, text in enumerate(texts, 1)]


def _index_rows(view: View) -> list[Object]:
    """The index beside its target and last year's."""
    index, settings, places = view.contents.index, view.contents.settings, view.places
    name = "Chỉ số trong kỳ" + ("" if index.complete else " (tạm tính)")
    told = [(name, percent_vi(index.percent, places), ELSEWHERE)]
    if not index.complete:
        name = "Chỉ số nếu các tiêu chí chưa có điểm đều đạt điểm tối đa"
        told.append((name, percent_vi(index.percent_if_missing_full, places), ELSEWHERE))
    for name, beside in (("Chỉ số mục tiêu", index.target), ("Chỉ số năm trước", index.previous)):
        if beside is not None:
            told.append((name, percent_vi(beside, places), _difference(index.above(beside), places)))
    if settings.previous_rank is not None:
        of = f"/{settings.ranked_units}" if settings.ranked_units else ""
        told.append(("Xếp hạng năm trước", f"{settings.previous_rank}{of}", ELSEWHERE))
    return [{"name": name, "value": value, "difference": difference} for name, value, difference in told]


def _difference(value: Decimal | None, places: int) -> str:
    if value is None:
        return ELSEWHERE
    return "bằng" if not value else change_vi(value, places).replace("tăng", "cao hơn").replace("giảm", "thấp hơn")


def _total(view: View, fields: Sequence[FieldRow]) -> FieldRow:
    index, counts = view.contents.index, view.counts
    return FieldRow(
        code="",
        name=upper_first(view.index_name),
        leaves=counts.criteria,
        full=counts.full,
        short=counts.short,
        missing=counts.missing,
        not_applicable=counts.not_applicable,
        max=index.applicable_max,
        points=index.points,
        percent=index.percent,
        short_codes=tuple(code for row in fields for code in row.short_codes),
    )


def _figure_tables(sections: Mapping[str, list[Object]], by_field: Context) -> list[Object]:
    """The tables of figures by unit, in the order in which the report has them."""
    places = [*sections["I"], *by_field["leading_fields"], *by_field["fields"]]  # type: ignore[misc]
    return [table for place in places for table in place["tables"]]


def _numbered_tables(made: Context) -> dict[str, str]:
    """The number of each table by its name; those of figures have theirs themselves."""
    numbers, last = {}, 0
    for name, rows in _TABLES.items():
        shown = cast("list[Object]", made[rows])
        numbers[name] = str(last + 1) if shown else ""
        for table in shown if name == "of_figures" else ():
            last += 1
            table["number"] = str(last)
        last += bool(shown) and name != "of_figures"
    return numbers


def _appendices(made: Context) -> dict[str, str]:
    """The number of each appendix by its name; '' of one without rows."""
    shown = [name for name in _APPENDICES if made[name]]
    return dict.fromkeys(_APPENDICES, "") | dict(zip(shown, _ROMAN, strict=False))
