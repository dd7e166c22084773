"""A workbook as a package of parts: bytes come in, parts, relationships and sheets go out. Only reads; bounded.

What openpyxl does not model it leaves out. Whether it left anything out can only be seen below it, in the parts.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from defusedxml import ElementTree

# What is copied and compared: every cell is an object in openpyxl, and every tag is looked at once before, once after.
MAX_INFLATED, MAX_TAGS = 192 * 1024 * 1024, 800_000
TOO_HEAVY = "quá lớn hoặc khác thường để sao chép"

Element = Any  # of xml.etree, as defusedxml makes it


class CannotCopyError(Exception):
    """The workbook cannot be copied whole; the text says why, to be read after "tệp của đơn vị"."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship of a part: its kind (the end of its type), and the part or the outside address it leads to."""

    kind: str
    target: str
    external: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of any kind, as the workbook lists it."""

    title: str
    state: str
    kind: str
    part: str


class Package:
    """The parts of one workbook.

    Raises :class:`CannotCopyError` where it is too heavy to be copied, and what zipfile and defusedxml raise.
    """

    def __init__(self, data: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self._tags = 0
        members = self._zip.infolist()
        self._names = {item.filename.lstrip("/"): item.filename for item in members}
        if sum(item.file_size for item in members) > MAX_INFLATED:
            raise CannotCopyError(TOO_HEAVY)

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return name in self._names

    def part(self, name: str) -> bytes:
        """The part's bytes; zipfile never gives more than the size that the directory states."""
        return self._zip.read(self._names[name])

    def xml(self, name: str) -> Element:
        """The part parsed; a DOCTYPE is an error."""
        return ElementTree.fromstring(self._weighed(name), forbid_dtd=True)

    def elements(self, name: str) -> Iterator[tuple[str, Element]]:
        """The starts and ends of the part's elements, one by one."""
        source = io.BytesIO(self._weighed(name))
        yield from ElementTree.iterparse(source, events=("start", "end"), forbid_dtd=True)

    def _weighed(self, name: str) -> bytes:
        """The part, unless it and the parts before it have more tags than are worth an object each."""
        data = self.part(name)
        self._tags += data.count(b"<")
        if self._tags > MAX_TAGS:
            raise CannotCopyError(TOO_HEAVY)
        return data

    def relations(self, name: str) -> dict[str, Relation]:
        """The relationships of a part by their id; of the package itself where the name is empty."""
        folder, base = posixpath.split(name)
        place = posixpath.join(folder, "_rels", f"{base}.rels")
        if not self.has(place):
            return {}
        return {item.get("Id", ""): _relation(item, folder) for item in self.xml(place)}

    @cached_property
    def workbook(self) -> str:
        """The name of the workbook part."""
        return next(item.target for item in self.relations("").values() if item.kind == "officeDocument")

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """The sheets in their order."""
        relations = self.relations(self.workbook)
        return tuple(
            Sheet(item.get("name", ""), item.get("state", "visible"), at.kind, at.target)
            for item in self.xml(self.workbook).iterfind("{*}sheets/{*}sheet")
            if (at := relations.get(related(item))) is not None and self.has(at.target)
        )


def local(name: str) -> str:
    """A tag or attribute without its namespace."""
    return name.rpartition("}")[2]


def related(item: Element) -> str:
    """The id of the relationship that the element names (``r:id``), or ''."""
    return next((value for name, value in item.attrib.items() if name.endswith("/relationships}id")), "")


def _relation(item: Element, folder: str) -> Relation:
    target = item.get("Target", "")
    external = item.get("TargetMode") == "External"
    if not external:
        place = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
        target = posixpath.normpath(unquote(place))
    return Relation(item.get("Type", "").rpartition("/")[2], target, external)
