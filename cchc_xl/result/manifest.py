"""``manifest.json``: the files of a result and the hashes they were written with; what people changed goes out.

Contract: design §12. A file that the manifest does not list, or lists with another hash, is people's.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cchc_xl.result.objects import ContentsError

MANIFEST, SCHEMA = "manifest.json", "cchc_xl/manifest/1"
UNFINISHED = ".dang-ghi"  # begins the names of what is being written
_MOST_BYTES = 16 * 1024 * 1024
_ALWAYS = ("files", "beside", "plan", "templates", "inputs")
_PARTS = (*_ALWAYS, "listing", "options", "next")


@dataclass(frozen=True, slots=True)
class Made:
    """What a result was made from: files by name, each with its SHA-256.

    ``inputs`` are the units' files, by their names in the shared folder. Of one of many agencies ``listing`` is every
    file in its folder with size and time, ``options`` what else its result follows from.
    """

    version: str
    plan: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    listing: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manifest(Made):
    """What a run read and wrote: ``files`` are those in the result's folder, by name, each with its SHA-256.

    ``beside`` are the files that stand beside one that somebody edited: the new name, and the name of the edited one.
    ``next`` are files that were being put in place of others of the same name: one of the two stands there.
    """

    files: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)
    next: Mapping[str, str] = field(default_factory=dict)

    def is_ours(self, name: str, path: Path) -> bool:
        """Whether the file is as it was written."""
        known = [part[name] for part in (self.files, self.next) if name in part]
        return bool(known) and sha256(path) in known

    def edited(self, folder: Path) -> tuple[str, ...]:
        """The files of the result that somebody has changed since, by name."""
        names = (name for name in sorted(self.files) if (folder / name).is_file())
        return tuple(name for name in names if not self.is_ours(name, folder / name))


def load(folder: Path) -> Manifest | None:
    """The manifest of the result in this folder; None if there is none that can be read."""
    try:
        told = parsed(bounded(folder / MANIFEST, _MOST_BYTES))
    except (OSError, ContentsError):
        return None
    if not isinstance(told, dict) or told.get("schema") != SCHEMA:
        return None
    parts = {name: told.get(name, {}) for name in _PARTS}
    if not all(isinstance(part, dict) for part in parts.values()):
        return None
    texts = (item for part in parts.values() for pair in part.items() for item in pair)
    return Manifest(str(told.get("version", "")), **parts) if all(isinstance(item, str) for item in texts) else None


def save(folder: Path, manifest: Manifest) -> None:
    """Writes it beside the old one, flushes it, and puts it in its place."""
    parts = {part: dict(sorted(getattr(manifest, part).items())) for part in _PARTS}
    parts = {part: told for part, told in parts.items() if told or part in _ALWAYS}
    told = {"schema": SCHEMA, "version": manifest.version, **parts}
    written = folder / f"{UNFINISHED}.json"
    written.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    flush(written)
    written.replace(folder / MANIFEST)


def of(folder: Path, made: Made) -> Manifest:
    """The manifest of what stands in a folder that we alone have written; every file is flushed to the disk."""
    files = {}
    for name, path in files_in(folder):
        flush(path)
        files[name] = sha256(path)
    return Manifest(made.version, made.plan, made.templates, made.inputs, made.listing, made.options, files)


def files_in(folder: Path) -> Iterator[tuple[str, Path]]:
    """Everything below the folder that is no folder, but the manifest, by its name within it."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name != MANIFEST and (path.is_symlink() or not path.is_dir()):
            yield name, path


def sha256(path: Path) -> str:
    """The SHA-256 of a file as hexadecimal digits; '' for what is no ordinary file, is gone or cannot be read."""
    try:
        with open(path, "rb", opener=_unblocked) as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                return ""
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except (OSError, ValueError):
        return ""


def _unblocked(path: str, flags: int) -> int:
    """Opens without waiting for whoever may one day write into a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def flush(path: Path) -> None:
    """Sees to it that what was written is on the disk before something else is deleted for it."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def bounded(path: Path, most: int) -> bytes:
    """The bytes of an ordinary file that is not too large: a pipe would be waited for without end.

    Raises ``OSError``, and :class:`ContentsError` for another kind of file or too large a one.
    """
    with open(path, "rb", opener=_unblocked) as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise ContentsError("", "không phải tệp thường")
        data = stream.read(most + 1)
    if len(data) > most:
        raise ContentsError("", "lớn bất thường")
    return data


def parsed(data: bytes) -> object:
    """What JSON text says. Raises :class:`ContentsError`."""
    try:
        return json.loads(data.decode("utf-8"))
    except RecursionError as error:
        raise ContentsError("", "lồng quá nhiều lớp") from error
    except ValueError as error:
        raise ContentsError("", "không phải tệp JSON đọc được") from error
