"""The components of an official document: its paragraphs come in, what each of them is goes out.

A component is known by what it says and where it stands, never by the name of a style. An appendix ("Phụ lục I") adds
to a document; an annex ("QUY CHẾ") is what a decision issues.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import chain, dropwhile, islice, takewhile

from cchc_xl.office.word.decree.document import Cell, Document, Paragraph
from cchc_xl.office.word.decree.headings import DASH, ENACTING, LONGEST, is_labelled
from cchc_xl.office.word.decree.pieces import (
    ABBREVIATIONS,
    MOTTO_TEXT,
    NATIONAL_TITLE_TEXT,
    Piece,
    is_archive,
    is_meant,
    is_post,
    pieces,
    starts_agency,
    whole,
)

_NEAR = 12  # lines before "Nơi nhận" among which a signature may stand
_TOP = 60  # paragraphs with text among which a letterhead is looked for
_TWO_WORDS = re.compile(r"\s*\S+\s+\S+\s*(?::|$)")  # and what they are a label of
# Lines by their bare text, small and without accents.
_ADDRESSED = re.compile(r"kinh gui\b")
_REFERENCE = re.compile(r"v v\b|ve viec\b")
_DATE = re.compile(r"(?!can cu\b|kem theo\b|theo\b)\D{0,40}\bngay\b[\d ]*\bthang\b[\d ]*\bnam\b[\d ]*")
_GROUND = re.compile(r"can cu\b")
_MORE_GROUNDS = re.compile(r"(?:theo|xet|tren co so) (?:de nghi|to trinh|y kien)\b|xet\b|can cu\b")
_APPENDIX = re.compile(r"phu luc(?: so)?(?: ([ivxlcdm]+|\d+|[a-z]))?")
_ATTACHED = re.compile(r"(?:ban hanh )?kem theo\b")
_STAMP = re.compile(r"hoa toc(?: hen gio)?|thuong khan|khan|mat|toi mat|tuyet mat|du thao(?: lan \w+)?")
_FORM = re.compile(r"(?:mau|bieu|bieu mau)(?: so)? \w+")  # a form to be filled in, with a letterhead of its own
_SIGNED = re.compile(r"(?:da ky|ky ten|ky ghi ro|chu ky)\b.*|")
_APPENDIX_WITH_TITLE = re.compile(r"phu luc(?: so)? (?:[ivxlcdm]+|\d+) .+")
_NUMBERED_APPENDIX = re.compile(r"phụ lục(?:\s+số)?\s+(\w+)", re.IGNORECASE)
_NO_TITLE = re.compile(r"(?:bang|bieu|bieu do|hinh|don vi tinh|ghi chu)\b")


@dataclass(frozen=True, slots=True)
class Appendix:
    """An appendix or annex: its number as typed, the lines of its title, and those that say what it belongs to."""

    heading: Piece
    number: str
    title: tuple[Piece, ...]
    attached: tuple[Piece, ...]
    last: int  # the number of the last of these paragraphs
    place: int = 0  # among several appendices, from 1; 0 for the only one and for an annex

    @property
    def attached_alone(self) -> tuple[Piece, ...]:
        """The lines that say what it belongs to and have a look of their own: not in the paragraph of the title."""
        titles = {piece.number for piece in self.title}
        return tuple(piece for piece in self.attached if piece.number not in titles)

    @property
    def in_one_line(self) -> bool:
        """Whether the title stands in the line of the number."""
        return bool(_APPENDIX_WITH_TITLE.fullmatch(self.heading.key))


def _starts_appendix(piece: Piece) -> bool:
    """Whether a line is the number of an appendix, with or without the title behind it."""
    if piece.cell is not None:
        return False
    if _APPENDIX.fullmatch(piece.key):
        return piece.alone
    return bool(_APPENDIX_WITH_TITLE.fullmatch(piece.key)) and piece.is_centred and piece.is_bold


def _appendix(heading: Piece, texts: list[Paragraph], start: int, place: int = 0) -> Appendix:
    beside = [piece for piece in pieces(heading.paragraph) if piece.text != heading.text]
    attached = [piece for piece in beside if _ATTACHED.match(piece.key)]
    title = [piece for piece in beside if piece not in attached]
    last, in_one_line = heading.number, _APPENDIX_WITH_TITLE.fullmatch(heading.key)
    for following in range(start, len(texts)):  # a slice for each of thousands of appendices would take minutes
        paragraph = texts[following]
        piece = next(pieces(paragraph))
        if paragraph.cell is not None or attached or _starts_appendix(piece) or _NO_TITLE.match(piece.key):
            break
        if _ATTACHED.match(piece.key):
            attached += pieces(paragraph)
        elif (not title and not in_one_line) or (piece.is_centred and (piece.is_upper or piece.is_bold)):
            lines = [*pieces(paragraph)]  # "(Kèm theo …)" may be a line of the same paragraph
            cut = next((turn for turn, line in enumerate(lines) if _ATTACHED.match(line.key)), len(lines))
            title, attached = [*title, *lines[:cut]], [*attached, *lines[cut:]]
        else:
            break
        last = paragraph.number
    match = _NUMBERED_APPENDIX.match(heading.text)
    return Appendix(heading, match[1] if match else "", tuple(title), tuple(attached), last, place)


def _annex(lines: list[Piece], texts: list[Paragraph], places: dict[int, int], found: Outline) -> None:
    """Fills in what a decision issues after the recipients: "QUY CHẾ", "QUY ĐỊNH", "KẾ HOẠCH"."""
    after = dropwhile(lambda piece: not _is_recipients_label(piece, lines), lines)
    # Behind another national title is a form to be filled in, or another document.
    own = takewhile(lambda piece: not is_meant(piece.key, NATIONAL_TITLE_TEXT), after)
    named = (piece for piece in own if piece.key in ABBREVIATIONS and piece.cell is None)
    heading = next((piece for piece in named if piece.is_upper or piece.is_centred), None)
    if heading is None:
        return
    start = places[heading.number]
    found.annex = _appendix(heading, texts, start)
    for paragraph in islice(texts, start, None):
        piece = next(pieces(paragraph))
        if _starts_appendix(piece) or _FORM.fullmatch(piece.key) or is_meant(piece.key, NATIONAL_TITLE_TEXT):
            break
        if paragraph.number > found.annex.last and paragraph.cell is None and not paragraph.in_box:
            found.annex_body.append(paragraph)


_ITEM_ENDED = re.compile(r"[.;:,/]\s*$")


@dataclass(frozen=True, slots=True)
class Closing:
    """The signature block: ``first`` is the number of its first paragraph, 0 if there is none."""

    label: Piece | None = None
    recipients: tuple[Piece, ...] = ()
    posts: tuple[Piece, ...] = ()
    signer: Piece | None = None
    first: int = 0

    @property
    def start(self) -> Piece | None:
        """Its first component, if any."""
        return self.label or next(iter(self.posts), None)


def _find_closing(lines: list[Piece], first_appendix: int) -> Closing:
    """The closing among the lines after the title: where "Nơi nhận" stands last before an appendix, if anywhere."""
    labels = [piece for piece in lines if _is_recipients_label(piece, lines)]
    label = next((piece for piece in reversed(labels) if piece.number < first_appendix), next(iter(labels), None))
    if label is None:
        return _without_recipients([piece for piece in lines if piece.number < first_appendix])
    if label.cell is not None:
        table = _in_tables_of([label], lines)
        own = [piece for piece in table if piece.cell == label.cell and piece.number >= label.number]
        recipients = [piece for piece in own if piece is not label]
        beside = [piece for piece in table if piece.cell != label.cell]
        if any(is_post(piece.key) or piece.is_upper for piece in beside):
            return _closing(label, recipients, beside, table)
        near = _near(lines, table[0], first_appendix)
        return _closing(label, recipients, near, [*near, *table])
    outside = [piece for piece in lines if piece is not label and piece.cell is None]
    after = [piece for piece in outside if label.number <= piece.number < _end(label, first_appendix)]
    recipients = [piece for piece in after if _is_recipient(piece)]
    beside = [piece for piece in after if not _is_recipient(piece)]
    if not any(is_post(piece.key) for piece in beside):
        beside = [*_near(lines, label, first_appendix), *beside]
    return _closing(label, recipients, beside, [*beside, label, *recipients])


def _is_recipients_label(piece: Piece, lines: list[Piece]) -> bool:
    """Whether a line is the label "Nơi nhận"; the heading of a column and the beginning of a sentence are none."""
    if not piece.key.startswith("noi nhan") or len(piece.text) >= 40 or not _TWO_WORDS.match(piece.text):
        return False
    return len(_row(piece, lines)) <= 2


def _row(piece: Piece, lines: list[Piece]) -> set[Cell]:
    """The cells with text in the row in which a line stands; none outside tables."""
    return {item.cell for item in lines if item.cell and piece.cell and item.cell.row == piece.cell.row}


def _end(label: Piece, first_appendix: int) -> int:
    return first_appendix if first_appendix > label.number else label.number + 100


def _is_recipient(piece: Piece) -> bool:
    dashed = piece.text.startswith(DASH) or piece.paragraph.layout.label == "-"
    return dashed or (bool(_ITEM_ENDED.search(piece.text)) and not piece.is_upper and not piece.is_bold)


def _near(lines: list[Piece], mark: Piece, first_appendix: int) -> list[Piece]:
    """The lines just before a mark, or else just after it, that can be a signature's."""
    above = reversed([piece for piece in lines if piece.number < mark.number][-_NEAR:])
    before = [*takewhile(lambda piece: not _ITEM_ENDED.search(piece.text) and len(piece.text) <= 80, above)][::-1]
    if any(is_post(piece.key) for piece in before):
        return before
    below = [piece for piece in lines if mark.number < piece.number < _end(mark, first_appendix)]
    after = [piece for piece in below if not _is_recipient(piece)][:_NEAR]
    return [*dropwhile(lambda piece: not is_post(piece.key), after)]


def _without_recipients(lines: list[Piece]) -> Closing:
    """The last lines that name a post, in capitals, and what follows them."""
    places = [place for place, piece in enumerate(lines) if is_post(piece.key) and (piece.is_upper or piece.is_bold)]
    if not places or len(lines) - places[-1] > _NEAR:
        return Closing()
    start = places[-1]
    while start - 1 in places:
        start -= 1
    block = [piece for piece in lines[start:] if piece.cell == lines[start].cell]
    return _closing(None, [], block, block)


def _closing(label: Piece | None, recipients: list[Piece], signature: list[Piece], every: list[Piece]) -> Closing:
    """The lines of a signature are posts, all but the last if that is a person's name."""
    lines = [piece for piece in signature if not _SIGNED.fullmatch(piece.key)]
    posts, signer = lines, None
    if len(lines) > 1 and not is_post(lines[-1].key):
        posts, signer = lines[:-1], lines[-1]
    first = min((piece.number for piece in every), default=0)
    kept = next((place for place, piece in enumerate(recipients) if is_archive(piece.key)), None)
    if kept is not None and all(_is_mark(piece) for piece in recipients[kept + 1 :]):
        recipients = recipients[: kept + 1]  # what follows are the drafter's initials
    return Closing(label, tuple(recipients), tuple(posts), signer, first)


_LONGEST_MARK = 25


def _is_mark(piece: Piece) -> bool:
    """Whether a line is the mark of who drafted or typed a document, with the number of copies: "NVA (3b)"."""
    return len(piece.text) <= _LONGEST_MARK and not piece.text.startswith(DASH)


_NUMBER = re.compile(r"[Ss][ốỐ]\s*+(?::|[\d.…_]*+\s*[/\-])")
_SHORT_DATE = re.compile(r"[^\W\d][^,\d(]{2,40},\s*(?:ngày\s*)?\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}")
_DECIDES = ("quyet dinh", "nghi quyet")  # kinds that say who decides
_DRAWN = re.compile(r"[\W_]*")
_NAMES = tuple(f"{name} " for name in ABBREVIATIONS)


@dataclass(slots=True)
class Outline:
    """The components found; empty or None where there is none. ``body`` has the paragraphs of the text."""

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
    annex_body: list[Paragraph] = field(default_factory=list)

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
    above = [piece for item in document.first_header if item.text.strip() for piece in pieces(item)]
    if any(is_meant(piece.key, NATIONAL_TITLE_TEXT) for piece in above):
        _letterhead(above, found)
        head = 0
    else:
        head = _letterhead(lines, found)
    for place, piece in enumerate(lines[:_TOP]):  # alone in its line, or with the subject behind it
        if not may_be_title(piece, lines, found):
            continue
        alone = piece.key in ABBREVIATIONS and (piece.is_upper or piece.is_centred or piece.is_bold)
        titled = place and piece.is_upper and piece.is_centred and len(piece.text) < LONGEST
        if alone or (titled and piece.key.startswith(_NAMES)):
            found.kind = piece
            break
    begin = max(head, found.kind.number if found.kind else 0)
    places = {paragraph.number: place for place, paragraph in enumerate(texts, start=1)}
    appendices = [piece for piece in lines if _starts_appendix(piece)]
    found.appendices = tuple(
        _appendix(piece, texts, places[piece.number], number if len(appendices) > 1 else 0)
        for number, piece in enumerate(appendices, start=1)
    )
    _annex([piece for piece in lines if piece.number > begin], texts, places, found)
    attached = [item.heading.number for item in (*found.appendices[:1], found.annex) if item]
    first_attached = min(attached, default=len(document.paragraphs) + 1)
    found.closing = _find_closing([piece for piece in lines if piece.number > begin], first_attached)
    end = min(first_attached, found.closing.first or first_attached)
    outside = [item for item in texts if item.cell is None and not item.in_box]
    opening = [item for item in outside if begin < item.number < end]
    # A table may begin with "Kính gửi:" and have the addressees beside it.
    top = [piece for piece in lines[:_TOP] if begin < piece.number < end]
    heads = [piece for piece in top if _ADDRESSED.match(piece.key) and len(_row(piece, lines)) <= 2]
    found.addressed = _in_tables_of(heads, top)
    found.body = tuple(opening[_opening(opening, found) :])
    if found.kind is not None and not found.subject:  # it may stand, wrongly, above the kind
        between = (next(pieces(item)) for item in outside if head < item.number < found.kind.number)
        found.subject = [piece for piece in between if piece.is_centred and piece.key and not piece.is_upper]
    return found


def may_be_title(piece: Piece, lines: list[Piece], found: Outline) -> bool:
    """Whether a line stands where titles do: in a table, in the letterhead's or alone in its row, as no heading."""
    if piece.cell is None:
        return True
    known = (item.cell.table for item in (found.national, found.number, found.date) if item and item.cell)
    return piece.cell.table in known or len(_row(piece, lines)) == 1


def _letterhead(lines: list[Piece], found: Outline) -> int:
    """Fills in the components at the top; the number of the last paragraph that belongs to them."""
    top = lines[:_TOP]
    found.national = next((piece for piece in top if is_meant(piece.key, NATIONAL_TITLE_TEXT)), None)
    found.motto = next((piece for piece in top if is_meant(piece.key, MOTTO_TEXT)), None)
    found.number = next((piece for piece in top if _NUMBER.match(piece.text) and len(piece.text) < 60), None)
    dates = (piece for piece in top if _DATE.fullmatch(piece.key) and len(piece.text) < 80 and piece.text[0] != "(")
    short = (piece for piece in top if _SHORT_DATE.fullmatch(piece.text))
    found.date = next(chain(dates, short), None)
    known = [piece for piece in (found.national, found.motto, found.number, found.date) if piece]
    last = max((piece.number for piece in (*known, *_in_tables_of(known, lines))), default=0)
    rest = [piece for piece in lines if piece.number <= last and not any(piece is item for item in known)]
    names: list[Piece] = []
    for piece in rest:
        if _STAMP.fullmatch(piece.key) or _FORM.fullmatch(piece.key):
            continue
        if _REFERENCE.match(piece.key) or (piece.cell and piece.cell in [item.cell for item in found.reference[-1:]]):
            found.reference.append(piece)
        elif _DRAWN.fullmatch(piece.text) or piece.key in ABBREVIATIONS:
            continue
        elif not found.number or piece.number <= found.number.number:
            names.append(piece)  # one after the document's number is no agency's
    cut = _first_of_agency(names)
    found.superior, found.agency = tuple(names[:cut]), tuple(names[cut:])
    return last


def _in_tables_of(known: list[Piece], lines: list[Piece]) -> list[Piece]:
    """The lines of the tables in which the known ones stand."""
    tables = {piece.cell.table for piece in known if piece.cell}
    return [piece for piece in lines if piece.cell and piece.cell.table in tables]


def _first_of_agency(names: list[Piece]) -> int:
    """Where the issuing agency begins: at the last line that begins a name, or where bold begins."""
    starts = [place for place, piece in enumerate(names) if place and starts_agency(piece.key)]
    if starts:
        return starts[-1]
    bold = [place for place, piece in enumerate(names) if place and piece.is_bold and not names[place - 1].is_bold]
    return bold[0] if bold else 0


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
        if _ADDRESSED.match(key) or (listed and piece.text.startswith(DASH)):
            found.addressed += pieces(paragraph)
        elif _REFERENCE.match(key) and found.kind is None and not found.reference:
            found.reference += pieces(paragraph)
        elif _is_ground(paragraph, found):
            found.grounds.append(whole(paragraph))
        elif _decides(piece, found):
            found.powers += pieces(paragraph)
        elif not piece.text.startswith("(") and _goes_with_title(piece, found):
            found.subject += pieces(paragraph)
        elif not (found.subject and piece.is_centred and piece.text.startswith("(")):
            # Grounds after a first sentence, up to the first heading, are checked but stay with the text.
            for item in texts[place:]:
                if is_labelled(item.text) or item.layout.label not in {"", "-"}:
                    break
                if _is_ground(item, found):
                    found.grounds.append(whole(item))
            return place
    return len(texts)


def _is_ground(paragraph: Paragraph, found: Outline) -> bool:
    """A line that starts with "Căn cứ" and is not the first sentence of the text ("… báo cáo như sau:")."""
    piece = next(pieces(paragraph))
    text = piece.text
    if text.endswith(":") or "như sau" in text:
        return False
    return bool((_MORE_GROUNDS if found.grounds else _GROUND).match(piece.key))


def _decides(piece: Piece, found: Outline) -> bool:
    """Whether a line says who decides ("GIÁM ĐỐC SỞ NỘI VỤ") or that the decision follows ("QUYẾT ĐỊNH:")."""
    text = piece.text
    if found.kind is None or len(text) > LONGEST or is_labelled(text):
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
    if is_labelled(piece.text) or found.grounds:
        return False
    if found.kind is None:
        return piece.is_centred and piece.is_bold and not found.reference
    ended = piece.text.endswith((".", ";", ":"))
    if piece.is_centred and (piece.is_bold or not ended):
        return True
    if ended or found.subject:
        return False
    return piece.is_bold or (not found.powers and len(piece.text) < LONGEST)
