"""The Office's entries: what its workbook is made of, and what has become of each entry since it was made.

Entries, scores and evidence come in; their fingerprints and marks, their points, and findings go out.

Every entry is kept from run to run, also one whose criterion left the plan or whose points cannot be used. An entry is
stale when the inputs it was made on have changed; entering something new, or ``x`` under "Xác nhận lại", renews it.

Known to whoever writes ``tham-dinh.xlsx`` and whoever reads it back, so that the two cannot disagree.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from cchc_xl.office.excel.book import Book
from cchc_xl.office.excel.tables import shown
from cchc_xl.plan.edition import typed_bounds
from cchc_xl.plan.figure_values import points_check
from cchc_xl.plan.marking import fits, frame_words
from cchc_xl.records import (
    Appraisal,
    CellRef,
    Consolidation,
    ErrorValue,
    Evidence,
    Finding,
    Kind,
    Node,
    RollCall,
    Round,
    Score,
    Scorecard,
    Uncalculated,
    Value,
    is_number,
)
from cchc_xl.result.contents import AppraisalEntry
from cchc_xl.text.catalogue import finding
from cchc_xl.text.days import date_vi, day_here
from cchc_xl.text.numbers import plain, read_stored, read_text, shortest, vietnamese
from cchc_xl.text.words import digest, key, read_date, seen

SHEET = "Thẩm định"
HEADING_ROW = 4  # from 0, on each sheet that people write in
_MOST_POINTS = 10**12  # no plan gives as many
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
# Ours and hidden. One holds a mark of each cell that we write, by which is known what somebody typed over it; the last
# an x where points are a bonus or a deduction, which no count of criteria has.
CURRENT, BASIS, CONTENT, MARKS, EXTRA = HIDDEN = ("_hiện tại", "_khi thẩm định", "_nội dung", "_đã ghi", "_thưởng, trừ")
HEADINGS = (*SHOWN, *ENTERED, CONFIRM, STATE, *HIDDEN)
VERDICTS = ("Đạt", "Chưa đạt", "Không yêu cầu")
TITLE = "THẨM ĐỊNH ĐIỂM VÀ TÀI LIỆU KIỂM CHỨNG"
NOTES = (
    "Nhập vào ô màu vàng, lưu, đóng tệp rồi chạy lại: mọi nội dung đã nhập được giữ cho lần chạy sau.",
    "Điểm lần 2 thay điểm lần 1; cột lần 2 ẩn đến khi lần 1 đủ. “Cần xem lại”: sửa điểm, hoặc ghi x ở “Xác nhận lại”.",
)
AGENCY = "Cơ quan"
# What is counted above the table: each label has its number to the right.
PROGRESS = ("Tiêu chí đã thẩm định", "Tiêu chí còn lại", "Điểm thưởng, trừ đã thẩm định", "Tổng điểm đã thẩm định")
FORMER_PROGRESS = ("Dòng đã thẩm định (cả thưởng, trừ)", "Dòng còn lại")  # in workbooks of older versions
EVIDENCE_SHEET = "Minh chứng"
EVIDENCE_HEADINGS = (CODE, "Đơn vị", "Tài liệu kiểm chứng", "Mở tệp", MARKS)
SUPPLIED_SHEET = "Số liệu bổ sung"
SUPPLIED = (CODE, "Đơn vị", "Giá trị", "Căn cứ")
FIGURE_NAME = "Tên số liệu"
SUPPLIED_SHOWN = (FIGURE_NAME, "Đơn vị tính", "Đơn vị đã báo cáo", STATE)
SUPPLIED_HEADINGS = (*SUPPLIED, *SUPPLIED_SHOWN, MARKS)
NOTES_SHEET = "Từng đơn vị"
NOTED = (CODE, "Đơn vị", "Điểm của đơn vị", "Nhận xét")
NOTES_SHOWN = ("Tiêu chí", "Gộp", "Đơn vị báo cáo", "Tài liệu đơn vị ghi", STATE)
NOTES_HEADINGS = (CODE, NOTES_SHOWN[0], NOTED[1], *NOTES_SHOWN[1:4], *NOTED[2:], STATE, MARKS)
# How the stamp names what the workbook is, and the period and the agency it is of.
KIND, STAMP_KIND, STAMP_PERIOD, STAMP_AGENCY = "tham-dinh", "kind", "period", "agency"
STAMP_SUPPLIED = "supplied"  # names the sheet of supplied figures, in workbooks that have one
STAMP_NOTES = "notes"  # the same of what is noted of each unit
GONE = "không còn trong kế hoạch; giữ lại để tra cứu"
NOT_ASKED = "chỉ theo dõi, không thẩm định; giữ lại để tra cứu"
STALE = "số liệu đã đổi sau thẩm định, cần xem lại"
DONE = "đã thẩm định"
NO_POINTS = "đã có ý kiến, chưa có điểm dùng được"
STATES = (GONE, NOT_ASKED, STALE, DONE, NO_POINTS)


def inputs_fingerprint(score: Score, evidence: tuple[Evidence, ...]) -> str:
    """What an appraiser looks at in a row, as 16 hexadecimal digits: figures, self-score, points, evidence.

    Names of files do not count: the same values sent again are not a change; nor do the points of another criterion
    that this one's condition asks for, which an appraiser changes.
    """
    known = score.bare_points if score.held else score.points
    status = score.status if not score.held else "missing" if known is None else "scored"
    told = [
        status,
        "" if known is None else plain(known),
        "" if score.self_points is None else plain(score.self_points),
        plain(score.node.max_score),
        *(f"{item.measure}\t{item.unit}\t{item.value}" for item in score.inputs),
        *(f"{item.unit}\t{item.text}" for item in evidence),
    ]
    return digest(told)


def content_fingerprint(values: tuple[Value, ...]) -> str:
    """What an appraiser entered in a row; '' where nothing was."""
    told = [as_text(value) for value in values]
    return digest(told) if any(told) else ""


def as_text(value: Value) -> str:
    """What stands in a cell, as text: a formula or an error as it was typed, a number whichever reader gives it.

    >>> as_text(0) == as_text(0.0) == "0", as_text(1.50), as_text(ErrorValue("#N/A")), as_text(None)
    (True, '1.5', '#N/A', '')
    """
    match value:
        case ErrorValue(text) | Uncalculated(text):
            return text
        case int() | float() if is_number(value) and math.isfinite(value):
            return plain(shortest(value))
        case _:
            return "" if value is None else str(value)


def marks(values: Iterable[Value | Decimal]) -> str:
    """A mark of each cell, the same after Excel or LibreOffice has saved it; '-' of a blank one.

    >>> marks((Decimal("1.50"), " a  b", None)) == marks((1.5, "a b", ""))
    True
    >>> marks((None, ""))
    '- -'
    """
    return " ".join(map(mark, values))


def mark(value: Value | Decimal) -> str:
    """The mark of one cell; LibreOffice keeps fifteen digits of a number, so twelve are looked at."""
    if is_number(value) or isinstance(value, Decimal):
        text = f"{float(value):.12g}"
    else:
        told = shown(seen(value) if isinstance(value, str) else value)  # as a reader of the cell gives it
        text = "".join(filter(str.isprintable, told))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:6] if text else "-"


def evidence_of(score: Score, consolidation: Consolidation) -> tuple[Evidence, ...]:
    """The evidence that the units named for this criterion."""
    return tuple(item for item in consolidation.evidence if item.criterion == score.node.criterion.code)


def no_evidence(wanted: str) -> str:
    """What stands where no unit names evidence, by what the plan wants of it."""
    return "thiếu" if wanted else "không yêu cầu"


def points_of(code: str, entered: Sequence[Value], node: Node, at: CellRef) -> tuple[Decimal | None, Finding | None]:
    """The points of the last round that gives any, and what is wrong with them where the rule does not allow them."""
    given = dict(zip(ENTERED, entered, strict=True))
    stored = next((given[heading] for heading in reversed(POINTS) if given[heading] is not None), None)
    points, bands = _number(stored), typed_bounds(node)
    if stored is None or (points is not None and fits(points, bands, node.max_score)):
        return points, None
    told = vietnamese(points) if points is not None else as_text(stored)
    allowed = frame_words(bands, node.max_score)
    return None, finding("A101", at, criterion=code, code=code, text=told, allowed=allowed)


def _number(value: Value) -> Decimal | None:
    if is_number(value):
        bounded = math.isfinite(value) and abs(value) < _MOST_POINTS
        return read_stored(value, Kind.DECIMAL, percent_format=False).value if bounded else None
    reading = read_text(value, Kind.DECIMAL) if isinstance(value, str) and not value.rstrip().endswith("%") else None
    given = reading.value if reading and not reading.notes else None
    return given if given is not None and abs(given) < _MOST_POINTS else None


def opened(book: Book, name: str, widths: tuple[float, ...], title: str, notes: Iterable[str]) -> Any:
    """A new sheet of ours with its title and, below it, what to do."""
    sheet = book.sheet(name, widths)
    book.title(sheet, 0, title)
    for number, note in enumerate(notes, start=1):
        sheet.write_string(number, 0, note, book.look("note"))
    return sheet


def closed(sheet: Any, heading_row: int, last: int, headings: Sequence[str], hidden: int = 1) -> None:
    """Hides the last columns, which only we read, locks what nobody types in, and lets the rows be filtered."""
    width = len(headings)
    sheet.set_column(width - hidden, width - 1, None, None, {"hidden": True})
    sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
    sheet.autofilter(heading_row, 0, last, width - hidden - 1)


def check_points(sheet: Any, number: int, column: int, node: Node) -> None:
    """Lets a cell take only the points that an appraiser may give; the row is counted from 0."""
    rule = points_check(node, "Điểm thẩm định", "; để trống nếu giữ điểm tính.")
    sheet.data_validation(number, column, number, column, rule)


def with_staleness(
    appraisals: tuple[Appraisal, ...], scorecard: Scorecard, consolidation: Consolidation
) -> tuple[tuple[Appraisal, ...], tuple[Finding, ...]]:
    """The appraisals, each marked stale if what it was made on has changed, and the findings that say so."""
    current = current_fingerprints(scorecard, consolidation)
    marked = tuple(replace(item, stale=current.get(item.code, item.basis) != item.basis) for item in appraisals)
    return marked, tuple(_doubts(marked, scorecard))


# The words by which the rounds are known to which an entry of each date belongs; the first that the plan has.
_SELF, _FIRST, _SECOND = (
    ("tự chấm", "tự đánh giá"),
    ("thẩm định lần 1", "thẩm định vòng 1", "thẩm định"),
    ("hội đồng", "thẩm định lần 2", "thẩm định vòng 2", "phúc tra"),
)
_DATED = (("Ngày lần 1", _FIRST), ("Ngày lần 2", _SECOND))


def outside_rounds(
    rounds: Sequence[Round], appraisals: Iterable[Appraisal], rollcall: Iterable[RollCall]
) -> Iterator[Finding]:
    """Entries dated outside their round, and units that sent outside the round in which they score themselves."""
    own = _round(rounds, _SELF)
    for row in rollcall:
        sent = day_here(row.sent) if row.sent else None
        yield from _outside(own, "Ngày gửi", sent, CellRef(row.file or ""), row.unit)
    for item in appraisals:
        for heading, words in _DATED:
            day = read_date(item.entered[ENTERED.index(heading)])
            yield from _outside(_round(rounds, words), f"{item.code}, “{heading}”", day, item.at)


def _outside(own: Round | None, what: str, day: date | None, at: CellRef, unit: str | None = None) -> Iterator[Finding]:
    """That a day is none of its round's, where there is such a round and a day."""
    if own is not None and day is not None and not own.start <= day <= own.end:
        dates = {"start": date_vi(own.start), "end": date_vi(own.end)}
        yield finding("G205", at, unit=unit, what=what, day=date_vi(day), round=own.name, **dates)


def _round(rounds: Sequence[Round], words: tuple[str, ...]) -> Round | None:
    found = (one for word in words for one in rounds if key(word) in key(one.name))
    return next(found, None)


def _doubts(appraisals: tuple[Appraisal, ...], scorecard: Scorecard) -> Iterator[Finding]:
    scores = {score.node.criterion.code: score for score in scorecard.scores}
    for item in appraisals:
        if item.stale:
            yield finding("A201", item.at, criterion=item.code, code=item.code)
        if item.points is not None and item.code in scores and not scores[item.code].applicable_max:
            yield finding("A203", item.at, criterion=item.code, code=item.code)


def current_fingerprints(scorecard: Scorecard, consolidation: Consolidation) -> dict[str, str]:
    """What an appraiser would look at now, by leaf that is appraised."""
    return {
        score.node.criterion.code: inputs_fingerprint(score, evidence_of(score, consolidation))
        for score in asked(scorecard)
    }


def asked(scorecard: Scorecard) -> list[Score]:
    """The leaves that the Office appraises: all but those that are only followed."""
    return [score for score in scorecard.scores if score.status not in ("group", "followed")]


def appraised_points(appraisals: tuple[Appraisal, ...]) -> dict[str, Decimal]:
    """The points to use, by code."""
    return {item.code: item.points for item in appraisals if item.points is not None}


def appraisal_entry(item: Appraisal) -> AppraisalEntry:
    """The entry as part of the result: what was entered by heading, and whether it is stale."""
    entered = {heading: told_value(value) for heading, value in zip(ENTERED, item.entered, strict=True)}
    return AppraisalEntry(entered, item.stale)


def told_value(value: Value) -> str | None:
    """What was entered, as the result tells it; None where nothing was.

    >>> told_value(1.50), told_value(date(2021, 3, 5)), told_value(ErrorValue("#N/A")), told_value(None)
    ('1.5', '05/3/2021', '#N/A', None)
    """
    if value is None:
        return None
    if isinstance(value, date):
        return date_vi(value)
    return as_text(value)
