"""Say at the table how a talk went: by its host or by either side, without an account."""

from __future__ import annotations

from models import Meeting, MeetingOpinion, MeetingState
from service.context import Context
from service.usecases.moving import move
from service.usecases.opinions import GiveOpinion, give_opinion

NOT_CONFIRMED_YET = frozenset({MeetingState.PROPOSED, MeetingState.NOT_HELD})


def say_outcome(ctx: Context, meeting_id: int, command: GiveOpinion, attendee_id: int | None = None) -> MeetingOpinion:
    """Say how a talk went; that people sat down confirms one that nobody had confirmed, or had called not held."""
    meeting = ctx.require(Meeting, meeting_id, may="record_outcome")
    if meeting.state in NOT_CONFIRMED_YET and command.outcome is not None:
        move(ctx, meeting, MeetingState.CONFIRMED, "双方已就座")
    return give_opinion(ctx, meeting_id, command, attendee_id)
