"""Whole files at once: rank needs against achievements, measure a ranking against judgments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from matching.evaluation import EvaluationReport, evaluate
from matching.files import read_judgments, read_profiles, write_run
from matching.learning import learn
from matching.ranker import Ranked, Ranker


def rank_files(
    needs: Path, achievements: Path, top: int, out: Path, progress: Callable[[int, int], None] | None = None
) -> int:
    """Rank all achievements for each need, write the best ``top`` of each to ``out`` and return the number of lines.

    ``progress`` hears (needs done, needs in all). Raises InputError for a bad file.
    """
    asked, offers = read_profiles(needs), read_profiles(achievements)
    index = Ranker().fit(offers, background=asked)

    def runs() -> Iterator[tuple[str, list[Ranked]]]:
        for need, ranking in zip(asked, index.top_many(asked, top), strict=True):
            yield need.id, ranking

    return write_run(out, runs(), None if progress is None else lambda done: progress(done, len(asked)))


def evaluate_files(needs: Path, achievements: Path, judgments: Path, train: Path | None = None) -> EvaluationReport:
    """Measure the ranking against ``judgments``; with ``train`` measure a ranking learned from those pairs instead.

    Training pairs whose need is among ``judgments`` are dropped and counted in the report. Raises InputError for a bad
    file, or when too few training pairs are left.
    """
    asked, offers = read_profiles(needs), read_profiles(achievements)
    need_ids, offer_ids = {need.id for need in asked}, {offer.id for offer in offers}
    levels = read_judgments(judgments, need_ids, offer_ids)
    if train is not None:
        taught = read_judgments(train, need_ids, offer_ids)
        learned = learn(asked, offers, taught, levels, train)
        return evaluate(learned.offer_ids, learned.scores(), levels, learned.version, learned=learned.summary)
    index = Ranker().fit(offers, background=asked)
    judged = [need for need in asked if need.id in levels]
    scored = zip((need.id for need in judged), index.totals(judged), strict=True)
    return evaluate(index.ids, scored, levels, index.version)
