"""The appendix, merged cells and all: rows as read come in, one row per code cell goes out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cchc_xl.records import AppendixRow, CellRef


def folded(rows: Iterable[AppendixRow]) -> tuple[AppendixRow, ...]:
    """The appendix with one row per code cell: a code merged over several rows is one row with several targets."""
    whole: dict[CellRef, AppendixRow] = {}
    for row in rows:
        held = whole.setdefault(row.at, row)
        if held is not row:
            whole[row.at] = replace(
                held,
                lead_text=_joined(held.lead_text, row.lead_text),
                lead=tuple(dict.fromkeys(held.lead + row.lead)),
                target=_joined(held.target, row.target),
                cooperating_text=_joined(held.cooperating_text, row.cooperating_text),
                cooperating=tuple(dict.fromkeys(held.cooperating + row.cooperating)),
            )
    return tuple(whole.values())


def _joined(first: str, second: str) -> str:
    return "; ".join(dict.fromkeys(filter(None, (first, second))))
