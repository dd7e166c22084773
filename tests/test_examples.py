"""The examples through the whole line: the seed's own figures come out, computed from the units' cells."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

import docx
import pytest
from openpyxl import load_workbook

import cchc_xl
from cchc_xl.office.excel import read
from cchc_xl.records import RawForm, SourceFile
from cchc_xl.result import Result
from cchc_xl.text.catalogue import message
from cchc_xl.unit.form import FIGURES_SHEET
from tests.conftest import ROOT
from tools import make_examples
from tools.example_data import YEAR_2020

YEAR = ROOT / "examples" / "2020-ca-nam"


def report_text(path: Path) -> str:
    """Every word of the report, paragraphs and cells in order, spaces folded."""
    body = docx.Document(str(path)).element.body
    return re.sub(r"[\s\xa0]+", " ", " ".join(node.text or "" for node in body.iter() if node.tag.endswith("}t")))


def cells(path: Path) -> set[str]:
    """The texts of all table cells of the report."""
    return {cell.text.strip() for table in docx.Document(str(path)).tables for row in table.rows for cell in row.cells}


# What the seed plan prints for 2020 (section II), and where it must come out. 12/39, 26/39, 1/39, 60/145, 12/60, 12/145.
SEED_FIGURES = {
    "NV_GIAO": "39",
    "NV_SOM": "12",
    "NV_DUNG": "26",
    "NV_TRE": "1",
    "TTHC_TONG": "145",
    "TTHC_RASOAT": "60",
    "TTHC_GIUNGUYEN": "48",
    "TTHC_DONGIAN": "12",
    "TTHC_TIETKIEM": "640905000",
    "HS_TIEPNHAN": "1480",
    "HS_SOM": "1463",
    "HS_DANGXULY": "17",
    "HS_TREHAN": "0",
    "HS_TRE_PM": "7",
}


def test_the_seed_figures_are_totals_of_the_units_cells(year: Result) -> None:
    measures = year.document["measures"]
    assert {code: measures[code] for code in SEED_FIGURES} == SEED_FIGURES


def test_the_index_of_2020_is_the_published_one(year: Result) -> None:
    # Quyết định số 151/QĐ-UBND-HC: 74,12 %; target and last year as the plan's settings state them.
    assert year.document["index"] == {
        "points": "74.12",
        "applicable_max": "100.00",
        "percent": "74.12",
        "percent_if_missing_full": "74.12",
        "complete": True,
        "target": "80.00",
        "previous": "74.92",
    }


@pytest.mark.parametrize(
    "words",
    [
        "39 nhiệm vụ",
        "12 nhiệm vụ hoàn thành sớm hạn (30,77%)",
        "26 nhiệm vụ hoàn thành đúng hạn (66,67%)",
        "01 nhiệm vụ trễ hạn (2,56%)",
        "trễ hạn: Phòng Lao động – Việc làm – Bảo hiểm",
        "60/145",
        "20%",
        "8,28%",
        "640.905.000 đồng",
        "1.480 hồ sơ",
        "1.463 hồ sơ",
        "17 hồ sơ",
        "không có hồ sơ trễ hạn",
        "74,12%",
    ],
)
def test_the_report_says_what_the_seed_says(year: Result, words: str) -> None:
    assert words in report_text(Path(year.folder or "") / "bao-cao.docx")


@pytest.mark.parametrize(
    "figure",
    "39 12 26 1 30,77% 66,67% 2,56% 145 60 48 20% 8,28% 640.905.000 1.480 1.463 17 0 7% 3 2 74,12%".split(),
)
def test_every_figure_stands_in_a_table_or_sentence(year: Result, figure: str) -> None:
    """In a cell, or whole in a sentence: most figures are told once."""
    report = Path(year.folder or "") / "bao-cao.docx"
    assert figure in cells(report) or re.search(rf"(?<![\d.,]){re.escape(figure)}(?![\d.,]*\d)", report_text(report))


def test_the_two_conflicts_of_the_seed_are_shown(year: Result) -> None:
    shown = [(item["unit"], item["rule"], item["left"], item["right"]) for item in year.document["conflicts"]]
    assert shown == [
        # The plan: "không có hồ sơ trễ hạn, quá hạn. Tuy nhiên, có 7% hồ sơ giải quyết trễ hạn trên hệ thống phần mềm một cửa"
        (None, "HS_TREHAN / HS_SOM + HS_DUNGHAN + HS_TREHAN = HS_TRE_PM", "0", "7"),
        # The plan: "05 biên chế (03 lãnh đạo, 02 chuyên viên)"
        ("LDVLBH", "SO_LANHDAO <= SO_CHUYENVIEN", "3", "2"),
    ]
    flagged = [item["code"] for item in year.document["criteria"] if item["flagged"] and item["level"] == 3]
    assert flagged == ["3.2.5", "4.1.2"]


def test_changing_one_cell_changes_the_report(tmp_path: Path) -> None:
    forms = shutil.copytree(YEAR / "don-vi", tmp_path / "don-vi")
    path = forms / "2020-N_VP.xlsx"
    book = load_workbook(path)
    rows = {row[0].value: row for row in book[FIGURES_SHEET].iter_rows(min_row=8)}
    rows["NV_GIAO"][3].value, rows["NV_TRE"][3].value = 11, 1
    book.save(path)
    result = cchc_xl.run(YEAR / "ke-hoach.xlsx", forms, period="2020-N", out=tmp_path / "out")
    text = report_text(Path(result.folder or "") / "bao-cao.docx")
    # 40 tasks, 2 late: 12/40 = 30 %, 26/40 = 65 %, 2/40 = 5 %; criterion 1.6 loses another 0,25 of 100 points.
    for words in ("40 nhiệm vụ", "(30%)", "(65%)", "02 nhiệm vụ trễ hạn (5%)", "Văn phòng Sở (01 nhiệm vụ)", "73,87%"):
        assert words in text
    assert result.document["index"]["percent"] == "73.87"


def test_the_quarter_is_told_apart(quarter: Result) -> None:
    document = quarter.document
    roll = {row["unit"]: (row["status"], row["file"], row["superseded"]) for row in document["rollcall"]}
    assert roll == {
        "VP": ("submitted", "2021-Q1_VP.xlsx", []),
        "TCKT": ("submitted", "2021-Q1_TCKT.xlsx", []),
        "GDNN": ("submitted", "2021-Q1_GDNN (2).xlsx", ["2021-Q1_GDNN.xlsx"]),
        "LDVLBH": ("submitted", "2021-Q1_LDVLBH.xlsx", []),
        "NCC": ("late", "2021-Q1_NCC.xlsx", []),
        "BTPCTNXH": ("submitted", "2021-Q1_BTPCTNXH.xlsx", []),
        "TEBDG": ("missing", None, []),
        "TTDVVL": ("submitted", "2021-Q1_TTDVVL.xlsx", []),
    }
    assert not document["index"]["complete"]
    assert [item["unit"] for item in document["findings"] if item["severity"] == "error"] == ["TEBDG"]


def test_what_was_typed_in_the_quarter_is_read(quarter: Result) -> None:
    typed = {
        (entry["unit"], total["code"]): (entry["text"], entry["value"])
        for total in quarter.document["measure_details"]
        for entry in total["entries"]
    }
    assert typed["VP", "HAI_LONG"] == ("74,12%", "74.12")
    assert typed["LDVLBH", "HS_TIEPNHAN"] == ("1.480", "1480")
    assert typed["LDVLBH", "TTHC_TIETKIEM"] == ("45.500.000 đồng", "45500000")
    assert typed["BTPCTNXH", "PAKN_TIEPNHAN"] == ("không phát sinh", None)  # NFD in the file
    assert typed["GDNN", "TIN_BAI"][1] == "1"  # the newer of its two files; the older says 0
    assert typed["TTDVVL", "HS_TIEPNHAN"][1] == "35"  # saved by LibreOffice


def test_a_missing_unit_leaves_an_interval_not_a_zero(quarter: Result) -> None:
    leaf = next(item for item in quarter.document["criteria"] if item["code"] == "1.6")
    assert (leaf["status"], leaf["points"], leaf["final_points"]) == ("missing", None, None)
    assert (
        "còn thiếu của Phòng Trẻ em và Bình đẳng giới: Nhiệm vụ giải quyết trễ hạn, quá hạn (đã có 0)" in leaf["basis"]
    )
    # 2.1 of the units that filed: the total is unknown, not zero.
    assert quarter.document["measures"]["NV_GIAO"] is None


def test_one_file_is_checked_for_itself() -> None:
    assessment = cchc_xl.assess(YEAR / "ke-hoach.xlsx", YEAR / "don-vi" / "2020-N_GDNN.xlsx", period="2020-N")
    assert [item.code for item in assessment.findings if item.severity == "error"] == []
    statuses = {row.unit: row.status for row in assessment.consolidation.rollcall}
    assert (statuses["GDNN"], statuses["VP"]) == ("submitted", "missing")


def raw(path: Path) -> RawForm:
    stat = path.stat()
    form = read(SourceFile(path.name, str(path), stat.st_size, make_examples.ISSUED))
    assert isinstance(form, RawForm)
    return form


def test_the_script_still_builds_the_committed_year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make_examples, "ROOT", tmp_path)
    forms = make_examples._start(tmp_path / "2020-ca-nam", "2020-N", make_examples.SETTINGS_2020, "")
    for unit, filled in YEAR_2020.items():
        name = f"2020-N_{unit}.xlsx"
        make_examples.fill(forms / name, filled)
        built, committed = raw(forms / name), raw(YEAR / "don-vi" / name)
        assert (built.sheets, built.sent, built.stamp) == (committed.sheets, committed.sent, committed.stamp)


def test_the_committed_workbooks_carry_their_own_time_of_saving() -> None:
    for path in sorted((ROOT / "examples").rglob("20*.xlsx")):
        with zipfile.ZipFile(path) as package:
            core = package.read("docProps/core.xml").decode()
        saved = re.search(r"<dcterms:modified[^>]*>([^<]+)<", core)
        assert saved, path.name
        assert int(saved[1][:4]) - int(path.name[:4]) in (0, 1), path.name


def test_what_clerks_read_names_figures_not_codes(year: Result, quarter: Result) -> None:
    """Number and name: a clerk looks for the row "Số lãnh đạo phòng", whatever the plan calls it."""
    codes = {item.code for item in year.contents.measure_details}
    said = [message(item) for one in (year, quarter) for item in one.findings]
    assert [text for text in said if codes & set(re.findall(r"[A-Z][A-Z_]+", text))] == []
    assert any("Số lãnh đạo phòng ≤ Số chuyên viên (3 và 2)" in text for text in said)
