"""Files under /api/v1: those of a record, what one is, its bytes, adding and removing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.api.schemas import Out, asked
from service.commands import read
from service.policy.attachables import ATTACHABLES
from service.queries.attachments import file_of, files_of, record_of
from service.usecases.attachments import AttachFiles, RemoveFile, attach_files, remove_file
from service.web.dependencies import ContextDep, FormDep
from service.web.downloads import stored_file
from service.web.forms import values_of
from service.web.uploads import FilesDep

router = APIRouter(tags=["附件"])


class FileOut(Out):
    """A file of a record; ``kind`` in Chinese, ``size`` in bytes."""

    id: int
    name: str
    kind: str
    media_type: str
    size: int
    sha256: str
    organization: str
    created_at: datetime
    is_demo: bool


SENDS_FILES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file", "no_secret"],
                    "properties": {
                        "file": {
                            "type": "array",
                            "minItems": 1,
                            "items": {"type": "string", "format": "binary"},
                            "description": "一个或几个文件，都叫 file",
                        },
                        "no_secret": {"type": "string", "enum": ["true"], "description": "承诺内容不涉及国家秘密"},
                        "checked_words": {"type": "string", "enum": ["true", "false"], "description": "已核对文件名"},
                    },
                }
            }
        },
    }
}


def _add_routes(kind: str) -> None:
    """The addresses of a record's files."""
    one = ATTACHABLES[kind]
    path = f"/{one.noun}/{{record_id:int}}/attachments"

    def get_files(record_id: int, ctx: ContextDep) -> Any:
        return files_of(ctx, record_of(ctx, kind, record_id))

    # the files come first: they are looked into before the unit of work begins
    def post_files(record_id: int, files: FilesDep, ctx: ContextDep, form: FormDep) -> Any:
        command = read(AttachFiles, values_of(AttachFiles, form))
        return [file_of(ctx, one.id) for one in attach_files(ctx, kind, record_id, command, files)]

    get_files.__name__, post_files.__name__ = f"get_files_of_{one.noun}", f"post_files_of_{one.noun}"
    title = one.model.title_zh
    router.add_api_route(path, get_files, methods=["GET"], response_model=list[FileOut], summary=f"{title}的附件")
    router.add_api_route(
        path,
        post_files,
        methods=["POST"],
        status_code=201,
        response_model=list[FileOut],
        openapi_extra=SENDS_FILES,
        summary=f"给{title}上传附件",
    )


for _kind in ATTACHABLES:
    _add_routes(_kind)


@router.get("/attachments/{attachment_id:int}", response_model=FileOut, summary="一个附件")
def get_file(attachment_id: int, ctx: ContextDep) -> Any:
    return file_of(ctx, attachment_id)


@router.get(
    "/attachments/{attachment_id:int}/content",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}, "description": "附件的内容，按识别出的类型"}},
    summary="下载附件",
)
def get_content(attachment_id: int, ctx: ContextDep) -> Response:
    return stored_file(ctx, attachment_id)


@router.delete(
    "/attachments/{attachment_id:int}",
    status_code=204,
    openapi_extra=asked((("reason", "移除原因；凭证和公开过的内容必填"),)),
    summary="移除附件",
)
def delete_file(attachment_id: int, request: Request, ctx: ContextDep) -> None:
    remove_file(ctx, attachment_id, read(RemoveFile, dict(request.query_params)))
