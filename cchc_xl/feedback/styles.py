"""Formats by what they look like: the styles part comes in, one text for every cell format and rule format goes out.

The numbers by which a program lists its fonts, fills and borders change with every save; what they show must not.
"""

from __future__ import annotations

from dataclasses import dataclass

from cchc_xl.feedback.canonical import facts_of
from cchc_xl.feedback.package import Element, Package, local

_BORDER_SIDES = ("left", "right", "top", "bottom", "diagonal", "vertical", "horizontal", "start", "end")


@dataclass(frozen=True, slots=True)
class Styles:
    """What every ``s`` of a cell and every ``dxfId`` of a rule stands for."""

    cells: tuple[str, ...]
    rules: tuple[str, ...]

    def cell(self, number: str | None) -> str:
        """The look of a cell of this style; without a number, of the first."""
        index = int(number or 0)
        return self.cells[index] if index < len(self.cells) else ""

    def rule(self, number: str) -> str:
        """The look that a rule of this number gives."""
        return self.rules[int(number)] if number.isdigit() and int(number) < len(self.rules) else ""


def styles_of(package: Package) -> Styles:
    """The styles of a workbook; none where it has no styles part."""
    part = next((item.target for item in package.relations(package.workbook).values() if item.kind == "styles"), None)
    if part is None or not package.has(part):
        return Styles(("",), ())
    root = package.xml(part)
    lists = {local(group.tag): list(group) for group in root}
    formats = {int(item.get("numFmtId", "0")): item.get("formatCode", "") for item in lists.get("numFmts", ())}
    looks = {
        name: [_look(item) for item in lists.get(plural, ())]
        for name, plural in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders"))
    }
    cells = tuple(_cell_look(item, formats, looks) for item in lists.get("cellXfs", ()))
    return Styles(cells or ("",), tuple(_look(item) for item in lists.get("dxfs", ())))


def _cell_look(item: Element, formats: dict[int, str], looks: dict[str, list[str]]) -> str:
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    number = int(item.get("numFmtId", "0"))
    told = [formats.get(number) or BUILTIN_FORMATS.get(number, str(number))]
    for name, known in looks.items():
        index = int(item.get(name, "0"))
        told.append(known[index] if index < len(known) else "")
    told.extend(filter(None, map(_look, item)))
    if item.get("quotePrefix") in {"1", "true"}:
        told.append("quotePrefix")
    return "|".join(told)


def _look(item: Element) -> str:
    """An element and all in it as one text; parts without content say nothing."""
    return ";".join(sorted(text for _, text in facts_of(item, "", str) if not _says_nothing(text)))


def _says_nothing(text: str) -> bool:
    """An empty side, an alignment of defaults: written by one program and left out by another."""
    tag = text.rpartition("/")[2]
    return tag.endswith("[]") and tag[:-2] not in {"b", "i", "strike", "u", "outline", "shadow", "condense", "extend"}
