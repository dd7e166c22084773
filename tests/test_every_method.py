"""One table with every method, combination and policy, awkward on purpose: the library and LibreOffice agree on each row."""

from __future__ import annotations

import shutil
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

import cchc_xl
from cchc_xl.result.objects import Object
from tests import plans
from tests.conftest import WHOLE
from tests.office import converted
from tests.unit_forms import consolidated, copy_tree, fill, form, issue_forms

PERIOD = "2021-N"
AWAY = "không phát sinh"
SHEETS: dict[str, str | None] = {
    "Cài đặt": "| Mục | Giá trị |\n| Thiếu minh chứng | 0 điểm |",
    "Đơn vị": """
        | Mã | Tên đơn vị | Nhóm  | Phải báo cáo |
        | A  | Phòng A    | Phòng | x            |
        | B  | Phòng B    | Phòng | x            |
    """,
    "Phụ lục": """
        | TT | NỘI DUNG | ĐƠN VỊ THỰC HIỆN |
        | 1  | Số liệu  | Các phòng        |
        | 2  | Nhóm     | Các phòng        |
        | 3  | Đơn vị   | Các phòng        |
        | 4  | Cộng trừ | Các phòng        |
        | 5  | Thêm     | Các phòng        |
    """,
    "Bộ chỉ số": """
        | Mã    | Tiêu chí        | Điểm tối đa | Cách chấm  | Số liệu         | Gộp        | Minh chứng | Không phát sinh | Điều kiện       | Làm tròn |
        | 1     | Số liệu         | 30          | tổng       |                 |            |            |                 |                 |          |
        | 1.1   | Bậc             | 3           | bậc        | X / Y           |            |            | loại            |                 |          |
        | 1.2   | Tỷ lệ           | 7           | tỷ lệ      | X + Z / Y + Z   |            |            | điểm tối đa     |                 |          |
        | 1.3   | Mỗi, có trần    | 2           | mỗi đơn vị | Z               |            |            | 0 điểm          |                 |          |
        | 1.4   | So với dẫn đầu  | 4           | so sánh    | X / Y           |            |            | loại            |                 |          |
        | 1.5   | So với chỉ tiêu | 4           | so sánh    | LON             |            |            | loại            |                 |          |
        | 1.6   | Khảo sát        | 5           | khảo sát   | HAI             |            |            | loại            |                 |          |
        | 1.7   | Trừ dần         | 3           | mỗi đơn vị | NHO             |            | bắt buộc   | loại            |                 |          |
        | 1.8   | Trung bình      | 2           | tỷ lệ      | TB / Y          |            |            | loại            |                 |          |
        | 2     | Nhóm            | 20          | tổng       |                 |            |            |                 |                 |          |
        | 2.1   | Tất cả          | 4           | tất cả     |                 |            |            |                 |                 |          |
        | 2.1.1 | Mức một         | 2           | mức        |                 |            |            | loại            |                 |          |
        | 2.1.2 | Mức hai         | 2           | mức        |                 |            |            | loại            |                 |          |
        | 2.2   | Bất kỳ          | 6           | bất kỳ     |                 |            |            |                 |                 |          |
        | 2.2.1 | Mức ba          | 2           | mức        |                 |            |            | loại            |                 |          |
        | 2.2.2 | Mức bốn         | 1           | mức        |                 |            |            | loại            |                 |          |
        | 2.3   | Cao nhất        | 5           | cao nhất   |                 |            |            |                 |                 |          |
        | 2.3.1 | Mức năm         | 5           | mức        |                 | cao nhất   |            | loại            |                 |          |
        | 2.3.2 | Tay một         | 3           | chấm tay   |                 | trung bình |            | loại            |                 |          |
        | 2.4   | Thấp nhất       | 5           | thấp nhất  |                 |            |            |                 |                 |          |
        | 2.4.1 | Mức sáu         | 5           | mức        |                 | trung bình |            | loại            |                 |          |
        | 2.4.2 | Bậc tỷ lệ       | 5           | bậc        | X / Y           |            |            | loại            |                 |          |
        | 3     | Đơn vị          | 10          | tổng       |                 |            |            |                 |                 |          |
        | 3.1   | Có minh chứng   | 6           | mức        |                 | thấp nhất  | Báo cáo    | loại            |                 |          |
        | 3.2   | Tay hai         | 4           | chấm tay   |                 | thấp nhất  |            | loại            |                 |          |
        | 4     | Cộng trừ        | 40          | tổng       |                 |            |            |                 |                 |          |
        | 4.1   | Nền             | 40          | tỷ lệ      | X / Y           |            |            | 0 điểm          |                 |          |
        | 4.2   | Thưởng          | 3           | điểm cộng  |                 |            |            |                 |                 |          |
        | 4.2.1 | Sáng kiến       | 5           | mỗi đơn vị | Z               |            |            | 0 điểm          |                 |          |
        | 4.3   | Phạt            | -2          | điểm cộng  |                 |            |            |                 |                 |          |
        | 4.3.1 | Vi phạm         | -3          | mỗi đơn vị | NHO             |            |            | 0 điểm          |                 |          |
        | 5     | Thêm              | 40          | tổng       |                 |            |            |                 |                 |          |
        | 5.1   | Ngưỡng, có sàn    | 5           | ngưỡng     | X / Y           |            |            | loại            |                 | 2        |
        | 5.2   | Ngưỡng            | 3           | ngưỡng     | LON             |            |            | loại            | t:5.1           |          |
        | 5.3   | Trung bình        | 7           | trung bình |                 |            |            |                 |                 |          |
        | 5.3.1 | Tỷ lệ làm tròn    | 3           | tỷ lệ      | X / Y           |            |            | loại            |                 | 1        |
        | 5.3.2 | Tỉ lệ             | 2           | tỉ lệ      | TB / Y          |            |            | loại            |                 |          |
        | 5.3.3 | Theo dõi          | 0           | tỷ lệ      | X / Y           |            |            | loại            |                 |          |
        | 5.4   | Nếu đủ            | 2           | tỷ lệ      | X / Y           |            |            | loại            | t:2.2 = tối đa  | 0        |
        | 5.5   | Dây chuyền        | 2           | mỗi đơn vị | Z               |            |            | loại            | t:5.4           |          |
        | 5.6   | Nhóm có điều kiện | 4           | cao nhất   |                 |            |            |                 | t:1.1 = tối đa  |          |
        | 5.6.1 | Mức bảy           | 4           | mức        |                 |            |            | loại            |                 |          |
        | 5.7   | Thứ hạng          | 3           | thứ hạng   | X / Y           |            |            | loại            |                 |          |
        | 5.8   | Khoảng            | 3           | khoảng     | Z               |            |            | loại            |                 |          |
        | 5.9   | Sau xếp hạng      | 2           | tỷ lệ      | X / Y           |            |            | loại            | t:5.7           |          |
        | 5.10  | Sau nhóm          | 3           | tỷ lệ      | X / Y           |            |            | loại            | t:2.1           |          |
        | 5.11  | Sau nhóm đủ       | 3           | tỷ lệ      | X / Y           |            |            | loại            | t:2 = tối đa    | 3        |
        | 5.12  | Sau điểm cộng     | 3           | khảo sát   | HAI             |            |            | loại            | t:4.2           | 1        |
    """,
    "Thang điểm": """
        | Mã    | Từ   | Gồm từ | Đến  | Gồm đến | Mức      | Điểm    |
        | 1.1   | 66,6 | không  |      |         |          | 3       |
        | 1.1   | 33,3 | có     | 66,6 | có      |          | t:50%   |
        | 1.1   |      |        | 33,3 | không   |          | 0       |
        | 1.3   |      |        |      |         | mỗi      | 0,3     |
        | 1.3   |      |        |      |         | trần     | 1,7     |
        | 1.4   |      |        |      |         | dẫn đầu  | 80      |
        | 1.5   |      |        |      |         | chỉ tiêu | 10      |
        | 1.5   |      |        |      |         | dẫn đầu  | 25      |
        | 1.7   |      |        |      |         | gốc      | 3       |
        | 1.7   |      |        |      |         | mỗi      | -0,7    |
        | 1.7   |      |        |      |         | sàn      | 0,5     |
        | 2.1.1 |      |        |      |         | Đạt      | 2       |
        | 2.1.1 |      |        |      |         | Không    | 0       |
        | 2.1.2 |      |        |      |         | Đạt      | 2       |
        | 2.1.2 |      |        |      |         | Không    | 0       |
        | 2.2.1 |      |        |      |         | Đạt      | 2       |
        | 2.2.1 |      |        |      |         | Không    | t:25%   |
        | 2.2.2 |      |        |      |         | Đạt      | 1       |
        | 2.2.2 |      |        |      |         | Không    | 0       |
        | 2.3.1 |      |        |      |         | Đạt      | 5       |
        | 2.3.1 |      |        |      |         | Không    | 1       |
        | 2.3.2 |      |        |      |         | bước     | 0,2     |
        | 2.4.1 |      |        |      |         | Đạt      | 5       |
        | 2.4.1 |      |        |      |         | Không    | 2       |
        | 2.4.2 | 50   | có     |      |         |          | tỷ lệ   |
        | 2.4.2 |      |        | 50   | không   |          | 0       |
        | 3.1   |      |        |      |         | Đạt      | 6       |
        | 3.1   |      |        |      |         | Không    | 0       |
        | 3.2   |      |        |      |         | nhỏ nhất | 0,5     |
        | 3.2   |      |        |      |         | bước     | 0,75    |
        | 4.2.1 |      |        |      |         | mỗi      | 1,5     |
        | 4.3.1 |      |        |      |         | mỗi      | -0,75   |
        | 5.1   |      |        |      |         | đủ điểm  | 80      |
        | 5.1   |      |        |      |         | sàn      | 40      |
        | 5.2   |      |        |      |         | đủ điểm  | 30      |
        | 5.5   |      |        |      |         | mỗi      | 0,3     |
        | 5.6.1 |      |        |      |         | Đạt      | 4       |
        | 5.6.1 |      |        |      |         | Không    | t:1/4   |
        | 5.7   |      |        |      |         | 1        | 3       |
        | 5.7   | 2    |        | 5    |         |          | t:½     |
        | 5.8   |      |        |      |         | đầu      | 1       |
        | 5.8   |      |        |      |         | cuối     | 3       |
    """,
    "Số liệu": """
        | Mã  | Tên số liệu | Kiểu         | Gộp        | Tiêu chí | Đơn vị nhập |
        | X   | Đạt         | số nguyên    | tổng       | 1.1      | Các phòng   |
        | Y   | Tổng        | số nguyên    | tổng       | 1.1      | Các phòng   |
        | Z   | Thêm        | số nguyên    | tổng       | 1.3      | Các phòng   |
        | LON | Lớn nhất    | số thập phân | lớn nhất   | 1.5      | Các phòng   |
        | NHO | Nhỏ nhất    | số nguyên    | nhỏ nhất   | 1.7      | Các phòng   |
        | TB  | Trung bình  | số thập phân | trung bình | 1.8      | Các phòng   |
        | HAI | Hài lòng    | tỷ lệ %      | một đơn vị | 1.6      | Các phòng   |
    """,
    "Ràng buộc": "| Mã | Biểu thức |",
}
FIGURES: dict[str, tuple[Any, Any]] = {
    **{"X": (10, 7), "Y": (20, 13), "Z": (2, 1), "LON": (12.5, 9), "NHO": (2, 5), "TB": (4, 7), "HAI": (66.7, 66.7)},
}
LEVELS: dict[str, tuple[Any, Any]] = {
    **{"2.1.1": ("Đạt", "Đạt"), "2.1.2": ("Đạt", AWAY), "2.2.1": ("Không", "Không"), "2.2.2": ("Đạt", "Đạt")},
    **{
        "2.3.1": ("Không", "Không"),
        "2.3.2": (2, 1.8),
        "2.4.1": ("Đạt", "Không"),
        "3.1": ("Đạt", "Đạt"),
        "3.2": (2.75, 3.5),
        "5.6.1": ("Không", "Đạt"),
    },
}
CASES: dict[str, tuple[dict[str, tuple[Any, Any]], dict[str, tuple[Any, Any]]]] = {
    "as it stands": ({}, {}),
    "above the leader": ({"X": (19, 13), "LON": (30, 0)}, {}),
    "at the target": ({"LON": (10, 3)}, {}),
    "on the edges": ({"X": (333, 0), "Y": (1000, 0)}, {}),
    "on the upper edge": ({"X": (666, 0), "Y": (1000, 0)}, {}),
    "nothing arose": (dict.fromkeys(FIGURES, (AWAY, AWAY)), dict.fromkeys(LEVELS, (AWAY, AWAY))),
    "denominator 0": ({"X": (0, 0), "Y": (0, 0)}, {}),
    "zero of something": ({"X": (0, 0), "Z": (0, 0), "NHO": (0, 0)}, {}),
    "one unit blank": ({"Z": (2, None), "HAI": (50, None)}, {"2.1.1": ("Đạt", None), "2.4.1": (None, "Đạt")}),
    "units differ": ({"HAI": (50, 60)}, {}),
    "everything met": (
        {"X": (20, 13), "NHO": (0, 0)},
        {code: ("Đạt", "Đạt") for code in LEVELS if code not in ("2.3.2", "3.2")},
    ),
    # Points by hand outside their frame are no points: blank in the library and in the workbook.
    "bounds of points": ({"Z": (99, 1), "NHO": (99, 99)}, {"2.3.2": (9, -4), "3.2": (0, 0.1)}),
}


def ran(case: str, plan: Path, issued: Path, home: Path) -> tuple[Object, Path]:
    """The object of a case and its consolidated workbook, in a folder of its own."""
    more_figures, more_levels = CASES[case]
    forms = copy_tree(issued, home / "don-vi")
    for index, unit in enumerate("AB"):
        figures = {code: pair[index] for code, pair in {**FIGURES, **more_figures}.items()}
        rows: dict[str, dict[str, Any]] = {}
        for code, pair in {**LEVELS, **more_levels}.items():
            typed = pair[index]
            rows[code] = {"Điểm tự chấm" if isinstance(typed, int | float) else "Mức đạt": typed}
        rows["3.1"]["Tài liệu kiểm chứng"] = "Báo cáo" if unit == "A" or case != "bounds of points" else None
        rows["1.7"] = {"Tài liệu kiểm chứng": "Báo cáo" if case != "zero of something" else None}
        fill(form(forms, unit, PERIOD), figures=figures, rows=rows, saved="2021-12-16T02:00:00Z")
    return consolidated(plan, forms, PERIOD)


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Object, Path]]:
    """Every case's object and its consolidated workbook as LibreOffice calculates it, in one call for all.

    The gate has every third one calculated; of the others the values stored beside the formulas are compared.
    """
    home = tmp_path_factory.mktemp("moi-cach-cham")
    plan = plans.save(home / "plan.xlsx", SHEETS)
    issued = issue_forms(plan, home / "phat-hanh", PERIOD)
    results = {case: ran(case, plan, issued, home / str(number)) for number, case in enumerate(CASES)}
    chosen = list(results) if WHOLE else list(results)[::3]
    books = []
    for number, case in enumerate(chosen):
        books.append(home / f"{number}.xlsx")
        shutil.copy(results[case][1], books[-1])
    made = dict(zip(chosen, converted(books, "xlsx", home / "lo"), strict=True))
    return {case: (document, made.get(case, path)) for case, (document, path) in results.items()}


@pytest.mark.parametrize("case", CASES)
def test_library_and_libreoffice_agree(case: str, recalculated: dict[str, tuple[Object, Path]]) -> None:
    document, path = recalculated[case]
    with closing(load_workbook(path, data_only=True, read_only=True)) as book:
        shown = {str(row[0]): row for row in book["Chấm điểm"].iter_rows(min_row=2, values_only=True) if row[0]}
    wrong = []
    for item in document["criteria"]:
        points, applicable = shown[item["code"]][3], shown[item["code"]][4]
        expected = item["final_points"]
        same = points in (None, "") if expected is None else _close(points, expected)
        if not same or not _close(applicable, item["applicable_max"]):
            wrong.append(
                (item["code"], item["method"], item["status"], expected, points, item["applicable_max"], applicable)
            )
    assert wrong == []
    percent = document["index"]["percent"]
    index = shown["Chỉ số (%)"][3]
    assert (
        (index in (None, ""))
        if percent is None
        else abs(Decimal(repr(index)) - Decimal(percent)) <= Decimal("0.005000001")
    )


def _close(shown: object, exact: str) -> bool:
    return isinstance(shown, int | float) and abs(Decimal(repr(shown)) - Decimal(exact)) < Decimal("1e-9")


def test_worked_out_by_hand(tmp_path: Path) -> None:
    """The case as it stands: X/Y = 17/33 = 51,51…%, (17+3)/(33+3) = 55,5…%."""
    plan = plans.save(tmp_path / "plan.xlsx", SHEETS)
    forms = issue_forms(plan, tmp_path / "don-vi", PERIOD)
    for index, unit in enumerate("AB"):
        rows = {
            code: {"Điểm tự chấm" if isinstance(pair[index], int | float) else "Mức đạt": pair[index]}
            for code, pair in LEVELS.items()
        }
        rows["3.1"]["Tài liệu kiểm chứng"] = "Báo cáo"
        rows["1.7"] = {"Tài liệu kiểm chứng": "Báo cáo"}
        figures = {code: pair[index] for code, pair in FIGURES.items()}
        fill(form(forms, unit, PERIOD), figures=figures, rows=rows, saved="2021-12-16T02:00:00Z")
    document = cchc_xl.run(plan, forms, period=PERIOD).document
    points = {item["code"]: item["final_points"] for item in document["criteria"]}
    hand = {
        **{"1.1": "1.5", "1.3": "0.9", "1.6": "3.335", "1.7": "1.6", "2.1": "4", "2.2": "6"},
        **{"2.3.2": "1.9", "2.3": "1.9", "2.4.1": "3.5", "3.1": "6", "4.2": "3", "4.3": "-1.5"},
    }
    # 1.5: the larger, 12,5, lies above the target of 10: 2 + 2,5/15 × 2; 2.3.2: the mean of 2,0 and 1,8
    assert {code: points[code] for code in hand} == hand
    # 5.1: 51,51… / 80 × 5 = 3,2196…; 5.3: 1,5 of 3 (1,5454… rounded) and TB/Y = 5,5/33 = 1/6: mean 1/3 of 7;
    # 5.4: 2.2 is full, 1,03… rounded to 1; 5.5 needs 5.4; 5.6 needs the whole of 1.1; 5.9 waits for the ranking
    further = {"5.1": "3.22", "5.2": "1.25", "5.3.1": "1.5", "5.4": "1", "5.5": "0.9", "5.6": "0", "5.6.1": "1"}
    further |= {"5.7": None, "5.8": None, "5.9": None, "5.11": "0", "5.12": "2"}
    assert {code: points[code] for code in further} == further
    basis = {item["code"]: item["basis"] for item in document["criteria"]}
    assert basis["5.7"].startswith("Chưa có điểm: chờ xếp hạng cùng các cơ quan (Đạt / Tổng: 17 / 33 = 51,52%")
    assert basis["5.6"].endswith("“Bậc” (1.1) đạt điểm tối đa, mà tiêu chí đó được 1,5 điểm → 0 điểm")
    assert basis["5.9"].endswith("tiêu chí đó chưa đủ điểm để biết nên chưa có điểm")
    assert points["5.3"].startswith("2.33333333")
    assert points["1.5"].startswith("2.3333333333")
    # 3.2 from 0,5 by steps of 0,75: 3,3 → 2,75 and 4 → 3,5; the lowest counts
    assert points["3.2"] == "2.75"
