"""Why a number is what it is: the document of a finished run comes in, the chain down to cells and files goes out.

``chain`` and ``lines`` start from a criterion's code, ``figure_chain`` and ``figure_lines`` from a number as somebody
read it in the report.
"""

from __future__ import annotations

from cchc_xl.explain.criterion import UnknownCriterionError, chain, lines
from cchc_xl.explain.figure import UnknownFigureError, figure_chain, figure_lines

__all__ = (
    "UnknownCriterionError",
    "UnknownFigureError",
    "chain",
    "figure_chain",
    "figure_lines",
    "lines",
)
