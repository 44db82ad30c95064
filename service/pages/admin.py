"""Running the house: set-up, jobs, matching, 示例 data and the audit log."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.context import Context
from service.errors import Conflict
from service.queries.audit import AUDIT, check_chain, entries_in_words
from service.queries.jobs import JOBS_LISTING, job_label, jobs_by_state
from service.queries.listing import page_of
from service.queries.runs import latest_run
from service.queries.setup import demo_counts, setup_checks
from service.seeding import remove_demo
from service.usecases.jobs import request_matching, retry_job
from service.usecases.sudo import demand_fresh_proof
from service.web.dependencies import ContextDep, cookie_of
from service.web.downloads import download
from service.web.forms import FormState
from service.web.identity import SESSION_COOKIE
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
    entries = entries_in_words(ctx, page.rows)
    days = ctx.settings.audit_days
    return render(request, ctx, "admin/audit.html", page=page, entries=entries, checked=checked, keep_days=days)


@router.get("/audit.{form}")
def export_audit(form: str, request: Request, ctx: ContextDep) -> Response:
    ctx.demand("read_audit")
    demand_fresh_proof(ctx, cookie_of(request, SESSION_COOKIE), "/admin/audit")
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
