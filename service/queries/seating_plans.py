"""Computed seatings as they are shown: how good, for whom what, beside the talks as they are, or why there is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from matching import seating
from matching.seating import Limit, Step, words
from models import HandshakeEvent, SeatingPlan, SeatingStatus
from service.context import SHANGHAI, Context
from service.errors import NotFound
from service.queries.seating_changes import Cost, cost_of, told
from service.queries.seating_problem import UTILITY_SCALE, Basis, SeatingTask, differences, points, seating_task

SOLVED = (SeatingStatus.OPTIMAL, SeatingStatus.FEASIBLE)
LOWER_FOR_ALL = "lower_for_all"
"""A step of a repair that the library does not know: fewer talks at least for everybody the event's number binds."""
KINDS = {"new": "从头排", "change": "少改动"}


def plans_of(ctx: Context, event: HandshakeEvent, limit: int = 20) -> list[SeatingPlan]:
    """The event's computed seatings, newest first."""
    rows = select(SeatingPlan).where(SeatingPlan.handshake_event_id == event.id)
    return list(ctx.session.scalars(rows.order_by(SeatingPlan.id.desc()).limit(limit)))


def plan_of(ctx: Context, event: HandshakeEvent, plan_id: int) -> SeatingPlan:
    """One of the event's seatings. Raises NotFound."""
    plan = ctx.session.get(SeatingPlan, plan_id)
    if plan is None or plan.handshake_event_id != event.id:
        raise NotFound(f"这次活动没有编号为 {plan_id} 的排桌方案。")
    return plan


def basis_of(plan: SeatingPlan) -> Basis:
    """What the seating takes into account."""
    settings = plan.settings
    return Basis(bool(settings.get("count_unanswered", True)), int(settings.get("threshold", 30)) * 100)


def latest_basis(ctx: Context, event: HandshakeEvent) -> Basis:
    """What the event's newest seating takes into account; the usual where there is none."""
    plans = plans_of(ctx, event, 1)
    return basis_of(plans[0]) if plans else Basis()


def meetings_of(plan: SeatingPlan) -> list[seating.Meeting]:
    """The talks of a seating."""
    return [seating.Meeting(one, other, slot, table) for one, other, slot, table in plan.result.get("meetings", [])]


def gap_in_words(plan: SeatingPlan) -> str:
    """“距最优 0.0 %”."""
    if plan.status not in SOLVED or plan.utility is None or plan.bound is None:
        return ""
    gap = (plan.bound - plan.utility) / plan.bound if plan.bound else 0.0
    shown = f"{100 * gap:.1f}"
    return f"距最优 {'不到 0.1' if shown == '0.0' and gap > 0 else shown} %"


@dataclass(frozen=True)
class PartyRow:
    """What a seating holds for one party."""

    party: str
    name: str
    organization_id: int | None
    talks: int
    minimum: int
    maximum: int | None
    wanted: int
    wanted_met: int
    utility: int

    @property
    def wishes(self) -> str:
        """“想见 3 中 3”."""
        return f"想见 {self.wanted} 中 {self.wanted_met}" if self.wanted else "—"

    @property
    def points(self) -> str:
        """What its talks are worth."""
        return points(self.utility)


def party_rows(task: SeatingTask, meetings: Iterable[seating.Meeting]) -> list[PartyRow]:
    """Every party that could meet somebody, the least-served first."""
    talks: Counter[str] = Counter()
    total: Counter[str] = Counter()
    met: dict[str, set[str]] = {}
    for meeting in meetings:
        one, other = str(meeting.one), str(meeting.other)
        chance = task.chances.get(frozenset((one, other)))
        for mine, theirs in ((one, other), (other, one)):
            talks[mine] += 1
            total[mine] += chance.utility if chance is not None else 0
            met.setdefault(mine, set()).add(theirs)
    rows = []
    for party in task.problem.parties:
        key = str(party.id)
        sitter = task.sitters.by_id.get(key)
        wanted = task.wanted.get(key, frozenset())
        rows.append(
            PartyRow(
                key,
                task.name(key),
                sitter.organization_id if sitter is not None else None,
                talks[key],
                party.minimum,
                party.maximum,
                len(wanted),
                len(wanted & met.get(key, set())),
                total[key],
            )
        )
    return sorted(rows, key=lambda one: (one.talks, one.name))


@dataclass(frozen=True)
class RepairView:
    """Changes that would make the event solvable."""

    index: int
    sentence: str
    cost: float
    steps: Sequence[Mapping[str, Any]]

    @property
    def asks(self) -> bool:
        """Whether somebody has to agree before it is carried out."""
        return any(step["kind"] in ("add_slot", "allow_pair") for step in self.steps)


@dataclass(frozen=True)
class PlanView:
    """One seating with everything its page shows; ``cost`` and ``stale`` only for one that is not in force."""

    plan: SeatingPlan
    task: SeatingTask
    meetings: Sequence[seating.Meeting]
    rows: Sequence[PartyRow]
    cost: Cost | None
    stale: Sequence[str]
    conflict: Sequence[str]
    repairs: Sequence[RepairView]

    @property
    def gap(self) -> str:
        """“距最优 0.0 %”."""
        return gap_in_words(self.plan)

    @property
    def wishes(self) -> tuple[int, int]:
        """How many wishes there are and how many are met."""
        return sum(row.wanted for row in self.rows), sum(row.wanted_met for row in self.rows)


def plan_view(ctx: Context, event: HandshakeEvent, plan: SeatingPlan) -> PlanView:
    """The seating beside everything as it stands now."""
    task = seating_task(ctx, event, basis_of(plan))
    open_still = plan.status is not SeatingStatus.WAITING and plan.applied_at is None
    stale = differences(plan.result.get("facts", {}), task) if open_still else []
    meetings = meetings_of(plan)
    fresh = open_still and not stale and plan.status in SOLVED
    return PlanView(
        plan,
        task,
        meetings,
        party_rows(task, meetings) if plan.status in SOLVED else [],
        cost_of(task, meetings) if fresh else None,
        stale,
        [told(words.limit(task.problem, _limit(one)).sentence) for one in plan.result.get("conflict", [])]
        if not stale
        else [],
        [_repair(task, at, one) for at, one in enumerate(plan.result.get("repairs", []))] if not stale else [],
    )


def _limit(kept: Mapping[str, Any]) -> Limit:
    return Limit(
        kept["kind"],
        tuple(kept["parties"]),
        tuple(kept["slots"]),
        tuple(kept["tables"]),
        kept["number"],
        frozenset(kept["features"]),
    )


def step_of(kept: Mapping[str, Any]) -> Step:
    """One change of a repair as the library has it."""
    return Step(
        kept["kind"],
        kept["cost"],
        tuple(kept["parties"]),
        tuple(kept["slots"]),
        kept["table"],
        kept["before"],
        kept["after"],
        frozenset(kept["features"]),
    )


def _repair(task: SeatingTask, at: int, steps: Sequence[Mapping[str, Any]]) -> RepairView:
    said = [
        f"把“每家至少谈几场”从 {one['before']} 降到 {one['after']}"
        if one["kind"] == LOWER_FOR_ALL
        else told(words.step(task.problem, step_of(one)).sentence)
        for one in steps
    ]
    return RepairView(at, "；".join(said), sum(float(one["cost"]) for one in steps), steps)


def chance_in_words(task: SeatingTask, meeting: seating.Meeting) -> str:
    """What makes up a talk's utility."""
    chance = task.chances.get(frozenset((str(meeting.one), str(meeting.other))))
    if chance is None:
        return ""
    return chance.sum_in_words + (f"；同桌还可谈另外 {len(chance.also)} 项" if chance.also else "")


def elapsed(ctx: Context, plan: SeatingPlan) -> timedelta:
    """How long ago the seating was asked for."""
    return max(timedelta(), ctx.now - plan.created_at)


def asked_at(plan: SeatingPlan) -> str:
    """When the seating was asked for."""
    return f"{plan.created_at.astimezone(SHANGHAI):%m-%d %H:%M}"


def in_points(hundredths: int | None) -> str:
    """A utility as people read it; nothing as a dash."""
    return f"{hundredths / UTILITY_SCALE:.1f}" if hundredths is not None else "—"
