"""The ledger: append-only, never spending what did not arrive, and wrong lines taken back once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from models import EntryKind, FundSource, InvestmentEntry, Project, ProjectState
from service.commands import read
from service.context import Context
from service.errors import Conflict, Forbidden, Illegal, Invalid
from service.queries.ledger import lines_of, sums_of
from service.usecases.ledger import AddEntry, ReverseEntry, add_entry, reverse_entry
from tests.factories import add_contract, add_project
from tests.factories import add_entry as put_entry


@pytest.fixture
def project(organizer: Context) -> Project:
    """A project at work."""
    return add_project(organizer, state=ProjectState.ACTIVE)


def _command(**changed: Any) -> AddEntry:
    return read(
        AddEntry,
        {
            "kind": "RECEIVED",
            "source": "ENTERPRISE",
            "amount": "100万",
            "occurred_on": "2025-05-10",
            "evidence": "银行回单 0510",
            **changed,
        },
    )


def _lines(ctx: Context) -> int:
    return ctx.session.scalar(select(func.count()).select_from(InvestmentEntry)) or 0


def test_add_entry_writes_who_entered_what(organizer: Context, project: Project) -> None:
    entry = add_entry(organizer, project.id, _command())

    assert (entry.amount_fen, entry.kind, entry.source) == (100_000_000, EntryKind.RECEIVED, FundSource.ENTERPRISE)
    assert (entry.entered_by_name, entry.created_at) == (organizer.actor.name, organizer.now)
    assert not entry.is_demo


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"amount": "0.001"}, "amount"),
        ({"amount": ""}, "amount"),
        ({"evidence": "  "}, "evidence"),
        ({"occurred_on": ""}, "occurred_on"),
        ({"kind": "协议"}, "kind"),
    ],
)
def test_a_line_is_refused_at_the_field(changed: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        _command(**changed)

    assert set(refused.value.fields) == {field}


def test_add_entry_refuses_the_future_and_another_projects_contract(organizer: Context, project: Project) -> None:
    contract = add_contract(organizer)

    with pytest.raises(Invalid) as refused:
        add_entry(organizer, project.id, _command(occurred_on="2025-06-16", contract_id=str(contract.id)))

    assert set(refused.value.fields) == {"occurred_on", "contract_id"}
    assert _lines(organizer) == 0


def test_spending_never_exceeds_what_arrived(organizer: Context, project: Project) -> None:
    put_entry(organizer, project=project, amount_fen=100_000_000)
    put_entry(organizer, project=project, kind=EntryKind.SPENT, amount_fen=60_000_000)

    with pytest.raises(Invalid) as refused:
        add_entry(organizer, project.id, _command(kind="SPENT", amount="400000.01"))

    sentence = refused.value.fields["amount"]
    assert "1,000,000.01 元" in sentence
    assert "1,000,000.00 元" in sentence
    add_entry(organizer, project.id, _command(kind="SPENT", amount="400000"))
    assert sums_of(organizer, project.id).left == 0


def test_more_may_arrive_than_was_promised_and_is_flagged(organizer: Context, project: Project) -> None:
    put_entry(organizer, project=project, kind=EntryKind.COMMITTED, amount_fen=50_000_000)

    add_entry(organizer, project.id, _command())

    sums = sums_of(organizer, project.id)
    assert (sums.committed, sums.received, sums.exceeds, sums.outstanding) == (50_000_000, 100_000_000, True, 0)


def test_a_likely_repeat_names_the_line_and_wants_a_word(organizer: Context, project: Project) -> None:
    first = add_entry(organizer, project.id, _command())

    with pytest.raises(Conflict, match=f"#{first.id}") as refused:
        add_entry(organizer, project.id, _command(evidence="另一张回单"))
    assert "银行回单 0510" in refused.value.sentence
    assert _lines(organizer) == 1

    add_entry(organizer, project.id, _command(evidence="另一张回单", confirm_repeat=True))
    assert _lines(organizer) == 2


def test_a_reversed_line_may_be_entered_again(organizer: Context, project: Project) -> None:
    wrong = add_entry(organizer, project.id, _command())
    reverse_entry(organizer, wrong.id, ReverseEntry(reason="凭证号错"))

    add_entry(organizer, project.id, _command(evidence="银行回单 0511"))

    assert sums_of(organizer, project.id).received == 100_000_000


@pytest.mark.parametrize("kind", ["RECEIVED", "SPENT"])
def test_an_intent_has_promises_only(organizer: Context, kind: str) -> None:
    project = add_project(organizer)
    add_entry(organizer, project.id, _command(kind="COMMITTED"))

    with pytest.raises(Illegal, match="意向阶段"):
        add_entry(organizer, project.id, _command(kind=kind))


def test_a_terminated_project_takes_reversals_only(organizer: Context) -> None:
    project = add_project(organizer, state=ProjectState.TERMINATED)
    entry = put_entry(organizer, project=project, kind=EntryKind.COMMITTED)

    with pytest.raises(Illegal, match="已终止"):
        add_entry(organizer, project.id, _command(kind="COMMITTED"))
    reverse_entry(organizer, entry.id, ReverseEntry(reason="终止后不再投入"))

    assert sums_of(organizer, project.id).committed == 0


def test_reverse_entry_is_the_same_line_with_a_minus(organizer: Context, project: Project) -> None:
    contract = add_contract(organizer, project=project)
    entry = put_entry(
        organizer, project=project, source=FundSource.FISCAL, contract_id=contract.id, occurred_on=date(2024, 12, 1)
    )

    reversal = reverse_entry(organizer, entry.id, ReverseEntry(reason="多记一个零"))

    assert (reversal.kind, reversal.source, reversal.contract_id) == (entry.kind, FundSource.FISCAL, contract.id)
    assert (reversal.amount_fen, reversal.reverses_id) == (-entry.amount_fen, entry.id)
    assert (reversal.occurred_on, reversal.note) == (date(2024, 12, 1), "多记一个零")
    assert f"#{entry.id}" in reversal.evidence


def test_reverse_entry_once_only_and_never_a_reversal(organizer: Context, project: Project) -> None:
    entry = put_entry(organizer, project=project)
    reversal = reverse_entry(organizer, entry.id, ReverseEntry(reason="记错"))

    with pytest.raises(Conflict, match=f"#{reversal.id}"):
        reverse_entry(organizer, entry.id, ReverseEntry(reason="再来"))
    with pytest.raises(Conflict, match="本身就是一笔冲销"):
        reverse_entry(organizer, reversal.id, ReverseEntry(reason="反悔"))
    assert _lines(organizer) == 2


def test_money_already_spent_cannot_be_taken_back(organizer: Context, project: Project) -> None:
    arrived = put_entry(organizer, project=project, amount_fen=100_000_000)
    spent = put_entry(organizer, project=project, kind=EntryKind.SPENT, amount_fen=1)

    with pytest.raises(Conflict, match=r"0\.00 元，低于支出累计 0\.01 元"):
        reverse_entry(organizer, arrived.id, ReverseEntry(reason="记错"))
    reverse_entry(organizer, spent.id, ReverseEntry(reason="记错"))
    reverse_entry(organizer, arrived.id, ReverseEntry(reason="记错"))

    assert sums_of(organizer, project.id) == type(sums_of(organizer, project.id))()


def test_lines_run_up_by_kind(organizer: Context, project: Project) -> None:
    put_entry(organizer, project=project, amount_fen=30, occurred_on=date(2025, 5, 3))
    put_entry(organizer, project=project, amount_fen=10, occurred_on=date(2025, 5, 1))
    put_entry(organizer, project=project, kind=EntryKind.SPENT, amount_fen=5, occurred_on=date(2025, 5, 2))

    lines = lines_of(organizer, project.id)

    assert [(line.row.kind.value, line.running) for line in lines] == [("RECEIVED", 40), ("SPENT", 5), ("RECEIVED", 10)]


def test_the_ledger_is_staff_work(enterprise: Context, leader: Context, organizer: Context, project: Project) -> None:
    entry = put_entry(organizer, project=project)

    for somebody in (enterprise, leader):
        with pytest.raises(Forbidden):
            add_entry(somebody, project.id, _command())
        with pytest.raises(Forbidden):
            reverse_entry(somebody, entry.id, ReverseEntry(reason="想改"))
