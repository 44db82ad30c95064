"""Matches, events, invitations and talks."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from models import (
    Attendee,
    AttendeeState,
    DismissalReason,
    FollowUp,
    FollowUpKind,
    FollowUpState,
    HandshakeEvent,
    HandshakeEventState,
    Invitation,
    InvitationState,
    Match,
    MatchRun,
    MatchState,
    Meeting,
    MeetingOutcome,
    MeetingState,
    Organization,
    OrganizationKind,
    Posting,
    Side,
)
from service.context import Context
from tests.factories.people import NOW, add_organization, numbers
from tests.factories.postings import add_achievement, add_need


def add_run(ctx: Context, **columns: Any) -> MatchRun:
    """A computation of matches."""
    values: dict[str, Any] = {
        "trigger": "test",
        "index_version": "1",
        "settings": {},
        "needs_ranked": 1,
        "achievements_ranked": 1,
        "pairs_kept": 1,
        "started_at": NOW,
        **columns,
    }
    return ctx.add(MatchRun(**values))


def _latest_run(ctx: Context) -> MatchRun:
    newest = ctx.session.scalar(select(func.max(MatchRun.id)))
    return ctx.find(MatchRun, newest) if newest else add_run(ctx)


def add_match(
    ctx: Context,
    *,
    need: Posting | None = None,
    achievement: Posting | None = None,
    state: MatchState = MatchState.SUGGESTED,
    **columns: Any,
) -> Match:
    """A ranked pair in any state; its contributions add up to its score."""
    need, achievement = need or add_need(ctx), achievement or add_achievement(ctx)
    values: dict[str, Any] = {
        "score": 6120,
        "contributions": {"title": 2000, "characters": 1620, "words": 1500, "category": 1000},
        "reason": "两者都涉及“电解水制氢”与“隔膜”",
        **columns,
    }
    if state is MatchState.DISMISSED:
        values = {"dismissal_reason": DismissalReason.MATURITY, "dismissed_by": Side.NEED, **values}
    if state is MatchState.MUTUAL:
        values = {"need_agrees": True, "offer_agrees": True, **values}
    values.setdefault("run_id", _latest_run(ctx).id)
    return ctx.add(Match(need_id=need.id, achievement_id=achievement.id, state=state, **values))


def add_event(ctx: Context, *, state: HandshakeEventState = HandshakeEventState.OPEN, **columns: Any) -> HandshakeEvent:
    """An event in any state: 8 slots of 25 minutes at 10 tables; past ones lie before NOW, coming ones after."""
    past = state in (HandshakeEventState.HELD, HandshakeEventState.ARCHIVED)
    values: dict[str, Any] = {
        "title": f"企业家与科学家“握手”氢能专场（{next(numbers)}）",
        "theme": "绿氢装备",
        "region_code": "150600",
        "venue": "鄂尔多斯市科技馆一楼报告厅",
        "starts_at": NOW + timedelta(days=-10 if past else 10),
        "slots": 8,
        "slot_minutes": 25,
        "break_minutes": 5,
        "tables": 10,
        **columns,
    }
    organizer: Organization | None = values.pop("organizer", None)
    if "organizer_id" not in values:
        if organizer is None:
            own = ctx.session.get(Organization, ctx.actor.organization_id) if ctx.actor.organization_id else None
            agency = own is not None and own.kind is OrganizationKind.AGENCY
            organizer = own if agency else add_organization(ctx, kind=OrganizationKind.AGENCY)
        assert organizer is not None
        values["organizer_id"] = organizer.id
    return ctx.add(HandshakeEvent(state=state, **values))


def add_invitation(
    ctx: Context,
    *,
    event: HandshakeEvent | None = None,
    organization: Organization | None = None,
    state: InvitationState = InvitationState.SENT,
    **columns: Any,
) -> Invitation:
    """An organization asked to an event, in any state."""
    event, organization = event or add_event(ctx), organization or add_organization(ctx)
    answered = state in (InvitationState.ACCEPTED, InvitationState.DECLINED)
    values: dict[str, Any] = {
        "seats": 1,
        "replied_at": NOW - timedelta(days=3) if answered else None,
        "checked_in_at": event.starts_at if state is InvitationState.CHECKED_IN else None,
        **columns,
    }
    return ctx.add(Invitation(handshake_event_id=event.id, organization_id=organization.id, state=state, **values))


def add_attendee(
    ctx: Context,
    *,
    invitation: Invitation | None = None,
    state: AttendeeState = AttendeeState.COMING,
    **columns: Any,
) -> Attendee:
    """A person of an invited organization, in any state; free in every slot unless told otherwise."""
    number = next(numbers)
    invitation = invitation or add_invitation(ctx, state=InvitationState.ACCEPTED)
    values: dict[str, Any] = {
        "name": f"示例参会人{number}",
        "position": "高级工程师",
        "badge": f"B{number}",
        "away_slots": [],
        "replied_at": None if state is AttendeeState.ASKED else NOW - timedelta(days=3),
        "arrived_at": NOW if state is AttendeeState.ARRIVED else None,
        **columns,
    }
    return ctx.add(Attendee(invitation_id=invitation.id, state=state, **values))


def add_meeting(
    ctx: Context,
    *,
    event: HandshakeEvent | None = None,
    match: Match | None = None,
    state: MeetingState = MeetingState.PROPOSED,
    **columns: Any,
) -> Meeting:
    """A talk in any state, in the first slot that is free at table 1 unless told otherwise.

    A HELD talk ended with 达成意向 unless ``outcome=`` says otherwise. ``next_step=``, ``next_step_owner=`` and
    ``due_on=`` make the task that was agreed.
    """
    held = state is MeetingState.HELD
    event = event or add_event(ctx, state=HandshakeEventState.HELD if held else HandshakeEventState.SCHEDULED)
    match = match or add_match(ctx, state=MatchState.SHORTLISTED)
    taken = set(
        ctx.session.scalars(
            select(Meeting.slot).where(Meeting.handshake_event_id == event.id, Meeting.table_number == 1)
        )
    )
    values: dict[str, Any] = {
        "slot": next(slot for slot in itertools.count() if slot not in taken),
        "table_number": 1,
        "outcome": MeetingOutcome.INTENT if held else None,
        "held_at": event.starts_at if held else None,
        **columns,
    }
    step = {name: values.pop(name, None) for name in ("next_step", "next_step_owner", "due_on")}
    meeting = ctx.add(Meeting(handshake_event_id=event.id, match_id=match.id, state=state, **values))
    if step["due_on"] is not None:
        add_follow_up(
            ctx,
            meeting=meeting,
            text=step["next_step"] or "",
            owner=step["next_step_owner"] or "",
            due_on=step["due_on"],
        )
    return meeting


def add_follow_up(
    ctx: Context,
    *,
    meeting: Meeting | None = None,
    kind: FollowUpKind = FollowUpKind.NEXT_STEP,
    state: FollowUpState = FollowUpState.OPEN,
    **columns: Any,
) -> FollowUp:
    """A task after a talk, in any state, due today unless told otherwise."""
    meeting = meeting or add_meeting(ctx, state=MeetingState.HELD)
    done = NOW if state is FollowUpState.DONE else None
    values: dict[str, Any] = {"due_on": ctx.today, "done_at": done, **columns}
    return ctx.add(FollowUp(meeting_id=meeting.id, kind=kind, state=state, **values))
