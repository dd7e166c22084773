"""What one small result says: decimals as the plan sets them, deductions at the top, a self-score outside its limits."""

from __future__ import annotations

from contextlib import closing
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook

from cchc_xl.papers import documents
from cchc_xl.papers.check_note import check_note, render_note
from cchc_xl.papers.context import Told
from cchc_xl.papers.figure_tables import Figures
from cchc_xl.records import State
from cchc_xl.result.view import View
from tests import plans
from tests.office import convert
from tests.results import completed
from tests.unit_forms import consolidated, fill, form, issue_forms

TEMPLATE = Path(__file__).parents[1] / "templates" / "report.docx"
SHEETS: dict[str, str | None] = {
    "Cài đặt": "| Mục | Giá trị |\n| Năm | 2022 |\n| Số chữ số thập phân | 1 |",
    "Đơn vị": "| Mã | Tên đơn vị | Nhóm | Phải báo cáo |\n| A | Phòng A | Phòng | x |",
    "Phụ lục": "| TT | NỘI DUNG | ĐƠN VỊ THỰC HIỆN |\n| 1 | Một | Phòng A |\n| 2 | Hai | Phòng A |\n| 3 | Ba | Phòng A |",
    "Bộ chỉ số": """
        | Mã  | Tiêu chí  | Điểm tối đa | Cách chấm  | Số liệu   | Không phát sinh |
        | 1   | Một       | 60          | tổng       |           |                 |
        | 1.1 | Hồ sơ     | 40          | tỷ lệ      | DUNG / HS |                 |
        | 1.2 | Hài lòng  | 20          | khảo sát   | HL        |                 |
        | 1.3 | Vi phạm   | -4          | mức        |           |                 |
        | 2   | Vi phạm B | -6          | tất cả     |           |                 |
        | 2.1 | B một     | -3          | mức        |           |                 |
        | 2.2 | B hai     | -3          | mức        |           |                 |
        | 3   | Ba        | 40          | trung bình |           |                 |
        | 3.1 | Tự chấm   | 5           | chấm tay   |           |                 |
        | 3.2 | Sáng kiến | 5           | mức        |           | loại            |
    """,
    "Thang điểm": """
        | Mã  | Mức | Điểm  |
        | 1.3 | Có  | t:1/2 |
        | 2.1 | Có  | -3    |
        | 2.2 | Có  | -3    |
        | 3.2 | Có  | 5     |
    """,
    "Số liệu": """
        | Mã   | Tên số liệu | Kiểu    | Đơn vị nhập |
        | DUNG | Đúng hạn    | số nguyên | Phòng A   |
        | HS   | Hồ sơ       | số nguyên | Phòng A   |
        | HL   | Hài lòng    | tỷ lệ % | Phòng A     |
    """,
    "Ràng buộc": "| Mã | Biểu thức |",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    folder = tmp_path_factory.mktemp("noi-dung")
    plan = plans.save(folder / "plan.xlsx", SHEETS)
    forms = issue_forms(plan, folder / "don-vi", "2021-Q1")
    rows: dict[str, dict[str, Any]] = {code: {"Mức đạt": "Có"} for code in ("1.3", "2.1", "2.2")}
    rows |= {"1.1": {"Điểm tự chấm": 13}, "3.1": {"Điểm tự chấm": 6}, "3.2": {"Mức đạt": "Không phát sinh"}}
    fill(form(forms, "A", "2021-Q1"), figures={"DUNG": 1, "HS": 3, "HL": 80}, rows=rows)
    return consolidated(plan, forms, "2021-Q1")


def test_deductions_at_the_top_lower_the_points_and_no_maximum(made: tuple[dict[str, Any], Path], tmp_path) -> None:
    """40/3 + 16 - 2 - 6 of 60 + 40; what waits in 3 is worth 40."""
    document, path = made
    index = document["index"]
    assert [index[name] for name in ("percent", "percent_if_missing_full", "applicable_max")] == [
        "21.3",
        "61.3",
        "100.0",
    ]
    with closing(load_workbook(convert(path, "xlsx", tmp_path), data_only=True, read_only=True)) as book:
        shown = {row[0]: row for row in book["Chấm điểm"].iter_rows(values_only=True)}
    assert [round(shown["Chỉ số (%)"][3], 2), shown["1"][4]] == [21.33, 60]


def test_numbers_in_words(made: tuple[dict[str, Any], Path]) -> None:
    document, _ = made
    basis = {item["code"]: item["basis"] for item in document["criteria"]}
    assert basis["1.2"] == "Hài lòng: 80% × 20 điểm → 16 điểm"
    assert basis["3"].startswith("Trung bình tỷ lệ điểm của 1 tiêu chí thành phần (không tính 3.2: không phát sinh)")
    (told,) = (item["message"] for item in document["findings"] if item["code"] == "S201")
    assert told == "Tiêu chí 1.1: đơn vị tự chấm 13, tính theo số liệu là 13,3."


def test_the_report_names_one_year_and_the_note_asks_for_a_right_self_score(
    made: tuple[dict[str, Any], Path], tmp_path
) -> None:
    documents.render(completed(made[0]), TEMPLATE, tmp_path / "bao-cao.docx")
    word = Document(str(tmp_path / "bao-cao.docx"))
    text = "\n".join(paragraph.text for paragraph in word.paragraphs)
    assert "2021 năm 2022" not in text
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    assert "Điểm tự chấm ngoài khung" in " ".join(cells)
    assert "Thiếu mức đạt" not in " ".join(cells)
    assert "33,33%" not in text + " ".join(cells)
    report = (tmp_path / "bao-cao.docx").read_bytes()
    note = Document(BytesIO(render_note(Told.of(completed(made[0])), TEMPLATE.with_name("check_note.docx"), report)))
    asked = [row.cells[2].text for table in note.tables for row in table.rows if row.cells[1].text == "Chưa có điểm"]
    assert asked == ["Điểm tự chấm ngoài khung (Phòng A): Ba."]


def figures(*measures: dict[str, Any], **document: Any) -> Figures:
    """The figures of a result with three decimals; of a figure that has a value, this one is known."""
    told = [{"state": State.KNOWN if "value" in item else State.MISSING, **item} for item in measures]
    document = {"settings": {"places": 3}, "measure_details": told, **document}
    return Figures(View(completed(document)))


def test_the_note_says_of_units_beyond_its_list_how_each_of_them_stands() -> None:
    states = ("missing",) * 45 + ("late",) * 2 + ("submitted",) * 60
    note = check_note(
        Told.of(completed({"rollcall": [{"unit": f"U{n}", "status": one} for n, one in enumerate(states)]})), b""
    )
    assert len(note["roll_lines"]) == 40
    assert (
        note["roll_more"] == "60 đơn vị khác đã gửi đúng hạn; 02 đơn vị khác đã gửi, trễ hạn; 05 đơn vị khác chưa gửi"
    )


def test_what_the_report_cuts_stands_in_the_note_however_each_unit_wrote_it() -> None:
    """Two units wrote the same but for the mark of a list: one text of the report, two in the note."""
    long = "Đã tổ chức kiểm tra các đơn vị " * 10
    reports = [{"unit": unit, "result": text, "state": State.KNOWN} for unit, text in (("A", long), ("B", f"- {long}"))]
    item = {"code": "1", "name": "Kiểm tra", "status": "scored", "max": "2", "applicable_max": "2", "reports": reports}
    units = [{"code": unit, "name": f"Phòng {unit}"} for unit in "AB"]
    note = check_note(Told.of(completed({"units": units, "criteria": [item]})), b"")
    assert [row["units"] for row in note["cause_rows"]] == ["Phòng A", "Phòng B"]


A_GROUP = {"total": ("B",), "parts": ("A",)}
AWAY_STATE = {"value": None, "state": State.NOT_APPLICABLE}
SHARES = [
    # part, whole: their share
    ({"value": "3"}, {"value": "4"}, Decimal(75)),
    ({"value": "0"}, {"value": "0"}, "not_applicable"),
    ({}, {"value": "4"}, None),
    (AWAY_STATE, {"value": "4"}, "not_applicable"),
    ({"value": "3"}, AWAY_STATE, "not_applicable"),
    ({}, AWAY_STATE, None),
]


@pytest.mark.parametrize(("part", "whole", "share"), SHARES)
def test_a_share_of_what_did_not_arise_is_not_missing(part: dict[str, Any], whole: dict[str, Any], share: Any) -> None:
    of = figures({"code": "A", **part}, {"code": "B", **whole}, figure_groups=(A_GROUP,))
    assert of.row("A").share == share


TEN = {"partial": "10.66666", "waiting": ("VP",), "units": ("VP", "A")}
WRITTEN = {"unit": "A", "text": "mất mạng", "state": State.KNOWN}
SO_FAR = [
    # kind, what is there: in a table, as a line
    ("tỷ lệ %", TEN, "chưa đủ (hiện có 10,667%)", "10,667% (theo báo cáo của 01/02 đơn vị)"),
    ("số thập phân", TEN, "chưa đủ (hiện có 10,667)", "10,667 (theo báo cáo của 01/02 đơn vị)"),
    ("số thập phân", {"value": "1.23456"}, "1,235", "1,235"),
    ("chữ", {"waiting": ("VP",)}, "chưa có", "chưa có số liệu"),
    ("chữ", {"waiting": ("VP",), "entries": (WRITTEN,)}, "mất mạng", "mất mạng"),
    ("chữ", AWAY_STATE, "không phát sinh", "không phát sinh"),
]


@pytest.mark.parametrize(("kind", "there", "text", "told"), SO_FAR)
def test_a_figure_is_told_as_far_as_it_is_known(kind: str, there: dict[str, Any], text: str, told: str) -> None:
    row = figures({"code": "A", "kind": kind, **there}).row("A")
    assert (row.text, row.told) == (text, told)
