"""Bring the two sides of a pair together: each is given the other's name and contact, and that is written down."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import select

from models import Achievement, Introduction, Match, MatchState, Need
from models.posting import OPEN_STATES
from service.commands import Command, Version
from service.context import Context
from service.errors import Conflict
from service.kinds import words
from service.usecases.conflicts import refuse_conflict
from service.usecases.sensitive_words import refuse_secrets


class IntroduceMatch(Command):
    """Input of an introduction: the version seen and what both sides are told."""

    version: Version
    note: Annotated[str, words("引荐说明", "为什么请双方直接联系；双方都会看到", limit=500, widget="textarea")] = ""


def introduce_match(ctx: Context, match_id: int, command: IntroduceMatch) -> Match:
    """Give both sides of a pair each other's name and contact; it holds whatever either side answers later.

    Raises Conflict when they must not meet, were introduced before, or one of them is no longer open.
    """
    refuse_secrets(ctx, command)
    match = ctx.require(Match, match_id, may="introduce_match")
    ctx.check_version(match, command.version)
    need, achievement = ctx.find(Need, match.need_id), ctx.find(Achievement, match.achievement_id)
    if match.state is MatchState.DISMISSED:
        raise Conflict("这一对已标为不合适，请先恢复推荐，再引荐。")
    for posting in (need, achievement):
        if posting.state not in OPEN_STATES:
            raise Conflict(f"{posting.title_zh}《{posting.title}》已不再参加对接，不能引荐。")
    refuse_conflict(ctx, need, achievement)
    if ctx.session.scalar(select(Introduction.id).where(Introduction.match_id == match.id)) is not None:
        raise Conflict("这一对已经引荐过，双方可以看到彼此的名称和联系方式。")
    introduction = Introduction(
        match_id=match.id,
        introduced_by_id=ctx.actor.account_id,
        note=command.note,
        introduced_at=ctx.now,
        is_demo=need.is_demo or achievement.is_demo,
    )
    ctx.add(introduction)
    ctx.touch(match)
    ctx.audit("introduce", match, note=command.note)
    return match
