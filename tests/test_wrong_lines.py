"""Wrong command lines of a second person: each answer in the language asked for, with one cause and the right line.

``home`` holds ``ke-hoach.xlsx``, ``don-vi`` with its forms, and ``ket-qua/2021-Q1`` with the result.
"""

from __future__ import annotations

import ast
import io
import re
import shlex
from pathlib import Path

import click
import pytest

from cchc_xl.cli import cli, shape
from cchc_xl.cli.english import english
from cchc_xl.cli.terminal import ProgressLine, coloured
from cchc_xl.cli.typed import _PLACES
from tests.command import Done, cchc
from tests.conftest import ROOT
from tests.unit_forms import PERIOD, build_plan, full_folder

# What was typed; words that the cause must have, in Vietnamese and English; the right line after the program's name.
WRONG: list[tuple[str, str, str, str]] = [
    ("", "chưa ghi lệnh", "no command", "demo"),
    ("--json", "chưa ghi lệnh", "no command", "demo"),
    ("run", "thiếu tệp kế hoạch", "missing: the plan", "run ke-hoach.xlsx don-vi --period 2021-Q1 --out ket-qua"),
    ("run ke-hoach.xlsx", "thiếu thư mục", "missing: the units' folder", "run ke-hoach.xlsx don-vi --period {P} --out ket-qua"),
    ("run ke-hoach.xlsx don-vi --out kq", "thiếu kỳ", "missing: the period", "run ke-hoach.xlsx don-vi --out kq --period {P}"),
    ("check don-vi --period Q1", "don-vi là thư mục", "don-vi is a folder", "check ke-hoach.xlsx don-vi --period Q1"),
    ("issue ke-hoach.xlsx --period Q1", "thiếu thư mục nhận", "the folder for the forms", "issue ke-hoach.xlsx --period Q1 --to bieu-mau"),
    ("explain", "thiếu thư mục kết quả", "the result's folder", "explain ket-qua/2021-Q1"),
    ("chay ke-hoach.xlsx don-vi", "ý là “run”", "mean “run”", "run ke-hoach.xlsx don-vi --period {P} --out ket-qua"),
    ("chek ke-hoach.xlsx don-vi --period Q1", "ý là “check”", "mean “check”", "check ke-hoach.xlsx don-vi --period Q1"),
    ("RUN ke-hoach.xlsx don-vi --period Q1 --out kq", "ý là “run”", "mean “run”", "run ke-hoach.xlsx don-vi --period Q1 --out kq"),
    ("kiểm-tra ke-hoach.xlsx don-vi --period Q1", "ý là “check”", "mean “check”", "check ke-hoach.xlsx don-vi --period Q1"),
    ("draft_plan ket-qua/2021-Q1", "ý là “draft-plan”", "mean “draft-plan”", "draft-plan ket-qua/2021-Q1"),
    ("help", "ý là --help", "mean --help", "--help"),
    ("/?", "ý là --help", "mean --help", "--help"),
    ("xyzzy", "không có lệnh “xyzzy”", "no command “xyzzy”", "--help"),
    ("ke-hoach.xlsx", "thiếu lệnh trước", "no command before", "plan ke-hoach.xlsx"),
    ("plan ke-hoach.xlsx --xyz", "không có tùy chọn --xyz", "no option --xyz", "plan ke-hoach.xlsx"),
    ("check ke-hoach.xlsx don-vi --perod Q1", "ý là --period", "mean --period", "check ke-hoach.xlsx don-vi --period Q1"),
    ("check ke-hoach.xlsx don-vi –period Q1", "ý là --period", "mean --period", "check ke-hoach.xlsx don-vi --period Q1"),
    ("check ke-hoach.xlsx don-vi -period Q1", "ý là --period", "mean --period", "check ke-hoach.xlsx don-vi --period Q1"),
    ("check ke-hoach.xlsx don-vi --ky Q1", "ý là --period", "mean --period", "check ke-hoach.xlsx don-vi --period Q1"),
    ("check ke-hoach.xlsx don-vi --period Q1 --out kq", "không có tùy chọn --out (của lệnh run", "has no option --out", "check ke-hoach.xlsx don-vi --period Q1"),
    ("--period Q1 check ke-hoach.xlsx don-vi --out kq", "--out", "--out", "check ke-hoach.xlsx don-vi --period Q1"),
    ("issue ke-hoach.xlsx --period Q1 --to", "sau --to thiếu", "--to lacks", "issue ke-hoach.xlsx --period Q1 --to bieu-mau"),
    ("check ke-hoach.xlsx don-vi --period --json", "sau --period thiếu", "--period lacks", "check ke-hoach.xlsx don-vi --period {P} --json"),
    ("check ke-hoach.xlsx don-vi --period Q1 --json=1", "--json không nhận giá trị", "--json takes no value", "check ke-hoach.xlsx don-vi --period Q1 --json"),
    ("run ke-hoach.xlsx don-vi --period Q1 --out kq --letters hai", "--letters không nhận “hai”", "takes no “hai”", "run ke-hoach.xlsx don-vi --period Q1 --out kq --letters one"),
    ("draft-plan ket-qua/2021-Q1 --rank nhat", "“nhat” ở --rank không phải là số nguyên từ 1", "no whole number", "draft-plan ket-qua/2021-Q1 --rank 3"),
    ("draft-plan ket-qua/2021-Q1 --rank 0", "“0” ở --rank", "“0” after --rank", "draft-plan ket-qua/2021-Q1 --rank 3"),
    ("check ke-hoach.xlsx don-vi --period Q1 --jobs 100", "“100” ở --jobs không phải là số nguyên từ 1 đến 61", "from 1 to 61", "check ke-hoach.xlsx don-vi --period Q1 --jobs 2"),
    ("check ke-hoach.xlsx don-vi --period Q1 --engine", "thiếu địa chỉ cụm Dask", "the address of the Dask", "check ke-hoach.xlsx don-vi --period Q1 --engine tcp://10.0.0.5:8786"),
    ("--completion", "sau --completion thiếu tên shell", "--completion lacks", "--completion bash"),
    ("--completion cmd", "--completion không nhận “cmd”", "takes no “cmd”", "--completion bash"),
    ("watch ke-hoach.xlsx don-vi --period Q1 --every 0", "--every không phải", "--every is no", "watch ke-hoach.xlsx don-vi --period Q1 --every 30"),
    ("check ke-hoach.xlsx don-vi Q1", "“Q1” là kỳ", "“Q1” is a period", "check ke-hoach.xlsx don-vi --period Q1"),
    ("check ke-hoach.xlsx don-vi --period Quý I năm 2021", "trong ngoặc kép", "quotation marks", 'check ke-hoach.xlsx don-vi --period "Quý I năm 2021"'),
    ("plan kế hoạch.xlsx", "trong ngoặc kép", "quotation marks", 'plan "kế hoạch.xlsx"'),
    ("run ke-hoach.xlsx don-vi --period Q1 kq", "thừa “kq”, ý là --out kq", "did you mean --out kq", "run ke-hoach.xlsx don-vi --period Q1 --out kq"),
    ("plan ke-hoach.xlsx nua", "thừa “nua”", "“nua” is too much", "plan ke-hoach.xlsx"),
    ("check don-vi ke-hoach.xlsx --period Q1", "đổi chỗ kế hoạch và thư mục", "changed places", "check ke-hoach.xlsx don-vi --period Q1"),
    ("check ke-hoach.xlsx Q1 --period don-vi", "đổi chỗ kỳ và thư mục", "changed places", "check ke-hoach.xlsx don-vi --period Q1"),
    ("run ke-hoach.xlsx don-vi --period kq --out 2021-Q1", "đổi chỗ kỳ và thư mục kết quả", "changed places", "run ke-hoach.xlsx don-vi --period 2021-Q1 --out kq"),
    ("run ke-hoach.xlsx kq --period Q1 --out don-vi", "đổi chỗ", "changed places", "run ke-hoach.xlsx don-vi --period Q1 --out kq"),
    ("explain 2.1 ket-qua/2021-Q1", "đổi chỗ thư mục kết quả", "changed places", "explain ket-qua/2021-Q1 2.1"),
    ("explain ket-qua 2.1", "chứa kết quả của các kỳ", "holds the results", "explain ket-qua/2021-Q1 2.1"),
    ("explain ket-qua/2021-Q1 88,25%", "cần --figure", "needs --figure", "explain ket-qua/2021-Q1 --figure 88,25%"),
    ("report ket-qua/2021-Q1/bao-cao.docx", "không phải thư mục kết quả", "not its folder", "report ket-qua/2021-Q1"),
    ("verify don-vi ket-qua/2021-Q1", "đổi chỗ", "changed places", "verify ket-qua/2021-Q1 don-vi"),
    ("plan don-vi", "don-vi là thư mục", "don-vi is a folder", "plan ke-hoach.xlsx"),
    ("plan ke_hoach.xlsx", "ý là ke-hoach.xlsx", "did you mean ke-hoach.xlsx", "plan ke-hoach.xlsx"),
    ("plan ke-hoach", "ý là ke-hoach.xlsx", "did you mean ke-hoach.xlsx", "plan ke-hoach.xlsx"),
    ("check ke-hoach.xlsx donvi --period Q1", "ý là don-vi", "did you mean don-vi", "check ke-hoach.xlsx don-vi --period Q1"),
    ("check ke-hoach.xlsx don-vi --period 2021-Q9", "ý là 2021-Q", "did you mean 2021-Q", "check ke-hoach.xlsx don-vi --period {P}"),
]  # fmt: skip
ENGLISH_OF_CLICK = ("Usage", "Try '", "Error", "Missing argument", "No such", "requires an argument", "Got unexpected", "Invalid value")  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("sai")
    full_folder(build_plan(home / "ke-hoach.xlsx"), home / "don-vi")
    (home / "kế hoạch.xlsx").write_bytes((home / "ke-hoach.xlsx").read_bytes())
    assert cchc("run", "ke-hoach.xlsx", "don-vi", "--period", PERIOD, "--out", "ket-qua", cwd=home).returncode == 0
    return home


def _answer(line: str, home: Path, *more: str) -> Done:
    return cchc(*line.split(), *more, cwd=home)


@pytest.mark.parametrize("number", range(len(WRONG)), ids=lambda number: WRONG[number][0] or "nothing")
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_each_wrong_line_gets_one_cause_and_the_right_line(home: Path, number: int, lang: str) -> None:
    line, vi, en, right = WRONG[number]
    early = ("--lang", "en") if lang == "en" and number % 2 else ()
    done = cchc(*early, *line.split(), *(("--lang", "en") if lang == "en" and not early else ()), cwd=home)
    assert done.returncode == 2
    start, words = ("Không chạy được: ", vi) if lang == "vi" else ("Could not run: ", en)
    told = done.stderr.removesuffix("\n")
    assert told.startswith(start)
    assert told.isprintable(), "one line"
    assert words in told
    assert not any(word in told for word in ENGLISH_OF_CLICK)
    cause, _, whole = told.partition(f": {shape.CALLED}")
    assert whole, told
    assert ("hãy ghi" in cause.casefold()) == (lang == "vi")
    told_line = whole.replace(" --lang en", "").strip()
    assert re.sub(r"2021-(?:Q\d|N)", "{P}", told_line) == re.sub(r"2021-(?:Q\d|N)", "{P}", right)


def test_every_place_of_a_line_is_named_and_no_other() -> None:
    """So that whatever is lacking is told in words, with an example that can stand there."""
    commands = {"": cli, **cli.commands}
    places = [
        (name, item.name if isinstance(item, click.Argument) else max(item.opts, key=len))
        for name, command in commands.items()
        for item in command.params
        if not getattr(item, "is_flag", False)
    ]
    asked = {f"{name} {place}" if f"{name} {place}" in _PLACES else place for name, place in places}
    assert asked == set(_PLACES)


def test_a_folder_whose_name_has_a_dot_is_a_folder(home: Path) -> None:
    told = _answer("verify ket-qua/2021-Q1 2.Bieu", home).stderr
    assert "không có thư mục 2.Bieu" in told


def test_a_line_to_type_has_its_folder_with_blanks_in_quotation_marks(tmp_path: Path) -> None:
    assert cchc("new", "ke hoach", cwd=tmp_path).stdout.endswith('plan "ke hoach/ke-hoach.xlsx"\n')


def test_a_right_line_that_is_sure_leads_on(home: Path) -> None:
    """What the answer says to write is written: no second mistake is found in it."""
    for line, *_ in WRONG:
        told = _answer(line, home).stderr
        if "hãy ghi: " not in told.casefold() or line.startswith(("run", "RUN", "issue", "report", "draft")):
            continue
        right = shlex.split(told.partition(shape.CALLED)[2])
        assert cchc(*right, cwd=home).returncode in (0, 1), right


def test_json_and_the_language_are_heard_on_a_line_that_is_wrong(home: Path) -> None:
    done = _answer("chay --json --lang en", home)
    assert '"error": "there is no command “chay”' in done.stdout


def test_every_sentence_that_stops_a_job_has_its_english() -> None:
    """Read off the sources: whatever is raised as a whole sentence, and each part of those that are joined."""
    raised = {"CannotRunError", "ArchiveError", "PlanUnreadableError", "LostError", "AppraisalLostError"}
    raised |= {"UnknownCriterionError", "UnknownFigureError", "SavedMeanwhileError", "or_cannot_run"}
    lacking = []
    for path in sorted((ROOT / "cchc_xl").rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(getattr(call, "func", None), "id", "") or getattr(getattr(call, "func", None), "attr", "")
            if isinstance(call, ast.Call) and name in raised:
                told = [_text(one) for one in call.args if isinstance(one, ast.Constant | ast.JoinedStr)]
                lacking += [text for text in told if not text.isascii() and english(text) == text]
    assert not lacking


def _text(node: ast.Constant | ast.JoinedStr) -> str:
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in parts)


@pytest.mark.parametrize("name", ["", *cli.commands])
def test_help_is_whole_in_both_languages(name: str) -> None:
    """Every option and command is described; in English nothing Vietnamese is left but names of files and sheets."""
    arguments = [name] if name else []
    vi, en = cchc(*arguments, "--help").stdout, cchc("--lang", "en", *arguments, "--help").stdout
    assert "Tùy chọn:" in vi
    assert not any(word in vi for word in ("Usage", "Options", "Commands", "Show", "required", "default"))
    assert "Options:" in en
    letters = set("ạảấầẩẫậắằẳẵặẹẻẽếềểễệịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ")
    kept = en.replace("Quý I năm", "").replace("Nguồn", "").replace("số liệu", "").replace("Tốt", "")
    assert not set(kept) & letters, kept
    command = cli.commands[name] if name else cli
    for option in (item for item in command.params if isinstance(item, click.Option)):
        assert option.help


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "stream", "is_coloured"),
    [
        ({"TERM": "xterm"}, _Terminal(), True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, _Terminal(), False),
        ({"TERM": "dumb"}, _Terminal(), False),
        ({"TERM": "xterm"}, io.StringIO(), False),
    ],
)
def test_colours_are_for_terminals_that_show_them(
    environment: dict[str, str], stream: io.StringIO, *, is_coloured: bool
) -> None:
    assert ("\x1b[" in coloured("LỖI PHẢI SỬA: 2", stream, environment)) == is_coloured
    assert coloured("Quý I", stream, environment) == "Quý I"


def test_progress_is_one_line_that_is_rewritten_and_goes_away(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cchc_xl.cli.terminal._AGAIN_SECONDS", 0)
    monkeypatch.setenv("TERM", "xterm")
    out, err = _Terminal(), _Terminal()
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setattr("sys.stderr", err)
    with ProgressLine("en") as shown:
        shown("Đã đọc 3/17 tệp")
        shown("Đọc a.xlsx")
    first, second = "3 of 17 files read", "Reading a.xlsx"
    assert err.getvalue() == f"\r{first}\r{second.ljust(len(first))}\r{' ' * len(second)}\r"
    assert "3 of 17 files read" in err.getvalue()
    before = err.getvalue()
    with ProgressLine(silent=True) as shown:
        shown("Đọc a.xlsx")
    assert err.getvalue() == before
    monkeypatch.undo()
    assert _answer("check ke-hoach.xlsx don-vi --period Q1", home).stderr == "", "nothing in a pipe"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_completion_says_how_it_is_used(shell: str) -> None:
    told = cchc("--completion", shell).stdout
    assert told.startswith("# Để phím Tab")
    assert "_CCHC_XL_COMPLETE" in told


def test_the_line_is_begun_by_what_is_really_there(tmp_path: Path) -> None:
    """In the Windows bundle that is the batch file beside its ``python`` folder; nothing is on the path there."""
    for folder, told in (("x", "{}"), ("Tổng hợp 1", '"{}"')):
        door = tmp_path / folder / "cchc-xl.bat"
        door.parent.mkdir()
        door.touch()
        program = shape.called(str(tmp_path / folder / "python" / "python.exe"), on_path=False)
        assert program == told.format(door)
        assert shape.as_called("Sửa xong: cchc-xl plan a.xlsx", program) == f"Sửa xong: {program} plan a.xlsx"
    assert shape.as_called("do cchc-xl lập; made by cchc-xl and is", "x") == "do cchc-xl lập; made by cchc-xl and is"
    assert shape.as_called("`cchc-xl --help`, .cchc-xl.lock", "x") == "`x --help`, .cchc-xl.lock"
