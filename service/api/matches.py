"""Ranked pairs under /api/v1/matches."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request

from matching.indicators import Verdict
from models import DismissalReason, MatchState, Side
from service.api.schemas import Many, Out, many, narrowed_by
from service.context import Context
from service.errors import NotFound
from service.queries.comparisons import PairContrast, pair_contrast
from service.queries.listing import page_of
from service.queries.matches import MATCHES, match_detail
from service.usecases.introductions import IntroduceMatch, introduce_match
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
    """A sentence that met one of the other side.

    ``spans`` are highlights in code points: start, end (half-open), number of the term in ``lit_terms``.
    """

    text: str
    spans: list[tuple[int, int, int]]
    where: str


class AlignedOut(Out):
    """A sentence of the need beside one of the achievement; ``terms`` are the numbers of the terms both hold."""

    need: PassageOut
    offer: PassageOut
    terms: list[int]


class TermOut(Out):
    """One target or condition of the need and the achievement's answer.

    ``offered`` is null and ``wanted`` empty where a side does not say; ``verdict`` is null for what is only told.
    """

    label: str
    wanted: str
    offered: str | None
    verdict: Verdict | None
    note: str


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
    lit_terms: list[str]
    missing_terms: list[str]
    aligned: list[AlignedOut]
    need_passages: list[PassageOut]
    offer_passages: list[PassageOut]
    indicators: list[TermOut]
    conditions: list[TermOut]
    state: MatchState
    need_agrees: bool | None
    offer_agrees: bool | None
    dismissed_by: Side | None
    dismissal_reason: DismissalReason | None
    remark: str
    side: Side | None
    introduced_at: datetime | None
    introduction_note: str
    conflict: str
    is_demo: bool


class SignalGapOut(Out):
    """One factor's points for both pairs in whole 1/10000, null where it could not tell; ``gap`` is theirs − ours."""

    label: str
    ours: int | None
    theirs: int | None
    gap: int


class ContrastOut(Out):
    """Why one pair stands above the other. The gaps add up to ``difference``, which is their score − ours.

    ``by`` is the posting both pairs have in common; ranks are places in its list, null beyond it.
    """

    by: str
    posting_id: int
    ours: int
    our_rank: int | None
    theirs: int
    their_rank: int | None
    sentence: str
    difference: int
    signals: list[SignalGapOut]
    ours_only: list[str]
    theirs_only: list[str]
    indicators: list[tuple[TermOut, TermOut]]


def contrast_out(pair: PairContrast) -> ContrastOut:
    """The comparison as the asker may read it. Raises NotFound where the list has no other pair."""
    if pair.theirs is None or pair.found is None:
        raise NotFound("这条目前只有这一对推荐，没有另一对可以比较。")
    return ContrastOut.model_validate(
        {
            "by": pair.kind.plural,
            "posting_id": pair.posting_id,
            "ours": pair.ours.detail.match.id,
            "our_rank": pair.ours.rank,
            "theirs": pair.theirs.detail.match.id,
            "their_rank": pair.theirs.rank,
            "sentence": pair.sentence,
            "difference": pair.found.difference,
            "signals": pair.found.signals,
            "ours_only": pair.found.ours_only,
            "theirs_only": pair.found.theirs_only,
            "indicators": pair.indicators,
        }
    )


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
            "lit_terms": detail.evidence.numbered,
            "missing_terms": detail.evidence.missing,
            "aligned": detail.evidence.aligned,
            "indicators": detail.explained.indicators,
            "conditions": detail.explained.conditions,
            "need_passages": detail.evidence.need,
            "offer_passages": detail.evidence.offer,
            "side": detail.side,
            "introduced_at": detail.introduction.introduced_at if detail.introduction is not None else None,
            "introduction_note": detail.introduction.note if detail.introduction is not None else "",
            "conflict": detail.conflict,
            "is_demo": detail.is_demo,
        }
    )


@router.get("", openapi_extra=narrowed_by(MATCHES), response_model=Many[MatchRow], summary="匹配列表")
def get_list(request: Request, ctx: ContextDep) -> Any:
    return many(page_of(ctx, MATCHES, request.query_params), MatchRow)


@router.get("/{match_id}", summary="一对匹配及其依据")
def get_one(match_id: int, ctx: ContextDep) -> MatchOut:
    return as_out(ctx, match_id)


@router.get("/{match_id}/against", summary="为何不是第一：与所在列表的第一对比较")
def get_contrast(match_id: int, ctx: ContextDep, by: str = "") -> ContrastOut:
    return contrast_out(pair_contrast(ctx, match_id, by=by))


@router.get("/{match_id}/against/{other_id}", summary="与同一条需求或成果的另一对比较")
def get_contrast_with(match_id: int, other_id: int, ctx: ContextDep) -> ContrastOut:
    return contrast_out(pair_contrast(ctx, match_id, other_id))


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


@router.post("/{match_id}/introduce", summary="引荐双方：互相给出名称和联系方式")
def post_introduce(match_id: int, ctx: ContextDep, command: IntroduceMatch) -> MatchOut:
    return as_out(ctx, introduce_match(ctx, match_id, command).id)
