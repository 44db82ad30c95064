"""Whose a record is: the organizations with a stake in it, and its region."""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch
from typing import Any

from sqlalchemy import select

from models import (
    Account,
    AccountInvitation,
    Achievement,
    Attachment,
    Attendee,
    Contract,
    FollowUp,
    HandshakeEvent,
    InvestmentEntry,
    Invitation,
    Match,
    Meeting,
    Need,
    Organization,
    Posting,
    Project,
    ProjectParty,
    Scientist,
)
from service.context import Context
from service.policy.attachables import ATTACHABLES


@dataclass(frozen=True)
class Stakes:
    """Whose a record is: the organizations with a stake in it, and its region."""

    organizations: frozenset[int]
    region: str | None


@singledispatch
def stakes(record: Any, ctx: Context) -> Stakes:
    """Who has a stake in ``record``; kinds of record are registered below."""
    raise TypeError(f"the policy does not know whose a {type(record).__name__} is")


@stakes.register
def _(record: Posting, ctx: Context) -> Stakes:
    return Stakes(frozenset({record.organization_id}), record.region_code)


@stakes.register
def _(record: Organization, ctx: Context) -> Stakes:
    return Stakes(frozenset({record.id}), record.region_code)


@stakes.register
def _(record: Scientist, ctx: Context) -> Stakes:
    return Stakes(frozenset({record.organization_id}), None)


@stakes.register
def _(record: Match, ctx: Context) -> Stakes:
    need, achievement = ctx.find(Need, record.need_id), ctx.find(Achievement, record.achievement_id)
    return Stakes(frozenset({need.organization_id, achievement.organization_id}), need.region_code)


@stakes.register
def _(record: HandshakeEvent, ctx: Context) -> Stakes:
    return Stakes(frozenset({record.organizer_id}), record.region_code)


@stakes.register
def _(record: Invitation, ctx: Context) -> Stakes:
    event = ctx.find(HandshakeEvent, record.handshake_event_id)
    return Stakes(frozenset({record.organization_id}), event.region_code)


@stakes.register
def _(record: Attendee, ctx: Context) -> Stakes:
    return stakes(ctx.find(Invitation, record.invitation_id), ctx)


@stakes.register
def _(record: Meeting, ctx: Context) -> Stakes:
    event = ctx.find(HandshakeEvent, record.handshake_event_id)
    return Stakes(stakes(ctx.find(Match, record.match_id), ctx).organizations, event.region_code)


@stakes.register
def _(record: FollowUp, ctx: Context) -> Stakes:
    return stakes(ctx.find(Meeting, record.meeting_id), ctx)


@stakes.register
def _(record: Project, ctx: Context) -> Stakes:
    parties = ctx.session.scalars(select(ProjectParty.organization_id).where(ProjectParty.project_id == record.id))
    return Stakes(frozenset(parties), record.region_code)


@stakes.register
def _(record: Contract, ctx: Context) -> Stakes:
    return stakes(ctx.find(Project, record.project_id), ctx)


@stakes.register
def _(record: InvestmentEntry, ctx: Context) -> Stakes:
    return stakes(ctx.find(Project, record.project_id), ctx)


@stakes.register
def _(record: AccountInvitation, ctx: Context) -> Stakes:
    return Stakes(frozenset({record.organization_id}), record.region_code)


@stakes.register
def _(record: Account, ctx: Context) -> Stakes:
    return Stakes(frozenset({record.organization_id}), record.region_code)


@stakes.register
def _(record: Attachment, ctx: Context) -> Stakes:
    return stakes(ctx.find(ATTACHABLES[record.record_type].model, record.record_id), ctx)
