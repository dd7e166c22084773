"""One workbook: a :class:`SourceFile` comes in, a :class:`RawForm` or the finding that refuses it goes out.

The file is read once as bytes, hashed and closed. Two readers stand behind one record: python-calamine, fast, for what
it can see; openpyxl where evidence is needed (formulas without values, error values, telling number formats). What may
take a reader down is read in a process of its own.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone

from cchc_xl.office.excel.bounds import MAX_FILE, MAX_PART, STAMP_SHEET, Clearance, Job, Opened, Place, Reader, Trouble
from cchc_xl.office.excel.child import BEYOND_READER, isolated, opened
from cchc_xl.office.excel.disk import TooLargeError, UnsettledError, at, patiently, whole
from cchc_xl.office.excel.look import clear
from cchc_xl.records import CellRef, ErrorValue, Finding, RawForm, RawSheet, SourceFile, Uncalculated
from cchc_xl.text.catalogue import finding
from cchc_xl.text.days import moment_vi
from cchc_xl.text.system_error import UNREACHABLE, reason

_MOST_NAMED = 5
CLOCKS_DIFFER = timedelta(days=1)  # more than that, and a sender's clock is wrong


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that could not be read, with why; ``sha256`` is None where not even its bytes could be had."""

    sha256: str | None
    finding: Finding


def read(source: SourceFile) -> RawForm | Refused:
    """The workbook as stored. Never raises for what a file holds; every failure is the file's finding.

    ``source`` of what is read is the file as it stood then: it may have been saved again since its folder was listed.
    """
    found = content(source)
    return found if isinstance(found, Refused) else parse(*found)


def content(source: SourceFile) -> tuple[bytes, SourceFile] | Refused:
    """The bytes of a file, also of one that lies in a packed file, and the file as it stood when they were read."""
    here = CellRef(source.file)
    try:
        if source.member:
            return _member(source), source
        found = whole(at(source.path))
    except TooLargeError as error:
        return Refused(None, finding("F105", here, size=str(error.size // 1024 // 1024)))
    except UnsettledError:
        return Refused(None, finding("F115", here))
    except (OSError, ValueError, OverflowError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        return Refused(None, unread(here, error))
    return found.data, replace(source, size=found.size, modified=found.modified)


def unread(here: CellRef, error: Exception) -> Finding:
    """Why a file or a folder could not be read: a share that is away is nobody's fault and wants another remedy."""
    why = reason(error)
    return finding("F117", here) if why == UNREACHABLE else finding("F109", here, reason=why)


def parse(data: bytes, source: SourceFile) -> RawForm | Refused:
    """The same from bytes already in hand."""
    sha256 = hashlib.sha256(data).hexdigest()
    cleared = clear(data, source.file)
    if isinstance(cleared, Finding):
        return Refused(sha256, cleared)
    found, reader = _opened(data, cleared)
    notes = cleared.notes
    if isinstance(found, Opened) and found.package is not None:  # what the default password hid is a file of its own
        notes = (finding("F307", CellRef(source.file)),)
        data = found.package
        cleared = clear(data, source.file)
        if isinstance(cleared, Finding):
            return Refused(sha256, cleared)
        if cleared.format == "ole":
            return Refused(sha256, finding("F103", CellRef(source.file), reason="cấu trúc lồng nhau"))
        notes += cleared.notes
        found, reader = _opened(data, cleared)
    if isinstance(found, Trouble):
        return Refused(sha256, finding(found.code, CellRef(source.file), **dict(found.fields)))
    return _form(source, sha256, replace(cleared, reader=reader, notes=notes), found)


def _opened(data: bytes, cleared: Clearance) -> tuple[Opened | Trouble, Reader]:
    """The sheets, or why there are none, and whose reader opened it: what is beyond one is given to the other."""
    job = Job(cleared.package or data, cleared.format, cleared.reader)
    found = isolated(job) if cleared.isolated else opened(job)
    if (job.format, job.reader) == ("xlsx", "calamine"):
        found = _with_hidden(found, cleared.hidden_columns)
        other = isolated(replace(job, reader="openpyxl")) if found == BEYOND_READER else found
        if other is not found and isinstance(other, Opened):
            return other, "openpyxl"
    return found, job.reader


def _with_hidden(found: Opened | Trouble, columns: tuple[tuple[int, ...], ...]) -> Opened | Trouble:
    """The sheets with their hidden columns; beyond the reader that has other sheets than those they were seen in."""
    if not columns or isinstance(found, Trouble):
        return found
    if len(columns) != len(found.sheets):
        return BEYOND_READER
    pairs = zip(found.sheets, columns, strict=True)
    return replace(found, sheets=tuple(replace(sheet, hidden_columns=own) for sheet, own in pairs))


def _form(source: SourceFile, sha256: str, cleared: Clearance, found: Opened) -> RawForm:
    sheets = found.sheets
    stamp = next((sheet for sheet in sheets if sheet.name == STAMP_SHEET), None)
    # A formula or an error that somebody has put into the stamp says nothing: it is as if the row were gone.
    pairs = tuple(
        (str(row[0]), str(row[1] or ""))
        for row in (stamp.rows if stamp else ())
        if len(row) > 1 and row[0] and not isinstance(row[1], bool | ErrorValue | Uncalculated)
    )
    own = tuple(finding(item.code, CellRef(source.file), **dict(item.fields)) for item in found.notes)
    sent = cleared.sent or found.sent
    if sent is not None and sent > datetime.now(timezone.utc) + CLOCKS_DIFFER:
        own = (*own, finding("U205", CellRef(source.file), text=moment_vi(sent)))
        sent = None
    return RawForm(
        source=source,
        sha256=sha256,
        sent=sent or source.modified,
        sent_from="file" if sent else "disk",
        reader=cleared.reader,
        sheets=tuple(sheet for sheet in sheets if sheet.name != STAMP_SHEET),
        stamp=pairs,
        made=cleared.made,
        findings=(
            *cleared.notes,
            *own,
            *(_at_first("F308", source.file, sheet, sheet.outside) for sheet in sheets if sheet.outside),
            *(_at_first("F310", source.file, sheet, sheet.cut) for sheet in sheets if sheet.cut),
        ),
    )


_COMMENT, _SHAPE = "ghi chú", "hình vẽ hoặc hộp chữ"
_COMMENTS = re.compile(
    rb"""<(?:\w{1,20}:)?(?:comment|threadedComment)\s[^>]{0,500}?\bref=["']([A-Z]{1,3}\d{1,7})["']"""
)
_BESIDE = (
    (("xl/comments", "xl/threadedcomments/"), _COMMENT),
    (("xl/media/", "xl/charts/", "xl/embeddings/", "xl/diagrams/"), "hình, biểu đồ hoặc tệp nhúng"),
    (("xl/drawings/drawing",), _SHAPE),
)


def beside_cells(source: SourceFile) -> tuple[str, ...]:
    """What a workbook of ours must not hold beside its cells, in words: comments with their cells, pictures, shapes."""
    found = content(source)
    if isinstance(found, Refused):
        return ()
    data, _ = found
    told: dict[str, None] = {}
    damage = (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, NotImplementedError)
    with suppress(*damage), zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            words = next((words for starts, words in _BESIDE if name.lower().startswith(starts)), None)
            if words == _COMMENT:
                with package.open(name) as stream:
                    cells = [cell.decode() for cell in _COMMENTS.findall(stream.read(MAX_PART))[:_MOST_NAMED]]
                words = f"{words} ở ô {', '.join(cells)}" if cells else None
            elif words == _SHAPE:  # LibreOffice writes a drawing that holds nothing
                with package.open(name) as stream:
                    words = words if b"Anchor" in stream.read(MAX_PART) else None
            if words is not None:
                told[words] = None
    return tuple(told)


def _at_first(code: str, file: str, sheet: RawSheet, places: tuple[Place, ...]) -> Finding:
    at = CellRef(file, sheet.name, *places[0])
    return finding(code, at, address=at.address, count=len(places))


def _member(source: SourceFile) -> bytes:
    """The bytes of a file inside a packed one, never more than a file may have."""

    def taken() -> bytes:
        with (
            at(source.path).open("rb") as packed,
            zipfile.ZipFile(packed) as package,
            package.open(source.member) as stream,
        ):
            return stream.read(MAX_FILE + 1)

    return patiently(taken)
