"""Cross-checks over figures: a constraint and known figures come in, both sides go out where it is broken.

A side is a sum of figures or, beyond the contract, a quotient in percent; a quotient is compared after half-up rounding
to the decimals that the other side shows, because a share such as 7 % was itself rounded by whoever typed it.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, localcontext

from cchc_xl.records import Constraint, Quotient
from cchc_xl.text.numbers import EXACT


def quotient_value(quotient: Quotient, figures: Mapping[str, Decimal]) -> Decimal | None:
    """The sum, or the quotient in percent; None where a figure is unknown or the denominator is 0."""
    if any(code not in figures for code in quotient.codes):
        return None
    above = sum((figures[code] for code in quotient.numerator), Decimal(0))
    if not quotient.denominator:
        return above
    below = sum((figures[code] for code in quotient.denominator), Decimal(0))
    with localcontext(EXACT):
        return above * 100 / below if below else None


def broken_sides(constraint: Constraint, figures: Mapping[str, Decimal]) -> tuple[Decimal, Decimal] | None:
    """Both sides of a broken constraint; None if it holds or cannot be judged.

    >>> from cchc_xl.records import CellRef
    >>> rule = Constraint("R1", "A <= B", Quotient(("A",)), "<=", Quotient(("B",)), "error", "", CellRef("p.xlsx"))
    >>> broken_sides(rule, {"A": Decimal(3), "B": Decimal(2)})
    (Decimal('3'), Decimal('2'))
    """
    left, right = quotient_value(constraint.left, figures), quotient_value(constraint.right, figures)
    if left is None or right is None:
        return None
    shown_left = _as_shown(left, right) if constraint.left.denominator else left
    shown_right = _as_shown(right, left) if constraint.right.denominator else right
    holds = {"=": operator.eq, "<=": operator.le, ">=": operator.ge}[constraint.operator]
    return None if holds(shown_left, shown_right) else (left, right)


def _as_shown(exact: Decimal, other: Decimal) -> Decimal:
    exponent = other.normalize().as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return exact.quantize(Decimal(1).scaleb(-min(places, 10)), rounding=ROUND_HALF_UP)
