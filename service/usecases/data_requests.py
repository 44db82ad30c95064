"""Correct one's name, ask about one's data, close one's account; and answer what others ask."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from sqlalchemy import select

from models import Account, PersonalDataRequest, RequestKind, RequestState, Role
from service.commands import Command, Version
from service.context import Context
from service.errors import Conflict, Invalid
from service.kinds import picked, words
from service.usecases.account_fields import Name
from service.usecases.accounts import check_one_duty
from service.usecases.erasure import erase_person

AT_ONCE = frozenset({Role.ENTERPRISE, Role.INSTITUTE})
"""Roles whose account is closed at once; what others did in office is looked at first by the security administrator."""


class CorrectName(Command):
    """Input of one's own name, put right."""

    version: Version
    name: Name


class AskAboutData(Command):
    """Input of a request about one's own data."""

    kind: Annotated[RequestKind, picked("请求", widget="select")]
    text: Annotated[
        str,
        words("说明", "哪里不对、想知道什么；不要写密码", limit=1000, widget="textarea"),
        Field(min_length=1),
    ]


class CloseAccount(Command):
    """Input of closing one's own account."""

    sure: Annotated[
        bool, picked("我知道注销后不能恢复", "记录留在原来的机构名下，其中不再有您的姓名和联系方式", widget="checkbox")
    ] = False
    text: Annotated[str, words("原因", "可以不填", limit=500, widget="textarea")] = ""


class AnswerRequest(Command):
    """Input of the answer to a request."""

    version: Version
    accepted: Annotated[bool, picked("办理", widget="checkbox")] = False
    answer: Annotated[str, words("答复", "拒绝必须写明理由；会给提出人看到", limit=1000, widget="textarea")] = ""


def correct_name(ctx: Context, command: CorrectName) -> Account:
    """Put one's own name right. Raises Invalid where it would make one person hold two of the three duties."""
    account = _own(ctx)
    ctx.check_version(account, command.version)
    check_one_duty(ctx, account.role, command.name, account.organization_id, but=account.id)
    account.name = command.name
    ctx.touch(account)
    ctx.audit("correct_name", account)
    return account


def ask_about_own_data(ctx: Context, command: AskAboutData) -> PersonalDataRequest:
    """Hand in a request. Raises Conflict while one of the kind is open."""
    account = _own(ctx)
    _refuse_second(ctx, account, command.kind)
    request = _ask(ctx, account, command.kind, command.text)
    ctx.audit("ask_about_own_data", request, kind=command.kind.value)
    return request


def close_own_account(ctx: Context, command: CloseAccount) -> bool:
    """Close one's own account; True when it was done at once, False when somebody looks at it first."""
    account = _own(ctx)
    if not command.sure:
        raise Invalid({"sure": "请先勾选，确认知道注销后不能恢复"})
    _refuse_second(ctx, account, RequestKind.ERASE)
    request = _ask(ctx, account, RequestKind.ERASE, command.text)
    ctx.audit("ask_about_own_data", request, kind=RequestKind.ERASE.value)
    if account.role not in AT_ONCE:
        return False
    erase_person(ctx, account)
    _settle(ctx, request, RequestState.DONE, "本人注销，已当即办理。")
    return True


def answer_request(ctx: Context, request_id: int, command: AnswerRequest) -> PersonalDataRequest:
    """Carry a request out, or refuse it with a reason; nobody answers their own."""
    request = ctx.require(PersonalDataRequest, request_id, may="answer_data_requests")
    ctx.check_version(request, command.version)
    if request.state is not RequestState.OPEN:
        raise Conflict(f"这件请求已经答复：{request.state.label}。")
    if request.account_id == ctx.actor.account_id:
        raise Conflict("不能答复自己的请求，请由另一位安全管理员办理。")
    if not command.answer and (not command.accepted or request.kind is not RequestKind.ERASE):
        raise Invalid({"answer": "请写明拒绝的理由" if not command.accepted else "请写明怎样办理的"})
    kind = request.kind
    if command.accepted and kind is RequestKind.ERASE:
        erase_person(ctx, ctx.find(Account, request.account_id))
    state = RequestState.DONE if command.accepted else RequestState.REFUSED
    _settle(ctx, request, state, command.answer)
    ctx.audit("answer_data_request", request, kind=kind.value, approved=command.accepted)
    return request


def _own(ctx: Context) -> Account:
    ctx.demand("keep_own_account")
    return ctx.find(Account, ctx.actor.account_id or 0)


def _refuse_second(ctx: Context, account: Account, kind: RequestKind) -> None:
    waiting = select(PersonalDataRequest.id).where(
        PersonalDataRequest.account_id == account.id,
        PersonalDataRequest.kind == kind,
        PersonalDataRequest.state == RequestState.OPEN,
    )
    if ctx.session.scalar(waiting.limit(1)) is not None:
        raise Conflict(f"您的“{kind.label}”请求正在办理，不用重复提出。")


def _ask(ctx: Context, account: Account, kind: RequestKind, text: str) -> PersonalDataRequest:
    return ctx.add(PersonalDataRequest(account_id=account.id, kind=kind, text=text))


def _settle(ctx: Context, request: PersonalDataRequest, state: RequestState, answer: str) -> None:
    request.state, request.answer = state, answer
    request.answered_by_id, request.answered_at = ctx.actor.account_id, ctx.now
    ctx.touch(request)
