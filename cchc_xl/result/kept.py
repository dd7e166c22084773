"""What people put or changed in a result: the old folder and the new one come in, all of theirs stands in the new one.

Contract: design §12. A file that the manifest of the old result does not list, or lists with another hash, is theirs.
It keeps its name; ours of that name gets "(mới 14h05)". What is no file (a link, a pipe, an empty folder) is theirs.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path, PurePosixPath

from cchc_xl.result import manifest
from cchc_xl.result.manifest import MANIFEST, UNFINISHED, Manifest, sha256

RESULT, SOURCES, APPRAISAL = "result.json", "nguon", "tham-dinh.xlsx"
_OURS_UNFINISHED = frozenset((UNFINISHED, f"{UNFINISHED}.json", f"{UNFINISHED}.docx"))


def told_beside(beside: Mapping[str, str]) -> str:
    """The sentence about files that somebody had edited: they are kept, and where the new ones are.

    >>> told_beside({"bao-cao.docx": "bao-cao (mới 14h05).docx"})
    'Giữ nguyên tệp đã sửa tay: bao-cao.docx (bản mới: bao-cao (mới 14h05).docx).'
    >>> told_beside({})
    ''
    """
    told = (f"{name} (bản mới: {made})" if made else name for name, made in sorted(beside.items()))
    return f"Giữ nguyên tệp đã sửa tay: {'; '.join(told)}." if beside else ""


def carry(old: Path, new: Path, now: datetime, put: Callable[[Path, Path], object], *, but: str = "") -> dict[str, str]:
    """Puts what is people's in an old result into the new one, under its own name, where it is not there yet.

    ``put`` moves or copies a file. Returns the names of files in whose place there is one of ours, or was, each with
    the name that ours has got beside it, or ''.
    """
    known, fresh = manifest.load(old), manifest.load(new)
    if known is None and not (old / MANIFEST).exists():  # an interrupted deletion: what was written again is ours
        files = fresh.files if fresh else {}
        known = Manifest("", files={name: sha256(path) for name, path in manifest.files_in(old) if name in files})
    used = fresh.files.get(f"{SOURCES}/{APPRAISAL}", "") if fresh else ""
    beside: dict[str, str] = {}
    for name, path in list(manifest.files_in(old)):
        is_ours = (known and known.is_ours(name, path)) or name in _OURS_UNFINISHED
        if is_ours or name == but or _is_kept(path, new, name, used):
            continue
        place, made, told = _place(new, name, now), "", name
        if os.path.lexists(place) and (name in (RESULT, APPRAISAL) or place.is_dir()):
            # Read by its name, or a folder of ours: theirs stands beside.
            told = free(new, name, f"đã lưu {now:%Hh%M}")
            place = new / told
        elif os.path.lexists(place):
            made = free(new, name, f"mới {now:%Hh%M}")
            _list_beside(new, name, made)
            place.replace(new / made)
        put(path, place)
        if made or told != name or (known is not None and name in known.files):
            beside[told] = made
    for path in old.rglob("*"):
        if path.is_dir() and not path.is_symlink() and _is_empty(path):
            with suppress(OSError):
                (new / path.relative_to(old)).mkdir(parents=True, exist_ok=True)
    return beside


def discard(old: Path, current: Path, now: datetime) -> dict[str, str]:
    """Deletes an old result, but not what is people's: that moves on to the new one. Returns what :func:`carry` does.

    May be interrupted at any moment and begun again: first what is people's moves, then what is ours goes, last of all
    the manifest.
    """
    beside = carry(old, current, now, Path.replace)
    for _, path in list(manifest.files_in(old)):
        path.unlink()
    folders = (path for path in old.rglob("*") if path.is_dir() and not path.is_symlink())
    for folder in sorted(folders, reverse=True):
        try:
            folder.rmdir()
        except OSError:  # what cannot be looked into is nobody's to delete
            folder.replace(current / free(current, folder.relative_to(old).as_posix(), f"đã lưu {now:%Hh%M}"))
    (old / MANIFEST).unlink(missing_ok=True)
    if old.is_symlink():
        old.unlink()
    else:
        old.rmdir()
    return beside


def copied(path: Path, place: Path) -> None:
    """A second name for a file of people's, or a copy where the disk knows no second names."""
    try:
        os.link(path, place, follow_symlinks=False)
    except OSError:
        shutil.copy2(path, place, follow_symlinks=False)


def free(folder: Path, name: str, mark: str) -> str:
    """The file's name with a mark, and with a number where that is taken.

    >>> free(Path("no-such-folder"), "don-doc/a.docx", "mới 14h05")
    'don-doc/a (mới 14h05).docx'
    """
    path = PurePosixPath(name)
    names = (f"{path.stem} ({mark}{'' if number == 1 else f', {number}'}){path.suffix}" for number in count(1))
    return next(str(path.with_name(one)) for one in names if not os.path.lexists(folder / path.with_name(one)))


def _is_kept(path: Path, new: Path, name: str, used: str) -> bool:
    """Whether it stands in the new result: there, as the appraisal of hash ``used``, or beside the result."""
    place = new / name
    made = sha256(path)
    if not made:  # a link, a pipe, a file that cannot be read
        with suppress(OSError):
            one, other = path.lstat(), place.lstat()
            same = (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino)
            return same or (path.is_symlink() and place.is_symlink() and path.readlink() == place.readlink())
        return False
    if name == APPRAISAL and made == used:
        return True
    places = [place, *(new.glob(f"{path.stem} (*{path.suffix}") if name == RESULT else ())]
    return any(made == sha256(one) for one in places)


def _place(new: Path, name: str, now: datetime) -> Path:
    """Where a file of people's goes; a folder of theirs that is called like a file of ours gets a name of its own."""
    parts = PurePosixPath(name).parts
    for number in range(1, len(parts)):
        top = new.joinpath(*parts[:number])
        if os.path.lexists(top) and not top.is_dir():
            top = new / free(new, "/".join(parts[:number]), f"đã lưu {now:%Hh%M}")
            top.mkdir()
            return _place(top, "/".join(parts[number:]), now)
        top.mkdir(exist_ok=True)
    return new / name


def _is_empty(folder: Path) -> bool:
    try:
        return next(folder.iterdir(), None) is None
    except OSError:
        return False


def _list_beside(folder: Path, name: str, made: str) -> None:
    """Writes into the manifest that the file called ``name`` gets the name ``made`` beside an edited one."""
    known = manifest.load(folder)
    if known is not None and name in known.files:
        files = {**known.files, made: known.files[name]}
        manifest.save(folder, replace(known, files=files, beside={**known.beside, made: name}))
