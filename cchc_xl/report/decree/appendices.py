"""The heads of appendices: the components of a document come in, departures are added to the remarks."""

from __future__ import annotations

import re

from cchc_xl.report.decree import forms
from cchc_xl.report.decree.outline import Outline
from cchc_xl.report.decree.remarks import Remarks

_ROMAN = re.compile(r"[IVXLCDM]+")


def check_appendices(found: Outline, remarks: Remarks) -> None:
    """Number, title and the line that names the document."""
    several = len(found.appendices) > 1
    for appendix in found.appendices:
        at = appendix.heading.paragraph
        remarks.compare("N150", appendix.heading, forms.APPENDIX_NUMBER)
        if several and not appendix.number:
            remarks.add("N151", "không có số thứ tự", at)
        elif several and not _ROMAN.fullmatch(appendix.number):
            remarks.add("N151", f"số thứ tự “{appendix.number}” không phải chữ số La Mã", at)
        for piece in appendix.title:
            remarks.compare("N152", piece, forms.APPENDIX_TITLE)
        if not appendix.title:
            remarks.add("N110", "tên phụ lục", at)
        for piece in appendix.attached:
            remarks.compare("N153", piece, forms.ATTACHED)
        if not appendix.attached:
            remarks.add("N205", "", at)
