"""The shared folder: a folder comes in, its files go out, each with whether it is worth opening.

Folders are read recursively, in the order of their names. Nothing is opened here.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from cchc_xl.records import CellRef, Finding, SourceFile, Verdict
from cchc_xl.text.catalogue import finding

SPREADSHEETS = frozenset((".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".ods", ".csv"))
_SYSTEM_FILES = frozenset(("thumbs.db", "desktop.ini", ".ds_store"))


@dataclass(frozen=True, slots=True)
class Folder:
    """What the folder holds: spreadsheets to open, verdicts of what is left closed, and every path in it."""

    forms: tuple[SourceFile, ...]
    closed: tuple[Verdict, ...]
    paths: tuple[str, ...]
    findings: tuple[Finding, ...]


def discover(folder: Path, outside: Path | None = None) -> Folder:
    """The files under ``folder``, or the one file it names; nothing under ``outside`` (our own output) is listed.

    Raises ``OSError`` if the folder itself cannot be read.
    """
    forms: list[SourceFile] = []
    closed: list[Verdict] = []
    paths: list[str] = []
    findings: list[Finding] = []
    if folder.is_file():
        forms.append(source_file(folder, folder.parent))
        return Folder(tuple(forms), (), (), ())  # what lies beside a single file is not looked at
    next(folder.iterdir(), None)  # a folder that cannot be read is said at once
    root_outside = outside.resolve() if outside else None
    for path in _walk(folder, root_outside, findings):
        name = relative_name(path, folder)
        reason = closed_reason(path.name)
        if reason is None:
            try:
                forms.append(source_file(path, folder))
            except (OSError, ValueError, OverflowError) as error:
                shown = name.encode("utf-8", "replace").decode()
                reason = error.strerror if isinstance(error, OSError) else None
                findings.append(finding("F109", CellRef(shown), reason=reason or str(error)))
                closed.append(Verdict(shown, None, None, "rejected", "không đọc được"))
                continue
        else:
            closed.append(Verdict(name.encode("utf-8", "replace").decode(), None, None, "ignored", reason))
        if not path.name.startswith("~$") and _printable(name):
            paths.append(name)
    return Folder(tuple(forms), tuple(closed), tuple(paths), tuple(findings))


def closed_reason(name: str) -> str | None:
    """Why a file of this name is not opened; None if it may be a unit's workbook.

    >>> closed_reason("~$vp.xlsx"), closed_reason("vp.xlsx"), closed_reason("ke-hoach.pdf")
    ('tệp tạm của Excel (đang mở)', None, 'không phải bảng tính')
    """
    lowered = name.casefold()
    if lowered.startswith("~$"):
        return "tệp tạm của Excel (đang mở)"
    if lowered in _SYSTEM_FILES or lowered.startswith("._") or lowered.endswith((".tmp", ".temp", ".lnk")):
        return "tệp của hệ thống"
    return None if Path(lowered).suffix in SPREADSHEETS else "không phải bảng tính"


def relative_name(path: Path, folder: Path) -> str:
    """The path below the folder, as on disk, with '/'."""
    return path.relative_to(folder).as_posix()


def _walk(folder: Path, outside: Path | None, findings: list[Finding]) -> Iterator[Path]:
    def refused(error: OSError) -> None:
        name = Path(error.filename or "").name
        findings.append(finding("F109", CellRef(name), reason=error.strerror or str(error)))

    for top, folders, files in os.walk(folder, onerror=refused):
        here = Path(top)
        folders[:] = sorted(
            (name for name in folders if outside is None or not _is_output(here / name, outside)),
            key=lambda name: unicodedata.normalize("NFC", name),
        )
        for name in sorted(files, key=lambda item: unicodedata.normalize("NFC", item)):
            yield here / name


def _is_output(folder: Path, outside: Path) -> bool:
    """Whether the folder is our output folder, or a result in it where the output folder is the one that is read."""
    resolved = folder.resolve()
    return resolved == outside or (
        resolved.parent == outside and ((folder / "result.json").is_file() or folder.suffix in {".new", ".old"})
    )


def _printable(name: str) -> bool:
    """Whether the name on disk is text: one in another encoding can be in no result and no report."""
    return not any("\ud800" <= letter <= "\udfff" for letter in name)


def source_file(path: Path, folder: Path) -> SourceFile:
    """A file as it stands on disk. Raises ``OSError`` or ``ValueError`` for what cannot be opened as a file."""
    name = relative_name(path, folder)
    if not _printable(name):
        raise ValueError("tên tệp không phải Unicode, hãy đổi tên")
    told = path.stat()
    if not stat.S_ISREG(told.st_mode):  # reading a pipe would wait for ever
        raise ValueError("không phải tệp thường")
    modified = datetime.fromtimestamp(told.st_mtime, tz=timezone.utc)
    return SourceFile(name, str(path), told.st_size, modified)
