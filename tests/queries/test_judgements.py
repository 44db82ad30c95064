"""What people's decisions on pairs are taken to say: how far each came, when, and at which place it was shown."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from matching.feedback import Grade
from models import DismissalReason, Match, MatchState, MeetingOpinion, MeetingOutcome, MeetingState, ProjectState, Side
from service.context import Context
from service.queries.judgements import JudgedPair, judged_pairs
from service.usecases.matches import (
    AnswerMatch,
    DismissMatch,
    MoveMatch,
    answer_match,
    dismiss_match,
    restore_match,
    shortlist_match,
)
from tests.factories import NOW, add_achievement, add_match, add_meeting, add_need, add_project


def _only(ctx: Context, match: Match) -> JudgedPair:
    ctx.flush()
    return next(pair for pair in judged_pairs(ctx).pairs if pair.match_id == match.id)


def test_a_suggestion_nobody_touched_is_no_judgement(ctx: Context) -> None:
    add_match(ctx)
    add_meeting(ctx, match=add_match(ctx), state=MeetingState.PROPOSED)

    assert judged_pairs(ctx).pairs == []


@pytest.mark.parametrize(
    ("state", "grade"),
    [
        (MatchState.SHORTLISTED, Grade.SHORTLISTED),
        (MatchState.MUTUAL, Grade.MUTUAL),
        (MatchState.DISMISSED, Grade.DISMISSED),
    ],
)
def test_a_decided_pair_has_the_grade_of_its_state(ctx: Context, state: MatchState, grade: Grade) -> None:
    assert _only(ctx, add_match(ctx, state=state)).grade is grade


def test_a_side_that_would_talk_counts_as_chosen(ctx: Context) -> None:
    assert _only(ctx, add_match(ctx, need_agrees=True)).grade is Grade.SHORTLISTED


@pytest.mark.parametrize(
    ("outcome", "grade"),
    [
        (MeetingOutcome.NONE, Grade.MET),
        (MeetingOutcome.CONTINUE, Grade.MET),
        (MeetingOutcome.INTENT, Grade.INTENT),
        (MeetingOutcome.SIGNED, Grade.CONTRACT),
    ],
)
def test_a_talk_counts_by_its_outcome(ctx: Context, outcome: MeetingOutcome, grade: Grade) -> None:
    match = add_match(ctx, state=MatchState.MUTUAL)
    add_meeting(ctx, match=match, state=MeetingState.HELD, outcome=outcome)

    assert _only(ctx, match).grade is grade


def test_a_project_counts_as_intent_and_with_a_contract_as_signed(ctx: Context) -> None:
    grades = []
    for state in (ProjectState.INTENT, ProjectState.ACTIVE, ProjectState.TERMINATED):
        match = add_match(ctx, state=MatchState.MUTUAL)
        add_project(ctx, state=state, meeting=add_meeting(ctx, match=match, state=MeetingState.HELD))
        grades.append(_only(ctx, match).grade)
    broken_off = add_match(ctx, state=MatchState.MUTUAL)
    talk = add_meeting(ctx, match=broken_off, state=MeetingState.HELD)
    add_project(ctx, state=ProjectState.TERMINATED, meeting=talk, contracted_on=date(2025, 4, 1))

    assert grades == [Grade.INTENT, Grade.CONTRACT, Grade.INTENT]
    assert _only(ctx, broken_off).grade is Grade.CONTRACT


def test_a_dismissal_after_a_talk_without_result_is_the_last_word(ctx: Context) -> None:
    match = add_match(ctx, state=MatchState.DISMISSED, dismissal_reason=DismissalReason.INDICATORS)
    add_meeting(ctx, match=match, state=MeetingState.HELD, outcome=MeetingOutcome.CONTINUE)

    pair = _only(ctx, match)

    assert pair.grade is Grade.DISMISSED
    assert pair.judgement().fit is Grade.DISMISSED


@pytest.mark.parametrize("reason", DismissalReason)
def test_only_reasons_that_speak_of_the_fit_are_learned_from(ctx: Context, reason: DismissalReason) -> None:
    match = add_match(ctx, state=MatchState.DISMISSED, dismissal_reason=reason)
    of_fit = {DismissalReason.FIELD, DismissalReason.INDICATORS, DismissalReason.MATURITY, DismissalReason.PRICE}

    assert (_only(ctx, match).judgement().fit is not None) == (reason in of_fit)


def test_demo_decisions_are_shown_only_while_nothing_real_was_decided(ctx: Context) -> None:
    pretended = add_match(ctx, state=MatchState.SHORTLISTED, is_demo=True)

    before = judged_pairs(ctx)
    real = add_match(ctx, state=MatchState.SHORTLISTED)
    after = judged_pairs(ctx)

    assert ([pair.match_id for pair in before.pairs], before.is_demo) == ([pretended.id], True)
    assert ([pair.match_id for pair in after.pairs], after.is_demo) == ([real.id], False)
    assert judged_pairs(ctx, demo=False).pairs == after.pairs


def test_the_time_is_that_of_the_decision_and_not_of_a_later_ranking(ctx: Context, organizer: Context) -> None:
    match = add_match(ctx)
    shortlist_match(organizer, match.id, MoveMatch(version=match.version))
    match.updated_at = NOW + timedelta(days=30)

    assert _only(ctx, match).at == NOW
    held = NOW + timedelta(days=3)
    add_meeting(ctx, match=match, state=MeetingState.HELD, held_at=held)
    assert _only(ctx, match).at == held


def test_the_place_is_kept_when_somebody_first_decides(ctx: Context, organizer: Context, enterprise: Context) -> None:
    chosen = add_match(ctx, need_rank=7, offer_rank=3)
    refused = add_match(ctx, need_rank=5)
    answered = add_match(ctx, need=add_need(enterprise), achievement=add_achievement(ctx), offer_rank=9)
    unlisted = add_match(ctx)

    shortlist_match(organizer, chosen.id, MoveMatch(version=chosen.version))
    dismiss_match(organizer, refused.id, DismissMatch(version=refused.version, reason=DismissalReason.FIELD))
    answer_match(enterprise, answered.id, AnswerMatch(version=answered.version))
    shortlist_match(organizer, unlisted.id, MoveMatch(version=unlisted.version))
    chosen.need_rank = chosen.offer_rank = 1
    ctx.flush()
    restore_match(organizer, chosen.id, MoveMatch(version=chosen.version))

    assert [one.judged_rank for one in (chosen, refused, answered, unlisted)] == [3, 5, 9, None]


def _say(ctx: Context, match: Match, outcome: MeetingOutcome, *said: MeetingOpinion) -> JudgedPair:
    talk = add_meeting(ctx, match=match, state=MeetingState.HELD, outcome=outcome)
    for one in said:
        one.meeting_id = talk.id
        ctx.add(one)
    return _only(ctx, match)


@pytest.mark.parametrize(
    ("fits", "grade"),
    [
        ((4, None), Grade.INTENT),
        ((3, 4), Grade.MET),
        ((1, 4), Grade.SHORTLISTED),
        ((2, None), Grade.SHORTLISTED),
        ((1, 2), Grade.DISMISSED),
        ((None, None), Grade.MET),
    ],
)
def test_what_sides_say_of_the_fit_outranks_the_guess_from_the_outcome(
    ctx: Context, fits: tuple[int | None, int | None], grade: Grade
) -> None:
    need, offer = fits
    said = [MeetingOpinion(side=Side.NEED, fit=need), MeetingOpinion(side=Side.OFFER, fit=offer)]

    pair = _say(ctx, add_match(ctx, state=MatchState.MUTUAL), MeetingOutcome.CONTINUE, *said)

    assert (pair.grade, pair.from_opinion) == (grade, any(fits))
    assert pair.judgement().fit is grade


def test_the_host_is_heard_only_where_no_side_spoke_and_a_contract_stands(ctx: Context) -> None:
    host = MeetingOpinion(side=Side.ORGANIZER, fit=1)
    assert _say(ctx, add_match(ctx), MeetingOutcome.CONTINUE, host).grade is Grade.DISMISSED

    spoken = [MeetingOpinion(side=Side.NEED, fit=4), MeetingOpinion(side=Side.ORGANIZER, fit=1)]
    assert _say(ctx, add_match(ctx), MeetingOutcome.NONE, *spoken).grade is Grade.INTENT

    signed = _say(ctx, add_match(ctx), MeetingOutcome.SIGNED, MeetingOpinion(side=Side.NEED, fit=1))
    assert (signed.grade, signed.from_opinion) == (Grade.CONTRACT, False)


@pytest.mark.parametrize(
    ("reason", "grade"), [(DismissalReason.PRICE, Grade.DISMISSED), (DismissalReason.TIMING, Grade.MET)]
)
def test_a_reason_after_a_talk_without_interest_counts_when_it_speaks_of_the_fit(
    ctx: Context, reason: DismissalReason, grade: Grade
) -> None:
    said = MeetingOpinion(side=Side.NEED, outcome=MeetingOutcome.NONE, reason=reason)

    pair = _say(ctx, add_match(ctx, state=MatchState.SHORTLISTED), MeetingOutcome.NONE, said)

    assert pair.grade is grade
    assert pair.judgement().fit is grade
    assert judged_pairs(ctx).from_opinions == (1 if grade is Grade.DISMISSED else 0)
