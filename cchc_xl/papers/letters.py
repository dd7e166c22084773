"""The reminders and next year's plan: a result comes in, the context of a letter to each unit or of a draft goes out.

A unit owes when it has not filed, filed late, filed what cannot be read, or filed with errors.

The draft says what the figures say: which criteria fell short, by how much, at which unit and why, in the units' own
words. What no figure says (the numbers of decisions, the rank in the province) is left for the office to write in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cchc_xl.papers.context import Context, build, kept_recipients, listed
from cchc_xl.papers.criteria import Criteria
from cchc_xl.records import RollCall, State
from cchc_xl.result.contents import ZERO, Contents, ScoredCriterion, Stop, ToldFinding
from cchc_xl.result.objects import Object
from cchc_xl.result.view import View, lacks_evidence
from cchc_xl.text.numbers import ELSEWHERE, lower_first, rank_text
from cchc_xl.text.words import VIETNAM, key

Cells = dict[tuple[str | None, str | None, str | None], str]


def reminders(contents: Contents) -> Iterator[tuple[str, Context]]:
    """For each unit that owes something, its code and the context of its reminder, in the order of the plan."""
    view = View(contents)
    owing = {row.unit: reminder for row in contents.rollcall if (reminder := _reminder(view, row))}
    if not owing:
        return
    shared = {**build(contents), "recipients": _recipients(contents), "letter_symbol": _symbol(contents)}
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
        # The Office that collects the reports: it does not send anything to itself.
        "is_office": key(name).startswith(key("Văn phòng")),
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
    for item in view.contents.criteria:
        named = set(item.rule.figures.replace("/", " ").replace("+", " ").split())
        unsaid = item in led and not any(one.unit == unit and one.state is not State.MISSING for one in item.reports)
        if item.status == "missing" and (named & owed or (not named and unsaid)):
            yield view.counted_for(item).code


def _recipients(contents: Contents) -> list[Object]:
    """Of a công văn: "Như trên", then of the plan's recipients the leadership and the archive."""
    ours = [text for text in kept_recipients(contents) if key(text).startswith((key("Lãnh đạo"), key("Lưu")))]
    return listed(["Như trên", *(ours or ["Lưu: VT"])])


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
        "path_stops": [_path_stop(stop) for stop in contents.path.stops] if contents.path else [],
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


def _path_stop(stop: Stop) -> Object:
    """A criterion on the shortest way to the target, and the index reached with it."""
    return {"code": stop.code, "name": stop.name, "gain": stop.full - (stop.points or ZERO), "percent": stop.percent}
