"""One run, every output: how many criteria stand how is told alike by all of them, and counted here by hand."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook

import cchc_xl
from cchc_xl.extras.button_tables import index_table
from cchc_xl.pipeline import advise, explain
from cchc_xl.pipeline.line import open_result
from cchc_xl.result.view import View
from tests import plans
from tests.command import cchc
from tests.unit_forms import fill, form, issue_forms

PERIOD = "2021-N"
AWAY = "không phát sinh"
SHEETS: dict[str, str | None] = {
    "Cài đặt": "| Mục | Giá trị |\n| Tên chỉ số | Chỉ số CCHC |\n| Cơ quan ban hành | Sở A |\n| Chỉ số mục tiêu (%) | 80 |\n| Số chữ số thập phân | 1 |",
    "Đơn vị": "| Mã | Tên đơn vị | Nhóm | Phải báo cáo |\n| A | Phòng A | Phòng | x |",
    "Phụ lục": "| TT | NỘI DUNG | ĐƠN VỊ THỰC HIỆN |\n| 1 | Công việc | Phòng A |\n| 2 | Thưởng | Phòng A |\n| 3 | Trừ | Phòng A |",
    "Bộ chỉ số": """
        | Mã    | Tiêu chí        | Điểm tối đa | Cách chấm  | Số liệu | Không phát sinh |
        | 1     | Công việc       | 50          | tổng       |         |                 |
        | 1.1   | Đủ              | 6           | tỷ lệ      | D / D   | loại            |
        | 1.2   | Một phần        | 9           | tỷ lệ      | P / Q   | loại            |
        | 1.3   | Loại            | 5           | tỷ lệ      | L / L   | loại            |
        | 1.4   | Không điểm      | 7           | tỷ lệ      | K / K   | 0 điểm          |
        | 1.5   | Điểm tối đa     | 8           | tỷ lệ      | M / M   | điểm tối đa     |
        | 1.6   | Tự chấm         | 3           | chấm tay   |         | loại            |
        | 1.7   | Tốt nhất        | 5           | cao nhất   |         |                 |
        | 1.7.1 | Cách một        | 5           | tỷ lệ      | D / D   | loại            |
        | 1.7.2 | Cách hai        | 5           | tỷ lệ      | P / Q   | loại            |
        | 1.8   | Chưa gửi        | 7           | tỷ lệ      | G / Q   | loại            |
        | 1.9   | Theo dõi        | 0           | tỷ lệ      | P / Q   |                 |
        | 1.10  | Theo dõi, thiếu | 0           | tỷ lệ      | G / Q   |                 |
        | 2     | Điểm thưởng     | 4           | điểm cộng  |         |                 |
        | 2.1   | Sáng kiến       | 4           | mỗi đơn vị | S       | 0 điểm          |
        | 2.2   | Thưởng chưa có  | 4           | mỗi đơn vị | G       | 0 điểm          |
        | 3     | Điểm trừ        | -10         | điểm cộng  |         |                 |
        | 3.1   | Nộp trễ         | -4          | mỗi đơn vị | T       | 0 điểm          |
        | 3.2   | Trừ chưa có     | -4          | mỗi đơn vị | G       | 0 điểm          |
    """,
    "Thang điểm": """
        | Mã  | Mức | Điểm |
        | 2.1 | mỗi | 1    |
        | 2.2 | mỗi | 1    |
        | 3.1 | mỗi | -2   |
        | 3.2 | mỗi | -2   |
    """,
    "Số liệu": """
        | Mã | Tên số liệu     | Kiểu      | Tiêu chí | Đơn vị nhập |
        | D  | Việc đủ         | số nguyên | 1.1      | Phòng A     |
        | P  | Việc xong       | số nguyên | 1.2      | Phòng A     |
        | Q  | Việc giao       | số nguyên | 1.2      | Phòng A     |
        | L  | Việc loại       | số nguyên | 1.3      | Phòng A     |
        | K  | Việc không điểm | số nguyên | 1.4      | Phòng A     |
        | M  | Việc đủ điểm    | số nguyên | 1.5      | Phòng A     |
        | G  | Việc chưa gửi   | số nguyên | 1.8      | Phòng A     |
        | S  | Sáng kiến       | số nguyên | 2.1      | Phòng A     |
        | T  | Lần trễ         | số nguyên | 3.1      | Phòng A     |
    """,
    "Ràng buộc": "| Mã | Biểu thức |",
}
FIGURES: dict[str, Any] = {"D": 3, "P": 1, "Q": 3, "L": AWAY, "K": AWAY, "M": AWAY, "S": 2, "T": 2}

#   1.1, 1.5 (điểm tối đa) and 1.7 (its best child) are full; 1.2 and 1.4 (0 điểm) short; 1.6 (its self-score is
#   outside its limits) and 1.8 missing; 1.3 (loại) not applicable. 1.9, 1.10, 2 and 3 stand in no count.
BY_HAND = {"criteria": 8, "full": 3, "short": 2, "missing": 2, "not_applicable": 1}
# Rows of tham-dinh.xlsx that are neither bonus nor deduction: 1.1 to 1.6, 1.7.1, 1.7.2, 1.8.
TO_APPRAISE = 9


@dataclass
class Ran:
    """A finished run, what the command line said, the report's paragraphs, the rows of its tables and of its note's."""

    folder: Path
    said: str
    lines: list[str]
    rows: list[list[str]]


def appraise(path: Path) -> None:
    """The Office enters points and what was said about two criteria."""
    book = load_workbook(path)
    sheet = book["Thẩm định"]
    heads = {cell.value: cell.column for cell in sheet[5]}
    for row in range(6, sheet.max_row + 1):
        if sheet.cell(row, 1).value in ("1.1", "1.2"):
            sheet.cell(row, heads["Điểm thẩm định lần 1"]).value = {"1.1": 6, "1.2": 2.5}[sheet.cell(row, 1).value]
            sheet.cell(row, heads["Ý kiến lần 1"]).value = "Đã xem hồ sơ"
            sheet.cell(row, heads["Giải trình của đơn vị"]).value = "Gửi bổ sung sau"
    book.save(path)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ran]:
    """The small plan as its units reported, and again with two of its rows appraised."""
    home = tmp_path_factory.mktemp("dem")
    plan = plans.save(home / "plan.xlsx", SHEETS)
    forms = issue_forms(plan, home / "don-vi", PERIOD)
    fill(form(forms, "A", PERIOD), figures=FIGURES, rows={"1.6": {"Điểm tự chấm": 4}}, saved="2021-12-16T02:00:00Z")
    made = {}
    for name in ("as reported", "appraised"):
        said = cchc("run", plan, forms, "--period", PERIOD, "--out", home / "out", "--letters", "each").stdout
        folder = home / "out" / PERIOD
        made[name] = ran(folder, said, home / f"{name}")
        appraise(folder / "tham-dinh.xlsx")
    return made


def ran(folder: Path, said: str, keep: Path) -> Ran:
    shutil.copytree(folder, keep)
    lines = [paragraph.text for paragraph in Document(str(keep / "bao-cao.docx")).paragraphs]
    return Ran(
        keep, said, lines, [row for name in ("bao-cao.docx", "phieu-kiem-tra.docx") for row in rows_of(keep / name)]
    )


def rows_of(path: Path) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for table in Document(str(path)).tables for row in table.rows]


def line(lines: list[str], start: str) -> str:
    return next(text for text in lines if start in text)


def stated(text: str) -> dict[str, int]:
    """The counts of a sentence "8 tiêu chí: 3 đạt điểm tối đa, …"."""
    pattern = (
        r"(\d+) tiêu chí: (\d+) đạt điểm tối đa, (\d+) chưa đạt điểm tối đa, (\d+) chưa có điểm, (\d+) không phát sinh"
    )
    found = re.search(pattern, text)
    assert found, text
    return dict(zip(BY_HAND, map(int, found.groups()), strict=True))


def test_every_output_counts_alike(runs: dict[str, Ran]) -> None:
    one = runs["as reported"]
    result = open_result(one.folder)
    counts = result.counts
    assert counts is not None
    assert {name: getattr(counts, name) for name in BY_HAND} == BY_HAND
    assert stated(one.said) == BY_HAND
    book = load_workbook(one.folder / "tong-hop.xlsx", data_only=True)
    summary = [str(cell.value) for row in book["Tóm tắt"].iter_rows(max_row=5) for cell in row if cell.value]
    assert stated(" ".join(summary)) == BY_HAND
    waiting = "còn 2 tiêu chí chưa có điểm"
    assert waiting in " ".join(summary)
    assert waiting in one.said
    # The report's sentences, and the table of fields of its note.
    total = next(row for row in one.rows if row[0] == "Chỉ số CCHC" and len(row) == 10)
    assert total[2:7] == ["08", "03", "02", "02", "01"]
    assert "Còn 02 tiêu chí chưa có điểm" in line(one.lines, "đang tính 0 điểm")
    assert "Có 03/08 tiêu chí đạt điểm tối đa" in line(one.lines, "tiêu chí đạt điểm tối đa")
    assert "Có 02/08 tiêu chí chưa đạt điểm tối đa và 01 nội dung bị trừ điểm" in line(one.lines, "nội dung bị trừ")
    # What is owed and what is outside its frame are told apart; together they are the two.
    assert [row[2] for row in one.rows if row[1] == "Chưa có điểm"] == [
        "Điểm tự chấm ngoài khung (Phòng A): Tự chấm.",
        "Còn chờ Phòng A: Chưa gửi.",
    ]
    # The letter to the unit: the figure it owes and its self-score are the two errors marked in the enclosed copy.
    letter = " ".join(item.text for item in Document(str(one.folder / "don-doc" / "A.docx")).paragraphs)
    assert "còn 02 nội dung phải sửa; 01 nội dung cần kiểm tra lại. Đề nghị đơn vị sửa" in letter
    # Advice, the button, Python.
    assert any("Chỉ số tạm tính: 2 tiêu chí chưa có điểm" in text for text in advise(one.folder).lines)
    notes = [str(row[-1]) for row in index_table(result)[1]]
    assert "2 tiêu chí chưa có điểm" in notes[0]
    assert sum(int(found[1]) for note in notes[2:] if (found := re.match(r"(\d+) tiêu chí chưa", note))) == 2
    assert View(result).counts == counts


def test_the_demo_quarter_counts_alike(quarter: cchc_xl.Result) -> None:
    """It told 16, 15 and 14 criteria without points."""
    folder = Path(quarter.folder or "")
    counts = quarter.contents.counts
    assert counts is not None
    book = load_workbook(folder / "tong-hop.xlsx", data_only=True)
    summary = " ".join(
        str(cell) for row in book["Tóm tắt"].iter_rows(max_row=5, values_only=True) for cell in row if cell
    )
    told = {name: getattr(counts, name) for name in BY_HAND}
    assert stated(summary) == told
    document = Document(str(folder / "bao-cao.docx"))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    told_in_report = {int(found) for found in re.findall(r"[Cc]òn (\d+) tiêu chí chưa có điểm", text)}
    rows = rows_of(folder / "phieu-kiem-tra.docx")
    total = next(row for row in rows if row[0] == "Chỉ số cải cách hành chính" and len(row) == 10)
    assert [int(cell) for cell in total[2:7]] == list(told.values())
    advice = next(text for text in advise(folder).lines if text.startswith("Chỉ số tạm tính"))
    button = [str(row[-1]) for row in index_table(quarter.contents)[1]][2:]
    in_button = sum(int(found[1]) for note in button if (found := re.match(r"(\d+) tiêu chí chưa", note)))
    assert told_in_report | {int(advice.split()[4]), in_button} == {counts.missing}


def test_policies_and_signs_are_told_as_they_are(runs: dict[str, Ran]) -> None:
    one = runs["as reported"]
    # 6 + 3 + 0 + 8 + 5 = 22, with 2 of bonus and -4: 20 of 50 - 5 = 45.
    index = open_result(one.folder).index
    assert (index.points, index.applicable_max, index.percent) == (20, 45, Decimal("44.4"))
    # The two missing at their maximum: 10 points more. The missing bonus and deduction count 0.
    assert index.percent_if_missing_full == Decimal("66.7")
    told = line(one.lines, "Theo kết quả tự đánh giá")
    assert "(20/45 điểm, gồm 2 điểm thưởng, đã trừ 4 điểm)" in told
    away = [text for text in one.lines if "không phát sinh" in text and text.startswith(("Điểm tối đa", "Có 01"))]
    assert [text.partition("(")[0].strip() for text in away] == [
        "Điểm tối đa áp dụng đã trừ 01 tiêu chí không phát sinh trong kỳ",
        "Có 01 tiêu chí không phát sinh, tính 0 điểm theo kế hoạch",
        "Có 01 tiêu chí không phát sinh, tính điểm tối đa theo kế hoạch",
    ]
    assert "Theo kết quả tự đánh giá (chưa thẩm định)" in told
    lost = {row[0]: row for row in one.rows if len(row) == 6 and row[0] in ("1.2", "1.4", "3.1")}
    assert lost["1.2"][3:] == ["9", "3", "6"]
    assert lost["1.4"][1] == "Không điểm (không phát sinh, tính 0 điểm theo kế hoạch)"
    assert lost["1.4"][3:] == ["7", "0", "7"]
    assert lost["3.1"][3:] == ["0", "−4", "4"]
    assert not any("Điểm thưởng, điểm trừ: " in text for text in one.lines)  # they are fields: the table has them
    assert "Chỉ theo dõi, không tính điểm: Theo dõi: 33,3%; Theo dõi, thiếu: chưa có." in one.lines
    assert "Nộp trễ bị trừ 4 điểm, tối đa trừ 4 điểm (Phòng A)" in line(one.lines, "bị trừ 4 điểm")
    appendix = {row[0]: row for row in reversed(one.rows) if len(row) == 9}  # the report's, without a column of dashes
    assert (appendix["3.1"][5], appendix["3.1"][7]) == ("tối đa trừ 4", "−4")
    assert (appendix["2"][5], appendix["2"][7]) == ("tối đa +4", "+2")
    assert not [text for text in one.lines if "2/0 điểm" in text or "4/0 điểm" in text]


def test_what_is_only_followed_has_no_points_and_is_asked_for_nowhere(runs: dict[str, Ran]) -> None:
    one = runs["as reported"]
    result = open_result(one.folder)
    followed = [item for item in result.criteria if item.status == "followed"]
    assert [(item.code, item.final_points, item.applicable_max) for item in followed] == [
        ("1.9", None, 0),
        ("1.10", None, 0),
    ]
    assert followed[0].basis == "Chỉ theo dõi, không tính điểm: Việc xong / Việc giao: 1 / 3 = 33,3% × 0 điểm"
    assert not {"1.9", "1.10"} & {item.code for item in result.advice}
    rows = load_workbook(one.folder / "tham-dinh.xlsx")["Thẩm định"].iter_rows(min_row=6, values_only=True)
    assert not {"1.9", "1.10"} & {row[0] for row in rows}
    sheet = load_workbook(one.folder / "tong-hop.xlsx", data_only=True)["Chấm điểm"]
    shown = {row[0].value: row for row in sheet.iter_rows(min_row=2)}
    assert [(shown[code][3].value, shown[code][9].value) for code in ("1.9", "1.10")] == [(None, "chỉ theo dõi")] * 2
    # One decimal, as the plan asks for; the cell holds the whole value.
    assert (shown["1.2"][5].number_format, round(shown["1.2"][5].value, 6)) == ("#,##0.0", 33.333333)
    assert "Điểm: không có (chỉ theo dõi, không tính điểm)" in explain(one.folder, "1.9").lines


def test_a_partly_appraised_result_says_so(runs: dict[str, Ran]) -> None:
    one = runs["appraised"]
    result = open_result(one.folder)
    assert result.counts is not None
    assert (result.counts.appraised, result.counts.to_appraise) == (2, TO_APPRAISE)
    told = f"đã thẩm định 2/{TO_APPRAISE} tiêu chí"
    assert told in one.said
    assert f"Theo kết quả tự đánh giá và thẩm định ({told} và tiêu chí thành phần)" in line(
        one.lines, "Theo kết quả tự đánh giá"
    )
    book = load_workbook(one.folder / "tong-hop.xlsx", data_only=True)
    summary = " ".join(
        str(cell) for row in book["Tóm tắt"].iter_rows(max_row=5, values_only=True) for cell in row if cell
    )
    assert told in summary.replace("Đã", "đã")
    assert told in str(index_table(result)[1][0][-1])
    # tham-dinh.xlsx counts the same criteria, the bonus and the deduction beside them.
    above = load_workbook(one.folder / "tham-dinh.xlsx", data_only=True)["Thẩm định"]
    progress = [(above.cell(row, 11).value, above.cell(row, 12).value) for row in (1, 2, 3)]
    assert progress == [
        ("Tiêu chí đã thẩm định", f"2/{TO_APPRAISE}"),
        ("Tiêu chí còn lại", TO_APPRAISE - 2),
        ("Điểm thưởng, trừ đã thẩm định", "0/4"),  # 2.1, 2.2, 3.1, 3.2
    ]
    why = explain(one.folder, "1.2").lines
    assert "  Ý kiến lần 1: Đã xem hồ sơ" in why
    assert "  Giải trình của đơn vị: Gửi bổ sung sau" in why
