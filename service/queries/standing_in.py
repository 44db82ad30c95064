"""Who could take the place of somebody missing at a table: people who are there, are free, and have a chosen pair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from models import Achievement, Invitation, Match, Meeting, MeetingState, Need, Wish, WishLevel
from models.match import CHOSEN_STATES
from models.posting import OPEN_STATES
from service import visibility
from service.context import Context
from service.queries.conflicts import Ties, ties
from service.queries.floor import Floor, Talk
from service.queries.matches import ASKER, OFFERER
from service.queries.naming import public_name, public_title

MOST = 3


@dataclass(frozen=True)
class StandIn:
    """A pair that could talk in place of one whose side is missing: the match, who comes in, and about what.

    ``label`` is the name that everybody in the room may read.
    """

    match_id: int
    score: int
    organization_id: int
    organization: str
    label: str
    title: str


def stand_ins(ctx: Context, floor: Floor) -> Mapping[int, list[StandIn]]:
    """For each talk to be held of which one side is missing: the best pairs that could take its place, by its id."""
    wanting = [talk for talk in floor.talks if len(talk.missing) == 1]
    here = {one.organization_id for one in floor.here}
    if not wanting or not here:
        return {}
    seated = select(Meeting.match_id).where(
        Meeting.handshake_event_id == floor.event.id, Meeting.state != MeetingState.CANCELLED
    )
    unwanted = (
        select(Wish.match_id)
        .join(Invitation, Invitation.id == Wish.invitation_id)
        .where(Invitation.handshake_event_id == floor.event.id, Wish.level == WishLevel.UNWANTED)
    )
    pairs = ctx.session.execute(
        select(
            Match.id,
            Match.score,
            Match.need_id,
            Match.achievement_id,
            ASKER.id.label("asker_id"),
            ASKER.name.label("asker"),
            public_name(Need, ASKER).label("asker_label"),
            public_title(Need).label("need"),
            OFFERER.id.label("offerer_id"),
            OFFERER.name.label("offerer"),
            public_name(Achievement, OFFERER).label("offerer_label"),
            public_title(Achievement).label("achievement"),
        )
        .join(Need, Need.id == Match.need_id)
        .join(Achievement, Achievement.id == Match.achievement_id)
        .join(ASKER, ASKER.id == Need.organization_id)
        .join(OFFERER, OFFERER.id == Achievement.organization_id)
        .where(
            visibility.matches(ctx),
            Match.state.in_(CHOSEN_STATES),
            Need.state.in_(OPEN_STATES),
            Achievement.state.in_(OPEN_STATES),
            ASKER.id.in_(here),
            OFFERER.id.in_(here),
            ASKER.id != OFFERER.id,
            Match.id.not_in(seated),
            Match.id.not_in(unwanted),
        )
        .order_by(Match.score.desc(), Match.id)
    ).all()
    apart = ties(ctx)
    return {talk.meeting_id: found for talk in wanting if (found := _for(floor, talk, pairs, apart))}


def _for(floor: Floor, talk: Talk, pairs: Any, apart: Ties) -> list[StandIn]:
    needs_here = talk.need.is_here
    stays = talk.need.organization_id if needs_here else talk.offer.organization_id
    found: dict[int, StandIn] = {}
    for row in pairs:
        mine, other = (row.asker_id, row.offerer_id) if needs_here else (row.offerer_id, row.asker_id)
        if mine != stays or other in found or not _free(floor, talk, other) or apart.between(mine, other) is not None:
            continue
        comes = (
            (row.offerer, row.offerer_label, row.achievement) if needs_here else (row.asker, row.asker_label, row.need)
        )
        found[other] = StandIn(row.id, row.score, other, *comes)
    return list(found.values())[:MOST]


def _free(floor: Floor, talk: Talk, organization_id: int) -> bool:
    """Whether more of the organization's people are there in the talk's slot than talk in it."""
    there = [one for one in floor.here if one.organization_id == organization_id and talk.slot not in one.away_slots]
    busy = [
        one
        for one in floor.talks
        if one.slot == talk.slot
        and one.is_on
        and organization_id in (one.need.organization_id, one.offer.organization_id)
    ]
    return len(there) > len(busy)
