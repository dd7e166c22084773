"""Bad files beside good ones: each has one outcome and one finding, and the good ones are scored as if alone."""

from __future__ import annotations

import io
import json
import os
import re
import struct
import subprocess
import sys
import threading
import time
import unicodedata
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import msoffcrypto.format.ooxml
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference
from python_calamine import CalamineWorkbook

from benchmarks.bad_files import BAD, EXAMPLE, bad_folder
from cchc_xl import pipeline
from cchc_xl.office.excel import Refused, read
from cchc_xl.office.excel.bounds import STAMP_SHEET
from cchc_xl.office.excel.disk import PAUSE_SECONDS
from cchc_xl.office.excel.readers import openpyxl_sheets
from cchc_xl.records import RawForm
from cchc_xl.result.objects import to_object
from cchc_xl.unit.folder import source_file
from tests.command import cchc, process
from tests.conftest import PRINTED, ROOT
from tests.unit_forms import (
    PERIOD,
    assess,
    edit,
    entries,
    fill,
    form,
    found,
    rewrite,
    roll,
    save_time,
    verdicts,
)

ALONE = "17.65"
FIGURES = "xl/worksheets/sheet2.xml"


# --- how to spoil a sound form's bytes ---

Spoil = Callable[[bytes], bytes]


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def _packed(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return buffer.getvalue()


def _part(name: str, change: Spoil) -> Spoil:
    def spoil(data: bytes) -> bytes:
        parts = _parts(data)
        changed = change(parts.get(name, b""))
        assert changed != parts.get(name)
        return _packed({**parts, name: changed})

    return spoil


def _rows(more: bytes) -> Spoil:
    """More XML at the end of the sheet of figures."""
    return _part(FIGURES, lambda xml: xml.replace(b"</sheetData>", more + b"</sheetData>"))


def _after_data(more: bytes) -> Spoil:
    return _part(FIGURES, lambda xml: xml.replace(b"<pageMargins", more + b"<pageMargins"))


def _prefixed(xml: bytes) -> bytes:
    return re.sub(rb"<(/?)(?![?!])", rb"<\1x:", xml).replace(b"xmlns=", b"xmlns:x=", 1)


def _utf16(xml: bytes) -> bytes:
    text = re.sub(r"^<\?xml.*?\?>", "", xml.decode())
    return ('<?xml version="1.0" encoding="UTF-16"?>' + text).encode("utf-16")


def _utf7(xml: bytes) -> bytes:
    doctype = '<!DOCTYPE a [<!ENTITY b "c">]>'.encode("utf-7").replace(b"<", b"+ADw-")
    return b'<?xml version="1.0" encoding="UTF-7"?>' + doctype + re.sub(rb"^<\?xml.*?\?>", b"", xml)


def _encrypted(data: bytes, password: str = "mat-khau") -> bytes:
    buffer = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(data)).encrypt(password, buffer)
    return buffer.getvalue()


def _flagged_as_encrypted(data: bytes) -> bytes:
    """A zip whose members carry a password, as other archivers make."""
    spoiled = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = spoiled.find(signature)
        while at >= 0:
            spoiled[at + offset] |= 1
            at = spoiled.find(signature, at + 4)
    return bytes(spoiled)


def _bomb(name: str) -> Spoil:
    def spoil(data: bytes) -> bytes:
        buffer = io.BytesIO(_bomb_alone(name))
        with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
            for other, part in _parts(data).items():
                if other != name:
                    package.writestr(other, part)
        return buffer.getvalue()

    return spoil


@cache
def _bomb_alone(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        package.writestr(name, b" " * 120_000_000)
    return buffer.getvalue()


def _lying_bomb(data: bytes) -> bytes:
    """A part of 120 MB that the directory calls small."""
    bomb = _bomb("xl/sharedStrings.xml")(data)
    assert bomb.count(struct.pack("<I", 120_000_000)) == 2
    return bomb.replace(struct.pack("<I", 120_000_000), struct.pack("<I", 1_000))


def _twice(data: bytes) -> bytes:
    """Two parts of one name: readers disagree about which one counts."""
    buffer = io.BytesIO(data)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(buffer, "a") as package:
        package.writestr(FIGURES, _parts(data)[FIGURES].replace(b"<v>50</v>", b"<v>1</v>"))
    return buffer.getvalue()


def _other_package(data: bytes) -> bytes:
    return _packed({name.replace("xl/", "word/"): part for name, part in _parts(data).items()})


FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
CORRUPT_STYLES = _part("xl/styles.xml", lambda xml: xml[:200])

BAD_FILES: list[tuple[str, str, Spoil, str]] = [
    ("empty", "a.xlsx", lambda _: b"", "F104"),
    ("only NUL", "a.xlsx", lambda data: b"\0" * len(data), "F106"),
    ("truncated", "a.xlsx", lambda data: data[: len(data) // 2], "F103"),
    ("cut by ten bytes", "a.xlsx", lambda data: data[:-30], "F103"),
    ("first bytes lost", "a.xlsx", lambda data: b"\0" * 3000 + data[3000:], "F103"),
    ("one flipped byte in a part", "a.xlsx", lambda data: data[:4000] + b"\xff\xff\xff\xff" + data[4004:], "F103"),
    ("HTML named .xls", "a.xls", lambda _: b"<html><table><tr><td>1</td></tr></table></html>", "F101"),
    ("HTML with a BOM", "a.xls", lambda _: "\ufeff<html><table></table></html>".encode(), "F101"),
    ("CSV", "a.csv", lambda _: "Mã,Giá trị\nHSO_DUNG,50\n".encode(), "F101"),
    ("text named .xlsx", "a.xlsx", lambda _: "Báo cáo quý I".encode(), "F101"),
    ("UTF-16 text named .xls", "a.xls", lambda _: "Mã\tGiá trị\n".encode("utf-16"), "F101"),
    ("a PDF named .xlsx", "a.xlsx", lambda _: b"%PDF-1.7\n" + b"x" * 500, "F101"),
    ("a Word file named .xlsx", "a.xlsx", _other_package, "F101"),
    ("a plain zip named .xlsx", "a.xlsx", lambda _: _packed({"a.txt": b"x"}), "F101"),
    ("an empty zip", "a.xlsx", lambda _: _packed({}), "F101"),
    ("an old .xls cut off", "a.xls", lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, "F103"),
    ("encrypted by Excel's own way", "a.xlsx", _encrypted, "F102"),
    ("zip members with a password", "a.xlsx", _flagged_as_encrypted, "F102"),
    ("bomb in a sheet", "a.xlsx", _bomb(FIGURES), "F108"),
    ("bomb in the strings", "a.xlsx", _bomb("xl/sharedStrings.xml"), "F108"),
    ("bomb behind a false size", "a.xlsx", _lying_bomb, "F103"),
    ("a far cell by character reference", "a.xlsx", _rows(b'<row r="9"><c r="XFD&#49;048576"><v>1</v></c></row>'), "F103"),
    ("a row beyond the sheet", "a.xlsx", _rows(b'<row r="9999999"><c r="A9999999"><v>1</v></c></row>'), "F103"),
    ("a row of many cells without addresses", "a.xlsx", _rows(b'<row r="500000">' + b"<c/>" * 20_000 + b"</row>"), "F103"),
    ("DOCTYPE in a sheet", "a.xlsx", _part(FIGURES, lambda x: x.replace(b"<worksheet", b"<!DOCTYPE a><worksheet", 1)), "F110"),
    ("DOCTYPE in the workbook", "a.xlsx", _part("xl/workbook.xml", lambda x: x.replace(b"<workbook ", b'<!DOCTYPE a [<!ENTITY b "c">]><workbook ', 1)), "F110"),
    ("DOCTYPE in the strings", "a.xlsx", _part("xl/sharedStrings.xml", lambda _: b'<!DOCTYPE a [<!ENTITY b "c">]><sst/>'), "F110"),
    ("DOCTYPE in UTF-16", "a.xlsx", _part(FIGURES, lambda x: _utf16(x.replace(b"<worksheet", b"<!DOCTYPE a><worksheet", 1))), "F110"),
    ("relations in UTF-16, cut off", "a.xlsx", _part("xl/_rels/workbook.xml.rels", lambda x: _utf16(x)[:-40]), "F103"),
    ("DOCTYPE in UTF-7", "a.xlsx", _part(FIGURES, _utf7), "F103"),
    ("two parts of one name", "a.xlsx", _twice, "F103"),
    ("broken XML", "a.xlsx", _part(FIGURES, lambda x: x.replace(b"</sheetData>", b"</sheetDat>")), "F103"),
    ("styles cut off", "a.xlsx", CORRUPT_STYLES, "F103"),
    ("no styles and a false name for them", "a.xlsx", _part("xl/_rels/workbook.xml.rels", lambda x: x.replace(b"worksheets/sheet2", b"worksheets/sheet9")), "F103"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "spoil", "code"), [row[1:] for row in BAD_FILES], ids=[row[0] for row in BAD_FILES])
def test_a_bad_file_is_one_finding_and_the_good_ones_are_scored_as_if_alone(
    plan: Path, folder: Path, name: str, spoil: Spoil, code: str
) -> None:
    (folder / name).write_bytes(spoil(form(folder, "NCC").read_bytes()))
    document = assess(plan, folder)
    assert found(document) == [(code, "")]
    finding = next(item for item in document["findings"] if item["code"] == code)
    assert (finding["severity"], finding["file"]) == ("error", name)
    assert finding["fix"]
    assert verdicts(document)[name] == "rejected"
    assert document["index"]["points"] == ALONE


def test_three_hundred_bad_files_leave_the_eight_good_ones_as_if_alone(tmp_path: Path) -> None:
    folder, bad = bad_folder(tmp_path / "don-vi")
    endless = Workbook()
    endless.active["B3"] = "*" * 10_000 + " ghi chú"
    endless.save(folder / "sao.xlsx")
    plan = EXAMPLE / "ke-hoach.xlsx"
    alone = pipeline.assess(plan, EXAMPLE / "don-vi", period="2020-N").contents()
    start = time.perf_counter()
    done = process("check", plan, folder, "--period", "2020-N", "--json")
    seconds = time.perf_counter() - start
    assert (done.returncode, done.stderr) == (1, "")
    document = json.loads(done.stdout)
    assert len(bad) == BAD
    for name in bad:
        own = [item["code"] for item in document["findings"] if item["file"] == name]
        assert len(own) == 1, (name, own)
        assert own[0].startswith("F1")
        assert verdicts(document)[name] == "rejected"
    assert document["index"] == to_object(alone)["index"]
    assert document["criteria"] == to_object(alone)["criteria"]
    assert [item["code"] for item in document["findings"] if item["file"] == "sao.xlsx"] == ["F201"]
    assert seconds < 60
    PRINTED.append(f"300 bad files beside 8 good ones\nread, checked and scored in {seconds:.1f} s")


def test_a_units_broken_file_is_unreadable_not_missing(plan: Path, folder: Path) -> None:
    path = form(folder, "NCC")
    path.write_bytes(path.read_bytes()[:900])
    document = assess(plan, folder)
    assert roll(document)["NCC"] == ("unreadable", path.name)
    assert roll(document)["VP"][0] == "submitted"


@pytest.mark.parametrize("broken", ["2021-Q1_NCC (2).xlsx", "NCC.xlsx"])
def test_a_sound_older_file_counts_beside_a_broken_newer_one(plan: Path, folder: Path, broken: str) -> None:
    (folder / broken).write_bytes(b"")
    document = assess(plan, folder)
    assert roll(document)["NCC"] == ("submitted", "2021-Q1_NCC.xlsx")
    assert found(document) == [("F104", "")]


IGNORED = [
    ("~$2021-Q1_XYZ.xlsx", b"\x05abc"),
    ("Thumbs.db", b"\xd0\xcf\x11\xe0"),
    ("desktop.ini", b"[x]"),
    (".DS_Store", b"x"),
    ("._2021-Q1_NCC.xlsx", b"x"),
    ("2021-Q1_NCC.xlsx.tmp", b"x"),
    ("minh chứng.pdf", b"%PDF"),
    ("ảnh.jpg", b"\xff\xd8"),
    ("ghi chú", b""),
]


@pytest.mark.parametrize(("name", "data"), IGNORED)
def test_what_is_no_submission_is_ignored_and_listed_as_ignored(
    plan: Path, folder: Path, name: str, data: bytes
) -> None:
    (folder / name).write_bytes(data)
    document = assess(plan, folder)
    assert found(document) == []
    assert verdicts(document)[name] == "ignored"


def test_every_file_is_listed_once_with_its_hash(plan: Path, folder: Path) -> None:
    for name in ("hỏng.xlsx", "~$x.xlsx", "sâu/hơn/nữa/a.pdf"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    document = assess(plan, folder)
    listed = [source["file"] for source in document["sources"]]
    assert sorted(listed) == sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    for source in document["sources"]:
        assert (source["reader"] is not None) == (source["verdict"] == "read")


def test_folders_are_read_however_deep_and_a_folder_may_be_named_like_a_workbook(plan: Path, folder: Path) -> None:
    deep = folder / "thư mục.xlsx" / "a" / "b" / "c"
    deep.mkdir(parents=True)
    form(folder, "NCC").rename(deep / "x.xlsx")
    document = assess(plan, folder)
    assert roll(document)["NCC"] == ("submitted", "thư mục.xlsx/a/b/c/x.xlsx")
    assert found(document) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_a_pipe_is_not_waited_for(plan: Path, folder: Path) -> None:
    os.mkfifo(folder / "a.xlsx")
    document = assess(plan, folder)
    assert (found(document), verdicts(document)["a.xlsx"]) == ([("F109", "")], "rejected")
    assert document["index"]["points"] == ALONE


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_to_nowhere_is_a_finding(plan: Path, folder: Path) -> None:
    (folder / "a.xlsx").symlink_to(folder / "không có.xlsx")
    document = assess(plan, folder)
    assert (found(document), verdicts(document)["a.xlsx"]) == ([("F109", "")], "rejected")


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no text exist only where names are bytes")
def test_a_name_that_is_no_text_is_a_finding_and_can_be_printed(plan: Path, folder: Path) -> None:
    with open(os.fsencode(folder) + b"/\xff.xlsx", "wb") as stream:  # noqa: PTH123 - a Path cannot spell it
        stream.write(form(folder, "NCC").read_bytes())
    document = assess(plan, folder)
    assert found(document) == [("F109", "")]
    json.dumps(document, ensure_ascii=False).encode("utf-8")


# --- what must be read ---


def _strict(data: bytes) -> bytes:
    names = (
        (
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ),
        (
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
    )
    parts = _parts(data)
    for old, new in names:
        parts = {name: part.replace(old, new) for name, part in parts.items()}
    return _packed(parts)


def _many_blanks(data: bytes) -> bytes:
    row = b"".join(b'<c r="%c#" s="1"/>' % (65 + column) for column in range(24))
    rows = ((b'<row r="#">' + row + b"</row>").replace(b"#", b"%d" % number) for number in range(100, 100_100))
    return _rows(b"".join(rows))(data)


TOLERATED: list[tuple[str, str, Spoil, list[tuple[str, str]]]] = [
    ("a far cell", "a.xlsx", _rows(FAR), [("F308", "XFD1048576")]),
    ("a far cell in single quotes", "a.xlsx", _rows(FAR.replace(b'"', b"'")), [("F308", "XFD1048576")]),
    ("a far cell with spaces", "a.xlsx", _rows(FAR.replace(b"r=", b"r = ").replace(b"<c ", b"<c\n ")), [("F308", "XFD1048576")]),
    ("a far cell in UTF-16", "a.xlsx", _part(FIGURES, lambda x: _utf16(x.replace(b"</sheetData>", FAR + b"</sheetData>"))), [("F308", "XFD1048576")]),
    ("a far cell under a prefix", "a.xlsx", _part(FIGURES, lambda x: _prefixed(x.replace(b"</sheetData>", FAR + b"</sheetData>"))), [("F308", "XFD1048576")]),
    ("a far cell in a sheet put elsewhere", "a.xlsx", _part("xl/other/evil.xml", lambda _: b"<worksheet><sheetData>" + FAR + b"</sheetData></worksheet>"), []),
    ("a million rows without addresses", "a.xlsx", _rows(b"<row/>" * 1_000_000), []),
    ("a merge over the whole sheet", "a.xlsx", _after_data(b'<mergeCells count="1"><mergeCell ref="F1:XFD1048576"/></mergeCells>'), []),
    ("20,000 merges", "a.xlsx", _after_data(b"<mergeCells>" + b'<mergeCell ref="F1:Z9"/>' * 20_000 + b"</mergeCells>"), []),
    ("a link over the whole sheet", "a.xlsx", _after_data(b'<hyperlinks><hyperlink ref="A20:XFD1048576" location="A1"/></hyperlinks>'), []),
    ("2.4 million blank cells with a format", "a.xlsx", _many_blanks, [("F306", "")]),
    ("Excel's own password", "a.xlsx", lambda data: _encrypted(data, "VelvetSweatshop"), [("F307", "")]),
    ("a macro", "a.xlsx", _part("xl/vbaProject.bin", lambda _: b"x"), [("F301", "")]),
    ("a link to another workbook", "a.xlsx", _part("xl/externalLinks/externalLink1.xml", lambda _: b"<externalLink><externalBook/></externalLink>"), [("F302", "")]),
    ("a DDE link", "a.xlsx", _part("xl/externalLinks/externalLink1.xml", lambda _: b'<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'), [("F303", "")]),
    ("an embedded object", "a.xlsx", _part("xl/embeddings/oleObject1.bin", lambda _: b"x"), [("F304", "")]),
    ("a data connection", "a.xlsx", _part("xl/connections.xml", lambda _: b"<connections/>"), [("F305", "")]),
    ("2 MB of nothing in a part nobody reads", "a.xlsx", _part("customXml/item1.xml", lambda _: b" " * 2_000_000), []),
    ("70,000 empty members", "a.xlsx", lambda data: _packed({**_parts(data), **{f"xl/x/{number}": b"" for number in range(70_000)}}), []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "spoil", "notes"), [row[1:] for row in TOLERATED], ids=[row[0] for row in TOLERATED])
def test_a_sound_form_with_something_monstrous_in_it_is_read_and_the_thing_is_noted(
    plan: Path, folder: Path, name: str, spoil: Spoil, notes: list[tuple[str, str]]
) -> None:
    data = form(folder, "NCC").read_bytes()
    form(folder, "NCC").unlink()
    (folder / name).write_bytes(spoil(data))
    document = assess(plan, folder)
    assert found(document) == notes
    assert all(item["severity"] == "note" for item in document["findings"] if item["code"][0] == "F")
    assert roll(document)["NCC"] == ("submitted", name)
    assert document["index"]["points"] == ALONE


GOOD_FILES: list[tuple[str, str, Spoil]] = [
    ("xlsx named .xls", "2021-Q1_NCC.xls", lambda data: data),
    ("upper-case ending", "2021-Q1_NCC.XLSX", lambda data: data),
    ("Vietnamese name in NFD", unicodedata.normalize("NFD", "Phòng Người có công.xlsx"), lambda data: data),
    ("strict OOXML", "a.xlsx", _strict),
    ("a prefix on every tag", "a.xlsx", _part(FIGURES, _prefixed)),
    (
        "no addresses on rows and cells",
        "a.xlsx",
        _part("xl/worksheets/sheet3.xml", lambda x: re.sub(rb'(<(?:row|c)) r="[A-Z]*\d+"', rb"\1", x)),
    ),
    (
        "a false dimension",
        "a.xlsx",
        _part(
            FIGURES, lambda x: re.sub(rb'<dimension ref="[^"]*"/>', b'<dimension ref="A1:XFD1048576"/>', x)
        ),
    ),
    ("a dimension too small", "a.xlsx", _part(FIGURES, lambda x: re.sub(rb'ref="A1:[^"]*"/>', b'ref="A1:A1"/>', x, count=1))),
    ("bytes before the zip", "a.xlsx", lambda data: b"rac" * 50 + data),
    ("bytes after the zip", "a.xlsx", lambda data: data + b"rac" * 50),
    ("a large unused picture", "a.xlsx", _part("xl/media/image1.png", lambda _: os.urandom(1_000_000))),
    ("an error value elsewhere", "a.xlsx", _rows(b'<row r="30"><c r="H30" t="e"><v>#N/A</v></c></row>')),
]  # fmt: skip


@pytest.mark.parametrize(("name", "spoil"), [row[1:] for row in GOOD_FILES], ids=[row[0] for row in GOOD_FILES])
def test_an_unusual_but_sound_file_is_read(plan: Path, folder: Path, name: str, spoil: Spoil) -> None:
    data = form(folder, "NCC").read_bytes()
    form(folder, "NCC").unlink()
    (folder / name).write_bytes(spoil(data))
    document = assess(plan, folder)
    assert roll(document)["NCC"] == ("submitted", name)
    assert entries(document, "NCC")["HSO_TONG"] == ("known", "60")
    assert found(document) == []


HIDDEN = [
    # columns and rows of a sheet as written, the columns that are hidden, whose reader is asked
    (b"", b"", (), "calamine"),
    (b'<col min="2" max="3" width="9" hidden="1"/>', b"", (2, 3), "calamine"),
    (b'<col hidden="true" min="4" max="4"/><col min="6" max="6"/>', b"", (4,), "calamine"),
    (b"<col max='5' min='5' hidden='1'/><col min='9' max='9' hidden='0'/>", b"", (5,), "calamine"),
    (b'<col min="200" max="16384" hidden="1"/>', b"", tuple(range(200, 257)), "calamine"),
    (b'<col min="2" max="4" hidden="1"/><col min="2" max="2"/>', b"", (), "calamine"),  # the later counts
    (b'<col min="2" max="2" hidden="1"/>', b'<row r="60" hidden="1"/>', (2,), "openpyxl"),
]


@pytest.mark.parametrize(("columns", "row", "hidden", "reader"), HIDDEN)
def test_hidden_columns_are_told_whoever_reads(
    folder: Path, tmp_path: Path, columns: bytes, row: bytes, hidden: tuple[int, ...], reader: str
) -> None:
    def spoil(xml: bytes) -> bytes:
        xml = re.sub(rb"<cols>.*</cols>", b"<cols>" + columns + b"</cols>" if columns else b"", xml)
        return xml.replace(b"</sheetData>", row + b"</sheetData>")

    path = tmp_path / "a.xlsx"
    path.write_bytes(_part(FIGURES, spoil)(form(folder, "NCC").read_bytes()))
    read_by = read(source_file(path, tmp_path))
    assert isinstance(read_by, RawForm)
    told = {sheet.name: sheet.hidden_columns for sheet in openpyxl_sheets(path.read_bytes())}
    assert read_by.reader == reader
    assert {sheet.name: sheet.hidden_columns for sheet in read_by.sheets} == {
        name: own for name, own in told.items() if name != STAMP_SHEET
    }
    assert told["Số liệu"] == hidden


@pytest.mark.parametrize(("percent", "hidden"), [("0.0%", ()), ("0.00", (2,))])
def test_a_sheet_that_is_a_chart_keeps_nobody_from_reading_the_others(
    folder: Path, tmp_path: Path, percent: str, hidden: tuple[int, ...]
) -> None:
    book = load_workbook(form(folder, "LD"))
    chart = BarChart()
    chart.add_data(Reference(book["Số liệu"], min_col=4, min_row=8, max_row=9))
    book.create_chartsheet("Biểu đồ").add_chart(chart)
    book["Số liệu"]["D8"].value, book["Số liệu"]["D8"].number_format = 0.825, percent
    if hidden:
        book["Số liệu"].column_dimensions["B"].hidden = True
    book.save(path := tmp_path / "a.xlsx")
    read_by = read(source_file(path, tmp_path))
    assert isinstance(read_by, RawForm)
    sheet = next(sheet for sheet in read_by.sheets if sheet.name == "Số liệu")
    assert (sheet.rows[7][3], sheet.hidden_columns, read_by.reader) == (0.825, hidden, "openpyxl")
    assert "Biểu đồ" not in [sheet.name for sheet in read_by.sheets]


def test_a_strict_workbook_that_needs_the_other_reader_keeps_its_values(plan: Path, folder: Path) -> None:
    path = fill(form(folder, "LD"), figures={"TY_LE": (0.825, "0.0%")})
    path.write_bytes(_strict(path.read_bytes()))
    document = assess(plan, folder)
    assert entries(document, "LD")["TY_LE"] == ("known", "82.5")


@pytest.mark.parametrize(
    "saved", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "1601-01-01T00:00:00Z", "hôm qua", ""]
)
def test_a_time_of_saving_that_cannot_be_is_not_used(plan: Path, folder: Path, saved: str) -> None:
    path = save_time(form(folder, "NCC"), saved)
    os.utime(path, (1_615_000_000, 1_615_000_000))  # 6/3/2021
    document = assess(plan, folder)
    assert roll(document)["NCC"][0] == "submitted"
    row = next(row for row in document["rollcall"] if row["unit"] == "NCC")
    assert row["sent_from"] == "disk"


CONTROL = "\x0b\x01"


def test_control_characters_and_formulas_as_text_survive_into_every_file_we_write(
    plan: Path, folder: Path, tmp_path: Path
) -> None:
    fill(form(folder, "NCC"), figures={"HSO_DUNG": "HAI", "HSO_TONG": "BA"}, rows={"1.1": {"Kết quả thực hiện": "MOT"}})
    for sheet in ("sheet1.xml", "sheet2.xml"):
        rewrite(
            form(folder, "NCC"),
            sheet,
            lambda xml: xml.replace(b"MOT", b"a_x000B__x0001_b&lt;&amp;").replace(b"HAI", b"_x000B__x0001_x"),
        )
    edit(form(folder, "VP"), lambda book: _text(book, "=cmd|' /C calc'!A1"))
    out = tmp_path / "ket-qua"
    done = cchc("run", plan, folder, "--period", PERIOD, "--out", out)
    assert (done.returncode, done.stderr) == (1, "")
    marked = load_workbook(out / PERIOD / "phan-hoi" / "NCC.xlsx")
    assert "Lỗi cần sửa" in marked.sheetnames
    for path in sorted((out / PERIOD).rglob("*.xlsx")):
        for sheet in load_workbook(path).worksheets:
            for row in sheet.iter_rows():
                assert not [cell.coordinate for cell in row if cell.data_type == "f" and "cmd" in str(cell.value)]


def _text(book: Workbook, text: str) -> None:
    cell = book["Phụ lục"]["I9"]
    cell.value, cell.data_type = text, "s"
    book["Phụ lục"]["G9"].value = "Không có mức này"


def test_a_form_that_only_one_reader_can_open_gets_its_marked_copy(plan: Path, folder: Path, tmp_path: Path) -> None:
    fill(form(folder, "NCC"), figures={"HSO_DUNG": "abc"})
    rewrite(form(folder, "NCC"), "sheet2.xml", lambda xml: re.sub(rb"<dataValidation ", rb'<dataValidation errorStyle="x" ', re.sub(rb' errorStyle="\w+"', b"", xml)))  # fmt: skip
    document = assess(plan, folder)
    assert found(document) == [("D101", "D8")]
    out = tmp_path / "phan-hoi"
    done = cchc("check", plan, folder, "--period", PERIOD, "--feedback", out)
    assert (done.returncode, done.stderr) == (1, "")
    marked = CalamineWorkbook.from_path(out / "NCC.xlsx")
    assert marked.sheet_names[:2] == ["Lỗi cần sửa", "Phụ lục"]
    assert marked.get_sheet_by_name("Lỗi cần sửa").to_python()[5][3] == "D8"
    (folder / "tra-lai.xlsx").write_bytes((out / "NCC.xlsx").read_bytes())
    assert verdicts(assess(plan, folder))["tra-lai.xlsx"] == "ignored"


QUADRATIC = [
    b"<f " * 700_000,
    b"<c " * 700_000,
    b"<row " * 400_000,
    b'<c s="5"' + b' s="5"' * 400_000,
    b"</f>" + b" " * 2_000_000,
    b"<numFmt '" * 300_000,
]


@pytest.mark.parametrize("text", QUADRATIC, ids=lambda text: text[:12].decode())
def test_no_text_takes_the_look_at_the_bytes_quadratic_time(tmp_path: Path, text: bytes) -> None:
    """In a process of its own: a regular expression that hangs cannot be interrupted."""
    parts = {"xl/workbook.xml": b"<workbook/>", "xl/styles.xml": b"<cellXfs><xf numFmtId='9'/>" + text + b"</cellXfs>"}
    parts["xl/worksheets/sheet1.xml"] = b"<worksheet><sheetData>" + text + b"</sheetData></worksheet>"
    (tmp_path / "a.xlsx").write_bytes(_packed(parts))
    code = "import sys, pathlib; from cchc_xl.office.excel.look import clear; clear(pathlib.Path(sys.argv[1]).read_bytes(), 'a')"
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "a.xlsx")], cwd=ROOT, timeout=10, check=True)


def test_long_evidence_is_searched_in_linear_time(plan: Path, folder: Path) -> None:
    fill(
        form(folder, "VP"),
        rows={"1.1": {"Tài liệu kiểm chứng": "a." * 16_000}, "1.10": {"Tài liệu kiểm chứng": "x" * 32_000}},
    )
    assert found(assess(plan, folder)) == []


def test_a_file_that_vanishes_before_it_is_read_is_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"x")
    source = source_file(path, tmp_path)
    path.unlink()
    refused = read(source)
    assert isinstance(refused, Refused)
    assert (refused.finding.code, refused.sha256) == ("F109", None)


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_file_that_cannot_be_opened_for_a_moment_is_tried_again(folder: Path, tmp_path: Path) -> None:
    """A link that leads to itself cannot be opened, like a file Excel is saving; a moment later it is the file."""
    sound = form(folder, "NCC")
    source = source_file(sound, folder)
    moved = sound.rename(tmp_path / "that.xlsx")
    sound.symlink_to(sound.name)

    def mend() -> None:
        time.sleep(PAUSE_SECONDS / 2)
        moved.replace(sound)

    thread = threading.Thread(target=mend)
    thread.start()
    found_form = read(source)
    thread.join()
    assert not isinstance(found_form, Refused)
    assert dict(found_form.stamp)["unit"] == "NCC"
