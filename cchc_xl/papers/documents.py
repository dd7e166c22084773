"""The Word documents: a result and templates come in, ``.docx`` files by Nghị định 30/2020 go out.

Besides the report this is the draft of next year's plan; letters are made by ``letters`` and ``issue_letters``. The
draft says what the figures say: which criteria fell short, by how much, at which unit and why, in the units' own words.
What no figure says (the numbers of decisions, the rank in the province) is left for the office to write in. Templates
belong to people: a wrong one is a :class:`TemplateError` in their language.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from cchc_xl.office.word.fill import TemplateError, clean, filled, write
from cchc_xl.papers import letters
from cchc_xl.papers.context import Context, build
from cchc_xl.papers.criteria import Criteria
from cchc_xl.plan.marking import ZERO
from cchc_xl.result.advice import Step
from cchc_xl.result.contents import Contents, ScoredCriterion
from cchc_xl.result.objects import Object, from_object, to_object
from cchc_xl.result.view import View
from cchc_xl.text.numbers import rank_text


def render(contents: Contents, template: Path | bytes, out: Path, *, with_sources: bool = False) -> None:
    """Write the report of one result to ``out``; an existing file is replaced only by a complete one.

    ``with_sources`` adds the appendix "Nguồn số liệu".

    Raises:
        TemplateError: the template is no Word file, names what does not exist, or asks for what is not allowed.
        OSError: ``out`` cannot be written, for instance because it is open in Word.
    """
    context = build(_clean(contents), with_sources=with_sources)
    write(filled(context, template, places=contents.settings.places), out)


def render_plan_draft(contents: Contents, template: Path | bytes, rank: int | None = None) -> bytes:
    """The draft of next year's plan; ``rank`` is the agency's place in the finished year. Raises ``TemplateError``."""
    return filled(
        plan_draft(_clean(contents), rank), template, places=contents.settings.places, kind="dự thảo kế hoạch"
    )


def _clean(contents: Contents) -> Contents:
    """As it would be read from ``result.json``, in what XML can hold: made again, a report is the same report."""
    return from_object(clean(to_object(contents)))


def sample_contexts(results: Sequence[Contents]) -> tuple[tuple[Context, ...], ...]:
    """Contexts for the template of the report, of the letter to units that owe and of next year's plan."""
    cleaned = [_clean(contents) for contents in results]
    return (
        tuple(build(contents, with_sources=True) for contents in cleaned),
        tuple(context for contents in cleaned for context in letters.samples(contents)),
        tuple(plan_draft(contents, 17) for contents in cleaned),
    )


def try_filling(template: bytes, contexts: Iterable[Context]) -> str | None:
    """Why the template cannot be filled in, or None."""
    try:
        for context in contexts:
            filled(context, template)
    except TemplateError as error:
        return str(error).rstrip(".")
    return None


def plan_draft(contents: Contents, rank: int | None = None) -> Context:
    """The context of the draft; ``rank`` is the agency's place in the finished year, where it is known."""
    criteria = Criteria(View(contents))
    return {
        **build(contents),
        "year": str(criteria.view.year),
        "next_year": str(criteria.view.year + 1),
        "rank": rank,
        "rank_change": rank_text(contents.settings.previous_rank, rank),
        "plan_rows": [_plan_row(item, criteria) for item in criteria.items if item.in_appendix],
        **_path(criteria.view),
    }


def _plan_row(item: ScoredCriterion, criteria: Criteria) -> Object:
    """A row of the appendix, as the familiar plan has it."""
    is_field = item.parent is None
    return {
        "code": item.code,
        "name": item.name,
        "is_field": is_field,
        "lead": "" if is_field else criteria.lead(item),
        "target": item.target,
        "cooperating": item.cooperating_text,
    }


def _path(view: View) -> Object:
    """The way to the target: of each criterion who does what by when, and the index reached with it.

    What no unit can do (figures of a year before, a ranking with other agencies) is no task, but stands in
    ``path_others``; ``path_reaches`` says whether the tasks alone reach the target, and after one that is left out no
    index is told. Nothing is told of a way whose steps are not known to reach the target.
    """
    path = view.contents.path
    before = path.percent if path else None
    advice = {item.code: item for item in view.contents.advice}
    made: list[Object] = []
    others: list[str] = []
    for stop in path.stops if path and all(stop.exact for stop in path.stops) else ():
        gain, before = stop.percent - (before or ZERO), stop.percent
        item = advice.get(stop.code)
        if item and item.is_nobodys:
            others.append(f"{stop.name} ({stop.code})")
            continue
        step = (item.complete or item.next) if item else None
        due = _due(view)
        made.append(
            {
                "code": stop.code,
                "name": stop.name,
                "gain": None if others else gain,
                "percent": None if others else stop.percent,
                "work": _work(step),
                "due": None if due is None else due.isoformat(),
                "is_missing": stop.points is None,
            }
        )
    return {"path_stops": made, "path_reaches": not others, "path_others": others}


def _due(view: View) -> date | None:
    """When the tasks of the plan are to be done: the date of the plan's table, else this period's a year later."""
    contents = view.contents
    if contents.next_due or not contents.due:
        return contents.next_due
    day = min(contents.due.day, 28) if contents.due.month == 2 else contents.due.day
    return contents.due.replace(year=contents.due.year + 1, day=day)


def _work(step: Step | None) -> str:
    """``Phòng Người có công thêm 17 thủ tục “…” (hiện 12/145)``; '' where no step is known."""
    if not step:
        return ""
    if not step.task:
        return step.change
    together = " cùng" if step.kind == "figure" and len(step.who) > 1 else ""
    return f"{step.by}{together} {step.task} (hiện {step.today})"
