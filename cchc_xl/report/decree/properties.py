"""One element of formatting as a mapping: a ``w:pPr`` comes in, what it says by plain names goes out.

Lengths are in twentieths of a point.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cchc_xl.report.word_file import WORD

W = f"{{{WORD}}}"
_OFF = frozenset(("0", "false", "off", "none"))

Properties = dict[str, Any]


def paragraph_properties(properties: Any) -> Properties:
    """What a ``w:pPr`` says; nothing if there is none."""
    if properties is None:
        return {}
    told: Properties = {}
    for item in properties:
        name, attributes = (
            local_name(item),
            {str(key).rpartition("}")[2]: str(value) for key, value in item.attrib.items()},
        )
        if name == "pStyle":
            told["style"] = attributes.get("val", "")
        elif name == "jc":
            told["jc"] = attributes.get("val", "")
        elif name == "ind":
            told |= _indents(attributes)
        elif name == "spacing":
            told |= _spaces(attributes)
        elif name == "contextualSpacing":
            told[name] = is_on(attributes.get("val", ""))
        elif name == "pBdr":
            told["ruled"] = any(local_name(edge) in {"bottom", "between"} and _is_drawn(edge) for edge in item)
        elif name == "framePr":
            told["framed centre"] = attributes.get("xAlign") == "center"
        elif name == "tabs":
            told["tabs"] = {number(tab.get(f"{W}pos"), 0.0): str(tab.get(f"{W}val")) for tab in item.iter(f"{W}tab")}
        elif name == "numPr":
            for part in item:
                told[{"ilvl": "level"}.get(local_name(part), local_name(part))] = str(part.get(f"{W}val", "0"))
    return told


def _indents(told: Mapping[str, str]) -> Properties:
    made: Properties = {}
    for name, others in (("left", ("start", "left")), ("right", ("end", "right"))):
        for other in others:
            if other in told:
                made[name] = number(told[other], 0.0)
    if "hanging" in told and ("firstLine" not in told or number(told["hanging"], 0.0)):
        made["first"] = -number(told["hanging"], 0.0)
    elif "firstLine" in told:
        made["first"] = number(told["firstLine"], 0.0)
    return made


def _spaces(told: Mapping[str, str]) -> Properties:
    made: Properties = {name: number(told[name], 0.0) for name in ("before", "after", "line") if name in told}
    if "lineRule" in told or "line" in told:
        made["rule"] = told.get("lineRule", "auto")
    for name in ("before", "after"):
        if f"{name}Autospacing" in told:
            made[f"{name} auto"] = is_on(told[f"{name}Autospacing"])
    return made


def _is_drawn(edge: Any) -> bool:
    return str(edge.get(f"{W}val", "none")) not in {"none", "nil"}


def local_name(element: Any) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def is_on(value: str) -> bool:
    """Whether a switch of WordprocessingML is on; named without a value it is.

    >>> is_on(""), is_on("1"), is_on("false")
    (True, True, False)
    """
    return value.casefold() not in _OFF


def number(value: Any, otherwise: float, most: float = 1_000_000) -> float:
    """A length as it is written in a document, twentieths of a point or with a unit.

    ``otherwise`` stands for nonsense and for what is not below ``most``.

    >>> number("720", 0.0), number("36pt", 0.0), number("x", 1.0)
    (720.0, 720.0, 1.0)
    """
    text = str(value)
    units = {"pt": 20.0, "in": 1440.0, "cm": 567.0, "mm": 56.7}
    factor = units.get(text[-2:], 0.0)
    try:
        made = float(text[:-2]) * factor if factor else float(text)
    except ValueError:
        return otherwise
    return made if abs(made) < most else otherwise
