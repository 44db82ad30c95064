"""A catalogue in which people go by the field of a posting and not by the words of its title."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from models import DismissalReason, Match, MatchState, RankingWeights, WeightsOrigin, WeightsState
from service.context import Context
from tests.factories import NOW, add_achievement, add_category, add_match, add_need, add_organization

THINGS = ("电解槽", "光伏组件", "储能电池", "煤矸石", "草原土壤", "奶牛", "羊绒", "稀土磁材", "风机叶片", "矿井水")
WORKS = ("检测", "控制", "修复", "回收")


def add_weights(ctx: Context, **weights: float) -> RankingWeights:
    """A set in force, so that what a test finds does not hang on the shipped weights; mostly the title's by default."""
    values = {"title": 0.9, "category": 0.1, **weights}
    row = RankingWeights(origin=WeightsOrigin.HAND, state=WeightsState.ACTIVE, weights=values, metrics={})
    row.created_at = row.activated_at = NOW - timedelta(days=100)
    return ctx.add(row)


def add_judged_needs(ctx: Context, number: int, *, by_field: bool = True, is_demo: bool = False) -> list[Match]:
    """Needs with two judged pairs each, a day apart, oldest first: one of the same field, one of the same words.

    ``by_field``: the pair of the same field was wanted and the other dismissed; False: the other way round.
    """
    organization: dict[str, Any] = {"organization": add_organization(ctx, is_demo=is_demo), "is_demo": is_demo}
    institute: dict[str, Any] = {"organization": add_organization(ctx, is_demo=is_demo), "is_demo": is_demo}
    fields = [add_category(ctx, scheme="industry8") for _ in range(4)]
    found = []
    for count in range(number):
        thing, work = THINGS[count % len(THINGS)], WORKS[count // len(THINGS) % len(WORKS)]
        mine, other = fields[count % 4], fields[(count + 1) % 4]
        about: dict[str, Any] = {
            "problem": f"{thing}运行中的问题",
            "present_state": "",
            "target_indicators": "",
            "keywords": [],
        }
        need = add_need(ctx, title=f"{thing}{work}", categories=[mine], **about, **organization)
        blank: dict[str, Any] = {"abstract": "", "advantages": "", "application": "", "keywords": []}
        near = add_achievement(ctx, title=f"{thing}新方法", categories=[mine], **blank, **institute)
        words = add_achievement(ctx, title=f"{thing}{work}装备", categories=[other], **blank, **institute)
        wanted, dismissed = (near, words) if by_field else (words, near)
        chosen = add_match(
            ctx, need=need, achievement=wanted, state=MatchState.SHORTLISTED, judged_rank=2, is_demo=is_demo
        )
        refused = add_match(
            ctx,
            need=need,
            achievement=dismissed,
            state=MatchState.DISMISSED,
            dismissal_reason=DismissalReason.FIELD,
            judged_rank=1,
            is_demo=is_demo,
        )
        for match in (chosen, refused):
            match.updated_at = NOW - timedelta(days=number - count)
        found += [chosen, refused]
    ctx.flush()
    return found
