"""What other weights would do to the judged pairs, before anybody saves them (试算)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from matching.feedback import GRADE_LABELS, Compared, Grade, Move, compared, improvement, moves
from models import Achievement, Match, Need
from service import visibility
from service.context import Context
from service.queries.active_weights import active_weights
from service.queries.lessons import as_row, check_usable, lessons
from service.queries.match_quality import FEWEST_SHOWN
from service.queries.weight_sets import Share, shares

SHOWN_MOVES = 10


@dataclass(frozen=True)
class MovedPair:
    """A judged pair whose place would change. ``href`` and the titles are None where the actor may not see the pair."""

    grade: str
    before: int
    after: int
    href: str | None = None
    need: str | None = None
    achievement: str | None = None
    is_demo: bool = False


@dataclass(frozen=True)
class Effect:
    """The weights looked at, the metrics before and after, and the judged pairs that would move most.

    ``overall`` is nDCG@10 on whole lists, where pairs that nobody judged count as unwanted.
    """

    weights: Sequence[Share]
    needs: int
    comparison: Mapping[str, Compared]
    overall: Compared
    moved: Sequence[MovedPair]
    is_demo: bool

    @property
    def is_measured(self) -> bool:
        """Whether enough was judged for the comparison to mean anything."""
        return self.needs >= FEWEST_SHOWN

    @property
    def decision(self) -> Compared:
        """The metric that decides."""
        return improvement(self.comparison)


def weight_effect(ctx: Context, weights: Mapping[str, float]) -> Effect:
    """What ``weights`` would do in place of those in force. Raises Invalid, NotSignedIn or Forbidden."""
    ctx.demand("set_weights")
    check_usable(ctx, weights)
    found = lessons(ctx, also=weights)
    before, after = as_row(active_weights(ctx)), as_row(weights)
    telling = [one for one in found.lists if one.is_telling]
    moved = moves(found.lists, before, after, SHOWN_MOVES)
    return Effect(
        weights=shares(weights),
        needs=len(telling),
        comparison=compared(telling, before, after),
        overall=improvement(compared(telling, before, after, whole=True)),
        moved=_as_pairs(ctx, moved),
        is_demo=found.judged.is_demo,
    )


def _as_pairs(ctx: Context, moved: Sequence[Move]) -> list[MovedPair]:
    seen = _visible(ctx, {int(move.need) for move in moved})
    found = []
    for move in moved:
        pair = MovedPair(GRADE_LABELS[Grade(int(move.grade))], move.before, move.after)
        row = seen.get((int(move.need), int(move.offer)))
        if row is not None:
            told = (f"/matches/{row.id}", row.need, row.offer, row.is_demo)
            pair = MovedPair(pair.grade, pair.before, pair.after, *told)
        found.append(pair)
    return found


def _visible(ctx: Context, needs: Iterable[int]) -> dict[tuple[int, int], Any]:
    """The pairs of these needs that the actor may see, with their titles."""
    rows = ctx.session.execute(
        select(
            Match.id,
            Match.need_id,
            Match.achievement_id,
            Need.title.label("need"),
            Achievement.title.label("offer"),
            Match.is_demo,
        )
        .join(Need, Need.id == Match.need_id)
        .join(Achievement, Achievement.id == Match.achievement_id)
        .where(Match.need_id.in_(needs), visibility.matches(ctx))
    )
    return {(row.need_id, row.achievement_id): row for row in rows}
