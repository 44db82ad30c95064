"""The main figures divided: by region within the installation's own, and needs by 点位 through the funnel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.region import region_prefix
from service.context import Context
from service.queries.figures import FIGURES, FUNNEL, Figure, Scope, Value, value_of
from service.queries.narrowing import regions
from service.queries.taxonomy import nodes

REGION_KEYS = ("needs_published", "events_held", "projects_implemented", "money_committed", "money_received")


@dataclass(frozen=True)
class Share:
    """One part: its name and its figures, each opening its own rows."""

    label: str
    values: Sequence[Value]

    @property
    def is_empty(self) -> bool:
        """Whether every figure is nought."""
        return not any(value.amount for value in self.values)


def by_region(ctx: Context, scope: Scope) -> list[Share]:
    """Each region below the scope's own (or the installation's) with its main figures; none when it has none below."""
    ctx.demand("read_report")
    own = scope.region or ctx.settings.region_code
    below = [(code, name) for code, name in regions(ctx) if code != own and code.startswith(region_prefix(own))]
    shares = [
        Share(name, [value_of(ctx, FIGURES[key], replace(scope, region=code)) for key in REGION_KEYS])
        for code, name in below
    ]
    return [share for share in shares if not share.is_empty]


def by_point(ctx: Context, scope: Scope) -> list[Share]:
    """The funnel of the needs filed under each 点位."""
    ctx.demand("read_report")
    shares = [Share(name, [_stage(ctx, stage, scope, node) for stage in FUNNEL]) for node, name in nodes(ctx, "point")]
    return [share for share in shares if not share.is_empty]


def _stage(ctx: Context, stage: Figure, scope: Scope, node: str) -> Value:
    narrowed = replace(stage, fixed={**stage.fixed, "point": node})
    return value_of(ctx, narrowed, scope)
