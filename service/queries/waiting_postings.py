"""Postings and pairs that wait: one's own to mend or finish, others' to review, chosen ones to answer or seat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from models import Achievement, Match, MatchState, Meeting, MeetingState, Need, PostingState
from models.posting import OPEN_STATES
from service import visibility
from service.context import Context
from service.kinds import KINDS, Kind
from service.queries.listing import narrowed
from service.queries.matches import CONFIDENT_SCORE, MATCHES
from service.queries.postings import LISTINGS
from service.queries.waiting import SHOWN, Item, Waiting, changed_in_words, waited_in_words, waiting


def own_postings(ctx: Context, state: PostingState) -> Sequence[tuple[Kind, Any]]:
    """One's own organization's postings in a state, with their kind, the last changed first within a kind."""
    found: list[tuple[Kind, Any]] = []
    for kind in KINDS.values():
        model = kind.model
        rows = ctx.session.execute(
            select(model.id, model.title, model.review_remark, model.updated_at, model.is_demo)
            .where(model.organization_id == ctx.actor.organization_id, model.state == state)
            .order_by(model.updated_at.desc(), model.id)
        )
        found += [(kind, row) for row in rows]
    return found


def _own_list(found: Sequence[tuple[Kind, Any]], state: PostingState) -> str:
    """The page with the postings; that of the first one's kind when there are several kinds."""
    kind = found[0][0] if found else next(iter(KINDS.values()))
    return LISTINGS[kind.plural].href({"mine": "1", "state": state.value})


def returned_postings(ctx: Context) -> Waiting:
    """What a reviewer sent back, with the remark."""
    found = own_postings(ctx, PostingState.RETURNED)
    items = [
        Item(f"/{kind.plural}/{row.id}", row.title, f"审核意见：{row.review_remark}", "退回", "danger", row.is_demo)
        for kind, row in found[:SHOWN]
    ]
    return Waiting("退回修改的内容", items, len(found), _own_list(found, PostingState.RETURNED))


def draft_postings(ctx: Context) -> Waiting:
    """What has been begun and not handed in."""
    found = own_postings(ctx, PostingState.DRAFT)
    items = [
        Item(
            f"/{kind.plural}/{row.id}/edit",
            row.title,
            f"{kind.label}，{changed_in_words(ctx, row.updated_at)}",
            "草稿",
            is_demo=row.is_demo,
        )
        for kind, row in found[:SHOWN]
    ]
    return Waiting("没有写完的草稿", items, len(found), _own_list(found, PostingState.DRAFT))


@dataclass(frozen=True)
class Tally:
    """How many of one's own postings of a kind stand in a state, and the list of them."""

    label: str
    tone: str
    number: int
    href: str


def own_tallies(ctx: Context) -> Mapping[str, Sequence[Tally]]:
    """One's own organization's postings by kind in plural and state; kinds without any are left out."""
    found: dict[str, Sequence[Tally]] = {}
    for kind in KINDS.values():
        model = kind.model
        rows = ctx.session.execute(
            select(model.state, func.count(model.id))
            .where(model.organization_id == ctx.actor.organization_id)
            .group_by(model.state)
        )
        counted: dict[PostingState, int] = dict(rows.all())
        if counted:
            found[kind.plural] = [
                Tally(
                    kind.state_label(state),
                    state.tone,
                    counted[state],
                    LISTINGS[kind.plural].href({"mine": "1", "state": state.value}),
                )
                for state in PostingState
                if state in counted
            ]
    return found


def _unanswered(ctx: Context) -> ColumnElement[bool]:
    """Pairs of open postings about which one's own side has said nothing yet."""
    own = ctx.actor.organization_id
    return and_(
        Need.state.in_(OPEN_STATES),
        Achievement.state.in_(OPEN_STATES),
        or_(
            and_(Need.organization_id == own, Match.need_agrees.is_(None)),
            and_(Need.organization_id != own, Match.offer_agrees.is_(None)),
        ),
    )


def pairs_to_answer(ctx: Context) -> Waiting:
    """Pairs the organizer chose for one's own organization that wait for its word."""
    return waiting(
        ctx,
        "组织方为您选出的对象",
        narrowed(MATCHES, _unanswered),
        {"state": MatchState.SHORTLISTED.value, "mine": "1"},
        lambda row: _pair(ctx, row, "待表态", "info"),
    )


def _pair(ctx: Context, row: Any, badge: str, tone: str) -> Item:
    asks = row.need_organization_id == ctx.actor.organization_id
    ours, theirs = (row.need, row.achievement) if asks else (row.achievement, row.need)
    who = row.offer_organization if asks else row.need_organization
    return Item(f"/matches/{row.id}", theirs, f"{who}；对应“{ours}”", badge, tone, row.is_demo)


def suggested_pairs(ctx: Context) -> Waiting:
    """The best pairs suggested for one's own open postings that nobody has decided on yet, weak ones left out."""
    return waiting(
        ctx,
        "推荐给您的匹配",
        narrowed(MATCHES, lambda ctx: and_(_unanswered(ctx), Match.score >= CONFIDENT_SCORE)),
        {"state": MatchState.SUGGESTED.value, "mine": "1"},
        lambda row: _pair(ctx, row, f"匹配 {row.score / 100:.2f}", "info"),
    )


def postings_to_review(ctx: Context) -> Waiting:
    """Postings handed in within the organizer's region, the longest waiting first."""
    found: list[tuple[Any, Kind]] = []
    total, href = 0, ""
    for kind in KINDS.values():
        model = kind.model
        submitted = and_(model.state == PostingState.SUBMITTED, visibility.postings(ctx, model))
        rows = ctx.session.execute(
            select(model.id, model.title, model.submitted_at, model.is_demo)
            .where(submitted)
            .order_by(model.submitted_at, model.id)
            .limit(SHOWN)
        )
        found += [(row, kind) for row in rows]
        number = ctx.session.scalar(select(func.count(model.id)).where(submitted)) or 0
        total += number
        href = href if href and not number else LISTINGS[kind.plural].href({"state": PostingState.SUBMITTED.value})
    found.sort(key=lambda one: (one[0].submitted_at is None, one[0].submitted_at))
    items = [
        Item(
            f"/{kind.plural}/{row.id}",
            row.title,
            f"{kind.label}，{waited_in_words(ctx, row.submitted_at)}",
            "待审核",
            "warning",
            row.is_demo,
        )
        for row, kind in found[:SHOWN]
    ]
    return Waiting("待审核的内容", items, total, href)


def pairs_to_seat(ctx: Context) -> Waiting:
    """Chosen pairs that no talk has been arranged for, mutual ones first."""
    seated = select(Meeting.match_id).where(Meeting.state != MeetingState.CANCELLED)
    chosen = (MatchState.MUTUAL, MatchState.SHORTLISTED)
    return waiting(
        ctx,
        "入选但还没有排桌的配对",
        narrowed(MATCHES, lambda _ctx: Match.id.not_in(seated)),
        {"state": ",".join(chosen), "sort": "state"},
        lambda row: Item(
            f"/matches/{row.id}",
            f"{row.need} × {row.achievement}",
            f"{row.need_organization} × {row.offer_organization}",
            row.state.label,
            row.state.tone,
            row.is_demo,
        ),
    )
