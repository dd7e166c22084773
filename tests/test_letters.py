"""Letters as an office sends them: who is written to, in which words, with what enclosed, and that they are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document

import cchc_xl
from cchc_xl.office.word.decree import check_document
from cchc_xl.papers.context import Told
from cchc_xl.papers.issue_letters import render_assignment, render_covering
from cchc_xl.papers.letters import MOST_NAMED, Enclosed, blanks, debts, render_letters, said_of_letters
from cchc_xl.pipeline import edition_of, open_plan
from cchc_xl.pipeline.jobs import template_path
from cchc_xl.records import Edition
from cchc_xl.result.contents import Contents, NamedUnit
from tests.conftest import ROOT
from tests.plans import DEFAULTS, load
from tests.results import completed
from tests.test_report import LDVL, TCKT, UNITS, VP, sample
from tests.unit_forms import PERIOD, build_plan, form, full_folder, plan_with

TEMPLATE = template_path("reminder.docx")
NAME = UNITS[LDVL]
CONTACT = "Nguyễn Văn Bình, điện thoại 0277.3851.234"


def roll(unit: str, status: str) -> dict[str, Any]:
    sent = None if status == "missing" else "2020-12-12T02:00:00+00:00"
    file = None if sent is None else f"{unit}.xlsx"
    return {"unit": unit, "status": status, "file": file, "sent": sent, "sent_from": "", "superseded": []}


def wrong(unit: str, code: str, severity: str, count: int) -> list[dict[str, Any]]:
    """Findings in cells of the unit's file, with words that no letter may hold."""
    said = {"message": "NV_GIAO: “ba” không phải là số", "fix": "Nhập số ở D9.", "unit": None, "criterion": None}
    at = ({"file": f"{unit}.xlsx", "sheet": "Số liệu", "cell": f"D{row}"} for row in range(30, 30 + count))
    return [{"code": code, "severity": severity, **said, **one} for one in at]


def result(*rolls: tuple[str, str], findings: tuple[tuple[str, str, str, int], ...] = (), **settings: Any) -> Contents:
    """The sample with these units called; no figure is waited for but the one that ``TCKT`` owes."""
    document = sample()
    document["rollcall"] = [roll(*one) for one in rolls]
    document["findings"] = [item for one in findings for item in wrong(*one)]
    document["settings"] |= {"compiling_unit": UNITS[VP], **settings}
    return completed(document)


def read(content: bytes) -> str:
    """Everything that stands in it, tables behind the paragraphs."""
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    text = "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
    return " ".join(text.replace("\xa0", " ").split(" "))


def only(contents: Contents, enclosed: dict[str, Enclosed] | None = None) -> str:
    """The one letter."""
    ((name, content),) = render_letters(Told.of(contents), TEMPLATE, enclosed)
    assert name == "cong-van"
    assert [item.code for item in check_document(Path("cong-van.docx"), content) if item.severity != "note"] == []
    return read(content)


ERRORS = (LDVL, "D101", "error", 18)
# What one unit owes; what the letter to it alone says, and what it does not.
ALONE: list[tuple[str, str, tuple[Any, ...], list[str], list[str]]] = [
    ("has not filed", "missing", (), ["V/v đôn đốc gửi báo cáo", f"chưa nhận được báo cáo của {NAME}", "biểu mẫu đã giao"], ["thời hạn trong các kỳ", "sửa"]),
    ("cannot be read", "unreadable", (ERRORS,), ["V/v đề nghị gửi lại báo cáo", "tệp không mở được", "A.xlsx (nội dung cần sửa)"], ["18"]),
    ("errors", "submitted", (ERRORS,), ["V/v đề nghị sửa, bổ sung báo cáo", "còn 18 nội dung phải sửa. Đề nghị đơn vị sửa, bổ sung theo tệp kèm theo và gửi lại.", "Tệp kèm theo: A.xlsx (bản đánh dấu)."], ["sau thời hạn", "đúng thời hạn"]),
    ("errors, late, questions", "late", (ERRORS, (LDVL, "C201", "warning", 2)), ["gửi ngày 12/12/2020 sau thời hạn, còn 18 nội dung phải sửa; 02 nội dung cần kiểm tra lại"], ["rút kinh nghiệm"]),
    ("about whose file it is", "submitted", ((LDVL, "U202", "error", 1), ERRORS), ["còn 18 nội dung phải sửa"], ["19"]),
    ("two files, none counts", "submitted", ((LDVL, "U108", "error", 1),), ["còn 01 nội dung phải sửa"], []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "findings", "said", "unsaid"), [row[1:] for row in ALONE], ids=[r[0] for r in ALONE]
)
def test_the_letter_to_one_unit(status: str, findings: tuple[Any, ...], said: list[str], unsaid: list[str]) -> None:
    text = only(result((LDVL, status), findings=findings), {LDVL: Enclosed(("A.xlsx",) if findings else ())})
    assert [word for word in (*said, f"Kính gửi: {NAME}.", "- Như trên;", "- Lưu: VT, VP.") if word not in text] == []
    # No words of the catalogue, no cell, no code, no file of the clerk's own, no reprimand, no table of one row.
    never = ("NV_GIAO", "không phải là số", "D9", "D30", f"{LDVL}.xlsx", "chấn chỉnh", "Tệp kèm theo\n")
    assert [word for word in (*unsaid, *never) if word in text] == []


QUIET = [
    ("right", ((LDVL, "submitted"),), ()),
    ("questions only", ((LDVL, "submitted"),), ((LDVL, "C201", "warning", 2),)),
    ("late, else right", ((LDVL, "late"),), ()),
    ("late, with questions only", ((LDVL, "late"),), ((LDVL, "C201", "warning", 2),)),
]


@pytest.mark.parametrize(("rolls", "findings"), [row[1:] for row in QUIET], ids=[row[0] for row in QUIET])
def test_nobody_is_written_to_who_owes_nothing(rolls: Any, findings: Any) -> None:
    contents = result(*rolls, findings=findings)
    assert [*render_letters(Told.of(contents), TEMPLATE), *render_letters(Told.of(contents), TEMPLATE, each=True)] == []
    late = [f"Gửi sau thời hạn nhưng đã đủ, không ghi vào công văn đôn đốc: {NAME}."]
    said = ["Không có công văn đôn đốc: không đơn vị nào còn phải gửi, sửa, bổ sung báo cáo."]
    assert [*said_of_letters(contents)] == said + late * (rolls[0][1] == "late")


def test_one_letter_to_all_with_a_table_of_numbers() -> None:
    contents = result((TCKT, "submitted"), (LDVL, "missing"), contact=CONTACT, resend_due="2020-12-15")
    text = only(contents, {TCKT: Enclosed((), "TCKT.xlsx", levels=2)})
    rows = text.partition("TT\n")[2].split("\n")
    assert rows[3:11] == [
        *("1", UNITS[TCKT], "Thiếu 01 số liệu; thiếu mức đạt của 02 tiêu chí", "TCKT.xlsx (phiếu bổ sung)"),
        *("2", NAME, "Chưa gửi báo cáo", "–"),
    ]
    for said in (
        "V/v đôn đốc gửi, hoàn thiện báo cáo kết quả thực hiện năm 2020",
        f"- {UNITS[TCKT]};",
        "Thực hiện Kế hoạch số 15/KH-SLĐTBXH ngày 05/02/2020 về cải thiện Chỉ số cải cách hành chính năm 2020",
        "chậm nhất ngày 10/12/2020",
        "Đến nay còn 01 đơn vị chưa gửi báo cáo, 01 đơn vị đã gửi báo cáo nhưng còn nội dung phải sửa, bổ sung, cụ thể:",
        f"Đề nghị {NAME} nhập đủ biểu mẫu đã giao, gửi báo cáo cùng tài liệu kiểm chứng.",
        f"Đề nghị {UNITS[TCKT]} nhập, gửi phiếu bổ sung kèm theo, không phải gửi lại báo cáo đã gửi.",
        f"về Văn phòng Sở chậm nhất ngày 15/12/2020 để kịp tổng hợp; liên hệ: {CONTACT}./.",
    ):
        assert said in text, said


def test_who_has_sent_all_is_not_written_to_for_having_been_late() -> None:
    """A letter that asks others to send is nothing to who has sent; the run says who was late."""
    contents = result((TCKT, "missing"), (VP, "submitted"), (LDVL, "late"))
    assert NAME not in only(contents)
    assert f"Kính gửi: {UNITS[TCKT]}." in only(contents)
    assert f"Gửi sau thời hạn nhưng đã đủ, không ghi vào công văn đôn đốc: {NAME}." in [*said_of_letters(contents)]


# What the plan does not say and the letter shows blank; what the run says of it. The sample names a signer.
BLANKS: list[tuple[dict[str, Any], list[str]]] = [
    ({"contact": CONTACT, "resend_due": "2020-12-15"}, []),
    ({"contact": CONTACT}, ["Hạn gửi lại"]),
    ({"contact": CONTACT, "resend_due": "2020-12-09"}, ["Hạn gửi lại"]),  # before the period's own
    ({"contact": " ", "resend_due": "2020-12-15"}, ["Liên hệ"]),
    ({"signer": ""}, ["Người ký đôn đốc", "Hạn gửi lại", "Liên hệ"]),
    ({"signer": "", "letter_signer": "Trần Thị Cúc", "letter_title": "Chánh Văn phòng"}, ["Hạn gửi lại", "Liên hệ"]),
]


@pytest.mark.parametrize(("settings", "blank"), BLANKS)
def test_the_run_says_what_is_left_to_be_written_into_the_letter(settings: dict[str, Any], blank: list[str]) -> None:
    contents = result((LDVL, "missing"), **settings)
    assert [one.setting for one in blanks(contents) if one.of_letter] == blank
    named = ", ".join(f"“{one}”" for one in blank)
    told = f"Công văn đôn đốc còn chỗ trống vì kế hoạch chưa có mục {named}: điền ở kế hoạch › Cài đặt"
    assert [one.partition(" rồi chạy lại")[0] for one in said_of_letters(contents)] == [told] * bool(blank)
    # Where nobody is written to, nothing of a letter is blank.
    assert [one for one in blanks(result((LDVL, "submitted"), **settings)) if one.of_letter] == []


# The deadline of the plan's setting, where it is after the period's own (10/12/2020); else a blank to write in.
BLANK = "chậm nhất ngày       tháng       năm 2020"
DEADLINES = [(None, BLANK), ("2020-12-10", BLANK), ("2019-12-31", BLANK), ("2020-12-11", "chậm nhất ngày 11/12/2020")]


@pytest.mark.parametrize(("setting", "said"), DEADLINES)
def test_the_deadline_is_that_of_the_plan_or_left_to_be_written_in(setting: str | None, said: str) -> None:
    assert f"Báo cáo gửi về Văn phòng Sở {said} để kịp tổng hợp./." in only(
        result((LDVL, "missing"), resend_due=setting)
    )


def test_a_deadline_that_the_plan_does_not_give_is_left_to_be_written_in(first: Edition) -> None:
    """ "theo thời hạn quy định" says nothing: nobody has set one."""
    text = read(
        render_covering(replace(first, period=replace(first.period, due=None)), template_path("covering.docx")) or b""
    )
    assert "3. Thời hạn: chậm nhất ngày tháng năm 2021." in " ".join(text.split())
    text = only(replace(result((LDVL, "missing")), due=None))
    assert "các đơn vị gửi báo cáo kết quả thực hiện năm 2020." in text
    assert "thời hạn quy định" not in text


def test_number_and_day_of_the_plan_are_left_to_be_written_in() -> None:
    text = only(result((LDVL, "missing"), plan_number="", plan_date=None))
    assert "Kế hoạch số /KH-SLĐTBXH ngày tháng năm 2020 về cải thiện" in " ".join(text.split())


def test_letters_have_a_signer_of_their_own() -> None:
    own = {"letter_authority": "TL. Giám đốc", "letter_title": "Chánh Văn phòng", "letter_signer": "Trần Thị Cúc"}
    text = only(result((LDVL, "missing"), **own))
    assert "TL. GIÁM ĐỐC\nCHÁNH VĂN PHÒNG" in text
    assert "Trần Thị Cúc" in text
    assert "Phạm Việt Công" not in text


def test_the_unit_that_compiles_is_told_of_but_not_written_to() -> None:
    """What it owes is for whoever runs it."""
    contents = result((VP, "submitted"), (LDVL, "missing"), findings=((VP, "D101", "error", 3),))
    assert [debt.code for debt in debts(contents)] == [VP, LDVL]
    assert UNITS[VP] not in only(contents).partition("Thực hiện")[0]
    told = "Văn phòng Sở là bộ phận tổng hợp, không ghi vào công văn đôn đốc: 03 nội dung phải sửa."
    assert told in [*said_of_letters(contents)]
    alone = result((VP, "missing"), (LDVL, "submitted"))
    assert list(render_letters(Told.of(alone), TEMPLATE)) == []


@pytest.mark.parametrize(("count", "by_list"), [(2, False), (MOST_NAMED, False), (MOST_NAMED + 1, True), (40, True)])
def test_many_units_are_a_list_on_the_following_page(count: int, by_list: bool) -> None:
    contents = result((LDVL, "missing"))
    names = {f"U{number}": f"Phòng Đô thị, hạ tầng và xây dựng số {number}" for number in range(count)}
    rolls = (replace(contents.rollcall[0], unit=code) for code in names)
    units = tuple(NamedUnit(code, name, "") for code, name in names.items())
    text = only(replace(contents, units=units, rollcall=tuple(rolls)))
    assert ("Kính gửi: Các đơn vị có tên trong danh sách kèm theo." in text) == by_list
    assert ("DANH SÁCH ĐƠN VỊ" in text) == by_list
    assert "\n1\nPhòng Đô thị, hạ tầng và xây dựng số 0\nChưa gửi báo cáo" in text
    assert all(text.count(f"{name}\n") + text.count(f"{name};") + text.count(f"{name}.") for name in names.values())


def test_one_to_each_in_the_same_words() -> None:
    contents = result((TCKT, "missing"), (LDVL, "submitted"), findings=(ERRORS,))
    made = {name: read(content) for name, content in render_letters(Told.of(contents), TEMPLATE, each=True)}
    assert [*made] == [TCKT, LDVL]
    assert "còn 18 nội dung phải sửa" in made[LDVL]
    assert UNITS[TCKT] not in made[LDVL]


def test_who_sent_an_own_appendix_is_asked_for_the_small_form_only() -> None:
    text = only(result((TCKT, "submitted")), {TCKT: Enclosed((), "TCKT.xlsx", levels=2)})
    assert "còn thiếu 01 số liệu; thiếu mức đạt của 02 tiêu chí. Đề nghị đơn vị nhập, gửi phiếu bổ sung" in text


def test_each_kind_of_several_units_is_asked_in_its_own_words() -> None:
    """Two units of each kind, and two of one name, which their codes tell apart."""
    contents = result(
        *((f"U{number}", status) for number, status in enumerate(("missing", "unreadable", "submitted") * 2))
    )
    units = tuple(NamedUnit(row.unit, f"Phòng {row.status}", "") for row in contents.rollcall)
    found = tuple(
        item
        for one in ("U2", "U5")
        for item in result((one, "submitted"), findings=((one, "D101", "error", 2),)).findings
    )
    text = only(replace(contents, units=units, findings=found), {"U2": Enclosed(("U2.xlsx",))})
    for said in (
        "- Phòng missing (U0);",
        "Đề nghị các đơn vị chưa gửi báo cáo nhập đủ biểu mẫu đã giao, gửi báo cáo cùng tài liệu kiểm chứng.",
        "Đề nghị các đơn vị đã gửi tệp không mở được gửi lại báo cáo theo biểu mẫu đã giao.",
        "Đề nghị các đơn vị còn nội dung phải sửa thực hiện theo tệp kèm theo và gửi lại.",
    ):
        assert said in text, said


def test_a_name_of_two_hundred_letters_keeps_the_form() -> None:
    contents = result((LDVL, "missing"), (TCKT, "missing"))
    name = f"Trung tâm {'Đào tạo, bồi dưỡng và Hỗ trợ việc làm ' * 5}"[:200].strip()
    units = tuple(replace(unit, name=name) if unit.code == LDVL else unit for unit in contents.units)
    assert f"- {name};" in only(replace(contents, units=units))  # ``only`` asks the checker of the decree


def test_only_what_can_be_mended_is_mended() -> None:
    """A file that cannot be opened is sent once more, by the form; nobody is asked to mend what is not enclosed."""
    text = only(result((TCKT, "unreadable"), (LDVL, "submitted"), findings=(ERRORS,)))
    assert f"Đề nghị {UNITS[TCKT]} gửi lại báo cáo theo biểu mẫu đã giao." in text
    assert f"Đề nghị {NAME} sửa, bổ sung và gửi lại." in text


# --- of a run ---


def test_a_run_writes_the_letter_and_says_what_the_compiling_unit_owes(tmp_path: Path) -> None:
    """The letter names the marked copy that lies in the same result."""
    plan = plan_with(tmp_path / "plan.xlsx", {"Cài đặt!A5": "Bộ phận tổng hợp", "Cài đặt!B5": "LD"})
    sent = full_folder(plan, tmp_path / "don-vi")
    form(sent, "LD").unlink()
    form(sent, "NCC").write_bytes(b"PK\x03\x04 hong")
    made = cchc_xl.run(plan, sent, period=PERIOD, out=tmp_path / "ra", letters="one")
    home = Path(made.folder or "")
    text = read((home / "don-doc" / "cong-van.docx").read_bytes())
    assert "NCC.xlsx (nội dung cần sửa)" in text
    assert (home / "phan-hoi" / "NCC.xlsx").is_file()
    assert any("là bộ phận tổng hợp, không ghi vào công văn đôn đốc: chưa gửi báo cáo." in one for one in made.notices)


# --- with the forms ---

PLAN = ROOT / "templates" / "plan_template.xlsx"


@pytest.fixture(scope="module")
def first() -> Edition:
    return edition_of(open_plan(PLAN), "2021-Q1")


def test_the_letter_with_the_forms_says_what_by_when_and_where(first: Edition) -> None:
    content = render_covering(first, template_path("covering.docx")) or b""
    assert [item.code for item in check_document(Path("a.docx"), content) if item.severity != "note"] == []
    text = read(content)
    for said in (
        "V/v báo cáo kết quả cải thiện Chỉ số CCHC quý I năm 2021",
        "- Trung tâm Dịch vụ việc làm.",
        "1. Nội dung: kết quả thực hiện các tiêu chí, số liệu được giao, từ ngày 15/12/2020 đến hết ngày 14/3/2021",
        "2. Biểu mẫu: tệp Excel gửi kèm Công văn này, mỗi đơn vị một tệp.",
        "3. Thời hạn: chậm nhất ngày 20/3/2021.",
        "4. Báo cáo gửi về Văn phòng Sở.",
    ):
        assert said in text, said
    assert "- Văn phòng Sở;" not in text  # it sends the letter


def test_the_letter_that_assigns_the_year_has_units_and_all_closing_dates(first: Edition) -> None:
    content = render_assignment(first, template_path("assignment.docx")) or b""
    assert [item.code for item in check_document(Path("a.docx"), content) if item.severity != "note"] == []
    _, _, work, periods, _ = Document(BytesIO(content)).tables
    rows = [[cell.text for cell in row.cells] for row in work.rows[1:]]
    assert [row[1] for row in rows] == [unit.name for unit in first.plan.units]
    # By hand: of the field "Công tác chỉ đạo điều hành" the Office leads all eight criteria, 1.1 to 1.8.
    led = [node for node in first.leaves if "VP" in node.lead]
    assert (rows[0][3], len(led)) == ("21", 21)
    assert rows[0][2].startswith("Công tác chỉ đạo điều hành CCHC (08); ")
    # The units' numbers add up to more than the index has criteria: the letter says what it counts, for the report counts otherwise.
    assert (
        "Số tiêu chí đếm theo từng dòng đơn vị chủ trì trên biểu mẫu, gồm cả tiêu chí điểm thưởng; tiêu chí do nhiều "
        "đơn vị chủ trì tính ở từng đơn vị." in read(content)
    )
    assert [[cell.text for cell in row.cells][::3] for row in periods.rows[1:]] == [
        ["Quý I năm 2021", "20/3/2021"],
        ["6 tháng đầu năm 2021", "20/6/2021"],
        ["Quý III năm 2021", "20/9/2021"],
        ["Năm 2021", "20/12/2021"],
    ]


def test_where_nobody_else_is_there_no_letter_goes_out(first: Edition) -> None:
    alone = replace(first, plan=replace(first.plan, units=first.plan.units[:1]))
    assert render_covering(alone, template_path("covering.docx")) is None
    assert render_assignment(alone, template_path("assignment.docx")) is None


def test_many_agencies_stand_in_a_list_with_their_folders(first: Edition) -> None:
    agencies = [(f"Ủy ban nhân dân xã {number}", f"X{number}") for number in range(MOST_NAMED + 1)]
    text = read(render_covering(first, template_path("covering.docx"), agencies) or b"")
    assert "Kính gửi: Các đơn vị có tên trong danh sách kèm theo." in text
    assert "mỗi cơ quan, đơn vị một thư mục" in text
    assert "13\nỦy ban nhân dân xã 12\nX12" in text


def letters_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.docx"))


BOTH = ["cong-van-giao-bieu-mau.docx", "cong-van-phan-cong.docx"]


def test_the_year_s_letter_comes_with_its_first_forms_only(tmp_path: Path) -> None:
    assert [path.name for path in cchc_xl.issue(PLAN, tmp_path / "q1", period="2021-Q1").letters] == BOTH
    assert letters_in(tmp_path / "q1") == BOTH
    later = cchc_xl.issue(PLAN, tmp_path / "n", period="2021-N")
    assert letters_in(tmp_path / "n") == BOTH[:1]
    assert later.notice == ""


def test_a_letter_that_is_there_already_stays_and_the_new_one_stands_beside(tmp_path: Path) -> None:
    cchc_xl.issue(PLAN, tmp_path, period="2021-Q1")
    before = [path.stat().st_mtime_ns for path in sorted(tmp_path.glob("*.docx"))]
    again = cchc_xl.issue(PLAN, tmp_path, period="2021-Q1")
    assert (again.notice, letters_in(tmp_path)) == ("", BOTH)
    assert [path.stat().st_mtime_ns for path in sorted(tmp_path.glob("*.docx"))] == before
    edited = tmp_path / BOTH[0]
    document = Document(str(edited))
    document.add_paragraph("Sửa tay")
    document.save(str(edited))
    for _ in range(2):  # a copy of ours that stands beside already is not written once more
        told = cchc_xl.issue(PLAN, tmp_path, period="2021-Q1")
        assert "Sửa tay" in read(edited.read_bytes())
        assert len(letters_in(tmp_path)) == 3
    assert told.letters[0].name.startswith("cong-van-giao-bieu-mau (mới ")


def test_a_letter_beside_the_forms_is_nobody_s_report(tmp_path: Path) -> None:
    plan = build_plan(tmp_path / "plan.xlsx")
    sent = full_folder(plan, tmp_path / "don-vi")
    before = cchc_xl.check(plan, sent, period=PERIOD).result
    assert letters_in(sent) == []
    assert cchc_xl.issue(plan, sent, period=PERIOD).letters
    after = cchc_xl.check(plan, sent, period=PERIOD).result
    told = {
        source.file: (source.verdict, source.reason) for source in after.contents.sources if "cong-van" in source.file
    }
    assert set(told.values()) == {("ignored", "kết quả do cchc-xl lập")}
    assert [item.code for item in after.findings] == [item.code for item in before.findings]


def test_a_template_for_a_letter_to_each_unit_is_told_what_to_do_about(tmp_path: Path) -> None:
    """Everybody who has ever copied the templates has it beside the plan."""
    plan = build_plan(tmp_path / "plan.xlsx")
    document = Document()
    document.add_paragraph("Kính gửi: {{ reminder.name }}.")
    document.save(str(tmp_path / "reminder.docx"))
    with pytest.raises(
        cchc_xl.CannotRunError, match=r"reminder\.docx theo bản cũ.*hãy chuyển tệp đó sang thư mục khác"
    ):
        cchc_xl.run(plan, tmp_path, period=PERIOD)


def test_the_setting_is_read_from_the_plan(tmp_path: Path) -> None:
    table = f"{DEFAULTS['Cài đặt'].rstrip()}\n        | Hạn gửi lại          | 25/3/2021               |\n"
    assert load(tmp_path, {"Cài đặt": table}).settings.resend_due == date(2021, 3, 25)
