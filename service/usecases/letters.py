"""Write to the people of an event: on their page, by mail when there is a server, else to be passed on by hand."""

from __future__ import annotations

from sqlalchemy import delete

from models import Attendee, EventLetter, LetterKind
from service import mail
from service.context import Context
from service.links import personal_link

LONGEST_SUBJECT = 200


def write_letter(
    ctx: Context, attendee: Attendee, kind: LetterKind, subject: str, text: str, *, calendar: str = ""
) -> EventLetter:
    """Write a letter to one attendee and queue it as mail when there is a server and an address.

    ``text`` names no link: the mail and the text to copy end with the personal link as it is when they go out.
    ``calendar`` is an iCalendar object that the mail carries.
    """
    letter = ctx.add(
        EventLetter(
            attendee_id=attendee.id,
            kind=kind,
            subject=" ".join(subject.split())[:LONGEST_SUBJECT],
            text=text,
            created_at=ctx.now,
            is_demo=attendee.is_demo,
        )
    )
    if attendee.email and not attendee.is_demo:
        sent = mail.post(ctx, attendee.email, letter.subject, with_link(ctx, attendee, text), calendar=calendar)
        letter.mailed_at = ctx.now if sent else None
    ctx.audit("write_letter", letter, mailed=letter.mailed_at is not None)
    return letter


def drop_letters(ctx: Context, attendee: Attendee) -> None:
    """Remove what was written to whoever came before: a new person opens the same page. The log keeps that it was."""
    ctx.session.execute(delete(EventLetter).where(EventLetter.attendee_id == attendee.id))


def with_link(ctx: Context, attendee: Attendee, text: str) -> str:
    """The letter as it goes out: the text, and the way to the attendee's own page.

    A job that does not know the public address refers to the letter that brought the link.
    """
    if not (ctx.settings.base_url or ctx.origin):
        return f"{text.rstrip()}\n\n请用邀请函里的专属链接打开您的页面。\n"
    link = ctx.absolute(personal_link(ctx, attendee))
    return f"{text.rstrip()}\n\n您的专属页面（答复、看桌次、签到码，请勿转发）：\n{link}\n"
