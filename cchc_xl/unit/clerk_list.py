"""The list a clerk mends a workbook by: its findings and what was read of it come in, a page goes out.

What is to be mended stands first, in the order of the sheets, then of rows and columns, as one goes through a paper;
each line names the figure or criterion and quotes what stands in the cell now. What was merely tolerated stands below.
A line says what has been received as it should be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cchc_xl.office.excel.book import HEAD, lines_needed, row_height
from cchc_xl.office.excel.list_page import Cell, Listing, Look, Row
from cchc_xl.office.excel.tables import shown
from cchc_xl.plan.cells import BLANK
from cchc_xl.records import CellRef, Edition, Finding, RawForm, Severity, State, Submission, Value, is_number
from cchc_xl.text.catalogue import SEVERITY_ORDER, SEVERITY_WORDS, fix, message
from cchc_xl.text.numbers import is_percent_format, shortest, vietnamese
from cchc_xl.unit.form import FORM

LIST_TITLE = "NỘI DUNG CẦN SỬA TRONG BÁO CÁO"
# The colour of warnings is darker than the yellow of the cells in which a unit types.
FILLS: dict[Severity, str] = {"error": "F8D7DA", "warning": "FFDD88", "note": "E5E7EB"}
_MOST_SHOWN = 120
_Place = tuple[str, int, int]  # sheet, row, column

_HEADINGS = ("STT", "Mức độ", "Sheet", "Ô", "Số liệu, tiêu chí", "Đang ghi", "Nội dung", "Cách sửa", "Mã")
_WIDTHS = (5, 13, 11, 7, 28, 18, 46, 46, 7)
_CENTRED = frozenset((1, 2, 3, 4, 9))
_HEADING_ROW, _SEVERITY_COLUMN, _LINK_COLUMN = 5, 2, 4
_HEAD = Look(bold=True, fill=HEAD.removeprefix("#"), horizontal="center", vertical="center")
# What concerns the file as a whole: who sent it and when, and what is asked for in a workbook of its own.
_NOT_IN_THE_FILE = ("U", "D216")


@dataclass(frozen=True, slots=True)
class Standing:
    """The names of a workbook's sheets, in order, and what stands in the cells about which something is said."""

    sheets: tuple[str, ...]
    texts: Mapping[_Place, str]

    @classmethod
    def of(cls, form: RawForm, findings: Iterable[Finding]) -> Standing:
        """What stands now in the cells of these findings, as an office writes it."""
        sheets = {sheet.name: sheet for sheet in form.sheets}
        places = {(at.sheet, at.row, at.column) for item in findings if (at := item.at) and at.address}
        if not places:
            return cls(tuple(sheets), {})
        percent = {
            (name, row, column)
            for name, sheet in sheets.items()
            for row, column, written in sheet.formats
            if (name, row, column) in places and is_percent_format(written)
        }
        texts = {}
        for place in places:
            name, row, column = place
            if name in sheets:
                texts[place] = _written(sheets[name].value(row, column), is_percent=place in percent)
        return cls(tuple(sheets), texts)


@dataclass(frozen=True, slots=True)
class Paper:
    """What was sent: its unit and period, what was read of it and how its cells stand, where that is known."""

    unit: str
    edition: Edition
    submission: Submission | None = None
    standing: Standing | None = None


def is_to_mend(item: Finding) -> bool:
    """Whether something is to be mended in the file; not what is a note, or is about whose it is and when it came.

    >>> from cchc_xl.text.catalogue import finding
    >>> late = finding("U201", name="Văn phòng Sở", sent="22/3/2021", due="20/3/2021")
    >>> [is_to_mend(item) for item in (late, finding("T301", text="12 văn bản"), finding("D118"))]
    [False, False, True]
    """
    return item.severity == "error" or (item.severity == "warning" and not item.code.startswith(_NOT_IN_THE_FILE))


def listing(paper: Paper, findings: Sequence[Finding], advice: str) -> Listing:
    """The page: what it is and what to do, what was received, then the findings, each with a way to its cell."""
    ordered = _in_order(findings, paper)
    mend = [item for item in ordered if item.severity != "note"]
    notes = [item for item in ordered if item.severity == "note"]
    names = _Names(paper)
    rows = [
        _line(LIST_TITLE, Look(14, bold=True, framed=False, vertical="center")),
        _line(advice, Look(bold=True, framed=False, vertical="center")),
        _line(_whose(paper, findings), Look(framed=False, vertical="center")),
        _line(_received(paper, findings), Look(framed=False, vertical="center")),
        Row(tuple(Cell(text, _HEAD) for text in _HEADINGS), 20),
    ]
    rows += [_finding_row(number, item, names, paper) for number, item in enumerate(mend, start=1)]
    if notes:
        look = Look(bold=True, fill=FILLS["note"], vertical="center")
        told = f"Ghi chú ({len(notes)}): đã đọc được, không phải sửa"
        rows.append(Row((Cell(told, look), *(Cell("", look),) * (len(_HEADINGS) - 1)), 19, merged=True))
    first = len(mend) + 1
    rows += [_finding_row(number, item, names, paper) for number, item in enumerate(notes, start=first)]
    return Listing(tuple(rows), _WIDTHS, _HEADING_ROW)


def _in_order(findings: Sequence[Finding], paper: Paper) -> list[Finding]:
    """By sheet as the workbook has them, row and column; what concerns the whole file first."""
    sheets = paper.standing.sheets if paper.standing else tuple(FORM)
    places = {name: number for number, name in enumerate(("", *sheets))}

    def order(item: Finding) -> tuple[str, int, int, int, int, str]:
        at = item.at or CellRef("")
        severity = SEVERITY_ORDER.index(item.severity)
        return at.file, places.get(at.sheet, len(places)), at.row, at.column, severity, item.code

    return sorted(findings, key=order)


def _whose(paper: Paper, findings: Sequence[Finding]) -> str:
    units = {unit.code: unit.name for unit in paper.edition.plan.units}
    files = sorted({item.at.file for item in findings if item.at})
    counts = {severity: sum(item.severity == severity for item in findings) for severity in SEVERITY_WORDS}
    told = SEVERITY_WORDS.items()
    counted = ", ".join(f"{counts[severity]} {word.lower()}" for severity, word in told if counts[severity])
    named = f", tệp {'; '.join(files)}" if files else ""
    return f"{units.get(paper.unit, paper.unit)}, {paper.edition.period.name}{named}: {counted}."


def _received(paper: Paper, findings: Sequence[Finding]) -> str:
    """What stands there as it should: figures, criteria and tasks of which no error is told."""
    sent = paper.submission
    if sent is None:
        return "Chưa nhận được số liệu nào dùng được."
    errors = [item.at for item in findings if item.at and item.severity == "error"]
    rows = {(at.sheet, at.row) for at in errors}
    known = (State.KNOWN, State.NOT_APPLICABLE)
    figures = sum(item.state in known and (item.at.sheet, item.at.row) not in rows for item in sent.figures)
    criteria = sum(
        (item.level_state in known or item.self_state in known or bool(item.result or item.evidence))
        and (item.at.sheet, item.at.row) not in rows
        for item in sent.criteria
    )
    tasks = sum(bool(item.outcome) and (item.at.sheet, item.at.row) not in rows for item in sent.tasks)
    counted = [f"{figures} số liệu", f"{criteria} tiêu chí", *([f"{tasks} nhiệm vụ"] if sent.tasks else ())]
    return f"Đã nhận: {', '.join(counted)} hợp lệ."


class _Names:
    """What a finding is about, by the row it stands in or the code it names."""

    def __init__(self, paper: Paper) -> None:
        measures = {item.code: item.name for item in paper.edition.plan.measures}
        criteria = {node.criterion.code: node.criterion.name for node in paper.edition.nodes}
        self._codes = {**measures, **criteria}
        self._rows: dict[tuple[str, int], str] = {}
        if sent := paper.submission:
            told = [(item.at, criteria.get(item.criterion, "")) for item in sent.criteria]
            told += [(item.at, f"Nhiệm vụ {item.document or item.content}") for item in sent.tasks]
            told += [(item.at, measures[item.measure]) for item in sent.figures if not item.counted]
            self._rows = {(at.sheet, at.row): name for at, name in told if at.row}

    def of(self, item: Finding) -> str:
        """The name of the figure, criterion or task; '' for what is about none."""
        at = item.at or CellRef("")
        code = item.criterion or dict(item.context).get("code", "")
        return self._rows.get((at.sheet, at.row)) or self._codes.get(code, "")


def _stands(at: CellRef, paper: Paper) -> str:
    """What stands in the cell now; '' where that is not known."""
    told = paper.standing.texts.get((at.sheet, at.row, at.column)) if paper.standing else None
    if told is None and paper.submission:  # what is said of figures only when all units are seen together
        told = next((item.text for item in paper.submission.figures if item.at == at), "")
    return told or ""


def _written(value: Value, *, is_percent: bool) -> str:
    if is_number(value) and abs(value) < 1e15:
        number = shortest(value)
        return f"{vietnamese(number * 100)}%" if is_percent else vietnamese(number)
    text = shown(value) or BLANK
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 1]}…"


def _line(text: str, look: Look) -> Row:
    """A line over the whole width, as high as its text is long: Excel does not fit merged cells."""
    narrower = 0.88 if look.bold else 1.0
    return Row((Cell(text, look),), _height(text, sum(_WIDTHS) * narrower * 11 / look.size), merged=True)


def _finding_row(number: int, item: Finding, names: _Names, paper: Paper) -> Row:
    at = item.at
    place = (at.sheet or "(cả tệp)", at.address) if at else ("", "")
    values: tuple[int | str, ...] = (
        *(number, SEVERITY_WORDS[item.severity], *place),
        *(names.of(item), _stands(at, paper) if at else ""),
        *(message(item), fix(item), item.code),
    )
    cells = []
    for column, value in enumerate(values, start=1):
        target = (at.sheet, at.address) if at and at.address and column == _LINK_COLUMN else None
        fill = FILLS[item.severity] if column == _SEVERITY_COLUMN else ""
        cells.append(Cell(value, Look(fill=fill, horizontal="center" if column in _CENTRED else "left"), target))
    shown_in = zip(values, _WIDTHS, strict=True)
    return Row(tuple(cells), max(_height(str(value), width - 2) for value, width in shown_in))


def _height(text: str, width: float) -> float:
    """The height of a row in points: Excel does not fit merged cells, and other programs fit none."""
    return row_height(lines_needed(text, width), 5.0)
