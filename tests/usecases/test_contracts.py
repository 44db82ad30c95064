"""Contracts: their amounts, their parties, their registration, and when they are locked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from models import Contract, OrganizationKind, PartyRole, Project, ProjectParty, ProjectState
from service.commands import read
from service.context import Context
from service.errors import Conflict, Forbidden, Illegal, Invalid
from service.usecases.contracts import AddContract, EditContract, add_contract, edit_contract
from tests.factories import add_contract as put_contract
from tests.factories import add_entry, add_organization, add_project


def _party(ctx: Context, project: Project, role: PartyRole) -> int:
    return ctx.session.scalars(
        select(ProjectParty.organization_id).where(ProjectParty.project_id == project.id, ProjectParty.role == role)
    ).one()


def _values(ctx: Context, project: Project, **changed: Any) -> dict[str, Any]:
    return {
        "title": "复合隔膜技术开发合同",
        "kind": "DEVELOPMENT",
        "buyer_id": _party(ctx, project, PartyRole.DEMAND),
        "seller_id": _party(ctx, project, PartyRole.TECHNOLOGY),
        "signed_on": "2025-05-06",
        "amount": "128万元",
        "technology_amount": "1,000,000.50",
        "payment_mode": "INSTALMENTS",
        **changed,
    }


def test_add_contract_holds_amounts_in_fen(organizer: Context) -> None:
    project = add_project(organizer)

    contract = add_contract(organizer, project.id, read(AddContract, _values(organizer, project)))

    assert (contract.amount_fen, contract.technology_amount_fen) == (128_000_000, 100_000_050)
    assert contract.signed_on == date(2025, 5, 6)


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"technology_amount": "128.01万"}, "technology_amount", "不能大于合同成交额"),
        ({"amount": "0", "technology_amount": "0"}, "amount", "大于 0"),
        ({"amount": ""}, "amount", "请填写合同成交额"),
        ({"amount": "一百万"}, "amount", "数字"),
        ({"registration_number": "2025150600"}, "registration_number", "16 位数字，现在有 10 位"),
        ({"registration_number": "A025150600001234"}, "registration_number", "16 位数字"),
        ({"signed_on": "2025-02-30"}, "signed_on", "真实存在的日期"),
        ({"kind": ""}, "kind", "请填写合同类型"),
        ({"valid_from": "2025-06-01", "valid_to": "2025-05-31"}, "valid_to", "早于"),
        ({"title": " "}, "title", "请填写合同名称"),
    ],
)
def test_a_contract_is_refused_at_the_field(
    organizer: Context, changed: dict[str, str], field: str, sentence: str
) -> None:
    project = add_project(organizer)

    with pytest.raises(Invalid) as refused:
        read(AddContract, _values(organizer, project, **changed))

    assert sentence in refused.value.fields[field]


def test_registration_number_may_be_typed_full_width_with_blanks(organizer: Context) -> None:
    project = add_project(organizer)
    values = _values(organizer, project, registration_number="２０２５１５０６ 0000 1234")

    assert read(AddContract, values).registration_number == "2025150600001234"


def test_add_contract_refuses_strangers_the_future_and_a_number_in_use(organizer: Context) -> None:
    project, stranger = add_project(organizer), add_organization(organizer)
    put_contract(organizer, title="先登记的合同", registration_number="2025150600001234")
    values = _values(
        organizer,
        project,
        seller_id=stranger.id,
        signed_on="2025-06-16",
        registration_number="2025150600001234",
    )

    with pytest.raises(Invalid) as refused:
        add_contract(organizer, project.id, read(AddContract, values))

    assert set(refused.value.fields) == {"seller_id", "signed_on", "registration_number"}
    assert "先登记的合同" in refused.value.fields["registration_number"]
    of_project = select(func.count()).select_from(Contract).where(Contract.project_id == project.id)
    assert organizer.session.scalar(of_project) == 0


def test_the_organizing_side_signs_nothing(organizer: Context) -> None:
    project, agency = add_project(organizer), add_organization(organizer, kind=OrganizationKind.AGENCY)
    organizer.add(ProjectParty(project_id=project.id, organization_id=agency.id, role=PartyRole.ORGANIZING))

    with pytest.raises(Invalid) as refused:
        add_contract(organizer, project.id, read(AddContract, _values(organizer, project, seller_id=agency.id)))

    assert set(refused.value.fields) == {"seller_id"}


def test_an_earlier_contract_moves_the_year_a_project_counts_in(organizer: Context) -> None:
    project = add_project(organizer, state=ProjectState.ACTIVE, contracted_on=date(2025, 4, 1))

    add_contract(organizer, project.id, read(AddContract, _values(organizer, project, signed_on="2024-12-30")))

    assert project.contracted_on == date(2024, 12, 30)


@pytest.mark.parametrize("state", [ProjectState.ACCEPTED, ProjectState.TERMINATED])
def test_an_ended_project_takes_no_contract(organizer: Context, state: ProjectState) -> None:
    project = add_project(organizer, state=state)

    with pytest.raises(Illegal):
        add_contract(organizer, project.id, read(AddContract, _values(organizer, project)))


def test_edit_contract_until_money_refers_to_it(organizer: Context) -> None:
    project = add_project(organizer, state=ProjectState.ACTIVE)
    contract = put_contract(organizer, project=project)
    values = {**_values(organizer, project, amount="90万", technology_amount="80万"), "version": contract.version}

    edit_contract(organizer, contract.id, read(EditContract, values))
    assert contract.amount_fen == 90_000_000

    add_entry(organizer, project=project, contract_id=contract.id)
    again = {**values, "amount": "91万", "version": contract.version}
    with pytest.raises(Invalid) as refused:
        edit_contract(organizer, contract.id, read(EditContract, again))
    assert set(refused.value.fields) == {"amount"}
    assert "已有 1 笔资金流水" in refused.value.fields["amount"]
    assert contract.amount_fen == 90_000_000

    renamed = {**values, "title": "一期合同", "version": contract.version}
    edit_contract(organizer, contract.id, read(EditContract, renamed))
    assert contract.title == "一期合同"


def test_edit_contract_refuses_a_stale_version(organizer: Context) -> None:
    project = add_project(organizer)
    contract = put_contract(organizer, project=project)

    with pytest.raises(Conflict):
        edit_contract(organizer, contract.id, read(EditContract, {**_values(organizer, project), "version": 9}))


def test_contracts_are_staff_work(enterprise: Context, organizer: Context) -> None:
    project = add_project(organizer)

    with pytest.raises(Forbidden):
        add_contract(enterprise, project.id, read(AddContract, _values(organizer, project)))
