"""A look at a file's bytes before any parser: what it is, whether it is safe in size, how it must be read.

Bytes come in; a :class:`Clearance` or the finding that refuses the file goes out, in bounded time and memory. The type
is told by content, never by the file's name.
"""

from __future__ import annotations

import io
import zipfile
import zlib

from cchc_xl.preflight.clearance import Clearance, Format
from cchc_xl.preflight.evidence import is_telling_format
from cchc_xl.preflight.kind import OLE, kind_of
from cchc_xl.preflight.limits import MAX_FILE
from cchc_xl.preflight.package import clear_package
from cchc_xl.preflight.reading_copy import reading_copy, transitional
from cchc_xl.records import CellRef, Finding
from cchc_xl.text.catalogue import finding

__all__ = ("Clearance", "Format", "clear", "is_telling_format", "reading_copy", "transitional")


def clear(data: bytes, file: str) -> Clearance | Finding:
    """What may be done with these bytes: read them, and how; or the finding that says why not.

    A compound file (``.xls``, or a workbook behind a password) is cleared unseen: it is only ever opened in a process
    of its own, because the structure inside it can loop.
    """
    at = CellRef(file)
    if not data:
        return finding("F104", at)
    if len(data) > MAX_FILE:
        return finding("F105", at, size=str(len(data) // 1024 // 1024))
    if not data.strip(b"\0"):
        return finding("F106", at)
    if data.startswith(OLE):
        return Clearance("calamine", "ole", isolated=True)
    if b"PK\x05\x06" not in data[-65_600:]:
        if data.startswith(b"PK"):
            return finding("F103", at, reason="tệp bị cắt ngang")
        return finding("F101", at, kind=kind_of(data))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return clear_package(package, at)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, KeyError, zlib.error):
        return finding("F103", at, reason="cấu trúc nén bên trong bị hỏng")
    except NotImplementedError:
        return finding("F103", at, reason="nén theo cách Excel không dùng")
    except RuntimeError:  # what zipfile says of a member with a password
        return finding("F102", at)
