"""The documents we fill in: the document of ``result.json`` and a template come in, a ``.docx`` goes out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cchc_xl.office.word.fill import clean, filled, write
from cchc_xl.report import plan_draft, reminder
from cchc_xl.report.context import build

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
    for unit, context in reminder.contexts(clean(document)):
        yield unit, filled(context, template, places=int(document["settings"]["places"]), kind="công văn đôn đốc")


def render_plan_draft(document: Document, template: Path | bytes, rank: int | None = None) -> bytes:
    """The draft of next year's plan; ``rank`` is the agency's place in the finished year. Raises ``TemplateError``."""
    context = plan_draft.context(clean(document), rank)
    return filled(context, template, places=int(document["settings"]["places"]), kind="dự thảo kế hoạch")
