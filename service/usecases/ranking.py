"""Rank postings against their counterparts: one at once when it is published, all of them step by step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, delete, func, select

from matching import Ranked
from models import Achievement, CatalogueChange, Match, MatchRun, Need, RankingStatistics
from service.context import SHANGHAI, Context
from service.kinds import KINDS, Kind
from service.queries.conflicts import ties
from service.queries.runs import FULL, fresh_since, last_full_run, unfinished_run
from service.ranking import Catalogue, catalogue, keep_statistics, save_indexes, state_of
from service.usecases.matched_pairs import Found, drop_stale, keep_pairs

KEPT = 20
"""Pairs kept for each posting, from either side."""
STEP = 50
"""Postings ranked in one transaction of a full run."""
_SMALL = 5_000
"""Up to so many open postings a change leads to a full run at once; a larger catalogue waits for the night."""
_NIGHT = time(2, 0)
_REMEMBERED_CHANGES = 20_000


def rank_posting(ctx: Context, kind: Kind, posting: Need | Achievement) -> MatchRun:
    """Rank one open posting against all its counterparts; keeps its best pairs."""
    room = catalogue(ctx)
    key = str(posting.id)
    run = _new_run(ctx, room, f"publish_{kind.singular}", total=1)
    keep_pairs(ctx, room, run, _best(ctx, room, kind, [key]))
    run.done, run.finished_at = 1, ctx.now
    run.pairs_kept = run.new_pairs = _counted(ctx, Match.first_run_id == run.id)
    ctx.enqueue("refresh_matches", unique_key="refresh_matches", run_at=_when(ctx, room))
    return run


def rank_everything(ctx: Context, progress: Callable[[int, int], None] | None = None) -> MatchRun:
    """A full run in one unit of work. ``progress`` hears (postings ranked, postings in all)."""
    run = begin_run(ctx)
    finished = False
    while not finished:
        finished = advance_run(ctx, run)
        if progress is not None:
            progress(run.done, run.total)
    return run


def begin_run(ctx: Context) -> MatchRun:
    """The full run in hand, to be advanced: the one that was broken off, as long as it ranks by the same rules.

    A new run counts the catalogue's words anew when enough has changed since they were last counted.
    """
    ctx.demand("run_matching")
    begun = unfinished_run(ctx)
    if begun is not None and begun.settings.get("rules") == _rules(ctx):
        return begun
    if begun is not None:
        begun.finished_at = ctx.now
        begun.settings = {**begun.settings, "abandoned": True}
    if _statistics_due(ctx):
        keep_statistics(ctx)
    room = catalogue(ctx)
    return _new_run(ctx, room, FULL, total=sum(len(side) for side in room.entries.values()))


def advance_run(ctx: Context, run: MatchRun) -> bool:
    """Rank the next postings of a full run and write their pairs; True when it is finished with them."""
    room = catalogue(ctx)
    waiting = _waiting(room, run)
    if waiting:
        kind = KINDS[waiting[0][0]]
        keys = [key for plural, key in waiting[:STEP] if plural == kind.plural]
        keep_pairs(ctx, room, run, _best(ctx, room, kind, keys))
        run.settings = {**run.settings, "after": [kind.plural, int(keys[-1])]}
        run.done += len(keys)
        run.total = run.done + len(waiting) - len(keys)
        if len(keys) < len(waiting):
            ctx.flush()
            return False
    _finish(ctx, room, run)
    return True


def needs_run(ctx: Context) -> bool:
    """Whether anything changed since the last full run, or one was broken off."""
    last = last_full_run(ctx)
    return unfinished_run(ctx) is not None or last is None or last.index_version != state_of(ctx).version


def _finish(ctx: Context, room: Catalogue, run: MatchRun) -> None:
    run.gone_pairs = drop_stale(ctx, run)
    run.new_pairs = _counted(ctx, fresh_since(ctx, run.id))
    run.pairs_kept = _counted(ctx, Match.run_id >= run.id)
    run.needs_ranked, run.achievements_ranked = (len(room.entries[name]) for name in ("needs", "achievements"))
    run.finished_at = ctx.now
    ctx.session.execute(delete(CatalogueChange).where(CatalogueChange.seq < room.state.seq - _REMEMBERED_CHANGES))
    if run.index_version != room.version:  # somebody wrote meanwhile: their postings' counterparts want another look
        ctx.enqueue("refresh_matches", unique_key="refresh_matches", run_at=_when(ctx, room))
    ctx.audit("rank_everything", run, pairs=run.pairs_kept, new=run.new_pairs, gone=run.gone_pairs)
    save_indexes(ctx, room)


def _best(ctx: Context, room: Catalogue, kind: Kind, keys: Sequence[str]) -> Found:
    """The best counterparts of some postings, those grouped that may not meet the same ones."""
    lists: dict[str, list[Ranked]] = {}
    groups: dict[frozenset[str], list[str]] = {}
    apart = ties(ctx)
    for key in keys:
        entry = room.entries[kind.plural][key]
        groups.setdefault(room.rivals(kind, entry, apart), []).append(key)
    for barred, members in groups.items():
        profiles = [room.entries[kind.plural][key].profile for key in members]
        ranked = room.indexes[kind.counterpart].top_many(profiles, k=KEPT, exclude=barred)
        lists.update(zip(members, ranked, strict=True))
    return Found(kind, {key: lists[key] for key in keys})


def _waiting(room: Catalogue, run: MatchRun) -> list[tuple[str, str]]:
    """(kind, id) of the postings the run has not come to yet, needs first, by number."""
    after = run.settings.get("after")
    names = list(KINDS)
    place = (-1, 0) if after is None else (names.index(after[0]), int(after[1]))
    return [
        (name, key)
        for at, name in enumerate(names)
        for key in sorted(room.entries[name], key=int)
        if (at, int(key)) > place
    ]


def _new_run(ctx: Context, room: Catalogue, trigger: str, total: int) -> MatchRun:
    return ctx.add(
        MatchRun(
            trigger=trigger,
            index_version=room.version,
            settings={"weights": dict(room.ranker.weights), "kept": KEPT, "rules": _rules(ctx)},
            needs_ranked=len(room.entries["needs"]),
            achievements_ranked=len(room.entries["achievements"]),
            pairs_kept=0,
            total=total,
            started_at=ctx.now,
        )
    )


def _rules(ctx: Context) -> list[int | None]:
    """What all steps of one run share: the statistics and the weights."""
    state = state_of(ctx)
    return [state.statistics, state.weights]


def _statistics_due(ctx: Context) -> bool:
    """Words are counted anew after two changes in a hundred texts, in a small catalogue after any."""
    newest = ctx.session.scalar(select(RankingStatistics).order_by(RankingStatistics.id.desc()).limit(1))
    if newest is None:
        return True
    return state_of(ctx).seq - newest.seq > newest.texts // 50


def _counted(ctx: Context, which: ColumnElement[bool]) -> int:
    return ctx.session.scalar(select(func.count(Match.id)).where(which)) or 0


def _when(ctx: Context, room: Catalogue) -> datetime:
    """Now for a small catalogue, else the coming night."""
    if sum(len(side) for side in room.entries.values()) <= _SMALL:
        return ctx.now
    local = ctx.now.astimezone(SHANGHAI)
    tonight = datetime.combine(local.date(), _NIGHT, SHANGHAI)
    return tonight if local < tonight else tonight + timedelta(days=1)
