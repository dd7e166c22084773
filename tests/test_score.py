"""The index as a whole: what did not arise by policy, what is missing, rounding once at the end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import cchc_xl
from tests import plans
from tests.unit_forms import fill, form, issue_forms

PERIOD = "2021-N"
UNITS = "| Mã | Tên đơn vị | Phải báo cáo |\n| A | Sở Mẫu A | x |"
APPENDIX = "| TT | NỘI DUNG | ĐƠN VỊ THỰC HIỆN |\n| 1 | Chung | Sở Mẫu A |\n| 2 | Riêng | Sở Mẫu A |"


def index(
    tmp_path: Path, criteria: str, bands: str, levels: dict[str, str], figures: dict[str, object], places: int
) -> dict[str, object]:
    return document(tmp_path, criteria, bands, levels, figures, places)["index"]  # type: ignore[no-any-return]


def document(
    tmp_path: Path, criteria: str, bands: str, levels: dict[str, str], figures: dict[str, object], places: int
) -> dict[str, Any]:
    measures = "| Mã | Tên số liệu | Kiểu | Tiêu chí | Đơn vị nhập |\n| HAI_LONG | Hài lòng | tỷ lệ % | 1 | Sở Mẫu A |"
    plan = plans.save(
        tmp_path / "plan.xlsx",
        {
            "Cài đặt": f"| Mục | Giá trị |\n| Số chữ số thập phân | {places} |",
            "Đơn vị": UNITS,
            "Phụ lục": APPENDIX,
            "Bộ chỉ số": criteria,
            "Thang điểm": bands,
            "Số liệu": measures,
            "Ràng buộc": "| Mã | Biểu thức |",
        },
    )
    forms = issue_forms(plan, tmp_path / "don-vi", PERIOD)
    rows = {code: {"Mức đạt": level} for code, level in levels.items()}
    fill(form(forms, "A", PERIOD), figures=figures, rows=rows, saved="2021-12-16T02:00:00Z")
    return cchc_xl.run(plan, forms, period=PERIOD).document


@pytest.mark.parametrize(
    ("policy", "points", "applicable", "percent"),
    [
        # 74 points, criteria worth 8 not arising (subject.md §1.6, 9): 74/92, 74/100, 82/100
        ("loại", "74.00", "92.00", "80.43"),
        ("0 điểm", "74.00", "100.00", "74.00"),
        ("điểm tối đa", "82.00", "100.00", "82.00"),
    ],
)
def test_what_did_not_arise_by_policy(tmp_path: Path, policy: str, points: str, applicable: str, percent: str) -> None:
    criteria = f"""
        | Mã | Tiêu chí | Điểm tối đa | Cách chấm | Không phát sinh |
        | 1  | Chung    | 92          | mức       |                 |
        | 2  | Riêng    | 8           | mức       | {policy}        |
    """
    bands = "| Mã | Mức | Điểm |\n| 1 | Tốt | 92 |\n| 1 | Khá | 74 |\n| 2 | Đạt | 8 |"
    found = index(tmp_path, criteria, bands, {"1": "Khá", "2": "không phát sinh"}, {"HAI_LONG": 1}, 2)
    assert (found["points"], found["applicable_max"], found["percent"]) == (points, applicable, percent)
    assert found["complete"]


@pytest.mark.parametrize(
    ("maximum", "share", "places", "points"),
    [
        # satisfied 82,5 % of 31,5 points → 25,9875; binary floating point would give 25,987
        ("31,5", 82.5, 3, "25.988"),
        ("36,5", 82.5, 3, "30.113"),
        ("31,5", 82.5, 2, "25.99"),
        ("31,5", 82.5, 0, "26"),
    ],
)
def test_rounding_once_half_up(tmp_path: Path, maximum: str, share: float, places: int, points: str) -> None:
    criteria = f"""
        | Mã | Tiêu chí | Điểm tối đa | Cách chấm | Số liệu  |
        | 1  | Chung    | {maximum}   | khảo sát  | HAI_LONG |
    """
    assert index(tmp_path, criteria, "| Mã | Mức | Điểm |", {}, {"HAI_LONG": share}, places)["points"] == points


def test_a_missing_criterion_makes_an_interval(tmp_path: Path) -> None:
    criteria = """
        | Mã | Tiêu chí | Điểm tối đa | Cách chấm | Số liệu  |
        | 1  | Chung    | 40          | khảo sát  | HAI_LONG |
        | 2  | Riêng    | 60          | mức       |          |
    """
    bands = "| Mã | Mức | Điểm |\n| 2 | Đạt | 60 |\n| 2 | Không đạt | 0 |"
    found = index(tmp_path, criteria, bands, {}, {"HAI_LONG": 50}, 2)
    # 20 of 100 known; the missing 60 may still come
    assert (found["percent"], found["percent_if_missing_full"], found["complete"]) == ("20.00", "80.00", False)


# (method, bands, typed, whether the leaf has points)
SHARES = [
    ("khảo sát", (), 74.12, True),
    ("khảo sát", (), 100, True),
    ("khảo sát", (), 7412, False),
    ("khảo sát", (), 104.5, False),
    ("khảo sát", (), -5, False),
    ("bậc", ((0, 80), (80, None)), 82.5, True),
    ("bậc", ((0, 80), (80, None)), 7412, False),
    ("bậc", ((0, 80), (80, None)), 104.5, True),
    ("bậc", ((0, 80), (80, None)), -5, False),
    ("bậc", ((0, 100), (100, None)), 104.5, True),
    ("bậc", ((0, 100), (100, None)), 7412, False),
    ("bậc", ((-50, 0), (0, None)), -5, True),  # and what less than nothing
]


@pytest.mark.parametrize(("method", "bands", "typed", "scored"), SHARES)
def test_a_percentage_that_nobody_can_mean_gives_no_points(
    method: str, bands: tuple[tuple[int, int | None], ...], typed: float, tmp_path: Path, *, scored: bool
) -> None:
    """The figure stands as it was typed, with a warning; the full points it would give are not given."""
    criteria = f"| Mã | Tiêu chí | Điểm tối đa | Cách chấm | Số liệu |\n| 1 | Chung | 40 | {method} | HAI_LONG |"
    rows = [
        f"| 1 | {low} | {'' if high is None else high} | {number * 20} |" for number, (low, high) in enumerate(bands)
    ]
    scale = "\n".join(("| Mã | Từ | Đến | Điểm |", *rows))
    found = document(tmp_path, criteria, scale, {}, {"HAI_LONG": typed}, 2)
    assert found["criteria"][0]["status"] == ("scored" if scored else "missing")
    assert found["measures"]["HAI_LONG"] == str(typed)
    assert [item["cell"] for item in found["findings"] if item["code"] == "S103"] == ["D8"] * (not scored)
