"""The exits for analysts: a table of a result and a path come in, a .csv or .parquet file goes out.

Figures stay decimal strings; what is a list or an object in the document is its JSON text. A .csv is opened by Excel as
soon as somebody clicks on it, so text that Excel would take for a formula is guarded by an apostrophe there (in a
workbook it is not: there a text cell stays text).
"""

from __future__ import annotations

import json
import re
from dataclasses import MISSING, fields
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from cchc_xl.result.contents import BrokenRule, FindingGroup, Task, ToldFinding

if TYPE_CHECKING:
    import pandas as pd

_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*%?")
_SEPARATORS = re.compile(r'([;\t\r\n]"*)')
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
# The columns of the tables that may well have no row: a program that reads one every quarter finds them all the same.
COLUMNS = {
    name: tuple(field.name for field in fields(kind) if field.default_factory is MISSING)  # others are seldom written
    for name, kind in {
        "tasks": Task,
        "conflicts": BrokenRule,
        "findings": ToldFinding,
        "finding_groups": FindingGroup,
    }.items()
}


def guarded(text: str) -> str:
    r"""The text as a .csv may hold it: what Excel would calculate begins with an apostrophe; numbers and "-" stay.

    >>> guarded("=cmd|' /C calc'!A1"), guarded("-12,5"), guarded("-"), guarded("Đạt")
    ("'=cmd|' /C calc'!A1", '-12,5', '-', 'Đạt')

    Excel in Vietnamese parts a line at ";", quoted or not, and other programs at tabs and line ends:

    >>> guarded("a;=1+1"), guarded('x;"=1')
    ("a;'=1+1", 'x;"\'=1')
    """
    pieces = _SEPARATORS.split(text)
    pieces[2::2] = [f"'{piece}" if _is_calculated(piece) else piece for piece in pieces[2::2]]
    whole = "".join(pieces)
    return f"'{whole}" if _is_calculated(text) else whole


def _is_calculated(piece: str) -> bool:
    return piece.startswith(_STARTS) and piece != "-" and not _NUMBER.fullmatch(piece)


def write_frame(frame: pd.DataFrame, path: Path) -> None:
    """Writes the frame by the ending of the path.

    Raises ``ValueError`` for another ending and ``ImportError`` if pyarrow, which writes .parquet, is not installed.
    """
    flat = frame.map(_flat)
    match path.suffix.casefold():
        case ".csv":
            safe = flat.map(lambda value: guarded(value) if isinstance(value, str) else value)
            # Both line ends in the terminator: only then is a text that holds either of them quoted.
            safe.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")
        case ".parquet":
            _write_parquet(flat, path)
        case other:
            raise ValueError(f"a table is written as .csv or .parquet, not as {other or 'a file without an ending'}")


def pyarrow() -> ModuleType:
    """The library that writes .parquet. Raises ``ImportError`` that says how to get it."""
    try:
        return import_module("pyarrow")
    except ImportError as error:
        raise ImportError("writing .parquet needs pyarrow: run pip install pyarrow") from error


def _flat(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def _write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Text, whole number or yes/no by column; a column without any value is text, so that quarters stay alike."""
    pa = pyarrow()
    kinds = {bool: pa.bool_(), int: pa.int64()}
    fields: list[tuple[str, object]] = []
    for name in frame.columns:
        held = {type(value) for value in frame[name] if value is not None}
        fields.append((name, kinds.get(held.pop(), pa.string()) if len(held) == 1 else pa.string()))
    frame.to_parquet(path, engine="pyarrow", index=False, schema=pa.schema(fields))
