"""Many agencies' results as one table of places: documents of ``result.json`` come in, the ranking goes out.

Places go by the index rounded to the declared decimals, because published ranks use the published figures: the real tie
85,42 = 85,42 shares a place, and the next one is skipped (1, 2, 2, 4). Some agencies are scored but not ranked
(subject.md §1.1). ``so sánh`` criteria are computed again over the group (`rank.leaders`); each agency's own index
stays beside the group's. A provisional result stands where its lower end puts it, with the places its interval allows.
The order in which the results are given makes no difference.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from cchc_xl.rank.leaders import Contender, Leader, Regraded, find_leaders, regrade
from cchc_xl.rank.notes import notes
from cchc_xl.rank.words import lines
from cchc_xl.result.result_file import Document
from cchc_xl.result.view import summed
from cchc_xl.text.numbers import EXACT, plain, rank_text, rounded, settled
from cchc_xl.text.words import key

__all__ = ("SCHEMA", "lines", "rank")

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
