"""The consolidated workbook, recalculated by LibreOffice: its formulas give what the library gives."""

from __future__ import annotations

import re
import shutil
import zipfile
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from openpyxl import Workbook, load_workbook

import cchc_xl
from cchc_xl.office.excel.book import lines_needed
from cchc_xl.papers.appendix_sheet import Results
from cchc_xl.papers.listings import NOTHING_BESIDE
from cchc_xl.papers.lookup import write_lookup
from cchc_xl.papers.scores import Workings
from cchc_xl.papers.to_do import ToDo
from cchc_xl.pipeline import open_plan
from cchc_xl.pipeline.line import Assessment
from cchc_xl.records import Kind, State
from cchc_xl.result import Result
from cchc_xl.result.contents import MeasureDetail
from cchc_xl.result.view import View
from tests.conftest import ROOT
from tests.office import convert
from tests.results import completed
from tests.unit_forms import PERIOD, build_plan, consolidated, fill, full_folder

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
    row = next(row for row in sheet.iter_rows(min_row=2) if row[1].value == "NV_TRE")
    headings = [cell.value for cell in sheet[1]]
    row[headings.index("Văn phòng Sở")].value = 1
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
            if row[1].value == code:
                row[columns.index(names[unit])].value = value
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
    sheet = load_workbook(Path(quarter.folder or "") / "tra-cuu.xlsx")["Lỗi, cảnh báo"]
    rows = list(sheet.iter_rows(values_only=True))
    groups, findings = quarter.document["finding_groups"], quarter.document["findings"]
    assert len(groups) > 3
    kinds = rows[4 : 4 + len(groups)]
    assert [(row[8], row[2], row[1], row[4]) for row in kinds] == [
        (item["code"], item["title"], item["count"], item["first"] or None) for item in groups
    ]
    assert [row[7] for row in kinds] == [item["files"] for item in groups]
    head = next(number for number, row in enumerate(rows) if row[4:7] == ("Tệp", "Trang tính", "Ô"))
    assert [(row[8], *row[4:7], *row[2:4]) for row in rows[head + 1 :]] == [
        tuple(item[name] for name in ("code", "file", "sheet", "cell", "message", "fix")) for item in findings
    ]
    assert sheet.auto_filter.ref == f"A{head + 1}:I{head + 1 + len(findings)}"


# --- finding one's way ---

SHEETS = ["Việc cần làm", "Tóm tắt", "Phụ lục", "Chấm điểm", "Số liệu"]
LISTED = {  # the year has two conflicts and everybody has sent; the quarter has neither tasks nor conflicts
    "year": ["Lỗi, cảnh báo", "Tình hình gửi báo cáo", "Đối chiếu", "Đường tới mục tiêu", "Kết quả từng đơn vị"],
    "quarter": ["Lỗi, cảnh báo", "Tình hình gửi báo cáo", "Đường tới mục tiêu", "Kết quả từng đơn vị"],
}


def lines(sheet: Any) -> list[tuple[str, ...]]:
    return [tuple(str(cell or "") for cell in row) for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize("example", ["year", "quarter"])
def test_five_sheets_stand_open_and_the_rest_is_looked_up(example: str, request: pytest.FixtureRequest) -> None:
    folder = Path(request.getfixturevalue(example).folder or "")
    book, other = load_workbook(folder / "tong-hop.xlsx"), load_workbook(folder / "tra-cuu.xlsx")
    assert [sheet.title for sheet in book if sheet.sheet_state == "visible"] == book.sheetnames[:5] == SHEETS
    shown = [sheet.title for sheet in other if sheet.sheet_state == "visible"]
    assert shown[0] == "Mục lục"
    assert [name for name in shown if name in LISTED["year"]] == LISTED[example]
    for sheet in (*book.worksheets[:5], *(other[name] for name in shown)):
        assert sheet.sheet_properties.tabColor is not None, sheet.title
        assert (sheet.page_setup.paperSize, sheet.sheet_properties.pageSetUpPr.fitToPage) == (9, True), sheet.title
        assert sheet.title in {"Tóm tắt", "Mục lục"} or sheet.freeze_panes, sheet.title


@pytest.mark.parametrize("example", ["year", "quarter"])
def test_every_link_leads_somewhere_and_every_sheet_leads_home(example: str, request: pytest.FixtureRequest) -> None:
    folder = Path(request.getfixturevalue(example).folder or "")
    for name, home in (("tong-hop.xlsx", "Việc cần làm"), ("tra-cuu.xlsx", "Mục lục")):
        books = {other: load_workbook(folder / other) for other in ("tong-hop.xlsx", "tra-cuu.xlsx")}
        book = books[name]
        listed = set()
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                continue
            found = [cell.hyperlink for row in sheet.iter_rows() for cell in row if cell.hyperlink]
            inside = {link.location.split("!")[0].strip("'") for link in found if not link.target}
            assert inside <= set(book.sheetnames), sheet.title
            assert sheet.title == home or home in inside, sheet.title
            listed |= inside if sheet.title == home else set()
            for link in found:
                if link.target:
                    target = folder / unquote(link.target).replace("\\", "/")
                    assert target.exists(), (sheet.title, link.target)
                    if target.name in books:
                        there = (link.location or home).split("!")[0].strip("'")
                        assert there in (*books[target.name].sheetnames, home), link.location
                    elif link.location:  # a cell of a unit's workbook
                        assert link.location.split("!")[0].strip("'") in load_workbook(target).sheetnames
        visible = {sheet.title for sheet in book if sheet.sheet_state == "visible"}
        assert listed >= visible - {home}


def test_what_is_to_be_done_names_who_what_and_where(quarter: Result) -> None:
    sheet = load_workbook(Path(quarter.folder or "") / "tong-hop.xlsx")["Việc cần làm"]
    told = [row[:3] for row in lines(sheet)]
    missing = "Phòng Trẻ em và Bình đẳng giới"
    assert ("chưa gửi (hạn 20/3/2021)", missing, "đôn đốc gửi báo cáo") in told
    assert ("2 cảnh báo", "Văn phòng Sở", "gửi đơn vị bản đánh dấu để sửa") in told
    # The example's plan has no number, and nobody to ask: the letter is there, with what it leaves blank.
    assert ("Công văn đôn đốc", "", "kiểm tra, trình ký, gửi kèm các tệp nêu trong công văn") in told
    assert ("Báo cáo và công văn để trống số kế hoạch", "", "điền “Số kế hoạch” ở Cài đặt của kế hoạch") in told
    assert ("Công văn chưa nêu người để liên hệ", "", "điền “Liên hệ” ở Cài đặt của kế hoạch") in told
    assert not [row for row in told if row[1] == "Phòng Người có công"], "it was late and owes nothing"
    # 1.6 waits for one figure of the unit that has not sent; the others have 0 late tasks.
    late = ("1.6. Thực hiện các nhiệm vụ được UBND Tỉnh, Chủ tịch UBND Tỉnh giao", missing)
    assert (*late, "gửi Nhiệm vụ giải quyết trễ hạn, quá hạn (đã có 0)") in told
    assert ("đã thẩm định 0/37 tiêu chí", "", "thẩm định 37 tiêu chí") in told
    # 7.1 has 1 of 4 points: all 8 tasks of the plan instead of 2 bring the other 3.
    best = "7.1. Ứng dụng công nghệ thông tin của tỉnh: thêm 3 điểm"
    assert (best, "Văn phòng Sở", "thêm 6 nhiệm vụ “Nhiệm vụ công nghệ thông tin đã hoàn thành”") in told


def test_what_was_appraised_without_its_figures_asks_for_them_by_name(scored: Assessment) -> None:
    """What a unit owes is no code, and the unit stands in its own column."""
    made, contents = scored, scored.contents()
    advice = tuple(
        replace(item, status="scored", points=Decimal(1)) if item.code == "3.2.5" else item for item in contents.advice
    )
    told = dict(
        ToDo(
            View(replace(contents, advice=advice)), Workings(made.edition, made.consolidation), NOTHING_BESIDE
        ).sections()
    )
    (line,) = [one for one in told["Việc làm tăng chỉ số nhiều nhất"] if one.about.startswith("3.2.5")]
    assert line.who == "Phòng Trẻ em và Bình đẳng giới"
    assert line.act == (
        "gửi số liệu còn thiếu “Hồ sơ giải quyết trước hạn”, “Hồ sơ giải quyết đúng hạn”, “Hồ sơ giải quyết trễ hạn, "
        "quá hạn”"
    )


def test_what_brings_most_is_not_crowded_out_by_what_nobody_can_do(scored: Assessment) -> None:
    made, contents = scored, scored.contents()
    done = [item for item in contents.advice if item.status == "scored" and item.way]
    idle = [
        replace(item, status="scored", gain=Decimal(9), next=None, complete=None, appeal=None)
        for item in contents.advice
        if item not in done
    ]
    assert len(idle) > 8
    assert done
    view = View(replace(contents, advice=(*idle, *done)))
    told = dict(ToDo(view, Workings(made.edition, made.consolidation), NOTHING_BESIDE).sections())
    assert len(told["Việc làm tăng chỉ số nhiều nhất"]) == min(8, len([item for item in done if item.gain > 0]))


def test_the_appendix_is_the_plan_s_with_results_and_points(quarter: Result) -> None:
    """Group rows, texts and merged cells as on the plan's own sheet; the unit that has not sent is named."""
    book = load_workbook(Path(quarter.folder or "") / "tong-hop.xlsx", data_only=True)
    sheet, plan = book["Phụ lục"], load_workbook(ROOT / "examples" / "2021-quy-1" / "ke-hoach.xlsx")["Phụ lục"]
    top = next(row[0].row for row in plan.iter_rows() if row[0].value == "1")
    rows = {str(row[0].value): row for row in sheet.iter_rows(min_row=5) if row[0].value}
    assert list(rows) == [str(row[0].value) for row in plan.iter_rows(min_row=top) if row[0].value]
    assert {area.coord for area in sheet.merged_cells.ranges} == {
        f"{area.coord[0]}{area.min_row - top + 5}:{area.coord[0]}{area.max_row - top + 5}"
        for area in plan.merged_cells.ranges
        if area.min_row >= top
    }
    assert rows["2.2"][5].value.splitlines()[:3] == [
        "Phòng Tài chính – Kế toán Sở: không phát sinh",
        "Phòng Giáo dục nghề nghiệp: không phát sinh",
        "Phòng Lao động – Việc làm – Bảo hiểm: Tuân thủ đầy đủ",
    ]
    assert "Phòng Trẻ em và Bình đẳng giới: chưa gửi báo cáo" in rows["2.2"][5].value.splitlines()
    # One unit leads, all enter the figure: what seven of eight reported together.
    assert rows["1.4"][5].value == "Tin, bài, phóng sự về CCHC: 10 tin, bài (theo báo cáo của 7/8 đơn vị)"
    assert "Văn bản QPPL soạn thảo đúng tiến độ: 1 văn bản; " in rows["2.1"][5].value
    assert [rows[code][7].value for code in ("1.1", "1.4", "5.3")] == [3, "chưa có", "không phát sinh"]
    assert [rows[code][6].value for code in ("1", "1.1", "7.3")] == [14, 3, 4]


def test_results_that_no_row_holds_go_on_below(tmp_path: Path) -> None:
    """60 units lead one row of the appendix: over its lines the other cells are merged, and no line is lost."""
    units = [f"Phòng số {number}" for number in range(1, 61)]
    book = Workbook()
    del book["Sheet"]
    for name, rows in {
        "Cài đặt": [("Mục", "Giá trị", "Ghi chú"), ("Năm", 2021, None)],
        "Đơn vị": [
            ("Mã", "Tên đơn vị", "Nhóm", "Phải báo cáo"),
            *((f"P{number}", unit, "Các phòng", "x") for number, unit in enumerate(units, start=1)),
        ],
        "Kỳ báo cáo": [
            ("Mã", "Tên kỳ", "Từ ngày", "Đến ngày", "Hạn gửi"),
            (PERIOD, "Quý I năm 2021", "15/12/2020", "14/03/2021", "20/03/2021"),
        ],
        "Phụ lục": [
            ("TT", "NỘI DUNG", "ĐƠN VỊ THỰC HIỆN", "MỤC TIÊU/GIẢI PHÁP THỰC HIỆN"),
            ("1", "Việc chung", "Các phòng"),
            ("2", "Việc riêng", "Phòng số 1", "dài " * 500),
        ],
        "Bộ chỉ số": [
            ("Mã", "Tiêu chí", "Điểm tối đa", "Cách chấm"),
            ("1", "Việc chung", 60, "mức"),
            ("2", "Việc riêng", 40, "mức"),
        ],
        "Thang điểm": [("Mã", "Mức", "Điểm"), ("1", "Đạt", 60), ("2", "Đạt", 40)],
        "Số liệu": [("Mã", "Tên số liệu", "Đơn vị nhập")],
        "Ràng buộc": [("Mã", "Biểu thức")],
    }.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "plan.xlsx")
    (tmp_path / "don-vi").mkdir()
    _, path = consolidated(tmp_path / "plan.xlsx", tmp_path / "don-vi")
    sheet = load_workbook(path)["Phụ lục"]
    told = [str(row[5].value) for row in sheet.iter_rows(min_row=5) if row[5].value]
    assert "\n".join(told).splitlines() == [*(f"{unit}: chưa gửi báo cáo" for unit in units), "chưa gửi báo cáo"]
    assert max(len(text.splitlines()) for text in told) <= 27  # 409 points are 27 lines of 15
    assert all((sheet.row_dimensions[row].height or 15) <= 409 for row in range(1, sheet.max_row + 1))
    assert {"A5:A7", "B5:B7", "C5:C7"} <= {area.coord for area in sheet.merged_cells.ranges}
    # 500 words of 1,47 em with their blanks, twelve to a line of 38 × 0,47 em: more lines than a row can be high.
    assert "D8:D9" in {area.coord for area in sheet.merged_cells.ranges}
    assert lines_needed("dài " * 500, 38) == 42
    assert sum(sheet.row_dimensions[row].height for row in (8, 9)) >= 42 * 15


def test_names_stand_before_codes_and_no_word_of_school_or_machine(quarter: Result) -> None:
    """Codes have a narrow column behind the names; “Chấm điểm” begins as the contract says."""
    folder = Path(quarter.folder or "")
    for name in ("tong-hop.xlsx", "tra-cuu.xlsx"):
        for sheet in load_workbook(folder / name).worksheets:
            if sheet.sheet_state != "visible" or sheet.title == SHEET:
                continue
            for row in lines(sheet):
                assert row[0] != "Mã", sheet.title
                said = " ".join(row).lower()
                for word in ("bài nộp", "nộp bài", "mục con", "sheet “lỗi", "mỗi đơn vị"):
                    assert word not in said, (sheet.title, word)
    basis = {str(row[0]): str(row[10]) for row in lines(load_workbook(folder / "tong-hop.xlsx")[SHEET])}
    assert basis["1.1.1"] == "Văn phòng Sở: “Ban hành kịp thời” → 1,5 điểm"
    assert basis["1.7"] == "Văn phòng Sở: tự chấm 1,25 điểm"


def test_a_chart_with_the_target_and_what_is_provisional(quarter: Result) -> None:
    """Six of seven fields wait for points; the fifth has all that apply: 10,73 of 13."""
    with zipfile.ZipFile(Path(quarter.folder or "") / "tong-hop.xlsx") as package:
        chart = package.read("xl/charts/chart1.xml").decode()
    assert "<c:lineChart>" in chart
    assert "Mục tiêu 80%" in chart
    assert re.findall(r'<c:dPt><c:idx val="(\d)"/>', chart) == ["0", "1", "2", "3", "5", "6"]


@pytest.mark.parametrize(("places", "shown"), [(1, "#,##0.0"), (3, "#,##0.000")])
def test_decimals_are_the_plan_s_everywhere_and_the_cells_hold_all(places: int, shown: str, tmp_path: Path) -> None:
    """2.1: 30 + 50 of 40 + 60; 2.2: 2 - 0,25; what is counted is whole, whatever else has decimals."""
    plan = build_plan(tmp_path / "plan.xlsx")
    book = load_workbook(plan)
    book["Cài đặt"].append(("Số chữ số thập phân", places))
    book.save(plan)
    _, path = consolidated(plan, full_folder(plan, tmp_path / "don-vi"))
    made = load_workbook(path, data_only=True)
    numbers = [
        cell
        for sheet in made.worksheets
        if sheet.sheet_state == "visible"
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, float | int)
    ]
    assert {cell.number_format for cell in numbers if cell.number_format != "General"} == {shown, "#,##0"}
    assert all(
        cell.value == int(cell.value) for cell in numbers if cell.number_format in ("General", "#,##0")
    )  # counts
    rows = {row[0].value: row for row in made[SHEET].iter_rows(min_row=2)}
    assert (rows["2.2"][3].value, rows["2.2"][3].number_format) == (1.75, shown)
    assert (rows["Chỉ số (%)"][3].value, rows["Chỉ số (%)"][3].number_format) == (88.25, shown)
    figures = {row[1].value: row for row in made["Số liệu"].iter_rows(min_row=2)}
    assert (figures["HSO_TONG"][4].value, figures["HSO_TONG"][4].number_format) == (100, "#,##0")


def test_who_appraises_a_unit_sees_its_figures(quarter: Result) -> None:
    """A criterion scored on figures has no level: its row of a unit would be empty, and nothing could be appraised."""
    sheet = load_workbook(Path(quarter.folder or "") / "tham-dinh.xlsx", data_only=True)["Từng đơn vị"]
    told = {(row[0], row[2]): row[4] for row in sheet.iter_rows(min_row=5, values_only=True)}
    drafts = "Văn bản QPPL soạn thảo đúng tiến độ: {0}; Văn bản QPPL được giao soạn thảo: {0}"
    assert told["2.1", "Phòng Lao động – Việc làm – Bảo hiểm"] == drafts.format(1)
    assert told["2.1", "Phòng Người có công"] == drafts.format(0)
    assert told["2.1", "Phòng Trẻ em và Bình đẳng giới"] == "chưa gửi"
    assert told["3.4", "Phòng Giáo dục nghề nghiệp"].count("không phát sinh") == 2


def test_a_survey_of_a_unit_that_has_not_sent_is_no_figure_of_the_offices(quarter: Result) -> None:
    """ "số liệu bổ sung" are the Office's own; what the plan's sheet Khảo sát gives is a survey, with its unit."""
    contents, unit = quarter.contents, "TEBDG"
    given = {"value": Decimal(93), "state": State.KNOWN, "by": "plan", "unit": unit}
    details = tuple(
        replace(item, kind=Kind.PERCENT, entries=(*item.entries, replace(item.entries[0], **given)))
        if item.code == "HS_TRUCTUYEN"
        else item
        for item in contents.measure_details
    )
    criteria = tuple(
        replace(item, inputs=(*item.inputs, replace(item.inputs[0], measure="HS_TRUCTUYEN", unit=unit)))
        if item.code == "7.3"
        else item
        for item in contents.criteria
    )
    view = View(replace(contents, measure_details=details, criteria=criteria))
    rows = open_plan(ROOT / "examples" / "2021-quy-1" / "ke-hoach.xlsx").appendix
    told = Results(view, rows).of(next(row for row in rows if row.code == "7.3"))
    assert (
        "Phòng Trẻ em và Bình đẳng giới: chưa gửi báo cáo; số liệu khảo sát: Hồ sơ tiếp nhận trực tuyến mức độ 3, 4: 93%"
        in told
    )


def test_a_unit_that_the_office_entered_for_is_none_that_reported(quarter: Result) -> None:
    def one_supplied(item: MeasureDetail) -> MeasureDetail:
        first, *others = item.entries
        return replace(item, entries=(replace(first, by="office", supplied=True), *others))

    contents = quarter.contents
    details = tuple(one_supplied(item) if len(item.entries) == 7 else item for item in contents.measure_details)
    rows = open_plan(ROOT / "examples" / "2021-quy-1" / "ke-hoach.xlsx").appendix
    results = Results(View(replace(contents, measure_details=details)), rows)
    (told,) = results.of(next(row for row in rows if row.code == "1.4"))
    assert told.endswith("(theo báo cáo của 6/8 đơn vị) (có số liệu bổ sung thay báo cáo của 1 đơn vị)")


def test_against_last_year_s_points_what_did_not_arise_is_not_missing(tmp_path: Path) -> None:
    item = {"code": "1", "name": "Khiếu nại", "status": "not_applicable", "max": "2", "previous_points": "2"}
    write_lookup(completed({"criteria": [item]}), tmp_path / "tra-cuu.xlsx", NOTHING_BESIDE)
    sheet = load_workbook(tmp_path / "tra-cuu.xlsx")["So sánh"]
    assert [cell.value for cell in sheet[5]][:4] == ["Khiếu nại", "1", 2, "không phát sinh"]


def test_against_an_earlier_result_each_criterion_stands_once_and_no_column_is_empty(
    year: Result, tmp_path: Path
) -> None:
    example = ROOT / "examples" / "2021-quy-1"
    before = Path(year.folder or "")
    made = cchc_xl.run(example / "ke-hoach.xlsx", example / "don-vi", period="2021-Q1", out=tmp_path, previous=before)
    book = load_workbook(Path(made.folder or "") / "tra-cuu.xlsx", data_only=True)
    rows = list(book["So sánh"].iter_rows(min_row=4, values_only=True))
    codes = [row[1] for row in rows[1:]]
    assert len(codes) == len(set(codes)) == len(made.contents.criteria)
    assert rows[0][-1] == "Chênh lệch (điểm phần trăm)"  # no note, no column of notes
    assert "từng tiêu chí so với năm 2020" in {cell.value for cell in book["Mục lục"]["B"]}
    # 14 criteria are counted, 16 things are owed: parts of one criterion and bonus points are told as what they are.
    told = next(
        text for row in book["Đường tới mục tiêu"].iter_rows(values_only=True) if "14 tiêu chí" in (text := str(row[0]))
    )
    assert told.endswith(" và 13 nội dung khác.")
