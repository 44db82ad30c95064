"""Forgotten passwords and proven addresses: codes asked for and used."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from models import Account
from service.context import Context
from service.mail import mail_is_on
from service.pages.signing_in import entered
from service.passwords import rules_in_words
from service.usecases.verification import (
    AskForReset,
    ChangeEmail,
    ProveEmail,
    ResetPassword,
    ask_for_email_change,
    ask_for_proof,
    ask_for_reset,
    prove_email,
    reset_password,
)
from service.web.dependencies import ContextDep, FormDep
from service.web.forms import FormState, complete, labels_of
from service.web.templating import go, render

router = APIRouter(tags=["账号"])


@router.get("/forgot")
def show_forgot(request: Request, ctx: ContextDep) -> Response:
    return _forgot(request, ctx, FormState())


@router.post("/forgot")
def post_forgot(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: AskForReset) -> Response:
        ask_for_reset(ctx, command)
        return _reset(request, ctx, FormState({"email": command.email}))

    return complete(ctx, form, AskForReset, act, lambda state, code: _forgot(request, ctx, state, code))


@router.get("/reset")
def show_reset(request: Request, ctx: ContextDep) -> Response:
    return _reset(request, ctx, FormState())


@router.post("/reset")
def post_reset(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: ResetPassword) -> Response:
        account, cookie = reset_password(ctx, command)
        return entered(ctx, cookie, "/workbench?notice=saved", request=request, account=account)

    return complete(ctx, form, ResetPassword, act, lambda state, code: _reset(request, ctx, state, code))


@router.get("/account/email")
def show_email(request: Request, ctx: ContextDep) -> Response:
    ctx.demand("keep_own_account")
    return _email(request, ctx, FormState())


@router.post("/account/email/code")
def post_ask_proof(ctx: ContextDep) -> Response:
    ask_for_proof(ctx)
    return go("/account/email", "code-sent")


@router.post("/account/email/prove")
def post_prove(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: ProveEmail) -> Response:
        prove_email(ctx, command)
        return go("/account", "saved")

    return complete(ctx, form, ProveEmail, act, lambda state, code: _email(request, ctx, state, code))


@router.post("/account/email/change")
def post_change(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: ChangeEmail) -> Response:
        ask_for_email_change(ctx, command)
        return go("/account/email", "code-sent")

    return complete(ctx, form, ChangeEmail, act, lambda state, code: _email(request, ctx, state, code))


def _forgot(request: Request, ctx: Context, form: FormState, status: int = 200) -> Response:
    labels, mailed = labels_of(AskForReset), mail_is_on(ctx.settings)
    return render(request, ctx, "accounts/forgot.html", status=status, form=form, labels=labels, mailed=mailed)


def _reset(request: Request, ctx: Context, form: FormState, status: int = 200) -> Response:
    labels, rules = labels_of(ResetPassword), rules_in_words(ctx.settings)
    return render(request, ctx, "accounts/reset.html", status=status, form=form, labels=labels, rules=rules)


def _email(request: Request, ctx: Context, form: FormState, status: int = 200) -> Response:
    account = ctx.find(Account, ctx.actor.account_id or 0)
    return render(
        request,
        ctx,
        "accounts/email.html",
        status=status,
        form=form,
        labels=labels_of(ChangeEmail),
        account=account,
        mailed=mail_is_on(ctx.settings),
    )
