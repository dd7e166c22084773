"""The note that the Office reads before the report is signed: a result and the report come in, ``.docx`` bytes go out.

What stands here is for the Office only: who owes what, two sources of one figure, evidence found or not, criteria whose
units gave no cause, how the report departs from the form of Nghị định 30/2020, and the source of every figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from cchc_xl.office.word.decree import check_document
from cchc_xl.office.word.fill import clean, filled
from cchc_xl.papers.context import Context, build
from cchc_xl.papers.criteria import Criteria, Side, misfit, place
from cchc_xl.papers.letters import blanks
from cchc_xl.papers.report_tables import waits_for
from cchc_xl.result.contents import Contents, ScoredCriterion
from cchc_xl.result.objects import Object, from_object, to_object
from cchc_xl.result.view import View, lacks_evidence
from cchc_xl.text.catalogue import fix, message
from cchc_xl.text.numbers import ELSEWHERE, date_vi, listing, lower_first, sentence, upper_first
from cchc_xl.text.words import VIETNAM

_STATES = {
    "submitted": "đã gửi, đúng hạn",
    "late": "đã gửi, sau thời hạn",
    "missing": "chưa gửi",
    "unreadable": "đã gửi, tệp không đọc được",
}
_SIDES: dict[Side, str] = {
    "objective": "khách quan",
    "subjective": "chủ quan",
    "unmarked": "chưa phân loại",
    "proposal": "kiến nghị",
}
_MOST_REMARKS = 60
_LONG = 150  # words of what a unit wrote, in a report that is to be signed


def render_note(contents: Contents, template: Path | bytes, report: bytes) -> bytes:
    """The note to a report as it was written. Raises ``TemplateError``."""
    kept: Contents = from_object(clean(to_object(contents)))
    return filled(check_note(kept, report), template, places=kept.settings.places, kind="phiếu kiểm tra")


def check_note(contents: Contents, report: bytes) -> Context:
    """What the template of the note may name, besides what that of the report may."""
    view = View(contents)
    criteria = Criteria(view)
    return {
        **build(contents, with_sources=True),
        "cause_rows": [
            {"name": said.name, "units": said.units, "side": title, "text": said.text}
            for side, title in _SIDES.items()
            for said in criteria.reasons()[side]
        ],
        "note_rows": [*_to_do(view), *_form(report)],
        "roll_lines": [
            {
                "name": view.unit(row.unit),
                "text": _STATES[row.status] + (f" ({_moment(row.sent)})" if row.sent else ""),
                "file": row.file or ELSEWHERE,
            }
            for row in contents.rollcall
        ],
    }


def _to_do(view: View) -> Iterator[Object]:
    """What has to be dealt with before signing, the gravest first."""
    criteria = Criteria(view)
    scored = view.standing_as("full") or view.standing_as("short")
    if not scored:
        yield _row("Chưa trình ký", "Chưa có tiêu chí nào có điểm: báo cáo này chưa có kết quả để trình ký.", ELSEWHERE)
    for one in blanks(view.contents):
        yield _row("Chưa điền", f"{upper_first(one.stays)}.", f"Kế hoạch › Cài đặt › {one.setting}")
    off = misfit(view)
    waiting: dict[str, list[ScoredCriterion]] = {}
    for item in criteria.missing():
        waiting.setdefault(_waits(item, view, off), []).append(item)
    for why, items in waiting.items():
        told, codes = "; ".join(item.name for item in items), ", ".join(item.code for item in items)
        counted = f" ({len(items)} tiêu chí)" if len(items) > 1 else ""
        yield _row("Chưa có điểm", f"{upper_first(why)}{counted}: {told}.", f"Chấm điểm › {codes}")
    if view.contents.conflicts:
        yield _row("Số liệu không khớp", f"Có {len(view.contents.conflicts)} nội dung, nêu tại phần III.", "Phần III")
    for leaf in view.leaves:
        for proof in (one for one in leaf.evidence if one.found is False):
            yield _row("Không tìm thấy tệp", f"{leaf.name}: {proof.text} ({view.unit(proof.unit)}).", place(proof))
        for report in (one for one in leaf.reports if len(f"{one.result} {one.reason}".split()) > _LONG):
            told = f"{leaf.name}: nội dung của {view.unit(report.unit)} dài hơn {_LONG} từ, cần rút gọn trong báo cáo."
            yield _row("Nội dung dài", told, place(report))
    for item in criteria.unexplained():
        told = f"{item.name} {criteria.score_text(item)}: đơn vị chưa nêu nguyên nhân."
        yield _row("Chưa nêu nguyên nhân", told, criteria.short_lead(item))
    for item in view.leaves:
        if lacks_evidence(item):
            yield _row("Thiếu minh chứng", f"{item.name}: cần {item.rule.evidence}.", criteria.lead(item))


def _waits(item: ScoredCriterion, view: View, off: frozenset[tuple[str | None, str | None]]) -> str:
    """Who owes what a criterion waits for, or why nobody owes anything."""
    if later := waits_for(item, Criteria(view)):
        return lower_first(later)
    below = view.leaves_of(item.code)
    codes = {leaf.code for leaf in below}
    wrong = [view.unit(unit) for unit, code in sorted(off, key=str) if code in codes and unit]
    if wrong:
        return f"điểm tự chấm ngoài khung ({listing(dict.fromkeys(wrong))})"
    steps = [advice.next for advice in view.contents.advice if advice.code in codes and advice.next]
    owing = dict.fromkeys(step.by for step in steps if step.kind == "submit" and step.by)
    return f"còn chờ {listing(owing)}" if owing else "còn chờ số liệu hoặc điểm"


def _form(report: bytes) -> Iterator[Object]:
    """How the report departs from the form of an official document."""
    for item in check_document(Path("bao-cao.docx"), report)[:_MOST_REMARKS]:
        at = ", ".join(part for part in (item.at.sheet, item.at.address) if part) if item.at else ""
        told: str = clean(f"{sentence(message(item))} {fix(item)}".strip())  # it may quote what a unit wrote
        yield _row("Thể thức", told, at or ELSEWHERE)


def _moment(sent: datetime) -> str:
    here = sent.astimezone(VIETNAM)
    return f"{date_vi(here.date())} {here:%Hh%M}"


def _row(kind: str, text: str, place: str) -> Object:
    return {"kind": kind, "text": text, "place": place}
