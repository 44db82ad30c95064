"""Who must not meet: never suggested, chosen, introduced or seated, whatever the tie; nothing decided is deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from models import (
    Achievement,
    BlacklistEntry,
    Introduction,
    Job,
    Match,
    MatchState,
    Meeting,
    MeetingOutcome,
    MeetingState,
    Need,
    OrganizationKind,
    OrganizationTie,
    TieKind,
)
from service.context import Context
from service.errors import Conflict, Forbidden, Invalid
from service.policy.fields import acquainted
from service.queries.conflicts import ConflictKind, Ties, conflict_between, ties
from service.queries.events import suggested_invitees, unseated_pairs
from service.usecases.conflicts import (
    AddBlacklistEntry,
    AddTie,
    EndConflict,
    add_blacklist_entry,
    add_tie,
    follow_terms,
    lift_blacklist_entry,
    remove_tie,
    take_back_suggestions,
)
from service.usecases.introductions import IntroduceMatch, introduce_match
from service.usecases.matches import AnswerMatch, MoveMatch, answer_match, shortlist_match
from service.usecases.meetings import SeatMeeting, seat_meeting
from service.usecases.projects import OpenProject, open_project
from service.usecases.ranking import rank_everything
from tests.factories import (
    add_achievement,
    add_event,
    add_match,
    add_meeting,
    add_need,
    add_organization,
)


def _two(ctx: Context, name: str = "甲能源有限公司", other: str = "乙研究院") -> tuple[int, int]:
    return (
        add_organization(ctx, name=name, kind=OrganizationKind.ENTERPRISE).id,
        add_organization(ctx, name=other, kind=OrganizationKind.INSTITUTE).id,
    )


def _pair(ctx: Context, one: int, other: int, **columns: object) -> Match:
    need = add_need(ctx, organization_id=one)
    return add_match(ctx, need=need, achievement=add_achievement(ctx, organization_id=other), **columns)


def _tie(ctx: Context, one: int, other: int, kind: TieKind, person: str = "") -> OrganizationTie:
    return add_tie(ctx, one, AddTie(other_id=other, kind=kind, person_name=person))


@pytest.mark.parametrize(
    ("kind", "person", "found", "sentence"),
    [
        (TieKind.SAME, "", ConflictKind.SAME, "同一机构的不同写法"),
        (TieKind.PARENT, "", ConflictKind.FAMILY, "母子公司"),
        (TieKind.SHARED_PERSON, "示例人", ConflictKind.SHARED_PERSON, "同一人任职：示例人同时在"),
        (TieKind.AFFILIATED, "", ConflictKind.AFFILIATED, "其他关联"),
    ],
)
def test_a_tie_stands_between_both_sides_with_its_sentence(
    organizer: Context, kind: TieKind, person: str, found: ConflictKind, sentence: str
) -> None:
    one, other = _two(organizer)
    assert conflict_between(organizer, one, other) is None

    _tie(organizer, one, other, kind, person)

    for finding in (conflict_between(organizer, one, other), conflict_between(organizer, other, one)):
        assert finding is not None
        assert finding.kind is found
        assert finding.sentence.startswith(sentence)


def test_sisters_and_grandchildren_are_one_family_but_shared_persons_reach_one_step(organizer: Context) -> None:
    top, one, two, below, stranger = (add_organization(organizer, name=f"示例{name}").id for name in "天地玄黄宇")
    _tie(organizer, one, top, TieKind.PARENT)
    _tie(organizer, two, top, TieKind.PARENT)
    _tie(organizer, below, one, TieKind.PARENT)
    _tie(organizer, stranger, two, TieKind.SHARED_PERSON)

    apart = ties(organizer)

    assert apart.between(below, two) is not None
    assert apart.between(stranger, two) is not None
    assert apart.between(stranger, one) is None
    assert apart.barred(below) == {top, one, two}
    assert apart.barred(stranger) == {two}


def test_two_rows_of_one_organization_are_found_by_alias_without_any_tie(organizer: Context) -> None:
    one = add_organization(organizer, name="中国矿业大学（北京）内蒙古研究院", uscc=None).id
    other = add_organization(organizer, name="矿大北京内蒙古院", uscc=None).id

    found = conflict_between(organizer, one, other)

    assert found is not None
    assert found.kind is ConflictKind.SAME


def test_the_blacklist_holds_for_its_term_and_says_it(organizer: Context) -> None:
    one, other = _two(organizer)
    end = organizer.today + timedelta(days=30)
    add_blacklist_entry(organizer, one, AddBlacklistEntry(reason="合同纠纷未了结", ends_on=end))

    found = conflict_between(organizer, one, other)

    assert found is not None
    assert found.sentence == f"不予对接：合同纠纷未了结（至 {end}）。"
    assert conflict_between(organizer, one, other, on=end) is not None
    assert conflict_between(organizer, one, other, on=end + timedelta(days=1)) is None
    assert conflict_between(organizer, one, other, on=organizer.today - timedelta(days=1)) is None


def test_an_entry_about_two_organizations_leaves_others_alone(organizer: Context) -> None:
    one, other = _two(organizer)
    third = add_organization(organizer, name="丙研究院").id
    add_blacklist_entry(organizer, one, AddBlacklistEntry(reason="竞争对手", other_id=other))

    assert conflict_between(organizer, other, one) is not None
    assert conflict_between(organizer, one, third) is None


def test_a_lifted_entry_is_kept_but_holds_no_longer(organizer: Context) -> None:
    one, other = _two(organizer)
    entry = add_blacklist_entry(organizer, one, AddBlacklistEntry(reason="失信"))

    lift_blacklist_entry(organizer, entry.id, EndConflict(version=entry.version, reason="已履行"))

    assert conflict_between(organizer, one, other) is None
    kept = organizer.find(BlacklistEntry, entry.id)
    assert (kept.starts_on, kept.ends_on, kept.lifted_at) == (organizer.today, None, organizer.now)
    with pytest.raises(Conflict):
        lift_blacklist_entry(organizer, entry.id, EndConflict(version=entry.version, reason="再解除一次"))


def test_an_entry_for_later_is_followed_on_the_day_it_begins_and_given_back_after_it_ends(organizer: Context) -> None:
    one, other = _two(organizer)
    match = _pair(organizer, one, other)
    begins, ends = organizer.today + timedelta(days=3), organizer.today + timedelta(days=5)
    entry = BlacklistEntry(
        organization_id=one, reason="展会冲突", starts_on=begins, ends_on=ends, created_by_id=organizer.actor.account_id
    )
    organizer.add(entry)
    number = match.id

    follow_terms(organizer)
    assert organizer.session.get(Match, number) is not None

    follow_terms(replace(organizer, now=organizer.now + timedelta(days=3)))
    assert organizer.session.get(Match, number) is None
    organizer.session.execute(delete(Job))

    follow_terms(replace(organizer, now=organizer.now + timedelta(days=5)))
    assert organizer.session.scalar(select(func.count(Job.id))) == 0
    follow_terms(replace(organizer, now=organizer.now + timedelta(days=6)))
    assert organizer.session.scalars(select(Job.name)).all() == ["refresh_matches"]


def test_a_removed_tie_holds_no_longer(organizer: Context) -> None:
    one, other = _two(organizer)
    tie = _tie(organizer, one, other, TieKind.AFFILIATED)

    remove_tie(organizer, tie.id, EndConflict(version=tie.version, reason="已转让股权"))
    organizer.flush()

    assert conflict_between(organizer, one, other) is None


def test_a_tie_takes_open_suggestions_back_and_leaves_what_was_decided(organizer: Context) -> None:
    one, other = _two(organizer)
    open_one = _pair(organizer, one, other)
    chosen = _pair(organizer, one, other, state=MatchState.SHORTLISTED)
    seated = add_meeting(organizer, match=_pair(organizer, one, other)).match_id
    elsewhere = add_match(organizer)
    wanted = {chosen.id, seated, elsewhere.id}
    assert open_one.id not in wanted

    _tie(organizer, one, other, TieKind.PARENT)

    assert set(organizer.session.scalars(select(Match.id))) == wanted


@pytest.mark.parametrize("kind", list(TieKind))
def test_no_door_brings_two_together_that_are_tied(
    organizer: Context, enterprise: Context, institute: Context, kind: TieKind
) -> None:
    one, other = enterprise.actor.organization_id or 0, institute.actor.organization_id or 0
    chosen = _pair(organizer, one, other, state=MatchState.SHORTLISTED)
    event = add_event(organizer)
    assert [row.match_id for row in unseated_pairs(organizer, event, fitting=False)] == [chosen.id]
    _tie(organizer, one, other, kind)
    open_one = _pair(organizer, one, other)

    with pytest.raises(Conflict, match="不能互相对接"):
        shortlist_match(organizer, open_one.id, MoveMatch(version=open_one.version))
    with pytest.raises(Conflict, match="不能互相对接"):
        answer_match(enterprise, open_one.id, AnswerMatch(version=open_one.version))
    with pytest.raises(Conflict, match="不能互相对接"):
        introduce_match(organizer, open_one.id, IntroduceMatch(version=open_one.version))
    with pytest.raises(Conflict, match="不能互相对接"):
        seat_meeting(organizer, event.id, SeatMeeting(match_id=chosen.id, slot=0, table_number=1, invite_missing=True))

    assert unseated_pairs(organizer, event, fitting=False) == []
    assert suggested_invitees(organizer, event, fitting=False) == []
    assert organizer.session.scalar(select(func.count(Meeting.id))) == 0
    assert organizer.session.scalar(select(func.count(Introduction.id))) == 0


def test_ties_are_for_staff_to_record_and_between_two_organizations(organizer: Context, enterprise: Context) -> None:
    one, other = _two(organizer)

    with pytest.raises(Forbidden):
        _tie(enterprise, one, other, TieKind.SAME)
    with pytest.raises(Invalid):
        _tie(organizer, one, one, TieKind.SAME)
    _tie(organizer, one, other, TieKind.SAME)
    with pytest.raises(Invalid) as refused:
        _tie(organizer, other, one, TieKind.SAME)
    assert "已经登记" in refused.value.fields["other_id"]


def test_ranking_writes_no_pair_in_conflict_and_gives_its_place_to_another(organizer: Context) -> None:
    one, other = _two(organizer)
    third = add_organization(organizer, name="丙研究院", kind=OrganizationKind.INSTITUTE).id
    text = "煤化工高盐废水零排放处理技术"
    need = add_need(organizer, organization_id=one, title=text)
    kept = add_achievement(organizer, organization_id=third, title=text)
    add_achievement(organizer, organization_id=other, title=text)
    _tie(organizer, one, other, TieKind.SHARED_PERSON)

    rank_everything(organizer)

    rows = organizer.session.execute(select(Match.need_id, Match.achievement_id, Match.need_rank)).all()
    assert [tuple(row) for row in rows] == [(need.id, kept.id, 1)]


def test_what_is_posted_on_behalf_may_meet_its_own_poster_but_no_blacklisted_one(organizer: Context) -> None:
    own = add_organization(organizer, name="示例科技服务中心").id
    text = "矿井水综合利用"
    add_need(organizer, organization_id=own, title=text, posted_on_behalf=True)
    add_achievement(organizer, organization_id=own, title=text, posted_on_behalf=True)
    rank_everything(organizer)
    assert organizer.session.scalar(select(func.count(Match.id))) == 1

    add_blacklist_entry(organizer, own, AddBlacklistEntry(reason="暂停对接"))
    rank_everything(organizer)

    assert organizer.session.scalar(select(func.count(Match.id))) == 0


EDGE = st.tuples(st.integers(0, 5), st.integers(0, 5), st.sampled_from(list(TieKind)))


@given(edges=st.lists(EDGE, max_size=6), shunned=st.lists(st.integers(0, 5), max_size=1))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_suggestion_ever_joins_two_in_conflict(
    ctx: Context, edges: list[tuple[int, int, TieKind]], shunned: list[int]
) -> None:
    ctx.commit()
    text = "煤化工高盐废水零排放处理技术"
    houses = [add_organization(ctx, name=f"示例机构{sign}").id for sign in "甲乙丙丁戊己"]
    for house in houses:
        add_need(ctx, organization_id=house, title=text)
        add_achievement(ctx, organization_id=house, title=text)
    for one, other, kind in dict.fromkeys(edges):
        if one != other:
            ctx.add(OrganizationTie(organization_id=houses[one], other_id=houses[other], kind=kind))
    for one in shunned:
        ctx.add(BlacklistEntry(organization_id=houses[one], reason="失信", starts_on=ctx.today))
    ctx.flush()

    rank_everything(ctx)

    apart = ties(ctx)
    written = _sides(ctx)
    assert all(apart.between(*pair) is None for pair in written)
    assert written == {(a, b) for a in houses for b in houses if apart.between(a, b) is None}
    assert _barred_agrees(apart, houses)
    assert take_back_suggestions(ctx) == 0
    ctx.discard()


def _sides(ctx: Context) -> set[tuple[int, int]]:
    query = (
        select(Need.organization_id, Achievement.organization_id)
        .select_from(Match)
        .join(Need, Need.id == Match.need_id)
        .join(Achievement, Achievement.id == Match.achievement_id)
    )
    return {(one, other) for one, other in ctx.session.execute(query)}


def _barred_agrees(apart: Ties, houses: list[int]) -> bool:
    return all(
        (apart.between(a, b) is not None) == (b in apart.barred(a) or b in apart.twins(a))
        for a in houses
        for b in houses
        if a != b
    )


def test_an_introduction_is_recorded_once_and_opens_names_and_contacts_to_both_sides(
    organizer: Context, enterprise: Context, institute: Context
) -> None:
    need, achievement = add_need(enterprise), add_achievement(institute)
    match = add_match(organizer, need=need, achievement=achievement)
    assert not acquainted(institute, need)

    introduce_match(organizer, match.id, IntroduceMatch(version=match.version, note="技术对口，请直接联系"))

    row = organizer.session.scalars(select(Introduction)).one()
    assert (row.match_id, row.introduced_by_id, row.note) == (
        match.id,
        organizer.actor.account_id,
        "技术对口，请直接联系",
    )
    assert row.introduced_at == organizer.now
    assert acquainted(institute, need)
    assert acquainted(enterprise, achievement)
    with pytest.raises(Conflict, match="已经引荐过"):
        introduce_match(organizer, match.id, IntroduceMatch(version=match.version))
    answer_match(enterprise, match.id, AnswerMatch(version=match.version, agrees=False))
    assert acquainted(institute, need)


def test_a_side_may_not_introduce_itself(organizer: Context, enterprise: Context, institute: Context) -> None:
    match = add_match(organizer, need=add_need(enterprise), achievement=add_achievement(institute))

    with pytest.raises(Forbidden):
        introduce_match(enterprise, match.id, IntroduceMatch(version=match.version))


def test_a_project_is_not_opened_between_two_in_conflict(organizer: Context) -> None:
    one, other = _two(organizer)
    match = _pair(organizer, one, other, state=MatchState.MUTUAL)
    meeting = add_meeting(organizer, match=match, state=MeetingState.HELD, outcome=MeetingOutcome.INTENT)
    _tie(organizer, one, other, TieKind.PARENT)

    with pytest.raises(Conflict, match="母子公司"):
        open_project(organizer, OpenProject(meeting_id=meeting.id))
