"""Whether a Word document has the form of Nghị định 30/2020/NĐ-CP: a ``.docx`` comes in, findings go out.

Any ``.docx``, not only ours: ``document`` reads it with the ``effective`` form of every run, ``outline`` recognises the
components by what they say and where they stand, and a module for each part of the page compares them with Phụ lục I.
"""

from __future__ import annotations

from pathlib import Path

from cchc_xl.office.word.decree.body import check_appendices, check_body, check_closing
from cchc_xl.office.word.decree.components import outline
from cchc_xl.office.word.decree.document import read_document
from cchc_xl.office.word.decree.forms import Remarks
from cchc_xl.office.word.decree.head import check_letterhead, check_opening, check_order
from cchc_xl.office.word.decree.page import check_contacts, check_letters, check_page_numbers, check_pages
from cchc_xl.office.word.file import NotWordError, open_word
from cchc_xl.records import Finding

__all__ = ["check_document"]


def check_document(path: Path, data: bytes | None = None) -> tuple[Finding, ...]:
    """How a document departs from the decree; nothing if it does not.

    A file that is no sound ``.docx``, or has no text, is one finding ``N109``. The same departure in many paragraphs is
    one finding that counts them. Raises ``OSError`` if ``data`` is not given and the file cannot be read.

    >>> [item.code for item in check_document(Path("bao-cao.docx"), b"no zip")]
    ['N109']
    """
    remarks = Remarks(path.name)
    try:
        document = read_document(open_word(path.read_bytes() if data is None else data))
    except NotWordError as error:
        remarks.add("N109", str(error))
        return remarks.findings()
    if not any(letter.isalnum() for paragraph in document.paragraphs for letter in paragraph.text):
        remarks.add("N109", "không có chữ nào")
        return remarks.findings()
    found = outline(document.paragraphs)
    check_pages(document, remarks)
    check_page_numbers(document, remarks)
    check_contacts(document, remarks)
    check_letters(document, remarks)
    check_letterhead(document, found, remarks)
    check_opening(document, found, remarks)
    check_body(document, found, remarks)
    check_closing(found, remarks)
    check_appendices(found, remarks)
    check_order(found, remarks)
    return remarks.findings()
