"""What comes back: a seating with its bound, or what stands in the way and what would help."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from matching.seating.problem import Meeting, PartyId


class Status(StrEnum):
    """How far the answer is proven. UNKNOWN: the time ran out before anything was found or excluded."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Limit:
    """A named wish, limit or lock that takes part in a conflict.

    ``kind`` is one of LIMIT_LABELS; ``parties``, ``slots``, ``tables`` and ``number`` say which and how much;
    ``sentence`` says it in Chinese.
    """

    kind: str
    parties: tuple[PartyId, ...] = ()
    slots: tuple[int, ...] = ()
    tables: tuple[int, ...] = ()
    number: int | None = None
    features: frozenset[str] = frozenset()
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a repair: ``kind`` of STEP_LABELS, what it touches, from and to which number, its cost."""

    kind: str
    cost: float
    parties: tuple[PartyId, ...] = ()
    slots: tuple[int, ...] = ()
    table: int | None = None
    before: int | None = None
    after: int | None = None
    features: frozenset[str] = frozenset()
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Repair:
    """Changes that together make the problem solvable; solved again before it is proposed."""

    steps: tuple[Step, ...]

    @property
    def cost(self) -> float:
        """What all its steps cost."""
        return sum(step.cost for step in self.steps)

    @property
    def sentence(self) -> str:
        """All steps in one Chinese sentence."""
        return "；".join(step.sentence for step in self.steps)


@dataclass(frozen=True, slots=True)
class Solution:
    """The seating of a problem.

    ``utility`` is the total of ``meetings``, ``bound`` what no seating as fair can exceed, ``gap`` (bound − utility) /
    bound. ``fairness`` is the z of the first aim: everyone has min(z, what it could have alone). ``fairness_proven``
    says that z + 1 is impossible. ``worst_served`` counts the meetings of the least-served party that has a listed
    pair. ``changes`` are previous meetings to come that are not held as they were, ``changes_proven`` that fewer is
    impossible. ``conflict`` are limits that cannot be met together: ``conflict_irreducible`` says that each of them is
    needed for that, ``conflict_smallest`` that no conflict has fewer. ``walk`` is the way that parties with one seat go
    between their talks, in the units of the tables' positions.
    """

    status: Status
    meetings: tuple[Meeting, ...] = ()
    utility: float = 0.0
    bound: float = 0.0
    gap: float = 0.0
    fairness: int = 0
    fairness_proven: bool = True
    worst_served: int = 0
    changes: tuple[Meeting, ...] = ()
    changes_proven: bool = True
    walk: float = 0.0
    conflict: tuple[Limit, ...] = ()
    conflict_smallest: bool = False
    conflict_irreducible: bool = False
    repairs: tuple[Repair, ...] = ()
    seconds: float = 0.0
    notes: tuple[str, ...] = ()

    @property
    def found(self) -> bool:
        """Whether there is a seating."""
        return self.status in (Status.OPTIMAL, Status.FEASIBLE)


@dataclass(slots=True)
class Budget:
    """Seconds allowed, a clock to see how many are left (none: the whole each time), and somebody who wants to hear."""

    seconds: float
    clock: Callable[[], float] | None = None
    progress: Callable[[str], None] | None = None
    _start: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        self._start = self.clock() if self.clock else 0.0

    @property
    def spent(self) -> float:
        """Seconds gone; 0 without a clock."""
        return self.clock() - self._start if self.clock else 0.0

    @property
    def left(self) -> float:
        """Seconds left."""
        return max(0.0, self.seconds - self.spent)

    def part(self, share: float) -> Budget:
        """A share of what is left, for one step."""
        return Budget(self.left * share, self.clock, self.progress)

    def tell(self, sentence: str) -> None:
        """Say what is being done."""
        if self.progress:
            self.progress(sentence)
