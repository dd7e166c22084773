"""One sheet's cells, rows, columns, rules and links: its part comes in, facts go out, and the cells as stored.

The sheet is read once, as a stream.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from cchc_xl.feedback import words as w
from cchc_xl.feedback.canonical import Fact, Resolve, facts_of, same
from cchc_xl.feedback.cells import Stored, Text, held
from cchc_xl.feedback.extensions import carried
from cchc_xl.feedback.marks import is_ours
from cchc_xl.feedback.package import TOO_HEAVY, CannotCopyError, Element, Package, local
from cchc_xl.feedback.styles import Styles
from cchc_xl.records import column_letters

# openpyxl builds an object for every cell of a merged or linked range.
_MAX_SPANNED = 50_000
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")
_LAST_COLUMN = 16_384
_NO = frozenset(("0", "false"))
_ROW_SAID, _COLUMN_SAID = ("hidden", "outlineLevel", "collapsed"), ("width", "hidden", "outlineLevel", "collapsed")
_USUAL_SIZES = frozenset(("defaultRowHeight", "zeroHeight", "defaultColWidth"))


@dataclass(slots=True)
class SheetContent:
    """The facts of a sheet, and by address: what its cells store, which hold text, the numbers of their styles.

    ``heading`` is the text in A1, ``fitted`` are the rows whose height Excel goes on fitting, ``extensions`` are those
    to be carried over, as XML.
    """

    facts: list[Fact] = field(default_factory=list)
    cells: dict[str, Stored] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)
    styled: dict[str, int] = field(default_factory=dict)
    fitted: set[str] = field(default_factory=set)
    heading: str = ""
    extensions: bytes = b""


class SheetReader:
    """Reads one worksheet part; afterwards ``content`` is whole.

    Raises :class:`CannotCopyError` where ranges span more cells than can be copied.
    """

    def __init__(self, package: Package, strings: list[Text], styles: Styles, resolve: Resolve) -> None:
        self._package, self._strings, self._styles, self._resolve = package, strings, styles, resolve
        self._rules: list[tuple[int, str, Element]] = []
        self._column_looks: dict[int, str] = {}
        self._row = self._column = 0
        self._row_look = ""
        self.content = SheetContent()

    def read(self, part: str) -> SheetContent:
        """The content of the sheet in this part."""
        depth = 0
        for event, item in self._package.elements(part):
            if event == "start":
                depth += 1
                if depth == 3 and local(item.tag) == "row":
                    self._start_row(item)
                continue
            depth -= 1
            tag = local(item.tag)
            if depth == 3 and tag == "c":
                self._cell(item)
            elif depth == 2 and tag == "row":
                item.clear()
            elif depth == 1 and tag == "cols":
                self._columns(item)
            elif depth == 1 and tag == "conditionalFormatting":
                self._rules.extend(_own_rules(item))
            elif depth == 1:
                self.content.facts.extend(self._direct(item, tag))
                if tag == "extLst":
                    self.content.extensions = carried(item)
                item.clear()
        self.content.facts.extend(self._rule_facts())
        return self.content

    def _start_row(self, item: Element) -> None:
        """Notes a row's height, hiding and grouping, and the look of its blank cells."""
        self._row, self._column = int(item.get("r") or self._row + 1), 0
        self._row_look = ""
        height, fixed = item.get("ht"), item.get("customHeight", "0") not in _NO
        told = _said(item, _ROW_SAID)
        if height is not None:
            told.append(f"ht={same(height)}{' fixed' if fixed else ''}")
            if not fixed:
                self.content.fitted.add(str(self._row))
        if told:
            self.content.facts.append((w.ROW, f"{self._row} {' '.join(told)}"))
        if item.get("customFormat", "0") not in _NO:
            self._row_look = self._styles.cell(item.get("s"))
            self.content.facts.append((w.STYLE, f"row {self._row} {self._row_look}"))

    def _columns(self, item: Element) -> None:
        """Notes the width, hiding and look of every column that has any of its own."""
        usual = self._styles.cell(None)
        for column in item:
            told, look = " ".join(_said(column, _COLUMN_SAID)), self._styles.cell(column.get("style"))
            last = min(int(column.get("max", "0")), _LAST_COLUMN)
            for index in range(int(column.get("min", "1")), last + 1):
                if told:
                    self.content.facts.append((w.COLUMN, f"{index} {told}"))
                if look != usual:
                    self.content.facts.append((w.STYLE, f"column {index} {look}"))
                    self._column_looks[index] = look

    def _cell(self, item: Element) -> None:
        """Notes what a cell holds, and its look where it is not that of its row or column."""
        address = item.get("r") or f"{column_letters(self._column + 1)}{self._row}"
        self._column = _column(address)
        look, number = self._styles.cell(item.get("s")), int(item.get("s", "0"))
        if look != (self._row_look or self._column_looks.get(self._column) or self._styles.cell(None)):
            self.content.facts.append((w.STYLE, f"{address} {look}"))
        self.content.styled[address] = number
        found = held(item, self._strings)
        self.content.facts.extend(found.facts(address))
        if found.text is not None:
            self.content.texts.add(address)
            self.content.heading = found.text[0] if address == "A1" else self.content.heading
        if found.stored is not None:
            self.content.cells[address] = found.stored

    def _direct(self, item: Element, tag: str) -> Iterator[Fact]:
        """The facts of what stands directly in the sheet, besides its cells."""
        words = w.EXTENSION if tag == "extLst" else w.IN_SHEET.get(tag, f"phần “{tag}” của trang tính")
        if tag == "AlternateContent":
            for child in next(iter(item), ()):
                yield from self._direct(child, local(child.tag))
        elif words is None:
            return
        elif tag == "sheetFormatPr":
            yield from ((words, f"{name}={same(item.get(name))}") for name in _USUAL_SIZES if name in item.attrib)
        elif tag == "hyperlinks":
            _check_span(item)
            yield from self._links(item)
        else:
            if tag == "mergeCells":
                _check_span(item)
            yield from facts_of(item, words, self._resolve)

    def _links(self, item: Element) -> Iterator[Fact]:
        """One fact for every linked cell: a range may come back as its cells."""
        for link in item:
            ranges = link.attrib.pop("ref", "")
            for _, text in facts_of(link, w.LINK, self._resolve):
                yield from ((w.LINK, f"{address} {text}") for address in _addresses(ranges))

    def _rule_facts(self) -> Iterator[Fact]:
        """Rules by their rank: which of them comes first decides what one sees, not the numbers they bear."""
        for rank, (_, ranges, rule) in enumerate(sorted(self._rules, key=lambda item: item[:2])):
            number = rule.attrib.pop("dxfId", None)
            look = self._styles.rule(number) if number is not None else ""
            for words, text in facts_of(rule, w.RULE, self._resolve):
                yield words, f"{rank} {ranges} {look} {text}"


def _said(item: Element, names: tuple[str, ...]) -> list[str]:
    return [f"{name}={same(value)}" for name in names if (value := item.get(name, "0")) not in _NO]


def _own_rules(item: Element) -> Iterator[tuple[int, str, Element]]:
    """The unit's own rules of a block, with their rank and ranges."""
    ranges = " ".join(sorted(set(item.get("sqref", "").split())))
    for rule in item:
        formulas = [part.text for part in rule if local(part.tag) == "formula"]
        if local(rule.tag) == "cfRule" and not is_ours(formulas):
            yield int(rule.get("priority", "0")), ranges, rule


def _column(address: str) -> int:
    number = 0
    for letter in address.rstrip("0123456789"):
        number = number * 26 + ord(letter) - 64
    return number


def _box(found: re.Match[str]) -> tuple[int, int, int, int]:
    left, top, right, bottom = found.groups()
    return _column(left), int(top), _column(right or left), int(bottom or top)


def _addresses(text: str) -> Iterator[str]:
    found = _RANGE.fullmatch(text)
    if found is None:
        yield text
        return
    left, top, right, bottom = _box(found)
    for row in range(top, bottom + 1):
        yield from (f"{column_letters(column)}{row}" for column in range(left, right + 1))


def _check_span(item: Element) -> None:
    spanned = 0
    for child in item:
        found = _RANGE.fullmatch(child.get("ref", ""))
        if found is not None:
            left, top, right, bottom = _box(found)
            spanned += (right - left + 1) * (bottom - top + 1)
    if spanned > _MAX_SPANNED:
        raise CannotCopyError(TOO_HEAVY)
