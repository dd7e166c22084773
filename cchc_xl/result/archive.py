"""The result folder: files written beside the old result come in, one complete result goes out, never half of each.

Contract: design §5 (swap). A result is complete when its ``manifest.json`` is there: it is written last.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from cchc_xl.office.excel.book import file_name
from cchc_xl.records import Plan
from cchc_xl.result import stored
from cchc_xl.result.contents import Contents
from cchc_xl.result.objects import ContentsError, to_object

RESULT, MANIFEST, SOURCES = stored.RESULT, stored.MANIFEST, "nguon"
APPRAISAL, VERSIONS = "tham-dinh.xlsx", "tham-dinh-cu"
KEPT_VERSIONS = 5
_VERSION_NUMBER = re.compile(r"-(\d{4})-\d{8}-\d{6}$")
_TRIES, _PAUSE_SECONDS = 5, 0.2


class ArchiveError(Exception):
    """A result cannot be opened; the text is one sentence for the officer."""


def result_folder(out: Path, period: str) -> Path:
    """Where the result of this period stands."""
    return out / file_name(period)


def begin(out: Path, period: str) -> Path:
    """An empty folder to write the new result of this period into, after finishing or undoing an interrupted swap.

    Raises ``OSError`` if ``out`` cannot be written.
    """
    out.mkdir(parents=True, exist_ok=True)
    settle(out, period)
    current, new = out / file_name(period), out / f".{file_name(period)}.new"
    if current.exists() and not (current.is_dir() and (_is_result(current) or not any(current.iterdir()))):
        raise FileExistsError(f"{current} không phải kết quả do cchc-xl lập nên không bị thay")
    new.mkdir()
    return new


def settle(out: Path, period: str) -> None:
    """Finishes or undoes a swap that was interrupted, so that either the new or the old result stands whole."""
    name = file_name(period)
    current, new, old = out / name, out / f".{name}.new", out / f".{name}.old"
    if old.exists() and not current.exists():
        (new if (new / MANIFEST).exists() else old).replace(current)
    if old.exists():
        _discard(old, current)
    if new.exists():
        shutil.rmtree(new)


def _is_result(folder: Path) -> bool:
    return (folder / RESULT).is_file() and (folder / MANIFEST).is_file()


def _discard(old: Path, current: Path) -> None:
    """Deletes an old result, but not what people put into its folder: that moves on to the new one."""
    ours = stored.sealed_files(old).keys() | {RESULT, MANIFEST}
    for path in sorted(old.rglob("*")):
        name = path.relative_to(old).as_posix()
        if path.is_file() and name not in ours and not (current / name).exists():
            (current / name).parent.mkdir(parents=True, exist_ok=True)
            path.replace(current / name)
    shutil.rmtree(old)


def write_result(folder: Path, contents: Contents, plan_file: Path, plan: Plan, templates: Mapping[str, Path]) -> None:
    """``result.json`` and byte copies of the plan and of the templates, these under the names they are for."""
    sources = folder / SOURCES
    sources.mkdir(exist_ok=True)
    shutil.copyfile(plan_file, sources / plan.file)
    for name, template in templates.items():
        shutil.copyfile(template, sources / name)
    text = json.dumps(to_object(contents), ensure_ascii=False, indent=1)
    (folder / RESULT).write_text(text + "\n", encoding="utf-8")


def seal(folder: Path, version: str) -> None:
    """Writes ``manifest.json``: every file of the result with its SHA-256."""
    files = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }
    manifest = {"schema": "cchc_xl/manifest/1", "version": version, "files": files}
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def reseal(folder: Path, name: str) -> None:
    """Puts the new SHA-256 of one file that was made again into ``manifest.json``."""
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        manifest["files"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    except (ValueError, KeyError, TypeError, FileNotFoundError, RecursionError):
        return  # a result without a readable manifest has nothing to keep true
    path.write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def keep_version(used: Path, new: Path, saved: datetime) -> None:
    """Copies the appraisal workbook that was used, and the last versions before it, into the new result."""
    shutil.copyfile(used, new / SOURCES / used.name)
    versions = new / VERSIONS
    versions.mkdir(exist_ok=True)
    before = used.parent / VERSIONS
    if before.is_dir():
        for path in before.iterdir():
            shutil.copyfile(path, versions / path.name)
    data = used.read_bytes()
    if all(path.read_bytes() != data for path in versions.iterdir()):
        numbers = [int(found[1]) for path in versions.iterdir() if (found := _VERSION_NUMBER.search(path.stem))]
        number = max(numbers, default=0) + 1
        shutil.copyfile(used, versions / f"{used.stem}-{number:04d}-{saved:%Y%m%d-%H%M%S}{used.suffix}")
    for path in sorted(versions.iterdir())[:-KEPT_VERSIONS]:
        path.unlink()


def swap(out: Path, period: str, now: datetime, *, beside_without: str = "") -> tuple[Path, str | None]:
    """Puts the new result in the old one's place; returns where it stands.

    If a file of the old result is open, nothing is replaced: the new result stays beside it and the second value names
    that file. The copy beside lacks ``beside_without``, the file that people write into: it must exist once only.
    """
    name = file_name(period)
    current, new, old = out / name, out / f".{name}.new", out / f".{name}.old"
    held = open_file(current) if current.exists() else None
    if held is None and current.exists():
        try:
            _patiently(lambda: current.replace(old))
        except OSError as error:
            held = Path(error.filename or name).name
    if held is not None:
        beside = out / f"{name}-moi-{now:%H%M}"
        if beside.exists():
            shutil.rmtree(beside)
        if beside_without:
            (new / beside_without).unlink(missing_ok=True)
        new.replace(beside)
        return beside, held
    _patiently(lambda: new.replace(current))
    if old.exists():
        with suppress(OSError):  # what cannot be deleted now, the next command deletes
            _discard(old, current)
    return current, None


def open_file(folder: Path) -> str | None:
    """The name of a file of the result that Excel or LibreOffice holds open, told by its owner file, or None."""
    for path in sorted(folder.rglob("*")):
        if path.name.startswith("~$"):
            own = [other.name for other in path.parent.iterdir() if not other.name.startswith("~$")]
            return next((name for name in sorted(own) if name.endswith(path.name[2:])), path.name[2:])
        if path.name.startswith(".~lock.") and path.name.endswith("#"):
            return path.name.removeprefix(".~lock.").removesuffix("#")
    return None


def load_contents(folder: Path) -> Contents:
    """The contents of a finished result.

    Raises :class:`ArchiveError` if ``folder`` holds none.
    """
    try:
        if not folder.exists() and folder.name:
            settle(folder.parent, folder.name)
        return stored.load(folder)
    except FileNotFoundError as error:
        raise ArchiveError(
            f"Không có kết quả trong {folder}: hãy chỉ thư mục kỳ do `cchc-xl run` lập, ví dụ ket-qua/2021-Q1."
        ) from error
    except ContentsError as error:
        raise ArchiveError(f"{folder / RESULT} {error}: hãy chạy lại `cchc-xl run`.") from error
    except (OSError, ValueError) as error:
        raise ArchiveError(f"Không đọc được {folder / RESULT}: hãy chạy lại `cchc-xl run`.") from error


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
