"""Learns levels from judged pairs of other needs and predicts the level of any pair."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesClassifier

from matching.evaluation import Learned
from matching.features import Catalogue, PairFeatures
from matching.files import InputError, Judgments
from matching.profile import Profile
from matching.ranker import Ranker

Values = NDArray[np.float64]

LEARNED_SHARE = 0.5
"""What the learned gain counts in the ranking beside the hand-set score."""

_LEVELS = np.array([1.0, 2.0, 3.0, 4.0])
_GAINS = np.exp2(_LEVELS - 1.0) - 1.0
_FEWEST_NEEDS = 2
_METHOD = f"极端随机树，学得分占 {LEARNED_SHARE:.0%}，其余为手定得分"


@dataclass(frozen=True)
class LearnedRanking:
    """Predictions for the judged needs: offer ids, ranking scores by need, and what was learned."""

    offer_ids: tuple[str, ...]
    version: str
    summary: Learned
    parts: tuple[_Part, ...]

    def scores(self) -> Iterator[tuple[str, Values]]:
        """(need id, ranking scores of all offers in the order of ``offer_ids``) for each judged need."""
        for part in self.parts:
            for need in part.needs:
                rows = part.features.rows(need)
                yield need, _ranking_scores(part.chances(rows), rows[:, 0])


@dataclass(frozen=True)
class _Part:
    """One lesson: a model, the features it learned from, and the judged needs that it did not see."""

    needs: tuple[str, ...]
    features: PairFeatures
    model: Any

    def chances(self, rows: Values) -> Values:
        """Chances of levels 1–4, shape (rows, 4); a level never taught has chance 0."""
        chances: Values = np.zeros((len(rows), len(_LEVELS)))
        chances[:, np.asarray(self.model.classes_, dtype=np.int64) - 1] = self.model.predict_proba(rows)
        return chances

    def errors(self, judged: Judgments) -> list[Values]:
        """Distance of the predicted from the judged levels, one array for each need."""
        table, levels = _table(self.features, {need: judged[need] for need in self.needs})
        errors = np.abs(median_levels(self.chances(table)) - levels)
        return np.split(errors, np.cumsum([len(judged[need]) for need in self.needs])[:-1])


def learn(
    needs: Sequence[Profile],
    offers: Sequence[Profile],
    taught: Judgments,
    judged: Judgments,
    source: Path,
    ranker: Ranker | None = None,
) -> LearnedRanking:
    """Learn from ``taught``, without the needs of ``judged``, and be measured on ``judged``.

    Extremely randomised trees (Geurts et al. 2006) give the chances of the four levels; the median level, which makes
    the expected absolute error least, is compared with the judged one (MAE); the expected gain, mixed with the hand-set
    score, ranks. Raises InputError naming ``source`` where fewer than two needs or
    levels are left to learn from.
    """
    kept = {need: levels for need, levels in taught.items() if need not in judged}
    dropped = sum(len(levels) for need, levels in taught.items() if need in judged)
    if not _teachable(kept):
        problem = f"剔除与待评测评判重复的需求（{dropped} 对）后，可学习的只剩 {len(kept)} 个需求"
        raise InputError(source, [f"{problem}；请提供至少两个其他需求、两种以上 level 的评判"])
    asked = [need for need in needs if need.id in kept or need.id in judged]
    catalogue = Catalogue(asked, offers, ranker or Ranker())
    part = _lesson(catalogue, kept, tuple(need.id for need in asked if need.id in judged))
    return _ranking([part], judged, sum(map(len, kept.values())), dropped, _METHOD)


def learn_in_folds(
    needs: Sequence[Profile],
    offers: Sequence[Profile],
    judged: Judgments,
    folds: int,
    source: Path,
    ranker: Ranker | None = None,
) -> LearnedRanking:
    """Cut the judged needs into ``folds`` parts and predict each part from the others.

    Needs in order of id are dealt out in turn, so no need's levels are ever on both sides. Raises InputError naming
    ``source`` where there are too few needs or levels.
    """
    dealt = {need: number % folds for number, need in enumerate(sorted(judged))}
    kept = [{need: judged[need] for need in judged if dealt[need] != fold} for fold in range(folds)]
    if folds < 2 or len(judged) < folds or not all(map(_teachable, kept)):
        raise InputError(source, [f"只有 {len(judged)} 个有评判的需求，分不成 {folds} 折；请减少折数或补充评判"])
    asked = [need for need in needs if need.id in judged]
    catalogue = Catalogue(asked, offers, ranker or Ranker())
    parts = [
        _lesson(catalogue, kept[fold], tuple(need.id for need in asked if dealt[need.id] == fold))
        for fold in range(folds)
    ]
    pairs = sum(map(len, judged.values()))
    return _ranking(parts, judged, pairs, 0, f"{_METHOD}，按需求分 {folds} 折，每折由其余各折学")


def median_levels(chances: Values) -> Values:
    """The level that half of the chance lies at or below: it makes the expected absolute error least."""
    levels: Values = _LEVELS[np.argmax(np.cumsum(chances, axis=1) >= 0.5 - 1e-12, axis=1)]
    return levels


def _teachable(taught: Judgments) -> bool:
    levels = {level for judged in taught.values() for level in judged.values()}
    return len(taught) >= _FEWEST_NEEDS and len(levels) >= 2


def _lesson(catalogue: Catalogue, taught: Judgments, needs: tuple[str, ...]) -> _Part:
    features = PairFeatures(catalogue, taught)
    model = ExtraTreesClassifier(n_estimators=200, min_samples_leaf=5, max_features=0.4, random_state=0)
    return _Part(needs, features, model.fit(*_table(features, taught)))


def _table(features: PairFeatures, judged: Judgments) -> tuple[Values, NDArray[np.int64]]:
    """Feature rows and levels of judged pairs, need by need."""
    tables = [features.rows(need)[[features.position[offer] for offer in judged[need]]] for need in judged]
    levels = [level for each in judged.values() for level in each.values()]
    return np.concatenate(tables), np.array(levels, dtype=np.int64)


def _ranking(parts: Sequence[_Part], judged: Judgments, pairs: int, dropped: int, choice: str) -> LearnedRanking:
    by_need = [errors for part in parts for errors in part.errors(judged)]
    error = float(np.mean(np.concatenate(by_need)))
    features = parts[0].features
    return LearnedRanking(
        features.offer_ids, features.version, Learned(pairs, dropped, error, choice, spread(by_need)), tuple(parts)
    )


def spread(errors: Sequence[Values]) -> tuple[float, float]:
    """95 % bootstrap interval of 1/(1+MAE), whole needs redrawn (2,000 times, fixed seed)."""
    sums = np.array([float(each.sum()) for each in errors])
    sizes = np.array([each.size for each in errors])
    drawn = np.random.default_rng(0).integers(0, len(errors), size=(2_000, len(errors)))
    scores = 1.0 / (1.0 + sums[drawn].sum(axis=1) / np.maximum(sizes[drawn].sum(axis=1), 1))
    low, high = np.percentile(scores, [2.5, 97.5])
    return round(float(low), 4), round(float(high), 4)


def _ranking_scores(chances: Values, base: Values) -> Values:
    """Expected gain over the highest gain, mixed with the hand-set score brought to the same spread."""
    gain = chances @ _GAINS / _GAINS[-1]
    scale = float(base.std())
    steady = base * (float(gain.std()) / scale) if scale > 0.0 else base
    mixed: Values = LEARNED_SHARE * gain + (1.0 - LEARNED_SHARE) * steady
    return mixed
