"""The Word documents: the document of ``result.json`` comes in, ``.docx`` files by Nghị định 30/2020 go out.

``context`` (with ``reminder`` and ``plan_draft``) prepares what a template may name, ``render`` fills the template in
inside a ``sandbox``, ``finish`` sees to what a template cannot do by itself. Templates belong to people: ``lint`` looks
one over, and a wrong one is a :class:`TemplateError` in their language. ``decree`` judges any Word file.
"""

from __future__ import annotations

from cchc_xl.office.word.file import has_tags
from cchc_xl.office.word.fill import TemplateError
from cchc_xl.office.word.lint import check, lacking
from cchc_xl.report.documents import render, render_plan_draft, render_reminders
from cchc_xl.report.samples import sample_contexts, try_filling

__all__ = [
    "TemplateError",
    "check",
    "has_tags",
    "lacking",
    "render",
    "render_plan_draft",
    "render_reminders",
    "sample_contexts",
    "try_filling",
]
