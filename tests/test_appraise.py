"""The Office's appraisal: every entry kept from run to run, used, and stale exactly where its inputs changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook

import cchc_xl
from cchc_xl.result import Result
from tests.command import cchc
from tests.conftest import ROOT
from tests.office import convert
from tests.test_report import small_template

EXAMPLE = ROOT / "examples" / "2020-ca-nam"
FIRST, SECOND = "Điểm thẩm định lần 1", "Điểm thẩm định lần 2"
HEAD = 5


class Office:
    """A department's folder and result, as the Office works on them."""

    def __init__(self, home: Path) -> None:
        self.forms = home / "don-vi"
        self.plan = home / "ke-hoach.xlsx"
        self.out = home / "ket-qua"
        self.sheet = self.out / "2020-N" / "tham-dinh.xlsx"

    def run(self, *, dry: bool = False) -> Result:
        return cchc_xl.run(self.plan, self.forms, period="2020-N", out=self.out, dry_run=dry)

    def enter(self, *entries: tuple[str, str, object]) -> None:
        """Types (criterion, heading, value) into the appraisal workbook."""
        book = load_workbook(self.sheet)
        sheet = book["Thẩm định"]
        columns = {cell.value: cell.column for cell in sheet[HEAD]}
        rows = {row[0].value: row[0].row for row in sheet.iter_rows(min_row=HEAD + 1)}
        for code, heading, value in entries:
            sheet.cell(rows[code], columns[heading]).value = value
        book.save(self.sheet)

    def rows(self) -> dict[str, dict[str, object]]:
        """The appraisal workbook by criterion and heading."""
        sheet = load_workbook(self.sheet)["Thẩm định"]
        headings = [cell.value for cell in sheet[HEAD]]
        rows = sheet.iter_rows(min_row=HEAD + 1, values_only=True)
        return {str(row[0]): dict(zip(headings, row, strict=True)) for row in rows}

    def type_figures(self, unit: str, **figures: object) -> None:
        """The unit sends its workbook again with these figures."""
        path = self.forms / f"2020-N_{unit}.xlsx"
        book = load_workbook(path)
        for row in book["Số liệu"].iter_rows(min_row=8):
            if row[0].value in figures:
                row[3].value = figures[row[0].value]
        book.save(path)


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The department's folder, with a short report of its own, after its first run; not to be changed."""
    home = tmp_path_factory.mktemp("tham-dinh")
    small_template(home, "{{ index.percent }}").rename(home / "report.docx")
    shutil.copytree(EXAMPLE / "don-vi", home / "don-vi")
    shutil.copyfile(EXAMPLE / "ke-hoach.xlsx", home / "ke-hoach.xlsx")
    Office(home).run()
    return home


@pytest.fixture
def office(first_run: Path, tmp_path: Path) -> Office:
    return Office(shutil.copytree(first_run, tmp_path, dirs_exist_ok=True))


def findings(result: Result) -> list[tuple[str, str | None]]:
    return [(item.code, item.criterion) for item in result.findings if item.code.startswith("A")]


def test_appraised_points_are_used_and_the_computed_ones_kept(office: Office) -> None:
    office.enter(("3.3.2", FIRST, 1.5), ("1.7", FIRST, "0,25"), ("1.7", "Ý kiến lần 1", "Chưa đủ danh mục"))
    result = office.run(dry=True)
    told = {item["code"]: item for item in result.document["criteria"]}
    shown = {
        code: (told[code]["points"], told[code]["appraised_points"], told[code]["final_points"])
        for code in ("3.3.2", "1.7")
    }
    assert shown == {"3.3.2": ("0", "1.5", "1.5"), "1.7": ("0.5", "0.25", "0.25")}
    # 74,12 + 1,5 - 0,25
    assert result.document["index"]["percent"] == "75.37"
    assert (told["3.3"]["points"], told["3.3"]["final_points"]) == ("3", "4.5")
    assert told["1.7"]["appraisal"]["Ý kiến lần 1"] == "Chưa đủ danh mục"
    assert findings(result) == []


def test_exactly_the_touched_rows_become_stale_and_every_entry_is_kept(office: Office) -> None:
    office.enter(*((code, FIRST, 1) for code in office.rows() if code != "1.1.1"), ("1.1.1", "Ý kiến lần 1", "Đạt"))
    office.run()
    before = office.rows()
    office.type_figures("GDNN", TTHC_DONGIAN=3, TTHC_GIUNGUYEN=7)
    result = office.run()
    # TTHC_DONGIAN is scored only by 3.3.2; TTHC_GIUNGUYEN by none.
    assert findings(result) == [("A201", "3.3.2")]
    after = office.rows()
    kept = (FIRST, "Ý kiến lần 1")
    assert {code: [row[name] for name in kept] for code, row in after.items()} == {
        code: [row[name] for name in kept] for code, row in before.items()
    }
    states = {code for code, row in after.items() if "xem lại" in str(row["Tình trạng"])}
    assert states == {"3.3.2"}
    assert findings(office.run(dry=True)) == [("A201", "3.3.2")], "stale until somebody looks at it"


@pytest.mark.parametrize("renewal", [("3.3.2", "Xác nhận lại (x)", "x"), ("3.3.2", FIRST, 2)])
def test_looking_at_a_stale_row_renews_it(office: Office, renewal: tuple[str, str, object]) -> None:
    office.enter(("3.3.2", FIRST, 1.5))
    office.run()
    office.type_figures("GDNN", TTHC_DONGIAN=3, TTHC_GIUNGUYEN=7)
    assert findings(office.run()) == [("A201", "3.3.2")]
    office.enter(renewal)
    assert findings(office.run()) == []
    assert findings(office.run(dry=True)) == []


def test_two_rounds_with_the_unit_s_explanation_between(office: Office) -> None:
    office.enter(
        ("4.1.2", FIRST, 0), ("4.1.2", "Ý kiến lần 1", "Chưa điều động"), ("4.1.2", "Minh chứng lần 1", "Chưa đạt")
    )
    assert office.run().document["index"]["percent"] == "74.12"
    office.enter(("4.1.2", "Giải trình của đơn vị", "Đã điều động từ 01/11/2020"))
    assert office.run().document["index"]["percent"] == "74.12"
    office.enter(("4.1.2", SECOND, 3), ("4.1.2", "Người thẩm định lần 2", "Tổ thẩm định"))
    result = office.run()
    assert result.document["index"]["percent"] == "77.12"
    row = office.rows()["4.1.2"]
    assert [row[name] for name in (FIRST, "Giải trình của đơn vị", SECOND, "Người thẩm định lần 2")] == [
        *(0, "Đã điều động từ 01/11/2020"),
        *(3, "Tổ thẩm định"),
    ]


def test_what_is_done_is_counted_and_round_two_opens_after_round_one(office: Office, tmp_path: Path) -> None:
    """37 criteria and a bonus: the columns of the second round open when all criteria have points, without the bonus."""

    def above(path: Path) -> list[object]:
        return [load_workbook(path, data_only=True)["Thẩm định"].cell(row, 12).value for row in (1, 2, 3, 4)]

    def hidden() -> set[bool]:
        sheet = load_workbook(office.sheet)["Thẩm định"]
        return {sheet.column_dimensions[letter].hidden for letter in "NOPQR"}

    assert (above(office.sheet), hidden()) == (["0/37", 37, "0/1", 0], {True})
    office.enter(("4.1.2", FIRST, 3), ("1.7", FIRST, 0.25))
    assert above(convert(office.sheet, "xlsx", tmp_path / "tinh")) == ["2/37", 35, "0/1", 3.25]
    office.run()
    assert (above(office.sheet), hidden()) == (["2/37", 35, "0/1", 3.25], {True})
    office.enter(*((code, FIRST, 0) for code in office.rows() if code not in ("4.1.2", "1.7", "1.5.1")))
    office.run()
    assert (above(office.sheet), hidden()) == (["37/37", 0, "0/1", 3.25], {False})


@pytest.mark.parametrize(
    ("code", "points"),
    [
        ("4.1.2", 9),  # above the maximum of 3
        ("1.7", 0.3),  # not a step of 0,25
        ("1.6", -1),
        ("1.6", "một"),
        ("1.6", "1.250"),  # thousands or decimals?
        ("1.6", "1 điểm (tạm)"),
    ],
)
def test_points_the_rule_does_not_allow_are_an_error_and_are_kept(office: Office, code: str, points: object) -> None:
    office.enter((code, FIRST, points))
    result = office.run()
    assert findings(result) == [("A101", code)]
    assert result.document["index"]["percent"] == "74.12"
    assert office.rows()[code][FIRST] == points


def test_a_percentage_is_no_number_of_points(office: Office) -> None:
    office.enter(("4.1.2", FIRST, 0.5))
    book = load_workbook(office.sheet)
    sheet = book["Thẩm định"]
    row = next(row for row in sheet.iter_rows(min_row=HEAD + 1) if row[0].value == "4.1.2")
    next(cell for cell, head in zip(row, sheet[HEAD], strict=True) if head.value == FIRST).number_format = "0%"
    book.save(office.sheet)
    assert findings(office.run(dry=True)) == [("A101", "4.1.2")]


def test_an_entry_of_a_criterion_that_left_the_plan_is_kept(office: Office) -> None:
    office.enter(("5.2", FIRST, 1), ("5.2", "Ý kiến lần 1", "Giữ lại"))
    book = load_workbook(office.plan)
    sheet = book["Bộ chỉ số"]
    sheet.delete_rows(next(row[0].row for row in sheet.iter_rows() if row[0].value == "5.2"))
    book.save(office.plan)
    for _ in range(2):
        assert ("A202", "5.2") in findings(office.run())
        assert [office.rows()["5.2"][name] for name in (FIRST, "Ý kiến lần 1")] == [1, "Giữ lại"]


def test_what_the_office_typed_as_text_stays_text(office: Office) -> None:
    office.enter(
        ("1.2", "Ý kiến lần 1", "'=1+1"), ("1.3", "Ý kiến lần 1", "@cần xem"), ("1.4", "Ngày lần 1", "05/3/2021")
    )
    office.run()
    rows = office.rows()
    assert [rows["1.2"]["Ý kiến lần 1"], rows["1.3"]["Ý kiến lần 1"], rows["1.4"]["Ngày lần 1"]] == [
        *("'=1+1", "@cần xem"),
        "05/3/2021",
    ]


def test_libreoffice_saves_the_appraisal_without_loss(office: Office, tmp_path: Path) -> None:
    office.enter(("3.3.2", FIRST, 1.5), ("3.3.2", "Ý kiến lần 1", "Đồng ý"))
    shutil.copyfile(convert(office.sheet, "xlsx", tmp_path / "lo"), office.sheet)
    result = office.run(dry=True)
    assert result.document["index"]["percent"] == "75.62"
    assert findings(result) == []


@pytest.mark.parametrize("damage", ["open", "broken", "headings"])
def test_an_open_or_unreadable_appraisal_stops_the_run_and_is_never_replaced(office: Office, damage: str) -> None:
    office.enter(("3.3.2", FIRST, 1.5))
    if damage == "open":
        office.sheet.with_name("~$tham-dinh.xlsx").write_bytes(b"\x05lock")
    elif damage == "broken":
        office.sheet.write_bytes(office.sheet.read_bytes()[:3000])
    else:
        book = load_workbook(office.sheet)
        book["Thẩm định"].delete_rows(HEAD)
        book.save(office.sheet)
    before = office.sheet.read_bytes()
    done = cchc("run", office.plan, office.forms, "--period", "2020-N", "--out", office.out)
    assert done.returncode == 2
    assert "tham-dinh.xlsx" in done.stderr
    assert office.sheet.read_bytes() == before


def test_the_last_five_versions_are_kept(office: Office) -> None:
    for number in range(7):
        office.enter(("1.2", "Ý kiến lần 1", f"lần {number}"))
        book = load_workbook(office.sheet)
        book.properties.modified = book.properties.modified.replace(year=2030 + number)
        book.save(office.sheet)
        office.run()
    kept = sorted((office.sheet.parent / "tham-dinh-cu").iterdir())
    assert len(kept) == 5
    texts = []
    for path in kept:
        sheet = load_workbook(path)["Thẩm định"]
        headings = [cell.value for cell in sheet[HEAD]]
        row = next(row for row in sheet.iter_rows(min_row=HEAD + 1, values_only=True) if row[0] == "1.2")
        texts.append(row[headings.index("Ý kiến lần 1")])
    assert texts == [f"lần {number}" for number in range(2, 7)]


def test_evidence_links_lead_to_the_file(office: Office) -> None:
    cell = next(
        row[7]
        for row in load_workbook(office.sheet)["Thẩm định"].iter_rows(min_row=HEAD + 1)
        if row[0].value == "1.1.1"
    )
    assert cell.hyperlink
    target = (office.sheet.parent / cell.hyperlink.target.replace("\\", "/")).resolve()
    assert target == (office.forms / "minh-chung" / "ke-hoach-cchc.txt").resolve()
