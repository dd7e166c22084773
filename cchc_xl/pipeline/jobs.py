"""Templates and examples: where they stand, whether a template fits, and what is made from one besides the report.

They are found from a checkout, an editable install and a wheel, whose data files go to ``share/cchc_xl``.
"""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from itertools import count
from pathlib import Path

from cchc_xl.office.excel import Refused, parse
from cchc_xl.office.excel.parts import CannotPatchError
from cchc_xl.office.word import decree, lint
from cchc_xl.office.word.decree import mend
from cchc_xl.office.word.decree.pieces import Cause
from cchc_xl.office.word.fill import NO_FIELD
from cchc_xl.office.word.shapes import Shape, shape
from cchc_xl.office.word.tags import is_template
from cchc_xl.papers import issue_letters
from cchc_xl.papers.context import blocks
from cchc_xl.papers.documents import render_plan_draft, sample_contexts, try_filling
from cchc_xl.papers.listings import CONSOLIDATED, LOOKUP
from cchc_xl.papers.next_year import NextPlan, next_plan
from cchc_xl.pipeline.line import (
    FEEDBACK,
    CannotRunError,
    assess,
    edition_of,
    open_result_of_one,
    or_cannot_run,
    relying_on,
)
from cchc_xl.plan import load_plan
from cchc_xl.records import Edition, Finding
from cchc_xl.result import archive
from cchc_xl.result.contents import Contents
from cchc_xl.result.kept import free
from cchc_xl.result.view import View
from cchc_xl.text.catalogue import finding, message, worst_first
from cchc_xl.text.file_names import has_ending, quoted
from cchc_xl.text.words import VIETNAM
from cchc_xl.unit.folder import source_file

# What a result's folder holds for people, beside the files that result/archive.py names.
REPORT_FILE, REMINDERS = "bao-cao.docx", "don-doc"
NOTE_FILE, NOTE = "phieu-kiem-tra.docx", "check_note.docx"
SUPPLEMENTS = "bo-sung"
# What stands beside the forms of a period.
COVERING_LETTER, ASSIGNMENT_LETTER = "cong-van-giao-bieu-mau.docx", "cong-van-phan-cong.docx"
# What stands beside the results of many agencies, and the template of the decision among it.
RANKING_WORKBOOK, RANKING_DOCUMENT, RANKING = "xep-hang.xlsx", "xep-hang.docx", "ranking.docx"
RESULT_FILES = {  # of a result, in the order in which to open them
    RANKING_WORKBOOK: "xếp hạng các cơ quan và điểm theo tiêu chí (mở trước tiên)",
    RANKING_DOCUMENT: "dự thảo quyết định công bố kết quả xếp hạng",
    CONSOLIDATED: "việc cần làm, bảng tổng hợp và điểm (mở trước tiên)",
    LOOKUP: "tra cứu: lỗi, tình hình gửi báo cáo, đối chiếu, nguồn",
    REPORT_FILE: "báo cáo Word để ký",
    NOTE_FILE: "phiếu kiểm tra trước khi ký, lưu nội bộ",
    archive.APPRAISAL: "thẩm định điểm ở đây, lần chạy sau đọc lại",
    REMINDERS: "công văn đôn đốc các đơn vị còn phải gửi, sửa, bổ sung báo cáo",
    FEEDBACK: "bản đánh dấu gửi lại đơn vị",
    SUPPLEMENTS: "biểu bổ sung cho đơn vị gửi phụ lục theo mẫu quen dùng",
    archive.RESULT: "toàn bộ kết quả cho máy khác đọc",
}
# What Word documents are made from, by the names that an office's own have beside its plan and in a result's nguon/.
REPORT, REMINDER, PLAN_DRAFT = WORD_TEMPLATES = ("report.docx", "reminder.docx", "plan.docx")
# What the letters that go out with the forms are made from.
COVERING, ASSIGNMENT = ISSUE_TEMPLATES = ("covering.docx", "assignment.docx")
_RETIRED = "reminder"  # the name on which all that a letter to one unit said once hung
EVERY_TEMPLATE = (*WORD_TEMPLATES, *ISSUE_TEMPLATES)
TEMPLATE_KINDS = tuple(name.removesuffix(".docx") for name in EVERY_TEMPLATE)
_PLAN_TEMPLATE, _BLANK_PLAN = "plan_template.xlsx", "plan_blank.xlsx"
# The examples with their periods: a full year, and a quarter with a late and a missing unit.
EXAMPLES = (("2020-ca-nam", "2020-N"), ("2021-quy-1", "2021-Q1"))
EXAMPLE_PLAN, EXAMPLE_FORMS = "ke-hoach.xlsx", "don-vi"
HANDBOOK = Path("docs/vi/so-tay.docx")
_PATH = "hãy kiểm tra đường dẫn"


def template_path(name: str) -> Path:
    """The path of the template called ``name``. Raises ``FileNotFoundError`` if the installation lacks it."""
    return _data_path("templates", name)


def example_path(name: str) -> Path:
    """The folder of the example called ``name``. Raises ``FileNotFoundError`` if the installation lacks it."""
    return _data_path("examples", name)


def handbook() -> Path:
    """The handbook for officers, a Word document made from ``docs/vi``.

    Raises :class:`CannotRunError` if the installation lacks it.

    >>> handbook().name
    'so-tay.docx'
    """
    try:
        return _data_path(HANDBOOK.parent.as_posix(), HANDBOOK.name)
    except FileNotFoundError as error:
        raise CannotRunError(f"Không thấy sổ tay {HANDBOOK.name} trong bản đã cài: hãy cài lại cchc-xl.") from error


def write_dataset(out: str | Path, to: str | Path) -> tuple[Path, ...]:
    """Every finished result in the folder of results ``out`` as Parquet in ``to``, by table, period and agency.

    Returns the files written, one for each table, period and agency; what stood there of the same is replaced. DuckDB,
    Polars and Power BI read the folder of a table whole. Figures are decimals with ten places.

    Raises :class:`CannotRunError` without a result, or without pyarrow (``pip install cchc-xl[analytics]``).

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_dataset(folder, folder)
    Traceback (most recent call last):
    cchc_xl.pipeline.line.CannotRunError: Trong ... chưa có kết quả nào: ...
    """
    from cchc_xl.result import dataset

    with or_cannot_run(f"Không đọc được kết quả trong {out}", _PATH):
        results = tuple(dataset.results_in(Path(out)))
    if not results:
        raise CannotRunError(f"Trong {out} chưa có kết quả nào: hãy chọn thư mục đã ghi ở --out, chứa các thư mục kỳ.")
    with or_cannot_run(f"Không ghi được vào {to}"):
        try:
            return dataset.write_dataset(results, Path(to))
        except ImportError as error:
            raise CannotRunError("Ghi Parquet cần pyarrow: hãy cài bằng `pip install cchc-xl[analytics]`.") from error


def _data_path(kind: str, name: str) -> Path:
    roots = (
        Path(__file__).resolve().parents[2],
        Path(sysconfig.get_path("data")) / "share" / "cchc_xl",
        Path(sys.prefix) / "share" / "cchc_xl",
    )
    for root in roots:
        if (root / kind / name).exists():
            return root / kind / name
    raise FileNotFoundError(f"{kind}/{name}: hãy cài lại cchc-xl")


def new(folder: str | Path, *, blank: bool = False) -> tuple[Path, ...]:
    """A plan workbook and the Word templates in ``folder``, to edit; returns the files written, the plan first.

    The plan is the sample office's; with ``blank`` its lists are empty and the cells to fill in are marked.

    Raises :class:`CannotRunError` if one of them is there already, before anything is written.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     print([path.name for path in new(folder)])
    ['ke-hoach.xlsx', 'report.docx', 'reminder.docx', 'plan.docx', 'covering.docx', 'assignment.docx']
    """
    folder = Path(folder)
    plan = _BLANK_PLAN if blank else _PLAN_TEMPLATE
    wanted = {folder / EXAMPLE_PLAN: plan, **{folder / name: name for name in EVERY_TEMPLATE}}
    taken = [path.name for path in wanted if path.exists()]
    if taken:
        raise CannotRunError(f"Trong {folder} đã có {', '.join(taken)}: hãy chọn thư mục khác để không ghi đè.")
    with or_cannot_run(f"Không ghi được vào {folder}"):
        folder.mkdir(parents=True, exist_ok=True)
        for path, name in wanted.items():
            shutil.copyfile(template_path(name), path)
    return tuple(wanted)


def chosen(plan_file: Path, report: Path | None = None, names: tuple[str, ...] = WORD_TEMPLATES) -> dict[str, Path]:
    """The template of each kind: the one asked for, else the office's own beside the plan, else ours.

    A Word file without a single tag beside a plan is some other document, not a template.
    """
    found = {}
    for name in names:
        beside = plan_file.parent / name
        own = plan_file.is_file() and beside.is_file() and is_template(beside.read_bytes())
        found[name] = beside if own else template_path(name)
    if report is not None:
        found[REPORT] = report
    return found


def write_issue_letters(
    edition: Edition, templates: Mapping[str, Path], to: Path, agencies: Sequence[tuple[str, str]] = ()
) -> tuple[tuple[Path, ...], str]:
    """The letters that go out with the forms in the folder ``to``: the files, and a sentence about those kept beside.

    Nothing there records what was written: a letter of that name with other contents may have been edited, so it stays.
    """
    made = {COVERING_LETTER: issue_letters.render_covering(edition, templates[COVERING], agencies)}
    if not agencies and issue_letters.is_first_of_year(edition):
        made[ASSIGNMENT_LETTER] = issue_letters.render_assignment(edition, templates[ASSIGNMENT])
    written, beside = [], {}
    for name, content in made.items():
        if content is None:
            continue
        ours = [to / name, *sorted(to.glob(f"{Path(name).stem} (mới *.docx"))]
        place = next((path for path in ours if path.is_file() and path.read_bytes() == content), None)
        if place is None:
            place = to / name
            if os.path.lexists(place):
                place = to / free(to, name, f"mới {datetime.now(VIETNAM):%Hh%M}")
                beside[name] = place.name
            place.write_bytes(content)
        written.append(place)
    told = "; ".join(f"{name} (bản mới: {made})" for name, made in beside.items())
    return tuple(written), f"Giữ nguyên công văn đã có, khác bản lập lần này: {told}." if told else ""


def ranking_template(plan_file: Path) -> Path:
    """The template of the decision to publish a ranking: the office's own beside the plan, else ours."""
    return chosen(plan_file, names=(RANKING,))[RANKING]


def asked_for(template: str | Path, kind: str) -> Path:
    """The template that was asked for. Raises :class:`CannotRunError` if it is not there."""
    if not Path(template).is_file():
        raise CannotRunError(f"Không có mẫu {kind} {template}: {_PATH}.")
    return Path(template)


def look(templates: Mapping[str, Path]) -> tuple[Finding, ...]:
    """What is wrong with the office's own templates, before any work. Raises :class:`CannotRunError` for an error."""
    found: list[Finding] = []
    for name, path in templates.items():
        if path == template_path(name) or path.read_bytes() == template_path(name).read_bytes():
            continue
        own = lint_template(path, Path(name).stem, fill=False)
        errors = [item for item in own if item.severity == "error"]
        if any(item.code == "W102" and dict(item.context).get("name") == _RETIRED for item in errors):
            raise CannotRunError(
                f"Mẫu {path} theo bản cũ, mỗi đơn vị một công văn: hãy chuyển tệp đó sang thư mục khác để dùng mẫu có "
                f"sẵn, một công văn gửi các đơn vị; muốn sửa thì lấy mẫu mới bằng `cchc-xl new`."
            )
        if errors:
            told = "; ".join(f"{_at(item)}{message(item).rstrip('.')}" for item in errors[:5])
            more, typed = f"; và {len(errors) - 5} chỗ khác" if len(errors) > 5 else "", quoted(str(path))
            raise CannotRunError(f"Mẫu {path.name} chưa dùng được: {told}{more}. Xem `cchc-xl lint-template {typed}`.")
        found += own
    return tuple(found)


def _at(item: Finding) -> str:
    where = ", ".join(part for part in (item.at.sheet, item.at.address) if part) if item.at else ""
    return f"{where}: " if where else ""


def lint_template(template: str | Path, kind: str | None = None, *, fill: bool = True) -> tuple[Finding, ...]:
    """Everything wrong with a Word template, worst first, also from filling it with sample data unless ``fill`` is off.

    ``kind`` is "report", "reminder", "plan", "covering" or "assignment", else it is guessed. Each finding names the
    paragraph; W301 alone says that all is well.

    Raises :class:`CannotRunError` if the file cannot be opened.

    >>> lint_template("a.docx")
    Traceback (most recent call last):
    cchc_xl.pipeline.line.CannotRunError: Không mở được a.docx (không có tệp hoặc thư mục này): hãy kiểm tra đường dẫn.
    """
    template = Path(template)
    with or_cannot_run(f"Không mở được {template}", _PATH):
        data = template.read_bytes()
    shapes = _shapes()
    names = (f"{kind}.docx",) if kind else EVERY_TEMPLATE
    found = {name: lint.check(data, template.name, shapes[name]) for name in names}
    best = min(found, key=lambda name: sum(item.severity == "error" for item in found[name]))
    findings = found[best]
    findings += lint.lacking(data, template_path(best).read_bytes(), template.name, shapes[best])
    findings += misplaced_blocks(data, best, template.name)
    if not any(item.severity == "error" for item in findings):
        absent = lint.without_field(data, template.name, shapes[best])
        reason = try_filling(data, samples()[best]) if fill else None
        if absent and (reason is None or NO_FIELD in reason):
            findings = (*absent, *(item for item in findings if item.code != "W301"))  # which says that all is well
        elif reason:
            findings += (finding("W114", lint.where(data, template.name, reason), reason=reason),)
    return worst_first(findings)


def misplaced_blocks(data: bytes, standard: str, file: str) -> tuple[Finding, ...]:
    """The blocks that a template has twice or leaves out; ``standard`` is the name of ours of its kind."""
    about = {name: block.about for name, block in blocks().items()}
    return lint.misplaced_blocks(data, template_path(standard).read_bytes(), file, about)


@cache
def samples() -> dict[str, tuple[dict[str, object], ...]]:
    """Sample contexts by the name of the template they are for.

    From the results of our two examples, the quarter compared with the year.
    """
    made: list[Contents] = []
    editions: list[Edition] = []
    for name, period in EXAMPLES:
        folder, before = example_path(name), made[-1] if made else None
        found = assess(folder / EXAMPLE_PLAN, folder / EXAMPLE_FORMS, period=period, before=before)
        made.append(found.contents())
        editions.append(found.edition)
    return dict(zip(EVERY_TEMPLATE, (*sample_contexts(made), *issue_letters.samples(editions)), strict=True))


@cache
def _shapes() -> dict[str, Shape]:
    return {name: shape(contexts) for name, contexts in samples().items()}


def draft_plan(folder: str | Path, template: str | Path | None = None, rank: int | None = None) -> Path:
    """The draft of next year's plan from a finished result, written into its folder; returns the file.

    ``rank`` is the agency's place in the finished year. An earlier draft, which people may have edited, is kept: the
    new one gets the next free name.

    Raises :class:`CannotRunError` if there is no result of a whole year, the template does not fit or nothing can be
    written.

    >>> cchc_xl.draft_plan(year.folder).name
    'ke-hoach-2021.docx'
    >>> cchc_xl.draft_plan(year.folder, "khong-co.docx")
    Traceback (most recent call last):
    cchc_xl.pipeline.line.CannotRunError: Không có mẫu kế hoạch khong-co.docx: hãy kiểm tra đường dẫn.
    """
    folder = Path(folder)
    asked = None if template is None else asked_for(template, "kế hoạch")
    contents = _whole_year(folder, "kế hoạch năm sau được dự thảo")
    _right_rank(rank, contents)
    kept = folder / archive.SOURCES / PLAN_DRAFT
    used = asked or (kept if kept.is_file() else template_path(PLAN_DRAFT))
    stem = f"ke-hoach-{View(contents).year + 1}"
    names = (f"{stem}.docx" if number == 1 else f"{stem}-{number}.docx" for number in count(1))
    with relying_on(folder), or_cannot_run(f"Không ghi được vào {folder}"):
        content = render_plan_draft(contents, used, rank)
        paths = (folder / name for name in names)
        path = next(path for path in paths if not path.exists() or path.read_bytes() == content)
        if not path.exists():
            path.write_bytes(content)
    return path


def next_year(folder: str | Path, to: str | Path, rank: int | None = None) -> tuple[Path, NextPlan]:
    """Next year's plan workbook from a finished result of a whole year; the file written, and what stands in it.

    ``to`` is the file, or a folder in which it is called as in a new plan; ``rank`` the agency's place in the year.
    ``blank`` of what comes back names the settings that are left to decide.

    Raises :class:`CannotRunError` if there is no such result, the plan cannot be written on, or the file is there.

    >>> path, made = cchc_xl.next_year(year.folder, "thu/nam-sau")
    >>> path.name, made.year, made.blank[:2]
    ('ke-hoach.xlsx', 2021, ('Số kế hoạch', 'Ngày kế hoạch'))
    >>> cchc_xl.next_year(year.folder, "moi.xls")
    Traceback (most recent call last):
    cchc_xl.pipeline.line.CannotRunError: Kế hoạch năm sau là tệp .xlsx: hãy ghi --to dạng moi.xlsx hoặc một thư mục.
    """
    folder, to = Path(folder), Path(to)
    is_file = has_ending(to.name) and not to.is_dir()
    if is_file and to.suffix.casefold() != ".xlsx":
        raise CannotRunError(f"Kế hoạch năm sau là tệp .xlsx: hãy ghi --to dạng {to.stem}.xlsx hoặc một thư mục.")
    target = to if is_file else to / EXAMPLE_PLAN
    if target.exists():
        raise CannotRunError(f"Đã có {target}: hãy chọn tên khác để không ghi đè.")
    contents = _whole_year(folder, "kế hoạch năm sau được lập")
    _right_rank(rank, contents)
    path = folder / archive.SOURCES / contents.plan.file
    with relying_on(folder), or_cannot_run(f"Không đọc được {path}", _PATH):
        edition, data = edition_of(load_plan(path), contents.period), path.read_bytes()
        form = parse(data, source_file(path, path.parent))
    if isinstance(form, Refused):
        raise CannotRunError(f"{path}: {message(form.finding)}")
    try:
        made = next_plan(data, form, edition, contents, rank)
    except Exception as error:  # a reader of cells forgives what cannot be written on
        why = str(error) if isinstance(error, CannotPatchError) else "không phải tệp .xlsx lành lặn"
        raise CannotRunError(
            f"Không lập được từ {path} ({why}): hãy mở kế hoạch bằng Excel, lưu thành Excel Workbook (.xlsx), chạy lại "
            "kỳ cả năm rồi lập lại."
        ) from error
    with or_cannot_run(f"Không ghi được {target}"):
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as stream:
            stream.write(made.data)
    return target, made


def _whole_year(folder: Path, what: str) -> Contents:
    contents = open_result_of_one(folder)
    if not contents.is_whole_year:
        raise CannotRunError(f"{contents.period_name} chưa phải là cả năm: {what} từ kết quả cả năm.")
    return contents


def _right_rank(rank: int | None, contents: Contents) -> None:
    ranked = contents.settings.ranked_units
    if rank is not None and ranked is not None and rank > ranked:
        raise CannotRunError(f"Thứ hạng {rank} lớn hơn số cơ quan được xếp hạng ({ranked}): hãy kiểm tra --rank.")


@dataclass(frozen=True, slots=True)
class DocumentLook:
    """What a look at a document found, finding by finding and by cause; of a mended one what is left.

    ``file`` is the mended document, and ``mended`` in how many places what was mended, by code.
    """

    findings: tuple[Finding, ...]
    causes: tuple[Cause, ...]
    mended: tuple[tuple[str, int], ...] = ()
    file: Path | None = None

    @property
    def can_be_mended(self) -> bool:
        """Whether something is wrong that is mended without a person."""
        return any(mend.mends(cause.codes[0]) for cause in self.causes)

    def left(self, lang: str = "vi") -> dict[str, list[Cause]]:
        """The causes by why they are left to a person."""
        reasons: dict[str, list[Cause]] = {}
        for cause in self.causes:
            reasons.setdefault(mend.why_left(cause.codes[0], lang), []).append(cause)
        return reasons


def lint_document(document: str | Path, sua: str | Path | None = None) -> tuple[Finding, ...]:
    """Where a Word document departs from the form of Nghị định 30/2020, worst first; () if nowhere that can be checked.

    With ``sua`` a mended copy is written there, as :func:`mend_document` does, and what is left is returned.
    Source of the rules: Phụ lục I Nghị định 30/2020/NĐ-CP; each finding names its place.

    Raises :class:`CannotRunError` if the file cannot be opened.

    >>> cchc_xl.lint_document(f"{year.folder}/bao-cao.docx")
    ()
    >>> cchc_xl.lint_document("a.docx")
    Traceback (most recent call last):
    cchc_xl.pipeline.line.CannotRunError: Không mở được a.docx (không có tệp hoặc thư mục này): hãy kiểm tra đường dẫn.
    """
    return look_at_document(document).findings if sua is None else mend_document(document, sua).findings


def look_at_document(document: str | Path) -> DocumentLook:
    """The same with the causes. Raises the same."""
    path = Path(document)
    return _looked_at(path, _bytes_of(path))


def mend_document(document: str | Path, to: str | Path) -> DocumentLook:
    """A copy of a document with its form mended, written to ``to``: what was mended, and what is left.

    No word is changed; the document itself is never touched. Source of the rules: Phụ lục I Nghị định 30/2020/NĐ-CP.

    Raises :class:`CannotRunError` if it cannot be opened, is none that may be mended (tracked changes, comments, a
    signature, macros), or ``to`` is there already.

    >>> from docx import Document
    >>> document = Document()
    >>> _ = document.add_paragraph("Sở Nội vụ báo cáo kết quả thực hiện.")
    >>> document.save("thu/van-ban.docx")
    >>> made = cchc_xl.mend_document("thu/van-ban.docx", "thu/ban-sua.docx")
    >>> made.file.name, len(made.mended) > 0, len(made.findings) > 0
    ('ban-sua.docx', True, True)
    >>> mend_document("a.docx", "a.docx")
    Traceback (most recent call last):
    cchc_xl.pipeline.line.CannotRunError: Bản sửa trùng với a.docx: hãy ghi --sua với tên khác, tệp gốc giữ nguyên.
    """
    path, target = Path(document), Path(to)
    if target == path or (target.exists() and path.exists() and target.samefile(path)):
        raise CannotRunError(f"Bản sửa trùng với {path}: hãy ghi --sua với tên khác, tệp gốc giữ nguyên.")
    if os.path.lexists(target):
        raise CannotRunError(f"Đã có {target}: hãy ghi --sua với tên khác để không ghi đè.")
    if target.suffix.casefold() != ".docx":
        raise CannotRunError(f"Bản sửa là tệp .docx: hãy ghi --sua dạng {target.stem}.docx.")
    data = _bytes_of(path)
    try:
        made = mend.mend(data)
    except mend.CannotMendError as error:
        raise CannotRunError(f"Không sửa {path.name}: {str(error).rstrip('.')}.") from error
    with or_cannot_run(f"Không ghi được {target}"):
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as stream:
            stream.write(made.data)
    return replace(_looked_at(target, made.data), mended=made.done, file=target)


def _bytes_of(path: Path) -> bytes:
    with or_cannot_run(f"Không mở được {path}", _PATH):
        return path.read_bytes()


def _looked_at(path: Path, data: bytes) -> DocumentLook:
    return DocumentLook(worst_first(decree.check_document(path, data)), decree.causes_in(path, data))
