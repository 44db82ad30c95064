"""An event's seating problem as ``woshou seat`` reads it, so that anybody can check what was computed."""

from __future__ import annotations

from typing import Any

from matching import seating
from service.queries.seating_problem import SeatingTask


def problem_document(task: SeatingTask, *, afresh: bool) -> dict[str, Any]:
    """The JSON of a problem: parties by number and without names, utilities in 1/100 points.

    A party that needs and offers stands on the side of most of its pairs; the others of its pairs are in ``left_out``.
    """
    problem = task.afresh if afresh else task.problem
    votes: dict[str, int] = {}
    for chance in task.chances.values():
        votes[chance.one] = votes.get(chance.one, 0) + 1
        votes[chance.other] = votes.get(chance.other, 0) - 1
    for held in task.held.values():
        votes.setdefault(held.one, 1)
        votes.setdefault(held.other, -1)
    asks = {party for party, vote in votes.items() if vote >= 0}
    sides = {"needs": [], "offers": []}  # type: dict[str, list[dict[str, Any]]]
    for party in problem.parties:
        sides["needs" if str(party.id) in asks else "offers"].append(_party(party))
    pairs = [one for one in problem.pairs if (str(one.one) in asks) != (str(one.other) in asks)]
    return {
        "slots": problem.slots,
        "tables": [
            {
                "number": one.number,
                "capacity": one.capacity,
                "features": sorted(one.features),
                "position": one.position,
                "closed": sorted(one.closed),
            }
            for one in problem.tables
        ],
        **sides,
        "pairs": [{**_both(one.one, one.other, asks), "utility": one.utility} for one in pairs],
        "locked": [_held(one, asks) for one in problem.locked if _two_sided(one, asks)],
        "previous": [_held(one, asks) for one in problem.previous if _two_sided(one, asks)],
        "excluded": [
            _both(one.one, one.other, asks)
            for one in problem.excluded
            if (str(one.one) in asks) != (str(one.other) in asks)
        ],
        "frozen_before": problem.frozen_before,
        "left_out": len(problem.pairs) - len(pairs),
    }


def _party(party: seating.Party) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": party.id,
        "available": sorted(party.available or ()),
        "min": party.minimum,
        "max": party.maximum,
        "seats": party.seats,
        "people": party.people,
    }
    return shown | ({"seats_at": list(party.seats_at)} if party.seats_at is not None else {})


def _both(one: Any, other: Any, asks: set[str]) -> dict[str, Any]:
    return {"need": one, "offer": other} if str(one) in asks else {"need": other, "offer": one}


def _held(meeting: seating.Meeting, asks: set[str]) -> dict[str, Any]:
    return _both(meeting.one, meeting.other, asks) | {"slot": meeting.slot, "table": meeting.table}


def _two_sided(meeting: seating.Meeting, asks: set[str]) -> bool:
    return (str(meeting.one) in asks) != (str(meeting.other) in asks)
