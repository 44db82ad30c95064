"""Why a pair is not the first of its list: held against any other pair of the same need, or of the same achievement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matching.comparison import Contrast, because, contrast
from service.context import Context
from service.errors import NotFound
from service.kinds import KINDS, Kind
from service.queries.counterparts import Counterpart, best_matches
from service.queries.explanations import Term, indicator
from service.queries.matches import MatchDetail, match_detail

LISTED = 50
"""Pairs of a posting's list that have a place."""
CHOICES = 10
"""Pairs offered to compare with."""


@dataclass(frozen=True)
class Placed:
    """A pair and its place in the list, from 1; None when its counterpart is no longer open."""

    detail: MatchDetail
    rank: int | None


@dataclass(frozen=True)
class PairContrast:
    """A pair, the other one it is held against (None where the list has no other), and what sets them apart.

    ``kind`` is the side both have in common, ``posting_id`` and ``title`` name that posting; ``indicators`` are
    (target, what ours answers, what the other answers).
    """

    kind: Kind
    posting_id: int
    title: str
    ours: Placed
    theirs: Placed | None
    found: Contrast | None
    indicators: Sequence[tuple[Term, Term]]
    listed: Sequence[Counterpart]

    @property
    def choices(self) -> Sequence[tuple[int, Counterpart]]:
        """Places and pairs to compare with: the first ten, and the two that are compared."""
        shown = {self.ours.detail.match.id} | ({self.theirs.detail.match.id} if self.theirs is not None else set())
        ranked = enumerate(self.listed, start=1)
        return [(rank, one) for rank, one in ranked if rank <= CHOICES or one.match_id in shown]

    @property
    def sentence(self) -> str:
        """The difference in one sentence; "" where there is nothing to compare with."""
        return because(self.found) if self.found is not None else ""


def pair_contrast(ctx: Context, match_id: int, other_id: int | None = None, by: str = "") -> PairContrast:
    """Hold a pair against another of its list; by default the first, or the second where the pair is first itself.

    ``by`` names the list to look at, "needs" or "achievements"; by default the side the actor reads for: an institute
    its achievement's list, everybody else the need's. Raises NotFound for a pair the actor may not know of, and for two
    pairs without a posting in common.
    """
    ours = match_detail(ctx, match_id)
    theirs = match_detail(ctx, other_id) if other_id is not None and other_id != match_id else None
    kind = _common(ours, theirs, by)
    posting = ours.need.posting if kind.plural == "needs" else ours.achievement.posting
    listed = best_matches(ctx, kind, posting.id, LISTED)
    if theirs is None:
        first = next((one.match_id for one in listed if one.match_id != match_id), None)
        theirs = match_detail(ctx, first) if first is not None else None
    ranks = {one.match_id: rank for rank, one in enumerate(listed, start=1)}
    placed = Placed(ours, ranks.get(match_id))
    if theirs is None:
        return PairContrast(kind, posting.id, posting.title, placed, None, None, (), listed)
    found = contrast(ours.match.contributions, theirs.match.contributions, ours.evidence, theirs.evidence)
    rows = [(indicator(one), indicator(two)) for one, two in found.indicators]
    other_placed = Placed(theirs, ranks.get(theirs.match.id))
    return PairContrast(kind, posting.id, posting.title, placed, other_placed, found, rows, listed)


def place_of(ctx: Context, detail: MatchDetail) -> tuple[Kind, int | None, int]:
    """The list the actor reads a pair in, the pair's place there (None beyond it) and how many pairs it has."""
    kind = _common(detail, None, "")
    posting_id = detail.match.need_id if kind.plural == "needs" else detail.match.achievement_id
    listed = [one.match_id for one in best_matches(ctx, kind, posting_id, LISTED)]
    return kind, listed.index(detail.match.id) + 1 if detail.match.id in listed else None, len(listed)


def _common(ours: MatchDetail, theirs: MatchDetail | None, by: str) -> Kind:
    """The side two pairs have in common."""
    shared = {
        "needs": theirs is None or ours.match.need_id == theirs.match.need_id,
        "achievements": theirs is None or ours.match.achievement_id == theirs.match.achievement_id,
    }
    reads_for = "achievements" if ours.side is not None and ours.side.value == "OFFER" else "needs"
    for name in (by, reads_for, "needs", "achievements"):
        if shared.get(name):
            return KINDS[name]
    raise NotFound("这两对没有共同的技术需求或科技成果，无从比较；请从同一条的匹配列表中选另一对。")
