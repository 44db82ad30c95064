"""What official documents say of the 握手 actions, word for word; shown beside computed figures, never mixed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from models import Indicator
from service.context import Context
from service.queries.history import citations_of


@dataclass(frozen=True)
class Official:
    """An official figure as its document has it, with where it comes from."""

    name: str
    text: str
    unit: str
    period: str
    note: str
    sources: Sequence[dict[str, str]]


def official_figures(ctx: Context) -> list[Official]:
    """Those that speak of 握手."""
    rows = ctx.session.scalars(
        select(Indicator).where(Indicator.name.contains("握手"), Indicator.kind == "actual").order_by(Indicator.id)
    )
    return [
        Official(row.name, row.value_text, row.unit, row.period, row.note, citations_of(ctx, "Indicator", row.id))
        for row in rows
    ]
