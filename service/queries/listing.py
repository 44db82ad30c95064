"""Lists: one description serves the page, the API, the export and the figures that open it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, FromClause, Row, Select, SQLColumnExpression, and_, func, or_, select

from models import Organization
from service.context import Context

PAGE_SIZE = 20
LARGEST_PAGE = 200
Option = tuple[str, str]
Params = Mapping[str, str]


@dataclass(frozen=True)
class Column:
    """One column: ``value`` is selected as ``key``; ``show`` turns it into the text of an export cell.

    ``told`` is what the actor is told instead, where not everybody is told the same.
    """

    key: str
    label: str
    value: SQLColumnExpression[Any]
    align: str = "start"
    sortable: bool = True
    show: Callable[[Any], Any] = lambda value: value
    listed: bool = True
    told: Callable[[Context], SQLColumnExpression[Any]] | None = None

    def for_actor(self, ctx: Context) -> SQLColumnExpression[Any]:
        """What is selected for the actor."""
        return self.told(ctx) if self.told is not None else self.value


@dataclass(frozen=True)
class Filter:
    """One way to narrow a list: ``where`` gives the condition for a value, or None when the value means nothing."""

    key: str
    label: str
    where: Callable[[Context, str], ColumnElement[bool] | None]
    options: Callable[[Context], Sequence[Option]] = lambda _ctx: ()
    widget: str = "select"


@dataclass(frozen=True)
class Listing:
    """A list of one kind of record. ``path`` is its page; ``order`` a column key, with “-” for descending."""

    key: str
    label: str
    path: str
    source: FromClause
    columns: tuple[Column, ...]
    visible: Callable[[Context], ColumnElement[bool]]
    search: tuple[SQLColumnExpression[str], ...] = ()
    filters: tuple[Filter, ...] = ()
    order: str = "-id"
    unit: str = "条"

    def column(self, key: str) -> Column | None:
        """The column of that key."""
        return next((column for column in self.columns if column.key == key), None)

    def href(self, params: Params) -> str:
        """The page that shows the list narrowed by ``params``."""
        query = urlencode({key: value for key, value in params.items() if value != ""})
        return f"{self.path}?{query}" if query else self.path


@dataclass(frozen=True)
class Shown:
    """A filter as the page shows it: its options and the value chosen."""

    key: str
    label: str
    options: Sequence[Option]
    value: str
    widget: str


@dataclass(frozen=True)
class Page:
    """One page of a list, with everything its template needs to move around in it."""

    listing: Listing
    params: Params
    rows: Sequence[Row[Any]]
    number: int
    pages: int
    total: int
    size: int
    sort: str
    filters: Sequence[Shown] = field(default_factory=tuple)

    @property
    def query(self) -> str:
        """What was searched for."""
        return self.params.get("q", "")

    @property
    def is_narrowed(self) -> bool:
        """Whether a search or a filter is at work."""
        return any(value for key, value in self.params.items() if key not in ("page", "size", "sort"))

    def href_for(self, number: int) -> str:
        """The address of page ``number``."""
        return self.listing.href({**self.params, "page": str(number)})

    def sort_href(self, key: str) -> str:
        """The address of the same list sorted by ``key``; a second press turns the order round."""
        turned = f"-{key}" if self.sort == key else key
        return self.listing.href({**self.params, "sort": turned, "page": ""})

    def export_href(self, form: str) -> str:
        """The address of the whole list, as filtered, in the ``form`` xlsx or csv."""
        at = self.listing.href({**self.params, "page": "", "size": ""})
        path, _, query = at.partition("?")
        return f"{path}.{form}" + (f"?{query}" if query else "")


def page_of(ctx: Context, listing: Listing, params: Params) -> Page:
    """The page that ``params`` (q, page, size, sort and the filters' keys) ask for; odd values fall back."""
    known = _known(listing, params)
    conditions = _conditions(ctx, listing, known)
    total = ctx.session.scalar(select(func.count()).select_from(listing.source).where(*conditions)) or 0
    size = min(max(_whole(params.get("size"), PAGE_SIZE), 1), LARGEST_PAGE)
    pages = max(-(-total // size), 1)
    number = min(max(_whole(params.get("page"), 1), 1), pages)
    sort = _sort(listing, params)
    rows = ctx.session.execute(_ordered(ctx, listing, sort, conditions).limit(size).offset((number - 1) * size)).all()
    shown = tuple(
        Shown(one.key, one.label, one.options(ctx), known.get(one.key, ""), one.widget) for one in listing.filters
    )
    kept = {**known, **{key: params[key] for key in ("size", "sort") if params.get(key)}}
    return Page(listing, kept, rows, number, pages, total, size, sort, shown)


def all_rows(ctx: Context, listing: Listing, params: Params) -> Iterator[Row[Any]]:
    """Every row of the list as filtered and sorted, for exports."""
    conditions = _conditions(ctx, listing, _known(listing, params))
    yield from ctx.session.execute(_ordered(ctx, listing, _sort(listing, params), conditions)).yield_per(500)


def count(ctx: Context, listing: Listing, params: Params) -> int:
    """How many rows the list has under ``params``."""
    conditions = _conditions(ctx, listing, _known(listing, params))
    return ctx.session.scalar(select(func.count()).select_from(listing.source).where(*conditions)) or 0


def total(ctx: Context, listing: Listing, params: Params, key: str) -> int:
    """The sum of column ``key`` over the rows the list has under ``params``; 0 when there are none."""
    column = listing.column(key)
    if column is None:
        raise KeyError(key)
    conditions = _conditions(ctx, listing, _known(listing, params))
    summed = ctx.session.scalar(select(func.sum(column.value)).select_from(listing.source).where(*conditions))
    return int(summed or 0)


def latest(ctx: Context, listing: Listing, params: Params, key: str) -> Any:
    """The largest value of column ``key`` over the rows the list has under ``params``; None when there are none."""
    column = listing.column(key)
    if column is None:
        raise KeyError(key)
    conditions = _conditions(ctx, listing, _known(listing, params))
    return ctx.session.scalar(select(func.max(column.value)).select_from(listing.source).where(*conditions))


def choices(kind: Any) -> Callable[[Context], Sequence[Option]]:
    """The options of a labelled choice."""
    return lambda _ctx: tuple((member.value, member.label) for member in kind)


def equals(column: SQLColumnExpression[Any], kind: Any = None) -> Callable[[Context, str], ColumnElement[bool] | None]:
    """A filter's condition: the column equals the value, which must be one of ``kind`` if that is given.

    Several values may be given with commas between.
    """

    def where(_ctx: Context, value: str) -> ColumnElement[bool] | None:
        values = value.split(",")
        if kind is not None:
            values = [one for one in values if one in {member.value for member in kind}]
        return column.in_(values) if values else None

    return where


def equals_number(column: SQLColumnExpression[Any]) -> Callable[[Context, str], ColumnElement[bool] | None]:
    """A filter's condition: the column equals a whole number."""

    def where(_ctx: Context, value: str) -> ColumnElement[bool] | None:
        number = whole_number(value)
        return column == number if number is not None else None

    return where


def whole_number(text: str | None) -> int | None:
    """The number that ``text`` writes in plain digits; None when it writes none, or more digits than any record has."""
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) <= 30 else None


def demo_filter(column: SQLColumnExpression[bool]) -> Filter:
    """示例 records: shown with the rest, left out, or alone; no choice where the installation has none.

    Every 示例 record hangs on a 示例 organization, so one look tells.
    """
    both = (("0", "不含示例"), ("1", "只看示例"))
    any_demo = select(Organization.id).where(Organization.is_demo).limit(1)
    return Filter(
        "demo",
        "示例数据",
        lambda _ctx, value: {"0": column.is_(False), "1": column.is_(True)}.get(value),
        lambda ctx: both if ctx.session.scalar(any_demo) is not None else (),
    )


def narrowed(listing: Listing, condition: Callable[[Context], ColumnElement[bool]]) -> Listing:
    """The same list with one more condition that always holds."""
    return replace(listing, visible=lambda ctx: and_(listing.visible(ctx), condition(ctx)))


def _known(listing: Listing, params: Params) -> dict[str, str]:
    keys = ("q", *(one.key for one in listing.filters))
    return {key: params[key].strip() for key in keys if params.get(key, "").strip()}


def _conditions(ctx: Context, listing: Listing, known: Params) -> list[ColumnElement[bool]]:
    found = [listing.visible(ctx)]
    found.extend(
        or_(*(column.icontains(word, autoescape=True) for column in listing.search))
        for word in known.get("q", "").split()
    )
    asked = (one.where(ctx, known[one.key]) for one in listing.filters if one.key in known)
    return found + [condition for condition in asked if condition is not None]


def _sort(listing: Listing, params: Params) -> str:
    wanted = params.get("sort", "")
    column = listing.column(wanted.removeprefix("-"))
    return wanted if column is not None and column.sortable else listing.order


def _ordered(ctx: Context, listing: Listing, sort: str, conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    column = listing.column(sort.removeprefix("-"))
    identity = listing.column("id")
    if column is None or identity is None:
        raise KeyError(sort)
    value = column.for_actor(ctx)
    by = value.desc().nulls_last() if sort.startswith("-") else value.asc().nulls_last()
    chosen: Select[Any] = select(*(one.for_actor(ctx).label(one.key) for one in listing.columns))  # type: ignore[assignment] # mypy unrolls the star
    return chosen.select_from(listing.source).where(*conditions).order_by(by, identity.value)


def _whole(text: str | None, otherwise: int) -> int:
    number = whole_number(text)
    return number if number is not None and number < 10**9 else otherwise
