"""Two results side by side: two documents of ``result.json`` come in, what rose and what fell goes out.

By criterion, field and index. What is missing or did not arise on one side is never compared as 0, and a provisional
figure is shown as an interval.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from decimal import Decimal, localcontext

from cchc_xl.result.result_file import Document
from cchc_xl.result.view import summed
from cchc_xl.text.numbers import EXACT, change_text, changes, plain, points_text, rank_text, settled, verb, vietnamese
from cchc_xl.text.words import key

SCHEMA = "cchc_xl/comparison/1"
_ZERO = Decimal(0)
_INDEX = ("percent", "percent_if_missing_full", "complete", "points", "applicable_max")
_SAME_LENGTH = 7  # days by which the windows of two like periods may differ
_CHANGED = (
    ("name", "Cùng tên “{after[name]}” nhưng khác mã ({before[code]} và {after[code]}): không so sánh điểm"),
    ("code", "Cùng mã {after[code]} nhưng khác tên (“{before[name]}” và “{after[name]}”): không so sánh điểm"),
)


def compare(before: Document, after: Document) -> Document:
    r"""The comparison of two results as a JSON-ready object.

    ``criteria`` holds every criterion that both have, by code **and** name, in the order of ``after``; ``fields`` those
    of level 1 again; ``changed`` the pairs where only one of the two agrees; ``added`` and ``removed`` the rest.
    ``difference_points`` is in points, ``difference_percentage_points`` in điểm phần trăm,
    ``relative_change_percent`` in phần trăm of the former share (null where that is 0). All are ``after - before``,
    decimal strings, unrounded but for the index, which is compared as published; null unless both sides are complete.

    Source: design §6; the wording is the seed's ("giảm 02 bậc và giảm 0,8%", where 0,8 are percentage points).
    Raises ``KeyError`` for an object that is no result document.

    >>> def result(year, percent):
    ...     head = {"agency": "Sở A", "period": f"{year}-N", "period_name": f"Năm {year}"}
    ...     days = {"period_start": f"{year - 1}-12-15", "period_end": f"{year}-12-14"}
    ...     settings = {"year": year, "places": 2, "previous_rank": year - 2016, "ranked_units": 17}
    ...     index = {"points": percent, "applicable_max": "100", "percent": percent, "percent_if_missing_full": percent}
    ...     return {**head, **days, "settings": settings, "index": {**index, "complete": True}, "criteria": []}
    >>> print(*lines(compare(result(2019, "74.92"), result(2020, "74.12"))), sep="\n")
    So sánh: Sở A, Năm 2019 → Sở A, Năm 2020
    Chỉ số: 74,92% → 74,12%: giảm 0,80 điểm phần trăm (tương đương 1,07%)
    Xếp hạng: 3/17 (năm 2018) → 4/17 (năm 2019): giảm 01 bậc
    """
    with localcontext(EXACT):
        first, second = _by_identity(before), _by_identity(after)
        left = [item for name, item in first.items() if name not in second]
        right = [item for name, item in second.items() if name not in first]
        changed = _changed(left, right)
        criteria = [_compared(first[name], item) for name, item in second.items() if name in first]
        return {
            "schema": SCHEMA,
            "before": _heading(before),
            "after": _heading(after),
            "places": max(int(item["settings"]["places"]) for item in (before, after)),
            "index": _index(before["index"], after["index"]),
            "rank": _rank(before["settings"], after["settings"]),
            "fields": [item for item in criteria if item["level"] == 1],
            "criteria": criteria,
            "changed": changed,
            "added": _untold(right, (pair["after"]["code"] for pair in changed)),
            "removed": _untold(left, (pair["before"]["code"] for pair in changed)),
            "notes": list(_notes(before, after)),
        }


def lines(comparison: Document) -> Iterator[str]:
    """The comparison as lines an officer reads: index, rank, fields, criteria that moved, those without a partner."""
    places = comparison["places"]
    yield "So sánh: " + " → ".join(f"{side['agency']}, {side['period_name']}" for side in _both(comparison))
    yield f"Chỉ số: {_index_text(comparison['index'], places)}"
    rank = comparison["rank"]
    if rank["text"]:
        shown = [f"{side['rank']}/{side['of']}" if side["of"] else f"{side['rank']}" for side in _both(rank)]
        years = [f" (năm {side['year']})" if side["year"] else "" for side in _both(rank)]
        yield f"Xếp hạng: {shown[0]}{years[0]} → {shown[1]}{years[1]}: {rank['text']}"
    for title, items in (
        ("Lĩnh vực", comparison["fields"]),
        ("Tiêu chí", [item for item in comparison["criteria"] if item["level"] != 1]),
    ):
        yield from _listed(title, items, places)
    for item in comparison["changed"]:
        yield item["message"]
    for word, items in (("trước", comparison["removed"]), ("sau", comparison["added"])):
        for item in items:
            yield f"Chỉ có ở kết quả {word}: {item['code']} – {item['name']} (tối đa {points_text(item['max'])} điểm)"
    for note in comparison["notes"]:
        yield f"Lưu ý: {note['message']}"


def _by_identity(document: Document) -> dict[tuple[str, str], Document]:
    """The sides of the criteria by code and name; a group is open while a leaf below it still waits for points."""
    criteria = {item["code"]: item for item in document["criteria"]}
    waiting = [item for item in criteria.values() if item["final_points"] is None and Decimal(item["applicable_max"])]
    still_open: set[str] = set()
    for leaf in waiting:
        code: str | None = leaf["code"]
        while code is not None:
            still_open.add(code)
            code = criteria[code]["parent"]
    full = summed(document, {leaf["code"]: max(Decimal(leaf["max"]), _ZERO) for leaf in waiting}).points
    return {_identity(item): _side(item, still_open, full[item["code"]]) for item in document["criteria"]}


def _identity(item: Document) -> tuple[str, str]:
    return key(item["code"]), key(item["name"])


def _side(item: Document, still_open: Collection[str], full: Decimal) -> Document:
    points, most = item["final_points"], Decimal(item["applicable_max"])
    kept = ("code", "name", "level", "status", "method", "max", "applicable_max")
    return {
        **{name: item[name] for name in kept},
        "points": points,
        "points_if_missing_full": plain(full) if item["code"] in still_open else points,
        "complete": item["code"] not in still_open and points is not None,
        "share": plain(settled(Decimal(points) * 100 / most)) if points is not None and most else None,
    }


def _compared(before: Document, after: Document) -> Document:
    usable = all(side["complete"] and side["status"] != "not_applicable" for side in (before, after))
    shares = [Decimal(side["share"]) if usable and side["share"] else None for side in (before, after)]
    gap = settled(Decimal(after["points"]) - Decimal(before["points"])) if usable else None
    named = ("code", "name", "level")
    sides = [{name: value for name, value in side.items() if name not in named} for side in (before, after)]
    return {
        **{name: after[name] for name in named},
        "before": sides[0],
        "after": sides[1],
        "difference_points": None if gap is None else plain(gap),
        **changes(*shares),
    }


def _named(side: Document) -> Document:
    return {name: side[name] for name in ("code", "name", "level", "max", "points", "status")}


def _changed(left: list[Document], right: list[Document]) -> list[Document]:
    """Pairs with the same name under another code, or the same code with another name, each with its sentence."""
    told = []
    for field, sentence in _CHANGED:
        former, now = _unique(left, field), _unique(right, field)
        for same in (name for name in now if name in former):
            pair = {"before": _named(former[same]), "after": _named(now[same])}
            told.append({"kind": f"same_{field}", **pair, "message": sentence.format(**pair)})
    return told


def _unique(items: list[Document], field: str) -> dict[str, Document]:
    """The items by a text that only one of them has: a name used twice says nothing about which is which."""
    used = Counter(key(item[field]) for item in items)
    return {key(item[field]): item for item in items if used[key(item[field])] == 1}


def _untold(items: list[Document], codes: Iterable[str]) -> list[Document]:
    told = set(codes)
    return [_named(item) for item in items if item["code"] not in told]


def _heading(document: Document) -> Document:
    kept = ("agency", "period", "period_name", "period_start", "period_end")
    return {**{name: document[name] for name in kept}, "year": document["settings"]["year"]}


def _index(before: Document, after: Document) -> Document:
    """The index as published: a difference only of two complete ones, else the interval it must lie in."""
    sides = [{name: side[name] for name in _INDEX} for side in (before, after)]
    low, high = (
        [None if side[name] is None else Decimal(side[name]) for side in (before, after)] for name in _INDEX[:2]
    )
    complete = bool(before["complete"] and after["complete"])
    bounds = None
    if not complete and None not in (*low, *high):
        ends = changes(high[0], low[1]), changes(low[0], high[1])
        bounds = [end["difference_percentage_points"] for end in ends]
    return {
        "before": sides[0],
        "after": sides[1],
        **(changes(low[0], low[1]) if complete else changes(None, None)),
        "difference_interval": bounds,
    }


def _rank(before: Document, after: Document) -> Document:
    """The ranks that the two plans state for the year before theirs; one rank stated twice is no comparison."""
    sides = [
        {
            "rank": settings["previous_rank"],
            "of": settings["ranked_units"],
            "year": None if settings["year"] is None else settings["year"] - 1,
        }
        for settings in (before, after)
    ]
    was, now = sides[0]["rank"], sides[1]["rank"]
    if None in {was, now} or (sides[0] == sides[1] and sides[0]["year"] is not None):
        return {"before": sides[0], "after": sides[1], "places_up": None, "text": None}
    return {"before": sides[0], "after": sides[1], "places_up": was - now, "text": rank_text(was, now)}


def _notes(before: Document, after: Document) -> Iterator[Document]:
    if key(before["agency"]) != key(after["agency"]):
        yield _note("agencies", f"hai kết quả của hai cơ quan khác nhau: {before['agency']} và {after['agency']}.")
    if before["period"] == after["period"]:
        yield _note("same_period", f"hai kết quả cùng một kỳ ({after['period']}).")
    windows = [[date.fromisoformat(item[f"period_{end}"]) for end in ("start", "end")] for item in (before, after)]
    days = [(end - start).days + 1 for start, end in windows]
    if windows[0][1] > windows[1][1]:
        yield _note("order", f"kết quả đứng trước ({before['period']}) là kỳ sau của {after['period']}.")
    if abs(days[0] - days[1]) > _SAME_LENGTH:
        text = f"hai kỳ dài khác nhau ({days[0]} và {days[1]} ngày): số lượng trong kỳ không so sánh ngang được."
        yield _note("lengths", text)


def _note(kind: str, message: str) -> Document:
    return {"kind": kind, "message": message}


def _both(item: Document) -> tuple[Document, Document]:
    return item["before"], item["after"]


def _index_text(index: Document, places: int) -> str:
    shown = " → ".join(_index_side(side, places) for side in _both(index))
    gap = index["difference_percentage_points"]
    if gap is not None:
        return f"{shown}: {change_text(gap, index['relative_change_percent'], places)}"
    if index["difference_interval"] is None:
        return f"{shown}: chưa so sánh được"
    least, most = (change_text(end, None, places) for end in index["difference_interval"])
    return f"{shown}: chưa kết luận được, chênh lệch trong khoảng từ {least} đến {most}"


def _index_side(side: Document, places: int) -> str:
    if side["percent"] is None:
        return "chưa có"
    low, high = (vietnamese(Decimal(side[name]), places) for name in _INDEX[:2])
    return f"{low}%" if side["complete"] else f"tạm tính từ {low}% đến {high}%"


def _listed(title: str, items: list[Document], places: int) -> Iterator[str]:
    same = [item["code"] for item in items if _unchanged(item)]
    if items:
        yield f"{title}:"
    for item in items:
        if item["code"] not in same:
            shown = " → ".join(_side_text(side, places) for side in _both(item))
            yield f"  {item['code']} {item['name']}: {shown}{_moved(item, places)}{_reworked(item)}"
    if same:
        yield f"  Không thay đổi ({len(same)}): {', '.join(same)}"


def _unchanged(item: Document) -> bool:
    before, after = _both(item)
    same_table = all(before[name] == after[name] for name in ("max", "applicable_max", "method"))
    return same_table and item["difference_points"] == "0"


def _side_text(side: Document, places: int) -> str:
    if side["points"] is None:
        return "chưa có" if side["points_if_missing_full"] is not None else "không phát sinh"
    most = f"/{points_text(side['applicable_max'])}" if Decimal(side["applicable_max"]) else " điểm"
    if side["status"] == "not_applicable":
        return f"không phát sinh (tính {points_text(side['points'])}{most})"
    if not side["complete"]:
        return f"tạm tính từ {points_text(side['points'])} đến {points_text(side['points_if_missing_full'])}{most}"
    share = f" ({vietnamese(Decimal(side['share']), places)}%)" if side["share"] is not None else ""
    return f"{points_text(side['points'])}{most}{share}"


def _moved(item: Document, places: int) -> str:
    if item["difference_points"] is None:
        return ""
    gap = Decimal(item["difference_points"])
    points = f"{verb(gap)} {points_text(plain(abs(gap)))} điểm" if gap else "không thay đổi điểm"
    if item["difference_percentage_points"] is None:
        return f": {points}"
    share = change_text(item["difference_percentage_points"], item["relative_change_percent"], places)
    return f": {points}, {share}"


def _reworked(item: Document) -> str:
    """That the maximum or the way of scoring is not the same: then the points alone do not compare."""
    before, after = _both(item)
    told = []
    if before["max"] != after["max"]:
        told.append(f"điểm tối đa đổi từ {points_text(before['max'])} thành {points_text(after['max'])}")
    if before["method"] != after["method"]:
        told.append(f"cách chấm đổi từ “{before['method'] or 'chưa rõ'}” thành “{after['method'] or 'chưa rõ'}”")
    return f" ({'; '.join(told)})" if told else ""
