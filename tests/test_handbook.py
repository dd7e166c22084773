"""The handbook in ``docs/vi`` against the product: commands run, what is quoted is said, what is named exists, links lead on."""

from __future__ import annotations

import ast
import io
import re
import shlex
import shutil
import tomllib
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

import cchc_xl
from cchc_xl.cli import cli
from cchc_xl.extras.control_tasks import TASKS
from cchc_xl.extras.control_workbook import CONFIG_SHEET, vba_project, write_control_workbook
from cchc_xl.extras.excel_button import CONTROL_SHEET
from cchc_xl.pipeline import jobs
from cchc_xl.result import archive
from tests.conftest import ROOT
from tests.extras.test_excel_button import modules
from tools import make_handbook as maker
from tools import make_windows_bundle as bundle
from tools.make_pictures import HANDBOOK, PICTURES

PAGES = {path.name: path.read_text(encoding="utf-8") for path in sorted(maker.PAGES.glob("*.md"))}
# The pages whose commands work on the whole year; all others on the quarter.
OF_THE_YEAR = ("cuoi-nam.md",)
# Names that are nobody's file: an example of the writing, kinds of files, Windows' own programs.
OTHERS = {"chữ kiểu này", ".bat", ".exe", ".pyd", "cmd.exe", "python.exe", "moi", "x", "(1)", "Quý I năm 2021"}
_PLACES = re.compile(r"C:\\cchc-xl(\\cchc-xl\.bat)?|\\\\may-chu\\\w+|D:\\…")
_CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)]+)\)")
_PICTURE = re.compile(r"!\[[^\]]+\]\(([^)]+)\)")


def told(page: str) -> str:
    """A page without its commands, its lines joined: a sentence may go on on the next one."""
    return " ".join(re.sub(r"```.*?```", "", page, flags=re.DOTALL).split())


def quoted(page: str) -> list[str]:
    """What stands in quotation marks, outermost: a sentence of the product may hold a name in marks of its own.

    >>> quoted("Ghi “không”; “Ô “…” còn trống”.")
    ['không', 'Ô “…” còn trống']
    """
    found, depth, start = [], 0, 0
    for at, letter in enumerate(told(page)):
        if letter == "“":
            depth += 1
            start = at if depth == 1 else start
        elif letter == "”":
            depth -= 1
            if depth == 0:
                found.append(told(page)[start + 1 : at])
    assert depth == 0
    return found


# --- what the product says ----------------------------------------------------------------------------------------


def _strings(tree: ast.AST) -> list[str]:
    """Every text of a module but what it says of itself; "…" stands where a value is put in."""
    made: list[str] = []
    about = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if id(node) in about:
            continue
        if isinstance(node, ast.JoinedStr):
            parts = (part.value if isinstance(part, ast.Constant) else "…" for part in node.values)
            made.append("".join(map(str, parts)))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            made.append(node.value)
    return made


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for item in (*value, *value.values()) for text in _texts(item)]
    return [text for item in value for text in _texts(item)] if isinstance(value, list) else [str(value)]


@pytest.fixture(scope="module")
def said() -> str:
    """Everything that the product can say, a line for each sentence: from its modules, its texts, what installs it, the macro."""
    texts: list[str] = []
    for path in (*(ROOT / "cchc_xl").rglob("*.py"), ROOT / "tools" / "windows" / "cai_dat.py"):
        texts += _strings(ast.parse(path.read_text(encoding="utf-8")))
    for path in (ROOT / "cchc_xl").rglob("*.toml"):
        for text in _texts(tomllib.loads(path.read_text(encoding="utf-8"))):
            texts += [text, re.sub(r"[\[\]]", "", text)]
    texts += modules(vba_project()).values()
    filled = (re.sub(r"…+", "…", re.sub(r"\{[^{}]*\}", "…", text)) for text in texts)
    return "\n".join(" ".join(text.split()) for text in filled)


@pytest.mark.parametrize("name", PAGES)
def test_what_a_page_quotes_is_said_by_the_product(name: str, said: str) -> None:
    quotes = quoted(PAGES[name])
    assert len(quotes) >= (20 if name == "hoi-dap.md" else 1) or name == "README.md"
    # The sheets of a task have the time behind their names: “Kết quả …”.
    strange = [text for text in quotes if text not in said and text.removesuffix(" …") not in said]
    assert strange == []


def test_a_sentence_that_the_product_does_not_say_is_found(said: str) -> None:
    assert "Sổ điều khiển đang mở từ OneDrive hoặc SharePoint" in said
    assert "Sổ điều khiển đang mở từ OneDrive và SharePoint" not in said
    assert "…: “…” không phải là số." in said


# --- what is run --------------------------------------------------------------------------------------------------


def commands(page: str) -> list[list[str]]:
    lines = [line for block in re.findall(r"```\n(.*?)```", page, re.DOTALL) for line in block.splitlines()]
    assert all(line.startswith("cchc-xl ") for line in lines)
    return [shlex.split(line)[1:] for line in lines]


@pytest.fixture(scope="module")
def offices(
    tmp_path_factory: pytest.TempPathFactory, year: cchc_xl.Result, quarter: cchc_xl.Result
) -> dict[bool, Path]:
    """By whether the whole year is worked on: a folder as the pages have it, with plan, forms and earlier results."""
    made = {}
    for whole, example in ((False, "2021-quy-1"), (True, "2020-ca-nam")):
        made[whole] = tmp_path_factory.mktemp("van-phong") / "cchc"
        shutil.copytree(ROOT / "examples" / example, made[whole])
        for result in (year, quarter):
            shutil.copytree(result.folder or "", made[whole] / "ket-qua" / Path(result.folder or "").name)
    return made


@pytest.fixture(scope="module")
def done(offices: dict[bool, Path]) -> dict[str, list[tuple[str, int, str]]]:
    """By page, each command, its exit code and what it said, run in the order of the page."""
    ran: dict[str, list[tuple[str, int, str]]] = {}
    with pytest.MonkeyPatch.context() as patch:
        for name, page in PAGES.items():
            patch.chdir(offices[name in OF_THE_YEAR])
            for line in commands(page):
                # Whoever watches stops it himself.
                ended = CliRunner().invoke(cli, [*line, *(["--once"] if line[0] == "watch" else [])])
                ran.setdefault(name, []).append((shlex.join(line), ended.exit_code, ended.output))
    return ran


def test_every_command_of_the_pages_does_what_it_is_there_for(done: dict[str, list[tuple[str, int, str]]]) -> None:
    wrong = [row for rows in done.values() for row in rows if row[1] not in (0, 1) or "Không chạy được" in row[2]]
    assert wrong == []
    ran = {row[0].split()[0] for rows in done.values() for row in rows}
    assert set(cli.commands) - ran == {"demo", "button", "huong-dan"}, "made, tried and found by other doors"


def test_what_the_quarter_s_page_leads_to_stands_there(done: object, offices: dict[bool, Path]) -> None:
    assert done
    home = offices[False]
    for name in ("bieu-mau/cong-van-giao-bieu-mau.docx", "ket-qua/2021-Q1/don-doc/cong-van.docx"):
        assert (home / name).is_file()
    assert (offices[True] / "ke-hoach-2021.xlsx").is_file()


# --- what is named ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def named(done: object, offices: dict[bool, Path]) -> set[str]:
    """Files and folders that come out of the commands, stand in the bundle or beside the control workbook."""
    assert done
    result = offices[False] / "ket-qua" / "2021-Q1"
    made = {path.name for home in offices.values() for path in home.rglob("*")}
    made |= {path.relative_to(home).as_posix() for home in (offices[False], result) for path in home.rglob("*")}
    made |= {item.name for item in bundle.own_files()} | {bundle.NAME, bundle.LIST, "GIAY-PHEP.txt", "tong_hop.xlsm"}
    made |= {f"{task.file}.bat" for task in TASKS} | {jobs.SUPPLEMENTS, archive.VERSIONS, CONFIG_SHEET}
    return made | set(jobs.RESULT_FILES)


@pytest.mark.parametrize("name", PAGES)
def test_every_file_command_and_option_named_exists(name: str, named: set[str], said: str) -> None:
    options = {text for command in cli.commands.values() for one in command.params for text in one.opts} | {"--help"}
    strange = []
    for text in _CODE.findall(re.sub(r"```.*?```", "", PAGES[name], flags=re.DOTALL)):
        plain = re.sub(r" \(mới \d\dh\d\d\)", "", text)
        if text == "cchc-xl" or text.removeprefix("cchc-xl ").partition(" ")[0] in {*cli.commands, *options}:
            continue
        if plain in named or text in OTHERS or _PLACES.fullmatch(text):
            continue
        if re.fullmatch(r"%LOCALAPPDATA%.*|\w.*….txt", text) and text.replace("….txt", "") in said:  # the log
            continue
        strange.append(text)
    assert strange == []


def test_every_task_of_the_control_workbook_is_told() -> None:
    every = "".join(PAGES.values())
    assert [task.name for task in TASKS if f"“{task.name}”" not in every] == []


# --- where links lead ---------------------------------------------------------------------------------------------


def slugs(page: str) -> set[str]:
    """The anchors that a reader of Markdown gives the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", text.casefold()).replace(" ", "-") for text in headings}


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_to_a_page_and_its_heading(name: str) -> None:
    for link in _LINK.findall(PAGES[name]):
        file, _, heading = link.partition("#")
        path = maker.PAGES / file if file else maker.PAGES / name
        assert path.is_file(), link
        assert not heading or heading in slugs(path.read_text(encoding="utf-8")), link


def test_every_page_is_led_to_and_is_a_chapter() -> None:
    assert {link.partition("#")[0] for link in _LINK.findall(PAGES[maker.FIRST])} == set(maker.CHAPTERS)
    assert {*PAGES} == {maker.FIRST, *maker.CHAPTERS}
    # One screen or two: whoever looks for an answer reads no book.
    assert [name for name, page in PAGES.items() if len(page.splitlines()) > 130] == []


def test_every_picture_is_drawn_by_the_script_and_shown() -> None:
    drawn = {one.path for one in PICTURES if one.path.parent == HANDBOOK}
    shown = {maker.PAGES / file for page in PAGES.values() for file in _PICTURE.findall(page)}
    assert drawn == shown == set(HANDBOOK.iterdir())
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in drawn)
    assert sum(path.stat().st_size for path in drawn) < 1_500_000


# --- the documents ------------------------------------------------------------------------------------------------


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def saved(document: object) -> dict[str, bytes]:
    buffer = io.BytesIO()
    document.save(buffer)
    return parts(buffer.getvalue())


@pytest.fixture(scope="module")
def book() -> dict[str, bytes]:
    return parts(cchc_xl.handbook().read_bytes())


def test_the_documents_are_what_the_pages_say(book: dict[str, bytes]) -> None:
    from docx import Document

    numbers = maker.numbers_in(Document(maker.PAGES / maker.HANDBOOK))
    assert list(map(int, numbers)) == sorted(map(int, numbers))
    assert int(numbers[0]) > 1
    for made, committed in (
        (saved(maker.handbook(numbers)), book),
        (saved(maker.sheet()), parts((maker.PAGES / maker.SHEET).read_bytes())),
    ):
        assert [name for name in {*made, *committed} if made.get(name) != committed.get(name)] == [], (
            "run python tools/make_handbook.py"
        )


def test_the_table_of_contents_and_every_link_lead_to_a_bookmark(book: dict[str, bytes]) -> None:
    text = book["word/document.xml"].decode()
    marks = re.findall(r'w:bookmarkStart w:id="\d+" w:name="(\w+)"', text)
    assert len(marks) == len(set(marks))
    led = re.findall(r'w:anchor="(\w+)"', text)
    assert set(led) <= set(marks)
    assert set(led) >= {mark for _, _, mark in maker.listed()}
    assert text.count(' TOC \\o "1-2"') == 1


def test_an_officer_reaches_it_by_a_click_and_by_a_command(tmp_path: Path) -> None:
    ended = CliRunner().invoke(cli, ["huong-dan"])
    assert ended.output.strip() == f"Sổ tay hướng dẫn: {cchc_xl.handbook()}"
    sheet = load_workbook(write_control_workbook(tmp_path)[0])[CONTROL_SHEET]
    links = {cell.value: cell.hyperlink.target for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    (link,) = links.items()  # as Windows writes it
    assert link == ("Mở sổ tay hướng dẫn", str(cchc_xl.handbook()).replace("/", "\\").replace(" ", "%20"))
    items = {item.name: item.content for item in bundle.own_files()}
    assert items["HUONG-DAN.docx"] == cchc_xl.handbook().read_bytes()
    assert items["tai-lieu/vi/to-don-vi.docx"]
    assert "HUONG-DAN.docx" in items["DOC-TRUOC.txt"].decode("utf-8-sig")


def test_a_lost_handbook_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(jobs, "HANDBOOK", Path("docs/vi/khong-co.docx"))
    ended = CliRunner().invoke(cli, ["huong-dan"])
    assert ended.exit_code == 2
    assert (
        ended.output.strip()
        == "Không chạy được: Không thấy sổ tay khong-co.docx trong bản đã cài: hãy cài lại cchc-xl."
    )
    assert write_control_workbook(tmp_path)[0].is_file(), "the workbook does without the link"
