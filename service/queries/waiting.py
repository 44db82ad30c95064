"""What waits for somebody: a titled list of things to do, and how one is made from the rows of a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Row

from service.context import SHANGHAI, Context
from service.queries.listing import Listing, Params, all_rows, count

SHOWN = 5
"""Things a list shows before it points to the page with all of them."""


@dataclass(frozen=True)
class Item:
    """One thing to do, as the todo macro draws it."""

    href: str
    text: str
    note: str = ""
    badge: str = ""
    tone: str = "neutral"
    is_demo: bool = False


@dataclass(frozen=True)
class Waiting:
    """Things of one kind that wait: the first of them, how many there are, and the page with all."""

    title: str
    items: Sequence[Item]
    total: int
    href: str | None = None


def waiting(
    ctx: Context, title: str, listing: Listing, params: Params, item: Callable[[Row[Any]], Item], href: str = ""
) -> Waiting:
    """The first rows of the list under ``params`` as things to do; ``href`` when its page has another address."""
    items = [item(row) for row in islice(all_rows(ctx, listing, params), SHOWN)]
    total = count(ctx, listing, params) if len(items) == SHOWN else len(items)
    shown: Mapping[str, str] = {key: value for key, value in params.items() if value}
    return Waiting(title, items, total, href or listing.href(shown))


def days_until(ctx: Context, moment: date | datetime) -> int:
    """Whole days from today to that day in China; negative when it is past."""
    day = moment.astimezone(SHANGHAI).date() if isinstance(moment, datetime) else moment
    return (day - ctx.today).days


def due_in_words(ctx: Context, day: date | datetime | None) -> str:
    """How near a date is: “3 天后到期”, “今天到期”, “已逾期 5 天”."""
    if day is None:
        return "没有定期限"
    left = days_until(ctx, day)
    if left == 0:
        return "今天到期"
    return f"{left} 天后到期" if left > 0 else f"已逾期 {-left} 天"


def comes_in_words(ctx: Context, moment: datetime) -> str:
    """How near an occasion is: “3 天后举办”, “今天举办”, “5 天前举办”."""
    left = days_until(ctx, moment)
    if left == 0:
        return "今天举办"
    return f"{left} 天后举办" if left > 0 else f"{-left} 天前举办"


def waited_in_words(ctx: Context, moment: datetime | None) -> str:
    """How long something has waited: “今天提交”, “已等 2 天”."""
    days = -days_until(ctx, moment) if moment is not None else 0
    return f"已等 {days} 天" if days > 0 else "今天提交"


def changed_in_words(ctx: Context, moment: datetime) -> str:
    """When something was last worked on: “今天修改”, “3 天前修改”."""
    days = -days_until(ctx, moment)
    return f"{days} 天前修改" if days > 0 else "今天修改"
