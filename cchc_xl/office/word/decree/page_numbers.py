"""The numbers of pages put where the decree has them: the parts of a document come in with a number in the header.

In the middle of the header, not on the first page. What else stands in headers and footers stays, on the first page
too: it gets a copy of its own without the number. A number among words, as "Trang 2/5", is left to a person.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from cchc_xl.office.word.decree.document import Document, Paragraph, Section, runs_of
from cchc_xl.office.word.decree.layout import ARABIC, BELOW, OTHER_DIGITS, PAGE, SINGLE, numbered
from cchc_xl.office.word.decree.pieces import Remark
from cchc_xl.office.word.decree.styled import TIMES, Place, part_of, put, set_value
from cchc_xl.office.word.file import (
    RELATION,
    RELATIONS,
    TYPES,
    TYPES_PART,
    WORD,
    R,
    W,
    WordFile,
    local_name,
    paragraphs_in,
    relations_of,
)

_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
_ALONE = re.compile(r"[\s\d\-–—IVXLCivxlc]*")


class PageNumbers:
    """Mends the page numbers of a document in the ``roots`` of its parts."""

    def __init__(self, word: WordFile, document: Document, roots: dict[str, Any], places: Sequence[Place]) -> None:
        self._word, self._document, self._roots = word, document, roots
        self._places = {id(place.paragraph): place for place in places}
        body = self._root(word.main).find(f"{W}body")
        self._marks = [*body.iter(f"{W}sectPr")]
        self._made = ""  # the relation of the header made for sections that have none

    def mend(self, remarks: Sequence[Remark], size: float) -> None:
        """Mends what is wrong with the numbers; ``size`` is that of a new one."""
        for remark in remarks:
            number = remark.section or 0
            section, mark = self._document.sections[number], self._marks[number]
            match remark.code:
                case "N105":
                    self._add(section, mark, size)
                case "N106" if remark.found == BELOW:
                    self._move_up(section, mark, size)
                case "N106" if remark.at is not None:
                    _in_arabic(mark, self._places[id(remark.at)].element)
                case "N107" if remark.at is not None and self._is_alone(remark.at):
                    self._off_first_page(section, mark, remark.at)

    def _move_up(self, section: Section, mark: Any, size: float) -> None:
        """Out of the footers into the headers, where it stands alone in each."""
        below = numbered(self._document, section.footers, *section.footers)
        if all(map(self._is_alone, below)):
            for item in below:
                _without_field(self._places[id(item)].element)
            self._add(section, mark, size)

    @staticmethod
    def _is_alone(paragraph: Paragraph) -> bool:
        return bool(_ALONE.fullmatch(paragraph.text)) and not any("NUMPAGES" in code for code in paragraph.fields)

    def _add(self, section: Section, mark: Any, size: float) -> None:
        """A number to the headers of a section that have none; a header if it has none."""
        for kind in self._document.header_kinds:
            name = self._word.related().get(section.headers.get(kind, ""), ("", ""))[1]
            if name in self._word.parts:
                root = self._root(name)
                if not numbered(self._document, section.headers, kind):
                    first = next(iter(root), None)
                    empty = first is not None and first.tag == f"{W}p" and not [*runs_of(first)]
                    element = first if empty else root.makeelement(f"{W}p", {})
                    if not empty:
                        root.insert(0, element)
                    _number(element, size)
                continue
            if not self._made:
                from lxml import etree

                root = etree.Element(f"{W}hdr", nsmap={"w": WORD, "r": RELATIONS})
                _number(_below(root, "p"), size)
                self._made = self._new_part("header", root)
            _refer(mark, "header", kind, self._made)

    def _off_first_page(self, section: Section, mark: Any, paragraph: Paragraph) -> None:
        """Out of the header of the first page, or with a header for that page alone, a copy without the number."""
        if section.own_first_page:
            _without_field(self._places[id(paragraph)].element)
            return
        set_value(part_of(mark, "titlePg"), val=None)
        for kind, named in (("header", section.headers), ("footer", section.footers)):
            relation = named.get("default", "")
            name = self._word.related().get(relation, ("", ""))[1]
            if name not in self._word.parts or "first" in named:
                continue
            copy = deepcopy(self._root(name))
            for element in paragraphs_in(copy):
                codes = "".join(item.text or "" for item in element.iter(f"{W}instrText"))
                codes += "".join(item.get(f"{W}instr", "") for item in element.iter(f"{W}fldSimple"))
                if kind == "header" and PAGE.search(codes):
                    _without_field(element)
            if any(local_name(item) in {"t", "drawing", "pict", "pBdr", "fldSimple"} for item in copy.iter()):
                _refer(mark, kind, "first", self._new_part(kind, copy, relations_of(name)))

    def _root(self, name: str) -> Any:
        if name not in self._roots:
            there = name in self._word.parts or not name.endswith(".rels")
            self._roots[name] = self._word.xml(name) if there else _without_relations()
        return self._roots[name]

    def _new_part(self, kind: str, root: Any, relations: str = "") -> str:
        """A new part of the document, with the relations of another; the relation to it."""
        folder = posixpath.dirname(self._word.main)
        taken = {name.casefold() for name in (*self._word.parts, *self._roots)}
        names = (f"{folder}/{kind}{number}.xml".lstrip("/") for number in range(1, len(taken) + 2))
        name = next(item for item in names if item.casefold() not in taken)
        self._roots[name] = root
        if relations in self._word.parts:
            self._roots[relations_of(name)] = self._word.xml(relations)
        types = self._root(TYPES_PART)
        types.append(types.makeelement(f"{TYPES}Override", PartName=f"/{name}", ContentType=_TYPE.format(kind)))
        own = self._root(relations_of(self._word.main))
        ids = {item.get("Id") for item in own.iter(RELATION)}
        relation = next(f"rId{number}" for number in range(1, len(ids) + 2) if f"rId{number}" not in ids)
        target = posixpath.basename(name)
        own.append(own.makeelement(RELATION, Id=relation, Type=f"{RELATIONS}/{kind}", Target=target))
        return relation


def _in_arabic(mark: Any, element: Any) -> None:
    """Takes out what orders other digits, of the section and of the field."""
    fmt = mark.find(f"{W}pgNumType")
    if fmt is not None and fmt.get(f"{W}fmt", "decimal") not in ARABIC:
        set_value(fmt, fmt=None)
    for item in element.iter(f"{W}instrText", f"{W}fldSimple"):
        if item.tag == f"{W}fldSimple":
            set_value(item, instr=OTHER_DIGITS.sub("", item.get(f"{W}instr", "")))
        elif item.text:
            item.text = OTHER_DIGITS.sub("", item.text)


def _without_relations() -> Any:
    from lxml import etree

    return etree.fromstring(f'<Relationships xmlns="{RELATION.rpartition("}")[0].strip("{")}"/>')


def _refer(mark: Any, kind: str, of: str, relation: str) -> None:
    made = mark.makeelement(f"{W}{kind}Reference", {f"{W}type": of, f"{R}id": relation})
    mark.insert(sum(local_name(item) in {"headerReference", "footerReference"} for item in mark), made)


def _below(parent: Any, name: str) -> Any:
    made = parent.makeelement(f"{W}{name}", {})
    parent.append(made)
    return made


def _number(paragraph: Any, size: float) -> None:
    """Makes an empty paragraph one with a page number in its middle."""
    look: dict[str, Any] = {"align": "center", "first": 0, "after": 0, "line": (SINGLE, "auto")}
    for name, value in look.items():
        put(part_of(paragraph, "pPr"), name, value)
    for kind in ("begin", "PAGE", "end"):
        run = _below(paragraph, "r")
        put(part_of(run, "rPr"), "font", TIMES)
        put(part_of(run, "rPr"), "size", size)
        item = _below(run, "instrText" if kind == "PAGE" else "fldChar")
        if kind == "PAGE":
            item.text = kind
        else:
            set_value(item, fldCharType=kind)


def _without_field(paragraph: Any) -> None:
    """Takes the number out of a paragraph that has nothing else; the paragraph stays."""
    for item in list(paragraph):
        if local_name(item) in {"r", "fldSimple", "hyperlink", "sdt", "ins"}:
            paragraph.remove(item)
