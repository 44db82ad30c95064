"""Change the weights the ranking goes by: set by hand, learned and tried, taken back in one step."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, create_model, model_validator
from sqlalchemy import func, select

from matching.feedback import Trial, Verdict, hold_trial
from matching.signals import SIGNALS
from models import RankingWeights, WeightsOrigin, WeightsState
from service.commands import Command, wrong
from service.context import Context
from service.errors import Conflict
from service.kinds import words
from service.queries.active_weights import active_weights, shipped_weights, weights_in_force, whole
from service.queries.judgements import Judged, judged_pairs
from service.queries.lessons import as_row, as_weights, check_usable, lent, lessons
from service.queries.weight_sets import as_record, effect, shares, trial_record

NEWLY_JUDGED = 5
"""Needs judged since the last trial without which there is no new one: trying again and again on the same judgements
would sooner or later find a set that only looks better."""

Part = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]


class GivenWeights(Command):
    """Weights given by hand, one field for each signal; only their proportions count."""

    @model_validator(mode="after")
    def _not_all_nought(self) -> GivenWeights:
        if not any(self.parts().values()):
            raise wrong("至少给一个匹配因子大于 0 的权重")
        return self

    def parts(self) -> dict[str, float]:
        """The weights as typed."""
        given = self.model_dump()
        return {signal.name: float(given[signal.name]) for signal in SIGNALS}

    def weights(self) -> dict[str, float]:
        """The weights as shares that sum to 1."""
        parts = self.parts()
        total = sum(parts.values())
        return {name: round(part / total, 6) for name, part in parts.items()}


_PARTS: dict[str, Any] = {
    signal.name: (Part, Field(default=0.0, title=signal.label, json_schema_extra={"widget": "number"}))
    for signal in SIGNALS
}
TryWeights: type[GivenWeights] = create_model("TryWeights", __base__=GivenWeights, __module__=__name__, **_PARTS)
"""Input of a look at what other weights would do."""


class _Noted(GivenWeights):
    note: Annotated[
        str, words("改动说明", "为什么这样改；会记入历史和审计日志", limit=500, widget="textarea"), Field(min_length=1)
    ]


SetWeights: type[_Noted] = create_model("SetWeights", __base__=_Noted, __module__=__name__, **_PARTS)
"""Input of setting the weights by hand."""


def set_weights(ctx: Context, command: _Noted) -> RankingWeights:
    """Put weights given by hand in force, with what they do to the judged pairs, and have everything ranked anew."""
    ctx.demand("set_weights")
    before, after = active_weights(ctx), command.weights()
    check_usable(ctx, after)
    found = lessons(ctx, also=after)
    comparison = effect(found.lists, before, after)
    metrics = as_record(comparison, needs=len(found.lists), before=before, on="judged", demo=found.judged.is_demo)
    made = _put_in_force(ctx, _record(ctx, WeightsOrigin.HAND, after, metrics, command.note))
    ctx.audit("set_weights", made, weights=after, reason=command.note)
    return made


def activate_weights(ctx: Context, weights_id: int) -> RankingWeights:
    """Go back to a set that was in force before. Raises Conflict for one that is, or never was."""
    ctx.demand("set_weights")
    row = ctx.find(RankingWeights, weights_id)
    if row.state is WeightsState.ACTIVE:
        raise Conflict("这一套权重正在使用。")
    if row.state is not WeightsState.RETIRED:
        raise Conflict(f"这一套权重{row.state.label}，没有使用过；如要用它，请在“人工设定”里填写后保存。")
    check_usable(ctx, whole(row.weights))
    _put_in_force(ctx, row)
    ctx.audit("activate_weights", row, weights=row.weights)
    return row


def restore_shipped_weights(ctx: Context) -> None:
    """Go back to the weights the programme ships. Raises Conflict when they are in force."""
    ctx.demand("set_weights")
    row = weights_in_force(ctx)
    if row is None:
        raise Conflict("现在使用的就是出厂设定。")
    _retire(ctx, row)
    _rank_anew(ctx)
    ctx.audit(
        "restore_shipped_weights", row, weights={one.name: round(one.share, 6) for one in shares(shipped_weights())}
    )


def request_learning(ctx: Context) -> None:
    """Queue a trial of learned weights now; one that still waits is enough."""
    ctx.demand("set_weights")
    ctx.enqueue("retrain_weights", unique_key="retrain_weights")
    ctx.audit("request_learning")


def retrain_weights(ctx: Context) -> Trial | None:
    """Learn weights from real outcomes, try them on later ones, and put them in force only when they are better.

    None when too little was judged since the last trial. A trial with too few judgements leaves no set behind; one that
    brought nothing leaves a set that never came in force, so that the history shows it.
    """
    ctx.demand("set_weights")
    judged = judged_pairs(ctx, demo=False)
    if _newly_judged(ctx, judged) < NEWLY_JUDGED:
        ctx.audit("retrain_weights", verdict="没有足够的新评价，未试验")
        return None
    before = active_weights(ctx)
    trial = hold_trial(lessons(ctx, judged).lists, as_row(before), lent(ctx, judged))
    if trial.weights is None:
        ctx.audit("retrain_weights", verdict="数据不足", needs=trial.enough.needs, held_out=trial.enough.held_out)
        return trial
    learned = as_weights(trial.weights)
    row = _record(ctx, WeightsOrigin.LEARNED, learned, trial_record(trial, before), "")
    if trial.verdict is Verdict.BETTER:
        _put_in_force(ctx, row)
    else:
        row.state = WeightsState.REJECTED
        ctx.add(row)
    ctx.audit("retrain_weights", row, verdict=row.state.label, weights=learned)
    return trial


def _newly_judged(ctx: Context, judged: Judged) -> int:
    """Needs with a decision made after the last trial."""
    learned = select(func.max(RankingWeights.created_at)).where(RankingWeights.origin == WeightsOrigin.LEARNED)
    last = ctx.session.scalar(learned)
    return len({pair.need_id for pair in judged.pairs if last is None or pair.at > last})


def _record(
    ctx: Context, origin: WeightsOrigin, weights: dict[str, float], metrics: dict[str, Any], note: str
) -> RankingWeights:
    return RankingWeights(
        origin=origin,
        weights=weights,
        metrics=metrics,
        note=note,
        created_by_id=ctx.actor.account_id,
        created_at=ctx.now,
        activated_at=None,
        retired_at=None,
    )


def _put_in_force(ctx: Context, row: RankingWeights) -> RankingWeights:
    """The database holds one set in force at a time, so the old one is retired first."""
    old = weights_in_force(ctx)
    if old is not None:
        _retire(ctx, old)
    row.state, row.activated_at, row.retired_at = WeightsState.ACTIVE, ctx.now, None
    ctx.add(row)
    _rank_anew(ctx)
    return row


def _retire(ctx: Context, row: RankingWeights) -> None:
    row.state, row.retired_at = WeightsState.RETIRED, ctx.now
    ctx.flush()


def _rank_anew(ctx: Context) -> None:
    """At once, even where a ranking already waits for the night."""
    ctx.enqueue("refresh_matches", unique_key="refresh_matches:weights")
