"""What belongs to the drafting of a template, not to the document: a Word file comes in, one without it goes out.

Tracked changes are taken as accepted, moves and cells among them; comments go; what a content control is bound to
no longer overrules what is written in it; what Word keeps twice for old programs, and the stored result of a field that
it works out itself, would be filled in a second time.

Source: ECMA-376 part 1, 17.13.4 (comments), 17.13.5 (revisions), 17.5.2.6 (binding of controls), 17.16.18 (fields).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from cchc_xl.office.word.file import FALLBACK, GONE, RELATION, W, WordFile, relations_of, stored
from cchc_xl.office.word.tags import TAG_MARK, results

_OUTDATED = (
    "rPrChange", "pPrChange", "tblPrChange", "tblPrExChange", "trPrChange", "tcPrChange", "sectPrChange",
    "tblGridChange", "numberingChange", "cellIns", "cellMerge", "moveFromRangeStart", "moveFromRangeEnd",
    "moveToRangeStart", "moveToRangeEnd", "customXmlInsRangeStart", "customXmlInsRangeEnd", "customXmlDelRangeStart",
    "customXmlDelRangeEnd", "customXmlMoveFromRangeStart", "customXmlMoveFromRangeEnd", "customXmlMoveToRangeStart",
    "customXmlMoveToRangeEnd",
)  # fmt: skip
_DELETED, _INSERTED = ("del", "moveFrom"), ("ins", "moveTo")
_COMMENTS = ("commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef")
_GONE = GONE | {f"{W}moveFromRangeStart", f"{W}moveFromRangeEnd"}
_MARKS = frozenset((*_OUTDATED, *_DELETED, *_INSERTED, "cellDel"))
_TRACKED = re.compile(rf"<w:(?:{'|'.join(sorted(_MARKS))})[ />]".encode())
_REMARKED = re.compile(rb"<w:comment(?:RangeStart|RangeEnd|Reference)\b")
_BOUND = re.compile(rb"<w(?:1\d)?:dataBinding\b")
_KEPT_TWICE = re.compile(rb":Fallback\b")
# Relations of the body whose parts are the author's and not the document's.
_OF_AUTHORS = re.compile(r"/(?:comments\w*|people|customXml)$")


def changed(word: WordFile) -> list[str]:
    """The parts in which Word tracks changes."""
    return [name for name in _texts(word) if _TRACKED.search(word.parts[name])]


def _texts(word: WordFile) -> Iterator[str]:
    return (name for name in word.parts if name.startswith("word/") and name.endswith(".xml"))


def ready(word: WordFile) -> WordFile:
    """The file as it is filled in."""
    parts = dict(word.parts)
    for name in _texts(word):
        content = parts[name]
        if any(kind.search(content) for kind in (_TRACKED, _REMARKED, _BOUND, _KEPT_TWICE)) or _may_copy_tags(content):
            root = word.xml(name)
            accept_changes(root)
            _without_comments(root)
            _written_once(root)
            _without_copied_tags(root)
            parts[name] = stored(root)
    relations = relations_of(word.main)
    if relations in parts:
        root = word.xml(relations)
        own = [item for item in root.iter(RELATION) if _OF_AUTHORS.search(str(item.get("Type", "")))]
        for item in own:
            root.remove(item)
        if own:
            parts[relations] = stored(root)
    return replace(word, parts=parts)


def _may_copy_tags(content: bytes) -> bool:
    return b"{" in content and (b"fldChar" in content or b"fldSimple" in content)


def accept_changes(root: Any) -> None:
    """The document as if every tracked change had been accepted: what was deleted goes, what was inserted stays."""
    for mark in list(root.iter(*GONE)):
        holder = mark.getparent()
        if holder is not None and holder.tag == f"{W}trPr":
            _remove(next(mark.iterancestors(f"{W}tr")))
    for mark in list(root.iter(f"{W}cellDel")):
        _remove(next(mark.iterancestors(f"{W}tc")))
    _join_paragraphs(root)
    for item in list(root.iter(*(f"{W}{name}" for name in (*_DELETED, *_OUTDATED)))):
        _remove(item)
    for item in list(root.iter(*(f"{W}{name}" for name in _INSERTED))):
        parent = item.getparent()
        place = parent.index(item)
        parent[place : place + 1] = list(item)


def _remove(item: Any) -> None:
    parent = item.getparent()
    if parent is not None:
        parent.remove(item)


def _join_paragraphs(root: Any) -> None:
    """A paragraph whose end was deleted or moved away goes on in the next one, whose look it takes; last ones first."""
    for paragraph in reversed([*root.iter(f"{W}p")]):
        properties = paragraph.find(f"{W}pPr")
        mark = None if properties is None else properties.find(f"{W}rPr")
        if mark is None or all(mark.find(f"{W}{name}") is None for name in _DELETED):
            # Word marks the end of a moved paragraph; other programs leave a paragraph with nothing but moved text.
            if not _is_moved_away(paragraph):
                continue
        elif (following := paragraph.getnext()) is not None and following.tag == f"{W}p":
            own = following.find(f"{W}pPr")
            place = 0 if own is None else following.index(own) + 1
            following[place:place] = [item for item in paragraph if item is not properties]
            _remove(paragraph)
            continue
        kept = [item for item in paragraph if item is not properties and item.tag not in _GONE]
        alone = paragraph.getprevious() is None and paragraph.getnext() is None
        if not kept and not alone and (properties is None or properties.find(f"{W}sectPr") is None):
            last_of_cell = paragraph.getnext() is None and paragraph.getparent().tag == f"{W}tc"
            if not last_of_cell or paragraph.getprevious().tag == f"{W}p":
                _remove(paragraph)


def _is_moved_away(paragraph: Any) -> bool:
    texts = [item for item in paragraph if item.tag != f"{W}pPr"]
    return any(item.tag == f"{W}moveFrom" for item in texts) and all(item.tag in _GONE for item in texts)


def _without_comments(root: Any) -> None:
    for item in list(root.iter(*(f"{W}{name}" for name in _COMMENTS))):
        run = item.getparent()
        _remove(item)
        if run.tag == f"{W}r" and all(left.tag == f"{W}rPr" for left in run):
            _remove(run)


def _written_once(root: Any) -> None:
    """Without the copies for old programs of text boxes, and without bindings: what is written is what is shown."""
    for item in list(root.iter(FALLBACK)):
        if next(item.iter(f"{W}txbxContent"), None) is not None:
            _remove(item)
    for item in [item for item in root.iter("{*}dataBinding") if item.getparent().tag == f"{W}sdtPr"]:
        _remove(item)


def _without_copied_tags(root: Any) -> None:
    """Without the stored results that copy tags; Word works the field out again when the document is opened."""
    for code, mark, items in [*results(root)]:
        texts = [item for item in items if item.tag == f"{W}t"]
        if not TAG_MARK.search("".join(item.text or "" for item in texts)):
            continue
        paragraphs = [*dict.fromkeys(next(item.iterancestors(f"{W}p")) for item in items)]
        for item in items:
            _remove(item)
        for paragraph in paragraphs if code in {"TOC", "INDEX", "TOA"} else ():
            bare = all(item.getparent().tag != f"{W}r" for item in paragraph.iter(f"{W}fldChar", f"{W}drawing"))
            if bare and next(paragraph.iter(f"{W}sectPr"), None) is None and paragraph.getparent() is not None:
                _remove(paragraph)
        mark.set(f"{W}dirty", "true")
