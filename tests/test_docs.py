"""The documents against the program: commands equal in both languages, each command and decision really there."""

from __future__ import annotations

import re
import shlex

import pytest
from openpyxl import load_workbook

import cchc_xl
from cchc_xl.cli import cli
from cchc_xl.plan.load import OPTIONAL, OPTIONAL_SHEETS, SHEETS
from cchc_xl.plan.methods import METHODS
from cchc_xl.text.catalogue import catalogue
from tests.conftest import ROOT
from tools import guide_words as words
from tools.make_architecture_page import page as architecture_page
from tools.make_findings_page import page
from tools.make_method_page import page as method_page
from tools.make_speed_page import page as speed_page
from tools.make_template_page import page as template_page

ENGLISH = (ROOT / "README.md").read_text(encoding="utf-8")
VIETNAMESE = (ROOT / "README.vi.md").read_text(encoding="utf-8")
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
LENH = (ROOT / "docs" / "lenh.md").read_text(encoding="utf-8")


def blocks(text: str) -> list[str]:
    """The fenced blocks, in order."""
    return re.findall(r"```\w*\n(.*?)```", text, re.DOTALL)


def test_both_readmes_hold_the_same_commands() -> None:
    assert blocks(ENGLISH) == blocks(VIETNAMESE)
    assert blocks(COMMANDS) == blocks(LENH)
    assert blocks(ENGLISH)[:2] == ["python3 tools/start.py demo\n", "python3 tools/start.py test\n"]


def test_both_commands_and_the_picture_stand_on_the_first_screen() -> None:
    for text in (ENGLISH, VIETNAMESE):
        screen = "\n".join(text.splitlines()[:26])
        for wanted in ("tools/start.py demo", "tools/start.py test", "docs/pictures/bao-cao.png"):
            assert wanted in screen


def test_every_command_is_in_its_page_and_every_line_parses() -> None:
    lines = [
        shlex.split(line) for block in blocks(COMMANDS) for line in block.splitlines() if line.startswith("cchc-xl ")
    ]
    assert {line[1] for line in lines} | {"demo"} == set(cli.commands)
    for line in lines:
        cli.commands[line[1]].make_context(line[1], line[2:])


def test_both_pages_say_which_command_has_no_function_of_its_name() -> None:
    other = [name for name in cli.commands if name.replace("-", "_") not in cchc_xl.__all__]
    for page_, after in ((COMMANDS, "named like it"), (LENH, "hàm cùng tên")):
        told = page_.partition(after)[2]
        assert [name for name in other if f"`{name}` (`" not in " ".join(told.split())] == []


def test_every_file_the_readme_names_exists() -> None:
    for text, home in ((ENGLISH, ROOT), (VIETNAMESE, ROOT), (COMMANDS, ROOT / "docs"), (LENH, ROOT / "docs")):
        for link, code in re.findall(r"\]\(([^)#:]+)\)|`(tools/\w+\.py|cchc_xl/[\w./]+)`", text):
            assert (home / link if link else ROOT / code).exists(), link or code


def test_the_page_of_findings_is_what_the_catalogue_says() -> None:
    committed = (ROOT / "docs" / "thong-bao.md").read_text(encoding="utf-8")
    assert committed == page(), "run python tools/make_findings_page.py"
    assert set(re.findall(r"^### (\w+)", committed, re.MULTILINE)) == set(catalogue())


def test_the_page_of_methods_is_what_the_methods_compute() -> None:
    committed = (ROOT / "docs" / "cach-cham.md").read_text(encoding="utf-8")
    assert committed == method_page(), "run python tools/make_method_page.py"
    for rule in METHODS.values():
        assert f"\n### {rule.method}\n\n{rule.meaning}\n" in committed
        for row in rule.parameters:
            assert f"\n* `{row.name}`: {row.meaning}" in committed, row.name
    # By hand: 69% is above 50 and below 70: half of 3; 60 / 80 × 4; 2 - 3 × 0,25; 5 + 5 × (110 - 100) / (120 - 100);
    # half of the agencies before it: 1 + 9 × (55 - 40) / (70 - 40); the mean of 3/4 and 1/2 of 10; away and left out: 3 of 6.
    for row, result in (
        ("| 69 | 100 |", "| 1,5 |"),
        ("| 60 | 100 |", "| 3 |"),
        ("| 3 | NV_TREHAN", "| 1,25 |"),
        ("| 110 | THU_HUT", "| 7,5 |"),
        ("| Cơ quan B | 55 |", "| 5,5 |"),
        ("| 3 | 1 |", "| 6,25 |"),
        ("| loại | –", "| 3/6 | 50% |"),
        ("| `II.4.1 = tối đa` | 1 | 3 |", "| 0 |"),
        ("| `NGAY_GUI - NGAY_HAN` |", "= 5 ngày |"),
    ):
        assert [line for line in committed.splitlines() if line.startswith(row) and line.endswith(result)], row


@pytest.mark.parametrize("name", ["plan_template", "plan_blank"])
def test_an_officer_in_excel_has_every_method_row_and_word_on_the_first_sheet(name: str) -> None:
    sheet = load_workbook(ROOT / "templates" / f"{name}.xlsx").worksheets[0]
    told = {str(row[0].value): str(row[1].value or "") for row in sheet.iter_rows()}
    for rule in METHODS.values():
        assert told[rule.method].startswith(rule.meaning)
        assert all(f"“{row.name}”: {row.meaning}" in told[rule.method] for row in rule.parameters)
    for heading, known in (
        ("Không phát sinh", words.AWAY),
        ("Tự đếm*", words.COUNTED),
        ("Gộp (Số liệu)", words.FIGURES_COMBINED),
    ):
        assert all(text in told[heading] for text in known.values())
    for heading in (*SHEETS, *OPTIONAL_SHEETS, *(f"{column}*" for column in OPTIONAL["Bộ chỉ số"])):
        assert told[heading]
    assert any("MINH HỌA" in text for text in told) is (name == "plan_template")
    # Nothing is cut in print: the page is A4 upright, one page wide, and the two columns are all that is written in.
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == (
        9,
        "portrait",
        0,
    )
    assert sheet.max_column == 2
    assert all(
        sheet.cell(row, 2).alignment.wrap_text for row in range(4, sheet.max_row + 1) if sheet.cell(row, 2).value
    )


def test_the_page_of_templates_is_what_the_contexts_hold() -> None:
    committed = (ROOT / "docs" / "mau-word.md").read_text(encoding="utf-8")
    assert committed == template_page(), "run python tools/make_template_page.py"
    rows = {line.split("|")[1].strip(): line for line in committed.splitlines() if line.startswith("| `")}
    for name, holds in (("`index`", "`percent`"), ("`gap_rows`", "`name`"), ("`{{ khoi.nhiem_vu }}`", "thời hạn")):
        assert holds in rows[name]


def test_the_page_of_speed_has_the_figures_that_were_measured() -> None:
    assert (ROOT / "docs" / "toc-do.md").read_text(encoding="utf-8") == speed_page(), (
        "run python tools/make_speed_page.py"
    )


def test_the_page_of_the_house_is_what_the_code_and_a_run_of_the_example_say() -> None:
    committed = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert committed == architecture_page(), "run python tools/make_architecture_page.py"
    # The form's cell D24, the rule of the plan template and 16 / 20 of 3 points, by hand.
    for told in ("2020-N_VP.xlsx › Số liệu › D24: `16.0`", "16 / 20 = 80% × 3 điểm → 2,4 điểm"):
        assert told in committed


def test_decisions_are_numbered_without_a_hole() -> None:
    numbers = sorted(int(path.name[:3]) for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
