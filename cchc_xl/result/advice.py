"""What there is to do, as records of a result: steps, what they bring at the index, and the way to the target."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from cchc_xl.plan.marking import ZERO


@dataclass(frozen=True, slots=True)
class Moved:
    """A leaf after a change: its points before rounding and conditions, and its applicable maximum."""

    code: str
    points: Decimal
    maximum: Decimal


@dataclass(frozen=True, slots=True)
class Step:
    """One change, told in ``change``, and what comes of it.

    ``amount`` counts in ``unit_name`` (figures: of the figure ``figure``, always positive; levels and ``chấm tay``: the
    units that must move). ``beyond``: the edge itself is not enough, ``amount`` must be exceeded and what is told holds
    just past it. ``up_to``: what is promised is the most that can come of it.

    At the index: ``difference`` is the change of its points, ``percentage_points`` that of its percentage, measured
    through the whole tree; with them ``also`` names the other criteria whose points the same figure moves. At the
    criterion alone: ``points_after``, ``leaf_difference`` (both by rule), and ``value_after``, which it is scored on
    then, in ``value_unit`` ("%" for a quotient), in ``value_shown`` with as many decimals as tell it from every edge.

    ``who`` are the codes of the units that must act, ``effort`` how much more they must do than today, relative to
    today (370 more files than 74 are 5); 0 for levels and for what is merely to be handed in. The figure is ``before``
    today and ``after`` then; ``rises`` says which way it goes where an edge is only to be passed. ``by`` are the units'
    names, ``task`` is the change without them and without codes, ``today`` what there is ("12/145", a level).
    ``leaves`` are all the criteria that the step moves, as they are after it; of what is handed in nothing is known.
    None is a step of an older version, which told neither these nor always ``who`` and ``also``.

    >>> step = Step("figure", "thêm 3 thủ tục", "TTHC", Decimal(3), "thủ tục", Decimal("1.5"), Decimal("1.5"))
    >>> step.beyond, step.up_to
    (False, False)
    """

    kind: Literal["figure", "level", "manual", "evidence", "submit", "appeal"]
    change: str
    figure: str
    amount: Decimal
    unit_name: str
    points_after: Decimal
    difference: Decimal
    value_after: Decimal | None = None
    value_unit: str = ""
    beyond: bool = False
    up_to: bool = False
    leaf_difference: Decimal | None = None
    percentage_points: Decimal | None = None
    also: tuple[str, ...] = ()
    value_shown: str = ""
    who: tuple[str, ...] = ()
    effort: Decimal = ZERO
    rises: bool = True
    before: Decimal | None = None
    after: Decimal | None = None
    task: str = ""
    today: str = ""
    by: str = ""
    leaves: tuple[Moved, ...] | None = None


_NO_STEP = 10**6  # units: more than act together where one step is all it takes


@dataclass(frozen=True, slots=True)
class Joint:
    """Criteria that bring the index something only together: their codes, and what all of them at full points bring."""

    codes: tuple[str, ...]
    points: Decimal
    percentage_points: Decimal


@dataclass(frozen=True, slots=True)
class Advice:
    """What a leaf has, can still have, and what moves it; one per leaf in force.

    Of the criterion alone: ``points`` are the final points (None = missing), ``maximum`` the applicable maximum,
    ``leaf_gain`` what is left to the best that the rows of the plan can give (less than to ``maximum`` where no row
    gives the maximum). At the index: ``gain`` is what its points rise by with that and nothing else,
    ``percentage_points`` what its percentage does; ``together`` the criteria without which the index does not rise, and
    ``idle`` the sentence that says so, or why it does not rise at all.

    ``next`` is the smallest change that moves the index up, ``complete`` the smallest that brings all of ``gain`` at
    once (or, where only several criteria together bring something, that brings this one to its best), ``risk`` the
    smallest that moves the index down; ``appeal`` is for the next round of an appraisal that left points out.
    """

    code: str
    name: str
    status: Literal["scored", "missing", "not_applicable"]
    points: Decimal | None
    maximum: Decimal
    gain: Decimal
    next: Step | None = None
    complete: Step | None = None
    risk: Step | None = None
    appeal: Step | None = None
    leaf_gain: Decimal | None = None
    percentage_points: Decimal | None = None
    together: Joint | None = None
    idle: str = ""

    @property
    def full(self) -> Decimal:
        """The points of the criterion with everything gained.

        >>> Advice("1", "", "missing", None, Decimal(2), Decimal(2)).full
        Decimal('2')
        """
        return (self.points or ZERO) + (self.gain if self.leaf_gain is None else self.leaf_gain)

    @property
    def is_open(self) -> bool:
        """Whether the criterion itself can have more points."""
        return self.full > (self.points or ZERO)

    @property
    def way(self) -> Step | None:
        """What brings the criterion to its best, as far as one step does."""
        return self.appeal or self.complete or self.next

    @property
    def is_nobodys(self) -> bool:
        """Whether no unit can do anything for it: it waits for a ranking, a figure of a year before, a better plan.

        >>> ranked = Step("submit", "xếp hạng", "", ZERO, "đơn vị", ZERO, ZERO, up_to=True, leaves=())
        >>> Advice("1", "", "missing", None, Decimal(2), Decimal(2), next=ranked).is_nobodys
        True
        """
        step = self.way
        return step is not None and step.leaves is not None and not step.who

    @property
    def cost(self) -> tuple[int, Decimal]:
        """What its best costs: units that must act, then the relative increase. Handing in what is missing is no work.

        >>> from dataclasses import replace
        >>> some = Advice("1", "", "scored", ZERO, Decimal(2), Decimal(2))
        >>> step = Step("figure", "", "A", Decimal(3), "", ZERO, ZERO, who=("VP",), effort=Decimal("1.5"))
        >>> replace(some, complete=step).cost
        (1, Decimal('1.5'))
        """
        step = self.complete or self.appeal
        if self.status == "missing" or step is None:
            return 0 if self.status == "missing" else _NO_STEP, ZERO
        return int(step.amount) if step.kind in ("level", "manual") else len(step.who), step.effort


@dataclass(frozen=True, slots=True)
class Stop:
    """A criterion of the list: its points now (None = missing) and after its step, and the index with it done too.

    The index is what comes of all steps up to here, one after another, figures under several criteria included; where
    that is not known (``exact`` is no) it is the index with full points. ``alternatives`` are criteria outside the list
    that would do in its place, the cheapest first.
    """

    code: str
    name: str
    points: Decimal | None
    full: Decimal
    percent: Decimal
    alternatives: tuple[str, ...] = ()
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Path:
    """The way to the target. All percentages are unrounded; ``percent`` is the index now, missing leaves counted as 0.

    ``highest`` is the index with full points everywhere. ``stops`` is empty unless ``status`` is "path"; missing leaves
    stand first in it, then the largest gain, last what no unit can do. ``shortest`` says whether it is proved that no
    list of fewer criteria reaches the target; else this is the shortest found. ``missing`` names every leaf still
    without points, in the plan's order, ``missing_count`` how many criteria wait for them, counted as everywhere;
    ``handed_in`` is the index with full points for those alone.
    """

    status: Literal["reached", "path", "unreachable", "unknown"]
    target: Decimal
    percent: Decimal | None
    highest: Decimal | None
    stops: tuple[Stop, ...] = ()
    missing: tuple[str, ...] = ()
    missing_count: int = 0
    handed_in: Decimal | None = None
    shortest: bool = False

    @property
    def list_name(self) -> str:
        """What the list is called, whoever tells it.

        >>> Path("path", Decimal(80), Decimal(70), Decimal(90)).list_name
        'Danh sách ngắn nhất tìm được'
        """
        return "Danh sách ngắn nhất" if self.shortest else "Danh sách ngắn nhất tìm được"
