"""An element in one spelling, whoever wrote it: elements come in, facts go out, equal where the meaning is equal.

Prefixes, the order of attributes, written defaults and "1", "true", "1.0" differ from program to program. A fact is the
words for its kind and a text that says exactly what it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from cchc_xl.feedback.package import Element, local
from cchc_xl.feedback.words import EXTENSION, EXTENSIONS

Fact = tuple[str, str]
Resolve = Callable[[str], str]

# Attributes whose absence means 1; the absence of any other means 0 or nothing, where it means anything.
_ONE = frozenset(
    (
        "alignWithMargins",
        "applyAlignment",
        "applyBorder",
        "applyFill",
        "applyFont",
        "applyNumberFormat",
        "applyProtection",
        "autoFilter",
        "copies",
        "defaultGridColor",
        "deleteColumns",
        "deleteRows",
        "firstPageNumber",
        "fitToHeight",
        "fitToWidth",
        "formatCells",
        "formatColumns",
        "formatRows",
        "gridLinesSet",
        "gte",
        "headerRowCount",
        "insertColumns",
        "insertHyperlinks",
        "insertRows",
        "locked",
        "pivotTables",
        "published",
        "scaleWithDoc",
        "showButton",
        "showGridLines",
        "showOutlineSymbols",
        "showRowColHeaders",
        "showRuler",
        "showValue",
        "showWhiteSpace",
        "showZeros",
        "sort",
        "summaryBelow",
        "summaryRight",
        "syncHorizontal",
        "totalsRowShown",
        "useFirstPageNumber",
        "usePrinterDefaults",
        "val",
    )
)
_DEFAULTS = {
    ("pageSetup", "orientation"): "default",
    ("pageSetup", "pageOrder"): "downThenOver",
    ("pageSetup", "cellComments"): "none",
    ("pageSetup", "errors"): "displayed",
    ("pageSetup", "paperSize"): "1",
    ("pageSetup", "scale"): "100",
    ("sheetView", "view"): "normal",
    ("sheetView", "zoomScale"): "100",
    ("sheetView", "colorId"): "64",
    ("pane", "state"): "split",
    ("dataValidation", "type"): "none",
    ("dataValidation", "operator"): "between",
    ("dataValidation", "errorStyle"): "stop",
    ("dataValidation", "imeMode"): "noControl",
    ("dataBar", "minLength"): "10",
    ("dataBar", "maxLength"): "90",
    ("iconSet", "iconSet"): "3TrafficLights1",
    ("sheetFormatPr", "baseColWidth"): "8",
    ("u", "val"): "single",
    ("patternFill", "patternType"): "none",
    ("twoCellAnchor", "editAs"): "twoCell",
    ("alignment", "horizontal"): "general",
    ("alignment", "vertical"): "bottom",
    ("table", "tableType"): "worksheet",
}
# What says nothing that a person put there: counts, cursors, names that programs give.
_UNSAID = {
    "sheetView": {"tabSelected", "workbookViewId", "topLeftCell", "windowProtection", "zoomScaleSheetLayoutView"},
    "pane": {"topLeftCell", "activePane"},
    "cNvPr": {"id", "name"},
    "cfRule": {"priority"},
    "pageSetup": {"id"},
    "table": {"id"},
}
_UNSAID_ANYWHERE = frozenset(("count", "uniqueCount"))
_UNSAID_TAGS = frozenset(("selection", "pivotSelection", "printSettings", "phoneticPr", "rPh", "lang"))
# Elements that say nothing while they are empty.
_HEADERS = frozenset(f"{page}{end}" for page in ("odd", "even", "first") for end in ("Header", "Footer"))
_CONTAINERS = _HEADERS | {
    "headerFooter",
    "Properties",
    "sheetView",
    "pageSetup",
    "printOptions",
    "sheetPr",
    "outlinePr",
}
_FONT_SIZE = re.compile(r"(&\d{1,3}) ")  # the blank behind the size of a header's letters may stand there or not


def facts_of(item: Element, words: str, resolve: Resolve, path: str = "") -> Iterator[Fact]:
    """The facts of an element and all that stands in it; ``resolve`` tells what a relationship id leads to."""
    tag = local(item.tag) if isinstance(item.tag, str) else ""
    if not tag or tag in _UNSAID_TAGS:
        return
    if tag == "extLst":
        yield from _extension_facts(item, resolve, path)
        return
    here = f"{path}/{tag}"
    told = f"{attributes(item, resolve)}{_text(item, tag)}"
    if told != "[]" or tag not in _CONTAINERS:
        yield words, f"{here}{told}"
    for child in children(item):
        yield from facts_of(child, words, resolve, here)


def children(item: Element) -> Iterator[Element]:
    """What stands in an element; of alternatives the first choice, which is the newest program's."""
    for child in item:
        if isinstance(child.tag, str) and local(child.tag) == "AlternateContent":
            yield from next(iter(child), ())
        else:
            yield child


def _extension_facts(item: Element, resolve: Resolve, path: str) -> Iterator[Fact]:
    for extension in item:
        inside = list(children(extension))
        words = EXTENSIONS.get(local(inside[0].tag), EXTENSION) if inside else None
        if words is not None:
            for child in inside:
                yield from facts_of(child, words, resolve, f"{path}/ext")


def attributes(item: Element, resolve: Resolve) -> str:
    """The attributes in one spelling and order, without those that say nothing."""
    tag = local(item.tag)
    unsaid = _UNSAID.get(tag, ())
    told = []
    for name, value in item.attrib.items():
        if name.startswith("{"):
            if "/relationships}" in name and local(name) not in unsaid:
                told.append(f"{local(name)}={resolve(value)}")
        elif name not in unsaid and name not in _UNSAID_ANYWHERE and not _is_default(tag, name, value):
            told.append(f"{name}={_ranges(value) if name == 'sqref' else same(value)}")
    return f"[{' '.join(sorted(told))}]"


def _is_default(tag: str, name: str, value: str) -> bool:
    known = _DEFAULTS.get((tag, name))
    if known is not None:
        return same(value) == known
    return value == "" or same(value) == ("1" if name in _ONE else "0")


def same(value: str) -> str:
    """A number (to 12 digits) or a truth value in one spelling, other text as it stands.

    >>> same("1.0"), same("true"), same("FF0000"), same("Arial")
    ('1', '1', 'FF0000', 'Arial')
    """
    if value in _TRUTH:
        return _TRUTH[value]
    if not value[:1].isdigit() and value[:1] not in {"-", "."}:
        return value
    try:
        number = float(value)
    except ValueError:
        return value
    return f"{number:.12g}"


_TRUTH = {"true": "1", "false": "0"}


def _ranges(value: str) -> str:
    return " ".join(sorted(set(value.split())))


def _text(item: Element, tag: str) -> str:
    text = item.text or ""
    if tag in _HEADERS:
        return _FONT_SIZE.sub(r"\1", text)
    return text if tag == "t" else same(text.strip())
