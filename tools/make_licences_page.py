"""Writes ``docs/licences.md``, under what licence each part may be used: ``python tools/make_licences_page.py``.

By the metadata of what is installed; of what only Windows needs, by what stands here. Run it where the extras are installed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from packaging.utils import canonicalize_name

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.make_sbom import OURS, installed
from tools.make_windows_bundle import requirements

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "licences.md"
EXTRAS = ("analytics", "cluster", "smb")
WINDOWS_ONLY = {"colorama": "BSD-3-Clause", "pywin32": "PSF-2.0"}
# What may be used in an office's program and passed on with it. Of a part with several the user chooses one (OR) or keeps to
# all (AND); docxtpl alone is LGPL: it is used unmodified, as source that anybody may replace.
ALLOWED = {
    "MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause", "BSD", "0BSD", "Apache-2.0", "PSF-2.0", "Zlib", "CC0-1.0", "LGPL-2.1-only",
}  # fmt: skip
HEAD = f"""# Licences of what is shipped

Made by `python tools/make_licences_page.py` from the metadata of what is installed. Tests hold it against `setup.cfg` and
`tools/windows/wheels.txt`, and refuse a part whose licence is none of: {", ".join(sorted(ALLOWED))}.

* **Ours** is MIT (`LICENSE`): code, templates, examples, pictures. The figures of the examples are a public plan's.
* **The wheel and the source distribution** hold nothing of others; the parts marked *wheel* are installed beside it.
* **The Windows bundle** holds the parts marked *bundle*, each with the text of its licence; `GIAY-PHEP.txt` in it says where. docxtpl's wheel
  has no text of the LGPL: the bundle adds it. Of xlwings the folder `pro` (another licence) is left out.
* CPython's own `python/LICENSE.txt` there covers what it is built with: bzip2, libffi, the Apache licence of OpenSSL, and Microsoft's runtime libraries, which
  may be passed on for use on Windows only.
* `python tools/make_sbom.py` writes the same with versions as CycloneDX JSON; `--bundle ZIP` that of a bundle, with hashes.

Not listed: what is compiled into wheels (libxml2 in lxml, OpenSSL in cryptography, crates of Rust in python-calamine). Their makers
state it, if they do, in the texts beside.

| part | licence | comes with |
| --- | --- | --- |
"""


def page() -> str:
    """The page as text."""
    return HEAD + "".join(f"| {name} | {licence} | {', '.join(doors)} |\n" for name, licence, doors in rows())


def rows() -> Iterator[tuple[str, str, list[str]]]:
    """Name, licence, and by which doors it comes, of every part."""
    needed = installed()
    extras = {extra: set(installed((extra,))) - set(needed) for extra in EXTRAS}
    known = {name: item.licence for name, item in installed(EXTRAS).items()} | WINDOWS_ONLY
    bundle = {canonicalize_name(name) for name, _, _ in requirements("wheels.txt")}
    for name in sorted({*known, *bundle} - {OURS}):
        doors = ["wheel"] if name in needed else []
        doors += [f"extra `{extra}`" for extra in EXTRAS if name in extras[extra]]
        doors += ["bundle"] if name in bundle else []
        yield name, known.get(name, ""), doors


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
