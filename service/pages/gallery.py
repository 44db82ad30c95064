"""The gallery of components, in demo mode only."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.errors import NotFound
from service.web.dependencies import ContextDep
from service.web.templating import render

router = APIRouter(tags=["界面样例"])


@dataclass(frozen=True)
class SamplePages:
    """The pages of an invented list."""

    number: int = 3
    pages: int = 16
    total: int = 312

    def href_for(self, number: int) -> str:
        """Every page of the sample is the same."""
        return f"#page-{number}"


@router.get("/gallery")
def show_gallery(request: Request, ctx: ContextDep) -> Response:
    if not ctx.settings.demo:
        raise NotFound("界面样例只在示例模式下提供。")
    return render(request, ctx, "gallery.html", pages=SamplePages())
