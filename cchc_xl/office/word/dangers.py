"""What a template may not hold: a Word file comes in; what would read a file, reach out, run or never end goes out.

By what parts, relations, elements and codes of fields are, never by their names alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from cchc_xl.office.word.file import RELATION, TYPES_PART, WORDS, W, WordFile, has_macros
from cchc_xl.office.word.tags import TAG_MARK, fields_in, has_long_tag, has_tag_in_markup, without_markup

# Fields that read a file, ask another program or run a macro when Word opens or updates the document.
_ACTIVE = re.compile(
    r"^\s*(INCLUDETEXT|INCLUDEPICTURE|IMPORT|INCLUDE|DDEAUTO|DDE|LINK|DATABASE|MACROBUTTON|RD|AUTOTEXT|ADDIN|EMBED|CONTROL)\b",
    re.IGNORECASE,
)
_ACTIVE_MARKS = (b"instr", b"fldSimple", b"mailMerge", b"altChunk", b"control", b"src=")
_MOST_BRACES, _LONGEST_TAG = 8_000, 5_000


class Danger(NamedTuple):
    """The part in which it stands, what it is in words, and where in Word it is found and removed; '' if unknown."""

    part: str
    told: str
    remedy: str = ""


def dangers(word: WordFile) -> Iterator[Danger]:
    """Everything of the kind in a file."""
    if not word.main.startswith("word/"):
        yield Danger(word.main, "phần chính đặt ở chỗ lạ")
    for name in word.parts:
        for told, kind in _dangers(word, name):
            yield Danger(name, told, WORDS["dangers"]["remedies"].get(kind, ""))


def has_too_many_tags(word: WordFile) -> bool:
    """Whether there are more tags than anybody writes: to look at each of them takes minutes."""
    return any(word.is_xml(name) and content.count(b"{") > _MOST_BRACES for name, content in word.parts.items())


def _dangers(word: WordFile, name: str) -> Iterator[tuple[str, str]]:
    kind = word.kinds.get(name, "")
    if ("macroEnabled" in kind and has_macros(word)) or name.endswith("vbaProject.bin"):
        yield "macro", "macro"
    elif "oleObject" in kind or "/embeddings/oleObject" in name:
        yield "đối tượng nhúng", "object"
    elif "activeX" in kind or "/activeX/" in name:
        yield "điều khiển ActiveX", "object"
    elif name.endswith(".rels"):
        yield from _relations(word, name)
    elif word.is_xml(name) and name != TYPES_PART:
        content = word.parts[name]
        # More tags, or longer ones, than anybody writes: reading them would take minutes.
        if content.count(b"{") > _MOST_BRACES:
            yield "quá nhiều thẻ", ""
        elif (
            b"{" in content
            and not name.startswith("customXml/")
            and has_tag_in_markup(content.decode("utf-8", "replace"))
        ):
            yield "thẻ trong thuộc tính hoặc chú thích XML, chỗ không điền được", "attribute"
        elif b"{" in content and has_long_tag(without_markup(content.decode("utf-8", "replace")), _LONGEST_TAG):
            yield "thẻ không đóng hoặc quá dài", ""
        if name == word.main or any(mark in content for mark in _ACTIVE_MARKS):
            yield from _active(word.xml(name))


def _relations(word: WordFile, name: str) -> Iterator[tuple[str, str]]:
    for relation in word.xml(name).iter(RELATION):
        related, target = str(relation.get("Type", "")).rpartition("/")[2], str(relation.get("Target", ""))
        if relation.get("TargetMode") == "External" and related != "hyperlink":
            yield f"liên kết tới “{target[:80]}”", related
        elif related in WORDS["dangers"]["relations"]:
            yield WORDS["dangers"]["relations"][related], related
        elif related == "package" and "/charts/" not in name:
            yield "đối tượng nhúng", "object"


def _active(root: Any) -> Iterator[tuple[str, str]]:
    for code in (field.code for field in fields_in(root)):
        found = _ACTIVE.match(code)
        if found:
            yield f"trường {found[1].upper()}", "field"
        elif TAG_MARK.search(code):
            yield f"thẻ trong mã trường “{code.strip()[:40]}”", "field"
    for item in root.iter(*(f"{W}{name}" for name in WORDS["dangers"]["elements"]), "{*}imagedata"):
        name = str(item.tag).removeprefix(W)
        if name in WORDS["dangers"]["elements"]:
            yield WORDS["dangers"]["elements"][name], name
        elif "://" in str(item.get("src", "")):
            yield f"liên kết tới “{str(item.get('src'))[:80]}”", "image"
