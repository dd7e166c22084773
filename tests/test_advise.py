"""Advice: steps that keep their word when the leaf is scored again, and the shortest path proved by trying every other."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path as FilePath
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cchc_xl
from cchc_xl.ask.advice_lines import lines
from cchc_xl.ask.advise import advise
from cchc_xl.ask.route import path_to
from cchc_xl.pipeline.line import Assessment
from cchc_xl.plan.expression import parsed
from cchc_xl.records import (
    Band,
    Consolidation,
    Constraint,
    Criterion,
    CriterionEntry,
    Edition,
    Kind,
    Measure,
    Method,
    Quotient,
    Scorecard,
    Settings,
    Unit,
)
from cchc_xl.result.advice import Advice, Step
from cchc_xl.result.contents import Contents
from cchc_xl.result.objects import to_objects
from cchc_xl.result.result_file import contents
from cchc_xl.result.view import View, summed
from cchc_xl.score.scorecard import score
from tests import in_memory
from tests.conftest import ROOT
from tests.in_memory import AT, entry, reported, total
from tests.results import completed

D = Decimal


# --- a plan of one criterion, made by hand ---


band = partial(in_memory.band, "1")


def quotient(text: str) -> Quotient:
    told, why = parsed(text)
    assert told, why
    return told


def constraint(left: str, operator: Any, right: str) -> Constraint:
    return Constraint("R", f"{left} {operator} {right}", quotient(left), operator, quotient(right), "error", "", AT)


def edition(
    method: Method,
    bands: Sequence[Band] = (),
    figures: str = "",
    maximum: str = "3",
    *,
    kinds: Mapping[str, Kind] | None = None,
    rules: Sequence[Constraint] = (),
    units: Sequence[str] = ("VP",),
    zero_without_evidence: bool = False,
    **more: Any,
) -> Edition:
    used = quotient(figures) if figures else None
    codes = dict.fromkeys(code for side in ([used] if used else []) for code in side.codes)
    codes |= dict.fromkeys(code for rule in rules for code in rule.left.codes + rule.right.codes)
    criterion = Criterion("1", "Tiêu chí thử", D(maximum), method, AT, used, **more)
    measures = (
        Measure(code, f"Số {code}", "thủ tục", (kinds or {}).get(code, Kind.INTEGER), "tổng", ("1",), ("VP",), AT)
        for code in codes
    )
    settings = Settings(zero_without_evidence=zero_without_evidence)
    return in_memory.edition([criterion], {"1": units}, bands=bands, measures=measures, rules=rules, settings=settings)


def reports(levels: Mapping[str, str], evidence: str = "") -> tuple[CriterionEntry, ...]:
    """What each lead unit reported: a level, a self-score, "không phát sinh", or nothing."""
    return tuple(entry("1", unit, told, evidence) for unit, told in levels.items())


def consolidated(made: Edition, values: Mapping[str, Any], entries: Sequence[CriterionEntry] = ()) -> Consolidation:
    figures = ((item, values.get(item.code)) for item in made.plan.measures)
    return reported(made, entries, (total(item, None if value is None else D(value)) for item, value in figures))


def scored(made: Edition, values: Mapping[str, Any], entries: Sequence[CriterionEntry] = ()) -> Scorecard:
    return score(made, consolidated(made, values, entries))


def told_of(made: Edition, given_: Consolidation, card: Scorecard) -> tuple[Advice, ...]:
    """The advice, as a run makes it."""
    return advise(made, card, given_.measures, contents(made, given_, card, (), ()))


def advised(made: Edition, values: Mapping[str, Any], entries: Sequence[CriterionEntry] = ()) -> Advice:
    (one,) = told_of(made, consolidated(made, values, entries), scored(made, values, entries))
    assert completed({"advice": json.loads(json.dumps(to_objects([one])))}).advice == (one,)
    return one


def points(made: Edition, values: Mapping[str, Any]) -> Decimal | None:
    return scored(made, values).scores[0].final_points


def brief(step: Step | None) -> tuple[str, Decimal, str, Decimal] | None:
    """Verb, amount, figure and points after."""
    return (step.change.split(" ")[0], step.amount, step.figure, step.points_after) if step else None


SIMPLIFIED = (band("3", "20"), band("50%", "10", "20"), band("0", None, "10"))
LINEAR_FROM_80 = (band("1", "100"), band("tỷ lệ", "80", "100"), band("0", None, "80"))
CASES = {
    "14,5 rounds up to 15 procedures": (
        (Method.BAND, SIMPLIFIED, "A / B"),
        {"A": 12, "B": 145},
        ("thêm", 3, "A", "1.5"),
        None,
    ),
    "an edge met exactly counts": (
        (Method.BAND, SIMPLIFIED, "A / B"),
        {"A": 15, "B": 150},
        ("thêm", 15, "A", "3"),
        ("bớt", 1, "A", "0"),
    ),
    "the jump at the edge of a linear band is the risk": (
        (Method.BAND, LINEAR_FROM_80, "A / B", "1"),
        {"A": 80, "B": 100},
        ("thêm", 1, "A", "0.81"),
        ("bớt", 1, "A", "0"),
    ),
    "into a linear band from below": (
        (Method.BAND, LINEAR_FROM_80, "A / B", "1"),
        {"A": 70, "B": 100},
        ("thêm", 10, "A", "0.8"),
        None,
    ),
    "a linear band that first gives less than today": (
        (Method.BAND, (band("1.5", None, "20"), band("tỷ lệ", "20", None)), "A / B"),
        {"A": 10, "B": 100},
        ("thêm", 41, "A", "1.53"),
        ("thêm", 10, "A", "0.6"),
    ),
    "fewer is better": (
        (Method.BAND, (band("2", None, "0", "[]"), band("1", "0", "3", "(]"), band("0", "3", None, "()")), "A", "2"),
        {"A": 5},
        ("bớt", 2, "A", "1"),
        None,
    ),
    "fewer late beats more on time, and both stand below the slash": (
        (Method.BAND, (band("3", "90"), band("0", None, "90")), "A + B / A + B + C"),
        {"A": 10, "B": 10, "C": 5},
        ("bớt", 3, "C", "3"),
        None,
    ),
    "per late task": (
        (Method.PER_ITEM, (band("2", level="gốc"), band("-0.25", level="mỗi")), "A", "2"),
        {"A": 1},
        ("bớt", 1, "A", "2"),
        ("thêm", 1, "A", "1.5"),
    ),
    "below the floor nothing is earned until it is left": (
        (Method.PER_ITEM, (band("2", level="gốc"), band("-0.25", level="mỗi")), "A", "2"),
        {"A": 11},
        ("bớt", 4, "A", "0.25"),
        None,
    ),
    "a cap": (
        (Method.PER_ITEM, (band("0.5", level="mỗi"),), "A", "2"),
        {"A": 6},
        None,
        ("bớt", 3, "A", "1.5"),
    ),
    "a share": ((Method.RATIO, (), "A / B", "20"), {"A": 3, "B": 4}, ("thêm", 1, "A", "20"), ("bớt", 1, "A", "10")),
    "a share over its plan": ((Method.RATIO, (), "A / B"), {"A": 6, "B": 4}, None, ("bớt", 3, "A", "2.25")),
    "the leader": (
        (Method.RELATIVE, (band("30", level="dẫn đầu"), band("10", level="chỉ tiêu")), "A / B", "4"),
        {"A": 9, "B": 100},
        ("thêm", 1, "A", "2"),
        ("bớt", 1, "A", "1.6"),
    ),
    "a deduction": (
        (Method.PER_ITEM, (band("-0.5", level="mỗi"),), "A", "-2"),
        {"A": 3},
        ("bớt", 1, "A", "-1"),
        ("thêm", 1, "A", "-2"),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_steps_as_reckoned_by_eye(case: tuple[Any, ...]) -> None:
    made, values, better, worse = case
    one = advised(edition(*made), values)
    for step, wanted in ((one.next, better), (one.risk, worse)):
        found = brief(step)
        if wanted is None or found is None:
            assert found is wanted
        else:
            assert found[:3] == (wanted[0], D(wanted[1]), wanted[2])
            assert abs(found[3] - D(wanted[3])) < D("1E-8")


def test_the_words_name_figure_unit_and_both_values() -> None:
    one = advised(edition(Method.BAND, SIMPLIFIED, "A / B"), {"A": 12, "B": 145})
    assert one.next
    assert one.next.change == "thêm 3 thủ tục “Số A” (A từ 12 lên 15)"
    assert (one.gain, one.maximum, one.next.difference, one.next.value_unit) == (D(3), D(3), D("1.5"), "%")
    assert round(one.next.value_after or D(0), 2) == D("10.34")
    assert one.complete
    assert one.complete.change == "thêm 17 thủ tục “Số A” (A từ 12 lên 29)"


def test_figures_that_do_the_same_are_named_together() -> None:
    one = advised(edition(Method.RATIO, (), "A + B / C"), {"A": 1, "B": 1, "C": 4})
    assert one.next
    assert one.next.change == "thêm 1 thủ tục “Số A” (A từ 1 lên 2, hoặc B)"


@pytest.mark.parametrize(
    ("bands", "value", "better", "worse"),
    [
        ((band("1", "30", None, "()"), band("0", None, "30", "[]")), "28.5", (D("1.5"), True, "lên trên 30%"), None),
        ((band("1", "30"), band("0", None, "30")), "28.5", (D("1.5"), False, "từ 28,5% lên 30%"), None),
        ((band("1", "30"), band("0", None, "30")), "30", None, (D(0), True, "xuống dưới 30%")),
        ((band("1", "30", None, "()"), band("0", None, "30", "[]")), "31", None, (D(1), False, "từ 31% xuống 30%")),
    ],
)
def test_a_percentage_has_an_exact_distance(bands: Sequence[Band], value: str, better: Any, worse: Any) -> None:
    one = advised(edition(Method.BAND, bands, "A", kinds={"A": Kind.PERCENT}), {"A": value})
    for step, wanted in ((one.next, better), (one.risk, worse)):
        assert (step is None) == (wanted is None)
        if step:
            assert (step.amount, step.beyond) == wanted[:2]
            assert wanted[2] in step.change


def test_a_survey_gains_by_the_point_and_stops_at_100() -> None:
    made = edition(Method.SURVEY, (), "A", "4", kinds={"A": Kind.PERCENT})
    one, near = advised(made, {"A": "71.75"}), advised(made, {"A": "99.5"})
    assert one.next
    assert one.next.change == "tăng 1 điểm phần trăm “Số A” (A từ 71,75% lên 72,75%)"
    assert one.next.points_after == D("2.91")
    assert near.next
    assert (near.next.amount, near.next.points_after) == (D("0.5"), D(4))


def test_an_inequality_of_the_plan_is_a_cap() -> None:
    bands = (band("3", "60"), band("1", "30", "60"), band("0", None, "30"))
    rules = [constraint("A", "<=", "C"), constraint("D", ">=", "A")]
    free = advised(edition(Method.BAND, bands, "A / B"), {"A": 40, "B": 100})
    capped = advised(edition(Method.BAND, bands, "A / B", rules=rules), {"A": 40, "B": 100, "C": 50, "D": 99})
    unknown = advised(edition(Method.BAND, bands, "A / B", rules=rules), {"A": 40, "B": 100, "D": 99})
    assert brief(free.next) == brief(unknown.next) == ("thêm", D(20), "A", D(3))
    assert capped.next is None
    assert capped.gain == 2
    told = "\n".join(lines([capped], path_to(document(TREE), [], D(0)), whole=True))
    assert "chưa có bước đơn lẻ nào ở riêng tiêu chí này" in told


def test_out_of_every_band_is_a_loss_and_no_gain() -> None:
    bands = (band("1", "0", "10"), band("3", "20"))
    one = advised(edition(Method.BAND, bands, "A"), {"A": 9})
    assert brief(one.next) == ("thêm", D(11), "A", D(3))
    assert brief(one.risk) == ("thêm", D(1), "A", D(0))
    lost = advised(edition(Method.BAND, bands, "A"), {"A": 15})
    assert (lost.status, lost.points, lost.next and lost.next.kind) == ("missing", None, "submit")
    assert lost.next
    assert "Thang điểm" in lost.next.change


# --- levels and marks ---

LEVELS = (band("3", level="Tốt"), band("50%", level="Khá"), band("0", level="Kém"))


@pytest.mark.parametrize(
    ("how", "levels", "better", "worse"),
    [
        ("thấp nhất", {"A": "Kém"}, ("A từ mức “Kém” lên mức “Khá”", 1, "1.5"), None),
        (
            "thấp nhất",
            {"A": "Khá", "B": "Kém", "C": "Kém"},
            ("B, C từ mức “Kém” lên mức “Khá”", 2, "1.5"),
            None,
        ),
        (
            "thấp nhất",
            {"A": "Tốt", "B": "Khá", "C": "không phát sinh"},
            ("B từ mức “Khá” lên mức “Tốt”", 1, "3"),
            ("một trong các đơn vị A, B xuống mức “Kém”", 1, "0"),
        ),
        (
            "cao nhất",
            {"A": "Khá", "B": "Khá", "C": "Kém"},
            ("một trong các đơn vị A, B lên mức “Tốt”", 1, "3"),
            ("A, B từ mức “Khá” xuống mức “Kém”", 2, "0"),
        ),
        (
            "trung bình",
            {"A": "Tốt", "B": "Kém"},
            ("B từ mức “Kém” lên mức “Khá”", 1, "2.25"),
            ("A từ mức “Tốt” xuống mức “Khá”", 1, "0.75"),
        ),
    ],
)
def test_levels(how: str, levels: dict[str, str], better: Any, worse: Any) -> None:
    made = edition(Method.LEVEL, LEVELS, units=tuple(levels), combine=how)
    one = advised(made, {}, reports(levels))
    for step, wanted in ((one.next, better), (one.risk, worse)):
        assert (step and (step.change, step.amount, step.points_after)) == (
            wanted and (wanted[0], D(wanted[1]), D(wanted[2]))
        )


@pytest.mark.parametrize(
    ("bands", "better", "complete", "worse"),
    [
        (
            (band("0.25", level="bước"),),
            "VP từ 0,5 điểm lên 0,75 điểm",
            "VP từ 0,5 điểm lên 3 điểm",
            "VP từ 0,5 điểm xuống 0,25 điểm",
        ),
        ((), "VP từ 0,5 điểm lên 3 điểm", "VP từ 0,5 điểm lên 3 điểm", None),
    ],
)
def test_marks(bands: Sequence[Band], better: str, complete: str, worse: str | None) -> None:
    one = advised(edition(Method.MANUAL, bands), {}, reports({"VP": "0.5"}))
    assert [step and step.change for step in (one.next, one.complete, one.risk)] == [better, complete, worse]


# --- what is not scored, or scored by people ---


def test_a_missing_leaf_waits_for_named_units() -> None:
    figures = advised(edition(Method.RATIO, (), "A / B"), {"A": 3})
    assert figures.next
    assert (figures.next.change, figures.next.points_after) == ("VP gửi số liệu còn thiếu “Số B” (B)", D(3))
    assert figures.next.up_to
    assert (figures.points, figures.gain, figures.risk) == (None, D(3), None)
    units = ("A", "B", "C")
    levels = advised(edition(Method.LEVEL, LEVELS, units=units), {}, reports({"A": "Tốt", "B": ""}))
    assert levels.next
    assert (levels.next.change, levels.next.amount) == ("B, C gửi mức đạt còn thiếu", D(2))
    assert advised(edition(Method.LEVEL, LEVELS, units=()), {}).next == replace(
        levels.next, change="giao đơn vị chủ trì ở “Phụ lục” của kế hoạch", amount=D(0), who=(), by=""
    )


def test_units_of_one_name_are_told_apart() -> None:
    made = edition(Method.LEVEL, LEVELS, units=("A", "B"))
    made = replace(made, plan=replace(made.plan, units=(Unit("A", "Phòng Một"), Unit("B", "Phòng Một"))))
    missing = advised(made, {}, reports({"A": "Tốt", "B": ""})).next
    assert missing
    assert missing.change == "Phòng Một (B) gửi mức đạt còn thiếu"
    worst = advised(made, {}, reports({"A": "Tốt", "B": "Khá"})).next
    assert worst
    assert (worst.change.partition(" từ ")[0], worst.by) == ("Phòng Một (B)", "Phòng Một (B)")


def test_what_did_not_arise_gets_no_advice() -> None:
    one = advised(edition(Method.RATIO, (), "A / B", not_applicable="loại"), {"A": 0, "B": 0})
    assert (one.status, one.gain, one.next, one.risk) == ("not_applicable", D(0), None, None)
    left = advised(edition(Method.RATIO, (), "A / B"), {"A": 0, "B": 0})
    assert left.next
    assert "Không phát sinh" in left.next.change


def test_evidence_that_is_missing_is_asked_for_first() -> None:
    made = edition(Method.LEVEL, LEVELS, zero_without_evidence=True, evidence="bắt buộc")
    one = advised(made, {}, reports({"VP": "Khá"}))
    assert one.next
    assert (one.next.kind, one.next.points_after, one.points, one.risk) == ("evidence", D("1.5"), D(0), None)
    given_ = advised(made, {}, reports({"VP": "Khá"}, evidence="QĐ 12"))
    assert given_.next
    assert given_.next.change == "VP từ mức “Khá” lên mức “Tốt”, kèm tài liệu kiểm chứng"


@pytest.mark.parametrize(("level", "appraised", "hoped"), [("Tốt", "1", "3"), ("Khá", "0.5", "1.5"), ("Kém", "1", "3")])
def test_an_appraised_leaf_is_explained_and_keeps_its_lever(level: str, appraised: str, hoped: str) -> None:
    made = edition(Method.LEVEL, LEVELS)
    card = scored(made, {}, reports({"VP": level}))
    (leaf,) = card.scores
    card = replace(card, scores=(replace(leaf, appraised_points=D(appraised), final_points=D(appraised)),))
    (one,) = told_of(made, consolidated(made, {}, reports({"VP": level})), card)
    assert one.appeal
    assert (one.points, one.gain, one.appeal.points_after) == (D(appraised), 3 - D(appraised), D(hoped))
    assert (one.next is None) == (level == "Tốt")
    assert "giải trình" in "\n".join(lines([one], path_to(document(TREE), [], D(0)), whole=True))


def test_the_best_that_the_plan_can_give_may_be_less_than_the_maximum() -> None:
    one = advised(edition(Method.LEVEL, LEVELS, maximum="5"), {}, reports({"VP": "Kém"}))
    assert (one.maximum, one.gain, one.full) == (D(5), D(3), D(3))


# --- properties: the step keeps its word ---

SHAPES = ("A", "A / B", "A + B / C", "A + B / A + B + C", "A / A + C")
small = st.integers(0, 25)


@st.composite
def banded(draw: st.DrawFn) -> tuple[Band, ...]:
    """Bands without gaps in any order of points, some linear."""
    cuts = sorted(draw(st.sets(st.integers(1, 130), min_size=1, max_size=4)))
    closed = draw(st.lists(st.booleans(), min_size=len(cuts), max_size=len(cuts)))
    outcome = st.one_of(st.sampled_from(["0", "1", "2", "3"]), st.sampled_from(["50%", "25%"]), st.just("tỷ lệ"))
    made = []
    for place in range(len(cuts) + 1):
        low, high = (cuts[place - 1] if place else None), (cuts[place] if place < len(cuts) else None)
        ends = ("[" if low is not None and closed[place - 1] else "(") + (
            "]" if high is not None and not closed[place] else ")"
        )
        made.append(band(draw(outcome), None if low is None else str(low), None if high is None else str(high), ends))
    return tuple(made)


LEAVES = st.one_of(
    st.tuples(st.just(Method.BAND), banded()),
    st.tuples(st.just(Method.RATIO), st.just(())),
    st.tuples(
        st.just(Method.PER_ITEM),
        st.builds(
            lambda base, each, low: (band(base, level="gốc"), band(each, level="mỗi"), band(low, level="sàn")),
            st.sampled_from(["0", "2", "3"]),
            st.sampled_from(["-0.25", "-0.3", "0.1", "0.7"]),
            st.sampled_from(["0", "0.5"]),
        ),
    ),
    st.tuples(
        st.just(Method.RELATIVE),
        st.builds(
            lambda leader, target: (
                band(leader, level="dẫn đầu"),
                *((band(target, level="chỉ tiêu"),) if target else ()),
            ),
            st.sampled_from(["7", "30", "90"]),
            st.sampled_from(["", "7", "10", "40"]),
        ),
    ),
)
SCAN = 20


def smallest_by_trying(made: Edition, shape: str, values: dict[str, int], *, better: bool) -> int | None:
    """The first amount up to SCAN of any lever that moves the points, by scoring again and again."""
    now = points(made, values)
    assert now is not None
    used = quotient(shape)
    parts = set(used.numerator) & set(used.denominator)
    levers = used.codes if parts or not better else used.numerator
    for amount in range(1, SCAN + 1):
        for code, sign in itertools.product(dict.fromkeys(levers), (1, -1)):
            changed = values | {code: values[code] + sign * amount}
            card = scored(made, changed).scores[0]
            if changed[code] < 0 or card.status != "scored" or card.points is None:
                continue
            if card.points > now if better else card.points < now:
                return amount
    return None


@settings(max_examples=60, deadline=None)
@given(leaf=LEAVES, shape=st.sampled_from(SHAPES), a=small, b=small, c=small)
def test_a_step_gives_what_it_promises_and_one_less_does_not(
    leaf: tuple[Method, tuple[Band, ...]], shape: str, a: int, b: int, c: int
) -> None:
    made = edition(leaf[0], leaf[1], shape)
    values = {"A": a, "B": b, "C": c}
    now = points(made, values)
    if now is None:
        return
    one = advised(made, values)
    for step, better in ((one.next, True), (one.risk, False)):
        tried = smallest_by_trying(made, shape, values, better=better)
        if step is None:
            assert tried is None
            continue
        sign = 1 if step.change.startswith("thêm") else -1
        changed = values | {step.figure: values[step.figure] + sign * int(step.amount)}
        after = scored(made, changed).scores[0]
        assert after.points == step.points_after
        assert abs(now + step.difference - step.points_after) < D("1E-17")
        assert after.value is None or after.value == step.value_after
        assert (step.points_after > now) is better
        assert tried == (int(step.amount) if step.amount <= SCAN else None)
    if one.complete:
        sign = 1 if one.complete.change.startswith("thêm") else -1
        done = points(
            made, values | {one.complete.figure: values[one.complete.figure] + sign * int(one.complete.amount)}
        )
        assert done == one.full


@settings(max_examples=150, deadline=None)
@given(
    bands=banded().filter(lambda bands: all(item.outcome.form != "linear" for item in bands)),
    value=st.decimals(0, 130, places=2),
    base=st.one_of(st.none(), st.decimals(50, 150, places=1)),
)
def test_an_exact_distance_is_exact(bands: tuple[Band, ...], value: Decimal, base: Decimal | None) -> None:
    shape = "A" if base is None else "A / B"
    made = edition(Method.BAND, bands, shape, kinds={"A": Kind.PERCENT, "B": Kind.DECIMAL})
    values = {"A": value, "B": base or D(1)}
    now = points(made, values)
    assert now is not None
    one = advised(made, values)
    for step, better in ((one.next, True), (one.risk, False)):
        if step is None or step.figure == "B":
            continue
        way = 1 if step.change.startswith("tăng") else -1
        enough = step.amount + (D("1E-9") if step.beyond else 0)
        assert points(made, values | {"A": value + way * enough}) == step.points_after
        less = step.amount - (0 if step.beyond else D("2E-6"))
        short = points(made, values | {"A": value + way * less})
        assert short is not None
        assert not (short > now if better else short < now)


@settings(max_examples=100, deadline=None)
@given(
    levels=st.lists(st.sampled_from(["Tốt", "Khá", "Kém"]), min_size=1, max_size=4),
    how=st.sampled_from(["thấp nhất", "cao nhất", "trung bình"]),
)
def test_no_fewer_units_can_move_a_criterion(levels: list[str], how: str) -> None:
    units = [f"U{place}" for place in range(len(levels))]
    made = edition(Method.LEVEL, LEVELS, units=units, combine=how)
    now = scored(made, {}, reports(dict(zip(units, levels, strict=True)))).scores[0].points
    one = advised(made, {}, reports(dict(zip(units, levels, strict=True))))
    assert now is not None
    tried = [
        (sum(old != new for old, new in zip(levels, other, strict=True)), after)
        for other in itertools.product(["Tốt", "Khá", "Kém"], repeat=len(levels))
        if (after := scored(made, {}, reports(dict(zip(units, other, strict=True)))).scores[0].points) is not None
    ]
    for step, moved in (
        (one.next, [item for item in tried if item[1] > now]),
        (one.risk, [item for item in tried if item[1] < now]),
    ):
        assert (step is None) == (not moved)
        if step:
            assert step.amount == min(count for count, _ in moved)
            assert (int(step.amount), step.points_after) in moved


# --- the path ---


def document(rows: Sequence[tuple[str, str | None, Method, str, str | None]]) -> Contents:
    """Rows of code, parent, method, maximum and points."""
    levels: dict[str | None, int] = {None: 0}
    criteria = []
    for code, parent, method, maximum, given_ in rows:
        levels[code] = levels[parent] + 1
        applicable = "0" if method is Method.BONUS else maximum
        criteria.append(
            {
                "code": code,
                "parent": parent,
                "level": levels[code],
                "method": method.value,
                "max": maximum,
                "sound": True,
                "applicable_max": applicable,
                "final_points": given_,
            }
        )
    return completed({"criteria": criteria})


def gains(rows: Sequence[tuple[str, str | None, Method, str, str | None]]) -> list[Advice]:
    parents = {row[1] for row in rows}
    return [
        Advice(
            code,
            code,
            "missing" if has is None else "scored",
            None if has is None else D(has),
            D(limit),
            D(limit) - D(has or 0),
        )
        for code, _, _, limit, has in rows
        if code not in parents
    ]


LEVEL = Method.LEVEL
TREE = [
    ("1", None, Method.SUM, "10", None),
    ("1.1", "1", LEVEL, "6", "2"),
    ("1.2", "1", LEVEL, "4", "1"),
    ("2", None, Method.ALL_OF, "10", None),
    ("2.1", "2", LEVEL, "5", "4"),
    ("2.2", "2", LEVEL, "5", "3"),
    ("2.3", "2", LEVEL, "5", "5"),
    ("3", None, Method.BEST_OF, "6", None),
    ("3.1", "3", LEVEL, "6", "1"),
    ("3.2", "3", LEVEL, "5", "4"),
    ("4", None, Method.LOWEST_OF, "4", None),
    ("4.1", "4", LEVEL, "4", "1"),
    ("4.2", "4", LEVEL, "4", "2"),
]  # 3 + 0 + 4 + 1 = 8 of 30


@pytest.mark.parametrize(
    ("target", "status", "codes"),
    [
        ("26.66", "reached", []),
        ("26.67", "path", ["1.1"]),  # 12/30 = 40 %
        ("40", "path", ["1.1"]),
        ("40.01", "path", ["2.2", "2.1"]),  # all of group 2 together: 18/30 = 60 %
        ("60.01", "path", ["1.1", "2.2", "2.1"]),  # 22/30 = 73,3 %
        ("80", "path", ["1.1", "1.2", "2.2", "2.1"]),  # 25/30, the fewest: group 4 needs two leaves for 3 points
        ("84", "path", ["3.1", "1.1", "1.2", "2.2", "2.1"]),  # 27/30
        ("100", "path", ["3.1", "1.1", "1.2", "4.1", "2.2", "4.2", "2.1"]),
        ("100.01", "unreachable", []),
    ],
)
def test_the_path_through_groups(target: str, status: str, codes: list[str]) -> None:
    found = path_to(document(TREE), gains(TREE), D(target))
    assert (found.status, [stop.code for stop in found.stops]) == (status, codes)
    assert found.highest == 100


def test_missing_leaves_come_first_and_count_0() -> None:
    rows = [
        ("1", None, LEVEL, "6", "1"),
        ("2", None, LEVEL, "3", None),
        ("3", None, LEVEL, "1", None),
    ]
    found = path_to(document(rows), gains(rows), D(80))
    assert (found.percent, found.missing) == (D(10), ("2", "3"))
    assert [stop.code for stop in found.stops] == ["2", "1"]
    told = list(lines(gains(rows), found))
    assert "Chỉ số tạm tính: 2 tiêu chí chưa có điểm, đang tính 0 điểm. Trước hết cần gửi:" in told


def test_nothing_that_applies_is_no_index() -> None:
    rows = [("1", None, LEVEL, "0", None)]
    found = path_to(document(rows), [], D(80))
    assert (found.status, found.percent) == ("unknown", None)
    assert "chưa tính được chỉ số" in "\n".join(lines([], found))


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("26", "đã đạt. Chỉ số hiện tại 26,67%, cao hơn mục tiêu 0,67 điểm phần trăm"),
        ("26.667", "chỉ số hiện tại 26,6667%, còn thiếu 0,0003 điểm phần trăm"),  # 26,666… must not look like reached
        ("101", "không đạt được. Chỉ số hiện tại 26,67%; đủ điểm ở mọi tiêu chí cũng chỉ được 100%"),
    ],
)
def test_the_path_is_told_honestly(target: str, sentence: str) -> None:
    assert sentence in "\n".join(lines([], path_to(document(TREE), gains(TREE), D(target))))


def test_the_target_itself_is_reached_and_not_exceeded() -> None:
    rows = [("1", None, LEVEL, "10", "8")]
    told = list(lines([], path_to(document(rows), gains(rows), D(80))))
    assert told[0] == "Mục tiêu 80%: đã đạt. Chỉ số hiện tại 80%, bằng mục tiêu."


@st.composite
def trees(draw: st.DrawFn) -> list[tuple[str, str | None, Method, str, str | None]]:
    """Up to three groups, one with a group inside, of every method; at most 9 leaves."""
    methods = st.sampled_from(
        [Method.SUM, Method.ALL_OF, Method.ANY_OF, Method.BEST_OF, Method.LOWEST_OF, Method.BONUS]
    )
    rows: list[tuple[str, str | None, Method, str, str | None]] = []

    def leaf(code: str, parent: str | None) -> None:
        limit = draw(st.integers(1, 6))
        has = draw(st.one_of(st.none(), st.integers(0, limit)))
        rows.append((code, parent, LEVEL, str(limit), None if has is None else str(has)))

    for place in range(draw(st.integers(1, 3))):
        group = str(place + 1)
        rows.append((group, None, draw(methods), str(draw(st.integers(2, 9))), None))
        for child in range(draw(st.integers(1, 3))):
            leaf(f"{group}.{child}", group)
    if draw(st.booleans()):
        rows.append(("1.9", "1", draw(methods.filter(lambda method: method is not Method.BONUS)), "5", None))
        leaf("1.9.1", "1.9")
        leaf("1.9.2", "1.9")
    rows.append(("9", None, LEVEL, "4", "1"))
    return rows


@settings(max_examples=200, deadline=None)
@given(rows=trees(), target=st.integers(1, 130))
def test_the_path_reaches_and_no_shorter_list_does(
    rows: list[tuple[str, str | None, Method, str, str | None]], target: int
) -> None:
    made, advice = document(rows), gains(rows)
    found = path_to(made, advice, D(target))
    open_ = {item.code: item.full for item in advice if item.gain}
    view = View(made)

    def percent(codes: Sequence[str]) -> Decimal:
        return summed(view, {code: open_[code] for code in codes}).percent or D(0)

    best = [max(percent(some) for some in itertools.combinations(open_, size)) for size in range(len(open_) + 1)]
    if found.status == "path":
        chosen = [stop.code for stop in found.stops]
        assert percent(chosen) == found.stops[-1].percent == best[len(chosen)] >= target
        assert all(index < target for index in best[: len(chosen)])
    elif found.status == "reached":
        assert best[0] >= target
    else:
        assert found.highest == best[-1] < target


# --- the examples ---


def assessed(folder: str, period: str) -> Assessment:
    example: FilePath = ROOT / "examples" / folder
    return cchc_xl.assess(example / "ke-hoach.xlsx", example / "don-vi", period=period)


def test_the_way_from_74_12_to_80() -> None:
    year = assessed("2020-ca-nam", "2020-N")
    advice = told_of(year.edition, year.consolidation, year.scorecard)
    assert [item.code for item in advice] == [node.criterion.code for node in year.edition.leaves]
    assert completed({"advice": json.loads(json.dumps(to_objects(advice)))}).advice == advice
    found = path_to(year.contents(), advice, D(80))
    # 3 points are missing in five leaves; two of them are enough for 5,88, and no single leaf has so many.
    assert (found.status, found.percent, len(found.stops)) == ("path", D("74.12"), 2)
    again = summed(View(year.contents()), {stop.code: stop.full for stop in found.stops})
    assert again.percent == found.stops[-1].percent == D("80.12")
    told = "\n".join(lines(advice, found, whole=True))
    for words in (
        "Bước tiếp theo: thêm 3 thủ tục “TTHC kiến nghị đơn giản hóa” (TTHC_DONGIAN từ 12 lên 15) → 10,34%: được 1,5 điểm",
        "Bước tiếp theo: bớt 1 nhiệm vụ “Nhiệm vụ giải quyết trễ hạn, quá hạn” (NV_TRE từ 1 xuống 0): được 2 điểm",
        "Rủi ro: bớt 17 thủ tục “TTHC đã rà soát” (TTHC_RASOAT từ 60 xuống 43) → 29,66%: còn 1,5 điểm (chỉ số mất 1,5 điểm phần trăm)",
        "Bước tiếp theo: Phòng Lao động – Việc làm – Bảo hiểm từ mức “Còn hồ sơ cập nhật chậm” lên mức “Đúng quy trình”: được 3 điểm (chỉ số tăng 1,5 điểm phần trăm)",
        "Mục tiêu 80%: chỉ số hiện tại 74,12%, còn thiếu 5,88 điểm phần trăm.",
    ):
        assert words in told


def test_a_provisional_quarter_asks_for_what_is_missing_first() -> None:
    quarter = assessed("2021-quy-1", "2021-Q1")
    advice = told_of(quarter.edition, quarter.consolidation, quarter.scorecard)
    found = path_to(quarter.contents(), advice, D(80))
    assert found.missing == tuple(
        item.node.criterion.code for item in quarter.scorecard.scores if item.status == "missing"
    )
    kinds = [stop.points is None for stop in found.stops]
    assert kinds == sorted(kinds, reverse=True)
    told = "\n".join(lines(advice, found, whole=True))
    assert "gửi số liệu còn thiếu “Nhiệm vụ giải quyết trễ hạn, quá hạn” (NV_TRE): có thể được đến 2 điểm" in told
    assert "Phòng Trẻ em và Bình đẳng giới gửi mức đạt còn thiếu: có thể được đến 4 điểm" in told
