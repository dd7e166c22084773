"""A document mended after the decree: a ``.docx`` comes in; the same with the form of its lines put right goes out.

The rules say what each line should look like; here it is given that look. No word is changed, moved or added, so what
needs a word, a place or a decision is left, and told by looking at the mended document again. The file is somebody
else's: what is not mended keeps its bytes.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from cchc_xl.office.word.decree import remarks_on
from cchc_xl.office.word.decree.components import Outline, outline
from cchc_xl.office.word.decree.document import HEADER, Document, Paragraph, read_document, runs_of
from cchc_xl.office.word.decree.layout import INDENTS, LINE_AND_HALF, MARGINS, SINGLE, SIZE, SPACE, TOLERANCE, is_times
from cchc_xl.office.word.decree.page_numbers import PageNumbers
from cchc_xl.office.word.decree.pieces import Form, Piece, Remark, bare, lettered
from cchc_xl.office.word.decree.styled import TIMES, Place, Wanted, part_of, places, set_value, split, switch
from cchc_xl.office.word.drafting import changed
from cchc_xl.office.word.file import (
    EPOCH,
    MILLIMETRE,
    WORDS,
    NotWordError,
    W,
    WordFile,
    child,
    has_macros,
    is_plain_kind,
    is_strict,
    open_word,
    stored,
)
from cchc_xl.office.word.widths import width
from cchc_xl.text.legacy_fonts import encoding_of

_MOST_PASSES = 8
_A4 = (11906, 16838)  # twentieths of a point
_LARGEST = 230  # mm; what is wider was made for a larger sheet, and its tables with it
_MIDDLE, _GAP, _BOLD = 0.68, 200, 1.08  # of the right column in the room, what is left free, what bold adds
_LIGHT = 0xC0  # letters so light stand on a dark ground, or are not meant to be read
_SIGNED = "/digital-signature/"
_NOT_MENDED = {
    "tracked": "còn thay đổi chưa được chấp nhận (Track Changes): hãy vào Review › Accept All Changes",
    "comment": "còn ý kiến (Comment): hãy xử lý rồi vào Review › Delete All Comments",
    "signed": "đã ký số, sửa thì chữ ký mất hiệu lực: hãy sửa ở bản chưa ký",
    "macros": "có macro: hãy lưu lại dạng Word Document (.docx)",
    "strict": "lưu ở dạng Strict Open XML: hãy lưu lại dạng Word Document (.docx)",
    "kind": "không ở dạng Word Document: hãy lưu lại dạng Word Document (.docx)",
}
_REASONS = {code: reason for reason in WORDS["decree"]["left"] for code in reason["codes"]}
_PAGES = frozenset(("N101", "N102", "N105", "N106", "N107"))  # mended unless something else stands in the way


class CannotMendError(Exception):
    """A document that is not mended; the text says why and what to do, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A mended document, how many places of each kind were mended, and what is left as a new look finds it."""

    data: bytes
    done: tuple[tuple[str, int], ...]
    left: tuple[Remark, ...]


def mend(data: bytes) -> Mended:
    """The document with its form mended. Raises :class:`CannotMendError`.

    >>> mend(b"no zip")
    Traceback (most recent call last):
    cchc_xl.office.word.decree.mend.CannotMendError: không phải là tệp Word (.docx) đọc được
    """
    try:
        word = open_word(data)
        turn = _Pass(word)
        parts, before = word.parts, turn.remarks
        _refuse(word, before)
        for _ in range(_MOST_PASSES):
            made = turn.made()
            if not made:
                break
            word = replace(word, parts=word.parts | made)
            turn = _Pass(word)
        after = turn.remarks
    except NotWordError as error:
        raise CannotMendError(str(error)) from error
    changed_parts = {name: content for name, content in word.parts.items() if parts.get(name) != content}
    left = Counter(map(_key, after))
    done = Counter(code for code, *_ in (Counter(map(_key, before)) - left).elements())
    return Mended(_packed(data, changed_parts), tuple(sorted(done.items())), after)


def why_left(code: str, lang: str = "vi") -> str:
    """Why a departure of this kind is left to a person.

    >>> why_left("N110"), why_left("N122", "en")
    ('phải viết thêm hoặc sửa chữ', 'to be moved')
    """
    return str(_REASONS.get(code, WORDS["decree"]["left"][0])["en" if lang == "en" else "vi"])


def mends(code: str) -> bool:
    """Whether departures of this kind are mended, as far as they are a matter of looks.

    >>> mends("N130"), mends("N110")
    (True, False)
    """
    return code in _PAGES or code not in _REASONS


def _refuse(word: WordFile, remarks: tuple[Remark, ...]) -> None:
    marks = {
        "signed": any(_SIGNED in kind or "_xmlsignatures/" in name for name, kind in word.kinds.items()),
        "macros": has_macros(word),
        "strict": is_strict(word),
        "kind": not is_plain_kind(word),
        "tracked": bool(changed(word)) or any(remark.code == "N155" for remark in remarks),
        "comment": any(remark.code == "N156" for remark in remarks),
    }
    for mark, there in marks.items():
        if there:
            raise CannotMendError(_NOT_MENDED[mark])
    for remark in remarks:
        if remark.code in {"N109", "N303"}:
            raise CannotMendError(
                remark.found if remark.code == "N109" else f"không thuộc Nghị định 30 ({remark.found})"
            )


def _key(remark: Remark) -> tuple[str, object, object, object]:
    if remark.at is None:
        return remark.code, remark.section, "", remark.found if remark.section is None else ""
    return remark.code, remark.at.part, remark.at.number, remark.line


def _packed(data: bytes, changed_parts: dict[str, bytes]) -> bytes:
    """The package with some parts changed or new; what is not changed stays as it is."""
    if not changed_parts:
        return data
    left, buffer = dict(changed_parts), BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            content = old.read(item)
            new.writestr(item, left.pop(item.filename, content), item.compress_type)
        for name, content in left.items():
            new.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


class _Pass:
    """One round over a document: what looks right then may show what else a line is."""

    def __init__(self, word: WordFile) -> None:
        self._word = word
        self._document: Document = read_document(word)
        self.remarks = tuple(remarks_on(self._document))
        self._found: Outline = outline(self._document)
        self._roots: dict[str, Any] = {}
        self._places: list[Place] = [*places(word, self._document, self._roots)]
        self._at = {id(place.paragraph): place for place in self._places}
        texts = Counter[float]()
        for paragraph in (*self._found.body, *self._found.annex_body):
            for run in lettered(paragraph.runs):
                texts[run.form.size] += len(run.text)
        right = [size for size, _ in texts.most_common() if SIZE[0] <= size <= SIZE[1]]
        # What the rest of the text has; the nearest where all of it is too small or too large.
        self._size = (*right, *(min(max(size, SIZE[0]), SIZE[1]) for size, _ in texts.most_common(1)), SIZE[0])[0]
        indents = Counter(item.layout.first for item in self._found.body if item.layout.first in INDENTS)
        self._indent = indents.most_common(1)[0][0] if indents else INDENTS[-1]

    def made(self) -> dict[str, bytes]:
        """The parts that the round changed; none if there is nothing to mend."""
        if not self.remarks:
            return {}
        before = {name: stored(root) for name, root in self._roots.items()}
        if not self._cut():
            self._mend()
        made = {name: stored(root) for name, root in self._roots.items()}
        return {name: content for name, content in made.items() if content != before.get(name, self._own(name))}

    def _own(self, name: str) -> bytes:
        return stored(self._word.xml(name)) if name in self._word.parts else b""

    def _place(self, paragraph: Paragraph | None) -> Place | None:
        return None if paragraph is None else self._at.get(id(paragraph))

    def _cut(self) -> bool:
        """Cuts runs in which more than one line stands, as the two columns of a letterhead made with tabs."""
        cuts: dict[Any, set[tuple[int, int]]] = {}
        for remark in self.remarks:
            place = self._place(remark.at)
            if remark.piece is None or remark.wanted is None or place is None:
                continue
            whole = Counter[int]()
            for run in place.paragraph.runs:
                whole[run.turn] += len(run.text)
            for run in remark.piece.runs:
                ends = {run.start, run.start + len(run.text)} - {0, whole[run.turn]}
                if run.turn >= 0 and ends:
                    cuts.setdefault(place.element, set()).update((run.turn, end) for end in ends)
        for element, own in cuts.items():
            split(element, own)
        return bool(cuts)

    def _mend(self) -> None:
        styles = self._word.part("styles")
        if styles:
            self._roots[styles] = self._word.xml(styles)
        wanted = Wanted(self._places, self._roots.get(styles))
        self._pages()
        for remark in self.remarks:
            place = self._place(remark.at)
            if place is not None and remark.piece is not None and remark.wanted is not None:
                self._as_form(wanted, place, remark.piece, remark.wanted)
            if place is not None:
                self._as_said(wanted, place, remark)
        wanted.settle()
        for columns in self._columns():
            _set_stops(columns, self._document)
        PageNumbers(self._word, self._document, self._roots, self._places).mend(self.remarks, self._size)

    def _as_form(self, wanted: Wanted, place: Place, piece: Piece, form: Form) -> None:
        """Gives a line its form; capitals only by the look of the letters."""
        runs = [*runs_of(place.element)]
        of_number = place.paragraph.part == HEADER and any(place.paragraph.fields)
        for run in lettered(piece.runs):
            elements = runs if run.turn < 0 and of_number else [runs[run.turn]] if run.turn >= 0 else []
            for element in elements:
                if not form.low <= run.form.size <= form.high:
                    wanted.want(element, "size", self._fitting(form, run.form.size))
                for name, right, now in (("b", form.bold, run.form.bold), ("i", form.italic, run.form.italic)):
                    if right is not None and right != now:
                        switch(element, name, on=right)
                if form.upper and not piece.is_upper:
                    switch(element, "caps", on=True)
                elif form.upper is False and piece.is_upper and run.form.capitals:
                    switch(element, "caps", on=False)
        if form.centred and piece.alone and not piece.is_centred:
            self._centre(wanted, place)

    def _fitting(self, form: Form, size: float) -> float:
        return self._size if form.low <= self._size <= form.high else min(max(size, form.low), form.high)

    @staticmethod
    def _centre(wanted: Wanted, place: Place) -> None:
        wanted.want(place.element, "align", "center")
        if place.paragraph.layout.first and not place.paragraph.layout.label:
            wanted.want(place.element, "first", 0.0)

    def _as_said(self, wanted: Wanted, place: Place, remark: Remark) -> None:
        layout = place.paragraph.layout
        match remark.code:
            case "N103" | "N104":
                self._letters(wanted, place, remark.code)
            case "N106" if not place.paragraph.text.startswith("\t") and "không căn giữa" in remark.causes:
                self._centre(wanted, place)
            case "N131":
                wanted.want(place.element, "align", "both")
            case "N132" if layout.label:
                side = part_of(part_of(place.element, "pPr"), "ind")
                set_value(side, leftChars=None, startChars=None, start=None, left=f"{self._indent - layout.first:g}")
                set_value(side, **{"hanging" if layout.first < 0 else "firstLine": f"{abs(layout.first):g}"})
            case "N132" if not place.paragraph.text.startswith("\t"):
                wanted.want(place.element, "first", float(self._indent))
            case "N133":
                wanted.want(place.element, "after", float(SPACE))
                if layout.joins_same_style:
                    set_value(part_of(part_of(place.element, "pPr"), "contextualSpacing"), val="0")
            case "N134":
                wide = layout.line_rule == "auto" and layout.line > LINE_AND_HALF
                wanted.want(place.element, "line", (float(LINE_AND_HALF if wide else SINGLE), "auto"))

    @staticmethod
    def _letters(wanted: Wanted, place: Place, code: str) -> None:
        """Font or colour; letters of a font that draws others in their place, and light ones, are left."""
        runs = [*runs_of(place.element)]
        for run in place.paragraph.runs:
            elements = runs if run.turn < 0 else [runs[run.turn]]
            fonts = {run.form.plain_font, run.form.accented_font}
            if run.turn >= 0 and not lettered((run,)) and child(runs[run.turn], "rPr") is None:
                continue  # a tab or blank that says nothing itself
            for element in elements:
                if code == "N103" and not all(map(is_times, fonts)) and not any(map(_draws_others, fonts)):
                    wanted.want(element, "font", TIMES)
                if code == "N104" and _is_dark(run.form.colour):
                    wanted.want(element, "colour", "auto")

    def _columns(self) -> list[list[tuple[Place, Piece]]]:
        """The right halves of letterhead and signature where they stand behind one tab each, if most are mended."""
        mended = {remark.piece.number for remark in self.remarks if remark.piece and not remark.piece.alone}
        found = self._found
        top, end = (found.national, found.motto, found.date), (*found.closing.posts, found.closing.signer)
        groups = []
        for pieces in (top, end):
            group = []
            for piece in filter(None, pieces):
                place, text = self._at.get(id(piece.paragraph)), piece.paragraph.text
                # One that says its tabs itself, or is a column of a table, stands where somebody put it.
                plain = text.count("\t") == 1 and "\n" not in text and not piece.paragraph.layout.tabs
                if place is not None and plain and piece.cell is None and bare(text.partition("\t")[2]) == piece.key:
                    group.append((place, piece))
            if sum(piece.number in mended for _, piece in group) * 2 > len(group):
                groups.append(group)
        return groups

    def _pages(self) -> None:
        """Size and margins of the sections that have others."""
        wrong = {(remark.code, remark.section) for remark in self.remarks if remark.code in {"N101", "N102"}}
        body = self._roots[self._word.main].find(f"{W}body")
        marks = [*body.iter(f"{W}sectPr")]
        if not marks:
            marks = [body.makeelement(f"{W}sectPr", {})]
            if wrong or any(remark.code in {"N105", "N106", "N107"} for remark in self.remarks):
                body.append(marks[0])
        for number, (section, mark) in enumerate(zip(self._document.sections, marks, strict=True)):
            if ("N101", number) in wrong and min(section.width, section.height) <= _LARGEST:
                wide, high = _A4 if section.width <= section.height else _A4[::-1]
                set_value(part_of(mark, "pgSz"), w=wide, h=high, code=None)
            if ("N102", number) in wrong:
                margins = part_of(mark, "pgMar")
                for side, _, low, high in MARGINS:
                    now = getattr(section, side)
                    if not low - TOLERANCE <= now <= high + TOLERANCE:
                        right = (low if now < low else high) - (section.gutter if side == "left" else 0)
                        set_value(margins, **{side: round(right * MILLIMETRE)})
                    elif margins.get(f"{W}{side}") is None:
                        set_value(margins, **{side: round(now * MILLIMETRE)})
                for side, usual in (("header", 720), ("footer", 720), ("gutter", 0)):
                    if margins.get(f"{W}{side}") is None:
                        set_value(margins, **{side: usual})


def _set_stops(column: Sequence[tuple[Place, Piece]], document: Document) -> None:
    """One stop for a column, in its middle, so that its lines stand under one another and none meets what is left."""
    room = min(document.section_of(piece.paragraph).room for _, piece in column) * MILLIMETRE
    size = max(SIZE[0], *(run.form.size for _, piece in column for run in piece.runs))
    half = max(width(piece.text, size) for _, piece in column) * _BOLD * 10
    left = max(width(place.paragraph.text.partition("\t")[0], size) for place, _ in column) * _BOLD * 20
    at = min(max(room * _MIDDLE, left + _GAP + half), room - half)
    for place, _ in column:
        stop = place.element.makeelement(f"{W}tab", {f"{W}val": "center", f"{W}pos": f"{at:.0f}"})
        part_of(part_of(place.element, "pPr"), "tabs").append(stop)


_SYMBOLS = ("wingdings", "webdings", "symbol", "marlett", "mt extra")


def _draws_others(font: str) -> bool:
    """Whether a font draws other letters than are stored: with another font the text would read otherwise."""
    return encoding_of(font) is not None or font.casefold().startswith(_SYMBOLS)


def _is_dark(colour: str) -> bool:
    try:
        return colour == "auto" or min(bytes.fromhex(colour)) < _LIGHT
    except ValueError:
        return False
