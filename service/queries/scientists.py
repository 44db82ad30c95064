"""The scientists of an institute."""

from __future__ import annotations

from sqlalchemy import select

from models import Scientist
from service.context import Context


def scientists_of(ctx: Context, organization_id: int) -> list[Scientist]:
    """The institute's scientists by name."""
    rows = select(Scientist).where(Scientist.organization_id == organization_id)
    return list(ctx.session.scalars(rows.order_by(Scientist.name, Scientist.id)))
