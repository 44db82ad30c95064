"""Ask organizations to an event, take their answers, and note who came."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from sqlalchemy import select

from models import HandshakeEvent, HandshakeEventState, Invitation, InvitationState, Organization, Scientist
from models.handshake_event import SEATING_STATES
from service.commands import Command, Version
from service.context import SHANGHAI, Context
from service.errors import Conflict, Illegal, Invalid
from service.kinds import picked, words
from service.usecases.attendees import (
    OPEN_TALKS,
    answer_for_all,
    arrive_all,
    ensure_attendees,
    follow_attendees,
    keep_places,
    miss_all,
    talks_of,
)
from service.usecases.moving import move
from service.usecases.sensitive_words import refuse_secrets

ANSWERABLE = SEATING_STATES
_SEATS = "同一时段最多能同时谈几场"


class Invite(Command):
    """Input of asking organizations to an event."""

    organization_ids: Annotated[list[int], picked("邀请的机构", widget="checkboxes", min_length=1, max_length=500)]
    seats: Annotated[int, Field(ge=1, le=50, title="每家可同时谈", description=_SEATS)] = 1
    scientist_ids: Annotated[
        list[int], picked("邀请的科学家", "受邀院所名录里的人；不选就由院所定人", widget="checkboxes", max_length=500)
    ] = []


class AnswerInvitation(Command):
    """Input of an organization's answer."""

    version: Version
    accept: Annotated[bool, Field(title="参加")]
    attendee: Annotated[str, words("谁来参加", "姓名、职务，可写多人；现场按此签到", limit=100)] = ""
    note: Annotated[str, words("附言", "想谈什么、什么时间方便，或不能来的原因", limit=500, widget="textarea")] = ""


class MoveInvitation(Command):
    """Input of a move of an invitation: the version seen and a remark."""

    version: Version
    reason: Annotated[str, words("说明", limit=500)] = ""


class SeatsOfInvitation(Command):
    """Input of how many talks an organization can hold at a time."""

    version: Version
    seats: Annotated[int, Field(ge=1, le=50, title="可同时谈", description=_SEATS)]


def invite(ctx: Context, event_id: int, command: Invite) -> list[Invitation]:
    """Ask organizations to an announced event. Raises Invalid naming those unknown or already asked."""
    event = ctx.require(HandshakeEvent, event_id, may="invite")
    if event.state not in SEATING_STATES:
        raise Illegal(f"“{event.state.label}”的活动不能发邀请；请先“开始邀约”。")
    wanted = list(dict.fromkeys(command.organization_ids))
    organizations = {
        one.id: one for one in ctx.session.scalars(select(Organization).where(Organization.id.in_(wanted)))
    }
    if unknown := [one for one in wanted if one not in organizations]:
        raise Invalid({"organization_ids": f"没有编号为 {unknown[0]} 的机构，请从列表中选择"})
    asked = select(Invitation.organization_id).where(
        Invitation.handshake_event_id == event.id, Invitation.organization_id.in_(wanted)
    )
    if already := sorted(ctx.session.scalars(asked)):
        names = "、".join(organizations[one].name for one in already[:5])
        raise Invalid({"organization_ids": f"{names}已经在邀请名单里，不用再邀请"})
    chosen = _scientists(ctx, command.scientist_ids, set(wanted))
    sent = []
    for one in wanted:
        people = chosen.get(one, [])
        invitation = send(ctx, event, organizations[one], min(50, max(command.seats, len(people))))
        for attendee, scientist in zip(ensure_attendees(ctx, invitation), people, strict=False):
            attendee.scientist_id, attendee.name, attendee.position = scientist.id, scientist.name, scientist.position
        follow_attendees(ctx, invitation)
        sent.append(invitation)
    return sent


def _scientists(ctx: Context, scientist_ids: list[int], wanted: set[int]) -> dict[int, list[Scientist]]:
    """The chosen scientists by institute. Raises Invalid for one whose institute is not being asked."""
    found: dict[int, list[Scientist]] = {}
    for number in dict.fromkeys(scientist_ids):
        scientist = ctx.session.get(Scientist, number)
        if scientist is None or scientist.organization_id not in wanted:
            raise Invalid({"scientist_ids": "选了科学家的院所也要勾选，否则不会发出邀请"})
        found.setdefault(scientist.organization_id, []).append(scientist)
    return found


def send(ctx: Context, event: HandshakeEvent, organization: Organization, seats: int = 1) -> Invitation:
    """Write one invitation; the caller has checked that it may be written."""
    invitation = Invitation(
        handshake_event_id=event.id,
        organization_id=organization.id,
        seats=seats,
        state=InvitationState.SENT,
        is_demo=event.is_demo or organization.is_demo,
    )
    ctx.log(ctx.add(invitation).born())
    ensure_attendees(ctx, invitation)
    return invitation


def answer_invitation(ctx: Context, invitation_id: int, command: AnswerInvitation) -> Invitation:
    """Accept with the name of who comes, or decline; confirmed talks of one who declines are open again.

    Answering 接受 again changes who comes.
    """
    refuse_secrets(ctx, command)
    invitation = _held(ctx, invitation_id, command.version, "answer_invitation")
    event = ctx.find(HandshakeEvent, invitation.handshake_event_id)
    if event.state not in ANSWERABLE:
        raise Conflict(f"活动“{event.state.label}”，不能再答复。")
    target = InvitationState.ACCEPTED if command.accept else InvitationState.DECLINED
    if invitation.state is not target:
        invitation.check_move(target)
    if command.accept and not command.attendee:
        raise Invalid({"attendee": "请写明谁来参加，现场要按名字签到"})
    answer_for_all(ctx, invitation, coming=command.accept, name=command.attendee)
    invitation.reply_note, invitation.replied_at = command.note, ctx.now
    if invitation.state is target:
        ctx.touch(invitation)
        ctx.audit("answer", invitation, attendee=command.attendee, note=command.note)
    else:
        move(ctx, invitation, target, command.note)
    follow_attendees(ctx, invitation)
    invitation.attendee = command.attendee if command.accept else invitation.attendee
    return invitation


def change_seats(ctx: Context, invitation_id: int, command: SeatsOfInvitation) -> Invitation:
    """Change how many talks the organization can hold at a time. Raises Invalid when more are already seated."""
    invitation = _held(ctx, invitation_id, command.version, "invite")
    slots = [meeting.slot for meeting in talks_of(ctx, invitation, OPEN_TALKS)]
    crowded = next((slot for slot in sorted(set(slots)) if slots.count(slot) > command.seats), None)
    if crowded is not None:
        raise Invalid({"seats": f"第 {crowded + 1} 场已排了 {slots.count(crowded)} 桌，请先移走再减少"})
    before = invitation.seats
    keep_places(ctx, invitation, command.seats)
    invitation.seats = command.seats
    ctx.touch(invitation)
    ctx.audit("edit", invitation, seats=[before, command.seats])
    return invitation


def check_in(ctx: Context, invitation_id: int, command: MoveInvitation) -> Invitation:
    """Note that the organization has arrived, which is also an acceptance. Raises Conflict before the day itself."""
    invitation = _held(ctx, invitation_id, command.version, "check_in")
    event = ctx.find(HandshakeEvent, invitation.handshake_event_id)
    _check_running(event)
    begins = event.starts_at.astimezone(SHANGHAI)
    if ctx.today < begins.date():
        raise Conflict(f"活动在 {begins:%Y-%m-%d} 举行，当天才能签到。")
    if invitation.state in (InvitationState.SENT, InvitationState.DECLINED):
        move(ctx, invitation, InvitationState.ACCEPTED, "到场即视为接受")
    invitation.check_move(InvitationState.CHECKED_IN)
    invitation.checked_in_at = ctx.now
    arrive_all(ctx, invitation)
    return move(ctx, invitation, InvitationState.CHECKED_IN, command.reason)


def mark_no_show(ctx: Context, invitation_id: int, command: MoveInvitation) -> Invitation:
    """Note that an organization that had accepted did not come. Raises Conflict before the event has begun."""
    invitation = _held(ctx, invitation_id, command.version, "check_in")
    invitation.check_move(InvitationState.NO_SHOW)
    event = ctx.find(HandshakeEvent, invitation.handshake_event_id)
    _check_running(event)
    if ctx.now < event.starts_at:
        raise Conflict(f"活动 {event.starts_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M} 才开始，现在还不能标记缺席。")
    invitation.checked_in_at = None
    miss_all(ctx, invitation)
    return move(ctx, invitation, InvitationState.NO_SHOW, command.reason)


def lapse_invitation(ctx: Context, invitation_id: int, command: MoveInvitation) -> Invitation:
    """Stop waiting for an answer."""
    invitation = _held(ctx, invitation_id, command.version, "invite")
    return move(ctx, invitation, InvitationState.LAPSED, command.reason)


MOVES = {"check-in": check_in, "no-show": mark_no_show, "lapse": lapse_invitation}
"""The moves of an invitation by the name they have in addresses."""


def _held(ctx: Context, invitation_id: int, version: int, action: str) -> Invitation:
    invitation = ctx.require(Invitation, invitation_id, may=action)
    ctx.check_version(invitation, version)
    return invitation


def _check_running(event: HandshakeEvent) -> None:
    if event.state not in (HandshakeEventState.SCHEDULED, HandshakeEventState.HELD):
        raise Conflict(f"活动当前为“{event.state.label}”，排定后才能签到。")
