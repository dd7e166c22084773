"""The marked copy through the whole line: what it shows, what of the unit's it keeps, how it comes back clean."""

from __future__ import annotations

import base64
import hashlib
import html
import io
import os
import re
import time
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from docx import Document
from openpyxl import load_workbook
from openpyxl.comments import Comment

from cchc_xl import pipeline
from cchc_xl.plan import load_plan
from cchc_xl.plan.edition import find_period, in_force
from cchc_xl.unit.form import FORM, fingerprint
from cchc_xl.unit.marked import LIST_SHEET
from tests.marked import check_only_marks, parts, tree
from tests.office import convert
from tests.unit_forms import (
    PERIOD,
    assess,
    edit,
    entries,
    fill,
    form,
    found,
    issue_forms,
    rewrite,
    roll,
    save_time,
    verdicts,
    without_stamp,
)

LATER = "2021-03-19T02:00:00Z"
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def copies(plan: Path, folder: Path, to: Path) -> Path:
    """The marked copies of the folder, written as ``check --feedback`` writes them."""
    pipeline.write_feedback_copies(pipeline.assess(plan, folder, period=PERIOD), to)
    return to


def form_with(plan: Path, path: Path, feature: Callable[[Any, Any], None]) -> None:
    """NCC's figures as XlsxWriter writes them, one of them wrong, with something of the unit's own in the workbook."""
    loaded = load_plan(plan)
    period = find_period(loaded, PERIOD)
    assert period is not None
    stamp = {"kind": "form", "unit": "NCC", "period": PERIOD, "plan": fingerprint(in_force(loaded, period))}
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Số liệu")
        for column, text in enumerate(FORM["Số liệu"].headings):
            sheet.write_string(6, column, text)
        for row, (code, value) in enumerate((("HSO_DUNG", "nhiều"), ("HSO_TONG", 60)), start=7):
            sheet.write_string(row, 0, code)
            sheet.write(row, 3, value)
        feature(book, sheet)
        hidden = book.add_worksheet("_cchc")
        for row, pair in enumerate(stamp.items()):
            hidden.write_row(row, 0, pair)
        hidden.hide()


# --- what a unit may have put into its workbook, as XlsxWriter writes it ---

Feature = Callable[[Any, Any], None]


def _picture(_: Any, sheet: Any) -> None:
    sheet.insert_image("H2", "a.png", {"image_data": io.BytesIO(DOT), "description": "Con dấu", "object_position": 1})


def _linked_picture(_: Any, sheet: Any) -> None:
    sheet.insert_image("H2", "a.png", {"image_data": io.BytesIO(DOT), "url": "https://dichvucong.gov.vn"})


def _picture_in_a_cell(_: Any, sheet: Any) -> None:
    sheet.embed_image("H2", "a.png", {"image_data": io.BytesIO(DOT)})


def _picture_in_the_header(_: Any, sheet: Any) -> None:
    sheet.set_header("&L&G", {"image_left": "a.png", "image_data_left": io.BytesIO(DOT)})


def _background(_: Any, sheet: Any) -> None:
    sheet.set_background(io.BytesIO(DOT))


def _chart(book: Any, sheet: Any) -> None:
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "='Số liệu'!$D$8:$D$9", "data_labels": {"value": True, "font": {"bold": True}}})
    sheet.insert_chart("H2", chart)


def _chart_sheet(book: Any, _: Any) -> None:
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "='Số liệu'!$D$8:$D$9"})
    book.add_chartsheet("Biểu đồ").set_chart(chart)


def _sparkline(_: Any, sheet: Any) -> None:
    sheet.add_sparkline("H8", {"range": "'Số liệu'!D8:D9"})


def _data_bar(_: Any, sheet: Any) -> None:
    sheet.conditional_format("D8:D9", {"type": "data_bar", "data_bar_2010": True})


def _list_of_another_sheet(_: Any, sheet: Any) -> None:
    """Excel 2010 writes a list on another sheet as an extension; XlsxWriter does not, so by hand."""
    sheet.data_validation("H2", {"validate": "list", "source": "='Số liệu'!$A$8:$A$9"})


def _button(_: Any, sheet: Any) -> None:
    sheet.insert_button("H2", {"macro": "a", "caption": "Bấm"})


def _checkbox(_: Any, sheet: Any) -> None:
    sheet.insert_checkbox("H2", True)


def _text_box(_: Any, sheet: Any) -> None:
    sheet.insert_textbox("H2", "Lưu ý của đơn vị")


def _dynamic_array(_: Any, sheet: Any) -> None:
    sheet.write_dynamic_array_formula("H8:H9", "=SORT(D8:D9)", None, 1)


def _protected_ranges(_: Any, sheet: Any) -> None:
    sheet.protect()
    sheet.unprotect_range("D8:D9", "NhapLieu")


def _conditions(book: Any, sheet: Any) -> None:
    red = book.add_format({"bg_color": "#FF0000", "bold": True})
    sheet.conditional_format(
        "D8:D9", {"type": "cell", "criteria": ">", "value": 5, "format": red, "stop_if_true": True}
    )
    sheet.conditional_format("D8:D9", {"type": "3_color_scale"})
    sheet.conditional_format("D8:D9", {"type": "icon_set", "icon_style": "3_arrows"})
    sheet.conditional_format("D8:D9", {"type": "data_bar"})
    sheet.conditional_format("A8:A9", {"type": "text", "criteria": "containing", "value": "HSO", "format": red})


def _validation(_: Any, sheet: Any) -> None:
    sheet.data_validation("D8:D9", {"validate": "integer", "criteria": ">=", "value": 0, "input_message": "Nhập số"})
    sheet.data_validation("E8", {"validate": "list", "source": ["có", "không"], "error_type": "warning"})


def _comments(_: Any, sheet: Any) -> None:
    sheet.write_comment("D9", "Số của phòng, " * 30, {"author": "Chị Lan", "visible": True})
    sheet.write_comment("E9", "Không ghi tên")


def _table(_: Any, sheet: Any) -> None:
    columns = [{"header": "Mã"}, {"header": "Tổng", "total_function": "sum", "formula": "=[@Mã]*2"}]
    sheet.add_table("H8:I10", {"columns": columns, "total_row": True, "style": "Table Style Light 11"})


def _merge(book: Any, sheet: Any) -> None:
    sheet.merge_range("H2:I3", "gộp", book.add_format({"border": 2, "bg_color": "#00FF00", "locked": False}))


def _links(_: Any, sheet: Any) -> None:
    sheet.write_url("H2", "https://dichvucong.gov.vn", string="Cổng dịch vụ công", tip="Mở cổng")
    sheet.write_url("H3", "internal:'Số liệu'!A1")


def _protection(_: Any, sheet: Any) -> None:
    sheet.protect("mat-khau", {"sort": True, "format_cells": True})


def _names(book: Any, sheet: Any) -> None:
    book.define_name("TongHoSo", "='Số liệu'!$D$9")
    book.define_name("'Số liệu'!Rieng", "='Số liệu'!$D$8")
    sheet.print_area("A1:I20")
    sheet.repeat_rows(6)


def _layout(book: Any, sheet: Any) -> None:
    sheet.set_row(20, None, None, {"hidden": True})
    sheet.set_row(21, 40, book.add_format({"bg_color": "#FFFF00"}), {"level": 1})
    sheet.set_column(10, 12, 3.5, book.add_format({"locked": False}), {"hidden": True})
    sheet.set_column(14, 14, 44)
    sheet.freeze_panes(7, 1)
    sheet.set_tab_color("red")
    sheet.set_zoom(85)
    sheet.hide_gridlines(2)


def _page(_: Any, sheet: Any) -> None:
    sheet.set_header('&L&"Times New Roman,Bold"&14Sở Lao động&RTrang &P/&N')
    sheet.set_footer("&C&8Phòng Người có công && Trẻ em")
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(0.3, 0.31, 0.4, 0.5)
    sheet.set_h_pagebreaks([12])
    sheet.center_horizontally()


def _filter(_: Any, sheet: Any) -> None:
    sheet.autofilter("A7:E9")
    sheet.filter_column("D", "x > 2")


def _formulas(_: Any, sheet: Any) -> None:
    sheet.write_formula("H8", "=D9*2", None, 120)
    sheet.write_array_formula("H9:H10", "{=D8:D9}", None, 1)
    sheet.write_formula("H11", '="a"&"<b>"', None, "a<b>")
    sheet.write_formula("H12", "=1/0", None, "#DIV/0!")
    sheet.write_formula("H13", "=D9>5", None, True)


def _days(book: Any, sheet: Any) -> None:
    for row, (value, shown) in enumerate(DAYS, start=7):
        sheet.write_number(row, 7, value, book.add_format({"num_format": shown}))


DAYS = [(44274.123456789, "dd/mm/yyyy hh:mm"), (0.5, "[h]:mm:ss"), (0.25, "hh:mm"), (-5, "dd/mm/yyyy"), (59, "d/m/yy")]


def _rich(book: Any, sheet: Any) -> None:
    red = book.add_format({"bold": True, "font_name": "Arial", "font_color": "red"})
    sheet.write_rich_string("H8", "Chữ ", red, "đậm", " thường ")


def _styles(book: Any, sheet: Any) -> None:
    odd = {"num_format": "#,##0.0 [$đ]", "font_name": "VNI-Times", "underline": 33, "rotation": 45, "pattern": 4}
    sheet.write_number("H8", 5, book.add_format({**odd, "fg_color": "red", "diag_type": 3, "diag_border": 7}))
    sheet.write_string("H9", "=x", book.add_format({"quote_prefix": True, "font_strikeout": True, "indent": 2}))
    sheet.write_blank("H10", None, book.add_format({"bg_color": "#ABCDEF", "border": 5, "hidden": True}))


def _sheets(book: Any, _: Any) -> None:
    book.add_worksheet("Sổ tay").hide()
    book.add_worksheet("Rất kín").very_hidden()
    book.set_custom_property("Số công văn", 12)


FEATURES: dict[str, Feature] = {
    "a picture": _picture,
    "conditional formats and their order": _conditions,
    "checks of what is typed": _validation,
    "comments of the unit": _comments,
    "a table": _table,
    "merged cells": _merge,
    "links": _links,
    "protection": _protection,
    "names, print area, repeated rows": _names,
    "widths, heights, hidden lines, panes": _layout,
    "header, footer, page": _page,
    "a filter": _filter,
    "formulas": _formulas,
    "days and times": _days,
    "runs in their own fonts": _rich,
    "unusual looks": _styles,
    "hidden sheets, properties": _sheets,
    "a list of choices": _list_of_another_sheet,
    "sparklines": _sparkline,
    "a chart": _chart,
    "a chart sheet": _chart_sheet,
    "a linked picture": _linked_picture,
    "a picture in a cell": _picture_in_a_cell,
    "a picture in the header": _picture_in_the_header,
    "a background picture": _background,
    "a text box": _text_box,
    "a button": _button,
    "a check box in a cell": _checkbox,
    "a data bar of Excel 2010": _data_bar,
    "an array formula of Excel 365": _dynamic_array,
    "ranges open to some": _protected_ranges,
}


def nothing(_: Any, __: Any) -> None:
    """A form without anything of the unit's own."""


def one_form(plan: Path, tmp_path: Path, feature: Feature = nothing) -> Path:
    """A folder with one form in it."""
    folder = tmp_path / "mot-tep"
    folder.mkdir()
    source = folder / f"{PERIOD}_NCC.xlsx"
    form_with(plan, source, feature)
    return source


def outcome(plan: Path, tmp_path: Path, feature: Feature) -> tuple[Path, Path]:
    source = one_form(plan, tmp_path, feature)
    return source, copies(plan, source.parent, tmp_path / "phan-hoi") / "NCC.xlsx"


@pytest.mark.parametrize("feature", FEATURES.values(), ids=FEATURES)
def test_what_the_unit_had_is_kept_in_the_marked_copy(plan: Path, tmp_path: Path, feature: Feature) -> None:
    source, copy = outcome(plan, tmp_path, feature)
    assert titles(copy)[:2] == [LIST_SHEET, "Số liệu"]
    check_only_marks(source.read_bytes(), copy.read_bytes())
    assert seen(source) == seen(copy)


# --- the extensions of Excel, and what stands in them ---

REVISION = b'xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision"'
X14 = b'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"'
XM = b'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"'
CONDITION = (
    b'<extLst><ext uri="{78C0D931-6437-407d-A8EE-F0AAD7539E65}" ' + X14 + b"><x14:conditionalFormattings>"
    b"<x14:conditionalFormatting "
    + XM
    + b'><x14:cfRule type="expression" priority="1" id="{2}"><xm:f>_cchc!$B$1=1</xm:f>'
    b'<x14:dxf><fill><patternFill><bgColor rgb="FF00FF00"/></patternFill></fill></x14:dxf></x14:cfRule>'
    b"<xm:sqref>D9</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst>"
)


def as_excel_saves(xml: bytes) -> bytes:
    """A sheet with its drop-downs where Excel puts those whose list stands on another sheet, in the words it uses."""
    pattern = re.compile(rb'<dataValidation\b(?=[^>]*type="list")([^>]*) sqref="([^"]*)"([^>]*)>(.*?)</dataValidation>')
    moved = [
        b'<x14:dataValidation%s%s xr:uid="{1}"><x14:formula1><xm:f>%s</xm:f></x14:formula1><xm:sqref>%s</xm:sqref>'
        b"</x14:dataValidation>" % (start, end, re.sub(rb"</?formula1>", b"", inside), ranges)
        for start, ranges, end, inside in pattern.findall(xml)
    ]
    assert moved
    extension = (
        b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" %s><x14:dataValidations count="%d" %s>%s'
        b"</x14:dataValidations></ext></extLst>" % (X14, len(moved), XM, b"".join(moved))
    )
    marked = xml.replace(b"<worksheet ", b"<worksheet " + REVISION + b" ", 1)
    return pattern.sub(b"", marked).replace(b"</worksheet>", extension + b"</worksheet>")


def titles(path: Path) -> list[str]:
    """The sheets' names; openpyxl would warn of the extensions it leaves out."""
    return re.findall(
        r'<sheet [^>]*\bname="([^"]*)"', html.unescape(parts(path.read_bytes())["xl/workbook.xml"].decode())
    )


def test_a_form_that_excel_saved_gets_its_copy_with_its_drop_downs(plan: Path, folder: Path, tmp_path: Path) -> None:
    fill(form(folder, "VP"), figures={"HSO_DUNG": "abc"})
    rewrite(form(folder, "VP"), "worksheets/sheet1.xml", as_excel_saves)
    copy = copies(plan, folder, tmp_path / "phan-hoi") / "VP.xlsx"
    assert titles(copy)[:2] == [LIST_SHEET, "Phụ lục"]
    check_only_marks(form(folder, "VP").read_bytes(), copy.read_bytes())
    sheet = parts(copy.read_bytes())["xl/worksheets/sheet1.xml"]
    lists = ["'_cchc'!$D$1:$D$3", "'_cchc'!$E$1:$E$1", "'_cchc'!$F$1:$F$3"]
    assert re.findall(r"<xm:f>(.*?)</xm:f>", sheet.decode())[:3] == lists
    assert REVISION in sheet
    (folder / "tra-lai.xlsx").write_bytes(copy.read_bytes())
    assert verdicts(assess(plan, folder))["tra-lai.xlsx"] == "ignored"


def test_libreoffice_finds_the_drop_downs_carried_over(plan: Path, folder: Path, tmp_path: Path) -> None:
    """And what it saves is marked again."""
    fill(form(folder, "VP"), figures={"HSO_DUNG": "abc"})
    rewrite(form(folder, "VP"), "worksheets/sheet1.xml", as_excel_saves)
    first = copies(plan, folder, tmp_path / "lan-1") / "VP.xlsx"
    saved = convert(first, "xlsx", tmp_path / "luu")
    lists = re.findall(
        rb"<formula1>([^<]*_cchc[^<]*)</formula1>", parts(saved.read_bytes())["xl/worksheets/sheet2.xml"]
    )
    assert sorted({text.replace(b"'", b"") for text in lists}) == [
        b"_cchc!$D$1:$D$3",
        b"_cchc!$E$1:$E$1",
        b"_cchc!$F$1:$F$3",
    ]
    corrected(saved, form(folder, "VP"), D8="vẫn sai")
    second = copies(plan, folder, tmp_path / "lan-2") / "VP.xlsx"
    assert titles(second)[:2] == [LIST_SHEET, "Phụ lục"]
    assert titles(second).count(LIST_SHEET) == 1


def test_sparklines_are_carried_over(plan: Path, tmp_path: Path) -> None:
    source, copy = outcome(plan, tmp_path, _sparkline)
    assert titles(copy)[:2] == [LIST_SHEET, "Số liệu"]
    check_only_marks(source.read_bytes(), copy.read_bytes())
    saved = parts(convert(copy, "xlsx", tmp_path / "luu").read_bytes())  # LibreOffice knows them too
    assert any(b"<x14:sparkline>" in part for part in saved.values())


def test_a_condition_of_a_newer_kind_is_carried_over_behind_our_own(plan: Path, tmp_path: Path) -> None:
    source = one_form(plan, tmp_path)
    rewrite(source, "worksheets/sheet1.xml", lambda xml: xml.replace(b"</worksheet>", CONDITION + b"</worksheet>"))
    copy = copies(plan, source.parent, tmp_path / "phan-hoi") / "NCC.xlsx"
    check_only_marks(source.read_bytes(), copy.read_bytes())
    rules = re.findall(rb'<(?:x14:)?cfRule [^>]*priority="(\d+)"', parts(copy.read_bytes())["xl/worksheets/sheet1.xml"])
    assert len(rules) >= 2
    assert len(set(rules)) == len(rules)
    assert max(rules) == rules[-1]


def seen(path: Path) -> dict[str, Any]:
    """What another reader than our inventory sees of the unit's sheet: openpyxl, pictures by their bytes, values."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a day before 1900
        book, values = load_workbook(path, rich_text=True), load_workbook(path, data_only=True)
    sheet = book["Số liệu"]
    with zipfile.ZipFile(path) as package:
        media = {hashlib.sha256(package.read(name)).hexdigest() for name in package.namelist() if "/media/" in name}
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    own = [(str(area.sqref), rule) for area in sheet.conditional_formatting for rule in area.rules if not ours(rule)]
    return {
        "media": media,
        "pictures": len(sheet._images),
        "values": {cell.coordinate: str(values["Số liệu"][cell.coordinate].value) for cell in cells},
        "formulas": {cell.coordinate: repr(getattr(cell.value, "text", cell.value)) for cell in cells},
        "looks": {cell.coordinate: repr((cell.font, cell.fill, cell.border, cell.number_format, cell.protection)) for cell in cells},
        "rules": [(area, rule.type, rule.formula, repr(rule.dxf)) for area, rule in own],
        "checks": sorted((str(item.sqref), item.type, item.formula1) for item in sheet.data_validations.dataValidation),
        "merges": sorted(map(str, sheet.merged_cells.ranges)),
        "links": {cell.coordinate: cell.hyperlink.target or cell.hyperlink.location for cell in cells if cell.hyperlink},
        "tables": dict(sheet.tables.items()),
        "names": {name: item.attr_text for name, item in (*book.defined_names.items(), *sheet.defined_names.items())},
        "page": (sheet.print_area, sheet.print_title_rows, sheet.freeze_panes, sheet.page_setup.orientation),
        "widths": {letter: (item.width, item.hidden) for letter, item in sheet.column_dimensions.items()},
        "hidden": [number for number, row in sheet.row_dimensions.items() if row.hidden],
        "protected": (sheet.protection.sheet, sheet.protection.password, sheet.protection.sort),
        "others": {item.title: item.sheet_state for item in book.worksheets if item.title != LIST_SHEET},
    }  # fmt: skip


def ours(rule: Any) -> bool:
    return "cchc-xl" in "".join(rule.formula)


def rows_of(book: Any) -> list[tuple[str, str, str, bool]]:
    """Code, sheet, cell of every finding listed, and whether the cell is a link; the lines over the kinds left out."""
    rows = book[LIST_SHEET].iter_rows(min_row=6)
    return [(row[8].value, row[2].value, row[3].value or "", bool(row[3].hyperlink)) for row in rows if row[8].value]


# --- exactly as it stood ---


def test_formulas_stand_in_the_copy_as_they_stood(plan: Path, tmp_path: Path) -> None:
    """A formula shared by a column, a formula with a type of its own, a result that is text: letter for letter."""
    told = (
        '<c r="H8"><f t="shared" ref="H8:H9" si="0">D9*2</f><v>120.10000000000001</v></c>',
        '<c r="H9"><f t="shared" si="0"></f><v>7</v></c>',
        '<c r="H10"><f t="array" ref="H10">SUM(D8:D9*1)</f><v>1E-3</v></c>',
        '<c r="H11" t="str"><f>"a"&amp;"&lt;"</f><v>a&lt;</v></c>',
        '<c r="H12" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
        '<c r="H13" t="b"><f>1=1</f><v>1</v></c>',
        '<c r="H14"><f>NOW()</f></c>',
    )
    rows = "".join(f'<row r="{number}">{cell}</row>' for number, cell in enumerate(told, start=108))
    rows = re.sub(r'r="H(\d+)"', lambda match: f'r="H{int(match[1]) + 100}"', rows)
    source = one_form(plan, tmp_path)
    rewrite(source, "worksheets/sheet1.xml", lambda xml: xml.replace(b"</sheetData>", rows.encode() + b"</sheetData>"))
    copy = copies(plan, source.parent, tmp_path / "phan-hoi") / "NCC.xlsx"
    check_only_marks(source.read_bytes(), copy.read_bytes())
    xml = parts(copy.read_bytes())["xl/worksheets/sheet1.xml"].decode()
    for cell in re.findall(r"<c .*?</c>", rows):
        assert cell in xml


def test_days_stand_in_the_copy_to_the_last_digit(plan: Path, tmp_path: Path) -> None:
    _, copy = outcome(plan, tmp_path, _days)
    xml = parts(copy.read_bytes())["xl/worksheets/sheet1.xml"].decode()
    assert re.findall(r'<c r="H\d+" s="\d+"><v>([^<]*)</v>', xml) == [repr(value) for value, _ in DAYS]


def test_an_issued_form_filled_in_loses_nothing(plan: Path, folder: Path, tmp_path: Path) -> None:
    fill(form(folder, "VP"), figures={"HSO_DUNG": "abc"})
    copy = copies(plan, folder, tmp_path / "phan-hoi") / "VP.xlsx"
    assert load_workbook(copy).sheetnames == [LIST_SHEET, "Phụ lục", "Số liệu", "Nhiệm vụ", "_cchc"]
    check_only_marks(form(folder, "VP").read_bytes(), copy.read_bytes())


def test_a_form_saved_by_libreoffice_gets_a_marked_copy(plan: Path, folder: Path, tmp_path: Path) -> None:
    fill(form(folder, "NCC"), figures={"HSO_DUNG": "nhiều"})
    saved = save_time(convert(form(folder, "NCC"), "xlsx", tmp_path / "lo"), "2021-03-18T02:00:00Z")
    form(folder, "NCC").write_bytes(saved.read_bytes())
    copy = copies(plan, folder, tmp_path / "phan-hoi") / "NCC.xlsx"
    assert load_workbook(copy).sheetnames[:2] == [LIST_SHEET, "Phụ lục"]
    check_only_marks(saved.read_bytes(), copy.read_bytes())


# --- the list ---


def test_the_list_goes_through_the_sheets_and_names_what_stands_there(plan: Path, folder: Path, tmp_path: Path) -> None:
    fill(
        form(folder, "VP"),
        figures={"HSO_DUNG": "ba mươi", "HSO_TONG": "1,063", "NV_GIAO": 2.5, "NV_SOM": "1 việc", "NV_TRE": None},
        rows={"1.2": {"Điểm tự chấm": 9}},
    )
    book = load_workbook(copies(plan, folder, tmp_path / "phan-hoi") / "VP.xlsx")
    sheet = book[LIST_SHEET]
    assert book.active is sheet
    assert [row[0].value for row in sheet.iter_rows(max_row=5)] == [
        "NỘI DUNG CẦN SỬA TRONG BÁO CÁO",
        "Bấm vào địa chỉ ở cột “Ô” để tới chỗ cần sửa: ô được tô màu và có ghi chú, sửa rồi thì hết màu. Sửa xong, lưu lại và gửi lại chính tệp này.",
        "Văn phòng Sở, Quý I năm 2021, tệp 2021-Q1_VP.xlsx: 5 lỗi phải sửa, 1 ghi chú.",
        "Đã nhận: 3 số liệu, 2 tiêu chí hợp lệ.",
        "STT",
    ]
    assert [cell.value for cell in sheet[5]] == [
        *("STT", "Mức độ", "Sheet", "Ô", "Số liệu, tiêu chí", "Đang ghi", "Nội dung", "Cách sửa", "Mã")
    ]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=6)]
    assert [(row[0], row[3], row[4], row[5], row[8]) for row in rows] == [
        (1, "H10", "Tự chấm", "9", "S110"),
        (2, "D8", "Hồ sơ đúng hạn", "ba mươi", "D101"),
        (3, "D9", "Hồ sơ", "1,063", "D105"),
        (4, "D10", "Nhiệm vụ được giao", "2,5", "D105"),
        (5, "D13", "Nhiệm vụ trễ hạn", "(trống)", "D103"),
        ("Ghi chú (1): đã đọc được, không phải sửa", None, None, None, None),
        (6, "D11", "Nhiệm vụ sớm hạn", "1 việc", "T301"),
    ]
    link = sheet["D7"].hyperlink
    assert (link.location, link.target) == ("'Số liệu'!D8", None)
    assert (sheet.page_setup.orientation, sheet.print_title_rows, sheet.freeze_panes) == ("landscape", "$5:$5", "A6")


def test_there_is_no_list_where_nothing_is_to_be_mended(plan: Path, folder: Path, tmp_path: Path) -> None:
    """Notes and lateness are no mistakes in the file."""
    fill(form(folder, "NCC"), figures={"HSO_DUNG": "50 hồ sơ"}, saved="2021-03-25T02:00:00Z")
    assert {("T301", "D8"), ("U201", "")} == set(found(assess(plan, folder)))
    assert list(copies(plan, folder, tmp_path / "phan-hoi").iterdir()) == []


def test_a_workbook_sent_in_a_packed_file_gets_its_copy(plan: Path, folder: Path, tmp_path: Path) -> None:
    fill(form(folder, "NCC"), figures={"HSO_DUNG": "nhiều"})
    with zipfile.ZipFile(folder / "goi.zip", "w") as package:
        package.write(form(folder, "NCC"), "bai/NCC.xlsx")
    form(folder, "NCC").unlink()
    book = load_workbook(copies(plan, folder, tmp_path / "phan-hoi") / "NCC.xlsx")
    assert rows_of(book) == [("D101", "Số liệu", "D8", True)]
    assert "tệp goi.zip/bai/NCC.xlsx" in book[LIST_SHEET]["A3"].value


def test_a_word_document_gets_its_list(plan: Path, folder: Path, tmp_path: Path) -> None:
    document = Document()
    table = document.add_table(2, 3)
    texts = (("TT", "NỘI DUNG", "Điểm tự chấm"), ("1.2", "Tự chấm", "gần hai điểm"))
    for row, cells in zip(table.rows, texts, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    form(folder, "VP").unlink()
    document.save(str(folder / "Văn phòng Sở.docx"))
    book = load_workbook(copies(plan, folder, tmp_path / "phan-hoi") / "VP.xlsx")
    assert "là văn bản Word: gửi bằng Excel thì lần sau có bản đánh dấu" in book[LIST_SHEET]["A2"].value
    assert ("D101", "gần hai điểm") in {(row[8].value, row[5].value) for row in book[LIST_SHEET].iter_rows(min_row=6)}


def test_a_sheet_of_the_units_own_with_the_name_of_our_list_stays(plan: Path, folder: Path, tmp_path: Path) -> None:
    edit(form(folder, "NCC"), lambda book: book.create_sheet(LIST_SHEET).append(["Việc riêng của phòng"]))
    fill(form(folder, "NCC"), figures={"HSO_DUNG": "nhiều"})
    first = copies(plan, folder, tmp_path / "lan-1") / "NCC.xlsx"
    assert load_workbook(first)[LIST_SHEET]["A1"].value == "Việc riêng của phòng"
    assert load_workbook(first).sheetnames[0] == f"{LIST_SHEET}1"
    corrected(first, form(folder, "NCC"), D8="vẫn nhiều")
    second = copies(plan, folder, tmp_path / "lan-2") / "NCC.xlsx"
    assert sorted(load_workbook(second).sheetnames) == sorted(load_workbook(first).sheetnames)


def test_a_cell_full_of_text_is_quoted_and_the_copy_stays_within_what_excel_holds(
    plan: Path, folder: Path, tmp_path: Path
) -> None:
    """200 characters say which text it is; a note and a cell hold 32,767 UTF-16 units."""
    fill(form(folder, "NCC"), figures={"HSO_DUNG": "🙂 nhiều lắm " * 2_500, "HSO_TONG": "🙂 nhiều lắm " * 2_500})
    made = parts((copies(plan, folder, tmp_path / "phan-hoi") / "NCC.xlsx").read_bytes())
    new = made.keys() - parts(form(folder, "NCC").read_bytes()).keys()
    texts = [item.text or "" for name in new if name.endswith(".xml") for item in tree(made[name]).iter("{*}t")]
    quoting = [text for text in texts if "🙂" in text]
    assert len(quoting) == 6  # two notes, and two lines of the list with what stands there
    assert all("…" in text and len(text) < 800 for text in quoting)


def test_a_file_with_macros_keeps_them_and_its_ending(plan: Path, tmp_path: Path) -> None:
    """Excel opens a workbook with macros under no other name."""
    source = one_form(plan, tmp_path)
    usual, macro = (
        f"application/vnd.{kind}.main+xml".encode()
        for kind in ("openxmlformats-officedocument.spreadsheetml.sheet", "ms-excel.sheet.macroEnabled")
    )
    rewrite(
        source,
        "[Content_Types].xml",
        lambda xml: xml.replace(usual, macro).replace(
            b"<Override", b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/><Override', 1
        ),
    )
    link = b'<Relationship Id="rIdVba" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/></Relationships>'
    rewrite(source, "workbook.xml.rels", lambda xml: xml.replace(b"</Relationships>", link))
    with zipfile.ZipFile(source, "a") as package:
        package.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 macro")
    source = source.rename(source.with_suffix(".xlsm"))
    to = copies(plan, source.parent, tmp_path / "phan-hoi")
    assert [path.name for path in to.iterdir()] == ["NCC.xlsm"]
    check_only_marks(source.read_bytes(), (to / "NCC.xlsm").read_bytes())
    assert parts((to / "NCC.xlsm").read_bytes())["xl/vbaProject.bin"] == b"\xd0\xcf\x11\xe0 macro"
    (source.parent / "tra-lai.xlsm").write_bytes((to / "NCC.xlsm").read_bytes())
    assert verdicts(assess(plan, source.parent))["tra-lai.xlsm"] == "ignored"


def test_a_signed_file_gets_its_list(plan: Path, tmp_path: Path) -> None:
    source = one_form(plan, tmp_path)
    link = b'<Relationship Id="rIdSig" Type="http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin" Target="_xmlsignatures/origin.sigs"/></Relationships>'
    rewrite(source, "_rels/.rels", lambda xml: xml.replace(b"</Relationships>", link))
    book = load_workbook(copies(plan, source.parent, tmp_path / "phan-hoi") / "NCC.xlsx")
    assert book.sheetnames == [LIST_SHEET, "_cchc"]
    assert "tệp của đơn vị có nội dung mà bản đánh dấu không giữ được (chữ ký số)" in book[LIST_SHEET]["A2"].value


# --- the way back ---


def wrong(plan: Path, folder: Path, tmp_path: Path) -> Path:
    """NCC's form with two wrong figures and a comment of its own, and its marked copy."""
    fill(form(folder, "NCC"), figures={"HSO_DUNG": "năm mươi", "HSO_TONG": "60 và 3"})
    return copies(plan, folder, tmp_path / "lan-1") / "NCC.xlsx"


def corrected(copy: Path, target: Path, **cells: Any) -> Path:
    book = load_workbook(copy)
    for address, value in cells.items():
        book["Số liệu"][address] = value
    book.save(target)
    return save_time(target, LATER)


def test_a_corrected_copy_is_the_units_new_workbook(plan: Path, folder: Path, tmp_path: Path) -> None:
    copy = wrong(plan, folder, tmp_path)
    corrected(copy, form(folder, "NCC"), D8=50, D9=60)
    document = assess(plan, folder)
    assert found(document) == []
    assert entries(document, "NCC") == {"HSO_DUNG": ("known", "50"), "HSO_TONG": ("known", "60")}
    assert document["index"]["points"] == "17.65"


def test_a_corrected_copy_beside_the_old_file_wins_by_its_time(plan: Path, folder: Path, tmp_path: Path) -> None:
    copy = wrong(plan, folder, tmp_path)
    corrected(copy, folder / "NCC sửa lại.xlsx", D8=50, D9=60)
    document = assess(plan, folder)
    assert roll(document)["NCC"] == ("submitted", "NCC sửa lại.xlsx")
    assert found(document) == [("U301", "")]


def test_an_untouched_copy_is_ignored(plan: Path, folder: Path, tmp_path: Path) -> None:
    copy = wrong(plan, folder, tmp_path)
    (folder / "tra-lai.xlsx").write_bytes(copy.read_bytes())
    assert verdicts(assess(plan, folder))["tra-lai.xlsx"] == "ignored"


def test_a_copy_whose_list_was_deleted_is_accepted(plan: Path, folder: Path, tmp_path: Path) -> None:
    copy = wrong(plan, folder, tmp_path)
    corrected(copy, form(folder, "NCC"), D8=50, D9=60)
    edit(form(folder, "NCC"), lambda book: book.remove(book[LIST_SHEET]), saved=LATER)
    assert found(assess(plan, folder)) == []


def test_a_second_round_shows_only_what_is_still_wrong(plan: Path, folder: Path, tmp_path: Path) -> None:
    def remark(book: Any) -> None:
        book["Số liệu"]["D8"].comment = Comment("Theo sổ của phòng", "Chị Lan")

    edit(form(folder, "NCC"), remark)
    first = wrong(plan, folder, tmp_path)
    sheet = load_workbook(first)["Số liệu"]
    assert sheet["D8"].comment.text.startswith("Theo sổ của phòng")
    assert "Lỗi phải sửa (D101)" in sheet["D8"].comment.text
    assert marked(sheet) == {"D8", "D9"}
    corrected(first, form(folder, "NCC"), D8=50)
    second = copies(plan, folder, tmp_path / "lan-2") / "NCC.xlsx"
    book = load_workbook(second)
    assert book.sheetnames.count(LIST_SHEET) == 1
    assert rows_of(book) == [("D107", "Số liệu", "D9", True)]
    assert marked(book["Số liệu"]) == {"D9"}
    assert (book["Số liệu"]["D8"].comment.text, book["Số liệu"]["D8"].comment.author) == (
        "Theo sổ của phòng",
        "Chị Lan",
    )
    assert "D107" in book["Số liệu"]["D9"].comment.text


def marked(sheet: Any) -> set[str]:
    return {
        address
        for area in sheet.conditional_formatting
        for rule in area.rules
        if ours(rule)
        for address in str(area.sqref).split()
    }


def test_what_a_clerk_answers_in_our_comment_stays(plan: Path, folder: Path, tmp_path: Path) -> None:
    first = wrong(plan, folder, tmp_path)
    book = load_workbook(first)
    cell = book["Số liệu"]["D8"]
    cell.comment = Comment(f"{cell.comment.text}\nĐã sửa theo công văn 12.", "Chị Lan")
    cell.value = 50
    book.save(form(folder, "NCC"))
    save_time(form(folder, "NCC"), LATER)
    second = load_workbook(copies(plan, folder, tmp_path / "lan-2") / "NCC.xlsx")["Số liệu"]
    assert (second["D8"].comment.text, second["D8"].comment.author) == ("Đã sửa theo công văn 12.", "Chị Lan")


def test_marks_are_known_after_another_program_saved_the_copy(plan: Path, folder: Path, tmp_path: Path) -> None:
    first = wrong(plan, folder, tmp_path)
    saved = convert(first, "xlsx", tmp_path / "lo")
    corrected(saved, form(folder, "NCC"), D8=50)
    second = load_workbook(copies(plan, folder, tmp_path / "lan-2") / "NCC.xlsx")
    assert second.sheetnames.count(LIST_SHEET) == 1
    assert marked(second["Số liệu"]) == {"D9"}
    assert second["Số liệu"]["D8"].comment is None
    assert second["Số liệu"]["D9"].comment.text.count("Lỗi phải sửa") == 1


def test_an_untouched_copy_that_another_program_saved_is_ignored(plan: Path, folder: Path, tmp_path: Path) -> None:
    fill(form(folder, "LD"), figures={"TY_LE": (0.825, "0.0%"), "NGUYEN": "=6*2", "THAP_PHAN": "một"})
    rewrite(
        form(folder, "LD"), "sheet2.xml", lambda xml: re.sub(rb"<f>6\*2</f><v ?/?>(</v>)?", b"<f>6*2</f><v>12</v>", xml)
    )
    copy = copies(plan, folder, tmp_path / "phan-hoi") / "LD.xlsx"
    (folder / "tra-lai.xlsx").write_bytes(copy.read_bytes())
    (folder / "mo-xem-roi-luu.xlsx").write_bytes(convert(copy, "xlsx", tmp_path / "lo").read_bytes())
    found_verdicts = verdicts(assess(plan, folder))
    assert (found_verdicts["tra-lai.xlsx"], found_verdicts["mo-xem-roi-luu.xlsx"]) == ("ignored", "ignored")


def test_a_copy_that_comes_back_says_of_itself_no_more_than_the_form_did(
    plan: Path, folder: Path, tmp_path: Path
) -> None:
    """A form without its stamp is told by its heading; its copy must not pass for one that has a stamp."""
    edit(form(folder, "NCC"), without_stamp)
    fill(form(folder, "NCC"), figures={"HSO_DUNG": "nhiều"})
    copy = copies(plan, folder, tmp_path / "phan-hoi") / "NCC.xlsx"
    stamp = {row[0]: row[1] for row in load_workbook(copy)["_cchc"].iter_rows(values_only=True)}
    assert stamp.keys() == {"kind", "inputs"}
    corrected(copy, form(folder, "NCC"), D8=50)
    document = assess(plan, folder)
    assert found(document) == [("U202", "")]
    assert document["index"]["points"] == "17.65"


def test_the_units_own_styles_are_untouched(plan: Path, folder: Path, tmp_path: Path) -> None:
    copy = wrong(plan, folder, tmp_path)
    before, after = (load_workbook(path)["Số liệu"]["D8"] for path in (form(folder, "NCC"), copy))
    assert (before.fill.fgColor.rgb, before.font.name) == (after.fill.fgColor.rgb, after.font.name)


# --- where there is no copy ---


@pytest.mark.parametrize(
    ("kind", "words"), [("xls", "ở định dạng cũ (.xls)"), ("ods", "ở định dạng OpenDocument (.ods)")]
)
def test_another_format_gets_its_list(plan: Path, folder: Path, tmp_path: Path, kind: str, words: str) -> None:
    fill(form(folder, "NCC"), figures={"HSO_DUNG": "nhiều"})
    made = convert(form(folder, "NCC"), kind, folder)
    form(folder, "NCC").unlink()
    copy = copies(plan, folder, tmp_path / "phan-hoi") / "NCC.xlsx"
    book = load_workbook(copy)
    assert book.sheetnames == [LIST_SHEET, "_cchc"]
    assert f"tệp của đơn vị {words}: lưu thành Excel Workbook (.xlsx)" in book[LIST_SHEET]["A2"].value
    assert ("D101", "Số liệu", "D8", False) in rows_of(book)
    assert ("D101", "D8") in found(assess(plan, folder), file=made.name)


LINK = b'<hyperlinks><hyperlink ref="A1:XFD1048576" location="A1"/></hyperlinks>'
CELLS = b"".join(b'<row r="%d">%s</row>' % (number, b"<c/>" * 500) for number in range(100, 1_900))
HEAVY = {
    "a link over a whole sheet": (b"</worksheet>", LINK, [LIST_SHEET, "Số liệu", "_cchc"]),
    "900,000 cells without a value": (b"</sheetData>", CELLS, [LIST_SHEET, "_cchc"]),
}


@pytest.mark.parametrize(("end", "more", "sheets"), HEAVY.values(), ids=HEAVY)
def test_a_heavy_workbook_gets_its_copy_or_its_list_in_bounded_time(
    plan: Path, tmp_path: Path, end: bytes, more: bytes, sheets: list[str]
) -> None:
    """A range costs nothing; what only a child process may read is not patched in this one."""
    source = one_form(plan, tmp_path)
    rewrite(source, "worksheets/sheet1.xml", lambda xml: xml.replace(end, more + end))
    assessment = pipeline.assess(plan, source.parent, period=PERIOD)
    start = sum(os.times()[:4])  # of the processor, children included: the machine may be busy
    pipeline.write_feedback_copies(assessment, tmp_path / "phan-hoi")
    assert sum(os.times()[:4]) - start < 5
    copy = tmp_path / "phan-hoi" / "NCC.xlsx"
    assert titles(copy) == sheets
    told = parts(copy.read_bytes())
    assert (more in told["xl/worksheets/sheet1.xml"]) == ("Số liệu" in sheets)
    assert any("quá lớn hoặc khác thường để sao chép".encode() in part for part in told.values()) == (len(sheets) == 2)


def test_a_monstrous_file_gets_its_list_in_bounded_time(plan: Path, folder: Path, tmp_path: Path) -> None:
    """A million blank cells with a format: a copy would take openpyxl half a minute and gigabytes."""
    fill(form(folder, "NCC"), figures={"HSO_DUNG": "nhiều"})
    blanks = b"".join(
        b'<row r="%d">' % row
        + b"".join(b'<c r="%c%d" s="1"/>' % (65 + column, row) for column in range(20))
        + b"</row>"
        for row in range(100, 50_100)
    )
    rewrite(form(folder, "NCC"), "sheet2.xml", lambda xml: xml.replace(b"</sheetData>", blanks + b"</sheetData>"))
    start = time.monotonic()
    book = load_workbook(copies(plan, folder, tmp_path / "phan-hoi") / "NCC.xlsx")
    assert time.monotonic() - start < 15
    assert "quá lớn hoặc khác thường để sao chép" in book[LIST_SHEET]["A2"].value
    assert rows_of(book)[0] == ("D101", "Số liệu", "D8", False)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [(lambda data: data[:900], "F103"), (lambda _: b"", "F104")],
    ids=["cut off", "empty"],
)
def test_a_unit_whose_file_cannot_be_read_gets_a_list_that_says_why(
    plan: Path, folder: Path, tmp_path: Path, spoil: Callable[[bytes], bytes], code: str
) -> None:
    path = form(folder, "NCC")
    path.write_bytes(spoil(path.read_bytes()))
    copy = copies(plan, folder, tmp_path / "phan-hoi") / "NCC.xlsx"
    sheet = load_workbook(copy)[LIST_SHEET]
    assert [row[8].value for row in sheet.iter_rows(min_row=6)] == [code]
    assert [row[2].value for row in sheet.iter_rows(min_row=6)] == ["(cả tệp)"]
    assert "tệp đã gửi không dùng được" in sheet["A2"].value


def test_a_unit_that_sent_another_periods_form_gets_a_list_that_says_so(
    plan: Path, folder: Path, tmp_path: Path
) -> None:
    issued = form(issue_forms(plan, tmp_path / "khac", "2021-Q3"), "NCC", "2021-Q3")
    fill(issued, figures={"HSO_DUNG": 1, "HSO_TONG": 1})
    form(folder, "NCC").write_bytes(issued.read_bytes())
    copy = copies(plan, folder, tmp_path / "phan-hoi") / "NCC.xlsx"
    assert rows_of(load_workbook(copy)) == [("U103", "(cả tệp)", "", False)]


def test_a_rejected_file_beside_a_good_one_makes_no_list(plan: Path, folder: Path, tmp_path: Path) -> None:
    (folder / "NCC.xlsx").write_bytes(b"PK")
    assert list(copies(plan, folder, tmp_path / "phan-hoi").iterdir()) == []


def test_a_blank_form_makes_no_list(plan: Path, tmp_path: Path) -> None:
    folder = issue_forms(plan, tmp_path / "don-vi")
    assert list(copies(plan, folder, tmp_path / "phan-hoi").iterdir()) == []


def test_a_list_that_comes_back_is_ignored(plan: Path, folder: Path, tmp_path: Path) -> None:
    form(folder, "NCC").write_bytes(b"")
    copy = copies(plan, folder, tmp_path / "phan-hoi") / "NCC.xlsx"
    (folder / "danh-sach.xlsx").write_bytes(copy.read_bytes())
    assert verdicts(assess(plan, folder))["danh-sach.xlsx"] == "ignored"
