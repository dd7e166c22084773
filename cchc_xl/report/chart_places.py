"""Where a number stands in the charts of a Word file: its parts and the number come in, places in words go out.

Read are the cached values: what Word draws without opening the workbook behind a chart.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from cchc_xl.report.word_file import WORD, WordFile
from cchc_xl.text.numbers import shows, written
from cchc_xl.text.words import tidy

_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BODY, _RELATIONS = "word/document.xml", "word/_rels/document.xml.rels"
_CAPTION = re.compile(r"(?:Biểu đồ|Hình|Đồ thị)\s+[\dIVX]+", re.IGNORECASE)


def chart_places(word: WordFile, reading: Decimal) -> Iterator[tuple[str, str]]:
    """Where a value is drawn, and the series with the value."""
    captions = _captions(word)
    for part in sorted(word.parts):
        if not re.fullmatch(r"word/charts/chart\d*\.xml", part):
            continue
        root = word.xml(part)
        title = tidy("".join(node.text or "" for node in root.iterfind(f"{_C}chart/{_C}title//{{*}}t")))
        named = captions.get(part) or title
        where = f"biểu đồ “{named}”" if named else "biểu đồ"
        for series in root.iter(f"{_C}ser"):
            name = tidy(" ".join(node.text or "" for node in series.iterfind(f"{_C}tx//{_C}v")))
            categories = _points(series, "cat")
            for index, stored in _points(series, "val").items():
                value = _decimal(stored)
                if value is not None and shows(value, reading, 2):
                    yield f"{where}, mục “{categories.get(index, index)}”", f"{name}: {written(value)}"


def _captions(word: WordFile) -> dict[str, str]:
    """The caption beside a chart, by the chart's part; where there is none, the chart's description."""
    if _RELATIONS not in word.parts:
        return {}
    targets = {str(item.get("Id")): str(item.get("Target")) for item in word.xml(_RELATIONS)}
    found = {}
    for chart in word.xml(_BODY).iter(f"{_C}chart"):
        target = targets.get(str(chart.get(_ID)), "")
        part = posixpath.normpath(posixpath.join("word", target)) if not target.startswith("/") else target[1:]
        paragraph = next(chart.iterancestors(f"{{{WORD}}}p"), None)
        if paragraph is not None:
            beside = (_text(paragraph.getprevious()), _text(paragraph.getnext()))
            caption = next((text for text in beside if _CAPTION.match(text)), "")
            described = next((str(item.get("descr", "")) for item in paragraph.iterfind(".//{*}docPr")), "")
            found[part] = caption or tidy(described.partition(".")[0])
    return found


def _text(paragraph: Any) -> str:
    return "" if paragraph is None else tidy("".join(node.text or "" for node in paragraph.iter(f"{{{WORD}}}t")))


def _points(series: Any, kind: str) -> dict[str, str]:
    return {
        str(point.get("idx")): tidy(point.findtext(f"{_C}v") or "") for point in series.iterfind(f"{_C}{kind}//{_C}pt")
    }


def _decimal(stored: str) -> Decimal | None:
    try:
        value = Decimal(stored)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
