"""The Word documents: a result and templates come in, ``.docx`` files by Nghị định 30/2020 go out.

Besides the report this is the draft of next year's plan (`plan_draft`); letters are made by ``letters`` and
``issue_letters``. Templates belong to people: a wrong one is a :class:`TemplateError` in their language.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from cchc_xl.office.word.fill import TemplateError, filled, write
from cchc_xl.papers import letters
from cchc_xl.papers.context import Context, build, readied
from cchc_xl.papers.plan_draft import plan_draft
from cchc_xl.result.contents import Contents


def render(contents: Contents, template: Path | bytes, out: Path, *, with_sources: bool = False) -> None:
    """Write the report of one result to ``out``; an existing file is replaced only by a complete one.

    ``with_sources`` adds the appendix "Nguồn số liệu".

    Raises:
        TemplateError: the template is no Word file, names what does not exist, or asks for what is not allowed.
        OSError: ``out`` cannot be written, for instance because it is open in Word.
    """
    context = build(readied(contents), with_sources=with_sources)
    write(filled(context, template, places=contents.settings.places), out)


def render_plan_draft(contents: Contents, template: Path | bytes, rank: int | None = None) -> bytes:
    """The draft of next year's plan; ``rank`` is the agency's place in the finished year. Raises ``TemplateError``."""
    return filled(
        plan_draft(readied(contents), rank), template, places=contents.settings.places, kind="dự thảo kế hoạch"
    )


def sample_contexts(results: Sequence[Contents]) -> tuple[tuple[Context, ...], ...]:
    """Contexts for the template of the report, of the letter to units that owe and of next year's plan."""
    cleaned = [readied(contents) for contents in results]
    return (
        tuple(build(contents, with_sources=True) for contents in cleaned),
        tuple(context for contents in cleaned for context in letters.samples(contents)),
        tuple(plan_draft(contents, 17) for contents in cleaned),
    )


def try_filling(template: bytes, contexts: Iterable[Context]) -> str | None:
    """Why the template cannot be filled in, or None."""
    try:
        for context in contexts:
            filled(context, template)
    except TemplateError as error:
        return str(error).rstrip(".")
    return None
