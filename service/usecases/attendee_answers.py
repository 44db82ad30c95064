"""What organizers and an organization's accounts do for somebody who comes: answer, send another, renew the link."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from models import Attendee
from service.commands import Command, Version
from service.context import Context
from service.links import give_link
from service.queries.attendees import comer
from service.usecases.replies import Reply, SendColleague, reply, send_colleague


class AnswerFor(Command):
    """Input of somebody's answer as they gave it, by telephone say."""

    version: Version
    coming: Annotated[bool, Field(title="参加")]


class RenewLink(Command):
    """Input of ending somebody's link."""

    version: Version


def answer_for(ctx: Context, attendee_id: int, command: AnswerFor) -> Attendee:
    """Say for somebody whether they come; all else stays as it is."""
    attendee = ctx.require(Attendee, attendee_id, may="answer_invitation")
    topics = comer(ctx, attendee).topics
    return reply(
        ctx,
        attendee,
        Reply(
            version=command.version,
            coming=command.coming,
            name=attendee.name,
            position=attendee.position,
            email=attendee.email,
            phone=attendee.phone,
            away_slots=attendee.away_slots,
            equipment=attendee.equipment,
            need_ids=[one.id for one in topics if one.kind == "needs"],
            achievement_ids=[one.id for one in topics if one.kind == "achievements"],
            note=attendee.note,
        ),
    )


def reply_for(ctx: Context, attendee_id: int, command: Reply) -> Attendee:
    """Give somebody's whole answer for them."""
    return reply(ctx, ctx.require(Attendee, attendee_id, may="answer_invitation"), command)


def replace_attendee(ctx: Context, attendee_id: int, command: SendColleague) -> Attendee:
    """Let another person come for somebody."""
    return send_colleague(ctx, ctx.require(Attendee, attendee_id, may="answer_invitation"), command)


def renew_link(ctx: Context, attendee_id: int, command: RenewLink) -> Attendee:
    """End somebody's link, which went to the wrong hands, and give them a new one and a new badge."""
    attendee = ctx.require(Attendee, attendee_id, may="answer_invitation")
    ctx.check_version(attendee, command.version)
    give_link(ctx, attendee)
    ctx.touch(attendee)
    ctx.audit("renew_link", attendee)
    return attendee
