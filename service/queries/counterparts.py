"""The best counterparts of one posting, from either side, with the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from matching.signals import LABELS
from models import Achievement, Match, MatchState, Need, Organization
from models.posting import OPEN_STATES
from service import visibility
from service.context import Context
from service.kinds import KINDS, Kind
from service.queries.matches import CONFIDENT_SCORE
from service.queries.naming import public_name


@dataclass(frozen=True)
class Counterpart:
    """One ranked counterpart; ``score`` and the points of ``parts`` are whole 1/10000."""

    match_id: int
    id: int
    href: str
    title: str
    organization: str
    score: int
    parts: Sequence[tuple[str, int]]
    reason: str
    state: MatchState
    is_demo: bool

    @property
    def is_weak(self) -> bool:
        """Whether too little is shared to rely on."""
        return self.score < CONFIDENT_SCORE


def best_matches(ctx: Context, kind: Kind, posting_id: int, limit: int) -> list[Counterpart]:
    """The posting's best open counterparts the actor may know of, best first; ties by number."""
    other = KINDS[kind.counterpart]
    model: Any = other.model
    rows = ctx.session.execute(
        select(
            Match.id,
            model.id.label("posting_id"),
            model.title,
            public_name(model, Organization).label("organization"),
            model.is_demo,
            Match.score,
            Match.contributions,
            Match.reason,
            Match.state,
        )
        .select_from(Match)
        .join(Need, Need.id == Match.need_id)
        .join(Achievement, Achievement.id == Match.achievement_id)
        .join(Organization, Organization.id == model.organization_id)
        .where(kind.match_key == posting_id, model.state.in_(OPEN_STATES), visibility.matches(ctx))
        .order_by(Match.score.desc(), Match.id)
        .limit(limit)
    )
    return [
        Counterpart(
            match_id=row.id,
            id=row.posting_id,
            href=f"/{other.plural}/{row.posting_id}",
            title=row.title,
            organization=row.organization,
            score=row.score,
            parts=[(LABELS.get(name, name), points) for name, points in row.contributions.items()],
            reason=row.reason,
            state=row.state,
            is_demo=row.is_demo,
        )
        for row in rows
    ]
