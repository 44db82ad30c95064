"""Reminders of what follows a talk: through a real mail server, once for each day."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from models import (
    EventLetter,
    FollowUp,
    FollowUpKind,
    FollowUpState,
    HandshakeEvent,
    HandshakeEventState,
    InvitationState,
    Job,
    LetterKind,
    MatchState,
    Meeting,
    MeetingOutcome,
    MeetingState,
    Organization,
    OrganizationKind,
    Role,
    Side,
)
from service import mail
from service.config import Settings
from service.context import Context
from service.usecases.follow_up_reminders import remind_follow_ups
from service.usecases.follow_ups import ChangeFollowUp, FinishFollowUp, change_follow_up, finish_follow_up, task_of
from service.usecases.opinions import GiveOpinion, give_opinion
from tests.factories import (
    NOW,
    add_account,
    add_achievement,
    add_attendee,
    add_event,
    add_follow_up,
    add_invitation,
    add_match,
    add_meeting,
    add_need,
    add_organization,
)


class Mailbox:
    """What a real SMTP server took in."""

    def __init__(self) -> None:
        self.letters: list[Any] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    """A running SMTP server and its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    yield box, port
    server.stop()


def _talk(ctx: Context) -> Meeting:
    """A confirmed talk of an event at NOW; the firm's person has an address, the institute has an account alone."""
    firm, institute = add_organization(ctx), add_organization(ctx, kind=OrganizationKind.INSTITUTE)
    event = add_event(ctx, state=HandshakeEventState.HELD, starts_at=NOW)
    invitation = add_invitation(ctx, event=event, organization=firm, state=InvitationState.CHECKED_IN)
    person = add_attendee(ctx, invitation=invitation, email="chen@firm.example")
    add_account(ctx, Role.INSTITUTE, organization=institute, email="office@institute.example")
    match = add_match(
        ctx,
        need=add_need(ctx, organization=firm),
        achievement=add_achievement(ctx, organization=institute),
        state=MatchState.MUTUAL,
    )
    return add_meeting(ctx, event=event, match=match, state=MeetingState.CONFIRMED, need_attendee_id=person.id)


def _deliver(ctx: Context) -> None:
    """Send the mail that waits, as the worker does."""
    for job in ctx.session.scalars(select(Job).where(Job.name == "send_mail")).all():
        mail.send(ctx.settings, job.payload["letter"])
        ctx.session.delete(job)
    ctx.session.flush()


def _on(ctx: Context, day: datetime) -> int:
    """What the daily job does on that day."""
    ctx.now = day
    return remind_follow_ups(ctx)


def test_reviews_are_asked_for_after_7_30_and_90_days_once_each(ctx: Context, mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    told = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none", "mail_from": "woshou@bureau.example"}
    told["base_url"] = "https://woshou.example"
    ctx.settings = ctx.settings.model_copy(update=told)
    talk = _talk(ctx)
    give_opinion(ctx, talk.id, GiveOpinion(outcome=MeetingOutcome.CONTINUE))

    reminded = [days for days in range(101) if _on(ctx, NOW + timedelta(days=days))]
    _deliver(ctx)

    assert reminded == [7, 30, 90]
    received = sorted((str(one["To"]), str(one["Subject"])) for one in box.letters)
    assert received == sorted(
        (to, f"会后回访：{days} 天回访")
        for days in (7, 30, 90)
        for to in ("chen@firm.example", "office@institute.example")
    )
    letters = ctx.session.scalars(select(EventLetter).where(EventLetter.kind == LetterKind.FOLLOW_UP)).all()
    assert len(letters) == 3
    assert "/i/" in next(one for one in box.letters if one["To"] == "chen@firm.example").get_content()


def test_another_day_is_reminded_of_anew_and_what_is_done_is_not(ctx: Context) -> None:
    talk = _talk(ctx)
    give_opinion(ctx, talk.id, GiveOpinion(outcome=MeetingOutcome.INTENT))
    task = task_of(ctx, talk, FollowUpKind.DAY_7)
    assert task is not None
    assert [_on(ctx, NOW + timedelta(days=days)) for days in (7, 8)] == [1, 0]

    change_follow_up(ctx, task.id, ChangeFollowUp(version=task.version, due_on=(NOW + timedelta(days=12)).date()))
    assert [_on(ctx, NOW + timedelta(days=days)) for days in (11, 12, 13)] == [0, 1, 0]
    second = task_of(ctx, talk, FollowUpKind.DAY_30)
    assert second is not None
    finish_follow_up(ctx, second.id, FinishFollowUp(version=second.version))
    assert _on(ctx, NOW + timedelta(days=31)) == 0


def test_without_a_mail_server_the_letter_stands_on_the_page(ctx: Context) -> None:
    talk = _talk(ctx)
    add_follow_up(ctx, meeting=talk, text="送样检测", owner="陈工", owner_side=Side.NEED)

    assert _on(ctx, NOW + timedelta(days=1)) == 1

    letter = ctx.session.scalars(select(EventLetter)).one()
    assert (letter.subject, letter.mailed_at) == ("会后回访：送样检测", None)
    assert "由陈工办" in letter.text
    assert ctx.session.scalar(select(Job).where(Job.name == "send_mail")) is None


def test_the_organizers_own_task_goes_to_their_accounts(ctx: Context, settings: Settings) -> None:
    ctx.settings = settings.model_copy(update={"smtp_host": "127.0.0.1", "mail_from": "woshou@bureau.example"})
    talk = _talk(ctx)
    event = ctx.find(HandshakeEvent, talk.handshake_event_id)
    bureau = ctx.find(Organization, event.organizer_id)
    add_account(ctx, Role.ORGANIZER, organization=bureau, email="officer@bureau.example")
    add_follow_up(ctx, meeting=talk, text="开协调会", owner_side=Side.ORGANIZER)

    assert _on(ctx, NOW + timedelta(days=1)) == 1

    sent = ctx.session.scalars(select(Job).where(Job.name == "send_mail")).all()
    assert len(sent) == 1
    assert ctx.session.scalar(select(EventLetter)) is None
    assert ctx.session.scalars(select(FollowUp)).one().state is FollowUpState.OPEN
