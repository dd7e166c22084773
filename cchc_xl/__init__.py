"""cchc_xl: units fill in the familiar Excel appendix; this consolidates, checks and scores it and writes the report.

What other programs may import stands here and is loaded when it is first used, so that ``cchc-xl --help`` stays quick.
In the examples of its functions ``year, quarter = cchc_xl.demo("thu")`` has been run: the plan of the quarter is
``thu/2021-quy-1/ke-hoach.xlsx``, what its units sent lies in ``thu/2021-quy-1/don-vi``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cchc_xl.office.word.fill import TemplateError
    from cchc_xl.pipeline import Checked, Issued, check, demo, issue, render_report, report, run
    from cchc_xl.pipeline.answers import Answer, advise, compare, explain, explain_figure, rank
    from cchc_xl.pipeline.differences import verify
    from cchc_xl.pipeline.jobs import (
        draft_plan,
        handbook,
        lint_document,
        lint_template,
        mend_document,
        new,
        next_year,
        write_dataset,
    )
    from cchc_xl.pipeline.line import CannotRunError, assess
    from cchc_xl.pipeline.watch import watch
    from cchc_xl.plan import PlanUnreadableError, load_plan
    from cchc_xl.plan.edition import in_force
    from cchc_xl.result import Result

__version__ = "0.1.0"
__all__ = (
    "Answer", "CannotRunError", "Checked", "Issued", "PlanUnreadableError", "Result", "TemplateError", "advise",
    "assess", "check", "compare", "demo", "draft_plan", "explain", "explain_figure", "handbook", "in_force", "issue",
    "lint_document", "lint_template", "load_plan", "mend_document", "new", "next_year", "rank", "render_report",
    "report", "run", "verify", "watch", "write_dataset",
)  # fmt: skip
# Where a name that is no job of the pipeline is from.
_HOMES = {
    "PlanUnreadableError": "plan",
    "Result": "result",
    "TemplateError": "office.word.fill",
    "handbook": "pipeline.jobs",
    "in_force": "plan.edition",
    "load_plan": "plan",
    "watch": "pipeline.watch",
    "write_dataset": "pipeline.jobs",
}


if not TYPE_CHECKING:  # a type checker knows the names above, and refuses any other

    def __getattr__(name: str) -> Any:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_HOMES.get(name, 'pipeline')}"), name)


def __dir__() -> list[str]:
    """What ``dir(cchc_xl)`` and completion offer: also what is not loaded yet."""
    return sorted({*globals(), *__all__})
