"""A row of the plan workbook: its cells by heading come in, values go out, what is wrong with them told on the way."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from cchc_xl.office.excel.tables import Cell, Cells
from cchc_xl.plan.edition import parts
from cchc_xl.plan.expression import parsed
from cchc_xl.plan.figure_values import with_format
from cchc_xl.plan.register import Register
from cchc_xl.records import Condition, ErrorValue, Finding, Kind, Outcome, Quotient, Uncalculated
from cchc_xl.text.catalogue import finding
from cchc_xl.text.numbers import EXACT, plain, read_text, scales, shortest
from cchc_xl.text.words import DASHES, key, tidy

BLANK = "(trống)"
COOPERATING = "PHỐI HỢP THỰC HIỆN"
MOST_PLACES = 6  # decimals to which points or the index are rounded
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

    def is_none(self, heading: str) -> bool:
        """Whether the cell says that there is nothing: what it is for is empty on purpose."""
        return key(self.cells[heading].text) in _NONE

    def number(self, heading: str, called: str = "") -> Decimal | None:
        """A number; ``called`` is what the cell is for where its heading does not say so."""
        cell = self.cells[heading]
        value = _number(cell)
        if cell.readable and value is None:
            self.tell("P106", heading, heading=called or heading, text=_written(cell))
        return value

    def day(self, heading: str, called: str = "") -> date | None:
        """A date."""
        cell = self.cells[heading]
        if cell.readable and cell.day is None:
            self.tell("P107", heading, heading=called or heading, text=cell.text)
        return cell.day

    def choice(self, heading: str, choices: Iterable[str], called: str = "", code: str = "P118") -> str | None:
        """One of the choices, by match key."""
        cell = self.cells[heading]
        match = next((item for item in choices if spelled(item) == spelled(cell.text)), None)
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
        if spelled(cell.text) == spelled("tỷ lệ"):
            return Outcome("linear")
        value = _number(cell)
        if value is None:
            if (share := fraction(cell.text)) is not None:
                return Outcome("share", share)
            if not cell.unreadable:
                day = cell.value if isinstance(cell.value, date) else None
                typed = "/".join(map(str, sorted((day.day, day.month)))) if day else ""
                self.tell("P125", heading, text=_written(cell) or BLANK, typed=typed)
            return None
        return Outcome("share" if "%" in cell.text else "points", value)

    def places(self, heading: str, called: str = "") -> int | None:
        """A count of decimals from 0 to 6: 2, "2" or "2 chữ số"."""
        cell = self.cells[heading]
        digit, _, words = key(cell.text).partition(" ")
        value = Decimal(digit) if cell.is_text and digit in _DIGITS and words in _DECIMALS else _number(cell)
        if value is not None and value == int(value) and 0 <= value <= MOST_PLACES and "%" not in cell.text:
            return int(value)
        if cell.readable:
            why = f"ghi một số nguyên từ 0 đến {MOST_PLACES}"
            self.tell("P139", heading, text=_written(cell), heading=called or heading, why=why)
        return None

    def classes(self, heading: str) -> tuple[str, ...] | None:
        """Classes of an index with their lower limits in percent, as ``Tốt=90``."""
        pieces = self.cells[heading].parts
        wrong = next((piece for piece in pieces if class_limit(piece) is None), None)
        if wrong is not None:
            self.tell("P147", heading, text=wrong)
            return None
        return pieces

    def condition(self, heading: str) -> Condition | None:
        """The code of a criterion that must have points, or ``code = tối đa``."""
        cell = self.cells[heading]
        if not cell.readable:
            return None
        if not cell.is_text:
            self.tell("P108", heading, text=cell.text)
            return None
        code, sign, asked = (tidy(piece) for piece in re.split(r"(=|>|$)", cell.text, maxsplit=1))
        full = sign == "=" and key(asked) in _FULL
        if not code or " " in code or not (full or (sign, asked) in {("", ""), (">", "0")}):
            self.tell("P137", heading, text=cell.text, suggestions="")
            return None
        return Condition(code, full=full)


def _number(cell: Cell) -> Decimal | None:
    """The number that the cell holds; None also where its format shows another one."""
    return None if _scaled(cell) else cell.number


def _written(cell: Cell) -> str:
    """What stands in the cell, with its format where that shows another number."""
    return _scaled(cell) or cell.text


def _scaled(cell: Cell) -> str:
    if isinstance(cell.value, int | float) and scales(cell.number_format):
        return with_format(cell.value, cell.number_format)
    return ""


def class_limit(text: str) -> tuple[str, Decimal] | None:
    """The name of a class and its lower limit in percent; None if the text names none.

    >>> class_limit("Tốt = 90"), class_limit("Khá >= 82,5%"), class_limit("Tốt"), class_limit("=5")
    (('Tốt', Decimal('90')), ('Khá', Decimal('82.5')), None, None)
    >>> class_limit("Yếu <= 50")  # an upper limit
    """
    name, equals, limit = text.replace("≥", "=").replace(">=", "=").partition("=")
    value = read_text(limit, Kind.PERCENT).value
    return (tidy(name), value) if equals and tidy(name) and "<" not in name and value is not None else None


def spelled(text: str) -> str:
    """The match key of a closed word of a plan, in which "tỉ lệ" is "tỷ lệ".

    >>> spelled("Tỉ lệ %") == spelled("tỷ lệ %")
    True
    """
    return key(text).replace(key("tỉ lệ"), key("tỷ lệ"))


def fraction(text: str) -> Decimal | None:
    """A fraction of the maximum in percent: ``1/2`` and ``½`` are 50, ``-1/2`` is -50; None if the text is none.

    >>> fraction("1/2"), fraction("¾"), fraction("1 / 4"), fraction("1/0"), fraction("một nửa")
    (Decimal('50'), Decimal('75'), Decimal('25'), None, None)
    >>> fraction("-1/2"), fraction("− ½"), fraction("--1/2")
    (Decimal('-50'), Decimal('-50'), None)
    """
    told = text.translate(DASHES)
    bare = told.removeprefix("-").lstrip(" ")
    found = _FRACTION.fullmatch(unicodedata.normalize("NFKC", bare) if len(bare) == 1 else bare)  # of "1½" 11/2
    if found is None or not int(found[2]):
        return None
    share = EXACT.divide(Decimal(found[1]) * 100, Decimal(found[2]))
    return -share if told.startswith("-") else share


_NONE = frozenset(map(key, ("không", "không có")))
_FRACTION = re.compile(r"([0-9]{1,6}) ?[/⁄] ?([0-9]{1,6})")
_DIGITS = frozenset(map(str, range(MOST_PLACES + 1)))
_DECIMALS = frozenset(map(key, ("chữ số", "chữ số thập phân", "số lẻ", "số thập phân")))
_FULL = frozenset(map(key, ("tối đa", "điểm tối đa", "mức tối đa", "max")))


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
