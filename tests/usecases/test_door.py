"""The door: whatever phones note, in whatever order it comes, everybody is counted once and nothing is lost."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from models import (
    Attendee,
    AttendeeState,
    DoorMark,
    DoorMarkKind,
    HandshakeEvent,
    HandshakeEventState,
    Invitation,
    InvitationState,
    OrganizationKind,
    StateChange,
)
from service.context import Context
from service.errors import Conflict, Forbidden, Invalid
from service.queries.door import door_of
from service.usecases.door import DoorNote, DoorNotes, NoteNow, Standing, note_arrival, note_arrivals, standing
from service.usecases.walk_ins import AdmitWalkIn, admit_walk_in, prepare_door
from tests.factories import NOW, add_attendee, add_event, add_invitation, add_need, add_organization

A, K = AttendeeState, DoorMarkKind
I = InvitationState  # noqa: E741 - read as a heading below
S = HandshakeEventState
BEGINS = NOW - timedelta(minutes=30)


def _today(ctx: Context, **columns: object) -> HandshakeEvent:
    return add_event(ctx, state=S.SCHEDULED, starts_at=BEGINS, **columns)


def _guest(ctx: Context, event: HandshakeEvent, badge: str, state: AttendeeState = A.COMING) -> Attendee:
    invitation = add_invitation(ctx, event=event, state=I.ACCEPTED)
    return add_attendee(ctx, invitation=invitation, badge=badge, state=state)


def _note(badge: str, minutes: int, kind: DoorMarkKind = K.ARRIVED, key: str = "") -> DoorNote:
    return DoorNote(
        id=key or f"phone-{badge}-{minutes}-{kind}", badge=badge, kind=kind, at=BEGINS + timedelta(minutes=minutes)
    )


def _stands(attendee: Attendee) -> tuple[AttendeeState, datetime | None]:
    return attendee.state, attendee.arrived_at


def test_two_phones_that_saw_one_person_count_them_once_from_when_they_were_first_seen(organizer: Context) -> None:
    event = _today(organizer)
    guest = _guest(organizer, event, "H7K2MQ")

    note_arrivals(organizer, event.id, DoorNotes(notes=[_note("H7K2MQ", 9)]))
    noted = note_arrivals(organizer, event.id, DoorNotes(notes=[_note("h7k2mq", 4), _note("H7K2MQ", 12)]))

    assert _stands(guest) == (A.ARRIVED, BEGINS + timedelta(minutes=4))
    assert [one.attendee for one in noted] == [guest, guest]
    invitation = organizer.find(Invitation, guest.invitation_id)
    assert (invitation.state, invitation.checked_in_at) == (I.CHECKED_IN, BEGINS + timedelta(minutes=4))
    moves = select(StateChange).where(StateChange.record_type == "Attendee", StateChange.record_id == guest.id)
    assert len(organizer.session.scalars(moves).all()) == 1


def test_a_batch_sent_twice_changes_nothing_the_second_time(organizer: Context) -> None:
    event = _today(organizer)
    guest = _guest(organizer, event, "H7K2MQ")
    batch = DoorNotes(notes=[_note("H7K2MQ", 4)])
    note_arrivals(organizer, event.id, batch)
    version = guest.version

    again = note_arrivals(organizer, event.id, batch)

    assert (again[0].attendee, guest.version) == (guest, version)
    assert organizer.session.scalar(select(func.count(DoorMark.id))) == 1


def test_what_was_taken_back_later_stays_taken_back_though_the_arrival_comes_last(organizer: Context) -> None:
    event = _today(organizer)
    guest = _guest(organizer, event, "H7K2MQ")
    note_arrivals(organizer, event.id, DoorNotes(notes=[_note("H7K2MQ", 8)]))
    note_arrivals(organizer, event.id, DoorNotes(notes=[_note("H7K2MQ", 10, K.UNDONE)]))

    note_arrivals(organizer, event.id, DoorNotes(notes=[_note("H7K2MQ", 5)]))

    assert _stands(guest) == (A.COMING, None)
    assert organizer.find(Invitation, guest.invitation_id).state is I.ACCEPTED

    note_arrivals(organizer, event.id, DoorNotes(notes=[_note("H7K2MQ", 11)]))
    assert _stands(guest) == (A.ARRIVED, BEGINS + timedelta(minutes=11))


def test_an_unknown_badge_is_said_and_kept_and_stops_nobody_else(organizer: Context) -> None:
    event = _today(organizer)
    guest = _guest(organizer, event, "H7K2MQ")

    noted = note_arrivals(organizer, event.id, DoorNotes(notes=[_note("ZZZZZZ", 3), _note("H7K2MQ", 4)]))

    assert [one.attendee for one in noted] == [None, guest]
    assert guest.state is A.ARRIVED
    assert door_of(organizer, event).unknown == ["ZZZZZZ"]


def test_a_badge_of_another_event_is_unknown_here(organizer: Context) -> None:
    event, other = _today(organizer), _today(organizer)
    guest = _guest(organizer, other, "H7K2MQ")

    noted = note_arrivals(organizer, event.id, DoorNotes(notes=[_note("H7K2MQ", 3)]))

    assert (noted[0].attendee, guest.state) == (None, A.COMING)


def test_a_clock_that_cannot_be_right_is_replaced_by_ours(organizer: Context) -> None:
    event = _today(organizer)
    early, late = _guest(organizer, event, "EARLY2"), _guest(organizer, event, "LATE22")

    note_arrivals(organizer, event.id, DoorNotes(notes=[_note("EARLY2", -60 * 24 * 400), _note("LATE22", 60 * 24)]))

    assert (early.arrived_at, late.arrived_at) == (NOW, NOW)


def test_who_was_checked_in_from_another_page_keeps_that_time(organizer: Context) -> None:
    event = _today(organizer)
    guest = _guest(organizer, event, "H7K2MQ", A.ARRIVED)
    guest.arrived_at = BEGINS + timedelta(minutes=1)

    note_arrivals(organizer, event.id, DoorNotes(notes=[_note("H7K2MQ", 9)]))

    assert _stands(guest) == (A.ARRIVED, BEGINS + timedelta(minutes=1))


def test_the_absent_are_those_nobody_saw_and_may_still_come(organizer: Context) -> None:
    event = _today(organizer)
    guest = _guest(organizer, event, "H7K2MQ")

    note_arrival(organizer, event.id, NoteNow(badge="H7K2MQ", kind=K.ABSENT))
    assert guest.state is A.ABSENT
    assert organizer.find(Invitation, guest.invitation_id).state is I.NO_SHOW

    note_arrivals(organizer, event.id, DoorNotes(notes=[_note("H7K2MQ", 5)]))  # seen by a phone without a network
    assert _stands(guest) == (A.ARRIVED, BEGINS + timedelta(minutes=5))

    note_arrival(organizer, event.id, NoteNow(badge="H7K2MQ", kind=K.ABSENT))  # went home again
    assert _stands(guest) == (A.ABSENT, None)

    note_arrival(organizer, event.id, NoteNow(badge="H7K2MQ", kind=K.UNDONE))
    assert guest.state is A.COMING


@pytest.mark.parametrize(
    ("state", "begins", "said"),
    [
        (S.OPEN, BEGINS, "排定后才能签到"),
        (S.CANCELLED, BEGINS, "排定后才能签到"),
        (S.SCHEDULED, NOW + timedelta(days=1), "当天才能签到"),
    ],
)
def test_the_door_opens_on_the_day_of_a_settled_event(
    organizer: Context, state: HandshakeEventState, begins: datetime, said: str
) -> None:
    event = add_event(organizer, state=state, starts_at=begins)
    _guest(organizer, event, "H7K2MQ")

    with pytest.raises(Conflict, match=said):
        note_arrivals(organizer, event.id, DoorNotes(notes=[_note("H7K2MQ", 5)]))


def test_nobody_is_absent_before_the_event_begins(organizer: Context) -> None:
    event = add_event(organizer, state=S.SCHEDULED, starts_at=NOW + timedelta(minutes=20))
    _guest(organizer, event, "H7K2MQ")

    with pytest.raises(Conflict, match="还不能标记缺席"):
        note_arrival(organizer, event.id, NoteNow(badge="H7K2MQ", kind=K.ABSENT))


def test_only_the_organizers_keep_the_door(organizer: Context, enterprise: Context) -> None:
    event = _today(organizer)

    with pytest.raises(Forbidden):
        note_arrivals(enterprise, event.id, DoorNotes(notes=[_note("H7K2MQ", 5)]))


def test_guests_are_found_by_sound_organization_and_badge(organizer: Context) -> None:
    event = _today(organizer)
    house = add_organization(organizer, name="北疆制氢装备有限公司")
    invitation = add_invitation(organizer, event=event, organization=house, state=I.ACCEPTED)
    add_attendee(organizer, invitation=invitation, name="张丽华", badge="H7K2MQ")

    found = door_of(organizer, event).guests[0].found_by

    assert all(words in found for words in ("张丽华", "zhanglihua", "zlh", "bjzqzb", "制氢", "h7k2mq"))


# the property: the order and number of deliveries do not matter

_NOTES = st.lists(
    st.tuples(st.sampled_from(["AAAAAA", "BBBBBB", "NOBODY"]), st.sampled_from(list(K)), st.integers(0, 25)),
    min_size=1,
    max_size=12,
    unique=True,
)


@given(_NOTES, st.integers(0, 2**32))
def test_how_somebody_stands_depends_on_the_notes_and_not_on_their_order(
    notes: list[tuple[str, DoorMarkKind, int]], seed: int
) -> None:
    marks = [(kind, BEGINS + timedelta(minutes=minute)) for _, kind, minute in notes]
    shuffled = marks * 2
    random.Random(seed).shuffle(shuffled)

    result = standing(marks)

    assert standing(shuffled) == result
    assert result is not None
    undone = max((at for kind, at in marks if kind is K.UNDONE), default=None)
    seen = [at for kind, at in marks if kind is K.ARRIVED and (undone is None or at > undone)]
    assert (result.state is A.ARRIVED) == bool(seen)
    assert result.arrived_at == (min(seen) if seen else None)
    assert standing([]) is None
    assert standing([(K.ABSENT, BEGINS)]) == Standing(A.ABSENT)


def _batches(
    notes: list[tuple[str, DoorMarkKind, int]], dice: random.Random, phones: int = 3
) -> list[list[tuple[str, DoorMarkKind, int]]]:
    """The notes as they may arrive: spread over phones, cut into batches, some sent again, all in any order."""
    made = []
    for phone in range(phones):
        own = [note for index, note in enumerate(notes) if index % phones == phone]
        dice.shuffle(own)
        while own:
            size = dice.randint(1, 3)
            made.append(own[:size])
            own = own[size:]
    made += [dice.choice(made) for _ in range(dice.randint(0, 3))]
    dice.shuffle(made)
    return made


@pytest.mark.parametrize("seed", range(12))
def test_any_interleaving_of_batches_from_several_phones_leaves_the_same_people_there(
    organizer: Context, seed: int
) -> None:
    dice = random.Random(seed)
    notes = list(
        dict.fromkeys(
            (dice.choice(["AAAAAA", "BBBBBB", "CCCCCC", "NOBODY"]), dice.choice([K.ARRIVED, *K]), dice.randint(0, 25))
            for _ in range(14)
        )
    )
    ends = []
    for delivery in range(3):
        event = _today(organizer)
        starts = (A.ASKED, A.COMING, A.NOT_COMING)
        guests = [
            _guest(organizer, event, badge, state)
            for badge, state in zip(("AAAAAA", "BBBBBB", "CCCCCC"), starts, strict=True)
        ]
        for batch in _batches(notes, random.Random(seed * 100 + delivery)):
            note_arrivals(organizer, event.id, DoorNotes(notes=[_note(badge, at, kind) for badge, kind, at in batch]))
        marks = select(func.count(DoorMark.id)).where(DoorMark.handshake_event_id == event.id)
        here = [organizer.find(Invitation, one.invitation_id).checked_in_at for one in guests]
        ends.append(([_stands(one) for one in guests], organizer.session.scalar(marks), here))

    assert ends[0] == ends[1] == ends[2]
    assert ends[0][1] == len(notes)


# walk-ins


def test_a_walk_in_of_an_organization_nobody_asked_is_counted_and_may_be_seated(organizer: Context) -> None:
    event = _today(organizer)
    need = add_need(organizer)

    person = admit_walk_in(
        organizer,
        event.id,
        AdmitWalkIn(name="示例来客", organization_id=need.organization_id, need_ids=[need.id], phone="13800000000"),
    )

    assert (person.state, person.is_walk_in, person.arrived_at) == (A.ARRIVED, True, NOW)
    invitation = organizer.find(Invitation, person.invitation_id)
    assert (invitation.state, invitation.seats, invitation.attendee) == (I.CHECKED_IN, 1, "示例来客")
    assert [one.id for one in door_of(organizer, event).floor.idle] == [person.id]


def test_a_walk_in_takes_the_place_kept_for_somebody_unnamed(organizer: Context) -> None:
    event = _today(organizer)
    invitation = add_invitation(organizer, event=event, state=I.SENT)
    place = add_attendee(organizer, invitation=invitation, name="", state=A.ASKED, badge="H7K2MQ")

    person = admit_walk_in(
        organizer, event.id, AdmitWalkIn(name="示例来客", organization_id=invitation.organization_id)
    )

    assert (person.id, person.name, person.is_walk_in) == (place.id, "示例来客", False)
    assert (invitation.state, invitation.seats) == (I.CHECKED_IN, 1)


def test_a_walk_in_needs_an_organization_of_the_list(organizer: Context) -> None:
    event = _today(organizer)

    for number in (None, 10**9):
        with pytest.raises(Invalid) as refused:
            admit_walk_in(organizer, event.id, AdmitWalkIn(name="示例来客", organization_id=number))
        assert refused.value.fields == {"organization_id": "请从列表中选择单位"}


def test_organizations_that_name_nobody_are_given_a_place_to_be_checked_in_at(organizer: Context) -> None:
    event = _today(organizer)
    house = add_organization(organizer, kind=OrganizationKind.ENTERPRISE)
    add_invitation(organizer, event=event, organization=house, state=I.ACCEPTED, attendee="示例代表")
    assert door_of(organizer, event).unpeopled == 1

    made = prepare_door(organizer, event.id)

    door = door_of(organizer, event)
    assert (made, door.unpeopled, [one.person.name for one in door.guests]) == (1, 0, ["示例代表"])
    assert len(door.guests[0].person.badge) == 6
