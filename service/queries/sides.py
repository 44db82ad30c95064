"""For which side of a pair somebody speaks."""

from __future__ import annotations

from models import Achievement, Match, Need, Side
from service.context import Context


def side_of(ctx: Context, match: Match) -> Side:
    """For which side the actor speaks; staff of neither organization speak as the organizer."""
    need, achievement = ctx.find(Need, match.need_id), ctx.find(Achievement, match.achievement_id)
    own = ctx.actor.organization_id
    if own is not None and own == need.organization_id:
        return Side.NEED
    if own is not None and own == achievement.organization_id:
        return Side.OFFER
    return Side.ORGANIZER
