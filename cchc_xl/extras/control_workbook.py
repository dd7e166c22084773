"""The control workbook: the officer's settings come in, a workbook with a button and the files beside it go out.

The VBA project is the one of xlwings' own standalone quickstart workbook (BSD part), taken from the installed package,
so that macro and package are always of one version. Its macro ``SampleCall`` imports the module that has the
workbook's name and calls ``main()``: hence the name of the workbook, and ``tong_hop.py`` installed with the package.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from cchc_xl.extras.button_task import LABELS, MOST_CHOICES, SETTINGS, WORDS, ButtonError, choices, kind_of
from cchc_xl.extras.control_tasks import TASKS
from cchc_xl.extras.excel_button import (
    CONTROL_SHEET,
    LISTS,
    LISTS_SHEET,
    LOG_HEADINGS,
    LOG_SHEET,
    NOTICE,
    TITLE,
    WorkbookFile,
)
from cchc_xl.office.excel.book import FONT, INK, INPUT, LINE, Book, link_to
from cchc_xl.office.excel.bounds import STAMP_SHEET
from cchc_xl.pipeline.jobs import handbook
from cchc_xl.pipeline.line import CannotRunError
from cchc_xl.plan import PlanUnreadableError, load_plan
from cchc_xl.result.kept import free
from cchc_xl.text.words import VIETNAM

NAME = "tong_hop"
MACRO = "SampleCall"
CONFIG_SHEET = "xlwings.conf"

_DEEP, _CALM, _PALE = "#1F4E78", "#EAF1F8", "#9CA3AF"
_GENERAL = ("plan", "shared", "period", "out")  # the settings of most tasks; the others follow under a heading
_HEADS = {"viec": "Việc", "ky": "Kỳ báo cáo", "don_vi": "Đơn vị", "tieu_chi": "Tiêu chí"}


def write_control_workbook(
    folder: Path, *, plan: str = "", shared: str = "", period: str = "", out: str = "", task: str = ""
) -> tuple[Path, ...]:
    """Write ``tong_hop.xlsm`` with its button and one ``.bat`` file for each task into the folder; returns them.

    The texts fill the setting cells; paths may be relative to the folder, ``task`` is a task's name. Without ``out``
    the results are to go to ``ket-qua`` beside the workbook. Where the plan can be read its periods, units and criteria
    fill the drop-downs.

    Raises ``FileExistsError`` with a Vietnamese sentence, before anything is written, where the workbook exists or one
    of the others holds something else, and ``OSError`` where the folder cannot be written.
    """
    workbook, texts = folder / f"{NAME}.xlsm", _batches(folder)
    if workbook.exists():
        raise FileExistsError(
            f"Đã có {workbook}, trong đó có thể có các ô đã điền: hãy dùng tiếp tệp ấy, hoặc chuyển nó đi rồi làm lại."
        )
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in texts.items():
        path.write_bytes(content)
    given = {"plan": plan, "shared": shared, "period": period, "out": out, "task": task}
    _write_workbook(workbook, {name: text for name, text in given.items() if text}, _lists(folder, plan))
    return workbook, *texts


def renew_control_workbook(folder: Path) -> tuple[Path, ...]:
    """The same where one of an earlier version stands: what its setting cells hold is taken over; returns the files.

    The earlier one stays beside as ``tong_hop (cũ 14h05).xlsm``; one made from the same is left as it is. Raises
    ``OSError`` with a Vietnamese sentence where it cannot be read or is open in Excel; then nothing has changed.
    """
    workbook, texts = folder / f"{NAME}.xlsm", _batches(folder)
    if not workbook.exists():
        return write_control_workbook(folder)
    before, is_open = WorkbookFile(workbook), f"{workbook} đang mở trong Excel: hãy lưu, đóng tệp rồi làm lại."
    if before.open_elsewhere:
        raise PermissionError(is_open)
    try:
        values = {name: text for name, label in LABELS.items() if (text := before.setting(label))}
        made = before.made
    except ButtonError as error:
        raise OSError(str(error)) from error
    if made != fingerprint():
        written = workbook.with_name(free(folder, workbook.name, "đang ghi"))
        kept = workbook.with_name(free(folder, workbook.name, f"cũ {datetime.now(VIETNAM):%Hh%M}"))
        try:
            _write_workbook(written, values, _lists(folder, values.get("plan", "")))
            workbook.rename(kept)
            written.rename(workbook)
        except PermissionError as error:
            raise PermissionError(is_open) from error
        finally:
            written.unlink(missing_ok=True)
    for path, content in texts.items():
        path.write_bytes(content)
    module = folder / f"{NAME}.py"  # it stood beside the workbook before it was installed with the package
    with contextlib.suppress(OSError):
        if b"import cchc_xl.extras.excel_button" in module.read_bytes():
            module.unlink()
    return workbook, *texts


def fingerprint() -> str:
    """What the control workbook is made from, as one word: the same word, the same workbook but for its cells."""
    own = [Path(__file__).with_name(name).read_bytes() for name in ("control_workbook.py", "control.toml")]
    told = [repr((task.name, task.about, task.writes, task.needs, task.may)) for task in TASKS] + [
        repr(_configuration())
    ]
    return hashlib.sha256(b"\0".join((*own, vba_project(), *(text.encode() for text in told)))).hexdigest()[:16]


def _batches(folder: Path) -> dict[Path, bytes]:
    """The ``.bat`` files, after a look that no file of somebody else has one of their names."""
    texts = {folder / f"{task.file}.bat": batch(task.file, task.name) for task in TASKS}
    for path in texts:
        if path.exists() and not _ours(path.read_bytes()):
            raise FileExistsError(f"Đã có {path} với nội dung khác: hãy chuyển tệp ấy đi rồi làm lại.")
    return texts


def _ours(content: bytes) -> bool:
    """Whether a ``.bat`` file is one that an earlier version of this wrote: it is replaced."""
    return b"CCHC_RUN" in content


def vba_project() -> bytes:
    """The VBA project of xlwings' standalone quickstart workbook."""
    source = files("xlwings").joinpath("quickstart_standalone.xlsm").read_bytes()
    with zipfile.ZipFile(io.BytesIO(source)) as package:
        return package.read("xl/vbaProject.bin")


def account_warnings() -> tuple[str, ...]:
    """What keeps the button, though not the ``.bat`` files, from working on this account: a sentence each.

    VBA's file functions know the letters of the system's own code page only: it would not find a Python below such a
    folder, nor could it read what went wrong.
    """
    told: list[str] = []
    if sys.platform == "win32" and not _short(sys.executable).isascii():
        told.append(
            f"Python nằm ở {sys.executable}, đường dẫn có chữ tiếng Việt nên nút trong Excel không gọi được: hãy cài "
            "vào thư mục tên không dấu (ví dụ C:\\cchc), hoặc dùng các tệp .bat."
        )
    if _temp() is None:
        told.append(
            "Thư mục tạm của tài khoản có chữ tiếng Việt và không có thư mục chung ghi được: nút trong Excel không "
            "chạy được, hãy dùng các tệp .bat."
        )
    return tuple(told)


def batch(file: str, title: str) -> bytes:
    """The ``.bat`` file of a task: the Python beside it first, then the one that wrote it, then that of Windows."""
    run = "set CCHC_RUN=py -3"
    if sys.platform == "win32":
        # The Python that wrote this file has the library; on another computer it may stand elsewhere.
        own = sys.executable.replace("%", "%%")
        run += f'\nif exist "{own}" set CCHC_RUN="{own}"'
    text = str(WORDS["beside"]["bat"]).format(run=run, name=NAME, task=file, title=title)
    return text.replace("\n", "\r\n").encode()


def _lists(folder: Path, plan: str) -> dict[str, Sequence[str]]:
    lists: dict[str, Sequence[str]] = {"viec": [task.name for task in TASKS]}
    if plan and kind_of(folder / plan) == "file":
        with contextlib.suppress(PlanUnreadableError):  # told when a task reads it
            lists |= choices(load_plan(folder / plan))
    return lists


def _write_workbook(path: Path, values: Mapping[str, str], lists: Mapping[str, Sequence[str]]) -> None:
    with Book(path, TITLE) as book:
        book.workbook.add_vba_project(io.BytesIO(vba_project()), True)
        # The project has modules for a workbook and two sheets under these code names; Excel looks for them.
        book.workbook.set_vba_name("ThisWorkbook")
        book.workbook.set_properties({"title": TITLE, "comments": "Sổ điều khiển của cchc_xl"})
        control = book.sheet(CONTROL_SHEET, (2, 30, 62, 44))
        control.set_vba_name("Sheet1")
        _fill_control(book, control, values)
        log = book.sheet(LOG_SHEET, (20, 26, 110))
        book.heading(log, 0, LOG_HEADINGS)
        log.set_column(0, 1, None, book.look("plain"))
        config = book.sheet(CONFIG_SHEET, (34, 60), portrait=True)
        config.set_vba_name("Sheet2")
        _fill_pairs(book, config, _configuration())
        _fill_lists(book, book.sheet(LISTS_SHEET, (30,) * len(LISTS)), lists)
        # So that a control workbook kept among the units' files is known as ours, not rejected as an unknown form.
        _fill_pairs(book, book.sheet(STAMP_SHEET, (24, 60), portrait=True), {"kind": "control", "made": fingerprint()})
        control.activate()


def _configuration() -> dict[str, str]:
    """Every setting that the macro reads, by key: what is missing here it would take from a user's own old settings.

    The workbook's folder is not put before the installed modules: an address of OneDrive would fail there, before our
    code, and whoever can write into that folder could run code of theirs.
    """
    # Off Windows the interpreter's path would mean nothing to Excel.
    own = {"win32": "INTERPRETER_WIN", "darwin": "INTERPRETER_MAC"}.get(sys.platform)
    python = {"INTERPRETER_WIN": "python", "INTERPRETER_MAC": "python", "INTERPRETER": "python"}
    return {
        **python,
        **({own: _short(sys.executable)} if own else {}),
        "ADD_WORKBOOK_TO_PYTHONPATH": "false",
        "SHOW CONSOLE": "False",
        "SHOW_ERROR_POPUPS": "True",
        "USE UDF SERVER": "False",
        "DEBUG UDFS": "False",
        "TEMP DIR": _temp() or "%TEMP%",
        **dict.fromkeys(
            (
                *("PYTHONPATH", "CONDA PATH", "CONDA ENV", "UDF MODULES", "LICENSE_KEY"),
                *("ONEDRIVE_CONSUMER_WIN", "ONEDRIVE_COMMERCIAL_WIN", "SHAREPOINT_WIN"),
                *("ONEDRIVE_CONSUMER_MAC", "ONEDRIVE_COMMERCIAL_MAC", "SHAREPOINT_MAC"),
            ),
            "",
        ),
    }


def _temp() -> str | None:
    return macro_temp(tempfile.gettempdir(), os.environ.get("PUBLIC", "")) if os.name == "nt" else "%TEMP%"


def macro_temp(own: str, public: str) -> str | None:
    """The macro's folder for its error file, of the account's own and the public one: one whose path VBA can read.

    >>> macro_temp("C:/vp/Temp", ""), macro_temp("C:/Nguyễn/Temp", "."), macro_temp("C:/Nguyễn/Temp", "")
    ('%TEMP%', '%PUBLIC%', None)
    """
    if own.isascii():
        return "%TEMP%"
    return "%PUBLIC%" if public and public.isascii() and os.access(public, os.W_OK) else None


def _short(path: str) -> str:
    """A path in the short form of Windows (8.3), which has no diacritics, where it needs one and the disk has it."""
    if sys.platform == "win32" and not path.isascii():
        import ctypes

        with contextlib.suppress(AttributeError, OSError):
            room = ctypes.create_unicode_buffer(1024)
            if ctypes.windll.kernel32.GetShortPathNameW(path, room, len(room)) and room.value.isascii():
                return room.value
    return path


def _fill_pairs(book: Book, sheet: Any, pairs: dict[str, str]) -> None:
    for row, pair in enumerate(pairs.items()):
        for column, text in enumerate(pair):
            book.write(sheet, row, column, text, "plain")
    sheet.hide()


def _fill_lists(book: Book, sheet: Any, lists: Mapping[str, Sequence[str]]) -> None:
    """The drop-downs' lists below a heading each; then for each setting the tasks that use it."""
    for column, name in enumerate(LISTS):
        letter = chr(ord("A") + column)
        book.write(sheet, 0, column, _HEADS[name], "head")
        for row, text in enumerate(lists.get(name, ()), start=1):
            book.write(sheet, row, column, text, "plain")
        first, area = (f"'{LISTS_SHEET}'!${letter}$2", f"'{LISTS_SHEET}'!${letter}$2:${letter}${MOST_CHOICES + 1}")
        book.workbook.define_name(f"ds_{name}", f"=OFFSET({first},0,0,MAX(1,COUNTA({area})),1)")
    for column, name in enumerate(SETTINGS, start=len(LISTS) + 1):
        letter = chr(ord("A") + column)
        book.write(sheet, 0, column, name, "head")
        for row, task in enumerate((task for task in TASKS if name in (*task.needs, *task.may)), start=1):
            book.write(sheet, row, column, task.name, "plain")
        book.workbook.define_name(f"dung_{name}", f"='{LISTS_SHEET}'!${letter}$2:${letter}${len(TASKS) + 1}")
    sheet.hide()


class _Page:
    """The control sheet while it is being filled, from top to bottom."""

    def __init__(self, book: Book, sheet: Any) -> None:
        self.sheet, self.row, self._book = sheet, 1, book

    def look(self, **changes: object) -> Any:
        """A format of this sheet."""
        base = {"font_name": FONT, "font_size": 12, "font_color": INK, "valign": "vcenter", "text_wrap": True}
        return self._book.workbook.add_format({**base, **changes})

    def band(self, text: str, height: float, **changes: object) -> None:
        """A line of text over the whole width."""
        form = self.look(text_wrap=False, **changes)
        self.sheet.set_row(self.row, height)
        self.sheet.write_string(self.row, 1, text, form)
        for column in (2, 3):  # blank, not an empty text: Excel lets no text run over a cell that holds one
            self.sheet.write_blank(self.row, column, None, form)
        self.row += 1

    def section(self, text: str) -> None:
        """A heading, after a little space."""
        self.sheet.set_row(self.row, 8)
        self.row += 1
        self.band(text, 22, bold=True, font_size=13, font_color=_DEEP, bottom=2, bottom_color=_DEEP)


def _fill_control(book: Book, sheet: Any, values: Mapping[str, str]) -> None:
    page = _Page(book, sheet)
    line = {"border": 1, "border_color": LINE}
    label = page.look(bold=True, bg_color=_CALM, indent=1, **line)
    page.band(
        "SỔ ĐIỀU KHIỂN: TỔNG HỢP, CHẤM ĐIỂM, BÁO CÁO",
        34,
        bold=True,
        font_size=17,
        font_color="#FFFFFF",
        bg_color=_DEEP,
        indent=1,
    )
    page.band(WORDS["subtitle"], 22, bg_color=_CALM, font_color=_DEEP, indent=1)
    with contextlib.suppress(CannotRunError):  # an installation without it does everything else
        link = page.look(text_wrap=False, bg_color=_CALM, font_color=_DEEP, underline=1, align="right", indent=1)
        sheet.write_url(page.row - 1, 3, link_to(str(handbook())), link, string=WORDS["handbook"])
    sheet.set_row(page.row, 8)
    page.row += 1
    task_row = page.row
    # Who has a plan already need not make one first.
    _setting(page, "task", values.get("task") or TASKS[1 if values.get("plan") else 0].name, 40)
    button = {"macro": MACRO, "caption": WORDS["caption"], "width": 310, "height": 44, "x_offset": 6, "y_offset": 4}
    sheet.insert_button(task_row, 3, {**button, "description": f"Chạy: {WORDS['caption']}"})
    sheet.set_row(page.row, 64)
    sheet.write_string(page.row, 1, NOTICE, label)
    sheet.merge_range(
        page.row, 2, page.row, 3, "", page.look(valign="top", indent=1, num_format="@", locked=False, **line)
    )
    page.row += 1
    for heading, names in (
        ("Thiết lập chung", _GENERAL),
        ("Thêm cho một số việc", [name for name in SETTINGS if name not in {"task", *_GENERAL}]),
    ):
        page.section(heading)
        for name in names:
            _setting(page, name, values.get(name) or SETTINGS[name].get("first", ""), 24)
            cells = f"$B${page.row}:$D${page.row}"
            # Pale where the chosen task does not use it: a name may stand in such a rule, another sheet may not.
            unused = f"=COUNTIF(dung_{name},$C${task_row + 1})=0"
            pale = book.workbook.add_format({"font_color": _PALE, "bg_color": "#FFFFFF"})
            sheet.conditional_format(cells, {"type": "formula", "criteria": unused, "format": pale})
    page.section("Các việc, theo thứ tự trong quý, trong năm")
    told, made = page.look(indent=1, **line), page.look(indent=1, italic=True, font_color="#4B5563", **line)
    for number, task in enumerate(TASKS, start=1):
        sheet.set_row(page.row, 34)
        sheet.write_string(page.row, 1, f"{number}. {task.name}", label)
        sheet.write_string(page.row, 2, task.about, told)
        sheet.write_string(page.row, 3, f"Ghi: {task.writes}\nTệp: {task.file}.bat", made)
        page.row += 1
    for heading, kind in (("Các bước", "steps"), ("Cần biết", "notes")):
        page.section(heading)
        for count, text in enumerate(WORDS[kind], start=1):
            sheet.set_row(page.row, 34 if len(text) > 110 else 20)
            said = f"{f'{count}.' if kind == 'steps' else '–'}  {text.format(name=NAME)}"
            sheet.merge_range(page.row, 1, page.row, 3, said, page.look(indent=1))
            page.row += 1
    sheet.print_area(0, 0, page.row - 1, 3)
    sheet.set_portrait()
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()
    sheet.set_zoom(100)
    sheet.set_selection(task_row, 2, task_row, 2)
    # Without a password: it only keeps the labels, by which the settings are found, from being typed over.
    sheet.protect()


def _setting(page: _Page, name: str, value: str, height: float) -> None:
    """A label, its cell and what may stand in it."""
    setting, sheet, row = SETTINGS[name], page.sheet, page.row
    line = {"border": 1, "border_color": LINE}
    sheet.set_row(row, height)
    sheet.write_string(row, 1, setting["label"], page.look(bold=True, bg_color=_CALM, indent=1, **line))
    sheet.write(row, 2, value or None, page.look(bg_color=INPUT, num_format="@", locked=False, indent=1, **line))
    if name != "task":
        sheet.write_string(row, 3, setting["example"], page.look(italic=True, font_color="#4B5563", indent=1))
    rule: dict[str, object] = {"validate": "any"}
    if "list" in setting:
        # A code typed by hand is as good as a line of the list: it is not refused here.
        rule = {"validate": "list", "source": f"=ds_{setting['list']}", "show_error": name == "task"}
    prompt = {"input_title": setting["label"], "input_message": setting["prompt"]}
    refused = {"error_title": setting["label"], "error_message": "Hãy chọn một việc trong danh sách của ô này."}
    sheet.data_validation(row, 2, row, 2, {**rule, **prompt, **(refused if name == "task" else {})})
    page.row += 1
