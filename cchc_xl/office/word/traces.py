"""What a template carries besides tags and would carry into every document: a Word file comes in, the traces go out.

A chart keeps last period's numbers, a merge field another system's placeholder, a comment what colleagues said; a
section's break and an automatic number do otherwise inside a statement than their author meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from cchc_xl.office.word.file import W, WordFile, is_on, paragraphs_in, said
from cchc_xl.office.word.tags import fields_in, text_parts

_MERGE = re.compile(r"\s*MERGEFIELD\s+\"?(\S+?)\"?(?:\s|$)", re.IGNORECASE)
# Placeholders of other systems, as they are typed: «Ten», ${ten}, <<ten>>, [[ten]].
PLACEHOLDER = re.compile(r"«\s?\w{1,60}\s?»|\$\{\w{1,60}\}|<<\w{1,60}>>|\[\[\w{1,60}\]\]")
_SIGN = re.compile(r"[«$]|<<|\[\[")
_NAMES = ("instrText", "fldSimple", "commentReference", "commentRangeStart", "vanish", "sectPr", "numPr")
_MARKS = (*(f"{W}{name}" for name in _NAMES), "{*}chart")
_STATEMENT = re.compile(r"\{[%#]")


class Trace(NamedTuple):
    """A trace by its ``kind``: chart, merge, comment, hidden, section, number; ``text`` is what it says."""

    kind: str
    part: str
    place: str
    number: int
    text: str


def traces(word: WordFile) -> Iterator[Trace]:
    """Everything of the kind, in the order of the parts; a kind that a paragraph has twice is told once."""
    counted = _counted(word)
    for name, place, filled in text_parts(word):
        if not filled or "word" not in word.kinds[name]:
            continue
        root = word.xml(name)
        marked = {next(item.iterancestors(f"{W}p"), None) for item in root.iter(*_MARKS)}
        marked |= {next(item.iterancestors(f"{W}p")) for item in root.iter(f"{W}t") if _SIGN.search(item.text or "")}
        for number, item in enumerate(paragraphs_in(root), 1) if marked - {None} else ():
            if item in marked:
                told = dict.fromkeys(_of_paragraph(item, counted))
                yield from (Trace(kind, name, place, number, text) for kind, text in told)


def _of_paragraph(paragraph: Any, counted: frozenset[str]) -> Iterator[tuple[str, str]]:
    kinds = {str(item.tag) for item in paragraph.iter() if isinstance(item.tag, str)}
    runs = [item for item in paragraph.iter(f"{W}r") if next(item.iterancestors(f"{W}p")) is paragraph]
    text = "".join(item.text or "" for run in runs for item in run.iterchildren(f"{W}t"))
    if any(kind.endswith("}chart") for kind in kinds):
        yield "chart", text
    if f"{W}instrText" in kinds or f"{W}fldSimple" in kinds:
        merged = (_MERGE.match(field.code) for field in fields_in(paragraph))
        yield from (("merge", f"«{found[1]}»") for found in merged if found)
    elif _SIGN.search(text):
        yield from (("merge", found[0]) for found in PLACEHOLDER.finditer(text))
    if f"{W}commentReference" in kinds or f"{W}commentRangeStart" in kinds:
        yield "comment", text
    if f"{W}vanish" in kinds:
        unseen = (run for run in runs if is_on(said(run, "rPr/vanish", otherwise="off")))
        hidden = "".join(item.text or "" for run in unseen for item in run.iterchildren(f"{W}t"))
        if hidden.strip():
            yield "hidden", hidden
    if f"{W}sectPr" in kinds:
        yield "section", text
    if said(paragraph, "pPr/numPr/numId") in counted and not _STATEMENT.match(text.strip()):
        yield "number", text


def _counted(word: WordFile) -> frozenset[str]:
    """The lists whose first level counts, and has no bullets."""
    part = word.part("numbering")
    if not part:
        return frozenset()
    root = word.xml(part)
    signs = {
        str(item.get(f"{W}abstractNumId")): said(item, "lvl/numFmt", otherwise="bullet")
        for item in root.iterchildren(f"{W}abstractNum")
    }
    lists = {str(item.get(f"{W}numId")): said(item, "abstractNumId") for item in root.iterchildren(f"{W}num")}
    return frozenset(number for number, used in lists.items() if signs.get(used, "bullet") not in {"bullet", "none"})
