"""Templates tried on sample data: documents of results come in, contexts of every kind of document go out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from cchc_xl.office.word.fill import TemplateError, clean, filled
from cchc_xl.report import plan_draft, reminder
from cchc_xl.report.context import build

Document = dict[str, Any]


def sample_contexts(documents: Sequence[Document]) -> dict[str, tuple[Document, ...]]:
    """Contexts by the name of the template that they are for."""
    cleaned = [clean(document) for document in documents]
    return {
        "report.docx": tuple(build(document, with_sources=True) for document in cleaned),
        "reminder.docx": tuple(
            context for document in map(_with_errors, cleaned) for _, context in reminder.contexts(document)
        ),
        "plan.docx": tuple(plan_draft.context(document, 17) for document in cleaned),
    }


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
