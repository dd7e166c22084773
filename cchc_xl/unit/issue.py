"""The units' workbooks: the plan in force comes in, one workbook per unit that must report goes out.

Contract: design §4. Drop-downs, checks, locked cells, live counts and sums come from the same rows of the plan as the
checks of what comes back, so that form and checker cannot disagree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from cchc_xl.office.excel.book import AMBER, GREEN, OWED, RED, Book, lines_needed
from cchc_xl.plan.constraints import in_names
from cchc_xl.plan.edition import entered_measures
from cchc_xl.plan.figure_values import cut, figure_check, points_check
from cchc_xl.plan.marking import ReportedMethod
from cchc_xl.plan.methods import scoring
from cchc_xl.records import CellRef, Constraint, Edition, Finding, Kind, Measure, Node, Unit, column_letters
from cchc_xl.text.catalogue import Told, collected, finding
from cchc_xl.text.file_names import form_files
from cchc_xl.text.words import AWAY
from cchc_xl.unit.form import (
    APPENDIX_SHEET,
    CODE,
    COOPERATES,
    DUE,
    EVIDENCE,
    FIGURE_CODE,
    FIGURE_NAME,
    FIGURE_NOTE,
    FIGURE_UNIT,
    FIGURE_VALUE,
    FIGURES_SHEET,
    FORM,
    FORM_VERSION,
    HEADING_ROW,
    LEADS,
    LEVEL,
    NAME,
    SELF_POINTS,
    SUPPLEMENT,
    TARGET,
    TASKS_SHEET,
    FormRow,
    fingerprint,
    form_rows,
    level_method,
    levels,
)
from cchc_xl.unit.live import (
    BROKEN,
    DOUBTFUL,
    HOLDS,
    Live,
    added,
    blank_figures,
    blank_rows,
    check,
    runs,
    status_count,
    tasks_without_due,
)
from cchc_xl.unit.page import FIRST_ROW, TITLE_HEIGHT, Form, Lists, protect
from cchc_xl.unit.supplement import Asked

TASK_ROWS, MORE_TASK_ROWS = 40, 1000
_TITLE = "PHỤ LỤC BÁO CÁO CẢI THIỆN"
_SUPPLEMENT_TITLE = "BỔ SUNG PHỤ LỤC BÁO CÁO CẢI THIỆN"
_DONE = "Nhập xong khi ô đếm bên phải về 0; lưu lại và gửi chính tệp này."
_DONE_SUPPLEMENT = "Phụ lục đã gửi vẫn được tính, không phải gửi lại: chỉ nhập các ô dưới đây rồi gửi tệp này."
_ZERO = (
    "Có việc để theo dõi nhưng trong kỳ không có trường hợp nào: ghi 0. "
    f"Đơn vị không có loại việc này: ghi “{AWAY}”. Không để trống."
)
_OWED = "Phải nhập"


def issue(
    edition: Edition, folder: Path, *, created: datetime | None = None
) -> tuple[tuple[Path, ...], tuple[Finding, ...]]:
    """Writes ``<period>_<unit code>.xlsx`` into ``folder`` for every unit that must report.

    Returns the paths written and the findings. A file that is already there is left as it is (a clerk may have filled
    it in) and is a finding. Raises ``OSError`` if the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return collected(_issued(edition, folder, created))


def _issued(edition: Edition, folder: Path, created: datetime | None) -> Told[tuple[Path, ...]]:
    written: list[Path] = []
    names = form_files(edition.period.code, (unit.code for unit in edition.plan.units))
    for unit in edition.plan.units:
        path = folder / names[unit.code]
        if unit.reports and path.exists():
            yield finding("F204", CellRef(path.name), unit=unit.code)
        elif unit.reports:
            write_form(edition, unit, path, created=created)
            written.append(path)
    return tuple(written)


def write_form(
    edition: Edition,
    unit: Unit,
    path: Path,
    *,
    created: datetime | None = None,
    only: Asked | None = None,
) -> None:
    """Writes one unit's workbook, the register of tasks only if a figure that the unit enters counts from it.

    The appendix is hidden from a unit that has no row of it. With ``only`` it is a supplement that asks for these
    criteria and figures, on the sheets that have any.
    """
    rows, measures = form_rows(edition, unit.code), entered_measures(edition, unit.code)
    if only is not None:
        rows = tuple(row for row in rows if row.code in only.criteria and row.node is not None)
        measures = tuple(item for item in measures if item.code in only.measures)
    with_tasks = only is None and any(item.counts for item in measures)
    title = f"{_TITLE if only is None else _SUPPLEMENT_TITLE} {edition.plan.settings.index.upper()}"
    with Book(path, f"{title} – {unit.name} – {edition.period.name}", created=created) as book:
        form = Form(book, edition, unit, is_supplement=only is not None)
        lists = Lists()
        if only is None or rows:
            _appendix_sheet(form, title, rows, lists)
        if only is None or measures:
            _figures_sheet(form, measures, with_tasks=with_tasks, alone=not rows)
        if with_tasks:
            _tasks_sheet(form)
        _stamp_sheet(book, edition, unit, lists, "form" if only is None else SUPPLEMENT)


def _appendix_sheet(form: Form, title: str, rows: Sequence[FormRow], lists: Lists) -> None:
    book, columns = form.book, FORM[APPENDIX_SHEET].columns
    sheet = form.sheet(APPENDIX_SHEET, title, (_DONE_SUPPLEMENT if form.is_supplement else _DONE,))
    shown = _texts(rows)
    for number, (row, texts) in enumerate(zip(rows, shown, strict=True), start=HEADING_ROW + 1):
        _appendix_row(book, sheet, number, row, texts, lists)
    _appendix_counts(form, sheet, rows, lists)
    if not rows:
        sheet.hide()  # and not left out: every form has the same sheets, whoever reads it
    places = {column.heading: place for place, column in enumerate(columns)}
    legend = [(places[NAME], _OWED, "owed"), (places[LEADS], "Nhập nếu có", "input_centre")]
    if any(row.cooperates for row in rows):
        legend.append((places[TARGET], "Dòng xám: đơn vị chỉ phối hợp, nhập nếu có", "helped"))
    if not form.is_supplement:
        legend.append((places[COOPERATES], "Không nhập", "locked"))
    form.legend(sheet, legend)
    form.signatures(sheet, HEADING_ROW + 2 + len(rows), (places[NAME], places[TARGET]))
    protect(sheet)


def _appendix_counts(form: Form, sheet: Any, rows: Sequence[FormRow], lists: Lists) -> None:
    """Counts what the unit still owes in this sheet, and colours it."""
    appendix = FORM[APPENDIX_SHEET]
    table = (APPENDIX_SHEET, FIRST_ROW, FIRST_ROW + len(rows) - 1)
    counted: dict[str, Live] = {}
    for heading in (LEVEL, SELF_POINTS, EVIDENCE):
        numbers = _owing(form, rows, heading)
        if not numbers:
            continue
        codes = lists.range(tuple(rows[number - FIRST_ROW].code for number in numbers))
        counted[heading] = blank_rows(heading, codes, len(numbers), table, "" if heading == LEVEL else LEVEL)
        cells = runs(numbers, appendix.letters(heading))
        rule = f"ISBLANK({cells[0].partition(':')[0]})"
        if heading != LEVEL:
            rule = f'AND({rule},ISERROR(SEARCH("{AWAY}",${appendix.letters(LEVEL)}{numbers[0]})))'
        form.book.recolour(sheet, " ".join(cells), OWED, {"type": "formula", "criteria": f"={rule}"})
    place = appendix.headings.index(LEVEL)
    typed = [counted[heading] for heading in (LEVEL, SELF_POINTS) if heading in counted]
    form.count(sheet, (1, place), added(typed), "ô mức đạt, điểm tự chấm phải nhập còn trống")
    if EVIDENCE in counted:
        form.count(sheet, (2, place), counted[EVIDENCE], "nội dung chưa ghi tài liệu kiểm chứng")


def _owing(form: Form, rows: Sequence[FormRow], heading: str) -> list[int]:
    """The rows in which the unit that leads must fill in this column, as the checks of what comes back want it."""
    numbers = []
    for number, row in enumerate(rows, start=FIRST_ROW):
        node = row.node
        if node is None or form.unit.code not in node.lead:
            continue
        wanted = {
            LEVEL: level_method(node) is not None and bool(_choices(node)),
            SELF_POINTS: scoring(node.criterion.method).by_hand,
            EVIDENCE: bool(node.criterion.evidence) and not form.is_supplement,
        }
        if wanted[heading]:
            numbers.append(number)
    return numbers


def _texts(rows: Sequence[FormRow]) -> list[dict[str, str]]:
    """What stands in the columns that nobody fills in; a long text that stood above is told by the row where it did."""
    widths = {column.heading: column.width for column in FORM[APPENDIX_SHEET].columns}
    stood: dict[tuple[str, str], str] = {}
    found = []
    for row in rows:
        texts = {CODE: row.code, NAME: row.name}
        known = row.appendix
        if known is not None and known.code == row.code:
            for heading, text in (
                (LEADS, known.lead_text),
                (TARGET, known.target),
                (COOPERATES, known.cooperating_text),
            ):
                is_long = lines_needed(text, widths[heading]) > 1
                above = stood.setdefault((heading, text), row.code) if is_long else row.code
                texts[heading] = text if above == row.code else f"Như mục {above}"
        found.append(texts)
    return found


def _appendix_row(book: Book, sheet: Any, number: int, row: FormRow, texts: Mapping[str, str], lists: Lists) -> None:
    group = row.node is None and not row.cooperates
    look = "shaded" if row.cooperates else "group" if group else "cell"
    looks = {
        CODE: "shaded_code" if row.cooperates else "group_code" if group else "code",
        **dict.fromkeys((LEADS, TARGET, COOPERATES), "shaded" if group else look),
    }
    for place, column in enumerate(FORM[APPENDIX_SHEET].columns):
        if group or not column.is_input:
            book.write(sheet, number, place, texts.get(column.heading), looks.get(column.heading, look))
        elif column.heading == LEVEL:
            _level_cell(book, sheet, (number, place), row.node, lists)
        elif column.heading == SELF_POINTS:
            _points_cell(book, sheet, (number, place), row.node)
        else:
            book.write(sheet, number, place, None, "helped" if row.cooperates else column.look)


def _choices(node: Node) -> tuple[str, ...]:
    """What may be chosen in the cell of a criterion's level."""
    is_reported = isinstance(scoring(node.criterion.method), ReportedMethod)
    return (*levels(node), AWAY) if is_reported and node.criterion.not_applicable else levels(node)


def _level_cell(book: Book, sheet: Any, at: tuple[int, int], node: Node | None, lists: Lists) -> None:
    choices = _choices(node) if node else ()
    book.write(sheet, *at, None, "input_centre" if choices else "locked")
    if choices:
        sheet.data_validation(
            *at,
            *at,
            {
                "validate": "list",
                "source": f"={lists.range(choices)}",
                "input_title": LEVEL,
                "input_message": cut("Chọn một mức: " + "; ".join(choices)),
                "error_title": "Mức đạt chưa đúng",
                "error_message": "Hãy chọn một mức trong danh sách thả xuống.",
            },
        )


def _points_cell(book: Book, sheet: Any, at: tuple[int, int], node: Node | None) -> None:
    book.write(sheet, *at, None, "input_centre" if node is not None else "locked")
    if node is None:
        return
    needed = scoring(node.criterion.method).by_hand
    more = "." if needed else ". Không bắt buộc: điểm được tính từ mức đạt hoặc số liệu."
    sheet.data_validation(*at, *at, points_check(node, SELF_POINTS, more))


def _figures_sheet(form: Form, measures: Sequence[Measure], *, with_tasks: bool, alone: bool) -> None:
    book, columns = form.book, FORM[FIGURES_SHEET].columns
    rules = _rules(form, measures)
    note = _ZERO if measures else "Đơn vị không phải nhập số liệu nào trong kỳ này."
    title = "BỔ SUNG SỐ LIỆU BÁO CÁO" if form.is_supplement else "SỐ LIỆU BÁO CÁO"
    notes = (note, _DONE) if alone and not form.is_supplement else (note,)
    sheet = form.sheet(FIGURES_SHEET, title, notes, _BESIDE if rules else ())
    if alone:
        sheet.activate()
    rows = {measure.code: number for number, measure in enumerate(measures, start=FIRST_ROW)}
    for measure in measures:
        texts = {FIGURE_CODE: measure.code, FIGURE_NAME: measure.name, FIGURE_UNIT: measure.unit_name}
        number = rows[measure.code] - 1
        for place, column in enumerate(columns):
            is_value = column.heading == FIGURE_VALUE
            look = _VALUE_LOOKS.get(measure.kind, column.look) if is_value else column.look
            book.write(sheet, number, place, texts.get(column.heading), look)
            rule = figure_check(measure, f"{column_letters(place + 1)}{number + 1}") if is_value else None
            if rule:
                sheet.data_validation(number, place, number, place, rule)
    places = {column.heading: place for place, column in enumerate(columns)}
    last = HEADING_ROW + 1 + len(rows)
    if rows:
        value = column_letters(places[FIGURE_VALUE] + 1)
        register = _register() if with_tasks else ""
        counted = frozenset(item.code for item in measures if item.counts and register)
        count = blank_figures(rows, counted, value, register)
        form.count(sheet, (1, places[FIGURE_VALUE]), count, "số liệu phải nhập còn trống")
        cells = runs(list(rows.values()), value)
        form.book.recolour(sheet, cells[0], OWED, {"type": "blanks"})
        form.legend(sheet, ((places[FIGURE_VALUE], _OWED, "owed"), (places[FIGURE_NOTE], "Nhập nếu có", "input")))
        if rules:
            last = max(last, _checks(form, sheet, rules, rows, register))
    form.signatures(sheet, last + 1, (places[FIGURE_NAME], places[FIGURE_NOTE]))
    protect(sheet)


_VALUE_LOOKS = {Kind.DATE: "input_date", Kind.TEXT: "input_text"}
_BESIDE = (2.0, 60.0, 22.0)  # a gap, what must agree, whether it does


def _register() -> str:
    """The cells of the register that say how many tasks there are."""
    letters = FORM[TASKS_SHEET].letters(DUE)
    return f"'{TASKS_SHEET}'!${letters}${FIRST_ROW}:${letters}${HEADING_ROW + 1 + MORE_TASK_ROWS}"


def _rules(form: Form, measures: Sequence[Measure]) -> list[Constraint]:
    """The constraints over figures that are all asked for here, in the order of their first figures."""
    # Not over dates: they may be typed as text.
    order = {measure.code: number for number, measure in enumerate(measures) if measure.kind is not Kind.DATE}
    rules = [rule for rule in form.edition.plan.constraints if order.keys() >= {*rule.left.names, *rule.right.names}]
    return sorted(rules, key=lambda rule: order[rule.left.codes[0]])


def _checks(form: Form, sheet: Any, rules: list[Constraint], rows: Mapping[str, int], register: str) -> int:
    """Writes what must agree beside the table, each at its first figure or below the one before; the last row."""
    book, width = form.book, len(FORM[FIGURES_SHEET].columns)
    measures = {measure.code: measure for measure in form.edition.plan.measures}
    value = FORM[FIGURES_SHEET].letters(FIGURE_VALUE)
    cells = {code: f"{value}{row}" for code, row in rows.items()}
    for place, heading in enumerate(FORM[FIGURES_SHEET].beside, start=width + 1):
        book.write(sheet, HEADING_ROW, place, heading, "head")
    number = HEADING_ROW
    for rule in rules:
        number = max(number + 1, rows[rule.left.codes[0]] - 1)
        counted = any(measures[code].counts for code in rule.codes)
        counts = register if counted else ""
        live = check(rule, cells, counts)
        book.write(sheet, number, width + 1, in_names(rule, form.edition.plan.measures), "cell")
        sheet.write_formula(number, width + 2, live.formula, book.look("status"), live.value)
    letters = column_letters(width + 3)
    answers = f"{letters}{FIRST_ROW}:{letters}{number + 1}"
    for word, colour in ((BROKEN, RED), (DOUBTFUL, AMBER), (HOLDS, GREEN)):
        book.recolour(sheet, answers, colour, {"type": "text", "criteria": "begins with", "value": word})
    place = FORM[FIGURES_SHEET].headings.index(FIGURE_VALUE)
    form.count(sheet, (2, place), status_count(BROKEN, answers), "chỗ số liệu không khớp")
    return number + 1


def _tasks_sheet(form: Form) -> None:
    book = form.book
    notes = (
        "Mỗi nhiệm vụ được giao một dòng, ngày ghi dd/mm/yyyy; chưa xong thì để trống “Ngày hoàn thành”.",
        "Có danh sách này thì không cần nhập số nhiệm vụ ở sheet “Số liệu”: phần mềm tự đếm sớm, đúng, trễ hạn.",
    )
    sheet = form.sheet(TASKS_SHEET, "NHIỆM VỤ ĐƯỢC GIAO TRONG KỲ", notes)
    columns = FORM[TASKS_SHEET].columns
    for number in range(HEADING_ROW + 1, HEADING_ROW + 1 + TASK_ROWS):
        for place, column in enumerate(columns):
            book.write(sheet, number, place, None, column.look)
    last = HEADING_ROW + 1 + MORE_TASK_ROWS
    due = FORM[TASKS_SHEET].headings.index(DUE)
    form.count(sheet, (1, due + 1), tasks_without_due(FIRST_ROW, last), "nhiệm vụ chưa ghi hạn hoàn thành")
    # The rows below are open too, by their columns: a styled cell each would make every file heavy.
    for row in range(HEADING_ROW):
        sheet.set_row(row, None if row else TITLE_HEIGHT, book.look("plain"))
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width, book.look(f"{column.look}_below"))
    dates = [place for place, column in enumerate(columns) if column.is_date]
    sheet.data_validation(
        HEADING_ROW + 1,
        dates[0],
        HEADING_ROW + MORE_TASK_ROWS,
        dates[-1],
        {
            "validate": "date",
            "criteria": ">=",
            "value": datetime(2000, 1, 1),  # noqa: DTZ001 - a day of the sheet, not an instant
            "input_title": "Ngày",
            "input_message": "Nhập ngày/tháng/năm, ví dụ 31/12/2021.",
            "error_title": "Ngày chưa đúng",
            "error_message": "Nhập ngày/tháng/năm, ví dụ 31/12/2021.",
        },
    )
    sheet.print_area(0, 0, HEADING_ROW + 30, len(columns) - 1)
    protect(sheet)


def _stamp_sheet(book: Book, edition: Edition, unit: Unit, lists: Lists, kind: str) -> None:
    sheet = book.stamp(
        (
            ("kind", kind),
            ("unit", unit.code),
            ("period", edition.period.code),
            ("plan", fingerprint(edition)),
            ("form", FORM_VERSION),
            ("agency", edition.plan.settings.agency),
        )
    )
    for column, choices in enumerate(lists.columns, start=3):
        sheet.write_column(0, column, choices)
