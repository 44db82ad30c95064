"""The computations of matches: the newest, how far one has come, and what it brought that is new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from models import Achievement, Match, MatchRun, Need
from service import visibility
from service.context import Context

FULL = "refresh"
"""The trigger of a run over everything."""


@dataclass(frozen=True)
class RunShown:
    """The newest full run as the actor may know of it: ``fresh`` counts the pairs it brought that the actor may see.

    ``finished_at`` is None while it runs; ``done`` of ``total`` postings are ranked. ``is_first`` says there was no
    run before to compare with.
    """

    id: int
    started_at: datetime
    finished_at: datetime | None
    done: int
    total: int
    fresh: int
    is_first: bool


def latest_run(ctx: Context) -> MatchRun | None:
    """The newest computation of matches."""
    return ctx.session.scalar(select(MatchRun).order_by(MatchRun.started_at.desc(), MatchRun.id.desc()).limit(1))


def last_full_run(ctx: Context, before: int | None = None) -> MatchRun | None:
    """The newest finished run over everything (before the run of number ``before``, if given)."""
    finished = select(MatchRun).where(MatchRun.trigger == FULL, MatchRun.finished_at.is_not(None))
    if before is not None:
        finished = finished.where(MatchRun.id < before)
    return ctx.session.scalar(finished.order_by(MatchRun.id.desc()).limit(1))


def unfinished_run(ctx: Context) -> MatchRun | None:
    """The full run that is going on or was broken off."""
    return ctx.session.scalar(
        select(MatchRun)
        .where(MatchRun.trigger == FULL, MatchRun.finished_at.is_(None))
        .order_by(MatchRun.id.desc())
        .limit(1)
    )


def run_shown(ctx: Context) -> RunShown | None:
    """The full run to be shown beside the pairs; None before the first."""
    run = unfinished_run(ctx) or last_full_run(ctx)
    if run is None:
        return None
    fresh = ctx.session.scalar(
        select(func.count(Match.id))
        .join(Need, Need.id == Match.need_id)
        .join(Achievement, Achievement.id == Match.achievement_id)
        .where(fresh_since(ctx, run.id), visibility.matches(ctx))
    )
    first = last_full_run(ctx, before=run.id) is None
    return RunShown(run.id, run.started_at, run.finished_at, run.done, run.total, fresh or 0, first)


def fresh_since(ctx: Context, run_id: int) -> ColumnElement[bool]:
    """Pairs that the full run of this number has and the one before it had not."""
    previous = last_full_run(ctx, before=run_id)
    return Match.first_run_id.between((previous.id if previous is not None else 0) + 1, run_id)
