"""The marked copy itself: the unit's bytes and the findings come in, a copy that lost nothing goes out."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

from cchc_xl.feedback.inventory import Inventory, inventory
from cchc_xl.feedback.list_sheet import MEND_HERE, ListText, write_list_sheet
from cchc_xl.feedback.loading import as_it_was
from cchc_xl.feedback.losses import lost_between
from cchc_xl.feedback.marking import mark
from cchc_xl.feedback.package import TOO_HEAVY, CannotCopyError
from cchc_xl.feedback.restore import restored
from cchc_xl.feedback.words import NEVER_KEPT, PICTURE
from cchc_xl.office.excel.bounds import STAMP_SHEET
from cchc_xl.office.excel.look import clear
from cchc_xl.office.excel.readers import transitional
from cchc_xl.records import Finding
from cchc_xl.text.catalogue import message

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_FORMATS = {
    "ole": "ở định dạng cũ (.xls)",
    "ods": "ở định dạng OpenDocument (.ods)",
    "xlsb": "ở định dạng nhị phân (.xlsb)",
}
_AS_XLSX = "lưu thành Excel Workbook (.xlsx) thì lần sau có bản đánh dấu"


def marked_copy(data: bytes, findings: tuple[Finding, ...], whose: str, inputs: str) -> bytes:
    """The workbook with its wrong cells marked, its list and its stamp.

    Raises :class:`CannotCopyError` where it would lose something, with what and why; and whatever openpyxl raises.
    """
    _check_openable(data)
    data = transitional(data)
    original = inventory(data)
    if original.unknown_pictures:
        never = dict.fromkeys(words for words, _ in original.facts if words in NEVER_KEPT)
        raise CannotCopyError(_without((PICTURE, *never)))
    made = restored(_marked(data, original, findings, whose, inputs), original)
    lost = lost_between(original, inventory(made))
    if lost:
        raise CannotCopyError(_without(lost))
    return made


def _without(lost: tuple[str, ...]) -> str:
    return f"có nội dung mà bản đánh dấu không giữ được ({'; '.join(lost)})"


def _check_openable(data: bytes) -> None:
    """Raises :class:`CannotCopyError` for what openpyxl does not open, or would take minutes and gigabytes over."""
    cleared = clear(data, "")
    if isinstance(cleared, Finding):
        raise CannotCopyError(message(cleared))
    if cleared.format != "xlsx":
        kind = "được mã hóa" if _ENCRYPTED in data else _FORMATS[cleared.format]
        raise CannotCopyError(f"{kind}: {_AS_XLSX}")
    if cleared.isolated:
        raise CannotCopyError(TOO_HEAVY)


def _marked(data: bytes, original: Inventory, findings: tuple[Finding, ...], whose: str, inputs: str) -> bytes:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl says in English on the error stream what it leaves out
        book = load_workbook(io.BytesIO(data), rich_text=True)
        book.template = False  # the copy is an .xlsx whatever the unit's file was
        as_it_was(book, original)
        mark(book, findings)
        write_list_sheet(book, findings, ListText(whose, MEND_HERE))
        write_stamp(book, {"kind": "feedback", "inputs": inputs})
        packed = io.BytesIO()
        book.save(packed)
    return packed.getvalue()


def write_stamp(book: Workbook, told: dict[str, str]) -> None:
    """Writes our words into the hidden sheet, beside what stands there."""
    if STAMP_SHEET not in book.sheetnames:
        book.create_sheet(STAMP_SHEET).sheet_state = "hidden"
    sheet = book[STAMP_SHEET]
    rows = {str(row[0].value): row[0].row for row in sheet.iter_rows(max_col=1) if row[0].value}
    for name, value in told.items():
        number = rows.get(name) or (max(rows.values(), default=0) + 1)
        rows[name] = number
        sheet.cell(number, 1).value = name
        sheet.cell(number, 2).value = value
