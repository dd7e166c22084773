"""One function per job: paths and options come in, a record of what was found and written goes out.

Only this package joins the stages. Python, the command line and the Excel button are three doors to these functions:
``cli`` prints what they return, ``extras`` writes it into the workbook whose button was pressed. Each job's module is
loaded when the job is first asked for: whoever checks a file need not wait for what writes Word documents.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cchc_xl.pipeline.answers import Answer, advise, compare, explain, explain_figure, rank
    from cchc_xl.pipeline.checked import Checked, check
    from cchc_xl.pipeline.differences import verify
    from cchc_xl.pipeline.jobs import draft_plan, lint_document, lint_template, mend_document, new, next_year
    from cchc_xl.pipeline.line import Assessment, CannotRunError, assess, edition_of, open_plan
    from cchc_xl.pipeline.quarter import Issued, demo, issue, render_report, report, run
    from cchc_xl.pipeline.write import write_feedback_copies

HOMES = {
    **dict.fromkeys(("Answer", "advise", "compare", "explain", "explain_figure", "rank"), "answers"),
    **dict.fromkeys(("Checked", "check"), "checked"),
    **dict.fromkeys(("draft_plan", "lint_document", "lint_template", "mend_document", "new", "next_year"), "jobs"),
    **dict.fromkeys(("Assessment", "CannotRunError", "assess", "edition_of", "open_plan"), "line"),
    **dict.fromkeys(("Issued", "demo", "issue", "render_report", "report", "run"), "quarter"),
    "verify": "differences",
    "write_feedback_copies": "write",
}
__all__ = (
    "Answer", "Assessment", "CannotRunError", "Checked", "Issued", "advise", "assess", "check", "compare", "demo",
    "draft_plan", "edition_of", "explain", "explain_figure", "issue", "lint_document", "lint_template",
    "mend_document", "new", "next_year", "open_plan", "rank", "render_report", "report", "run", "verify",
    "write_feedback_copies",
)  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
