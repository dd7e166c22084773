"""The extensions of a sheet that speak of nothing but cells: the element comes in, its XML for the copy goes out.

openpyxl drops them all. Excel moves every drop-down whose list stands on another sheet there, our own form's too, as
soon as a unit has saved it: without them hardly any form would get a copy. Sparklines and conditions of newer kinds
come along. What names other parts of the package (slicers) stays behind.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import register_namespace

from defusedxml import ElementTree

from cchc_xl.feedback.marks import ALWAYS
from cchc_xl.feedback.package import Element, local

_CARRIED = frozenset(("dataValidations", "conditionalFormattings", "sparklineGroups"))
_PREFIXES = {
    "x14": "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main",
    "xm": "http://schemas.microsoft.com/office/excel/2006/main",
}
_RANK = re.compile(rb'(<x14:cfRule\b[^<>]{0,999}?\bpriority=")(\d{1,9})"')
_END = b"</worksheet>"


def carried(extensions: Element) -> bytes:
    """The extensions worth carrying over, as they stand in a sheet's list of them; empty where there is none."""
    for prefix, namespace in _PREFIXES.items():  # as Excel spells them, for readers that look for these
        register_namespace(prefix, namespace)
    return b"".join(
        _spelled(item) for item in extensions if len(item) == 1 and all(local(child.tag) in _CARRIED for child in item)
    )


def with_extensions(sheet: bytes, extensions: bytes) -> bytes:
    """A sheet of the copy with these extensions; its conditions stand behind our own, as the unit's others do."""
    if not extensions or not sheet.endswith(_END):
        return sheet
    ours = sheet.count(ALWAYS.encode())
    lower = _RANK.sub(lambda match: b'%s%d"' % (match[1], int(match[2]) + ours), extensions)
    return b"%s<extLst>%s</extLst>%s" % (sheet[: -len(_END)], lower, _END)


def _spelled(extension: Element) -> bytes:
    """The extension without who changed what: an older Excel calls that damage where it is not said to be ignorable."""
    for item in extension.iter():
        for name in [name for name in item.attrib if "/revision" in name]:
            del item.attrib[name]
    extension.tag, extension.tail = "ext", None
    spelled: bytes = ElementTree.tostring(extension)
    return spelled
