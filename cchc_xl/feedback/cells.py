"""One cell: its element comes in, what it holds goes out, as facts and as stored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from cchc_xl.feedback import words as w
from cchc_xl.feedback.canonical import Fact, facts_of
from cchc_xl.feedback.package import Element, local

# openpyxl reads "_x005F_x000D_", the text "_x000D_", and writes it as the control character it would then mean.
_ESCAPED = re.compile("_x[0-9A-Fa-f]{4}_")
Text = tuple[str, str]  # a text, and the looks of its runs where it has more than one


@dataclass(frozen=True, slots=True)
class Stored:
    """A number, truth value, error or formula as the file spells it: type, value, the formula's element or ''."""

    kind: str
    value: str
    formula: str


@dataclass(frozen=True, slots=True)
class Held:
    """What a cell holds: a text, or something stored, or a formula with either."""

    text: Text | None
    stored: Stored | None
    new_kind: str

    def facts(self, address: str) -> Iterator[Fact]:
        """The facts of the cell, exact to the digit."""
        if self.stored is not None and self.stored.formula:
            yield w.FORMULA, f"{address} {self.stored.formula}"
        if self.text is not None and self.text[0]:
            yield w.ESCAPED if _ESCAPED.search(self.text[0]) else w.CELL, f"{address} text {self.text[0]}"
        if self.text is not None and self.text[1]:
            yield w.RUNS, f"{address} {self.text[1]}"
        if self.text is None and self.stored is not None and self.stored.value:
            yield w.CELL, f"{address} {self.stored.kind} {self.stored.value}"
        if self.new_kind:
            yield self.new_kind, address


def held(item: Element, strings: list[Text]) -> Held:
    """What stands in a ``<c>``; ``strings`` are the shared texts."""
    kind = item.get("t", "n")
    parts = {local(child.tag): child for child in item}
    value = (parts["v"].text or "") if "v" in parts else ""
    text = _text(kind, value, parts.get("is"), strings)
    formula = _spelled(parts["f"]) if "f" in parts else ""
    stored = None
    if formula:
        stored = Stored("str", text[0], formula) if text is not None else Stored(kind, value, formula)
    elif text is None and value:
        stored = Stored(kind, value, "")
    new_kind = w.DYNAMIC if item.get("cm") else w.RICH_DATA if item.get("vm") else ""
    return Held(text, stored, new_kind)


def _text(kind: str, value: str, inline: Element | None, strings: list[Text]) -> Text | None:
    if kind == "s" and value:
        return strings[int(value)]
    if kind == "inlineStr":
        return text_of(inline) if inline is not None else ("", "")
    return (value, "") if kind == "str" else None


def text_of(item: Element) -> Text:
    """The text of a string item, and the looks of its runs; neighbours of one look are one run."""
    runs: list[tuple[str, str]] = []
    for part in item:
        tag = local(part.tag)
        text, look = (part.text or "", "") if tag == "t" else _run(part) if tag == "r" else ("", "")
        if runs and runs[-1][1] == look:
            runs[-1] = (runs[-1][0] + text, look)
        elif text:
            runs.append((text, look))
    whole = "".join(text for text, _ in runs)
    return whole, repr(runs) if any(look for _, look in runs) else ""


def _run(part: Element) -> Text:
    text = look = ""
    for child in part:
        if local(child.tag) == "t":
            text += child.text or ""
        elif local(child.tag) == "rPr":
            look = ";".join(sorted(fact for _, fact in facts_of(child, "", str)))
    return text, "" if look == "/rPr[]" else look


def _spelled(formula: Element) -> str:
    """The formula's element as XML, with its own attributes."""
    told = "".join(f" {name}={quoteattr(value)}" for name, value in formula.attrib.items() if not name.startswith("{"))
    return f"<f{told}>{escape(formula.text or '')}</f>"
