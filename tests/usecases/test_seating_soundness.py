"""Whatever an event is like: a seating in force seats nobody, no table and no pair twice, and nobody unwilling."""

from __future__ import annotations

from random import Random

import pytest
from sqlalchemy import select

from models import Attendee, AttendeeState, Invitation, Meeting, MeetingState, WishLevel
from service.context import Context
from service.queries.seating_plans import plan_view
from service.queries.seating_problem import seating_task
from service.usecases.seating_plans import ApplySeating, GenerateSeating, apply_seating
from tests.factories import Fair, add_attendee, add_fair, add_topic, add_wish
from tests.usecases.seated import is_sound, planned, talks

SEEDS = range(8)


def _event(ctx: Context, seed: int) -> Fair:
    """An event with absences, wishes, teams, people who speak for one posting alone, limits."""
    dice = Random(seed)
    fair = add_fair(
        ctx, dice.randint(2, 5), dice.randint(2, 5), density=0.8, seed=seed, slots=dice.randint(2, 5), tables=3
    )
    for attendee, posting in zip((*fair.firms, *fair.scientists), (*fair.needs, *fair.achievements), strict=True):
        attendee.away_slots = [slot for slot in range(fair.event.slots) if dice.random() < 0.2]
        attendee.maximum_talks = dice.choice([None, None, 2])
        if dice.random() < 0.3:
            second = add_attendee(ctx, invitation=_invitation(ctx, attendee), away_slots=[0])
            if dice.random() < 0.5:
                add_topic(ctx, second, posting)
    for match in fair.matches:
        if dice.random() < 0.4:
            firm = next(one for one, need in zip(fair.firms, fair.needs, strict=True) if need.id == match.need_id)
            add_wish(ctx, firm, match, dice.choice([WishLevel.WANTED, WishLevel.WANTED, WishLevel.UNWANTED]))
    ctx.flush()
    return fair


def _invitation(ctx: Context, attendee: Attendee) -> Invitation:
    return ctx.find(Invitation, attendee.invitation_id)


def _check(ctx: Context, fair: Fair) -> None:
    seated = talks(ctx, fair.event)
    people = {one.id: one for one in ctx.session.scalars(select(Attendee))}
    barred = {frozenset((one.one, one.other)) for one in seating_task(ctx, fair.event).barred}
    assert is_sound(seated)
    for talk in seated:
        for number in (talk.need_attendee_id, talk.offer_attendee_id):
            assert number is not None
            assert talk.slot not in people[number].away_slots
            assert people[number].state is AttendeeState.COMING
    assert not barred & set(seating_task(ctx, fair.event).held)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_seating_in_force_and_one_that_follows_it_break_nothing(organizer: Context, seed: int) -> None:
    fair = _event(organizer, seed)
    dice = Random(seed)

    for kind in ("new", "change", "change", "new"):
        plan = planned(organizer, fair.event, GenerateSeating.model_validate({"kind": kind}))
        shown = plan_view(organizer, fair.event, plan).cost
        before = {one.id: (one.slot, one.table_number) for one in talks(organizer, fair.event)}
        changes = apply_seating(organizer, fair.event.id, plan.id, ApplySeating(version=plan.version))

        _check(organizer, fair)
        assert shown is not None
        assert list(shown.changes) == changes
        after = {one.id: (one.slot, one.table_number) for one in talks(organizer, fair.event)}
        cancelled = set(organizer.session.scalars(select(Meeting.id).where(Meeting.state == MeetingState.CANCELLED)))
        changed = {number for number in before if after.get(number) != before[number]}
        assert changed == {one.held.meeting_id for one in changes if one.held is not None}
        assert changed - set(after) <= cancelled
        somebody = dice.choice([*fair.firms, *fair.scientists])
        if dice.random() < 0.5:
            somebody.state = AttendeeState.NOT_COMING
        else:
            somebody.away_slots = [dice.randrange(fair.event.slots)]
        organizer.flush()
