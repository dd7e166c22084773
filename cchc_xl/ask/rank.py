"""Many agencies' results as one table of places: results come in; the ranking, its notes and its lines go out.

Places go by the index rounded to the declared decimals, because published ranks use the published figures: the real tie
85,42 = 85,42 shares a place, and the next one is skipped (1, 2, 2, 4). Some agencies are scored but not ranked
(subject.md §1.1). Only what is relative (``so sánh``, ``thứ hạng``, ``khoảng``) is computed again over the group
(`leaders`); each agency's own index stays beside the group's. A provisional result stands where its lower end puts
it, with the places its interval allows. The order in which the results are given makes no difference.

What is unlike among them, or keeps one from a place, is said beside it (`rank_notes`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

from cchc_xl.ask.compare import index_text
from cchc_xl.ask.leaders import Entry, Regraded, find_leaders, regrade
from cchc_xl.ask.rank_notes import about_places, about_results, some_agencies
from cchc_xl.plan.marking import ZERO
from cchc_xl.plan.methods import scoring
from cchc_xl.result.comparison import Note, Published
from cchc_xl.result.contents import Contents
from cchc_xl.result.objects import to_object
from cchc_xl.result.ranking import (
    ClassCount,
    EarlierPlaces,
    GroupIndex,
    Leader,
    RankedAgency,
    RankedGroups,
    Ranking,
    between_classes,
)
from cchc_xl.result.view import View, bare, summed
from cchc_xl.text.numbers import EXACT, lower_first, points_text, rank_text, rounded, settled
from cchc_xl.text.words import key

SCHEMA = "cchc_xl/ranking/1"
Named = tuple[str, Contents]

_PLANS_OWN = EarlierPlaces()


def lines(ranking: Ranking) -> Iterator[str]:
    """The table of places, then what is scored but not ranked, the classes, the leaders, and what to know.

    Of several groups that of each, with an empty line between them.
    """
    if isinstance(ranking, RankedGroups):
        for number, group in enumerate(ranking.groups):
            yield from ("",) if number else ()
            yield from lines(group)
        return
    rows, places = ranking.agencies, ranking.places
    ranked = [row for row in rows if row.rank is not None]
    of_group = f" nhóm {ranking.group}" if ranking.group else ""
    yield f"Xếp hạng {len(ranked)} cơ quan{of_group} theo chỉ số (làm tròn {places} chữ số thập phân):"
    for row in ranked:
        yield f"  {row.rank}. {row.name}: {'; '.join(_told(row, ranking))}"
    for title, excluded in (("Chấm điểm nhưng không xếp hạng", True), ("Chưa xếp hạng được", False)):
        items = [row for row in rows if row.rank is None and row.excluded == excluded]
        if items:
            yield f"{title}:"
        for row in items:
            yield f"  {row.name}: {'; '.join(_told(row, ranking))}"
    if ranking.classes:
        unsure = sum(row.class_ is None for row in ranked) - ranking.below
        counts = [f"{item.name} {item.count}" for item in ranking.told_classes]
        yield f"Xếp loại: {'; '.join([*counts, f'chưa xếp loại được {unsure}'] if unsure else counts)}"
    regraded = [told for led in ranking.relative if (told := _regraded_line(led))]
    if regraded:
        yield "Chấm lại khi xếp hạng (các tiêu chí khác giữ nguyên điểm):"
        yield from regraded
    for note in ranking.notes:
        yield f"Lưu ý: {note.message}"


def _regraded_line(led: Leader) -> str:
    """Which criterion was graded again, from what leader to what; '' where nobody leads."""
    if led.leader is None:
        return ""
    about = f"  {led.name} ({led.code}), {led.method or 'so sánh'}"
    who = f"{points_text(led.leader)} ({some_agencies(led.holders)})"
    if scoring(led.method).awaits_ranking:
        return f"{about}: giá trị từ {points_text(led.values[-1])} đến {who}"
    before = " hoặc ".join(points_text(value) for value in led.declared)
    return f"{about}: dẫn đầu là {who}" + (f", thay cho {before} của kế hoạch" if before else "")


def _told(row: RankedAgency, ranking: Ranking) -> Iterator[str]:
    index, places = row.index, ranking.places
    if row.has_no_points:
        yield "chưa có điểm"
        return
    ends, own = (index.percent, index.percent_if_missing_full), (index.own_percent, index.own_percent_if_missing_full)
    shown = [index_text(*pair, places, complete=index.complete) or "chưa có chỉ số" for pair in (ends, own)]
    yield shown[0]
    if any(end not in (None, alone) for end, alone in zip(ends, own, strict=True)):
        yield f"{shown[1]} khi chưa so sánh với cơ quan khác"
    if row.tied:
        yield "đồng hạng"
    if row.certain is False:
        yield f"chưa chắc, có thể từ thứ {row.rank_best} đến thứ {row.rank_worst}"
    if row.class_ is not None:
        yield f"xếp loại {row.class_}"
    elif row.class_between and any(row.class_between):
        yield between_classes(row)
    elif told := ranking.class_of(row):
        yield lower_first(told)
    provisional = "tạm tính " if row.certain is False else ""
    for change, before, when in (
        (row.change, row.previous_rank, ranking.since),
        (row.earlier_change, row.earlier_rank, ranking.earlier),
    ):
        if change is not None:
            yield f"{provisional}{change} ({lower_first(when)} thứ {before})" if before is not None else change


def rank(
    results: Sequence[Named],
    *,
    excluded: Collection[str] = (),
    classes: Sequence[tuple[str, Decimal]] = (),
    group: str = "",
    year_before: EarlierPlaces = _PLANS_OWN,
    period_before: EarlierPlaces | None = None,
) -> Ranking:
    """The ranking of (label, result) pairs, which are the ``group`` of that name.

    ``excluded`` names agencies, by match key, or labels: they are scored, listed last, have no rank, lead no
    ``so sánh`` criterion and take no place of a ``thứ hạng`` one. ``classes`` are names with their lower limits in
    percent, included; the figure classed is the rounded one, and an agency whose interval spans two classes has none.

    Each of ``agencies`` has its ``index`` (``percent`` and ``percent_if_missing_full`` rounded half-up to ``places``;
    ``exact`` unrounded; ``own_percent`` as published alone), ``rank`` with the best and the worst place its interval
    and the others' allow, ``places_up`` against ``previous_rank`` (positive is better) and its ``relative`` criteria.
    The place of the year before stands in the results; ``year_before`` says of when it is and of whom there is none.
    ``period_before`` has the places of the period before this one.
    Source: subject.md §1.1 and §1.6, design §6.
    """
    with localcontext(EXACT):
        entries = _entries(results, set(map(key, excluded)))
        places = max((entry.view.places for entry in entries), default=2)
        leaders = find_leaders(entries)
        rows = [_unplaced(entry, regrade(entry.view, leaders), places) for entry in entries]
        limits = sorted(classes, key=lambda item: -item[1])
        pointless = {entry.label for entry, row in zip(entries, rows, strict=True) if _has_no_points(entry.view, row)}
        known = [row for row in rows if row.label not in pointless]
        placed = [
            row if row.label in pointless else _placed(row, [other for other in known if other is not row], limits)
            for row in rows
        ]
        placed = [_moved(row, year_before, period_before) for row in placed]
        ranked = [row for row in placed if row.rank is not None]
        counts = Counter(row.class_ for row in ranked)
        notes = (
            *about_results(entries, leaders.values(), unknown=_strange(excluded, results), ranked=len(ranked)),
            *about_places(placed),
        )
        return Ranking(
            schema=SCHEMA,
            places=places,
            agencies=tuple(sorted(placed, key=_order)),
            relative=tuple(leaders.values()),
            classes=tuple(ClassCount(name, limit, counts[name]) for name, limit in limits),
            notes=tuple(Note(kind, message) for kind, message in notes),
            group=group,
            below=sum(row.class_between == (None, None) for row in ranked) if limits else 0,
            since=year_before.name,
            earlier=period_before.name if period_before else "",
        )


def _has_no_points(view: View, row: RankedAgency) -> bool:
    """Whether none of the criteria that can have points has any, in the group either."""
    asked = [item.code for item in view.contents.criteria if item.status in ("scored", "missing")]
    return bool(asked) and all(row.points.get(code) is None for code in asked)


def _moved(row: RankedAgency, year: EarlierPlaces, before: EarlierPlaces | None) -> RankedAgency:
    """The row with its change of place in words, or why there is none, against the year and the period before."""
    if row.rank is None:
        return row
    change = row.change or year.words.get(row.label)
    if before is None:
        return replace(row, change=change)
    place = before.ranks.get(row.label)
    moved = rank_text(place, row.rank) or before.words.get(row.label)
    return replace(row, change=change, earlier_rank=place, earlier_change=moved)


@dataclass(frozen=True, slots=True)
class Group:
    """What is ranked together: its name, its results, its classes, and how it was ranked before."""

    name: str
    results: Sequence[Named]
    classes: Sequence[tuple[str, Decimal]] = ()
    year_before: EarlierPlaces = _PLANS_OWN
    period_before: EarlierPlaces | None = None


def rank_groups(groups: Sequence[Group], *, excluded: Collection[str] = ()) -> tuple[Ranking, ...]:
    """The ranking of each group. A name that no group knows is told once."""
    strange = _strange(excluded, [named for one in groups for named in one.results])
    return tuple(
        rank(
            one.results,
            excluded=set(excluded).difference(_strange(excluded, one.results)).union(() if number else strange),
            classes=one.classes,
            group=one.name,
            year_before=one.year_before,
            period_before=one.period_before,
        )
        for number, one in enumerate(groups)
    )


def joined(rankings: Sequence[Ranking]) -> Ranking:
    """One ranking as it is; of several all of them, and everything of theirs in their order."""
    if len(rankings) == 1:
        return rankings[0]
    classes: dict[tuple[str, Decimal], int] = {}
    for item in (one for ranking in rankings for one in ranking.classes):
        classes[item.name, item.from_] = classes.get((item.name, item.from_), 0) + item.count
    return RankedGroups(
        schema=SCHEMA,
        places=max(ranking.places for ranking in rankings),
        agencies=tuple(row for ranking in rankings for row in ranking.agencies),
        relative=tuple(led for ranking in rankings for led in ranking.relative),
        classes=tuple(ClassCount(name, limit, count) for (name, limit), count in classes.items()),
        notes=tuple(note for ranking in rankings for note in ranking.notes),
        below=sum(ranking.below for ranking in rankings),
        groups=tuple(rankings),
    )


def _entries(results: Sequence[Named], excluded: set[str]) -> list[Entry]:
    """The results in an order that does not rest on the order they are given in."""
    shared = Counter(key(contents.agency) for _, contents in results)
    entries = []
    for label, contents in results:
        agency = contents.agency or label
        name = f"{agency} [{label}]" if shared[key(contents.agency)] > 1 else agency
        entries.append(Entry(label, View(contents), name, not excluded.isdisjoint({key(label), key(contents.agency)})))
    alike = Counter(entry.name for entry in entries)

    def order(entry: Entry) -> tuple[str, str, str]:
        whole = json.dumps(to_object(entry.view.contents), sort_keys=True) if alike[entry.name] > 1 else ""
        return key(entry.name), entry.name, whole

    return sorted(entries, key=order)


def _strange(excluded: Collection[str], results: Sequence[Named]) -> list[str]:
    """The names to exclude that no result bears, in their order."""
    known = {key(text) for label, contents in results for text in (label, contents.agency)}
    return sorted(name for name in set(excluded) if key(name) not in known)


def _unplaced(entry: Entry, regraded: Sequence[Regraded], places: int) -> RankedAgency:
    own = entry.view.contents
    return RankedAgency(
        previous_rank=own.settings.previous_rank,
        agency=own.agency,
        label=entry.label,
        name=entry.name,
        period=own.period,
        period_name=own.period_name,
        excluded=entry.excluded,
        index=_index(entry.view, regraded, places),
        relative=tuple(item.told for item in regraded),
        points=_points(entry.view, regraded),
    )


def _points(view: View, regraded: Sequence[Regraded]) -> dict[str, Decimal | None]:
    """The points of every criterion in the group; None of one that has none there."""
    known = {item.told.code: item.points for item in regraded if item.points is not None}
    shown = summed(view, known).points if known else {}
    own = {item.code: item.final_points for item in view.contents.criteria}
    moved = {item.code for code in known for item in (view.by_code[code], *view.above(view.by_code[code]))}
    return {code: shown[code] if code in moved else points for code, points in own.items()}


def _index(view: View, regraded: Sequence[Regraded], places: int) -> GroupIndex:
    """The index in the group: as it stands, with everything missing at its maximum, and the least it can fall to."""
    own = view.contents.index
    points = {item.told.code: item.points for item in regraded}
    waiting = [view.by_code[code] for code in view.at_full]
    open_ = [
        item for item in waiting if points.get(item.code) is None and bare(item) is None and not view.is_extra(item)
    ]
    low = _exact(view, own.percent, {}, points)
    high = _exact(view, own.percent_if_missing_full, view.at_full, {item.told.code: item.highest for item in regraded})
    floor = _exact(view, own.percent, {}, {item.told.code: item.lowest for item in regraded})
    return GroupIndex(
        percent=_published(low, places),
        percent_if_missing_full=_published(high, places),
        percent_at_least=_published(floor, places),
        exact=low,
        complete=own.complete or (bool(waiting) and not open_),
        own_percent=own.percent,
        own_percent_if_missing_full=own.percent_if_missing_full,
    )


def _published(percent: Decimal | None, places: int) -> Published | None:
    return None if percent is None else Published(Decimal(rounded(percent, places)))


def _exact(
    view: View, published: Published | None, leaves: Mapping[str, Decimal], regraded: Mapping[str, Decimal | None]
) -> Decimal | None:
    """The unrounded index with these leaves regraded; from the published one where the tree gives another."""
    if published is None:
        return None
    known = {code: points for code, points in regraded.items() if points is not None}
    before, after = summed(view, leaves).percent, summed(view, {**leaves, **known}).percent
    if before is None or after is None:
        return published
    base = before if Decimal(rounded(before, view.places)) == published else published
    return settled(base + after - before)


def _placed(row: RankedAgency, others: Sequence[RankedAgency], limits: Sequence[tuple[str, Decimal]]) -> RankedAgency:
    """The row with its place among the ranked ones, the best and worst that all intervals allow, and its class.

    The class is that of the rounded figure; there is none yet where the interval spans two.
    """
    ends = _ends(row.index)
    if ends is None:
        return row
    floor, low, high = ends
    # A class from 0 on has all that lies below the others, whatever deductions take off.
    between = tuple(next((name for name, limit in limits if max(end, ZERO) >= limit), None) for end in (floor, high))
    row = replace(row, class_=between[0] if between[0] == between[1] else None, class_between=between)
    if row.excluded:
        return row
    spans = [span for other in others if not other.excluded and (span := _ends(other.index))]
    place = 1 + sum(other > low for _, other, _ in spans)
    best = 1 + sum(other > high for other, _, _ in spans)
    worst = 1 + sum(other > floor for _, _, other in spans)
    return replace(
        row,
        rank=place,
        rank_best=best,
        rank_worst=worst,
        certain=best == worst,
        tied=any(other == low for _, other, _ in spans),
        places_up=None if row.previous_rank is None else row.previous_rank - place,
        change=rank_text(row.previous_rank, place),
    )


def _ends(index: GroupIndex) -> tuple[Decimal, Decimal, Decimal] | None:
    """The least that the index can fall to, how it stands, and the most it can come to."""
    floor, low, high = index.percent_at_least, index.percent, index.percent_if_missing_full
    return None if low is None or high is None or floor is None else (floor, low, high)


def _order(row: RankedAgency) -> tuple[bool, bool, Decimal]:
    """Ranked ones first, then excluded ones, then those without an index; from high to low, by name as they come."""
    percent = row.index.percent
    return percent is None or row.has_no_points, row.excluded, ZERO if percent is None else -percent
