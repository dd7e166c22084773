"""Merging the cells of a filled table that say the same: a table comes in and is changed, as its template asked.

A cell that goes on over the page has its text on the first page only (and LibreOffice cuts a longer one off there), so
either few short rows are merged, or the rows that share a cell are kept on one page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby, pairwise
from math import ceil
from typing import Any

from cchc_xl.office.word.file import POINT, W
from cchc_xl.office.word.widths import width

_MOST_ROWS, _MOST_LETTERS = 5, 50
_CELL_SIZE = 12  # points, of the text in a table
# Of a landscape page with the head of a table and a heading in it; of the first one below the head of an appendix.
_PAGE_LINES, _FIRST_LINES = 30, 26
_TALL = 14  # lines as counted here, which is of larger letters: about a third of a page
SPLIT = "tách dòng dài"  # in the description of a table whose tall rows may go on over the page


def merge(table: Any, columns: list[int]) -> None:
    """Cells of these columns with a short text that the cell above has too, a few rows at most.

    Only rows with as many cells as the first have any part in it.
    """
    rows = _merging_rows(table)
    for column in columns:
        for first, last in _runs(rows, column):
            if len(cell_text(rows[first][column])) <= _MOST_LETTERS:
                for start in range(first, last, _MOST_ROWS):
                    _join([cells[column] for cells in rows[start : min(start + _MOST_ROWS, last)]])


def merge_kept(table: Any, columns: list[int]) -> None:
    """Cells with texts of any length; rows that share one stay on one page, and more than fit on a page are parted."""
    rows = _merging_rows(table)
    runs = {column: list(_runs(rows, column)) for column in columns}
    shared: list[dict[int, int]] = [{} for _ in rows]  # by column: the number of rows that each merged cell is over
    for column, found in runs.items():
        for first, last in found:
            for row in range(first, last):
                shared[row][column] = last - first
    tall = [_lines(cells, over) for cells, over in zip(rows, shared, strict=True)]
    crossing = [0] * (len(rows) + 1)  # how many merged cells go over the edge above each row
    for first, last in (run for found in runs.values() for run in found):
        for edge in range(first + 1, last):
            crossing[edge] += 1
    edges, start = {0, len(rows)}, 0
    for row in range(1, len(rows) + 1):
        if row == len(rows) or not crossing[row]:
            edges.update(_parted(tall, crossing, start, row))
            start = row
    for column, found in runs.items():
        for first, last in found:
            cuts = [first, *(edge for edge in range(first + 1, last) if edge in edges), last]
            for above, below in pairwise(cuts):
                _join([cells[column] for cells in rows[above:below]])
    for row, cells in enumerate(rows[:-1]):
        if crossing[row + 1] and row + 1 not in edges:
            for paragraph in [paragraph for cell in cells for paragraph in cell.p_lst]:
                paragraph.get_or_add_pPr().get_or_add_keepNext()


def let_split(table: Any) -> None:
    """Rows of many lines may go on over the page; the others stay whole."""
    for row in _inner(table, "tr"):
        whole = row.find(f"{W}trPr/{W}cantSplit")
        header = row.find(f"{W}trPr/{W}tblHeader") is not None
        if whole is not None and not header and _lines([*_inner(row, "tc")], {}) > _TALL:
            whole.getparent().remove(whole)


def _parted(tall: list[float], crossing: list[int], start: int, end: int) -> Iterator[int]:
    """Where the rows of a block that no page holds part: late on the page, at the edge that parts fewest cells."""
    while end - start > 1 and sum(tall[start:end]) > (room := _PAGE_LINES if start > 1 else _FIRST_LINES):
        fitting, height = [start + 1], tall[start]
        for row in range(start + 1, end - 1):
            height += tall[row]
            if height > room:
                break
            fitting.append(row + 1)
        late = fitting[len(fitting) // 2 :]
        start = min(late, key=lambda edge: (crossing[edge], -edge))
        yield start


def _merging_rows(table: Any) -> list[list[Any]]:
    """The cells of the rows below the header; a row with other cells than the first row's has none here."""
    every = [*_inner(table, "tr")]
    wide = len([*_inner(every[0], "tc")]) if every else 0
    rows = ([*_inner(row, "tc")] for row in every if not row.xpath("./w:trPr/w:tblHeader"))
    return [cells if len(cells) == wide else [] for cells in rows]


def _runs(rows: list[list[Any]], column: int) -> Iterator[tuple[int, int]]:
    """The first row and the one behind the last of neighbours that say the same."""
    texts = [cell_text(cells[column]) if column < len(cells) else "" for cells in rows]
    for text, group in groupby(range(len(rows)), key=texts.__getitem__):
        places = list(group)
        if text and len(places) > 1:
            yield places[0], places[-1] + 1


def cell_text(cell: Any) -> str:
    """Line breaks and tabs make no difference to whether two cells are equal."""
    return "".join([node.text or "" for node in cell.iter(f"{W}t")])


def _lines(cells: list[Any], over: Mapping[int, int]) -> float:
    """About how many lines of text a row takes; a merged cell stands in all its rows together."""
    most = 1.0
    for column, cell in enumerate(cells):
        room = max(12.0, (cell.width or 0) / POINT - 8)  # between the side margins
        lines = sum(ceil(width(cell_text(item), _CELL_SIZE) / room) or 1 for item in cell.p_lst)
        most = max(most, lines / over.get(column, 1))
    return most


def _join(cells: list[Any]) -> None:
    """One cell from the first to the last; what the others said is in the first."""
    for cell in cells[1:]:
        cells[0].vMerge, cell.vMerge = "restart", "continue"
        _empty(cell)


def _empty(cell: Any) -> None:
    """Leaves of a merged cell one empty paragraph, which looks as its first did."""
    from docx.oxml import OxmlElement

    line = OxmlElement("w:p")
    look = next(cell.iter(f"{W}pPr"), None)
    for left in [item for item in cell if item.tag != f"{W}tcPr"]:
        cell.remove(left)
    if look is not None:
        line.append(look)
    cell.append(line)


def _inner(holder: Any, name: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, those in content controls among them."""
    for item in holder:
        if item.tag == f"{W}{name}":
            yield item
        elif item.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}customXml"}:
            yield from _inner(item, name)
