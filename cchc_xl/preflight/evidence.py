"""Whether a sheet of an .xlsx holds what python-calamine does not show: its XML comes in as bytes, yes or no goes out.

That is: error values, formulas without a stored value, hidden rows and columns, numbers whose format tells what was
typed (a percentage, 1.10 stored as 1.1), and text in a legacy font.
"""

from __future__ import annotations

import re

from cchc_xl.preflight.extent import IN_TAG, TAG, prefixed
from cchc_xl.text.legacy_fonts import encoding_of

_FORMULA_WITHOUT_VALUE = re.compile(rb"(?:</f>|<f\b" + IN_TAG + rb"/>)\s{0,99}(?:<v\s{0,99}/>|<v></v>)?\s{0,99}</c>")
_TELLING_CELL = re.compile(rb"<c\b" + IN_TAG + rb"\bt\s*=\s*[\"'][ed][\"']")
_HIDDEN = re.compile(rb"<(?:row|col)\b" + IN_TAG + rb"\bhidden\s*=\s*[\"'](?:1|true)[\"']")
_NUMBER_FORMAT = re.compile(TAG + rb"numFmt\b(?:[^<>\"']|\"[^\"]{0,400}\"|'[^']{0,400}'){0,400}>")
_FONT = re.compile(TAG + rb"font(?:\s[^<>]{0,99})?/?>")
_FONT_NAME = re.compile(TAG + rb"(?:name|rFont)\s" + IN_TAG + rb"val\s*=\s*[\"']([^\"'<>]{0,99})")
_FORMAT = re.compile(TAG + rb"xf\b(" + IN_TAG + rb")")
_ATTRIBUTE = re.compile(rb"\b(numFmtId|fontId|formatCode)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_TELLING_BUILT_IN = frozenset((b"1", b"2", b"9", b"10"))
_FIXED = re.compile(r"0(?:\.0+)?")


def is_telling_format(number_format: str) -> bool:
    """Whether a number format says what was typed: a percentage, or fixed decimals (1.10 stored as 1.1).

    >>> is_telling_format("0.00"), is_telling_format("0%"), is_telling_format("#,##0"), is_telling_format("General")
    (True, True, False, False)
    """
    return "%" in number_format or _FIXED.fullmatch(number_format) is not None


def telling_styles(styles: bytes) -> tuple[frozenset[bytes], frozenset[bytes]]:
    """The cell styles with a telling number format, and those with a legacy font, as the numbers that cells name."""
    telling = set(_TELLING_BUILT_IN)
    for declaration in _NUMBER_FORMAT.findall(styles):
        found = _attributes(declaration)
        if is_telling_format(found.get(b"formatCode", b"").decode("utf-8", "replace")):
            telling.add(found.get(b"numFmtId", b""))
    legacy = _legacy_fonts(styles)
    cell_styles = styles[styles.find(b"cellXfs") : styles.rfind(b"cellXfs")]
    numbers, texts = set(), set()
    for index, attributes in enumerate(_FORMAT.findall(cell_styles)):
        found = _attributes(attributes)
        if found.get(b"numFmtId") in telling:
            numbers.add(str(index).encode())
        if found.get(b"fontId", b"0") in legacy:
            texts.add(str(index).encode())
    return frozenset(numbers), frozenset(texts)


def has_legacy_runs(strings: bytes) -> bool:
    """Whether a text in this part, a shared string or one in a cell, has runs in a legacy font."""
    return any(b"rFont" in match[0] and _is_legacy(match[1]) for match in _FONT_NAME.finditer(strings))


def _legacy_fonts(styles: bytes) -> frozenset[bytes]:
    start, end = styles.find(b"<fonts"), styles.rfind(b"</fonts>")
    if start < 0 or not any(_is_legacy(name) for name in _FONT_NAME.findall(styles)):
        return frozenset()
    fonts = styles[start:end]
    starts = [match.start() for match in _FONT.finditer(fonts)] + [len(fonts)]
    return frozenset(
        str(index).encode()
        for index in range(len(starts) - 1)
        if any(_is_legacy(name) for name in _FONT_NAME.findall(fonts[starts[index] : starts[index + 1]]))
    )


def _is_legacy(name: bytes) -> bool:
    return encoding_of(name.decode("utf-8", "replace")) is not None


def _attributes(tag: bytes) -> dict[bytes, bytes]:
    return {name: double or single for name, double, single in _ATTRIBUTE.findall(tag)}


def needs_evidence(xml: bytes, telling: frozenset[bytes], legacy: frozenset[bytes]) -> bool:
    """Whether the sheet holds something that only openpyxl shows; ``telling`` and ``legacy`` name cell styles."""
    if b"<sheetData" not in xml or prefixed(xml):
        return True
    if (b'"e"' in xml or b'"d"' in xml or b"='" in xml) and _TELLING_CELL.search(xml):
        return True
    if b"hidden" in xml and _HIDDEN.search(xml):
        return True
    if b"<f" in xml and _FORMULA_WITHOUT_VALUE.search(xml):
        return True
    if (b"rFont" in xml and has_legacy_runs(xml)) or (legacy and _styled(xml, legacy, texts=True)):
        return True
    return bool(telling) and _styled(xml, telling, texts=False)


def _styled(xml: bytes, numbers: frozenset[bytes], *, texts: bool) -> bool:
    """Whether a cell with content has one of these styles: text if ``texts``, else a number."""
    choice = rb"(?:" + b"|".join(sorted(numbers)) + rb")"
    styled = re.compile(rb"<c\b" + IN_TAG + rb"\bs\s*=\s*[\"']" + choice + rb"[\"']" + IN_TAG + rb">")
    kinds = (b't="s"', b't="inlineStr"', b't="str"')
    return any(
        not cell.endswith(b"/>") and any(kind in cell for kind in kinds) is texts
        for cell in (match[0] for match in styled.finditer(xml))
    )
