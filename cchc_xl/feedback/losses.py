"""What a copy of a workbook lost: the bytes of both come in, words for what is missing go out.

openpyxl writes what it understands and leaves out the rest with at most a warning. Whatever a workbook holds is counted
by part and by element, sheet by sheet, before and after. Nothing is parsed; what has passed the look at the bytes is of
bounded size.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator

from cchc_xl.feedback.list_sheet import LIST_SHEET
from cchc_xl.feedback.marking import ALWAYS, AUTHOR, EARLIER

# Parts by the beginning of their name. Printer settings and the order of calculation are made anew by every program.
_PARTS = (
    ("xl/charts/", "biểu đồ"),
    ("xl/chartsheets/", "trang biểu đồ"),
    ("xl/embeddings/", "đối tượng nhúng"),
    ("xl/ctrlProps/", "nút bấm, điều khiển"),
    ("xl/activeX/", "điều khiển ActiveX"),
    ("xl/threadedComments/", "trao đổi trong ghi chú"),
    ("xl/pivotTables/", "bảng tổng hợp (PivotTable)"),
    ("xl/slicers/", "bộ lọc trực quan (Slicer)"),
    ("xl/timelines/", "dòng thời gian"),
    ("xl/tables/", "bảng (Table)"),
    ("xl/externalLinks/externalLink", "liên kết sang tệp khác"),
    ("xl/connections.xml", "kết nối dữ liệu"),
    ("xl/queryTables/", "truy vấn dữ liệu"),
    ("xl/vbaProject.bin", "macro"),
    ("xl/macrosheets/", "macro"),
    ("xl/diagrams/", "sơ đồ SmartArt"),
    ("customXml/item", "dữ liệu XML đi kèm"),
    ("_xmlsignatures/", "chữ ký số"),
)
# Elements of a sheet, of a drawing, of the workbook.
_SHEET = (
    (re.compile(rb"<x14:conditionalFormatting[\s>]"), "định dạng có điều kiện dạng mở rộng"),
    (re.compile(rb"<x14:dataValidation[\s>]"), "danh sách chọn dạng mở rộng"),
    (re.compile(rb"<x14:sparkline[\s>]"), "biểu đồ trong ô"),
    (re.compile(rb"<cfRule[\s>]"), "định dạng có điều kiện"),
    (re.compile(rb"<dataValidation[\s>]"), "kiểm tra dữ liệu nhập"),
    (re.compile(rb"<mergeCell[\s>]"), "ô gộp"),
    (re.compile(rb"<hyperlink[\s>]"), "liên kết trong ô"),
    (re.compile(rb"<sheetProtection[\s>]"), "khóa sheet"),
    (re.compile(rb"<protectedRange[\s>]"), "vùng được sửa khi khóa"),
    (re.compile(rb"<autoFilter[\s>]"), "bộ lọc"),
    (re.compile(rb"<picture[\s>]"), "ảnh nền"),
    (re.compile(rb"<(?:odd|even|first)(?:Header|Footer)>[^<]"), "đầu trang, chân trang"),
    (re.compile(rb"<(?:row|col)\b[^<>]{0,400}\bhidden=\"(?:1|true)\""), "dòng, cột ẩn"),
    (re.compile(rb"<f[\s>/]"), "công thức"),
    (re.compile(rb"<v(?:\s[^<>]{0,99})?>[^<]|<is[\s>]"), "giá trị"),
)
_DRAWING = (
    (re.compile(rb"<xdr:(?:sp|cxnSp|grpSp)[\s>]"), "hình vẽ, hộp chữ"),
    (re.compile(rb"<xdr:pic[\s>]"), "hình ảnh"),
    (re.compile(rb"<a:t>[^<]"), "chữ trong hình vẽ"),
)
_CONTROL = re.compile(rb"ObjectType=\"(?!Note\")")  # a comment's box is drawn in the same old way as a button
_NAME = re.compile(rb"<definedName\s[^<>]{0,400}\bname=\"([^\"]{1,255})\"")
# openpyxl reads "_x005F_x000D_", the text "_x000D_", and writes it as the control character it would then mean.
_TEXTS = (
    (re.compile(rb"<r>"), "phông chữ khác nhau trong một ô"),
    (re.compile(rb"_x005F_"), "chữ giống mã ký tự điều khiển"),
)
_COMMENT = re.compile(
    rb"<comment\s(?=[^<>]{0,400}\bref=\"([A-Z]{1,3}\d{1,7})\")(?=[^<>]{0,400}\bauthorId=\"(\d{1,9})\")[^<>]{0,400}>"
    rb"(.*?)</comment>",
    re.DOTALL,
)
_AUTHOR = re.compile(rb"<author>([^<]*)</author>")
_ELEMENT = re.compile(rb"<[a-z][\w]{0,20}:")
_SHEET_ENTRY = re.compile(rb"<sheet\s([^<>]{1,1000})/?>")
_RELATION = re.compile(rb"<Relationship\s([^<>]{1,2000})/?>")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*\"([^\"]*)\"")


# The sheet that our own copy puts first, and makes anew on the next round.
OURS = LIST_SHEET


def losses(before: bytes, after: bytes) -> tuple[str, ...]:
    """What the second workbook has less of than the first, in the order of their kinds; () where nothing is missing."""
    missing = Counter(dict(_inventory(before))) - Counter(dict(_inventory(after)))
    return tuple(dict.fromkeys(words for where, words in missing if where != OURS))


def _inventory(data: bytes) -> Iterator[tuple[tuple[str, str], int]]:
    """How many of each thing stand where: the sheet's name, or '' for the whole workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
        counts: Counter[tuple[str, str]] = Counter()
        for name in names:
            counts.update(("", words) for start, words in _PARTS if name.startswith(start) and _is_content(name))
            if name.startswith("xl/media/"):
                counts[hashlib.sha256(package.read(name)).hexdigest(), "hình ảnh"] = 1
            elif name.startswith("xl/charts/chart"):
                counts["", "định dạng biểu đồ"] += _count(_ELEMENT, package.read(name))
            elif name.startswith("xl/drawings/drawing"):
                counts.update(_counted("", _DRAWING, package.read(name)))
            elif name.startswith("xl/drawings/vmlDrawing"):
                counts["", "nút bấm, điều khiển"] += _count(_CONTROL, package.read(name))
            elif name.startswith("xl/comments") or "/comments/" in name:
                counts.update((place, "ghi chú trong ô") for place in _comments(package.read(name)))
            elif name == "xl/sharedStrings.xml":
                counts.update(_counted("", _TEXTS, package.read(name)))
        for title, part in _sheets(package):
            xml = package.read(part)
            counts.update(_counted(title, _SHEET, xml))
            counts[title, "định dạng có điều kiện"] -= xml.count(ALWAYS.encode())  # our own marks
            counts.update(_counted("", _TEXTS, xml))
            counts[title, "sheet"] = 1
        counts.update((name.decode(), "tên vùng") for name in _NAME.findall(package.read("xl/workbook.xml")))
    yield from counts.items()


def _comments(xml: bytes) -> Iterator[str]:
    """The cells with a comment of the unit's own: what an earlier round of ours said is not missed."""
    authors = _AUTHOR.findall(xml)
    for reference, author, text in _COMMENT.findall(xml):
        ours = int(author) < len(authors) and authors[int(author)] == AUTHOR.encode()
        if not ours or EARLIER.encode() in text:
            yield reference.decode()


def _is_content(name: str) -> bool:
    return (
        name.endswith((".xml", ".bin")) and "/_rels/" not in name and not re.search(r"/(?:colors|style)\d*\.xml", name)
    )


def _counted(where: str, patterns: tuple[tuple[re.Pattern[bytes], str], ...], xml: bytes) -> Counter[tuple[str, str]]:
    return Counter({(where, words): _count(pattern, xml) for pattern, words in patterns})


def _count(pattern: re.Pattern[bytes], xml: bytes) -> int:
    return sum(1 for _ in pattern.finditer(xml))


def _sheets(package: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Every sheet's name and part."""
    targets = {}
    for attributes in _RELATION.findall(package.read("xl/_rels/workbook.xml.rels")):
        found = dict(_ATTRIBUTE.findall(attributes))
        targets[found.get(b"Id", b"")] = found.get(b"Target", b"").decode().removeprefix("/xl/")
    known = set(package.namelist())
    for attributes in _SHEET_ENTRY.findall(package.read("xl/workbook.xml")):
        found = dict(_ATTRIBUTE.findall(attributes))
        relation = next((value for name, value in found.items() if name.endswith(b":id")), b"")
        part = f"xl/{targets.get(relation, '')}"
        if part in known:
            yield found.get(b"name", b"").decode("utf-8", "replace"), part
