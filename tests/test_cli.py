"""The command line as a user meets it: exit codes, one sentence, one object, nothing else written.

Exit codes, help and what is said on a wrong line are asked of real processes, the rest of the command in this one.
"""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.command import Done, cchc, process
from tests.conftest import ROOT
from tests.unit_forms import (
    FULL,
    PERIOD,
    build_plan,
    copy_tree,
    fill,
    form,
    full_folder,
    plan_with,
    tree,
    verdicts,
)

EXAMPLE = ROOT / "examples" / "2021-quy-1"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``plan.xlsx``, ``don-vi`` filled in whole, and ``ket-qua`` with the result; not to be changed."""
    home = tmp_path_factory.mktemp("cchc")
    full_folder(build_plan(home / "plan.xlsx"), home / "don-vi")
    done = cchc("run", home / "plan.xlsx", home / "don-vi", "--period", PERIOD, "--out", home / "ket-qua")
    assert (done.returncode, done.stderr) == (0, "")
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    return copy_tree(made, tmp_path / "cchc")


# --- what cannot run: one sentence on the error stream, exit code 2, nothing written ---

WRONG: list[tuple[str, tuple[str, ...], str]] = [
    ("no plan", ("check", "khong-co.xlsx", "don-vi", "--period", PERIOD), "khong-co.xlsx"),
    ("a folder as plan", ("check", "don-vi", "don-vi", "--period", PERIOD), "don-vi"),
    ("text as plan", ("plan", "chu.xlsx"), "chu.xlsx"),
    ("a form as plan", ("check", "don-vi/2021-Q1_VP.xlsx", "don-vi", "--period", PERIOD), "Kỳ báo cáo"),
    ("unknown period", ("check", "plan.xlsx", "don-vi", "--period", "2021-Q9"), "2021-Q3"),
    ("no period", ("check", "plan.xlsx", "don-vi"), "--period"),
    ("no folder", ("check", "plan.xlsx", "khong-co", "--period", PERIOD), "khong-co"),
    ("run: no plan", ("run", "khong-co.xlsx", "don-vi", "--period", PERIOD, "--out", "moi1"), "khong-co.xlsx"),
    ("run: no period", ("run", "plan.xlsx", "don-vi", "--period", "X", "--out", "moi2"), "X"),
    ("run: no folder", ("run", "plan.xlsx", "khong-co", "--period", PERIOD, "--out", "moi3"), "khong-co"),
    ("run: no out", ("run", "plan.xlsx", "don-vi", "--period", PERIOD), "--out"),
    ("run: a file as out", ("run", "plan.xlsx", "don-vi", "--period", PERIOD, "--out", "chu.xlsx"), "chu.xlsx"),
    ("run: out under a file", ("run", "plan.xlsx", "don-vi", "--period", PERIOD, "--out", "chu.xlsx/a"), "chu.xlsx"),
    ("run: no template", ("run", "plan.xlsx", "don-vi", "--period", PERIOD, "--out", "moi4", "--template", "khong.docx"), "khong.docx"),
    ("run: text as template", ("run", "plan.xlsx", "don-vi", "--period", PERIOD, "--out", "moi5", "--template", "chu.xlsx"), "chu.xlsx"),
    ("run: unknown variable", ("run", "plan.xlsx", "don-vi", "--period", PERIOD, "--out", "moi6", "--template", "sai.docx"), "chi_so_la"),
    ("run over a result: unknown variable", ("run", "plan.xlsx", "don-vi", "--period", PERIOD, "--out", "ket-qua", "--template", "sai.docx"), "chi_so_la"),
    ("run over the units' own folder", ("run", "plan.xlsx", "cua-ta/2021-Q1", "--period", PERIOD, "--out", "cua-ta"), "2021-Q1"),
    ("run over a file called like the period", ("run", "plan.xlsx", "don-vi", "--period", PERIOD, "--out", "tep"), "2021-Q1"),
    ("issue: unknown period", ("issue", "plan.xlsx", "--period", "X", "--to", "moi"), "X"),
    ("issue: no plan", ("issue", "khong.xlsx", "--period", PERIOD, "--to", "moi"), "khong.xlsx"),
    ("issue: a file as folder", ("issue", "plan.xlsx", "--period", PERIOD, "--to", "chu.xlsx"), "chu.xlsx"),
    ("check: feedback into a file", ("check", "loi.xlsx", "don-vi", "--period", PERIOD, "--feedback", "chu.xlsx"), "chu.xlsx"),
    ("new: a file as folder", ("new", "chu.xlsx"), "chu.xlsx"),
    ("new: there already", ("new", "moi-roi"), "ke-hoach.xlsx"),
    ("demo: a file as folder", ("demo", "chu.xlsx"), "chu.xlsx"),
    ("explain: no result", ("explain", "khong", "1.1"), "khong"),
    ("explain: not a result", ("explain", "don-vi", "1.1"), "don-vi"),
    ("explain: unknown code", ("explain", "ket-qua/2021-Q1", "1.11"), "1.1"),
    ("explain: a damaged result", ("explain", "hong", "1.1"), "hong"),
    ("explain: another object", ("explain", "khac", "1.1"), "khac"),
    ("report: no result", ("report", "khong"), "khong"),
    ("report: unknown variable", ("report", "ket-qua/2021-Q1", "--template", "sai.docx"), "chi_so_la"),
]  # fmt: skip


@pytest.fixture(scope="module")
def traps(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything the table above needs; a copy of it stands beside it as ``before``."""
    home = copy_tree(made, tmp_path_factory.mktemp("sai") / "cchc")
    (home / "chu.xlsx").write_text("chữ", encoding="utf-8")
    plan_with(home / "loi.xlsx", {"Bộ chỉ số!D3": "cách lạ"})
    shutil.copytree(home / "don-vi", home / "cua-ta" / PERIOD)
    (home / "tep").mkdir()
    (home / "tep" / PERIOD).write_text("của tôi", encoding="utf-8")
    (home / "moi-roi").mkdir()
    (home / "moi-roi" / "ke-hoach.xlsx").write_text("của tôi", encoding="utf-8")
    for name, text in (("hong", "{"), ("khac", "[]")):
        (home / name).mkdir()
        (home / name / "result.json").write_text(text, encoding="utf-8")
    with (
        zipfile.ZipFile(ROOT / "templates" / "report.docx") as source,
        zipfile.ZipFile(home / "sai.docx", "w") as target,
    ):
        for item in source.infolist():
            data = source.read(item)
            if item.filename == "word/document.xml":
                data = data.replace(b"<w:body>", b"<w:body><w:p><w:r><w:t>{{ chi_so_la }}</w:t></w:r></w:p>", 1)
            target.writestr(item, data)
    copy_tree(home, home.parent / "before")
    return home


def _everything(folder: Path) -> tuple[dict[str, str], list[str]]:
    """Contents of all files, names of all files and folders."""
    return tree(folder), sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@pytest.fixture(scope="module")
def answers(traps: Path) -> list[Done]:
    """What each line of the table says."""
    return [cchc(*arguments, cwd=traps) for _, arguments, _ in WRONG]


@pytest.mark.parametrize("number", range(len(WRONG)), ids=lambda number: WRONG[number][0])
def test_what_prevents_running_is_one_sentence(answers: list[Done], number: int) -> None:
    done, named = answers[number], WRONG[number][2]
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Không chạy được: ")
    assert done.stderr.removesuffix("\n").isprintable(), "one line"
    assert named in done.stderr


def test_and_leaves_nothing_behind(answers: list[Done], traps: Path) -> None:
    """Nothing but an empty output folder where there was none."""
    assert len(answers) == len(WRONG)
    contents, names = _everything(traps)
    before, names_before = _everything(traps.parent / "before")
    assert contents == before
    assert [name for name in names if name not in names_before and not name.startswith("moi")] == []


def test_the_same_with_json_is_one_object_on_standard_output(traps: Path) -> None:
    for ask, arguments in ((process, WRONG[0][1]), (cchc, WRONG[5][1])):
        done = ask(*arguments, "--json", cwd=traps)
        assert done.returncode == 2
        told = json.loads(done.stdout)
        assert told["findings"] == []
        assert told["error"] in done.stderr


def test_a_fault_of_ours_is_never_taken_for_work_that_is_done(home: Path) -> None:
    """A result without its parts stands for a bug: exit code 1 would mean that the command is done."""
    (home / "ket-qua" / PERIOD / "result.json").write_text('{"schema": "cchc_xl/result/1"}', encoding="utf-8")
    done = process("explain", home / "ket-qua" / PERIOD, "1.1")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].startswith("Không chạy được: ")


@pytest.mark.parametrize("arguments", [("la",), ("check",), ("check", "--la"), ("--lang", "fr", "check")])
def test_a_wrong_line_is_exit_code_two(arguments: tuple[str, ...]) -> None:
    done = process(*arguments) if arguments == ("check",) else cchc(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "plan.xlsx", "don-vi", "--period", PERIOD),
        ("explain", "ket-qua/2021-Q1", "2.1", "--json"),
        ("plan", "chu.xlsx", "--lang", "en"),
    ],
    ids=lambda item: item[0],
)
def test_a_process_of_its_own_says_the_same_as_the_command_here(traps: Path, arguments: tuple[str, ...]) -> None:
    """What lets the other tests ask the command in this process."""
    assert process(*arguments, cwd=traps) == cchc(*arguments, cwd=traps)


# --- exit codes and findings ---


@pytest.mark.parametrize(
    ("command", "change", "code"),
    [
        ("check", {}, 0),
        ("check", {"HSO_DUNG": "50 hồ sơ"}, 0),
        ("check", {"HSO_DUNG": "năm mươi"}, 1),
        ("run", {"HSO_DUNG": "50 hồ sơ"}, 0),
        ("run", {"HSO_DUNG": None}, 1),
    ],
)
def test_the_exit_code_is_one_where_an_error_was_found(
    home: Path, command: str, change: dict[str, Any], code: int
) -> None:
    fill(form(home / "don-vi", "NCC"), figures=change)
    out = ("--out", home / "moi") if command == "run" else ()
    ask = process if command == "run" and code else cchc  # what a shell is given shows one of them
    done = ask(command, home / "plan.xlsx", home / "don-vi", "--period", PERIOD, *out, "--day-du")
    assert (done.returncode, done.stderr) == (code, "")
    assert ("D101" in done.stdout or "D103" in done.stdout) == bool(code)
    assert ("2021-Q1_NCC.xlsx › Số liệu › D8" in done.stdout) == bool(change)


def test_each_error_and_warning_has_a_line_that_begins_with_its_code(home: Path) -> None:
    levels = {"1.1": {"Mức đạt": "Tốt"}, "1.10": {"Mức đạt": "Khá"}}
    fill(form(home / "don-vi", "VP"), figures=dict.fromkeys(FULL["VP"]["figures"]), rows=levels)
    fill(form(home / "don-vi", "LD"), figures={"SO_TIEN": "12 đồng"})  # a note
    arguments = ("check", home / "plan.xlsx", home / "don-vi", "--period", PERIOD)
    told = json.loads(cchc(*arguments, "--json").stdout)["findings"]
    lines = cchc(*arguments).stdout.splitlines()
    begun = [line[:4] for line in lines if re.match(r"[A-Z]\d{3} ", line)]
    assert begun == [item["code"] for item in told if item["severity"] != "note"]
    assert lines[lines.index("LỖI PHẢI SỬA: 9") + 1].startswith(
        "D103  2021-Q1_VP.xlsx › Số liệu › D8: “Hồ sơ đúng hạn”"
    )
    last = max(at for at, line in enumerate(lines) if line.startswith("D103"))
    assert lines[last + 1] == (  # once for all seven
        "        → Nhập số nguyên không âm, ví dụ 1480; không có việc nào: ghi 0; không phát sinh: ghi “không phát sinh”."
    )
    assert [line.partition(" → ")[2] for line in lines if line.startswith("D112")] == [
        "Chọn một trong: Đạt; Chưa đạt.",
        "Chọn một trong: Đủ; Thiếu.",
    ]
    notes = sum(item["severity"] == "note" for item in told)
    assert f"GHI CHÚ: {notes} (thêm --day-du để xem)" in lines
    whole = cchc(*arguments, "--day-du").stdout.splitlines()
    assert [line[:4] for line in whole if re.match(r"[A-Z]\d{3} ", line)] == [item["code"] for item in told]
    assert "D103  2021-Q1_VP.xlsx › Số liệu › D8: " in cchc(*arguments, "--lang", "en").stdout


def test_of_many_units_the_first_are_named_and_the_rest_counted() -> None:
    from cchc_xl.cli.output import _some

    names = [f"Đơn vị {number}" for number in range(1, 16)]
    assert _some(names, 12).endswith("Đơn vị 12; và 3 đơn vị khác")
    assert _some(names, None).endswith("Đơn vị 15")


def test_json_counts_the_findings_by_kind_and_both_are_worst_first(home: Path) -> None:
    fill(form(home / "don-vi", "LD"), figures={"NGUYEN": None, "SO_TIEN": "12 đồng"})
    fill(form(home / "don-vi", "VP"), figures={"HSO_DUNG": None})
    done = cchc("check", home / "plan.xlsx", home / "don-vi", "--period", PERIOD, "--json")
    document = json.loads(done.stdout)
    groups = {item["code"]: item for item in document["finding_groups"]}
    assert document["finding_groups"][0] == {
        **{"code": "D103", "severity": "error", "title": "Số liệu bỏ trống", "count": 2, "files": 2},
        "first": "2021-Q1_LD.xlsx › Số liệu › D9",
    }
    codes = [item["code"] for item in document["findings"]]
    assert {code: codes.count(code) for code in codes} == {code: item["count"] for code, item in groups.items()}
    for key in ("findings", "finding_groups"):
        order = [("error", "warning", "note").index(item["severity"]) for item in document[key]]
        assert order == sorted(order)
        assert len(set(order)) > 1


def test_a_plan_with_errors_is_said_and_the_rest_goes_on(home: Path) -> None:
    plan_with(home / "plan.xlsx", {"Bộ chỉ số!D7": "cách lạ"})
    assert cchc("plan", home / "plan.xlsx").returncode == 1
    done = cchc("check", home / "plan.xlsx", home / "don-vi", "--period", PERIOD, "--json")
    assert (done.returncode, done.stderr) == (1, "")
    document = json.loads(done.stdout)
    told = {item["code"]: item["status"] for item in document["criteria"]}
    assert (told["2.1"], told["2.2"], told["1.1"]) == ("missing", "scored", "scored")
    assert cchc("issue", home / "plan.xlsx", "--period", PERIOD, "--to", home / "moi").returncode == 1
    assert len(list((home / "moi").glob("*.xlsx"))) == 3


# --- --json and --lang ---


def test_json_is_one_object_wherever_it_is_asked_for(home: Path) -> None:
    arguments = ("check", home / "plan.xlsx", home / "don-vi", "--period", PERIOD)
    before, after = cchc("--json", *arguments), cchc(*arguments, "--json")
    assert before.stdout == after.stdout
    assert isinstance(json.loads(after.stdout), dict)


def test_the_language_is_the_same_wherever_it_is_asked_for(home: Path) -> None:
    fill(form(home / "don-vi", "NCC"), figures={"HSO_DUNG": None})
    arguments = ("check", home / "plan.xlsx", home / "don-vi", "--period", PERIOD)
    before, after = cchc("--lang", "en", *arguments), cchc(*arguments, "--lang", "en")
    assert before.stdout == after.stdout
    assert "is blank" in after.stdout
    assert "bỏ trống" in cchc(*arguments).stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("new", "moi"),
        ("plan", "plan.xlsx"),
        ("issue", "plan.xlsx", "--period", PERIOD, "--to", "moi"),
        ("run", "plan.xlsx", "don-vi", "--period", PERIOD, "--out", "moi"),
        ("run", "plan.xlsx", "don-vi", "--period", PERIOD, "--out", "moi", "--dry-run"),
        ("report", "ket-qua/2021-Q1"),
        ("explain", "ket-qua/2021-Q1", "2.1"),
    ],
    ids=lambda item: " ".join(item[:1] + item[-1:]),
)
def test_every_command_prints_one_object_with_findings(home: Path, arguments: tuple[str, ...]) -> None:
    done = cchc(*arguments, "--json", cwd=home)
    assert (done.returncode, done.stderr) == (0, "")
    assert isinstance(json.loads(done.stdout)["findings"], list)


CONTRACT: dict[str, Any] = {
    "schema": str,
    "period": str,
    "agency": str,
    "plan": {"file": str, "sha256": str},
    "index": {
        "points": str,
        "applicable_max": str,
        "percent": (str, None),
        "percent_if_missing_full": (str, None),
        "complete": bool,
        "target": (str, None),
        "previous": (str, None),
    },
    "criteria": [
        {
            **{"code": str, "name": str, "max": str, "applicable_max": str, "points": (str, None), "status": str},
            **{"method": (str, None), "basis": str, "self_points": (str, None), "appraised_points": (str, None)},
            **{"final_points": (str, None), "previous_points": (str, None)},
            "inputs": [{"measure": str, "unit": str, "value": str, "file": str, "sheet": str, "cell": str}],
            "evidence": [{"unit": str, "text": str, "file": str, "cell": str, "found": (bool, None)}],
        }
    ],
    "measures": dict,
    "rollcall": [
        {"unit": str, "status": str, "file": (str, None), "sha256": (str, None), "superseded": list}
    ],
    "findings": [
        {
            **{"code": str, "severity": str, "message": str, "fix": str, "file": (str, None), "sheet": (str, None)},
            **{"cell": (str, None), "unit": (str, None), "criterion": (str, None)},
        }
    ],
    "finding_groups": [{"code": str, "severity": str, "title": str, "count": int, "files": int, "first": str}],
    "sources": [{"file": str, "sha256": (str, None), "reader": (str, None), "verdict": str}],
}  # fmt: skip


def _fits(value: Any, shape: Any, place: str, seen: set[str]) -> None:
    seen.add(place)
    if isinstance(shape, dict):
        for name, inner in shape.items():
            assert name in value, f"{place} lacks {name}"
            _fits(value[name], inner, f"{place}.{name}", seen)
    elif isinstance(shape, list):
        for item in value:
            _fits(item, shape[0], f"{place}[]", seen)
    elif isinstance(shape, tuple):
        assert value is None or isinstance(value, shape[0]), f"{place}: {value!r}"
    else:
        assert isinstance(value, shape), f"{place}: {value!r}"


def test_check_json_is_the_contract_object_key_by_key_and_writes_nothing(home: Path) -> None:
    copy_tree(EXAMPLE, home / "vi-du")
    before = _everything(home)
    done = cchc("check", home / "vi-du" / "ke-hoach.xlsx", home / "vi-du" / "don-vi", "--period", PERIOD, "--json")
    assert (done.returncode, done.stderr) == (1, "")
    document = json.loads(done.stdout)
    seen: set[str] = set()
    _fits(document, CONTRACT, "", seen)
    assert {".criteria[].inputs[].cell", ".criteria[].evidence[].found", ".findings[].fix", ".sources[].reader"} <= seen
    assert document["schema"] == "cchc_xl/result/1"
    assert {item["status"] for item in document["criteria"]} <= {"scored", "missing", "not_applicable", "group"}
    assert {row["status"] for row in document["rollcall"]} <= {"submitted", "late", "missing", "unreadable"}
    assert {source["verdict"] for source in document["sources"]} <= {"read", "rejected", "ignored"}
    assert {source["reader"] for source in document["sources"]} <= {"calamine", "openpyxl", None}
    assert _everything(home) == before


def test_check_and_run_say_the_same(home: Path) -> None:
    checked = json.loads(cchc("check", home / "plan.xlsx", home / "don-vi", "--period", PERIOD, "--json").stdout)
    written = json.loads((home / "ket-qua" / PERIOD / "result.json").read_text(encoding="utf-8"))
    assert checked == written


# --- inputs are never changed, outputs never overwritten ---


@pytest.mark.parametrize(
    "arguments",
    [
        ("plan", "plan.xlsx"),
        ("check", "plan.xlsx", "don-vi", "--period", PERIOD, "--feedback", "moi"),
        ("check", "plan.xlsx", "don-vi/2021-Q1_NCC.xlsx", "--period", PERIOD),
        ("run", "plan.xlsx", "don-vi", "--period", PERIOD, "--out", "moi", "--dry-run"),
        ("run", "plan.xlsx", "don-vi", "--period", PERIOD, "--out", "moi", "--template", "mau.docx"),
        ("issue", "plan.xlsx", "--period", PERIOD, "--to", "moi"),
        ("explain", "ket-qua/2021-Q1", "2"),
    ],
    ids=" ".join,
)
def test_every_input_is_byte_for_byte_what_it_was(home: Path, arguments: tuple[str, ...]) -> None:
    fill(form(home / "don-vi", "NCC"), figures={"HSO_DUNG": "=10*5"})
    shutil.copyfile(ROOT / "templates" / "report.docx", home / "mau.docx")
    before = tree(home)
    times = {path: path.stat().st_mtime_ns for path in home.rglob("*") if path.is_file()}
    done = cchc(*arguments, cwd=home)
    assert done.returncode in (0, 1), done.stderr
    after = tree(home)
    assert {name: after.get(name) for name in before} == before
    assert {path: path.stat().st_mtime_ns for path in times} == times
    new = {name.partition("/")[0] for name in after.keys() - before.keys()}
    assert new <= {"moi"}
    assert bool(new) == ("moi" in arguments and "--dry-run" not in arguments)


def test_a_single_file_is_checked_by_itself(home: Path) -> None:
    fill(form(home / "don-vi", "VP"), rows={"1.1": {"Tài liệu kiểm chứng": "minh-chung/kh.pdf", "Mức đạt": "Lạ"}})
    file = form(home / "don-vi", "VP")
    done = cchc("check", home / "plan.xlsx", file, "--period", PERIOD, "--json")
    document = json.loads(done.stdout)
    assert verdicts(document) == {"2021-Q1_VP.xlsx": "read"}
    assert [item["code"] for item in document["findings"] if item["code"][0] in "DE"] == ["D112"]


def test_feedback_writes_a_copy_for_whoever_has_something_to_mend(home: Path) -> None:
    fill(form(home / "don-vi", "NCC"), figures={"HSO_DUNG": "năm mươi"})
    done = cchc("check", home / "plan.xlsx", home / "don-vi", "--period", PERIOD, "--feedback", home / "moi")
    assert done.returncode == 1
    assert [path.name for path in (home / "moi").iterdir()] == ["NCC.xlsx"]
    assert done.stdout.endswith(f"Đã ghi 1 bản phản hồi:\n  {home / 'moi' / 'NCC.xlsx'}\n")
    book = load_workbook(home / "moi" / "NCC.xlsx")
    assert book["Số liệu"]["D8"].comment is not None


def test_issue_never_overwrites_what_a_clerk_may_have_filled_in(home: Path) -> None:
    before = tree(home / "don-vi")
    form(home / "don-vi", "LD").unlink()
    done = cchc("issue", home / "plan.xlsx", "--period", PERIOD, "--to", home / "don-vi")
    assert (done.returncode, done.stdout.count("F204  ")) == (0, 2)
    after = tree(home / "don-vi")
    assert {name for name in before if before[name] == after[name]} == {"2021-Q1_VP.xlsx", "2021-Q1_NCC.xlsx"}


def test_new_makes_a_plan_that_is_usable_and_never_overwrites_it(tmp_path: Path) -> None:
    folder = tmp_path / "cơ quan của tôi"
    assert cchc("new", folder).returncode == 0
    assert sorted(path.name for path in folder.iterdir() if path.suffix == ".xlsx") == ["ke-hoach.xlsx"]
    assert cchc("plan", folder / "ke-hoach.xlsx").returncode == 0
    (folder / "ke-hoach.xlsx").write_bytes(b"x")
    before = tree(folder)
    assert cchc("new", folder).returncode == 2
    assert tree(folder) == before


def test_demo_runs_twice_and_keeps_what_the_user_changed(tmp_path: Path) -> None:
    first = cchc("demo", tmp_path / "thử")
    assert (first.returncode, first.stderr) == (0, "")
    assert "74,12%" in first.stdout
    touched = next((tmp_path / "thử" / "2021-quy-1" / "don-vi").glob("*_NCC.xlsx"))
    touched.unlink()
    second = cchc("demo", tmp_path / "thử")
    assert (second.returncode, second.stderr) == (0, "")
    assert not touched.exists()
    assert sorted(path.name for path in (tmp_path / "thử" / "ket-qua").iterdir()) == ["2020-N", "2021-Q1"]


# --- after the run ---


def test_explain_leads_from_the_points_to_the_cells_and_the_files(home: Path) -> None:
    done = cchc("explain", home / "ket-qua" / PERIOD, "2.1")
    assert (done.returncode, done.stderr) == (0, "")
    sha256 = tree(home)["don-vi/2021-Q1_NCC.xlsx"]
    for part in ("6,4 / 8", "Bộ chỉ số", "2021-Q1_NCC.xlsx › Số liệu › D8", sha256, tree(home)["plan.xlsx"]):
        assert part in done.stdout


@pytest.mark.parametrize(("code", "close"), [("2.11", "2.1"), ("1.1.1", "1.1"), ("kế hoạch", "1")])
def test_explain_of_an_unknown_code_suggests(home: Path, code: str, close: str) -> None:
    done = cchc("explain", home / "ket-qua" / PERIOD, code)
    assert (done.returncode, done.stdout) == (2, "")
    assert code in done.stderr
    assert close in done.stderr.partition("ví dụ")[2]


def test_report_again_needs_nothing_but_the_result(home: Path) -> None:
    shutil.rmtree(home / "don-vi")
    (home / "plan.xlsx").unlink()
    result = home / "ket-qua" / PERIOD
    (result / "bao-cao.docx").unlink()
    before = tree(result)
    done = cchc("report", result)
    assert (done.returncode, done.stderr) == (0, "")
    after = tree(result)
    assert after.keys() - before.keys() == {"bao-cao.docx"}
    with zipfile.ZipFile(result / "bao-cao.docx") as package:
        assert "88,25" in package.read("word/document.xml").decode()


def test_help_and_version(tmp_path: Path) -> None:
    assert process("--version", cwd=tmp_path).stdout.startswith("cchc-xl")
    done = process("--help", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Mã thoát" in done.stdout
    order = [line.split()[0] for line in done.stdout.partition("Lệnh:")[2].splitlines() if line[:3].strip()]
    assert order[:6] == ["demo", "new", "plan", "issue", "check", "run"]
    for shown in (done.stdout, cchc("draft-plan", "-h", cwd=tmp_path).stdout):
        assert not any(word in shown for word in ("Usage", "Options", "Commands", "Show", "..."))
