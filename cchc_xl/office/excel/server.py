"""The servers of a network's shares: what is asked of one comes in, its answer, or why there is none, goes out.

The client (smbprotocol) is loaded when the first server is asked. What it raises leaves here as ``OSError`` with
Windows' own number, so that a share tells its troubles in the same words as a disk. No answer is waited for without
end; a server that goes away is waited for once, and then whatever is asked of it fails at once.

Names and passwords are kept in this process alone (:func:`logins` hands them to another one) and stand in nothing that
is said or written.
"""

from __future__ import annotations

import errno
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from cchc_xl.text.system_error import ToldError

_T = TypeVar("_T")
SCHEME = "smb://"
USER, PASSWORD = "CCHC_XL_SMB_USER", "CCHC_XL_SMB_PASSWORD"  # in the environment: of an address that names nobody
PORT = 445
_CONNECTING = 10.0  # seconds for a server to answer at all
_ANSWERING = 20.0  # seconds for any one answer
_PATIENCE = 15.0  # seconds for a server that was there and is gone to come back
_REST = 5.0  # seconds after a vain attempt before another one
_PAUSE = 0.5
# Windows' number of what the server answers (NTSTATUS), and the system's.
_ANSWERS: dict[int, tuple[int, int]] = {
    **dict.fromkeys((0xC0000034, 0xC000003A, 0xC000000F, 0xC0000056), (2, errno.ENOENT)),
    **dict.fromkeys((0xC0000022, 0xC00000CA, 0xC0000061), (5, errno.EACCES)),
    0xC0000043: (32, errno.EBUSY),
    0xC0000054: (33, errno.EBUSY),
    **dict.fromkeys((0xC0000033, 0xC000003B), (123, errno.EINVAL)),
    0xC0000103: (267, errno.ENOTDIR),
    0xC00000BA: (5, errno.EISDIR),
    0xC0000106: (206, errno.ENAMETOOLONG),
    # The last is said of a share that is neither there nor one that leads to another server.
    **dict.fromkeys((0xC00000CC, 0xC00000BE, 0xC0000225), (67, errno.ENOENT)),
    **dict.fromkeys(
        (0xC000006A, 0xC000006D, 0xC0000064, 0xC000006E, 0xC000006F, 0xC0000070, 0xC0000071, 0xC0000072, 0xC000015B),
        (1326, errno.EACCES),
    ),
    **dict.fromkeys((0xC0000193, 0xC0000224, 0xC0000234), (1326, errno.EACCES)),
    **dict.fromkeys(
        (0xC0000203, 0xC000035C, 0xC00000C9, 0xC000020C, 0xC000020D, 0xC0000128, 0xC00000B5, 0xC00000D0),
        (64, errno.ENOTCONN),
    ),
}
_LOGON, _DENIED, _NO_SHARE, _AWAY, _INVALID = 1326, 5, 67, 64, 123


class ShareError(OSError):
    """What a server of the network answered, by Windows' number and the system's."""

    winerror: int

    def __init__(self, number: int, code: int, told: str) -> None:
        super().__init__(code, told)
        self.winerror = number


class SaidError(ShareError, ToldError):
    """Why a share cannot be read at all; the text is one sentence for the officer."""

    def __str__(self) -> str:
        return str(self.strerror)


class AwayError(SaidError):
    """The server cannot be reached, and has been waited for."""

    def __init__(self, sentence: str) -> None:
        super().__init__(_AWAY, errno.ENOTCONN, sentence)


class UnusableError(SaidError):
    """An address that is none, or of which this installation can make no use."""

    def __init__(self, sentence: str) -> None:
        super().__init__(_INVALID, errno.EINVAL, sentence)


@dataclass(frozen=True, slots=True)
class Login:
    """Who asks a server; without a name it is the user of this session."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)


class Server:
    """One server: the connections to it, whether it ever answered, and when it last did not."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.connections: dict[str, Any] = {}
        self.answered = False
        self.waited = False
        self.failed: tuple[float, SaidError] | None = None

    def options(self) -> dict[str, Any]:
        """What every call of the client is told."""
        login = _LOGINS.get((self.host, self.port))
        user = login.user if login else os.environ.get(USER, "")
        password = login.password if login else os.environ.get(PASSWORD, "")
        return {
            "username": user or None,
            "password": password or None,
            "port": self.port,
            "connection_timeout": _CONNECTING,
            "connection_cache": self.connections,
        }

    def connect(self) -> None:
        """Makes a connection unless there is one. Raises :class:`SaidError`."""
        if any(one.transport.connected for one in self.connections.values()):
            return
        if self.failed is not None:
            when, why = self.failed
            # A refused login is not tried again: after a few of them a server locks the account.
            if not isinstance(why, AwayError) or time.monotonic() - when < _REST:
                raise why.with_traceback(None)
        end = time.monotonic() + (_PATIENCE if self.answered and not self.waited else 0)
        while True:
            try:
                with self.watched(_CONNECTING):
                    _client().register_session(self.host, **self.options())
            except Exception as error:  # whatever answers at that address, it need not be a server of files
                self.drop()
                told = self._why(error)
                if not isinstance(told, AwayError) or time.monotonic() > end:
                    self.failed, self.waited = (time.monotonic(), told), self.answered
                    raise told from None
                time.sleep(_PAUSE)
            else:
                self.answered, self.failed = True, None
                return

    def answer(self, asked: Callable[[Any, Mapping[str, Any]], _T], parts: tuple[str, ...]) -> _T:
        """What is answered about this place; asked again where the connection is lost, after the server is back."""
        client = _client()
        self.connect()
        try:
            answer = self.within(lambda: asked(client, self.options()), parts)
        except AwayError:
            self.connect()
            try:
                answer = self.within(lambda: asked(client, self.options()), parts)
            except AwayError as error:
                self.failed, self.waited = (time.monotonic(), error), True
                raise
        self.waited = False
        return answer

    def within(self, asked: Callable[[], _T], parts: tuple[str, ...]) -> _T:
        """What is done about this place on an open connection, bounded in time. Raises :class:`ShareError`."""
        try:
            with self.watched(_ANSWERING):
                return asked()
        except Exception as error:
            if isinstance(error, ShareError):
                raise
            status = getattr(error, "ntstatus", 0) or getattr(error, "status", 0)
            number, code = _ANSWERS.get(status, (0, errno.EIO))
            gone = not any(one.transport.connected for one in self.connections.values())
            if number == _AWAY or (gone and not status):
                self.drop()
                raise AwayError(
                    f"Mất kết nối tới máy chủ {self.host} trong lúc đọc: hãy kiểm tra mạng, đợi máy chủ trở lại rồi "
                    "chạy lại."
                ) from None
            if number == _NO_SHARE:
                raise SaidError(
                    _NO_SHARE,
                    errno.ENOENT,
                    f"Máy chủ {self.host} không có thư mục chia sẻ “{parts[0]}”: hãy kiểm tra tên đó trong địa chỉ rồi "
                    "chạy lại.",
                ) from None
            if not status and not isinstance(error, OSError) and not type(error).__module__.startswith("smbprotocol"):
                raise  # a mistake
            raise ShareError(number, code, f"0x{status:08X}") from None

    def drop(self) -> None:
        """Ends the connections: what still waits for an answer on them fails now."""
        for one in tuple(self.connections.values()):
            with suppress(Exception):
                one.transport.close()
        self.connections.clear()

    @contextmanager
    def watched(self, seconds: float) -> Iterator[None]:
        """Drops the connections where what is done takes longer: the client itself waits for ever."""
        alarm = threading.Timer(seconds, self.drop)
        alarm.daemon = True
        alarm.start()
        try:
            yield
        finally:
            alarm.cancel()

    def _why(self, error: Exception) -> SaidError:
        """Why there is no connection, and what to do."""
        number = _ANSWERS.get(getattr(error, "status", 0) or getattr(error, "ntstatus", 0) or 0, (0, 0))[0]
        ours = self.options()["username"]
        place = self.host if self.port == PORT else f"{self.host}:{self.port}"
        how = (
            f"hãy ghi {SCHEME}tên:mật-khẩu@{place}/… (các ký tự / : @ % trong mật khẩu ghi là %2F %3A %40 %25) "
            f"hoặc đặt biến môi trường {USER} và {PASSWORD}, rồi chạy lại."
        )
        unable = type(error).__name__ == "SMBAuthenticationError"  # the client's own, before the server was asked
        if number in (_LOGON, _DENIED) or (unable and ours):
            who = f"của {ours}" if ours else "của phiên làm việc này"
            told = f"Máy chủ {self.host} không nhận tên đăng nhập hoặc mật khẩu {who}: {how}"
            return SaidError(_LOGON, errno.EACCES, told)
        if unable:
            told = f"Máy chủ {self.host} cần tên đăng nhập và mật khẩu: {how}"
            return SaidError(_LOGON, errno.EACCES, told)
        if isinstance(error, UnicodeError) or isinstance(error.__cause__, socket.gaierror):
            return AwayError(
                f"Không tìm thấy máy chủ {self.host} trên mạng: hãy kiểm tra tên máy chủ, mạng nội bộ (VPN), hoặc ghi "
                "địa chỉ IP thay tên, rồi chạy lại."
            )
        if isinstance(error.__cause__, ConnectionRefusedError):
            return AwayError(
                f"Máy chủ {self.host} không mở cổng {self.port} của thư mục chia sẻ: hãy kiểm tra tên máy chủ và cổng "
                "trong địa chỉ, hoặc nhờ người quản trị máy chủ, rồi chạy lại."
            )
        return AwayError(
            f"Máy chủ {self.host} không trả lời ở cổng {self.port} như một máy chủ chia sẻ tệp: hãy kiểm tra máy chủ "
            "có bật không, mạng nội bộ (VPN), tên máy chủ và cổng trong địa chỉ, rồi chạy lại."
        )


def _client() -> Any:
    try:
        import smbclient
    except ImportError:
        raise UnusableError(
            'Muốn đọc thư mục smb:// phải cài thêm phần đọc thư mục chia sẻ: hãy chạy `pip install "cchc-xl[smb]"` rồi '
            "chạy lại; trên Windows cũng có thể ghi đường dẫn dạng \\\\máy-chủ\\thư-mục."
        ) from None
    import logging

    for name in ("smbclient", "smbprotocol", "spnego"):  # else Python prints what they log of a lost connection
        log = logging.getLogger(name)
        if not log.handlers:
            log.addHandler(logging.NullHandler())
    return smbclient


def server(host: str, port: int) -> Server:
    """The server of this name, asked over one connection by everybody in this process."""
    return _SERVERS.setdefault((host, port), Server(host, port))


def keep_login(known: Login) -> None:
    """Keeps with what to log in at a server; one that was asked by somebody else is asked anew."""
    place = known.host, known.port
    if _LOGINS.get(place) != known:
        _LOGINS[place] = known
        if before := _SERVERS.pop(place, None):
            before.drop()


def logins() -> tuple[Login, ...]:
    """What this process knows to log in with, for a process that reads in its place (:func:`log_in`)."""
    return tuple(_LOGINS.values())


def log_in(known: tuple[Login, ...]) -> None:
    """Lets this process log in as another one does."""
    for one in known:
        keep_login(one)


_SERVERS: dict[tuple[str, int], Server] = {}
_LOGINS: dict[tuple[str, int], Login] = {}
if hasattr(os, "register_at_fork"):  # a connection belongs to the process that made it
    os.register_at_fork(after_in_child=_SERVERS.clear)
