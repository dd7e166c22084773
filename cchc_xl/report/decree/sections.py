"""The sections of a document: a ``w:sectPr`` comes in, page size, margins and headers go out, in millimetres."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cchc_xl.report.decree.properties import W, is_on, number

_MILLIMETRE = 1440 / 25.4
_LETTER, _MARGIN = (12240.0, 15840.0), 1440.0  # the page of a document that names none


@dataclass(frozen=True, slots=True)
class Section:
    """A section: page and margins in mm, the left one with its gutter, columns, and its own headers by type."""

    width: float
    height: float
    top: float
    bottom: float
    left: float
    right: float
    columns: int
    own_first_page: bool
    number_format: str
    headers: Mapping[str, str]
    footers: Mapping[str, str]

    @property
    def landscape(self) -> bool:
        """Whether the page lies on its long side."""
        return self.width > self.height


def section(mark: Any, relations: str) -> Section:
    """The section that a ``w:sectPr`` describes; without one, as Word would show it."""
    size = None if mark is None else mark.find(f"{W}pgSz")
    margins = None if mark is None else mark.find(f"{W}pgMar")
    columns = None if mark is None else mark.find(f"{W}cols")
    first = None if mark is None else mark.find(f"{W}titlePg")
    numbers = None if mark is None else mark.find(f"{W}pgNumType")
    told = "1" if columns is None else str(columns.get(f"{W}num", "1"))
    return Section(
        width=_length(size, "w", _LETTER[0]),
        height=_length(size, "h", _LETTER[1]),
        top=_length(margins, "top", _MARGIN),
        bottom=_length(margins, "bottom", _MARGIN),
        left=_length(margins, "left", _MARGIN) + _length(margins, "gutter", 0.0),
        right=_length(margins, "right", _MARGIN),
        columns=int(told) if told.isdecimal() and len(told) < 3 else 1,
        own_first_page=first is not None and is_on(str(first.get(f"{W}val", ""))),
        number_format="decimal" if numbers is None else str(numbers.get(f"{W}fmt", "decimal")),
        headers=_references(mark, "headerReference", relations),
        footers=_references(mark, "footerReference", relations),
    )


def _length(element: Any, name: str, otherwise: float) -> float:
    told = otherwise if element is None else number(element.get(f"{W}{name}"), otherwise)
    return abs(told) / _MILLIMETRE


def _references(mark: Any, name: str, relations: str) -> dict[str, str]:
    if mark is None:
        return {}
    return {str(item.get(f"{W}type", "default")): str(item.get(f"{relations}id")) for item in mark.iter(f"{W}{name}")}
