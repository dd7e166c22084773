"""The papers of any office: its own names, its own sentences, and no word of the office that the sample is of.

A commune, the hamlets of a ward and a Party body, each with few units, fields of their own and one period a year.
"""

from __future__ import annotations

import ast
import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

import cchc_xl
from cchc_xl.pipeline.jobs import EVERY_TEMPLATE, RANKING
from cchc_xl.plan import load_plan
from cchc_xl.plan.edition import find_period, in_force
from cchc_xl.plan.wording import WordingError, section_of, slots, worded
from cchc_xl.result import Result
from cchc_xl.text.catalogue import catalogue
from cchc_xl.unit.issue import issue
from tests import plans
from tests.conftest import ROOT
from tools.make_plan_template import build_blank, hashed, sample
from tools.plan_data import UNITS

SAMPLES_WORDS = re.compile(
    r"(?i:cải cách hành chính|phòng chuyên môn|ubnd tỉnh|qđ-ubnd|đảng bộ|văn phòng)|CCHC(?!_)|(?<!Cơ )\bSở\b|(?<!CƠ )\bSỞ\b"
)
# Words that are read, not said: "Các phòng chuyên môn thuộc Sở" (design §3), who signs a paper.
READING = {"plan/register.py", "unit/conform.py", "unit/rows.py"}


def told_strings(path: Path) -> Iterator[str]:
    """The texts of a module that may reach a person: all but docstrings; of the command line those too."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
        and not (path.parent.name == "cli" and isinstance(node, ast.FunctionDef))
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node.value


def test_no_text_of_the_package_names_the_samples_office_or_index() -> None:
    package = ROOT / "cchc_xl"
    found = {
        (path.relative_to(package).as_posix(), text)
        for path in package.rglob("*.py")
        if path.relative_to(package).as_posix() not in READING
        for text in told_strings(path)
        if SAMPLES_WORDS.search(text)
    }
    assert found == set()
    sentences = (text for entry in catalogue().values() for text in (entry.vi, entry.vi_fix, entry.title))
    assert [text for text in sentences if SAMPLES_WORDS.search(text)] == []
    control = (package / "extras" / "control.toml").read_text(encoding="utf-8")
    assert SAMPLES_WORDS.findall(str(tomllib.loads(control)).replace("CCHC_", "")) == []


@pytest.mark.parametrize("name", [*EVERY_TEMPLATE, RANKING])
def test_no_fixed_text_of_a_template_does(name: str) -> None:
    document = Document(str(ROOT / "templates" / name))
    texts = [
        node.text or ""
        for part in document.part.package.iter_parts()
        if hasattr(part, "element")
        for node in part.element.iter()
    ]
    whole = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", "".join(texts))
    assert SAMPLES_WORDS.findall(whole) == []
    assert document.core_properties.title
    assert SAMPLES_WORDS.findall(document.core_properties.title) == []


def test_nor_does_the_blank_plan(tmp_path: Path) -> None:
    book = load_workbook(ROOT / "templates" / "plan_blank.xlsx")
    texts = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [text for text in texts if re.search("cải cách hành chính|Đồng Tháp|Lao động", text)] == []
    plan = load_plan(ROOT / "templates" / "plan_blank.xlsx")
    assert (plan.units, plan.periods, plan.criteria, plan.sentences) == ((), (), (), ())
    assert {item.code for item in plan.findings} == {"P145", "P209"}
    build_blank(tmp_path / "lại.xlsx")
    again = load_workbook(tmp_path / "lại.xlsx")
    assert [[cell.value for cell in row] for sheet in again for row in sheet] == [
        [cell.value for cell in row] for sheet in book for row in sheet
    ]


# --- three other offices ---

SETTINGS = """
    | Mục                  | Giá trị          |
    | Cơ quan chủ quản     | {parent}         |
    | Cơ quan ban hành     | {agency}         |
    | Ký hiệu              | {symbol}         |
    | Địa danh             | {place}          |
    | Năm                  | 2026             |
    | Số kế hoạch          | không            |
    | Ngày kế hoạch        | không            |
    | Chỉ số năm trước (%) | không            |
    | Xếp hạng năm trước   | không            |
    | Số đơn vị xếp hạng   | không            |
    | Chỉ số mục tiêu (%)  | 85               |
    | Quyền hạn ký         | không            |
    | Chức vụ ký           | {title}          |
    | Người ký             | Lê Văn Bình      |
    | Nơi nhận             | Lưu: VT          |
    | Số chữ số thập phân  | 2                |
    | Thiếu minh chứng     | cảnh báo         |
    | Tên chỉ số           | {index}          |
    | Tên viết tắt         | {short}          |
    | Bộ phận tổng hợp     | {office}         |
    | Chức vụ ký đôn đốc   | {letters}        |
    | Người ký đôn đốc     | Trần Thị Cúc     |
    | Tổng điểm            | 60               |
"""
OFFICES = {
    "xã": {
        "parent": "UBND huyện Tân Hồng", "agency": "UBND xã Bình Phú", "symbol": "UBND", "place": "Bình Phú",
        "title": "CHỦ TỊCH", "index": "Chỉ số năng lực chính quyền cơ sở", "short": "NLCS", "office": "Công chức Văn hóa",
        "letters": "PHÓ CHỦ TỊCH", "field": "Tiếp dân, giải quyết đơn thư",
    },
    "khóm": {
        "parent": "UBND thành phố Sa Đéc", "agency": "UBND phường 2", "symbol": "UBND", "place": "Sa Đéc",
        "title": "CHỦ TỊCH", "index": "Bộ tiêu chí khóm văn minh", "short": "", "office": "",
        "letters": "PHÓ CHỦ TỊCH", "field": "Vệ sinh, môi trường",
    },
    "Đảng": {
        "parent": "Huyện ủy Tân Hồng", "agency": "Đảng ủy xã Bình Phú", "symbol": "ĐU", "place": "Bình Phú",
        "title": "BÍ THƯ", "index": "Chỉ số xây dựng Đảng", "short": "XDĐ", "office": "Ban Tổ chức",
        "letters": "PHÓ BÍ THƯ", "field": "Sinh hoạt chi bộ, kết nạp",
    },
}  # fmt: skip
UNITS_OF = {
    "xã": ("Công chức Văn hóa", "Công chức Tư pháp"),
    "khóm": ("Khóm 1", "Khóm 2"),
    "Đảng": ("Ban Tổ chức", "Chi bộ ấp 1"),
}
SENTENCES = """
    | Mục           | Tiêu chí | Câu                                                       | Khi thiếu             |
    | II            | 1.1      | Đã giải quyết {DON_XONG}/{DON} đơn ({DON_XONG / DON}).   | Đã giải quyết {DON_XONG} đơn. |
    | IV › Hạn chế  |          | Đơn vị chậm nộp: {đơn vị chưa gửi}.                       |                       |
"""


def office_plan(folder: Path, name: str) -> Path:
    told = OFFICES[name]
    first, second = UNITS_OF[name]
    return plans.save(
        folder / "ke-hoach.xlsx",
        {
            "Cài đặt": SETTINGS.format(**told),
            "Đơn vị": f"""
                | Mã | Tên đơn vị | Nhóm    | Phải báo cáo |
                | A  | {first}    | Bộ phận | x            |
                | B  | {second}   | Bộ phận | x            |
            """,
            "Kỳ báo cáo": """
                | Mã     | Tên kỳ   | Từ ngày  | Đến ngày   | Hạn gửi    |
                | 2026-N | Năm 2026 | 1/1/2026 | 31/12/2026 | 31/12/2099 |
            """,
            "Phụ lục": f"""
                | TT  | NỘI DUNG         | ĐƠN VỊ THỰC HIỆN | PHỐI HỢP THỰC HIỆN             |
                | 1   | {told["field"]}  |                  |                                |
                | 1.1 | Giải quyết       | Các bộ phận      | Hội Nông dân, Đài truyền thanh |
                | 1.2 | Sáng tạo         | {first}          |                                |
            """,
            "Bộ chỉ số": f"""
                | Mã  | Tiêu chí         | Điểm tối đa | Cách chấm   | Số liệu        |
                | 1   | {told["field"]}  | 60          | tổng        |                |
                | 1.1 | Giải quyết       | 40          | tỷ lệ       | DON_XONG / DON |
                | 1.2 | Sáng tạo         | 20          | mỗi đơn vị  | SANGKIEN       |
            """,
            "Thang điểm": "| Mã | Mức | Điểm |\n| 1.2 | mỗi | 5 |",
            "Số liệu": f"""
                | Mã       | Tên số liệu        | Đơn vị tính | Tiêu chí | Đơn vị nhập      |
                | DON      | Đơn phải xử lý     | đơn         | 1.1      | {first}; {second} |
                | DON_XONG | Đơn đã xử lý       | đơn         | 1.1      | {first}; {second} |
                | SANGKIEN | Cách làm hay       | cách làm    | 1.2      | {first}          |
            """,
            "Ràng buộc": "| Mã | Biểu thức | Mức độ |" + "\n| R1 | DON_XONG <= DON | lỗi |" * (name != "khóm"),
            "Câu báo cáo": None if name == "khóm" else SENTENCES,
        },
    )


@pytest.fixture(scope="module", params=OFFICES)
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Result]:
    """The result of a year of one of the offices: the first unit has filed, the second has not."""
    name: str = request.param
    folder = tmp_path_factory.mktemp("co-quan")
    plan_file = office_plan(folder, name)
    plan = load_plan(plan_file)
    period = find_period(plan, "2026-N")
    assert period is not None
    issue(in_force(plan, period), folder / "don-vi")
    (folder / "don-vi" / "2026-N_B.xlsx").unlink()
    form = folder / "don-vi" / "2026-N_A.xlsx"
    book = load_workbook(form)
    for row in book["Số liệu"].iter_rows(min_row=8):
        value = {"DON": 8, "DON_XONG": 6, "SANGKIEN": 1}.get(str(row[0].value))
        if value is not None:
            row[3].value = value
    book.save(form)
    return name, cchc_xl.run(plan_file, folder / "don-vi", period="2026-N", out=folder / "ra", letters="each")


def words(path: Path) -> list[str]:
    document = Document(str(path))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return [paragraph.text for paragraph in document.paragraphs] + list(cells)


def test_its_plan_is_without_a_finding(office: tuple[str, Result]) -> None:
    """What is empty on purpose, another total and bodies outside the register are no findings."""
    _, result = office
    assert [item.code for item in result.findings if item.code.startswith("P")] == []


def test_its_report_speaks_of_its_own_index_and_nobody_elses(office: tuple[str, Result]) -> None:
    name, result = office
    lines = words(Path(result.folder or "") / "bao-cao.docx")
    whole = "\n".join(lines)
    allowed = "|".join(map(re.escape, (*OFFICES[name].values(), *UNITS_OF[name])))
    assert SAMPLES_WORDS.findall(re.sub(allowed.strip("|").replace("||", "|"), "", whole)) == []
    told = OFFICES[name]
    assert f"Kết quả thực hiện Kế hoạch cải thiện {told['index']} năm 2026 và nhiệm vụ trọng tâm năm 2027" in lines
    assert any(line.startswith(f"- {told['office'] or 'Bộ phận tổng hợp'} theo dõi, đôn đốc") for line in lines)


def test_every_figure_is_told_once_in_the_text(office: tuple[str, Result]) -> None:
    """By a sentence of the plan, else by name and value, with how many units it is from."""
    name, result = office
    paragraphs = [item.text for item in Document(str(Path(result.folder or "") / "bao-cao.docx")).paragraphs]
    told = "\n".join(paragraphs[: next(n for n, line in enumerate(paragraphs) if line.startswith("V. "))])
    own = re.findall(
        r"(?i)đã giải quyết \d+|đơn phải xử lý: \d+|đơn đã xử lý: \d+|Cách làm hay: |cách làm hay là \d+", told
    )
    assert "theo báo cáo của 01/02 đơn vị" in told.lower()
    if name == "khóm":
        assert own == ["đơn phải xử lý: 08", "đơn đã xử lý: 06", "cách làm hay là 01"]
    else:
        assert own == ["Đã giải quyết 06", "đơn phải xử lý: 08", "cách làm hay là 01"]
        assert f"- Đơn vị chậm nộp: {UNITS_OF[name][1]}." in paragraphs


def test_its_letter_is_signed_by_whom_the_plan_names_and_goes_where_it_says(office: tuple[str, Result]) -> None:
    name, result = office
    letter = "\n".join(words(Path(result.folder or "") / "don-doc" / "B.docx"))
    told = OFFICES[name]
    assert told["letters"] in letter
    assert "Trần Thị Cúc" in letter
    assert "Lê Văn Bình" not in letter
    assert (f"về {told['office']} chậm nhất ngày" in letter.replace("\xa0", " ").replace("  ", " ")) == bool(
        told["office"]
    )


def test_its_report_is_made_again_from_the_folder_alone(office: tuple[str, Result], tmp_path: Path) -> None:
    _, result = office
    folder = shutil.copytree(Path(result.folder or ""), tmp_path / "2026-N")
    before = words(folder / "bao-cao.docx")
    assert words(cchc_xl.report(folder)) == before


# --- sentences ---


@pytest.mark.parametrize(
    ("text", "kind", "piece"),
    [
        ("Có {A hồ sơ", "brace", "{A hồ sơ"), ("Có A} hồ sơ", "brace", "}"), ("Có {{A}}", "brace", "{{"), ("[a [b {A}]]", "brace", "["),
        ("[một {A}", "brace", "["), ("Có {} hồ sơ", "field", ""), ("Có {ngày} hồ sơ", "field", "ngày"), ("{A / / B}", "expression", "A / / B"),
    ],
)  # fmt: skip
def test_a_sentence_that_cannot_be_read_says_where(text: str, kind: str, piece: str) -> None:
    with pytest.raises(WordingError) as told:
        worded(text)
    assert (told.value.kind, told.value.text) == (kind, piece)


def test_braces_hold_figures_fields_and_units() -> None:
    told = list(slots(worded("{Kỳ}: {A}, {A + B / C}, {đơn vị có TRE}[, {CƠ QUAN}] [1]")))
    assert [(slot.field, slot.codes, slot.units, slot.capital) for slot in told] == [
        ("kỳ", (), False, True), ("", ("A",), False, False), ("", ("A", "B", "C"), False, False), ("", ("TRE",), True, False),
        ("cơ quan", (), False, True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "section"),
    [("i", ("I", "")), ("Mục II.", ("II", "")), ("3", ("III", "")), ("ĐÁNH GIÁ CHUNG", ("IV", "")), ("hạn chế", ("IV", "Hạn chế")),
     ("V > Việc riêng", ("V", "Việc riêng")), ("VIII", None), ("", None)],
)  # fmt: skip
def test_sections_are_known_by_number_and_name(text: str, section: tuple[str, str] | None) -> None:
    assert section_of(text) == section


# --- the sample's names ---


def test_the_hashes_are_of_the_templates_units_and_a_plan_that_keeps_them_is_told_once(tmp_path: Path) -> None:
    assert (ROOT / "cchc_xl" / "plan" / "sample.toml").read_text(encoding="utf-8") == sample()
    assert hashed(UNITS[0][1]) in sample()
    shutil.copyfile(ROOT / "templates" / "plan_template.xlsx", tmp_path / "ke-hoach.xlsx")
    book = load_workbook(tmp_path / "ke-hoach.xlsx")
    assert "P225" not in {item.code for item in load_plan(tmp_path / "ke-hoach.xlsx").findings}
    book["Cài đặt"]["B4"] = "Sở Công Thương"
    book.save(tmp_path / "ke-hoach.xlsx")
    assert [item.severity for item in load_plan(tmp_path / "ke-hoach.xlsx").findings if item.code == "P225"] == [
        "warning"
    ]
