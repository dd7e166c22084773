"""Checking alone: a plan and a folder or a file come in, what they would give goes out, and no result is written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cchc_xl.office.excel.disk import Location
from cchc_xl.pipeline import line
from cchc_xl.pipeline.addresses import here, located
from cchc_xl.pipeline.collection import Manner
from cchc_xl.pipeline.line import (
    Progress,
    assess,
    open_plan,
    open_result_of_one,
)
from cchc_xl.records import Plan
from cchc_xl.result import Result


@dataclass(frozen=True, slots=True)
class Checked:
    """What a folder's files would give, unwritten, and the marked copies written.

    >>> checked = cchc_xl.check("thu/2021-quy-1/ke-hoach.xlsx", "thu/2021-quy-1/don-vi", period="2021-Q1")
    >>> checked.result.index == quarter.index, checked.copies
    (True, ())
    """

    result: Result
    copies: tuple[Path, ...] = ()


def check(
    plan: Plan | str | Path,
    folder: str | Location,
    *,
    period: str,
    feedback: str | Path | None = None,
    previous: str | Path | None = None,
    progress: Progress | None = None,
    lang: str = "vi",
    jobs: int = 1,
    engine: str = "",
    cache: bool = True,
) -> Checked:
    """What a folder or one file would give; nothing is written but, with ``feedback``, the marked copies into it.

    The folder may be that of a server: ``smb://[user[:password]@]host[:port]/share/folder``. What each state of a file
    comes to: design §8. ``period`` is a code or name of the plan's.

    ``previous`` is the folder of the result of a year before, for plans whose figures are compared with it. The files
    are read by ``jobs`` processes, or by the Dask cluster whose scheduler has the address ``engine``; those that have
    not changed since they were last read are not parsed again, unless ``cache`` is off.

    Raises :class:`CannotRunError` for a plan, period or folder that cannot be used.

    >>> form = "thu/2021-quy-1/don-vi/2021-Q1_NCC.xlsx"
    >>> found = cchc_xl.check("thu/2021-quy-1/ke-hoach.xlsx", form, period="2021-Q1").result.findings
    >>> [item.code for item in found if item.unit == "NCC"]  # sent on 22/03, due on 20/03
    ['U201']
    """
    here(plan, feedback, previous)
    folder = located(folder)
    line.right_way_round(plan, folder)
    manner = Manner(jobs, engine, cache).get_ready(folder)
    loaded = open_plan(plan)
    if loaded.agencies:
        from cchc_xl.pipeline.province import Job, run_agencies

        home = None if feedback is None else Path(feedback)
        job = Job(
            loaded,
            folder,
            period,
            previous=None if previous is None else Path(previous),
            feedback=home,
            lang=lang,
            manner=manner,
        )
        return Checked(run_agencies(job, progress=progress))
    before = None if previous is None else open_result_of_one(previous)
    assessment = assess(loaded, folder, period=period, before=before, progress=progress, manner=manner)
    copies: tuple[Path, ...] = ()
    if feedback is not None:
        from cchc_xl.pipeline.write import feedback_for_people

        with line.or_cannot_run(f"Không ghi được bản phản hồi vào {feedback}"):
            copies = feedback_for_people(assessment, Path(feedback))
    return Checked(Result(assessment.contents(lang), assessment.findings), copies)
