"""Conditions move a pair only as far as the two postings are about the same thing."""

from __future__ import annotations

from dataclasses import replace

from matching import Profile, Ranker
from matching.signals import CONDITIONS

NEED = Profile(
    "N",
    title="碱性电解水制氢隔膜",
    body="隔膜寿命短，氢气纯度不低于 99.5 %",
    trl=6,
    modes=("JOINT",),
    money=300_000_00,
    region="150602",
    asks=True,
)
PLAIN = Profile("P", title="电解水复合隔膜", body="用于碱性制氢的复合隔膜", asks=False)
MET = replace(
    PLAIN, id="M", body=PLAIN.body + "，氢气纯度 99.9 %", trl=8, modes=("JOINT",), money=200_000_00, region="150602"
)
UNMET = replace(
    PLAIN, id="U", body=PLAIN.body + "，氢气纯度 98.0 %", trl=3, modes=("LICENSE",), money=900_000_00, region="310101"
)
STRANGER = Profile(
    "S", title="羔羊短期育肥", body="日增重 300 g", trl=9, modes=("JOINT",), money=1_000_00, region="150602", asks=False
)


def test_met_conditions_lift_a_pair_and_unmet_ones_lower_it() -> None:
    places = {one.id: one.score for one in Ranker().fit([MET, PLAIN, UNMET], background=[NEED]).top(NEED)}

    assert places["M"] > places["P"] > places["U"]


def test_a_pair_that_shares_nothing_is_not_made_by_its_conditions() -> None:
    index = Ranker().fit([MET, PLAIN, UNMET, STRANGER], background=[NEED])

    (stranger,) = index.score(NEED, ["S"])
    plain = next(one for one in index.top(NEED) if one.id == "P")

    assert stranger.score < 0.02
    assert sum(stranger.contributions.get(signal.name, 0.0) for signal in CONDITIONS) <= stranger.score
    assert plain.score > 10 * stranger.score


def test_the_conditions_count_the_same_from_either_side() -> None:
    there = Ranker().fit([MET, UNMET], background=[NEED]).score(NEED, ["M", "U"])
    back = [Ranker().fit([NEED], background=[MET, UNMET]).score(offer, ["N"])[0] for offer in (MET, UNMET)]

    assert [(one.score, one.contributions) for one in there] == [(one.score, one.contributions) for one in back]
