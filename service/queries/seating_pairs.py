"""Which parties of an event may meet, over which match, what that is worth, and who must or would not meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from models import (
    Achievement,
    Confidentiality,
    HandshakeEvent,
    Invitation,
    Match,
    MatchState,
    Meeting,
    MeetingState,
    Need,
    Wish,
    WishLevel,
)
from models.match import CHOSEN_STATES, SCORE_SCALE
from models.posting import OPEN_STATES
from models.region import region_prefix
from service.context import SHANGHAI, Context
from service.queries.conflicts import Ties, ties
from service.queries.matches import PAIR_IS_DEMO
from service.queries.seating_parties import Sitters

POINTS = 100
"""Utilities are whole 1/100 points."""


@dataclass(frozen=True)
class Chance:
    """Two parties that may meet: over which match, and what makes up its utility (1/100 points).

    ``one`` speaks for the need, ``other`` for the achievement; ``wanted`` says how many sides want it. ``also`` are
    further matches between the two, to be talked of at the same table.
    """

    one: str
    other: str
    match_id: int
    need_id: int
    achievement_id: int
    need_title: str
    achievement_title: str
    chosen: bool
    score: int
    from_score: int
    from_wishes: int
    wanted: int
    also: tuple[int, ...] = ()

    @property
    def utility(self) -> int:
        """What the talk is worth."""
        return self.from_score + self.from_wishes

    @property
    def sum_in_words(self) -> str:
        """“匹配 61.2 + 想见 40 + 想见 40 = 141.2”."""
        each = self.from_wishes // self.wanted if self.wanted else 0
        parts = [f"匹配 {self.from_score / POINTS:.1f}", *[f"想见 {each / POINTS:g}"] * self.wanted]
        return f"{' + '.join(parts)} = {self.utility / POINTS:.1f}"


@dataclass(frozen=True)
class Barred:
    """Two parties that are not seated together, and why; ``by_wish``: one of them would not, else they must not."""

    one: str
    other: str
    match_id: int
    reason: str
    by_wish: bool
    utility: int


@dataclass(frozen=True)
class Encounter:
    """The two parties of a match, the one that needs first."""

    one: str
    other: str

    @property
    def pair(self) -> frozenset[str]:
        """Both."""
        return frozenset((self.one, self.other))


@dataclass(frozen=True)
class Encounters:
    """All that is known of who may meet at an event."""

    chances: Mapping[frozenset[str], Chance]
    barred: tuple[Barred, ...]
    parties_of: Mapping[int, Encounter]
    wanted: Mapping[str, frozenset[str]]

    @property
    def barred_pairs(self) -> frozenset[frozenset[str]]:
        """Pairs that are not seated."""
        return frozenset(frozenset((one.one, one.other)) for one in self.barred)


def encounters(ctx: Context, event: HandshakeEvent, sitters: Sitters, threshold: int) -> Encounters:
    """Who may meet whom. One talk for two parties: over their best match, or the one they are seated with already."""
    wishes = _wishes(ctx, event)
    apart = ties(ctx, event.starts_at.astimezone(SHANGHAI).date())
    chances: dict[frozenset[str], Chance] = {}
    barred: dict[frozenset[str], Barred] = {}
    parties_of: dict[int, Encounter] = {}
    wanted: dict[str, set[str]] = {}
    seated = set(ctx.session.scalars(_seated(event)))
    for row in ctx.session.execute(_matches(event, list(wishes), threshold)):
        both = _parties(row, sitters)
        if both is None:
            if row.id in seated:
                parties_of[row.id] = _whoever(row, sitters)
            continue
        parties_of[row.id] = both
        said = wishes.get(row.id, {})
        mine, theirs = said.get(row.need_organization), said.get(row.offer_organization)
        if mine is WishLevel.WANTED:
            wanted.setdefault(both.one, set()).add(both.other)
        if theirs is WishLevel.WANTED:
            wanted.setdefault(both.other, set()).add(both.one)
        chance = _chance(event, row, both, [mine, theirs].count(WishLevel.WANTED))
        if (reason := _why_not(apart, row, sitters, mine, theirs)) is not None:
            words, by_wish = reason
            before = barred.get(both.pair)
            if before is None or (before.by_wish and not by_wish):
                barred[both.pair] = Barred(both.one, both.other, row.id, words, by_wish, chance.utility)
        elif _may_be_seated(row, seated):
            chances[both.pair] = _better(chances.get(both.pair), chance, seated)
    kept = {pair: chance for pair, chance in chances.items() if pair not in barred}
    return Encounters(
        kept, tuple(barred.values()), parties_of, {party: frozenset(others) for party, others in wanted.items()}
    )


def _may_be_seated(row: Any, seated: set[int]) -> bool:
    return row.is_open and (row.state is not MatchState.DISMISSED or row.id in seated)


def _better(before: Chance | None, new: Chance, seated: set[int]) -> Chance:
    """The one they are seated with, else the one worth more; it names the others."""
    if before is None:
        return new
    first = max(before, new, key=lambda one: (one.match_id in seated, one.utility, -one.match_id))
    second = new if first is before else before
    also = tuple(sorted({*before.also, second.match_id}))
    return Chance(**{**{name: getattr(first, name) for name in Chance.__dataclass_fields__}, "also": also})


def _chance(event: HandshakeEvent, row: Any, both: Encounter, wanted: int) -> Chance:
    from_score = round(POINTS * event.score_weight * row.score / SCORE_SCALE)
    return Chance(
        both.one,
        both.other,
        row.id,
        row.need_id,
        row.achievement_id,
        row.need_title,
        row.achievement_title,
        row.state in CHOSEN_STATES,
        row.score,
        from_score,
        POINTS * event.wanted_weight * wanted,
        wanted,
    )


def _parties(row: Any, sitters: Sitters) -> Encounter | None:
    """The two parties of a match; None when one side does not come or both are one."""
    one = sitters.speaks(row.need_organization, "need", row.need_id)
    other = sitters.speaks(row.offer_organization, "achievement", row.achievement_id)
    same = row.need_organization == row.offer_organization
    return None if one is None or other is None or same else Encounter(one, other)


def _whoever(row: Any, sitters: Sitters) -> Encounter:
    """The parties of a seated match, one of which has gone: ``g`` and the organization's number stand for it."""
    one = sitters.speaks(row.need_organization, "need", row.need_id) or f"g{row.need_organization}"
    other = sitters.speaks(row.offer_organization, "achievement", row.achievement_id) or f"g{row.offer_organization}"
    return Encounter(one, other if other != one else f"g{row.offer_organization}")


def _why_not(
    apart: Ties, row: Any, sitters: Sitters, mine: WishLevel | None, theirs: WishLevel | None
) -> tuple[str, bool] | None:
    """Why the two are kept apart, and whether by a wish alone."""
    found = apart.between_postings(row.need_organization, row.offer_organization, on_behalf=row.on_behalf)
    if found is not None:
        return found.sentence, False
    for level, organization in ((mine, row.need_organization), (theirs, row.offer_organization)):
        if level is WishLevel.UNWANTED:
            return f"{sitters.names.get(organization, '一方')}表示不见", True
    return None


def _wishes(ctx: Context, event: HandshakeEvent) -> dict[int, dict[int, WishLevel]]:
    """Match → organization → what it wishes."""
    rows = ctx.session.execute(
        select(Wish.match_id, Invitation.organization_id, Wish.level)
        .join(Invitation, Invitation.id == Wish.invitation_id)
        .where(Invitation.handshake_event_id == event.id)
    )
    found: dict[int, dict[int, WishLevel]] = {}
    for match_id, organization, level in rows:
        found.setdefault(match_id, {})[organization] = level
    return found


def _seated(event: HandshakeEvent) -> Any:
    return select(Meeting.match_id).where(
        Meeting.handshake_event_id == event.id, Meeting.state != MeetingState.CANCELLED
    )


def _matches(event: HandshakeEvent, wished: Sequence[int], threshold: int) -> Any:
    """Matches between those asked that somebody chose or wishes, that score enough, or that are seated."""
    asked = select(Invitation.organization_id).where(Invitation.handshake_event_id == event.id)
    chosen = or_(
        Match.state.in_(CHOSEN_STATES),
        and_(Match.state == MatchState.SUGGESTED, or_(Match.score >= threshold, Match.id.in_(wished))),
    )
    among_asked = and_(Need.organization_id.in_(asked), Achievement.organization_id.in_(asked))
    may = and_(chosen, among_asked, PAIR_IS_DEMO.is_(event.is_demo), _known_to_organizers(event))
    return (
        select(
            Match.id,
            Match.state,
            Match.score,
            Need.id.label("need_id"),
            Achievement.id.label("achievement_id"),
            Need.title.label("need_title"),
            Achievement.title.label("achievement_title"),
            Need.organization_id.label("need_organization"),
            Achievement.organization_id.label("offer_organization"),
            or_(Need.posted_on_behalf, Achievement.posted_on_behalf).label("on_behalf"),
            and_(Need.state.in_(OPEN_STATES), Achievement.state.in_(OPEN_STATES)).label("is_open"),
        )
        .join(Need, Need.id == Match.need_id)
        .join(Achievement, Achievement.id == Match.achievement_id)
        .where(or_(may, Match.id.in_(_seated(event))))
        .order_by(Match.id)
    )


def _known_to_organizers(event: HandshakeEvent) -> ColumnElement[bool]:
    """Pairs that whoever organizes events in the event's region may know of, whoever asks."""
    open_tiers = (Confidentiality.PUBLIC, Confidentiality.MEMBERS)
    here = region_prefix(event.region_code)
    sides = [or_(one.region_code.is_(None), one.region_code.startswith(here)) for one in (Need, Achievement)]
    known = [
        or_(model.confidentiality.in_(open_tiers), side) for model, side in zip((Need, Achievement), sides, strict=True)
    ]
    return and_(*known, or_(*sides))
