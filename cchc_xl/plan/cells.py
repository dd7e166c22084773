"""Cells of the plan workbook by what they must hold: a cell comes in, a value goes out, its findings told on the way.

Of an unreadable cell nothing is said here: that has been said once for its row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from cchc_xl.office.excel.tables import Cell
from cchc_xl.plan.edition import parts
from cchc_xl.plan.register import Register
from cchc_xl.records import CellRef, Outcome, Quotient
from cchc_xl.text.catalogue import Told, finding
from cchc_xl.text.numbers import plain, shortest
from cchc_xl.text.words import key, tidy

FIGURE_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def filled(cell: Cell, heading: str, criterion: str | None = None) -> Told[bool]:
    """Whether a value stands in the cell; a finding if nothing does."""
    if cell.blank:
        yield finding("P121", cell.at, criterion=criterion, heading=heading)
    return cell.readable


def code(cell: Cell, heading: str, *, of_criterion: bool, above: str | None = None) -> Told[str]:
    """A code, which must be text; '' where it cannot be told. A blank one is a finding of the criterion ``above``."""
    if not (yield from filled(cell, heading, above)):
        return ""
    if cell.is_text:
        return cell.text
    is_number = isinstance(cell.value, int | float)
    yield finding("P108", cell.at, criterion=cell.text if of_criterion and is_number else None, text=cell.text)
    return cell.text if is_number else ""


def number(cell: Cell, heading: str, criterion: str | None = None) -> Told[Decimal | None]:
    """A number, or None: a finding where something else stands."""
    if cell.readable and cell.number is None:
        yield finding("P106", cell.at, criterion=criterion, heading=heading, text=cell.text)
    return cell.number


def day(cell: Cell, heading: str, criterion: str | None = None) -> Told[date | None]:
    """A date, or None: a finding where something else stands."""
    if cell.readable and cell.day is None:
        yield finding("P107", cell.at, criterion=criterion, heading=heading, text=cell.text)
    return cell.day


def choice(
    cell: Cell, heading: str, choices: Iterable[str], *, code: str = "P118", criterion: str | None = None
) -> Told[str | None]:
    """One of the choices by match key, or None and a finding; a blank is one only of the methods (``P110``)."""
    if not cell.readable:
        if code == "P110":
            yield from filled(cell, heading, criterion)
        return None
    match = next((item for item in choices if key(item) == key(cell.text)), None)
    if match is None:
        column = {"heading": heading} if code == "P118" else {}
        yield finding(code, cell.at, criterion=criterion, text=cell.text, choices="; ".join(choices), **column)
    return match


def units(cell: Cell, register: Register, criterion: str | None) -> Told[tuple[str, ...]]:
    """The units a cell names; every piece that names nobody is a finding."""
    resolved = register.resolve(cell.text)
    for piece in resolved.unknown:
        suggestions = "; ".join(register.suggestions(piece)) or "–"
        yield finding("P113", cell.at, criterion=criterion, text=piece, suggestions=suggestions)
    return resolved.codes


def quotient(text: str, at: CellRef, criterion: str | None = None) -> Told[Quotient | None]:
    """Figures written ``A + C / B + D``, or a finding."""
    above, slash, below = text.partition("/")
    sides = [tuple(map(tidy, side.split("+"))) for side in ((above, below) if slash else (above,))]
    if "/" in below or not all(FIGURE_CODE.fullmatch(code) for side in sides for code in side):
        yield finding("P116", at, criterion=criterion, text=text)
        return None
    return Quotient(*sides)


def outcome(cell: Cell, criterion: str) -> Told[Outcome | None]:
    """What a band gives, or a finding."""
    if key(cell.text) == key("tỷ lệ"):
        return Outcome("linear")
    if cell.number is None:
        if not cell.unreadable:
            yield finding("P125", cell.at, criterion=criterion, text=cell.text)
        return None
    return Outcome("share" if "%" in cell.text else "points", cell.number)


def may_be(code: str, stored: float | date) -> bool:
    """Whether Excel may have made this number or date of a typed criterion code.

    >>> may_be("1.10", 1.1), may_be("1.2", 1.1), may_be("3/2", date(2021, 2, 3)), may_be("3.2.5", date(2005, 3, 2))
    (True, False, True, True)
    """
    if isinstance(stored, date):
        month, day, year = stored.month, stored.day, stored.year % 100
        typed = {(day, month), (month, day), (month, year), (day, month, year), (month, day, year)}
        return tuple(int(part) if part.isdecimal() else -1 for part in parts(code)) in typed
    shown = plain(shortest(stored))
    return re.fullmatch(re.escape(shown) + (r"0*" if "." in shown else r"(\.0+)?"), code.replace("/", ".")) is not None
