"""Wires the records to the ranking library: profiles from rows, one index per state of the catalogue."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from matching import Profile, Ranker, RankIndex
from matching.duplicates import DuplicateFinder
from models import Achievement, Category, Need
from models.base import DEMO_MARK
from models.posting import OPEN_STATES
from service.context import Context
from service.kinds import KINDS, Kind
from service.seeding.reader import seed_terms

Fingerprint = tuple[object, ...]


@dataclass(frozen=True)
class Catalogue:
    """All open postings as the ranking sees them, indexed from both sides. Profile ids are record ids as text."""

    fingerprint: Fingerprint
    ranker: Ranker
    profiles: Mapping[str, Mapping[str, Profile]]
    owners: Mapping[str, Mapping[str, int | None]]
    demo: Mapping[str, frozenset[str]]
    indexes: Mapping[str, RankIndex]
    finders: Mapping[str, DuplicateFinder]

    def rivals(self, kind: Kind, owner: int | None, *, is_demo: bool) -> set[str]:
        """Counterparts that may not be paired with a posting of this owner: its own, and 示例 with real.

        A posting made on behalf of an official document has no owner (None) and so no counterpart of its own.
        """
        other = kind.counterpart
        own = {key for key, one in self.owners[other].items() if owner is not None and one == owner}
        real = set(self.profiles[other]) - self.demo[other]
        return own | (real if is_demo else set(self.demo[other]))


class _Shelf:
    """Holds the latest catalogue of each database; one thread builds, the others wait for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._latest: dict[str, Catalogue] = {}

    def take(self, ctx: Context) -> Catalogue:
        place = str(ctx.session.get_bind().engine.url)
        current = _fingerprint(ctx)
        with self._lock:
            latest = self._latest.get(place)
            if latest is None or latest.fingerprint != current:
                latest = self._latest[place] = _build(ctx, current)
            return latest


_SHELF = _Shelf()


def catalogue(ctx: Context) -> Catalogue:
    """The catalogue as this transaction sees it; built anew only when a posting changed."""
    ctx.flush()
    return _SHELF.take(ctx)


def profile_of(ctx: Context, kind: Kind, posting: Need | Achievement) -> Profile:
    """The ranking's view of one posting, open or not."""
    paths = ctx.session.scalars(
        select(Category.path)
        .join(kind.link, kind.link.category_id == Category.id)
        .where(kind.link.posting_id == posting.id)
        .order_by(Category.path)
    )
    return _profile(posting, tuple(paths))


def _profile(posting: Need | Achievement, paths: tuple[str, ...]) -> Profile:
    """The mark of a 示例 title is no technical word, so the ranking does not see it."""
    title = posting.title.removeprefix(DEMO_MARK) if posting.is_demo else posting.title
    return Profile(str(posting.id), title, posting.body(), tuple(posting.keywords), paths)


def _fingerprint(ctx: Context) -> Fingerprint:
    parts: list[object] = []
    for kind in KINDS.values():
        model = kind.model
        row = ctx.session.execute(
            select(func.count(), func.max(model.updated_at), func.sum(model.version)).where(
                model.state.in_(OPEN_STATES)
            )
        ).one()
        parts.extend(row)
    return tuple(parts)


def _build(ctx: Context, fingerprint: Fingerprint) -> Catalogue:
    ranker = Ranker(dictionary=seed_terms())
    profiles: dict[str, dict[str, Profile]] = {}
    owners: dict[str, dict[str, int | None]] = {}
    demo: dict[str, frozenset[str]] = {}
    for kind in KINDS.values():
        postings = _open_postings(ctx, kind)
        paths = _paths(ctx, kind)
        profiles[kind.plural] = {str(p.id): _profile(p, tuple(paths.get(p.id, ()))) for p in postings}
        owners[kind.plural] = {str(p.id): None if p.posted_on_behalf else p.organization_id for p in postings}
        demo[kind.plural] = frozenset(str(p.id) for p in postings if p.is_demo)
    indexes = {
        kind.plural: ranker.fit(
            list(profiles[kind.plural].values()), background=list(profiles[kind.counterpart].values())
        )
        for kind in KINDS.values()
    }
    finders = {name: DuplicateFinder(list(side.values())) for name, side in profiles.items()}
    return Catalogue(fingerprint, ranker, profiles, owners, demo, indexes, finders)


def _open_postings(ctx: Context, kind: Kind) -> list[Need | Achievement]:
    model = kind.model
    return list(ctx.session.scalars(select(model).where(model.state.in_(OPEN_STATES)).order_by(model.id)))


def _paths(ctx: Context, kind: Kind) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = ctx.session.execute(
        select(kind.link.posting_id, Category.path)
        .join(Category, Category.id == kind.link.category_id)
        .order_by(kind.link.posting_id, Category.path)
    )
    for posting_id, path in rows:
        found.setdefault(posting_id, []).append(path)
    return found
