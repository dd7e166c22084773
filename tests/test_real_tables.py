"""Two real criteria tables scored from filled unit workbooks through the command line, and by their live formulas."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cchc_xl.plan import load_plan
from cchc_xl.records import Method
from tests import plans
from tests.command import cchc
from tests.office import convert
from tests.real_tables import FOLDER, TABLES
from tests.unit_forms import fill, form, issue_forms

PERIOD = "2021-N"
LEVEL, SELF, RESULT = "Mức đạt", "Điểm tự chấm", "Kết quả thực hiện"
AWAY = "không phát sinh"


@pytest.mark.parametrize("name", TABLES)
def test_the_committed_workbook_is_the_table(name: str, tmp_path: Path) -> None:
    made, committed = load_workbook(plans.save(tmp_path / name, TABLES[name])), load_workbook(FOLDER / name)
    assert made.sheetnames == committed.sheetnames
    for sheet in made.worksheets:
        assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
            [cell.value for cell in row] for row in committed[sheet.title].iter_rows()
        ]


def test_only_what_the_source_leaves_to_the_appraiser_is_scored_by_hand() -> None:
    manual = {
        name: [item.code for item in load_plan(FOLDER / name).criteria if item.method is Method.MANUAL]
        for name in TABLES
    }
    # The source: "chưa đầy đủ: trừ điểm tương ứng (mức trừ không nêu)", "có vi phạm: trừ theo mức độ (không nêu)"
    assert manual == {"ca-mau-2013.xlsx": [], "phu-tho-mau.xlsx": ["II/2.1", "III/3.1"]}


CA_MAU_FULL = {
    "1.1.1": "kịp thời",
    "1.1.2.1": "có",
    "1.1.2.2": "có",
    "1.1.3": "đạt",
    "1.2.1.1": "có",
    "1.2.1.2": "có",
    "1.2.2": "đạt",
}
PHU_THO_FULL = {"I/3.1.1": "có", "I/3.1.2": "đạt", "III/3.2": "tuân thủ", "IV/4.1": "xuất sắc"}


def scored(tmp_path: Path, name: str, levels: dict[str, object], figures: dict[str, object]) -> dict[str, object]:
    """The whole line through the command: code → points; the index under ``%``."""
    forms = issue_forms(FOLDER / name, tmp_path / "don-vi", PERIOD)
    rows = {
        code: {SELF: value, RESULT: "tự chấm"} if isinstance(value, int | float) else {LEVEL: value}
        for code, value in levels.items()
    }
    fill(form(forms, "A", PERIOD), figures=figures, rows=rows, saved="2021-12-16T02:00:00Z")
    done = cchc("--json", "run", FOLDER / name, forms, "--period", PERIOD, "--out", tmp_path / "ket-qua")
    assert done.returncode in (0, 1), done.stderr
    document = json.loads(done.stdout)
    same_by_formula(tmp_path, document)
    return {
        **{item["code"]: item["final_points"] for item in document["criteria"]},
        "%": document["index"]["percent"],
        "max": document["index"]["applicable_max"],
    }


def same_by_formula(tmp_path: Path, document: dict[str, object]) -> None:
    """LibreOffice recalculates the consolidated workbook to the same points."""
    made = convert(tmp_path / "ket-qua" / PERIOD / "tong-hop.xlsx", "xlsx", tmp_path / "lo")
    rows = {str(row[0]): row for row in load_workbook(made, data_only=True)["Chấm điểm"].iter_rows(values_only=True)}
    for item in document["criteria"]:  # type: ignore[attr-defined]
        points, applicable = rows[item["code"]][3], rows[item["code"]][4]
        assert abs(Decimal(repr(applicable)) - Decimal(item["applicable_max"])) < Decimal("1e-9"), item["code"]
        if item["final_points"] is None:
            assert points in (None, ""), item["code"]
        else:
            assert abs(Decimal(repr(points)) - Decimal(item["final_points"])) < Decimal("1e-9"), item["code"]


@pytest.mark.parametrize(
    ("levels", "done", "tasks", "expected"),
    [
        # all met: 5 of 5 and 2 of 2; the field's stated maximum is 20, 1.3 and later criteria are cut in the source
        ({}, 95, 100, {"1.1.4": "2", "1.1": "5", "1.2": "2", "1": "7", "%": "35.00"}),
        ({"1.1.1": "không kịp thời"}, 95, 100, {"1.1.1": "0.5", "1.1": "4.5"}),
        ({"1.1.1": "không ban hành"}, 95, 100, {"1.1.1": "0", "1.1": "4"}),
        # tasks complete, no budget → 0
        ({"1.1.2.2": "không"}, 95, 100, {"1.1.2": "0", "1.1": "4"}),
        ({"1.2.1.2": "không"}, 95, 100, {"1.2.1": "0", "1.2": "1"}),
        # 90 % → 1 (the top band is "trên 90 %"), 90,1 % → 2, 70 % → 1, 69,9 % → 0
        ({}, 900, 1000, {"1.1.4": "1"}),
        ({}, 901, 1000, {"1.1.4": "2"}),
        ({}, 700, 1000, {"1.1.4": "1"}),
        ({}, 699, 1000, {"1.1.4": "0"}),
    ],
)
def test_ca_mau_2013(
    levels: dict[str, object], done: int, tasks: int, expected: dict[str, str], tmp_path: Path
) -> None:
    figures = {"KH_XONG": done, "KH_NHIEMVU": tasks}
    points = scored(tmp_path, "ca-mau-2013.xlsx", {**CA_MAU_FULL, **levels}, figures)
    assert {code: points[code] for code in expected} == expected


@pytest.mark.parametrize(
    ("levels", "regulations", "expected"),
    [
        # 0,5 + 0,5 + 1,5 of 36,5; 6 of 25; 2,5 + 2 of 5; bonus 2 on top: 15 of 66,5 = 22,5563… %
        (
            {"II/2.1": 6, "III/3.1": 2.5},
            3,
            {"I/3.2": "1.5", "I": "2.5", "III": "4.5", "IV": "2", "max": "66.50", "%": "22.56"},
        ),
        ({"II/2.1": 8, "III/3.1": 3}, 6, {"I/3.2": "2"}),  # capped
        ({"II/2.1": 8, "III/3.1": 3, "III/3.2": "vi phạm nhẹ"}, 3, {"III/3.2": "1"}),  # minus 50 %
        ({"II/2.1": 8, "III/3.1": 3, "III/3.2": "nghiêm trọng"}, 3, {"III/3.2": "0"}),
        ({"II/2.1": 8, "III/3.1": 3, "IV/4.1": "tốt"}, 3, {"IV/4.1": "1.5", "IV": "1.5"}),  # 75 %
        ({"II/2.1": 8, "III/3.1": 3, "IV/4.1": "hoàn thành"}, 3, {"IV/4.1": "1"}),
        # "Không áp dụng" leaves its 0,5 out of the denominator: 66,5 - 0,5
        ({"II/2.1": 8, "III/3.1": 3, "I/3.1.1": AWAY}, 3, {"I/3.1.1": None, "I": "2", "max": "66.00"}),
        ({"II/2.1": 8, "III/3.1": 3}, AWAY, {"I/3.2": None, "max": "64.50"}),
        # not held to account for what did not arise in the bonus either: 0 points, not missing
        ({"II/2.1": 8, "III/3.1": 3, "IV/4.1": AWAY}, 3, {"IV/4.1": "0", "IV": "0"}),
    ],
)
def test_phu_tho_sample(
    levels: dict[str, object], regulations: object, expected: dict[str, str | None], tmp_path: Path
) -> None:
    points = scored(tmp_path, "phu-tho-mau.xlsx", {**PHU_THO_FULL, **levels}, {"QUY_CHE": regulations})
    assert {code: points[code] for code in expected} == expected
