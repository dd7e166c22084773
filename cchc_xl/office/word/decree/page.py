"""Page, margins, page number and what holds for every letter: a document comes in, its departures go out.

The numbers are those of Phụ lục I of Nghị định 30/2020/NĐ-CP, phần I, mục I khoản 1 to 4 and 7, and mục III khoản 4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cchc_xl.office.word.decree.document import FOOTER, HEADER, Document, Paragraph, Section
from cchc_xl.office.word.decree.forms import Form, Remark, amount, compared
from cchc_xl.office.word.decree.pieces import bare, lettered, whole

_TOLERANCE = 0.5  # mm
_MARGINS = (("top", "trên", 20, 25), ("bottom", "dưới", 20, 25), ("left", "trái", 30, 35), ("right", "phải", 15, 20))
_PAGE_NUMBER = Form(13, 14, bold=False)
_CONTACT_FORM = Form(11, 12)
_ONE_PAGE = 1500  # letters that surely fit on the first page, which shows no number
_PAGE = re.compile(r"\bPAGE\b", re.IGNORECASE)
_CONTACT = re.compile(r"(?:dia chi|dien thoai|dt|fax|e ?mail|website)\b")
_OTHER_DIGITS = re.compile(r"\\\*\s*(?:roman|alphabetic|ordinal|cardtext|ordtext|hex)", re.IGNORECASE)
_CONDITION = re.compile(r"^\s*(?:IF|=)\b", re.IGNORECASE)
_FONTS = frozenset(("times new roman", "timesnewroman", "timesnewromanpsmt"))
_DARKEST = 0x1A  # "black, lighter 5 %" of a palette cannot be told from black on paper


def check_pages(document: Document) -> Iterator[Remark]:
    """Size, direction and margins of every section."""
    for number, section in enumerate(document.sections):
        at = _start(document, number)
        short, long = sorted((section.width, section.height))
        if abs(short - 210) > _TOLERANCE or abs(long - 297) > _TOLERANCE:
            yield Remark("N101", f"khổ giấy {amount(section.width, 1)} × {amount(section.height, 1)} mm", at)
        elif section.landscape and number not in document.tables:
            yield Remark("N108", "", at)
        wrong = [
            f"lề {name} {amount(getattr(section, side), 1)} mm (quy định {low}–{high} mm)"
            for side, name, low, high in _MARGINS
            if not low - _TOLERANCE <= getattr(section, side) <= high + _TOLERANCE
        ]
        if wrong:
            yield Remark("N102", ", ".join(wrong), at)


def _start(document: Document, number: int) -> Paragraph | None:
    """Where a section begins; nowhere in particular if it is the whole document."""
    if len(document.sections) == 1:
        return None
    return next((item for item in document.paragraphs if item.section == number and item.text.strip()), None)


def check_page_numbers(document: Document) -> Iterator[Remark]:
    """A number in the middle of every header but the first page's."""
    headers = [*_effective(document.sections, "headers")]
    footers = [*_effective(document.sections, "footers")]
    kinds = ("default", "even") if document.even_headers else ("default",)
    shown = [_numbered(document, header, *kinds) for header in headers]
    below = [_numbered(document, footer, "default") for footer in footers]
    for number, section in enumerate(document.sections):
        if number == 0 and len(document.sections) > 1 and any(shown[1:]) and not shown[0]:
            continue  # the first page has a section to itself
        lacks = not _numbered(document, headers[number], kinds[-1])  # even pages may have a header of their own
        if below[number] and not shown[number]:
            yield Remark("N106", "số trang đặt ở chân trang", below[number][0])
        elif lacks and not _fits_on_one_page(document):
            yield Remark("N105", "", _start(document, number))
        for paragraph in shown[number]:
            yield from _form(paragraph, section)
    first = "first" if document.sections[0].own_first_page else "default"
    on_first = [item for item in _numbered(document, headers[0], first) if not _is_conditional(item)]
    if on_first:
        yield Remark("N107", "", on_first[0])


def check_contacts(document: Document) -> Iterator[Remark]:
    """The agency's address, telephone and the like, which stand in the footer."""
    for paragraph in (item for part in document.outside.values() for item in part):
        if paragraph.part == FOOTER and _CONTACT.match(bare(paragraph.text)):
            yield from compared("N149", whole(paragraph), _CONTACT_FORM)


def _effective(sections: tuple[Section, ...], name: str) -> Iterator[dict[str, str]]:
    """The headers of each section: those it does not name are the ones before."""
    current: dict[str, str] = {}
    for section in sections:
        current = current | dict(getattr(section, name))
        yield current


def _numbered(document: Document, headers: dict[str, str], *kinds: str) -> list[Paragraph]:
    """The paragraphs with a page number in the headers of some kinds."""
    inside = (item for kind in kinds for item in document.outside.get(headers.get(kind, ""), ()))
    return [item for item in inside if any(_PAGE.search(field) for field in item.fields)]


def _is_conditional(paragraph: Paragraph) -> bool:
    return any(_PAGE.search(field) and _CONDITION.match(field) for field in paragraph.fields)


def _fits_on_one_page(document: Document) -> bool:
    return len(document.sections) == 1 and sum(len(paragraph.text) for paragraph in document.paragraphs) < _ONE_PAGE


def _form(paragraph: Paragraph, section: Section) -> Iterator[Remark]:
    decimal = section.number_format in {"decimal", "decimalZero"}
    arabic = decimal and not any(_OTHER_DIGITS.search(field) for field in paragraph.fields)
    sides = "" if _is_centred(paragraph) else "không căn giữa"
    form = _PAGE_NUMBER if paragraph.part == HEADER else None
    yield from compared("N106", whole(paragraph), form, sides, "" if arabic else "không phải chữ số Ả Rập")


def _is_centred(paragraph: Paragraph) -> bool:
    layout = paragraph.layout
    if layout.align == "center" or layout.placed_centre or paragraph.in_box:
        return True
    tabs = len(paragraph.text) - len(paragraph.text.lstrip("\t"))
    return 0 < tabs <= len(layout.tabs) and layout.tabs[tabs - 1][1] == "center"


def check_letters(document: Document) -> Iterator[Remark]:
    """Times New Roman and black."""
    outside = [item for part in document.outside.values() for item in part]
    for paragraph in (*document.paragraphs, *outside, *document.notes):
        for run in lettered(paragraph.runs):
            letters = [letter for letter in run.text if letter.isalnum()]
            fonts = {run.form.plain_font if letter.isascii() else run.form.accented_font for letter in letters}
            for font in sorted(fonts):
                if font.casefold() not in _FONTS:
                    yield Remark("N103", f"phông chữ {font}", paragraph)
            if not is_black(run.form.colour):
                yield Remark("N104", f"màu chữ #{run.form.colour}", paragraph)


def is_black(colour: str) -> bool:
    """Whether a colour is printed black.

    >>> is_black("auto"), is_black("000000"), is_black("FF0000")
    (True, True, False)
    """
    try:
        return colour == "auto" or max(bytes.fromhex(colour)) <= _DARKEST
    except ValueError:
        return True
