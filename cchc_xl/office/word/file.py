"""A Word file before it is used: its bytes come in; its parts, texts and dangers go out, or why it is turned away.

Shared by what fills templates in, what looks them over and what judges documents: none of them may be hurt by a file.

Paragraphs are counted in a part in reading order, with those of tables and text boxes. Word keeps a text box twice
(once for old programs); it is counted once.

Parts are known by their content types and relationships, for that is how Word finds them; names prove nothing.
"""

from __future__ import annotations

import posixpath
import re
import tomllib
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

MAX_MEMBERS, MAX_INFLATED, MAX_PART = 5_000, 128 * 1024 * 1024, 32 * 1024 * 1024
MAX_TEMPLATE = 6 * 1024 * 1024  # ten times the text of our own report
MAIN, _RELATIONS_OF_MAIN = "word/document.xml", "word/_rels/document.xml.rels"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UNREADABLE = "không phải là tệp Word (.docx) đọc được"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{WORD}}}"
WORDS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # what old programs show instead
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, MemoryError,
)  # fmt: skip


class NotWordError(Exception):
    """The bytes are no Word file that can be read; the text says why, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class WordFile:
    """The parts of a ``.docx`` by name, none of which declares a document type, and their content types."""

    parts: dict[str, bytes]
    kinds: dict[str, str] = field(default_factory=dict)

    def xml(self, name: str) -> Any:
        """The root element of a part. Raises :class:`NotWordError` if it is not well-formed."""
        from lxml import etree

        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        try:
            return etree.fromstring(self.parts[name], parser)
        except etree.XMLSyntaxError as error:
            raise NotWordError(f"có phần {name} bị hỏng") from error

    def related(self) -> dict[str, tuple[str, str]]:
        """The parts of the package that the main part names: kind and name by relation."""
        found = {}
        for item in self.xml(_RELATIONS_OF_MAIN) if _RELATIONS_OF_MAIN in self.parts else ():
            if item.get("TargetMode") != "External":
                name = posixpath.normpath(posixpath.join("/word", str(item.get("Target", "")))).lstrip("/")
                found[str(item.get("Id"))] = (str(item.get("Type", "")), name)
        return found

    def is_xml(self, name: str) -> bool:
        """Whether a part is XML, by what the package declares of it and not by its name alone."""
        return name.endswith((".xml", ".rels")) or self.kinds.get(name, "").endswith("xml")

    def changed(self) -> list[str]:
        """The parts in which Word tracks changes."""
        texts = [name for name in self.parts if name.startswith("word/") and name.endswith(".xml")]
        return [name for name in texts if b"<w:ins " in self.parts[name] or b"<w:del " in self.parts[name]]


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
    if "[Content_Types].xml" not in parts or MAIN not in parts:
        raise NotWordError(_UNREADABLE)
    word = WordFile(parts, _kinds(WordFile(parts)))
    for name, content in parts.items():
        if word.is_xml(name) and (b"<!DOCTYPE" in content or b"\0" in content[:100]):
            raise NotWordError(f"có phần {name} khai báo DOCTYPE hoặc dùng bảng mã lạ")
    return word


def open_template(data: bytes) -> WordFile:
    """The same of a file that is filled in, which takes eighty times the memory of its text. Raises the same."""
    word = open_word(data)
    if sum(len(content) for name, content in word.parts.items() if word.is_xml(name)) > MAX_TEMPLATE:
        raise NotWordError("dài hơn mọi mẫu văn bản")
    return word


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
    declared = word.xml("[Content_Types].xml")

    def types(element: str, name: str) -> dict[str, str]:
        items = declared.iter(f"{_TYPES}{element}")
        return {str(item.get(name, "")): str(item.get("ContentType", "")) for item in items}

    own = {name.lstrip("/"): kind for name, kind in types("Override", "PartName").items()}
    endings = {ending.lower(): kind for ending, kind in types("Default", "Extension").items()}
    return {name: own.get(name) or endings.get(name.rpartition(".")[2].lower(), "") for name in word.parts}


def local_name(element: Any) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def paragraphs_in(root: Any) -> Iterator[Any]:
    """The paragraphs of a part in reading order, without the copies for old programs."""
    copies = next(root.iter(FALLBACK), None) is not None
    for item in root.iter(f"{W}p"):
        if not copies or all(above.tag != FALLBACK for above in item.iterancestors()):
            yield item


_CHANGES = frozenset((f"{W}ins", f"{W}del", f"{W}moveFrom", f"{W}moveTo"))
_BRACES = "{}｛｝"
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
_OPENING = re.compile(r"\{(?=[{%#])")
_MARKUP = re.compile(r"<[^>]*+>")
_SPACES = re.compile("[\u00a0\u2000-\u200b\u202f\u3000\ufeff]")
_QUOTES = str.maketrans("“”„‟″‘’‚‛′", "\"\"\"\"\"'''''")
# The properties that docxtpl fills in, by the names they have in the file.
_FILLED_PROPERTIES = ("creator", "description", "identifier", "language", "subject", "title")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with its text as a person sees it; ``filled`` says whether tags in this part are filled in at all.

    ``row_text`` is that of the table's row, None outside tables.
    """

    part: str
    place: str
    number: int
    text: str
    filled: bool
    changed: bool = False
    row_text: str | None = None
    carries: str = ""

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags in the paragraph, whole ones only."""
        return tuple(cut_at_tags(self.text)[1::2])


def paragraphs(word: WordFile) -> Iterator[Paragraph]:
    """Every paragraph of every part that can hold a tag, part by part."""
    for name in sorted(word.parts, key=lambda item: (item != MAIN, item)):
        kind, content = word.kinds.get(name, ""), word.parts[name]
        parts = ((WORDS["parts"]["filled"], True), (WORDS["parts"]["unfilled"], False))
        told = next(((told[end], filled) for told, filled in parts for end in told if kind.endswith(end)), None)
        if told is not None and any(mark.encode() in content for mark in _BRACES):
            read = _of_text if "wordprocessingml" in kind else _of_other
            yield from read(word.xml(name), name, *told)


def _of_text(root: Any, name: str, place: str, filled: bool) -> Iterator[Paragraph]:
    beside = dict[Any, str]()
    for number, item in enumerate(paragraphs_in(root), 1):
        nodes = [node for node in item.iter(f"{W}t", f"{W}delText") if next(node.iterancestors(f"{W}p")) is item]
        text = "".join(node.text or "" for node in nodes if node.tag == f"{W}t")
        if not any(mark in text for mark in _BRACES):
            continue
        row = next(item.iterancestors(f"{W}tr"), None)
        if row is not None and row not in beside:
            beside[row] = "".join(node.text or "" for node in row.iter(f"{W}t"))
        yield Paragraph(
            part=name,
            place=place,
            number=number,
            text=text,
            filled=filled,
            changed=any(above.tag in _CHANGES for node in nodes for above in node.iterancestors()),
            row_text=beside.get(row),
            carries=_carried(item),
        )


def _carried(paragraph: Any) -> str:
    """What a paragraph holds besides text, and would lose with it."""
    for item in paragraph.iter():
        name = local_name(item)
        if name in WORDS["carried"] and (name != "br" or item.get(f"{W}type") == "page"):
            return str(WORDS["carried"][name])
    return ""


def _of_other(root: Any, name: str, place: str, filled: bool) -> Iterator[Paragraph]:
    for number, item in enumerate(root.iter(), 1):
        if isinstance(item.tag, str) and item.text and "{" in item.text:
            own = filled and local_name(item) in _FILLED_PROPERTIES
            yield Paragraph(name, place, number, item.text, own)


def has_tags(data: bytes) -> bool:
    """Whether the bytes are a Word file with at least one tag."""
    try:
        return any(paragraph.tags for paragraph in paragraphs(open_template(data)))
    except NotWordError:
        return False


def cut_at_tags(text: str) -> list[str]:
    """The text in pieces: what stands around tags at even places, the tags, whole ones only, at odd ones.

    >>> cut_at_tags("Số {{ a }} của {% if b %}{{ c")
    ['Số ', '{{ a }}', ' của ', '{% if b %}', '{{ c']
    """
    pieces: list[str] = []
    place, unclosed = 0, set()
    for opening in _OPENING.finditer(text):
        start, mark = opening.start(), text[opening.start() : opening.start() + 2]
        if start < place or mark in unclosed:
            continue
        end = text.find(_CLOSING[mark], start + 2)
        if end < 0:
            unclosed.add(mark)  # nor is any after it: to look again from each of them takes quadratic time
            continue
        pieces += [text[place:start], text[start : end + 2]]
        place = end + 2
    return [*pieces, text[place:]]


def without_markup(xml: str) -> str:
    """The text between the elements.

    >>> without_markup("<w:t>{{ a</w:t><w:t>b }}</w:t> 3 < 4")
    '{{ ab }} 3 < 4'
    """
    end = xml.rfind(">") + 1  # behind it no element ends, and looking for that from every "<" takes quadratic time
    return _MARKUP.sub("", xml[:end]) + xml[end:]


def plain_spaces(xml: str) -> str:
    """The tags of a part with ordinary spaces and quotes, as people mean them and Word does not write them.

    >>> plain_spaces("Số {{ figure(„NV_GIAO”)\u00a0}}")
    'Số {{ figure("NV_GIAO") }}'
    """
    pieces = cut_at_tags(xml)
    pieces[1::2] = [_SPACES.sub(" ", tag).translate(_QUOTES) for tag in pieces[1::2]]
    return "".join(pieces)


_DROPPED = (
    "del", "moveFrom",
    "rPrChange", "pPrChange", "tblPrChange", "trPrChange", "tcPrChange", "sectPrChange", "tblGridChange",
)  # fmt: skip


def accept_changes(root: Any) -> None:
    """The document as if every tracked change had been accepted: what was deleted goes, what was inserted stays."""
    rows = [next(mark.iterancestors(f"{W}tr")) for mark in root.iter(f"{W}del") if mark.getparent().tag == f"{W}trPr"]
    for item in [*rows, *root.iter(*(f"{W}{name}" for name in _DROPPED))]:
        item.getparent().remove(item)
    for item in list(root.iter(f"{W}ins", f"{W}moveTo")):
        parent = item.getparent()
        place = parent.index(item)
        parent[place : place + 1] = list(item)


_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# Fields that read a file, ask another program or run a macro when Word opens or updates the document.
_ACTIVE = re.compile(
    r"^\s*(INCLUDETEXT|INCLUDEPICTURE|IMPORT|INCLUDE|DDEAUTO|DDE|LINK|DATABASE|MACROBUTTON|RD|AUTOTEXT|ADDIN|EMBED|CONTROL)\b",
    re.IGNORECASE,
)
_ACTIVE_MARKS = (b"instr", b"fldSimple", b"mailMerge", b"altChunk", b"control", b"src=")
_TAG = re.compile(r"\{[{%#]|[%#}]\}")
_MOST_BRACES, _LONGEST_TAG = 8_000, 5_000


def dangers(word: WordFile) -> Iterator[tuple[str, str]]:
    """What would read a file, reach out, run or never end: the part, and it in words."""
    relations = word.xml("_rels/.rels").iter() if "_rels/.rels" in word.parts else ()
    opened = (item.get("Target", "") for item in relations if str(item.get("Type", "")).endswith("/officeDocument"))
    main = str(next(opened, MAIN)).removeprefix("/")
    if main != MAIN:
        yield main, "phần chính đặt ở chỗ lạ"
    for name in word.parts:
        for told in _dangers(word, name):
            yield name, told


def _dangers(word: WordFile, name: str) -> Iterator[str]:
    kind = word.kinds.get(name, "")
    if "macroEnabled" in kind or name.endswith("vbaProject.bin"):
        yield "macro"
    elif "oleObject" in kind or "/embeddings/oleObject" in name:
        yield "đối tượng nhúng"
    elif "activeX" in kind or "/activeX/" in name:
        yield "điều khiển ActiveX"
    elif name.endswith(".rels"):
        for relation in word.xml(name).iter(_RELATION):
            related, target = str(relation.get("Type", "")).rpartition("/")[2], str(relation.get("Target", ""))
            if relation.get("TargetMode") == "External" and related != "hyperlink":
                yield f"liên kết tới “{target[:80]}”"
            elif related in WORDS["dangers"]["relations"]:
                yield WORDS["dangers"]["relations"][related]
            elif related == "package" and "/charts/" not in name:
                yield "đối tượng nhúng"
    elif word.is_xml(name) and name != "[Content_Types].xml":
        content = word.parts[name]
        # More tags, or longer ones, than anybody writes: reading them would take minutes.
        if content.count(b"{") > _MOST_BRACES:
            yield "quá nhiều thẻ"
        elif b"{" in content and name.startswith("word/") and _has_tag_in_markup(content.decode("utf-8", "replace")):
            yield "thẻ trong thuộc tính hoặc chú thích XML, chỗ không điền được"
        elif b"{" in content and _has_long_tag(without_markup(content.decode("utf-8", "replace"))):
            yield "thẻ không đóng hoặc quá dài"
        if name == MAIN or any(mark in content for mark in _ACTIVE_MARKS):
            yield from _active(word.xml(name))


def _has_tag_in_markup(xml: str) -> bool:
    end = xml.rfind(">") + 1  # as in without_markup
    return any(_OPENING.search(element[0]) for element in _MARKUP.finditer(xml, 0, end))


def _has_long_tag(text: str) -> bool:
    for found in re.finditer(r"\{[{%#]", text):
        end = found.end() + _LONGEST_TAG
        if end < len(text) and text.find(_CLOSING[found[0]], found.end(), end) < 0:
            return True
    return False


def _active(root: Any) -> Iterator[str]:
    for code in _codes(root):
        found = _ACTIVE.match(code)
        if found:
            yield f"trường {found[1].upper()}"
        elif _TAG.search(code):
            yield f"thẻ trong mã trường “{code.strip()[:40]}”"
    for item in root.iter():
        name = str(item.tag).removeprefix(W)
        if name in WORDS["dangers"]["elements"]:
            yield WORDS["dangers"]["elements"][name]
        elif str(item.tag).endswith("}imagedata") and "://" in str(item.get("src", "")):
            yield f"liên kết tới “{str(item.get('src'))[:80]}”"


def _codes(root: Any) -> Iterator[str]:
    """The code of every field, also of fields in fields and in pieces."""
    open_fields: list[list[str]] = []
    loose: dict[Any, list[str]] = {}  # code that no field begins, by paragraph
    for item in root.iter(f"{W}fldChar", f"{W}instrText", f"{W}delInstrText", f"{W}fldSimple"):
        if item.tag == f"{W}fldSimple":
            yield str(item.get(f"{W}instr", ""))
        elif item.tag != f"{W}fldChar":
            pieces = open_fields[-1] if open_fields else loose.setdefault(next(item.iterancestors(f"{W}p"), None), [])
            pieces.append(item.text or "")
        elif item.get(f"{W}fldCharType") == "begin":
            open_fields.append([])
        elif item.get(f"{W}fldCharType") == "end" and open_fields:
            yield "".join(open_fields.pop())
    for pieces in (*open_fields, *loose.values()):
        yield "".join(pieces)
