"""After an event under /api/v1: its figures and its minutes."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from service.api.schemas import Out
from service.queries.after_event import Satisfaction, Share, after_event
from service.reports.minutes import as_document, minutes
from service.web.dependencies import ContextDep

router = APIRouter(prefix="/events", tags=["会后"])


class ShareOut(Out):
    """So many of so many, and the list of the rows of the part."""

    label: str
    part: int
    whole: int | None
    href: str
    note: str


class SatisfactionOut(Out):
    """How content people are; mean and spread are null where fewer than three persons answered."""

    label: str
    persons: int
    mean: float | None
    spread: list[tuple[str, int]] | None


class AfterOut(Out):
    """The figures of an event."""

    event_id: int
    came: list[ShareOut]
    satisfaction: list[SatisfactionOut]
    outcomes: list[ShareOut]
    wishes: list[ShareOut]
    follow_ups: list[ShareOut]
    projects: list[ShareOut]


class MinutesOut(Out):
    """The minutes as the asker may read them; ``is_whole`` false: only the asker's own talks."""

    event_id: int
    title: str
    when: str
    place: str
    organizer: str
    people: list[dict[str, str]]
    talks: list[dict[str, str]]
    results: str
    tasks: list[dict[str, str]]
    is_whole: bool


def _shares(rows: Any) -> list[ShareOut]:
    return [ShareOut.model_validate(one) for one in rows if isinstance(one, Share)]


def _satisfied(one: Satisfaction) -> SatisfactionOut:
    spread = list(one.spread) if one.spread is not None else None
    return SatisfactionOut(label=one.label, persons=one.persons, mean=one.mean, spread=spread)


def as_out(ctx: ContextDep, event_id: int) -> AfterOut:
    """The event's figures."""
    found = after_event(ctx, event_id)
    return AfterOut(
        event_id=found.event.id,
        came=_shares(found.came),
        satisfaction=[_satisfied(one) for one in found.satisfaction],
        outcomes=_shares(found.outcomes),
        wishes=_shares(found.wishes),
        follow_ups=_shares(found.follow_ups),
        projects=_shares(found.projects),
    )


@router.get("/{event_id}/after", summary="活动的会后数字")
def get_after(event_id: int, ctx: ContextDep) -> AfterOut:
    return as_out(ctx, event_id)


@router.get("/{event_id}/minutes", response_model=MinutesOut, summary="活动纪要（按能看到的记录起草）")
def get_minutes(event_id: int, ctx: ContextDep) -> Any:
    return as_document(minutes(ctx, event_id))
