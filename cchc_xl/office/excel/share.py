"""A folder on a server of the network: an ``smb://`` address comes in, its names, times and bytes go out.

A name and a password are taken off an address where it enters (:func:`without_login`): no path of a share holds them.
"""

from __future__ import annotations

import io
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from pathlib import PurePath, PurePosixPath
from typing import IO, Any, TypeVar
from urllib.parse import unquote

from cchc_xl.office.excel.server import PASSWORD, PORT, SCHEME, AwayError, Login, UnusableError, keep_login, server

_T = TypeVar("_T")
_CHUNK = 1024 * 1024  # bytes of a file that are one answer
_ADDRESS = re.compile(r"smb:[/\\]+", re.IGNORECASE | re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_DIRECTORY, _REPARSE_POINT = 0x10, 0x400  # attributes of a file
_LEADS_ELSEWHERE = frozenset((0xA000000C, 0xA0000003))  # symbolic links and junctions: as on a disk not walked into


@dataclass(frozen=True, slots=True)
class SharePath:
    r"""A file or folder of a share, with the part of :class:`pathlib.Path` that reading needs.

    ``listed`` is what the server said of the names in this folder when it was listed, ``known`` of this one.

    >>> place = SharePath.of("smb://may-chu/don-vi/Quý 1/vp.xlsx")
    >>> place.name, str(place.parent), place.unc
    ('vp.xlsx', 'smb://may-chu/don-vi/Quý 1', '\\\\may-chu\\don-vi\\Quý 1\\vp.xlsx')
    """

    host: str
    port: int
    parts: tuple[str, ...]
    known: os.stat_result | None = field(default=None, compare=False, repr=False)
    listed: Mapping[str, os.stat_result] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, address: str) -> SharePath:
        """From an address as :func:`str` gives it. Raises :class:`UnusableError` for what is none."""
        host, _, rest = address[len(SCHEME) :].replace("\\", "/").partition("/")
        found = re.fullmatch(r"(\[[0-9A-Fa-f:.%]{2,60}\]|[^\[\]:@/?#\s]{1,255})(?::(\d{1,5}))?", host)
        parts: list[str] = []
        for part in rest.split("/"):
            if part == "..":
                del parts[-1:]
            elif part not in ("", "."):
                parts.append(part)
        if found is None or not parts:
            raise UnusableError(
                f"Địa chỉ thư mục chia sẻ không đúng: hãy ghi dạng {SCHEME}máy-chủ/thư-mục-chia-sẻ/thư-mục, có tên "
                f"đăng nhập thì {SCHEME}tên:mật-khẩu@máy-chủ/thư-mục-chia-sẻ/thư-mục (các ký tự / : @ % trong mật "
                "khẩu ghi là %2F %3A %40 %25)."
            )
        return cls(found[1].strip("[]").lower(), int(found[2] or PORT), tuple(parts))

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORT else f":{self.port}"
        return "/".join((f"{SCHEME}{host}{port}", *self.parts))

    def __truediv__(self, name: str) -> SharePath:
        parts = tuple(part for part in name.split("/") if part)
        return replace(self, parts=(*self.parts, *parts), known=self.listed.get(name), listed={})

    @property
    def unc(self) -> str:
        """As Windows writes it."""
        return "\\".join((f"\\\\{self.host}", *self.parts))

    @property
    def name(self) -> str:
        """The last part."""
        return self.parts[-1]

    @property
    def suffix(self) -> str:
        """The ending of the name, with its dot."""
        return PurePosixPath(self.name).suffix

    @property
    def parent(self) -> SharePath:
        """The folder it lies in; of a share the share itself."""
        return replace(self, parts=self.parts[:-1] or self.parts, known=None, listed={})

    def resolve(self) -> SharePath:
        """The same: an address is whole."""
        return self

    def stat(self) -> os.stat_result:
        """Kind, size and times. Raises ``OSError``."""
        if self.known is not None:
            return self.known

        def asked(client: Any, options: Mapping[str, Any]) -> os.stat_result:
            told = client.stat(self.unc, **options)
            return _told(
                told.st_file_attributes, told.st_size, _EPOCH + timedelta(microseconds=told.st_mtime_ns // 1000)
            )

        return _answer(self, asked)

    def is_file(self) -> bool:
        """Whether a file stands there, and can be seen."""
        with suppress(OSError):
            return stat.S_ISREG(self.stat().st_mode)
        return False

    def is_dir(self) -> bool:
        """Whether a folder stands there, and can be seen."""
        with suppress(OSError):
            return stat.S_ISDIR(self.stat().st_mode)
        return False

    def iterdir(self) -> Iterator[SharePath]:
        """What is in the folder. Raises ``OSError``."""
        here = replace(self, listed=_listing(self)[0])
        return (here / name for name in here.listed)

    def open(self, mode: str = "rb") -> IO[bytes]:
        """The file, to be read. Raises ``OSError``."""
        del mode
        return io.BufferedReader(Stream(self))


def is_address(text: object) -> bool:
    """Whether it is, or was meant as, the address of a share.

    >>> is_address("smb://may-chu/don-vi"), is_address("SMB:/may-chu"), is_address("don-vi"), is_address("smb")
    (True, True, False, False)
    """
    return _ADDRESS.match(str(text)) is not None


def without_login(text: str) -> str:
    """The text without the name and password of an address in it, which are kept for the server it names.

    >>> without_login("smb://may-chu/don-vi"), without_login("--out=ket-qua")
    ('smb://may-chu/don-vi', '--out=ket-qua')
    """
    found = _ADDRESS.search(text)
    if found is None:
        return text
    before, rest = text[: found.start()] + SCHEME, text[found.end() :].replace("\\", "/")
    authority, slash, path = rest.partition("/")
    login, at, host = authority.rpartition("@")
    if not at:
        # With an unwritten slash in the password its end would pass for a folder.
        return before if "@" in path and ":" in authority and not authority.startswith("[") else before + rest
    with suppress(UnusableError):
        place = SharePath.of(f"{SCHEME}{host}/-")
        name, _, password = login.partition(":")
        user = unquote(name).replace(";", "\\")
        keep_login(Login(place.host, place.port, user, unquote(password) or os.environ.get(PASSWORD, "")))
    return f"{before}{host}{slash}{path}"


def typed(text: str) -> SharePath:
    """An address as somebody typed it, with a login or without, in plain letters or as a browser copies it.

    Raises :class:`UnusableError` for what is none.

    >>> str(typed("smb://may-chu:4450/don-vi/Qu%C3%BD%201/"))
    'smb://may-chu:4450/don-vi/Quý 1'
    """
    address = without_login(text)
    with suppress(UnicodeDecodeError):
        address = unquote(address, errors="strict")
    return SharePath.of(_ADDRESS.sub(SCHEME, address, count=1))


def walk(folder: SharePath, refused: Callable[[OSError], None]) -> Iterator[tuple[SharePath, list[str], list[str]]]:
    """As ``os.walk``: a folder, the names of its folders, of its files; a folder that cannot be listed is told of."""
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            listed, links = _listing(here)
        except OSError as error:
            error.filename = here.name
            refused(error)
            continue
        here = replace(here, listed=listed)
        folders = [name for name, told in listed.items() if stat.S_ISDIR(told.st_mode)]
        yield here, folders, [name for name in listed if not stat.S_ISDIR(listed[name].st_mode)]
        waiting += (here / name for name in reversed(folders) if name not in links)


def whole(place: SharePath, most: int) -> tuple[bytes, os.stat_result, os.stat_result]:
    """The file's bytes, no more than so many, and how it stood before and after. Raises ``OSError``."""
    for last in (False, True):
        try:
            with Stream(place) as stream:
                data = b"" if stream.told.st_size > most else stream.everything()
                return data, stream.told, stream.finished()
        except AwayError:  # an open file does not outlive its connection
            if last or server(place.host, place.port).failed is not None:
                raise
    raise AssertionError


def below(path: object, folder: object) -> PurePath:
    """The path as seen from the folder. Raises ``ValueError`` where it does not lie in it."""
    if (
        not isinstance(path, SharePath)
        or not isinstance(folder, SharePath)
        or path.parts[: len(folder.parts)] != folder.parts
    ):
        raise ValueError(f"{path} is not below {folder}")
    return PurePosixPath(*path.parts[len(folder.parts) :])


class Stream(io.RawIOBase):
    """An open file of a share: others may read, write and delete it meanwhile, as a copying machine must let them."""

    def __init__(self, place: SharePath) -> None:
        self._place = place
        self._file: Any = None
        self._file = _answer(
            place, lambda client, options: client.open_file(place.unc, "rb", 0, share_access="rwd", **options)
        )
        self.told = self._now()

    def _within(self, asked: Callable[[], _T]) -> _T:
        return server(self._place.host, self._place.port).within(asked, self._place.parts)

    def _now(self) -> os.stat_result:
        handle = self._file.fd
        return _told(handle.file_attributes, handle.end_of_file, handle.last_write_time)

    def finished(self) -> os.stat_result:
        """Closes the file; how it stood then."""
        self._within(lambda: self._file.fd.close(get_attributes=True))
        now = self._now()
        return now if now.st_mtime > 0 else self.told  # a server that does not tell

    def everything(self) -> bytes:
        """All that the file held when it was opened."""
        data, size = bytearray(), self.told.st_size
        while len(data) < size and (piece := self.read(min(_CHUNK, size - len(data)))):
            data += piece
        return bytes(data)

    def readinto(self, buffer: Any) -> int:
        """As of any file."""
        piece = memoryview(buffer)[:_CHUNK]
        return int(self._within(lambda: self._file.readinto(piece)))

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """As of any file."""
        return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        """As of any file."""
        return int(self._file.tell())

    def readable(self) -> bool:
        """It is read only."""
        return True

    def seekable(self) -> bool:
        """As of any file."""
        return True

    def close(self) -> None:
        """As of any file; a connection that is gone has closed it."""
        if not self.closed and self._file is not None:
            with suppress(OSError):
                self._within(self._file.close)
        super().close()


def _answer(place: SharePath, asked: Callable[[Any, Mapping[str, Any]], _T]) -> _T:
    return server(place.host, place.port).answer(asked, place.parts)


def _listing(folder: SharePath) -> tuple[dict[str, os.stat_result], frozenset[str]]:
    """What is in the folder by name, and the names of those folders that only lead elsewhere."""

    def asked(client: Any, options: Mapping[str, Any]) -> tuple[dict[str, os.stat_result], frozenset[str]]:
        found, links = {}, set()
        with closing(client.scandir(folder.unc, **options)) as entries:
            for entry in entries:
                info = entry.smb_info
                found[entry.name] = _told(info.file_attributes, info.end_of_file, info.last_write_time)
                if info.file_attributes & _REPARSE_POINT and info.ea_size in _LEADS_ELSEWHERE:
                    links.add(entry.name)
        return found, frozenset(links)

    return _answer(folder, asked)


def _told(attributes: int, size: int, changed: datetime) -> os.stat_result:
    """As the system tells it of a file on a disk."""
    kind = stat.S_IFDIR if attributes & _DIRECTORY else stat.S_IFREG
    nanoseconds = (changed - _EPOCH) // timedelta(microseconds=1) * 1000
    whole = nanoseconds // 1_000_000_000
    more = {"st_mtime": nanoseconds / 1e9, "st_mtime_ns": nanoseconds}
    return os.stat_result((kind | 0o444, 0, 0, 1, 0, 0, size, whole, whole, whole), more)
