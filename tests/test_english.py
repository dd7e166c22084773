"""``--lang en`` whole: every command on the demo speaks English, and the plan's and people's words stay as they are."""

from __future__ import annotations

import ast
import inspect
import re
import shutil
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

import cchc_xl
from cchc_xl.ask import advice_lines, explain
from cchc_xl.ask.route import path_to
from cchc_xl.cli import cli
from cchc_xl.cli.english import OURS, english, in_english
from cchc_xl.cli.output import Replies, names_of
from cchc_xl.office.excel import child, look, xls
from cchc_xl.office.word import file as word
from cchc_xl.unit import folder
from tests.command import cchc
from tests.conftest import ROOT, WHOLE

EXAMPLES = ROOT / "examples"
QUARTER, YEAR = EXAMPLES / "2021-quy-1", EXAMPLES / "2020-ca-nam"
Y, Q = Path("d/ket-qua/2020-N"), Path("d/ket-qua/2021-Q1")
SENT = (QUARTER / "ke-hoach.xlsx", QUARTER / "don-vi", "--period", "2021-Q1")

# Every command; those that write come after what they need.
LINES: list[tuple[str | Path, ...]] = [
    ("new", "moi"),
    ("plan", QUARTER / "ke-hoach.xlsx"),
    ("plan", "moi/ke-hoach.xlsx"),
    ("issue", QUARTER / "ke-hoach.xlsx", "--period", "2021-Q3", "--to", "bieu-mau"),
    ("check", *SENT, "--previous", Y),
    ("run", *SENT, "--out", "kq", "--dry-run"),
    ("report", Q),
    ("explain", Y, "7.3"),
    ("explain", Q, "1.6"),
    ("explain", Q, "3"),
    ("explain", Y, "--figure", "74,12%"),
    ("explain", Q, "--figure", "5", "--day-du"),
    ("advise", Y),
    ("advise", Y, "--day-du"),
    ("advise", Q, "--day-du", "--target", "99"),
    ("compare", Y, Q),
    ("compare", Q, Y, "--day-du"),
    ("rank", Y, Q, "--classes", "A=90; B=70", "--exclude", "ai đó"),
    ("verify", Q, QUARTER / "don-vi"),
    ("verify", Q, YEAR / "don-vi"),
    ("draft-plan", Y),
    ("next-year", Y, "--to", "nam-sau"),
    ("next-year", Q, "--to", "quy-sau"),
    ("lint-template", "moi/report.docx"),
    ("lint-document", Y / "bao-cao.docx"),
    ("button", "so"),
    ("button", "so"),
    ("huong-dan",),
    ("doctor", "."),
    ("watch", *SENT, "--once"),
]  # fmt: skip
LONG: list[tuple[str | Path, ...]] = [
    ("demo", "d2"),
    ("run", QUARTER / "ke-hoach.xlsx", "bieu-mau", "--period", "2021-Q1", "--out", "kq", "--letters", "one"),
]
KEPT = "30/2020/NĐ-CP"  # the name of a law
VIETNAMESE = re.compile("[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE)


@pytest.fixture(scope="module")
def home(tmp_path_factory, year, quarter):
    """The demo's results as a run in Vietnamese left them: what they hold is told in English as well."""
    place = tmp_path_factory.mktemp("english")
    for result in (year, quarter):
        shutil.copytree(result.folder, place / "d" / "ket-qua" / Path(result.folder).name)
    return place


@pytest.fixture(scope="module")
def office(home):
    """What each line printed, in the order of the table, in a folder of its own."""
    return [(line, cchc("--lang", "en", *line, cwd=home)) for line in (*LINES, *(LONG if WHOLE else ()))]


def cells_of(*examples):
    """The texts in the plans' and units' cells: words of the plan and of people."""
    found: set[str] = set()
    for path in (
        path for example in examples for path in (example / "ke-hoach.xlsx", *example.glob("don-vi/**/*.xlsx"))
    ):
        for sheet in openpyxl.load_workbook(path):
            found.add(sheet.title)
            texts = [one for row in sheet.iter_rows(values_only=True) for one in row if isinstance(one, str)]
            found |= {part.strip() for text in texts for part in (*text.splitlines(), re.sub("“[^”]*”", "“”", text))}
    return found


@pytest.fixture(scope="module")
def cells():
    return cells_of(QUARTER, YEAR)


def ours(line, cells):
    """The parts of a line that neither stand in a cell nor quote a file."""
    line = re.sub("“[^”]*”", "“”", line)
    if re.match(r"\s*\S+\.docx › ", line):  # behind the place stand the document's own words
        line = line.partition("”: ")[0]
    for name in sorted((one for one in cells if " " in one and len(one) > 4 and one in line), key=len, reverse=True):
        line = line.replace(name, "")
    line = re.sub(r"(?<=\d )\w+", lambda found: "" if found[0] in cells else found[0], line)  # a unit of measure
    parts = re.split(r"[:;→←=›()\[\],“”–]| {2,}", line)
    return [part for part in parts if VIETNAMESE.search(part) and part.strip() not in cells and KEPT not in part]


def test_every_command_is_here():
    assert {line[0] for line in (*LINES, *LONG)} == set(cli.commands)


def test_the_demo_says_what_to_open_and_what_to_type_in_english(year, quarter, cells, capsys):
    Replies("en").demo([year, quarter], "cchc-xl").say(as_json=False, lang="en")
    told = capsys.readouterr().out.splitlines()
    assert "Try next:" in told
    assert not [(line, part) for line in told for part in ours(line, cells)]


def test_no_line_of_any_command_is_vietnamese(office, cells):
    for line, done in office:
        left = [(told, part) for told in (done.stdout + done.stderr).splitlines() for part in ours(told, cells)]
        assert not left, line


def test_no_help_is_vietnamese(cells):
    for arguments in (("--help",), *((name, "--help") for name in cli.commands)):
        told = cchc("--lang", "en", *arguments).stdout
        assert told
        assert not [part for line in told.splitlines() for part in ours(line, cells)]


def test_the_exit_codes_are_those_of_the_vietnamese_lines(office):
    told = [(line[0], done.returncode) for line, done in office if done.returncode == 2]
    assert told == [("next-year", 2), ("button", 2)], "a quarter is no year, and the workbook was there already"


@pytest.mark.parametrize(
    "line", [("advise", Y, "--day-du"), ("compare", Q, Y, "--day-du"), ("explain", Q, "--figure", "5", "--day-du")]
)
def test_names_stay_and_so_do_numbers(office, home, line):
    """As many of each name and number as in the Vietnamese answer: none was told in English, none split."""
    vi, en = cchc(*line, cwd=home).stdout, next(done.stdout for own, done in office if own == line)
    plan = openpyxl.load_workbook(QUARTER / "ke-hoach.xlsx")
    names = [
        row[1]
        for sheet in ("Đơn vị", "Bộ chỉ số", "Số liệu")
        for row in plan[sheet].iter_rows(min_row=2, values_only=True)
    ]
    names = {name for name in names if name} - {"Tên đơn vị", "Tiêu chí", "Tên số liệu"}
    assert {name: en.count(name) for name in names} == {name: vi.count(name) for name in names}
    assert re.findall(r"\d+(?:,\d+)?%?", en) == re.findall(r"\d+(?:,\d+)?%?", vi)


@pytest.mark.parametrize(
    ("example", "period"),
    [("dti-thanh-pho", "2023-N"), ("so-nganh-cchc", "2013-N"), ("xa-tiep-can-phap-luat", "2019-N")],
)
def test_every_criterion_of_other_plans_is_explained_and_advised(example, period):
    """Bonus, deductions, thresholds, levels, dates: what the demo has not."""
    home = EXAMPLES / example
    contents = cchc_xl.check(home / "ke-hoach.xlsx", home / "don-vi", period=period).result.contents
    way = path_to(contents, contents.advice, Decimal(95))
    told = [line for item in contents.criteria for line in explain.lines(contents, item.code)]
    told += advice_lines.lines(contents.advice, way, whole=True)
    cells = cells_of(home)
    assert not [(line, part) for line in in_english(told, names_of([contents])) for part in ours(line, cells)]


@pytest.mark.parametrize(
    ("vi", "en"),
    [
        # a name with a comma and a word of ours in it stays whole
        ("1.6 Chỉ đạo, nhiệm vụ: 2/3 điểm", "1.6 Chỉ đạo, nhiệm vụ: 2/3 points"),
        ("Chỉ đạo, nhiệm vụ, chỉ số mất 2 điểm", "Chỉ đạo, nhiệm vụ, the index loses 2 points"),
        # what is quoted stays, and so do a level and a method, which stand in cells
        ("cách chấm đổi từ “tổng” thành “cao nhất”", "the method changed from “tổng” to “cao nhất”"),
        ("VP: Đạt → 2 điểm", "VP: Đạt → 2 points"),
        ("chỉ số mất 1 điểm; được 0,1 điểm", "the index loses 1 point; then 0,1 points"),
        # folders and files as offices call them
        (
            "Không ghi được vào Kết quả quý I (không có quyền): hãy chọn thư mục khác.",
            "Could not write into Kết quả quý I (no permission): choose another folder.",
        ),
        ("Đọc Phòng Lao động – Việc làm, bản 2.xlsx", "Reading Phòng Lao động – Việc làm, bản 2.xlsx"),
        ("Đã lập 8 biểu mẫu trong Biểu mẫu, quý I:", "8 forms made in Biểu mẫu, quý I:"),
        # a part that is not known is left; the rest is told
        ("chưa rõ lắm; được 2 điểm", "chưa rõ lắm; then 2 points"),
    ],
)
def test_what_stays(vi, en):
    assert list(in_english([vi], ["Chỉ đạo, nhiệm vụ"])) == [en]


def test_a_line_of_any_length_is_told_in_time():
    line = "; ".join(f"tiêu chí {number} (mức “x”): được {number} điểm" for number in range(90))
    assert english(line).count("points") == 90
    for sign in "([“`;:,. ":
        assert english(f"đ{sign * 3_000}").startswith("đ")


def test_every_field_of_a_finding_that_is_words_of_ours_is_told_in_english():
    """Read off the sources: what stands in the call; a heading is a name of the plan workbook."""
    lacking = []
    for path in sorted((ROOT / "cchc_xl").rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or getattr(call.func, "id", "") not in ("finding", "CannotOpenError"):
                continue
            for field in (one for one in call.keywords if one.arg != "heading"):
                text = {ast.Constant: constant, ast.JoinedStr: joined}.get(type(field.value), lambda _: "")(field.value)
                known = field.arg in OURS or text == "(trống)"
                if VIETNAMESE.search(text) and not (known and english(text) != text):
                    lacking.append((path.name, call.lineno, field.arg, text))
    assert not lacking


def test_every_kind_of_file_and_reason_not_to_read_it_is_told_in_english():
    """Those that no call holds as they stand: in tables, and in errors that travel between processes."""
    others = folder._OTHERS.values()
    tables = (look._STARTS, look._OTHER_DOCUMENTS, xls._OTHERS, child._CAUSES.items())
    texts = {words for table in tables for _, words in table} | {text for other in others for text in other}
    texts |= {f"{told}, {word._UNREADABLE}" for told in word._OTHER_PROGRAMS.values()} | {word._UNREADABLE}
    texts |= {*texts_in(ast.parse(inspect.getsource(look._kind_of).replace(look._kind_of.__doc__, ""))), "loại khác"}
    texts |= {"tệp không rõ loại", f"tệp nén có hơn {folder.MAX_PACKED} bảng tính"}
    for path in sorted((ROOT / "cchc_xl").rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(call.func, "id", "") if isinstance(call, ast.Call) else ""
            if name in ("Trouble", "NotWordError"):
                texts |= {text for given in call.args[name == "Trouble" :] for text in texts_in(given)}
    told = {text: english(text) for text in texts if VIETNAMESE.search(text)}
    assert len(told) > 50
    assert [text for text, said in told.items() if VIETNAMESE.search(said)] == []


def texts_in(node):
    """The texts that stand in a piece of code, those with fields as a whole."""
    if isinstance(node, ast.Constant | ast.JoinedStr):
        yield joined(node) if isinstance(node, ast.JoinedStr) else constant(node)
    else:
        for inner in ast.iter_child_nodes(node):
            yield from texts_in(inner)


def constant(node):
    return str(node.value)


def joined(node):
    return "".join(constant(part) if isinstance(part, ast.Constant) else "1" for part in node.values)
