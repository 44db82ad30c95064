"""Evidence: highlights in the original text, terms that mean something, any input."""

import pytest
from hypothesis import given, settings

from matching import Profile, Ranker, Segmenter, explain, normalise, reason
from matching.evidence import Evidence, Passage
from tests.matching.samples import NEEDS, OFFERS
from tests.matching.strategies import profiles

SEGMENTER = Segmenter()


def lit(passages: tuple[Passage, ...]) -> list[str]:
    return [passage.text[start:end] for passage in passages for start, end in passage.spans]


def test_explain_lights_the_shared_terms_in_both_originals() -> None:
    evidence = explain(NEEDS[0], OFFERS[0], SEGMENTER)

    assert evidence.shared_terms[:2] == ("千标方级", "制氢")
    assert lit(evidence.need) == ["千标方级", "制氢"]
    assert lit(evidence.offer) == ["千标方级", "制氢"]
    assert evidence.shared_categories == ("point:氢能",)


def test_explain_maps_highlights_back_through_folding() -> None:
    evidence = explain(NEEDS[3], OFFERS[4], SEGMENTER)

    assert "CO₂" in lit(evidence.need)
    assert "CO2" in lit(evidence.offer)
    assert {passage.where for passage in evidence.offer} == {"body", "keywords"}


def test_explain_does_not_light_project_language() -> None:
    evidence = explain(
        Profile("n", "大功率燃料电池关键技术研究及应用示范"), Profile("a", "羊绒分梳关键技术研究及应用示范"), SEGMENTER
    )

    assert evidence == Evidence()


def test_explain_puts_the_best_sentence_first() -> None:
    offer = Profile("a", "制氢", "本系统制氢效率高。千标方级电解水制氢机组已运行。团队有二十人。")

    evidence = explain(NEEDS[0], offer, SEGMENTER)

    assert evidence.offer[0].text == "千标方级电解水制氢机组已运行。"


@settings(max_examples=60, deadline=None)
@given(profiles("n"), profiles("a"))
def test_explain_spans_lie_inside_texts_in_order_without_overlap(need: Profile, offer: Profile) -> None:
    evidence = explain(need, offer, SEGMENTER)

    for profile, passages in ((need, evidence.need), (offer, evidence.offer)):
        for passage in passages:
            assert passage.spans
            ends = [0, *(end for _, end in passage.spans)]
            assert all(
                before < start < end for before, (start, end) in zip([-1, *ends[1:]], passage.spans, strict=False)
            )
            assert ends[-1] <= len(passage.text)
            if passage.where != "keywords":
                assert passage.text in getattr(profile, passage.where)
    whole = normalise("\n".join((need.title, need.body, *need.keywords)))
    assert all(term in whole.replace(" ", "") or term in whole for term in evidence.shared_terms)


@pytest.mark.parametrize(
    "text", ["", "🚀🚀", "电解水制氢" * 4_000, "\ud800\udc00", "\x00", "a" * 20_000, "。" * 20_000]
)
def test_explain_takes_any_text(text: str) -> None:
    odd = Profile("a", text[:200], text, (text[:50],), (text[:10],))

    assert isinstance(explain(NEEDS[0], odd, SEGMENTER), Evidence)
    assert isinstance(explain(odd, odd, SEGMENTER), Evidence)


def test_reason_names_terms_and_the_category() -> None:
    index = Ranker().fit(OFFERS, NEEDS)
    ranked = index.top(NEEDS[0])[0]
    evidence = explain(NEEDS[0], OFFERS[0], SEGMENTER, rarity=index.rarity)

    assert reason(ranked, evidence) == "共有技术词：千标方级、制氢；领域同为氢能"
    assert reason(ranked, evidence, {"point:氢能": "氢能产业"}).endswith("领域同为氢能产业")


def test_reason_says_so_where_nothing_is_shared() -> None:
    ranked = Ranker().fit(OFFERS, NEEDS).score(NEEDS[0], ["A4"])[0]

    assert "没有共同的技术词" in reason(ranked, Evidence())
