"""Two readers, one truth: workbooks by every writer (``tests/workbooks``) are read as the table they were made from.

``expected.json`` is made from the same table as the files, not from a reader's answer. For every .xlsx both readers are
asked: what they say must be equal, but for what the list in ``docs/doc-tep.md`` says one of them cannot see.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from cchc_xl.office.excel import Refused, parse, readers
from cchc_xl.office.excel.bounds import Clearance, Job, Opened
from cchc_xl.office.excel.child import opened
from cchc_xl.office.excel.look import clear
from cchc_xl.records import ErrorValue, RawForm, RawSheet, SourceFile, Uncalculated, column_letters
from tests.conftest import ROOT
from tests.unit_forms import FULL, PERIOD, assess, entries, form, found, full_folder, plan_with, roll

WORKBOOKS = ROOT / "tests" / "workbooks"
EXPECTED: dict[str, dict[str, Any]] = json.loads((WORKBOOKS / "expected.json").read_text(encoding="utf-8"))
# Files no reader here reads without loss, and the finding that says so.
REFUSED = {
    **{f"{book}-sheetjs-ngan.xlsb": "F107" for book in ("bieu-mau", "gia-tri", "chung-cu")},
    **{f"{book}-sheetjs.ods": "F103" for book in ("bieu-mau", "gia-tri", "chung-cu")},
}
READABLE = sorted(EXPECTED.keys() - REFUSED.keys())


def raw(name: str) -> RawForm | Refused:
    path = WORKBOOKS / name
    return parse(path.read_bytes(), SourceFile(name, str(path), 1, datetime(2021, 3, 18, tzinfo=timezone.utc)))


def said(value: object) -> object:
    """A value as ``expected.json`` writes it."""
    if isinstance(value, ErrorValue):
        return {"error": value.text}
    if isinstance(value, Uncalculated):
        return {"uncalculated": True}
    return value.isoformat() if isinstance(value, date) else value


def cells(sheet: RawSheet) -> dict[str, object]:
    return {
        f"{column_letters(column)}{row}": said(value)
        for row, values in enumerate(sheet.rows, start=1)
        for column, value in enumerate(values, start=1)
        if value is not None
    }


def place(row: int, column: int) -> str:
    return f"{column_letters(column)}{row}"


def test_every_workbook_of_the_folder_is_in_the_table() -> None:
    on_disk = {path.name for path in WORKBOOKS.iterdir() if path.suffix not in (".json", ".md")}
    assert on_disk == EXPECTED.keys()
    writers = {name.split("-", 2)[-1].split(".")[0] for name in on_disk}
    assert {Path(name).suffix for name in on_disk} == {".xlsx", ".xls", ".ods", ".xlsb"}
    assert len(writers) >= 6


@pytest.mark.parametrize("name", READABLE)
def test_a_workbook_is_read_as_the_table_it_was_made_from(name: str) -> None:
    read = raw(name)
    assert not isinstance(read, Refused), read.finding
    sheets = {sheet.name: sheet for sheet in read.sheets}
    wanted = {sheet: told for sheet, told in EXPECTED[name].items() if sheet != "_cchc"}
    assert list(sheets) == list(wanted)
    for title, told in wanted.items():
        sheet = sheets[title]
        assert sheet.hidden == told["hidden"]
        assert cells(sheet) == told["cells"]
        assert {at for at, value in cells(sheet).items() if value is True or value is False} == {
            at for at, value in told["cells"].items() if value is True or value is False
        }
        assert [f"{place(top, left)}:{place(bottom, right)}" for top, left, bottom, right in sheet.merges] == told[
            "merges"
        ]
        assert {place(row, column) for row, column, _ in sheet.formats} == told["formats"].keys()
        assert {place(item.row, item.column): item.font for item in sheet.legacy} == told["legacy"]
        assert list(sheet.hidden_rows) == told["hidden_rows"]
        assert list(sheet.hidden_columns) == told["hidden_columns"]


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_workbook_that_would_lose_something_is_refused(name: str) -> None:
    read = raw(name)
    assert isinstance(read, Refused)
    assert read.finding.code == REFUSED[name]


@pytest.mark.parametrize("name", [name for name in READABLE if name.endswith(".xlsx")])
def test_both_readers_give_equal_sheets_but_for_what_the_list_says(name: str) -> None:
    data = (WORKBOOKS / name).read_bytes()
    fast, slow = (opened(Job(data, "xlsx", reader)) for reader in ("calamine", "openpyxl"))
    assert isinstance(fast, Opened)
    assert isinstance(slow, Opened)
    cleared = clear(data, name)
    assert isinstance(cleared, Clearance)
    if cleared.reader == "calamine":
        assert fast.sheets == slow.sheets
    else:
        told = [without_evidence(sheet, other) for sheet, other in zip(fast.sheets, slow.sheets, strict=True)]
        assert told == [without_evidence(sheet, sheet) for sheet in slow.sheets]
        assert fast.sheets != slow.sheets, "nothing here needed the slower reader"


def without_evidence(sheet: RawSheet, seen: RawSheet) -> RawSheet:
    """What both readers can see of a sheet, without what only ``seen`` tells: a stored 0 that nobody calculated."""
    uncalculated = {
        (row, column)
        for row, values in enumerate(seen.rows, start=1)
        for column, value in enumerate(values, start=1)
        if isinstance(value, Uncalculated)
    }
    legacy = {(item.row, item.column): item.stored for item in sheet.legacy}
    rows = [
        tuple(
            None if isinstance(value, ErrorValue) or (row, column) in uncalculated else legacy.get((row, column), value)
            for column, value in enumerate(values, start=1)
        )
        for row, values in enumerate(sheet.rows, start=1)
    ]
    rows = [tuple(row[: max((at + 1 for at, value in enumerate(row) if value is not None), default=0)]) for row in rows]
    while rows and not rows[-1]:
        rows.pop()
    return replace(sheet, rows=tuple(rows), formats=(), legacy=(), hidden_rows=(), hidden_columns=())


@pytest.mark.parametrize("name", [name for name in READABLE if name.startswith("bieu-mau-")])
def test_a_form_by_any_writer_in_any_format_is_the_same_submission(name: str, tmp_path: Path) -> None:
    plan = plan_with(tmp_path / "plan.xlsx", {})
    folder = full_folder(plan, tmp_path / "don-vi")
    form(folder, "NCC").unlink()
    (folder / name).write_bytes((WORKBOOKS / name).read_bytes())
    document = assess(plan, folder, PERIOD)
    assert roll(document)["NCC"][1] == name
    assert entries(document, "NCC") == {"HSO_DUNG": ("known", "50"), "HSO_TONG": ("known", "60")}
    assert document["index"]["points"] == "17.65"
    assert {code for code, _ in found(document)} <= {"F309", "U201"}
    assert FULL["NCC"]["figures"] == {"HSO_DUNG": 50, "HSO_TONG": 60}


X = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
NO_VALUE = Uncalculated("=1+1")


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ('<c r="A1"><f>1+1</f><v>2</v></c>', 2),
        ('<c r="A1" t="str"><f>1+1</f><v>hai</v></c>', "hai"),
        ('<c r="A1"><f>1+1</f></c>', NO_VALUE),
        ('<c r="A1"><f>1+1</f><v></v></c>', NO_VALUE),
        ('<c r="A1"><f>1+1</f><!-- <f>1+1</f><v>2</v> --></c>', NO_VALUE),
        ('<c r="A1"><f ca="1">1+1</f><v/></c>', NO_VALUE),
        ('<c r="A1" t="inlineStr"><f>1+1</f><v>2</v></c>', NO_VALUE),
        (f'<x:c xmlns:x="{X}" r="A1"><x:f>1+1</x:f></x:c>', NO_VALUE),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_formula_without_a_value_is_seen_however_it_is_written(cell: str, shown: object, encoding: str) -> None:
    """A workbook is loaded a second time for its formulas only where one may lack its value."""
    packed = io.BytesIO()
    Workbook().save(packed)
    sheet = f'<worksheet xmlns="{X}"><sheetData><row r="1">{cell}</row></sheetData></worksheet>'
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    made = io.BytesIO()
    with zipfile.ZipFile(packed) as read, zipfile.ZipFile(made, "w") as written:
        for name in read.namelist():
            written.writestr(name, (head + sheet).encode(encoding) if "sheet1" in name else read.read(name))
    (found,) = readers.openpyxl_sheets(made.getvalue())
    assert found.rows == ((shown,),)
