"""Every rule row of the template, damaged one cell at a time: a finding on the right row, or a valid rule sheet, listed.

A mutant is *found* if the plan gives a finding it did not give before, on the mutated row, on a row of the same code, or
on its parent's row. Otherwise it must be of a kind that is a valid rule sheet by itself (``VALID``, with the reason).
The table of counts is printed by the test run (``pytest -s`` or on failure). Every mutant is judged on the tables read
from the workbook in memory; a sample, the same in every run, is saved and read as a file too and must say the same.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from openpyxl import Workbook, load_workbook

from cchc_xl.office.excel.extent import Calculation
from cchc_xl.office.excel.readers import _openpyxl_sheet
from cchc_xl.office.excel.tables import Table
from cchc_xl.plan import load_plan
from cchc_xl.plan.checks import diagnosed
from cchc_xl.plan.edition import parts
from cchc_xl.plan.load import SHEETS, _table, columns, read_plan
from cchc_xl.records import Finding
from tests.conftest import ROOT, WHOLE

SAVED = 100 if WHOLE else 20  # mutants that are read as files too; the gate judges every seventh mutant
HEAD = 2  # the template's heading row
CRITERIA, BANDS = "Bộ chỉ số", "Thang điểm"
GROUPS = {"tổng", "tất cả", "bất kỳ", "cao nhất", "thấp nhất", "điểm cộng"}

# Kinds of mutant that are valid rule sheets by themselves: nothing in the workbook contradicts them.
VALID = {
    "name of a row without counterpart": "a level-3 name stands only in “Bộ chỉ số”",
    "number as text": "a number typed as text is read as the same number",
    "level renamed": "a level's name is free; a workbook filled in with the old name gets D112",
    "level deleted": "the remaining levels still reach the maximum; a workbook with the old level gets D112",
    "points within the maximum": "points of a lower band are the rule-maker's own choice",
    "parameter with a default deleted": "“sàn”, “trần”, “bước”, “nhỏ nhất”, “lớn nhất”, “chỉ tiêu” are optional",
    "parameter within the maximum": "the value of a parameter is the rule-maker's own choice",
    "closed end at 100% deleted": "a share above 100% then has no band: S102 when it occurs",
    "bonus maximum": "a bonus group's own maximum may be lower than its children's",
    "maximum of a child that does not sum": "children of tất cả, bất kỳ, cao nhất, thấp nhất do not sum to the group's",
}


@dataclass(frozen=True)
class Mutant:
    kind: str
    sheet: str
    row: int
    column: str
    value: Any
    delete: bool = False


@cache
def base() -> Workbook:
    """The template's cells, merges and number formats without its looks: loads ten times faster."""
    source = load_workbook(ROOT / "templates" / "plan_template.xlsx")
    book = Workbook()
    book.remove(book.active)
    for old in source.worksheets:
        sheet = book.create_sheet(old.title)
        for row in old.iter_rows():
            for cell in row:
                if cell.value is not None:
                    made = sheet.cell(cell.row, cell.column, cell.value)
                    made.data_type, made.number_format = cell.data_type, cell.number_format
        for area in old.merged_cells.ranges:
            sheet.merge_cells(str(area))
    return book


@cache
def rows(name: str) -> list[tuple[int, dict[str, Any]]]:
    """The rows of a sheet that no mutant has changed yet."""
    sheet = base()[name]
    headings = [cell.value for cell in sheet[HEAD]]
    return [
        (number, dict(zip(headings, values, strict=False)))
        for number, values in enumerate(sheet.iter_rows(min_row=HEAD + 1, values_only=True), start=HEAD + 1)
        if values[0]
    ]


def changed_letter(text: str) -> str:
    return text[:-1] + ("q" if text[-1] != "q" else "x")


def next_code(code: str) -> str:
    return code[:-1] + str((int(code[-1]) + 1) % 10)


def mutants() -> Iterator[Mutant]:
    for number, row in rows(CRITERIA):
        yield Mutant("code letter", CRITERIA, number, "Mã", changed_letter(row["Mã"]))
        yield Mutant("code digit", CRITERIA, number, "Mã", next_code(row["Mã"]))
        yield Mutant("code as number", CRITERIA, number, "Mã", float(".".join(parts(row["Mã"])[:2])))
        yield Mutant("name letter", CRITERIA, number, "Tiêu chí", changed_letter(row["Tiêu chí"]))
        yield Mutant("method letter", CRITERIA, number, "Cách chấm", changed_letter(row["Cách chấm"]))
        if row["Số liệu"]:
            yield Mutant("expression letter", CRITERIA, number, "Số liệu", changed_letter(row["Số liệu"]))
        yield Mutant("maximum as text", CRITERIA, number, "Điểm tối đa", str(row["Điểm tối đa"]).replace(".", ","))
        for kind, value in (("maximum up", row["Điểm tối đa"] + 1), ("maximum down", row["Điểm tối đa"] / 2)):
            yield Mutant(kind, CRITERIA, number, "Điểm tối đa", value)
        yield Mutant("maximum no number", CRITERIA, number, "Điểm tối đa", "nhiều")
    for number, row in rows(BANDS):
        yield Mutant("band deleted", BANDS, number, "", None, delete=True)
        yield Mutant("band code letter", BANDS, number, "Mã", changed_letter(row["Mã"]))
        yield Mutant("band code digit", BANDS, number, "Mã", next_code(row["Mã"]))
        for bound in ("Từ", "Đến"):
            if row[bound] is not None:
                for kind, shift in (("band shifted up", 1), ("band shifted down", -1)):
                    yield Mutant(kind, BANDS, number, bound, row[bound] + shift)
                yield Mutant("bound as text", BANDS, number, bound, str(row[bound]))
                yield Mutant("bound no number", BANDS, number, bound, "cao")
        if row["Mức"]:
            yield Mutant("level letter", BANDS, number, "Mức", changed_letter(row["Mức"]))
        if isinstance(row["Điểm"], int | float):
            yield Mutant("points as text", BANDS, number, "Điểm", str(row["Điểm"]).replace(".", ","))
            yield Mutant("points above", BANDS, number, "Điểm", 99)
            yield Mutant("points half", BANDS, number, "Điểm", row["Điểm"] / 2)
        else:
            yield Mutant("points letter", BANDS, number, "Điểm", changed_letter(str(row["Điểm"])))


Told = Counter[tuple[str, str, int, str]]


def counted(findings: Iterable[Finding]) -> Told:
    return Counter(
        (item.code, item.at.sheet if item.at else "", item.at.row if item.at else 0, str(item.context))
        for item in findings
    )


def table(name: str) -> Table | Finding:
    return _table(
        (_openpyxl_sheet(base()[name], base()[name], Calculation(on_load=False, stale=False)),), "plan.xlsx", name
    )


def told(tables: dict[str, Table | Finding]) -> Told:
    """What the plan of these tables says."""
    return counted(diagnosed(read_plan(tables, "plan.xlsx", ""), columns(tables)).findings)


def told_of_file() -> Told:
    """What the plan says of the workbook as it stands, saved and read as a file."""
    with TemporaryDirectory() as folder:
        base().save(Path(folder) / "plan.xlsx")
        return counted(load_plan(Path(folder) / "plan.xlsx").findings)


def apply(mutant: Mutant) -> tuple[Any, ...]:
    """Changes the base workbook; returns what undoes it."""
    sheet = base()[mutant.sheet]
    if mutant.delete:
        cells = [(cell, cell.value, cell.data_type, copy(cell.number_format)) for cell in sheet[mutant.row]]
        for cell, *_ in cells:
            cell.value = None
        return (cells,)
    cell = next(sheet.cell(mutant.row, head.column) for head in sheet[HEAD] if head.value == mutant.column)
    before = [(cell, cell.value, cell.data_type, copy(cell.number_format))]
    cell.value = mutant.value
    if isinstance(mutant.value, str):
        cell.data_type = "s"
    return (before,)


def undo(before: tuple[Any, ...]) -> None:
    for cell, value, kind, number_format in before[0]:
        cell.value = value
        cell.data_type, cell.number_format = kind, number_format


@cache
def by_code() -> dict[str, dict[str, Any]]:
    return {row["Mã"]: row for _, row in rows(CRITERIA)}


def near(mutant: Mutant) -> set[tuple[str, int]]:
    """The rows on which a finding is in the right place."""
    code = base()[mutant.sheet][f"A{mutant.row}"].value
    codes = {code} | ({mutant.value} if mutant.column == "Mã" else set())
    whole = parts(str(code))
    codes |= {".".join(whole[:end]) for end in range(1, len(whole))}
    places = {(mutant.sheet, mutant.row)}
    for name in (CRITERIA, BANDS, "Phụ lục"):
        first = base()[name]
        for cells in first.iter_rows(min_row=HEAD + 1, max_col=1):
            if cells[0].value in codes:
                places.add((name, cells[0].row))
    for cells in base()["Số liệu"].iter_rows(min_row=HEAD + 1, min_col=6, max_col=6):
        if code in str(cells[0].value).split("; "):
            places.add(("Số liệu", cells[0].row))
    return places


def valid_kind(mutant: Mutant) -> str | None:
    """Why this mutant is a valid rule sheet by itself; None if it has to be found."""
    row = dict(rows(mutant.sheet))[mutant.row]
    code = row["Mã"]
    criterion = by_code()[code]
    method, maximum = criterion["Cách chấm"], criterion["Điểm tối đa"]
    parent = by_code().get(".".join(parts(code)[:-1]), {"Cách chấm": ""})["Cách chấm"]
    if mutant.kind in ("maximum as text", "bound as text", "points as text"):
        return "number as text"
    if mutant.kind == "name letter" and len(parts(code)) == 3:
        return "name of a row without counterpart"
    if mutant.kind.startswith("maximum") and method == "điểm cộng":
        return "bonus maximum"
    if mutant.kind.startswith("maximum") and parent in GROUPS - {"tổng"}:
        return "maximum of a child that does not sum"
    if mutant.sheet != BANDS:
        return None
    if method == "mức":
        top = row["Điểm"] in (maximum, "100%")
        if mutant.kind == "level letter":
            return "level renamed"
        if mutant.kind in ("band deleted", "band code digit") and not top:
            return "level deleted"
        if mutant.kind in ("points half", "points letter") and not top:
            return "points within the maximum"
    if method == "bậc":
        if mutant.kind == "band deleted" and row["Từ"] == 100 and row["Gồm từ"] == "không":
            return "closed end at 100% deleted"
        if mutant.kind == "points half" and row["Điểm"] != maximum:
            return "points within the maximum"
    if method in ("mỗi đơn vị", "chấm tay", "so sánh"):
        if mutant.kind == "band deleted" and row["Mức"] not in ("mỗi", "gốc", "dẫn đầu"):
            return "parameter with a default deleted"
        if mutant.kind == "points half" or (mutant.kind == "points above" and row["Mức"] in ("chỉ tiêu", "dẫn đầu")):
            return "parameter within the maximum"
    return None


def test_no_mutant_of_the_rule_sheets_is_silent() -> None:
    tables = {name: table(name) for name in SHEETS}
    baseline = told(tables)
    counts: Counter[str] = Counter()
    silent: list[str] = []
    misplaced: list[str] = []
    told_otherwise: list[str] = []
    every = list(mutants()) if WHOLE else list(mutants())[::7]
    saved = set(random.Random(2021).sample(range(len(every)), SAVED))
    for number, mutant in enumerate(every):
        places = near(mutant)
        before = apply(mutant)
        try:
            now = told({**tables, mutant.sheet: table(mutant.sheet)})
            same = number not in saved or told_of_file() == now
        finally:
            undo(before)
        new = now - baseline
        described = f"{mutant.kind}: {mutant.sheet}!{mutant.column}{mutant.row} = {mutant.value!r}"
        if not same:
            told_otherwise.append(described)
        reason = valid_kind(mutant)
        if not new:
            counts[f"valid: {reason}"] += 1
            if reason is None:
                silent.append(described)
        elif any((sheet, row) in places for _, sheet, row, _ in new):
            counts[f"found: {mutant.kind}"] += 1
        else:
            misplaced.append(f"{described}: {sorted(new)}")
    for name, count in sorted(counts.items()):
        print(f"{count:5d}  {name}")
    assert told_otherwise == []
    assert silent == []
    assert misplaced == []
    assert sum(counts.values()) > (600 if WHOLE else 140)
    assert {name.removeprefix("valid: ") for name in counts if name.startswith("valid")} <= VALID.keys()
