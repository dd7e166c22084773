"""Title, subject, addressees and grounds: the components of a document come in, departures go to the remarks."""

from __future__ import annotations

from cchc_xl.report.decree import forms
from cchc_xl.report.decree.document import Document
from cchc_xl.report.decree.drawn_lines import line_under
from cchc_xl.report.decree.outline import Outline
from cchc_xl.report.decree.pieces import whole
from cchc_xl.report.decree.remarks import Remarks


def check_opening(document: Document, found: Outline, remarks: Remarks) -> None:
    """Everything between letterhead and text."""
    if found.kind is not None:
        remarks.compare("N123", found.kind, forms.KIND)
        _subject(document, found, remarks)
    elif found.is_letter:
        _letter(found, remarks)
    else:
        remarks.add("N110", "tên loại văn bản")
    for piece in found.powers:
        remarks.compare("N129", piece, forms.KIND)
    for piece in found.addressed:
        remarks.compare("N128", piece, forms.ADDRESSED)
    _grounds(found, remarks)
    _annex(found, remarks)


def _subject(document: Document, found: Outline, remarks: Remarks) -> None:
    for piece in found.subject:
        remarks.compare("N124", piece, forms.SUBJECT)
    if found.subject:
        if line_under(document, found.subject[-1]) is None:
            remarks.add("N203", "", found.subject[-1].paragraph)
    elif found.kind is not None and len(found.kind.text) < 40:
        remarks.add("N110", "trích yếu nội dung văn bản")


def _letter(found: Outline, remarks: Remarks) -> None:
    for piece in found.reference:
        remarks.compare("N125", piece, forms.REFERENCE)
    if not found.reference:
        remarks.add("N110", "trích yếu nội dung công văn (“V/v …”)")
    if not found.addressed:
        remarks.add("N110", "“Kính gửi”")


def _grounds(found: Outline, remarks: Remarks) -> None:
    for place, paragraph in enumerate(found.grounds):
        remarks.compare("N126", whole(paragraph), forms.GROUND)
        wanted = "." if place == len(found.grounds) - 1 else ";"
        if not paragraph.text.rstrip().endswith(wanted):
            remarks.add("N127", f"phải kết thúc bằng dấu “{wanted}”", paragraph)


def _annex(found: Outline, remarks: Remarks) -> None:
    """The title of what a decision issues: "QUY CHẾ", its subject and "(Kèm theo …)"."""
    if found.annex is None:
        return
    remarks.compare("N123", found.annex.heading, forms.KIND)
    for piece in found.annex.title:
        remarks.compare("N124", piece, forms.SUBJECT)
    for piece in found.annex.attached:
        remarks.compare("N153", piece, forms.ATTACHED)
