"""A Word file before anything in it is used: its bytes come in, its parts go out, or why it is turned away.

Shared by what fills templates in, what looks them over and what judges documents: none of them may be hurt by a file.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

MAX_MEMBERS, MAX_INFLATED, MAX_PART = 5_000, 128 * 1024 * 1024, 32 * 1024 * 1024
MAIN = "word/document.xml"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UNREADABLE = "không phải là tệp Word (.docx) đọc được"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
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

    def is_xml(self, name: str) -> bool:
        """Whether a part is XML, by what the package declares of it and not by its name alone."""
        return name.endswith((".xml", ".rels")) or self.kinds.get(name, "").endswith("xml")


def open_word(data: bytes) -> WordFile:
    """The parts of a ``.docx``, of bounded size. Raises :class:`NotWordError`.

    >>> open_word(b"PK no zip")
    Traceback (most recent call last):
    cchc_xl.report.word_file.NotWordError: không phải là tệp Word (.docx) đọc được
    """
    if data.startswith(_OLE):
        raise NotWordError("có mật khẩu hoặc là tệp .doc cũ, không phải là tệp Word (.docx) đọc được")
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            parts = _parts(package)
    except _DAMAGE as error:
        raise NotWordError(_UNREADABLE) from error
    if "[Content_Types].xml" not in parts or MAIN not in parts:
        raise NotWordError(_UNREADABLE)
    bare = WordFile(parts)
    word = WordFile(parts, dict(_kinds(bare)))
    for name, content in parts.items():
        if word.is_xml(name) and (b"<!DOCTYPE" in content or b"\0" in content[:100]):
            raise NotWordError(f"có phần {name} khai báo DOCTYPE hoặc dùng bảng mã lạ")
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


def _kinds(word: WordFile) -> Iterator[tuple[str, str]]:
    """The content type of every part."""
    declared = word.xml("[Content_Types].xml")
    endings = {
        str(item.get("Extension", "")).lower(): str(item.get("ContentType", ""))
        for item in declared.iter(f"{_TYPES}Default")
    }
    own = {
        str(item.get("PartName", "")).lstrip("/"): str(item.get("ContentType", ""))
        for item in declared.iter(f"{_TYPES}Override")
    }
    for name in word.parts:
        yield name, own.get(name) or endings.get(name.rpartition(".")[2].lower(), "")


def main_target(word: WordFile) -> str:
    """The part that readers open first, by the package's relationships."""
    if "_rels/.rels" not in word.parts:
        return MAIN
    for relation in word.xml("_rels/.rels").iter():
        if str(relation.get("Type", "")).endswith("/officeDocument"):
            return str(relation.get("Target", "")).removeprefix("/")
    return MAIN
