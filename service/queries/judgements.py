"""What people decided about pairs, as grades to learn from; the 示例 ones only where nothing is real."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from matching.feedback import UNFIT_REASONS, Grade, Judgement, grade_of_fits
from models import (
    DismissalReason,
    Match,
    MatchState,
    Meeting,
    MeetingOpinion,
    MeetingOutcome,
    MeetingState,
    Need,
    Project,
    Side,
    StateChange,
)
from service.context import Context


@dataclass(frozen=True)
class JudgedPair:
    """One decided pair: how far it came, when, where it stood in the list then, and where its need comes from."""

    match_id: int
    need_id: int
    achievement_id: int
    grade: Grade
    at: datetime
    rank: int | None
    reason: DismissalReason | None
    region_code: str | None
    from_opinion: bool = False

    def judgement(self) -> Judgement:
        """The pair as the learning sees it; ids are record ids as text."""
        reason = self.reason.value if self.reason is not None and self.grade is Grade.DISMISSED else ""
        need, offer = str(self.need_id), str(self.achievement_id)
        return Judgement(need, offer, self.grade, self.at.timestamp(), self.rank, reason)


@dataclass(frozen=True)
class Judged:
    """All decided pairs, newest first. ``is_demo``: they are 示例, for nobody decided on a real pair yet."""

    pairs: Sequence[JudgedPair]
    is_demo: bool

    def judgements(self) -> list[Judgement]:
        """The pairs as the learning sees them."""
        return [pair.judgement() for pair in self.pairs]

    @property
    def from_opinions(self) -> int:
        """How many pairs have the grade that people gave them after their talk."""
        return sum(pair.from_opinion for pair in self.pairs)


def judged_pairs(ctx: Context, *, demo: bool | None = None) -> Judged:
    """Every decided pair: the real ones, or the 示例 ones while there is no real one; never both.

    ``demo`` False asks for the real ones alone. A pair counts as decided when somebody chose it or passed it over, when
    a side said it would talk, or when a talk took place.
    """
    if demo is None:
        real = judged_pairs(ctx, demo=False)
        if real.pairs:
            return real
        pretended = judged_pairs(ctx, demo=True)
        return pretended if pretended.pairs else real
    talks, projects, decided, said = _talks(ctx), _projects(ctx), _decided_at(ctx), _said(ctx)
    rows = ctx.session.execute(
        select(
            Match.id,
            Match.need_id,
            Match.achievement_id,
            Match.state,
            Match.judged_rank,
            Match.dismissal_reason,
            Match.need_agrees,
            Match.offer_agrees,
            Match.updated_at,
            Need.region_code,
        )
        .join(Need, Need.id == Match.need_id)
        .where(
            Match.is_demo.is_(demo),
            or_(
                Match.state != MatchState.SUGGESTED,
                Match.need_agrees.is_(True),
                Match.offer_agrees.is_(True),
                Match.id.in_(select(Meeting.match_id).where(Meeting.state == MeetingState.HELD)),
            ),
        )
    )
    found = []
    for row in rows:
        talk, project = talks.get(row.id), projects.get(row.id)
        moments = [decided.get(row.id) or row.updated_at, *(one[1] for one in (talk, project) if one is not None)]
        grade = _grade(row.state, talk[0] if talk else (), project[0] if project else None)
        reason, opinion = row.dismissal_reason, said.get(row.id)
        spoken = _spoken(grade, opinion)
        if opinion is not None and spoken is not None:
            moments.append(opinion.at)
            grade, reason = spoken, opinion.reason or DismissalReason.FIELD
        found.append(
            JudgedPair(
                row.id,
                row.need_id,
                row.achievement_id,
                grade,
                max(moments),
                row.judged_rank,
                reason,
                row.region_code,
                spoken is not None,
            )
        )
    return Judged(sorted(found, key=lambda pair: (pair.at, pair.match_id), reverse=True), demo)


def _grade(state: MatchState, outcomes: Iterable[MeetingOutcome], signed: bool | None) -> Grade:
    """How far a pair came. What was agreed stands; short of that, a dismissal is the last word on a pair."""
    outcomes = set(outcomes)
    if signed or MeetingOutcome.SIGNED in outcomes:
        return Grade.CONTRACT
    if signed is not None or MeetingOutcome.INTENT in outcomes:
        return Grade.INTENT
    if state is MatchState.DISMISSED:
        return Grade.DISMISSED
    if outcomes:
        return Grade.MET
    return Grade.MUTUAL if state is MatchState.MUTUAL else Grade.SHORTLISTED


@dataclass(frozen=True)
class _Opinion:
    """What was said after a pair's last talk that anybody spoke of: how well it fits, why it does not, and when."""

    fits: Sequence[int]
    reason: DismissalReason | None
    at: datetime


def _spoken(guess: Grade, opinion: _Opinion | None) -> Grade | None:
    """The grade people gave; None where they gave none, and where a contract says more than any opinion."""
    if opinion is None or guess is Grade.CONTRACT:
        return None
    graded = grade_of_fits(opinion.fits)
    if graded is None and opinion.reason is not None and guess < Grade.INTENT:
        return Grade.DISMISSED
    return graded


def _said(ctx: Context) -> Mapping[int, _Opinion]:
    """For each pair, the sides' word on its latest talk that was spoken of; the host's only where no side spoke.

    A reason counts only with the outcome 暂无意向 and when it speaks of the fit.
    """
    rows = ctx.session.execute(
        select(
            Meeting.match_id,
            Meeting.id,
            MeetingOpinion.side,
            MeetingOpinion.fit,
            MeetingOpinion.reason,
            MeetingOpinion.outcome,
            MeetingOpinion.updated_at,
        )
        .join(Meeting, Meeting.id == MeetingOpinion.meeting_id)
        .where(Meeting.state == MeetingState.HELD)
        .order_by(Meeting.held_at, Meeting.id, MeetingOpinion.id)
    ).all()
    latest: dict[int, tuple[int, list[Any]]] = {}
    for row in rows:
        unfit = row.outcome is MeetingOutcome.NONE and row.reason is not None and row.reason.value in UNFIT_REASONS
        if row.fit is None and not unfit:
            continue
        talk, heard = latest.get(row.match_id, (row.id, []))
        latest[row.match_id] = (row.id, [*(heard if talk == row.id else []), (row, row.reason if unfit else None)])
    found = {}
    for match_id, (_, heard) in latest.items():
        sides = [one for one in heard if one[0].side is not Side.ORGANIZER] or heard
        fits = [one[0].fit for one in sides if one[0].fit is not None]
        reason = next((one[1] for one in sides if one[1] is not None), None)
        found[match_id] = _Opinion(fits, reason, max(one[0].updated_at for one in sides))
    return found


def _talks(ctx: Context) -> Mapping[int, tuple[list[MeetingOutcome], datetime]]:
    """The outcomes of each pair's talks, and when the last was held."""
    found: dict[int, tuple[list[MeetingOutcome], datetime]] = {}
    rows = ctx.session.execute(
        select(Meeting.match_id, Meeting.outcome, Meeting.held_at)
        .where(Meeting.state == MeetingState.HELD)
        .order_by(Meeting.held_at, Meeting.id)
    )
    for match_id, outcome, held_at in rows:
        if outcome is None or held_at is None:
            continue
        outcomes = found[match_id][0] if match_id in found else []
        found[match_id] = ([*outcomes, outcome], held_at)
    return found


def _projects(ctx: Context) -> Mapping[int, tuple[bool, datetime]]:
    """For each pair whose talk led to a project: whether a contract was signed, and when the project last changed."""
    rows = ctx.session.execute(
        select(Meeting.match_id, Project.contracted_on, Project.updated_at)
        .join(Meeting, Meeting.id == Project.meeting_id)
        .order_by(Project.id)
    )
    found: dict[int, tuple[bool, datetime]] = {}
    for match_id, contracted_on, updated_at in rows:
        before = found.get(match_id, (False, updated_at))
        found[match_id] = (before[0] or contracted_on is not None, max(before[1], updated_at))
    return found


def _decided_at(ctx: Context) -> Mapping[int, datetime]:
    """When each pair was last moved; a ranking also touches pairs, so their own time would not tell."""
    rows = ctx.session.execute(
        select(StateChange.record_id, func.max(StateChange.at))
        .where(StateChange.record_type == Match.__name__)
        .group_by(StateChange.record_id)
    )
    return dict(rows.all())
