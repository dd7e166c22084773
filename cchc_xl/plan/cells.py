"""A row of the plan workbook: its cells by heading come in, values go out, what is wrong with them told on the way."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from cchc_xl.office.excel.tables import Cell, Cells
from cchc_xl.plan.edition import parts
from cchc_xl.plan.expression import parsed
from cchc_xl.plan.register import Register
from cchc_xl.records import ErrorValue, Finding, Outcome, Quotient, Uncalculated
from cchc_xl.text.catalogue import finding
from cchc_xl.text.numbers import plain, shortest
from cchc_xl.text.words import key

BLANK = "(trống)"
COOPERATING = "PHỐI HỢP THỰC HIỆN"
CONTRACT: dict[str, Any] = tomllib.loads(Path(__file__).with_name("contract.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row, each read as what it must hold: None, '' or () where it holds nothing of the kind.

    ``code`` is what stands in its first column, ``concerned`` the criterion, or the figure as ``@code``, that a wrong
    cell leaves unknown. Findings go to ``told``; of an unreadable cell only that is said, once for the row.
    """

    cells: Cells
    told: list[Finding]
    code: str
    concerned: str | None = None

    def __getitem__(self, heading: str) -> Cell:
        return self.cells[heading]

    def tell(self, code: str, under: str, /, **fields: str) -> None:
        """A finding at the cell under this heading."""
        at, criterion = self.cells[under].at, None if under in CONTRACT["not_scored"] else self.concerned
        self.told.append(finding(code, at, criterion=criterion, **fields))

    def tell_unreadable(self) -> None:
        """The cells in which an error or an uncalculated formula stands."""
        for heading, cell in self.cells.items():
            match cell.value:
                case ErrorValue(text):
                    self.tell("P104", heading, text=text)
                case Uncalculated(formula):
                    self.tell("P105", heading, formula=formula)

    def filled(self, heading: str) -> bool:
        """Whether a value stands in the cell; a finding if nothing does."""
        if self.cells[heading].blank:
            self.tell("P121", heading, heading=heading)
        return self.cells[heading].readable

    def number(self, heading: str, called: str = "") -> Decimal | None:
        """A number; ``called`` is what the cell is for where its heading does not say so."""
        cell = self.cells[heading]
        if cell.readable and cell.number is None:
            self.tell("P106", heading, heading=called or heading, text=cell.text)
        return cell.number

    def day(self, heading: str, called: str = "") -> date | None:
        """A date."""
        cell = self.cells[heading]
        if cell.readable and cell.day is None:
            self.tell("P107", heading, heading=called or heading, text=cell.text)
        return cell.day

    def choice(self, heading: str, choices: Iterable[str], called: str = "", code: str = "P118") -> str | None:
        """One of the choices, by match key."""
        cell = self.cells[heading]
        match = next((item for item in choices if key(item) == key(cell.text)), None)
        if cell.readable and match is None:
            column = {"heading": called or heading} if code == "P118" else {}
            self.tell(code, heading, text=cell.text, choices="; ".join(choices), **column)
        return match

    def units(self, heading: str, register: Register) -> tuple[str, ...]:
        """The units named; every piece that names nobody is a finding.

        Those who cooperate may be no units of the plan: there only what is nearly a name has a suggestion.
        """
        resolved = register.resolve(self.cells[heading].text)
        for piece in resolved.unknown:
            suggestions = register.suggestions(piece, nearly=heading == COOPERATING)
            self.tell("P113", heading, text=piece, suggestions="; ".join(suggestions), idle="", count="", cells="")
        return resolved.codes

    def quotient(self, heading: str, text: str) -> Quotient | None:
        """Figures that the cell writes as ``A + C - D / B``; one finding says why they cannot be told."""
        figures, why = parsed(text)
        if figures is None:
            self.tell("P116", heading, text=text, why=why)
        return figures

    def outcome(self, heading: str) -> Outcome | None:
        """What a band gives."""
        cell = self.cells[heading]
        if key(cell.text) == key("tỷ lệ"):
            return Outcome("linear")
        if cell.number is None:
            if not cell.unreadable:
                self.tell("P125", heading, text=cell.text or BLANK)
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
