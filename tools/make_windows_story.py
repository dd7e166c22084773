"""The first day and the year of an office on Windows, told from a run: ``python tools/make_windows_story.py``.

Builds the bundle, unpacks it in a clean Windows of wine, and does what an officer does: double-clicks, drags, types into
the yellow cells; what units and appraisers type is typed by this script. Writes ``docs/mot-nam-tren-windows.md`` with what
the windows really said, each step's exit code and files checked, and its pictures (needs wine, LibreOffice, poppler).
``tests/test_windows_lane.py`` does the first report in every run, ``tools/long.py`` the whole year.
"""

from __future__ import annotations

import importlib
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import cchc_xl
from cchc_xl.extras.button_task import LABELS
from cchc_xl.extras.control_tasks import TASKS
from cchc_xl.extras.excel_button import CONTROL_SHEET
from cchc_xl.plan import load_plan
from cchc_xl.result.contents import Contents
from tests import wine
from tests.unit_forms import fill

ROOT = Path(__file__).resolve().parent.parent
PAGE, PICTURES = ROOT / "docs" / "mot-nam-tren-windows.md", ROOT / "docs" / "pictures"
EXAMPLES = ROOT / "examples"
OFFICE = "Tổng hợp & báo cáo"  # as offices call folders
SHOWN, LONGEST = 14, 150  # lines of a window on the page, and letters of a line


@dataclass(frozen=True, slots=True)
class Step:
    """What the officer does, what the window said, how it ended, and the files that must now be there."""

    title: str
    does: str
    said: str
    code: int
    files: tuple[str, ...]


class StoryError(Exception):
    """A step that did not do what it must."""


class Office:
    """A folder of an office in a Windows, with its control workbook once ``cai_dat.bat`` has written it."""

    def __init__(self, machine: wine.Windows) -> None:
        self.machine, self.folder = machine, machine.drive / OFFICE

    def types(self, **cells: str) -> None:
        """Types into the setting cells and saves, as Excel would."""
        path = self.folder / "tong_hop.xlsm"
        book = openpyxl.load_workbook(path, keep_vba=True)
        for name, text in cells.items():
            rows = book[CONTROL_SHEET].iter_rows()
            next(row[2] for row in rows if row[1].value == LABELS[name]).value = text or None
        book.save(path)

    def step(
        self, title: str, does: str, batch: str, *dragged: str, makes: tuple[str, ...] = (), code: int = 0
    ) -> Step:
        """A double-click, or something dragged on a batch file. Raises :class:`StoryError` if it did not do its work."""
        home = self.machine.home if batch in ("cai_dat.bat", "chay_thu.bat") else self.folder
        done = self.machine.double_click(home / batch, *dragged)
        said = (done.stdout + done.stderr).decode("utf-8", "replace").replace("\r", "")
        lost = [name for name in makes if not list(self.folder.glob(name))]
        if done.returncode != code or lost or "Traceback" in said:
            raise StoryError(f"{title}: exit code {done.returncode}, missing {lost}\n{said}")
        return Step(title, does, said, done.returncode, makes)


def first_report(office: Office) -> Iterator[Step]:
    """From the zip to the first report: five steps."""
    yield Step("Giải nén", r"Giải nén `cchc-xl-windows.zip` vào `C:\cchc-xl`.", "", 0, ("python", "cai_dat.bat"))
    yield office.step(
        "Cài đặt",
        f"Bấm đúp `cai_dat.bat` (ở đây: kéo thả thư mục `C:\\{OFFICE}` lên tệp ấy).",
        "cai_dat.bat",
        f"C:\\{OFFICE}",
        makes=("tong_hop.xlsm", "tong_hop.bat"),
    )
    example = EXAMPLES / "2021-quy-1"
    shutil.copy(example / "ke-hoach.xlsx", office.folder)
    shutil.copytree(example / "don-vi", office.folder / "Đơn vị gửi" / "Quý I")
    yield Step(
        "Chép dữ liệu",
        "Chép tệp kế hoạch và thư mục các đơn vị gửi vào cạnh sổ điều khiển.",
        "",
        0,
        ("ke-hoach.xlsx", "Đơn vị gửi/Quý I"),
    )
    task = next(task.name for task in TASKS if task.file == "tong_hop")
    cells = {"plan": "ke-hoach.xlsx", "shared": r"Đơn vị gửi\Quý I", "period": "2021-Q1", "out": "Kết quả"}
    office.types(task=task, **cells)
    filling = f"Mở `tong_hop.xlsm`, chọn việc “{task}”, điền Kế hoạch, Thư mục đơn vị gửi, Kỳ báo cáo; lưu."
    yield Step("Điền các ô vàng", filling, "", 0, ())
    yield office.step(
        "Báo cáo đầu tiên",
        "Bấm nút (ở đây: bấm đúp `tong_hop.bat`, vì máy thử không có Excel).",
        "tong_hop.bat",
        makes=("Kết quả/2021-Q1/tong-hop.xlsx", "Kết quả/2021-Q1/bao-cao.docx", "Kết quả/2021-Q1/phan-hoi/*.xlsx"),
    )


def second_quarter(office: Office) -> Iterator[Step]:
    """The forms of the next period, who has filed, a letter, the report, a look back."""
    office.types(period="2021-6T", forms=r"Biểu mẫu\6 tháng", shared=r"Đơn vị gửi\6 tháng")
    yield office.step(
        "Kỳ sau: phát phiếu",
        "Chọn kỳ 6 tháng, bấm đúp `phat_phieu.bat`.",
        "phat_phieu.bat",
        makes=("Biểu mẫu/6 tháng/2021-6T_VP.xlsx", "Biểu mẫu/6 tháng/cong-van-*.docx"),
    )
    filled(office, "2021-6T", "6 tháng", "2021-06-17T02:00:00Z", without=("NCC",))
    yield office.step("Ai đã gửi", "Bảy đơn vị gửi lại phiếu; bấm đúp `kiem_tra.bat`.", "kiem_tra.bat")
    yield office.step(
        "Đôn đốc",
        "Bấm đúp `don_doc.bat`.",
        "don_doc.bat",
        makes=("Kết quả/2021-6T/don-doc/cong-van.docx",),
    )
    filled(office, "2021-6T", "6 tháng", "2021-06-18T02:00:00Z")
    yield office.step(
        "Báo cáo 6 tháng",
        "Đơn vị cuối cùng gửi; bấm đúp `tong_hop.bat`.",
        "tong_hop.bat",
        makes=("Kết quả/2021-6T/bao-cao.docx", "Kết quả/2021-6T/tham-dinh.xlsx"),
    )
    office.types(before="2021-Q1")
    yield office.step("So với quý trước", "Chọn “So với kỳ”, bấm đúp `so_sanh.bat`.", "so_sanh.bat")


def year_end(office: Office) -> Iterator[Step]:
    """Issue, check, letters, appraisal, report, why, how, next year."""
    office.types(period="2021-N", forms=r"Biểu mẫu\Cả năm", shared=r"Đơn vị gửi\Cả năm", before="")
    yield office.step(
        "Cuối năm: phát phiếu",
        "Chọn kỳ cả năm, bấm đúp `phat_phieu.bat`.",
        "phat_phieu.bat",
        makes=("Biểu mẫu/Cả năm/2021-N_VP.xlsx",),
    )
    filled(office, "2021-N", "Cả năm", "2021-12-16T02:00:00Z", without=("TCKT",), wrong="LDVLBH")
    yield office.step("Kiểm tra", "Bấm đúp `kiem_tra.bat`.", "kiem_tra.bat")
    yield office.step(
        "Công văn đôn đốc",
        "Bấm đúp `don_doc.bat`.",
        "don_doc.bat",
        makes=("Kết quả/2021-N/don-doc/cong-van.docx", "Kết quả/2021-N/phan-hoi/LDVLBH.xlsx"),
    )
    filled(office, "2021-N", "Cả năm", "2021-12-17T02:00:00Z")
    yield office.step(
        "Đủ đơn vị",
        "Đơn vị còn thiếu gửi, đơn vị sai gửi lại; bấm đúp `tong_hop.bat`.",
        "tong_hop.bat",
        makes=("Kết quả/2021-N/tham-dinh.xlsx",),
    )
    count = appraised(office.folder / "Kết quả" / "2021-N" / "tham-dinh.xlsx")
    yield office.step(
        "Thẩm định",
        f"Ghi điểm thẩm định của {count} tiêu chí vào `tham-dinh.xlsx`, lưu, bấm đúp `tong_hop.bat`.",
        "tong_hop.bat",
        makes=("Kết quả/2021-N/bao-cao.docx", "Kết quả/2021-N/phieu-kiem-tra.docx"),
    )
    yield office.step(
        "Lập báo cáo", "Bấm đúp `lap_bao_cao.bat`.", "lap_bao_cao.bat", makes=("Kết quả/2021-N/bao-cao.docx",)
    )
    office.types(criterion="3.3.2")
    yield office.step("Vì sao", "Điền tiêu chí 3.3.2, bấm đúp `vi_sao.bat`.", "vi_sao.bat")
    yield office.step("Đường tới mục tiêu", "Bấm đúp `duong_toi_muc_tieu.bat`.", "duong_toi_muc_tieu.bat")
    yield office.step(
        "Kế hoạch năm sau",
        "Bấm đúp `ke_hoach_nam_sau.bat`.",
        "ke_hoach_nam_sau.bat",
        makes=("Kết quả/ke-hoach-2022.xlsx", "Kết quả/2021-N/ke-hoach-2022.docx"),
    )
    yield office.step(
        "Kiểm tra kế hoạch mới",
        "Kéo thả `ke-hoach-2022.xlsx` lên `kiem_tra_ke_hoach.bat`.",
        "kiem_tra_ke_hoach.bat",
        f"C:\\{OFFICE}\\Kết quả\\ke-hoach-2022.xlsx",
    )


PARTS: tuple[tuple[str, Callable[[Office], Iterator[Step]]], ...] = (
    ("Từ tệp zip tới báo cáo đầu tiên", first_report),
    ("Quý sau", second_quarter),
    ("Cuối năm", year_end),
)


# --- what units and appraisers type -------------------------------------------------------------------------------


def filled(office: Office, period: str, name: str, saved: str, without: tuple[str, ...] = (), wrong: str = "") -> None:
    """The issued forms, filled in with the figures of 2020 and sent; ``wrong`` writes one figure as words."""
    contents = year()
    to = office.folder / "Đơn vị gửi" / name
    to.mkdir(parents=True, exist_ok=True)
    for form in sorted((office.folder / "Biểu mẫu" / name).glob(f"{period}_*.xlsx")):
        unit = form.stem.partition("_")[2]
        if unit in without:
            continue
        figures: dict[str, object] = {
            detail.code: entry.value
            for detail in contents.measure_details
            for entry in detail.entries
            if entry.unit == unit and entry.value is not None and not entry.by
        }
        if unit == wrong and figures:
            figures[next(iter(figures))] = "khoảng hai chục"
        rows = {
            item.code: {
                "Mức đạt": report.level or None,
                "Điểm tự chấm": report.self_points,
                "Tài liệu kiểm chứng": report.evidence or None,
            }
            for item in contents.criteria
            for report in item.reports
            if report.unit == unit
        }
        shutil.copy(form, to / form.name)
        known = {row[0].value for row in openpyxl.load_workbook(form)["Phụ lục"].iter_rows(min_row=8)}
        fill(
            to / form.name,
            figures=figures,
            rows={code: row for code, row in rows.items() if code in known},
            saved=saved,
        )


_YEAR: list[Contents] = []


def year() -> Contents:
    """What the units of the example reported for 2020."""
    if not _YEAR:
        example = EXAMPLES / "2020-ca-nam"
        _YEAR.append(
            cchc_xl.check(load_plan(example / "ke-hoach.xlsx"), example / "don-vi", period="2020-N").result.contents
        )
    return _YEAR[0]


def appraised(path: Path, most: int = 6) -> int:
    """Types points of the first appraisal: those computed, for the first criteria that have some; how many."""
    book = openpyxl.load_workbook(path)
    sheet = book["Thẩm định"]
    headings = {cell.value: cell.column or 0 for cell in sheet[5]}
    done = 0
    for row in range(6, sheet.max_row + 1):
        computed = sheet.cell(row, headings["Điểm tính"]).value
        if isinstance(computed, int | float) and done < most:
            sheet.cell(row, headings["Điểm thẩm định lần 1"]).value = computed
            done += 1
    book.save(path)
    return done


# --- the page -----------------------------------------------------------------------------------------------------


def page(told: list[tuple[str, list[Step]]]) -> str:
    """The page: each step with what the window said."""
    lines = [
        "# Một năm trên máy Windows, từ tệp zip",
        "",
        "Do `python tools/make_windows_story.py` ghi lại từ một lần chạy thật: gói vừa lập, giải nén trong một Windows mới của wine",
        "(không có Excel, Word: nút bấm được thay bằng tệp `.bat` cùng tên việc, ô vàng và phiếu của đơn vị do kịch bản điền;",
        "[những điều chưa chạy được ở đây](windows.md)). Mã thoát và tệp của từng bước đều được kiểm tra; `tools/long.py` chạy lại cả năm.",
    ]
    number = 0
    for title, steps in told:
        lines += ["", f"## {title}"]
        for step in steps:
            number += 1
            files = ", ".join(f"`{name}`" for name in step.files)
            lines += ["", f"**{number}. {step.title}.** {step.does}"]
            if step.said:
                lines += ["", "```text", *window(step.said), "```"]
                lines += ["", f"Mã thoát {step.code}" + (f"; có {files}." if files else ".")]
            lines += [f"\n{told}:\n\n![{told}](pictures/{name}.png)" for told, name in SHOWN_AFTER.get(step.title, ())]
    return "\n".join(lines) + "\n"


SHOWN_AFTER = {
    "Điền các ô vàng": (("Sổ điều khiển đã điền", "windows-so-dieu-khien"),),
    "Báo cáo đầu tiên": (
        ("tong-hop.xlsx: việc cần làm", "windows-tong-hop"),
        ("bao-cao.docx", "windows-bao-cao"),
        ("Trong Excel nút bấm ghi thêm sheet “Phát hiện” này vào sổ điều khiển", "windows-phat-hien"),
    ),
}


def window(said: str) -> list[str]:
    """What a window shows, without empty lines, the progress of reading and the times of day; the middle left out.

    The last line, which asks for a key, is printed by ``cmd``; wine does not print its letters.
    """
    lines = [re.sub(r"\b\d\dh\d\d\b", "..h..", line.rstrip()) for line in said.splitlines() if line.strip()][:-1]
    lines = [line for line in lines if not line.startswith(("Đọc ", "Đã đọc "))]
    *head, last = lines
    head = [line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…" for line in head]
    rest = len(head) - SHOWN
    return [*(head if rest <= 1 else [*head[: SHOWN - 5], f"   … ({rest} dòng nữa)", *head[-5:]]), last]


def pictures(office: Office, work: Path) -> None:
    """The control workbook, the consolidated workbook and the report as LibreOffice draws them."""
    from tools.make_pictures import Picture, draw

    made = office.folder / "Kết quả" / "2021-Q1"
    for document, name in (
        (office.folder / "tong_hop.xlsm", "windows-so-dieu-khien"),
        (made / "tong-hop.xlsx", "windows-tong-hop"),
        (made / "bao-cao.docx", "windows-bao-cao"),
    ):
        draw(Picture(PICTURES / f"{name}.png", "", resolution=64), document, work)
    found(work)


def found(work: Path) -> None:
    """What was found, as the button writes it into the control workbook: pressed through Excel's objects, without Excel."""
    from tools.make_pictures import Picture, draw

    excel: Any = importlib.import_module("tests.excel")  # Excel's own objects, of openpyxl
    folder = work / "excel"
    shutil.copytree(EXAMPLES / "2021-quy-1", folder)
    book = excel.called(folder, task="Kiểm tra")
    excel.pressed(book, "Kiểm tra")
    shown = next(sheet for sheet in book.workbook.worksheets if sheet.title.startswith("Phát hiện"))
    for sheet in list(book.workbook.worksheets):
        if sheet is not shown:
            book.workbook.remove(sheet)
    shown.page_setup.orientation, shown.page_setup.fitToHeight = "landscape", 0
    for row in range(2, shown.max_row + 1):  # Excel does it when it writes
        if len(str(shown.cell(row, 7).value)) > 70:
            shown.row_dimensions[row].height = 30
    shown.page_setup.paperSize = shown.PAPERSIZE_A5
    shown.page_margins = PageMargins(0.2, 0.2, 0.2, 0.2)
    shown.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    book.workbook.save(work / "phat-hien.xlsm")
    draw(Picture(PICTURES / "windows-phat-hien.png", "", resolution=120), work / "phat-hien.xlsm", work)


def main() -> int:
    """Builds, runs, writes the page and its pictures; a bundle may be given."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        bundle = Path(sys.argv[1]) if len(sys.argv) > 1 else wine.make_bundle(work)
        machine = wine.Windows(work, bundle)
        try:
            office = Office(machine)
            told = []
            for title, part in PARTS:
                steps = []
                for step in part(office):
                    print(f"{step.code}  {step.title}", flush=True)
                    steps.append(step)
                    if step.title == "Báo cáo đầu tiên" and shutil.which("soffice"):
                        pictures(office, work)
                told.append((title, steps))
            PAGE.write_text(page(told), encoding="utf-8")
        except StoryError as error:
            print(error, file=sys.stderr)
            return 1
        finally:
            machine.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
