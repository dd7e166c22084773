"""The verdict of the look at a file's bytes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from cchc_xl.records import Finding

Format = Literal["xlsx", "xlsb", "ods", "ole"]


@dataclass(frozen=True, slots=True)
class Clearance:
    """The file may be read, by this reader.

    ``isolated`` says that only a process of its own may read it; ``sent`` is the time of saving written in it, where
    there is one; ``notes`` are findings about the file that keep nobody from reading it.
    """

    reader: Literal["calamine", "openpyxl"]
    format: Format
    isolated: bool
    sent: datetime | None = None
    notes: tuple[Finding, ...] = ()
