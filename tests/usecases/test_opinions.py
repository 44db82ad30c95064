"""What each side says of a talk, and what follows from it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models import (
    DismissalReason,
    FollowUp,
    FollowUpKind,
    FollowUpState,
    HandshakeEventState,
    Match,
    MatchState,
    Meeting,
    MeetingOutcome,
    MeetingState,
    Need,
    Organization,
    OrganizationKind,
    Side,
)
from models.lifecycle import IllegalTransition
from service.context import SHANGHAI, Context
from service.errors import Conflict, Forbidden, Illegal, Invalid, Stale
from service.queries.opinions import said_of
from service.usecases.follow_ups import (
    ChangeFollowUp,
    DropFollowUp,
    FinishFollowUp,
    ReopenFollowUp,
    change_follow_up,
    drop_follow_up,
    finish_follow_up,
    reopen_follow_up,
    task_of,
    tasks_of,
)
from service.usecases.opinions import GiveOpinion, give_opinion, opinion_of
from service.usecases.projects import OpenProject, open_project
from tests.factories import (
    NOW,
    add_achievement,
    add_event,
    add_follow_up,
    add_match,
    add_meeting,
    add_need,
    add_organization,
)

O = MeetingOutcome  # noqa: E741 - reads as a table heading below


def _talk(
    ctx: Context, enterprise: Context, institute: Context, state: MeetingState = MeetingState.CONFIRMED
) -> Meeting:
    """A talk between the two organizations of ``enterprise`` and ``institute`` at an event that was held."""
    sides = [ctx.find(Organization, one.actor.organization_id or 0) for one in (enterprise, institute)]
    match = add_match(
        ctx,
        need=add_need(ctx, organization=sides[0]),
        achievement=add_achievement(ctx, organization=sides[1]),
        state=MatchState.MUTUAL,
    )
    return add_meeting(ctx, event=add_event(ctx, state=HandshakeEventState.HELD), match=match, state=state)


def test_an_outcome_holds_the_talk_and_brings_its_reviews(
    organizer: Context, enterprise: Context, institute: Context
) -> None:
    talk = _talk(organizer, enterprise, institute)

    said = give_opinion(enterprise, talk.id, GiveOpinion(outcome=O.CONTINUE, fit=4, satisfaction=5, next_step="送样"))

    assert (talk.state, talk.outcome) == (MeetingState.HELD, O.CONTINUE)
    assert (said.side, said.fit, said.satisfaction) == (Side.NEED, 4, 5)
    assert talk.held_at is not None
    held_on = talk.held_at.astimezone(SHANGHAI).date()
    due = {one.kind: one.due_on for one in tasks_of(organizer, talk)}
    assert due == {
        FollowUpKind.NEXT_STEP: organizer.today + timedelta(days=7),
        FollowUpKind.DAY_7: max(held_on + timedelta(days=7), organizer.today),
        FollowUpKind.DAY_30: held_on + timedelta(days=30),
        FollowUpKind.DAY_90: held_on + timedelta(days=90),
    }


def test_sides_speak_for_themselves_and_their_disagreement_is_the_organizers_to_see(
    organizer: Context, enterprise: Context, institute: Context
) -> None:
    talk = _talk(organizer, enterprise, institute)
    give_opinion(enterprise, talk.id, GiveOpinion(outcome=O.NONE, fit=1, reason=DismissalReason.PRICE))
    give_opinion(institute, talk.id, GiveOpinion(outcome=O.INTENT, fit=4))
    give_opinion(organizer, talk.id, GiveOpinion(note="气氛很好"))

    assert talk.outcome is O.INTENT
    assert [one.side for one in said_of(enterprise, talk).all] == [Side.NEED]
    assert {one.side for one in said_of(organizer, talk).all} == set(Side)
    assert said_of(organizer, talk).disagreement == (
        "需求方说“暂无意向”，技术方说“达成意向”；匹配程度需求方给 1，技术方给 4"
    )
    assert said_of(institute, talk).disagreement == ""


def test_an_opinion_said_again_replaces_the_first_and_an_old_form_is_refused(
    organizer: Context, enterprise: Context, institute: Context
) -> None:
    talk = _talk(organizer, enterprise, institute)
    first = give_opinion(enterprise, talk.id, GiveOpinion(outcome=O.CONTINUE, fit=2))
    version = first.version

    again = give_opinion(enterprise, talk.id, GiveOpinion(version=version, fit=3))
    enterprise.flush()

    assert (again.id, again.fit, again.outcome) == (first.id, 3, O.CONTINUE)
    with pytest.raises(Stale):
        give_opinion(enterprise, talk.id, GiveOpinion(version=version, fit=1))
    with pytest.raises(Conflict):
        give_opinion(institute, talk.id, GiveOpinion(version=2, fit=1))


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (GiveOpinion(fit=4), "outcome"),
        (GiveOpinion(outcome=O.INTENT, reason=DismissalReason.PRICE), "reason"),
        (GiveOpinion(outcome=O.NONE, reason=DismissalReason.OTHER), "note"),
        (GiveOpinion(outcome=O.INTENT, next_step="送样", due_on=NOW.date() - timedelta(days=2)), "due_on"),
    ],
)
def test_an_opinion_says_what_to_change_at_the_field(
    organizer: Context, enterprise: Context, institute: Context, command: GiveOpinion, field: str
) -> None:
    talk = _talk(organizer, enterprise, institute)

    with pytest.raises(Invalid) as refusal:
        give_opinion(enterprise, talk.id, command)

    assert set(refusal.value.fields) == {field}
    assert talk.state is MeetingState.CONFIRMED


def test_strangers_and_talks_that_did_not_take_place_are_refused(
    organizer: Context, enterprise: Context, institute: Context
) -> None:
    talk = _talk(organizer, enterprise, institute, MeetingState.NOT_HELD)

    with pytest.raises((Illegal, IllegalTransition)):
        give_opinion(enterprise, talk.id, GiveOpinion(outcome=O.INTENT))
    with pytest.raises(Forbidden):
        give_opinion(enterprise, add_meeting(organizer).id, GiveOpinion(outcome=O.INTENT))
    assert opinion_of(organizer, talk, Side.NEED) is None


def test_no_interest_drops_the_reviews_and_a_correction_brings_them_back(
    organizer: Context, enterprise: Context, institute: Context
) -> None:
    talk = _talk(organizer, enterprise, institute)
    give_opinion(enterprise, talk.id, GiveOpinion(outcome=O.CONTINUE))

    give_opinion(organizer, talk.id, GiveOpinion(outcome=O.NONE))
    assert {one.state for one in tasks_of(organizer, talk)} == {FollowUpState.DROPPED}

    give_opinion(institute, talk.id, GiveOpinion(outcome=O.INTENT))
    assert {one.state for one in tasks_of(organizer, talk)} == {FollowUpState.OPEN}


def test_a_project_answers_the_reviews_and_keeps_the_outcome_and_the_agreed_step(
    organizer: Context, enterprise: Context, institute: Context
) -> None:
    talk = _talk(organizer, enterprise, institute)
    give_opinion(enterprise, talk.id, GiveOpinion(outcome=O.INTENT, next_step="送样检测"))

    project = open_project(organizer, OpenProject(meeting_id=talk.id, opened_on=organizer.today))
    give_opinion(institute, talk.id, GiveOpinion(outcome=O.NONE))

    states = {one.kind: one.state for one in tasks_of(organizer, talk)}
    assert states.pop(FollowUpKind.NEXT_STEP) is FollowUpState.OPEN
    assert set(states.values()) == {FollowUpState.DONE}
    review = task_of(organizer, talk, FollowUpKind.DAY_7)
    assert review is not None
    assert project.title in review.result
    assert talk.outcome is O.INTENT


def test_a_task_is_done_dropped_taken_up_again_and_moved(
    organizer: Context, enterprise: Context, institute: Context
) -> None:
    task = add_follow_up(organizer, meeting=_talk(organizer, enterprise, institute, MeetingState.HELD), text="送样")

    finish_follow_up(enterprise, task.id, FinishFollowUp(version=task.version, result="已送"))
    assert (task.state, task.result, task.done_by_id) == (FollowUpState.DONE, "已送", enterprise.actor.account_id)
    with pytest.raises(IllegalTransition):
        drop_follow_up(enterprise, task.id, DropFollowUp(version=task.version, reason="不做了"))

    reopen_follow_up(institute, task.id, ReopenFollowUp(version=task.version))
    assert (task.state, task.done_at, task.due_on) == (FollowUpState.OPEN, None, organizer.today + timedelta(days=7))

    later = organizer.today + timedelta(days=20)
    change_follow_up(organizer, task.id, ChangeFollowUp(version=task.version, text="复测", owner="李工", due_on=later))
    assert (task.text, task.owner, task.due_on) == ("复测", "李工", later)
    drop_follow_up(organizer, task.id, DropFollowUp(version=task.version, reason="企业改了方向"))
    assert task.state is FollowUpState.DROPPED


def test_tasks_are_those_of_both_sides_and_the_region(organizer: Context, enterprise: Context) -> None:
    task = add_follow_up(organizer)

    with pytest.raises(Forbidden):
        finish_follow_up(enterprise, task.id, FinishFollowUp(version=task.version))
    elsewhere = add_event(
        organizer,
        state=HandshakeEventState.HELD,
        region_code="150100",
        organizer=add_organization(organizer, kind=OrganizationKind.AGENCY),
    )
    far = add_follow_up(organizer, meeting=add_meeting(organizer, event=elsewhere, state=MeetingState.HELD))
    with pytest.raises(Forbidden):
        finish_follow_up(organizer, far.id, FinishFollowUp(version=far.version))
    assert organizer.find(FollowUp, far.id).state is FollowUpState.OPEN
    assert organizer.find(Need, organizer.find(Match, organizer.find(Meeting, far.meeting_id).match_id).need_id)
