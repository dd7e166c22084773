"""Files where people and machines write them: a path comes in, its bytes go out, read once, whole and bounded.

A path is one of this machine (a Windows share with a drive letter or a UNC path is one, too) or the address of a share.

What stands there may be larger than memory, no file at all, being copied, or held open by a program; all of that is
told by looking at the open file, never by what a list of the folder said a moment ago.
"""

from __future__ import annotations

import errno
import io
import os
import stat
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path, PurePath
from typing import TypeVar

from cchc_xl.office.excel import share
from cchc_xl.office.excel.bounds import MAX_FILE
from cchc_xl.office.excel.server import SCHEME, AwayError
from cchc_xl.office.excel.share import SharePath, Stream

_T = TypeVar("_T")
Location = Path | SharePath

_ATTEMPTS = 3
PAUSE_SECONDS = 0.2
_WAITED = 5.0  # seconds for a file that goes on changing
_STILL = 2  # pauses in a row without a change, after which a file that looks unfinished is taken as it is
_JUST_NOW = 2.0  # seconds since the last change within which somebody may still be writing
_MOST_LISTED = 8 * 1024 * 1024  # bytes of the directory of a packed file
_LEFT_BEHIND = 24 * 60 * 60.0  # seconds after which a lock file is one that a crash left
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


class TooLargeError(Exception):
    """A file is larger than any that is read; carries its size in bytes."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


class UnsettledError(Exception):
    """A file went on changing for as long as it was waited for."""


@dataclass(frozen=True, slots=True)
class Whole:
    """The bytes of a file, with its size and time as they were while it was read."""

    data: bytes
    size: int
    modified: datetime


def at(path: str) -> Location:
    """The place that is called so in a record of ours.

    >>> at("smb://may-chu/don-vi/vp.xlsx").name, at("don-vi") == Path("don-vi")
    ('vp.xlsx', True)
    """
    return SharePath.of(path) if path.startswith(SCHEME) else Path(path)


def folder_of(typed: str | Location) -> Location:
    """The folder or file that somebody named; a login in an address is kept and not shown.

    What stands at an address is asked at once, and stays known when the share is gone. Raises ``OSError`` where that
    cannot be said, :class:`~cchc_xl.office.excel.server.UnusableError` for an address that is none.
    """
    if isinstance(typed, SharePath) or share.is_address(typed):
        place = typed if isinstance(typed, SharePath) else share.typed(str(typed))
        return replace(place, known=place.stat())
    return Path(typed)


def walk(folder: Location, refused: Callable[[OSError], None]) -> Iterator[tuple[Location, list[str], list[str]]]:
    """As ``os.walk`` from the top down: of each folder the names of its folders, which may be left out, and files."""
    if isinstance(folder, SharePath):
        yield from share.walk(folder, refused)
    else:
        for top, folders, files in os.walk(folder, onerror=refused):
            yield Path(top), folders, files


def below(path: Location, folder: Location) -> PurePath:
    """The path as seen from the folder it lies in."""
    if isinstance(path, SharePath) or isinstance(folder, SharePath):
        return share.below(path, folder)
    return path.relative_to(folder)


def patiently(asked: Callable[[], _T]) -> _T:
    """What is asked of a disk, a bounded number of times while it refuses: a share does where somebody saves."""
    for _ in range(_ATTEMPTS - 1):
        try:
            return asked()
        except AwayError:  # has been waited for
            raise
        except OSError:
            time.sleep(PAUSE_SECONDS)
    return asked()


def modified(told: os.stat_result) -> datetime:
    """A file's time on disk. Raises ``OverflowError``, ``ValueError`` or ``OSError`` for one that no clock has."""
    # Whole microseconds, as a server of files tells them, too: the same file gives the same result from both.
    return _EPOCH + timedelta(microseconds=told.st_mtime_ns // 1000)


def regular(told: os.stat_result) -> os.stat_result:
    """The same. Raises ``OSError`` where it is of a pipe, a device or a folder: reading one may wait for ever."""
    if not stat.S_ISREG(told.st_mode):
        raise OSError(errno.EINVAL, "không phải tệp thường")
    return told


def whole(path: Location) -> Whole:
    """The file's bytes when it stands still, after a bounded number of tries: a share refuses while Excel saves.

    Raises :class:`TooLargeError`, :class:`UnsettledError`, and ``OSError`` where it cannot be read.

    >>> whole(Path(os.devnull))
    Traceback (most recent call last):
    OSError: [Errno 22] không phải tệp thường
    """
    end, before, still, refused = time.monotonic() + _WAITED, None, 0, 0
    while True:
        try:
            data, told, steady = _once(path)
        except AwayError:  # has been waited for
            raise
        except OSError as error:
            refused += 1
            if refused == _ATTEMPTS or error.errno == errno.EINVAL:
                raise
        else:
            sign = told.st_size, told.st_mtime_ns
            still = still + 1 if sign == before else 0
            before = sign
            if steady and (still == _STILL or not _may_grow(data, told, path)):
                return Whole(data, told.st_size, modified(told))
            if time.monotonic() > end:
                raise UnsettledError
        time.sleep(PAUSE_SECONDS)


def _once(path: Location) -> tuple[bytes, os.stat_result, bool]:
    """The bytes, how the file stood then, and whether it stood still meanwhile."""
    if isinstance(path, SharePath):
        data, before, after = share.whole(path, MAX_FILE)
        if before.st_size > MAX_FILE:
            raise TooLargeError(before.st_size)
    else:
        with open(path, "rb", opener=unblocked) as stream:
            before = regular(os.fstat(stream.fileno()))
            if before.st_size > MAX_FILE:
                raise TooLargeError(before.st_size)
            data = stream.read(before.st_size + 1)  # one more, to see it grow, and never all that may be coming
            after = os.fstat(stream.fileno())
    signs = [(told.st_size, told.st_mtime_ns) for told in (before, after)]
    return data, after, signs[0] == signs[1] and len(data) == before.st_size


def unblocked(path: str, flags: int) -> int:
    """An opener for :func:`open` that does not wait for whoever may one day write into a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _may_grow(data: bytes, told: os.stat_result, path: Location) -> bool:
    """Whether the file changed a moment ago and looks as if half of it is still to come; of a server by the looks only.

    Its clock is not this machine's.
    """
    whole = has_end(data) if data.startswith(b"PK") else data.strip(b"\0")
    return not whole and (isinstance(path, SharePath) or abs(time.time() - told.st_mtime) < _JUST_NOW)


def has_end(data: bytes) -> bool:
    """Whether the end of a packed file is there: without it half of the file is still missing."""
    return b"PK\x05\x06" in data[-65_600:]  # 22 bytes, and a comment of at most 65,535


def lock_beside(name: str, names: Collection[str]) -> str | None:
    """Of the names in a folder the lock file by which Excel, WPS, LibreOffice or Word says that it holds this one open.

    Word leaves out the first letters of a longer name.

    >>> lock_beside("vp.xlsx", {"vp.xlsx", "~$vp.xlsx"}), lock_beside("bao-cao.docx", {"~$o-cao.docx"})
    ('~$vp.xlsx', '~$o-cao.docx')
    >>> lock_beside("vp.xlsx", {"~$.xlsx"})
    """
    ours = [f"~${name}", f".~{name}", f".~lock.{name}#"]
    if Path(name).suffix.casefold().startswith(".doc"):
        ours += [f"~${name[1:]}", f"~${name[2:]}"]
    return next((lock for lock in ours if lock in names), None)


def held_open(path: Location, names: Collection[str] | None = None) -> str | None:
    """The lock file beside this file, if a program holds it open; not one that a crash has left a day or more ago.

    ``names`` are those in its folder where they are known.
    """
    if names is None:
        with suppress(OSError):
            names = {other.name for other in path.parent.iterdir()}
    lock = lock_beside(path.name, names or ())
    if lock is None:
        return None
    with suppress(OSError):
        age = time.time() - (path.parent / lock).stat().st_mtime
        return lock if abs(age) < _LEFT_BEHIND else None
    return None


class Listed(io.BufferedReader):
    """A packed file of which only the directory is to be looked at: one without end is not taken into memory.

    Raises ``ValueError`` where the directory is too long.
    """

    def __init__(self, path: Location) -> None:
        super().__init__(Stream(path) if isinstance(path, SharePath) else io.FileIO(path))

    def read(self, size: int | None = -1) -> bytes:
        """As of any file."""
        if size is not None and size > _MOST_LISTED:
            raise ValueError("danh mục của tệp nén quá dài")
        return super().read(_MOST_LISTED if size is None or size < 0 else size)
