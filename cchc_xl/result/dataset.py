"""Results as a data set for analysts: contents come in, Parquet files go out, one per table, period and agency.

DuckDB, Polars and Power BI read the folder of a table whole: ``period`` and ``agency`` are columns that they take from
the names of the folders. The columns and their types are the same in every file. A figure is a decimal of 38 digits, 10
of them behind the point (one that needs more is rounded half-even there); what is unknown is null.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from pathlib import Path
from urllib.parse import quote

from cchc_xl.result import archive
from cchc_xl.result.contents import Contents
from cchc_xl.result.frames import pyarrow

PLACES = 10
_WIDEST = Context(prec=38, rounding=ROUND_HALF_EVEN)
_OWN = "__HIVE_DEFAULT_PARTITION__"  # what readers take for null: a result that is not one of many agencies
_FILE = "part-0.parquet"
Row = dict[str, object]


_TEXT, _FIGURE, _COUNT, _FLAG, _TIME = "text", "figure", "count", "flag", "time"
# By table its columns, each with the kind of its values.
TABLES = {
    "criteria": {
        **dict.fromkeys(("code", "name", "parent"), _TEXT),
        "level": _COUNT,
        **dict.fromkeys(("method", "status"), _TEXT),
        **dict.fromkeys(("max", "applicable_max", "points", "self_points"), _FIGURE),
        **dict.fromkeys(("appraised_points", "final_points", "previous_points"), _FIGURE),
    },
    "figures": {
        **dict.fromkeys(("code", "name", "unit_of_measure", "unit", "state"), _TEXT),
        "value": _FIGURE,
        "text": _TEXT,
        "by_office": _FLAG,
        **dict.fromkeys(("file", "sheet", "cell"), _TEXT),
    },
    "units": {
        **dict.fromkeys(("unit", "name", "status"), _TEXT),
        **dict.fromkeys(("sent", "first_sent"), _TIME),
        **dict.fromkeys(("file", "sha256"), _TEXT),
    },
}


def rows(contents: Contents, table: str) -> Iterator[Row]:
    """The rows that a result has of a table."""

    def row(record: object, **own: object) -> Row:
        return {name: own[name] if name in own else getattr(record, name) for name in TABLES[table]}

    match table:
        case "criteria":
            yield from map(row, contents.criteria)
        case "figures":
            for detail in contents.measure_details:
                figure = {"code": detail.code, "name": detail.name, "unit_of_measure": detail.unit_name}
                yield from (row(entry, **figure, by_office=entry.supplied) for entry in detail.entries)
        case "units":
            names = {unit.code: unit.name for unit in contents.units}
            yield from (row(item, name=names.get(item.unit, "")) for item in contents.rollcall)


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
    pa = pyarrow()
    from pyarrow import parquet

    kinds = {
        _TEXT: pa.string(),
        _FIGURE: pa.decimal128(_WIDEST.prec, PLACES),
        _COUNT: pa.int64(),
        _FLAG: pa.bool_(),
        _TIME: pa.timestamp("s", tz="UTC"),
    }
    written = []
    for contents in results:
        for table, columns in TABLES.items():
            schema = pa.schema([(name, kinds[kind]) for name, kind in columns.items()])
            fitting = [_fitting(row) for row in rows(contents, table)]
            agency = _segment(contents.agency_code) if contents.agency_code else _OWN
            place = folder / table / f"period={_segment(contents.period)}" / f"agency={agency}" / _FILE
            place.parent.mkdir(parents=True, exist_ok=True)
            new = place.with_suffix(".new")
            parquet.write_table(pa.Table.from_pylist(fitting, schema), new)
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
