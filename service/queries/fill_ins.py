"""Who could sit down in place of somebody who is missing: both there and free, allowed to meet, not met yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models import AttendeeState, HandshakeEvent, MeetingState
from service.context import Context
from service.queries.seating_changes import seated_talk
from service.queries.seating_plans import latest_basis
from service.queries.seating_problem import Held, SeatingTask, points, seating_task

WAITING_STATES = (MeetingState.PROPOSED, MeetingState.CONFIRMED)


@dataclass(frozen=True)
class FillIn:
    """Somebody who could fill in: over which match, for whom they come, who of them, and what that is worth."""

    match_id: int
    party: str
    name: str
    organization_id: int
    attendee_ids: Sequence[int]
    title: str
    worth: str
    sum_in_words: str


def fill_ins(
    ctx: Context, event: HandshakeEvent, meeting_id: int, *, missing_need_side: bool, limit: int = 5
) -> list[FillIn]:
    """For a talk one side of which is missing: who could sit with the side that is there, the best first.

    ``missing_need_side``: it is the side that needs that is missing. Raises NotFound for a talk that is not seated.
    """
    task = seating_task(ctx, event, latest_basis(ctx, event))
    talk = seated_talk(task, meeting_id)
    waits = talk.other if missing_need_side else talk.one
    gone = talk.one if missing_need_side else talk.other
    busy = [one for one in task.held.values() if one.slot == talk.slot and one is not talk]
    found = []
    for pair, chance in task.chances.items():
        if waits not in pair or pair in task.held:
            continue
        (party,) = pair - {waits}
        sitter = task.sitters.by_id.get(party)
        if party == gone or sitter is None or not _may_have_another(task, party, talk):
            continue
        here = [one for one in sitter.there(talk.slot) if one.state is AttendeeState.ARRIVED or one.id is None]
        taken = sum(party in one.pair for one in busy)
        if len(here) > taken:
            title = chance.need_title if chance.one == party else chance.achievement_title
            people = [one.id for one in here if one.id is not None]
            found.append(
                (
                    chance.utility,
                    FillIn(
                        chance.match_id,
                        party,
                        sitter.name,
                        sitter.organization_id,
                        people,
                        title,
                        points(chance.utility),
                        chance.sum_in_words,
                    ),
                )
            )
    found.sort(key=lambda one: (-one[0], one[1].name))
    return [one for _, one in found[:limit]]


def _may_have_another(task: SeatingTask, party: str, talk: Held) -> bool:
    """Whether the party's own limit leaves room for one more talk."""
    sitter = task.sitters.by_id[party]
    talks = sum(party in one.pair for one in task.held.values())
    return talk.state in WAITING_STATES and (sitter.maximum is None or talks < sitter.maximum)
