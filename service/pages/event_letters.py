"""An event's letters: write and send them, remind, download them for paper, and pass on by hand what is not mailed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response

from models import EventLetter, HandshakeEvent, Organization
from service.context import Context
from service.errors import NotFound
from service.mail import mail_is_on
from service.queries.attendees import Comer, comers
from service.queries.events import event_detail
from service.reports.invitation_letter import letters_archive, letters_document
from service.usecases.event_letters import ChooseAttendees, mark_copied, send_invitations, send_reminders
from service.usecases.letters import with_link
from service.web.dependencies import ContextDep, Form, FormDep
from service.web.downloads import attachment
from service.web.forms import FormState, complete
from service.web.templating import go, render

router = APIRouter(prefix="/events/{event_id:int}/letters", tags=["通知信"])
Papers = Callable[[Context, HandshakeEvent, str, Sequence[Comer]], bytes]
FORMS: Mapping[str, tuple[Papers, str]] = {
    "docx": (letters_document, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "zip": (letters_archive, "application/zip"),
}


@router.get("")
def show_list(event_id: int, request: Request, ctx: ContextDep) -> Response:
    return _list(request, ctx, event_id, FormState())


@router.post("/send")
def post_send(event_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return _write(request, ctx, event_id, form, send_invitations)


@router.post("/remind")
def post_remind(event_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return _write(request, ctx, event_id, form, send_reminders)


@router.post("/{letter_id:int}/copied")
def post_copied(event_id: int, letter_id: int, ctx: ContextDep) -> Response:
    mark_copied(ctx, event_id, letter_id)
    return go(f"/events/{event_id}/letters", "done")


papers = APIRouter(tags=["通知信"])


@papers.get("/events/{event_id:int}/letters.{form}")
def export_letters(event_id: int, form: str, request: Request, ctx: ContextDep) -> Response:
    event = ctx.require(HandshakeEvent, event_id, may="invite")
    if form not in FORMS:
        raise NotFound("邀请函只能下载为 docx 或 zip。")
    chosen = set(request.query_params.getlist("attendee"))
    people = [
        one for one in comers(ctx, event_id) if one.is_expected and (not chosen or str(one.attendee.id) in chosen)
    ]
    if not people:
        raise NotFound("还没有可写邀请函的人，请先邀请。")
    made, media_type = FORMS[form]
    content = made(ctx, event, ctx.find(Organization, event.organizer_id).name, people)
    ctx.saw("export", list="邀请函", form=form, rows=len(people))
    return attachment(content, f"{event.title}邀请函.{form}", media_type)


Writes = Callable[[Context, int, ChooseAttendees], Sequence[EventLetter]]


def _write(request: Request, ctx: Context, event_id: int, form: Form, write: Writes) -> Response:
    def act(command: ChooseAttendees) -> Response:
        write(ctx, event_id, command)
        return go(f"/events/{event_id}/letters", "letters")

    chosen = {**form, "attendee_ids": [one for one in form.get("attendee_ids", []) if one]}
    return complete(ctx, chosen, ChooseAttendees, act, lambda state, code: _list(request, ctx, event_id, state, code))


def _list(request: Request, ctx: Context, event_id: int, form: FormState, status: int = 200) -> Response:
    detail = event_detail(ctx, event_id)
    ctx.demand("invite", detail.event)
    people = comers(ctx, event_id)
    waiting = [(one, letter, with_link(ctx, one.attendee, letter.text)) for one in people for letter in one.untold]
    return render(
        request,
        ctx,
        "attendees/letters.html",
        status=status,
        form=form,
        detail=detail,
        event=detail.event,
        people=people,
        waiting=waiting,
        mails=mail_is_on(ctx.settings),
    )
