"""The door of an event under /api/v1/events: notes of arrivals from phones that may have been without a network."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter

from models import AttendeeState
from service.api.schemas import Out
from service.usecases.door import DoorNotes, note_arrivals
from service.web.dependencies import ContextDep

router = APIRouter(prefix="/events", tags=["现场"])


class NotedOut(Out):
    """What became of a note: how the person stands now; all null when nobody at the event has that badge."""

    id: str
    attendee_id: int | None
    state: AttendeeState | None
    arrived_at: datetime | None


class DoorOut(Out):
    """What became of each note, in the order they were sent."""

    notes: list[NotedOut]


@router.post("/{event_id}/door-notes", summary="补传手机上记下的签到，同一条只记一次")
def post_notes(event_id: int, ctx: ContextDep, command: DoorNotes) -> DoorOut:
    noted = [(one.id, one.attendee) for one in note_arrivals(ctx, event_id, command)]
    return DoorOut(
        notes=[
            NotedOut(
                id=key,
                attendee_id=person.id if person else None,
                state=person.state if person else None,
                arrived_at=person.arrived_at if person else None,
            )
            for key, person in noted
        ]
    )
