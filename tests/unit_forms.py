"""Units' workbooks for the tests: a small plan is built, its forms are issued and filled from tables, nothing is faked."""

from __future__ import annotations

import hashlib
import pickle
import re
import shutil
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from openpyxl import Workbook, load_workbook

from cchc_xl import pipeline
from cchc_xl.papers.workbook import write_consolidated
from cchc_xl.plan import load_plan
from cchc_xl.plan.edition import find_period, in_force
from cchc_xl.records import Plan
from cchc_xl.result.objects import Object, to_object
from cchc_xl.unit.form import FIGURE_VALUE, FORM
from cchc_xl.unit.issue import issue

PERIOD = "2021-Q1"
ON_TIME = "2021-03-18T02:00:00Z"
FIRST = 8  # the first row below the headings of every sheet
AWAY = "không phát sinh"
Row = Mapping[str, Any]

PLAN: dict[str, tuple[tuple[Any, ...], ...]] = {
    "Cài đặt": (
        ("Mục", "Giá trị", "Ghi chú"),
        ("Cơ quan ban hành", "Sở Thử nghiệm", None),
        ("Năm", 2021, None),
        ("Thiếu minh chứng", "cảnh báo", None),
    ),
    "Đơn vị": (
        ("Mã", "Tên đơn vị", "Tên khác", "Nhóm", "Phải báo cáo"),
        ("VP", "Văn phòng Sở", "Văn phòng; VP Sở", "Văn phòng", "x"),
        ("NCC", "Phòng Người có công", "P. NCC", "Phòng chuyên môn", "x"),
        ("LD", "Phòng Lao động – Việc làm", "P. LĐVL", "Phòng chuyên môn", "x"),
    ),
    "Kỳ báo cáo": (
        ("Mã", "Tên kỳ", "Từ ngày", "Đến ngày", "Hạn gửi"),
        ("2021-N", "Năm 2021", "15/12/2020", "14/12/2021", "20/12/2021"),
        ("2021-Q1", "Quý I năm 2021", "15/12/2020", "14/03/2021", "20/03/2021"),
        ("2021-Q3", "Quý III năm 2021", "15/06/2021", "14/09/2021", "20/09/2021"),
    ),
    "Phụ lục": (
        ("TT", "NỘI DUNG", "ĐƠN VỊ THỰC HIỆN", "MỤC TIÊU/GIẢI PHÁP THỰC HIỆN", "PHỐI HỢP THỰC HIỆN"),
        ("1", "Điều hành", None, None, None),
        ("1.1", "Kế hoạch", "Văn phòng Sở; Phòng Người có công", "Ban hành kịp thời", None),
        ("1.2", "Tự chấm", "Văn phòng Sở", "Lập hồ sơ", None),
        ("1.10", "Báo cáo", "Văn phòng Sở", "Gửi đủ báo cáo", None),
        ("2", "Kết quả", None, None, None),
        ("2.1", "Hồ sơ đúng hạn", "Văn phòng Sở", "100%", "Phòng Người có công"),
        ("2.2", "Nhiệm vụ trễ hạn", "Văn phòng Sở", "Không trễ", None),
    ),
    "Bộ chỉ số": (
        (
            *("Mã", "Tiêu chí", "Điểm tối đa", "Cách chấm", "Số liệu", "Gộp", "Minh chứng"),
            *("Không phát sinh", "Điểm năm trước", "Áp dụng từ", "Căn cứ"),
        ),
        ("1", "Điều hành", None, "tổng"),
        ("1.1", "Kế hoạch", 4, "mức", None, None, None, "loại"),
        ("1.2", "Tự chấm", 2, "chấm tay", None, None, None, "loại"),
        ("1.10", "Báo cáo", 4, "mức", None, None, None, "điểm tối đa"),
        ("2", "Kết quả", None, "tổng"),
        ("2.1", "Hồ sơ đúng hạn", 8, "tỷ lệ", "HSO_DUNG / HSO_TONG", None, None, "loại"),
        ("2.2", "Nhiệm vụ trễ hạn", 2, "mỗi đơn vị", "NV_TRE", None, None, "điểm tối đa"),
    ),
    "Thang điểm": (
        ("Mã", "Từ", "Gồm từ", "Đến", "Gồm đến", "Mức", "Điểm", "Ghi chú"),
        ("1.1", None, None, None, None, "Đạt", 4),
        ("1.1", None, None, None, None, "Chưa đạt", 0),
        ("1.10", None, None, None, None, "Đủ", 4),
        ("1.10", None, None, None, None, "Thiếu", "50%"),
        ("1.2", None, None, None, None, "bước", 0.25),
        ("2.2", None, None, None, None, "gốc", 2),
        ("2.2", None, None, None, None, "mỗi", -0.25),
    ),
    "Số liệu": (
        ("Mã", "Tên số liệu", "Đơn vị tính", "Kiểu", "Gộp", "Tiêu chí", "Đơn vị nhập"),
        ("HSO_DUNG", "Hồ sơ đúng hạn", "hồ sơ", "số nguyên", None, "2.1", "Văn phòng Sở; Phòng Người có công"),
        ("HSO_TONG", "Hồ sơ", "hồ sơ", "số nguyên", None, "2.1", "Văn phòng Sở; Phòng Người có công"),
        ("NV_GIAO", "Nhiệm vụ được giao", "nhiệm vụ", "số nguyên", None, "2.2", "Văn phòng Sở"),
        ("NV_SOM", "Nhiệm vụ sớm hạn", "nhiệm vụ", "số nguyên", None, "2.2", "Văn phòng Sở"),
        ("NV_DUNG", "Nhiệm vụ đúng hạn", "nhiệm vụ", "số nguyên", None, "2.2", "Văn phòng Sở"),
        ("NV_TRE", "Nhiệm vụ trễ hạn", "nhiệm vụ", "số nguyên", None, "2.2", "Văn phòng Sở"),
        ("NV_CHUA", "Nhiệm vụ chưa đến hạn", "nhiệm vụ", "số nguyên", None, "2.2", "Văn phòng Sở"),
        ("THAP_PHAN", "Số thập phân", "km", "số thập phân", None, None, "Phòng Lao động – Việc làm"),
        ("NGUYEN", "Số nguyên", "văn bản", "số nguyên", None, None, "Phòng Lao động – Việc làm"),
        ("SO_TIEN", "Số tiền", "đồng", "tiền", None, None, "Phòng Lao động – Việc làm"),
        ("TY_LE", "Tỷ lệ", "%", "tỷ lệ %", None, None, "Phòng Lao động – Việc làm"),
        ("NGAY_BH", "Ngày ban hành", "ngày", "ngày", None, None, "Phòng Lao động – Việc làm"),
        ("GHI_CHU", "Ghi chú", "", "chữ", None, None, "Phòng Lao động – Việc làm"),
    ),
    "Ràng buộc": (
        ("Mã", "Biểu thức", "Mức độ", "Thông báo"),
        ("R1", "HSO_DUNG <= HSO_TONG", "lỗi", "Đúng hạn không thể nhiều hơn tổng."),
    ),
}

# Everything filled in: what each unit types so that nothing is missing. The index of this table is worked out by hand:
# 1.1 Đạt = 4, 1.2 = 1,5, 1.10 Đủ = 4, 2.1 = (30+50)/(40+60) = 80% of 8 = 6,4, 2.2 = 2 - 0,25 = 1,75: 17,65 of 20.
TASK_FIGURES = {"NV_GIAO": 4, "NV_SOM": 1, "NV_DUNG": 1, "NV_TRE": 1, "NV_CHUA": 1}
FULL: dict[str, dict[str, Any]] = {
    "VP": {
        "figures": {"HSO_DUNG": 30, "HSO_TONG": 40, **TASK_FIGURES},
        "rows": {
            "1.1": {"Mức đạt": "Đạt"},
            "1.2": {"Điểm tự chấm": 1.5, "Kết quả thực hiện": "Đã lập danh mục"},
            "1.10": {"Mức đạt": "Đủ"},
        },
    },
    "NCC": {"figures": {"HSO_DUNG": 50, "HSO_TONG": 60}, "rows": {"1.1": {"Mức đạt": "Đạt"}}},
    "LD": {
        "figures": {
            "THAP_PHAN": 1.5,
            "NGUYEN": 12,
            "SO_TIEN": 640905000,
            "TY_LE": 82.5,
            "NGAY_BH": "31/12/2020",
            "GHI_CHU": "không có gì thêm",
        }
    },
}


def build_plan(path: Path) -> Path:
    """The small plan as a workbook."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_small_plan())
    return path


@cache
def _small_plan() -> bytes:
    with TemporaryDirectory() as folder:
        return plan_with(Path(folder) / "plan.xlsx", {}).read_bytes()


def plan_with(path: Path, cells: Mapping[str, Any]) -> Path:
    """The small plan with single cells changed, named as ``Bộ chỉ số!H3``."""
    book = Workbook()
    del book["Sheet"]
    for name, rows in PLAN.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    for place, value in cells.items():
        name, _, address = place.partition("!")
        book[name][address] = value
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def issue_forms(plan: Path, folder: Path, period: str = PERIOD) -> Path:
    """The empty forms of all units in ``folder``."""
    loaded = _loaded(plan)
    found = find_period(loaded, period)
    assert found is not None
    issue(in_force(loaded, found), folder, created=datetime(2021, 1, 4, tzinfo=timezone.utc))
    return folder


def form(folder: Path, unit: str, period: str = PERIOD) -> Path:
    """The path of a unit's form."""
    return folder / f"{period}_{unit}.xlsx"


def fill(
    path: Path,
    *,
    figures: Row | None = None,
    rows: Mapping[str, Row] | None = None,
    tasks: Sequence[Sequence[Any]] = (),
    saved: str | None = ON_TIME,
    then: Callable[[Workbook], None] | None = None,
) -> Path:
    """Types into an issued form as a clerk would, and writes the time of saving; ``then`` may do what else a clerk does."""
    # Copies of the same forms are read once; what was unpacked has lost how openpyxl makes rows and columns as they are asked for.
    book = load_workbook(path) if then else pickle.loads(_as_read(path.read_bytes()))  # noqa: S301 - our own
    for name, headings, given in (
        ("Số liệu", FORM["Số liệu"].headings, {code: {FIGURE_VALUE: value} for code, value in (figures or {}).items()}),
        ("Phụ lục", FORM["Phụ lục"].headings, rows or {}),
    ):
        by_code = {row[0].value: row for row in book[name].iter_rows(min_row=FIRST)}
        for code, values in given.items():
            for heading, value in values.items():
                _type(by_code[code][headings.index(heading)], value)
    if tasks and "Nhiệm vụ" not in book.sheetnames:  # a register where none is asked for
        register = book.create_sheet("Nhiệm vụ", book.sheetnames.index("Số liệu") + 1)
        for column, heading in enumerate(FORM["Nhiệm vụ"].headings, start=1):
            register.cell(FIRST - 1, column).value = heading
    for number, task in enumerate(tasks, start=FIRST):
        for column, value in enumerate(task, start=1):
            assert column <= len(FORM["Nhiệm vụ"].headings)
            _type(book["Nhiệm vụ"].cell(number, column), value)
    if then is not None:
        then(book)
    book.save(path)
    if saved is not None:
        save_time(path, saved)
    return path


@lru_cache(maxsize=64)
def _as_read(form: bytes) -> bytes:
    """The workbook as openpyxl reads it, packed, to be unpacked anew by each who fills it in."""
    return pickle.dumps(load_workbook(BytesIO(form)))


def _type(cell: Any, value: Any) -> None:
    """A value, or a value and the number format of its cell."""
    if isinstance(value, tuple):
        cell.value, cell.number_format = value
    else:
        cell.value = value


def edit(path: Path, change: Callable[[Workbook], None], saved: str = ON_TIME) -> Path:
    """Opens the workbook, lets ``change`` do its worst, saves it."""
    return fill(path, then=change, saved=saved)


def rewrite(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """Changes one part of the package as bytes; ``part`` ends the part's name."""
    with zipfile.ZipFile(path) as source:
        parts = [(item, source.read(item)) for item in source.infolist()]
    hit = [item.filename for item, _ in parts if item.filename.endswith(part)]
    assert len(hit) == 1, f"{part}: {hit}"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for item, data in parts:
            target.writestr(item.filename, change(data) if item.filename == hit[0] else data)
    return path


def save_time(path: Path, saved: str) -> Path:
    """Sets ``dcterms:modified``; the empty text leaves the file without one."""
    pattern = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")

    def change(data: bytes) -> bytes:
        changed, count = pattern.subn(rb"\g<1>" + saved.encode() + rb"\g<2>" if saved else b"", data)
        assert count == 1
        return changed

    return rewrite(path, "docProps/core.xml", change)


def without_stamp(book: Workbook) -> None:
    """What copying the sheets into a new workbook does."""
    del book["_cchc"]


def without_heading(book: Workbook) -> None:
    """Stamp gone, and the unit and period lines above the tables too."""
    without_stamp(book)
    for sheet in book.worksheets:
        for number in range(1, 6):
            sheet.cell(number, 1).value = None


def full_folder(plan: Path, folder: Path) -> Path:
    """Every unit's form, filled in whole and sent in time."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in _full_forms(plan.name, plan.read_bytes()).items():
        (folder / name).write_bytes(content)
    return folder


@lru_cache(maxsize=16)
def _full_forms(name: str, plan: bytes) -> dict[str, bytes]:
    with TemporaryDirectory() as home:
        (Path(home) / name).write_bytes(plan)
        folder = issue_forms(Path(home) / name, Path(home) / "don-vi")
        for unit, given in FULL.items():
            fill(form(folder, unit), **given)
        return {path.name: path.read_bytes() for path in folder.iterdir()}


def assess(plan: Path, folder: Path, period: str = PERIOD, out: Path | None = None) -> Object:
    """The object of this folder, as ``check --json`` prints it."""
    return to_object(pipeline.assess(_loaded(plan), folder, period=period, out=out).contents())


def consolidated(plan: Path, folder: Path, period: str = PERIOD) -> tuple[Object, Path]:
    """The object of this folder, and its consolidated workbook beside it; no other paper is written."""
    assessment = pipeline.assess(_loaded(plan), folder, period=period)
    made, path = assessment.contents(), folder.with_name("tong-hop.xlsx")
    write_consolidated(*assessment.scored, made, path)
    return to_object(made), path


@cache
def _loaded(plan: Path) -> Plan:
    """Every plan of the tests has a path of its own and is read once."""
    return load_plan(plan)


def found(document: Object, *, file: str | None = None, areas: str = "FUDCEST") -> list[tuple[str, str]]:
    """(code, cell) of the findings, of one file if it is named; those of the plan and of units that filed nothing left out."""
    return [
        (item["code"], item["cell"] or "")
        for item in document["findings"]
        if item["code"][0] in areas and item["code"] != "U101" and (file is None or item["file"] == file)
    ]


def roll(document: Object) -> dict[str, tuple[str, str | None]]:
    """Status and file of every unit."""
    return {row["unit"]: (row["status"], row["file"]) for row in document["rollcall"]}


def verdicts(document: Object) -> dict[str, str]:
    """What became of every file."""
    return {source["file"]: source["verdict"] for source in document["sources"]}


def points(document: Object) -> dict[str, str | None]:
    """The points of every leaf."""
    return {item["code"]: item["points"] for item in document["criteria"] if item["status"] != "group"}


def entries(document: Object, unit: str) -> dict[str, tuple[str, str | None]]:
    """State and value of every figure the unit entered."""
    return {
        total["code"]: (entry["state"], entry["value"])
        for total in document["measure_details"]
        for entry in total["entries"]
        if entry["unit"] == unit
    }


def tree(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def copy_tree(source: Path, target: Path) -> Path:
    """A copy of a folder to spoil."""
    shutil.copytree(source, target)
    return target
