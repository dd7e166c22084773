"""The Office's entries: an appraisal workbook as read and the plan in force come in, :class:`Appraisal` records go out.

Every entry is kept from run to run, also one whose criterion left the plan or whose points cannot be used. An entry is
stale when the inputs it was made on have changed; entering something new, or ``x`` under "Xác nhận lại", renews it.

Known to whoever writes ``tham-dinh.xlsx`` and whoever reads it back, so that the two cannot disagree.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from cchc_xl.office.excel.tables import Headings, Row, find
from cchc_xl.plan.marking import by_hand, mark_step
from cchc_xl.plan.methods import scoring
from cchc_xl.records import (
    Appraisal,
    CellRef,
    Consolidation,
    Edition,
    ErrorValue,
    Evidence,
    Finding,
    Kind,
    Node,
    RawForm,
    Score,
    Scorecard,
    Uncalculated,
    Value,
)
from cchc_xl.result.contents import AppraisalEntry
from cchc_xl.text.catalogue import Told, collected, finding
from cchc_xl.text.numbers import is_percent_format, plain, read_stored, read_text, shortest, vietnamese
from cchc_xl.text.words import key

SHEET = "Thẩm định"
CODE = "Mã"
SHOWN = (
    *(CODE, "Tiêu chí", "Chủ trì", "Điểm tối đa", "Điểm tự chấm", "Điểm tính"),
    *("Số liệu, cơ sở chấm", "Tài liệu kiểm chứng"),
)
POINTS = ("Điểm thẩm định lần 1", "Điểm thẩm định lần 2")
EXPLANATION = "Giải trình của đơn vị"
CONFIRM = "Xác nhận lại (x)"
ENTERED = (
    *(POINTS[0], "Minh chứng lần 1", "Ý kiến lần 1", "Người thẩm định lần 1", "Ngày lần 1"),
    EXPLANATION,
    *(POINTS[1], "Minh chứng lần 2", "Ý kiến lần 2", "Người thẩm định lần 2", "Ngày lần 2"),
)
STATE = "Tình trạng"
CURRENT, BASIS, CONTENT = "_hiện tại", "_khi thẩm định", "_nội dung"
HEADINGS = (*SHOWN, *ENTERED, CONFIRM, STATE, CURRENT, BASIS, CONTENT)
VERDICTS = ("Đạt", "Chưa đạt", "Không yêu cầu")


def inputs_fingerprint(score: Score, evidence: tuple[Evidence, ...]) -> str:
    """What an appraiser looks at in a row, as 16 hexadecimal digits: figures, self-score, points, evidence.

    Names of files do not count: the same values sent again are not a change.
    """
    told = [
        score.status,
        "" if score.points is None else plain(score.points),
        "" if score.self_points is None else plain(score.self_points),
        plain(score.node.max_score),
        *(f"{item.measure}\t{item.unit}\t{item.value}" for item in score.inputs),
        *(f"{item.unit}\t{item.text}" for item in evidence),
    ]
    return _digest(told)


def content_fingerprint(values: tuple[Value, ...]) -> str:
    """What an appraiser entered in a row; '' where nothing was."""
    told = [as_text(value) for value in values]
    return _digest(told) if any(told) else ""


def as_text(value: Value) -> str:
    """What stands in a cell, as text: a formula or an error as it was typed."""
    match value:
        case ErrorValue(text) | Uncalculated(text):
            return text
        case _:
            return "" if value is None else str(value)


def _digest(told: list[str]) -> str:
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def evidence_of(score: Score, consolidation: Consolidation) -> tuple[Evidence, ...]:
    """The evidence that the units named for this criterion."""
    return tuple(item for item in consolidation.evidence if item.criterion == score.node.criterion.code)


def points_frame(node: Node) -> str:
    """Which points an appraiser may give, in words."""
    low, high = sorted((Decimal(0), node.max_score))
    step = mark_step(node.bands, node.max_score) if scoring(node.criterion.method).by_hand else None
    return f"từ {vietnamese(low)} đến {vietnamese(high)}" + (f", bước {vietnamese(step)}" if step else "")


def read_appraisals(form: RawForm, edition: Edition) -> tuple[tuple[Appraisal, ...], tuple[Finding, ...]]:
    """The entries of an appraisal workbook, and the findings of their cells.

    A row without anything entered gives no appraisal. Points that are no number, or do not fit the rule's minimum, step
    and maximum, are an error and are not used; the entry is kept.
    """
    return collected(_entries(form, edition))


def _entries(form: RawForm, edition: Edition) -> Told[tuple[Appraisal, ...]]:
    needed = (frozenset((CODE,)), frozenset((POINTS[0],)))
    tables = (find(sheet, form.source.file, SHEET, Headings(HEADINGS), needed) for sheet in form.sheets)
    table = next((table for table in tables if table), None)
    if table is None:
        yield finding("A102", CellRef(form.source.file), sheet=SHEET)
        return ()
    nodes = {node.criterion.code: node for node in edition.leaves}
    entries = []
    for row in table.rows():
        entry = _entry(row)
        if entry is not None:
            entries.append((yield from _judged(entry, nodes.get(entry.code), row)))
    return tuple(entries)


def _entry(row: Row) -> Appraisal | None:
    entered = tuple(row.value(heading) for heading in ENTERED)
    content = content_fingerprint(entered)
    code = row.text(CODE) or as_text(row.value(CODE))
    if not content or not code:
        return None
    renewed = content != row.text(CONTENT) or key(row.text(CONFIRM)) == "x"
    return Appraisal(
        code=code,
        name=row.text("Tiêu chí"),
        entered=entered,
        points=None,
        basis=row.text(CURRENT if renewed else BASIS),
        at=row.at(POINTS[0]),
    )


def _judged(appraisal: Appraisal, node: Node | None, row: Row) -> Told[Appraisal]:
    """With the points of the last round that gives any, if the rule allows them."""
    code = appraisal.code
    if node is None:
        yield finding("A202", appraisal.at, criterion=code, code=code)
        return appraisal
    heading = next((heading for heading in reversed(POINTS) if row.value(heading) is not None), None)
    if heading is None:
        return appraisal
    stored, at = row.value(heading), row.at(heading)
    points = None if is_percent_format(row.number_format(heading)) else _number(stored)
    if points is None or _allowed(points, node) != points:
        shown = vietnamese(points) if points is not None else str(stored)
        yield finding("A101", at, criterion=code, code=code, text=shown, allowed=points_frame(node))
        return appraisal
    return replace(appraisal, points=points, at=at)


def _number(value: Value) -> Decimal | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return read_stored(value, Kind.DECIMAL, percent_format=False).value
    reading = read_text(value, Kind.DECIMAL) if isinstance(value, str) else None
    return reading.value if reading and not reading.notes else None


def _allowed(points: Decimal, node: Node) -> Decimal:
    bands = node.bands if scoring(node.criterion.method).by_hand else ()
    return by_hand(points, bands, node.max_score)


def with_staleness(
    appraisals: tuple[Appraisal, ...], scorecard: Scorecard, consolidation: Consolidation
) -> tuple[tuple[Appraisal, ...], tuple[Finding, ...]]:
    """The appraisals, each marked stale if what it was made on has changed, and the findings that say so."""
    current = current_fingerprints(scorecard, consolidation)
    marked = tuple(replace(item, stale=current.get(item.code, item.basis) != item.basis) for item in appraisals)
    return marked, tuple(_doubts(marked, scorecard))


def _doubts(appraisals: tuple[Appraisal, ...], scorecard: Scorecard) -> Iterator[Finding]:
    scores = {score.node.criterion.code: score for score in scorecard.scores}
    for item in appraisals:
        if item.stale:
            yield finding("A201", item.at, criterion=item.code, code=item.code)
        if item.points is not None and item.code in scores and not scores[item.code].applicable_max:
            yield finding("A203", item.at, criterion=item.code, code=item.code)


def current_fingerprints(scorecard: Scorecard, consolidation: Consolidation) -> dict[str, str]:
    """What an appraiser would look at now, by leaf."""
    return {
        score.node.criterion.code: inputs_fingerprint(score, evidence_of(score, consolidation))
        for score in scorecard.scores
        if not score.node.children
    }


def appraised_points(appraisals: tuple[Appraisal, ...]) -> dict[str, Decimal]:
    """The points to use, by code."""
    return {item.code: item.points for item in appraisals if item.points is not None}


def appraisal_entry(item: Appraisal) -> AppraisalEntry:
    """The entry as part of the result: what was entered by heading, and whether it is stale."""
    entered = {heading: _told(value) for heading, value in zip(ENTERED, item.entered, strict=True)}
    return AppraisalEntry(entered, item.stale)


def _told(value: Value) -> str | None:
    if value is None:
        return None
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return plain(shortest(value))
    return as_text(value)
