"""A workbook of somebody else as a package of parts: bytes come in, parts are changed, added and dropped, bytes go out.

A part that nobody changed is copied byte for byte, under its name and in its place. Of a part that is changed only the
changed elements are spelled anew: prefixes, unknown attributes and declarations stay, and so does its encoding. Part
names are found as Excel finds them: by relations, in any case, absolute or relative, with either slash.

Source of the rules: ECMA-376 part 2 (Open Packaging Conventions).
"""

from __future__ import annotations

import copy
import io
import posixpath
import re
import zipfile
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

from lxml import etree

from cchc_xl.office.excel.bounds import MAX_INFLATED

_MAX_TAGS = 800_000
TOO_HEAVY = "quá lớn hoặc khác thường để sao chép"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
TRANSITIONAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS_TYPE = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.{}+xml"
_TYPES_PART = "[content_types].xml"
_DECLARATION = re.compile(r"\s{0,9}<\?xml\s[^<>]{0,300}\?>")
_DECLARED = re.compile(rb"<\?xml[^<>]{0,200}\bencoding\s{0,9}=\s{0,9}[\"']([\w.-]{1,40})")
_BOMS = ((BOM_UTF8, "utf-8"), (BOM_UTF16_LE, "utf-16-le"), (BOM_UTF16_BE, "utf-16-be"))
_HELD = "<?held?>"

Element = Any  # of lxml, which gives its class no public name


class CannotPatchError(Exception):
    """The package cannot be added to; the text says why in Vietnamese, to be read after "tệp của đơn vị"."""


class Text:
    r"""A part as text; ``bytes_of`` gives a text back in the part's own encoding.

    >>> part = Text("\ufeff<a/>".encode("utf-16-le"))
    >>> part.text, part.bytes_of("<b/>")
    ('<a/>', b'\xff\xfe<\x00b\x00/\x00>\x00')
    """

    def __init__(self, data: bytes) -> None:
        self._bom, self._encoding = next((item for item in _BOMS if data.startswith(item[0])), (b"", ""))
        if not self._encoding:
            declared = _DECLARED.match(data)
            wide = {b"<\0": "utf-16-le", b"\0<": "utf-16-be"}.get(data[:2])
            self._encoding = wide or (declared[1].decode() if declared else "utf-8")
        self.text = data[len(self._bom) :].decode(self._encoding)

    def bytes_of(self, text: str) -> bytes:
        """The text as the part would hold it."""
        return self._bom + text.encode(self._encoding)


class Xml:
    """A part as a tree under ``root``. What stands in the element ``held`` is kept aside, character by character.

    Raises :class:`CannotPatchError` for a document type or too many tags, ``lxml.etree.XMLSyntaxError`` for broken XML.
    """

    def __init__(self, data: bytes, held: str = "") -> None:
        self._data, self._source = data, Text(data)
        declaration = _DECLARATION.match(self._source.text)
        self._head = declaration[0] if declaration else ""
        text, self._kept = self._source.text[len(self._head) :], None
        if "<!DOCTYPE" in text:
            raise CannotPatchError("có khai báo DOCTYPE")
        if held:
            text, self._kept = _without_content(text, held)
        if text.count("<") > _MAX_TAGS:
            raise CannotPatchError(TOO_HEAVY)
        self.root: Element = element(text)
        self._before = self._spelled()

    @property
    def kept(self) -> str:
        """What is kept aside, as text; '' where nothing is."""
        return self._kept or ""

    def dump(self) -> bytes:
        """The part's bytes: those that came in where nothing in the tree has changed."""
        after = self._spelled()
        if after == self._before:
            return self._data
        if self._kept is not None:
            before, _, rest = after.partition(_HELD)
            after = before + self._kept + rest
        return self._source.bytes_of(self._head + after)

    def _spelled(self) -> str:
        told = etree.tostring(self.root.getroottree(), encoding="unicode")
        if self._kept is not None and told.count(_HELD) != 1:
            raise CannotPatchError("có phần XML khác thường")
        return told


def element(text: str) -> Element:
    """A piece of XML, parsed without entities, network or document type."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, strip_cdata=False, encoding="utf-8"
    )
    return etree.fromstring(text.encode(), parser)


def _without_content(text: str, name: str) -> tuple[str, str | None]:
    """The text with a sign in place of what stands in the element, and that; None where it is empty or missing."""
    start = re.search(rf"<((?:[\w.-]{{1,99}}:)?{name})(?:\s[^<>]{{0,999}})?(?<!/)>", text)
    if start is None:
        return text, None
    end = text.rfind(f"</{start[1]}")
    kept = text[start.end() : end]
    if end < start.end() or f"<{start[1]}" in kept or f"</{start[1]}" in kept:
        raise CannotPatchError("có phần XML khác thường")
    return f"{text[: start.end()]}{_HELD}{text[end:]}", kept


def local(item: Element) -> str:
    """An element's name without its namespace; '' for comments and processing instructions."""
    return item.tag.rpartition("}")[2] if isinstance(item.tag, str) else ""


def space(item: Element) -> str:
    """An element's namespace."""
    return str(etree.QName(item).namespace or "")


def new(beside: Element, tag: str, nsmap: Mapping[str, str] | None = None, /, **told: str) -> Element:
    """A new element in the namespace, and with the prefix, of one that is there."""
    spaces = {beside.prefix: space(beside), **(nsmap or {})}
    return etree.Element(f"{{{space(beside)}}}{tag}", told, nsmap=spaces)


def under(parent: Element, tag: str, /, **told: str) -> Element:
    """A new element as the last in its parent."""
    return etree.SubElement(parent, f"{{{space(parent)}}}{tag}", told)


def insert(root: Element, item: Element, order: str) -> None:
    """Puts an element where the order of its parent's elements has it; the first of alternatives says what they are."""
    ranks = {name: rank for rank, name in enumerate(order.split())}
    for other in root:
        named = next(other.iterchildren("{*}Choice"), other) if local(other) == "AlternateContent" else [other]
        if any(ranks.get(local(inside), -1) > ranks[local(item)] for inside in named):
            other.addprevious(item)
            return
    root.append(item)


def ensured(root: Element, name: str, order: str) -> Element:
    """The element of this name in the root, made where there is none."""
    found = next((item for item in root if local(item) == name), None)
    if found is None:
        found = new(root, name)
        insert(root, found, order)
    return found


def document(told: str) -> bytes:
    """The bytes of a new part."""
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{told}'.encode()


class Package:
    """The parts of a package by name.

    Raises :class:`CannotPatchError` where it is too heavy, and what zipfile, lxml and codecs raise for a broken one.
    """

    def __init__(self, data: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self._items = self._zip.infolist()
        if sum(item.file_size for item in self._items) > MAX_INFLATED:
            raise CannotPatchError(TOO_HEAVY)
        self._names = {_key(item.filename): item.filename for item in self._items}
        self._new: dict[str, bytes] = {}
        self._trees: dict[str, Xml] = {}
        main = next(item for item in self._relation_items("") if item.get("Type", "").endswith("/officeDocument"))
        self.office = main.get("Type", "").rpartition("/")[0]  # the namespace of relations: strict or transitional
        self.main = self._target("", main)

    def find(self, name: str) -> str:
        """The part's own spelling of its name; '' where there is no such part."""
        return self._names.get(_key(name), "")

    def part(self, name: str) -> bytes:
        """The part's bytes as they came in or were put; zipfile never gives more than the directory states."""
        return self._new[name] if name in self._new else self._zip.read(name)

    def put(self, name: str, data: bytes) -> None:
        """Gives the part other bytes."""
        self._names.setdefault(_key(name), name)
        self._new[name] = data

    def xml(self, name: str, held: str = "") -> Element:
        """The root of the part's tree; what is changed in it is written. ``held`` as in :class:`Xml`, at first."""
        if name not in self._trees:
            self._trees[name] = Xml(self.part(name), held)
        return self._trees[name].root

    def kept(self, name: str) -> str:
        """What a tree that was asked for with ``held`` keeps aside, as text."""
        return self._trees[name].kept if name in self._trees else ""

    def related(self, owner: str, kind: str) -> str:
        """The first part to which a relation of this kind leads from ``owner``, or ''; the package is the owner ''."""
        return next((target for _, found, target in self.relations(owner) if found == kind and target), "")

    def relations(self, owner: str) -> list[tuple[str, str, str]]:
        """Id, kind and part of every relation of a part; the part is '' where it is missing or outside."""
        return [
            (item.get("Id", ""), item.get("Type", "").rpartition("/")[2], self._target(owner, item))
            for item in self._relation_items(owner)
        ]

    def relate(self, owner: str, kind: str, target: str) -> str:
        """The id of a new relation of this kind from one part to another."""
        name = relations_name(owner)
        if not self.find(name):
            self.put(name, document(f'<Relationships xmlns="{RELATIONS}"/>'))
        root = self.xml(self.find(name))
        known = {item.get("Id") for item in root}
        number = next(number for number in range(1, len(root) + 2) if f"rId{number}" not in known)
        place = quote(posixpath.relpath(target, posixpath.dirname(owner.replace("\\", "/")) or "."), safe="/")
        told = {"Id": f"rId{number}", "Type": f"{self.office}/{kind}", "Target": place}
        etree.SubElement(root, f"{{{space(root)}}}Relationship", told)
        return told["Id"]

    def unrelate(self, owner: str, target: str) -> None:
        """Takes away every relation from one part to another, and the list of relations where none is left."""
        items = self._relation_items(owner)
        for item in items:
            if self._target(owner, item) == target:
                item.getparent().remove(item)
        if items and not self._relation_items(owner):
            self._forget(self.find(relations_name(owner)))

    def add(self, pattern: str, data: bytes, kind: str) -> str:
        """The name of a new part of this content type: ``pattern`` with the first number that is free."""
        number = next(number for number in range(1, len(self._names) + 2) if not self.find(pattern.format(number)))
        name = pattern.format(number)
        self.put(name, data)
        self.declare(name, kind)
        return name

    def drop(self, name: str) -> None:
        """Takes the part away with what only belongs to it: its relations and the parts to which they lead."""
        below = [target for _, _, target in self.relations(name) if target]
        for part in filter(None, (name, self.find(relations_name(name)))):
            self._forget(part)
        for item in self.xml(self.find(_TYPES_PART)):
            if _key(item.get("PartName", "")) == _key(name):
                item.getparent().remove(item)
        led_to = {target for owner in self._owners() for _, _, target in self.relations(owner)}
        for part in below:
            if part not in led_to and self.find(part):
                self.drop(part)

    def declared(self, name: str) -> str:
        """The content type of a part."""
        types = self.xml(self.find(_TYPES_PART))
        own = (item.get("ContentType", "") for item in types if _key(item.get("PartName", "")) == _key(name))
        ending = name.rpartition(".")[2].casefold()
        usual = (item.get("ContentType", "") for item in types if item.get("Extension", "").casefold() == ending)
        return next(own, None) or next(usual, "")

    def declare(self, name: str, kind: str) -> None:
        """Says of what content type a part is."""
        types = self.xml(self.find(_TYPES_PART))
        if self.declared(name) == kind:
            return
        for item in types:
            if _key(item.get("PartName", "")) == _key(name):
                item.set("ContentType", kind)
                return
        told = {"PartName": f"/{name}", "ContentType": kind}
        etree.SubElement(types, f"{{{space(types)}}}Override", told)

    def dump(self) -> bytes:
        """The package: the parts that were there in their order, packed as they were; then those that are new."""
        changed = {name: tree.dump() for name, tree in self._trees.items()}
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
            for item in self._items:
                name = item.filename
                if self.find(name) == name:
                    target.writestr(copy.copy(item), changed.get(name) or self.part(name))
            old = {item.filename for item in self._items}
            for name in self._new:
                if name not in old:
                    told = zipfile.ZipInfo(name)
                    told.compress_type = zipfile.ZIP_DEFLATED
                    target.writestr(told, changed.get(name) or self.part(name))
        return packed.getvalue()

    def _forget(self, name: str) -> None:
        del self._names[_key(name)]
        self._new.pop(name, None)
        self._trees.pop(name, None)

    def _owners(self) -> list[str]:
        """Every part there is, and the package itself."""
        return ["", *self._names.values()]

    def _relation_items(self, owner: str) -> list[Element]:
        name = self.find(relations_name(owner))
        return list(self.xml(name).iter("{*}Relationship")) if name else []

    def _target(self, owner: str, item: Element) -> str:
        """The part to which a relation leads; '' where there is none."""
        if item.get("TargetMode") == "External":
            return ""
        folder, told = posixpath.dirname(owner.replace("\\", "/")), item.get("Target", "").replace("\\", "/")
        places = (posixpath.normpath(posixpath.join("/", folder, target)) for target in (told, unquote(told)))
        return next(filter(None, map(self.find, places)), "")


def _key(name: str) -> str:
    """A part's name as it is compared."""
    return name.replace("\\", "/").lstrip("/").casefold()


def relations_name(owner: str) -> str:
    """The name of the part that lists the relations of another; of the package where that is ''.

    >>> relations_name(""), relations_name("xl/workbook.xml")
    ('_rels/.rels', 'xl/_rels/workbook.xml.rels')
    """
    folder, base = posixpath.split(owner.replace("\\", "/"))
    return posixpath.join(folder, "_rels", f"{base}.rels")
