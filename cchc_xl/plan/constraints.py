"""Cross-checks over figures: a constraint and known figures come in, both sides go out where it is broken.

A side is figures added and taken away or, beyond the contract, a quotient in percent; a quotient is compared after
half-up rounding to the decimals that the other side shows: a share such as 7 % was itself rounded by whoever typed it.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, localcontext

from cchc_xl.plan.expression import in_words, is_date
from cchc_xl.records import MINUS, CellRef, Constraint, Finding, Kind, Measure, Quotient, State, Term
from cchc_xl.text.catalogue import finding
from cchc_xl.text.days import dated
from cchc_xl.text.numbers import EXACT, rounded, vietnamese


def quotient_value(quotient: Quotient, figures: Mapping[str, Decimal]) -> Decimal | None:
    """What is left of a sum, or the quotient in percent; None where a figure is unknown or the denominator is 0.

    Figures are known by their :attr:`Quotient.names`.

    >>> quotient_value(Quotient(("A", "-A@trước"), ("A@trước",)), {"A": Decimal(30), "A@trước": Decimal(40)})
    Decimal('-25')
    """
    if not all(map(figures.__contains__, quotient.names)):
        return None
    above = _sum(quotient.above, figures)
    if not quotient.is_percentage:
        return above
    below = _sum(quotient.below, figures)
    with localcontext(EXACT):
        share = above if not quotient.below else above * 100 / below if below else None
        return 100 - share if quotient.is_complement and share is not None else share


def _sum(terms: Iterable[Term], figures: Mapping[str, Decimal]) -> Decimal:
    return sum((-figures[term.name] if term.is_minus else figures[term.name] for term in terms), Decimal(0))


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
    shown_left = _as_shown(left, right) if constraint.left.is_percentage else left
    shown_right = _as_shown(right, left) if constraint.right.is_percentage else right
    holds = {"=": operator.eq, "<=": operator.le, ">=": operator.ge}[constraint.operator]
    return None if holds(shown_left, shown_right) else (left, right)


def counted(state: State, value: Decimal | None, kind: Kind) -> Decimal | None:
    """What a figure adds to a side: nothing where it did not arise, but a day that did not come is no day 0.

    >>> counted(State.NOT_APPLICABLE, None, Kind.INTEGER), counted(State.NOT_APPLICABLE, None, Kind.DATE)
    (Decimal('0'), None)
    >>> counted(State.KNOWN, Decimal(3), Kind.INTEGER)
    Decimal('3')
    """
    return Decimal(0) if state is State.NOT_APPLICABLE and kind is not Kind.DATE else value


def broken_finding(
    rule: Constraint,
    sides: tuple[Decimal, Decimal],
    measures: Sequence[Measure],
    at: CellRef | None,
    unit: str | None = None,
) -> Finding:
    """That a constraint is broken: what must hold by names, what both sides come to, and what the plan says of it."""
    kinds = {measure.code: measure.kind for measure in measures}
    left, right = (shown_side(*side, kinds) for side in zip((rule.left, rule.right), sides, strict=True))
    told = {"rule": in_names(rule, measures), "left": left, "right": right, "notice": rule.message or rule.text}
    return finding("C101" if rule.severity == "error" else "C201", at, unit=unit, **told)


def shown_side(side: Quotient, value: Decimal, kinds: Mapping[str, Kind]) -> str:
    """What a side comes to, in words: a share with two decimals, a date as one.

    >>> shown_side(Quotient(("NGAY_BC",)), Decimal(44270), {"NGAY_BC": Kind.DATE})
    '15/3/2021'
    """
    if is_date(side, kinds):
        return dated(value)
    return vietnamese(value, 2) if side.is_percentage else vietnamese(value)


def in_names(constraint: Constraint, measures: Iterable[Measure]) -> str:
    """What must hold, with the figures by name: whoever entered them knows no codes.

    >>> from cchc_xl.records import CellRef
    >>> rule = Constraint("R1", "A <= B", Quotient(("A",)), "<=", Quotient(("B",)), "error", "", CellRef("p.xlsx"))
    >>> in_names(rule, [])
    'A ≤ B'
    """
    names = {measure.code: measure.name for measure in measures}

    def side(one: Quotient) -> str:
        above, below = in_words(one.above, names, MINUS), in_words(one.below, names, MINUS)
        told = f"({above}) : ({below}) × 100" if below else above
        return f"100 {MINUS} {told}" if one.is_complement else told

    return f"{side(constraint.left)} {_SIGNS[constraint.operator]} {side(constraint.right)}"


_SIGNS = {"=": "=", "<=": "≤", ">=": "≥"}


_MOST_PLACES = 20  # of the 15 digits that Excel calculates the last are behind the tenth decimal


def _as_shown(exact: Decimal, other: Decimal) -> Decimal:
    exponent = other.normalize().as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return Decimal(rounded(exact, min(places, _MOST_PLACES)))
