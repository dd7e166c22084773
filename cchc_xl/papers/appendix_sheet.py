"""The familiar appendix with what came of it: the plan's table, the units' reports and the points go out as a sheet.

Rows, texts and merged cells are the plan's. Beside them stands what each unit that leads wrote, one under another, the
unit that has sent nothing named as such; points look at ``Chấm điểm``. A row of a sheet is at most 409 points high:
what does not fit goes on in rows below it, over which the other cells are merged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from math import ceil
from typing import Any

from cchc_xl.office.excel.book import Book, lines_needed
from cchc_xl.papers.columns import HEAD, Formula, back, cell_value
from cchc_xl.papers.listings import LOOKUP, TO_DO
from cchc_xl.papers.scores import INDEX_LABEL, SCORES, Workings
from cchc_xl.plan.methods import scoring
from cchc_xl.records import AppendixRow, CellRef, Edition, EnteredBy, Kind, State
from cchc_xl.result.contents import MeasureDetail, Report, ScoredCriterion
from cchc_xl.result.view import View
from cchc_xl.text.numbers import points_text, vietnamese
from cchc_xl.text.prose import beginning
from cchc_xl.text.words import AWAY, FOLLOWED, MISSING, ROLL, tidy

WIDTHS = (7, 30, 27, 40, 25, 62, 9, 11)
_HEADINGS = (
    *("TT", "NỘI DUNG", "ĐƠN VỊ THỰC HIỆN", "MỤC TIÊU/GIẢI PHÁP THỰC HIỆN", "PHỐI HỢP THỰC HIỆN"),
    *("KẾT QUẢ", "ĐIỂM TỐI ĐA", "ĐIỂM ĐẠT"),
)
_RESULT, _MAXIMUM, _POINTS = 5, 6, 7
_HIGHEST = 24  # lines of a row
_LONGEST = 600  # letters of one unit's text; the whole stands in the look-up workbook
# What a unit that has not sent is told with, by who entered it in its place.
_GIVEN_BY: dict[EnteredBy, str] = {"office": "số liệu bổ sung", "plan": "số liệu khảo sát"}
_Anchor = Callable[[AppendixRow], CellRef | None]
_Text = Callable[[AppendixRow], str]
# The columns that the plan merges: their texts, and the cells in which those stand.
_MERGED: tuple[tuple[int, _Text, _Anchor], ...] = (
    (2, lambda row: row.lead_text, lambda row: row.lead_at),
    (3, lambda row: row.target, lambda row: row.target_at),
    (4, lambda row: row.cooperating_text, lambda row: row.cooperating_at),
)


def write_appendix(
    book: Book, sheet: Any, edition: Edition, view: View, workings: Workings, percent: Decimal | None
) -> None:
    """Writes the sheet ``Phụ lục``; ``percent`` is the index, unrounded."""
    back(book, sheet, TO_DO)
    book.title(sheet, 1, f"PHỤ LỤC: KẾT QUẢ VÀ ĐIỂM – {view.contents.period_name.upper()}")
    for column, heading in enumerate(_HEADINGS):
        book.write(sheet, HEAD, column, heading, "head")
    sheet.freeze_panes(HEAD + 1, 2)
    sheet.repeat_rows(HEAD)
    rows, results = edition.plan.appendix, Results(view, edition.plan.appendix)
    first = HEAD + 1
    placed: list[tuple[AppendixRow, int, int]] = []
    for row in rows:
        parts = _parts(results.of(row))
        parts += [""] * (_rows_for(row) - len(parts))
        placed.append((row, first, first + len(parts) - 1))
        item = view.by_code.get(row.code)
        formulas = {_MAXIMUM: _maximum(item, workings), _POINTS: _points(item, workings)}
        _write_row(book, sheet, row, first, parts, formulas)
        first += len(parts)
    for column, text, anchor in _MERGED:
        _write_merged(book, sheet, column, placed, text, anchor)
    for column in range(len(_HEADINGS)):
        book.write(sheet, first, column, INDEX_LABEL if column == 1 else None, "head")
    sheet.write_formula(first, _POINTS, f"={workings.index}", book.look("index"), cell_value(percent))


def _is_group(row: AppendixRow) -> bool:
    return not (row.lead_text or row.target or row.cooperating_text)


def _write_row(
    book: Book,
    sheet: Any,
    row: AppendixRow,
    first: int,
    parts: Sequence[str],
    formulas: Mapping[int, Formula | None],
) -> None:
    group, last = _is_group(row), first + len(parts) - 1
    look, code, points = ("group", "group_place", "group_points") if group else ("cell", "place", "points")
    book.merge_down(sheet, 0, (first, last), row.code, code)
    book.merge_down(sheet, 1, (first, last), row.name, look)
    for number, text in enumerate(parts, start=first):
        book.write(sheet, number, _RESULT, text, look)
    for column, formula in formulas.items():
        for number in range(first + (formula is not None), last + 1):
            book.write(sheet, number, column, None, points)
        if formula is not None:
            shown = book.look(points if isinstance(formula.value, float) else "group_place" if group else "waiting")
            sheet.write_formula(first, column, f"={formula.text}", shown, formula.value)


def _maximum(item: ScoredCriterion | None, workings: Workings) -> Formula | None:
    return None if item is None else Formula(f"'{SCORES}'!C{workings.rows[item.code]}", float(item.max))


def _points(item: ScoredCriterion | None, workings: Workings) -> Formula | None:
    """The points, or the word for why there are none."""
    if item is None:
        return None
    row = workings.rows[item.code]
    most, got, applies = (f"'{SCORES}'!{column}{row}" for column in "CDE")
    none = f'IF({applies}=0,"{AWAY}","{MISSING}")' if not scoring(item.method).is_bonus else f'"{MISSING}"'
    word = MISSING if scoring(item.method).is_bonus or item.applicable_max else AWAY
    if not item.max:
        none, word = f'IF({most}=0,"{FOLLOWED}",{none})', FOLLOWED
    value = word if item.final_points is None else float(item.final_points)
    return Formula(f'IF({got}="",{none},{got})', value)


def _write_merged(
    book: Book,
    sheet: Any,
    column: int,
    placed: Sequence[tuple[AppendixRow, int, int]],
    text: _Text,
    anchor: _Anchor,
) -> None:
    """A column of the plan, merged where the plan merged it."""
    number = 0
    while number < len(placed):
        row, first, last = placed[number]
        own = anchor(row)
        while number + 1 < len(placed) and own is not None and anchor(placed[number + 1][0]) == own:
            number += 1
            last = placed[number][2]
        book.merge_down(sheet, column, (first, last), text(row), "group" if _is_group(row) else "cell")
        number += 1


def _rows_for(row: AppendixRow) -> int:
    """In how many rows of a sheet the plan's own texts can be shown."""
    texts = ((1, row.name), *((column, text(row)) for column, text, _ in _MERGED))
    return max(ceil(lines_needed(text, WIDTHS[column] - 2) / _HIGHEST) for column, text in texts)


def _parts(lines: Sequence[str]) -> list[str]:
    """Lines as the texts of as many cells as it takes to show them."""
    width = WIDTHS[_RESULT] - 2
    parts: list[list[str]] = [[]]
    used = 0
    for line in lines:
        wanted = lines_needed(line, width)
        if parts[-1] and used + wanted > _HIGHEST:
            parts.append([])
            used = 0
        parts[-1].append(line)
        used += wanted
    return ["\n".join(part) for part in parts]


class Results:
    """What the units say of each row of the appendix, a line for each unit."""

    def __init__(self, view: View, rows: Iterable[AppendixRow]) -> None:
        self._view = view
        self._rows = {row.code for row in rows}
        self._status = {item.unit: item.status for item in view.contents.rollcall}
        self._details = view.details
        self._figures = {
            (detail.code, entry.unit): (detail, entry)
            for detail in view.contents.measure_details
            for entry in detail.entries
        }
        self._reports: dict[tuple[str, str], Report] = {}
        self._measures: dict[tuple[str, str], dict[str, None]] = {}
        for item in view.contents.criteria:
            for report in item.reports:
                self._reports.setdefault((item.code, report.unit), report)
            for given in item.inputs:
                if not given.period:
                    self._measures.setdefault((item.code, given.unit), {})[given.measure] = None

    def of(self, row: AppendixRow) -> list[str]:
        """The lines of a row: of every unit that leads it, then of others that wrote something."""
        items = list(self._scope(row.code))
        told_of = items if row.lead else items[:1]
        units = tuple(dict.fromkeys((*row.lead, *(report.unit for item in told_of for report in item.reports))))
        asked = any(item.status != "group" for item in items)  # else what is below it has rows of its own
        alone = len(units) == 1  # then figures that all units enter are its result, not its own part of them
        told = ((unit, self._of_unit(unit, items, asked and unit in row.lead, alone)) for unit in units)
        return [_told(self._view.unit(unit), text, len(units)) for unit, text in told if text]

    def _scope(self, code: str) -> Iterator[ScoredCriterion]:
        """The criterion and what is below it as far as it has no row of its own."""
        item = self._view.by_code.get(code)
        if item is not None:
            yield item
            for child in self._view.children[code]:
                if child.code not in self._rows:
                    yield from self._scope(child.code)

    def _of_unit(self, unit: str, items: Sequence[ScoredCriterion], leads: bool, alone: bool) -> str:
        if leads and self._status.get(unit) in ("missing", "unreadable"):
            said = ROLL[self._status[unit]] + (" báo cáo" if self._status[unit] == "missing" else "")
            given = {by: "; ".join(dict.fromkeys(self._values_of(unit, items, by))) for by in _GIVEN_BY}
            return "; ".join((said, *(f"{_GIVEN_BY[by]}: {text}" for by, text in given.items() if text)))
        told: dict[str, None] = {}
        written = [(item, text) for item in items if (text := self._written(unit, item))]
        same = len({text for _, text in written}) == 1
        for item in items:
            if text := self._written(unit, item):
                told[text if same else f"{item.name}: {text}"] = None
            else:
                told |= dict.fromkeys(self._totals(item) if alone else self._values(unit, item))
        return "; ".join(told) or ("chưa ghi kết quả" if leads else "")

    def _written(self, unit: str, item: ScoredCriterion) -> str:
        report = self._reports.get((item.code, unit))
        return _written(report, self._view.places) if report else ""

    def _totals(self, item: ScoredCriterion) -> Iterator[str]:
        """The figures of a criterion over all units that enter them, as far as they are known."""
        for code in dict.fromkeys(given.measure for given in item.inputs if not given.period):
            detail = self._details.get(code)
            if detail is None:
                continue
            known = detail.partial if detail.value is None else detail.value
            texts = "; ".join(entry.text for entry in detail.entries if entry.state is State.KNOWN)
            texts = _with_unit(detail, vietnamese(known)) if known is not None else texts
            shown = AWAY if detail.state is State.NOT_APPLICABLE else texts
            whole, supplied = len(detail.units), sum(entry.by == "office" for entry in detail.entries)
            came = whole - len(detail.waiting) - supplied
            part = f" (theo báo cáo của {came}/{whole} đơn vị)" if detail.waiting else ""
            part += f" (có số liệu bổ sung thay báo cáo của {supplied} đơn vị)" if supplied else ""
            if shown:
                yield f"{detail.name}: {shown}{part}"

    def _values_of(self, unit: str, items: Sequence[ScoredCriterion], by: EnteredBy) -> Iterator[str]:
        """The figures of a unit that has not sent, from this hand alone."""
        for item in items:
            yield from self._values(unit, item, by)

    def _values(self, unit: str, item: ScoredCriterion, by: EnteredBy | None = None) -> Iterator[str]:
        for code in self._measures.get((item.code, unit), ()):
            detail, entry = self._figures.get((code, unit), (None, None))
            if detail is None or entry is None or entry.state not in (State.KNOWN, State.NOT_APPLICABLE):
                continue
            if by is not None and entry.by != by:
                continue
            known = _with_unit(detail, vietnamese(entry.value)) if entry.value is not None else entry.text
            yield f"{detail.name}: {AWAY if entry.state is State.NOT_APPLICABLE else known}"


def _with_unit(detail: MeasureDetail, value: str) -> str:
    """A value with what it counts: ``10 tin, bài``, ``93%``."""
    if detail.kind == Kind.PERCENT:
        return f"{value}%"
    return f"{value} {detail.unit_name}".rstrip() if detail.unit_name != "%" else f"{value}%"


def _written(report: Report, places: int) -> str:
    """What a unit wrote: its result, the level it reports, else its own points."""
    told = [text for text in dict.fromkeys((report.result, report.level)) if text]
    if not told and report.self_points is not None:
        told = [f"tự chấm {points_text(report.self_points, places)} điểm"]
    return " – ".join(told)


def _told(unit: str, text: str, units: int) -> str:
    """A unit's line; a very long one is cut behind a word, and says where the whole stands.

    >>> _told("Phòng A", "kiểm tra " * 99, 1)[-40:]
    'kiểm tra kiểm… (xem tiếp ở tra-cuu.xlsx)'
    """
    line = beginning(text, _LONGEST) + (f" (xem tiếp ở {LOOKUP})" if len(tidy(text)) > _LONGEST else "")
    return f"{unit}: {line}" if units > 1 else line
