"""The Windows bundle in a clean Windows of wine: unpacked, its programs run, its batch files double-clicked.

What Debian's wine 8.0 lacks is added outside the bundle, which stays as packed: ``_wmi.pyd`` is not loaded (wine's WMI calls
a function it has not), ``bcryptprimitives.dll`` passes its one function on to ``advapi32``, and a line run at start takes
``CopyFile2`` away so that ``shutil`` copies by itself.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

# A line of a .pth file that begins with import is run.
SHIM = "import _winapi; hasattr(_winapi, 'CopyFile2') and delattr(_winapi, 'CopyFile2')\n"
CODE_PAGES = {"cp1252": "en_US.UTF-8", "cp1258": "vi_VN.UTF-8"}


def is_installed() -> bool:
    return shutil.which("wine") is not None and shutil.which("wineserver") is not None


def make_bundle(folder: Path) -> Path:
    root = Path(__file__).resolve().parents[1]
    tool = [sys.executable, str(root / "tools" / "make_windows_bundle.py"), "--to", str(folder)]
    done = subprocess.run(tool, capture_output=True, text=True, check=False, timeout=300)
    if "package index" in done.stderr and not os.environ.get("CCHC_XL_WHOLE"):
        pytest.skip(done.stderr.strip())  # the machine has no way to the wheels of Windows
    assert done.returncode == 0, done.stderr
    return folder / "cchc-xl-windows.zip"


def forwarding(name: str, functions: dict[str, str]) -> bytes:
    """A 64-bit DLL of nothing but exports that other libraries fulfil."""
    start, names = 0x1000, sorted(functions)
    at = 40 + 10 * len(names)
    texts, places = b"", []
    for text in (name, *names, *(functions[item] for item in names)):
        places.append(start + at + len(texts))
        texts += text.encode() + b"\0"
    count = len(names)
    named, fulfilled = places[1 : count + 1], places[count + 1 :]
    table = struct.pack(
        "<IIHHIIIIIII",
        *(0, 0, 0, 0, places[0], 1, count, count),
        *(start + 40, start + 40 + 4 * count, start + 40 + 8 * count),
    )
    table += struct.pack(f"<{2 * count}I{count}H", *fulfilled, *named, *range(count)) + texts
    raw = table.ljust(-(-len(table) // 512) * 512, b"\0")
    dos = b"MZ".ljust(60, b"\0") + struct.pack("<I", 64)
    file = struct.pack("<4sHHIIIHH", b"PE\0\0", 0x8664, 1, 0, 0, 0, 240, 0x2022)
    optional = struct.pack(
        "<HBBIIIIIQIIHHHHHHIIIIHHQQQQII",
        *(0x20B, 14, 0, 0, len(raw), 0, 0, start, 0x180000000, 0x1000, 0x200, 6, 0, 0, 0, 6, 0, 0, 0x2000, 0x200, 0),
        *(2, 0x160, 0x100000, 0x1000, 0x100000, 0x1000, 0, 16),
    )
    optional += struct.pack("<II", start, len(table)) + bytes(15 * 8)
    section = struct.pack("<8sIIIIIIHHI", b".rdata", len(table), start, len(raw), 0x200, *(0, 0, 0, 0), 0x40000040)
    return (dos + file + optional + section).ljust(0x200, b"\0") + raw


class Windows:
    """A wine prefix of its own, with the bundle in ``C:\\cchc-xl``; to be closed."""

    def __init__(self, folder: Path, bundle: Path) -> None:
        self.drive = folder / "prefix" / "drive_c"
        unset = ("DISPLAY", "WAYLAND_DISPLAY", "LC_ALL", "LANG")
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith("PYTHON") and name not in unset
        }
        overrides = "_wmi.pyd=;winemenubuilder.exe=;mscoree=;mshtml="
        self._env = {**kept, "WINEPREFIX": str(folder / "prefix"), "WINEDEBUG": "-all", "WINEDLLOVERRIDES": overrides}
        self._env |= {"LOCPATH": str(self._locales(folder)), "LC_ALL": CODE_PAGES["cp1252"]}
        # Its services keep the streams of the program that started them: nobody may wait for those to end.
        self._quietly("wineserver", "-p")
        self._quietly("wineboot", "-i")
        # Without a screen each program that has windows would wait twenty seconds for one.
        self._quietly("wine", "reg", "add", r"HKCU\Software\Wine\Drivers", "/v", "Graphics", "/d", "null", "/f")
        shim = forwarding("bcryptprimitives.dll", {"ProcessPrng": "advapi32.SystemFunction036"})
        (self.drive / "windows" / "system32" / "bcryptprimitives.dll").write_bytes(shim)
        with zipfile.ZipFile(bundle) as archive:
            archive.extractall(self.drive)
        self.home = self.drive / "cchc-xl"
        (self.home / "python" / "Lib" / "site-packages" / "wine.pth").write_text(SHIM)

    def _locales(self, folder: Path) -> Path:
        """Host locales by the names wine derives code pages from: with an unknown one it could write no diacritics."""
        source = next(
            path for path in (Path("/usr/lib/locale/C.utf8"), Path("/usr/lib/locale/C.UTF-8")) if path.is_dir()
        )
        for name in CODE_PAGES.values():
            shutil.copytree(source, folder / "locales" / name)
        return folder / "locales"

    def _quietly(self, *command: str) -> None:
        nowhere = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
        subprocess.run(command, check=False, timeout=120, env=self._env, **nowhere)

    def close(self) -> None:
        self._quietly("wineserver", "-k")

    def run(self, *command: str, code_page: str = "cp1252", seconds: int = 180) -> subprocess.CompletedProcess[bytes]:
        """Run a program of Windows with pipes as its streams."""
        env = {**self._env, "LC_ALL": CODE_PAGES[code_page]}
        return subprocess.run(
            ["wine", *command], stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=seconds, env=env
        )

    def python(self, *arguments: str, **options: object) -> subprocess.CompletedProcess[bytes]:
        return self.run(str(self.home / "python" / "python.exe"), *arguments, **options)

    def line(self, text: str, **options: object) -> subprocess.CompletedProcess[bytes]:
        """Run a command line to the letter: arguments of Linux would be quoted again on the way."""
        script = f"import subprocess, sys\nsys.exit(subprocess.run({text!r}, input=b'\\r\\n').returncode)\n"
        (self.drive / "line.py").write_text(script, encoding="utf-8")
        return self.python(r"C:\line.py", **options)

    def double_click(self, batch: Path, *dragged: str, **options: object) -> subprocess.CompletedProcess[bytes]:
        """As Explorer starts a batch file, alone or with a folder dragged on it."""
        more = "".join(f' "{path}"' for path in dragged)
        return self.line(f'cmd.exe /c ""{self.path(batch)}"{more}"', **options)

    def path(self, path: Path) -> str:
        """The Windows name of a file in the prefix."""
        return "C:\\" + str(path.relative_to(self.drive)).replace("/", "\\")
