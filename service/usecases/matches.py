"""Shortlist, pass over and agree to ranked pairs."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from sqlalchemy import select

from models import Achievement, DismissalReason, HandshakeEvent, Match, MatchState, Meeting, MeetingState, Need, Side
from models.posting import OPEN_STATES
from service.commands import Command, Version
from service.context import Context
from service.errors import Conflict, Forbidden, Invalid
from service.kinds import KINDS, picked, words
from service.queries.sides import side_of
from service.usecases.conflicts import refuse_conflict
from service.usecases.moving import move
from service.usecases.sensitive_words import refuse_secrets

AT_THE_TABLE = (MeetingState.PROPOSED, MeetingState.CONFIRMED)


class MoveMatch(Command):
    """Input of a move of a pair: the version seen and a remark."""

    version: Version
    remark: Annotated[str, words("意见", "为什么值得谈，或需要提醒组织方什么", limit=500, widget="textarea")] = ""


class DismissMatch(Command):
    """Input of passing a pair over."""

    version: Version
    reason: Annotated[DismissalReason, picked("不合适的原因", "原因会汇总反馈，帮助改进推荐", widget="select")]
    note: Annotated[str, words("说明", "选“其他”时请写明", limit=500, widget="textarea")] = ""


class AnswerMatch(Command):
    """Input of a side's answer to a pair."""

    version: Version
    agrees: Annotated[bool, Field(title="愿意见面谈")] = True
    remark: Annotated[str, words("想说的话", "例如希望谈什么、什么时间方便", limit=500, widget="textarea")] = ""


def shortlist_match(ctx: Context, match_id: int, command: MoveMatch) -> Match:
    """Choose a pair for a talk; when both sides have already agreed it is mutual at once."""
    refuse_secrets(ctx, command)
    match = _held(ctx, match_id, command.version, "shortlist_match")
    match.check_move(MatchState.SHORTLISTED)
    _check_open(ctx, match)
    _check_conflict(ctx, match)
    _decide(ctx, match, MatchState.SHORTLISTED, command.remark)
    _settle(ctx, match)
    return match


def restore_match(ctx: Context, match_id: int, command: MoveMatch) -> Match:
    """Put a chosen or passed-over pair back among the suggestions.

    A side may take back its own dismissal; everything else is the organizers' to restore.
    """
    match = ctx.find(Match, match_id)
    own = match.state is MatchState.DISMISSED and match.dismissed_by is side_of(ctx, match)
    match = _held(ctx, match_id, command.version, "dismiss_match" if own else "shortlist_match")
    match.check_move(MatchState.SUGGESTED)
    _check_conflict(ctx, match)
    if seated := _meetings_of(ctx, match):
        raise Conflict(f"这一对已排{_place(ctx, seated[0])}，请先取消洽谈，再退回推荐。")
    _decide(ctx, match, MatchState.SUGGESTED, command.remark)
    return match


def dismiss_match(ctx: Context, match_id: int, command: DismissMatch) -> Match:
    """Pass a pair over for a coded reason; talks still being proposed are given up with it.

    Raises Conflict when a talk is already confirmed, Invalid when OTHER comes without a note.
    """
    refuse_secrets(ctx, command)
    match = _held(ctx, match_id, command.version, "dismiss_match")
    match.check_move(MatchState.DISMISSED)
    if command.reason is DismissalReason.OTHER and not command.note:
        raise Invalid({"note": "选了“其他”，请写明原因"})
    seated = _meetings_of(ctx, match)
    confirmed = next((one for one in seated if one.state is MeetingState.CONFIRMED), None)
    if confirmed is not None:
        raise Conflict(f"这一对已确认{_place(ctx, confirmed)}，请先由组织方取消洽谈，再标记不合适。")
    spoken = command.reason.label + (f"：{command.note}" if command.note else "")
    for meeting in seated:
        move(ctx, meeting, MeetingState.CANCELLED, f"匹配标为不合适（{spoken}）")
    side = side_of(ctx, match)
    match.dismissed_by, match.dismissal_reason, match.remark = side, command.reason, command.note
    match.decided_by_id = ctx.actor.account_id
    _note_rank(match)
    _agree(match, side, agrees=False)
    ctx.touch(match)
    ctx.log(match.move_to(MatchState.DISMISSED, spoken), side=side.value)
    return match


def answer_match(ctx: Context, match_id: int, command: AnswerMatch) -> Match:
    """Say for one side whether it would like to talk; a chosen pair both sides agree to becomes mutual."""
    refuse_secrets(ctx, command)
    match = _held(ctx, match_id, command.version, "answer_match")
    side = side_of(ctx, match)
    if side is Side.ORGANIZER:
        raise Forbidden("只有需求方或技术方可以答复这一对。")
    if match.state is MatchState.DISMISSED:
        raise Conflict("这一对已标为不合适，请先恢复推荐，再答复。")
    if match.state is MatchState.MUTUAL:
        raise Conflict("双方已表示有意；如情况有变，请标记“不合适”并选择原因。")
    _check_open(ctx, match)
    if command.agrees:
        _check_conflict(ctx, match)
    _agree(match, side, agrees=command.agrees)
    _note_rank(match)
    match.remark = command.remark or match.remark
    ctx.touch(match)
    ctx.audit("answer", match, side=side.value, agrees=command.agrees, remark=command.remark)
    _settle(ctx, match)
    return match


MOVES = {"shortlist": shortlist_match, "restore": restore_match}
"""The moves of a pair by the name they have in addresses."""


def _held(ctx: Context, match_id: int, version: int, action: str) -> Match:
    match = ctx.require(Match, match_id, may=action)
    need, achievement = ctx.find(Need, match.need_id), ctx.find(Achievement, match.achievement_id)
    own = need.organization_id == achievement.organization_id
    if own and not (need.posted_on_behalf or achievement.posted_on_behalf):
        raise Conflict("需求和成果属于同一家机构，不能互相对接。")
    ctx.check_version(match, version)
    return match


def _decide(ctx: Context, match: Match, target: MatchState, remark: str) -> None:
    if match.dismissed_by is not None:
        _agree(match, match.dismissed_by, agrees=None)
    match.dismissed_by = match.dismissal_reason = None
    match.remark = remark
    match.decided_by_id = ctx.actor.account_id
    _note_rank(match)
    move(ctx, match, target, remark)


def _note_rank(match: Match) -> None:
    """Keep the better place a list showed the pair at when somebody first decided; later lists depend on decisions."""
    shown = [rank for rank in (match.need_rank, match.offer_rank) if rank is not None]
    if match.judged_rank is None and shown:
        match.judged_rank = min(shown)


def _check_open(ctx: Context, match: Match) -> None:
    for kind, record in (
        (KINDS["needs"], ctx.find(Need, match.need_id)),
        (KINDS["achievements"], ctx.find(Achievement, match.achievement_id)),
    ):
        if record.state not in OPEN_STATES:
            raise Conflict(f"{kind.label}《{record.title}》当前为“{kind.state_label(record.state)}”，不再参加对接。")


def _check_conflict(ctx: Context, match: Match) -> None:
    refuse_conflict(ctx, ctx.find(Need, match.need_id), ctx.find(Achievement, match.achievement_id))


def _agree(match: Match, side: Side, *, agrees: bool | None) -> None:
    if side is Side.NEED:
        match.need_agrees = agrees
    elif side is Side.OFFER:
        match.offer_agrees = agrees


def _settle(ctx: Context, match: Match) -> None:
    if match.state is MatchState.SHORTLISTED and match.need_agrees and match.offer_agrees:
        move(ctx, match, MatchState.MUTUAL, "需求方和技术方都愿意谈")


def _meetings_of(ctx: Context, match: Match) -> list[Meeting]:
    return list(
        ctx.session.scalars(
            select(Meeting).where(Meeting.match_id == match.id, Meeting.state.in_(AT_THE_TABLE)).order_by(Meeting.id)
        )
    )


def _place(ctx: Context, meeting: Meeting) -> str:
    event = ctx.find(HandshakeEvent, meeting.handshake_event_id)
    return f"在《{event.title}》第 {meeting.slot + 1} 场 {meeting.table_number} 号桌洽谈"
