"""Errors shown: a page with a sentence for people, RFC 9457 problem details for programs."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.routing import iter_route_contexts
from psycopg.errors import NumericValueOutOfRange
from pydantic import BaseModel, Field
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from models import IllegalTransition
from service.commands import Command, complaints
from service.context import ANONYMOUS, RACE_LOST, Context
from service.errors import Conflict, Illegal, Invalid, NotFound, Stale, StepOwed, TooMany, WoshouError
from service.web.bodies import BodyRefused
from service.web.dependencies import installation_of
from service.web.differences import differences
from service.web.repeats import Replayed
from service.web.templating import render

log = logging.getLogger(__name__)


class FieldProblem(BaseModel):
    """What to change at one field."""

    field: str
    message: str


class FieldChange(BaseModel):
    """A field that stands otherwise now than the request would have it; both as text."""

    field: str
    current: str
    yours: str


class Problem(BaseModel):
    """RFC 9457 problem details, with the fields that are wrong."""

    type: str = Field(examples=["/problems/invalid"])
    title: str
    status: int
    detail: str
    instance: str
    errors: list[FieldProblem] = []
    changes: list[FieldChange] = []


PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {
        "description": text,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status, text in (
        (400, "请求读不懂"),
        (401, "未登录"),
        (403, "没有权限"),
        (404, "没有找到"),
        (405, "不支持此操作"),
        (408, "太慢"),
        (409, "冲突"),
        (413, "内容太大"),
        (415, "不是 JSON"),
        (422, "填写有误"),
        (429, "太频繁"),
    )
}

SENTENCES = {
    400: "请求内容读不出来：接口应传 UTF-8 编码的 JSON，表单请从页面重新提交。",
    405: "这个地址不支持此操作。",
}
"""What to say of the refusals that the framework makes before any route is asked."""

ADVICE = {
    401: ["登录后再试"],
    403: ["确认登录的是正确的账号", "如确有需要，请联系本地区科技主管部门"],
    404: ["检查网址是否完整", "回到列表重新查找"],
    405: ["返回上一页，用页面上的按钮操作"],
    429: ["稍等片刻再试，您填写的内容没有丢失"],
    409: ["返回上一页并刷新，查看最新状态后再操作"],
    422: ["返回上一页修改标出的内容"],
}


def illegal(error: IllegalTransition) -> Illegal:
    """The records' own refusal as a member of the error tree."""
    names = "、".join(sorted(state.label for state in error.allowed)) or "无（已是终态）"
    return Illegal(f"{error.title}当前为“{error.current.label}”，不能改为“{error.target.label}”；可以改为：{names}。")


def problem(request: Request, error: WoshouError) -> Response:
    """The error as the asker reads it."""
    if _wants_json(request):
        return _json(request, error)
    if isinstance(error, StepOwed):
        return RedirectResponse(error.location, status_code=303)
    installation = installation_of(request)
    with installation.session(reads=True) as session:
        identity = getattr(request.state, "identity", None)
        ctx = installation.context(session, identity.actor if identity is not None else ANONYMOUS)
        page = _page(request, ctx, error)
        page.headers.update(_headers(error))
        return page


def _page(request: Request, ctx: Context, error: WoshouError) -> Response:
    advice = list(error.fields.values()) if isinstance(error, Invalid) else ADVICE.get(error.status, ["稍后再试"])
    return render(
        request,
        ctx,
        "error.html",
        status=error.status,
        title=error.title,
        sentence=error.sentence,
        what_to_do=advice,
        flashes=[],
    )


def _json(request: Request, error: WoshouError) -> JSONResponse:
    fields = error.fields if isinstance(error, Invalid) else {}
    body = Problem(
        type=f"/problems/{error.slug}",
        title=error.title,
        status=error.status,
        detail=error.sentence,
        instance=request.url.path,
        errors=[FieldProblem(field=name, message=message) for name, message in fields.items()],
        changes=_changes(request, error) if isinstance(error, Stale) else [],
    )
    return JSONResponse(
        body.model_dump(),
        status_code=error.status,
        media_type="application/problem+json",
        headers=_headers(error),
    )


def _headers(error: WoshouError) -> dict[str, str]:
    if isinstance(error, TooMany):
        return {"Retry-After": str(error.seconds)}
    return {"WWW-Authenticate": "Bearer"} if error.status == HTTPStatus.UNAUTHORIZED else {}


def _changes(request: Request, error: Stale) -> list[FieldChange]:
    """What stands otherwise now than the program's request would have it."""
    command = _command_of(request)
    given = getattr(request, "_json", None)
    if command is None or not isinstance(given, dict):
        return []
    found = differences(command, given, error.record, {})
    return [FieldChange(field=one.field, current=one.current, yours=one.yours) for one in found]


def _wants_json(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def _from_http(error: HTTPException) -> WoshouError:
    made: WoshouError = NotFound("没有这个页面，可能网址有误或内容已移走。")
    if error.status_code != HTTPStatus.NOT_FOUND:
        made = WoshouError("")
        made.status, made.slug, made.title = error.status_code, "http", "请求无法处理"
        said = SENTENCES.get(error.status_code, "请求无法处理，请返回上一页重试。")
        made.sentence = error.sentence if isinstance(error, BodyRefused) else said
    return made


def _command_of(request: Request) -> type[Command] | None:
    """The command that the route of this request takes as its body."""
    body = getattr(request.scope.get("route"), "body_field", None)
    command = body.field_info.annotation if body is not None else None
    return command if isinstance(command, type) and issubclass(command, Command) else None


def _from_validation(request: Request, error: RequestValidationError) -> Invalid:
    """FastAPI's complaints in the words of the command the route takes."""
    command = _command_of(request) or BaseModel
    details = [{**detail, "loc": _place(detail["loc"])} for detail in error.errors()]
    return Invalid(complaints(command, details))


def _allowed_at(request: Request) -> set[str]:
    """Every method of the address (RFC 9110 §15.5.6); the framework names those of the first route it met."""
    found: set[str] = set()
    for route in iter_route_contexts(request.app.routes):
        if route.path and route.methods and compile_path(route.path)[0].match(request.url.path):
            found |= route.methods
    return found


def _place(loc: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(part for part in loc if part not in ("body", "query", "path"))


def unexpected(request: Request, error: Exception) -> Response:
    """Our own mistake: the log has what happened, the person a sentence and no more."""
    log.error("unhandled error at %s", request.url.path, exc_info=error)
    return problem(request, WoshouError("服务出了问题，内容没有写入；请稍后再试，或把时间告诉管理员。"))


def install(app: FastAPI) -> None:
    """Let the app answer every error in this way."""

    @app.exception_handler(WoshouError)
    def _(request: Request, error: WoshouError) -> Response:
        return problem(request, error)

    @app.exception_handler(Replayed)
    def _(_request: Request, done: Replayed) -> Response:
        return Response(done.body, status_code=done.status, headers={**done.headers, "Idempotent-Replayed": "true"})

    @app.exception_handler(IllegalTransition)
    def _(request: Request, error: IllegalTransition) -> Response:
        return problem(request, illegal(error))

    @app.exception_handler(IntegrityError)
    @app.exception_handler(StaleDataError)
    def _(request: Request, error: Exception) -> Response:
        log.info("a write lost a race at %s: %s", request.url.path, error)
        return problem(request, Conflict(RACE_LOST))

    @app.exception_handler(OverflowError)
    @app.exception_handler(DataError)
    def _(request: Request, error: Exception) -> Response:
        if isinstance(error, DataError) and not isinstance(error.orig, NumericValueOutOfRange):
            return unexpected(request, error)
        return problem(request, NotFound("编号超出范围，没有这样的记录。"))

    @app.exception_handler(HTTPException)
    def _(request: Request, error: HTTPException) -> Response:
        answer = problem(request, _from_http(error))
        answer.headers.update(error.headers or {})
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            answer.headers["Allow"] = ", ".join(sorted(_allowed_at(request)))
        return answer

    @app.exception_handler(RequestValidationError)
    def _(request: Request, error: RequestValidationError) -> Response:
        return problem(request, _from_validation(request, error))

    app.add_exception_handler(Exception, unexpected)
