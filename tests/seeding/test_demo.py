"""The 示例 set: what it holds, that it says so, and that it goes without a trace."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from models import (
    Account,
    Achievement,
    Base,
    EntryKind,
    HandshakeEvent,
    HandshakeEventState,
    InvestmentEntry,
    InvitationState,
    Match,
    Meeting,
    MeetingOutcome,
    MeetingState,
    Need,
    Organization,
    OrganizationKind,
    PostingState,
    Project,
    ProjectState,
    Role,
    Scientist,
    StateChange,
)
from models.base import DemoMarked
from models.handshake_event import Invitation
from service.chain import broken_link
from service.context import Context
from service.errors import Conflict, Forbidden
from service.security import password_matches
from service.seeding import load_demo, load_seeds, remove_demo
from service.seeding.demo.events import next_month
from service.seeding.demo.removal import STEPS
from tests.conftest import OpenContext
from tests.factories import actor_for, add_account, add_organization, add_project
from tests.parts import ONLY_SQLITE
from tests.seeding.conftest import LATER, everything

COMPUTED = {"seating_plans"}
"""What people have the service compute from the example, and what goes with it."""
MARKED = [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, DemoMarked)]


@pytest.fixture
def demo(seeded: Context) -> Context:
    """The seeds and the 示例 set, committed."""
    load_demo(seeded)
    seeded.commit()
    return seeded


def test_every_kind_of_record_that_can_be_marked_is_there_and_marked(shown: Context) -> None:
    counts = {
        kind.__tablename__: shown.session.scalar(select(func.count()).select_from(kind).where(kind.is_demo))
        for kind in MARKED
        if kind.__tablename__ not in COMPUTED
    }

    assert all(counts.values()), counts


def test_every_name_says_that_it_is_an_example(shown: Context) -> None:
    for column in (
        Organization.name,
        Scientist.name,
        Account.name,
        Need.title,
        Achievement.title,
        HandshakeEvent.title,
        Project.title,
    ):
        names = shown.session.scalars(select(column).where(column.class_.is_demo)).all()

        assert names
        assert all(name.startswith("示例") for name in names)


def test_there_is_one_account_for_each_role_and_no_way_in_by_password(shown: Context) -> None:
    accounts = shown.session.scalars(select(Account)).all()

    assert sorted(account.role for account in accounts) == sorted(Role)
    assert all(account.email.endswith("@example.invalid") for account in accounts)
    assert not password_matches(accounts[0].password_hash, "")


def test_postings_stand_in_various_states(shown: Context) -> None:
    needs = shown.session.scalars(select(Need).where(Need.is_demo)).all()

    assert {need.state for need in needs} >= {
        PostingState.SUBMITTED,
        PostingState.RETURNED,
        PostingState.PUBLISHED,
        PostingState.ENGAGED,
        PostingState.CLOSED_WON,
    }
    assert all(need.review_remark for need in needs if need.state is PostingState.RETURNED)
    assert any(need.masked_name for need in needs)
    assert all(need.problem and need.present_state and need.target_indicators and need.budget_fen for need in needs)
    assert all(len(need.keywords) <= 5 and max(map(len, need.keywords)) <= 15 for need in needs)


def test_contributions_add_up_to_the_score_and_the_right_pair_comes_first(shown: Context) -> None:
    matches = shown.session.execute(
        select(Match.score, Match.contributions, Match.reason, Need.id, Achievement.title)
        .join(Need, Match.need_id == Need.id)
        .join(Achievement, Match.achievement_id == Achievement.id)
        .order_by(Need.id, Match.score.desc())
    ).all()

    assert matches
    assert all(sum(match.contributions.values()) == match.score for match in matches)
    assert not any("示例" in match.reason for match in matches)
    best = {match.id: match.title for match in reversed(matches)}
    wanted = shown.session.scalars(select(Need).where(Need.is_demo, Need.title.contains("热失控"))).one()
    assert "热失控" in best[wanted.id]


def test_one_event_was_held_with_every_outcome_and_one_is_open_for_next_month(shown: Context) -> None:
    held = shown.session.scalars(select(HandshakeEvent).where(HandshakeEvent.state == HandshakeEventState.HELD)).one()
    opened = shown.session.scalars(select(HandshakeEvent).where(HandshakeEvent.state == HandshakeEventState.OPEN)).one()

    talks = shown.session.scalars(select(Meeting).where(Meeting.handshake_event_id == held.id)).all()
    assert {talk.outcome for talk in talks} == {*MeetingOutcome, None}
    assert {talk.state for talk in talks} == {MeetingState.HELD, MeetingState.NOT_HELD, MeetingState.CANCELLED}
    assert (held.starts_at.year, held.starts_at.month) == (2025, 6)
    assert (opened.starts_at.year, opened.starts_at.month) == (2026, 8)
    asked = shown.session.scalars(select(Invitation.state).where(Invitation.handshake_event_id == opened.id)).all()
    assert set(asked) == {
        InvitationState.ACCEPTED,
        InvitationState.DECLINED,
        InvitationState.SENT,
        InvitationState.LAPSED,
    }


def test_nobody_sits_at_two_tables_in_one_slot(shown: Context) -> None:
    seats = shown.session.execute(
        select(Meeting.handshake_event_id, Meeting.slot, Need.organization_id, Achievement.organization_id)
        .join(Match, Meeting.match_id == Match.id)
        .join(Need, Match.need_id == Need.id)
        .join(Achievement, Match.achievement_id == Achievement.id)
        .where(Meeting.state != MeetingState.CANCELLED)
    ).all()

    places = [(event, slot, house) for event, slot, *houses in seats for house in houses]
    assert len(places) == len(set(places))


def test_projects_pass_their_gates_and_the_ledger_is_past(shown: Context) -> None:
    projects = shown.session.scalars(select(Project)).all()
    entries = shown.session.scalars(select(InvestmentEntry)).all()

    assert {project.state for project in projects} == set(ProjectState) - {ProjectState.TERMINATED}
    assert [project.state for project in projects if project.meeting_id is None] == [ProjectState.CONTRACTED]
    assert {entry.kind for entry in entries} == set(EntryKind)
    assert {entry.occurred_on.year for entry in entries} == {2025, 2026}
    assert all(entry.occurred_on <= shown.today for entry in entries)
    [taken_back] = [entry for entry in entries if entry.reverses_id is not None]
    original = shown.session.get_one(InvestmentEntry, taken_back.reverses_id)
    assert (original.kind, original.source, original.amount_fen) == (
        taken_back.kind,
        taken_back.source,
        -taken_back.amount_fen,
    )


def test_the_log_of_states_ends_where_each_record_stands(shown: Context) -> None:
    for kind in (Need, Achievement, HandshakeEvent, Invitation, Meeting, Project):
        for record in shown.session.scalars(select(kind).where(kind.is_demo)):
            changes = shown.session.scalars(
                select(StateChange)
                .where(StateChange.record_type == kind.__name__, StateChange.record_id == record.id)
                .order_by(StateChange.at, StateChange.id)
            ).all()
            assert changes[0].from_state is None
            assert changes[-1].to_state == record.state.value
            assert [c.from_state for c in changes[1:]] == [c.to_state for c in changes[:-1]]
            assert all(change.is_demo and change.at <= LATER for change in changes)


def test_loading_the_example_twice_writes_it_once(demo: Context) -> None:
    before = everything(demo)

    load_demo(demo)
    demo.commit()

    assert everything(demo) == before


@ONLY_SQLITE
def test_the_example_asks_for_the_seeds_first(empty: Context) -> None:
    with pytest.raises(Conflict, match="woshou seed"):
        load_demo(empty)


COUNTERS = ("audit_entries", "audit_heads", "catalogue_states", "catalogue_changes", "search_states", "search_changes")
"""Tables that say what has happened, and so never go back."""


def test_removing_the_example_leaves_what_was_there_before(seeded: Context) -> None:
    before = everything(seeded, but=COUNTERS)
    load_demo(seeded)
    seeded.commit()

    removed = remove_demo(seeded)
    seeded.commit()

    assert everything(seeded, but=COUNTERS) == before
    assert (removed["organizations"], removed["needs"]) == (8, 7)
    assert broken_link(seeded.session) is None
    assert not any(remove_demo(seeded).values())


def test_removal_knows_every_table_that_can_be_marked() -> None:
    assert set(MARKED) <= {kind for kind, _ in STEPS}


def test_removal_takes_a_real_organizations_invitation_to_a_demo_event(demo: Context) -> None:
    event = demo.session.scalars(select(HandshakeEvent).where(HandshakeEvent.state == HandshakeEventState.OPEN)).one()
    guest = add_organization(demo, kind=OrganizationKind.ENTERPRISE, name="真实的企业")
    demo.add(Invitation(handshake_event_id=event.id, organization_id=guest.id))

    remove_demo(demo)

    assert demo.session.scalar(select(func.count()).select_from(Invitation)) == 0
    assert demo.session.get(Organization, guest.id) is not None


def test_removal_refuses_while_a_real_project_rests_on_a_demo_meeting(demo: Context) -> None:
    talk = demo.session.scalars(select(Meeting).where(Meeting.outcome == MeetingOutcome.CONTINUE)).one()
    project = add_project(demo, title="真实的项目", meeting=talk, is_demo=False)
    before = everything(demo)

    with pytest.raises(Conflict, match="真实的项目"):
        remove_demo(demo)

    assert everything(demo) == before
    assert demo.session.get(Project, project.id) is not None


def test_removal_refuses_while_a_demo_project_holds_a_real_ledger_line(demo: Context) -> None:
    line = demo.session.scalars(select(InvestmentEntry).limit(1)).one()
    demo.add(
        InvestmentEntry(
            project_id=line.project_id,
            kind=line.kind,
            source=line.source,
            amount_fen=100,
            occurred_on=date(2026, 1, 5),
            evidence="银行回单",
            created_at=demo.now,
        )
    )

    with pytest.raises(Conflict, match="正式的资金流水"):
        remove_demo(demo)


@ONLY_SQLITE
def test_removal_is_for_administrators(demo: Context, open_ctx: OpenContext) -> None:
    account = add_account(demo, Role.ORGANIZER, region_code="150600")
    organizer = open_ctx(actor_for(demo, account))

    with pytest.raises(Forbidden):
        remove_demo(organizer)


@ONLY_SQLITE
def test_the_ledger_of_an_early_demo_is_not_ahead_of_its_time(open_ctx: OpenContext) -> None:
    early = open_ctx(now=LATER.replace(year=2025, month=12))
    load_seeds(early)
    load_demo(early)

    assert max(early.session.scalars(select(InvestmentEntry.occurred_on))) <= early.today


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 7, 20), date(2026, 8, 17)),
        (date(2026, 12, 31), date(2027, 1, 18)),
        (date(2026, 1, 31), date(2026, 2, 16)),
    ],
)
def test_next_month_gives_a_working_day(today: date, expected: date) -> None:
    assert next_month(today) == expected
