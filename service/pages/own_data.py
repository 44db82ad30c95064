"""“我的数据”: what is kept of me, to take along and put right; consent, closing the account, proving it is me."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from models import Account
from service.context import Context
from service.pages.returning import back_to
from service.queries.data_requests import own_requests
from service.queries.own_data import own_data
from service.queries.privacy import current_notice, own_consents
from service.reports.own_data import MEDIA_TYPES, own_data_file
from service.usecases.data_requests import (
    AskAboutData,
    CloseAccount,
    CorrectName,
    ask_about_own_data,
    close_own_account,
    correct_name,
)
from service.usecases.privacy import (
    ChooseRecommendations,
    GiveConsent,
    WithdrawConsent,
    choose_recommendations,
    give_consent,
    withdraw_consent,
)
from service.usecases.sudo import ConfirmIdentity, confirm_identity, demand_fresh_proof
from service.web.dependencies import ContextDep, Form, FormDep, cookie_of
from service.web.downloads import attachment
from service.web.forms import FormState, complete, fields_of, labels_of
from service.web.identity import SESSION_COOKIE
from service.web.templating import go, render

router = APIRouter(prefix="/account", tags=["我的账号"])
HERE = "/account/data"


@router.get("/data")
def show_data(request: Request, ctx: ContextDep) -> Response:
    ctx.demand("keep_own_account")
    return _data(request, ctx, FormState())


@router.get("/data.{form}")
def export_data(form: str, ctx: ContextDep) -> Response:
    content = own_data_file(ctx, own_data(ctx), form)
    ctx.saw("export_own_data", ctx.find(Account, ctx.actor.account_id or 0), form=form)
    return attachment(content, f"我的数据-{ctx.today:%Y%m%d}.{form}", MEDIA_TYPES[form])


@router.post("/data/name")
def post_name(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: CorrectName) -> Response:
        correct_name(ctx, command)
        return go(HERE, "saved")

    return complete(ctx, form, CorrectName, act, lambda state, code: _data(request, ctx, state, code))


@router.post("/data/ask")
def post_ask(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: AskAboutData) -> Response:
        ask_about_own_data(ctx, command)
        return go(HERE, "asked")

    return complete(ctx, form, AskAboutData, act, lambda state, code: _data(request, ctx, state, code))


@router.post("/data/consent")
def post_consent(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: GiveConsent) -> Response:
        give_consent(ctx, command)
        return go(_back(form), "consented")

    return complete(ctx, form, GiveConsent, act, lambda state, code: _data(request, ctx, state, code))


@router.post("/data/withdraw")
def post_withdraw(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: WithdrawConsent) -> Response:
        withdraw_consent(ctx, command)
        return go(HERE, "taken-back")

    return complete(ctx, form, WithdrawConsent, act, lambda state, code: _data(request, ctx, state, code))


@router.post("/data/recommendations")
def post_recommendations(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: ChooseRecommendations) -> Response:
        choose_recommendations(ctx, command)
        return go("/account", "saved")

    return complete(ctx, form, ChooseRecommendations, act, lambda state, code: _data(request, ctx, state, code))


@router.post("/data/close")
def post_close(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: CloseAccount) -> Response:
        at_once = close_own_account(ctx, command)
        return go("/login", "erased") if at_once else go(HERE, "asked")

    ctx.demand("keep_own_account")
    demand_fresh_proof(ctx, cookie_of(request, SESSION_COOKIE), HERE)
    return complete(ctx, form, CloseAccount, act, lambda state, code: _data(request, ctx, state, code))


@router.get("/confirm")
def show_confirm(request: Request, ctx: ContextDep) -> Response:
    ctx.demand("keep_own_account")
    return _confirm(request, ctx, FormState({"back": request.query_params.get("back", "")}))


@router.post("/confirm")
def post_confirm(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: ConfirmIdentity) -> Response:
        confirm_identity(ctx, command, cookie_of(request, SESSION_COOKIE))
        return go(back_to(form, HERE))

    def again(state: FormState, code: int) -> Response:
        return _confirm(request, ctx, FormState({"back": (form.get("back") or [""])[0]}, state.errors), code)

    return complete(ctx, form, ConfirmIdentity, act, again)


def _back(form: Form) -> str:
    return back_to(form, HERE).partition("?")[0]


def _data(request: Request, ctx: Context, form: FormState, status: int = 200) -> Response:
    account = ctx.find(Account, ctx.actor.account_id or 0)
    return render(
        request,
        ctx,
        "accounts/data.html",
        status=status,
        form=FormState({"name": account.name, **form.values}, form.errors, form.changes, form.seen),
        labels={**labels_of(CorrectName), **labels_of(AskAboutData), **labels_of(CloseAccount)},
        account=account,
        sections=own_data(ctx, rows_at_most=20),
        consents=own_consents(ctx),
        current=current_notice(ctx),
        requests=own_requests(ctx),
        asking=fields_of(AskAboutData, ["kind", "text"]),
        closing=fields_of(CloseAccount, ["text", "sure"]),
    )


def _confirm(request: Request, ctx: Context, form: FormState, status: int = 200) -> Response:
    account = ctx.find(Account, ctx.actor.account_id or 0)
    return render(
        request,
        ctx,
        "accounts/confirm.html",
        status=status,
        form=form,
        labels=labels_of(ConfirmIdentity),
        has_factor=account.totp_confirmed_at is not None,
    )
