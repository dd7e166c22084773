"""A ministry's form, or a table of a unit's making, as the sheet ``Số liệu``: a workbook comes in, tables go out.

A table is one where two rows at least are figures of the plan, by its codes, by the codes that are printed on the
form, or by their names. The column of values is told by its heading, over however many rows that goes: this period's
before another's; where that does not decide, an error names both. Contract: design §3 ``Mã trên biểu``, §4.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from cchc_xl.office.excel.bounds import Clock
from cchc_xl.office.excel.readers import with_values
from cchc_xl.office.excel.tables import HEADING_ROWS, Row, Table, heading_key, shown
from cchc_xl.records import CellRef, Finding, Measure, RawForm, RawSheet, Value, column_letters
from cchc_xl.text.catalogue import finding
from cchc_xl.text.days import YEAR
from cchc_xl.text.words import key, tidy, words_key
from cchc_xl.unit.form import (
    FIGURE_CODE,
    FIGURE_NAME,
    FIGURE_NOTE,
    FIGURE_UNIT,
    FIGURE_VALUE,
    FIGURES_SHEET,
    FORM,
)
from cchc_xl.unit.sheets import Expected, is_numbering, name_key, named_period

_FORM = FORM[FIGURES_SHEET]
_TELLING = (FIGURE_CODE, FIGURE_NAME, FIGURE_VALUE)
_TOLD = (FIGURE_CODE, FIGURE_NAME, FIGURE_UNIT, FIGURE_NOTE)
_ROWS_OF_HEADINGS, _COLUMNS, _LONGEST_HEADING = 6, 60, 120
_BRACKET = re.compile(r"[,;(\[]")


# Words by which a heading says that its column is, or is not, of this period.
_WORDS_OF_THIS = ("năm nay", "kỳ này", "kỳ báo cáo", "trong kỳ", "quý này", "tháng này", "năm báo cáo")
_WORDS_OF_OTHERS = (
    *("năm trước", "kỳ trước", "quý trước", "tháng trước", "cùng kỳ", "năm ngoái", "kỳ báo cáo trước", "năm sau"),
    *("so với", "so sánh", "chênh lệch", "tăng giảm", "tăng/giảm", "tăng", "giảm", "kỳ sau"),
)
_THIS = re.compile(r"(?<!\w)(?:" + "|".join(map(key, _WORDS_OF_THIS)) + r")(?!\w)")
_OTHER = re.compile(r"(?<!\w)(?:" + "|".join(map(key, _WORDS_OF_OTHERS)) + r")(?!\w)")
_PART_OF_A_YEAR = re.compile(r"(?<!\w)(?:" + "|".join(map(key, ("quý", "tháng", "tuần"))) + r")(?!\w)")
_PLANNED = tuple(map(key, ("kế hoạch", "chỉ tiêu giao", "chỉ tiêu được giao", "dự kiến", "ước", "mục tiêu")))
_EMPTY_WORDS = frozenset(map(key, ("số", "trong", "đó", "và", "của", "các", "tổng", "được")))
_RUNNING = frozenset(map(key, ("tt", "stt", "số tt", "số thứ tự")))


@dataclass(frozen=True, slots=True)
class RealForm:
    """A table under the headings of ``Số liệu``, without one of values where that cannot be told, and findings."""

    table: Table
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands above a column, from top to bottom, and the cells it stands in."""

    column: int
    texts: tuple[str, ...]
    cells: frozenset[tuple[int, int]]

    @property
    def shown(self) -> str:
        return f"{' – '.join(self.texts)} (cột {column_letters(self.column)})"


def real_forms(form: RawForm, expected: Expected, clock: Clock) -> tuple[RealForm, ...]:
    """The tables of figures of this plan, those in which something was typed before others.

    Raises :class:`~cchc_xl.office.excel.bounds.OutOfTimeError`.
    """
    sheets = [sheet for sheet in clock.over(form.sheets) if not sheet.hidden]
    found = [told for sheet in sheets if (told := _on_sheet(sheet, form.source.file, expected, clock)) is not None]
    forms = [told for told in found if isinstance(told, RealForm)]
    filled = [told for told in forms if _is_filled(told.table)]
    return tuple(filled or forms[:1])


def is_rather_figures(table: Table, expected: Expected) -> bool:
    """Whether more rows of a table are figures of the plan than criteria, where it might be the appendix too."""
    figures = sum(bool(expected.figures_of(row)) for row in table.rows())
    return figures > sum(bool(expected.named(row.text(FIGURE_NAME))) for row in table.rows())


def _is_filled(table: Table) -> bool:
    return FIGURE_VALUE not in table.columns or any(table.typed((FIGURE_VALUE,)))


def _on_sheet(sheet: RawSheet, file: str, expected: Expected, clock: Clock) -> RealForm | str | None:
    """The form on this sheet; the words for what it lacks where it nearly is one; None where nothing is alike."""
    lacks: str | None = None
    best: tuple[int, Table, list[_Head]] | None = None
    for number in clock.over(range(1, min(HEADING_ROWS, len(sheet.rows)) + 1)):
        columns = _columns(sheet, range(number, number + 1))
        if not {FIGURE_CODE, FIGURE_NAME} & columns.keys():
            continue
        rows = _heading_rows(sheet, number, columns)
        formats = {(row, column): text for row, column, text in sheet.formats}
        known = _columns(sheet, rows)
        table = Table(FIGURES_SHEET, file, sheet, tuple(rows), known, (), (), len(sheet.rows), formats, clock)
        count = sum(bool(expected.figures_of(row)) for row in table.rows())
        if not _is_of_the_plan(table, expected):
            lacks = lacks or ("có mã như mã trên biểu của kế hoạch nhưng tên các dòng khác hẳn" if count > 1 else None)
            continue
        table = _one_table(table)
        heads = _value_heads(table, expected)
        if not heads:
            lacks = _without_values(table)
        elif best is None or count >= best[0]:  # a line of the title may begin like a heading, and stands above
            best = count, table, heads
    return lacks if best is None else _told(*best[1:], expected)


def _columns(sheet: RawSheet, rows: range) -> dict[str, int]:
    """The columns of codes, names, units of measure and notes: the first of each that these rows head."""
    columns: dict[str, int] = {}
    for number in rows:
        for column, value in enumerate(sheet.rows[number - 1][:_COLUMNS], start=1):
            heading = _heading(value)
            if heading in _TOLD and column not in columns.values():
                columns.setdefault(heading, column)
    return columns


def _heading(value: Value) -> str:
    """The heading of ``Số liệu`` that a cell is, '' for none; words also end before a bracket or a comma."""
    if not isinstance(value, str) or len(value) > _LONGEST_HEADING:
        return ""
    return _FORM.familiar.of(_BRACKET.sub(r" \g<0>", value)) or ""


def _heading_rows(sheet: RawSheet, number: int, columns: Mapping[str, int]) -> range:
    """The rows of the headings that begin here: down to where they are merged, and rows that part other columns."""
    key_columns = {columns[heading] for heading in (FIGURE_CODE, FIGURE_NAME) if heading in columns}
    last = max(
        (bottom for top, left, bottom, _ in sheet.merges if top == number and left in key_columns), default=number
    )
    last = min(last, number + _ROWS_OF_HEADINGS - 1, len(sheet.rows))
    for below in range(last + 1, min(number + _ROWS_OF_HEADINGS, len(sheet.rows) + 1)):
        row = sheet.rows[below - 1][:_COLUMNS]
        held = {column: value for column, value in enumerate(row, start=1) if value is not None and shown(value)}
        if not held or any(column in held and not _heading(held[column]) for column in key_columns):
            break
        if not all(isinstance(value, str) or YEAR.fullmatch(shown(value)) for value in held.values()):
            break
        if any(len(shown(value)) > _LONGEST_HEADING for value in held.values()):
            break
        last = below
    return range(number, last + 1)


def _one_table(table: Table) -> Table:
    """The table without rows that repeat its headings or number its columns, up to where another one begins."""
    skipped: list[int] = []
    own = {column: heading_key(text) for column, text in _heading_texts(table)}
    for row in table.rows():
        same = other = 0
        for column, value in enumerate(row.values[:_COLUMNS], start=1):
            if (heading := _heading(value)) and isinstance(value, str):
                same += own.get(column) == heading_key(value)
                other += heading in _TELLING and table.columns.get(heading, 0) != column
        if same > 1:  # the headings again, on the next page
            skipped.append(row.number)
        elif other > 1:
            return replace(table, repeated=tuple(skipped), end=row.number - 1)
        elif is_numbering(row, FIGURE_NAME):
            skipped.append(row.number)
    return replace(table, repeated=tuple(skipped))


def _heading_texts(table: Table) -> Iterator[tuple[int, str]]:
    """The texts of the headings with their columns, the lowest row last."""
    for number in table.heading_rows:
        for column, value in enumerate(table.sheet.rows[number - 1][:_COLUMNS], start=1):
            if isinstance(value, str):
                yield column, value


# --- which plan ---


def _is_of_the_plan(table: Table, expected: Expected) -> bool:
    """Whether two rows are figures of the plan, and of the rows that have its codes not more have other names.

    Ministries number alike, so codes of digits tell only together with a name, or where no row has another code.
    """
    sure = unlike = alone = unknown = 0
    for row in table.rows():
        figures, name = expected.figures_of(row), row.text(FIGURE_NAME)
        code = row.text(FIGURE_CODE)
        if figures and (expected.measure(code) or expected.figure_names.get(name_key(name))):
            sure += 1
        elif figures and name:
            alike = any(_alike(name, item.name) for item in figures)
            sure, unlike = sure + alike, unlike + (not alike)
        elif figures:
            alone += 1
        else:
            unknown += bool(code) and not _heading(code) and not is_numbering(row, FIGURE_NAME)
    if FIGURE_NAME not in table.columns and not unknown:
        sure += alone
    return sure > 1 and unlike < sure


def _alike(name: str, other: str) -> bool:
    """Whether two names share more than half of the words of the shorter one."""
    first, second = (set(words_key(text[:500]).split()) - _EMPTY_WORDS for text in (name, other))
    return 2 * len(first & second) > min(len(first), len(second))


# --- which column ---


def _value_heads(table: Table, expected: Expected) -> list[_Head]:
    """The columns that may hold this period's values: the likeliest one, or several that are as likely."""
    year = str(expected.edition.period.end.year)
    ranked = [(_rank(head, year, expected), head) for head in _heads(table)]
    best = max((rank for rank, _ in ranked), default=0)
    heads = [head for rank, head in ranked if rank == best > 0]
    filled = {head.column: _holds_values(table, head.column) for head in heads}
    # Of columns below the very same cells those that are blank only widen the others.
    return [
        head
        for head in heads
        if filled[head.column]
        or not any(
            other.cells == head.cells and (filled[other.column] or other.column < head.column) for other in heads
        )
    ]


def _heads(table: Table) -> list[_Head]:
    """What stands above each column that is not known otherwise, merged headings over all of their columns."""
    sheet, first = table.sheet, table.heading_rows[0]
    key_columns = {table.columns[heading] for heading in (FIGURE_CODE, FIGURE_NAME) if heading in table.columns}
    rows = range(first, table.heading_rows[-1] + 1)
    rows = range(max(1, first - 1), rows.stop)  # what is common to several columns may stand above the other headings
    origins: dict[tuple[int, int], tuple[int, int]] = {}
    for top, left, bottom, right in table.clock.over(sheet.merges):
        if (
            top in rows
            and (right > left or top >= first)
            and not any(left <= column <= right for column in key_columns)
        ):
            for row in range(top, min(bottom, rows.stop - 1) + 1):
                origins |= {(row, column): (top, left) for column in range(left, min(right, _COLUMNS) + 1)}
    width = min(_COLUMNS, max((len(sheet.rows[row - 1]) for row in rows), default=0))
    widest = max([width, *(column for _, column in origins)])
    heads: list[_Head] = []
    for column in range(1, widest + 1):
        if column in table.columns.values():
            continue
        cells = dict.fromkeys(
            origins.get((row, column), (row, column)) for row in rows if row >= first or (row, column) in origins
        )
        texts = {place: text for place in cells if (text := _text(sheet, place))}
        if texts and _RUNNING.isdisjoint(map(heading_key, texts.values())):
            heads.append(_Head(column, tuple(texts.values()), frozenset(texts)))
    return heads


def _text(sheet: RawSheet, place: tuple[int, int]) -> str:
    return shown(sheet.value(*place))[:_LONGEST_HEADING]


def _rank(head: _Head, year: str, expected: Expected) -> int:
    """How surely a column holds this period's values: 3 by its name, 2 by a word, 1 for values, 0 for others."""
    keys = [words_key(text) for text in head.texts]
    whole = " ".join(reversed(head.texts))
    told, years = words_key(whole), set(YEAR.findall(whole))
    if _OTHER.search(told) or any(text.startswith(_PLANNED) for text in keys) or (years and year not in years):
        return 0
    dated = [whole, *(() if years else (f"{whole} {year}", f"{whole} năm {year}"))]
    parted = _PART_OF_A_YEAR.search(told) is not None
    periods = [named[1] for text in (dated if parted else dated[:1]) if (named := named_period(text, expected))]
    current = expected.edition.period.code
    if current in periods:
        return 3
    if _THIS.search(told):
        return 2
    if parted:
        return 0  # a part of the year that is not this one
    if years:
        return 2
    return int(any(_heading(text) == FIGURE_VALUE for text in head.texts))


def _holds_values(table: Table, column: int) -> bool:
    cells = (row.values[column - 1] for row in table.rows() if column <= len(row.values))
    return any(value is not None and shown(value) != "" for value in cells)


# --- what is told ---


def _told(table: Table, heads: list[_Head], expected: Expected) -> RealForm:
    at = CellRef(table.file, table.sheet.name, table.heading_rows[-1], heads[0].column)
    if len(heads) > 1:
        first, second = heads[0].shown, heads[1].shown
        item = finding("D132", replace(at, column=heads[1].column), first=first, second=second)
        return RealForm(table, (item,))
    made = replace(table, columns={**table.columns, FIGURE_VALUE: heads[0].column})
    made, merged = _without_merged_values(made, expected)
    count = sum(bool(expected.figures_of(row)) for row in made.rows())
    read = finding("T314", at, sheet=table.sheet.name, heading=heads[0].shown, count=count)
    return RealForm(made, (read, *merged, *_unlike_names(made, expected)))


def _without_merged_values(table: Table, expected: Expected) -> tuple[Table, tuple[Finding, ...]]:
    """The table without values that stand in one cell merged over several figures, and an error for each."""
    column = table.columns[FIGURE_VALUE]
    rows = {row.number: row for row in table.rows() if expected.figures_of(row)}
    blank: dict[tuple[int, int], Value] = {}
    told: list[Finding] = []
    for top, left, bottom, right in table.clock.over(table.sheet.merges):
        if left == column and bottom > top and sum(top <= number <= bottom for number in rows) > 1 and top in rows:
            value = rows[top].value(FIGURE_VALUE)
            if value is not None:
                at = rows[top].at(FIGURE_VALUE)
                heading = f"cột {column_letters(column)}"
                told.append(finding("D129", at, address=at.to(bottom, right), text=shown(value), heading=heading))
                blank[top, left] = None
    return replace(table, sheet=with_values(table.sheet, blank)), tuple(told)


def _unlike_names(table: Table, expected: Expected) -> Iterator[Finding]:
    """Rows whose printed code is the plan's, with a value, whose name is quite another."""
    for row in table.rows():
        figures, name = expected.figures_of(row), row.text(FIGURE_NAME)
        if (
            len(figures) == 1
            and name
            and row.value(FIGURE_VALUE) is not None
            and not _agrees(figures[0], row, name, expected)
        ):
            text, other = shown(row.value(FIGURE_CODE)), figures[0].name
            yield finding("D217", row.at(FIGURE_NAME), text=text, name=name, other=other)


def _agrees(measure: Measure, row: Row, name: str, expected: Expected) -> bool:
    return expected.measure(row.text(FIGURE_CODE)) is measure or _alike(name, measure.name)


def _without_values(table: Table) -> str:
    return f"thiếu tiêu đề “{FIGURE_VALUE}” (có: {_quoted(text for _, text in _heading_texts(table))})"


def _quoted(texts: Iterable[str]) -> str:
    return ", ".join(f"“{tidy(text)[:_LONGEST_HEADING]}”" for text in islice(texts, 8))


def near(form: RawForm, missing: Iterable[str], expected: Expected, clock: Clock) -> dict[str, tuple[CellRef, str]]:
    """Of the sheets of the form that are missing: where the workbook nearly has one, and what that lacks."""
    told: dict[str, tuple[CellRef, str]] = {}
    for name in missing:
        lacks = _lacking_headings(form, name, clock)
        if lacks is None and name == FIGURES_SHEET:
            for sheet in form.sheets:
                found = _on_sheet(sheet, form.source.file, expected, clock)
                if isinstance(found, str):
                    lacks = CellRef(form.source.file, sheet.name), f"sheet “{sheet.name}” {found}"
        if lacks is not None:
            told[name] = lacks
    return told


def _lacking_headings(form: RawForm, name: str, clock: Clock) -> tuple[CellRef, str] | None:
    """The sheet of this name, or that has most of its headings, and the headings that it lacks."""
    marks = tuple(heading for one in FORM[name].marks for heading in one)
    best: tuple[int, str, int, tuple[str, ...]] = (1, "", 0, ())
    for sheet in form.sheets:
        is_named = key(sheet.name) == key(name)
        if is_named and not best[1]:
            best = 1, sheet.name, 0, ()
        for number, row in clock.over(enumerate(sheet.rows[:HEADING_ROWS], start=1)):
            texts = tuple(value for value in row if isinstance(value, str) and len(value) <= _LONGEST_HEADING)
            have = {FORM[name].wanted.of(text) for text in texts} - {None}
            if len(have) + is_named > best[0] and not have.issuperset(marks):
                best = len(have) + is_named, sheet.name, number, texts
    _, sheet_name, number, texts = best
    if not sheet_name:
        return None
    at = CellRef(form.source.file, sheet_name, *((number, 1) if number else ()))
    if not number:
        return at, f"sheet “{sheet_name}” không có các tiêu đề {_quoted(marks)} trong {HEADING_ROWS} dòng đầu"
    lacking = [mark for mark in marks if mark not in {FORM[name].wanted.of(text) for text in texts}]
    return at, f"sheet “{sheet_name}” thiếu tiêu đề {_quoted(lacking)} (dòng {number} có: {_quoted(texts)})"
