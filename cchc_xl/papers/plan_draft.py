"""The draft of next year's plan: a finished year comes in, what its template and blocks may name goes out.

It says what the figures say: what fell short, why in the units' own words, and what each unit has to reach by when.
Names and figures, no scores and no codes: those are in the report. What no figure says (the numbers of decisions) is
left for the office to write in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby, zip_longest
from typing import TypedDict, cast

from cchc_xl.papers.context import Context, built, head
from cchc_xl.papers.criteria import Criteria, Said
from cchc_xl.papers.figure_tables import FigureRow
from cchc_xl.papers.next_tasks import CriterionTask, NextTasks, by_unit
from cchc_xl.papers.report_tables import WHOLE_AGENCY, Discrepancy
from cchc_xl.papers.report_text import ReportText, joined
from cchc_xl.plan.marking import ZERO
from cchc_xl.result.advice import Step
from cchc_xl.result.contents import Contents, ScoredCriterion
from cchc_xl.result.objects import Object, to_object
from cchc_xl.result.view import View
from cchc_xl.text.days import a_year_on, date_vi
from cchc_xl.text.numbers import lower_first, rank_text, sentence, upper_first
from cchc_xl.text.prose import in_brackets
from cchc_xl.text.words import key, unmarked, words_key

_CAUSES = ("Nguyên nhân khách quan", "Nguyên nhân chủ quan")
_SHARE = re.compile(r"\d[\d.,]{0,20}% [^\W\d]")
_COMMITTEE = ("ubnd ", "ủy ban nhân dân ")
_LONGEST_TITLE = 12  # words of what stands before the colon of a sentence
_PARAGRAPH = "\a"  # another paragraph of a cell


class _Limited(TypedDict):
    """What is read here of a criterion of ``limited_fields``."""

    code: str
    name: str
    sentences: list[str]
    figures: list[FigureRow]
    results: list[Said]
    conflicts: list[Discrepancy]
    objective: tuple[str, ...]
    subjective: tuple[str, ...]
    unmarked: tuple[str, ...]
    as_before: str


class _Field(TypedDict):
    name: str
    every: list[_Limited]


def plan_draft(contents: Contents, rank: int | None = None) -> Context:
    """The context of the draft; ``rank`` is the agency's place in the finished year, where it is known."""
    made, text = built(contents)
    view, criteria, due = text.view, text.criteria, _due(text.view)
    tasks = tuple(NextTasks(view, criteria, text.figures).each(f"năm {view.year}", scored=False))
    limited = cast("list[_Field]", made["limited_fields"])
    return {
        **made,
        **head("Kế hoạch", f"KH-{contents.settings.symbol}", str(view.year + 1), to_object(contents.settings)),
        "year": str(view.year),
        "next_year": str(view.year + 1),
        "nam": str(view.year),
        "nam_sau": str(view.year + 1),
        "bo_phan_tong_hop": view.compiling_unit or "bộ phận tổng hợp",
        "rank": rank,
        "rank_change": rank_text(contents.settings.previous_rank, rank),
        "directed_by": directed_by(contents.settings.parent_agency),
        "draft_fields": [{"name": field["name"], "lines": tuple(_lines(field, text))} for field in limited],
        "draft_tasks": by_unit(tasks, None if due is None else due.isoformat()),
        "plan_rows": (rows := _plan_rows(criteria, tasks, due)),
        "draft_due": due,
        "proposals": any(row["solution"] != row["target"] for row in rows if not row["is_field"]),
        **_path(view, due),
    }


def directed_by(parent: str) -> str:
    """Whose direction the plan follows, as far as the name of the agency above says it.

    >>> directed_by("UBND Tỉnh"), directed_by("Sở Y tế"), directed_by("")
    ('Chủ tịch UBND Tỉnh', 'Sở Y tế', 'cơ quan cấp trên')
    """
    if key(parent).startswith(tuple(map(key, _COMMITTEE))):
        return f"Chủ tịch {parent}"
    return parent or "cơ quan cấp trên"


# --- what fell short ---


def _lines(field: _Field, text: ReportText) -> Iterator[str]:
    """A paragraph a criterion; those with the same causes share theirs, so do those of which only the name is known."""
    told: dict[str, list[str]] = {}
    causes: dict[str, list[str]] = {}
    bare: list[str] = []
    for item in field["every"]:
        first, facts = item["as_before"] or item["code"], list(_facts(item, text))
        own = bool(item["sentences"])
        given = list(_causes(item))
        if not facts and not given and first not in told:
            bare += map(lower_first, _names(item, text))
            continue
        told.setdefault(first, []).append(_headed(item["name"], facts, is_plans=own))
        causes.setdefault(first, []).extend(given)
    for code, paragraph in told.items():
        yield " ".join((*paragraph, *causes[code]))
    for names in joined(dict.fromkeys(bare)):
        yield sentence(f"Nội dung {'khác ' if told else ''}còn hạn chế: {names}")


def _names(item: _Limited, text: ReportText) -> Iterator[str]:
    """The name of a criterion; of a group the names of what fell short in it."""
    yield from [leaf.name for leaf in text.criteria.short_in(item["code"])] or [item["name"]]


def _facts(item: _Limited, text: ReportText) -> Iterator[str]:
    """What is known of a criterion: the plan's sentences, figures, the units' own words, figures that do not agree."""
    codes = {told.text: set(told.codes) for told in text.sentences.told}
    left: list[Discrepancy] = list(item["conflicts"])
    before: set[str] = set()
    for said in item["sentences"]:
        own = codes.get(said, set())
        against = [
            one for one in left if one.conflict and own and own <= set(one.figures) and before & set(one.figures)
        ]
        left = [one for one in left if one not in against]  # both sides are told, and none is decided for
        before |= own
        yield f"Tuy nhiên, {lower_first(with_have(said))}" if against else said
    values = list(text.values(item["figures"]))
    named = [row.code for row, _ in values if _is_named(row, item["name"])]
    rows = [told if named == [row.code] else f"{lower_first(row.name)} là {told}" for row, told in values]
    yield from [upper_first("; ".join(rows))] if rows else []
    yield from (said.text for said in item["results"])
    yield from (_disagreeing(one, with_values=not item["results"]) for one in left)
    yield from item["unmarked"]


def _disagreeing(one: Discrepancy, *, with_values: bool) -> str:
    """Two figures that do not agree, both named; of a limit that is not kept the values, unless the unit wrote them."""
    where = "" if one.unit == WHOLE_AGENCY else one.unit
    values = f"{lower_first(one.left)}; {lower_first(one.right)}" if one.conflict or with_values else ""
    inside = ": ".join(filter(None, (where, values)))
    told = f"Số liệu chưa thống nhất: {lower_first(one.content)}" if one.conflict else one.content
    return f"{told.rstrip(' .')} ({inside})" if inside else told


def _is_named(row: FigureRow, name: str) -> bool:
    """Whether the criterion's name has all that the figure's says, in its order, and no "not" beside it."""
    unit, all_ = set(_words(row.unit_name)), _words(name)
    left = iter(all_)
    own = [word for word in _words(row.name) if word in all_ or word not in unit]
    return all(word in left for word in own) and not (set(all_) - set(own)) & _NOT


_NOT = frozenset(map(key, ("không", "chưa")))


def _words(text: str) -> list[str]:
    return words_key(text).split()


def _headed(name: str, facts: Sequence[str], *, is_plans: bool = False) -> str:
    """The facts behind the name of their criterion; what a sentence says itself is not told a second time.

    The plan's own sentence stands alone where it names the matter; before one whose title says the same in other words
    the criterion's name stands for the title.

    >>> _headed("Ban hành kế hoạch đúng thời hạn", ["Ban hành kế hoạch ngày 28/01/2019"], is_plans=True)
    'Ban hành kế hoạch ngày 28/01/2019.'
    >>> _headed("Kết quả giải quyết thủ tục hành chính", ["Giải quyết hồ sơ TTHC: tiếp nhận 9 hồ sơ"])
    'Kết quả giải quyết thủ tục hành chính: tiếp nhận 9 hồ sơ.'
    >>> _headed("Công tác kiểm tra", ["đã kiểm tra 3/8 đơn vị"])
    'Công tác kiểm tra: đã kiểm tra 3/8 đơn vị.'
    >>> _headed("Tổ hòa giải được củng cố", [])
    'Tổ hòa giải được củng cố: còn hạn chế.'
    """
    if not facts:  # what the units gave as its cause follows
        return f"{name}: còn hạn chế."
    first = facts[0].strip()
    title, colon, rest = first.partition(": ")
    if colon and len(title.split()) <= _LONGEST_TITLE:
        if not _says_the_same(title, name):
            return " ".join((sentence(name), *map(sentence, facts)))
        first = rest
    elif is_plans and _tells_itself(first, name):
        return " ".join(sentence(upper_first(with_have(fact))) for fact in facts)
    return " ".join((sentence(f"{name}: {lower_first(with_have(first))}"), *map(sentence, map(with_have, facts[1:]))))


def _says_the_same(title: str, name: str) -> bool:
    """Whether many words of a sentence's own title are those of the name, also where one abbreviates them."""
    own, other = _words(title), _words(name)
    words, named = set(_in_full(own, other)), set(_in_full(other, own))
    shared = words & named
    return key(title) in key(name) or (len(shared) > 1 and len(shared) >= _ENOUGH * len(words))


def _in_full(words: Sequence[str], others: Sequence[str]) -> Iterator[str]:
    """The words, and for one that is the initials of words beside each other in the other text those, too."""
    initials = unmarked("".join(word[:1] for word in others))
    for word in words:
        yield word
        at = initials.find(unmarked(word)) if len(word) >= _SHORTEST_INITIALS else -1
        if at >= 0:
            yield from others[at : at + len(word)]


_SHORTEST_INITIALS, _ENOUGH = 3, 0.4


def _tells_itself(text: str, name: str) -> bool:
    """Whether a sentence has nearly all words of the name, or begins with half of the name or a good part of it."""
    own, named = _words(text), _words(name)
    if not named:
        return True
    spaced = f" {' '.join(named)} "
    begun = max((n for n in range(min(len(named), _MOST_BEGUN) + 1) if f" {' '.join(own[:n])} " in spaced), default=0)
    told = set(own) & set(named)
    return (
        (len(named) > _GOOD_PART and len(told) >= _MOST_OF * len(set(named)))
        or begun >= _GOOD_PART
        or (begun >= _SHORTEST_INITIALS and begun * 2 >= len(named))
    )


_MOST_OF, _GOOD_PART = 0.7, 5
_MOST_BEGUN = 40  # words that are looked at; no name is longer


def with_have(text: str) -> str:
    """A clause that begins with a share has its verb.

    >>> with_have("7% hồ sơ trễ hạn"), with_have("7%"), with_have("Có 7% hồ sơ")
    ('có 7% hồ sơ trễ hạn', '7%', 'Có 7% hồ sơ')
    """
    return f"có {text}" if _SHARE.match(text) else text


def _causes(item: _Limited) -> Iterator[str]:
    for title, texts in zip(_CAUSES, (item["objective"], item["subjective"]), strict=True):
        if texts:
            yield sentence(f"{title}: {'; '.join(lower_first(text.rstrip(' .;')) for text in texts)}")


# --- what is to be done ---


def _plan_rows(criteria: Criteria, tasks: Iterable[CriterionTask], due: date | None) -> list[Object]:
    """The appendix as the familiar plan has it; ``solution`` is the plan's own with what is proposed beside it.

    Neighbours that share a target share their proposals too: theirs is one cell.
    """
    view = criteria.view
    every = [item for item in criteria.items if item.in_appendix]
    shown = [item for item, below in zip_longest(every, every[1:]) if not _is_empty(item, below)]
    by_row: dict[str, list[CriterionTask]] = {}
    for task in tasks:
        item = view.by_code[task.code]
        line = [item, *view.above(item)]
        row = next((one.code for one in line if one.in_appendix and not _is_heading(one)), None)
        if row and not criteria.lost.isdisjoint(one.code for one in line):
            by_row.setdefault(row, []).append(task)
    rows: list[Object] = []
    for target, group in groupby(shown, lambda item: ("", item.code) if _is_heading(item) else _shared(item)):
        items = list(group)
        own = [task for item in items for task in by_row.get(item.code, ())]
        alone = items[0] if len(items) == 1 else None
        leads = {criteria.lead(item) for item in items}
        lead = leads.pop() if len(leads) == 1 else ""
        solution = _PARAGRAPH.join(filter(None, (target[0], *_proposed(own, alone, lead, due, view.year + 1))))
        rows += (_plan_row(item, solution, criteria) for item in items)
    return rows


def _shared(item: ScoredCriterion) -> tuple[str, str]:
    """What rows of one target have in common; a row without a target stands alone."""
    return item.target.strip(), "" if item.target.strip() else item.code


def _is_empty(item: ScoredCriterion, below: ScoredCriterion | None) -> bool:
    """Whether a field has no row in the appendix."""
    return _is_heading(item) and (below is None or _is_heading(below))


def _is_heading(item: ScoredCriterion) -> bool:
    return item.parent is None and item.status == "group"


def _proposed(
    tasks: Sequence[CriterionTask], alone: ScoredCriterion | None, lead: str, due: date | None, year: int
) -> Iterator[str]:
    """What is proposed where the plan's solution did not suffice: number, unit and day; the row's own unit leads it."""
    day = f"chậm nhất ngày {date_vi(due)}" if due else f"trong năm {year}"
    if alone is not None:  # its name stands in the row already
        tasks = [replace(task, line=task.short) if task.code == alone.code else task for task in tasks]
    for group in by_unit(tasks, None):
        lines = [line.rstrip(" .") for line in group.lines]
        who = day if group.units == lead else f"{in_brackets(group.units)}, {day}"
        yield f"Đề xuất: {'; '.join(map(lower_first, lines))} ({who})."


def _plan_row(item: ScoredCriterion, solution: str, criteria: Criteria) -> Object:
    is_field = _is_heading(item)
    return {
        "code": item.code,
        "name": item.name,
        "is_field": is_field,
        "lead": "" if is_field else criteria.lead(item),
        "target": item.target,
        "solution": solution,
        "cooperating": item.cooperating_text,
    }


def _path(view: View, day: date | None) -> Object:
    """The way to the target: of each criterion who does what by when, and the index reached with it.

    What no unit can do (figures of a year before, a ranking with other agencies) is no task, but stands in
    ``path_others``; ``path_reaches`` says whether the tasks alone reach the target, and after one that is left out no
    index is told. Nothing is told of a way whose steps are not known to reach the target.
    """
    path = view.contents.path
    before = path.percent if path else None
    advice = {item.code: item for item in view.contents.advice}
    due = None if day is None else day.isoformat()
    made: list[Object] = []
    others: list[str] = []
    for stop in path.stops if path and all(stop.exact for stop in path.stops) else ():
        gain, before = stop.percent - (before or ZERO), stop.percent
        item = advice.get(stop.code)
        if item and item.is_nobodys:
            others.append(stop.name)
            continue
        step = (item.complete or item.next) if item else None
        made.append(
            {
                "code": stop.code,
                "name": stop.name,
                "gain": None if others else gain,
                "percent": None if others else stop.percent,
                "work": _work(step),
                "due": due,
                "is_missing": stop.points is None,
            }
        )
    return {"path_stops": made, "path_reaches": not others, "path_others": others}


def _due(view: View) -> date | None:
    """When the tasks of the plan are to be done: the date of the plan's table, else this period's a year later."""
    contents = view.contents
    return a_year_on(contents.due) if contents.due and not contents.next_due else contents.next_due


def _work(step: Step | None) -> str:
    """``Phòng Người có công thêm 17 thủ tục “…” (hiện 12/145)``; '' where no step is known."""
    if not step:
        return ""
    if not step.task:
        return step.change
    together = " cùng" if step.kind == "figure" and len(step.who) > 1 else ""
    return f"{step.by}{together} {step.task} (hiện {step.today})"
