"""The appraisal workbook: scores, evidence and the entries so far come in, the next ``tham-dinh.xlsx`` goes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Any

from cchc_xl.office.excel.book import Book, fitting
from cchc_xl.plan.edition import is_extra
from cchc_xl.records import (
    Appraisal,
    Consolidation,
    Edition,
    Evidence,
    Node,
    Score,
    Scorecard,
    UnitNote,
    Value,
    column_letters,
    is_number,
)
from cchc_xl.score.appraisal import (
    AGENCY,
    BASIS,
    CONFIRM,
    CONTENT,
    CURRENT,
    DONE,
    ENTERED,
    EVIDENCE_HEADINGS,
    EVIDENCE_SHEET,
    EXPLANATION,
    EXTRA,
    GONE,
    HEADING_ROW,
    HEADINGS,
    HIDDEN,
    KIND,
    MARKS,
    NO_POINTS,
    NOT_ASKED,
    NOTES,
    NOTES_SHEET,
    POINTS,
    PROGRESS,
    SHEET,
    SHOWN,
    STALE,
    STAMP_AGENCY,
    STAMP_KIND,
    STAMP_NOTES,
    STAMP_PERIOD,
    STAMP_SUPPLIED,
    STATE,
    SUPPLIED_SHEET,
    TITLE,
    VERDICTS,
    asked,
    check_points,
    closed,
    content_fingerprint,
    current_fingerprints,
    evidence_of,
    marks,
    no_evidence,
    opened,
)
from cchc_xl.score.supplied import write_supplied
from cchc_xl.score.unit_notes import write_notes
from cchc_xl.text.words import key, told_apart

_WIDTHS = (7, 28, 16, 7, 7, 7, 34, 22, 9, 10, 22, 11, 11, 24, 9, 10, 22, 11, 11, 9, 13, 4, 4, 4, 4, 4)
_FIRST_ROW = HEADING_ROW + 1
_NAMED = 2  # units of a row


@dataclass(frozen=True, slots=True)
class _Page:
    """The sheet that is being written, what units are called on it, and where the files lie that they name."""

    book: Book
    sheet: Any
    names: Mapping[str, str]
    links: Mapping[str, str]

    def hide(self, number: int, heading: str, text: str) -> None:
        """Writes what only we read: no row is as high as it would need."""
        if text:
            self.sheet.write_string(number, HEADINGS.index(heading), text)


def write_appraisals(
    edition: Edition,
    consolidation: Consolidation,
    scorecard: Scorecard,
    appraisals: tuple[Appraisal, ...],
    path: Path,
    links: Mapping[str, str],
    notes: Sequence[UnitNote] = (),
) -> None:
    """Writes the next appraisal workbook: a row for every leaf, then the entries of criteria no longer in the plan.

    ``links`` gives, for each file of the folder, its path as seen from where the workbook will stand; ``notes`` is what
    was noted of units.
    """
    title, settings = f"{TITLE} – {edition.period.name}", edition.plan.settings
    names = told_apart({unit.code: unit.name for unit in edition.plan.units})
    with Book(path, title, settings.places) as book:
        page = _Page(book, opened(book, SHEET, _WIDTHS, title, NOTES), names, links)
        if settings.agency:  # open, so that a name that the plan spells otherwise today can be put right
            book.write(page.sheet, HEADING_ROW - 1, 0, AGENCY, "plain")
            book.write(page.sheet, HEADING_ROW - 1, 1, settings.agency, "input")
        book.heading(page.sheet, HEADING_ROW, HEADINGS)
        page.sheet.freeze_panes(HEADING_ROW + 1, 2)
        last = _rows(page, edition, consolidation, scorecard, appraisals)
        closed(page.sheet, HEADING_ROW, last, HEADINGS, len(HIDDEN))
        has_notes = write_notes(book, edition, consolidation, scorecard, notes)
        write_supplied(book, edition, consolidation)
        _evidence_sheet(book, consolidation, links, names)
        stamp = [(STAMP_KIND, KIND), (STAMP_PERIOD, edition.period.code), (STAMP_AGENCY, settings.agency)]
        stamp += [(STAMP_SUPPLIED, SUPPLIED_SHEET), *([(STAMP_NOTES, NOTES_SHEET)] if has_notes else ())]
        book.stamp(stamp)


def _rows(
    page: _Page,
    edition: Edition,
    consolidation: Consolidation,
    scorecard: Scorecard,
    appraisals: tuple[Appraisal, ...],
) -> int:
    """Writes the rows, and how far they are above them; returns the last one's number."""
    nodes = {node.criterion.code: node for node in edition.nodes}
    by_code = {item.code: item for item in appraisals}
    current = current_fingerprints(scorecard, consolidation)
    followed = {score.node.criterion.code for score in scorecard.scores if score.status == "followed"}
    scores, former = asked(scorecard), [item for item in appraisals if item.code not in current]
    progress = []
    for number, score in enumerate(scores, start=_FIRST_ROW):
        code = score.node.criterion.code
        item, extra = by_code.get(code), is_extra(code, nodes)
        _shown(page, number, score, evidence_of(score, consolidation))
        _entered(page, number, item, current[code], score.node)
        page.hide(number, EXTRA, "x" if extra else "")
        progress.append((item, extra))
    _progress(page.book, page.sheet, progress)
    for number, item in enumerate(former, start=_FIRST_ROW + len(scores)):
        page.book.write(page.sheet, number, 0, item.code, "shaded_code")
        page.book.write(page.sheet, number, 1, item.name, "shaded")
        page.hide(number, MARKS, marks((item.name, *[None] * (len(SHOWN) - 2))))
        _entered(page, number, item, "", None)
        if item.code in followed:
            page.book.write(page.sheet, number, HEADINGS.index(STATE), NOT_ASKED, "cell")
    return HEADING_ROW + len(scores) + len(former)


def _progress(book: Book, sheet: Any, entries: Sequence[tuple[Appraisal | None, bool]]) -> None:
    """How far the appraisal has come, live, above the table; the second round opens when the first is done.

    Of each row its entry, and whether its points are a bonus or a deduction: criteria are counted as every output
    counts them (docs/decisions/019), bonus and deductions beside them.
    """
    last = _FIRST_ROW + len(entries)
    first, second, extra = (
        f"{letters}{_FIRST_ROW + 1}:{letters}{last}"
        for letters in (column_letters(HEADINGS.index(heading) + 1) for heading in (*POINTS, EXTRA))
    )
    given = [(_given(item), is_extra) for item, is_extra in entries]
    total = sum((points[-1] for points, _ in given if points), Decimal(0))
    told: list[tuple[str, str, float | str]] = []
    for label, left, which in ((PROGRESS[0], PROGRESS[1], False), (PROGRESS[2], "", True)):
        rows = [points for points, is_extra in given if is_extra is which]
        done, sign = sum(map(bool, rows)), "<>" if which else "="
        counted = f'SUMPRODUCT(({extra}{sign}"")*((ISNUMBER({first})+ISNUMBER({second}))>0))'
        if rows:
            told.append((label, f'={counted}&"/{len(rows)}"', f"{done}/{len(rows)}"))
        if rows and left:
            told.append((left, f"={len(rows)}-{counted}", len(rows) - done))
    if told:
        told.append((PROGRESS[3], f"=SUM({second})+SUMPRODUCT(--NOT(ISNUMBER({second})),{first})", float(total)))
    column = HEADINGS.index("Ý kiến lần 1")
    for row, (label, formula, value) in enumerate(told):
        book.write(sheet, row, column, label, "group")
        sheet.write_formula(row, column + 1, formula, book.look("points" if label == PROGRESS[3] else "count"), value)
    # The second round, with what the units explain before it, opens when each criterion has points or when it is begun:
    # bonus and deductions often stay blank.
    regular = [item for item, is_extra in entries if not is_extra]
    begun = any(item is not None and any(item.entered[len(ENTERED) // 2 :]) for item, _ in entries)
    done = bool(regular) and all(item is not None and _number(item.entered[0]) is not None for item in regular)
    is_open = begun or done
    first_column, after = HEADINGS.index(EXPLANATION), HEADINGS.index(CONFIRM)
    for column in range(first_column, after):
        sheet.set_column(column, column, _WIDTHS[column], None, {"level": 1, "hidden": not is_open})
    sheet.set_column(after, after, _WIDTHS[after], None, {"collapsed": True})
    sheet.repeat_columns(0, 1)
    if is_open:
        sheet.fit_to_pages(2, 0)


def _given(item: Appraisal | None) -> list[Decimal]:
    """The numbers entered as points, round by round."""
    values = () if item is None else (item.entered[ENTERED.index(heading)] for heading in POINTS)
    return [number for number in map(_number, values) if number is not None]


def _number(value: Value) -> Decimal | None:
    return Decimal(str(value)) if is_number(value) else None


def _shown(page: _Page, number: int, score: Score, evidence: tuple[Evidence, ...]) -> None:
    """What an appraiser looks at: the criterion, its points and on what they rest, the evidence and its first file."""
    criterion = score.node.criterion
    units = [page.names.get(unit, unit) for unit in score.node.lead]
    lead = "; ".join(units) if len(units) <= _NAMED else f"{len(units)} đơn vị"
    points: tuple[object, ...] = (score.node.max_score, score.self_points, score.points)
    values = (criterion.code, criterion.name, lead, *points, score.basis)
    looks = ("code", "cell", "cell", "points", "points", "points", "cell")
    for column, (value, look) in enumerate(zip(values, looks, strict=True)):
        page.book.write(page.sheet, number, column, value, look)
    whose: dict[str, list[Evidence]] = {}  # units that name the same have one line
    for item in evidence:
        whose.setdefault(key(item.text), []).append(item)
    told = "\n".join(
        f"{'; '.join(page.names.get(item.unit, item.unit) for item in items)}: {items[0].text}"
        for items in whose.values()
    )
    text = fitting(told or no_evidence(criterion.evidence))
    target = next((page.links[file] for item in evidence for file in item.files if file in page.links), None)
    column = len(SHOWN) - 1
    if target is not None:
        page.book.link(page.sheet, number, column, target, text)
    else:
        page.book.write(page.sheet, number, column, text, "cell")
    page.hide(number, MARKS, marks(_as_cell(value) for value in (*values[1:], text)))


def _as_cell(value: object) -> Value | Decimal:
    """What a cell of ours will be read as."""
    return value if value is None or isinstance(value, Decimal) else fitting(str(value))


def _entered(page: _Page, number: int, item: Appraisal | None, current: str, node: Node | None) -> None:
    """The cells of both rounds with what was entered in them; ``current`` is what there is to be looked at now."""
    book, sheet = page.book, page.sheet
    for column, heading in enumerate(ENTERED, start=len(SHOWN)):
        _input(book, sheet, number, column, heading, item.entered[ENTERED.index(heading)] if item else None)
        if heading in POINTS and node is not None:
            check_points(sheet, number, column, node)
        elif heading.startswith("Minh chứng"):
            rule = {"validate": "list", "source": list(VERDICTS), "error_message": "Chọn trong danh sách."}
            sheet.data_validation(number, column, number, column, rule)
    book.write(sheet, number, HEADINGS.index(CONFIRM), None, "input_centre")
    book.write(sheet, number, HEADINGS.index(STATE), _state(item, node), "warning" if item and item.stale else "cell")
    page.hide(number, CURRENT, current)
    if item is not None:
        page.hide(number, BASIS, item.basis)
        page.hide(number, CONTENT, content_fingerprint(item.entered))


def _state(item: Appraisal | None, node: Node | None) -> str:
    if item is None:
        return ""
    if node is None:
        return GONE
    if item.stale:
        return STALE
    return DONE if item.points is not None else NO_POINTS


def _input(book: Book, sheet: Any, number: int, column: int, heading: str, value: Value) -> None:
    """What was entered, by the type it has: a number that was no date in a column of dates stays a number."""
    if heading in POINTS or is_number(value):
        look = "input_centre"
    else:
        look = "input_date" if heading.startswith("Ngày") else "input"
    book.entered(sheet, number, column, value, look)


def _evidence_sheet(
    book: Book, consolidation: Consolidation, links: Mapping[str, str], names: Mapping[str, str]
) -> None:
    """Every piece of evidence with a link to each file it names."""
    sheet = book.sheet(EVIDENCE_SHEET, (9, 34, 60, 46, 4))
    book.heading(sheet, 0, EVIDENCE_HEADINGS)
    for number, (item, file) in enumerate(_files(consolidation), start=1):
        unlinked = "không thấy tệp" if item.found is False else "không ghi tên tệp"
        named = PurePosixPath(file).name if file in links else unlinked
        texts = tuple(map(fitting, (item.criterion, names.get(item.unit, item.unit), item.text, named)))
        for column, text in enumerate(texts):
            book.write(sheet, number, column, text, "code" if column == 0 else "cell")
        if file in links:
            book.link(sheet, number, 3, links[file], named)
        sheet.write_string(number, 4, marks(texts))
    sheet.set_column(4, 4, None, None, {"hidden": True})


def _files(consolidation: Consolidation) -> Iterator[tuple[Evidence, str]]:
    for item in consolidation.evidence:
        for file in item.files or ("",):
            yield item, file
