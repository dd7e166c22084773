"""Where a number stands in a Word file and its charts: the file and the number come in, places in words go out.

The body, headers, footers, notes and charts are searched: every paragraph and every cell of a table. Of a chart, read
are the cached values: what Word draws without opening the workbook behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import chain, takewhile, zip_longest
from pathlib import Path
from typing import Any

from cchc_xl.office.word.file import FALLBACK, GONE, R, W, WordFile, open_word, said
from cchc_xl.office.word.tags import text_parts
from cchc_xl.text.numbers import number_vi
from cchc_xl.text.printed import Wanted, is_printed, numbers_in, read_wanted, shows
from cchc_xl.text.prose import beginning
from cchc_xl.text.words import key, tidy

_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_CHART_CAPTION = re.compile(r"(?:Biểu đồ|Hình|Đồ thị)\s+[\dIVX]+", re.IGNORECASE)


def chart_places(word: WordFile, reading: Decimal) -> Iterator[tuple[str, str]]:
    """Where a value is drawn, and the series with the value."""
    captions = _captions(word)
    for part in sorted(word.parts):
        if not word.kinds[part].endswith("drawingml.chart+xml"):
            continue
        root = word.xml(part)
        named = captions.get(part) or _written(root.iterfind(f"{_C}chart/{_C}title//{{*}}t"))
        where = f"biểu đồ “{named}”" if named else "biểu đồ"
        for series in root.iter(f"{_C}ser"):
            name = _written(series.iterfind(f"{_C}tx//{_C}v"), " ")
            categories = _points(series, "cat")
            for index, stored in _points(series, "val").items():
                with suppress(InvalidOperation):
                    value = Decimal(stored)
                    if value.is_finite() and shows(value, reading, 2):
                        yield f"{where}, mục “{categories.get(index, index)}”", f"{name}: {number_vi(value)}"


def _captions(word: WordFile) -> dict[str, str]:
    """The caption beside a chart, by the chart's part; where there is none, the chart's description."""
    related, found = word.related(), {}
    for chart in word.xml(word.main).iter(f"{_C}chart"):
        _, part = related.get(str(chart.get(f"{R}id")), ("", ""))
        paragraph = next(chart.iterancestors(f"{W}p"), None)
        if paragraph is not None:
            beside = [item for item in (paragraph.getprevious(), paragraph.getnext()) if item is not None]
            texts = (_written(item.iter(f"{W}t")) for item in beside)
            described = next((str(item.get("descr", "")) for item in paragraph.iterfind(".//{*}docPr")), "")
            caption = next((text for text in texts if _CHART_CAPTION.match(text)), "")
            found[part] = caption or tidy(described.partition(".")[0])
    return found


def _written(nodes: Iterable[Any], between: str = "") -> str:
    return tidy(between.join(node.text or "" for node in nodes))


def _points(series: Any, kind: str) -> dict[str, str]:
    points = series.iterfind(f"{_C}{kind}//{_C}pt")
    return {str(point.get("idx")): tidy(point.findtext(f"{_C}v") or "") for point in points}


_OUTSIDE = tuple(f"wordprocessingml.{kind}+xml" for kind in ("header", "footer", "footnotes", "endnotes"))
_HEADING = re.compile(r"(?:heading|tiêu đề|đề mục)\s*(\d)", re.IGNORECASE)
_NUMBER = re.compile(r"([IVXLC]+|\d+(?:\.\d+)*|[a-zđ])[.)]\s+")
_CAPTION = re.compile(r"(?:Bảng|Biểu)\s+[\dIVX]+", re.IGNORECASE)
_APPENDIX = re.compile(r"Phụ lục(?:\s+(?:số\s+)?[\dIVXLC]+)?[.:]?", re.IGNORECASE)
_COUNTED = {key(text) for text in ("TT", "STT", "Mã")}  # columns of running numbers and codes
_PAGE_FIELD = re.compile(r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES|SEQ|REF|PAGEREF|TOC)\b", re.IGNORECASE)
_UNSEEN = GONE | {FALLBACK}
_RESULT = "\0"  # cannot stand in XML
_AROUND = 60  # letters told on either side of the number


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a number: the document's name, where in it, and the text around the number."""

    document: str
    where: str
    text: str


@dataclass(slots=True)
class _Reader:
    """Walks through a part and remembers the heading, appendix and caption that it has passed."""

    styles: dict[str, int]
    headings: dict[int, str] = field(default_factory=dict)
    caption: str = ""
    untitled: str = ""

    def blocks(self, parent: Any) -> Iterator[tuple[str, str]]:
        """Every text with where it stands."""
        for child in parent:
            if child.tag == f"{W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{W}tbl":
                yield from self._table(child)
                self.caption = ""
            elif child.tag not in _UNSEEN:
                yield from self.blocks(child)

    def _paragraph(self, paragraph: Any) -> Iterator[tuple[str, str]]:
        text = _text(paragraph)
        if not text:
            return
        level = self.styles.get(said(paragraph, "pPr/pStyle"))
        if level is not None:
            self.headings = {depth: told for depth, told in self.headings.items() if depth < level}
            self.headings[level] = tidy(text)
            self.untitled = ""
        elif _APPENDIX.fullmatch(tidy(text)):
            self.headings, self.untitled = {}, tidy(text)
        elif self.untitled and not self.headings:
            self.headings, self.untitled = {0: f"{self.untitled} “{_short(text)}”"}, ""
        self.caption = tidy(text) if _CAPTION.match(tidy(text)) else ""
        yield f"{self._section()}, đoạn “{_short(text)}”", text

    def _section(self) -> str:
        if not self.headings:
            return self.untitled or "phần mở đầu"
        numbers: list[str] = []
        for depth, text in sorted(self.headings.items()):
            if depth == 0:
                return text
            number = _NUMBER.match(text)
            if number is None:
                return " ".join(filter(None, ("mục", ".".join(numbers), f"“{_short(text)}”")))
            numbers.append(number[1])
        return f"mục {'.'.join(numbers)}"

    def _table(self, table: Any) -> Iterator[tuple[str, str]]:
        named = f"“{_short(self.caption)}”" if self.caption else f"bảng ở {self._section()}"
        titles: dict[int, str] = {}
        rows = (row for row in table.iter(f"{W}tr") if next(row.iterancestors(f"{W}tbl")) is table)
        for number, row in enumerate(rows):
            cells = list(_cells(row))
            if number == 0 or row.find(f"{W}trPr/{W}tblHeader") is not None:
                for column, text in cells:
                    titles[column] = " – ".join(filter(None, (titles.get(column, ""), tidy(text))))
                    yield f"{named}, dòng đầu", text
                continue
            counted = {column for column, _ in cells if key(titles.get(column, "")) in _COUNTED}
            names = sorted(((column in counted, column, text) for column, text in cells if _is_name(text)))
            for column, text in cells:
                if column in counted:
                    continue
                row_name = next((item for _, place, item in names if place != column), "")
                told = f"dòng “{_short(row_name)}”" if row_name else f"dòng {number + 1}"
                if titles.get(column):
                    told += f", cột “{_short(titles[column])}”"
                yield f"{named}, {told}", text


def places(docx: Path | bytes, text: str) -> tuple[Place, ...]:
    """The places of a number, in the order of the document; none where ``text`` is no number.

    >>> places(b"", "bảy")
    ()

    Raises:
        NotWordError: the file is no Word file that can be read.
        OSError: the file cannot be opened.
    """
    wanted = read_wanted(text)
    if wanted is None:
        return ()
    name, data = ("", docx) if isinstance(docx, bytes) else (docx.name, docx.read_bytes())
    word = open_word(data)
    texts = [*_texts(word)]
    for reading in wanted.readings:
        printed = ((where, _around(content, wanted, reading)) for where, content in texts)
        told = (item for item in chain(printed, chart_places(word, reading)) if item[1])
        found = tuple(Place(name, where, shown) for where, shown in told)
        if found:
            return found
    return ()


def _texts(word: WordFile) -> Iterator[tuple[str, str]]:
    styles = _heading_styles(word)
    body = word.xml(word.main).find(f"{W}body")
    if body is not None:
        yield from _Reader(styles).blocks(body)
    for part, place, _ in text_parts(word):
        if word.kinds[part].endswith(_OUTSIDE):
            for paragraph in word.xml(part).iter(f"{W}p"):
                yield f"{place}, đoạn “{_short(_text(paragraph))}”", _text(paragraph)


def _heading_styles(word: WordFile) -> dict[str, int]:
    """The levels of the styles that make headings, by their ids."""
    part = word.part("styles")
    styles = word.xml(part).iter(f"{W}style") if part else ()
    matches = ((style.get(f"{W}styleId"), _HEADING.fullmatch(said(style, "name"))) for style in styles)
    return {str(name): int(match[1]) for name, match in matches if match}


def _cells(row: Any) -> Iterator[tuple[int, str]]:
    """The cells of a row with the grid column at which they begin; tables inside a cell are part of its text."""
    column = _count(said(row, "trPr/gridBefore"), 0)
    for cell in row.iter(f"{W}tc"):
        if next(cell.iterancestors(f"{W}tr")) is row:
            yield column, "\n".join(filter(None, map(_text, cell.iter(f"{W}p"))))
            column += _count(said(cell, "tcPr/gridSpan"), 1)


def _count(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 else otherwise


def _short(text: str) -> str:
    return beginning(text, _AROUND)


def _is_name(text: str) -> bool:
    """Whether a cell names its row: it has words and is no figure."""
    return len(re.findall(r"[^\W\d_]", text)) > 1 and not tidy(text).startswith(("–", "-"))


def _text(paragraph: Any) -> str:
    """The text that Word shows, without the numbers of pages and tables that it counts itself."""
    parts: list[str] = []
    fields: list[str] = []  # the codes of the open fields, each with a mark behind it where its result begins
    for item in paragraph.iter():
        if item.tag == f"{W}fldChar":
            kind = item.get(f"{W}fldCharType")
            if kind == "begin":
                fields.append("")
            elif fields and kind == "separate":
                fields[-1] += _RESULT
            elif fields:
                fields.pop()
        elif item.tag == f"{W}instrText" and fields:
            fields[-1] += item.text or ""
        elif item.tag == f"{W}t":
            counted = any(_RESULT in code and _PAGE_FIELD.match(code.replace(_RESULT, "")) for code in fields)
            if not counted and not _hidden(item, paragraph):
                parts.append(item.text or "")
        elif item.tag in {f"{W}tab", f"{W}br", f"{W}cr", f"{W}p"}:
            parts.append(" ")
    return "".join(parts).strip()


def _hidden(item: Any, paragraph: Any) -> bool:
    """Whether a text was deleted or moved away, is a copy for old programs or stands in a field that counts pages."""
    above = takewhile(lambda element: element is not paragraph, item.iterancestors())
    return any(element.tag in _UNSEEN or _PAGE_FIELD.match(element.get(f"{W}instr") or "") for element in above)


def _around(text: str, wanted: Wanted, reading: Decimal) -> str:
    """The text around the number; '' where it does not stand."""
    numbers = [*numbers_in(text)]
    for item, after in zip_longest(numbers, numbers[1:]):
        if not is_printed(item, wanted.digits, reading):
            continue
        if wanted.form == "percent" and not text[item.end :].lstrip().startswith("%"):
            continue
        end = item.end
        if wanted.whole:
            if after is None or text[item.end : after.start].strip() != "/":
                continue
            if not any(is_printed(after, "", whole) for whole in wanted.whole):
                continue
            end = after.end
        start, stop = max(0, item.start - _AROUND), min(len(text), end + _AROUND)
        return ("…" if start else "") + tidy(text[start:stop]) + ("…" if stop < len(text) else "")
    return ""
