"""A small region over two years: real and 示例 events, talks, projects and money, and needs at every stage."""

from __future__ import annotations

from datetime import UTC, date, datetime

from models import (
    Confidentiality,
    EntryKind,
    HandshakeEventState,
    MatchState,
    MeetingOutcome,
    MeetingState,
    PostingState,
    ProjectState,
)
from service.context import Context
from tests.factories import (
    add_achievement,
    add_contract,
    add_entry,
    add_event,
    add_match,
    add_meeting,
    add_need,
    add_project,
)

LATE_2024 = datetime(2024, 12, 31, 17, 0, tzinfo=UTC)
"""One in the morning of 1 January 2025 in China."""


def _stages(ctx: Context, year: int, *, is_demo: bool) -> None:
    """Six needs of one year, each one stage further than the one before; the last ends in money."""
    at = datetime(year, 3, 1, 2, 0, tzinfo=UTC)
    common = {"is_demo": is_demo, "published_at": at}
    add_need(ctx, **common)
    shortlisted = add_need(ctx, **common)
    add_match(ctx, need=shortlisted, achievement=add_achievement(ctx, **common), state=MatchState.SHORTLISTED)
    event = add_event(ctx, state=HandshakeEventState.HELD, starts_at=at, is_demo=is_demo)
    add_event(ctx, state=HandshakeEventState.CANCELLED, starts_at=at, is_demo=is_demo)
    for outcome, state, paid in (
        (MeetingOutcome.CONTINUE, None, False),
        (MeetingOutcome.INTENT, ProjectState.INTENT, False),
        (MeetingOutcome.INTENT, ProjectState.CONTRACTED, False),
        (MeetingOutcome.SIGNED, ProjectState.ACTIVE, True),
    ):
        match = add_match(
            ctx,
            need=add_need(ctx, **common),
            achievement=add_achievement(ctx, **common),
            state=MatchState.MUTUAL,
        )
        meeting = add_meeting(
            ctx, event=event, match=match, state=MeetingState.HELD, outcome=outcome, held_at=at, is_demo=is_demo
        )
        if state is None:
            continue
        signed = date(year, 4, 1) if state is not ProjectState.INTENT else None
        project = add_project(
            ctx,
            state=state,
            meeting=meeting,
            is_demo=is_demo,
            contracted_on=signed,
            starts_on=signed,
            ends_on=date(year + 1, 4, 1),
        )
        add_entry(ctx, project=project, kind=EntryKind.COMMITTED, amount_fen=70_000_000, occurred_on=date(year, 5, 1))
        if signed:
            add_contract(ctx, project=project, signed_on=signed)
        if paid:
            received = add_entry(ctx, project=project, amount_fen=30_000_000, occurred_on=date(year, 6, 1))
            add_entry(ctx, project=project, reverses=received, occurred_on=date(year, 6, 1), evidence="冲销")
            add_entry(ctx, project=project, amount_fen=20_000_000, occurred_on=date(year, 6, 2))
            add_entry(ctx, project=project, kind=EntryKind.SPENT, amount_fen=5_000_001, occurred_on=date(year, 6, 3))


def add_world(ctx: Context) -> None:
    """2024 and 2025, real and 示例, with rows at the edges of what may be seen and counted."""
    for year in (2024, 2025):
        for is_demo in (False, True):
            _stages(ctx, year, is_demo=is_demo)
    add_event(ctx, state=HandshakeEventState.ARCHIVED, starts_at=LATE_2024)
    add_event(ctx, state=HandshakeEventState.PLANNED, region_code="150100")
    add_need(ctx, confidentiality=Confidentiality.ORGANIZERS, region_code="150621")
    add_need(ctx, confidentiality=Confidentiality.MEMBERS, region_code="150100")
    add_need(ctx, state=PostingState.CLOSED_WON, region_code=None)
    add_need(ctx, state=PostingState.TAKEN_DOWN)
    add_need(ctx, state=PostingState.DRAFT)
    ended = add_project(ctx, state=ProjectState.TERMINATED, contracted_on=date(2025, 1, 2), region_code="150621")
    add_entry(ctx, project=ended, kind=EntryKind.COMMITTED, amount_fen=1)
