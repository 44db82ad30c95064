"""Weights: set by hand, learned, promoted only when better, taken back; what is written down and who may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from matching.feedback import Verdict
from models import (
    AuditEntry,
    HandshakeEventState,
    Job,
    MatchState,
    MeetingOpinion,
    MeetingOutcome,
    MeetingState,
    RankingWeights,
    Role,
    Side,
    WeightsOrigin,
    WeightsState,
)
from service.commands import read
from service.context import SEE_RECORD, Context
from service.errors import Conflict, Forbidden, Invalid
from service.queries.active_weights import active_weights, shipped_weights
from service.usecases.weights import (
    SetWeights,
    activate_weights,
    request_learning,
    restore_shipped_weights,
    retrain_weights,
    set_weights,
)
from tests.factories import NOW, actor_for, add_account, add_event, add_match, add_meeting
from tests.usecases.judged_rows import add_judged_needs, add_weights

ONLY_TITLE = {"title": 60, "category": 20, "note": "标题更要紧"}


def _set(admin: Context, **given: object) -> RankingWeights:
    return set_weights(admin, read(SetWeights, {**ONLY_TITLE, **given}))


def _sets(ctx: Context) -> list[tuple[WeightsOrigin, WeightsState]]:
    ctx.flush()
    rows = ctx.session.scalars(select(RankingWeights).order_by(RankingWeights.id))
    return [(row.origin, row.state) for row in rows]


def test_set_weights_puts_them_in_force_as_shares_and_has_everything_ranked_anew(admin: Context) -> None:
    row = _set(admin)
    admin.commit()

    weights = active_weights(admin)
    assert weights["title"] == pytest.approx(0.75)
    assert weights["category"] == pytest.approx(0.25)
    assert sum(weights.values()) == pytest.approx(1.0)
    assert (row.origin, row.state, row.activated_at) == (WeightsOrigin.HAND, WeightsState.ACTIVE, NOW)
    assert row.created_by_id == admin.actor.account_id
    assert admin.session.scalars(select(Job.name)).all() == ["refresh_matches"]
    entry = admin.session.scalars(select(AuditEntry).where(AuditEntry.action == "set_weights")).one()
    assert (row.note, entry.details["reason"]) == ("标题更要紧", SEE_RECORD)


def test_set_weights_retires_the_set_before(admin: Context) -> None:
    first = _set(admin)
    _set(admin, title=10)

    assert _sets(admin) == [(WeightsOrigin.HAND, WeightsState.RETIRED), (WeightsOrigin.HAND, WeightsState.ACTIVE)]
    assert first.retired_at == NOW
    assert active_weights(admin)["title"] == pytest.approx(10 / 30)


def test_activate_weights_goes_back_to_an_earlier_set(admin: Context) -> None:
    first, second = _set(admin), _set(admin, title=10)

    activate_weights(admin, first.id)
    admin.commit()

    assert (first.state, second.state) == (WeightsState.ACTIVE, WeightsState.RETIRED)
    assert active_weights(admin)["title"] == pytest.approx(0.75)
    entry = admin.session.scalars(select(AuditEntry).where(AuditEntry.action == "activate_weights")).one()
    assert entry.record_id == first.id
    with pytest.raises(Conflict):
        activate_weights(admin, first.id)


def test_restore_shipped_weights_leaves_no_set_in_force(admin: Context) -> None:
    row = _set(admin)

    restore_shipped_weights(admin)

    assert row.state is WeightsState.RETIRED
    assert active_weights(admin) == shipped_weights()
    with pytest.raises(Conflict):
        restore_shipped_weights(admin)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_an_administrator_changes_weights(ctx: Context, open_ctx: Callable[..., Context], role: Role) -> None:
    somebody = open_ctx(actor_for(ctx, add_account(ctx, role)))

    for act in (_set, restore_shipped_weights, request_learning, retrain_weights, lambda one: activate_weights(one, 1)):
        with pytest.raises(Forbidden):
            act(somebody)

    assert _sets(ctx) == []


def test_weights_that_are_wrong_are_refused_at_their_field(admin: Context) -> None:
    for given, field in (
        ({"title": -1}, "title"),
        ({"title": 101}, "title"),
        ({"title": "很多"}, "title"),
        ({"note": ""}, "note"),
        ({"没有的因子": 3}, "没有的因子"),
    ):
        with pytest.raises(Invalid) as caught:
            _set(admin, **given)
        assert field in caught.value.fields

    with pytest.raises(Invalid, match="1 处"):
        _set(admin, title=0, category=0)


def test_retrain_weights_promotes_what_orders_later_decisions_better(ctx: Context) -> None:
    add_weights(ctx)
    add_judged_needs(ctx, 40)
    before = active_weights(ctx)

    trial = retrain_weights(ctx)
    ctx.commit()

    assert trial is not None
    assert trial.verdict is Verdict.BETTER
    row = ctx.session.scalars(select(RankingWeights).order_by(RankingWeights.id.desc())).first()
    assert row is not None
    assert _sets(ctx) == [(WeightsOrigin.HAND, WeightsState.RETIRED), (WeightsOrigin.LEARNED, WeightsState.ACTIVE)]
    after = active_weights(ctx)
    assert after["category"] / sum(after.values()) > before["category"] / sum(before.values())
    difference = row.metrics["comparison"]["ndcg@10"]["difference"]
    assert difference["low"] > 0
    assert difference["needs"] == row.metrics["held_out"] == 12
    assert "refresh_matches" in ctx.session.scalars(select(Job.name)).all()


def test_retrain_weights_keeps_what_is_as_good_and_shows_the_trial(ctx: Context) -> None:
    in_force = add_weights(ctx)
    add_judged_needs(ctx, 40, by_field=False)

    trial = retrain_weights(ctx)
    ctx.commit()

    assert trial is not None
    assert trial.verdict is Verdict.NOT_BETTER
    assert _sets(ctx) == [(WeightsOrigin.HAND, WeightsState.ACTIVE), (WeightsOrigin.LEARNED, WeightsState.REJECTED)]
    assert active_weights(ctx)["title"] == in_force.weights["title"]
    rejected = ctx.session.scalars(select(RankingWeights.id).where(RankingWeights.state == WeightsState.REJECTED)).one()
    with pytest.raises(Conflict):
        activate_weights(ctx, rejected)


def test_retrain_weights_does_nothing_with_too_few_judgements(ctx: Context) -> None:
    add_judged_needs(ctx, 12)

    trial = retrain_weights(ctx)
    ctx.commit()

    assert trial is not None
    assert trial.verdict is Verdict.TOO_FEW
    assert (trial.enough.needs, _sets(ctx)) == (12, [])
    entry = ctx.session.scalars(select(AuditEntry).where(AuditEntry.action == "retrain_weights")).one()
    assert entry.details["verdict"] == "数据不足"


def test_retrain_weights_never_learns_from_demo_decisions(ctx: Context) -> None:
    add_judged_needs(ctx, 40, is_demo=True)

    assert retrain_weights(ctx) is None
    assert _sets(ctx) == []


def test_retrain_weights_waits_for_new_decisions_before_it_tries_again(
    ctx: Context, open_ctx: Callable[..., Context]
) -> None:
    add_weights(ctx)
    add_judged_needs(ctx, 48, by_field=False)
    retrain_weights(ctx)

    assert retrain_weights(ctx) is None
    later = open_ctx(now=NOW + timedelta(days=7))
    for _ in range(5):
        add_match(later, state=MatchState.SHORTLISTED)

    assert retrain_weights(later) is not None
    assert _sets(ctx)[1:] == [(WeightsOrigin.LEARNED, WeightsState.REJECTED)] * 2


def test_retrain_weights_hears_what_people_said_after_their_talks(ctx: Context) -> None:
    add_weights(ctx)
    matches = add_judged_needs(ctx, 40, by_field=False)
    event = add_event(ctx, state=HandshakeEventState.HELD)
    for count, match in enumerate(matches):
        talk = add_meeting(
            ctx, event=event, match=match, state=MeetingState.HELD, outcome=MeetingOutcome.CONTINUE, slot=count
        )
        fit = 1 if match.state is MatchState.SHORTLISTED else 4
        ctx.add(MeetingOpinion(meeting_id=talk.id, side=Side.NEED, fit=fit))
    before = active_weights(ctx)

    trial = retrain_weights(ctx)
    ctx.commit()

    assert trial is not None
    assert trial.verdict is Verdict.BETTER
    after = active_weights(ctx)
    assert after["category"] / sum(after.values()) > before["category"] / sum(before.values())
