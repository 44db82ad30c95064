"""Postings as the ranking sees them: their texts, categories and conditions, without what is no part of the matter."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from matching import Profile
from models import Achievement, Category, ConversionMode, Need
from models.base import DEMO_MARK
from models.posting import OPEN_STATES
from service.context import Context
from service.kinds import CooperationMode, Kind

WAYS: Mapping[str, tuple[CooperationMode, ...]] = {
    ConversionMode.SELF: (),
    ConversionMode.TRANSFER: (CooperationMode.TRANSFER,),
    ConversionMode.LICENSE: (CooperationMode.LICENSE,),
    ConversionMode.JOINT: (CooperationMode.JOINT, CooperationMode.ENTRUSTED, CooperationMode.PLATFORM),
    ConversionMode.EQUITY: (CooperationMode.EQUITY,),
    ConversionMode.OTHER: (),
}
"""What the law's ways of converting an achievement mean to an enterprise.

Carrying an achievement out alone leaves nothing to agree on, and "other" says nothing; both are left open.
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One open posting of the catalogue.

    ``owner`` is whose it is; None for a posting made on behalf of an official document. ``organization`` is in whose
    name it stands, either way. ``changed_at`` is when somebody last wrote to it.
    """

    profile: Profile
    owner: int | None
    organization: int
    is_demo: bool
    changed_at: datetime


def entries(ctx: Context, kind: Kind, ids: Collection[int] | None = None) -> dict[str, Entry]:
    """The open postings of a kind (those among ``ids``, if given) by record id as text, in the order of their ids."""
    model = kind.model
    query = select(model).where(model.state.in_(OPEN_STATES)).order_by(model.id)
    postings = list(ctx.session.scalars(query if ids is None else query.where(model.id.in_(ids))))
    paths = _paths(ctx, kind, ids)
    return {
        str(posting.id): Entry(
            profile(posting, tuple(paths.get(posting.id, ()))),
            None if posting.posted_on_behalf else posting.organization_id,
            posting.organization_id,
            posting.is_demo,
            posting.updated_at,
        )
        for posting in postings
    }


def profile_of(ctx: Context, kind: Kind, posting: Need | Achievement) -> Profile:
    """The ranking's view of one posting, open or not."""
    return profile(posting, tuple(_paths(ctx, kind, [posting.id]).get(posting.id, ())))


def profile(posting: Need | Achievement, paths: tuple[str, ...]) -> Profile:
    """The mark of a 示例 title is no technical word, so the ranking does not see it."""
    title = posting.title.removeprefix(DEMO_MARK) if posting.is_demo else posting.title
    said = Profile(
        id=str(posting.id),
        title=title,
        body=posting.body(),
        keywords=tuple(posting.keywords),
        categories=paths,
        region=posting.region_code or "",
    )
    if isinstance(posting, Need):
        modes = tuple(sorted(posting.cooperation_modes))
        targets = posting.target_indicators
        return replace(said, trl=posting.wanted_trl, modes=modes, money=posting.budget_fen, targets=targets, asks=True)
    ways = {str(way) for mode in posting.conversion_modes for way in WAYS.get(mode, ())}
    return replace(said, trl=posting.trl, modes=tuple(sorted(ways)), money=posting.price_fen, asks=False)


def _paths(ctx: Context, kind: Kind, ids: Collection[int] | None) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    query = (
        select(kind.link.posting_id, Category.path)
        .join(Category, Category.id == kind.link.category_id)
        .order_by(kind.link.posting_id, Category.path)
    )
    for posting_id, path in ctx.session.execute(query if ids is None else query.where(kind.link.posting_id.in_(ids))):
        found.setdefault(posting_id, []).append(path)
    return found
