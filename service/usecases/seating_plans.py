"""Have an event seated: ask for a seating, let the solver think, put the seating into force."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from math import floor
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import Select, select

from matching import seating
from matching.seating.rules import broken
from models import HandshakeEvent, Invitation, SeatingPlan, SeatingStatus
from models.handshake_event import SEATING_STATES
from service.commands import Command, TalksAtMost, Version
from service.context import Context
from service.errors import Conflict, Illegal, Invalid
from service.kinds import picked
from service.queries.seating_changes import SeatChange, told
from service.queries.seating_plans import LOWER_FOR_ALL, SOLVED, basis_of, meetings_of, plan_of
from service.queries.seating_problem import differences, seating_task
from service.usecases.attendees import ensure_attendees
from service.usecases.seating_changes import refuse_broken, write_seating

STATUS = {
    seating.Status.OPTIMAL: SeatingStatus.OPTIMAL,
    seating.Status.FEASIBLE: SeatingStatus.FEASIBLE,
    seating.Status.INFEASIBLE: SeatingStatus.INFEASIBLE,
    seating.Status.UNKNOWN: SeatingStatus.UNKNOWN,
}


EVENT_FIELDS = ("minimum_talks", "maximum_talks", "score_weight", "wanted_weight")
"""What of the input belongs to the event, so that everybody sees what counts."""


class GenerateSeating(Command):
    """Input of what a seating is to take into account, and how long it may take."""

    kind: Annotated[Literal["new", "change"], picked("怎样排", widget="radios")] = "new"
    seconds: Annotated[int, Field(ge=1, le=300, title="最多算几秒", description="到时给出已找到的最好方案")] = 20
    minimum_talks: Annotated[int, Field(ge=0, le=48, title="每家至少谈几场")] = 0
    maximum_talks: Annotated[TalksAtMost, picked("每人至多谈几场", "留空不限", widget="number")] = None
    score_weight: Annotated[int, Field(ge=0, le=1000, title="匹配度的权重", description="匹配度满分时值几分")] = 100
    wanted_weight: Annotated[int, Field(ge=0, le=1000, title="“想见”的权重", description="每一方想见加几分")] = 40
    threshold: Annotated[
        int, Field(ge=0, le=100, title="推荐从几分起也排", description="入选的、有人想见的不论分数都排")
    ] = 30
    count_unanswered: Annotated[bool, picked("还没答复的也先排上", widget="checkbox")] = True
    version: Version | None = None


class ApplySeating(Command):
    """Input of putting a seating into force: the version of the seating that was looked at."""

    version: Version


def request_seating(ctx: Context, event_id: int, command: GenerateSeating) -> SeatingPlan:
    """Ask for a seating of an event; a job computes it. Raises Conflict while another one is being computed."""
    event = ctx.require(HandshakeEvent, event_id, may="seat_meeting")
    _check_seating(event)
    if command.version is not None:
        ctx.check_version(event, command.version)
    _check_limits(event, command)
    for invitation in ctx.session.scalars(_invitations(event)):
        ensure_attendees(ctx, invitation)
    changed = [name for name in EVENT_FIELDS if getattr(event, name) != getattr(command, name)]
    for name in changed:
        setattr(event, name, getattr(command, name))
    if changed:
        ctx.touch(event)
        ctx.audit("edit", event, changed=changed)
    plan = SeatingPlan(
        handshake_event_id=event.id,
        kind=command.kind,
        status=SeatingStatus.WAITING,
        settings=command.model_dump(exclude={"version", "kind"}),
        basis="",
        result={},
        milliseconds=0,
        created_by_id=ctx.actor.account_id,
        note="",
        is_demo=event.is_demo,
    )
    ctx.add(plan)
    ctx.audit("request_seating", plan, kind=command.kind, seconds=command.seconds)
    ctx.enqueue("seat_event", unique_key=f"seat_event:{plan.id}", plan=plan.id)
    return plan


def compute_seating(ctx: Context, plan_id: int, clock: Callable[[], float]) -> SeatingPlan:
    """Let the solver think and keep what it found. While it thinks, nothing is held in the database."""
    plan = ctx.find(SeatingPlan, plan_id)
    if plan.status is not SeatingStatus.WAITING:
        return plan
    event = ctx.find(HandshakeEvent, plan.handshake_event_id)
    task = seating_task(ctx, event, basis_of(plan))
    seconds, afresh = float(plan.settings.get("seconds", 20)), plan.kind == "new"
    asked = event.minimum_talks
    ctx.keep()
    problem = task.afresh if afresh else task.problem
    found = seating.seat_or_explain(problem, seconds, clock)
    lower = _lower_for_all(asked, problem, seconds, clock) if found.status is seating.Status.INFEASIBLE else None
    plan = ctx.find(SeatingPlan, plan_id)
    plan.status, plan.basis = STATUS[found.status], task.digest
    plan.milliseconds = round(1000 * found.seconds)
    plan.result = {"facts": dict(task.facts), **_kept(found)}
    if lower is not None:
        plan.result = {**plan.result, "repairs": [*plan.result["repairs"], [lower]]}
    if found.found:
        plan.utility, plan.bound = round(found.utility), max(round(found.utility), floor(found.bound + 1e-6))
        plan.worst_served = found.worst_served
    ctx.touch(plan)
    ctx.audit("compute_seating", plan, status=plan.status.value)
    return plan


def apply_seating(ctx: Context, event_id: int, plan_id: int, command: ApplySeating) -> list[SeatChange]:
    """Make a seating the event's talks, all or none; everybody concerned is written to.

    Raises Conflict when what it was computed from has changed, naming what.
    """
    event = ctx.require(HandshakeEvent, event_id, may="seat_meeting")
    ctx.session.execute(select(HandshakeEvent.id).where(HandshakeEvent.id == event.id).with_for_update())
    _check_seating(event)
    plan = plan_of(ctx, event, plan_id)
    ctx.check_version(plan, command.version)
    if plan.status not in SOLVED:
        raise Illegal(f"这个方案“{plan.status.label}”，不能采用。")
    if plan.applied_at is not None:
        raise Illegal("这个方案已经采用过；要恢复成它，请重新生成。")
    task = seating_task(ctx, event, basis_of(plan))
    if changed := differences(plan.result["facts"], task):
        raise Conflict(f"算出这个方案之后情况变了：{'；'.join(changed)}。请重新生成，再采用。")
    meetings = meetings_of(plan)
    problem = task.afresh if plan.kind == "new" else task.problem
    refuse_broken(told(one.sentence) for one in broken(problem, meetings))
    changes = write_seating(ctx, task, meetings, f"采用排桌方案 {plan.id}")
    plan.applied_at = ctx.now
    ctx.touch(plan)
    ctx.audit("apply_seating", plan, changes=len(changes))
    return changes


def _invitations(event: HandshakeEvent) -> Select[Invitation]:
    return select(Invitation).where(Invitation.handshake_event_id == event.id).order_by(Invitation.id)


def _check_seating(event: HandshakeEvent) -> None:
    if event.state not in SEATING_STATES:
        raise Illegal(f"“{event.state.label}”的活动不能排桌，“邀约”和“已排定”时才可以。")


def _check_limits(event: HandshakeEvent, command: GenerateSeating) -> None:
    faults = {}
    if command.minimum_talks > event.slots:
        faults["minimum_talks"] = f"本次活动只有 {event.slots} 场，不能要求每家谈更多场"
    if command.maximum_talks is not None and command.maximum_talks < command.minimum_talks:
        faults["maximum_talks"] = "至多不能少于至少"
    if not command.score_weight and not command.wanted_weight:
        faults["score_weight"] = "两个权重不能都是 0，否则无从比较"
    if faults:
        raise Invalid(faults)


def _kept(found: seating.Solution) -> dict[str, Any]:
    """The solver's answer as it is stored: no names, for people may leave."""
    return {
        "meetings": [[one.one, one.other, one.slot, one.table] for one in found.meetings],
        "fairness": found.fairness,
        "fairness_proven": found.fairness_proven,
        "changes": len(found.changes),
        "changes_proven": found.changes_proven,
        "walk": round(found.walk, 1),
        "notes": list(found.notes),
        "conflict": [_plain(one) for one in found.conflict],
        "conflict_smallest": found.conflict_smallest,
        "repairs": [[_plain(step) for step in one.steps] for one in found.repairs],
    }


def _lower_for_all(
    asked: int, problem: seating.Problem, seconds: float, clock: Callable[[], float]
) -> dict[str, Any] | None:
    """The least change of “每家至少” that makes the event solvable, as a step of a repair; None when none does."""
    begun = clock()
    for least in range(asked - 1, -1, -1):
        left = seconds - (clock() - begun)
        if left <= 0:
            break
        parties = tuple(replace(party, minimum=least) if party.minimum == asked else party for party in problem.parties)
        if seating.feasible(replace(problem, parties=parties), left, clock):
            step = seating.Step(LOWER_FOR_ALL, float(asked - least), before=asked, after=least)
            return _plain(step)
    return None


def _plain(said: seating.Limit | seating.Step) -> dict[str, Any]:
    kept = {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(said).items()}
    return kept | {"features": sorted(said.features), "sentence": ""}
