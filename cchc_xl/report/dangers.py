"""What a Word file may not hold if it is to be filled in: its parts come in, what reads, reaches out or runs goes out.

Parts are known by their content types and relationships, for that is how Word finds them; names prove nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cchc_xl.report.word_file import MAIN, WORD, WordFile, main_target

_W = f"{{{WORD}}}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# Fields that read a file, ask another program or run a macro when Word opens or updates the document.
_ACTIVE = re.compile(
    r"^\s*(INCLUDETEXT|INCLUDEPICTURE|IMPORT|INCLUDE|DDEAUTO|DDE|LINK|DATABASE|MACROBUTTON|RD|AUTOTEXT|ADDIN|EMBED|CONTROL)\b",
    re.IGNORECASE,
)
_TAG = re.compile(r"\{[{%#]|[%#}]\}")
_RELATIONS = {
    "oleObject": "đối tượng nhúng",
    "control": "điều khiển ActiveX",
    "activeXControlBinary": "điều khiển ActiveX",
    "vbaProject": "macro",
    "wordVbaData": "macro",
    "aFChunk": "nội dung chèn từ tệp khác",
    "subDocument": "văn bản con",
    "mailMergeSource": "nguồn trộn thư",
}
_ELEMENTS = {
    f"{_W}mailMerge": "nguồn trộn thư",
    f"{_W}altChunk": "nội dung chèn từ tệp khác",
    f"{_W}control": "điều khiển",
}
_MOST_BRACES, _LONGEST_TAG = 8_000, 5_000
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}


def dangers(word: WordFile) -> Iterator[tuple[str, str]]:
    """What would read a file, reach out, run or never end: the part, and it in words."""
    if main_target(word) != MAIN:
        yield main_target(word), "phần chính đặt ở chỗ lạ"
    for name, content in word.parts.items():
        if "macroEnabled" in word.kinds.get(name, "") or name.endswith("vbaProject.bin"):
            yield name, "macro"
        elif "oleObject" in word.kinds.get(name, "") or "/embeddings/oleObject" in name:
            yield name, "đối tượng nhúng"
        elif "activeX" in word.kinds.get(name, "") or "/activeX/" in name:
            yield name, "điều khiển ActiveX"
        elif name.endswith(".rels"):
            yield from _links(word, name)
        elif word.is_xml(name) and name != "[Content_Types].xml":
            yield from _heavy(name, content)
            yield from _active(word, name)


def _links(word: WordFile, name: str) -> Iterator[tuple[str, str]]:
    for relation in word.xml(name).iter(_RELATION):
        kind, target = str(relation.get("Type", "")).rpartition("/")[2], str(relation.get("Target", ""))
        if relation.get("TargetMode") == "External" and kind != "hyperlink":
            yield name, f"liên kết tới “{target[:80]}”"
        elif kind in _RELATIONS:
            yield name, _RELATIONS[kind]
        elif kind == "package" and "/charts/" not in name:
            yield name, "đối tượng nhúng"


def _heavy(name: str, content: bytes) -> Iterator[tuple[str, str]]:
    """More tags, or longer ones, than anybody writes: reading them would take minutes."""
    if content.count(b"{") > _MOST_BRACES:
        yield name, "quá nhiều thẻ"
    elif b"{" in content and _has_long_tag(re.sub(r"<[^>]*>", "", content.decode("utf-8", "replace"))):
        yield name, "thẻ không đóng hoặc quá dài"


def _has_long_tag(text: str) -> bool:
    for found in re.finditer(r"\{[{%#]", text):
        end = found.end() + _LONGEST_TAG
        if end < len(text) and text.find(_CLOSING[found[0]], found.end(), end) < 0:
            return True
    return False


def _active(word: WordFile, name: str) -> Iterator[tuple[str, str]]:
    content = word.parts[name]
    if name != MAIN and not any(
        mark in content for mark in (b"instr", b"fldSimple", b"mailMerge", b"altChunk", b"control", b"src=")
    ):
        return
    root = word.xml(name)
    for code in _codes(root):
        found = _ACTIVE.match(code)
        if found:
            yield name, f"trường {found[1].upper()}"
        elif _TAG.search(code):
            yield name, f"thẻ trong mã trường “{code.strip()[:40]}”"
    for item in root.iter():
        if item.tag in _ELEMENTS:
            yield name, _ELEMENTS[item.tag]
        elif isinstance(item.tag, str) and item.tag.endswith("}imagedata") and "://" in str(item.get("src", "")):
            yield name, f"liên kết tới “{str(item.get('src'))[:80]}”"


def _codes(root: Any) -> Iterator[str]:
    """The code of every field, also of fields in fields and in pieces."""
    open_fields: list[list[str]] = []
    loose: dict[Any, list[str]] = {}  # code that no field begins, by paragraph
    for item in root.iter(f"{_W}fldChar", f"{_W}instrText", f"{_W}delInstrText", f"{_W}fldSimple"):
        if item.tag == f"{_W}fldSimple":
            yield str(item.get(f"{_W}instr", ""))
        elif item.tag != f"{_W}fldChar":
            pieces = open_fields[-1] if open_fields else loose.setdefault(next(item.iterancestors(f"{_W}p"), None), [])
            pieces.append(item.text or "")
        elif item.get(f"{_W}fldCharType") == "begin":
            open_fields.append([])
        elif item.get(f"{_W}fldCharType") == "end" and open_fields:
            yield "".join(open_fields.pop())
    for pieces in (*open_fields, *loose.values()):
        yield "".join(pieces)
