"""Accounts, for those who keep them: administrators all of them, an organization's administrator their colleagues'."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.context import Context
from service.passwords import rules_in_words
from service.queries.accounts import ACCOUNTS, COLLEAGUES, account_detail
from service.queries.listing import page_of
from service.queries.narrowing import regions
from service.queries.taxonomy import organizations
from service.usecases.accounts import (
    AppointOrganizationAdmin,
    ApproveAccount,
    ChangeRole,
    CreateAccount,
    SwitchAccount,
    appoint_organization_admin,
    approve_account,
    change_role,
    create_account,
    switch_account,
    unlock_account,
)
from service.usecases.second_factor import reset_second_factor
from service.usecases.sudo import demand_fresh_proof
from service.usecases.verification import hand_over_code
from service.web.dependencies import ContextDep, FormDep, cookie_of
from service.web.downloads import download
from service.web.forms import FormState, complete, fields_of, labels_of
from service.web.identity import SESSION_COOKIE
from service.web.templating import go, render

router = APIRouter(tags=["账号"])


@router.get("/admin/accounts")
def show_accounts(request: Request, ctx: ContextDep) -> Response:
    ctx.demand("see_accounts")
    return _accounts(request, ctx, FormState())


@router.get("/admin/accounts.{form}")
def export_accounts(form: str, request: Request, ctx: ContextDep) -> Response:
    ctx.demand("see_accounts")
    demand_fresh_proof(ctx, cookie_of(request, SESSION_COOKIE), "/admin/accounts")
    return download(ctx, ACCOUNTS, request.query_params, form)


@router.get("/colleagues")
def show_colleagues(request: Request, ctx: ContextDep) -> Response:
    ctx.demand("keep_colleagues")
    return _accounts(request, ctx, FormState())


@router.get("/admin/accounts/new")
def show_new_account(request: Request, ctx: ContextDep) -> Response:
    ctx.demand("manage_accounts")
    given = {name: request.query_params.get(name, "") for name in ("role", "organization_id")}
    return _account_form(request, ctx, FormState({"region_code": ctx.settings.region_code, **given}))


@router.post("/admin/accounts/new")
def post_new_account(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: CreateAccount) -> Response:
        return go(f"/admin/accounts?q={create_account(ctx, command).email}", "created")

    ctx.demand("manage_accounts")
    return complete(ctx, form, CreateAccount, act, lambda state, code: _account_form(request, ctx, state, code))


@router.get("/accounts/{account_id:int}")
def show_one(account_id: int, request: Request, ctx: ContextDep) -> Response:
    return _one(request, ctx, account_id, FormState())


@router.post("/accounts/{account_id:int}/role")
def post_role(account_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: ChangeRole) -> Response:
        change_role(ctx, account_id, command)
        return go(f"/accounts/{account_id}", "saved")

    return complete(ctx, form, ChangeRole, act, lambda state, code: _one(request, ctx, account_id, state, code))


@router.post("/accounts/{account_id:int}/approve")
def post_approve(account_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: ApproveAccount) -> Response:
        approve_account(ctx, account_id, command)
        return go(f"/accounts/{account_id}", "done")

    return complete(ctx, form, ApproveAccount, act, lambda state, code: _one(request, ctx, account_id, state, code))


@router.post("/accounts/{account_id:int}/switch")
def post_switch(account_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: SwitchAccount) -> Response:
        switch_account(ctx, account_id, command)
        return go(f"/accounts/{account_id}", "saved")

    return complete(ctx, form, SwitchAccount, act, lambda state, code: _one(request, ctx, account_id, state, code))


@router.post("/accounts/{account_id:int}/organization-admin")
def post_appoint(account_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: AppointOrganizationAdmin) -> Response:
        appoint_organization_admin(ctx, account_id, command)
        return go(f"/accounts/{account_id}", "saved")

    return complete(
        ctx, form, AppointOrganizationAdmin, act, lambda state, code: _one(request, ctx, account_id, state, code)
    )


@router.post("/accounts/{account_id:int}/unlock")
def post_unlock(account_id: int, ctx: ContextDep) -> Response:
    unlock_account(ctx, account_id)
    return go(f"/accounts/{account_id}", "done")


@router.post("/accounts/{account_id:int}/reset-second-factor")
def post_reset_factor(account_id: int, ctx: ContextDep) -> Response:
    reset_second_factor(ctx, account_id)
    return go(f"/accounts/{account_id}", "done")


@router.post("/accounts/{account_id:int}/code")
def post_code(account_id: int, request: Request, ctx: ContextDep) -> Response:
    made = hand_over_code(ctx, account_id)
    return render(request, ctx, "accounts/handed_over.html", account=made.account, code=made.code)


def _accounts(request: Request, ctx: Context, form: FormState, status: int = 200) -> Response:
    listing = ACCOUNTS if request.url.path.startswith("/admin") else COLLEAGUES
    page = page_of(ctx, listing, request.query_params)
    ctx.saw("see_accounts", list=listing.label, rows=len(page.rows))
    return render(request, ctx, "accounts/list.html", status=status, page=page, form=form)


def _account_form(request: Request, ctx: Context, form: FormState, status: int = 200) -> Response:
    options = {"organization_id": organizations(ctx), "region_code": regions(ctx)}
    fields = fields_of(CreateAccount, list(CreateAccount.model_fields), options)
    labels, rules = labels_of(CreateAccount), rules_in_words(ctx.settings)
    return render(
        request, ctx, "accounts/form.html", status=status, form=form, fields=fields, labels=labels, rules=rules
    )


def _one(request: Request, ctx: Context, account_id: int, form: FormState, status: int = 200) -> Response:
    detail = account_detail(ctx, account_id)
    given = {"role": detail.account.role.value, "region_code": detail.account.region_code or "", **form.values}
    return render(
        request,
        ctx,
        "accounts/detail.html",
        status=status,
        detail=detail,
        account=detail.account,
        form=FormState(given, form.errors),
        fields=fields_of(ChangeRole, ["role", "region_code"], {"region_code": regions(ctx)}),
        labels=labels_of(ChangeRole),
    )
