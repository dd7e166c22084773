"""A marked copy against its original, part by part, by a reader of our own: nothing but our marks may differ."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from lxml import etree

OURS = "cchc-xl"
LISTS = ("fonts", "fills", "borders", "cellXfs", "dxfs")


def parts(data: bytes) -> dict[str, bytes]:
    """The parts of a package in their order."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def packing(data: bytes) -> list[tuple[str, int]]:
    """How each part is packed, in order."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return [(item.filename, item.compress_type) for item in package.infolist()]


def differing(before: bytes, after: bytes) -> set[str]:
    """The parts of the original whose bytes changed."""
    old, new = parts(before), parts(after)
    return {name for name in old if new.get(name) != old[name]}


def check_only_marks(before: bytes, after: bytes) -> None:
    """Asserts that the copy is the original, but for what marking is allowed to change."""
    old, new = parts(before), parts(after)
    assert packing(after)[: len(old)] == packing(before)
    fresh = set(new) - set(old)
    for name in differing(before, after):
        check = next((check for pattern, check in CHECKS if re.search(pattern, name)), None)
        kind = local(tree(old[name])) if check is None and name.endswith(".xml") else ""
        check = check or {"comments": _comments, "worksheet": _sheet, "chartsheet": _sheet}.get(kind)
        assert check is not None, f"{name} changed"
        check(old[name], new[name], fresh)


def tree(data: bytes) -> Any:
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, strip_cdata=False))


def spelled(item: Any) -> bytes:
    return etree.tostring(item, method="c14n", exclusive=True, with_tail=False)


def local(item: Any) -> str:
    return etree.QName(item).localname if isinstance(item.tag, str) else ""


def _listed(before: bytes, after: bytes, fresh: set[str]) -> None:
    """Relations and content types: all that were there, in their order, and one for each new part."""
    old, new = [spelled(item) for item in tree(before)], [spelled(item) for item in tree(after)]
    assert new[: len(old)] == old
    names = {name.rpartition("/")[2].encode() for name in fresh}
    assert all(any(name in item for name in names) for item in new[len(old) :]), new[len(old) :]


def _styles(before: bytes, after: bytes, _: set[str]) -> None:
    """Lists of styles only become longer, all else is alike: no number of a style means anything else than before."""
    old, new = tree(before), tree(after)
    assert dict(old.attrib) == dict(new.attrib)
    assert old.nsmap == new.nsmap
    named = {local(item): item for item in new}
    for item in old:
        if local(item) in LISTS:
            entries = [spelled(entry) for entry in item]
            assert [spelled(entry) for entry in named[local(item)]][: len(entries)] == entries
            assert named[local(item)].get("count") in {None, str(len(named[local(item)]))}
        else:
            assert spelled(item) == spelled(named[local(item)])
    assert [local(item) for item in new if local(item) not in LISTS] == [
        local(item) for item in old if local(item) not in LISTS
    ]


def _workbook(before: bytes, after: bytes, _: set[str]) -> None:
    """One sheet more in front (and a hidden one behind, where there was no stamp); names know their sheets by number."""
    old, new = tree(before), tree(after)
    assert old.nsmap == new.nsmap
    sheets = [spelled(item) for item in old.iter("{*}sheet")]
    now = [spelled(item) for item in new.iter("{*}sheet")]
    assert now[1 : 1 + len(sheets)] == sheets
    assert len(now) - len(sheets) in {1, 2}
    names = [(item.get("name"), item.get("localSheetId"), item.text) for item in old.iter("{*}definedName")]
    moved = [(name, place if place is None else str(int(place) + 1), text) for name, place, text in names]
    told = [(item.get("name"), item.get("localSheetId"), item.text) for item in new.iter("{*}definedName")]
    assert told[:-1] == moved
    assert told[-1][:2] == ("_xlnm.Print_Titles", "0")
    for root in (old, new):
        for view in root.iter("{*}workbookView"):
            view.attrib.pop("activeTab", None)
            view.attrib.pop("firstSheet", None)
        for item in list(root):
            if local(item) in {"sheets", "definedNames"}:
                root.remove(item)
    assert spelled(old) == spelled(new)


def _sheet(before: bytes, after: bytes, _: set[str]) -> None:
    """Rows and cells byte for byte (but for the stamp); every other element as it was, in the order of the standard."""
    old, new = tree(before), tree(after)
    assert dict(old.attrib) == dict(new.attrib)
    assert set(old.nsmap.items()) <= set(new.nsmap.items())
    is_stamp = b"feedback" in after
    if not is_stamp:
        assert _cells(before) == _cells(after)
    had = any(local(item) == "legacyDrawing" for item in old)
    ranks = [[], []]
    for index, root in enumerate((old, new)):
        for view in root.iter("{*}sheetView"):
            view.attrib.pop("tabSelected", None)
        for rule in list(root.iter("{*}cfRule")):
            if any(OURS in (text.text or "") for text in rule):
                rule.getparent().remove(rule)
            else:
                ranks[index].append(int(rule.attrib.pop("priority", "0")))
        for item in list(root):
            if (
                (local(item) == "conditionalFormatting" and not len(item))
                or local(item) == "sheetData"
                or (local(item) == "legacyDrawing" and not had)
            ):
                root.remove(item)
    assert [spelled(item) for item in old] == [spelled(item) for item in new]
    order = [sorted(range(len(numbers)), key=lambda at: (numbers[at], at)) for numbers in ranks]
    assert order[0] == order[1]


def _cells(data: bytes) -> bytes:
    text = data if b"\0" not in data[:4] else data.decode("utf-16").encode()
    found = re.search(rb"<(?:\w+:)?sheetData[ />].*</(?:\w+:)?sheetData>|<(?:\w+:)?sheetData ?/>", text, re.DOTALL)
    assert found is not None
    return found[0]


def _comments(before: bytes, after: bytes, _: set[str]) -> None:
    """Every note that was there begins as it did, with the same author."""
    old, new = said(before), said(after)
    for ref, (author, text) in old.items():
        assert new[ref][0] == author
        assert new[ref][1].startswith(text)


def said(data: bytes) -> dict[str, tuple[str, str]]:
    """Author and text of every note in a comments part, by its cell."""
    root = tree(data)
    authors = [item.text or "" for item in root.iter("{*}author")]
    return {
        item.get("ref"): (authors[int(item.get("authorId"))], "".join(text.text or "" for text in item.iter("{*}t")))
        for item in root.iter("{*}comment")
    }


def _boxes(before: bytes, after: bytes, _: set[str]) -> None:
    """Every shape that was there is there, but for how far down a note's box reaches; new ones stand behind them."""
    reach = rb"<x:Anchor>[^<]*<|height:[\d.]+p[tx]"
    old, new = (re.sub(reach, b"", data) for data in (before, after))
    end = old.rindex(b"</")
    assert new.startswith(old[:end])
    assert new.endswith(old[end:])


CHECKS = (
    (r"^\[Content_Types\]\.xml$", _listed),
    (r"\.rels$", _listed),
    (r"styles\d*\.xml$", _styles),
    (r"workbook\d*\.xml$", _workbook),
    (r"\.vml$", _boxes),
)
