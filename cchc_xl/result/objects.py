"""The border of the typed result: records come in and JSON-ready objects go out, and back.

Decimals are plain strings (design §6), days and times ISO text. A key of ours that Python does not allow as a name
(``class``) has a trailing underscore in the record. The converter is made when the first object is asked for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from cchc_xl.plan.cells import CONTRACT
from cchc_xl.records import Kind, Method, RollCall, Settings, State
from cchc_xl.result.comparison import Published
from cchc_xl.result.contents import SCHEMA, AppraisalEntry, Contents, Report, Task, UnitFigure
from cchc_xl.text.numbers import plain

if TYPE_CHECKING:
    from cattrs import Converter

Object = dict[str, object]
_DECIMAL = re.compile(r"-?[0-9]{1,400}(?:\.[0-9]{1,1000})?")
_LARGEST_COUNT = 10**12
_OPTIONAL = ("comparison", "agency_code", "agencies", "ranking")  # of a result: not written where there is none
_EVIDENCE: list[str] = CONTRACT["choices"]["missing_evidence"]  # how ``zero_without_evidence`` is stored, by its value


class ContentsError(ValueError):
    """The object is no result that this version knows; the text is one sentence without its subject.

    ``key`` is the place in the object, such as ``criteria[3].points``, '' for the whole.
    """

    def __init__(self, key: str, why: str) -> None:
        super().__init__(f"khóa “{key}” {why}" if key else why)
        self.key = key


def to_object(record: object) -> Object:
    """A record as what JSON knows: objects, lists, text, whole numbers, yes or no.

    >>> from cchc_xl.result.advice import Stop
    >>> to_object(Stop("1", "Một", None, Decimal("2.50"), Decimal("1E+2")))
    {'code': '1', 'name': 'Một', 'points': None, 'full': '2.5', 'percent': '100', 'alternatives': [], 'exact': False}
    """
    made: Object = _converter().unstructure(record)
    return made


def to_objects(records: Iterable[object]) -> list[Object]:
    """Several records, each as :func:`to_object` makes it."""
    return [to_object(record) for record in records]


def to_written(contents: Contents) -> Mapping[str, object]:
    """The object of a result whose lists still hold records: :func:`as_lines` makes an object of one at a time.

    Of ten thousand units the whole object takes a third of the memory of a run.
    """
    kept = {field.name: getattr(contents, field.name) for field in fields(contents) if field.name not in _OPTIONAL}
    lists = {name: value for name, value in kept.items() if isinstance(value, tuple)}
    empty: dict[str, Any] = dict.fromkeys(lists, ())
    return {name: lists.get(name, value) for name, value in to_object(replace(contents, **empty)).items()}


def as_text(told: Mapping[str, object]) -> str:
    """The JSON text of an object: a line for each key, and in a list one for each item, so that two can be compared.

    The standard library writes a whole item ten times as fast as one that it indents.

    >>> print(as_text({"period": "2021-Q1", "criteria": [{"code": "1"}, {"code": "2"}], "units": []}))
    {
     "period": "2021-Q1",
     "criteria": [
      {"code": "1"},
      {"code": "2"}
     ],
     "units": []
    }
    """
    return "\n".join(as_lines(told))


def as_lines(told: Mapping[str, object]) -> Iterator[str]:
    """The lines of that text, made one by one: of ten thousand units the whole takes half the memory of a run.

    A list may be a tuple of records.
    """
    encode = json.JSONEncoder(ensure_ascii=False).encode
    if not told:
        yield "{}"
        return
    yield "{"
    for left, (key, value) in zip(range(len(told) - 1, -1, -1), told.items(), strict=True):
        more = "," if left else ""
        if isinstance(value, list | tuple) and value:
            write: Callable[[object], str] = encode if isinstance(value, list) else lambda item: encode(to_object(item))
            last = len(value) - 1
            yield f" {encode(key)}: ["
            yield from (f"  {write(item)}{',' if number < last else ''}" for number, item in enumerate(value))
            yield f" ]{more}"
        else:
            yield f" {encode(key)}: {encode(value)}{more}"
    yield "}"


def from_object(stored: object) -> Contents:
    """The result in the object of a ``result.json``; keys that this version does not know are passed over.

    A key that an older version did not write has its record's default where that is true of any result (``exact``: not
    known to be); every other one is needed.

    Raises :class:`ContentsError`, which names the key, if one is missing or of another kind.
    """
    if not isinstance(stored, Mapping) or stored.get("schema") != SCHEMA:
        raise ContentsError("", "không phải kết quả của phiên bản này")
    from cattrs import transform_error
    from cattrs.errors import BaseValidationError

    try:
        return _converter().structure(stored, Contents)
    except BaseValidationError as error:
        first = transform_error(error, path="", format_exception=_why)[0]
        why, _, key = first.partition(" @ ")
        raise ContentsError(key.lstrip(".").replace("zero_without_evidence", "missing_evidence"), why) from error


def _why(error: BaseException, _kind: type | None) -> str:
    return "bị thiếu" if isinstance(error, KeyError) else "có giá trị không hiểu được"


@cache
def _converter() -> Converter:
    from cattrs import Converter
    from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

    made = Converter(unstruct_collection_overrides={tuple: list})
    own = {
        Contents: {name: override(omit_if_default=True) for name in _OPTIONAL},
        Report: {"more": override(omit_if_default=True)},
        Task: {"more": override(omit_if_default=True)},
        UnitFigure: {name: override(omit_if_default=True) for name in ("supplied", "reference")},
        Settings: {
            "zero_without_evidence": override(
                rename="missing_evidence",
                unstruct_hook=lambda zero: _EVIDENCE[zero],
                struct_hook=lambda word, _: bool(_EVIDENCE.index(word)),
            )
        },
        RollCall: {
            "sent_from": override(unstruct_hook=lambda text: text or None, struct_hook=lambda text, _: text or "")
        },
    }

    def keys(kind: type) -> dict[str, Any]:  # cattrs takes them among its keyword arguments
        barred = (field.name for field in fields(kind) if field.name.endswith("_"))
        return {name: override(rename=name[:-1]) for name in barred} | own.get(kind, {})

    made.register_unstructure_hook_factory(
        is_dataclass, lambda kind: make_dict_unstructure_fn(kind, made, **keys(kind))
    )
    made.register_structure_hook_factory(is_dataclass, lambda kind: make_dict_structure_fn(kind, made, **keys(kind)))
    made.register_unstructure_hook(AppraisalEntry, lambda entry: {**entry.entered, "stale": entry.stale})
    made.register_structure_hook(AppraisalEntry, _appraisal)
    made.register_unstructure_hook(Published, lambda figure: format(figure, "f"))
    made.register_unstructure_hook(Decimal, plain)
    for figure in (Decimal, Published):
        made.register_structure_hook(figure, _decimal)
    for when in (date, datetime):
        made.register_unstructure_hook(when, lambda day: day.isoformat())
        made.register_structure_hook(when, lambda text, kind: kind.fromisoformat(text))
    for closed in (Kind, Method, State):
        made.register_unstructure_hook(closed, lambda member: member.value)
        made.register_structure_hook(closed, lambda text, kind: kind(text))
    for simple in (str, int, bool):
        made.register_structure_hook(simple, _same)
    return made


def _decimal(text: object, _kind: object) -> Decimal:
    if not isinstance(text, str) or not _DECIMAL.fullmatch(text):
        raise TypeError
    return Decimal(text)


def _appraisal(stored: Mapping[str, object], _kind: object) -> AppraisalEntry:
    entered = {
        name: None if text is None else str(_same(text, str)) for name, text in stored.items() if name != "stale"
    }
    return AppraisalEntry(entered, stored["stale"] is True)


def _same(value: object, kind: type) -> object:
    """Nothing is made to fit: a number is no text, and null is neither."""
    if type(value) is not kind or (isinstance(value, int) and abs(value) > _LARGEST_COUNT):
        raise TypeError
    return value
