"""Results built by hand: the keys of ``result.json`` that matter to a test come in, a whole result goes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, Literal, NewType, Union, get_args, get_origin, get_type_hints

from cchc_xl.result.contents import AppraisalEntry, Contents
from cchc_xl.result.objects import from_object, to_object


def completed(document: Mapping[str, Any]) -> Contents:
    """The result with these keys; of the others those that may not be left out hold nothing, 0 or no."""
    return from_object(_filled(Contents, document))


_hints = cache(get_type_hints)


def _filled(kind: Any, value: Any) -> Any:
    if get_origin(kind) in (Union, UnionType):
        return value if value is None else _filled(get_args(kind)[0], value)
    if get_origin(kind) is tuple:
        return [_filled(get_args(kind)[0], item) for item in value]
    if not is_dataclass(kind) or kind is AppraisalEntry:
        return value
    hints = _hints(kind)
    made = dict(value)
    for field in fields(kind):
        if field.name in made:
            made[field.name] = _filled(hints[field.name], made[field.name])
        elif field.default is MISSING:
            made[field.name] = _nothing(hints[field.name])
    return made


def _nothing(kind: Any) -> Any:
    if get_origin(kind) in (Union, UnionType):
        return None
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if get_origin(kind) is tuple:
        return []
    if is_dataclass(kind):
        return _filled(kind, {})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind)).value
    if isinstance(kind, NewType) or kind is Decimal:
        return "0"
    if get_origin(kind) is not None:
        return {}
    return {str: "", int: 0, bool: False, date: "2020-01-01"}[kind]


class Told(dict[str, Any]):
    """The object of a record, to be looked at by its keys; ``record`` is the record itself."""

    def __init__(self, record: object) -> None:
        super().__init__(to_object(record))
        self.record = record
