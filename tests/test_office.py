"""Files that other programs must open: one of every kind is made, then judged by three that are not LibreOffice.

The judges: the table of documented limits (``office_limits``), Microsoft's own validator of the Open XML SDK, and
gnumeric as a second engine of calculation. Each is seen to find what it is there for.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils.cell import coordinate_to_tuple
from python_calamine import CalamineWorkbook

import cchc_xl
from benchmarks.reports import grown
from cchc_xl.extras.control_workbook import write_control_workbook
from cchc_xl.papers.check_note import render_note
from cchc_xl.papers.context import Told
from cchc_xl.papers.documents import render, render_plan_draft
from cchc_xl.papers.issue_letters import render_assignment, render_covering
from cchc_xl.papers.letters import render_letters
from cchc_xl.pipeline import edition_of, open_plan
from cchc_xl.pipeline.jobs import EVERY_TEMPLATE, template_path
from cchc_xl.result import Result
from cchc_xl.result.contents import Contents
from tests import plans
from tests.conftest import PRINTED, ROOT, WHOLE
from tests.office import converted
from tests.office_limits import LIMITS, Limit, Package, breaches, shape
from tests.unit_forms import FULL, PERIOD, build_plan, edit, fill, form, issue_forms
from tools.start import VALIDATOR as VALIDATOR_OF_THE_GATE

VALIDATOR = Path(sys.prefix) / "ooxml-validator" / "package" / "ooxml-validator"

# A level as the plan has it, and as a unit may write it: the library takes both for one (match key).
SPELLED = [
    ("Thỏa mãn đầy đủ", "thoả mãn  đầy đủ"),
    ("80% - 90%", "80%–90%"),
    ("Đạt", "Ðạt"),  # U+0110 in the plan, U+00D0 (a font of Iceland) in the form
    ("Có văn bản", "CÓ VĂN BẢN"),
    ("Hòa giải", "Hoà giải"),
]


def _plan(folder: Path, criteria: list[str], bands: list[str], figures: int = 0) -> Path:
    """A plan of criteria without groups, led by one unit that enters the figures SO_1, SO_2, …"""
    codes = [row.split("|")[0] for row in criteria]
    tables = {
        "Đơn vị": [["Mã", "Tên đơn vị", "Phải báo cáo"], ["VP", "Văn phòng Sở", "x"]],
        "Phụ lục": [
            ["TT", "NỘI DUNG", "ĐƠN VỊ THỰC HIỆN"],
            *([code, f"Việc {code}", "Văn phòng Sở"] for code in codes),
        ],
        "Bộ chỉ số": [["Mã", "Tiêu chí", "Điểm tối đa", "Cách chấm", "Số liệu"], *(row.split("|") for row in criteria)],
        "Thang điểm": [["Mã", "Từ", "Đến", "Mức", "Điểm"], *(row.split("|") for row in bands)],
        "Số liệu": [
            ["Mã", "Tên số liệu", "Kiểu", "Gộp", "Tiêu chí", "Đơn vị nhập"],
            *([f"SO_{n}", f"Số {n}", "số nguyên", "tổng", "1", "Văn phòng Sở"] for n in range(1, figures + 1)),
        ],
    }
    folder.mkdir(parents=True)
    drawn = {name: "\n".join("| " + " | ".join(row) + " |" for row in rows) for name, rows in tables.items()}
    return plans.save(folder / "plan.xlsx", {**drawn, "Ràng buộc": "| Mã | Biểu thức |"})


def _run(plan: Path, **typed: Any) -> Result:
    """The plan's one form filled in and run."""
    fill(form(issue_forms(plan, plan.parent / "don-vi"), "VP"), **typed)
    return cchc_xl.run(plan, plan.parent / "don-vi", period=PERIOD, out=plan.parent / "ket-qua")


def _spelled(folder: Path) -> Result:
    criteria = [f"{n}|Việc {n}|10|mức|" for n in range(1, len(SPELLED) + 1)]
    bands = [row for n, (level, _) in enumerate(SPELLED, start=1) for row in (f"{n}|||{level}|10", f"{n}|||Khác|1")]
    typed = {str(n): {"Mức đạt": written} for n, (_, written) in enumerate(SPELLED, start=1)}
    return _run(_plan(folder, criteria, bands), rows=typed)


def _long_level(folder: Path) -> Result:
    level = "Ban hành kế hoạch đúng thời hạn " * 10
    plan = _plan(folder, ["1|Việc 1|10|mức|"], [f"1|||{level.strip()}|10", "1|||Khác|1"])
    return _run(plan, rows={"1": {"Mức đạt": level.strip()}})


def _many_bands(folder: Path) -> Result:
    bands = [f"1|{n}|{n + 1}||{n}" for n in range(100)]
    return _run(_plan(folder, ["1|Việc 1|100|bậc|SO_1"], bands, 1), figures={"SO_1": 62})


def _many_levels(folder: Path) -> Result:
    bands = [f"1|||Mức {n}|{n}" for n in range(100)]
    return _run(_plan(folder, ["1|Việc 1|100|mức|"], bands), rows={"1": {"Mức đạt": "mức 71"}})


def _flat(folder: Path) -> Result:
    codes = [str(n) for n in range(1, 301)]
    bands = [row for code in codes for row in (f"{code}|||Đạt|1", f"{code}|||Không đạt|0")]
    plan = _plan(folder, [f"{code}|Việc {code}|1|mức|" for code in codes], bands)
    return _run(plan, rows={code: {"Mức đạt": "Đạt" if int(code) % 3 else "Không đạt"} for code in codes})


def _long_sum(folder: Path) -> Result:
    names = [f"SO_{n}" for n in range(1, 131)]
    plan = _plan(folder, [f"1|Việc 1|10|tỷ lệ|{' + '.join(names[:-1])} / SO_130"], [], 130)
    return _run(plan, figures={**dict.fromkeys(names, 1), "SO_130": 258})


# Plan → index that a reader works out: 5 × 10 of 50; 10 of 10; 62 of 100; 71 of 100; 200 of 300; 129/258 of 10.
HARD = {
    "level-spelled-otherwise": (_spelled, "100.00"),
    "level-of-320-letters": (_long_level, "100.00"),
    "100-bands": (_many_bands, "62.00"),
    "100-levels": (_many_levels, "71.00"),
    "300-flat-criteria": (_flat, "66.67"),
    "sum-of-129-figures": (_long_sum, "50.00"),
}


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """The small plans that are hard on Excel, run."""
    folder = tmp_path_factory.mktemp("kho")
    return {name: run(folder / name) for name, (run, _) in HARD.items()}


def _styled(book: Any) -> None:
    """What the buttons "," and "%" and the gallery of styles do."""
    sheet = book["Phụ lục"]
    for cell, style in (("F8", "Comma"), ("F9", "Percent"), ("F10", "Good"), ("I8", "Bad"), ("I9", "Neutral")):
        sheet[cell].style = style
    book["Số liệu"]["D8"] = "ba mươi"
    book["Số liệu"]["E8"].hyperlink = "https://example.vn/a"


def _returned(folder: Path) -> Path:
    """Forms as units return them, each with something to mend: by LibreOffice, as .ods, with a whole report in a cell."""
    plan = build_plan(folder / "plan.xlsx")
    sent = issue_forms(plan, folder / "don-vi")
    for unit, given in FULL.items():
        fill(form(sent, unit), **given)
    edit(form(sent, "VP"), _styled)
    edit(form(sent, "NCC"), lambda book: book["Số liệu"].__setitem__("D8", "năm mươi"))
    edit(form(sent, "LD"), lambda book: book["Số liệu"].__setitem__("D9", "việc dài 😀 " * 2_730))
    converted([form(sent, "VP")], "xlsx", folder / "lo")[0].replace(form(sent, "VP"))
    converted([form(sent, "NCC")], "ods", sent)
    form(sent, "NCC").unlink()
    return Path(cchc_xl.run(plan, sent, period=PERIOD, out=folder / "ket-qua").folder or "")


def _crowded(contents: Contents) -> Contents:
    """The same of 200 units that owe their reports, with 300 criteria, 2,000 findings and cells of 32,000 letters."""
    units = tuple(replace(contents.units[0], code=f"P{n}", name=f"Phòng Nghiệp vụ số {n}") for n in range(1, 193))
    roll = tuple(
        replace(contents.rollcall[0], unit=unit.code, status="missing", file=None, sent=None) for unit in units
    )
    long = "việc dài 😀 " * 2_900
    item = next(item for item in contents.criteria if item.reports)
    spoken = replace(item, reports=(replace(item.reports[0], result=long, reason=f"Khách quan: {long}"),))
    criteria = tuple(spoken if one is item else one for one in contents.criteria)
    made = replace(contents, units=contents.units + units, rollcall=contents.rollcall + roll, criteria=criteria)
    return replace(grown(made, 300), findings=(contents.findings * 2_000)[:2_000])


@pytest.fixture(scope="module")
def files(
    tmp_path_factory: pytest.TempPathFactory, year: Result, quarter: Result, hard: dict[str, Result]
) -> dict[str, Package]:
    """One file of every kind, and more of those that units or plans make difficult."""
    folder = tmp_path_factory.mktemp("tep")
    first, second = Path(year.folder or ""), Path(quarter.folder or "")
    forms = issue_forms(ROOT / "examples" / "2020-ca-nam" / "ke-hoach.xlsx", folder / "phieu", "2020-N")
    marked = _returned(folder / "tra-ve") / "phan-hoi"
    crowded = _crowded(quarter.contents)
    render(crowded, template_path("report.docx"), folder / "dong.docx")
    letters = dict(render_letters(Told.of(quarter.contents), template_path("reminder.docx")))
    long_level, flat = (
        form(issue_forms(Path(hard[name].folder or "").parents[1] / "plan.xlsx", folder / name), "VP")
        for name in ("level-of-320-letters", "300-flat-criteria")
    )
    made = {
        **shipped(),
        "form": form(forms, "VP", "2020-N"),
        "form-long-level": long_level,
        "form-300-criteria": flat,
        "tong-hop": first / "tong-hop.xlsx",
        "tong-hop-quarter": second / "tong-hop.xlsx",
        "tra-cuu": first / "tra-cuu.xlsx",
        "tra-cuu-quarter": second / "tra-cuu.xlsx",
        **{f"tong-hop-{name}": Path(result.folder or "") / "tong-hop.xlsx" for name, result in hard.items()},
        "tham-dinh": first / "tham-dinh.xlsx",
        "control.xlsm": write_control_workbook(folder / "nut")[0],
        "report": first / "bao-cao.docx",
        "check-note": second / "phieu-kiem-tra.docx",
        "report-crowded": folder / "dong.docx",
        "list": marked / "NCC.xlsx",
        "marked": marked / "VP.xlsx",
        "marked-30000-letters": marked / "LD.xlsx",
    }
    first_period = edition_of(open_plan(ROOT / "templates" / "plan_template.xlsx"), "2021-Q1")
    return {
        **{name: Package.opened(path.read_bytes(), ours="marked" not in name) for name, path in made.items()},
        "letter": Package.opened(letters["cong-van"]),
        "letter-crowded": Package.opened(
            dict(render_letters(Told.of(crowded), template_path("reminder.docx")))["cong-van"]
        ),
        "check-note-crowded": Package.opened(
            render_note(Told.of(crowded), template_path("check_note.docx"), (folder / "dong.docx").read_bytes())
        ),
        "covering-letter": Package.opened(render_covering(first_period, template_path("covering.docx")) or b""),
        "assignment-letter": Package.opened(render_assignment(first_period, template_path("assignment.docx")) or b""),
        "plan-draft": Package.opened(render_plan_draft(year.contents, template_path("plan.docx"), 17)),
    }


# One file of every kind; behind them those that only a limit or an engine could mind.
KINDS = (
    *(
        "plan_template.xlsx",
        "plan_blank.xlsx",
        *EVERY_TEMPLATE,
        "form",
        "tong-hop",
        "tra-cuu",
        "tham-dinh",
        "control.xlsm",
        "report",
    ),
    *("check-note", "letter", "covering-letter", "assignment-letter", "plan-draft"),
    *("report-crowded", "check-note-crowded", "letter-crowded"),
    *("list", "marked", "marked-30000-letters", "so-tay.docx", "to-don-vi.docx"),
)
MORE = (
    "form-long-level",
    "form-300-criteria",
    "tong-hop-quarter",
    "tra-cuu-quarter",
    *(f"tong-hop-{name}" for name in HARD),
)


def test_every_kind_is_judged(files: dict[str, Package]) -> None:
    assert sorted(files) == sorted((*KINDS, *MORE))
    # The report has charts, and each chart the workbook behind it.
    assert len(list(files["report"].inside())) == len(files["report"].found(r"word/charts/chart.*\.xml", "/*")) > 0


@pytest.mark.parametrize("kind", [*KINDS, *MORE])
def test_no_documented_limit_is_broken(files: dict[str, Package], kind: str) -> None:
    found = breaches(files[kind])
    if kind.startswith("marked-"):  # made of a form that openpyxl saved, which forgets what formulas gave
        found = [item for item in found if item[0] != "a formula that shows nothing has a stored empty text"]
    assert found == []


# Of every limit: a file, one of its parts, and what is changed in it (a pattern and what stands in its place).
SPOILED: dict[str, tuple[str, str, str, str]] = {
    "a font is shown by its own name": (
        *("tong-hop", "xl/styles.xml"),
        *(r'(<name val="Times New Roman"/>.*?)</font>', r'\1<scheme val="minor"/></font>'),
    ),
    "no cell holds an empty text": ("tong-hop", "xl/sharedStrings.xml", r"<t>[^<]*</t>", "<t></t>"),
    "a text in a formula has at most 255 characters": (
        *("tong-hop", "xl/worksheets/sheet4.xml", "<f>"),
        f'<f>LEN("{"a" * 256}")+',
    ),
    "a formula has at most 8,192 characters": ("tong-hop", "xl/worksheets/sheet4.xml", "<f>", f"<f>{'1+' * 4_200}"),
    "at most 64 functions stand in one another": (
        *("tong-hop", "xl/worksheets/sheet4.xml", "<f>"),
        f"<f>{'INT(' * 65}1{')' * 65}+",
    ),
    "a function has at most 255 arguments": (
        *("tong-hop", "xl/worksheets/sheet4.xml", "<f>"),
        f"<f>SUM({','.join('1' * 256)})+",
    ),
    "a cell and a note hold at most 32,767 UTF-16 units": (
        *("tong-hop", "xl/sharedStrings.xml", r"<t>[^<]*</t>"),
        f"<t>{'😀' * 16_384}</t>",
    ),
    "every format, font, fill and border used exists": (
        *("tong-hop", "xl/worksheets/sheet4.xml", r'(<c r="[A-Z]+\d+" s=)"\d+"', r'\1"99"'),
    ),
    "every named style used exists": (
        *("tong-hop", "xl/styles.xml", r'(<cellXfs [^>]*><xf [^>]*xfId=)"0"', r'\1"17"'),
    ),
    "every shared text used exists": ("tong-hop", "xl/worksheets/sheet4.xml", r't="s"><v>\d+', 't="s"><v>99999'),
    "rows are at most 409.5 points high, columns 255 characters wide": (
        *("tong-hop", "xl/worksheets/sheet4.xml", r' ht="[\d.]+"', ' ht="410"'),
    ),
    "sheets have different names of at most 31 allowed characters": (
        *("tong-hop", "xl/workbook.xml", 'name="Chấm điểm"', 'name="tóm tắt"'),
    ),
    "checks and prompts keep to 32 and 255 characters": (
        *("form", "xl/worksheets/sheet1.xml", r' prompt="[^"]*"', f' prompt="{"a" * 256}"'),
    ),
    "merged areas do not overlap": ("tong-hop", "xl/worksheets/sheet2.xml", r"(<mergeCell [^>]*/>)", r"\1\1"),
    "a formula that shows nothing has a stored empty text": (
        *("tong-hop", "xl/worksheets/sheet4.xml", r"(<f>[^<]*</f>)<v>[\d.]+</v>", r"\1<v></v>"),
    ),
    "Excel does not ask to save at closing": (
        *("tong-hop", "xl/workbook.xml", 'calcId="191029"', 'calcId="124519" fullCalcOnLoad="1"'),
    ),
    "no green triangle at a code": ("form", "xl/worksheets/sheet1.xml", r"<ignoredErrors>.*</ignoredErrors>", ""),
    "a link to a file names no place in it by mistake": (
        *("tham-dinh", "xl/worksheets/sheet1.xml", r'(<hyperlink [^>]*r:id="rId1")', r'\1 location=" 1 quý I.docx"'),
    ),
    "the file has a title": ("form", "docProps/core.xml", r"<dc:title>[^<]*", "<dc:title>"),
    "the author is no library": ("form", "docProps/core.xml", r"<dc:creator>", "<dc:creator>openpyxl"),
    "every drawing has an alternative text": ("report", "word/document.xml", r' descr="[^"]*"', ""),
    "every relation leads to a part, by an Id of its own": (
        *("form", "xl/_rels/workbook.xml.rels", r"worksheets/sheet1\.xml", "worksheets/sheet9.xml"),
    ),
    "every relation used exists": ("form", "xl/workbook.xml", 'r:id="rId1"', 'r:id="rId99"'),
    "every part has a content type, and every type its part": (
        *("form", "[Content_Types].xml", "/xl/styles.xml", "/xl/style.xml"),
    ),
    "relations are relative": ("form", "xl/_rels/workbook.xml.rels", 'Target="', 'Target="/xl/'),
    "Word does not say [Compatibility Mode]": ("report", "word/settings.xml", 'w:val="15"', 'w:val="14"'),
    "no part of a template of somebody else": ("report", "word/stylesWithEffects.xml", r"\A", "<styles/>"),
    "Word's settings are a Vietnamese office's": ("report", "word/settings.xml", 'w:val="vi-VN"', 'w:val="en-US"'),
    "a style has a name of its own without a comma": ("report", "word/styles.xml", "Địa danh và", "Địa danh,"),
    "every style used exists": ("report", "word/document.xml", r'<w:pStyle w:val="[^"]*"', '<w:pStyle w:val="Khac"'),
    "drawings and bookmarks have different numbers": (
        *("report", "word/document.xml", r"(<w:drawing>.*?</w:drawing>)", r"\1\1"),
    ),
    "a text has no line break and no tab in it": ("report", "word/document.xml", r"(<w:t(?: [^>]*)?>)", "\\1a\nb"),
    "the rows of a table fill its grid": ("report", "word/document.xml", r"<w:gridCol [^>]*/>", ""),
    "a table cell ends with a paragraph": ("report", "word/document.xml", r"</w:p></w:tc>", "</w:p><w:p2/></w:tc>"),
    "a field is closed and has a result": (*("report", "word/header1.xml", r"<w:t>2</w:t>", ""),),
}


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: str(limit.name))
def test_each_limit_finds_the_file_that_breaks_it(files: dict[str, Package], limit: Limit) -> None:
    kind, part, old, new = SPOILED[limit.name]
    broken = _spoiled(files[kind], part, old, new)
    assert len(list(limit.broken(broken))) > len(list(limit.broken(files[kind])))


@pytest.mark.parametrize(
    ("formula", "literal", "depth", "arguments"),
    [
        ('"a""b"', 3, 0, 0),
        ("'Số, (liệu)'!A1+1", 0, 0, 0),
        ('IF(A1=",(",1,(2+3))', 2, 1, 3),
        ("SUM(1,MAX(2,3,4),(5))", 0, 2, 3),
        ("((1))", 0, 0, 0),
    ],
)
def test_what_is_counted_of_a_formula(formula: str, literal: int, depth: int, arguments: int) -> None:
    counted = shape(formula)
    assert (counted.longest_literal, counted.depth, counted.most_arguments) == (literal, depth, arguments)


# --- Microsoft's validator --------------------------------------------------------------------------------------------

# Part, message, and why Office does not mind.
ALLOWED = [
    (
        r"/xl/styles\.xml",
        r"unexpected child element '[^']*main:(b|i|u|strike|sz|color|name|family|charset|scheme|vertAlign)'",
        "the children of a font are a choice, in any order (ECMA-376 18.8.22); openpyxl writes them in another one",
    ),
]


def _saved(package: Package, path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in package.parts.items():
            written.writestr(name, content)
    return path


# It lives a second: to measure what it does and to make that faster is not worth a fifth of its time.
SHORT_LIVED = {"DOTNET_TieredPGO": "0", "DOTNET_TC_CallCounting": "0", "DOTNET_gcConcurrent": "0"}


def validated(path: Path) -> list[dict[str, str]]:
    """What the validator says of a file."""
    environment = {**os.environ, **SHORT_LIVED}
    done = subprocess.run([VALIDATOR, path], env=environment, capture_output=True, check=False, timeout=120)
    found: list[dict[str, str]] = json.loads(done.stdout)["errors"]
    return found


def _messages(package: Package, folder: Path, name: str) -> list[str]:
    """What the validator says of a file and of the workbooks in it, without what is allowed."""
    kind = (
        "docx" if "word/document.xml" in package.parts else "xlsm" if "xl/vbaProject.bin" in package.parts else "xlsx"
    )
    path = _saved(package, folder / f"{name}.{kind}")
    return [
        f"{error['path']} {error['xPath']}: {error['description']}"
        for error in validated(path)
        if not any(
            re.fullmatch(part, error["path"] or "") and re.search(said, error["description"])
            for part, said, _ in ALLOWED
        )
    ]


def _spoiled(package: Package, part: str, old: str, new: str) -> Package:
    changed, count = re.subn(old, new, package.parts.get(part, b"").decode(), count=1, flags=re.DOTALL)
    assert count == 1
    return Package({**package.parts, part: changed.encode()}, package.ours)


@pytest.fixture(scope="module")
def said(files: dict[str, Package], tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The validator's messages about one file of every kind, the workbooks of a report's charts, and three broken ones.

    Of files that are as they were when it had nothing to say it is not asked again (those with links to the checkout are
    so in the checkout alone); ``tools/long.py`` asks of all.
    """
    if not VALIDATOR.exists():
        if os.environ.get("CI") or RECORDING in os.environ:
            pytest.fail(f"{VALIDATOR} is missing: tools/start.py installs it")
        pytest.skip("Microsoft's validator is not installed: python3 tools/start.py test installs it")
    folder = tmp_path_factory.mktemp("xet")
    sound = {name: files[name] for name in KINDS} | {
        f"chart-{number}": inner for number, inner in enumerate(files["report"].inside()) if number < 1
    }
    broken = {name: _spoiled(files[kind], part, old, new) for name, (kind, part, old, new, _) in REFUSED.items()}
    known = {} if WHOLE or RECORDING in os.environ else recorded()
    asked = {name: package for name, package in sound.items() if known.get(name) != digest(package)} | broken
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        found = threads.map(lambda item: _messages(item[1], folder, item[0]), asked.items())
        told = {name: [] for name in sound} | dict(zip(asked, found, strict=True))
    if RECORDING in os.environ:
        assert all(map(partial(is_found, told), REFUSED)), "a validator that finds nothing calls nothing sound"
        record = {name: digest(package) for name, package in sound.items() if not told[name] and name not in TIMED}
        JUDGED.write_text(json.dumps({**RULES, "sound": record}, indent=1) + "\n", encoding="utf-8")
    PRINTED.append(
        f"Microsoft's validator was asked of {len(asked)} files, {len(sound)} are judged: {', '.join(asked)}\n"
    )
    return told


# The files of which the validator had nothing to say, by what is in them; ``python -m tests.test_office`` renews it.
JUDGED = ROOT / "tests" / "validated.json"
RECORDING = "CCHC_XL_VALIDATED"
RULES = {"validator": VALIDATOR_OF_THE_GATE, "allowed": hashlib.sha256(repr(ALLOWED).encode()).hexdigest()}
TIMED = frozenset(("list",))  # it says when LibreOffice saved the form
_TIME = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")  # when it was made: one is as good as another


def digest(package: Package) -> str:
    """The SHA-256 of all parts, whenever they were made."""
    parts = (b"%b %d %b" % (name.encode(), len(part), part) for name, part in sorted(package.parts.items()))
    return hashlib.sha256(_TIME.sub(b"", b"".join(parts))).hexdigest()


def recorded() -> dict[str, str]:
    """What was judged sound, by the validator that is installed and by what is allowed today."""
    told = json.loads(JUDGED.read_text(encoding="utf-8"))
    sound = told.pop("sound")
    return dict(sound) if told == RULES else {}


def shipped() -> dict[str, Path]:
    return {
        **{name: template_path(name) for name in ("plan_template.xlsx", "plan_blank.xlsx", *EVERY_TEMPLATE)},
        **{path.name: path for path in (ROOT / "docs" / "vi").glob("*.docx")},
    }


REFUSED = {
    "comma": (*SPOILED["a style has a name of its own without a comma"], "Pattern constraint failed"),
    "style": (*SPOILED["every named style used exists"], "xfId"),
    "element": ("form", "xl/worksheets/sheet1.xml", "<sheetData>", "<sheetDate/><sheetData>", "sheetDate"),
}


@pytest.mark.parametrize("kind", [*KINDS, "chart-0"])
def test_the_validator_of_microsoft_has_nothing_to_say(said: dict[str, list[str]], kind: str) -> None:
    assert said[kind] == []


@pytest.mark.parametrize("name", REFUSED)
def test_the_validator_finds_the_file_that_is_broken(said: dict[str, list[str]], name: str) -> None:
    assert is_found(said, name), said[name]


def is_found(said: dict[str, list[str]], name: str) -> bool:
    """Whether the validator said what is wrong with a broken file."""
    return any(REFUSED[name][-1] in message for message in said[name])


def test_a_record_by_other_rules_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert recorded()
    monkeypatch.setitem(RULES, "allowed", "")
    assert recorded() == {}


# --- A second engine of calculation -----------------------------------------------------------------------------------

ROUNDED = "Tóm tắt!A6"  # stored as the report rounds it; the formula beside it is not rounded
CALCULATED = ("tong-hop", "tong-hop-quarter", *(f"tong-hop-{name}" for name in HARD))


def by_gnumeric(paths: list[Path], folder: Path) -> list[Path]:
    """The files as gnumeric saves them after calculating every formula anew."""
    folder.mkdir()
    made = [folder / path.name for path in paths]
    for path, target in zip(paths, made, strict=True):
        command = ["ssconvert", "--recalc", "--export-type=Gnumeric_Excel:xlsx2", path, target]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    return made


def by_libreoffice(paths: list[Path], folder: Path) -> list[Path]:
    """The same by LibreOffice, in one start."""
    return converted(paths, "xlsx", folder)


ENGINES = {"gnumeric": by_gnumeric, "libreoffice": by_libreoffice}


def formulas(path: Path) -> list[tuple[str, str]]:
    """Sheet and address of every formula."""
    book = load_workbook(path)
    return [
        (sheet.title, cell.coordinate)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


def values(path: Path, places: list[tuple[str, str]]) -> dict[str, object]:
    """What these cells show; an empty text is no value."""
    book = CalamineWorkbook.from_path(path)
    rows = {sheet: book.get_sheet_by_name(sheet).to_python(skip_empty_area=False) for sheet in dict(places)}
    shown = {}
    for sheet, address in places:
        row, column = coordinate_to_tuple(address)
        (value,) = (rows[sheet][row - 1 : row] or [[]])[0][column - 1 : column] or [""]
        shown[f"{sheet}!{address}"] = None if value == "" else value
    return shown


def differing(stored: dict[str, object], calculated: dict[str, object]) -> list[str]:
    """Where two engines do not agree, numbers to nine places (the rounded index: to the two shown)."""
    return [
        f"{place}: {stored[place]!r}, calculated {value!r}"
        for place, value in calculated.items()
        if value != stored[place] and not _near(value, stored[place], 0.005 if place == ROUNDED else 1e-9)
    ]


def _near(one: object, other: object, room: float) -> bool:
    numbers = isinstance(one, int | float) and isinstance(other, int | float)
    return numbers and abs(float(one) - float(other)) <= room  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Calculated:
    """A workbook's formulas: what is stored beside them, and what each engine makes of them."""

    stored: dict[str, object]
    anew: dict[str, dict[str, object]]


@pytest.fixture(scope="module")
def calculated(files: dict[str, Package], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Calculated]:
    """Every consolidated workbook, calculated anew by both engines."""
    folder = tmp_path_factory.mktemp("tinh")
    paths = [_saved(files[name], folder / f"{name}.xlsx") for name in CALCULATED]
    made = {name: engine(paths, folder / name) for name, engine in ENGINES.items()}
    result = {}
    for number, path in enumerate(paths):
        places = formulas(path)
        anew = {engine: values(made[engine][number], places) for engine in ENGINES}
        result[path.stem] = Calculated(values(path, places), anew)
    return result


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", CALCULATED)
def test_every_engine_calculates_what_is_stored(calculated: dict[str, Calculated], name: str, engine: str) -> None:
    assert differing(calculated[name].stored, calculated[name].anew[engine]) == []


@pytest.mark.parametrize("name", HARD)
def test_the_index_is_the_one_that_a_reader_works_out(hard: dict[str, Result], name: str) -> None:
    assert hard[name].document["index"]["percent"] == HARD[name][1]


def test_a_stored_value_that_no_formula_gives_is_found(calculated: dict[str, Calculated]) -> None:
    item = calculated["tong-hop"]
    place = next(place for place, value in item.stored.items() if place.startswith("Chấm điểm") and value)
    for wrong in (99.5, None, "đạt"):
        for engine in ENGINES:
            assert len(differing({**item.stored, place: wrong}, item.anew[engine])) == 1


if __name__ == "__main__":  # python -m tests.test_office: asks the validator of every kind, and records what is sound
    command = [sys.executable, "-m", "pytest", "-q", "-k", "validator_of_microsoft", __file__]
    sys.exit(subprocess.run(command, cwd=ROOT, env={**os.environ, RECORDING: "1"}, check=False).returncode)
