"""The weights the ranking goes by: the set in force, or the shipped ones while nobody and nothing chose others."""

from __future__ import annotations

from sqlalchemy import select

from matching.signals import SIGNALS
from models import RankingWeights, WeightsState
from service.context import Context


def shipped_weights() -> dict[str, float]:
    """Each signal's own weight, as the programme ships it."""
    return {signal.name: float(signal.weight) for signal in SIGNALS}


def weights_in_force(ctx: Context) -> RankingWeights | None:
    """The set of weights in force; None while the shipped ones are."""
    return ctx.session.scalar(select(RankingWeights).where(RankingWeights.state == WeightsState.ACTIVE))


def active_weights(ctx: Context) -> dict[str, float]:
    """Every signal's weight ≥ 0 as the ranking is to use it.

    A set is used whole: a signal that it does not name was not part of what was measured and has weight 0; names of
    signals that are gone are passed over. A set of which nothing is left gives way to the shipped weights.
    """
    row = weights_in_force(ctx)
    return whole(row.weights) if row is not None else shipped_weights()


def whole(given: dict[str, float]) -> dict[str, float]:
    """A stored set as weights of all signals there are now; the shipped ones where nothing of it is left."""
    weights = {signal.name: float(given.get(signal.name, 0.0)) for signal in SIGNALS}
    return weights if any(weights.values()) else shipped_weights()
