"""Needs and achievements, in any state."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from models import (
    Achievement,
    AchievementCategory,
    Category,
    Confidentiality,
    Need,
    NeedCategory,
    Organization,
    OrganizationKind,
    PostingState,
)
from service.context import Context
from tests.factories.people import NOW, add_organization, numbers


def _posting_defaults(
    ctx: Context, kind: OrganizationKind, state: PostingState, columns: dict[str, Any]
) -> dict[str, Any]:
    """What every kind of posting has; the actor's own organization if its kind is right, else a new one."""
    organization: Organization | None = columns.pop("organization", None)
    if organization is None and columns.get("organization_id") is None:
        own = ctx.session.get(Organization, ctx.actor.organization_id) if ctx.actor.organization_id else None
        organization = own if own is not None and own.kind is kind else add_organization(ctx, kind=kind)
    values: dict[str, Any] = {
        "state": state,
        "region_code": "150600",
        "confidentiality": Confidentiality.PUBLIC,
        "contact_name": "示例联系人",
        "contact_phone": "0477-8580000",
        "submitted_at": None if state is PostingState.DRAFT else NOW - timedelta(days=20),
        "published_at": (
            None
            if state in (PostingState.DRAFT, PostingState.SUBMITTED, PostingState.RETURNED)
            else NOW - timedelta(days=18)
        ),
        "review_remark": "请补充目标指标的数值" if state is PostingState.RETURNED else "",
    }
    if organization is not None:
        values["organization_id"] = organization.id
    return {**values, **columns}


def add_need(
    ctx: Context,
    *,
    state: PostingState = PostingState.PUBLISHED,
    categories: list[Category] | None = None,
    **columns: Any,
) -> Need:
    """A need in any state, published unless told otherwise; ``organization=`` or ``organization_id=`` say whose."""
    values: dict[str, Any] = {
        "title": f"大功率碱性电解槽单耗降低（{next(numbers)}）",
        "problem": "现有 1000 Nm³/h 碱性电解槽在宽负荷下气体纯度下降，单耗偏高。",
        "present_state": "已试用两种隔膜，寿命不足 8000 小时。",
        "target_indicators": "直流单耗 ≤4.3 kWh/Nm³；氢气纯度 ≥99.9 %；负荷范围 30 %～110 %",
        "budget_fen": 280_000_000,
        "deadline": date(2026, 6, 30),
        "cooperation_modes": ["ENTRUSTED", "JOINT"],
        "keywords": ["电解水制氢", "隔膜"],
        **_posting_defaults(ctx, OrganizationKind.ENTERPRISE, state, columns),
    }
    need = ctx.add(Need(**values))
    for category in categories or []:
        ctx.add(NeedCategory(posting_id=need.id, category_id=category.id))
    return need


def add_achievement(
    ctx: Context,
    *,
    state: PostingState = PostingState.PUBLISHED,
    categories: list[Category] | None = None,
    **columns: Any,
) -> Achievement:
    """An achievement in any state, published unless told otherwise."""
    values: dict[str, Any] = {
        "title": f"高性能复合隔膜及其制备方法（{next(numbers)}）",
        "abstract": "面向碱性电解水制氢的复合隔膜，面电阻低、气密性好。",
        "advantages": "直流单耗可降至 4.2 kWh/Nm³，氢气纯度 99.95 %。",
        "application": "已在 500 Nm³/h 电解槽上运行 10000 小时。",
        "trl": 7,
        "ip_summary": "发明专利 3 件",
        "conversion_modes": ["LICENSE", "JOINT"],
        "price_fen": 150_000_000,
        "price_negotiable": True,
        "keywords": ["电解水制氢", "复合隔膜"],
        **_posting_defaults(ctx, OrganizationKind.INSTITUTE, state, columns),
    }
    achievement = ctx.add(Achievement(**values))
    for category in categories or []:
        ctx.add(AchievementCategory(posting_id=achievement.id, category_id=category.id))
    return achievement
