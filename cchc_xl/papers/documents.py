"""The Word documents: a result and templates come in, ``.docx`` files by Nghị định 30/2020 go out.

Besides the report these are the reminders and the draft of next year's plan. A unit owes when it has not filed, filed
late, filed what cannot be read, or filed with errors. The draft says what the figures say: which criteria fell short,
by how much, at which unit and why, in the units' own words. What no figure says (the numbers of decisions, the rank in
the province) is left for the office to write in. Templates belong to people: a wrong one is a :class:`TemplateError`
in their language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from cchc_xl.office.word.fill import TemplateError, clean, filled, write
from cchc_xl.papers.context import Context, build, kept_recipients, listed
from cchc_xl.papers.criteria import Criteria, misfit
from cchc_xl.plan.expression import FIGURE_CODE
from cchc_xl.plan.marking import ZERO
from cchc_xl.records import RollCall, State
from cchc_xl.result.advice import Step
from cchc_xl.result.contents import Contents, ScoredCriterion, ToldFinding
from cchc_xl.result.objects import Object, from_object, to_object
from cchc_xl.result.view import View, lacks_evidence
from cchc_xl.text.numbers import ELSEWHERE, lower_first, rank_text
from cchc_xl.text.words import VIETNAM, key

Cells = dict[tuple[str | None, str | None, str | None], str]


def render(contents: Contents, template: Path | bytes, out: Path, *, with_sources: bool = False) -> None:
    """Write the report of one result to ``out``; an existing file is replaced only by a complete one.

    ``with_sources`` adds the appendix "Nguồn số liệu".

    Raises:
        TemplateError: the template is no Word file, names what does not exist, or asks for what is not allowed.
        OSError: ``out`` cannot be written, for instance because it is open in Word.
    """
    context = build(_clean(contents), with_sources=with_sources)
    write(filled(context, template, places=contents.settings.places), out)


def render_reminders(contents: Contents, template: Path | bytes) -> Iterator[tuple[str, bytes]]:
    """For each unit that owes something, its code and the reminder to it. Raises ``TemplateError``."""
    for unit, fields in reminders(_clean(contents)):
        yield unit, filled(fields, template, places=contents.settings.places, kind="công văn đôn đốc")


def render_plan_draft(contents: Contents, template: Path | bytes, rank: int | None = None) -> bytes:
    """The draft of next year's plan; ``rank`` is the agency's place in the finished year. Raises ``TemplateError``."""
    return filled(
        plan_draft(_clean(contents), rank), template, places=contents.settings.places, kind="dự thảo kế hoạch"
    )


def _clean(contents: Contents) -> Contents:
    """As it would be read from ``result.json``, in what XML can hold: made again, a report is the same report."""
    return from_object(clean(to_object(contents)))


def sample_contexts(results: Sequence[Contents]) -> tuple[tuple[Context, ...], ...]:
    """Contexts for the template of the report, of the reminder and of next year's plan."""
    cleaned = [_clean(contents) for contents in results]
    return (
        tuple(build(contents, with_sources=True) for contents in cleaned),
        tuple(context for contents in map(_with_errors, cleaned) for _, context in reminders(contents)),
        tuple(plan_draft(contents, 17) for contents in cleaned),
    )


def _with_errors(contents: Contents) -> Contents:
    """The result as if its first file could not be read and its second had an error and a question."""
    first, second, *others = contents.rollcall
    made = (
        ToldFinding("F101", "error", "Tệp bị hỏng.", "Gửi lại.", first.file, "Số liệu", "D9", None, None),
        ToldFinding("D101", "error", "“ba” không là số.", "Sửa.", second.file, "Số liệu", "D9", None, None),
        ToldFinding("C201", "warning", "Cần nêu rõ.", "Nêu.", second.file, "Số liệu", "D9", None, None),
    )
    return replace(
        contents,
        rollcall=(replace(first, status="unreadable"), second, *others),
        findings=(*contents.findings, *made),
    )


def try_filling(template: bytes, contexts: Iterable[Context]) -> str | None:
    """Why the template cannot be filled in, or None."""
    try:
        for context in contexts:
            filled(context, template)
    except TemplateError as error:
        return str(error).rstrip(".")
    return None


def reminders(contents: Contents) -> Iterator[tuple[str, Context]]:
    """For each unit that owes something, its code and the context of its reminder, in the order of the plan."""
    view = View(contents)
    owing = {row.unit: reminder for row in contents.rollcall if (reminder := _reminder(view, row))}
    if not owing:
        return
    shared = {**build(contents), "recipients": _recipients(contents), "letter_symbol": _symbol(contents)}
    shared["letter_signer"] = _letter_signer(contents)
    for unit, reminder in owing.items():
        yield unit, {**shared, "reminder": reminder}


def _reminder(view: View, row: RollCall) -> Object | None:
    """What one unit owes; None where that is nothing. ``sent`` is the day of sending, None if it never sent."""
    unit, status, contents = row.unit, row.status, view.contents
    own = [item for item in contents.findings if _is_of(item, row)]
    figures = _figure_cells(contents)
    named = {item.code: lower_first(item.name) for item in contents.measure_details if "_" in item.code}
    errors = tuple(_owed(item, figures, named) for item in own if item.severity == "error")
    if status == "submitted" and not errors:
        return None
    led = [item for item in view.leaves if unit in item.lead]
    absent = status in ("missing", "unreadable")
    name = view.unit(unit)
    return {
        "code": unit,
        "name": name,
        # The unit that compiles the reports does not send anything to itself.
        "send_to": "" if unit == view.compiling_code else contents.settings.forms_to or view.compiling_unit,
        "status": status,
        "file": row.file or "",
        "sent": row.sent.astimezone(VIETNAM).date().isoformat() if row.sent else None,
        "errors": errors,
        "questions": tuple(
            _owed(item, figures, named) for item in own if item.severity == "warning" and not item.code.startswith("E")
        ),
        "criteria": tuple({"code": item.code, "name": item.name, "target": item.target} for item in led if absent),
        "figure_names": tuple(
            item.name for item in contents.measure_details if unit in (item.units if absent else item.waiting)
        ),
        "waiting_criteria": tuple(dict.fromkeys(_waiting(view, unit, led))),
        "misfit_codes": [item.code for item in led if (unit, item.code) in misfit(view)],
        "evidence": tuple(f"{item.code} – {item.name}" for item in led if not absent and lacks_evidence(item)),
    }


def _is_of(item: ToldFinding, row: RollCall) -> bool:
    """A finding of the unit's own file or about the unit; that it did not file is told by the roll-call."""
    if item.code.startswith("U"):
        return False
    return bool(item.unit == row.unit or (row.file and item.file == row.file))


def _owed(item: ToldFinding, figures: Cells, names: dict[str, str]) -> Object:
    """The finding as a letter tells it: what stands in the cell, and figures by their names instead of codes."""
    place = " › ".join(part for part in (item.sheet, item.cell) if part) or ELSEWHERE
    named = figures.get((item.file, item.sheet, item.cell))
    said = re.sub(r"[A-Za-z]\w*", lambda word: names.get(word[0], word[0]), item.message)
    return {"place": f"{place} ({named})" if named else place, "content": said, "remedy": item.fix}


def _figure_cells(contents: Contents) -> Cells:
    """What stands in a cell of a unit's file: a cell's address alone says little to a clerk."""
    return {
        (entry.file, entry.sheet, entry.cell): measure.name
        for measure in contents.measure_details
        for entry in measure.entries
    }


def _waiting(view: View, unit: str, led: list[ScoredCriterion]) -> Iterator[str]:
    """The criteria that cannot be scored as long as this unit owes, as the report counts them."""
    owed = {item.code for item in view.contents.measure_details if unit in item.waiting}
    off = misfit(view)
    for item in view.contents.criteria:
        named = set(FIGURE_CODE.findall(item.rule.figures))
        unsaid = item in led and not any(one.unit == unit and one.state is not State.MISSING for one in item.reports)
        unsaid = unsaid or (unit, item.code) in off
        if item.status == "missing" and (named & owed or (not named and unsaid)):
            group = view.counted_for(item)
            if view.standing(group) == "missing" and not view.is_extra(group):
                yield group.code


def _recipients(contents: Contents) -> list[Object]:
    """Of a công văn: "Như trên", then of the plan's recipients the leadership and the archive."""
    ours = [text for text in kept_recipients(contents) if key(text).startswith((key("Lãnh đạo"), key("Lưu")))]
    return listed(["Như trên", *(ours or ["Lưu: VT"])])


def _letter_signer(contents: Contents) -> Object:
    """Who signs a công văn, where the plan names somebody of its own for letters; else who signs the report."""
    own = contents.settings
    letters = (own.letter_authority, own.letter_title, own.letter_signer)
    shown = letters if any(letters) else (own.signing_authority, own.signing_title, own.signer)
    return dict(zip(("signing_authority", "signing_title", "signer"), shown, strict=True))


def _symbol(contents: Contents) -> str:
    """The symbol of a công văn: agency and drafting unit, the one named after "Lưu: VT"."""
    archive = next((text for text in contents.settings.recipients if key("Lưu") in key(text)), "")
    drafting = archive.partition(",")[2].strip().rstrip(" ;.,/")
    return "-".join(part for part in (contents.settings.symbol, drafting) if part)


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
        "path_stops": _path_stops(criteria.view),
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


def _path_stops(view: View) -> list[Object]:
    """The shortest way to the target: of each criterion who does what by when, and the index reached with it.

    What no unit can do (figures of a year before, a ranking with other agencies) is no task. Nothing is told of a way
    whose steps are not known to reach the target.
    """
    path = view.contents.path
    before = path.percent if path else None
    advice = {item.code: item for item in view.contents.advice}
    made: list[Object] = []
    for stop in path.stops if path and all(stop.exact for stop in path.stops) else ():
        gain, before = stop.percent - (before or ZERO), stop.percent
        item = advice.get(stop.code)
        step = (item.complete or item.next) if item else None
        if step and not step.who:
            continue
        due = _due(view)
        made.append(
            {
                "code": stop.code,
                "name": stop.name,
                "gain": gain,
                "percent": stop.percent,
                "work": _work(step),
                "due": None if due is None else due.isoformat(),
                "is_missing": stop.points is None,
            }
        )
    return made


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
