"""Whose names the actor may read on rows that carry a posting's public name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, case, select

from models import Organization, PostingState
from service.context import Context
from service.policy.fields import lifts_masks


def public_name(model: Any, organization: Any) -> ColumnElement[str]:
    """The name a posting shows to the public: its 对外显示名称, or its organization's."""
    return case((model.masked_name != "", model.masked_name), else_=organization.name)


def public_title(model: Any) -> ColumnElement[str]:
    """A posting's title where it stands among other things, such as talks; one that was taken away is not told."""
    return case(
        (model.state == PostingState.TAKEN_DOWN, "（内容已下架）"),
        (model.state.in_([PostingState.DRAFT, PostingState.SUBMITTED, PostingState.RETURNED]), "（内容已撤回）"),
        else_=model.title,
    )


def sees_every_name(ctx: Context) -> bool:
    """Whether masks are lifted for the actor: those who bring sides together, and their leaders."""
    return lifts_masks(ctx)


def known_names(ctx: Context, organization_ids: Iterable[int], *, agreed: bool = False) -> Mapping[int, str]:
    """The real names the actor may read behind masks, by organization: all for those who see names, else one's own.

    ``agreed``: the organizations are the two sides of one pair that both want to talk; a mask falls between them.
    """
    wanted = set(organization_ids)
    if not sees_every_name(ctx) and not (agreed and ctx.actor.organization_id in wanted):
        wanted &= {ctx.actor.organization_id} if ctx.actor.organization_id is not None else set()
    if not wanted:
        return {}
    rows = ctx.session.execute(select(Organization.id, Organization.name).where(Organization.id.in_(wanted)))
    return dict(rows.all())
