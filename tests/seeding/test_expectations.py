"""Judgements made by reading the seeds, field by field: what must rank first, and what must stay out of sight.

Each pair was read in the original wording before it was written down here; the reason stands beside it. The tests
hold the ranking to them from the need's side, and to the same score from the achievement's side.
"""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models import Achievement, Need
from service.context import Context
from service.ranking import Catalogue, catalogue
from tests.parts import ONLY_SQLITE

FIRST = [
    ("NEED003", "ACH197", "氢能：都是千标方级的电解水制氢机组，“氢舟”正是这样一台"),
    ("NEED036", "ACH197", "氢能：达拉特旗的同题需求，答案不该因出处而变"),
    ("NEED014", "ACH199", "储能：兆瓦级跨季节热化学储能，最近的是百兆瓦级工业热储能"),
    ("NEED124", "ACH194", "煤化工：合成气直接制芳烃，就是合成气一步法制芳烃/烯烃"),
    ("NEED020", "ACH194", "煤化工：煤基合成气制轻质芳烃，同一条路线"),
    ("NEED085", "ACH192", "新材料：动力电池负极材料，成果是硅碳负极材料"),
    ("NEED115", "ACH190", "新材料与固废：粉煤灰、煤矸石利用，万吨级提取铝硅氧化物最具体"),
    ("NEED139", "ACH076", "农牧：绒山羊繁育，成果中只有绒山羊饲养技术与绒山羊有关"),
    ("NEED134", "ACH045", "农牧：设施蔬菜生态技术，成果是设施土壤修复与蔬菜土传病害防控"),
    ("NEED153", "ACH067", "生态：沉陷区保活栽植，成果就是沉陷区保活栽植技术构建的沙棘治理体系"),
]
OUT_OF_SIGHT = [
    ("NEED003", "ACH044", "青贮玉米品种与电解水制氢无关"),
    ("NEED012", "ACH044", "青贮玉米品种与钠离子储能无关"),
    ("NEED020", "ACH075", "羔羊育肥与合成气制芳烃无关"),
    ("NEED139", "ACH197", "制氢系统与绒山羊无关"),
    ("NEED153", "ACH194", "合成气制芳烃与沉陷区栽植无关"),
]


@pytest.fixture
def ranked(seeded: Context) -> tuple[Catalogue, dict[str, str]]:
    """The seeds as the service ranks them, and each seed key's profile id."""
    ids = {
        key: str(record)
        for kind in (Need, Achievement)
        for key, record in seeded.session.execute(select(kind.seed_key, kind.id).where(kind.seed_key.is_not(None)))
    }
    return catalogue(seeded), ids


def _order(room: Catalogue, need: str) -> list[str]:
    return [one.id for one in room.indexes["achievements"].top(room.profiles["needs"][need], k=40)]


@ONLY_SQLITE
def test_pairs_judged_by_reading_rank_first(ranked: tuple[Catalogue, dict[str, str]]) -> None:
    room, ids = ranked

    missed = [(need, offer, why) for need, offer, why in FIRST if _order(room, ids[need])[0] != ids[offer]]

    assert missed == []


@ONLY_SQLITE
def test_pairs_that_have_nothing_in_common_stay_out_of_the_first_ten(
    ranked: tuple[Catalogue, dict[str, str]],
) -> None:
    room, ids = ranked

    intruders = [(need, offer, why) for need, offer, why in OUT_OF_SIGHT if ids[offer] in _order(room, ids[need])[:10]]

    assert intruders == []


@ONLY_SQLITE
def test_judged_pairs_score_the_same_from_either_side(ranked: tuple[Catalogue, dict[str, str]]) -> None:
    room, ids = ranked

    for need, offer, _ in FIRST:
        one = room.indexes["achievements"].score(room.profiles["needs"][ids[need]], [ids[offer]])[0]
        other = room.indexes["needs"].score(room.profiles["achievements"][ids[offer]], [ids[need]])[0]
        assert (one.score, one.contributions) == (other.score, other.contributions)
