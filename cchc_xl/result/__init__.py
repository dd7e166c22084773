"""The result of a run as one document: records come in, the object of ``result.json`` goes out (design §6).

Everything the Word report, ``explain`` and the workbooks for people show is in this document, so that each of them can
be made again from a finished run alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from cchc_xl.records import Finding, Index
from cchc_xl.result.frames import COLUMNS, write_frame
from cchc_xl.result.result_file import SCHEMA, Document, document, finding_object, group_object

if TYPE_CHECKING:
    import pandas as pd

__all__ = ("SCHEMA", "Document", "Result", "document", "finding_object", "group_object")


@dataclass(frozen=True, slots=True)
class Result:
    """A run's result: its document, and the pieces of it that other programs ask for most.

    ``folder`` is where it was written; ``held_open`` names the file of the old result that kept it from its place.
    """

    document: Document
    findings: tuple[Finding, ...] = ()
    folder: str | None = None
    held_open: str | None = None

    @property
    def index(self) -> Index:
        """The index as ``Decimal``, rounded half-up to the places the plan asks for; None where it is unknown."""
        index = self.document["index"]
        figures = {
            name: None if index[name] is None else Decimal(index[name])
            for name in ("percent", "percent_if_missing_full")
        }
        return Index(
            points=Decimal(index["points"]),
            applicable_max=Decimal(index["applicable_max"]),
            complete=index["complete"],
            **figures,
        )

    def to_frame(self, table: str) -> pd.DataFrame:
        """A list of the document, such as ``criteria`` or ``findings``, as a pandas frame: the exit for analysts.

        Figures stay decimal strings. Raises ``ValueError`` for a table the document does not hold.
        """
        import pandas as pd

        rows = self._table(table)
        if isinstance(rows, dict):
            return pd.DataFrame({"code": list(rows), "value": list(rows.values())}, dtype="object")
        return pd.DataFrame(rows, columns=None if rows else COLUMNS.get(table), dtype="object")

    def write_table(self, table: str, path: str | Path) -> Path:
        """The same table as a ``.csv`` for Excel or a ``.parquet`` file; returns the path written.

        Raises ``ValueError`` for another ending or an unknown table, ``ImportError`` if pyarrow is wanted and missing.
        """
        write_frame(self.to_frame(table), Path(path))
        return Path(path)

    def _table(self, name: str) -> list[Document] | Document:
        tables = [key for key, value in self.document.items() if isinstance(value, list) or key == "measures"]
        if name not in tables:
            raise ValueError(f"there is no table “{name}”; there are {', '.join(tables)}")
        rows: list[Document] | Document = self.document[name]
        return rows
