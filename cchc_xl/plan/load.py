"""The plan workbook as records: its sheets come in, a :class:`Plan` with the findings of its cells goes out.

Contract: design §3. The spreadsheet is the specification; nothing here knows a criterion or a unit by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import MAXYEAR, date
from functools import partial
from typing import Any, Literal, TypeVar

from cchc_xl.office.excel.tables import Cell, Cells, Headings, Table, as_formatted, find
from cchc_xl.plan.agencies import AGENCIES, ROUNDS, SURVEY, agency, round_, strange_columns, surveys
from cchc_xl.plan.cells import BLANK, CONTRACT, COOPERATING, MOST_PLACES, Row, may_be
from cchc_xl.plan.edition import parts
from cchc_xl.plan.expression import FIGURE_CODE
from cchc_xl.plan.methods import scoring
from cchc_xl.plan.register import Register
from cchc_xl.plan.wording import sentence
from cchc_xl.records import (
    AppendixRow,
    Band,
    CellRef,
    Condition,
    Constraint,
    Counted,
    Criterion,
    Finding,
    Kind,
    Measure,
    Method,
    Period,
    Plan,
    RawSheet,
    Settings,
    Unit,
)
from cchc_xl.text.catalogue import finding
from cchc_xl.text.days import date_vi
from cchc_xl.text.words import closest, key, tidy


def folded(rows: Iterable[AppendixRow]) -> tuple[AppendixRow, ...]:
    """The appendix with one row per code cell: a code merged over several rows is one row with several targets."""
    whole: dict[CellRef, list[AppendixRow]] = {}
    for row in rows:
        whole.setdefault(row.at, []).append(row)
    return tuple(
        replace(
            same[0],
            lead_text=_joined(row.lead_text for row in same),
            lead=tuple(dict.fromkeys(code for row in same for code in row.lead)),
            target=_joined(row.target for row in same),
            cooperating_text=_joined(row.cooperating_text for row in same),
            cooperating=tuple(dict.fromkeys(code for row in same for code in row.cooperating)),
        )
        for same in whole.values()
    )


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(filter(None, texts)))


SHEETS: dict[str, tuple[str, ...]] = {name: tuple(headings) for name, headings in CONTRACT["sheets"].items()}
OPTIONAL_SHEETS: dict[str, tuple[str, ...]] = {
    name: tuple(headings) for name, headings in CONTRACT["optional_sheets"].items()
}
_HEADINGS = {**SHEETS, **OPTIONAL_SHEETS}
OPTIONAL: dict[str, tuple[str, ...]] = {name: tuple(headings) for name, headings in CONTRACT["optional"].items()}
SETTINGS: dict[str, str] = CONTRACT["settings"]
_OPTIONAL = frozenset(CONTRACT["optional_settings"])
OPTIONAL["Cơ quan"] += tuple(SETTINGS)
COMBINE_FIGURES: tuple[str, ...] = tuple(CONTRACT["choices"]["combine_figures"])
COMBINE_UNITS: tuple[str, ...] = tuple(CONTRACT["choices"]["combine_units"])
NOT_APPLICABLE_POLICIES: tuple[str, ...] = tuple(CONTRACT["choices"]["not_applicable"])
_MISSING_EVIDENCE: tuple[str, ...] = tuple(CONTRACT["choices"]["missing_evidence"])
_COUNTED: tuple[Counted, ...] = tuple(CONTRACT["counted"])
SEVERITIES: dict[str, Literal["error", "warning"]] = {"lỗi": "error", "cảnh báo": "warning"}
_YES_NO = ("có", "không")
_LARGEST = {"places": MOST_PLACES, "year": MAXYEAR}  # of a whole number: a result with a larger one is not opened
_MOST_RANKED = 1_000_000
_CELL_ADDRESS = re.compile(r"[A-Za-z]{1,3}[0-9]{1,7}")
_OPERATOR = re.compile(r"<=|>=|=|≤|≥")
_CRITERION_CODES = ("Phụ lục", "Bộ chỉ số", "Thang điểm")
_CODED = frozenset({*_CRITERION_CODES, "Đơn vị", "Kỳ báo cáo", AGENCIES, SURVEY})
_CONCERN_CRITERIA = frozenset({*_CRITERION_CODES, "Số liệu"})
_T = TypeVar("_T")


Tables = Mapping[str, Table | Finding]
Columns = Mapping[tuple[str, str], int]


def read_tables(sheets: Iterable[RawSheet], file: str) -> dict[str, Table | Finding]:
    """The sheets of a plan as tables, by their names in the contract; a finding for one that is not there.

    Of a sheet that a plan may leave out, or leave empty, nothing is said.
    """
    sheets = tuple(sheets)
    there = {key(sheet.name) for sheet in sheets if not _is_empty(sheet)}
    names = (*SHEETS, *(name for name in OPTIONAL_SHEETS if key(name) in there))
    return {name: _table(sheets, file, name) for name in names}


def _is_empty(sheet: RawSheet) -> bool:
    """Whether no cell holds anything; what could not be read, or lies too far away, is something."""
    blank = all(value is None or (isinstance(value, str) and not value.strip()) for row in sheet.rows for value in row)
    return blank and not (sheet.legacy or sheet.outside or sheet.cut or sheet.doubts)


def twins(sheets: Sequence[RawSheet], file: str) -> Iterator[Finding]:
    """A finding for every further sheet of one name in which something stands: only the first such is read.

    Excel tells apart names that differ in a blank at the end, or in how a letter is composed.
    """
    for name in (*SHEETS, *OPTIONAL_SHEETS):
        for sheet in _named_so(sheets, name)[1:]:
            if not _is_empty(sheet):
                yield finding("P148", CellRef(file, sheet.name), text=sheet.name, sheet=name)


def _named_so(sheets: Iterable[RawSheet], name: str) -> list[RawSheet]:
    """The sheets of this name, those in which something stands first."""
    return sorted((sheet for sheet in sheets if key(sheet.name) == key(name)), key=_is_empty)


def _table(sheets: tuple[RawSheet, ...], file: str, name: str) -> Table | Finding:
    sheet = next(iter(_named_so(sheets, name)), None)
    if sheet is None:
        return finding("P101", CellRef(file), sheet=name, sheets="; ".join(sheet.name for sheet in sheets))
    headings = _HEADINGS[name]
    return find(sheet, file, name, Headings((*headings, *OPTIONAL.get(name, ())))) or finding(
        "P102", CellRef(file, sheet.name), headings=" · ".join(headings)
    )


def columns(tables: Tables) -> Columns:
    """The columns by sheet and heading."""
    return {
        (table.sheet.name, heading): column
        for table in tables.values()
        if isinstance(table, Table)
        for heading, column in table.columns.items()
    }


def read_plan(tables: Tables, file: str, sha256: str) -> Plan:
    """The whole plan, before the checks that look across sheets."""
    reader = _Reader(tables)
    units = reader.each("Đơn vị", _unit)
    register = Register(units)
    criteria = _conditions(reader.each("Bộ chỉ số", _criterion))
    placed = {item.code for item in criteria if scoring(item.method).scale == "places"}
    plan = Plan(
        file=file,
        sha256=sha256,
        settings=_named(_settings(reader), register),
        units=units,
        periods=reader.each("Kỳ báo cáo", _period),
        appendix=folded(reader.each("Phụ lục", partial(_appendix_row, register))),
        criteria=criteria,
        bands=reader.each("Thang điểm", partial(_band, placed)),
        measures=_counting(reader.each("Số liệu", partial(_measure, register))),
        constraints=reader.each("Ràng buộc", _constraint),
        sentences=reader.each("Câu báo cáo", sentence),
        unsound=frozenset(reader.doubtful(criteria)),
    )
    agencies = reader.each(AGENCIES, partial(agency, plan.settings, _setting))
    reader.told += strange_columns(tables.get(AGENCIES))
    if agencies:  # each has its own: the plan's settings are of the office that ranks them
        reader.told = [item for item in reader.told if not (item.code == "P209" and _is_of_one(item))]
    survey = reader.each(SURVEY, surveys(agencies, plan.measures))
    rounds = reader.each(ROUNDS, round_)
    return replace(plan, agencies=agencies, survey=survey, rounds=rounds, findings=tuple(reader.told))


class _Reader:
    """The rows of a plan's sheets, and in ``told`` what is wrong with the sheets and with what was read of them."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.told = [found for name, table in tables.items() for found in _headings(name, table)]

    def rows(self, sheet: str) -> Iterator[Row]:
        """The rows of a sheet, of which each code must be text and is '' where it cannot be told."""
        first, above = _HEADINGS[sheet][0], ""
        for cells in self._cells(sheet):
            code = cells[first].text
            concerned = {"Số liệu": f"@{code}"}.get(sheet, code) if sheet in _CONCERN_CRITERIA and code else None
            row = Row(cells, self.told, code, concerned)
            row.tell_unreadable()
            if sheet in _CODED:
                # A band without a code is one of the criterion above.
                row = replace(row, code=self._code(sheet, cells[first], above if sheet == "Thang điểm" else ""))
                above = row.code or above
            yield row

    def each(self, sheet: str, build: Callable[[Row], _T | None]) -> tuple[_T, ...]:
        """A record of each row of which one can be built."""
        return tuple(built for row in self.rows(sheet) if (built := build(row)) is not None)

    def doubtful(self, criteria: tuple[Criterion, ...]) -> Iterator[str]:
        """The criteria that a code changed by Excel may have meant; one on the appendix only concerns leaves."""
        for sheet in _CRITERION_CODES:
            meant = [item for item in criteria if sheet != "Phụ lục" or not scoring(item.method).is_group]
            for cells in self._cells(sheet):
                stored = cells[SHEETS[sheet][0]].value
                if isinstance(stored, int | float | date):
                    yield from (item.code for item in meant if may_be(item.code, stored))

    def _cells(self, sheet: str) -> Iterator[Cells]:
        table = self.tables.get(sheet)
        headings = (*_HEADINGS[sheet], *OPTIONAL.get(sheet, ()))
        return table.filled(headings) if isinstance(table, Table) else iter(())

    def _code(self, sheet: str, cell: Cell, above: str) -> str:
        if cell.blank:
            self.told.append(finding("P121", cell.at, criterion=above or None, heading=_HEADINGS[sheet][0]))
        if not cell.readable or cell.is_text:
            return cell.text
        is_number = isinstance(cell.value, int | float)
        criterion = cell.text if sheet in _CRITERION_CODES and is_number else None
        self.told.append(finding("P108", cell.at, criterion=criterion, text=cell.text))
        return cell.text if is_number else ""


def _is_of_one(item: Finding) -> bool:
    """Whether an empty setting is one of an agency that is ranked."""
    return dict(item.context)["setting"] in CONTRACT["ranked_settings"]


def _headings(name: str, table: Table | Finding) -> Iterator[Finding]:
    if isinstance(table, Finding):
        yield table
        return
    at = CellRef(table.file, table.sheet.name, table.heading_rows[-1])
    for heading in _HEADINGS[name]:
        if heading not in table.columns:
            yield finding("P103", at, heading=heading)
    for heading, column in table.again:
        yield finding("P120", replace(at, column=column), heading=heading)


# --- one sheet each ---


def _settings(reader: _Reader) -> Settings:
    values: dict[str, Any] = {}
    names = {key(name): name for name in SETTINGS}
    places: dict[str, CellRef] = {}
    meant: set[str] = set()  # by a row whose name is not known: a setting without a row may well be filled in there
    for row in reader.rows("Cài đặt"):
        name = names.get(key(row.code), "")
        if not name and row.filled("Mục"):
            typed = key(row.code)
            begun = (like for like in names if typed.startswith(f"{like} ") or like.startswith(f"{typed} "))
            close = [names[like] for like in dict.fromkeys((*begun, *closest(typed, names)))][:3]
            meant.update((close or SETTINGS) if row["Giá trị"].readable else ())
            row.tell("P208", "Mục", text=row.code, suggestions="; ".join(close), known="; ".join(SETTINGS))
        elif not name:
            meant.update(SETTINGS)
        elif name in places:
            again = f"{places[name].address}; {row['Mục'].at.address}"
            row.tell("P109", "Mục", text=name, count="hai", rows=again, names="", dated="")
        else:
            places[name] = row["Mục"].at
            if row.is_none("Giá trị"):
                values[SETTINGS[name]] = None
            elif not row["Giá trị"].blank:
                values[SETTINGS[name]] = _setting(SETTINGS[name], row, name) if row["Giá trị"].readable else None
    table = reader.tables["Cài đặt"]
    if isinstance(table, Table) and "Giá trị" in table.columns:
        sheet = CellRef(table.file, table.sheet.name)
        for name, attribute in SETTINGS.items():
            is_lacking = attribute not in values and name not in _OPTIONAL
            if is_lacking and (name in places or name not in meant):
                at = replace(places[name], column=table.columns["Giá trị"]) if name in places else sheet
                reader.told.append(finding("P209", at, setting=name))
    return Settings(**{name: value for name, value in values.items() if value is not None})


def _named(settings: Settings, register: Register) -> Settings:
    """The unit that compiles the reports under its name in the plan, whichever of its names was typed."""
    code = register.unit(settings.compiling_unit)
    names = {unit.code: unit.name for unit in register.units}
    return replace(settings, compiling_unit=names[code]) if code in names else settings


def _setting(attribute: str, row: Row, name: str, under: str = "Giá trị") -> object:
    """The setting as its record has it; None where the cell ``under`` that heading holds no such value."""
    kind = {field.name: str(field.type) for field in fields(Settings)}[attribute].removesuffix(" | None")
    if attribute == "classes":
        return row.classes(under)
    if attribute == "criterion_places":
        return row.places(under, name)
    match kind:
        case "bool":
            return row.choice(under, _MISSING_EVIDENCE, name) == _MISSING_EVIDENCE[1]
        case "date":
            return row.day(under, name)
        case "Decimal":
            return row.number(under, name)
        case "int":
            value = row.number(under, name)
            if value is not None and (value != int(value) or not 0 <= value <= _LARGEST.get(attribute, _MOST_RANKED)):
                row.tell("P106", under, heading=name, text=row[under].text)
                return None
            return None if value is None else int(value)
    return row[under].text if kind == "str" else row[under].parts


def _unit(row: Row) -> Unit | None:
    if not row.code or not row.filled("Tên đơn vị"):
        return None
    must, no = "Phải báo cáo", key("không")
    mark = key(row[must].text)
    if mark not in {"", "x", key("có"), no}:
        row.tell("P119", must, text=row[must].text, choices="x; để trống")
    aliases, group = row["Tên khác"].parts, row["Nhóm"].text
    return Unit(row.code, row["Tên đơn vị"].text, aliases, group, mark not in {"", no}, row["Mã"].at)


def _period(row: Row) -> Period | None:
    for heading in ("Từ ngày", "Đến ngày"):
        row.filled(heading)
    start, end = row.day("Từ ngày"), row.day("Đến ngày")
    if not row.code or start is None or end is None:
        return None
    if end < start:
        row.tell("P127", "Đến ngày", start=date_vi(start), end=date_vi(end))
    return Period(row.code, row["Tên kỳ"].text or row.code, start, end, row.day("Hạn gửi"), row["Mã"].at)


def _appendix_row(register: Register, row: Row) -> AppendixRow | None:
    if not row.code:
        return None
    lead = "ĐƠN VỊ THỰC HIỆN"
    return AppendixRow(
        code=row.code,
        name=row["NỘI DUNG"].text,
        lead_text=row[lead].text,
        lead=row.units(lead, register),
        target=row["MỤC TIÊU/GIẢI PHÁP THỰC HIỆN"].text,
        cooperating_text=row[COOPERATING].text,
        cooperating=row.units(COOPERATING, register),
        at=row["TT"].at,
        lead_at=row[lead].at,
        target_at=row["MỤC TIÊU/GIẢI PHÁP THỰC HIỆN"].at,
        cooperating_at=row[COOPERATING].at,
    )


def _criterion(row: Row) -> Criterion | None:
    if not row.code:
        return None
    method = row.choice("Cách chấm", tuple(Method), code="P110") if row.filled("Cách chấm") else None
    figures, evidence = row["Số liệu"], row["Minh chứng"].text
    return Criterion(
        code=row.code,
        name=row["Tiêu chí"].text,
        max_score=row.number("Điểm tối đa"),
        method=Method(method) if method else None,
        figures=row.quotient("Số liệu", figures.text) if figures.readable else None,
        combine=row.choice("Gộp", COMBINE_UNITS) or "thấp nhất",
        evidence="" if key(evidence) == key("không") else evidence,
        not_applicable=row.choice("Không phát sinh", NOT_APPLICABLE_POLICIES) or "",
        previous_points=row.number("Điểm năm trước"),
        effective_from=row.day("Áp dụng từ"),
        reference=row["Căn cứ"].text,
        condition=row.condition("Điều kiện"),
        places=row.places("Làm tròn"),
        appraiser=row["Người thẩm định"].text,
        at=row["Mã"].at,
    )


def _conditions(criteria: tuple[Criterion, ...]) -> tuple[Criterion, ...]:
    """With the codes of their conditions as the criteria themselves write them."""
    codes = {tuple(map(str.casefold, parts(item.code))): item.code for item in criteria}

    def meant(condition: Condition) -> Condition:
        written = tuple(map(str.casefold, parts(condition.code)))
        return replace(condition, code=codes.get(written, condition.code))

    return tuple(replace(item, condition=meant(item.condition)) if item.condition else item for item in criteria)


def _band(placed: Collection[str], row: Row) -> Band | None:
    """``placed`` are the criteria marked by places: whole numbers, of which a row has the last one too."""
    given = row.outcome("Điểm") if row.code else None
    if given is None:
        return None
    return Band(
        code=row.code,
        low=row.number("Từ"),
        low_included=row.choice("Gồm từ", _YES_NO) != "không",
        high=row.number("Đến"),
        high_included=(row.choice("Gồm đến", _YES_NO) or ("có" if row.code in placed else "")) == "có",
        level=row["Mức"].text,
        outcome=given,
        at=row["Mã"].at,
    )


def _measure(register: Register, row: Row) -> Measure | None:
    if not row.filled("Mã"):
        return None
    if not row["Mã"].is_text or not FIGURE_CODE.fullmatch(row.code) or _CELL_ADDRESS.fullmatch(row.code):
        row.tell("P117", "Mã", text=row.code)
        return None
    return Measure(
        code=row.code,
        name=row["Tên số liệu"].text,
        unit_name=row["Đơn vị tính"].text,
        kind=Kind(row.choice("Kiểu", tuple(Kind), code="P111") or Kind.INTEGER),
        combine=row.choice("Gộp", COMBINE_FIGURES) or "tổng",
        criteria=row["Tiêu chí"].parts,
        units=row.units("Đơn vị nhập", register),
        at=row["Mã"].at,
        form_code=_form_code(row),
        counts=next((word for word in _COUNTED if word == row.choice("Tự đếm", _COUNTED)), ""),
        report_codes=_report_codes(row),
    )


def _counting(measures: tuple[Measure, ...]) -> tuple[Measure, ...]:
    """The figures with what they count from the register: where no row says so, by the codes that are kept for it."""
    if any(item.counts for item in measures):
        return measures
    kept = {code: counted for counted, code in CONTRACT["counted"].items()}
    return tuple(replace(item, counts=kept.get(item.code, "")) for item in measures)


def _form_code(row: Row) -> str:
    """The code on the units' form, as its cell prints it: 101 in a cell of the format 0000 is 0101."""
    cell = row["Mã trên biểu"]
    if isinstance(cell.value, date):
        row.tell("P108", "Mã trên biểu", text=cell.text)
        return ""
    return as_formatted(cell.value, cell.number_format) or cell.text


def _report_codes(row: Row) -> tuple[str, ...]:
    """The codes in a higher agency's annexes; 1,1 may have been typed as 1.10, which the annex tells apart."""
    cell = row["Mã chỉ tiêu báo cáo"]
    printed = as_formatted(cell.value, cell.number_format)
    if printed:
        return (printed,)
    if isinstance(cell.value, date) or (isinstance(cell.value, float) and not cell.value.is_integer()):
        row.tell("P108", "Mã chỉ tiêu báo cáo", text=cell.text)
        return ()
    return tuple(dict.fromkeys(cell.parts))


def _constraint(row: Row) -> Constraint | None:
    text = row["Biểu thức"].text
    sides = _OPERATOR.split(text)
    if len(sides) != 2:
        row.tell("P116", "Biểu thức", text=text or BLANK, why="giữa hai vế có đúng một dấu =, <= hoặc >=")
        return None
    severity = row.choice("Mức độ", tuple(SEVERITIES)) or "cảnh báo"
    left = row.quotient("Biểu thức", tidy(sides[0]))
    right = left and row.quotient("Biểu thức", tidy(sides[1]))
    if left is None or right is None:
        return None
    found = _OPERATOR.findall(text)[0].replace("≤", "<=").replace("≥", ">=")
    operator: Literal["=", "<=", ">="] = found
    at = replace(row["Mã"].at, column=row["Biểu thức"].at.column)  # of merged cells each row's own
    message = row["Thông báo"].text
    return Constraint(row.code, f"{left} {operator} {right}", left, operator, right, SEVERITIES[severity], message, at)
