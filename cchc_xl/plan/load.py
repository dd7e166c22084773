"""The plan workbook as records: bytes come in, a :class:`Plan` with the findings of its cells goes out.

Contract: design §3. The spreadsheet is the specification; nothing here knows a criterion or a unit by name.

The checks name the row by its code cell; here the finding moves to the cell under the heading that it is about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Literal, TypeVar

from cchc_xl.office.excel.tables import Cell, Row, Table, open_workbook, read_table
from cchc_xl.plan.cells import FIGURE_CODE, CellReader, may_be
from cchc_xl.plan.methods import scoring
from cchc_xl.plan.register import Register
from cchc_xl.records import (
    AppendixRow,
    Band,
    CellRef,
    Constraint,
    Criterion,
    Finding,
    Kind,
    Measure,
    Method,
    Period,
    Plan,
    Settings,
    Unit,
)
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
_APPENDIX_CODE = "TT"
_NOT_SCORED = frozenset(  # what an unreadable cell under these headings takes away is not a score
    (
        *("Ghi chú", "Căn cứ", "Điểm năm trước", "Tiêu chí", "Tên số liệu", "Đơn vị tính"),
        *("NỘI DUNG", "MỤC TIÊU/GIẢI PHÁP THỰC HIỆN", "PHỐI HỢP THỰC HIỆN"),
    )
)
_CELL_ADDRESS = re.compile(r"[A-Za-z]{1,3}[0-9]{1,7}")
_OPERATOR = re.compile(r"<=|>=|=|≤|≥")
_CONCERN_CRITERIA = frozenset({"Phụ lục", "Bộ chỉ số", "Thang điểm", "Số liệu"})
_T = TypeVar("_T")


def read_tables(data: bytes, file: str) -> dict[str, Table | Finding]:
    """The sheets of a plan workbook as tables, by name; a finding for one that is not there."""
    typed, calculated = open_workbook(data)
    return {name: read_table(typed, calculated, file, name, headings) for name, headings in SHEETS.items()}


class PlanReader(CellReader):
    """Turns the tables of one plan workbook into records and keeps the findings met on the way."""

    def __init__(self, tables: Mapping[str, Table | Finding], file: str) -> None:
        super().__init__()
        self.file = file
        self._code_above: str | None = None
        self._tables: dict[str, Table] = {}
        self.columns: dict[tuple[str, str], int] = {}
        for name, table in tables.items():
            if isinstance(table, Finding):
                self.findings.append(table)
            else:
                self._tables[name] = table
                self.columns |= {(table.sheet, heading): column for heading, column in table.columns.items()}
                self.findings.extend(table.findings)

    def plan(self, sha256: str) -> Plan:
        """The whole plan, before the checks that look across sheets."""
        units = self._each("Đơn vị", self._unit)
        register = Register(units)
        criteria = self._each("Bộ chỉ số", self._criterion)
        plan = Plan(
            file=self.file,
            sha256=sha256,
            settings=self._settings(),
            units=units,
            periods=self._each("Kỳ báo cáo", self._period),
            appendix=folded(self._each("Phụ lục", lambda row: self._appendix_row(row, register))),
            criteria=criteria,
            bands=self._each("Thang điểm", self._band),
            measures=self._each("Số liệu", lambda row: self._measure(row, register)),
            constraints=self._each("Ràng buộc", self._constraint),
        )
        return replace(plan, findings=tuple(self.findings), unsound=frozenset(self._doubtful(criteria)))

    def _each(self, sheet: str, build: Callable[[Row], _T | None]) -> tuple[_T, ...]:
        table = self._tables.get(sheet)
        built = []
        for row in table.rows if table else ():
            self._keep_problems(sheet, row)
            built.append(build(row))
        return tuple(item for item in built if item is not None)

    def _keep_problems(self, sheet: str, row: Row) -> None:
        """The unreadable cells of a row, as findings of the criterion or figure that they leave unknown."""
        code = row[SHEETS[sheet][0]].text
        concerned = {"Số liệu": f"@{code}"}.get(sheet, code) if sheet in _CONCERN_CRITERIA and code else None
        for heading, cell in row.items():
            if cell.problem:
                criterion = None if heading in _NOT_SCORED else concerned
                self.findings.append(replace(cell.problem, criterion=criterion))

    def _doubtful(self, criteria: tuple[Criterion, ...]) -> Iterator[str]:
        """The criteria that a code changed by Excel may have meant; one on the appendix only concerns leaves."""
        for item in criteria:
            for heading, stored in self.changed_codes:
                of_group = heading == _APPENDIX_CODE and scoring(item.method).is_group
                if may_be(item.code, stored) and not of_group:
                    yield item.code

    # --- one sheet each ---

    def _settings(self) -> Settings:
        values: dict[str, object] = {}
        names = {key(name): (name, attribute) for name, attribute in SETTINGS.items()}
        table = self._tables.get("Cài đặt")
        for row in table.rows if table else ():
            known = names.get(key(row["Mục"].text))
            if known is None:
                self.add("P208", row["Mục"].at, text=row["Mục"].text, known="; ".join(SETTINGS))
            elif known[1] in values:
                self.add("P109", row["Mục"].at, text=known[0])
            elif not row["Giá trị"].blank:
                value = self._setting(known[1], row["Giá trị"], known[0])
                if value is not None:
                    values[known[1]] = value
        for name, attribute in SETTINGS.items():
            if attribute not in values and table:
                self.add("P209", CellRef(self.file, table.sheet), setting=name)
        return replace(Settings(), **values)  # type: ignore[arg-type]

    def _setting(self, attribute: str, cell: Cell, heading: str) -> object:
        kind = {field.name: str(field.type) for field in fields(Settings)}[attribute]
        if attribute == "zero_without_evidence":
            choice = self.choice(cell, heading, ("cảnh báo", "0 điểm"), "cảnh báo")
            return choice == "0 điểm"
        if kind.startswith("tuple"):
            return cell.parts
        if kind.startswith("date"):
            return self.day(cell, heading)
        if kind.startswith("Decimal"):
            return self.number(cell, heading)
        if kind.startswith("int"):
            number = self.number(cell, heading)
            if number is not None and (number != int(number) or number < 0 or (attribute == "places" and number > 6)):
                self.add("P106", cell.at, heading=heading, text=cell.text)
                return None
            return None if number is None else int(number)
        return cell.text

    def _unit(self, row: Row) -> Unit | None:
        code = self.code(row["Mã"])
        if not code or not self.filled(row["Tên đơn vị"], "Tên đơn vị"):
            return None
        mark = key(row["Phải báo cáo"].text)
        if mark not in ("", "x", key("có"), key("không")):
            self.add("P119", row["Phải báo cáo"].at, text=row["Phải báo cáo"].text, choices="x; để trống")
        reports = mark not in ("", key("không"))
        return Unit(code, row["Tên đơn vị"].text, row["Tên khác"].parts, row["Nhóm"].text, reports, row["Mã"].at)

    def _period(self, row: Row) -> Period | None:
        code = self.code(row["Mã"])
        start, end = self.day(row["Từ ngày"], "Từ ngày"), self.day(row["Đến ngày"], "Đến ngày")
        if not code or start is None or end is None:
            return None
        if end < start:
            self.add("P127", row["Đến ngày"].at, start=f"{start:%d/%m/%Y}", end=f"{end:%d/%m/%Y}")
        due = None if row["Hạn gửi"].blank else self.day(row["Hạn gửi"], "Hạn gửi")
        return Period(code, row["Tên kỳ"].text or code, start, end, due, row["Mã"].at)

    def _appendix_row(self, row: Row, register: Register) -> AppendixRow | None:
        code = self.code(row[_APPENDIX_CODE], _APPENDIX_CODE, of_criterion=True)
        if not code:
            return None
        lead_cell, cooperating_cell = row["ĐƠN VỊ THỰC HIỆN"], row["PHỐI HỢP THỰC HIỆN"]
        lead = self.units(lead_cell, register, code)
        cooperating = self.units(cooperating_cell, register, None)
        target = row["MỤC TIÊU/GIẢI PHÁP THỰC HIỆN"].text
        name, at = row["NỘI DUNG"].text, row["TT"].at
        return AppendixRow(code, name, lead_cell.text, lead, target, cooperating_cell.text, cooperating, at)

    def _criterion(self, row: Row) -> Criterion | None:
        code = self.code(row["Mã"], of_criterion=True)
        if not code:
            return None
        method = self.choice(row["Cách chấm"], "Cách chấm", tuple(Method), None, code="P110", criterion=code)
        figures = None
        if not row["Số liệu"].blank:
            figures = self.quotient(row["Số liệu"].text, row["Số liệu"].at, criterion=code)
        evidence = row["Minh chứng"].text
        return Criterion(
            code=code,
            name=row["Tiêu chí"].text,
            max_score=self.optional_number(row["Điểm tối đa"], "Điểm tối đa", code),
            method=Method(method) if method else None,
            figures=figures,
            combine=self.choice(row["Gộp"], "Gộp", COMBINE_UNITS, "thấp nhất", criterion=code) or "",
            evidence="" if key(evidence) == key("không") else evidence,
            not_applicable=self.choice(
                row["Không phát sinh"], "Không phát sinh", NOT_APPLICABLE_POLICIES, "", criterion=code
            )
            or "",
            previous_points=self.optional_number(row["Điểm năm trước"], "Điểm năm trước"),
            effective_from=None if row["Áp dụng từ"].blank else self.day(row["Áp dụng từ"], "Áp dụng từ", code),
            reference=row["Căn cứ"].text,
            at=row["Mã"].at,
        )

    def _band(self, row: Row) -> Band | None:
        code = self.code(row["Mã"], of_criterion=True, above=self._code_above)
        self._code_above = code or self._code_above
        outcome = self.outcome(row["Điểm"], code) if code else None
        if not code or outcome is None:
            return None
        return Band(
            code=code,
            low=self.optional_number(row["Từ"], "Từ", code),
            low_included=self.yes(row["Gồm từ"], "Gồm từ", code, default=True),
            high=self.optional_number(row["Đến"], "Đến", code),
            high_included=self.yes(row["Gồm đến"], "Gồm đến", code, default=False),
            level=row["Mức"].text,
            outcome=outcome,
            note=row["Ghi chú"].text,
            at=row["Mã"].at,
        )

    def _measure(self, row: Row, register: Register) -> Measure | None:
        code = row["Mã"].text
        if not row["Mã"].is_text or not FIGURE_CODE.fullmatch(code) or _CELL_ADDRESS.fullmatch(code):
            self.add("P117", row["Mã"].at, text=code)
            return None
        kind = self.choice(row["Kiểu"], "Kiểu", tuple(Kind), Kind.INTEGER, code="P111", criterion=f"@{code}")
        units = self.units(row["Đơn vị nhập"], register, f"@{code}")
        combine = self.choice(row["Gộp"], "Gộp", COMBINE_FIGURES, "tổng", criterion=f"@{code}") or "tổng"
        criteria = row["Tiêu chí"].parts
        name, unit_name, at = row["Tên số liệu"].text, row["Đơn vị tính"].text, row["Mã"].at
        return Measure(code, name, unit_name, Kind(kind or Kind.INTEGER), combine, criteria, units, at)

    def _constraint(self, row: Row) -> Constraint | None:
        cell = row["Biểu thức"]
        sides = _OPERATOR.split(cell.text)
        if len(sides) != 2:
            self.add("P116", cell.at, text=cell.text)
            return None
        left, right = (self.quotient(tidy(side), cell.at) for side in sides)
        severity = self.choice(row["Mức độ"], "Mức độ", tuple(SEVERITIES), "cảnh báo") or "cảnh báo"
        if left is None or right is None:
            return None
        found = _OPERATOR.findall(cell.text)[0].replace("≤", "<=").replace("≥", ">=")
        operator: Literal["=", "<=", ">="] = found
        at = replace(row["Mã"].at, column=cell.at.column)
        code = row["Mã"].text
        return Constraint(code, cell.text, left, operator, right, SEVERITIES[severity], row["Thông báo"].text, at)


Columns = Mapping[tuple[str, str], int]

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

    ``columns`` are the columns by sheet and heading. A criterion that only marks a figure (``@NV_TRE``) is dropped.
    """
    placed = [replace(item, at=_place(item, columns)) for item in found]
    unreadable = {item.at for item in placed if item.code in _UNREADABLE}
    once: dict[tuple[object, ...], Finding] = {}
    for item in placed:
        if item.at not in unreadable or item.code in _UNREADABLE:
            of_figure = (item.criterion or "").startswith("@")
            once.setdefault((item.code, item.at, item.context), replace(item, criterion=None) if of_figure else item)
    return tuple(once.values())


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
