"""Seating an event: what is put to the solver, putting a seating into force, changing it, and telling people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from models import (
    Attendee,
    AttendeeState,
    EventTable,
    HandshakeEventState,
    Invitation,
    LetterKind,
    Match,
    MatchState,
    Meeting,
    MeetingState,
    Need,
    OrganizationTie,
    SeatingStatus,
    TieKind,
    WishLevel,
)
from service.context import Context
from service.errors import Conflict, Forbidden, Illegal
from service.queries.seating_plans import plan_view
from service.queries.seating_problem import Basis, seating_task
from service.usecases.meetings import ChangeMeeting, lock_meeting
from service.usecases.seating_plans import (
    ApplySeating,
    GenerateSeating,
    apply_seating,
    request_seating,
)
from tests.factories import (
    NOW,
    Fair,
    add_achievement,
    add_attendee,
    add_fair,
    add_match,
    add_need,
    add_topic,
    add_wish,
)
from tests.usecases.seated import CHANGE, NEW, is_sound, letters, planned, seat, talks


def test_apply_seating_writes_the_talks_of_a_proven_optimum(organizer: Context) -> None:
    fair = add_fair(organizer, 3, 3)

    plan = planned(organizer, fair.event)
    apply_seating(organizer, fair.event.id, plan.id, ApplySeating(version=plan.version))

    seated = talks(organizer, fair.event)
    assert plan.status is SeatingStatus.OPTIMAL
    assert plan.utility == plan.bound == sum(one.score for one in fair.matches)
    assert len(seated) == 9
    assert is_sound(seated)
    assert {one.state for one in seated} == {MeetingState.PROPOSED}
    assert plan.applied_at == NOW


def test_apply_seating_chooses_suggested_pairs_it_seats(organizer: Context) -> None:
    fair = add_fair(organizer, 1, 1, match_state=MatchState.SUGGESTED)

    seat(organizer, fair.event)

    assert fair.matches[0].state is MatchState.SHORTLISTED


def test_who_needs_equipment_is_seated_where_it_stands(organizer: Context) -> None:
    fair = add_fair(organizer, 2, 2)
    fair.scientists[0].equipment = ["投影", "热成像仪"]
    fair.firms[1].equipment = ["远程接入"]
    for number, equipment, link in ((2, ["投影"], "https://meet.example.cn/1"), (3, [], "https://meet.example.cn/2")):
        table = EventTable(
            handshake_event_id=fair.event.id, number=number, equipment=equipment, closed_slots=[], remote_link=link
        )
        organizer.add(table)

    task = seating_task(organizer, fair.event)
    seat(organizer, fair.event)

    at = {(one.need_attendee_id, one.offer_attendee_id): one.table_number for one in talks(organizer, fair.event)}
    shown = fair.scientists[0].id
    assert len(at) == 4
    assert {number for (_, scientist), number in at.items() if scientist == shown} == {2}
    assert {number for (firm, _), number in at.items() if firm == fair.firms[1].id} <= {2, 3}
    assert ["热成像仪" in one for one in task.missing] == [True]


def test_suggested_pairs_below_the_threshold_are_not_seated_unless_somebody_wants_to_meet(organizer: Context) -> None:
    fair = add_fair(organizer, 1, 2, match_state=MatchState.SUGGESTED)
    for match in fair.matches:
        match.score = 2000
    add_wish(organizer, fair.firms[0], fair.matches[1])

    task = seating_task(organizer, fair.event, Basis(threshold=3000))

    assert [chance.match_id for chance in task.chances.values()] == [fair.matches[1].id]


def test_utility_is_the_score_and_each_sides_wish_as_the_event_weighs_them(organizer: Context) -> None:
    fair = add_fair(organizer, 1, 1, score_weight=100, wanted_weight=40)
    fair.matches[0].score = 6120
    add_wish(organizer, fair.firms[0], fair.matches[0])
    add_wish(organizer, fair.scientists[0], fair.matches[0])

    (chance,) = seating_task(organizer, fair.event).chances.values()

    assert chance.utility == 14120
    assert chance.sum_in_words == "匹配 61.2 + 想见 40 + 想见 40 = 141.2"


def test_two_who_share_several_matches_meet_once_over_the_best(organizer: Context) -> None:
    fair = add_fair(organizer, 1, 1)
    better = add_match(
        organizer,
        need=add_need(organizer, organization_id=fair.needs[0].organization_id),
        achievement=fair.achievements[0],
        state=MatchState.SHORTLISTED,
        score=9900,
    )

    seated = seat(organizer, fair.event)

    (chance,) = seating_task(organizer, fair.event).chances.values()
    assert [one.match_id for one in seated] == [better.id]
    assert chance.also == (fair.matches[0].id,)


def test_a_side_that_would_not_meet_is_never_seated_with_the_other(organizer: Context) -> None:
    fair = add_fair(organizer, 1, 2)
    add_wish(organizer, fair.scientists[0], fair.matches[0], WishLevel.UNWANTED)

    seated = seat(organizer, fair.event)

    assert [one.match_id for one in seated] == [fair.matches[1].id]


def test_organizations_that_are_tied_are_never_seated_together(organizer: Context) -> None:
    fair = add_fair(organizer, 1, 2)
    tie = OrganizationTie(
        organization_id=fair.needs[0].organization_id,
        other_id=fair.achievements[0].organization_id,
        kind=TieKind.AFFILIATED,
    )
    organizer.add(tie)

    seated = seat(organizer, fair.event)

    assert [one.match_id for one in seated] == [fair.matches[1].id]


def test_people_are_seated_only_when_they_are_there_and_at_open_tables(organizer: Context) -> None:
    fair = add_fair(organizer, 2, 2, slots=3, tables=2)
    fair.firms[0].away_slots = [0, 1]
    organizer.add(EventTable(handshake_event_id=fair.event.id, number=1, equipment=[], closed_slots=[2]))

    seated = seat(organizer, fair.event)

    mine = [one for one in seated if one.need_attendee_id == fair.firms[0].id]
    assert [(one.slot, one.table_number) for one in mine] == [(2, 2)]


def test_who_speaks_for_a_posting_sits_at_its_talk_and_the_team_shares_the_rest(organizer: Context) -> None:
    fair = add_fair(organizer, 2, 1, slots=2, tables=2)
    expert = add_attendee(organizer, invitation=_invitation(organizer, fair.scientists[0]))
    special = add_achievement(organizer, organization_id=fair.achievements[0].organization_id)
    add_topic(organizer, expert, special)
    theirs = add_match(organizer, need=fair.needs[0], achievement=special, state=MatchState.SHORTLISTED)

    seated = seat(organizer, fair.event)

    assert {one.match_id: one.offer_attendee_id for one in seated} == {
        theirs.id: expert.id,
        fair.matches[0].id: fair.scientists[0].id,
        fair.matches[1].id: fair.scientists[0].id,
    }


def test_a_team_of_two_talks_at_two_tables_at_once_while_both_are_there(organizer: Context) -> None:
    fair = add_fair(organizer, 3, 1, slots=2, tables=3)
    add_attendee(organizer, invitation=_invitation(organizer, fair.scientists[0]), away_slots=[1])

    seated = seat(organizer, fair.event)

    assert sorted(one.slot for one in seated) == [0, 0, 1]
    assert is_sound(seated)


def _invitation(ctx: Context, attendee: Attendee) -> Invitation:
    return ctx.find(Invitation, attendee.invitation_id)


def test_those_who_have_not_answered_are_seated_only_if_asked_for(organizer: Context) -> None:
    fair = add_fair(organizer, 1, 1)
    fair.firms[0].state = AttendeeState.ASKED

    assert seating_task(organizer, fair.event, Basis(count_unanswered=True)).chances
    assert not seating_task(organizer, fair.event, Basis(count_unanswered=False)).chances


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lambda fair: setattr(fair.firms[0], "away_slots", [0]), "人员、时间或场数"),
        (lambda fair: setattr(fair.firms[0], "state", AttendeeState.NOT_COMING), "人员、时间或场数"),
        (lambda fair: setattr(fair.matches[0], "score", 9999), "配对或意愿"),
        (lambda fair: setattr(fair.event, "tables", 9), "桌子"),
        (lambda fair: setattr(fair.event, "wanted_weight", 7), "权重"),
    ],
)
def test_apply_seating_refuses_a_stale_one_and_says_what_changed(
    organizer: Context, spoil: Callable[[Fair], None], named: str
) -> None:
    fair = add_fair(organizer, 2, 2)
    plan = planned(organizer, fair.event)
    spoil(fair)
    organizer.flush()

    with pytest.raises(Conflict, match=named):
        apply_seating(organizer, fair.event.id, plan.id, ApplySeating(version=plan.version))

    assert not talks(organizer, fair.event)


def test_apply_seating_refuses_to_apply_twice_or_what_could_not_be_seated(organizer: Context) -> None:
    fair = add_fair(organizer, 1, 1)
    plan = planned(organizer, fair.event)
    apply_seating(organizer, fair.event.id, plan.id, ApplySeating(version=plan.version))
    impossible = planned(organizer, fair.event, GenerateSeating(minimum_talks=2))

    assert impossible.status is SeatingStatus.INFEASIBLE
    for one in (plan, impossible):
        with pytest.raises(Illegal):
            apply_seating(organizer, fair.event.id, one.id, ApplySeating(version=one.version))


def test_everybody_who_is_seated_gets_one_letter_with_their_seats(organizer: Context) -> None:
    fair = add_fair(organizer, 2, 1)

    seat(organizer, fair.event)

    written = letters(organizer)
    assert sorted(one.attendee_id for one in written) == sorted(one.id for one in (*fair.firms, *fair.scientists))
    assert {one.kind for one in written} == {LetterKind.PROGRAMME}
    assert written[0].text.count("号桌") == 1
    assert written[-1].text.count("号桌") == 2


def test_a_masked_firm_is_named_to_the_other_side_as_it_wishes(organizer: Context) -> None:
    fair = add_fair(organizer, 1, 1)
    fair.needs[0].masked_name = "某煤化工企业"

    seat(organizer, fair.event)

    to_scientist = next(one for one in letters(organizer) if one.attendee_id == fair.scientists[0].id)
    assert "某煤化工企业" in to_scientist.text


def test_reseating_after_a_cancellation_changes_the_fewest_talks_and_tells_those_alone(organizer: Context) -> None:
    fair = add_fair(organizer, 4, 4, slots=3, tables=3, seed=5)
    before = {one.id: (one.slot, one.table_number) for one in seat(organizer, fair.event)}
    lost = [one for one in talks(organizer, fair.event) if one.offer_attendee_id == fair.scientists[1].id]
    told = len(letters(organizer))
    fair.scientists[1].state = AttendeeState.NOT_COMING

    seat(organizer, fair.event, CHANGE)

    after = {one.id: (one.slot, one.table_number) for one in talks(organizer, fair.event)}
    kept = {number: seat for number, seat in before.items() if number not in {one.id for one in lost}}
    assert {number: after[number] for number in kept} == kept
    new = [one for one in talks(organizer, fair.event) if one.id not in before]
    concerned = {one.need_attendee_id for one in (*lost, *new)} | {one.offer_attendee_id for one in (*lost, *new)}
    assert {one.attendee_id for one in letters(organizer)[told:]} == concerned
    assert len(letters(organizer)) - told == len(concerned)


def test_locked_and_past_talks_stay_when_everything_is_seated_anew(
    organizer: Context, open_ctx: Callable[..., Context]
) -> None:
    fair = add_fair(organizer, 4, 4, slots=3, tables=4)
    seated = seat(organizer, fair.event)
    later = next(one for one in seated if one.slot == 2)
    lock_meeting(organizer, later.id, ChangeMeeting(version=later.version))
    stays = {one.id: (one.slot, one.table_number) for one in seated if one.slot == 0 or one is later}
    on_the_day = open_ctx(organizer.actor, fair.event.begins(0) + timedelta(minutes=5))

    seat(on_the_day, fair.event)

    after = {one.id: (one.slot, one.table_number) for one in talks(organizer, fair.event)}
    assert {number: after.get(number) for number in stays} == stays


def test_a_settled_schedule_confirms_new_talks_at_once(organizer: Context) -> None:
    fair = add_fair(organizer, 1, 1, state=HandshakeEventState.SCHEDULED)

    assert [one.state for one in seat(organizer, fair.event)] == [MeetingState.CONFIRMED]


def test_plan_view_says_for_each_party_how_many_of_its_wishes_are_met(organizer: Context) -> None:
    fair = add_fair(organizer, 1, 3, slots=2)
    for match in fair.matches:
        add_wish(organizer, fair.firms[0], match)
    plan = planned(organizer, fair.event)

    view = plan_view(organizer, fair.event, plan)

    row = next(one for one in view.rows if one.wanted)
    assert (row.talks, row.wishes, view.gap) == (2, "想见 3 中 2", "距最优 0.0 %")
    assert view.cost is not None
    assert len(view.cost.changes) == 2


def test_only_organizers_of_the_region_seat(broker: Context, leader: Context, enterprise: Context) -> None:
    fair = add_fair(broker, 1, 1)

    for somebody in (broker, leader, enterprise):
        with pytest.raises(Forbidden):
            request_seating(somebody, fair.event.id, NEW)


def test_hand_seated_doubles_of_two_parties_become_one(organizer: Context) -> None:
    fair = add_fair(organizer, 1, 1)
    second = add_match(
        organizer,
        need=add_need(organizer, organization_id=fair.needs[0].organization_id),
        achievement=fair.achievements[0],
        state=MatchState.SHORTLISTED,
    )
    for slot, match in enumerate((fair.matches[0], second)):
        organizer.add(
            Meeting(handshake_event_id=fair.event.id, match_id=match.id, slot=slot, table_number=1, is_demo=False)
        )

    seated = seat(organizer, fair.event, CHANGE)

    assert [one.match_id for one in seated] == [fair.matches[0].id]


def test_names_are_not_kept_in_a_computed_seating(organizer: Context) -> None:
    fair = add_fair(organizer, 2, 2)

    plan = planned(organizer, fair.event, GenerateSeating(minimum_talks=3))

    assert plan.status is SeatingStatus.INFEASIBLE
    assert not any(one.name in str(plan.result) for one in (*fair.firms, *fair.scientists))
    assert organizer.find(Need, fair.needs[0].id).title not in str(plan.result)
    assert organizer.find(Match, fair.matches[0].id).id
