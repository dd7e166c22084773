"""Methods of marking beside those in `methods`: a threshold, places and spans among agencies.

What comes in and goes out stands in `marking` (design §3, further methods). A member of ``Method`` is named by what the
plan calls it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from cchc_xl.plan.marking import (
    ZERO,
    Cells,
    Example,
    FigureMethod,
    Parameter,
    Points,
    RelativeMethod,
    above_zero,
    called,
    held,
    held_formula,
    outcome_points,
    parameter,
    stated,
)
from cchc_xl.records import Band, Method
from cchc_xl.text.numbers import plain, settled, vietnamese
from cchc_xl.text.words import RANKED_LATER, key


class Threshold(FigureMethod):
    """``ngưỡng``: value / ``đủ điểm`` × maximum, between 0 and the maximum; below ``sàn`` 0. No ranking touches it."""

    method = Method("ngưỡng")
    scale = "parameters"
    meaning = (
        "Đạt từ “đủ điểm” trở lên được điểm tối đa, thấp hơn thì tính theo tỷ lệ so với “đủ điểm”, dưới “sàn” không "
        "có điểm; xếp hạng không làm thay đổi."
    )
    example = Example(
        "Đạt từ 80% trở lên: 4 điểm; dưới 80%: (tỷ lệ / 80%) × 4; dưới 30% không có điểm",
        "4",
        ("90; 100", "60; 100", "29; 100"),
        "HS_TRUCTUYEN / HS_TONG",
        ("đủ điểm | 80", "sàn | 30"),
    )
    parameters = (
        Parameter(
            "đủ điểm",
            "từ giá trị này được điểm tối đa, không phải điểm; A / B thì ghi bằng %",
            "value",
            needed=True,
            above_zero=True,
        ),
        Parameter("sàn", "dưới giá trị này không có điểm; không có dòng này thì tính từ 0", "value"),
    )

    def points(self, value: Decimal, bands: Sequence[Band], maximum: Decimal) -> Points | None:
        full, floor = above_zero(bands, "đủ điểm"), stated(bands, "sàn")
        if full is None:
            return None
        below = floor is not None and value < floor
        return Points(ZERO if below else held(settled(value * maximum / full), maximum))

    def formula(self, cells: Cells, bands: Sequence[Band], maximum: Decimal) -> str:
        full, floor = above_zero(bands, "đủ điểm"), stated(bands, "sàn")
        if full is None:
            return '""'
        points = held_formula(f"{cells.value}*{cells.maximum}/{plain(full)}", cells.maximum)
        return points if floor is None else f"IF({cells.value}<{plain(floor)},0,{points})"

    def edges(self, bands: Sequence[Band], maximum: Decimal, now: Decimal) -> Iterable[Decimal]:
        full, floor = stated(bands, "đủ điểm"), stated(bands, "sàn")
        passed = [now * full / maximum] if full and maximum else []
        return [ZERO, *(edge for edge in (floor, full) if edge is not None), *passed]

    def explained(self, points: Points, bands: Sequence[Band], maximum: Decimal, item: str = "") -> str:
        full, floor = stated(bands, "đủ điểm") or ZERO, stated(bands, "sàn")
        least = "" if floor is None else f", dưới {vietnamese(floor)} không có điểm"
        return f" / {vietnamese(full)} × {vietnamese(maximum)} điểm (đủ điểm từ {vietnamese(full)}{least})"


class _Awaiting(RelativeMethod):
    """A method whose points are known only among the agencies that are ranked together."""

    awaits_ranking = True

    def points(self, value: Decimal, bands: Sequence[Band], maximum: Decimal) -> Points | None:
        return None

    def formula(self, cells: Cells, bands: Sequence[Band], maximum: Decimal) -> str:
        return '""'

    def edges(self, bands: Sequence[Band], maximum: Decimal, now: Decimal) -> Iterable[Decimal]:
        return ()

    def explained(self, points: Points, bands: Sequence[Band], maximum: Decimal, item: str = "") -> str:
        return f", {RANKED_LATER}"


_FROM_LOWEST = "thấp nhất xếp thứ"


class Placing(_Awaiting):
    """``thứ hạng``: the points of the place, a row ``1``, ``2``, … or from place to place; the highest value is first.

    With the row ``thấp nhất xếp thứ`` → 1 the lowest value is first. Equal values share the better place (1, 1, 3).
    """

    method = Method("thứ hạng")
    scale = "places"
    meaning = (
        "Điểm theo thứ hạng của giá trị giữa các cơ quan cùng xếp hạng, giá trị cao nhất xếp thứ 1, bằng nhau thì "
        "cùng thứ; chỉ có điểm khi xếp hạng."
    )
    example = Example(
        "Nhất: 3 điểm; nhì: 2 điểm; từ thứ 3 đến thứ 10: 1 điểm",
        "3",
        ("96; 91; 91; 80",),
        "DIEM_THI",
        ("| | | | 1 | 3", "| | | | 2 | 2", "3 | | 10 | có | | 1"),
    )
    parameters = (
        Parameter(
            _FROM_LOWEST, "ghi 1 khi giá trị thấp nhất là tốt nhất; không có dòng này thì cao nhất xếp thứ 1", "value"
        ),
    )

    def attainable(self, bands: Sequence[Band], maximum: Decimal) -> Decimal:
        given = [outcome_points(band.outcome, maximum) for band in bands if places(band)]
        return max(given, default=max(maximum, ZERO))

    def among(
        self, value: Decimal, values: Sequence[Decimal], bands: Sequence[Band], maximum: Decimal
    ) -> Decimal | None:
        found = self.spread(value, values, 0, bands, maximum)
        return None if found is None else found[0]

    def spread(
        self, value: Decimal, values: Sequence[Decimal], waiting: int, bands: Sequence[Band], maximum: Decimal
    ) -> tuple[Decimal, Decimal] | None:
        """Whoever comes yet may stand before it, and takes nobody's place away behind it."""
        lowest_first = called(bands, _FROM_LOWEST) is not None
        place = 1 + sum(other < value if lowest_first else other > value for other in values)
        given = list(self._given(place, place + waiting, bands, maximum))
        return (min(given), max(given)) if given else None

    @staticmethod
    def _given(first: int, last: int, bands: Sequence[Band], maximum: Decimal) -> Iterator[Decimal]:
        """The points of the places; none of one that no row names."""
        for place in range(first, last + 1):
            for band in bands:
                span = places(band)
                if span is not None and span[0] <= place and (span[1] is None or place <= span[1]):
                    yield outcome_points(band.outcome, maximum)
                    break


def places(band: Band) -> tuple[int, int | None] | None:
    """The first and the last place of a row of ``thứ hạng``, None for no last one; None for a row of no places.

    >>> from cchc_xl.records import CellRef, Outcome
    >>> at, points = CellRef("p.xlsx"), Outcome("points", Decimal(3))
    >>> places(Band("1", None, True, None, False, "2", points, "", at))
    (2, 2)
    >>> places(Band("1", Decimal(4), True, Decimal(10), True, "", points, "", at))
    (4, 10)
    """
    if band.level:
        digits = key(band.level).removeprefix(f"{key('thứ')} ").removeprefix(f"{key('hạng')} ")
        return (int(digits), int(digits)) if digits.isdecimal() and len(digits) < 10 and int(digits) else None
    if band.low is None or band.low != int(band.low) or (band.high is not None and band.high != int(band.high)):
        return None
    first = int(band.low) + (0 if band.low_included else 1)
    last = None if band.high is None else int(band.high) - (0 if band.high_included else 1)
    return (first, last) if first > 0 and (last is None or first <= last) else None


class Span(_Awaiting):
    """``khoảng``: from ``đầu``, the points of the lowest value, evenly to ``cuối``, those of the highest.

    With all values equal everybody has ``đầu``. A lower value is the better one where ``đầu`` is above ``cuối``.
    """

    method = Method("khoảng")
    scale = "parameters"
    meaning = (
        "Cơ quan có giá trị thấp nhất được điểm “đầu”, cao nhất được điểm “cuối”, ở giữa chia đều theo giá trị; chỉ "
        "có điểm khi xếp hạng."
    )
    example = Example(
        "Điểm = 1 + 9 × (x − min) / (max − min)",
        "10",
        ("40; 55; 70",),
        "DIEM_DDCI",
        ("đầu | 1", "cuối | 10"),
    )
    parameters = (
        Parameter("đầu", "điểm của giá trị thấp nhất; lớn hơn “cuối” khi thấp là tốt", needed=True),
        Parameter("cuối", "điểm của giá trị cao nhất", needed=True),
    )

    def attainable(self, bands: Sequence[Band], maximum: Decimal) -> Decimal:
        ends = self._ends(bands, maximum)
        return max(maximum, ZERO) if ends is None else max(ends)

    def among(
        self, value: Decimal, values: Sequence[Decimal], bands: Sequence[Band], maximum: Decimal
    ) -> Decimal | None:
        ends = self._ends(bands, maximum)
        if ends is None or not values:
            return None
        (first, last), low, high = ends, min(values), max(values)
        if low == high:
            return first
        share = min(max((value - low) / (high - low), ZERO), Decimal(1))  # who is not ranked may lie outside
        return settled(first + share * (last - first))

    def spread(
        self, value: Decimal, values: Sequence[Decimal], waiting: int, bands: Sequence[Band], maximum: Decimal
    ) -> tuple[Decimal, Decimal] | None:
        """Who comes yet may be far below or far above it, where it then stands at the other end."""
        now, ends = self.among(value, values, bands, maximum), self._ends(bands, maximum)
        if now is None or ends is None:
            return None
        return (min(ends), max(ends)) if waiting else (now, now)

    @staticmethod
    def _ends(bands: Sequence[Band], maximum: Decimal) -> tuple[Decimal, Decimal] | None:
        first, last = parameter(bands, "đầu", maximum), parameter(bands, "cuối", maximum)
        return None if first is None or last is None else (first, last)
