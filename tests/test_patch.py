"""Marks in packages of every spelling: only marks differ, a second round takes exactly them away, other programs see them."""

from __future__ import annotations

import io
import re
import time
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from openpyxl import load_workbook

from cchc_xl.office.excel.list_page import Cell, Listing, Look, Row
from cchc_xl.office.excel.parts import CannotPatchError
from cchc_xl.office.excel.patch import Mark, Stamp, new_workbook, patched
from cchc_xl.unit.marked import SIGNS
from tests.conftest import ROOT, WHOLE
from tests.marked import check_only_marks, differing, local, parts, said, spelled, tree
from tests.office import converted

FIRST, SECOND = "Số liệu", "O'Hà & Co"
RED, AMBER = "F8D7DA", "FFF3CD"
STAMP = Stamp("_cchc", (("kind", "feedback"), ("inputs", "0123")))
NOTE = "Lỗi phải sửa (D101): “năm mươi” không phải là số.\nGõ số."
MARKS = {
    FIRST: [Mark(8, 4, RED, NOTE), Mark(9, 4, AMBER, "Ngờ"), Mark(2, 2, RED, "Ở ô đã gộp"), Mark(300, 30, RED, "Xa")],
    SECOND: [Mark(1, 1, RED, "Trang hai")],
}

# Of some file: cells that are filled, blank, far.
ANYWHERE = [Mark(8, 4, RED, NOTE), Mark(1, 1, AMBER, "Ngờ"), Mark(200, 3, RED, "Xa")]


def listing(*targets: tuple[str, str]) -> Listing:
    """A list of so many lines."""
    plain = Look()
    rows = [
        Row((Cell(SIGNS.list_heading, Look(14, bold=True, framed=False)),), 20, merged=True),
        Row((Cell("STT", plain), Cell("Ô", plain)), 15),
    ]
    rows += [Row((Cell(number, plain), Cell(at, plain, (sheet, at))), 15) for number, (sheet, at) in enumerate(targets)]
    return Listing(tuple(rows), (10, 20), 2)


LIST = listing((FIRST, "D8"), (SECOND, "A1"), ("không có", "A1"))


def mark(data: bytes, marks: Any = None) -> bytes:
    return patched(data, MARKS if marks is None else marks, LIST, STAMP, SIGNS)[0]


def book(feature: Callable[[Any, Any], None] = lambda _, __: None) -> bytes:
    """Two sheets as XlsxWriter writes them, with notes of people, rules, names; the second is the active one."""
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as made:
        sheet = made.add_worksheet(FIRST)
        second = made.add_worksheet(SECOND)
        second.activate()
        sheet.write_number("D8", 5)
        sheet.write_formula("D9", "=D8*2", None, 10)
        sheet.merge_range("A2:B3", "gộp")
        sheet.write_comment("D8", "Theo sổ của phòng", {"author": "Chị Lan"})
        sheet.write_comment("A1", "Đừng sửa", {"author": "Anh Nam", "visible": True})
        sheet.conditional_format("D8:D9", {"type": "3_color_scale"})
        sheet.conditional_format("D8:D9", {"type": "data_bar", "data_bar_2010": True})
        sheet.data_validation("E8", {"validate": "integer", "criteria": ">=", "value": 0})
        sheet.write_url("H3", "https://a.vn")
        sheet.print_area("A1:D9")
        second.repeat_rows(0)
        made.define_name("Ten", f"='{FIRST}'!$D$8")
        feature(made, sheet)
    return packed.getvalue()


def respelled(data: bytes, change: Callable[[str, bytes], bytes], rename: Callable[[str], str] = str) -> bytes:
    """The package with every part changed, under other names."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name, part in parts(data).items():
            target.writestr(rename(name), change(name, part))
    return packed.getvalue()


MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SPREADSHEET = re.compile(r"xl/(?:workbook|styles|sharedStrings|comments\d|worksheets/sheet\d)\.xml")


def prefixed(name: str, part: bytes) -> bytes:
    if not SPREADSHEET.fullmatch(name):
        return part
    return re.sub(rb"<(/?)(\w+)(?=[\s/>])", rb"<\1x:\2", part).replace(b'xmlns="' + MAIN, b'xmlns:x="' + MAIN)


def strict(_: str, part: bytes) -> bytes:
    for end in (b"officeDocument/2006/relationships", b"spreadsheetml/2006/main", b"drawingml/2006/main"):
        part = part.replace(
            b"http://schemas.openxmlformats.org/" + end, b"http://purl.oclc.org/ooxml/" + end.replace(b"/2006", b"")
        )
    return part


def wide(name: str, part: bytes) -> bytes:
    if not SPREADSHEET.fullmatch(name):
        return part
    return part.decode().replace("UTF-8", "UTF-16", 1).encode("utf-16")


def with_bom(name: str, part: bytes) -> bytes:
    return b"\xef\xbb\xbf" + part if SPREADSHEET.fullmatch(name) else part


def other_names(name: str) -> str:
    for old, new in (("workbook.xml", "workbook22.xml"), ("sheet1.xml", "Mot-trang.xml"), ("comments1", "loi/GhiChu")):
        name = name.replace(old, new)
    return name


def other_targets(name: str, part: bytes) -> bytes:
    if name == "_rels/.rels":
        return part.replace(b'Target="xl/workbook.xml"', b'Target="/xl/workbook22.xml"')
    if name == "xl/_rels/workbook.xml.rels":
        return part.replace(b"worksheets/sheet1.xml", b"/xl/worksheets/Mot-trang.xml")
    if name == "xl/worksheets/_rels/sheet1.xml.rels":
        return part.replace(b"../comments1.xml", b"../loi/GhiChu.xml")
    if name == "[Content_Types].xml":
        return (
            part.replace(b"/xl/workbook.xml", b"/xl/workbook22.xml")
            .replace(b"/xl/worksheets/sheet1.xml", b"/xl/worksheets/Mot-trang.xml")
            .replace(b"/xl/comments1.xml", b"/xl/loi/GhiChu.xml")
        )
    return part


def other_slashes(name: str, part: bytes) -> bytes:
    return part.replace(b"worksheets/sheet", b"worksheets\\Sheet") if name == "xl/_rels/workbook.xml.rels" else part


ALTERNATIVE = (
    b'<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    b'<mc:Choice Requires="x14"><controls/></mc:Choice></mc:AlternateContent>'
)


def with_alternatives(name: str, part: bytes) -> bytes:
    """Controls as Excel writes them; a sheet without a drawing, so that ours must find its place before them."""
    return part.replace(b"</worksheet>", ALTERNATIVE + b"</worksheet>") if name.endswith("sheet2.xml") else part


def with_pretty_lines(name: str, part: bytes) -> bytes:
    return part.replace(b"><", b">\r\n  <") if SPREADSHEET.fullmatch(name) and "worksheets" not in name else part


def button(_: Any, sheet: Any) -> None:
    sheet.insert_button("H2", {"macro": "a", "caption": "Bấm"})


def picture_in_the_header(_: Any, sheet: Any) -> None:
    sheet.set_header(
        "&L&G",
        {
            "image_left": "a.png",
            "image_data_left": io.BytesIO((ROOT / "docs/pictures").glob("*.png").__next__().read_bytes()),
        },
    )


SPELLINGS: dict[str, bytes] = {
    "as XlsxWriter writes it": book(),
    "a button beside the notes' boxes": book(button),
    "a picture in the header": book(picture_in_the_header),
    "prefixed names": respelled(book(), prefixed),
    "the strict namespaces": respelled(book(), strict),
    "UTF-16": respelled(book(), wide),
    "a byte order mark": respelled(book(), with_bom),
    "other names, absolute targets": respelled(book(), other_targets, other_names),
    "backslashes, another case": respelled(book(), other_slashes),
    "alternatives for older programs": respelled(book(), with_alternatives),
    "indented": respelled(book(), with_pretty_lines),
}
FILES = sorted([*(ROOT / "tests" / "workbooks").glob("*.xlsx"), *(ROOT / "examples").glob("*/don-vi/*.xlsx")])


def opened(data: bytes) -> Any:
    """The workbook in openpyxl, which says of extensions that it does not know them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return load_workbook(io.BytesIO(data))


def titles(data: bytes) -> list[str]:
    main = next(part for name, part in parts(data).items() if re.search(r"workbook\d*\.xml$", name))
    return [item.get("name") for item in tree(main).iter("{*}sheet")]


@pytest.mark.parametrize("data", SPELLINGS.values(), ids=SPELLINGS)
def test_nothing_but_marks_differs_however_the_package_is_spelled(data: bytes) -> None:
    made = mark(data)
    check_only_marks(data, made)
    assert titles(made) == ["Lỗi cần sửa", FIRST, SECOND, "_cchc"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_but_marks_differs_whoever_wrote_the_file(path: Path) -> None:
    data = path.read_bytes()
    sheet = titles(data)[0]
    made = mark(data, {sheet: ANYWHERE})
    check_only_marks(data, made)
    assert NOTE in opened(made)[sheet]["D8"].comment.text


@pytest.mark.parametrize("data", SPELLINGS.values(), ids=SPELLINGS)
def test_a_second_round_takes_away_exactly_what_the_first_added(data: bytes) -> None:
    """Every note, box, rule, rank and relation is then as it was at first; only styles nobody uses stay behind."""
    first = mark(data)
    again = mark(first)
    assert {name: part for name, part in parts(first).items() if "workbook" not in name} == {
        name: part for name, part in parts(again).items() if "workbook" not in name
    }
    clean = parts(mark(first, {}))
    for name, part in parts(data).items():
        if not re.search(r"styles|workbook|Content_Types", name):
            assert clean[name] == part or _alike(clean[name], part), name
    new = set(clean) - set(parts(data))
    assert len(new) == 2
    assert all(re.fullmatch(r"xl/worksheets/sheet\d\.xml", name) for name in new)


def _alike(one: bytes, other: bytes) -> bool:
    """The same but for which sheet is shown at first."""
    roots = [tree(one), tree(other)]
    for root in roots:
        for view in root.iter("{*}sheetView"):
            view.attrib.pop("tabSelected", None)
    return spelled(roots[0]) == spelled(roots[1])


def test_a_mended_cell_loses_its_mark_and_the_others_keep_theirs() -> None:
    made = mark(mark(book()), {FIRST: [Mark(9, 4, RED, "Vẫn sai")]})
    notes = said(parts(made)["xl/comments1.xml"])
    assert notes["D8"] == ("Chị Lan", "Theo sổ của phòng")
    assert notes["A1"] == ("Anh Nam", "Đừng sửa")
    assert notes["D9"] == ("cchc-xl", f"{SIGNS.words.opening}\nVẫn sai\n{SIGNS.words.closing}")
    assert sorted(notes) == ["A1", "D8", "D9"]
    rules = [rule for rule in tree(parts(made)["xl/worksheets/sheet1.xml"]).iter("{*}cfRule") if _ours(rule)]
    assert [(rule.getparent().get("sqref"), rule.get("priority")) for rule in rules] == [("D9", "1")]
    assert "xl/comments2.xml" not in parts(made)


def _ours(rule: Any) -> bool:
    return any(SIGNS.rule in (text.text or "") for text in rule)


# What a person may have in a note; what stands there after we spoke and fell silent again.
PEOPLE = [
    ("<r><rPr><b/></rPr><t>Lan:</t></r><r><t xml:space='preserve'> theo sổ</t></r>", "Lan: theo sổ"),
    ("<t>Một\nhai</t>", "Một\nhai"),
    ("<r><t>Chữ</t></r><phoneticPr fontId='1'/>", "Chữ"),
]


@pytest.mark.parametrize(("inside", "text"), PEOPLE)
def test_a_persons_note_keeps_its_runs(inside: str, text: str) -> None:
    note = re.compile(rb'(<comment ref="D8"[^>]*>)<text>.*?</text>', re.DOTALL)

    def change(name: str, part: bytes) -> bytes:
        return note.sub(rb"\1<text>" + inside.encode() + b"</text>", part) if "comments" in name else part

    data = respelled(book(), change)
    first = parts(mark(data))["xl/comments1.xml"]
    assert said(first)["D8"][1] == f"{text}\n\n{SIGNS.words.opening}\n{NOTE}\n{SIGNS.words.closing}"
    back = tree(parts(mark(mark(data), {}))["xl/comments1.xml"])
    assert spelled(back) == spelled(tree(parts(data)["xl/comments1.xml"]))


@pytest.mark.parametrize(
    ("inside", "left"),
    [
        ("<t>Trước\r\n{0}\r\nSau</t>", "Trước\nSau"),
        ("<r><t>Trước {1}</t></r><r><t>{2}</t></r><r><t> Sau</t></r>", "Trước\nSau"),
        ("<t>{0}{0}</t>", None),
        ("<t>{1}</t>", "{1}"),
        ("<t>{2} {1}</t>", "{2} {1}"),
    ],
)
def test_our_words_are_found_wherever_another_program_put_them(inside: str, left: str | None) -> None:
    opening, closing = f"{SIGNS.words.opening}\nLỗi cũ", f"mục nữa\n{SIGNS.words.closing}"
    told = inside.format(f"{opening}\n{closing}", opening, closing)

    def change(name: str, part: bytes) -> bytes:
        pattern = rb'(<comment ref="D8"[^>]*>)<text>.*?</text>'
        return (
            re.sub(pattern, lambda found: found[1] + f"<text>{told}</text>".encode(), part, flags=re.DOTALL)
            if "comments" in name
            else part
        )

    notes = said(parts(mark(respelled(book(), change), {}))["xl/comments1.xml"])
    expected = left and left.format("", opening, closing)
    assert notes.get("D8", ("", None))[1] == expected


BOXES = [
    # how a box of a person's says how far down it reaches; how our note of 2 lines (and its 2 frames) changes it
    ("<x:Anchor>4, 15, 6, 10, 6, 15, 10, 4</x:Anchor>", "<x:Anchor>4, 15, 6, 10, 6, 15, {0}, 4</x:Anchor>", 10, 1),
    ("height:60pt", "height:{0}pt", 60, 15),
    ("height:80px", "height:{0}px", 80, 20),
]


@pytest.mark.parametrize(("told", "shown", "before", "row"), BOXES, ids=["anchor", "points", "pixels"])
def test_a_persons_box_reaches_further_down_while_we_speak(told: str, shown: str, before: int, row: int) -> None:
    """25 + 52 + 7 + 17 letters take 2 + 3 + 1 + 1 lines of 22."""

    def change(name: str, part: bytes) -> bytes:
        if not name.endswith(".vml"):
            return part
        plain = re.sub(rb"<x:Anchor>[^<]*</x:Anchor>", told.encode() if "Anchor" in told else b"", part)
        return plain if "Anchor" in told else re.sub(rb"height:[\d.]+pt", told.encode(), plain)

    data = respelled(book(), change)
    first = mark(data)
    assert shown.format(before + 7 * row).encode() in parts(first)["xl/drawings/vmlDrawing1.vml"]
    assert parts(mark(first, {}))["xl/drawings/vmlDrawing1.vml"] == parts(data)["xl/drawings/vmlDrawing1.vml"]


def test_a_thread_of_comments_is_left_alone() -> None:
    """Excel shows the thread and takes its note for a stand-in: what we wrote there nobody would see."""

    def change(name: str, part: bytes) -> bytes:
        return part.replace("Chị Lan".encode(), b"tc={1}") if "comments" in name else part

    data = respelled(book(), change)
    notes = said(parts(mark(data))["xl/comments1.xml"])
    assert notes["D8"] == ("tc={1}", "Theo sổ của phòng")
    assert notes["D9"][1].startswith(SIGNS.words.opening)
    check_only_marks(data, mark(data))


def test_the_units_rules_keep_their_order_behind_ours() -> None:
    """Ranks 1 and 2 become 5 and 6 behind our four cells, the newer kind's too; and come back."""
    ranks = [
        int(item) for item in re.findall(rb'cfRule [^>]*priority="(\d+)"', parts(book())["xl/worksheets/sheet1.xml"])
    ]
    made = [
        int(item)
        for item in re.findall(rb'cfRule [^>]*priority="(\d+)"', parts(mark(book()))["xl/worksheets/sheet1.xml"])
    ]
    assert ranks == [1, 2]
    assert sorted(made) == [1, 2, 3, 4, 5, 6]


def test_the_list_is_first_and_active_and_no_other_sheet_is_selected() -> None:
    made = parts(mark(book()))
    assert [item.get("activeTab") for item in tree(made["xl/workbook.xml"]).iter("{*}workbookView")] == ["0"]
    selected = {
        name for name, part in made.items() if name.startswith("xl/worksheets/sheet") and b'tabSelected="1"' in part
    }
    assert selected == {"xl/worksheets/sheet3.xml"} ^ {"xl/worksheets/sheet4.xml"} ^ {"xl/worksheets/sheet3.xml"}


def test_links_lead_only_to_sheets_that_there_are() -> None:
    sheet = opened(mark(book()))["Lỗi cần sửa"]
    assert [(row[1].value, row[1].hyperlink and row[1].hyperlink.location) for row in sheet.iter_rows(min_row=3)] == [
        ("D8", f"'{FIRST}'!D8"),
        ("A1", "'O''Hà & Co'!A1"),
        ("A1", None),
    ]


def test_new_parts_have_the_usual_names_and_relative_targets() -> None:
    made = parts(mark(respelled(book(), with_alternatives)))
    assert {"xl/comments2.xml", "xl/drawings/vmlDrawing2.vml", "xl/worksheets/_rels/sheet2.xml.rels"} <= made.keys()
    targets = re.findall(rb'Target="([^"]*)"', made["xl/worksheets/_rels/sheet2.xml.rels"])
    assert sorted(targets) == [b"../comments2.xml", b"../drawings/vmlDrawing2.vml"]
    names = [local(item) for item in tree(made["xl/worksheets/sheet2.xml"])]
    assert names[-2:] == ["legacyDrawing", "AlternateContent"]


def test_a_stamp_that_is_there_gets_our_words_and_keeps_its_own() -> None:
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as made:
        made.add_worksheet(FIRST)
        hidden = made.add_worksheet("_cchc")
        for row, pair in enumerate((("kind", "form"), ("unit", "VP"))):
            hidden.write_row(row, 0, (*pair, "", f"mức {row}"))
        hidden.write_string(2, 3, "mức 2")
        hidden.very_hidden()
    book_now = opened(mark(packed.getvalue(), {}))
    assert [row[:2] for row in book_now["_cchc"].iter_rows(values_only=True)] == [
        *(("kind", "feedback"), ("unit", "VP"), ("inputs", "0123")),
    ]
    assert [row[3] for row in book_now["_cchc"].iter_rows(values_only=True)] == ["mức 0", "mức 1", "mức 2"]
    assert book_now["_cchc"].sheet_state == "veryHidden"


MACROS = {
    "workbook": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", ".xlsx"),
    "template": ("application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml", ".xlsx"),
    "macros": ("application/vnd.ms-excel.sheet.macroEnabled.main+xml", ".xlsm"),
    "template with macros": ("application/vnd.ms-excel.template.macroEnabled.main+xml", ".xlsm"),
}


@pytest.mark.parametrize(("kind", "ending"), MACROS.values(), ids=MACROS)
def test_the_name_says_what_the_file_is(kind: str, ending: str) -> None:
    """Excel opens no file whose name says otherwise; what was a template is a workbook now."""
    usual = MACROS["workbook"][0].encode()
    data = respelled(book(), lambda name, part: part.replace(usual, kind.encode()) if "Content" in name else part)
    made, found = patched(data, MARKS, LIST, STAMP, SIGNS)
    assert found == ending
    assert b"emplate" not in parts(made)["[Content_Types].xml"]


def test_texts_stay_within_what_excel_holds() -> None:
    """A cell and a note hold 32,767 UTF-16 units; a sign beyond the first 65,536 takes two."""
    long = "🙂" * 20_000
    rows = Row((Cell(long, Look()),), 15)
    made = patched(book(), {FIRST: [Mark(8, 4, RED, long)]}, Listing((*LIST.rows, rows), (10, 20), 2), STAMP, SIGNS)[0]
    note = said(parts(made)["xl/comments1.xml"])["D8"][1]
    assert len(note.encode("utf-16-le")) // 2 <= 32_767
    assert note.startswith("Theo sổ của phòng\n\n")
    assert note.endswith(f"🙂…\n{SIGNS.words.closing}")
    cell = opened(made)["Lỗi cần sửa"].cell(len(LIST.rows) + 1, 1).value
    assert len(cell.encode("utf-16-le")) // 2 in {32_766, 32_767}
    assert cell.endswith("🙂…")


@pytest.mark.parametrize("text", ["_x000D_", "=1+1", "a\x0bb", "<b>&amp;", " hai đầu ", "\ud800x"])
def test_what_is_quoted_arrives_as_it_is(text: str) -> None:
    made = patched(
        book(), {FIRST: [Mark(9, 4, RED, text)]}, Listing((Row((Cell(text, Look()),), 15),), (9,), 1), STAMP, SIGNS
    )[0]
    quoted = re.sub("[\x0b\ud800]", "", text)
    assert opened(made).worksheets[0]["A1"].value.replace("_x005F_", "_") == quoted  # as Excel reads it
    assert quoted in said(parts(made)["xl/comments1.xml"])["D9"][1].replace("_x005F_", "_")


def related(owner: str, kind: str) -> bytes:
    """The book with a relation of this kind from the package or the workbook."""
    new = f'<Relationship Id="rNew" Type="http://x/{kind}" Target="/xl/styles.xml"/></Relationships>'.encode()
    return respelled(book(), lambda name, part: part.replace(b"</Relationships>", new) if name == owner else part)


REFUSED = {
    "signed": (lambda: related("_rels/.rels", "digital-signature/origin"), "chữ ký số"),
    "shared, with a history": (lambda: related("xl/_rels/workbook.xml.rels", "revisionHeaders"), "lịch sử sửa của sổ dùng chung"),
    "a document type": (
        lambda: respelled(book(), lambda _, part: part.replace(b"<comments", b"<!DOCTYPE c [<!ENTITY a 'b'>]><comments", 1)),
        "DOCTYPE",
    ),
    "heavy": (lambda: respelled(book(), lambda name, part: part + b" " * (200 << 20) if name.endswith("app.xml") else part), "quá lớn"),
}  # fmt: skip


@pytest.mark.parametrize(("make", "words"), REFUSED.values(), ids=REFUSED)
def test_what_a_patch_would_break_or_may_not_touch_is_refused_in_words(make: Callable[[], bytes], words: str) -> None:
    with pytest.raises(CannotPatchError, match=words):
        mark(make())


def test_the_list_alone_is_a_workbook() -> None:
    alone = opened(new_workbook(LIST, STAMP, SIGNS))
    assert alone.sheetnames == ["Lỗi cần sửa", "_cchc"]
    assert alone["Lỗi cần sửa"]["A1"].value == SIGNS.list_heading
    assert alone["_cchc"].sheet_state == "hidden"


def test_three_thousand_marks_take_less_than_two_seconds() -> None:
    """Each with its note and box, in a sheet with a thousand merged ranges."""

    def merged(_: Any, sheet: Any) -> None:
        for row in range(1_000):
            sheet.merge_range(row + 20, 5, row + 20, 6, "gộp")

    data = book(merged)
    many = {FIRST: [Mark(row, column, RED, NOTE) for row in range(20, 1_020) for column in (2, 4, 7)]}
    start = time.monotonic()
    made = mark(data, many)
    first = time.monotonic() - start
    mark(made, {})
    assert time.monotonic() - start < 2 * 2, first
    assert first < 2
    notes = said(parts(made)["xl/comments1.xml"])
    assert len(notes) == 2 + 2_000 + 1  # from row 21 column G is covered by column F's merged cell
    assert "G20" in notes
    assert "G21" not in notes


@pytest.mark.parametrize("blank", [b" ", b"\n", b"<", b"\xe2\x96\xbc"])
def test_notes_and_drawings_of_any_length_take_linear_time(blank: bytes) -> None:
    def change(name: str, part: bytes) -> bytes:
        if "comments" in name:
            return part.replace("Theo sổ".encode(), (blank * 30_000).replace(b"<", b"&lt;"))
        return part.replace(b"</xml>", b"<!--" + blank * 300_000 + b"--></xml>") if name.endswith(".vml") else part

    data = respelled(book(), change)
    start = time.monotonic()
    mark(mark(data))
    assert time.monotonic() - start < 4


# --- what other programs see ---


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every marked spelling, marked file and list, as LibreOffice saves it, in one start.

    The gate takes of the examples' forms, which are all made by the same program, one of each office.
    """
    folder = tmp_path_factory.mktemp("danh-dau")
    known = {name: data for name, data in SPELLINGS.items() if "slashes" not in name}  # there LibreOffice sees no sheet
    made = {f"s{number}": mark(data) for number, data in enumerate(known.values())}
    made |= {
        f"f{number}": mark(path.read_bytes(), {titles(path.read_bytes())[0]: ANYWHERE})
        for number, path in enumerate(FILES)
        if WHOLE or path.parent.name == "workbooks" or path.parent != FILES[number - 1].parent
    }
    made["alone"] = new_workbook(LIST, STAMP, SIGNS)
    for name, data in made.items():
        (folder / f"{name}.xlsx").write_bytes(data)
    done = converted(sorted(folder.glob("*.xlsx")), "xlsx", folder / "luu")
    return {path.stem: path for path in done}


def test_libreoffice_shows_marks_list_and_links(saved: dict[str, Path]) -> None:
    seen = {name: _seen(path) for name, path in saved.items() if name != "alone"}
    assert {name: what for name, what in seen.items() if what != ("Lỗi cần sửa", True, True)} == {}
    assert opened(saved["alone"].read_bytes()).sheetnames == ["Lỗi cần sửa", "_cchc"]


def _seen(path: Path) -> tuple[str, bool, bool]:
    """The active sheet, whether D8 of the first own sheet has our colour, and our note."""
    loaded = opened(path.read_bytes())
    sheet = loaded.worksheets[1]
    coloured = any(
        "D8" in area.sqref and SIGNS.rule in rule.formula[0].replace(" ", "")
        for area in sheet.conditional_formatting
        for rule in area.rules
        if rule.formula
    )
    note = sheet["D8"].comment
    return loaded.active.title, coloured, note is not None and NOTE.partition("\n")[0] in note.text


def test_a_form_that_libreoffice_saved_keeps_its_styles_and_is_marked_again(saved: dict[str, Path]) -> None:
    """LibreOffice numbers named styles in its own way; cells must go on pointing at those that there are."""
    for path in saved.values():
        data = path.read_bytes()
        sheet = titles(data)[1]
        made = mark(data, {sheet: [Mark(9, 4, RED, "Vẫn sai")]})
        styles = tree(parts(made)["xl/styles.xml"])
        bases = len(next(styles.iter("{*}cellStyleXfs")))
        assert all(int(item.get("xfId", "0")) < bases for item in next(styles.iter("{*}cellXfs")))
        assert titles(made).count("Lỗi cần sửa") == 1
        assert differing(data, made) <= {
            name for name in parts(data) if not re.search("theme|sharedStrings|docProps", name)
        }


def test_a_tree_is_spelled_as_it_came() -> None:
    """The reader behind these tests is not the patch's own: it would see a lost attribute, declaration or section."""
    one = b'<a xmlns="http://u" xmlns:b="http://v" b:c="1"><d/></a>'
    assert spelled(tree(one)) != spelled(tree(one.replace(b' b:c="1"', b"")))
    with pytest.raises(AssertionError):
        check_only_marks(book(), respelled(mark(book()), lambda _, part: part.replace(b"<v>5</v>", b"<v>6</v>")))
    with pytest.raises(AssertionError):
        check_only_marks(
            book(),
            respelled(
                mark(book()),
                lambda name, part: part.replace(b"data_bar", b"")[:-1] if name.endswith("theme1.xml") else part,
            ),
        )
