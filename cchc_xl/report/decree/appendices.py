"""Checks the heads of appendices: the components of a document come in, departures are added to the remarks."""

from __future__ import annotations

import re

from cchc_xl.report.decree import forms
from cchc_xl.report.decree.outline import Outline
from cchc_xl.report.decree.remarks import Remarks

_ROMAN = re.compile(r"[IVXLCDM]+")
_TENS, _ONES = ("", "X", "XX", "XXX"), ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")


def check_appendices(found: Outline, remarks: Remarks) -> None:
    """Number, title and the line that names the document."""
    several = len(found.appendices) > 1
    for place, appendix in enumerate(found.appendices, start=1):
        at = appendix.heading.paragraph
        if appendix.in_one_line:
            remarks.add("N152", "viết cùng dòng với số phụ lục", at)
        else:
            remarks.compare("N150", appendix.heading, forms.APPENDIX_NUMBER)
        wanted = roman(place)
        if several and not appendix.number:
            remarks.add("N151", "không có số thứ tự", at)
        elif several and not _ROMAN.fullmatch(appendix.number):
            remarks.add("N151", f"số thứ tự “{appendix.number}” không phải chữ số La Mã", at)
        elif several and wanted and appendix.number != wanted:
            remarks.add("N151", f"số thứ tự “{appendix.number}” không liên tục, ở đây là phụ lục thứ {place}", at)
        for piece in appendix.title:
            remarks.compare("N152", piece, forms.APPENDIX_TITLE)
        if not appendix.title and not appendix.in_one_line:
            remarks.add("N110", "tên phụ lục", at)
        for piece in appendix.attached:
            remarks.compare("N153", piece, forms.ATTACHED)
        if not appendix.attached:
            remarks.add("N205", "", at)


def roman(number: int) -> str:
    """A number from 1 to 39 in Roman digits; '' for others.

    >>> roman(4), roman(12), roman(40)
    ('IV', 'XII', '')
    """
    return _TENS[number // 10] + _ONES[number % 10] if 0 < number < 40 else ""
