"""Whole files at once: rank needs against achievements, measure a ranking against judgments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from matching.evaluation import EvaluationReport, evaluate
from matching.files import read_judgments, read_profiles, write_run
from matching.learning import learn, learn_in_folds
from matching.profile import Profile
from matching.ranker import Ranked, Ranker


def rank_files(
    needs: Path,
    achievements: Path,
    top: int,
    out: Path,
    progress: Callable[[int, int], None] | None = None,
    weights: Mapping[str, float] | None = None,
) -> int:
    """Rank all achievements for each need, write the best ``top`` of each to ``out`` and return the number of lines.

    ``progress`` hears (needs done, needs in all); ``weights`` replace the signals' own. Raises InputError for a bad
    file, ValueError for a bad weight.
    """
    ranker = Ranker(weights)
    asked, offers = _both_sides(needs, achievements)
    index = ranker.fit(offers, background=asked)

    def runs() -> Iterator[tuple[str, list[Ranked]]]:
        for need, ranking in zip(asked, index.top_many(asked, top), strict=True):
            yield need.id, ranking

    return write_run(out, runs(), None if progress is None else lambda done: progress(done, len(asked)))


def evaluate_files(
    needs: Path,
    achievements: Path,
    judgments: Path,
    train: Path | None = None,
    weights: Mapping[str, float] | None = None,
    folds: int | None = None,
) -> EvaluationReport:
    """Measure the ranking against ``judgments``; with ``train`` measure a ranking learned from those pairs instead.

    Training pairs whose need is among ``judgments`` are dropped and counted in the report. With ``folds`` the judged
    needs are cut into that many parts and each is measured under a ranking learned from the others. ``weights`` replace
    the signals' own. Raises InputError for a bad file, or when too few training pairs are left; ValueError for a bad
    weight, or where both ``train`` and ``folds`` are given.
    """
    if train is not None and folds is not None:
        raise ValueError("--train 与 --folds 只能用一个：前者从另一份评判学习，后者在同一份评判里分折")
    ranker = Ranker(weights)
    asked, offers = _both_sides(needs, achievements)
    need_ids, offer_ids = {need.id for need in asked}, {offer.id for offer in offers}
    levels = read_judgments(judgments, need_ids, offer_ids)
    if train is not None or folds is not None:
        if train is not None:
            learned = learn(asked, offers, read_judgments(train, need_ids, offer_ids), levels, train, ranker)
        else:
            learned = learn_in_folds(asked, offers, levels, folds or 0, judgments, ranker)
        return evaluate(learned.offer_ids, learned.scores(), levels, learned.version, learned=learned.summary)
    index = ranker.fit(offers, background=asked)
    judged = [need for need in asked if need.id in levels]
    scored = zip((need.id for need in judged), index.totals(judged), strict=True)
    return evaluate(index.ids, scored, levels, index.version)


def _both_sides(needs: Path, achievements: Path) -> tuple[list[Profile], list[Profile]]:
    """The postings of both files, each knowing its side."""
    return (
        [replace(need, asks=True) for need in read_profiles(needs)],
        [replace(offer, asks=False) for offer in read_profiles(achievements)],
    )
