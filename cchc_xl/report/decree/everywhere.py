"""What holds for every letter, in tables, headers and notes too: a document comes in, departures go to the remarks."""

from __future__ import annotations

from cchc_xl.report.decree.document import Document, Paragraph, Run
from cchc_xl.report.decree.pieces import lettered
from cchc_xl.report.decree.remarks import Remarks

_FONTS = frozenset(("times new roman", "timesnewroman", "timesnewromanpsmt"))
_DARKEST = 0x1A  # "black, lighter 5 %" of a palette cannot be told from black on paper


def check_letters(document: Document, remarks: Remarks) -> None:
    """Times New Roman and black."""
    outside = [item for part in document.outside.values() for item in part]
    for paragraph in (*document.paragraphs, *outside, *document.notes):
        for run in lettered(paragraph.runs):
            _check(run, paragraph, remarks)


def _check(run: Run, paragraph: Paragraph, remarks: Remarks) -> None:
    letters = [letter for letter in run.text if letter.isalnum()]
    fonts = {run.form.plain_font if letter.isascii() else run.form.accented_font for letter in letters}
    for font in sorted(fonts):
        if font.casefold() not in _FONTS:
            remarks.add("N103", f"phông chữ {font}", paragraph)
    if not is_black(run.form.colour):
        remarks.add("N104", f"màu chữ #{run.form.colour}", paragraph)


def is_black(colour: str) -> bool:
    """Whether a colour is printed black.

    >>> is_black("auto"), is_black("000000"), is_black("FF0000")
    (True, True, False)
    """
    try:
        return colour == "auto" or max(bytes.fromhex(colour)) <= _DARKEST
    except ValueError:
        return True
