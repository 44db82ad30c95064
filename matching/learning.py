"""Learns levels from judged pairs of other needs and predicts the level of any pair."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GroupKFold

from matching.evaluation import Learned, ndcg
from matching.features import PairFeatures
from matching.files import InputError, Judgments
from matching.profile import Profile

Values = NDArray[np.float64]

_LEVELS = np.array([1.0, 2.0, 3.0, 4.0])
_GAINS = np.exp2(_LEVELS - 1.0) - 1.0
_SHARES = (1.0, 0.7, 0.4, 0.0)
_FOLDS = 5
_FEWEST_NEEDS = 2


@dataclass(frozen=True)
class LearnedRanking:
    """Predictions for the judged needs: offer ids, the model behind ``scores`` and what was learned."""

    offer_ids: tuple[str, ...]
    version: str
    summary: Learned
    _needs: tuple[str, ...]
    _features: PairFeatures
    _model: Any
    _share: float

    def scores(self) -> Iterator[tuple[str, Values]]:
        """(need id, ranking scores of all offers in the order of ``offer_ids``) for each judged need."""
        for need in self._needs:
            rows = self._features.rows(need)
            yield need, _ranking_scores(_chances(self._model, rows), rows[:, 0], self._share)


def learn(
    needs: Sequence[Profile], offers: Sequence[Profile], taught: Judgments, judged: Judgments, source: Path
) -> LearnedRanking:
    """Learn from ``taught``, without the needs of ``judged``, and be measured on ``judged``.

    A gradient-boosted classifier gives the chances of the four levels; the median level is compared with the judged one
    (MAE), the expected gain, mixed with the hand-set score in a share chosen on folds by need, ranks. Raises InputError
    naming ``source`` where fewer than two needs are left to learn from.
    """
    kept = {need: levels for need, levels in taught.items() if need not in judged}
    dropped = sum(len(levels) for need, levels in taught.items() if need in judged)
    levels_seen = {level for levels in kept.values() for level in levels.values()}
    if len(kept) < _FEWEST_NEEDS or len(levels_seen) < 2:
        problem = f"剔除与待评测评判重复的需求（{dropped} 对）后，可学习的只剩 {len(kept)} 个需求"
        raise InputError(source, [f"{problem}；请提供至少两个其他需求、两种以上 level 的评判"])
    asked = [need for need in needs if need.id in kept or need.id in judged]
    features = PairFeatures(asked, offers, kept)
    table, target, groups = _training_table(features, kept)
    share = _best_share(table, target, groups)
    model = _fitted(table, target)
    error = _mean_absolute_error(model, features, judged)
    summary = Learned(len(target), dropped, error, f"梯度提升树，学得分占 {share:.0%}，由按需求分组的 {_FOLDS} 折选定")
    return LearnedRanking(
        features.offer_ids,
        features.version,
        summary,
        tuple(n.id for n in asked if n.id in judged),
        features,
        model,
        share,
    )


def _training_table(features: PairFeatures, taught: Judgments) -> tuple[Values, NDArray[np.int64], NDArray[np.int64]]:
    """Feature rows, levels and need numbers of all taught pairs."""
    tables: list[Values] = []
    target: list[int] = []
    groups: list[int] = []
    for number, (need, levels) in enumerate(taught.items()):
        tables.append(features.rows(need)[[features.position[offer] for offer in levels]])
        target.extend(levels.values())
        groups.extend([number] * len(levels))
    return np.concatenate(tables), np.array(target, dtype=np.int64), np.array(groups, dtype=np.int64)


def _fitted(table: Values, target: NDArray[np.int64]) -> Any:
    model = HistGradientBoostingClassifier(
        learning_rate=0.05,
        max_iter=120,
        max_leaf_nodes=8,
        min_samples_leaf=30,
        l2_regularization=5.0,
        early_stopping=False,
        random_state=0,
    )
    return model.fit(table, target)


def _chances(model: Any, rows: Values) -> Values:
    """Chances of levels 1–4, shape (rows, 4); a level never taught has chance 0."""
    chances: Values = np.zeros((len(rows), len(_LEVELS)))
    chances[:, np.asarray(model.classes_, dtype=np.int64) - 1] = model.predict_proba(rows)
    return chances


def _median_levels(chances: Values) -> Values:
    """The level that half of the chance lies at or below: it makes the expected absolute error least."""
    levels: Values = _LEVELS[np.argmax(np.cumsum(chances, axis=1) >= 0.5 - 1e-12, axis=1)]
    return levels


def _ranking_scores(chances: Values, base: Values, share: float) -> Values:
    """Expected gain over the highest gain, mixed with the hand-set score brought to the same spread."""
    gain = chances @ _GAINS / _GAINS[-1]
    spread = float(base.std())
    steady = base * (float(gain.std()) / spread) if spread > 0.0 else base
    mixed: Values = share * gain + (1.0 - share) * steady
    return mixed


def _best_share(table: Values, target: NDArray[np.int64], groups: NDArray[np.int64]) -> float:
    """The learned share with the best nDCG@10 over held-out needs; among equals the larger."""
    folds = GroupKFold(n_splits=min(_FOLDS, len(set(groups.tolist()))))
    found: dict[float, list[float]] = {share: [] for share in _SHARES}
    for inside, outside in folds.split(table, target, groups):
        if len(set(target[inside].tolist())) < 2:
            continue
        chances = _chances(_fitted(table[inside], target[inside]), table[outside])
        for group in sorted(set(groups[outside].tolist())):
            mine = groups[outside] == group
            levels = target[outside][mine]
            for share in _SHARES:
                order = np.argsort(-_ranking_scores(chances[mine], table[outside][mine][:, 0], share), kind="stable")
                found[share].append(ndcg(levels[order], 10))
    return max(_SHARES, key=lambda share: float(np.mean(found[share])) if found[share] else 0.0)


def _mean_absolute_error(model: Any, features: PairFeatures, judged: Mapping[str, Mapping[str, int]]) -> float:
    errors: list[float] = []
    for need, levels in judged.items():
        rows = features.rows(need)[[features.position[offer] for offer in levels]]
        errors.extend(np.abs(_median_levels(_chances(model, rows)) - np.array(list(levels.values()))).tolist())
    return float(np.mean(errors)) if errors else 0.0
