"""Rank postings against their counterparts and keep the pairs worth showing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import delete, select

from matching import Profile, Ranked
from matching.evidence import explain, reason
from models import Achievement, Category, Match, MatchRun, MatchState, Meeting, Need
from models.match import SCORE_SCALE
from service.context import Context
from service.kinds import KINDS, Kind
from service.ranking import Catalogue, catalogue

KEPT = 20
"""Pairs kept for each posting, from either side."""

Pair = tuple[int, int]


def rank_posting(ctx: Context, kind: Kind, posting: Need | Achievement) -> MatchRun:
    """Rank one open posting against all its counterparts; keeps its best pairs."""
    room = catalogue(ctx)
    key = str(posting.id)
    profile = room.profiles[kind.plural][key]
    ranked = room.indexes[kind.counterpart].top(profile, k=KEPT, exclude=_barred(room, kind, key))
    found = _pairs(kind, key, ranked)
    run = _run(ctx, room, trigger=f"publish_{kind.singular}")
    _keep(ctx, room, run, found)
    ctx.enqueue("refresh_matches", unique_key="refresh_matches")
    return run


def rank_everything(ctx: Context, progress: Callable[[int, int], None] | None = None) -> MatchRun:
    """Rank every open posting from both sides; pairs nobody has decided on follow the ranking, decided ones stay."""
    ctx.demand("run_matching")
    room = catalogue(ctx)
    total = sum(len(side) for side in room.profiles.values())
    found: dict[Pair, Ranked] = {}
    done = 0
    for kind in KINDS.values():
        for barred, keys in _by_bar(room, kind).items():
            profiles = [room.profiles[kind.plural][key] for key in keys]
            lists = room.indexes[kind.counterpart].top_many(profiles, k=KEPT, exclude=barred)
            for key, ranked in zip(keys, lists, strict=True):
                found.update(_pairs(kind, key, ranked))
                done += 1
                if progress is not None:
                    progress(done, total)
    run = _run(ctx, room, trigger="refresh")
    _drop_others(ctx, found)
    _keep(ctx, room, run, found)
    ctx.audit("rank_everything", run, pairs=len(found))
    return run


def _by_bar(room: Catalogue, kind: Kind) -> dict[frozenset[str], list[str]]:
    """The side's open postings grouped by whom they may not meet, so that each group is ranked in one go."""
    groups: dict[frozenset[str], list[str]] = {}
    for key in sorted(room.profiles[kind.plural], key=int):
        groups.setdefault(_barred(room, kind, key), []).append(key)
    return groups


def _barred(room: Catalogue, kind: Kind, key: str) -> frozenset[str]:
    owner, is_demo = room.owners[kind.plural][key], key in room.demo[kind.plural]
    return frozenset(room.rivals(kind, owner, is_demo=is_demo))


def _pairs(kind: Kind, key: str, ranked: Sequence[Ranked]) -> dict[Pair, Ranked]:
    """The ranked counterparts of one posting by (need id, achievement id)."""
    mine = int(key)
    return {
        (mine, int(one.id)) if kind.plural == "needs" else (int(one.id), mine): one for one in ranked if one.score > 0
    }


def _run(ctx: Context, room: Catalogue, trigger: str) -> MatchRun:
    index = room.indexes["achievements"]
    run = MatchRun(
        trigger=trigger,
        index_version=index.version,
        settings={"weights": dict(room.ranker.weights), "kept": KEPT},
        needs_ranked=len(room.profiles["needs"]),
        achievements_ranked=len(room.profiles["achievements"]),
        pairs_kept=0,
        started_at=ctx.now,
    )
    return ctx.add(run)


def _keep(ctx: Context, room: Catalogue, run: MatchRun, found: dict[Pair, Ranked]) -> None:
    names = dict(ctx.session.execute(select(Category.path, Category.name)).all())
    known = {(match.need_id, match.achievement_id): match for match in _matches_of(ctx, found)}
    for pair, ranked in found.items():
        score = round(ranked.score * SCORE_SCALE)
        parts = {name: round(points * SCORE_SCALE) for name, points in ranked.contributions.items()}
        match = known.get(pair)
        if match is None:
            match = Match(need_id=pair[0], achievement_id=pair[1], state=MatchState.SUGGESTED, created_at=ctx.now)
            match.is_demo = str(pair[0]) in room.demo["needs"] or str(pair[1]) in room.demo["achievements"]
        elif match.score == score and match.contributions == parts:
            continue
        match.run_id, match.score, match.contributions = run.id, score, parts
        match.reason = _reason(room, pair, ranked, names)
        match.updated_at = ctx.now
        ctx.session.add(match)
    run.pairs_kept = len(found)
    ctx.flush()


def _reason(room: Catalogue, pair: Pair, ranked: Ranked, names: dict[str, str]) -> str:
    need, offer = sides(room, pair)
    index = room.indexes["achievements"]
    evidence = explain(need, offer, room.ranker.segmenter, rarity=index.rarity, passages=0)
    return reason(ranked, evidence, names)


def sides(room: Catalogue, pair: Pair) -> tuple[Profile, Profile]:
    """The profiles of a pair."""
    return room.profiles["needs"][str(pair[0])], room.profiles["achievements"][str(pair[1])]


def _matches_of(ctx: Context, found: dict[Pair, Ranked]) -> list[Match]:
    needs = {need for need, _ in found}
    return [
        match
        for match in ctx.session.scalars(select(Match).where(Match.need_id.in_(needs)))
        if (match.need_id, match.achievement_id) in found
    ]


def _drop_others(ctx: Context, found: dict[Pair, Ranked]) -> None:
    """Suggestions that no longer rank go, unless somebody sat down over them."""
    idle = select(Match.id, Match.need_id, Match.achievement_id).where(
        Match.state == MatchState.SUGGESTED, ~select(Meeting.id).where(Meeting.match_id == Match.id).exists()
    )
    stale = [row.id for row in ctx.session.execute(idle) if (row.need_id, row.achievement_id) not in found]
    for start in range(0, len(stale), 500):
        ctx.session.execute(delete(Match).where(Match.id.in_(stale[start : start + 500])))
    ctx.session.expire_all()
