"""Projects: opened from a talk or directly, their parties, and the gates between their stages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from models import (
    Achievement,
    AuditEntry,
    HandshakeEventState,
    IllegalTransition,
    Match,
    Meeting,
    MeetingOutcome,
    MeetingState,
    Need,
    OrganizationKind,
    PartyRole,
    PostingState,
    Project,
    ProjectParty,
    ProjectState,
    StateChange,
)
from service.commands import read
from service.context import Context
from service.errors import Conflict, Forbidden, Illegal, Invalid, NotFound
from service.usecases.projects import (
    AddParty,
    EditProject,
    OpenProject,
    RemoveParty,
    add_party,
    edit_project,
    open_project,
    remove_party,
)
from service.usecases.stages import (
    AcceptProject,
    ContractProject,
    StartProject,
    TerminateProject,
    accept_project,
    contract_project,
    start_project,
    terminate_project,
)
from tests.factories import add_contract, add_entry, add_event, add_meeting, add_organization, add_project
from tests.factories import add_party as put_party


def _parties(ctx: Context, project: Project) -> set[tuple[int, PartyRole]]:
    rows = ctx.session.execute(
        select(ProjectParty.organization_id, ProjectParty.role).where(ProjectParty.project_id == project.id)
    )
    return {(organization_id, role) for organization_id, role in rows}


def _sides(ctx: Context, meeting: Meeting) -> tuple[Need, Achievement]:
    match = ctx.find(Match, meeting.match_id)
    return ctx.find(Need, match.need_id), ctx.find(Achievement, match.achievement_id)


def test_open_project_takes_its_parties_title_and_region_from_the_meeting(organizer: Context) -> None:
    meeting = add_meeting(organizer, state=MeetingState.HELD, outcome=MeetingOutcome.SIGNED)
    need, achievement = _sides(organizer, meeting)

    project = open_project(organizer, OpenProject(meeting_id=meeting.id))

    assert (project.title, project.region_code, project.state) == (need.title, "150600", ProjectState.INTENT)
    assert project.trl_start == achievement.trl
    assert project.opened_on == date(2025, 6, 5)
    assert _parties(organizer, project) == {
        (need.organization_id, PartyRole.DEMAND),
        (achievement.organization_id, PartyRole.TECHNOLOGY),
        (organizer.actor.organization_id, PartyRole.ORGANIZING),
    }
    change = organizer.session.scalars(select(StateChange).where(StateChange.record_type == "Project")).one()
    assert (change.from_state, change.to_state, change.actor_id) == (None, "INTENT", organizer.actor.account_id)


@pytest.mark.parametrize("outcome", [MeetingOutcome.NONE, MeetingOutcome.CONTINUE])
def test_open_project_refuses_a_meeting_that_came_to_nothing(organizer: Context, outcome: MeetingOutcome) -> None:
    meeting = add_meeting(organizer, state=MeetingState.HELD, outcome=outcome)

    with pytest.raises(Illegal, match="达成意向"):
        open_project(organizer, OpenProject(meeting_id=meeting.id))

    assert organizer.session.scalar(select(func.count()).select_from(Project)) == 0


def test_open_project_refuses_a_meeting_not_held_yet(organizer: Context) -> None:
    meeting = add_meeting(organizer, state=MeetingState.CONFIRMED)

    with pytest.raises(Illegal):
        open_project(organizer, OpenProject(meeting_id=meeting.id))


def test_open_project_names_the_project_a_meeting_already_has(organizer: Context) -> None:
    meeting = add_meeting(organizer, state=MeetingState.HELD)
    first = open_project(organizer, OpenProject(meeting_id=meeting.id, title="复合隔膜联合攻关"))

    with pytest.raises(Conflict, match=f"#{first.id}“复合隔膜联合攻关”"):
        open_project(organizer, OpenProject(meeting_id=meeting.id))


def test_open_project_directly_asks_for_reason_parties_and_title(organizer: Context) -> None:
    with pytest.raises(Invalid) as refused:
        open_project(organizer, OpenProject())

    assert set(refused.value.fields) == {"direct_reason", "demand_id", "technology_id"}


def test_open_project_directly_with_its_reason(broker: Context) -> None:
    demand = add_organization(broker, region_code="150622")
    technology = add_organization(broker, kind=OrganizationKind.INSTITUTE)

    project = open_project(
        broker,
        OpenProject(
            title="矿井水处理", direct_reason="活动前已自行达成", demand_id=demand.id, technology_id=technology.id
        ),
    )

    assert project.region_code == "150622"
    assert project.opened_on == broker.today
    assert _parties(broker, project) == {
        (demand.id, PartyRole.DEMAND),
        (technology.id, PartyRole.TECHNOLOGY),
    }


def test_open_project_refuses_one_organization_on_both_sides(broker: Context) -> None:
    both = add_organization(broker)

    with pytest.raises(Invalid) as refused:
        open_project(broker, OpenProject(title="一", direct_reason="二", demand_id=both.id, technology_id=both.id))

    assert "同一家机构" in refused.value.fields["technology_id"]


def test_open_project_is_staff_work_in_their_region(
    enterprise: Context, leader: Context, organizer: Context, ctx: Context
) -> None:
    elsewhere = add_organization(ctx, region_code="150100")
    technology = add_organization(ctx, kind=OrganizationKind.INSTITUTE)
    command = OpenProject(title="一", direct_reason="二", demand_id=elsewhere.id, technology_id=technology.id)

    for somebody in (enterprise, leader, organizer):
        with pytest.raises(Forbidden):
            open_project(somebody, command)


def test_a_project_of_a_demo_meeting_is_a_demo_project(organizer: Context) -> None:
    event = add_event(organizer, state=HandshakeEventState.HELD, is_demo=True)
    meeting = add_meeting(organizer, event=event, state=MeetingState.HELD, is_demo=True)

    project = open_project(organizer, OpenProject(meeting_id=meeting.id))

    assert project.is_demo


def _edit(project: Project, **values: Any) -> EditProject:
    return EditProject(**{"title": project.title, "version": project.version, **values})


def test_edit_project_writes_what_is_given_and_notes_what_changed(organizer: Context) -> None:
    project = add_project(organizer)

    edit_project(organizer, project.id, _edit(project, summary="分两期", trl_now=8, starts_on=date(2025, 7, 1)))
    organizer.commit()

    assert (project.summary, project.trl_now, project.starts_on) == ("分两期", 8, date(2025, 7, 1))
    noted = organizer.session.scalars(select(AuditEntry).where(AuditEntry.action == "edit")).one()
    assert {"summary", "trl_now", "starts_on"} <= set(noted.details["changed"])


def test_edit_project_refuses_a_stale_version(organizer: Context) -> None:
    project = add_project(organizer)
    project.version = 3
    organizer.flush()

    with pytest.raises(Conflict):
        edit_project(organizer, project.id, EditProject(title="改", version=1))


def test_edit_project_refuses_dates_in_the_wrong_order() -> None:
    with pytest.raises(Invalid) as refused:
        read(EditProject, {"title": "一", "version": 1, "starts_on": "2025-06-02", "ends_on": "2025-06-01"})

    assert refused.value.fields == {"ends_on": "计划结束日期不能早于开始日期"}


def test_edit_project_refuses_an_ended_project(organizer: Context) -> None:
    project = add_project(organizer, state=ProjectState.TERMINATED)

    with pytest.raises(Illegal, match="终止"):
        edit_project(organizer, project.id, _edit(project))


def test_edit_project_keeps_the_dates_of_a_running_project(organizer: Context) -> None:
    project = add_project(organizer, state=ProjectState.ACTIVE)

    with pytest.raises(Invalid) as refused:
        edit_project(organizer, project.id, _edit(project, starts_on=date(2025, 4, 1)))

    assert set(refused.value.fields) == {"ends_on"}


def test_edit_project_refuses_unknown_references(organizer: Context) -> None:
    project = add_project(organizer)

    with pytest.raises(Invalid) as refused:
        edit_project(organizer, project.id, _edit(project, region_code="999999", point_id=12345))

    assert set(refused.value.fields) == {"region_code", "point_id"}


def test_add_party_and_take_it_out_again(organizer: Context) -> None:
    project, bank = add_project(organizer), add_organization(organizer, kind=OrganizationKind.INVESTOR)

    party = add_party(
        organizer, project.id, AddParty(organization_id=bank.id, role=PartyRole.FUNDING, version=project.version)
    )
    assert (bank.id, PartyRole.FUNDING) in _parties(organizer, project)

    remove_party(organizer, project.id, party.id, RemoveParty(version=project.version))
    assert (bank.id, PartyRole.FUNDING) not in _parties(organizer, project)


def test_add_party_refuses_the_same_role_twice(organizer: Context) -> None:
    demand = add_organization(organizer)
    project = add_project(organizer, demand=demand)

    with pytest.raises(Invalid) as refused:
        add_party(
            organizer, project.id, AddParty(organization_id=demand.id, role=PartyRole.DEMAND, version=project.version)
        )

    assert "已经是本项目的需求方" in refused.value.fields["organization_id"]


def test_remove_party_keeps_the_last_of_each_side(organizer: Context) -> None:
    project = add_project(organizer)
    last = organizer.session.scalars(
        select(ProjectParty).where(ProjectParty.project_id == project.id, ProjectParty.role == PartyRole.DEMAND)
    ).one()

    with pytest.raises(Conflict, match="唯一的需求方"):
        remove_party(organizer, project.id, last.id, RemoveParty(version=project.version))


def test_remove_party_keeps_a_party_to_a_contract(organizer: Context) -> None:
    project = add_project(organizer, state=ProjectState.CONTRACTED)
    second = add_organization(organizer)
    party = put_party(organizer, project, second, PartyRole.DEMAND)
    add_contract(organizer, project=project, buyer_id=second.id, title="二期合同")

    with pytest.raises(Conflict, match="二期合同"):
        remove_party(organizer, project.id, party.id, RemoveParty(version=project.version))


def test_contract_project_needs_a_contract_and_changes_nothing_without(organizer: Context) -> None:
    project = add_project(organizer)

    with pytest.raises(Invalid) as refused:
        contract_project(organizer, project.id, ContractProject(version=project.version))

    assert refused.value.fields == {"contracts": "至少登记一份技术合同"}
    assert "至少登记一份技术合同" in refused.value.sentence
    assert project.state is ProjectState.INTENT


def test_contract_project_counts_from_its_earliest_contract(organizer: Context) -> None:
    project = add_project(organizer)
    add_contract(organizer, project=project, signed_on=date(2025, 5, 20))
    add_contract(organizer, project=project, signed_on=date(2025, 2, 3))

    contract_project(organizer, project.id, ContractProject(version=project.version))

    assert (project.state, project.contracted_on) == (ProjectState.CONTRACTED, date(2025, 2, 3))


def test_start_project_names_each_missing_date(organizer: Context) -> None:
    project = add_project(organizer, state=ProjectState.CONTRACTED, starts_on=None, ends_on=None)

    with pytest.raises(Invalid) as refused:
        start_project(organizer, project.id, StartProject(version=project.version, starts_on=date(2025, 6, 1)))

    assert set(refused.value.fields) == {"ends_on"}
    assert (project.state, project.starts_on) == (ProjectState.CONTRACTED, None)


def test_start_project_takes_the_dates_it_is_given(organizer: Context) -> None:
    project = add_project(organizer, state=ProjectState.CONTRACTED, starts_on=None, ends_on=None)

    start_project(
        organizer,
        project.id,
        StartProject(version=project.version, starts_on=date(2025, 6, 1), ends_on=date(2026, 6, 1)),
    )

    assert (project.state, project.ends_on) == (ProjectState.ACTIVE, date(2026, 6, 1))


def test_accept_project_closes_the_need_and_the_achievement(organizer: Context) -> None:
    meeting = add_meeting(organizer, state=MeetingState.HELD)
    project = add_project(organizer, state=ProjectState.ACTIVE, meeting=meeting)

    accept_project(
        organizer,
        project.id,
        AcceptProject(version=project.version, accepted_on=date(2025, 6, 10), acceptance_note="达标"),
    )

    assert project.state is ProjectState.ACCEPTED
    assert [posting.state for posting in _sides(organizer, meeting)] == [PostingState.CLOSED_WON] * 2


def test_accept_project_leaves_a_need_that_was_closed_otherwise(organizer: Context) -> None:
    meeting = add_meeting(organizer, state=MeetingState.HELD)
    need, _ = _sides(organizer, meeting)
    need.state = PostingState.CLOSED
    project = add_project(organizer, state=ProjectState.ACTIVE, meeting=meeting)

    accept_project(
        organizer,
        project.id,
        AcceptProject(version=project.version, accepted_on=date(2025, 6, 10), acceptance_note="达标"),
    )

    assert need.state is PostingState.CLOSED


@pytest.mark.parametrize(
    ("accepted_on", "note", "wrong"),
    [
        (None, "", {"accepted_on", "acceptance_note"}),
        (date(2025, 6, 16), "达标", {"accepted_on"}),
        (date(2025, 3, 31), "达标", {"accepted_on"}),
    ],
    ids=["nothing given", "tomorrow", "before it began"],
)
def test_accept_project_refuses(organizer: Context, accepted_on: date | None, note: str, wrong: set[str]) -> None:
    project = add_project(organizer, state=ProjectState.ACTIVE)

    with pytest.raises(Invalid) as refused:
        accept_project(
            organizer,
            project.id,
            AcceptProject(version=project.version, accepted_on=accepted_on, acceptance_note=note),
        )

    assert set(refused.value.fields) == wrong
    assert (project.state, project.accepted_on) == (ProjectState.ACTIVE, None)


def test_terminate_project_says_why_and_that_it_was_in_good_faith(organizer: Context) -> None:
    project = add_project(organizer, state=ProjectState.ACTIVE)
    with pytest.raises(Invalid):
        terminate_project(organizer, project.id, TerminateProject(version=project.version))

    terminate_project(
        organizer,
        project.id,
        TerminateProject(version=project.version, termination_reason="指标未达预期", in_good_faith=True),
    )

    assert (project.state, project.in_good_faith) == (ProjectState.TERMINATED, True)


def test_an_accepted_project_goes_nowhere(organizer: Context) -> None:
    project = add_project(organizer, state=ProjectState.ACCEPTED)
    add_entry(organizer, project=project)

    with pytest.raises(IllegalTransition):
        terminate_project(organizer, project.id, TerminateProject(version=project.version, termination_reason="不合适"))
    with pytest.raises(IllegalTransition):
        contract_project(organizer, project.id, ContractProject(version=project.version))


def test_parties_and_stages_are_not_for_the_parties_themselves(enterprise: Context, organizer: Context) -> None:
    project = add_project(organizer)

    with pytest.raises(Forbidden):
        terminate_project(enterprise, project.id, TerminateProject(version=1, termination_reason="停"))
    with pytest.raises(NotFound):
        edit_project(organizer, 98765, EditProject(title="一", version=1))
