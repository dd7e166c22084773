"""Many agencies by one plan: the sheets, the run over the tree, the ranking by group, what a later run leaves alone."""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook

import cchc_xl
from cchc_xl import pipeline
from cchc_xl.ask.rank import rank
from cchc_xl.extras.button_tables import findings_table, index_table
from cchc_xl.office.excel import Refused, read
from cchc_xl.papers.ranking_papers import RankedGroup, render_ranking, write_ranking
from cchc_xl.pipeline import CannotRunError
from cchc_xl.pipeline.jobs import template_path
from cchc_xl.pipeline.province import _by_agency
from cchc_xl.pipeline.whole import Done, places_in
from cchc_xl.plan import load_plan
from cchc_xl.plan.agencies import folders, for_agency
from cchc_xl.records import CellRef
from cchc_xl.result import Result, lock, manifest
from cchc_xl.result.contents import Contents
from cchc_xl.result.objects import from_object
from cchc_xl.result.ranking import RankedGroups
from cchc_xl.score.appraisal import ENTERED
from cchc_xl.score.appraisers import Said, read_appraiser, write_appraiser
from cchc_xl.text.catalogue import catalogue
from cchc_xl.text.words import VIETNAM
from cchc_xl.unit.folder import source_file
from tests import plans
from tests.command import cchc
from tests.conftest import PRINTED, WHOLE
from tests.provinces import FILLED, FOLDERS, PERIOD, QUARTERS, SHEETS, build, fill_quarter, large, save_plan, sheet
from tests.unit_forms import fill, tree

# --- the sheets ---

AGENCIES = "| Mã | Tên cơ quan |\n| STC | Sở Tài chính |\n| SYT | Sở Y tế |"
# What is wrong, and the cell at which it is told.
WRONG: list[tuple[str, str, str, dict[str, str | None]]] = [
    ("G101", "Cơ quan", "A3", {"Cơ quan": "| Mã | Tên cơ quan |\n| STC | Sở Tài chính |\n| stc | Sở Y tế |"}),
    ("G101", "Cơ quan", "A3", {"Cơ quan": "| Mã | Tên cơ quan |\n| STC | Sở Tài chính |\n| A | sở  tài chính |"}),
    ("G102", "Khảo sát", "A2", {"Khảo sát": "| Mã cơ quan | Mã số liệu | Giá trị |\n| STT | A_TONG | 5 |"}),
    ("G103", "Khảo sát", "B2", {"Khảo sát": "| Mã cơ quan | Mã số liệu | Giá trị |\n| STC | A_TON | 5 |"}),
    ("G104", "Khảo sát", "C2", {"Khảo sát": "| Mã cơ quan | Mã số liệu | Giá trị |\n| STC | A_TONG | 5,5 |"}),
    ("G104", "Khảo sát", "C2", {"Khảo sát": "| Mã cơ quan | Mã số liệu | Giá trị |\n| STC | A_TONG | cao |"}),
    ("G104", "Khảo sát", "C2", {"Khảo sát": "| Mã cơ quan | Mã số liệu | Giá trị |\n| STC | A_TONG | k:5000 |"}),
    ("G104", "Khảo sát", "C2", {"Khảo sát": "| Mã cơ quan | Mã số liệu | Giá trị |\n| STC | A_TONG | 1\u200b5 |"}),
    ("G105", "Cơ quan", "A3", {"Cơ quan": "| Mã | Tên cơ quan | Thư mục |\n| STC | A | chung |\n| SYT | B | Chung/ |"}),
    ("G105", "Cơ quan", "A3", {"Cơ quan": "| Mã | Tên cơ quan | Thư mục |\n| STC | A | |\n| SYT | B | stc |"}),
    (
        "G106",
        "Khảo sát",
        "C3",
        {"Khảo sát": "| Mã cơ quan | Mã số liệu | Giá trị |\n| STC | A_TONG | 5 |\n| Sở Tài chính | A_TONG | 6 |"},
    ),
    ("G107", "Vòng", "C2", {"Vòng": "| Vòng | Từ ngày | Đến ngày |\n| Tự chấm | 5/1/2022 | 1/1/2022 |"}),
    (
        "G108",
        "Vòng",
        "C3",
        {
            "Vòng": "| Vòng | Từ ngày | Đến ngày |\n| Hội đồng | 1/1/2022 | 2/1/2022 |\n| hội đồng | 5/1/2022 | 6/1/2022 |"
        },
    ),
    ("G201", "Cơ quan", "C1", {"Cơ quan": "| Mã | Tên cơ quan | Người kí |\n| STC | Sở Tài chính | A |"}),
    (
        "G202",
        "Vòng",
        "C3",
        {
            "Vòng": "| Vòng | Từ ngày | Đến ngày |\n| Tự chấm | 1/1/2022 | 9/1/2022 |\n| Thẩm định | 9/1/2022 | 12/1/2022 |"
        },
    ),
    ("P106", "Cơ quan", "C2", {"Cơ quan": "| Mã | Tên cơ quan | Năm |\n| STC | Sở Tài chính | hai nghìn |"}),
    ("P107", "Vòng", "B2", {"Vòng": "| Vòng | Từ ngày | Đến ngày |\n| Tự chấm | sau Tết | 1/1/2022 |"}),
    ("P108", "Cơ quan", "A2", {"Cơ quan": "| Mã | Tên cơ quan |\n| n:1 | Sở Tài chính |"}),
    ("P121", "Cơ quan", "A3", {"Cơ quan": "| Mã | Tên cơ quan |\n| STC | Sở Tài chính |\n| | Sở Y tế |"}),
    ("P121", "Cơ quan", "B2", {"Cơ quan": "| Mã | Tên cơ quan |\n| STC | |"}),
    ("P121", "Khảo sát", "A2", {"Khảo sát": "| Mã cơ quan | Mã số liệu | Giá trị |\n| | A_TONG | 5 |"}),
    ("P121", "Khảo sát", "B2", {"Khảo sát": "| Mã cơ quan | Mã số liệu | Giá trị |\n| STC | | 5 |"}),
    ("P121", "Vòng", "A2", {"Vòng": "| Vòng | Từ ngày | Đến ngày |\n| | 1/1/2022 | 9/1/2022 |"}),
]


@pytest.mark.parametrize(("code", "name", "cell", "sheets"), WRONG, ids=[f"{case[0]} {case[2]}" for case in WRONG])
def test_what_is_wrong_is_told_at_its_cell(
    tmp_path: Path, code: str, name: str, cell: str, sheets: dict[str, str | None]
) -> None:
    plan = plans.load(tmp_path, {"Cơ quan": AGENCIES, **sheets})
    at = [(item.at.sheet, item.at.address) for item in plan.findings if item.code == code and item.at]
    assert at == [(name, cell)]


def test_an_agency_of_a_survey_may_be_meant_by_its_name(tmp_path: Path) -> None:
    survey = "| Mã cơ quan | Mã số liệu | Giá trị |\n| sở tài chính | A_TONG | 5 |\n| Sở Tài chinh | A_TONG | 5 |"
    plan = plans.load(tmp_path, {"Cơ quan": AGENCIES, "Khảo sát": survey})
    assert [item.agency for item in plan.survey] == ["STC"]
    assert [dict(item.context)["suggestions"] for item in plan.findings if item.code == "G102"] == ["Sở Tài chính"]


def test_every_finding_about_agencies_is_tried() -> None:
    tried = {case[0] for case in WRONG} | {"G109", "G110", "G203", "G204", "G205"}  # these belong to a run, below
    assert {code for code in catalogue() if code.startswith("G")} <= tried


def test_a_sound_plan_for_many_says_nothing_of_them(tmp_path: Path) -> None:
    plan = load_plan(save_plan(tmp_path / "plan.xlsx"))
    assert [item.code for item in plan.findings if item.code != "P209"] == []
    told = {dict(item.context)["setting"] for item in plan.findings}
    assert "Xếp hạng năm trước" not in told  # each agency has its own


@pytest.mark.parametrize("name", ["Cơ quan", "Khảo sát", "Vòng", "Câu báo cáo"])
def test_an_empty_optional_sheet_is_as_if_it_were_not_there(tmp_path: Path, name: str) -> None:
    sheets: dict[str, str | None] = {"Cơ quan": None, "Khảo sát": None}
    plain = load_plan(save_plan(tmp_path / "a.xlsx", sheets))
    book = load_workbook(save_plan(tmp_path / "b.xlsx", sheets))
    blank = book.create_sheet(name)
    blank["B2"] = "  "
    book.save(tmp_path / "b.xlsx")
    found = load_plan(tmp_path / "b.xlsx")
    assert [item.code for item in found.findings] == [item.code for item in plain.findings]
    blank["B2"] = "Mã"  # something is meant to stand there
    book.save(tmp_path / "b.xlsx")
    assert "P102" in [item.code for item in load_plan(tmp_path / "b.xlsx").findings]


def test_an_agency_has_its_columns_then_the_plans_settings_but_what_is_one_agencys_own(tmp_path: Path) -> None:
    plan = load_plan(save_plan(tmp_path / "plan.xlsx"))
    one, other = for_agency(plan, "STC").settings, for_agency(plan, "SYT").settings
    assert (one.agency, one.signer, one.previous_rank, one.year) == ("Sở Tài chính", "Lê Văn C", 2, 2021)
    assert (other.agency, other.signer, other.previous_rank, other.previous_index) == ("Sở Y tế", "", 1, None)
    assert (one.place, one.parent_agency, one.index_name) == ("Xuân Hòa", "UBND tỉnh X", "chỉ số cải cách")


def test_a_unit_that_bears_an_agencys_name_belongs_to_that_agency_alone(tmp_path: Path) -> None:
    units = "| Mã | Tên đơn vị | Phải báo cáo |\n| U1 | Sở Tài chính | x |\n| U2 | Sở Y tế | x |\n| U3 | Kho bạc | x |"
    appendix = "| TT | NỘI DUNG | ĐƠN VỊ THỰC HIỆN |\n| 1.1 | Kế hoạch | Sở Tài chính; Sở Y tế; Kho bạc |"
    figures = (
        "| Mã | Tên số liệu | Tiêu chí | Đơn vị nhập |\n| A_DUNG | A | 1.2 | Sở Y tế |\n| A_TONG | B | 1.2 | Kho bạc |"
    )
    sheets = {"Cơ quan": AGENCIES, "Đơn vị": units, "Phụ lục": appendix, "Số liệu": figures}
    own = for_agency(plans.load(tmp_path, sheets), "STC")
    assert [unit.code for unit in own.units] == ["U1", "U3"]
    assert [row.lead for row in own.appendix] == [("U1", "U3")]
    assert [item.units for item in own.measures] == [(), ("U3",)]


@pytest.mark.parametrize(
    ("there", "found", "rest"),
    [
        (("stc", "Y-TE", "khac"), {"STC": "stc", "SYT": "Y-TE"}, ("khac",)),
        (("Sở Tài Chính", "y-te"), {"STC": "Sở Tài Chính", "SYT": "y-te"}, ()),
        (("STC", "Sở Tài chính"), {"STC": "STC"}, ("Sở Tài chính",)),  # the code comes first
        (("SYT",), {}, ("SYT",)),  # the plan names another folder
        ((), {}, ()),
    ],
)
def test_the_folder_of_an_agency(
    tmp_path: Path, there: tuple[str, ...], found: dict[str, str], rest: tuple[str]
) -> None:
    plan = load_plan(save_plan(tmp_path / "plan.xlsx"))
    assert folders(plan, there) == (found, rest)


def test_a_folder_may_lie_deeper(tmp_path: Path) -> None:
    agencies = "| Mã | Tên cơ quan | Thư mục |\n| STC | Sở Tài chính | cap-tinh\\so-tc |\n| XA | Xã A | xa/a |"
    plan = plans.load(tmp_path, {"Cơ quan": agencies})
    there = ("cap-tinh", "cap-tinh/so-tc", "xa", "xa/a", "xa/b")
    assert folders(plan, there) == ({"STC": "cap-tinh/so-tc", "XA": "xa/a"}, ())


# --- the run ---


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """Two departments and three communes, run once."""
    home = tmp_path_factory.mktemp("tinh")
    plan = build(home)
    return home, cchc_xl.run(plan, home / "nop", period=PERIOD, out=home / "kq")


@pytest.fixture
def home(made: tuple[Path, Result], tmp_path: Path) -> Path:
    shutil.copytree(made[0], tmp_path / "tinh")
    return tmp_path / "tinh"


def again(home: Path, **more: object) -> Result:
    return cchc_xl.run(home / "plan.xlsx", home / "nop", period=PERIOD, out=home / "kq", **more)  # type: ignore[arg-type]


def test_each_agency_has_its_result_and_the_whole_stands_beside(made: tuple[Path, Result]) -> None:
    home, result = made
    whole = home / "kq" / PERIOD
    assert result.folder == str(whole)
    for code in FILLED:
        names = {path.name for path in (whole / code).iterdir()}
        assert {"tong-hop.xlsx", "tham-dinh.xlsx", "bao-cao.docx", "result.json", "manifest.json"} <= names
    stored = json.loads((whole / "result.json").read_text(encoding="utf-8"))
    assert [item["code"] for item in stored["agencies"]] == list(FILLED)
    assert [group["group"] for group in stored["ranking"]] == ["Sở", "Xã"]
    assert stored == result.document
    own = json.loads((whole / "XA1" / "result.json").read_text(encoding="utf-8"))
    assert (own["agency"], own["agency_code"], "agencies" in own) == ("UBND xã An Bình", "XA1", False)


def test_places_ties_classes_and_ranked_points_are_each_groups_own(made: tuple[Path, Result]) -> None:
    """By hand: alone 81, 78 and 60, 60, 60; 2.3 gives 10 to who has most files of the group, 5 to the others."""
    told = [
        (item.label, item.rank, str(item.index.own_percent), str(item.index.percent), item.class_, item.change)
        for group in made[1].contents.ranking
        for item in group.agencies
    ]
    assert told == [
        ("SYT", 1, "78.00", "88.00", "Khá", "giữ nguyên"),
        ("STC", 2, "81.00", "86.00", "Khá", "giữ nguyên"),
        ("XA2", 1, "60.00", "70.00", "Khá", None),
        ("XA1", 2, "60.00", "65.00", None, None),
        ("XA3", 2, "60.00", "65.00", None, None),
    ]
    assert [(group.below, [item.count for item in group.classes]) for group in made[1].contents.ranking] == [
        (0, [0, 2]),
        (2, [0, 1]),
    ]


def test_a_survey_counts_as_entered_and_says_that_the_plan_gave_it(made: tuple[Path, Result]) -> None:
    own = json.loads((made[0] / "kq" / PERIOD / "SYT" / "result.json").read_text(encoding="utf-8"))
    leaf = next(item for item in own["criteria"] if item["code"] == "2.2")
    assert (leaf["points"], leaf["status"]) == ("18", "scored")
    place = {name: leaf["inputs"][0][name] for name in ("measure", "value", "sheet", "cell", "by")}
    assert place == {"measure": "HAI_LONG", "value": "90", "sheet": "Khảo sát", "cell": "C3", "by": "plan"}
    assert [item["by"] for item in own["criteria"][3]["inputs"]] == ["", ""]


def test_a_figure_that_the_plan_gives_is_asked_of_no_unit(home: Path) -> None:
    """Nor is the unit told that it lacks it, though the plan names it as who enters it."""
    figures = str(SHEETS["Số liệu"]).replace(
        "| một đơn vị | 2.2 |                    |", "| trung bình | 2.2 | Bộ phận thường trực |"
    )
    save_plan(home / "plan.xlsx", {"Số liệu": figures})
    result = again(home)
    assert {item.code for item in result.contents.findings if item.severity == "error"} == set()
    issued = pipeline.issue(home / "plan.xlsx", home / "moi", period=PERIOD).files[0]
    assert [row[0] for row in sheet(issued, "Số liệu")[7:9]] == ["A_DUNG", "A_TONG"]
    assert sheet(issued, "Số liệu")[9][0] != "HAI_LONG"
    assert pipeline.lint_document(home / "kq" / PERIOD / "STC" / "bao-cao.docx") == ()  # who signs stands on “Cơ quan”


def test_the_workbook_holds_the_places_and_the_points_in_the_group(made: tuple[Path, Result]) -> None:
    path = made[0] / "kq" / PERIOD / "xep-hang.xlsx"
    rows = [row[:6] for row in sheet(path, "Xếp hạng") if isinstance(row[0], int)]
    assert rows == [
        [1, "Sở Y tế", 88, "Khá", 1, "giữ nguyên"],
        [2, "Sở Tài chính", 86, "Khá", 2, "giữ nguyên"],
        [1, "UBND xã Hòa Lợi", 70, "Khá", None, None],
        [2, "UBND xã An Bình", 65, "Không xếp loại", None, None],
        [2, "UBND xã Tân Phú", 65, "Không xếp loại", None, None],
    ]
    points = {row[0]: row[3:] for row in sheet(path, "Điểm – Xã")}
    assert (points["1"], points["2"], points["2.3"]) == ([20, 20, 0], [50, 45, 65], [10, 5, 5])


def test_the_draft_decision_keeps_the_decrees_form_and_has_an_annex_for_each(made: tuple[Path, Result]) -> None:
    path = made[0] / "kq" / PERIOD / "xep-hang.docx"
    assert pipeline.lint_document(path) == ()
    document = Document(str(path))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert "GIÁM ĐỐC SỞ NỘI VỤ TỈNH X" in texts
    assert [text for text in texts if text.startswith("Phụ lục")] == [
        f"Phụ lục {n}" for n in ("I", "II", "III", "IV", "V", "VI")
    ]
    assert any("Nhóm Xã có 03 cơ quan, đơn vị: dẫn đầu là UBND xã Hòa Lợi với chỉ số 70%" in text for text in texts)
    last = [[cell.text for cell in row.cells] for row in document.tables[-1].rows]
    assert last[1:] == [["1", "Điều hành", "20", "0", "0%"], ["2", "Kết quả", "80", "65", "81,25%"]]


def heads(document: object) -> list[list[str]]:
    """The first row of every table of a document."""
    return [[cell.text for cell in table.rows[0].cells] for table in document.tables]  # type: ignore[attr-defined]


def test_columns_stand_only_where_something_is_in_them(made: tuple[Path, Result], tmp_path: Path) -> None:
    """The communes have no places of the year before; without classes nobody has a class."""
    group = ["Hạng", "Cơ quan, đơn vị", "Chỉ số"]
    whole = made[0] / "kq" / PERIOD
    found = heads(Document(str(whole / "xep-hang.docx")))
    assert [*group, "Xếp loại", "Hạng năm trước", "Thay đổi"] in found
    assert [*group, "Xếp loại"] in found
    rows = sheet(whole / "xep-hang.xlsx", "Xếp hạng")
    assert [row for row in rows if row[0] == "Hạng"] == [
        ["Hạng", "Cơ quan", "Chỉ số (%)", "Xếp loại", "Hạng năm trước", "Thay đổi", "Ghi chú"],
        ["Hạng", "Cơ quan", "Chỉ số (%)", "Xếp loại", None, None, "Ghi chú"],  # merged over the room of two
    ]
    one = json.loads((whole / "XA1" / "result.json").read_text(encoding="utf-8"))
    one["settings"]["classes"] = []
    bare = from_object(one)
    groups = [RankedGroup(rank([("XA1", bare)]), {"XA1": bare})]
    place_alone(groups, made[1].contents, tmp_path)
    assert group in heads(Document(str(tmp_path / "x.docx")))
    assert [row[:4] for row in sheet(tmp_path / "x.xlsx", "Xếp hạng") if row[0] == "Hạng"] == [
        ["Hạng", "Cơ quan", "Chỉ số (%)", "Ghi chú"]
    ]


def place_alone(groups: list[RankedGroup], whole: Contents, home: Path) -> None:
    write_ranking(whole, groups, home / "x.xlsx")
    render_ranking(whole, groups, template_path("ranking.docx"), home / "x.docx")


def test_many_agencies_have_one_annex_of_their_points(made: tuple[Path, Result], tmp_path: Path) -> None:
    """Ten have an annex each, on upright pages; eleven have one table beside each other, and no page stays empty."""
    own = from_object(json.loads((made[0] / "kq" / PERIOD / "XA1" / "result.json").read_text(encoding="utf-8")))
    for count, annexes, sideways in ((10, 11, [False]), (11, 2, [False, True])):
        results = {f"X{n:02}": replace(own, agency=f"Xã {n:02}") for n in range(count)}
        place_alone([RankedGroup(rank(list(results.items()), group="Xã"), results)], made[1].contents, tmp_path)
        document = Document(str(tmp_path / "x.docx"))
        assert sum(text.text.startswith("Phụ lục") for text in document.paragraphs) == annexes
        assert [int(one.page_width or 0) > int(one.page_height or 0) for one in document.sections] == sideways
        assert pipeline.lint_document(tmp_path / "x.docx") == ()
    last = [[cell.text for cell in row.cells] for row in document.tables[-1].rows]
    assert last[:3] == [
        ["Hạng", "Cơ quan, đơn vị", "Chỉ số", "Điều hành", "Kết quả"],
        ["", "Điểm tối đa", "", "20", "80"],
        ["1", "Xã 00", "70%", "20", "50"],  # 10 more than alone: all lead 2.3 together
    ]
    assert len(last) == 13
    wide = [sum(int(cell.width or 0) for cell in row.cells) for row in document.tables[-1].rows]
    assert all(abs(one - 252 * 36_000) < 36_000 for one in wide)  # a landscape page without its margins, in EMU


def test_a_quarter_is_compared_with_the_one_before_it_in_the_same_results(home: Path) -> None:
    """The departments' places of the year before stand in the plan; the communes have their quarter before alone."""
    quarters = "| Mã | Tên kỳ | Từ ngày | Đến ngày |\n| 2021-Q1 | Quý I năm 2021 | 15/12/2020 | 14/3/2021 |"
    agencies = f"{str(SHEETS['Cơ quan']).rstrip()}\n| XA4 | UBND xã Mới | Xã | | | |"
    plan = save_plan(
        home / "plan.xlsx",
        {"Kỳ báo cáo": f"{quarters}\n| 2021-Q2 | Quý II năm 2021 | 15/3/2021 | 14/6/2021 |", "Cơ quan": agencies},
    )
    for path in pipeline.issue(plan, home / "q2", period="2021-Q2").files:
        good = {"XA3": 30, "XA4": 10}.get(path.parent.name, 20)
        fill(path, figures={"A_DUNG": good, "A_TONG": 30}, rows={"1.1": {"Mức đạt": "Đạt"}})
    result = cchc_xl.run(plan, home / "q2", period="2021-Q2", out=home / "kq")
    rows = {row.label: row for group in result.contents.ranking for row in group.agencies}
    assert {label: (row.rank, row.earlier_rank, row.earlier_change) for label, row in rows.items()} == {
        "STC": (2, 2, "giữ nguyên"),
        "SYT": (1, 1, "giữ nguyên"),
        "XA1": (2, 2, "giữ nguyên"),
        "XA2": (2, 1, "giảm 01 bậc"),
        "XA3": (1, 2, "tăng 01 bậc"),
        "XA4": (4, None, "mới"),
    }
    whole = home / "kq" / "2021-Q2"
    found = heads(Document(str(whole / "xep-hang.docx")))
    assert ["Hạng năm trước", "Thay đổi"] in [row[-2:] for row in found]
    assert ["Hạng quý I năm 2021", "Thay đổi"] in [row[-2:] for row in found]
    titles = next(row for row in sheet(whole / "xep-hang.xlsx", "Xếp hạng") if row[0] == "Hạng")
    assert titles[4:8] == ["Hạng năm trước", "So với năm trước", "Hạng quý I năm 2021", "So với quý I năm 2021"]
    assert pipeline.rank([whole]).value.agencies == tuple(rows.values())
    given = pipeline.check(plan, home / "q2", period="2021-Q2", previous=home / "kq" / "2021-Q1").result
    last = {row.label: row for group in given.contents.ranking for row in group.agencies}
    assert (last["XA1"].previous_rank, last["XA1"].earlier_rank) == (None, 2)  # a quarter ago is not last year


def test_who_had_no_place_before_is_told_why(made: tuple[Path, Result]) -> None:
    whole = made[1].contents
    unscored = replace(whole.agencies[0], rank=None)
    before = replace(whole, agencies=(unscored, *whole.agencies[1:]))
    found = places_in(before, "Sở", ("STC", "SYT", "XA1", "MOI"))
    assert dict(found.ranks) == {"SYT": 1}
    assert found.words == {"STC": "kỳ đó chưa xếp hạng", "XA1": "chuyển từ nhóm Xã", "MOI": "mới"}


def test_an_agency_that_has_sent_nothing_is_named_and_not_ranked(home: Path) -> None:
    """A form of no criterion: the folder is there, and nothing in it; the survey alone would be no report."""
    survey = "\n".join(line for line in str(SHEETS["Khảo sát"]).splitlines() if "XA3" not in line)
    save_plan(home / "plan.xlsx", {"Khảo sát": survey})
    for path in (home / "nop" / "XA3").iterdir():
        path.unlink()
    rows = {row.label: row for group in again(home).contents.ranking for row in group.agencies}
    assert [(label, rows[label].rank) for label in ("XA1", "XA2", "XA3")] == [("XA1", 2), ("XA2", 1), ("XA3", None)]
    whole = home / "kq" / PERIOD
    texts = [paragraph.text for paragraph in Document(str(whole / "xep-hang.docx")).paragraphs]
    assert "Chưa xếp hạng 01 cơ quan, đơn vị chưa có kết quả chấm điểm: UBND xã Tân Phú." in texts
    row = next(row for row in sheet(whole / "xep-hang.xlsx", "Xếp hạng") if row[1] == "UBND xã Tân Phú")
    assert (row[0], row[2], row[6]) == (None, None, "chưa có điểm ở tiêu chí nào, chưa xếp hạng")


def test_where_no_agency_has_a_folder_that_is_said_once(tmp_path: Path) -> None:
    plan = save_plan(tmp_path / "plan.xlsx")
    (tmp_path / "nop").mkdir()
    found = pipeline.check(plan, tmp_path / "nop", period=PERIOD).result.contents.findings
    assert [item.message for item in found if item.code == "G203"] == [
        "Chưa chấm cả 5 cơ quan: không thấy thư mục mang mã hoặc tên của cơ quan nào trong nop."
    ]


def test_a_change_by_the_council_without_a_word_is_named_in_the_ranking(home: Path) -> None:
    own = home / "kq" / PERIOD / "XA1" / "tham-dinh.xlsx"
    for heading, points in (("Điểm thẩm định lần 1", 15), ("Điểm thẩm định lần 2", 20)):
        enter(own, "1.1", points, heading=heading)
    for told, why in ((True, None), (False, "Hội đồng công nhận thêm minh chứng")):
        enter(own, "1.1", why, heading="Ý kiến lần 2")
        again(home)
        rows = sheet(home / "kq" / PERIOD / "xep-hang.xlsx", "Xếp hạng")
        remarks = next(row[6] for row in rows if row[1] == "UBND xã An Bình")
        assert ("điểm lần 2 khác lần 1, chưa ghi ý kiến: 1.1" in remarks) is told


def test_a_whole_of_another_set_is_refused_once(home: Path) -> None:
    other = str(SHEETS["Bộ chỉ số"])
    for name in ("Điều hành", "Kế hoạch", "Kết quả", "Hồ sơ", "Hài lòng", "Dẫn đầu"):
        other = other.replace(f"| {name} ", f"| Khác {name} ")
    save_plan(home / "plan.xlsx", {"Bộ chỉ số": other})
    with pytest.raises(CannotRunError, match="đã chọn ở --previous chấm theo bộ chỉ số khác"):
        again(home, previous=home / "kq" / PERIOD)


def test_forms_name_their_agency_and_one_of_another_is_refused(home: Path) -> None:
    own = home / "nop" / FOLDERS["XA1"] / f"{PERIOD}_CQ.xlsx"
    shutil.copyfile(home / "nop" / FOLDERS["XA2"] / f"{PERIOD}_CQ.xlsx", own)
    result = again(home)
    told = [(item.code, item.file) for item in result.contents.findings if item.severity == "error"]
    assert ("U104", f"{FOLDERS['XA1']}/{PERIOD}_CQ.xlsx") in told
    assert result.notices[0].startswith("Giữ nguyên kết quả của 4/5 cơ quan")


def test_a_second_run_touches_nothing(home: Path) -> None:
    def state() -> dict[str, tuple[str, int]]:
        return {name: (sha, (home / "kq" / name).stat().st_mtime_ns) for name, sha in tree(home / "kq").items()}

    before = state()
    result = again(home)
    assert state() == before
    assert result.notices == ("Giữ nguyên kết quả của 5/5 cơ quan vì không có gì thay đổi.",)
    assert [item.rank for item in result.contents.agencies] == [2, 1, 2, 1, 2]


def changed_form(home: Path) -> None:
    fill(home / "nop" / FOLDERS["XA1"] / f"{PERIOD}_CQ.xlsx", figures={"A_DUNG": 20})


def changed_evidence(home: Path) -> None:
    (home / "nop" / FOLDERS["XA1"] / "minh-chung.pdf").write_bytes(b"%PDF")


def changed_appraisal(home: Path) -> None:
    path = home / "kq" / PERIOD / "XA1" / "tham-dinh.xlsx"
    book = load_workbook(path)
    book["Thẩm định"]["I6"] = 15
    book.save(path)


def changed_survey(home: Path) -> None:
    """One agency's row of the plan: the file is another one, but not what the others are scored by."""
    save_plan(home / "plan.xlsx", {"Khảo sát": str(SHEETS["Khảo sát"]).replace("| 50 ", "| 60 ")})


def changed_agency(home: Path) -> None:
    save_plan(home / "plan.xlsx", {"Cơ quan": str(SHEETS["Cơ quan"]).replace("| Lê Văn C |", "| Lê Văn D |")})


def changed_criterion(home: Path) -> None:
    """What is common to all."""
    save_plan(home / "plan.xlsx", {"Bộ chỉ số": str(SHEETS["Bộ chỉ số"]).replace("Kế hoạch ", "Kế hoạch năm ")})


# What changed, how many of five are kept, and the index of XA1 alone.
CHANGES = [
    (changed_form, 4, "85.00"),
    (changed_evidence, 4, "60.00"),
    (changed_appraisal, 4, "55.00"),
    (changed_survey, 4, "60.00"),
    (changed_agency, 4, "60.00"),
    (changed_criterion, 0, "60.00"),
]


@pytest.mark.parametrize(("change", "kept", "percent"), CHANGES, ids=[case[0].__name__ for case in CHANGES])
def test_a_later_run_takes_what_changed(home: Path, change: object, kept: int, percent: str) -> None:
    assert callable(change)
    change(home)
    result = again(home)
    told = next((text for text in result.notices if text.startswith("Giữ nguyên kết quả của")), "0/")
    assert f" {kept}/" in f" {told.removeprefix('Giữ nguyên kết quả của ')}"
    own = next(item for item in result.contents.agencies if item.code == "XA1")
    assert own.index is not None
    assert str(own.index.percent) == percent


def test_a_result_left_under_a_changed_plan_still_follows_from_what_it_keeps(home: Path) -> None:
    changed_survey(home)
    again(home)
    assert again(home).notices[0].startswith("Giữ nguyên kết quả của 5/5 cơ quan")
    for code in ("XA2", "XA3"):  # left, and scored again
        assert pipeline.verify(home / "kq" / PERIOD / code, home / "nop" / FOLDERS[code]).value == ()


def test_a_missing_folder_a_strange_one_and_an_agency_that_fails_are_told_and_the_rest_go_on(home: Path) -> None:
    shutil.rmtree(home / "nop" / FOLDERS["STC"])
    (home / "nop" / "quen").mkdir()
    (home / "nop" / "le.xlsx").write_bytes(b"x")
    (home / "kq" / PERIOD / "XA1" / "~$tham-dinh.xlsx").write_bytes(b"x")
    changed_form(home)
    result = again(home)
    told = {item.code: item for item in result.contents.findings}
    assert "Sở Tài chính (STC)" in told["G203"].message
    assert "“quen”, “le.xlsx”" in told["G204"].message
    assert "UBND xã An Bình (XA1)" in told["G109"].message
    assert [item.status for item in result.contents.agencies] == ["missing", "scored", "failed", "scored", "scored"]
    whole = home / "kq" / PERIOD / "xep-hang.xlsx"
    assert [row[1] for row in sheet(whole, "Xếp hạng")[-2:]] == ["Sở Tài chính", "UBND xã An Bình"]


def test_what_somebody_wrote_into_the_ranking_stays(home: Path) -> None:
    path = home / "kq" / PERIOD / "xep-hang.docx"
    path.write_bytes(path.read_bytes() + b" ")
    kept = path.read_bytes()
    changed_form(home)
    result = again(home)
    assert path.read_bytes() == kept
    assert any("Giữ nguyên tệp đã sửa tay: xep-hang.docx" in text for text in result.notices)
    assert len(list(path.parent.glob("xep-hang (mới *).docx"))) == 1
    assert again(home).notices == ("Giữ nguyên kết quả của 5/5 cơ quan vì không có gì thay đổi.",)


def test_a_run_killed_while_it_put_the_papers_in_place_leaves_them_known_as_ours(home: Path) -> None:
    """The manifest names the old hash and the new one; of two files one was put in place before the end."""
    whole = home / "kq" / PERIOD
    known = manifest.load(whole)
    assert known is not None
    made = whole / "xep-hang.docx"
    made.write_bytes(made.read_bytes() + b" ")
    names = ("xep-hang.docx", "xep-hang.xlsx")
    manifest.save(whole, replace(known, next={name: manifest.sha256(made) for name in names}))
    (whole / ".dang-ghi").mkdir()
    changed_form(home)
    assert not any("đã sửa tay" in text for text in again(home).notices)
    assert {path.name for path in whole.iterdir()} == {*FILLED, *names, "result.json", "manifest.json"}
    assert (manifest.load(whole) or known).next == {}


@pytest.mark.parametrize("job", [cchc_xl.watch, cchc_xl.assess])
def test_what_is_done_for_one_agency_does_not_take_a_plan_for_many(made: tuple[Path, Result], job) -> None:
    """It would take every sound file for one of another agency."""
    with pytest.raises(CannotRunError, match="chấm nhiều cơ quan"):
        job(made[0] / "plan.xlsx", made[0] / "nop", period=PERIOD)


def test_a_report_of_one_agency_waits_for_the_run_of_all(home: Path) -> None:
    with lock.locked(home / "kq"), pytest.raises(CannotRunError, match="đang chạy"):
        pipeline.report(home / "kq" / PERIOD / "STC")


def test_the_other_questions_are_asked_of_one_agencys_result(home: Path) -> None:
    own = home / "kq" / PERIOD / "STC"
    assert pipeline.verify(own, home / "nop" / "stc").value == ()
    assert pipeline.explain(own, "2.2").lines[0].startswith("Tiêu chí 2.2")
    assert [item.label for item in pipeline.rank([home / "kq" / PERIOD]).value.agencies][:2] == ["SYT", "STC"]


def test_a_question_to_the_whole_names_the_agencies_folders(made: tuple[Path, Result], tmp_path: Path) -> None:
    home = made[0]
    whole, one = home / "kq" / PERIOD, home / "kq" / PERIOD / "STC"
    asked = [
        lambda: pipeline.verify(whole, home / "nop"),
        lambda: pipeline.explain(whole, "2.2"),
        lambda: pipeline.explain_figure(whole, "80"),
        lambda: pipeline.advise(whole, 90),
        lambda: pipeline.report(whole),
        lambda: pipeline.draft_plan(whole),
        lambda: pipeline.compare(one, whole),
        lambda: pipeline.next_year(whole, tmp_path / "moi.xlsx"),
    ]
    for job in asked:
        with pytest.raises(CannotRunError, match=r"nhiều cơ quan: hãy chọn .*\(STC, SYT, XA1, XA2, XA3\)"):
            job()
    assert cchc("advise", whole).returncode == 2


def test_a_figure_of_a_survey_is_explained_by_the_plan(made: tuple[Path, Result]) -> None:
    own = made[0] / "kq" / PERIOD / "SYT"
    lines = pipeline.explain(own, "2.2").lines
    assert "    kế hoạch: 90  ←  plan.xlsx › Khảo sát › C3" in lines
    assert f"  plan.xlsx  {manifest.sha256(made[0] / 'plan.xlsx')}" in lines
    told = pipeline.explain_figure(own, "90").lines
    assert any("HAI_LONG – kế hoạch" in text for text in told)


def test_last_years_places_come_from_the_whole_of_last_year(home: Path) -> None:
    result = again(home, previous=home / "kq" / PERIOD)
    rows = {row.label: row for group in result.contents.ranking for row in group.agencies}
    assert (rows["XA1"].previous_rank, rows["XA1"].change) == (2, "giữ nguyên")
    assert rows["STC"].previous_rank == 2  # the plan's own
    assert [group.since for group in result.contents.ranking] == ["năm trước", "Quý I năm 2021"]  # of when each is
    own = home / "kq" / PERIOD / "XA1"  # which keeps what it was compared with
    assert pipeline.verify(own, home / "nop" / FOLDERS["XA1"]).value == ()
    with pytest.raises(CannotRunError, match="là kết quả của một cơ quan"):
        again(home, previous=home / "kq" / PERIOD / "STC")


def test_check_writes_nothing_and_gives_the_same(home: Path) -> None:
    before = tree(home)
    found = pipeline.check(home / "plan.xlsx", home / "nop", period=PERIOD).result.contents
    assert tree(home) == before
    assert [item.rank for item in found.agencies] == [2, 1, 2, 1, 2]


def test_the_command_line_prints_each_group(home: Path) -> None:
    classes = ("--classes", "Xuất sắc=87; Đạt=66")
    done = cchc("run", home / "plan.xlsx", home / "nop", "--period", PERIOD, "--out", home / "kq", *classes)
    assert done.returncode == 0
    assert "  1. Sở Y tế: 88%; 78% khi chưa so sánh với cơ quan khác; xếp loại Xuất sắc" in done.stdout
    assert "Xếp loại: Xuất sắc 0; Đạt 1; Không xếp loại 2" in done.stdout
    assert str(home / "kq" / PERIOD / "xep-hang.xlsx") in done.stdout


def test_the_button_shows_the_places_too(made: tuple[Path, Result]) -> None:
    headings, rows = index_table(made[1].contents)[:2]
    assert headings[:4] == ("Nhóm", "Hạng", "Cơ quan", "Chỉ số (%)")
    assert [row[:3] for row in rows][:2] == [("Sở", 1, "Sở Y tế"), ("Sở", 2, "Sở Tài chính")]
    assert len(findings_table(made[1].contents)[1]) == len(made[1].contents.findings)


def test_the_result_of_one_office_is_never_mixed_with_that_of_many(home: Path) -> None:
    out = home / "khac"
    (out / PERIOD).parent.mkdir()
    shutil.copytree(home / "kq" / PERIOD / "STC", out / PERIOD)
    with pytest.raises(CannotRunError, match="đã có kết quả của một cơ quan"):
        cchc_xl.run(home / "plan.xlsx", home / "nop", period=PERIOD, out=out)


def test_ranking_separate_results_writes_the_same_papers(home: Path) -> None:
    results = [home / "kq" / PERIOD / code for code in FILLED]
    pipeline.rank(results, classes=[("Khá", 70)], out=home / "bang")
    assert sorted(path.name for path in (home / "bang").iterdir()) == [
        "manifest.json",
        "xep-hang.docx",
        "xep-hang.xlsx",
    ]
    assert pipeline.lint_document(home / "bang" / "xep-hang.docx") == ()
    rows = [row[:4] for row in sheet(home / "bang" / "xep-hang.xlsx", "Xếp hạng") if isinstance(row[0], int)]
    assert rows[0] == [1, "Sở Y tế", 88, "Khá"]
    with pytest.raises(CannotRunError, match="là thư mục kết quả"):
        pipeline.rank(results, out=results[0])
    edited = home / "bang" / "xep-hang.docx"
    edited.write_bytes(edited.read_bytes() + b" ")
    told = pipeline.rank(results, classes=[("Khá", 70)], out=home / "bang").lines[-1]
    (beside,) = (home / "bang").glob("xep-hang (mới *).docx")
    assert told == f"Giữ nguyên tệp đã sửa tay: xep-hang.docx (bản mới: {beside.name})."


def test_ranking_the_whole_again_says_what_the_run_said(made: tuple[Path, Result], tmp_path: Path) -> None:
    """Per group, the classes of the plan, what is relative among the group; and so do the papers."""
    whole = made[0] / "kq" / PERIOD
    answer = pipeline.rank([whole], out=tmp_path / "bang")
    assert isinstance(answer.value, RankedGroups)
    assert answer.value.groups == made[1].contents.ranking
    assert [text for text in answer.lines if text.startswith("Xếp hạng ")] == [
        "Xếp hạng 2 cơ quan nhóm Sở theo chỉ số (làm tròn 2 chữ số thập phân):",
        "Xếp hạng 3 cơ quan nhóm Xã theo chỉ số (làm tròn 2 chữ số thập phân):",
    ]
    for name in ("Xếp hạng", "Điểm – Sở", "Điểm – Xã"):
        assert sheet(tmp_path / "bang" / "xep-hang.xlsx", name) == sheet(whole / "xep-hang.xlsx", name)
    texts = [[p.text for p in Document(str(home / "xep-hang.docx")).paragraphs] for home in (tmp_path / "bang", whole)]
    assert texts[0] == texts[1]
    other = pipeline.rank([whole], classes=[("Đạt", 66)], exclude=["Sở Y tế", "Nhà khách"])
    assert [(row.label, row.rank, row.class_) for row in other.value.agencies] == [
        ("STC", 1, "Đạt"),  # 81, and 10 more for the first place, as SYT takes none
        ("SYT", None, "Đạt"),
        ("XA2", 1, "Đạt"),
        ("XA1", 2, None),
        ("XA3", 2, None),
    ]
    assert sum("Nhà khách" in note.message for note in other.value.notes) == 1


def test_the_papers_say_how_far_the_appraisal_has_come(home: Path) -> None:
    """Of five criteria for each of five agencies one is appraised; until then nothing says that any is."""
    whole = home / "kq" / PERIOD
    for told, grounds in (
        ("Kết quả chấm điểm chưa thẩm định.", "Căn cứ kết quả chấm điểm chỉ số"),
        ("Kết quả chấm điểm mới thẩm định 1/20 tiêu chí của các cơ quan, đơn vị.", "Căn cứ kết quả chấm điểm, thẩm"),
    ):
        rows = sheet(whole / "xep-hang.xlsx", "Xếp hạng")
        texts = [paragraph.text for paragraph in Document(str(whole / "xep-hang.docx")).paragraphs]
        assert rows[1][0] == told
        assert told in texts  # no member of the list of groups, which "trong đó:" leads to
        assert any(text.startswith(grounds) for text in texts)
        changed_appraisal(home)
        again(home)
    remarks = {row[1]: row[6] for row in rows if isinstance(row[0], int)}
    assert "đã thẩm định 1/4 tiêu chí" in remarks["UBND xã An Bình"]
    assert "chưa thẩm định" in remarks["UBND xã Hòa Lợi"]
    assert pipeline.lint_document(whole / "xep-hang.docx") == ()


def test_forms_are_issued_into_the_folders_that_a_run_reads(tmp_path: Path) -> None:
    plan = save_plan(
        tmp_path / "plan.xlsx",
        {"Cơ quan": "| Mã | Tên cơ quan | Thư mục |\n| A/1 | Sở A | |\n| B | Sở B | tinh\\so: b |\n| C | Sở C | |"},
    )
    (tmp_path / "nop" / "SỞ C").mkdir(parents=True)  # one that is there, under the agency's name
    issued = pipeline.issue(plan, tmp_path / "nop", period=PERIOD)
    assert [path.parent.relative_to(tmp_path / "nop").as_posix() for path in issued.files] == [
        "A-1",
        "tinh/so- b",
        "SỞ C",
    ]
    assert [path.name for path in issued.letters] == ["cong-van-giao-bieu-mau.docx"]  # one, to all of them
    told = pipeline.check(plan, tmp_path / "nop", period=PERIOD).result.contents
    assert [item.status for item in told.agencies] == ["scored"] * 3
    assert not {"G203", "G204"} & {item.code for item in told.findings}
    shown = cchc("issue", plan, "--period", PERIOD, "--to", tmp_path / "khac").stdout
    assert f"  Sở B: tinh/so- b/{PERIOD}_CQ.xlsx" in shown


# --- appraisers of many agencies ---

APPRAISED = str(SHEETS["Bộ chỉ số"]).replace("| Số liệu         |", "| Số liệu | Người thẩm định |")
APPRAISED = APPRAISED.replace("| 20          | mức       |                 |", "| 20 | mức | | Trần Văn Thẩm |")
APPRAISED = APPRAISED.replace(
    "| 2   | Kết quả   |             | tổng      |                 |", "| 2 | Kết quả | | tổng | | Lê Thị Định |"
)


@pytest.fixture(scope="module")
def appraised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The province with two appraisers: one of 1.1, one of the group 2 and so of all below it; run once."""
    home = tmp_path_factory.mktemp("tham-dinh")
    build(home)
    save_plan(home / "plan.xlsx", {"Bộ chỉ số": APPRAISED})
    again(home)
    return home


@pytest.fixture
def twice(appraised: Path, tmp_path: Path) -> Path:
    shutil.copytree(appraised, tmp_path / "tinh")
    return tmp_path / "tinh"


def enter(path: Path, code: str, points: object, agency: str = "", heading: str = "Điểm thẩm định lần 1") -> None:
    """Types into the row of a criterion, of an agency where the workbook holds many."""
    book = load_workbook(path)
    table = book["Thẩm định"]
    head = next(row for row in table.iter_rows() if "Mã" in [cell.value for cell in row])
    columns = {cell.value: cell.column for cell in head}
    for row in table.iter_rows(min_row=head[0].row + 1):
        if row[columns["Mã"] - 1].value == code and agency in ("", row[columns.get("Mã cơ quan", 1) - 1].value):
            row[columns[heading] - 1].value = points
    book.save(path)


def given(home: Path, agency: str, code: str) -> tuple[str | None, str | None]:
    """Appraised points in an agency's result, and what stands in its own workbook."""
    own = json.loads((home / "kq" / PERIOD / agency / "result.json").read_text(encoding="utf-8"))
    points = next(item["appraised_points"] for item in own["criteria"] if item["code"] == code)
    rows = sheet(home / "kq" / PERIOD / agency / "tham-dinh.xlsx", "Thẩm định")
    column = rows[4].index("Điểm thẩm định lần 1")
    return points, next(row[column] for row in rows[5:] if row[0] == code)


def test_an_appraiser_has_the_rows_of_his_criteria_for_all_agencies(appraised: Path) -> None:
    folder = appraised / "kq" / PERIOD / "tham-dinh"
    assert sorted(path.name for path in folder.iterdir()) == ["Lê Thị Định.xlsx", "Trần Văn Thẩm.xlsx"]
    codes = [(row[0], row[2]) for row in sheet(folder / "Lê Thị Định.xlsx", "Thẩm định")[4:]]
    assert sorted(codes) == sorted((agency, code) for agency in FILLED for code in ("2.1", "2.2", "2.3"))
    assert again(appraised).notices == ("Giữ nguyên kết quả của 5/5 cơ quan vì không có gì thay đổi.",)


def test_what_an_appraiser_enters_reaches_the_agency_and_stays(twice: Path) -> None:
    file = twice / "kq" / PERIOD / "tham-dinh" / "Trần Văn Thẩm.xlsx"
    enter(file, "1.1", 15, "XA1")
    assert again(twice).notices[0] == "Giữ nguyên kết quả của 4/5 cơ quan vì không có gì thay đổi."
    assert given(twice, "XA1", "1.1") == ("15", 15)
    assert len(list((file.parent / "tham-dinh-cu").iterdir())) == 1  # as he saved it
    assert again(twice).notices[0] == "Giữ nguyên kết quả của 5/5 cơ quan vì không có gì thay đổi."
    assert pipeline.verify(twice / "kq" / PERIOD / "XA1", twice / "nop" / FOLDERS["XA1"]).value == ()
    enter(twice / "kq" / PERIOD / "XA1" / "tham-dinh.xlsx", "1.1", 12)  # the agency's own alone is changed
    again(twice)
    assert given(twice, "XA1", "1.1") == ("12", 12)
    assert 12 in next(row for row in sheet(file, "Thẩm định") if row[0] == "XA1")
    enter(file, "1.1", None, "XA1")  # and taken back by the appraiser
    again(twice)
    assert given(twice, "XA1", "1.1") == (None, None)


def test_a_contradiction_is_named_until_it_is_mended_and_neither_is_lost(twice: Path) -> None:
    file, own = (
        twice / "kq" / PERIOD / "tham-dinh" / "Trần Văn Thẩm.xlsx",
        twice / "kq" / PERIOD / "XA1" / "tham-dinh.xlsx",
    )
    enter(file, "1.1", 15, "XA1")
    enter(file, "1.1", "đủ", "XA1", heading="Ý kiến lần 1")
    enter(own, "1.1", 12)
    for kept in (4, 5, 5):
        result = again(twice)
        assert f" {kept}/5 " in result.notices[0]
        told = [item.message for item in result.contents.findings if item.code == "G110"]
        assert len(told) == 1
        assert "ở đây ghi 15" in told[0]
        assert "ghi 12" in told[0]
        assert given(twice, "XA1", "1.1") == ("12", 12)
        row = next(row for row in sheet(file, "Thẩm định") if row[0] == "XA1")
        assert (15 in row, "đủ" in row) == (True, True)
    enter(own, "1.1", 15)
    result = again(twice)
    assert [item.code for item in result.contents.findings if item.code == "G110"] == []
    assert given(twice, "XA1", "1.1") == ("15", 15)
    assert " 5/5 " in again(twice).notices[0]


def test_points_that_the_rule_does_not_allow_are_told_at_the_appraisers_cell(twice: Path) -> None:
    enter(twice / "kq" / PERIOD / "tham-dinh" / "Trần Văn Thẩm.xlsx", "1.1", 25, "XA1")
    told = [item for item in again(twice).contents.findings if item.code == "A101"]
    assert [(item.file, item.criterion) for item in told] == [("tham-dinh/Trần Văn Thẩm.xlsx", "1.1")]
    assert given(twice, "XA1", "1.1") == (None, 25)


@pytest.mark.parametrize("value", ["1.250", "1.5", 1.5, 2, "1,5", "một", "NaN"])
def test_points_stand_in_an_appraisers_next_workbook_as_he_typed_them(value: object, tmp_path: Path) -> None:
    """ "1.250" is refused because it may be a thousand and more: his next workbook must not make 1,25 of it."""
    entered: tuple[Any, ...] = (value, *(None,) * (len(ENTERED) - 1))
    said = Said("XA1", "1.1", entered, "trái", CellRef("An.xlsx"), ("",) * 7)
    path = tmp_path / "An.xlsx"
    write_appraiser(path, "An", ("2021-N", "Năm 2021"), {}, frozenset(), [said])
    form = read(source_file(path, tmp_path))
    assert not isinstance(form, Refused)
    (again,) = read_appraiser(form) or ()
    assert again.told == said.told


def test_an_appraisers_workbook_that_is_open_or_gone_stops_the_run(twice: Path) -> None:
    file = twice / "kq" / PERIOD / "tham-dinh" / "Trần Văn Thẩm.xlsx"
    (file.parent / f"~${file.name}").write_bytes(b"x")
    with pytest.raises(CannotRunError, match="đang mở"):
        again(twice)
    (file.parent / f"~${file.name}").unlink()
    file.unlink()
    with pytest.raises(CannotRunError, match="Không thấy tệp thẩm định"):
        again(twice)


# --- rounds ---


def test_what_is_dated_outside_its_round_is_told_and_the_round_of_today_is_named(twice: Path) -> None:
    today = datetime.now(VIETNAM).date()
    ends = f"{today:%d/%m/%Y} | {today + timedelta(days=9):%d/%m/%Y}"
    rounds = f"""
        | Vòng          | Từ ngày  | Đến ngày |
        | Tự chấm       | 1/3/2021 | 10/3/2021 |
        | Thẩm định     | 1/4/2021 | 30/4/2021 |
        | Hội đồng duyệt | {ends} |
    """
    save_plan(twice / "plan.xlsx", {"Bộ chỉ số": APPRAISED, "Vòng": rounds})
    own = twice / "kq" / PERIOD / "XA1" / "tham-dinh.xlsx"
    for heading, value in (
        ("Điểm thẩm định lần 1", 12),
        ("Ngày lần 1", date(2021, 5, 2)),
        ("Ngày lần 2", date(2021, 4, 2)),
    ):
        enter(own, "1.1", value, heading=heading)
    enter(own, "2.1", "15/4/2021", heading="Ngày lần 1")
    result = again(twice)
    told = [
        item.message for item in result.contents.findings if item.code == "G205" and item.file == "XA1/tham-dinh.xlsx"
    ]
    assert told == [
        "1.1, “Ngày lần 1”: 02/5/2021 nằm ngoài vòng Thẩm định (từ 01/4/2021 đến 30/4/2021).",
        f"1.1, “Ngày lần 2”: 02/4/2021 nằm ngoài vòng Hội đồng duyệt (từ {ends.replace(' | ', ' đến ')}).",
    ]
    sent = [item for item in result.contents.findings if item.code == "G205" and item.message.startswith("Ngày gửi")]
    assert len(sent) == len(FILLED)  # filled on 18/03/2021
    assert result.notices[0] == f"Đang ở vòng Hội đồng duyệt (đến {ends.partition(' | ')[2]})."


@pytest.mark.skipif(not WHOLE, reason="a whole province is for tools/long.py")
def test_a_province_of_175_agencies_in_four_quarters_from_one_plan(tmp_path: Path) -> None:
    plan, groups = large(tmp_path)
    rows = []
    for period in QUARTERS:
        fill_quarter(tmp_path, period)
        command = ("run", plan, tmp_path / period, "--period", period, "--out", tmp_path / "kq")
        times = []
        for told in ("Xếp hạng 143 cơ quan nhóm Xã", "Giữ nguyên kết quả của 175/175"):
            begun = time.monotonic()
            done = cchc(*command)
            times.append(time.monotonic() - begun)
            assert (done.returncode, told in done.stdout) == (0, True), done.stdout
        rows.append(f"{period}  {times[0]:6.1f} s, again {times[1]:5.1f} s")
        whole = json.loads((tmp_path / "kq" / period / "result.json").read_text(encoding="utf-8"))
        assert {item["code"]: item["group"] for item in whole["agencies"]} == groups
        for group in whole["ranking"]:
            places = [item["rank"] for item in group["agencies"]]
            percents = [Decimal(item["index"]["percent"]) for item in group["agencies"]]
            assert percents == sorted(percents, reverse=True)
            assert places == [1 + sum(other > own for other in percents) for own in percents]
        assert pipeline.lint_document(tmp_path / "kq" / period / "xep-hang.docx") == ()
    PRINTED.append("a province of 175 agencies\n" + "\n".join(rows))


def test_what_is_the_same_of_several_agencies_is_said_once() -> None:
    done = [Done(f"X{number}", notices=("Công văn để trống.",)) for number in range(7)]
    few = [Done("A", notices=("Đã sửa tay.", "Riêng A.")), Done("B", notices=("Đã sửa tay.",))]
    assert [*_by_agency([*done, *few])] == ["7 cơ quan: Công văn để trống.", "A, B: Đã sửa tay.", "A: Riêng A."]
