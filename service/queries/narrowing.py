"""Filters that many lists share: by year, by region, by a record named by its number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from models import Region
from models.base import UTCDateTime
from models.region import region_prefix
from service.context import SHANGHAI, Context
from service.queries.listing import Filter, Option

Condition = Callable[[Context, str], ColumnElement[bool] | None]


def _year(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) == 4 and "1900" <= value < "9999" else None


def by_year(column: Any, label: str = "年份") -> Filter:
    """``year=2025``: the date, or the moment as China's calendar has it, lies in that year."""

    def where(_ctx: Context, value: str) -> ColumnElement[bool] | None:
        year = _year(value)
        if year is None:
            return None
        first, last = (_first_day(one, column.type) for one in (year, year + 1))
        within: ColumnElement[bool] = and_(column >= first, column < last)
        return within

    def options(ctx: Context) -> Sequence[Option]:
        oldest, newest = ctx.session.execute(select(func.min(column), func.max(column))).one()
        if oldest is None:
            return ()
        years = range(local(newest).year, local(oldest).year - 1, -1)
        return tuple((str(year), f"{year} 年") for year in years)

    return Filter("year", label, where, options)


def _first_day(year: int, kind: Any) -> date | datetime:
    return datetime(year, 1, 1, tzinfo=SHANGHAI) if isinstance(kind, UTCDateTime) else date(year, 1, 1)


def local(value: date | datetime) -> date | datetime:
    """A moment as China's clocks show it; a date as it is."""
    return value.astimezone(SHANGHAI) if isinstance(value, datetime) else value


def by_region(column: Any, label: str = "地区") -> Filter:
    """``region=150600``: the region and all it contains."""

    def where(_ctx: Context, value: str) -> ColumnElement[bool] | None:
        known = value.isascii() and value.isdigit() and len(value) == 6
        condition: ColumnElement[bool] = column.startswith(region_prefix(value), autoescape=True)
        return condition if known else None

    return Filter("region", label, where, regions)


def regions(ctx: Context) -> Sequence[Option]:
    """The installation's own region and those within it."""
    own = ctx.settings.region_code
    rows = ctx.session.execute(
        select(Region.code, Region.name).where(Region.code.startswith(region_prefix(own))).order_by(Region.code)
    )
    return tuple((code, name) for code, name in rows)
