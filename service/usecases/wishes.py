"""What the sides of an event's pairs wish: 想见, 可见 or 不见."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from sqlalchemy import select

from models import Attendee, HandshakeEvent, Invitation, Wish, WishLevel
from service.commands import Command
from service.context import Context
from service.errors import Invalid
from service.kinds import picked, words
from service.queries.wishes import choices_of
from service.usecases.attendees import check_running
from service.usecases.replies import check_deadline
from service.usecases.sensitive_words import refuse_secrets


class OneWish(Command):
    """What is wished of one pair; ``level`` null takes it back."""

    match_id: Annotated[int, Field(title="匹配", ge=1)]
    level: Annotated[WishLevel | None, picked("意愿", widget="radios")] = None
    reason: Annotated[str, words("不见的原因", "可不填；只有组织方能看到", limit=500)] = ""


class SetWishes(Command):
    """Input of wishes; pairs that are not named stay as they are."""

    wishes: Annotated[list[OneWish], Field(title="会面意愿", max_length=200)]


def set_wishes(ctx: Context, invitation: Invitation, command: SetWishes, attendee: Attendee | None = None) -> int:
    """Write down an organization's wishes before the deadline; how many have changed. Raises Conflict or Invalid."""
    ctx.demand("answer_invitation", invitation)
    for one in command.wishes:
        _refuse_secrets(ctx, one)
    event = ctx.find(HandshakeEvent, invitation.handshake_event_id)
    check_running(ctx, event)
    check_deadline(ctx, event)
    ctx.session.execute(select(Invitation.id).where(Invitation.id == invitation.id).with_for_update())
    there = {one.match_id: one for one in ctx.session.scalars(select(Wish).where(Wish.invitation_id == invitation.id))}
    offered = {one.match_id for one in choices_of(ctx, invitation, limit=1000)} | set(there)
    changed = 0
    for one in {wish.match_id: wish for wish in command.wishes}.values():
        if one.match_id not in offered:
            raise Invalid({"wishes": f"编号 {one.match_id} 的匹配不在可选的对象里，请刷新后再选"})
        changed += _write(ctx, invitation, there.get(one.match_id), one, attendee)
    if changed:
        ctx.audit("set_wishes", invitation, rows=changed)
    return changed


def _write(ctx: Context, invitation: Invitation, there: Wish | None, one: OneWish, by: Attendee | None) -> int:
    reason = one.reason if one.level is WishLevel.UNWANTED else ""
    by_id = by.id if by is not None else None
    if there is None and one.level is None:
        return 0
    if there is None and one.level is not None:
        ctx.add(
            Wish(
                invitation_id=invitation.id,
                match_id=one.match_id,
                attendee_id=by_id,
                level=one.level,
                reason=reason,
                is_demo=invitation.is_demo,
            )
        )
        return 1
    if there is not None and one.level is None:
        ctx.session.delete(there)
        return 1
    if there is None or one.level is None or (there.level, there.reason) == (one.level, reason):
        return 0
    there.level, there.reason, there.attendee_id = one.level, reason, by_id
    ctx.touch(there)
    return 1


def _refuse_secrets(ctx: Context, one: OneWish) -> None:
    try:
        refuse_secrets(ctx, one)
    except Invalid as error:
        raise Invalid({f"reason-{one.match_id}": sentence for sentence in error.fields.values()}) from error
