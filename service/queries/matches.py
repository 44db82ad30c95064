"""Ranked pairs: the list of 撮合台, and one pair with everything a decision needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased

from matching.evidence import Evidence
from matching.signals import LABELS
from models import (
    Achievement,
    AchievementCategory,
    DismissalReason,
    HandshakeEvent,
    Introduction,
    Match,
    MatchState,
    Meeting,
    Need,
    NeedCategory,
    Organization,
    Region,
    Side,
)
from models.match import SCORE_SCALE
from service import visibility
from service.context import Context
from service.errors import NotFound
from service.kinds import KINDS
from service.queries.conflicts import ties
from service.queries.explanations import Explanation, explanation
from service.queries.listing import Column, Filter, Listing, choices, demo_filter, equals, equals_number, whole_number
from service.queries.naming import public_name
from service.queries.narrowing import by_region
from service.queries.postings import Detail, posting_detail
from service.queries.runs import fresh_since, last_full_run
from service.queries.taxonomy import filed_under, nodes

ASKER, OFFERER = aliased(Organization, name="asker"), aliased(Organization, name="offerer")
"""The organizations of the two sides, wherever a list joins both."""
PAIR_IS_DEMO: ColumnElement[bool] = or_(Need.is_demo, Achievement.is_demo)


def _filed(scheme: str, label: str) -> Filter:
    """Pairs either side of which is filed under a node of the taxonomy."""

    def where(_ctx: Context, value: str) -> ColumnElement[bool] | None:
        node = whole_number(value)
        if node is None:
            return None
        return or_(
            filed_under(NeedCategory, Match.need_id, node),
            filed_under(AchievementCategory, Match.achievement_id, node),
        )

    return Filter(scheme, label, where, lambda ctx: nodes(ctx, scheme))


def _mine(ctx: Context, _value: str) -> ColumnElement[bool]:
    own = ctx.actor.organization_id
    return or_(Need.organization_id == own, Achievement.organization_id == own)


def _fresh(ctx: Context, value: str) -> ColumnElement[bool] | None:
    run = whole_number(value)
    return None if run is None else fresh_since(ctx, run)


def _runs(ctx: Context) -> Sequence[tuple[str, str]]:
    """The newest full run, as long as there was one before it to compare with."""
    run = last_full_run(ctx)
    if run is None or last_full_run(ctx, before=run.id) is None:
        return ()
    return ((str(run.id), "上次全部匹配时新出现"),)


MATCHES = Listing(
    key="matches",
    label="撮合台",
    path="/matches",
    source=Match.__table__.join(Need.__table__, Need.id == Match.need_id)
    .join(Achievement.__table__, Achievement.id == Match.achievement_id)
    .join(ASKER, ASKER.id == Need.organization_id)
    .join(OFFERER, OFFERER.id == Achievement.organization_id)
    .outerjoin(Region.__table__, Region.code == Need.region_code),
    columns=(
        Column("id", "编号", Match.id, align="right"),
        Column("score", "匹配度", Match.score, align="right", show=lambda score: score * 100 / SCORE_SCALE),
        Column("need", "技术需求", Need.title),
        Column("need_organization", "需求方", public_name(Need, ASKER)),
        Column("achievement", "科技成果", Achievement.title),
        Column("offer_organization", "技术方", public_name(Achievement, OFFERER)),
        Column("region", "地区", Region.name),
        Column("state", "状态", Match.state),
        Column("need_agrees", "需求方愿意谈", Match.need_agrees, sortable=False),
        Column("offer_agrees", "技术方愿意谈", Match.offer_agrees, sortable=False),
        Column("reason", "匹配依据", Match.reason, sortable=False),
        Column("dismissal_reason", "不合适的原因", Match.dismissal_reason, sortable=False),
        Column("remark", "意见", Match.remark, sortable=False),
        Column("version", "版本", Match.version, listed=False, sortable=False),
        Column("need_id", "需求编号", Match.need_id, listed=False),
        Column("achievement_id", "成果编号", Match.achievement_id, listed=False),
        Column("need_organization_id", "需求方编号", Need.organization_id, listed=False),
        Column("offer_organization_id", "技术方编号", Achievement.organization_id, listed=False),
        Column("is_demo", "示例", PAIR_IS_DEMO, sortable=False),
    ),
    visible=visibility.matches,
    search=(
        Need.title,
        Achievement.title,
        public_name(Need, ASKER),
        public_name(Achievement, OFFERER),
        Match.reason,
    ),
    filters=(
        Filter("state", "状态", equals(Match.state, MatchState), choices(MatchState)),
        _filed("point", "点位"),
        _filed("industry8", "重点产业"),
        by_region(Need.region_code),
        Filter("dismissal", "不合适的原因", equals(Match.dismissal_reason, DismissalReason), choices(DismissalReason)),
        Filter("fresh", "新出现", _fresh, _runs),
        Filter("mine", "归属", _mine, lambda ctx: (("1", "只看本机构"),) if ctx.actor.organization_id else ()),
        Filter("need", "需求", equals_number(Match.need_id), widget="hidden"),
        Filter("achievement", "成果", equals_number(Match.achievement_id), widget="hidden"),
        demo_filter(PAIR_IS_DEMO),
    ),
    order="-score",
    unit="对",
)


CONFIDENT_SCORE = 15 * SCORE_SCALE // 100
"""A pair below this is shown as 把握较小 and not pushed to anyone.

A shared category alone gives about 0.10 on the seeds, so 0.15 asks for some common wording besides; set by reading.
"""


@dataclass(frozen=True)
class Talk:
    """A meeting the pair has, wherever it was seated."""

    id: int
    event_id: int
    event: str
    slot: int
    table_number: int
    state: Any
    outcome: Any

    @property
    def place(self) -> str:
        """The slot and the table as people say them."""
        return f"第 {self.slot + 1} 场 {self.table_number} 号桌"


@dataclass(frozen=True)
class MatchDetail:
    """One pair: both postings as the actor may read them, why they were paired, and for whom the actor speaks.

    ``parts`` are (label, points) in whole 1/10000; ``side`` is None for those who only read;
    ``conflict`` says to staff why the two must not meet.
    """

    match: Match
    need: Detail
    achievement: Detail
    need_organization: str
    offer_organization: str
    explained: Explanation
    parts: Sequence[tuple[str, int]]
    side: Side | None
    talks: Sequence[Talk]
    is_demo: bool
    introduction: Introduction | None
    conflict: str

    @property
    def evidence(self) -> Evidence:
        """What both texts share."""
        return self.explained.evidence

    @property
    def is_weak(self) -> bool:
        """Whether too little is shared to rely on."""
        return self.match.score < CONFIDENT_SCORE


def match_detail(ctx: Context, match_id: int) -> MatchDetail:
    """The pair with all that belongs to it. Raises NotFound when there is none the actor may know of."""
    match = ctx.session.scalar(
        select(Match)
        .join(Need, Need.id == Match.need_id)
        .join(Achievement, Achievement.id == Match.achievement_id)
        .where(Match.id == match_id, visibility.matches(ctx))
    )
    if match is None:
        raise NotFound(f"没有编号为 {match_id} 的匹配，或您无权查看。")
    need = posting_detail(ctx, KINDS["needs"], match.need_id)
    achievement = posting_detail(ctx, KINDS["achievements"], match.achievement_id)
    side = _side(ctx, need, achievement)
    introduction = ctx.session.scalar(select(Introduction).where(Introduction.match_id == match.id))
    met = match.state is MatchState.MUTUAL or introduction is not None
    agreed = met and side in (Side.NEED, Side.OFFER)
    return MatchDetail(
        match=match,
        need=need,
        achievement=achievement,
        need_organization=_name(ctx, need, agreed=agreed),
        offer_organization=_name(ctx, achievement, agreed=agreed),
        explained=explanation(ctx, need, achievement),
        parts=[(LABELS.get(name, name), points) for name, points in match.contributions.items()],
        side=side,
        talks=_talks(ctx, match.id),
        is_demo=need.posting.is_demo or achievement.posting.is_demo,
        introduction=introduction,
        conflict=_conflict(ctx, need, achievement),
    )


def _conflict(ctx: Context, need: Detail, achievement: Detail) -> str:
    """What stands between the two sides today, for those who may act on it; empty for others and when nothing does."""
    one, other = need.posting, achievement.posting
    if ctx.actor.role not in visibility.SEES_ALL_WORK:
        return ""
    on_behalf = one.posted_on_behalf or other.posted_on_behalf
    found = ties(ctx).between_postings(one.organization_id, other.organization_id, on_behalf=on_behalf)
    return "" if found is None else found.sentence


def _side(ctx: Context, need: Detail, achievement: Detail) -> Side | None:
    own = ctx.actor.organization_id
    if own is not None and own == need.posting.organization_id:
        return Side.NEED
    if own is not None and own == achievement.posting.organization_id:
        return Side.OFFER
    return Side.ORGANIZER if ctx.actor.role in visibility.SEES_ALL_WORK else None


def _name(ctx: Context, detail: Detail, *, agreed: bool) -> str:
    """The side's name; a mask falls for the other side once both have agreed."""
    if agreed and detail.organization_id is None:
        return ctx.find(Organization, detail.posting.organization_id).name
    return detail.organization


def _talks(ctx: Context, match_id: int) -> list[Talk]:
    rows = ctx.session.execute(
        select(
            Meeting.id,
            HandshakeEvent.id,
            HandshakeEvent.title,
            Meeting.slot,
            Meeting.table_number,
            Meeting.state,
            Meeting.outcome,
        )
        .join(HandshakeEvent, HandshakeEvent.id == Meeting.handshake_event_id)
        .where(Meeting.match_id == match_id, visibility.meetings(ctx))
        .order_by(HandshakeEvent.starts_at.desc(), Meeting.id)
    )
    return [Talk(*row) for row in rows]
