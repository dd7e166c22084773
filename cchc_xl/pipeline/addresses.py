"""What somebody named as the units' folder: a path or an address comes in, a place that can be read goes out.

Only units' files are read from a server of the network: everything else stands on this machine, or on a drive of it.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

from cchc_xl.office.excel.disk import Location, TooLargeError, UnsettledError, folder_of, whole
from cchc_xl.office.excel.share import SharePath, is_address
from cchc_xl.pipeline.line import CannotRunError, opening
from cchc_xl.records import Plan
from cchc_xl.result import manifest


def located(folder: str | Location) -> Location:
    """Where the units' files are; a name and password in an address are kept and stand nowhere any more.

    Raises :class:`CannotRunError` for an address that is none, and for a share that cannot be had.

    >>> located("smb://may-chu")
    Traceback (most recent call last):
    cchc_xl.pipeline.line.CannotRunError: Địa chỉ thư mục chia sẻ không đúng: ...
    """
    with opening(folder):
        return folder_of(folder)


def here(*paths: Plan | str | Path | None) -> None:
    """Raises :class:`CannotRunError` if one is the address of a share.

    >>> here("ket-qua", None)
    >>> here("smb://may-chu/ket-qua")
    Traceback (most recent call last):
    cchc_xl.pipeline.line.CannotRunError: Địa chỉ smb:// chỉ dùng được cho thư mục báo cáo của đơn vị: ...
    """
    if any(is_address(path) for path in paths if isinstance(path, str | Path)):
        raise CannotRunError(
            "Địa chỉ smb:// chỉ dùng được cho thư mục báo cáo của đơn vị: ở chỗ này hãy ghi một đường dẫn trên máy, "
            "hoặc nối ổ đĩa mạng rồi ghi đường dẫn của ổ đó (Windows: Z:\\… hoặc \\\\máy-chủ\\thư-mục)."
        )


def hash_of(place: Location) -> str:
    """The SHA-256 of a file as hexadecimal digits; '' where it cannot be read.

    >>> hash_of(Path("khong-co"))
    ''
    """
    if not isinstance(place, SharePath):
        return manifest.sha256(place)
    with suppress(OSError, TooLargeError, UnsettledError):
        return hashlib.sha256(whole(place).data).hexdigest()
    return ""
