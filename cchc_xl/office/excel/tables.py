"""Tables on a sheet: a sheet as read and the headings looked for come in, rows that know their cells go out.

One reader for the plan, the units' forms and the appraisal workbook. Columns are found by heading text (match key),
never by position. Nothing is judged here: what a missing heading or an unreadable cell means, its reader says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from itertools import count, repeat
from typing import NamedTuple

from cchc_xl.office.excel.bounds import UNTIMED, Clock
from cchc_xl.records import CellRef, ErrorValue, Kind, RawSheet, Uncalculated, Value, is_number
from cchc_xl.text.days import date_vi
from cchc_xl.text.numbers import is_percent_format, is_too_large, plain, read_stored, read_text, shortest
from cchc_xl.text.words import key, read_date, remembered, tidy

HEADING_ROWS = 20
_LONGEST_HEADING = 60
# What stands behind "Giá trị (*)", "Mã:", "Mức đạt (1)", spelled backwards: only from a text's end is it found at once.
_BETWEEN_WORDS = re.compile(r"[,;:/()]+")
_NUMBER_FIRST = re.compile(r"^[(\[]?\d{1,2}[)\].]+ ?")  # "(4) Giá trị"
_DIGITS = re.compile(r"(?=0[0.])(0{1,30})(?:\.(0{1,30}))?")
_FOOTNOTE = re.compile(r"(?:(?:\)(?:\*++|\d{1,2})\(|[*:]) ?)*+")


@dataclass(frozen=True, slots=True)
class Cell:
    """A stored value with its place; ``merged``: it stands in a merged range that begins elsewhere, at ``at``."""

    value: Value
    at: CellRef
    number_format: str = ""
    merged: bool = False

    @property
    def blank(self) -> bool:
        """Whether nothing but spaces stands here."""
        return is_blank(self.value)

    @property
    def unreadable(self) -> bool:
        """Whether an Excel error or a formula nobody calculated stands here: that is neither blank nor a value."""
        return isinstance(self.value, ErrorValue | Uncalculated)

    @property
    def readable(self) -> bool:
        """Whether a value stands here."""
        return not self.blank and not self.unreadable

    @property
    def text(self) -> str:
        """The tidy text; a number as its shortest decimal, with the % that Excel shows; '' for what is unreadable.

        >>> at = CellRef("ke-hoach.xlsx")
        >>> Cell(0.7412, at, "0.00%").text, Cell(50, at, '0"%"').text, Cell(True, at, "0%").text
        ('74.12%', '50%', 'TRUE')
        """
        if self.unreadable:
            return ""
        if not is_number(self.value):
            return shown(self.value)
        if is_percent_format(self.number_format):
            return f"{plain(shortest(self.value) * 100)}%"
        return shown(self.value) + "%" * ("%" in self.number_format)

    @property
    def is_text(self) -> bool:
        """Whether Excel holds it as text."""
        return isinstance(self.value, str)

    @property
    def number(self) -> Decimal | None:
        """The number, a percentage in percent (0.7412 shown as 74,12% is 74.12); None if it is none.

        A number with words is none: "90 trở lên" and "50% điểm tối đa" say more than 90 and 50; nor is one too large.
        """
        if isinstance(self.value, bool):
            return None
        if isinstance(self.value, int | float):
            percent = is_percent_format(self.number_format)
            reading = read_stored(self.value, Kind.PERCENT if percent else Kind.DECIMAL, percent_format=percent)
        elif isinstance(self.value, str):
            reading = read_text(self.value, Kind.PERCENT)
        else:
            return None
        return None if reading.notes or reading.value is None or is_too_large(reading.value) else reading.value

    @property
    def day(self) -> date | None:
        """The date, or None if it is none."""
        return read_date(self.value)

    @property
    def parts(self) -> tuple[str, ...]:
        """The list in the cell, split on ``;``."""
        return tuple(part for part in map(tidy, self.text.split(";")) if part)


# A row with its merged ranges filled, by heading.
Cells = Mapping[str, Cell]


class Row(NamedTuple):
    """A row below the headings, as stored: of a merged range only the first cell holds the value."""

    table: Table
    number: int
    values: tuple[Value, ...]

    def value(self, heading: str) -> Value:
        """What is stored under the heading; blank text counts as nothing."""
        column = self.table.columns.get(heading)
        value = self.values[column - 1] if column is not None and column <= len(self.values) else None
        return None if is_blank(value) else value

    def text(self, heading: str) -> str:
        """The same as tidy text; '' for what is not text or a number."""
        value = self.value(heading)
        if isinstance(value, str):
            return tidy(value)
        return shown(value) if is_number(value) else ""

    def at(self, heading: str) -> CellRef:
        """The cell under the heading; the row's first one if the column is missing."""
        return self.table.at(self.number, heading)

    def number_format(self, heading: str) -> str:
        """The number format of a telling cell, else ''."""
        return self.table.formats.get((self.number, self.table.columns.get(heading, 0)), "")


def is_blank(value: Value) -> bool:
    """Whether nothing but spaces stands in a cell."""
    return value is None or (isinstance(value, str) and not value.strip())


def shown(value: Value) -> str:
    """What stands in a cell, as a finding names it.

    >>> shown(True), shown(ErrorValue("#N/A")), shown(date(2021, 3, 5)), shown(1.5), shown("  a "), shown(None)
    ('TRUE', '#N/A', '05/3/2021', '1.5', 'a', '')
    """
    match value:
        case None:
            return ""
        case str():
            return tidy(value)
        case bool():
            return str(value).upper()
        case date():
            return date_vi(value)
        case ErrorValue():
            return "hình ảnh" if value.is_picture else value.text
        case Uncalculated():
            return value.formula
    return plain(shortest(value))


def as_formatted(value: Value, number_format: str) -> str:
    """A code that is stored as a number, as its cell prints it; '' where the format does not tell its digits.

    >>> as_formatted(101, "0000"), as_formatted(1.1, "0.00"), as_formatted(101, "General"), as_formatted("x", "0000")
    ('0101', '1.10', '', '')
    """
    digits = _DIGITS.fullmatch(number_format)
    if digits is None or isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        return ""
    whole, point, places = f"{shortest(value):.{len(digits[2] or '')}f}".partition(".")
    return f"{whole.zfill(len(digits[1]))}{point}{places}"


@dataclass(frozen=True, slots=True)
class Table:
    """The table called ``name`` on a sheet: where its headings stand, and the rows below.

    ``heading_rows`` are the rows that hold headings (two where they are split), ``again`` the headings that stand over
    a further column, with that column, ``repeated`` the rows below that repeat the headings, ``end`` the last row.
    """

    name: str
    file: str
    sheet: RawSheet
    heading_rows: tuple[int, ...]
    columns: Mapping[str, int]
    again: tuple[tuple[str, int], ...]
    repeated: tuple[int, ...]
    end: int
    formats: Mapping[tuple[int, int], str]
    clock: Clock = field(default=UNTIMED, repr=False, compare=False)

    def at(self, number: int, heading: str) -> CellRef:
        """The cell of a row under the heading; the row's first one if the column is missing."""
        return CellRef(self.file, self.sheet.name, number, self.columns.get(heading, 1))

    def rows(self) -> Iterator[Row]:
        """The rows below the headings, as stored."""
        first, repeated = self.heading_rows[-1], frozenset(self.repeated)
        below = self.clock.over(self.sheet.rows[first : self.end])
        rows = map(Row, repeat(self), count(first + 1), below)
        return (row for row in rows if row.number not in repeated) if repeated else rows

    def typed(self, headings: Iterable[str]) -> Iterator[tuple[int, str, Value]]:
        """What is stored under these headings below their row, with the number of its row; nothing for blank text."""
        places = [(heading, self.columns[heading] - 1) for heading in headings if heading in self.columns]
        for row in self.rows():
            for heading, place in places:
                value = row.values[place] if place < len(row.values) else None
                if not is_blank(value):
                    yield row.number, heading, value

    def filled(self, headings: Iterable[str]) -> Iterator[Cells]:
        """The rows that hold something under these headings, each merged range filled; blank where one is missing."""
        headings, origins = tuple(headings), self._origins()
        for row in self.rows():
            cells = {heading: self._cell(row.number, self.columns.get(heading), origins) for heading in headings}
            if any(not cell.blank and not cell.merged for cell in cells.values()):
                yield cells

    def doubts(self, headings: Iterable[str]) -> Iterator[tuple[str, CellRef, str]]:
        """The cells below the headings, under these, that show something else than they store.

        Of each the code of the finding that says so, its place, and what stands there.
        """
        columns = frozenset(self.columns[heading] for heading in headings if heading in self.columns)
        for row, column, code in self.clock.over(self.sheet.doubts):
            if row > self.heading_rows[-1] and column in columns:
                at = CellRef(self.file, self.sheet.name, row, column)
                yield code, at, shown(self.sheet.value(row, column))

    def _origins(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Where the merged range begins, by each of its cells that is read."""
        last = len(self.sheet.rows)
        room = last * len(self.columns)  # more cells lie only in ranges that overlap, which Excel has not
        origins: dict[tuple[int, int], tuple[int, int]] = {}
        for top, left, bottom, right in self.sheet.merges:
            columns = [column for column in self.columns.values() if left <= column <= right]
            rows = range(top, min(bottom, last) + 1)
            room -= len(rows) * len(columns)
            if room < 0:
                break
            origins |= {(row, column): (top, left) for row in rows for column in columns}
        return origins

    def _cell(self, row: int, column: int | None, origins: Mapping[tuple[int, int], tuple[int, int]]) -> Cell:
        """The cell under one heading; in a merged range over several headings, the value belongs to the first."""
        if column is None:
            return Cell(None, CellRef(self.file, self.sheet.name, row))
        origin = origins.get((row, column), (row, column))
        at = CellRef(self.file, self.sheet.name, *origin)
        if origin[1] != column and origin[1] in self.columns.values():
            return Cell(None, at, merged=True)
        values = self.sheet.rows[origin[0] - 1]
        value = values[origin[1] - 1] if origin[1] <= len(values) else None
        return Cell(value, at, self.formats.get(origin, ""), origin != (row, column))


@dataclass(frozen=True)  # without slots: what it looks for is worked out once
class Headings:
    """The headings of a table, and the words by which people also call its columns.

    A heading is known by its own text; where it has ``synonyms``, also by beginning with one of these. What begins with
    a synonym of '' is none of them.
    """

    names: tuple[str, ...]
    synonyms: tuple[tuple[str, str], ...] = ()

    def of(self, text: str) -> str | None:
        """The heading that a text is; of several synonyms it begins with, the longest tells.

        >>> known = Headings(("Kết quả thực hiện",), (("kết quả", "Kết quả thực hiện"),))
        >>> known.of("KẾT QUẢ THỰC HIỆN (*)"), known.of("Kết quả quý IV"), known.of("Kết quảng")
        ('Kết quả thực hiện', 'Kết quả thực hiện', None)
        """
        told = heading_key(text)
        if told in self._exact or not self.synonyms:
            return self._exact.get(told)
        told = _bare_heading(text)
        leading = (heading for words, heading in self._leading if told.startswith(words) and _ends(told, len(words)))
        return next(leading, "") or None

    def has_none(self, texts: Iterable[str]) -> bool:
        """Whether none of the texts is one of the headings in its own words."""
        return self._exact.keys().isdisjoint(map(heading_key, texts))

    def is_other(self, text: str) -> bool:
        """Whether a heading is known to be none of these."""
        told = heading_key(text)
        return any(
            not heading and told.startswith(words) and _ends(told, len(words)) for words, heading in self._leading
        )

    def may_begin(self, texts: Iterable[str]) -> bool:
        """Whether a row with these texts may hold the headings: one of them, or its first words where it is split."""
        if not self.synonyms:
            return not self._starts.isdisjoint(map(heading_key, texts))
        return any(heading_key(text) in self._starts or self.of(text) is not None for text in texts)

    @cached_property
    def _exact(self) -> dict[str, str]:
        return {key(name): name for name in self.names}

    @cached_property
    def _starts(self) -> frozenset[str]:
        starts = {" ".join(name.split()[:count]) for name in self.names for count in range(1, 6)}
        return frozenset(map(key, {*starts, *self.names}))

    @cached_property
    def _leading(self) -> list[tuple[str, str]]:
        return sorted(
            ((_bare_heading(words), heading) for words, heading in self.synonyms), key=lambda item: -len(item[0])
        )


@remembered
def _bare_heading(text: str) -> str:
    """The match key of a heading's words: without marks between them, and without the number of the column."""
    return heading_key(_BETWEEN_WORDS.sub(" ", _NUMBER_FIRST.sub("", tidy(text))))


def _ends(text: str, at: int) -> bool:
    return not text[at : at + 1].isalnum()


# Of each of these one heading must stand there.
Needed = tuple[frozenset[str], ...]


def find(
    sheet: RawSheet, file: str, name: str, wanted: Headings, needed: Needed = (), clock: Clock = UNTIMED
) -> Table | None:
    """The table under these headings, which stand in the first 20 rows; None if the sheet has none.

    They stand in the first row (or two, where they are split) that has every ``needed`` one; where none is needed, in
    the one that has most of them, two at least. Of a heading over several columns the left one is read.
    Raises :class:`~cchc_xl.office.excel.bounds.OutOfTimeError` where ``clock`` runs out, as does reading the rows.

    >>> sheet = RawSheet("Đơn vị", hidden=False, rows=(("DANH SÁCH",), ("MÃ", "Tên đơn vị:"), ("VP", "Văn phòng")))
    >>> table = find(sheet, "ke-hoach.xlsx", "Đơn vị", Headings(("Mã", "Tên đơn vị")))
    >>> [(row.text("Tên đơn vị"), row.at("Tên đơn vị").address) for row in table.rows()]
    [('Văn phòng', 'B3')]
    """
    # Without synonyms a needed heading stands in the row itself, or begins there.
    sought = wanted if wanted.synonyms or not needed else _of_names(needed)
    tried = (
        _headings(sheet, number, wanted, clock)
        for number, row in enumerate(sheet.rows[:HEADING_ROWS], start=1)
        if sought.may_begin(clock.over([value for value in row if isinstance(value, str)]))
    )
    if needed:
        best = next((found for found in tried if _has(found[1], needed)), None)
    else:
        several = (found for found in tried if len(found[1]) > 1)
        best = max(several, key=lambda found: (len(found[1]), -len(found[0])), default=None)
    if best is None:
        return None
    rows, columns, again = best
    repeated, end = _repeated(sheet, rows[-1], columns, needed, wanted, clock) if needed else ((), len(sheet.rows))
    formats = {(row, column): text for row, column, text in sheet.formats}
    return Table(name, file, sheet, rows, columns, tuple(again), repeated, end, formats, clock)


@cache
def _of_names(needed: Needed) -> Headings:
    return Headings(tuple(sorted(frozenset().union(*needed))))


def _has(columns: Mapping[str, int], needed: Needed) -> bool:
    return all(not one.isdisjoint(columns) for one in needed)


def _headings(
    sheet: RawSheet, number: int, wanted: Headings, clock: Clock
) -> tuple[tuple[int, ...], dict[str, int], list[tuple[str, int]]]:
    """The rows the headings stand in, their columns, and where they stand again; the next row is tried with it."""
    upper = dict(_texts(sheet.rows[number - 1]))
    columns, again = _named(((column, (text,)) for column, text in clock.over(upper.items())), wanted)
    if not columns or len(columns) == len(wanted.names) or number >= len(sheet.rows):
        return (number,), columns, again
    lower = dict(_texts(sheet.rows[number]))
    above = _across(sheet, number, upper)
    texts: list[tuple[int, tuple[str, ...]]] = [
        (column, (f"{above.get(column, '')} {lower.get(column, '')}", upper.get(column, ""), lower.get(column, "")))
        for column in sorted(upper.keys() | lower.keys())
    ]
    below = wanted.synonyms and _only_below(above, lower, wanted)
    if below:  # what stands below a heading that is common to several columns says which each of them is
        texts = [(column, (lower[column],) if column in lower else told) for column, told in texts]
    both, both_again = _named(clock.over(texts), wanted)
    if below or (len(both) > len(columns) and all(both.get(head) == column for head, column in columns.items())):
        return (number, number + 1), both, both_again
    return (number,), columns, again


def _only_below(above: Mapping[int, str], lower: Mapping[int, str], wanted: Headings) -> bool:
    """Whether the lower row parts headings that stand above several columns, and is no row of the table yet."""
    return (
        bool(lower)
        and all(len(text) <= _LONGEST_HEADING and column in above for column, text in lower.items())
        and sum(wanted.of(text) is not None for text in lower.values()) > 1
    )


def _across(sheet: RawSheet, number: int, texts: dict[int, str]) -> dict[int, str]:
    """The texts above each column: a merged one stands over every column of its range, by the real range only."""
    filled = dict(texts)
    for top, left, _, right in sheet.merges:
        if top == number and left in texts:
            filled |= dict.fromkeys(range(left, min(right, left + 50) + 1), texts[left])
    return filled


def _named(
    texts: Iterable[tuple[int, Iterable[str]]], wanted: Headings
) -> tuple[dict[str, int], list[tuple[str, int]]]:
    """The first column of every heading, and the further columns of those that stand over several."""
    columns: dict[str, int] = {}
    again: list[tuple[str, int]] = []
    for column, choices in texts:
        heading = next((name for text in choices if (name := wanted.of(text)) is not None), None)
        if heading in columns:
            again.append((heading, column))
        elif heading is not None:
            columns[heading] = column
    return columns, again


@remembered
def heading_key(text: str) -> str:
    """The match key of a heading; a footnote mark or a colon behind it does not count.

    >>> heading_key("Giá trị (*)") == heading_key("giá  TRỊ:") == heading_key("Giá trị")
    True
    >>> heading_key("Giá trị (kỳ trước)") == heading_key("Giá trị")
    False
    """
    backwards = tidy(text)[::-1]
    found = _FOOTNOTE.match(backwards)
    return key(backwards[found.end() if found else 0 :][::-1])


def _repeated(
    sheet: RawSheet, last: int, columns: Mapping[str, int], needed: Needed, wanted: Headings, clock: Clock
) -> tuple[tuple[int, ...], int]:
    """The rows below that repeat the headings over the same columns; a table with other columns ends the reading."""
    repeated: list[int] = []
    if wanted.synonyms:  # any text may begin like a heading: only the very same ones are headings again
        heads = {(column, heading_key(value)) for column, value in _texts(sheet.rows[last - 1])}
        return tuple(
            number
            for number, row in clock.over(enumerate(sheet.rows[last:], start=last + 1))
            if sum((column, heading_key(value)) in heads for column, value in _texts(row)) > 1
        ), len(sheet.rows)
    for number, row in clock.over(enumerate(sheet.rows[last:], start=last + 1)):
        short = [value for value in row if isinstance(value, str) and len(value) < _LONGEST_HEADING]
        if wanted.has_none(short) or sum(wanted.of(value) is not None for value in short) < len(needed):
            continue
        texts = list(_texts(row))
        found, _ = _named(((column, (value,)) for column, value in texts), wanted)
        if _has(found, needed):
            marks = frozenset().union(*needed) & found.keys()
            if any(columns.get(heading) != found[heading] for heading in marks):
                return tuple(repeated), number - 1
            repeated.append(number)
    return tuple(repeated), len(sheet.rows)


def _texts(row: tuple[Value, ...]) -> Iterator[tuple[int, str]]:
    """The texts of a row with their columns."""
    return ((column, value) for column, value in enumerate(row, start=1) if isinstance(value, str))
