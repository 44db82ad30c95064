"""The factories themselves: every state of every record can be written on both databases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from stdnum.cn import uscc

from models import (
    EntryKind,
    HandshakeEventState,
    InvitationState,
    MatchState,
    MeetingState,
    Organization,
    PostingState,
    ProjectState,
    Role,
)
from service.context import Context
from tests import factories

IN_ANY_STATE: tuple[tuple[Callable[..., Any], type[Any]], ...] = (
    (factories.add_need, PostingState),
    (factories.add_achievement, PostingState),
    (factories.add_match, MatchState),
    (factories.add_event, HandshakeEventState),
    (factories.add_invitation, InvitationState),
    (factories.add_meeting, MeetingState),
    (factories.add_project, ProjectState),
)


@pytest.mark.parametrize(("factory", "states"), IN_ANY_STATE)
def test_factory_writes_a_record_in_any_state(ctx: Context, factory: Callable[..., Any], states: type[Any]) -> None:
    for state in states:
        record = factory(ctx, state=state)

        ctx.session.expire(record)
        assert record.state is state
    ctx.commit()


def test_every_role_has_an_account_and_an_organization_with_a_valid_code(ctx: Context) -> None:
    for role in Role:
        actor = factories.actor_for(ctx, factories.add_account(ctx, role))

        assert actor.role is role
        organization = ctx.find(Organization, actor.organization_id or 0)
        assert organization.uscc is not None
        assert uscc.is_valid(organization.uscc)


def test_rows_of_the_outcome_fit_together(organizer: Context) -> None:
    meeting = factories.add_meeting(organizer, state=MeetingState.HELD)
    project = factories.add_project(organizer, state=ProjectState.ACTIVE, meeting=meeting)
    contract = factories.add_contract(organizer, project=project)
    line = factories.add_entry(organizer, project=project, kind=EntryKind.SPENT, contract_id=contract.id)
    back = factories.add_entry(organizer, reverses=line)
    organizer.commit()

    assert back.amount_fen == -line.amount_fen
    assert back.project_id == project.id
    assert contract.buyer_id != contract.seller_id


def test_actors_belong_to_different_organizations(
    organizer: Context,
    enterprise: Context,
    institute: Context,
    broker: Context,
    leader: Context,
    admin: Context,
    auditor: Context,
    anonymous: Context,
) -> None:
    people = (organizer, enterprise, institute, broker, leader, admin, auditor)

    assert len({person.actor.organization_id for person in people}) == len(people)
    assert {person.session for person in people} == {anonymous.session}
    assert factories.add_need(enterprise).organization_id == enterprise.actor.organization_id
    assert factories.add_achievement(enterprise).organization_id != enterprise.actor.organization_id
    assert factories.add_event(organizer).organizer_id == organizer.actor.organization_id
