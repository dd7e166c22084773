"""The note that the Office reads before the report is signed: a result and the report come in, ``.docx`` bytes go out.

What stands here is for the Office only: who owes what, two sources of one figure, evidence found or not, criteria whose
units gave no cause, how the report departs from the form of Nghị định 30/2020, and the source of every figure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from cchc_xl.office.word.decree import check_document
from cchc_xl.office.word.fill import clean, filled, write
from cchc_xl.papers.context import Context, Told, with_sources_listed
from cchc_xl.papers.criteria import FOUND, Criteria, Said, Side, place
from cchc_xl.papers.letters import blanks
from cchc_xl.papers.listings import LOOKUP, REPORTED
from cchc_xl.papers.report_tables import HOW_FILED, LONGEST_CELL, MOST_TEXTS, waits_for
from cchc_xl.papers.report_text import Cut
from cchc_xl.papers.scores import SCORES
from cchc_xl.papers.sources import Sources
from cchc_xl.records import Finding, RollCall
from cchc_xl.result.contents import Contents, ScoredCriterion
from cchc_xl.result.objects import Object
from cchc_xl.result.view import View, lacks_evidence
from cchc_xl.text.catalogue import fix, message
from cchc_xl.text.days import moment_vi
from cchc_xl.text.numbers import ELSEWHERE, count_vi, listing, lower_first, sentence, upper_first
from cchc_xl.text.words import MISSING

_SIDES: dict[Side, str] = {
    "objective": "khách quan",
    "subjective": "chủ quan",
    "unmarked": "chưa phân loại",
    "proposal": "kiến nghị",
}
_MOST_REMARKS = 60
_MOST_ROWS, _MOST_OF_KIND = 60, 25
# What belongs to the Office's kitchen: files, sheets, cells.
_KITCHEN = re.compile(
    r"\.(?:xlsx?|xlsm|docx?|pdf|txt|zip|rar)\b|\b(?:sheet|trang tính|ô) [A-Z]{1,2}\d{1,5}\b", re.IGNORECASE
)


def render_note(told: Told, template: Path | bytes, report: bytes, remarks: Sequence[Finding] = ()) -> bytes:
    """The note to a report that was written before; ``remarks`` are of its template. Raises ``TemplateError``."""
    places = told.contents.settings.places
    return filled(check_note(told, report, remarks), template, places=places, kind="phiếu kiểm tra")


def render_with_note(
    told: Told,
    template: Path,
    out: Path,
    note: Path,
    remarks: Sequence[Finding] = (),
    *,
    with_sources: bool = False,
) -> bytes:
    """The report to ``out`` as ``documents.render`` writes it, and the note to it by the template ``note``.

    ``remarks`` are of the report's template. Raises ``TemplateError`` and ``OSError``.
    """
    report = with_sources_listed(told.context, told.contents) if with_sources else told.context
    write(filled(report, template, places=told.contents.settings.places), out)
    return render_note(told, note, out.read_bytes(), remarks)


def check_note(told: Told, report: bytes, remarks: Sequence[Finding] = ()) -> Context:
    """What the template of the note may name, and that of the report."""
    contents, text = told.contents, told.text
    view, criteria = text.view, text.criteria  # that of the report: it has set out what units wrote
    short = _shortened(criteria, text.cut)
    written = criteria.reasons(as_written=True)
    causes = [(title, said) for side, title in _SIDES.items() for said in written[side]]
    rows = [*_to_do(criteria), *_wordings(criteria, short), *map(_told, remarks), *_form(report)]
    evidence = [*_evidence(criteria)]
    figures = Sources(view)
    return {
        **told.context,
        "cause_rows": [
            {"name": said.name, "units": said.units, "side": title, "text": said.text}
            for title, said in (*(("nguyên văn kết quả", said) for said in short), *causes)[:_MOST_ROWS]
        ],
        "cause_more": max(len(short) + len(causes) - _MOST_ROWS, 0),
        "note_rows": [*_bounded(rows)],
        "proof_rows": evidence[:_MOST_ROWS],
        "proof_more": max(len(evidence) - _MOST_ROWS, 0),
        "proof_counts": _proof_counts(view),
        "told_figures": [*figures.rows(text.sentences.told)],
        "rules_told": _rules(criteria),
        "roll_more": _beyond(contents, figures.roll),
        "roll_lines": [
            {
                "name": view.unit(row.unit),
                "text": lower_first(HOW_FILED[row.status]) + (f" ({moment_vi(row.sent)})" if row.sent else ""),
                "file": row.file or ELSEWHERE,
            }
            for row in figures.roll
        ],
    }


def _beyond(contents: Contents, shown: Sequence[RollCall]) -> str:
    """How many units are not in the list of who has sent, by how they stand; '' where all are."""
    left: Counter[str] = Counter(row.status for row in contents.rollcall)
    left.subtract(row.status for row in shown)
    told = ((left[status], lower_first(text)) for status, text in HOW_FILED.items())
    return "; ".join(f"{count_vi(count)} đơn vị khác {text}" for count, text in told if count)


def _to_do(criteria: Criteria) -> Iterator[Object]:
    """What has to be dealt with before signing, the gravest first."""
    view = criteria.view
    if not criteria.any_scored:
        yield _row("Chưa trình ký", "Chưa có tiêu chí nào có điểm: báo cáo này chưa có kết quả để trình ký.", ELSEWHERE)
    for one in blanks(view.contents):
        yield _row("Chưa điền", f"{upper_first(one.stays)}.", f"Kế hoạch › Cài đặt › {one.setting}")
    waiting: dict[str, list[ScoredCriterion]] = {}
    for item in view.standing_as("missing"):
        waiting.setdefault(_waits(item, criteria), []).append(item)
    for why, items in waiting.items():
        told, codes = "; ".join(item.name for item in items), ", ".join(item.code for item in items)
        counted = f" ({len(items)} tiêu chí)" if len(items) > 1 else ""
        yield _row("Chưa có điểm", f"{upper_first(why)}{counted}: {told}.", f"{SCORES} › {codes}")
    if view.contents.conflicts:
        yield _row(
            "Số liệu không khớp", f"Có {count_vi(len(view.contents.conflicts))} nội dung, nêu tại phần III.", "Phần III"
        )
    for leaf in view.leaves:
        for proof in (one for one in leaf.evidence if one.found is False):
            yield _row("Không tìm thấy tệp", f"{leaf.name}: {proof.text} ({view.unit(proof.unit)}).", place(proof))
    for item in criteria.unexplained():
        told = f"{item.name} {criteria.score_text(item)}."
        yield _row("Chưa nêu nguyên nhân", told, criteria.short_lead(item))
    for item in view.leaves:
        if lacks_evidence(item):
            yield _row("Thiếu minh chứng", f"{item.name}: cần {item.rule.evidence}.", criteria.lead(item))


def _shortened(criteria: Criteria, cut: set[Cut]) -> list[Said]:
    """What units wrote of results that the report does not tell whole, as they wrote it."""
    every = criteria.said(criteria.view.leaves, lambda report: report.result, as_written=True)
    return [
        said
        for said in every
        if len(said.text.split()) > LONGEST_CELL or any((said.code, unit) in cut for unit in said.who)
    ]


def _wordings(criteria: Criteria, short: Sequence[Said]) -> Iterator[Object]:
    """What the officer should look at in units' words before they go out."""
    for said in short:
        told = f"{said.name}: báo cáo chỉ nêu phần đầu nội dung của {said.units}; nguyên văn tại phần V."
        yield _row("Rút gọn trong báo cáo", told, "Phần V")
    for leaf in criteria.view.leaves:
        count = max(len(criteria.said([leaf], column)) for column in (attrgetter("result"), attrgetter("reason")))
        if count > MOST_TEXTS:
            told = f"{leaf.name}: đơn vị viết {count} nội dung khác nhau, báo cáo nêu một và số đơn vị còn lại."
            yield _row("Gộp trong báo cáo", told, f"{LOOKUP} › {REPORTED}")
    for leaf in criteria.view.leaves:
        for report in leaf.reports:
            if found := _KITCHEN.search(f"{report.result} {report.reason}"):
                told = f"{leaf.name}: {criteria.view.unit(report.unit)} nêu “{found[0]}”"
                yield _row("Sửa lời đơn vị", f"{told}, không đưa tên tệp, ô vào báo cáo.", place(report))


def _bounded(rows: Iterable[Object]) -> Iterator[Object]:
    """The rows, of each kind as many as can be worked through and how many more there are."""
    for kind, same in groupby(rows, key=lambda row: str(row["kind"])):
        every = list(same)
        yield from every[:_MOST_OF_KIND]
        if rest := every[_MOST_OF_KIND:]:
            yield _row(kind, f"Và {len(rest)} nội dung khác cùng loại.", LOOKUP)


def _told(item: Finding) -> Object:
    told: str = clean(f"{message(item)} {fix(item)}")  # it quotes tags
    return _row("Mẫu báo cáo", told, f"Mẫu › {at}" if (at := _at(item)) else "Mẫu báo cáo")


def _at(item: Finding) -> str:
    """Which part of a document a finding is about, and where in it; '' where it is about all of it."""
    return ", ".join(part for part in (item.at.sheet, item.at.address) if part) if item.at else ""


def _evidence(criteria: Criteria) -> Iterator[Object]:
    """The documents by criterion and by whether they are there, each with its unit."""
    for leaf in criteria.view.leaves:
        by_found: dict[bool | None, dict[str, list[str]]] = {}
        for proof in leaf.evidence:
            by_found.setdefault(proof.found, {}).setdefault(proof.text.strip() or MISSING, []).append(proof.unit)
        for found in (False, None, True):
            for text, units in by_found.get(found, {}).items():
                told = f"{text} ({criteria.folded(list(dict.fromkeys(units)))})"
                yield {"name": leaf.name, "text": told, "found": FOUND[found]}
        if lacks_evidence(leaf):
            yield {"name": leaf.name, "text": MISSING, "found": "thiếu minh chứng"}


def _proof_counts(view: View) -> str:
    counts = Counter(proof.found for leaf in view.leaves for proof in leaf.evidence)
    return "; ".join(f"{count_vi(counts[found])} tài liệu {told}" for found, told in FOUND.items() if counts[found])


def _rules(criteria: Criteria) -> str:
    """The rows of the plan that say how the criteria below their maximum are scored: ``Bộ chỉ số, dòng 6 (1.2)``."""
    by_sheet: dict[str, list[str]] = {}
    for row in criteria.gaps():
        rule = criteria.view.by_code[str(row["code"])].rule
        by_sheet.setdefault(rule.sheet or "", []).append(f"{rule.row} ({row['code']})")
    return "; ".join(f"{sheet}, dòng {', '.join(told)}" for sheet, told in by_sheet.items())


def _waits(item: ScoredCriterion, criteria: Criteria) -> str:
    """Who owes what a criterion waits for, or why nobody owes anything."""
    view = criteria.view
    if later := waits_for(item, criteria):
        return lower_first(later)
    below = view.leaves_of(item.code)
    codes = {leaf.code for leaf in below}
    wrong = [view.unit(unit) for unit, code in sorted(criteria.misfits, key=str) if code in codes and unit]
    if wrong:
        return f"điểm tự chấm ngoài khung ({listing(dict.fromkeys(wrong))})"
    steps = [advice.next for advice in view.contents.advice if advice.code in codes and advice.next]
    owing = dict.fromkeys(step.by for step in steps if step.kind == "submit" and step.by)
    return f"còn chờ {listing(owing)}" if owing else "còn chờ số liệu hoặc điểm"


def _form(report: bytes) -> Iterator[Object]:
    """How the report departs from the form of an official document."""
    for item in check_document(Path("bao-cao.docx"), report)[:_MOST_REMARKS]:
        told: str = clean(f"{sentence(message(item))} {fix(item)}".strip())  # it may quote what a unit wrote
        yield _row("Thể thức", told, _at(item) or ELSEWHERE)


def _row(kind: str, text: str, place: str) -> Object:
    return {"kind": kind, "text": text, "place": place}
