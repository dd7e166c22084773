"""Next year's plan workbook: this year's and its result come in, the same workbook a year on goes out.

The year, the periods and their days move on by a year; the index, the rank and the points of the result are those of
last year; number and date of the plan are left to be filled in. Nothing else is changed: what an office has to decide
anew, and every other cell that names the year, is told (design §5).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from cchc_xl.office.excel.grid import Written, with_cells
from cchc_xl.office.excel.tables import Table
from cchc_xl.plan.load import SETTINGS, read_tables
from cchc_xl.records import CellRef, Edition, RawForm, Value
from cchc_xl.result.contents import Contents
from cchc_xl.text.days import YEAR, a_year_on, date_vi
from cchc_xl.text.words import key, read_date

_ITEM, _VALUE, _POINTS = "Mục", "Giá trị", "Điểm năm trước"
_DAYS = ("Từ ngày", "Đến ngày", "Hạn gửi")
_MOST_NAMED = 20
_DIGITS = 15  # of a number that Excel keeps
_NAMES = {attribute: name for name, attribute in SETTINGS.items()}

Cells = dict[str, dict[tuple[int, int], Written]]


@dataclass(frozen=True, slots=True)
class NextPlan:
    """The workbook's bytes, its year, how many criteria got last year's points, and the cells that name the old year.

    ``blank`` are the settings to fill in or to decide anew, as the plan calls them; ``provisional`` says that the index
    written as last year's can still change.
    """

    data: bytes
    year: int
    pointed: int
    blank: tuple[str, ...]
    naming_the_year: tuple[CellRef, ...]
    provisional: bool = False


def next_plan(data: bytes, form: RawForm, edition: Edition, contents: Contents, rank: int | None) -> NextPlan:
    """The plan workbook ``data``, read as ``form`` and in force as ``edition``, a year on.

    Raises :class:`~cchc_xl.office.excel.parts.CannotPatchError` with the reason in words.
    """
    tables = {
        name: table for name, table in read_tables(form.sheets, form.source.file).items() if isinstance(table, Table)
    }
    year = edition.plan.settings.year or edition.period.end.year
    written: Cells = {}
    settings = {
        "year": year + 1,
        "plan_number": None,
        "plan_date": None,
        "previous_index": contents.index.percent,
        "previous_rank": rank,
    }
    _settings(tables.get("Cài đặt"), settings, written)
    _periods(tables.get("Kỳ báo cáo"), written)
    pointed = _points(tables.get("Bộ chỉ số"), edition, contents, written)
    blank = [_NAMES[item] for item in ("plan_number", "plan_date", "target_index")]
    blank += [_NAMES["previous_rank"]] if rank is None else []
    naming = tuple(_naming(form, str(year), written))
    return NextPlan(with_cells(data, written), year + 1, pointed, tuple(blank), naming, not contents.index.complete)


def _settings(table: Table | None, settings: Mapping[str, Written], written: Cells) -> None:
    if table is None or not {_ITEM, _VALUE} <= table.columns.keys():
        return
    known = {key(name): attribute for name, attribute in SETTINGS.items()}
    cells, item, value = written.setdefault(table.sheet.name, {}), table.columns[_ITEM], table.columns[_VALUE]
    lacking, last = {name: told for name, told in settings.items() if told is not None}, table.heading_rows[-1]
    for row in table.rows():
        attribute = known.get(key(row.text(_ITEM)), "")
        last = row.number if row.text(_ITEM) else last
        if attribute in settings:
            cells[row.number, value] = settings[attribute]
            lacking.pop(attribute, None)
    for number, (attribute, told) in enumerate(lacking.items(), start=last + 1):  # a row that the plan left out
        cells[number, item], cells[number, value] = _NAMES[attribute], told


def _periods(table: Table | None, written: Cells) -> None:
    for row in table.rows() if table else ():
        for heading in ("Mã", "Tên kỳ", *_DAYS):
            value = row.value(heading)
            later = a_year_later(value)
            if table and later not in (None, value):
                written.setdefault(table.sheet.name, {})[row.number, table.columns[heading]] = later


def _points(table: Table | None, edition: Edition, contents: Contents, written: Cells) -> int:
    column = table.columns.get(_POINTS) if table else None
    if table is None or column is None:
        return 0
    points = {item.code: item.final_points for item in contents.criteria}
    rows = {node.criterion.at.row: points.get(node.criterion.code) for node in edition.nodes}
    own = written.setdefault(table.sheet.name, {})
    for row, value in rows.items():
        own[row, column] = None if value is None else Decimal(f"{value:.{_DIGITS}g}")
    return sum(value is not None for value in rows.values())


def a_year_later(value: Value) -> Written:
    """A day or a year a year on, a text with its years a year on; None for what does not move with the year.

    >>> a_year_later("2021-Q1"), a_year_later("Quý I năm 2021"), a_year_later("29/02/2020")
    ('2022-Q1', 'Quý I năm 2022', '28/02/2021')
    >>> a_year_later(2021.0), a_year_later(6.5), a_year_later(None)
    (2022, None, None)
    """
    day = read_date(value)
    if day is not None:
        return date_vi(a_year_on(day)) if isinstance(value, str) else a_year_on(day)
    if isinstance(value, str):
        return YEAR.sub(lambda found: str(int(found[0]) + 1), value)
    return int(value) + 1 if isinstance(value, int | float) and YEAR.fullmatch(f"{value:g}") else None


def _naming(form: RawForm, year: str, written: Cells) -> Iterator[CellRef]:
    """The first cells that name the year and were not changed."""
    told = 0
    for sheet in form.sheets:
        own = written.get(sheet.name, {})
        for number, row in enumerate(sheet.rows, start=1):
            for column, value in enumerate(row, start=1):
                if isinstance(value, str) and (number, column) not in own and year in YEAR.findall(value):
                    yield CellRef(form.source.file, sheet.name, number, column)
                    told += 1
                    if told == _MOST_NAMED:
                        return
