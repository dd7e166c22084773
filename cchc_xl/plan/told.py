"""The findings of a plan as the officer is told them: as found by the checks they come in, each once at its cell out.

The checks name the row by its code cell; here the finding moves to the cell under the heading that it is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from cchc_xl.records import CellRef, Finding

Columns = Mapping[tuple[str, str], int]

_UNREADABLE = frozenset({"P104", "P105"})
_HEADING = {
    **dict.fromkeys(("P109", "P128", "P219"), "Mức"),
    **dict.fromkeys(("P112", "P217"), "Số liệu"),
    **dict.fromkeys(("P114", "P126", "P201"), "Từ"),
    "P115": "Điểm",
    **dict.fromkeys(("P122", "P123"), "Cách chấm"),
    **dict.fromkeys(("P133", "P202", "P218"), "Điểm tối đa"),
    **dict.fromkeys(("P130", "P207", "P210"), "Tiêu chí"),
    "P203": "Đơn vị nhập",
    "P216": "Gộp",
}


def told(found: Iterable[Finding], columns: Columns) -> tuple[Finding, ...]:
    """Each problem of a cell once, also of one merged over many rows; an unreadable cell has no other problem.

    ``columns`` are the columns by sheet and heading. A criterion that only marks a figure (``@NV_TRE``) is dropped.
    """
    placed = [replace(item, at=_place(item, columns)) for item in found]
    unreadable = {item.at for item in placed if item.code in _UNREADABLE}
    once: dict[tuple[object, ...], Finding] = {}
    for item in placed:
        if item.at not in unreadable or item.code in _UNREADABLE:
            of_figure = (item.criterion or "").startswith("@")
            once.setdefault((item.code, item.at, item.context), replace(item, criterion=None) if of_figure else item)
    return tuple(once.values())


def _place(item: Finding, columns: Columns) -> CellRef | None:
    context = dict(item.context)
    heading = _HEADING.get(item.code, "")
    if item.code == "P121":
        heading = context["heading"]
    elif item.code == "P214":
        heading = "Mức" if context["method"] == "bậc" else "Từ"
    elif item.code == "P215":
        heading = "Từ" if context["side"] == "dưới" else "Đến"
    if item.at is None or not item.at.row or (item.at.sheet, heading) not in columns:
        return item.at
    return replace(item.at, column=columns[item.at.sheet, heading])
