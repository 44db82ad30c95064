"""What each side says of a talk: how it ended, how well the two fitted, how content people are, why it did not fit."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from sqlalchemy import select

from models import (
    DismissalReason,
    HandshakeEvent,
    Match,
    Meeting,
    MeetingOpinion,
    MeetingOutcome,
    MeetingState,
    Side,
)
from service.commands import OrNone
from service.context import Context
from service.errors import Conflict, Forbidden, Illegal, Invalid
from service.kinds import picked, words
from service.queries.sides import side_of
from service.usecases.follow_ups import NextStep, PlanNextStep, agree_next_step, check_due
from service.usecases.outcomes import settle
from service.usecases.sensitive_words import refuse_secrets

UNFIT_AT_MOST = 2
"""Up to this fit a reason may be given though the talk goes on."""


OptionalOutcome = Annotated[MeetingOutcome | None, OrNone]
OptionalReason = Annotated[DismissalReason | None, OrNone]
OptionalFit = Annotated[Annotated[int, Field(ge=1, le=4)] | None, OrNone]
OptionalSatisfaction = Annotated[Annotated[int, Field(ge=1, le=5)] | None, OrNone]


class GiveOpinion(NextStep):
    """Input of one side's word on a talk. ``version`` is that of the side's opinion, 0 where none was seen."""

    version: Annotated[int, Field(ge=0, title="版本号", description="读到的本方评价的版本号，还没有评价时为 0")] = 0
    outcome: Annotated[OptionalOutcome, picked("结果", widget="radios")] = None
    fit: Annotated[OptionalFit, picked("这一对配得怎样", "4 正是所需，1 不相关", widget="radios")] = None
    satisfaction: Annotated[OptionalSatisfaction, picked("满意吗", "5 很满意，1 不满意", widget="radios")] = None
    reason: Annotated[OptionalReason, picked("不合适的原因", "汇总后反馈给对方，不写出是谁说的", widget="select")] = (
        None
    )
    note: Annotated[str, words("说明", "谈到了什么，卡在哪里", limit=2000, widget="textarea")] = ""


class RecordOutcome(PlanNextStep):
    """Input of how a talk ended. ``version`` is the talk's."""

    outcome: Annotated[MeetingOutcome, picked("结果", widget="radios")]
    note: Annotated[str, words("纪要", "谈到了什么，卡在哪里", limit=2000, widget="textarea")] = ""


def give_opinion(ctx: Context, meeting_id: int, command: GiveOpinion, attendee_id: int | None = None) -> MeetingOpinion:
    """Say for one's side how a talk went; said again it replaces what the side said before.

    The side follows from the actor's organization; whoever is of neither speaks as the organizer (the table's host).
    ``attendee_id`` is the person who speaks through a personal link. An outcome is the talk's own from then on, and a
    confirmed talk is held by it. Raises Stale, Illegal, Invalid, Conflict (before the event begins) or Forbidden.
    """
    refuse_secrets(ctx, command)
    meeting = ctx.require(Meeting, meeting_id, may="record_outcome")
    side = _side(ctx, meeting)
    standing = opinion_of(ctx, meeting, side)
    if standing is not None:
        ctx.check_version(standing, command.version)
    elif command.version:
        raise Conflict("这条评价已经没有了，请刷新后再填。")
    _check(meeting, command)
    check_due(ctx, command.due_on)
    said = command.outcome or (standing.outcome if standing is not None else None)
    if command.outcome is not None:
        settle(ctx, meeting, command.outcome)
    opinion = standing or _begin(ctx, meeting, side)
    opinion.attendee_id = attendee_id if attendee_id is not None else opinion.attendee_id
    opinion.outcome, opinion.fit, opinion.satisfaction = said, command.fit, command.satisfaction
    opinion.reason, opinion.note = command.reason, command.note
    ctx.touch(opinion)
    _audit(ctx, opinion)
    if command.is_given:
        agree_next_step(ctx, meeting, command)
    return opinion


def record_outcome(ctx: Context, meeting_id: int, command: RecordOutcome) -> Meeting:
    """Record how a confirmed talk ended, with minutes and what comes next; it is one's side's word as well."""
    refuse_secrets(ctx, command)
    meeting = ctx.require(Meeting, meeting_id, may="record_outcome")
    ctx.check_version(meeting, command.version)
    meeting.check_move(MeetingState.HELD)
    check_due(ctx, command.due_on)
    settle(ctx, meeting, command.outcome)
    meeting.note = command.note
    side = _side(ctx, meeting)
    opinion = opinion_of(ctx, meeting, side) or _begin(ctx, meeting, side)
    opinion.outcome = command.outcome
    ctx.touch(opinion)
    if command.is_given:
        agree_next_step(ctx, meeting, command)
    return meeting


def opinion_of(ctx: Context, meeting: Meeting, side: Side) -> MeetingOpinion | None:
    """What a side has said of a talk."""
    found: MeetingOpinion | None = ctx.session.scalar(
        select(MeetingOpinion).where(MeetingOpinion.meeting_id == meeting.id, MeetingOpinion.side == side)
    )
    return found


def _side(ctx: Context, meeting: Meeting) -> Side:
    side = side_of(ctx, ctx.find(Match, meeting.match_id))
    if side is Side.ORGANIZER and ctx.actor.account_id is None and not ctx.actor.is_system:
        event = ctx.find(HandshakeEvent, meeting.handshake_event_id)
        if event.organizer_id != ctx.actor.organization_id:
            raise Forbidden("这场洽谈不是您参加的，不能评价。")
    return side


def _check(meeting: Meeting, command: GiveOpinion) -> None:
    faults: dict[str, str] = {}
    if meeting.state is MeetingState.CONFIRMED and command.outcome is None:
        faults["outcome"] = "请先选这一场的结果"
    unfit = command.outcome is MeetingOutcome.NONE or (command.fit is not None and command.fit <= UNFIT_AT_MOST)
    if command.reason is not None and not unfit:
        faults["reason"] = "谈得下去的不用选原因；确实不合适，请把结果选为“暂无意向”或把匹配程度改低"
    if command.reason is DismissalReason.OTHER and not command.note:
        faults["note"] = "选“其他”时请写明原因"
    if faults:
        raise Invalid(faults)
    if meeting.state not in (MeetingState.CONFIRMED, MeetingState.HELD):
        raise Illegal(f"“{meeting.state.label}”的洽谈不能评价。")


def _begin(ctx: Context, meeting: Meeting, side: Side) -> MeetingOpinion:
    opinion = MeetingOpinion(meeting_id=meeting.id, side=side, is_demo=meeting.is_demo)
    return ctx.add(opinion)


def _audit(ctx: Context, opinion: MeetingOpinion) -> None:
    ctx.audit(
        "give_opinion",
        opinion,
        side=opinion.side.value,
        outcome=opinion.outcome.label if opinion.outcome is not None else "",
        fit=opinion.fit,
        satisfaction=opinion.satisfaction,
    )
