"""The charts of the report: rows of its tables come in, ``Chart`` records go out, or None where nothing can be drawn.

Every number of a chart also stands in a table of the report. What is unknown has no bar and is named so in its
category: a bar that is not there would be read as 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from cchc_xl.office.word.charts import Chart, Series
from cchc_xl.papers.criteria import FieldRow
from cchc_xl.records import State
from cchc_xl.result.contents import PublishedIndex
from cchc_xl.text.numbers import Value, number_vi, percent_vi, sentence, upper_first
from cchc_xl.text.printed import cell_format
from cchc_xl.text.prose import beginning
from cchc_xl.text.words import AWAY, MISSING, tidy

_DARK, _LIGHT, _HATCHED, _WHITE = 0, 1, 2, 4
_MOST_LETTERS = 90  # of a category: three lines beside the bars


def charts(
    fields: Sequence[FieldRow],
    index: PublishedIndex,
    period_text: str,
    previous: Mapping[str, Value],
    places: int = 2,
    index_name: str = "chỉ số",
) -> dict[str, Chart]:
    """All charts that can be drawn, by name: ``fields``, ``index``, ``changes``.

    ``places`` are the plan's decimals, ``index_name`` what it calls the index.
    """
    made = {
        "fields": fields_chart(fields, places),
        "index": index_chart(index, period_text, places, index_name),
        "changes": changes_chart(fields, previous, places),
    }
    return {name: chart for name, chart in made.items() if chart is not None}


def fields_chart(fields: Sequence[FieldRow], places: int = 2) -> Chart | None:
    """Points got against the maximum of every field; None where no field has points."""
    # A bonus and a deduction are no part of a maximum, and what is only followed has none.
    fields = [row for row in fields if isinstance(row.max, Decimal)]
    got = tuple(_known(row.points) for row in fields)
    if all(value is None for value in got):
        return None
    categories = tuple(_category(row, row.points) for row in fields)
    return Chart(
        title="Điểm đạt được so với điểm tối đa theo lĩnh vực",
        kind="bars",
        categories=categories,
        series=(
            Series("Điểm đạt được", got),
            Series("Điểm tối đa", tuple(None if _arose_not(row.points) else _known(row.max) for row in fields)),
        ),
        number_format=cell_format(places),
        description=_told(
            f"{name}: {number_vi(points, places)} trên {number_vi(row.max, places)} điểm"
            for name, points, row in zip(categories, got, fields, strict=True)
            if points is not None
        ),
    )


def index_chart(index: PublishedIndex, period_text: str, places: int = 2, index_name: str = "chỉ số") -> Chart | None:
    """The index of last year, of this period and the target; a provisional index shows both ends of its interval.

    ``period_text`` is the period inside a sentence ("năm 2020"). None where this period has no index, or nothing to set
    beside it.
    """
    if index.percent is None:
        return None
    named = {
        "Năm trước": index.previous,
        "Kỳ này" if index.complete else "Kỳ này (tạm tính)": index.percent,
        "Nếu đủ điểm các tiêu chí còn thiếu": None if index.complete else index.percent_if_missing_full,
        "Mục tiêu": index.target,
    }
    shown = {name: value for name, value in named.items() if value is not None}
    if len(shown) < 2:
        return None
    name = upper_first(index_name)
    fills = dict(zip(named, (_LIGHT, _DARK, _HATCHED, _WHITE), strict=True))
    return Chart(
        title=f"{name} {tidy(period_text)}",
        kind="columns",
        categories=tuple(shown),
        series=(Series(f"{name} (%)", tuple(shown.values())),),
        number_format=cell_format(places, '"%"'),
        description=_told(f"{name}: {percent_vi(value, places)}" for name, value in shown.items()),
        fills=tuple(fills[name] for name in shown),
    )


def changes_chart(fields: Sequence[FieldRow], previous: Mapping[str, Value], places: int = 2) -> Chart | None:
    """Percent of the maximum reached in every field, this period against last.

    ``previous`` is in percent by the field's code. None where fewer than two fields are known on both sides.
    """
    fields = [row for row in fields if isinstance(row.max, Decimal)]
    now = tuple(_known(row.percent) for row in fields)
    before = tuple(_known(previous.get(row.code)) for row in fields)
    both = sum(this is not None and last is not None for this, last in zip(now, before, strict=True))
    if not both or both < min(2, len(fields)):
        return None
    categories = tuple(_category(row, row.percent) for row in fields)
    return Chart(
        title="Tỷ lệ điểm đạt được theo lĩnh vực so với kỳ trước",
        kind="bars",
        categories=categories,
        series=(Series("Kỳ này", now), Series("Kỳ trước", before)),
        number_format=cell_format(places, '"%"'),
        description=_told(
            f"{name}: kỳ này {percent_vi(this, places)}, kỳ trước {percent_vi(last, places)}"
            for name, this, last in zip(categories, now, before, strict=True)
            if this is not None or last is not None
        ),
    )


def _known(value: Value) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _arose_not(value: Value) -> bool:
    return value == State.NOT_APPLICABLE.value


def _category(row: FieldRow, value: Value) -> str:
    """The field's number and name, shortened where it is longer than an axis can show, and why it has no bar."""
    name = beginning(f"{row.code}. {row.name}" if row.code else row.name, _MOST_LETTERS)
    if _arose_not(value):
        state = AWAY
    elif value is None:
        state = MISSING
    else:
        # The missing criteria of the field count 0 in its points.
        state = "tạm tính" if row.missing else ""
    # Words that belong together stay on one line.
    return name + (f" ({state})".replace(" ", "\u00a0") if state else "")


def _told(parts: Iterable[str]) -> str:
    return sentence("; ".join(parts))
