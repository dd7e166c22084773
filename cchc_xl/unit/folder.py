"""The shared folder: a folder comes in, its files go out, each with whether it is worth opening.

Folders are read recursively, in the order of their names. Of a packed file the directory is looked at, of a file that
is no workbook by its name only as much as tells whether it is one all the same.
"""

from __future__ import annotations

import re
import stat
import unicodedata
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from pathlib import Path, PurePath

from cchc_xl.office.excel import CLOCKS_DIFFER, unread
from cchc_xl.office.excel.bounds import MAX_FILE
from cchc_xl.office.excel.disk import Listed, Location, at, below, held_open, modified, patiently, regular, walk
from cchc_xl.office.excel.look import workbook_inside
from cchc_xl.office.excel.server import AwayError
from cchc_xl.records import CellRef, Finding, Period, RawForm, SourceFile, Verdict
from cchc_xl.result.kept import RESULT
from cchc_xl.result.lock import LOCK
from cchc_xl.result.manifest import MANIFEST
from cchc_xl.text.catalogue import finding
from cchc_xl.text.days import day_here, moment_vi
from cchc_xl.text.words import VIETNAM

DOCUMENTS = frozenset((".docx", ".docm"))  # in whose tables a unit may have filled in its appendix
SPREADSHEETS = frozenset((".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".ods", ".csv"))
_SYSTEM_FILES = frozenset(("thumbs.db", "desktop.ini", ".ds_store"))
# Where machines keep what was deleted, older versions and their own records.
_MACHINE_FOLDER = re.compile(
    r"[.$~].*|@(?:recycle|eadir|tmp|sharebin|sharesnap)\b.*|#(?:recycle|snapshot)\b.*|__macosx|lost\+found|recycler"
    r"|system volume information",
    re.IGNORECASE,
)
_OURS = b'"cchc_xl/manifest/'  # in a manifest of any version
MAX_PACKED = 200  # files of one packed file that are opened
_OPEN_AND_SAVE = "Mở tệp bằng chương trình đã tạo ra nó, lưu thành Excel Workbook (.xlsx) rồi gửi lại."
_UNPACK = "Giải nén, chép tệp Excel bên trong vào thư mục rồi chạy lại."
_RETYPE = "Gửi số liệu bằng biểu mẫu Excel đã phát; tệp này chỉ giữ làm tài liệu kiểm chứng."
_DOWNLOAD = "Đây chưa phải tệp thật: tải hẳn tệp về máy rồi chép vào thư mục."
_RENAME = "Chờ tải hoặc lưu xong, mở bằng Excel, lưu thành tệp .xlsx rồi gửi lại."
# What files that are no workbooks by their names are, by ending, and what to do if one is a submission.
_OTHERS: dict[str, tuple[str, str]] = {
    **dict.fromkeys((".zip", ".rar", ".7z", ".gz", ".tar", ".tgz"), ("tệp nén", _UNPACK)),
    **dict.fromkeys((".doc", ".docx", ".docm", ".rtf", ".odt", ".wps"), ("văn bản Word", _RETYPE)),
    **dict.fromkeys((".pdf", ".xps"), ("tệp PDF", _RETYPE)),
    **dict.fromkeys((".jpg", ".jpeg", ".png", ".gif", ".tif", ".tiff", ".bmp", ".heic"), ("hình ảnh", _RETYPE)),
    **dict.fromkeys((".eml", ".msg"), ("thư điện tử", "Mở thư, lưu tệp Excel đính kèm vào thư mục rồi chạy lại.")),
    **dict.fromkeys((".et", ".ett"), ("bảng tính WPS", _OPEN_AND_SAVE)),
    **dict.fromkeys((".fods", ".uos", ".numbers", ".slk", ".dif"), ("bảng tính của chương trình khác", _OPEN_AND_SAVE)),
    **dict.fromkeys((".xml", ".htm", ".html", ".mht", ".mhtml"), ("bảng tính lưu dạng web hoặc XML", _OPEN_AND_SAVE)),
    **dict.fromkeys((".gsheet", ".gdoc", ".url", ".lnk", ".webloc", ".icloud"), ("lối tắt", _DOWNLOAD)),
    **dict.fromkeys(
        (".crdownload", ".download", ".part", ".partial", ".opdownload", ".tmp", ".temp", ".bak", ".xlk", ".asd"),
        ("tệp tạm hoặc tải chưa xong", _RENAME),
    ),
}
_EVIDENCE = frozenset(("văn bản Word", "tệp PDF", "hình ảnh", "thư điện tử"))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that is not opened but may be what a unit sent: ``kind`` and ``remedy`` in words.

    ``certain``: there is a workbook in it. ``own_name``: only the file's own name, not its folder, tells whose it is,
    because units keep their evidence in folders of their own.
    """

    file: str
    kind: str
    remedy: str
    certain: bool
    own_name: bool


@dataclass(slots=True)
class Folder:
    """What the folder holds: workbooks to open, verdicts of what is left closed, and every path in it."""

    forms: list[SourceFile] = field(default_factory=list)
    closed: list[Verdict] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)


def discover(folder: Location, outside: Path | None = None) -> Folder:
    """The files under ``folder``, or the one file it names; nothing under ``outside`` (our own output) is listed.

    Raises ``OSError`` if the folder itself cannot be read, and where a share goes away before all of it is listed.
    """
    found = Folder()
    if stat.S_ISREG(folder.stat().st_mode):
        _sort(folder, folder.parent, found, None)
        found.paths.clear()  # what lies beside a single file is not looked at
        if not found.forms:  # whoever names a file wants to know what is wrong with it
            found.forms.append(source_file(folder, folder.parent))
        return found
    next(folder.iterdir(), None)  # a folder that cannot be read is said at once
    root_outside = outside.resolve() if outside else None
    for path, names in _walk(folder, root_outside, found.findings):
        _sort(path, folder, found, names)
    return found


def _sort(path: Location, folder: Location, found: Folder, names: Collection[str] | None) -> None:
    """Puts one file where it belongs; ``names`` are those in its folder where they are known."""
    name = relative_name(path, folder)
    shown = name.encode("utf-8", "replace").decode()
    passed = _machines(PurePath(name).parent) or closed_reason(path.name)
    if passed is not None:
        found.closed.append(Verdict(shown, None, None, "ignored", passed))
        return
    kind, remedy = _OTHERS.get(path.suffix.strip().casefold(), ("tệp không rõ loại", _RENAME))
    try:
        source = source_file(path, folder)
        members = _packed(source) if path.suffix.casefold() == ".zip" else ()
        is_form = path.suffix.casefold() in SPREADSHEETS | DOCUMENTS
        looked_into = not is_form and not members and kind not in _EVIDENCE
        certain = len(members) > MAX_PACKED or (looked_into and workbook_inside(path))
    except (OSError, ValueError, OverflowError) as error:
        found.findings.append(unread(CellRef(shown), error))
        found.closed.append(Verdict(shown, None, None, "rejected", "không đọc được"))
        return
    if len(members) > MAX_PACKED:
        members, kind = (), f"tệp nén có hơn {MAX_PACKED} bảng tính"
    found.paths += [name, *(member.file for member in members)]
    if path.suffix.casefold() in DOCUMENTS:
        found.candidates.append(Candidate(name, kind, remedy, certain=False, own_name=True))
    if is_form:
        found.forms.append(source)
        if lock := held_open(path, names):
            found.findings.append(finding("F311", CellRef(name), lock=lock))
    elif members:
        found.forms += members
        found.findings.append(finding("U207", CellRef(name), count=len(members)))
        found.closed.append(Verdict(name, None, None, "ignored", "tệp nén, đã mở các tệp bên trong"))
    else:
        if certain or path.suffix.strip().casefold() in _OTHERS:
            found.candidates.append(Candidate(name, kind, remedy, certain, own_name=kind in _EVIDENCE))
        found.closed.append(Verdict(name, None, None, "ignored", "không phải bảng tính"))


def _packed(source: SourceFile) -> tuple[SourceFile, ...]:
    """The workbooks in a packed file, one more than are opened; each as a file of a folder of its name.

    There are none in one that cannot be opened.
    """

    def listed() -> list[zipfile.ZipInfo]:
        with Listed(at(source.path)) as stream, zipfile.ZipFile(stream) as package:
            return [item for item in package.infolist() if not item.is_dir() and _is_form(_member_name(item))]

    try:
        items = patiently(listed)
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return ()
    return tuple(
        replace(
            source,
            file=f"{source.file}/{_member_name(item)}",
            size=item.file_size,
            modified=_packed_at(item) or source.modified,
            member=item.filename,
        )
        for item in items[: MAX_PACKED + 1]
        if item.file_size <= MAX_FILE and not item.flag_bits & 1
    )


def _packed_at(item: zipfile.ZipInfo) -> datetime | None:
    """The time of a packed file; None where the program that packed it has written none: a month 0, or an hour 25."""
    try:
        return datetime(*item.date_time, tzinfo=VIETNAM)
    except ValueError:
        return None


def _member_name(item: zipfile.ZipInfo) -> str:
    return "/".join(part for part in item.filename.replace("\\", "/").split("/") if part not in ("", ".", ".."))


def is_document(name: str) -> bool:
    """Whether a file of this name is a Word document, which only its tables can make a submission."""
    return Path(name).suffix.casefold() in DOCUMENTS


def _is_form(name: str) -> bool:
    path = Path(name)
    may_be = path.suffix.casefold() in SPREADSHEETS | DOCUMENTS
    return may_be and closed_reason(path.name) is None and _machines(path.parent) is None


def _machines(folder: PurePath) -> str | None:
    """Why nothing in a folder is opened: one of its names is a machine's; None for folders of people."""
    return "thư mục của máy (tệp đã xóa, bản lưu cũ)" if any(map(_MACHINE_FOLDER.fullmatch, folder.parts)) else None


def closed_reason(name: str) -> str | None:
    """Why a file of this name is passed over; None if it may be what a unit sent.

    >>> closed_reason("~$vp.xlsx"), closed_reason(".~vp.xlsx"), closed_reason("._vp.xlsx"), closed_reason("vp.xlsx")
    ('tệp khóa của chương trình đang mở', 'tệp khóa của chương trình đang mở', 'tệp của hệ thống', None)
    """
    lowered = name.casefold()
    if lowered.startswith(("~$", ".~")):
        return "tệp khóa của chương trình đang mở"
    return "tệp của hệ thống" if lowered in _SYSTEM_FILES or lowered.startswith("._") else None


def relative_name(path: Location, folder: Location) -> str:
    """The path below the folder, as on disk, with '/'."""
    return below(path, folder).as_posix()


def _walk(
    folder: Location, outside: Path | None, findings: list[Finding]
) -> Iterator[tuple[Location, Collection[str]]]:
    """Every file, with the names in its folder."""

    def refused(error: OSError) -> None:
        if isinstance(error, AwayError):  # whoever has sent what stands there would be told to have sent nothing
            raise error
        name = Path(error.filename or "").name
        findings.append(unread(CellRef(name), error))

    for here, folders, files in walk(folder, refused):
        ours = {name for name in folders if is_result(here / name) or (outside and _is_output(here / name, outside))}
        folders[:] = sorted(set(folders) - ours, key=lambda name: unicodedata.normalize("NFC", name))
        names = frozenset(files)
        for name in sorted(files, key=lambda item: unicodedata.normalize("NFC", item)):
            if not name.startswith(LOCK):  # of a run, perhaps this one
                yield here / name, names


def _is_output(folder: Location, outside: Path) -> bool:
    """Whether the folder is our output folder, or a result in it where the output folder is the one that is read."""
    resolved = folder.resolve()
    return resolved == outside or (
        resolved.parent == outside and ((folder / RESULT).is_file() or folder.suffix in {".new", ".old"})
    )


def is_result(folder: Location) -> bool:
    """Whether the folder is a finished result of ours, told by its manifest: what lies in it was sent by nobody."""
    try:
        if not (folder / RESULT).is_file() or not (folder / MANIFEST).is_file():
            return False
        with (folder / MANIFEST).open("rb") as stream:
            return _OURS in stream.read(200)
    except OSError:
        return False


def with_believable_time(form: RawForm, period: Period) -> RawForm:
    """The form with its time on disk where the time of saving stored in it cannot be, and the finding that says so.

    Nobody fills in a form before the period begins, nor before the form is made. A form that was made after the
    deadline, issued once more, says nothing about that. Clocks may differ by a day.
    """
    if form.sent_from != "file":
        return form
    first = datetime.combine(period.start, time(), VIETNAM)
    if form.made is not None and (period.due is None or day_here(form.made) <= period.due):
        first = max(first, form.made)
    if form.sent >= first - CLOCKS_DIFFER:
        return form
    text = moment_vi(form.sent)
    told = finding("U209", CellRef(form.source.file), text=text)
    return replace(form, sent=form.source.modified, sent_from="disk", findings=(*form.findings, told))


def _printable(name: str) -> bool:
    """Whether the name on disk is text: one in another encoding can be in no result and no report."""
    return not any("\ud800" <= letter <= "\udfff" for letter in name)


def source_file(path: Location, folder: Location) -> SourceFile:
    """A file as it stands on disk. Raises ``OSError`` or ``ValueError`` for what cannot be opened as a file."""
    name = relative_name(path, folder)
    if not _printable(name):
        raise ValueError("tên tệp không phải Unicode, hãy đổi tên")
    told = regular(path.stat())
    return SourceFile(name, str(path), told.st_size, modified(told))
