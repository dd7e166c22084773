"""The issued form while it is filled in: its live counts and sums as LibreOffice calculates them, what is printed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from cchc_xl.office.excel.bounds import Clearance
from cchc_xl.office.excel.look import clear
from cchc_xl.plan import load_plan
from cchc_xl.plan.constraints import broken_sides
from cchc_xl.plan.edition import find_period, in_force
from cchc_xl.records import CellRef, Constraint, Edition, Quotient
from cchc_xl.score.appraisal import ENTERED, POINTS, points_of
from cchc_xl.unit.form import FORM
from cchc_xl.unit.issue import write_form
from cchc_xl.unit.live import BROKEN, COUNTED, DOUBTFUL, HOLDS, NOT_YET
from cchc_xl.unit.supplement import Asked
from tests.conftest import ROOT
from tests.office import converted
from tests.unit_forms import AWAY, FIRST, FULL, PERIOD, assess, build_plan, fill, found, plan_with

AT = CellRef("tham-dinh.xlsx", "Thẩm định", 6, 9)
TEMPLATE = ROOT / "templates" / "plan_template.xlsx"


def edition_of(path: Path) -> Edition:
    plan = load_plan(path)
    period = find_period(plan, PERIOD)
    assert period is not None
    return in_force(plan, period)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return edition_of(build_plan(tmp_path_factory.mktemp("plan") / "plan.xlsx"))


@pytest.fixture(scope="module")
def whole() -> Edition:
    return edition_of(TEMPLATE)


def issued(edition: Edition, unit: str, path: Path, **options: Any) -> Path:
    """The form of one unit."""
    write_form(edition, next(item for item in edition.plan.units if item.code == unit), path, **options)
    return path


def live(sheet: Worksheet) -> dict[str, Any]:
    """What the sheet counts above its table, by the words beside the number; what it checks, by the rule's words."""
    width = len(FORM[sheet.title].headings)
    above = {
        str(row[place + 1].value): cell.value
        for row in sheet.iter_rows(min_row=2, max_row=3)
        for place, cell in enumerate(row[:-1])
        if isinstance(cell.value, int | float)
    }
    beside = (row[width : width + 3] for row in sheet.iter_rows(min_row=FIRST) if len(row) > width + 2)
    return above | {str(rule.value): answer.value for _, rule, answer in beside if rule.value}


BLANK, SUMS = "số liệu phải nhập còn trống", "chỗ số liệu không khớp"
LEVELS, EVIDENCE = "ô mức đạt, điểm tự chấm phải nhập còn trống", "nội dung chưa ghi tài liệu kiểm chứng"
DUE = "nhiệm vụ chưa ghi hạn hoàn thành"
RULE = "Hồ sơ đúng hạn ≤ Hồ sơ"
TASKS = FULL["VP"]["figures"]
ONE_TASK = ("12/UBND", "Báo cáo", date(2021, 1, 4), date(2021, 2, 1))

# What a clerk of the Office types, and what the form then shows: figures, level and points, checks.
TYPED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("nothing", {}, {LEVELS: 3, BLANK: 7, SUMS: 0, RULE: NOT_YET, DUE: 0}),
    ("everything", FULL["VP"], {LEVELS: 0, BLANK: 0, SUMS: 0, RULE: HOLDS, DUE: 0}),
    ("one figure", {"figures": {"HSO_DUNG": 30}}, {LEVELS: 3, BLANK: 6, SUMS: 0, RULE: NOT_YET}),
    ("zero is a figure", {"figures": {"HSO_DUNG": 0, "HSO_TONG": 0}}, {BLANK: 5, SUMS: 0, RULE: HOLDS}),
    (
        "words are one too",
        {"figures": {"HSO_DUNG": 3, "HSO_TONG": AWAY}},
        {BLANK: 5, SUMS: 1, RULE: f"{BROKEN}: 3 > 0"},
    ),
    ("too many", {"figures": {"HSO_DUNG": 41, "HSO_TONG": 40}}, {BLANK: 5, SUMS: 1, RULE: f"{BROKEN}: 41 > 40"}),
    ("a register", {"figures": {"HSO_DUNG": 1, "HSO_TONG": 2}, "tasks": [ONE_TASK]}, {BLANK: 0, DUE: 0, RULE: HOLDS}),
    ("a task without its day", {"tasks": [("12/UBND", "Báo cáo")]}, {BLANK: 7, DUE: 1}),
    (
        "levels that did not arise",
        {"rows": {"1.1": {"Mức đạt": AWAY}, "1.2": {"Mức đạt": AWAY}}},
        {LEVELS: 1, BLANK: 7},
    ),
]


def test_counts_and_sums_follow_what_is_typed(small: Edition, tmp_path: Path) -> None:
    paths = []
    for number, (_, typed, _) in enumerate(TYPED):
        paths.append(fill(issued(small, "VP", tmp_path / f"{number}.xlsx"), saved=None, **typed))
    for (name, _, told), path in zip(TYPED, converted(paths, "xlsx", tmp_path / "saved"), strict=True):
        book = load_workbook(path, data_only=True)
        shown = {key: value for sheet in ("Phụ lục", "Số liệu", "Nhiệm vụ") for key, value in live(book[sheet]).items()}
        assert {key: shown[key] for key in told} == told, name


def test_the_form_as_issued_needs_no_calculation(whole: Edition, tmp_path: Path) -> None:
    """Every formula of a form, and of a supplement, is stored with the value that LibreOffice then calculates."""
    wanted = Asked(frozenset({"HS_TONTRUOC", "NV_GIAO"}), frozenset({"3.1"}))
    paths = [issued(whole, code, tmp_path / f"{code}.xlsx") for code in ("VP", "TEBDG")]
    paths.append(issued(whole, "LDVLBH", tmp_path / "bo-sung.xlsx", only=wanted))
    for path, saved in zip(paths, converted(paths, "xlsx", tmp_path / "saved"), strict=True):
        formulas, stored, calculated = (
            load_workbook(path),
            load_workbook(path, data_only=True),
            load_workbook(saved, data_only=True),
        )
        count = 0
        for sheet in formulas:
            for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
                told = stored[sheet.title][cell.coordinate].value
                assert told is not None
                assert told == calculated[sheet.title][cell.coordinate].value, (path.name, sheet.title, cell.coordinate)
                count += 1
        assert count >= 2


def rule(left: Quotient, operator: Any, right: Quotient, severity: Any = "error") -> Constraint:
    return Constraint("R", "", left, operator, right, severity, "", CellRef("plan.xlsx"))


DUNG, TONG, GIAO, TRE = (Quotient((code,)) for code in ("HSO_DUNG", "HSO_TONG", "NV_GIAO", "NV_TRE"))
SHARE = Quotient(("HSO_DUNG",), ("HSO_TONG",))
PARTS = Quotient(("NV_SOM", "NV_DUNG", "NV_TRE", "NV_CHUA"))
# Each rule with four tasks given; figures, and what is shown. 1/3 is 33.33… %: it agrees with what it is rounded to.
JUDGED = [
    (rule(GIAO, "=", PARTS), {}, HOLDS),
    (rule(GIAO, "=", PARTS), {"NV_GIAO": 5}, f"{BROKEN}: 5 ≠ 4"),
    (rule(GIAO, "=", PARTS, "warning"), {"NV_GIAO": 5}, f"{DOUBTFUL}: 5 ≠ 4"),
    (rule(GIAO, "=", PARTS), {"NV_GIAO": None}, NOT_YET),
    (rule(TONG, ">=", DUNG), {"HSO_TONG": 29}, f"{BROKEN}: 29 < 30"),
    (rule(TRE, "=", SHARE), {"HSO_DUNG": 1, "HSO_TONG": 3, "NV_TRE": 33}, HOLDS),
    (rule(TRE, "=", SHARE), {"HSO_DUNG": 2, "HSO_TONG": 3, "NV_TRE": 66}, f"{BROKEN}: 66 ≠ 66.67"),
    (rule(TRE, "<=", SHARE), {"HSO_DUNG": 1, "HSO_TONG": 3, "NV_TRE": 33.3}, HOLDS),
    (rule(SHARE, "=", TRE), {"HSO_DUNG": 1, "HSO_TONG": 0}, NOT_YET),
]


def test_a_sum_is_judged_as_the_check_of_what_comes_back_judges_it(small: Edition, tmp_path: Path) -> None:
    paths = []
    for number, (constraint, typed, _) in enumerate(JUDGED):
        edition = replace(small, plan=replace(small.plan, constraints=(constraint,)))
        path = issued(edition, "VP", tmp_path / f"{number}.xlsx")
        paths.append(fill(path, figures={**FULL["VP"]["figures"], **typed}, saved=None))
    for (constraint, typed, told), path in zip(JUDGED, converted(paths, "xlsx", tmp_path / "saved"), strict=True):
        shown = live(load_workbook(path, data_only=True)["Số liệu"])
        (answer,) = (value for key, value in shown.items() if key not in (BLANK, SUMS))
        assert answer == told, (str(constraint.left), typed)
        figures = {
            key: Decimal(str(value)) for key, value in {**FULL["VP"]["figures"], **typed}.items() if value is not None
        }
        assert (broken_sides(constraint, figures) is not None) is told.startswith((BROKEN, DOUBTFUL))


# A row of the scale of 1.2 (maximum 2, steps of 0,25), its maximum, and what the cell of its points takes and says.
FRAMES = [
    ((None, None), 2, (0, 2), "từ 0 đến 2, bước 0,25"),
    (("nhỏ nhất", 0.5), 2, (0.5, 2), "từ 0,5 đến 2, bước 0,25"),
    (("lớn nhất", 1.5), 2, (0, 1.5), "từ 0 đến 1,5, bước 0,25"),
    ((None, None), -2, (-2, 0), "từ -2 đến 0, bước 0,25"),
]


@pytest.mark.parametrize(("row", "maximum", "limits", "words"), FRAMES)
def test_cells_of_points_take_what_the_checks_take(
    row: tuple[Any, Any], maximum: int, limits: tuple[float, float], words: str, tmp_path: Path
) -> None:
    cells = {"Bộ chỉ số!C4": maximum, "Thang điểm!A9": "1.2", "Thang điểm!F9": row[0], "Thang điểm!G9": row[1]}
    edition = edition_of(plan_with(tmp_path / "plan.xlsx", cells))
    (node,) = (item for item in edition.leaves if item.criterion.code == "1.2")
    sheet = load_workbook(issued(edition, "VP", tmp_path / "VP.xlsx"))["Phụ lục"]
    place = next(f"H{cells[0].row}" for cells in sheet.iter_rows(min_row=FIRST) if cells[0].value == "1.2")
    (rule,) = (item for item in sheet.data_validations.dataValidation if place in item.sqref)
    assert (float(rule.formula1), float(rule.formula2)) == limits
    assert rule.prompt == f"Nhập số {words}."
    for given in (Decimal(number) / 4 for number in range(-12, 13)):
        points, problem = points_of("1.2", [None if name != POINTS[0] else float(given) for name in ENTERED], node, AT)
        assert (points == given) == (problem is None) == (limits[0] <= given <= limits[1]), given
        assert problem is None or dict(problem.context)["allowed"] == words


def test_a_figure_of_a_criterion_s_code_is_not_asked_for_in_its_stead(small: Edition, tmp_path: Path) -> None:
    """Codes of figures and of criteria are two lists: that one of them is owed says nothing of the other."""
    only = Asked(frozenset({"NV_GIAO"}), frozenset({"HSO_TONG", "1.1"}))
    book = load_workbook(issued(small, "VP", tmp_path / "bo-sung.xlsx", only=only))
    told = {
        name: [row[0].value for row in book[name].iter_rows(min_row=FIRST) if row[0].value]
        for name in FORM
        if name in book
    }
    assert told == {"Phụ lục": ["1.1"], "Số liệu": ["NV_GIAO"]}


def test_a_register_that_counts_needs_no_figures_for_the_sum(small: Edition, tmp_path: Path) -> None:
    edition = replace(small, plan=replace(small.plan, constraints=(rule(GIAO, "=", PARTS),)))
    path = fill(issued(edition, "VP", tmp_path / "vp.xlsx"), tasks=[ONE_TASK], saved=None)
    (saved,) = converted([path], "xlsx", tmp_path / "saved")
    assert COUNTED in live(load_workbook(saved, data_only=True)["Số liệu"]).values()


def test_the_form_s_own_formulas_cost_no_slower_reading(small: Edition, tmp_path: Path) -> None:
    """A program that does not calculate drops their values; they stand in no cell that is read."""
    path = fill(issued(small, "VP", tmp_path / "vp.xlsx"), **FULL["VP"])
    looked = clear(path.read_bytes(), path.name)
    assert isinstance(looked, Clearance)
    assert looked.reader == "calamine"
    path = fill(path, figures={"NV_GIAO": "=2+2"})
    looked = clear(path.read_bytes(), path.name)
    assert isinstance(looked, Clearance)
    assert looked.reader == "openpyxl"


@pytest.mark.parametrize(
    ("unit", "sheets"), [("VP", ["Phụ lục", "Số liệu", "Nhiệm vụ"]), ("NCC", ["Phụ lục", "Số liệu"])]
)
def test_the_register_is_there_where_a_figure_counts_from_it(
    small: Edition, tmp_path: Path, unit: str, sheets: list[str]
) -> None:
    """Of the small plan the Office alone enters figures of tasks."""
    assert load_workbook(issued(small, unit, tmp_path / "form.xlsx")).sheetnames == [*sheets, "_cchc"]


@pytest.mark.parametrize("unit", ["VP", "TEBDG", "TCKT"])
def test_signatures_stand_below_the_table_where_nobody_reads(whole: Edition, tmp_path: Path, unit: str) -> None:
    book = load_workbook(issued(whole, unit, tmp_path / "form.xlsx"))
    for name in ("Phụ lục", "Số liệu"):
        sheet, form = book[name], FORM[name]
        below = [row for row in sheet.iter_rows(min_row=FIRST) if row[0].value is None]
        inputs = [form.headings.index(heading) for heading in form.inputs]
        texts = [cell.value for row in below for cell in row if cell.value]
        assert {"NGƯỜI LẬP BIỂU", "THỦ TRƯỞNG ĐƠN VỊ"} <= set(texts)
        assert not any(row[place].value for row in below for place in inputs)
        assert not [item for item in sheet.merged_cells.ranges if item.max_row >= FIRST - 1]


def test_a_signed_form_brings_no_finding(small: Edition, tmp_path: Path) -> None:
    folder = tmp_path / "don-vi"
    folder.mkdir()

    def sign(book: Any) -> None:
        for name in ("Phụ lục", "Số liệu"):
            (label,) = (cell for row in book[name].iter_rows() for cell in row if cell.value == "THỦ TRƯỞNG ĐƠN VỊ")
            assert not book[name].row_dimensions[label.row + 4].protection.locked
            book[name].cell(label.row + 4, label.column).value = "Nguyễn Văn A"

    path = issued(small, "VP", folder / f"{PERIOD}_VP.xlsx")
    fill(path, then=sign, **FULL["VP"])
    assert found(assess(build_plan(tmp_path / "plan.xlsx"), folder)) == []


def test_who_to_ask_and_by_when_stand_above_the_table(small: Edition, tmp_path: Path) -> None:
    settings = replace(small.plan.settings, compiling_unit="VP", contact="Trần Thị B, 0277.3851.234")
    edition = replace(small, plan=replace(small.plan, settings=settings))
    book = load_workbook(issued(edition, "NCC", tmp_path / "ncc.xlsx"))
    told = "Hạn gửi: 20/3/2021, gửi về Văn phòng Sở, Sở Thử nghiệm; liên hệ: Trần Thị B, 0277.3851.234."
    assert [book[name]["A4"].value for name in ("Phụ lục", "Số liệu")] == [told, told]


def test_the_office_s_address_is_never_taken_for_the_sender(small: Edition, tmp_path: Path) -> None:
    """A form without stamp and unit line, under a name that tells nothing, is nobody's: it is not the Office's."""
    settings = replace(small.plan.settings, agency="", compiling_unit="Văn phòng Sở", contact="Văn phòng Sở")
    period = replace(small.period, due=None)
    folder = tmp_path / "don-vi"
    folder.mkdir()
    edition = replace(small, plan=replace(small.plan, settings=settings), period=period)
    path = issued(edition, "NCC", folder / "bieu.xlsx")

    def strip(book: Any) -> None:
        del book["_cchc"]
        for sheet in book:
            sheet["A2"].value = None

    fill(path, then=strip, **FULL["NCC"])
    document = assess(build_plan(tmp_path / "plan.xlsx"), folder)
    assert {item["status"] for item in document["rollcall"]} == {"missing"}


def test_zero_and_not_arisen_are_told_apart_once(whole: Edition, tmp_path: Path) -> None:
    book = load_workbook(issued(whole, "TEBDG", tmp_path / "form.xlsx"))
    cells = (cell for name in FORM for row in book[name].iter_rows(max_row=6) for cell in row if cell.data_type == "s")
    (told,) = (cell.value for cell in cells if AWAY in str(cell.value))
    assert "ghi 0" in str(told)


def test_a_long_text_stands_once_and_is_then_told_by_its_row(whole: Edition, tmp_path: Path) -> None:
    """The six rooms that lead 3.1 also lead 3.2, 3.3, 3.4, 7.3 and 7.4 (design §3, the seed's appendix)."""
    sheet = load_workbook(issued(whole, "TEBDG", tmp_path / "form.xlsx"))["Phụ lục"]
    leads = {row[0].value: row[2].value for row in sheet.iter_rows(min_row=FIRST)}
    assert str(leads["3.1"]).startswith("Các phòng chuyên môn: Giáo dục nghề nghiệp;")
    assert {leads[code] for code in ("3.2", "3.3", "3.4", "7.3", "7.4")} == {"Như mục 3.1"}
    assert leads["1.1"] == leads["1.2"] == "Văn phòng Sở"  # short enough to stand in every row
