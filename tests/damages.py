"""What may happen to a unit's workbook (design §8), as a table: each damage changes a sound form, and its codes name it.

A damage finds its cells by heading and code, so that it can follow another one. ``stage`` says when it strikes: first
values are typed, then codes and texts spoiled, then rows and columns moved, then sheets and stamps changed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from tests.test_read import _encrypted as encrypted
from tests.test_read import _packed as packed
from tests.test_read import _parts as parts
from tests.test_read import _prefixed as prefixed
from tests.test_read import _strict as strict

Change = Callable[[Workbook], None]
Rewrite = Callable[[bytes], bytes]
VALUES, TEXTS, ROWS, SHEETS, LAST = range(5)
FIGURES, APPENDIX, TASKS = "Số liệu", "Phụ lục", "Nhiệm vụ"


class DoesNotApplyError(Exception):
    """The workbook no longer has what the damage would strike."""


@dataclass(frozen=True)
class Damage:
    """``codes`` are the findings that name it; none where it must change nothing. ``place`` it strikes alone.

    ``told`` says that it is always named, even where it changes no value.
    """

    name: str
    change: Change
    codes: tuple[str, ...] = ()
    stage: int = VALUES
    place: str = ""
    told: bool = True
    rewrite: Rewrite | None = None


def sheet(book: Workbook, name: str) -> Worksheet:
    heading = {FIGURES: "Giá trị", APPENDIX: "Mức đạt", TASKS: "Hạn hoàn thành"}[name]
    for found in book.worksheets:
        # The cells as they are kept: asking for rows would make a cell for every place.
        for (row, column), cell in found._cells.items():
            if row <= 25 and column <= 14 and str(cell.value).strip() == heading:
                return found
    raise DoesNotApplyError(name)


def place(book: Workbook, name: str, code: str, heading: str) -> Cell:
    """The cell of this code under this heading."""
    found = sheet(book, name)
    code_heading = {FIGURES: "Mã", APPENDIX: "TT"}[name]
    for row in found.iter_rows(max_row=25, max_col=14):
        texts = {str(cell.value).strip(): cell.column for cell in row if cell.value is not None}
        if code_heading in texts and heading in texts:
            for number in range(row[0].row + 1, found.max_row + 1):
                if str(found.cell(number, texts[code_heading]).value).strip() == code:
                    return found.cell(number, texts[heading])
    raise DoesNotApplyError(f"{code} {heading}")


def heading_row(found: Worksheet) -> int:
    for row in found.iter_rows(max_row=25, max_col=14):
        if {"Giá trị", "Mức đạt", "Hạn hoàn thành"} & {str(cell.value).strip() for cell in row}:
            return row[0].row
    raise DoesNotApplyError("headings")


def typed(code: str, value: Any, number_format: str | None = None, *, text: bool = False) -> Change:
    """Types a value of a figure."""

    def change(book: Workbook) -> None:
        cell = place(book, FIGURES, code, "Giá trị")
        cell.value = value
        if text:
            cell.data_type = "s"
        if number_format:
            cell.number_format = number_format

    return change


def level(code: str, value: Any, heading: str = "Mức đạt") -> Change:
    def change(book: Workbook) -> None:
        place(book, APPENDIX, code, heading).value = value

    return change


def figure(name: str, code: str, value: Any, *codes: str, number_format: str | None = None) -> Damage:
    return Damage(f"{code}: {name}", typed(code, value, number_format), codes, VALUES, code)


def error_value(code: str, text: str) -> Change:
    def change(book: Workbook) -> None:
        cell = place(book, FIGURES, code, "Giá trị")
        cell.value = text
        cell.data_type = "e"

    return change


# --- values typed in other ways: VP's figures are HSO_TONG 1480 and HSO_DUNG 30, LD has one of each kind ---

VALUE_DAMAGES = (
    figure("dot groups thousands", "HSO_TONG", "1.480"),
    figure("space groups thousands", "HSO_TONG", "1 480"),
    figure("hard space groups thousands", "HSO_TONG", "1\u00a0480"),
    figure("number as text", "HSO_TONG", "1480"),
    figure("leading zeros", "HSO_TONG", "01480"),
    figure("unit word behind", "HSO_TONG", "1.480 hồ sơ"),
    figure("spaces around", "HSO_TONG", "  1480 \u00a0"),
    figure("full-width digits", "HSO_TONG", "１４８０"),
    figure("comma in a whole number", "HSO_TONG", "1,480", "D105"),
    figure("a fraction", "HSO_TONG", 1480.5, "D105"),
    figure("negative", "HSO_TONG", -1480, "D105"),
    figure("a percent sign", "HSO_TONG", "1480%", "D104"),
    figure("a percent format", "HSO_TONG", 14.8, "D104", number_format="0%"),
    figure("words", "HSO_TONG", "một nghìn bốn trăm tám mươi", "D101", "D108"),
    figure("thousand as a word", "HSO_TONG", "1,48 nghìn", "D105", "D108"),
    figure("two numbers", "HSO_TONG", "1480 (kỳ trước 1300)", "D107"),
    figure("a sum as text", "HSO_TONG", "1463 + 17", "D107", "D101"),
    figure("a date", "HSO_TONG", date(2021, 3, 14), "D109"),
    figure("true", "HSO_TONG", True, "D101"),
    figure("blank", "HSO_TONG", None, "D103"),
    figure("spaces only", "HSO_TONG", "   ", "D103"),
    figure("a dash", "HSO_TONG", "-", "D101", "D107"),
    figure("x", "HSO_TONG", "x", "D101"),
    figure("a formula never calculated", "HSO_TONG", "=1463+17", "D115"),
    Damage("HSO_TONG: #REF!", error_value("HSO_TONG", "#REF!"), ("D114",), VALUES, "HSO_TONG"),
    Damage("HSO_TONG: #N/A as text", typed("HSO_TONG", "#N/A", text=True), ("D101",), VALUES, "HSO_TONG"),
    Damage("HSO_TONG: formula as text", typed("HSO_TONG", "=1463+17", text=True), ("D101", "D107"), VALUES, "HSO_TONG"),
    figure("too large to be meant", "HSO_TONG", 1e300, "D101", "D105"),
    figure("broken cross-check", "HSO_DUNG", 9999, "C101"),
    figure("dots and dong", "SO_TIEN", "640.905.000 đồng"),
    figure("money with a comma", "SO_TIEN", "640,905,000", "D105"),
    figure("money in millions", "SO_TIEN", "640,905 triệu", "D105", "D108"),
    figure("percent as a share of one", "TY_LE", 0.825, number_format="0.0%"),
    figure("percent as text", "TY_LE", "82,5%"),
    figure("percent with a space", "TY_LE", "82,5 %"),
    figure("percent with a point", "TY_LE", "82.5"),
    figure("decimal with a comma", "THAP_PHAN", "1,5"),
    figure("decimal with a point", "THAP_PHAN", "1.5"),
    figure("ambiguous decimal", "THAP_PHAN", "1.480", "D106"),
    figure("a date's serial in a decimal", "THAP_PHAN", datetime(2021, 3, 5), "D109"),
    figure("day as Excel's date", "NGAY_BH", date(2020, 12, 31)),
    figure("day with dashes", "NGAY_BH", "31-12-2020"),
    figure("day with dots", "NGAY_BH", "31.12.2020"),
    figure("month first", "NGAY_BH", "12/31/2020", "D113"),
    figure("day without a year", "NGAY_BH", "31/12", "D113"),
    figure("a day that is none", "NGAY_BH", "31/02/2021", "D113"),
    figure("a serial in a date", "NGAY_BH", 44196, "D113", number_format="0"),
    Damage("1.1: no such level", level("1.1", "Rất tốt"), ("D112",), VALUES, "1.1"),
    Damage("1.1: level in capitals", level("1.1", "ĐẠT"), (), VALUES, "1.1"),
    Damage("1.1: level with spaces", level("1.1", "  đạt "), (), VALUES, "1.1"),
    Damage("1.1: level with eth for đ", level("1.1", "Ðạt"), (), VALUES, "1.1"),
    Damage("1.1: level blank", level("1.1", None), ("D111",), VALUES, "1.1"),
    Damage("1.1: level ticked", level("1.1", "x"), ("D112",), VALUES, "1.1"),
    Damage("1.1: level as a formula", level("1.1", "=A1"), ("D115",), VALUES, "1.1"),
    Damage("1.2: self-score as text", level("1.2", "1,5", "Điểm tự chấm"), (), VALUES, "1.2"),
    Damage("1.2: self-score a percentage", level("1.2", "75%", "Điểm tự chấm"), ("D104",), VALUES, "1.2"),
    Damage("1.2: self-score in words", level("1.2", "đạt điểm tối đa", "Điểm tự chấm"), ("D101",), VALUES, "1.2"),
)

# --- what a cell shows is not what it stores: the kinds of public reports ---

STRUCK, RAISED = InlineFont(strike=True), InlineFont(vertAlign="superscript")
EVIDENCE = "Tài liệu kiểm chứng"


def struck(code: str) -> Change:
    """The value stays, and is struck out."""

    def change(book: Workbook) -> None:
        place(book, FIGURES, code, "Giá trị").font = Font(strike=True)

    return change


def in_font(row_code: str, value: str, font: str) -> Change:
    def change(book: Workbook) -> None:
        cell = place(book, APPENDIX, row_code, "Mức đạt")
        cell.value, cell.font = value, Font(name=font)

    return change


_FORMULA = re.compile(rb"<c ([^>]*)><f>1463\+17</f><v ?/?>(?:</v>)?</c>")


def stored(result: bytes, calculation: bytes = b"", attributes: bytes = b"") -> Rewrite:
    """The formula 1463+17 with this stored result; ``calculation`` is what the workbook says of its formulas."""

    def rewrite(data: bytes) -> bytes:
        made = parts(data)
        for name, part in made.items():
            if name.startswith("xl/worksheets/sheet"):
                made[name] = _FORMULA.sub(
                    lambda found: b"<c %b%b><f>1463+17</f>%b</c>" % (found[1], attributes, result), part
                )
            elif name == "xl/workbook.xml" and calculation:
                made[name] = re.sub(rb"<calcPr[^>]*/>", calculation, part)
        return packed(made)

    return rewrite


def formula(name: str, rewrite: Rewrite, *codes: str) -> Damage:
    return Damage(f"HSO_TONG: {name}", typed("HSO_TONG", "=1463+17"), codes, VALUES, "HSO_TONG", rewrite=rewrite)


def in_cdata(data: bytes) -> bytes:
    made = parts(data)
    for name in made:
        if name.startswith("xl/worksheets/sheet"):
            made[name] = made[name].replace(b"<v>1480</v>", b"<v><![CDATA[1480]]></v>")
    return packed(made)


ON_LOAD, BY_HAND = b'<calcPr calcId="1" fullCalcOnLoad="1"/>', b'<calcPr calcMode="manual" calcCompleted="0"/>'
SHOWN_DAMAGES = (
    figure("struck out before it", "HSO_TONG", CellRichText(TextBlock(STRUCK, "12 "), "1480"), "D210"),
    figure("struck out behind it", "HSO_TONG", CellRichText("1480", TextBlock(STRUCK, " 1300")), "D210"),
    figure("a raised footnote", "HSO_TONG", CellRichText("1480", TextBlock(RAISED, "1")), "D210"),
    Damage("HSO_TONG: struck out whole", struck("HSO_TONG"), ("D103",), VALUES, "HSO_TONG"),
    figure("shown in thousands", "HSO_TONG", 1.48, "D108", number_format='0.00" nghìn"'),
    figure("shown as thousands by a comma", "HSO_TONG", 1480, "D108", number_format="#,##0,"),
    figure("three digits that are none", "HSO_TONG", 1480, "D108", number_format='#,##0".000"'),
    figure("shown in millions of dong", "SO_TIEN", 640.905, "D108", number_format='#,##0.000" triệu đồng"'),
    figure("shown with its unit", "HSO_TONG", 1480, number_format='#,##0" hồ sơ"'),
    formula("0 that was never calculated", stored(b"<v>0</v>", ON_LOAD), "D115"),
    formula("calculated on load all the same", stored(b"<v>1480</v>", ON_LOAD)),
    formula("a stale sum, calculated by hand", stored(b"<v>1300</v>", BY_HAND), "D211"),
    formula("a formula that shows nothing", stored(b"<v></v>", attributes=b' t="str"'), "D103"),
    formula("a picture in the cell", stored(b"<v>#VALUE!</v>", attributes=b' t="e" vm="1"'), "D127", "D114"),
    Damage("HSO_TONG: in CDATA", typed("HSO_TONG", 1480), (), VALUES, "HSO_TONG", rewrite=in_cdata),
    figure("a hidden space between digits", "HSO_TONG", "1\u200b480", "D125"),
    figure("marks of direction around", "HSO_TONG", "\u202a1480\u202c"),
    figure("a byte order mark before", "HSO_TONG", "\ufeff1480"),
    figure("an escaped carriage return", "HSO_TONG", "1480_x000D_"),
    figure("the letter O for a zero", "HSO_TONG", "148O", "D101", "D107"),
    figure("the letter l for a one", "HSO_TONG", "l480", "D101", "D107"),
    figure("thousand without marks", "HSO_TONG", "1,48 ngan", "D105", "D108"),
    figure("a scale word of the market", "HSO_TONG", "1480 ty", "D108"),
    figure("an unknown word behind", "HSO_TONG", "1480 tram", "D108", "D101"),
    figure("money in ty", "SO_TIEN", "0,640905 ty dong", "D105", "D108"),
    figure("money in TCVN3 words", "SO_TIEN", "641 triÖu ®ång", "D108", "D101"),
    figure("a bare share", "TY_LE", 0.825, "D213"),
    figure("a bare share as text", "TY_LE", "0,825", "D213"),
    figure("a percentage in a percent format", "TY_LE", 82.5, "D212", number_format="0.00%"),
    figure("a day struck out", "NGAY_BH", CellRichText(TextBlock(STRUCK, "30/11/2020 "), "31/12/2020"), "D210"),
    figure("marks of direction around a day", "NGAY_BH", "\u200e31/\u200e12/\u200e2020"),
    figure("an error in a text", "GHI_CHU", "#N/A", "D114"),
    Damage("1.1: struck out before the level", level("1.1", CellRichText(TextBlock(STRUCK, "Chưa đạt "), "Đạt")), ("D210",), VALUES, "1.1"),
    Damage("1.1: a direction mark in the level", level("1.1", "Đạt\u200e"), (), VALUES, "1.1"),
    Damage("1.1: level in Unicode under an old font", in_font("1.1", "Đạt", ".VnTime"), (), VALUES, "1.1"),
    Damage("1.1: evidence in error", level("1.1", "#N/A", EVIDENCE), ("D114",), VALUES, "1.1"),
    Damage("1.1: evidence is false", level("1.1", False, EVIDENCE), ("D126",), VALUES, "1.1"),
    Damage("1.1: evidence nobody calculated", level("1.1", '="Báo cáo số "&12', EVIDENCE), ("D115",), VALUES, "1.1"),
    Damage("1.2: self-score with its maximum", level("1.2", "1,5/2", "Điểm tự chấm"), (), VALUES, "1.2"),
    Damage("1.2: self-score with another maximum", level("1.2", "1,5/3", "Điểm tự chấm"), ("D215",), VALUES, "1.2"),
)  # fmt: skip

# --- codes and texts ---


def code(old: str, value: Any, number_format: str = "General", *, name: str = APPENDIX, text: bool = False) -> Change:
    def change(book: Workbook) -> None:
        cell = place(book, name, old, {APPENDIX: "TT", FIGURES: "Mã"}[name])
        cell.value, cell.number_format = value, number_format
        if text:
            cell.data_type = "s"

    return change


def renamed_row(old: str, text: str | None) -> Change:
    def change(book: Workbook) -> None:
        place(book, APPENDIX, old, "NỘI DUNG").value = text

    return change


def both(*changes: Change) -> Change:
    def change(book: Workbook) -> None:
        for one in changes:
            one(book)

    return change


def every_text(rewrite: Callable[[str], str]) -> Change:
    def change(book: Workbook) -> None:
        for found in book.worksheets:
            if found.title != "_cchc":
                for row in found.iter_rows():
                    for cell in row:
                        if cell.data_type == "s" and isinstance(cell.value, str):
                            cell.value = rewrite(cell.value)
                            cell.data_type = "s"

    return change


_TCVN3 = dict(zip("ạậđảấêôơưíịểủĐ", "¹Ë®¶Êª«¬\u00adÝÞÓñ§", strict=True))
_VNI = {"ạ": "aï", "ậ": "aä", "đ": "ñ", "ả": "aû", "Đ": "Ñ", "ấ": "aá", "ủ": "uû"}


def legacy(row_code: str, heading: str, table: dict[str, str], font: str) -> Change:
    """Retypes a cell of the appendix in a legacy font."""

    def change(book: Workbook) -> None:
        cell = place(book, APPENDIX, row_code, heading)
        cell.value = "".join(table.get(letter, letter) for letter in str(cell.value))
        cell.font = Font(name=font)

    return change


def legacy_run(book: Workbook) -> None:
    """One word of the level in a legacy font, the rest in the cell's."""
    cell = place(book, APPENDIX, "1.10", "Mức đạt")
    if str(cell.value) != "Đủ":
        raise DoesNotApplyError("level")
    cell.value = CellRichText(TextBlock(InlineFont(rFont=".VnTime"), "§ñ"))


TEXT_DAMAGES = (
    Damage("code 1.10 as the number 1.1", code("1.10", 1.1), ("T304",), TEXTS, "1.10"),
    Damage("code 1.10 as 1.1 shown as 1.10", code("1.10", 1.1, "0.00"), ("T304",), TEXTS, "1.10"),
    Damage("code 1.10 as 1.1 shown as 1.10, without a name", both(renamed_row("1.10", None), code("1.10", 1.1, "0.00")), ("T304",), TEXTS, "1.10"),
    Damage("code 1.10 as a date", code("1.10", date(2021, 10, 1), "d-mmm"), ("T304",), TEXTS, "1.10"),
    Damage("code 1.10 as a number, name changed", both(renamed_row("1.10", "Gửi báo cáo"), code("1.10", 1.1)), ("D117", "D110"), TEXTS, "1.10"),
    Damage("code 1.10 typed as the text 1.1", code("1.10", "1.1", text=True), ("D202", "D116", "D110"), TEXTS, "1.10"),
    Damage("code 1.10 gone", code("1.10", None), ("T303",), TEXTS, "1.10"),
    Damage("code 1.10 unknown", code("1.10", "9.9", text=True), ("T304",), TEXTS, "1.10"),
    Damage("code 1.10 with spaces", code("1.10", " 1.10 ", text=True), (), TEXTS, "1.10"),
    Damage("code 1.10 with a final dot", code("1.10", "1.10.", text=True), (), TEXTS, "1.10"),
    Damage("code 1.10 in brackets", code("1.10", "(1.10)", text=True), (), TEXTS, "1.10"),
    Damage("code 1.10 with a comma", code("1.10", "1,10", text=True), (), TEXTS, "1.10"),
    Damage("code 1.10 with its label", code("1.10", "Tiêu chí 1.10", text=True), (), TEXTS, "1.10"),
    Damage("code 1.10 with a direction mark", code("1.10", "\u200e1.10", text=True), (), TEXTS, "1.10"),
    Damage("figure's code with a hidden character", code("HSO_TONG", "HSO_\u2060TONG", name=FIGURES, text=True), (), TEXTS, "HSO_TONG"),
    Damage("figure's code and a carriage return", code("HSO_TONG", "HSO_TONG_x000D_", name=FIGURES, text=True), (), TEXTS, "HSO_TONG"),
    Damage("oi for every ư (ƣ)", every_text(lambda text: text.replace("ư", "ƣ").replace("Ư", "Ƣ")), (), TEXTS, "texts"),
    Damage("direction marks in every text", every_text(lambda text: f"\u202a{text}\u202c"), (), TEXTS, "texts"),
    Damage("name changed, code kept", renamed_row("1.10", "Gửi báo cáo quý"), (), TEXTS, "1.10"),
    Damage("figure's code in small letters", code("HSO_TONG", "hso_tong", name=FIGURES, text=True), (), TEXTS, "HSO_TONG"),
    Damage("figure's code unknown", code("HSO_TONG", "HSO_TONGG", name=FIGURES, text=True), ("T304", "D102"), TEXTS, "HSO_TONG"),
    Damage("all text decomposed (NFD)", every_text(lambda text: unicodedata.normalize("NFD", text)), (), TEXTS, "texts"),
    Damage("eth for every Đ", every_text(lambda text: text.replace("Đ", "Ð").replace("đ", "ð")), (), TEXTS, "texts"),
    Damage("hard spaces for spaces", every_text(lambda text: text.replace(" ", "\u00a0")), (), TEXTS, "texts"),
    Damage("zero-width spaces in words", every_text(lambda text: text.replace("ố", "ố\u200b")), (), TEXTS, "texts"),
    Damage("en dashes for hyphens", every_text(lambda text: text.replace("-", "–") if "/" in text else text), (), TEXTS, "texts"),
    Damage("level in a TCVN3 font", legacy("1.1", "Mức đạt", _TCVN3, ".VnTime"), (), TEXTS, "1.1"),
    Damage("level in a VNI font", legacy("1.1", "Mức đạt", _VNI, "VNI-Times"), (), TEXTS, "1.1"),
    Damage("level's one run in a TCVN3 font", legacy_run, (), TEXTS, "1.10"),
    Damage("level in TCVN3 codes but a Unicode font", legacy("1.1", "Mức đạt", _TCVN3, "Times New Roman"), ("D112", "D111"), TEXTS, "1.1"),
)  # fmt: skip

# --- rows and columns ---


def inserted_columns(book: Workbook) -> None:
    for name in (APPENDIX, FIGURES, TASKS):
        sheet(book, name).insert_cols(1, 2)


def swapped_columns(book: Workbook) -> None:
    found = sheet(book, FIGURES)
    for row in found.iter_rows(min_row=heading_row(found)):
        first, second = row[0], row[3]
        kinds = second.data_type, first.data_type
        first.value, second.value = second.value, first.value
        for cell, kind in zip((first, second), kinds, strict=True):
            if kind == "s":  # a text that begins like a formula stays text
                cell.data_type = "s"
        first._style, second._style = second._style, first._style


def inserted_rows(book: Workbook) -> None:
    for name in (APPENDIX, FIGURES, TASKS):
        found = sheet(book, name)
        found.insert_rows(heading_row(found) + 2)
        found.insert_rows(1, 3)


def deleted_titles(book: Workbook) -> None:
    for name in (APPENDIX, FIGURES, TASKS):
        found = sheet(book, name)
        found.delete_rows(1, heading_row(found) - 1)


def two_heading_rows(book: Workbook) -> None:
    found = sheet(book, FIGURES)
    number = heading_row(found)
    found.insert_rows(number + 1)
    cell = next(cell for cell in found[number] if cell.value == "Giá trị")
    cell.value = "Giá"
    found.cell(number + 1, cell.column).value = "trị"


def repeated_headings(book: Workbook) -> None:
    found = sheet(book, FIGURES)
    number = heading_row(found)
    found.insert_rows(number + 2)
    for cell in found[number]:
        found.cell(number + 2, cell.column).value = cell.value


def hidden_rows(book: Workbook) -> None:
    found = sheet(book, FIGURES)
    for number in range(heading_row(found) + 1, found.max_row + 1):
        found.row_dimensions[number].hidden = True


def hidden_column(book: Workbook) -> None:
    cell = (
        place(book, FIGURES, "HSO_TONG", "Giá trị")
        if has(book, "HSO_TONG")
        else place(book, FIGURES, "SO_TIEN", "Giá trị")
    )
    sheet(book, FIGURES).column_dimensions[cell.column_letter].hidden = True


def has(book: Workbook, figure_code: str) -> bool:
    try:
        place(book, FIGURES, figure_code, "Mã")
    except DoesNotApplyError:
        return False
    return True


def reversed_rows(book: Workbook) -> None:
    found = sheet(book, FIGURES)
    first = heading_row(found) + 1
    rows = [
        [(cell.value, cell.number_format, cell.data_type) for cell in row] for row in found.iter_rows(min_row=first)
    ]
    for row, values in zip(found.iter_rows(min_row=first), reversed(rows), strict=True):
        for cell, (value, number_format, kind) in zip(row, values, strict=True):
            cell.value, cell.number_format = value, number_format
            if kind == "s":
                cell.data_type = "s"


def signatures(book: Workbook) -> None:
    for name in (APPENDIX, FIGURES):
        found = sheet(book, name)
        found.cell(found.max_row + 3, 2).value = "Người lập biểu"
        found.cell(found.max_row + 1, 4).value = "TRƯỞNG PHÒNG"


def total_row(book: Workbook) -> None:
    found = sheet(book, FIGURES)
    cell = next(cell for cell in found[heading_row(found)] if cell.value == "Giá trị")
    found.cell(found.max_row + 1, cell.column).value = 999_999
    found.cell(found.max_row, 2 if cell.column != 2 else 1).value = "Tổng cộng"


def second_table(book: Workbook) -> None:
    """Last period's table below, with other columns."""
    found = sheet(book, FIGURES)
    number = found.max_row + 3
    for column, text in enumerate(("Giá trị", "Tên số liệu", "Mã"), start=1):
        found.cell(number, column).value = text
    for column, value in enumerate((7, "Hồ sơ", "HSO_TONG"), start=1):
        found.cell(number + 1, column).value = value


def second_value_column(book: Workbook) -> None:
    found = sheet(book, FIGURES)
    cell = next(cell for cell in found[heading_row(found)] if cell.value == "Giá trị")
    column, number = cell.column, cell.row
    found.insert_cols(column)
    found.cell(number, column).value = "Giá trị"
    found.cell(number + 1, column).value = 999


def value_heading(text: str) -> Change:
    def change(book: Workbook) -> None:
        found = sheet(book, FIGURES)
        next(cell for cell in found[heading_row(found)] if cell.value == "Giá trị").value = text

    return change


def deleted_rows(name: str, *codes: str) -> Change:
    def change(book: Workbook) -> None:
        found = sheet(book, name)
        for one in codes:
            found.delete_rows(place(book, name, one, {FIGURES: "Mã", APPENDIX: "TT"}[name]).row)

    return change


def row_twice(value: Any) -> Change:
    def change(book: Workbook) -> None:
        found = sheet(book, FIGURES)
        cell = place(book, FIGURES, "HSO_TONG", "Giá trị")
        marks = place(book, FIGURES, "HSO_TONG", "Mã")
        number = found.max_row + 1
        found.cell(number, marks.column).value = "HSO_TONG"
        found.cell(number, cell.column).value = value

    return change


def merged_values(book: Workbook) -> None:
    """Two values under one merged cell: only the first keeps one."""
    first = place(book, FIGURES, "HSO_DUNG", "Giá trị")
    second = place(book, FIGURES, "HSO_TONG", "Giá trị")
    if second.row != first.row + 1:
        raise DoesNotApplyError("rows")
    sheet(book, FIGURES).merge_cells(
        start_row=first.row, end_row=second.row, start_column=first.column, end_column=first.column
    )


def far_cell(book: Workbook) -> None:
    sheet(book, FIGURES).cell(1_048_576, 16_384).value = 1


def filtered(book: Workbook) -> None:
    found = sheet(book, FIGURES)
    found.auto_filter.ref = f"A{heading_row(found)}:E{found.max_row}"
    found.row_dimensions[heading_row(found) + 2].hidden = True


ROW_DAMAGES = (
    Damage("columns inserted", inserted_columns, (), ROWS, "columns"),
    Damage("columns swapped", swapped_columns, (), ROWS, "columns"),
    Damage("rows inserted", inserted_rows, (), ROWS, "rows"),
    Damage("title lines deleted", deleted_titles, (), ROWS, "titles"),
    Damage("headings over two rows", two_heading_rows, (), ROWS, "headings"),
    Damage("headings repeated", repeated_headings, (), ROWS, "headings"),
    Damage("rows hidden", hidden_rows, (), ROWS, "hidden"),
    Damage("column hidden", hidden_column, (), ROWS, "hidden"),
    Damage("filter set", filtered, (), ROWS, "hidden"),
    Damage("rows reversed", reversed_rows, (), ROWS, "order"),
    Damage("signature lines", signatures, (), ROWS, "below"),
    Damage("a total below", total_row, (), ROWS, "below"),
    Damage("another table below", second_table, (), ROWS, "below"),
    Damage("a second value column", second_value_column, ("D122", "D120"), ROWS, "columns"),
    Damage("value heading renamed", value_heading("Số kỳ này"), ("D120", "F201"), ROWS, "headings"),
    Damage("value heading that nobody knows", value_heading("Trị số"), ("D120", "F201"), ROWS, "headings"),
    Damage("a figure's row deleted", deleted_rows(FIGURES, "HSO_TONG"), ("D102",), ROWS, "HSO_TONG row"),
    Damage("a criterion's row deleted", deleted_rows(APPENDIX, "1.10"), ("D110",), ROWS, "1.10 row"),
    Damage("figure twice, the same", row_twice(1480), ("D116",), ROWS, "HSO_TONG row", told=False),
    Damage("figure twice, differing", row_twice(1481), ("D116",), ROWS, "HSO_TONG row"),
    Damage("two values merged", merged_values, ("D103",), ROWS, "HSO_TONG row"),
    Damage("a far cell", far_cell, (), LAST, "far"),
)

# --- sheets and stamps ---


def renamed_sheets(book: Workbook) -> None:
    for number, name in enumerate((APPENDIX, FIGURES, TASKS)):
        sheet(book, name).title = f"Sheet{number}"


def reordered_sheets(book: Workbook) -> None:
    book._sheets.reverse()


def copied_sheet(book: Workbook) -> None:
    copy = book.copy_worksheet(sheet(book, FIGURES))
    copy.title = "Số liệu (2)"
    for row in copy.iter_rows():
        for cell in row:
            if cell.value == 1480:
                cell.value = 7


def same_name(name: str, *, hidden: bool = False) -> Change:
    """Another sheet before the real one whose name differs by what nobody sees, with another figure."""

    def change(book: Workbook) -> None:
        if sheet(book, FIGURES).title != FIGURES:
            raise DoesNotApplyError("name")
        copied_sheet(book)
        copy = book.worksheets[-1]
        copy.title = name
        copy.sheet_state = "hidden" if hidden else "visible"
        book.move_sheet(copy, -len(book.sheetnames))
        book.active = 1

    return change


def two_unnamed_sheets(book: Workbook) -> None:
    copied_sheet(book)
    sheet(book, FIGURES).title = "Sheet9"


def deleted_sheet(name: str) -> Change:
    def change(book: Workbook) -> None:
        del book[sheet(book, name).title]

    return change


def stamped(name: str, value: str) -> Change:
    def change(book: Workbook) -> None:
        if "_cchc" not in book.sheetnames:
            raise DoesNotApplyError("stamp")
        for row in book["_cchc"].iter_rows(max_col=2):
            if row[0].value == name:
                row[1].value = value

    return change


def without_stamp(book: Workbook) -> None:
    if "_cchc" not in book.sheetnames:
        raise DoesNotApplyError("stamp")
    del book["_cchc"]


def other_heading(text: str, line: str) -> Change:
    def change(book: Workbook) -> None:
        for found in book.worksheets:
            for row in found.iter_rows(max_row=10, max_col=3):
                for cell in row:
                    if str(cell.value).startswith(line):
                        cell.value = text
                        return
        raise DoesNotApplyError(line)

    return change


def emptied(book: Workbook) -> None:
    """The form as issued: nothing typed."""
    for name, headings in (
        (FIGURES, {"Giá trị"}),
        (APPENDIX, {"Mức đạt", "Điểm tự chấm", "Kết quả thực hiện", "Tài liệu kiểm chứng"}),
    ):
        found = sheet(book, name)
        number = heading_row(found)
        for cell in found[number]:
            if cell.value in headings:
                for row in range(number + 1, found.max_row + 1):
                    target = found.cell(row, cell.column)
                    if type(target).__name__ != "MergedCell":
                        target.value = None
    found = sheet(book, TASKS)
    for row in found.iter_rows(min_row=heading_row(found) + 1):
        for cell in row:
            if type(cell).__name__ != "MergedCell":
                cell.value = None


SHEET_DAMAGES = (
    Damage("sheets renamed", renamed_sheets, (), SHEETS, "names"),
    Damage("sheets in another order", reordered_sheets, (), SHEETS, "order of sheets"),
    Damage("an old copy of the sheet beside it", copied_sheet, ("D208", "D123"), SHEETS, "copies"),
    Damage("two copies, neither named as in the form", two_unnamed_sheets, ("D123",), SHEETS, "copies"),
    Damage("a sheet of the same name but for a space", same_name(f"{FIGURES} "), ("D123", "D208"), SHEETS, "copies"),
    Damage("a hidden sheet of the same name", same_name(f"{FIGURES} ", hidden=True), ("D123", "D208"), SHEETS, "copies"),
    Damage("a sheet of the same name in NFD", same_name(unicodedata.normalize("NFD", FIGURES)), ("D123", "D208"), SHEETS, "copies"),
    Damage("sheet of figures deleted", deleted_sheet(FIGURES), ("D120", "F201"), SHEETS, "copies", told=False),
    Damage("appendix deleted", deleted_sheet(APPENDIX), ("D120", "F201"), SHEETS, "deleted", told=False),
    Damage("stamp gone", without_stamp, ("U202", "F201"), SHEETS, "stamp"),
    Damage("last period's stamp", stamped("period", "2021-N"), ("U103",), SHEETS, "stamp"),
    Damage("another agency's stamp", stamped("agency", "Sở Khác"), ("U104",), SHEETS, "stamp"),
    Damage("an unknown unit's stamp", stamped("unit", "XX"), ("U102",), SHEETS, "stamp"),
    Damage("form of another plan", stamped("plan", "0" * 16), ("U203",), SHEETS, "stamp"),
    Damage("another unit's name above", other_heading("Đơn vị: Phòng Người có công", "Đơn vị"), ("U106", "U102", "D102"), SHEETS, "unit line"),
    Damage("the whole agency's name above", other_heading("Đơn vị: Sở Thử nghiệm", "Đơn vị"), ("U105",), SHEETS, "unit line"),
    Damage("another period above", other_heading("Kỳ báo cáo: Quý III năm 2021", "Kỳ báo cáo"), ("U106", "U103"), SHEETS, "period line"),
    Damage("nothing typed", emptied, ("F202",), SHEETS, "copies"),
)  # fmt: skip

# --- the file itself ---


def unchanged(_: Workbook) -> None:
    """What strikes the bytes leaves the workbook as it is."""


def in_every_sheet(change: Rewrite) -> Rewrite:
    def rewrite(data: bytes) -> bytes:
        changed = {
            name: change(part) if name.startswith("xl/worksheets/sheet") else part for name, part in parts(data).items()
        }
        return packed(changed)

    return rewrite


def file_damage(name: str, rewrite: Rewrite, *codes: str) -> Damage:
    return Damage(name, unchanged, codes, LAST, "file", rewrite=rewrite)


def other_name(data: bytes) -> bytes:
    """The workbook's part by another name, as some programs call it."""
    made = {name.replace("xl/workbook.xml", "xl/workbook22.xml"): part for name, part in parts(data).items()}
    made = {
        name.replace("xl/_rels/workbook.xml.rels", "xl/_rels/workbook22.xml.rels"): part for name, part in made.items()
    }
    for name in ("[Content_Types].xml", "_rels/.rels"):
        made[name] = made[name].replace(b"xl/workbook.xml", b"xl/workbook22.xml")
    return packed(made)


def backslashes(data: bytes) -> bytes:
    return packed({name.replace("/", "\\"): part for name, part in parts(data).items()})


FILE_DAMAGES = (
    file_damage("the workbook's part by another name", other_name),
    file_damage("backslashes in the names of parts", backslashes),
    file_damage("strict OOXML", strict),
    file_damage("a prefix on every tag", in_every_sheet(prefixed)),
    file_damage("Excel's own password", lambda data: encrypted(data, "VelvetSweatshop"), "F307"),
    file_damage("a dimension that is false", in_every_sheet(lambda xml: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:A1"', xml))),
    file_damage("a password", encrypted, "F102"),
    file_damage("cut off", lambda data: data[: len(data) // 2], "F103"),
    file_damage("empty", lambda _: b"", "F104"),
    file_damage("NUL bytes", lambda data: b"\0" * len(data), "F106"),
    file_damage("DOCTYPE", in_every_sheet(lambda xml: xml.replace(b"<worksheet", b"<!DOCTYPE a><worksheet", 1)), "F110"),
    file_damage("macros", lambda data: packed({**parts(data), "xl/vbaProject.bin": b"x"}), "F301"),
)  # fmt: skip

DAMAGES = (*VALUE_DAMAGES, *SHOWN_DAMAGES, *TEXT_DAMAGES, *ROW_DAMAGES, *SHEET_DAMAGES, *FILE_DAMAGES)
