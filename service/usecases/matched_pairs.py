"""Ranked pairs as rows: new ones are written, known ones follow the ranking, what somebody decided stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from matching import Profile, Ranked
from matching.evidence import explain
from matching.sentence import reason
from models import Category, Match, MatchRun, MatchState, Meeting
from models.match import SCORE_SCALE
from service.context import Context
from service.kinds import Kind
from service.ranking import Catalogue

Pair = tuple[int, int]
"""A need's and an achievement's record id."""

_RANK = {"needs": "need_rank", "achievements": "offer_rank"}
_BATCH = 500


@dataclass(frozen=True)
class Found:
    """The best counterparts of some postings of one kind, by record id as text."""

    kind: Kind
    lists: Mapping[str, Sequence[Ranked]]

    def pairs(self) -> dict[Pair, Ranked]:
        """Every pair found and its place in the asking posting's list."""
        return {
            (int(key), int(one.id)) if self.kind.plural == "needs" else (int(one.id), int(key)): one
            for key, ranked in self.lists.items()
            for one in ranked
            if one.score > 0
        }


@dataclass(frozen=True)
class _Row:
    id: int
    score: int
    contributions: dict[str, int]
    rank: int | None
    reason: str
    updated_at: datetime


def keep_pairs(ctx: Context, room: Catalogue, run: MatchRun, found: Found) -> None:
    """Write what was found for these postings; pairs that left their lists lose their place in it."""
    pairs = found.pairs()
    known = _known(ctx, found)
    names = dict(ctx.session.execute(select(Category.path, Category.name)).all())
    written: list[dict[str, Any]] = []
    same: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for pair, ranked in pairs.items():
        row = known.get(pair)
        columns = _columns(ranked, run, found.kind)
        if row is None:
            written.append({**columns, **_first_time(ctx, room, run, pair), "reason": told(room, pair, ranked, names)})
        elif row.score == columns["score"] and row.contributions == columns["contributions"]:
            same.append({"row": row.id, **columns})
        else:
            spoken = told(room, pair, ranked, names) if _rewritten(room, pair, row.updated_at) else row.reason
            changed.append({"row": row.id, **columns, "reason": spoken, "updated_at": ctx.now})
    _insert(ctx, written)
    _follow(ctx, same)
    _follow(ctx, changed)
    left = [row.id for pair, row in known.items() if pair not in pairs and row.rank is not None]
    for some in _batches(left):
        ctx.session.execute(update(Match).where(Match.id.in_(some)).values({_RANK[found.kind.plural]: None}))
    ctx.session.expire_all()


def drop_stale(ctx: Context, run: MatchRun) -> int:
    """Suggestions that no run since has found go, unless somebody sat down over them; how many went."""
    seated = select(Meeting.id).where(Meeting.match_id == Match.id).exists()
    stale = (Match.state == MatchState.SUGGESTED) & (Match.run_id < run.id) & ~seated
    gone = ctx.session.scalar(select(func.count(Match.id)).where(stale)) or 0
    ctx.session.execute(delete(Match).where(stale).execution_options(synchronize_session=False))
    ctx.session.expire_all()
    return gone


def told(room: Catalogue, pair: Pair, ranked: Ranked, names: Mapping[str, str]) -> str:
    """Why the pair was ranked, in one sentence."""
    need, offer = sides(room, pair)
    evidence = explain(need, offer, room.ranker.segmenter, rarity=room.rarity, passages=0)
    return reason(ranked, evidence, names)


def sides(room: Catalogue, pair: Pair) -> tuple[Profile, Profile]:
    """The profiles of a pair."""
    return room.entries["needs"][str(pair[0])].profile, room.entries["achievements"][str(pair[1])].profile


def _columns(ranked: Ranked, run: MatchRun, kind: Kind) -> dict[str, Any]:
    return {
        "run_id": run.id,
        "score": round(ranked.score * SCORE_SCALE),
        "contributions": {name: round(points * SCORE_SCALE) for name, points in ranked.contributions.items()},
        _RANK[kind.plural]: ranked.rank,
    }


def _first_time(ctx: Context, room: Catalogue, run: MatchRun, pair: Pair) -> dict[str, Any]:
    return {
        "need_id": pair[0],
        "achievement_id": pair[1],
        "first_run_id": run.id,
        "state": MatchState.SUGGESTED,
        "remark": "",
        "version": 1,
        "is_demo": str(pair[0]) in room.demo["needs"] or str(pair[1]) in room.demo["achievements"],
        "created_at": ctx.now,
        "updated_at": ctx.now,
    }


def _insert(ctx: Context, rows: list[dict[str, Any]]) -> None:
    if rows:
        ctx.session.execute(insert(Match), rows)


def _follow(ctx: Context, rows: list[dict[str, Any]]) -> None:
    """UPDATE many rows by number; ``version`` is left alone, so nobody's open page goes stale by a ranking."""
    if rows:
        table = Match.__table__
        values: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "row"}
        ctx.session.execute(table.update().where(table.c.id == bindparam("row")).values(values), rows)  # type: ignore[attr-defined] # a Table


def _rewritten(room: Catalogue, pair: Pair, since: datetime) -> bool:
    """Whether either text was written to after the reason was."""
    need, offer = room.entries["needs"][str(pair[0])], room.entries["achievements"][str(pair[1])]
    return max(need.changed_at, offer.changed_at) >= since


def _known(ctx: Context, found: Found) -> dict[Pair, _Row]:
    """The rows there are of these postings."""
    rank = getattr(Match, _RANK[found.kind.plural])
    known: dict[Pair, _Row] = {}
    for some in _batches([int(key) for key in found.lists]):
        query = select(
            Match.need_id,
            Match.achievement_id,
            Match.id,
            Match.score,
            Match.contributions,
            rank,
            Match.reason,
            Match.updated_at,
        ).where(found.kind.match_key.in_(some))
        for row in ctx.session.execute(query):
            known[row[0], row[1]] = _Row(*row[2:])
    return known


def _batches(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH))
