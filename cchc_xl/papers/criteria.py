"""The criteria as the lines of the report: criteria of a result come in; rows, sorted causes and evidence go out.

Which cause is objective and which subjective the text itself must say ("Khách quan: …; Chủ quan: …"): nothing is
guessed, and no word is changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Literal

from cchc_xl.plan.marking import ZERO
from cchc_xl.plan.methods import scoring
from cchc_xl.records import State
from cchc_xl.result.contents import Placed, Report, ScoredCriterion
from cchc_xl.result.objects import Object
from cchc_xl.result.view import Standing, View, is_pending, lacks_evidence, where
from cchc_xl.text.numbers import (
    ELSEWHERE,
    Value,
    count_vi,
    listing,
    number_vi,
    percent_vi,
    points_text,
    telling,
)
from cchc_xl.text.printed import cap_text, signed_points
from cchc_xl.text.prose import as_prose, folded
from cchc_xl.text.words import MISSING, key, tidy

Side = Literal["objective", "subjective", "unmarked", "proposal"]

_CLAUSE = re.compile(
    r"(?<=[.;\n])\s+|\n+|(?<=,)\s+(?=(?:nguyên nhân\s+)?(?:khách quan|chủ quan)\s*(?::|là do))", re.IGNORECASE
)
# A heading opens a clause and rules those after it; elsewhere in a clause the word speaks for that clause alone.
_HEADING = re.compile(
    r"^[-+•\s]*(?:lý do:?\s+)?(?:(?:về\s+)?(?:các\s+)?nguyên nhân\s+)?(?P<side>khách quan|chủ quan)"
    r"\s*(?:(?P<verb>là do|là|do)(?=\s)|[:\-–])\s*",
    re.IGNORECASE,
)
_SIDES: dict[str, Side] = {"khách quan": "objective", "chủ quan": "subjective"}
_WORD = re.compile(r"\b(?:khách quan|chủ quan)\b", re.IGNORECASE)
_PROPOSAL = re.compile(r"(?<!phản ánh, )(?<!phản ánh )(?<!khiếu nại, )\b(?:kiến nghị|đề nghị)\b", re.IGNORECASE)
_TITLE = re.compile(r"[-+•\s]*(?:kiến nghị|đề nghị)\s*:\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a reason, and which side it belongs to."""

    side: Side
    text: str


def split(text: str) -> tuple[Part, ...]:
    """The pieces of one reason, in their order.

    >>> [(part.side, part.text) for part in split("Khách quan: dân chưa quen; Chủ quan: chậm tuyên truyền")]
    [('objective', 'dân chưa quen'), ('subjective', 'chậm tuyên truyền')]
    >>> [(part.side, part.text) for part in split("Thiếu người. Đề nghị bổ sung biên chế.")]
    [('unmarked', 'Thiếu người.'), ('proposal', 'Đề nghị bổ sung biên chế.')]
    """
    parts: list[tuple[Side, str]] = []
    standing: Side = "unmarked"
    for clause in _CLAUSE.split(text.strip()):
        if not clause.strip():
            continue
        heading = _HEADING.match(clause)
        if heading:
            standing = _SIDES[heading["side"].casefold()]
        side = standing if heading else _side(clause, standing)
        title = heading or (_TITLE.match(clause) if side == "proposal" else None)
        body = clause[title.end() :] if title else clause
        if body.strip():
            parts.append((side, body.strip()))
    together = ((side, " ".join(body for _, body in run)) for side, run in groupby(parts, key=itemgetter(0)))
    return tuple(Part(side, said.rstrip(" ;,")) for side, said in together)


def _side(clause: str, standing: Side) -> Side:
    if _PROPOSAL.search(clause):
        return "proposal"
    word = _WORD.search(clause)
    return _SIDES[word[0].casefold()] if word else standing


INCOMPLETE = "chưa đủ"
_STANDINGS: tuple[Standing, ...] = ("full", "short", "missing", "not_applicable")
_LONGEST_LEAD, _MOST_LEADS = 60, 20  # letters with the members of a group behind its name; words of a list of units


@dataclass(frozen=True, slots=True)
class Said:
    """What one or several units wrote in the same words about a criterion; ``who`` are all of their codes."""

    code: str
    name: str
    units: str
    text: str
    who: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field (lĩnh vực): how its criteria stand, and its points; those of a bonus or a deduction with their sign."""

    code: str
    name: str
    leaves: int
    full: int
    short: int
    missing: int
    not_applicable: int
    max: Value
    points: Value
    percent: Value
    short_codes: tuple[str, ...]
    is_extra: bool = False
    ranked_later: bool = False


class Criteria:
    """The criteria of a result with their places in the tree."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.items = view.contents.criteria
        self._sorted: dict[bool, dict[Side, list[Said]]] = {}
        self._set_out: dict[str, tuple[str, str]] = {}
        self.counted_in: dict[str | None, list[ScoredCriterion]] = {}
        for item in view.counted:
            self.counted_in.setdefault(view.field_of(item.code), []).append(item)

    def points(self, item: ScoredCriterion) -> Value:
        """The points that count; None where they wait for figures, and what did not arise says so.

        A bonus and a deduction have their sign, and what is only followed has none.
        """
        standing = self.view.standing(item)
        if standing == "followed":
            return ELSEWHERE
        if item.final_points is None:
            waits = any(leaf.status == "missing" for leaf in self.view.leaves_of(item.code))  # a bonus has no maximum
            return State.NOT_APPLICABLE.value if standing == "not_applicable" and not waits else None
        if self.view.is_extra(item):
            return self.signed(item)
        return None if standing == "missing" and not _is_sum(item) else item.final_points

    def percent(self, item: ScoredCriterion) -> Value:
        """Points in percent of the maximum that applies; a sum that still waits for points is no share of anything."""
        if self.view.is_extra(item):
            return ELSEWHERE
        points = self.points(item)
        if not isinstance(points, Decimal):
            return points
        applicable = item.applicable_max
        if not applicable:
            return ELSEWHERE
        return INCOMPLETE if item.code in self.view.waiting else points * 100 / applicable

    def maximum(self, item: ScoredCriterion) -> Value:
        """The maximum that applies; of a bonus or a deduction its limit in words, of what is only followed none."""
        if self.view.is_extra(item):
            return cap_text(item.max, self.view.places)
        return ELSEWHERE if self.view.standing(item) == "followed" else item.applicable_max

    def stated_maximum(self, item: ScoredCriterion) -> Value:
        """The maximum that the plan states, for the appendix; of a bonus or a deduction its limit in words."""
        return self.maximum(item) if self.view.is_extra(item) or item.status == "followed" else item.max

    def points_of(self, item: ScoredCriterion) -> str:
        """The points of their maximum, or with sign and limit."""
        if self.view.is_extra(item):
            return f"{self.signed(item)} điểm ({cap_text(item.max, self.view.places)})"
        return f"{self.told(item)}/{number_vi(item.applicable_max, self.view.places)} điểm"

    def told(self, item: ScoredCriterion) -> str:
        """The points as text; what is below its maximum is not told as the maximum."""
        known, most = item.final_points, item.applicable_max
        if known is None or not most:
            return number_vi(known, self.view.places)
        return telling(known, self.view.places, lambda shown: (shown < most) == (known < most))

    def score_text(self, item: ScoredCriterion, *, bracketed: bool = False) -> str:
        """The same as the end of a sentence on what fell short, with the reason of what did not arise."""
        if self.view.is_deduction(item):
            cap = cap_text(item.max, self.view.places)
            lost = f"bị trừ {points_text(self.view.gap(item), self.view.places)} điểm"
            return f"{lost}, {cap} điểm" if bracketed else f"{lost} ({cap})"
        reason = self.view.away_reason(item)
        return f"đạt {self.points_of(item)}" + (f", {reason}" if reason else "")

    def signed(self, item: ScoredCriterion) -> str:
        """The points of a bonus or a deduction with their sign; a missing one counts 0, and says that it is missing."""
        is_deduction = self.view.is_deduction(item)
        if item.final_points is None:
            return MISSING
        return signed_points(item.final_points, self.view.places, is_deduction=is_deduction)

    def extras(self) -> list[Object]:
        """Bonus and deductions, the groups or criteria at their top, each with its points and its limit in words."""
        return [
            {
                "code": item.code,
                "name": item.name,
                "points": self.signed(item),
                "cap": cap_text(item.max, self.view.places),
                "missing": item.final_points is None,
            }
            for item in self.view.extras
        ]

    def followed(self) -> list[Object]:
        """The criteria without points, each with its figure as the units gave it."""
        return [
            {"code": item.code, "name": item.name, "told": self._figure(item)}
            for item in self.view.leaves
            if item.status == "followed"
        ]

    def _figure(self, item: ScoredCriterion) -> str:
        """What is known of a criterion without points, by its figures or by what the units said."""
        if item.value is None:
            said = {key(text): text for report in item.reports if (text := report.level or report.result)}
            return number_vi(None) if not said else listing(said.values())
        is_percent = "/" in item.rule.figures or scoring(item.method).is_percentage
        return percent_vi(item.value, self.view.places) if is_percent else number_vi(item.value)

    def named(self, units: Iterable[str]) -> str:
        """The names of units, one after the other."""
        return listing(map(self.view.unit, units))

    def unexplained(self) -> list[ScoredCriterion]:
        """The counted criteria below their maximum for which no unit wrote a reason."""
        explained = {
            told.code
            for item in self.items
            if any(report.reason.strip() for report in item.reports)
            for told in (item, *self.view.above(item))
        }
        short = (item for item in self.view.standing_as("short") if not self.view.away_reason(item))
        return [item for item in short if item.code not in explained]

    def lacks(self, item: ScoredCriterion) -> tuple[bool, bool]:
        """Whether a criterion without points has self-scores outside their limits, and whether units owe more.

        They owe nothing for what a ranking will mark, or what waits for another criterion.
        """
        view = self.view
        leaves = [leaf for leaf in view.leaves_of(item.code) if leaf.status == "missing" and not view.is_extra(leaf)]
        wrong = owed = False
        for leaf in leaves or [item]:
            if view.ranked_later(leaf) or is_pending(leaf):
                continue
            known = {one.unit for one in leaf.reports if one.state is not State.MISSING}
            off = {unit for unit in leaf.lead if (unit, leaf.code) in self.misfits}
            wrong = wrong or bool(off)
            owed = owed or not off or not off | known >= set(leaf.lead)
        return wrong, owed

    @cached_property
    def misfits(self) -> frozenset[tuple[str | None, str | None]]:
        """Units and the criteria for which their self-score stands outside its limits, so that there are no points."""
        return frozenset((item.unit, item.criterion) for item in self.view.contents.findings if item.code == "S110")

    def waiting_extras(self) -> list[ScoredCriterion]:
        """The bonus and deductions that wait for figures; they count 0 until then."""
        waiting = (leaf for leaf in self.view.leaves if leaf.final_points is None and leaf.status == "missing")
        owed = (leaf for leaf in waiting if not self.view.ranked_later(leaf) and not is_pending(leaf))
        return [leaf for leaf in owed if self.view.is_extra(leaf)]

    def lead(self, item: ScoredCriterion) -> str:
        """Who leads it, as the plan words it; of a group that nobody leads, who leads what stands in it."""
        below = (unit for leaf in self.view.leaves_of(item.code) for unit in leaf.lead)
        return item.lead_text or self.named(item.lead) or self.named(dict.fromkeys(below))

    def short_lead(self, item: ScoredCriterion) -> str:
        """The same inside a sentence: of "group: A; B; C; …" only the group, the appendix has them all.

        Whoever reads the sentence finds the full list in the appendix.
        """
        text = self.lead(item)
        group, colon, _ = text.partition(":")
        if colon and len(text) > _LONGEST_LEAD:
            return f"{group}, đơn vị được phân công"
        names = [self.view.unit(unit) for unit in item.lead]
        return text if len(text.split()) <= _MOST_LEADS or not names else folded(names, _MOST_LEADS // 2)

    def target(self, item: ScoredCriterion) -> str:
        """What the plan wants of it; of a group without such a text, what it wants of those in it that fell short."""
        if own := item.target.strip(" .;,"):
            return own
        targets = (leaf.target.strip(" .;,") for leaf in self.short_in(item.code))
        return "; ".join(dict.fromkeys(filter(None, targets)))

    def short_in(self, code: str) -> Iterator[ScoredCriterion]:
        """The leaves under a criterion, or itself, whose points are below their maximum."""
        for leaf in self.view.leaves_of(code):
            if leaf.final_points is not None and leaf.final_points < leaf.applicable_max:
                yield leaf

    def field_row(self, field: ScoredCriterion) -> FieldRow:
        """The field's summary."""
        full, short, missing, away = (self.view.standing_as(standing, field.code) for standing in _STANDINGS)
        return FieldRow(
            code=field.code,
            name=field.name,
            leaves=len(self.counted_in.get(field.code, [])),
            full=len(full),
            short=len(short),
            missing=len(missing),
            not_applicable=len(away),
            max=self.maximum(field),
            points=self.points(field),
            percent=self.percent(field),
            short_codes=tuple(leaf.code for leaf in short),
            is_extra=self.view.is_extra(field),
            ranked_later=self.view.ranked_later(field),
        )

    @property
    def any_scored(self) -> bool:
        """Whether any counted criterion has points."""
        return bool(self.view.standing_as("full") or self.view.standing_as("short"))

    @cached_property
    def lost(self) -> frozenset[str]:
        """The codes of the counted criteria below their maximum and of what was deducted."""
        return frozenset(item.code for item in (*self.view.standing_as("short"), *self.view.deductions))

    def gaps(self) -> list[Object]:
        """The counted criteria below their maximum and what was deducted, in the order of the plan.

        ``reason`` says why a criterion that did not arise has lost its points.
        """
        return [self.shortfall(item) for item in self.items if item.code in self.lost]

    def shortfall(self, item: ScoredCriterion) -> Object:
        """What a criterion lost; of a deduction the most that it can have is 0."""
        extra = self.view.is_extra(item)
        return {
            "code": item.code,
            "name": item.name,
            "lead": self.short_lead(item),
            "max": ZERO if extra else item.applicable_max,
            "points": self.signed(item) if extra else item.final_points or ZERO,
            "gap": self.view.gap(item),
            "basis": item.basis,
            "reason": cap_text(item.max, self.view.places) if extra else self.view.away_reason(item),
            "is_deduction": extra,
        }

    @cached_property
    def _names(self) -> tuple[str, ...]:
        """Names whose capitals are known, for texts that are in capitals throughout."""
        contents = self.view.contents
        named = (contents.agency, contents.settings.parent_agency, contents.settings.place, self.view.index_name)
        return tuple(filter(None, (*named, *self.view.unit_names.values())))

    def prose(self, text: str) -> str:
        """What somebody wrote, as the report prints it; it is asked for in several places."""
        return self._prose(text)[0]

    def _prose(self, text: str) -> tuple[str, str]:
        """The same, and by what equal texts are known."""
        if text not in self._set_out:
            told = as_prose(text, self._names)
            self._set_out[text] = told, key(told)
        return self._set_out[text]

    def said(
        self, items: Iterable[ScoredCriterion], column: Callable[[Report], str], *, as_written: bool = False
    ) -> list[Said]:
        """What the units wrote in a column, equal texts once with their units.

        For the report it is set as prose and many units are folded; ``as_written`` every sign and every unit stands.
        """
        named, set_out = (self.named, _verbatim) if as_written else (self.folded, self._prose)
        return [
            Said(item.code, item.name, named(units), text, tuple(units))
            for item in items
            for text, *units in _by_text(item, column, set_out)
        ]

    @staticmethod
    def others(every: Sequence[Said], shown: int) -> str:
        """How many units wrote something else than the first texts; '' where none did."""
        told = {unit for said in every[:shown] for unit in said.who}
        rest = {unit for said in every[shown:] for unit in said.who} - told
        return f"{count_vi(len(rest))} đơn vị khác" if rest else ""

    def folded(self, units: Sequence[str], most: int = 30) -> str:
        """The names of units that a sentence of ``most`` words can hold, and how many more there are."""
        return folded([self.view.unit(unit) for unit in units], most)

    def reasons(self, *, as_written: bool = False) -> dict[Side, list[Said]]:
        """What the units wrote as reasons and proposals, sorted by what the text says of itself."""
        if as_written not in self._sorted:
            self._sorted[as_written] = self._reasons(as_written=as_written)
        return self._sorted[as_written]

    def _reasons(self, *, as_written: bool) -> dict[Side, list[Said]]:
        sides: dict[Side, list[Said]] = {"objective": [], "subjective": [], "unmarked": [], "proposal": []}
        for said in self.said(self.items, lambda report: report.reason, as_written=as_written):
            for part in split(said.text):
                sides[part.side].append(replace(said, text=part.text))
        return {side: _together(told) for side, told in sides.items()}

    def steps(self, field: str) -> list[Object]:
        """What a unit has to do next in a field: the target of its criteria that are below their maximum.

        One step for criteria that share lead and target, as in the plan.
        """
        shared: dict[tuple[str, str], list[ScoredCriterion]] = {}
        for leaf in self.view.below(field):
            if leaf.code in self.lost and not self.view.away_reason(leaf):
                shared.setdefault((self.short_lead(leaf), self.target(leaf)), []).append(leaf)
        return [
            {
                "lead": lead,
                "target": target,
                "codes": tuple(item.code for item in items),
                "state": "; ".join(f"tiêu chí {item.code} {self.score_text(item, bracketed=True)}" for item in items),
            }
            for (lead, target), items in shared.items()
        ]


def _is_sum(item: ScoredCriterion) -> bool:
    return item.status == "group" and scoring(item.method).is_sum


def _together(told: list[Said]) -> list[Said]:
    """The same reason of the same units for several criteria, said once: names with codes in ``name``."""
    same: dict[tuple[tuple[str, ...], str], list[Said]] = {}
    for item in told:
        same.setdefault((item.who, key(item.text)), []).append(item)
    return [
        Said(
            ", ".join(item.code for item in items),
            listing(f"{item.name} ({item.code})" for item in items),
            items[0].units,
            items[0].text,
            items[0].who,
        )
        for items in same.values()
    ]


def _by_text(
    item: ScoredCriterion, column: Callable[[Report], str], set_out: Callable[[str], tuple[str, str]]
) -> Iterable[list[str]]:
    """Every text with the codes of the units that wrote it, in whatever Unicode form or case."""
    texts: dict[str, list[str]] = {}
    for report in item.reports:
        text, known_by = set_out(column(report))
        if text:
            texts.setdefault(known_by, [text]).append(report.unit)
    return texts.values()


def _verbatim(text: str) -> tuple[str, str]:
    return text.strip(), key(text.strip())


def is_illustrative(item: ScoredCriterion) -> bool:
    """Whether the plan marks this criterion's maximum and rule as an illustration, not an issued one."""
    words = re.match(r"\w+\s+\w+", tidy(item.rule.reference))
    return words is not None and key(words[0]) == key("Minh họa")


FOUND = {True: "có trong thư mục", False: "không tìm thấy tệp", None: "đơn vị kê khai"}


def register(criteria: Criteria) -> Iterator[Object]:
    """What was named as evidence, and after it what is required and still lacking."""
    for item in criteria.view.leaves:
        named = {"code": item.code, "name": item.name}
        for entry in item.evidence:
            unit = criteria.view.unit(entry.unit)
            told = {"text": entry.text or MISSING, "place": place(entry), "found": FOUND[entry.found]}
            yield {**named, "unit": unit, **told}
        if lacks_evidence(item):
            told = {"text": MISSING, "place": ELSEWHERE, "found": "thiếu minh chứng"}
            yield {**named, "unit": criteria.lead(item), **told}


def place(item: Placed) -> str:
    """Where something stands, or a dash."""
    return where(item) or ELSEWHERE
