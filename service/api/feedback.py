"""反馈汇总 under /api/v1: why the other side passed postings over, in counts."""

from __future__ import annotations

from fastapi import APIRouter, Request

from models import DismissalReason
from service.api.schemas import Out, narrowed_by
from service.kinds import KINDS, Kind
from service.queries.feedback import FEEDBACK, feedback
from service.web.dependencies import ContextDep


class PassedOut(Out):
    """How often one posting was passed over, by reason."""

    id: int
    title: str
    total: int
    by_reason: dict[DismissalReason, int]
    is_demo: bool


class FeedbackOut(Out):
    """Why postings were passed over; ``years`` has (year, times)."""

    total: int
    by_reason: dict[DismissalReason, int]
    postings: list[PassedOut]
    years: list[tuple[int, int]]


def _router(kind: Kind) -> APIRouter:
    router = APIRouter(prefix=f"/{kind.plural}/feedback", tags=["反馈汇总"])

    @router.get("", openapi_extra=narrowed_by(FEEDBACK[kind.plural]), summary=f"{kind.label}的反馈汇总")
    def get_feedback(request: Request, ctx: ContextDep) -> FeedbackOut:
        return FeedbackOut.model_validate(feedback(ctx, kind.plural, request.query_params))

    return router


routers = [_router(kind) for kind in KINDS.values()]
