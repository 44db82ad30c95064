"""匹配质量: how good the ranking is by what people decided, and the weights it goes by."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from matching.feedback import FEWEST_HELD_OUT, FEWEST_NEEDS, GRADE_LABELS, METRIC_LABELS
from matching.signals import SIGNALS
from service.context import Context
from service.queries.match_quality import FEWEST_SHOWN, match_quality
from service.queries.weight_effect import weight_effect
from service.queries.weight_sets import set_in_force
from service.usecases.weights import (
    SetWeights,
    TryWeights,
    activate_weights,
    request_learning,
    restore_shipped_weights,
    set_weights,
)
from service.web.dependencies import ContextDep, FormDep
from service.web.forms import FormState, complete, fields_of, labels_of, values_of
from service.web.templating import go, render

router = APIRouter(prefix="/quality", tags=["匹配质量"])
LIMITS = {"needs": FEWEST_NEEDS, "held_out": FEWEST_HELD_OUT, "shown": FEWEST_SHOWN}


@router.get("")
def show_quality(request: Request, ctx: ContextDep) -> Response:
    quality = match_quality(ctx)
    words: dict[str, Any] = {"grades": GRADE_LABELS, "metrics": METRIC_LABELS, "limits": LIMITS}
    return render(request, ctx, "quality/quality.html", quality=quality, **words)


@router.get("/weights")
def show_weights(request: Request, ctx: ContextDep) -> Response:
    ctx.demand("set_weights")
    return _weights(request, ctx, FormState(_in_force(ctx)))


@router.post("/weights/try")
def post_try(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: TryWeights) -> Response:
        shown = FormState({**values_of(TryWeights, form), "note": (form.get("note") or [""])[0]})
        return _weights(request, ctx, shown, weights=command.weights())

    ctx.demand("set_weights")
    return complete(ctx, form, TryWeights, act, lambda state, code: _weights(request, ctx, state, code))


@router.post("/weights")
def post_weights(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: SetWeights) -> Response:
        set_weights(ctx, command)
        return go("/quality", "weights")

    ctx.demand("set_weights")
    return complete(ctx, form, SetWeights, act, lambda state, code: _weights(request, ctx, state, code))


@router.post("/weights/shipped")
def post_shipped(ctx: ContextDep) -> Response:
    restore_shipped_weights(ctx)
    return go("/quality", "weights")


@router.post("/weights/{weights_id:int}/activate")
def post_activate(weights_id: int, ctx: ContextDep) -> Response:
    activate_weights(ctx, weights_id)
    return go("/quality", "weights")


@router.post("/learn")
def post_learn(ctx: ContextDep) -> Response:
    request_learning(ctx)
    return go("/quality", "queued")


def _in_force(ctx: Context) -> dict[str, str]:
    """The weights in force as the form shows them: shares of 100."""
    return {one.name: f"{one.share * 100:.1f}".removesuffix(".0") for one in set_in_force(ctx).shares}


def _weights(
    request: Request, ctx: Context, form: FormState, status: int = 200, weights: dict[str, float] | None = None
) -> Response:
    return render(
        request,
        ctx,
        "quality/weights.html",
        status=status,
        form=form,
        fields=fields_of(SetWeights, [signal.name for signal in SIGNALS]),
        labels=labels_of(SetWeights),
        in_force=set_in_force(ctx),
        effect=weight_effect(ctx, weights) if weights is not None else None,
        metrics=METRIC_LABELS,
        limits=LIMITS,
    )
