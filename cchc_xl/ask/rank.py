"""Many agencies' results as one table of places: results come in; the ranking, its notes and its lines go out.

Places go by the index rounded to the declared decimals, because published ranks use the published figures: the real tie
85,42 = 85,42 shares a place, and the next one is skipped (1, 2, 2, 4). Some agencies are scored but not ranked
(subject.md §1.1). ``so sánh`` criteria are computed again over the group (`rank.leaders`); each agency's own index
stays beside the group's. A provisional result stands where its lower end puts it, with the places its interval allows.
The order in which the results are given makes no difference.

A ranking of unlike things is still made, but it says that they are unlike: periods, criteria tables, agencies twice.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

from cchc_xl.ask.leaders import Contender, Regraded, find_leaders, regrade
from cchc_xl.ask.ranking import ClassCount, GroupIndex, Leader, RankedAgency, Ranking, RelativeCriterion
from cchc_xl.result.comparison import Note, Published
from cchc_xl.result.contents import ZERO, Contents, ScoredCriterion
from cchc_xl.result.objects import to_object
from cchc_xl.result.view import View, summed
from cchc_xl.text.numbers import EXACT, points_text, rank_text, rounded, settled, vietnamese
from cchc_xl.text.words import key

Named = tuple[str, Contents]
_Viewed = tuple[str, View]

_MOST_CODES, _MOST_NAMES = 8, 3
_ABSENT = "không có"


def notes(
    results: Sequence[_Viewed], leaders: Iterable[Leader], *, unknown: Iterable[str], ranked: int
) -> tuple[Note, ...]:
    """Every note.

    ``unknown`` are names to exclude that no result bears; ``ranked`` is how many agencies have a place.
    """
    told = [("unknown_excluded", f"không có cơ quan nào tên là “{name}” để loại khỏi xếp hạng.") for name in unknown]
    told += _duplicates(results)
    told += _periods(results)
    told += _tables(results)
    told += _figures(results)
    told += _units(results, ranked)
    for leader in leaders:
        told += _leader_notes(leader)
    return tuple(Note(kind, message) for kind, message in told)


def _duplicates(results: Sequence[_Viewed]) -> Iterator[tuple[str, str]]:
    for agency, names in _grouped((name, view.contents.agency) for name, view in results):
        if len(names) > 1:
            yield "duplicate", f"{agency} có {len(names)} kết quả, mỗi kết quả chiếm một chỗ: hãy bỏ bớt."


def _periods(results: Sequence[_Viewed]) -> Iterator[tuple[str, str]]:
    periods = _grouped((name, view.contents.period) for name, view in results)
    if len(periods) > 1:
        told = "; ".join(f"{period} ({_some(names, _MOST_NAMES, 'cơ quan')})" for period, names in sorted(periods))
        yield "periods", f"các kết quả không cùng một kỳ: {told}."


def _tables(results: Sequence[_Viewed]) -> Iterator[tuple[str, str]]:
    """Where the criteria tables differ: in a criterion's being there, its name, maximum, method or target."""
    tables = [(name, view.by_code) for name, view in results]
    codes = list(dict.fromkeys(code for _, table in tables for code in table))
    for kind, title, shown in _ASPECTS:
        differing = []
        for code in codes:
            having = [(name, table.get(code)) for name, table in tables]
            groups = _grouped(
                (name, shown(item) if item else _ABSENT) for name, item in having if item or kind == "tables_criteria"
            )
            if len(groups) > 1:
                told = "; ".join(f"{value}: {_some(names, _MOST_NAMES, 'cơ quan')}" for value, names in groups)
                differing.append(f"{code} ({told})")
        if differing:
            yield kind, f"bộ chỉ số không giống nhau về {title}: {_some(differing, _MOST_CODES, 'tiêu chí')}."


def _target(item: ScoredCriterion) -> str:
    targets = [band.amount for band in item.rule.bands if key(band.level) == key("chỉ tiêu")]
    return points_text(targets[0]) if targets else _ABSENT


_ASPECTS: tuple[tuple[str, str, Callable[[ScoredCriterion], str]], ...] = (
    ("tables_criteria", "tiêu chí", lambda _: "có"),
    ("tables_name", "tên tiêu chí", lambda item: f"“{item.name}”"),
    ("tables_max", "điểm tối đa", lambda item: points_text(item.max)),
    ("tables_method", "cách chấm", lambda item: item.method or _ABSENT),
    ("tables_target", "chỉ tiêu", _target),
)


def _figures(results: Sequence[_Viewed]) -> Iterator[tuple[str, str]]:
    places = _grouped((name, str(view.places)) for name, view in results)
    if len(places) > 1:
        told = ", ".join(sorted(value for value, _ in places))
        yield (
            "places",
            f"các kế hoạch làm tròn khác nhau ({told} chữ số thập phân): xếp hạng theo số nhiều chữ số nhất.",
        )
    for name, view in results:
        stated, again = view.contents.index.percent, summed(view, {}).percent
        if stated is None:
            yield "no_index", f"{name} chưa có chỉ số nên không xếp hạng."
        elif again is not None and Decimal(rounded(again, view.places)) != stated:
            told = f"{points_text(again)}%, khác chỉ số đã ghi {points_text(stated)}%"
            yield "sums", f"{name}: cộng lại các tiêu chí được {told}; xếp hạng theo chỉ số đã ghi, hãy chạy lại."


def _units(results: Sequence[_Viewed], ranked: int) -> Iterator[tuple[str, str]]:
    """Whether last year's places were among as many agencies as today's."""
    stated = {
        settings.ranked_units
        for settings in (view.contents.settings for _, view in results)
        if settings.previous_rank is not None
    }
    other = sorted(count for count in stated if count not in (None, ranked))
    if other:
        told = ", ".join(map(str, other))
        yield (
            "ranked_units",
            f"năm trước xếp hạng {told} cơ quan, nay {ranked}: số bậc tăng, giảm không so sánh ngang được.",
        )


def _leader_notes(leader: Leader) -> Iterator[tuple[str, str]]:
    about = f"tiêu chí {leader.code}"
    if leader.waiting:
        who = _some(leader.waiting, _MOST_NAMES, "cơ quan")
        yield "leader_waiting", f"{about}: chưa có số liệu của {who}; số dẫn đầu và điểm của cả nhóm có thể còn đổi."
    if leader.leader is None:
        yield "leader_none", f"{about}: không cơ quan nào có số liệu lớn hơn 0 để dẫn đầu; giữ điểm của từng cơ quan."
        return
    if leader.count == 1:
        yield "leader_alone", f"{about}: chỉ {leader.holders[0]} có số liệu nên được so với chính mình."
    above = [value for value in leader.declared if value > leader.leader]
    if above:
        told = f"{points_text(above[-1])}, lớn hơn số lớn nhất trong nhóm ({points_text(leader.leader)})"
        yield "leader_below_declared", f"{about}: kế hoạch ghi dẫn đầu là {told}; có thể còn thiếu cơ quan dẫn đầu."


def _grouped(named: Iterable[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    """The names of the results by the text beside them, compared by match key; in order of first sight."""
    groups: dict[str, tuple[str, list[str]]] = {}
    for name, text in named:
        groups.setdefault(key(text), (text, []))[1].append(name)
    return list(groups.values())


def _some(texts: Sequence[str], most: int, what: str) -> str:
    rest = len(texts) - most
    return "; ".join(texts) if rest <= 0 else f"{'; '.join(texts[:most])} và {rest} {what} khác"


def lines(ranking: Ranking) -> Iterator[str]:
    """The table of places, then what is scored but not ranked, the classes, the leaders, and what to know."""
    rows, places = ranking.agencies, ranking.places
    ranked = [row for row in rows if row.rank is not None]
    yield f"Xếp hạng {len(ranked)} cơ quan theo chỉ số (làm tròn {places} chữ số thập phân):"
    for row in ranked:
        yield f"  {row.rank}. {row.name}: {'; '.join(_told(row, places))}"
    for title, items in (
        ("Chấm điểm nhưng không xếp hạng", [row for row in rows if row.rank is None and row.excluded]),
        ("Chưa xếp hạng được", [row for row in rows if row.rank is None and not row.excluded]),
    ):
        if items:
            yield f"{title}:"
        for row in items:
            yield f"  {row.name}: {'; '.join(_told(row, places))}"
    if ranking.classes:
        unsure = sum(row.class_ is None for row in ranked)
        counts = [f"{item.name} {item.count}" for item in ranking.classes]
        yield f"Xếp loại: {'; '.join([*counts, f'chưa xếp loại {unsure}'] if unsure else counts)}"
    for led in ranking.relative:
        if led.leader is not None:
            who = "; ".join(led.holders)
            yield f"Dẫn đầu tiêu chí {led.code} {led.name}: {points_text(led.leader)} ({who})"
    for note in ranking.notes:
        yield f"Lưu ý: {note.message}"


def _told(row: RankedAgency, places: int) -> Iterator[str]:
    index = row.index
    yield _index_words(index.percent, index.percent_if_missing_full, places, complete=index.complete)
    if _regraded(index):
        yield "chỉ số tự tính " + _index_words(
            index.own_percent, index.own_percent_if_missing_full, places, complete=index.complete
        )
    if row.tied:
        yield "đồng hạng"
    if row.certain is False:
        yield f"chưa chắc, có thể từ thứ {row.rank_best} đến thứ {row.rank_worst}"
    if row.class_ is not None:
        yield f"xếp loại {row.class_}"
    elif row.class_between and any(row.class_between):
        low, high = (name or "dưới mọi loại" for name in row.class_between)
        yield f"chưa xếp loại được ({low} đến {high})"
    if row.change is not None:
        yield f"{'tạm tính ' if row.certain is False else ''}{row.change} (năm trước thứ {row.previous_rank})"


def _regraded(index: GroupIndex) -> bool:
    """Whether the group's index is not the agency's own."""
    return (index.percent is not None and index.percent != index.own_percent) or (
        index.percent_if_missing_full is not None and index.percent_if_missing_full != index.own_percent_if_missing_full
    )


def _index_words(low: Decimal | None, high: Decimal | None, places: int, *, complete: bool) -> str:
    if low is None or high is None:
        return "chưa có chỉ số"
    if complete:
        return f"{vietnamese(low, places)}%"
    return f"tạm tính từ {vietnamese(low, places)}% đến {vietnamese(high, places)}%"


SCHEMA = "cchc_xl/ranking/1"


@dataclass(frozen=True, slots=True)
class _Entry:
    """A result with its label; ``name`` is the agency's, with the label where two results share it."""

    label: str
    view: View
    name: str
    excluded: bool


@dataclass(frozen=True, slots=True)
class _Span:
    """An index in percent: as it stands, with everything missing at its maximum, and the least it can fall to."""

    low: Published
    high: Published
    floor: Published


def rank(
    results: Sequence[Named],
    *,
    excluded: Collection[str] = (),
    classes: Sequence[tuple[str, Decimal]] = (),
) -> Ranking:
    """The ranking of (label, result) pairs.

    ``excluded`` names agencies, by match key, or labels: they are scored, listed last, have no rank and lead no
    ``so sánh`` criterion. ``classes`` are names with their lower limits in percent, included; the figure classed is the
    rounded one, and an agency whose interval spans two classes has none yet.

    Each of ``agencies`` has its ``index`` (``percent`` and ``percent_if_missing_full`` rounded half-up to ``places``;
    ``exact`` unrounded; ``own_percent`` as published alone), ``rank`` with the best and the worst place its interval
    and the others' allow, ``places_up`` against ``previous_rank`` (positive is better) and its ``relative`` criteria.
    Source: subject.md §1.1 and §1.6, design §6.
    """
    with localcontext(EXACT):
        entries = _entries(results, {key(name) for name in excluded})
        places = max((entry.view.places for entry in entries), default=2)
        contents = [entry.view.contents for entry in entries]
        leaders = find_leaders([Contender(entry.name, entry.view.contents, not entry.excluded) for entry in entries])
        regraded = [regrade(own, leaders) for own in contents]
        spans = [_span(entry.view, items, places) for entry, items in zip(entries, regraded, strict=True)]
        limits = sorted(classes, key=lambda item: -item[1])
        rows = []
        for number, entry in enumerate(entries):
            own, span = contents[number], spans[number]
            row = RankedAgency(
                previous_rank=own.settings.previous_rank,
                agency=own.agency,
                label=entry.label,
                name=entry.name,
                period=own.period,
                period_name=own.period_name,
                excluded=entry.excluded,
                index=_index(entry.view, regraded[number], span),
                class_=None,
                class_between=None,
                relative=tuple(_relative(entry.view, item) for item in regraded[number]),
            )
            others = [
                other
                for at, other in enumerate(spans)
                if other is not None and not entries[at].excluded and at != number
            ]
            rows.append(row if span is None else _classed(_placed(row, span, others), span, limits))
        return Ranking(
            schema=SCHEMA,
            places=places,
            agencies=tuple(sorted(rows, key=_order)),
            relative=tuple(leaders.values()),
            classes=tuple(_class_counts(rows, limits)),
            notes=notes(
                [(entry.name, entry.view) for entry in entries],
                leaders.values(),
                unknown=_unknown(excluded, results),
                ranked=sum(row.rank is not None for row in rows),
            ),
        )


def _entries(results: Sequence[Named], excluded: set[str]) -> list[_Entry]:
    shared = Counter(key(contents.agency) for _, contents in results)

    def name(label: str, contents: Contents) -> str:
        agency = contents.agency or label
        return f"{agency} [{label}]" if shared[key(contents.agency)] > 1 else agency

    entries = [
        _Entry(
            label, View(contents), name(label, contents), not excluded.isdisjoint({key(label), key(contents.agency)})
        )
        for label, contents in results
    ]
    alike = Counter(entry.name for entry in entries)

    def order(entry: _Entry) -> tuple[str, str, str]:
        whole = json.dumps(to_object(entry.view.contents), sort_keys=True) if alike[entry.name] > 1 else ""
        return key(entry.name), entry.name, whole

    return sorted(entries, key=order)


def _unknown(excluded: Collection[str], results: Sequence[Named]) -> list[str]:
    known = {key(text) for label, contents in results for text in (label, contents.agency)}
    return sorted(name for name in set(excluded) if key(name) not in known)


def _span(view: View, items: Sequence[Regraded], places: int) -> _Span | None:
    """The index in the group, rounded to the places that ranks go by; None where nothing applies."""
    missing = {
        item.code: max(item.max, ZERO) for item in view.leaves if item.final_points is None and item.applicable_max
    }
    points = {item.code: item.points for item in items if item.points is not None}
    lowest = {item.code: item.lowest for item in items if item.lowest is not None}
    index = view.contents.index
    low = _exact(view, index.percent, {}, points)
    high = _exact(view, index.percent_if_missing_full, missing, points)
    floor = _exact(view, index.percent, {}, lowest)
    if low is None or high is None or floor is None:
        return None
    return _Span(*(Published(Decimal(rounded(value, places))) for value in (low, high, floor)))


def _exact(
    view: View, stated: Published | None, leaves: dict[str, Decimal], regraded: dict[str, Decimal]
) -> Decimal | None:
    """The unrounded index with these leaves regraded; from the published one where the tree gives another."""
    if stated is None:
        return None
    before, after = summed(view, leaves).percent, summed(view, {**leaves, **regraded}).percent
    if before is None or after is None:
        return stated
    base = before if Decimal(rounded(before, view.places)) == stated else stated
    return settled(base + after - before)


def _placed(row: RankedAgency, own: _Span, others: Sequence[_Span]) -> RankedAgency:
    """The place among the ranked ones, and the best and worst that all intervals allow."""
    if row.excluded:
        return row
    place = 1 + sum(other.low > own.low for other in others)
    best = 1 + sum(other.floor > own.high for other in others)
    worst = 1 + sum(other.high > own.floor for other in others)
    return replace(
        row,
        rank=place,
        rank_best=best,
        rank_worst=worst,
        certain=best == worst,
        tied=any(other.low == own.low for other in others),
        places_up=None if row.previous_rank is None else row.previous_rank - place,
        change=rank_text(row.previous_rank, place),
    )


def _index(view: View, items: Sequence[Regraded], span: _Span | None) -> GroupIndex:
    own = view.contents.index
    points = {item.code: item.points for item in items if item.points is not None}
    return GroupIndex(
        percent=span.low if span else None,
        percent_if_missing_full=span.high if span else None,
        percent_at_least=span.floor if span else None,
        exact=_exact(view, own.percent, {}, points),
        complete=own.complete,
        own_percent=own.percent,
        own_percent_if_missing_full=own.percent_if_missing_full,
    )


def _classed(row: RankedAgency, span: _Span, limits: Sequence[tuple[str, Decimal]]) -> RankedAgency:
    """The class of the rounded figure; none yet where the interval spans two."""
    low, high = (next((name for name, limit in limits if end >= limit), None) for end in (span.floor, span.high))
    return replace(row, class_=low if low == high else None, class_between=(low, high))


def _class_counts(rows: Sequence[RankedAgency], limits: Sequence[tuple[str, Decimal]]) -> Iterator[ClassCount]:
    """How many ranked agencies each class has, highest class first."""
    counts = Counter(row.class_ for row in rows if row.rank is not None)
    return (ClassCount(name, limit, counts[name]) for name, limit in limits)


def _relative(view: View, regraded: Regraded) -> RelativeCriterion:
    item = view.by_code[regraded.code]
    return RelativeCriterion(
        code=item.code,
        name=item.name,
        max=item.max,
        value=regraded.value,
        target=regraded.target,
        own_points=item.final_points,
        group_points=regraded.points,
        kept=regraded.kept,
    )


def _order(row: RankedAgency) -> tuple[bool, bool, Decimal]:
    """Ranked ones first, then excluded ones, then those without an index; from high to low, by name as they come."""
    percent = row.index.percent
    return percent is None, row.excluded, ZERO if percent is None else -percent
