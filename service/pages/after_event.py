"""After an event: its figures, its minutes as a Word document, and the note sheet of a talk."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.context import SHANGHAI
from service.queries.after_event import after_event, events_of_year
from service.reports.minutes import WORD, minutes, minutes_word, note_sheet
from service.web.dependencies import ContextDep
from service.web.downloads import report_attachment
from service.web.templating import render

router = APIRouter(tags=["会后"])


@router.get("/events/{event_id:int}/after")
def show_after(event_id: int, request: Request, ctx: ContextDep) -> Response:
    found = after_event(ctx, event_id)
    year = found.event.starts_at.astimezone(SHANGHAI).year
    others = events_of_year(ctx, year)
    return render(request, ctx, "follow_ups/after.html", found=found, event=found.event, year=year, others=others)


@router.get("/events/{event_id:int}/minutes.docx")
def download_minutes(event_id: int, ctx: ContextDep) -> Response:
    made = minutes(ctx, event_id)
    return report_attachment(ctx, minutes_word(made), f"{made.title}.docx", WORD)


@router.get("/meetings/{meeting_id:int}/notes.docx")
def download_note_sheet(meeting_id: int, ctx: ContextDep) -> Response:
    name, content = note_sheet(ctx, meeting_id)
    return report_attachment(ctx, content, name, WORD)
