"""Whether a result follows from its inputs: its folder and the shared folder come in, the differences go out.

Contract: design §12. Every file of the result and every input is hashed again, and the result is computed again from
the plan and the appraisal that it keeps and from the files of the shared folder; nothing is written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from cchc_xl.office.excel.disk import Location
from cchc_xl.office.word.by_hand import edits
from cchc_xl.office.word.file import NotWordError
from cchc_xl.office.word.fill import TemplateError
from cchc_xl.papers.documents import render
from cchc_xl.pipeline.addresses import hash_of, here, located
from cchc_xl.pipeline.answers import Answer
from cchc_xl.pipeline.collection import Manner
from cchc_xl.pipeline.jobs import REPORT, REPORT_FILE
from cchc_xl.pipeline.line import CannotRunError, assess, edition_of, open_result_of_one, or_cannot_run, out_of
from cchc_xl.pipeline.whole import read_appraisers
from cchc_xl.plan import load_plan
from cchc_xl.plan.agencies import for_agency, with_last_year
from cchc_xl.records import Plan
from cchc_xl.result import archive, manifest
from cchc_xl.result.contents import Contents
from cchc_xl.result.manifest import Manifest, sha256
from cchc_xl.result.objects import to_object
from cchc_xl.score.appraisers import FOLDER, Said, appraisers_of
from cchc_xl.text.words import key

# What follows from what stands in the result's folder, or from templates, whose hashes are compared anyway.
_NOT_COMPUTED = ("U210", "W")
_NAMED_BY = ("code", "unit", "file", "name")
_SHOWN = 20
_QUOTED = 90
_FIGURES = "số khác kết quả"


@dataclass(frozen=True, slots=True)
class Difference:
    """A file or a place in the result that is not as it should be, by name, and what is different."""

    name: str
    what: str


def verify(
    folder: str | Path, shared: str | Location, *, previous: str | Path | None = None
) -> Answer[tuple[Difference, ...]]:
    """What differs between a finished result and what its inputs give now; the first difference stands first.

    ``shared`` holds the units' files, here or on a server as for :func:`check`. ``previous`` is the result that the run
    was told to compare with, else the copy of it that the result keeps. Contract: design §12.

    Raises :class:`CannotRunError` if there is no result with a manifest, or its plan cannot be read.

    >>> found = cchc_xl.verify(quarter.folder, "thu/2021-quy-1/don-vi")
    >>> found.value, found.told["same"]
    ((), True)
    >>> print(*found.lines)
    Đã kiểm chứng 2021-Q1: ... tệp kết quả và 8 tệp đầu vào còn nguyên, tính lại ra đúng kết quả này.
    """
    here(folder, previous)
    folder, shared = Path(folder).absolute(), located(shared)
    contents = open_result_of_one(folder)
    folder = archive.standing(folder.parent, folder.name)
    known = manifest.load(folder)
    if known is None:
        raise CannotRunError(f"Không đọc được {folder / manifest.MANIFEST}: hãy chạy lại `cchc-xl run`.")
    found = [*_files(folder, known, contents), *_inputs(shared, known)]
    earlier = folder / archive.SOURCES / archive.EARLIER
    if previous is None and (earlier / archive.RESULT).is_file():
        previous = earlier
    before = None if previous is None else open_result_of_one(previous)
    plan = next(iter(known.plan), "")
    with or_cannot_run(f"Không mở được {folder / archive.SOURCES / plan}", "hãy chạy lại `cchc-xl run`"):
        loaded = load_plan(folder / archive.SOURCES / plan)
    if contents.agency_code:
        loaded = _of_agency(loaded, contents)
    said = _said(folder / archive.SOURCES, loaded, contents)
    made = assess(
        loaded,
        shared,
        period=contents.period,
        out=out_of(folder, contents),
        before=before,
        again=folder,
        said=said,
        manner=Manner(cached=False),
    )
    then = _computed(contents)
    vi, en = ([*_apart(then, _computed(made.contents(lang)), ())] for lang in ("vi", "en"))
    found += en if len(en) < len(vi) else vi
    return Answer(tuple(found), tuple(_lines(contents.period, found, known)), _told(found), (contents,))


def _of_agency(plan: Plan, contents: Contents) -> Plan:
    """The plan of one of many agencies; last year's place and index may have come from the result before."""
    if all(item.code != contents.agency_code for item in plan.agencies):
        raise CannotRunError(f"Kế hoạch kèm kết quả không có cơ quan {contents.agency_code}: hãy chạy lại.")
    told = contents.settings
    return with_last_year(for_agency(plan, contents.agency_code), told.previous_rank, told.previous_index)


def _said(sources: Path, plan: Plan, contents: Contents) -> tuple[Said, ...]:
    """What the appraisers of many agencies said of this one, where the result was made with it."""
    if not contents.agency_code or not (sources / FOLDER).is_dir():
        return ()
    rows, _ = read_appraisers(sources, appraisers_of(edition_of(plan, contents.period)))
    return tuple(one for own in rows.values() for one in own if key(one.agency) == key(contents.agency_code))


def _files(folder: Path, known: Manifest, contents: Contents) -> Iterator[Difference]:
    """The result's own files; an appraisal workbook in which the Office works on is none."""
    for name, sha in known.files.items():
        made = sha256(folder / name)
        if not made:
            yield Difference(name, "không còn trong kết quả")
        elif made != sha and name != archive.APPRAISAL:
            told = list(_by_hand(folder, name, sha, contents))
            figures = sum(item.what.startswith(_FIGURES) for item in told)
            counted = f" ({len(told)} đoạn sửa tay, trong đó {figures} đoạn có số khác kết quả)" if told else ""
            yield Difference(name, f"đã bị sửa sau khi lập{counted}")
            yield from told


def _by_hand(folder: Path, name: str, sha: str, contents: Contents) -> Iterator[Difference]:
    """What the officer changed in the report, by paragraph; numbers other than the result's are told apart from words.

    The report as it was written is made again: where that does not give its very bytes (another version of the program
    wrote it) no word of ours can be told from the officer's.
    """
    if name != REPORT_FILE:
        return
    with suppress(TemplateError, NotWordError, OSError):
        template = folder / archive.SOURCES / REPORT
        ours = next((one for one in _made(contents, template) if hashlib.sha256(one).hexdigest() == sha), None)
        for edit in edits(ours, (folder / name).read_bytes()) if ours else ():
            at = f"{name} › đoạn {edit.number}"
            gone, come = edit.figures
            if gone or come:
                told = f"trong kết quả là {_numbers(gone)}, trong văn bản là {_numbers(come)}"
                yield Difference(at, f"{_FIGURES}: {told} (“{_cut(edit.after or edit.before)}”)")
            elif edit.before and edit.after:
                yield Difference(at, f"sửa tay: “{_cut(edit.before)}” thành “{_cut(edit.after)}”")
            else:
                yield Difference(at, f"sửa tay: {'thêm' if edit.after else 'bỏ'} “{_cut(edit.after or edit.before)}”")


def _made(contents: Contents, template: Path) -> Iterator[bytes]:
    """The report of a result once more, as it is written without and with the appendix of sources."""
    with TemporaryDirectory() as home:
        for with_sources in (False, True):
            out = Path(home) / REPORT_FILE
            render(contents, template, out, with_sources=with_sources)
            yield out.read_bytes()


def _numbers(digits: Sequence[str]) -> str:
    return "; ".join(digits) or "không có số này"


def _cut(text: str) -> str:
    return text if len(text) <= _QUOTED else f"{text[: _QUOTED - 1]}…"


def _inputs(shared: Location, known: Manifest) -> Iterator[Difference]:
    """The units' files, of a folder or the one file."""
    home = shared.parent if shared.is_file() else shared
    for name, sha in known.inputs.items():
        above = (str(path) for path in PurePosixPath(name).parents)
        packed = next((path for path in (home / one for one in (name, *above)) if path.is_file()), None)
        if packed is None:
            yield Difference(name, f"không còn trong {shared}")
        elif packed == home / name and hash_of(packed) != sha:
            yield Difference(name, "khác tệp đã dùng khi lập kết quả")


def _computed(contents: Contents) -> Mapping[str, object]:
    own = tuple(item for item in contents.findings if not item.code.startswith(_NOT_COMPUTED))
    return to_object(replace(contents, edited=(), finding_groups=(), findings=own))


def _apart(then: object, now: object, at: tuple[str, ...]) -> Iterator[Difference]:
    """Where two objects differ, in their order: the places by the codes and names that stand in them."""
    if isinstance(then, Mapping) and isinstance(now, Mapping):
        for name in (*then, *(name for name in now if name not in then)):
            yield from _apart(then.get(name), now.get(name), (*at, str(name)))
    elif isinstance(then, Sequence) and isinstance(now, Sequence) and not isinstance(then, str):
        for number in range(max(len(then), len(now))):
            one, other = (side[number] if number < len(side) else None for side in (then, now))
            yield from _apart(one, other, (*at, _called((one, other), number)))
    elif then != now:
        yield Difference(
            " › ".join((archive.RESULT, *at)), f"trong kết quả là {_shown(then)}, tính lại ra {_shown(now)}"
        )


def _called(pair: Sequence[object], number: int) -> str:
    item = next((one for one in pair if isinstance(one, Mapping)), {})
    return next((str(item[name]) for name in _NAMED_BY if item.get(name)), str(number + 1))


def _shown(value: object) -> str:
    if isinstance(value, Mapping | list):
        return "có mục này"
    return "không có" if value is None else f"“{value}”"


def _lines(period: str, found: Sequence[Difference], known: Manifest) -> Iterator[str]:
    if not found:
        yield (
            f"Đã kiểm chứng {period}: {len(known.files)} tệp kết quả và {len(known.inputs)} tệp đầu vào còn nguyên, "
            "tính lại ra đúng kết quả này."
        )
        return
    yield f"Kết quả {period} không khớp ở {len(found)} chỗ; chỗ đầu tiên: {found[0].name} {found[0].what}."
    yield from (f"  {item.name}: {item.what}" for item in found[:_SHOWN])
    if len(found) > _SHOWN:
        yield f"  … và {len(found) - _SHOWN} chỗ nữa"


def _told(found: Sequence[Difference]) -> dict[str, object]:
    differences = [{"name": item.name, "what": item.what} for item in found]
    return {"same": not found, "differences": differences, "findings": []}
