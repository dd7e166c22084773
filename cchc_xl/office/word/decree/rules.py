"""The rules of the decree as a table: the components of a document come in, how each departs from its rule goes out.

Nothing of the decree is said twice: form, code and wording of a component stand in its row, and ``judged`` applies any
row. ``source`` is where the rule stands in Phụ lục I of Nghị định 30/2020/NĐ-CP, phần I: mục and khoản.

Lengths are in twentieths of a point.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Generic, TypeVar

from cchc_xl.office.word.decree.components import Appendix, Outline
from cchc_xl.office.word.decree.document import BODY, Document, Paragraph
from cchc_xl.office.word.decree.headings import Role
from cchc_xl.office.word.decree.pieces import (
    ABBREVIATIONS,
    AUTHORITIES,
    MOTTO_TEXT,
    NATIONAL_TITLE_TEXT,
    Form,
    Piece,
    Remark,
    compared,
    is_archive,
    pieces,
    quoted,
)
from cchc_xl.office.word.file import MILLIMETRE
from cchc_xl.office.word.widths import width

Owner = TypeVar("Owner")
Wrong = Iterator[tuple[str, str]]


def _always(_: object) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Rule(Generic[Owner]):
    """What the decree says of one component.

    ``of`` names the component's lines in its owner; each is compared with ``form`` under ``code`` and read by
    ``says``: codes of findings and what is wrong in words. ``line`` is the code where no line is drawn under the last
    one. ``missing`` is told where there is none although one is ``needed``; nothing unless the rule ``applies``.
    """

    source: str
    of: str
    code: str = ""
    form: Form | None = None
    says: Callable[[Piece, Owner], Wrong] | None = None
    line: str = ""
    missing: str | None = None
    missing_code: str = "N110"
    needed: Callable[[Owner], object] = _always
    applies: Callable[[Owner], object] = _always


_DASHES = frozenset("_-—–─=*")
_FOLLOWING = 2  # paragraphs after a text among which its line is looked for


def _line_under(document: Document, piece: Piece) -> float | None:
    """The length of the line under a text; 0.0 if it cannot be measured, None if there is no line.

    Word has no line of its own for this, so every way in use counts: a paragraph border, a drawn object, underlined
    letters, a row of dashes.
    """
    own = piece.paragraph
    if own.layout.ruled or any(run.form.underlined for run in piece.runs):
        return 0.0
    every = document.beside(own)
    if any(_is_dashes(line) for line in re.split(r"[\n\t]", own.text)):
        return 0.0
    after = every[own.number : own.number + _FOLLOWING]
    near = [paragraph for paragraph in after if own.cell in {None, paragraph.cell}]
    for paragraph in near:
        if paragraph.layout.ruled and not paragraph.text.strip():
            return max(0.0, _room(document, paragraph) - paragraph.layout.left - paragraph.layout.right)
        if any(_is_dashes(line) for line in re.split(r"[\n\t]", paragraph.text)):
            return 0.0
    # A drawn line is anchored anywhere in the cell, or in the paragraphs around a text outside tables.
    around = every[max(0, own.number - 4) : own.number + 4]
    if own.cell is not None:
        around = tuple(paragraph for paragraph in every if paragraph.cell == own.cell)
    drawn = [length for paragraph in (own, *near, *around) for length in paragraph.drawn]
    if not drawn:
        return None
    return drawn[0] if len(set(drawn)) == 1 and own.cell else 0.0


def _is_dashes(line: str) -> bool:
    letters = "".join(line.split())
    return len(letters) >= 3 and set(letters) <= _DASHES


def _room(document: Document, paragraph: Paragraph) -> float:
    if paragraph.cell is not None:
        return paragraph.cell.width
    section = document.section_of(paragraph)
    return 0.0 if section.columns > 1 else section.room * MILLIMETRE


_OLD_SPELLING = NATIONAL_TITLE_TEXT.replace("HÒA", "HOÀ")
_NUMBER = re.compile(r"Số:\s*+(?P<number>[\d.…_]*+)\s*+(?:/\s*+(?P<year>\d{4}))?\s*+/\s*+(?P<symbol>\S.*)")
_DATE = re.compile(
    r"(?P<place>[^,]+),\s*ngày\s*+(?P<day>[\d.…_]*+)\s*+tháng\s*+(?P<month>[\d.…_]*+)\s*+năm\s*+(?P<year>[\d.…_]*)\.?"
)
_SYMBOL = re.compile(r"[\w&./,-]+")
_OLD_LETTER = "CV"  # what offices put before the agency of a công văn until 2011
_MIXED_CASE = frozenset(short for short in ABBREVIATIONS.values() if short != short.upper())  # TTr
_LEAP_YEAR = 2020
_CLOSE = 0.2  # how far the length of a line may be off before it is told


def _national_title(piece: Piece, _: Outline) -> Wrong:
    """Its spelling, letter by letter."""
    text = piece.text.upper()
    if text == _OLD_SPELLING:
        yield "N302", ""
    elif text != NATIONAL_TITLE_TEXT:
        yield "N112", quoted(piece.text)


def _motto(piece: Piece, found: Outline) -> Wrong:
    """Its spelling, and that the line under it is as long as the text."""
    if piece.text != MOTTO_TEXT:
        yield "N114", quoted(piece.text)
    line = _line_under(found.document, piece)
    if line:
        wanted = width(piece.text, max(run.form.size for run in piece.runs)) * 20
        if abs(line / wanted - 1) > _CLOSE:
            yield "N301", f"dài khoảng {line / wanted:.0%} dòng chữ"


def _number(piece: Piece, found: Outline) -> Wrong:
    """Numbers below 10 with a 0 before them, and a symbol of kind and agency."""
    match = _NUMBER.fullmatch(piece.text)
    if match is None:
        yield "N118", "không viết theo dạng “Số: 15/BC-SLĐTBXH”"
        return
    digits, symbol = match["number"].strip(".…_"), match["symbol"].strip()
    if digits and (len(digits) == 1 or (len(digits) > 2 and digits.startswith("0"))):
        yield "N118", f"số {digits} phải ghi là {int(digits):02d}"
    parts, first = re.split(r"[-&./]", symbol), symbol.split("-")[0].strip()
    kind = found.kind.key if found.kind else ""
    wanted = next((short for name, short in ABBREVIATIONS.items() if kind.startswith(name)), "")
    if not _SYMBOL.fullmatch(symbol) or any(part not in _MIXED_CASE and part != part.upper() for part in parts):
        yield "N118", f"ký hiệu “{symbol}” phải viết hoa, liền, nối bằng dấu gạch nối"
    elif symbol in ABBREVIATIONS.values():
        yield "N118", f"ký hiệu “{symbol}” thiếu chữ viết tắt tên cơ quan"
    elif wanted and first != wanted:
        yield "N119", f"ký hiệu bắt đầu bằng “{first}”, tên loại này viết tắt là “{wanted}”"
    elif found.is_letter and first in {*ABBREVIATIONS.values(), _OLD_LETTER}:
        yield "N119", f"công văn không có chữ viết tắt tên loại, ở đây có “{first}”"


def _date(piece: Piece, found: Outline) -> Wrong:
    """Digits of day and month, which may be left to the pen, and that the date stands beside the number."""
    match = _DATE.fullmatch(piece.text)
    wrong = "không viết theo dạng “Đồng Tháp, ngày 05 tháng 3 năm 2021”"
    if match is not None:
        wrong = ", ".join(_date_mistakes(*(match[name].strip(".…_") for name in ("day", "month", "year"))))
    if wrong:
        yield "N121", wrong
    if found.number is not None and not _side_by_side(found.document, found.number.paragraph, piece.paragraph):
        yield "N122", ""


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
        elif day.isdecimal() and int(day) > monthrange(_LEAP_YEAR, int(month))[1]:
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


def _ground(piece: Piece, found: Outline) -> Wrong:
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
_AUTHORITY = re.compile(rf"({'|'.join(AUTHORITIES)})(?:\b|(?<=/.))(?P<after>\s*+\.?\s*+)(?=\w)")
_DASHED = re.compile(r"[-–]\s*\S")
_ONES = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
_ROMAN = tuple(f"{tens}{ones}" for tens in ("", "X", "XX", "XXX") for ones in _ONES)


def _post(piece: Piece, found: Outline) -> Wrong:
    """How the authority to sign is abbreviated; it stands above the post, and never alone."""
    posts = found.closing.posts
    match = _AUTHORITY.match(piece.text)
    if match and ("/" in match[1] or match["after"] != ". "):
        written = (match[1] + match["after"]).strip()
        yield "N147", f"“{written}” phải viết là “{match[1].replace('/', '')}.”, sau đó là dấu cách"
    if match and match[1] != "Q" and len(posts) == 1:
        yield "N148", ""
    if piece is next((post for post in posts if _AUTHORITY.match(post.text)), posts[0]) and piece is not posts[0]:
        yield "N154", "quyền hạn đặt dưới chức vụ của người ký"


def _signer(piece: Piece, _: Outline) -> Wrong:
    """A name, with no academic or honorary title before it or, after a comma, behind it."""
    if any(_ACADEMIC.match(part.strip()) for part in piece.text.split(",")):
        yield "N142", ""


def _recipients_label(piece: Piece, found: Outline) -> Wrong:
    """A colon, and somebody who receives."""
    if not re.search(r":\s*$", piece.text):
        yield "N145", "“Nơi nhận” phải có dấu hai chấm"
    if not found.closing.recipients:
        yield "N146", "không ghi nơi nhận nào"


def _recipient(piece: Piece, found: Outline) -> Wrong:
    """A dash before each, a semicolon after it; the last is the archive and has a full stop."""
    last = piece is found.closing.recipients[-1]
    end = "." if last else ";"
    if not _DASHED.match(piece.text) and piece.paragraph.layout.label != "-":
        yield "N145", "không có gạch đầu dòng"
    elif not piece.text.endswith(end):
        yield "N145", f"phải kết thúc bằng dấu “{end}”"
    if last and not is_archive(piece.key):
        yield "N146", "dòng cuối không phải “- Lưu: VT, …”"
    elif last and not re.match(r"[-–]?\s*Lưu\s*:\s*VT\b", piece.text):
        yield "N146", "dòng “Lưu” không viết theo dạng “- Lưu: VT, …”"


def _appendix_number(_: Piece, appendix: Appendix) -> Wrong:
    """Roman numbers in order, where there are several appendices; the title stands below."""
    wanted = _ROMAN[appendix.place] if appendix.place < len(_ROMAN) else ""
    if appendix.in_one_line:
        yield "N152", "viết cùng dòng với số phụ lục"
    if not appendix.place:
        return
    if not appendix.number:
        yield "N151", "không có số thứ tự"
    elif not re.fullmatch("[IVXLCDM]+", appendix.number):
        yield "N151", f"số thứ tự “{appendix.number}” không phải chữ số La Mã"
    elif wanted and appendix.number != wanted:
        yield "N151", f"số thứ tự “{appendix.number}” không liên tục, ở đây là phụ lục thứ {appendix.place}"


_LETTERHEAD = Form(12, 13, bold=True, upper=True, centred=True)
_TITLE = Form(13, 14, bold=True, upper=True, centred=True)
_SUBJECT = Form(13, 14, bold=True, upper=False, centred=True)
_ATTACHED = Form(13, 14, bold=False, italic=True, upper=False, centred=True)
_HEADING = Form(13, 14, bold=True)
_DATED = Form(13, 14, bold=False, italic=True, centred=True)

# fmt: off
OPENING: tuple[Rule[Outline], ...] = (
    Rule("II.1", "national", "N111", _LETTERHEAD, _national_title, missing="Quốc hiệu"),
    Rule("II.1", "motto", "N113", Form(13, 14, bold=True, centred=True), _motto, line="N201", missing="Tiêu ngữ"),
    Rule("II.2", "superior", "N115", Form(12, 13, bold=False, upper=True, centred=True)),
    Rule("II.2", "agency", "N116", _LETTERHEAD, line="N202", missing="tên cơ quan, tổ chức ban hành văn bản"),
    Rule("II.3", "number", "N117", Form(13, 13, bold=False, centred=True), _number, missing="số, ký hiệu văn bản"),
    Rule("II.4", "date", "N120", _DATED, _date, missing="địa danh và thời gian ban hành văn bản"),
    Rule("II.5", "kind", "N123", _TITLE, missing="tên loại văn bản", needed=lambda found: not found.is_letter),
    Rule("II.5", "subject", "N124", _SUBJECT, line="N203", applies=lambda found: found.kind,
         missing="trích yếu nội dung văn bản", needed=lambda found: found.kind and len(found.kind.text) < 40),
    Rule("II.5", "reference", "N125", Form(12, 13, bold=False, upper=False, centred=True),
         applies=lambda found: found.is_letter, missing="trích yếu nội dung công văn (“V/v …”)"),
    Rule("II.6", "powers", "N129", _TITLE),
    Rule("II.9", "addressed", "N128", Form(13, 14, bold=False, upper=False), missing="“Kính gửi”",
         needed=lambda found: found.is_letter),
    Rule("II.6", "grounds", "N126", Form(13, 14, bold=False, italic=True, upper=False), _ground),
)
# What a decision issues: "QUY CHẾ", its subject and "(Kèm theo …)".
ANNEX: tuple[Rule[Appendix], ...] = (
    Rule("II.5", "heading", "N123", _TITLE),
    Rule("II.5", "title", "N124", _SUBJECT),
    Rule("III.1", "attached_alone", "N153", _ATTACHED),
)
CLOSING: tuple[Rule[Outline], ...] = (
    Rule("II.7", "closing.posts", "N140", _TITLE, _post, missing="quyền hạn, chức vụ của người ký"),
    Rule("II.7", "closing.signer", "N141", _SUBJECT, _signer, missing="họ và tên của người ký",
         needed=lambda found: found.closing.posts),
    Rule("II.9", "closing.label", "N143", Form(12, 12, bold=True, italic=True, upper=False), _recipients_label,
         missing="“Nơi nhận”"),
    Rule("II.9", "closing.recipients", "N144", Form(11, 11, bold=False), _recipient),
)
APPENDIX: tuple[Rule[Appendix], ...] = (
    Rule("III.1", "heading", "N150", Form(14, 14, bold=True, upper=False, centred=True),
         applies=lambda appendix: not appendix.in_one_line),
    Rule("III.1", "heading", says=_appendix_number),
    Rule("III.1", "title", "N152", _TITLE, missing="tên phụ lục", needed=lambda appendix: not appendix.in_one_line),
    Rule("III.1", "attached_alone", "N153", _ATTACHED),
    Rule("III.1", "attached", missing="", missing_code="N205"),
)
# Headings of the text, II.6: the code of a departure, and the form.
HEADINGS = {
    **dict.fromkeys((Role.PART_TITLE, Role.CENTRED), ("N135", _TITLE)),
    **dict.fromkeys((Role.ROMAN, Role.NUMBERED), ("N136", _HEADING)),
    **dict.fromkeys((Role.MAYBE, Role.LOWER), ("N136", Form(13, 14))),
    Role.PART: ("N135", _SUBJECT),
    Role.GROUP: ("N138", Form(13, 14, bold=True, upper=False)),
    Role.GROUP_TITLE: ("N138", Form(13, 14, bold=True, upper=True)),
    Role.ARTICLE: ("N137", _HEADING),
    Role.UNNUMBERED: ("N204", _HEADING),
}
# Each component after the one that the decree puts before it (I.6 and the sketch of mục IV).
_ABOVE = (
    ("Quốc hiệu", "national", "Tiêu ngữ", "motto"),
    ("Tiêu ngữ", "motto", "địa danh và thời gian", "date"),
    ("Quốc hiệu", "national", "tên loại văn bản", "kind"),
    ("số, ký hiệu", "number", "tên loại văn bản", "kind"),
    ("tên loại văn bản", "kind", "trích yếu", "subject"),
    ("số, ký hiệu", "number", "trích yếu công văn", "reference"),
    ("trích yếu công văn", "reference", "“Kính gửi”", "addressed"),
    ("phần ký và nơi nhận", "closing.start", "phụ lục", "first_appendix"),
)
_LEFT = (
    ("agency", "national", "tên cơ quan đặt bên phải Quốc hiệu"),
    ("number", "date", "số, ký hiệu đặt bên phải địa danh và thời gian"),
    ("closing.label", "closing.posts", "nơi nhận đặt bên phải phần ký"),
)
# fmt: on


def judged(
    rules: Sequence[Rule[Owner]], owner: Owner, document: Document, at: Paragraph | None = None
) -> Iterator[Remark]:
    """How the components of an owner depart from their rules; what is missing is told ``at`` a paragraph."""
    for rule in rules:
        if not rule.applies(owner):
            continue
        lines = _lines(owner, rule.of)
        for piece in lines:
            yield from compared(rule.code, piece, rule.form)
            for code, wrong in rule.says(piece, owner) if rule.says else ():
                yield Remark(code, wrong, piece.paragraph, piece.text)
        if lines and rule.line and _line_under(document, lines[-1]) is None:
            yield Remark(rule.line, "", lines[-1].paragraph)
        if not lines and rule.missing is not None and rule.needed(owner):
            yield Remark(rule.missing_code, rule.missing, at)


def _lines(owner: object, of: str) -> Sequence[Piece]:
    found: Any = attrgetter(of)(owner)
    if found is None:
        return ()
    return (found,) if isinstance(found, Piece) else found


def check_opening(found: Outline) -> Iterator[Remark]:
    """Everything above the text: letterhead, title, addressees and grounds, and the title of an annex."""
    yield from judged(OPENING, found, found.document)
    if found.annex is not None:
        yield from judged(ANNEX, found.annex, found.document)


def check_closing(found: Outline) -> Iterator[Remark]:
    """Who signs and who receives, and the appendices."""
    yield from judged(CLOSING, found, found.document)
    yield from check_appendices(found)


def check_appendices(found: Outline) -> Iterator[Remark]:
    """The heads of the appendices."""
    for appendix in found.appendices:
        yield from judged(APPENDIX, appendix, found.document, appendix.heading.paragraph)


def check_order(found: Outline) -> Iterator[Remark]:
    """The first component that stands above the one it should follow, or else those on the wrong side."""
    for above, first, below, second in _ABOVE:
        one, other = _lines(found, first)[:1], _lines(found, second)[:1]
        if one and other and _place(one[0]) > _place(other[0]):
            yield Remark("N154", f"{below} đặt trước {above}", other[0].paragraph)
            return
    for left, right, wrong in _LEFT:
        one, other = _lines(found, left)[-1:], _lines(found, right)[:1]
        if one and other and _is_right_of(one[0], other[0]):
            yield Remark("N154", wrong, one[0].paragraph)


def _is_right_of(left: Piece, right: Piece) -> bool:
    """Whether the first of two components stands in a later cell of the same row, or further on in the same line."""
    if left.paragraph is right.paragraph:
        return _place(left) > _place(right)
    one, other = left.cell, right.cell
    return one is not None and other is not None and one.row == other.row and one.cell > other.cell


def _place(piece: Piece) -> tuple[bool, int, int]:
    """Whether a piece is in the body, the number of its paragraph, and which of the paragraph's pieces it is."""
    return piece.paragraph.part == BODY, piece.number, [item.text for item in pieces(piece.paragraph)].index(piece.text)
