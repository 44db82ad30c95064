"""Organizations under /api/v1."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from models import OrganizationKind
from service.api.schemas import PAGING, Many, Out, asked, many
from service.context import Context
from service.queries.listing import page_of
from service.queries.organizations import FILTERS, organization_detail, organization_listing
from service.usecases.organizations import WriteOrganization, create_organization, edit_organization
from service.web.dependencies import ContextDep

router = APIRouter(prefix="/organizations", tags=["机构"])
ASKED = (("q", "搜索的词"), *((one.key, one.label) for one in FILTERS), *PAGING)
"""What the list is searched, narrowed and turned over by."""


class OrganizationRow(Out):
    """An organization in a list, with how many of its postings the asker may know of."""

    id: int
    name: str
    kind: OrganizationKind
    region: str | None
    uscc: str | None
    aliases: list[str]
    needs: int
    achievements: int
    is_demo: bool


class OrganizationOut(Out):
    """An organization; ``version`` goes back with a change."""

    id: int
    version: int
    name: str
    kind: OrganizationKind
    uscc: str | None
    region_code: str | None
    aliases: list[str]
    profile: str
    status_note: str
    is_demo: bool
    needs: int
    achievements: int


@router.get(
    "",
    openapi_extra=asked([("q", "搜索的词"), *((one.key, one.label) for one in FILTERS), *PAGING]),
    summary="机构列表",
)
def get_list(request: Request, ctx: ContextDep) -> Many[OrganizationRow]:
    return many(page_of(ctx, organization_listing(ctx), request.query_params), OrganizationRow)


@router.post("", status_code=201, summary="新建机构")
def post_one(ctx: ContextDep, command: WriteOrganization) -> OrganizationOut:
    return _out(ctx, create_organization(ctx, command).id)


@router.get("/{organization_id}", summary="一家机构")
def get_one(organization_id: int, ctx: ContextDep) -> OrganizationOut:
    return _out(ctx, organization_id)


@router.put("/{organization_id}", summary="修改机构")
def put_one(organization_id: int, ctx: ContextDep, command: WriteOrganization) -> OrganizationOut:
    return _out(ctx, edit_organization(ctx, organization_id, command).id)


def _out(ctx: Context, organization_id: int) -> OrganizationOut:
    detail = organization_detail(ctx, organization_id)
    columns: dict[str, Any] = {name: getattr(detail.organization, name) for name in _COLUMNS}
    counts = {plural: belonging.total for plural, belonging in detail.postings.items()}
    return OrganizationOut.model_validate({**columns, **counts})


_COLUMNS = [name for name in OrganizationOut.model_fields if name not in ("needs", "achievements")]
