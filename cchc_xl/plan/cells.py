"""Cells of the plan workbook by what they must hold: a cell comes in, a value or a finding goes out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from cchc_xl.office.excel.tables import Cell
from cchc_xl.plan.edition import parts
from cchc_xl.plan.register import Register
from cchc_xl.records import CellRef, Finding, Outcome, Quotient
from cchc_xl.text.catalogue import finding
from cchc_xl.text.numbers import plain, shortest
from cchc_xl.text.words import key, tidy

FIGURE_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


class CellReader:
    """Reads one kind of cell after the other and keeps the findings met on the way."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.changed_codes: list[tuple[str, float | date]] = []

    def add(self, code: str, at: CellRef, criterion: str | None = None, **context: str) -> None:
        """Keeps a finding."""
        self.findings.append(finding(code, at, criterion=criterion, **context))

    def filled(self, cell: Cell, heading: str, criterion: str | None = None) -> bool:
        """Whether the cell holds something; a finding if it does not."""
        if cell.blank:
            self.add("P121", cell.at, criterion, heading=heading)
        return not cell.blank

    def code(self, cell: Cell, heading: str = "Mã", *, of_criterion: bool = False, above: str | None = None) -> str:
        """A code, which must be text; '' where it cannot be told.

        A blank one is a finding of the criterion ``above``; what Excel changed is kept in ``changed_codes``.
        """
        if not self.filled(cell, heading, above):
            return ""
        if cell.is_text:
            return cell.text
        is_number = isinstance(cell.value, int | float)
        self.add("P108", cell.at, cell.text if of_criterion and is_number else None, text=cell.text)
        if isinstance(cell.value, int | float | date):
            self.changed_codes.append((heading, cell.value))
        return cell.text if is_number else ""

    def number(self, cell: Cell, heading: str, criterion: str | None = None) -> Decimal | None:
        """A number, or a finding."""
        number = cell.number
        if number is None:
            self.add("P106", cell.at, criterion, heading=heading, text=cell.text)
        return number

    def optional_number(self, cell: Cell, heading: str, criterion: str | None = None) -> Decimal | None:
        """A number, or None for a blank."""
        return None if cell.blank else self.number(cell, heading, criterion)

    def day(self, cell: Cell, heading: str, criterion: str | None = None) -> date | None:
        """A date, or a finding."""
        if not self.filled(cell, heading, criterion):
            return None
        day = cell.day
        if day is None:
            self.add("P107", cell.at, criterion, heading=heading, text=cell.text)
        return day

    def yes(self, cell: Cell, heading: str, criterion: str, *, default: bool) -> bool:
        """``có`` or ``không``; the default for a blank."""
        choice = self.choice(cell, heading, ("có", "không"), None, criterion=criterion)
        return default if choice is None else choice == "có"

    def choice(
        self,
        cell: Cell,
        heading: str,
        choices: Iterable[str],
        default: str | None,
        *,
        code: str = "P118",
        criterion: str | None = None,
    ) -> str | None:
        """One of the choices by match key, or the default and a finding."""
        if cell.blank:
            if code == "P110":
                self.add("P121", cell.at, criterion, heading=heading)
            return default
        match = next((choice for choice in choices if key(choice) == key(cell.text)), None)
        if match is None:
            column = {"heading": heading} if code == "P118" else {}
            self.add(code, cell.at, criterion, text=cell.text, choices="; ".join(choices), **column)
            return default
        return match

    def units(self, cell: Cell, register: Register, criterion: str | None) -> tuple[str, ...]:
        """The units a cell names; every piece that names nobody is a finding."""
        resolved = register.resolve(cell.text)
        for piece in resolved.unknown:
            suggestions = "; ".join(register.suggestions(piece)) or "–"
            self.add("P113", cell.at, criterion, text=piece, suggestions=suggestions)
        return resolved.codes

    def quotient(self, text: str, at: CellRef, criterion: str | None = None) -> Quotient | None:
        """Figures written ``A + C / B + D``, or a finding."""
        above, slash, below = text.partition("/")
        sides = [tuple(map(tidy, side.split("+"))) for side in ((above, below) if slash else (above,))]
        if "/" in below or not all(FIGURE_CODE.fullmatch(code) for side in sides for code in side):
            self.add("P116", at, criterion, text=text)
            return None
        return Quotient(*sides)

    def outcome(self, cell: Cell, criterion: str) -> Outcome | None:
        """What a band gives, or a finding."""
        if key(cell.text) == key("tỷ lệ"):
            return Outcome("linear")
        number = cell.number
        if number is None:
            self.add("P125", cell.at, criterion, text=cell.text)
            return None
        return Outcome("share" if "%" in cell.text else "points", number)


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
