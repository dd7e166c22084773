"""The button is driven as Excel drives it: through a real ``xw.Book.caller()``, over an engine made of openpyxl."""

from __future__ import annotations

import ast
import contextlib
import io
import re
import shutil
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlwings as xw

import tong_hop
from cchc_xl import pipeline
from cchc_xl.extras import button_tables, button_task, control_workbook, excel_button
from cchc_xl.extras.button_task import LABELS, SETTINGS
from cchc_xl.extras.control_tasks import TASKS
from cchc_xl.extras.control_workbook import (
    CONFIG_SHEET,
    MACRO,
    NAME,
    _write_workbook,
    account_warnings,
    renew_control_workbook,
    vba_project,
    write_control_workbook,
)
from cchc_xl.extras.excel_button import CONTROL_SHEET, LOG_SHEET, NOTICE, WorkbookFile, main
from cchc_xl.result import Result
from tests.excel import called, texts
from tests.results import completed

DEFAULT_OUT = SETTINGS["out"]["first"]
ROOT = Path(excel_button.__file__).parents[2]
EXAMPLE = ROOT / "examples" / "2021-quy-1"
TEMPLATE = ROOT / "templates" / "plan_template.xlsx"
OWN = 5  # sheets: control, log, and three hidden ones
INJECTIONS = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "1.10", "01/02/2021")


@pytest.fixture(autouse=True)
def own_folders(tmp_path, monkeypatch):
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    monkeypatch.setattr(xw.Book, "_mock_caller", None, raising=False)


@pytest.fixture
def folder(tmp_path):
    """A folder with a plan that is only looked for, and a folder of units."""
    place = tmp_path / "sở lao động"
    (place / "don-vi").mkdir(parents=True)
    (place / "ke-hoach.xlsx").write_bytes(b"not a plan")
    return place


def finished(**changes):
    """A result as the pipeline gives it, with hostile texts in its findings."""
    findings = [
        {
            **dict.fromkeys(("file", "sheet", "cell", "criterion"), None),
            "code": "D101",
            "severity": severity,
            "message": text,
            "fix": text,
            "unit": "VP",
        }
        for severity, text in (("note", "=1+1"), *(("error", text) for text in INJECTIONS))
    ]
    field = {
        "parent": None,
        "final_points": "1.66666666666666666667",
        "applicable_max": "2",
        "max": "2",
        "method": "tổng",
    }
    document = {
        "period": "2021-Q1",
        "period_name": "Quý I năm 2021",
        "units": [{"code": "VP", "name": "Văn phòng Sở", "group": ""}],
        "index": {
            "points": "63.00",
            "applicable_max": "85.00",
            "percent": "74.12",
            "percent_if_missing_full": "78.24",
            "complete": False,
        },
        "criteria": [
            {**field, "code": "1.10", "name": "=Chỉ đạo", "status": "group"},
            {**field, "code": "1.10.1", "name": "con", "status": "missing", "parent": "1.10", "final_points": None},
            {**field, "code": "2", "name": "Thể chế", "status": "missing", "final_points": None},
        ],
        "findings": findings,
        **changes,
    }
    return Result(completed(document), (), "ket-qua/2021-Q1")


# --- pressing it --------------------------------------------------------------------------------------------------


def test_the_result_goes_to_new_sheets_and_nothing_else_changes(folder, monkeypatch):
    asked = {}
    monkeypatch.setattr(pipeline, "run", lambda *names, **more: asked.update(names=names, **more) or finished())
    book = called(folder)
    before = {sheet.title: texts(sheet) for sheet in book.workbook.worksheets}
    main()
    assert asked["names"] == (folder / "ke-hoach.xlsx", folder / "don-vi")
    assert (asked["period"], asked["out"]) == ("2021-Q1", folder / DEFAULT_OUT)
    titles = book.workbook.sheetnames
    assert [*titles[:1], *titles[3:]] == list(before)
    assert [re.sub(r"\d", "0", title) for title in titles[1:3]] == ["Kết quả 00h00", "Phát hiện 00h00"]
    assert book.workbook.active.title == titles[1]
    assert {("bold", (1, 6), True), ("bold", (1, 8), True), ("wrap_text", (5, 6), True)} <= {*book.looks}
    rows = texts(book.workbook[titles[1]])
    assert rows[0] == ["Mã", "Lĩnh vực", "Điểm tối đa", "Điểm", "Tỷ lệ (%)", "Ghi chú"]
    assert rows[1][1:5] == ["Chỉ số chung", 85, 63, 74.12]
    assert rows[3][5] == "1 tiêu chí chưa có điểm"
    assert [row[0] for row in rows[3:]] == ["1.10", "2"], "codes stay text, and only fields are shown"
    assert rows[4][3:] == [None, None, "1 tiêu chí chưa có điểm"], "a missing score is blank, never 0"
    assert "chỉ số 74,12% (tạm tính; nếu đủ số liệu có thể tới 78,24%)" in book.said()
    assert f"{len(INJECTIONS)} lỗi" in book.said()
    after = {sheet.title: texts(sheet) for sheet in book.workbook.worksheets[3:] if sheet.title != LOG_SHEET}
    assert after == {title: before[title] for title in after}


def test_texts_stay_text(folder, monkeypatch):
    monkeypatch.setattr(pipeline, "run", lambda *_, **__: finished())
    book = called(folder)
    main()
    cells = [cell for name in ("Kết quả", "Phát hiện") for row in book.result_sheet(name).iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert {cell.value for cell in cells} >= set(INJECTIONS)
    assert all(cell.value is None or not isinstance(cell.value, str) for cell in cells if cell.data_type == "n")


def test_a_second_run_in_the_same_minute_gets_names_of_its_own(folder, monkeypatch):
    monkeypatch.setattr(pipeline, "run", lambda *_, **__: finished(findings=[]))
    book = called(folder)
    for _ in range(3):
        main()
    assert len(set(book.workbook.sheetnames)) == OWN + 6
    assert "Không có phát hiện nào." in texts(book.result_sheet("Phát hiện"))[1]


def test_every_wrong_setting_is_a_sentence_and_nothing_runs(folder, monkeypatch):
    monkeypatch.setattr(pipeline, "run", lambda *_, **__: pytest.fail("ran"))
    book = called(folder, plan='"mất.xlsx"', shared=" ", period="", out="ke-hoach.xlsx")
    main()
    lines = book.said().splitlines()
    assert [next(name for name in ("gửi", "Kỳ", "hoạch”", "kết quả") if name in line) for line in lines] == [
        *("gửi", "Kỳ", "hoạch”", "kết quả"),
    ]
    assert all(line.startswith("Ô “") and line.endswith(".") for line in lines)
    assert len(book.workbook.sheetnames) == OWN


def test_a_path_copied_from_windows_explorer_may_keep_its_quotes(folder, monkeypatch):
    asked = []
    monkeypatch.setattr(pipeline, "run", lambda *names, **_: asked.extend(names) or finished())
    called(folder, plan=f'"{folder / "ke-hoach.xlsx"}"')
    main()
    assert asked[0] == folder / "ke-hoach.xlsx"


def test_what_the_pipeline_cannot_run_is_told_in_its_own_words(folder):
    book = called(folder)
    main()
    assert len(book._app.said) == 1
    assert "ke-hoach.xlsx" in book.said()
    assert "Có lỗi ngoài dự kiến" not in book.said()
    assert len(book.workbook.sheetnames) == OWN


@pytest.mark.parametrize("where", ["run", "write"])
def test_an_unforeseen_error_is_one_sentence_a_log_and_restored_settings(folder, monkeypatch, where, tmp_path):
    def run(*_, progress, **__):
        progress("Đọc vp.xlsx")
        if where == "run":
            raise ZeroDivisionError("bên trong")
        book._app.break_at = "write"
        return finished()

    monkeypatch.setattr(pipeline, "run", run)
    book = called(folder)
    main()
    done = "Việc đã làm xong, chỉ không ghi được trang mới vào sổ. Đã tổng hợp xong"
    assert book.said().startswith(done) == (where == "write"), "what was done is not kept back"
    assert re.search(r"(^|\. )Có lỗi ngoài dự kiến, mã CX-[0-9A-F]{4}\. .* xem nhật ký .+\.txt$", book.said())
    assert "Traceback" not in book.said()
    (log,) = (tmp_path / "local" / "cchc_xl" / "nhat_ky").iterdir()
    assert log.read_bytes().startswith(b"\xef\xbb\xbf")
    assert "Traceback" in log.read_text(encoding="utf-8-sig")
    assert str(log) in book.said()
    assert book._app.status_bar is False
    assert book._app.screen_updating is True
    assert "Đọc vp.xlsx" in book._app.bars


def test_without_a_message_box_the_sentence_stands_on_the_control_sheet(folder):
    book = called(folder, period="")
    book._app.break_at = "alert"
    main()
    cells = {row[1]: row[2] for row in texts(book.workbook[CONTROL_SHEET])}
    assert "Ô “Kỳ báo cáo” còn trống" in cells[NOTICE]


def test_settings_are_found_by_label_wherever_the_officer_moved_them(folder, monkeypatch):
    asked = []
    monkeypatch.setattr(pipeline, "run", lambda *names, **_: asked.extend(names) or finished())
    book = called(folder)
    book.workbook[CONTROL_SHEET].insert_rows(2, 3)
    main()
    assert asked[1] == folder / "don-vi"


def test_a_renamed_control_sheet_is_named_in_the_sentence(folder):
    book = called(folder)
    book.workbook[CONTROL_SHEET].title = "Trang 1"
    main()
    assert f"Không thấy sheet “{CONTROL_SHEET}”" in book.said()


def test_a_book_in_the_cloud_asks_for_full_paths(folder):
    book = called(folder)
    book.fullname = "https://so.sharepoint.com/sites/cchc/tong_hop.xlsm"
    main()
    assert "OneDrive" in book.said()
    assert "đường dẫn đầy đủ" in book.said()


def test_a_result_kept_out_by_an_open_file_names_that_file(folder, monkeypatch):
    held = Result(finished().contents, (), "ket-qua/2021-Q1-moi-1405", "tong-hop.xlsx")
    monkeypatch.setattr(pipeline, "run", lambda *_, **__: held)
    book = called(folder)
    main()
    assert "2021-Q1-moi-1405" in book.said()
    assert "đóng tệp tong-hop.xlsx" in book.said()


def test_edited_files_that_were_kept_are_said(folder):
    shutil.copy(TEMPLATE, folder / "ke-hoach.xlsx")
    book = called(folder)
    main()
    report = folder / DEFAULT_OUT / "2021-Q1" / "bao-cao.docx"
    report.write_bytes(report.read_bytes() + b"\0")
    main()
    assert "Giữ nguyên tệp đã sửa tay: bao-cao.docx (bản mới: bao-cao (mới " in book.said()


def test_where_nothing_can_be_shown_the_macros_own_box_gets_the_sentence(folder):
    book = called(folder)
    book.workbook[CONTROL_SHEET].title = "Trang 1"
    book._app.break_at = "alert"
    with pytest.raises(SystemExit, match="Khong thay sheet"):
        main()


def test_no_workbook_at_all_still_says_something(monkeypatch):
    monkeypatch.setattr(xw.Book, "caller", lambda: (_ for _ in ()).throw(AttributeError("no Excel")))
    with pytest.raises(SystemExit, match="Co loi ngoai du kien"):
        main()


def test_a_real_plan_without_one_unit_still_gives_a_result(folder):
    shutil.copy(TEMPLATE, folder / "ke-hoach.xlsx")
    book = called(folder)
    main()
    assert "Đã tổng hợp xong" in book.said()
    assert (folder / DEFAULT_OUT / "2021-Q1" / "result.json").is_file()
    assert any("tiêu chí chưa có điểm" in (row[5] or "") for row in texts(book.result_sheet("Kết quả"))[3:])


def test_an_unknown_period_is_told_in_the_pipelines_words(folder):
    shutil.copy(TEMPLATE, folder / "ke-hoach.xlsx")
    book = called(folder, period="2099-Q9")
    main()
    assert "2099-Q9" in book.said()
    assert "Có lỗi ngoài dự kiến" not in book.said()


def test_the_example_from_press_to_result(tmp_path):
    place = tmp_path / "ví dụ"
    shutil.copytree(EXAMPLE, place)
    book = called(place)
    main()
    assert "Đã tổng hợp xong" in book.said()
    assert list((place / DEFAULT_OUT).glob("*/result.json"))
    result = texts(book.result_sheet("Kết quả"))
    assert isinstance(result[1][4], float)
    assert len(result) > 8
    assert texts(book.result_sheet("Phát hiện"))[1][0] in {"Lỗi phải sửa", "Cảnh báo", "Ghi chú"}


# --- the same by double-click -------------------------------------------------------------------------------------


def test_the_double_click_way_prints_and_leaves_the_workbook_alone(folder, monkeypatch, capsys):
    monkeypatch.setattr(pipeline, "run", lambda *_, progress, **__: progress("Đọc vp.xlsx") or finished())
    workbook, *_ = write_control_workbook(folder, plan="ke-hoach.xlsx", shared="don-vi", period="2021-Q1")
    before = workbook.read_bytes()
    assert excel_button.console(["--viec", "tong_hop", str(workbook)]) == 0
    printed = capsys.readouterr().out
    assert "Đọc vp.xlsx" in printed
    assert "Chỉ số chung · 85 · 63 · 74,12" in printed
    assert printed.strip().splitlines()[-1].startswith("Đã tổng hợp xong Quý I năm 2021")
    assert workbook.read_bytes() == before


def test_the_double_click_way_tells_what_is_wrong(folder, capsys):
    workbook, *_ = write_control_workbook(folder)
    assert excel_button.console(["--viec", "tong_hop", str(workbook)]) == 2
    assert "Ô “Kế hoạch” còn trống" in capsys.readouterr().out
    assert excel_button.console(["--viec", "tong_hop", str(folder / "không có.xlsm")]) == 2
    assert "Không đọc được sổ điều khiển" in capsys.readouterr().out
    assert excel_button.console([]) == 2


def test_it_runs_as_a_module_under_a_console_that_knows_no_vietnamese(folder):
    workbook, *_ = write_control_workbook(folder)
    done = subprocess.run(
        [sys.executable, "-m", "cchc_xl.extras.excel_button", "--viec", "tong_hop", str(workbook)],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={"PYTHONIOENCODING": "cp1258", "PATH": ""},
    )
    assert done.returncode == 2
    assert "Ô “Kế hoạch” còn trống" in done.stdout.decode()
    assert not done.stderr


def test_every_task_has_a_batch_file_that_cmd_reads(folder):
    workbook, *batches = write_control_workbook(folder)
    assert [path.name for path in batches] == [f"{task.file}.bat" for task in TASKS]
    assert workbook.stem == NAME
    for task, path in zip(TASKS, batches, strict=True):
        content = path.read_bytes()
        assert content.count(b"\r\n") == content.count(b"\n") > 5
        assert not content.startswith(b"\xef\xbb\xbf")
        lines = content.decode().split("\r\n")
        assert lines[:2] == ["@echo off", "chcp 65001 >nul"]
        assert f"title {task.name}" in lines
        echoed = [line.split("echo", 1)[1].replace('"%CCHC_LOG%"', "") for line in lines if line.strip()[:5] == "echo "]
        assert not any(re.search(r"[()&|<>^!%]", text) for text in echoed)
        assert not any(re.match(r"\s*(:\w|goto\b)", line) for line in lines), "wrong under code page 65001"
        call = (
            f'%CCHC_RUN% -X utf8 -m cchc_xl.extras.excel_button --viec {task.file} "%~dp0{NAME}.xlsm" %* 2>"%CCHC_LOG%"'
        )
        assert call in lines, "what it could not import stands in the log"


def test_the_python_beside_comes_first_then_the_recorded_one_then_that_of_windows(folder, monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "executable", r"C:\Phần mềm 100%\python.exe")
    workbook, *batches = write_control_workbook(folder)
    own, beside = 'if exist "C:\\Phần mềm 100%%\\python.exe"', 'if exist "%~dp0python\\python.exe"'
    lines = batches[0].read_bytes().decode().split("\r\n")
    setting = [line for line in lines if "set CCHC_RUN=" in line]  # the last that holds wins
    assert setting == [
        "set CCHC_RUN=py -3",
        f'{own} set CCHC_RUN="C:\\Phần mềm 100%%\\python.exe"',
        f'{beside} set CCHC_RUN="%~dp0python\\python.exe"',
    ]
    rows = dict(openpyxl.load_workbook(workbook)[CONFIG_SHEET].iter_rows(values_only=True))
    assert rows["INTERPRETER_WIN"] == r"C:\Phần mềm 100%\python.exe"
    assert any("có chữ tiếng Việt" in told for told in account_warnings())
    monkeypatch.setattr(sys, "executable", r"C:\cchc\python\python.exe")
    assert account_warnings() == ()


# --- the control workbook -----------------------------------------------------------------------------------------


def decompressed(data):
    """A compressed container of [MS-OVBA] 2.4.1, as text."""
    out, at = bytearray(), 1
    while at < len(data):
        header = int.from_bytes(data[at : at + 2], "little")
        end, at, start = min(at + (header & 0xFFF) + 3, len(data)), at + 2, len(out)
        while at < end:
            flags, at = data[at], at + 1
            for bit in range(8):
                if at >= end:
                    break
                if not flags >> bit & 1:
                    out.append(data[at])
                    at += 1
                    continue
                token, at = int.from_bytes(data[at : at + 2], "little"), at + 2
                wide = max((len(out) - start - 1).bit_length(), 4)
                for _ in range((token & (0xFFFF >> wide)) + 3):
                    out.append(out[-(token >> (16 - wide)) - 1])
    return out.decode("cp1252")


def modules(project):
    olefile = pytest.importorskip("olefile")
    with contextlib.closing(olefile.OleFileIO(io.BytesIO(project))) as ole:
        names = [entry[1] for entry in ole.listdir() if entry[0] == "VBA" and entry[1] not in {"dir", "_VBA_PROJECT"}]
        streams = {name: ole.openstream(["VBA", name]).read() for name in names}
    # The source follows compiled code of a length told elsewhere; it begins with “Attribute”, after its flags and header.
    return {name: decompressed(data[data.rindex(b"\x00Attribut") - 3 :]) for name, data in streams.items()}


def test_the_button_runs_the_macro_that_imports_the_installed_module(folder):
    workbook, *_ = write_control_workbook(folder)
    book = openpyxl.load_workbook(workbook, keep_vba=True)
    assert book.vba_archive is not None
    book.vba_archive.close()  # found open among garbage it is a warning
    with zipfile.ZipFile(workbook) as package:
        project = package.read("xl/vbaProject.bin")
        drawing = package.read("xl/drawings/vmlDrawing1.vml").decode()
        sheets = [package.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 3)]
        about = package.read("xl/workbook.xml").decode()
    source = modules(project)
    assert f"Sub {MACRO}()" in source["Module1"]
    assert 'RunPython "import " & mymodule & ";" & mymodule & ".main()"' in source["Module1"]
    assert f"<x:FmlaMacro>[0]!{MACRO}</x:FmlaMacro>" in drawing
    assert button_task.WORDS["caption"] in drawing
    assert drawing.count("<x:FmlaMacro>") == 1
    assert 'codeName="ThisWorkbook"' in about
    for number, sheet in enumerate(sheets, start=1):
        assert f'codeName="Sheet{number}"' in sheet
        assert f"Sheet{number}" in source
    assert "xlwings.conf" in about
    assert 'PROJECT_NAME & ".conf"' in source["xlwings"]
    assert workbook.stem == tong_hop.NAME == NAME
    assert NAME.isidentifier()
    # What the sheet leaves out, the macro takes from an old xlwings.conf of the user.
    asked = set(re.findall(r'GetConfig\("([^"]+)"', source["xlwings"]))
    rows = {name: value or "" for name, value in book[CONFIG_SHEET].iter_rows(values_only=True)}
    assert asked <= set(rows)
    assert all(name == name.upper() for name in rows), "the macro looks them up in capitals"
    assert rows["ADD_WORKBOOK_TO_PYTHONPATH"] == "false"
    assert rows["TEMP DIR"] == "%TEMP%"


MACRO_LINE = "import xlwings.utils;xlwings.utils.prepare_sys_path('false;C:\\a;C:\\a;;;;'); import {0};{0}.main()"


@pytest.mark.parametrize(
    ("book", "told"),
    [
        ("tong_hop (1).xlsm", "So dieu khien dang co ten tong_hop (1).xlsm: hay luu lai dung ten tong_hop.xlsm"),
        ("tổng hợp quý 1.xlsm", "So dieu khien dang co ten tong hop quy 1.xlsm: hay luu"),
        ("quy1.xlsm", "So dieu khien dang co ten quy1.xlsm: hay luu"),
        (
            "tong_hop.xlsm",
            "Co loi ngoai du kien, ma CX-",
        ),  # the right name: our own code speaks, there is no Excel here
    ],
)
def test_the_macros_own_command_line_ends_in_one_readable_sentence(tmp_path, book, told):
    (tmp_path / "sitecustomize.py").write_text("import tong_hop\ntong_hop.listen()\n", encoding="utf-8")
    command = [sys.executable, "-B", "-c", MACRO_LINE.format(book.removesuffix(".xlsm")), f"--wb={book}", "--from_xl=1"]
    environment = {"PYTHONPATH": f"{tmp_path}:{ROOT}", "HOME": str(tmp_path), "PYTHONIOENCODING": "cp1252"}
    done = subprocess.run(command, capture_output=True, check=False, cwd=tmp_path, env=environment)
    assert done.returncode == 1
    lines = done.stderr.decode("ascii").splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(told)


def test_a_broken_installation_is_one_readable_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "cchc_xl.extras.excel_button", None)
    with pytest.raises(SystemExit, match=r"^Phan mem cchc_xl .* bi thieu tep .* cai lai\.$"):
        tong_hop.main()
    assert sys.excepthook is sys.__excepthook__, "a Python that no macro has started is left alone"
    tong_hop.listen()
    assert sys.excepthook is sys.__excepthook__


def test_settings_are_given_prompted_and_unlocked(folder):
    workbook, *_ = write_control_workbook(folder, plan="k.xlsx", shared=r"\\may-chu\cchc", period="2021-Q1", out="=ra")
    sheet = openpyxl.load_workbook(workbook)[CONTROL_SHEET]
    cells = {row[1].value: row[2] for row in sheet.iter_rows() if row[1].value}
    names = (button_task.PLAN, button_task.SHARED, button_task.PERIOD, button_task.OUT)
    assert [cells[name].value for name in names] == ["k.xlsx", r"\\may-chu\cchc", "2021-Q1", "=ra"]
    prompts = {str(item.sqref): item for item in sheet.data_validations.dataValidation}
    for name in names:
        cell = cells[name]
        assert (cell.number_format, cell.protection.locked, cell.data_type) == ("@", False, "s")
        assert len(prompts[cell.coordinate].prompt) <= 255
    assert sheet.protection.sheet
    assert [item.sheet_state for item in sheet.parent.worksheets] == [
        "visible",
        "visible",
        "hidden",
        "hidden",
        "hidden",
    ]


def test_nothing_of_the_officers_is_overwritten(folder):
    workbook, *batches = write_control_workbook(folder, period="2021-Q1")
    before = workbook.read_bytes()
    with pytest.raises(FileExistsError, match=r"Đã có .*tong_hop\.xlsm"):
        write_control_workbook(folder)
    assert workbook.read_bytes() == before
    workbook.unlink()
    batches[1].write_bytes(batches[1].read_bytes().replace(b"title", b"rem"))  # one of an earlier version is replaced
    write_control_workbook(folder)
    assert b"rem" not in batches[1].read_bytes()
    workbook.unlink()
    batches[0].write_text("của tôi", encoding="utf-8")
    batches[1].unlink()
    with pytest.raises(FileExistsError, match="nội dung khác"):
        write_control_workbook(folder)
    assert not workbook.exists()
    assert not batches[1].exists()


def test_a_newer_version_takes_over_what_was_filled_in(folder, monkeypatch):
    assert renew_control_workbook(folder)[0].name == f"{NAME}.xlsm", "nothing there: a first one"
    workbook = folder / f"{NAME}.xlsm"
    typed = {"period": "2021-Q1", "figure": "74,12%", "task": "Đôn đốc", "forms": "phiếu"}
    workbook.unlink()
    _write_workbook(workbook, typed, {})
    before = workbook.read_bytes()
    (folder / f"{NAME}.py").write_text("import cchc_xl.extras.excel_button\n", encoding="utf-8")
    names = sorted(path.name for path in folder.iterdir())
    renew_control_workbook(folder)
    assert workbook.read_bytes() == before, "made from the same: left as it is"
    assert sorted(path.name for path in folder.iterdir()) == [name for name in names if name != f"{NAME}.py"]
    monkeypatch.setattr(control_workbook, "fingerprint", lambda: "another version")
    renew_control_workbook(folder)
    (kept,) = folder.glob(f"{NAME} (cũ *).xlsm")
    assert kept.read_bytes() == before
    told = WorkbookFile(workbook)
    assert {name: told.setting(LABELS[name]) for name in typed} == typed
    assert told.made == "another version"
    monkeypatch.setattr(control_workbook, "fingerprint", lambda: "a third")
    workbook.with_name(f"~${NAME}.xlsm").touch()
    before = workbook.read_bytes()
    with pytest.raises(PermissionError, match="đang mở trong Excel: hãy lưu, đóng tệp"):
        renew_control_workbook(folder)
    workbook.with_name(f"~${NAME}.xlsm").unlink()
    workbook.write_bytes(b"PK")
    with pytest.raises(OSError, match="Không đọc được sổ điều khiển"):
        renew_control_workbook(folder)
    assert workbook.read_bytes() == b"PK"


def test_the_project_is_the_installed_one():
    assert vba_project().startswith(b"\xd0\xcf\x11\xe0")


def test_it_prints_on_one_page_before_the_log(folder, tmp_path):
    workbook, *_ = write_control_workbook(folder, plan="ke-hoach.xlsx", shared="don-vi", period="2021-Q1")
    subprocess.run(
        [
            *("soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"),
            *("--convert-to", "pdf", "--outdir", str(tmp_path), str(workbook)),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    assert len(re.findall(rb"/Type\s*/Page\b", (tmp_path / f"{NAME}.pdf").read_bytes())) == 2


# --- tables and rules ---------------------------------------------------------------------------------------------


def test_a_complete_index_has_no_second_line():
    complete = {**finished().document["index"], "complete": True, "percent": None}
    rows = button_tables.index_table(finished(index=complete).contents).rows
    assert rows[0][1] == "Chỉ số chung"
    assert rows[0][4] is None
    assert rows[1][0] == "1.10"
    assert rows[1][4] == Decimal("1.66666666666666666667") / 2 * 100


def test_findings_come_errors_first_with_the_units_name():
    rows = button_tables.findings_table(finished().contents).rows
    assert [row[0] for row in rows] == ["Lỗi phải sửa"] * len(INJECTIONS) + ["Ghi chú"]
    assert {row[1] for row in rows} == {"Văn phòng Sở"}


def test_no_module_imports_the_paid_part_of_xlwings():
    for path in (ROOT / "cchc_xl").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module == "xlwings":
                names += [f"xlwings.{alias.name}" for alias in node.names]
            assert not [name for name in names if re.match(r"xlwings\.(pro|reports)\b", name)], path


def test_xlwings_is_imported_only_when_the_button_is_pressed():
    code = "import sys, cchc_xl.extras.control_workbook; sys.exit('xlwings' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
