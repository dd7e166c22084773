"""The Word documents: a result and templates come in, ``.docx`` files by Nghị định 30/2020 go out.

``context`` and ``letters`` prepare what a template may name. Templates belong to people: a wrong one is a
:class:`TemplateError` in their language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from cchc_xl.office.word.fill import TemplateError, clean, filled, write
from cchc_xl.papers.context import Context, build
from cchc_xl.papers.letters import plan_draft, reminders
from cchc_xl.result.contents import Contents, ToldFinding
from cchc_xl.result.objects import from_object, to_object


def render(contents: Contents, template: Path | bytes, out: Path, *, with_sources: bool = False) -> None:
    """Write the report of one result to ``out``; an existing file is replaced only by a complete one.

    ``with_sources`` adds the appendix "Nguồn số liệu".

    Raises:
        TemplateError: the template is no Word file, names what does not exist, or asks for what is not allowed.
        OSError: ``out`` cannot be written, for instance because it is open in Word.
    """
    context = build(_clean(contents), with_sources=with_sources)
    write(filled(context, template, places=contents.settings.places), out)


def render_reminders(contents: Contents, template: Path | bytes) -> Iterator[tuple[str, bytes]]:
    """For each unit that owes something, its code and the reminder to it. Raises ``TemplateError``."""
    for unit, fields in reminders(_clean(contents)):
        yield unit, filled(fields, template, places=contents.settings.places, kind="công văn đôn đốc")


def render_plan_draft(contents: Contents, template: Path | bytes, rank: int | None = None) -> bytes:
    """The draft of next year's plan; ``rank`` is the agency's place in the finished year. Raises ``TemplateError``."""
    return filled(
        plan_draft(_clean(contents), rank), template, places=contents.settings.places, kind="dự thảo kế hoạch"
    )


def _clean(contents: Contents) -> Contents:
    """As it would be read from ``result.json``, in what XML can hold: made again, a report is the same report."""
    return from_object(clean(to_object(contents)))


def sample_contexts(results: Sequence[Contents]) -> tuple[tuple[Context, ...], ...]:
    """Contexts for the template of the report, of the reminder and of next year's plan."""
    cleaned = [_clean(contents) for contents in results]
    return (
        tuple(build(contents, with_sources=True) for contents in cleaned),
        tuple(context for contents in map(_with_errors, cleaned) for _, context in reminders(contents)),
        tuple(plan_draft(contents, 17) for contents in cleaned),
    )


def _with_errors(contents: Contents) -> Contents:
    """The result as if its first file could not be read and its second had an error and a question."""
    first, second, *others = contents.rollcall
    made = (
        ToldFinding("F101", "error", "Tệp bị hỏng.", "Gửi lại.", first.file, "Số liệu", "D9", None, None),
        ToldFinding("D101", "error", "“ba” không là số.", "Sửa.", second.file, "Số liệu", "D9", None, None),
        ToldFinding("C201", "warning", "Cần nêu rõ.", "Nêu.", second.file, "Số liệu", "D9", None, None),
    )
    return replace(
        contents,
        rollcall=(replace(first, status="unreadable"), second, *others),
        findings=(*contents.findings, *made),
    )


def try_filling(template: bytes, contexts: Iterable[Context]) -> str | None:
    """Why the template cannot be filled in, or None."""
    try:
        for context in contexts:
            filled(context, template)
    except TemplateError as error:
        return str(error).rstrip(".")
    return None
