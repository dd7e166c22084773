"""The table to type from: figures in the order of a higher agency's annexes, by the plan's column “Mã chỉ tiêu báo cáo”."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from cchc_xl.papers.listings import ANNEXES, NOTHING_BESIDE
from cchc_xl.papers.lookup import write_lookup
from tests.plans import load
from tests.results import completed
from tests.test_report import LDVL, TCKT, UNITS, VP, measure, sample

HEADING = "| Mã | Mã chỉ tiêu báo cáo | Tên số liệu | Đơn vị nhập |"
# What is typed under the heading; the codes read, and the findings.
TYPED = [
    ("t:PL1-1.10", ("PL1-1.10",), []),
    ("t:PL1-1.2; PL2-3", ("PL1-1.2", "PL2-3"), []),
    ("t:1.2; 1.2", ("1.2",), []),
    ("n:12", ("12",), []),
    ("", (), []),
    ("n:1.1", (), ["P108"]),  # 1.1 or 1.10?
    ("d:2021-1-10", (), ["P108"]),
]


@pytest.mark.parametrize(("typed", "codes", "told"), TYPED)
def test_codes_are_read_as_they_are_typed(tmp_path: Path, typed: str, codes: tuple[str, ...], told: list[str]) -> None:
    plan = load(tmp_path, {"Số liệu": f"{HEADING}\n| A | {typed} | x | Văn phòng Sở |"})
    assert plan.measures[0].report_codes == codes
    assert [item.code for item in plan.findings if item.at and item.at.address == "B2"] == told


def table(*measures: dict[str, Any], tmp_path: Path) -> list[tuple[object, ...]]:
    """The rows of the sheet, without its heading and the figures' own codes; nothing where there is no sheet."""
    document = sample() | {"measure_details": list(measures), "measures": {}, "sentences": [], "figure_groups": []}
    write_lookup(completed(document), tmp_path / "tra-cuu.xlsx", NOTHING_BESIDE)
    book = load_workbook(tmp_path / "tra-cuu.xlsx")
    if ANNEXES not in book.sheetnames:
        return []
    return [row[:5] for row in book[ANNEXES].iter_rows(min_row=5, values_only=True)]


def test_figures_stand_in_the_order_of_the_annexes_with_what_they_rest_on(tmp_path: Path) -> None:
    """Two annexes, a gap (1.3), a code at two figures, a figure in both annexes, and what cannot be added up."""
    texts = measure("QC", "Số quy chế", {VP: None, LDVL: None}, kind="chữ")
    for entry, text in zip(texts["entries"], ("QĐ 12", "QĐ 15"), strict=True):
        entry |= {"text": text, "state": "known"}
    rows = table(
        measure("NV_GIAO", "Nhiệm vụ", {VP: 15}, unit_name="nhiệm vụ") | {"report_codes": ["PL1-1.10"]},
        measure("HS", "Hồ sơ", {LDVL: 1480, TCKT: "kps"}, unit_name="hồ sơ") | {"report_codes": ["PL2-1", "PL1-1.2"]},
        measure("VB", "Văn bản", {VP: 2}, waiting=[TCKT]) | {"report_codes": ["PL1-1.4"]},
        measure("TL", "Tỷ lệ", {VP: 7, LDVL: 9}, kind="tỷ lệ %", value="8")
        | {"report_codes": ["PL1-II"], "combine": "trung bình"},
        measure("TE", "Trễ", {TCKT: "kps"}) | {"report_codes": ["PL1-I"], "state": "not_applicable", "value": None},
        measure("TM", "Trễ, phần mềm", {VP: 0}) | {"report_codes": ["PL1-1.10"]},
        texts | {"report_codes": ["PL2-1.1"]},
        measure("KHONG", "Không hỏi đến", {VP: 3}),
        tmp_path=tmp_path,
    )
    waits = f"mới có 02, theo báo cáo của 01/02 đơn vị; chờ {UNITS[TCKT]}"
    assert rows == [
        ("PL1-I", "Trễ", None, "không phát sinh", None),
        ("PL1-1.2", "Hồ sơ", "hồ sơ", 1480, None),
        ("PL1-1.4", "Văn bản", None, "chưa có", waits),  # never the part of it that is known
        ("PL1-1.10", "Nhiệm vụ", "nhiệm vụ", 15, None),
        ("PL1-1.10", "Trễ, phần mềm", None, 0, None),
        ("PL1-II", "Tỷ lệ", None, 8, "trung bình trong 2 đơn vị"),
        ("PL2-1", "Hồ sơ", "hồ sơ", 1480, None),
        ("PL2-1.1", "Số quy chế", None, f"{UNITS[VP]}: QĐ 12; {UNITS[LDVL]}: QĐ 15", None),
    ]


def test_a_plan_without_such_codes_has_no_such_sheet(tmp_path: Path) -> None:
    assert table(measure("A", "Một", {VP: 3}), tmp_path=tmp_path) == []
