"""All regions: a list for programs, and the choices of forms that reach beyond the installation's own."""

from __future__ import annotations

from sqlalchemy import select, true

from models import Region
from service.context import Context
from service.queries.listing import Column, Listing, Option
from service.queries.narrowing import by_region

REGIONS = Listing(
    key="regions",
    label="行政区划",
    path="/api/v1/regions",
    source=Region.__table__,
    columns=(
        Column("id", "顺序", Region.code, listed=False),
        Column("code", "代码", Region.code),
        Column("name", "名称", Region.name),
        Column("level", "级别", Region.level),
        Column("parent_code", "上级代码", Region.parent_code),
    ),
    visible=lambda _ctx: true(),
    search=(Region.name, Region.code),
    filters=(by_region(Region.code),),
    order="code",
    unit="个",
)


def all_regions(ctx: Context) -> list[Option]:
    """Every region by code: an organization may sit outside the installation's own."""
    return list(ctx.session.execute(select(Region.code, Region.name).order_by(Region.code)))
