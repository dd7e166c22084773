"""Figures that the Office supplies in units' places: listed, kept, counted as the unit's, and told as what they are."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

import cchc_xl
from cchc_xl.office.excel import Refused, read
from cchc_xl.papers.figure_tables import of_units
from cchc_xl.papers.letters import debts
from cchc_xl.papers.report_tables import roll
from cchc_xl.pipeline.line import Assessment, open_result
from cchc_xl.plan.figure_values import says_same
from cchc_xl.records import CellRef, Consolidation, FigureEntry, Finding, State, Supplied
from cchc_xl.result.result_file import contents
from cchc_xl.result.view import View
from cchc_xl.score import supplied
from cchc_xl.score.appraisal import SUPPLIED_SHEET, current_fingerprints
from cchc_xl.score.appraisal_reading import STOPS, AppraisalLostError, check_written, read_appraisals
from cchc_xl.score.appraisal_workbook import write_appraisals
from cchc_xl.score.consolidate import consolidate
from cchc_xl.score.kept_rows import kept_as
from cchc_xl.score.scorecard import score
from cchc_xl.score.supplied import read_supplied
from cchc_xl.text.catalogue import fix, message
from cchc_xl.unit.folder import source_file
from tests.conftest import ROOT
from tests.provinces import PERIOD, build
from tests.test_report import small_template

EXAMPLE = ROOT / "examples" / "2021-quy-1"
HEAD, UNIT, NAME = 5, "TEBDG", "Phòng Trẻ em và Bình đẳng giới"
WHY = "Biên bản ngày 18/3/2021"


def rows(path: Path) -> list[dict[str, Any]]:
    """What the sheet says, by heading; the first eight columns."""
    sheet = load_workbook(path)[SUPPLIED_SHEET]
    heads = [cell.value for cell in sheet[HEAD]][:8]
    told = (dict(zip(heads, row, strict=False)) for row in sheet.iter_rows(min_row=HEAD + 1, values_only=True))
    return [row for row in told if any(row.values())]


def enter(path: Path, *entries: tuple[object, object, object, object], unit: str = UNIT) -> None:
    """Types values (code, unit, value, basis): into the row that lists the figure of the unit, else into a new one."""
    book = load_workbook(path)
    sheet = book[SUPPLIED_SHEET]
    for code, who, value, why in entries:
        listed = (row for row in sheet.iter_rows(min_row=HEAD + 1) if (row[0].value, row[1].value) == (code, NAME))
        added = (row for row in sheet.iter_rows(min_row=HEAD + 1) if not any(cell.value for cell in row[:4]))
        row = next(listed if who == unit else added, None) or next(added)
        if who != unit:
            row[0].value, row[1].value = code, who
        row[2].value, row[3].value = value, why
        if isinstance(value, float) and value < 1:
            row[2].number_format = "0.0%"
    book.save(path)


def looked_at(path: Path, scored: Assessment) -> tuple[tuple[Supplied, ...], tuple[Finding, ...]]:
    form = read(source_file(path, path.parent))
    assert not isinstance(form, Refused)
    rows, told = read_supplied(form, scored.edition)
    return rows, (*told, *(item for item in read_appraisals(form, scored.edition)[1] if item.code in STOPS))


def again(scored: Assessment, supplied: Iterable[Supplied]) -> Consolidation:
    submissions = [item.submission for item in scored.collected if item.submission]
    return consolidate(scored.edition, submissions, (), (), supplied=supplied)


def office(measure: str, value: str, unit: str = UNIT, row: int = 6) -> Supplied:
    at = CellRef("tham-dinh.xlsx", SUPPLIED_SHEET, row, 3)
    entry = FigureEntry(unit, measure, State.KNOWN, Decimal(value), value, at, by="office", reference=WHY)
    return Supplied((measure, unit, float(value), WHY), "", measure, unit, at, entry)


# --- the list ---


def test_exactly_what_units_owe_is_listed_with_names_in_the_order_of_units_and_plan(
    blank: Path, scored: Assessment
) -> None:
    names = {unit.code: unit.name for unit in scored.edition.plan.units}
    owed = [
        (total.measure.code, names[unit], total.measure.name)
        for unit in names
        for total in scored.consolidation.measures
        if unit in total.waiting
    ]
    told = rows(blank)
    assert [(row["Mã"], row["Đơn vị"], row["Tên số liệu"]) for row in told] == owed
    assert {row["Đơn vị đã báo cáo"] for row in told} == {"chưa gửi báo cáo"}
    assert {(row["Giá trị"], row["Căn cứ"], row["Tình trạng"]) for row in told} == {(None, None, None)}


def test_a_list_too_long_for_anybody_ends_with_how_many_are_left(
    scored: Assessment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supplied, "_MOST_LISTED", 3)
    path = tmp_path / "tham-dinh.xlsx"
    write_appraisals(*scored.scored, (), path, {})
    owed = sum(len(total.waiting) for total in scored.consolidation.measures)
    *listed, last = rows(path)
    assert len(listed) == 3
    assert last["Tên số liệu"] == f"Còn {owed - 3} số liệu nữa của các đơn vị chưa báo cáo, chưa liệt kê ở đây."
    assert looked_at(path, scored) == ((), ())


# --- the reader ---

# Each line: Mã, Đơn vị, Giá trị, Căn cứ; what counts (figure, value) or the finding that says why nothing does.
READ: tuple[tuple[object, object, object, object, str], ...] = (
    ("NV_GIAO", UNIT, 0, WHY, "NV_GIAO = 0"),
    ("NV_SOM", UNIT, "không phát sinh", WHY, "NV_SOM = không phát sinh"),
    ("NV_DUNG", UNIT, "1.480", WHY, "NV_DUNG = 1480"),
    ("NV_TRE", UNIT, "khoảng 3", WHY, "A114"),
    ("NV_CHUA", UNIT, 2.5, WHY, "A114"),
    ("TIN_BAI", UNIT, 3, None, "A204"),
    ("tin, bài, phóng sự về cchc", "Phòng trẻ em và bình đẳng giới", 4, None, "A115"),  # another value, below
    ("Sáng kiến, giải pháp CCHC được công nhận", NAME, 1, WHY, "SANGKIEN = 1"),
    ("vb_giao", "tebdg", "2 văn bản", WHY, "VB_GIAO = 2"),
    ("NV_GIAOO", UNIT + " ", 1, WHY, "A111"),
    (None, NAME, 1, WHY, "A111"),
    ("NV_GIAO", "Phòng Trẻ", 1, WHY, "A112"),
    ("NV_GIAO", None, 1, WHY, "A112"),
    ("SO_LANHDAO", "Phòng Người có công và", 1, WHY, "A112"),
)


def test_codes_names_and_values_are_read_as_units_type_them_and_errors_told_at_their_cells(
    blank: Path, scored: Assessment, tmp_path: Path
) -> None:
    path = shutil.copy(blank, tmp_path)
    enter(Path(path), *(line[:4] for line in READ))
    found, told = looked_at(Path(path), scored)
    # TIN_BAI stands twice with two values: neither counts, whichever has a basis.
    expected = sorted(line[4] if line[0] != "TIN_BAI" else "A115" for line in READ)
    said = [row.problem or f"{row.measure} = {_value(row)}" for row in found]
    assert sorted(said) == expected
    assert sorted({item.code for item in told}) == ["A111", "A112", "A114", "A115", "T301"]
    assert {item.unit for item in told} == {None}, "none of it is the unit's to mend"
    for item in told:
        assert item.at is not None
        assert (item.at.sheet, bool(item.at.address)) == (SUPPLIED_SHEET, True)
        assert (message(item)[-1], fix(item)[-1]) == (".", ".")


def _value(row: Supplied) -> str:
    assert row.entry is not None
    return row.entry.text if row.entry.value is None else str(row.entry.value)


def test_without_a_basis_nothing_counts_and_the_sentence_says_so(
    blank: Path, scored: Assessment, tmp_path: Path
) -> None:
    path = Path(shutil.copy(blank, tmp_path))
    enter(path, ("NV_GIAO", UNIT, 3, None))
    (row,), (told,) = looked_at(path, scored)
    assert (row.entry, row.problem, told.code, told.severity) == (None, "A204", "A204", "warning")
    assert "không có căn cứ nên chưa được tính" in message(told)


def test_a_unit_that_does_not_enter_a_figure_cannot_be_given_it(
    blank: Path, scored: Assessment, tmp_path: Path
) -> None:
    measure = next(item for item in scored.edition.plan.measures if item.units and UNIT not in item.units)
    path = Path(shutil.copy(blank, tmp_path))
    enter(path, (measure.code, NAME + " ", 3, WHY))
    (row,), (told,) = looked_at(path, scored)
    assert (row.entry, told.code) == (None, "A113")
    assert measure.name in message(told)


def test_of_two_units_of_one_name_the_code_decides(scored: Assessment, tmp_path: Path) -> None:
    """The list tells them apart; the name alone is nobody's, and the finding says so with the codes to choose from."""
    units = tuple(replace(item, name=NAME) if item.code == "NCC" else item for item in scored.edition.plan.units)
    edition = replace(scored.edition, plan=replace(scored.edition.plan, units=units))
    path = tmp_path / "tham-dinh.xlsx"
    write_appraisals(edition, *scored.scored[1:], (), path, {})
    assert {row["Đơn vị"] for row in rows(path)} == {f"{NAME} ({UNIT})"}
    enter(path, ("NV_GIAO", f"{NAME} ({UNIT})", 1, WHY), ("NV_SOM", "NCC", 1, WHY), ("NV_TRE", NAME, 1, WHY))
    found, told = looked_at(path, replace(scored, edition=edition))
    assert {row.entered[0]: row.unit or row.problem for row in found} == {
        "NV_GIAO": UNIT,
        "NV_SOM": "NCC",
        "NV_TRE": "A116",
    }
    (said,) = told
    assert said.at is not None
    assert (said.code, said.at.sheet) == ("A116", SUPPLIED_SHEET)
    assert f"“{NAME}” là của nhiều đơn vị trong kế hoạch (mã: NCC; {UNIT})" in message(said)


def _copied(sheet: Any) -> None:
    copy = sheet.parent.copy_worksheet(sheet)
    copy.cell(8, 3, 7)


def test_of_two_figures_of_one_name_that_is_meant_which_the_unit_enters(
    blank: Path, scored: Assessment, tmp_path: Path
) -> None:
    name = "Tin, bài, phóng sự về CCHC"
    other = next(item.code for item in scored.edition.plan.measures if item.units and UNIT not in item.units)
    measures = (replace(item, name=name) if item.code == other else item for item in scored.edition.plan.measures)
    plan = replace(scored.edition.plan, measures=tuple(measures))
    path = Path(shutil.copy(blank, tmp_path))
    enter(path, (name, NAME + " ", 3, WHY))
    found, told = looked_at(path, replace(scored, edition=replace(scored.edition, plan=plan)))
    assert ([row.measure for row in found], told) == (["TIN_BAI"], ())


DAMAGE = {
    "a note beside the table": (lambda sheet: sheet.cell(7, 12, "hỏi lại"), "A104"),
    "a note above it": (lambda sheet: sheet.cell(2, 4, "hỏi lại"), "A104"),
    "a grey cell": (lambda sheet: sheet.cell(7, 7, "chị Hoa báo miệng"), "A109"),
    "a heading renamed": (lambda sheet: sheet.cell(HEAD, 3, "Số"), "A102"),
    "the sheet deleted": (lambda sheet: sheet.parent.remove(sheet), "A102"),
    "a copy that says something else": (_copied, "A104"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_cannot_be_carried_on_stops_the_run(blank: Path, scored: Assessment, tmp_path: Path, damage: str) -> None:
    path = Path(shutil.copy(blank, tmp_path))
    book = load_workbook(path)
    change, code = DAMAGE[damage]
    change(book[SUPPLIED_SHEET])
    book.save(path)
    told = [item.code for item in looked_at(path, scored)[1]]
    assert told[0] == code
    assert code in STOPS


def test_a_workbook_of_before_there_was_such_a_sheet_is_read(blank: Path, scored: Assessment, tmp_path: Path) -> None:
    path = Path(shutil.copy(blank, tmp_path))
    book = load_workbook(path)
    del book[SUPPLIED_SHEET]
    del book["_cchc"]
    book.save(path)
    assert looked_at(path, scored) == ((), ())


# --- kept ---

KEPT: tuple[tuple[object, object, object, object], ...] = (
    ("NV_GIAO", UNIT, 3, WHY),
    ("NV_SOM", UNIT, None, "đã gọi, chờ trả lời"),
    ("NV_DUNG", UNIT, "khoảng 3", WHY),
    ("NV_TRE", UNIT, 0.125, WHY),  # shown as 12,5%
    ("DA_BO", "Phòng Đã giải thể", 5, "=HYPERLINK(1)"),
    ("NV_GIAO", "Phòng Đã giải thể", date(2021, 3, 18), True),
    (None, None, None, "ghi chú không có mã"),
)


def test_every_row_that_somebody_filled_in_is_in_the_next_workbook_and_the_one_after(
    blank: Path, scored: Assessment, tmp_path: Path
) -> None:
    path = Path(shutil.copy(blank, tmp_path / "tham-dinh.xlsx"))
    enter(path, *KEPT)
    seen = []
    for _ in range(2):
        found, _ = looked_at(path, scored)
        whole = again(scored, found)
        write_appraisals(scored.edition, whole, score(scored.edition, whole), (), path, {})
        check_written((), path, whole.supplied)
        seen.append(sorted([*map(kept_as, row.entered), row.number_format] for row in found))
    assert len(seen[0]) == len(KEPT)
    assert seen[0] == seen[1]
    listed = rows(path)
    assert len(listed) == len(rows(blank)) + 3, "the rows that the plan does not know stand behind the others"
    assert [row["Căn cứ"] for row in listed[-3:]] == [True, "=HYPERLINK(1)", "ghi chú không có mã"]
    states = {row["Mã"]: row["Tình trạng"] for row in listed if row["Giá trị"] is not None}
    assert states["NV_DUNG"] == "chưa tính: giá trị không dùng được"
    assert states["DA_BO"] == "chưa tính: kế hoạch không có số liệu này"


def test_a_row_that_the_written_workbook_lacks_is_not_let_go(blank: Path) -> None:
    with pytest.raises(AppraisalLostError, match="dòng 6"):
        check_written((), blank, (office("NV_GIAO", "3"),))


# --- it counts as the unit's ---


def test_a_supplied_figure_counts_as_the_units_and_is_told_as_what_it_is(scored: Assessment) -> None:
    before = {total.measure.code: total for total in scored.consolidation.measures}["TIN_BAI"]
    assert (before.waiting, before.value) == ((UNIT,), None)
    whole = again(scored, [office("TIN_BAI", "4")])
    total = {item.measure.code: item for item in whole.measures}["TIN_BAI"]
    assert (total.waiting, total.value) == ((), (before.partial or 0) + 4)
    own = next(entry for entry in total.entries if entry.unit == UNIT)
    assert (own.by, own.reference, own.at.address) == ("office", WHY, "C6")
    leaf = next(item for item in score(scored.edition, whole).scores if item.node.criterion.code == "1.4")
    assert leaf.status == "scored"
    assert [item.unit for item in leaf.inputs if item.by == "office"] == [UNIT]
    assert leaf.basis.endswith(f"; có số liệu bổ sung thay báo cáo của {NAME}")
    assert next(row.status for row in whole.rollcall if row.unit == UNIT) == "missing"


@pytest.mark.parametrize(
    ("own", "given", "counts", "code"),
    [
        (("known", "3"), "3", "", "A301"),  # equal: the unit's stands
        (("known", "5"), "3", "", "A205"),  # another: the unit's counts, and both are named
        (("not_applicable", None), "0", "", "A205"),  # zero is not "không phát sinh"
        (("error", None), "3", "office", ""),  # what cannot be read is no source
        (("missing", None), "3", "office", ""),
    ],
)
def test_two_sources_are_never_chosen_between_silently(
    scored: Assessment, own: tuple[str, str | None], given: str, counts: str, code: str
) -> None:
    state, value = State(own[0]), own[1]
    unit = "VP"
    submissions = [
        replace(
            item.submission,
            figures=tuple(
                replace(one, state=state, value=value and Decimal(value), text=value or "x")
                if one.measure == "TIN_BAI"
                else one
                for one in item.submission.figures
            ),
        )
        if item.submission.unit == unit
        else item.submission
        for item in scored.collected
        if item.submission
    ]
    whole = consolidate(scored.edition, submissions, (), (), supplied=[office("TIN_BAI", given, unit)])
    total = {item.measure.code: item for item in whole.measures}["TIN_BAI"]
    assert next(entry.by for entry in total.entries if entry.unit == unit) == counts
    told = [item for item in whole.findings if item.code.startswith("A")]
    assert [item.code for item in told] == [code] * bool(code)
    if code == "A205":
        assert "2021-Q1_VP.xlsx" in message(told[0])
        assert WHY in message(told[0])
        assert "đang tính theo số của đơn vị" in message(told[0])


def test_who_gave_a_figure_makes_no_appraisal_stale_but_another_figure_does(scored: Assessment) -> None:
    marks = {}
    for value in ("3", "4"):
        whole = again(scored, [office("TIN_BAI", value)])
        marks[value] = current_fingerprints(score(scored.edition, whole), whole)["1.4"]
    own = office("TIN_BAI", "3").entry
    assert own is not None
    sent = [item.submission for item in scored.collected if item.submission]
    late = replace(sent[0], unit=UNIT, form_file="tebdg.xlsx", figures=(replace(own, by=""),), criteria=(), tasks=())
    whole = consolidate(scored.edition, [*sent, late], (), (), supplied=[office("TIN_BAI", "3")])
    assert [item.code for item in whole.findings if item.code.startswith("A")] == ["A301"]
    assert current_fingerprints(score(scored.edition, whole), whole)["1.4"] == marks["3"] != marks["4"]


def test_constraints_hold_for_supplied_figures_too(scored: Assessment) -> None:
    """NV_GIAO = NV_SOM + NV_DUNG + NV_TRE + NV_CHUA, inside one unit: 3 given, none done."""
    given = ["NV_GIAO", "NV_SOM", "NV_DUNG", "NV_TRE", "NV_CHUA"]
    rows = [office(code, "3" if code == "NV_GIAO" else "0", row=6 + place) for place, code in enumerate(given)]
    whole = again(scored, rows)
    broken = [item for item in whole.conflicts if item.unit == UNIT]
    assert [(item.left, item.right) for item in broken] == [(3, 0)]
    assert [(item.code, item.at) for item in whole.findings if item.at == rows[0].at] == [("C101", rows[0].at)]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ((State.KNOWN, "0", "0"), (State.KNOWN, "0.0", "không"), True),
        ((State.KNOWN, "0", "0"), (State.NOT_APPLICABLE, None, "không phát sinh"), False),
        ((State.NOT_APPLICABLE, None, "không áp dụng"), (State.NOT_APPLICABLE, None, "không phát sinh"), True),
        ((State.KNOWN, None, "Tốt"), (State.KNOWN, None, "Khá"), False),
        ((State.NOT_APPLICABLE, None, "không phát sinh"), (State.KNOWN, None, "Tốt"), False),
    ],
)
def test_what_says_the_same(
    one: tuple[State, str | None, str], other: tuple[State, str | None, str], same: bool
) -> None:
    entries = [
        FigureEntry(UNIT, "A", state, value and Decimal(value), text, CellRef(""))
        for state, value, text in (one, other)
    ]
    assert says_same(entries[0], entries[1]) is same


def test_an_incomplete_figure_counts_reports_and_supplied_figures_apart(scored: Assessment) -> None:
    """Eight units enter the figure: VP's is blank, TEBDG's supplied."""
    submissions = [item.submission for item in scored.collected if item.submission and item.submission.unit != "VP"]
    whole = consolidate(scored.edition, submissions, (), (), supplied=[office("TIN_BAI", "4")])
    made = contents(scored.edition, whole, score(scored.edition, whole), (), ())
    detail = next(item for item in made.measure_details if item.code == "TIN_BAI")
    assert of_units(detail) == "06/08 đơn vị và số liệu bổ sung cho 01 đơn vị"


@pytest.mark.parametrize(
    ("figures", "told"),
    [((), "chưa gửi báo cáo"), (("TIN_BAI", "NV_TRE"), "chưa gửi báo cáo, đang tính theo 02 số liệu bổ sung")],
)
def test_the_letter_says_what_counts_meanwhile(scored: Assessment, figures: tuple[str, ...], told: str) -> None:
    whole = again(scored, [office(code, "4") for code in figures])
    made = contents(scored.edition, whole, score(scored.edition, whole), whole.findings, ())
    assert [debt.told for debt in debts(made) if debt.code == UNIT] == [told]


# --- a quarter of the Office ---


def test_a_quarter_in_which_one_unit_sends_late(tmp_path: Path) -> None:
    """TEBDG has not sent; the Office enters 0 and appraises; TEBDG sends the same but for one figure."""
    shutil.copytree(EXAMPLE / "don-vi", tmp_path / "don-vi")
    shutil.copyfile(EXAMPLE / "ke-hoach.xlsx", tmp_path / "ke-hoach.xlsx")
    small_template(tmp_path, "{% for row in roll_rows %}{{ row.units }}{% endfor %}").rename(tmp_path / "report.docx")
    folder = tmp_path / "ket-qua" / "2021-Q1"

    def run() -> Any:
        made = cchc_xl.run(tmp_path / "ke-hoach.xlsx", tmp_path / "don-vi", period="2021-Q1", out=tmp_path / "ket-qua")
        return made.document

    first = run()
    assert not first["index"]["complete"]
    path = folder / "tham-dinh.xlsx"
    owed = [row["Mã"] for row in rows(path)]
    enter(path, *((code, UNIT, 0, WHY) for code in owed))
    _appraise(path, [item["code"] for item in first["criteria"] if item["status"] == "missing"])
    second = run()
    assert second["index"]["complete"]
    entries = [one for item in second["measure_details"] for one in item["entries"] if one["unit"] == UNIT]
    assert [(one["value"], one["supplied"], one["by"], one["file"]) for one in entries] == [
        ("0", True, "office", "tham-dinh.xlsx")
    ] * len(owed)
    assert {one["status"] for one in second["rollcall"] if one["unit"] == UNIT} == {"missing"}
    assert cchc_xl.verify(folder, tmp_path / "don-vi").value == ()
    missing = roll(View(open_result(folder)))["missing"]
    assert missing is not None
    assert missing["units"] == f"{NAME}, tính theo số liệu do Văn phòng Sở bổ sung"
    assert run() == second, "a second run changes nothing"
    lines = "\n".join(cchc_xl.explain(folder, "1.4").lines)
    assert f"{NAME} (do Văn phòng Sở nhập): 0, căn cứ {WHY}  ←  tham-dinh.xlsx › Số liệu bổ sung" in lines
    assert "không có trong kết quả" not in lines, "the appraisal used has its hash"
    figures = load_workbook(folder / "tong-hop.xlsx")["Số liệu"]
    heads = [cell.value for cell in figures[1]]
    told = [dict(zip(heads, row, strict=True)) for row in figures.iter_rows(min_row=2, values_only=True)]
    row = next(row for row in told if row["Mã"] == "TIN_BAI")
    assert (row.get(UNIT, row.get(NAME)), row["Số liệu bổ sung"]) == (0, f"{NAME}: 0 (căn cứ: {WHY})")

    cchc_xl.issue(tmp_path / "ke-hoach.xlsx", period="2021-Q1", to=tmp_path / "bm")
    book = load_workbook(tmp_path / "bm" / f"2021-Q1_{UNIT}.xlsx")
    for cells in book["Số liệu"].iter_rows(min_row=8):
        if cells[0].value in owed:
            cells[3].value = 2 if cells[0].value == "TIN_BAI" else 0
    book.save(tmp_path / "don-vi" / f"2021-Q1_{UNIT}.xlsx")
    third = run()
    told = [
        (item["code"], item["severity"], item["unit"]) for item in third["findings"] if item["code"] in ("A205", "A301")
    ]
    assert sorted(told) == sorted([("A205", "warning", UNIT)] + [("A301", "note", UNIT)] * (len(owed) - 1))
    assert not any(one.get("supplied") for item in third["measure_details"] for one in item["entries"])
    assert third["measures"]["TIN_BAI"] == str(int(second["measures"]["TIN_BAI"]) + 2)
    assert len([row for row in rows(path) if row["Căn cứ"] == WHY]) == len(owed), "what was entered stays"


def test_each_of_many_agencies_has_figures_of_its_own(tmp_path: Path) -> None:
    """XA1 and XA2 leave the files on time blank; 15 of 20 are entered for XA1 alone: 50 * 15/20 = 37,5 points."""
    plan = build(tmp_path, dict.fromkeys(("XA1", "XA2"), ("Đạt", None, 20)))
    points = {}
    for _ in range(2):
        cchc_xl.run(plan, tmp_path / "nop", period=PERIOD, out=tmp_path / "kq")
        for agency in ("XA1", "XA2"):
            made = open_result(tmp_path / "kq" / PERIOD / agency)
            points[agency] = next(item.final_points for item in made.criteria if item.code == "2.1")
        book = load_workbook(tmp_path / "kq" / PERIOD / "XA1" / "tham-dinh.xlsx")
        sheet = book[SUPPLIED_SHEET]
        assert [cell.value for cell in sheet[HEAD + 1]][:2] == ["A_DUNG", "Bộ phận thường trực"]
        sheet.cell(HEAD + 1, 3).value, sheet.cell(HEAD + 1, 4).value = 15, WHY
        book.save(tmp_path / "kq" / PERIOD / "XA1" / "tham-dinh.xlsx")
    assert points == {"XA1": Decimal("37.5"), "XA2": None}
    assert cchc_xl.verify(tmp_path / "kq" / PERIOD / "XA1", tmp_path / "nop" / "UBND xã An Bình").value == ()


def _appraise(path: Path, codes: list[str]) -> None:
    book = load_workbook(path)
    sheet = book["Thẩm định"]
    column = next(cell.column for cell in sheet[HEAD] if cell.value == "Điểm thẩm định lần 1")
    for row in sheet.iter_rows(min_row=HEAD + 1):
        if row[0].value in codes:
            sheet.cell(row[0].row, column).value = 0
    book.save(path)
