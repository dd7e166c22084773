"""The units' workbooks: what stands in them, and that LibreOffice opens and saves them without loss."""

from __future__ import annotations

import shutil
from dataclasses import make_dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from types import ModuleType

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

import cchc_xl
from cchc_xl.office.excel import parse
from cchc_xl.plan import load_plan
from cchc_xl.plan.edition import find_period, in_force
from cchc_xl.records import CriterionEntry, Edition, FigureEntry, RawForm, SourceFile, Submission, TaskEntry
from cchc_xl.unit import figures, rows
from cchc_xl.unit.conform import SetAside, conform
from cchc_xl.unit.form import FORM, FURTHER, HEADING_ROW, Column, form_rows
from cchc_xl.unit.issue import issue
from cchc_xl.unit.sheets import Expected
from tests.conftest import ROOT
from tests.office import convert
from tests.unit_forms import FULL, PERIOD, assess, build_plan, entries, fill, form, found, issue_forms
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
    for name, wanted in FORM.items():
        sheet = book[name]
        assert tuple(cell.value for cell in sheet[HEADING_ROW + 1])[: len(wanted.headings)] == wanted.headings
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


# Sheet, the new column, and the record of its rows with the one field more.
NEW_COLUMNS = [
    ("Phụ lục", Column("Cán bộ theo dõi", 18, "input", is_input=True, reads="officer"), rows, CriterionEntry),
    ("Số liệu", Column("Nguồn số liệu", 18, "input", is_input=True, reads="source"), figures, FigureEntry),
    ("Nhiệm vụ", Column("Người thực hiện", 18, "input", is_input=True, reads="officer"), figures, TaskEntry),
]


@pytest.mark.parametrize("place", [2, None], ids=["inside", "last"])
@pytest.mark.parametrize(("name", "column", "reader", "record"), NEW_COLUMNS, ids=[case[0] for case in NEW_COLUMNS])
def test_a_new_column_of_the_form_is_one_row_of_its_table_and_one_field(
    monkeypatch: pytest.MonkeyPatch,
    edition: Edition,
    tmp_path: Path,
    name: str,
    column: Column,
    reader: ModuleType,
    record: type,
    place: int | None,
) -> None:
    """Added while the program runs: it is issued, found again wherever it stands, and read; old forms stay whole."""
    issue(edition, tmp_path / "old", created=ISSUED)
    columns = list(FORM[name].columns)
    columns.insert(len(columns) if place is None else place, column)
    monkeypatch.setitem(FORM, name, replace(FORM[name], columns=tuple(columns)))
    with_field = make_dataclass(record.__name__, [(column.reads, str, "")], bases=(record,), frozen=True)
    monkeypatch.setattr(reader, record.__name__, with_field)

    issue(edition, tmp_path / "new", created=ISSUED)
    path = tmp_path / "new" / "2020-N_NCC.xlsx"
    book = load_workbook(path)
    at = columns.index(column) + 1
    assert book[name].cell(HEADING_ROW + 1, at).value == column.heading
    assert book[name].column_dimensions[get_column_letter(at)].width == pytest.approx(column.width, abs=1)
    cell = next(
        row[at - 1] for row in book[name].iter_rows(min_row=HEADING_ROW + 2) if not row[at - 1].protection.locked
    )
    cell.value = "Nguyễn Văn A"
    if name == "Nhiệm vụ":
        book[name].cell(cell.row, at + 1 if at == 1 else 1).value = "01/UBND"
    book.save(path)

    def conformed(form: Path) -> Submission:
        read = parse(form.read_bytes(), SourceFile(form.name, str(form), 1, ISSUED))
        assert isinstance(read, RawForm)
        made = conform(read, Expected.of(edition))
        assert not isinstance(made, SetAside)
        (submission,) = made
        return submission

    made = conformed(path)
    kept = [getattr(item, column.reads, "") for item in (*made.criteria, *made.figures, *made.tasks)]
    assert kept.count("Nguyễn Văn A") == 1
    assert not any(item.code in {"T305", "D122", "D209"} for item in made.findings)
    assert column.heading not in made.unread

    old = tmp_path / "old" / "2020-N_NCC.xlsx"
    book = load_workbook(old)
    values = next(cell.column for cell in book["Số liệu"][HEADING_ROW + 1] if cell.value == "Giá trị")
    book["Số liệu"].cell(HEADING_ROW + 2, values).value = 5
    book.save(old)
    assert column.heading not in conformed(old).unread


def test_a_further_column_is_kept_under_its_heading_and_listed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One row of the table of the form, no field: in the result only where somebody wrote, and in the look-up workbook."""
    further = Column("Công chức theo dõi", 18, "input", is_input=True, reads=FURTHER)
    for name in ("Phụ lục", "Nhiệm vụ"):
        monkeypatch.setitem(FORM, name, replace(FORM[name], columns=(*FORM[name].columns, further)))
    plan = build_plan(tmp_path / "ke-hoach.xlsx")
    path = form(issue_forms(plan, tmp_path / "don-vi"), "VP")
    task = ("01/UBND", "Rà soát", "01/01/2021", "01/02/2021", "01/02/2021", "", "Trần B")
    fill(path, rows={"1.10": {"Mức đạt": "Đủ", further.heading: "Lê A"}}, tasks=[task, (*task[:6], "")])
    result = cchc_xl.run(plan, path.parent, period=PERIOD, out=tmp_path / "out")
    reports = {item["code"]: item["reports"] for item in result.document["criteria"] if item["reports"]}
    assert [one.get("more") for one in reports["1.10"]] == [{further.heading: "Lê A"}]
    assert "more" not in reports["1.2"][0]
    assert [one.get("more") for one in result.document["tasks"]] == [{further.heading: "Trần B"}, None]
    book = load_workbook(Path(result.folder or "") / "tra-cuu.xlsx")
    for name, written in (("Kết quả từng đơn vị", ["Lê A"]), ("Nhiệm vụ", ["Trần B", None])):
        column = next(cell.column for cell in book[name][4] if cell.value == further.heading)
        assert [row[column - 1] for row in book[name].iter_rows(min_row=5, values_only=True)] == written


def test_a_unit_without_a_row_of_the_appendix_opens_its_form_at_the_figures(tmp_path: Path) -> None:
    plan = build_plan(tmp_path / "ke-hoach.xlsx")
    issued = issue_forms(plan, tmp_path / "don-vi")
    assert seen(form(issued, "NCC")) == ["Phụ lục", "Số liệu"]
    path = form(issued, "LD")
    assert seen(path) == ["Số liệu"]
    sheet = load_workbook(path)["Số liệu"]
    assert str(sheet["A6"].value).startswith("Nhập xong khi ô đếm bên phải về 0")  # else told on the appendix
    # It is read as ever, also when LibreOffice has saved it, which shows a hidden first sheet when nobody looks on.
    assert found(assess(plan, issued), file=path.name) == [("F202", "")]
    saved = convert(fill(path, **FULL["LD"]), "xlsx", tmp_path / "office")
    shutil.copy(saved, path)
    document = assess(plan, issued)
    assert entries(document, "LD")["NGUYEN"] == ("known", "12")
    assert [code for code, _ in found(document, file=path.name) if code[1] in "12" and code != "U102"] == []


def seen(path: Path) -> list[str]:
    """The sheets that a clerk sees; the first of them is open."""
    book = load_workbook(path)
    names = [sheet.title for sheet in book if sheet.sheet_state == "visible"]
    assert book.active is not None
    assert book.active.title == names[0]
    return names
