"""The documents we fill in: the document of ``result.json`` and a template come in, a ``.docx`` goes out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cchc_xl.report.context import build
from cchc_xl.report.render import clean, fill

Document = dict[str, Any]


def render(document: Document, template: Path | bytes, out: Path) -> None:
    """Write the report of one result to ``out``; an existing file is replaced only by a complete one.

    Raises:
        TemplateError: the template is no Word file, names what does not exist, or asks for what is not allowed.
        OSError: ``out`` cannot be written, for instance because it is open in Word.
    """
    fill(build(clean(document)), template, out, places=int(document["settings"]["places"]))
