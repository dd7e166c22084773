"""Whether a Word document has the form of Nghị định 30/2020/NĐ-CP: a ``.docx`` comes in, findings go out.

Any ``.docx``, not only ours: ``document`` reads it with the ``effective`` form of every run, ``components`` and
``headings`` are known by what they say and where they stand, and ``rules`` is the table of Phụ lục I that they are
compared with.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cchc_xl.office.word.decree.components import outline
from cchc_xl.office.word.decree.document import Document, read_document
from cchc_xl.office.word.decree.layout import check_body, check_layout
from cchc_xl.office.word.decree.pieces import Cause, Remark, causes, told
from cchc_xl.office.word.decree.rules import check_appendices, check_closing, check_opening, check_order
from cchc_xl.office.word.decree.scope import check_drafting, is_appendix_alone, outside_decree
from cchc_xl.office.word.file import NotWordError, open_word
from cchc_xl.records import Finding


def check_document(path: Path, data: bytes | None = None) -> tuple[Finding, ...]:
    """How a document departs from the decree; nothing if it does not.

    A file that is no sound ``.docx``, or has no text, is one finding ``N109``. The same departure in many paragraphs is
    one finding that counts them. Raises ``OSError`` if ``data`` is not given and the file cannot be read.

    >>> [item.code for item in check_document(Path("bao-cao.docx"), b"no zip")]
    ['N109']
    """
    return told(path.name, _remarks(path.read_bytes() if data is None else data))


def causes_in(path: Path, data: bytes) -> tuple[Cause, ...]:
    """The same by its causes: what is wrong, under which codes, and in which places.

    >>> [item.codes for item in causes_in(Path("bao-cao.docx"), b"no zip")]
    [('N109',)]
    """
    return causes(path.name, _remarks(data))


def _remarks(data: bytes) -> Iterator[Remark]:
    try:
        document = read_document(open_word(data))
    except NotWordError as error:
        yield Remark("N109", str(error))
        return
    yield from remarks_on(document)


def remarks_on(document: Document) -> Iterator[Remark]:
    """How a document departs from the decree, departure by departure."""
    if not any(letter.isalnum() for paragraph in document.paragraphs for letter in paragraph.text):
        yield Remark("N109", "không có chữ nào")
        return
    found = outline(document)
    yield from check_drafting(document, found)
    outside = outside_decree(found)
    if outside:
        yield Remark("N303", outside)
        return
    if is_appendix_alone(found):
        yield Remark("N304")
        yield from check_layout(document)
        yield from check_appendices(found)
        return
    yield from check_layout(document)
    for judge in (check_opening, check_body, check_closing, check_order):
        yield from judge(found)
