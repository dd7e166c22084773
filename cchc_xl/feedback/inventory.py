"""Everything a workbook holds: its bytes come in, facts by kind go out, and the cells as stored.

From the package and the workbook every relationship is followed, so that what nobody thought of is counted too. What
our own marking added in an earlier round is left out: the list, our colours, our part of a comment.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from cchc_xl.feedback import words as w
from cchc_xl.feedback.canonical import Fact, Resolve, attributes, children, facts_of, same
from cchc_xl.feedback.cells import Text, text_of
from cchc_xl.feedback.marks import is_list, own_words
from cchc_xl.feedback.package import Element, Package, Relation, Sheet, local
from cchc_xl.feedback.sheets import SheetContent, SheetReader
from cchc_xl.feedback.styles import styles_of
from cchc_xl.office.excel.bounds import STAMP_SHEET

_STAMPED = re.compile(r"[AB]\d+ .*", re.DOTALL)
_CONTROL = re.compile(rb"ObjectType\s*=\s*[\"']([A-Za-z]{1,40})[\"']")
_MADE_BY_PROGRAMS = (
    "http://schemas.microsoft.com/office/2006/",
    "http://schemas.microsoft.com/sharepoint/",
    "http://schemas.openxmlformats.org/officeDocument/2006/",
    "http://schemas.microsoft.com/office/infopath/",
)
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
_POWER_QUERY = "http://schemas.microsoft.com/DataMashup"


@dataclass(slots=True)
class Inventory:
    """The facts with how often they stand, each at its sheet; and every sheet's content as stored, by its name.

    ``unknown_pictures`` says that a picture is of a kind openpyxl would have to decode, whatever its size.
    """

    facts: Counter[Fact] = field(default_factory=Counter)
    sheets: dict[str, SheetContent] = field(default_factory=dict)
    unknown_pictures: bool = False


def inventory(data: bytes) -> Inventory:
    """The inventory of a workbook.

    Raises :class:`cchc_xl.feedback.package.CannotCopyError` where it is too heavy, and whatever a broken file raises.
    """
    walk = _Walk(Package(data))
    walk.workbook()
    return walk.found


class _Walk:
    """One way through the parts of a package; ``seen`` keeps it from going in circles."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.found = Inventory()
        self.seen: set[str] = set()
        self.styles = styles_of(package)
        self.strings = self._strings()

    def workbook(self) -> None:
        """Counts the package's own parts, the workbook, and every sheet."""
        self._related("", "", frozenset())
        for item in children(self.package.xml(self.package.workbook)):
            self._in_workbook(item)
        self._related("", self.package.workbook, frozenset())
        self._names()
        for sheet in self.package.sheets:
            if sheet.kind == "worksheet":
                self._worksheet(sheet)
            else:
                self._add(sheet.title, [(w.PARTS.get(sheet.kind) or w.SHEET, sheet.kind)])
                self._related(sheet.title, sheet.part, frozenset())

    def _strings(self) -> list[Text]:
        related_parts = self.package.relations(self.package.workbook).values()
        part = next((item.target for item in related_parts if item.kind == "sharedStrings"), None)
        if part is None or not self.package.has(part):
            return []
        return [text_of(item) for item in self.package.xml(part) if local(item.tag) == "si"]

    def _add(self, place: str, facts: list[Fact]) -> None:
        self.found.facts.update((words, f"{place}|{text}") for words, text in facts)

    def _in_workbook(self, item: Element) -> None:
        tag = local(item.tag)
        words = w.EXTENSION if tag == "extLst" else w.IN_WORKBOOK.get(tag, f"phần “{tag}” của sổ")
        if words is None or tag in {"sheets", "definedNames"}:
            return
        facts = facts_of(item, words, str)
        if tag in _SAID_OF_WORKBOOK:  # the rest is what the program that saved it last says of itself
            said = _SAID_OF_WORKBOOK[tag]
            facts = iter([(words, f"{name}={item.get(name)}") for name in said if item.get(name, "0") not in _USUAL])
        self._add("", list(facts))

    def _names(self) -> None:
        titles = [
            item.get("name", "") for item in self.package.xml(self.package.workbook).iterfind("{*}sheets/{*}sheet")
        ]
        for item in self.package.xml(self.package.workbook).iterfind("{*}definedNames/{*}definedName"):
            sheet = item.get("localSheetId")
            place = titles[int(sheet)] if sheet is not None and int(sheet) < len(titles) else ""
            target = (item.text or "").replace("'", "").replace(" ", "")
            self._add(place, [(w.NAME, f"{item.get('name')}={target} {same(item.get('hidden', '0'))}")])

    def _worksheet(self, sheet: Sheet) -> None:
        relations = self.package.relations(sheet.part)
        reader = SheetReader(self.package, self.strings, self.styles, self._resolver(relations))
        content = reader.read(sheet.part)
        if is_list(sheet.title, content.heading):
            return
        facts = content.facts
        if sheet.title == STAMP_SHEET:  # what stands in its first columns is ours to change
            facts = [fact for fact in facts if not _STAMPED.fullmatch(fact[1])]
        self.found.sheets[sheet.title] = content
        self._add(sheet.title, [(w.SHEET, sheet.state), *facts])
        for relation in relations.values():
            if relation.kind == "comments" and self.package.has(relation.target):
                self._add(sheet.title, list(self._comments(relation.target)))
        self._related(sheet.title, sheet.part, frozenset(("image",)))

    def _comments(self, part: str) -> Iterator[Fact]:
        root = self.package.xml(part)
        authors = [item.text or "" for item in root.iterfind("{*}authors/{*}author")]
        for item in root.iterfind("{*}commentList/{*}comment"):
            index = int(item.get("authorId", "0"))
            author = authors[index].strip() if index < len(authors) else ""
            text = own_words("".join(text_of(inside)[0] for inside in item.iterfind("{*}text")))
            if text:
                yield w.NOTE, f"{item.get('ref')} {author}: {text}"

    def _related(self, place: str, part: str, passed: frozenset[str]) -> None:
        """Counts every part that this one leads to, but for those that are looked at by themselves."""
        for relation in self.package.relations(part).values():
            words = w.PARTS.get(relation.kind, f"thành phần “{relation.kind}”")
            if relation.kind == "hyperlink" or relation.kind in passed or words is None:
                continue
            if relation.external:
                self._add(place, [(words, relation.target)])
            elif self.package.has(relation.target) and relation.target not in self.seen:
                self.seen.add(relation.target)
                self._part(place, relation, words)

    def _part(self, place: str, relation: Relation, words: str) -> None:
        if relation.kind == "vmlDrawing":
            controls = _CONTROL.findall(self.package.part(relation.target))
            self._add(place, [(words, kind.decode()) for kind in controls if kind != b"Note"])
        elif relation.kind == "customXml":
            self._add(place, list(self._custom_xml(relation.target)))
        elif relation.kind == "theme" or not relation.target.endswith((".xml", ".rels")):
            self._add(place, [(words, self._hash(relation.target))])
        elif relation.kind == "drawing":
            self._add(place, list(self._drawing(relation.target)))
        else:
            resolve = self._resolver(self.package.relations(relation.target))
            self._add(place, list(facts_of(self.package.xml(relation.target), words, resolve)))
        self._related(place, relation.target, frozenset(("image",) if relation.kind == "drawing" else ()))

    def _custom_xml(self, part: str) -> Iterator[Fact]:
        space = self.package.xml(part).tag.rpartition("}")[0].lstrip("{")
        if space == _POWER_QUERY:
            yield w.QUERY, part
        elif not space.startswith(_MADE_BY_PROGRAMS):
            yield w.PARTS["customXml"] or "", self._hash(part)

    def _drawing(self, part: str) -> Iterator[Fact]:
        """The objects of a drawing, each with where it is anchored."""
        resolve = self._resolver(self.package.relations(part))
        for anchor in self.package.xml(part):
            place = _place(anchor, resolve)
            for item in children(anchor):
                tag = local(item.tag)
                if tag in _PLACES or tag == "clientData":
                    continue
                words = w.IN_DRAWING.get(tag) or w.SHAPE
                if tag == "graphicFrame":
                    yield from self._frame(item, place)
                else:
                    yield from ((words, f"{place} {text}") for _, text in facts_of(item, words, resolve))

    def _frame(self, item: Element, place: str) -> Iterator[Fact]:
        """A chart's place; of any other frame (SmartArt, slicer, ink) what it is."""
        kind = next((part.get("uri", "") for part in item.iter() if local(part.tag) == "graphicData"), "")
        if kind.endswith("/chart"):
            yield w.CHART, place
        else:
            words = next((words for word, words in _FRAMES.items() if word in kind), w.SHAPE)
            yield words, f"{place} {kind}"

    def _resolver(self, relations: dict[str, Relation]) -> _Resolver:
        return _Resolver(self, relations)

    def _hash(self, part: str) -> str:
        return hashlib.sha256(self.package.part(part)).hexdigest()

    def told(self, relation: Relation) -> str:
        """What a relationship leads to: an address, a picture by its bytes, else its kind."""
        if relation.external:
            return relation.target
        if relation.kind not in {"image", "hdphoto"} or not self.package.has(relation.target):
            return relation.kind
        if not self.package.part(relation.target).startswith(_PICTURES):
            self.found.unknown_pictures = True
        return self._hash(relation.target)


class _Resolver:
    """What a part's relationship ids lead to."""

    def __init__(self, walk: _Walk, relations: dict[str, Relation]) -> None:
        self._walk, self._relations = walk, relations

    def __call__(self, number: str) -> str:
        relation = self._relations.get(number)
        return self._walk.told(relation) if relation is not None else ""


def _place(anchor: Element, resolve: Resolve) -> str:
    """Where an object of a drawing is anchored."""
    told = [f"{local(anchor.tag)}{attributes(anchor, resolve)}"]
    for item in anchor:
        if local(item.tag) in _PLACES:
            told.extend(text for _, text in facts_of(item, "", resolve))
    return " ".join(told)


_PLACES = frozenset(("from", "to", "ext", "pos"))
_FRAMES = {"diagram": "sơ đồ SmartArt", "slicer": w.SLICER, "timeslicer": w.TIMELINE, "chartex": w.CHART}
_SAID_OF_WORKBOOK = {
    "workbookPr": ("date1904",),
    "calcPr": ("calcMode", "iterate", "iterateCount", "iterateDelta", "fullPrecision", "refMode"),
}
_USUAL = frozenset(("0", "false", "auto", "A1", "100", "0.001", "1E-3"))
