"""Tasks after talks: the list, one task, and what may be done with it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from models import FollowUpState, Side
from service.context import Context
from service.pages.returning import back_to, known
from service.queries.follow_ups import FOLLOW_UPS, follow_up_detail, in_words, reach_of
from service.queries.history import state_changes
from service.queries.listing import page_of
from service.queries.naming import known_names
from service.usecases.follow_ups import MOVES, ChangeFollowUp, DropFollowUp, FinishFollowUp, ReopenFollowUp
from service.web.dependencies import ContextDep, Form, FormDep
from service.web.downloads import download
from service.web.forms import FormState, complete, labels_of
from service.web.templating import go, render

router = APIRouter(prefix="/follow-ups", tags=["跟进任务"])
COMMANDS: dict[str, Any] = {
    "done": FinishFollowUp,
    "drop": DropFollowUp,
    "reopen": ReopenFollowUp,
    "change": ChangeFollowUp,
}


@router.get("")
def show_list(request: Request, ctx: ContextDep) -> Response:
    page = page_of(ctx, FOLLOW_UPS, request.query_params)
    names = known_names(
        ctx, {one for row in page.rows for one in (row.need_organization_id, row.offer_organization_id)}
    )
    return render(request, ctx, "follow_ups/list.html", page=page, names=names, today=ctx.today, in_words=in_words)


@router.get(".{form}")
def export_list(form: str, request: Request, ctx: ContextDep) -> Response:
    return download(ctx, FOLLOW_UPS, request.query_params, form)


@router.get("/{task_id:int}")
def show_one(task_id: int, request: Request, ctx: ContextDep) -> Response:
    return _detail(request, ctx, task_id)


@router.post("/{task_id:int}/{move}")
def post_move(task_id: int, move: str, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return complete(
        ctx,
        form,
        known(COMMANDS, move),
        lambda command: _done(form, known(MOVES, move)(ctx, task_id, command).id),
        lambda state, status: _detail(request, ctx, task_id, state, status),
    )


def _done(form: Form, task_id: int) -> Response:
    return go(back_to(form, f"/follow-ups/{task_id}"), "saved")


def _detail(request: Request, ctx: Context, task_id: int, form: FormState | None = None, status: int = 200) -> Response:
    detail = follow_up_detail(ctx, task_id)
    task = detail.task
    kept = {
        "text": task.text,
        "owner": task.owner,
        "owner_side": task.owner_side.value if task.owner_side is not None else "",
        "due_on": task.due_on.isoformat(),
    }
    return render(
        request,
        ctx,
        "follow_ups/detail.html",
        status=status,
        task=task,
        talk=detail.talk,
        title=in_words(task.kind, task.text),
        form=form or FormState(kept),
        reach=reach_of(ctx, detail.talk),
        sides=tuple((one.value, one.label) for one in Side),
        today=ctx.today,
        labels=labels_of(ChangeFollowUp) | labels_of(DropFollowUp) | labels_of(FinishFollowUp),
        changes=state_changes(ctx, task, FollowUpState),
    )
