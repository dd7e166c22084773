"""Signature and recipients: the components of a document come in, departures are added to the remarks."""

from __future__ import annotations

import re

from cchc_xl.report.decree import forms
from cchc_xl.report.decree.closing_parts import Closing
from cchc_xl.report.decree.outline import Outline
from cchc_xl.report.decree.remarks import Remarks

_ACADEMIC = re.compile(
    r"(?:GS|PGS|TSKH|TS|Th\.?\s?S|BS|BSCK\s?I*|KS|CN|DS|LS|NGND|NGƯT|TTND|TTƯT|NSND|NSƯT"
    r"|Giáo sư|Phó giáo sư|Tiến sĩ|Tiến sỹ|Thạc sĩ|Thạc sỹ|Bác sĩ|Bác sỹ|Kỹ sư|Cử nhân|Dược sĩ|Luật sư"
    r"|Nhà giáo (?:nhân dân|ưu tú))(?:[.,\s]|$)",
    re.IGNORECASE,
)
_AUTHORITY = re.compile(r"(TM|KT|TL|TUQ|Q|T/M|K/T|T/L)(?:\b|(?<=/.))(?P<after>\s*\.?\s*)(?=\w)")
_DASHED = re.compile(r"[-–]\s*\S")
_KEPT = re.compile(r"luu\b")


def check_closing(found: Outline, remarks: Remarks) -> None:
    """Who signs and who receives."""
    closing = found.closing
    _posts(closing, remarks)
    _signer(closing, remarks)
    if closing.label is None:
        remarks.add("N110", "“Nơi nhận”")
        return
    remarks.compare("N143", closing.label, forms.RECIPIENTS_LABEL)
    if not re.search(r":\s*$", closing.label.text):
        remarks.add("N145", "“Nơi nhận” phải có dấu hai chấm", closing.label.paragraph)
    _recipients(closing, remarks)


def _posts(closing: Closing, remarks: Remarks) -> None:
    if not closing.posts:
        remarks.add("N110", "quyền hạn, chức vụ của người ký")
        return
    for piece in closing.posts:
        remarks.compare("N140", piece, forms.SIGNING_POST)
        match = _AUTHORITY.match(piece.text)
        if match and ("/" in match[1] or match["after"] != ". "):
            wanted = match[1].replace("/", "")
            told = (match[1] + match["after"]).strip()
            remarks.add("N147", f"“{told}” phải viết là “{wanted}.”, sau đó là dấu cách", piece.paragraph)
    authority = _AUTHORITY.match(closing.posts[0].text)
    below = next((piece for piece in closing.posts[1:] if _AUTHORITY.match(piece.text)), None)
    if below is not None and authority is None:
        remarks.add("N154", "quyền hạn đặt dưới chức vụ của người ký", below.paragraph)
    if authority and authority[1] != "Q" and len(closing.posts) == 1:
        remarks.add("N148", "", closing.posts[0].paragraph)


def _signer(closing: Closing, remarks: Remarks) -> None:
    signer = closing.signer
    if signer is None:
        if closing.posts:
            remarks.add("N110", "họ và tên của người ký")
        return
    remarks.compare("N141", signer, forms.SIGNER)
    if is_academic(signer.text):
        remarks.add("N142", "", signer.paragraph)


def _recipients(closing: Closing, remarks: Remarks) -> None:
    items = closing.recipients
    for place, piece in enumerate(items):
        remarks.compare("N144", piece, forms.RECIPIENT)
        last = place == len(items) - 1
        if not _DASHED.match(piece.text) and piece.paragraph.label != "-":
            remarks.add("N145", "không có gạch đầu dòng", piece.paragraph)
        elif not piece.text.endswith("." if last else ";"):
            remarks.add("N145", f"phải kết thúc bằng dấu “{'.' if last else ';'}”", piece.paragraph)
        if last and not _KEPT.match(piece.key):
            remarks.add("N146", "dòng cuối không phải “- Lưu: VT, …”", piece.paragraph)
        elif last and not re.match(r"[-–]?\s*Lưu\s*:\s*VT\b", piece.text):
            remarks.add("N146", "dòng “Lưu” không viết theo dạng “- Lưu: VT, …”", piece.paragraph)
    if not items and closing.label is not None:
        remarks.add("N146", "không ghi nơi nhận nào", closing.label.paragraph)


def is_academic(name: str) -> bool:
    """Whether a name has an academic or honorary title before it or, after a comma, behind it.

    >>> is_academic("ThS. Phạm Việt Công"), is_academic("Phạm Việt Công, TS."), is_academic("Từ Sơn")
    (True, True, False)
    """
    return any(_ACADEMIC.match(part.strip()) for part in name.split(","))
