"""What components must say and what must be drawn under them: a component comes in, what is wrong goes out.

Lengths are in twentieths of a point. Word has no line of its own for this, so every way in use counts: a paragraph
border, a drawn object, underlined letters, a row of dashes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cchc_xl.office.word.decree.components import Appendix, Outline
from cchc_xl.office.word.decree.document import Document, Paragraph
from cchc_xl.office.word.decree.forms import Remark, quoted
from cchc_xl.office.word.decree.pieces import ABBREVIATIONS, MOTTO_TEXT, NATIONAL_TITLE_TEXT, Piece
from cchc_xl.office.word.fill import width

Wrong = Iterator[tuple[str, str]]  # the code of a finding, and what is wrong in words

_DASHES = frozenset("_-—–─=*")
_MILLIMETRE = 1440 / 25.4
_FOLLOWING = 2  # paragraphs after a text among which its line is looked for


def line_under(document: Document, piece: Piece) -> float | None:
    """The length of the line under a text; 0.0 if it cannot be measured, None if there is no line."""
    own = piece.paragraph
    if own.layout.ruled or any(run.form.underlined for run in piece.runs):
        return 0.0
    after = document.paragraphs[own.number : own.number + _FOLLOWING]
    near = [paragraph for paragraph in after if paragraph.cell == own.cell or own.cell is None]
    for paragraph in near:
        if paragraph.layout.ruled and not paragraph.text.strip():
            return max(0.0, _room(document, paragraph) - paragraph.layout.left - paragraph.layout.right)
        if any(_is_dashes(line) for line in re.split(r"[\n\t]", paragraph.text)):
            return 0.0
    # A drawn line is anchored anywhere in the cell, or in the paragraphs around a text outside tables.
    if own.cell is None:
        around = list(document.paragraphs[max(0, own.number - 4) : own.number + 4])
    else:
        around = [paragraph for paragraph in document.paragraphs if paragraph.cell == own.cell]
    drawn = [width for paragraph in (own, *near, *around) for width in paragraph.drawn]
    return drawn[0] if len(set(drawn)) == 1 and own.cell else (0.0 if drawn else None)


def _is_dashes(line: str) -> bool:
    letters = "".join(line.split())
    return len(letters) >= 3 and set(letters) <= _DASHES


def _room(document: Document, paragraph: Paragraph) -> float:
    if paragraph.cell is not None:
        return paragraph.cell.width
    section = document.section_of(paragraph)
    return 0.0 if section.columns > 1 else section.room * _MILLIMETRE


_OLD_SPELLING = NATIONAL_TITLE_TEXT.replace("HÒA", "HOÀ")
_NUMBER = re.compile(r"Số:\s*+(?P<number>[\d.…_]*+)\s*+(?:/\s*+(?P<year>\d{4}))?\s*+/\s*+(?P<symbol>\S.*)")
_DATE = re.compile(
    r"(?P<place>[^,]+),\s*ngày\s*+(?P<day>[\d.…_]*+)\s*+tháng\s*+(?P<month>[\d.…_]*+)\s*+năm\s*+(?P<year>[\d.…_]*)\.?"
)
_SYMBOL = re.compile(r"[\w&./,-]+")
_OLD_LETTER = "CV"  # what offices put before the agency of a công văn until 2011
_MIXED_CASE = frozenset(("TTr", "CTr", "QyĐ"))
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_CLOSE = 0.2  # how far the length of a line may be off before it is told


def national_title(piece: Piece, _: Outline) -> Wrong:
    """Its spelling, letter by letter."""
    text = piece.text.upper()
    if text == _OLD_SPELLING:
        yield "N302", ""
    elif text != NATIONAL_TITLE_TEXT:
        yield "N112", quoted(piece.text)


def motto(piece: Piece, found: Outline) -> Wrong:
    """Its spelling, and that the line under it is as long as the text."""
    if piece.text != MOTTO_TEXT:
        yield "N114", quoted(piece.text)
    line = line_under(found.document, piece)
    if line:
        wanted = width(piece.text, max(run.form.size for run in piece.runs)) * 20
        if abs(line / wanted - 1) > _CLOSE:
            yield "N301", f"dài khoảng {line / wanted:.0%} dòng chữ"


def number(piece: Piece, found: Outline) -> Wrong:
    """Numbers below 10 with a 0 before them, and a symbol of kind and agency."""
    match = _NUMBER.fullmatch(piece.text)
    if match is None:
        yield "N118", "không viết theo dạng “Số: 15/BC-SLĐTBXH”"
        return
    digits = match["number"].strip(".…_")
    if digits and (len(digits) == 1 or (len(digits) > 2 and digits.startswith("0"))):
        yield "N118", f"số {digits} phải ghi là {int(digits):02d}"
    symbol = match["symbol"].strip()
    if not _SYMBOL.fullmatch(symbol) or any(
        part not in _MIXED_CASE and part != part.upper() for part in re.split(r"[-&./]", symbol)
    ):
        yield "N118", f"ký hiệu “{symbol}” phải viết hoa, liền, nối bằng dấu gạch nối"
    elif symbol in ABBREVIATIONS.values():
        yield "N118", f"ký hiệu “{symbol}” thiếu chữ viết tắt tên cơ quan"
    else:
        yield from _abbreviation(found, symbol.split("-")[0].strip())


def _abbreviation(found: Outline, first: str) -> Wrong:
    if found.kind is not None:
        key = found.kind.key
        wanted = next(short for name, short in ABBREVIATIONS.items() if key.startswith(name))
        if wanted and first != wanted:
            yield "N119", f"ký hiệu bắt đầu bằng “{first}”, tên loại này viết tắt là “{wanted}”"
    elif found.is_letter and first in {*ABBREVIATIONS.values(), _OLD_LETTER}:
        yield "N119", f"công văn không có chữ viết tắt tên loại, ở đây có “{first}”"


def date(piece: Piece, found: Outline) -> Wrong:
    """Digits of day and month, and that the date stands beside the number."""
    wrong = date_mistake(piece.text)
    if wrong:
        yield "N121", wrong
    if found.number is not None and not _side_by_side(found.document, found.number.paragraph, piece.paragraph):
        yield "N122", ""


def date_mistake(text: str) -> str:
    """What is wrong with place and date, in NFC; in words, '' if nothing is. Day and month may be left to the pen.

    >>> date_mistake("Đồng Tháp, ngày 05 tháng 3 năm 2021"), date_mistake("Đồng Tháp, ngày    tháng    năm 2021")
    ('', '')
    >>> date_mistake("Đồng Tháp, ngày 5 tháng 03 năm 2021")
    'ngày 5 phải ghi là 05, tháng 03 phải ghi là 3'
    """
    match = _DATE.fullmatch(text)
    if match is None:
        return "không viết theo dạng “Đồng Tháp, ngày 05 tháng 3 năm 2021”"
    return ", ".join(_date_mistakes(*(match[name].strip(".…_") for name in ("day", "month", "year"))))


def _date_mistakes(day: str, month: str, year: str) -> Iterator[str]:
    if day.isdecimal():
        if not 1 <= int(day) <= 31:
            yield f"không có ngày {day}"
        elif day != f"{int(day):02d}":
            yield f"ngày {day} phải ghi là {int(day):02d}"
    if month.isdecimal():
        wanted = f"{int(month):02d}" if int(month) < 3 else str(int(month))
        if not 1 <= int(month) <= 12:
            yield f"không có tháng {month}"
        elif day.isdecimal() and int(day) > _DAYS[int(month) - 1]:
            yield f"tháng {int(month)} không có ngày {int(day)}"
        elif month != wanted:
            yield f"tháng {month} phải ghi là {wanted}"
    if year.isdecimal() and len(year) not in {3, 4}:
        yield f"năm {year} không đủ bốn chữ số"


def _side_by_side(document: Document, one: Paragraph, other: Paragraph) -> bool:
    """Whether two components stand in one row: of a table, of a paragraph, or of columns of a section."""
    if one.number == other.number or one.in_box or other.in_box:
        return True
    if one.cell is not None and other.cell is not None:
        return one.cell.row == other.cell.row
    columns = {document.section_of(item).columns for item in (one, other)}
    return one.cell is None and other.cell is None and columns != {1}


def ground(piece: Piece, found: Outline) -> Wrong:
    """A semicolon after each, a full stop after the last."""
    wanted = "." if piece is found.grounds[-1] else ";"
    if not piece.paragraph.text.rstrip().endswith(wanted):
        yield "N127", f"phải kết thúc bằng dấu “{wanted}”"


_ACADEMIC = re.compile(
    r"(?:GS|PGS|TSKH|TS|Th\.?\s?S|BS|BSCK\s?I*|KS|CN|DS|LS|NGND|NGƯT|TTND|TTƯT|NSND|NSƯT"
    r"|Giáo sư|Phó giáo sư|Tiến sĩ|Tiến sỹ|Thạc sĩ|Thạc sỹ|Bác sĩ|Bác sỹ|Kỹ sư|Cử nhân|Dược sĩ|Luật sư"
    r"|Nhà giáo (?:nhân dân|ưu tú))(?:[.,\s]|$)",
    re.IGNORECASE,
)
_AUTHORITY = re.compile(r"(TM|KT|TL|TUQ|Q|T/M|K/T|T/L)(?:\b|(?<=/.))(?P<after>\s*+\.?\s*+)(?=\w)")
_DASHED = re.compile(r"[-–]\s*\S")
_KEPT = re.compile(r"luu\b")


def post(piece: Piece, _: Outline) -> Wrong:
    """How the authority to sign is abbreviated."""
    match = _AUTHORITY.match(piece.text)
    if match and ("/" in match[1] or match["after"] != ". "):
        written = (match[1] + match["after"]).strip()
        yield "N147", f"“{written}” phải viết là “{match[1].replace('/', '')}.”, sau đó là dấu cách"


def authority(found: Outline) -> Iterator[Remark]:
    """The authority to sign stands above the post, and never alone."""
    first, *others = found.closing.posts
    match = _AUTHORITY.match(first.text)
    below = next((piece for piece in others if _AUTHORITY.match(piece.text)), None)
    if below is not None and match is None:
        yield Remark("N154", "quyền hạn đặt dưới chức vụ của người ký", below.paragraph)
    if match and match[1] != "Q" and not others:
        yield Remark("N148", "", first.paragraph)


def signer(piece: Piece, _: Outline) -> Wrong:
    """A name and nothing else."""
    if is_academic(piece.text):
        yield "N142", ""


def is_academic(name: str) -> bool:
    """Whether a name has an academic or honorary title before it or, after a comma, behind it.

    >>> is_academic("ThS. Phạm Việt Công"), is_academic("Phạm Việt Công, TS."), is_academic("Từ Sơn")
    (True, True, False)
    """
    return any(_ACADEMIC.match(part.strip()) for part in name.split(","))


def recipients_label(piece: Piece, found: Outline) -> Wrong:
    """A colon, and somebody who receives."""
    if not re.search(r":\s*$", piece.text):
        yield "N145", "“Nơi nhận” phải có dấu hai chấm"
    if not found.closing.recipients:
        yield "N146", "không ghi nơi nhận nào"


def recipient(piece: Piece, found: Outline) -> Wrong:
    """A dash before each, a semicolon after it; the last is the archive and has a full stop."""
    last = piece is found.closing.recipients[-1]
    end = "." if last else ";"
    if not _DASHED.match(piece.text) and piece.paragraph.label != "-":
        yield "N145", "không có gạch đầu dòng"
    elif not piece.text.endswith(end):
        yield "N145", f"phải kết thúc bằng dấu “{end}”"
    if last and not _KEPT.match(piece.key):
        yield "N146", "dòng cuối không phải “- Lưu: VT, …”"
    elif last and not re.match(r"[-–]?\s*Lưu\s*:\s*VT\b", piece.text):
        yield "N146", "dòng “Lưu” không viết theo dạng “- Lưu: VT, …”"


_ROMAN = re.compile(r"[IVXLCDM]+")
_TENS, _ONES = ("", "X", "XX", "XXX"), ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")


def appendix_number(_: Piece, appendix: Appendix) -> Wrong:
    """Roman numbers in order, where there are several appendices; the title stands below."""
    wanted = roman(appendix.place)
    if appendix.in_one_line:
        yield "N152", "viết cùng dòng với số phụ lục"
    if not appendix.place:
        return
    if not appendix.number:
        yield "N151", "không có số thứ tự"
    elif not _ROMAN.fullmatch(appendix.number):
        yield "N151", f"số thứ tự “{appendix.number}” không phải chữ số La Mã"
    elif wanted and appendix.number != wanted:
        yield "N151", f"số thứ tự “{appendix.number}” không liên tục, ở đây là phụ lục thứ {appendix.place}"


def roman(number: int) -> str:
    """A number from 1 to 39 in Roman digits; '' for others.

    >>> roman(4), roman(12), roman(40)
    ('IV', 'XII', '')
    """
    return _TENS[number // 10] + _ONES[number % 10] if 0 < number < 40 else ""
