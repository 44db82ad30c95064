"""匹配质量: measured where enough was decided, 数据不足 where not, and what other weights would do."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from matching.feedback import Grade
from models import DismissalReason, MatchState, Role
from service.context import Context
from service.errors import Forbidden, NotSignedIn
from service.queries.active_weights import active_weights
from service.queries.match_quality import match_quality
from service.queries.weight_effect import weight_effect
from tests.factories import actor_for, add_account, add_achievement, add_match, add_need
from tests.usecases.judged_rows import add_judged_needs, add_weights


def test_nothing_decided_is_too_little_and_says_what_is_missing(admin: Context) -> None:
    add_match(admin)

    quality = match_quality(admin)

    assert (quality.telling, quality.is_measured, quality.is_demo) == (0, False, False)
    assert quality.lacking == [
        "已评价 0 个需求，至少需要 30 个",
        "较新的三成需求中，能比较先后的（评价有好有差）有 0 个，至少需要 10 个",
    ]
    assert quality.in_force.id is None
    assert quality.before is None
    assert sum(one.share for one in quality.in_force.shares) == pytest.approx(1.0)


def test_quality_measures_the_weights_in_force_on_what_was_decided(leader: Context) -> None:
    add_weights(leader)
    add_judged_needs(leader, 20)
    add_match(leader, state=MatchState.DISMISSED, dismissal_reason=DismissalReason.KNOWN)

    quality = match_quality(leader)

    assert (quality.telling, quality.is_measured) == (20, True)
    assert quality.grades[Grade.SHORTLISTED] == quality.grades[Grade.DISMISSED] == 20
    assert quality.silent == 1
    assert quality.metrics["mrr@10"].needs == 20
    assert quality.metrics["mrr@10"].value == 0.5
    assert [(place.label, place.decided, place.wanted) for place in quality.places if place.decided] == [
        ("第 1 位", 20, 0),
        ("第 2 位", 20, 20),
    ]
    assert [(one.reason, one.number, one.speaks_of_fit) for one in quality.reasons] == [
        (DismissalReason.FIELD, 20, True),
        (DismissalReason.KNOWN, 1, False),
    ]
    assert [(part.label, part.needs, part.is_enough) for part in quality.regions] == [("鄂尔多斯市", 20, True)]
    assert [(part.needs, part.is_enough) for part in quality.fields] == [(5, False)] * 4
    assert quality.lacking == [
        "已评价 20 个需求，至少需要 30 个",
        "较新的三成需求中，能比较先后的（评价有好有差）有 6 个，至少需要 10 个",
    ]


def test_a_later_decision_is_seen_at_once(admin: Context) -> None:
    add_judged_needs(admin, 2)
    before = match_quality(admin)

    need = add_need(admin)
    for state in (MatchState.SHORTLISTED, MatchState.DISMISSED):
        add_match(
            admin, need=need, achievement=add_achievement(admin), state=state, dismissal_reason=DismissalReason.FIELD
        )

    assert (before.telling, match_quality(admin).telling) == (2, 3)


def test_effect_shows_the_metrics_and_the_pairs_that_move(admin: Context) -> None:
    add_weights(admin)
    pairs = add_judged_needs(admin, 12)
    by_field = dict.fromkeys(active_weights(admin), 0.0) | {"category": 1.0}

    effect = weight_effect(admin, by_field)

    assert effect.is_measured
    assert effect.decision.is_better
    assert effect.comparison["mrr@10"].before.value == 0.5
    assert effect.comparison["mrr@10"].after.value == 1.0
    assert len(effect.moved) == 10
    assert {(move.grade, move.before, move.after) for move in effect.moved} == {("入选", 2, 1), ("不合适", 1, 2)}
    assert {move.href for move in effect.moved} <= {f"/matches/{match.id}" for match in pairs}
    assert weight_effect(admin, active_weights(admin)).moved == []


@pytest.mark.parametrize("role", [Role.ENTERPRISE, Role.INSTITUTE, Role.BROKER, Role.AUDITOR])
def test_others_do_not_read_it(ctx: Context, open_ctx: Callable[..., Context], role: Role) -> None:
    with pytest.raises(Forbidden):
        match_quality(open_ctx(actor_for(ctx, add_account(ctx, role))))


def test_visitors_do_not_read_it(anonymous: Context) -> None:
    with pytest.raises(NotSignedIn):
        match_quality(anonymous)


def test_effect_is_the_administrators_alone(organizer: Context) -> None:
    with pytest.raises(Forbidden):
        weight_effect(organizer, active_weights(organizer))
