"""The exits for analysts: a table of the document and a path come in, a .csv or .parquet file goes out.

Figures stay decimal strings. A .csv is opened by Excel as soon as somebody clicks on it, so text that Excel would take
for a formula is guarded by an apostrophe there (in a workbook it is not: there a text cell stays text).
"""

from __future__ import annotations

import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?%?")
_STARTS = ("=", "+", "-", "@", "\t", "\r")


def guarded(text: str) -> str:
    """The text as a .csv may hold it: what Excel would calculate begins with an apostrophe; numbers and "-" stay.

    >>> guarded("=cmd|' /C calc'!A1"), guarded("-12,5"), guarded("-"), guarded("Đạt")
    ("'=cmd|' /C calc'!A1", '-12,5', '-', 'Đạt')
    """
    harmless = text == "-" or _NUMBER.fullmatch(text)
    return f"'{text}" if text.startswith(_STARTS) and not harmless else text


def write_frame(frame: pd.DataFrame, path: Path) -> None:
    """Writes the frame by the ending of the path.

    Raises ``ValueError`` for another ending and ``ImportError`` if pyarrow, which writes .parquet, is not installed.
    """

    def told(value: object) -> object:
        return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value

    flat = frame.map(told)
    match path.suffix.casefold():
        case ".csv":
            safe = flat.map(lambda value: guarded(value) if isinstance(value, str) else value)
            safe.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")
        case ".parquet":
            if find_spec("pyarrow") is None:
                raise ImportError('writing .parquet needs pyarrow: run pip install "cchc-xl[analytics]"')
            flat.to_parquet(path, engine="pyarrow", index=False)
        case other:
            raise ValueError(f"a table is written as .csv or .parquet, not as {other or 'a file without an ending'}")
