"""Figures that the Office supplies in units' places: sheet ``Số liệu bổ sung`` comes in, figures go out, and the sheet.

The sheet is part of ``tham-dinh.xlsx``: it lists what units still owe, and every row that the Office filled in is kept
from run to run, also one whose figure or unit left the plan or whose value cannot be used.

Contract: design §3, figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cchc_xl.office.excel.book import Book, fitting
from cchc_xl.office.excel.tables import Row, Table, shown
from cchc_xl.plan.cells import BLANK
from cchc_xl.plan.edition import entered_by_unit, form_code_key
from cchc_xl.plan.figure_values import figure_called, figure_check, figure_hint, says_same, typed_figure
from cchc_xl.plan.register import Register
from cchc_xl.records import (
    CellRef,
    Consolidation,
    Edition,
    FigureEntry,
    Finding,
    Kind,
    Measure,
    RawForm,
    State,
    Supplied,
    column_letters,
)
from cchc_xl.score.appraisal import (
    FIGURE_NAME,
    HEADING_ROW,
    MARKS,
    STATE,
    SUPPLIED,
    SUPPLIED_HEADINGS,
    SUPPLIED_SHEET,
    SUPPLIED_SHOWN,
    closed,
    marks,
    opened,
)
from cchc_xl.score.kept_rows import (
    around,
    beyond_keeping,
    kept_cells,
    own_table,
    typed_over,
    under_no_heading,
)
from cchc_xl.text.catalogue import Told, collected, finding
from cchc_xl.text.words import AWAY, closest, first_few, key

_CODE, _UNIT, _VALUE, _REFERENCE = SUPPLIED
_TITLE = "SỐ LIỆU BỔ SUNG CHO ĐƠN VỊ CHƯA BÁO CÁO"
_NOTES = (
    "Nhập giá trị và căn cứ vào ô màu vàng, lưu, đóng tệp rồi chạy lại: số liệu được tính như của đơn vị đó.",
    f"Không có việc nào: ghi 0; không phát sinh: ghi “{AWAY}”. Thiếu căn cứ thì chưa tính.",
    "Dòng đã nhập được giữ cho lần chạy sau; số liệu chưa có trong danh sách thì thêm ở các dòng trống cuối bảng.",
)
_OWN_LINES = frozenset(map(key, (_TITLE, *_NOTES)))
_MOST_LISTED = 2_000  # figures still owed: who would type more has to wait for the units
_MOST_LOOKED = 50  # times that names like a wrong one are looked for, which takes long
_MOST_NAMED = 5  # units in a sentence
_MORE_ROWS = 10  # blank ones below, for figures that are not listed
# Of a row whose figure and unit the plan has so, only value and basis are typed in.
_LISTED = ("shaded_code", "shaded", "input_centre", "input")
_ADDED = ("input_text", "input", "input_centre", "input")
_WIDTHS = (20, 34, 14, 36, 50, 13, 24, 38, 4)
_NOT_SENT, _BLANK = "chưa gửi báo cáo", "để trống"
_STATES = {
    "A111": "chưa tính: kế hoạch không có số liệu này",
    "A112": "chưa tính: kế hoạch không có đơn vị này",
    "A113": "chưa tính: đơn vị không nhập số liệu này",
    "A114": "chưa tính: giá trị không dùng được",
    "A115": "chưa tính: hai dòng ghi khác nhau",
    "A116": "chưa tính: nhiều đơn vị có tên này",
    "A204": "chưa tính: thiếu căn cứ",
    "same": "không cần nữa: đơn vị đã báo cáo đúng số này",
    "apart": "khác số của đơn vị; đang tính theo đơn vị",
}
_USED = "đang tính"


def read_supplied(form: RawForm, edition: Edition) -> tuple[tuple[Supplied, ...], tuple[Finding, ...]]:
    """The rows that the Office filled in, and what keeps them from counting.

    A row that we listed and nobody filled in is none. Where a finding is one of
    :data:`~cchc_xl.score.appraisal_reading.STOPS`, something of the sheet is not among the rows.
    """
    own, copied = own_table(form, SUPPLIED_SHEET, _filled)
    if own is None:
        return (), copied
    rows, told = collected(_rows(own, edition))
    doubts = (finding(code, at, text=text or BLANK) for code, at, text in own.doubts((_VALUE,)))
    return rows, (*around(own, _OWN_LINES, _TITLE), *told, *copied, *doubts)


def _filled(table: Table) -> Iterator[Row]:
    """The rows that somebody filled in: ours with a value or a basis, and any other that says something."""
    for row in table.rows():
        asked = (_VALUE, _REFERENCE) if row.value(MARKS) else (*SUPPLIED, FIGURE_NAME)
        if any(row.value(heading) is not None for heading in asked):
            yield row


def _rows(table: Table, edition: Edition) -> Told[tuple[Supplied, ...]]:
    known = _Known(edition)
    found: dict[tuple[str, ...], Supplied] = {}  # a row that says the very same again says nothing
    for row in table.rows():
        yield from under_no_heading(row)
        yield from beyond_keeping(row, SUPPLIED)
        if row.value(MARKS):
            yield from typed_over(row, SUPPLIED_SHOWN)
    for row in _filled(table):
        if kept_cells(row) not in found:
            found[kept_cells(row)] = yield from _row(row, known)
    return (yield from _once(tuple(found.values()), known))


class _Known:
    """The plan's figures and units by the words under which people know them."""

    def __init__(self, edition: Edition) -> None:
        plan = edition.plan
        self.register = Register(plan.units)
        self.units = {unit.code: self.register.called(unit.code) for unit in plan.units}
        self.measures = {measure.code: measure for measure in plan.measures}
        self.entered = {
            unit: frozenset(item.code for item in items) for unit, items in entered_by_unit(edition).items()
        }
        self._looked = 0
        self._figures: dict[str, list[Measure]] = {}
        for measure in plan.measures:
            for told in {key(measure.code), form_code_key(measure.form_code), key(measure.name)} - {""}:
                self._figures.setdefault(told, []).append(measure)

    def measure(self, text: str, unit: str) -> Measure | None:
        """The figure that a code or a name means; of several of one name that which the unit alone enters."""
        found = self._figures.get(key(text)) or self._figures.get(form_code_key(text)) or []
        own = [item for item in found if item.code in self.entered.get(unit, ())]
        chosen = own if len(found) > 1 else found
        return chosen[0] if len(chosen) == 1 else None

    def told(self, row: Supplied) -> dict[str, str]:
        """A row's figure and unit, as sentences name them."""
        return {"figure": self.measures[row.measure].name, "name": self.units[row.unit]}

    def alike(self, text: str) -> str:
        """Codes of figures that look like the text, or have it for a name; '' once many were looked for."""
        self._looked += 1
        named = self._figures.get(key(text), ())
        near = closest(key(text), self._figures) if self._looked <= _MOST_LOOKED else ()
        return ", ".join(dict.fromkeys(item.code for item in named or [one for k in near for one in self._figures[k]]))

    def alike_units(self, text: str) -> str:
        """The same of units, by their names."""
        self._looked += 1
        return ", ".join(self.register.suggestions(text, nearly=True)) if self._looked <= _MOST_LOOKED else ""


def _row(row: Row, known: _Known) -> Told[Supplied]:
    """The row with its figure, or with why it gives none; one without a value gives none, and nothing is wrong."""
    named = row.value(_CODE) if row.value(_CODE) is not None or row.value(MARKS) else row.value(FIGURE_NAME)
    entered = (named, row.value(_UNIT), row.value(_VALUE), row.value(_REFERENCE))
    code, unit_name, _, reference = map(shown, entered)
    unit = known.register.unit(unit_name) or ""
    measure = known.measure(code, unit)
    told_code = measure.code if measure else ""
    made = Supplied(entered, row.number_format(_VALUE), told_code, unit, row.at(_VALUE))
    if measure is None:
        yield finding("A111", row.at(_CODE), text=code or BLANK, alike=known.alike(code))
        return replace(made, problem="A111")
    if not unit and len(owners := known.register.owners(unit_name)) > 1:
        yield finding("A116", row.at(_UNIT), text=unit_name, units=first_few(owners, _MOST_NAMED))
        return replace(made, problem="A116")
    if not unit:
        yield finding("A112", row.at(_UNIT), text=unit_name or BLANK, alike=known.alike_units(unit_name))
        return replace(made, problem="A112")
    if measure.code not in known.entered[unit]:
        enter = [known.units[one] for one in measure.units if measure.code in known.entered[one]]
        told = {"figure": measure.name, "units": first_few(enter, _MOST_NAMED)}
        yield finding("A113", row.at(_UNIT), name=known.units[unit], **told)
        return replace(made, problem="A113")
    cell = typed_figure(measure, made.entered[2], made.number_format)
    if cell.problem is not None:
        what, hint = f"{figure_called(measure)} của {known.units[unit]}", figure_hint(measure)
        yield finding("A114", made.at, text=cell.text, what=what, hint=hint)
        return replace(made, problem="A114")
    for note in cell.notes:
        yield finding(note, made.at, text=cell.quoted(note))
    if cell.state is State.MISSING:
        return made
    entry = FigureEntry(unit, measure.code, cell.state, cell.value, cell.text, made.at, by="office")
    return replace(made, entry=replace(entry, reference=reference))


def _once(rows: tuple[Supplied, ...], known: _Known) -> Told[tuple[Supplied, ...]]:
    """With one figure at most for each figure of a unit, and none without a basis."""
    first: dict[tuple[str, str], FigureEntry] = {}
    several: set[tuple[str, str]] = set()
    grounded: set[tuple[str, str]] = set()
    for row in rows:
        if row.entry is not None:
            place = (row.measure, row.unit)
            before = first.setdefault(place, row.entry)
            if not says_same(before, row.entry):
                several.add(place)
                yield finding("A115", row.at, **known.told(row), other=before.at.address)
            if row.entry.reference:
                grounded.add(place)
    made = []
    for row in rows:
        place, problem = (row.measure, row.unit), ""
        if row.entry is not None and place in several:
            problem = "A115"
        elif row.entry is not None and place not in grounded:
            problem = "A204"
            yield finding("A204", row.at, **known.told(row), text=row.entry.text)
        made.append(replace(row, entry=None, problem=problem) if problem else row)
    return tuple(made)


# --- beside what units report ---


@dataclass(frozen=True, slots=True)
class Beside:
    """What the Office supplied beside what units reported: by figure and unit what counts, and each row's lot."""

    counts: Mapping[tuple[str, str], FigureEntry]
    rows: tuple[Supplied, ...]
    findings: tuple[Finding, ...]


def beside(edition: Edition, rows: Iterable[Supplied], reported: Mapping[tuple[str, str], FigureEntry]) -> Beside:
    """Two sources of one figure are never chosen between silently: the unit's own counts, and what differs is told.

    ``reported`` are the units' figures by figure and unit; one that is blank or cannot be read is no source.
    """
    known = _Known(edition)
    counts: dict[tuple[str, str], FigureEntry] = {}
    judged: list[Supplied] = []
    findings: list[Finding] = []
    for row in rows:
        place = (row.measure, row.unit)
        own = reported.get(place)
        if row.entry is None:
            judged.append(row)
        elif own is None or own.state in (State.MISSING, State.ERROR):
            held = counts.get(place)
            if held is None or (row.entry.reference and not held.reference):
                counts[place] = row.entry
            judged.append(row)
        else:
            same = says_same(own, row.entry)
            judged.append(replace(row, unused="same" if same else "apart"))
            fields = {**known.told(row), "text": row.entry.text}
            if same:
                findings.append(finding("A301", row.at, unit=row.unit, **fields))
            else:
                source = " › ".join(part for part in (own.at.file, own.at.sheet, own.at.address) if part)
                told = {"own": own.text, "source": source, "reference": row.entry.reference}
                findings.append(finding("A205", row.at, unit=row.unit, **fields, **told))
    return Beside(counts, tuple(judged), tuple(findings))


# --- the sheet ---


def write_supplied(book: Book, edition: Edition, consolidation: Consolidation) -> None:
    """Writes the sheet: what units still owe and what the Office entered, by unit; then rows that name neither."""
    known = _Known(edition)
    reported = {(item.measure, one.unit): item for one in consolidation.submissions for item in one.figures}
    filed = {one.unit for one in consolidation.submissions}
    rows, left = _listed(consolidation, known)
    sheet = opened(book, SUPPLIED_SHEET, _WIDTHS, f"{_TITLE} – {edition.period.name}", _NOTES)
    book.heading(sheet, HEADING_ROW, SUPPLIED_HEADINGS)
    first = HEADING_ROW + 1
    for number, row in enumerate(rows, start=first):
        own = reported.get((row.measure, row.unit))
        _write_row(book, sheet, number, row, known, _reported(own, sent=row.unit in filed) if row.unit else "")
    _checks(sheet, first, rows, known)
    last = first + len(rows) + _MORE_ROWS - 1
    for number in range(first + len(rows), last + 1):
        for column in range(len(SUPPLIED_HEADINGS) - 1):
            book.write(sheet, number, column, None, "input" if column < len(SUPPLIED) else "shaded")
    if left:
        told = f"Còn {left} số liệu nữa của các đơn vị chưa báo cáo, chưa liệt kê ở đây."
        book.write(sheet, last, len(SUPPLIED), told, "shaded")
        sheet.write_string(last, len(SUPPLIED_HEADINGS) - 1, marks((told, None, None, None)))
    closed(sheet, HEADING_ROW, last, SUPPLIED_HEADINGS)


def _listed(consolidation: Consolidation, known: _Known) -> tuple[list[Supplied], int]:
    """The rows of the sheet in their order, and how many figures still owed there is no room for."""
    rows = list(consolidation.supplied)
    entered = {(row.measure, row.unit) for row in rows}
    units, measures = ({code: place for place, code in enumerate(codes)} for codes in (known.units, known.measures))
    owed = [(unit, total.measure.code) for total in consolidation.measures for unit in total.waiting]
    owed = sorted(
        (pair for pair in owed if (pair[1], pair[0]) not in entered),
        key=lambda pair: (units[pair[0]], measures[pair[1]]),
    )
    for unit, code in owed[:_MOST_LISTED]:
        rows.append(Supplied((code, known.units[unit], None, None), "", code, unit, CellRef("")))
    rows.sort(key=lambda row: (units.get(row.unit, len(units)), measures.get(row.measure, len(measures))))
    return rows, max(len(owed) - _MOST_LISTED, 0)


def _checks(sheet: Any, first: int, rows: Iterable[Supplied], known: _Known) -> None:
    """The check of the values: one for each kind of figure, over all its rows, for Excel has no room for many."""
    places: dict[Kind, list[list[int]]] = {}
    column = SUPPLIED.index(_VALUE)
    for number, row in enumerate(rows, start=first):
        if row.measure in known.measures:
            runs = places.setdefault(known.measures[row.measure].kind, [])
            if runs and runs[-1][2] == number - 1:
                runs[-1][2] = number
            else:
                runs.append([number, column, number, column])
    for measure in known.measures.values():
        runs = places.pop(measure.kind, [])
        if runs and (
            rule := figure_check(replace(measure, unit_name=""), f"{column_letters(column + 1)}{runs[0][0] + 1}")
        ):
            sheet.data_validation(*runs[0], {**rule, "other_cells": runs[1:]})


def _reported(own: FigureEntry | None, *, sent: bool) -> str:
    """What the unit itself reported, in words."""
    if own is None or own.state is State.MISSING:
        return _BLANK if sent else _NOT_SENT
    return f"“{own.text}” – không dùng được" if own.state is State.ERROR else own.text


def _write_row(book: Book, sheet: Any, number: int, row: Supplied, known: _Known, reported: str) -> None:
    measure = known.measures.get(row.measure)
    place = SUPPLIED.index(_VALUE)
    is_listed = measure is not None and row.measure in known.entered.get(row.unit, ())
    for column, (value, look) in enumerate(zip(row.entered, _LISTED if is_listed else _ADDED, strict=True)):
        book.entered(sheet, number, column, value, look, row.number_format if column == place else "")
    name, counted_in = (measure.name, measure.unit_name) if measure else ("", "")
    told = tuple(map(fitting, (name, counted_in, reported, _state(row))))
    for column, text in enumerate(told, start=len(SUPPLIED)):
        is_state = SUPPLIED_HEADINGS[column] == STATE
        book.write(sheet, number, column, text, "warning" if is_state and text not in ("", _USED) else "shaded")
    sheet.write_string(number, len(SUPPLIED_HEADINGS) - 1, marks(text or None for text in told))


def _state(row: Supplied) -> str:
    return _STATES.get(row.problem or row.unused, _USED if row.entry else "")
