"""Whom the people of an invited organization may wish to meet at an event, best first, and what they said so far."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, or_, select

from models import (
    Achievement,
    Attendee,
    HandshakeEvent,
    Introduction,
    Invitation,
    InvitationState,
    Match,
    MatchState,
    Need,
    Organization,
    Wish,
    WishLevel,
)
from models.posting import OPEN_STATES
from service import visibility
from service.context import Context
from service.queries.attendees import topics_of
from service.queries.conflicts import ties
from service.queries.matches import ASKER, OFFERER, PAIR_IS_DEMO
from service.queries.naming import public_name, public_title, sees_every_name

STAYS_AWAY = (InvitationState.DECLINED, InvitationState.NO_SHOW)


@dataclass(frozen=True)
class Choice:
    """One counterpart; ``score`` in 1/10000. ``level`` is what was said, None while nothing was.

    ``own_kind`` is "needs" or "achievements": which side one's own posting ``own_id`` is.
    """

    match_id: int
    score: int
    reason: str
    state: MatchState
    own_kind: str
    own_id: int
    own_title: str
    other_title: str
    other_organization: str
    level: WishLevel | None
    why: str


def choices_of(ctx: Context, invitation: Invitation, attendee: Attendee | None = None, limit: int = 60) -> list[Choice]:
    """The pairs of the organization with others asked to the event, best first, ties by number.

    For one attendee with topics of their own those come first. Names are masked as the actor may read them. Nobody is
    offered whom a conflict of interest keeps apart.
    """
    event, own = ctx.find(HandshakeEvent, invitation.handshake_event_id), invitation.organization_id
    asked = select(Invitation.organization_id).where(
        Invitation.handshake_event_id == event.id, Invitation.state.not_in(STAYS_AWAY)
    )
    rows = ctx.session.execute(
        select(
            Match.id,
            Match.score,
            Match.reason,
            Match.state,
            Need.id.label("need_id"),
            public_title(Need).label("need"),
            Need.organization_id.label("asker"),
            public_name(Need, ASKER).label("asker_name"),
            Achievement.id.label("achievement_id"),
            public_title(Achievement).label("achievement"),
            Achievement.organization_id.label("offerer"),
            public_name(Achievement, OFFERER).label("offerer_name"),
            Wish.level,
            Wish.reason.label("why"),
            Introduction.id.label("introduced"),
        )
        .join(Need, Need.id == Match.need_id)
        .join(Achievement, Achievement.id == Match.achievement_id)
        .join(ASKER, ASKER.id == Need.organization_id)
        .join(OFFERER, OFFERER.id == Achievement.organization_id)
        .outerjoin(Introduction, Introduction.match_id == Match.id)
        .outerjoin(Wish, and_(Wish.match_id == Match.id, Wish.invitation_id == invitation.id))
        .where(
            visibility.matches(ctx),
            or_(
                and_(Need.organization_id == own, Achievement.organization_id.in_(asked)),
                and_(Achievement.organization_id == own, Need.organization_id.in_(asked)),
            ),
            Need.organization_id != Achievement.organization_id,
            Match.state != MatchState.DISMISSED,
            Need.state.in_(OPEN_STATES),
            Achievement.state.in_(OPEN_STATES),
            PAIR_IS_DEMO.is_(event.is_demo),
        )
        .order_by(Match.score.desc(), Match.id)
        .limit(limit * 2)
    ).all()
    apart = ties(ctx)
    known = {
        (row.offerer if row.asker == own else row.asker)
        for row in rows
        if sees_every_name(ctx) or row.state is MatchState.MUTUAL or row.introduced is not None
    }
    rows_of_names = ctx.session.execute(select(Organization.id, Organization.name).where(Organization.id.in_(known)))
    names = {number: name for number, name in rows_of_names}  # noqa: C416 - a row is no pair to mypy
    found = []
    for row in rows:
        if apart.between(row.asker, row.offerer) is not None:
            continue
        asks = row.asker == own
        other, name = (row.offerer, row.offerer_name) if asks else (row.asker, row.asker_name)
        acquainted = sees_every_name(ctx) or row.state is MatchState.MUTUAL or row.introduced is not None
        found.append(
            Choice(
                match_id=row.id,
                score=row.score,
                reason=row.reason,
                state=row.state,
                own_kind="needs" if asks else "achievements",
                own_id=row.need_id if asks else row.achievement_id,
                own_title=row.need if asks else row.achievement,
                other_title=row.achievement if asks else row.need,
                other_organization=names.get(other, name) if acquainted else name,
                level=row.level,
                why=row.why or "",
            )
        )
    return _own_topics_first(ctx, attendee, found)[:limit]


def _own_topics_first(ctx: Context, attendee: Attendee | None, found: list[Choice]) -> list[Choice]:
    if attendee is None:
        return found
    own = {(topic.kind, topic.id) for topic in topics_of(ctx, [attendee.id]).get(attendee.id, ())}
    return sorted(found, key=lambda one: bool(own) and (one.own_kind, one.own_id) not in own)
