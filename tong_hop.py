"""What the button of ``tong_hop.xlsm`` imports: xlwings' macro calls ``main()`` of the module named like the workbook.

It is installed with the package, so that the workbook alone can be copied. What it says itself has no diacritics: the
macro shows it in a box that reads the letters of another code page.
"""

from __future__ import annotations

import sys
from types import TracebackType

NAME = "tong_hop"


def main() -> None:
    """The button was pressed."""
    try:
        from cchc_xl.extras.excel_button import main as pressed
    except Exception as error:
        raise SystemExit(
            f"Phan mem cchc_xl tren may nay bi thieu tep ({_plain(error)}). "
            "Hay nho nguoi phu trach cong nghe thong tin cai lai."
        ) from None
    pressed()


def listen() -> None:
    """Let a macro that fails before :func:`main` say one readable sentence; a ``sitecustomize`` may call this.

    A workbook that was renamed makes the macro import a module that is not there, or whose name is no name. Nothing is
    done in a Python that no macro has started.
    """
    if "--from_xl=1" in sys.orig_argv and any("prepare_sys_path" in part for part in sys.orig_argv):
        sys.excepthook = _say


def _say(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    book = next((part[5:].strip('"') for part in sys.orig_argv if part.startswith("--wb=")), "")
    if book.casefold() != f"{NAME}.xlsm" and issubclass(kind, (SyntaxError, ImportError, AttributeError)):
        sys.stderr.write(f"So dieu khien dang co ten {_plain(book)}: hay luu lai dung ten {NAME}.xlsm roi bam nut.\n")
        return
    sys.__excepthook__(kind, error, trace)


def _plain(thing: object) -> str:
    import unicodedata

    letters = unicodedata.normalize("NFD", str(thing)).replace("đ", "d").replace("Đ", "D")
    return (
        "".join(letter for letter in letters if not unicodedata.combining(letter)).encode("ascii", "replace").decode()
    )
