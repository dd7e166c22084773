"""Names of files: codes of units and agencies come in, names that Windows takes go out, and paths as they are typed."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import unicodedata
from collections.abc import Iterable

_CONTROLS = r"\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff"
_FORBIDDEN = re.compile(rf'[\\/:*?"<>|{_CONTROLS}]|^[. ]+|[. ]+$')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)
_ENDING = re.compile(r"\.(?:xls[xmb]?|ods|csv|docx?|odt|pdf|txt|zip)$", re.IGNORECASE)
_PLAIN = re.compile(r"[\w./\\:=,%+@~-]+")
_LONGEST_NAME = 100  # bytes; a name on disk has 255, and an ending and a period come with it


def file_name(code: str) -> str:
    """A code as part of a file name: what Windows forbids, does not see or keeps for its devices becomes '-'.

    >>> file_name("TT/DVVL"), file_name("CON"), file_name("nul.a"), file_name("VP. "), file_name(".."), file_name("")
    ('TT-DVVL', 'CON-', 'nul.a-', 'VP-', '-', '-')
    """
    name = _FORBIDDEN.sub("-", code) or "-"
    if _RESERVED.fullmatch(name):
        name += "-"
    data = name.encode("utf-8")
    return name if len(data) <= _LONGEST_NAME else f"{data[:_LONGEST_NAME].decode('utf-8', 'ignore')}-{_digest(code)}"


def file_names(codes: Iterable[str]) -> dict[str, str]:
    """A file name for each code, no two of them the same to Windows, which does not tell capitals apart.

    >>> [*file_names(("VP", "A-B", "A/B", "vp")).values()]
    ['VP', 'A-B', 'A-B-998d', 'vp-87cf']
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for code in codes:
        name = file_name(code)
        if unicodedata.normalize("NFC", name).casefold() in taken:
            name = f"{name}-{_digest(code)}"
        taken.add(unicodedata.normalize("NFC", name).casefold())
        names.setdefault(code, name)
    return names


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()[:4]


def form_files(period: str, units: Iterable[str]) -> dict[str, str]:
    """By unit what its form of the period is called.

    >>> form_files("2021-Q1", ["VP"])
    {'VP': '2021-Q1_VP.xlsx'}
    """
    return {unit: f"{file_name(period)}_{name}.xlsx" for unit, name in file_names(units).items()}


def has_ending(name: str) -> bool:
    """Whether a name ends as a file's does; offices number their folders with a dot as well.

    >>> has_ending("moi.xls"), has_ending("1. Kế hoạch"), has_ending("kq.2022")
    (True, False, False)
    """
    return _ENDING.search(name) is not None


def quoted(text: str) -> str:
    """A path, or another text, as one word of a command line that can be typed.

    >>> quoted("ke-hoach.xlsx"), quoted("Quý I năm 2021")
    ('ke-hoach.xlsx', '"Quý I năm 2021"')
    """
    if _PLAIN.fullmatch(text) and (os.name == "nt" or "\\" not in text):
        return text
    return f'"{text}"' if os.name == "nt" or not set(text) & set('"$`\\!') else shlex.quote(text)
