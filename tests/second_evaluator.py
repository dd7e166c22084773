"""Random plans with how they were filled in, and a second evaluator of them: naive, recursive, of its own.

The evaluator takes nothing from the library: rows and texts come in, as an officer writes them in ``Bộ chỉ số`` and
``Thang điểm``; points by criterion and the index go out, as fractions. Its rules are those of the design (§3, §6) and of
decision 018 on conditions.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from math import floor

AWAY = "không phát sinh"
UNITS = ("VP", "NCC", "TB")
GROUPS = ("tổng", "tất cả", "bất kỳ", "cao nhất", "thấp nhất", "trung bình", "điểm cộng")
FIGURE_METHODS = ("bậc", "tỷ lệ", "ngưỡng", "mỗi đơn vị", "so sánh", "khảo sát", "thứ hạng", "khoảng")
REPORTED = ("mức", "chấm tay")
ZERO = Fraction(0)


@dataclass
class Step:
    """A row of ``Thang điểm``; ``points`` as it is written there."""

    points: str
    level: str = ""
    low: int | None = None
    low_in: bool = True
    high: int | None = None
    high_in: bool = False


@dataclass
class Row:
    """A row of ``Bộ chỉ số`` with its scale and, of a leaf, who leads it."""

    code: str
    method: str
    limit: int | None
    figures: str = ""
    policy: str = ""
    combine: str = ""
    places: int | None = None
    condition: tuple[str, bool] | None = None
    scale: list[Step] = field(default_factory=list)
    units: tuple[str, ...] = ()


@dataclass
class Filling:
    """Figures (None: not sent), of a year before too (``A@trước``), what units reported, the Office's points."""

    figures: dict[str, Fraction | None]
    reports: dict[tuple[str, str], str] = field(default_factory=dict)
    appraised: dict[str, Fraction] = field(default_factory=dict)


# --- the second evaluator ---


@dataclass(frozen=True)
class Told:
    """Points (None: nothing applies), whether any of them is known, whether something is still missing."""

    points: Fraction | None
    known: bool
    waits: bool


def evaluated(
    rows: Sequence[Row], filling: Filling
) -> tuple[dict[str, Fraction | None], dict[str, Fraction], list[Fraction | None]]:
    """Final points and applicable maxima by criterion; points, maximum, percentage of the index, and if missing full."""
    now, full = _Reader(rows, filling, full=False), _Reader(rows, filling, full=True)
    points = {row.code: (told.points if (told := now.told(row.code)).known else None) for row in rows}
    maxima = {row.code: ZERO if row.method == "điểm cộng" else now.most(row.code) for row in rows}
    tops = [row.code for row in rows if "." not in row.code]
    total, whole = (sum((one.told(code).points or ZERO for code in tops), ZERO) for one in (now, full))
    maximum = sum((max(maxima[code], ZERO) for code in tops), ZERO)  # no deduction is part of it
    percents = [given * 100 / maximum if maximum else None for given in (total, whole)]
    return points, maxima, [total, maximum, *percents]


class _Reader:
    def __init__(self, rows: Sequence[Row], filling: Filling, *, full: bool) -> None:
        self.rows = {row.code: row for row in rows}
        self.filling, self.full = filling, full
        self.told = cache(self._told)

    def below(self, code: str) -> list[str]:
        return [other for other in self.rows if other.rpartition(".")[0] == code]

    def stated(self, code: str) -> Fraction:
        """The maximum that the plan states; of a sum without one, its children's, deductions only among themselves."""
        limit = self.rows[code].limit
        if limit is not None:
            return Fraction(limit)
        children = [self.stated(child) for child in self.below(code) if not self.is_bonus(child)]
        return sum([limit for limit in children if limit > 0] or children, ZERO)

    def is_bonus(self, code: str) -> bool:
        return self.rows[code].method == "điểm cộng"

    def is_extra(self, code: str) -> bool:
        above = code.rpartition(".")[0]
        return self.is_bonus(code) or self.stated(code) < 0 or (bool(above) and self.is_extra(above))

    def most(self, code: str) -> Fraction:
        """The maximum without what did not arise."""
        children = [child for child in self.below(code) if not self.is_bonus(child)]
        stated = self.stated(code)
        if not self.below(code):
            return ZERO if self.own(code) == AWAY else stated
        if self.rows[code].method != "tổng":
            return stated if not children or any(self.most(child) for child in children) else ZERO
        if not children:
            return stated
        if stated >= 0:
            children = [child for child in children if self.stated(child) > 0]
        # A sum whose children have more than it states loses that surplus first.
        larger = max if stated >= 0 else min
        whole = sum((self.stated(child) for child in children), ZERO)
        left = sum((self.most(child) for child in children), ZERO)
        surplus = larger(ZERO, whole - stated)
        return stated - larger(ZERO, whole - left - surplus)

    def _told(self, code: str) -> Told:
        found = self.of_group(code) if self.below(code) else self.of_leaf(code)
        condition = self.rows[code].condition
        if condition is None or found.points is None:
            return found
        other, asks_full = condition
        asked, limit = self.told(other), self.most(other) if self.below(other) else self.stated(other)
        if asked.points is None:
            met = not asked.waits
        elif asks_full:
            met = asked.points >= limit if limit > 0 else asked.points <= limit
        else:
            met = asked.points > 0
        if met:
            return found
        return Told(ZERO, known=not asked.waits, waits=asked.waits)

    def of_leaf(self, code: str) -> Told:
        row, found = self.rows[code], self.own(code)
        if found == AWAY:
            return Told(None, known=False, waits=False)
        if found is None:
            full = max(self.stated(code), ZERO) if self.full and not self.is_extra(code) else ZERO
            return Told(self.in_places(full, row.places), known=self.full, waits=not self.full)
        assert isinstance(found, Fraction)
        return Told(self.in_places(found, row.places), known=True, waits=False)

    @staticmethod
    def in_places(points: Fraction, places: int | None) -> Fraction:
        if places is None:
            return points
        size = Fraction(floor(abs(points) * 10**places + Fraction(1, 2)), 10**places)
        return size if points >= 0 else -size

    def of_group(self, code: str) -> Told:
        children = self.below(code)
        regular = [child for child in children if not self.is_bonus(child) and self.most(child)]
        bonus = [child for child in children if self.is_bonus(child)]
        every = [self.told(child) for child in (*regular, *bonus)]
        waits = any(self.told(child).waits for child in children)
        if all(child.points is None for child in every):
            return Told(None, known=False, waits=waits)
        given = [(self.told(child).points or ZERO, self.most(child)) for child in regular]
        points = self.combined(self.rows[code].method, given, self.most(code))
        points += sum((self.told(child).points or ZERO for child in bonus), ZERO)
        return Told(points, known=any(child.known for child in every), waits=waits)

    @staticmethod
    def combined(method: str, given: list[tuple[Fraction, Fraction]], most: Fraction) -> Fraction:
        within = between(ZERO, most)
        if method in ("tất cả", "bất kỳ"):
            reached = [points >= limit if limit > 0 else points <= limit for points, limit in given]
            enough = all(reached) if method == "tất cả" else any(reached)
            return most if reached and enough else ZERO
        if method == "trung bình":
            return within(most * sum((points / limit for points, limit in given), ZERO) / len(given)) if given else ZERO
        plain = [points for points, _ in given]
        if method in ("cao nhất", "thấp nhất"):
            return within((max if method == "cao nhất" else min)(plain)) if plain else ZERO
        total = sum(plain, ZERO)
        return min(total, most) if method == "tổng" and most >= 0 else within(total)

    # --- leaves ---

    def own(self, code: str) -> Fraction | str | None:
        """A leaf's points before rounding; AWAY where it is left out, None where it is missing."""
        row = self.rows[code]
        found = self.reported(row) if row.method in REPORTED else self.from_figures(row)
        if found == AWAY:
            limit = self.stated(code)
            by_policy = {"loại": AWAY, "điểm tối đa": max(limit, ZERO), "0 điểm": ZERO, "": None}
            found = by_policy[row.policy]
        if found == AWAY or code not in self.filling.appraised:
            return found
        return self.filling.appraised[code]

    def reported(self, row: Row) -> Fraction | str | None:
        told = [self.filling.reports.get((row.code, unit), "") for unit in row.units]
        points = [self.of_unit(row, text) for text in told if text != AWAY]
        given = [one for one in points if one is not None]
        if len(given) < len(points):
            return None
        if not given:
            return AWAY
        if row.combine == "trung bình":
            return sum(given, ZERO) / len(given)
        return max(given) if row.combine == "cao nhất" else min(given)

    def of_unit(self, row: Row, text: str) -> Fraction | None:
        limit = self.stated(row.code)
        if row.method == "mức":
            return next((amount(step.points, limit) for step in row.scale if step.level == text), None)
        if not text:
            return None
        named = {step.level: amount(step.points, limit) for step in row.scale}
        low, high = named.get("nhỏ nhất", min(ZERO, limit)), named.get("lớn nhất", max(ZERO, limit))
        mark, size = Fraction(text), named.get("bước")
        on_step = size is None or ((mark - low) / size).denominator == 1
        return mark if low <= mark <= high and on_step else None

    def from_figures(self, row: Row) -> Fraction | str | None:
        value = valued(row.figures, self.filling.figures)
        if value is None or value == AWAY or row.method in ("thứ hạng", "khoảng"):
            return AWAY if value == AWAY else None
        assert isinstance(value, Fraction)
        return marked(row, value, self.stated(row.code))


def between(one: Fraction, other: Fraction) -> Callable[[Fraction], Fraction]:
    low, high = min(one, other), max(one, other)
    return lambda points: min(max(points, low), high)


def amount(text: str, limit: Fraction) -> Fraction:
    return limit * Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def valued(text: str, figures: Mapping[str, Fraction | None]) -> Fraction | str | None:
    """The value of an expression; AWAY where it is divided by 0, None where a figure is missing."""
    complement = text.startswith("100% - ")
    sides = [summed(side.strip(), figures) for side in text.removeprefix("100% - ").split("/")]
    if None in sides:
        return None
    value = sides[0]
    if len(sides) == 2:
        if sides[1] == 0:
            return AWAY
        value = sides[0] * 100 / sides[1]  # type: ignore[operator]
    return 100 - value if complement else value  # type: ignore[operator]


def summed(side: str, figures: Mapping[str, Fraction | None]) -> Fraction | None:
    total, sign = ZERO, 1
    for word in side.split():
        if word in "+-":
            sign = 1 if word == "+" else -1
            continue
        given = figures[word]
        if given is None:
            return None
        total += sign * given
    return total


def marked(row: Row, value: Fraction, limit: Fraction) -> Fraction | None:
    within = between(ZERO, limit)
    named = {step.level: step.points for step in row.scale}
    if row.method in ("tỷ lệ", "khảo sát"):
        return within(limit * value / 100)
    if row.method == "ngưỡng":
        if "sàn" in named and value < Fraction(named["sàn"]):
            return ZERO
        return within(limit * value / Fraction(named["đủ điểm"]))
    if row.method == "so sánh":
        leader = Fraction(named["dẫn đầu"])
        if "chỉ tiêu" not in named:
            return within(limit * value / leader)
        target = Fraction(named["chỉ tiêu"])
        if value < target:
            return within(limit / 2 * value / target)
        return within(limit / 2 + limit / 2 * (value - target) / (leader - target))
    if row.method == "mỗi đơn vị":
        told = {name: amount(text, limit) for name, text in named.items()}
        points = told.get("gốc", ZERO) + told["mỗi"] * value
        low, high = told.get("sàn", min(ZERO, limit)), told.get("trần", max(ZERO, limit))
        return min(max(points, low), high)
    for step in row.scale:
        above = step.low is None or value > step.low or (step.low_in and value == step.low)
        under = step.high is None or value < step.high or (step.high_in and value == step.high)
        if above and under:
            return within(limit * value / 100) if step.points == "tỷ lệ" else amount(step.points, limit)
    return None


# --- random plans ---

NUMBERS = tuple(f"SO_{number}" for number in range(1, 7))
PERCENTS = ("PT_1", "PT_2")
DAYS = ("NG_1", "NG_2", "NG_3")


def random_plan(r: random.Random, fields: int, *, in_excel: bool = False) -> tuple[list[Row], Filling]:
    """A small plan and how it was filled in; the first field is a sum, so that there is always something to have.

    ``in_excel``: one that a plan workbook may hold, with maxima below 0 under a ``điểm cộng`` row only, and one year.
    """
    figures: dict[str, Fraction | None] = {code: Fraction(r.randint(0, 12)) for code in NUMBERS}
    figures |= {code: Fraction(r.randint(0, 1000), 10) for code in PERCENTS}
    figures |= {code: Fraction(44000 + r.randint(0, 9)) for code in DAYS}
    if not in_excel:
        figures |= {f"{code}@trước": Fraction(r.randint(0, 12)) for code in NUMBERS[:2]}
    for code in figures:
        if r.random() < 0.12:
            figures[code] = None
    maker = _Maker(r, Filling(figures), in_excel=in_excel)
    for place in range(1, fields + 1):
        maker.group(str(place), 1)
    return maker.rows, maker.filling


class _Maker:
    def __init__(self, r: random.Random, filling: Filling, *, in_excel: bool) -> None:
        self.r, self.filling, self.in_excel = r, filling, in_excel
        self.rows: list[Row] = []
        self.finished: list[str] = []  # what a condition may ask for: it rests on nothing that comes later

    def condition(self) -> tuple[str, bool] | None:
        sound = [row.code for row in self.rows if row.code in self.finished and (row.limit is None or row.limit > 0)]
        return (self.r.choice(sound), self.r.random() < 0.4) if sound and self.r.random() < 0.2 else None

    def group(self, code: str, depth: int, *, deducts: bool = False) -> None:
        r = self.r
        method = r.choice(GROUPS if code != "1" else ("tổng",))
        limit: int | None = r.choice([2, 4, 7])
        if (method == "điểm cộng" or deducts) and r.random() < 0.6:
            limit = -3
        elif method == "tổng" and r.random() < 0.5:
            limit = None
        row = Row(code, method, limit, condition=self.condition() if depth > 1 else None)
        self.rows.append(row)
        negative = limit is not None and limit < 0
        for place in range(1, r.randint(2, 4)):
            if depth < 3 and r.random() < 0.25:
                self.group(f"{code}.{place}", depth + 1, deducts=negative)
            else:
                turned = r.random() < 0.2 and (negative or not self.in_excel)
                self.leaf(f"{code}.{place}", negative=negative is not turned)
        self.finished.append(code)

    def leaf(self, code: str, *, negative: bool) -> None:
        r = self.r
        limit = r.randint(1, 5) * (-1 if negative else 1)
        methods = ("mức", "chấm tay", "bậc", "mỗi đơn vị") if negative else (*FIGURE_METHODS, *REPORTED)
        row = Row(code, r.choice(methods), limit, condition=self.condition())
        row.policy = r.choice(["", "loại", "loại", "điểm tối đa", "0 điểm"])
        row.places = r.choice([None, None, 0, 1, 2])
        row.units = UNITS[: r.randint(1, 3)]
        getattr(self, f"_{row.method.translate(_PLAIN)}")(row)
        self.rows.append(row)
        self.finished.append(code)
        if r.random() < 0.08:
            self.filling.appraised[code] = Fraction(r.randint(min(limit, 0), max(limit, 0)))

    def _report(self, row: Row, texts: Sequence[str]) -> None:
        row.combine = self.r.choice(["thấp nhất", "cao nhất", "trung bình"])
        for unit in row.units:
            text = self.r.choice([*texts, *texts, *texts, AWAY, ""])
            self.filling.reports[row.code, unit] = text

    def _muc(self, row: Row) -> None:
        row.scale = [Step(points, level) for points, level in (("100%", "Một"), ("50%", "Hai"), ("0", "Ba"))]
        self._report(row, ("Một", "Hai", "Ba"))

    def _cham_tay(self, row: Row) -> None:
        if self.r.random() < 0.5:
            row.scale.append(Step(self.r.choice(["0.5", "1", "0.3"]), "bước"))
        assert row.limit is not None
        sign = 1 if row.limit > 0 else -1
        self._report(row, [str(sign * mark) for mark in (0, 1, abs(row.limit), 0.5, 9)])

    def quotient(self) -> str:
        r = self.r
        a, b, c, d = r.sample(NUMBERS, 4)
        shapes = [
            f"{a} / {b}",
            f"{a} + {c} / {b} + {c}",
            f"{a} - {c} / {b}",
            f"100% - {a} / {b}",
            f"{a} / {b} + {c} - {d}",
        ]
        if not self.in_excel:
            one = r.choice(NUMBERS[:2])
            shapes.append(f"{one} - {one}@trước / {one}@trước")
        return r.choice(shapes)

    def number(self) -> str:
        a, b = self.r.sample(NUMBERS, 2)
        return self.r.choice([a, f"{a} + {b}", f"{a} - {b}"])

    def days(self) -> str:
        return " - ".join(self.r.sample(DAYS, 2))

    def _bac(self, row: Row) -> None:
        r = self.r
        kind = r.choice(["quotient", "number", "days"])
        row.figures = str(getattr(self, kind)())
        one, two = sorted(r.sample(range(-20, 101) if kind == "quotient" else range(-3, 12), 2))
        first, second = r.random() < 0.5, r.random() < 0.5
        points = [r.choice(["0", "50%", "100%"]) for _ in range(3)]
        if kind == "quotient" and row.limit is not None and row.limit > 0 and r.random() < 0.3:
            points[1] = "tỷ lệ"
        row.scale = [
            Step(points[0], high=one, high_in=first),
            Step(points[1], low=one, low_in=not first, high=two, high_in=second),
            Step(points[2], low=two, low_in=not second),
        ]

    def _ty_le(self, row: Row) -> None:
        row.figures = self.quotient()

    def _nguong(self, row: Row) -> None:
        row.figures = self.r.choice([self.quotient(), self.number()])
        row.scale = [Step(self.r.choice(["80", "7", "3.5"]), "đủ điểm")]
        if self.r.random() < 0.5:
            row.scale.append(Step(self.r.choice(["2", "3"]), "sàn"))

    def _moi_don_vi(self, row: Row) -> None:
        row.figures = self.r.choice([self.number(), self.number(), self.days()])
        assert row.limit is not None
        if row.limit < 0:
            row.scale = [Step("-0.5", "mỗi")]
            return
        each = self.r.choice(["0.5", "-0.3", "0.25"])
        row.scale = [Step(each, "mỗi"), *([Step("100%", "gốc")] if each == "-0.3" else [])]
        if self.r.random() < 0.3:
            row.scale.append(Step("50%", "trần"))
        if self.r.random() < 0.3:
            row.scale.append(Step("0.2", "sàn"))

    def _so_sanh(self, row: Row) -> None:
        row.figures = self.r.choice([self.quotient(), self.number()])
        row.scale = [Step(self.r.choice(["95", "8"]), "dẫn đầu")]
        if self.r.random() < 0.5:
            row.scale.append(Step("4", "chỉ tiêu"))

    def _khao_sat(self, row: Row) -> None:
        row.figures = self.r.choice([PERCENTS[0], PERCENTS[1], f"100% - {PERCENTS[0]}"])

    def _thu_hang(self, row: Row) -> None:
        row.figures = self.quotient()
        row.scale = [Step("100%", "1"), Step("50%", "2")]

    def _khoang(self, row: Row) -> None:
        row.figures = self.number()
        row.scale = [Step("0", "đầu"), Step("100%", "cuối")]


_PLAIN = str.maketrans({"ứ": "u", "ấ": "a", "ậ": "a", "ỷ": "y", "ệ": "e", "ư": "u", "ỡ": "o", "ỗ": "o", "đ": "d", "ơ": "o", "ị": "i",
                        "á": "a", "ả": "a", "ạ": "a", "ô": "o", "ă": "a", "â": "a", " ": "_"})  # fmt: skip


def used(rows: Sequence[Row]) -> Iterator[str]:
    """The figures that expressions name, without those of a year before, each once."""
    named = {
        word.removesuffix("@trước")
        for row in rows
        for word in row.figures.split()
        if word not in ("+", "-", "/", "100%")
    }
    yield from sorted(named)
