"""Where the workbook and Word templates are: a file name comes in, its path goes out.

They are found from a checkout, an editable install and a wheel, whose data files go to ``share/cchc_xl/templates``.
"""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

# What Word documents are made from, by the names that an office's own have beside its plan and in a result's nguon/.
REPORT, REMINDER, PLAN_DRAFT = WORD_TEMPLATES = ("report.docx", "reminder.docx", "plan.docx")


def template_path(name: str) -> Path:
    """The path of the template called ``name``. Raises ``FileNotFoundError`` if the installation lacks it."""
    return _data_path("templates", name)


def example_path(name: str) -> Path:
    """The folder of the example called ``name``. Raises ``FileNotFoundError`` if the installation lacks it."""
    return _data_path("examples", name)


def _data_path(kind: str, name: str) -> Path:
    roots = (
        Path(__file__).resolve().parent.parent,
        Path(sysconfig.get_path("data")) / "share" / "cchc_xl",
        Path(sys.prefix) / "share" / "cchc_xl",
    )
    for root in roots:
        if (root / kind / name).exists():
            return root / kind / name
    raise FileNotFoundError(f"{kind}/{name}: hãy cài lại cchc-xl")
