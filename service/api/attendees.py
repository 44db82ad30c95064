"""The people of events under /api/v1/attendees and below events and invitations, with their wishes and letters."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter

from models import (
    Attendee,
    AttendeeState,
    EventLetter,
    HandshakeEvent,
    Invitation,
    LetterKind,
    MatchState,
    OrganizationKind,
    WishLevel,
)
from service.api.schemas import Out
from service.context import Context
from service.links import personal_link
from service.policy import allows
from service.queries.attendees import Comer, comer, comers
from service.queries.events import event_detail
from service.queries.wishes import choices_of
from service.usecases.attendee_answers import (
    AnswerFor,
    RenewLink,
    answer_for,
    renew_link,
    replace_attendee,
    reply_for,
)
from service.usecases.attendees import WriteAttendee, add_attendee, edit_attendee
from service.usecases.event_letters import ChooseAttendees, mark_copied, send_invitations, send_reminders
from service.usecases.letters import with_link
from service.usecases.replies import Reply, SendColleague
from service.usecases.wishes import SetWishes, set_wishes
from service.web.dependencies import ContextDep

router = APIRouter(tags=["参会人"])


class TopicOut(Out):
    """What somebody speaks for: ``kind`` is needs or achievements."""

    kind: str
    id: int
    title: str


class AttendeeOut(Out):
    """One person who comes. Contacts, link and feedback are null for those who may not answer for them."""

    id: int
    version: int
    invitation_id: int
    organization_id: int
    organization: str
    organization_kind: OrganizationKind
    scientist_id: int | None
    name: str
    position: str
    state: AttendeeState
    away_slots: list[int]
    equipment: list[str]
    topics: list[TopicOut]
    minimum_talks: int | None
    maximum_talks: int | None
    stands_in_for: str
    note: str
    badge: str
    is_walk_in: bool
    replied_at: datetime | None
    arrived_at: datetime | None
    is_demo: bool
    email: str | None
    phone: str | None
    link: str | None
    satisfaction: int | None


class LetterOut(Out):
    """One letter; ``text`` is as it goes out, with the personal link."""

    id: int
    attendee_id: int
    kind: LetterKind
    subject: str
    text: str
    created_at: datetime
    mailed_at: datetime | None
    copied_at: datetime | None
    seen_at: datetime | None


class ChoiceOut(Out):
    """A counterpart one may wish to meet; ``level`` null while nothing was said."""

    match_id: int
    score: int
    reason: str
    state: MatchState
    own_kind: str
    own_id: int
    own_title: str
    other_title: str
    other_organization: str
    level: WishLevel | None
    why: str


def as_out(ctx: Context, person: Comer) -> AttendeeOut:
    """The attendee as the asker may read them."""
    attendee, house = person.attendee, person.organization
    near = allows(ctx, "answer_invitation", attendee)
    columns = {column.key: getattr(attendee, column.key) for column in attendee.__table__.columns}
    return AttendeeOut.model_validate(
        columns
        | {
            "organization_id": house.id,
            "organization": house.name,
            "organization_kind": house.kind,
            "topics": [TopicOut(kind=one.kind, id=one.id, title=one.title) for one in person.topics],
            "email": attendee.email if near else None,
            "phone": attendee.phone if near else None,
            "note": attendee.note if near else "",
            "stands_in_for": attendee.stands_in_for if near else "",
            "badge": attendee.badge if near else "",
            "link": ctx.absolute(personal_link(ctx, attendee)) if near else None,
            "satisfaction": attendee.satisfaction if near else None,
        }
    )


def letter_out(ctx: Context, attendee: Attendee, letter: EventLetter) -> LetterOut:
    """The letter as it goes out."""
    columns = {column.key: getattr(letter, column.key) for column in letter.__table__.columns}
    return LetterOut.model_validate(columns | {"text": with_link(ctx, attendee, letter.text)})


def _one(ctx: Context, attendee: Attendee) -> AttendeeOut:
    ctx.saw("see_contact", attendee)
    return as_out(ctx, comer(ctx, attendee))


def _letters(ctx: Context, letters: list[EventLetter]) -> list[LetterOut]:
    ctx.flush()
    return [letter_out(ctx, ctx.find(Attendee, one.attendee_id), one) for one in letters]


@router.get("/events/{event_id}/attendees", summary="一次活动的参会人")
def get_attendees(event_id: int, ctx: ContextDep) -> list[AttendeeOut]:
    event_detail(ctx, event_id)
    people = comers(ctx, event_id)
    if any(allows(ctx, "answer_invitation", one.attendee) for one in people[:1]):
        ctx.saw("see_contact", rows=len(people))
    return [as_out(ctx, one) for one in people]


@router.get("/events/{event_id}/letters", summary="写给参会人的信")
def get_letters(event_id: int, ctx: ContextDep) -> list[LetterOut]:
    ctx.require(HandshakeEvent, event_id, may="invite")
    return [letter_out(ctx, one.attendee, letter) for one in comers(ctx, event_id) for letter in one.letters]


@router.post("/events/{event_id}/letters/send", status_code=201, summary="发邀请函")
def post_send(event_id: int, ctx: ContextDep, command: ChooseAttendees) -> list[LetterOut]:
    return _letters(ctx, send_invitations(ctx, event_id, command))


@router.post("/events/{event_id}/letters/remind", status_code=201, summary="催复")
def post_remind(event_id: int, ctx: ContextDep, command: ChooseAttendees) -> list[LetterOut]:
    return _letters(ctx, send_reminders(ctx, event_id, command))


@router.post("/events/{event_id}/letters/{letter_id}/copied", summary="信已转告")
def post_copied(event_id: int, letter_id: int, ctx: ContextDep) -> LetterOut:
    return _letters(ctx, [mark_copied(ctx, event_id, letter_id)])[0]


@router.get("/invitations/{invitation_id}/attendees", summary="一家机构的参会人")
def get_of_invitation(invitation_id: int, ctx: ContextDep) -> list[AttendeeOut]:
    invitation = ctx.require(Invitation, invitation_id, may="answer_invitation")
    people = comers(ctx, invitation.handshake_event_id)
    return [as_out(ctx, one) for one in people if one.invitation.id == invitation.id]


@router.post("/invitations/{invitation_id}/attendees", status_code=201, summary="加一位参会人")
def post_of_invitation(invitation_id: int, ctx: ContextDep, command: WriteAttendee) -> AttendeeOut:
    return _one(ctx, add_attendee(ctx, invitation_id, command))


@router.get("/invitations/{invitation_id}/wishes", response_model=list[ChoiceOut], summary="可选的对象与意愿")
def get_wishes(invitation_id: int, ctx: ContextDep) -> Any:
    return choices_of(ctx, ctx.require(Invitation, invitation_id, may="answer_invitation"))


@router.post("/invitations/{invitation_id}/wishes", response_model=list[ChoiceOut], summary="填写意愿")
def post_wishes(invitation_id: int, ctx: ContextDep, command: SetWishes) -> Any:
    invitation = ctx.require(Invitation, invitation_id, may="answer_invitation")
    set_wishes(ctx, invitation, command)
    ctx.flush()
    return choices_of(ctx, invitation)


@router.get("/attendees/{attendee_id}", summary="一位参会人")
def get_one(attendee_id: int, ctx: ContextDep) -> AttendeeOut:
    return _one(ctx, ctx.require(Attendee, attendee_id, may="answer_invitation"))


@router.put("/attendees/{attendee_id}", summary="修改参会人")
def put_one(attendee_id: int, ctx: ContextDep, command: WriteAttendee) -> AttendeeOut:
    return _one(ctx, edit_attendee(ctx, attendee_id, command))


@router.post("/attendees/{attendee_id}/answer", summary="替参会人答复参加或不来")
def post_answer(attendee_id: int, ctx: ContextDep, command: AnswerFor) -> AttendeeOut:
    return _one(ctx, answer_for(ctx, attendee_id, command))


@router.post("/attendees/{attendee_id}/reply", summary="填写参会人的完整答复")
def post_reply(attendee_id: int, ctx: ContextDep, command: Reply) -> AttendeeOut:
    return _one(ctx, reply_for(ctx, attendee_id, command))


@router.post("/attendees/{attendee_id}/replace", summary="换人参加")
def post_replace(attendee_id: int, ctx: ContextDep, command: SendColleague) -> AttendeeOut:
    return _one(ctx, replace_attendee(ctx, attendee_id, command))


@router.post("/attendees/{attendee_id}/link", summary="换一个专属链接")
def post_link(attendee_id: int, ctx: ContextDep, command: RenewLink) -> AttendeeOut:
    return _one(ctx, renew_link(ctx, attendee_id, command))
