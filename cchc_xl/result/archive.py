"""The result folder: files written beside the old result come in, one complete result goes out, never half of each.

Contract: design §5 (swap), §12. A result is complete when its ``manifest.json`` is there: it is written last. What the
manifest of the old result does not list, or lists with another hash, is people's and stays under its own name.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import MAXYEAR, datetime
from itertools import count
from pathlib import Path
from types import MappingProxyType

from cchc_xl.office.excel.disk import held_open
from cchc_xl.plan.cells import MOST_PLACES
from cchc_xl.plan.edition import DEEPEST
from cchc_xl.records import Plan
from cchc_xl.result import kept, manifest
from cchc_xl.result.contents import Contents
from cchc_xl.result.kept import carry, copied, discard, free
from cchc_xl.result.manifest import MANIFEST, UNFINISHED, Made, Manifest, bounded, parsed, sha256
from cchc_xl.result.objects import ContentsError, as_lines, as_text, from_object, to_written
from cchc_xl.text.file_names import file_name
from cchc_xl.text.system_error import ToldError, reason
from cchc_xl.text.words import VIETNAM

# In nguon/: the result of a year before that was asked for, so that what follows from it can be computed again.
EARLIER = "ky-truoc"
RESULT, SOURCES, APPRAISAL, VERSIONS = kept.RESULT, kept.SOURCES, kept.APPRAISAL, "tham-dinh-cu"
MAX_RESULT = 256 * 1024 * 1024
_LARGEST_PERCENT = 1_000
KEPT_VERSIONS = 5

_VERSION_NUMBER = re.compile(r"-(\d{4})-\d{8}-\d{6}$")
_TRIES, _PAUSE_SECONDS = 5, 0.2


class ArchiveError(ToldError):
    """A result cannot be opened or put in its place; the text is one sentence for the officer."""


class SavedMeanwhileError(ToldError):
    """Somebody saved the appraisal during the run: the old result stands; the text is one sentence for the officer."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the new result stands, which open file kept it from its place, and what stands beside edited files."""

    folder: Path
    held: str | None = None
    beside: Mapping[str, str] = field(default_factory=dict)


def result_folder(out: Path, period: str) -> Path:
    """Where the result of this period stands.

    >>> result_folder(Path("ket-qua"), "2021-Q1").as_posix()
    'ket-qua/2021-Q1'
    """
    return out / file_name(period)


def standing(out: Path, period: str) -> Path:
    """The folder that holds the result of this period now, also after a swap was interrupted; writes nothing."""
    current, new, old = _places(out, file_name(period))
    return current if _is_result(current) or not old.exists() else _whole(new, old)


def edited(folder: Path) -> tuple[str, ...]:
    """The files of a result that somebody has changed since, but for the appraisal."""
    known = manifest.load(folder)
    return () if known is None else tuple(name for name in known.edited(folder) if name not in (APPRAISAL, RESULT))


def appraisal_is_gone(folder: Path) -> bool:
    """Whether a result had an appraisal workbook and has it no more."""
    known = manifest.load(folder)
    return known is not None and APPRAISAL in known.files and not (folder / APPRAISAL).exists()


def last_version(folder: Path) -> Path | None:
    """The appraisal workbook that was kept last."""
    versions = sorted((folder / VERSIONS).glob("*")) if (folder / VERSIONS).is_dir() else []
    return next((path for path in reversed(versions) if _VERSION_NUMBER.search(path.stem)), None)


def begin(out: Path, period: str) -> Path:
    """An empty folder to write the new result of this period into. The lock must be held, and :func:`settle` done.

    Raises :class:`ArchiveError` if something else stands in the result's place, ``OSError`` if nothing can be written.
    """
    name = file_name(period)
    current, new, _ = _places(out, name)
    if current.exists() and not (current.is_dir() and (_is_result(current) or not any(current.iterdir()))):
        raise ArchiveError(
            f"Trong {out} đã có {name} không phải kết quả do cchc-xl lập nên không bị thay: hãy đổi tên nó, hoặc chọn "
            "thư mục kết quả khác."
        )
    new.mkdir()
    (new / UNFINISHED).touch()
    return new


def settle(out: Path, period: str) -> None:
    """Finishes or undoes a swap that was interrupted, so that one result stands whole. The lock must be held.

    Raises :class:`ArchiveError` if something is in the way that cannot be moved out of it.
    """
    name, now = file_name(period), datetime.now(VIETNAM)
    current, new, old = _places(out, name)
    try:
        if os.path.lexists(old) and not _is_result(current):
            if current.exists():  # somebody made a folder of that name: it is theirs
                current.replace(out / free(out, name, f"giữ lại {now:%Hh%M}"))
            _whole(new, old).replace(current)
        if os.path.lexists(old):
            try:
                discard(old, current, now)
            except OSError:  # what is people's stands in the result by now
                old.replace(out / free(out, old.name, f"{now:%Hh%M}"))
        _remove_unfinished(new)
    except OSError as error:
        raise ArchiveError(
            f"Không dọn được {error.filename} của lượt chạy trước ({reason(error)}): hãy xin quyền xóa, hoặc nhờ "
            "người đã chạy lượt đó chạy lại."
        ) from error


def _whole(new: Path, old: Path) -> Path:
    """Of the folders that an interrupted swap has left the one that is the result: the new one if it is whole.

    An appraisal saved since it was read is in the old one alone: then nothing was swapped.
    """
    made, before, saved = manifest.load(new), manifest.load(old), sha256(old / APPRAISAL)
    if made is None:
        return old
    known = ("", made.files.get(f"{SOURCES}/{APPRAISAL}"), before.files.get(APPRAISAL) if before else "")
    return new if saved in known else old


def _places(out: Path, name: str) -> tuple[Path, Path, Path]:
    return out / name, out / f".{name}.new", out / f".{name}.old"


def _is_result(folder: Path) -> bool:
    return (folder / RESULT).is_file() and (folder / MANIFEST).is_file()


def _remove_unfinished(new: Path) -> None:
    """Deletes what an interrupted run wrote; a folder of that name that is not ours stays."""
    if not os.path.lexists(new):
        return
    if not new.is_dir() or (any(new.iterdir()) and not any((new / one).exists() for one in (UNFINISHED, RESULT))):
        raise ArchiveError(f"Thư mục {new} không do cchc-xl lập: hãy chuyển thư mục đó đi chỗ khác rồi chạy lại.")
    shutil.rmtree(new)


def write_result(folder: Path, contents: Contents, plan_file: Path, plan: Plan, templates: Mapping[str, Path]) -> None:
    """``result.json`` and byte copies of the plan and of the templates, these under the names they are for."""
    sources = folder / SOURCES
    sources.mkdir(exist_ok=True)
    shutil.copyfile(plan_file, sources / plan.file)
    for name, template in templates.items():
        shutil.copyfile(template, sources / name)
    with (folder / RESULT).open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in as_lines(to_written(contents)))


def as_json(contents: Contents) -> str:
    """The text of ``result.json``."""
    return as_text(to_written(contents)) + "\n"


def clear(folder: Path) -> None:
    """Deletes what an interrupted run has left of the files that it was writing."""
    if folder.is_dir():
        shutil.rmtree(folder)
    else:
        folder.unlink(missing_ok=True)


def seal(folder: Path, made: Made) -> None:
    """Writes ``manifest.json``: every file of the result with its SHA-256, on the disk before it."""
    (folder / UNFINISHED).unlink(missing_ok=True)
    manifest.save(folder, manifest.of(folder, made))


def place_again(folder: Path, name: str, written: Path, now: datetime) -> Path:
    """Puts a file that was made again into a finished result: beside the one there if somebody edited that.

    A file beside that nobody changed is replaced. Returns where it stands.
    """
    known = manifest.load(folder)
    target = folder / name
    if known is None:  # a result without a readable manifest has nothing to keep true: nothing in it is ours to replace
        target = folder / free(folder, name, f"mới {now:%Hh%M}") if target.exists() else target
        written.replace(target)
        return target
    manifest.flush(written)
    made, last = sha256(written), [one for one, of in known.beside.items() if of == name]
    if target.exists() and not known.is_ours(name, target):
        for one in last:
            if known.is_ours(one, folder / one):
                (folder / one).unlink()
        target = folder / free(folder, name, f"mới {now:%Hh%M}")
    stands = target.relative_to(folder).as_posix()
    files = {one: sha for one, sha in known.files.items() if one not in last or (folder / one).exists()}
    beside = {one: of for one, of in known.beside.items() if one in files}
    if stands != name:
        beside[stands] = name
        files.setdefault(name, "")
    written.replace(target)
    manifest.save(folder, replace(known, files={**files, stands: made}, beside=beside))
    return target


def place_whole(
    folder: Path, new: Path, made: Made, now: datetime, merged: Mapping[str, str] = MappingProxyType({})
) -> dict[str, str]:
    """Puts the files of the result of many agencies, made in the folder ``new``, beside the agencies' own results.

    A file that somebody changed since, or holds open, stays; ours is put beside it. Returns the names of such files,
    each with that of ours. ``merged`` are files that people write into, by the hash of what was read of them: ours has
    all of it, theirs is kept among the versions before; one saved since then stays, and '' is returned for it. The lock
    must be held. Killed at any moment each file is the old one or the new one, and the manifest knows both.
    """
    known = manifest.load(folder) or Manifest("")
    fresh = manifest.of(new, made)
    manifest.save(folder, replace(known, next=fresh.files))
    beside: dict[str, str] = {}
    files = dict(fresh.files)
    for name in sorted(fresh.files, key=lambda one: one == RESULT):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        is_theirs = target.exists() and not known.is_ours(name, target)
        if is_theirs and name in merged:
            if sha256(target) != merged[name]:
                beside[name], files[name] = "", ""
                continue
            kept_as = target.parent / VERSIONS / f"{target.stem}-{now:%Y%m%d-%H%M%S}{target.suffix}"
            kept_as.parent.mkdir(exist_ok=True)
            copied(target, kept_as)
            is_theirs = False
        if is_theirs and name == RESULT:  # read by its name: theirs stands beside
            target.replace(folder / free(folder, name, f"đã lưu {now:%Hh%M}"))
        elif is_theirs or (target.exists() and held_open(target, {one.name for one in target.parent.iterdir()})):
            for one in [one for one, of in known.beside.items() if of == name and known.is_ours(one, folder / one)]:
                (folder / one).unlink(missing_ok=True)
            beside[name] = free(folder, name, f"mới {now:%Hh%M}")
            files[beside[name]] = files[name]
            files[name] = "" if is_theirs else known.files.get(name, "")
            target = folder / beside[name]
        (new / name).replace(target)
    manifest.save(folder, replace(fresh, files=files, beside={ours: name for name, ours in beside.items() if ours}))
    shutil.rmtree(new)
    return beside


def keep_version(used: Path, new: Path, saved: datetime) -> None:
    """Copies the appraisal workbook that was used, and the last versions before it, into the new result."""
    shutil.copyfile(used, new / SOURCES / used.name)
    versions = new / VERSIONS
    versions.mkdir(exist_ok=True)
    before = used.parent / VERSIONS
    if before.is_dir():
        known = manifest.load(used.parent)
        for path in before.iterdir():  # others are people's: they move on by themselves
            if known is None or known.is_ours(f"{VERSIONS}/{path.name}", path):
                shutil.copyfile(path, versions / path.name)
    data, made = used.read_bytes(), manifest.load(used.parent)
    # What nobody has changed since we wrote it is no version: five idle runs would push out all that somebody entered.
    is_ours = made is not None and made.is_ours(used.name, used)
    if not is_ours and all(path.read_bytes() != data for path in versions.iterdir()):
        numbers = [int(found[1]) for path in versions.iterdir() if (found := _VERSION_NUMBER.search(path.stem))]
        number = max(numbers, default=0) + 1
        shutil.copyfile(used, versions / f"{used.stem}-{number:04d}-{saved:%Y%m%d-%H%M%S}{used.suffix}")
    for path in sorted(versions.iterdir())[:-KEPT_VERSIONS]:
        path.unlink()


def swap(out: Path, period: str, now: datetime, *, appraisal: str | None) -> Placed:
    """Puts the new result in the old one's place; ``appraisal`` is the hash of the appraisal workbook that was used.

    If a file of the old result is open, nothing is replaced: the new result stays beside it, without the appraisal
    workbook: that must exist once only. Raises :class:`SavedMeanwhileError` if the appraisal is another one by now,
    ``OSError`` if the folders cannot be renamed; then the old result stands as it stood.
    """
    name = file_name(period)
    current, new, old = _places(out, name)
    held = open_file(current) if current.exists() else None
    carried: dict[str, str] = {}
    if held is None and current.exists():
        carried = carry(current, new, now, copied, but=APPRAISAL)  # before the swap: it is never out of its place
        try:
            _patiently(lambda: current.replace(old))
        except OSError as error:
            held = Path(error.filename or name).name
    if held is not None:
        names = (f"{name}-moi-{now:%H%M}{'' if number == 1 else f'-{number}'}" for number in count(1))
        beside = next(out / one for one in names if not (out / one).exists())
        (new / APPRAISAL).unlink(missing_ok=True)
        if known := manifest.load(new):
            manifest.save(new, replace(known, files={one: sha for one, sha in known.files.items() if one != APPRAISAL}))
        new.replace(beside)
        return Placed(beside, held)
    # Only now can nobody save it any more: its folder has another name.
    if old.exists() and (sha256(old / APPRAISAL) or None) != appraisal:
        old.replace(current)
        raise SavedMeanwhileError(f"Tệp thẩm định {current / APPRAISAL} vừa được lưu trong lúc chạy: hãy chạy lại.")
    try:
        _patiently(lambda: new.replace(current))
    except OSError:
        if old.exists():
            old.replace(current)
        raise
    if old.exists():
        with suppress(OSError):  # what cannot be deleted now, the next run deletes
            carried |= discard(old, current, now)
    return Placed(current, None, carried)


def open_file(folder: Path) -> str | None:
    """The name of a file of the result that Excel, Word or LibreOffice holds open, told by its owner file, or None."""
    for home in (folder, *sorted(path for path in folder.rglob("*") if path.is_dir() and not path.is_symlink())):
        names = {path.name for path in home.iterdir()}
        for name in sorted(names):
            if held_open(home / name, names):
                return name
    return None


def load_contents(folder: Path) -> Contents:
    """The contents of a finished result; after an interrupted swap of the one that stands whole. Writes nothing.

    Raises :class:`ArchiveError` if ``folder`` holds none.
    """
    try:
        place = standing(folder.parent, folder.name) if folder.name else folder
        return _relied_on(place)
    except FileNotFoundError as error:
        raise ArchiveError(
            f"Không có kết quả trong {folder}: hãy chỉ thư mục kỳ do `cchc-xl run` lập, ví dụ ket-qua/2021-Q1."
        ) from error
    except ContentsError as error:
        made = manifest.load(place)
        by = f" (phiên bản {made.version} lập)" if made and made.version else ""
        raise ArchiveError(f"{folder / RESULT} {error}{by}: hãy chạy lại `cchc-xl run`.") from error
    except (OSError, ValueError) as error:
        raise ArchiveError(f"Không đọc được {folder / RESULT}: hãy chạy lại `cchc-xl run`.") from error


def _relied_on(folder: Path) -> Contents:
    """The contents of the result in this folder.

    Raises ``OSError`` where there is none or it cannot be read, :class:`ContentsError` where it cannot be relied on.
    """
    data = bounded(folder / RESULT, MAX_RESULT)
    known = manifest.load(folder)
    sealed = (known.files[RESULT], known.next.get(RESULT)) if known and RESULT in known.files else None
    if sealed is not None and hashlib.sha256(data).hexdigest() not in sealed:
        raise ContentsError("", f"không còn như khi lập (mã SHA-256 khác mã ghi trong {MANIFEST})")
    contents = from_object(parsed(data))
    contradiction = next(_contradictions(contents), None)
    if contradiction is not None:
        raise ContentsError(*contradiction)
    return contents


def _contradictions(contents: Contents) -> Iterator[tuple[str, str]]:
    """The key and what is wrong with it, where what is told cannot be true of any result."""
    unclear = "có giá trị không hiểu được"
    if not 0 <= contents.settings.places <= MOST_PLACES:
        yield "settings.places", unclear
    if contents.settings.year is not None and not 0 <= contents.settings.year <= MAXYEAR:
        yield "settings.year", unclear
    for name in ("percent", "percent_if_missing_full"):
        value = getattr(contents.index, name)
        if value is not None and abs(value) > _LARGEST_PERCENT:
            yield f"index.{name}", "không thể là tỷ lệ phần trăm của một chỉ số"
    parents = {item.code: item.parent for item in contents.criteria}
    for number, item in enumerate(contents.criteria):
        above, steps = item.parent, 0
        while above is not None and steps <= DEEPEST:
            above, steps = parents.get(above), steps + 1
        if steps > DEEPEST:
            yield f"criteria[{number}].parent", "dẫn vòng về chính tiêu chí đó"


def _patiently(action: Callable[[], object]) -> None:
    """On a share, antivirus and indexers hold files for a moment: try a bounded number of times."""
    for _ in range(_TRIES - 1):
        try:
            action()
        except PermissionError:
            time.sleep(_PAUSE_SECONDS)
        else:
            return
    action()
