"""Categories and regions under /api/v1, for programs that file postings."""

from __future__ import annotations

from fastapi import APIRouter, Request

from service.api.schemas import Many, Out, many, narrowed_by
from service.queries.listing import page_of
from service.queries.regions import REGIONS
from service.queries.trees import CATEGORIES
from service.web.dependencies import ContextDep

router = APIRouter(tags=["目录"])


class CategoryNode(Out):
    """A node of a taxonomy; ``path`` is ``scheme:root/…/code``."""

    id: int
    scheme: str
    code: str
    name: str
    path: str
    parent_id: int | None


class RegionOut(Out):
    """A region by its GB/T 2260 code."""

    code: str
    name: str
    level: str
    parent_code: str | None


@router.get(
    "/categories", openapi_extra=narrowed_by(CATEGORIES), summary="技术领域（scheme=point、industry8、area 等）"
)
def get_categories(request: Request, ctx: ContextDep) -> Many[CategoryNode]:
    return many(page_of(ctx, CATEGORIES, request.query_params), CategoryNode)


@router.get("/regions", openapi_extra=narrowed_by(REGIONS), summary="行政区划")
def get_regions(request: Request, ctx: ContextDep) -> Many[RegionOut]:
    return many(page_of(ctx, REGIONS, request.query_params), RegionOut)
