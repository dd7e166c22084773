"""Results as a data set for analysts: contents come in, Parquet files go out, one per table, period and agency.

DuckDB, Polars and Power BI read the folder of a table whole: ``period`` and ``agency`` are columns that they take from
the names of the folders. The columns and their types are the same in every file. A figure is a decimal of 38 digits, 10
of them behind the point (one that needs more is rounded half-even there); what is unknown is null.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from pathlib import Path
from urllib.parse import quote

from cchc_xl.result import archive
from cchc_xl.result.contents import Contents

PLACES = 10
_WIDEST = Context(prec=38, rounding=ROUND_HALF_EVEN)
_OWN = "__HIVE_DEFAULT_PARTITION__"  # what readers take for null: a result that is not one of many agencies
_FILE = "part-0.parquet"
Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table of the data set: its columns, each with the kind of its values, and the rows that a result has of it."""

    name: str
    columns: dict[str, str]
    rows: Callable[[Contents], Iterator[Row]]


def _criteria(contents: Contents) -> Iterator[Row]:
    for item in contents.criteria:
        yield {
            "code": item.code,
            "name": item.name,
            "parent": item.parent,
            "level": item.level,
            "method": item.method,
            "status": item.status,
            "max": item.max,
            "applicable_max": item.applicable_max,
            "points": item.points,
            "self_points": item.self_points,
            "appraised_points": item.appraised_points,
            "final_points": item.final_points,
            "previous_points": item.previous_points,
        }


def _figures(contents: Contents) -> Iterator[Row]:
    for detail in contents.measure_details:
        for entry in detail.entries:
            yield {
                "code": detail.code,
                "name": detail.name,
                "unit_of_measure": detail.unit_name,
                "unit": entry.unit,
                "state": str(entry.state.value),
                "value": entry.value,
                "text": entry.text,
                "by_office": entry.supplied,
                "file": entry.file,
                "sheet": entry.sheet,
                "cell": entry.cell,
            }


def _units(contents: Contents) -> Iterator[Row]:
    names = {unit.code: unit.name for unit in contents.units}
    for row in contents.rollcall:
        yield {
            "unit": row.unit,
            "name": names.get(row.unit, ""),
            "status": row.status,
            "sent": row.sent,
            "first_sent": row.first_sent,
            "file": row.file,
            "sha256": row.sha256,
        }


_TEXT, _FIGURE, _COUNT, _FLAG, _TIME = "text", "figure", "count", "flag", "time"
TABLES = (
    DataTable(
        "criteria",
        {
            **dict.fromkeys(("code", "name", "parent"), _TEXT),
            "level": _COUNT,
            **dict.fromkeys(("method", "status"), _TEXT),
            **dict.fromkeys(("max", "applicable_max", "points", "self_points"), _FIGURE),
            **dict.fromkeys(("appraised_points", "final_points", "previous_points"), _FIGURE),
        },
        _criteria,
    ),
    DataTable(
        "figures",
        {
            **dict.fromkeys(("code", "name", "unit_of_measure", "unit", "state"), _TEXT),
            "value": _FIGURE,
            "text": _TEXT,
            "by_office": _FLAG,
            **dict.fromkeys(("file", "sheet", "cell"), _TEXT),
        },
        _figures,
    ),
    DataTable(
        "units",
        {
            **dict.fromkeys(("unit", "name", "status"), _TEXT),
            **dict.fromkeys(("sent", "first_sent"), _TIME),
            **dict.fromkeys(("file", "sha256"), _TEXT),
        },
        _units,
    ),
)


def results_in(out: Path) -> Iterator[Contents]:
    """The finished results in a folder of results, period by period, and of each period agency by agency.

    Raises :class:`cchc_xl.result.archive.ArchiveError` for one that cannot be read, ``OSError`` for the folder.
    """
    for folder in sorted(out.iterdir()):
        if not (folder / archive.RESULT).is_file() or folder.name.startswith("."):
            continue
        contents = archive.load_contents(folder)
        if not contents.agencies:
            yield contents
        for item in contents.agencies:
            if item.folder:
                yield archive.load_contents(folder / item.folder)


def write_dataset(results: Iterable[Contents], folder: Path) -> tuple[Path, ...]:
    """Writes ``<table>/period=…/agency=…/`` below the folder, one file each; what stood there of a result is replaced.

    Returns the files written. Raises ``ImportError`` if pyarrow is not installed, ``OSError`` where nothing can be
    written.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise ImportError("writing .parquet needs pyarrow: run pip install pyarrow") from error
    kinds = {
        _TEXT: pa.string(),
        _FIGURE: pa.decimal128(_WIDEST.prec, PLACES),
        _COUNT: pa.int64(),
        _FLAG: pa.bool_(),
        _TIME: pa.timestamp("s", tz="UTC"),
    }
    written = []
    for contents in results:
        for table in TABLES:
            schema = pa.schema([(name, kinds[kind]) for name, kind in table.columns.items()])
            rows = [_fitting(row) for row in table.rows(contents)]
            agency = _segment(contents.agency_code) if contents.agency_code else _OWN
            place = folder / table.name / f"period={_segment(contents.period)}" / f"agency={agency}" / _FILE
            place.parent.mkdir(parents=True, exist_ok=True)
            new = place.with_suffix(".new")
            parquet.write_table(pa.Table.from_pylist(rows, schema), new)
            new.replace(place)
            written.append(place)
    return tuple(written)


def _segment(text: str) -> str:
    """A value as the name of a folder says it; readers undo the escapes."""
    return quote(text, safe=" -_().,")


def _fitting(row: Row) -> Row:
    return {name: _decimal(value) if isinstance(value, Decimal) else value for name, value in row.items()}


def _decimal(value: Decimal) -> Decimal | None:
    """The figure to ten places; None for one too large for the column (28 digits before the point).

    >>> _decimal(Decimal("0.12345678905")), _decimal(Decimal("1e30"))
    (Decimal('0.1234567890'), None)
    """
    try:
        return value.quantize(Decimal(1).scaleb(-PLACES), context=_WIDEST)
    except InvalidOperation:
        return None
