"""Every job by name: a function of a context and the job's payload."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from models import Need, PostingState
from models.posting import OPEN_STATES
from service.context import Context
from service.usecases.ranking import rank_everything

JobFunction = Callable[[Context, Mapping[str, Any]], None]


def refresh_matches(ctx: Context, _payload: Mapping[str, Any]) -> None:
    """Bring all suggested pairs in line with the catalogue as it is now."""
    rank_everything(ctx)


def expire_postings(ctx: Context, _payload: Mapping[str, Any]) -> None:
    """Needs whose deadline has passed leave the ranking."""
    overdue = select(Need).where(Need.state.in_(OPEN_STATES), Need.deadline < ctx.today)
    for need in ctx.session.scalars(overdue):
        ctx.touch(need)
        ctx.log(need.move_to(PostingState.EXPIRED, "期限已过"))


JOBS: Mapping[str, JobFunction] = {
    "refresh_matches": refresh_matches,
    "expire_postings": expire_postings,
}

DAILY = ("expire_postings",)
"""Jobs that run once a day."""
