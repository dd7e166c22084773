"""Every task of the control workbook, pressed through a real ``xw.Book.caller()``: done, with findings, refused, crashed."""

from __future__ import annotations

import ast
import re
import shutil
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote

import openpyxl
import pytest
import xlwings as xw

import cchc_xl
from cchc_xl import pipeline
from cchc_xl.cli import cli
from cchc_xl.extras import excel_button
from cchc_xl.extras.button_task import LABELS, SETTINGS, WORDS, choices, code_in
from cchc_xl.extras.control_tasks import TASKS, in_excel
from cchc_xl.extras.control_workbook import write_control_workbook
from cchc_xl.extras.excel_button import LISTS, LISTS_SHEET, LOG_HEADINGS, LOG_SHEET, console, main
from cchc_xl.plan import load_plan
from cchc_xl.text.catalogue import catalogue
from tests.conftest import ROOT
from tests.excel import called, cell_of, pressed, texts

NAMES = {task.file: task.name for task in TASKS}
QUARTER = "Quý I năm 2021 (2021-Q1)"


@pytest.fixture(scope="module")
def office(tmp_path_factory, year, quarter):
    """An office with both results, the quarter's plan and what its units sent, in a folder as offices call them."""
    place = tmp_path_factory.mktemp("văn phòng") / "Cải cách #1 50%"
    for result in (year, quarter):
        shutil.copytree(result.folder, place / "ket-qua" / Path(result.folder).name)
    shutil.copytree(ROOT / "examples" / "2021-quy-1", place, dirs_exist_ok=True)
    return place


@pytest.fixture(autouse=True)
def own_folders(tmp_path, monkeypatch):
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    monkeypatch.setattr(xw.Book, "_mock_caller", None, raising=False)


@pytest.fixture
def book(tmp_path, office):
    """The control workbook elsewhere, filled in with full paths."""
    paths = {"plan": office / "ke-hoach.xlsx", "shared": office / "don-vi", "out": office / "ket-qua"}
    return called(tmp_path / "sổ", **{name: str(path) for name, path in paths.items()}, period=QUARTER)


# The task, what is filled in besides, what is said, and the sheet that is seen first with what stands in its first row.
DONE = [
    ("tao_ke_hoach", {"new": "{tmp}/mới"}, "Đã tạo kế hoạch", "Kế hoạch mới", "ke-hoach.xlsx"),
    ("kiem_tra_ke_hoach", {}, "Kế hoạch ke-hoach.xlsx: 8 đơn vị, 8 kỳ", "Phát hiện", "Cảnh báo"),
    (
        "phat_phieu",
        {"forms": "{tmp}/phieu"},
        "Đã lập 8 biểu mẫu, 2 công văn",
        "Biểu mẫu",
        "cong-van-giao-bieu-mau.docx",
    ),
    ("kiem_tra", {}, "Đã kiểm tra Quý I năm 2021: 7/8 đơn vị đã gửi", "Kết quả", ""),
    ("tong_hop", {"out": "{tmp}/ra"}, "Đã tổng hợp xong Quý I năm 2021", "Kết quả", ""),
    ("don_doc", {"out": "{tmp}/ra"}, "Công văn đôn đốc ở thư mục", "Công văn", "cong-van.docx"),
    ("lap_bao_cao", {}, "Đã lập lại báo cáo: ", "Tệp kết quả", "tong-hop.xlsx"),
    ("vi_sao", {"criterion": "1.6 – Thực hiện các nhiệm vụ"}, "Tiêu chí 1.6", "Vì sao", "Tiêu chí 1.6"),
    ("vi_sao", {"figure": "74,12%", "period": "2020-N"}, "74,12", "Vì sao", "74,12"),
    ("duong_toi_muc_tieu", {"target": "82,5"}, "Mục tiêu 82,5%", "Đường tới mục tiêu", "Mục tiêu 82,5%"),
    ("so_sanh", {"before": "Năm 2020 (2020-N)"}, "Quý I năm 2021", "So sánh", ""),
    ("xep_hang", {"agencies": "{office}/ket-qua", "out": "{tmp}/hạng"}, "Đã xếp hạng 2 kết quả", "Xếp hạng", ""),
    ("ke_hoach_nam_sau", {"period": "2020-N"}, "Đã lập kế hoạch năm 2021", "Kế hoạch năm sau", "ke-hoach-2021.xlsx"),
]


@pytest.mark.parametrize(
    ("task", "more", "told", "sheet", "cell"), DONE, ids=[f"{row[0]}{[*row[1]][:1]}" for row in DONE]
)
def test_a_task_is_done_and_told_and_its_sheet_seen_first(book, office, tmp_path, task, more, told, sheet, cell):
    own = book.workbook.sheetnames
    said = pressed(book, NAMES[task], **{name: text.format(tmp=tmp_path, office=office) for name, text in more.items()})
    assert told in said
    assert "cchc-xl" not in said
    assert book.workbook.sheetnames[1].startswith(sheet)
    rows = texts(book.workbook.worksheets[1])
    assert cell in (rows[1][0] or "")
    made = [sheet for sheet in book.workbook.worksheets if sheet.title not in own]
    told = [str(cell) for one in made for row in texts(one) for cell in row if cell]
    assert not [cell for cell in told if re.search(r"cchc-xl |(?<!\S)--[a-z]", cell)], "nobody here has a command line"
    assert [name for name in book.workbook.sheetnames if name in own] == own, "what was there stays"
    assert (book._app.status_bar, book._app.screen_updating) == (False, True)
    log = texts(book.workbook[LOG_SHEET])
    assert log[0] == [*LOG_HEADINGS]
    assert log[1][1:] == [NAMES[task], said]


# A task, what is wrong with its cells, and every sentence that is told: one for each cell.
REFUSED = [
    ("tao_ke_hoach", {"new": "{office}"}, ["đã có ke-hoach.xlsx: hãy chọn thư mục khác"]),
    ("", {}, ["Ô “Việc cần làm” còn trống: chọn một việc"]),
    ("Làm hộ tôi", {}, ["Ô “Việc cần làm” không có việc “Làm hộ tôi”"]),
    ("kiem_tra_ke_hoach", {"plan": ""}, ["Ô “Kế hoạch” còn trống"]),
    ("kiem_tra_ke_hoach", {"plan": "{office}"}, ["là thư mục; hãy ghi tệp kế hoạch (.xlsx) nằm trong đó"]),
    ("kiem_tra_ke_hoach", {"plan": "https://so.sharepoint.com/ke-hoach.xlsx"}, ["là địa chỉ trên mạng (OneDrive"]),
    ("phat_phieu", {"forms": "", "period": ""}, ["Ô “Kỳ báo cáo” còn trống", "Ô “Thư mục phát phiếu” còn trống"]),
    ("phat_phieu", {"forms": "{office}/ke-hoach.xlsx"}, ["là một tệp; hãy ghi một thư mục"]),
    ("kiem_tra", {"shared": "mất", "period": ""}, ["Ô “Kỳ báo cáo” còn trống", "không có thư mục"]),
    ("kiem_tra", {"period": "2099-Q9"}, ["2099-Q9"]),
    ("kiem_tra", {"unit": "Phòng không có"}, ["không có đơn vị “Phòng không có”; chọn một trong: "]),
    ("tong_hop", {"out": "{office}/ke-hoach.xlsx"}, ["là một tệp; hãy ghi một thư mục"]),
    ("tong_hop", {"before": "2019-N"}, ["Ô “So với kỳ”: chưa có kết quả của kỳ “2019-N”"]),
    ("don_doc", {"shared": ""}, ["Ô “Thư mục đơn vị gửi” còn trống"]),
    ("lap_bao_cao", {"period": "2021-Q3"}, ["hãy làm việc “Tổng hợp và chấm điểm” trước"]),
    ("vi_sao", {}, ["Ô “Tiêu chí” còn trống"]),
    ("vi_sao", {"criterion": "9.9"}, ["Kết quả không có tiêu chí “9.9”"]),
    ("duong_toi_muc_tieu", {"target": "tám mươi"}, ["“tám mươi” không phải là số"]),
    ("so_sanh", {}, ["Ô “So với kỳ” còn trống"]),
    ("so_sanh", {"before": "2019-N"}, ["chưa có kết quả của kỳ “2019-N”"]),
    ("xep_hang", {"agencies": "{office}/don-vi"}, ["không thư mục con nào"]),
    ("ke_hoach_nam_sau", {}, ["Quý I năm 2021 chưa phải là cả năm"]),
]


@pytest.mark.parametrize(("task", "wrong", "told"), REFUSED)
def test_what_the_officer_can_mend_is_one_sentence_for_each_cell(book, office, task, wrong, told):
    before = {sheet.title: texts(sheet) for sheet in book.workbook.worksheets[1:]}
    said = pressed(book, NAMES.get(task, task), **{name: text.format(office=office) for name, text in wrong.items()})
    lines = said.splitlines()
    assert len(lines) == len(told)
    assert all(part in line for part, line in zip(told, lines, strict=True))
    assert "ngoài dự kiến" not in said
    assert "cchc-xl" not in said
    assert {sheet.title: texts(sheet) for sheet in book.workbook.worksheets[1:]} == before
    assert (book._app.status_bar, book._app.screen_updating) == (False, True)


@pytest.mark.parametrize("task", TASKS, ids=NAMES)
def test_a_crash_is_one_sentence_with_a_log_and_excel_is_as_before(book, office, monkeypatch, task):
    def crash(*_, **__):
        raise ZeroDivisionError("bên trong")

    for name in task.calls:
        home = cchc_xl._HOMES.get(name, "pipeline")
        monkeypatch.setattr(f"cchc_xl.{home}.{name}", crash)
    monkeypatch.setattr("cchc_xl.pipeline.quarter.report_again", crash)  # report, and what was kept beside it
    more = {"criterion": "1.6", "before": "2020-N", "agencies": str(office / "ket-qua")}
    if task.file == "ke_hoach_nam_sau":
        more["period"] = "2020-N"
    own = book.workbook.sheetnames
    said = pressed(book, task.name, **more)
    assert said.startswith("Có lỗi ngoài dự kiến, mã CX-")
    assert "\n" not in said
    assert Path(said.rpartition("nhật ký ")[2]).is_file()
    assert book.workbook.sheetnames == own
    assert (book._app.status_bar, book._app.screen_updating) == (False, True)


# A task, what it is given, the sheet where what was found stands, its rows of errors, and what is told of them.
FOUND = [
    ("kiem_tra_ke_hoach", {"plan": "{bad}/ke-hoach.xlsx"}, "Phát hiện", 1, "1 lỗi, "),
    ("phat_phieu", {"plan": "{bad}/ke-hoach.xlsx", "forms": "{tmp}/phieu"}, "Phát hiện", 1, "Đã lập 8 biểu mẫu"),
    ("kiem_tra", {"plan": "{bad}/ke-hoach.xlsx"}, "Phát hiện", 2, "2 lỗi, "),
    ("tong_hop", {"plan": "{bad}/ke-hoach.xlsx", "out": "{tmp}/ra"}, "Phát hiện", 2, "2 lỗi, "),
    ("don_doc", {"plan": "{bad}/ke-hoach.xlsx", "out": "{tmp}/ra"}, "Phát hiện", 2, "2 lỗi, "),
    (
        "xep_hang",
        {"agencies": "{bad}/ket-qua", "out": "{tmp}/hạng"},
        "Xếp hạng",
        1,
        "Đã xếp hạng 1 kết quả, không xếp được 1 kết quả",
    ),
]
# These ask a result, or make what is new: what is wrong with it was told when it was made. The result they are asked of in
# this file has an error and five warnings.
FIND_NOTHING = {"tao_ke_hoach", "lap_bao_cao", "vi_sao", "duong_toi_muc_tieu", "so_sanh", "ke_hoach_nam_sau"}


@pytest.fixture(scope="module")
def bad(office, tmp_path_factory):
    """A plan with a method that there is not, and two results of which one was changed by hand."""
    place = tmp_path_factory.mktemp("sai")
    plan = openpyxl.load_workbook(office / "ke-hoach.xlsx")
    next(row for row in plan["Bộ chỉ số"].iter_rows() if row[0].value == "7.2")[3].value = "cách lạ"
    plan.save(place / "ke-hoach.xlsx")
    shutil.copytree(office / "ket-qua", place / "ket-qua")
    changed = place / "ket-qua" / "2021-Q1" / "result.json"
    changed.write_bytes(changed.read_bytes() + b" ")
    return place


@pytest.mark.parametrize(("task", "cells", "sheet", "errors", "told"), FOUND, ids=[row[0] for row in FOUND])
def test_what_was_found_stands_in_a_sheet_and_is_counted(book, bad, tmp_path, task, cells, sheet, errors, told):
    said = pressed(book, NAMES[task], **{name: text.format(bad=bad, tmp=tmp_path) for name, text in cells.items()})
    assert told in said
    rows = texts(book.result_sheet(sheet))[1:]
    assert sum(row[0] == "Lỗi phải sửa" or str(row[0]).startswith("R101") for row in rows) == errors
    assert (book._app.status_bar, book._app.screen_updating) == (False, True)


def test_no_outcome_of_a_task_is_missing():
    """Done, with findings, refused, crashed: twelve tasks, the last for every one of them."""
    tried = {
        "done": {row[0] for row in DONE},
        "found": {row[0] for row in FOUND} | FIND_NOTHING,
        "refused": {row[0] for row in REFUSED} & set(NAMES),
    }
    assert {outcome: set(NAMES) - tasks for outcome, tasks in tried.items()} == {name: set() for name in tried}
    assert not FIND_NOTHING & {row[0] for row in FOUND}


def test_errors_in_a_plan_are_counted_shown_and_change_no_drop_down(book, office):
    pressed(book, "Kiểm tra kế hoạch")
    before = column(book, "ky")
    said = pressed(book, "Kiểm tra kế hoạch", plan=str(office / "don-vi" / "2021-Q1_VP.xlsx"))
    rows = texts(book.workbook.worksheets[1])[1:]
    errors = sum(row[0] == "Lỗi phải sửa" for row in rows)
    assert errors
    assert f"; {errors} lỗi, " in said
    assert "hãy sửa các ô có lỗi theo bảng “Phát hiện”" in said
    assert column(book, "ky") == before, "a form is no plan"


# --- what is shown ------------------------------------------------------------------------------------------------


def links_of(sheet):
    return {
        cell.coordinate: cell.hyperlink.target or cell.hyperlink.ref
        for row in sheet.iter_rows()
        for cell in row
        if cell.hyperlink
    }


def test_links_open_the_file_at_the_cell(book):
    pressed(book, "Kiểm tra")
    sheet = book.result_sheet("Phát hiện")
    assert texts(sheet)[0][4] == "Ô"
    led = 0
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            if cell.hyperlink:
                path, _, place = cell.hyperlink.target.partition("#")
                assert Path(unquote(path)).is_file(), "as Excel reads it: %23 and %25 are letters of the folder's name"
                assert "%231 50%25" in path
                if place:
                    name, _, at = place.rpartition("!")
                    with closing(openpyxl.load_workbook(unquote(path), read_only=True)) as opened:
                        assert name.strip("'") in opened.sheetnames
                    assert name.strip("'") == row[3].value
                    assert at == row[4].value
                    led += 1
    assert led >= 3


def test_the_roll_call_has_colours_and_those_who_owe_stand_first(book):
    pressed(book, "Kiểm tra")
    sheet = book.result_sheet("Đơn vị gửi")
    seen = [(row[0].value, row[0].fill.fgColor.rgb[-6:]) for row in sheet.iter_rows(min_row=2)]
    assert seen == [("Chưa gửi", "F8D7DA"), ("Trễ hạn", "FFF3CD"), *[("Đúng hạn", "D9EAD3")] * 6]


def test_one_unit_alone_is_shown(book):
    pressed(book, "Kiểm tra", unit="Phòng Người có công (NCC)")
    assert [row[1] for row in texts(book.result_sheet("Đơn vị gửi"))[1:]] == ["Phòng Người có công"]
    assert {row[1] for row in texts(book.result_sheet("Phát hiện"))[1:]} == {"Phòng Người có công"}


def test_every_file_of_a_result_is_linked(book, monkeypatch):
    monkeypatch.setattr(pipeline, "report", lambda folder: folder / "bao-cao.docx")
    pressed(book, "Lập báo cáo")
    rows = texts(book.result_sheet("Tệp kết quả"))[1:]
    assert {"tong-hop.xlsx", "bao-cao.docx", "don-doc/cong-van.docx"} <= {row[0] for row in rows}
    assert all(row[1] for row in rows)
    assert len(links_of(book.result_sheet("Tệp kết quả"))) == len(rows)


def test_the_log_keeps_the_latest_on_top(book, monkeypatch):
    monkeypatch.setattr(excel_button, "_MOST_LOGGED", 3)
    files = ("duong_toi_muc_tieu", "vi_sao", "kiem_tra_ke_hoach", "duong_toi_muc_tieu")
    for file in files:
        pressed(book, NAMES[file], criterion="1.6")
    kept = [row[1] for row in texts(book.workbook[LOG_SHEET])[1:] if row[1]]
    assert kept == [NAMES[file] for file in reversed(files[1:])]


# --- drop-downs and boxes -----------------------------------------------------------------------------------------


def column(book, name):
    number = LISTS.index(name)
    return [row[number] for row in texts(book.workbook[LISTS_SHEET])[1:] if row[number]]


def test_the_drop_downs_follow_the_plan(book, office):
    assert column(book, "viec") == [task.name for task in TASKS]
    assert column(book, "ky") == [], "the workbook was written without a plan"
    said = pressed(book, "Kiểm tra kế hoạch")
    assert "Danh sách kỳ, đơn vị, tiêu chí trong các ô đã theo kế hoạch mới." in said
    wanted = choices(load_plan(office / "ke-hoach.xlsx"))
    assert {name: tuple(column(book, name)) for name in wanted} == wanted
    assert QUARTER in column(book, "ky")
    assert "Danh sách" not in pressed(book, "Kiểm tra kế hoạch"), "nothing has changed"
    sheet = book.workbook[LISTS_SHEET]
    for row in range(2, 12):
        sheet.cell(row + 8, 2).value = f"Kỳ của kế hoạch cũ {row}"
    pressed(book, "Kiểm tra kế hoạch")
    assert tuple(column(book, "ky")) == wanted["ky"], "what an earlier plan had more is gone"


def test_a_new_workbook_knows_the_plan_it_is_given(office, tmp_path):
    workbook, *_ = write_control_workbook(tmp_path / "moi", plan=str(office / "ke-hoach.xlsx"))
    lists = openpyxl.load_workbook(workbook)
    assert lists[LISTS_SHEET]["B2"].value == choices(load_plan(office / "ke-hoach.xlsx"))["ky"][0]
    rules = {
        rule.formula1 for rule in lists[excel_button.CONTROL_SHEET].data_validations.dataValidation if rule.formula1
    }
    assert rules == {f"ds_{name}" for name in LISTS}
    assert {f"ds_{name}" for name in LISTS} | {f"dung_{name}" for name in SETTINGS} <= set(lists.defined_names)


def test_every_line_of_a_drop_down_means_its_code(office):
    plan = load_plan(office / "ke-hoach.xlsx")
    lists = choices(plan)
    for name, rows in (("ky", plan.periods), ("don_vi", plan.units)):
        assert [code_in(text, name) for text in lists[name]] == [row.code for row in rows]
    assert [code_in(text, "tieu_chi") for text in lists["tieu_chi"]] == [
        *dict.fromkeys(row.code for row in plan.criteria)
    ]


class Box:
    """Excel's box: the next of these is chosen, or it is closed."""

    def __init__(self, *chosen):
        self.chosen, self.asked = [*chosen], []

    def __call__(self, kind):
        self.asked.append(kind)
        chosen = self.chosen.pop(0)
        return SimpleNamespace(Title="", Show=lambda: -1 if chosen else 0, SelectedItems=lambda _: chosen)


def test_a_blank_path_is_chosen_in_excels_own_box_and_kept(book, office):
    book._app.api.FileDialog = box = Box(str(office / "ke-hoach.xlsx"), str(office / "don-vi"))
    assert "Đã kiểm tra" in pressed(book, "Kiểm tra", plan="", shared="")
    assert box.asked == [3, 4], "a file, then a folder"
    assert cell_of(book, LABELS["plan"]).value == str(office / "ke-hoach.xlsx")
    book._app.api.FileDialog = Box("")
    assert "Ô “Kế hoạch” còn trống" in pressed(book, "Kiểm tra", plan="")


# --- the state of Excel and of the workbook -----------------------------------------------------------------------


def test_a_second_press_is_refused_kindly(book):
    with excel_button.alone(str(book.fullname), "Đôn đốc"):
        said = pressed(book, "Kiểm tra")
    assert said.startswith("Sổ điều khiển này đang làm “Đôn đốc” từ ")
    assert said.endswith("hãy chờ xong rồi bấm lại.")
    assert "Đã kiểm tra" in pressed(book, "Kiểm tra")


def test_a_read_only_workbook_is_told_and_a_locked_one_refused(book):
    book.api.ReadOnly = True
    assert "chế độ chỉ đọc" in pressed(book, "Kiểm tra")
    book.api.ProtectStructure = True
    own = len(book.workbook.sheetnames)
    assert "bỏ khóa rồi bấm nút" in pressed(book, "Kiểm tra")
    assert len(book.workbook.sheetnames) == own


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("tong_hop1", "chưa được lưu thành tệp: hãy lưu (Ctrl+S)"),
        ("https://d.docs.live.net/1a2b/tong_hop.xlsm", "đang mở từ OneDrive hoặc SharePoint"),
        ("https://so.sharepoint.com/sites/cchc/tong_hop.xlsm", "đang mở từ OneDrive hoặc SharePoint"),
    ],
)
def test_a_workbook_that_stands_nowhere_asks_for_full_paths(book, office, place, told):
    book.fullname = place
    assert told in pressed(book, "Lập báo cáo", out="ket-qua")
    assert "Đã lập lại báo cáo" in pressed(book, "Lập báo cáo", out=str(office / "ket-qua")), (
        "full paths need no folder"
    )


def test_a_busy_excel_is_told_what_keeps_it_busy(book, monkeypatch):
    class Refusal(Exception):  # noqa: N818 - pywintypes.com_error has a name of its own as well
        hresult = -2147418111

    def busy(*_, **__):
        raise Refusal

    monkeypatch.setattr("cchc_xl.pipeline.check", busy)
    assert "Excel đang bận" in pressed(book, "Kiểm tra")


# --- by double-click and by dropping ------------------------------------------------------------------------------

DROPPED = [
    ("kiem_tra_ke_hoach", ["ke-hoach.xlsx"], "Kế hoạch ke-hoach.xlsx: 8 đơn vị"),
    ("kiem_tra", ["don-vi"], "7/8 đơn vị đã gửi"),
    ("kiem_tra", ["don-vi/2021-Q1_VP.xlsx"], "1/8 đơn vị đã gửi"),
    ("lap_bao_cao", ["ket-qua/2020-N"], "2020-N/bao-cao"),
    ("duong_toi_muc_tieu", ["ket-qua/2020-N"], "Mục tiêu 80%"),
    ("so_sanh", ["ket-qua/2021-Q1", "ket-qua/2020-N"], ", Năm 2020 → "),
    ("xep_hang", ["ket-qua/2021-Q1", "ket-qua/2020-N"], "Đã xếp hạng 2 kết quả"),
]


@pytest.mark.parametrize(("task", "dropped", "told"), DROPPED)
def test_what_is_dropped_takes_the_place_of_the_cell(office, tmp_path, capsys, task, dropped, told):
    workbook, *_ = write_control_workbook(
        tmp_path, plan=str(office / "ke-hoach.xlsx"), period=QUARTER, out=str(tmp_path / "ra")
    )
    before = workbook.read_bytes()
    assert console(["--viec", task, str(workbook), *(str(office / name) for name in dropped)]) == 0
    assert told in capsys.readouterr().out
    assert workbook.read_bytes() == before


def test_too_much_dropped_and_an_open_workbook_are_told(office, tmp_path, capsys):
    workbook, *_ = write_control_workbook(tmp_path, plan=str(office / "ke-hoach.xlsx"))
    assert console(["--viec", "kiem_tra", str(workbook), "a", "b"]) == 2
    assert "chỉ nhận “Thư mục đơn vị gửi” khi kéo thả, đã thả 2 mục" in capsys.readouterr().out
    workbook.with_name("~$tong_hop.xlsm").touch()
    assert console(["--viec", "kiem_tra_ke_hoach", str(workbook)]) == 0
    assert "chỉ các ô đã lưu được đọc" in capsys.readouterr().out
    assert console(["--viec", "không có", str(workbook)]) == 2
    assert "VIỆC là một trong: tao_ke_hoach" in capsys.readouterr().out


# --- the declarations ---------------------------------------------------------------------------------------------


def test_tasks_are_declared_from_what_there_is():
    for task in TASKS:
        assert set(task.calls) <= set(cchc_xl.__all__)
        assert {*task.needs, *task.may, *task.dropped} <= set(SETTINGS) - {"task"}
        assert all("blank" in SETTINGS[name] for name in task.needs), "what to do about a blank one"
        assert task.file.isidentifier()
        assert task.file.isascii()
    used = {name for task in TASKS for name in (*task.needs, *task.may)}
    assert used == set(SETTINGS) - {"task"}, "no cell that nothing reads"
    assert len(NAMES) == len({task.name for task in TASKS}) == len(TASKS)
    assert {task.file for task in TASKS} >= {"tong_hop"}, "the module of the macro has the name of the main task's file"


# No cell or task of Excel does these; --day-du is always on there.
ONLY_TYPED = {"`cchc-xl lint-template ", "--day-du", "--sua với", "--sua dạng", "--rank", "--engine"}


def told_elsewhere():
    """Every Vietnamese text of the rooms below that speaks of a command or an option."""
    rooms = ("ask", "papers", "pipeline", "plan", "result", "score", "unit", "office")
    for path in (path for room in rooms for path in (ROOT / "cchc_xl" / room).rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if not re.search(r"cchc-xl |[^\w-]--[a-z]", source):
            continue
        tree = ast.parse(source)
        pages = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in pages:
                yield node.value
    for entry in catalogue().values():
        yield entry.vi_fix


def test_no_sentence_sends_an_officer_in_excel_to_a_command_line():
    speaks = re.compile(rf"cchc-xl (?:{'|'.join(cli.commands)})\b|(?<![\w<!-])--[a-z]")
    speaking = {text for text in told_elsewhere() if speaks.search(text)}
    assert len(speaking) > 10
    left = {text for text in map(in_excel, speaking) if speaks.search(text)}
    assert {text for text in left if not any(part in text for part in ONLY_TYPED)} == set()
    assert in_excel("hãy chạy `cchc-xl run` trước") == "hãy chạy việc “Tổng hợp và chấm điểm” trước"
    assert in_excel("hãy thêm --target, ví dụ 80") == "hãy thêm ô “Chỉ số mục tiêu (%)”, ví dụ 80"
    assert set(WORDS["options"].values()) <= set(SETTINGS)


def test_main_is_what_the_macro_calls():
    import tong_hop

    assert tong_hop.main.__module__ == tong_hop.NAME == "tong_hop"
    assert callable(main)
