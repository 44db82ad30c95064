"""The index: base and fresh segment as one, deletion without a trace, the candidate stage, files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from matching.engine.store import DamagedFile
from matching.profile import Profile
from matching.ranker import Ranked, Ranker, RankIndex
from matching.rows import WHOLE
from matching.signals.views import View, cosines
from tests.matching.samples import NEEDS, OFFERS
from tests.matching.strategies import bodies, profiles

RANKER = Ranker()
NARROW = Ranker(exact_up_to=0, candidates=2)
STATISTICS = RANKER.statistics([*NEEDS, *OFFERS])

puts = st.tuples(st.integers(0, 5), bodies).map(lambda one: Profile(f"P{one[0]}", *one[1]))
steps = st.lists(st.one_of(puts, st.integers(0, 5).map(lambda at: f"P{at}"), st.just(None)), min_size=1, max_size=10)
"""A posting is put, an id is dropped, or (None) the index is compacted."""


def walked(ranker: Ranker, start: list[Profile], changes: list[Profile | str | None]) -> tuple[RankIndex, RankIndex]:
    """The index after all changes, and one built anew from what is left."""
    index = ranker.index(STATISTICS, start)
    left = {profile.id: profile for profile in start}
    for change in changes:
        if change is None:
            index = index.compacted()
        elif isinstance(change, str):
            index = index.changed([], [change])
            left.pop(change, None)
        else:
            index = index.changed([change])
            left[change.id] = change
    return index, ranker.index(STATISTICS, list(left.values()))


def answers(index: RankIndex, query: Profile, k: int) -> list[Ranked]:
    return index.top(query, k)


@settings(max_examples=60, deadline=None)
@given(st.lists(puts, max_size=5, unique_by=lambda one: one.id), steps, profiles("Q"), st.integers(1, 6))
def test_a_changed_index_equals_one_built_anew_to_the_last_bit(
    start: list[Profile], changes: list[Profile | str | None], query: Profile, k: int
) -> None:
    index, rebuilt = walked(RANKER, start, changes)

    assert index.ids == rebuilt.ids
    assert index.version == rebuilt.version
    assert index.top(query, k) == rebuilt.top(query, k)
    for ours, anew in zip(index.totals([query, *NEEDS]), rebuilt.totals([query, *NEEDS]), strict=True):
        np.testing.assert_array_equal(ours, anew)
    [ours], [anew] = index.signal_scores([query]), rebuilt.signal_scores([query])
    for name in ours:
        np.testing.assert_array_equal(ours[name], anew[name])


@settings(max_examples=60, deadline=None)
@given(st.lists(puts, max_size=6, unique_by=lambda one: one.id), steps, profiles("Q"))
def test_the_candidate_stage_does_not_depend_on_segments(
    start: list[Profile], changes: list[Profile | str | None], query: Profile
) -> None:
    index, rebuilt = walked(NARROW, start, changes)

    for asked in (query, *NEEDS):
        assert index.top(asked, 1, exclude={"P3"}) == rebuilt.top(asked, 1, exclude={"P3"})


def test_the_candidate_stage_scores_what_it_keeps_as_the_whole_does() -> None:
    whole, narrow = RANKER.index(STATISTICS, OFFERS), NARROW.index(STATISTICS, OFFERS)

    for need in NEEDS:
        exact = {ranked.id: (ranked.score, ranked.contributions) for ranked in whole.top(need)}
        found = narrow.top(need, 1)
        assert found[0].id == whole.top(need, 1)[0].id
        assert all(exact[ranked.id] == (ranked.score, ranked.contributions) for ranked in found)


def test_the_candidate_stage_keeps_ten_for_each_place_asked_for() -> None:
    many = [Profile(f"M{at:02d}", "电解水制氢机组") for at in range(30)]
    index = NARROW.index(STATISTICS, many)

    assert [ranked.id for ranked in index.top(NEEDS[0], 3)] == ["M00", "M01", "M02"]
    assert len(index.top(NEEDS[0], 30)) == 30


def test_changed_leaves_the_older_snapshot_as_it_was() -> None:
    before = RANKER.index(STATISTICS, OFFERS)
    old = before.top(NEEDS[0])

    after = before.changed([Profile("A9", NEEDS[0].title)], ["A1"])

    assert before.top(NEEDS[0]) == old
    assert after.top(NEEDS[0])[0].id == "A9"
    assert "A1" not in after.ids
    assert len(after) == len(before)


def test_changed_refuses_an_id_put_twice() -> None:
    with pytest.raises(ValueError, match="编号重复"):
        RANKER.index(STATISTICS, OFFERS).changed([Profile("x"), Profile("x", "另一个")])


def test_score_refuses_a_dropped_offer() -> None:
    with pytest.raises(KeyError):
        RANKER.index(STATISTICS, OFFERS).changed([], ["A1"]).score(NEEDS[0], ["A1"])


def test_compaction_falls_due_after_a_thousand_changes() -> None:
    index = RANKER.index(STATISTICS, OFFERS)
    assert not index.due_for_compaction

    index = index.changed([Profile(f"F{at}", "电解水") for at in range(1_000)])

    assert index.due_for_compaction
    assert not index.compacted().due_for_compaction


def test_new_terms_of_later_postings_count() -> None:
    index = RANKER.index(STATISTICS, OFFERS).changed([Profile("new", "钙钛矿叠层光伏组件")])

    assert index.top(Profile("q", "钙钛矿叠层"))[0].id == "new"


@settings(max_examples=30, deadline=None)
@given(profiles("Q"), st.lists(puts, max_size=5, unique_by=lambda one: one.id))
def test_a_copy_of_the_need_ranks_first(query: Profile, others: list[Profile]) -> None:
    copy = Profile("copy", query.title, query.body, query.keywords, query.categories)
    index = RANKER.fit([*others, copy], [query])

    ranking = index.top(query)

    if ranking:
        assert {ranked.id: ranked.score for ranked in ranking}.get("copy") == ranking[0].score


@pytest.mark.parametrize("noise", ["羊毛纺织", "建筑幕墙安装施工组织", "某某公司成立于一九九八年，员工三百人。" * 3])
@pytest.mark.parametrize("need", NEEDS, ids=lambda need: need.id)
def test_irrelevant_words_appended_never_raise_a_pair_above_an_exact_one(need: Profile, noise: str) -> None:
    exact = Profile("exact", need.title, need.body, need.keywords, need.categories)
    padded = Profile("a-padded", need.title + noise, need.body + noise, need.keywords, need.categories)

    scores = {ranked.id: ranked.score for ranked in RANKER.fit([*OFFERS, exact, padded], NEEDS).top(need)}

    assert scores["exact"] >= scores["a-padded"]
    assert max(scores.values()) == scores["exact"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("PEM电解槽制氢CO2", "ＰＥＭ电解槽制氢CO₂"),
        ("氢能与电解槽", "氫能與電解槽"),
        ("pem电解槽 50m2 80°C", "PEM电解槽 50㎡ 80℃"),
        ("10μm粉体 5kg", "10µm粉体 5㎏"),
    ],
)
def test_variants_of_writing_rank_alike(one: str, other: str) -> None:
    offers = [*OFFERS, Profile("V1", one, one), Profile("V2", other, other)]
    index = RANKER.fit(offers, NEEDS)

    for query in (*NEEDS, Profile("q", one), Profile("r", other)):
        scores = {ranked.id: (ranked.score, ranked.contributions) for ranked in index.score(query, ["V1", "V2"])}
        assert scores["V1"] == scores["V2"]
    [ours], [theirs] = index.totals([Profile("q", one)]), index.totals([Profile("q", other)])
    np.testing.assert_array_equal(ours, theirs)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(alphabet="电解水制氢槽膜 ab", max_size=20), min_size=2, max_size=6))
def test_character_cosines_agree_with_scikit_learn(texts: list[str]) -> None:
    postings = [Profile(str(at), body=text) for at, text in enumerate(texts)]
    view = View("characters", STATISTICS)
    read = RANKER.analyser.read(postings)
    keys = [row.tolist() for row in np.split(read.characters.keys, read.characters.indptr[1:-1])]
    tokens = [
        [str(key) for key, counts in zip(row, part, strict=True) for _ in range(int(counts.sum()))]
        for row, part in zip(keys, np.split(read.characters.counts, read.characters.indptr[1:-1]), strict=True)
    ]
    if not any(tokens):
        return
    vectorizer = TfidfVectorizer(analyzer=lambda row: row, use_idf=False, norm=None)
    counts = vectorizer.fit_transform(tokens).toarray()
    names = np.array([int(name) for name in vectorizer.get_feature_names_out()], dtype=np.uint32)
    rows = np.log2(1.0 + counts) * view.stressed(names)
    lengths = np.linalg.norm(rows, axis=1)

    block, at = view.encode(read), np.arange(len(texts))
    ours = view.lengths(read, WHOLE)
    one = view.encode(RANKER.analyser.read(postings[:1]))

    expected = rows @ rows[0] / np.where(lengths * lengths[0] > 0.0, lengths * lengths[0], 1.0)
    np.testing.assert_allclose(ours, lengths)
    np.testing.assert_allclose(cosines(view.meet(one, block, at), WHOLE, WHOLE, ours * ours[0]), expected)


def test_a_saved_index_answers_as_before(tmp_path: Path) -> None:
    index = RANKER.index(STATISTICS, OFFERS).changed([Profile("\ud800新", "电解水制氢")], ["A2"])

    index.save(tmp_path / "offers.index")
    loaded = RANKER.load(tmp_path / "offers.index")
    given = RANKER.load(tmp_path / "offers.index", STATISTICS)

    assert loaded.version == given.version == index.version
    assert loaded.ids == index.ids
    for need in NEEDS:
        assert loaded.top(need) == given.top(need) == index.top(need)
    assert loaded.changed([OFFERS[1]]).top(NEEDS[1]) == index.changed([OFFERS[1]]).top(NEEDS[1])


def test_a_saved_index_keeps_its_candidate_stage(tmp_path: Path) -> None:
    index = NARROW.index(STATISTICS, OFFERS)

    index.save(tmp_path / "offers.index")

    assert all(NARROW.load(tmp_path / "offers.index").top(need, 1) == index.top(need, 1) for need in NEEDS)


def test_load_refuses_other_statistics_other_signals_and_damage(tmp_path: Path) -> None:
    path = tmp_path / "offers.index"
    RANKER.index(STATISTICS, OFFERS).save(path)

    with pytest.raises(DamagedFile, match="另一份匹配统计"):
        RANKER.load(path, RANKER.statistics(NEEDS))
    with pytest.raises(DamagedFile, match="另一组匹配因子"):
        Ranker({"words": 0.0}).load(path)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(DamagedFile):
        RANKER.load(path)


def test_load_takes_new_weights_of_the_same_signals(tmp_path: Path) -> None:
    path = tmp_path / "offers.index"
    RANKER.index(STATISTICS, OFFERS).save(path)
    other = Ranker({"words": 0.4})

    assert other.load(path).top(NEEDS[0]) == other.index(STATISTICS, OFFERS).top(NEEDS[0])
