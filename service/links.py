"""Personal links: what lets somebody who comes to an event in without an account, and whom it lets in as."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import timedelta

from sqlalchemy import select

from models import Attendee, HandshakeEvent, HandshakeEventState, Invitation, Organization, OrganizationKind, Role
from service.context import Actor, Context
from service.errors import NotFound
from service.keys import key_of
from service.security import digest

TOKEN_LENGTH = 27
"""Letters of base64 kept of the HMAC: 162 bits."""
BADGE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without 0 and O, 1, I and L, which are taken for each other."""
BADGE_LENGTH = 6
GONE = "这个链接无效或已停用，请向主办单位再要一个。"


def give_link(ctx: Context, attendee: Attendee) -> None:
    """Give the attendee, who has an id, a new badge and with it a new link; an earlier link ends."""
    event_id = ctx.find(Invitation, attendee.invitation_id).handshake_event_id
    there = select(Attendee.badge).join(Invitation, Invitation.id == Attendee.invitation_id)
    used = set(ctx.session.scalars(there.where(Invitation.handshake_event_id == event_id)))
    badge = next(one for one in iter(_new_badge, None) if one not in used)
    attendee.badge = badge
    attendee.link_digest = digest(token_of(ctx, attendee))
    ctx.flush()


def token_of(ctx: Context, attendee: Attendee) -> str:
    """The secret in the attendee's link; it can be made again as long as the badge is the same."""
    key = key_of(ctx.settings, "personal links")
    mark = hmac.new(key, f"attendee:{attendee.id}:{attendee.badge}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mark).decode()[:TOKEN_LENGTH]


def personal_link(ctx: Context, attendee: Attendee) -> str:
    """The attendee's own page, as a path; ``ctx.absolute`` makes it an address to send."""
    return f"/i/{token_of(ctx, attendee)}"


def attendee_of_link(ctx: Context, token: str) -> Attendee:
    """Whose link it is. Raises NotFound with one answer for links that never were, were replaced, or have ended."""
    row = ctx.session.execute(
        select(Attendee, HandshakeEvent)
        .join(Invitation, Invitation.id == Attendee.invitation_id)
        .join(HandshakeEvent, HandshakeEvent.id == Invitation.handshake_event_id)
        .where(Attendee.link_digest == digest(token), HandshakeEvent.state != HandshakeEventState.PLANNED)
    ).first()
    if row is None or ctx.now > row[1].ends_at + timedelta(days=ctx.settings.contact_days):
        raise NotFound(GONE)
    attendee: Attendee = row[0]
    return attendee


def enter_by_link(ctx: Context, token: str) -> Attendee:
    """Let the request act for the link's owner from now on. Raises NotFound.

    They are shown what a member of their organization may see, and do what one may do; only the addresses under /i/
    call this, and those take no other attendee's number.
    """
    attendee = attendee_of_link(ctx, token)
    ctx.actor = guest_of(ctx, attendee)
    return attendee


def guest_of(ctx: Context, attendee: Attendee) -> Actor:
    """The attendee as somebody who acts without an account: an ordinary member of the organization, never staff."""
    organization = ctx.find(Organization, ctx.find(Invitation, attendee.invitation_id).organization_id)
    of_institute = organization.kind is OrganizationKind.INSTITUTE
    return Actor(
        name=f"参会人 #{attendee.id}",
        role=Role.INSTITUTE if of_institute else Role.ENTERPRISE,
        organization_id=organization.id,
        organization_name=organization.name,
        is_demo=attendee.is_demo,
    )


def is_open_link(ctx: Context, token: str) -> bool:
    """Whether the link is somebody's, so that its owner is not counted with those who guess."""
    return ctx.session.scalar(select(Attendee.id).where(Attendee.link_digest == digest(token))) is not None


def _new_badge() -> str:
    return "".join(secrets.choice(BADGE_LETTERS) for _ in range(BADGE_LENGTH))
