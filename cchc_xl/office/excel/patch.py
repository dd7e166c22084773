"""Marks put into a workbook of somebody else: its bytes, marks, a list and a stamp come in, the marked bytes go out.

The workbook is never loaded and saved. Changed are: the styles (what our colours and our list need), in a marked sheet
its conditional formats and its notes with their boxes, the list of sheets; added is the list, as the first sheet. All
else is copied byte for byte, and in a changed sheet every row and cell. What an earlier round added is known by its
:class:`Signs` and taken away first.

Source of the order of elements: ECMA-376 part 1, §18.2.27, §18.3.1.99, §18.8.39; of the boxes of notes: part 4, §19.
"""

from __future__ import annotations

import io
import re
import zipfile
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from xml.sax.saxutils import escape

from cchc_xl.office.excel.as_sent import as_sent
from cchc_xl.office.excel.book import place_in
from cchc_xl.office.excel.bounds import Place
from cchc_xl.office.excel.cell_notes import EMPTY, Boxes, Notes, Words, place_of
from cchc_xl.office.excel.grid import Grid, relation_of, shared_strings
from cchc_xl.office.excel.list_page import Listing, Styles, drawn
from cchc_xl.office.excel.parts import (
    RELATIONS,
    RELATIONS_TYPE,
    SHEET_TYPE,
    TRANSITIONAL,
    TYPES,
    CannotPatchError,
    Element,
    Package,
    Xml,
    document,
    ensured,
    insert,
    local,
    new,
    space,
    under,
)
from cchc_xl.records import column_letters

_SHEET_ORDER = (
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios "
    "autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations "
    "hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches "
    "ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF drawingHF picture oleObjects controls "
    "webPublishItems tableParts extLst"
)
_WORKBOOK_ORDER = (
    "fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups externalReferences "
    "definedNames calcPr oleSize customWorkbookViews pivotCaches smartTagPr smartTagTypes webPublishing fileRecoveryPr "
    "webPublishObjects extLst"
)
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_CORE_RELATION = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_DUBLIN = "http://purl.org/dc/elements/1.1/"
_MACRO = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
# What a patch would break, by the kind of relation that leads to it.
_BREAKS = {"origin": "chữ ký số", "revisionHeaders": "lịch sử sửa của sổ dùng chung"}


@dataclass(frozen=True, slots=True)
class Signs:
    """By what our marks are known on the next round, also after another program saved the workbook.

    ``rule`` begins the formula of our colours, is always true and nobody else's; ``list_name`` and ``list_heading``
    (cell A1) name our list.
    """

    words: Words
    rule: str
    list_name: str
    list_heading: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A cell (counted from 1), the colour it gets (RRGGBB) and the note."""

    row: int
    column: int
    colour: str
    note: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """Names and values for the first two columns of a hidden sheet, beside what stands there."""

    sheet: str
    pairs: tuple[tuple[str, str], ...]


def patched(
    data: bytes, marks: Mapping[str, Sequence[Mark]], listing: Listing, stamp: Stamp, signs: Signs
) -> tuple[bytes, str]:
    """The workbook with its marks (by name of sheet), its list and its stamp; and the ending its name must have.

    Raises :class:`CannotPatchError` with the reason in words, and whatever zipfile and lxml raise for a broken file.
    """
    book = _Workbook(Package(data), signs)
    book.stamp(stamp)
    for sheet in book.sheets:
        book.remark(sheet, marks.get(sheet.get("name", ""), ()))
    book.put_list(listing)
    ending = book.ending()
    return book.package.dump(), ending


def new_workbook(listing: Listing, stamp: Stamp, signs: Signs) -> bytes:
    """A workbook that holds nothing but the list and the stamp, entitled as the list is headed."""
    return patched(_empty(signs.list_heading), {}, listing, stamp, signs)[0]


class _Workbook:
    """A package as a workbook."""

    def __init__(self, package: Package, signs: Signs) -> None:
        self.package, self._signs = package, signs
        broken = [kind for owner in ("", package.main) for _, kind, _ in package.relations(owner) if kind in _BREAKS]
        if broken:
            raise CannotPatchError(f"có nội dung mà bản đánh dấu không giữ được ({_BREAKS[broken[0]]})")
        self._root = package.xml(package.main)
        self._folder = package.main.rpartition("/")[0]
        self._space, self._link = space(self._root), f"{{{package.office}}}id"
        self._styles = Styles(package, self._space)
        self._parts = {number: (kind, part) for number, kind, part in package.relations(package.main)}
        self._sheets = next(self._root.iterchildren("{*}sheets"))

    @property
    def sheets(self) -> list[Element]:
        """The workbook's entries of its sheets, in their order."""
        return list(self._sheets.iterchildren("{*}sheet"))

    def ending(self) -> str:
        """What a file with these bytes must be called; a template has become a workbook."""
        kind = self.package.declared(self.package.main)
        self.package.declare(self.package.main, _MACRO if "macroEnabled" in kind else SHEET_TYPE.format("sheet.main"))
        return ".xlsm" if "macroEnabled" in kind else ".xlsx"

    # --- marks in a sheet ---

    def remark(self, sheet: Element, marks: Sequence[Mark]) -> None:
        """Takes the marks of an earlier round from a sheet and puts in new ones; it is no longer the active one."""
        kind, part = self._parts.get(relation_of(sheet), ("", ""))
        if not part:
            return
        root = self.package.xml(part, held="sheetData")
        for view in root.iter("{*}sheetView"):
            view.attrib.pop("tabSelected", None)
        if kind == "worksheet":
            self._recolour(root, marks, self.package.kept(part))
            self._say(part, root, {(mark.row, mark.column): mark.note for mark in _uncovered(root, marks)})

    def _recolour(self, root: Element, marks: Sequence[Mark], cells: str) -> None:
        """Our rules, before whatever the unit's own rules colour; those keep their order, the newer kinds too.

        Each compares its cell with what was sent in it: where that is mended, the colour is gone.
        """
        rules = list(root.iter("{*}cfRule"))
        old = {rule for rule in rules if self._is_ours(rule)}
        for rule in old:
            block = rule.getparent()
            block.remove(rule)
            if not any(local(item) == "cfRule" for item in block):
                block.getparent().remove(block)
        ranked = [rule for rule in rules if rule not in old and rule.get("priority", "").isdigit()]
        free = min((int(rule.get("priority")) for rule in ranked), default=1) - 1
        for rule in ranked:
            rule.set("priority", str(int(rule.get("priority")) + len(marks) - min(len(old), free)))
        colours = {f"{column_letters(mark.column)}{mark.row}": mark.colour for mark in marks}
        looks = {colour: str(self._styles.colour(colour)) for colour in dict.fromkeys(colours.values())}
        tests = as_sent(cells, colours, self._strings) if colours else {}
        before: Element | None = None
        for rank, (cell, colour) in enumerate(colours.items(), start=1):
            block = new(root, "conditionalFormatting", sqref=cell)
            rule = under(block, "cfRule", type="expression", dxfId=looks[colour], priority=str(rank))
            under(rule, "formula").text = f"AND({self._signs.rule},{tests[cell]})"
            if before is None:
                insert(root, block, _SHEET_ORDER)
            else:
                before.addnext(block)
            before = block

    def _is_ours(self, rule: Element) -> bool:
        formulas = (re.sub(r"\s|^=", "", item.text or "") for item in rule if local(item) == "formula")
        return any(self._signs.rule in formula for formula in formulas)

    def _say(self, part: str, root: Element, notes: Mapping[Place, str]) -> None:
        """What we say in notes, and a box for each."""
        place = self.package.related(part, "comments")
        if not place and not notes:
            return
        if not place:
            empty = f'<comments xmlns="{self._space}"><authors/><commentList/></comments>'
            place = self.package.add(f"{self._folder}/comments{{}}.xml", document(empty), SHEET_TYPE.format("comments"))
            self.package.relate(part, "comments", place)
        talk = Notes(self.package.xml(place), self._signs.words)
        talk.take_back()
        for at, note in notes.items():
            talk.say(at, note)
        if talk.changed:
            self._box(part, root, talk)
            if talk.is_empty():
                self.package.unrelate(part, place)
                self.package.drop(place)

    def _box(self, part: str, root: Element, talk: Notes) -> None:
        link = next((item for item in root if local(item) == "legacyDrawing"), None)
        targets = {number: target for number, _, target in self.package.relations(part)}
        place = targets.get(relation_of(link), "") if link is not None else ""
        if not place:
            place = self.package.add(f"{self._folder}/drawings/vmlDrawing{{}}.vml", EMPTY, _VML)
            if link is None:
                link = new(root, "legacyDrawing", {"r": self.package.office})
                insert(root, link, _SHEET_ORDER)
            link.set(self._link, self.package.relate(part, "vmlDrawing", place))
        boxes = Boxes(self.package.part(place))
        changed = boxes.change(talk.gone, talk.longer, talk.texts())
        self.package.put(place, changed)
        if talk.is_empty() and Boxes(changed).holds_nothing():
            root.remove(link)
            self.package.unrelate(part, place)
            self.package.drop(place)

    # --- the list and the stamp ---

    def put_list(self, listing: Listing) -> None:
        """Makes the list the first and active sheet, in place of ours of an earlier round."""
        before = self.sheets
        for sheet in before:
            if self._is_list(sheet):
                self._remove(sheet)
        taken = {sheet.get("name", "").casefold() for sheet in self.sheets}
        free = (f"{self._signs.list_name}{number or ''}" for number in range(len(taken) + 1))
        name = next(name for name in free if name.casefold() not in taken)
        known = {sheet.get("name", "") for sheet in self.sheets}
        self._add_sheet(name, drawn(listing, known, self._styles, self._space), first=True)
        self._renumber(before)
        for view in self._root.iter("{*}workbookView"):
            view.set("activeTab", "0")
            view.attrib.pop("firstSheet", None)
        names = ensured(self._root, "definedNames", _WORKBOOK_ORDER)
        title = under(names, "definedName", name="_xlnm.Print_Titles", localSheetId="0")
        title.text = place_in(name, f"${listing.heading}:${listing.heading}")

    def stamp(self, stamp: Stamp) -> None:
        """Writes the pairs into the hidden sheet, beside what stands there."""
        sheet = next((item for item in self.sheets if item.get("name") == stamp.sheet), None)
        if sheet is None:
            empty = f'<worksheet xmlns="{self._space}"><sheetData/></worksheet>'
            sheet = self._add_sheet(stamp.sheet, document(empty), state="hidden")
        grid = Grid(self.package.xml(self._parts[relation_of(sheet)][1]), self._strings)
        rows = {text: row for (row, column), text in grid.texts().items() if column == 1 and text}
        for name, value in stamp.pairs:
            row = rows.setdefault(name, max(rows.values(), default=0) + 1)
            grid.write(row, 1, name)
            grid.write(row, 2, value)

    def _add_sheet(self, name: str, data: bytes, *, first: bool = False, state: str = "") -> Element:
        part = self.package.add(
            f"{self._folder}/worksheets/sheet{{}}.xml".lstrip("/"), data, SHEET_TYPE.format("worksheet")
        )
        number = 1 + max((int(sheet.get("sheetId", "0")) for sheet in self.sheets), default=0)
        sheet = new(self._sheets, "sheet", {"r": self.package.office}, name=name, sheetId=str(number))
        if state:
            sheet.set("state", state)
        sheet.set(self._link, self.package.relate(self.package.main, "worksheet", part))
        self._parts[relation_of(sheet)] = ("worksheet", part)
        self._sheets.insert(0 if first else len(self._sheets), sheet)
        return sheet

    def _is_list(self, sheet: Element) -> bool:
        kind, part = self._parts.get(relation_of(sheet), ("", ""))
        if kind != "worksheet" or not part or not sheet.get("name", "").startswith(self._signs.list_name):
            return False
        root = Xml(self.package.part(part)).root
        return Grid(root, self._strings).texts().get((1, 1)) == self._signs.list_heading

    def _remove(self, sheet: Element) -> None:
        part = self._parts[relation_of(sheet)][1]
        self._sheets.remove(sheet)
        self.package.unrelate(self.package.main, part)
        self.package.drop(part)

    def _renumber(self, before: Sequence[Element]) -> None:
        """Names that belong to one sheet say which by its place among all; those of a sheet that went go with it."""
        places = {str(before.index(sheet)): str(index) for index, sheet in enumerate(self.sheets) if sheet in before}
        for name in list(self._root.iter("{*}definedName")):
            place = name.get("localSheetId")
            if place in places:
                name.set("localSheetId", places[place])
            elif place is not None:
                name.getparent().remove(name)

    @cached_property
    def _strings(self) -> list[str]:
        return shared_strings(self.package)


def _uncovered(root: Element, marks: Sequence[Mark]) -> list[Mark]:
    """The marks on cells that are not hidden under a merged one: Excel keeps no note there."""
    ordered = sorted(marks, key=lambda mark: (mark.row, mark.column))
    rows = [mark.row for mark in ordered]
    covered: set[Place] = set()
    for merge in root.iter("{*}mergeCell"):
        first, _, last = merge.get("ref", "").partition(":")
        start, end = place_of(first), place_of(last)
        if start and end:
            for mark in ordered[bisect_left(rows, start[0]) : bisect_left(rows, end[0] + 1)]:
                if start[1] <= mark.column <= end[1] and (mark.row, mark.column) != start:
                    covered.add((mark.row, mark.column))
    return [mark for mark in marks if (mark.row, mark.column) not in covered]


def _empty(title: str) -> bytes:
    """The least that is a workbook with a title."""
    main, office = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", f"{TRANSITIONAL}/officeDocument"
    types = (
        f'{RELATIONS_TYPE}<Override PartName="/xl/workbook.xml" ContentType="{SHEET_TYPE.format("sheet.main")}"/>'
        f'<Override PartName="/docProps/core.xml" ContentType="{_CORE_TYPE}"/>'
    )
    way = (
        f'<Relationship Id="rId1" Type="{office}" Target="xl/workbook.xml"/>'
        f'<Relationship Id="rId2" Type="{_CORE_RELATION}" Target="docProps/core.xml"/>'
    )
    properties = f'<cp:coreProperties xmlns:cp="{_CORE}" xmlns:dc="{_DUBLIN}"><dc:title>{escape(title)}</dc:title>'
    views = "<bookViews><workbookView/></bookViews>"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name, told in {
            "[Content_Types].xml": f'<Types xmlns="{TYPES}">{types}</Types>',
            "_rels/.rels": f'<Relationships xmlns="{RELATIONS}">{way}</Relationships>',
            "docProps/core.xml": f"{properties}</cp:coreProperties>",
            "xl/workbook.xml": f'<workbook xmlns="{main}">{views}<sheets/></workbook>',
        }.items():
            target.writestr(zipfile.ZipInfo(name), document(told))
    return packed.getvalue()
