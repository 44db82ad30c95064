"""Needs and achievements under /api/v1, for every kind of posting alike."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Request
from pydantic import Field

from matching.checkup import Severity
from models import Confidentiality, PostingState
from service.api.schemas import CategoryOut, Many, Out, Yuan, many, narrowed_by
from service.context import Context
from service.kinds import KINDS, Kind
from service.queries.assistance import assistance
from service.queries.listing import page_of
from service.queries.postings import LISTINGS, posting_detail
from service.usecases.postings import MOVES, MovePosting, edit_posting, write_posting
from service.web.dependencies import ContextDep


class PostingRow(Out):
    """A need or an achievement in a list. ``organization`` is the name it shows to the public."""

    id: int
    title: str
    organization: str
    region: str | None
    state: PostingState
    published_at: datetime | None
    posted_on_behalf: bool
    is_demo: bool


class PostingOut(Out):
    """What every kind of posting has; contacts are null where the asker may not read them."""

    id: int
    version: int
    title: str
    organization: str
    organization_id: int | None
    posted_on_behalf: bool
    region_code: str | None
    keywords: list[str]
    categories: list[CategoryOut]
    confidentiality: Confidentiality
    state: PostingState
    review_remark: str
    published_at: datetime | None
    contact_name: str | None
    contact_phone: str | None
    is_demo: bool


class NeedOut(PostingOut):
    """A technical need."""

    problem: str
    present_state: str
    target_indicators: str
    budget: Yuan | None = Field(validation_alias="budget_fen")
    deadline: date | None
    cooperation_modes: list[str]
    wanted_trl: int | None
    is_bottleneck: bool


class AchievementOut(PostingOut):
    """An achievement."""

    abstract: str
    advantages: str
    application: str
    trl: int | None
    ip_summary: str
    conversion_modes: list[str]
    price: Yuan | None = Field(validation_alias="price_fen")
    price_negotiable: bool


class AssistanceOut(Out):
    """What helps while a posting is written."""

    findings: list[FindingOut]
    keywords: list[str]
    suggested: list[SuggestedOut]
    lookalikes: list[LookalikeOut]
    comparables: list[ComparableOut]


class FindingOut(Out):
    """One thing to mend: the field, the span in its text (empty: the whole field), and what to change."""

    kind: str
    severity: Severity
    field: str
    start: int
    end: int
    excerpt: str
    advice: str


class LookalikeOut(Out):
    """A posting that resembles the text; ``similarity`` in percent."""

    id: int
    title: str
    organization: str
    similarity: int


class ComparableOut(Out):
    """A published posting on the same matter with some of its numbers."""

    id: int
    title: str
    organization: str
    numbers: list[str]


class SuggestedOut(Out):
    """A category the text seems to belong to; ``confidence`` in percent."""

    id: int
    scheme: str
    taxonomy: str
    name: str
    confidence: int
    because: str


OUT: dict[str, type[PostingOut]] = {"needs": NeedOut, "achievements": AchievementOut}


def as_out(ctx: Context, kind: Kind, posting_id: int) -> PostingOut:
    """The posting as the asker may read it."""
    detail = posting_detail(ctx, kind, posting_id)
    columns = {column.key: getattr(detail.posting, column.key) for column in detail.posting.__table__.columns}
    contact = detail.contact or (None, None)
    shown = {
        "organization": detail.organization,
        "organization_id": detail.organization_id,
        "categories": [CategoryOut(id=one, scheme=scheme, name=name) for one, scheme, name, _ in detail.categories],
        "review_remark": detail.review_remark,
        "contact_name": contact[0],
        "contact_phone": contact[1],
    }
    return OUT[kind.plural].model_validate(columns | shown)


def router_of(kind: Kind) -> APIRouter:
    """The routes of one kind of posting."""
    router = APIRouter(prefix=f"/{kind.plural}", tags=[kind.label])
    shape = OUT[kind.plural]

    def get_list(request: Request, ctx: ContextDep) -> Any:
        return many(page_of(ctx, LISTINGS[kind.plural], request.query_params), PostingRow)

    def post_one(ctx: ContextDep, command: Any) -> Any:
        return as_out(ctx, kind, write_posting(ctx, kind, command).id)

    def post_assist(ctx: ContextDep, command: Any) -> Any:
        ctx.demand(f"create_{kind.singular}")
        return assistance(ctx, kind, command.model_dump())

    def get_one(posting_id: int, ctx: ContextDep) -> Any:
        return as_out(ctx, kind, posting_id)

    def put_one(posting_id: int, ctx: ContextDep, command: Any) -> Any:
        edit_posting(ctx, kind, posting_id, command)
        return as_out(ctx, kind, posting_id)

    for written in (post_one, put_one, post_assist):
        written.__annotations__["command"] = kind.command
    add = router.add_api_route
    add(
        "",
        get_list,
        methods=["GET"],
        openapi_extra=narrowed_by(LISTINGS[kind.plural]),
        response_model=Many[PostingRow],
        summary=f"{kind.label}列表",
    )
    add("", post_one, methods=["POST"], status_code=201, response_model=shape, summary=f"新建{kind.label}草稿")
    add(
        "/assist",
        post_assist,
        methods=["POST"],
        response_model=AssistanceOut,
        summary="体检：要补的、相似内容、领域与关键词建议",
    )
    add("/{posting_id:int}", get_one, methods=["GET"], response_model=shape, summary=f"一条{kind.label}")
    add("/{posting_id:int}", put_one, methods=["PUT"], response_model=shape, summary=f"修改{kind.label}")
    for move in MOVES:
        add(
            f"/{{posting_id:int}}/{move}",
            _mover(kind, move),
            methods=["POST"],
            response_model=shape,
            summary=LABELS[move],
        )
    return router


LABELS = {
    "submit": "提交审核",
    "withdraw": "撤回",
    "return": "退回修改",
    "publish": "审核发布",
    "take-down": "下架",
    "win": "标记为已解决/已转化",
}


def _mover(kind: Kind, move: str) -> Any:
    def post_move(posting_id: int, ctx: ContextDep, command: MovePosting) -> Any:
        MOVES[move](ctx, kind, posting_id, command)
        return as_out(ctx, kind, posting_id)

    post_move.__name__ = f"{move.replace('-', '_')}_{kind.singular}"
    return post_move


AssistanceOut.model_rebuild()
routers = [router_of(kind) for kind in KINDS.values()]
