"""Deciding on ranked pairs: who may say what, and what follows."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models import (
    DismissalReason,
    IllegalTransition,
    Match,
    MatchState,
    Meeting,
    MeetingState,
    PostingState,
    Side,
    StateChange,
)
from service.context import Context
from service.errors import Conflict, Forbidden, Invalid
from service.usecases.matches import (
    AnswerMatch,
    DismissMatch,
    MoveMatch,
    answer_match,
    dismiss_match,
    restore_match,
    shortlist_match,
)
from tests.factories import add_achievement, add_match, add_meeting, add_need


def _pair(enterprise: Context, institute: Context, **columns: object) -> Match:
    need, achievement = add_need(enterprise), add_achievement(institute)
    return add_match(enterprise, need=need, achievement=achievement, **columns)


def _move(match: Match, remark: str = "") -> MoveMatch:
    return MoveMatch(version=match.version, remark=remark)


def test_shortlist_match_keeps_the_remark_and_writes_down_who_decided(organizer: Context) -> None:
    match = add_match(organizer)

    shortlist_match(organizer, match.id, _move(match, "指标接近，值得一谈"))

    assert match.state is MatchState.SHORTLISTED
    assert match.remark == "指标接近，值得一谈"
    assert match.decided_by_id == organizer.actor.account_id
    change = organizer.session.scalars(select(StateChange).where(StateChange.record_type == "Match")).one()
    assert (change.from_state, change.to_state) == ("SUGGESTED", "SHORTLISTED")
    assert change.actor_id == organizer.actor.account_id


def test_shortlist_match_is_mutual_at_once_when_both_sides_already_agreed(
    organizer: Context, enterprise: Context, institute: Context
) -> None:
    match = _pair(enterprise, institute)
    answer_match(enterprise, match.id, AnswerMatch(version=match.version))
    answer_match(institute, match.id, AnswerMatch(version=match.version))
    assert match.state is MatchState.SUGGESTED

    shortlist_match(organizer, match.id, _move(match))

    assert match.state is MatchState.MUTUAL


@pytest.mark.parametrize("state", [PostingState.CLOSED, PostingState.TAKEN_DOWN, PostingState.EXPIRED])
def test_shortlist_match_refuses_a_posting_that_is_no_longer_open(organizer: Context, state: PostingState) -> None:
    match = add_match(organizer, need=add_need(organizer, state=state))

    with pytest.raises(Conflict, match="不再参加对接"):
        shortlist_match(organizer, match.id, _move(match))

    assert match.state is MatchState.SUGGESTED


def test_shortlist_match_refuses_a_pair_of_one_organization(organizer: Context, institute: Context) -> None:
    own = institute.actor.organization_id
    match = add_match(institute, need=add_need(institute, organization_id=own), achievement=add_achievement(institute))

    with pytest.raises(Conflict, match="同一家机构"):
        shortlist_match(organizer, match.id, _move(match))


def test_shortlist_match_refuses_the_sides_and_a_stale_version(organizer: Context, enterprise: Context) -> None:
    match = add_match(enterprise)

    with pytest.raises(Forbidden):
        shortlist_match(enterprise, match.id, _move(match))
    with pytest.raises(Conflict, match="版本"):
        shortlist_match(organizer, match.id, MoveMatch(version=match.version + 1))

    assert match.state is MatchState.SUGGESTED


def test_answer_match_of_both_sides_makes_a_shortlisted_pair_mutual(enterprise: Context, institute: Context) -> None:
    match = _pair(enterprise, institute, state=MatchState.SHORTLISTED)

    answer_match(enterprise, match.id, AnswerMatch(version=match.version))
    assert (match.state, match.need_agrees, match.offer_agrees) == (MatchState.SHORTLISTED, True, None)

    answer_match(institute, match.id, AnswerMatch(version=match.version))
    assert (match.state, match.offer_agrees) == (MatchState.MUTUAL, True)


def test_answer_match_can_be_taken_back_until_it_is_mutual(enterprise: Context, institute: Context) -> None:
    match = _pair(enterprise, institute, state=MatchState.SHORTLISTED)
    answer_match(enterprise, match.id, AnswerMatch(version=match.version))

    answer_match(enterprise, match.id, AnswerMatch(version=match.version, agrees=False))
    answer_match(institute, match.id, AnswerMatch(version=match.version))

    assert match.state is MatchState.SHORTLISTED
    assert match.need_agrees is False


def test_answer_match_refuses_those_who_are_neither_side(organizer: Context, enterprise: Context) -> None:
    match = add_match(organizer)

    for somebody in (organizer, enterprise):
        with pytest.raises(Forbidden):
            answer_match(somebody, match.id, AnswerMatch(version=match.version))


@pytest.mark.parametrize("state", [MatchState.DISMISSED, MatchState.MUTUAL])
def test_answer_match_refuses_a_settled_pair(enterprise: Context, institute: Context, state: MatchState) -> None:
    match = _pair(enterprise, institute, state=state)

    with pytest.raises(Conflict):
        answer_match(enterprise, match.id, AnswerMatch(version=match.version))


def test_dismiss_match_notes_the_side_and_the_reason(
    organizer: Context, enterprise: Context, institute: Context
) -> None:
    for somebody, side in (
        (organizer, Side.ORGANIZER),
        (enterprise, Side.NEED),
        (institute, Side.OFFER),
    ):
        match = _pair(enterprise, institute)

        dismiss_match(somebody, match.id, DismissMatch(version=match.version, reason=DismissalReason.MATURITY))

        assert (match.state, match.dismissed_by) == (MatchState.DISMISSED, side)
        assert match.dismissal_reason is DismissalReason.MATURITY
        assert (match.need_agrees, match.offer_agrees) == (
            False if side is Side.NEED else None,
            False if side is Side.OFFER else None,
        )


def test_dismiss_match_wants_a_note_with_other(enterprise: Context) -> None:
    match = add_match(enterprise, need=add_need(enterprise))

    with pytest.raises(Invalid) as refusal:
        dismiss_match(enterprise, match.id, DismissMatch(version=match.version, reason=DismissalReason.OTHER))

    assert set(refusal.value.fields) == {"note"}
    assert match.state is MatchState.SUGGESTED
    assert match.dismissal_reason is None


def test_dismiss_match_gives_up_a_proposed_talk_and_stops_at_a_confirmed_one(organizer: Context) -> None:
    proposed, confirmed = add_match(organizer), add_match(organizer, state=MatchState.SHORTLISTED)
    talk = add_meeting(organizer, match=proposed)
    add_meeting(organizer, match=confirmed, state=MeetingState.CONFIRMED)

    dismiss_match(organizer, proposed.id, DismissMatch(version=proposed.version, reason=DismissalReason.TIMING))
    with pytest.raises(Conflict, match="第 1 场 1 号桌"):
        dismiss_match(organizer, confirmed.id, DismissMatch(version=confirmed.version, reason=DismissalReason.TIMING))

    assert talk.state is MeetingState.CANCELLED
    assert confirmed.state is MatchState.SHORTLISTED


def test_restore_match_forgets_the_dismissal(organizer: Context, enterprise: Context) -> None:
    match = add_match(enterprise, need=add_need(enterprise))
    dismiss_match(enterprise, match.id, DismissMatch(version=match.version, reason=DismissalReason.PRICE))

    restore_match(organizer, match.id, _move(match))

    assert match.state is MatchState.SUGGESTED
    assert (match.dismissed_by, match.dismissal_reason, match.need_agrees) == (None, None, None)


def test_restore_match_lets_a_side_take_back_only_its_own_dismissal(
    organizer: Context, enterprise: Context, institute: Context
) -> None:
    own, others = _pair(enterprise, institute), _pair(enterprise, institute)
    dismiss_match(enterprise, own.id, DismissMatch(version=own.version, reason=DismissalReason.PRICE))
    dismiss_match(organizer, others.id, DismissMatch(version=others.version, reason=DismissalReason.CONFLICT))

    restore_match(enterprise, own.id, _move(own))
    with pytest.raises(Forbidden):
        restore_match(enterprise, others.id, _move(others))

    assert (own.state, others.state) == (MatchState.SUGGESTED, MatchState.DISMISSED)


def test_restore_match_refuses_a_pair_that_is_seated(organizer: Context) -> None:
    match = add_match(organizer, state=MatchState.SHORTLISTED)
    add_meeting(organizer, match=match)

    with pytest.raises(Conflict, match="请先取消洽谈"):
        restore_match(organizer, match.id, _move(match))

    assert organizer.session.scalar(select(Meeting.state)) is MeetingState.PROPOSED


def test_moves_the_table_does_not_allow_change_nothing(organizer: Context) -> None:
    match = add_match(organizer, state=MatchState.MUTUAL)

    with pytest.raises(IllegalTransition):
        shortlist_match(organizer, match.id, _move(match))

    assert match.state is MatchState.MUTUAL


def test_shortlist_match_takes_official_postings_registered_under_one_organization(organizer: Context) -> None:
    own = organizer.actor.organization_id
    match = add_match(
        organizer,
        need=add_need(organizer, organization_id=own, posted_on_behalf=True),
        achievement=add_achievement(organizer, organization_id=own, posted_on_behalf=True),
    )

    shortlist_match(organizer, match.id, _move(match))

    assert match.state is MatchState.SHORTLISTED
