"""A Word file before it is used: its bytes come in; its parts go out, or why it is turned away.

Shared by what fills templates in, what looks them over and what judges documents: none of them may be hurt by a file.

Paragraphs are counted in a part in reading order, with those of tables and text boxes. Word keeps a text box twice
(once for old programs); it is counted once.

Parts are known by their content types and relationships, for that is how Word finds them; names prove nothing. Word
Online saves its body as ``document2.xml``, and Word opens a file in which a relation leads nowhere.

At the end stands what every reader asks of an element: ``child``, ``said``, ``is_on`` and the like.

Source: ECMA-376 part 2 (packages), part 1, 11.3 (parts of WordprocessingML).
"""

from __future__ import annotations

import posixpath
import re
import tomllib
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

MAX_MEMBERS, MAX_INFLATED, MAX_PART = 5_000, 128 * 1024 * 1024, 32 * 1024 * 1024
MAX_TEMPLATE = 6 * 1024 * 1024  # ten times the text of our own report
MAIN = "word/document.xml"  # where the body stands in most files
TYPES_PART, _RELATIONS_OF_PACKAGE = "[Content_Types].xml", "_rels/.rels"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UNREADABLE = "không phải là tệp Word (.docx) đọc được"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{WORD}}}"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
R = f"{{{RELATIONS}}}"
WORDS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
GONE = frozenset((f"{W}del", f"{W}moveFrom"))  # what goes when tracked changes are accepted
CHANGES = GONE | {f"{W}ins", f"{W}moveTo"}
MILLIMETRE = 1440 / 25.4  # in twentieths of a point, in which Word measures
EPOCH = (1980, 1, 1, 0, 0, 0)  # the time of every part that we write: the same content gives the same bytes
POINT = 12_700  # in EMU, in which drawings and python-docx measure
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # what old programs show instead
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_OFF = frozenset(("0", "false", "off", "none"))
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_BODY = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_OTHER_PROGRAMS = {"spreadsheetml": "là tệp Excel", "presentationml": "là tệp PowerPoint"}
# The template of a document that stands on the maker's own machine, and not on a server.
_OWN_TEMPLATE = re.compile(r"(?:file:/{0,3}(?![/\\]))?(?:[A-Za-z]:[\\/]|[^/\\:]+$)|file:///(?![/\\])", re.IGNORECASE)
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, MemoryError,
)  # fmt: skip


class NotWordError(Exception):
    """The bytes are no Word file that can be read; the text says why, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class WordFile:
    """The parts of a ``.docx`` by name, none of which declares a document type, and their content types.

    ``main`` is the part with the body; ``left_out`` what was dropped when the file was opened as a template: the part
    and the address.
    """

    parts: dict[str, bytes]
    kinds: dict[str, str] = field(default_factory=dict)
    main: str = MAIN
    left_out: tuple[tuple[str, str], ...] = ()

    def xml(self, name: str) -> Any:
        """The root element of a part. Raises :class:`NotWordError` if it is not well-formed."""
        from lxml import etree

        try:
            return strictly_read(self.parts[name])
        except etree.XMLSyntaxError as error:
            raise NotWordError(f"có phần {name} bị hỏng") from error

    def related(self) -> dict[str, tuple[str, str]]:
        """The parts of the package that the main part names: kind and name by relation."""
        found, relations = {}, relations_of(self.main)
        for item in self.xml(relations).iter(RELATION) if relations in self.parts else ():
            if item.get("TargetMode") != "External":
                found[str(item.get("Id"))] = (str(item.get("Type", "")), _target(self.main, item))
        return found

    def part(self, kind: str) -> str:
        """The name of the one part of a kind that the main part names, ``styles`` or ``numbering``; '' if none."""
        named = (name for told, name in self.related().values() if told.endswith(f"/{kind}"))
        return next((name for name in named if name in self.parts), "")

    def is_xml(self, name: str) -> bool:
        """Whether a part is XML, by what the package declares of it and not by its name alone."""
        return name.endswith((".xml", ".rels")) or self.kinds.get(name, "").endswith("xml")

    def packed(self) -> bytes:
        """The parts as the bytes of a ``.docx``."""
        buffer = BytesIO()
        with zipfile.ZipFile(buffer, "w") as package:
            for name, content in self.parts.items():
                package.writestr(name, content)
        return buffer.getvalue()


def strictly_read(xml: str | bytes, *, huge: bool = False) -> Any:
    """The root element of an XML text; nothing is mended or read besides. Raises lxml's ``XMLSyntaxError``."""
    from lxml import etree

    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=huge))


def relations_of(part: str) -> str:
    """The name of the part with the relations of a part.

    >>> relations_of("word/document2.xml")
    'word/_rels/document2.xml.rels'
    """
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels".lstrip("/")


def open_word(data: bytes) -> WordFile:
    """The parts of a ``.docx``, of bounded size. Raises :class:`NotWordError`.

    >>> open_word(b"PK no zip")
    Traceback (most recent call last):
    cchc_xl.office.word.file.NotWordError: không phải là tệp Word (.docx) đọc được
    """
    if data.startswith(_OLE):
        raise NotWordError(f"có mật khẩu hoặc là tệp .doc cũ, {_UNREADABLE}")
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            parts = _parts(package)
    except _DAMAGE as error:
        raise NotWordError(_UNREADABLE) from error
    if TYPES_PART not in parts:
        raise NotWordError(_UNREADABLE)
    word = WordFile(parts, _kinds(WordFile(parts)))
    for name, content in parts.items():
        if word.is_xml(name) and (b"<!DOCTYPE" in content or b"\0" in content[:100]):
            raise NotWordError(f"có phần {name} khai báo DOCTYPE hoặc dùng bảng mã lạ")
    return replace(word, main=_main(word))


def _main(word: WordFile) -> str:
    """The part that the package names as its document; else the one that is declared to be one."""
    relations = word.xml(_RELATIONS_OF_PACKAGE).iter(RELATION) if _RELATIONS_OF_PACKAGE in word.parts else ()
    named = (_target("", item) for item in relations if str(item.get("Type", "")).endswith("/officeDocument"))
    declared = (name for name, kind in word.kinds.items() if kind.endswith("main+xml"))
    main = next((name for name in (*named, MAIN, *declared) if name in word.parts), None)
    if main is None:
        raise NotWordError(_UNREADABLE)
    for mark, told in _OTHER_PROGRAMS.items():
        if mark in word.kinds.get(main, ""):
            raise NotWordError(f"{told}, {_UNREADABLE}")
    return main


def _target(part: str, relation: Any) -> str:
    """The name of the part that a relation of a part leads to."""
    address = unquote(str(relation.get("Target", "")))
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(part), address)).lstrip("/")


def open_template(data: bytes) -> WordFile:
    """The same of a file that is filled in, which takes eighty times the memory of its text. Raises the same.

    What Word forgives is mended: Word's own template format and one for macros without any are the usual format,
    relations that lead nowhere are gone, and so is the template on somebody's own machine it was begun from.
    """
    word = open_word(data)
    if sum(len(content) for name, content in word.parts.items() if word.is_xml(name)) > MAX_TEMPLATE:
        raise NotWordError("dài hơn mọi mẫu văn bản")
    if is_strict(word):
        raise NotWordError("lưu ở dạng Strict Open XML, chương trình không điền được")
    return _with_sound_relations(_with_usual_kind(word))


def has_macros(word: WordFile) -> bool:
    """Whether there is a macro in the file, by what its parts are."""
    return any("vbaProject" in kind or name.endswith("vbaProject.bin") for name, kind in word.kinds.items())


def is_plain_kind(word: WordFile) -> bool:
    """Whether a file is declared to be a document, and not a template or one with macros."""
    return word.kinds.get(word.main, "") == _BODY


def is_strict(word: WordFile) -> bool:
    """Whether a file is "Strict Open XML", which has other names for everything."""
    return _STRICT in word.parts[word.main]


def _with_usual_kind(word: WordFile) -> WordFile:
    kind = word.kinds.get(word.main, "")
    if kind == _BODY or has_macros(word) or not re.search(r"template|macroEnabled", kind):
        return word
    declared = word.xml(TYPES_PART)
    for item in declared.iter(f"{TYPES}Override"):
        if str(item.get("PartName", "")).lstrip("/") == word.main:
            item.set("ContentType", _BODY)
    return replace(word, parts=word.parts | {TYPES_PART: stored(declared)}, kinds=word.kinds | {word.main: _BODY})


def _with_sound_relations(word: WordFile) -> WordFile:
    """Without relations to parts that are not there, and what points to them; without an own machine's template."""
    parts, left_out = dict(word.parts), []
    for name in word.parts:
        folder, _, own = name.rpartition("_rels/")
        part = f"{folder}{own.removesuffix('.rels')}"
        if not name.endswith(".rels") or part not in word.parts:
            continue
        relations = word.xml(name)
        gone, changed = set(), False
        for item in list(relations.iter(RELATION)):
            kind, address = str(item.get("Type", "")).rpartition("/")[2], str(item.get("Target", ""))
            if kind == "attachedTemplate" and _OWN_TEMPLATE.match(unquote(address)):
                left_out.append((name, unquote(address)))
            elif item.get("TargetMode") == "External" or _target(part, item) in word.parts:
                continue
            elif kind == "hyperlink" and address.startswith("#"):  # a place in the document, as Word also writes it
                item.set("TargetMode", "External")
                changed = True
                continue
            gone.add(str(item.get("Id")))
            relations.remove(item)
        if gone or changed:
            parts[name] = stored(relations)
        if gone:
            parts[part] = _without_references(word.xml(part), gone)
    return replace(word, parts=parts, left_out=tuple(left_out))


def _without_references(root: Any, gone: set[str]) -> bytes:
    """A part that no longer names some relations: an element that says nothing else goes with them."""
    for item in list(root.iter()):
        named = [name for name, value in item.attrib.items() if str(name).startswith(R) and value in gone]
        for name in named:
            del item.attrib[name]
        if named and local_name(item) in WORDS["references"]["elements"]:
            item.getparent().remove(item)
    return stored(root)


def _parts(package: zipfile.ZipFile) -> dict[str, bytes]:
    items = package.infolist()
    if len({item.filename for item in items}) != len(items):
        raise NotWordError("có hai phần trùng tên")
    if len(items) > MAX_MEMBERS or sum(item.file_size for item in items) > MAX_INFLATED:
        raise NotWordError("quá lớn khi giải nén")
    parts = {}
    for item in items:
        with package.open(item) as stream:
            parts[item.filename] = stream.read(MAX_PART + 1)
        if len(parts[item.filename]) > MAX_PART:
            raise NotWordError("quá lớn khi giải nén")
    return parts


def _kinds(word: WordFile) -> dict[str, str]:
    """The content type of every part: its own, or that of its ending."""
    declared = word.xml(TYPES_PART)

    def types(element: str, name: str) -> dict[str, str]:
        items = declared.iter(f"{TYPES}{element}")
        return {str(item.get(name, "")): str(item.get("ContentType", "")) for item in items}

    own = {name.lstrip("/"): kind for name, kind in types("Override", "PartName").items()}
    endings = {ending.lower(): kind for ending, kind in types("Default", "Extension").items()}
    return {name: own.get(name) or endings.get(name.rpartition(".")[2].lower(), "") for name in word.parts}


def stored(root: Any) -> bytes:
    """A part as a package has it."""
    from lxml import etree

    return bytes(etree.tostring(root.getroottree(), encoding="UTF-8", standalone=True))


def local_name(element: Any) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def child(element: Any, path: str) -> Any:
    """The first element at a path of WordprocessingML names below an element; None if there is none, or no element."""
    if element is None:
        return None
    named = _qualified(path)
    # A path of several names goes through lxml's own language of paths, which takes ten times as long.
    return element.find(named) if "/" in path else next(element.iterchildren(named), None)


@cache
def _qualified(path: str) -> str:
    return "/".join(f"{W}{step}" for step in path.split("/"))


def said(element: Any, path: str, name: str = "val", otherwise: str = "") -> str:
    """An attribute of the first element at a path; ``otherwise`` if there is none, '' if it lacks the attribute."""
    found = child(element, path)
    return otherwise if found is None else str(found.get(f"{W}{name}", ""))


def is_on(value: str) -> bool:
    """Whether a switch of WordprocessingML is on; named without a value it is.

    >>> is_on(""), is_on("1"), is_on("false")
    (True, True, False)
    """
    return value.casefold() not in _OFF


def paragraphs_in(root: Any) -> Iterator[Any]:
    """The paragraphs of a part in reading order, without the copies for old programs."""
    copies = next(root.iter(FALLBACK), None) is not None
    for item in root.iter(f"{W}p"):
        if not copies or all(above.tag != FALLBACK for above in item.iterancestors()):
            yield item
