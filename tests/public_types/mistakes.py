"""Mistakes of a user that mypy --strict must refuse: each line says which.

A mistake that is no longer refused makes its ``type: ignore`` an unused one, which strict checking refuses in turn: so this
file fails in the gate the day the types say less. Nothing here is called.
"""

from __future__ import annotations

import cchc_xl


def mistakes(plan: cchc_xl.Result) -> None:
    """One for each kind of promise."""
    cchc_xl.run("ke-hoach.xlsx", "thu-muc-nop")  # type: ignore[call-arg] # no period
    cchc_xl.run("ke-hoach.xlsx", "thu-muc-nop", "2021-Q1")  # type: ignore[call-arg] # it has to be named
    cchc_xl.run(plan, "thu-muc-nop", period="2021-Q1")  # type: ignore[arg-type] # a result is no plan
    cchc_xl.run("ke-hoach.xlsx", "thu-muc-nop", period="2021-Q1", ouput="x")  # type: ignore[call-arg] # misspelt
    cchc_xl.advise("ket-qua/2020-N", 0.8)  # type: ignore[arg-type] # percent, and never a float
    cchc_xl.rank("ket-qua/2020-N", classes={"Tốt": 90})  # type: ignore[arg-type] # pairs, in order
    made = cchc_xl.run("ke-hoach.xlsx", "thu-muc-nop", period="2021-Q1")
    made.index.percent + 1  # type: ignore[operator] # it may be unknown
    made.index.percent = None  # type: ignore[misc] # a record is frozen
    print(made.conten)  # type: ignore[attr-defined] # misspelt
    print(made.contents.rollcall[0].status == "sent")  # type: ignore[comparison-overlap] # a closed set
    cchc_xl.load_plan("ke-hoach.xlsx").criteria.append(None)  # type: ignore[attr-defined] # a tuple
    print(cchc_xl.no_such_job)  # type: ignore[attr-defined] # a name that is not exported
    cchc_xl.explain("ket-qua/2020-N", 1.6)  # type: ignore[arg-type] # a code is text: 1.10 is not 1.1
