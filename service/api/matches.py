"""Ranked pairs under /api/v1/matches."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from models import DismissalReason, MatchState, Side
from service.api.schemas import Many, Out, many
from service.context import Context
from service.queries.listing import page_of
from service.queries.matches import MATCHES, match_detail
from service.usecases.matches import (
    MOVES,
    AnswerMatch,
    DismissMatch,
    MoveMatch,
    answer_match,
    dismiss_match,
)
from service.web.dependencies import ContextDep

router = APIRouter(prefix="/matches", tags=["匹配"])


class MatchRow(Out):
    """A pair in a list, under the names both postings show to the public. ``score`` is in whole 1/10000."""

    id: int
    version: int
    need_id: int
    need: str
    need_organization: str
    achievement_id: int
    achievement: str
    offer_organization: str
    region: str | None
    score: int
    state: MatchState
    need_agrees: bool | None
    offer_agrees: bool | None
    reason: str
    dismissal_reason: DismissalReason | None
    remark: str
    is_demo: bool


class PassageOut(Out):
    """A sentence that met one of the other side; ``spans`` are half-open highlights in code points."""

    text: str
    spans: list[tuple[int, int]]
    where: str


class PartOut(Out):
    """One matching factor's points in whole 1/10000; the parts add up to the score."""

    label: str
    points: int


class MatchOut(Out):
    """One pair with its evidence. ``side`` is for whom the asker may speak."""

    id: int
    version: int
    need_id: int
    need: str
    need_organization: str
    achievement_id: int
    achievement: str
    offer_organization: str
    score: int
    parts: list[PartOut]
    reason: str
    shared_terms: list[str]
    need_passages: list[PassageOut]
    offer_passages: list[PassageOut]
    state: MatchState
    need_agrees: bool | None
    offer_agrees: bool | None
    dismissed_by: Side | None
    dismissal_reason: DismissalReason | None
    remark: str
    side: Side | None
    is_demo: bool


def as_out(ctx: Context, match_id: int) -> MatchOut:
    """The pair as the asker may read it."""
    detail = match_detail(ctx, match_id)
    columns = {column.key: getattr(detail.match, column.key) for column in detail.match.__table__.columns}
    return MatchOut.model_validate(
        columns
        | {
            "need": detail.need.posting.title,
            "need_organization": detail.need_organization,
            "achievement": detail.achievement.posting.title,
            "offer_organization": detail.offer_organization,
            "parts": [{"label": label, "points": points} for label, points in detail.parts],
            "shared_terms": detail.evidence.shared_terms,
            "need_passages": detail.evidence.need,
            "offer_passages": detail.evidence.offer,
            "side": detail.side,
            "is_demo": detail.is_demo,
        }
    )


@router.get("", response_model=Many[MatchRow], summary="匹配列表")
def get_list(request: Request, ctx: ContextDep) -> Any:
    return many(page_of(ctx, MATCHES, request.query_params), MatchRow)


@router.get("/{match_id}", summary="一对匹配及其依据")
def get_one(match_id: int, ctx: ContextDep) -> MatchOut:
    return as_out(ctx, match_id)


@router.post("/{match_id}/shortlist", summary="入选")
def post_shortlist(match_id: int, ctx: ContextDep, command: MoveMatch) -> MatchOut:
    return as_out(ctx, MOVES["shortlist"](ctx, match_id, command).id)


@router.post("/{match_id}/restore", summary="退回推荐")
def post_restore(match_id: int, ctx: ContextDep, command: MoveMatch) -> MatchOut:
    return as_out(ctx, MOVES["restore"](ctx, match_id, command).id)


@router.post("/{match_id}/dismiss", summary="标记不合适")
def post_dismiss(match_id: int, ctx: ContextDep, command: DismissMatch) -> MatchOut:
    return as_out(ctx, dismiss_match(ctx, match_id, command).id)


@router.post("/{match_id}/answer", summary="一方表示愿意谈或不想谈")
def post_answer(match_id: int, ctx: ContextDep, command: AnswerMatch) -> MatchOut:
    return as_out(ctx, answer_match(ctx, match_id, command).id)
