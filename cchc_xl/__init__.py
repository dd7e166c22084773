"""cchc_xl: units fill in the familiar Excel appendix; this consolidates, checks and scores it and writes the report.

What other programs may import stands here and is loaded when it is first used, so that ``cchc-xl --help`` stays quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cchc_xl.office.word.fill import TemplateError
    from cchc_xl.pipeline import render_report, run
    from cchc_xl.pipeline.line import CannotRunError, assess
    from cchc_xl.plan import PlanUnreadableError, load_plan
    from cchc_xl.plan.edition import in_force
    from cchc_xl.result import Result
    from cchc_xl.unit.issue import issue

__version__ = "0.1.0"
__all__ = (
    "CannotRunError",
    "PlanUnreadableError",
    "Result",
    "TemplateError",
    "assess",
    "in_force",
    "issue",
    "load_plan",
    "render_report",
    "run",
)
_HOMES = {
    "CannotRunError": "pipeline",
    "PlanUnreadableError": "plan",
    "Result": "result",
    "TemplateError": "office.word.fill",
    "assess": "pipeline",
    "in_force": "plan",
    "issue": "unit.issue",
    "load_plan": "plan",
    "render_report": "pipeline",
    "run": "pipeline",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
