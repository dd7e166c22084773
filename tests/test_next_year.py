"""Next year's plan workbook: what moves on by a year, what is last year's now, and that nothing else is touched."""

from __future__ import annotations

import io
import shutil
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

import cchc_xl
from cchc_xl.office.excel.grid import with_cells
from cchc_xl.office.excel.parts import CannotPatchError
from cchc_xl.pipeline import CannotRunError, demo
from cchc_xl.pipeline.jobs import NextPlan


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nam-sau")
    demo(folder)
    return folder / "ket-qua"


@pytest.fixture(scope="module")
def made(home: Path) -> tuple[Path, NextPlan]:
    return cchc_xl.next_year(home / "2020-N", home / "moi", rank=12)


# Sheet, what stands in the first column, heading, next year.
MOVED = [
    ("Cài đặt", "Năm", "Giá trị", 2021),
    ("Cài đặt", "Chỉ số năm trước (%)", "Giá trị", 74.12),  # the index of 2020-N
    ("Cài đặt", "Xếp hạng năm trước", "Giá trị", 12),
    ("Cài đặt", "Chỉ số mục tiêu (%)", "Giá trị", 80),  # the office decides
    ("Kỳ báo cáo", "2021-Q1", "Tên kỳ", "Quý I năm 2021"),
    ("Kỳ báo cáo", "2021-N", "Hạn gửi", "20/12/2021"),  # typed as text in the plan, and text it stays
    ("Bộ chỉ số", "1.6", "Điểm năm trước", 1.75),  # 2 − 0,25 for the one late task
    ("Bộ chỉ số", "1.5", "Điểm năm trước", 0),
]


def test_year_periods_and_last_years_results_move_on(home: Path, made: tuple[Path, NextPlan]) -> None:
    book = load_workbook(made[0])
    assert made[0] == home / "moi" / "ke-hoach.xlsx"
    for sheet, first, heading, after in MOVED:
        rows = list(book[sheet].iter_rows(values_only=True))
        headings = next(row for row in rows if heading in row)
        assert {row[0]: row[headings.index(heading)] for row in rows if row[0]}[first] == after, first


def test_nothing_else_of_the_workbook_is_touched(home: Path, made: tuple[Path, NextPlan]) -> None:
    source = home / "2020-N" / "nguon" / "ke-hoach.xlsx"
    before, after = zipfile.ZipFile(source), zipfile.ZipFile(made[0])
    assert before.namelist() == after.namelist()
    touched = [name for name in before.namelist() if before.read(name) != after.read(name)]
    old, new = load_workbook(source), load_workbook(made[0])
    names = ("Cài đặt", "Kỳ báo cáo", "Bộ chỉ số")
    assert touched == sorted(f"xl/worksheets/sheet{old.sheetnames.index(name) + 1}.xml" for name in names)
    columns = {"Cài đặt": {"B"}, "Kỳ báo cáo": set("ABCDE"), "Bộ chỉ số": {"I"}}
    for name in names:
        for row in old[name].iter_rows():
            for cell in row:
                beside = new[name][cell.coordinate]
                assert beside.has_style == cell.has_style
                assert beside.number_format == cell.number_format
                if cell.column_letter not in columns[name]:
                    assert beside.value == cell.value, cell.coordinate


def test_the_new_plan_is_sound_and_says_what_is_left(made: tuple[Path, NextPlan]) -> None:
    path, told = made
    plan = cchc_xl.load_plan(path)
    assert {item.code for item in plan.findings} == {"P209"}  # number and date of the plan, to be filled in
    assert told.year == plan.settings.year == 2021
    assert told.blank == ("Số kế hoạch", "Ngày kế hoạch", "Chỉ số mục tiêu (%)")
    assert [(item.sheet, item.address) for item in told.naming_the_year] == [("Phụ lục", "D10")]
    assert told.pointed == len(cchc_xl.in_force(plan, plan.periods[-1]).nodes)


def test_a_setting_that_the_plan_left_out_gets_a_row(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "2020-N"
    shutil.copytree(home / "2020-N", folder)
    (folder / "manifest.json").unlink()  # the plan kept in it is changed below
    plan = folder / "nguon" / "ke-hoach.xlsx"
    book = load_workbook(plan)
    sheet = book["Cài đặt"]
    (row,) = [cell.row for (cell,) in sheet.iter_rows(max_col=1) if cell.value == "Chỉ số năm trước (%)"]
    sheet.delete_rows(row)
    periods = book["Kỳ báo cáo"]
    for place, name in (("B3", 2020.0), ("B4", 6.5)):  # named by numbers
        periods[place] = name
    book.save(plan)
    path, _ = cchc_xl.next_year(folder, tmp_path / "1. Kế hoạch")
    assert path == tmp_path / "1. Kế hoạch" / "ke-hoach.xlsx"
    assert cchc_xl.load_plan(path).settings.previous_index == Decimal("74.12")
    named = load_workbook(path)["Kỳ báo cáo"]
    assert (named["B3"].value, named["B4"].value) == (2021, 6.5)


def test_what_cannot_be_is_refused(home: Path, made: tuple[Path, NextPlan], tmp_path: Path) -> None:
    refused = [
        ((home / "2021-Q1", tmp_path / "a.xlsx"), "chưa phải là cả năm"),
        ((home / "2020-N", made[0]), "để không ghi đè"),
        ((home / "2020-N", tmp_path / "a.xls"), "là tệp .xlsx"),
        ((home / "2020-N", tmp_path / "a.xlsx", 18), "lớn hơn số cơ quan được xếp hạng (17)"),
        ((tmp_path / "khong-co", tmp_path / "a.xlsx"), "khong-co"),
    ]
    for given, why in refused:
        with pytest.raises(CannotRunError, match=why.replace("(", r"\(").replace(")", r"\)")):
            cchc_xl.next_year(*given)
    assert not list(tmp_path.iterdir())


def _workbook(*, from_1904: bool) -> bytes:
    book = Workbook()
    book.epoch = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)
    sheet = book.active
    sheet["A1"], sheet["B2"] = date(2020, 3, 1), "=1+1"
    sheet["A1"].number_format = "dd/mm/yyyy"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("from_1904", [False, True])
def test_days_numbers_texts_and_blanks_are_written_where_they_belong(from_1904: bool) -> None:
    values = {(1, 1): date(2021, 3, 1), (2, 2): Decimal("1.75"), (3, 1): "<Mới> & cũ", (1, 5): None}
    sheet = load_workbook(io.BytesIO(with_cells(_workbook(from_1904=from_1904), {"Sheet": values}))).active
    assert sheet["A1"].value == datetime(2021, 3, 1)
    assert (sheet["B2"].value, sheet["A3"].value, sheet["E1"].value) == (1.75, "<Mới> & cũ", None)


def test_a_formula_that_other_cells_share_is_left() -> None:
    source = zipfile.ZipFile(io.BytesIO(_workbook(from_1904=False)))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            shared = source.read(name).replace(b"<f>1+1</f>", b'<f t="shared" ref="B2:B3" si="0">1+1</f>')
            target.writestr(name, shared)
    with pytest.raises(CannotPatchError, match="B2"):
        with_cells(packed.getvalue(), {"Sheet": {(2, 2): 1}})
