"""How far needs have come, from a shortlisted pair to money that arrived; each stage lies within the one before."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, false, func, or_, select, true

from models import (
    EntryKind,
    InvestmentEntry,
    Match,
    Meeting,
    MeetingOutcome,
    MeetingState,
    Need,
    Project,
)
from models.match import CHOSEN_STATES
from service.context import Context
from service.queries.listing import Filter, Option
from service.visibility import SEES_ALL_WORK

STAGES: tuple[tuple[str, str], ...] = (
    ("shortlisted", "有入选匹配"),
    ("met", "已对接洽谈"),
    ("intent", "达成意向"),
    ("contracted", "已签约"),
    ("funded", "资金到位"),
)
"""The stages after publication, in order: (value of the filter ``reached``, label)."""

_AGREED = tuple(outcome for outcome in MeetingOutcome if outcome.may_open_project)


def reached_condition(stage: str) -> ColumnElement[bool]:
    """Needs that came at least as far as ``stage`` (a key of STAGES). Raises KeyError for any other.

    示例 meetings and projects do not carry a real need onward.
    """
    if stage == "shortlisted":
        chosen = select(Match.id).where(Match.need_id == Need.id, Match.state.in_(CHOSEN_STATES)).exists()
        return or_(chosen, _met(true()))
    if stage == "met":
        return _met(true())
    if stage == "intent":
        return _met(Meeting.outcome.in_(_AGREED))
    if stage == "contracted":
        return _has_project(true())
    if stage == "funded":
        arrived = (
            select(func.sum(InvestmentEntry.amount_fen))
            .where(
                InvestmentEntry.project_id == Project.id,
                InvestmentEntry.kind == EntryKind.RECEIVED,
                or_(Project.is_demo, ~InvestmentEntry.is_demo),
            )
            .correlate(Project)
            .scalar_subquery()
        )
        return _has_project(arrived > 0)
    raise KeyError(stage)


def _met(outcome: ColumnElement[bool]) -> ColumnElement[bool]:
    held = (
        select(Meeting.id)
        .join(Match, Match.id == Meeting.match_id)
        .where(Match.need_id == Need.id, Meeting.state == MeetingState.HELD, _as_real(Meeting.is_demo), outcome)
    )
    return held.correlate(Need).exists()


def _has_project(further: ColumnElement[bool]) -> ColumnElement[bool]:
    signed = (
        select(Project.id)
        .join(Meeting, Meeting.id == Project.meeting_id)
        .join(Match, Match.id == Meeting.match_id)
        .where(
            Match.need_id == Need.id,
            Project.contracted_on.is_not(None),
            _as_real(or_(Project.is_demo, Meeting.is_demo)),
            further,
        )
    )
    return signed.correlate(Need).exists()


def _as_real(is_demo: SQLColumnExpression[bool]) -> ColumnElement[bool]:
    return or_(Need.is_demo, ~is_demo)


def _reached(ctx: Context, value: str) -> ColumnElement[bool] | None:
    """The filter's condition; those who do not follow all work learn it of their own needs only."""
    if value not in dict(STAGES):
        return None
    if _follows_all(ctx):
        return reached_condition(value)
    if ctx.actor.organization_id is None:
        return false()
    return and_(Need.organization_id == ctx.actor.organization_id, reached_condition(value))


def _follows_all(ctx: Context) -> bool:
    return ctx.actor.is_system or ctx.actor.role in SEES_ALL_WORK


def _stages(ctx: Context) -> Sequence[Option]:
    return STAGES if _follows_all(ctx) or ctx.actor.organization_id is not None else ()


REACHED = Filter("reached", "对接进展", _reached, _stages)
"""For the list of needs: ``?reached=shortlisted`` and so on."""
