"""What to know of a ranking before it is believed: entries and places come in, notes go out.

A ranking of unlike things is still made, but it says that they are unlike: periods, criteria tables, agencies twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal

from cchc_xl.ask.leaders import Entry, bands_of
from cchc_xl.plan.marking import stated
from cchc_xl.plan.methods import scoring
from cchc_xl.result.contents import ScoredCriterion
from cchc_xl.result.ranking import Leader, RankedAgency
from cchc_xl.result.view import summed
from cchc_xl.text.numbers import points_text, rounded, vietnamese
from cchc_xl.text.prose import first_of
from cchc_xl.text.words import key

_MOST_CODES, _MOST_NAMES = 8, 3
_ABSENT = "không có"


def about_results(
    entries: Sequence[Entry], leaders: Iterable[Leader], *, unknown: Iterable[str], ranked: int
) -> Iterator[tuple[str, str]]:
    """Where the results are unlike, each with its kind.

    ``unknown`` are names to exclude that no result bears; ``ranked`` is how many agencies have a place.
    """
    for name in unknown:
        yield "unknown_excluded", f"không có cơ quan nào tên là “{name}” để loại khỏi xếp hạng."
    for agency, names in _grouped((entry.name, entry.view.contents.agency) for entry in entries):
        if len(names) > 1:
            yield "duplicate", f"{agency} có {len(names)} kết quả, mỗi kết quả chiếm một chỗ: hãy bỏ bớt."
    periods = _grouped((entry.name, entry.view.contents.period) for entry in entries)
    if len(periods) > 1:
        told = "; ".join(f"{period} ({some_agencies(names)})" for period, names in sorted(periods))
        yield "periods", f"các kết quả không cùng một kỳ: {told}."
    yield from _tables(entries)
    yield from _figures(entries)
    yield from _units(entries, ranked)
    for leader in leaders:
        yield from _leader_notes(leader)


def _tables(entries: Sequence[Entry]) -> Iterator[tuple[str, str]]:
    """Where the criteria tables differ: in a criterion's being there, its name, maximum, method or target."""
    tables = [(entry.name, entry.view.by_code) for entry in entries]
    codes = list(dict.fromkeys(code for _, table in tables for code in table))
    for kind, title, shown in _ASPECTS:
        differing = []
        for code in codes:
            having = [(name, table.get(code)) for name, table in tables]
            groups = _grouped(
                (name, shown(item) if item else _ABSENT) for name, item in having if item or kind == "tables_criteria"
            )
            if len(groups) > 1:
                differing.append(f"{code} ({'; '.join(f'{value}: {some_agencies(names)}' for value, names in groups)})")
        if differing:
            yield kind, f"bộ chỉ số không giống nhau về {title}: {first_of(differing, _MOST_CODES, 'tiêu chí')}."


def _target(item: ScoredCriterion) -> str:
    target = stated(bands_of(item), "chỉ tiêu")
    return _ABSENT if target is None else vietnamese(target)


_ASPECTS: tuple[tuple[str, str, Callable[[ScoredCriterion], str]], ...] = (
    ("tables_criteria", "tiêu chí", lambda _: "có"),
    ("tables_name", "tên tiêu chí", lambda item: f"“{item.name}”"),
    ("tables_max", "điểm tối đa", lambda item: vietnamese(item.max)),
    ("tables_method", "cách chấm", lambda item: item.method or _ABSENT),
    ("tables_target", "chỉ tiêu", _target),
)


def _figures(entries: Sequence[Entry]) -> Iterator[tuple[str, str]]:
    places = sorted({str(entry.view.places) for entry in entries})
    if len(places) > 1:
        told = f"({', '.join(places)} chữ số thập phân)"
        yield "places", f"các kế hoạch làm tròn khác nhau {told}: xếp hạng theo số nhiều chữ số nhất."
    for name, view in ((entry.name, entry.view) for entry in entries):
        published, again = view.contents.index.percent, summed(view, {}).percent
        if published is None:
            yield "no_index", f"{name} chưa có chỉ số nên không xếp hạng."
        elif again is not None and Decimal(rounded(again, view.places)) != published:
            told = f"{points_text(again, 4)}%, khác chỉ số đã ghi {points_text(published, 4)}%"
            yield "sums", f"{name}: cộng lại các tiêu chí được {told}; xếp hạng theo chỉ số đã ghi, hãy chạy lại."


def _units(entries: Sequence[Entry], ranked: int) -> Iterator[tuple[str, str]]:
    """Whether last year's places were among as many agencies as today's."""
    each = [entry.view.contents.settings for entry in entries]
    before = {own.ranked_units for own in each if own.previous_rank is not None}
    other = sorted(count for count in before if count not in (None, ranked))
    if other:
        told = f"năm trước xếp hạng {', '.join(map(str, other))} cơ quan, nay {ranked}"
        yield "ranked_units", f"{told}: số bậc tăng, giảm không so sánh ngang được."


def _leader_notes(leader: Leader) -> Iterator[tuple[str, str]]:
    about = f"tiêu chí “{leader.name}” ({leader.code})"
    if leader.waiting:
        who = some_agencies(leader.waiting)
        yield "leader_waiting", f"{about}: chưa có số liệu của {who}; số dẫn đầu và điểm của cả nhóm có thể còn đổi."
    if leader.leader is None:
        what = "số liệu" if scoring(leader.method).awaits_ranking else "số liệu lớn hơn 0 để dẫn đầu"
        yield "leader_none", f"{about}: không cơ quan nào có {what}; giữ điểm của từng cơ quan."
        return
    if leader.count == 1:
        yield "leader_alone", f"{about}: chỉ {leader.holders[0]} có số liệu nên được so với chính mình."
    above = [value for value in leader.declared if value > leader.leader]
    if above:
        told = f"{points_text(above[-1], 4)}, lớn hơn số lớn nhất trong nhóm ({points_text(leader.leader, 4)})"
        yield "leader_below_declared", f"{about}: kế hoạch ghi dẫn đầu là {told}; có thể còn thiếu cơ quan dẫn đầu."


def about_places(rows: Sequence[RankedAgency]) -> Iterator[tuple[str, str]]:
    """What keeps agencies from points or from a place, each with its kind."""
    yield from _without_row(rows)
    yield from _without_points(rows)


def _without_row(rows: Iterable[RankedAgency]) -> Iterator[tuple[str, str]]:
    """Places of a ``thứ hạng`` criterion that no row of the plan names."""
    for about, names in _grouped(
        (row.name, f"tiêu chí “{item.name}” ({item.code})")
        for row in rows
        for item in row.relative
        if item.kept == "no_row"
    ):
        who = some_agencies(sorted(names, key=key))
        yield "no_row", f"{about}: “Thang điểm” không có dòng cho thứ hạng của {who} nên chưa có điểm."


def _without_points(rows: Iterable[RankedAgency]) -> Iterator[tuple[str, str]]:
    names = sorted((row.name for row in rows if row.has_no_points), key=key)
    if names:
        yield "no_points", f"{some_agencies(names)} chưa có điểm ở tiêu chí nào nên không xếp hạng."


def _grouped(named: Iterable[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    """The names of the results by the text beside them, compared by match key; in order of first sight."""
    groups: dict[str, tuple[str, list[str]]] = {}
    for name, text in named:
        groups.setdefault(key(text), (text, []))[1].append(name)
    return list(groups.values())


def some_agencies(names: Sequence[str]) -> str:
    """The first of the names, and how many more there are."""
    return first_of(names, _MOST_NAMES, "cơ quan")
