"""The report's tables, discrepancies, limitations and sources: a result comes in, rows ready to print go out.

What fell short ("Hạn chế" of the report and of next year's plan) is told in the units' own words and by the figures;
nothing is guessed. Of sources: for every figure of the plan and every criterion with points the value as shown, and the
cells or the rule row that it comes from; beside it, every file with its SHA-256.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cchc_xl.papers.criteria import Criteria, Said, place, split
from cchc_xl.papers.figure_tables import FigureRow, Figures, entered
from cchc_xl.papers.sentences import Sentences, Told
from cchc_xl.plan.expression import in_words, is_date, parsed, sides_of
from cchc_xl.plan.marking import GroupMethod
from cchc_xl.plan.methods import scoring
from cchc_xl.records import State, Verdict
from cchc_xl.result.contents import BrokenRule, Contents, ScoredCriterion
from cchc_xl.result.objects import Object
from cchc_xl.result.view import View, is_pending, requires_evidence, self_score_differs
from cchc_xl.text.days import dated
from cchc_xl.text.numbers import ELSEWHERE, Value, count_vi, listing, lower_first, number_vi, percent_vi, upper_first
from cchc_xl.text.prose import shortened
from cchc_xl.text.words import RANKED_LATER, key

HOW_FILED = {
    "submitted": "Đã gửi đúng hạn",
    "late": "Đã gửi, trễ hạn",
    "missing": "Chưa gửi",
    "unreadable": "Đã gửi nhưng không đọc được",
}


WHOLE_AGENCY = "Toàn cơ quan"


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


def roll(view: View) -> dict[str, Object | None]:
    """The units by whether they have sent, marked where the Office supplied figures; None for a state without units."""
    supplied = view.contents.supplied
    names: dict[str, list[str]] = {status: [] for status in HOW_FILED}
    for row in view.contents.rollcall:
        by = "tính theo" if row.status in ("missing", "unreadable") else "có"
        mark = f", {by} số liệu do {view.office} bổ sung" if row.unit in supplied else ""
        names[row.status].append(view.unit(row.unit) + mark)
    return {
        status: {"status": status, "text": HOW_FILED[status], "count": len(units), "units": listing(units)}
        if units
        else None
        for status, units in names.items()
    }


def discrepancies(criteria: Criteria, figures: Figures) -> list[Discrepancy]:
    """Broken cross-checks, then self-scores that differ from the computed ones."""
    rows = [_conflict(item, criteria, figures) for item in criteria.view.contents.conflicts]
    return rows + [_self_score(leaf, criteria) for leaf in criteria.view.leaves if self_score_differs(leaf)]


def _conflict(item: BrokenRule, criteria: Criteria, figures: Figures) -> Discrepancy:
    left, sign, right = sides_of(item.rule)
    touched = dict.fromkeys(criteria.view.field_of(code) for code in item.criteria)
    return Discrepancy(
        unit=whose(item, figures.view),
        content=(item.message or item.rule).rstrip(" .;"),
        left=_side(left, item.left, figures, percent=item.left_percent),
        right=_side(right, item.right, figures, percent=item.right_percent),
        codes=item.criteria,
        fields=tuple(code for code in touched if code),
        source=place(item) if item.unit else _sources(item, figures),
        conflict=sign == "=",
        breach=sign != "=",
        figures=tuple(figures.named(item.rule)),
    )


def whose(item: BrokenRule, view: View) -> str:
    """The unit whose figures do not agree, or that they are those of all."""
    return view.unit(item.unit) if item.unit else WHOLE_AGENCY


def _sources(item: BrokenRule, figures: Figures) -> str:
    """Of a cross-check over totals: the cell of a figure that one unit enters, the number of units behind a sum."""
    told = []
    for code in figures.named(item.rule):
        entries = figures.details[code].entries
        told.append(place(entries[0]) if len(entries) == 1 else f"tổng hợp từ {count_vi(len(entries))} đơn vị")
    return "; ".join(dict.fromkeys(told)) or ELSEWHERE


def _side(side: str, value: Decimal, figures: Figures, *, percent: bool) -> str:
    """A side in words: the names of its figures; of a quotient only those above the slash."""
    told, _ = parsed(side)
    if told is None:  # not a side of a plan: what a result says that was handed back
        return f"{side}: {number_vi(value)}"
    named = in_words(told.above, {code: lower_first(figures.name(code)) for code in told.codes})
    if told.below:
        named = f"tỷ lệ {named}, tính từ số liệu báo cáo"
    if told.is_complement:
        named = f"100% trừ {named}"
    kinds = {code: figures.details[code].kind for code in told.codes if figures.planned(code)}
    if is_date(told, kinds):
        shown = dated(value)
    elif percent or any(map(figures.is_percent, told.codes)):
        shown = percent_vi(value, figures.view.places)
    else:
        shown = number_vi(value)
    return f"{upper_first(named)}: {shown}"


def _self_score(leaf: ScoredCriterion, criteria: Criteria) -> Discrepancy:
    field = criteria.view.field_of(leaf.code)
    return Discrepancy(
        unit=criteria.lead(leaf),
        content=f"Điểm tự chấm khác điểm tính theo quy tắc: {leaf.name}",
        left=f"Điểm tự chấm: {number_vi(leaf.self_points, criteria.view.places)}",
        right=f"Điểm tính theo quy tắc: {number_vi(leaf.points, criteria.view.places)}",
        codes=(leaf.code,),
        fields=(field,) if field else (),
        source=place(leaf.reports[0]) if leaf.reports else ELSEWHERE,
        conflict=False,
        breach=False,
        figures=(),
    )


def limited_fields(
    criteria: Criteria, figures: Figures, conflicts: Sequence[Discrepancy], sentences: Sentences
) -> list[Object]:
    """The fields with criteria that fell short or whose figures do not agree, in the order of the plan.

    ``limitations`` are those that a reason, figures or a discrepancy explain, ``others`` those that nobody explained,
    ``short`` those below their maximum.
    """
    limits = _Limits(criteria, figures, conflicts, sentences)
    return [
        {
            "code": field.code,
            "name": field.name,
            "every": every,
            "limitations": [item for item in every if item["explained"]],
            "others": [item for item in every if not item["explained"]],
            "short": [item for item in every if item["gap"]],
        }
        for field in criteria.view.top
        if (every := list(limits.of_field(field.code)))
    ]


class _Limits:
    """What each criterion fell short in, in the order of the plan; what it shares with one before is told there."""

    def __init__(
        self, criteria: Criteria, figures: Figures, conflicts: Sequence[Discrepancy], sentences: Sentences
    ) -> None:
        self.criteria, self.figures, self.conflicts, self.sentences = criteria, figures, conflicts, sentences
        self.told: set[Told | Discrepancy] = set()

    def of_field(self, code: str) -> Iterator[Object]:
        """The criteria of a field that lost points, or whose figures nothing told yet do not agree."""
        first_with: dict[tuple[tuple[str, ...], ...], str] = {}
        view = self.criteria.view
        own = {item.code for item in (*self.criteria.counted_in.get(code, ()), *view.deductions)}
        for item in (item for item in view.below(code) if item.code in own):
            touching = [one for one in self.conflicts if item.code in one.codes]
            if view.gap(item) or not self.told.issuperset(touching):
                yield self._limitation(item, touching, first_with)

    def _limitation(
        self, item: ScoredCriterion, touching: Sequence[Discrepancy], first_with: dict[tuple[tuple[str, ...], ...], str]
    ) -> Object:
        """How far a criterion fell short, who leads it, what the figures and the units say.

        ``first_with`` is who of its field gave the same reasons first, and is continued: the others name it in
        ``as_before``.
        """
        criteria = self.criteria
        about, rows, results = self._voices(item)
        # What the plan's own sentences say of the figures need not be said again.
        told = self.sentences.told_codes
        conflicts = [one for one in touching if one not in self.told and not set(one.figures) <= told]
        new = [one for one in about if one not in self.told]
        self.told |= {*about, *touching}
        reasons = self._reasons(item)
        given = any(reasons.values())
        first = first_with.setdefault(tuple(reasons.values()), item.code) if given else item.code
        if first != item.code:
            reasons = dict.fromkeys(reasons, ())
        written = (*(said.text for said in results), *reasons["unmarked"])
        return {
            "code": item.code,
            "name": item.name,
            "lead": criteria.short_lead(item),
            "points": item.final_points,
            "max": item.applicable_max,
            "gap": criteria.view.gap(item),
            "score": criteria.score_text(item),
            "is_deduction": criteria.view.is_extra(item),
            "sentences": [one.text for one in new],
            "figures": rows,
            "results": results,
            "conflicts": conflicts,
            **reasons,
            "as_before": first if first != item.code else "",
            "explained": bool(new or conflicts or given),
            # For one sentence, each without its full stop.
            "facts": [*(f"{row.name}: {row.with_unit}" for row in rows), *(text.rstrip(" .;") for text in written)],
        }

    def _voices(self, item: ScoredCriterion) -> tuple[list[Told], list[FigureRow], list[Said]]:
        """The plan's sentences, the figures and the units' words that tell of a criterion: one voice for one fact.

        The only unit that leads tells it in its own words; of several units the sums speak.
        """
        own, details = set(self.figures.named(item.rule.figures)), self.figures.details
        named = [code for code in details if code in own or item.code in details[code].criteria]
        about = self.sentences.about(named, item.code)
        left = {row.code: row for row in self.sentences.listed if row.known}
        rows = [left[code] for code in named if code in left]
        results = self.criteria.said([item], lambda report: report.result)
        alone = len(item.lead) == 1 and bool(results)
        return about, [] if alone else rows, [] if about or (rows and not alone) else results

    def _reasons(self, item: ScoredCriterion) -> dict[str, tuple[str, ...]]:
        """Why units say that it fell short, by side, each text once."""
        said = self.criteria.said([item], lambda report: report.reason)
        parts = [part for one in said for part in split(one.text)]
        return {
            side: tuple({key(part.text): part.text for part in parts if part.side == side}.values())
            for side in ("objective", "subjective", "unmarked")
        }


_REPEATED = 50  # letters of a text that is not written twice below each other
LONGEST_CELL = 150  # words of a text in the appendix
MOST_TEXTS = 3  # of units that wrote different things of one criterion: of more the report tells one
_MOST_SAID = 10  # different texts of units in a cell; of more it has so few
_MOST_WORDS = 30  # of each where so many units wrote one
_MOST_NAMES = 60  # words of the units of one level


def score_rows(criteria: Criteria, figures: Figures) -> list[Object]:
    """The appendix with its scores: a line a field, group or leaf.

    A long text that the row above has too is only referred to, as offices do.
    """
    seen: dict[str, tuple[str, str]] = {}

    def told(code: str, column: str, text: str) -> str:
        before, above = seen.get(column, ("", ""))
        if len(text) > _REPEATED and text == before:
            return f"Như mục {above}"
        seen[column] = (text, code)
        return text

    rows = []
    for item in criteria.items:
        group = item.status == "group"
        own = not group or item.in_appendix
        evidence = dict.fromkeys(entry.text for entry in item.evidence if entry.text)
        asked = not group and requires_evidence(item) and item.status != "not_applicable"
        rows.append(
            {
                "code": item.code,
                "name": item.name,
                "is_field": item.parent is None,
                "is_group": group,
                "lead": told(item.code, "lead", criteria.lead(item) if own else ""),
                "cooperating": told(item.code, "cooperating", item.cooperating_text if own else ""),
                "target": told(item.code, "target", item.target if own else ""),
                "result": "\n".join(_result(item, criteria, figures)) or _nothing(item),
                "max": criteria.stated_maximum(item),
                "self_points": _given(item.self_points),
                "appraised_points": _given(item.appraised_points),
                "final_points": criteria.points(item),
                "percent": criteria.percent(item),
                "evidence": "\n".join(evidence) or (number_vi(None) if asked else ELSEWHERE),
                "note": _applied(item, criteria) if group and item.parent is None else _note(item, criteria),
            }
        )
    return rows


def _result(item: ScoredCriterion, criteria: Criteria, figures: Figures) -> Iterator[str]:
    """What the only unit that leads wrote; else what the points rest on, then what each of several units wrote."""
    said = criteria.said([item], lambda report: report.result)
    alone = len(item.lead) <= 1
    if not (said and alone):
        yield from _facts(item, figures, criteria)
    longest = LONGEST_CELL if len(said) <= MOST_TEXTS else _MOST_WORDS
    shown = len(said) if len(said) <= _MOST_SAID else MOST_TEXTS
    for one in said[:shown]:
        text = shortened(one.text, longest)
        yield text if alone and len(said) == 1 else f"{one.units}: {text}"
    if rest := criteria.others(said, shown):
        yield f"Và nội dung báo cáo của {rest}"


def _facts(item: ScoredCriterion, figures: Figures, criteria: Criteria) -> Iterator[str]:
    """The figures or levels that the points rest on."""
    for code in figures.named(item.rule.figures):
        row = figures.row(code)
        yield f"{row.name}: {row.told}"
    levels: dict[str, list[str]] = {}
    for report in item.reports if scoring(item.method).scale == "levels" else ():
        if report.level and report.state == State.KNOWN:
            levels.setdefault(key(report.level), [report.level]).append(report.unit)
    for level, *units in levels.values():
        yield level if len(levels) == 1 else f"{level} ({criteria.folded(units, _MOST_NAMES)})"


def _nothing(item: ScoredCriterion) -> str:
    if item.status == "not_applicable":
        return number_vi(State.NOT_APPLICABLE.value)
    return number_vi(None) if item.status == "missing" else ELSEWHERE


def _given(points: Decimal | None) -> Value:
    """A unit need not score itself, and the Office has not appraised everything: a dash, nothing is missing."""
    return ELSEWHERE if points is None else points


def _note(item: ScoredCriterion, criteria: Criteria) -> str:
    rule, leaf, missing = scoring(item.method), item.status != "group", item.status == "missing"
    later = waits_for(item, criteria) if missing else ""
    wrong, owed = criteria.lacks(item) if missing else (False, False)
    notes = (
        ("Điểm thưởng, không tính vào điểm tối đa", criteria.view.is_bonus(item)),
        ("Điểm trừ", criteria.view.is_deduction(item)),
        ("Chỉ theo dõi, không tính điểm", item.status == "followed"),
        (rule.note if isinstance(rule, GroupMethod) and not leaf else "", True),
        (_applied(item, criteria), True),
        (later, True),
        (unmet(item, criteria), True),
        ("Thiếu số liệu", missing and item.rule.figures and not later),
        ("Điểm tự chấm ngoài khung", missing and wrong),
        ("Thiếu mức đạt, điểm của đơn vị", missing and owed and not item.rule.figures and not later),
        (upper_first(criteria.view.away_reason(item)) or "Không phát sinh", item.status == "not_applicable"),
    )
    return "; ".join(text for text, holds in notes if text and holds)


def _applied(item: ScoredCriterion, criteria: Criteria) -> str:
    """The maximum of a group without what did not arise in it, which its share and the index are told of."""
    if item.status != "group" or criteria.view.is_extra(item) or item.applicable_max == item.max:
        return ""
    return f"Điểm tối đa áp dụng: {number_vi(item.applicable_max, criteria.view.places)}"


def waits_for(item: ScoredCriterion, criteria: Criteria) -> str:
    """What a criterion without points waits for where no unit owes anything for it."""
    if criteria.view.ranked_later(item):
        return upper_first(RANKED_LATER)
    return f"Chờ điểm của {_condition(item, criteria)}" if is_pending(item) else ""


def unmet(item: ScoredCriterion, criteria: Criteria) -> str:
    """Why a criterion has nothing, whatever its own rule gives it."""
    if item.condition is None or item.code not in criteria.view.unmet:
        return ""
    return f"Chưa tính điểm vì {_condition(item, criteria)} chưa {item.condition.asks}"


def _condition(item: ScoredCriterion, criteria: Criteria) -> str:
    other = criteria.view.by_code.get(item.condition.code) if item.condition else None
    return f"“{other.name}”" if other else "tiêu chí là điều kiện"


VERDICTS = {"read": "đã đọc", "rejected": "từ chối", "ignored": "bỏ qua"}


def source_rows(view: View) -> list[Object]:
    """Where each figure in the order of the plan, then each criterion that has points, comes from; many lines each."""
    figures, criteria = Figures(view), Criteria(view)
    return [
        *(_figure(figures, code) for code in figures.details),
        *(_criterion(item, criteria) for item in view.contents.criteria if item.final_points is not None),
    ]


def file_rows(contents: Contents) -> list[Object]:
    """The files that the result rests on: the plan, then those of the folder that was read, the used ones first."""
    plan = contents.plan
    proofs = {entry.text for item in contents.criteria for entry in item.evidence if entry.found}
    files = sorted(contents.sources, key=lambda item: list(VERDICTS).index(item.verdict))

    def role(item: Verdict) -> str:
        return "tài liệu kiểm chứng" if any(item.file in text for text in proofs) else VERDICTS[item.verdict]

    told = [(item.file, item.sha256 or ELSEWHERE, role(item)) for item in files]
    rows = [(plan.file, plan.sha256, "kế hoạch"), *told]
    return [{"file": file, "sha256": sha256, "role": said} for file, sha256, said in rows]


def _figure(figures: Figures, code: str) -> Object:
    detail = figures.details[code]
    lines = []
    for entry in detail.entries:
        counted = ", đếm từ danh mục nhiệm vụ" if entry.counted else ""
        lines.append(f"{figures.view.given_by(entry)}: {entered(entry)} ({place(entry)}{counted})")
    gave = {entry.unit for entry in detail.entries}
    lines += [f"{figures.view.unit(unit)}: còn chờ" for unit in detail.waiting if unit not in gave]
    row, source = figures.row(code), "\n".join(lines) or ELSEWHERE
    value = f"{row.text} {row.counted_in}".rstrip() if figures.has(code) else row.text
    return {"code": code, "name": row.name, "value": value, "source": source, "is_figure": True}


def _criterion(item: ScoredCriterion, criteria: Criteria) -> Object:
    rule = item.rule
    lines = [f"{place(rule)} (dòng {rule.row}), cách chấm “{item.method or 'chưa rõ'}”"]
    lines += [f"số liệu: {rule.figures}"] if rule.figures else []
    lines += [f"{band.sheet} › dòng {band.row}: {band.text}" for band in rule.bands if band.chosen]
    value = criteria.points_of(item)
    return {"code": item.code, "name": item.name, "value": value, "source": "\n".join(lines), "is_figure": False}
