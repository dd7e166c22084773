"""How a criterion is marked, told once: a class for every ``Cách chấm``, and :func:`scoring`, which knows them all.

What each must answer, and what comes in and goes out, stands in `marking`. Source: the forms of real criteria tables
(design §3). Adding a method is writing its class, in `further_methods`, and naming it in ``CLASSES`` and in ``Method``;
a class that lacks an answer is refused. ``examples/13-new-method`` does it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from cchc_xl.plan.further_methods import Placing, Span, Threshold
from cchc_xl.plan.group_methods import AllOf, AnyOf, BestOf, Bonus, LowestOf, Mean, Sum
from cchc_xl.plan.marking import (
    ZERO,
    Cells,
    Example,
    FigureMethod,
    Parameter,
    Points,
    RelativeMethod,
    ReportedMethod,
    Rung,
    Scoring,
    above_zero,
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
from cchc_xl.text.words import CASE

HUNDRED = Decimal(100)
BEYOND_ALL = Decimal(10) ** 12
_OUT_OF_REACH = Decimal("1E+60")


def linear_formula(cells: Cells) -> str:
    """The points of a figure in percent, in Excel and without "="; the maximum is what 100 gives."""
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

    def explained(self, points: Points, bands: Sequence[Band], maximum: Decimal, item: str = "") -> str:
        return f" × {vietnamese(maximum)} điểm"


class Ratio(_Percentage):
    """``tỷ lệ``: a/b × maximum.

    >>> Ratio().points(Decimal("82.5"), (), Decimal("31.5"))
    Points(amount=Decimal('25.9875'), band=None)
    """

    method = Method.RATIO
    needs_quotient = True
    meaning = "Điểm tối đa nhân với tỷ lệ phần trăm A / B, từ 0 đến điểm tối đa."
    example = Example("Điểm = tỷ lệ hồ sơ trực tuyến × 3", "3", ("74; 100", "250; 200"), "HS_TRUCTUYEN / HS_TONG")


class Survey(_Percentage):
    """``khảo sát``: a survey's result in % × maximum."""

    method = Method.SURVEY
    is_percentage = True
    meaning = "Điểm tối đa nhân với kết quả khảo sát tính bằng %, một số liệu kiểu tỷ lệ %."
    example = Example("Điểm = mức độ hài lòng × 10", "10", ("82,5",), "HAI_LONG")


class Bands(FigureMethod):
    """``bậc``: the points of the interval the figure lies in."""

    method = Method.BAND
    counts_days = True
    scale = "intervals"
    meaning = "Số liệu hoặc tỷ lệ phần trăm A / B nằm trong khoảng nào thì được điểm của khoảng đó."
    example = Example(
        (
            "Từ 90% trở lên: 3 điểm; từ 70% đến dưới 90%: tính theo tỷ lệ; trên 50% đến dưới 70%: một nửa số điểm; "
            "còn lại: 0"
        ),
        "3",
        ("90; 100", "80; 100", "69; 100", "50; 100"),
        "HS_DUNG / HS_TONG",
        ("90 | | | | | 3", "70 | | 90 | | | tỷ lệ", "50 | không | 70 | | | 50%", "| | 50 | có | | 0"),
    )

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

    def explained(self, points: Points, bands: Sequence[Band], maximum: Decimal, item: str = "") -> str:
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
    counts_days = counts_items = True
    scale = "parameters"
    meaning = (
        "Bắt đầu từ “gốc”, mỗi việc, hồ sơ hoặc ngày cộng thêm “mỗi” (trừ đi nếu “mỗi” là số âm), không thấp hơn "
        "“sàn”, không quá “trần”."
    )
    example = Example(
        "2 điểm nếu không có nhiệm vụ trễ hạn; mỗi nhiệm vụ trễ hạn trừ 0,25 điểm, nhưng không thấp hơn 0,5 điểm",
        "2",
        ("0", "3", "10"),
        "NV_TREHAN",
        ("gốc | 2", "mỗi | -0,25", "sàn | 0,5"),
    )
    parameters = (
        Parameter("gốc", "điểm khi chưa có việc nào; không có dòng này là 0", may_be_negative=True),
        Parameter("mỗi", "điểm của một việc, một hồ sơ, một ngày; số âm là trừ", "step", needed=True),
        Parameter(
            "sàn", "thấp nhất còn được; không có dòng này là 0, của điểm trừ là điểm tối đa", may_be_negative=True
        ),
        Parameter("trần", "cao nhất được tính; không có dòng này là điểm tối đa, của điểm trừ là 0"),
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

    def explained(self, points: Points, bands: Sequence[Band], maximum: Decimal, item: str = "") -> str:
        each, base, *_ = self._terms(bands, maximum)
        rate = each or ZERO
        first = f"tính từ {vietnamese(base)} điểm, " if base else ""
        return f", {first}mỗi {item or CASE} {'trừ' if rate < 0 else 'cộng'} {vietnamese(abs(rate))}"

    @staticmethod
    def _terms(bands: Sequence[Band], maximum: Decimal) -> tuple[Decimal | None, Decimal, Decimal, Decimal]:
        low, high = sorted((ZERO, maximum))
        each, base, floor, ceiling = (parameter(bands, name, maximum) for name in ("mỗi", "gốc", "sàn", "trần"))
        return each, base or ZERO, low if floor is None else floor, high if ceiling is None else ceiling


class Relative(RelativeMethod):
    """``so sánh``: relative to the leader, and to the target where there is one; without a usable leader no points."""

    method = Method.RELATIVE
    scale = "parameters"
    meaning = (
        "Điểm tối đa nhân với giá trị của cơ quan chia cho giá trị của cơ quan dẫn đầu; có “chỉ tiêu” thì đạt chỉ "
        "tiêu được một nửa số điểm, phần vượt chỉ tiêu chia theo khoảng cách đến cơ quan dẫn đầu; khi xếp hạng, cơ "
        "quan tốt nhất trong nhóm thay cho “dẫn đầu” ghi ở đây."
    )
    example = Example(
        (
            "So với đơn vị dẫn đầu (120): bằng chỉ tiêu (100) được 50% số điểm, cao hơn thì thêm, thấp hơn thì bớt "
            "theo tỷ lệ"
        ),
        "10",
        ("80", "100", "110", "120"),
        "THU_HUT",
        ("chỉ tiêu | 100", "dẫn đầu | 120"),
    )
    parameters = (
        Parameter("chỉ tiêu", "giá trị được giao, không phải điểm; không có thì chỉ so với cơ quan dẫn đầu", "value"),
        Parameter(
            "dẫn đầu",
            "giá trị của cơ quan tốt nhất, không phải điểm; A / B thì ghi bằng %",
            "value",
            needed=True,
            above_zero=True,
        ),
    )

    def points(self, value: Decimal, bands: Sequence[Band], maximum: Decimal) -> Points | None:
        leader, target = above_zero(bands, "dẫn đầu"), stated(bands, "chỉ tiêu")
        return None if leader is None else Points(self.against(leader, target, value, maximum))

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
            points = half * value / target if target else ZERO
        elif value == target or leader <= target:
            points = half if value == target else maximum
        else:
            points = half + half * (value - target) / (leader - target)
        return held(settled(points), maximum)

    def formula(self, cells: Cells, bands: Sequence[Band], maximum: Decimal) -> str:
        leader, target = above_zero(bands, "dẫn đầu"), stated(bands, "chỉ tiêu")
        if leader is None:
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

    def explained(self, points: Points, bands: Sequence[Band], maximum: Decimal, item: str = "") -> str:
        leader, target = stated(bands, "dẫn đầu") or ZERO, stated(bands, "chỉ tiêu")
        asked = "" if target is None else f", chỉ tiêu {vietnamese(target)}"
        return f", so với cơ quan dẫn đầu {vietnamese(leader)}{asked}"


class Level(ReportedMethod):
    """``mức``: the points of the level reported, by match key; the consolidated workbook spells it as the plan does."""

    method = Method.LEVEL
    scale = "levels"
    meaning = "Đơn vị chọn một mức ở cột “Mức đạt” của biểu mẫu, được điểm của mức đó."
    example = Example(
        "Ban hành đúng hạn: 2 điểm; ban hành chậm: 1/2 số điểm; không ban hành: 0",
        "2",
        ("Đúng hạn", "Chậm", "Không ban hành"),
        "",
        ("Đúng hạn | 2", "Chậm | 1/2", "Không ban hành | 0"),
    )
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
    meaning = (
        "Đơn vị ghi điểm ở cột “Điểm tự chấm”, tính tạm cho đến khi được thẩm định; điểm ngoài khung hoặc lệch bước "
        "là lỗi, không được tính."
    )
    example = Example(
        "Có sáng kiến, cách làm mới: cho điểm từ 0,5 đến 3, từng nấc 0,5 điểm",
        "3",
        ("1,5", "3", "1,2"),
        "",
        ("nhỏ nhất | 0,5", "bước | 0,5", "lớn nhất | 3"),
    )
    parameters = (
        Parameter("nhỏ nhất", "điểm thấp nhất được ghi; không có dòng này là 0, của điểm trừ là điểm tối đa"),
        Parameter(
            "bước", "điểm đi theo từng nấc này; không có dòng này thì ghi điểm nào cũng được", "step", above_zero=True
        ),
        Parameter("lớn nhất", "điểm cao nhất được ghi; không có dòng này là điểm tối đa, của điểm trừ là 0"),
    )
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


def ranked_later(method: Method | str | None, value: Decimal | None) -> bool:
    """Whether a criterion without points waits for nothing but the ranking: its own value is known."""
    return value is not None and scoring(method).awaits_ranking
