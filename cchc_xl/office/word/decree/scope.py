"""What is no matter of form: a document comes in; what must not leave the office, and why it is not judged, goes out.

Nghị định 30/2020 is about administrative papers of state agencies (Điều 2, 7). Normative acts have the forms of the Law
on promulgation of legal documents (2015) and Nghị định 34/2016, papers of the Party those of Hướng dẫn 36-HD/VPTW
(2018); a private person's request has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cchc_xl.office.word.decree.components import Outline, may_be_title
from cchc_xl.office.word.decree.document import BODY, Document, Paragraph
from cchc_xl.office.word.decree.pieces import Piece, Remark, bare, lettered, pieces
from cchc_xl.office.word.file import WORDS
from cchc_xl.office.word.traces import PLACEHOLDER

_TOP = 30  # lines among which a document says what it is
_NORMATIVE, _PRIVATE = (tuple(WORDS["decree"][name]) for name in ("normative", "private"))
_PARTY = "dang cong san viet nam"
# "Số: 12/2021/QĐ-UBND": only normative acts have their year between number and symbol.
_WITH_YEAR = re.compile(r"Số:?\s*[\d.…_ ]{0,20}/\s*\d{4}\s*/\s*(?:QĐ|NQ|TT|TTLT|NĐ|L|PL|CT)\b")
_LAW, _PARTY_RULES = "văn bản quy phạm pháp luật", "văn bản của Đảng"


def outside_decree(found: Outline) -> str:
    """Why a document is none that the decree is about; '' if it is one."""
    lines = _first_lines(found)
    keys = [piece.key for piece in lines]
    if _PARTY in keys and found.national is None:
        return f"{_PARTY_RULES}: trình bày theo Hướng dẫn 36-HD/VPTW"
    if found.number is not None and _WITH_YEAR.match(found.number.text):
        return f"{_LAW}: có năm ban hành trong số, ký hiệu “{found.number.text}”"
    marked = (piece for piece in lines if piece.is_upper or piece.is_centred or piece.is_bold)
    for piece in (item for item in marked if may_be_title(item, lines, found)):
        if _names(piece, _NORMATIVE) and found.kind is None:
            return f"{_LAW}: “{piece.text}”"
        if (
            _names(piece, _PRIVATE)
            and not piece.key.startswith("don vi")
            and found.kind is None
            and found.number is None
        ):
            return f"giấy tờ của cá nhân: “{piece.text}”"
    return ""


def _names(piece: Piece, kinds: tuple[str, ...]) -> bool:
    """Whether a line is the name of such a kind, with what it is about behind it if in capitals."""
    return piece.key in kinds or (piece.is_upper and piece.key.startswith(tuple(f"{kind} " for kind in kinds)))


def _first_lines(found: Outline) -> list[Piece]:
    paragraphs = (*found.document.first_header, *found.document.paragraphs)
    texts = [paragraph for paragraph in paragraphs[: 4 * _TOP] if paragraph.text.strip()]
    return [piece for paragraph in texts[:_TOP] for piece in pieces(paragraph)]


def is_appendix_alone(found: Outline) -> bool:
    """Whether a file holds the appendix of a document without the document."""
    parts = (found.national, found.motto, found.number, found.kind, found.closing.label)
    first = found.first_appendix
    if first is None or any(parts):
        return False
    texts = (paragraph.number for paragraph in found.document.paragraphs if paragraph.text.strip())
    return next(texts, 0) == first.number


# What is left to be written, as people mark it.
_PLACEHOLDER = re.compile(
    PLACEHOLDER.pattern + r"|\{\{[^{}]{1,200}\}\}|\{%[^{}]{1,200}%\}"
    r"|(?<![\w/])X{3,9}(?![\w/])|(?i:[\[<](?:điền|nhập|ghi|bổ sung|cập nhật)\b[^\]>\n]{0,80}[\]>])"
    r"|(?i:\(điền (?:số|tên|nội|thông|vào|ngày|đầy|tiếp)\b[^)\n]{0,80}\))"
    r"|\?{3,9}|(?<![\w/])[xX]{2}/(?:[xX]{2}|\d{1,2})/\d{4}|\bTBD\b|\bLorem ipsum\b"
    # What programs leave where a value is missing: Excel's errors, Word's lost references, a number that is none.
    r"|#(?:REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|N/A)|Error! (?:Reference source not found|Bookmark not defined)\.?"
    r"|\bNaN\b|\bnan ?%"
)
_DOTS = re.compile(r"…{3,}|…{2}(?=\s\w)|\.{8,}|_{4,}")
_FOR_THE_PEN = re.compile(r"(?:\b(?:số|ngày|tháng|năm|lúc|hồi)\s*+:?|/)\s*+$", re.IGNORECASE)
_ORDINAL = re.compile(r"(?:thứ|khóa|khoá|phần|chương|mục|phụ lục|lần)\s*$", re.IGNORECASE)
_MARKS = {"tracked": "N155", "comment": "N156", "hidden": "N207"}


def check_drafting(document: Document, found: Outline) -> Iterator[Remark]:
    """What belongs to the drafting of a document and must not go out with it."""
    body = {paragraph.number for paragraph in found.body}
    for paragraph in (*document.paragraphs, *document.outside_text, *document.notes):
        for mark, text in paragraph.drafting:
            yield Remark(_MARKS[mark], "", paragraph, text)
        runs = lettered(paragraph.runs)
        for code, marked in (
            ("N208", [run.text for run in runs if run.form.struck]),
            ("N209", [run.text for run in runs if run.form.highlighted]),
        ):
            if marked:
                yield Remark(code, "", paragraph, "".join(marked))
        in_body = paragraph.part == BODY and paragraph.number in body
        for left in dict.fromkeys(_left_open(paragraph, in_body=in_body)):
            yield Remark("N210", f"“{left}”", paragraph)


def _left_open(paragraph: Paragraph, *, in_body: bool) -> Iterator[str]:
    """The places of a paragraph that somebody was to fill in; those for the pen, as "ngày … tháng …", are none."""
    text = paragraph.text
    for match in _PLACEHOLDER.finditer(text):
        before = text[max(0, match.start() - 20) : match.start()]
        if not (match[0] == "XXX" and _ORDINAL.search(before)):
            yield match[0]
    drawn = not text.strip("_ \t")  # a line under a text
    for match in _DOTS.finditer(text) if in_body and not drawn else ():
        before, after = text[max(0, match.start() - 20) : match.start()], text[match.end() :].lstrip()
        if not (_FOR_THE_PEN.search(before) or after.startswith("/") or bare(after[:8]).startswith(("thang", "nam"))):
            yield match[0][:9]
