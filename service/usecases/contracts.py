"""Record the technology contracts of a project and mend them while no money refers to them."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, ValidationInfo, field_validator
from sqlalchemy import func, select

from models import Contract, ContractKind, InvestmentEntry, PartyRole, PaymentMode, Project, ProjectParty
from models.money import shown
from service.commands import Command, Money, OptionalDate, Version, wrong
from service.context import Context
from service.kinds import picked, words
from service.usecases.projects import after, refuse, refuse_closed
from service.usecases.sensitive_words import refuse_secrets

REGISTRATION_DIGITS = 16
"""A 技术合同登记编号 is 16 digits long (《技术合同认定登记管理办法》)."""


def _registration(value: Any) -> str | None:
    if value is None or value == "":
        return None
    folded = unicodedata.normalize("NFKC", str(value)).replace(" ", "")
    if not (folded.isascii() and folded.isdigit() and len(folded) == REGISTRATION_DIGITS):
        raise wrong(f"合同登记编号应为 {REGISTRATION_DIGITS} 位数字，现在有 {len(folded)} 位；尚未登记可留空")
    return folded


class AddContract(Command):
    """Input of a new contract."""

    title: Annotated[str, words("合同名称", limit=120)]
    kind: Annotated[ContractKind, picked("合同类型", "《民法典》技术合同五类", widget="select")]
    buyer_id: Annotated[int, picked("买方（委托方）", "须是本项目的参与方", widget="select")]
    seller_id: Annotated[int, picked("卖方（受托方）", "须是本项目的参与方", widget="select")]
    signed_on: Annotated[date, picked("签订日期", widget="date")]
    valid_from: Annotated[OptionalDate, picked("有效期自", widget="date")] = None
    valid_to: Annotated[OptionalDate, picked("有效期至", widget="date")] = None
    amount: Annotated[Money, picked("合同成交额", "单位为元，也可写 128万元", widget="money")]
    technology_amount: Annotated[
        Money, picked("其中技术交易额", "扣除设备、材料等非技术部分，不大于成交额", widget="money")
    ]
    payment_mode: Annotated[PaymentMode, picked("支付方式", "《民法典》第八百四十六条", widget="select")]
    registration_number: Annotated[
        str | None, BeforeValidator(_registration), picked("合同登记编号", "16 位数字，尚未登记可留空", widget="text")
    ] = None

    @field_validator("title")
    @classmethod
    def _titled(cls, value: str) -> str:
        if not value:
            raise wrong("请填写合同名称")
        return value

    @field_validator("amount")
    @classmethod
    def _positive(cls, value: int) -> int:
        if value <= 0:
            raise wrong("合同成交额须大于 0")
        return value

    @field_validator("technology_amount")
    @classmethod
    def _part(cls, value: int, info: ValidationInfo) -> int:
        amount = info.data.get("amount")
        if amount is not None and value > amount:
            raise wrong(f"技术交易额不能大于合同成交额（{shown(amount)}）")
        return value

    @field_validator("seller_id")
    @classmethod
    def _two_parties(cls, value: int, info: ValidationInfo) -> int:
        if value == info.data.get("buyer_id"):
            raise wrong("买方与卖方不能是同一家机构")
        return value

    @field_validator("valid_to")
    @classmethod
    def _in_order(cls, value: date | None, info: ValidationInfo) -> date | None:
        return after(value, info.data.get("valid_from"), "有效期的截止日期不能早于起始日期")


class EditContract(AddContract):
    """Input of a change of a contract."""

    version: Version


def add_contract(ctx: Context, project_id: int, command: AddContract) -> Contract:
    """Record a contract between two parties of the project; a signed project counts from its earliest contract."""
    refuse_secrets(ctx, command)
    project = ctx.require(Project, project_id, may="add_contract")
    refuse_closed(project)
    _check(ctx, project, command, None)
    contract = Contract(project_id=project.id, **_columns(command))
    contract.is_demo = project.is_demo
    ctx.add(contract)
    _date_project(ctx, project)
    ctx.audit("add_contract", contract, project_id=project.id, amount_fen=contract.amount_fen)
    return contract


def edit_contract(ctx: Context, contract_id: int, command: EditContract) -> Contract:
    """Change a contract. Its amounts stay once lines of the ledger refer to it. Raises Conflict when stale."""
    refuse_secrets(ctx, command)
    contract = ctx.require(Contract, contract_id, may="add_contract")
    ctx.check_version(contract, command.version)
    project = ctx.find(Project, contract.project_id)
    _check(ctx, project, command, contract)
    wanted = _columns(command)
    changed = sorted(name for name, value in wanted.items() if getattr(contract, name) != value)
    for name, value in wanted.items():
        setattr(contract, name, value)
    ctx.touch(contract)
    _date_project(ctx, project)
    ctx.audit("edit", contract, changed=changed)
    return contract


def _columns(command: AddContract) -> dict[str, Any]:
    renamed = {"amount": "amount_fen", "technology_amount": "technology_amount_fen"}
    return {renamed.get(name, name): getattr(command, name) for name in AddContract.model_fields}


def _check(ctx: Context, project: Project, command: AddContract, contract: Contract | None) -> None:
    """Raises Invalid for what the project, the other contracts and the ledger forbid."""
    complaints: dict[str, str] = {}
    parties = select(ProjectParty.organization_id).where(
        ProjectParty.project_id == project.id, ProjectParty.role != PartyRole.ORGANIZING
    )
    known = set(ctx.session.scalars(parties))
    for name, organization_id in (("buyer_id", command.buyer_id), ("seller_id", command.seller_id)):
        if organization_id not in known:
            complaints[name] = "须是本项目的需求方、技术方或资金方；请先在项目中加入这家机构"
    if command.signed_on > ctx.today:
        complaints["signed_on"] = "签订日期不能晚于今天"
    if taken := _registered(ctx, command, contract):
        complaints["registration_number"] = f"这个登记编号已用于合同“{taken}”"
    if contract is not None:
        complaints.update(_locked(ctx, command, contract))
    refuse(complaints)


def _registered(ctx: Context, command: AddContract, contract: Contract | None) -> str | None:
    if command.registration_number is None:
        return None
    same = select(Contract.title).where(Contract.registration_number == command.registration_number)
    return ctx.session.scalar(same.where(Contract.id != contract.id) if contract is not None else same)


def _locked(ctx: Context, command: AddContract, contract: Contract) -> dict[str, str]:
    referring = ctx.session.scalar(
        select(func.count()).select_from(InvestmentEntry).where(InvestmentEntry.contract_id == contract.id)
    )
    if not referring:
        return {}
    sentence = f"已有 {referring} 笔资金流水引用这份合同，金额不能再改；确需变更请另登记补充合同"
    given = {
        "amount": command.amount != contract.amount_fen,
        "technology_amount": command.technology_amount != contract.technology_amount_fen,
    }
    return {name: sentence for name, changed in given.items() if changed}


def _date_project(ctx: Context, project: Project) -> None:
    """A project that was signed counts from the day of its earliest contract."""
    if project.contracted_on is None:
        return
    first = ctx.session.scalar(select(func.min(Contract.signed_on)).where(Contract.project_id == project.id))
    if first is not None and first != project.contracted_on:
        before, project.contracted_on = project.contracted_on, first
        ctx.touch(project)
        ctx.audit("redate", project, contracted_on=first, before=before)
