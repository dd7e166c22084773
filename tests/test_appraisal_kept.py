"""The one file nobody can make again: whatever stands in it is carried on, or stops the run at its cell."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment

from cchc_xl.office.excel import Refused, read
from cchc_xl.pipeline.line import Assessment
from cchc_xl.records import Appraisal, CellRef, Evidence, Finding
from cchc_xl.score.appraisal import EVIDENCE_SHEET, SHEET
from cchc_xl.score.appraisal_reading import STOPS, AppraisalLostError, check_written, read_appraisals
from cchc_xl.score.appraisal_workbook import write_appraisals
from cchc_xl.unit.folder import source_file
from tests.conftest import ROOT
from tests.test_safe_text import PAYLOADS

EXAMPLE = ROOT / "examples" / "2021-quy-1"
POINTS, OPINION = "Điểm thẩm định lần 1", "Ý kiến lần 1"
HEAD = 5
ENTRY = "Y KIEN VAN PHONG"


class Sheet:
    """The appraisal workbook as the Office edits it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = load_workbook(path)
        self.sheet = self.book[SHEET]
        self.columns = {cell.value: cell.column for cell in self.sheet[HEAD]}
        self.rows = {row[0].value: row[0].row for row in self.sheet.iter_rows(min_row=HEAD + 1)}

    def cell(self, code: str, heading: str, sheet: Any = None) -> Any:
        return (sheet or self.sheet).cell(self.rows[code], self.columns[heading])

    def copy(self, title: str) -> Any:
        copy = self.book.copy_worksheet(self.sheet)
        copy.title = title
        return copy

    def first(self, sheet: Any) -> None:
        self.book.move_sheet(sheet, -len(self.book.sheetnames))


def looked_at(path: Path, scored: Assessment) -> tuple[tuple[Appraisal, ...], tuple[Finding, ...]]:
    form = read(source_file(path, path.parent))
    assert not isinstance(form, Refused)
    return read_appraisals(form, scored.edition)


def opinions(entries: tuple[Appraisal, ...]) -> dict[str, object]:
    return {item.code: value for item in entries for value in item.entered if value == ENTRY}


def _below(sheet: Sheet) -> None:
    sheet.sheet.cell(sheet.sheet.max_row + 2, sheet.columns[OPINION]).value = ENTRY


def _no_code(sheet: Sheet) -> None:
    row = sheet.rows["1.7"]
    sheet.cell("1.7", OPINION).value, sheet.sheet.cell(row, 1).value = ENTRY, None


def _twice(sheet: Sheet) -> None:
    row = sheet.sheet.max_row + 1
    sheet.sheet.cell(row, 1).value, sheet.sheet.cell(row, sheet.columns[OPINION]).value = "1.7", ENTRY
    sheet.cell("1.7", OPINION).value = "khác"


def _second_appraiser(sheet: Sheet) -> None:
    sheet.cell("1.7", OPINION, sheet.copy("Thẩm định (2)")).value = ENTRY


def _two_columns(sheet: Sheet) -> None:
    column = sheet.sheet.max_column + 1
    sheet.sheet.cell(HEAD, column).value, sheet.sheet.cell(sheet.rows["1.7"], column).value = OPINION, ENTRY


def _own_sheet(sheet: Sheet) -> None:
    sheet.book.create_sheet("Họp tổ", 0)["C3"] = ENTRY


def _beside_evidence(sheet: Sheet) -> None:
    sheet.book[EVIDENCE_SHEET]["G2"] = ENTRY


def _over_evidence(sheet: Sheet) -> None:
    sheet.book[EVIDENCE_SHEET]["C2"] = ENTRY


def _commented(sheet: Sheet) -> None:
    sheet.cell("1.7", OPINION).comment = Comment(ENTRY, "VP")


def _sets(code: str, heading: str, value: object) -> Callable[[Sheet], None]:
    def set_it(sheet: Sheet) -> None:
        sheet.cell(code, heading).value = value

    return set_it


def _at(address: str, value: object = ENTRY) -> Callable[[Sheet], None]:
    def set_it(sheet: Sheet) -> None:
        sheet.sheet[address] = value

    return set_it


def _renames(heading: str, to: str | None) -> Callable[[Sheet], None]:
    def rename(sheet: Sheet) -> None:
        sheet.cell("1.7", heading).value = ENTRY
        sheet.sheet.cell(HEAD, sheet.columns[heading]).value = to

    return rename


def _deletes_column(sheet: Sheet) -> None:
    sheet.sheet.delete_cols(sheet.columns["Giải trình của đơn vị"])


@pytest.mark.parametrize(
    ("damage", "code", "cell"),
    [
        (_renames(OPINION, "Ý kiến"), "A103", "K5"),
        (_renames(OPINION, None), "A103", "K5"),
        (_renames("Xác nhận lại (x)", "Xem lại"), "A103", "T5"),
        (_deletes_column, "A103", "A5"),
        (_twice, "A105", None),
        (_no_code, "A108", None),
        (_below, "A108", None),
        (_second_appraiser, "A104", None),
        (_two_columns, "A104", None),
        (_own_sheet, "A104", "C3"),
        (_beside_evidence, "A104", "G2"),
        (_over_evidence, "A104", "C2"),
        (_at("AC9"), "A104", "AC9"),  # beside the table
        (_at("F2"), "A104", "F2"),  # above it
        (_at("A4", "Ghi chú: họp lại"), "A104", "A4"),
        (_at("A900"), "A104", "A900"),  # below it
        (_sets("1.7", "Số liệu, cơ sở chấm", ENTRY), "A109", None),
        (_sets("1.7", "Điểm tự chấm", 0.125), "A109", None),
        (_sets("1.7", "Tình trạng", ENTRY), "A109", None),
        (_sets("1.7", "Xác nhận lại (x)", "đã xem"), "A109", None),
        (_commented, "A110", None),
        (_sets("1.7", POINTS, 1e305), "A110", None),
    ],
)
def test_what_cannot_be_carried_on_stops_the_run_at_its_cell(
    blank: Path, scored: Assessment, tmp_path: Path, damage: Callable[[Sheet], None], code: str, cell: str | None
) -> None:
    sheet = Sheet(Path(shutil.copyfile(blank, tmp_path / "tham-dinh.xlsx")))
    damage(sheet)
    sheet.book.save(sheet.path)
    _, found = looked_at(sheet.path, scored)
    stops = [item for item in found if item.code in STOPS]
    assert code in {item.code for item in stops}
    assert cell is None or cell in {item.at.address for item in stops if item.at}


def _blank_first(sheet: Sheet) -> None:
    sheet.first(sheet.copy("Bản trắng"))
    sheet.cell("1.7", OPINION).value = ENTRY


def _copy_behind(sheet: Sheet) -> None:
    sheet.cell("1.7", OPINION).value = ENTRY
    sheet.copy("Bản lưu")


def _renamed_and_alone(sheet: Sheet) -> None:
    sheet.cell("1.7", OPINION).value = ENTRY
    sheet.sheet.title = "TĐ 2021"
    del sheet.book[EVIDENCE_SHEET], sheet.book["_cchc"]


def _second_row_only(sheet: Sheet) -> None:
    """The entry stands in the second row of the code: nothing is in the first."""
    row = sheet.sheet.max_row + 1
    sheet.sheet.cell(row, 1).value, sheet.sheet.cell(row, sheet.columns[OPINION]).value = "1.7", ENTRY


def _columns_moved(sheet: Sheet) -> None:
    sheet.sheet.insert_cols(1, 2)
    sheet.sheet.cell(sheet.rows["1.7"], sheet.columns[OPINION] + 2).value = ENTRY
    for number in range(1, HEAD):
        sheet.sheet.move_range(f"C{number}:D{number}", cols=-2)


def _rows_moved(sheet: Sheet) -> None:
    sheet.cell("1.7", OPINION).value = ENTRY
    sheet.sheet.insert_rows(HEAD, 2)


def _emptied(sheet: Sheet) -> None:
    sheet.cell("1.7", OPINION).value = ENTRY
    sheet.cell("1.7", "Số liệu, cơ sở chấm").value = None


@pytest.mark.parametrize(
    "change",
    [_blank_first, _copy_behind, _renamed_and_alone, _second_row_only, _columns_moved, _rows_moved, _emptied],
)
def test_what_is_understood_is_read(
    blank: Path, scored: Assessment, tmp_path: Path, change: Callable[[Sheet], None]
) -> None:
    sheet = Sheet(Path(shutil.copyfile(blank, tmp_path / "tham-dinh.xlsx")))
    change(sheet)
    sheet.book.save(sheet.path)
    entries, found = looked_at(sheet.path, scored)
    assert [item for item in found if item.code in STOPS] == []
    assert opinions(entries) == {"1.7": ENTRY}


def _of_period(sheet: Sheet) -> None:
    sheet.book["_cchc"]["B2"] = "2020-N"


def _of_agency(sheet: Sheet) -> None:
    sheet.sheet["B4"] = "Sở Nội vụ"


def _of_stamped_agency(sheet: Sheet) -> None:
    sheet.sheet["B4"], sheet.book["_cchc"]["B3"] = None, "Sở Nội vụ"


def _of_plan(sheet: Sheet) -> None:
    for row in sheet.rows.values():
        sheet.sheet.cell(row, 2).value = f"Tiêu chí khác {row}"


def _of_kind(sheet: Sheet) -> None:
    sheet.book["_cchc"]["B1"] = "tong-hop"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_of_period, "A106"),
        (_of_agency, "A107"),
        (_of_stamped_agency, "A107"),
        (_of_plan, "A106"),
        (_of_kind, "A102"),
    ],
)
def test_a_workbook_of_another_period_agency_or_plan_is_refused(
    blank: Path, scored: Assessment, tmp_path: Path, change: Callable[[Sheet], None], code: str
) -> None:
    sheet = Sheet(Path(shutil.copyfile(blank, tmp_path / "tham-dinh.xlsx")))
    sheet.cell("1.7", OPINION).value = ENTRY
    change(sheet)
    sheet.book.save(sheet.path)
    entries, found = looked_at(sheet.path, scored)
    assert ([item.code for item in found], entries) == ([code], ())


VALUES: tuple[object, ...] = (
    *(" hai\ndòng ", "_x0041_ giữ nguyên", "=1+1", "'=1", "x" * 32_000, "{{ a }}", "<b>&", "#N/A"),
    *(0.1 + 0.2, 12345678901234567890, -1e30, 1e299, True, 0, date(2021, 3, 5)),
    *(datetime(2021, 3, 5, 14, 5), date(1900, 1, 2), 2021),
)


def test_every_entry_is_in_the_workbook_written_whatever_it_is(blank: Path, scored: Assessment, tmp_path: Path) -> None:
    """Read, written, read: nothing has changed; and where something has, the check says so."""
    sheet = Sheet(Path(shutil.copyfile(blank, tmp_path / "tham-dinh.xlsx")))
    codes = [code for code in sheet.rows if code and code in {node.criterion.code for node in scored.edition.leaves}]
    headings = (OPINION, "Ngày lần 1", POINTS)
    places = [(code, heading) for heading in headings for code in codes][: 3 * len(VALUES)]
    for (code, heading), value in zip(places, VALUES * 3, strict=False):
        cell = sheet.cell(code, heading)
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
    sheet.cell(codes[0], "Ý kiến lần 2").value = 0.5
    sheet.cell(codes[0], "Ý kiến lần 2").number_format = "0%"
    sheet.book.save(sheet.path)
    entries, found = looked_at(sheet.path, scored)
    assert [item for item in found if item.code in STOPS] == []
    again = tmp_path / "nua" / "tham-dinh.xlsx"
    again.parent.mkdir()
    write_appraisals(*scored.scored, entries, again, {})
    check_written(entries, again)
    read_back, _ = looked_at(again, scored)
    assert [(item.code, item.points) for item in read_back] == [(item.code, item.points) for item in entries]
    assert "50%" in next(item for item in read_back if item.code == codes[0]).entered
    changed = Sheet(again)
    changed.cell(codes[1], OPINION).value = "khác"
    changed.book.save(again)
    with pytest.raises(AppraisalLostError, match=f"“{OPINION}” của tiêu chí {codes[1]}"):
        check_written(entries, again)


def test_no_text_of_a_unit_is_taken_for_one_that_somebody_typed(scored: Assessment, tmp_path: Path) -> None:
    """What units type stands in cells of ours: whatever it is, it is read back as what was written."""
    odd = (
        "ƢU TIÊN",
        "1\u200b2",
        "a\u202eb",
        "một\u00a0hai",
        "So\u0302\u0301",
        "123",
        "1,50",
        "a" * 40_000,
        "#N/A",
        "TRUE",
    )
    texts = (*PAYLOADS.values(), *odd)
    codes = [node.criterion.code for node in scored.edition.leaves]
    evidence = tuple(
        Evidence("VP", codes[number % len(codes)], text, CellRef("vp.xlsx"), None) for number, text in enumerate(texts)
    )
    path = tmp_path / "tham-dinh.xlsx"
    consolidation = replace(scored.consolidation, evidence=evidence)
    write_appraisals(scored.edition, consolidation, scored.scorecard, (), path, {})
    assert looked_at(path, scored) == ((), ())
