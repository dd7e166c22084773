"""Debian's ``smbd`` on loopback, for the tests and the benchmark: a server of its own, on a free port, for one user.

It is started with a configuration, a user and folders of its own; no service of the machine is touched.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

PASSWORD = "Mật@khẩu/của:tôi%"  # noqa: S105 - of a server that lives as long as whoever started it
TYPED = "M%E1%BA%ADt%40kh%E1%BA%A9u%2Fc%E1%BB%A7a%3At%C3%B4i%25"
CONFIGURATION = """
[global]
server role = standalone server
smb ports = {port}
bind interfaces only = yes
interfaces = 127.0.0.1
private dir = {home}/private
lock directory = {home}/lock
state directory = {home}/state
cache directory = {home}/cache
pid directory = {home}/pid
ncalrpc dir = {home}/rpc
log file = {home}/log
log level = 1 auth:2
passdb backend = tdbsam:{home}/private/passdb.tdb
disable netbios = yes
load printers = no
disable spoolss = yes
map to guest = never
force user = nobody
force directory mode = 0777
force create mode = 0666
acl allow execute always = yes
[don-vi]
path = {home}/don-vi
read only = no
mangled names = no
[ten-ngan]
path = {home}/don-vi
"""


@dataclass(slots=True)
class Samba:
    """The server, and its share ``don-vi``: a folder here, and the same folder at its address."""

    home: Path
    port: int
    user: str
    running: subprocess.Popen[bytes] | None = None
    fresh: Iterator[int] = field(default_factory=lambda: iter(range(1_000)))

    @property
    def door(self) -> str:
        """The address with its login, as an officer types it."""
        return f"smb://{self.user}:{TYPED}@127.0.0.1:{self.port}"

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        command = ["smbd", "--foreground", "--no-process-group", f"--configfile={self.home}/smb.conf"]
        quiet = subprocess.DEVNULL
        self.running = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet)
        end = time.monotonic() + 10
        while time.monotonic() < end:
            with closing(socket.socket()) as one:
                if one.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise AssertionError("smbd does not answer")

    def processes(self) -> list[psutil.Process]:
        """The server, and a process of it for each connection."""
        if self.running is None:
            return []
        own = psutil.Process(self.running.pid)
        return [own, *own.children(recursive=True)]

    def stop(self) -> None:
        """Takes it away as a power cut does."""
        for one in self.processes():
            one.kill()
        if self.running is not None:
            self.running.wait()

    def folder(self) -> tuple[Path, str]:
        """A new folder of the share, here and there."""
        here = self.home / "don-vi" / str(next(self.fresh))
        here.mkdir()
        here.chmod(0o777)
        return here, f"{self.door}/don-vi/{here.name}"

    def client(self) -> dict[str, Any]:
        """What another computer says to the server with smbprotocol's own client: a connection of its own."""
        return {"username": self.user, "password": PASSWORD, "port": self.port, "connection_cache": {}}

    def unc(self, path: Path) -> str:
        """The path of a file of the share as that client wants it."""
        return "\\\\127.0.0.1\\don-vi\\" + "\\".join(path.relative_to(self.home / "don-vi").parts)


def why_not() -> str:
    """Why no server can be started here, in a sentence; '' where one can."""
    missing = [name for name in ("smbd", "smbpasswd") if not shutil.which(name)]
    return "no smbd (Debian: apt-get install samba)" if missing else "" if os.geteuid() == 0 else "smbd wants root"


@contextmanager
def serving() -> Iterator[Samba]:
    """A server while the block lasts; its folders are gone after it."""
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    # Where anybody may look: the share is served as nobody, to whom folders of tests are closed.
    home = Path(tempfile.mkdtemp(prefix="cchc-xl-smb-", dir="/tmp"))
    home.chmod(0o755)
    for name in ("private", "lock", "state", "cache", "pid", "rpc", "don-vi"):
        (home / name).mkdir()
    (home / "smb.conf").write_text(CONFIGURATION.format(home=home, port=port), encoding="utf-8")
    user = psutil.Process().username()  # smbd knows only those whom the machine knows
    command = ["smbpasswd", "-c", str(home / "smb.conf"), "-s", "-a", user]
    subprocess.run(command, input=f"{PASSWORD}\n{PASSWORD}\n".encode(), check=True, capture_output=True)
    made = Samba(home, port, user)
    made.start()
    try:
        yield made
    finally:
        made.stop()
        shutil.rmtree(home)
