"""Segmenting, boilerplate and shared terms."""

from matching.boilerplate import is_office_phrase, word_weight
from matching.terms import occurrences, shared_terms
from matching.words import Segmenter


def test_words_leaves_out_function_words_and_signs() -> None:
    words = Segmenter().words("电解水制氢的关键技术，以及应用！")

    assert "制氢" in words
    assert not {"的", "，", "！", "以及"} & set(words)


def test_words_knows_the_dictionary_of_its_own_segmenter_only() -> None:
    with_dictionary = Segmenter(["氨醇荷随源动"])

    assert "氨醇荷随源动" in with_dictionary.words("氨醇荷随源动一体化")
    assert "氨醇荷随源动" not in Segmenter().words("氨醇荷随源动一体化")


def test_words_does_not_depend_on_the_order_of_the_dictionary() -> None:
    words = ["千标方级", "电解水制氢", "制氢机组"]
    text = "千标方级电解水制氢机组"

    assert Segmenter(words).words(text) == Segmenter(reversed(words)).words(text)


def test_office_language_is_recognised_and_counts_less() -> None:
    assert is_office_phrase("关键技术研究及应用示范")
    assert not is_office_phrase("电解水制氢关键技术研究")
    assert word_weight("的") == 0.0
    assert 0.0 < word_weight("关键技术") < word_weight("电解槽")


def test_shared_terms_finds_new_words_and_skips_office_language() -> None:
    terms = shared_terms("千标方级电解水制氢机组关键技术研究", "千标方级的带压制氢系统关键技术研究", Segmenter())

    assert {"千标方级", "制氢"} <= terms
    assert not any("技术" in term or "研究" in term for term in terms)


def test_shared_terms_are_not_cut_out_of_longer_words() -> None:
    assert "氧化" not in shared_terms("二氧化碳收集", "粉煤灰提取氧化铝", Segmenter())


def test_shared_terms_of_letters_stand_alone() -> None:
    assert shared_terms("pem 制氢", "pem电解槽", Segmenter()) >= {"pem"}
    assert list(occurrences("pem", "pemfc 与 pem")) == [(8, 11)]
