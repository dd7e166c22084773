"""An Excel of openpyxl: the control workbook that a test writes is opened, its button pressed as Excel presses it.

The engine of ``xlwings.base_classes`` decides like Excel what a value is, and remembers what it was told.
"""

from __future__ import annotations

import re
from types import SimpleNamespace

import openpyxl
import xlwings as xw
from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils import get_column_letter, range_boundaries
from xlwings import base_classes

from cchc_xl.extras.button_task import LABELS
from cchc_xl.extras.control_workbook import write_control_workbook
from cchc_xl.extras.excel_button import CONTROL_SHEET, main


class FakeFont(base_classes.Font):
    def __init__(self, cells):
        self._cells = cells

    bold = property(lambda _: None, lambda self, value: self._cells.note("bold", value))


class FakeRange(base_classes.Range):
    """A block of openpyxl cells that decides like Excel what a value is: by the format the cell has when it is set."""

    def __init__(self, sheet, first, last):
        self.sheet, self._first, self._last = sheet, first, last

    row = property(lambda self: self._first[0])
    column = property(lambda self: self._first[1])
    shape = property(lambda self: (self._last[0] - self._first[0] + 1, self._last[1] - self._first[1] + 1))
    api = property(lambda self: self._cells)
    font = property(FakeFont)

    @property
    def _cells(self):
        return [
            [self.sheet.sheet.cell(row, column) for column in range(self._first[1], self._last[1] + 1)]
            for row in range(self._first[0], self._last[0] + 1)
        ]

    def __call__(self, row, column):
        cell = (self.row + row - 1, self.column + column - 1)
        return FakeRange(self.sheet, cell, cell)

    @property
    def address(self):
        return f"${get_column_letter(self.column)}${self.row}"

    def note(self, what, value):
        self.sheet.owner.looks.append((what, self.shape, value))

    @property
    def raw_value(self):
        return tuple(tuple(cell.value for cell in row) for row in self._cells)

    @raw_value.setter
    def raw_value(self, value):
        if self.sheet.owner.app.break_at == "write":
            raise OSError("0x800AC472: Excel is busy")
        rows = value if isinstance(value, list | tuple) else [[value]]
        for cells, values in zip(self._cells, rows, strict=True):
            for cell, item in zip(cells, values, strict=True):
                self._set(cell, item)

    @staticmethod
    def _set(cell, value):
        assert isinstance(value, str | float | int), "COM takes no other types"
        if value == "":
            cell.value = None
        elif cell.number_format == "@":
            cell.value = str(value)
            cell.data_type = "s"
        elif isinstance(value, str) and value[:1] in "=+-@" and len(value) > 1:
            cell.value, cell.data_type = f"={value.lstrip('=')}", "f"
        elif isinstance(value, str) and re.fullmatch(r"[\d.,]+", value):
            cell.value = float(value.replace(",", "."))
        else:
            cell.value = value

    def add_hyperlink(self, address, text_to_display, screen_tip):
        (cell,) = self._cells[0]
        cell.hyperlink, cell.value = address, text_to_display
        assert screen_tip.startswith("Mở ")

    number_format = property(lambda self: self._cells[0][0].number_format)
    column_width = property(lambda _: None, lambda self, value: self._widen(value))
    wrap_text = property(lambda _: None, lambda self, value: self._wrap(value))

    def _widen(self, value):
        self.note("column_width", value)
        self.sheet.sheet.column_dimensions[get_column_letter(self.column)].width = value

    def _wrap(self, value):
        self.note("wrap_text", value)
        for row in self._cells:
            for cell in row:
                cell.alignment = Alignment(wrap_text=value, vertical="top")

    color = property(lambda _: None, lambda self, value: self._paint(value))

    def _paint(self, value):
        self.note("color", value)
        for row in self._cells:
            for cell in row:
                cell.fill = PatternFill("solid", fgColor="{:02X}{:02X}{:02X}".format(*value))

    @number_format.setter
    def number_format(self, value):
        for row in self._cells:
            for cell in row:
                cell.number_format = value


class FakeSheet(base_classes.Sheet):
    def __init__(self, book, sheet):
        self.owner, self.sheet = book, sheet

    book = property(lambda self: self.owner)
    name = property(lambda self: self.sheet.title)
    index = property(lambda self: self.owner.workbook.index(self.sheet) + 1)

    def range(self, arg1, arg2=None):
        if isinstance(arg1, str):
            left, top, right, bottom = range_boundaries(arg1)
            return FakeRange(self, (top, left), (bottom, right))
        if isinstance(arg1, base_classes.Range):
            return FakeRange(self, (arg1.row, arg1.column), arg2._last)
        return FakeRange(self, arg1, arg2 or arg1)


class FakeSheets(base_classes.Sheets):
    def __init__(self, book):
        self._book = book

    def __call__(self, name_or_index):
        sheets = list(self)
        return (
            sheets[name_or_index - 1] if isinstance(name_or_index, int) else {s.name: s for s in sheets}[name_or_index]
        )

    def __len__(self):
        return len(self._book.workbook.worksheets)

    def __iter__(self):
        return iter([FakeSheet(self._book, sheet) for sheet in self._book.workbook.worksheets])

    def add(self, _before=None, after=None, name=None):
        assert len(name) <= 31
        sheet = self._book.workbook.create_sheet(name, after.index)
        self._book.workbook.active = sheet
        return FakeSheet(self._book, sheet)


ENGINE = SimpleNamespace(
    name="fake",
    type="desktop",
    prepare_xl_data_element=lambda value, _options: "" if value is None else value,
    clean_value_data=lambda data, *_: [[None if value == "" else value for value in row] for row in data],
)


class FakeApp(base_classes.App):
    engine = ENGINE
    api = None

    def __init__(self):
        self.said, self.bars, self.updating, self.break_at = [], [False], [True], ""
        self.api = SimpleNamespace()  # off Windows there is no box of Excel's

    pid = property(lambda _: 1)

    @property
    def status_bar(self):
        return self.bars[-1]

    @status_bar.setter
    def status_bar(self, value):
        self.bars.append(value)

    @property
    def screen_updating(self):
        return self.updating[-1]

    @screen_updating.setter
    def screen_updating(self, value):
        self.updating.append(value)

    def alert(self, prompt, _title, _buttons, _mode, _callback):
        if self.break_at == "alert":
            raise RuntimeError("no message box")
        self.said.append(prompt)
        return "ok"


class FakeBook(base_classes.Book):
    def __init__(self, path):
        self.workbook, self._path, self._app = openpyxl.load_workbook(path, keep_vba=True), path, FakeApp()
        self.workbook.vba_archive.close()  # nobody saves it, and found open among garbage it is a warning
        self.fullname, self.looks = str(path), []
        self.api = SimpleNamespace(ReadOnly=False, ProtectStructure=False)

    app = property(lambda self: self._app)
    name = property(lambda self: self._path.name)
    fullname = ""
    api = None
    sheets = property(FakeSheets)

    def said(self):
        return self._app.said[-1]

    def result_sheet(self, start):
        return next(sheet for sheet in self.workbook.worksheets if sheet.title.startswith(start))


def called(folder, task="Tổng hợp và chấm điểm", **settings):
    """What Excel holds when the button of a control workbook with these settings is pressed."""
    given = {"plan": "ke-hoach.xlsx", "shared": "don-vi", "period": "2021-Q1"}
    workbook, *_ = write_control_workbook(folder)
    book = FakeBook(workbook)
    for name, text in {**given, **settings, "task": task}.items():
        put(book, name, text)
    xw.Book(impl=book).set_mock_caller()
    return book


def cell_of(book, label):
    cells = (row[2] for row in book.workbook[CONTROL_SHEET].iter_rows() if row[1].value == label)
    return next(cells)


def put(book, name, text):
    """An officer types it, or chooses it."""
    cell_of(book, LABELS[name]).value = text or None


def pressed(book, task, **settings):
    """The button once more, with another task; returns what was said."""
    for name, text in {**settings, "task": task}.items():
        put(book, name, text)
    xw.Book(impl=book).set_mock_caller()
    main()
    return book.said()


def texts(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]
