"""How much of a file is looked at, and the records between whoever asks for its sheets and whoever opens it.

A :class:`Clearance` makes a :class:`Job`, a job is answered by :class:`Opened` or :class:`Trouble`.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from itertools import count
from typing import Literal, TypeVar

from cchc_xl.records import Finding, RawSheet

_T = TypeVar("_T")

MAX_FILE = 64 * 1024 * 1024
MAX_MEMBERS = 100_000
# Inflated bytes of the parts that a reader of cells parses, one part and all of them.
MAX_PART = 96 * 1024 * 1024
MAX_INFLATED = 192 * 1024 * 1024
# Cells that hold something, in all sheets; a reader makes an object of each.
MAX_CELLS = 1_500_000
# The rectangle up to the last cell, which python-calamine fills in memory whatever it holds.
MAX_AREA = 1_000_000
# What is read in this process; above it a child reads the file, under limits of time and memory.
ORDINARY_AREA, ORDINARY_BYTES = 200_000, 24 * 1024 * 1024
# Its texts, the longest of the shared ones in every cell: a reader may copy it for each.
ORDINARY_TEXT = 64 * 1024 * 1024
# What a child may answer; the process that asked holds it beside everybody's results.
MAX_ANSWER = 64 * 1024 * 1024
# Openings of cells above which blank ones are taken out before anything is counted.
MANY_OPENINGS = 100_000
# Of a sheet with cells far away this block is read, and up to so many cells outside it are only named.
NEAR_COLUMNS, MAX_OUTSIDE = 256, 1_000
# The longest text of a cell or a note, in UTF-16 units ("Excel specifications and limits", Microsoft Support). A longer
# one that is read is cut after as many letters, before anything looks at it.
MAX_TEXT = 32_767
# openpyxl builds an object for every cell of a merged range.
MAX_MERGED, MAX_RANGES = 50_000, 5_000

Place = tuple[int, int]  # row and column, counted from 1
Format = Literal["xlsx", "xlsb", "ods", "ole", "docx"]
Reader = Literal["calamine", "openpyxl", ""]  # nobody's where the text is Word's


@dataclass(frozen=True, slots=True)
class Clearance:
    """The file may be read, by this reader.

    ``isolated`` says that only a process of its own may read it; ``sent`` and ``made`` are the times of saving and of
    making written in it, where there are any; ``notes`` are findings about the file that keep nobody from reading it;
    ``package`` is the workbook with its parts under the names that readers know, where it has others;
    ``hidden_columns`` are those of every sheet, where there are any that its reader does not tell.
    """

    reader: Reader
    format: Format
    isolated: bool
    sent: datetime | None = None
    notes: tuple[Finding, ...] = ()
    package: bytes | None = None
    made: datetime | None = None
    hidden_columns: tuple[tuple[int, ...], ...] = ()


def clocked(told: datetime | None) -> datetime | None:
    """A time that a program wrote into its file, in UTC where it names no zone; None of one without a clock.

    >>> clocked(datetime(2021, 3, 22, 4, 40)).isoformat(), clocked(datetime(1601, 1, 1))
    ('2021-03-22T04:40:00+00:00', None)
    """
    if told is None or not 1990 <= told.year <= 2100:  # a writer without a clock says 1601, 1970 or 9999
        return None
    return told.replace(tzinfo=timezone.utc) if told.tzinfo is None else told


# What a child may take for one file, in bytes.
MEMORY = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Job:
    """A cleared file's bytes and how they are to be read."""

    data: bytes
    format: Format
    reader: Reader


@dataclass(frozen=True, slots=True)
class Trouble:
    """A finding of the catalogue by its code and fields: it travels between processes without the file's name."""

    code: str
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """The sheets; or, where the file was encrypted with Excel's own password, the ``package`` that was inside.

    ``sent`` is the time of saving that only the opened file tells.
    """

    sheets: tuple[RawSheet, ...] = ()
    notes: tuple[Trouble, ...] = ()
    package: bytes | None = None
    sent: datetime | None = None


class CannotOpenError(Exception):
    """A file that must be refused for a reason of its own; carries the :class:`Trouble`."""

    def __init__(self, code: str, **fields: str) -> None:
        super().__init__(code)
        self.trouble = Trouble(code, tuple(fields.items()))


STAMP_SHEET = "_cchc"


class OutOfTimeError(Exception):
    """Going through a file's sheets takes longer than it may; whoever set the clock tells of it."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The processor time one file has; every loop over what is in the file runs by it, so that none goes on beyond it.

    A PC that is busy with something else must not refuse a file that it reads when it is idle.
    """

    end: float
    _ticks: Iterator[int] = field(default_factory=count, repr=False, compare=False)

    @classmethod
    def of(cls, seconds: float) -> Clock:
        """The clock that runs out in so many seconds.

        >>> list(Clock.of(60).over("ab"))
        ['a', 'b']
        """
        return cls(time.process_time() + seconds)

    def over(self, items: Iterable[_T]) -> Iterator[_T]:
        """The items one by one. Raises :class:`OutOfTimeError` after the end; the time is asked for every 64 items."""
        ticks = self._ticks
        for item in items:
            if not next(ticks) & 63 and time.process_time() >= self.end:
                raise OutOfTimeError
            yield item


UNTIMED = Clock(float("inf"))  # for the Office's own workbooks, each read once
