"""What we say in the notes of a sheet's cells: its notes and their boxes come in, ours are put in or taken out.

A note has a text in the comments part and a box in the sheet's old drawing (VML). Excel writes the drawing as text that
need not be well-formed XML, so it is changed as text: shapes that are no box of a note (buttons) and all boxes that
stay are left character by character. Beside a note of the unit's own ours stands behind it, in the same box.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from lxml import etree

from cchc_xl.office.excel.book import fitting, lines_needed, units
from cchc_xl.office.excel.bounds import MAX_TEXT, Place
from cchc_xl.office.excel.extent import column as column_of
from cchc_xl.office.excel.parts import Element, Text, local, space
from cchc_xl.records import column_letters

_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CONTROL = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # what Excel would read as the code of a character
_ADDRESS = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_THREAD = "tc="  # the author of a note that only stands for a thread of comments
_WIDTH, _LETTERS, _LINE, _TALLEST = 340, 52, 17, 640  # of a box of ours, in pixels; letters in its line
_LETTERS_BESIDE, _ROW = 20, 15  # letters in a line of the box that Excel gives by itself; a row's height in points
EMPTY = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    b'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/>'
    b'</o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
    b'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" '
    b'o:connecttype="rect"/></v:shapetype></xml>'
)
_BOX = (
    '<{v}:shape id="_x0000_s{id}" type="#_x0000_t202" style="position:absolute;margin-left:59.25pt;margin-top:1.5pt;'
    'width:{width}px;height:{height}px;z-index:1;visibility:hidden" fillcolor="#ffffe1" {o}:insetmode="auto">'
    '<{v}:fill color2="#ffffe1"/><{v}:shadow color="black" obscured="t"/><{v}:path {o}:connecttype="none"/>'
    '<{v}:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></{v}:textbox>'
    '<{x}:ClientData ObjectType="Note"><{x}:MoveWithCells/><{x}:SizeWithCells/><{x}:AutoFill>False</{x}:AutoFill>'
    "<{x}:Row>{row}</{x}:Row><{x}:Column>{column}</{x}:Column></{x}:ClientData></{v}:shape>"
)
_ID = re.compile(r"_x0000_s(\d{1,9})\b")
_HEIGHT = re.compile(r"(?<![\w-])height:(\d{1,6}(?:\.\d{1,9})?)(pt|px)")
_NOTE = re.compile(r"ObjectType\s{0,9}=\s{0,9}[\"']Note[\"']")


class Boxes:
    """The boxes in one drawing."""

    def __init__(self, data: bytes) -> None:
        self._source = Text(data)
        text = self._source.text
        self._v = _prefix(text, "urn:schemas-microsoft-com:vml", "v")
        self._o = _prefix(text, "urn:schemas-microsoft-com:office:office", "o")
        self._x = _prefix(text, "urn:schemas-microsoft-com:office:excel", "x")
        self._pieces: list[str] = []  # what stands between the boxes, and the boxes, in turn
        self._boxes: dict[Place, int] = {}
        self._split(text)

    def change(self, gone: Collection[Place], longer: Mapping[Place, int], notes: Mapping[Place, str]) -> bytes:
        """The part without the boxes of notes that are gone, some taller by rows, a box for each of ``notes``."""
        pieces = list(self._pieces)
        for place, index in self._boxes.items():
            if place in gone:
                pieces[index] = ""
            elif longer.get(place):
                pieces[index] = self._stretched(pieces[index], longer[place])
        text = "".join(pieces)
        first = max(map(int, _ID.findall(text)), default=1024) + 1
        missing = [place for place in notes if place not in self._boxes or place in gone]
        fresh = "".join(self._box(place, number, notes[place]) for number, place in enumerate(missing, start=first))
        end = text.rfind("</")
        return self._source.bytes_of(text[:end] + fresh + text[end:])

    def holds_nothing(self) -> bool:
        """Whether the drawing has no shape at all."""
        return f"</{self._v}:shape>" not in "".join(self._pieces) and "<!" not in self._source.text

    def _split(self, text: str) -> None:
        done, end = 0, f"</{self._v}:shape>"
        while (close := text.find(end, done)) >= 0:
            start = text.rfind(f"<{self._v}:shape", done, close)
            after = close + len(end)
            box = text[start:after] if start >= 0 else ""
            place = self._place(box)
            if place is None:
                self._pieces.append(text[done:after])
            else:
                self._boxes[place] = len(self._pieces) + 1
                self._pieces += [text[done:start], box]
            done = after
        self._pieces.append(text[done:])

    def _place(self, box: str) -> Place | None:
        """The cell whose note the shape is a box of."""
        if not _NOTE.search(box):
            return None
        found = [re.search(rf"<{self._x}:{name}>\s{{0,9}}(\d{{1,7}})", box) for name in ("Row", "Column")]
        row, column = found
        return (int(row[1]) + 1, int(column[1]) + 1) if row and column else None

    def _box(self, place: Place, number: int, note: str) -> str:
        height = min(_TALLEST, (lines_needed(note, _LETTERS) + 1) * _LINE)
        names = {"v": self._v, "o": self._o, "x": self._x}
        row, column = place[0] - 1, place[1] - 1
        return _BOX.format(**names, id=number, width=_WIDTH, height=height, row=row, column=column)

    def _stretched(self, box: str, rows: int) -> str:
        """A box of the unit's own, lower end moved down by so many rows."""
        anchor = re.search(rf"<{self._x}:Anchor>([\s\d,-]{{1,200}})<", box)
        if anchor is not None:
            numbers = anchor[1].split(",")
            if len(numbers) == 8:
                numbers[6] = f" {max(int(numbers[2]) + 1, int(numbers[6]) + rows)}"
                return f"{box[: anchor.start(1)]}{','.join(numbers)}{box[anchor.end(1) :]}"
        height = _HEIGHT.search(box)
        if height is None:
            return box
        points = rows * _ROW / (0.75 if height[2] == "px" else 1)
        return f"{box[: height.start(1)]}{max(1.0, float(height[1]) + points):g}{box[height.end(1) :]}"


def rows_for(said: str) -> int:
    """How many rows taller a box of the unit's own becomes by what we say in it.

    >>> rows_for("Ô này không phải là số."), rows_for("")
    (2, 1)
    """
    return lines_needed(said, _LETTERS_BESIDE)


def _prefix(text: str, namespace: str, usual: str) -> str:
    declared = re.search(rf"\bxmlns:([\w.-]{{1,40}})\s{{0,9}}=\s{{0,9}}[\"']{re.escape(namespace)}[\"']", text)
    return declared[1] if declared else usual


@dataclass(frozen=True, slots=True)
class Words:
    """Who says something in a note, and the lines between which it stands: by these it is known again."""

    author: str
    opening: str
    closing: str


class Notes:
    """The notes of one sheet: the root of its comments part, changed in place.

    ``gone`` are the cells whose note has gone, ``longer`` by how many rows a note of the unit's own became longer.
    """

    def __init__(self, root: Element, words: Words) -> None:
        self._root, self._words = root, words
        self._space = space(root)
        self._authors = next(root.iterchildren("{*}authors"))
        self._list = next(root.iterchildren("{*}commentList"))
        self._notes = {place: note for note in self._list if (place := place_of(note.get("ref", ""))) is not None}
        self.gone: set[Place] = set()
        self.longer: dict[Place, int] = {}
        self.changed = False

    def take_back(self) -> None:
        """Takes out what we said, and every note in which nothing else stands."""
        for place, note in list(self._notes.items()):
            text = next(note.iterchildren("{*}text"), None)
            said = _cut_out(text, self._words) if text is not None else ""
            if not said:
                continue
            self.changed = True
            if "".join(told(text)).strip():
                self.longer[place] = -rows_for(said)
            else:
                self._list.remove(note)
                del self._notes[place]
                self.gone.add(place)
        used = {note.get("authorId") for note in self._list}
        last = len(self._authors) - 1
        if last >= 0 and self._authors[last].text == self._words.author and str(last) not in used:
            self._authors.remove(self._authors[last])

    def say(self, place: Place, words: str) -> None:
        """Says something at a cell, behind whatever the unit wrote there; not where people talk in a thread."""
        note = self._notes.get(place)
        if note is None:
            note = self._notes[place] = self._fresh(place)
        elif self._author(note).startswith(_THREAD):
            return
        text = next(note.iterchildren("{*}text"), None)
        if text is None:
            text = etree.SubElement(note, f"{{{self._space}}}text")
        own = "".join(told(text))
        frame = f"{self._words.opening}\n{{}}\n{self._words.closing}"
        said = frame.format(fitting(words, MAX_TEXT - units(own) - units(frame)))
        for bare in list(text.iterchildren("{*}t")):  # a text without runs becomes a run, so that ours can follow
            run = etree.Element(f"{{{self._space}}}r")
            text.replace(bare, run)
            run.append(bare)
        run = etree.SubElement(text, f"{{{self._space}}}r")
        after = next((item for item in text if local(item) in {"rPh", "phoneticPr"}), None)
        if after is not None:
            after.addprevious(run)
        spell(etree.SubElement(run, f"{{{self._space}}}t"), f"\n\n{said}" if own else said)
        if own:
            self.longer[place] = self.longer.get(place, 0) + rows_for(said)
        self.changed = True

    def texts(self) -> dict[Place, str]:
        """The text of every note."""
        return {place: "".join(told(note)) for place, note in self._notes.items()}

    def is_empty(self) -> bool:
        """Whether no note is left, and nobody has a name in the part."""
        return not len(self._list) and not len(self._authors)

    def _author(self, note: Element) -> str:
        number = note.get("authorId", "")
        return (self._authors[int(number)].text or "") if number.isdigit() and int(number) < len(self._authors) else ""

    def _fresh(self, place: Place) -> Element:
        names = [item.text for item in self._authors]
        if self._words.author not in names:
            etree.SubElement(self._authors, f"{{{self._space}}}author").text = self._words.author
            names.append(self._words.author)
        ref = f"{column_letters(place[1])}{place[0]}"
        author = str(names.index(self._words.author))
        return etree.SubElement(self._list, f"{{{self._space}}}comment", {"ref": ref, "authorId": author})


def place_of(address: str) -> Place | None:
    """Row and column of a cell in A1 notation.

    >>> place_of("AB12"), place_of("A1:B2")
    ((12, 28), None)
    """
    found = _ADDRESS.fullmatch(address)
    return (int(found[2]), column_of(found[1].encode())) if found else None


def told(item: Element) -> list[str]:
    """The texts in a note or a string of cells, run by run, without readings."""
    return [part.text or "" for part in _texts(item)]


def spell(item: Element, text: str) -> None:
    """Gives a ``t`` its text, so that Excel reads just that."""
    item.text = _CONTROL.sub("_x005F_", _NO_TEXT.sub("", text))
    if text.strip() != text or "\n" in text:
        item.set(_SPACE, "preserve")


def _texts(item: Element) -> list[Element]:
    return [part for part in item.iter("{*}t") if local(part.getparent()) != "rPh"]


def _cut_out(text: Element, words: Words) -> str:
    """Takes what we said out of a note, wherever another program put the ends of its runs; returns it, or ''."""
    pieces = _texts(text)
    whole = "".join(told(text))
    said, done = "", 0
    keep = bytearray(b"\1" * len(whole))
    while (start := whole.find(words.opening, done)) >= 0 and (end := whole.find(words.closing, start)) >= 0:
        end += len(words.closing)
        said += whole[start:end]
        while start > done and whole[start - 1].isspace():
            start -= 1
        while end < len(whole) and whole[end].isspace():
            end += 1
        keep[start:end] = bytes(end - start)
        if start > 0 and end < len(whole):
            keep[start] = 2  # a line of its own for what follows
        done = end
    if not said:
        return ""
    place = 0
    for piece in pieces:
        old = piece.text or ""
        marks = keep[place : place + len(old)]
        place += len(old)
        if 0 in marks or 2 in marks:
            piece.text = "".join("\n" if mark == 2 else letter for letter, mark in zip(old, marks, strict=True) if mark)
            if not piece.text:
                run = piece.getparent() if local(piece.getparent()) == "r" else piece
                run.getparent().remove(run)
    runs = list(text)
    if len(runs) == 1 and local(runs[0]) == "r" and [local(item) for item in runs[0]] == ["t"]:
        text.replace(runs[0], runs[0][0])
    return said
