"""The cell of a figure: what stands in it and the figure's kind come in; its value goes out, and what belongs there.

One rule for the units' forms and for what the Office enters in their place, told once; as is what belongs in the cell
of points that a person gives.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from cchc_xl.office.excel.tables import shown
from cchc_xl.plan.edition import typed_bounds
from cchc_xl.plan.marking import frame_words, mark_frame
from cchc_xl.records import ErrorValue, FigureEntry, Kind, Measure, Node, State, Uncalculated, Value
from cchc_xl.text.days import date_vi, day_number
from cchc_xl.text.numbers import (
    is_percent_format,
    is_too_large,
    plain,
    read_stored,
    read_text,
    scales,
    shortest,
    vietnamese,
)
from cchc_xl.text.words import AWAY, hides_in_a_number, is_not_applicable, read_date, tidy

_PROMPTS = {
    Kind.INTEGER: "Nhập số nguyên không âm, ví dụ 1480",
    Kind.MONEY: "Nhập số đồng, không có số lẻ, ví dụ 640905000",
    Kind.DECIMAL: "Nhập số, ví dụ 12,5",
    Kind.PERCENT: "Nhập số phần trăm, ví dụ 82,5 (nghĩa là 82,5%)",
}
OTHER_HINTS = {Kind.DATE: "Nhập ngày/tháng/năm, ví dụ 31/12/2021", Kind.TEXT: "Gõ nội dung bằng chữ"}


def figure_hint(measure: Measure) -> str:
    """What to type in a figure's cell, also where there is nothing to count.

    >>> from cchc_xl.records import CellRef
    >>> figure_hint(Measure("A", "Hồ sơ", "hồ sơ", Kind.INTEGER, "tổng", (), (), CellRef("p.xlsx")))
    'Nhập số nguyên không âm, ví dụ 1480; không có việc nào: ghi 0; không phát sinh: ghi “không phát sinh”.'
    """
    prompt = _PROMPTS.get(measure.kind)
    if prompt is None:
        return f"{OTHER_HINTS[measure.kind]}; không phát sinh: ghi “{AWAY}”."
    return f"{prompt}; không có việc nào: ghi 0; không phát sinh: ghi “{AWAY}”."


def figure_called(measure: Measure) -> str:
    """A figure by its name and unit of measure, as a finding names it.

    >>> from cchc_xl.records import CellRef
    >>> figure_called(Measure("A", "Hồ sơ trễ hạn", "hồ sơ", Kind.INTEGER, "tổng", (), (), CellRef("p.xlsx")))
    '“Hồ sơ trễ hạn” (hồ sơ)'
    """
    return f"“{measure.name}”" + (f" ({measure.unit_name})" if measure.unit_name else "")


def figure_check(measure: Measure, cell: str) -> dict[str, Any] | None:
    """The check of a value cell: a number of the figure's kind, or the words "không phát sinh"."""
    prompt = _PROMPTS.get(measure.kind)
    if prompt is None:
        return None
    number = {
        Kind.DECIMAL: f"ISNUMBER({cell})",
        Kind.PERCENT: f"AND(ISNUMBER({cell}),N({cell})>=0)",
    }.get(measure.kind, f"AND(ISNUMBER({cell}),N({cell})>=0,N({cell})=INT(N({cell})))")
    return {
        "validate": "custom",
        "value": f'=OR({number},LOWER(TRIM({cell}))="{AWAY}")',
        "input_title": cut(measure.unit_name or "Giá trị", 32),
        "input_message": cut(f"{prompt}, hoặc “{AWAY}”."),
        "error_title": "Giá trị chưa đúng",
        "error_message": cut(f"{prompt}, hoặc “{AWAY}”."),
    }


def points_check(node: Node, called: str, more: str) -> dict[str, Any]:
    """The check of a cell of points: within what the criterion's rule allows; ``more`` ends what is said of it."""
    bands = typed_bounds(node)
    low, high = mark_frame(bands, node.max_score)
    frame = frame_words(bands, node.max_score)
    return {
        "validate": "decimal",
        "criteria": "between",
        "minimum": float(low),
        "maximum": float(high),
        "input_title": called,
        "input_message": cut(f"Nhập số {frame}{more}"),
        "error_title": "Điểm chưa đúng",
        "error_message": cut(f"{called} là số {frame}."),
    }


def cut(text: str, limit: int = 255) -> str:
    """As much of the text as Excel allows: 255 characters in a message, 32 in a title.

    >>> cut("Nhập số nguyên", 8)
    'Nhập số…'
    """
    return text if len(text) <= limit else text[: limit - 1] + "…"


@dataclass(frozen=True, slots=True)
class Typed:
    """A cell by its declared kind; ``problem`` is the code of the finding that keeps it from being a value."""

    state: State
    value: Decimal | None = None
    text: str = ""
    problem: str | None = None
    notes: tuple[str, ...] = ()

    def quoted(self, note: str) -> str:
        """What a note quotes of the cell: of a percentage that can hardly be meant, what it is taken for.

        >>> [typed(value, Kind.PERCENT, "").quoted(note) for value, note in ((0.5, "D213"), (7412, "D212"))]
        ['0,5', '7.412%']
        """
        if note not in ("D212", "D213") or self.value is None:
            return self.text
        return vietnamese(self.value) + "%" * (note == "D212")


def typed(value: Value, kind: Kind, number_format: str, named: str = "") -> Typed:
    """A stored value by the declared kind of its figure. Missing, zero and not applicable stay apart.

    ``named`` is the figure's name and unit of measure: words behind a number that stand in it say what is counted.

    >>> typed("không phát sinh", Kind.INTEGER, "").state, typed(None, Kind.MONEY, "").state
    (<State.NOT_APPLICABLE: 'not_applicable'>, <State.MISSING: 'missing'>)
    >>> typed(0.0, Kind.INTEGER, "").value
    Decimal('0')
    """
    match value:
        case None:
            return Typed(State.MISSING)
        case ErrorValue() | Uncalculated() | bool():
            return Typed(
                State.ERROR, text=shown(value), problem=no_text(value) if kind is Kind.TEXT else _no_number(value)
            )
        case datetime() | date():
            return _typed_date(value, kind)
        case str():
            return _typed_text(value, kind, named)
    if not math.isfinite(value):
        return Typed(State.ERROR, text=str(value), problem="D101")
    text = shown(value)
    if kind is Kind.DATE:
        return Typed(State.ERROR, text=text, problem="D113")
    if kind is Kind.TEXT:
        return Typed(State.KNOWN, text=text)
    if scales(number_format):
        return Typed(State.ERROR, text=with_format(value, number_format), problem="D108")
    percent = is_percent_format(number_format)
    reading = read_stored(value, kind, percent_format=percent)
    if reading.value is None:
        told = f"{plain(shortest(value) * 100)}%" if percent else vietnamese(shortest(value))
        return Typed(State.ERROR, text=told, problem=reading.problem)
    return _plausible(Typed(State.KNOWN, reading.value, text), kind, is_share=not percent)


def typed_figure(measure: Measure, value: Value, number_format: str) -> Typed:
    """What stands in the cell of a figure, by its kind, its name and its unit of measure."""
    return typed(value, measure.kind, number_format, f"{measure.unit_name} {measure.name}")


def says_same(one: Typed | FigureEntry, other: Typed | FigureEntry) -> bool:
    """Whether both are one figure: "1.480 hồ sơ" and 1480 are, 0 and "không phát sinh" are not.

    >>> said = [typed(value, Kind.INTEGER, "") for value in ("1.480 hồ sơ", 1480, 0, "không phát sinh")]
    >>> says_same(*said[:2]), says_same(*said[2:])
    (True, False)
    """
    by_text = one.value is None and one.state is not State.NOT_APPLICABLE
    return (one.state, one.value) == (other.state, other.value) and (not by_text or one.text == other.text)


def no_text(value: Value) -> str:
    """The code of the finding about what stands where text is expected and is none; '' for text, a number or a date."""
    match value:
        case ErrorValue():
            return "D127" if value.is_picture else "D114"
        case Uncalculated():
            return "D115"
        case bool():
            return "D126"
    return ""


def _no_number(value: Value) -> str:
    return "D101" if isinstance(value, bool) else no_text(value)


def with_format(value: float, number_format: str) -> str:
    """A number that its cell shows otherwise, as a finding tells it.

    >>> with_format(45000.0, "#,##0,")
    '45.000 (định dạng ô: #,##0,)'
    """
    return f"{vietnamese(shortest(value))} (định dạng ô: {number_format})"


def _plausible(cell: Typed, kind: Kind, *, is_share: bool) -> Typed:
    """The cell with notes on a percentage that can hardly be meant; one too large for any figure is no number.

    ``is_share``: no sign says that the number is a percentage.
    """
    if cell.value is None:
        return cell
    if is_too_large(cell.value):
        return Typed(State.ERROR, text=cell.text, problem="D101")
    if kind is Kind.PERCENT and not 0 <= cell.value <= 100:
        return replace(cell, notes=(*cell.notes, "D212"))
    if kind is Kind.PERCENT and is_share and 0 < cell.value < 1:
        return replace(cell, notes=(*cell.notes, "D213"))
    return cell


def _typed_date(value: date, kind: Kind) -> Typed:
    text = date_vi(value)
    if kind is Kind.DATE:
        return Typed(State.KNOWN, day_number(value.date() if isinstance(value, datetime) else value), text)
    return Typed(State.KNOWN, text=text) if kind is Kind.TEXT else Typed(State.ERROR, text=text, problem="D109")


def _typed_text(stored: str, kind: Kind, named: str) -> Typed:
    text = tidy(stored)
    if not text:
        return Typed(State.MISSING)
    if is_not_applicable(text):
        return Typed(State.NOT_APPLICABLE, text=text)
    if kind is Kind.TEXT:
        return Typed(State.KNOWN, text=text)
    if hides_in_a_number(stored):
        return Typed(State.ERROR, text=text, problem="D125")
    if kind is Kind.DATE:
        day = read_date(text)
        return _typed_date(day, kind) if day else Typed(State.ERROR, text=text, problem="D113")
    reading = read_text(text, kind, named)
    if reading.value is None:
        return Typed(State.ERROR, text=text, problem=reading.problem)
    return _plausible(Typed(State.KNOWN, reading.value, text, notes=reading.notes), kind, is_share="%" not in text)
