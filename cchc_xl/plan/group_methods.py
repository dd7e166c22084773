"""The methods of criteria with children: how a group's points come of its children's.

What comes in and goes out stands in `marking` (design §3). A member of ``Method`` is named by what the plan calls it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from cchc_xl.plan.marking import ZERO, AllOrNothing, Example, PartCells, RisingMethod, held, held_formula
from cchc_xl.records import Method
from cchc_xl.text.numbers import settled


class Sum(RisingMethod):
    """``tổng``: the sum of the children, at most the maximum; of a deduction never above 0."""

    method = Method("tổng")
    meaning = (
        "Cộng điểm các tiêu chí thành phần, không quá điểm tối đa của nhóm (để trống điểm tối đa thì là tổng các "
        "thành phần)."
    )
    example = Example("Tổng điểm các tiêu chí thành phần", "5", ("2; 2,5", "3; 3"), parts=("3", "3"))
    is_sum = True
    how, note = "Tổng điểm", ""
    function = "SUM"

    def _limited(self, points: Decimal, limit: Decimal) -> Decimal:
        return min(points, limit) if limit >= 0 else held(points, limit)

    def _limited_formula(self, points: str, limit: str) -> str:
        return f"IF({limit}<0,{held_formula(points, limit)},MIN({limit},{points}))"

    def limit(self, maximum: Decimal, maxima: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
        # Children beyond the stated maximum make room first; a deduction is no part of what the others give.
        own = [pair for pair in maxima if maximum < 0 or pair[0] >= 0]
        total, applicable = (sum((pair[side] for pair in own), ZERO) for side in (0, 1))
        most = max if maximum >= 0 else min
        return maximum - most(ZERO, total - applicable - most(ZERO, total - maximum))

    def limit_formula(self, maximum: str, cells: PartCells, *, is_deduction: bool) -> str:
        if not cells.known:
            return maximum
        # Rounded: what is left of a maximum when all of it is left out must be 0 in binary too.
        most = "MIN" if is_deduction else "MAX"
        stated, applicable = (
            f"SUM({cells_})" if is_deduction else f'SUMIF({cells_},">0")' for cells_ in (cells.stated, cells.applicable)
        )
        excluded, beyond = f"{stated}-{applicable}", f"{stated}-{maximum}"
        return f"ROUND({maximum}-{most}(0,{excluded}-{most}(0,{beyond})),12)"


class Bonus(RisingMethod):
    """``điểm cộng``: the sum of the children, between 0 and the maximum, added to the points but to no maximum."""

    method = Method("điểm cộng")
    meaning = (
        "Điểm thưởng: cộng các tiêu chí thành phần, không quá điểm tối đa của nhóm, thêm vào tổng điểm nhưng không "
        "thêm vào điểm tối đa; nhóm có điểm tối đa âm là điểm trừ."
    )
    example = Example("Điểm thưởng tối đa 2 điểm", "2", ("1; 0,5", "2; 1"), parts=("2", "1"))
    is_bonus = True
    how, note = "Điểm cộng thêm", ""
    function = "SUM"


class BestOf(RisingMethod):
    """``cao nhất``: the best of the children."""

    method = Method("cao nhất")
    meaning = "Lấy điểm cao nhất của các tiêu chí thành phần."
    example = Example("Đạt nhiều nội dung thì tính nội dung có điểm cao nhất", "3", ("1; 3", "0; 2"), parts=("2", "3"))
    how, note = "Điểm cao nhất", "Lấy điểm cao nhất của các tiêu chí thành phần"
    function = "MAX"


class LowestOf(RisingMethod):
    """``thấp nhất``: the lowest of the children."""

    method = Method("thấp nhất")
    meaning = "Lấy điểm thấp nhất của các tiêu chí thành phần."
    example = Example("Tính theo nội dung đạt thấp nhất", "3", ("3; 1", "3; 3"), parts=("3", "3"))
    how, note = "Điểm thấp nhất", "Lấy điểm thấp nhất của các tiêu chí thành phần"
    function = "MIN"


class AllOf(AllOrNothing):
    """``tất cả``: the maximum if every child has its own."""

    method = Method("tất cả")
    meaning = "Được điểm tối đa của nhóm khi mọi tiêu chí thành phần đều đạt tối đa, nếu không thì 0 điểm."
    example = Example(
        "Đạt đủ cả hai nội dung: 2 điểm; thiếu một nội dung: 0", "2", ("1; 1", "1; 0,5"), parts=("1", "1")
    )
    how, note = "Đủ điểm tối đa ở tất cả", "Đạt tất cả mới có điểm"
    asks_every = True


class AnyOf(AllOrNothing):
    """``bất kỳ``: the maximum if any child has its own."""

    method = Method("bất kỳ")
    meaning = "Được điểm tối đa của nhóm khi ít nhất một tiêu chí thành phần đạt tối đa, nếu không thì 0 điểm."
    example = Example("Có một trong hai nội dung: 2 điểm", "2", ("1; 0", "0,5; 0"), parts=("1", "1"))
    how, note = "Đủ điểm tối đa ở ít nhất một", "Đạt một trong các tiêu chí thành phần là có điểm"
    asks_every = False


class Mean(RisingMethod):
    """``trung bình``: the mean of the children's shares of their maxima × the maximum of the group."""

    method = Method("trung bình")
    meaning = "Lấy trung bình tỷ lệ đạt (điểm / điểm tối đa) của các tiêu chí thành phần nhân với điểm tối đa của nhóm."
    example = Example("Điểm nhóm = trung bình tỷ lệ đạt của các chỉ số × 10", "10", ("3; 1", "4; 2"), parts=("4", "2"))
    how, note = "Trung bình tỷ lệ điểm", "Lấy trung bình tỷ lệ đạt của các tiêu chí thành phần"
    function = "SUM"
    by_share = True

    def counted(self, points: Decimal, maximum: Decimal, limit: Decimal) -> Decimal:
        return points * limit / maximum

    def whole(self, total: Decimal, count: int, limit: Decimal) -> Decimal:
        return self._limited(settled(total / count), limit)

    def _formula(self, cells: PartCells, limit: str) -> str:
        # Of a child that does not apply stand "" and 0: SUMPRODUCT counts the one as 0, the other is made 1 here.
        shares = f"SUMPRODUCT({cells.counted},1/({cells.applicable}+({cells.applicable}=0)))"
        mean = f"{shares}/COUNT({cells.counted})*{limit}"
        return f"IF(COUNT({cells.counted})=0,0,{held_formula(mean, limit)})"
