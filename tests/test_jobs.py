"""Every command of the command line and the Python function that does the same: one answer through both doors."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import cchc_xl
from cchc_xl.cli import cli
from cchc_xl.extras.control_workbook import write_control_workbook
from cchc_xl.extras.doctor import Check, doctor
from cchc_xl.pipeline.jobs import DocumentLook, NextPlan
from cchc_xl.pipeline.watch import Event
from cchc_xl.records import Plan
from cchc_xl.text.catalogue import title, worst_first

YEAR, QUARTER = "thu/ket-qua/2020-N", "thu/ket-qua/2021-Q1"
PLAN, FORMS = "thu/2021-quy-1/ke-hoach.xlsx", "thu/2021-quy-1/don-vi"
# In this order: what is made by one is read by the next.
JOBS: list[tuple[str, Callable[[], Any]]] = [
    ("demo thu", lambda: cchc_xl.demo("thu")),
    ("new moi", lambda: cchc_xl.new("moi")),
    ("plan moi/ke-hoach.xlsx", lambda: cchc_xl.load_plan("moi/ke-hoach.xlsx")),
    (f"issue {PLAN} --period 2021-Q1 --to bieu", lambda: cchc_xl.issue(PLAN, "bieu", period="2021-Q1")),
    (
        f"check {PLAN} {FORMS} --period 2021-Q1 --feedback danh-dau",
        lambda: cchc_xl.check(PLAN, FORMS, period="2021-Q1", feedback="danh-dau"),
    ),
    (
        f"run {PLAN} {FORMS} --period 2021-Q1 --out ra --previous {YEAR} --dry-run",
        lambda: cchc_xl.run(PLAN, FORMS, period="2021-Q1", out="ra", previous=YEAR, dry_run=True),
    ),
    (f"report {YEAR} --sources", lambda: cchc_xl.report(YEAR, with_sources=True)),
    (f"draft-plan {YEAR} --rank 4", lambda: cchc_xl.draft_plan(YEAR, rank=4)),
    (f"next-year {YEAR} --to nam-sau --rank 4", lambda: cchc_xl.next_year(YEAR, "nam-sau", 4)),
    ("lint-template moi/plan.docx --kind report", lambda: cchc_xl.lint_template("moi/plan.docx", "report")),
    ("lint-document moi/reminder.docx", lambda: cchc_xl.lint_document("moi/reminder.docx")),
    (
        "lint-document moi/reminder.docx --sua moi/sua.docx",
        lambda: cchc_xl.mend_document("moi/reminder.docx", "moi/sua.docx"),
    ),
    (f"explain {YEAR} 1.6", lambda: cchc_xl.explain(YEAR, "1.6")),
    (f"explain {YEAR} --figure 74,12%", lambda: cchc_xl.explain_figure(YEAR, "74,12%")),
    (f"advise {YEAR} --target 80", lambda: cchc_xl.advise(YEAR, 80)),
    (f"compare {YEAR} {QUARTER}", lambda: cchc_xl.compare(YEAR, QUARTER)),
    (
        f"rank {YEAR} {QUARTER} --classes Tốt=90;Khá=70",
        lambda: cchc_xl.rank([YEAR, QUARTER], classes=[("Tốt", 90), ("Khá", 70)]),
    ),
    (f"verify {QUARTER} {FORMS}", lambda: cchc_xl.verify(QUARTER, FORMS)),
    ("huong-dan", cchc_xl.handbook),
    ("button nut", lambda: write_control_workbook(Path("nut"))),
    ("doctor thu", lambda: doctor("thu").value),
    (
        f"watch {PLAN} {FORMS} --period Q1 --once",
        lambda: tuple(cchc_xl.watch(PLAN, FORMS, period="Q1").events(1, once=True)),
    ),
]
ASKED = [number for number, (line, _) in enumerate(JOBS) if line.split()[0] in {"explain", "advise", "compare", "rank"}]


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folders in which Python and the command line work."""
    return tmp_path_factory.mktemp("python"), tmp_path_factory.mktemp("dong-lenh")


@pytest.fixture(scope="module")
def returned(homes: tuple[Path, Path]) -> list[Any]:
    """What the functions return, row by row."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(homes[0])
        return [call() for _, call in JOBS]


@pytest.fixture(scope="module")
def printed(homes: tuple[Path, Path]) -> list[dict[str, Any]]:
    """What the commands print with ``--json``, row by row."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(homes[1])
        return [json.loads(CliRunner().invoke(cli, [*line.split(), "--json"]).stdout) for line, _ in JOBS]


def test_every_command_has_its_function() -> None:
    assert {line.split()[0] for line, _ in JOBS} == set(cli.commands)


def told_by_python(value: Any) -> dict[str, Any]:
    """What a function returned, in the words of ``--json``; findings by their codes."""
    match value:
        case cchc_xl.Answer():
            return value.told
        case cchc_xl.Checked():
            return value.result.document
        case cchc_xl.Result():
            return {**value.document, "folder": value.folder}
        case cchc_xl.Issued():
            return {
                "files": [str(path) for path in value.files],
                "letters": [str(path) for path in value.letters],
                "findings": [item.code for item in value.findings],
            }
        case Plan():
            return {
                "plan": {"file": value.file, "sha256": value.sha256},
                "findings": [item.code for item in value.findings],
            }
        case Path():
            return {"file": str(value), "findings": []}
        case DocumentLook():
            return {
                "file": str(value.file),
                "mended": [{"code": code, "title": title(code), "count": count} for code, count in value.mended],
                "findings": [item.code for item in value.findings],
            }
        case (Path() as path, NextPlan() as made):
            return {"file": str(path), "year": made.year, "blank": list(made.blank), "findings": []}
        case (Path(), *_):
            return {"files": [str(path) for path in value], "findings": []}
        case (cchc_xl.Result(), *_):
            results = [
                {"period": item.document["period"], "folder": item.folder, "index": item.document["index"]}
                for item in value
            ]
            return {"results": results, "findings": [code for item in value for code in codes(item.document)]}
        case (Check(), *_):
            return {"findings": []}
        case (Event(), *_):
            return {
                "findings": [item.code for item in worst_first(tuple(one for told in value for one in told.findings))]
            }
        case _:
            return {"findings": [item.code for item in value]}


def codes(document: dict[str, Any]) -> list[str]:
    return [item["code"] for item in document["findings"]]


@pytest.mark.parametrize("number", range(len(JOBS)), ids=lambda number: JOBS[number][0].partition(" ")[0])
def test_python_returns_what_the_command_prints(
    returned: list[Any], printed: list[dict[str, Any]], number: int
) -> None:
    function, command = told_by_python(returned[number]), printed[number]
    if function["findings"] and isinstance(function["findings"][0], str):
        command = {**command, "findings": codes(command)}
    assert function
    assert {name: command[name] for name in function} == function
    assert command.keys() - function.keys() <= {"finding_groups", "checks", "events", "filed", "missing"}


@pytest.mark.parametrize("number", ASKED, ids=lambda number: JOBS[number][0].partition(" ")[0])
def test_the_lines_are_those_the_command_prints(
    returned: list[Any],
    printed: list[dict[str, Any]],
    homes: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
    number: int,
) -> None:
    assert printed, "the results that are asked stand there"
    monkeypatch.chdir(homes[1])
    done = CliRunner().invoke(cli, JOBS[number][0].split())
    assert done.stdout.splitlines() == list(returned[number].lines)


def test_both_doors_write_the_same_files(
    returned: list[Any], printed: list[dict[str, Any]], homes: tuple[Path, Path]
) -> None:
    assert len(returned) == len(printed)
    python, line = ({_name(path, home) for path in home.rglob("*") if path.is_file()} for home in homes)
    assert python == line
    assert {"moi/ke-hoach.xlsx", "nut/tong_hop.xlsm", f"{YEAR}/bao-cao.docx", f"{YEAR}/ke-hoach-2021.docx"} <= python
    for folder in (YEAR, QUARTER):
        first, second = ((home / folder / "result.json").read_bytes() for home in homes)
        assert first == second
    assert {Path(path).name for path in returned[4].copies} == {path.name for path in (homes[1] / "danh-dau").iterdir()}


def _name(path: Path, home: Path) -> str:
    return path.relative_to(home).as_posix()
