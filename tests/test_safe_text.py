"""Text stays text: what a unit types can become a formula or a link in nothing we write, by whichever library.

Each dangerous text is typed into every text cell of the forms, the whole line is run, and every file it writes is opened
again. Two things change on the way and are said here: the reader drops blanks and line ends around a text, in a task and
a figure also takes several for one (never in the unit's own marked copy); and a writer drops or cuts only what its
format cannot hold (see ``in_excel``, ``in_word``).
"""

from __future__ import annotations

import csv
import json
import re
import sys
import zipfile
from pathlib import Path
from urllib.parse import unquote
from xml.sax.saxutils import escape

import docx
import pandas as pd
import pytest
from openpyxl import load_workbook
from pyarrow import parquet
from python_calamine import CalamineWorkbook

import cchc_xl
from cchc_xl.office.excel.book import Book
from cchc_xl.result import Result
from cchc_xl.result.frames import COLUMNS, guarded, write_frame
from cchc_xl.result.objects import from_object
from tests.conftest import WHOLE
from tests.unit_forms import PERIOD, build_plan, copy_tree, fill, form, full_folder, rewrite

EXCEL_LIMIT = 32_767
PAYLOADS = {
    "command": "=cmd|' /C calc'!A1",
    "plus": "+1+1",
    "minus": "-1+1",
    "at": "@SUM(A1)",
    "tab": "\t=1",
    "return": "\r=1",
    "hyperlink": '=HYPERLINK("http://x","y")',
    "array": "{=1+1}",
    "http": "http://evil.example",
    "file": "file://x",
    "mail": "mailto:a@b",
    "internal": "internal:Sheet1!A1",
    "blank": " =1",
    "apostrophe": "'=1",
    "escape": "_x000D_",
    "control": "=1\x01\x0b\x1f+2",
    "lines": "một\r=2\n=3",
    "separators": 'a;=1,=2\t=3"=4',
    "template": "{{ 7*7 }}{% raw %}",
    "markup": "<w:fldSimple w:instr='x'/>&amp;",
    "long": "=" + "dài " * 8_000 + "hết",
}
PLACE = "TYPED-HERE"
ROW = {"Kết quả thực hiện": PLACE, "Tài liệu kiểm chứng": PLACE, "Nguyên nhân, khó khăn, kiến nghị": PLACE}
TASK = (PLACE, PLACE, "10/1/2021", "10/3/2021", "12/3/2021", PLACE)
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def in_cell(text: str) -> str:
    """The text as a cell holds it; that something is missing is seen."""
    return text if len(text) <= EXCEL_LIMIT else text[: EXCEL_LIMIT - 1] + "…"


class Line:
    """One dangerous text, typed everywhere, and the result of the run."""

    def __init__(self, text: str, home: Path) -> None:
        self.text = text
        self.read, self.tidy = text.strip(), " ".join(text.split())
        self.forms = home / "don-vi"
        for unit in ("VP", "LD"):
            for number in (1, 2, 3):
                rewrite(form(self.forms, unit), f"sheet{number}.xml", lambda data: _typed(data, text))
        self.result: Result = cchc_xl.run(home / "plan.xlsx", self.forms, period=PERIOD, out=home / "ra")
        self.folder = Path(self.result.folder or "")

    def in_excel(self) -> set[str]:
        """What a workbook of ours holds: everything, cut only at the length of a cell."""
        return {in_cell(self.read), in_cell(self.tidy)}

    def in_word(self) -> set[str]:
        """What Word holds, as it was typed or set as a sentence: its XML has no control characters, each becomes "�"."""
        typed = self.read.replace("\r", "\n")
        lines = (" ".join(line.split()) for line in re.split("[\r\n\x0b\x0c\x1c-\x1e]", self.read))
        return {CONTROL.sub("\ufffd", text) for text in (typed, "; ".join(filter(None, lines)))}


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plan and the forms with a mark wherever a text is to be typed; not to be changed."""
    home = tmp_path_factory.mktemp("cho")
    forms = full_folder(build_plan(home / "plan.xlsx"), home / "don-vi")
    levels = {"1.1": {**ROW, "Mức đạt": "Không có mức này"}, "1.2": ROW, "1.10": ROW}
    fill(form(forms, "VP"), rows=levels, tasks=[TASK], then=lambda book: _notes(book["Số liệu"]))
    fill(form(forms, "LD"), figures={"GHI_CHU": PLACE, "NGUYEN": PLACE})
    return home


def _notes(sheet) -> None:
    for row in range(8, 12):
        sheet.cell(row, 5).value = PLACE


def _typed(data: bytes, text: str) -> bytes:
    """The sheet's XML with the text where the clerk typed, written as Excel writes it (ECMA-376, ST_Xstring)."""
    kept = re.sub(r"_(x[0-9A-Fa-f]{4}_)", r"_x005F_\1", text)
    kept = re.sub("[\x00-\x08\x0b-\x1f]", lambda match: f"_x{ord(match[0]):04X}_", kept)
    return data.replace(f"<t>{PLACE}</t>".encode(), f'<t xml:space="preserve">{escape(kept)}</t>'.encode())


@pytest.fixture(scope="module", params=PAYLOADS if WHOLE else list(PAYLOADS)[::2])
def line(request: pytest.FixtureRequest, places: Path, tmp_path_factory: pytest.TempPathFactory) -> Line:
    return Line(PAYLOADS[request.param], copy_tree(places, tmp_path_factory.mktemp(request.param) / "cchc"))


def texts(path: Path, sheet: str | None = None) -> list[str]:
    """Every text of a workbook, escapes of the format resolved as Excel resolves them."""
    book = CalamineWorkbook.from_path(path)
    return [
        value
        for name in ([sheet] if sheet else book.sheet_names)
        for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for value in row
        if isinstance(value, str)
    ]


def formulas(path: Path) -> set[str]:
    return {
        str(cell.value)
        for sheet in load_workbook(path).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def assert_inert(path: Path, text: str, own: set[str]) -> None:
    """No formula but ``own`` or one of ours, and no link anywhere in the package that leads where the text says."""
    core = text.strip().lstrip("'=+-@{").rstrip("}")[:200]
    for formula in formulas(path) - own:
        assert formula.lstrip("=") != core
        assert not re.search("cmd|HYPERLINK|SUM\\(A1\\)|1\\+1|dài", formula)
    for sheet in load_workbook(path).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.hyperlink is not None:
                    target = unquote(cell.hyperlink.target or "").replace("\\", "/")
                    assert target.startswith("#") or (path.parent / target).exists(), cell.coordinate
                    assert core != cell.hyperlink.location
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if name.endswith(".rels"):
                assert b"evil.example" not in package.read(name)
                assert b'TargetMode="External" Target="http' not in package.read(name)


# --- the unit's marked copy ---


def test_the_marked_copy_holds_the_text_as_it_was_typed(line: Line) -> None:
    for unit, addresses in (
        ("VP", ("Phụ lục!F9", "Phụ lục!I9", "Phụ lục!J9", "Số liệu!E8", "Nhiệm vụ!A8", "Nhiệm vụ!B8", "Nhiệm vụ!F8")),
        ("LD", ("Số liệu!D9", "Số liệu!D13")),
    ):
        source, marked = form(line.forms, unit), line.folder / "phan-hoi" / f"{unit}.xlsx"
        before, after = CalamineWorkbook.from_path(source), load_workbook(marked)
        copied = CalamineWorkbook.from_path(marked)
        for address in addresses:
            sheet, _, cell = address.partition("!")
            assert after[sheet][cell].data_type == "s"
            assert after[sheet][cell].hyperlink is None
            row, column = after[sheet][cell].row - 1, after[sheet][cell].column - 1
            for book in (before, copied):
                rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
                assert rows[row][column] == line.text, f"{unit} {address}"
        assert_inert(marked, line.text, formulas(source))


# --- the workbooks for the Office (XlsxWriter) ---


def test_the_consolidated_workbook_holds_it_as_text(line: Line) -> None:
    path = line.folder / "tong-hop.xlsx"
    assert line.in_excel() & set(texts(path, "Số liệu"))
    assert_inert(path, line.text, set())


def test_the_look_up_workbook_holds_it_as_text(line: Line) -> None:
    path = line.folder / "tra-cuu.xlsx"
    for sheet in ("Kết quả từng đơn vị", "Nhiệm vụ", "Minh chứng"):
        assert line.in_excel() & set(texts(path, sheet)), sheet
    shown = line.tidy[:190].replace("\x01", "\\x01")  # what cannot be printed is told
    assert any(shown in text for text in texts(path, "Lỗi, cảnh báo"))
    assert_inert(path, line.text, set())


def test_the_appraisal_workbook_holds_it_as_text(line: Line) -> None:
    path = line.folder / "tham-dinh.xlsx"
    assert line.in_excel() & set(texts(path, "Minh chứng"))
    assert any(line.read[:1000] in text for text in texts(path, "Thẩm định"))
    assert_inert(path, line.text, set())


# --- the Word report ---


def test_the_report_holds_it_as_text_without_a_field_or_a_link(line: Line) -> None:
    document = docx.Document(str(line.folder / "bao-cao.docx"))
    body = document.element.body
    shown = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    shown |= {paragraph.text for paragraph in document.paragraphs}
    assert any(word in text for text in shown for word in line.in_word())
    names = {element.tag.rpartition("}")[2] for element in body.iter()}
    assert not names & {"hyperlink", "fldSimple"}
    assert not [item for item in body.iter() if item.tag.endswith("}instrText") and "PAGE" not in (item.text or "")]
    assert not [item.target_ref for item in document.part.rels.values() if item.is_external]


# --- the exits for analysts ---


def rows_of(path: Path) -> list[dict[str, str]]:
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    csv.field_size_limit(sys.maxsize)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_csv_guards_it_and_parquet_holds_it_unchanged(line: Line, tmp_path: Path) -> None:
    rows = rows_of(line.result.write_table("tasks", tmp_path / "nhiem-vu.csv"))
    frame = pd.read_parquet(line.result.write_table("tasks", tmp_path / "nhiem-vu.parquet"))
    assert len(rows) == len(frame) == 1
    for column in ("document", "content", "note"):
        assert rows[0][column] == guarded(line.tidy)
        assert not rows[0][column].startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
        assert frame[column][0] == line.tidy
    nested = rows_of(line.result.write_table("criteria", tmp_path / "tieu-chi.csv"))
    reports = next(json.loads(row["reports"]) for row in nested if row["code"] == "1.2")
    assert [report["result"] for report in reports] == [line.read.replace(";=", ";'=")]  # guarded in a column as well


def test_a_line_end_in_a_text_starts_no_new_row(tmp_path: Path) -> None:
    frame = pd.DataFrame({"text": list(PAYLOADS.values()), "next": "x"}, dtype="object")
    write_frame(frame, tmp_path / "a.csv")
    assert [row["text"] for row in rows_of(tmp_path / "a.csv")] == [guarded(text) for text in PAYLOADS.values()]
    data = (tmp_path / "a.csv").read_bytes().decode("utf-8-sig")
    outside = "".join(data.split('"')[::2])
    assert outside.count("\r") == outside.count("\n") == outside.count("\r\n") == len(PAYLOADS) + 1


def test_parquet_columns_have_the_same_type_whatever_the_quarter_holds(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"none": [None, None], "points": ["1.10", None], "count": [1, 2], "found": [True, None], "list": [[], ["a"]]},
        dtype="object",
    )
    write_frame(frame, tmp_path / "a.parquet")
    types = {field.name: str(field.type) for field in parquet.read_schema(tmp_path / "a.parquet")}
    assert types == {"none": "string", "points": "string", "count": "int64", "found": "bool", "list": "string"}


def test_every_table_can_be_written_and_read_again(year: Result, tmp_path: Path) -> None:
    tables = [name for name, value in year.document.items() if isinstance(value, list)]
    assert {"criteria", "findings", "finding_groups", "rollcall", "sources"} <= set(tables)
    for name in (*tables, "measures"):
        path = year.write_table(name, tmp_path / f"{name}.csv")
        frame = pd.read_parquet(year.write_table(name, tmp_path / f"{name}.PARQUET"))
        written = year.to_frame(name)
        assert len(rows_of(path)) == len(frame) == len(written)
        assert list(frame.columns) == list(written.columns)
        assert path.read_text(encoding="utf-8-sig").splitlines()[0] == ",".join(written.columns)


def test_decimals_stay_exact_in_both(year: Result, tmp_path: Path) -> None:
    points = [item["final_points"] for item in year.document["criteria"]]
    rows = rows_of(year.write_table("criteria", tmp_path / "a.csv"))
    frame = pd.read_parquet(year.write_table("criteria", tmp_path / "a.parquet"))
    assert [row["final_points"] or None for row in rows] == points
    assert [None if pd.isna(value) else value for value in frame["final_points"]] == points


def test_a_table_without_a_row_has_its_columns_all_the_same(tmp_path: Path) -> None:
    plan = build_plan(tmp_path / "plan.xlsx")
    folder = full_folder(plan, tmp_path / "don-vi")
    figures = {"HSO_DUNG": 50, "HSO_TONG": 40, "NGUYEN": "ba"}
    fill(form(folder, "VP"), figures={name: figures[name] for name in ("HSO_DUNG", "HSO_TONG")}, tasks=[TASK])
    document = cchc_xl.run(plan, folder, period=PERIOD).document
    for name, columns in COLUMNS.items():
        assert tuple(document[name][0]) == columns, name
        empty = Result(from_object({**document, name: []}))
        assert tuple(empty.to_frame(name).columns) == columns
        assert rows_of(empty.write_table(name, tmp_path / f"{name}.csv")) == []
        assert tuple(pd.read_parquet(empty.write_table(name, tmp_path / f"{name}.parquet")).columns) == columns


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+84 912 345 678", "'+84 912 345 678"),
        ("-1+1", "'-1+1"),
        ("--", "'--"),
        ("@a", "'@a"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("-5", "-5"),
        ("-12,5%", "-12,5%"),
        ("-1.234.567,5", "-1.234.567,5"),
        ("-0.25", "-0.25"),
        ("+3", "+3"),
        ("-", "-"),
        ("74,12%", "74,12%"),
        ("Đạt", "Đạt"),
        ("", ""),
    ],
)
def test_what_is_guarded_in_csv(text: str, written: str) -> None:
    assert guarded(text) == written


def test_an_unknown_table_or_ending_is_refused_with_the_choices(year: Result, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"there is no table “criterias”; there are .*criteria"):
        year.write_table("criterias", tmp_path / "a.csv")
    with pytest.raises(ValueError, match=r"as \.csv or \.parquet, not as \.xls"):
        year.write_table("criteria", tmp_path / "a.xls")
    with pytest.raises(ValueError, match=r"as \.csv or \.parquet, not as a file without"):
        year.write_table("criteria", tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_pyarrow_is_said_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ImportError, match="pip install pyarrow"):
        write_frame(pd.DataFrame({"a": ["b"]}, dtype="object"), tmp_path / "a.parquet")


def test_our_writer_makes_text_of_everything(tmp_path: Path) -> None:
    """Also over merged cells and for what no form lets through the reader, blanks and line ends at the start."""
    with Book(tmp_path / "a.xlsx", "Thử") as book:
        sheet = book.sheet("A", (30, 30, 30))
        for row, text in enumerate(PAYLOADS.values()):
            book.write(sheet, row, 0, text, "cell")
            book.merge(sheet, row, (1, 2), text, "cell")
    assert formulas(tmp_path / "a.xlsx") == set()
    written = texts(tmp_path / "a.xlsx")
    for text in PAYLOADS.values():
        assert written.count(in_cell(text)) == 2
