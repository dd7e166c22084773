"""The one truth of a period: what a run found comes in, its :class:`Result` goes out, typed or as ``result.json``.

Everything the Word report, ``explain`` and the workbooks for people show is in its contents, so that each of them can
be made again from a finished run alone (design §6).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from cchc_xl.records import Finding, Index
from cchc_xl.result.contents import Contents
from cchc_xl.result.frames import COLUMNS, write_frame
from cchc_xl.result.objects import Object, to_object, to_objects
from cchc_xl.text.catalogue import fix, message

if TYPE_CHECKING:
    import pandas as pd

_SAID_FIRST = ("F206", "U211")  # the plan is open in Excel; all files are of something else


@dataclass(frozen=True, slots=True)
class Result:
    """A run's result: its contents, and the pieces of it that other programs ask for most.

    ``findings`` stand worst first. ``folder`` is where it was written, None if nowhere; ``held_open`` names the file of
    the old result that kept it from its place. ``notices`` are sentences about what was written: edited files that were
    kept, letters that were not written.

    >>> quarter.contents.period_name, quarter.findings[0].code, quarter.held_open
    ('Quý I năm 2021', 'U101', None)
    """

    contents: Contents
    findings: tuple[Finding, ...] = ()
    folder: str | None = None
    held_open: str | None = None
    notices: tuple[str, ...] = ()

    @property
    def first(self) -> str:
        """What looks wrong with the whole input, to be said before everything else; '' if nothing does.

        >>> quarter.first
        ''
        """
        return " ".join(f"{message(item)} {fix(item)}" for item in self.findings if item.code in _SAID_FIRST)

    @property
    def document(self) -> Object:
        """The object of ``result.json``, made anew each time: figures are decimal strings. Contract: design §6.

        >>> year.document["index"]["percent"]
        '74.12'
        """
        return to_object(self.contents)

    @property
    def index(self) -> Index:
        """The index as ``Decimal``, rounded half-up to the places the plan asks for; None where it is unknown.

        While a criterion has no points it is an interval in percent, from ``percent`` to ``percent_if_missing_full``.

        >>> quarter.index.percent, quarter.index.percent_if_missing_full, quarter.index.complete
        (Decimal('40.15'), Decimal('89.64'), False)
        """
        index = self.contents.index
        return Index(index.points, index.applicable_max, index.percent, index.percent_if_missing_full, index.complete)

    def to_frame(self, table: str) -> pd.DataFrame:
        """A list of the contents, such as ``criteria`` or ``findings``, as a pandas frame: the exit for analysts.

        One row each, one column for each field; figures stay decimal strings, codes texts ("1.10" is never 1.1).

        Raises ``ValueError`` for a table the contents do not hold, ``ImportError`` without pandas.

        >>> year.to_frame("criteria").set_index("code").loc["1.6", ["max", "points"]].tolist()
        ['2', '1.75']
        """
        import pandas as pd

        tables = {field.name: getattr(self.contents, field.name) for field in fields(self.contents)}
        known = [name for name, value in tables.items() if isinstance(value, tuple | dict)]
        if table not in known:
            raise ValueError(f"there is no table “{table}”; there are {', '.join(known)}")
        if table == "measures":
            values = to_object(tables[table])
            return pd.DataFrame({"code": list(values), "value": list(values.values())}, dtype="object")
        rows = to_objects(tables[table])
        return pd.DataFrame(rows, columns=None if rows else COLUMNS.get(table), dtype="object")

    def write_table(self, table: str, path: str | Path) -> Path:
        """The same table as a ``.csv`` for Excel or a ``.parquet`` file; returns the path written.

        Raises ``ValueError`` for another ending or an unknown table, ``ImportError`` if pyarrow is wanted and missing.

        >>> year.write_table("criteria", "thu/tieu-chi.csv").name
        'tieu-chi.csv'
        """
        write_frame(self.to_frame(table), Path(path))
        return Path(path)
