"""How long what is kept: one rule for each kind of row, with what is past its term now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from models import (
    Account,
    AccountInvitation,
    Achievement,
    ApiToken,
    Attendee,
    AuditEntry,
    EventLetter,
    HandshakeEvent,
    IdempotentRequest,
    Invitation,
    Job,
    JobState,
    KnownDevice,
    Need,
    PersonalDataRequest,
    PostingState,
    SignInFailure,
    SignInSession,
    SingleSignOnAttempt,
    VerificationCode,
)
from service.config import Settings
from service.context import Context

SIGN_IN, PERSONAL = "purge_sign_in_records", "purge_personal_data"
"""The two jobs; each carries out the rules that name it."""
ENDED = (PostingState.CLOSED_WON, PostingState.CLOSED, PostingState.EXPIRED, PostingState.TAKEN_DOWN)
QUARTER, YEARS = timedelta(days=90), timedelta(days=3 * 365)
Due = Callable[[Context], ColumnElement[bool]]


@dataclass(frozen=True)
class Rule:
    """Rows of ``model`` that are ``due`` are emptied in the columns of ``values``, or removed when there are none.

    ``people`` True: the row is an account, and whoever it belongs to is erased.
    """

    label: str
    term: Callable[[Settings], str]
    model: Any
    due: Due
    job: str
    values: Mapping[str, Any] | None = None
    people: bool = False


@dataclass(frozen=True)
class Kept:
    """One rule as the page shows it: how many rows there are, and how many are past their term."""

    label: str
    term: str
    rows: int
    due: int


def _contact(model: Any) -> Rule:
    def due(ctx: Context) -> ColumnElement[bool]:
        given = or_(model.contact_name != "", model.contact_phone != "")
        return and_(model.state.in_(ENDED), model.updated_at <= _ago(ctx, ctx.settings.contact_days), given)

    return Rule(
        f"已结束的{model.title_zh}的联系人",
        lambda settings: f"结束后 {settings.contact_days} 天",
        model,
        due,
        PERSONAL,
        {"contact_name": "", "contact_phone": ""},
    )


def _ago(ctx: Context, days: int) -> datetime:
    return ctx.now - timedelta(days=days)


def _attendees(ctx: Context) -> ColumnElement[bool]:
    long_over = select(HandshakeEvent.id).where(HandshakeEvent.starts_at <= _ago(ctx, ctx.settings.contact_days))
    given = or_(Invitation.attendee != "", Invitation.reply_note != "")
    return and_(Invitation.handshake_event_id.in_(long_over), given)


def _long_over(ctx: Context) -> Select[int]:
    """The people of events that are long over."""
    asked = select(Attendee.id).join(Invitation, Invitation.id == Attendee.invitation_id)
    there = asked.join(HandshakeEvent, HandshakeEvent.id == Invitation.handshake_event_id)
    return there.where(HandshakeEvent.starts_at <= _ago(ctx, ctx.settings.contact_days))


def _people(ctx: Context) -> ColumnElement[bool]:
    texts = (Attendee.name, Attendee.position, Attendee.stands_in_for, Attendee.note, Attendee.feedback)
    sealed = (Attendee.email, Attendee.phone, Attendee.link_digest)
    given = or_(*(one != "" for one in texts), *(one.is_not(None) for one in sealed))
    return and_(Attendee.id.in_(_long_over(ctx)), given)


def _ended_jobs(ctx: Context) -> ColumnElement[bool]:
    ended_at = func.coalesce(Job.finished_at, Job.run_at)
    return and_(Job.state.in_([JobState.DONE, JobState.DEAD]), ended_at <= ctx.now - QUARTER)


def _answered(ctx: Context) -> ColumnElement[bool]:
    given = or_(PersonalDataRequest.text != "", PersonalDataRequest.answer != "")
    return and_(PersonalDataRequest.answered_at <= ctx.now - YEARS, given)


def _closed_accounts(ctx: Context) -> ColumnElement[bool]:
    return and_(
        Account.is_active.is_(False),
        Account.erased_at.is_(None),
        Account.updated_at <= _ago(ctx, ctx.settings.closed_account_days),
    )


def _letters(ctx: Context) -> ColumnElement[bool]:
    sent = and_(Job.name == "send_mail", Job.state == JobState.DONE)
    return and_(sent, Job.finished_at <= ctx.now - timedelta(days=1))


RULES: Sequence[Rule] = (
    Rule(
        "登录会话",
        lambda settings: f"最长 {settings.session_hours} 小时",
        SignInSession,
        lambda ctx: SignInSession.expires_at <= ctx.now,
        SIGN_IN,
    ),
    Rule(
        "常用设备", lambda _: "最近使用后 180 天", KnownDevice, lambda ctx: KnownDevice.expires_at <= ctx.now, SIGN_IN
    ),
    Rule(
        "验证码",
        lambda _: "到期后 1 小时",
        VerificationCode,
        lambda ctx: VerificationCode.expires_at <= ctx.now - timedelta(hours=1),
        SIGN_IN,
    ),
    Rule(
        "统一身份认证请求",
        lambda _: "10 分钟",
        SingleSignOnAttempt,
        lambda ctx: SingleSignOnAttempt.expires_at <= ctx.now,
        SIGN_IN,
    ),
    Rule(
        "重复提交的答复",
        lambda _: "24 小时",
        IdempotentRequest,
        lambda ctx: IdempotentRequest.expires_at <= ctx.now,
        SIGN_IN,
    ),
    Rule(
        "登录失败",
        lambda settings: f"{settings.sign_in_log_days} 天",
        SignInFailure,
        lambda ctx: SignInFailure.at <= _ago(ctx, ctx.settings.sign_in_log_days),
        SIGN_IN,
    ),
    Rule(
        "账号邀请",
        lambda _: "到期后 90 天",
        AccountInvitation,
        lambda ctx: AccountInvitation.expires_at <= ctx.now - QUARTER,
        SIGN_IN,
    ),
    Rule("已发的信", lambda _: "1 天", Job, _letters, SIGN_IN),
    Rule(
        "接口令牌",
        lambda _: "到期或收回后 90 天",
        ApiToken,
        lambda ctx: or_(ApiToken.expires_at <= ctx.now - QUARTER, ApiToken.revoked_at <= ctx.now - QUARTER),
        PERSONAL,
    ),
    Rule("办完的后台任务", lambda _: "90 天", Job, _ended_jobs, PERSONAL),
    _contact(Need),
    _contact(Achievement),
    Rule(
        "参会人与答复",
        lambda settings: f"活动结束后 {settings.contact_days} 天",
        Invitation,
        _attendees,
        PERSONAL,
        {"attendee": "", "reply_note": ""},
    ),
    Rule(
        "握手活动的参会人",
        lambda settings: f"活动结束后 {settings.contact_days} 天",
        Attendee,
        _people,
        PERSONAL,
        {
            **dict.fromkeys(("name", "position", "stands_in_for", "note", "feedback"), ""),
            **dict.fromkeys(("email", "phone", "link_digest")),
        },
    ),
    Rule(
        "写给参会人的信",
        lambda settings: f"活动结束后 {settings.contact_days} 天",
        EventLetter,
        lambda ctx: EventLetter.attendee_id.in_(_long_over(ctx)),
        PERSONAL,
    ),
    Rule(
        "个人信息请求的内容",
        lambda _: "办结后 3 年",
        PersonalDataRequest,
        _answered,
        PERSONAL,
        {"text": "", "answer": ""},
    ),
    Rule(
        "停用的账号",
        lambda settings: f"停用后 {settings.closed_account_days} 天注销",
        Account,
        _closed_accounts,
        PERSONAL,
        people=True,
    ),
)


def kept(ctx: Context) -> list[Kept]:
    """Every rule with its figures; the audit log last, which the program never shortens."""
    found = [
        Kept(rule.label, rule.term(ctx.settings), _count(ctx, rule.model), _count(ctx, rule.model, rule.due(ctx)))
        for rule in RULES
    ]
    term = f"至少 {ctx.settings.audit_days} 天，程序不自动删除"
    return [*found, Kept("审计日志", term, _count(ctx, AuditEntry), 0)]


def _count(ctx: Context, model: Any, *conditions: ColumnElement[bool]) -> int:
    return ctx.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0
