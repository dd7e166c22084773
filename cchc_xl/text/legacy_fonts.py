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

from cchc_xl.text.words import composed, remembered


class Encoding(StrEnum):
    """How a legacy font stores letters; in the capitals' faces small codes are drawn as capitals."""

    TCVN3 = "TCVN3"
    TCVN3_CAPITALS = "TCVN3 hoa"
    VNI = "VNI"


# TCVN3: the code of the first letter of each row; the others follow it. The codes between the rows are not TCVN3's.
_TCVN3_ROWS = {
    0xA1: "ĂÂÊÔƠƯĐăâêôơưđ",
    0xB5: "àảãáạ",
    0xBB: "ằẳẵắ",
    0xC6: "ặầẩẫấậè",
    0xCE: "ẻẽéẹềểễếệìỉ",
    0xDC: "ĩíịò",
    0xE1: "ỏõóọồổỗốộờởỡớợù",
    0xF1: "ủũúụừửữứựỳỷỹýỵ",
}
_TCVN3 = {chr(first + place): letter for first, row in _TCVN3_ROWS.items() for place, letter in enumerate(row)}

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
_STYLES = re.compile(r"(?<![\s,_-])[\s,_-]*+(?:bold|italic|oblique|regular|đậm|nghiêng)", re.IGNORECASE)


@lru_cache(maxsize=1_000)
def encoding_of(font: str) -> Encoding | None:
    """How text in this font is stored; None for every font that holds Unicode.

    >>> encoding_of(".VnTime"), encoding_of(".VnArial NarrowH").value, encoding_of("VNI-Times").value
    (<Encoding.TCVN3: 'TCVN3'>, 'TCVN3 hoa', 'VNI')
    >>> encoding_of("Times New Roman") is encoding_of("") is None
    True
    """
    name = font.strip(" \t\r\n\u00a0'\"").casefold()  # like Windows, which finds a font whatever the case of its name
    if name.startswith(".vn"):
        return Encoding.TCVN3_CAPITALS if _STYLES.sub("", name).rstrip().endswith("h") else Encoding.TCVN3
    return Encoding.VNI if name.startswith(("vni-", "vni ")) else None


def decode(text: str, font: str) -> str:
    """The text as a reader of the cell sees it; text that the font's encoding cannot hold is Unicode and stays.

    Give it the text as stored: tidying first would drop U+00AD, which is "ư" in TCVN3.

    >>> decode("hép møt tÕt", ".VnTime"), decode("hép møt tÕt", ".VnTimeH")
    ('hộp mứt tết', 'HỘP MỨT TẾT')
    >>> decode("Xin chaøo caùc baïn", "VNI-Times"), decode("hộp mứt tết", ".VnTime")
    ('Xin chào các bạn', 'hộp mứt tết')
    """
    encoding = encoding_of(font)
    return text if encoding is None else _decoded(text, encoding)


def gain(stored: str, decoded: str) -> int:
    """By how many syllables of Vietnamese a text is better when decoded; below 0 it is better as stored.

    >>> gain("hép møt tÕt", "hộp mứt tết"), gain("không phát sinh", "khụng phỏt sinh"), gain("Có", "Cú")
    (2, -1, 0)
    """
    words = _SHOWN_WORD.findall(decoded), _WORD.findall(composed(stored))
    better, worse = (sum(map(_is_syllable, found)) for found in words)
    return better - worse


def _decoded(text: str, encoding: Encoding) -> str:
    codes = _VNI_CODES if encoding is Encoding.VNI else _TCVN3
    if any(_is_letter_or_mark(letter) and not letter.isascii() and letter not in codes for letter in text):
        return text
    if encoding is Encoding.VNI:
        return _VNI_PIECE.sub(lambda match: _VNI[match[0]], text)
    shown = "".join(_TCVN3.get(letter, letter) for letter in text)
    return shown.upper() if encoding is Encoding.TCVN3_CAPITALS else shown


def _is_letter_or_mark(letter: str) -> bool:
    return (letter.isalpha() and letter not in "ªºµ") or unicodedata.combining(letter) > 0  # signs, as in "25 ºC"


# The syllables of Vietnamese without their tones: a first consonant, then a vowel with what may end it ("-": nothing).
_RIMES = (
    "a - c ch i k m n ng nh o p t u y, ă c k m n ng p t, â c k m n ng p t u y, e - c k m n ng o p t, "
    "ê - ch k m n ng nh p t u, i - a ch k m n nh p t u, iê c m n ng p t u, o - c i k m n ng p t, "
    "oa - c ch i m n ng nh o p t y, oă c m n ng t, oe - n o t, oo c ng, ô - c i k m n ng p t, ơ - i m n p t, "
    "u - a c i k m n ng p t, uâ n ng t y, uê - ch n nh, uô c i m n ng t, uơ -, uy - a ch n nh p t u, uyê n t, "
    "ư - a c i k m n ng t u, ươ c i m n ng p t u, y - nh t, yê m n ng t u"
)
_ENDINGS = "|".join(vowel + end.strip("-") for vowel, *ends in map(str.split, _RIMES.split(",")) for end in ends)
_FIRST = r"gi|qu|k(?=[eêiy])|n?gh(?=[eêi])|(?:c|ng)(?![eêiy])|g(?![eêy])|[bdđhlmnrstvx]|[cknpt]h|tr"
_SYLLABLE = re.compile(rf"(?:{_FIRST})?({_ENDINGS})")
_STOPS = ("c", "ch", "k", "p", "t")
_TONES_OF_STOPS = ("\u0301", "\u0323")  # before these endings a vowel has the tone of "á" or of "ạ"
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_WORD = re.compile("[0-9A-Za-z\u00a1-\u00ff]+")
_SHOWN_WORD = re.compile(r"[^\W_]+")
_WESTERN_WORDS = frozenset(("où", "µm", "µn"))
# Codes that tell nothing alone: letters of short words of Europe ("så", "lön", "Thaï") and of "môt", typed without its
# tone; signs ("m·n").
_WEAK_CODES = {
    Encoding.TCVN3: (frozenset("åäæöøÆÖØßô"), frozenset("«»®·×÷¹")),
    Encoding.VNI: (frozenset("æöïôñÆÖÏÔÑ"),),
}
_SAME = {Encoding.TCVN3: frozenset("ý"), Encoding.VNI: frozenset("ìíÌÍ")}  # codes that are the letters themselves


@remembered
def suspected(text: str) -> Encoding | None:
    """The encoding a text seems to be in where its font cannot be seen: for a warning, never for a conversion.

    Some of its accented words are no syllables of Vietnamese as stored but are when decoded, with two codes or more
    between them, and no more words than those refuse decoding. A single accented letter is never enough.

    >>> suspected("hép m\u00adêi ngµy"), suspected("Xin chaøo caùc baïn")
    (<Encoding.TCVN3: 'TCVN3'>, <Encoding.VNI: 'VNI'>)
    >>> [suspected(text) for text in ("Số liệu", "m² và µm", "Café, naïve, Köln, señor, Straße", "® 2021 § 5")]
    [None, None, None, None]
    """
    whole = composed(text)
    if any(letter > "\u00ff" and _is_letter_or_mark(letter) for letter in whole):
        return None
    pieces = (word.strip("«»") for word in _WORD.findall(whole))  # at the edge of a word they are quotation marks
    words = {word for word in pieces if not word.isascii() and re.search("[A-Za-z]", word)}
    codes = {encoding: _telling_codes(words, encoding) for encoding in (Encoding.TCVN3, Encoding.VNI)}
    likelier = max(codes, key=lambda encoding: len(codes[encoding]))
    return likelier if codes[likelier] else None


def _telling_codes(words: set[str], encoding: Encoding) -> str:
    """The codes of the words that are syllables of Vietnamese only when decoded; nothing if they are too few to tell.

    A word that is a syllable both ways, such as "hoà" in VNI ("hồ"), speaks neither for nor against the encoding.
    """
    telling, refusing = [], 0
    for word in words:
        codes = "".join(letter for letter in word if not letter.isascii())
        decoded = _decoded(word, encoding)
        if not _is_syllable(decoded) or (decoded == word and not _SAME[encoding].issuperset(codes)):
            refusing += 1
        elif word.lower() not in _WESTERN_WORDS and not (_is_cased(word) and _is_syllable(word)):
            telling.append(codes)
    found = "".join(telling)
    weak = any(codes.issuperset(found) for codes in _WEAK_CODES[encoding])
    return "" if weak or len(found) < 2 or len(telling) < refusing else found


def _is_cased(word: str) -> bool:
    return word in {word.lower(), word.upper(), word.capitalize()}


def _is_syllable(word: str) -> bool:
    decomposed = unicodedata.normalize("NFD", word.lower())
    tones = "".join(letter for letter in decomposed if letter in _TONES)
    plain = unicodedata.normalize("NFC", "".join(letter for letter in decomposed if letter not in _TONES))
    match = _SYLLABLE.fullmatch(plain)
    if len(tones) > 1 or not match:
        return False
    if decomposed[-1] in _TONES and re.fullmatch("(?!uy).+[iouy]", match[1]):
        return False  # the tone is not where it is written: "aù" for "àu"
    return not plain.endswith(_STOPS) or tones in _TONES_OF_STOPS
