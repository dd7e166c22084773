"""The Office's appraisal: kept from run to run, used in the score, marked stale when its inputs change."""

from __future__ import annotations

from cchc_xl.appraise.entries import appraisal_object, appraised_points, read_appraisals, with_staleness
from cchc_xl.appraise.sheet import FILE
from cchc_xl.appraise.workbook import write_appraisals

__all__ = ("FILE", "appraisal_object", "appraised_points", "read_appraisals", "with_staleness", "write_appraisals")
