"""What a cell holds, put back as it stood: openpyxl's copy and the unit's cells come in, the copy goes out.

openpyxl drops the values stored beside formulas and the extensions, rounds the time in a date, turns a date before 1900
into an error, and fixes the height of every row that Excel was to fit. Without the values an untouched copy that comes
back would read as one whose formulas were never calculated.
"""

from __future__ import annotations

import io
import re
import zipfile
from functools import partial
from xml.sax.saxutils import escape

from cchc_xl.feedback.cells import Stored
from cchc_xl.feedback.extensions import with_extensions
from cchc_xl.feedback.inventory import Inventory
from cchc_xl.feedback.package import Package

# As openpyxl writes them.
_CELL = re.compile(
    rb'<c r="([A-Z]{1,3}\d{1,7})"((?: s="\d+")?)(?: t="(?:n|e|b|s|str|d)")?>'
    rb"(?:<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)?(?:<v ?/>|<v>[^<]*</v>)</c>"
)
_ROW = re.compile(rb'<row r="(\d{1,7})"([^>]*?) customHeight="1"')


def restored(copy: bytes, original: Inventory) -> bytes:
    """The copy with the numbers, errors, formulas and results that its cells had, rows that fit, and extensions."""
    changed = {sheet.part: sheet.title for sheet in Package(copy).sheets if sheet.title in original.sheets}
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(copy)) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            part = source.read(item)
            title = changed.get(item.filename)
            if title is not None:
                part = _CELL.sub(partial(_cell, original.sheets[title].cells), part)
                part = _ROW.sub(partial(_row, original.sheets[title].fitted), part)
                part = with_extensions(part, original.sheets[title].extensions)
            target.writestr(item, part)
    return packed.getvalue()


def _cell(cells: dict[str, Stored], match: re.Match[bytes]) -> bytes:
    stored = cells.get(match[1].decode())
    if stored is None:
        return match[0]
    value = f"<v>{escape(stored.value)}</v>" if stored.value or stored.kind == "str" else ""
    kind = f' t="{stored.kind}"' if value and stored.kind != "n" else ""
    return b'<c r="%s"%s%s>%s</c>' % (match[1], match[2], kind.encode(), (stored.formula + value).encode())


def _row(fitted: set[str], match: re.Match[bytes]) -> bytes:
    return b'<row r="%s"%s' % (match[1], match[2]) if match[1].decode() in fitted else match[0]
