"""Search and kept searches under /api/v1."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Request

from models import SavedSearch
from service.api.schemas import Out, asked
from service.commands import Version
from service.queries.saved_searches import kept_searches
from service.queries.search import search_page
from service.queries.search_facets import FACETS
from service.usecases.searches import (
    EditSearch,
    KeepSearch,
    MoveSearch,
    edit_search,
    forget_search,
    keep_search,
    look_through,
    own_search,
)
from service.web.dependencies import ContextDep

router = APIRouter(tags=["搜索"])
ASKED = (
    ("q", "搜索的词"),
    *FACETS,
    ("sort", "date 为新的在前"),
    ("exact", "1 为照原样搜，不猜错字"),
    ("page", "第几页，从 1 起"),
)
"""What a search asks for."""


class LitOut(Out):
    """A piece of a text; ``lit`` where it is what was searched for."""

    text: str
    lit: bool


class ResultOut(Out):
    """One result. ``complete``: it has every word; ``href`` is its page."""

    key: str
    kind: str
    kind_label: str
    href: str
    title: list[LitOut]
    text: list[LitOut]
    note: str
    region: str
    state: str | None
    day: date | None
    score: float
    complete: bool
    is_demo: bool


class ChoiceOut(Out):
    """One value of a facet with how many results have it."""

    value: str
    label: str
    count: int


class FacetOut(Out):
    """One way to narrow the results; ``key`` is the parameter."""

    key: str
    label: str
    choices: list[ChoiceOut]


class CorrectionOut(Out):
    """A slip that was taken for another word; ``exact=1`` searches for what was typed."""

    typed: str
    taken: str


class SearchOut(Out):
    """One page of results. ``complete`` counts those with every word, ``unknown`` are words that nothing has."""

    total: int
    complete: int
    page: int
    pages: int
    items: list[ResultOut]
    facets: list[FacetOut]
    corrections: list[CorrectionOut]
    unknown: list[str]


class KeptOut(Out):
    """A kept search; ``version`` goes back with a change. ``fresh`` counts results found since the last look."""

    id: int
    version: int
    name: str
    query: str
    filters: dict[str, Any]
    alerts: bool
    fresh: int
    checked_at: datetime | None
    created_at: datetime


@router.get("/search", openapi_extra=asked(ASKED), summary="搜索")
def get_search(request: Request, ctx: ContextDep) -> SearchOut:
    page = search_page(ctx, request.query_params)
    items = [
        ResultOut.model_validate(
            {
                **{name: getattr(one, name) for name in ("key", "href", "note", "region", "score", "complete")},
                "title": [LitOut.model_validate(piece) for piece in one.title],
                "text": [LitOut.model_validate(piece) for piece in one.text],
                "kind": one.kind.key,
                "kind_label": one.kind.label,
                "state": getattr(one.record.row.state, "value", one.record.row.state),
                "day": one.record.day,
                "is_demo": one.record.row.is_demo,
            }
        )
        for one in page.results
    ]
    return SearchOut(
        total=page.total,
        complete=page.complete,
        page=page.number,
        pages=page.pages,
        items=items,
        facets=[FacetOut.model_validate(facet) for facet in page.facets],
        corrections=[CorrectionOut.model_validate(one) for one in page.corrections],
        unknown=list(page.unknown),
    )


@router.get("/searches", summary="保存的搜索")
def get_kept(ctx: ContextDep) -> list[KeptOut]:
    return [_out(one.search, one.fresh) for one in kept_searches(ctx)]


@router.post("/searches", status_code=201, summary="保存搜索")
def post_kept(ctx: ContextDep, command: KeepSearch) -> KeptOut:
    return _out(keep_search(ctx, command), 0)


@router.get("/searches/{search_id}", summary="一个保存的搜索")
def get_one(search_id: int, ctx: ContextDep) -> KeptOut:
    search = own_search(ctx, search_id)
    return next(_out(search, one.fresh) for one in kept_searches(ctx) if one.search.id == search.id)


@router.put("/searches/{search_id}", summary="修改保存的搜索")
def put_one(search_id: int, ctx: ContextDep, command: EditSearch) -> KeptOut:
    edit_search(ctx, search_id, command)
    return get_one(search_id, ctx)


@router.post("/searches/{search_id}/seen", summary="新结果都看过了")
def post_seen(search_id: int, ctx: ContextDep) -> KeptOut:
    return _out(look_through(ctx, search_id), 0)


@router.delete("/searches/{search_id}", status_code=204, summary="删除保存的搜索")
def delete_one(search_id: int, version: Version, ctx: ContextDep) -> None:
    forget_search(ctx, search_id, MoveSearch(version=version))


def _out(search: SavedSearch, fresh: int) -> KeptOut:
    columns = {name: getattr(search, name) for name in KeptOut.model_fields if name != "fresh"}
    return KeptOut.model_validate({**columns, "fresh": fresh})
