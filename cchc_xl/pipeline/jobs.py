"""The Word templates of a run, next year's draft and the traces of a number: paths come in, files and records go out.

They are found from a checkout, an editable install and a wheel, whose data files go to ``share/cchc_xl/templates``.
"""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from functools import cache
from pathlib import Path

from cchc_xl.ask.compare import compare
from cchc_xl.ask.explain import FoundValue, UnknownFigureError, figure_chain, figure_lines
from cchc_xl.office.excel.book import file_name
from cchc_xl.office.word.file import NotWordError
from cchc_xl.office.word.places import Place, places
from cchc_xl.pipeline.line import CannotRunError, assess
from cchc_xl.records import Finding, ParagraphRef
from cchc_xl.result import archive
from cchc_xl.result.contents import Contents
from cchc_xl.result.objects import Object, to_objects
from cchc_xl.result.view import View
from cchc_xl.text.catalogue import finding, message, worst_first

# What Word documents are made from, by the names that an office's own have beside its plan and in a result's nguon/.
REPORT, REMINDER, PLAN_DRAFT = WORD_TEMPLATES = ("report.docx", "reminder.docx", "plan.docx")


def template_path(name: str) -> Path:
    """The path of the template called ``name``. Raises ``FileNotFoundError`` if the installation lacks it."""
    return _data_path("templates", name)


def example_path(name: str) -> Path:
    """The folder of the example called ``name``. Raises ``FileNotFoundError`` if the installation lacks it."""
    return _data_path("examples", name)


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


REMINDERS = "don-doc"
_WHOLE_YEAR = timedelta(days=350)
_EXAMPLES = (("2020-ca-nam", "2020-N"), ("2021-quy-1", "2021-Q1"))


def chosen(plan_file: Path, report: Path | None = None) -> dict[str, Path]:
    """The template of each kind: the one asked for, else the office's own beside the plan, else ours.

    A Word file without a single tag beside a plan is some other document, not a template.
    """
    from cchc_xl.office.word.file import has_tags

    found = {}
    for name in WORD_TEMPLATES:
        beside = plan_file.parent / name
        own = plan_file.is_file() and beside.is_file() and has_tags(beside.read_bytes())
        found[name] = beside if own else template_path(name)
    if report is not None:
        found[REPORT] = report
    return found


def look(templates: Mapping[str, Path]) -> tuple[Finding, ...]:
    """What is wrong with the office's own templates, before any work. Raises :class:`CannotRunError` for an error."""
    found: list[Finding] = []
    for name, path in templates.items():
        if path == template_path(name) or path.read_bytes() == template_path(name).read_bytes():
            continue
        own = lint(path, name, fill=False)
        errors = [item for item in own if item.severity == "error"]
        if errors:
            told = "; ".join(f"{_at(item)}{message(item).rstrip('.')}" for item in errors[:5])
            more = f"; và {len(errors) - 5} chỗ khác" if len(errors) > 5 else ""
            raise CannotRunError(f"Mẫu {path.name} chưa dùng được: {told}{more}. Xem `cchc-xl lint-template {path}`.")
        found += own
    return tuple(found)


def _at(item: Finding) -> str:
    where = ", ".join(part for part in (item.at.sheet, item.at.address) if part) if item.at else ""
    return f"{where}: " if where else ""


def lint(template: Path, kind: str | None = None, *, fill: bool = True) -> tuple[Finding, ...]:
    """The look over a template, with sample data; ``kind`` is the name of ours it stands for, else it is guessed.

    Raises :class:`CannotRunError` if the file cannot be opened.
    """
    from cchc_xl.office.word.lint import check, lacking
    from cchc_xl.papers.documents import try_filling

    try:
        data = template.read_bytes()
    except OSError as error:
        raise CannotRunError(
            f"Không mở được {template} ({error.strerror or error}): hãy kiểm tra đường dẫn."
        ) from error
    contexts = samples()
    found = {name: check(data, template.name, contexts[name]) for name in ([kind] if kind else WORD_TEMPLATES)}
    best = min(
        found, key=lambda name: (sum(item.severity == "error" for item in found[name]), WORD_TEMPLATES.index(name))
    )
    findings = found[best]
    findings += lacking(data, template_path(best).read_bytes(), template.name, contexts[best])
    if fill and not any(item.severity == "error" for item in findings):
        reason = try_filling(data, contexts[best])
        if reason:
            findings += (finding("W114", ParagraphRef(template.name), reason=reason),)
    return worst_first(findings)


@cache
def samples() -> dict[str, tuple[dict[str, object], ...]]:
    """Sample contexts by the name of the template they are for.

    From the results of our two examples: a full year, and a quarter with a late and a missing unit, compared with it.
    """
    from cchc_xl.papers.documents import sample_contexts

    made: list[Contents] = []
    for name, period in _EXAMPLES:
        folder = example_path(name)
        made.append(assess(folder / "ke-hoach.xlsx", folder / "don-vi", period=period).contents())
    year, quarter = made
    return sample_contexts((year, replace(quarter, comparison=compare(year, quarter))))


def write_reminders(contents: Contents, template: Path, folder: Path) -> None:
    """One reminder for each unit that owes something, in ``folder``, which is made only if there is one."""
    from cchc_xl.papers.documents import render_reminders

    for unit, content in render_reminders(contents, template):
        folder.mkdir(exist_ok=True)
        (folder / f"{file_name(unit)}.docx").write_bytes(content)


def draft_plan(folder: Path, template: Path | None = None, rank: int | None = None) -> Path:
    """The draft of next year's plan from a finished result, written into its folder; returns the file.

    An earlier draft, which people may have edited, is kept: the new one gets the next free name.
    Raises :class:`CannotRunError` if there is no result of a whole year, the template does not fit or nothing can be
    written.
    """
    from cchc_xl.office.word.fill import TemplateError
    from cchc_xl.papers.documents import render_plan_draft

    if template is not None and not template.is_file():
        raise CannotRunError(f"Không có mẫu kế hoạch {template}: hãy kiểm tra đường dẫn.")
    try:
        contents = archive.load_contents(folder)
        if contents.period_end - contents.period_start < _WHOLE_YEAR:
            raise CannotRunError(
                f"{contents.period_name} chưa phải là cả năm: kế hoạch năm sau được dự thảo từ kết quả cả năm."
            )
        ranked = contents.settings.ranked_units
        if rank is not None and ranked is not None and rank > ranked:
            raise CannotRunError(f"Thứ hạng {rank} lớn hơn số cơ quan được xếp hạng ({ranked}): hãy kiểm tra --rank.")
        kept = folder / archive.SOURCES / PLAN_DRAFT
        used = template or (kept if kept.is_file() else template_path(PLAN_DRAFT))
        content = render_plan_draft(contents, used, rank)
        return _write_beside(content, folder, f"ke-hoach-{View(contents).year + 1}")
    except (archive.ArchiveError, TemplateError) as error:
        raise CannotRunError(str(error)) from error
    except OSError as error:
        raise CannotRunError(
            f"Không ghi được vào {folder} ({error.strerror or error}): hãy chọn thư mục khác."
        ) from error


def _write_beside(content: bytes, folder: Path, stem: str) -> Path:
    number = 1
    while True:
        path = folder / (f"{stem}.docx" if number == 1 else f"{stem}-{number}.docx")
        if not path.exists():
            path.write_bytes(content)
            return path
        if path.read_bytes() == content:
            return path
        number += 1


def lint_document(path: Path) -> tuple[Finding, ...]:
    """Where a Word document departs from the form of Nghị định 30/2020. Raises :class:`CannotRunError` if not there."""
    from cchc_xl.office.word.decree import check_document

    try:
        data = path.read_bytes()
    except OSError as error:
        raise CannotRunError(f"Không mở được {path} ({error.strerror or error}): hãy kiểm tra đường dẫn.") from error
    return check_document(path, data)


REPORT_FILE = "bao-cao.docx"


@dataclass(frozen=True, slots=True)
class Trace:
    """A number's places in Word files and its values; ``unread`` are sentences on Word files that were not searched."""

    figure: str
    contents: Contents
    places: tuple[Place, ...]
    values: tuple[FoundValue, ...]
    unread: tuple[str, ...]

    def told(self) -> Object:
        """All of it as a JSON-ready object."""
        return {
            "figure": self.figure,
            "places": [asdict(place) for place in self.places],
            "values": to_objects(self.values),
            "unread": list(self.unread),
            "findings": [],
        }

    def lines(self) -> Iterator[str]:
        """The same as lines an officer reads."""
        yield from self.unread
        yield from figure_lines(self.contents, self.figure, self.places)


def trace(folder: Path, figure: str) -> Trace:
    """Looks a number up in every Word file of a finished result and in the result itself.

    Raises :class:`CannotRunError` if there is no result, or the number is none or is found nowhere.
    """
    try:
        contents = archive.load_contents(folder)
        found, unread = _places(folder, figure)
        values = figure_chain(contents, figure, found)
    except (archive.ArchiveError, UnknownFigureError) as error:
        raise CannotRunError(str(error)) from error
    return Trace(figure, contents, found, values, unread)


def _places(folder: Path, figure: str) -> tuple[tuple[Place, ...], tuple[str, ...]]:
    """A Word file that is damaged or gone does not keep the values from being explained."""
    every = (*folder.glob("*.docx"), *(folder / REMINDERS).glob("*.docx"))
    names = sorted(path for path in every if not path.name.startswith(("~$", ".")))
    names.sort(key=lambda path: path.name != REPORT_FILE)
    found: list[Place] = []
    unread = []
    if not any(path.name == REPORT_FILE for path in names):
        unread.append(f"Không có {REPORT_FILE} trong {folder}: hãy lập lại bằng `cchc-xl report`.")
    for path in names:
        try:
            name = path.relative_to(folder).as_posix()
            found += [replace(place, document=name) for place in places(path, figure)]
        except (NotWordError, OSError) as error:
            why = str(error) if isinstance(error, NotWordError) else f"không mở được ({error.strerror or error})"
            unread.append(f"Không đọc được {path.name} ({why}): nơi ghi trong tệp này chưa được tìm.")
    return tuple(found), tuple(unread)
