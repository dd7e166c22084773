"""No silent wrong value: from two sound forms hundreds of damaged ones are made, alone and in pairs (design §8).

For each: every figure, level and self-score that is read equals what was typed before the damage, and what is not read
is named by an error finding of one of the damage's codes. A value that differs without such a finding is *silent*: there
must be none. The table of counts is printed at the end of the test run.
"""

from __future__ import annotations

import io
import pickle
import random
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from cchc_xl.office.excel import Refused, parse
from cchc_xl.plan import load_plan
from cchc_xl.plan.edition import find_period, in_force
from cchc_xl.records import Finding, SourceFile, State, Submission
from cchc_xl.text.words import read_date
from cchc_xl.unit.conform import SetAside, conform
from cchc_xl.unit.sheets import Expected
from cchc_xl.unit.validate import check
from tests.conftest import PRINTED, WHOLE
from tests.damages import DAMAGES, LAST, Damage, DoesNotApplyError
from tests.office import converted
from tests.unit_forms import FULL, PERIOD, build_plan, fill, form, issue_forms

PAIRS = 900 if WHOLE else 200
# A workbook set aside whole is named by a warning or a note; its unit then stands in the roll-call as missing.
SET_ASIDE = ("F201", "F202")
# What keeps the value with a warning, because nobody can tell what was meant (design §8, the value shown).
KEPT = ("D211", "D212", "D213")
TASKS = [
    ("01/UBND", "Báo cáo tháng", None, "10/3/2021", "09/3/2021"),
    ("02/UBND", "Kế hoạch", None, "10/3/2021", "10/3/2021"),
    ("03/UBND", "Trả lời", None, "10/3/2021", "11/3/2021"),
    ("04/UBND", "Góp ý", None, "15/3/2021", None),
]
# What the clerks typed. The counts of the tasks: one early, one on the day, one late, one not yet due.
TYPED = {
    "VP": {
        "figures": {"HSO_DUNG": 30, "HSO_TONG": 1480},
        "rows": {
            "1.1": {"Mức đạt": "Đạt"},
            "1.2": {"Điểm tự chấm": 1.5, "Kết quả thực hiện": "Đã lập danh mục"},
            "1.10": {"Mức đạt": "Đủ"},
        },
        "tasks": TASKS,
    },
    "LD": FULL["LD"],
}
TRUTH: dict[str, dict[str, object]] = {
    "VP": {
        "HSO_DUNG": Decimal(30),
        "HSO_TONG": Decimal(1480),
        "NV_GIAO": Decimal(4),
        "NV_SOM": Decimal(1),
        "NV_DUNG": Decimal(1),
        "NV_TRE": Decimal(1),
        "NV_CHUA": Decimal(1),
        "1.1": "Đạt",
        "1.2": Decimal("1.5"),
        "1.10": "Đủ",
    },
    "LD": {
        "THAP_PHAN": Decimal("1.5"),
        "NGUYEN": Decimal(12),
        "SO_TIEN": Decimal(640905000),
        "TY_LE": Decimal("82.5"),
        "NGAY_BH": "31/12/2020",
        "GHI_CHU": "không có gì thêm",
    },
}


@dataclass
class Outcome:
    """What came back: values by figure or criterion, codes of findings by severity."""

    values: dict[str, object] = field(default_factory=dict)
    errors: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Bench:
    expected: Expected
    forms: dict[str, bytes]
    opened: dict[str, bytes]  # the same forms as openpyxl opened them, to be had again five times faster

    def book(self, unit: str) -> Workbook:
        """The sound form, opened; to be spoiled."""
        book: Workbook = pickle.loads(self.opened[unit])  # noqa: S301 - pickled below
        for sheet in book.worksheets:  # what a pickle forgets: how to make a row or column that has no record yet
            for known, add in ((sheet.row_dimensions, sheet._add_row), (sheet.column_dimensions, sheet._add_column)):
                known.worksheet, known.default_factory = sheet, add
        return book

    def outcome(self, data: bytes) -> Outcome:
        source = SourceFile("bai.xlsx", "bai.xlsx", len(data), datetime(2021, 3, 18, tzinfo=timezone.utc))
        read = parse(data, source)
        if isinstance(read, Refused):
            return _told([read.finding], {})
        found = conform(read, self.expected)
        if isinstance(found, SetAside):
            return _told(found.findings, {})
        (typed,) = found
        return _told((*typed.findings, *check(typed, self.expected.edition)), _values(typed))

    def damaged(self, data: bytes, *damages: Damage) -> Outcome:
        for damage in damages:
            data = damage.rewrite(data) if damage.rewrite else data
        return self.outcome(data)

    def saved(self, unit: str, *damages: Damage) -> bytes:
        """The form as the damages left it, without what rewrites the file."""
        book = self.book(unit)
        for damage in sorted(damages, key=lambda item: item.stage):
            damage.change(book)
        if all(sheet.sheet_state != "visible" for sheet in book.worksheets):
            raise DoesNotApplyError  # Excel does not hide the last sheet
        packed = io.BytesIO()
        book.save(packed)
        return packed.getvalue()


def _told(findings: tuple[Finding, ...] | list[Finding], values: dict[str, object]) -> Outcome:
    return Outcome(
        values,
        {item.code for item in findings if item.severity == "error" or item.code in (*SET_ASIDE, *KEPT)},
        {item.code for item in findings if item.severity != "error"},
    )


def _values(submission: Submission) -> dict[str, object]:
    values: dict[str, object] = {}
    for entry in submission.figures:
        if entry.state is not State.MISSING and entry.state is not State.ERROR:
            is_text = entry.value is None or read_date(entry.text) is not None
            values[entry.measure] = entry.text if is_text else entry.value
    for row in submission.criteria:
        if row.leads and row.self_points is not None:
            values[row.criterion] = row.self_points
        elif row.leads and row.level_state is State.KNOWN:
            values[row.criterion] = row.level
        elif row.leads and row.level_state is State.NOT_APPLICABLE:
            values[row.criterion] = State.NOT_APPLICABLE
    return values


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    folder = tmp_path_factory.mktemp("hong")
    path = build_plan(folder / "plan.xlsx")
    plan = load_plan(path)
    period = find_period(plan, PERIOD)
    assert period is not None
    issue_forms(path, folder / "don-vi")
    forms = {unit: fill(form(folder / "don-vi", unit), **given).read_bytes() for unit, given in TYPED.items()}
    opened = {
        unit: pickle.dumps(load_workbook(io.BytesIO(data), rich_text=True), pickle.HIGHEST_PROTOCOL)
        for unit, data in forms.items()
    }
    return Bench(Expected.of(in_force(plan, period)), forms, opened)


def same(got: object, truth: object) -> bool:
    """Equal; of texts, by what an office calls the same."""
    from cchc_xl.text.words import key

    return key(got) == key(truth) if isinstance(got, str) and isinstance(truth, str) else got == truth


def judged(outcome: Outcome, unit: str, codes: set[str]) -> str:
    """``recovered``, ``named``, ``silent`` or ``unnamed``."""
    truth = TRUTH[unit]
    wrong = {name for name, value in outcome.values.items() if name not in truth or not same(value, truth[name])}
    lost = truth.keys() - outcome.values.keys()
    named = bool(outcome.errors & codes)
    if wrong and not named:
        return "silent"
    if wrong or lost:
        return "named" if named else "unnamed"
    return "named" if named else "recovered"


@pytest.fixture(scope="module")
def applicable(bench: Bench) -> list[tuple[str, Damage, bytes]]:
    """Every damage with each unit whose form has what it strikes, and that form, damaged."""
    found = []
    for damage in DAMAGES:
        for unit in TYPED:
            with suppress(DoesNotApplyError):
                found.append((unit, damage, bench.saved(unit, damage)))
    return found


def test_the_sound_forms_are_read_whole(bench: Bench) -> None:
    for unit, truth in TRUTH.items():
        outcome = bench.outcome(bench.forms[unit])
        assert (outcome.values, outcome.errors, outcome.others) == (truth, set(), set())


def test_every_damage_alone_is_recovered_or_named_by_its_own_code(
    bench: Bench, applicable: list[tuple[str, Damage, bytes]]
) -> None:
    counts: Counter[tuple[int, str]] = Counter()
    wrong = []
    for unit, damage, data in applicable:
        outcome = bench.damaged(data, damage)
        verdict = judged(outcome, unit, set(damage.codes))
        counts[damage.stage, verdict] += 1
        told = outcome.errors | outcome.others
        untold = damage.told and bool(set(damage.codes) - {"D120"}) and not told & set(damage.codes)
        if verdict in ("silent", "unnamed") or untold:
            wrong.append((unit, damage.name, verdict, sorted(outcome.errors), outcome.values))
    assert not wrong, "\n".join(map(str, wrong))
    _print("alone", counts)


def test_pairs_of_damages_give_no_silent_wrong_value(bench: Bench, applicable: list[tuple[str, Damage, bytes]]) -> None:
    """A sample of pairs that is the same in every run; a pair strikes two places."""
    by_unit: dict[str, list[Damage]] = {}
    for unit, damage, _ in applicable:
        by_unit.setdefault(unit, []).append(damage)
    pairs = [
        (unit, first, second)
        for unit, damages in by_unit.items()
        for at, first in enumerate(damages)
        for second in damages[at + 1 :]
        if first.place != second.place
    ]
    chosen = random.Random(2021).sample(pairs, PAIRS)
    counts: Counter[tuple[int, str]] = Counter()
    wrong = []
    for unit, first, second in chosen:
        try:
            outcome = bench.damaged(bench.saved(unit, first, second), first, second)
        except DoesNotApplyError:
            counts[LAST + 1, "does not apply"] += 1
            continue
        verdict = judged(outcome, unit, {*first.codes, *second.codes})
        counts[LAST + 1, verdict] += 1
        if verdict in ("silent", "unnamed"):
            wrong.append((unit, first.name, second.name, verdict, sorted(outcome.errors), outcome.values))
    assert not wrong, "\n".join(map(str, wrong))
    assert sum(counts.values()) == PAIRS
    _print("in pairs", counts)


def test_damaged_forms_saved_in_other_formats_give_no_silent_wrong_value(
    bench: Bench, applicable: list[tuple[str, Damage, bytes]], tmp_path: Path
) -> None:
    """Every damage alone, then saved by LibreOffice as .xls, .ods and .xlsx, as an office without Excel does.

    The gate saves every sixth one, in one of the three formats in turn.
    """
    told = []
    for number, (unit, damage, data) in enumerate(applicable):
        if damage.stage == LAST:
            continue  # LibreOffice takes minutes over a cell in the last row and column
        path = tmp_path / f"{number:03}.xlsx"
        path.write_bytes(data)
        told.append((path, unit, damage))
    counts: Counter[tuple[int, str]] = Counter()
    wrong = []
    for at, ending in enumerate(("xls", "ods", "xlsx")):
        target, own = tmp_path / ending, told if WHOLE else told[6 * at :: 18]
        converted([path for path, *_ in own], ending, target)
        for path, unit, damage in own:
            outcome = bench.outcome((target / f"{path.stem}.{ending}").read_bytes())
            verdict = judged(outcome, unit, {*damage.codes, *SAVING_CODES})
            counts[LAST + 2 + at, verdict] += 1
            if verdict in ("silent", "unnamed"):
                wrong.append((ending, unit, damage.name, verdict, sorted(outcome.errors), outcome.values))
    assert not wrong, "\n".join(map(str, wrong))
    _print("saved by LibreOffice", counts)


# Saving calculates: a formula that was never calculated becomes a number or an error.
SAVING_CODES = ("D105", "D112", "D114")
STAGES = (
    "values",
    "codes and texts",
    "rows and columns",
    "sheets and stamps",
    "a far cell",
    "pairs",
    "saved as .xls",
    "saved as .ods",
    "saved as .xlsx",
)
VERDICTS = ("recovered", "named", "silent", "unnamed", "does not apply")


def _print(title: str, counts: Counter[tuple[int, str]]) -> None:
    lines = [f"damaged forms, {title}", f"{'':20s}" + "".join(f"{verdict:>16s}" for verdict in VERDICTS)]
    for stage in sorted({stage for stage, _ in counts}):
        lines.append(f"{STAGES[stage]:20s}" + "".join(f"{counts[stage, verdict]:16d}" for verdict in VERDICTS))
    PRINTED.append("\n".join(lines))


def test_the_judgement_can_fail(bench: Bench) -> None:
    """A value that changed without a finding is called silent, one that vanished unnamed."""
    outcome = bench.outcome(bench.forms["VP"])
    assert judged(outcome, "VP", set()) == "recovered"
    assert judged(Outcome({**outcome.values, "HSO_TONG": Decimal("1.48")}), "VP", {"D105"}) == "silent"
    assert judged(Outcome({**outcome.values, "HSO_TONG": Decimal("1.48")}, {"D105"}), "VP", {"D105"}) == "named"
    assert judged(Outcome({"HSO_TONG": Decimal(1480)}), "VP", {"D105"}) == "unnamed"
