"""The control workbook: the officer's settings come in, a workbook with a button and the two files it needs go out.

The VBA project is the one of xlwings' own standalone quickstart workbook (BSD part), taken from the installed package,
so that macro and package are always of one version. Its macro ``SampleCall`` imports the module that has the
workbook's name from the workbook's folder and calls ``main()``: hence the names of the three files.
"""

from __future__ import annotations

import io
import sys
import zipfile
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from cchc_xl.extras.button_task import WORDS
from cchc_xl.extras.excel_button import CONTROL_SHEET, NOTICE, TITLE
from cchc_xl.office.excel.book import FONT, INK, INPUT, LINE, Book
from cchc_xl.office.excel.bounds import STAMP_SHEET

if TYPE_CHECKING:
    from pathlib import Path

NAME = "tong_hop"
MACRO = "SampleCall"
CONFIG_SHEET = "xlwings.conf"
DEFAULT_OUT = "ket-qua"

_DEEP, _CALM = "#1F4E78", "#EAF1F8"


def write_control_workbook(
    folder: Path, *, plan: str = "", shared: str = "", period: str = "", out: str = ""
) -> tuple[Path, ...]:
    """Write ``tong_hop.xlsm`` with its button, ``tong_hop.py`` and ``tong_hop.bat`` into the folder.

    The texts fill the four setting cells; paths may be relative to the folder. Without ``out`` the results are to go to
    ``ket-qua`` beside the workbook. Raises ``FileExistsError`` with a Vietnamese sentence, before anything is written,
    where the workbook exists or one of the other two holds something else, and ``OSError`` where the folder cannot be
    written.
    """
    workbook, module, batch = (folder / f"{NAME}{ending}" for ending in (".xlsm", ".py", ".bat"))
    texts = {module: WORDS["beside"]["py"].encode(), batch: _batch().replace("\n", "\r\n").encode()}
    if workbook.exists():
        raise FileExistsError(
            f"Đã có {workbook}, trong đó có thể có các ô đã điền: hãy dùng tiếp tệp ấy, hoặc chuyển nó đi rồi làm lại."
        )
    for path, content in texts.items():
        if path.exists() and path.read_bytes() != content:
            raise FileExistsError(f"Đã có {path} với nội dung khác: hãy chuyển tệp ấy đi rồi làm lại.")
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in texts.items():
        path.write_bytes(content)
    _write_workbook(workbook, (plan, shared, period, out or DEFAULT_OUT))
    return workbook, module, batch


def vba_project() -> bytes:
    """The VBA project of xlwings' standalone quickstart workbook."""
    source = files("xlwings").joinpath("quickstart_standalone.xlsm").read_bytes()
    with zipfile.ZipFile(io.BytesIO(source)) as package:
        return package.read("xl/vbaProject.bin")


def _batch() -> str:
    run = "set CCHC_RUN=py -3"
    if sys.platform == "win32":
        # The Python that wrote this file has the library; on another computer it may stand elsewhere.
        own = sys.executable.replace("%", "%%")
        run = f'set CCHC_RUN="{own}"\nif not exist %CCHC_RUN% {run}'
    return str(WORDS["beside"]["bat"]).format(run=run, name=NAME)


def _write_workbook(path: Path, values: tuple[str, ...]) -> None:
    with Book(path, TITLE) as book:
        book.workbook.add_vba_project(io.BytesIO(vba_project()), True)
        # The project has modules for a workbook and two sheets under these code names; Excel looks for them.
        book.workbook.set_vba_name("ThisWorkbook")
        book.workbook.set_properties({"title": TITLE, "comments": "Sổ điều khiển của cchc_xl"})
        control = book.sheet(CONTROL_SHEET, (2, 25, 62, 34))
        control.set_vba_name("Sheet1")
        _fill_control(book, control, values)
        config = book.sheet(CONFIG_SHEET, (24, 60), portrait=True)
        config.set_vba_name("Sheet2")
        _fill_pairs(book, config, _configuration())
        # So that a control workbook kept among the units' files is known as ours, not rejected as an unknown form.
        _fill_pairs(book, book.sheet(STAMP_SHEET, (24, 60), portrait=True), {"kind": "control"})
        control.activate()


def _configuration() -> dict[str, str]:
    # Read by the macro, by key. Off Windows the interpreter's path would mean nothing to Excel.
    own = {"win32": "Interpreter_Win", "darwin": "Interpreter_Mac"}.get(sys.platform)
    return {**({own: sys.executable} if own else {"Interpreter_Win": "python"}), "Show Console": "False"}


def _fill_pairs(book: Book, sheet: Any, pairs: dict[str, str]) -> None:
    for row, pair in enumerate(pairs.items()):
        for column, text in enumerate(pair):
            book.write(sheet, row, column, text, "plain")
    sheet.hide()


def _fill_control(book: Book, sheet: Any, values: tuple[str, ...]) -> None:
    base = {"font_name": FONT, "font_size": 12, "font_color": INK, "valign": "vcenter", "text_wrap": True}

    def look(**changes: object) -> Any:
        return book.workbook.add_format({**base, **changes})

    line = {"border": 1, "border_color": LINE}
    title = look(bold=True, font_size=17, font_color="#FFFFFF", bg_color=_DEEP, text_wrap=False, indent=1)
    subtitle = look(bg_color=_CALM, font_color=_DEEP, text_wrap=False, indent=1)
    section = look(bold=True, font_size=13, font_color=_DEEP, bottom=2, bottom_color=_DEEP, text_wrap=False)
    label, hint = look(bold=True, bg_color=_CALM, indent=1, **line), look(italic=True, font_color="#4B5563", indent=1)
    field = look(bg_color=INPUT, num_format="@", locked=False, indent=1, **line)

    def band(row: int, text: str, form: Any, height: float) -> None:
        sheet.set_row(row, height)
        sheet.write_string(row, 1, text, form)
        for column in (2, 3):  # blank, not an empty text: Excel lets no text run over a cell that holds one
            sheet.write_blank(row, column, None, form)

    band(1, "TỔNG HỢP VÀ CHẤM ĐIỂM", title, 34)
    band(2, "Sổ điều khiển: điền bốn ô, bấm một nút.", subtitle, 22)
    band(4, "Thiết lập", section, 22)
    for row, (setting, value) in enumerate(zip(WORDS["settings"], values, strict=True), start=5):
        sheet.set_row(row, 30)
        sheet.write_string(row, 1, setting["label"], label)
        sheet.write(row, 2, value or None, field)
        sheet.write_string(row, 3, setting["example"], hint)
        prompt = {"input_title": setting["label"], "input_message": setting["prompt"]}
        sheet.data_validation(row, 2, row, 2, {"validate": "any", **prompt})
    sheet.set_row(10, 40)
    button = {"macro": MACRO, "caption": TITLE, "width": 300, "height": 44, "x_offset": 0, "y_offset": 4}
    sheet.insert_button(10, 2, {**button, "description": f"Chạy: {TITLE}"})
    sheet.set_row(12, 64)
    sheet.write_string(12, 1, NOTICE, label)
    sheet.merge_range(12, 2, 12, 3, "", look(valign="top", indent=1, num_format="@", locked=False, **line))
    row = 14
    for heading, kind in (("Các bước", "steps"), ("Cần biết", "notes")):
        band(row, heading, section, 22)
        for count, text in enumerate(WORDS[kind], start=1):
            sheet.set_row(row + count, 24)
            said = f"{f'{count}.' if kind == 'steps' else '–'}  {text.format(title=TITLE, name=NAME)}"
            sheet.merge_range(row + count, 1, row + count, 3, said, look(indent=1))
        row += len(WORDS[kind]) + 2
    sheet.print_area(0, 0, row - 2, 3)
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()
    sheet.set_zoom(110)
    sheet.set_selection(5, 2, 5, 2)
    # Without a password: it only keeps the labels, by which the settings are found, from being typed over.
    sheet.protect()
