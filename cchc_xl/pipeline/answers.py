"""Questions to finished results: their folders come in, an :class:`Answer` goes out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Generic, TypeVar

from cchc_xl.ask import advice_lines
from cchc_xl.ask import compare as comparing
from cchc_xl.ask import explain as explaining
from cchc_xl.ask import rank as ranking
from cchc_xl.ask.route import path_to
from cchc_xl.office.word.file import NotWordError
from cchc_xl.office.word.places import Place, places
from cchc_xl.papers.ranking_papers import NOT_SCORED, RankedGroup
from cchc_xl.pipeline.jobs import NOTE_FILE, REMINDERS, REPORT_FILE
from cchc_xl.pipeline.line import CannotRunError, open_result_of_one, or_cannot_run, relying_on
from cchc_xl.pipeline.whole import class_limits, places_again, write_ranking_of
from cchc_xl.records import CellRef, Finding, Settings
from cchc_xl.result import manifest
from cchc_xl.result.advice import Advice
from cchc_xl.result.advice import Path as Way
from cchc_xl.result.archive import APPRAISAL, RESULT, SOURCES, ArchiveError, load_contents
from cchc_xl.result.comparison import Comparison
from cchc_xl.result.contents import Contents
from cchc_xl.result.objects import Object, to_object, to_objects
from cchc_xl.result.ranking import Ranking
from cchc_xl.result.result_file import told_finding
from cchc_xl.text.catalogue import finding, fix, message
from cchc_xl.text.system_error import reason
from cchc_xl.text.words import key

_T = TypeVar("_T")
T_co = TypeVar("T_co", covariant=True)
_Member = tuple[Path, str, Contents | None]  # the folder of a result, its Nhóm, the result of many that it is of


@dataclass(frozen=True, slots=True)
class Answer(Generic[T_co]):
    """An answer to go on with, as lines an officer reads, and as the JSON-ready object that ``--json`` prints.

    ``value`` is what the function that was asked names, with figures as ``Decimal``; ``lines`` are Vietnamese; in
    ``told`` figures are decimal strings. ``results`` are those that were asked: the lines hold their names.

    >>> answer = cchc_xl.explain(year.folder, "1.6")
    >>> answer.value.criterion.points, answer.told["criterion"]["points"], answer.lines[1]
    (Decimal('1.75'), '1.75', 'Điểm: 1,75 / 2 (đã chấm)')
    >>> answer.results[0].period
    '2020-N'
    """

    value: T_co
    lines: tuple[str, ...]
    told: Object
    results: tuple[Contents, ...] = ()


@dataclass(frozen=True, slots=True)
class Trace:
    """A number's places in Word files and its values; ``unread`` are sentences on Word files that were not searched."""

    places: tuple[Place, ...]
    values: tuple[explaining.FoundValue, ...]
    unread: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Advised:
    """The next step of every criterion, in the order of the plan, and the shortest way to the target."""

    advice: tuple[Advice, ...]
    path: Way


def explain(folder: str | Path, code: str) -> Answer[explaining.Chain]:
    """Why the criterion of this code has its points: rule row, figures, cells, files with their SHA-256.

    Points and figures are ``Decimal``, those in points of the set.

    Raises :class:`CannotRunError` if there is no result or no such criterion.

    >>> why = cchc_xl.explain(year.folder, "1.6").value
    >>> why.criterion.points, why.criterion.rule.cell, why.measures[0].value
    (Decimal('1.75'), 'A12', Decimal('1'))
    >>> [(item.file, item.cell) for item in why.measures[0].entries if item.value]
    [('2020-N_LDVLBH.xlsx', 'D11')]
    """
    contents = open_result_of_one(folder)
    with relying_on(folder), or_cannot_run(f"Không đọc được {folder}"):
        appraisal = _appraisal(Path(folder))
        found = explaining.chain(contents, code, appraisal)
        return Answer(found, tuple(explaining.lines(contents, code, appraisal)), to_object(found), (contents,))


def _appraisal(folder: Path) -> str | None:
    """The hash of the appraisal workbook that the result was made with."""
    known = manifest.load(folder)
    return None if known is None else known.files.get(f"{SOURCES}/{APPRAISAL}")


def explain_figure(folder: str | Path, figure: str, *, whole: bool = False) -> Answer[Trace]:
    """Looks a number up in every Word file of a finished result and in the result itself.

    ``figure`` is written as the report writes it or as one types it: ``74,12%``, ``1480``, ``640.905.000 đồng``.
    The lines are the answer alone; ``whole`` gives every place and value with its chain and files.

    Raises :class:`CannotRunError` if there is no result, or the number is none or is found nowhere.

    >>> found = cchc_xl.explain_figure(year.folder, "74,12%").value
    >>> found.places[0].document, found.values[0].kind, found.values[0].formula
    ('bao-cao.docx', 'index', '74,12 / 100 = 74,12%')
    """
    contents = open_result_of_one(folder)
    found, unread = _places(Path(folder), figure)
    with relying_on(folder), or_cannot_run(f"Không đọc được {folder}"):
        trace = Trace(found, explaining.figure_chain(contents, figure, found, _appraisal(Path(folder))), unread)
        lines = tuple(explaining.figure_answer(figure, trace.values, found))
        if whole or not lines:
            lines = tuple(explaining.figure_lines(contents, figure, trace.values, found))
        told = {"figure": figure, **to_object(trace), "findings": []}
        return Answer(trace, (*unread, *lines), told, (contents,))


def advise(folder: str | Path, target: Decimal | int | None = None, *, whole: bool = False) -> Answer[Advised]:
    """What would raise the index, and the shortest way to ``target`` percent, else to the target of the plan.

    Gains and losses are what the index itself changes by, in percentage points (design §13). The lines are the way
    alone; ``whole`` adds every criterion with its next step and its risk.

    Raises :class:`CannotRunError` if there is no result, or neither names a target.

    >>> way = cchc_xl.advise(year.folder, 80).value.path
    >>> [(stop.code, stop.full - stop.points, stop.percent) for stop in way.stops]
    [('4.1.2', Decimal('3'), Decimal('77.12')), ('3.3.2', Decimal('3'), Decimal('80.12'))]
    """
    contents = open_result_of_one(folder)
    wanted = target if target is not None else contents.settings.target_index
    if wanted is None:
        raise CannotRunError("Kế hoạch không ghi chỉ số mục tiêu: hãy thêm --target, ví dụ --target 80.")
    with relying_on(folder):
        found = Advised(contents.advice, path_to(contents, contents.advice, Decimal(wanted)))
        lines = advice_lines.lines(found.advice, found.path, whole=whole, places=contents.settings.places)
        return _answer(found, lines, (contents,))


def compare(before: str | Path, after: str | Path, *, whole: bool = False) -> Answer[Comparison]:
    """Two periods or years side by side; the lines tell what moved most, with ``whole`` all of it.

    Differences are after less before, in percentage points or points of the set; an interval while points are missing.

    Raises :class:`CannotRunError` if one of the folders holds no result.

    >>> apart = cchc_xl.compare(year.folder, quarter.folder).value.index
    >>> apart.difference_percentage_points, apart.difference_interval
    (None, (Decimal('-33.97'), Decimal('15.52')))
    """
    results = open_result_of_one(before), open_result_of_one(after)
    with relying_on(before, after):
        found = comparing.compare(*results)
        return _answer(found, comparing.lines(found, whole=whole), results)


def rank(
    folders: Sequence[str | Path],
    *,
    exclude: Collection[str] = (),
    classes: Sequence[tuple[str, Decimal | int]] = (),
    out: str | Path | None = None,
) -> Answer[Ranking]:
    """Many agencies' results in order, each labelled by its folder.

    The result of many agencies stands for all of them, each ranked within its ``Nhóm`` as the run ranked it; where
    there are several, the answer is a ``RankedGroups``. With ``out`` the ranking is also written into that folder, as
    ``xep-hang.xlsx`` and ``xep-hang.docx``.

    ``exclude`` names agencies that are scored but not ranked, ``classes`` are names with their lower limits in percent,
    else those of the plan where the results of a group have the same.
    A result that cannot be relied on is told by an error and the others are ranked. Raises :class:`CannotRunError` if
    one of the folders holds no result at all, or none of them one that can be ranked. Contract: design §14.

    >>> ranking = cchc_xl.rank([year.folder, quarter.folder], classes=[("Khá", 70)]).value
    >>> [(item.label, item.rank, item.class_) for item in ranking.agencies]  # the second has points to come
    [('2020-N', 1, 'Khá'), ('2021-Q1', 2, None)]
    """
    given = [member for folder in folders for member in _of_many(Path(folder))]
    limits = [(name, Decimal(limit)) for name, limit in classes]
    groups, left_out = _groups(given, limits)
    findings = tuple(finding("R101", CellRef(label), agency=label, reason=why) for label, why in left_out.items())
    with relying_on(*(path for path, _, _ in given)):
        made = ranking.rank_groups([one.asked(limits) for one in groups], excluded=exclude)
        found = ranking.joined(made)
        wholes = list({id(whole): whole for _, _, whole in given}.values())
        beside: tuple[str, ...] = ()
        if out is not None:
            ranked = [RankedGroup(one, dict(own.results)) for one, own in zip(made, groups, strict=True)]
            beside = write_ranking_of(ranked, wholes[0] if len(wholes) == 1 else None, Path(out))
        unscored = (
            f"Chưa có kết quả: {item.name} ({item.reason or NOT_SCORED[item.status]})"
            for whole in wholes
            for item in (whole.agencies if whole else ())
            if item.status != "scored"
        )
        unranked = (f"{item.code} {message(item)} {fix(item)}" for item in findings)
        asked = [contents for own in groups for _, contents in own.results]
        return _answer(found, (*ranking.lines(found), *unscored, *unranked, *beside), asked, findings)


@dataclass(frozen=True, slots=True)
class _Group:
    """Results to be ranked together, and for each the whole that it is of, and that one's settings, else its own."""

    name: str
    results: list[ranking.Named]
    settings: list[Settings]
    wholes: list[Contents | None]

    def asked(self, limits: Sequence[tuple[str, Decimal]]) -> ranking.Group:
        """The group as it is to be ranked: with the classes given, else its own; one whole as it was compared."""
        asked = ranking.Group(self.name, self.results, limits or self.limits())
        whole = self.wholes[0]
        if whole is None or any(one is not whole for one in self.wholes):
            return asked
        stored = (one for one in whole.ranking if key(one.group) == key(self.name))
        year, before = next(map(places_again, stored), (asked.year_before, None))
        return replace(asked, year_before=year, period_before=before)

    def limits(self) -> Sequence[tuple[str, Decimal]]:
        """The classes of the plan, where all have the same."""
        first = self.settings[0]
        return class_limits(first) if all(own.classes == first.classes for own in self.settings) else ()


def _groups(
    given: Sequence[_Member], limits: Sequence[tuple[str, Decimal]]
) -> tuple[tuple[_Group, ...], dict[str, str]]:
    """The results by ``Nhóm``, and by label why one is left out. Raises :class:`CannotRunError` if none is left."""
    short = len(given) == len({path.name for path, _, _ in given})
    groups: dict[str, _Group] = {}
    left_out: dict[str, str] = {}
    for path, group, whole in given:
        label = path.name if short else str(path)
        try:
            named = label, open_result_of_one(path)
            with relying_on(path):  # alone: of many it could not be told which one it is
                tuple(ranking.lines(ranking.rank([named], classes=limits)))
        except CannotRunError as error:
            if not (path / RESULT).exists():
                raise
            left_out[label] = str(error)
        else:
            own = groups.setdefault(key(group), _Group(group, [], [], []))
            own.results.append(named)
            own.settings.append((whole or named[1]).settings)
            own.wholes.append(whole)
    if left_out and not groups:
        raise CannotRunError("; ".join(left_out.values()))
    return tuple(groups.values()), left_out


def _of_many(folder: Path) -> tuple[_Member, ...]:
    """The agencies' folders, each with its ``Nhóm`` and the whole, of the result of many; else the folder itself."""
    alone: tuple[_Member, ...] = ((folder, "", None),)
    if not (folder / RESULT).is_file():
        return alone
    with suppress(ArchiveError, OSError):
        whole = load_contents(folder)
        return tuple((folder / item.folder, item.group, whole) for item in whole.agencies if item.folder) or alone
    return alone


def _answer(
    found: _T, lines: Iterable[str], results: Iterable[Contents], findings: Iterable[Finding] = ()
) -> Answer[_T]:
    told = to_objects(map(told_finding, findings))
    return Answer(found, tuple(lines), {**to_object(found), "findings": told}, tuple(results))


def _places(folder: Path, figure: str) -> tuple[tuple[Place, ...], tuple[str, ...]]:
    """A Word file that is damaged or gone does not keep the values from being explained."""
    every = (*folder.glob("*.docx"), *(folder / REMINDERS).glob("*.docx"))
    left_out = ("~$", ".", Path(NOTE_FILE).stem)  # the note is itself a list of sources
    names = sorted(path for path in every if not path.name.startswith(left_out))
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
            why = str(error) if isinstance(error, NotWordError) else f"không mở được ({reason(error)})"
            unread.append(f"Không đọc được {path.name} ({why}): nơi ghi trong tệp này chưa được tìm.")
    return tuple(found), tuple(unread)
