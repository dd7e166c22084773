"""The doors of the control workbook: Excel, or the workbook on disk, comes in; a task of ``control_tasks`` is done.

Excel (through xlwings) is one way, a control workbook read from disk (the double-click way, the ``.bat`` files) is the
other. Nothing here starts or ends an Excel process, and no book or app outlives the call: either would leave an
EXCEL.EXE behind.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from cchc_xl.extras.button_task import MOST_CHOICES, TASK, BookPort, ButtonError, Cell, Link, Table
from cchc_xl.extras.control_tasks import TASKS, perform, task_of
from cchc_xl.pipeline.unforeseen import code_of, log_folder, logged
from cchc_xl.text.days import date_vi
from cchc_xl.text.numbers import number_vi
from cchc_xl.text.printed import cell_format
from cchc_xl.text.words import key, unmarked

if TYPE_CHECKING:
    import xlwings

    from cchc_xl.records import RawForm

CONTROL_SHEET, NOTICE, TITLE = "Điều khiển", "Thông báo", "Sổ điều khiển"
LISTS_SHEET, LOG_SHEET = "Danh mục", "Nhật ký"
LOG_HEADINGS = ("Lúc", "Việc", "Kết quả")
LISTS = ("viec", "ky", "don_vi", "tieu_chi")  # the columns of the sheet of lists, below a heading each

Grid = Sequence[Sequence[object]]

_CONTROL_AREA = (60, 8)  # rows and columns in which the settings are looked for
_LONGEST = 8_000  # Excel refuses an array holding a text longer than about this, and nobody reads one in a cell
_LISTED = 20
_MOST_LINKS = 1_000  # in one sheet: each is a call to Excel
_MOST_LOGGED = 200  # rows of the log
_TONES = {"good": (217, 234, 211), "warning": (255, 243, 205), "error": (248, 215, 218)}
_FILE_BOX, _FOLDER_BOX = 3, 4  # msoFileDialogFilePicker, msoFileDialogFolderPicker
_BUSY = {-2146777998, -2147418111}  # 0x800AC472 and RPC_E_CALL_REJECTED: a cell is being edited, a box is open


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
        if not set(name) & set("/\\"):
            raise ButtonError("Sổ điều khiển chưa được lưu thành tệp: hãy lưu (Ctrl+S) vào một thư mục rồi bấm nút.")
        return Path(name).parent

    def ready(self) -> tuple[str, ...]:
        """What to know beforehand. Raises :class:`ButtonError` where no sheet could be added."""
        if self._is("ProtectStructure"):
            raise ButtonError(
                "Sổ điều khiển bị khóa cấu trúc nên không thêm được sheet kết quả: vào Review › Protect Workbook để bỏ "
                "khóa rồi bấm nút."
            )
        if self._is("ReadOnly"):
            return (
                "Sổ điều khiển đang mở ở chế độ chỉ đọc: các sheet mới sẽ mất khi đóng, muốn giữ thì File › Save As.",
            )
        return ()

    def setting(self, name: str) -> str:
        """The text beside this label on the control sheet."""
        found = self._beside(name)
        return found[2] if found else ""

    def pick(self, name: str, kind: str) -> str:
        """Excel's own box; '' where there is none (not on Windows) or it was closed without a choice."""
        with contextlib.suppress(Exception):
            box = self._book.app.api.FileDialog(_FOLDER_BOX if kind == "folder" else _FILE_BOX)
            box.Title = name
            if box.Show() == -1:
                chosen = str(box.SelectedItems(1))
                if place := self._beside(name):
                    self._control().range(place[:2]).value = chosen
                return chosen
        return ""

    def write_table(self, sheet: str, table: Table) -> None:
        """Write a new sheet in one go, texts as texts whatever they begin with."""
        headings, rows = table.headings, table.rows
        with self._book.app.properties(screen_updating=False):
            # Right after the control sheet: what is written last stands first, and Excel shows it.
            target = self._book.sheets.add(self._free_name(sheet), after=self._control())
            area = target.range((1, 1), (len(rows) + 1, len(headings)))
            # The format must come before the values: Excel decides then what is a formula, a number or a date.
            area.number_format = "@"
            for number, column in enumerate(zip(*rows, strict=True), start=1):
                if any(isinstance(value, Decimal) for value in column):
                    target.range(
                        (2, number), (len(rows) + 1, number)
                    ).number_format = f"{cell_format(table.places)}_)"  # room before the text beside it
            area.value = [list(headings), *([_stored(value) for value in row] for row in rows)]
            with contextlib.suppress(Exception):  # the result is there, and its looks are not worth an error
                self._dress(target, table)

    def offer(self, lists: Mapping[str, Sequence[str]]) -> bool:
        """Write the lists on their hidden sheet; without it the cells are filled in by hand."""
        sheet = self._sheet(LISTS_SHEET)
        if sheet is None:
            return False
        changed = False
        for name, texts in lists.items():
            column = LISTS.index(name) + 1
            before = [_text(value) for value in sheet.range((2, column), (MOST_CHOICES + 1, column)).value]
            wanted = [_stored(text) for text in texts]
            wanted += [""] * (sum(map(bool, before)) - len(wanted))  # where the list was longer
            if wanted != before[: len(wanted)]:
                area = sheet.range((2, column), (len(wanted) + 1, column))
                area.number_format = "@"
                area.value = [[text] for text in wanted]
                changed = True
        return changed

    def log(self, task: str, sentence: str) -> None:
        """Write it on top of the log sheet, which keeps the latest; without that sheet nothing is kept."""
        with contextlib.suppress(Exception):  # the work is done, and told
            sheet = self._sheet(LOG_SHEET)
            if sheet is not None:
                width = len(LOG_HEADINGS)
                before = sheet.range((2, 1), (_MOST_LOGGED, width)).value
                kept = [[_stored(_text(value)) for value in row] for row in before if any(row)]
                area = sheet.range((2, 1), (len(kept) + 2, width))
                area.number_format = "@"
                area.value = [[_moment(), task, _stored(sentence)], *kept]

    def tell(self, sentence: str) -> None:
        """Show a message box, and leave the sentence on the control sheet for when there is none or it is gone."""
        left = False
        with contextlib.suppress(Exception):
            if place := self._beside(NOTICE):
                self._control().range(place[:2]).value = f"{_moment()}: {sentence}"
                left = True
        try:
            self._book.app.alert(sentence, title=TITLE)
        except Exception as error:
            if not left:
                # The macro shows in its own box what a program that ends this way wrote.
                raise SystemExit(plain(sentence)) from error

    def progress(self, sentence: str) -> None:
        """Show it in Excel's status bar."""
        self._book.app.status_bar = sentence

    @contextlib.contextmanager
    def working(self) -> Iterator[None]:
        """Give Excel its status bar and screen back, whatever happens inside."""
        with self._book.app.properties(status_bar="Đang làm…", screen_updating=True):
            yield

    @property
    def path(self) -> str:
        """What tells this workbook from others."""
        with contextlib.suppress(Exception):
            return str(self._book.fullname)
        return ""

    def _is(self, state: str) -> bool:
        with contextlib.suppress(Exception):
            return getattr(self._book.api, state) is True
        return False

    def _control(self) -> xlwings.Sheet:
        sheet = self._sheet(CONTROL_SHEET)
        if sheet is None:
            raise ButtonError(f"Không thấy sheet “{CONTROL_SHEET}”: hãy đặt lại đúng tên này cho sheet có các ô vàng.")
        return sheet

    def _sheet(self, name: str) -> xlwings.Sheet | None:
        return next((sheet for sheet in self._book.sheets if key(sheet.name) == key(name)), None)

    def _dress(self, sheet: xlwings.Sheet, table: Table) -> None:
        headings, rows = table.headings, table.rows
        last = len(rows) + 1
        for number, column in enumerate(zip(headings, *rows, strict=True), start=1):
            longest = max(len(_shown(value)) for value in column)
            sheet.range((1, number), (last, number)).column_width = min(max(longest + 2, 12), 60 if number > 1 else 90)
        heading = sheet.range((1, 1), (1, len(headings)))
        heading.font.bold = True
        heading.color = (220, 230, 241)
        sheet.range((1, 1), (last, len(headings))).wrap_text = True
        row = 2
        for tone, run in groupby(table.tones):
            end = row + len(list(run))
            if tone:
                sheet.range((row, 1), (end - 1, 1)).color = _TONES[tone]
            row = end
        links = [
            ((number, column), value)
            for number, cells in enumerate(rows, start=2)
            for column, value in enumerate(cells, start=1)
            if isinstance(value, Link)
        ]
        for place, value in links[:_MOST_LINKS]:
            sheet.range(place).add_hyperlink(address(value), value.text, f"Mở {value.target.name}")

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

    @property
    def path(self) -> str:
        """What tells this workbook from others."""
        return str(self._path)

    def ready(self) -> tuple[str, ...]:
        """What to know beforehand."""
        if self.open_elsewhere:
            return ("Sổ điều khiển đang mở trong Excel: chỉ các ô đã lưu được đọc.",)
        return ()

    def setting(self, name: str) -> str:
        """The text beside this label on the control sheet, as last saved."""
        found = _beside(self._rows, name)
        return found[2] if found else ""

    def pick(self, name: str, kind: str) -> str:  # noqa: ARG002
        """Nothing: a file or folder is dropped on the ``.bat`` file."""
        return ""

    def write_table(self, sheet: str, table: Table) -> None:
        """Print the head of the table: the whole of it is in the output folder."""
        print(f"\n{sheet}: {', '.join(table.headings)}")
        for row in table.rows[:_LISTED]:
            shown = (number_vi(value, table.places) if isinstance(value, Decimal) else _shown(value) for value in row)
            print("  " + " · ".join(part for part in shown if part))
        if len(table.rows) > _LISTED:
            print(f"  … và {len(table.rows) - _LISTED} dòng nữa.")

    def offer(self, lists: Mapping[str, Sequence[str]]) -> bool:  # noqa: ARG002
        """Nothing: the workbook is never written."""
        return False

    def log(self, task: str, sentence: str) -> None:
        """Nothing: the workbook is never written."""

    def tell(self, sentence: str) -> None:
        """Print it."""
        print(f"\n{sentence}")

    def progress(self, sentence: str) -> None:
        """Print it at once."""
        print(sentence, flush=True)

    @property
    def open_elsewhere(self) -> bool:
        """Whether Excel has it open: it then has a file beside."""
        return self._path.with_name(f"~${self._path.name}").exists()

    @property
    def made(self) -> str:
        """What it was made from, as it says itself; '' of one of an older version."""
        return dict(self._read.stamp).get("made", "")

    @cached_property
    def _read(self) -> RawForm:
        from cchc_xl.office.excel import Refused, read
        from cchc_xl.unit.folder import source_file

        unread = f"Không đọc được sổ điều khiển {self._path}: kiểm tra tệp còn ở đó và mở được."
        try:
            book = read(source_file(self._path, self._path.parent))
        except (OSError, ValueError) as error:
            raise ButtonError(unread) from error
        if isinstance(book, Refused):
            raise ButtonError(unread)
        return book

    @cached_property
    def _rows(self) -> Grid:
        for sheet in self._read.sheets:
            if key(sheet.name) == key(CONTROL_SHEET):
                rows, columns = _CONTROL_AREA
                return tuple(row[:columns] for row in sheet.rows[:rows])
        raise ButtonError(f"Không thấy sheet “{CONTROL_SHEET}” trong {self._path.name}.")


def address(link: Link) -> str:
    """Where a link leads, as Excel reads it: "#" ends a file's name, and "%41" would be a letter of it.

    >>> address(Link("VP", Path("/nop/50% #1.xlsx"), "'Số liệu'!D8"))
    "/nop/50%25 %231.xlsx#'Số liệu'!D8"
    """
    path = str(link.target).replace("%", "%25").replace("#", "%23")
    return f"{path}#{link.place}" if link.place else path


def plain(sentence: str) -> str:
    """A sentence for the macro's own box, which reads the letters of another code page: none beyond ASCII.

    >>> plain("Không thấy sheet “Điều khiển”…")
    'Khong thay sheet "Dieu khien"...'
    """
    for letter, told in (*zip("“”‘’–—›", "\"\"''-->", strict=True), ("…", "...")):
        sentence = sentence.replace(letter, told)
    return unmarked(sentence).encode("ascii", "replace").decode()


def _moment() -> str:
    now = datetime.now().astimezone()
    return f"{now:%Hh%M} {date_vi(now.date())}"


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
    return date_vi(value) if isinstance(value, date) else str(value)


def _shown(value: Cell) -> str:
    return value.text if isinstance(value, Link) else value if isinstance(value, str) else ""


def _stored(value: Cell) -> str | float | None:
    if isinstance(value, Decimal):
        return float(value)
    text = value.text if isinstance(value, Link) else value
    return text and "".join(letter for letter in text[:_LONGEST] if letter >= " " or letter == "\n")


# --- the edge ----------------------------------------------------------------------------------------------------


def main() -> None:
    """The door that the macro opens: everything that goes wrong ends as one sentence, and in the log if unforeseen."""
    try:
        import xlwings

        book = XlwingsBook(xlwings.Book.caller())
    except Exception as error:
        # Without a workbook there is nothing to speak through but the macro's own error box, which shows this text.
        raise SystemExit(plain(unforeseen(error))) from None

    def task() -> None:
        with book.working(), alone(book.path, book.setting(TASK)):
            perform(book, notes=book.ready())

    attend(book, task)


def attend(book: BookPort, task: Callable[[], None]) -> int:
    """Do the task; tell the officer what prevented it. Returns 0, or 2 where it was not done."""
    try:
        task()
    except ButtonError as error:
        book.tell(str(error))
    except Exception as error:
        told = (
            "Excel đang bận nên không nhận lệnh: hãy bấm Enter hoặc Esc để ra khỏi ô đang sửa, đóng các hộp thoại rồi "
            "bấm nút lại."
        )
        if getattr(error, "hresult", None) not in _BUSY:
            told = unforeseen(error)
        book.tell(" ".join((*getattr(error, "__notes__", ()), told)))  # what was done before it stands in the notes
    else:
        return 0
    return 2


@contextlib.contextmanager
def alone(path: str, task: str) -> Iterator[None]:
    """One task at a time of one control workbook, by whichever door. Raises :class:`ButtonError` for the second one.

    The system lets go of the lock when its process ends, however it ends. Where no lock can be kept there is none.
    """
    name = hashlib.sha256(os.path.normcase(path).encode("utf-8", "replace")).hexdigest()[:16]
    with contextlib.ExitStack() as stack:
        try:
            home = log_folder().parent / "dang_lam"
            home.mkdir(parents=True, exist_ok=True)
            stream = stack.enter_context((home / f"{name}.txt").open("a+", encoding="utf-8"))
        except (OSError, RuntimeError):
            yield
            return
        if not _held(stream):
            stream.seek(0)
            told = stream.readline().strip()
            raise ButtonError(f"Sổ điều khiển này đang làm {told or 'một việc'}: hãy chờ xong rồi bấm lại.")
        stream.truncate(0)
        stream.write(f"“{task}” từ {_moment()}")
        stream.flush()
        yield


def _held(stream: IO[Any]) -> bool:
    """Whether this process has the file for itself now."""
    try:
        if sys.platform == "win32":
            import msvcrt

            stream.seek(1 << 20)  # far behind what is told in it, which stays readable
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def unforeseen(error: Exception) -> str:
    """Log an error nobody foresaw, and return the sentence that names its code and its log file."""
    path, sentence = logged(error), f"Có lỗi ngoài dự kiến, mã {code_of(error)}."
    if path is None:
        return f"{sentence} Không ghi được nhật ký; hãy chụp màn hình này gửi người phụ trách phần mềm."
    return f"{sentence} Hãy gửi người phụ trách phần mềm và xem nhật ký {path}"


def console(arguments: Sequence[str]) -> int:
    """The double-click way: do the same for the control workbook named, printing instead of using Excel.

    ``--viec TASK`` comes first where it is not the one chosen on the sheet; what follows the workbook was dropped.
    """
    for stream in (sys.stdout, sys.stderr):
        # A Vietnamese console may be cp1258, which has no letter for most of what is printed here.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    wanted, rest = (
        (arguments[1], arguments[2:]) if arguments[:1] == ["--viec"] and len(arguments) > 1 else ("", arguments)
    )
    if not rest or (wanted and wanted not in {task.file for task in TASKS}):
        print(
            "Cách dùng: python -m cchc_xl.extras.excel_button [--viec VIỆC] <đường dẫn tới tong_hop.xlsm> "
            f"[tệp, thư mục]…\nVIỆC là một trong: {', '.join(task.file for task in TASKS)}"
        )
        return 2
    book = WorkbookFile(Path(rest[0]))

    def task() -> None:
        name = task_of(book, wanted).name
        with alone(book.path, name):
            perform(book, wanted, [str(Path(path).absolute()) for path in rest[1:]], book.ready())

    return attend(book, task)


if __name__ == "__main__":
    sys.exit(console(sys.argv[1:]))
