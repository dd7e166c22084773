"""The Word report: a hand-built result goes in, and what Word would show is read back."""

from __future__ import annotations

import copy
import runpy
import zipfile
from datetime import datetime, timezone
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from cchc_xl.office.word.fill import TemplateError
from cchc_xl.papers import documents
from cchc_xl.papers.check_note import render_note
from cchc_xl.papers.context import Told
from cchc_xl.papers.criteria import split
from cchc_xl.plan.wording import section_of
from tests.results import completed
from tools.plan_data import SENTENCES as SENTENCES_OF_THE_TEMPLATE

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "templates" / "report.docx"
VP, LDVL, TCKT = "VP", "LDVLBH", "TCKT"
UNITS = {VP: "Văn phòng Sở", LDVL: "Phòng Lao động – Việc làm – Bảo hiểm", TCKT: "Phòng Tài chính – Kế toán"}


def criterion(code, name, maximum, points=None, status="scored", **more):
    parent = code.rpartition(".")[0] or None
    item = {
        "code": code, "name": name, "max": maximum, "applicable_max": maximum, "points": points, "status": status,
        "method": "tổng" if status == "group" else "bậc", "basis": "Thuộc bậc 2", "self_points": None,
        "appraised_points": None, "final_points": points, "previous_points": None, "parent": parent,
        "level": code.count(".") + 1, "in_appendix": True, "lead": [VP], "lead_text": "Văn phòng Sở",
        "cooperating_text": "Các phòng chuyên môn, đơn vị trực thuộc Sở", "target": "Xây dựng kế hoạch, báo cáo.",
        "flagged": False, "inputs": [], "evidence": [], "reports": [],
        "rule": {"file": "plan.xlsx", "sheet": "Bộ chỉ số", "cell": "A2", "row": 2, "figures": "", "combine": "", "evidence": "",
                 "not_applicable": "", "effective_from": None, "reference": "", "bands": []},
    }  # fmt: skip
    if status == "group":
        item |= {"lead": [], "lead_text": "", "cooperating_text": "", "target": ""}
    rule = item["rule"] | more.pop("rule", {})
    return item | more | {"rule": rule}


def measure(code, name, entries, *, value=None, kind="số nguyên", unit_name="", criteria=(), waiting=()):
    known = [int(entry) for entry in entries.values() if entry not in (None, "kps")]
    total = value if value is not None else (None if waiting else str(sum(known)))
    return {
        "code": code, "name": name, "unit_name": unit_name, "kind": kind, "combine": "tổng", "criteria": list(criteria),
        "units": [*entries, *waiting], "state": "missing" if waiting else "known", "value": total,
        "partial": str(sum(known)) if known else None, "waiting": list(waiting),
        "entries": [
            {"unit": unit, "value": None if entry in (None, "kps") else str(entry), "text": str(entry),
             "state": {None: "missing", "kps": "not_applicable"}.get(entry, "known"), "counted": False,
             "file": f"{unit}.xlsx", "sheet": "Số liệu", "cell": "D9"}
            for unit, entry in entries.items()
        ],
    }  # fmt: skip


def report(unit, result="", reason=""):
    return {"unit": unit, "result": result, "level": "", "self_points": None, "evidence": "", "reason": reason,
            "state": "known", "file": f"{unit}.xlsx", "sheet": "Phụ lục", "cell": "A12"}  # fmt: skip


def conflict(code, rule, message, sides, *, criteria, unit=None, **percent):
    left, right = sides
    return {"code": code, "rule": rule, "message": message, "severity": "warning", "unit": unit, "left": left,
            "right": right, "left_percent": False, "right_percent": False, "criteria": criteria,
            "file": f"{unit or VP}.xlsx", "sheet": "Số liệu", "cell": "D20"} | percent  # fmt: skip


def provisional():
    """The same year with one criterion missing."""
    document = sample()
    missing = next(item for item in document["criteria"] if item["code"] == "3.3")
    missing |= {
        "status": "missing",
        "points": None,
        "final_points": None,
        "basis": "Chưa chấm được: thiếu số liệu VB_GIAO",
    }
    document["index"] |= {"complete": False, "percent_if_missing_full": "78.24"}
    return document


def sample():
    """The year 2020 of the source plan, with a few of its criteria."""
    objective = "Khách quan: người dân chưa quen nộp trực tuyến; Chủ quan: chưa tuyên truyền hiệu quả. Kiến nghị: bổ sung biên chế"
    evidence = {"unit": VP, "text": "QĐ số 12", "file": "VP.xlsx", "sheet": "Phụ lục", "cell": "I8", "found": None}
    criteria = [
        criterion("1", "Công tác chỉ đạo điều hành CCHC", "20", "12.5", "group"),
        criterion("1.1", "Kế hoạch CCHC", "5", "5", evidence=[evidence], self_points="5",
                  reports=[report(VP, "Đã ban hành kế hoạch")], rule={"figures": "DV_KIEMTRA / DV_TONG", "evidence": "bắt buộc", "reference": "Minh họa – thay"}),
        criterion("1.2", "Thực hiện chế độ báo cáo CCHC", "5", "2.5", rule={"evidence": "bắt buộc"}, self_points="5"),
        criterion("1.6", "Thực hiện các nhiệm vụ được giao", "10", "5", lead=[LDVL], lead_text=UNITS[LDVL], self_points="5"),
        criterion("3", "Cải cách thủ tục hành chính", "20", "8.5", "group"),
        criterion("3.2", "Thực hiện cơ chế một cửa", "10", "8.5", flagged=True),
        criterion("3.3", "Thực hiện kiểm soát TTHC", "10", "10", rule={"figures": "TTHC_RASOAT / TTHC_TONG"}),
        criterion("4", "Cải cách tổ chức bộ máy hành chính", "10", "0", "group"),
        criterion("4.1", "Thực hiện quy định về tổ chức bộ máy", "10", "0", flagged=True),
        criterion("7", "Hiện đại hóa nền hành chính", "0", None, "group", applicable_max="0"),
        criterion("7.3", "Cung cấp dịch vụ công trực tuyến", "10", None, "not_applicable", applicable_max="0",
                  reports=[report(LDVL, "", objective), report(VP, "", "Thiếu máy")]),
    ]  # fmt: skip
    details = [
        measure("NV_GIAO", "Nhiệm vụ được giao", {VP: 20, LDVL: 19}, criteria=["1.6"], unit_name="nhiệm vụ"),
        measure("NV_SOM", "Nhiệm vụ sớm hạn", {VP: 7, LDVL: 5}, criteria=["1.6"]),
        measure("NV_DUNG", "Nhiệm vụ đúng hạn", {VP: 13, LDVL: 13}, criteria=["1.6"]),
        measure("NV_TRE", "Nhiệm vụ trễ hạn", {VP: 0, LDVL: 1}, criteria=["1.6"]),
        measure("NV_CHUA", "Nhiệm vụ chưa đến hạn", {VP: 0, LDVL: 0}, criteria=["1.6"]),
        measure("DV_KIEMTRA", "Số đơn vị được kiểm tra", {VP: 3}, criteria=["1.1"]),
        measure("DV_TONG", "Tổng số đơn vị", {VP: 12}, criteria=["1.1"]),
        measure("TTHC_TONG", "Tổng số TTHC", {VP: 145}, criteria=["3.3"], unit_name="thủ tục"),
        measure("TTHC_RASOAT", "Số TTHC đã rà soát", {VP: 60}, criteria=["3.3"], unit_name="thủ tục"),
        measure("TTHC_GIUNGUYEN", "Số TTHC kiến nghị giữ nguyên", {VP: 48}, criteria=["3.3"]),
        measure("TTHC_DONGIAN", "Số TTHC kiến nghị đơn giản hóa", {VP: 12}, criteria=["3.3"]),
        measure("TTHC_TIETKIEM", "Chi phí tiết kiệm dự kiến", {VP: 640905000}, kind="tiền", unit_name="đồng", criteria=["3.3"]),
        measure("HS_TONTRUOC", "Hồ sơ kỳ trước chuyển sang", {LDVL: 0, TCKT: "kps"}, criteria=["3.2"]),
        measure("HS_TIEPNHAN", "Hồ sơ tiếp nhận", {LDVL: 1480, TCKT: "kps"}, criteria=["3.2"]),
        measure("HS_SOM", "Hồ sơ trước hạn", {LDVL: 1463, TCKT: "kps"}, criteria=["3.2"]),
        measure("HS_DUNGHAN", "Hồ sơ đúng hạn", {LDVL: 0, TCKT: "kps"}, criteria=["3.2"]),
        measure("HS_TREHAN", "Hồ sơ trễ hạn", {LDVL: 0, TCKT: "kps"}, criteria=["3.2"]),
        measure("HS_DANGXULY", "Hồ sơ đang giải quyết", {LDVL: 17, TCKT: "kps"}, criteria=["3.2"]),
        measure("HS_TRE_PM", "Tỷ lệ hồ sơ trễ hạn trên phần mềm một cửa", {VP: 7}, kind="tỷ lệ %", criteria=["3.2"]),
        measure("SO_LANHDAO", "Số lãnh đạo", {LDVL: 3}, criteria=["4.1"], unit_name="người"),
        measure("SO_CHUYENVIEN", "Số chuyên viên", {LDVL: 2}, criteria=["4.1"], unit_name="người"),
        measure("VB_GIAO", "Văn bản QPPL được giao", {VP: 2}, criteria=["3.3"], waiting=[TCKT]),
    ]  # fmt: skip
    return {
        "schema": "cchc_xl/result/1", "period": "2020-N", "period_name": "Năm 2020", "period_start": "2019-12-15",
        "period_end": "2020-12-14", "due": "2020-12-10", "agency": "Sở Lao động – Thương binh và Xã hội",
        "plan": {"file": "plan.xlsx", "sha256": "0" * 64},
        "settings": {
            "parent_agency": "Ủy ban nhân dân tỉnh Đồng Tháp", "agency": "Sở Lao động – Thương binh và Xã hội",
            "symbol": "SLĐTBXH", "place": "Đồng Tháp", "year": 2020, "plan_number": "15/KH-SLĐTBXH",
            "plan_date": "2020-02-05", "previous_index": "74.92", "previous_rank": 17, "ranked_units": 17,
            "target_index": "80", "signing_authority": "KT. Giám đốc", "signing_title": "Phó Giám đốc",
            "index_name": "Chỉ số cải cách hành chính", "index_short": "CCHC",
            "signer": "Phạm Việt Công", "places": 2, "missing_evidence": "cảnh báo",
            "recipients": ["UBND Tỉnh", "Sở Nội vụ", "Lãnh đạo Sở", "Các phòng CM, ĐVTT Sở", "Lưu: VT, VP."],
        },
        "units": [{"code": code, "name": name, "group": ""} for code, name in UNITS.items()],
        "index": {"points": "74.12", "applicable_max": "100.00", "percent": "74.12", "percent_if_missing_full": "74.12",
                  "complete": True, "target": "80.00", "previous": "74.92"},
        "criteria": criteria,
        "measures": {item["code"]: item["value"] for item in details},
        "measure_details": details,
        "tasks": [{"unit": LDVL, "document": "Công văn số 22/UBND-VX", "content": "Báo cáo thị trường lao động",
                   "assigned": "2020-02-01", "due": "2020-03-05", "completed": "2020-03-09", "note": "", "outcome": "NV_TRE",
                   "file": "LDVLBH.xlsx", "sheet": "Nhiệm vụ", "cell": "A5"}],
        "conflicts": [
            conflict("R1", "HS_TRE_PM = HS_TREHAN / HS_TIEPNHAN", "Tỷ lệ trễ hạn trên phần mềm khác báo cáo của đơn vị",
                     ("7", "0"), criteria=["3.2"], right_percent=True),
            conflict("R2", "SO_LANHDAO <= SO_CHUYENVIEN", "Số lãnh đạo cao hơn số chuyên viên", ("3", "2"), criteria=["4.1"], unit=LDVL),
        ],
        "rollcall": [
            {"unit": VP, "status": "submitted", "file": "VP.xlsx", "sha256": "", "sent": None, "sent_from": None, "superseded": []},
            {"unit": LDVL, "status": "late", "file": "L.xlsx", "sha256": "", "sent": None, "sent_from": None, "superseded": []},
            {"unit": TCKT, "status": "missing", "file": None, "sha256": None, "sent": None, "sent_from": None, "superseded": []},
        ],
        "findings": [], "sources": [],
        "sentences": [sentence(*row) for row in SENTENCES_OF_THE_PLAN],
        "figure_groups": [
            {"total": ["NV_GIAO"], "parts": ["NV_SOM", "NV_DUNG", "NV_TRE", "NV_CHUA"]},
            {"total": ["TTHC_RASOAT"], "parts": ["TTHC_GIUNGUYEN", "TTHC_DONGIAN"]},
            {"total": ["HS_TONTRUOC", "HS_TIEPNHAN"], "parts": ["HS_SOM", "HS_DUNGHAN", "HS_TREHAN", "HS_DANGXULY"]},
        ],
    }  # fmt: skip


# The template's own sentences, under the criteria of this sample.
SENTENCES_OF_THE_PLAN = [
    (section, {"1.3": "1.1", "1.4": "", "1.5.1": "", "3.3.2": "3.3", "3.2.5": "3.2"}.get(code, code), text, missing)
    for section, code, text, missing in SENTENCES_OF_THE_TEMPLATE
    if "TIN_BAI" not in text and "SANGKIEN" not in text
]


def sentence(where, criterion, text, when_missing=""):
    section, heading = section_of(where)
    return {"section": section, "heading": heading, "criterion": criterion, "text": text, "when_missing": when_missing,
            "sheet": "Câu báo cáo", "cell": "C3"}  # fmt: skip


def render(document, template, out):
    documents.render(completed(document), template, out)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    out = tmp_path_factory.mktemp("report") / "bao-cao.docx"
    render(sample(), TEMPLATE, out)
    return out


@pytest.fixture(scope="module")
def word(filled):
    return Document(str(filled))


def note_of(document, tmp_path):
    render(document, TEMPLATE, tmp_path / "bao-cao.docx")
    report = (tmp_path / "bao-cao.docx").read_bytes()
    return Document(BytesIO(render_note(Told.of(completed(document)), ROOT / "templates" / "check_note.docx", report)))


@pytest.fixture(scope="module")
def note(tmp_path_factory):
    return note_of(sample(), tmp_path_factory.mktemp("phieu"))


def texts(document):
    return [paragraph.text for paragraph in document.paragraphs]


def cells(document):
    return [cell.text for table in document.tables for row in table.rows for cell in row.cells]


def table_with(document, heading):
    return next(table for table in document.tables if heading in [cell.text for cell in table.rows[0].cells])


@cache
def _plain():
    document, buffer = Document(), BytesIO()
    for style in [style for style in document.styles if style.type == WD_STYLE_TYPE.TABLE]:
        style.delete()
    relations = document.part.rels
    del relations[next(name for name, item in relations.items() if item.reltype.endswith("/stylesWithEffects"))]
    document.save(buffer)
    return buffer.getvalue()


def plain_document():
    """python-docx's empty document without its hundred table styles, nine tenths of what there is to read in it."""
    return Document(BytesIO(_plain()))


def small_template(tmp_path, *lines, title=""):
    document = plain_document()
    for line in lines:
        document.add_paragraph(line)
    document.core_properties.title = title
    path = tmp_path / "mau.docx"
    document.save(str(path))
    return path


def rendered(tmp_path, document, *lines):
    out = tmp_path / "ra.docx"
    render(document, small_template(tmp_path, *lines), out)
    return texts(Document(str(out)))


def word_of(document, tmp_path):
    render(document, TEMPLATE, tmp_path / "ra.docx")
    return Document(str(tmp_path / "ra.docx"))


SENTENCES = [
    "được giao 39 nhiệm vụ", "12 nhiệm vụ hoàn thành sớm hạn (30,77%)", "26 nhiệm vụ hoàn thành đúng hạn (66,67%)",
    "01 nhiệm vụ trễ hạn (2,56%)", "Đơn vị có nhiệm vụ trễ hạn: Phòng Lao động – Việc làm – Bảo hiểm",
    "đã rà soát 60/145 TTHC (41,38%)", "giữ nguyên 48 thủ tục", "đơn giản hóa 12 thủ tục, chiếm 20% số TTHC đã rà soát",
    "8,28% tổng số TTHC", "640.905.000 đồng", "tiếp nhận 1.480 hồ sơ", "1.463 hồ sơ được giải quyết trước hạn",
    "17 hồ sơ đang giải quyết", "không có hồ sơ trễ hạn", "7% hồ sơ giải quyết trễ hạn", "Số lãnh đạo: 03 người; số chuyên viên: 02 người", "đạt 74,12%",
    "thấp hơn mục tiêu 80% là 5,88 điểm phần trăm", "năm trước (74,92%, xếp thứ 17/17 cơ quan, đơn vị)", "giảm 0,8 điểm phần trăm",
    "03/12 đơn vị (25%)", "Đến nay có 02/03 đơn vị gửi báo cáo, trong đó 01 đơn vị gửi sau thời hạn (Phòng Lao động", "01 đơn vị chưa gửi (Phòng Tài chính – Kế toán)", "bổ sung biên chế.",
]  # fmt: skip
CELLS = [
    "39", "12", "30,77%", "26", "66,67%", "1", "2,56%", "145", "60", "41,38%", "48", "20%", "640.905.000", "1.480",
    "1.463", "17", "7%", "74,12%", "80%", "74,92%", "17/17", "25%", "Số lãnh đạo: 3", "Số chuyên viên: 2",
    "thấp hơn 0,8 điểm phần trăm", "thấp hơn 5,88 điểm phần trăm",
    "Tỷ lệ hồ sơ trễ hạn trên phần mềm một cửa: 7%", "Tỷ lệ hồ sơ trễ hạn, tính từ số liệu báo cáo: 0%",
    "người dân chưa quen nộp trực tuyến", "chưa tuyên truyền hiệu quả.", "chưa đủ (hiện có 2)",
]  # fmt: skip


def test_the_text_tells_the_year(word):
    whole = "\n".join(texts(word))
    assert [sentence for sentence in SENTENCES if sentence not in whole] == []


def test_every_number_of_the_text_stands_in_a_table_of_the_note(note):
    shown = set(cells(note))
    assert [cell for cell in CELLS if cell not in shown] == []


def test_sections_tables_and_appendices_stand_in_order(word):
    lines = texts(word)
    headings = [paragraph.text.split(".")[0] for paragraph in word.paragraphs if paragraph.style.name == "Heading 1"]
    assert headings == ["I", "II", "III", "IV", "V", "VI"]
    assert [line.split(".")[0] for line in lines if line.startswith("Bảng ")] == ["Bảng 1"]
    assert [line for line in lines if line.startswith("Phụ lục")] == ["Phụ lục"]
    assert next(line for line in lines if "Trên đây là báo cáo" in line).endswith("./.")


def test_page_setup_follows_the_decree(word):
    body, appendix = word.sections
    assert (body.page_width, body.page_height) == (appendix.page_height, appendix.page_width)
    assert (round(body.page_width.mm), round(body.page_height.mm)) == (210, 297)
    for section in word.sections:
        margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
        assert [round(margin.mm) for margin in margins] == [20, 20, 30, 15]
    assert body.different_first_page_header_footer
    assert not appendix.different_first_page_header_footer
    assert "PAGE" in body.header._element.xml
    assert "PAGE" not in body.first_page_header._element.xml
    assert appendix.header.is_linked_to_previous


@pytest.mark.parametrize(
    ("style", "size", "bold", "italic"),
    [("Nội dung", 14, False, False), ("Cơ quan chủ quản", 12, False, False), ("Cơ quan ban hành", 12, True, False),
     ("Quốc hiệu", 12, True, False), ("Tiêu ngữ", 13, True, False), ("Địa danh và thời gian", 13, False, True),
     ("Tên loại văn bản", 14, True, False), ("Nơi nhận", 12, True, True), ("Danh sách nơi nhận", 11, False, False),
     ("Chức vụ ký", 14, True, False), ("Số phụ lục", 14, True, False), ("Kèm theo", 14, False, True)],
)  # fmt: skip
def test_styles_follow_the_decree(word, style, size, bold, italic):
    font = word.styles[style].font
    assert (font.name, font.size, bool(font.bold), bool(font.italic)) == ("Times New Roman", Pt(size), bold, italic)
    fonts = word.styles[style].element.rPr.rFonts
    assert {fonts.get(qn(f"w:{name}")) for name in ("ascii", "hAnsi", "cs", "eastAsia")} == {"Times New Roman"}


def test_letterhead_and_signature(word):
    shown = cells(word)
    assert "Ủy ban nhân dân tỉnh Đồng Tháp".upper() in shown[0]
    assert shown[1].startswith("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc")
    assert shown[2].replace("\xa0", "") == "Số:/BC-SLĐTBXH"
    assert shown[3].replace("\xa0", " ").split() == ["Đồng", "Tháp,", "ngày", "tháng", "năm", "2020"]
    left, right = next(row.cells for table in word.tables for row in table.rows if "Nơi nhận:" in row.cells[0].text)
    assert left.text.split("\n")[1:6] == [
        "- UBND Tỉnh;", "- Sở Nội vụ;", "- Lãnh đạo Sở;", "- Các phòng CM, ĐVTT Sở;", "- Lưu: VT, VP.",
    ]  # fmt: skip
    assert right.text.split("\n")[:2] == ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]
    assert right.text.endswith("Phạm Việt Công")


def test_the_line_under_the_agency_is_a_third_to_a_half_of_the_text(word):
    cell = word.tables[0].rows[0].cells[0]
    line = cell.paragraphs[-1].paragraph_format
    width = Mm(65) - line.left_indent - line.right_indent
    assert Mm(15) < width < Mm(30)


def test_header_rows_repeat_and_no_row_splits_that_fits_on_a_page(word):
    for table in word.tables:
        rows = table._tbl.tr_lst
        assert all(row.xpath("./w:trPr/w:cantSplit") for row in rows)
        assert bool(rows[0].xpath("./w:trPr/w:tblHeader")) == (table.style.name == "Table Grid")


def test_each_row_of_the_appendix_says_who_leads_it(word):
    """A text over several rows is told in each: the next page would begin without it."""
    table = word.tables[-1]
    assert not table._tbl.xpath(".//w:vMerge")
    assert [row.cells[2].text for row in table.rows[2:5]] == [UNITS[VP], UNITS[VP], UNITS[LDVL]]


def test_a_long_text_of_the_row_above_is_referred_to(tmp_path):
    document = sample()
    for item in document["criteria"]:
        item["target"] = (
            "" if item["status"] == "group" else "Xây dựng kế hoạch, báo cáo và tiến hành kiểm tra CCHC trong cơ quan"
        )
    rows = {
        row.cells[0].text: row.cells[3].text for row in table_with(word_of(document, tmp_path), "Điểm tự chấm").rows
    }
    assert rows["1.1"].startswith("Xây dựng kế hoạch")
    assert (rows["1.2"], rows["1.6"]) == ("Như mục 1.1", "Như mục 1.1")
    assert rows["3.2"].startswith("Xây dựng kế hoạch")


def test_missing_and_not_applicable_are_never_zero_or_blank(tmp_path):
    rows = {
        row.cells[0].text: [cell.text for cell in row.cells]
        for row in table_with(word_of(provisional(), tmp_path), "Điểm tự chấm").rows
    }
    # No self-score is nothing that is missing: a dash. Nothing was appraised: there is no column for it.
    assert rows["TT"][6:8] == ["Điểm tự chấm", "Điểm đạt"]
    assert rows["3.3"][6:8] == ["–", "chưa có"]
    assert rows["7.3"][6:8] == ["–", "không phát sinh"]
    assert rows["4.1"][7] == "0"


def test_a_provisional_index_is_told_as_an_interval(tmp_path):
    word = word_of(provisional(), tmp_path)
    lines = "\n".join(texts(word))
    assert "tạm tính là 74,12%. Mục tiêu là 80%, chưa so sánh được khi còn tiêu chí chưa có điểm." in lines
    assert "Còn 01 tiêu chí chưa có điểm, đang tính 0 điểm; nếu tiêu chí này đạt điểm tối đa" in lines
    assert "thì Chỉ số CCHC là 78,24%." in lines
    shown = set(cells(note_of(provisional(), tmp_path)))
    assert {"Chỉ số trong kỳ (tạm tính)", "78,24%", "Chấm điểm › 3.3"} <= shown


def test_who_owes_a_report_is_named(word):
    assert "- Phòng Tài chính – Kế toán gửi báo cáo năm 2020 còn thiếu." in texts(word)


def test_note_that_the_scoring_is_an_illustration_follows_the_plan(word, tmp_path):
    note = "tiêu chí ghi “Minh họa”"
    assert sum(note in line for line in texts(word)) == 1
    official = sample()
    for item in official["criteria"]:
        item["rule"]["reference"] = "Quyết định số 151/QĐ-UBND-HC"
    render(official, TEMPLATE, tmp_path / "ra.docx")
    assert not any("Minh họa" in line for line in texts(Document(str(tmp_path / "ra.docx"))))


def test_a_plan_without_these_figures_gives_no_empty_sentence(tmp_path):
    bare = sample()
    bare |= {"measures": {}, "measure_details": [], "tasks": [], "conflicts": []}
    bare["index"] |= {"complete": True, "previous": None, "target": None}
    bare["settings"] |= {"previous_rank": None, "recipients": [], "plan_number": "", "signing_authority": ""}
    for item in bare["criteria"]:
        item |= {"evidence": [], "reports": []}
    render(bare, TEMPLATE, tmp_path / "ra.docx")
    lines = texts(Document(str(tmp_path / "ra.docx")))
    assert not any(
        word in line
        for line in lines
        for word in ("nhiệm vụ trễ", "rà soát 6", "hồ sơ", "tạm tính", "năm trước", "None")
    )
    assert "Không có kiến nghị, đề xuất." in lines


@pytest.mark.parametrize(
    "text",
    ["tỷ lệ <20% & trễ", "\"kép\" 'đơn'", "{{ agency }} {% if %} {_{ {_% %_}", "a\nb", "a\tb", "&amp; &lt;b&gt;"],
)
def test_text_arrives_unchanged(tmp_path, text):
    document = sample() | {"agency": text}
    assert rendered(tmp_path, document, "[{{ agency }}]") == [f"[{text}]"]


@pytest.mark.parametrize("forbidden", ["\x00", "\x07", "\x0b", "\x0c", "\x1f", "\ufffe", "\ud800"])
def test_characters_that_xml_forbids_are_shown_as_replaced(tmp_path, forbidden):
    assert rendered(tmp_path, sample() | {"agency": f"a{forbidden}b"}, "{{ agency }}") == ["a\ufffdb"]


def test_every_misspelt_name_is_told_and_nothing_is_left_behind(tmp_path):
    template = small_template(
        tmp_path, "{{ index.percnt|percent_vi }} {{ agncy }}", "{% if not has_figur('X') %}x{% endif %}"
    )
    target = tmp_path / "out"
    target.mkdir()
    with pytest.raises(TemplateError, match=r"mau\.docx.*“index\.percnt”.*“agncy”.*“has_figur”"):
        render(sample(), template, target / "bao-cao.docx")
    assert list(target.iterdir()) == []


@pytest.mark.parametrize("wrong", ["{% for x in criteria %}{{ x.nme }}{% endfor %}", "{{ nobody.knows.this }}", "{{ missing + 1 }}",
                                   "{% if missing > 3 %}a{% endif %}", "{{ missing|date_vi }}", "{{ missing|listing }}", "{{ missing|upper }}"])  # fmt: skip
def test_a_misspelt_name_is_never_printed_as_nothing(tmp_path, wrong):
    with pytest.raises(TemplateError, match=r"tên không có trong dữ liệu: “(x\.nme|nobody|missing)"):
        rendered(tmp_path, sample(), wrong)


def test_an_existing_report_survives_a_wrong_template(tmp_path):
    out = tmp_path / "bao-cao.docx"
    out.write_bytes(b"old")
    with pytest.raises(TemplateError):
        render(sample(), small_template(tmp_path, "{{ nobody }}"), out)
    assert out.read_bytes() == b"old"


@pytest.mark.parametrize(
    "chain",
    ["{{ ''.__class__ }}", "{{ ''.__class__.__mro__ }}", "{{ has.__globals__ }}", "{{ cycler.__init__.__globals__ }}"],
)
def test_templates_run_in_a_sandbox(tmp_path, chain):
    for template in (small_template(tmp_path, chain), small_template(tmp_path, "x", title=chain)):
        with pytest.raises(TemplateError, match="không được phép"):
            render(sample(), template.read_bytes(), tmp_path / "ra.docx")
    assert not (tmp_path / "ra.docx").exists()


def test_a_property_keeps_its_text(tmp_path):
    template = small_template(tmp_path, "x", title="{{ agency }}")
    render(sample() | {"agency": "A & <B>"}, template, tmp_path / "ra.docx")
    assert Document(str(tmp_path / "ra.docx")).core_properties.title == "A & <B>"


@pytest.mark.parametrize(
    "wrong", ["{% if agency %}", "{{ agency", "{% endfor %}", "{{ agency|no_such }}", "{{ 1 / 0 }}"]
)
def test_a_broken_tag_is_a_sentence(tmp_path, wrong):
    with pytest.raises(TemplateError, match=r"^Không lập được báo cáo: mẫu mau\.docx:? .*\.$"):
        rendered(tmp_path, sample(), wrong)


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + bytes(18)])
def test_a_template_that_is_no_word_file_is_a_sentence(tmp_path, content):
    with pytest.raises(TemplateError, match="không phải là tệp Word"):
        render(sample(), content, tmp_path / "ra.docx")


def test_the_same_result_gives_the_same_bytes_and_the_document_is_not_changed(tmp_path, filled):
    document = sample()
    before = copy.deepcopy(document)
    render(document, TEMPLATE, tmp_path / "ra.docx")
    assert (tmp_path / "ra.docx").read_bytes() == filled.read_bytes()
    assert document == before


def test_a_document_does_not_carry_when_and_by_whom_its_template_was_saved(tmp_path):
    template = Document(str(TEMPLATE))
    for name in ("created", "modified", "last_printed"):
        setattr(template.core_properties, name, datetime(2019, 5, 6, tzinfo=timezone.utc))
    template.core_properties.last_modified_by, template.core_properties.author = "Người soạn mẫu", "Văn phòng Sở"
    template.save(tmp_path / "mau.docx")
    render(sample(), tmp_path / "mau.docx", tmp_path / "ra.docx")
    made = Document(str(tmp_path / "ra.docx")).core_properties
    assert (made.created, made.modified, made.last_printed, made.last_modified_by) == (None, None, None, "")
    assert made.author == "Văn phòng Sở"


def test_every_part_is_declared(filled):
    with zipfile.ZipFile(filled) as package:
        kinds = package.read("[Content_Types].xml").decode()
        for name in package.namelist():
            ending = name.rpartition(".")[2]
            assert f'PartName="/{name}"' in kinds or f'Extension="{ending}"' in kinds or name == "[Content_Types].xml"


@pytest.mark.parametrize(
    ("tool", "name"),
    [
        ("make_report_template", "report"),
        ("make_check_note_template", "check_note"),
        ("make_reminder_template", "reminder"),
        ("make_covering_template", "covering"),
        ("make_assignment_template", "assignment"),
        ("make_plan_draft_template", "plan"),
        ("make_ranking_template", "ranking"),
    ],
)
def test_the_tool_still_makes_the_committed_template(tool, name):
    buffer = BytesIO()
    runpy.run_path(str(ROOT / "tools" / f"{tool}.py"))["build"]().save(buffer)
    with zipfile.ZipFile(buffer) as made, zipfile.ZipFile(ROOT / "templates" / f"{name}.docx") as committed:
        assert sorted(made.namelist()) == sorted(committed.namelist())
        assert [name for name in made.namelist() if made.read(name) != committed.read(name)] == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Nguyên nhân khách quan là do dân không đăng ký; nguyên nhân chủ quan là do chưa tham mưu.",
         [("objective", "dân không đăng ký"), ("subjective", "chưa tham mưu.")]),
        ("Khách quan: A, chủ quan: B", [("objective", "A"), ("subjective", "B")]),
        ("Dịch bệnh là yếu tố khách quan. Thiếu người.", [("objective", "Dịch bệnh là yếu tố khách quan."), ("unmarked", "Thiếu người.")]),
        ("Tiếp nhận phản ánh, kiến nghị còn chậm.", [("unmarked", "Tiếp nhận phản ánh, kiến nghị còn chậm.")]),
        ("Chậm\nKiến nghị: bổ sung máy", [("unmarked", "Chậm"), ("proposal", "bổ sung máy")]),
        ("", []),
    ],
)  # fmt: skip
def test_causes_are_sorted_by_what_the_text_says(text, parts):
    assert [(part.side, part.text) for part in split(text)] == parts
