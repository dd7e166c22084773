"""Text typed with legacy Vietnamese fonts: stored text and the font of its cell come in, Unicode text goes out.

Before Unicode, offices typed with fonts that draw Vietnamese letters in place of Western ones: TCVN3 (``.VnTime``, one
code a letter) and VNI (``VNI-Times``, a base letter and a mark). Only the font tells which text this is; nothing is
guessed from the text itself. Decoding must come before any tidying: U+00AD, which tidying drops, is "ư" in TCVN3.

Sources: TCVN 5712:1993 as in glibc's character map for the codes of TCVN3; the public tables of the VNI-Windows set.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache


class Encoding(StrEnum):
    """How a legacy font stores letters; in the capitals' faces small codes are drawn as capitals."""

    TCVN3 = "TCVN3"
    TCVN3_CAPITALS = "TCVN3 hoa"
    VNI = "VNI"


# TCVN3: each letter stands where the code below it does, from A1 on.
_TCVN3_LETTERS = (
    "ĂÂÊÔƠƯĐăâêôơưđ"  # A1-AE
    "àảãáạ"  # B5-B9
    "ằẳẵắ"  # BB-BE
    "ặầẩẫấậè"  # C6-CC
    "ẻẽéẹềểễếệìỉ"  # CE-D8
    "ĩíịò"  # DC-DF
    "ỏõóọồổỗốộờởỡớợù"  # E1-EF
    "ủũúụừửữứựỳỷỹýỵ"  # F1-FE
)
_TCVN3_CODES = (
    *(*range(0xA1, 0xAF), *range(0xB5, 0xBA), *range(0xBB, 0xBF), *range(0xC6, 0xCD), *range(0xCE, 0xD9)),
    *(*range(0xDC, 0xE0), *range(0xE1, 0xF0), *range(0xF1, 0xFF)),
)
_TCVN3 = dict(zip(map(chr, _TCVN3_CODES), _TCVN3_LETTERS, strict=True))

# VNI: the marks behind a vowel, in the order of its letters below; then letters that are one code.
_VNI_TONES = "øùûõï"  # à á ả ã ạ
_VNI_MARKED = {
    "a": ("øùûõïâàáåãäêèéúüë", "àáảãạâầấẩẫậăằắẳẵặ"),
    "e": ("øùûõïâàáåãä", "èéẻẽẹêềếểễệ"),
    "o": ("øùûõïâàáåãä", "òóỏõọôồốổỗộ"),
    "u": (_VNI_TONES, "ùúủũụ"),
    "y": (_VNI_TONES[:4], "ỳýỷỹ"),
    "ô": (_VNI_TONES, "ờớởỡợ"),
    "ö": (_VNI_TONES, "ừứửữự"),
}
_VNI_SINGLE = {"ì": "ì", "í": "í", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "ô": "ơ", "ö": "ư", "î": "ỵ", "ñ": "đ"}


def _vni_table() -> dict[str, str]:
    table: dict[str, str] = {}
    for base, (marks, letters) in _VNI_MARKED.items():
        for mark, letter in zip(marks, letters, strict=True):
            # A capital base with a small mark occurs, and means the capital.
            table |= {base + mark: letter, base.upper() + mark.upper(): letter.upper()}
            table |= {base.upper() + mark: letter.upper(), base + mark.upper(): letter}
    for code, letter in _VNI_SINGLE.items():
        table |= {code: letter, code.upper(): letter.upper()}
    return table


_VNI = _vni_table()
_VNI_PIECE = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
_VNI_CODES = frozenset("".join(_VNI))
_WEIGHTS = re.compile(r"(?:\s|-)*(?:bold|italic|regular|đậm|nghiêng)\b", re.IGNORECASE)


def encoding_of(font: str) -> Encoding | None:
    """How text in this font is stored; None for every font that holds Unicode.

    >>> encoding_of(".VnTime"), encoding_of(".VnArial NarrowH").value, encoding_of("VNI-Times").value
    (<Encoding.TCVN3: 'TCVN3'>, 'TCVN3 hoa', 'VNI')
    >>> encoding_of("Times New Roman") is encoding_of("") is None
    True
    """
    name = font.strip(" '\"")
    if name[:3].casefold() == ".vn":
        return Encoding.TCVN3_CAPITALS if _WEIGHTS.sub("", name).rstrip().endswith("H") else Encoding.TCVN3
    return Encoding.VNI if name[:4].casefold() in ("vni-", "vni ") else None


@lru_cache(maxsize=20_000)
def decode(text: str, font: str) -> str:
    """The text as a reader of the cell sees it; text that the font's encoding cannot hold is Unicode and stays.

    >>> decode("hép møt tÕt", ".VnTime"), decode("hép møt tÕt", ".VnTimeH")
    ('hộp mứt tết', 'HỘP MỨT TẾT')
    >>> decode("Xin chaøo caùc baïn", "VNI-Times"), decode("hộp mứt tết", ".VnTime")
    ('Xin chào các bạn', 'hộp mứt tết')
    """
    encoding = encoding_of(font)
    if encoding is None:
        return text
    codes = _VNI_CODES if encoding is Encoding.VNI else _TCVN3
    if any(letter.isalpha() and ord(letter) > 0x7F and letter not in codes for letter in text):
        return text
    if encoding is Encoding.VNI:
        return _VNI_PIECE.sub(lambda match: _VNI[match[0]], text)
    shown = "".join(_TCVN3.get(letter, letter) for letter in text)
    return shown.upper() if encoding is Encoding.TCVN3_CAPITALS else shown


# Signs of TCVN3 inside a word, and vowels of VNI with a mark behind: no word of Unicode Vietnamese has either.
_SIGNS = "\u00a8\u00a9\u00ab\u00ac\u00ad\u00ae\u00b5\u00b6\u00b8\u00b9\u00bb\u00bc\u00bd\u00be"
_TCVN3_WORD = re.compile(rf"[A-Za-z][{_SIGNS}]+[A-Za-z]|[A-Za-z]{{2}}[{_SIGNS}]\b|[{_SIGNS}][A-Za-z]+[{_SIGNS}]")
_VNI_WORD = re.compile(r"[aeouyôö][øûåïõù](?![a-z]{4})|ñ[aeiouyôö][øùûõïâäåàáã]", re.IGNORECASE)


def suspected(text: str) -> Encoding | None:
    """The encoding a text seems to be in where its font cannot be seen: for a warning, never for a conversion.

    >>> suspected("hép m\u00adêi ngµy"), suspected("Xin chaøo caùc baïn")
    (<Encoding.TCVN3: 'TCVN3'>, <Encoding.VNI: 'VNI'>)
    >>> [suspected(text) for text in ("Số liệu", "m² và µm", "Café, naïve, Köln, señor, Straße", "® 2021 § 5")]
    [None, None, None, None]
    """
    if any(ord(letter) > 0xFF for letter in unicodedata.normalize("NFC", text)):
        return None
    if _TCVN3_WORD.search(text):
        return Encoding.TCVN3
    return Encoding.VNI if _VNI_WORD.search(text.replace("aïve", "")) else None
