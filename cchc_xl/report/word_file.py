"""A Word file before anything in it is used: its bytes come in, its parts go out, or why it is turned away.

Shared by what fills templates in, what looks them over and what judges documents: none of them may be hurt by a file.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

MAX_MEMBERS, MAX_INFLATED, MAX_PART = 5_000, 128 * 1024 * 1024, 32 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# Fields that read a file, ask another program or run a macro when Word opens or updates the document.
_ACTIVE_FIELD = re.compile(
    r"^\s*(INCLUDETEXT|INCLUDEPICTURE|IMPORT|INCLUDE|DDEAUTO|DDE|LINK|DATABASE|MACROBUTTON|RD|AUTOTEXT|ADDIN)\b",
    re.IGNORECASE,
)
_HARMLESS_LINK = "/hyperlink"


class NotWordError(Exception):
    """The bytes are no Word file that can be read; the text says why, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class WordFile:
    """The parts of a ``.docx`` by name, none of which declares a document type."""

    parts: dict[str, bytes]

    def xml(self, name: str) -> Any:
        """The root element of a part. Raises :class:`NotWordError` if it is not well-formed."""
        from lxml import etree

        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        try:
            return etree.fromstring(self.parts[name], parser)
        except etree.XMLSyntaxError as error:
            raise NotWordError(f"có phần {name} bị hỏng") from error


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
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        raise NotWordError("không phải là tệp Word (.docx) đọc được") from error
    if "[Content_Types].xml" not in parts or "word/document.xml" not in parts:
        raise NotWordError("không phải là tệp Word (.docx) đọc được")
    for name, content in parts.items():
        if name.endswith((".xml", ".rels")) and (b"<!DOCTYPE" in content or b"\0" in content[:100]):
            raise NotWordError(f"có phần {name} khai báo DOCTYPE hoặc dùng bảng mã lạ")
    return WordFile(parts)


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


def dangers(word: WordFile) -> Iterator[tuple[str, str]]:
    """What would read a file, reach out or run when Word opens the document: the part, and it in words."""
    for name in word.parts:
        if name.endswith("vbaProject.bin"):
            yield name, "macro"
        elif "/activeX/" in name or "/embeddings/oleObject" in name or name.endswith(("/attachedToolbars.bin",)):
            yield name, "đối tượng nhúng"
        elif name.endswith(".rels"):
            yield from _links(word, name)
        elif name.startswith("word/") and name.endswith(".xml"):
            yield from _active(word, name)


def _links(word: WordFile, name: str) -> Iterator[tuple[str, str]]:
    for relation in word.xml(name).iter(_RELATIONS):
        kind = str(relation.get("Type", ""))
        if relation.get("TargetMode") == "External" and not kind.endswith(_HARMLESS_LINK):
            yield name, f"liên kết tới “{str(relation.get('Target', ''))[:80]}”"
        elif kind.endswith("/aFChunk"):
            yield name, "nội dung chèn từ tệp khác"


def _active(word: WordFile, name: str) -> Iterator[tuple[str, str]]:
    for paragraph in word.xml(name).iter(f"{{{WORD}}}p"):
        told = [str(item.get(f"{{{WORD}}}instr", "")) for item in paragraph.iter(f"{{{WORD}}}fldSimple")]
        pieces = [(item.text or "") for item in paragraph.iter(f"{{{WORD}}}instrText")]
        told += re.split("\x00", "".join(pieces)) + pieces
        found = next((match[1].upper() for text in told if (match := _ACTIVE_FIELD.match(text))), None)
        if found:
            yield name, f"trường {found}"
