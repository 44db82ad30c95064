"""Running the house: set-up, accounts, jobs, matching, 示例 data and the audit log."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.context import Context
from service.errors import Conflict
from service.queries.accounts import ACCOUNTS
from service.queries.audit import AUDIT, check_chain, in_words
from service.queries.jobs import JOBS_LISTING, job_label, jobs_by_state
from service.queries.listing import page_of
from service.queries.narrowing import regions
from service.queries.runs import latest_run
from service.queries.setup import demo_counts, setup_checks
from service.queries.taxonomy import organizations
from service.seeding import remove_demo
from service.usecases.accounts import CreateAccount, SwitchAccount, create_account, switch_account
from service.usecases.jobs import request_matching, retry_job
from service.web.dependencies import ContextDep, FormDep
from service.web.downloads import download
from service.web.forms import FormState, complete, fields_of, labels_of
from service.web.templating import go, render

router = APIRouter(prefix="/admin", tags=["管理"])


@router.get("")
def show_admin(request: Request, ctx: ContextDep) -> Response:
    ctx.demand("read_admin")
    return _overview(request, ctx, FormState())


@router.post("/matching")
def post_matching(ctx: ContextDep) -> Response:
    request_matching(ctx)
    return go("/admin/jobs", "queued")


@router.post("/demo/remove")
def post_remove_demo(request: Request, ctx: ContextDep) -> Response:
    ctx.demand("remove_demo")
    return _remove_demo(request, ctx)


@router.get("/accounts")
def show_accounts(request: Request, ctx: ContextDep) -> Response:
    ctx.demand("manage_accounts")
    return _accounts(request, ctx, FormState())


@router.get("/accounts.{form}")
def export_accounts(form: str, request: Request, ctx: ContextDep) -> Response:
    ctx.demand("manage_accounts")
    return download(ctx, ACCOUNTS, request.query_params, form)


@router.get("/accounts/new")
def show_new_account(request: Request, ctx: ContextDep) -> Response:
    ctx.demand("manage_accounts")
    given = {name: request.query_params.get(name, "") for name in ("role", "organization_id")}
    return _account_form(request, ctx, FormState({"region_code": ctx.settings.region_code, **given}))


@router.post("/accounts/new")
def post_new_account(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: CreateAccount) -> Response:
        return go(f"/admin/accounts?q={create_account(ctx, command).email}", "created")

    ctx.demand("manage_accounts")
    return complete(ctx, form, CreateAccount, act, lambda state, code: _account_form(request, ctx, state, code))


@router.post("/accounts/{account_id:int}/switch")
def post_switch(account_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: SwitchAccount) -> Response:
        return go(f"/admin/accounts?q={switch_account(ctx, account_id, command).email}", "saved")

    return complete(ctx, form, SwitchAccount, act, lambda state, code: _accounts(request, ctx, state, code))


@router.get("/jobs")
def show_jobs(request: Request, ctx: ContextDep) -> Response:
    ctx.demand("read_admin")
    page = page_of(ctx, JOBS_LISTING, request.query_params)
    return render(request, ctx, "admin/jobs.html", page=page, counts=jobs_by_state(ctx), job_label=job_label)


@router.get("/jobs.{form}")
def export_jobs(form: str, request: Request, ctx: ContextDep) -> Response:
    ctx.demand("read_admin")
    return download(ctx, JOBS_LISTING, request.query_params, form)


@router.post("/jobs/{job_id:int}/retry")
def post_retry(job_id: int, ctx: ContextDep) -> Response:
    retry_job(ctx, job_id)
    return go("/admin/jobs", "queued")


@router.get("/audit")
def show_audit(request: Request, ctx: ContextDep) -> Response:
    ctx.demand("read_audit")
    page = page_of(ctx, AUDIT, request.query_params)
    checked = check_chain(ctx) if request.query_params.get("check") else None
    entries = [in_words(row) for row in page.rows]
    return render(request, ctx, "admin/audit.html", page=page, entries=entries, checked=checked)


@router.get("/audit.{form}")
def export_audit(form: str, request: Request, ctx: ContextDep) -> Response:
    ctx.demand("read_audit")
    return download(ctx, AUDIT, request.query_params, form)


def _remove_demo(request: Request, ctx: Context) -> Response:
    """Take the 示例 set away; a 示例 administrator goes with it and has to sign in as somebody real."""
    try:
        remove_demo(ctx)
    except Conflict as error:
        ctx.discard()
        return _overview(request, ctx, FormState({}, {"": error.sentence}), error.status)
    return go("/login" if ctx.actor.is_demo else "/admin", "removed")


def _overview(request: Request, ctx: Context, form: FormState, status: int = 200) -> Response:
    return render(
        request,
        ctx,
        "admin/overview.html",
        status=status,
        form=form,
        checks=setup_checks(ctx),
        run=latest_run(ctx),
        demo_left=demo_counts(ctx),
        jobs=jobs_by_state(ctx),
    )


def _accounts(request: Request, ctx: Context, form: FormState, status: int = 200) -> Response:
    page = page_of(ctx, ACCOUNTS, request.query_params)
    return render(request, ctx, "admin/accounts.html", status=status, page=page, form=form)


def _account_form(request: Request, ctx: Context, form: FormState, status: int = 200) -> Response:
    options = {"organization_id": organizations(ctx), "region_code": regions(ctx)}
    fields = fields_of(CreateAccount, list(CreateAccount.model_fields), options)
    labels = labels_of(CreateAccount)
    return render(request, ctx, "admin/account_form.html", status=status, form=form, fields=fields, labels=labels)
