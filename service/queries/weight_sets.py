"""Sets of weights as records keep them: what a comparison found, and every set there was with what it brought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select

from matching.evaluation import Interval
from matching.feedback import METRIC_LABELS, Compared, JudgedList, Trial, compared
from matching.signals import SIGNALS
from models import Account, RankingWeights, WeightsOrigin, WeightsState
from service.context import Context
from service.queries.active_weights import shipped_weights, weights_in_force, whole
from service.queries.lessons import as_row

KEPT = 50
"""Sets shown in the history."""


@dataclass(frozen=True)
class Share:
    """One signal's part of a set: its weight as given and its share of the whole in [0, 1]."""

    name: str
    label: str
    weight: float
    share: float


@dataclass(frozen=True)
class WeightSet:
    """One set of weights as people read it. ``id`` None is the shipped set."""

    id: int | None
    origin: WeightsOrigin
    state: WeightsState
    shares: Sequence[Share]
    metrics: Mapping[str, Any]
    note: str
    by: str
    created_at: Any
    activated_at: Any
    retired_at: Any

    @property
    def comparison(self) -> dict[str, Compared]:
        """What it was compared on when it was tried; empty when nothing could be."""
        return {name: _compared(found) for name, found in self.metrics.get("comparison", {}).items()}


def shares(weights: Mapping[str, float]) -> list[Share]:
    """Every signal with its weight and share, in the order of the signals."""
    total = sum(weights.values()) or 1.0
    return [
        Share(signal.name, signal.label, float(weights.get(signal.name, 0.0)), weights.get(signal.name, 0.0) / total)
        for signal in SIGNALS
    ]


def set_in_force(ctx: Context) -> WeightSet:
    """The set in force; the shipped one while nobody chose another."""
    row = weights_in_force(ctx)
    return _as_set(ctx, row) if row is not None else _shipped(WeightsState.ACTIVE)


def weight_sets(ctx: Context) -> list[WeightSet]:
    """Every set there was, newest first, at most KEPT."""
    rows = ctx.session.scalars(select(RankingWeights).order_by(RankingWeights.id.desc()).limit(KEPT))
    return [_as_set(ctx, row) for row in rows]


def set_before(ctx: Context) -> WeightSet | None:
    """The set that was in force before the one that is: where one click goes back to; None where there was no other."""
    row = weights_in_force(ctx)
    if row is None:
        return None
    earlier = ctx.session.scalar(
        select(RankingWeights)
        .where(RankingWeights.state == WeightsState.RETIRED, RankingWeights.retired_at.is_not(None))
        .order_by(RankingWeights.retired_at.desc(), RankingWeights.id.desc())
        .limit(1)
    )
    if earlier is None or earlier.retired_at is None or earlier.retired_at < (row.activated_at or row.created_at):
        return _shipped(WeightsState.RETIRED)
    return _as_set(ctx, earlier)


def effect(lists: Sequence[JudgedList], before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, Compared]:
    """What another set does to the judged pairs."""
    return compared(lists, as_row(before), as_row(after))


def as_record(comparison: Mapping[str, Compared], **facts: Any) -> dict[str, Any]:
    """A comparison as the record keeps it."""
    return {"comparison": {name: asdict(found) for name, found in comparison.items()}, **facts}


def trial_record(trial: Trial, before: Mapping[str, float]) -> dict[str, Any]:
    """A trial as the record keeps it."""
    return as_record(
        trial.comparison,
        overall={name: asdict(found) for name, found in trial.overall.items()},
        verdict=trial.verdict.value,
        chance=trial.chance,
        needs=trial.enough.needs,
        held_out=trial.enough.held_out,
        learned_from=trial.learned_from,
        before=dict(before),
        on="held_out",
    )


def _compared(found: Mapping[str, Any]) -> Compared:
    return Compared(*(Interval(**found[part]) for part in ("before", "after", "difference")))


def _shipped(state: WeightsState) -> WeightSet:
    return WeightSet(None, WeightsOrigin.SHIPPED, state, shares(shipped_weights()), {}, "", "", None, None, None)


def _as_set(ctx: Context, row: RankingWeights) -> WeightSet:
    author = ctx.session.get(Account, row.created_by_id) if row.created_by_id is not None else None
    return WeightSet(
        row.id,
        row.origin,
        row.state,
        shares(whole(row.weights)),
        row.metrics,
        row.note,
        author.name if author is not None else "",
        row.created_at,
        row.activated_at,
        row.retired_at,
    )


__all__ = [
    "METRIC_LABELS",
    "Share",
    "WeightSet",
    "as_record",
    "effect",
    "set_before",
    "set_in_force",
    "shares",
    "trial_record",
    "weight_sets",
]
