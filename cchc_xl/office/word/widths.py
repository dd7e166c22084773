"""How wide a text is in print: a text and the size of its letters come in, points go out; no font is asked.

Word draws no line that is as long as a text, and LibreOffice cuts off a cell that is higher than its page: what is to
fit a text is worked out from the widths of its letters, those of Times New Roman Bold.
"""

from __future__ import annotations

import unicodedata

from cchc_xl.text.words import composed

# Advance widths in thousandths of the size; a letter with marks is as wide as without them.
_WIDTHS = {
    letter: units
    for letters, units in {
        " ": 250, "ijlt": 290, ".,:;/()": 300, "-": 333, "fs": 361, "I": 389, "cerz": 444, "0123456789avxyo–$J": 500,
        "bdhknpquđ": 556, "FPS": 611, "ETLZ": 667, "ABCDKNRUVXYĐ&w": 722, "OQGH": 778, "m": 833, "M": 944, "W": 1000,
    }.items()
    for letter in letters
}  # fmt: skip
_USUAL = 550


def width(text: str, size: float) -> float:
    """The width in points of a bold text of ``size`` points.

    >>> 170 < width("Độc lập - Tự do - Hạnh phúc", 14) < 185
    True
    """
    letters = (unicodedata.normalize("NFD", letter)[0] for letter in composed(text))
    return sum(_WIDTHS.get(letter, _USUAL) for letter in letters) * size / 1000


def longest(text: str, size: float, room: float) -> float:
    """The width in points of the longest line when the text is broken into lines of at most ``room`` points.

    >>> longest("một hai", 10, 1000) == width("một hai", 10), longest("một hai", 10, 20) == width("một", 10)
    (True, True)
    """
    lines, current = [0.0], ""
    for word in text.split():
        joined = f"{current} {word}".strip()
        if width(joined, size) > room and current:
            lines.append(width(current, size))
            current = word
        else:
            current = joined
    return max(*lines, width(current, size))
