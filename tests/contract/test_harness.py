"""The run finds what it is there to find: a crash, a wrong shape, a status nobody announced."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from tests.contract.fuzzing import explore


class Shape(BaseModel):
    """What the operations of this test promise."""

    number: int


def _app() -> FastAPI:
    app = FastAPI(openapi_url="/api/openapi.json")

    @app.get("/crash/{number}")
    def crash(number: int) -> Shape:
        return Shape(number=10 // (number % 2))

    @app.get("/shape", response_model=Shape)
    def shape() -> JSONResponse:
        return JSONResponse({"number": "seven"})

    @app.get("/status", response_model=Shape)
    def status() -> JSONResponse:
        return JSONResponse({"number": 1}, status_code=418)

    @app.post("/loose")
    def loose(command: Shape) -> Shape:
        return command

    @app.get("/good", response_model=Shape, responses={405: {}})
    def good() -> Shape:
        return Shape(number=1)

    @app.exception_handler(Exception)
    def fail(_request: Request, _error: Exception) -> JSONResponse:
        return JSONResponse({}, status_code=500)

    return app


def test_each_kind_of_breach_is_found() -> None:
    found = explore(_app(), {}, examples=20).breaches

    assert {label for label, _ in found} == {"GET /crash/{number}", "GET /shape", "GET /status", "POST /loose"}
    assert ("GET /shape", "response_schema_conformance") in found
    assert ("GET /status", "status_code_conformance") in found
    assert ("POST /loose", "negative_data_rejection") in found
