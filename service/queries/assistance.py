"""Help while a posting is written: what to mend in it, what resembles it, where it belongs, what to call it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from sqlalchemy import select

from matching import Profile, Ranked
from matching.categories import CategorySuggester
from matching.checkup import Draft, Finding, Part, Role, check, suggested_keywords
from matching.indicators import quantities
from models import Category, Confidentiality, Organization, Taxonomy
from service import visibility
from service.commands import KEYWORDS_AT_MOST, split_keywords
from service.context import Context
from service.kinds import KINDS, Kind
from service.queries.postings import knows_name
from service.ranking import Catalogue, catalogue

SUGGESTED_SCHEMES = ("point", "industry8", "area", "hightech")

PARTS: Mapping[str, tuple[tuple[str, Role], ...]] = {
    "needs": (
        ("title", "title"),
        ("problem", "problem"),
        ("present_state", "present"),
        ("target_indicators", "targets"),
    ),
    "achievements": (
        ("title", "title"),
        ("abstract", "problem"),
        ("advantages", "targets"),
        ("application", "present"),
    ),
}
"""The fields a check-up reads, and what each is for."""


class Numbered(Protocol):
    """Something found that names a posting."""

    @property
    def id(self) -> str:
        """The posting's number as text."""


F = TypeVar("F", bound=Numbered)

COMPARABLE = 0.20
"""Score from which a posting is on the same matter; a pair below 0.15 counts as weak everywhere."""
_CHANGED_SHARE = 20
_LOOKED_AT, _SHOWN_COMPARABLES, _SHOWN_NUMBERS = 10, 3, 3


@dataclass(frozen=True)
class Lookalike:
    """An existing posting that resembles the one being written; ``similarity`` in whole percent."""

    id: int
    title: str
    organization: str
    similarity: int
    shared: Sequence[str]


@dataclass(frozen=True)
class Comparable:
    """A published posting of the same kind on the same matter, with some of the numbers it gives."""

    id: int
    title: str
    organization: str
    numbers: Sequence[str]


@dataclass(frozen=True)
class Suggested:
    """A category to file the posting under, with its taxonomy's name; ``confidence`` in whole percent."""

    id: int
    scheme: str
    taxonomy: str
    name: str
    confidence: int
    because: str


@dataclass(frozen=True)
class Assistance:
    """All the help for one draft. ``findings`` are most useful first; ``begun`` is False while nothing is written."""

    begun: bool
    findings: Sequence[Finding]
    labels: Mapping[str, str]
    keywords: Sequence[str]
    suggested: Sequence[Suggested]
    lookalikes: Sequence[Lookalike]
    comparables: Sequence[Comparable]


def assistance(ctx: Context, kind: Kind, values: Mapping[str, Any], posting_id: int | None = None) -> Assistance:
    """The help for a posting as far as its form or its JSON is filled in; nothing is written anywhere."""
    labels = {name: info.title or name for name, info in kind.command.model_fields.items()}
    parts = [Part(name, role, labels[name], _text(values.get(name))) for name, role in PARTS[kind.plural]]
    keywords = tuple(split_keywords(values.get("keywords") or []))
    draft = Draft(kind.plural == "needs", tuple(parts), keywords, filed=bool(values.get("categories")))
    profile = Profile(
        id=str(posting_id or ""),
        title=draft.text("title"),
        body=draft.text("problem", "present", "targets"),
        keywords=keywords,
        asks=draft.asks,
    )
    room = catalogue(ctx)
    near = lookalikes(ctx, kind, profile) if profile.title.strip() else []
    alike = _visible_alike(ctx, kind, room, profile)
    resembling = {one.id for one in near}
    return Assistance(
        begun=bool(profile.title.strip() or profile.body.strip()),
        findings=check(draft, [one for one, _ in alike], room.ranker.segmenter),
        labels=labels,
        keywords=suggested_keywords(
            profile.title, profile.body, keywords, room.ranker.segmenter, room.rarity, KEYWORDS_AT_MOST - len(keywords)
        ),
        suggested=suggested_categories(ctx, profile),
        lookalikes=near,
        comparables=[shown for _, shown in alike if shown is not None and shown.id not in resembling][
            :_SHOWN_COMPARABLES
        ],
    )


def lookalikes(ctx: Context, kind: Kind, draft: Profile, limit: int = 5) -> list[Lookalike]:
    """Open postings of the same kind that are nearly the same, as far as the actor may know of them."""
    finder = catalogue(ctx).finders[kind.plural]
    shown = [
        Lookalike(posting.id, posting.title, name, round(one.similarity * 100), one.shared)
        for one, (posting, name) in _best_visible(ctx, kind, lambda number: finder.find(draft, limit=number), limit)
    ]
    return sorted(shown, key=lambda one: (-one.similarity, one.id))


def _best_visible(
    ctx: Context, kind: Kind, ask: Callable[[int], Sequence[F]], wanted: int
) -> list[tuple[F, tuple[Any, str]]]:
    """The best ``wanted`` of what is found that the actor may know of, best first, each with its posting and name.

    ``ask(number)`` gives the best so many. What the actor may not know of takes nobody's place.
    """
    number = wanted
    while True:
        found = ask(number)
        known = {str(one[0].id): one for one in _visible(ctx, kind, [int(one.id) for one in found])}
        shown = [(one, known[one.id]) for one in found if one.id in known]
        if len(shown) >= wanted or len(found) < number:
            return shown[:wanted]
        number *= 2


def _visible(ctx: Context, kind: Kind, ids: Collection[int]) -> list[tuple[Any, str]]:
    """Those of the postings the actor may read, each with the name its organization shows to the actor."""
    if not ids:
        return []
    model: Any = kind.model
    rows = ctx.session.execute(
        select(model, Organization.name)
        .join(Organization, Organization.id == model.organization_id)
        .where(model.id.in_(ids), visibility.postings(ctx, model))
    ).all()
    return [(posting, name if knows_name(ctx, posting) else posting.masked_name) for posting, name in rows]


def _visible_alike(
    ctx: Context, kind: Kind, room: Catalogue, draft: Profile
) -> list[tuple[Profile, Comparable | None]]:
    """Published postings on the same matter that the actor may read, best first; the same kind's also as shown.

    示例 postings are compared only with 示例 drafts, so that no made-up number is held against a real need.
    """
    if len(draft.title) + len(draft.body) < 4:
        return []
    found: list[tuple[Profile, Comparable | None]] = []
    for side in (kind, KINDS[kind.counterpart]):
        hidden = set() if ctx.actor.is_demo else set(room.demo[side.plural])
        same = side is kind
        query = draft if same else replace(draft, id="")
        left_out = hidden | ({draft.id} if same else set())

        def best(number: int, query: Profile = query, side: Kind = side, left_out: set[str] = left_out) -> list[Ranked]:
            ranked = room.indexes[side.plural].top(query, number, left_out)
            return [one for one in ranked if one.score >= COMPARABLE]

        for one, (posting, name) in _best_visible(ctx, side, best, _LOOKED_AT):
            profile = room.profiles[side.plural][one.id]
            shown = Comparable(posting.id, posting.title, name, _numbers(profile)) if same else None
            found.append((profile, shown))
    return found


def _numbers(profile: Profile) -> list[str]:
    """Some numbers of a posting as they stand there, with what they measure."""
    return [quantity.label + " " + quantity.text for quantity in quantities(profile.body) if not quantity.baseline][
        :_SHOWN_NUMBERS
    ]


def suggested_categories(ctx: Context, draft: Profile, limit: int = 5) -> list[Suggested]:
    """Categories the text seems to belong to, surest first."""
    if len(draft.title) + len(draft.body) < 4:
        return []
    room = catalogue(ctx)
    found = _SUGGESTERS.take(ctx, room).suggest(draft, k=limit)
    rows = ctx.session.execute(
        select(Category.id, Category.scheme, Taxonomy.name.label("taxonomy"), Category.name, Category.path)
        .join(Taxonomy, Taxonomy.scheme == Category.scheme)
        .where(Category.path.in_([one.category for one in found]))
    )
    by_path = {row.path: row for row in rows}
    return [
        Suggested(
            by_path[one.category].id,
            by_path[one.category].scheme,
            by_path[one.category].taxonomy,
            by_path[one.category].name,
            round(one.confidence * 100),
            one.because,
        )
        for one in found
        if one.category in by_path
    ]


class _Suggesters:
    """The latest suggester; built when first asked for, and again once a twentieth of the catalogue has changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._latest: tuple[Catalogue, CategorySuggester] | None = None

    def take(self, ctx: Context, room: Catalogue) -> CategorySuggester:
        with self._lock:
            if self._latest is None or not _still_good(self._latest[0], room):
                self._latest = (room, _suggester(ctx, room))
            return self._latest[1]


_SUGGESTERS = _Suggesters()


def _still_good(built: Catalogue, room: Catalogue) -> bool:
    changes = abs(built.state.seq - room.state.seq)
    postings = sum(len(side) for side in built.entries.values())
    return built is room or (built.statistics is room.statistics and changes <= postings // _CHANGED_SHARE)


def _open_to_all(ctx: Context, kind: Kind) -> Sequence[int]:
    """Postings that everybody may read: what is suggested to all is learned from no others."""
    model: Any = kind.model
    return ctx.session.scalars(
        select(model.id).where(model.confidentiality == Confidentiality.PUBLIC).order_by(model.id)
    ).all()


def _suggester(ctx: Context, room: Catalogue) -> CategorySuggester:
    rows = ctx.session.execute(
        select(Category.path, Category.name, Category.aliases).where(Category.scheme.in_(SUGGESTED_SCHEMES))
    )
    names = {path: " ".join([name, *aliases]) for path, name, aliases in rows}
    labelled = [
        profile
        for side, kind in KINDS.items()
        for number in _open_to_all(ctx, kind)
        if (profile := room.profiles[side].get(str(number))) is not None
    ]
    schemes = tuple(f"{scheme}:" for scheme in SUGGESTED_SCHEMES)
    kept = [
        Profile(one.id, one.title, one.body, one.keywords, tuple(c for c in one.categories if c.startswith(schemes)))
        for one in labelled
    ]
    return CategorySuggester(kept, names, room.ranker.segmenter)


def _text(value: Any) -> str:
    """A field's text with lines ended as a browser counts them, so that places in it are the same on both sides."""
    return str(value or "").replace("\r\n", "\n")
