"""What to know before believing a ranking: the results and the leaders come in, notes go out.

A ranking of unlike things is still made, but it says that they are unlike: periods, criteria tables, agencies twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal

from cchc_xl.rank.leaders import Leader
from cchc_xl.result.result_file import Document
from cchc_xl.result.view import summed
from cchc_xl.text.numbers import points_text, rounded
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
        told += _leader(leader)
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


def _leader(leader: Leader) -> Iterator[tuple[str, str]]:
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
