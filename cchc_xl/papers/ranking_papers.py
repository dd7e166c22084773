"""The papers about many agencies: their ranking and results come in, ``xep-hang.xlsx`` and the draft decision go out.

Contract: design §14. The points are those in the group: what is relative is graded among the agencies ranked together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from cchc_xl.office.excel.book import Book
from cchc_xl.office.word.fill import clean, filled, write
from cchc_xl.papers.columns import Column, write_table
from cchc_xl.papers.context import Context, head, kept_recipients, listed, year_of
from cchc_xl.records import Settings
from cchc_xl.result.contents import Contents, ScoredCriterion
from cchc_xl.result.objects import Object, to_object
from cchc_xl.result.ranking import NO_CLASS, NOT_CLASSED_YET, AgencyResult, RankedAgency, Ranking, between_classes
from cchc_xl.result.view import View
from cchc_xl.text.numbers import ELSEWHERE, count_vi, lower_first, number_vi, percent_vi
from cchc_xl.text.words import MISSING, key

NOT_SCORED = {"missing": "chưa có thư mục báo cáo", "failed": "chưa chấm được"}
_ACROSS = 8  # agencies on a page of the table of points
_MOST_ACROSS = 9  # criteria beside each other in a table of the decision
_MOST_FIRST = 5  # agencies that share the first place, named one by one
_LONGEST_SHEET = 31
_SHOWN = ("Mã", "Tiêu chí", "Tối đa")
_NO_SHEET_NAME = re.compile(r"[\\/:*?\[\]']")


@dataclass(frozen=True, slots=True)
class RankedGroup:
    """Agencies ranked together, and the result of each by the label that it has in the ranking."""

    ranking: Ranking
    results: Mapping[str, Contents]

    @property
    def criteria(self) -> tuple[ScoredCriterion, ...]:
        """Every criterion of any of the results, once, in the order of the first that has it."""
        found: dict[str, ScoredCriterion] = {}
        for contents in self.results.values():
            for item in contents.criteria:
                found.setdefault(item.code, item)
        return tuple(found.values())


# --- xep-hang.xlsx ---


def write_ranking(contents: Contents, groups: Sequence[RankedGroup], path: Path) -> None:
    """Writes the ranking of each group and, on a sheet for each, the points of every criterion of every agency."""
    view = View(contents)
    places = max((group.ranking.places for group in groups), default=view.places)
    title = f"Xếp hạng {view.index_name} – {contents.period_name}"
    with Book(path, title, places) as book:
        form = _Form(
            classes=any(group.ranking.classes for group in groups),
            changes=max((len(comparisons(group.ranking)) for group in groups), default=0),
        )
        sheet = book.sheet("Xếp hạng", (7, 44, 13, *[17] * form.classes, *[14, 18] * form.changes, 40))
        sheet.write_string(0, 0, title.upper(), book.look("title"))
        appraised, told = appraisal_told(groups)
        if told:
            sheet.write_string(1, 0, f"{told}.", book.look("bold"))
        row = 2
        for group in groups:
            row = _places(book, sheet, row, group, form, some=appraised) + 2
        _unscored(book, sheet, row, contents, form)
        names: set[str] = set()
        for group in groups:
            _points(book, _sheet_name(group.ranking.group, names), group)
        book.stamp((("kind", "xep-hang"), ("period", contents.period)))
        sheet.activate()


def appraisal_told(groups: Iterable[RankedGroup]) -> tuple[bool, str]:
    """Whether anything was appraised of all these agencies, and a sentence on what was not; '' where all was."""
    each = [View(contents).counts for group in groups for contents in group.results.values()]
    done, of = sum(counts.appraised for counts in each), sum(counts.to_appraise for counts in each)
    if not of or all(counts.fully_appraised for counts in each):
        return bool(done), ""
    what = f"mới thẩm định {done}/{of} tiêu chí của các cơ quan, đơn vị" if done else "chưa thẩm định"
    return bool(done), f"Kết quả chấm điểm {what}"


@dataclass(frozen=True, slots=True)
class PlacesBefore:
    """Places of before beside today's: of when they are, an agency's place then, and how it changed."""

    since: str
    then: Callable[[RankedAgency], int | None]
    moved: Callable[[RankedAgency], str | None]

    def place(self, row: RankedAgency) -> int | str:
        """Its place then, or a dash."""
        return self.then(row) or ELSEWHERE

    def change(self, row: RankedAgency) -> str:
        """How its place changed, or a dash."""
        return self.moved(row) or ELSEWHERE


def comparisons(ranking: Ranking) -> tuple[PlacesBefore, ...]:
    """With the year before, and with the period before this one, where any agency had a place then."""
    found = []
    if ranking.has_previous:
        found.append(PlacesBefore(ranking.since, lambda row: row.previous_rank, lambda row: row.change))
    if any(row.earlier_rank is not None for row in ranking.agencies):
        found.append(PlacesBefore(ranking.earlier, lambda row: row.earlier_rank, lambda row: row.earlier_change))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Form:
    """What the tables of the sheet have columns for: classes, and so many comparisons with before."""

    classes: bool
    changes: int


def _places(book: Book, sheet: Any, row: int, group: RankedGroup, form: _Form, *, some: bool) -> int:
    """The table of one group and what is said below it; returns the last row written.

    Where ``some`` was appraised, each agency has how far that has come. Columns that would stand empty are left out;
    another takes their room, so that the remarks of all groups stand below each other.
    """
    ranking, compared = group.ranking, comparisons(group.ranking)
    room = 1 + 2 * (form.changes - len(compared))

    def remarks(item: RankedAgency) -> str:
        own = group.results[item.label]
        appraised = (View(own).appraisal_text, _unexplained(own)) if some else ()
        return "; ".join(filter(None, (*_remarks(item, ranking), *appraised)))

    if ranking.group:
        sheet.write_string(row, 0, f"Nhóm: {ranking.group}", book.look("bold"))
        row += 1
    columns: list[Column[RankedAgency]] = [
        Column("Hạng", lambda item: item.rank, "centre"),
        Column("Cơ quan", lambda item: item.name),
        Column("Chỉ số (%)", lambda item: None if item.has_no_points else item.index.percent, "points"),
        *([Column("Xếp loại", ranking.class_of, "centre", span=room)] if form.classes else []),
    ]
    for one in compared:
        columns.append(Column(f"Hạng {lower_first(one.since)}", one.place, "centre"))
        columns.append(
            Column("Thay đổi" if len(compared) == 1 else f"So với {lower_first(one.since)}", one.change, "centre")
        )
    columns.append(Column("Ghi chú", remarks, span=1 if form.classes else room))
    last = write_table(book, sheet, row, columns, ranking.agencies)
    for text in below_table(ranking):
        last += 1
        book.merge(sheet, last, (0, sum(column.span for column in columns) - 1), text, "cell")
    return last


def _unexplained(own: Contents) -> str:
    """The criteria whose points a later round changed without a word why."""
    codes = [item.code for item in own.criteria if item.appraisal and _is_unexplained(item.appraisal.entered)]
    return f"điểm lần 2 khác lần 1, chưa ghi ý kiến: {'; '.join(codes)}" if codes else ""


def _is_unexplained(entered: Mapping[str, str | None]) -> bool:
    first, second = (entered.get(f"Điểm thẩm định lần {number}") for number in (1, 2))
    told = (entered.get(heading) for heading in ("Ý kiến lần 2", "Giải trình của đơn vị"))
    return bool(first and second) and first != second and not any(told)


def _unscored(book: Book, sheet: Any, row: int, contents: Contents, form: _Form) -> None:
    rows = [item for item in contents.agencies if item.status != "scored"]
    if not rows:
        return
    sheet.write_string(row, 0, "Chưa có kết quả", book.look("bold"))

    def why(item: AgencyResult) -> str:
        return NOT_SCORED[item.status] + (f": {item.reason}" if item.reason else "")

    columns: tuple[Column[AgencyResult], ...] = (
        Column("TT", lambda item: rows.index(item) + 1, "centre"),
        Column("Cơ quan", lambda item: item.name),
        Column("Nhóm", lambda item: item.group, span=1 + form.classes),
        Column("Lý do", why, span=1 + 2 * form.changes),
    )
    write_table(book, sheet, row + 1, columns, rows)


def _remarks(row: RankedAgency, ranking: Ranking) -> Iterator[str]:
    index, places = row.index, ranking.places
    if index.percent is None or row.has_no_points:
        yield "chưa có điểm ở tiêu chí nào, chưa xếp hạng" if row.has_no_points else "chưa có chỉ số"
        return
    if row.excluded:
        yield "chấm điểm nhưng không xếp hạng"
    if not index.complete:
        yield f"tạm tính, cao nhất có thể {percent_vi(index.percent_if_missing_full, places)}"
    if row.tied:
        yield "đồng hạng"
    if row.certain is False:
        yield f"có thể từ thứ {row.rank_best} đến thứ {row.rank_worst}"
    if row.class_ is None and any(row.class_between or ()):
        yield between_classes(row)
    if index.own_percent is not None and index.own_percent != index.percent:
        yield f"{percent_vi(index.own_percent, places)} khi chưa so sánh với cơ quan khác"


def below_table(ranking: Ranking) -> Iterator[str]:
    """What is said of a group below its table: how many have which class, and what to know before believing it."""
    if ranking.classes:
        counts = [
            f"{item.name} ({'dưới' if item.is_below else 'từ'} {percent_vi(item.limit)}): {item.count}"
            for item in ranking.told_classes
        ]
        unsure = sum(row.class_ is None for row in ranking.agencies if row.rank is not None) - ranking.below
        yield f"Xếp loại: {'; '.join([*counts, f'{lower_first(NOT_CLASSED_YET)}: {unsure}'] if unsure else counts)}."
    for note in ranking.notes:
        yield f"Lưu ý: {note.message}"


def _points(book: Book, name: str, group: RankedGroup) -> None:
    """Criteria by agency, from the first place on: so many agencies on a page, with the criteria on each."""
    rows = group.ranking.agencies
    sheet = book.sheet(name, (9, 40, 9, *[11.5] * len(rows)))
    sheet.fit_page = False
    sheet.set_print_scale(88)
    sheet.repeat_columns(0, 2)
    sheet.set_v_pagebreaks([3 + first for first in range(_ACROSS, len(rows), _ACROSS)])
    book.heading(sheet, 0, (*_SHOWN, *(row.name for row in rows)))
    sheet.freeze_panes(1, 3)
    standing: tuple[tuple[str, Callable[[RankedAgency], object], str], ...] = (
        ("Xếp hạng", lambda row: row.rank, "centre"),
        ("Chỉ số (%)", lambda row: row.index.percent, "index"),
    )
    for number, (text, show, look) in enumerate(standing, start=1):
        for column, value in enumerate(("", text, "", *map(show, rows))):
            book.write(sheet, number, column, value, "group" if column < len(_SHOWN) else look)
    status = {label: {item.code: item.status for item in one.criteria} for label, one in group.results.items()}
    for number, item in enumerate(group.criteria, start=3):
        is_group = item.status == "group"
        looks = ("group_code", "group", "group_points") if is_group else ("code", "cell", "points")
        for column, (value, look) in enumerate(zip((item.code, item.name, item.max), looks, strict=True)):
            book.write(sheet, number, column, value, look)
        for column, row in enumerate(rows, start=3):
            shown = _point(row.points.get(item.code), status[row.label].get(item.code))
            book.write(sheet, number, column, shown, looks[2] if isinstance(shown, Decimal) else "centre")


def _point(points: Decimal | None, status: str | None) -> Decimal | str:
    """Points, or in a word why there are none: not applicable, followed only, not in this agency's plan, missing."""
    if points is not None and status not in ("not_applicable", "followed"):
        return points
    return {"not_applicable": "KPS", "followed": ELSEWHERE, None: ELSEWHERE}.get(status, MISSING)


def _sheet_name(group: str, taken: set[str]) -> str:
    """A name for the sheet of a group's points that Excel allows, and no two the same."""
    base = _NO_SHEET_NAME.sub("-", f"Điểm – {group}" if group else "Điểm theo tiêu chí").strip()
    names = (
        base[:_LONGEST_SHEET] if number == 1 else f"{base[: _LONGEST_SHEET - 5]} ({number})" for number in range(1, 999)
    )
    name = next(one for one in names if key(one) not in taken)
    taken.add(key(name))
    return name


# --- xep-hang.docx ---


def render_ranking(contents: Contents, groups: Sequence[RankedGroup], template: Path, out: Path) -> None:
    """Writes the draft decision to publish the ranking. Raises ``TemplateError`` or ``OSError``."""
    context = ranking_context(contents, groups)
    write(filled(context, template, places=contents.settings.places, kind="dự thảo quyết định xếp hạng"), out)


def ranking_context(contents: Contents, groups: Sequence[RankedGroup]) -> Context:
    """What the template of the decision may name."""
    view, own, year = View(contents), to_object(contents.settings), year_of(contents)
    ordered = [(row, group) for group in groups for row in group.ranking.agencies]
    ranked = [row for row, _ in ordered if row.rank is not None]
    appraised, appraisal = appraisal_told(groups)
    cleaned: Context = clean(
        {
            **head("Quyết định", f"QĐ-{contents.settings.symbol}", year, own),
            "settings": own,
            "appraised": appraised,
            "appraisal_text": appraisal,
            "agency": contents.agency,
            "head": _head(contents.settings),
            "index_name": view.index_name,
            "period_text": lower_first(contents.period_name),
            "report_year": year,
            "compiling_unit": contents.settings.compiling_unit,
            "recipients": listed(_recipients(contents)),
            "ranked_count": len(ranked),
            "provisional": [row.name for row in ranked if not row.index.complete],
            "unscored": [
                *(item.name for item in contents.agencies if item.status != "scored"),
                *(row.name for row, _ in ordered if row.has_no_points),
            ],
            "groups": [_group(group) for group in groups],
            "many_groups": len(groups) > 1,
            "has_open": any(not row.index.complete for row in ranked),
            "annexes": [_annex(row, group, number) for number, (row, group) in enumerate(ordered, start=2)],
        }
    )
    return cleaned


def _recipients(contents: Contents) -> list[str]:
    """Of a decision: those that carry it out, then the plan's."""
    own = [text for text in kept_recipients(contents.settings) if not key(text).startswith(key("Như "))]
    return ["Như Điều 4", *(own or ["Lưu: VT"])]


def _head(settings: Settings) -> str:
    """Who decides: the post in whose place or in whose name is signed, of the agency."""
    authority, title = settings.signing_authority, settings.signing_title
    post = authority.partition(".")[2].strip() if key(authority).startswith(("kt", "q")) and "." in authority else title
    if key(authority).startswith("tm") or not post:
        return settings.agency
    return post if key(settings.agency) in key(post) else f"{post} {settings.agency}".strip()


def _group(group: RankedGroup) -> Object:
    ranking, places = group.ranking, group.ranking.places
    first = [row.name for row in ranking.agencies if row.rank == 1]
    best = next((row.index.percent for row in ranking.agencies if row.rank == 1), None)
    told = [(item.name, item.count) for item in ranking.told_classes]
    open_ = sum(row.rank is not None and ranking.class_of(row) == NOT_CLASSED_YET for row in ranking.agencies)
    rest = [(lower_first(name), count) for name, count in (*told, (NOT_CLASSED_YET, open_)) if name in NO_CLASS]
    named = [one for one in told if one[0] not in NO_CLASS]
    compared = comparisons(ranking)[:1]
    return {
        "name": ranking.group,
        "count": sum(row.rank is not None for row in ranking.agencies),
        "first": "; ".join(first[:_MOST_FIRST]) + (" và các cơ quan đồng hạng" if len(first) > _MOST_FIRST else ""),
        "best": percent_vi(best, places) if best is not None else "",
        "classes": _counted(named),
        "unclassed": _counted(rest),
        "has_classes": bool(ranking.classes),
        "compared": f"Hạng {lower_first(compared[0].since)}" if compared else "",
        "rows": [_row(row, ranking) for row in ranking.agencies],
        "notes": _group_notes(ranking),
        "details": list(_details(group)),
    }


def _counted(names: Iterable[tuple[str, int]]) -> str:
    return "; ".join(f"{name} {count_vi(count)}" for name, count in names if count)


def _class_told(name: str) -> str:
    return lower_first(name) if name in NO_CLASS else f"xếp loại {name}" if name else ""


def _group_notes(ranking: Ranking) -> list[str]:
    """Below the table: from where on an agency has which class."""
    told = ranking.told_classes
    named = ", ".join(f"{item.name} từ {percent_vi(item.limit)}" for item in told if not item.is_below)
    rest = "".join(f"; dưới {percent_vi(item.limit)} {_class_told(item.name)}" for item in told if item.is_below)
    return [f"Ghi chú: xếp loại {named}{rest}."] if told else []


def _details(group: RankedGroup) -> Iterator[Object]:
    """The points by the criteria at the top of the plan, as many of them in a table as a page has room for."""
    ranking, places = group.ranking, group.ranking.places
    views = {label: View(contents) for label, contents in group.results.items()}
    top = list({item.code: item for view in views.values() for item in view.top}.values())
    for first in range(0, len(top), _MOST_ACROSS):
        part = top[first : first + _MOST_ACROSS]
        yield {
            "names": [item.name for item in part],
            "most": [number_vi(item.max, places) for item in part],
            "rows": [
                {
                    "rank": _rank(row),
                    "name": row.name,
                    "percent": _percent_cell(row, places),
                    "points": [_points_vi(row.points.get(item.code), places) for item in part],
                }
                for row in ranking.agencies
            ],
        }


def _rank(row: RankedAgency) -> str:
    return ELSEWHERE if row.rank is None else str(row.rank)


def _points_vi(points: Decimal | None, places: int) -> str:
    return ELSEWHERE if points is None else number_vi(points, places)


def _percent_cell(row: RankedAgency, places: int) -> str:
    if row.index.percent is None or row.has_no_points:
        return ELSEWHERE
    return percent_vi(row.index.percent, places) + ("" if row.index.complete else " (*)")


def _row(row: RankedAgency, ranking: Ranking) -> Object:
    compared = comparisons(ranking)[:1]
    return {
        "rank": _rank(row),
        "name": row.name,
        "percent": _percent(row, ranking.places),
        "class": ranking.class_of(row),
        "class_told": _class_told(ranking.class_of(row)),
        "previous": str(compared[0].place(row)) if compared else "",
        "change": compared[0].change(row) if compared else "",
        "since": compared[0].since if compared else "",
    }


def _percent(row: RankedAgency, places: int) -> str:
    """The index, with its upper end while it is provisional."""
    index = row.index
    if index.percent is None or row.has_no_points:
        return MISSING
    shown = percent_vi(index.percent, places)
    return shown if index.complete else f"{shown} – {percent_vi(index.percent_if_missing_full, places)} (tạm tính)"


def _annex(row: RankedAgency, group: RankedGroup, number: int) -> Object:
    """The points of one agency by the criteria at the top of the plan, and their sum."""
    view = View(group.results[row.label])
    places = group.ranking.places
    rows = [
        {
            "code": item.code,
            "name": item.name,
            "max": number_vi(item.max, places),
            "points": _points_vi(row.points.get(item.code), places),
            "share": _share(row.points.get(item.code), item.applicable_max, places),
        }
        for item in view.top
    ]
    return {**_row(row, group.ranking), "number": roman(number), "group": group.ranking.group, "rows": rows}


def _share(points: Decimal | None, most: Decimal, places: int) -> str:
    return percent_vi(points * 100 / most, places) if points is not None and most > 0 else ELSEWHERE


_ROMAN = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL")),
    *((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)


def roman(number: int) -> str:
    """A whole number above 0 in Roman digits.

    >>> roman(4), roman(19), roman(176)
    ('IV', 'XIX', 'CLXXVI')
    """
    written = ""
    for value, digits in _ROMAN:
        written += digits * (number // value)
        number %= value
    return written
