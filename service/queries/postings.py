"""Needs and achievements: their lists, one with all that belongs to it, and what resembles a text being written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, false, or_, select

from models import Organization, PostingState, Region
from models.money import shown
from service import visibility
from service.context import SHANGHAI, Context
from service.errors import NotFound
from service.kinds import KINDS, Kind
from service.policy import may_read
from service.queries import funnel
from service.queries.listing import Column, Filter, Listing, choices, demo_filter, equals, whole_number
from service.queries.naming import public_name, sees_every_name
from service.queries.narrowing import by_region, by_year
from service.queries.taxonomy import categories_of, filed_under, nodes


def _when(moment: Any) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d}" if moment is not None else ""


def _in_scheme(kind: Kind, scheme: str, label: str) -> Filter:
    def where(_ctx: Context, value: str) -> ColumnElement[bool] | None:
        node = whole_number(value)
        return filed_under(kind.link, kind.model.id, node) if node is not None else None

    return Filter(scheme, label, where, lambda ctx: nodes(ctx, scheme))


def _in_category(kind: Kind) -> Filter:
    """``category=``: a node of any taxonomy, and all below it."""
    return replace(_in_scheme(kind, "category", "分类"), options=lambda _ctx: (), widget="hidden")


def _mine(kind: Kind) -> Filter:
    def where(ctx: Context, _value: str) -> ColumnElement[bool]:
        return kind.model.organization_id == ctx.actor.organization_id if ctx.actor.organization_id else false()

    return Filter("mine", "归属", where, lambda ctx: (("1", "只看本机构"),) if ctx.actor.organization_id else ())


def _of_organization(kind: Kind) -> Filter:
    def where(ctx: Context, value: str) -> ColumnElement[bool] | None:
        number = whole_number(value)
        if number is None:
            return None
        named = kind.model.masked_name == ""
        own = kind.model.organization_id == ctx.actor.organization_id if ctx.actor.organization_id else false()
        open_to = or_(named, own) if not sees_every_name(ctx) else None
        match = kind.model.organization_id == number
        return match if open_to is None else and_(match, open_to)

    return Filter("organization", "机构", where, widget="hidden")


def _listing(kind: Kind) -> Listing:
    model = kind.model
    money = model.budget_fen if kind.plural == "needs" else model.price_fen
    maturity = (
        Column("wanted_trl", "成熟度要求", model.wanted_trl, align="right")
        if kind.plural == "needs"
        else Column("trl", "成熟度", model.trl, align="right")
    )
    return Listing(
        key=kind.plural,
        label=kind.label,
        path=f"/{kind.plural}",
        source=model.__table__.join(Organization, Organization.id == model.organization_id).outerjoin(
            Region, Region.code == model.region_code
        ),
        columns=(
            Column("id", "编号", model.id, align="right", listed=False),
            Column("title", "名称", model.title),
            Column("organization", kind.own_word, public_name(model, Organization)),
            Column("region", "地区", Region.name),
            maturity,
            Column("money", "预算" if kind.plural == "needs" else "意向价格", money, align="right", show=shown),
            Column("state", "状态", model.state, show=lambda state: kind.state_label(state)),
            Column("published_at", "发布日期", model.published_at, show=_when),
            Column("stage_hint", "原文阶段", model.stage_hint),
            Column("organization_id", "机构编号", model.organization_id, listed=False),
            Column("masked_name", "对外名称", model.masked_name, listed=False),
            Column("posted_on_behalf", "代发布", model.posted_on_behalf, listed=False),
            Column("confidentiality", "公开范围", model.confidentiality, show=lambda tier: tier.label),
            Column("is_demo", "示例", model.is_demo, listed=False),
        ),
        visible=lambda ctx: visibility.postings(ctx, model),
        search=(model.title, cast(model.keywords, Text), *_texts(kind), public_name(model, Organization)),
        filters=(
            _in_scheme(kind, "point", "点位"),
            _in_scheme(kind, "industry8", "重点产业"),
            _in_scheme(kind, "area", "技术领域"),
            _in_category(kind),
            by_region(model.region_code),
            Filter("state", "状态", equals(model.state, PostingState), choices(PostingState)),
            by_year(model.published_at, "发布年份"),
            *((funnel.REACHED,) if kind.plural == "needs" else ()),
            _mine(kind),
            _of_organization(kind),
            demo_filter(model.is_demo),
        ),
        order="-published_at",
        unit="项",
    )


def _texts(kind: Kind) -> tuple[ColumnElement[str], ...]:
    model = kind.model
    if kind.plural == "needs":
        return (model.problem, model.present_state, model.target_indicators)
    return (model.abstract, model.advantages, model.application)


LISTINGS: Mapping[str, Listing] = {kind.plural: _listing(kind) for kind in KINDS.values()}


@dataclass(frozen=True)
class Detail:
    """One posting as its page shows it. ``contact`` is None where the actor may not read it."""

    posting: Any
    kind: Kind
    organization: str
    organization_id: int | None
    region: str
    categories: Sequence[tuple[int, str, str, str]]
    contact: tuple[str, str] | None
    review_remark: str


def knows_name(ctx: Context, posting: Any) -> bool:
    """Whether the actor may read whose posting it is: unmasked, one's own, or the asker brings sides together."""
    return may_read(ctx, "", "organization", posting)


def posting_detail(ctx: Context, kind: Kind, posting_id: int) -> Detail:
    """The posting with what belongs to it. Raises NotFound when there is none the actor may know of."""
    model = kind.model
    row = ctx.session.execute(
        select(model, Organization.name, Region.name)
        .join(Organization, Organization.id == model.organization_id)
        .outerjoin(Region, Region.code == model.region_code)
        .where(model.id == posting_id, visibility.postings(ctx, model))
    ).first()
    if row is None:
        raise NotFound(f"没有编号为 {posting_id} 的{kind.label}，或您无权查看。")
    posting, organization, region = row
    named = knows_name(ctx, posting)
    return Detail(
        posting=posting,
        kind=kind,
        organization=organization if named else posting.masked_name,
        organization_id=posting.organization_id if named else None,
        region=region or "",
        categories=categories_of(ctx, kind.link, [posting_id]).get(posting_id, []),
        contact=_contact(ctx, posting),
        review_remark=posting.review_remark if may_read(ctx, "", "review_remark", posting) else "",
    )


def _contact(ctx: Context, posting: Any) -> tuple[str, str] | None:
    """Whom to call, where the actor may know; that somebody else than its owner saw it is written down."""
    if not may_read(ctx, "", "contact", posting):
        return None
    found = (posting.contact_name, posting.contact_phone)
    if any(found) and posting.organization_id != ctx.actor.organization_id and not ctx.actor.is_system:
        ctx.saw("see_contact", posting)
    return found
