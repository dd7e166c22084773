"""What Excel and Word refuse, repair or show otherwise, as a table: the bytes of a file come in, each breach goes out.

LibreOffice opens nearly everything, and Microsoft's validator looks at the schema alone: it takes a formula for a text.
Each row names its source. Nothing here is a taste.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from itertools import pairwise
from typing import Any

from lxml import etree

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
NAMES = {
    "s": _MAIN,
    "r": _OFFICE,
    "a": f"{_DRAWING}/main",
    "xdr": f"{_DRAWING}/spreadsheetDrawing",
    "wp": f"{_DRAWING}/wordprocessingDrawing",
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "p": "http://schemas.openxmlformats.org/package/2006/relationships",
    "c": "http://schemas.openxmlformats.org/package/2006/content-types",
    "dc": "http://purl.org/dc/elements/1.1/",
    "e": "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties",
}
_W = f"{{{NAMES['w']}}}"


@dataclass(frozen=True)
class Package:
    """The parts of a file. ``ours``: written by us from nothing, not kept from a unit and not inside another file."""

    parts: dict[str, bytes]
    ours: bool = True
    _trees: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def opened(cls, data: bytes, *, ours: bool = True) -> Package:
        """The package of these bytes."""
        with zipfile.ZipFile(BytesIO(data)) as stored:
            return cls({name: stored.read(name) for name in stored.namelist() if not name.endswith("/")}, ours)

    def inside(self) -> Iterator[Package]:
        """The workbooks embedded in charts."""
        for name, data in self.parts.items():
            if "/embeddings/" in name and name.endswith(".xlsx"):
                yield Package.opened(data, ours=False)

    def tree(self, part: str) -> Any:
        """A part as an element; an empty one where the file has no such part."""
        if part not in self._trees:
            self._trees[part] = etree.fromstring(self.parts.get(part, b"<none/>"))
        return self._trees[part]

    def matching(self, pattern: str) -> Iterator[tuple[str, Any]]:
        """The parts whose whole name matches, with their elements."""
        for name in self.parts:
            if re.fullmatch(pattern, name):
                yield name, self.tree(name)

    def found(self, part: str, path: str) -> list[Any]:
        """What an XPath finds in the parts whose name matches."""
        return [item for _, tree in self.matching(part) for item in tree.xpath(path, namespaces=NAMES)]

    def sheets(self) -> Iterator[tuple[str, Any]]:
        """The worksheets."""
        yield from self.matching(r"xl/worksheets/[^/]*\.xml")

    def formulas(self) -> Iterator[tuple[str, str]]:
        """Every formula with where it stands: of cells, of conditions, of drop-downs and checks, of names."""
        for part, tree in self.sheets():
            for item in tree.xpath("//s:f | //s:formula | //s:formula1 | //s:formula2", namespaces=NAMES):
                at = item.getparent().get("r") or item.getparent().get("sqref") or ""
                yield f"{part} {at}", item.text or ""
        for item in self.found(r"xl/workbook\.xml", "//s:definedName"):
            yield f"name {item.get('name')}", item.text or ""

    def shared(self) -> list[str]:
        """The shared texts."""
        return [_text(item) for item in self.found(r"xl/sharedStrings\.xml", "/s:sst/s:si")]

    def cells(self) -> Iterator[tuple[str, str, Any, str]]:
        """Part, address, element and text of every cell that holds text."""
        texts = self.shared()
        for part, tree in self.sheets():
            for cell in tree.iter(f"{{{_MAIN}}}c"):
                kind, value = cell.get("t"), cell.find(f"{{{_MAIN}}}v")
                if kind == "s" and value is not None and int(value.text) < len(texts):
                    yield part, cell.get("r"), cell, texts[int(value.text)]
                elif kind == "inlineStr":
                    yield part, cell.get("r"), cell, _text(cell)
                elif kind == "str" and value is not None:
                    yield part, cell.get("r"), cell, value.text or ""


def _text(item: Any) -> str:
    """The text of a cell without the reading aids of East Asian scripts."""
    return "".join(part.text or "" for part in item.iter(f"{{{_MAIN}}}t"))


def units(text: str) -> int:
    """The length as Excel counts it: UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


@dataclass(frozen=True, slots=True)
class Shape:
    """What Excel limits of a formula."""

    longest_literal: int
    depth: int
    most_arguments: int


@cache
def shape(formula: str) -> Shape:
    """Longest text in quotes, nested functions, most arguments of one function.

    >>> shape('IF(A1="đạt",SUM(B1,B2,(B3)),0)')
    Shape(longest_literal=3, depth=2, most_arguments=3)
    """
    literal = depth = arguments = 0
    open_ones: list[list[int]] = []  # of each open bracket: is it a function's, arguments so far
    word = False
    pieces = re.finditer(r'"((?:[^"]|"")*)"|\'(?:[^\']|\'\')*\'|[\w.]+|.', formula, re.DOTALL)
    for piece in pieces:
        text = piece[0]
        if text.startswith('"'):
            literal = max(literal, units(piece[1].replace('""', '"')) if piece[1] else 0)
        elif text == "(":
            open_ones.append([int(word), 1])
            depth = max(depth, sum(function for function, _ in open_ones))
        elif text == ")" and open_ones:
            function, count = open_ones.pop()
            arguments = max(arguments, count * function)
        elif text == "," and open_ones:
            open_ones[-1][1] += 1
        word = bool(re.fullmatch(r"[\w.]+", text))
    return Shape(literal, depth, arguments)


def _indexes(package: Package, uses: str, attribute: str, targets: str, part: str = r"xl/styles\.xml") -> Iterator[str]:
    """Uses of an index of the style sheet that has no target; a use that names none is the first one's."""
    styles = r"xl/styles\.xml"
    count = len(package.found(styles, targets))
    for item in package.found(part, uses):
        number = item.get(attribute)
        if number is not None and int(number) >= count:
            yield f"{etree.QName(item).localname} {item.get('r') or item.get('sqref') or ''} {attribute}={number} of {count}"


def _fonts(package: Package) -> Iterator[str]:
    theme = {
        kind: package.found(r"xl/theme/[^/]*\.xml", f"//a:{kind}Font/a:latin/@typeface") for kind in ("minor", "major")
    }
    for font in package.found(r"xl/styles\.xml", "//s:font[s:scheme][s:name]"):
        name, scheme = font.find(f"{{{_MAIN}}}name").get("val"), font.find(f"{{{_MAIN}}}scheme").get("val")
        if scheme != "none" and [name] != theme.get(scheme):
            yield f"{name} shows as {theme.get(scheme)}"


def _empty_texts(package: Package) -> Iterator[str]:
    for part, at, cell, text in package.cells():
        if not text and cell.find(f"{{{_MAIN}}}f") is None:
            yield f"{part} {at}"


def _of_shape(measure: Callable[[str], int], most: int) -> Callable[[Package], Iterator[str]]:
    def broken(package: Package) -> Iterator[str]:
        for where, formula in package.formulas():
            if measure(formula) > most:
                yield f"{where}: {measure(formula)}"

    return broken


def _long_cells(package: Package) -> Iterator[str]:
    for part, at, _, text in package.cells():
        if units(text) > 32_767:
            yield f"{part} {at}: {units(text)}"
    for note in package.found(r"xl/(comments/)?comments?\d*\.xml", "//s:comment"):
        if units(_text(note)) > 32_767:
            yield f"note {note.get('ref')}: {units(_text(note))}"


def _formats(package: Package) -> Iterator[str]:
    sheets = r"xl/worksheets/[^/]*\.xml"
    yield from _indexes(package, "//s:c | //s:row", "s", "//s:cellXfs/s:xf", sheets)
    yield from _indexes(package, "//s:col", "style", "//s:cellXfs/s:xf", sheets)
    yield from _indexes(package, "//s:cfRule", "dxfId", "//s:dxfs/s:dxf", sheets)
    yield from _indexes(package, "//s:xf", "fontId", "//s:fonts/s:font")
    yield from _indexes(package, "//s:xf", "fillId", "//s:fills/s:fill")
    yield from _indexes(package, "//s:xf", "borderId", "//s:borders/s:border")


def _named_styles(package: Package) -> Iterator[str]:
    yield from _indexes(package, "//s:cellXfs/s:xf | //s:cellStyles/s:cellStyle", "xfId", "//s:cellStyleXfs/s:xf")


def _shared_texts(package: Package) -> Iterator[str]:
    count = len(package.shared())
    for part, tree in package.sheets():
        for cell in tree.xpath("//s:c[@t='s']", namespaces=NAMES):
            if int(cell.findtext(f"{{{_MAIN}}}v")) >= count:
                yield f"{part} {cell.get('r')}"


def _sizes(package: Package) -> Iterator[str]:
    for part, tree in package.sheets():
        for row in tree.xpath("//s:row[@ht > 409.5]", namespaces=NAMES):
            yield f"{part} row {row.get('r')}: {row.get('ht')}"
        for column in tree.xpath("//s:col[@width > 255]", namespaces=NAMES):
            yield f"{part} column {column.get('min')}: {column.get('width')}"


def _sheet_names(package: Package) -> Iterator[str]:
    names = package.found(r"xl/workbook\.xml", "//s:sheet/@name")
    for name, count in Counter(name.casefold() for name in names).items():
        if count > 1 or units(name) > 31 or re.search(r"[\[\]:*?/\\]", name) or name[0] == "'" or name[-1] == "'":
            yield name
    if names and not package.found(r"xl/workbook\.xml", "//s:sheet[not(@state) or @state='visible']"):
        yield "no visible sheet"


def _checks(package: Package) -> Iterator[str]:
    for part, tree in package.sheets():
        for item in tree.iter(f"{{{_MAIN}}}dataValidation"):
            limits = {"promptTitle": 32, "errorTitle": 32, "prompt": 255, "error": 255}
            long = [name for name, most in limits.items() if units(item.get(name, "")) > most]
            listed = item.findtext(f"{{{_MAIN}}}formula1") or ""
            if listed.startswith('"') and units(listed.strip('"')) > 255:
                long.append("list")
            if long:
                yield f"{part} {item.get('sqref')}: {long}"


def _area(reference: str) -> tuple[int, int, int, int]:
    """First and last row and column of a reference such as A1:B2."""
    corners = [re.fullmatch(r"\$?([A-Z]+)\$?(\d+)", corner) for corner in reference.split(":")]
    places = [(int(found[2]), _column(found[1])) for found in corners if found]
    return places[0][0], places[-1][0], places[0][1], places[-1][1]


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _merges(package: Package) -> Iterator[str]:
    for part, tree in package.sheets():
        areas = sorted(_area(item) for item in tree.xpath("//s:mergeCell/@ref", namespaces=NAMES))
        for number, (top, bottom, left, right) in enumerate(areas):
            for other in areas[number + 1 :]:
                if other[0] > bottom:
                    break
                if other[2] <= right and other[3] >= left and other[1] >= top:
                    yield f"{part}: {areas[number]} and {other}"


def _empty_results(package: Package) -> Iterator[str]:
    for part, tree in package.sheets():
        for cell in tree.xpath("//s:c[s:f][not(@t='str')]", namespaces=NAMES):
            if not (cell.findtext(f"{{{_MAIN}}}v") or ""):
                yield f"{part} {cell.get('r')}"


def _calculation(package: Package) -> Iterator[str]:
    for item in package.found(r"xl/workbook\.xml", "//s:calcPr") if package.ours else ():
        if item.get("fullCalcOnLoad") or int(item.get("calcId", "0")) < 191_029:
            yield str(dict(item.attrib))


_NUMBER = re.compile(r"\d+([.,]\d+)?")


def _numbers_as_text(package: Package) -> Iterator[str]:
    hidden = package.found(r"xl/workbook\.xml", "//s:sheet[@state='hidden']/@r:id") if package.ours else []
    targets = {item.get("Id"): item.get("Target") for item in package.found(r"xl/_rels/workbook\.xml\.rels", "//p:*")}
    quiet = tuple(targets[name].rpartition("/")[2] for name in hidden)
    ranges: dict[str, list[tuple[int, int, int, int]]] = {}
    for part, tree in package.sheets():
        texts = tree.xpath("//s:ignoredError[@numberStoredAsText='1']/@sqref", namespaces=NAMES)
        ranges[part] = [_area(reference) for text in texts for reference in text.split()]
    for part, at, _, text in package.cells() if package.ours else ():
        if _NUMBER.fullmatch(text) and not part.endswith(quiet):
            row, _, column, _ = _area(at)
            if not any(top <= row <= bottom and left <= column <= right for top, bottom, left, right in ranges[part]):
                yield f"{part} {at}: {text}"


_CELL_OF_A_SHEET = re.compile(r"'[^#]+'![A-Z]{1,3}[0-9]{1,7}")


def _links(package: Package) -> Iterator[str]:
    for part, tree in package.sheets() if package.ours else ():
        for item in tree.xpath("//s:hyperlink[@r:id][@location]", namespaces=NAMES):
            if not _CELL_OF_A_SHEET.fullmatch(item.get("location")):  # the end of a file's name behind its "#"
                yield f"{part} {item.get('ref')}: {item.get('location')}"


def _title(package: Package) -> Iterator[str]:
    if package.ours and not "".join(package.found(r"docProps/core\.xml", "//dc:title/text()")).strip():
        yield "no title"


def _author(package: Package) -> Iterator[str]:
    for name in package.found(r"docProps/core\.xml", "//dc:creator/text()") if package.ours else ():
        if name.strip().casefold() in {"openpyxl", "python-docx", "python-pptx"}:
            yield name


def _pictures(package: Package) -> Iterator[str]:
    boxes = package.found(r"xl/drawings/[^/]*\.xml", "//xdr:graphicFrame//xdr:cNvPr")
    for item in [*boxes, *package.found(r"word/.*\.xml", "//wp:docPr")]:
        if not (item.get("descr") or "").strip():
            yield f"{item.get('name')}"


def _relations(package: Package) -> Iterator[str]:
    for part, tree in package.matching(r".*\.rels"):
        folder = posixpath.dirname(posixpath.dirname(part))
        for item in tree.iter(f"{{{NAMES['p']}}}Relationship"):
            target = item.get("Target").partition("#")[0]
            if item.get("TargetMode") != "External" and target:
                path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
                if path.lstrip("/") not in package.parts:
                    yield f"{part}: {target}"
        if any(count > 1 for count in Counter(tree.xpath("//p:*/@Id", namespaces=NAMES)).values()):
            yield f"{part}: one Id twice"


def _used_relations(package: Package) -> Iterator[str]:
    for part, tree in package.matching(r"(xl|word)/.*\.xml"):
        folder, name = posixpath.split(part)
        known = {item.get("Id") for item in package.found(re.escape(f"{folder}/_rels/{name}.rels"), "//p:Relationship")}
        used = set(tree.xpath("//@r:id | //@r:embed | //@r:link", namespaces=NAMES)) - {""}
        yield from (f"{part}: {name}" for name in sorted(used - known))


def _declared(package: Package) -> Iterator[str]:
    types = r"\[Content_Types\]\.xml"
    parts = set(package.found(types, "//c:Override/@PartName"))
    endings = {ending.casefold() for ending in package.found(types, "//c:Default/@Extension")}
    for part in package.parts:
        if f"/{part}" not in parts and part.rpartition(".")[2].casefold() not in endings and not part.startswith("["):
            yield part
    yield from (part for part in parts if part.lstrip("/") not in package.parts)


def _relative(package: Package) -> Iterator[str]:
    for part, tree in package.matching(r".*\.rels") if package.ours else ():
        for item in tree.iter(f"{{{NAMES['p']}}}Relationship"):
            if item.get("Target").startswith("/"):
                yield f"{part}: {item.get('Target')}"


def _compatibility(package: Package) -> Iterator[str]:
    setting = "//w:compatSetting[@w:name='compatibilityMode']/@w:val"
    for part, tree in package.matching(r"word/settings\.xml"):
        if tree.xpath(setting, namespaces=NAMES) != ["15"]:
            yield f"{part}: {tree.xpath(setting, namespaces=NAMES)}"


def _old_parts(package: Package) -> Iterator[str]:
    yield from (part for part in package.parts if re.match(r"word/stylesWithEffects|customXml/|docProps/thumb", part))


def _settled(package: Package) -> Iterator[str]:
    wanted = {"themeFontLang": {"val": "vi-VN"}, "decimalSymbol": {"val": ","}, "listSeparator": {"val": ";"}}
    for _, tree in package.matching(r"word/settings\.xml"):
        for name, value in wanted.items():
            stated = [
                {etree.QName(key).localname: text for key, text in item.attrib.items()}
                for item in tree.iter(f"{_W}{name}")
            ]
            if stated != [value]:
                yield f"{name}: {stated}"
        application = package.found(r"docProps/app\.xml", "//e:Application/text()")
        if application != ["Microsoft Office Word"]:
            yield f"{application}"


def _style_names(package: Package) -> Iterator[str]:
    names = package.found(r"word/styles\.xml", "//w:style/w:name/@w:val")
    for name, count in Counter(names).items():
        if "," in name or ";" in name or units(name) > 253 or count > 1:
            yield name


def _style_ids(package: Package) -> Iterator[str]:
    known = set(package.found(r"word/styles\.xml", "//w:style/@w:styleId"))
    uses = "//w:pStyle/@w:val | //w:rStyle/@w:val | //w:tblStyle/@w:val | //w:basedOn/@w:val"
    yield from sorted(set(package.found(r"word/.*\.xml", uses)) - known)


def _numbers_of_drawings(package: Package) -> Iterator[str]:
    numbers = Counter(package.found(r"word/document\.xml", "//wp:docPr/@id | //w:bookmarkStart/@w:id"))
    yield from (number for number, count in numbers.items() if count > 1)


def _word_texts(package: Package) -> Iterator[str]:
    for item in package.found(r"word/.*\.xml", "//w:t"):
        if re.search(r"[\n\r\t]", item.text or ""):
            yield (item.text or "")[:40]


def _grids(package: Package) -> Iterator[str]:
    for number, table in enumerate(package.found(r"word/document\.xml", "//w:tbl"), start=1):
        columns = len(table.findall(f"{_W}tblGrid/{_W}gridCol"))
        for row in table.iterchildren(f"{_W}tr"):
            spans = row.xpath("./w:tc/w:tcPr/w:gridSpan/@w:val", namespaces=NAMES)
            cells = row.findall(f"{_W}tc")
            if len(cells) - len(spans) + sum(map(int, spans)) != columns:
                yield f"table {number}: {len(cells)} cells, spans {spans}, {columns} columns"


def _cells_end(package: Package) -> Iterator[str]:
    for cell in package.found(r"word/.*\.xml", "//w:tc"):
        if not len(cell) or cell[-1].tag != f"{_W}p":
            yield "".join(cell.itertext())[:40] or "an empty cell"


def _fields(package: Package) -> Iterator[str]:
    """begin, separate, something shown, end."""
    for part, tree in package.matching(r"word/.*\.xml"):
        kinds = tree.xpath("//w:fldChar/@w:fldCharType | //w:fldChar/ancestor::w:p//w:t/text()", namespaces=NAMES)
        marks = [kind for kind in kinds if kind in ("begin", "separate", "end")]
        if marks != ["begin", "separate", "end"] * (len(marks) // 3):
            yield f"{part}: {marks}"
        if any(pair == ("separate", "end") for pair in pairwise(kinds)):
            yield f"{part}: a field without a result"


@dataclass(frozen=True, slots=True)
class Limit:
    """A row: what must hold, who says so, and what finds the breaches."""

    name: str
    source: str
    broken: Callable[[Package], Iterable[str]]


_SPECIFICATIONS = "Microsoft Support, Excel specifications and limits"
LIMITS = (
    Limit("a font is shown by its own name", "ECMA-376 18.8.35; OpenXLSX#391, openxlsx2#1672", _fonts),
    Limit("no cell holds an empty text", "superuser.com 400498: a text does not run over such a cell", _empty_texts),
    Limit(
        "a text in a formula has at most 255 characters",
        "Microsoft Support, Text values in formulas; writexl#91",
        _of_shape(lambda formula: shape(formula).longest_literal, 255),
    ),
    Limit("a formula has at most 8,192 characters", _SPECIFICATIONS, _of_shape(units, 8192)),
    Limit(
        "at most 64 functions stand in one another",
        _SPECIFICATIONS,
        _of_shape(lambda formula: shape(formula).depth, 64),
    ),
    Limit(
        "a function has at most 255 arguments",
        _SPECIFICATIONS,
        _of_shape(lambda formula: shape(formula).most_arguments, 255),
    ),
    Limit("a cell and a note hold at most 32,767 UTF-16 units", f"{_SPECIFICATIONS}; openxlsx#145", _long_cells),
    Limit("every format, font, fill and border used exists", "ECMA-376 18.8.10, 18.8.45", _formats),
    Limit("every named style used exists", "ECMA-376 18.8.45 xfId; openpyxl#647, TablePro#468", _named_styles),
    Limit("every shared text used exists", "ECMA-376 18.4.8", _shared_texts),
    Limit("rows are at most 409.5 points high, columns 255 characters wide", _SPECIFICATIONS, _sizes),
    Limit("sheets have different names of at most 31 allowed characters", _SPECIFICATIONS, _sheet_names),
    Limit("checks and prompts keep to 32 and 255 characters", "[MS-OI29500] 2.1.669 ff., dataValidation", _checks),
    Limit("merged areas do not overlap", "ECMA-376 18.3.1.54; Excel repairs the sheet", _merges),
    Limit("a formula that shows nothing has a stored empty text", "ECMA-376 18.18.11 ST_CellType str", _empty_results),
    Limit("Excel does not ask to save at closing", "Microsoft Learn, Excel recalculation: on opening", _calculation),
    Limit("no green triangle at a code", "ECMA-376 18.3.1.51 ignoredErrors", _numbers_as_text),
    Limit("a link to a file names no place in it by mistake", "Microsoft KB 202261; RelaxTools-Addin#72", _links),
    Limit("the file has a title", "WCAG 2.4.2; Office accessibility checker", _title),
    Limit("the author is no library", "what File › Info shows as author", _author),
    Limit("every drawing has an alternative text", "WCAG 1.1.1; Office accessibility checker", _pictures),
    Limit("every relation leads to a part, by an Id of its own", "ISO 29500-2 9.3", _relations),
    Limit("every relation used exists", "ISO 29500-2 9.3", _used_relations),
    Limit("every part has a content type, and every type its part", "ISO 29500-2 10.1.2", _declared),
    Limit("relations are relative", "exceljs#2797, vue-office#509: previews of the e-office", _relative),
    Limit("Word does not say [Compatibility Mode]", "[MS-DOCX] 2.3.5; python-docx#1543", _compatibility),
    Limit("no part of a template of somebody else", "[MS-DOCX] 2.2.8: Word 2010 alone", _old_parts),
    Limit("Word's settings are a Vietnamese office's", "ECMA-376 17.15.1.23, .88; .57 of 17.15.1", _settled),
    Limit("a style has a name of its own without a comma", "[MS-DOC] 2.9.258, [MS-OI29500] aliases", _style_names),
    Limit("every style used exists", "ECMA-376 17.7.4.17", _style_ids),
    Limit("drawings and bookmarks have different numbers", "python-docx#455: unreadable content", _numbers_of_drawings),
    Limit("a text has no line break and no tab in it", "ECMA-376 17.3.3.31: shown as a space", _word_texts),
    Limit("the rows of a table fill its grid", "ECMA-376 17.4.48; Word repairs or shifts cells", _grids),
    Limit("a table cell ends with a paragraph", "ECMA-376 17.4.65: Word refuses the file", _cells_end),
    Limit("a field is closed and has a result", "ECMA-376 17.16.18", _fields),
)


def breaches(package: Package) -> list[tuple[str, str]]:
    """Every breach of a limit, in the file and in the workbooks of its charts: the limit's name, where and what."""
    own = [(limit.name, found) for limit in LIMITS for found in limit.broken(package)]
    return own + [
        (name, f"embedded workbook: {found}") for inner in package.inside() for name, found in breaches(inner)
    ]
