"""One appraiser's workbook for many agencies: criteria of many results come in, ``tham-dinh/<name>.xlsx`` goes out.

What an appraiser enters is read back and merged into each agency's own appraisal: who alone has changed a row since it
was written decides it. Where both have and a cell differs, the agency's workbook holds, the appraiser's keeps what he
wrote, and a finding names both until they agree (design §14).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from cchc_xl.office.excel.book import Book, fitting
from cchc_xl.office.excel.tables import Headings, find
from cchc_xl.records import Appraisal, CellRef, Edition, Finding, RawForm, Value
from cchc_xl.result.contents import Contents, ScoredCriterion
from cchc_xl.score.appraisal import (
    BASIS,
    CODE,
    CURRENT,
    ENTERED,
    POINTS,
    SHOWN,
    STAMP_KIND,
    STAMP_PERIOD,
    closed,
    no_evidence,
    opened,
    points_of,
    told_value,
)
from cchc_xl.score.appraisal_reading import table_of
from cchc_xl.text.catalogue import finding
from cchc_xl.text.numbers import plain
from cchc_xl.text.words import digest, key

FOLDER, KIND, SHEET = "tham-dinh", "tham-dinh-nhieu", "Thẩm định"
AGENCY_CODE, AGENCY_NAME, WRITTEN = "Mã cơ quan", "Cơ quan", "_đã ghi"
_OWN = (SHOWN[0], SHOWN[1], *SHOWN[3:])
HEADINGS = (AGENCY_CODE, AGENCY_NAME, *_OWN, *ENTERED, WRITTEN)
_NEEDED = tuple(frozenset((heading,)) for heading in (AGENCY_CODE, CODE, *ENTERED))
_WIDTHS = (11, 30, 9, 36, 9, 9, 9, 40, 30, 11, 12, 28, 16, 12, 34, 11, 12, 28, 16, 12, 4)
_CONFLICT = "trái"
_HEADING_ROW = 3  # from 0
_TITLE, _NOTE = (
    "THẨM ĐỊNH NHIỀU CƠ QUAN",
    "Nhập vào ô màu vàng, lưu, đóng tệp rồi chạy lại: nội dung nhập được chuyển vào tệp thẩm định của từng cơ quan.",
)
Texts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A row of an appraiser's workbook: what stands in it, and the mark of what we had written there."""

    agency: str
    code: str
    entered: tuple[Value, ...]
    written: str
    at: CellRef
    shown: tuple[str, ...] = ()

    @property
    def told(self) -> Texts:
        """What was entered, as text."""
        return tuple(told_value(value) or "" for value in self.entered)

    @property
    def is_changed(self) -> bool:
        """Whether somebody has typed in it since we wrote it, or it contradicts the agency's own still."""
        return self.written != _mark(self.told)


def read_appraiser(form: RawForm) -> tuple[Said, ...] | None:
    """The rows of an appraiser's workbook; None if it is none, or columns of it are gone."""
    found = (find(sheet, form.source.file, SHEET, Headings(HEADINGS), _NEEDED) for sheet in form.sheets)
    table = next((one for one in found if one is not None), None)
    if table is None:
        return None
    return tuple(
        Said(
            row.text(AGENCY_CODE),
            row.text(CODE),
            tuple(row.value(heading) for heading in ENTERED),
            row.text(WRITTEN),
            row.at(POINTS[0]),
            tuple(told_value(row.value(heading)) or "" for heading in (AGENCY_NAME, *_OWN[1:])),
        )
        for row in table.rows()
        if row.text(AGENCY_CODE) and row.text(CODE)
    )


def merged(
    own: Sequence[Appraisal], said: Iterable[Said], form: RawForm | None, last: Contents | None, edition: Edition
) -> tuple[tuple[Appraisal, ...], tuple[Finding, ...]]:
    """The entries of an agency with those of its appraisers, and what of them cannot be used or contradicts them.

    ``form`` is the agency's own workbook, which knows what stood there to be appraised; ``last`` its last result.
    """
    entries = {item.code: item for item in own}
    findings: list[Finding] = []
    nodes = {node.criterion.code: node for node in edition.leaves}
    seen = {} if form is None else _seen(form)
    before = {} if last is None else {item.code: _entered(item) for item in last.criteria}
    blank = ("",) * len(ENTERED)
    for item in said:
        if not item.is_changed or item.code not in nodes:
            continue
        mine = entries.get(item.code)
        told = blank if mine is None else tuple(told_value(value) or "" for value in mine.entered)
        apart = item.written == _CONFLICT or told != before.get(item.code, blank)
        values = item.entered
        if apart:
            values = tuple(
                ours if is_ours else theirs
                for is_ours, ours, theirs in zip(map(bool, told), mine.entered if mine else values, values, strict=True)
            )
            findings += _contradictions(item, told, mine)
        node = nodes[item.code]
        points, problem = points_of(item.code, values, node, item.at)
        findings += [problem] if problem else []
        entries[item.code] = Appraisal(
            code=item.code,
            name=node.criterion.name,
            entered=values,
            points=points,
            basis=mine.basis if mine and values == mine.entered else seen.get(item.code, ""),
            at=mine.at if mine else item.at,
        )
    kept = (item for item in entries.values() if any(value is not None for value in item.entered))
    return tuple(kept), tuple(findings)


def _contradictions(item: Said, told: Texts, mine: Appraisal | None) -> Iterator[Finding]:
    for heading, theirs, ours in zip(ENTERED, item.told, told, strict=True):
        if theirs and ours and theirs != ours and mine is not None:
            own = f"{mine.at.file} › {mine.at.sheet} › dòng {mine.at.row}"
            fields = {"code": item.code, "heading": heading, "text": theirs, "own": ours, "place": own}
            yield finding("G110", item.at, criterion=item.code, **fields)


def pending(said: Iterable[Said]) -> str:
    """A mark of what appraisers have typed since; '' where nothing."""
    return _digest({item.code: item.told for item in said if item.is_changed})


def lasting(said: Iterable[Said], made: Contents) -> str:
    """The mark that :func:`pending` will give when nobody types any more: of rows that still contradict the result."""
    return _digest({code: row for code, row in conflicts(said, made).items() if row})


def conflicts(said: Iterable[Said], made: Contents) -> dict[str, Texts]:
    """Rows of an appraiser that still say something else than the agency's result does: his cells over the others."""
    known = {item.code: _entered(item) for item in made.criteria}
    found = {}
    for item in said:
        ours = known.get(item.code)
        pairs = () if ours is None or not item.is_changed else tuple(zip(item.told, ours, strict=True))
        if any(theirs and own and theirs != own for theirs, own in pairs):
            found[item.code] = tuple(theirs or own for theirs, own in pairs)
    return found


def _entered(item: ScoredCriterion) -> Texts:
    entered = item.appraisal.entered if item.appraisal else {}
    return tuple(entered.get(heading) or "" for heading in ENTERED)


def _seen(form: RawForm) -> dict[str, str]:
    """What stood in each row of the agency's own workbook to be appraised, as its hidden mark tells it."""
    table = next((one for sheet in form.sheets if (one := table_of(sheet, form.source.file))), None)
    return {row.text(CODE): row.text(CURRENT) or row.text(BASIS) for row in table.rows()} if table else {}


def write_appraiser(
    path: Path,
    name: str,
    period: tuple[str, str],
    results: Mapping[str, Contents],
    codes: frozenset[str],
    said: Sequence[Said],
) -> None:
    """Writes the workbook of one appraiser: his criteria of every agency, then rows whose agency has no result now.

    ``period`` is code and name; ``said`` are the rows that his last workbook had.
    """
    rows = list(_rows(results, codes, said))
    title = f"{_TITLE} – {name} – {period[1]}"
    with Book(path, title) as book:
        sheet = opened(book, SHEET, _WIDTHS, title, (_NOTE,))
        sheet.set_paper(8)
        book.heading(sheet, _HEADING_ROW, HEADINGS)
        sheet.freeze_panes(_HEADING_ROW + 1, 4)
        for number, (shown, told, mark) in enumerate(rows, start=_HEADING_ROW + 1):
            for column, value in enumerate(shown):
                look = "code" if column in (0, 2) else "points" if column in (4, 5, 6) else "cell"
                book.write(sheet, number, column, fitting(value) if isinstance(value, str) else value, look)
            for column, (heading, text) in enumerate(zip(ENTERED, told, strict=True), start=len(shown)):
                value, look = (_typed(text), "input_centre") if heading in POINTS else (text, "input")
                book.write(sheet, number, column, value, look)
            sheet.write_string(number, len(HEADINGS) - 1, mark)
        closed(sheet, _HEADING_ROW, _HEADING_ROW + max(len(rows), 1), HEADINGS)
        book.stamp(((STAMP_KIND, KIND), (STAMP_PERIOD, period[0])))


def _rows(
    results: Mapping[str, Contents], codes: frozenset[str], said: Sequence[Said]
) -> Iterator[tuple[tuple[object, ...], Texts, str]]:
    """The rows of an appraiser's workbook: what is looked at, what was entered, and the mark of that."""
    written = set()
    for agency, made in results.items():
        apart = conflicts([item for item in said if item.agency == agency], made)
        for item in made.criteria:
            if item.code in codes and item.status not in ("group", "followed"):
                told = apart.get(item.code) or _entered(item)
                yield _cells(agency, made, item), told, _CONFLICT if item.code in apart else _mark(told)
                written.add((agency, item.code))
    for one in said:
        if (one.agency, one.code) not in written and any(one.told):
            yield (one.agency, one.shown[0], one.code, *one.shown[1:]), one.told, one.written


def _cells(agency: str, made: Contents, item: ScoredCriterion) -> tuple[object, ...]:
    evidence = "\n".join(f"{one.unit}: {one.text}" for one in item.evidence)
    known = (item.code, item.name, item.max, item.self_points, item.points, item.basis)
    return (agency, made.agency, *known, evidence or no_evidence(item.rule.evidence))


def _typed(text: str) -> Decimal | str:
    """The number that was told as this text; any other text as it was typed: "1.250" may be a thousand and more."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    return value if value.is_finite() and plain(value) == text else text


def _mark(told: Texts) -> str:
    return _digest({"": told}) if any(told) else ""


def _digest(rows: Mapping[str, Texts]) -> str:
    if not rows:
        return ""
    return digest("\t".join((code, *row)) for code, row in sorted(rows.items()))


def appraisers_of(edition: Edition) -> dict[str, frozenset[str]]:
    """The leaves that each appraiser is named for; a group's appraiser is that of all below it that name nobody."""
    nodes = {node.criterion.code: node for node in edition.nodes}
    found: dict[str, set[str]] = {}
    names: dict[str, str] = {}
    for leaf in edition.leaves:
        above, name = leaf.criterion.code, ""
        while not name and above in nodes:
            name = nodes[above].criterion.appraiser
            above = nodes[above].parent or ""
        if name:
            found.setdefault(names.setdefault(key(name), name), set()).add(leaf.criterion.code)
    return {name: frozenset(codes) for name, codes in found.items()}
