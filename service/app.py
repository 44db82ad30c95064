"""The web application: both doors, static files, health, and the worker thread beside them."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from sqlalchemy import text
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from models.migrations import commands
from service import doors
from service.config import Settings
from service.jobs.worker import Worker
from service.resources import STATIC
from service.web import problems
from service.web.bodies import Bodies
from service.web.dependencies import gate_at
from service.web.headers import Headers
from service.web.installation import Installation, open_installation
from service.web.pacing import Pace
from service.web.repeats import Answers

log = logging.getLogger(__name__)
LISTED = [Depends(gate_at)]
"""Every route of both doors stands in the policy's table, or is closed."""


class Application(FastAPI):
    """Puts the headers around everything, the answer to our own mistakes too."""

    def build_middleware_stack(self) -> ASGIApp:
        """The framework's layers inside the headers."""
        secure = self.state.installation.settings.secure_cookies
        return Headers(super().build_middleware_stack(), secure=secure)


def create_app(settings: Settings) -> FastAPI:
    """The application for one installation. It refuses to start on a database that is not at the code's revision."""
    installation = open_installation(settings)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        check_revision(installation)
        worker = Worker(installation) if settings.worker else None
        if worker is not None:
            worker.start()
        yield
        if worker is not None:
            worker.stop()
        installation.engine.dispose()

    app = Application(
        title="握手 API",
        version=version("woshou"),
        summary="技术需求、科技成果、匹配、握手活动、合作项目与资金流水",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.installation = installation
    app.state.pace = Pace(settings)
    app.add_middleware(Bodies, settings=settings)
    app.add_middleware(Answers, installation=installation)
    app.add_middleware(GZipMiddleware, minimum_size=1024)
    problems.install(app)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for router in doors.API_ROUTERS:
        app.include_router(router, prefix="/api/v1", responses=problems.PROBLEM_RESPONSES, dependencies=LISTED)
    for router in doors.PAGE_ROUTERS:
        app.include_router(router, include_in_schema=False, dependencies=LISTED)
    app.add_api_route("/healthz", healthz, methods=["GET"], include_in_schema=False)
    app.add_api_route("/readyz", readyz, methods=["GET"], include_in_schema=False)
    app.state.templates = {
        (route.endpoint, method): route.path
        for route in iter_route_contexts(app.routes)
        for method in getattr(route, "methods", None) or ()
    }
    doors.describe(app)
    return app


def check_revision(installation: Installation) -> None:
    """Raises RuntimeError unless the database stands where the code expects it."""
    with installation.reading() as connection:
        stands, wanted = commands.current(connection), commands.head()
    if stands != wanted:
        raise RuntimeError(f"数据库版本为 {stands or '空'}，程序需要 {wanted}；请先运行 woshou migrate。")


def healthz() -> JSONResponse:
    """The process is alive."""
    return JSONResponse({"status": "ok"})


def readyz(request: Request) -> JSONResponse:
    """The database answers and stands at the right revision."""
    installation: Installation = request.app.state.installation
    try:
        with installation.reading() as connection:
            connection.execute(text("SELECT 1"))
        check_revision(installation)
    except Exception as error:  # noqa: BLE001 - whatever is wrong, the answer is "not ready"
        log.warning("not ready: %s", error)
        return JSONResponse({"status": "unavailable"}, status_code=503)
    return JSONResponse({"status": "ready"})
