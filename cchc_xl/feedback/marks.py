"""How our marks are known again: a sheet, a rule or a comment comes in, whether it is ours goes out.

A program that saved the workbook in between may have respelled them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

LIST_SHEET, LIST_TITLE = "Lỗi cần sửa", "NỘI DUNG CẦN SỬA TRONG BÀI NỘP"
AUTHOR = "cchc-xl"
ALWAYS = 'LEN("cchc-xl")=7'  # the formula of our colours: always true, and nobody else's
OPENING, CLOSING = "▼ Phần mềm cchc-xl nhắc:", "▲ (hết lời nhắc)"
_TOLD = re.compile(rf"(?:(?<!\s)\s++)?{re.escape(OPENING)}.*?{re.escape(CLOSING)}\s*", re.DOTALL)


def is_list(name: str, heading: str) -> bool:
    """Whether a sheet of this name, with this text in A1, is a list of ours."""
    return name.startswith(LIST_SHEET) and heading == LIST_TITLE


def is_ours(formulas: Iterable[str | None]) -> bool:
    """Whether a rule with these formulas is a colour of ours.

    >>> is_ours(['= LEN("cchc-xl") = 7']), is_ours(["A1>5"])
    (True, False)
    """
    return any(re.sub(r"\s|^=", "", formula or "") == ALWAYS for formula in formulas)


def own_words(comment: str) -> str:
    r"""A comment without what we said in it.

    >>> own_words("Theo sổ của phòng\n\n" + OPENING + "\nLỗi\n" + CLOSING)
    'Theo sổ của phòng'
    """
    return _TOLD.sub("\n", comment).strip() if _TOLD.search(comment) else comment
