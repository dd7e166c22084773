"""The records of what came from the folder: files, workbooks as read, submissions as typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from cchc_xl.records.basics import CellRef, Finding, State


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the folder: ``file`` relative to it with '/', ``path`` as on disk, ``modified`` its time on disk."""

    file: str
    path: str
    size: int
    modified: datetime


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """An Excel error in a cell, such as ``#REF!``."""

    text: str


@dataclass(frozen=True, slots=True)
class Uncalculated:
    """A formula without a stored value: neither blank nor 0."""

    formula: str


Value = str | float | int | bool | datetime | date | ErrorValue | Uncalculated | None


@dataclass(frozen=True, slots=True, order=True)
class LegacyText:
    """A cell whose text was decoded by its font: ``stored`` is what the file holds, ``font`` the font it is in."""

    row: int
    column: int
    stored: str
    font: str


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet as stored. ``rows`` starts at A1; ``formats`` lists (row, column, number format) of telling numbers.

    ``legacy`` lists the cells whose text is decoded, ``outside`` the places of cells too far away to be read.
    """

    name: str
    hidden: bool
    rows: tuple[tuple[Value, ...], ...]
    merges: tuple[tuple[int, int, int, int], ...] = ()
    formats: tuple[tuple[int, int, str], ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    legacy: tuple[LegacyText, ...] = ()
    outside: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class RawForm:
    """One workbook as read: nothing interpreted. ``reader`` names the library that read it.

    ``findings`` are about the file as a whole, and keep nobody from reading it.
    """

    source: SourceFile
    sha256: str
    sent: datetime
    sent_from: Literal["file", "disk"]
    reader: str
    sheets: tuple[RawSheet, ...]
    stamp: tuple[tuple[str, str], ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one file of the folder."""

    file: str
    sha256: str | None
    reader: str | None
    verdict: Literal["read", "rejected", "ignored"]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FigureEntry:
    """A unit's value of one figure, with the cell it stands in (``counted``: from the task register)."""

    unit: str
    measure: str
    state: State
    value: Decimal | None
    text: str
    at: CellRef
    counted: bool = False


@dataclass(frozen=True, slots=True)
class CriterionEntry:
    """A unit's row of the appendix. The cells stand in ``at_…``; ``leads`` is False for rows it cooperates in."""

    unit: str
    criterion: str
    leads: bool
    result: str
    level: str
    level_state: State
    self_points: Decimal | None
    self_state: State
    evidence: str
    reason: str
    at: CellRef
    at_level: CellRef
    at_self: CellRef
    at_evidence: CellRef


@dataclass(frozen=True, slots=True)
class TaskEntry:
    """A row of the task register; ``outcome`` is the figure code it counts for."""

    unit: str
    document: str
    content: str
    assigned: date | None
    due: date | None
    completed: date | None
    note: str
    outcome: str
    at: CellRef


@dataclass(frozen=True, slots=True)
class Submission:
    """One unit's workbook, typed. ``inputs`` is a fingerprint of everything the unit typed.

    ``unread`` names the sheets and input columns that could not be read: a finding says why, once for all their cells.
    """

    form_file: str
    sha256: str
    reader: str
    unit: str
    period: str
    identified_by: str
    sent: datetime
    sent_from: str
    figures: tuple[FigureEntry, ...]
    criteria: tuple[CriterionEntry, ...]
    tasks: tuple[TaskEntry, ...]
    findings: tuple[Finding, ...]
    inputs: str
    unread: tuple[str, ...] = ()
