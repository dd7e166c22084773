"""The consolidated workbook, recalculated by LibreOffice: its formulas give what the library gives."""

from __future__ import annotations

import shutil
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

import cchc_xl
from cchc_xl.result import Result
from tests.conftest import ROOT
from tests.office import convert
from tests.unit_forms import fill

SHEET = "Chấm điểm"


def score_rows(path: Path) -> dict[str, tuple[object, object, object]]:
    """Code or label → (maximum, points, applicable maximum) as calculated."""
    sheet = load_workbook(path, data_only=True)[SHEET]
    return {str(row[0]): (row[2], row[3], row[4]) for row in sheet.iter_rows(min_row=2, values_only=True) if row[0]}


@pytest.mark.parametrize("example", ["year", "quarter"])
def test_the_formulas_give_the_library_s_points(example: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    result: Result = request.getfixturevalue(example)
    rows = score_rows(convert(Path(result.folder or "") / "tong-hop.xlsx", "xlsx", tmp_path))
    for item in result.document["criteria"]:
        _, points, applicable = rows[item["code"]]
        assert Decimal(str(applicable)) == Decimal(item["applicable_max"]), item["code"]
        if item["final_points"] is None:
            assert points in (None, ""), item["code"]
        else:
            assert isinstance(points, int | float), item["code"]
            assert abs(Decimal(repr(points)) - Decimal(item["final_points"])) < Decimal("1e-9"), item["code"]
    percent = Decimal(repr(rows["Chỉ số (%)"][1])).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    assert str(percent) == result.document["index"]["percent"]


def test_the_stored_values_beside_the_formulas_are_the_same(year: Result) -> None:
    """A viewer that does not calculate shows the stored values."""
    path = Path(year.folder or "") / "tong-hop.xlsx"
    rows = score_rows(path)
    typed = load_workbook(path)[SHEET]
    for number, item in enumerate(year.document["criteria"], start=2):
        assert typed.cell(number, 1).value == item["code"]
        assert typed.cell(number, 1).data_type == "s"
        assert str(typed.cell(number, 4).value).startswith("="), item["code"]
        assert Decimal(repr(rows[item["code"]][1])) == Decimal(item["final_points"]), item["code"]
    assert rows["Chỉ số (%)"][1] == pytest.approx(74.12)


def test_a_figure_changed_in_excel_moves_the_index(year: Result, tmp_path: Path) -> None:
    """One more late task costs 0,25 of 100 points: 74,12 → 73,87."""
    path = tmp_path / "sua.xlsx"
    book = load_workbook(Path(year.folder or "") / "tong-hop.xlsx")
    sheet = book["Số liệu"]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == "NV_TRE")
    headings = [cell.value for cell in sheet[1]]
    row[headings.index("VP")].value = 1
    book.save(path)
    rows = score_rows(convert(path, "xlsx", tmp_path / "lo"))
    assert rows["1.6"][1] == pytest.approx(1.5)
    assert rows["Chỉ số (%)"][1] == pytest.approx(73.87)


def test_figures_changed_in_excel_give_what_a_run_on_changed_inputs_gives(year: Result, tmp_path: Path) -> None:
    """The same changes typed into the consolidated workbook and into the units' own workbooks: every leaf agrees."""
    figures = {
        **{("GDNN", "TTHC_DONGIAN"): 10, ("GDNN", "TTHC_GIUNGUYEN"): 0, ("LDVLBH", "HS_TREHAN"): 5},
        **{("LDVLBH", "HS_SOM"): 728, ("VP", "HAI_LONG"): 90.25, ("VP", "BC_COMAT"): 61, ("NCC", "TIN_BAI"): 20},
        **{("LDVLBH", "HS_TRUCTUYEN"): 300, ("NCC", "PAKN_DUNGHAN"): 0, ("VP", "DT_THUCHIEN"): 20},
        **{("GDNN", "VB_GIAO"): 0, ("GDNN", "VB_DUNGHAN"): 0, ("LDVLBH", "VB_GIAO"): 0, ("LDVLBH", "VB_DUNGHAN"): 0},
        **{("TEBDG", "SANGKIEN"): 3},
    }
    levels = {
        **{("VP", "1.1.1"): "Ban hành không kịp thời", ("TTDVVL", "6.3.1"): "Có", ("LDVLBH", "7.2"): "Đúng quy trình"},
        **{("GDNN", "2.2"): "Có sai sót, đã khắc phục", ("VP", "7.5.2"): "Không", ("NCC", "4.3"): "không phát sinh"},
    }
    forms = shutil.copytree(ROOT / "examples" / "2020-ca-nam" / "don-vi", tmp_path / "don-vi")
    units = sorted({unit for unit, _ in (*figures, *levels)})
    for unit in units:
        own = {code: value for (name, code), value in figures.items() if name == unit}
        rows = {code: {"Mức đạt": value} for (name, code), value in levels.items() if name == unit}
        fill(forms / f"2020-N_{unit}.xlsx", figures=own, rows=rows)
    plan = ROOT / "examples" / "2020-ca-nam" / "ke-hoach.xlsx"
    again = cchc_xl.run(plan, forms, period="2020-N").document
    book = load_workbook(Path(year.folder or "") / "tong-hop.xlsx")
    names = {unit["code"]: unit["name"] for unit in year.document["units"]}
    columns = [cell.value for cell in book["Số liệu"][1]]
    for row in book["Số liệu"].iter_rows(min_row=2):
        for (unit, code), value in figures.items():
            if row[0].value == code:
                row[columns.index(unit)].value = value
    for row in book["Mức đạt"].iter_rows(min_row=2):
        for (unit, code), value in levels.items():
            if row[0].value == code and row[3].value == names[unit]:
                row[4].value = value
    book.save(tmp_path / "sua.xlsx")
    rows = score_rows(convert(tmp_path / "sua.xlsx", "xlsx", tmp_path / "lo"))
    changed = 0
    for item, old in zip(again["criteria"], year.document["criteria"], strict=True):
        _, points, applicable = rows[item["code"]]
        assert abs(Decimal(repr(applicable)) - Decimal(item["applicable_max"])) < Decimal("1e-9"), item["code"]
        if item["final_points"] is None:
            assert points in (None, ""), item["code"]
        else:
            assert abs(Decimal(repr(points)) - Decimal(item["final_points"])) < Decimal("1e-9"), item["code"]
        changed += item["final_points"] != old["final_points"]
    assert changed > 20
    percent = Decimal(repr(rows["Chỉ số (%)"][1])).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    assert str(percent) == again["index"]["percent"]


def test_the_first_columns_are_the_contract_s(year: Result) -> None:
    sheet = load_workbook(Path(year.folder or "") / "tong-hop.xlsx")[SHEET]
    assert [cell.value for cell in sheet[1]][:4] == ["Mã", "Tiêu chí", "Điểm tối đa", "Điểm"]


def test_the_sheet_of_findings_counts_the_kinds_above_the_list(quarter: Result) -> None:
    """Counts are numbers; the list below keeps file, sheet and cell apart and is what the filter is about."""
    sheet = load_workbook(Path(quarter.folder or "") / "tong-hop.xlsx")["Lỗi, cảnh báo"]
    rows = list(sheet.iter_rows(values_only=True))
    groups, findings = quarter.document["finding_groups"], quarter.document["findings"]
    assert len(groups) > 3
    kinds = rows[2 : 2 + len(groups)]
    assert [row[1:5] for row in kinds] == [
        (item["code"], item["title"], item["count"], item["first"] or None) for item in groups
    ]
    assert [row[6] for row in kinds] == [item["files"] for item in groups]
    head = next(number for number, row in enumerate(rows) if row[4:7] == ("Tệp", "Sheet", "Ô"))
    assert [(row[1], *row[4:9]) for row in rows[head + 1 :]] == [
        tuple(item[name] for name in ("code", "file", "sheet", "cell", "message", "fix")) for item in findings
    ]
    assert sheet.auto_filter.ref == f"A{head + 1}:I{head + 1 + len(findings)}"
