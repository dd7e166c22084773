"""What the control workbook shows of a result: contents come in, tables with links to files and cells go out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from cchc_xl.extras.button_task import Cell, Link, Table, kind_of
from cchc_xl.extras.control_tasks import in_excel
from cchc_xl.office.excel.book import place_in
from cchc_xl.pipeline.jobs import RESULT_FILES
from cchc_xl.result.contents import Contents, ToldFinding
from cchc_xl.result.view import View
from cchc_xl.text.catalogue import SEVERITY_ORDER, SEVERITY_WORDS
from cchc_xl.text.days import moment_vi
from cchc_xl.text.numbers import percent_vi
from cchc_xl.text.printed import cap_text
from cchc_xl.text.words import ROLL, key

_ROLL_TONES = {"submitted": "good", "late": "warning", "missing": "error", "unreadable": "error"}
_MOST_FILES = 300  # files of one folder that are listed: a sheet is there to be read

Finder = Callable[[str], Path | None]


def finder(*folders: Path | str) -> Finder:
    """Where a file stands that findings and the roll-call name: in the first of the folders that has it."""
    homes = [Path(folder) for folder in folders if str(folder) and "://" not in str(folder)]
    known: dict[str, Path | None] = {}

    def find(name: str) -> Path | None:
        if name not in known:
            # One file may have been given in place of the folder that it stands in.
            paths = (home if home.name == name else home / name for home in homes)
            known[name] = next((path.absolute() for path in paths if kind_of(path) == "file"), None)
        return known[name]

    return find


def _nowhere(_: str) -> Path | None:
    return None


def index_table(contents: Contents) -> Table:
    """The index, then every field of the plan, or every agency with its place."""
    if contents.agencies:
        return _places_table(contents)
    index = contents.index
    view = View(contents)
    told = [] if index.complete else [f"Tạm tính: {view.missing_text()}, tính 0 điểm"]
    note = "; ".join([*told, *filter(None, (view.appraisal_text if view.counts.appraised else "", view.extras_text))])
    rows: list[tuple[Cell, ...]] = [("", "Chỉ số chung", index.applicable_max, index.points, index.percent, note)]
    if not index.complete:
        rows.append(("", "Nếu các tiêu chí chưa có điểm đạt tối đa", None, None, index.percent_if_missing_full, ""))
    for item in view.top:
        note = view.missing_text(item.code) if view.standing_as("missing", item.code) else ""
        if view.is_extra(item):
            note = cap_text(item.max, view.places)
        elif view.standing(item) == "not_applicable":
            note = "Không phát sinh"
        rows.append((item.code, item.name, item.applicable_max, item.final_points, view.share(item), note))
    headings = ("Mã", "Lĩnh vực", "Điểm tối đa", "Điểm", "Tỷ lệ (%)", "Ghi chú")
    return Table(headings, rows, places=contents.settings.places)


def _places_table(contents: Contents) -> Table:
    """Many agencies by group and place; last those without a result."""
    rows: list[tuple[Cell, ...]] = []
    for group in contents.ranking:
        for row in group.agencies:
            place = None if row.rank is None else Decimal(row.rank)
            percent = None if row.has_no_points else row.index.percent
            change = row.change or row.earlier_change or ""
            rows.append((group.group, place, row.name, percent, group.class_of(row), change))
    rows += [(item.group, None, item.name, None, "", item.reason) for item in contents.agencies if not item.folder]
    headings = ("Nhóm", "Hạng", "Cơ quan", "Chỉ số (%)", "Xếp loại", "Ghi chú")
    return Table(headings, rows, places=contents.settings.places)


def findings_table(contents: Contents, find: Finder = _nowhere, unit: str = "") -> Table:
    """What was found, errors first; of one unit where one is named."""
    view = View(contents)
    return told_table(
        [item for item in contents.findings if not unit or item.unit == unit],
        find,
        lambda code: "" if code is None else view.unit(code),
    )


def told_table(
    findings: Iterable[ToldFinding],
    find: Finder = _nowhere,
    named: Callable[[str | None], str] = lambda code: code or "",
) -> Table:
    """Findings, errors first, with links that open the file, and the file at its cell."""
    shown = sorted(findings, key=lambda item: SEVERITY_ORDER.index(item.severity))
    rows: list[tuple[Cell, ...]] = []
    for item in shown:
        path = find(item.file) if item.file else None
        file: Cell = item.file if path is None or item.file is None else Link(item.file, path)
        cell: Cell = item.cell
        if path is not None and item.sheet and path.suffix.casefold() != ".docx":
            # “C4; D9” and “C4:D9” are places of several cells: the link leads to the first.
            first = (item.cell or "A1").replace(";", " ").replace(":", " ").split()[:1] or ["A1"]
            cell = Link(item.cell or "mở sheet", path, place_in(item.sheet, first[0]))
        rows.append(
            (
                SEVERITY_WORDS[item.severity],
                named(item.unit),
                file,
                item.sheet,
                cell,
                item.message,
                in_excel(item.fix),
                item.code,
            )
        )
    if not rows:
        rows.append(("", "", "", "", "", "Không có phát hiện nào.", "", ""))
    headings = ("Mức độ", "Đơn vị", "Tệp", "Sheet", "Ô", "Nội dung", "Cách xử lý", "Mã")
    tones = {"error": "error", "warning": "warning", "note": ""}
    return Table(headings, rows, [tones[item.severity] for item in shown])


def roll_table(contents: Contents, find: Finder = _nowhere, unit: str = "") -> Table:
    """Who has filed, those who owe first."""
    view, order = View(contents), ("missing", "unreadable", "late", "submitted")
    roll = sorted(contents.rollcall, key=lambda row: order.index(row.status))
    shown = [row for row in roll if not unit or row.unit == unit]
    rows: list[tuple[Cell, ...]] = []
    for row in shown:
        path = find(row.file) if row.file else None
        file: Cell = row.file if path is None or row.file is None else Link(row.file, path)
        errors = sum(item.unit == row.unit and item.severity == "error" for item in contents.findings)
        sent = "" if row.sent is None else moment_vi(row.sent)
        rows.append((ROLL[row.status].capitalize(), view.unit(row.unit), sent, Decimal(errors), file))
    headings = ("Tình trạng", "Đơn vị", "Lúc gửi", "Số lỗi phải sửa", "Tệp")
    return Table(headings, rows, [_ROLL_TONES[row.status] for row in shown], places=0)


def unit_code(contents: Contents, text: str) -> str:
    """The code of a unit that was chosen or typed by code or name; '' where none was, or the result has none such."""
    if not text:
        return ""
    return next((unit.code for unit in contents.units if key(text) in (key(unit.code), key(unit.name))), "")


def result_files(folder: Path) -> Table:
    """Every file of a result with what it is, those to open first on top; of folders every file in them."""
    rows: list[tuple[Cell, ...]] = []
    for name, what in RESULT_FILES.items():
        path = folder / name
        inside = sorted(item for item in path.iterdir() if item.is_file()) if path.is_dir() else []
        for one in inside or ([path] if path.is_file() else []):
            rows.append((Link(one.relative_to(folder).as_posix(), one.absolute()), what))
    return Table(("Tệp", "Là gì"), rows[:_MOST_FILES])


def files_table(paths: Sequence[Path], what: str = "") -> Table:
    """Files that were made."""
    return Table(("Tệp", "Là gì"), [(Link(path.name, path.absolute()), what) for path in paths[:_MOST_FILES]])


def lines_table(lines: Iterable[str], heading: str, find: Finder = _nowhere, names: Iterable[str] = ()) -> Table:
    """Lines as they are told, and beside each the file that it names, if it stands somewhere."""
    files = [(name, path) for name in dict.fromkeys(names) if (path := find(name)) is not None]
    rows: list[tuple[Cell, ...]] = []
    for line in lines:
        file = next(((name, path) for name, path in files if name in line), None)
        rows.append((in_excel(line.rstrip()), None if file is None else Link(*file)))
    return Table((heading, "Mở tệp"), rows) if files else Table((heading,), [row[:1] for row in rows])


def summary(contents: Contents, folder: str) -> str:
    """One sentence: the index, how much was found, where the files are; without ``folder`` none were written."""
    index, findings, places = contents.index, contents.findings, contents.settings.places
    percent = "chưa tính được" if index.percent is None else percent_vi(index.percent, places)
    if not index.complete and index.percent_if_missing_full is not None:
        percent += f" (tạm tính; nếu đủ số liệu có thể tới {percent_vi(index.percent_if_missing_full, places)})"
    errors, warnings = (sum(item.severity == name for item in findings) for name in ("error", "warning"))
    if contents.agencies:
        scored = sum(item.status == "scored" for item in contents.agencies)
        where = f". Bảng xếp hạng và kết quả từng cơ quan nằm ở thư mục {folder}" if folder else ""
        return (
            f"Đã chấm {scored}/{len(contents.agencies)} cơ quan {contents.period_name}; {errors} lỗi, {warnings} cảnh "
            f"báo{where}"
        )
    name = contents.period_name or contents.period
    if not folder:
        filed = sum(row.status in {"submitted", "late"} for row in contents.rollcall)
        return (
            f"Đã kiểm tra {name}: {filed}/{len(contents.rollcall)} đơn vị đã gửi; nếu tổng hợp bây giờ, chỉ số "
            f"{percent}; {errors} lỗi, {warnings} cảnh báo. Chưa ghi gì vào thư mục kết quả"
        )
    return (
        f"Đã tổng hợp xong {name}: chỉ số {percent}; {errors} lỗi, "
        f"{warnings} cảnh báo. Sổ tổng hợp, báo cáo và bản phản hồi nằm ở thư mục {folder}"
    )
