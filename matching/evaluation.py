"""How good a ranking is: nDCG@10, MAP, MRR@10, P@5 and recall@50 with bootstrap intervals over needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Protocol = Literal["judged", "catalogue"]

RELEVANT = 3
"""The lowest level that counts as relevant in MAP, MRR, P@5 and recall."""

METRICS = ("ndcg@10", "map", "mrr@10", "p@5", "recall@50")
_RESAMPLES = 2_000
_SEED = 20_250_101
_SPARSE = 2.0
_PROTOCOL_TEXT: dict[Protocol, str] = {
    "judged": "在已评判的成果中排序（recall@50 在全部成果中）",
    "catalogue": "在全部成果中排序，未评判的视为不相关（平均每个需求评判不足 2 个成果）",
}
_NAMES = {"ndcg@10": "nDCG@10", "map": "MAP", "mrr@10": "MRR@10", "p@5": "P@5", "recall@50": "召回率@50"}


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over ``needs`` needs and its 95 % bootstrap interval; None where no need could be measured."""

    value: float | None
    low: float | None
    high: float | None
    needs: int


@dataclass(frozen=True, slots=True)
class Learned:
    """What learning from judged pairs did: pairs learned from, pairs dropped, and how far levels are off.

    ``interval`` is the 95 % bootstrap interval of ``score`` over needs.
    """

    pairs: int
    dropped: int
    mean_absolute_error: float
    choice: str
    interval: tuple[float, float]

    @property
    def score(self) -> float:
        """1 / (1 + MAE), the measure of CCF BDCI 2019 task 359."""
        return 1.0 / (1.0 + self.mean_absolute_error)


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """The measured quality of one ranking."""

    metrics: Mapping[str, Interval]
    protocol: Protocol
    needs: int
    pairs: int
    version: str
    learned: Learned | None = None

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        report: dict[str, object] = {
            "protocol": self.protocol,
            "needs": self.needs,
            "pairs": self.pairs,
            "version": self.version,
            "metrics": {
                name: {"value": each.value, "low": each.low, "high": each.high, "needs": each.needs}
                for name, each in self.metrics.items()
            },
        }
        if self.learned is not None:
            report["learned"] = {
                "pairs": self.learned.pairs,
                "dropped": self.learned.dropped,
                "mae": round(self.learned.mean_absolute_error, 4),
                "1/(1+mae)": round(self.learned.score, 4),
                "1/(1+mae) interval": list(self.learned.interval),
                "choice": self.learned.choice,
            }
        return report

    def as_text(self) -> str:
        """A small Chinese table."""
        lines = [
            f"评测：{self.needs} 个需求，{self.pairs} 个评判对；{_PROTOCOL_TEXT[self.protocol]}",
            "指标          数值    95% 区间          需求数",
        ]
        for name, each in self.metrics.items():
            if each.value is None:
                lines.append(f"{_padded(_NAMES[name], 12)}  —       （没有可计算的需求）")
            else:
                interval = f"{each.low:.4f}–{each.high:.4f}"
                lines.append(f"{_padded(_NAMES[name], 12)}  {each.value:.4f}  {interval:<16}  {each.needs}")
        if self.learned is not None:
            lines.append(
                f"从 {self.learned.pairs} 个评判对学习（{self.learned.choice}）；"
                f"MAE {self.learned.mean_absolute_error:.4f}，1/(1+MAE) {self.learned.score:.4f}"
                f"（{self.learned.interval[0]:.4f}–{self.learned.interval[1]:.4f}）"
            )
            if self.learned.dropped:
                lines.append(f"注意：训练评判中有 {self.learned.dropped} 对的需求也在被评判之列，已剔除，不参与学习")
        return "\n".join(lines)


def choose_protocol(judgments: Mapping[str, Mapping[str, int]]) -> Protocol:
    """Rank the catalogue where a need has fewer than 2 judged offers on average (nothing to order), else the judged."""
    pairs = sum(len(levels) for levels in judgments.values())
    return "catalogue" if pairs < _SPARSE * max(1, len(judgments)) else "judged"


def evaluate(
    offer_ids: Sequence[str],
    scored: Iterable[tuple[str, NDArray[np.float64] | NDArray[np.int64]]],
    judgments: Mapping[str, Mapping[str, int]],
    version: str = "",
    protocol: Protocol | None = None,
    learned: Learned | None = None,
) -> EvaluationReport:
    """Measure scores, an array over ``offer_ids`` for each judged need; equal scores are ordered by id.

    Graded metrics rank the judged offers ("judged") or all ("catalogue"); recall@50 always ranks all. nDCG is the mean
    over needs with a level above 1 (gain 2^(level−1)−1, discount log2(rank+1); Järvelin & Kekäläinen 2002, Burges et
    al. 2005), the rest over needs with a relevant offer.
    """
    chosen = protocol or choose_protocol(judgments)
    order_by_id = np.argsort(np.array(offer_ids, dtype=object), kind="stable")
    position = {offer_ids[int(at)]: place for place, at in enumerate(order_by_id)}
    per_need: dict[str, list[float]] = {name: [] for name in METRICS}
    for need, scores in scored:
        levels = np.zeros(len(offer_ids), dtype=np.int64)
        for offer, level in judgments[need].items():
            levels[position[offer]] = level
        order = np.argsort(-np.asarray(scores)[order_by_id], kind="stable")
        for name, value in _metrics_of(levels[order], chosen).items():
            per_need[name].append(value)
    return EvaluationReport(
        metrics={name: bootstrap(values) for name, values in per_need.items()},
        protocol=chosen,
        needs=len(judgments),
        pairs=sum(len(levels) for levels in judgments.values()),
        version=version,
        learned=learned,
    )


def _metrics_of(catalogue: NDArray[np.int64], protocol: Protocol) -> dict[str, float]:
    """Metrics of one need from the levels of all offers in ranked order (0: not judged)."""
    ranked = catalogue[catalogue > 0] if protocol == "judged" else catalogue
    metrics: dict[str, float] = {}
    if (catalogue > 1).any():
        metrics["ndcg@10"] = ndcg(ranked, 10)
    relevant = ranked >= RELEVANT
    total = int(relevant.sum())
    if total:
        hits = np.flatnonzero(relevant)
        metrics["map"] = float(np.mean(np.arange(1, total + 1) / (hits + 1)))
        metrics["mrr@10"] = 1.0 / (int(hits[0]) + 1) if hits[0] < 10 else 0.0
        metrics["p@5"] = float(relevant[:5].sum()) / 5.0
        metrics["recall@50"] = float((catalogue[:50] >= RELEVANT).sum()) / total
    return metrics


def ndcg(levels: NDArray[np.int64], k: int) -> float:
    """nDCG@k of levels in ranked order; 0 where nothing has a gain."""
    return discounted_gain(np.where(levels > 0, np.exp2(np.maximum(levels, 1) - 1.0) - 1.0, 0.0), k)


def discounted_gain(gains: Values, k: int) -> float:
    """Discounted gain of the first ``k`` over the best possible, from gains in ranked order; 0 where all are 0."""
    discounts = 1.0 / np.log2(np.arange(2, k + 2))
    ideal = np.sort(gains)[::-1][:k]
    best = float(ideal @ discounts[: ideal.size])
    top = gains[:k]
    return float(top @ discounts[: top.size]) / best if best > 0.0 else 0.0


def bootstrap(values: Sequence[float]) -> Interval:
    """Mean and 95 % percentile bootstrap interval (Efron 1979; 2,000 resamples, fixed seed)."""
    if not values:
        return Interval(None, None, None, 0)
    sample: Values = np.array(values, dtype=np.float64)
    generator = np.random.default_rng(_SEED)
    means = sample[generator.integers(0, sample.size, size=(_RESAMPLES, sample.size))].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return Interval(round(float(sample.mean()), 4), round(float(low), 4), round(float(high), 4), sample.size)


def _padded(text: str, width: int) -> str:
    """Padded to display columns: a Chinese sign takes two."""
    return text + " " * max(0, width - sum(2 if ord(sign) > 0x2E7F else 1 for sign in text))
