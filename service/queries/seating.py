"""Who sits where at an event, and which seats a pair could still take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from models import (
    Achievement,
    HandshakeEvent,
    Invitation,
    InvitationState,
    Match,
    Meeting,
    MeetingOutcome,
    MeetingState,
    Need,
    Organization,
)
from service.context import Context
from service.queries.naming import public_title

STAYS_AWAY = frozenset({InvitationState.DECLINED, InvitationState.NO_SHOW})


@dataclass(frozen=True)
class Sitting:
    """One seated talk (anything but cancelled) with the names of both sides and their answers to the invitation."""

    meeting_id: int
    version: int
    slot: int
    table_number: int
    state: MeetingState
    outcome: MeetingOutcome | None
    match_id: int
    need_id: int
    need_title: str
    need_masked: str
    need_organization_id: int
    need_organization: str
    need_answer: InvitationState | None
    achievement_id: int
    achievement_title: str
    offer_masked: str
    offer_organization_id: int
    offer_organization: str
    offer_answer: InvitationState | None

    @property
    def place(self) -> str:
        """The slot and the table as people say them."""
        return f"第 {self.slot + 1} 场 {self.table_number} 号桌"

    @property
    def organizations(self) -> tuple[int, int]:
        """The organizations at the table, the needing one first."""
        return self.need_organization_id, self.offer_organization_id

    @property
    def absent(self) -> str | None:
        """The organization that will not come; None when both are still expected."""
        if self.need_answer in STAYS_AWAY:
            return self.need_organization
        return self.offer_organization if self.offer_answer in STAYS_AWAY else None


def sittings(ctx: Context, event_id: int) -> list[Sitting]:
    """Every talk of the event that was not cancelled, in order of slot and table; whoever may see it."""
    asker, offerer = aliased(Organization), aliased(Organization)
    asked, offered = aliased(Invitation), aliased(Invitation)
    rows = ctx.session.execute(
        select(
            Meeting.id,
            Meeting.version,
            Meeting.slot,
            Meeting.table_number,
            Meeting.state,
            Meeting.outcome,
            Match.id,
            Need.id,
            public_title(Need),
            Need.masked_name,
            asker.id,
            asker.name,
            asked.state,
            Achievement.id,
            public_title(Achievement),
            Achievement.masked_name,
            offerer.id,
            offerer.name,
            offered.state,
        )
        .join(Match, Match.id == Meeting.match_id)
        .join(Need, Need.id == Match.need_id)
        .join(Achievement, Achievement.id == Match.achievement_id)
        .join(asker, asker.id == Need.organization_id)
        .join(offerer, offerer.id == Achievement.organization_id)
        .outerjoin(asked, and_(asked.handshake_event_id == event_id, asked.organization_id == asker.id))
        .outerjoin(offered, and_(offered.handshake_event_id == event_id, offered.organization_id == offerer.id))
        .where(Meeting.handshake_event_id == event_id, Meeting.state != MeetingState.CANCELLED)
        .order_by(Meeting.slot, Meeting.table_number)
    )
    return [Sitting(*tuple(row)) for row in rows]


@dataclass(frozen=True)
class FreeSeat:
    """A slot both sides have free, and a table for it."""

    slot: int
    table_number: int
    begins: datetime

    @property
    def place(self) -> str:
        """The slot and the table as people say them."""
        return f"第 {self.slot + 1} 场 {self.table_number} 号桌"


@dataclass(frozen=True)
class Room:
    """An event's seats as they are taken now, with each asked organization's ``seats`` and answer by its id."""

    event: HandshakeEvent
    seated: list[Sitting]
    chairs: dict[int, int]
    answers: dict[int, InvitationState]

    def at(self, slot: int, table_number: int, *, but: int | None = None) -> Sitting | None:
        """The talk at that slot and table, other than meeting ``but``."""
        return next((one for one in self._in(slot, but) if one.table_number == table_number), None)

    def pair(self, match_id: int) -> Sitting | None:
        """The talk the pair already has."""
        return next((one for one in self.seated if one.match_id == match_id), None)

    def busy(self, organization_id: int, slot: int, *, but: int | None = None) -> list[Sitting]:
        """The organization's talks in that slot when it has nobody left for another, else nothing."""
        there = [one for one in self._in(slot, but) if organization_id in one.organizations]
        return there if len(there) >= self.chairs.get(organization_id, 1) else []

    def free_for(self, organizations: tuple[int, int], *, but: int | None = None, limit: int = 3) -> list[FreeSeat]:
        """The first slots in which both organizations and a table are free; tables they already use come first."""
        return [seat for seat, _ in zip(self._free(organizations, but), range(limit), strict=False)]

    def _free(self, organizations: tuple[int, int], but: int | None) -> Iterator[FreeSeat]:
        used = Counter(one.table_number for one in self.seated if set(one.organizations) & set(organizations))
        for slot in range(self.event.slots):
            if any(self.busy(organization, slot, but=but) for organization in organizations):
                continue
            taken = {one.table_number for one in self._in(slot, but)}
            tables = [table for table in range(1, self.event.tables + 1) if table not in taken]
            if tables:
                table = min(tables, key=lambda number: (-used[number], number))
                yield FreeSeat(slot, table, self.event.begins(slot))

    def _in(self, slot: int, but: int | None) -> list[Sitting]:
        return [one for one in self._by_slot.get(slot, ()) if one.meeting_id != but]

    @cached_property
    def _by_slot(self) -> dict[int, list[Sitting]]:
        found: dict[int, list[Sitting]] = {}
        for one in self.seated:
            found.setdefault(one.slot, []).append(one)
        return found


def room_of(ctx: Context, event: HandshakeEvent) -> Room:
    """The event's seats; an organization not yet invited is taken to send one person."""
    rows = ctx.session.execute(
        select(Invitation.organization_id, Invitation.seats, Invitation.state).where(
            Invitation.handshake_event_id == event.id
        )
    ).all()
    chairs = {organization: seats for organization, seats, _ in rows}
    answers = {organization: state for organization, _, state in rows}
    return Room(event, sittings(ctx, event.id), chairs, answers)


def next_free_seats(ctx: Context, event: HandshakeEvent, match: Match, limit: int = 3) -> list[FreeSeat]:
    """Seats the pair could take, earliest first."""
    need, achievement = ctx.find(Need, match.need_id), ctx.find(Achievement, match.achievement_id)
    return room_of(ctx, event).free_for((need.organization_id, achievement.organization_id), limit=limit)
