"""The units' workbooks: what stands in them, and that LibreOffice opens and saves them without loss."""

from __future__ import annotations

import shutil
from datetime import datetime, timezone
from pathlib import Path

import pytest
from openpyxl import load_workbook

import cchc_xl
from cchc_xl.plan import load_plan
from cchc_xl.plan.edition import find_period, in_force
from cchc_xl.records import Edition
from cchc_xl.unit.form import FORM, form_rows
from cchc_xl.unit.issue import HEADING_ROW, issue
from tests.conftest import ROOT
from tests.office import convert
from tools import make_examples
from tools.example_data import YEAR_2020

PLAN = ROOT / "examples" / "2020-ca-nam" / "ke-hoach.xlsx"
ISSUED = datetime(2020, 12, 1, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def edition() -> Edition:
    plan = load_plan(PLAN)
    period = find_period(plan, "2020-N")
    assert period is not None
    return in_force(plan, period)


@pytest.fixture(scope="module")
def forms(edition: Edition, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bieu-mau")
    issue(edition, folder, created=ISSUED)
    return folder


def test_one_workbook_a_unit_named_by_period_and_code(forms: Path) -> None:
    assert sorted(path.name for path in forms.iterdir()) == sorted(f"2020-N_{unit}.xlsx" for unit in YEAR_2020)


def test_headings_stand_in_one_row_and_nothing_is_merged(forms: Path) -> None:
    book = load_workbook(forms / "2020-N_NCC.xlsx")
    assert book.sheetnames == ["Phụ lục", "Số liệu", "Nhiệm vụ", "_cchc"]
    assert book["_cchc"].sheet_state == "hidden"
    for name, form in FORM.items():
        sheet = book[name]
        assert tuple(cell.value for cell in sheet[HEADING_ROW + 1]) == form.headings
        assert not sheet.merged_cells.ranges
        assert sheet.freeze_panes == f"A{HEADING_ROW + 2}"
        assert sheet.print_title_rows == f"${HEADING_ROW + 1}:${HEADING_ROW + 1}"
        assert sheet.protection.sheet


@pytest.mark.parametrize(
    ("unit", "first", "leaves", "helped"),
    [
        # TCKT leads 2.1, 2.2, 4.3, 6.1–6.4, 7.2 (with the leaves 6.3.1, 6.3.2), nothing of field 1
        ("TCKT", "2", ["2.1", "2.2", "4.3", "6.1", "6.2", "6.3.1", "6.3.2", "7.2"], "1.1"),
        # TTDVVL is no member of "Phòng chuyên môn" but is listed by name in 3.1–3.4 and 7.3–7.4
        (
            "TTDVVL",
            "2",
            [
                "2.1",
                "2.2",
                "3.1",
                "3.2.5",
                "3.2.6",
                "3.3.1",
                "3.3.2",
                "3.4",
                "6.3.1",
                "6.3.2",
                "6.4",
                "7.2",
                "7.3",
                "7.4",
            ],
            "1.1",
        ),
    ],
)
def test_a_unit_gets_the_rows_it_leads_then_those_it_helps(
    edition: Edition, unit: str, first: str, leaves: list[str], helped: str
) -> None:
    rows = form_rows(edition, unit)
    assert rows[0].code == first
    assert [row.code for row in rows if row.node] == leaves
    assert next(row.code for row in rows if row.cooperates) == helped


def test_inputs_are_open_and_the_rest_is_locked(forms: Path) -> None:
    sheet = load_workbook(forms / "2020-N_VP.xlsx")["Phụ lục"]
    row = next(row for row in sheet.iter_rows(min_row=HEADING_ROW + 2) if row[0].value == "1.2")
    opened = [FORM["Phụ lục"].headings[index] for index, cell in enumerate(row) if not cell.protection.locked]
    assert opened == list(FORM["Phụ lục"].headings[5:])
    assert row[0].data_type == "s"


def test_the_drop_down_of_a_level_is_the_plan_s_own(forms: Path) -> None:
    book = load_workbook(forms / "2020-N_VP.xlsx")
    sheet = book["Phụ lục"]
    number = next(row[0].row for row in sheet.iter_rows(min_row=HEADING_ROW + 2) if row[0].value == "1.2")
    rule = next(item for item in sheet.data_validations.dataValidation if f"G{number}" in item.sqref)
    reference = str(rule.formula1).replace("'", "").replace("$", "").split("!")[1]
    listed = [cell.value for (cell,) in book["_cchc"][reference]]
    assert listed == ["Đủ báo cáo, đúng hạn", "Đủ báo cáo, có báo cáo trễ hạn", "Thiếu báo cáo"]


def test_a_file_that_is_there_is_never_overwritten(edition: Edition, tmp_path: Path) -> None:
    (tmp_path / "2020-N_VP.xlsx").write_bytes(b"filled in by a clerk")
    written, findings = issue(edition, tmp_path)
    assert (tmp_path / "2020-N_VP.xlsx").read_bytes() == b"filled in by a clerk"
    assert [path.name for path in written if "VP" in path.name] == []
    assert [(item.code, item.unit) for item in findings] == [("F204", "VP")]


def test_libreoffice_and_openpyxl_fill_in_the_same_figures(forms: Path, tmp_path: Path) -> None:
    """Issued, opened and saved by LibreOffice, filled in and run: the same result as filled in with openpyxl alone."""
    direct = shutil.copytree(forms, tmp_path / "openpyxl")
    through = tmp_path / "libreoffice"
    through.mkdir()
    for path in sorted(forms.iterdir()):
        convert(path, "xlsx", through)
    results = []
    for folder in (direct, through):
        for unit, filled in YEAR_2020.items():
            make_examples.fill(folder / f"2020-N_{unit}.xlsx", filled)
        document = cchc_xl.run(PLAN, folder, period="2020-N").document
        results.append(
            {
                "index": document["index"],
                "measures": document["measures"],
                "points": {item["code"]: (item["status"], item["final_points"]) for item in document["criteria"]},
                "tasks": [(item["document"], item["outcome"]) for item in document["tasks"]],
            }
        )
    assert results[0] == results[1]
    assert results[1]["index"]["percent"] == "74.12"
