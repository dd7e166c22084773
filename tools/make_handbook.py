"""Makes the handbook's documents from the pages in ``docs/vi``: ``python tools/make_handbook.py`` (needs LibreOffice, poppler).

``so-tay.docx`` holds every page of :data:`CHAPTERS`, one chapter each, and the pages of :data:`APPENDICES`; its table of contents
shows page numbers as LibreOffice breaks the pages, until Word is asked for its own (F9). ``to-don-vi.docx`` is the clerk's
page alone, one A4. The pages are the source: nobody edits the documents. ``python tools/make_pictures.py`` makes the pictures.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from tools.word_kit import row_rules
from tools.word_styles import BODY, CENTER, FONT, LEFT, new_document

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "vi"
FIRST = "README.md"
CHAPTERS = (
    *("lich-quy.md", "can-bo-don-vi.md", "lanh-dao.md", "bo-chi-so.md"),
    *("cuoi-nam.md", "hoi-dap.md", "cong-nghe-thong-tin.md"),
)
# Pages that stand elsewhere for whoever reads them there, and are told nowhere else.
APPENDICES = ("../nhap-bo-chi-so.md", "../cach-cham.md")
HANDBOOK, SHEET = "so-tay.docx", "to-don-vi.docx"
ON_ONE_SHEET = "can-bo-don-vi.md"
_WIDE = 165  # mm between the margins
_WHOLE = 8  # rows of a table that stays on one page
_DOTS = 150  # of a picture, to an inch of paper
_OURS = "Trang này do `python"  # said to whoever maintains the page
_CODE, _INK = "Courier New", RGBColor(0x1F, 0x4E, 0x78)
_TEXT, _ITEM, _COMMAND, _CAPTION = "Sổ tay", "Sổ tay liệt kê", "Sổ tay lệnh", "Sổ tay hình"
_CELL, _NARROW, _MANY = "Sổ tay ô", "Sổ tay ô nhỏ", 7  # the second where a table has so many columns
_LISTED = ("Sổ tay mục lục 1", "Sổ tay mục lục 2")
_INLINE = re.compile(
    r"\*\*(?P<bold>.+?)\*\*|`(?P<code>[^`]+)`|\*(?P<italic>[^*]+)\*|\[(?P<text>[^\]]+)\]\((?P<link>[^)]+)\)"
)
_PICTURE = re.compile(r"!\[(?P<about>[^\]]*)\]\((?P<file>[^)]+)\)")
_ENTRY = re.compile(r"(?P<mark>[*-]|\d+\.) +(?P<text>.*)")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a page: ``kind`` is heading, text, item, command, picture or table; a table has ``rows``."""

    kind: str
    text: str = ""
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()


def blocks(page: str) -> Iterator[Block]:
    r"""The pieces of a page, in order.

    >>> [block.kind for block in blocks("# A\n\none\ntwo\n\n* b\n  c\n\n|x|\n|---|\n|y|\n")]
    ['heading', 'text', 'item', 'table']
    """
    lines = iter([*page.splitlines(), ""])
    held: list[str] = []
    kind = ""

    def closed() -> Iterator[Block]:
        if kind == "table":
            rows = [re.split(r"(?<!\\)\|", line.strip().strip("|")) for line in held]
            yield Block(kind, rows=tuple(tuple(cell.strip() for cell in row) for row in [rows[0], *rows[2:]]))
        elif held:
            yield Block(kind, " ".join(line.strip() for line in held))
        held.clear()

    for line in lines:
        if line.startswith("```"):
            yield from closed()
            yield Block("command", "\n".join(takewhile(lambda command: not command.startswith("```"), lines)))
            kind = ""
        elif found := re.match(r"(#{1,3}) (.+)", line):
            yield from closed()
            yield Block("heading", found[2], len(found[1]))
        elif found := _PICTURE.fullmatch(line.strip()):
            yield from closed()
            yield Block("picture", f"{found['file']}\n{found['about']}")
        else:
            now = "table" if line.startswith("|") else "item" if _ENTRY.match(line) else "text"
            if not line.strip() or now == "item" or (now == "table") != (kind == "table"):
                yield from closed()
                kind = ""
            if line.strip():
                kind = kind or now
                held.append(line)


class _Book:
    """A document while pages are written into it."""

    def __init__(self, title: str, numbers: Sequence[str] = ()) -> None:
        self.document = new_document(title)
        self._numbers, self._marks = numbers, 1_000  # pictures have the numbers below
        _styles(self.document)

    def contents(self, headings: Sequence[tuple[int, str, str]]) -> None:
        """The table of contents: a field that Word renews, and in it a line for each heading, leading to it."""
        self._paragraph("Mục lục", "Tên loại văn bản").paragraph_format.page_break_before = True
        first = True
        for at, (level, text, mark) in enumerate(headings):
            line = self.document.add_paragraph(style=_LISTED[level - 1])
            if first:
                _field(line, ' TOC \\o "1-2" \\h \\z \\u ', begin=True)
                first = False
            link = _hyperlink(line, mark)
            number = self._numbers[at] if at < len(self._numbers) else "0"
            for text_or_tab in (text, "\t", number):
                _run(link, text_or_tab)
            if at == len(headings) - 1:
                _field(line, "", begin=False)

    def page(self, name: str, *, prefix: str = "", new_page: bool = True) -> None:
        """A page of the handbook; its first heading opens a chapter."""
        folder = (PAGES / name).parent
        for block in blocks((PAGES / name).read_text(encoding="utf-8")):
            match block.kind:
                case "heading":
                    first = block.level == 1
                    # In the table of contents an appendix is one line.
                    level = min(block.level + 1, 4) if prefix and not first else block.level
                    made = self._paragraph(f"{prefix}{block.text}" if first else block.text, f"Heading {level}")
                    made.paragraph_format.page_break_before = True if first and new_page else None
                    self._mark(made, mark_of(name, "" if first else block.text))
                case "picture":
                    self._picture(folder, *block.text.split("\n"))
                case "table":
                    self._table(name, block.rows)
                case "item":
                    found = _ENTRY.fullmatch(block.text)
                    assert found
                    sign = "–" if found["mark"] in "*-" else found["mark"]
                    inline(self.document.add_paragraph(style=_ITEM), f"{sign}\t{found['text']}", name)
                case "command":
                    self._paragraph(block.text, _COMMAND)
                case _ if not block.text.startswith(_OURS):
                    paragraph = self.document.add_paragraph(style=_TEXT)
                    paragraph.paragraph_format.keep_with_next = True if block.text.endswith(":") else None
                    inline(paragraph, block.text, name)

    def _paragraph(self, text: str, style: str) -> Any:
        return self.document.add_paragraph(text, style)

    def _mark(self, paragraph: Any, name: str) -> None:
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        for element in (start, end):
            element.set(qn("w:id"), str(self._marks))
        start.set(qn("w:name"), name)
        self._marks += 1
        paragraph._p.insert(1, start)  # noqa: SLF001
        paragraph._p.append(end)  # noqa: SLF001

    def _picture(self, folder: Path, file: str, about: str) -> None:
        holder = self.document.add_paragraph(style=_CAPTION)
        holder.paragraph_format.keep_with_next = True
        run = holder.add_run()
        shape = run.add_picture(str(folder / file))
        wide = min(Mm(_WIDE - 4), shape.width * 72 // _DOTS)
        shape.height, shape.width = int(shape.height * wide / shape.width), wide
        shape._inline.docPr.set("descr", about)  # noqa: SLF001
        self._paragraph(about, _CAPTION)

    def _table(self, name: str, rows: tuple[tuple[str, ...], ...]) -> None:
        grid = self.document.add_table(rows=0, cols=len(rows[0]))
        grid.style, grid.autofit, grid.alignment = "Table Grid", False, WD_TABLE_ALIGNMENT.CENTER
        widths = _widths(rows)
        # By its identifier: python-docx looks a name up among all styles, for each of two thousand cells.
        style = self.document.styles[_NARROW if len(rows[0]) >= _MANY else _CELL].style_id
        for number, texts in enumerate(rows):
            row = grid.add_row()
            row_rules(row, header=number == 0)
            for cell, text, wide in zip(row.cells, texts, widths, strict=False):
                cell.width = Mm(wide)
                cell.paragraphs[0]._p.style = style  # noqa: SLF001
                inline(cell.paragraphs[0], text.replace("\\|", "|"), name, bold=number == 0)
                if number == 0 or number + 1 < len(rows) <= _WHOLE:
                    cell.paragraphs[0].paragraph_format.keep_with_next = True
                if number == 0:
                    _shade(cell._tc.get_or_add_tcPr(), "EAF1F8")  # noqa: SLF001
        for column, wide in zip(grid.columns, widths, strict=True):
            column.width = Mm(wide)
        self._paragraph("", "Hết bảng")


def inline(paragraph: Any, text: str, page: str, *, bold: bool = False) -> None:
    """Text with **bold**, *italics*, `names of files` and links; a link to another page leads to its chapter."""
    last = 0
    for found in _INLINE.finditer(text):
        _plain(paragraph, text[last : found.start()], bold=bold)
        last = found.end()
        if found["link"]:
            mark = target(page, found["link"])
            holder = _hyperlink(paragraph, mark) if mark else paragraph._p  # noqa: SLF001
            shown = found["text"].replace("`", "")
            if not mark:
                shown += f" (tệp {Path(found['link']).name} ở thư mục tai-lieu)"
            _run(holder, called(page, found["link"]) if shown.endswith(".md") else shown, linked=bool(mark))
        elif found["code"]:
            run = paragraph.add_run()
            for number, piece in enumerate(found["code"].split("-")):
                if number:  # the name of a file does not break at the end of a line
                    run._r.append(OxmlElement("w:noBreakHyphen"))  # noqa: SLF001
                run.add_text(piece)
            run.font.name, run.bold = _CODE, bold or None
            run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:cs"), _CODE)  # noqa: SLF001
            run.font.size = Pt(paragraph.style.font.size.pt - 1.5)
        elif found["bold"]:
            inline(paragraph, found["bold"], page, bold=True)
        else:
            paragraph.add_run(found["italic"]).italic = True
    _plain(paragraph, text[last:], bold=bold)


def _plain(paragraph: Any, text: str, *, bold: bool) -> None:
    if text:
        paragraph.add_run(text).bold = bold or None


def target(page: str, link: str) -> str:
    """The bookmark that a link of a page leads to; '' where that is no page of the handbook."""
    name = _page_of(page, link)
    return mark_of(name, link.partition("#")[2]) if name else ""


def called(page: str, link: str) -> str:
    """What a link that shows the name of a page's file says where that is a chapter."""
    name = _page_of(page, link)
    return f"Phụ lục {APPENDICES.index(name) + 1}" if name in APPENDICES else Path(link).name


def _page_of(page: str, link: str) -> str:
    file = link.partition("#")[0]
    wanted = ((PAGES / page).parent / file).resolve() if file else (PAGES / page).resolve()
    return next((one for one in (FIRST, *CHAPTERS, *APPENDICES) if (PAGES / one).resolve() == wanted), "")


def mark_of(page: str, heading: str) -> str:
    """The bookmark of a heading, alike for ``Các cột khác`` and ``các-cột-khác``: ASCII, at most 40 letters, as Word wants.

    >>> mark_of("lich-quy.md", "Macro bị chặn") == mark_of("lich-quy.md", "macro-bị-chặn")
    True
    """
    import zlib

    plain = re.sub(r"[^\w]+", "-", heading.casefold()).strip("-")
    return f"m{zlib.crc32(f'{Path(page).name}#{plain}'.encode()):08x}"


def _hyperlink(paragraph: Any, mark: str) -> Any:
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), mark)
    link.set(qn("w:history"), "1")
    paragraph._p.append(link)  # noqa: SLF001
    return link


def _run(holder: Any, text: str, *, linked: bool = False) -> None:
    run = OxmlElement("w:r")
    if linked:
        properties, colour = OxmlElement("w:rPr"), OxmlElement("w:color")
        colour.set(qn("w:val"), str(_INK))
        underline = OxmlElement("w:u")
        underline.set(qn("w:val"), "single")
        properties.extend((colour, underline))
        run.append(properties)
    if text == "\t":
        run.append(OxmlElement("w:tab"))
    else:
        piece = OxmlElement("w:t")
        piece.text = text
        piece.set(qn("xml:space"), "preserve")
        run.append(piece)
    holder.append(run)


def _field(paragraph: Any, code: str, *, begin: bool) -> None:
    for kind in ("begin", "", "separate") if begin else ("end",):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = code
        run._r.append(mark)  # noqa: SLF001


def _shade(properties: Any, colour: str) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shade.set(qn(f"w:{name}"), value)
    properties.append(shade)


def _widths(rows: tuple[tuple[str, ...], ...]) -> list[float]:
    """A column is as wide as its longest word asks, and takes its share of the rest by how much stands in it."""
    columns = list(zip(*rows, strict=False))
    plain = [[re.sub(r"[*`]|\]\([^)]*\)", "", cell) for cell in column] for column in columns]
    smaller = 0.82 if len(columns) >= _MANY else 1
    least = [4 + smaller * max(map(_long, " ".join(column).split() or [""])) for column in plain]
    if sum(least) > _WIDE:
        return [wide * _WIDE / sum(least) for wide in least]
    weights = [max(map(len, column)) for column in plain]
    rest = _WIDE - sum(least)
    return [wide + rest * weight / sum(weights) for wide, weight in zip(least, weights, strict=True)]


def _long(word: str) -> float:
    """About how wide a word is in a cell, in mm; a long name breaks."""
    return min(58, sum(2.6 if letter.isupper() or letter in "_@%" else 1.95 for letter in word))


def _styles(document: Any) -> None:
    """A handbook is read on a screen and in a folder: smaller than a letter, without first-line indents."""
    for name, size, indent, hanging, after in (
        (_TEXT, 12, 0.0, 0.0, 6),
        (_ITEM, 12, 7.0, -7.0, 4),
        (_COMMAND, 9.5, 4.0, 0.0, 8),
        (_CELL, 11, 0.0, 0.0, 2),
        (_NARROW, 9, 0.0, 0.0, 2),
        (_CAPTION, 10.5, 0.0, 0.0, 4),
        (_LISTED[0], 12, 0.0, 0.0, 3),
        (_LISTED[1], 12, 7.0, 0.0, 1),
    ):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.element.set(qn("w:styleId"), f"SoTay{len(document.styles)}")
        style.base_style = document.styles[BODY]
        style.font.size = Pt(size)
        layout = style.paragraph_format
        layout.alignment = CENTER if name == _CAPTION else LEFT
        layout.left_indent, layout.first_line_indent = Mm(indent), Mm(hanging)
        layout.space_before, layout.space_after = Pt(2 if name in (_CELL, _NARROW) else 0), Pt(after)
        if name == _ITEM:
            layout.tab_stops.add_tab_stop(Mm(indent))
        if name in _LISTED:
            layout.tab_stops.add_tab_stop(Mm(_WIDE), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    document.styles[_CAPTION].font.italic = True
    command = document.styles[_COMMAND]
    command.font.name = _CODE
    command.element.rPr.get_or_add_rFonts().set(qn("w:cs"), _CODE)
    document.styles[_LISTED[0]].font.bold = True
    for level, size in ((1, 17), (2, 13.5), (3, 12.5), (4, 12)):
        heading = document.styles[f"Heading {level}"]
        heading.font.size, heading.font.color.rgb = Pt(size), _INK
        fonts = heading.element.rPr.get_or_add_rFonts()
        fonts.attrib.clear()  # those of the theme would go before ours
        for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{kind}"), FONT)
        heading.font.bold, heading.font.italic = True, level == 4
        heading.paragraph_format.first_line_indent = Mm(0)
        heading.paragraph_format.space_before = Pt(0 if level == 1 else 10)
        heading.paragraph_format.space_after = Pt(6 if level < 4 else 3)


def handbook(numbers: Sequence[str] = ()) -> Any:
    """The whole handbook; ``numbers`` are the pages of the headings in its table of contents."""
    title = "Sổ tay sử dụng cchc_xl"
    book = _Book(title, numbers)
    book.page(FIRST, new_page=False)
    book.contents(listed())
    for name in CHAPTERS:
        book.page(name)
    for at, name in enumerate(APPENDICES, start=1):
        book.page(name, prefix=f"Phụ lục {at}. ")
    return book.document


def listed() -> list[tuple[int, str, str]]:
    """The headings of the table of contents: level, text, bookmark."""
    found: list[tuple[int, str, str]] = []
    for name in (*CHAPTERS, *APPENDICES):
        for block in blocks((PAGES / name).read_text(encoding="utf-8")):
            if block.kind == "heading" and block.level < (2 if name in APPENDICES else 3):
                prefix = f"Phụ lục {APPENDICES.index(name) + 1}. " if name in APPENDICES else ""
                found.append((block.level, prefix + block.text, mark_of(name, "" if block.level == 1 else block.text)))
    return found


def sheet() -> Any:
    """The clerk's page alone, on one A4."""
    book = _Book("Hướng dẫn lập biểu của đơn vị")
    book.document.sections[0].top_margin = book.document.sections[0].bottom_margin = Mm(14)
    book.page(ON_ONE_SHEET, new_page=False)
    return book.document


def numbers_in(document: Any) -> list[str]:
    """The page numbers that stand in the table of contents of a document."""
    lines = [line for line in document.paragraphs if line.style.name in _LISTED]
    return [line.text.rpartition("\t")[2] for line in lines]


def numbered(path: Path) -> list[str]:
    """The page on which LibreOffice puts each heading of the table of contents."""
    with tempfile.TemporaryDirectory() as work:
        profile = f"-env:UserInstallation=file://{work}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", work, str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        text = subprocess.run(
            ["pdftotext", "-layout", f"{work}/{path.stem}.pdf", "-"], check=True, capture_output=True, timeout=60
        ).stdout.decode()
    pages = [[" ".join(line.split()) for line in page.splitlines() if line.strip()] for page in text.split("\f")]
    found, at = [], 0
    for _, heading, _ in listed():
        wanted = " ".join(heading.split())
        here = (
            number
            for number in range(at, len(pages))
            if any(line == wanted or (len(line) > 30 and wanted.startswith(line)) for line in pages[number])
        )
        at = next(here)
        found.append(str(at + 1))
    return found


def main() -> None:
    """Writes both documents."""
    path = PAGES / HANDBOOK
    handbook().save(path)
    handbook(numbered(path)).save(path)
    sheet().save(PAGES / SHEET)
    for made in (path, PAGES / SHEET):
        print(made.relative_to(ROOT), f"{made.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
