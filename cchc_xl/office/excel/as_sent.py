"""What a cell was sent with, as a condition: a sheet's cells come in, formulas true for what stands there go out.

The formulas are read from the part, not from what our reader makes of it: they must be true in Excel of the very cell
(struck-out letters, hidden characters and all), and cease to be when somebody types something else.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from lxml import etree

from cchc_xl.office.excel.book import units
from cchc_xl.office.excel.cell_notes import told
from cchc_xl.office.excel.parts import Element, local
from cchc_xl.office.excel.readers import ESCAPE

_CELL = re.compile(r"<((?:[\w.-]{1,99}:)?)c\s([^<>]{1,999})>")
_ADDRESS = re.compile(r"(?<![\w:.-])r\s{0,9}=\s{0,9}[\"']([A-Z]{1,3}\d{1,7})[\"']")
_NUMBER = re.compile(r"-?\d{1,400}(?:\.\d{1,400})?(?:[eE][+-]?\d{1,3})?")
_CONTROL = re.compile(r"[\x00-\x1f]")
_MOST = 200  # UTF-16 units of a text in a formula; Excel allows 255


def as_sent(cells: str, wanted: Collection[str], strings: Sequence[str]) -> dict[str, str]:
    """By address, the formula that is true as long as the cell holds what it holds in ``cells`` (a sheet's ``<row>``s).

    ``strings`` are the texts that cells share. A cell that is not there is blank.

    >>> as_sent('<row r="8"><c r="D8"><v>480</v></c></row>', ["D8", "D9"], [])
    {'D8': 'AND(ISNUMBER(D8),D8=480)', 'D9': 'LEN(D9)=0'}
    """
    tests = {address: f"LEN({address})=0" for address in wanted}
    sought = set(wanted)
    for found in _CELL.finditer(cells):
        at = _ADDRESS.search(found[2])
        if at is None or at[1] not in sought or found[2].endswith("/"):
            continue
        sought.remove(at[1])
        end = cells.find(f"</{found[1]}c>", found.end())
        if end < 0:
            break
        cell = _element(f"{cells[found.start() : end]}</{found[1]}c>", found[1].rstrip(":"))
        tests[at[1]] = "TRUE" if cell is None else _test(at[1], cell, strings)
    return tests


def _element(spelled: str, prefix: str) -> Element | None:
    """A cell as an element, whatever prefixes its sheet declares."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, encoding="utf-8")
    declared = f' xmlns:{prefix}="c"' if prefix else ""
    root = etree.fromstring(f"<row{declared}>{spelled}</row>".encode("utf-8", "replace"), parser)
    return next(iter(root), None) if root is not None else None


def _test(at: str, cell: Element, strings: Sequence[str]) -> str:
    value = next((item.text or "" for item in cell if local(item) == "v"), "")
    match cell.get("t", "n"):
        case "s":
            return _text(at, strings[int(value)]) if value.isdecimal() and int(value) < len(strings) else "TRUE"
        case "inlineStr":
            return _text(at, "".join(told(cell)))
        case "str":
            return _text(at, value)
        case "e":
            return f"ISERROR({at})"
        case "b":
            is_true = "TRUE" if value.strip() in ("1", "true") else "FALSE"  # LibreOffice makes numbers of them
            return f"AND(LEN({at})>0,NOT(ISTEXT({at})),{at}={is_true})"
    if not value.strip():
        return f"LEN({at})=0"
    return f"AND(ISNUMBER({at}),{at}={value.strip()})" if _NUMBER.fullmatch(value.strip()) else "TRUE"


def _text(at: str, stored: str) -> str:
    """The condition of a text; of one that is long, or has a control character, what stands before."""
    text = ESCAPE.sub(lambda found: chr(int(found[1], 16)), stored)
    if not text:
        return f"LEN({at})=0"
    before = _CONTROL.split(text, maxsplit=1)[0].encode("utf-16-le", "surrogatepass")
    start = before[: 2 * _MOST].decode("utf-16-le", "ignore")
    quoted = start.replace('"', '""')
    shown = at if start == text else f"LEFT({at},{units(start)})"
    return f'AND(ISTEXT({at}),EXACT({shown},"{quoted}"))'
