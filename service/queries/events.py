"""Handshake events: their list, one event's programme, and whom and which pairs it could still seat."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, null, or_, select

from models import (
    Achievement,
    AchievementCategory,
    Category,
    HandshakeEvent,
    HandshakeEventState,
    Invitation,
    InvitationState,
    Match,
    MatchState,
    Meeting,
    MeetingState,
    Need,
    NeedCategory,
    Organization,
    OrganizationKind,
    Region,
)
from models.handshake_event import COMING_STATES
from models.match import CHOSEN_STATES
from models.posting import OPEN_STATES
from service import visibility
from service.context import SHANGHAI, Context
from service.errors import NotFound
from service.queries.conflicts import ties
from service.queries.listing import Column, Filter, Listing, choices, demo_filter, equals, equals_number
from service.queries.matches import ASKER, OFFERER, PAIR_IS_DEMO
from service.queries.meetings import when
from service.queries.naming import known_names, public_title
from service.queries.narrowing import by_region, by_year
from service.queries.seating import STAYS_AWAY, FreeSeat, Sitting, room_of, sittings
from service.queries.taxonomy import filed_under, nodes

_MARKS = re.compile(r"[\s，。、；：！？“”‘’《》（）()\[\]【】/\\,.;:!?\"'—…·-]+")


def _invited(*states: InvitationState) -> Column:
    """How many organizations were asked to the event, or answered in one of ``states``."""
    asked = select(func.count(Invitation.id)).where(Invitation.handshake_event_id == HandshakeEvent.id)
    counted = asked.where(Invitation.state.in_(states)) if states else asked
    key, label = ("accepted", "接受") if states else ("invited", "邀请")
    return _counted(key, label, counted, visibility.invitations)


def _seated() -> Column:
    """How many talks the event has that were not cancelled."""
    talks = select(func.count(Meeting.id)).where(
        Meeting.handshake_event_id == HandshakeEvent.id, Meeting.state != MeetingState.CANCELLED
    )
    return _counted("meetings", "洽谈", talks, visibility.meetings)


def _counted(key: str, label: str, query: Select[int], visible: Callable[[Context], ColumnElement[bool]]) -> Column:
    """A count of what the actor may know of, at the events the actor follows; nobody else is told how many."""

    def told(ctx: Context) -> ColumnElement[int | None]:
        counted = query.where(visible(ctx)).correlate(HandshakeEvent).scalar_subquery()
        return case((visibility.follows_event(ctx), counted), else_=null())

    return Column(key, label, query.correlate(HandshakeEvent).scalar_subquery(), align="right", told=told)


EVENTS = Listing(
    key="events",
    label="握手活动",
    path="/events",
    source=HandshakeEvent.__table__.outerjoin(Region.__table__, Region.code == HandshakeEvent.region_code)
    .outerjoin(Category.__table__, Category.id == HandshakeEvent.point_id)
    .join(Organization.__table__, Organization.id == HandshakeEvent.organizer_id),
    columns=(
        Column("id", "编号", HandshakeEvent.id, align="right"),
        Column("title", "活动名称", HandshakeEvent.title),
        Column("point", "点位", Category.name),
        Column("region", "地区", Region.name),
        Column("starts_at", "开始时间", HandshakeEvent.starts_at, show=when),
        Column("venue", "地点", HandshakeEvent.venue),
        Column("organizer", "主办单位", Organization.name),
        Column("state", "状态", HandshakeEvent.state),
        _invited(),
        _invited(*COMING_STATES),
        _seated(),
        Column("is_demo", "示例", HandshakeEvent.is_demo, sortable=False),
    ),
    visible=visibility.events,
    search=(HandshakeEvent.title, HandshakeEvent.theme, HandshakeEvent.venue, Organization.name),
    filters=(
        Filter("state", "状态", equals(HandshakeEvent.state, HandshakeEventState), choices(HandshakeEventState)),
        by_year(HandshakeEvent.starts_at),
        by_region(HandshakeEvent.region_code),
        Filter("point", "点位", equals_number(HandshakeEvent.point_id), lambda ctx: nodes(ctx, "point")),
        demo_filter(HandshakeEvent.is_demo),
    ),
    order="-starts_at",
    unit="次",
)


@dataclass(frozen=True)
class EventDetail:
    """One event with the names its page shows."""

    event: HandshakeEvent
    organizer: str
    region: str
    point: str | None


def event_detail(ctx: Context, event_id: int) -> EventDetail:
    """The event. Raises NotFound when there is none the actor may know of."""
    row = ctx.session.execute(
        select(HandshakeEvent, Organization.name, Region.name, Category.name)
        .join(Organization, Organization.id == HandshakeEvent.organizer_id)
        .outerjoin(Region, Region.code == HandshakeEvent.region_code)
        .outerjoin(Category, Category.id == HandshakeEvent.point_id)
        .where(HandshakeEvent.id == event_id, visibility.events(ctx))
    ).first()
    if row is None:
        raise NotFound(f"没有编号为 {event_id} 的握手活动，或您无权查看。")
    event, organizer, region, point = row
    return EventDetail(event, organizer, region or "", point)


@dataclass(frozen=True)
class Seat:
    """One talk in the programme, under the names the actor may read."""

    sitting: Sitting
    need_organization: str
    offer_organization: str
    begins: datetime

    @property
    def absent(self) -> str | None:
        """The side that will not come; None when both are still expected."""
        if self.sitting.need_answer in STAYS_AWAY:
            return self.need_organization
        return self.offer_organization if self.sitting.offer_answer in STAYS_AWAY else None


@dataclass(frozen=True)
class Programme:
    """Slots × tables of an event: who is where. ``seats`` holds the talks the actor may know of by (slot, table)."""

    event: HandshakeEvent
    seats: Mapping[tuple[int, int], Seat]

    @property
    def times(self) -> list[str]:
        """Each slot's number and beginning, as a table's row names it: “第 1 场 09:00”."""
        return [name for _, name in seat_choices(self.event)]

    @property
    def tables(self) -> list[int]:
        """The table numbers from the first to the last one used, so that empty ones at the end are left out."""
        last = max((table for _, table in self.seats), default=0)
        return list(range(1, min(max(last, 3), self.event.tables) + 1))

    @property
    def unused_tables(self) -> int:
        """How many tables after the last one shown are empty throughout."""
        return self.event.tables - len(self.tables)

    @property
    def troubled(self) -> list[Seat]:
        """Talks one side of which will not come."""
        return [seat for seat in self.seats.values() if seat.absent and seat.sitting.outcome is None]

    @property
    def unrecorded(self) -> list[Seat]:
        """Confirmed talks that have no outcome yet."""
        return [seat for seat in self.seats.values() if seat.sitting.state is MeetingState.CONFIRMED]

    @property
    def ends(self) -> str:
        """When the last slot is over, such as 11:55."""
        return f"{self.event.ends_at.astimezone(SHANGHAI):%H:%M}"

    def time(self, slot: int) -> str:
        """When a slot begins, such as 09:30."""
        return f"{self.event.begins(slot).astimezone(SHANGHAI):%H:%M}"

    def at(self, slot: int, table_number: int) -> Seat | None:
        """The talk at that slot and table."""
        return self.seats.get((slot, table_number))


def event_programme(ctx: Context, event: HandshakeEvent, *, of_organization: int | None = None) -> Programme:
    """The event's programme as the actor may know it; only one organization's talks if that is given."""
    known = set(
        ctx.session.scalars(select(Meeting.id).where(Meeting.handshake_event_id == event.id, visibility.meetings(ctx)))
    )
    seated = [
        one
        for one in sittings(ctx, event.id)
        if one.meeting_id in known and of_organization in (None, *one.organizations)
    ]
    names = known_names(ctx, {organization for one in seated for organization in one.organizations})
    return Programme(
        event,
        {
            (one.slot, one.table_number): Seat(
                one,
                names.get(one.need_organization_id, one.need_masked or one.need_organization),
                names.get(one.offer_organization_id, one.offer_masked or one.offer_organization),
                event.begins(one.slot),
            )
            for one in seated
        },
    )


@dataclass(frozen=True)
class Candidate:
    """A chosen pair that the event could still seat, and the first seats both sides have free.

    ``uninvited`` and ``away`` name the organizations not yet asked and those that will not come.
    """

    match_id: int
    score: int
    state: MatchState
    need_title: str
    need_organization_id: int
    need_organization: str
    need_kind: OrganizationKind
    achievement_title: str
    offer_organization_id: int
    offer_organization: str
    offer_kind: OrganizationKind
    seats: Sequence[FreeSeat]
    uninvited: Sequence[str]
    away: Sequence[str]


def unseated_pairs(ctx: Context, event: HandshakeEvent, *, fitting: bool = True, limit: int = 30) -> list[Candidate]:
    """Chosen open pairs without a talk at the event, mutual ones first; ``fitting`` keeps to its 点位 and theme.

    示例 pairs go to 示例 events alone, real ones to real events.
    """
    room = room_of(ctx, event)
    found = []
    for row in _free_of_conflict(ctx, _chosen(ctx, event, fitting=fitting).limit(limit)):
        names = {
            row.need_organization_id: row.need_organization,
            row.offer_organization_id: row.offer_organization,
        }
        found.append(
            Candidate(
                **row._mapping,
                seats=room.free_for((row.need_organization_id, row.offer_organization_id)),
                uninvited=[name for one, name in names.items() if one not in room.answers],
                away=[name for one, name in names.items() if room.answers.get(one) in STAYS_AWAY],
            )
        )
    return found


@dataclass(frozen=True)
class Invitee:
    """An organization worth asking: how many chosen pairs it has that fit the event, and how many are mutual."""

    organization_id: int
    name: str
    kind: OrganizationKind
    pairs: int
    mutual: int


def suggested_invitees(ctx: Context, event: HandshakeEvent, *, fitting: bool = True, limit: int = 50) -> list[Invitee]:
    """Organizations not yet asked that have chosen pairs for the event, most pairs first, ties by name."""
    asked = set(
        ctx.session.scalars(select(Invitation.organization_id).where(Invitation.handshake_event_id == event.id))
    )
    found: dict[int, Invitee] = {}
    for row in _free_of_conflict(ctx, _chosen(ctx, event, fitting=fitting).limit(1000)):
        mutual = int(row.state is MatchState.MUTUAL)
        for number, name, kind in (
            (row.need_organization_id, row.need_organization, row.need_kind),
            (row.offer_organization_id, row.offer_organization, row.offer_kind),
        ):
            if number not in asked:
                so_far = found.get(number, Invitee(number, name, kind, 0, 0))
                found[number] = Invitee(number, name, kind, so_far.pairs + 1, so_far.mutual + mutual)
    return sorted(found.values(), key=lambda one: (-one.pairs, -one.mutual, one.name))[:limit]


def _free_of_conflict(ctx: Context, query: Any) -> list[Row[Any]]:
    """The chosen pairs whose sides may meet today; a tie or an entry may have been recorded since they were chosen."""
    apart = ties(ctx)

    def may_meet(row: Row[Any]) -> bool:
        return apart.between(row.need_organization_id, row.offer_organization_id) is None

    return [row for row in ctx.session.execute(query) if may_meet(row)]


def _chosen(ctx: Context, event: HandshakeEvent, *, fitting: bool) -> Any:
    """Chosen open pairs the actor may know of that are not yet seated at the event."""
    seated = select(Meeting.match_id).where(
        Meeting.handshake_event_id == event.id, Meeting.state != MeetingState.CANCELLED
    )
    fits = fits_event(event) if fitting else None
    return (
        select(
            Match.id.label("match_id"),
            Match.score,
            Match.state,
            public_title(Need).label("need_title"),
            ASKER.id.label("need_organization_id"),
            ASKER.name.label("need_organization"),
            ASKER.kind.label("need_kind"),
            public_title(Achievement).label("achievement_title"),
            OFFERER.id.label("offer_organization_id"),
            OFFERER.name.label("offer_organization"),
            OFFERER.kind.label("offer_kind"),
        )
        .join(Need, Need.id == Match.need_id)
        .join(Achievement, Achievement.id == Match.achievement_id)
        .join(ASKER, ASKER.id == Need.organization_id)
        .join(OFFERER, OFFERER.id == Achievement.organization_id)
        .where(
            visibility.matches(ctx),
            Match.state.in_(CHOSEN_STATES),
            Need.state.in_(OPEN_STATES),
            Achievement.state.in_(OPEN_STATES),
            Need.organization_id != Achievement.organization_id,
            PAIR_IS_DEMO.is_(event.is_demo),
            Match.id.not_in(seated),
            *((fits,) if fits is not None else ()),
        )
        .order_by((Match.state == MatchState.MUTUAL).desc(), Match.score.desc(), Match.id)
    )


def fits_event(event: HandshakeEvent) -> ColumnElement[bool] | None:
    """Pairs filed under the event's 点位, or that name a word of its theme; None when it has neither."""
    choices: list[ColumnElement[bool]] = []
    if event.point_id is not None:
        choices.append(filed_under(NeedCategory, Match.need_id, event.point_id))
        choices.append(filed_under(AchievementCategory, Match.achievement_id, event.point_id))
    words = [word for word in _MARKS.split(event.theme) if 2 <= len(word) <= 8][:8]
    choices.extend(
        column.icontains(word, autoescape=True)
        for word in words
        for column in (Need.title, Achievement.title, Match.reason)
    )
    return or_(*choices) if choices else None


def seat_choices(event: HandshakeEvent) -> list[tuple[str, str]]:
    """The event's slots as the options of a form: (number from 0, “第 1 场 09:00”)."""
    return [
        (str(slot), f"第 {slot + 1} 场 {event.begins(slot).astimezone(SHANGHAI):%H:%M}") for slot in range(event.slots)
    ]
