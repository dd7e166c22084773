"""Builds ``templates/plan_template.xlsx`` from ``plan_data``: ``python tools/make_plan_template.py``.

A test proves that this script still produces the committed file's content; change the data or the script, run it, and
commit both.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cchc_xl.office.excel.book import Book
from cchc_xl.plan.load import COMBINE_FIGURES, COMBINE_UNITS, NOT_APPLICABLE_POLICIES, OPTIONAL, SEVERITIES, SHEETS
from cchc_xl.plan.methods import scoring
from cchc_xl.records import Kind, Method
from cchc_xl.text.words import key
from tools import plan_data as data
from tools.guide_sheet import write_guide

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "templates" / "plan_template.xlsx"
BLANK = ROOT / "templates" / "plan_blank.xlsx"
SAMPLE = ROOT / "cchc_xl" / "plan" / "sample.toml"
CREATED = datetime(2021, 4, 1, tzinfo=timezone.utc)
SPARE_ROWS = 60
GUIDE_TITLE = "KẾ HOẠCH CẢI THIỆN CHỈ SỐ CẢI CÁCH HÀNH CHÍNH"
WIDTHS: dict[str, tuple[float, ...]] = {
    "Cài đặt": (26, 62, 60),
    "Đơn vị": (14, 46, 58, 22, 14),
    "Kỳ báo cáo": (12, 30, 14, 14, 14),
    "Phụ lục": (7, 44, 34, 60, 34),
    "Bộ chỉ số": (9, 46, 10, 13, 30, 12, 28, 14, 11, 12, 44, 9, 16, 20),
    "Thang điểm": (10, 10, 10, 10, 10, 36, 10, 40),
    "Số liệu": (18, 50, 13, 14, 13, 14, 60, 10, 12),
    "Ràng buộc": (8, 62, 12, 64),
    "Câu báo cáo": (40, 10, 90, 60),
}
TITLES = {
    "Cài đặt": "CÀI ĐẶT",
    "Đơn vị": "DANH MỤC ĐƠN VỊ",
    "Kỳ báo cáo": "KỲ BÁO CÁO",
    "Phụ lục": "NHIỆM VỤ, GIẢI PHÁP CẢI THIỆN CHỈ SỐ CẢI CÁCH HÀNH CHÍNH NĂM 2021",
    "Bộ chỉ số": "BỘ CHỈ SỐ (điểm tối đa và cách chấm là minh họa)",
    "Thang điểm": "THANG ĐIỂM (minh họa)",
    "Số liệu": "SỐ LIỆU CÁC ĐƠN VỊ NHẬP",
    "Ràng buộc": "CÁC SỐ LIỆU PHẢI KHỚP NHAU",
    "Câu báo cáo": "CÂU CỦA BÁO CÁO: số liệu trong ngoặc nhọn, phần trong ngoặc vuông bỏ đi khi số bằng 0 hoặc chưa có",
}
HEADINGS = {"Câu báo cáo": ("Mục", "Tiêu chí", "Câu", "Khi thiếu")}
HEADING_ROW = 1


def build(path: Path, settings: Mapping[str, object] | None = None) -> None:
    """Writes the plan workbook to ``path``, with ``settings`` in place of the template's."""
    with Book(path, GUIDE_TITLE, created=CREATED) as book:
        write_guide(book, GUIDE_TITLE, illustrative=True)
        rows = tuple((name, (settings or {}).get(name, value), note) for name, value, note in data.SETTINGS)
        _plain(book, "Cài đặt", rows, ("group", "cell", "shaded"))
        _plain(book, "Đơn vị", data.UNITS, ("code", "cell", "cell", "cell", "centre"))
        _plain(book, "Kỳ báo cáo", data.PERIODS, ("code", "cell", "centre", "centre", "centre"))
        _appendix(book)
        _criteria(book)
        _bands(book)
        measures = ((*row, data.COUNTED.get(row[0], "")) for row in data.MEASURES)
        looks = ("code", "cell", "centre", "centre", "centre", "code", "cell", "centre")
        _plain(book, "Số liệu", measures, looks, ("Tự đếm",))
        _plain(book, "Ràng buộc", data.CONSTRAINTS, ("code", "cell", "centre", "cell"))
        _plain(book, "Câu báo cáo", data.SENTENCES, ("cell", "code", "cell", "cell"))


BLANK_TITLE = "KẾ HOẠCH THỰC HIỆN BỘ CHỈ SỐ"
MARKED_ROWS = 40
# What a row of each list holds, on the heading of its first column.
BLANK_NOTES = {
    "Đơn vị": "Mỗi dòng một đơn vị: mã ngắn không dấu, tên đầy đủ, các tên khác cách nhau bằng dấu ;, nhóm, dấu x nếu phải báo cáo.",
    "Kỳ báo cáo": "Mỗi dòng một kỳ: mã như 2026-Q1 hoặc 2026-N, tên kỳ, từ ngày, đến ngày, hạn gửi.",
    "Phụ lục": "Bảng nhiệm vụ: mã (dạng Text), nội dung, đơn vị thực hiện (tên hoặc nhóm ở sheet Đơn vị), mục tiêu, phối hợp. Được gộp ô.",
    "Bộ chỉ số": "Mỗi dòng một tiêu chí; mã 1, 1.1, 1.1.1 tạo thành cây. Nhóm: cách chấm “tổng”; tiêu chí: chọn cách chấm trong danh sách.",
    "Thang điểm": "Các bậc, mức hoặc tham số của tiêu chí: mã, khoảng hoặc tên mức, điểm.",
    "Số liệu": "Mỗi dòng một số liệu đơn vị phải nhập: mã (chữ không dấu, số, dấu _), tên, đơn vị tính, kiểu, cách gộp, tiêu chí, đơn vị nhập.",
    "Ràng buộc": "Các số liệu phải khớp nhau: A = B + C, A <= B; mức độ “lỗi” hoặc “cảnh báo”. Để trống nếu không có.",
    "Câu báo cáo": "Câu của báo cáo với số liệu trong ngoặc nhọn, ví dụ: Đã xử lý {A}/{B} hồ sơ ({A / B}). Để trống thì báo cáo tự liệt kê số liệu.",
}


def build_blank(path: Path) -> None:
    """Writes the plan workbook with empty lists: headings, a note on each, and the cells to fill in marked."""
    with Book(path, BLANK_TITLE, created=CREATED) as book:
        write_guide(book, BLANK_TITLE, illustrative=False)
        sheet = _sheet(book, "Cài đặt")
        names = [str(row[0]) for row in data.SETTINGS]
        for number, name in enumerate((*names, "Tổng điểm"), start=HEADING_ROW + 1):
            value = {"Số chữ số thập phân": 2, "Thiếu minh chứng": "cảnh báo"}.get(name)
            for column, (text, look) in enumerate(
                ((name, "group"), (value, "input"), (_BLANK_HINTS.get(name), "shaded"))
            ):
                book.write(sheet, number, column, text, look)
        for name, note in BLANK_NOTES.items():
            more = () if name in HEADINGS else OPTIONAL.get(name, ())
            headings = (*(HEADINGS.get(name) or SHEETS[name]), *more)
            sheet = _sheet(book, name, name.upper(), more)
            sheet.write_comment(HEADING_ROW, 0, note, {"author": "Hướng dẫn", "x_scale": 3, "y_scale": 1.5})
            for number in range(HEADING_ROW + 1, HEADING_ROW + 1 + MARKED_ROWS):
                for column, heading in enumerate(headings):
                    is_code = column == 0 or heading in _CODES_IN.get(name, ())
                    book.write(sheet, number, column, None, "input_text" if is_code else "input")
            for column, choices in _CHOICES.get(name, {}).items():
                _drop_down(sheet, HEADING_ROW + MARKED_ROWS, column, choices)


# Columns beside the first in which codes are typed, which Excel must not take for numbers.
_CODES_IN = {"Bộ chỉ số": ("Điều kiện",), "Số liệu": ("Tiêu chí", "Mã trên biểu", "Mã chỉ tiêu báo cáo")}
_BLANK_HINTS = {
    "Cơ quan chủ quản": "Dòng trên, bên trái của văn bản",
    "Cơ quan ban hành": "Tên in trên báo cáo và biểu mẫu",
    "Ký hiệu": "Phần sau dấu / của số văn bản",
    "Chỉ số năm trước (%)": "Ghi “không” nếu năm đầu thực hiện",
    "Xếp hạng năm trước": "Ghi “không” nếu không có",
    "Số đơn vị xếp hạng": "Ghi “không” nếu không xếp hạng",
    "Quyền hạn ký": "TM., KT., TL. …; ghi “không” nếu thủ trưởng tự ký",
    "Nơi nhận": "Cách nhau bằng dấu ;",
    "Bộ phận tổng hợp": "Tên một đơn vị ở sheet Đơn vị: nơi nhận phiếu",
    "Tên chỉ số": "Ví dụ: Chỉ số chuyển đổi số; để trống thì ghi “chỉ số”",
    "Tên viết tắt": "Để trống nếu không có",
    "Tổng điểm": "Chỉ điền khi bộ chỉ số không phải 100 điểm",
}


def sample() -> str:
    """The hashes by which a plan that still carries the template's units is known."""
    names = ", ".join(f'"{hashed(unit[1])}"' for unit in data.UNITS)
    head = "# Written by tools/make_plan_template.py: hashes of the names of the template's agency and units.\n"
    return f'{head}agency = "{hashed(data.AGENCY)}"\nunits = [{names}]\n'


def hashed(name: str) -> str:
    """The hash of a name by its match key."""
    return sha256(key(name).encode()).hexdigest()[:16]


def _sheet(book: Book, name: str, title: str = "", more: tuple[str, ...] = ()) -> Any:
    sheet = book.sheet(name, WIDTHS[name])
    sheet.write_string(0, 0, title or TITLES[name], book.look("title"))
    book.heading(sheet, HEADING_ROW, (*(HEADINGS.get(name) or SHEETS[name]), *more))
    return sheet


def _plain(
    book: Book, name: str, rows: Iterable[tuple[object, ...]], looks: tuple[str, ...], more: tuple[str, ...] = ()
) -> None:
    """A sheet with a row of cells for each record; ``more`` are headings that the contract leaves free."""
    sheet = _sheet(book, name, more=more)
    number = HEADING_ROW
    for number, row in enumerate(rows, start=HEADING_ROW + 1):
        for column, value in enumerate(row):
            book.write(sheet, number, column, value, looks[column])
    for column, choices in _CHOICES.get(name, {}).items():
        _drop_down(sheet, number + SPARE_ROWS, column, choices)


_CHOICES: dict[str, dict[int, tuple[str, ...]]] = {
    "Đơn vị": {4: ("x",)},
    "Bộ chỉ số": {3: tuple(Method), 5: COMBINE_UNITS, 7: NOT_APPLICABLE_POLICIES},
    "Thang điểm": {2: ("có", "không"), 4: ("có", "không")},
    "Số liệu": {3: tuple(Kind), 4: COMBINE_FIGURES, 7: tuple(data.COUNTED.values())},
    "Ràng buộc": {2: tuple(SEVERITIES)},
}


def _drop_down(sheet: Any, last: int, column: int, choices: tuple[str, ...]) -> None:
    sheet.data_validation(
        HEADING_ROW + 1,
        column,
        last,
        column,
        {
            "validate": "list",
            "source": list(choices),
            "error_title": "Không có trong danh mục",
            "error_message": "Hãy chọn trong danh sách thả xuống.",
        },
    )


def _appendix(book: Book) -> None:
    sheet = _sheet(book, "Phụ lục")
    headings = SHEETS["Phụ lục"]
    rows = appendix_rows()
    numbers = {row[0]: HEADING_ROW + 1 + index for index, row in enumerate(rows)}
    covered = set()
    for heading, first, last in data.MERGES:
        column = headings.index(heading)
        text = next(row for row in rows if row[0] == first)[column]
        sheet.merge_range(numbers[first], column, numbers[last], column, text, book.look("cell"))
        covered |= {(number, column) for number in range(numbers[first], numbers[last] + 1)}
    for row in rows:
        number, field = numbers[row[0]], "." not in row[0]
        for column, value in enumerate(row):
            if (number, column) not in covered:
                look = ("group_code" if field else "code") if column == 0 else ("group" if field else "cell")
                book.write(sheet, number, column, value, look)
    for code, heading, note in data.CELL_NOTES:
        sheet.write_comment(numbers[code], headings.index(heading), note, {"author": "Bản chép", "x_scale": 2})


def appendix_rows() -> tuple[tuple[str, str, str, str, str], ...]:
    """The appendix as transcribed from the seed: code, name, lead, target, cooperating."""
    with (Path(__file__).parent / "phu-luc-2021.csv").open(encoding="utf-8", newline="") as stream:
        rows = tuple(csv.DictReader(stream))
    columns = ("code", "name", "lead_units", "target", "coordinating_units")
    return tuple(tuple(row[column] for column in columns) for row in rows)  # type: ignore[misc]


def _criteria(book: Book) -> None:
    sheet = _sheet(book, "Bộ chỉ số", more=OPTIONAL["Bộ chỉ số"])
    names = {row[0]: row[1] for row in appendix_rows()}
    coded = (0, len(SHEETS["Bộ chỉ số"]) + OPTIONAL["Bộ chỉ số"].index("Điều kiện"))
    number = HEADING_ROW
    for number, (code, name, maximum, method, figures, combine, evidence, away) in enumerate(
        data.CRITERIA, HEADING_ROW + 1
    ):
        group = scoring(method).is_group
        values = (
            code,
            name or names[code],
            _number(maximum),
            method,
            figures,
            combine,
            evidence,
            away,
            None,
            None,
            data.ILLUSTRATIVE,
            None,
            None,
            None,
        )
        for column, value in enumerate(values):
            look = ("group_code" if group else "code") if column in coded else ("group" if group else "cell")
            if column == 2:
                look = "group_points" if group else "points"
            book.write(sheet, number, column, value, look)
    for column, choices in _CHOICES["Bộ chỉ số"].items():
        _drop_down(sheet, number + SPARE_ROWS, column, choices)


def _bands(book: Book) -> None:
    sheet = _sheet(book, "Thang điểm")
    number = HEADING_ROW
    for number, row in enumerate(data.BANDS, start=HEADING_ROW + 1):
        code, low, low_included, high, high_included, level, points = row
        values = (
            code,
            _number(low),
            low_included,
            _number(high),
            high_included,
            level,
            _number(points),
            data.ILLUSTRATIVE,
        )
        for column, value in enumerate(values):
            look = (
                "code" if column == 0 else "number" if column in (1, 3, 6) else "centre" if column in (2, 4) else "cell"
            )
            book.write(sheet, number, column, value, look)
    for column, choices in _CHOICES["Thang điểm"].items():
        _drop_down(sheet, number + SPARE_ROWS, column, choices)


def _number(value: object) -> object:
    """A number written as a number; ``50%`` and ``tỷ lệ`` stay text."""
    if isinstance(value, str) and value and not value.endswith("%") and value != "tỷ lệ":
        return Decimal(value.replace(",", "."))
    return value


if __name__ == "__main__":
    TEMPLATE.parent.mkdir(exist_ok=True)
    build(TEMPLATE)
    build_blank(BLANK)
    SAMPLE.write_text(sample(), encoding="utf-8")
    for written in (TEMPLATE, BLANK, SAMPLE):
        print(written.relative_to(ROOT))
