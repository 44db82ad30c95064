"""Technology contracts as a list, and those of one project."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import aliased

from models import Contract, ContractKind, InvestmentEntry, Organization, PaymentMode, Project
from models.money import yuan
from service import visibility
from service.context import Context
from service.errors import NotFound
from service.queries.listing import Column, Filter, Listing, choices, demo_filter, equals, equals_number
from service.queries.narrowing import by_region, by_year

_Buyer, _Seller = aliased(Organization), aliased(Organization)

_LINES = (
    select(func.count())
    .select_from(InvestmentEntry)
    .where(InvestmentEntry.contract_id == Contract.id)
    .correlate(Contract)
    .scalar_subquery()
)

CONTRACTS = Listing(
    key="contracts",
    label="技术合同",
    path="/contracts",
    source=Contract.__table__.join(Project.__table__, Project.id == Contract.project_id),
    columns=(
        Column("id", "编号", Contract.id),
        Column("title", "合同名称", Contract.title),
        Column("kind", "类型", Contract.kind),
        Column(
            "buyer",
            "买方",
            select(_Buyer.name).where(_Buyer.id == Contract.buyer_id).correlate(Contract).scalar_subquery(),
            sortable=False,
        ),
        Column(
            "seller",
            "卖方",
            select(_Seller.name).where(_Seller.id == Contract.seller_id).correlate(Contract).scalar_subquery(),
            sortable=False,
        ),
        Column("signed_on", "签订日期", Contract.signed_on),
        Column("amount", "成交额（元）", Contract.amount_fen, align="right", show=yuan),
        Column("technology_amount", "技术交易额（元）", Contract.technology_amount_fen, align="right", show=yuan),
        Column("payment_mode", "支付方式", Contract.payment_mode, sortable=False),
        Column("registration_number", "登记编号", Contract.registration_number, sortable=False),
        Column("project_title", "合作项目", Project.title),
        Column("valid_from", "有效期自", Contract.valid_from, sortable=False),
        Column("valid_to", "有效期至", Contract.valid_to),
        Column("is_demo", "示例", Contract.is_demo, sortable=False),
        Column("project_id", "项目编号", Contract.project_id, listed=False),
        Column("version", "版本号", Contract.version, listed=False),
        Column("lines", "资金流水笔数", _LINES, sortable=False, listed=False),
    ),
    visible=visibility.contracts,
    search=(Contract.title, func.coalesce(Contract.registration_number, ""), Project.title),
    filters=(
        Filter("kind", "类型", equals(Contract.kind, ContractKind), choices(ContractKind)),
        by_year(Contract.signed_on, "签订年份"),
        by_region(Project.region_code),
        Filter("payment", "支付方式", equals(Contract.payment_mode, PaymentMode), choices(PaymentMode)),
        Filter("project", "合作项目", equals_number(Contract.project_id), widget="hidden"),
        demo_filter(Contract.is_demo),
    ),
    order="-signed_on",
    unit="份",
)


def contracts_of(ctx: Context, project_id: int) -> Sequence[Row[Any]]:
    """The rows of the list that belong to one project, oldest first."""
    wanted: Any = select(*(column.value.label(column.key) for column in CONTRACTS.columns))
    rows: Sequence[Row[Any]] = ctx.session.execute(
        wanted.select_from(CONTRACTS.source)
        .where(Contract.project_id == project_id, CONTRACTS.visible(ctx))
        .order_by(Contract.signed_on, Contract.id)
    ).all()
    return rows


def contract_of(ctx: Context, contract_id: int) -> Contract:
    """The contract, if the actor may know of it. Raises NotFound."""
    found = ctx.session.scalar(select(Contract).where(Contract.id == contract_id, visibility.contracts(ctx)))
    if found is None:
        raise NotFound(f"没有编号为 {contract_id} 的技术合同")
    return found
