"""What people wrote in the Office's workbook is kept: its sheets come in, rows, and what would be lost, go out.

Common to every sheet that people write in. Whatever stands in one is ours and unchanged, is kept, or is told at its
cell: a run that went on would lose it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime

from cchc_xl.office.excel.tables import Headings, Row, Table, find, shown
from cchc_xl.records import CellRef, ErrorValue, Finding, RawForm, RawSheet, Value
from cchc_xl.score.appraisal import (
    MARKS,
    NOTED,
    NOTES_HEADINGS,
    NOTES_SHEET,
    STAMP_NOTES,
    STAMP_SUPPLIED,
    SUPPLIED,
    SUPPLIED_HEADINGS,
    SUPPLIED_SHEET,
    as_text,
    mark,
)
from cchc_xl.text.catalogue import finding
from cchc_xl.text.words import key

_LARGEST = 1e300

# The other sheets that people write in: their headings, those under which what is written is kept, of which the first
# two say of what it is, and the item of the stamp that says that the workbook has the sheet.
_KEPT = {
    SUPPLIED_SHEET: (SUPPLIED_HEADINGS, SUPPLIED, STAMP_SUPPLIED),
    NOTES_SHEET: (NOTES_HEADINGS, NOTED, STAMP_NOTES),
}


def kept_tables(form: RawForm, name: str) -> list[Table]:
    """The tables of this sheet of ours, whatever the sheets are called that hold them."""
    return [table for sheet in form.sheets if (table := _kept_table(sheet, form.source.file, name)) is not None]


def is_kept(sheet: RawSheet, file: str) -> bool:
    """Whether a sheet is one of these, and is looked through by its own reader."""
    return any(_kept_table(sheet, file, name) for name in _KEPT)


def _kept_table(sheet: RawSheet, file: str, name: str) -> Table | None:
    headings, kept, _ = _KEPT[name]
    return find(sheet, file, name, Headings(headings), tuple(frozenset((heading,)) for heading in kept))


def own_table(
    form: RawForm, name: str, filled: Callable[[Table], Iterable[Row]]
) -> tuple[Table | None, tuple[Finding, ...]]:
    """The table of a sheet of ours, of several the one of that name, or with most in it; findings of what is lost.

    That is what copies hold in ``filled`` rows and it does not, or all of it where the sheet is gone.
    """
    tables = kept_tables(form, name)
    _, kept, stamp = _KEPT[name]
    if not tables:
        is_gone = stamp in dict(form.stamp)
        return None, (finding("A102", CellRef(form.source.file), sheet=name),) if is_gone else ()
    own = min(tables, key=lambda table: (key(table.sheet.name) != key(name), -len(list(filled(table)))))
    there = {kept_cells(row) for row in own.rows()}
    lost = (row for table in tables if table is not own for row in filled(table) if kept_cells(row) not in there)
    return own, tuple(
        finding("A104", row.at(kept[2]), text=shown(row.value(kept[2])) or shown(row.value(kept[3]))) for row in lost
    )


def kept_cells(row: Row) -> tuple[str, ...]:
    """What must be found again of a row of such a table."""
    return tuple(kept_as(row.value(heading)) for heading in _KEPT[row.table.name][1])


def kept_as(value: Value) -> str:
    r"""What must be found again of a value that was entered, by whatever type the workbook holds it.

    >>> kept_as(1.50), kept_as("a\r\nb "), kept_as(True), kept_as(date(2021, 3, 5)), kept_as(None)
    ('1.5', 'a\nb', 'TRUE', '2021-03-05', '')
    """
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case date():
            return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    return as_text(value).replace("\r\n", "\n").replace("\r", "\n").strip()


def holds(value: Value) -> bool:
    """Whether more than blanks stands in a cell."""
    return value is not None and not (isinstance(value, str) and not value.strip())


def under_no_heading(row: Row) -> Iterator[Finding]:
    """What stands beside the columns of a row."""
    ours = frozenset(row.table.columns.values())
    for column, value in enumerate(row.values, start=1):
        if column not in ours and holds(value):
            at = CellRef(row.table.file, row.table.sheet.name, row.number, column)
            yield finding("A104", at, text=shown(value))


def around(
    table: Table,
    own_lines: frozenset[str],
    title: str,
    is_ours: Callable[[Sequence[Value], int], bool] = lambda _row, _column: False,
) -> Iterator[Finding]:
    """What stands above the table of a sheet of ours, or beside its headings, and is not ours.

    Of the first column the title and ``own_lines`` (match keys) are; ``is_ours`` says what else is, by row and column.
    """
    columns, head = frozenset(table.columns.values()), table.heading_rows[-1]
    for number, values in enumerate(table.sheet.rows[:head], start=1):
        for column, value in enumerate(values, start=1):
            if not holds(value) or (number in table.heading_rows and column in columns) or is_ours(values, column):
                continue
            text = shown(value)
            if column > 1 or not (key(text) in own_lines or key(text.partition("–")[0]) == key(title)):
                yield finding("A104", CellRef(table.file, table.sheet.name, number, column), text=text)


def changed(row: Row, headings: tuple[str, ...]) -> Iterator[str]:
    """The headings of cells of ours that hold something else than we wrote; what was emptied says nothing."""
    if MARKS not in row.table.columns:  # made before there were marks
        return
    made = row.text(MARKS).split()
    if not made:  # a row that somebody added
        made = ["-"] * len(headings)
    for heading, before in zip(headings, made, strict=False):
        if row.value(heading) is not None and mark(row.value(heading)) != before:
            yield heading


def typed_over(row: Row, headings: tuple[str, ...]) -> Iterator[Finding]:
    """What somebody typed over cells of ours in a row that is an entry's: it would be lost."""
    for heading in changed(row, headings):
        yield finding("A109", row.at(heading), heading=heading, text=shown(row.value(heading)))


def beyond_keeping(row: Row, headings: Iterable[str]) -> Iterator[Finding]:
    """Cells whose content no workbook of ours holds."""
    for heading in headings:
        value = row.value(heading)
        if isinstance(value, ErrorValue) and value.is_picture:
            yield finding("A110", row.at(heading), what="hình ảnh trong ô")
        elif isinstance(value, int | float) and not abs(value) < _LARGEST:
            yield finding("A110", row.at(heading), what="số quá lớn")
