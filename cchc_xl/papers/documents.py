"""The Word documents: a result and templates come in, ``.docx`` files by Nghị định 30/2020 go out.

``context`` (with ``reminder`` and ``plan_draft``) prepares what a template may name, ``render`` fills the template in
inside a ``sandbox``, ``finish`` sees to what a template cannot do by itself. Templates belong to people: ``lint`` looks
one over, and a wrong one is a :class:`TemplateError` in their language. ``decree`` judges any Word file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from cchc_xl.office.word.fill import TemplateError, clean, filled, write
from cchc_xl.papers import letters as plan_draft
from cchc_xl.papers import letters as reminder
from cchc_xl.papers.context import build
from cchc_xl.papers.letters import context, contexts

Document = dict[str, Any]


def render(document: Document, template: Path | bytes, out: Path, *, with_sources: bool = False) -> None:
    """Write the report of one result to ``out``; an existing file is replaced only by a complete one.

    ``with_sources`` adds the appendix "Nguồn số liệu".

    Raises:
        TemplateError: the template is no Word file, names what does not exist, or asks for what is not allowed.
        OSError: ``out`` cannot be written, for instance because it is open in Word.
    """
    context = build(clean(document), with_sources=with_sources)
    write(filled(context, template, places=int(document["settings"]["places"])), out)


def render_reminders(document: Document, template: Path | bytes) -> Iterator[tuple[str, bytes]]:
    """For each unit that owes something, its code and the reminder to it. Raises ``TemplateError``."""
    for unit, fields in reminder.contexts(clean(document)):
        yield unit, filled(fields, template, places=int(document["settings"]["places"]), kind="công văn đôn đốc")


def render_plan_draft(document: Document, template: Path | bytes, rank: int | None = None) -> bytes:
    """The draft of next year's plan; ``rank`` is the agency's place in the finished year. Raises ``TemplateError``."""
    context = plan_draft.context(clean(document), rank)
    return filled(context, template, places=int(document["settings"]["places"]), kind="dự thảo kế hoạch")


def sample_contexts(documents: Sequence[Document]) -> tuple[tuple[Document, ...], ...]:
    """Contexts for the template of the report, of the reminder and of next year's plan."""
    cleaned = [clean(document) for document in documents]
    return (
        tuple(build(document, with_sources=True) for document in cleaned),
        tuple(context for document in map(_with_errors, cleaned) for _, context in contexts(document)),
        tuple(context(document, 17) for document in cleaned),
    )


def _with_errors(document: Document) -> Document:
    """The document as if its first file could not be read and its second had an error and a question."""
    first, second, *others = document["rollcall"]
    place = {"sheet": "Số liệu", "cell": "D9", "unit": None, "criterion": None}
    made = [
        {
            "severity": "error",
            "file": first["file"],
            "code": "F101",
            "message": "Tệp bị hỏng.",
            "fix": "Gửi lại.",
            **place,
        },
        {
            "severity": "error",
            "file": second["file"],
            "code": "D101",
            "message": "“ba” không là số.",
            "fix": "Sửa.",
            **place,
        },
        {
            "severity": "warning",
            "file": second["file"],
            "code": "C201",
            "message": "Cần nêu rõ.",
            "fix": "Nêu.",
            **place,
        },
    ]
    return {
        **document,
        "rollcall": [{**first, "status": "unreadable"}, second, *others],
        "findings": [*document["findings"], *made],
    }


def try_filling(template: bytes, contexts: Iterable[Document]) -> str | None:
    """Why the template cannot be filled in, or None."""
    try:
        for context in contexts:
            filled(context, template, places=int(context["settings"]["places"]))
    except TemplateError as error:
        return str(error).rstrip(".")
    return None
