"""Files: those of a record with the form to add some, one to save, one to remove; for every kind of record alike."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from models import Attachment
from service.context import Context
from service.policy.attachables import ATTACHABLES
from service.queries.attachments import attachment_of, filing_of, record_of
from service.usecases.attachments import AttachFiles, RemoveFile, attach_files, remove_file
from service.web.dependencies import ContextDep, FormDep
from service.web.downloads import stored_file
from service.web.forms import FormState, complete, labels_of
from service.web.templating import go, render
from service.web.uploads import FilesDep

router = APIRouter(tags=["附件"])
LABELS = {"file": "附件", **labels_of(AttachFiles), **labels_of(RemoveFile)}


@router.get("/attachments/{attachment_id:int}")
def get_file(attachment_id: int, ctx: ContextDep) -> Response:
    return stored_file(ctx, attachment_id)


@router.post("/attachments/{attachment_id:int}/remove")
def post_removal(attachment_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    attachment, record = attachment_of(ctx, attachment_id)
    return complete(
        ctx,
        form,
        RemoveFile,
        lambda command: _removed(ctx, remove_file(ctx, attachment_id, command)),
        lambda state, status: _page(request, ctx, attachment.record_type, record.id, state, status),
    )


def _add_routes(kind: str) -> None:
    """The page of a record's files and the address they are sent to."""
    path = f"/{ATTACHABLES[kind].page}/{{record_id:int}}/attachments"

    @router.get(path)
    def show_files(record_id: int, request: Request, ctx: ContextDep) -> Response:
        return _page(request, ctx, kind, record_id, FormState())

    # the files come first: they are looked into before the unit of work begins
    @router.post(path)
    def post_files(record_id: int, request: Request, files: FilesDep, ctx: ContextDep, form: FormDep) -> Response:
        return complete(
            ctx,
            form,
            AttachFiles,
            lambda command: _added(ctx, kind, attach_files(ctx, kind, record_id, command, files)[0].record_id),
            lambda state, status: _page(request, ctx, kind, record_id, state, status),
        )


def _added(ctx: Context, kind: str, record_id: int) -> Response:
    return go(_home(kind, record_of(ctx, kind, record_id)), "saved")


def _removed(ctx: Context, attachment: Attachment) -> Response:
    return go(_home(attachment.record_type, record_of(ctx, attachment.record_type, attachment.record_id)), "removed")


def _home(kind: str, record: object) -> str:
    """Where a record's files are seen: on its own page where it has one."""
    number = getattr(record, "id", 0)
    if kind in ("Contract", "InvestmentEntry"):
        return f"/{ATTACHABLES[kind].page}/{number}/attachments"
    return f"/{ATTACHABLES[kind].page}/{number}"


def _page(request: Request, ctx: Context, kind: str, record_id: int, form: FormState, status: int = 200) -> Response:
    record = record_of(ctx, kind, record_id)
    one = ATTACHABLES[kind]
    project = getattr(record, "project_id", None)
    back = f"/projects/{project}" if project is not None else f"/{one.page}/{record_id}"
    title = getattr(record, "title", None) or getattr(record, "evidence", None) or f"{one.model.title_zh} #{record_id}"
    return render(
        request,
        ctx,
        "attachments/record.html",
        status=status,
        kind=one.model.title_zh,
        title=title,
        back=back,
        number=record_id,
        files=filing_of(ctx, record),
        form=form,
        labels=LABELS,
    )


for _kind in ATTACHABLES:
    _add_routes(_kind)
