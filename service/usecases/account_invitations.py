"""Ask people to open an account: by a personal link, used once, that ends by itself or is taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import Field, field_validator
from sqlalchemy import ColumnElement, select

from models import Account, AccountInvitation, Organization, OrganizationKind, Role, SignInMethod
from models.account import NO_PASSWORD
from service import mail
from service.commands import Command, OptionalInt, Version, wrong
from service.context import Context
from service.errors import Conflict, Invalid, NotFound
from service.policy import allows
from service.security import digest, new_token
from service.usecases.account_fields import Email, Name, Password, folded_email
from service.usecases.accounts import (
    PRIVILEGED,
    PickedRegion,
    PickedRole,
    check_one_duty,
    needs_approval,
    region_for,
    wrong_places,
)
from service.usecases.passwords import set_password
from service.usecases.sessions import open_session

LIFE = timedelta(days=7)
ROLES_OF = {
    OrganizationKind.ENTERPRISE: (Role.ENTERPRISE,),
    OrganizationKind.INSTITUTE: (Role.INSTITUTE,),
    OrganizationKind.BROKERAGE: (Role.BROKER,),
}
"""What an organization's own administrator may invite colleagues as."""
GONE = "这个邀请链接无效、已使用或已过期，请向邀请您的人再要一个。"


class InvitePerson(Command):
    """Input of an invitation to open an account."""

    email: Email
    name: Name
    role: PickedRole
    organization_id: Annotated[OptionalInt, Field(title="所属机构", json_schema_extra={"widget": "organization"})] = (
        None
    )
    region_code: PickedRegion = None
    is_organization_admin: Annotated[
        bool,
        Field(
            title="本单位账号管理员",
            description="可以邀请和停用本单位的同事",
            json_schema_extra={"widget": "checkbox"},
        ),
    ] = False

    _check_email = field_validator("email")(folded_email)


class Join(Command):
    """Input of whoever follows an invitation."""

    name: Name
    password: Password
    agrees: Annotated[
        bool,
        Field(title="我已阅读并同意个人信息处理规则", json_schema_extra={"widget": "checkbox"}, validate_default=True),
    ] = False

    @field_validator("agrees")
    @classmethod
    def _agreed(cls, value: bool) -> bool:
        if not value:
            raise wrong("请先阅读并同意个人信息处理规则")
        return value


class EndInvitation(Command):
    """Input of taking an invitation back, or sending it once more."""

    version: Version


@dataclass(frozen=True)
class Letter:
    """An invitation as it goes out: its link, and whether it was mailed or has to be handed over."""

    invitation: AccountInvitation
    link: str
    text: str
    mailed: bool


def invite_person(ctx: Context, command: InvitePerson) -> Letter:
    """Invite somebody: an administrator to any organization, an organization's administrator to their own."""
    house_id = _house(ctx, command)
    wrong_at = wrong_places(ctx, command.email, command.role, house_id, command.region_code)
    if wrong_at or house_id is None:
        raise Invalid(wrong_at)
    check_one_duty(ctx, command.role, command.name, house_id)
    open_before = select(AccountInvitation).where(AccountInvitation.email == command.email, *_still_open(ctx))
    for earlier in ctx.session.scalars(open_before):
        earlier.revoked_at = ctx.now
    invitation = ctx.add(
        AccountInvitation(
            email=command.email,
            name=command.name,
            role=command.role,
            organization_id=house_id,
            region_code=region_for(command.role, command.region_code),
            is_organization_admin=command.is_organization_admin,
            token_digest=digest(new_token()),
            invited_by_id=ctx.actor.account_id,
            expires_at=ctx.now + LIFE,
        )
    )
    letter = _sent(ctx, invitation)
    ctx.audit("invite_person", invitation, role=command.role.value, mailed=letter.mailed)
    return letter


def send_again(ctx: Context, invitation_id: int, command: EndInvitation) -> Letter:
    """A new link for an open or run-out invitation; the old link is worth nothing any more."""
    invitation = _kept(ctx, invitation_id, command)
    invitation.expires_at = ctx.now + LIFE
    invitation.revoked_at = None
    letter = _sent(ctx, invitation)
    ctx.audit("send_invitation_again", invitation, mailed=letter.mailed)
    return letter


def revoke_invitation(ctx: Context, invitation_id: int, command: EndInvitation) -> AccountInvitation:
    """Take an invitation back before it is used."""
    invitation = _kept(ctx, invitation_id, command)
    invitation.revoked_at = ctx.now
    ctx.touch(invitation)
    ctx.audit("revoke_invitation", invitation)
    return invitation


def invitation_of(ctx: Context, token: str) -> AccountInvitation:
    """The open invitation a link stands for. Raises NotFound with the one answer to every other link."""
    found = ctx.session.scalar(
        select(AccountInvitation).where(AccountInvitation.token_digest == digest(token), *_still_open(ctx))
    )
    if found is None:
        raise NotFound(GONE)
    return found


def join(ctx: Context, token: str, command: Join) -> tuple[Account, str]:
    """Open the account somebody was invited to; gives the cookie of a session, empty while it waits for approval."""
    invitation = invitation_of(ctx, token)
    wrong_at = wrong_places(ctx, invitation.email, invitation.role, invitation.organization_id, invitation.region_code)
    if wrong_at:
        raise Conflict("；".join(wrong_at.values()) + "。请直接登录，或联系邀请您的人。")
    check_one_duty(ctx, invitation.role, command.name, invitation.organization_id)
    account = ctx.add(
        Account(
            email=invitation.email,
            name=command.name,
            role=invitation.role,
            organization_id=invitation.organization_id,
            region_code=invitation.region_code,
            is_organization_admin=invitation.is_organization_admin,
            password_hash=NO_PASSWORD,
            awaits_approval=needs_approval(ctx, invitation.role),
            email_verified_at=ctx.now if mail.mail_is_on(ctx.settings) else None,
        )
    )
    set_password(ctx, account, command.password)
    invitation.accepted_at, invitation.account_id = ctx.now, account.id
    ctx.touch(invitation)
    ctx.audit("join", account, role=account.role.value)
    return account, "" if account.awaits_approval else open_session(ctx, account, SignInMethod.INVITATION)


def roles_to_invite(ctx: Context) -> tuple[Role, ...]:
    """The roles the actor may invite people to."""
    if allows(ctx, "manage_accounts"):
        return tuple(Role)
    house = ctx.session.get(Organization, ctx.actor.organization_id or 0)
    return ROLES_OF.get(house.kind, ()) if house is not None else ()


def _house(ctx: Context, command: InvitePerson) -> int | None:
    """Where the person is invited to. Raises Forbidden or Invalid for what an organization's administrator may not."""
    if allows(ctx, "manage_accounts"):
        return command.organization_id
    ctx.demand("invite_colleagues")
    if command.organization_id not in (None, ctx.actor.organization_id):
        raise Invalid({"organization_id": "只能邀请本单位的同事"})
    if command.role in PRIVILEGED or command.role not in roles_to_invite(ctx):
        raise Invalid({"role": "本单位账号管理员只能邀请本单位类型的普通用户"})
    return ctx.actor.organization_id


def _kept(ctx: Context, invitation_id: int, command: EndInvitation) -> AccountInvitation:
    invitation = ctx.find(AccountInvitation, invitation_id)
    if not allows(ctx, "manage_accounts"):
        ctx.demand("invite_colleagues", invitation)
    ctx.check_version(invitation, command.version)
    if invitation.accepted_at is not None:
        raise Conflict("这个邀请已经用过了，账号已开通。")
    return invitation


def _sent(ctx: Context, invitation: AccountInvitation) -> Letter:
    token = new_token()
    invitation.token_digest = digest(token)
    ctx.touch(invitation)
    house = ctx.find(Organization, invitation.organization_id)
    link = f"{ctx.settings.base_url.rstrip('/')}/join/{token}"
    text = (
        f"{invitation.name}，您好：\n\n{ctx.actor.name or '管理员'}邀请您以“{house.name}”{invitation.role.label}的身份"
        f"使用{ctx.settings.region_name}“握手”服务。请在 {LIFE.days} 天内打开下面的链接，"
        f"设置密码后即可使用：\n\n{link}\n\n"
        "链接只能使用一次，请不要转发。"
    )
    return Letter(invitation, link, text, mail.post(ctx, invitation.email, "邀请您使用“握手”服务", text))


def _still_open(ctx: Context) -> tuple[ColumnElement[bool], ...]:
    return (
        AccountInvitation.accepted_at.is_(None),
        AccountInvitation.revoked_at.is_(None),
        AccountInvitation.expires_at > ctx.now,
    )
