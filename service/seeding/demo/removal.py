"""Removes the 示例 set and all that hangs from it; refuses where something real has grown on it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, delete, or_, select

from models import (
    Account,
    Achievement,
    ApiToken,
    Attachment,
    Attendee,
    Base,
    BlacklistEntry,
    Contract,
    EventLetter,
    FollowUp,
    HandshakeEvent,
    Introduction,
    InvestmentEntry,
    Invitation,
    Match,
    MatchRun,
    Meeting,
    MeetingOpinion,
    Need,
    Organization,
    OrganizationTie,
    Project,
    ProjectParty,
    Scientist,
    SeatingPlan,
    SignInSession,
    StateChange,
    Wish,
)
from service.context import Context
from service.errors import Conflict
from service.seeding.demo.postings import RUN_TRIGGER

Ids = Select[int]

ORGANIZATIONS: Ids = select(Organization.id).where(Organization.is_demo)
ACCOUNTS: Ids = select(Account.id).where(or_(Account.is_demo, Account.organization_id.in_(ORGANIZATIONS)))
NEEDS: Ids = select(Need.id).where(or_(Need.is_demo, Need.organization_id.in_(ORGANIZATIONS)))
ACHIEVEMENTS: Ids = select(Achievement.id).where(
    or_(Achievement.is_demo, Achievement.organization_id.in_(ORGANIZATIONS))
)
EVENTS: Ids = select(HandshakeEvent.id).where(
    or_(HandshakeEvent.is_demo, HandshakeEvent.organizer_id.in_(ORGANIZATIONS))
)
MATCHES: Ids = select(Match.id).where(or_(Match.need_id.in_(NEEDS), Match.achievement_id.in_(ACHIEVEMENTS)))
MEETINGS: Ids = select(Meeting.id).where(
    or_(Meeting.is_demo, Meeting.handshake_event_id.in_(EVENTS), Meeting.match_id.in_(MATCHES))
)
INVITATIONS: Ids = select(Invitation.id).where(
    or_(Invitation.is_demo, Invitation.handshake_event_id.in_(EVENTS), Invitation.organization_id.in_(ORGANIZATIONS))
)
ATTENDEES: Ids = select(Attendee.id).where(or_(Attendee.is_demo, Attendee.invitation_id.in_(INVITATIONS)))
PROJECTS: Ids = select(Project.id).where(Project.is_demo)

# in dependency order: nothing is removed before what points at it
STEPS: tuple[tuple[type[Base], ColumnElement[bool]], ...] = (
    (Attachment, Attachment.is_demo.is_(True)),
    (InvestmentEntry, InvestmentEntry.is_demo.is_(True)),
    (Contract, or_(Contract.is_demo, Contract.project_id.in_(PROJECTS))),
    (ProjectParty, or_(ProjectParty.is_demo, ProjectParty.project_id.in_(PROJECTS))),
    (Project, Project.is_demo.is_(True)),
    (FollowUp, FollowUp.meeting_id.in_(MEETINGS)),
    (MeetingOpinion, MeetingOpinion.meeting_id.in_(MEETINGS)),
    (Meeting, Meeting.id.in_(MEETINGS)),
    (Wish, Wish.invitation_id.in_(INVITATIONS)),
    (EventLetter, or_(EventLetter.is_demo, EventLetter.attendee_id.in_(ATTENDEES))),
    (Attendee, Attendee.id.in_(ATTENDEES)),
    (Invitation, Invitation.id.in_(INVITATIONS)),
    (SeatingPlan, or_(SeatingPlan.is_demo, SeatingPlan.handshake_event_id.in_(EVENTS))),
    (HandshakeEvent, HandshakeEvent.id.in_(EVENTS)),
    (Introduction, or_(Introduction.is_demo, Introduction.match_id.in_(MATCHES))),
    (Match, Match.id.in_(MATCHES)),
    (
        MatchRun,
        (MatchRun.trigger == RUN_TRIGGER) & ~select(Match.id).where(Match.run_id == MatchRun.id).exists(),
    ),
    (Need, Need.id.in_(NEEDS)),
    (Achievement, Achievement.id.in_(ACHIEVEMENTS)),
    (Scientist, or_(Scientist.is_demo, Scientist.organization_id.in_(ORGANIZATIONS))),
    (SignInSession, SignInSession.account_id.in_(ACCOUNTS)),
    (ApiToken, ApiToken.account_id.in_(ACCOUNTS)),
    (Account, Account.id.in_(ACCOUNTS)),
    (
        OrganizationTie,
        or_(
            OrganizationTie.is_demo,
            OrganizationTie.organization_id.in_(ORGANIZATIONS),
            OrganizationTie.other_id.in_(ORGANIZATIONS),
        ),
    ),
    (
        BlacklistEntry,
        or_(
            BlacklistEntry.is_demo,
            BlacklistEntry.organization_id.in_(ORGANIZATIONS),
            BlacklistEntry.other_id.in_(ORGANIZATIONS),
        ),
    ),
    (Organization, Organization.is_demo.is_(True)),
    (StateChange, StateChange.is_demo.is_(True)),
)


def remove_demo(ctx: Context) -> dict[str, int]:
    """Remove every 示例 record and what hangs from one; rows removed by table name. The caller commits.

    The audit log stays. Raises NotSignedIn or Forbidden, and Conflict when a real project or a real ledger line stands
    on a 示例 record.
    """
    ctx.demand("remove_demo")
    ctx.flush()
    _refuse_to_pull_away(ctx)
    removed: dict[str, int] = {}
    for kind, condition in STEPS:
        result: Any = ctx.session.execute(
            delete(kind).where(condition), execution_options={"synchronize_session": False}
        )
        removed[kind.__tablename__] = result.rowcount
    ctx.session.expire_all()
    if any(removed.values()):
        ctx.audit("remove_demo", **removed)
    return removed


def _refuse_to_pull_away(ctx: Context) -> None:
    """Raises Conflict when a real project rests on a 示例 record, or a real ledger line on a 示例 project."""
    parties = select(ProjectParty.project_id).where(ProjectParty.organization_id.in_(ORGANIZATIONS))
    signed = select(Contract.project_id).where(
        or_(Contract.buyer_id.in_(ORGANIZATIONS), Contract.seller_id.in_(ORGANIZATIONS))
    )
    resting = select(Project.title).where(
        ~Project.is_demo,
        or_(Project.meeting_id.in_(MEETINGS), Project.id.in_(parties), Project.id.in_(signed)),
    )
    title = ctx.session.scalar(resting.order_by(Project.id).limit(1))
    if title is not None:
        raise Conflict(f"正式项目“{title}”用到了示例的洽谈或机构，请先在该项目中改掉，再删除示例数据。")
    booked = (
        select(Project.title)
        .join(InvestmentEntry, InvestmentEntry.project_id == Project.id)
        .where(Project.is_demo, ~InvestmentEntry.is_demo)
    )
    title = ctx.session.scalar(booked.order_by(Project.id).limit(1))
    if title is not None:
        raise Conflict(f"示例项目“{title}”里记了正式的资金流水，流水不能删除，因此示例数据不能整体删除。")
