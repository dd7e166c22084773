"""The Word report: the document of ``result.json`` comes in, a ``.docx`` in the form of Nghị định 30/2020 goes out.

``context`` prepares what the template may name, ``render`` fills the template in, ``finish`` sees to what a template
cannot do by itself. Templates belong to people: a wrong one is a :class:`TemplateError` in their language.
"""

from __future__ import annotations

from cchc_xl.report.documents import render
from cchc_xl.report.render import TemplateError

__all__ = ["TemplateError", "render"]
