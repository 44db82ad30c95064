"""Invitations: their list, and one as the asked organization sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, select

from models import HandshakeEvent, Invitation, InvitationState, Organization, OrganizationKind
from models.handshake_event import SEATING_STATES
from service import visibility
from service.context import Context
from service.errors import NotFound
from service.queries.events import Programme, event_programme
from service.queries.listing import Column, Filter, Listing, choices, demo_filter, equals, equals_number
from service.queries.meetings import when


def _waiting(_ctx: Context, value: str) -> ColumnElement[bool] | None:
    """Unanswered invitations to events still to come."""
    unanswered = and_(Invitation.state == InvitationState.SENT, HandshakeEvent.state.in_(SEATING_STATES))
    return unanswered if value == "1" else None


INVITATIONS = Listing(
    key="invitations",
    label="握手邀请",
    path="/invitations",
    source=Invitation.__table__.join(HandshakeEvent.__table__, HandshakeEvent.id == Invitation.handshake_event_id).join(
        Organization.__table__, Organization.id == Invitation.organization_id
    ),
    columns=(
        Column("id", "编号", Invitation.id, align="right"),
        Column("event", "握手活动", HandshakeEvent.title),
        Column("starts_at", "活动时间", HandshakeEvent.starts_at, show=when),
        Column("venue", "地点", HandshakeEvent.venue),
        Column("organization", "受邀机构", Organization.name),
        Column("kind", "类型", Organization.kind),
        Column("state", "答复", Invitation.state),
        Column("attendee", "参加人", Invitation.attendee, sortable=False),
        Column("seats", "可同时谈", Invitation.seats, align="right"),
        Column("reply_note", "附言", Invitation.reply_note, sortable=False),
        Column("replied_at", "答复时间", Invitation.replied_at, show=when),
        Column("checked_in_at", "签到时间", Invitation.checked_in_at, show=when),
        Column("version", "版本", Invitation.version, listed=False, sortable=False),
        Column("event_id", "活动编号", Invitation.handshake_event_id, listed=False),
        Column("organization_id", "机构编号", Invitation.organization_id, listed=False),
        Column("is_demo", "示例", Invitation.is_demo, sortable=False),
    ),
    visible=lambda ctx: and_(visibility.invitations(ctx), visibility.events(ctx)),
    search=(HandshakeEvent.title, Organization.name, Invitation.attendee),
    filters=(
        Filter("state", "答复", equals(Invitation.state, InvitationState), choices(InvitationState)),
        Filter("kind", "机构类型", equals(Organization.kind, OrganizationKind), choices(OrganizationKind)),
        Filter("waiting", "待办", _waiting, lambda _ctx: (("1", "等待答复"),)),
        Filter("event", "活动", equals_number(Invitation.handshake_event_id), widget="hidden"),
        Filter("organization", "机构", equals_number(Invitation.organization_id), widget="hidden"),
        demo_filter(Invitation.is_demo),
    ),
    order="-starts_at",
    unit="份",
)


@dataclass(frozen=True)
class InvitationDetail:
    """One invitation with its event, and the seats given to the organization so far."""

    invitation: Invitation
    event: HandshakeEvent
    organization: Organization
    organizer: str
    programme: Programme

    @property
    def answerable(self) -> bool:
        """Whether an answer is still taken."""
        return self.event.state in SEATING_STATES


def invitation_detail(ctx: Context, invitation_id: int) -> InvitationDetail:
    """The invitation with what belongs to it. Raises NotFound when there is none the actor may know of."""
    row = ctx.session.execute(
        select(Invitation, HandshakeEvent, Organization)
        .join(HandshakeEvent, HandshakeEvent.id == Invitation.handshake_event_id)
        .join(Organization, Organization.id == Invitation.organization_id)
        .where(Invitation.id == invitation_id, visibility.invitations(ctx), visibility.events(ctx))
    ).first()
    if row is None:
        raise NotFound(f"没有编号为 {invitation_id} 的邀请，或您无权查看。")
    invitation, event, organization = row
    organizer = ctx.find(Organization, event.organizer_id).name
    programme = event_programme(ctx, event, of_organization=organization.id)
    return InvitationDetail(invitation, event, organization, organizer, programme)


def invitations_of(ctx: Context, event_id: int) -> Sequence[tuple[Invitation, Organization]]:
    """The event's invitations the actor may know of, those that came first."""
    rows = ctx.session.execute(
        select(Invitation, Organization)
        .join(Organization, Organization.id == Invitation.organization_id)
        .where(Invitation.handshake_event_id == event_id, visibility.invitations(ctx))
        .order_by(Organization.kind, Organization.name, Invitation.id)
    )
    return rows.all()
