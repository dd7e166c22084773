"""Two results side by side: two results come in, what rose and what fell goes out.

By criterion, field and index. What is missing or did not arise on one side is never compared as 0, and a provisional
figure is shown as an interval.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal, localcontext

from cchc_xl.plan.marking import ZERO
from cchc_xl.plan.methods import scoring
from cchc_xl.records import Settings
from cchc_xl.result.comparison import (
    Comparison,
    CriterionChange,
    CriterionSide,
    Heading,
    IndexChange,
    IndexSide,
    Note,
    RankChange,
    RankSide,
    Renamed,
    Unpaired,
)
from cchc_xl.result.contents import Contents, PublishedIndex, ScoredCriterion
from cchc_xl.result.view import View, identity, summed
from cchc_xl.text.numbers import EXACT, change_text, percent_vi, points_text, rank_text, settled, verb
from cchc_xl.text.words import AWAY, FOLLOWED, MISSING, key

SCHEMA = "cchc_xl/comparison/1"
_SAME_LENGTH = 7  # days by which the windows of two like periods may differ
_CHANGED = (  # what agrees, and where that stands in the identity of a criterion
    ("same_name", 1, "Cùng tên “{after.name}” nhưng khác mã ({before.code} và {after.code}): không so sánh điểm"),
    ("same_code", 0, "Cùng mã {after.code} nhưng khác tên (“{before.name}” và “{after.name}”): không so sánh điểm"),
)
_Side = tuple[ScoredCriterion, CriterionSide]


def changes(before: Decimal | None, after: Decimal | None) -> tuple[Decimal | None, Decimal | None]:
    """How far a percentage moved: in percentage points, and in percent of what it was, both unrounded.

    None where a side is unknown, or relative to 0.

    >>> [str(change) for change in changes(Decimal("74.92"), Decimal("74.12"))]
    ['-0.80', '-1.06780565936999466097170315003']
    >>> changes(Decimal(0), Decimal(5)), changes(None, Decimal(5))
    ((Decimal('5'), None), (None, None))
    """
    if before is None or after is None:
        return None, None
    with localcontext(EXACT):
        gap = after - before
        return settled(gap), settled(gap * 100 / abs(before)) if before else None


def compare(before: Contents, after: Contents) -> Comparison:
    """The comparison of two results.

    ``criteria`` holds every criterion that both have, by code **and** name, in the order of ``after``; ``fields`` those
    of level 1 again; ``changed`` the pairs where only one of the two agrees; ``added`` and ``removed`` the rest.
    ``difference_points`` is in points, ``difference_percentage_points`` in điểm phần trăm,
    ``relative_change_percent`` in phần trăm of the former share (None where that is 0). All are ``after - before``,
    unrounded but for the index, which is compared as published; None unless both sides are complete.

    Source: design §6; the wording is the seed's ("giảm 02 bậc và giảm 0,8%", where 0,8 are percentage points).
    """
    with localcontext(EXACT):
        first, second = _by_identity(before), _by_identity(after)
        left = [item for name, (item, _) in first.items() if name not in second]
        right = [item for name, (item, _) in second.items() if name not in first]
        changed = tuple(_changed(left, right))
        criteria = tuple(_compared(first[name][1], *now) for name, now in second.items() if name in first)
        return Comparison(
            schema=SCHEMA,
            before=_heading(before),
            after=_heading(after),
            places=max(before.settings.places, after.settings.places),
            index=_index(before.index, after.index),
            rank=_rank(before.settings, after.settings),
            fields=tuple(item for item in criteria if item.level == 1),
            criteria=criteria,
            changed=changed,
            added=_untold(right, {pair.after.code for pair in changed}),
            removed=_untold(left, {pair.before.code for pair in changed}),
            notes=tuple(_notes(before, after)),
        )


def lines(comparison: Comparison, *, whole: bool = True) -> Iterator[str]:
    """The comparison as lines an officer reads: index, rank, fields, criteria that moved, those without a partner.

    Unless it is wanted ``whole``, index, rank and what moved most.
    """
    places, sides = comparison.places, (comparison.before, comparison.after)
    yield f"So sánh: {' → '.join(f'{side.agency}, {side.period_name}' for side in sides)}"
    yield f"Chỉ số: {_index_text(comparison.index, places)}"
    rank = comparison.rank
    if rank.text and key(comparison.before.agency) == key(comparison.after.agency):
        yield f"Xếp hạng: {_rank_side(rank.before)} → {_rank_side(rank.after)}: {rank.text}"
    if not whole:
        yield from _most_moved(comparison, places)
        yield from (f"Lưu ý: {note.message}" for note in comparison.notes)
        yield "Từng lĩnh vực, tiêu chí: thêm --day-du."
        return
    yield from _listed("Lĩnh vực", comparison.fields, places)
    yield from _listed("Tiêu chí", [item for item in comparison.criteria if item.level != 1], places)
    for pair in comparison.changed:
        yield pair.message
    for word, alone in (("trước", comparison.removed), ("sau", comparison.added)):
        for one in alone:
            yield f"Chỉ có ở kết quả {word}: {one.code} – {one.name} (tối đa {points_text(one.max, places)} điểm)"
    for note in comparison.notes:
        yield f"Lưu ý: {note.message}"


_MOST_MOVED = 5  # criteria of each kind in the short answer


def _most_moved(comparison: Comparison, places: int) -> Iterator[str]:
    """How many criteria rose, fell, stayed, cannot be compared; of those that moved the farthest."""
    sides = ((item.code, side.method) for item in comparison.criteria for side in (item.before, item.after))
    groups = {code for code, method in sides if method and scoring(method).is_sum}
    leaves = [item for item in comparison.criteria if item.code not in groups]
    moved = [(item.difference_points, item) for item in leaves if item.difference_points]
    for word, sign in (("tăng", 1), ("giảm", -1)):
        own = sorted((one for one in moved if one[0] * sign > 0), key=lambda one: -abs(one[0]))
        if own:
            yield f"{word.capitalize()} điểm ({len(own)} tiêu chí):"
        for _, item in own[:_MOST_MOVED]:
            shown = " → ".join(_side_text(side, places) for side in (item.before, item.after))
            yield f"  {item.code} {item.name}: {shown}"
        if len(own) > _MOST_MOVED:
            yield f"  … và {len(own) - _MOST_MOVED} tiêu chí khác"
    same = sum(item.difference_points == 0 for item in leaves)
    unknown = sum(item.difference_points is None for item in leaves)
    told = [f"không thay đổi {same}"] if same else []
    told += [f"chưa so sánh được {unknown}"] if unknown else []
    told += [f"chỉ có ở một kết quả {len(alone)}"] if (alone := (*comparison.added, *comparison.removed)) else []
    if told:
        yield f"Còn lại: {', '.join(told)} tiêu chí."


def _by_identity(contents: Contents) -> dict[tuple[str, str], _Side]:
    """The criteria by code and name; a group is open while a leaf below it that waits can change its points."""
    view = View(contents)
    still_open = {*view.waiting, *view.at_full}
    full = summed(view, view.at_full).points
    return {
        identity(item): (item, _side(item, full[item.code] if item.code in still_open else None))
        for item in contents.criteria
    }


def _side(item: ScoredCriterion, full: Decimal | None) -> CriterionSide:
    """``full`` are the points that an open criterion can still have."""
    points, most = item.final_points, item.applicable_max
    return CriterionSide(
        status=item.status,
        method=item.method,
        max=item.max,
        applicable_max=most,
        points=points,
        points_if_missing_full=points if full is None else full,
        complete=full is None and points is not None,
        share=settled(points * 100 / most) if points is not None and most > 0 else None,
    )


def _compared(before: CriterionSide, item: ScoredCriterion, after: CriterionSide) -> CriterionChange:
    usable = all(side.complete and side.status != "not_applicable" for side in (before, after))
    points = settled((after.points or ZERO) - (before.points or ZERO)) if usable else None
    moved = changes(before.share, after.share) if usable else (None, None)
    return CriterionChange(item.code, item.name, item.level, before, after, points, *moved)


def _unpaired(item: ScoredCriterion) -> Unpaired:
    return Unpaired(item.code, item.name, item.level, item.max, item.final_points, item.status)


def _changed(left: list[ScoredCriterion], right: list[ScoredCriterion]) -> Iterator[Renamed]:
    """Pairs with the same name under another code, or the same code with another name, each with its sentence."""
    for kind, part, sentence in _CHANGED:
        former, now = _unique(left, part), _unique(right, part)
        for same in (name for name in now if name in former):
            before, after = _unpaired(former[same]), _unpaired(now[same])
            yield Renamed(kind, before, after, sentence.format(before=before, after=after))


def _unique(items: list[ScoredCriterion], part: int) -> dict[str, ScoredCriterion]:
    """The items by a text that only one of them has: a name used twice says nothing about which is which."""
    named = [(identity(item)[part], item) for item in items]
    used = Counter(name for name, _ in named)
    return {name: item for name, item in named if used[name] == 1}


def _untold(items: list[ScoredCriterion], told: set[str]) -> tuple[Unpaired, ...]:
    return tuple(_unpaired(item) for item in items if item.code not in told)


def _heading(of: Contents) -> Heading:
    return Heading(of.agency, of.period, of.period_name, of.period_start, of.period_end, of.settings.year)


def _index(before: PublishedIndex, after: PublishedIndex) -> IndexChange:
    """The index as published: a difference only of two complete ones, else the interval it must lie in."""
    first, second = (
        IndexSide(side.percent, side.percent_if_missing_full, side.complete, side.points, side.applicable_max)
        for side in (before, after)
    )
    if before.complete and after.complete:
        return IndexChange(first, second, *changes(first.percent, second.percent), None)
    least, _ = changes(first.percent_if_missing_full, second.percent)
    most, _ = changes(first.percent, second.percent_if_missing_full)
    return IndexChange(first, second, None, None, None if least is None or most is None else (least, most))


def _rank(before: Settings, after: Settings) -> RankChange:
    """The ranks that the two plans state for the year before theirs; one rank stated twice is no comparison."""
    first, second = (
        RankSide(stated.previous_rank, stated.ranked_units, None if stated.year is None else stated.year - 1)
        for stated in (before, after)
    )
    if first.rank is None or second.rank is None or (first == second and first.year is not None):
        return RankChange(first, second, None, None)
    return RankChange(first, second, first.rank - second.rank, rank_text(first.rank, second.rank))


def _notes(before: Contents, after: Contents) -> Iterator[Note]:
    if key(before.agency) != key(after.agency):
        yield Note("agencies", f"hai kết quả của hai cơ quan khác nhau: {before.agency} và {after.agency}.")
    if before.period == after.period:
        yield Note("same_period", f"hai kết quả cùng một kỳ ({after.period}).")
    days = [(item.period_end - item.period_start).days + 1 for item in (before, after)]
    if before.period_end > after.period_end:
        yield Note("order", f"kết quả đứng trước ({before.period}) là kỳ sau của {after.period}.")
    if abs(days[0] - days[1]) > _SAME_LENGTH:
        text = f"hai kỳ dài khác nhau ({days[0]} và {days[1]} ngày): số lượng trong kỳ không so sánh ngang được."
        yield Note("lengths", text)


def _rank_side(side: RankSide) -> str:
    among, year = f"/{side.of}" if side.of else "", f" (năm {side.year})" if side.year else ""
    return f"{side.rank}{among}{year}"


def _index_text(index: IndexChange, places: int) -> str:
    shown = " → ".join(
        index_text(side.percent, side.percent_if_missing_full, places, complete=side.complete) or MISSING
        for side in (index.before, index.after)
    )
    gap = index.difference_percentage_points
    if gap is not None:
        return f"{shown}: {change_text(gap, index.relative_change_percent, places)}"
    if index.difference_interval is None:
        return f"{shown}: chưa so sánh được"
    least, most = (change_text(end, None, places) for end in index.difference_interval)
    return f"{shown}: chưa kết luận được, chênh lệch trong khoảng từ {least} đến {most}"


def index_text(low: Decimal | None, high: Decimal | None, places: int, *, complete: bool) -> str | None:
    """An index, a provisional one as the interval it lies in; None where there is none.

    >>> index_text(Decimal(70), Decimal(90), 2, complete=False), index_text(Decimal(70), Decimal(70), 1, complete=True)
    ('tạm tính từ 70% đến 90%', '70%')
    """
    if low is None or high is None:
        return None
    shown = percent_vi(low, places)
    return shown if complete else f"tạm tính từ {shown} đến {percent_vi(high, places)}"


def _listed(title: str, items: Sequence[CriterionChange], places: int) -> Iterator[str]:
    same = []
    if items:
        yield f"{title}:"
    for item in items:
        reworked = _reworked(item)
        if item.difference_points == 0 and not reworked and item.before.applicable_max == item.after.applicable_max:
            same.append(item.code)
            continue
        shown = " → ".join(_side_text(side, places) for side in (item.before, item.after))
        yield f"  {item.code} {item.name}: {shown}{_moved(item, places)}{reworked}"
    if same:
        yield f"  Không thay đổi ({len(same)}): {', '.join(same)}"


def _side_text(side: CriterionSide, places: int) -> str:
    full = side.points_if_missing_full
    if side.status == "followed":
        return FOLLOWED
    if side.points is None or full is None:
        return MISSING if full is not None else AWAY
    most = f"/{points_text(side.applicable_max, places)}" if side.applicable_max > 0 else " điểm"
    if side.status == "not_applicable":
        return f"{AWAY} (tính {points_text(side.points, places)}{most})"
    if not side.complete:
        return f"tạm tính từ {points_text(side.points, places)} đến {points_text(full, places)}{most}"
    share = f" ({percent_vi(side.share, places)})" if side.share is not None else ""
    return f"{points_text(side.points, places)}{most}{share}"


def _moved(item: CriterionChange, places: int) -> str:
    if item.difference_points is None:
        return ""
    gap = item.difference_points
    points = f"{verb(gap)} {points_text(abs(gap), places)} điểm" if gap else "không thay đổi điểm"
    if item.difference_percentage_points is None:
        return f": {points}"
    share = change_text(item.difference_percentage_points, item.relative_change_percent, places)
    return f": {points}, {share}"


def _reworked(item: CriterionChange) -> str:
    """That the maximum or the way of scoring is not the same: then the points alone do not compare."""
    before, after = item.before, item.after
    told = []
    if before.max != after.max:
        told.append(f"điểm tối đa đổi từ {points_text(before.max)} thành {points_text(after.max)}")
    if before.method != after.method:
        told.append(f"cách chấm đổi từ “{before.method or 'chưa rõ'}” thành “{after.method or 'chưa rõ'}”")
    return f" ({'; '.join(told)})" if told else ""
