"""The doors of the button: Excel or a control workbook on disk comes in, the task of ``button_task`` is done with it.

Excel (through xlwings) is one way, a control workbook read from disk (the double-click way, ``tong_hop.bat``) is the
other. Nothing here starts or ends an Excel process, and no book or app outlives the call: either would leave an
EXCEL.EXE behind.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cchc_xl.extras.button_task import BookPort, ButtonError, Cell, consolidate_and_score
from cchc_xl.pipeline.unforeseen import code_of, logged
from cchc_xl.text.numbers import number_vi
from cchc_xl.text.printed import cell_format
from cchc_xl.text.words import key

if TYPE_CHECKING:
    import xlwings

CONTROL_SHEET, NOTICE, TITLE = "Điều khiển", "Thông báo", "Tổng hợp và chấm điểm"

Grid = Sequence[Sequence[object]]

_CONTROL_AREA = (40, 8)  # rows and columns in which the settings are looked for
_LONGEST = 8_000  # Excel refuses an array holding a text longer than about this, and nobody reads one in a cell
_LISTED = 20


class XlwingsBook:
    """The workbook in Excel whose button was pressed."""

    def __init__(self, book: xlwings.Book) -> None:
        self._book = book

    @property
    def folder(self) -> Path:
        """Where the workbook is; a book opened from OneDrive or SharePoint may be nowhere on this machine."""
        name = "://"
        with contextlib.suppress(Exception):  # xlwings raises many kinds where it finds no local path
            name = str(self._book.fullname)
        if "://" in name:
            raise ButtonError(
                "Sổ điều khiển đang mở từ OneDrive hoặc SharePoint: hãy chép cả thư mục về ổ đĩa của máy, "
                "hoặc ghi đường dẫn đầy đủ vào các ô."
            )
        return Path(name).parent

    def setting(self, name: str) -> str:
        """The text beside this label on the control sheet."""
        found = self._beside(name)
        return found[2] if found else ""

    def write_table(self, sheet: str, headings: Sequence[str], rows: Sequence[Sequence[Cell]], places: int = 2) -> None:
        """Write a new sheet in one go, texts as texts whatever they begin with."""
        with self._book.app.properties(screen_updating=False):
            # Right after the control sheet: what is written last stands first, and Excel shows it.
            target = self._book.sheets.add(self._free_name(sheet), after=self._control())
            area = target.range((1, 1), (len(rows) + 1, len(headings)))
            # The format must come before the values: Excel decides then what is a formula, a number or a date.
            area.number_format = "@"
            for number, column in enumerate(zip(*rows, strict=True), start=1):
                if any(isinstance(value, Decimal) for value in column):
                    target.range((2, number), (len(rows) + 1, number)).number_format = cell_format(places)
            area.value = [list(headings), *([_stored(value) for value in row] for row in rows)]
            with contextlib.suppress(Exception):  # the result is there, and its looks are not worth an error
                self._dress(target, headings, rows)

    def tell(self, sentence: str) -> None:
        """Show a message box, and leave the sentence on the control sheet for when there is none or it is gone."""
        left = False
        with contextlib.suppress(Exception):
            if place := self._beside(NOTICE):
                told = f"{datetime.now().astimezone():%Hh%M %d/%m/%Y}: {sentence}"
                self._control().range(place[:2]).value = told
                left = True
        try:
            self._book.app.alert(sentence, title=TITLE)
        except Exception as error:
            if not left:
                # The macro shows in its own box what a program that ends this way wrote.
                raise SystemExit(sentence) from error

    def progress(self, sentence: str) -> None:
        """Show it in Excel's status bar."""
        self._book.app.status_bar = sentence

    @contextlib.contextmanager
    def working(self) -> Iterator[None]:
        """Give Excel its status bar and screen back, whatever happens inside."""
        with self._book.app.properties(status_bar="Đang tổng hợp…", screen_updating=True):
            yield

    def _control(self) -> xlwings.Sheet:
        for sheet in self._book.sheets:
            if key(sheet.name) == key(CONTROL_SHEET):
                return sheet
        raise ButtonError(f"Không thấy sheet “{CONTROL_SHEET}”: hãy đặt lại đúng tên này cho sheet có bốn ô thiết lập.")

    def _dress(self, sheet: xlwings.Sheet, headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        last = len(rows) + 1
        for number, column in enumerate(zip(headings, *rows, strict=True), start=1):
            longest = max(len(value) for value in column if isinstance(value, str))
            sheet.range((1, number), (last, number)).column_width = min(max(longest + 2, 12), 60)
        heading = sheet.range((1, 1), (1, len(headings)))
        heading.font.bold = True
        heading.color = (220, 230, 241)
        sheet.range((1, 1), (last, len(headings))).wrap_text = True

    def _beside(self, label: str) -> tuple[int, int, str] | None:
        return _beside(self._control().range((1, 1), _CONTROL_AREA).value, label)

    def _free_name(self, wanted: str) -> str:
        taken = {sheet.name.casefold() for sheet in self._book.sheets}
        names = (wanted if number == 1 else f"{wanted} ({number})" for number in range(1, len(taken) + 2))
        return next(name for name in names if name.casefold() not in taken)


class WorkbookFile:
    """The control workbook on disk: settings are read from it, and everything said is printed.

    The file itself is never written: openpyxl would rewrite the parts around its VBA project.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.absolute()

    @property
    def folder(self) -> Path:
        """Where the workbook is."""
        return self._path.parent

    def setting(self, name: str) -> str:
        """The text beside this label on the control sheet, as last saved."""
        found = _beside(self._rows, name)
        return found[2] if found else ""

    def write_table(self, sheet: str, headings: Sequence[str], rows: Sequence[Sequence[Cell]], places: int = 2) -> None:
        """Print the head of the table: the whole of it is in the output folder."""
        print(f"\n{sheet}: {', '.join(headings)}")
        for row in rows[:_LISTED]:
            shown = (number_vi(value, places) if isinstance(value, Decimal) else value for value in row)
            print("  " + " · ".join(part for part in shown if part))
        if len(rows) > _LISTED:
            print(f"  … và {len(rows) - _LISTED} dòng nữa trong thư mục kết quả.")

    def tell(self, sentence: str) -> None:
        """Print it."""
        print(f"\n{sentence}")

    def progress(self, sentence: str) -> None:
        """Print it at once."""
        print(sentence, flush=True)

    @cached_property
    def _rows(self) -> Grid:
        from cchc_xl.office.excel import Refused, read
        from cchc_xl.unit.folder import source_file

        unread = f"Không đọc được sổ điều khiển {self._path}: kiểm tra tệp còn ở đó và mở được."
        try:
            book = read(source_file(self._path, self._path.parent))
        except (OSError, ValueError) as error:
            raise ButtonError(unread) from error
        if isinstance(book, Refused):
            raise ButtonError(unread)
        for sheet in book.sheets:
            if key(sheet.name) == key(CONTROL_SHEET):
                rows, columns = _CONTROL_AREA
                return tuple(row[:columns] for row in sheet.rows[:rows])
        raise ButtonError(f"Không thấy sheet “{CONTROL_SHEET}” trong {self._path.name}.")


def _beside(rows: Grid, label: str) -> tuple[int, int, str] | None:
    """Row and column (from 1) and text of the cell right of this label: by label, so that rows may be inserted."""
    wanted = key(label)
    for row, cells in enumerate(rows, start=1):
        for column, value in enumerate(cells[:-1], start=1):
            if isinstance(value, str) and key(value) == wanted:
                return row, column + 1, _text(cells[column])
    return None


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def _stored(value: Cell) -> str | float | None:
    if isinstance(value, Decimal):
        return float(value)
    return value and "".join(letter for letter in value[:_LONGEST] if letter >= " " or letter == "\n")


# --- the edge ----------------------------------------------------------------------------------------------------


def main() -> None:
    """The door that the macro opens: everything that goes wrong ends as one sentence, and in the log if unforeseen."""
    try:
        import xlwings

        book = XlwingsBook(xlwings.Book.caller())
    except Exception as error:
        # Without a workbook there is nothing to speak through but the macro's own error box, which shows this text.
        raise SystemExit(unforeseen(error)) from None

    def task() -> None:
        with book.working():
            consolidate_and_score(book)

    attend(book, task)


def attend(book: BookPort, task: Callable[[], None]) -> int:
    """Do the task; tell the officer what prevented it. Returns 0, or 2 where it was not done."""
    try:
        task()
    except ButtonError as error:
        book.tell(str(error))
    except Exception as error:
        book.tell(unforeseen(error))
    else:
        return 0
    return 2


def unforeseen(error: Exception) -> str:
    """Log an error nobody foresaw, and return the sentence that names its code and its log file."""
    path, sentence = logged(error), f"Có lỗi ngoài dự kiến, mã {code_of(error)}."
    if path is None:
        return f"{sentence} Không ghi được nhật ký; hãy chụp màn hình này gửi người phụ trách phần mềm."
    return f"{sentence} Hãy gửi người phụ trách phần mềm và xem nhật ký {path}"


def console(arguments: Sequence[str]) -> int:
    """The double-click way: do the same for the control workbook named, printing instead of using Excel."""
    for stream in (sys.stdout, sys.stderr):
        # A Vietnamese console may be cp1258, which has no letter for most of what is printed here.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    if len(arguments) != 1:
        print("Cách dùng: python -m cchc_xl.extras.excel_button <đường dẫn tới tong_hop.xlsm>")
        return 2
    book = WorkbookFile(Path(arguments[0]))
    return attend(book, lambda: consolidate_and_score(book))


if __name__ == "__main__":
    sys.exit(console(sys.argv[1:]))
