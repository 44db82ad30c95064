"""The ledger as a list, and what its lines add up to for one project."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import aliased

from models import Contract, EntryKind, FundSource, InvestmentEntry, Project
from models.money import yuan
from service import visibility
from service.context import Context
from service.errors import NotFound
from service.queries.listing import Column, Filter, Listing, choices, demo_filter, equals, equals_number
from service.queries.narrowing import by_region, by_year

_Reversal = aliased(InvestmentEntry)

REVERSED_BY = (
    select(_Reversal.id).where(_Reversal.reverses_id == InvestmentEntry.id).correlate(InvestmentEntry).scalar_subquery()
)
"""The number of the line that takes this one back; NULL when none does."""


def _signed(_ctx: Context, value: str) -> ColumnElement[bool] | None:
    return {"1": Project.contracted_on.is_not(None), "0": Project.contracted_on.is_(None)}.get(value)


ENTRIES = Listing(
    key="ledger",
    label="资金流水",
    path="/ledger",
    source=InvestmentEntry.__table__.join(Project.__table__, Project.id == InvestmentEntry.project_id).outerjoin(
        Contract.__table__, Contract.id == InvestmentEntry.contract_id
    ),
    columns=(
        Column("id", "流水号", InvestmentEntry.id),
        Column("occurred_on", "发生日期", InvestmentEntry.occurred_on),
        Column("kind", "类别", InvestmentEntry.kind),
        Column("source", "资金来源", InvestmentEntry.source),
        Column("amount", "金额（元）", InvestmentEntry.amount_fen, align="right", show=yuan),
        Column("project_title", "合作项目", Project.title),
        Column("contract_title", "技术合同", Contract.title, sortable=False),
        Column("evidence", "凭证", InvestmentEntry.evidence, sortable=False),
        Column("note", "说明", InvestmentEntry.note, sortable=False),
        Column("reverses_id", "冲销流水号", InvestmentEntry.reverses_id, sortable=False),
        Column("entered_by", "登记人", InvestmentEntry.entered_by_name, sortable=False),
        Column("created_at", "登记时间", InvestmentEntry.created_at),
        Column("is_demo", "示例", InvestmentEntry.is_demo, sortable=False),
        Column("project_id", "项目编号", InvestmentEntry.project_id, listed=False),
        Column("contract_id", "合同编号", InvestmentEntry.contract_id, listed=False),
        Column("reversed_by", "被冲销于", REVERSED_BY, sortable=False, listed=False),
    ),
    visible=visibility.entries,
    search=(InvestmentEntry.evidence, InvestmentEntry.note, Project.title),
    filters=(
        Filter("kind", "类别", equals(InvestmentEntry.kind, EntryKind), choices(EntryKind)),
        Filter("source", "资金来源", equals(InvestmentEntry.source, FundSource), choices(FundSource)),
        by_year(InvestmentEntry.occurred_on, "发生年份"),
        by_region(Project.region_code),
        Filter("signed", "项目签约", _signed, lambda _ctx: (("1", "已签约项目"), ("0", "意向项目"))),
        Filter("project", "合作项目", equals_number(InvestmentEntry.project_id), widget="hidden"),
        demo_filter(InvestmentEntry.is_demo),
    ),
    order="-occurred_on",
    unit="笔",
)


@dataclass(frozen=True)
class Sums:
    """A project's money in 分: what was promised, what arrived and what was spent, never added together."""

    committed: int = 0
    received: int = 0
    spent: int = 0

    @property
    def left(self) -> int:
        """What arrived and is not spent yet."""
        return self.received - self.spent

    @property
    def outstanding(self) -> int:
        """What was promised and has not arrived; 0 when everything did."""
        return max(self.committed - self.received, 0)

    @property
    def exceeds(self) -> bool:
        """Whether more arrived than was promised, which wants a second look."""
        return self.received > self.committed


def sums_of(ctx: Context, project_id: int) -> Sums:
    """What the project's lines add up to, reversals taken off."""
    rows = ctx.session.execute(
        select(InvestmentEntry.kind, func.sum(InvestmentEntry.amount_fen))
        .where(InvestmentEntry.project_id == project_id)
        .group_by(InvestmentEntry.kind)
    )
    return Sums(**{kind.value.lower(): int(total) for kind, total in rows})


@dataclass(frozen=True)
class Line:
    """A ledger line and how much of its kind the project had after it, in 分."""

    row: Row[Any]
    running: int


def lines_of(ctx: Context, project_id: int) -> Sequence[Line]:
    """A project's lines in the order they happened, newest first, with running sums by kind."""
    wanted = ENTRIES.columns
    rows: Iterable[Any] = ctx.session.execute(
        select(*(column.value.label(column.key) for column in wanted))
        .select_from(ENTRIES.source)
        .where(InvestmentEntry.project_id == project_id)
        .order_by(InvestmentEntry.occurred_on, InvestmentEntry.id)
    )
    so_far: dict[EntryKind, int] = dict.fromkeys(EntryKind, 0)
    lines = []
    for row in rows:
        so_far[row.kind] += row.amount
        lines.append(Line(row, so_far[row.kind]))
    return lines[::-1]


def entry_of(ctx: Context, entry_id: int) -> Row[Any]:
    """The line as the list has it, if the actor may know of it. Raises NotFound."""
    wanted: Any = select(*(column.value.label(column.key) for column in ENTRIES.columns))
    row: Row[Any] | None = ctx.session.execute(
        wanted.select_from(ENTRIES.source).where(InvestmentEntry.id == entry_id, ENTRIES.visible(ctx))
    ).first()
    if row is None:
        raise NotFound(f"没有编号为 {entry_id} 的资金流水")
    return row
