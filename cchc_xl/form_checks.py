"""What Excel checks while a clerk types a figure: a :class:`Measure` and a cell come in, the check goes out."""

from __future__ import annotations

from typing import Any

from cchc_xl.records import Kind, Measure

NOT_APPLICABLE = "không phát sinh"
_PROMPTS = {
    Kind.INTEGER: "Nhập số nguyên không âm, ví dụ 1480",
    Kind.MONEY: "Nhập số đồng, không có số lẻ, ví dụ 640905000",
    Kind.DECIMAL: "Nhập số, ví dụ 12,5",
    Kind.PERCENT: "Nhập số phần trăm, ví dụ 82,5 (nghĩa là 82,5%)",
}


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
        "value": f'=OR({number},LOWER(TRIM({cell}))="{NOT_APPLICABLE}")',
        "input_title": cut(measure.unit_name or "Giá trị", 32),
        "input_message": cut(f"{prompt}, hoặc “{NOT_APPLICABLE}”."),
        "error_title": "Giá trị chưa đúng",
        "error_message": cut(f"{prompt}, hoặc “{NOT_APPLICABLE}”."),
    }


def cut(text: str, limit: int = 255) -> str:
    """Excel allows 255 characters in a message, 32 in a title."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
