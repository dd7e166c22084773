"""How a criterion is marked, told once: a class for every ``Cách chấm``, and :func:`scoring`, which knows them all.

What each must answer, and what comes in and goes out, stands in `marking`. Source: the forms of real criteria tables
(design §3). Adding a method is writing its class and naming it in ``CLASSES``; a class that lacks an answer is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from cchc_xl.plan.further_methods import Mean, Placing, Span, Threshold
from cchc_xl.plan.marking import (
    ZERO,
    AllOrNothing,
    Cells,
    FigureMethod,
    Parameter,
    PartCells,
    Points,
    RelativeMethod,
    ReportedMethod,
    RisingMethod,
    Rung,
    Scoring,
    by_hand,
    called,
    fits,
    held,
    held_formula,
    high_edge,
    lacking,
    low_edge,
    mark_frame,
    mark_step,
    outcome_points,
    parameter,
    stated,
)
from cchc_xl.records import Band, CellRef, CriterionEntry, Kind, Measure, Method, Quotient, State
from cchc_xl.text.numbers import plain, settled, vietnamese

HUNDRED = Decimal(100)
BEYOND_ALL = Decimal(10) ** 12
_OUT_OF_REACH = Decimal("1E+60")


def linear_formula(cells: Cells) -> str:
    """The figure in percent of the maximum."""
    return held_formula(f"{cells.value}*{cells.maximum}/100", cells.maximum)


def contains(band: Band, value: Decimal) -> bool:
    """Whether the figure lies in the interval."""
    return low_edge(band) <= (value, 0) and (value, 1) <= high_edge(band)


class _Percentage(FigureMethod):
    """A percentage of the maximum, between 0 and the maximum."""

    scale = "nothing"

    def points(self, value: Decimal, bands: Sequence[Band], maximum: Decimal) -> Points | None:
        return Points(held(settled(value * maximum / 100), maximum))

    def formula(self, cells: Cells, bands: Sequence[Band], maximum: Decimal) -> str:
        return linear_formula(cells)

    def edges(self, bands: Sequence[Band], maximum: Decimal, now: Decimal) -> Iterable[Decimal]:
        return ZERO, HUNDRED

    def explained(self, points: Points, bands: Sequence[Band], maximum: Decimal) -> str:
        return f" × {vietnamese(maximum)} điểm"


class Ratio(_Percentage):
    """``tỷ lệ``: a/b × maximum.

    >>> Ratio().points(Decimal("82.5"), (), Decimal("31.5"))
    Points(amount=Decimal('25.9875'), band=None)
    """

    method = Method.RATIO
    needs_quotient = True


class Survey(_Percentage):
    """``khảo sát``: a survey's result in % × maximum."""

    method = Method.SURVEY
    is_percentage = True


class Bands(FigureMethod):
    """``bậc``: the points of the interval the figure lies in."""

    method = Method.BAND
    counts_days = True
    scale = "intervals"

    def wants_percentage(self, bands: Sequence[Band]) -> bool:
        return any(band.outcome.form == "linear" for band in bands)

    def attainable(self, bands: Sequence[Band], maximum: Decimal) -> Decimal:
        given = [
            outcome_points(band.outcome, maximum, edge)
            for band in bands
            for edge in (band.low or ZERO, HUNDRED if band.high is None else band.high)
        ]
        return max(given, default=max(maximum, ZERO))

    def points(self, value: Decimal, bands: Sequence[Band], maximum: Decimal) -> Points | None:
        band = next((band for band in bands if contains(band, value)), None)
        return None if band is None else Points(outcome_points(band.outcome, maximum, value), band)

    def formula(self, cells: Cells, bands: Sequence[Band], maximum: Decimal) -> str:
        return f'IF(COUNT({cells.rows})=0,"",SUM({cells.rows}))' if cells.rows else '""'

    def row_formula(self, band: Band, cells: Cells, row: tuple[str, str, str]) -> str:
        low, high, points = row
        tests = [f"ISNUMBER({cells.value})"]
        if band.low is not None:
            tests.append(f"{cells.value}{'>=' if band.low_included else '>'}{low}")
        if band.high is not None:
            tests.append(f"{cells.value}{'<=' if band.high_included else '<'}{high}")
        return f'IF(AND({",".join(tests)}),{linear_formula(cells) if band.outcome.form == "linear" else points},"")'

    def edges(self, bands: Sequence[Band], maximum: Decimal, now: Decimal) -> Iterable[Decimal]:
        found = [edge for band in bands for edge in (band.low, band.high) if edge is not None]
        return [*found, now * 100 / maximum, ZERO, HUNDRED] if maximum and self.wants_percentage(bands) else found

    def explained(self, points: Points, bands: Sequence[Band], maximum: Decimal) -> str:
        return f", thuộc bậc ở dòng {points.band.at.row} của “Thang điểm”" if points.band else ""


def is_stated_percentage(figures: Quotient, measures: Iterable[Measure]) -> bool:
    """Whether the leaf's value is one figure that is typed in percent, not a quotient, which is true by itself."""
    return len(figures.codes) == 1 and [measure.kind for measure in measures] == [Kind.PERCENT]


def percentages(rule: Scoring, bands: Sequence[Band]) -> tuple[Decimal, Decimal]:
    """Between which a percentage can be meant: a survey's is a share; elsewhere more than a plan asks for may be done.

    7412 is 74,12 without its comma, and no full marks: of a scale no more than ten times its last edge is believed, and
    less than nothing only where it has a band below 0.

    >>> percentages(Survey(), ()), percentages(Bands(), ())
    ((Decimal('0'), Decimal('100')), (Decimal('0'), Decimal('1000')))
    """
    edges = [edge for band in bands for edge in (band.low, band.high) if edge is not None]
    most = HUNDRED if isinstance(rule, _Percentage) else 10 * max([HUNDRED, *edges])
    return min([ZERO, *edges]), most


class PerItem(FigureMethod):
    """``mỗi đơn vị``: ``gốc`` plus ``mỗi`` for every item, between ``sàn`` and ``trần``."""

    method = Method.PER_ITEM
    counts_days = True
    scale = "parameters"
    parameters = (
        Parameter("gốc", may_be_negative=True),
        Parameter("mỗi", "step", needed=True),
        Parameter("sàn", may_be_negative=True),
        Parameter("trần"),
    )

    def attainable(self, bands: Sequence[Band], maximum: Decimal) -> Decimal:
        ends = (self.points(count, bands, maximum) for count in (ZERO, BEYOND_ALL))
        return max((points.amount for points in ends if points), default=max(maximum, ZERO))

    def idle_row(self, bands: Sequence[Band], maximum: Decimal) -> Band | None:
        if (parameter(bands, "gốc", maximum) or ZERO) > 0:
            return None
        return next((band for band in bands if band.outcome.amount < 0 and band.level), None)

    def points(self, value: Decimal, bands: Sequence[Band], maximum: Decimal) -> Points | None:
        each, base, floor, ceiling = self._terms(bands, maximum)
        return None if each is None else Points(min(max(base + each * value, floor), ceiling))

    def formula(self, cells: Cells, bands: Sequence[Band], maximum: Decimal) -> str:
        each, base, floor, ceiling = self._terms(bands, maximum)
        if each is None:
            return '""'
        return f"MIN({plain(ceiling)},MAX({plain(floor)},{plain(base)}+({plain(each)})*{cells.value}))"

    def edges(self, bands: Sequence[Band], maximum: Decimal, now: Decimal) -> Iterable[Decimal]:
        each, base, floor, ceiling = self._terms(bands, maximum)
        return [(met - base) / each for met in (now, ZERO, maximum, floor, ceiling)] if each else ()

    def explained(self, points: Points, bands: Sequence[Band], maximum: Decimal) -> str:
        each, base, *_ = self._terms(bands, maximum)
        return f", từ {vietnamese(base)} và mỗi đơn vị {vietnamese(each or ZERO)}"

    @staticmethod
    def _terms(bands: Sequence[Band], maximum: Decimal) -> tuple[Decimal | None, Decimal, Decimal, Decimal]:
        low, high = sorted((ZERO, maximum))
        each, base, floor, ceiling = (parameter(bands, name, maximum) for name in ("mỗi", "gốc", "sàn", "trần"))
        return each, base or ZERO, low if floor is None else floor, high if ceiling is None else ceiling


class Relative(RelativeMethod):
    """``so sánh``: relative to the leader, and to the target where there is one; without a usable leader no points."""

    method = Method.RELATIVE
    scale = "parameters"
    parameters = (Parameter("chỉ tiêu", "value"), Parameter("dẫn đầu", "value", needed=True, above_zero=True))

    def points(self, value: Decimal, bands: Sequence[Band], maximum: Decimal) -> Points | None:
        leader, target = stated(bands, "dẫn đầu"), stated(bands, "chỉ tiêu")
        return None if leader is None or leader <= 0 else Points(self.against(leader, target, value, maximum))

    def among(
        self, value: Decimal, values: Sequence[Decimal], bands: Sequence[Band], maximum: Decimal
    ) -> Decimal | None:
        """Against the best of the values, if that is above 0; the target stays the plan's."""
        leader = max(values, default=ZERO)
        return self.against(leader, stated(bands, "chỉ tiêu"), value, maximum) if leader > 0 else None

    def spread(
        self, value: Decimal, values: Sequence[Decimal], waiting: int, bands: Sequence[Band], maximum: Decimal
    ) -> tuple[Decimal, Decimal] | None:
        """A leader still to come may be out of everybody's reach."""
        now = self.among(value, values, bands, maximum)
        if now is None:
            return None
        lowest = self.against(_OUT_OF_REACH, stated(bands, "chỉ tiêu"), value, maximum) if waiting else now
        return lowest, now

    @staticmethod
    def against(leader: Decimal, target: Decimal | None, value: Decimal, maximum: Decimal) -> Decimal:
        """The points of a value against a leader above 0, and against a target where there is one.

        >>> Relative.against(Decimal("0.8"), None, Decimal("0.6"), Decimal(40))
        Decimal('30')
        >>> [str(Relative.against(Decimal(120), Decimal(100), Decimal(v), Decimal(10))) for v in (80, 100, 110, 120)]
        ['4', '5', '7.5', '10']
        """
        half = maximum / 2
        if target is None:
            points = maximum * value / leader
        elif value < target:
            points = half * value / target
        elif value == target or leader <= target:
            points = half if value == target else maximum
        else:
            points = half + half * (value - target) / (leader - target)
        return held(settled(points), maximum)

    def formula(self, cells: Cells, bands: Sequence[Band], maximum: Decimal) -> str:
        leader, target = stated(bands, "dẫn đầu"), stated(bands, "chỉ tiêu")
        if leader is None or leader <= 0:
            return '""'
        value, most = cells.value, cells.maximum
        if target is None:
            return held_formula(f"{value}/{plain(leader)}*{most}", most)
        below = f"{most}/2*{value}/{plain(target)}" if target else "0"
        above = most
        if leader > target:
            above = f"{most}/2+({value}-{plain(target)})/({plain(leader)}-{plain(target)})*{most}/2"
        points = f"IF({value}<{plain(target)},{below},IF({value}={plain(target)},{most}/2,{above}))"
        return held_formula(points, most)

    def edges(self, bands: Sequence[Band], maximum: Decimal, now: Decimal) -> Iterable[Decimal]:
        named = (stated(bands, parameter_.name) for parameter_ in self.parameters)
        return [value for value in named if value is not None]

    def explained(self, points: Points, bands: Sequence[Band], maximum: Decimal) -> str:
        return ", so với đơn vị dẫn đầu"


class Level(ReportedMethod):
    """``mức``: the points of the level reported, by match key; the consolidated workbook spells it as the plan does."""

    method = Method.LEVEL
    scale = "levels"
    heading, step = "Mức đạt", "level"

    def state(self, entry: CriterionEntry) -> State:
        return entry.level_state

    def reported(self, entry: CriterionEntry) -> tuple[str, CellRef]:
        return entry.level, entry.at_level

    def told(self, entry: CriterionEntry) -> str:
        return f"“{entry.level}”"

    def points(self, text: str, bands: Sequence[Band], maximum: Decimal) -> Points | None:
        band = called(bands, text)
        return None if band is None else Points(outcome_points(band.outcome, maximum), band)

    def shown(self, text: str, bands: Sequence[Band]) -> str | None:
        """The level as the plan spells it: Excel knows "thoả" and "thỏa" apart."""
        band = called(bands, text)
        return band.level if band else None

    def formula(self, cell: str, scale: tuple[str, str], bands: Sequence[Band], maximum: Decimal) -> str:
        # Whole texts are compared: MATCH takes "*" for anything and stops at 255 characters.
        levels, points = scale
        found = f"({levels}={cell})"
        return f'IF(SUMPRODUCT({found}*1)=0,"",SUMPRODUCT({found}*{points}))' if levels else '""'

    def standing(self, text: str, bands: Sequence[Band], maximum: Decimal) -> Rung | None:
        found = self.points(text, bands, maximum)
        return None if found is None else Rung(found.amount, f"mức “{text}”")

    def rungs(self, points: Decimal, bands: Sequence[Band], maximum: Decimal) -> Sequence[Rung]:
        return [Rung(outcome_points(band.outcome, maximum), f"mức “{band.level}”") for band in bands if band.level]

    def top(self, bands: Sequence[Band], maximum: Decimal) -> Rung | None:
        return max(self.rungs(ZERO, bands, maximum), key=lambda rung: rung.points, default=None)


class ByHand(ReportedMethod):
    """``chấm tay``: the given points, where they stand within minimum and maximum and on a step; others are none."""

    method = Method.MANUAL
    scale = "parameters"
    parameters = (Parameter("nhỏ nhất"), Parameter("bước", "step", above_zero=True), Parameter("lớn nhất"))
    by_hand = True
    heading, step = "Điểm tự chấm", "manual"

    def state(self, entry: CriterionEntry) -> State:
        return entry.self_state

    def reported(self, entry: CriterionEntry) -> tuple[str, CellRef]:
        return "" if entry.self_points is None else plain(entry.self_points), entry.at_self

    def told(self, entry: CriterionEntry) -> str:
        return f"tự chấm {vietnamese(entry.self_points or ZERO)}"

    def points(self, text: str, bands: Sequence[Band], maximum: Decimal) -> Points | None:
        given = self.shown(text, bands)
        return Points(given) if given is not None and fits(given, bands, maximum) else None

    def shown(self, text: str, bands: Sequence[Band]) -> Decimal | None:
        try:
            return Decimal(text)
        except InvalidOperation:
            return None

    def formula(self, cell: str, scale: tuple[str, str], bands: Sequence[Band], maximum: Decimal) -> str:
        # Steps are counted after rounding to 9 decimals: 0,3 / 0,1 is a little less than 3 in binary.
        low, high = map(plain, mark_frame(bands, maximum))
        step = mark_step(bands, maximum)
        on_step = f"INT(ROUND(({cell}-{low})/{plain(step)},9))=ROUND(({cell}-{low})/{plain(step)},9)" if step else ""
        tests = ",".join(filter(None, (f"{cell}>={low}", f"{cell}<={high}", on_step)))
        return f'IF(AND({tests}),{cell},"")'

    def standing(self, text: str, bands: Sequence[Band], maximum: Decimal) -> Rung | None:
        found = self.points(text, bands, maximum)
        return None if found is None else _mark(found.amount)

    def rungs(self, points: Decimal, bands: Sequence[Band], maximum: Decimal) -> Sequence[Rung]:
        step = mark_step(bands, maximum)
        beside = [points + step, points - step] if step else [BEYOND_ALL]
        return [_mark(by_hand(given, bands, maximum)) for given in beside]

    def top(self, bands: Sequence[Band], maximum: Decimal) -> Rung:
        return _mark(by_hand(BEYOND_ALL, bands, maximum))


def _mark(points: Decimal) -> Rung:
    text = vietnamese(points, 4)
    return Rung(points, f"{text.rstrip('0').rstrip(',') if ',' in text else text} điểm")


class Sum(RisingMethod):
    """``tổng``: the sum of the children, at most the maximum; of a deduction never above 0."""

    method = Method.SUM
    is_sum = True
    how, note = "Tổng điểm", ""
    function = "SUM"

    def _limited(self, points: Decimal, limit: Decimal) -> Decimal:
        return min(points, limit) if limit >= 0 else held(points, limit)

    def _limited_formula(self, points: str, limit: str) -> str:
        return f"IF({limit}<0,{held_formula(points, limit)},MIN({limit},{points}))"

    def limit(self, maximum: Decimal, maxima: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
        # Children beyond the stated maximum make room first.
        most = max if maximum >= 0 else min
        total, applicable = (sum(column, ZERO) for column in zip(*maxima, strict=True)) if maxima else (ZERO, ZERO)
        return maximum - most(ZERO, total - applicable - most(ZERO, total - maximum)) if maxima else maximum

    def limit_formula(self, maximum: str, cells: PartCells, *, is_deduction: bool) -> str:
        if not cells.known:
            return maximum
        # Rounded: what is left of a maximum when all of it is left out must be 0 in binary too.
        most = "MIN" if is_deduction else "MAX"
        excluded, beyond = f"SUM({cells.stated})-SUM({cells.applicable})", f"SUM({cells.stated})-{maximum}"
        return f"ROUND({maximum}-{most}(0,{excluded}-{most}(0,{beyond})),12)"


class Bonus(RisingMethod):
    """``điểm cộng``: the sum of the children, between 0 and the maximum, added to the points but to no maximum."""

    method = Method.BONUS
    is_bonus = True
    how, note = "Điểm cộng thêm", ""
    function = "SUM"


class BestOf(RisingMethod):
    """``cao nhất``: the best of the children."""

    method = Method.BEST_OF
    how, note = "Điểm cao nhất", "Lấy điểm cao nhất của các tiêu chí thành phần"
    function = "MAX"


class LowestOf(RisingMethod):
    """``thấp nhất``: the lowest of the children."""

    method = Method.LOWEST_OF
    how, note = "Điểm thấp nhất", "Lấy điểm thấp nhất của các tiêu chí thành phần"
    function = "MIN"


class AllOf(AllOrNothing):
    """``tất cả``: the maximum if every child has its own."""

    method = Method.ALL_OF
    how, note = "Đủ điểm tối đa ở tất cả", "Đạt tất cả mới có điểm"
    asks_every = True


class AnyOf(AllOrNothing):
    """``bất kỳ``: the maximum if any child has its own."""

    method = Method.ANY_OF
    how, note = "Đủ điểm tối đa ở ít nhất một", "Đạt một trong các tiêu chí thành phần là có điểm"
    asks_every = False


# --- all of them ---

CLASSES: tuple[type[Scoring], ...] = (
    *(Sum, AllOf, AnyOf, BestOf, LowestOf, Mean, Bonus),
    *(Bands, Ratio, Threshold, PerItem, Relative, Placing, Span, Survey),
    *(Level, ByHand),
)


def registered(classes: Iterable[type[Scoring]], methods: Iterable[str]) -> Mapping[str, Scoring]:
    """The methods by what the plan calls them. Raises ``TypeError`` that names what a class or a method lacks."""
    found: dict[str, Scoring] = {}
    for cls in classes:
        if lacks := lacking(cls):
            raise TypeError(f"{cls.__name__} lacks {', '.join(lacks)}")
        if cls.method in found:
            raise TypeError(f"{cls.__name__}: “{cls.method}” has a class already")
        found[cls.method] = cls()
    if without := [method for method in methods if method not in found]:
        raise TypeError(f"no class marks {', '.join(without)}")
    return MappingProxyType(found)


METHODS = registered(CLASSES, Method)


class _Unknown(Scoring):
    """Of a criterion for which the plan names no method that exists, which is a finding."""

    scale = "nothing"


_UNKNOWN = _Unknown()


def scoring(method: str | None) -> Scoring:
    """How a method marks, by its name in the plan or in a result; of no method that exists, nothing is true.

    >>> scoring("tổng").is_sum, scoring("so sánh").is_relative, scoring(None).is_sum
    (True, True, False)
    """
    return METHODS.get(method or "", _UNKNOWN)
