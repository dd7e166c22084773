"""A small province for the tests: one plan workbook, agencies' folders with filled forms; nothing is faked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from cchc_xl import pipeline
from tests import plans
from tests.unit_forms import fill

PERIOD = "2021-Q1"
SHEETS: dict[str, str | None] = {
    "Cài đặt": """
        | Mục                 | Giá trị                    |
        | Cơ quan chủ quản    | UBND tỉnh X                |
        | Cơ quan ban hành    | Sở Nội vụ tỉnh X           |
        | Ký hiệu             | SNV                        |
        | Địa danh            | Xuân Hòa                   |
        | Năm                 | 2021                       |
        | Chỉ số năm trước (%) | 70                        |
        | Xếp hạng năm trước  | 17                         |
        | Chức vụ ký          | Giám đốc                   |
        | Người ký            | Trần Thị B                 |
        | Nơi nhận            | UBND tỉnh X; Lưu: VT, CCHC |
        | Tên chỉ số          | chỉ số cải cách            |
        | Xếp loại            | Tốt=90; Khá=70             |
    """,
    "Đơn vị": """
        | Mã | Tên đơn vị         | Phải báo cáo |
        | CQ | Bộ phận thường trực | x           |
    """,
    "Phụ lục": """
        | TT  | NỘI DUNG  | ĐƠN VỊ THỰC HIỆN    |
        | 1   | Điều hành |                     |
        | 1.1 | Kế hoạch  | Bộ phận thường trực |
        | 2   | Kết quả   |                     |
        | 2.1 | Hồ sơ     | Bộ phận thường trực |
        | 2.2 | Hài lòng  | Bộ phận thường trực |
        | 2.3 | Dẫn đầu   | Bộ phận thường trực |
    """,
    "Bộ chỉ số": """
        | Mã  | Tiêu chí  | Điểm tối đa | Cách chấm | Số liệu         |
        | 1   | Điều hành |             | tổng      |                 |
        | 1.1 | Kế hoạch  | 20          | mức       |                 |
        | 2   | Kết quả   |             | tổng      |                 |
        | 2.1 | Hồ sơ     | 50          | tỷ lệ     | A_DUNG / A_TONG |
        | 2.2 | Hài lòng  | 20          | khảo sát  | HAI_LONG        |
        | 2.3 | Dẫn đầu   | 10          | thứ hạng  | A_TONG          |
    """,
    "Thang điểm": """
        | Mã  | Từ | Đến | Mức       | Điểm |
        | 1.1 |    |     | Đạt       | 20   |
        | 1.1 |    |     | Không đạt | 0    |
        | 2.3 | 1  | 1   |           | 10   |
        | 2.3 | 2  |     |           | 5    |
    """,
    "Số liệu": """
        | Mã       | Tên số liệu    | Kiểu      | Gộp  | Tiêu chí | Đơn vị nhập         |
        | A_DUNG   | Hồ sơ đúng hạn | số nguyên | tổng | 2.1      | Bộ phận thường trực |
        | A_TONG   | Hồ sơ          | số nguyên | tổng | 2.1      | Bộ phận thường trực |
        | HAI_LONG | Hài lòng       | tỷ lệ %   | một đơn vị | 2.2 |                    |
    """,
    "Ràng buộc": "| Mã | Biểu thức | Mức độ | Thông báo |",
    "Cơ quan": """
        | Mã   | Tên cơ quan     | Nhóm | Thư mục  | Xếp hạng năm trước | Người ký |
        | STC  | Sở Tài chính    | Sở   |          | 2                  | Lê Văn C |
        | SYT  | Sở Y tế         | Sở   | y-te     | 1                  |          |
        | XA1  | UBND xã An Bình | Xã   |          |                    |          |
        | XA2  | UBND xã Hòa Lợi | Xã   |          |                    |          |
        | XA3  | UBND xã Tân Phú | Xã   |          |                    |          |
    """,
    "Khảo sát": """
        | Mã cơ quan | Mã số liệu | Giá trị |
        | STC        | HAI_LONG   | 80      |
        | SYT        | HAI_LONG   | %:0.9   |
        | XA1        | HAI_LONG   | 75      |
        | XA2        | HAI_LONG   | 75      |
        | XA3        | HAI_LONG   | 50      |
    """,
}
FOLDERS = {"STC": "stc", "SYT": "y-te", "XA1": "UBND xã An Bình", "XA2": "xa2", "XA3": "XA3"}
ISSUED = {"SYT": "y-te"}  # where the plan names a folder, the forms are in it; else it is called by the code
# By agency: level of 1.1, files on time, files. Points without the ranked criterion 2.3, by hand:
# STC 20 + 45 + 16 = 81, SYT 20 + 40 + 18 = 78, XA1 20 + 25 + 15 = 60, XA2 the same, XA3 0 + 50 + 10 = 60.
FILLED = {
    "STC": ("Đạt", 90, 100),
    "SYT": ("Đạt", 160, 200),
    "XA1": ("Đạt", 10, 20),
    "XA2": ("Đạt", 20, 40),
    "XA3": ("Không đạt", 30, 30),
}


def save_plan(path: Path, more: Mapping[str, str | None] | None = None) -> Path:
    """The plan workbook, with other tables where they are given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return plans.save(path, {**SHEETS, **(more or {})})


def build(home: Path, filled: Mapping[str, tuple[Any, ...]] | None = None) -> Path:
    """The plan and the tree of folders with a filled form in each; returns the plan."""
    plan = save_plan(home / "plan.xlsx")
    pipeline.issue(plan, home / "bieu-mau", period=PERIOD)
    for code, (level, good, all_) in (filled or FILLED).items():
        folder = home / "nop" / FOLDERS[code]
        folder.mkdir(parents=True)
        form = folder / f"{PERIOD}_CQ.xlsx"
        form.write_bytes((home / "bieu-mau" / ISSUED.get(code, code) / f"{PERIOD}_CQ.xlsx").read_bytes())
        fill(form, figures={"A_DUNG": good, "A_TONG": all_}, rows={"1.1": {"Mức đạt": level}})
    return plan


def sheet(path: Path, name: str) -> list[list[Any]]:
    """The values of a sheet of a workbook."""
    return [list(row) for row in load_workbook(path)[name].iter_rows(values_only=True)]


QUARTERS = {
    "2021-Q1": ("15/12/2020", "14/3/2021"),
    "2021-Q2": ("15/3/2021", "14/6/2021"),
    "2021-Q3": ("15/6/2021", "14/9/2021"),
    "2021-Q4": ("15/9/2021", "14/12/2021"),
}
GROUPS = {"Sở": ("S", "Sở số", 20), "Huyện": ("H", "UBND huyện số", 12), "Xã": ("X", "UBND xã số", 143)}


def large(home: Path) -> tuple[Path, dict[str, str]]:
    """A whole province: its plan, and the group of every agency by its code."""
    agencies = {
        f"{letter}{number:03}": (f"{name} {number}", group)
        for group, (letter, name, count) in GROUPS.items()
        for number in range(1, count + 1)
    }
    rows = "\n".join(f"| {code} | {name} | {group} |" for code, (name, group) in agencies.items())
    given = "\n".join(f"| {code} | HAI_LONG | {60 + n % 40} |" for n, code in enumerate(agencies))
    periods = "\n".join(
        f"| {code} | Quý {code[-1]} năm 2021 | {start} | {end} |" for code, (start, end) in QUARTERS.items()
    )
    sheets = {
        "Kỳ báo cáo": f"| Mã | Tên kỳ | Từ ngày | Đến ngày |\n{periods}",
        "Cơ quan": f"| Mã | Tên cơ quan | Nhóm |\n{rows}",
        "Khảo sát": f"| Mã cơ quan | Mã số liệu | Giá trị |\n{given}",
    }
    return save_plan(home / "plan.xlsx", sheets), {code: group for code, (_, group) in agencies.items()}


def fill_quarter(home: Path, period: str) -> None:
    """Issues the forms of a quarter into the agencies' folders and fills them in: no two of a group alike in all."""
    for n, path in enumerate(sorted(pipeline.issue(home / "plan.xlsx", home / period, period=period).files)):
        level = "Không đạt" if n % 7 == 0 else "Đạt"
        fill(path, figures={"A_DUNG": 50 + n % 50, "A_TONG": 100 + n}, rows={"1.1": {"Mức đạt": level}})
