"""Counting many texts against scikit-learn's CountVectorizer."""

import multiprocessing

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer

from matching.engine.counting import count_texts

_texts = st.lists(
    st.lists(
        st.sampled_from(
            [
                "电解水",
                "制氢",
                "隔膜",
                "的",
                "pem",
                "co2",
                "质子交换膜",
                "质子交换膜电解",
                "🚀",
                "🚀🚀",
                "a\x1fb",
                "一二三四",
                "一二三五",
            ]
        ),
        max_size=12,
    ).map(" ".join),
    max_size=9,
)


def kept(word: str) -> bool:
    return word != "的"


@given(_texts)
@settings(max_examples=100, deadline=None)
def test_counts_are_those_of_scikit_learn(texts: list[str]) -> None:
    oracle = CountVectorizer(analyzer=lambda text: [word for word in text.split() if kept(word)])
    expected = oracle.fit_transform([*texts, "电解水"])[:-1].toarray()

    found = count_texts(texts, str.split, kept)

    assert len(set(found.vocabulary)) == len(found.vocabulary)
    counted = sparse.csr_matrix((found.counts, found.terms, found.indptr), shape=(len(texts), len(found.vocabulary)))
    dense = np.zeros_like(expected)
    dense[:, [oracle.vocabulary_[word] for word in found.vocabulary]] = counted.toarray()
    assert dense.tolist() == expected.tolist()
    assert found.present().tolist() == (counted.toarray() > 0).sum(axis=0).tolist()


def test_more_words_than_the_tables_begin_with() -> None:
    words = [f"{chr(0x4E00 + number % 211)}{chr(0x5000 + number // 211)}" for number in range(30_000)]
    words += [f"长的词语{number}" for number in range(30_000)]
    texts = [" ".join(words[start : start + 20]) for start in range(0, len(words), 20)] * 2

    found = count_texts(texts, str.split, kept)

    assert found.vocabulary == tuple(words)
    assert found.terms.tolist() == [*range(len(words))] * 2
    assert set(found.counts.tolist()) == {1}


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="this system cannot fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_two_processes_count_as_one() -> None:
    texts = [f"电解水 制氢 词{number % 7} 的 词{number % 3} 制氢" for number in range(50)]

    alone, beside = count_texts(texts, str.split, kept), count_texts(texts, str.split, kept, processes=2)

    assert beside.vocabulary == alone.vocabulary
    assert beside.indptr.tolist() == alone.indptr.tolist()
    assert beside.terms.tolist() == alone.terms.tolist()
    assert beside.counts.tolist() == alone.counts.tolist()
