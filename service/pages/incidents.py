"""Incidents with personal data: enter, change, and list who may be affected."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from models import DataIncident
from service.context import SHANGHAI, Context
from service.queries.incidents import INCIDENTS, affected
from service.queries.listing import page_of
from service.usecases.incidents import WriteIncident, edit_incident, register_incident
from service.usecases.sudo import demand_fresh_proof
from service.web.dependencies import ContextDep, FormDep, cookie_of
from service.web.downloads import download
from service.web.forms import FormState, complete, fields_of, labels_of
from service.web.identity import SESSION_COOKIE
from service.web.templating import go, render

router = APIRouter(prefix="/admin/incidents", tags=["个人信息"])
MOMENTS = ("started_at", "ended_at", "reported_at")


@router.get("")
def show_list(request: Request, ctx: ContextDep) -> Response:
    ctx.demand("keep_incidents")
    return render(request, ctx, "privacy/incidents.html", page=page_of(ctx, INCIDENTS, request.query_params))


@router.get(".{form}")
def export_list(form: str, request: Request, ctx: ContextDep) -> Response:
    ctx.demand("keep_incidents")
    return download(ctx, INCIDENTS, request.query_params, form)


@router.get("/new")
def show_new(request: Request, ctx: ContextDep) -> Response:
    ctx.demand("keep_incidents")
    return _form(request, ctx, None, FormState())


@router.post("/new")
def post_new(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: WriteIncident) -> Response:
        return go(f"/admin/incidents/{register_incident(ctx, command).id}/affected", "created")

    ctx.demand("keep_incidents")
    return complete(ctx, form, WriteIncident, act, lambda state, code: _form(request, ctx, None, state, code))


@router.get("/{incident_id:int}/edit")
def show_edit(incident_id: int, request: Request, ctx: ContextDep) -> Response:
    incident = ctx.require(DataIncident, incident_id, may="keep_incidents")
    given = {name: getattr(incident, name) for name in WriteIncident.model_fields}
    local = {name: given[name].astimezone(SHANGHAI) for name in MOMENTS if given[name] is not None}
    shown = {name: f"{moment:%Y-%m-%dT%H:%M}" for name, moment in local.items()}
    return _form(request, ctx, incident, FormState({**given, "reported_at": "", **shown}))


@router.post("/{incident_id:int}/edit")
def post_edit(incident_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: WriteIncident) -> Response:
        edit_incident(ctx, incident_id, command)
        return go(f"/admin/incidents/{incident_id}/affected", "saved")

    incident = ctx.require(DataIncident, incident_id, may="keep_incidents")
    return complete(ctx, form, WriteIncident, act, lambda state, code: _form(request, ctx, incident, state, code))


@router.get("/{incident_id:int}/affected")
def show_affected(incident_id: int, request: Request, ctx: ContextDep) -> Response:
    incident = ctx.require(DataIncident, incident_id, may="keep_incidents")
    page = page_of(ctx, affected(incident, request.query_params), request.query_params)
    ctx.saw("see_affected", incident, people=page.total)
    return render(request, ctx, "privacy/affected.html", incident=incident, page=page, asked=request.query_params)


@router.get("/{incident_id:int}/affected.{form}")
def export_affected(incident_id: int, form: str, request: Request, ctx: ContextDep) -> Response:
    incident = ctx.require(DataIncident, incident_id, may="keep_incidents")
    demand_fresh_proof(ctx, cookie_of(request, SESSION_COOKIE), f"/admin/incidents/{incident_id}/affected")
    return download(ctx, affected(incident, request.query_params), request.query_params, form)


def _form(
    request: Request, ctx: Context, incident: DataIncident | None, form: FormState, status: int = 200
) -> Response:
    names = ["title", "started_at", "ended_at", "description", "measures", "reported_at"]
    return render(
        request,
        ctx,
        "privacy/incident_form.html",
        status=status,
        incident=incident,
        form=form,
        fields=fields_of(WriteIncident, names),
        labels=labels_of(WriteIncident),
    )
