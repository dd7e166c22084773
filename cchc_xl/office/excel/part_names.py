"""A workbook whose parts have names that readers do not know: its package comes in, one with the usual names goes out.

The standard finds parts by relations, from the package to the workbook and on to its sheets, and Excel does; readers
look for ``xl/workbook.xml`` and what is usual around it. Some writers also use backslashes, or UTF-16.

Source of the rules: ECMA-376 part 2 (Open Packaging Conventions).
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from html import escape

from defusedxml import ElementTree

from cchc_xl.office.excel.bounds import MAX_INFLATED, MAX_PART
from cchc_xl.office.excel.parts import (
    RELATIONS,
    RELATIONS_TYPE,
    SHEET_TYPE,
    TRANSITIONAL,
    TYPES,
    Text,
    document,
    relations_name,
)

_MAIN = "xl/workbook.xml"
_USUAL = {"styles": "xl/styles.xml", "sharedStrings": "xl/sharedStrings.xml", "theme": "xl/theme/theme1.xml"}
_SHEETS = ("worksheet", "chartsheet")
_KINDS = {"main": "sheet.main", "styles": "styles", "sharedStrings": "sharedStrings"} | {kind: kind for kind in _SHEETS}
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_SAID_ENCODING = re.compile(r"(<\?xml[^<>]{0,200}?)\s+encoding\s*=\s*[\"'][^\"'<>]{0,40}[\"']")


def with_usual_names(package: zipfile.ZipFile) -> bytes | None:
    """The package under the usual names, in UTF-8; None where it has them, or no workbook of Excel is in it.

    Raises what ``zipfile`` and the XML parser raise for a broken one.
    """
    names = {_plain(name): name for name in package.namelist()}
    relations = list(_relations(package, names, ""))
    main = next((target for kind, _, target in relations if kind == "officeDocument"), "")
    if main not in names or main.endswith(".bin"):
        return None
    own = list(_relations(package, names, main))
    renamed = _renamed(main, own)
    sizes = [package.getinfo(name).file_size for name in names.values()]
    wide = any(_is_wide(package, name) for name in names.values())
    if not wide and all(renamed.get(plain, plain) == name for plain, name in names.items()):
        return None
    if sum(sizes) > MAX_INFLATED or max(sizes) > MAX_PART:
        return None
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as target:
        for plain, name in names.items():
            if plain not in (relations_name(""), relations_name(main), "[Content_Types].xml"):
                target.writestr(renamed.get(plain, plain), _narrow(package.read(name)))
        target.writestr(relations_name(""), _relations_part([("officeDocument", "rId1", f"/{_MAIN}")]))
        told = [(kind, number, f"/{renamed.get(to, to)}") for kind, number, to in own if to in names]
        target.writestr(relations_name(_MAIN), _relations_part(told))
        target.writestr("[Content_Types].xml", _types_part({to: kind for kind, _, to in own} | {main: "main"}, renamed))
    return packed.getvalue()


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/")


def _relations(package: zipfile.ZipFile, names: dict[str, str], owner: str) -> Iterator[tuple[str, str, str]]:
    """Kind, id and part of every relation of a part to another part of the package."""
    listed = names.get(relations_name(owner))
    if listed is None:
        return
    for item in ElementTree.fromstring(_narrow(package.read(listed))).iter(f"{{{RELATIONS}}}Relationship"):
        if item.get("TargetMode") != "External":
            target = posixpath.join("/", posixpath.dirname(owner), item.get("Target", "").replace("\\", "/"))
            kind = item.get("Type", "").rpartition("/")[2]
            yield kind, item.get("Id", ""), posixpath.normpath(target).lstrip("/")


def _renamed(main: str, own: list[tuple[str, str, str]]) -> dict[str, str]:
    """The usual names of the workbook and of what it leads to; a sheet keeps one that readers find."""
    names = {main: _MAIN}
    for number, (kind, _, target) in enumerate(own, start=1):
        if kind in _USUAL:
            names[target] = _USUAL[kind]
        elif kind in _SHEETS and not target.startswith("xl/worksheets/"):
            names[target] = f"xl/worksheets/other{number}.xml"
    return names


def _is_wide(package: zipfile.ZipFile, name: str) -> bool:
    if not name.endswith((".xml", ".rels")):
        return False
    with package.open(name) as part:
        return part.read(2) in _WIDE


def _narrow(part: bytes) -> bytes:
    """The part in UTF-8."""
    return _SAID_ENCODING.sub(r"\1", Text(part).text, count=1).encode() if part[:2] in _WIDE else part


def _relations_part(relations: list[tuple[str, str, str]]) -> bytes:
    told = "".join(
        f'<Relationship Id="{escape(number)}" Type="{TRANSITIONAL}/{kind}" Target="{escape(target)}"/>'
        for kind, number, target in relations
        if re.fullmatch(r"\w{1,99}", kind)
    )
    return document(f'<Relationships xmlns="{RELATIONS}">{told}</Relationships>')


def _types_part(kinds: dict[str, str], renamed: dict[str, str]) -> bytes:
    known = {renamed.get(name, name): SHEET_TYPE.format(_KINDS[kind]) for name, kind in kinds.items() if kind in _KINDS}
    told = "".join(f'<Override PartName="/{escape(name)}" ContentType="{kind}"/>' for name, kind in known.items())
    return document(
        f'<Types xmlns="{TYPES}">{RELATIONS_TYPE}<Default Extension="xml" ContentType="application/xml"/>{told}</Types>'
    )
