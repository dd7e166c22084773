"""A small plan workbook from tables a reader can check by eye: tables come in, a saved .xlsx and its Plan go out.

The heading stands in row 1, so the first row of a table is row 2 of the sheet and its columns are A, B, C … as shown.
Headings of the contract that a table leaves out are added behind it, empty. A cell is

===============  ====================================================================================================
``1.1``          text under ``Mã``, ``TT``, ``Tiêu chí`` and ``Mục``; elsewhere a number is a number (``1,5`` is 1.5)
``t:1,5``        text, whatever it looks like
``n:1.1``        a number, whatever the column
``d:2021-3-14``  an Excel date
``%:0.5``        a number in a percent format (shown as 50%)
``q:50``         a number in the format ``0"%"`` (shown as 50%, stored as 50)
``k:2000``       a number in the format ``#,##0,`` (shown as 2, stored as 2000)
``f:=1+1``       a formula that nobody calculated
``e:#REF!``      an Excel error
``b:1``          a truth value
``^`` and ``<``  merged with the cell above, with the cell to the left
===============  ====================================================================================================
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from cchc_xl.plan import load_plan
from cchc_xl.plan.load import SHEETS
from cchc_xl.records import Plan

DEFAULTS = {
    "Cài đặt": """
        | Mục                  | Giá trị                 |
        | Cơ quan chủ quản     | UBND tỉnh               |
        | Cơ quan ban hành     | Sở Lao động             |
        | Ký hiệu              | SLĐTBXH                 |
        | Địa danh             | Đồng Tháp               |
        | Năm                  | 2021                    |
        | Số kế hoạch          | 12                      |
        | Ngày kế hoạch        | 1/4/2021                |
        | Chỉ số năm trước (%) | 74,12                   |
        | Xếp hạng năm trước   | 17                      |
        | Số đơn vị xếp hạng   | 17                      |
        | Chỉ số mục tiêu (%)  | 80                      |
        | Quyền hạn ký         | KT. GIÁM ĐỐC            |
        | Chức vụ ký           | PHÓ GIÁM ĐỐC            |
        | Người ký             | Nguyễn Văn A            |
        | Nơi nhận             | UBND Tỉnh; Lưu: VT, VP  |
        | Số chữ số thập phân  | 2                       |
        | Thiếu minh chứng     | cảnh báo                |
    """,
    "Đơn vị": """
        | Mã   | Tên đơn vị                                  | Tên khác       | Nhóm              | Phải báo cáo |
        | VP   | Văn phòng Sở                                | Văn phòng; VPS | Văn phòng         | x            |
        | TCKT | Phòng Tài chính – Kế toán                   | P. TC-KT       | Phòng chuyên môn  | x            |
        | BTXH | Phòng Bảo trợ và Phòng, chống tệ nạn xã hội | P. BTXH        | Phòng chuyên môn  | x            |
        | TTDV | Trung tâm Dịch vụ việc làm                  | TT DVVL        | Đơn vị trực thuộc | x            |
    """,
    "Kỳ báo cáo": """
        | Mã      | Tên kỳ         | Từ ngày    | Đến ngày   | Hạn gửi    |
        | 2021-Q1 | Quý I năm 2021 | 15/12/2020 | 14/3/2021  | 20/3/2021  |
        | 2021-N  | Năm 2021       | 15/12/2020 | 14/12/2021 | 20/12/2021 |
    """,
    "Phụ lục": """
        | TT  | NỘI DUNG          | ĐƠN VỊ THỰC HIỆN                                 | PHỐI HỢP THỰC HIỆN   |
        | 1   | Chỉ đạo điều hành |                                                  |                      |
        | 1.1 | Kế hoạch          | Văn phòng Sở                                     | Các phòng chuyên môn |
        | 1.2 | Thủ tục           | Các phòng chuyên môn; Trung tâm Dịch vụ việc làm | Văn phòng Sở         |
    """,
    "Bộ chỉ số": """
        | Mã  | Tiêu chí          | Điểm tối đa | Cách chấm | Số liệu         |
        | 1   | Chỉ đạo điều hành | 100         | tổng      |                 |
        | 1.1 | Kế hoạch          | 40          | mức       |                 |
        | 1.2 | Thủ tục           | 60          | tỷ lệ     | A_DUNG / A_TONG |
    """,
    "Thang điểm": """
        | Mã  | Mức       | Điểm |
        | 1.1 | Đạt       | 40   |
        | 1.1 | Không đạt | 0    |
    """,
    "Số liệu": """
        | Mã     | Tên số liệu    | Kiểu      | Gộp  | Tiêu chí | Đơn vị nhập                        |
        | A_DUNG | Hồ sơ đúng hạn | số nguyên | tổng | 1.2      | Các phòng chuyên môn; Văn phòng Sở |
        | A_TONG | Hồ sơ          | số nguyên | tổng | 1.2      | Các phòng chuyên môn; Văn phòng Sở |
    """,
    "Ràng buộc": """
        | Mã | Biểu thức        | Mức độ | Thông báo                    |
        | R1 | A_DUNG <= A_TONG | lỗi    | Đúng hạn không thể nhiều hơn |
    """,
}
_TEXT_COLUMNS = frozenset({"Mã", "TT", "Tiêu chí", "Mục"})
_NUMBER = re.compile(r"-?\d+(,\d+)?")
_MERGED = frozenset({"^", "<"})
_FORMATS = {"%": "0.00%", "q": '0"%"', "k": "#,##0,"}


def cells(table: str) -> list[list[str]]:
    """The rows of a table drawn with ``|``; the first is the heading."""
    lines = (line.strip() for line in table.strip().splitlines())
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line]


def save(path: Path, sheets: Mapping[str, str | None], *, bare: bool = False) -> Path:
    """Saves the workbook: the tables given, the default of every other sheet; a sheet given as None is left out.

    ``bare``: headings that a table leaves out stay missing.
    """
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, table in {**DEFAULTS, **sheets}.items():
        if table is not None:
            _fill(book.create_sheet(name), cells(table), SHEETS.get(name, ()) if not bare else ())
    book.save(path)
    return path


def load(folder: Path, sheets: Mapping[str, str | None] | None = None, *, bare: bool = False) -> Plan:
    """The plan of these tables, through a real file."""
    return load_plan(save(folder / "plan.xlsx", sheets or {}, bare=bare))


def found(plan: Plan, sheet: str | None = None) -> list[tuple[str, str]]:
    """The findings as (cell, code), of one sheet or of all, without the total and the empty settings."""
    return [
        (item.at.address, item.code)
        for item in plan.findings
        if item.at and item.at.sheet == (sheet or item.at.sheet) and item.code not in {"P206", "P209"}
    ]


def unsound(plan: Plan) -> str:
    """The codes that errors make unscorable, sorted."""
    return " ".join(sorted(plan.unsound))


def _fill(sheet: Any, rows: list[list[str]], headings: tuple[str, ...]) -> None:
    shown = rows[0]
    rows = [[*shown, *(heading for heading in headings if heading not in shown)], *rows[1:]]
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            if text and text not in _MERGED:
                _write(sheet.cell(number, column), text, shown[column - 1] if column <= len(shown) else "", number > 1)
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            down = _run(below[column - 1] if column <= len(below) else "" for below in rows[number:])
            right = _run(row[column:], "<")
            if text not in _MERGED and (down or right):
                sheet.merge_cells(None, number, column, number + down, column + right)


def _run(texts: Iterable[str], mark: str = "^") -> int:
    """How many of the texts, from the first on, are the mark."""
    return len(list(takewhile(mark.__eq__, texts)))


def _write(cell: Any, text: str, heading: str, data: bool) -> None:
    kind, colon, rest = text.partition(":")
    if not (data and colon and kind in {"t", "n", "d", "%", "q", "k", "f", "e", "b"}):
        number = data and heading not in _TEXT_COLUMNS and _NUMBER.fullmatch(text)
        cell.value = _as_number(text.replace(",", ".")) if number else text
        return
    if kind == "t":
        cell.value, cell.data_type = rest, "s"
    elif kind == "d":
        cell.value, cell.number_format = datetime.strptime(rest, "%Y-%m-%d"), "dd/mm/yyyy"  # noqa: DTZ007
    elif kind == "b":
        cell.value = rest == "1"
    elif kind in {"f", "e"}:
        cell.value = rest
    else:
        cell.value = _as_number(rest)
        cell.number_format = _FORMATS.get(kind, "General")


def _as_number(text: str) -> float | int:
    return float(text) if "." in text else int(text)
