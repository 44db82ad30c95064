"""Keep a search, be told of new results, look at them; and the job that looks for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import delete, select, update

from models import Account, Organization, SavedSearch, SearchChange
from service.commands import Command, Version
from service.context import Context
from service.errors import Conflict, NotFound
from service.queries.saved_searches import complete_keys
from service.queries.search_facets import FACETS
from service.queries.search_index import state_of
from service.web.identity import actor_of

MOST_KEPT = 50
"""Searches one account may keep."""
MOST_RESULTS = 2000
"""A search with more results than these says too little for new ones to be news."""
KEPT_CHANGES = 20_000
"""Numbered changes that are kept; a process that is further behind reads everything anew."""

Value = Annotated[str, Field(max_length=200)]


class KeepSearch(Command):
    """A search to be kept: what the address of the search page says."""

    name: Annotated[str, Field(max_length=100, title="名称", description="留空则用搜索的词")] = ""
    q: Annotated[str, Field(min_length=1, max_length=200, title="搜索的词")]
    kind: Value = ""
    point: Value = ""
    industry8: Value = ""
    region: Value = ""
    state: Value = ""
    organization_kind: Value = ""
    year: Value = ""
    demo: Value = ""

    @property
    def filters(self) -> dict[str, str]:
        """The filters that are set."""
        return {key: getattr(self, key) for key, _ in FACETS if getattr(self, key)}


class EditSearch(Command):
    """A new name for a kept search, and whether it tells of new results."""

    name: Annotated[str, Field(min_length=1, max_length=100, title="名称")]
    alerts: Annotated[bool, Field(title="有新结果时提醒我", json_schema_extra={"widget": "checkbox"})] = True
    version: Version


class MoveSearch(Command):
    """Nothing but the version that was read."""

    version: Version


def keep_search(ctx: Context, command: KeepSearch) -> SavedSearch:
    """Keep a search for the actor; what it finds now is no news later.

    Raises NotSignedIn, or Conflict when there are too many kept searches or too many results.
    """
    ctx.demand("keep_search")
    account_id = _account_id(ctx)
    kept = ctx.session.scalars(select(SavedSearch).where(SavedSearch.account_id == account_id)).all()
    if len(kept) >= MOST_KEPT:
        raise Conflict(f"已保存 {len(kept)} 个搜索，最多 {MOST_KEPT} 个；请先删除不再需要的。")
    if any((one.query, one.filters) == (command.q, command.filters) for one in kept):
        raise Conflict("这个搜索已经保存过，见“保存的搜索”。")
    found = complete_keys(ctx, command.q, command.filters)
    if len(found) > MOST_RESULTS:
        raise Conflict(f"现在就有 {len(found)} 条结果，太多了，提醒没有意义；请再加一个词，或用左侧的条件缩小范围。")
    seq, _ = state_of(ctx)
    search = ctx.add(
        SavedSearch(
            account_id=account_id,
            name=command.name or command.q[:100],
            query=command.q,
            filters=command.filters,
            checked_seq=seq,
            checked_at=ctx.now,
            seen=found,
            fresh=[],
        )
    )
    ctx.audit("keep_search", search, name=search.name)
    return search


def edit_search(ctx: Context, search_id: int, command: EditSearch) -> SavedSearch:
    """Rename a kept search, pause its alerts or take them up again. Raises NotFound or Conflict."""
    search = own_search(ctx, search_id)
    ctx.check_version(search, command.version)
    if command.alerts and not search.alerts:
        search.checked_seq = 0
    search.name, search.alerts = command.name, command.alerts
    ctx.touch(search)
    ctx.audit("edit", search, name=search.name, alerts=search.alerts)
    return search


def look_through(ctx: Context, search_id: int) -> SavedSearch:
    """Take the new results of a kept search as seen. Raises NotFound."""
    search = own_search(ctx, search_id)
    search.seen = sorted({*search.seen, *search.fresh})
    search.fresh = []
    ctx.touch(search)
    ctx.audit("look_through_search", search)
    return search


def forget_search(ctx: Context, search_id: int, command: MoveSearch) -> None:
    """Delete a kept search. Raises NotFound or Conflict."""
    search = own_search(ctx, search_id)
    ctx.check_version(search, command.version)
    ctx.audit("forget_search", search, name=search.name)
    ctx.session.delete(search)
    ctx.flush()


def own_search(ctx: Context, search_id: int) -> SavedSearch:
    """One of the actor's own kept searches; another's is as if it were not there. Raises NotSignedIn or NotFound."""
    ctx.demand("keep_search")
    search = ctx.session.get(SavedSearch, search_id)
    if search is None or search.account_id != ctx.actor.account_id:
        raise NotFound(f"没有编号为 {search_id} 的保存的搜索。")
    return search


def _account_id(ctx: Context) -> int:
    if ctx.actor.account_id is None:
        raise NotFound("只有账号能保存搜索。")
    return ctx.actor.account_id


def check_searches(ctx: Context) -> int:
    """Look for new results of every search that wants to tell of them, each with its owner's eyes; how many there are.

    Results that are gone, or no longer open to the owner, are no news. Neither the search's version nor the time it was
    last changed moves: nobody changed it.
    """
    seq, _ = state_of(ctx)
    found = 0
    rows = ctx.session.execute(
        select(SavedSearch, Account, Organization.name)
        .join(Account, Account.id == SavedSearch.account_id)
        .join(Organization, Organization.id == Account.organization_id)
        .where(SavedSearch.alerts, Account.is_active, SavedSearch.checked_seq < seq)
        .order_by(SavedSearch.id)
    ).all()
    for search, account, organization in rows:
        eyes = Context(ctx.session, ctx.now, actor_of(account, organization), ctx.settings, ctx.demands)
        keys = complete_keys(eyes, search.query, search.filters)
        fresh = [key for key in keys if key not in set(search.seen)]
        found += len(fresh)
        _note(ctx, search, {"fresh": fresh, "checked_seq": seq, "checked_at": ctx.now})
    ctx.session.execute(delete(SearchChange).where(SearchChange.seq < seq - KEPT_CHANGES))
    return found


def _note(ctx: Context, search: SavedSearch, values: Mapping[str, Any]) -> None:
    statement = update(SavedSearch).where(SavedSearch.id == search.id).values(**values)
    ctx.session.execute(statement.execution_options(synchronize_session=False))
    ctx.session.expire(search)
