"""The values stored beside formulas, which openpyxl drops: the copy and the workbooks come in, the copy goes out whole.

Without them an untouched copy that comes back would read as one whose formulas were never calculated.
"""

from __future__ import annotations

import io
import re
import zipfile
from functools import partial
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_FORMULA_CELL = re.compile(rb'<c r="([A-Z]+\d+)"([^>]*)>(<f\b[^>]*>[^<]*</f>|<f\b[^>]*/>)<v ?/?>(?:</v>)?</c>')


def with_values(copy: bytes, book: Workbook, stored: Workbook) -> bytes:
    """The copy with the stored values beside its formulas."""
    if not any(cell.data_type == "f" for sheet in book.worksheets for row in sheet.iter_rows() for cell in row):
        return copy
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(copy)) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            part = source.read(item)
            number = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", item.filename)
            title = book.worksheets[int(number[1]) - 1].title if number else ""
            if title in stored.sheetnames:
                part = _FORMULA_CELL.sub(partial(_with_value, stored[title]), part)
            target.writestr(item, part)
    return packed.getvalue()


def _with_value(sheet: Any, match: re.Match[bytes]) -> bytes:
    from openpyxl.utils.datetime import to_excel

    cell = sheet[match[1].decode()]
    day = cell.data_type == "d"
    value = to_excel(cell.value, sheet.parent.epoch) if day else cell.value  # type: ignore[no-untyped-call]
    if value is None:
        return match[0]
    style = re.sub(rb'\st="[^"]*"', b"", match[2])
    kind = _STORED_KINDS.get(cell.data_type, b"")
    shown = NO_TEXT.sub("", value) if isinstance(value, str) else repr(int(value) if cell.data_type == "b" else value)
    return b'<c r="%s"%s%s>%s<v>%s</v></c>' % (match[1], style, kind, match[3], escape(shown).encode())


_STORED_KINDS = {"s": b' t="str"', "e": b' t="e"', "b": b' t="b"'}
