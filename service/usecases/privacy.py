"""Publish the notice on personal information; agree to it, and take that back with one press."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator
from sqlalchemy import func, select, update

from models import Account, Consent, ConsentKind, PrivacyNotice
from service.commands import Command
from service.context import Context
from service.errors import Conflict, Invalid
from service.kinds import WritePosting, words
from service.queries.privacy import contact_consent_stands, current_notice

WITHDRAWABLE = (ConsentKind.PRIVACY, ConsentKind.CONTACT)


class PublishNotice(Command):
    """Input of a new version of the notice."""

    text: Annotated[str, words("规则全文", "空一行分段", limit=20_000, widget="textarea"), Field(min_length=200)]
    what_changed: Annotated[
        str, words("改了什么", "一两句话，显示给每一个需要重新确认的人", limit=500, widget="textarea")
    ] = ""

    @field_validator("text")
    @classmethod
    def _one_kind_of_line_break(cls, value: str) -> str:
        return value.replace("\r\n", "\n")


class GiveConsent(Command):
    """Input of a consent: of which kind, and to which version of the notice."""

    kind: ConsentKind
    number: Annotated[int, Field(ge=1, title="规则版本")]


class WithdrawConsent(Command):
    """Input of taking a consent back."""

    kind: ConsentKind


class ChooseRecommendations(Command):
    """Input of switching recommendations on or off for oneself."""

    wants_recommendations: bool


def publish_notice(ctx: Context, command: PublishNotice) -> PrivacyNotice:
    """Put a new version in force; everybody is asked to agree anew. Raises Invalid when nothing is different."""
    ctx.demand("publish_notice")
    before = current_notice(ctx)
    if before is not None and before.text == command.text:
        raise Invalid({"text": "与现行的一版完全相同，不用再发布"})
    if before is not None and not command.what_changed:
        raise Invalid({"what_changed": "请写明改了什么，让大家知道为什么要重新确认"})
    number = (ctx.session.scalar(select(func.max(PrivacyNotice.number))) or 0) + 1
    notice = ctx.add(
        PrivacyNotice(
            number=number,
            text=command.text,
            what_changed=command.what_changed,
            published_at=ctx.now,
            published_by_id=ctx.actor.account_id,
        )
    )
    ctx.audit("publish_notice", notice, notice=number)
    return notice


def give_consent(ctx: Context, command: GiveConsent) -> None:
    """Agree for oneself. Raises Conflict when another version is in force by now, Invalid for another kind."""
    account = _own(ctx)
    _check_kind(command.kind)
    current = current_notice(ctx)
    if current is None or current.number != command.number:
        raise Conflict("处理规则刚刚更新过，请看过新的一版再同意。")
    _note(ctx, account, command.kind, current.number)
    ctx.audit("give_consent", account, kind=command.kind.value, notice=current.number)


def withdraw_consent(ctx: Context, command: WithdrawConsent) -> None:
    """Take back every consent of the kind; from now on the contacts that rested on it are shown to nobody else."""
    account = _own(ctx)
    _check_kind(command.kind)
    mine = (Consent.account_id == account.id) & (Consent.kind == command.kind)
    standing = update(Consent).where(mine, Consent.withdrawn_at.is_(None)).values(withdrawn_at=ctx.now)
    taken: int = ctx.session.execute(standing).rowcount  # type: ignore[attr-defined] # an UPDATE counts its rows
    if not taken:
        # nobody is held to a consent they never pressed: what was entered for them is taken back all the same
        _note(ctx, account, command.kind, 0)
        ctx.session.execute(standing)
    ctx.audit("withdraw_consent", account, kind=command.kind.value, rows=taken)


def choose_recommendations(ctx: Context, command: ChooseRecommendations) -> Account:
    """Have pairs suggested to oneself, or not."""
    account = _own(ctx)
    account.wants_recommendations = command.wants_recommendations
    ctx.touch(account)
    ctx.audit("choose_recommendations", account, wanted=command.wants_recommendations)
    return account


def check_contact_consent(ctx: Context, command: WritePosting, posting: object = None) -> None:
    """Raises Invalid where a contact is given without consent to hand it on; not before there is a notice."""
    if not (command.contact_name or command.contact_phone) or ctx.actor.account_id is None or command.contact_consent:
        return
    if current_notice(ctx) is None:
        return
    kind, number = (type(posting).__name__, getattr(posting, "id", None)) if posting is not None else ("", None)
    if not contact_consent_stands(ctx, kind, number):
        raise Invalid({"contact_consent": "填写了联系人或电话，请勾选同意；不愿提供就把两项都留空"})


def record_contact_consent(ctx: Context, command: WritePosting, posting: object) -> None:
    """Write down the consent given with a posting, unless it stands already."""
    number = getattr(posting, "id", None)
    kind = type(posting).__name__
    given = command.contact_consent and (command.contact_name or command.contact_phone)
    if not given or ctx.actor.account_id is None or contact_consent_stands(ctx, kind, number):
        return
    current = current_notice(ctx)
    account = ctx.find(Account, ctx.actor.account_id)
    _note(ctx, account, ConsentKind.CONTACT, current.number if current else 0, kind, number)


def _own(ctx: Context) -> Account:
    ctx.demand("keep_own_account")
    return ctx.find(Account, ctx.actor.account_id or 0)


def _check_kind(kind: ConsentKind) -> None:
    if kind not in WITHDRAWABLE:
        raise Invalid({"kind": f"只有{'、'.join(one.label for one in WITHDRAWABLE)}可以在这里办理"})


def _note(
    ctx: Context, account: Account, kind: ConsentKind, number: int, record_type: str = "", record_id: int | None = None
) -> None:
    ctx.add(
        Consent(
            account_id=account.id,
            kind=kind,
            notice_number=number,
            record_type=record_type,
            record_id=record_id,
            address=ctx.address,
            given_at=ctx.now,
        )
    )
