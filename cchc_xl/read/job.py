"""The records that pass between whoever asks for a workbook's sheets and whoever opens it, here or in a child."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cchc_xl.preflight.clearance import Format
from cchc_xl.records import RawSheet

# What a child may take for one file.
MEMORY = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Job:
    """A cleared file's bytes and how they are to be read."""

    data: bytes
    format: Format
    reader: Literal["calamine", "openpyxl"]


@dataclass(frozen=True, slots=True)
class Trouble:
    """A finding of the catalogue by its code and fields: it travels between processes without the file's name."""

    code: str
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """The sheets; or, where the file was encrypted with Excel's own password, the ``package`` that was inside."""

    sheets: tuple[RawSheet, ...] = ()
    notes: tuple[Trouble, ...] = ()
    package: bytes | None = None


class CannotOpenError(Exception):
    """A file that must be refused for a reason of its own; carries the :class:`Trouble`."""

    def __init__(self, code: str, **fields: str) -> None:
        super().__init__(code)
        self.trouble = Trouble(code, tuple(fields.items()))
