"""A ranking in words: the object that `rank` made comes in, the lines an officer reads go out."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from cchc_xl.result.result_file import Document
from cchc_xl.text.numbers import points_text, vietnamese


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
    yield _index(index["percent"], index["percent_if_missing_full"], places, complete=index["complete"])
    if _regraded(index):
        own = _index(index["own_percent"], index["own_percent_if_missing_full"], places, complete=index["complete"])
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


def _index(low: str | None, high: str | None, places: int, *, complete: bool) -> str:
    if low is None or high is None:
        return "chưa có chỉ số"
    if complete:
        return f"{vietnamese(Decimal(low), places)}%"
    return f"tạm tính từ {vietnamese(Decimal(low), places)}% đến {vietnamese(Decimal(high), places)}%"
