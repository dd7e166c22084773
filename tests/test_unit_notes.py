"""A place for each unit of a criterion that several lead: listed, kept from run to run whatever becomes of the plan."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from cchc_xl.office.excel import Refused, read
from cchc_xl.office.excel.book import LINE_HEIGHT, lines_needed
from cchc_xl.pipeline.line import Assessment
from cchc_xl.records import Finding, UnitNote
from cchc_xl.score import unit_notes
from cchc_xl.score.appraisal import FORMER_PROGRESS, NOTED, NOTES_HEADINGS, NOTES_SHEET
from cchc_xl.score.appraisal_reading import (
    STOPS,
    AppraisalLostError,
    check_written,
    read_appraisals,
)
from cchc_xl.score.appraisal_workbook import write_appraisals
from cchc_xl.score.kept_rows import kept_as
from cchc_xl.score.unit_notes import read_notes
from cchc_xl.unit.folder import source_file
from tests.conftest import ROOT

EXAMPLE = ROOT / "examples" / "2021-quy-1"
HEAD = 5


def rows(path: Path) -> list[dict[str, Any]]:
    sheet = load_workbook(path)[NOTES_SHEET]
    told = sheet.iter_rows(min_row=HEAD + 1, max_col=len(NOTES_HEADINGS), values_only=True)
    return [dict(zip(NOTES_HEADINGS, row, strict=True)) for row in told]


def enter(path: Path, *entries: tuple[str, str, object, object]) -> None:
    """Types points and a remark into the row of a criterion and a unit."""
    book = load_workbook(path)
    sheet = book[NOTES_SHEET]
    places = {(row[0].value, row[2].value): row for row in sheet.iter_rows(min_row=HEAD + 1)}
    for code, unit, points, remark in entries:
        row = places[code, unit]
        row[NOTES_HEADINGS.index(NOTED[2])].value, row[NOTES_HEADINGS.index(NOTED[3])].value = points, remark
    book.save(path)


def looked_at(path: Path, scored: Assessment) -> tuple[tuple[UnitNote, ...], list[Finding]]:
    form = read(source_file(path, path.parent))
    assert not isinstance(form, Refused)
    notes, told = read_notes(form)
    return notes, [*told, *(item for item in read_appraisals(form, scored.edition)[1] if item.code in STOPS)]


def test_every_unit_of_a_criterion_that_several_lead_has_a_row_and_no_other(scored: Assessment, blank: Path) -> None:
    names = {unit.code: unit.name for unit in scored.edition.plan.units}
    wanted = [
        (node.criterion.code, names[unit])
        for node in scored.edition.leaves
        for unit in node.lead
        if len(node.lead) > 1 and node.max_score
    ]
    assert [(row["Mã"], row["Đơn vị"]) for row in rows(blank)] == wanted
    by_place = {(row["Mã"], row["Đơn vị"]): row for row in rows(blank)}
    # 4.3 is a level of each unit, whose mean the plan counts; the figures of 3.2.5 are added up before they are scored.
    own = by_place["4.3", "Phòng Giáo dục nghề nghiệp"]
    assert (own["Gộp"], own["Tài liệu đơn vị ghi"]) == ("trung bình", "Biên bản kiểm tra")
    assert own["Đơn vị báo cáo"].startswith("Có kiểm tra, chưa báo cáo")
    assert by_place["3.2.5", "Phòng Giáo dục nghề nghiệp"]["Gộp"] is None
    assert by_place["4.3", "Phòng Trẻ em và Bình đẳng giới"]["Đơn vị báo cáo"] == "chưa gửi"


def test_units_that_name_the_same_document_share_a_line(blank: Path) -> None:
    """Five units of 3.1 name one decision, one of them in letters of two signs."""
    sheet = load_workbook(blank)["Thẩm định"]
    told = next(row[7].value for row in sheet.iter_rows(min_row=HEAD + 1) if row[0].value == "3.1")
    assert told.startswith("Phòng Giáo dục nghề nghiệp; Phòng Lao động – Việc làm – Bảo hiểm; ")
    assert told.endswith("Trung tâm Dịch vụ việc làm: Quyết định công bố danh mục TTHC")
    assert told.count("Quyết định") == 1


def test_rows_are_as_high_as_what_is_seen_of_them(blank: Path) -> None:
    """Hidden marks made every row of a sheet many lines high."""
    book = load_workbook(blank)
    for name, head in (("Minh chứng", 1), (NOTES_SHEET, HEAD), ("Số liệu bổ sung", HEAD)):
        sheet = book[name]
        widths = {
            column: item.width
            for item in sheet.column_dimensions.values()
            for column in range(item.min, item.max + 1)
            if not item.hidden
        }
        for row in sheet.iter_rows(min_row=head + 1):
            seen = [(str(cell.value or ""), widths.get(cell.column, 0)) for cell in row]
            lines = max(lines_needed(text, width - 3) for text, width in seen if width)
            height = sheet.row_dimensions[row[0].row].height
            assert height is None or height <= lines * LINE_HEIGHT + 3, (name, row[0].row)


def test_a_list_too_long_for_anybody_ends_with_how_many_are_left(
    scored: Assessment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit_notes, "_MOST_LISTED", 3)
    path = tmp_path / "tham-dinh.xlsx"
    write_appraisals(*scored.scored, (), path, {})
    every = sum(len(node.lead) for node in scored.edition.leaves if len(node.lead) > 1 and node.max_score)
    told = rows(path)
    assert [bool(row["Mã"]) for row in told] == [True, True, True, False]
    assert told[-1]["Tiêu chí"] == f"Còn {every - 3} dòng nữa, chưa liệt kê ở đây: thẩm định theo tiêu chí."
    assert looked_at(path, scored) == ((), [])


ENTRIES = (
    ("4.3", "Phòng Giáo dục nghề nghiệp", 1.5, "Thiếu biên bản tháng 2"),
    ("4.3", "Phòng Người có công", None, "=đã gọi"),
    ("3.1", "Phòng Người có công", "chờ", date(2021, 3, 18)),
)


def test_what_is_noted_is_in_the_next_workbook_and_the_one_after_whatever_left_the_plan(
    scored: Assessment, blank: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(blank, tmp_path / "tham-dinh.xlsx"))
    enter(path, *ENTRIES)
    notes, told = looked_at(path, scored)
    assert told == []
    wanted = sorted(tuple(map(kept_as, entry[:2] + entry[2:])) for entry in ENTRIES)
    # The criterion 3.1 is led by nobody now, and a unit has another name: both rows stand behind the others.
    plan = scored.edition.plan
    units = tuple(replace(one, name="Phòng Mới") if one.code == "NCC" else one for one in plan.units)
    kept = tuple(item for item in scored.scorecard.scores if item.node.criterion.code != "3.1")
    changed = replace(scored.edition, plan=replace(plan, units=units))
    for _ in range(2):
        write_appraisals(changed, scored.consolidation, replace(scored.scorecard, scores=kept), (), path, {}, notes)
        check_written((), path, (), notes)
        notes, told = looked_at(path, scored)
        assert told == []
        assert sorted(tuple(map(kept_as, note.entered)) for note in notes) == wanted
    gone = [(row["Mã"], row["Đơn vị"]) for row in rows(path) if row["Tình trạng"]]
    assert gone == [("3.1", "Phòng Người có công"), ("4.3", "Phòng Người có công")]


def test_a_note_that_the_written_workbook_lacks_is_not_let_go(blank: Path, scored: Assessment, tmp_path: Path) -> None:
    path = Path(shutil.copy(blank, tmp_path / "tham-dinh.xlsx"))
    enter(path, ENTRIES[0])
    notes, _ = looked_at(path, scored)
    with pytest.raises(AppraisalLostError, match="Từng đơn vị › "):
        check_written((), blank, (), notes)


def _copied(sheet: Any) -> None:
    sheet.parent.copy_worksheet(sheet).cell(8, 7, 1)


def _twice(sheet: Any) -> None:
    for row, points in ((7, 1), (8, 2)):
        for column in (1, 3):
            sheet.cell(row, column).value = sheet.cell(6, column).value
        sheet.cell(row, 7).value = points


DAMAGE = {
    "a note beside the table": (lambda sheet: sheet.cell(7, 12, "hỏi lại"), "A104"),
    "a note above it": (lambda sheet: sheet.cell(2, 4, "hỏi lại"), "A104"),
    "a grey cell": (lambda sheet: sheet.cell(7, 6, "đã xem"), "A109"),
    "a heading renamed": (lambda sheet: sheet.cell(HEAD, 7, "Số"), "A102"),
    "the sheet deleted": (lambda sheet: sheet.parent.remove(sheet), "A102"),
    "a copy that says something else": (_copied, "A104"),
    "points without a criterion": (lambda sheet: (sheet.cell(6, 1, ""), sheet.cell(6, 7, 2)), "A108"),
    "two rows of one unit": (_twice, "A105"),
    "a remark below the table": (lambda sheet: sheet.cell(sheet.max_row + 2, 2, "ghi thêm"), "A104"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_cannot_be_carried_on_stops_the_run(blank: Path, scored: Assessment, tmp_path: Path, damage: str) -> None:
    path = Path(shutil.copy(blank, tmp_path))
    book = load_workbook(path)
    change, code = DAMAGE[damage]
    change(book[NOTES_SHEET])
    book.save(path)
    assert [item.code for item in looked_at(path, scored)[1]][:1] == [code]
    assert code in STOPS


def test_a_workbook_of_before_there_was_such_a_sheet_is_read(blank: Path, scored: Assessment, tmp_path: Path) -> None:
    path = Path(shutil.copy(blank, tmp_path))
    book = load_workbook(path)
    del book[NOTES_SHEET]
    stamp = book["_cchc"]
    for row in stamp.iter_rows():
        if row[0].value == "notes":
            row[0].value = row[1].value = None
    for row, label in enumerate(FORMER_PROGRESS, start=1):  # what was counted above the table then
        book["Thẩm định"].cell(row, 11).value = label
    book.save(path)
    assert looked_at(path, scored) == ((), [])
