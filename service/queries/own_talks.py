"""One attendee's own talks at an event: when, at which table, with whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from models import Attendee, EventTable, HandshakeEvent, Invitation, Meeting, MeetingState
from service.context import SHANGHAI, Context
from service.queries.attendees import topics_of
from service.queries.event_tables import tables_of
from service.queries.events import Seat, event_programme


@dataclass(frozen=True)
class OwnTalk:
    """A talk as the attendee sees it; ``other_person`` is empty while the other side's name is masked."""

    seat: Seat
    begins: datetime
    ends: datetime
    own_title: str
    other_title: str
    other_organization: str
    other_person: str
    table: EventTable | None

    @property
    def meeting_id(self) -> int:
        """The talk's number."""
        return self.seat.sitting.meeting_id

    @property
    def version(self) -> int:
        """The version the talk stands at."""
        return self.seat.sitting.version

    @property
    def state(self) -> MeetingState:
        """Whether the talk is proposed, confirmed or over."""
        return self.seat.sitting.state

    @property
    def slot_name(self) -> str:
        """“第 1 场 09:00–09:25”."""
        times = f"{self.begins.astimezone(SHANGHAI):%H:%M}–{self.ends.astimezone(SHANGHAI):%H:%M}"
        return f"第 {self.seat.sitting.slot + 1} 场 {times}"

    @property
    def place(self) -> str:
        """The table as people call it, with its zone."""
        number = f"{self.seat.sitting.table_number} 号桌"
        parts = [self.table.name, self.table.zone] if self.table is not None else []
        return " · ".join([number, *filter(None, parts)])


def talks_of_attendee(ctx: Context, attendee: Attendee) -> list[OwnTalk]:
    """The talks the attendee sits at, in order of time; the actor must be of their organization, or run the event.

    A talk nobody was named for yet is shown to whoever speaks for its posting.
    """
    invitation = ctx.find(Invitation, attendee.invitation_id)
    event = ctx.find(HandshakeEvent, invitation.handshake_event_id)
    house = invitation.organization_id
    seats = list(event_programme(ctx, event, of_organization=house).seats.values())
    people = _people(ctx, [seat.sitting.meeting_id for seat in seats])
    names = _names(ctx, [one for pair in people.values() for one in pair if one is not None])
    tables = tables_of(ctx, event.id)
    topics = {(topic.kind, topic.id) for topic in topics_of(ctx, [attendee.id]).get(attendee.id, ())}
    found = []
    for seat in seats:
        sitting = seat.sitting
        asks = sitting.need_organization_id == house
        own, other = people[sitting.meeting_id] if asks else people[sitting.meeting_id][::-1]
        posting = ("needs", sitting.need_id) if asks else ("achievements", sitting.achievement_id)
        speaks = own == attendee.id or (own is None and (not topics or posting in topics))
        if not speaks:
            continue
        masked = sitting.offer_masked if asks else sitting.need_masked
        shown = seat.offer_organization if asks else seat.need_organization
        found.append(
            OwnTalk(
                seat=seat,
                begins=event.begins(sitting.slot),
                ends=event.ends(sitting.slot),
                own_title=sitting.need_title if asks else sitting.achievement_title,
                other_title=sitting.achievement_title if asks else sitting.need_title,
                other_organization=shown,
                other_person=names.get(other, "") if other is not None and shown != masked else "",
                table=tables.get(sitting.table_number),
            )
        )
    return sorted(found, key=lambda one: (one.begins, one.seat.sitting.table_number))


def _people(ctx: Context, meeting_ids: Sequence[int]) -> dict[int, tuple[int | None, int | None]]:
    rows = ctx.session.execute(
        select(Meeting.id, Meeting.need_attendee_id, Meeting.offer_attendee_id).where(Meeting.id.in_(meeting_ids))
    )
    return {number: (asks, offers) for number, asks, offers in rows}


def _names(ctx: Context, attendee_ids: Sequence[int]) -> dict[int, str]:
    rows = ctx.session.execute(
        select(Attendee.id, Attendee.name, Attendee.position).where(Attendee.id.in_(attendee_ids))
    )
    return {number: f"{name} {position}".strip() for number, name, position in rows}
