"""How good the ranking is, and the weights it goes by, under /api/v1/quality."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter

from matching.feedback import GRADE_LABELS
from models import DismissalReason, WeightsOrigin, WeightsState
from service.api.schemas import Out
from service.context import Context
from service.queries.match_quality import match_quality
from service.queries.weight_effect import weight_effect
from service.queries.weight_sets import set_in_force, weight_sets
from service.usecases.weights import (
    SetWeights,
    TryWeights,
    activate_weights,
    request_learning,
    restore_shipped_weights,
    set_weights,
)
from service.web.dependencies import ContextDep

router = APIRouter(prefix="/quality", tags=["匹配质量"])


class IntervalOut(Out):
    """A mean over ``needs`` and its 95 % bootstrap interval; null where nothing could be measured."""

    value: float | None
    low: float | None
    high: float | None
    needs: int


class ComparedOut(Out):
    """One metric under two sets of weights and the paired difference."""

    before: IntervalOut
    after: IntervalOut
    difference: IntervalOut


class ShareOut(Out):
    """One matching factor's weight, and its share of the whole in [0, 1]."""

    name: str
    label: str
    weight: float
    share: float


class WeightSetOut(Out):
    """One set of weights; ``id`` null is the shipped one. ``metrics`` is what it was compared on when it was tried."""

    id: int | None
    origin: WeightsOrigin
    state: WeightsState
    shares: list[ShareOut]
    metrics: dict[str, Any]
    note: str
    by: str
    created_at: datetime | None
    activated_at: datetime | None
    retired_at: datetime | None


class PlaceOut(Out):
    """Decided pairs by the place they were shown at, and the share that was wanted."""

    label: str
    decided: int
    wanted: int
    share: IntervalOut


class ReasonOut(Out):
    """How often pairs were passed over for a reason; ``speaks_of_fit``: whether it is learned from."""

    reason: DismissalReason
    number: int
    speaks_of_fit: bool


class PartOut(Out):
    """One region's or field's needs and nDCG@10; ``is_enough`` false: too few to read anything from."""

    label: str
    needs: int
    found: IntervalOut
    is_enough: bool


class QualityOut(Out):
    """The ranking in force by what people decided. ``is_demo``: 示例 decisions, for there is no real one yet.

    ``is_measured`` false: too few needs to read anything from the metrics. ``lacking`` says in Chinese what is missing
    before weights are learned.
    """

    is_demo: bool
    needs: int
    telling: int
    grades: dict[str, int]
    silent: int
    from_opinions: int
    is_measured: bool
    metrics: dict[str, IntervalOut]
    lacking: list[str]
    in_force: WeightSetOut
    regions: list[PartOut]
    fields: list[PartOut]
    places: list[PlaceOut]
    reasons: list[ReasonOut]


class MovedOut(Out):
    """A judged pair whose place would change; titles are null where the asker may not see the pair."""

    grade: str
    before: int
    after: int
    href: str | None
    need: str | None
    achievement: str | None
    is_demo: bool


class EffectOut(Out):
    """What other weights would do to the judged pairs."""

    weights: list[ShareOut]
    needs: int
    is_measured: bool
    is_demo: bool
    comparison: dict[str, ComparedOut]
    overall: ComparedOut
    moved: list[MovedOut]


@router.get("", response_model=QualityOut, summary="使用中权重的匹配质量")
def get_quality(ctx: ContextDep) -> Any:
    found = match_quality(ctx)
    shown = {name: getattr(found, name) for name in QualityOut.model_fields if hasattr(found, name)}
    named = {GRADE_LABELS[grade]: number for grade, number in found.grades.items()}
    return {**shown, "needs": len(found.lists), "grades": named, "from_opinions": found.judged.from_opinions}


@router.get("/weights", response_model=list[WeightSetOut], summary="用过和试过的权重，新的在前")
def get_weights(ctx: ContextDep) -> Any:
    ctx.demand("read_quality")
    return weight_sets(ctx)


@router.post("/trial", response_model=EffectOut, summary="试算：换一套权重会怎样（不保存）")
def post_trial(ctx: ContextDep, command: TryWeights) -> Any:
    return weight_effect(ctx, command.weights())


@router.post("/weights", response_model=WeightSetOut, summary="人工设定权重并使用")
def post_weights(ctx: ContextDep, command: SetWeights) -> Any:
    set_weights(ctx, command)
    return _in_force(ctx)


@router.post("/weights/shipped", response_model=WeightSetOut, summary="恢复出厂设定")
def post_shipped(ctx: ContextDep) -> Any:
    restore_shipped_weights(ctx)
    return _in_force(ctx)


@router.post("/weights/{weights_id}/activate", response_model=WeightSetOut, summary="退回用过的一套权重")
def post_activate(weights_id: int, ctx: ContextDep) -> Any:
    activate_weights(ctx, weights_id)
    return _in_force(ctx)


@router.post("/learn", status_code=202, summary="现在就从结果学习一次（排入后台任务）")
def post_learn(ctx: ContextDep) -> dict[str, str]:
    request_learning(ctx)
    return {"state": "queued"}


def _in_force(ctx: Context) -> Any:
    ctx.flush()
    return set_in_force(ctx)
