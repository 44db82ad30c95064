"""Reference facts with their sources: key technologies, programmes, official figures, taxonomies, documents."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.queries.facts import FACTS, Fact, IndicatorKind, ProgrammeKind, fact_detail, in_words, word_for
from service.queries.listing import count, page_of
from service.queries.sources import PAGES, Cited, passages_of, source_of, sources
from service.queries.trees import taxonomies, tree_of
from service.web.dependencies import ContextDep
from service.web.downloads import download
from service.web.templating import render

router = APIRouter(prefix="/facts", tags=["资料"])
WORDS: dict[str, Any] = {
    "in_words": in_words,
    "word_for": word_for,
    "kinds": {"subtype": ProgrammeKind, "kind": IndicatorKind},
}


@router.get("")
def show_index(request: Request, ctx: ContextDep) -> Response:
    found = [(fact, count(ctx, fact.listing, {})) for fact in FACTS.values()]
    return render(request, ctx, "facts/index.html", found=found, taxonomies=taxonomies(ctx), sources=sources(ctx))


@router.get("/taxonomies/{scheme}")
def show_taxonomy(scheme: str, request: Request, ctx: ContextDep) -> Response:
    return render(request, ctx, "facts/taxonomy.html", tree=tree_of(ctx, scheme), taxonomies=taxonomies(ctx))


@router.get("/sources/{key}.{form}")
def export_source(key: str, form: str, request: Request, ctx: ContextDep) -> Response:
    return download(ctx, passages_of(source_of(ctx, key)), request.query_params, form)


@router.get("/sources/{key}")
def show_source(key: str, request: Request, ctx: ContextDep) -> Response:
    source = source_of(ctx, key)
    page = page_of(ctx, passages_of(source), request.query_params)
    return render(request, ctx, "facts/source.html", source=source, page=page, Cited=Cited, pages=PAGES)


def router_of(fact: Fact) -> APIRouter:
    """The routes of one kind of reference record."""
    made = APIRouter(prefix=f"/facts/{fact.key}", tags=[fact.label])

    @made.get("")
    def show_list(request: Request, ctx: ContextDep) -> Response:
        page = page_of(ctx, fact.listing, request.query_params)
        return render(request, ctx, "facts/list.html", fact=fact, page=page, **WORDS)

    @made.get(".{form}")
    def export_list(form: str, request: Request, ctx: ContextDep) -> Response:
        return download(ctx, fact.listing, request.query_params, form)

    @made.get("/{record_id:int}")
    def show_one(record_id: int, request: Request, ctx: ContextDep) -> Response:
        return render(request, ctx, "facts/detail.html", fact=fact, detail=fact_detail(ctx, fact, record_id))

    return made


routers = [router, *(router_of(fact) for fact in FACTS.values())]
