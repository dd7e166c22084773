"""The plan workbook as records: bytes come in, a :class:`Plan` with the findings of its cells goes out.

Contract: design §3. The spreadsheet is the specification; nothing here knows a criterion or a unit by name.

The checks name the row by its code cell; here the finding moves to the cell under the heading that it is about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Literal, TypeVar

from cchc_xl.office.excel.tables import Cell, Cells, Headings, Table, find
from cchc_xl.plan.cells import FIGURE_CODE, choice, code, day, filled, may_be, number, outcome, quotient, units
from cchc_xl.plan.methods import scoring
from cchc_xl.plan.register import Register
from cchc_xl.records import (
    AppendixRow,
    Band,
    CellRef,
    Constraint,
    Criterion,
    ErrorValue,
    Finding,
    Kind,
    Measure,
    Method,
    Period,
    Plan,
    RawSheet,
    Settings,
    Uncalculated,
    Unit,
)
from cchc_xl.text.catalogue import Told, collected, finding
from cchc_xl.text.words import key, tidy


def folded(rows: Iterable[AppendixRow]) -> tuple[AppendixRow, ...]:
    """The appendix with one row per code cell: a code merged over several rows is one row with several targets."""
    whole: dict[CellRef, AppendixRow] = {}
    for row in rows:
        held = whole.setdefault(row.at, row)
        if held is not row:
            whole[row.at] = replace(
                held,
                lead_text=_joined(held.lead_text, row.lead_text),
                lead=tuple(dict.fromkeys(held.lead + row.lead)),
                target=_joined(held.target, row.target),
                cooperating_text=_joined(held.cooperating_text, row.cooperating_text),
                cooperating=tuple(dict.fromkeys(held.cooperating + row.cooperating)),
            )
    return tuple(whole.values())


def _joined(first: str, second: str) -> str:
    return "; ".join(dict.fromkeys(filter(None, (first, second))))


SHEETS: dict[str, tuple[str, ...]] = {
    "Cài đặt": ("Mục", "Giá trị", "Ghi chú"),
    "Đơn vị": ("Mã", "Tên đơn vị", "Tên khác", "Nhóm", "Phải báo cáo"),
    "Kỳ báo cáo": ("Mã", "Tên kỳ", "Từ ngày", "Đến ngày", "Hạn gửi"),
    "Phụ lục": ("TT", "NỘI DUNG", "ĐƠN VỊ THỰC HIỆN", "MỤC TIÊU/GIẢI PHÁP THỰC HIỆN", "PHỐI HỢP THỰC HIỆN"),
    "Bộ chỉ số": (
        *("Mã", "Tiêu chí", "Điểm tối đa", "Cách chấm", "Số liệu", "Gộp", "Minh chứng"),
        *("Không phát sinh", "Điểm năm trước", "Áp dụng từ", "Căn cứ"),
    ),
    "Thang điểm": ("Mã", "Từ", "Gồm từ", "Đến", "Gồm đến", "Mức", "Điểm", "Ghi chú"),
    "Số liệu": ("Mã", "Tên số liệu", "Đơn vị tính", "Kiểu", "Gộp", "Tiêu chí", "Đơn vị nhập"),
    "Ràng buộc": ("Mã", "Biểu thức", "Mức độ", "Thông báo"),
}
COMBINE_FIGURES = ("tổng", "trung bình", "lớn nhất", "nhỏ nhất", "một đơn vị")
COMBINE_UNITS = ("thấp nhất", "cao nhất", "trung bình")
NOT_APPLICABLE_POLICIES = ("loại", "điểm tối đa", "0 điểm")
_YES_NO = ("có", "không")
SEVERITIES: dict[str, Literal["error", "warning"]] = {"lỗi": "error", "cảnh báo": "warning"}
SETTINGS = {
    "Cơ quan chủ quản": "parent_agency",
    "Cơ quan ban hành": "agency",
    "Ký hiệu": "symbol",
    "Địa danh": "place",
    "Năm": "year",
    "Số kế hoạch": "plan_number",
    "Ngày kế hoạch": "plan_date",
    "Chỉ số năm trước (%)": "previous_index",
    "Xếp hạng năm trước": "previous_rank",
    "Số đơn vị xếp hạng": "ranked_units",
    "Chỉ số mục tiêu (%)": "target_index",
    "Quyền hạn ký": "signing_authority",
    "Chức vụ ký": "signing_title",
    "Người ký": "signer",
    "Nơi nhận": "recipients",
    "Số chữ số thập phân": "places",
    "Thiếu minh chứng": "zero_without_evidence",
}
_NOT_SCORED = frozenset(  # what an unreadable cell under these headings takes away is not a score
    (
        *("Ghi chú", "Căn cứ", "Điểm năm trước", "Tiêu chí", "Tên số liệu", "Đơn vị tính"),
        *("NỘI DUNG", "MỤC TIÊU/GIẢI PHÁP THỰC HIỆN", "PHỐI HỢP THỰC HIỆN"),
    )
)
_CELL_ADDRESS = re.compile(r"[A-Za-z]{1,3}[0-9]{1,7}")
_OPERATOR = re.compile(r"<=|>=|=|≤|≥")
_CRITERION_CODES = ("Phụ lục", "Bộ chỉ số", "Thang điểm")
_CODED = frozenset({*_CRITERION_CODES, "Đơn vị", "Kỳ báo cáo"})
_CONCERN_CRITERIA = frozenset({*_CRITERION_CODES, "Số liệu"})
_T = TypeVar("_T")


Tables = Mapping[str, Table | Finding]
Columns = Mapping[tuple[str, str], int]


def read_tables(sheets: Iterable[RawSheet], file: str) -> dict[str, Table | Finding]:
    """The sheets of a plan as tables, by their names in the contract; a finding for one that is not there."""
    return {name: _table(tuple(sheets), file, name) for name in SHEETS}


def _table(sheets: tuple[RawSheet, ...], file: str, name: str) -> Table | Finding:
    sheet = next((sheet for sheet in sheets if key(sheet.name) == key(name)), None)
    if sheet is None:
        return finding("P101", CellRef(file), sheet=name, sheets="; ".join(sheet.name for sheet in sheets))
    headings = SHEETS[name]
    return find(sheet, file, name, Headings(headings)) or finding(
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
    plan, findings = collected(_plan(tables, file, sha256))
    return replace(plan, findings=findings, unsound=frozenset(_doubtful(tables, plan.criteria)))


def _plan(tables: Tables, file: str, sha256: str) -> Told[Plan]:
    for name, table in tables.items():
        yield from _headings(name, table)
    own = yield from _each(tables, "Đơn vị", _unit)
    register = Register(own)
    criteria = yield from _each(tables, "Bộ chỉ số", _criterion)
    return Plan(
        file=file,
        sha256=sha256,
        settings=(yield from _settings(tables)),
        units=own,
        periods=(yield from _each(tables, "Kỳ báo cáo", _period)),
        appendix=folded((yield from _each(tables, "Phụ lục", lambda row, own: _appendix_row(row, own, register)))),
        criteria=criteria,
        bands=(yield from _each(tables, "Thang điểm", _band)),
        measures=(yield from _each(tables, "Số liệu", lambda row, own: _measure(row, own, register))),
        constraints=(yield from _each(tables, "Ràng buộc", _constraint)),
    )


def _headings(name: str, table: Table | Finding) -> Iterator[Finding]:
    if isinstance(table, Finding):
        yield table
        return
    at = CellRef(table.file, table.sheet.name, table.heading_rows[-1])
    for heading in SHEETS[name]:
        if heading not in table.columns:
            yield finding("P103", at, heading=heading)
    for heading, column in table.again:
        yield finding("P120", replace(at, column=column), heading=heading)


def _rows(tables: Tables, sheet: str) -> Iterator[Cells]:
    table = tables[sheet]
    return table.filled(SHEETS[sheet]) if isinstance(table, Table) else iter(())


def _each(tables: Tables, sheet: str, build: Callable[[Cells, str], Told[_T | None]]) -> Told[tuple[_T, ...]]:
    """A record of each row, built from its cells and its code ('' where that cannot be told)."""
    first, built = SHEETS[sheet][0], []
    above: str | None = None
    for row in _rows(tables, sheet):
        yield from _unreadable(sheet, row)
        own = row[first].text
        if sheet in _CODED:
            concerned = above if sheet == "Thang điểm" else None  # a band without a code is one of the criterion above
            own = yield from code(row[first], first, of_criterion=sheet in _CRITERION_CODES, above=concerned)
            above = own or above
        built.append((yield from build(row, own)))
    return tuple(item for item in built if item is not None)


def _unreadable(sheet: str, row: Cells) -> Iterator[Finding]:
    """The unreadable cells of a row, as findings of the criterion or figure that they leave unknown."""
    own = row[SHEETS[sheet][0]].text
    concerned = {"Số liệu": f"@{own}"}.get(sheet, own) if sheet in _CONCERN_CRITERIA and own else None
    for heading, cell in row.items():
        criterion = None if heading in _NOT_SCORED else concerned
        match cell.value:
            case ErrorValue(text):
                yield finding("P104", cell.at, criterion=criterion, text=text)
            case Uncalculated(formula):
                yield finding("P105", cell.at, criterion=criterion, formula=formula)


def _doubtful(tables: Tables, criteria: tuple[Criterion, ...]) -> Iterator[str]:
    """The criteria that a code changed by Excel may have meant; one on the appendix only concerns leaves."""
    for sheet in _CRITERION_CODES:
        for row in _rows(tables, sheet):
            stored = row[SHEETS[sheet][0]].value
            if isinstance(stored, int | float | date):
                of_leaves = sheet == "Phụ lục"
                yield from (
                    item.code
                    for item in criteria
                    if may_be(item.code, stored) and not (of_leaves and scoring(item.method).is_group)
                )


# --- one sheet each ---


def _settings(tables: Tables) -> Told[Settings]:
    values: dict[str, object] = {}
    names = {key(name): (name, attribute) for name, attribute in SETTINGS.items()}
    table = tables["Cài đặt"]
    for row in _rows(tables, "Cài đặt"):
        yield from _unreadable("Cài đặt", row)
        cell = row["Giá trị"]
        known = names.get(key(row["Mục"].text))
        if known is None:
            yield finding("P208", row["Mục"].at, text=row["Mục"].text, known="; ".join(SETTINGS))
        elif known[1] in values:
            yield finding("P109", row["Mục"].at, text=known[0])
        elif not cell.blank:
            values[known[1]] = yield from _setting(known[1], cell, known[0])
    for name, attribute in SETTINGS.items():
        if attribute not in values and isinstance(table, Table):
            yield finding("P209", CellRef(table.file, table.sheet.name), setting=name)
    return replace(Settings(), **{name: value for name, value in values.items() if value is not None})  # type: ignore[arg-type]


def _setting(attribute: str, cell: Cell, heading: str) -> Told[object]:
    """The setting as its record has it; None where the cell holds no such value."""
    kind = {field.name: str(field.type) for field in fields(Settings)}[attribute]
    if not cell.readable:
        return None
    if attribute == "zero_without_evidence":
        return (yield from choice(cell, heading, ("cảnh báo", "0 điểm"))) == "0 điểm"
    if kind.startswith("tuple"):
        return cell.parts
    if kind.startswith("date"):
        return (yield from day(cell, heading))
    if not kind.startswith(("Decimal", "int")):
        return cell.text
    value = yield from number(cell, heading)
    if value is None or kind.startswith("Decimal"):
        return value
    if value != int(value) or value < 0 or (attribute == "places" and value > 6):
        yield finding("P106", cell.at, heading=heading, text=cell.text)
        return None
    return int(value)


def _unit(row: Cells, own: str) -> Told[Unit | None]:
    if not own or not (yield from filled(row["Tên đơn vị"], "Tên đơn vị")):
        return None
    mark = key(row["Phải báo cáo"].text)
    if mark not in ("", "x", key("có"), key("không")):
        yield finding("P119", row["Phải báo cáo"].at, text=row["Phải báo cáo"].text, choices="x; để trống")
    reports = mark not in ("", key("không"))
    return Unit(own, row["Tên đơn vị"].text, row["Tên khác"].parts, row["Nhóm"].text, reports, row["Mã"].at)


def _period(row: Cells, own: str) -> Told[Period | None]:
    for heading in ("Từ ngày", "Đến ngày"):
        yield from filled(row[heading], heading)
    start = yield from day(row["Từ ngày"], "Từ ngày")
    end = yield from day(row["Đến ngày"], "Đến ngày")
    if not own or start is None or end is None:
        return None
    if end < start:
        yield finding("P127", row["Đến ngày"].at, start=f"{start:%d/%m/%Y}", end=f"{end:%d/%m/%Y}")
    due = yield from day(row["Hạn gửi"], "Hạn gửi")
    return Period(own, row["Tên kỳ"].text or own, start, end, due, row["Mã"].at)


def _appendix_row(row: Cells, own: str, register: Register) -> Told[AppendixRow | None]:
    if not own:
        return None
    lead = yield from units(row["ĐƠN VỊ THỰC HIỆN"], register, own)
    cooperating = yield from units(row["PHỐI HỢP THỰC HIỆN"], register, None)
    return AppendixRow(
        code=own,
        name=row["NỘI DUNG"].text,
        lead_text=row["ĐƠN VỊ THỰC HIỆN"].text,
        lead=lead,
        target=row["MỤC TIÊU/GIẢI PHÁP THỰC HIỆN"].text,
        cooperating_text=row["PHỐI HỢP THỰC HIỆN"].text,
        cooperating=cooperating,
        at=row["TT"].at,
    )


def _criterion(row: Cells, own: str) -> Told[Criterion | None]:
    if not own:
        return None
    method = yield from choice(row["Cách chấm"], "Cách chấm", tuple(Method), code="P110", criterion=own)
    figures = None
    if row["Số liệu"].readable:
        figures = yield from quotient(row["Số liệu"].text, row["Số liệu"].at, criterion=own)
    evidence = row["Minh chứng"].text
    away, policies = "Không phát sinh", NOT_APPLICABLE_POLICIES
    return Criterion(
        code=own,
        name=row["Tiêu chí"].text,
        max_score=(yield from number(row["Điểm tối đa"], "Điểm tối đa", own)),
        method=Method(method) if method else None,
        figures=figures,
        combine=(yield from choice(row["Gộp"], "Gộp", COMBINE_UNITS, criterion=own)) or "thấp nhất",
        evidence="" if key(evidence) == key("không") else evidence,
        not_applicable=(yield from choice(row[away], away, policies, criterion=own)) or "",
        previous_points=(yield from number(row["Điểm năm trước"], "Điểm năm trước")),
        effective_from=(yield from day(row["Áp dụng từ"], "Áp dụng từ", own)),
        reference=row["Căn cứ"].text,
        at=row["Mã"].at,
    )


def _band(row: Cells, own: str) -> Told[Band | None]:
    given = (yield from outcome(row["Điểm"], own)) if own else None
    if given is None:
        return None
    return Band(
        code=own,
        low=(yield from number(row["Từ"], "Từ", own)),
        low_included=(yield from choice(row["Gồm từ"], "Gồm từ", _YES_NO, criterion=own)) != "không",
        high=(yield from number(row["Đến"], "Đến", own)),
        high_included=(yield from choice(row["Gồm đến"], "Gồm đến", _YES_NO, criterion=own)) == "có",
        level=row["Mức"].text,
        outcome=given,
        note=row["Ghi chú"].text,
        at=row["Mã"].at,
    )


def _measure(row: Cells, own: str, register: Register) -> Told[Measure | None]:
    if not row["Mã"].is_text or not FIGURE_CODE.fullmatch(own) or _CELL_ADDRESS.fullmatch(own):
        yield finding("P117", row["Mã"].at, text=own)
        return None
    kind = yield from choice(row["Kiểu"], "Kiểu", tuple(Kind), code="P111", criterion=f"@{own}")
    entering = yield from units(row["Đơn vị nhập"], register, f"@{own}")
    return Measure(
        code=own,
        name=row["Tên số liệu"].text,
        unit_name=row["Đơn vị tính"].text,
        kind=Kind(kind or Kind.INTEGER),
        combine=(yield from choice(row["Gộp"], "Gộp", COMBINE_FIGURES, criterion=f"@{own}")) or "tổng",
        criteria=row["Tiêu chí"].parts,
        units=entering,
        at=row["Mã"].at,
    )


def _constraint(row: Cells, own: str) -> Told[Constraint | None]:
    cell = row["Biểu thức"]
    sides = _OPERATOR.split(cell.text)
    if len(sides) != 2:
        yield finding("P116", cell.at, text=cell.text)
        return None
    left = yield from quotient(tidy(sides[0]), cell.at)
    right = yield from quotient(tidy(sides[1]), cell.at)
    severity = (yield from choice(row["Mức độ"], "Mức độ", tuple(SEVERITIES))) or "cảnh báo"
    if left is None or right is None:
        return None
    found = _OPERATOR.findall(cell.text)[0].replace("≤", "<=").replace("≥", ">=")
    operator: Literal["=", "<=", ">="] = found
    at = replace(row["Mã"].at, column=cell.at.column)
    told = row["Thông báo"].text
    return Constraint(own, cell.text, left, operator, right, SEVERITIES[severity], told, at)


_UNREADABLE = frozenset({"P104", "P105"})
_HEADING = {
    **dict.fromkeys(("P109", "P128", "P219"), "Mức"),
    **dict.fromkeys(("P112", "P217"), "Số liệu"),
    **dict.fromkeys(("P114", "P126", "P201"), "Từ"),
    "P115": "Điểm",
    **dict.fromkeys(("P122", "P123"), "Cách chấm"),
    **dict.fromkeys(("P133", "P202", "P218"), "Điểm tối đa"),
    **dict.fromkeys(("P130", "P207", "P210"), "Tiêu chí"),
    "P203": "Đơn vị nhập",
    "P216": "Gộp",
}


def told(found: Iterable[Finding], columns: Columns) -> tuple[Finding, ...]:
    """Each problem of a cell once, also of one merged over many rows; an unreadable cell has no other problem.

    Of the cells of a missing column nothing is said but that. ``columns`` are the columns by sheet and heading. A
    criterion that only marks a figure (``@NV_TRE``) is dropped.
    """
    placed = [replace(item, at=_place(item, columns)) for item in found if not _in_missing_column(item, columns)]
    unreadable = {item.at for item in placed if item.code in _UNREADABLE}
    once: dict[tuple[object, ...], Finding] = {}
    for item in placed:
        if item.at not in unreadable or item.code in _UNREADABLE:
            of_figure = (item.criterion or "").startswith("@")
            once.setdefault((item.code, item.at, item.context), replace(item, criterion=None) if of_figure else item)
    return tuple(once.values())


def _in_missing_column(item: Finding, columns: Columns) -> bool:
    if item.at is None or not item.at.row or item.code == "P103":
        return False
    return not item.at.column or (item.code == "P121" and (item.at.sheet, dict(item.context)["heading"]) not in columns)


def _place(item: Finding, columns: Columns) -> CellRef | None:
    context = dict(item.context)
    heading = _HEADING.get(item.code, "")
    if item.code == "P121":
        heading = context["heading"]
    elif item.code == "P214":
        heading = "Mức" if context["method"] == "bậc" else "Từ"
    elif item.code == "P215":
        heading = "Từ" if context["side"] == "dưới" else "Đến"
    if item.at is None or not item.at.row or (item.at.sheet, heading) not in columns:
        return item.at
    return replace(item.at, column=columns[item.at.sheet, heading])
