"""Organizations nobody has chosen a pair of yet, but whose suggested pairs fit an event; and their scientists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select

from models import (
    Achievement,
    HandshakeEvent,
    Invitation,
    Match,
    MatchState,
    Need,
    OrganizationKind,
    Scientist,
)
from models.posting import OPEN_STATES
from service import visibility
from service.context import Context
from service.queries.conflicts import ties
from service.queries.events import fits_event
from service.queries.matches import ASKER, CONFIDENT_SCORE, OFFERER, PAIR_IS_DEMO
from service.queries.naming import public_title

LOOKED_AT = 500
"""The best suggested pairs that are gone through."""


@dataclass(frozen=True)
class FurtherInvitee:
    """An organization worth a thought: how many suggested pairs fit, and the best of them with its reason."""

    organization_id: int
    name: str
    kind: OrganizationKind
    pairs: int
    score: int
    best: str
    reason: str


def further_invitees(ctx: Context, event: HandshakeEvent, *, limit: int = 20) -> list[FurtherInvitee]:
    """Organizations not yet asked with suggested pairs that fit the event's 点位 or theme, best pair first."""
    asked = set(
        ctx.session.scalars(select(Invitation.organization_id).where(Invitation.handshake_event_id == event.id))
    )
    fits = fits_event(event)
    rows = ctx.session.execute(
        select(
            Match.score,
            Match.reason,
            public_title(Need).label("need"),
            public_title(Achievement).label("achievement"),
            ASKER.id.label("asker_id"),
            ASKER.name.label("asker"),
            ASKER.kind.label("asker_kind"),
            OFFERER.id.label("offerer_id"),
            OFFERER.name.label("offerer"),
            OFFERER.kind.label("offerer_kind"),
        )
        .join(Need, Need.id == Match.need_id)
        .join(Achievement, Achievement.id == Match.achievement_id)
        .join(ASKER, ASKER.id == Need.organization_id)
        .join(OFFERER, OFFERER.id == Achievement.organization_id)
        .where(
            visibility.matches(ctx),
            Match.state == MatchState.SUGGESTED,
            Match.score >= CONFIDENT_SCORE,
            Need.state.in_(OPEN_STATES),
            Achievement.state.in_(OPEN_STATES),
            Need.organization_id != Achievement.organization_id,
            PAIR_IS_DEMO.is_(event.is_demo),
            *((fits,) if fits is not None else ()),
        )
        .order_by(Match.score.desc(), Match.id)
        .limit(LOOKED_AT)
    )
    apart = ties(ctx)
    found: dict[int, FurtherInvitee] = {}
    for row in rows:
        if apart.between(row.asker_id, row.offerer_id) is not None:
            continue
        best = f"《{row.need}》×《{row.achievement}》"
        for number, name, kind in (
            (row.asker_id, row.asker, row.asker_kind),
            (row.offerer_id, row.offerer, row.offerer_kind),
        ):
            if number in found:
                found[number] = replace(found[number], pairs=found[number].pairs + 1)
            elif number not in asked:
                found[number] = FurtherInvitee(number, name, kind, 1, row.score, best, row.reason)
    return list(found.values())[:limit]


def scientists_by_house(ctx: Context, organization_ids: Iterable[int]) -> Mapping[int, list[Scientist]]:
    """The scientists of each of the institutes, by name."""
    found: dict[int, list[Scientist]] = {}
    rows = select(Scientist).where(Scientist.organization_id.in_(list(organization_ids)))
    for one in ctx.session.scalars(rows.order_by(Scientist.name, Scientist.id)):
        found.setdefault(one.organization_id, []).append(one)
    return found
