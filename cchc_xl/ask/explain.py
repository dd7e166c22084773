"""Why a number is what it is: a result and a code or a number come in, the chain down to cells and files goes out.

``chain`` and ``lines`` start from a criterion's code, ``figure_chain`` and ``figure_lines`` from a number as somebody
read it in the report.

Values are compared as the report shows them, so 30,77 finds the share 12 / 39. Where the number stands in Word files is
looked up by others and only told here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from cchc_xl.ask.ground import KINDS, Basis, Ground, Source, Value, extra_text, figure_or_text, in_cell
from cchc_xl.ask.values import known_values, text_values
from cchc_xl.office.word.places import Place
from cchc_xl.records import Kind
from cchc_xl.result.comparison import Status
from cchc_xl.result.contents import BrokenRule, Contents, MeasureDetail, Placed, PlanFile, ScoredCriterion, ToldFinding
from cchc_xl.result.view import View, bare, where
from cchc_xl.text.numbers import number_vi
from cchc_xl.text.printed import Wanted, read_wanted, shows
from cchc_xl.text.system_error import ToldError
from cchc_xl.text.words import RANKED_LATER, closest, key

_STATUS: dict[Status, str] = {
    "scored": "đã chấm",
    "missing": "chưa có điểm",
    "not_applicable": "không phát sinh",
    "group": "nhóm tiêu chí",
    "followed": "chỉ theo dõi, không tính điểm",
}
_points = partial(number_vi, places=4)
_NO_HASH = "không có trong kết quả"


class UnknownCriterionError(ToldError):
    """The run has no such criterion; the text is one sentence with suggestions."""


@dataclass(frozen=True, slots=True)
class Chain:
    """A criterion with what it rests on: its children, figures, conflicts, findings and every file with its SHA-256."""

    criterion: ScoredCriterion
    children: tuple[ScoredCriterion, ...]
    measures: tuple[MeasureDetail, ...]
    conflicts: tuple[BrokenRule, ...]
    findings: tuple[ToldFinding, ...]
    files: Mapping[str, str | None]
    plan: PlanFile


def chain(contents: Contents, code: str, appraisal: str | None = None) -> Chain:
    """The criterion of this code with its rule, inputs, evidence, children and the SHA-256 of every file it rests on.

    ``appraisal`` is that of the Office's workbook, in which figures may stand that it entered in units' places.

    Raises :class:`UnknownCriterionError` if the run has no such criterion.
    """
    ground, item = Ground(contents, appraisal), _typed(contents, code)
    if item is None:
        close = ", ".join(closest(code, ground.by_code)) or ", ".join(list(ground.by_code)[:8])
        raise UnknownCriterionError(f"Kết quả không có tiêu chí “{code}”: hãy chọn một mã, ví dụ {close}.")
    used = dict.fromkeys(given.measure for given in item.inputs)
    placed: tuple[Placed, ...] = (*(given for given in item.inputs if not given.period), *item.evidence)
    cells = [Source.at(item.code, cell) for cell in placed]
    if item.appraised_points is not None:
        cells.append(ground.appraisal(item))
    return Chain(
        criterion=item,
        children=tuple(ground.children[item.code]),
        measures=tuple(ground.details[name] for name in used if name in ground.details),
        conflicts=tuple(conflict for conflict in contents.conflicts if item.code in conflict.criteria),
        findings=tuple(finding for finding in contents.findings if finding.criterion == item.code),
        files=ground.files(Basis(cells=tuple(cells))),
        plan=contents.plan,
    )


def _typed(contents: Contents, text: str) -> ScoredCriterion | None:
    """The criterion whose code was typed."""
    return next((item for item in contents.criteria if key(item.code) == key(text)), None)


def lines(contents: Contents, code: str, appraisal: str | None = None) -> Iterator[str]:
    """The chain as lines an officer reads, top down: points, rule row, figures, cells, files."""
    told, view = chain(contents, code, appraisal), View(contents)
    item, rule = told.criterion, told.criterion.rule
    yield f"Tiêu chí {item.code} – {item.name}"
    yield f"Điểm: {_obtained(view, item)} ({RANKED_LATER if view.ranked_later(item) else _STATUS[item.status]})"
    if item.appraised_points is not None:
        appraised, computed = (number_vi(points, view.places) for points in (item.appraised_points, item.points))
        yield f"  điểm thẩm định {appraised}, điểm tính {computed}"
    if item.self_points is not None:
        yield f"  điểm tự chấm {number_vi(item.self_points, view.places)}"
    if item.appraisal:
        for heading, text in item.appraisal.entered.items():
            if text:
                yield f"  {heading}: {_read(text) if heading.startswith('Điểm') else text}"
    yield f"Vì sao: {item.basis}"
    yield (
        f"Quy tắc: {rule.file} › {rule.sheet} › {rule.cell} (dòng {rule.row}), "
        f"cách chấm “{item.method or 'chưa rõ'}”, căn cứ: {rule.reference or 'chưa ghi'}"
    )
    yield f"  SHA-256 của kế hoạch: {told.plan.sha256}"
    for band in rule.bands:
        mark = "  ← áp dụng" if band.chosen else ""
        yield f"  {band.sheet} dòng {band.row}: {band.text} → {band.points}{mark}"
    for child in told.children:
        yield f"  {child.code} {child.name}: {_obtained(view, child)}"
    yield from _asked(view, item)
    yield from _figures(view, told)
    for proof in item.evidence:
        yield f"Minh chứng của {view.unit(proof.unit)}: {proof.text} ({proof.file} › {proof.cell})"
    for conflict in told.conflicts:
        yield f"Mâu thuẫn: {conflict.rule} ({conflict.message})"
    for finding in told.findings:
        yield f"Lưu ý {finding.code}: {finding.message}"


def _asked(view: View, item: ScoredCriterion) -> Iterator[str]:
    """Its condition and how its points are rounded, with the points before both."""
    if item.condition is not None:
        other = view.by_code.get(item.condition.code)
        has = f" (nay {_points(other.final_points)} điểm)" if other else ""
        name = f"“{other.name}” " if other else ""
        yield f"Điều kiện: {name}({item.condition.code}) {item.condition.asks}{has}; nếu không thì 0 điểm"
    if item.places is not None:
        yield f"Làm tròn: đến {item.places} chữ số thập phân trước khi cộng"
    own = bare(item)
    if own is not None and own != item.final_points:
        yield f"  điểm trước khi làm tròn và xét điều kiện {_points(own)}"


def _obtained(view: View, item: ScoredCriterion) -> str:
    """The points of their maximum; of a bonus or a deduction with sign and limit, of what is only followed none."""
    if item.status == "followed":
        return "không có"
    if view.is_extra(item):
        return extra_text(view, item)
    return f"{number_vi(item.final_points, view.places)} / {number_vi(item.applicable_max, view.places)}"


def _figures(view: View, told: Chain) -> Iterator[str]:
    inputs = told.criterion.inputs
    totals = {total.code: total for total in told.measures}
    if inputs:
        yield "Số liệu:"
    for given in inputs:
        if given.period:  # its own cells are known to that result alone
            yield f"  {given.measure} = {_read(given.value)}  ←  kết quả kỳ {given.period} ({given.file})"
            yield f"    hãy chạy explain với thư mục kết quả của kỳ {given.period}"
    for code in dict.fromkeys(given.measure for given in inputs if not given.period):
        total = totals.get(code)
        yield f"  {code}" + (f" – {total.name}{_amount(total)} (gộp: {total.combine})" if total else "")
        for given in inputs:
            if given.measure == code:
                entries = total.entries if total else ()
                basis = next((one.reference for one in entries if one.supplied and one.unit == given.unit), "")
                ground = f", căn cứ {basis}" if given.by == "office" else ""
                yield f"    {view.given_by(given)}: {_read(given.value)}{ground}  ←  {where(given)}"
    if told.files:
        yield "Tệp nguồn (SHA-256):"
    for file, sha256 in told.files.items():
        yield f"  {file}  {sha256 or _NO_HASH}"


def _read(stored: str) -> str:
    return in_cell(figure_or_text(stored))


def _amount(total: MeasureDetail) -> str:
    """What a figure is over its units; of a date or words nothing, which stand at each unit."""
    if total.kind in (Kind.DATE, Kind.TEXT):
        return ""
    unit = "%" if total.kind == Kind.PERCENT else f" {total.unit_name}".rstrip()
    return f" = {_points(total.value)}{'' if total.value is None else unit}"


_MOST_LINES, _MOST_PLACES, _MOST_SOURCES, _MOST_RULES, _MOST_FILES = 200, 40, 18, 8, 30


class UnknownFigureError(ToldError):
    """The text is no number, or no value of the result is shown so; one sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class FoundValue:
    """A value as it is told: unrounded and as the report shows it, with all that it rests on."""

    kind: str
    what: str
    value: str
    shown: str
    formula: str
    criterion: str | None
    rules: tuple[Source, ...]
    cells: tuple[Source, ...]
    files: Mapping[str, str | None]


def figure_chain(
    contents: Contents, text: str, places: Sequence[Place] = (), appraisal: str | None = None
) -> tuple[FoundValue, ...]:
    """Every value of the result that is shown as ``text``: the weightiest first, each with rule rows, cells and files.

    Raises :class:`UnknownFigureError` if ``text`` is no number, or if no value is shown so and ``places`` is empty too.
    """
    ground, wanted = Ground(contents, appraisal), read_wanted(text)
    item = _typed(contents, text)
    is_code = item and f"“{item.code}” là mã tiêu chí: hãy chạy explain với mã đó, không ghi --figure."
    if wanted is None:
        why = f"“{text.strip()}” không phải một con số: hãy ghi một số như trong báo cáo, ví dụ 74,12% hoặc 1.480."
        raise UnknownFigureError(is_code or why)
    known = list(known_values(ground))
    for reading in wanted.readings:
        found = [value for value in known if _is_shown(value, reading, wanted, ground.places)]
        found += text_values(ground, wanted, reading)
        if found:
            return tuple(_told(ground, value) for value in _in_order(found, wanted))
    if not places:
        raise UnknownFigureError(is_code or _suggestion(ground, known, wanted))
    return ()


def figure_lines(
    contents: Contents, text: str, values: Sequence[FoundValue], places: Sequence[Place] = ()
) -> Iterator[str]:
    """The same as at most about 200 lines an officer reads: places, values by kind, their chains, files at the end."""
    yield f"Số “{text.strip()}”"
    yield _written(places)
    told = [f"{place.document} › {place.where}: {place.text}" for place in places]
    for line in _cut(told, _MOST_PLACES, "chỗ khác (thêm --json để xem hết)"):
        yield f"  {line}"
    if not values:
        code = ": đây là mã tiêu chí." if _typed(contents, text) else "."
        yield f"Không có giá trị nào của kết quả được ghi như vậy{code}"
        return
    yield f"Là giá trị nào ({len(values)}):"
    used = min(len(places), _MOST_PLACES + 1) + min(_MOST_FILES, len(contents.sources) + 1)
    yield from _values(values, _MOST_LINES - 10 - len(KINDS) - used)


_FIRST_PLACES, _FIRST_VALUES, _FIRST_SOURCES = 3, 4, 3


def figure_answer(text: str, values: Sequence[FoundValue], places: Sequence[Place] = ()) -> Iterator[str]:
    """The same in a few lines: what the number is and where it is from, then the first places and other values."""
    if not values:
        return
    first, *others = values
    also = f" (còn {len(others)} giá trị khác được ghi như vậy)" if others else ""
    yield f"Số “{text.strip()}” là: {_title(first)}{also}"
    if first.formula:
        yield f"  cách tính: {first.formula}"
    sources = [*(_at(cell) for cell in first.cells), *(f"quy tắc: {_at(rule)}" for rule in first.rules)]
    for source in _cut(sources, _FIRST_SOURCES, "ô, dòng khác"):
        yield f"  ← {source}"
    yield _written(places)
    for line in _cut([f"{place.document} › {place.where}" for place in places], _FIRST_PLACES, "chỗ khác"):
        yield f"  {line}"
    if others:
        yield f"Cũng được ghi như vậy ({len(others)}):"
    for line in _cut([_title(value) for value in others], _FIRST_VALUES, "giá trị khác"):
        yield f"  {line}"
    yield "Cả chuỗi quy tắc, ô, tệp nguồn và SHA-256: thêm --day-du."


def _written(places: Sequence[Place]) -> str:
    return f"Nơi ghi trong báo cáo ({len(places)}):" if places else "Không thấy số này trong các tệp Word của kết quả."


def _values(values: Sequence[FoundValue], room: int) -> Iterator[str]:
    """As many as there is room for, each in full as long as those behind it have a line."""
    kind, files, waiting = "", dict[str, str | None](), len(values)
    for value in values:
        block = list(_block(value))
        if len(block) + waiting - 1 > room:
            block = [_short(value)]
        if len(block) > room:
            break
        if value.kind != kind:
            kind = value.kind
            yield f"{KINDS[kind]}:"
        yield from block
        room -= len(block)
        waiting -= 1
        files.update(value.files)
    if files:
        yield "Tệp nguồn (SHA-256):"
    hashes = [f"{file}  {sha256 or _NO_HASH}" for file, sha256 in files.items()]
    for line in _cut(hashes, _MOST_FILES, "tệp khác"):
        yield f"  {line}"
    if waiting:
        yield f"… còn {waiting} giá trị nữa: thêm --json để xem hết."


def _block(value: FoundValue) -> Iterator[str]:
    yield f"  {_title(value)}"
    if value.formula:
        yield f"    cách tính: {value.formula}"
    sources = _cut([f"quy tắc: {_at(rule)}" for rule in value.rules], _MOST_RULES, "dòng quy tắc khác")
    left = _MOST_SOURCES - len(sources)
    sources += _cut([_at(cell) for cell in value.cells], left, "ô khác (thêm --json để xem hết)")
    for source in sources:
        yield f"    ← {source}"


def _cut(lines: list[str], most: int, what: str) -> list[str]:
    """The first of the lines, and how many others there are."""
    rest = len(lines) - most
    return lines if rest <= 0 else [*lines[:most], f"… và {rest} {what}"]


def _title(value: FoundValue) -> str:
    quotes = value.what.endswith("”")  # a text with the number in it
    return value.what if quotes else f"{value.what} = {value.shown}"


def _short(value: FoundValue) -> str:
    first = next(iter((*value.cells, *value.rules)), None)
    return f"  {_title(value)}" + (f"  ← {_at(first)}" if first else "")


def _at(source: Source) -> str:
    row = f"dòng {source.row}" if source.row else None
    place = " › ".join(part for part in (source.file, source.sheet, source.cell or row) if part)
    told = source.what if source.value in (None, "") else f"{source.what} = {in_cell(source.value)}"
    return f"{place or '(không có tệp)'}: {told}"


def _told(ground: Ground, value: Value) -> FoundValue:
    return FoundValue(
        kind=value.kind,
        what=value.what,
        value=format(value.number, "f"),
        shown=value.shown(ground.places),
        formula=value.how(ground.places),
        criterion=value.criterion,
        rules=value.on.rules,
        cells=value.on.cells,
        files=ground.files(value.on),
    )


def _is_shown(value: Value, reading: Decimal, wanted: Wanted, places: int) -> bool:
    """Whether the value is shown so; of "60/145" the quotient itself, and both numbers."""
    both = zip(value.parts, (reading, wanted.whole[0]), strict=True) if value.parts and wanted.whole else ()
    pair = [shows(part, one, places) for part, one in both]
    return (bool(pair) and all(pair)) or any(shows(value.number, one, places) for one in (reading, *wanted.whole))


def _in_order(found: list[Value], wanted: Wanted) -> list[Value]:
    """What was asked for as a percentage is first of all one; what is a quotient of both numbers comes first."""
    chosen = [value for value in found if not wanted.form or value.form == wanted.form] or found
    order = {kind: place for place, kind in enumerate(KINDS)}
    pair = (wanted.readings[0], wanted.whole[0]) if wanted.whole else None
    return sorted(dict.fromkeys(chosen), key=lambda value: (pair is None or value.parts != pair, order[value.kind]))


def _suggestion(ground: Ground, known: Iterable[Value], wanted: Wanted) -> str:
    near = sorted(known, key=lambda value: abs(abs(value.number) - wanted.readings[0]))
    shown = list(dict.fromkeys(value.shown(ground.places) for value in near))[:3]
    told = f", hoặc chọn một số gần nhất: {'; '.join(shown)}" if shown else ""
    return f"Không thấy số “{wanted.text}” trong kết quả: hãy ghi đúng như trong báo cáo{told}."
