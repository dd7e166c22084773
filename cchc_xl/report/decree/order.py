"""The order of components: those found come in, what stands too early is added to the remarks."""

from __future__ import annotations

from collections.abc import Sequence

from cchc_xl.report.decree.outline import Outline
from cchc_xl.report.decree.pieces import Piece
from cchc_xl.report.decree.remarks import Remarks


def check_order(found: Outline, remarks: Remarks) -> None:
    """Each component after the one that the decree puts before it."""
    pairs: tuple[tuple[str, Piece | None, str, Piece | None], ...] = (
        ("Quốc hiệu", found.national, "Tiêu ngữ", found.motto),
        ("Tiêu ngữ", found.motto, "địa danh và thời gian", found.date),
        ("Quốc hiệu", found.national, "tên loại văn bản", found.kind),
        ("số, ký hiệu", found.number, "tên loại văn bản", found.kind),
        ("tên loại văn bản", found.kind, "trích yếu", _first(found.subject)),
        ("số, ký hiệu", found.number, "trích yếu công văn", _first(found.reference)),
        ("trích yếu công văn", _first(found.reference), "“Kính gửi”", _first(found.addressed)),
        ("phần ký và nơi nhận", _end(found), "phụ lục", found.appendices[0].heading if found.appendices else None),
    )
    for above, first, below, second in pairs:
        if first is not None and second is not None and _place(first) > _place(second):
            remarks.add("N154", f"{below} đặt trước {above}", second.paragraph)
            return
    for left, right, told in (
        (found.agency[-1] if found.agency else None, found.national, "tên cơ quan đặt bên phải Quốc hiệu"),
        (found.number, found.date, "số, ký hiệu đặt bên phải địa danh và thời gian"),
        (found.closing.label, _first(found.closing.posts), "nơi nhận đặt bên phải phần ký"),
    ):
        if left is not None and right is not None and _is_right_of(left, right):
            remarks.add("N154", told, left.paragraph)


def _end(found: Outline) -> Piece | None:
    closing = found.closing
    return closing.label or _first(closing.posts)


def _first(found: Sequence[Piece]) -> Piece | None:
    return found[0] if found else None


def _is_right_of(left: Piece, right: Piece) -> bool:
    """Whether the first of two components stands in a later cell of the same row, or further on in the same line."""
    one, other = left.paragraph.cell, right.paragraph.cell
    if left.paragraph is right.paragraph:
        return _place(left) > _place(right)
    return one is not None and other is not None and one.row == other.row and one.cell > other.cell


def _place(piece: Piece) -> tuple[int, int]:
    """Where a piece begins: the number of its paragraph and how far in it stands."""
    before = 0
    for run in piece.paragraph.runs:
        if piece.runs and piece.runs[0].text in run.text and piece.runs[0].form == run.form:
            return piece.paragraph.number, before + run.text.index(piece.runs[0].text)
        before += len(run.text)
    return piece.paragraph.number, before
