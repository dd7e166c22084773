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
from dataclasses import dataclass
from decimal import Decimal, localcontext

from cchc_xl.ask.leaders import Contender, Leader, Regraded, find_leaders, regrade
from cchc_xl.result.result_file import Document
from cchc_xl.result.view import summed
from cchc_xl.text.numbers import EXACT, plain, points_text, rank_text, rounded, settled, vietnamese
from cchc_xl.text.words import key

Named = tuple[str, Document]

_MOST_CODES, _MOST_NAMES = 8, 3
_ABSENT = "không có"


def notes(
    results: Sequence[Named], leaders: Iterable[Leader], *, unknown: Iterable[str], ranked: int
) -> list[Document]:
    """Every note as ``kind`` and ``message``.

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
    return [{"kind": kind, "message": message} for kind, message in told]


def _duplicates(results: Sequence[Named]) -> Iterator[tuple[str, str]]:
    for agency, names in _grouped(results, lambda document: str(document["agency"])):
        if len(names) > 1:
            yield "duplicate", f"{agency} có {len(names)} kết quả, mỗi kết quả chiếm một chỗ: hãy bỏ bớt."


def _periods(results: Sequence[Named]) -> Iterator[tuple[str, str]]:
    periods = _grouped(results, lambda document: str(document["period"]))
    if len(periods) > 1:
        told = "; ".join(f"{period} ({_some(names, _MOST_NAMES, 'cơ quan')})" for period, names in sorted(periods))
        yield "periods", f"các kết quả không cùng một kỳ: {told}."


def _tables(results: Sequence[Named]) -> Iterator[tuple[str, str]]:
    """Where the criteria tables differ: in a criterion's being there, its name, maximum, method or target."""
    tables = [(name, {item["code"]: item for item in document["criteria"]}) for name, document in results]
    codes = list(dict.fromkeys(code for _, table in tables for code in table))
    for kind, title, shown in _ASPECTS:
        differing = []
        for code in codes:
            having = [(name, table.get(code)) for name, table in tables]
            groups = _grouped([(name, item) for name, item in having if item or kind == "tables_criteria"], shown)
            if len(groups) > 1:
                told = "; ".join(f"{value}: {_some(names, _MOST_NAMES, 'cơ quan')}" for value, names in groups)
                differing.append(f"{code} ({told})")
        if differing:
            yield kind, f"bộ chỉ số không giống nhau về {title}: {_some(differing, _MOST_CODES, 'tiêu chí')}."


def _target(item: Document) -> str:
    targets = [band["amount"] for band in item["rule"]["bands"] if key(band["level"]) == key("chỉ tiêu")]
    return points_text(targets[0]) if targets else _ABSENT


_ASPECTS: tuple[tuple[str, str, Callable[[Document], str]], ...] = (
    ("tables_criteria", "tiêu chí", lambda item: "có" if item else _ABSENT),
    ("tables_name", "tên tiêu chí", lambda item: f"“{item['name']}”"),
    ("tables_max", "điểm tối đa", lambda item: points_text(item["max"])),
    ("tables_method", "cách chấm", lambda item: item["method"] or _ABSENT),
    ("tables_target", "chỉ tiêu", _target),
)


def _figures(results: Sequence[Named]) -> Iterator[tuple[str, str]]:
    places = _grouped(results, lambda document: str(document["settings"]["places"]))
    if len(places) > 1:
        told = ", ".join(sorted(value for value, _ in places))
        yield (
            "places",
            f"các kế hoạch làm tròn khác nhau ({told} chữ số thập phân): xếp hạng theo số nhiều chữ số nhất.",
        )
    for name, document in results:
        stated, again = document["index"]["percent"], summed(document, {}).percent
        if stated is None:
            yield "no_index", f"{name} chưa có chỉ số nên không xếp hạng."
        elif again is not None and Decimal(rounded(again, document["settings"]["places"])) != Decimal(stated):
            told = f"{points_text(again)}%, khác chỉ số đã ghi {points_text(stated)}%"
            yield "sums", f"{name}: cộng lại các tiêu chí được {told}; xếp hạng theo chỉ số đã ghi, hãy chạy lại."


def _units(results: Sequence[Named], ranked: int) -> Iterator[tuple[str, str]]:
    """Whether last year's places were among as many agencies as today's."""
    stated = {
        document["settings"]["ranked_units"]
        for _, document in results
        if document["settings"]["previous_rank"] is not None
    }
    other = sorted(stated - {None, ranked})
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
    if leader.value is None:
        yield "leader_none", f"{about}: không cơ quan nào có số liệu lớn hơn 0 để dẫn đầu; giữ điểm của từng cơ quan."
        return
    if leader.count == 1:
        yield "leader_alone", f"{about}: chỉ {leader.holders[0]} có số liệu nên được so với chính mình."
    above = [value for value in leader.declared if value > leader.value]
    if above:
        told = f"{points_text(above[-1])}, lớn hơn số lớn nhất trong nhóm ({points_text(leader.value)})"
        yield "leader_below_declared", f"{about}: kế hoạch ghi dẫn đầu là {told}; có thể còn thiếu cơ quan dẫn đầu."


def _grouped(
    results: Iterable[tuple[str, Document | None]], shown: Callable[[Document], str]
) -> list[tuple[str, list[str]]]:
    """The names of the results by what ``shown`` says of them, compared by match key; in order of first sight."""
    groups: dict[str, tuple[str, list[str]]] = {}
    for name, item in results:
        text = shown(item or {})
        groups.setdefault(key(text), (text, []))[1].append(name)
    return list(groups.values())


def _some(texts: Sequence[str], most: int, what: str) -> str:
    rest = len(texts) - most
    return "; ".join(texts) if rest <= 0 else f"{'; '.join(texts[:most])} và {rest} {what} khác"


def lines(ranking: Document) -> Iterator[str]:
    """The table of places, then what is scored but not ranked, the classes, the leaders, and what to know."""
    rows, places = ranking["agencies"], ranking["places"]
    ranked = [row for row in rows if row["rank"] is not None]
    yield f"Xếp hạng {len(ranked)} cơ quan theo chỉ số (làm tròn {places} chữ số thập phân):"
    for row in ranked:
        yield f"  {row['rank']}. {row['name']}: {'; '.join(_told(row, places))}"
    for title, items in (
        ("Chấm điểm nhưng không xếp hạng", [row for row in rows if row["rank"] is None and row["excluded"]]),
        ("Chưa xếp hạng được", [row for row in rows if row["rank"] is None and not row["excluded"]]),
    ):
        if items:
            yield f"{title}:"
        for row in items:
            yield f"  {row['name']}: {'; '.join(_told(row, places))}"
    if ranking["classes"]:
        unsure = sum(row["class"] is None for row in ranked)
        counts = [f"{item['name']} {item['count']}" for item in ranking["classes"]]
        yield f"Xếp loại: {'; '.join([*counts, f'chưa xếp loại {unsure}'] if unsure else counts)}"
    for item in ranking["relative"]:
        if item["leader"] is not None:
            who = "; ".join(item["holders"])
            yield f"Dẫn đầu tiêu chí {item['code']} {item['name']}: {points_text(item['leader'])} ({who})"
    for note in ranking["notes"]:
        yield f"Lưu ý: {note['message']}"


def _told(row: Document, places: int) -> Iterator[str]:
    index = row["index"]
    yield _index_words(index["percent"], index["percent_if_missing_full"], places, complete=index["complete"])
    if _regraded(index):
        own = _index_words(
            index["own_percent"], index["own_percent_if_missing_full"], places, complete=index["complete"]
        )
        yield f"chỉ số tự tính {own}"
    if row["tied"]:
        yield "đồng hạng"
    if row["certain"] is False:
        yield f"chưa chắc, có thể từ thứ {row['rank_best']} đến thứ {row['rank_worst']}"
    if row["class"] is not None:
        yield f"xếp loại {row['class']}"
    elif row["class_between"] and any(row["class_between"]):
        low, high = (name or "dưới mọi loại" for name in row["class_between"])
        yield f"chưa xếp loại được ({low} đến {high})"
    if row["change"] is not None:
        yield f"{'tạm tính ' if row['certain'] is False else ''}{row['change']} (năm trước thứ {row['previous_rank']})"


def _regraded(index: Document) -> bool:
    """Whether the group's index is not the agency's own."""
    return any(
        index[name] is not None and Decimal(index[name]) != Decimal(index[f"own_{name}"])
        for name in ("percent", "percent_if_missing_full")
    )


def _index_words(low: str | None, high: str | None, places: int, *, complete: bool) -> str:
    if low is None or high is None:
        return "chưa có chỉ số"
    if complete:
        return f"{vietnamese(Decimal(low), places)}%"
    return f"tạm tính từ {vietnamese(Decimal(low), places)}% đến {vietnamese(Decimal(high), places)}%"


SCHEMA = "cchc_xl/ranking/1"
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A result with its label; ``name`` is the agency's, with the label where two results share it."""

    label: str
    document: Document
    name: str
    excluded: bool


@dataclass(frozen=True, slots=True)
class _Span:
    """An index in percent: as it stands, with everything missing at its maximum, and the least it can fall to."""

    low: Decimal
    high: Decimal
    floor: Decimal


def rank(
    results: Sequence[tuple[str, Document]],
    *,
    excluded: Collection[str] = (),
    classes: Sequence[tuple[str, Decimal]] = (),
) -> Document:
    """The ranking of (label, result) pairs as a JSON-ready object.

    ``excluded`` names agencies, by match key, or labels: they are scored, listed last, have no rank and lead no
    ``so sánh`` criterion. ``classes`` are names with their lower limits in percent, included; the figure classed is the
    rounded one, and an agency whose interval spans two classes has none yet.

    Each of ``agencies`` has its ``index`` (``percent`` and ``percent_if_missing_full`` rounded half-up to ``places``;
    ``exact`` unrounded; ``own_percent`` as published alone), ``rank`` with the best and the worst place its interval
    and the others' allow, ``places_up`` against ``previous_rank`` (positive is better) and its ``relative`` criteria.

    Raises ``KeyError`` for an object that is no result document. Source: subject.md §1.1 and §1.6, design §6.

    >>> def result(agency, percent):
    ...     index = {"percent": percent, "percent_if_missing_full": percent, "complete": True}
    ...     settings = {"places": 2, "previous_rank": None, "ranked_units": None}
    ...     head = {"agency": agency, "period": "2020-N", "period_name": "Năm 2020"}
    ...     return (agency, {**head, "settings": settings, "index": index, "criteria": []})
    >>> table = rank([result("B", "85.42"), result("A", "85.42"), result("C", "90.00"), result("D", "70.00")])
    >>> [(row["rank"], row["agency"]) for row in table["agencies"]]
    [(1, 'C'), (2, 'A'), (2, 'B'), (4, 'D')]
    """
    with localcontext(EXACT):
        entries = _entries(results, {key(name) for name in excluded})
        places = max((int(entry.document["settings"]["places"]) for entry in entries), default=2)
        leaders = find_leaders([Contender(entry.name, entry.document, not entry.excluded) for entry in entries])
        regraded = [regrade(entry.document, leaders) for entry in entries]
        spans = [_span(entry.document, items, places) for entry, items in zip(entries, regraded, strict=True)]
        limits = sorted(classes, key=lambda item: -item[1])
        rows = [
            {
                **_place(number, entries, spans),
                "agency": entry.document["agency"],
                "label": entry.label,
                "name": entry.name,
                "period": entry.document["period"],
                "period_name": entry.document["period_name"],
                "excluded": entry.excluded,
                "index": _index(entry.document, regraded[number], spans[number], places),
                **_class(spans[number], limits),
                "relative": [_relative(entry.document, item) for item in regraded[number]],
            }
            for number, entry in enumerate(entries)
        ]
        return {
            "schema": SCHEMA,
            "places": places,
            "agencies": sorted(rows, key=_order),
            "relative": [_leader(leader) for leader in leaders.values()],
            "classes": _class_counts(rows, limits),
            "notes": notes(
                [(entry.name, entry.document) for entry in entries],
                leaders.values(),
                unknown=_unknown(excluded, results),
                ranked=sum(row["rank"] is not None for row in rows),
            ),
        }


def _entries(results: Sequence[tuple[str, Document]], excluded: set[str]) -> list[_Entry]:
    shared = Counter(key(document["agency"]) for _, document in results)

    def name(label: str, document: Document) -> str:
        agency = document["agency"] or label
        return f"{agency} [{label}]" if shared[key(document["agency"])] > 1 else str(agency)

    entries = [
        _Entry(label, document, name(label, document), not excluded.isdisjoint({key(label), key(document["agency"])}))
        for label, document in results
    ]
    alike = Counter(entry.name for entry in entries)

    def order(entry: _Entry) -> tuple[str, str, str]:
        whole = json.dumps(entry.document, sort_keys=True) if alike[entry.name] > 1 else ""
        return key(entry.name), entry.name, whole

    return sorted(entries, key=order)


def _unknown(excluded: Collection[str], results: Sequence[tuple[str, Document]]) -> list[str]:
    known = {key(text) for label, document in results for text in (label, document["agency"])}
    return sorted(name for name in set(excluded) if key(name) not in known)


def _span(document: Document, items: Sequence[Regraded], places: int) -> _Span | None:
    """The index in the group, rounded to the places that ranks go by; None where nothing applies."""
    missing = {
        item["code"]: max(Decimal(item["max"]), _ZERO)
        for item in document["criteria"]
        if item["status"] != "group" and item["final_points"] is None and Decimal(item["applicable_max"])
    }
    points = {item.code: item.points for item in items if item.points is not None}
    lowest = {item.code: item.lowest for item in items if item.lowest is not None}
    low = _exact(document, "percent", {}, points)
    high = _exact(document, "percent_if_missing_full", missing, points)
    floor = _exact(document, "percent", {}, lowest)
    if low is None or high is None or floor is None:
        return None
    return _Span(*(Decimal(rounded(value, places)) for value in (low, high, floor)))


def _exact(document: Document, which: str, leaves: dict[str, Decimal], regraded: dict[str, Decimal]) -> Decimal | None:
    """The unrounded index ``which`` with these leaves regraded; from the published one where the tree gives another."""
    stated, places = document["index"][which], int(document["settings"]["places"])
    if stated is None:
        return None
    before, after = summed(document, leaves).percent, summed(document, {**leaves, **regraded}).percent
    if before is None or after is None:
        return Decimal(stated)
    base = before if Decimal(rounded(before, places)) == Decimal(stated) else Decimal(stated)
    return settled(base + after - before)


def _place(number: int, entries: Sequence[_Entry], spans: Sequence[_Span | None]) -> Document:
    """The place of one result among the ranked ones, and the best and worst that all intervals allow."""
    own = spans[number]
    previous = entries[number].document["settings"]["previous_rank"]
    if own is None or entries[number].excluded:
        unplaced = ("rank", "rank_best", "rank_worst", "certain", "tied", "places_up", "change")
        return {**dict.fromkeys(unplaced), "previous_rank": previous}
    others = [
        span
        for at, (entry, span) in enumerate(zip(entries, spans, strict=True))
        if span is not None and not entry.excluded and at != number
    ]
    place = 1 + sum(other.low > own.low for other in others)
    best = 1 + sum(other.floor > own.high for other in others)
    worst = 1 + sum(other.high > own.floor for other in others)
    return {
        "rank": place,
        "rank_best": best,
        "rank_worst": worst,
        "certain": best == worst,
        "tied": any(other.low == own.low for other in others),
        "previous_rank": previous,
        "places_up": None if previous is None else previous - place,
        "change": rank_text(previous, place),
    }


def _index(document: Document, items: Sequence[Regraded], span: _Span | None, places: int) -> Document:
    own = document["index"]
    unrounded = _exact(document, "percent", {}, {item.code: item.points for item in items if item.points is not None})
    return {
        "percent": None if span is None else rounded(span.low, places),
        "percent_if_missing_full": None if span is None else rounded(span.high, places),
        "percent_at_least": None if span is None else rounded(span.floor, places),
        "exact": None if unrounded is None else plain(unrounded),
        "complete": own["complete"],
        "own_percent": own["percent"],
        "own_percent_if_missing_full": own["percent_if_missing_full"],
    }


def _class(span: _Span | None, limits: Sequence[tuple[str, Decimal]]) -> Document:
    """The class of the rounded figure; none yet where the interval spans two."""
    ends = [
        next((name for name, limit in limits if value >= limit), None)
        for value in (() if span is None else (span.floor, span.high))
    ]
    return {"class": ends[0] if ends and ends[0] == ends[1] else None, "class_between": ends or None}


def _class_counts(rows: Sequence[Document], limits: Sequence[tuple[str, Decimal]]) -> list[Document]:
    """How many ranked agencies each class has, highest class first."""
    counts = Counter(row["class"] for row in rows if row["rank"] is not None)
    return [{"name": name, "from": plain(limit), "count": counts[name]} for name, limit in limits]


def _relative(document: Document, regraded: Regraded) -> Document:
    item = next(item for item in document["criteria"] if item["code"] == regraded.code)
    return {
        "code": item["code"],
        "name": item["name"],
        "max": item["max"],
        "value": plain(regraded.value),
        "target": None if regraded.target is None else plain(regraded.target),
        "own_points": item["final_points"],
        "group_points": None if regraded.points is None else plain(regraded.points),
        "kept": regraded.kept,
    }


def _leader(leader: Leader) -> Document:
    return {
        "code": leader.code,
        "name": leader.name,
        "leader": None if leader.value is None else plain(leader.value),
        "holders": list(leader.holders),
        "waiting": list(leader.waiting),
        "declared": [plain(value) for value in leader.declared],
        "count": leader.count,
    }


def _order(row: Document) -> tuple[bool, bool, Decimal, str, str]:
    """Ranked ones first, then excluded ones, then those without an index; from high to low, then by name."""
    percent = row["index"]["percent"]
    figure = Decimal(0) if percent is None else -Decimal(percent)
    return percent is None, row["excluded"], figure, key(row["name"]), json.dumps(row, sort_keys=True)
