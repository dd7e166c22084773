"""docs/nhap-bo-chi-so.md step by step: its tables typed into the empty plan workbook give a sound plan and its own points."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

import cchc_xl
from cchc_xl.result.objects import Object
from tests.conftest import ROOT
from tests.unit_forms import assess, fill, form, issue_forms, points

PAGE = (ROOT / "docs" / "nhap-bo-chi-so.md").read_text(encoding="utf-8")
PERIOD = "2026-N"
SENT = "2026-12-18T02:00:00Z"
FIRST = 3  # the row below the headings of a plan's sheet
NUMBER = re.compile(r"-?\d+(,\d+)?")


def table(after: str) -> list[dict[str, str]]:
    """The rows of the first table behind this text of the page, by heading."""
    lines = PAGE.partition(after)[2].partition("\n|")[2]
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in f"|{lines}".partition("\n\n")[0].splitlines()
    ]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[2:]]


def value(text: str, cell: Any) -> Any:
    """What Excel makes of what is typed: a number, unless the cell is text."""
    if cell.number_format == "@" or not NUMBER.fullmatch(text):
        return text or None
    return float(text.replace(",", "."))


def typed(path: Path) -> Path:
    """The plan workbook with the page's tables typed in."""
    book = load_workbook(path)
    names = re.findall(r"^### Sheet “(.+)”$", PAGE, re.MULTILINE)
    assert set(names) | {"Hướng dẫn", "Câu báo cáo"} == set(book.sheetnames)
    for name in names:
        sheet, rows = book[name], table(f"### Sheet “{name}”")
        headings = {str(cell.value): cell.column for cell in sheet[FIRST - 1]}
        places = {str(row[0].value): row[0].row for row in sheet.iter_rows(min_row=FIRST)}
        for number, row in enumerate(rows, start=FIRST):
            for heading, text in row.items():
                at = places[row["Mục"]] if name == "Cài đặt" else number
                if not (name == "Cài đặt" and heading == "Mục"):
                    cell = sheet.cell(at, headings[heading])
                    cell.value = value(text, cell)
    book.save(path)
    return path


def reports() -> Iterator[tuple[str, dict[str, str]]]:
    for row in table("Với số liệu dưới đây:"):
        yield row["Đơn vị"], dict(item.split(" = ") for item in row["Báo cáo"].split("; "))  # type: ignore[misc]


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bo-chi-so")
    return typed(cchc_xl.new(folder, blank=True)[0])


@pytest.fixture(scope="module")
def document(plan: Path) -> Object:
    folder = issue_forms(plan, plan.parent / "don-vi", PERIOD)
    known = cchc_xl.load_plan(plan)
    codes = {unit.name: unit.code for unit in known.units}
    levels = {
        item.code: {"mức": "Mức đạt", "chấm tay": "Điểm tự chấm"}.get(item.method or "") for item in known.criteria
    }
    for unit, given in reports():
        figures = {
            code: float(text) if NUMBER.fullmatch(text) else text for code, text in given.items() if code not in levels
        }
        rows = {
            code: {heading: float(text) if NUMBER.fullmatch(text) else text}
            for code, text in given.items()
            if (heading := levels.get(code))
        }
        fill(form(folder, codes[unit], PERIOD), figures=figures, rows=rows, saved=SENT)
    return assess(plan, folder, PERIOD)


def test_the_tables_of_the_page_make_a_plan_without_a_finding(plan: Path) -> None:
    """Not even a warning: what the page leaves empty or says with “không” is meant so."""
    assert [
        (item.code, item.at and item.at.address) for item in cchc_xl.load_plan(plan).findings if item.severity != "note"
    ] == []


def test_the_decision_is_what_the_sheets_say() -> None:
    """Each row of the decision is a criterion with its points, each criterion but a group a row of the decision."""
    groups = ("tổng", "điểm cộng")
    leaves = {row["Mã"]: row["Điểm tối đa"] for row in table("### Sheet “Bộ chỉ số”") if row["Cách chấm"] not in groups}
    assert leaves == {row["Mã"]: row["Điểm"] for row in table("## Quyết định (minh họa)")}


def test_the_points_are_those_worked_out_by_hand_on_the_page(document: Object) -> None:
    by_hand = {row["Mã"]: row["Điểm"] for row in table("tính tay được:")}
    total, percent = by_hand.pop("Tổng"), by_hand.pop("Chỉ số")
    # The page's own: 3 + 2,5 + 2 + 4 + 3,94 + 2 + 2,4 + 5,1 + 4 + 1 + 1 - 1; 40 less 2 that did not arise.
    assert sum(Decimal(text.replace(",", ".")) for text in by_hand.values() if text) == Decimal("29.94")
    assert {code: (given or "").replace(".", ",") for code, given in points(document).items()} == by_hand
    index = document["index"]
    assert (index["points"], index["applicable_max"], index["complete"]) == (total.replace(",", "."), "38.00", True)
    assert f"{index['percent'].replace('.', ',')}%" == percent
    assert [item["code"] for item in document["findings"] if item["severity"] == "error"] == []
