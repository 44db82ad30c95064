"""Fits the signals' weights to judged lists: pairwise, corrected for position bias, held near the present weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from matching.feedback.lists import JudgedList, blended
from matching.feedback.propensity import propensity

Values = NDArray[np.float64]

PRIOR_NEEDS = 5.0
"""The present weights count as much as the judgements of this many needs: with few of them little moves."""

_LEAST_SHARE = 0.01
_STEPS = 100


def fit_weights(lists: Sequence[JudgedList], present: Values, *, corrected: bool = True) -> Values:
    """Weights ≥ 0, summing to 1 in whole hundredths, that put wanted pairs above the others of their need's list.

    Minimises the mean over needs of Σ c(i,j) · log(1 + exp(−(s(i) − s(j)) / τ)) over pairs i that came further than j,
    plus (PRIOR_NEEDS / needs) · KL(w ‖ present). s is the ranker's own blend; τ is the median difference under the
    present weights. c(i,j) is what i gained over j divided by the propensity of i's place (the inverse propensity
    weighting of Joachims et al. 2017, self-normalised after Swaminathan & Joachims 2015); a pair that nobody judged
    gains 0; a dismissed j adds 1 over the propensity of its own place. ``corrected=False`` takes every propensity as 1,
    for comparison only. A signal that can tell nothing in any list keeps its present weight.
    """
    start: Values = present / present.sum()
    rows = np.concatenate([one.scores for one in lists]) if lists else np.empty((0, start.size))
    above, below, costs = _pairs(lists, corrected=corrected)
    tells = ~np.isnan(rows)
    free: NDArray[np.bool_] = np.any(tells, axis=0)
    if not costs.size or not free.any():
        return start
    prior = np.maximum(start[free], _LEAST_SHARE)
    prior /= prior.sum()
    known, values = tells[:, free].astype(np.float64), np.nan_to_num(rows[:, free])
    usual = blended(rows[:, free], prior)
    spread = max(float(np.median(np.abs(usual[above] - usual[below]))), 1e-3)
    pull = PRIOR_NEEDS / sum(one.weight for one in lists)

    def loss(theta: Values) -> tuple[float, Values]:
        weights = _softmax(theta)
        mass = known @ weights
        safe = np.where(mass > 0.0, mass, 1.0)
        blend = values @ weights / safe
        margin = (blend[above] - blend[below]) / spread
        slope = -costs * expit(-margin) / spread
        by_row = np.bincount(above, slope, blend.size) - np.bincount(below, slope, blend.size)
        gradient = ((by_row / safe) @ (values - known * blend[:, None])) + pull * (np.log(weights / prior) + 1.0)
        total = float(costs @ np.logaddexp(0.0, -margin) + pull * (weights @ np.log(weights / prior)))
        return total, weights * (gradient - weights @ gradient)

    found = minimize(loss, np.log(prior), jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    fitted = start.copy()
    fitted[free] = _softmax(found.x) * (1.0 - float(start[~free].sum()))
    return in_hundredths(fitted)


def in_hundredths(weights: Values) -> Values:
    """Weights as whole hundredths that sum to 1 (largest remainder), so that a person can read and set them."""
    shares = weights / weights.sum() * 100.0
    whole = np.floor(shares + 1e-9)
    missing = round(100.0 - float(whole.sum()))
    whole[np.argsort(-(shares - whole), kind="stable")[:missing]] += 1.0
    rounded: Values = whole / 100.0
    return rounded


def _pairs(lists: Sequence[JudgedList], *, corrected: bool) -> tuple[NDArray[np.int64], NDArray[np.int64], Values]:
    """Rows of (the pair that came further, the other) over all lists; what getting them wrong costs, summing to 1."""
    above: list[NDArray[np.int64]] = []
    below: list[NDArray[np.int64]] = []
    costs: list[Values] = []
    offset = 0
    for one in lists:
        gain = np.where(one.judged, np.maximum(np.nan_to_num(one.grades), 0.0), 0.0)
        refused = np.where(one.judged & (gain == 0.0), 1.0, 0.0)
        heed = np.where(one.judged, 1.0 / propensity(one.ranks), 1.0) if corrected else np.ones_like(gain)
        better = (gain[:, None] > gain[None, :]) | ((gain[:, None] == gain[None, :]) & (refused[:, None] < refused))
        i, j = np.nonzero(better)
        cost = (gain[i] - gain[j]) * heed[i] + np.maximum(refused[j] - refused[i], 0.0) * heed[j]
        above.append(i + offset)
        below.append(j + offset)
        costs.append(one.weight * cost / max(len(one.offers), 1))
        offset += len(one.offers)
    if not costs:
        empty = np.empty(0, dtype=np.int64)
        return empty, empty, np.empty(0)
    joined = np.concatenate(costs)
    total = float(joined.sum())
    return np.concatenate(above), np.concatenate(below), joined / total if total > 0.0 else joined[:0]


def _softmax(theta: Values) -> Values:
    raised = np.exp(theta - theta.max())
    shares: Values = raised / raised.sum()
    return np.maximum(shares, 1e-12)
