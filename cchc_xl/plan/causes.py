"""Findings by cause: what the reader and the checks of a plan found comes in, what an officer has to mend goes out.

One wrong name or code is one finding, however many cells hold it; a cell of which nothing could be read is told as that
and not also as blank, and what only follows from it is held back until it is mended. Whether a criterion can be scored
is judged before, on all of it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property

from cchc_xl.plan.cells import BLANK, CONTRACT, COOPERATING
from cchc_xl.plan.edition import parts
from cchc_xl.plan.load import SHEETS, Columns
from cchc_xl.plan.register import bare
from cchc_xl.records import CellRef, Finding, Kind
from cchc_xl.text.words import key

_UNREADABLE = frozenset({"P104", "P105"})
# These leave a cell without the value that it must hold.
_NO_VALUE = _UNREADABLE | {"P106", "P107", "P108", "P110", "P111", "P113", "P116", "P117", "P118", "P121", "P125"}
_SAME_CAUSE = {"P112": "figure", "P113": "unit", "P124": "criterion", "P130": "criterion", "P211": "criterion"}
_OF_METHODS = frozenset(
    ("P114", "P122", "P123", "P126", "P128", "P140", "P201", "P212", "P213", "P214", "P215", "P217", "P218")
)
_AREAS_SHOWN = 4  # of the cells of a cause
_NAME_SHOWN = 120
_WORD = re.compile(r"\w+")
_UNITS, _APPENDIX, _CRITERIA, _BANDS, _FIGURES = "Đơn vị", "Phụ lục", "Bộ chỉ số", "Thang điểm", "Số liệu"
_LEAD, _ENTERED_BY = "ĐƠN VỊ THỰC HIỆN", "Đơn vị nhập"


def twice(text: str, rows: Sequence[tuple[str, CellRef | None]], dated: str = "") -> dict[str, str]:
    """The fields of P109: what stands in several rows, each with its name and cell.

    >>> at = CellRef("p.xlsx", "Đơn vị", 2, 1)
    >>> twice("VP", [("Văn phòng", at), ("Thanh tra", replace(at, row=5))])["rows"]
    'A2 “Văn phòng”; A5 “Thanh tra”'
    """
    named = [(name[:_NAME_SHOWN], at) for name, at in rows[:_AREAS_SHOWN]]
    names = list({key(name): name for name, _ in named}.values())
    shown = "; ".join(f"{at.address} “{name}”" if name else at.address for name, at in named if at)
    more = " …" if len(rows) > _AREAS_SHOWN else ""
    several = "; ".join(names) if len(names) > 1 else ""
    return {"text": text, "count": str(len(rows)), "rows": f"{shown}{more}", "names": several, "dated": dated}


def told(found: Iterable[Finding], columns: Columns) -> tuple[Finding, ...]:
    """What has to be mended, each cause once, at the first of its cells.

    The checks name the row by its code cell; here the finding moves to the cell under the heading that it is about. Of
    the cells of a missing column nothing is said but that. ``columns`` are the columns by sheet and heading. A
    criterion that only marks a figure (``@NV_TRE``) is dropped.
    """
    placed = [there for item in found if (there := _placed(item, columns)) is not None]
    seen = _Seen(placed, columns)
    causes: dict[object, list[Finding]] = defaultdict(list)
    for item in placed:
        if not seen.follows(item):
            causes[_cause(item)].append(item)
    return tuple(seen.together(same) for same in causes.values() if not seen.outside(same))


def _placed(item: Finding, columns: Columns) -> Finding | None:
    """The finding at the cell that it is about; None where that stands in a missing column."""
    at, context = item.at, dict(item.context)
    if at is None or not at.row or item.code == "P103":
        return item
    match item.code:
        case "P121":
            heading = context["heading"]
        case "P214":
            heading = "Mức" if context["method"] == "bậc" else "Từ"
        case "P215":
            heading = "Từ" if context["side"] == "dưới" else "Đến"
        case code:
            heading = CONTRACT["placed"].get(code, "")
    column = columns.get((at.sheet, heading))
    if not at.column or (item.code == "P121" and column is None):
        return None
    return item if column is None else replace(item, at=replace(at, column=column))


def _cause(item: Finding) -> object:
    """What is equal for findings that one mending removes."""
    text = key(dict(item.context).get("text", ""))
    match item.code:
        case "P113":
            return "unit", bare(text)
        case code if code in _SAME_CAUSE:
            return _SAME_CAUSE[code], text
        case "P109":
            return item.code, item.at and item.at.sheet, item.context
    return item.code, item.at, item.context


def _listed(ats: Iterable[CellRef]) -> str:
    """The cells by sheet, those below each other as one area.

    >>> cell = CellRef("p.xlsx", "Phụ lục", 4, 3)
    >>> _listed([cell, replace(cell, row=5), replace(cell, row=9), replace(cell, sheet="Số liệu")])
    'Phụ lục C4:C5, C9; Số liệu C4'
    """
    sheets: dict[str, list[CellRef]] = defaultdict(list)
    for at in ats:
        sheets[at.sheet].append(at)
    shown = []
    for sheet, cells in sheets.items():
        areas: list[list[CellRef]] = []
        for at in sorted(cells, key=lambda at: (at.column, at.row)):
            if areas and (areas[-1][-1].column, areas[-1][-1].row + 1) == (at.column, at.row):
                areas[-1].append(at)
            else:
                areas.append([at])
        ends = ((area[0].address, area[-1].address) for area in areas[:_AREAS_SHOWN])
        listed = ", ".join(first if first == last else f"{first}:{last}" for first, last in ends)
        shown.append(f"{sheet} {listed}{' …' if len(areas) > _AREAS_SHOWN else ''}")
    return "; ".join(shown)


class _Seen:
    """All that was found in a plan, asked which of it only follows from the rest."""

    def __init__(self, placed: list[Finding], columns: Columns) -> None:
        self._columns = {(key(sheet), key(heading)): column for (sheet, heading), column in columns.items()}
        headings = {(sheet, column): heading for (sheet, heading), column in columns.items()}
        self._unreadable = {item.at for item in placed if item.code in _UNREADABLE}
        self._filled = {item.at for item in placed if item.code in _NO_VALUE - {"P121"}}
        self._told: dict[str, list[dict[str, str]]] = defaultdict(list)
        self._lost: dict[tuple[str, str], set[str]] = defaultdict(set)  # whose cells under a heading hold no value
        self._sheets: dict[str, set[str]] = defaultdict(set)
        self._criteria: dict[str, set[str]] = defaultdict(set)
        for item in placed:
            self._told[item.code].append(dict(item.context))
            self._sheets[item.code].add(key(item.at.sheet) if item.at else "")
            self._criteria[item.code].add(item.criterion or "")
            if item.code in _NO_VALUE and item.at:
                heading = headings.get((item.at.sheet, item.at.column), "")
                self._lost[key(item.at.sheet), key(heading)].add(item.criterion or "")

    def together(self, same: list[Finding]) -> Finding:
        """One finding for all of one cause: at the first cell, with all of them counted."""
        first = next((item for item in same if "cells" in dict(item.context)), same[0])
        contexts = [dict(item.context) for item in same]
        context = dict(first.context)
        if "suggestions" in context:
            close = next(filter(None, (other.get("suggestions", "") for other in contexts)), "")
            context["suggestions"] = self._new_codes.get(context["text"], close)
        if first.code == "P113":
            context["text"] = max((other["text"] for other in contexts), key=len)  # as an other name it serves them all
            idle = [name for name in self._all("P205") if name not in context["suggestions"].split("; ")]
            context["idle"] = "; ".join(idle[:_AREAS_SHOWN]) + " …" * (len(idle) > _AREAS_SHOWN)
        ats = tuple(dict.fromkeys(item.at for item in same if item.at))
        if "cells" in context and len(ats) > 1:
            context |= {"count": str(len(ats)), "cells": _listed(ats)}
        of_figure = (first.criterion or "").startswith("@")
        return replace(first, context=tuple(context.items()), criterion=None if of_figure else first.criterion)

    def outside(self, same: list[Finding]) -> bool:
        """Whether they are a body that is no unit of the plan, among those who cooperate: that is text."""
        among = {(key(at.sheet), at.column) for item in same if (at := item.at) is not None}
        cooperating = key(_APPENDIX), self._columns.get((key(_APPENDIX), key(COOPERATING)))
        return among == {cooperating} and not any(dict(item.context).get("suggestions") for item in same)

    def follows(self, item: Finding) -> bool:
        """Whether it follows from another finding, so that mending that one may end it."""
        context = dict(item.context)
        code = item.criterion or context.get("code") or context.get("text", "")
        text = context.get("text", "")
        if item.code not in _UNREADABLE and item.at in self._unreadable:
            return True
        if item.code in _OF_METHODS and self._lacks(_CRITERIA, code, "Cách chấm"):
            return True
        match item.code:
            case "P121":
                return item.at in self._filled
            case "P112":
                return self._lacks_rows(_FIGURES)
            case "P113":
                return key(text) in self._shared or any(self._lacks_any(_UNITS, name) for name in SHEETS[_UNITS][:-1])
            case "P124" | "P130" | "P123":
                return self._lacks_rows(_CRITERIA)
            case "P211":
                return self._lacks_rows(_CRITERIA) or text in self._new_codes
            case "P122" if _BANDS not in context["need"]:
                return self._lacks(_CRITERIA, code, _FIGURES)
            case "P114" | "P128":
                return (item.code == "P114" or text == BLANK) and self._bands_lack(code)
            case "P115":
                return self._lacks(_CRITERIA, code, "Điểm tối đa")
            case "P122" | "P201" | "P215" | "P218" | "P219":
                maximum = item.code == "P218" and self._lacks(_CRITERIA, code, "Điểm tối đa")
                return maximum or self._bands_lack(code) or self._band_strayed(code, missing=item.code == "P122")
            case "P202" | "P206":
                return self._sum_lacks(code if item.code == "P202" else "")
            case "P203":
                return self._lacks(_FIGURES, f"@{text}", _ENTERED_BY)
            case "P204":
                return self._may_be_used(text)
            case "P205":
                unknown = self._lacks_any(_APPENDIX, _LEAD) or self._lacks_any(_FIGURES, _ENTERED_BY)
                return unknown or self._lacks_rows(_APPENDIX) or self._lacks_rows(_FIGURES)
            case "P210":
                blank = BLANK in (context["first"], context["second"])
                return blank and (self._lacks_any(_CRITERIA, "Tiêu chí") or self._lacks_any(_APPENDIX, "NỘI DUNG"))
            case "P212":
                return self._may_be_led(text)
            case "P135":
                return self._lacks(_FIGURES, f"@{text}", "Gộp")
            case "P134" | "P217" | "P116" if item.code != "P116" or Kind.PERCENT in context["why"]:
                figures = set(_WORD.findall(text))
                kinds = any(self._lacks(_FIGURES, f"@{figure}", "Kiểu") for figure in figures)
                return kinds or self._lacks_rows(_FIGURES) or not figures.isdisjoint(self._all("P112"))
        return False

    def _all(self, code: str, field: str = "text") -> dict[str, None]:
        """What the findings of a code are about, in their order."""
        return dict.fromkeys(context[field] for context in self._told.get(code, ()))

    @cached_property
    def _unknown(self) -> set[str]:
        """The codes that name no criterion: one of another code may be meant."""
        return {*self._all("P124"), *self._all("P130")}

    @cached_property
    def _strays(self) -> set[str]:
        """The criteria that the unknown codes on the scales may mean; '' where that may be any."""
        return {code for close in self._all("P124", "suggestions") for code in close.split("; ")}

    @cached_property
    def _shared(self) -> set[str]:
        """The names of two units."""
        return set(map(key, self._all("P129")))

    @cached_property
    def _above_lost(self) -> set[tuple[str, ...]]:
        """The groups, and () for all, of which a maximum or a row is not known."""
        codes = self._lost_under(_CRITERIA, "Điểm tối đa").union(self._unknown, self._all("P207", "second"))
        return {parts(code)[:end] for code in codes for end in range(len(parts(code)) + 1)}

    @cached_property
    def _led_unknown(self) -> set[tuple[str, ...]]:
        """The rows of the appendix, and of criteria under another code there, of which it is not known who leads."""
        return set(map(parts, filter(None, self._lost_under(_APPENDIX, _LEAD).union(self._all("P207", "first")))))

    @cached_property
    def _new_codes(self) -> dict[str, str]:
        """By the code of the appendix, the code of the same criterion on “Bộ chỉ số” where it is another."""
        return {told["second"]: told["first"] for told in self._told.get("P207", ())}

    def _no_column(self, sheet: str, heading: str) -> bool:
        return (key(sheet), key(heading)) not in self._columns

    def _lost_under(self, sheet: str, heading: str) -> set[str]:
        return self._lost.get((key(sheet), key(heading)), set())

    def _lacks_any(self, sheet: str, heading: str) -> bool:
        """Whether a cell under the heading holds no value, or there is no such column."""
        return self._no_column(sheet, heading) or bool(self._lost_under(sheet, heading))

    def _lacks(self, sheet: str, code: str, heading: str) -> bool:
        """The same of the row of one code."""
        return self._no_column(sheet, heading) or code in self._lost_under(sheet, heading)

    def _lacks_rows(self, sheet: str) -> bool:
        """Whether a row of the sheet is not known by its code."""
        return self._lacks_any(sheet, SHEETS[sheet][0])

    def _bands_lack(self, code: str) -> bool:
        """Whether a cell on the scale of a criterion holds no value."""
        return any(self._lacks(_BANDS, code, heading) for heading in SHEETS[_BANDS][:-1])

    def _band_strayed(self, code: str, *, missing: bool) -> bool:
        """Whether a row of the scales that is not known may be meant for this criterion, which is ``missing`` one."""
        unknown = self._lacks_rows(_BANDS) or code in self._criteria.get("P128", ())
        return unknown or code in self._strays or ("P124" in self._told and (missing or "" in self._strays))

    def _sum_lacks(self, group: str) -> bool:
        """Whether what a group, or with '' all, is made of is not known whole."""
        lacking = self._lacks_rows(_CRITERIA) or self._no_column(_CRITERIA, "Điểm tối đa")
        twice_there = key(_CRITERIA) in self._sheets.get("P109", ())
        return lacking or twice_there or (parts(group) if group else ()) in self._above_lost

    def _may_be_used(self, figure: str) -> bool:
        """Whether an expression that is not understood, or a code that is not known, may mean the figure."""
        meant = "; ".join(self._all("P112", "suggestions")).split("; ")
        cells = ((_CRITERIA, _FIGURES), ("Ràng buộc", "Biểu thức"), (_FIGURES, "Tiêu chí"))
        return any(self._lacks_any(*cell) for cell in cells) or self._lacks_rows(_CRITERIA) or figure in meant

    def _may_be_led(self, code: str) -> bool:
        """Whether somebody leads the criterion by a cell that is not understood, or by a row of another code."""
        renamed = bool(self._unknown) and code in self._criteria.get("P122", ())
        whole = parts(code)
        above = any(whole[:end] in self._led_unknown for end in range(1, len(whole) + 1))
        return renamed or above or self._lacks_rows(_APPENDIX) or self._no_column(_APPENDIX, _LEAD)
