"""Which rows the actor may know of, as conditions for queries: what one may not see leaves no trace in a total."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, false, or_, select, true

from models import (
    Achievement,
    Confidentiality,
    Contract,
    FollowUp,
    HandshakeEvent,
    HandshakeEventState,
    InvestmentEntry,
    Invitation,
    Match,
    MatchState,
    Meeting,
    Need,
    PostingState,
    Project,
    ProjectParty,
    Role,
)
from models.posting import PUBLIC_STATES
from models.region import region_prefix
from service.context import Context

SEES_ALL_TIERS = {Role.ORGANIZER, Role.LEADER}
SEES_ALL_WORK = {Role.ORGANIZER, Role.BROKER, Role.LEADER, Role.AUDITOR, Role.ADMIN}


def _in_scope(ctx: Context, column: SQLColumnExpression[str | None]) -> ColumnElement[bool]:
    """Rows of the organizer's own region; a row without a region is anyone's."""
    if ctx.actor.region_code is None:
        return true()
    return or_(column.is_(None), column.startswith(region_prefix(ctx.actor.region_code)))


def _tiers(ctx: Context) -> list[Confidentiality]:
    """The tiers that are open to the actor's role wherever a posting is from."""
    tiers = [Confidentiality.PUBLIC]
    if ctx.actor.role is not None:
        tiers.append(Confidentiality.MEMBERS)
    if ctx.actor.role is Role.BROKER:
        tiers.append(Confidentiality.COUNTERPARTS)
    return tiers


def postings(ctx: Context, model: type[Need] | type[Achievement]) -> ColumnElement[bool]:
    """Needs or achievements the actor may read."""
    actor = ctx.actor
    if actor.is_system:
        return true()
    tiers = _tiers(ctx)
    public = model.state.in_(PUBLIC_STATES)
    choices = [and_(public, model.confidentiality.in_(tiers))]
    if actor.role in SEES_ALL_TIERS:
        choices.append(public if actor.role is Role.LEADER else and_(public, _in_scope(ctx, model.region_code)))
    if actor.role is Role.ORGANIZER:
        under_review = model.state.in_([PostingState.SUBMITTED, PostingState.RETURNED, PostingState.TAKEN_DOWN])
        choices.append(and_(under_review, _in_scope(ctx, model.region_code)))
    if actor.account_id is not None:
        choices.append(model.created_by_id == actor.account_id)
    if actor.organization_id is not None:
        choices.append(model.organization_id == actor.organization_id)
        choices.append(and_(public, model.confidentiality == Confidentiality.COUNTERPARTS, _met(ctx, model)))
    return or_(*choices)


def _met(ctx: Context, model: type[Need] | type[Achievement]) -> ColumnElement[bool]:
    """Postings that stand in a shortlisted pair with one of the actor's own."""
    mine, theirs = (Achievement, Match.need_id) if model is Need else (Need, Match.achievement_id)
    ours = Match.achievement_id if model is Need else Match.need_id
    chosen = Match.state.in_([MatchState.SHORTLISTED, MatchState.MUTUAL])
    return model.id.in_(
        select(theirs).join(mine, mine.id == ours).where(chosen, mine.organization_id == ctx.actor.organization_id)
    )


def matches(ctx: Context) -> ColumnElement[bool]:
    """Pairs the actor may know of; the query must join Need and Achievement.

    One's own side's, all for those who bring sides together, and pairs of two postings taken from official documents,
    which nobody's interest forbids, as long as nobody has decided or said anything about them. Whoever wants no
    recommendations knows of no pair that nobody has chosen yet (个人信息保护法 24 条).
    """
    both_visible = and_(postings(ctx, Need), postings(ctx, Achievement))
    if ctx.actor.is_system:
        return true()
    if not ctx.actor.wants_recommendations:
        both_visible = and_(both_visible, Match.state != MatchState.SUGGESTED)
    if ctx.actor.role in SEES_ALL_WORK and ctx.actor.role is not Role.ORGANIZER:
        return both_visible
    if ctx.actor.role is Role.ORGANIZER:
        return and_(both_visible, or_(_in_scope(ctx, Need.region_code), _in_scope(ctx, Achievement.region_code)))
    undecided = and_(
        Match.state == MatchState.SUGGESTED,
        Match.remark == "",
        Match.need_agrees.is_(None),
        Match.offer_agrees.is_(None),
    )
    official = and_(Need.seed_key.is_not(None), Achievement.seed_key.is_not(None), undecided)
    if ctx.actor.organization_id is None:
        return and_(both_visible, official)
    own = or_(
        Need.organization_id == ctx.actor.organization_id, Achievement.organization_id == ctx.actor.organization_id
    )
    return and_(both_visible, or_(own, official))


def events(ctx: Context) -> ColumnElement[bool]:
    """Events the actor may know of: plans are the organizers' own; the rest is for those who are signed in."""
    if ctx.actor.is_system:
        return true()
    if ctx.actor.role is None:
        return false()
    announced = HandshakeEvent.state != HandshakeEventState.PLANNED
    if ctx.actor.role in SEES_ALL_WORK:
        return or_(announced, _in_scope(ctx, HandshakeEvent.region_code))
    return announced


def _work(ctx: Context, region: SQLColumnExpression[str | None]) -> ColumnElement[bool]:
    """The work somebody follows: an organizer's within their region, everybody's for the others who follow all."""
    if ctx.actor.is_system:
        return true()
    if ctx.actor.role not in SEES_ALL_WORK:
        return false()
    return _in_scope(ctx, region) if ctx.actor.role is Role.ORGANIZER else true()


def follows_event(ctx: Context) -> ColumnElement[bool]:
    """Whether an event is part of the work the actor follows, for queries that select from events."""
    return _work(ctx, HandshakeEvent.region_code)


def _events_followed(ctx: Context) -> Select[int]:
    return select(HandshakeEvent.id).where(follows_event(ctx))


def invitations(ctx: Context) -> ColumnElement[bool]:
    """Invitations: an organization's own, and those to events one follows."""
    own = Invitation.organization_id == ctx.actor.organization_id if ctx.actor.organization_id else false()
    if ctx.actor.is_system or ctx.actor.role in SEES_ALL_WORK:
        return or_(own, Invitation.handshake_event_id.in_(_events_followed(ctx)))
    return own


def meetings(ctx: Context) -> ColumnElement[bool]:
    """Meetings: those of an organization's own postings, and those at events one follows.

    Who follows events everywhere, and is neither an organizer nor a leader, knows of no talk about a posting whose tier
    is closed to them: a talk tells what it is about.
    """
    followed: ColumnElement[bool] = Meeting.handshake_event_id.in_(_events_followed(ctx))
    if ctx.actor.role in SEES_ALL_WORK - SEES_ALL_TIERS:
        open_pairs = (
            select(Match.id)
            .join(Need, Need.id == Match.need_id)
            .join(Achievement, Achievement.id == Match.achievement_id)
            .where(Need.confidentiality.in_(_tiers(ctx)), Achievement.confidentiality.in_(_tiers(ctx)))
        )
        followed = and_(followed, Meeting.match_id.in_(open_pairs))
    if ctx.actor.organization_id is None:
        return followed if ctx.actor.is_system else false()
    own = (
        select(Match.id)
        .join(Need, Need.id == Match.need_id)
        .join(Achievement, Achievement.id == Match.achievement_id)
        .where(
            or_(
                Need.organization_id == ctx.actor.organization_id,
                Achievement.organization_id == ctx.actor.organization_id,
            )
        )
    )
    return or_(followed, Meeting.match_id.in_(own))


def follow_ups(ctx: Context) -> ColumnElement[bool]:
    """Tasks of the talks the actor may know of."""
    return FollowUp.meeting_id.in_(select(Meeting.id).where(meetings(ctx)))


def projects(ctx: Context) -> ColumnElement[bool]:
    """Projects: those an organization takes part in, or all for those who follow them."""
    return _by_project(ctx, Project.id)


def contracts(ctx: Context) -> ColumnElement[bool]:
    """Contracts of visible projects."""
    return _by_project(ctx, Contract.project_id)


def entries(ctx: Context) -> ColumnElement[bool]:
    """Ledger lines of visible projects."""
    return _by_project(ctx, InvestmentEntry.project_id)


def _by_project(ctx: Context, project_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    followed = project_id.in_(select(Project.id).where(_work(ctx, Project.region_code)))
    if ctx.actor.organization_id is None:
        return followed if ctx.actor.is_system else false()
    party = select(ProjectParty.project_id).where(ProjectParty.organization_id == ctx.actor.organization_id)
    return or_(followed, project_id.in_(party))
