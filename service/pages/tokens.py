"""“接口令牌” under 我的账号: list, make one that is shown once, revoke."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.context import Context
from service.policy.scopes import SCOPES
from service.queries.tokens import own_tokens
from service.usecases.tokens import IssueToken, issue_own_token, revoke_token
from service.web.dependencies import ContextDep, FormDep
from service.web.forms import FormState, complete, labels_of
from service.web.templating import go, render

router = APIRouter(prefix="/account/tokens", tags=["我的账号"])
NOUN_LABELS = {
    "account-invitations": "账号邀请",
    "accounts": "账号",
    "achievements": "科技成果",
    "categories": "技术领域",
    "colleagues": "本单位账号",
    "contracts": "技术合同",
    "entries": "资金流水",
    "events": "握手活动",
    "figures": "指标",
    "invitations": "活动邀请",
    "matches": "匹配",
    "meetings": "对接洽谈",
    "needs": "技术需求",
    "organizations": "机构",
    "projects": "合作项目",
    "quality": "匹配质量",
    "regions": "地区",
    "report": "成效报告",
    "search": "搜索",
    "searches": "保存的搜索",
    "session": "当前身份",
}
"""What people call the nouns of the API; one without a name here is shown as it is."""


def _named(scope: str) -> str:
    noun, _, verb = scope.partition(":")
    return ("读取" if verb == "read" else "写入") + NOUN_LABELS.get(noun, noun)


SCOPE_LABELS = {
    "read": "读取全部",
    "write": "写入全部",
    **{scope: _named(scope) for scope in SCOPES if ":" in scope},
}


@router.get("")
def show_tokens(request: Request, ctx: ContextDep) -> Response:
    ctx.demand("keep_own_account")
    return _tokens(request, ctx, FormState({"scopes": ["read"], "days": min(90, ctx.settings.token_days)}))


@router.post("")
def post_token(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: IssueToken) -> Response:
        response = render(request, ctx, "accounts/token.html", issued=issue_own_token(ctx, command), names=SCOPE_LABELS)
        response.headers["cache-control"] = "no-store"
        return response

    return complete(ctx, form, IssueToken, act, lambda state, code: _tokens(request, ctx, state, code))


@router.post("/{handle}/revoke")
def post_revoke(handle: str, ctx: ContextDep) -> Response:
    revoke_token(ctx, handle)
    return go("/account/tokens", "removed")


def _tokens(request: Request, ctx: Context, state: FormState, status: int = 200) -> Response:
    return render(
        request,
        ctx,
        "accounts/tokens.html",
        status=status,
        form=state,
        labels=labels_of(IssueToken),
        tokens=own_tokens(ctx),
        names=SCOPE_LABELS,
        longest=ctx.settings.token_days,
    )
