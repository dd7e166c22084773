"""A program of somebody who uses the package, judged by mypy --strict: what goes in, and the type of what comes back.

Nothing here is called. ``mistakes.py`` beside it is what must be refused.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import assert_type

import cchc_xl
from cchc_xl.pipeline.line import Assessment
from cchc_xl.records import Edition, Finding, Index, Plan


def a_quarter(folder: Path) -> Decimal | None:
    """From the plan to the report."""
    plan = cchc_xl.load_plan(folder / "ke-hoach.xlsx")
    assert_type(plan, Plan)
    assert_type(cchc_xl.in_force(plan, plan.periods[0]), Edition)
    issued = cchc_xl.issue(plan, folder / "bieu-mau", period="2021-Q1")
    assert_type(issued.files, tuple[Path, ...])
    checked = cchc_xl.check(plan, "thu-muc-nop", period="2021-Q1", jobs=2, progress=print)
    assert_type(checked.result.findings, tuple[Finding, ...])
    assert_type(cchc_xl.assess("ke-hoach.xlsx", folder, period="2021-Q1"), Assessment)
    try:
        made = cchc_xl.run(plan, folder, period="2021-Q1", out=folder / "ket-qua", classes=[("Khá", Decimal(70))])
    except (cchc_xl.CannotRunError, cchc_xl.PlanUnreadableError) as error:
        print(error)
        return None
    assert_type(made, cchc_xl.Result)
    assert_type(made.index, Index)
    assert_type(made.contents.criteria[0].points, Decimal | None)
    try:
        assert_type(cchc_xl.render_report(made, "report.docx", "bao-cao.docx"), Path)
    except cchc_xl.TemplateError as error:
        assert_type(error.findings, tuple[Finding, ...])
    return made.index.percent


def questions(folder: str) -> tuple[str, ...]:
    """What is asked of finished results."""
    assert_type(cchc_xl.explain(folder, "1.6").lines, tuple[str, ...])
    route = cchc_xl.advise(folder, 80).value.path
    assert_type(route.stops[0].code, str)
    ranking = cchc_xl.rank([folder, Path(folder)], classes=[("Tốt", 90)])
    assert_type(ranking.value.agencies[0].rank, int | None)
    same: bool = not cchc_xl.verify(folder, "thu-muc-nop").value
    print(same)
    return told(cchc_xl.compare(folder, folder))


def told(answer: cchc_xl.Answer[object]) -> tuple[str, ...]:
    """An answer to any question: :class:`Answer` is covariant."""
    return answer.lines


def a_year(folder: str) -> list[Path]:
    """What is made at a year's end."""
    path, made = cchc_xl.next_year(folder, "nam-sau", rank=3)
    assert_type(made.year, int)
    report, draft = cchc_xl.report(folder, with_sources=True), cchc_xl.draft_plan(folder, rank=3)
    written = cchc_xl.write_dataset("ket-qua", "parquet")
    return [path, report, draft, *written, *cchc_xl.new("moi", blank=True), cchc_xl.handbook()]
