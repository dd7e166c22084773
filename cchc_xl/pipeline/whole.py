"""What is about many agencies together: their results come in, ranking, its papers and the whole result go out.

Written beside the agencies' own results, and only where something of it has changed (design §14).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Literal

from cchc_xl import __version__
from cchc_xl.ask.rank import rank
from cchc_xl.office.excel import Refused, read
from cchc_xl.office.excel.disk import held_open
from cchc_xl.papers.ranking_papers import RankedGroup, render_ranking, write_ranking
from cchc_xl.pipeline.jobs import RANKING, RANKING_DOCUMENT, RANKING_WORKBOOK, ranking_template
from cchc_xl.pipeline.line import CannotRunError, or_cannot_run
from cchc_xl.plan.cells import class_limit
from cchc_xl.records import Agency, Finding, Period, Plan, Settings
from cchc_xl.result import archive, manifest
from cchc_xl.result.comparison import Published
from cchc_xl.result.contents import SCHEMA, Contents, FindingGroup, PlanFile, PublishedIndex, ToldFinding
from cchc_xl.result.kept import told_beside
from cchc_xl.result.manifest import UNFINISHED, Made
from cchc_xl.result.ranking import (
    LAST_YEAR,
    AgencyResult,
    EarlierPlaces,
    PublishedPercent,
    RankedAgency,
    Ranking,
)
from cchc_xl.result.result_file import told_finding
from cchc_xl.result.view import where
from cchc_xl.score.appraisers import FOLDER, Said, read_appraiser, write_appraiser
from cchc_xl.text.catalogue import title
from cchc_xl.text.file_names import file_name, file_names
from cchc_xl.text.numbers import upper_first
from cchc_xl.text.words import VIETNAM, key
from cchc_xl.unit.folder import source_file

Classes = Sequence[tuple[str, Decimal]]


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one agency: its result, kept as it was or made anew, or why there is none."""

    code: str
    contents: Contents | None = None
    kept: bool = False
    reason: str = ""
    notices: tuple[str, ...] = ()


def class_limits(settings: Settings) -> Classes:
    """The classes of the setting ``Xếp loại``, with their lower limits."""
    return [limit for text in settings.classes if (limit := class_limit(text)) is not None]


def ranked_groups(
    plan: Plan,
    agencies: Sequence[Agency],
    done: Sequence[Done],
    classes: Classes,
    year: Contents | None = None,
    before: Contents | None = None,
) -> tuple[RankedGroup, ...]:
    """The agencies that have a result, ranked within each ``Nhóm`` in the order of the plan.

    ``year`` is the whole of the year before, ``before`` that of the period before this one, to compare places with.
    """
    limits = classes or class_limits(plan.settings)
    results = {item.code: item.contents for item in done if item.contents is not None}
    names: dict[str, str] = {}
    members: dict[str, list[str]] = {}
    for item in agencies:
        names.setdefault(key(item.group), item.group)
        members.setdefault(key(item.group), []).append(item.code)
    made = []
    for group, codes in members.items():
        own = {code: results[code] for code in codes if code in results}
        if own:
            made.append(
                RankedGroup(
                    rank(
                        list(own.items()),
                        classes=limits,
                        group=names[group],
                        year_before=_year_before(plan, year, names[group], own) if year else EarlierPlaces(),
                        period_before=places_in(before, names[group], own) if before else None,
                    ),
                    own,
                )
            )
    return tuple(made)


def _year_before(plan: Plan, year: Contents, group: str, codes: Collection[str]) -> EarlierPlaces:
    """Who was ranked then is in the agencies' plans already; here is of when it is, and who was not.

    Where the plan states a place of the year before, the column is of that year.
    """
    found = places_in(year, group, codes)
    stated = any(item.code in codes and item.settings.previous_rank is not None for item in plan.agencies)
    return replace(found, name=LAST_YEAR if stated or year.is_whole_year else found.name)


def places_in(whole: Contents, group: str, codes: Iterable[str]) -> EarlierPlaces:
    """The places that agencies had in an earlier ranking of their group; in words why one had none there."""
    ranks: dict[str, int] = {}
    words: dict[str, str] = {}
    there = {key(item.code): item for item in whole.agencies}
    for code in codes:
        item = there.get(key(code))
        if item is None:
            words[code] = "mới"
        elif key(item.group) != key(group):
            words[code] = f"chuyển từ nhóm {item.group}" if item.group else "mới chia nhóm"
        elif item.rank is None:
            words[code] = "kỳ đó chưa xếp hạng"
        else:
            ranks[code] = item.rank
    return EarlierPlaces(upper_first(whole.period_name), ranks, words)


def places_again(ranking: Ranking) -> tuple[EarlierPlaces, EarlierPlaces | None]:
    """What a stored ranking was compared with: the year before and the period before it."""
    rows = ranking.agencies
    year = {row.label: row.change for row in rows if row.change and row.previous_rank is None}
    if not ranking.earlier:
        return EarlierPlaces(ranking.since, words=year), None
    ranks = {row.label: row.earlier_rank for row in rows if row.earlier_rank is not None}
    words = {row.label: row.earlier_change for row in rows if row.earlier_change and row.earlier_rank is None}
    return EarlierPlaces(ranking.since, words=year), EarlierPlaces(ranking.earlier, ranks, words)


def whole_contents(
    plan: Plan,
    period: Period,
    agencies: Sequence[Agency],
    done: Sequence[Done],
    groups: Sequence[RankedGroup],
    findings: Sequence[Finding],
    placed: Mapping[str, str],
    lang: str,
) -> Contents:
    """The result of the whole: the agencies with their places; every error and warning with its agency's folder."""
    rows = {row.label: row for group in groups for row in group.ranking.agencies}
    by_code = {item.code: item for item in done}
    told = [told_finding(item, lang) for item in findings]
    for item in done:
        own = item.contents.findings if item.contents else ()
        told += [
            _of_agency(one, placed[item.code], file_name(item.code), plan.file) for one in own if one.severity != "note"
        ]
    return Contents(
        schema=SCHEMA,
        period=period.code,
        period_name=period.name,
        period_start=period.start,
        period_end=period.end,
        due=period.due,
        agency=plan.settings.agency,
        plan=PlanFile(plan.file, plan.sha256),
        settings=plan.settings,
        units=(),
        index=PublishedIndex(_ZERO, _ZERO, None, None, complete=False, target=None, previous=None),
        criteria=(),
        measures={},
        measure_details=(),
        tasks=(),
        conflicts=(),
        rollcall=(),
        findings=tuple(told),
        finding_groups=tuple(_grouped(told, lang)),
        sources=(),
        agencies=tuple(_agency(item, by_code.get(item.code), rows.get(item.code)) for item in agencies),
        ranking=tuple(group.ranking for group in groups),
    )


_ZERO = Published(Decimal(0))


def _agency(item: Agency, done: Done | None, row: RankedAgency | None) -> AgencyResult:
    contents = done.contents if done else None
    status: Literal["scored", "missing", "failed"] = "missing" if done is None else "scored" if contents else "failed"
    index = contents.index if contents else None
    severities = [one.severity for one in contents.findings] if contents else []
    return AgencyResult(
        code=item.code,
        name=item.name,
        group=item.group,
        folder=file_name(item.code) if contents else "",
        status=status,
        index=PublishedPercent(index.percent, index.percent_if_missing_full, index.complete) if index else None,
        rank=row.rank if row else None,
        class_=row.class_ if row else None,
        previous_rank=row.previous_rank if row else item.settings.previous_rank,
        errors=severities.count("error"),
        warnings=severities.count("warning"),
        reason=done.reason if done else "",
    )


def _of_agency(item: ToldFinding, folder: str, code: str, plan: str) -> ToldFinding:
    """A finding of one agency as the whole tells it: its file is relative to the folder that was read."""
    if item.file and (item.file == plan or item.file.startswith(f"{FOLDER}/")):
        return item  # of the plan, or an appraiser's workbook: about many agencies
    if item.file == archive.APPRAISAL:  # in the agency's result, not among what it sent
        return replace(item, file=f"{code}/{item.file}")
    return replace(item, file=f"{folder}/{item.file}" if item.file else folder)


def _grouped(told: Sequence[ToldFinding], lang: str) -> Iterator[FindingGroup]:
    by_code: dict[str, list[ToldFinding]] = {}
    for item in told:
        by_code.setdefault(item.code, []).append(item)
    for code, own in sorted(by_code.items(), key=lambda pair: (pair[0][1], pair[0])):
        files = {item.file for item in own if item.file}
        yield FindingGroup(code, own[0].severity, title(code, lang), len(own), len(files), where(own[0]))


@dataclass(frozen=True, slots=True)
class Appraised:
    """The appraisers of all agencies with their criteria, what their workbooks hold, and the hashes of these."""

    names: Mapping[str, frozenset[str]]
    said: Mapping[str, tuple[Said, ...]]
    read: Mapping[str, str]


def read_appraisers(
    home: Path, names: Mapping[str, frozenset[str]]
) -> tuple[dict[str, tuple[Said, ...]], dict[str, Path]]:
    """The rows of every appraiser's workbook by appraiser, and the workbooks by their names in the result.

    Raises :class:`CannotRunError` for one that is open, gone or cannot be read: what was entered must not be lost.
    """
    known = manifest.load(home)
    rows: dict[str, tuple[Said, ...]] = {}
    paths: dict[str, Path] = {}
    for name, file in file_names(names).items():
        inside = f"{FOLDER}/{file}.xlsx"
        path = home / inside
        if not path.exists():
            if known is not None and inside in known.files:
                raise CannotRunError(
                    f"Không thấy tệp thẩm định {path} mà kết quả lần trước có: hãy lấy lại tệp (thùng rác, bản trước ở "
                    f"{archive.VERSIONS}), hoặc xóa tên {name} ở cột “Người thẩm định” của kế hoạch."
                )
            continue
        if held_open(path) is not None:
            raise CannotRunError(f"Tệp thẩm định {path} đang mở: hãy lưu, đóng tệp rồi chạy lại.")
        with or_cannot_run(f"Không đọc được tệp thẩm định {path}", "hãy đặt lại đúng tệp rồi chạy lại"):
            form = read(source_file(path, home))
        found = None if isinstance(form, Refused) else read_appraiser(form)
        if found is None:
            raise CannotRunError(
                f"Tệp thẩm định {path} không còn bảng hoặc cột như khi lập: hãy sửa lại tên cột, hoặc đặt lại bản "
                f"trước ở {archive.VERSIONS}, rồi chạy lại."
            )
        rows[name], paths[inside] = found, path
    return rows, paths


def _write_appraisers(home: Path, contents: Contents, groups: Sequence[RankedGroup], appraised: Appraised) -> None:
    results = {label: made for group in groups for label, made in group.results.items()}
    for name, file in file_names(appraised.names).items():
        (home / FOLDER).mkdir(exist_ok=True)
        period, said = (contents.period, contents.period_name), appraised.said.get(name, ())
        write_appraiser(home / FOLDER / f"{file}.xlsx", name, period, results, appraised.names[name], said)


def place_ranking(
    home: Path, contents: Contents, groups: Sequence[RankedGroup], plan: Plan, appraised: Appraised
) -> tuple[str, ...]:
    """``result.json``, ``xep-hang.xlsx`` and ``.docx`` of the whole, unless they follow from what stands there already.

    Returns the sentences about files that somebody had changed.
    """
    template = ranking_template(Path(plan.path))
    text = archive.as_json(contents)
    inputs = {f"{row.label}/{archive.RESULT}": "" for group in groups for row in group.ranking.agencies}
    names = {item.code: item.folder for item in contents.agencies}
    inputs = {one: manifest.sha256(home / names[one.partition("/")[0]] / archive.RESULT) for one in inputs}
    made = Made(__version__, {plan.file: plan.sha256}, {RANKING: manifest.sha256(template)}, inputs)
    known = manifest.load(home)
    ours = known is not None and all(known.is_ours(name, home / name) for name in appraised.read)
    if known is not None and ours and _follows(known, made, home) and _same(home / archive.RESULT, text):
        return ()
    return _put(home, contents, groups, template, made, text, appraised)


_NOBODY = Appraised({}, {}, {})


def _put(
    home: Path,
    contents: Contents,
    groups: Sequence[RankedGroup],
    template: Path,
    made: Made,
    text: str = "",
    appraised: Appraised = _NOBODY,
) -> tuple[str, ...]:
    """The papers about the ranking in their place, and ``text`` as ``result.json`` where there is any."""
    with or_cannot_run(f"Không ghi được vào {home}", "hãy đóng tệp đang mở hoặc đổi thư mục"):
        home.mkdir(parents=True, exist_ok=True)
        new = home / UNFINISHED
        archive.clear(new)
        new.mkdir()
        if text:
            (new / archive.RESULT).write_text(text, encoding="utf-8")
        write_ranking(contents, groups, new / RANKING_WORKBOOK)
        if groups:
            render_ranking(contents, groups, template, new / RANKING_DOCUMENT)
        _write_appraisers(new, contents, groups, appraised)
        beside = archive.place_whole(home, new, made, datetime.now(VIETNAM), appraised.read)
    return tuple(filter(None, (told_beside(beside),)))


_HEAD, _NAME = "Thủ trưởng cơ quan", "Họ và tên"  # who publishes it, no result of another agency says


def write_ranking_of(groups: Sequence[RankedGroup], whole: Contents | None, out: Path) -> tuple[str, ...]:
    """The papers about rankings of separate results, or of those of a whole.

    The office of the whole publishes it; without one the agency that is above them all. Returns the sentences about
    files that somebody had changed. Raises :class:`CannotRunError` where a result stands, or nothing can be written.
    """
    if (out / archive.RESULT).exists():
        raise CannotRunError(f"{out} là thư mục kết quả: hãy chọn thư mục khác cho bảng xếp hạng.")
    template = ranking_template(Path())
    if whole is not None:
        return _put(out, whole, groups, template, Made(__version__, {}, {}, {}))
    first = next(iter(groups[0].results.values()))
    own = first.settings
    settings = Settings(agency=own.parent_agency, place=own.place, year=own.year, places=own.places)
    settings = replace(
        settings, index_name=own.index_name, index_short=own.index_short, signing_title=_HEAD, signer=_NAME
    )
    contents = replace(first, agency=own.parent_agency, settings=settings, criteria=(), units=())
    return _put(out, contents, groups, template, Made(__version__, {}, {}, {}))


def _follows(known: manifest.Manifest, made: Made, home: Path) -> bool:
    same = (known.version, known.plan, known.templates, known.inputs)
    there = all((home / name).exists() for name in known.files)
    return there and same == (made.version, made.plan, made.templates, made.inputs)


def _same(path: Path, text: str) -> bool:
    return manifest.sha256(path) == sha256(text.encode()).hexdigest()
