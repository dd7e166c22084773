"""A mark's colour leaves when the cell changes: each condition is judged by LibreOffice over the cell as sent and mended."""

from __future__ import annotations

import zipfile
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from cchc_xl.office.excel.as_sent import as_sent
from tests.office import convert

# What was sent in a cell, and what the clerk types instead.
SENT: dict[str, tuple[Any, Any]] = {
    "words for a number": ("ba mươi", 30),
    "a number as text, typed again as a number": ("1480", 1480),
    "the same words in capitals": ("đạt", "Đạt"),
    "quotes and a comma": ('1,48 "nghìn"', 1480),
    "a blank": (None, 0),
    "spaces only": ("   ", 0),
    "a zero": (0, None),
    "a fraction": (2.5, 3),
    "a float of many digits": (28.999999999999996, 30),
    "a date's serial": (44269, 12),
    "true": (True, 12),
    "false": (False, None),
    "an error": ("#N/A", 12),
    "a text of many lines": ("một\nhai", "ba\nhai"),
    "an escaped sign": ("1480_x000D_", "1490"),
    "a text longer than a formula may quote": ("nhiều " * 100, 12),
    "struck-out letters": (CellRichText(TextBlock(InlineFont(strike=True), "12 "), "480"), 480),
    "signs that XML escapes": ("<12 & 13>", 12),
}


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Any, Any]]:
    """What the condition of each cell says of the cell as sent, and of the mended one."""
    folder = tmp_path_factory.mktemp("gui")
    book = Workbook()
    sheet = book.active
    for row, (sent, mended) in enumerate(SENT.values(), start=1):
        sheet.cell(row, 1).value, sheet.cell(row, 2).value = sent, mended
    book.save(folder / "gui.xlsx")
    with zipfile.ZipFile(folder / "gui.xlsx") as package:
        cells = package.read("xl/worksheets/sheet1.xml").decode()
    addresses = [f"A{row}" for row in range(1, len(SENT) + 1)]
    tests = as_sent(cells, addresses, [])
    for row, address in enumerate(addresses, start=1):
        sheet.cell(row, 3).value = f"={tests[address]}"
        sheet.cell(row, 4).value = f"={tests[address].replace(address, f'B{row}')}"
    book.save(folder / "xet.xlsx")
    made = load_workbook(convert(folder / "xet.xlsx", "xlsx", folder / "lo"), data_only=True).active
    return [(bool(row[2]), bool(row[3])) for row in made.iter_rows(values_only=True)]


@pytest.mark.parametrize(("number", "kind"), list(enumerate(SENT)), ids=list(SENT))
def test_the_colour_stays_until_something_else_is_typed(judged: list[tuple[Any, Any]], number: int, kind: str) -> None:
    assert judged[number] == (True, False), kind


def test_a_cell_is_found_however_the_sheet_is_spelled() -> None:
    """Prefixes, single quotes, attributes in any order; a place that is not told keeps its colour for good."""
    cells = "<x:row><x:c s='1' r='A1' t='str'><x:f>1</x:f><x:v>&lt;5</x:v></x:c><x:c r='B1'/></x:row>"
    assert as_sent(cells, ["A1", "B1"], []) == {"A1": 'AND(ISTEXT(A1),EXACT(A1,"<5"))', "B1": "LEN(B1)=0"}
    assert as_sent('<c r="A1" t="s"><v>1</v></c>', ["A1"], ["", "Tốt"]) == {"A1": 'AND(ISTEXT(A1),EXACT(A1,"Tốt"))'}
    assert as_sent('<c r="A1" t="s"><v>9</v></c>', ["A1"], []) == {"A1": "TRUE"}
    assert as_sent('<c r="A1" t="d"><v>2021-03-05</v></c>', ["A1"], []) == {"A1": "TRUE"}
    assert as_sent('<c r="A1"><f>B1+1</f></c>', ["A1"], []) == {"A1": "LEN(A1)=0"}
