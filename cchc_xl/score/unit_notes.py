"""Places for each unit of a criterion that several lead: sheet ``Từng đơn vị`` comes in, notes go out, and the sheet.

The sheet is part of ``tham-dinh.xlsx``. What the Office notes of one unit is its working paper: points of the criterion
are those on sheet ``Thẩm định``. Whatever is filled in is kept from run to run, also of what left the plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cchc_xl.office.excel.book import Book, fitting
from cchc_xl.office.excel.tables import Row, Table, shown
from cchc_xl.plan.marking import ReportedMethod
from cchc_xl.plan.methods import scoring
from cchc_xl.records import (
    Consolidation,
    CriterionEntry,
    Edition,
    FigureEntry,
    Finding,
    Kind,
    Measure,
    Node,
    RawForm,
    Scorecard,
    State,
    UnitNote,
    Value,
)
from cchc_xl.score.appraisal import (
    CODE,
    GONE,
    HEADING_ROW,
    MARKS,
    NOTED,
    NOTES_HEADINGS,
    NOTES_SHEET,
    NOTES_SHOWN,
    STATE,
    asked,
    check_points,
    closed,
    marks,
    opened,
)
from cchc_xl.score.kept_rows import around, beyond_keeping, kept_cells, own_table, typed_over, under_no_heading
from cchc_xl.text.catalogue import finding
from cchc_xl.text.numbers import vietnamese
from cchc_xl.text.words import AWAY, key, told_apart

_UNIT, *_WRITTEN = NOTED[1:]
_WIDTHS = (8, 34, 34, 12, 36, 36, 12, 44, 20, 4)
_TITLE = "THẨM ĐỊNH TỪNG ĐƠN VỊ CÙNG CHỦ TRÌ"
_NOTES = (
    "Chỗ ghi điểm, nhận xét từng đơn vị khi nhiều đơn vị chủ trì một tiêu chí; nội dung nhập được giữ.",
    "Điểm của tiêu chí nhập ở trang tính Thẩm định; cột Gộp cho biết điểm các đơn vị được gộp thế nào.",
)
_OWN_LINES = frozenset(map(key, (_TITLE, *_NOTES)))
_MOST_LISTED = 2_000  # rows: who would appraise more goes criterion by criterion


def read_notes(form: RawForm) -> tuple[tuple[UnitNote, ...], tuple[Finding, ...]]:
    """What the Office noted of units, and what of the sheet is not among it: the latter stops the run."""
    own, copied = own_table(form, NOTES_SHEET, _filled)
    if own is None:
        return (), copied
    found = {kept_cells(row): UnitNote(tuple(map(row.value, NOTED)), row.at(_WRITTEN[0])) for row in _filled(own)}
    return tuple(found.values()), (*around(own, _OWN_LINES, _TITLE), *_wrong(own), *copied)


def _filled(table: Table) -> Iterator[Row]:
    return (row for row in table.rows() if any(row.value(heading) is not None for heading in _WRITTEN))


def _wrong(table: Table) -> Iterator[Finding]:
    """What stands beside the places to write in, and rows that are nobody's or say two things of one unit."""
    first: dict[tuple[str, str], Row] = {}
    for row in table.rows():
        yield from under_no_heading(row)
        yield from beyond_keeping(row, _WRITTEN)
        if row.value(MARKS):
            yield from typed_over(row, NOTES_SHOWN)
        elif all(row.value(heading) is None for heading in _WRITTEN):
            for heading in (*NOTED, *NOTES_SHOWN):
                if row.value(heading) is not None:
                    yield finding("A104", row.at(heading), text=shown(row.value(heading)))
    for row in _filled(table):
        place = _place(row.value(CODE), row.value(_UNIT))
        if not all(place):
            yield finding("A108", row.at(CODE), text=shown(row.value(_WRITTEN[0])) or shown(row.value(_WRITTEN[1])))
        elif kept_cells(first.setdefault(place, row))[2:] != kept_cells(row)[2:]:
            named = f"{shown(row.value(CODE))} ({shown(row.value(_UNIT))})"
            yield finding("A105", row.at(CODE), code=named, other=first[place].at(_WRITTEN[0]).address)


def _place(code: Value, unit: Value) -> tuple[str, str]:
    return shown(code), key(shown(unit))


# --- the sheet ---


def write_notes(
    book: Book, edition: Edition, consolidation: Consolidation, scorecard: Scorecard, notes: Sequence[UnitNote]
) -> bool:
    """Writes the sheet: a row for each unit of a criterion that several lead, then rows whose place is gone.

    Returns whether there is such a sheet; without a row there is none.
    """
    names = told_apart({unit.code: unit.name for unit in edition.plan.units})
    nodes = [score.node for score in asked(scorecard) if len(score.node.lead) > 1]
    noted = {_place(*note.entered[:2]): note for note in notes}
    pairs = [(node, unit) for node in nodes for unit in node.lead]
    places = {_place(node.criterion.code, names[unit]) for node, unit in pairs}
    gone = [note for place, note in noted.items() if place not in places]
    if not pairs and not gone:
        return False
    sheet = opened(book, NOTES_SHEET, _WIDTHS, f"{_TITLE} – {edition.period.name}", _NOTES)
    book.heading(sheet, HEADING_ROW, NOTES_HEADINGS)
    entries = {(one.criterion, one.unit): one for item in consolidation.submissions for one in item.criteria}
    given = {
        (one.measure.code, entry.unit): (one.measure, entry) for one in consolidation.measures for entry in one.entries
    }
    proofs = {(item.criterion, item.unit): item.text for item in consolidation.evidence}
    number, left = HEADING_ROW, 0
    for node, unit in pairs:
        code, name = node.criterion.code, names[unit]
        note = noted.get(_place(code, name))
        if note is None and number - HEADING_ROW >= _MOST_LISTED:
            left += 1
            continue
        number += 1
        reported = _reported(entries.get((code, unit)), list(_figures(node, unit, given)))
        told = (node.criterion.name, _combined(node), reported, proofs.get((code, unit), ""), "")
        _row(book, sheet, number, (code, name), told, note)
        check_points(sheet, number, NOTES_HEADINGS.index(_WRITTEN[0]), node)
    for note in gone:
        number += 1
        _row(book, sheet, number, note.entered[:2], ("", "", "", "", GONE), note)
    if left:
        number += 1
        more = f"Còn {left} dòng nữa, chưa liệt kê ở đây: thẩm định theo tiêu chí."
        _row(book, sheet, number, (None, None), (more, "", "", "", ""), None)
    closed(sheet, HEADING_ROW, number, NOTES_HEADINGS)
    return True


def _combined(node: Node) -> str:
    """How the units' points become the criterion's; '' where its figures are added up before they are scored."""
    is_reported = isinstance(scoring(node.criterion.method), ReportedMethod)
    return node.criterion.combine if is_reported else ""


def _figures(node: Node, unit: str, given: Mapping[tuple[str, str], tuple[Measure, FigureEntry]]) -> Iterator[str]:
    """The unit's own figures of a criterion that is scored on figures: else there is nothing to appraise in its row."""
    for code in node.criterion.figures.codes if node.criterion.figures else ():
        measure, entry = given.get((code, unit), (None, None))
        if measure and entry and entry.state in (State.KNOWN, State.NOT_APPLICABLE):
            known = vietnamese(entry.value) if entry.value is not None and measure.kind is not Kind.DATE else entry.text
            yield f"{measure.name}: {AWAY if entry.state is State.NOT_APPLICABLE else known}"


def _reported(entry: CriterionEntry | None, figures: Sequence[str]) -> str:
    if entry is None and not figures:
        return "chưa gửi"
    own = f"tự chấm {vietnamese(entry.self_points)}" if entry and entry.self_points is not None else ""
    said = (entry.level, own, entry.result) if entry else ()
    return "; ".join((*filter(None, said), *figures))


def _row(
    book: Book, sheet: Any, number: int, place: Sequence[Any], told: tuple[str, ...], note: UnitNote | None
) -> None:
    own = dict(zip(NOTES_SHOWN, map(fitting, told), strict=True))
    noted = dict(zip(NOTED, note.entered, strict=True)) if note else {}
    kept = {CODE: place[0], _UNIT: place[1], **{heading: noted.get(heading) for heading in _WRITTEN}}
    looks = {CODE: "shaded_code", _UNIT: "shaded", _WRITTEN[0]: "input_centre", _WRITTEN[1]: "input"}
    for column, heading in enumerate(NOTES_HEADINGS[:-1]):
        if heading in own:
            look = "warning" if heading == STATE and own[heading] else "shaded"
            book.write(sheet, number, column, own[heading], look)
        else:
            book.entered(sheet, number, column, kept[heading], looks[heading])
    sheet.write_string(number, len(NOTES_HEADINGS) - 1, marks(text or None for text in own.values()))
