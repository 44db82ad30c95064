"""People who come to an event without having been announced (临时到场), and places still without a name at its door."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from sqlalchemy import select

from models import Attendee, AttendeeState, DoorMarkKind, HandshakeEvent, Invitation, Organization
from service.commands import OptionalInt
from service.context import Context
from service.errors import Invalid
from service.kinds import picked, words
from service.queries.floor import unpeopled
from service.usecases.attendees import (
    MOST_OF_ONE,
    NamePerson,
    ensure_attendees,
    follow_attendees,
    is_nobody,
    new_attendee,
    set_topics,
)
from service.usecases.door import check_door, note_of
from service.usecases.invitations import send
from service.usecases.sensitive_words import refuse_secrets


class AdmitWalkIn(NamePerson):
    """Input of somebody who stands at the door and was not announced."""

    name: Annotated[str, words("姓名", limit=50), Field(min_length=1)]
    organization_id: Annotated[OptionalInt, picked("单位", "名录里没有的请先新建机构", widget="organization")] = None
    need_ids: Annotated[
        list[int], picked("来谈的需求", "不选就是本单位的全部", widget="checkboxes", max_length=100)
    ] = []
    achievement_ids: Annotated[
        list[int], picked("来谈的成果", "不选就是本单位的全部", widget="checkboxes", max_length=100)
    ] = []


def admit_walk_in(ctx: Context, event_id: int, command: AdmitWalkIn) -> Attendee:
    """Write down somebody who came unannounced as arrived; their organization is asked to the event by that.

    A place that was kept for somebody unnamed of the organization is taken first. Raises Invalid or Conflict.
    """
    refuse_secrets(ctx, command)
    event = ctx.require(HandshakeEvent, event_id, may="check_in")
    ctx.session.execute(select(HandshakeEvent.id).where(HandshakeEvent.id == event.id).with_for_update())
    check_door(ctx, event)
    organization = ctx.session.get(Organization, command.organization_id) if command.organization_id else None
    if organization is None:
        raise Invalid({"organization_id": "请从列表中选择单位"})
    invitation = _invitation(ctx, event, organization)
    unasked = invitation is None
    invitation = invitation or send(ctx, event, organization)
    there = ensure_attendees(ctx, invitation)
    kept = next((one for one in there if is_nobody(one)), None)
    if kept is None and len(there) >= MOST_OF_ONE:
        raise Invalid({"organization_id": f"一家机构最多 {MOST_OF_ONE} 人"})
    attendee = kept or new_attendee(ctx, invitation, state=AttendeeState.ASKED)
    attendee.is_walk_in = unasked or kept is None
    for key in ("name", "position", "email", "phone"):
        setattr(attendee, key, getattr(command, key))
    set_topics(ctx, attendee, command.need_ids, command.achievement_ids)
    note_of(ctx, event, attendee, DoorMarkKind.ARRIVED)
    ctx.audit("admit_walk_in", attendee)
    return attendee


def prepare_door(ctx: Context, event_id: int) -> int:
    """Give every asked organization that names nobody a place to be checked in at; how many places were made."""
    event = ctx.require(HandshakeEvent, event_id, may="check_in")
    made = 0
    for invitation in ctx.session.scalars(unpeopled(event.id)).all():
        made += len(ensure_attendees(ctx, invitation))
        follow_attendees(ctx, invitation)
    ctx.audit("add_attendee", event, people=made)
    return made


def _invitation(ctx: Context, event: HandshakeEvent, organization: Organization) -> Invitation | None:
    found: Invitation | None = ctx.session.scalar(
        select(Invitation).where(
            Invitation.handshake_event_id == event.id, Invitation.organization_id == organization.id
        )
    )
    return found
