"""What stands in a template: its parts come in, its paragraphs with their tags go out, each with its place.

Paragraphs are counted in a part in reading order, with those of tables and text boxes. Word keeps a text box twice
(once for old programs); it is counted once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cchc_xl.report.word_file import MAIN, WORD, NotWordError, WordFile, open_word

_W = f"{{{WORD}}}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_CARRIED = {
    "drawing": "hình",
    "pict": "hình",
    "object": "đối tượng nhúng",
    "sectPr": "ngắt phần",
    "br": "ngắt trang",
    "footnoteReference": "chú thích",
    "endnoteReference": "chú thích",
}
TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_SPACES = re.compile("[\u00a0\u2000-\u200b\u202f\u3000\ufeff]")
_QUOTES = str.maketrans("“”„‟″‘’‚‛′", "\"\"\"\"\"'''''")
# Parts by the end of their content type: how they are called, and whether tags in them are filled in.
_PART_WORDS = (
    ("wordprocessingml.document.main+xml", "thân văn bản", True),
    ("wordprocessingml.header+xml", "đầu trang", True),
    ("wordprocessingml.footer+xml", "cuối trang", True),
    ("wordprocessingml.footnotes+xml", "chú thích cuối trang", True),
    ("wordprocessingml.endnotes+xml", "chú thích cuối văn bản", False),
    ("wordprocessingml.comments+xml", "ý kiến", False),
    ("drawingml.chart+xml", "biểu đồ", False),
    ("diagramData+xml", "sơ đồ", False),
    ("core-properties+xml", "thuộc tính", True),
    ("extended-properties+xml", "thuộc tính", False),
    ("custom-properties+xml", "thuộc tính", False),
)
# The properties that docxtpl fills in, by the names they have in the file.
_FILLED_PROPERTIES = ("creator", "description", "identifier", "language", "subject", "title")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with its text as a person sees it; ``filled`` says whether tags in this part are filled in at all."""

    part: str
    place: str
    number: int
    text: str
    filled: bool
    in_row: bool
    changed: bool
    row_text: str = ""
    carries: str = ""

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags in the paragraph, whole ones only."""
        return tuple(TAG.findall(self.text))


def paragraphs(word: WordFile) -> Iterator[Paragraph]:
    """Every paragraph of every part that can hold a tag, part by part."""
    for name in sorted(word.parts, key=lambda item: (item != MAIN, item)):
        told = next(
            ((words, filled) for kind, words, filled in _PART_WORDS if word.kinds.get(name, "").endswith(kind)), None
        )
        if told is None or not any(mark in word.parts[name] for mark in (b"{", b"}", "｛".encode(), "｝".encode())):
            continue
        if "wordprocessingml" in word.kinds[name]:
            yield from _of_text(word.xml(name), name, *told)
        else:
            yield from _of_other(word.xml(name), name, *told)


def _of_text(root: Any, name: str, place: str, filled: bool) -> Iterator[Paragraph]:
    number, beside = 0, dict[Any, str]()
    for item in root.iter(f"{_W}p"):
        if any(above.tag == _FALLBACK for above in item.iterancestors()):
            continue
        number += 1
        nodes = [node for node in item.iter(f"{_W}t", f"{_W}delText") if _owner(node) is item]
        text = "".join(node.text or "" for node in nodes if node.tag == f"{_W}t")
        if not any(mark in text for mark in "{}｛｝"):
            continue
        row = next(item.iterancestors(f"{_W}tr"), None)
        if row is not None and row not in beside:
            beside[row] = "".join(node.text or "" for node in row.iter(f"{_W}t"))
        yield Paragraph(
            part=name,
            place=place,
            number=number,
            text=text,
            filled=filled,
            in_row=row is not None,
            changed=any(_changed(node) for node in nodes),
            row_text=beside.get(row, ""),
            carries=_carried(item),
        )


def _owner(node: Any) -> Any:
    return next(node.iterancestors(f"{_W}p"))


def _changed(node: Any) -> bool:
    names = (f"{_W}ins", f"{_W}del", f"{_W}moveFrom", f"{_W}moveTo")
    return any(above.tag in names for above in node.iterancestors())


def _carried(paragraph: Any) -> str:
    """What a paragraph holds besides text, and would lose with it."""
    for item in paragraph.iter():
        name = str(item.tag).rpartition("}")[2]
        if name in _CARRIED and (name != "br" or item.get(f"{_W}type") == "page"):
            return _CARRIED[name]
    return ""


def _of_other(root: Any, name: str, place: str, filled: bool) -> Iterator[Paragraph]:
    for number, item in enumerate(root.iter(), 1):
        if not isinstance(item.tag, str):
            continue
        own = filled and item.tag.rpartition("}")[2] in _FILLED_PROPERTIES
        if item.text and "{" in item.text:
            yield Paragraph(name, place, number, item.text, own, in_row=False, changed=False)


def has_tags(data: bytes) -> bool:
    """Whether the bytes are a Word file with at least one tag."""
    try:
        return any(paragraph.tags for paragraph in paragraphs(open_word(data)))
    except NotWordError:
        return False


def plain_spaces(xml: str) -> str:
    """The tags of a part with ordinary spaces and quotes, as people mean them and Word does not write them.

    >>> plain_spaces("Số {{ figure(„NV_GIAO”)\u00a0}}")
    'Số {{ figure("NV_GIAO") }}'
    """
    return TAG.sub(lambda found: _SPACES.sub(" ", found[0]).translate(_QUOTES), xml)


def accept_changes(root: Any) -> None:
    """The document as if every tracked change had been accepted: what was deleted goes, what was inserted stays."""
    for mark in [item for item in root.iter(f"{_W}del") if item.getparent().tag == f"{_W}trPr"]:
        _remove(next(mark.iterancestors(f"{_W}tr")))
    for name in ("del", "moveFrom"):
        for item in list(root.iter(f"{_W}{name}")):
            _remove(item)
    for name in ("ins", "moveTo"):
        for item in list(root.iter(f"{_W}{name}")):
            _unwrap(item)
    for name in ("rPrChange", "pPrChange", "tblPrChange", "trPrChange", "tcPrChange", "sectPrChange", "tblGridChange"):
        for item in list(root.iter(f"{_W}{name}")):
            _remove(item)


def _remove(item: Any) -> None:
    if item.getparent() is not None:
        item.getparent().remove(item)


def _unwrap(item: Any) -> None:
    parent = item.getparent()
    if parent is None:
        return
    position = parent.index(item)
    for child in reversed(list(item)):
        parent.insert(position + 1, child)
    parent.remove(item)
