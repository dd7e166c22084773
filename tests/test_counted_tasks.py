"""What the register of tasks counts is said by the plan: "Tự đếm", else the codes kept for it, else nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cchc_xl.ask.ground import Ground
from cchc_xl.pipeline.line import Assessment, assess
from cchc_xl.records import Plan
from cchc_xl.result.view import View
from tests import plans
from tests.unit_forms import fill, form, issue_forms

PERIOD = "2021-Q1"
# Done early, on the day, late; overdue by the end of the period; not due yet.
TASKS = (
    ("01/CV", "Sớm", date(2021, 1, 4), date(2021, 2, 1), date(2021, 1, 20), None),
    ("02/CV", "Đúng ngày", date(2021, 1, 4), date(2021, 2, 1), date(2021, 2, 1), None),
    ("03/CV", "Trễ", date(2021, 1, 4), date(2021, 2, 1), date(2021, 2, 3), None),
    ("04/CV", "Quá hạn", date(2021, 1, 4), date(2021, 2, 1), None, None),
    ("05/CV", "Chưa đến hạn", date(2021, 3, 1), date(2021, 6, 1), None, None),
)
HEADING = "| Mã | Tên số liệu | Kiểu | Đơn vị nhập | Tự đếm |\n"
RENAMED = """
    | VIEC    | Việc được giao   | số nguyên | Văn phòng Sở | Giao |
    | VIEC_S  | Việc xong sớm    | số nguyên | Văn phòng Sở | SỚM  |
    | VIEC_D  | Việc đúng hạn    | số nguyên | Văn phòng Sở | đúng |
    | QUA_HAN | Việc quá hạn     | số nguyên | Văn phòng Sở | trễ  |
    | VIEC_C  | Việc chưa đến hạn | số nguyên | Văn phòng Sở | chưa |
    | NV_TRE  | Nghỉ việc trễ    | số nguyên | Văn phòng Sở |      |
"""


def tables(rows: str, used: str) -> dict[str, str | None]:
    lines = "".join(f"{line.strip()}\n" for line in rows.strip().splitlines())
    return {
        "Phụ lục": "| TT | NỘI DUNG | ĐƠN VỊ THỰC HIỆN |\n| 1 | Nhiệm vụ | Văn phòng Sở |",
        "Bộ chỉ số": "| Mã | Tiêu chí | Điểm tối đa | Cách chấm | Số liệu |\n"
        f"| 1 | Nhiệm vụ | 100 | mỗi đơn vị | {used} |",
        "Thang điểm": "| Mã | Mức | Điểm |\n| 1 | gốc | 100 |\n| 1 | mỗi | -10 |",
        "Số liệu": HEADING + lines,
        "Ràng buộc": "| Mã | Biểu thức |",
    }


def counted(folder: Path, rows: str, used: str, **figures: object) -> Assessment:
    """A register sent with the form of this plan, and these figures typed."""
    plan = plans.save(folder / "plan.xlsx", tables(rows, used))
    issue_forms(plan, folder / "don-vi", PERIOD)
    fill(form(folder / "don-vi", "VP", PERIOD), figures=figures, tasks=TASKS)
    return assess(plan, folder / "don-vi", period=PERIOD)


@pytest.fixture(scope="module")
def renamed(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    return counted(tmp_path_factory.mktemp("doi-ma"), RENAMED, "QUA_HAN", NV_TRE=7)


def entered(made: Assessment) -> dict[str, tuple[str, bool]]:
    (sent,) = made.consolidation.submissions
    return {item.measure: (str(item.value), item.counted) for item in sent.figures}


def test_figures_of_any_code_are_counted_where_the_plan_says_so(renamed: Assessment) -> None:
    assert entered(renamed) == {
        "VIEC": ("5", True),
        "VIEC_S": ("1", True),
        "VIEC_D": ("1", True),
        "QUA_HAN": ("2", True),
        "VIEC_C": ("1", True),
        "NV_TRE": ("7", False),  # a code like any other: what was typed counts
    }
    assert [item.points for item in renamed.scorecard.scores] == [80]
    assert [item.code for item in renamed.findings if item.unit == "VP" and item.severity == "error"] == []


def test_a_result_says_what_is_counted_and_which_tasks_stand_behind_it(renamed: Assessment) -> None:
    contents = renamed.contents()
    assert [task.outcome for task in contents.tasks] == ["sớm", "đúng", "trễ", "trễ", "chưa"]
    ground = Ground(contents)
    told = {code: [source.value for source in ground.tasks(code)] for code in ("VIEC", "QUA_HAN", "NV_TRE")}
    assert told == {"VIEC": [row[0] for row in TASKS], "QUA_HAN": ["03/CV", "04/CV"], "NV_TRE": []}
    late = [task.document for task in contents.tasks if View(contents).outcome(task) == "trễ"]
    assert late == ["03/CV", "04/CV"]


def test_a_typed_number_that_the_register_contradicts_is_told(tmp_path: Path) -> None:
    made = counted(tmp_path, RENAMED, "QUA_HAN", QUA_HAN=1, NV_TRE=0)
    (told,) = [item for item in made.findings if item.code == "D201"]
    assert {"code": "QUA_HAN", "typed": "1", "counted": "2"}.items() <= dict(told.context).items()


def test_without_the_column_the_kept_codes_count(tmp_path: Path) -> None:
    rows = "\n".join(
        f"| {code} | x | số nguyên | Văn phòng Sở | |"
        for code in ("NV_GIAO", "NV_SOM", "NV_DUNG", "NV_TRE", "NV_CHUA", "VIEC")
    )
    made = counted(tmp_path, rows, "NV_TRE", VIEC=9)
    assert {code: value for code, (value, _) in entered(made).items()} == {
        **{"NV_GIAO": "5", "NV_SOM": "1", "NV_DUNG": "1", "NV_TRE": "2", "NV_CHUA": "1", "VIEC": "9"}
    }


def test_a_plan_that_counts_nothing_has_no_register(tmp_path: Path) -> None:
    rows = "| VIEC | x | số nguyên | Văn phòng Sở | |\n| XONG | y | số nguyên | Văn phòng Sở | |"
    made = counted(tmp_path, rows, "VIEC", VIEC=9, XONG=9)  # with a register that nobody asked for
    plan = tmp_path / "plan.xlsx"
    assert "Nhiệm vụ" not in load_workbook(issue_forms(plan, tmp_path / "moi", PERIOD) / f"{PERIOD}_VP.xlsx").sheetnames
    assert entered(made) == {"VIEC": ("9", False), "XONG": ("9", False)}
    assert made.contents().tasks == ()


REFUSED: list[tuple[str, Callable[[str], str], tuple[str, str]]] = [
    ("an unknown word", lambda rows: rows.replace("| trễ ", "| xong "), ("E5", "P118")),
    ("a word twice", lambda rows: rows.replace("|      |", "| trễ  |"), ("E7", "P136")),
    ("no whole number", lambda rows: rows.replace("Việc quá hạn     | số nguyên", "Việc | tiền"), ("E5", "P136")),
    ("words", lambda rows: rows.replace("Việc quá hạn     | số nguyên", "Việc | chữ"), ("E5", "P136")),
]


@pytest.mark.parametrize(("change", "expected"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_cannot_be_counted_is_told_at_its_cell(
    tmp_path: Path, change: Callable[[str], str], expected: tuple[str, str]
) -> None:
    made: Plan = plans.load(tmp_path, tables(change(RENAMED), "VIEC_C"))
    assert expected in plans.found(made, "Số liệu")
