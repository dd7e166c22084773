"""The text, its end and its appendices: the components of a document come in, departures go to the remarks.

Captions of tables, notes under them, formulas and contents lists are no text in this sense.
"""

from __future__ import annotations

import re
from itertools import pairwise

from cchc_xl.office.word.decree.components import Outline
from cchc_xl.office.word.decree.document import Document, Paragraph, Run
from cchc_xl.office.word.decree.forms import (
    APPENDIX_NUMBER,
    APPENDIX_TITLE,
    ATTACHED,
    GROUP,
    GROUP_TITLE,
    HEADING,
    KIND,
    PART,
    PART_TITLE,
    RECIPIENT,
    RECIPIENTS_LABEL,
    SIGNER,
    SIGNING_POST,
    SUBHEADING,
    Remarks,
    departures,
    sizes,
)
from cchc_xl.office.word.decree.headings import Closing, Role, roles
from cchc_xl.office.word.decree.pieces import Piece, lettered, whole
from cchc_xl.office.word.fill import width

_SIZE = (13, 14)
_INDENTS = (567, 720)  # 1 cm and 1,27 cm in twentieths of a point
_INDENT_TOLERANCE = 20
_SPACE = 120  # 6 pt
_SINGLE, _LINE_AND_HALF = 240, 360
_LINE_HEIGHT = 1.15  # of Times New Roman, in sizes
_ARTICLE = re.compile(r"\s*Điều\s+\d+")
_END = re.compile(r"\./\.")
_CENTIMETRE = 567
_NEAR = 3  # paragraphs before a note among which its table ends
_CENTRED = frozenset((Role.PART, Role.PART_TITLE, Role.CENTRED))


def check_body(document: Document, found: Outline, remarks: Remarks) -> None:
    """Text and headings, and the end mark "./."."""
    for paragraphs in (found.body, found.annex_body):
        _paragraphs(document, paragraphs, found, remarks)
    _end(found, remarks)


def _paragraphs(document: Document, paragraphs: tuple[Paragraph, ...], found: Outline, remarks: Remarks) -> None:
    """Each paragraph by its role, then the space between those that follow one another."""
    notes = _notes(document, paragraphs)
    told = [
        (paragraph, Role.OTHER if paragraph.number in notes else role)
        for paragraph, role in zip(paragraphs, roles(paragraphs), strict=True)
    ]
    grounds = {paragraph.number for paragraph in found.grounds}
    for paragraph, role in told:
        if role is Role.TEXT and paragraph.number not in grounds:
            _text(document, paragraph, remarks)
        elif role is not Role.OTHER and role is not Role.TEXT:
            sound = _heading(paragraph, role, remarks)
            if role is Role.ARTICLE:
                _layout(document, paragraph, remarks)
                if sound:
                    _article_text(paragraph, remarks)
    texts = [(paragraph, role) for paragraph, role in told if role is not Role.OTHER]
    for (above, role), (below, next_role) in pairwise(texts):
        follows = below.number == above.number + 1 and below.section == above.section
        if follows and role is Role.TEXT and next_role not in _CENTRED:
            _space(above, below, remarks)


def _notes(document: Document, paragraphs: tuple[Paragraph, ...]) -> set[int]:
    """The numbers of small slanted lines under a table, and under other such lines: its notes without "Ghi chú"."""
    notes: set[int] = set()
    for paragraph in paragraphs:
        small = all(run.form.italic and run.form.size < _SIZE[0] for run in lettered(paragraph.runs))
        near = document.paragraphs[max(0, paragraph.number - 1 - _NEAR) : paragraph.number - 1]
        above = next((item for item in reversed(near) if item.cell is not None or item.text.strip()), None)
        if small and above is not None and (above.cell is not None or above.number in notes):
            notes.add(paragraph.number)
    return notes


def _text(document: Document, paragraph: Paragraph, remarks: Remarks) -> None:
    runs = lettered(paragraph.runs)
    wrong = [sizes([run.form.size for run in runs], *_SIZE)]
    wrong += ["in nghiêng"] if all(run.form.italic for run in runs) else []
    wrong += ["in đậm"] if all(run.form.bold for run in runs) else []
    if any(wrong):
        remarks.add("N130", ", ".join(filter(None, wrong)), paragraph)
    _layout(document, paragraph, remarks)


def _article_text(paragraph: Paragraph, remarks: Remarks) -> None:
    """What stands after a sound "Điều 1.": text, or a title that is bold."""
    rest = lettered(paragraph.runs[len(_label(paragraph)) :])
    wrong = sizes([run.form.size for run in rest], *_SIZE)
    if rest and all(run.form.italic for run in rest):
        wrong = ", ".join(filter(None, (wrong, "in nghiêng")))
    if wrong:
        remarks.add("N130", wrong, paragraph)


def _layout(document: Document, paragraph: Paragraph, remarks: Remarks) -> None:
    layout = paragraph.layout
    size = max(run.form.size for run in lettered(paragraph.runs))
    if layout.align != "both" and not _is_one_line(document, paragraph, size):
        aligned = {"left": "căn trái", "right": "căn phải", "center": "căn giữa"}.get(layout.align, "không căn đều")
        remarks.add("N131", aligned, paragraph)
    start = _first_line(document, paragraph)
    if all(abs(start - wanted) > _INDENT_TOLERANCE for wanted in _INDENTS):
        remarks.add("N132", f"dòng đầu lùi {_number(start / _CENTIMETRE)} cm", paragraph)
    lines = _lines(paragraph, size)
    if lines:
        remarks.add("N134", lines, paragraph)


def _is_one_line(document: Document, paragraph: Paragraph, size: float) -> bool:
    """Whether it is so short that nobody sees whether it is justified."""
    section = document.sections[min(paragraph.section, len(document.sections) - 1)]
    room = (section.width - section.left - section.right) / 25.4 * 72 - paragraph.layout.left / 20
    return paragraph.layout.align == "left" and width(paragraph.text, size) < room * 0.85


def _first_line(document: Document, paragraph: Paragraph) -> float:
    """Where the first line begins: at its indent, or at the tab stop that a leading tab leads to."""
    layout = paragraph.layout
    if paragraph.label:
        return layout.left + layout.first
    if paragraph.text.startswith("\t") and abs(layout.first) < _INDENT_TOLERANCE:
        return next((place for place, _ in layout.tabs if place > 0), document.tab_stop)
    return layout.first


def _lines(paragraph: Paragraph, size: float) -> str:
    """What is wrong with the distance of lines, in words."""
    layout = paragraph.layout
    if layout.line_rule == "auto":
        fits = _SINGLE - 1 <= layout.line <= _LINE_AND_HALF + 1
        return "" if fits else f"dãn dòng {_number(layout.line / _SINGLE)} dòng"
    points, single = layout.line / 20, size * _LINE_HEIGHT
    low = single - 0.5 if layout.line_rule == "exact" else 0
    return "" if low <= points <= single * 1.5 + 0.5 else f"dãn dòng {_number(points)} pt"


def _space(above: Paragraph, below: Paragraph, remarks: Remarks) -> None:
    same = above.layout.style == below.layout.style
    after = 0 if above.layout.joins_same_style and same else above.layout.after
    before = 0 if below.layout.joins_same_style and same else below.layout.before
    if after + before < _SPACE - 1:
        remarks.add("N133", f"cách đoạn sau {_number((after + before) / 20)} pt", above)


def _heading(paragraph: Paragraph, role: Role, remarks: Remarks) -> bool:
    """Compares a heading with the form of its role; whether it has that form."""
    piece = whole(paragraph)
    if role is Role.ARTICLE:
        piece = Piece(paragraph, _label(paragraph), alone=True)
    code, form = {
        Role.PART: ("N135", PART),
        Role.PART_TITLE: ("N135", PART_TITLE),
        Role.CENTRED: ("N135", KIND),
        Role.GROUP: ("N138", GROUP),
        Role.GROUP_TITLE: ("N138", GROUP_TITLE),
        Role.ROMAN: ("N136", HEADING),
        Role.NUMBERED: ("N136", HEADING),
        Role.MAYBE: ("N136", SUBHEADING),
        Role.LOWER: ("N136", SUBHEADING),
        Role.ARTICLE: ("N137", HEADING),
        Role.UNNUMBERED: ("N204", HEADING),
    }[role]
    wrong = departures(piece, form)
    if role is Role.PART and not re.search(r"\b[IVXLC]+\b|thứ", paragraph.text):
        wrong = ", ".join(filter(None, (wrong, "không đánh số La Mã")))
    if wrong:
        remarks.add(code, wrong, paragraph)
    if role is Role.MAYBE:
        remarks.add("N206", "", paragraph)
    return not wrong


def _label(paragraph: Paragraph) -> tuple[Run, ...]:
    """The runs with "Điều 1.", which are bold whether or not the article's first words are."""
    match = _ARTICLE.match(paragraph.text)
    rest = match.end() if match else 1
    taken = []
    for run in paragraph.runs:
        if rest > 0:
            taken.append(run)
        rest -= len(run.text)
    return tuple(taken)


def _end(found: Outline, remarks: Remarks) -> None:
    if not found.body:
        return
    last = found.body[-1]
    if not last.text.rstrip().endswith("./."):
        remarks.add("N139", "văn bản không kết thúc bằng “./.”", last)
    for paragraph in found.body:
        extra = len(_END.findall(paragraph.text)) - (1 if paragraph is last else 0)
        if extra > 0:
            remarks.add("N139", "có “./.” khi văn bản chưa kết thúc", paragraph)


def _number(value: float) -> str:
    return f"{round(value, 2) + 0.0:g}".replace(".", ",")


_ACADEMIC = re.compile(
    r"(?:GS|PGS|TSKH|TS|Th\.?\s?S|BS|BSCK\s?I*|KS|CN|DS|LS|NGND|NGƯT|TTND|TTƯT|NSND|NSƯT"
    r"|Giáo sư|Phó giáo sư|Tiến sĩ|Tiến sỹ|Thạc sĩ|Thạc sỹ|Bác sĩ|Bác sỹ|Kỹ sư|Cử nhân|Dược sĩ|Luật sư"
    r"|Nhà giáo (?:nhân dân|ưu tú))(?:[.,\s]|$)",
    re.IGNORECASE,
)
_AUTHORITY = re.compile(r"(TM|KT|TL|TUQ|Q|T/M|K/T|T/L)(?:\b|(?<=/.))(?P<after>\s*+\.?\s*+)(?=\w)")
_DASHED = re.compile(r"[-–]\s*\S")
_KEPT = re.compile(r"luu\b")


def check_closing(found: Outline, remarks: Remarks) -> None:
    """Who signs and who receives."""
    closing = found.closing
    _posts(closing, remarks)
    _signer(closing, remarks)
    if closing.label is None:
        remarks.add("N110", "“Nơi nhận”")
        return
    remarks.compare("N143", closing.label, RECIPIENTS_LABEL)
    if not re.search(r":\s*$", closing.label.text):
        remarks.add("N145", "“Nơi nhận” phải có dấu hai chấm", closing.label.paragraph)
    _recipients(closing, remarks)


def _posts(closing: Closing, remarks: Remarks) -> None:
    if not closing.posts:
        remarks.add("N110", "quyền hạn, chức vụ của người ký")
        return
    for piece in closing.posts:
        remarks.compare("N140", piece, SIGNING_POST)
        match = _AUTHORITY.match(piece.text)
        if match and ("/" in match[1] or match["after"] != ". "):
            wanted = match[1].replace("/", "")
            told = (match[1] + match["after"]).strip()
            remarks.add("N147", f"“{told}” phải viết là “{wanted}.”, sau đó là dấu cách", piece.paragraph)
    authority = _AUTHORITY.match(closing.posts[0].text)
    below = next((piece for piece in closing.posts[1:] if _AUTHORITY.match(piece.text)), None)
    if below is not None and authority is None:
        remarks.add("N154", "quyền hạn đặt dưới chức vụ của người ký", below.paragraph)
    if authority and authority[1] != "Q" and len(closing.posts) == 1:
        remarks.add("N148", "", closing.posts[0].paragraph)


def _signer(closing: Closing, remarks: Remarks) -> None:
    signer = closing.signer
    if signer is None:
        if closing.posts:
            remarks.add("N110", "họ và tên của người ký")
        return
    remarks.compare("N141", signer, SIGNER)
    if is_academic(signer.text):
        remarks.add("N142", "", signer.paragraph)


def _recipients(closing: Closing, remarks: Remarks) -> None:
    items = closing.recipients
    for place, piece in enumerate(items):
        remarks.compare("N144", piece, RECIPIENT)
        last = place == len(items) - 1
        if not _DASHED.match(piece.text) and piece.paragraph.label != "-":
            remarks.add("N145", "không có gạch đầu dòng", piece.paragraph)
        elif not piece.text.endswith("." if last else ";"):
            remarks.add("N145", f"phải kết thúc bằng dấu “{'.' if last else ';'}”", piece.paragraph)
        if last and not _KEPT.match(piece.key):
            remarks.add("N146", "dòng cuối không phải “- Lưu: VT, …”", piece.paragraph)
        elif last and not re.match(r"[-–]?\s*Lưu\s*:\s*VT\b", piece.text):
            remarks.add("N146", "dòng “Lưu” không viết theo dạng “- Lưu: VT, …”", piece.paragraph)
    if not items and closing.label is not None:
        remarks.add("N146", "không ghi nơi nhận nào", closing.label.paragraph)


def is_academic(name: str) -> bool:
    """Whether a name has an academic or honorary title before it or, after a comma, behind it.

    >>> is_academic("ThS. Phạm Việt Công"), is_academic("Phạm Việt Công, TS."), is_academic("Từ Sơn")
    (True, True, False)
    """
    return any(_ACADEMIC.match(part.strip()) for part in name.split(","))


_ROMAN = re.compile(r"[IVXLCDM]+")
_TENS, _ONES = ("", "X", "XX", "XXX"), ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")


def check_appendices(found: Outline, remarks: Remarks) -> None:
    """Number, title and the line that names the document."""
    several = len(found.appendices) > 1
    for place, appendix in enumerate(found.appendices, start=1):
        at = appendix.heading.paragraph
        if appendix.in_one_line:
            remarks.add("N152", "viết cùng dòng với số phụ lục", at)
        else:
            remarks.compare("N150", appendix.heading, APPENDIX_NUMBER)
        wanted = roman(place)
        if several and not appendix.number:
            remarks.add("N151", "không có số thứ tự", at)
        elif several and not _ROMAN.fullmatch(appendix.number):
            remarks.add("N151", f"số thứ tự “{appendix.number}” không phải chữ số La Mã", at)
        elif several and wanted and appendix.number != wanted:
            remarks.add("N151", f"số thứ tự “{appendix.number}” không liên tục, ở đây là phụ lục thứ {place}", at)
        for piece in appendix.title:
            remarks.compare("N152", piece, APPENDIX_TITLE)
        if not appendix.title and not appendix.in_one_line:
            remarks.add("N110", "tên phụ lục", at)
        for piece in appendix.attached:
            remarks.compare("N153", piece, ATTACHED)
        if not appendix.attached:
            remarks.add("N205", "", at)


def roman(number: int) -> str:
    """A number from 1 to 39 in Roman digits; '' for others.

    >>> roman(4), roman(12), roman(40)
    ('IV', 'XII', '')
    """
    return _TENS[number // 10] + _ONES[number % 10] if 0 < number < 40 else ""
