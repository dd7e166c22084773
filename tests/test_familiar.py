"""The plan's appendix as units have always returned it, made in many ways: what is typed is placed, or is an error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from cchc_xl import pipeline
from cchc_xl.office.excel import Refused, parse
from cchc_xl.plan import load_plan
from cchc_xl.plan.edition import find_period, in_force
from cchc_xl.records import FigureEntry, SourceFile, State, Submission
from cchc_xl.result.objects import to_object
from cchc_xl.score.versions import Versions, joined
from cchc_xl.unit.conform import SetAside, conform
from cchc_xl.unit.sheets import Expected
from tests.conftest import ROOT

PLAN = ROOT / "examples" / "2021-quy-1" / "ke-hoach.xlsx"
APPENDIX = [(row.code, row.name, row.lead_text, row.target, row.cooperating_text) for row in load_plan(PLAN).appendix]
GROUPS = {code: name for code, name, *_ in APPENDIX if "." not in code}
PLANS_HEADINGS = ("TT", "NỘI DUNG", "ĐƠN VỊ THỰC HIỆN", "MỤC TIÊU/GIẢI PHÁP THỰC HIỆN", "PHỐI HỢP THỰC HIỆN")
_LOADED = load_plan(PLAN)
_PERIOD = find_period(_LOADED, "2021-Q1")
assert _PERIOD is not None
EXPECTED = Expected.of(in_force(_LOADED, _PERIOD))
RESULT, POINTS, EVIDENCE, REASON = "Kết quả thực hiện", "Điểm tự chấm", "Tài liệu kiểm chứng", "Nguyên nhân, khó khăn"
TYPED = (RESULT, POINTS, EVIDENCE, REASON)
# What the Office's own unit types, by code: twelve cells, one of them at a group.
TEXTS: dict[str, dict[str, Any]] = {
    "1.1": {RESULT: "Đã ban hành Kế hoạch số 12/KH-SLĐ", EVIDENCE: "KH 12/KH-SLĐ ngày 15/01/2021"},
    "1.4": {RESULT: "Đăng 15 tin, bài", EVIDENCE: "Danh mục tin, bài"},
    "1.7": {RESULT: "Đã lập danh mục hồ sơ", POINTS: 1.75, REASON: "Còn 3 hồ sơ tồn đọng"},
    "4": {RESULT: "Nhóm 4 thực hiện theo kế hoạch"},
    "4.2": {RESULT: "Đúng biên chế được giao", EVIDENCE: "Báo cáo số 5"},
    "5.6": {RESULT: "Đạt 50% kế hoạch", REASON: "Dịch bệnh"},
}
KEYS = {RESULT: "result", POINTS: "self_points", EVIDENCE: "evidence"}


@dataclass
class Making:
    """One way to make the appendix."""

    name: str
    headings: tuple[str, ...] = (*PLANS_HEADINGS, *TYPED)
    code: Callable[[str, int], Any] = lambda code, _: code
    label: Callable[[str, str], str] = lambda _, name: name
    title: tuple[str, ...] = ("VĂN PHÒNG SỞ", "BÁO CÁO KẾT QUẢ THỰC HIỆN PHỤ LỤC – QUÝ I NĂM 2021")
    change: Callable[[Worksheet, int], None] = lambda _sheet, _row: None
    typed: dict[str, dict[str, Any]] = field(default_factory=lambda: TEXTS)
    columns: dict[str, str] = field(default_factory=dict)  # a heading of ours: the one that stands there
    file: str = "Van phong nop.xlsx"
    lost: tuple[str, ...] = ()  # codes of the errors about what cannot be placed

    def write(self, path: Path) -> None:
        book = Workbook()
        sheet = book.active
        sheet.title = "Sheet1"
        for line in self.title:
            sheet.append([line])
        sheet.append([])
        sheet.append(list(self.headings))
        first = sheet.max_row
        at = {heading: number for number, heading in enumerate(self.headings, start=1)}
        number = 0
        for code, name, *rest in APPENDIX:
            number += "." in code
            own = [self.code(code, number), self.label(code, name), *rest]
            known = dict(zip(PLANS_HEADINGS, own, strict=True)) | dict(zip(SHORT, own[:2], strict=False))
            known |= {self.columns.get(heading, heading): known[heading] for heading in PLANS_HEADINGS}
            row = [known.get(heading) for heading in self.headings]
            for heading, value in self.typed.get(code, {}).items():
                row[at[self.columns.get(heading, heading)] - 1] = value
            sheet.append(row)
        self.change(sheet, first)
        if path.suffix == ".docx":
            _as_document(sheet, first).save(str(path))
        else:
            book.save(path)


def _as_document(sheet: Worksheet, first: int) -> Any:
    """The sheet as a Word document: its titles as paragraphs, the rest as a table with its merged cells."""
    document = docx.Document()
    for row in range(1, first):
        document.add_paragraph(str(sheet.cell(row, 1).value or ""))
    table = document.add_table(sheet.max_row - first + 1, sheet.max_column)
    for row in sheet.iter_rows(min_row=first):
        for cell in row:
            if cell.value is not None:
                table.cell(cell.row - first, cell.column - 1).text = (
                    str(cell.value).replace(".", ",") if isinstance(cell.value, float) else str(cell.value)
                )
    for area in sheet.merged_cells.ranges:
        top, left = area.min_row - first, area.min_col - 1
        table.cell(top, left).merge(table.cell(area.max_row - first, area.max_col - 1))
    return document


def _find(sheet: Worksheet, name: str) -> int:
    return next(row[1].row for row in sheet.iter_rows(max_col=2) if row[1].value == name)


def _merged_result(sheet: Worksheet, _first: int) -> None:
    """One result for 4.1 and 4.2, as one merged cell."""
    row = _find(sheet, "Thực hiện quy định về sử dụng biên chế được cấp có thẩm quyền giao")
    sheet.cell(row - 1, 6).value = sheet.cell(row, 6).value
    sheet.merge_cells(start_row=row - 1, start_column=6, end_row=row, end_column=6)


def _numbered_columns(sheet: Worksheet, first: int) -> None:
    sheet.insert_rows(first + 1)
    for column in range(1, 10):
        sheet.cell(first + 1, column).value = f"({column})"


def _summed_columns(sheet: Worksheet, first: int) -> None:
    _numbered_columns(sheet, first)
    sheet.cell(first + 1, 7).value = "(7) = (5) + (6)"


def _signed(sheet: Worksheet, _first: int) -> None:
    row = sheet.max_row + 2
    sheet.cell(row, 6).value = "Đồng Tháp, ngày 15 tháng 3 năm 2021"
    sheet.cell(row + 1, 2).value, sheet.cell(row + 1, 6).value = "Người lập biểu", "CHÁNH VĂN PHÒNG"
    sheet.cell(row + 4, 6).value = "Nguyễn Văn A"


def _heading_again(sheet: Worksheet, first: int) -> None:
    """The headings again on the second page."""
    row = _find(sheet, GROUPS["4"])
    sheet.insert_rows(row)
    for column in range(1, 10):
        sheet.cell(row, column).value = sheet.cell(first, column).value


def _two_rows_of_headings(sheet: Worksheet, first: int) -> None:
    sheet.insert_rows(first + 1)
    for column in range(1, 10):
        if sheet.cell(first, column).value in (RESULT, POINTS):
            sheet.cell(first + 1, column).value = sheet.cell(first, column).value
    sheet.cell(first, 6).value = "Đơn vị tự đánh giá"
    sheet.cell(first, 7).value = None
    sheet.merge_cells(start_row=first, start_column=6, end_row=first, end_column=7)


def _roman(code: str, _: int) -> str:
    group, _, rest = code.partition(".")
    return ".".join(filter(None, (("I", "II", "III", "IV", "V", "VI", "VII")[int(group) - 1], rest)))


def _stray(sheet: Worksheet, _first: int) -> None:
    """A row of the unit's own that is not of the plan."""
    row = _find(sheet, GROUPS["4"])
    sheet.insert_rows(row)
    sheet.cell(row, 2).value, sheet.cell(row, 6).value = "Việc khác của Văn phòng", "Đã làm việc khác"


def _follower(sheet: Worksheet, first: int) -> None:
    sheet.cell(first, 10).value = "Người theo dõi"
    sheet.cell(_find(sheet, "Công tác tuyên truyền CCHC"), 10).value = "Chị Hoa"


SHORT = ("STT", "Tiêu chí", "Kết quả Quý I", "Tự chấm", "Minh chứng", "Ghi chú")
RENAMED = {RESULT: SHORT[2], POINTS: SHORT[3], EVIDENCE: SHORT[4], REASON: SHORT[5]}


MAKINGS = [
    Making("the plan's own table with four columns more"),
    Making("title lines in one column, the unit in the file's name only", title=("BÁO CÁO",), file="Văn phòng Sở.xlsx"),
    Making("the unit behind a label", title=("Đơn vị báo cáo: Văn phòng Sở",)),
    Making("codes with a final dot", code=lambda code, _: f"{code}."),
    Making("codes with a bracket", code=lambda code, _: f"{code})"),
    Making("codes with a comma", code=lambda code, _: code.replace(".", ",")),
    Making("codes behind a word", code=lambda code, _: f"Mục {code}"),
    Making("groups in Roman numbers", code=_roman),
    Making("codes as numbers", code=lambda code, _: float(code) if "." in code else int(code)),
    Making("a running number", code=lambda code, number: number if "." in code else None),
    Making("no codes at all", code=lambda *_: None),
    Making("codes before the names", code=lambda *_: None, label=lambda code, name: f"{code}. {name}"),
    Making("a result merged over two rows", change=_merged_result),
    Making("a row that numbers the columns", change=_numbered_columns),
    Making("a signature block below", change=_signed),
    Making("the headings again on the second page", change=_heading_again),
    Making("headings over two rows", change=_two_rows_of_headings),
    Making("points out of the maximum", typed={**TEXTS, "1.7": {**TEXTS["1.7"], POINTS: "1,75/3"}}),
    Making("points with a word", typed={**TEXTS, "1.7": {**TEXTS["1.7"], POINTS: "1,75 điểm"}}),
    Making("a row of the unit's own", change=_stray, lost=("D128",)),
    Making("a column of the unit's own", change=_follower, lost=("D130",)),
    Making("six columns under other names", headings=SHORT, columns=RENAMED),
    Making("a Word document", file="Bao cao.docx"),
    Making("a Word document with a merged result", file="Bao cao.docx", change=_merged_result),
    Making(
        "a Word document with running numbers and a signature block",
        file="Bao cao.docx",
        change=_signed,
        code=lambda code, number: number if "." in code else None,
    ),
    Making("points merged over rows", typed=TEXTS, change=lambda sheet, _: _merged_points(sheet), lost=("D129",)),
]


def _merged_points(sheet: Worksheet) -> None:
    row = _find(sheet, "Văn thư lưu trữ")
    sheet.cell(row - 1, 7).value = 3
    sheet.merge_cells(start_row=row - 1, start_column=7, end_row=row, end_column=7)


@pytest.mark.parametrize("making", MAKINGS, ids=[item.name for item in MAKINGS])
def test_every_typed_cell_of_the_familiar_appendix_is_placed_or_named(making: Making, tmp_path: Path) -> None:
    folder = tmp_path / "don-vi"
    folder.mkdir()
    making.write(folder / making.file)
    told = to_object(pipeline.assess(PLAN, folder, period="2021-Q1").contents())
    roll = {item["unit"]: (item["status"], item["file"]) for item in told["rollcall"]}
    assert roll["VP"] == ("late" if roll["VP"][0] == "late" else "submitted", making.file)
    reports = {
        item["code"]: report for item in told["criteria"] for report in item["reports"] if report["unit"] == "VP"
    }
    errors = [item for item in told["findings"] if item["severity"] == "error" and item["file"] == making.file]
    assert tuple(item["code"] for item in errors) == making.lost
    assert all(item["cell"] for item in errors)
    withheld = {("1.7", POINTS)} if making.lost == ("D129",) else set()
    for code, cells in TEXTS.items():
        for heading, value in cells.items():
            if heading in KEYS and (code, heading) not in withheld:
                assert (code, reports[code][KEYS[heading]]) == (code, str(value) if heading == POINTS else value)
    asked = [item for item in told["findings"] if item["code"] == "D216" and item["unit"] == "VP"]
    assert [item["severity"] for item in asked] == ["warning"]


@pytest.mark.parametrize(
    ("tables", "status", "told_of"), [(60, "late", []), (999, "late", []), (1_000, "unreadable", ["U206"])]
)
def test_an_appendix_behind_many_tables_is_read_or_its_unit_is_told(
    tables: int, status: str, told_of: list[str], tmp_path: Path
) -> None:
    """As a report has that lists evidence table by table; nothing of it is left out in silence."""
    folder = tmp_path / "don-vi"
    folder.mkdir()
    path = folder / "Văn phòng Sở.docx"
    Making("a Word document").write(path)
    document = docx.Document(str(path))
    small = document.add_table(1, 1)
    small.cell(0, 0).text = "Kế hoạch số 12"
    for _ in range(tables):
        document.element.body.insert(0, deepcopy(small._tbl))
    small._tbl.getparent().remove(small._tbl)
    document.save(str(path))
    told = to_object(pipeline.assess(PLAN, folder, period="2021-Q1").contents())
    roll = {item["unit"]: (item["status"], item["file"]) for item in told["rollcall"]}
    found = [item["code"] for item in told["findings"] if item["code"] == "U206" and item["file"] == path.name]
    assert (roll["VP"], found) == ((status, path.name), told_of)


def test_a_merged_result_is_the_result_of_each_of_its_rows(tmp_path: Path) -> None:
    making = next(item for item in MAKINGS if item.change is _merged_result)
    making.write(tmp_path / making.file)
    told = to_object(pipeline.assess(PLAN, tmp_path, period="2021-Q1").contents())
    results = {item["code"]: [report["result"] for report in item["reports"]] for item in told["criteria"]}
    assert results["4.1"] == results["4.2"] == ["Đúng biên chế được giao"]


def _two_units(sheet: Worksheet, first: int) -> None:
    """The result and the points of two units beside each other, each named above its columns."""
    for column, (unit, heading) in enumerate(
        (
            ("Văn phòng Sở", RESULT),
            ("Văn phòng Sở", POINTS),
            ("Phòng Người có công", RESULT),
            ("Phòng Người có công", POINTS),
        ),
        start=6,
    ):
        sheet.cell(first, column).value = f"{heading} ({unit})"
    row = _find(sheet, "Thực hiện phân cấp quản lý")
    sheet.cell(row, 6).value, sheet.cell(row, 8).value = None, "Đã kiểm tra hai huyện"
    sheet.cell(_find(sheet, "Văn thư lưu trữ"), 6).value = "Đã lập danh mục"


def test_a_table_with_columns_of_two_units_is_read_for_each(tmp_path: Path) -> None:
    making = Making("two units", title=("BÁO CÁO CHUNG",), typed={}, change=_two_units)
    making.write(tmp_path / making.file)
    told = to_object(pipeline.assess(PLAN, tmp_path, period="2021-Q1").contents())
    roll = {item["unit"]: item["file"] for item in told["rollcall"] if item["file"]}
    assert roll == {"VP": making.file, "NCC": making.file}
    results = {
        (report["unit"], item["code"]): report["result"]
        for item in told["criteria"]
        for report in item["reports"]
        if report["result"]
    }
    assert results == {("VP", "1.7"): "Đã lập danh mục", ("NCC", "4.3"): "Đã kiểm tra hai huyện"}


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        (("Văn phòng Sở", "Phòng Người có công"), {"VP": "chung.xlsx", "NCC": "chung.xlsx"}),
        (("Trang 1", "Trang 2"), {}),
    ],
)
def test_sheets_of_two_units_are_read_for_each_or_named_by_one_error(
    titles: tuple[str, str], expected: dict[str, str], tmp_path: Path
) -> None:
    making = Making("one sheet", title=("BÁO CÁO CHUNG",))
    making.write(tmp_path / "chung.xlsx")
    book = load_workbook(tmp_path / "chung.xlsx")
    book.worksheets[0].title = titles[0]
    book.copy_worksheet(book.worksheets[0]).title = titles[1]
    book.save(tmp_path / "chung.xlsx")
    told = to_object(pipeline.assess(PLAN, tmp_path, period="2021-Q1").contents())
    assert {item["unit"]: item["file"] for item in told["rollcall"] if item["file"]} == expected
    errors = [item["code"] for item in told["findings"] if item["severity"] == "error" and item["file"] == "chung.xlsx"]
    assert errors == ([] if expected else ["D123"])


# A table is a form only with rows of this plan and a column in which a unit types.
NO_FORMS = [
    ("the plan's own appendix, nothing typed", PLANS_HEADINGS, lambda code: code, True),
    ("another office's table with running numbers", (*PLANS_HEADINGS, *TYPED), lambda _: None, False),
]


@pytest.mark.parametrize(("name", "headings", "code", "named"), NO_FORMS, ids=[row[0] for row in NO_FORMS])
def test_what_is_no_appendix_of_the_plan_is_told_so(
    name: str, headings: tuple[str, ...], code: Callable[[str], Any], named: bool, tmp_path: Path
) -> None:
    making = Making(
        name,
        headings=headings,
        code=lambda told, number: code(told) if named else number,
        label=lambda told, label: label if named else f"Việc {told}",
        typed={} if headings is PLANS_HEADINGS else TEXTS,
    )
    making.write(tmp_path / making.file)
    told = to_object(pipeline.assess(PLAN, tmp_path, period="2021-Q1").contents())
    codes = [item["code"] for item in told["findings"] if item["file"] == making.file]
    assert codes == ["F201"]


def test_what_is_wrong_in_one_part_is_told_also_when_another_joins_it(tmp_path: Path) -> None:
    """The appendix counts on beside the small form: its error stays one, and both are marked."""
    folder, out = tmp_path / "don-vi", tmp_path / "ket-qua"
    folder.mkdir()
    wrong = TEXTS | {"1.7": TEXTS["1.7"] | {POINTS: "gần hai"}}
    Making("own", typed=wrong).write(folder / "Van phong nop.xlsx")
    pipeline.run(PLAN, folder, period="2021-Q1", out=out)

    def told() -> list[tuple[str, str]]:
        found = pipeline.assess(PLAN, folder, period="2021-Q1").findings
        return [(one.code, one.at.address) for one in found if one.at and one.at.file == "Van phong nop.xlsx"]

    (error,) = [one for one in told() if one[0] == "D101"]
    book = load_workbook(out / "2021-Q1" / "bo-sung" / "VP.xlsx")
    row = next(row for row in book["Số liệu"].iter_rows(min_row=8) if row[0].value == "TIN_BAI")
    row[3].value = 15
    book.save(folder / "VP.xlsx")
    assert error in told()
    made = pipeline.run(PLAN, folder, period="2021-Q1", out=out)
    assert made.folder is not None
    assert {path.name for path in (Path(made.folder) / "phan-hoi").iterdir()} == {"VP.xlsx", "VP-2.xlsx"}


def test_what_the_appendix_cannot_hold_is_asked_for_once_and_counts_beside_it(tmp_path: Path) -> None:
    """The unit sends its own appendix, gets a small form for the rest, fills it in, and both count together."""
    folder, out = tmp_path / "don-vi", tmp_path / "ket-qua"
    folder.mkdir()
    MAKINGS[0].write(folder / "Van phong nop.xlsx")
    pipeline.run(PLAN, folder, period="2021-Q1", out=out)
    asked = out / "2021-Q1" / "bo-sung" / "VP.xlsx"
    book = load_workbook(asked)
    figures = {row[0].value: row for row in book["Số liệu"].iter_rows(min_row=8) if row[0].value}
    levels = {row[0].value: row for row in book["Phụ lục"].iter_rows(min_row=8) if row[0].value}
    first = to_object(pipeline.assess(PLAN, folder, period="2021-Q1").contents())
    (told,) = [item for item in first["findings"] if item["code"] == "D216"]
    assert str(len(figures) + len(levels)) in told["message"]
    assert "TIN_BAI" in figures
    assert "1.2" in levels

    book.save(folder / "VP.xlsx")  # sent back as it came: passed over
    again = to_object(pipeline.assess(PLAN, folder, period="2021-Q1").contents())
    assert {item["unit"]: item["file"] for item in again["rollcall"]}["VP"] == "Van phong nop.xlsx"
    assert {item["file"]: item["verdict"] for item in again["sources"]}["VP.xlsx"] == "ignored"

    figures["TIN_BAI"][3].value, levels["1.2"][6].value = 15, "Đủ báo cáo, đúng hạn"
    book.save(folder / "VP.xlsx")
    both = to_object(pipeline.assess(PLAN, folder, period="2021-Q1").contents())
    rows = {item["unit"]: item for item in both["rollcall"]}
    assert rows["VP"]["superseded"] == []
    entries = {item["code"]: item["entries"] for item in both["measure_details"]}
    (own,) = [item for item in entries["TIN_BAI"] if item["unit"] == "VP"]
    assert (own["value"], own["file"]) == ("15", "VP.xlsx")
    criteria = {item["code"]: item for item in both["criteria"]}
    assert [item["value"] for item in criteria["1.2"]["inputs"]] == ["Đủ báo cáo, đúng hạn"]
    assert [item["result"] for item in criteria["1.7"]["reports"]] == ["Đã lập danh mục hồ sơ"]
    told_of = [
        {(item["code"], item["cell"]) for item in result["findings"] if item["file"] == "Van phong nop.xlsx"}
        for result in (first, both)
    ]
    assert ("E201", "H12") in told_of[1], "what is wrong in the appendix is so still"
    bare = [
        Counter(item["criterion"] for item in result["findings"] if item["code"] == "E201" and item["unit"] == "VP")
        for result in (first, both)
    ]
    assert bare[0].keys() <= bare[1].keys()
    assert set(bare[1].values()) == {1}, "a criterion that stands in both is told once"
    codes = {item["code"]: item["message"] for item in both["findings"] if item["unit"] == "VP"}
    assert "Van phong nop.xlsx; VP.xlsx" in codes["U208"]
    assert str(len(figures) + len(levels) - 2) in codes["D216"]

    other = load_workbook(folder / "VP.xlsx")
    row = next(row for row in other["Số liệu"].iter_rows(min_row=8) if row[0].value == "TIN_BAI")
    row[3].value = 16
    other.save(folder / "VP (2).xlsx")  # a second answer that contradicts the first: both are named
    twice = to_object(pipeline.assess(PLAN, folder, period="2021-Q1").contents())
    (apart,) = [item for item in twice["findings"] if item["code"] == "U204"]
    assert "TIN_BAI" in apart["message"]
    assert apart["severity"] == "warning"


@pytest.mark.parametrize("change", [_numbered_columns, _summed_columns])
def test_a_row_that_numbers_the_columns_is_nobody_s_result(
    change: Callable[[Worksheet, int], None], tmp_path: Path
) -> None:
    made = conformed(Making("numbered", change=change), tmp_path / "Văn phòng Sở.xlsx")
    same_as_typed(made)
    assert {entry.criterion for entry in made.criteria if entry.result or entry.reason} == set(TEXTS)


@pytest.mark.parametrize("line", ["Đơn vị báo cáo: Văn phòng Sở.", "VĂN PHÒNG SỞ;", "Văn phòng Sở,"])
def test_a_unit_is_known_with_a_mark_behind_its_name(line: str, tmp_path: Path) -> None:
    assert conformed(Making("marked", title=(line,)), tmp_path / "bao cao.xlsx").unit == "VP"


@pytest.mark.parametrize(
    ("line", "is_whole"),
    [
        ("SỐ LIỆU TOÀN SỞ QUÝ I", True),
        ("Tổng hợp toàn cơ quan", True),
        ("Báo cáo công tác an toàn cơ quan", False),
        ("Bảo đảm an toàn ngành điện", False),
    ],
)
def test_a_title_about_safety_is_not_about_the_whole_agency(line: str, *, is_whole: bool, tmp_path: Path) -> None:
    path = tmp_path / "Văn phòng Sở.xlsx"
    Making("whole", title=("VĂN PHÒNG SỞ", line)).write(path)
    found = parse(path.read_bytes(), SourceFile(path.name, str(path), 1, datetime(2021, 3, 18, tzinfo=timezone.utc)))
    assert not isinstance(found, Refused)
    made = conform(found, EXPECTED)
    codes = [item.code for item in made.findings] if isinstance(made, SetAside) else []
    assert codes == (["U105"] if is_whole else [])


# A row of the unit's own with a result, before group 4 or below the table: what it is told as.
OWN_ROWS = [
    ("Việc khác của Văn phòng", True, "D128"),
    ("Họp giao ban với Giám đốc Sở", True, "D128"),
    ("Họp giao ban với Giám đốc Sở", False, "T302"),
    ("Nơi nhận:", False, "T302"),
    ("NGƯỜI LẬP:", False, "T302"),
    ("KT. CHÁNH VĂN PHÒNG", False, "T302"),
    ("Tổng hợp báo cáo của các phòng", True, "D128"),
    ("Cộng tác viên viết tin, bài", True, "D128"),
    ("Tổng cộng", True, "T302"),
    ("Tổng số điểm", True, "T302"),
    ("TỔNG:", False, "T302"),
    ("Cộng", True, "T302"),
]


@pytest.mark.parametrize(("name", "is_inside", "code"), OWN_ROWS)
def test_a_row_of_the_units_own_is_an_error_a_total_and_what_closes_the_table_are_notes(
    name: str, *, is_inside: bool, code: str, tmp_path: Path
) -> None:
    def add(sheet: Worksheet, _first: int) -> None:
        row = _find(sheet, GROUPS["4"]) if is_inside else sheet.max_row + 1
        sheet.insert_rows(row)
        sheet.cell(row, 2).value, sheet.cell(row, 6).value = name, "Đã làm"

    made = conformed(Making("own", change=add), tmp_path / "Văn phòng Sở.xlsx")
    assert [item.code for item in made.findings if item.code in ("D128", "T302")] == [code]


# VP's appendix with one result, sent on a day of March as one of three papers: what counts of them together.
PARTS: list[tuple[str, list[tuple[str, int, str]], str, int]] = [
    ("an appendix and an older one", [("familiar", 16, "A"), ("familiar", 15, "B")], "A", 1),
    ("a form and an appendix", [("", 16, "A"), ("familiar", 15, "B")], "A\nB", 2),
    ("a form, an appendix and an older one", [("", 17, "A"), ("familiar", 16, "B"), ("familiar", 15, "C")], "A\nB", 2),
    ("an appendix and two supplements", [("familiar", 17, "A"), ("supplement", 16, "B"), ("supplement", 15, "B")], "A\nB\nB", 3),
]  # fmt: skip


@pytest.mark.parametrize(("papers", "result", "count"), [row[1:] for row in PARTS], ids=[row[0] for row in PARTS])
def test_of_several_appendices_the_newest_counts_also_beside_a_whole_form(
    papers: list[tuple[str, int, str]], result: str, count: int, tmp_path: Path
) -> None:
    sent = []
    for part, day, text in papers:
        made = conformed(Making("one", typed={"1.1": {RESULT: text}}), tmp_path / f"Văn phòng Sở ({day}).xlsx")
        sent.append(replace(made, part=part, sent=datetime(2021, 3, day, tzinfo=timezone.utc)))
    counts = Versions.of(EXPECTED.edition.plan.units[0], sent, None).counts
    assert counts is not None
    assert [entry.result for entry in counts.criteria if entry.criterion == "1.1"] == [result]
    assert len(counts.files) == count


def test_parts_are_joined_with_all_that_stands_in_them_and_texts_that_differ_are_told(tmp_path: Path) -> None:
    made = conformed(Making("one", typed={"1.1": {RESULT: "A"}}), tmp_path / "Văn phòng Sở.xlsx")
    (row,) = (entry for entry in made.criteria if entry.criterion == "1.1")
    figure = FigureEntry("VP", "GHI_CHU", State.KNOWN, None, "đủ", row.at)
    first = replace(made, criteria=(replace(row, more=(("Người làm", "An"),)),), figures=(figure,))
    told = (("Người làm", "Bình"), ("Nơi làm", "Sở"))
    second = replace(made, criteria=(replace(row, more=told),), figures=(replace(figure, text="thiếu"),))
    both, apart = joined(first, second)
    assert both.criteria[0].more == (("Người làm", "An\nBình"), ("Nơi làm", "Sở"))
    assert apart.startswith("GHI_CHU")


# 1.7 in two rows, what is typed in each by heading: whether that is told as two values, and what is kept of it.
TWICE: list[tuple[dict[str, Any], dict[str, Any], bool, tuple[object, str]]] = [
    ({POINTS: 1.75}, {}, False, (Decimal("1.75"), "")),
    ({}, {POINTS: 1.75}, False, (Decimal("1.75"), "")),
    ({POINTS: 1.75}, {POINTS: 1.75}, False, (Decimal("1.75"), "")),
    ({POINTS: 1.75}, {POINTS: 1.5}, True, (None, "")),
    ({REASON: "Dịch bệnh"}, {POINTS: 1.75}, True, (None, "Dịch bệnh")),
    ({POINTS: "không phát sinh"}, {POINTS: 1.75}, True, (None, "")),
]


@pytest.mark.parametrize(("first", "second", "told", "kept"), TWICE)
def test_a_criterion_in_two_rows_loses_nothing_that_stands_in_either(
    first: dict[str, Any], second: dict[str, Any], *, told: bool, kept: tuple[object, str], tmp_path: Path
) -> None:
    def again(sheet: Worksheet, _first: int) -> None:
        sheet.append([cell.value for cell in sheet[_find(sheet, next(row[1] for row in APPENDIX if row[0] == "1.7"))]])
        for heading in TYPED:
            column = next(cell.column for cell in sheet[_first] if cell.value == heading)
            sheet.cell(sheet.max_row, column).value = second.get(heading)

    made = conformed(Making("twice", typed={"1.7": first}, change=again), tmp_path / "Văn phòng Sở.xlsx")
    (entry,) = (item for item in made.criteria if item.criterion == "1.7")
    assert ("D116" in [item.code for item in made.findings], (entry.self_points, entry.reason)) == (told, kept)


# One table under thirty-six spellings of a heading, and eighteen of the codes: every typed cell is read by each.
SPELLED: dict[str, tuple[str, ...]] = {
    "TT": ("STT", "Số TT", "Số thứ tự", "Mã", "Mã số", "TT (1)"),
    "NỘI DUNG": ("Nội dung", "Tiêu chí", "Tên tiêu chí", "Nội dung, nhiệm vụ", "Nhiệm vụ", "Lĩnh vực, tiêu chí"),
    RESULT: ("Kết quả", "KẾT QUẢ THỰC HIỆN QUÝ I", "Kết quả đạt được", "Tình hình thực hiện", "Tiến độ", "Kết quả*"),
    POINTS: ("Tự chấm", "Điểm tự đánh giá", "Điểm tự chấm (điểm)", "Tự đánh giá", "Đơn vị tự chấm", "Điểm đạt"),
    EVIDENCE: ("Minh chứng", "Tài liệu minh chứng", "Tài liệu", "Văn bản minh chứng", "Hồ sơ minh chứng", "Đường dẫn"),
    REASON: ("Nguyên nhân", "Khó khăn, vướng mắc", "Kiến nghị", "Lý do", "Tồn tại, hạn chế", "Ghi chú"),
}
HEADINGS = [(ours, theirs) for ours, several in SPELLED.items() for theirs in several]
CODES: list[Callable[[str], Any]] = [
    *(lambda code, form=form: form.format(code) for form in ("{}.", "{})", "({})", "{} ", "Mục {}", "mục {}.", "Tiêu chí {}")),
    *(lambda code, form=form: form.format(code) for form in ("TC {}", "- {}", "{}:", "Số {}", "{}*", "Nhóm {}", "Tiểu mục {}")),
    lambda code: code.replace(".", ","),
    lambda code: code.replace(".", "/"),
    lambda code: code.replace(".", ". "),
    lambda code: ".".join(f"{int(part):02}" for part in code.split(".")),
]  # fmt: skip


def conformed(making: Making, path: Path) -> Submission:
    making.write(path)
    found = parse(path.read_bytes(), SourceFile(path.name, str(path), 1, datetime(2021, 3, 18, tzinfo=timezone.utc)))
    assert not isinstance(found, Refused)
    made = conform(found, EXPECTED)
    assert not isinstance(made, SetAside), made.findings
    (submission,) = made
    return submission


def same_as_typed(submission: Submission) -> None:
    assert [item.code for item in submission.findings if item.severity == "error"] == []
    rows = {entry.criterion: entry for entry in submission.criteria}
    for code, cells in TEXTS.items():
        told = {RESULT: rows[code].result, EVIDENCE: rows[code].evidence, REASON: rows[code].reason}
        told[POINTS] = "" if rows[code].self_points is None else float(rows[code].self_points or 0)
        assert {heading: told[heading] for heading in cells} == cells, code


@pytest.mark.parametrize(("ours", "theirs"), HEADINGS, ids=[theirs for _, theirs in HEADINGS])
def test_a_heading_is_known_by_its_leading_words(ours: str, theirs: str, tmp_path: Path) -> None:
    headings = tuple(theirs if heading == ours else heading for heading in (*PLANS_HEADINGS, *TYPED))
    making = Making(theirs, headings=headings, columns={ours: theirs})
    same_as_typed(conformed(making, tmp_path / "Văn phòng Sở.xlsx"))


@pytest.mark.parametrize("number", range(len(CODES)), ids=[str(spelled("1.4")) for spelled in CODES])
def test_a_code_is_known_however_it_is_spelled(number: int, tmp_path: Path) -> None:
    making = Making("codes", code=lambda code, _: CODES[number](code))
    same_as_typed(conformed(making, tmp_path / "Văn phòng Sở.xlsx"))
