"""Forms that are not ours, a ministry's or a unit's own: the figures typed in them are read, or what is missing is told.

A form is drawn as a table: ``<`` and ``^`` are merged with the cell to the left and above, digits with a nought before
them are text, ``z:101`` is the number 101 in a cell of the format 0000, ``n:101`` the same in one of no format.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
import pytest
from openpyxl import Workbook, load_workbook

from cchc_xl import pipeline
from cchc_xl.plan import load_plan
from cchc_xl.result.objects import Object, to_object
from tests import plans
from tests.office import convert

FIGURES = """
    | Mã      | Mã trên biểu | Tên số liệu                 | Kiểu       | Tiêu chí | Đơn vị nhập  |
    | VB_DI   | t:0101       | Văn bản đi                  | số nguyên  | 1.2      | Văn phòng Sở |
    | VB_DEN  | t:0102       | Văn bản đến điện tử         | số nguyên  | 1.2      | Văn phòng Sở |
    | A_DUNG  | MS 12        | Hồ sơ giải quyết đúng hạn   | số nguyên  | 1.2      | Văn phòng Sở |
    | A_TONG  | MS 13        | Hồ sơ tiếp nhận trong kỳ    | số nguyên  | 1.2      | Văn phòng Sở |
"""
TYPED = {"VB_DI": "480", "VB_DEN": "1250", "A_DUNG": "95", "A_TONG": "100"}
MINISTRY = """
    | Biểu số 02/CCHC                  |                      |        |             |                |           |       |
    | Đơn vị báo cáo: Văn phòng Sở     |                      |        |             |                |           |       |
    | Đơn vị nhận báo cáo: Sở Lao động |                      |        |             |                |           |       |
    | KẾT QUẢ CÔNG TÁC VĂN PHÒNG       | <                    | <      | <           | <              | <         | <     |
    | Kỳ báo cáo: Quý I năm 2021       |                      |        |             |                |           |       |
    |                                  |                      |        |             |                |           |       |
    | STT | Chỉ tiêu                   | Mã số  | Đơn vị tính | Số liệu báo cáo | <        | <              |
    | ^   | ^                          | ^      | ^           | Năm trước       | Năm nay  | <              |
    | ^   | ^                          | ^      | ^           | ^               | Kế hoạch | Thực hiện      |
    | A   | B                          | C      | D           | (1)             | (2)      | (3)            |
    | I   | VĂN BẢN                    |        |             |                 |          |                |
    | 1   | Văn bản đi                 | 0101   | văn bản     | 400             | 450      | 480            |
    | 2   | Văn bản đến điện tử        | 0102   | văn bản     | 1100            | 1200     | 1250           |
    | 3   | Trong đó: văn bản mật      | 0103   | văn bản     | 7               | 8        | 9              |
    | II  | HỒ SƠ                      |        |             |                 |          |                |
    | 1   | - Giải quyết đúng hạn      | 12     | hồ sơ       | 80              | 90       | 95             |
    | 2   | Tổng số hồ sơ tiếp nhận    | 13     | hồ sơ       | 85              | 95       | 100            |
    |     |                            |        |             |                 |          |                |
    |     |                            |        |             | Đồng Tháp, ngày 16 tháng 3 năm 2021 |  |   |
    |     | Người lập biểu             |        |             | Thủ trưởng đơn vị                   |  |   |
"""
# Ways in which the same four figures come in: the drawing, the cell of the first one's value.
MAKINGS: list[tuple[str, str, str]] = [
    ("three rows of headings, rows that number and part", MINISTRY, "G12"),
    (
        "printed codes and one column",
        """
        | Đơn vị báo cáo: | Văn phòng Sở |  |
        | Mã số  | Chỉ tiêu             | Số liệu              |
        | 0101   | Văn bản đi           | 480                  |
        | 0102   | Văn bản đến          | 1250                 |
        | MS 12  | Hồ sơ đúng hạn       | 95                   |
        | Mã số: 13 | Hồ sơ tiếp nhận      | 100                  |
        """,
        "C3",
    ),
    (
        "codes as numbers that are shown with a nought, footnotes behind headings",
        """
        | Văn phòng Sở     |                     |                   |
        | Mã chỉ tiêu (*)  | Nội dung            | (4) Giá trị       |
        | z:101            | Văn bản đi          | 480               |
        | z:102            | Văn bản đến         | 1.250 văn bản     |
        | n:12             | Hồ sơ đúng hạn      | 95                |
        | n:13             | Hồ sơ tiếp nhận     | 100               |
        """,
        "C3",
    ),
    (
        "codes that have lost their nought",
        """
        | Văn phòng Sở |                     |                   |
        | Mã           | Tên chỉ tiêu        | Giá trị (đồng)    |
        | n:101        | Văn bản đi          | 480               |
        | n:102        | Văn bản đến         | 1250              |
        | 12.          | Hồ sơ đúng hạn      | 95                |
        | (13)         | Hồ sơ tiếp nhận     | 100               |
        """,
        "C3",
    ),
    (
        "the plan's codes",
        """
        | Văn phòng Sở |                   |
        | Mã           | Giá trị [4]       |
        | VB_DI        | 480               |
        | VB_DEN       | 1250              |
        | A_DUNG       | 95                |
        | A_TONG       | 100               |
        """,
        "B3",
    ),
    (
        "names only",
        """
        | Văn phòng Sở |                              |           |
        | STT          | Chỉ tiêu                     | Kết quả   |
        | 1            | Văn bản đi                   | 480       |
        | 2            | - Văn bản đến điện tử        | 1250      |
        | 3            | HỒ SƠ GIẢI QUYẾT ĐÚNG HẠN    | 95        |
        | 4            | Hồ sơ tiếp nhận trong kỳ:    | 100       |
        """,
        "C3",
    ),
    (
        "this year's column before last year's, each by its number",
        """
        | Văn phòng Sở |        |           |          |           |
        | Mã số:       | Chỉ tiêu(*)        | Năm 2021 | Số liệu (năm trước) |
        | 0101         | Văn bản đi         | 480      | 400       |
        | 0102         | Văn bản đến        | 1250     | 1100      |
        | MS 12        | Hồ sơ đúng hạn     | 95       | 80        |
        | MS 13        | Hồ sơ tiếp nhận    | 100      | 85        |
        """,
        "C3",
    ),
    (
        "the quarters of the year",
        """
        | Văn phòng Sở |                    |          |          |          |
        | Mã số        | Chỉ tiêu           | Năm 2021 | <        | <        |
        | ^            | ^                  | Quý IV   | Quý I    | Quý II   |
        | 0101         | Văn bản đi         | 1        | 480      | 2        |
        | 0102         | Văn bản đến        | 1        | 1250     | 2        |
        | MS 12        | Hồ sơ đúng hạn     | 1        | 95       | 2        |
        | MS 13        | Hồ sơ tiếp nhận    | 1        | 100      | 2        |
        """,
        "D4",
    ),
    (
        "what is common to the columns above the other headings, values and headings merged over two columns",
        """
        | Văn phòng Sở |                 |           |           |           |           |
        |              |                 | Kỳ trước  | <         | Kỳ này    | <         |
        | Mã số        | Chỉ tiêu        | Kế hoạch  | Thực hiện | Thực hiện | <         |
        | 0101         | Văn bản đi      | 1         | 2         | 480       | <         |
        | 0102         | Văn bản đến     | 1         | 2         | 1250      | <         |
        | MS 12        | Hồ sơ đúng hạn  | 1         | 2         | 95        | <         |
        | MS 13        | Hồ sơ tiếp nhận | 1         | 2         | 100       | <         |
        """,
        "E4",
    ),
    (
        "the strict headings, of which that of the values stands over two columns",
        """
        | Văn phòng Sở |                  |            |          |
        | Mã           | Tên số liệu      | Giá trị    | <        |
        | ^            | ^                | Kỳ trước   | Kỳ này   |
        | 0101         | Văn bản đi       | 400        | 480      |
        | 0102         | Văn bản đến      | 1100       | 1250     |
        | MS 12        | Hồ sơ đúng hạn   | 80         | 95       |
        | MS 13        | Hồ sơ tiếp nhận  | 85         | 100      |
        """,
        "D4",
    ),
    (
        "the headings again on the second page, and another table below",
        """
        | Văn phòng Sở |                  |              |          |        |
        | Mã số        | Chỉ tiêu         | Số liệu kỳ này | Ghi chú |       |
        | 0101         | Văn bản đi       | 480          |          |        |
        | 0102         | Văn bản đến      | 1250         |          |        |
        | Mã số        | Chỉ tiêu         | Số liệu kỳ này | Ghi chú |       |
        | MS 12        | Hồ sơ đúng hạn   | 95           |          |        |
        | MS 13        | Hồ sơ tiếp nhận  | 100          |          |        |
        |              |                  |              |          |        |
        | TT           | Mã số            | Chỉ tiêu     | Thực hiện|        |
        | 1            | 0101             | Văn bản đi   | 777      |        |
        """,
        "C3",
    ),
]


def draw(path: Path, drawing: str) -> Path:
    """Saves the drawn sheet as a workbook without a stamp."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "Biểu 02"
    rows = plans.cells(drawing)
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            if text and text not in "^<":
                _write(sheet.cell(number, column), text)
                down = plans._run(below[column - 1] if column <= len(below) else "" for below in rows[number:])
                right = plans._run(row[column:], "<")
                if down or right:
                    sheet.merge_cells(None, number, column, number + down, column + right)
    book.save(path)
    return path


def _write(cell: Any, text: str) -> None:
    kind, _, number = text.partition(":")
    if kind in ("z", "n") and number.isdigit():
        cell.value, cell.number_format = int(number), "0000" if kind == "z" else "General"
    else:
        cell.value = int(text) if text.isdigit() and not text.startswith("0") else text


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return plans.save(tmp_path_factory.mktemp("ke-hoach") / "plan.xlsx", {"Số liệu": FIGURES})


def assess(plan: Path, folder: Path) -> Object:
    return to_object(pipeline.assess(plan, folder, period="2021-Q1").contents())


def read(told: Object) -> dict[str, str]:
    """The values read, by figure."""
    entries = [entry for item in told["measure_details"] for entry in item["entries"] if entry["unit"] == "VP"]
    codes = [item["code"] for item in told["measure_details"] for entry in item["entries"] if entry["unit"] == "VP"]
    return {code: entry["value"] for code, entry in zip(codes, entries, strict=True) if entry["value"] is not None}


def found(told: Object, *severities: str) -> list[tuple[str, str]]:
    """The findings at the form, as (code, cell)."""
    return [
        (item["code"], item["cell"])
        for item in told["findings"]
        if (item["file"] or "").startswith("bieu") and item["severity"] in (severities or ("error",))
    ]


@pytest.mark.parametrize(("drawing", "first"), [row[1:] for row in MAKINGS], ids=[row[0] for row in MAKINGS])
def test_a_form_that_is_not_ours_is_read(drawing: str, first: str, plan: Path, tmp_path: Path) -> None:
    draw(tmp_path / "bieu.xlsx", drawing)
    told = assess(plan, tmp_path)
    assert (read(told), found(told)) == (TYPED, [])
    cells = {item["code"]: entry["cell"] for item in told["measure_details"] for entry in item["entries"]}
    assert cells["VB_DI"] == first
    assert [code for code, _ in found(told, "note")].count("T314") == 1
    assert {row["unit"]: row["file"] for row in told["rollcall"]}["VP"] == "bieu.xlsx"


@pytest.mark.parametrize("kind", ["xls", "ods"])
@pytest.mark.parametrize("at", [0, 2], ids=["a ministry's", "codes as numbers"])
def test_forms_saved_by_another_program_are_read_alike(kind: str, at: int, plan: Path, tmp_path: Path) -> None:
    made = draw(tmp_path / "bieu.xlsx", MAKINGS[at][1])
    convert(made, kind, tmp_path / "don-vi")
    told = assess(plan, tmp_path / "don-vi")
    assert (read(told), found(told)) == (TYPED, [])


def test_a_form_in_a_word_document_is_read(plan: Path, tmp_path: Path) -> None:
    """The table of a report: its titles are paragraphs, its codes and values text."""
    document = docx.Document()
    titles, drawing = ("Đơn vị báo cáo: Văn phòng Sở", "Kính gửi: Trung tâm Dịch vụ việc làm"), MAKINGS[1][1]
    for title in titles:
        document.add_paragraph(title)
    rows = plans.cells(drawing)[1:]
    table = document.add_table(len(rows), 3)
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(number, column).text = text
    document.save(str(tmp_path / "bieu.docx"))
    told = assess(plan, tmp_path)
    assert (read(told), found(told)) == (TYPED, [])


@pytest.mark.parametrize(
    "lines",
    [
        ("Kính gửi: Văn phòng Sở", "Phòng Tài chính – Kế toán"),
        ("Đơn vị nhận báo cáo: | Văn phòng Sở", "Đơn vị báo cáo: | Phòng Tài chính – Kế toán"),
    ],
)
def test_whom_a_form_is_for_does_not_tell_who_sends_it(lines: tuple[str, str], plan: Path, tmp_path: Path) -> None:
    rows = MAKINGS[1][1].strip().splitlines()[1:]
    draw(tmp_path / "bieu.xlsx", "\n".join((*(f"| {line} | |" for line in lines), *rows)))
    told = assess(plan, tmp_path)
    assert {row["unit"]: row["file"] for row in told["rollcall"] if row["file"]} == {"TCKT": "bieu.xlsx"}


def test_an_issued_form_is_known_by_the_printed_codes_too(plan: Path, tmp_path: Path) -> None:
    """The form as issued prints the plan's codes; typed over with the ministry's, it is read as well."""
    pipeline.issue(plan, period="2021-Q1", to=tmp_path)
    path = next(path for path in tmp_path.iterdir() if "VP" in path.name)
    book = load_workbook(path)
    rows = {row[0].value: row for row in book["Số liệu"].iter_rows(min_row=8) if row[0].value}
    assert set(rows) == set(TYPED)
    for (code, value), printed in zip(TYPED.items(), ("0101", "0102", "MS 12", "13"), strict=True):
        rows[code][0].value, rows[code][3].value = printed, int(value)
    book.save(path)
    for other in tmp_path.iterdir():
        if other != path:
            other.unlink()
    told = assess(plan, tmp_path)
    assert read(told) == TYPED


TWO_COLUMNS = """
    | Văn phòng Sở |                 |           |            |
    | Mã số        | Chỉ tiêu        | Thực hiện | <          |
    | ^            | ^               | Trực tiếp | Trực tuyến |
    | 0101         | Văn bản đi      | 480       | 20         |
    | 0102         | Văn bản đến     | 1250      | 30         |
"""
# What cannot be told is an error at its cell, and no value: the drawing, the errors, what is read all the same.
UNCLEAR: list[tuple[str, str, list[tuple[str, str]], dict[str, str]]] = [
    ("two columns of this period", TWO_COLUMNS, [("D132", "D3")], {}),
    (
        "two columns below one heading, both filled",
        TWO_COLUMNS.replace("Trực tiếp", "").replace("Trực tuyến", ""),
        [("D132", "D3")],
        {},
    ),
    (
        "a code with another figure's name",
        MAKINGS[1][1].replace("| 0102   | Văn bản đến          |", "| 0102   | Hồ sơ tiếp nhận trong kỳ |"),
        [("D131", "A4")],
        {code: TYPED[code] for code in ("VB_DI", "A_DUNG", "A_TONG")},
    ),
    (
        "a figure by its printed code and by the plan's, differing",
        MAKINGS[1][1] + "| VB_DI | Văn bản đi | 481 |\n",
        [("D116", "C7")],
        {code: TYPED[code] for code in ("VB_DEN", "A_DUNG", "A_TONG")},
    ),
    ("the same twice", MAKINGS[1][1] + "| VB_DI | Văn bản đi | 480 |\n", [], TYPED),
    (
        "one value merged over two figures",
        MAKINGS[1][1].replace("| 1250 ", "| ^    "),
        [("D103", "C3"), ("D103", "C4"), ("D129", "C3")],
        {code: TYPED[code] for code in ("A_DUNG", "A_TONG")},
    ),
    (
        "a row left blank",
        MAKINGS[1][1].replace("| 1250 ", "|      "),
        [("D103", "C4")],
        {code: TYPED[code] for code in ("VB_DI", "A_DUNG", "A_TONG")},
    ),
]


@pytest.mark.parametrize(("drawing", "errors", "values"), [row[1:] for row in UNCLEAR], ids=[row[0] for row in UNCLEAR])
def test_what_a_form_does_not_tell_is_an_error_at_its_cell(
    drawing: str, errors: list[tuple[str, str]], values: dict[str, str], plan: Path, tmp_path: Path
) -> None:
    draw(tmp_path / "bieu.xlsx", drawing)
    told = assess(plan, tmp_path)
    assert (found(told), read(told)) == (errors, values)


def test_a_code_that_may_be_two_figures_is_an_error(tmp_path: Path) -> None:
    """101 may be the code 101, or 0101 of which Excel dropped the nought; as text, or shown with it, it is one."""
    table = FIGURES.replace("MS 12 ", "t:101 ")
    plan = plans.save(tmp_path / "plan.xlsx", {"Số liệu": table})
    drawing = """
        | Văn phòng Sở |                        |           |
        | Mã số        | Chỉ tiêu               | Số liệu   |
        | {}           | Văn bản, hồ sơ đúng hạn đi | 480   |
        | 0102         | Văn bản đến điện tử    | 1250      |
        | MS 13        | Hồ sơ tiếp nhận        | 100       |
    """
    for stored, errors, values in (
        ("n:101", [("D131", "A3")], {"VB_DEN": "1250", "A_TONG": "100"}),
        ("z:101", [], {"VB_DI": "480", "VB_DEN": "1250", "A_TONG": "100"}),
        ("0101", [], {"VB_DI": "480", "VB_DEN": "1250", "A_TONG": "100"}),
    ):
        folder = tmp_path / stored.replace(":", "-")
        folder.mkdir()
        draw(folder / "bieu.xlsx", drawing.format(stored))
        told = assess(plan, folder)
        assert (found(told), read(told)) == (errors, values)


def test_what_the_form_has_no_row_for_is_asked_for_once(plan: Path, tmp_path: Path) -> None:
    """Two of the four figures, and the level of 1.1, have no place on this form: a warning, no error."""
    drawing = "\n".join(line for line in MAKINGS[1][1].splitlines() if "Hồ sơ" not in line)
    draw(tmp_path / "bieu.xlsx", drawing)
    told = assess(plan, tmp_path)
    assert (read(told), found(told)) == ({"VB_DI": "480", "VB_DEN": "1250"}, [])
    (asked,) = [item["message"] for item in told["findings"] if item["code"] == "D216"]
    assert "3" in asked


def test_a_name_that_is_quite_another_is_told(plan: Path, tmp_path: Path) -> None:
    draw(tmp_path / "bieu.xlsx", MAKINGS[1][1].replace("Văn bản đến   ", "Lớp tập huấn  "))
    told = assess(plan, tmp_path)
    assert read(told) == TYPED
    assert ("D217", "B4") in found(told, "warning")


# What is no form of this plan, and the words that say why.
NO_FORMS = [
    (
        "another plan's form with the same digits",
        """
        | Văn phòng Sở |                            |          |
        | Mã số        | Chỉ tiêu                   | Thực hiện|
        | 0101         | Trường mầm non công lập    | 12       |
        | 0102         | Giáo viên đạt chuẩn        | 340      |
        | 12           | Học sinh chuyển cấp        | 560      |
        """,
        "tên các dòng khác hẳn",
    ),
    (
        "no column of this period",
        """
        | Văn phòng Sở |                 |           |          |
        | Mã số        | Chỉ tiêu        | Năm trước | Kế hoạch |
        | 0101         | Văn bản đi      | 400       | 450      |
        | 0102         | Văn bản đến     | 1100      | 1200     |
        """,
        "sheet “Biểu 02” thiếu tiêu đề “Giá trị” (có: “Mã số”, “Chỉ tiêu”, “Năm trước”, “Kế hoạch”)",
    ),
    (
        "our headings over other codes",
        "| Văn phòng Sở | |\n| Mã | Giá trị |\n| XX_1 | 3 |\n| XX_2 | 4 |",
        "không có mã nào của kế hoạch này",
    ),
    ("a list of people", "| Danh sách | |\n| Họ tên | Chức vụ |\n| Nguyễn Văn A | Trưởng phòng |", "không sheet nào"),
]


@pytest.mark.parametrize(("drawing", "words"), [row[1:] for row in NO_FORMS], ids=[row[0] for row in NO_FORMS])
def test_what_is_no_form_of_the_plan_is_told_with_what_is_missing(
    drawing: str, words: str, plan: Path, tmp_path: Path
) -> None:
    draw(tmp_path / "bieu.xlsx", drawing)
    told = assess(plan, tmp_path)
    assert found(told, "error", "warning") == [("F201", None)]
    assert read(told) == {}
    (item,) = [item for item in told["findings"] if item["code"] == "F201"]
    assert words in item["message"]


@pytest.mark.parametrize(
    ("heading", "errors", "words"),
    [
        ("Giá trị (đồng)", [], ""),
        ("Giá trị [4]", [], ""),
        ("(4) Giá trị", [], ""),
        ("Trị số", ["D120"], "thiếu tiêu đề “Giá trị” (dòng 7 có: “Mã”, “Tên số liệu”, “Đơn vị tính”, “Trị số”"),
    ],
)
def test_an_issued_form_with_one_other_heading(
    heading: str, errors: list[str], words: str, plan: Path, tmp_path: Path
) -> None:
    pipeline.issue(plan, period="2021-Q1", to=tmp_path)
    (path,) = [path for path in tmp_path.iterdir() if "VP" in path.name]
    book = load_workbook(path)
    sheet = book["Số liệu"]
    assert sheet["D7"].value == "Giá trị"
    sheet["D7"].value = heading
    for row in range(8, 12):
        sheet.cell(row, 4).value = int(TYPED[sheet.cell(row, 1).value])
    book.save(path)
    told = assess(plan, tmp_path)
    own = [item for item in told["findings"] if item["file"] == path.name and item["severity"] == "error"]
    assert [item["code"] for item in own if item["sheet"] == "Số liệu"] == errors
    assert read(told) == ({} if errors else TYPED)
    assert all(words in item["message"] for item in own if item["code"] == "D120")


def test_the_plan_keeps_the_printed_codes(tmp_path: Path) -> None:
    """As they are printed; the column may be missing, and one code for two figures of a unit is told."""
    plan = load_plan(plans.save(tmp_path / "a.xlsx", {"Số liệu": FIGURES}))
    assert [item.form_code for item in plan.measures] == ["0101", "0102", "MS 12", "MS 13"]
    without = plans.load(tmp_path)
    assert {item.form_code for item in without.measures} == {""}
    assert "P103" not in {item.code for item in (*plan.findings, *without.findings)}
