"""The records of advice, and their form in a stored result: records come in, JSON-ready objects go out and back.

Points, amounts and values are unrounded ``Decimal`` in the records and decimal strings in the objects.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Literal

from cchc_xl.result.result_file import Document
from cchc_xl.text.numbers import plain

ZERO = Decimal(0)
Kind = Literal["figure", "level", "manual", "evidence", "submit", "appeal"]


@dataclass(frozen=True, slots=True)
class Step:
    """One change, told in ``change``, and the points the rule gives after it.

    ``amount`` counts in ``unit_name`` (figures: of the figure ``figure``, always positive; levels and ``chấm tay``: the
    units that must move). ``beyond``: the edge itself is not enough, ``amount`` must be exceeded and ``points_after``
    holds just past it. ``value_after`` is what the criterion is then scored on, in ``value_unit`` ("%" for a quotient).
    ``difference`` is to the points by rule today. ``up_to``: what is promised is the most that can come of it.

    >>> step = Step("figure", "thêm 3 thủ tục", "TTHC", Decimal(3), "thủ tục", Decimal("1.5"), Decimal("1.5"))
    >>> step.beyond, step.up_to
    (False, False)
    """

    kind: Kind
    change: str
    figure: str
    amount: Decimal
    unit_name: str
    points_after: Decimal
    difference: Decimal
    value_after: Decimal | None = None
    value_unit: str = ""
    beyond: bool = False
    up_to: bool = False


@dataclass(frozen=True, slots=True)
class Advice:
    """What a leaf has, can still have, and what moves it; one per leaf in force.

    ``points`` are the final points (None = missing), ``maximum`` the applicable maximum, ``gain`` what is left to the
    best that the rows of the plan can give (less than to ``maximum`` where no row gives the maximum). ``next`` is the
    smallest change that earns points by rule, ``complete`` the smallest that earns all of them at once, ``risk`` the
    smallest that loses some; ``appeal`` is for the next round of an appraisal that left points out.
    """

    code: str
    name: str
    status: Literal["scored", "missing", "not_applicable"]
    points: Decimal | None
    maximum: Decimal
    gain: Decimal
    next: Step | None = None
    complete: Step | None = None
    risk: Step | None = None
    appeal: Step | None = None

    @property
    def full(self) -> Decimal:
        """The points with everything gained.

        >>> Advice("1", "", "missing", None, Decimal(2), Decimal(2)).full
        Decimal('2')
        """
        return (self.points or ZERO) + self.gain


def to_object(advice: Advice) -> Document:
    """The advice as an object for ``result.json``: decimals as strings, absent things as null.

    >>> to_object(Advice("1.10", "Công khai", "missing", None, Decimal(2), Decimal("2.0")))["gain"]
    '2'
    """
    return {name: _stored(value) for name, value in asdict(advice).items()}


def from_object(stored: Document) -> Advice:
    """The advice that :func:`to_object` stored. Raises ``KeyError`` if a field is missing.

    >>> one = Advice("1.10", "Công khai", "missing", None, Decimal(2), Decimal("2.0"))
    >>> from_object(to_object(one)) == one
    True
    """
    return Advice(
        code=stored["code"],
        name=stored["name"],
        status=stored["status"],
        points=_decimal(stored["points"]),
        maximum=Decimal(stored["maximum"]),
        gain=Decimal(stored["gain"]),
        next=_step(stored["next"]),
        complete=_step(stored["complete"]),
        risk=_step(stored["risk"]),
        appeal=_step(stored["appeal"]),
    )


def _stored(value: object) -> object:
    if isinstance(value, dict):
        return {name: _stored(item) for name, item in value.items()}
    return plain(value) if isinstance(value, Decimal) else value


def _step(stored: Document | None) -> Step | None:
    if stored is None:
        return None
    return Step(
        kind=stored["kind"],
        change=stored["change"],
        figure=stored["figure"],
        amount=Decimal(stored["amount"]),
        unit_name=stored["unit_name"],
        points_after=Decimal(stored["points_after"]),
        difference=Decimal(stored["difference"]),
        value_after=_decimal(stored["value_after"]),
        value_unit=stored["value_unit"],
        beyond=stored["beyond"],
        up_to=stored["up_to"],
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
