"""Work under way that should not go on: sides that must be kept apart, and talks whose content was taken away."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased

from models import (
    Achievement,
    Match,
    Meeting,
    Need,
    PartyRole,
    Project,
    ProjectParty,
    ProjectState,
)
from models.match import CHOSEN_STATES
from service import visibility
from service.context import Context
from service.queries.conflicts import Ties, ties
from service.queries.meetings import MEETINGS, TO_COME
from service.queries.waiting import Item, Waiting, comes_in_words, waiting

RUNNING = (ProjectState.INTENT, ProjectState.CONTRACTED, ProjectState.ACTIVE)
SHOWN = 20


def conflicted_work(ctx: Context) -> Waiting:
    """Chosen pairs, talks to come and running projects whose sides must be kept apart, with the reason.

    A tie or an entry of the blacklist may come after the pair was chosen; what is under way is for people to end.
    """
    apart = ties(ctx)
    items = [*_pairs(ctx, apart), *_projects(ctx, apart)]
    return Waiting("需要回避的对接", items[:SHOWN], len(items))


def _pairs(ctx: Context, apart: Ties) -> Iterator[Item]:
    seated = exists().where(Meeting.match_id == Match.id, Meeting.state.in_(TO_COME))
    rows = ctx.session.execute(
        select(
            Match.id,
            Match.state,
            Match.is_demo,
            Need.title,
            Need.organization_id,
            Achievement.title,
            Achievement.organization_id,
            or_(Need.posted_on_behalf, Achievement.posted_on_behalf),
        )
        .join(Need, Need.id == Match.need_id)
        .join(Achievement, Achievement.id == Match.achievement_id)
        .where(visibility.matches(ctx), or_(Match.state.in_(CHOSEN_STATES), seated))
        .order_by(Match.id)
    )
    for number, state, is_demo, need, asker, offer, offerer, on_behalf in rows:
        found = apart.between_postings(asker, offerer, on_behalf=on_behalf)
        if found is not None:
            yield Item(f"/matches/{number}", f"{need} × {offer}", found.sentence, state.label, "danger", is_demo)


def _projects(ctx: Context, apart: Ties) -> Iterator[Item]:
    demand, technology = aliased(ProjectParty), aliased(ProjectParty)
    rows = ctx.session.execute(
        select(
            Project.id,
            Project.title,
            Project.state,
            Project.is_demo,
            demand.organization_id,
            technology.organization_id,
        )
        .join(demand, (demand.project_id == Project.id) & (demand.role == PartyRole.DEMAND))
        .join(technology, (technology.project_id == Project.id) & (technology.role == PartyRole.TECHNOLOGY))
        .where(visibility.projects(ctx), Project.state.in_(RUNNING))
        .order_by(Project.id)
    )
    for number, title, state, is_demo, asker, offerer in rows:
        found = apart.between(asker, offerer)
        if found is not None:
            yield Item(f"/projects/{number}", title, found.sentence, state.label, "danger", is_demo)


def talks_without_content(ctx: Context) -> Waiting:
    """Talks to come of which one side's posting is public no more: taken down, or back with its owner."""
    staff = ctx.actor.role in visibility.SEES_ALL_WORK
    return waiting(
        ctx,
        "内容已下架或撤回的洽谈",
        MEETINGS,
        {"without_content": "1", "sort": "starts_at", "mine": "" if staff else "1"},
        lambda row: Item(
            f"/meetings/{row.id}",
            f"{row.need_organization} × {row.offer_organization}",
            f"{row.event}，{comes_in_words(ctx, row.starts_at)}；{'请取消或另排' if staff else '请与组织方联系'}",
            row.state.label,
            "danger",
            row.is_demo,
        ),
    )
