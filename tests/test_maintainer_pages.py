"""The pages for maintainers against the code: glossary, reference, decisions, dependencies, licences, bill of materials."""

from __future__ import annotations

import configparser
import copy
import dataclasses
import doctest
import inspect
import json
import re
import shutil
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

import cchc_xl
from cchc_xl.text.catalogue import catalogue
from tests.conftest import ROOT
from tools import house_numbers, long, make_glossary, make_licences_page, make_reference_page, make_sbom

DOCS, DECISIONS = ROOT / "docs", ROOT / "docs" / "decisions"
WORDS = tomllib.loads(make_glossary.WORDS.read_text(encoding="utf-8"))
PAGES = sorted(page for folder in (ROOT, DOCS, DOCS / "vi", DECISIONS) for page in folder.glob("*.md"))


# --- the glossary -------------------------------------------------------------------------------------------------


def test_the_glossary_is_what_the_records_are() -> None:
    committed = (DOCS / "glossary.md").read_text(encoding="utf-8")
    assert committed == make_glossary.page(), "run python tools/make_glossary.py"
    rows = dict(re.findall(r"^\| `([^`]+)` \| ([^|]+) \|", committed, re.MULTILINE))
    for name, vietnamese in (
        ("Criterion", "tiêu chí, tiêu chí thành phần"),
        ("ScoredCriterion", "tiêu chí đã chấm"),
        ("Method.BEST_OF", "cao nhất"),
        ("State.NOT_APPLICABLE", "không phát sinh"),
        ("Settings.resend_due", "Hạn gửi lại"),
        ("late", "gửi muộn"),
    ):
        assert rows[name] == vietnamese


@pytest.mark.parametrize(
    ("part", "name", "told"),
    [
        ("records", "Plan", "without a word ['Plan']"),  # a record that nobody has named
        ("contents", "Contents", "without a word ['Contents']"),
        ("Kind", "MONEY", "without a word ['MONEY']"),
        ("RollCall.status", "late", "without a word ['late']"),
        ("records", "+Agencies", "without an identifier ['Agencies']"),  # a word for what is gone
        ("State", "+UNKNOWN", "without an identifier ['UNKNOWN']"),
        ("fields", "+Criterion.points", "there is no field Criterion.points"),
        ("fields", "+Criteria.name", "there is no record Criteria"),
    ],
)
def test_a_record_without_a_word_and_a_word_without_a_record_are_refused(part: str, name: str, told: str) -> None:
    words = copy.deepcopy(WORDS)
    if name.startswith("+"):
        words[part][name[1:]] = "từ" if part == "records" else ["từ", "line"]
    else:
        del words[part][name]
    with pytest.raises(make_glossary.GlossaryError, match=re.escape(told)):
        make_glossary.page(words)


# --- what others may import ---------------------------------------------------------------------------------------


def test_the_reference_is_what_the_signatures_and_docstrings_say() -> None:
    committed = (DOCS / "reference.md").read_text(encoding="utf-8")
    assert committed == make_reference_page.page(), "run python tools/make_reference_page.py"
    for told in ("### `run`\n", "    period: str,\n", ") -> Result\n", "| `index` | `Index` | The index as `Decimal`"):
        assert told in committed


@pytest.mark.parametrize("name", cchc_xl.__all__)
def test_what_is_public_says_what_it_returns_what_it_raises_and_has_an_example(name: str) -> None:
    item = getattr(cchc_xl, name)
    about = inspect.getdoc(item) or ""
    assert about.split("\n")[0].endswith((".", ";", ",", ":")), "the first line is the beginning of a sentence"
    assert ">>>" in about, f"{name} has no example"
    for member, value in vars(item).items() if dataclasses.is_dataclass(item) else ():
        if not member.startswith("_") and (isinstance(value, property) or inspect.isfunction(value)):
            assert ">>>" in (inspect.getdoc(value) or ""), f"{name}.{member} has no example"
    if inspect.isfunction(item):
        signature = inspect.signature(item)
        assert signature.return_annotation is not inspect.Signature.empty
        assert all(one.annotation is not inspect.Parameter.empty for one in signature.parameters.values())
        # in_force takes what is loaded already: nothing of it can fail.
        assert "Raises" in about or name == "in_force"


def test_every_step_of_a_year_in_python_is_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ended = doctest.testfile(str(DOCS / "python.md"), module_relative=False, optionflags=doctest.ELLIPSIS)
    assert ended.attempted > 40
    assert ended.failed == 0


def test_names_are_offered_before_they_are_loaded() -> None:
    assert set(cchc_xl.__all__) <= set(dir(cchc_xl))
    with pytest.raises(AttributeError, match="no_such_job"):
        _ = cchc_xl.no_such_job


# --- decisions and pages ------------------------------------------------------------------------------------------


def decisions() -> list[Path]:
    return sorted(DECISIONS.glob("[0-9]*.md"))


@pytest.mark.parametrize("path", decisions(), ids=lambda path: path.stem)
def test_a_decision_says_context_choice_alternatives_and_when_to_look_again(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    number, title = re.match(r"# (\d{3})\. (.+)\n", text).groups()
    assert number == path.name[:3]
    for part in ("Context", "Choice", "Alternatives", "Look again"):
        assert re.search(rf"^\*\*{part}\b", text, re.MULTILINE), part
    assert f"| [{number}]({path.name}) | {title} |\n" in (DECISIONS / "README.md").read_text(encoding="utf-8")


def test_the_list_of_decisions_has_no_other_row() -> None:
    listed = re.findall(r"^\| \[(\d{3})\]", (DECISIONS / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == [path.name[:3] for path in decisions()]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_a_page_names_exists(path: Path) -> None:
    """Links, and files in backticks: from the project's top, inside the package, or a module by the end of its path; tests."""
    text = path.read_text(encoding="utf-8")
    inside = {f"/{item.relative_to(ROOT).as_posix()}" for item in (ROOT / "cchc_xl").rglob("*")}
    linked = {name for name in re.findall(r"\]\(([^)#:]+)", text) if not (path.parent / name).exists()}
    named = re.findall(r"`((?:[\w-]+/)+[\w.-]+\.(?:py|md|toml|txt|xml|csv|cfg))`", text)
    gone = {
        name
        for name in named
        if not name.startswith("python/")  # inside the Windows bundle
        and not (ROOT / name).exists()
        and not any(item.endswith(f"/{name}") for item in inside)
    }
    modules = {name for name in re.findall(r"`(test_\w+)`", text) if not (ROOT / "tests" / f"{name}.py").exists()}
    assert (linked, gone, modules) == (set(), set(), set())


@pytest.fixture(scope="module")
def product() -> str:
    """Everything that the product and its tools say."""
    homes = (ROOT / "cchc_xl", ROOT / "tools")
    kinds = {".py", ".toml", ".txt", ".xml"}
    paths = [path for home in homes for path in home.rglob("*") if path.suffix in kinds]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


@pytest.mark.parametrize("path", decisions(), ids=lambda path: path.stem)
def test_the_words_and_codes_of_a_decision_are_the_product_s(path: Path, product: str) -> None:
    """A sheet that is called otherwise today, a finding that is gone: the decision has to follow."""
    text = path.read_text(encoding="utf-8")
    quoted = {*re.findall(r"`([^`\n]+)`|“([^”\n]+)”|(?<!\*)\*([^*\n]{3,40})\*(?!\*)", text)}
    words = {word for groups in quoted for word in groups if any("à" <= letter <= "ỹ" for letter in word.lower())}
    assert {word for word in words if word not in product} == set()
    codes = set(re.findall(r"\b[ACDEFGNPRSTUW][123]\d\d\b", text))
    assert {code for code in codes if code not in catalogue()} == set()


# --- what it is made of -------------------------------------------------------------------------------------------


def requirements() -> set[str]:
    """Every requirement as ``setup.cfg`` writes it."""
    told = configparser.ConfigParser()
    told.read(ROOT / "setup.cfg", encoding="utf-8")
    extras = told["options.extras_require"]
    lists = [told["options"]["install_requires"], *extras.values()]
    return {line.strip() for text in lists for line in text.split("\n") if line.strip()}


def test_every_bound_has_its_reason() -> None:
    text = (DOCS / "dependencies.md").read_text(encoding="utf-8")
    rows = [line.split("|") for line in text.splitlines() if line.startswith("| ") and "`" in line]
    told = {name for row in rows for cell in row[1:3] for name in re.findall(r"`([^`]+)`", cell)}
    assert requirements() - told == set()
    # The test extra has the other extras' libraries too, for the gate.
    assert {name for name in told if " " in name} - requirements() == set()


def test_every_part_has_a_licence_that_may_be_passed_on() -> None:
    rows = re.findall(r"^\| ([\w.-]+) \| ([^|]*) \| ", (DOCS / "licences.md").read_text(encoding="utf-8"), re.MULTILINE)
    told = dict(rows[2:])
    for licence in told.values():
        assert set(re.split(r" (?:OR|AND) ", licence)) <= make_licences_page.ALLOWED, licence
    needed = {canonicalize_name(name) for name in make_sbom.ours(make_licences_page.EXTRAS).needs}
    pinned = {canonicalize_name(name) for name, _, _ in make_sbom.requirements("wheels.txt")}
    assert needed | pinned <= set(told), "run python tools/make_licences_page.py"
    # Of what is installed here, whatever version: none under another licence than those.
    for part in make_sbom.installed(make_licences_page.EXTRAS).values():
        assert set(re.split(r" (?:OR|AND) ", part.licence)) <= make_licences_page.ALLOWED, part


@pytest.mark.parametrize(
    ("told", "licence"),
    [
        ("License-Expression: Apache-2.0 OR BSD-3-Clause", "Apache-2.0 OR BSD-3-Clause"),
        ("Classifier: License :: OSI Approved :: BSD License", "BSD"),
        ("License: BSD 3-clause", "BSD-3-Clause"),
        ("License: PSFL", "PSF-2.0"),
        ("License: LGPL-2.1-only", "LGPL-2.1-only"),
        ("License: GPL-3.0", "GPL-3.0"),  # nothing to pass on with ours: refused above
        ("Summary: none", ""),
    ],
)
def test_a_licence_is_read_as_packages_write_it(told: str, licence: str) -> None:
    about = make_sbom.HeaderParser().parsestr(f"Name: a\nVersion: 1\n{told}\n")
    assert make_sbom.licence_of(about) == licence


def checked(text: str) -> dict[str, dict[str, object]]:
    """The parts of a bill that CycloneDX's own schema accepts, by name."""
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    return {part["name"]: part for part in json.loads(text)["components"]}


def test_the_bill_of_materials_of_an_installation_names_what_it_brings_along(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        assert make_sbom.main(["--extra", "smb", "--to", str(tmp_path / name)]) == 0
    text = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert text == (tmp_path / "b.json").read_text(encoding="utf-8")
    parts = checked(text)
    # Direct, brought along (cffi by cryptography by msoffcrypto-tool), of the extra; not those of the gate, nor us.
    assert {"openpyxl", "docxtpl", "cffi", "smbprotocol"} <= set(parts)
    assert not {"pytest", "mypy", "cchc-xl"} & set(parts)
    assert parts["docxtpl"]["licenses"] == [{"license": {"id": "LGPL-2.1-only"}}]
    assert str(parts["openpyxl"]["purl"]).startswith("pkg:pypi/openpyxl@3.1")
    needs = {item["ref"]: item.get("dependsOn", []) for item in json.loads(text)["dependencies"]}
    assert [name for name in needs[f"pkg:pypi/cchc-xl@{cchc_xl.__version__}"] if "openpyxl@" in name]


def test_the_bill_of_materials_of_a_bundle_has_its_wheels_hashes(tmp_path: Path) -> None:
    own = "Name: cchc-xl\nVersion: 0.1.0\nLicense: MIT\nRequires-Dist: click\nRequires-Dist: pytest; extra == 'test'\n"
    click = 'Name: click\nVersion: 8.5.1\nLicense-Expression: BSD-3-Clause\nRequires-Dist: colorama; platform_system == "Windows"\n'
    site = "cchc-xl/python/Lib/site-packages"
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr(f"{site}/cchc_xl-0.1.0.dist-info/METADATA", own)
        archive.writestr(f"{site}/click-8.5.1.dist-info/METADATA", click)
        archive.writestr(f"{site}/colorama-0.4.6.dist-info/METADATA", "Name: colorama\nVersion: 0.4.6\nLicense: BSD\n")
    assert make_sbom.main(["--bundle", str(tmp_path / "b.zip"), "--to", str(tmp_path / "b.json")]) == 0
    text = (tmp_path / "b.json").read_text(encoding="utf-8")
    parts = checked(text)
    assert set(parts) == {"click", "colorama", "python"}
    (pinned,) = re.findall(
        r"^click==8\.5\.1 --hash=sha256:(\w+)", (ROOT / "tools/windows/wheels.txt").read_text(), re.MULTILINE
    )
    assert parts["click"]["hashes"] == [{"alg": "SHA-256", "content": pinned}]
    needs = {item["ref"]: item.get("dependsOn") for item in json.loads(text)["dependencies"]}
    assert needs["pkg:pypi/click@8.5.1"] == ["pkg:pypi/colorama@0.4.6"]  # as on Windows, whatever this machine is
    assert needs["pkg:pypi/cchc-xl@0.1.0"] == ["pkg:generic/python@3.13", "pkg:pypi/click@8.5.1"]


def test_a_bundle_that_is_none_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copyfile(ROOT / "LICENSE", tmp_path / "b.zip")
    assert make_sbom.main(["--bundle", str(tmp_path / "b.zip"), "--to", str(tmp_path / "b.json")]) == 1
    assert capsys.readouterr().err.startswith("no bill of materials: ")
    assert not (tmp_path / "b.json").exists()


def test_the_version_is_one_and_the_changelog_begins_with_it() -> None:
    told = configparser.ConfigParser()
    told.read(ROOT / "setup.cfg", encoding="utf-8")
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest
    assert newest[1] == cchc_xl.__version__ == told["metadata"]["version"]


def test_the_long_run_has_every_module_of_which_the_gate_judges_a_sample() -> None:
    sampled = long.sampled()
    assert {"kept", "lint_measured", "measured_advice", "public_sets", "second_evaluator"} <= set(sampled)
    assert "vi_text" not in sampled  # it has a WHOLE of its own


def test_the_table_of_numbers_has_every_row_that_is_counted() -> None:
    """Not the numbers: they change with every change, and the command that writes them is named."""
    habits = (DOCS / "habits.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| (.+?) \| .+ \|$", habits.partition(house_numbers.HEAD)[2], re.MULTILINE)
    assert [row for row in table if row not in {"counted", "---"}] == [what for what, _ in house_numbers.rows()]
