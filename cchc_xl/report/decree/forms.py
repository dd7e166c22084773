"""The forms of the decree: a piece of a document and the form it should have come in, how it departs goes out in words.

The numbers are those of Phụ lục I of Nghị định 30/2020/NĐ-CP, in points.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cchc_xl.report.decree.pieces import Piece, lettered


@dataclass(frozen=True, slots=True)
class Form:
    """Size from and to, and whether bold, italic, in capitals and centred; None where it does not matter."""

    low: float
    high: float
    bold: bool | None = None
    italic: bool | None = False
    upper: bool | None = None
    centred: bool = False


NATIONAL_TITLE = Form(12, 13, bold=True, upper=True, centred=True)
MOTTO = Form(13, 14, bold=True, centred=True)
SUPERIOR = Form(12, 13, bold=False, upper=True, centred=True)
AGENCY = Form(12, 13, bold=True, upper=True, centred=True)
NUMBER = Form(13, 13, bold=False, centred=True)
DATE = Form(13, 14, bold=False, italic=True, centred=True)
KIND = Form(13, 14, bold=True, upper=True, centred=True)
SUBJECT = Form(13, 14, bold=True, upper=False, centred=True)
REFERENCE = Form(12, 13, bold=False, upper=False, centred=True)
GROUND = Form(13, 14, bold=False, italic=True, upper=False)
ADDRESSED = Form(13, 14, bold=False, upper=False)
PART = Form(13, 14, bold=True, upper=False, centred=True)
PART_TITLE = Form(13, 14, bold=True, upper=True, centred=True)
GROUP = Form(13, 14, bold=True, upper=False)
GROUP_TITLE = Form(13, 14, bold=True, upper=True)
HEADING = Form(13, 14, bold=True)
SUBHEADING = Form(13, 14)
SIGNING_POST = Form(13, 14, bold=True, upper=True, centred=True)
SIGNER = Form(13, 14, bold=True, upper=False, centred=True)
RECIPIENTS_LABEL = Form(12, 12, bold=True, italic=True, upper=False)
RECIPIENT = Form(11, 11, bold=False)
APPENDIX_NUMBER = Form(14, 14, bold=True, upper=False, centred=True)
APPENDIX_TITLE = Form(13, 14, bold=True, upper=True, centred=True)
ATTACHED = Form(13, 14, bold=False, italic=True, upper=False, centred=True)
PAGE_NUMBER = Form(13, 14, bold=False)
CONTACT = Form(11, 12)


def departures(piece: Piece, form: Form) -> str:
    """How the piece departs from the form, in words; '' if it does not."""
    return ", ".join(_departures(piece, form))


def _departures(piece: Piece, form: Form) -> Iterator[str]:
    runs = lettered(piece.runs)
    wrong = sizes([run.form.size for run in runs], form.low, form.high)
    if wrong:
        yield wrong
    if form.bold is not None and any(run.form.bold != form.bold for run in runs):
        yield "không in đậm" if form.bold else "in đậm"
    if form.italic is not None and any(run.form.italic != form.italic for run in runs):
        yield "không in nghiêng" if form.italic else "in nghiêng"
    if form.upper is True and not piece.is_upper:
        yield "không in hoa"
    if form.upper is False and piece.is_upper:
        yield "in hoa"
    if form.centred and piece.alone and not piece.is_centred:
        yield "không căn giữa"


def sizes(found: list[float], low: float, high: float) -> str:
    """The sizes that are too small or too large, in words; '' if none is.

    >>> sizes([14, 12, 12.5], 13, 14)
    'cỡ chữ 12; 12,5 (quy định 13–14)'
    """
    wrong = sorted({size for size in found if not low <= size <= high})
    if not wrong:
        return ""
    allowed = f"{low:g}" if low == high else f"{low:g}–{high:g}"
    return f"cỡ chữ {'; '.join(f'{size:g}'.replace('.', ',') for size in wrong)} (quy định {allowed})"
