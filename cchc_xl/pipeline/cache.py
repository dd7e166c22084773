"""What was read before: the readings of a folder's files stay in the user's own folder and serve as long as they hold.

A reading holds for the same bytes under the same name, the same plan and period, and the same code of ours; whether the
bytes are the same is told by the bytes, which are read each time. Nothing is kept on the share. A file of readings that
was cut off, changed or made by other code is dropped. Contract: design §11; docs/decisions/028.
"""

from __future__ import annotations

import gc
import os
import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from cchc_xl.office.excel.disk import Location
from cchc_xl.pipeline.workers import anywhere, build
from cchc_xl.records import Edition, SourceFile

MOST_KEPT = 256 * 1024 * 1024  # bytes of all readings together; those longest unused go first
_MOST_OF_ONE = 64 * 1024 * 1024
_WHERE = "CCHC_XL_CACHE"  # a folder for the readings; empty: nothing is kept
_HEAD = b"cchc_xl 2\n"
_DIGEST = 32
_AT_ONCE = 200  # files: what is written in one piece
_END = ".doc"


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it stood when it was read, the hash of its bytes, and what was found in it."""

    source: SourceFile
    sha256: str
    found: Any


@dataclass(slots=True)
class Cache:
    """The readings of one folder by one plan in one period; ``path`` is where they stay, None if nowhere."""

    path: Path | None = None
    ground: bytes = b""
    known: Mapping[str, Kept] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Location, edition: Edition, *, wanted: bool = True) -> Cache:
        """The readings that hold for this folder and edition; none where none are wanted or can be kept."""
        home = _home() if wanted else None
        if home is None:
            return cls()
        whose = f"{anywhere(folder)}\n{edition.period.code}\n{edition.plan.agency}"
        path = home / f"{sha256(whose.encode('utf-8', 'replace')).hexdigest()[:_DIGEST]}{_END}"
        ground = sha256(build().encode() + _told(edition)).digest()
        return cls(path, ground, _read(path, ground))

    def sha256_of(self, source: SourceFile) -> str:
        """The hash of the bytes for which the reading of this file holds; '' without a reading."""
        kept = self.known.get(source.file)
        return kept.sha256 if kept is not None and kept.source == source else ""

    def keep(self, kept: Iterable[Kept]) -> None:
        """Puts these in the place of what was known; what cannot be written is not kept."""
        new = {item.source.file: item for item in kept}
        if self.path is None or (
            new.keys() == self.known.keys() and all(new[name] is self.known[name] for name in new)
        ):
            return
        with suppress(OSError):
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            written = self.path.with_name(f"{self.path.stem}.{os.getpid()}.tmp")
            try:
                size = _write(written, self.ground, list(new.values()))
                if size <= _MOST_OF_ONE:
                    _bound(self.path.parent, MOST_KEPT - size)
                    written.replace(self.path)
            finally:
                written.unlink(missing_ok=True)


def _home() -> Path | None:
    """The folder of all readings; None where the user has none or wants none."""
    with suppress(RuntimeError):
        given = os.environ.get(_WHERE)
        if given is not None:
            return Path(given) if given else None
        local = os.environ.get("LOCALAPPDATA")
        return Path(local) / "cchc_xl" / "doc" if local else Path.home() / ".cache" / "cchc_xl"
    return None


def _told(edition: Edition) -> bytes:
    """All that a reading follows from in the plan, always in the same words; where the plan lies is none of it."""
    plan = replace(edition.plan, sha256="", path="", findings=(), unsound=frozenset())
    told = (replace(edition, plan=plan), sorted(edition.plan.unsound))
    return repr(told).encode("utf-8", "replace")


def _write(path: Path, ground: bytes, kept: Sequence[Kept]) -> int:
    """Some files after the other, so that few are held twice; returns how many bytes that are, too many where it stops.

    What tells that the file is whole stands before them.
    """
    start = len(_HEAD) + 2 * _DIGEST
    with path.open("w+b") as file:
        file.write(bytes(start))
        for first in range(0, len(kept), _AT_ONCE):
            pickle.dump(kept[first : first + _AT_ONCE], file, 5)
            if file.tell() > _MOST_OF_ONE:
                break
        size = file.tell()
        file.seek(start)
        digest = file_digest(file, "sha256").digest()
        file.seek(0)
        file.write(_HEAD + ground + digest)
    return size


def _read(path: Path, ground: bytes) -> Mapping[str, Kept]:
    """What the file holds, if it is whole and was made on this ground; else nothing."""
    start = len(_HEAD) + 2 * _DIGEST
    found: dict[str, Kept] = {}
    try:
        with path.open("rb") as file, _uncollected():
            head = file.read(start)
            if head != _HEAD + ground + file_digest(file, "sha256").digest():
                return {}
            end = file.tell()
            file.seek(start)
            while file.tell() < end:
                some = pickle.load(file)  # noqa: S301 - written by ourselves into the user's own folder, and hashed
                found |= {item.source.file: item for item in some}
    except Exception:  # pickle raises anything
        return {}
    with suppress(OSError):
        os.utime(path)  # used last now
    return found


@contextmanager
def _uncollected() -> Iterator[None]:
    """A hundred thousand new objects at once are no garbage: looking for it takes three times as long as they do."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _bound(folder: Path, most: int) -> None:
    """Removes the readings that were not used for longest until no more than ``most`` bytes are left."""
    stats = [(path.stat().st_mtime, path.stat().st_size, path) for path in folder.glob(f"*{_END}")]
    total = sum(size for _, size, _ in stats)
    for _, size, path in sorted(stats):
        if total <= most:
            return
        path.unlink(missing_ok=True)
        total -= size
