"""The components of an official document: its paragraphs come in, what each of them is goes out.

A component is known by what it says and where it stands, never by the name of a style.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cchc_xl.office.word.decree.document import Document, Paragraph
from cchc_xl.office.word.decree.headings import (
    Appendix,
    Closing,
    annex_body,
    appendix,
    find_annex,
    find_closing,
    starts_appendix,
)
from cchc_xl.office.word.decree.pieces import (
    ABBREVIATIONS,
    ADDRESSED,
    DATE,
    ENACTING,
    GROUND,
    MORE_GROUNDS,
    REFERENCE,
    STAMP,
    Piece,
    is_motto,
    is_national_title,
    is_post,
    pieces,
    starts_agency,
    whole,
)

_LONGEST_TITLE = 200  # letters
_TOP = 60  # paragraphs with text among which a letterhead is looked for
_LABEL = re.compile(r"(?:[IVXLC]+|\d+(?:\.\d+)*)[.)]\s|(?i:điều|chương|phần|mục)\s+(?:\d|[IVXLC]+\b|(?i:thứ)\b)")
_NUMBER = re.compile(r"[Ss][ốỐ]\s*+(?::|[\d.…_]*+\s*[/\-])")
_SHORT_DATE = re.compile(r"[^\W\d][^,\d(]{2,40},\s*(?:ngày\s*)?\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}")
_DECIDES = ("quyet dinh", "nghi quyet")  # kinds that say who decides
_DRAWN = re.compile(r"[\W_]*")
_NAMES = tuple(f"{name} " for name in ABBREVIATIONS)


@dataclass(slots=True)
class Outline:
    """The components found; an empty tuple or None where there is none. ``body`` has the paragraphs of the text."""

    document: Document
    national: Piece | None = None
    motto: Piece | None = None
    superior: tuple[Piece, ...] = ()
    agency: tuple[Piece, ...] = ()
    number: Piece | None = None
    date: Piece | None = None
    reference: list[Piece] = field(default_factory=list)
    kind: Piece | None = None
    subject: list[Piece] = field(default_factory=list)
    powers: list[Piece] = field(default_factory=list)  # who decides, between title and grounds of a decision
    addressed: list[Piece] = field(default_factory=list)
    grounds: list[Piece] = field(default_factory=list)
    body: tuple[Paragraph, ...] = ()
    closing: Closing = field(default_factory=Closing)
    appendices: tuple[Appendix, ...] = ()
    annex: Appendix | None = None  # what a decision issues, as "QUY CHẾ …", after the recipients
    annex_body: tuple[Paragraph, ...] = ()

    @property
    def is_letter(self) -> bool:
        """Whether it is a công văn: no name of its kind, but what it is about or to whom it goes."""
        return self.kind is None and bool(self.reference or (self.addressed and not self.subject))

    @property
    def first_appendix(self) -> Piece | None:
        """The number of the first appendix, if there is one."""
        return self.appendices[0].heading if self.appendices else None


def outline(document: Document) -> Outline:
    """The components of a document."""
    found = Outline(document)
    texts = [paragraph for paragraph in document.paragraphs if paragraph.text.strip()]
    lines = [piece for paragraph in texts for piece in pieces(paragraph)]
    head = _letterhead(lines, found)
    _kind(lines, found)
    begin = max(head, found.kind.paragraph.number if found.kind else 0)
    _attachments(lines, texts, begin, found)
    attached = (*found.appendices[:1], *([found.annex] if found.annex else []))
    first_attached = min((item.heading.paragraph.number for item in attached), default=len(document.paragraphs) + 1)
    found.closing = find_closing([piece for piece in lines if piece.paragraph.number > begin], first_attached)
    end = min(first_attached, found.closing.first or first_attached)
    outside = [item for item in texts if item.cell is None and not item.in_box]
    opening = [item for item in outside if begin < item.number < end]
    found.addressed = _addressed_in_table([piece for piece in lines[:_TOP] if begin < piece.paragraph.number < end])
    found.body = tuple(opening[_opening(opening, found) :])
    if found.kind is not None and not found.subject:  # it may stand, wrongly, above the kind
        above = (next(pieces(item)) for item in outside if head < item.number < found.kind.paragraph.number)
        found.subject = [piece for piece in above if piece.is_centred and piece.key and not piece.is_upper]
    return found


def _attachments(lines: list[Piece], texts: list[Paragraph], begin: int, found: Outline) -> None:
    """Fills in the appendices, and the annex that follows the recipients."""
    places = {paragraph.number: place for place, paragraph in enumerate(texts, start=1)}
    heads = [piece for piece in lines if starts_appendix(piece)]
    found.appendices = tuple(
        appendix(piece, texts, places[piece.paragraph.number], number if len(heads) > 1 else 0)
        for number, piece in enumerate(heads, start=1)
    )
    annex = find_annex([piece for piece in lines if piece.paragraph.number > begin])
    if annex is not None:
        found.annex = appendix(annex, texts, places[annex.paragraph.number])
        found.annex_body = annex_body(texts[places[annex.paragraph.number] :], found.annex)


def _letterhead(lines: list[Piece], found: Outline) -> int:
    """Fills in the components at the top; the number of the last paragraph that belongs to them."""
    top = lines[:_TOP]
    found.national = next((piece for piece in top if is_national_title(piece.key)), None)
    found.motto = next((piece for piece in top if is_motto(piece.key)), None)
    found.number = next((piece for piece in top if _is_number(piece)), None)
    short = (piece for piece in top if _SHORT_DATE.fullmatch(piece.text))
    found.date = next((piece for piece in top if _is_date(piece)), next(short, None))
    known = [piece for piece in (found.national, found.motto, found.number, found.date) if piece]
    last = max((piece.paragraph.number for piece in (*known, *_in_tables_of(known, lines))), default=0)
    rest = [piece for piece in lines if piece.paragraph.number <= last and not any(piece is item for item in known)]
    names: list[Piece] = []
    for piece in rest:
        if STAMP.fullmatch(piece.key):
            continue
        cell = piece.paragraph.cell
        if REFERENCE.match(piece.key) or (cell and found.reference and found.reference[-1].paragraph.cell == cell):
            found.reference.append(piece)
        elif _DRAWN.fullmatch(piece.text) or piece.key in ABBREVIATIONS:
            continue
        elif not found.number or piece.paragraph.number <= found.number.paragraph.number:
            names.append(piece)  # one after the document's number is no agency's
    cut = _first_of_agency(names)
    found.superior, found.agency = tuple(names[:cut]), tuple(names[cut:])
    return last


def _is_number(piece: Piece) -> bool:
    text = piece.text
    return bool(_NUMBER.match(text)) and len(text) < 60


def _is_date(piece: Piece) -> bool:
    return bool(DATE.fullmatch(piece.key)) and len(piece.text) < 80 and not piece.text.startswith("(")


def _in_tables_of(known: list[Piece], lines: list[Piece]) -> list[Piece]:
    """The lines of the tables in which the known ones stand."""
    tables = {piece.paragraph.cell.table for piece in known if piece.paragraph.cell}
    return [piece for piece in lines if piece.paragraph.cell and piece.paragraph.cell.table in tables]


def _first_of_agency(names: list[Piece]) -> int:
    """Where the issuing agency begins: at the last line that begins a name, or where bold begins."""
    starts = [place for place, piece in enumerate(names) if place and starts_agency(piece.key)]
    if starts:
        return starts[-1]
    bold = [place for place, piece in enumerate(names) if place and piece.is_bold and not names[place - 1].is_bold]
    return bold[0] if bold else 0


def _kind(lines: list[Piece], found: Outline) -> None:
    """Fills in the name of the document's kind, alone in its line or with the subject behind it."""
    for place, piece in enumerate(lines[:_TOP]):
        alone = piece.key in ABBREVIATIONS and (piece.is_upper or piece.is_centred or piece.is_bold)
        titled = place and piece.is_upper and piece.is_centred and len(piece.text) < _LONGEST_TITLE
        if alone or (titled and piece.key.startswith(_NAMES)):
            found.kind = piece
            return


def _addressed_in_table(lines: list[Piece]) -> list[Piece]:
    """The lines of a table that begins with "Kính gửi:" and has the addressees beside it."""
    return _in_tables_of([piece for piece in lines if ADDRESSED.match(piece.key)], lines)


def _opening(texts: list[Paragraph], found: Outline) -> int:
    """Fills in what stands between title and text; how many paragraphs that are."""
    if found.kind is not None:  # the lines after its name in the same paragraph
        found.subject += [piece for piece in pieces(found.kind.paragraph) if piece.text != found.kind.text]
    for place, paragraph in enumerate(texts):
        piece = next(pieces(paragraph))
        key = piece.key
        if _DRAWN.fullmatch(piece.text):
            continue
        listed = found.addressed and found.addressed[0].text.endswith(":") and not found.grounds
        if ADDRESSED.match(key) or (listed and piece.text.startswith(("-", "–"))):
            found.addressed += pieces(paragraph)
        elif REFERENCE.match(key) and found.kind is None and not found.reference:
            found.reference += pieces(paragraph)
        elif _is_ground(paragraph, found):
            found.grounds.append(whole(paragraph))
        elif _decides(piece, found):
            found.powers += pieces(paragraph)
        elif not piece.text.startswith("(") and _goes_with_title(piece, found):
            found.subject += pieces(paragraph)
        elif not (found.subject and piece.is_centred and piece.text.startswith("(")):
            _grounds_after(texts[place:], found)
            return place
    return len(texts)


def _is_ground(paragraph: Paragraph, found: Outline) -> bool:
    """A line that starts with "Căn cứ" and is not the first sentence of the text ("… báo cáo như sau:")."""
    piece = next(pieces(paragraph))
    text = piece.text
    if text.endswith(":") or "như sau" in text:
        return False
    return bool((MORE_GROUNDS if found.grounds else GROUND).match(piece.key))


def _grounds_after(texts: list[Paragraph], found: Outline) -> None:
    """Grounds after a first sentence, up to the first heading: they are checked but stay with the text."""
    for paragraph in texts:
        if _LABEL.match(paragraph.text) or paragraph.label not in {"", "-"}:
            break
        if _is_ground(paragraph, found):
            found.grounds.append(whole(paragraph))


def _decides(piece: Piece, found: Outline) -> bool:
    """Whether a line says who decides ("GIÁM ĐỐC SỞ NỘI VỤ") or that the decision follows ("QUYẾT ĐỊNH:")."""
    text = piece.text
    if found.kind is None or len(text) > _LONGEST_TITLE or _LABEL.match(text):
        return False
    of_decision = found.kind.key.startswith(_DECIDES)
    if of_decision and text.endswith(":") and ENACTING.fullmatch(piece.key):
        return True
    named = is_post(piece.key) or starts_agency(piece.key)
    if piece.is_upper:
        goes_on = bool(found.subject) and not found.subject[-1].is_upper and not found.grounds
        return (named or goes_on) if piece.is_centred else (named and of_decision and not found.grounds)
    return of_decision and named and piece.is_centred and bool(found.subject) and not found.grounds


def _goes_with_title(piece: Piece, found: Outline) -> bool:
    """Whether a line is one of the subject's: centred, or the first and no sentence."""
    if _LABEL.match(piece.text) or found.grounds:
        return False
    if found.kind is None:
        return piece.is_centred and piece.is_bold and not found.reference
    ended = piece.text.endswith((".", ";", ":"))
    if piece.is_centred and (piece.is_bold or not ended):
        return True
    if ended or found.subject:
        return False
    return piece.is_bold or (not found.powers and len(piece.text) < _LONGEST_TITLE)
