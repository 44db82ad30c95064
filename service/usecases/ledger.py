"""Write lines into the append-only ledger of a project, and take wrong ones back."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import field_validator
from sqlalchemy import select

from models import Contract, EntryKind, FundSource, InvestmentEntry, Project, ProjectState
from models.money import yuan
from service.commands import Command, Money, OptionalInt, wrong
from service.context import Context
from service.errors import Conflict, Illegal
from service.kinds import picked, words
from service.queries.ledger import REVERSED_BY, sums_of
from service.usecases.projects import refuse
from service.usecases.sensitive_words import refuse_secrets


class AddEntry(Command):
    """Input of a new line of the ledger."""

    kind: Annotated[EntryKind, picked("类别", "协议、到位、支出分别登记，从不相加", widget="select")]
    source: Annotated[FundSource, picked("资金来源", widget="select")]
    amount: Annotated[Money, picked("金额", "单位为元，也可写 128万元", widget="money")]
    occurred_on: Annotated[date, picked("发生日期", "协议签订、资金到账或付款的日期", widget="date")]
    evidence: Annotated[str, words("凭证", "合同编号、银行回单号、发票号或文件名", limit=500)]
    contract_id: Annotated[OptionalInt, picked("对应合同", "可留空", widget="select")] = None
    note: Annotated[str, words("说明", limit=1000, widget="textarea")] = ""
    confirm_repeat: Annotated[
        bool, picked("确认不是重复登记", "与已有流水相同但确属另一笔时勾选", widget="checkbox")
    ] = False

    @field_validator("amount")
    @classmethod
    def _positive(cls, value: int) -> int:
        if value <= 0:
            raise wrong("金额须大于 0；记错的流水请用冲销改正")
        return value

    @field_validator("evidence")
    @classmethod
    def _given(cls, value: str) -> str:
        if not value:
            raise wrong("请填写凭证，没有凭证的金额不能入账")
        return value


class ReverseEntry(Command):
    """Input of taking a line back."""

    reason: Annotated[str, words("冲销原因", "哪里记错了", limit=500)]

    @field_validator("reason")
    @classmethod
    def _given(cls, value: str) -> str:
        if not value:
            raise wrong("请写明冲销原因")
        return value


def add_entry(ctx: Context, project_id: int, command: AddEntry) -> InvestmentEntry:
    """Write a line. Raises Illegal where the stage forbids it, Invalid, and Conflict for a likely repeat."""
    refuse_secrets(ctx, command)
    project = ctx.require(Project, project_id, may="add_entry")
    _lock(ctx, project.id)
    _allow(project, command.kind)
    _check(ctx, project, command)
    if not command.confirm_repeat:
        _refuse_repeat(ctx, project, command)
    entry = InvestmentEntry(
        project_id=project.id,
        contract_id=command.contract_id,
        kind=command.kind,
        source=command.source,
        amount_fen=command.amount,
        occurred_on=command.occurred_on,
        evidence=command.evidence,
        note=command.note,
        is_demo=project.is_demo,
    )
    return _write(ctx, entry, "add_entry")


def reverse_entry(ctx: Context, entry_id: int, command: ReverseEntry) -> InvestmentEntry:
    """Take a line back by one of the negative amount on the same day, so that the year it was counted in is set right.

    Raises Conflict for a line that is a reversal or was reversed before, and for money that has already been spent.
    """
    refuse_secrets(ctx, command)
    entry = ctx.require(InvestmentEntry, entry_id, may="reverse_entry")
    _lock(ctx, entry.project_id)
    if entry.reverses_id is not None:
        raise Conflict(f"流水 #{entry.id} 本身就是一笔冲销，不能再冲销；如需恢复，请重新登记。")
    before = ctx.session.scalar(select(InvestmentEntry.id).where(InvestmentEntry.reverses_id == entry.id))
    if before is not None:
        raise Conflict(f"流水 #{entry.id} 已由流水 #{before} 冲销，不能重复冲销。")
    sums = sums_of(ctx, entry.project_id)
    if entry.kind is EntryKind.RECEIVED and sums.received - entry.amount_fen < sums.spent:
        raise Conflict(
            f"冲销后到位累计为 {_yuan(sums.received - entry.amount_fen)}，低于支出累计 {_yuan(sums.spent)}；"
            "请先冲销相应的支出。"
        )
    reversal = InvestmentEntry(
        project_id=entry.project_id,
        contract_id=entry.contract_id,
        kind=entry.kind,
        source=entry.source,
        amount_fen=-entry.amount_fen,
        occurred_on=entry.occurred_on,
        evidence=f"冲销流水 #{entry.id}",
        note=command.reason,
        reverses_id=entry.id,
        is_demo=entry.is_demo,
    )
    return _write(ctx, reversal, "reverse_entry")


def _write(ctx: Context, entry: InvestmentEntry, action: str) -> InvestmentEntry:
    entry.entered_by_id = ctx.actor.account_id
    entry.entered_by_name = ctx.actor.name
    entry.created_at = ctx.now
    ctx.add(entry)
    ctx.audit(
        action,
        entry,
        project_id=entry.project_id,
        kind=entry.kind.value,
        amount_fen=entry.amount_fen,
        reverses_id=entry.reverses_id,
    )
    return entry


def _lock(ctx: Context, project_id: int) -> None:
    """Two people writing for one project at once take turns, so that the sums below hold."""
    ctx.session.execute(select(Project.id).where(Project.id == project_id).with_for_update())


def _allow(project: Project, kind: EntryKind) -> None:
    if project.state is ProjectState.TERMINATED:
        raise Illegal("项目已终止，只能冲销已有流水，不能登记新的金额。")
    if project.state is ProjectState.INTENT and kind is not EntryKind.COMMITTED:
        raise Illegal(f"项目还在意向阶段，签约之后才能登记{kind.label}金额；请先登记技术合同并办理签约。")


def _check(ctx: Context, project: Project, command: AddEntry) -> None:
    complaints: dict[str, str] = {}
    if command.occurred_on > ctx.today:
        complaints["occurred_on"] = "发生日期不能晚于今天"
    if command.contract_id is not None:
        contract = ctx.session.get(Contract, command.contract_id)
        if contract is None or contract.project_id != project.id:
            complaints["contract_id"] = "这份合同不属于本项目，请从列表中选择"
    if command.kind is EntryKind.SPENT:
        sums = sums_of(ctx, project.id)
        if sums.spent + command.amount > sums.received:
            complaints["amount"] = (
                f"登记后支出累计为 {_yuan(sums.spent + command.amount)}，超过到位累计 {_yuan(sums.received)}；"
                "请先登记到位，或检查金额"
            )
    refuse(complaints)


def _refuse_repeat(ctx: Context, project: Project, command: AddEntry) -> None:
    twin = ctx.session.scalar(
        select(InvestmentEntry)
        .where(
            InvestmentEntry.project_id == project.id,
            InvestmentEntry.kind == command.kind,
            InvestmentEntry.source == command.source,
            InvestmentEntry.amount_fen == command.amount,
            InvestmentEntry.occurred_on == command.occurred_on,
            REVERSED_BY.is_(None),
        )
        .order_by(InvestmentEntry.id)
        .limit(1)
    )
    if twin is not None:
        raise Conflict(
            f"与已有流水 #{twin.id}（{twin.occurred_on} {twin.kind.label} {twin.source.label} "
            f"{_yuan(twin.amount_fen)}，凭证：{twin.evidence}）很可能是同一笔；确属另一笔时请勾选“确认不是重复登记”再提交。"
        )


def _yuan(fen: int) -> str:
    return f"{yuan(fen):,} 元"
