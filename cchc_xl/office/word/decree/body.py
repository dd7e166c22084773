"""The text of a document: the paragraphs between title and signature come in, how they depart from the decree goes out.

Captions of tables, notes under them, formulas and contents lists are no text in this sense. The numbers are those of
Phụ lục I of Nghị định 30/2020/NĐ-CP, phần I, mục II khoản 6.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from cchc_xl.office.word.decree.components import Outline, Role, roles
from cchc_xl.office.word.decree.document import Document, Paragraph, Run
from cchc_xl.office.word.decree.forms import Remark, amount, compared, sizes
from cchc_xl.office.word.decree.pieces import Piece, lettered
from cchc_xl.office.word.decree.rules import HEADINGS
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
_ALIGNED = {"left": "căn trái", "right": "căn phải", "center": "căn giữa"}


def check_body(found: Outline) -> Iterator[Remark]:
    """Text and headings, and the end mark "./."."""
    for paragraphs in (found.body, found.annex_body):
        yield from _paragraphs(found, paragraphs)
    for paragraph in found.body[-1:]:
        if not paragraph.text.rstrip().endswith("./."):
            yield Remark("N139", "văn bản không kết thúc bằng “./.”", paragraph)
    for paragraph in found.body:
        allowed = 1 if paragraph is found.body[-1] else 0
        if len(_END.findall(paragraph.text)) > allowed:
            yield Remark("N139", "có “./.” khi văn bản chưa kết thúc", paragraph)


def _paragraphs(found: Outline, paragraphs: tuple[Paragraph, ...]) -> Iterator[Remark]:
    """Each paragraph by its role, then the space between those that follow one another."""
    notes = _notes(found.document, paragraphs)
    texts = [
        (paragraph, role)
        for paragraph, role in zip(paragraphs, roles(paragraphs), strict=True)
        if role is not Role.OTHER and paragraph.number not in notes
    ]
    grounds = {piece.paragraph.number for piece in found.grounds}
    for paragraph, role in texts:
        if role is not Role.TEXT:
            yield from _heading(found.document, paragraph, role)
        elif paragraph.number not in grounds:
            yield from _text(paragraph)
            yield from _layout(found.document, paragraph)
    for (above, role), (below, next_role) in pairwise(texts):
        follows = below.number == above.number + 1 and below.section == above.section
        if follows and role is Role.TEXT and next_role not in _CENTRED:
            yield from _space(above, below)


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


def _heading(document: Document, paragraph: Paragraph, role: Role) -> Iterator[Remark]:
    """A heading by the form of its role; an article is text as well."""
    label = _label(paragraph) if role is Role.ARTICLE else paragraph.runs
    unnumbered = role is Role.PART and not re.search(r"\b[IVXLC]+\b|thứ", paragraph.text)
    code, form = HEADINGS[role]
    piece = Piece(paragraph, label, alone=True)
    wrong = [*compared(code, piece, form, "không đánh số La Mã" if unnumbered else "")]
    yield from wrong
    if role is Role.MAYBE:
        yield Remark("N206", "", paragraph)
    if role is Role.ARTICLE:
        yield from _layout(document, paragraph)
        if not wrong:  # what follows a sound "Điều 1.": text, or a title that is bold
            yield from _text(paragraph, len(label))


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


def _text(paragraph: Paragraph, start: int = 0) -> Iterator[Remark]:
    """Size, and whether all is slanted or bold: single words may be. From run ``start`` on, after a bold label."""
    runs = lettered(paragraph.runs[start:])
    wrong = [sizes([run.form.size for run in runs], *_SIZE)]
    if runs and all(run.form.italic for run in runs):
        wrong.append("in nghiêng")
    if runs and not start and all(run.form.bold for run in runs):
        wrong.append("in đậm")
    if any(wrong):
        yield Remark("N130", ", ".join(filter(None, wrong)), paragraph)


def _layout(document: Document, paragraph: Paragraph) -> Iterator[Remark]:
    layout = paragraph.layout
    size = max(run.form.size for run in lettered(paragraph.runs))
    if layout.align != "both" and not _is_one_line(document, paragraph, size):
        yield Remark("N131", _ALIGNED.get(layout.align, "không căn đều"), paragraph)
    start = _first_line(document, paragraph)
    if all(abs(start - wanted) > _INDENT_TOLERANCE for wanted in _INDENTS):
        yield Remark("N132", f"dòng đầu lùi {amount(start / _CENTIMETRE, 2)} cm", paragraph)
    lines = _lines(paragraph, size)
    if lines:
        yield Remark("N134", f"dãn dòng {lines}", paragraph)


def _is_one_line(document: Document, paragraph: Paragraph, size: float) -> bool:
    """Whether it is so short that nobody sees whether it is justified."""
    room = document.section_of(paragraph).room / 25.4 * 72 - paragraph.layout.left / 20
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
    """The distance of lines in words if it is wrong."""
    layout = paragraph.layout
    if layout.line_rule == "auto":
        fits = _SINGLE - 1 <= layout.line <= _LINE_AND_HALF + 1
        return "" if fits else f"{amount(layout.line / _SINGLE, 2)} dòng"
    points, single = layout.line / 20, size * _LINE_HEIGHT
    low = single - 0.5 if layout.line_rule == "exact" else 0
    return "" if low <= points <= single * 1.5 + 0.5 else f"{amount(points, 2)} pt"


def _space(above: Paragraph, below: Paragraph) -> Iterator[Remark]:
    same = above.layout.style == below.layout.style
    after = 0 if above.layout.joins_same_style and same else above.layout.after
    before = 0 if below.layout.joins_same_style and same else below.layout.before
    if after + before < _SPACE - 1:
        yield Remark("N133", f"cách đoạn sau {amount((after + before) / 20, 2)} pt", above)
