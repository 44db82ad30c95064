"""Why the other side passed postings over: by posting, by reason and by year, never by whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, literal, or_, select, union_all

from models import (
    DismissalReason,
    Match,
    MatchState,
    Meeting,
    MeetingOpinion,
    MeetingOutcome,
    MeetingState,
    Region,
    Role,
    Side,
    StateChange,
)
from models.region import region_prefix
from service import visibility
from service.context import SHANGHAI, Context
from service.kinds import KINDS, Kind
from service.queries.listing import Column, Filter, Listing, Params, all_rows, choices, demo_filter, equals
from service.queries.narrowing import by_region, by_year

OTHER_WORDS = {"needs": "技术方", "achievements": "企业"}
"""Who passes the postings of a kind over."""
STAGES = {"PAIR": "看推荐时", "TALK": "洽谈之后"}
"""When it was said."""


def _said(kind: Kind) -> Any:
    """One row for each pair and reason: what the other side or an organizer said of the pair, or after its talk."""
    own_side = Side.NEED if kind.plural == "needs" else Side.OFFER
    other_side = Side.OFFER if own_side is Side.NEED else Side.NEED
    moved = (
        select(func.max(StateChange.at))
        .where(
            StateChange.record_type == Match.__name__,
            StateChange.record_id == Match.id,
            StateChange.to_state == MatchState.DISMISSED.value,
        )
        .scalar_subquery()
    )
    dismissed = and_(Match.state == MatchState.DISMISSED, Match.dismissed_by != own_side)
    passed = select(
        Match.id.label("match_id"),
        kind.match_key.label("posting_id"),
        Match.dismissal_reason.label("reason"),
        func.coalesce(moved, Match.updated_at).label("at"),
        literal("PAIR").label("stage"),
        Match.is_demo.label("is_demo"),
    ).where(dismissed)
    said_before = and_(dismissed, Match.dismissal_reason == MeetingOpinion.reason)
    talked = (
        select(
            Match.id,
            kind.match_key,
            MeetingOpinion.reason,
            func.max(MeetingOpinion.updated_at),
            literal("TALK"),
            Match.is_demo,
        )
        .join(Meeting, Meeting.id == MeetingOpinion.meeting_id)
        .join(Match, Match.id == Meeting.match_id)
        .where(
            Meeting.state == MeetingState.HELD,
            MeetingOpinion.side == other_side,
            MeetingOpinion.outcome == MeetingOutcome.NONE,
            MeetingOpinion.reason.is_not(None),
            ~said_before,
        )
        .group_by(Match.id, kind.match_key, MeetingOpinion.reason, Match.is_demo)
    )
    return union_all(passed, talked).subquery(f"said_of_{kind.plural}")


def _listing(kind: Kind) -> Listing:
    model: Any = kind.model
    said = _said(kind)

    def visible(ctx: Context) -> ColumnElement[bool]:
        """One's own postings'; those of the region for organizers; everybody's for the others who follow all."""
        role = ctx.actor.role
        own = model.organization_id == ctx.actor.organization_id if ctx.actor.organization_id is not None else false()
        if ctx.actor.is_system:
            return visibility.postings(ctx, model)
        if role is Role.ORGANIZER and ctx.actor.region_code is not None:
            here = model.region_code.startswith(region_prefix(ctx.actor.region_code))
            return and_(visibility.postings(ctx, model), or_(own, model.region_code.is_(None), here))
        if role in (Role.ORGANIZER, Role.BROKER, Role.LEADER):
            return visibility.postings(ctx, model)
        return own

    return Listing(
        key=f"{kind.plural}_feedback",
        label=f"{kind.label}反馈汇总",
        path=f"/{kind.plural}/feedback",
        source=said.join(model.__table__, model.id == said.c.posting_id).outerjoin(
            Region.__table__, Region.code == model.region_code
        ),
        columns=(
            Column("id", "次序", said.c.match_id, listed=False, sortable=False),
            Column("title", kind.label, model.title),
            Column("reason", "原因", said.c.reason),
            Column("stage", "什么时候说的", said.c.stage, show=lambda stage: STAGES[stage]),
            Column("year", "年份", said.c.at, show=lambda moment: f"{moment.astimezone(SHANGHAI):%Y}"),
            Column("region", "地区", Region.name),
            Column("posting_id", "编号", model.id, listed=False),
            Column("is_demo", "示例", said.c.is_demo, listed=False, sortable=False),
        ),
        visible=visible,
        search=(model.title,),
        filters=(
            Filter("reason", "原因", equals(said.c.reason, DismissalReason), choices(DismissalReason)),
            by_year(said.c.at),
            by_region(model.region_code),
            demo_filter(said.c.is_demo),
        ),
        order="title",
        unit="次",
    )


FEEDBACK: Mapping[str, Listing] = {kind.plural: _listing(kind) for kind in KINDS.values()}


@dataclass(frozen=True)
class Passed:
    """How often one posting was passed over, by reason."""

    id: int
    title: str
    total: int
    by_reason: Mapping[DismissalReason, int]
    is_demo: bool


@dataclass(frozen=True)
class Feedback:
    """Why postings were passed over. ``years`` has (year, times), the earliest first."""

    kind: Kind
    other: str
    total: int
    by_reason: Mapping[DismissalReason, int]
    postings: Sequence[Passed]
    years: Sequence[tuple[int, int]]

    @property
    def reasons(self) -> list[DismissalReason]:
        """The reasons that were given, the most frequent first."""
        return [one for one, number in self.by_reason.items() if number]


def feedback(ctx: Context, plural: str, params: Params) -> Feedback:
    """The sums over the rows the list has under ``params``. Raises NotSignedIn or Forbidden."""
    ctx.demand("read_feedback")
    rows = list(all_rows(ctx, FEEDBACK[plural], params))
    every = Counter(row.reason for row in rows)
    by_posting: dict[int, list[Any]] = {}
    for row in rows:
        by_posting.setdefault(row.posting_id, []).append(row)
    passed = [
        Passed(number, some[0].title, len(some), Counter(one.reason for one in some), some[0].is_demo)
        for number, some in by_posting.items()
    ]
    years = Counter(row.year.astimezone(SHANGHAI).year for row in rows)
    return Feedback(
        kind=KINDS[plural],
        other=OTHER_WORDS[plural],
        total=len(rows),
        by_reason=dict(sorted(every.items(), key=lambda one: (-one[1], one[0].value))),
        postings=sorted(passed, key=lambda one: (-one.total, one.title, one.id)),
        years=sorted(years.items()),
    )
