"""What is known of this machine: a folder comes in, :class:`Facts` go out; nothing is judged here.

What only Windows has is asked for where it is, so that this can be imported anywhere.
"""

from __future__ import annotations

import csv
import importlib
import importlib.metadata
import io
import locale
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cchc_xl
from cchc_xl.text.system_error import reason

NEEDED = (
    *("openpyxl", "defusedxml", "python-calamine", "XlsxWriter", "jinja2", "python-docx", "docxtpl", "Babel"),
    *("msoffcrypto-tool", "lxml", "olefile", "xlrd", "psutil", "cattrs", "click", "rich", "xlwings"),
)
_USEFUL = ("pandas",)
_OFFICE = r"Software\Microsoft\Office\16.0\Excel\Security"
_POLICY = r"Software\Policies\Microsoft\Office\16.0\Excel\Security"
_C2R = r"SOFTWARE\Microsoft\Office\ClickToRun\Configuration"
# What is read of the registry of Windows, by the name it has here.
_REGISTRY = {
    "macros": ("HKCU", _OFFICE, "VBAWarnings"),
    "macros policy": ("HKCU", _POLICY, "VBAWarnings"),
    "long paths": ("HKLM", r"SYSTEM\CurrentControlSet\Control\FileSystem", "LongPathsEnabled"),
    "excel": ("HKLM", r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe", ""),
    "office bits": ("HKLM", _C2R, "Platform"),
    "office version": ("HKLM", _C2R, "VersionToReport"),
    "decimal sign": ("HKCU", r"Control Panel\International", "sDecimal"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A folder as it was found: ``unread`` and ``unwritten`` say why it could not be, '' where it could."""

    path: str
    unread: str = ""
    unwritten: str = ""
    free: int | None = None
    seconds: float = 0.0
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of a machine."""

    system: str
    python: str
    bits: int
    interpreter: str
    folder: Place
    temp: Place
    packages: Mapping[str, str | None] = field(default_factory=dict)
    settings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # of xlwings, by the file they stand in
    registry: Mapping[str, object] = field(default_factory=dict)
    code_page: str = ""
    fonts: bool | None = None
    locale: str = ""
    soffice: str = ""
    marked: tuple[str, ...] = ()  # workbooks with macros that Windows holds to be of the Internet


def facts(folder: Path) -> Facts:
    """What is known of this machine; what cannot be seen is left empty."""
    return Facts(
        system=platform.system(),
        python=platform.python_version(),
        bits=64 if sys.maxsize > 2**32 else 32,
        interpreter=sys.executable,
        folder=place(folder),
        temp=place(Path(tempfile.gettempdir())),
        packages={"cchc-xl": cchc_xl.__version__, **{name: _version(name) for name in (*NEEDED, *_USEFUL)}},
        settings=_settings(folder),
        registry={name: value for name, at in _REGISTRY.items() if (value := _registry(*at)) is not None},
        code_page=_code_page(),
        fonts=_has_times(),
        locale=".".join(filter(None, locale.getlocale())),
        soffice=_soffice(),
        marked=_marked(folder),
    )


def place(path: Path) -> Place:
    """A folder, looked at and written into: what is written is taken away at once."""
    shown, start = str(path.absolute()), time.monotonic()
    try:
        next(path.iterdir(), None)
    except OSError as error:
        return Place(shown, unread=reason(error), shared=_is_shared(shown))
    seconds, unwritten, free = time.monotonic() - start, "", None
    try:
        with tempfile.NamedTemporaryFile(prefix=".cchc-xl-thu-", dir=path) as written:
            written.write(b"cchc_xl")
    except OSError as error:
        unwritten = reason(error)
    with suppress(OSError):
        free = shutil.disk_usage(path).free
    return Place(shown, "", unwritten, free, seconds, _is_shared(shown))


def _is_shared(path: str) -> bool:
    """Whether the folder is another machine's: an address, or a drive that Windows says is one."""
    if path.startswith(("\\\\", "//")):
        return True
    with suppress(Exception):
        kernel: Any = importlib.import_module("ctypes").windll.kernel32
        return bool(kernel.GetDriveTypeW(path[:3]) == 4)
    return False


def _version(name: str) -> str | None:
    with suppress(importlib.metadata.PackageNotFoundError):
        return importlib.metadata.version(name)
    return None


def _settings(folder: Path) -> dict[str, dict[str, str]]:
    """The settings of xlwings that stand in the user's own folder and in this one, by their files."""
    found = {}
    with suppress(RuntimeError):  # a user without a home
        for path in (Path.home() / ".xlwings" / "xlwings.conf", folder / "xlwings.conf"):
            with suppress(OSError, csv.Error):
                text = path.read_bytes()[:100_000].decode("utf-8", "replace")
                rows = [row for row in csv.reader(io.StringIO(text)) if len(row) > 1]
                found[str(path)] = {row[0].strip().upper(): row[1].strip() for row in rows}
    return found


def _registry(hive: str, key: str, name: str) -> object | None:
    """A value of the registry of Windows; None elsewhere, and where there is none."""
    with suppress(ImportError, OSError):
        registry: Any = importlib.import_module("winreg")
        root = registry.HKEY_CURRENT_USER if hive == "HKCU" else registry.HKEY_LOCAL_MACHINE
        with registry.OpenKey(root, key) as opened:
            value: object = registry.QueryValueEx(opened, name)[0]
            return value
    return None


def _code_page() -> str:
    with suppress(Exception):
        kernel: Any = importlib.import_module("ctypes").windll.kernel32
        return str(kernel.GetConsoleOutputCP() or "")
    return locale.getpreferredencoding(do_setlocale=False)


def _has_times() -> bool | None:
    """Whether Times New Roman is there, or on Linux a font of the same widths."""
    windows = os.environ.get("WINDIR")
    if windows:
        return (Path(windows) / "Fonts" / "times.ttf").is_file()
    match = shutil.which("fc-match")
    if match is None:
        return None
    with suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(  # noqa: S603 – fontconfig's own program
            [match, "-f", "%{family}", "Times New Roman"], capture_output=True, text=True, timeout=10, check=False
        )
        return "Times New Roman" in done.stdout
    return None


def _soffice() -> str:
    found = shutil.which("soffice") or shutil.which("libreoffice")
    places = [os.environ.get(name, "") for name in ("PROGRAMFILES", "PROGRAMFILES(X86)")]
    usual = [Path(home) / "LibreOffice" / "program" / "soffice.exe" for home in places if home]
    return found or next((str(path) for path in usual if path.is_file()), "")


def _marked(folder: Path) -> tuple[str, ...]:
    """The workbooks with macros in the folder that carry the mark of the Internet; Windows alone has it."""
    if platform.system() != "Windows":
        return ()
    found = []
    with suppress(OSError):
        for path in sorted(folder.glob("*.xlsm"))[:50]:
            with suppress(OSError):
                told = Path(f"{path}:Zone.Identifier").read_bytes()[:1_000]
                if b"ZoneId=3" in told or b"ZoneId=4" in told:
                    found.append(path.name)
    return tuple(found)
