"""Page and text: a document or its paragraphs come in, how they depart from the decree goes out.

Captions of tables, notes under them, formulas and contents lists are no text in this sense. The numbers are those of
Phụ lục I of Nghị định 30/2020/NĐ-CP, phần I: mục I khoản 1 to 4 and 7, mục II khoản 6, mục III khoản 4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, pairwise

from cchc_xl.office.word.decree.components import Outline
from cchc_xl.office.word.decree.document import FOOTER, HEADER, Document, Paragraph, Run
from cchc_xl.office.word.decree.headings import ARTICLE, Role, roles
from cchc_xl.office.word.decree.pieces import Form, Remark, amount, bare, compared, lettered, piece_of, sizes, whole
from cchc_xl.office.word.decree.rules import HEADINGS
from cchc_xl.office.word.file import MILLIMETRE
from cchc_xl.office.word.widths import width

TOLERANCE = 0.5  # mm
MARGINS = (("top", "trên", 20, 25), ("bottom", "dưới", 20, 25), ("left", "trái", 30, 35), ("right", "phải", 15, 20))
_PAGE_NUMBER = Form(13, 14, bold=False)
_CONTACT_FORM = Form(11, 12)
_ONE_PAGE = 1500  # letters that surely fit on the first page, which shows no number
ARABIC = frozenset(("decimal", "decimalZero"))
BELOW = "số trang đặt ở chân trang"
PAGE = re.compile(r"\bPAGE\b", re.IGNORECASE)
_CONTACT = re.compile(r"(?:dia chi|dien thoai|dt|fax|e ?mail|website)\b")
OTHER_DIGITS = re.compile(r"\\\*\s*(?:roman|alphabetic|ordinal|cardtext|ordtext|hex)", re.IGNORECASE)
_CONDITION = re.compile(r"^\s*(?:IF|=)\b", re.IGNORECASE)
_FONTS = frozenset(("times new roman", "timesnewroman", "timesnewromanpsmt"))
_DARKEST = 0x1A  # "black, lighter 5 %" of a palette cannot be told from black on paper


def check_layout(document: Document) -> Iterator[Remark]:
    """Pages, page numbers, the agency's address in the footer, and what holds for every letter."""
    yield from _pages(document)
    yield from _page_numbers(document)
    for paragraph in document.outside_text:
        if paragraph.part == FOOTER and _CONTACT.match(bare(paragraph.text)):
            yield from compared("N149", whole(paragraph), _CONTACT_FORM)
    for paragraph in (*document.paragraphs, *document.outside_text, *document.notes):
        yield from _letters(paragraph)


def _pages(document: Document) -> Iterator[Remark]:
    """Size, direction and margins of every section."""
    with_tables = {paragraph.section for paragraph in document.paragraphs if paragraph.cell}
    for number, section in enumerate(document.sections):
        at = _start(document, number)
        short, long = sorted((section.width, section.height))
        if abs(short - 210) > TOLERANCE or abs(long - 297) > TOLERANCE:
            yield Remark(
                "N101", f"khổ giấy {amount(section.width, 1)} × {amount(section.height, 1)} mm", at, section=number
            )
        elif section.width > section.height and number not in with_tables:
            yield Remark("N108", "", at)
        wrong = [
            f"lề {name} {amount(getattr(section, side), 1)} mm (quy định {low}–{high} mm)"
            for side, name, low, high in MARGINS
            if not low - TOLERANCE <= getattr(section, side) <= high + TOLERANCE
        ]
        if wrong:
            yield Remark("N102", ", ".join(wrong), at, section=number)


def _start(document: Document, number: int) -> Paragraph | None:
    """Where a section begins; nowhere in particular if it is the whole document."""
    if len(document.sections) == 1:
        return None
    return next((item for item in document.paragraphs if item.section == number and item.text.strip()), None)


def _page_numbers(document: Document) -> Iterator[Remark]:
    """A number in the middle of every header but the first page's."""
    kinds = document.header_kinds
    shown = [numbered(document, section.headers, *kinds) for section in document.sections]
    for number, section in enumerate(document.sections):
        if number == 0 and len(document.sections) > 1 and any(shown[1:]) and not shown[0]:
            continue  # the first page has a section to itself
        lacks = not numbered(document, section.headers, kinds[-1])  # even pages may have a header of their own
        below = numbered(document, section.footers, "default")
        if below and not shown[number]:
            yield Remark("N106", BELOW, below[0], section=number)
        elif lacks and (len(document.sections) > 1 or sum(len(item.text) for item in document.paragraphs) >= _ONE_PAGE):
            yield Remark("N105", "", _start(document, number), section=number)
        for paragraph in shown[number]:
            decimal = section.number_format in ARABIC
            arabic = decimal and not any(OTHER_DIGITS.search(field) for field in paragraph.fields)
            sides = "" if _is_centred(paragraph) else "không căn giữa"
            form = _PAGE_NUMBER if paragraph.part == HEADER else None
            wrong = compared("N106", whole(paragraph), form, sides, "" if arabic else "không phải chữ số Ả Rập")
            yield from (remark._replace(section=number) for remark in wrong)
    begin = document.sections[0]
    for paragraph in numbered(document, begin.headers, "first" if begin.own_first_page else "default"):
        if not any(PAGE.search(field) and _CONDITION.match(field) for field in paragraph.fields):
            yield Remark("N107", "", paragraph, section=0)
            break


def numbered(document: Document, headers: Mapping[str, str], *kinds: str) -> list[Paragraph]:
    """The paragraphs with a page number in the headers, or footers, of these types."""
    inside = (item for kind in kinds for item in document.outside.get(headers.get(kind, ""), ()))
    return [item for item in inside if any(PAGE.search(field) for field in item.fields)]


def _is_centred(paragraph: Paragraph) -> bool:
    layout = paragraph.layout
    if layout.align == "center" or layout.placed_centre or paragraph.in_box:
        return True
    tabs = len(paragraph.text) - len(paragraph.text.lstrip("\t"))
    return 0 < tabs <= len(layout.tabs) and layout.tabs[tabs - 1][1] == "center"


def _letters(paragraph: Paragraph) -> Iterator[Remark]:
    """Times New Roman and black."""
    for run in lettered(paragraph.runs):
        letters = [letter for letter in run.text if letter.isalnum()]
        fonts = {run.form.plain_font if letter.isascii() else run.form.accented_font for letter in letters}
        for font in sorted(fonts):
            if not is_times(font):
                yield Remark("N103", f"phông chữ {font}", paragraph)
        if not _is_black(run.form.colour):
            yield Remark("N104", f"màu chữ #{run.form.colour}", paragraph)


def is_times(font: str) -> bool:
    """Whether this is a name of Times New Roman.

    >>> is_times("Times New Roman"), is_times("Arial")
    (True, False)
    """
    return font.casefold() in _FONTS


def _is_black(colour: str) -> bool:
    """Whether a colour is printed black; what is no colour is."""
    try:
        return colour == "auto" or max(bytes.fromhex(colour)) <= _DARKEST
    except ValueError:
        return True


SIZE = (13, 14)
INDENTS = (567, 720)  # 1 cm and 1,27 cm in twentieths of a point
_INDENT_TOLERANCE = 20
SPACE = 120  # 6 pt
SINGLE, LINE_AND_HALF = 240, 360
_LINE_HEIGHT = 1.15  # of Times New Roman, in sizes
_END_MARK = re.compile(r"(?<![./…])\./\.(?![./…])")  # and not the blanks of "..../..../2021"
_CENTIMETRE = 567
_NEAR = 3  # paragraphs before a note among which its table ends
_CENTRED = frozenset((Role.PART, Role.PART_TITLE, Role.CENTRED))
_ALIGNED = {"left": "căn trái", "right": "căn phải", "center": "căn giữa"}


def check_body(found: Outline) -> Iterator[Remark]:
    """Text and headings, and the end mark "./."."""
    yield from _paragraphs(found, found.body)
    yield from _paragraphs(found, found.annex_body)
    for paragraph in found.body[-1:]:
        if not paragraph.text.rstrip().endswith("./."):
            yield Remark("N139", "văn bản không kết thúc bằng “./.”", paragraph)
    for paragraph in found.body:
        if len(_END_MARK.findall(paragraph.text)) > (paragraph is found.body[-1]):
            yield Remark("N139", "có “./.” khi văn bản chưa kết thúc", paragraph)


def _paragraphs(found: Outline, paragraphs: Sequence[Paragraph]) -> Iterator[Remark]:
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
            same = above.layout.style == below.layout.style
            after = 0 if above.layout.joins_same_style and same else above.layout.after
            before = 0 if below.layout.joins_same_style and same else below.layout.before
            if after + before < SPACE - 1:
                yield Remark("N133", f"cách đoạn sau {amount((after + before) / 20, 2)} pt", above)


def _notes(document: Document, paragraphs: Sequence[Paragraph]) -> set[int]:
    """The numbers of small slanted lines under a table, and under other such lines: its notes without "Ghi chú"."""
    notes: set[int] = set()
    for paragraph in paragraphs:
        small = all(run.form.italic and run.form.size < SIZE[0] for run in lettered(paragraph.runs))
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
    wrong = [*compared(code, piece_of(paragraph, label), form, "không đánh số La Mã" if unnumbered else "")]
    yield from wrong
    if role is Role.MAYBE:
        yield Remark("N206", "", paragraph)
    if role is Role.ARTICLE:
        yield from _layout(document, paragraph)
        if not wrong:  # what follows a sound "Điều 1.": text, or a title that is bold
            yield from _text(paragraph, len(label))


def _label(paragraph: Paragraph) -> tuple[Run, ...]:
    """The runs with "Điều 1.", which are bold whether or not the article's first words are."""
    match = ARTICLE.match(paragraph.text)
    label = match.end(1) if match else 1
    starts = accumulate((len(run.text) for run in paragraph.runs), initial=0)
    return tuple(run for run, start in zip(paragraph.runs, starts, strict=False) if start < label)


def _text(paragraph: Paragraph, start: int = 0) -> Iterator[Remark]:
    """Size, and whether all is slanted or bold: single words may be. From run ``start`` on, after a bold label."""
    runs = lettered(paragraph.runs[start:])
    slanted = bool(runs) and all(run.form.italic for run in runs)
    bold = bool(runs) and not start and all(run.form.bold for run in runs)
    wrong = (sizes([run.form.size for run in runs], *SIZE), "in nghiêng" if slanted else "", "in đậm" if bold else "")
    wanted = Form(*SIZE, bold=False if bold else None, italic=False if slanted else None)
    yield from (item._replace(wanted=wanted) for item in compared("N130", whole(paragraph), None, *wrong))


def _layout(document: Document, paragraph: Paragraph) -> Iterator[Remark]:
    layout = paragraph.layout
    size = max(run.form.size for run in lettered(paragraph.runs))
    room = (document.section_of(paragraph).room * MILLIMETRE - layout.left) / 20
    # In one short line nobody sees whether it is justified.
    if layout.align != "both" and not (layout.align == "left" and width(paragraph.text, size) < room * 0.85):
        yield Remark("N131", _ALIGNED.get(layout.align, "không căn đều"), paragraph)
    start = _first_line(document, paragraph)
    if all(abs(start - wanted) > _INDENT_TOLERANCE for wanted in INDENTS):
        yield Remark("N132", f"dòng đầu lùi {amount(start / _CENTIMETRE, 2)} cm", paragraph)
    lines = _lines(paragraph, size)
    if lines:
        yield Remark("N134", f"dãn dòng {lines}", paragraph)


def _first_line(document: Document, paragraph: Paragraph) -> float:
    """Where the first line begins: at its indent, or at the tab stop that a leading tab leads to."""
    layout = paragraph.layout
    if layout.label:
        return layout.left + layout.first
    if paragraph.text.startswith("\t") and abs(layout.first) < _INDENT_TOLERANCE:
        return next((place for place, _ in layout.tabs if place > 0), document.tab_stop)
    return layout.first


def _lines(paragraph: Paragraph, size: float) -> str:
    """The distance of lines in words if it is wrong."""
    layout = paragraph.layout
    if layout.line_rule == "auto":
        fits = SINGLE - 1 <= layout.line <= LINE_AND_HALF + 1
        return "" if fits else f"{amount(layout.line / SINGLE, 2)} dòng"
    points, single = layout.line / 20, size * _LINE_HEIGHT
    low = single - 0.5 if layout.line_rule == "exact" else 0
    return "" if low <= points <= single * 1.5 + 0.5 else f"{amount(points, 2)} pt"
