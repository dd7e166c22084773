"""The tasks of the control workbook: its settings come in, a job of ``cchc_xl`` is done, tables and a sentence go out.

Each task is declared once in :data:`TASKS`: what it is called, which settings it asks for, the function that it calls
and what it writes. The control workbook, its ``.bat`` files and the two doors are made from these declarations.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import cchc_xl
from cchc_xl.extras.button_task import (
    LABELS,
    SETTINGS,
    TASK,
    WORDS,
    BookPort,
    ButtonError,
    Given,
    Table,
    choices,
    kind_of,
    ordered,
    path_of,
)
from cchc_xl.text.words import key, tidy

if TYPE_CHECKING:
    from cchc_xl.result import Result

_COMMAND = re.compile(r"`cchc-xl ([a-z-]{1,20})[^`]{0,500}`")
_OPTION = re.compile(r"--[a-z]{1,20}")


@dataclass(frozen=True, slots=True)
class Done:
    """What a task has to say and to show: sheets by the beginning of their names, of which the last is seen first."""

    sentence: str
    tables: tuple[tuple[str, Table], ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """One task: ``needs`` and ``may`` are settings, ``calls`` functions of ``cchc_xl``, ``writes`` what is made.

    ``file`` is the ``.bat`` file of the task, also its name on a command line; paths dropped on it take the place of
    the settings ``dropped``, of the last of them all that are left.
    """

    file: str
    name: str
    about: str
    writes: str
    needs: tuple[str, ...]
    may: tuple[str, ...]
    calls: tuple[str, ...]
    do: Callable[[BookPort, Given], Done]
    dropped: tuple[str, ...] = ()


def task_of(book: BookPort, file: str = "") -> Task:
    """The task of this file, else the one chosen on the control sheet. Raises :class:`ButtonError` if none is."""
    wanted = file or tidy(book.setting(TASK))
    found = next((task for task in TASKS if key(wanted) in (key(task.name), key(task.file))), None)
    if found is None:
        told = f"không có việc “{wanted}”" if wanted else "còn trống"
        raise ButtonError(f"Ô “{TASK}” {told}: {SETTINGS['task']['blank']}.")
    return found


def perform(book: BookPort, file: str = "", dropped: Sequence[str] = (), notes: Sequence[str] = ()) -> None:
    """Do a task: everything is asked first, the sheets are written last, then one sentence is told, with ``notes``.

    Raises :class:`ButtonError` with Vietnamese sentences for everything the officer can mend; the workbook is then
    unchanged.
    """
    from cchc_xl.result.archive import RESULT

    task = task_of(book, file)
    places = _places(task, dropped)
    needs = task.needs
    if "out" in places and kind_of(Path(places["out"][0]) / RESULT):
        needs = tuple(name for name in needs if name != "period")  # the result itself was dropped
    given = ordered(book, needs, task.may, places)
    # Here, as in the tasks, so that a missing library is told like any other fault, not by a traceback in a box.
    from cchc_xl.office.word.fill import TemplateError

    book.progress(f"{task.name}: đang đọc…")
    try:
        done = task.do(book, given)
    except (cchc_xl.CannotRunError, cchc_xl.PlanUnreadableError, TemplateError) as error:
        raise ButtonError(in_excel(str(error))) from error
    now = f"{datetime.now().astimezone():%Hh%M}"
    book.progress("Đang ghi kết quả vào trang mới…")
    try:
        for name, table in done.tables:
            book.write_table(f"{name} {now}", table)
    except Exception as error:
        error.add_note(f"Việc đã làm xong, chỉ không ghi được trang mới vào sổ. {in_excel(done.sentence)}")
        raise
    offered = ""
    if "plan" in task.needs:
        # The drop-downs follow the plan; one that cannot be read has been told by the task itself.
        with contextlib.suppress(cchc_xl.PlanUnreadableError):
            lists = choices(cchc_xl.load_plan(given.plan))
            if all(lists.values()) and book.offer(lists):  # what holds none of them is no plan
                offered = "Danh sách kỳ, đơn vị, tiêu chí trong các ô đã theo kế hoạch mới."
    sentence = " ".join(filter(None, (in_excel(done.sentence), offered, *notes)))
    book.log(task.name, sentence)
    book.tell(sentence)


def _places(task: Task, dropped: Sequence[str]) -> Mapping[str, Sequence[str]]:
    if len(dropped) > len(task.dropped) and task.dropped[-1:] != ("agencies",):
        what = " và ".join(f"“{LABELS[name]}”" for name in task.dropped) or "gì"
        raise ButtonError(f"Việc “{task.name}” chỉ nhận {what} khi kéo thả, đã thả {len(dropped)} mục: hãy thả lại.")
    last = len(task.dropped) - 1
    return {
        name: dropped[number:] if number == last else [dropped[number]]
        for number, name in enumerate(task.dropped)
        if number < len(dropped)
    }


def in_excel(sentence: str) -> str:
    """A sentence of the pipeline for somebody without a command line: commands are tasks, options are cells.

    >>> in_excel("chưa có kết quả: hãy chạy `cchc-xl run` trước")
    'chưa có kết quả: hãy chạy việc “Tổng hợp và chấm điểm” trước'
    """

    def task(found: re.Match[str]) -> str:
        name = "load_plan" if found[1] == "plan" else found[1].replace("-", "_")
        return next((f"việc “{one.name}”" for one in TASKS if name in one.calls), found[0])

    def cell(found: re.Match[str]) -> str:
        name = WORDS["options"].get(found[0])
        return f"ô “{LABELS[name]}”" if name else found[0]

    for pair in WORDS["instead"]:
        sentence = sentence.replace(pair["said"], pair["here"])
    return _OPTION.sub(cell, _COMMAND.sub(task, sentence))


# --- the tasks -----------------------------------------------------------------------------------------------------


def _new(_: BookPort, given: Given) -> Done:
    from cchc_xl.extras.button_tables import files_table

    made = cchc_xl.new(given.new, blank=True)
    check = next(task.name for task in TASKS if "load_plan" in task.calls)
    told = (
        f"Đã tạo kế hoạch {made[0]} và {len(made) - 1} mẫu Word: điền kế hoạch trong Excel, ghi tệp ấy vào ô "
        f"“{LABELS['plan']}”, rồi làm việc “{check}”."
    )
    return Done(told, (("Kế hoạch mới", files_table(made)),))


def _check_plan(_: BookPort, given: Given) -> Done:
    from cchc_xl.extras.button_tables import finder, told_table
    from cchc_xl.result.result_file import told_finding

    plan = cchc_xl.load_plan(given.plan)
    found = [told_finding(item) for item in plan.findings]
    errors = sum(item.severity == "error" for item in found)
    end = "hãy sửa các ô có lỗi theo bảng “Phát hiện” rồi kiểm tra lại" if errors else "kế hoạch dùng được"
    return Done(
        f"Kế hoạch {plan.file}: {len(plan.units)} đơn vị, {len(plan.periods)} kỳ, {len(plan.criteria)} dòng bộ chỉ số; "
        f"{errors} lỗi, {len(found) - errors} cảnh báo hoặc ghi chú; {end}.",
        (("Phát hiện", told_table(found, finder(given.plan.parent))),),
    )


def _issue(_: BookPort, given: Given) -> Done:
    from cchc_xl.extras.button_tables import files_table, finder, told_table
    from cchc_xl.result.result_file import told_finding

    made = cchc_xl.issue(given.plan, given.forms, period=given.period)
    files, letters = files_table(made.files, "biểu mẫu của đơn vị"), files_table(made.letters, "công văn gửi kèm")
    found = told_table(map(told_finding, made.findings), finder(given.plan.parent))
    sentence = f"Đã lập {len(made.files)} biểu mẫu, {len(made.letters)} công văn trong thư mục {given.forms}."
    return Done(
        " ".join(filter(None, (sentence, made.notice))),
        (
            *((("Phát hiện", found),) if made.findings else ()),
            ("Biểu mẫu", files._replace(rows=[*letters.rows, *files.rows])),
        ),
    )


def _check(book: BookPort, given: Given) -> Done:
    from cchc_xl.extras.button_tables import summary

    previous = _before(book, given) if given.before else None
    result = cchc_xl.check(given.plan, given.shared, period=given.period, previous=previous).result
    sentence = f"{summary(result.contents, '')}."
    return Done(" ".join(filter(None, (result.first, sentence))), _shown(result, given))


def _run(book: BookPort, given: Given, letters: str | None = None) -> Done:
    from cchc_xl.extras.button_tables import summary

    result = cchc_xl.run(
        given.plan,
        given.shared,
        period=given.period,
        out=given.out,
        previous=_before(book, given) if given.before else None,
        letters=letters,
        progress=book.progress,
    )
    told = summary(result.contents, result.folder or str(given.out))
    if result.held_open:
        told += f". Kết quả lần trước chưa được thay vì đang mở: hãy đóng tệp {result.held_open} rồi chạy lại"
    return Done(" ".join(filter(None, (result.first, f"{told}.", *result.notices))), _shown(result, given))


def _remind(book: BookPort, given: Given) -> Done:
    from cchc_xl.extras.button_tables import files_table
    from cchc_xl.pipeline.jobs import REMINDERS

    done = _run(book, given, "one")
    home = _folder(given) / REMINDERS
    letters = sorted(home.glob("*.docx")) if kind_of(home) == "folder" else []
    told = f"Công văn đôn đốc ở thư mục {home}. " if letters else ""  # why there is none is among what the run says
    # What is owed stands first: the letters, then who has filed.
    order = sorted(done.tables, key=lambda pair: pair[0] == "Đơn vị gửi")
    return Done(
        f"{told}{done.sentence}",
        (*order, *((("Công văn", files_table(letters, "gửi các đơn vị có tên trong đó")),) if letters else ())),
    )


def _shown(result: Result, given: Given) -> tuple[tuple[str, Table], ...]:
    """The sheets of a result, the index first."""
    from cchc_xl.extras.button_tables import (
        finder,
        findings_table,
        index_table,
        result_files,
        roll_table,
        unit_code,
    )

    contents = result.contents
    unit = unit_code(contents, given.unit)
    if given.unit and not unit:
        known = ", ".join(item.name for item in contents.units)
        raise ButtonError(f"Ô “{LABELS['unit']}”: không có đơn vị “{given.unit}”; chọn một trong: {known}.")
    # The shared folder holds what units sent, the plan's folder the plan, the result's what the Office entered.
    find = finder(given.shared, given.plan.parent, *filter(None, (result.folder,)))
    tables = {"Phát hiện": findings_table(contents, find, unit), "Đơn vị gửi": roll_table(contents, find, unit)}
    if result.folder:
        tables["Tệp kết quả"] = result_files(Path(result.folder))
    return (*((name, table) for name, table in tables.items() if table.rows), ("Kết quả", index_table(contents)))


def _report(_: BookPort, given: Given) -> Done:
    from cchc_xl.extras.button_tables import result_files
    from cchc_xl.pipeline.quarter import report_again

    folder = _folder(given)
    path, kept = report_again(folder)
    told = " ".join(filter(None, (kept, f"Đã lập lại báo cáo: {path}.")))
    return Done(told, (("Tệp kết quả", result_files(folder)),))


def _explain(_: BookPort, given: Given) -> Done:
    from cchc_xl.extras.button_tables import finder, lines_table
    from cchc_xl.result.archive import SOURCES

    if not given.criterion and not given.figure:
        raise ButtonError(f"Ô “{LABELS['criterion']}” còn trống: {SETTINGS['criterion']['blank']}.")
    folder = _folder(given)
    find = finder(given.shared, folder, folder / SOURCES)
    names: list[str] = []
    short: Sequence[str] = ()
    if given.figure:
        short = cchc_xl.explain_figure(folder, given.figure).lines
        trace = cchc_xl.explain_figure(folder, given.figure, whole=True)
        names = [place.document for place in trace.value.places]
        names += [name for value in trace.value.values for name in value.files]
        lines = trace.lines
    else:
        why = cchc_xl.explain(folder, given.criterion)
        names, lines = [*why.value.files], why.lines
    table = lines_table(lines, "Vì sao", find, names)
    return Done(" · ".join(line.strip() for line in (short or lines)[:2]), (("Vì sao", table),))


def _advise(_: BookPort, given: Given) -> Done:
    from cchc_xl.extras.button_tables import lines_table
    from cchc_xl.records import Kind
    from cchc_xl.text.numbers import read_text

    target = read_text(given.target, Kind.PERCENT).value if given.target else None
    if given.target and target is None:
        raise ButtonError(f"Ô “{LABELS['target']}”: “{given.target}” không phải là số; hãy ghi dạng 80 hoặc 82,5.")
    answer = cchc_xl.advise(_folder(given), target, whole=True)
    return Done(answer.lines[0].strip(), (("Đường tới mục tiêu", lines_table(answer.lines, "Làm gì để tăng điểm")),))


def _compare(book: BookPort, given: Given) -> Done:
    from cchc_xl.extras.button_tables import lines_table
    from cchc_xl.pipeline.line import open_result_of_one

    after = _folder(given)
    before = _before(book, given)
    first, second = open_result_of_one(before), open_result_of_one(after)
    if first.period_end > second.period_end:  # dropped on the .bat file in whatever order
        before, after = after, before
    answer = cchc_xl.compare(before, after, whole=True)
    return Done(
        ". ".join(line.strip() for line in answer.lines[:2]), (("So sánh", lines_table(answer.lines, "So sánh")),)
    )


def _before(book: BookPort, given: Given) -> Path:
    """The folder of the earlier result that was chosen by its period or typed."""
    before = _result_in(given.out, given.before)
    if before is None and kind_of(path_of(book, given.before)) == "folder":
        before = path_of(book, given.before)
    if before is None:
        raise ButtonError(
            f"Ô “{LABELS['before']}”: chưa có kết quả của kỳ “{given.before}” trong {given.out}; "
            f"{SETTINGS['before']['blank']}."
        )
    return before


def _rank(_: BookPort, given: Given) -> Done:
    from cchc_xl.extras.button_tables import files_table, lines_table
    from cchc_xl.pipeline.jobs import RANKING_DOCUMENT, RANKING_WORKBOOK
    from cchc_xl.result.archive import RESULT

    folders: list[Path] = []
    for home in given.agencies:
        inside = sorted(path.parent for path in home.glob(f"*/{RESULT}"))
        folders += [home] if kind_of(home / RESULT) else inside
    if not folders:
        raise ButtonError(
            f"Ô “{LABELS['agencies']}”: không thư mục con nào của {given.agencies[0]} có kết quả "
            f"(tệp {RESULT}); hãy ghi thư mục chứa kết quả của các cơ quan."
        )
    answer = cchc_xl.rank(folders, out=given.out)
    paths = [path for name in (RANKING_WORKBOOK, RANKING_DOCUMENT) if (path := given.out / name).is_file()]
    found = answer.told["findings"]  # of results that cannot be relied on: an error each
    lost = len(found) if isinstance(found, list) else 0
    without = f", không xếp được {lost} kết quả (lý do ở cuối bảng “Xếp hạng”)" if lost else ""
    return Done(
        f"Đã xếp hạng {len(folders) - lost} kết quả{without}; bảng xếp hạng, dự thảo quyết định ở thư mục {given.out}.",
        (("Tệp kết quả", files_table(paths)), ("Xếp hạng", lines_table(answer.lines, "Xếp hạng"))),
    )


def _next_year(_: BookPort, given: Given) -> Done:
    from cchc_xl.extras.button_tables import files_table
    from cchc_xl.pipeline.line import open_result_of_one
    from cchc_xl.result.view import View

    folder = _folder(given)
    year = View(open_result_of_one(folder)).year + 1
    workbook = given.out / f"ke-hoach-{year}.xlsx"
    told = [f"Giữ nguyên {workbook} đã lập trước đây: muốn lập lại thì chuyển tệp ấy đi rồi làm lại."]
    if not kind_of(workbook):
        made = cchc_xl.next_year(folder, workbook)[1]
        told = [f"Đã lập kế hoạch năm {year}: {workbook}. Cần điền hoặc xem lại ở “Cài đặt”: {', '.join(made.blank)}."]
    draft = cchc_xl.draft_plan(folder)
    told.append(f"Dự thảo văn bản: {draft}.")
    return Done(" ".join(told), (("Kế hoạch năm sau", files_table([workbook, draft])),))


def _folder(given: Given) -> Path:
    """The folder of the result that a question is about."""
    found = _result_in(given.out, given.period)
    if found is None:
        first = next(task.name for task in TASKS if "run" in task.calls)
        raise ButtonError(
            f"Chưa có kết quả của kỳ “{given.period}” trong {given.out}: hãy làm việc “{first}” trước, hoặc ghi đúng ô "
            f"“{LABELS['out']}”."
        )
    return found


def _result_in(out: Path, period: str) -> Path | None:
    """Where the result of the period stands; a folder of one result, as one drags it, is that result."""
    from cchc_xl.result.archive import RESULT, result_folder, standing

    if period and (kind_of(result_folder(out, period)) == "folder" or kind_of(standing(out, period)) == "folder"):
        return result_folder(out, period)
    return out if not period and kind_of(out / RESULT) == "file" else None


_INPUT, _RESULT = ("plan", "shared", "period"), ("period", "out")
_QUESTION = "sheet mới; không sửa kết quả"
TASKS: tuple[Task, ...] = (
    Task(
        "tao_ke_hoach", "Tạo kế hoạch mới",
        "Lần đầu dùng: tệp kế hoạch có danh mục trống, đánh dấu các ô cần điền, và các mẫu Word.",
        "ke-hoach.xlsx, mẫu Word", ("new",), (), ("new",), _new, ("new",),
    ),
    Task(
        "kiem_tra_ke_hoach", "Kiểm tra kế hoạch",
        "Đọc tệp kế hoạch, chỉ từng ô sai và cách sửa; cập nhật danh sách kỳ, đơn vị, tiêu chí.",
        "sheet Phát hiện", ("plan",), (), ("load_plan",), _check_plan, ("plan",),
    ),
    Task(
        "phat_phieu", "Phát phiếu",
        "Lập biểu mẫu của kỳ cho từng đơn vị và công văn gửi kèm.",
        "biểu mẫu, công văn", ("plan", "period", "forms"), (), ("issue",), _issue, ("forms",),
    ),
    Task(
        "kiem_tra", "Kiểm tra",
        "Xem ai đã gửi, tệp nào có lỗi ở ô nào, nếu tổng hợp bây giờ thì được bao nhiêu.",
        "sheet mới; chưa ghi kết quả", _INPUT, ("out", "unit", "before"), ("check",), _check, ("shared",),
    ),
    Task(
        "tong_hop", "Tổng hợp và chấm điểm",
        "Đọc, kiểm tra, tổng hợp, chấm điểm, lập sổ tổng hợp, báo cáo Word, bản phản hồi.",
        "thư mục kết quả", (*_INPUT, "out"), ("unit", "before"), ("run",), _run, ("shared",),
    ),
    Task(
        "don_doc", "Đôn đốc",
        "Như “Tổng hợp và chấm điểm”, luôn kèm công văn đôn đốc đơn vị còn phải gửi, sửa, bổ sung.",
        "công văn, thư mục kết quả", (*_INPUT, "out"), ("unit", "before"), ("run",), _remind, ("shared",),
    ),
    Task(
        "lap_bao_cao", "Lập báo cáo",
        "Lập lại báo cáo Word của kỳ từ kết quả đã có; báo cáo đã sửa tay được giữ nguyên.",
        "báo cáo Word", _RESULT, (), ("report",), _report, ("out",),
    ),
    Task(
        "vi_sao", "Vì sao",
        "Vì sao tiêu chí có điểm ấy, hoặc một số trong báo cáo từ đâu ra: quy tắc, ô, tệp.",
        _QUESTION, _RESULT, ("criterion", "figure", "shared"), ("explain", "explain_figure"), _explain, ("out",),
    ),
    Task(
        "duong_toi_muc_tieu", "Đường tới mục tiêu",
        "Làm gì, ở tiêu chí nào, để chỉ số tới mục tiêu.",
        _QUESTION, _RESULT, ("target",), ("advise",), _advise, ("out",),
    ),
    Task(
        "so_sanh", "So sánh hai kỳ",
        "Chỉ số, lĩnh vực, tiêu chí tăng giảm so với một kỳ trước.",
        _QUESTION, ("period", "out", "before"), (), ("compare",), _compare, ("before", "out"),
    ),
    Task(
        "xep_hang", "Xếp hạng các cơ quan",
        "Xếp hạng nhiều cơ quan từ kết quả của từng cơ quan; lập dự thảo quyết định công bố.",
        "bảng xếp hạng, dự thảo", ("agencies", "out"), (), ("rank",), _rank, ("agencies",),
    ),
    Task(
        "ke_hoach_nam_sau", "Lập kế hoạch năm sau",
        "Từ kết quả cả năm: tệp kế hoạch Excel năm sau và dự thảo văn bản kế hoạch.",
        "kế hoạch .xlsx, dự thảo .docx", _RESULT, (), ("next_year", "draft_plan"), _next_year, ("out",),
    ),
)  # fmt: skip
