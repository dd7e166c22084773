"""What a workbook carries besides cells: its parts come in, notes go out. Nothing of it is ever run or followed."""

from __future__ import annotations

import re

from cchc_xl.records import CellRef, Finding
from cchc_xl.text.catalogue import finding

# Blank cells with a format are only worth a note where they make the file heavy.
_MANY_BLANKS = 100_000
_TARGET = re.compile(rb"\bTarget\s*=\s*[\"']([^\"'<>]{1,500})[\"']")


def remarks(parts: dict[str, bytes], members: tuple[str, ...], blanks: int, at: CellRef) -> tuple[Finding, ...]:
    """A note for each kind of thing left alone: macros, links to other files, embedded objects, DDE, queries."""
    notes: list[Finding] = []
    if any(name.casefold().endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in members):
        notes.append(finding("F301", at))
    links = [name for name in members if name.startswith("xl/externalLinks/externalLink") and name.endswith(".xml")]
    dde = [name for name in links if b"ddeLink" in parts.get(name, b"") or b"oleLink" in parts.get(name, b"")]
    if len(links) > len(dde):
        targets = _TARGET.findall(b"".join(part for name, part in parts.items() if "externalLinks/_rels" in name))
        shown = "; ".join(target.decode("utf-8", "replace").rsplit("/", 1)[-1] for target in targets[:3]) or "–"
        notes.append(finding("F302", at, text=shown))
    if dde:
        notes.append(finding("F303", at))
    if any(name.startswith(("xl/embeddings/", "xl/activeX/")) for name in members):
        notes.append(finding("F304", at))
    if any(name in members for name in ("xl/connections.xml", "xl/queryTables/queryTable1.xml")):
        notes.append(finding("F305", at))
    if blanks > _MANY_BLANKS:
        notes.append(finding("F306", at, count=blanks))
    return tuple(notes)
