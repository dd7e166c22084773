"""The path to the target as part of ``result.json``: a :class:`Path` comes in, a JSON-ready object goes out."""

from __future__ import annotations

from decimal import Decimal

from cchc_xl.advise.route import Path
from cchc_xl.result.result_file import Document
from cchc_xl.text.numbers import plain


def path_object(found: Path) -> Document:
    """The path with decimals as unrounded strings."""
    return {
        "status": found.status,
        "target": plain(found.target),
        "percent": _decimal(found.percent),
        "highest": _decimal(found.highest),
        "stops": [
            {
                "code": stop.code,
                "name": stop.name,
                "points": _decimal(stop.points),
                "full": plain(stop.full),
                "percent": plain(stop.percent),
            }
            for stop in found.stops
        ],
        "missing": list(found.missing),
    }


def _decimal(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)
