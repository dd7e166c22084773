"""The evidence register: criteria of a result come in, its lines go out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from cchc_xl.text.numbers import ELSEWHERE, MISSING
from cchc_xl.text.words import key

Document = dict[str, Any]

_FOUND = {True: "có trong thư mục", False: "không tìm thấy tệp", None: "đơn vị kê khai"}


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A line of the evidence register."""

    code: str
    name: str
    unit: str
    text: str
    place: str
    found: str


def register(
    leaves: Iterable[Document], units: dict[str, str], lead: Callable[[Document], str]
) -> Iterator[EvidenceRow]:
    """What was named as evidence, and after it what is required and still lacking."""
    for item in leaves:
        for entry in item["evidence"]:
            unit = units.get(entry["unit"], entry["unit"])
            text = entry["text"] or MISSING
            yield EvidenceRow(item["code"], item["name"], unit, text, place(entry), _FOUND[entry["found"]])
        if lacking(item):
            yield EvidenceRow(item["code"], item["name"], lead(item), MISSING, ELSEWHERE, "thiếu minh chứng")


def lacking(item: Document) -> bool:
    """Whether a leaf must have evidence and has none."""
    return required(item) and item["status"] != "not_applicable" and not item["evidence"]


def required(item: Document) -> bool:
    """Whether the plan asks for evidence for this criterion."""
    return key(item["rule"]["evidence"]) not in ("", key("không"))


def place(item: Document) -> str:
    """Where something stands: file › sheet › cell."""
    return " › ".join(part for part in (item["file"], item["sheet"], item["cell"]) if part) or ELSEWHERE
