"""What a file is that is no zip package: bytes come in, words for the officer go out."""

from __future__ import annotations

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_STARTS = (
    (b"%PDF", "tệp PDF"),
    (b"{\\rtf", "văn bản RTF"),
    (b"\x89PNG", "hình ảnh"),
    (b"\xff\xd8\xff", "hình ảnh"),
    (b"GIF8", "hình ảnh"),
    (b"Rar!", "tệp nén RAR"),
    (b"7z\xbc\xaf", "tệp nén 7-Zip"),
    (b"\x1f\x8b", "tệp nén GZip"),
    (b"MZ", "chương trình chạy được"),
)


def kind_of(data: bytes) -> str:
    """What the bytes are, in Vietnamese, as far as their beginning tells.

    >>> kind_of(b"%PDF-1.7"), kind_of("Mã;Giá trị".encode()), kind_of(bytes(range(1, 32)) * 9)
    ('tệp PDF', 'văn bản thường hoặc CSV', 'loại khác')
    """
    told = next((words for start, words in _STARTS if data.startswith(start)), None)
    if told:
        return told
    text = _decoded(data[:4096]).lstrip().casefold()
    if "urn:schemas-microsoft-com:office:spreadsheet" in text:
        return "Excel XML 2003"
    if text.startswith(("<!doctype html", "<html", "<table", "<meta", "<head", "<div")) or "<html" in text:
        return "trang HTML"
    if text.startswith("mime-version:"):
        return "trang web lưu thành một tệp"
    if text.startswith("<"):
        return "tệp XML"
    printable = sum(letter.isprintable() or letter.isspace() for letter in text)
    return "văn bản thường hoặc CSV" if text and printable >= 0.95 * len(text) else "loại khác"


def _decoded(head: bytes) -> str:
    if head.startswith(_MARKS[1:]) or head[1:2] == b"\0":
        return head.decode("utf-16", "replace")
    return head.removeprefix(_MARKS[0]).decode("utf-8", "replace")
