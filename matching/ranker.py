"""The settings of a ranking, and the ways to an index: count, encode, load."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from matching.analysis import Analyser
from matching.candidates import Closeness
from matching.index import Ranked, RankIndex, fresh_index, index_from
from matching.profile import Profile
from matching.segments import Scorer, segment_of, segment_of_texts
from matching.signals import SIGNALS
from matching.signals.views import View
from matching.statistics import Statistics, count, counted_over
from matching.words import Segmenter

__all__ = ["RankIndex", "Ranked", "Ranker"]


class Ranker:
    """The settings of a ranking.

    ``weights`` maps signal names to weights ≥ 0 and replaces the signals' own (a name left out keeps its own); a signal
    with weight 0 is not computed. ``dictionary`` holds the field's words for the segmenter. Up to ``exact_up_to``
    offers all are scored by all signals; of more only the ``candidates`` closest in characters (or ten for each place
    asked for).
    """

    def __init__(
        self,
        weights: Mapping[str, float] | None = None,
        dictionary: Iterable[str] = (),
        exact_up_to: int = 2_000,
        candidates: int = 500,
    ) -> None:
        known = {signal.name: signal.weight for signal in SIGNALS}
        given = dict(weights or {})
        unknown = sorted(set(given) - set(known))
        if unknown:
            raise ValueError(f"未知的匹配因子：{'、'.join(unknown)}；可用：{'、'.join(known)}")
        self.weights: dict[str, float] = {name: float(given.get(name, weight)) for name, weight in known.items()}
        if any(not 0.0 <= weight < float("inf") for weight in self.weights.values()) or not any(self.weights.values()):
            raise ValueError("匹配因子的权重须为非负数，且至少一个大于 0")
        self.segmenter = Segmenter(dictionary)
        self.analyser = Analyser(self.segmenter)
        self._exact_up_to, self._candidates = exact_up_to, candidates

    def fit(self, offers: Sequence[Profile], background: Sequence[Profile] = ()) -> RankIndex:
        """Index ``offers`` (ids unique) under statistics of ``offers`` and ``background``.

        With the other side as background a pair gets the same score whichever side asks: fit on achievements with needs
        as background equals fit on needs with achievements as background. Raises ValueError for a repeated id.
        """
        ordered = self._ordered(offers)
        blocks = list(self.analyser.blocks(sorted({*offers, *background}, key=lambda text: text.sort_key)))
        statistics = counted_over(blocks, self.segmenter.dictionary)
        scorer, kept = self._scorer(statistics), set(ordered)
        parts = [block.taken([row for row, text in enumerate(block) if text.profile in kept]) for block in blocks]
        return fresh_index(scorer, segment_of_texts(scorer, parts or [self.analyser.read(())]))

    def statistics(self, texts: Sequence[Profile]) -> Statistics:
        """Count over texts (both sides of a catalogue); equal texts count once, their order does not matter."""
        return count(texts, self.analyser)

    def index(self, statistics: Statistics, offers: Sequence[Profile]) -> RankIndex:
        """Index ``offers`` under these statistics. Raises ValueError for a repeated id or another dictionary's."""
        ordered = self._ordered(offers)
        scorer = self._scorer(statistics)
        return fresh_index(scorer, segment_of(scorer, ordered))

    def load(self, path: Path, statistics: Statistics | None = None) -> RankIndex:
        """The index that ``RankIndex.save`` wrote, mapped into memory, under these weights.

        Raises DamagedFile for a damaged or foreign file, or one of other signals or statistics; FileNotFoundError.
        """
        return index_from(self._scorer, path, statistics)

    @staticmethod
    def _ordered(offers: Sequence[Profile]) -> list[Profile]:
        """In order of id; raises ValueError for a repeated one."""
        ordered = sorted(offers, key=lambda offer: offer.sort_key)
        repeated = sorted({one.id for one, other in pairwise(ordered) if one.id == other.id})
        if repeated:
            raise ValueError(f"编号重复：{'、'.join(repeated[:5])}")
        return ordered

    def _scorer(self, statistics: Statistics) -> Scorer:
        if statistics.dictionary != self.segmenter.dictionary:
            raise ValueError("匹配统计用的是另一份领域词典，请重新统计")
        used = [signal for signal in SIGNALS if self.weights[signal.name] > 0.0]
        fitted = {signal.name: signal.fit(statistics) for signal in used}
        weights = {signal.name: self.weights[signal.name] for signal in used}
        closeness = Closeness(View("characters", statistics))
        return Scorer(statistics, self.analyser, fitted, weights, closeness, self._exact_up_to, self._candidates)
