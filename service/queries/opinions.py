"""What was said of a talk, as far as the actor may read it: one's own word, or everybody's for those who follow it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from models import Match, Meeting, MeetingOpinion, Side
from service import visibility
from service.context import Context
from service.queries.sides import side_of

FIT_LABELS = {4: "正是所需", 3: "有用", 2: "沾边", 1: "不相关"}
"""How well a pair fits, by its number."""
SATISFACTION_LABELS = {5: "很满意", 4: "满意", 3: "一般", 2: "不太满意", 1: "不满意"}
"""How content somebody is, by the number."""
FAR_APART = 2
"""Two sides' fits that differ by this much are a disagreement."""


@dataclass(frozen=True)
class Said:
    """The opinions the actor may read, in the order of sides, and one's own side's among them."""

    side: Side
    own: MeetingOpinion | None
    all: Sequence[MeetingOpinion]

    @property
    def disagreement(self) -> str:
        """What the two parties see differently, in a sentence; empty when nothing, or when one has not spoken."""
        by = {one.side: one for one in self.all}
        need, offer = by.get(Side.NEED), by.get(Side.OFFER)
        if need is None or offer is None:
            return ""
        parts = []
        if need.outcome is not None and offer.outcome is not None and need.outcome is not offer.outcome:
            parts.append(f"需求方说“{need.outcome.label}”，技术方说“{offer.outcome.label}”")
        if need.fit is not None and offer.fit is not None and abs(need.fit - offer.fit) >= FAR_APART:
            parts.append(f"匹配程度需求方给 {need.fit}，技术方给 {offer.fit}")
        return "；".join(parts)


def said_of(ctx: Context, meeting: Meeting) -> Said:
    """What was said of a talk the actor may know of."""
    side = side_of(ctx, ctx.find(Match, meeting.match_id))
    rows = ctx.session.scalars(
        select(MeetingOpinion).where(MeetingOpinion.meeting_id == meeting.id).order_by(MeetingOpinion.side)
    ).all()
    everything = ctx.actor.is_system or ctx.actor.role in visibility.SEES_ALL_WORK
    readable = [one for one in rows if everything or one.side is side]
    return Said(side, next((one for one in readable if one.side is side), None), readable)
