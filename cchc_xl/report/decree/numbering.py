"""Automatic numbers: the numbering part of a document comes in, the label and indents of a level go out."""

from __future__ import annotations

from typing import Any

from cchc_xl.report.decree.properties import W


class Numbering:
    """The automatic numbers of a document, by list and level."""

    def __init__(self, root: Any) -> None:
        self._levels: dict[tuple[str, str], Any] = {}
        if root is None:
            return
        lists = {
            str(item.get(f"{W}abstractNumId")): {str(level.get(f"{W}ilvl")): level for level in item.iter(f"{W}lvl")}
            for item in root.iterchildren(f"{W}abstractNum")
        }
        for item in root.iterchildren(f"{W}num"):
            base = item.find(f"{W}abstractNumId")
            levels = lists.get("" if base is None else str(base.get(f"{W}val")), {})
            levels = levels | {str(level.get(f"{W}ilvl")): level for level in item.iter(f"{W}lvl")}
            for level, element in levels.items():
                self._levels[str(item.get(f"{W}numId")), level] = element

    def properties(self, number_id: str, level: str) -> Any:
        """The ``w:pPr`` of a level, or None."""
        element = self._levels.get((number_id, level))
        return None if element is None else element.find(f"{W}pPr")

    def label(self, number_id: str, level: str) -> str:
        """The first number of a level as it is printed."""
        element = self._levels.get((number_id, level))
        if element is None:
            return ""
        kind, text = element.find(f"{W}numFmt"), element.find(f"{W}lvlText")
        shown = "" if text is None else str(text.get(f"{W}val", ""))
        first = {"upperRoman": "I", "decimal": "1", "lowerLetter": "a", "bullet": "-"}
        sign = first.get("decimal" if kind is None else str(kind.get(f"{W}val")), "")
        return (
            "-" if sign == "-" else "".join(sign if letter.isdigit() else letter for letter in shown.replace("%", ""))
        )
