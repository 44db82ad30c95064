"""Help while a posting is written: what resembles it, where it belongs, and what it still lacks."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from matching import Profile
from matching.categories import CategorySuggester
from models import Category, Organization
from service import visibility
from service.context import Context
from service.kinds import Kind
from service.queries.postings import knows_name
from service.ranking import Catalogue, catalogue

SUGGESTED_SCHEMES = ("point", "industry8", "area", "hightech")


@dataclass(frozen=True)
class Lookalike:
    """An existing posting that resembles the one being written; ``similarity`` in whole percent."""

    id: int
    title: str
    organization: str
    similarity: int
    shared: Sequence[str]


@dataclass(frozen=True)
class Suggested:
    """A category to file the posting under; ``confidence`` in whole percent."""

    id: int
    scheme: str
    name: str
    confidence: int
    because: str


def draft_profile(posting_id: int | None, title: str, body: str, keywords: Sequence[str]) -> Profile:
    """A text being written, as the ranking sees it."""
    return Profile(id=str(posting_id or ""), title=title, body=body, keywords=tuple(keywords))


def lookalikes(ctx: Context, kind: Kind, draft: Profile, limit: int = 5) -> list[Lookalike]:
    """Open postings of the same kind that are nearly the same, as far as the actor may know of them."""
    found = [one for one in catalogue(ctx).finders[kind.plural].find(draft, limit=limit + 1) if one.id != draft.id]
    by_id = {int(one.id): one for one in found[:limit]}
    model: Any = kind.model
    rows = ctx.session.execute(
        select(model, Organization.name)
        .join(Organization, Organization.id == model.organization_id)
        .where(model.id.in_(by_id), visibility.postings(ctx, model))
    ).all()
    shown = [
        Lookalike(
            id=posting.id,
            title=posting.title,
            organization=name if knows_name(ctx, posting) else posting.masked_name,
            similarity=round(by_id[posting.id].similarity * 100),
            shared=by_id[posting.id].shared,
        )
        for posting, name in rows
    ]
    return sorted(shown, key=lambda one: (-one.similarity, one.id))


def suggested_categories(ctx: Context, draft: Profile, limit: int = 6) -> list[Suggested]:
    """Categories the text seems to belong to, surest first."""
    if len(draft.title) + len(draft.body) < 4:
        return []
    room = catalogue(ctx)
    found = _SUGGESTERS.take(ctx, room).suggest(draft, k=limit)
    rows = ctx.session.execute(
        select(Category.id, Category.scheme, Category.name, Category.path).where(
            Category.path.in_([one.category for one in found])
        )
    )
    by_path = {row.path: row for row in rows}
    return [
        Suggested(
            by_path[one.category].id,
            by_path[one.category].scheme,
            by_path[one.category].name,
            round(one.confidence * 100),
            one.because,
        )
        for one in found
        if one.category in by_path
    ]


class _Suggesters:
    """One suggester a catalogue; built when first asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._latest: tuple[Catalogue, CategorySuggester] | None = None

    def take(self, ctx: Context, room: Catalogue) -> CategorySuggester:
        with self._lock:
            if self._latest is None or self._latest[0] is not room:
                self._latest = (room, _suggester(ctx, room))
            return self._latest[1]


_SUGGESTERS = _Suggesters()


def _suggester(ctx: Context, room: Catalogue) -> CategorySuggester:
    rows = ctx.session.execute(
        select(Category.path, Category.name, Category.aliases).where(Category.scheme.in_(SUGGESTED_SCHEMES))
    )
    names = {path: " ".join([name, *aliases]) for path, name, aliases in rows}
    labelled = [profile for side in room.profiles.values() for profile in side.values()]
    schemes = tuple(f"{scheme}:" for scheme in SUGGESTED_SCHEMES)
    kept = [
        Profile(one.id, one.title, one.body, one.keywords, tuple(c for c in one.categories if c.startswith(schemes)))
        for one in labelled
    ]
    return CategorySuggester(kept, names, room.ranker.segmenter)


def wanting(kind: Kind, values: dict[str, Any]) -> list[tuple[str, bool]]:
    """需求体检: what makes a posting findable, and whether the text has it."""
    body = values.get("problem") if kind.plural == "needs" else values.get("abstract")
    numbers = values.get("target_indicators") if kind.plural == "needs" else values.get("advantages")
    return [
        ("名称说清了对象和技术（至少 8 个字）", len(str(values.get("title") or "")) >= 8),
        ("正文写清了问题和方法（至少 30 个字）", len(str(body or "")) >= 30),
        ("指标里有数字", any(char.isdigit() for char in str(numbers or ""))),
        ("有关键词", bool(values.get("keywords"))),
        ("选了技术领域", bool(values.get("categories"))),
    ]
