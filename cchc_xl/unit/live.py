"""What an issued form counts and checks while it is filled in: its rows and the plan's come in, formulas go out.

A formula stands above the headings or beside the table, in no cell that is read, and brings the value that it has in
the form as issued: no program has to calculate before the form is right. Contract: design §4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from cchc_xl.office.excel.extent import ALWAYS_EMPTY
from cchc_xl.records import Constraint, Quotient, Term
from cchc_xl.text.words import AWAY
from cchc_xl.unit.form import DUE, FORM, TASKS_SHEET

NOT_YET, HOLDS, BROKEN, DOUBTFUL, COUNTED = "Chưa đủ số", "Đúng", "Sai", "Xem lại", "Đếm từ sheet Nhiệm vụ"
_OPPOSITE = {"=": "≠", "<=": ">", ">=": "<"}


@dataclass(frozen=True, slots=True)
class Live:
    """A formula and the value that it has in the form as issued."""

    formula: str
    value: int | str


def blank_rows(heading: str, codes: str, count: int, table: tuple[str, int, int], away: str = "") -> Live:
    """How many rows of the codes in the range ``codes`` (``count`` of them) are blank under a heading of a sheet.

    ``table``: the sheet, its first and its last row. ``away``: the heading under which "không phát sinh" says that
    nothing is wanted in the row.

    >>> blank_rows("Mức đạt", "'_cchc'!$D$1:$D$9", 9, ("Phụ lục", 8, 30)).value
    9
    """
    code = FORM[table[0]].code
    owed = f"ISBLANK({_cells(table, heading)})*ISNUMBER(MATCH({_cells(table, code)},{codes},0))"
    if away:
        owed += f'*ISERROR(SEARCH("{AWAY}",{_cells(table, away)}))'
    return Live(f"=SUMPRODUCT({owed})+{ALWAYS_EMPTY}", count)


def _cells(table: tuple[str, int, int], heading: str) -> str:
    """The cells under a heading of a sheet, from its first row to its last."""
    name, first, last = table
    letters = FORM[name].letters(heading)
    return f"{letters}{first}:{letters}{last}"


def added(parts: Sequence[Live]) -> Live:
    """The sum of counts."""
    terms = (part.formula.removeprefix("=").removesuffix(f"+{ALWAYS_EMPTY}") for part in parts)
    return Live("=" + "+".join((*terms, ALWAYS_EMPTY)), sum(int(part.value) for part in parts))


def blank_figures(rows: Mapping[str, int], counted: frozenset[str], column: str, register: str) -> Live:
    """How many figures are blank; those ``counted`` from the register (a range of it) only while that is blank."""
    typed = [row for code, row in rows.items() if code not in counted]
    others = [row for code, row in rows.items() if code in counted]
    terms = [f"COUNTBLANK({cells})" for cells in runs(typed, column)]
    if others:
        blank = "+".join(f"COUNTBLANK({cells})" for cells in runs(others, column))
        terms.append(f"IF(COUNTA({register})>0,0,{blank})" if register else blank)
    return Live("=" + "+".join((*terms, ALWAYS_EMPTY)), len(rows))


def runs(rows: Sequence[int], column: str) -> tuple[str, ...]:
    """The cells of a column in these rows, neighbours as one range.

    >>> runs([8, 9, 10, 14], "D")
    ('D8:D10', 'D14:D14')
    """
    found = []
    for _, group in groupby(enumerate(sorted(rows)), key=lambda item: item[1] - item[0]):
        numbers = [row for _, row in group]
        found.append(f"{column}{numbers[0]}:{column}{numbers[-1]}")
    return tuple(found)


def tasks_without_due(first: int, last: int) -> Live:
    """How many rows of the register hold something, but no day by which the task is due."""
    table = (TASKS_SHEET, first, last)
    others = (_cells(table, heading) for heading in FORM[TASKS_SHEET].required if heading != DUE)
    blank = "*".join(f"ISBLANK({cells})" for cells in others)
    return Live(f"=SUMPRODUCT((1-{blank})*ISBLANK({_cells(table, DUE)}))+{ALWAYS_EMPTY}", 0)


def status_count(word: str, cells: str) -> Live:
    """How many checks say this word.

    >>> print(status_count("Sai", "H8:H9").formula)
    =COUNTIF(H8:H9,"Sai*")+'_cchc'!$C$1
    """
    return Live(f'=COUNTIF({cells},"{word}*")+{ALWAYS_EMPTY}', 0)


def check(constraint: Constraint, cells: Mapping[str, str], register: str) -> Live:
    """A constraint over figures that stand in ``cells``, judged as :func:`cchc_xl.plan.constraints.broken_sides` does.

    Figures in ``register`` (a range of the sheet of tasks, or '') are counted there where their cells are blank.
    """
    codes = dict.fromkeys(constraint.codes)
    listed = ",".join(cells[code] for code in codes)
    known = "+".join((f"COUNT({listed})", *(f'COUNTIF({cells[code]},"{AWAY}")' for code in codes)))
    sides = (constraint.left, constraint.right)
    left, right = (_side(one, cells) for one in sides)
    shown_left = _as_shown(left, right) if constraint.left.is_percentage else left
    shown_right = _as_shown(right, left) if constraint.right.is_percentage else right
    apart = f"({shown_left})-({shown_right})"
    holds = {"=": f"ABS({apart})<0.0000001", "<=": f"{apart}<0.0000001", ">=": f"{apart}>-0.0000001"}
    word = BROKEN if constraint.severity == "error" else DOUBTFUL
    both = (
        f"ROUND({text},2)" if one.is_percentage else f"({text})" for text, one in zip((left, right), sides, strict=True)
    )
    broken = f'"{word}: "&{f"""&" {_OPPOSITE[constraint.operator]} "&""".join(both)}'
    judged = f'IF({holds[constraint.operator]},"{HOLDS}",{broken})'
    below = [f"{_sum(one.below, cells)}=0" for one in sides if one.below]
    if below:
        judged = f'IF(OR({",".join(below)}),"{NOT_YET}",{judged})'
    waits = f'IF(COUNTA({register})>0,"{COUNTED}","{NOT_YET}")' if register else f'"{NOT_YET}"'
    return Live(f"=IF({known}<{len(codes)},{waits},{judged})&{ALWAYS_EMPTY}", NOT_YET)


def _side(side: Quotient, cells: Mapping[str, str]) -> str:
    above = _sum(side.above, cells)
    share = f"{above}*100/{_sum(side.below, cells)}" if side.below else above
    return f"100-({share})" if side.is_complement else share


def _sum(terms: Sequence[Term], cells: Mapping[str, str]) -> str:
    """The cells added and taken away; a text such as "không phát sinh" counts as nothing in SUM."""
    added, taken = ([cells[term.code] for term in terms if term.is_minus is minus] for minus in (False, True))
    return f"(SUM({','.join(added)})-SUM({','.join(taken)}))" if taken else f"SUM({','.join(added)})"


def _as_shown(exact: str, other: str) -> str:
    """A quotient rounded to the decimals that the other side shows."""
    return f'ROUND({exact},IF(({other})=INT({other}),0,MIN(10,LEN(({other})&"")-LEN(INT({other})&"")-1)))'
