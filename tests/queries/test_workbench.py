"""What waits for whom: each role is shown its own, most urgent first, and nothing of others."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from models import (
    Achievement,
    FollowUpKind,
    HandshakeEventState,
    Job,
    JobState,
    MatchState,
    Meeting,
    MeetingOutcome,
    MeetingState,
    Need,
    Organization,
    PartyRole,
    PostingState,
    ProjectParty,
    ProjectState,
    Role,
    TieKind,
)
from service.context import Context
from service.errors import NotSignedIn
from service.queries.listing import count
from service.queries.matches import MATCHES
from service.queries.waiting import SHOWN, Waiting, comes_in_words, due_in_words, waited_in_words
from service.queries.waiting_postings import own_tallies, suggested_pairs
from service.queries.workbench import LISTS, waiting_lists
from service.usecases.conflicts import AddBlacklistEntry, AddTie, add_blacklist_entry, add_tie
from service.usecases.follow_ups import task_of
from tests.factories import (
    NOW,
    add_account,
    add_achievement,
    add_contract,
    add_event,
    add_invitation,
    add_match,
    add_meeting,
    add_need,
    add_organization,
    add_project,
)


def _found(ctx: Context) -> dict[str, Waiting]:
    return {one.title: one for one in waiting_lists(ctx)}


def _own(ctx: Context) -> Organization:
    return ctx.find(Organization, ctx.actor.organization_id or 0)


def _talk(ctx: Context, need: Need, achievement: Achievement, **columns: Any) -> Any:
    match = add_match(ctx, need=need, achievement=achievement, state=MatchState.SHORTLISTED, need_agrees=True)
    return add_meeting(ctx, match=match, **columns)


def test_every_role_has_its_lists() -> None:
    assert set(LISTS) == set(Role)


def test_a_visitor_has_no_workbench(anonymous: Context) -> None:
    with pytest.raises(NotSignedIn):
        waiting_lists(anonymous)


def test_an_enterprise_sees_its_returned_postings_with_the_remark_and_its_drafts(enterprise: Context) -> None:
    returned = add_need(enterprise, state=PostingState.RETURNED, review_remark="请写明处理规模")
    draft = add_need(enterprise, state=PostingState.DRAFT)
    add_need(enterprise, state=PostingState.RETURNED, organization=add_organization(enterprise))

    found = _found(enterprise)

    [item] = found["退回修改的内容"].items
    assert (item.href, item.text, item.note) == (f"/needs/{returned.id}", returned.title, "审核意见：请写明处理规模")
    assert [one.href for one in found["没有写完的草稿"].items] == [f"/needs/{draft.id}/edit"]
    assert found["没有写完的草稿"].href == "/needs?mine=1&state=DRAFT"


def test_an_invited_enterprise_sees_its_own_open_invitation_alone(enterprise: Context, organizer: Context) -> None:
    mine = add_invitation(organizer, organization=_own(enterprise))
    add_invitation(organizer)
    over = add_event(organizer, state=HandshakeEventState.HELD)
    add_invitation(organizer, event=over, organization=_own(enterprise))

    [item] = _found(enterprise)["等您答复的邀请"].items

    assert item.href == f"/invitations/{mine.id}"
    assert item.note.startswith("10 天后举办")


def test_an_enterprise_sees_the_talks_and_next_steps_that_wait_for_it(enterprise: Context, organizer: Context) -> None:
    need, other = add_need(enterprise), add_need(organizer)
    begun = add_event(organizer, state=HandshakeEventState.SCHEDULED, starts_at=NOW - timedelta(days=2))
    to_record = _talk(organizer, need, add_achievement(organizer), event=begun, state=MeetingState.CONFIRMED)
    late, soon = (
        _talk(
            organizer,
            need,
            add_achievement(organizer),
            state=MeetingState.HELD,
            outcome=MeetingOutcome.CONTINUE,
            next_step=text,
            due_on=(NOW + timedelta(days=days)).date(),
        )
        for text, days in (("交试验方案", -3), ("寄样品", 4))
    )
    _talk(organizer, other, add_achievement(organizer), event=begun, state=MeetingState.CONFIRMED)

    found = _found(enterprise)

    assert [one.href for one in found["等您反馈的洽谈"].items] == [f"/meetings/{to_record.id}"]
    assert [(one.href, one.text, one.badge) for one in found["会后要办的事"].items] == [
        (_step(organizer, late), "交试验方案", "已逾期"),
        (_step(organizer, soon), "寄样品", "待办"),
    ]
    assert [one.note.rpartition("，")[2] for one in found["会后要办的事"].items] == ["已逾期 3 天", "4 天后到期"]


def _step(ctx: Context, talk: Meeting) -> str:
    task = task_of(ctx, talk, FollowUpKind.NEXT_STEP)
    assert task is not None
    return f"/follow-ups/{task.id}"


def test_an_institute_is_asked_about_chosen_pairs_until_it_has_answered(institute: Context, organizer: Context) -> None:
    offer = add_achievement(institute)
    open_one = add_match(organizer, achievement=offer, state=MatchState.SHORTLISTED)
    add_match(organizer, achievement=offer, state=MatchState.SHORTLISTED, offer_agrees=True)
    add_match(organizer, state=MatchState.SHORTLISTED)

    [item] = _found(institute)["组织方为您选出的对象"].items

    need = organizer.find(Need, open_one.need_id)
    assert (item.href, item.text) == (f"/matches/{open_one.id}", need.title)


def test_suggested_pairs_are_the_best_of_ones_own_open_postings(enterprise: Context, organizer: Context) -> None:
    need, closed = add_need(enterprise), add_need(enterprise, state=PostingState.CLOSED)
    scores = [1500, 7000, 3000, 5000, 1600, 6000, 1499]
    pairs = [add_match(organizer, need=need, score=score, contributions={"title": score}) for score in scores]
    add_match(organizer, need=closed, score=9999, contributions={"title": 9999})
    add_match(organizer, score=9998, contributions={"title": 9998})

    found = suggested_pairs(enterprise)

    assert [one.badge for one in found.items] == ["匹配 70.00", "匹配 60.00", "匹配 50.00", "匹配 30.00", "匹配 16.00"]
    assert found.items[0].href == f"/matches/{pairs[1].id}"
    assert (len(found.items), found.total) == (SHOWN, 6), "a pair in which little is shared is not pushed"


def test_own_tallies_count_by_state_and_lead_to_the_list(enterprise: Context) -> None:
    add_need(enterprise)
    add_need(enterprise)
    add_need(enterprise, state=PostingState.CLOSED_WON)
    add_need(enterprise, organization=add_organization(enterprise))

    tallies = own_tallies(enterprise)

    assert list(tallies) == ["needs"]
    assert [(one.label, one.number, one.href) for one in tallies["needs"]] == [
        ("已发布", 2, "/needs?mine=1&state=PUBLISHED"),
        ("已解决", 1, "/needs?mine=1&state=CLOSED_WON"),
    ]


def test_an_organizer_reviews_the_region_the_longest_waiting_first(organizer: Context) -> None:
    late = add_need(organizer, state=PostingState.SUBMITTED, submitted_at=NOW - timedelta(days=1))
    early = add_achievement(organizer, state=PostingState.SUBMITTED, submitted_at=NOW - timedelta(days=3))
    add_need(organizer, state=PostingState.SUBMITTED, region_code="150100")

    found = _found(organizer)["待审核的内容"]

    assert [one.href for one in found.items] == [f"/achievements/{early.id}", f"/needs/{late.id}"]
    assert [one.note for one in found.items] == ["科技成果，已等 3 天", "技术需求，已等 1 天"]
    assert found.total == 2


def test_an_organizer_sees_what_nobody_answered_recorded_or_followed_up(organizer: Context) -> None:
    invitation = add_invitation(organizer)
    begun = add_event(organizer, state=HandshakeEventState.SCHEDULED, starts_at=NOW - timedelta(days=1))
    talk = add_meeting(organizer, event=begun, state=MeetingState.CONFIRMED)
    late = add_meeting(organizer, state=MeetingState.HELD, next_step="补材料", due_on=(NOW - timedelta(days=8)).date())
    add_meeting(organizer, state=MeetingState.HELD, next_step="寄样", due_on=(NOW + timedelta(days=8)).date())

    found = _found(organizer)

    assert [one.href for one in found["未复的邀请"].items] == [f"/invitations/{invitation.id}"]
    assert [one.href for one in found["没有登记结果的洽谈"].items] == [f"/meetings/{talk.id}"]
    assert [one.href for one in found["逾期的会后事项"].items] == [_step(organizer, late)]


def test_a_chosen_pair_waits_until_it_is_seated_and_again_when_the_talk_is_cancelled(broker: Context) -> None:
    waits, seated, again = (add_match(broker, state=MatchState.SHORTLISTED) for _ in range(3))
    add_meeting(broker, match=seated)
    add_meeting(broker, match=again, state=MeetingState.CANCELLED)
    add_match(broker)

    found = _found(broker)["入选但还没有排桌的配对"]

    assert {one.href for one in found.items} == {f"/matches/{waits.id}", f"/matches/{again.id}"}


def test_a_stalled_intent_says_what_its_next_stage_lacks(organizer: Context, leader: Context) -> None:
    old = (NOW - timedelta(days=120)).date()
    stalled = add_project(organizer, state=ProjectState.INTENT, opened_on=old)
    ready = add_project(organizer, state=ProjectState.INTENT, opened_on=old - timedelta(days=1))
    add_contract(organizer, project=ready)
    add_project(organizer, state=ProjectState.INTENT, opened_on=NOW.date())

    for who in (organizer, leader):
        notes = {one.href: one.note for one in _found(who)["停滞的合作意向"].items}

        assert notes == {
            f"/projects/{stalled.id}": "还需：至少登记一份技术合同",
            f"/projects/{ready.id}": "可以转入“签约”",
        }


def test_an_administrator_sees_what_the_installation_lacks(admin: Context) -> None:
    admin.add(Job(name="refresh_matches", payload={}, state=JobState.DEAD, attempts=5, run_at=NOW, created_at=NOW))
    before = {one.text for one in _found(admin)["系统设置"].items}
    add_account(admin, Role.ORGANIZER)
    after = {one.text for one in _found(admin)["系统设置"].items}

    assert "查看原因后重试" in before
    assert "至少设置一位正式的系统管理员" not in before
    assert before - after == {"为科技主管部门开设组织方账号，才能审核发布"}


def test_an_auditor_sees_the_newest_lines_of_the_log(auditor: Context, organizer: Context) -> None:
    organizer.audit("edit", add_need(organizer), changed=["title"])
    organizer.commit()

    first = _found(auditor)["最近的操作"].items[0]

    assert first.text == f"{organizer.actor.name}：修改"
    assert "修改项：名称" in first.note


def test_the_number_of_queries_does_not_grow_with_what_waits(enterprise: Context, organizer: Context) -> None:
    need = add_need(enterprise)

    def queries() -> int:
        seen: list[str] = []
        bind = enterprise.session.get_bind()
        event.listen(bind, "before_cursor_execute", lambda *call: seen.append(call[2]))
        enterprise.flush()
        waiting_lists(enterprise)
        suggested_pairs(enterprise)
        own_tallies(enterprise)
        return len(seen)

    add_match(organizer, need=need)
    with_one = queries()
    for _ in range(2):
        add_match(organizer, need=need)
        add_invitation(organizer, organization=_own(enterprise))
    assert count(enterprise, MATCHES, {"mine": "1"}) == 3

    assert queries() <= with_one


@pytest.mark.parametrize(
    ("days", "due", "comes", "waited"),
    [
        (-2, "已逾期 2 天", "2 天前举办", "已等 2 天"),
        (0, "今天到期", "今天举办", "今天提交"),
        (3, "3 天后到期", "3 天后举办", "今天提交"),
    ],
)
def test_days_are_said_in_words(ctx: Context, days: int, due: str, comes: str, waited: str) -> None:
    moment = NOW + timedelta(days=days)

    assert due_in_words(ctx, moment.date()) == due
    assert comes_in_words(ctx, moment) == comes
    assert waited_in_words(ctx, moment) == waited


def test_a_moment_late_in_the_evening_belongs_to_the_chinese_day(ctx: Context) -> None:
    assert due_in_words(ctx, NOW + timedelta(hours=15)) == "1 天后到期"


def test_staff_are_told_of_work_whose_sides_must_be_kept_apart(organizer: Context) -> None:
    need, achievement = add_need(organizer), add_achievement(organizer)
    match = add_match(organizer, need=need, achievement=achievement, state=MatchState.MUTUAL)
    project = add_project(organizer, state=ProjectState.ACTIVE)
    demand, technology = (
        organizer.session.scalars(
            select(ProjectParty.organization_id).where(ProjectParty.project_id == project.id, ProjectParty.role == role)
        ).one()
        for role in (PartyRole.DEMAND, PartyRole.TECHNOLOGY)
    )
    assert "需要回避的对接" not in _found(organizer)

    add_tie(organizer, need.organization_id, AddTie(other_id=achievement.organization_id, kind=TieKind.PARENT))
    add_blacklist_entry(organizer, demand, AddBlacklistEntry(other_id=technology, reason="诉讼未了结"))

    flagged = _found(organizer)["需要回避的对接"]
    assert {item.href for item in flagged.items} == {f"/matches/{match.id}", f"/projects/{project.id}"}
    assert any("母子公司" in item.note for item in flagged.items)
    assert any("诉讼未了结" in item.note for item in flagged.items)
    assert flagged.total == 2


def test_a_talk_whose_content_was_taken_down_is_told_to_both_sides_and_staff(
    organizer: Context, enterprise: Context, institute: Context
) -> None:
    need = add_need(organizer, organization=_own(enterprise), state=PostingState.PUBLISHED)
    achievement = add_achievement(organizer, organization=_own(institute))
    meeting = _talk(organizer, need, achievement, state=MeetingState.CONFIRMED)
    need.state = PostingState.TAKEN_DOWN
    organizer.flush()

    for ctx in (organizer, enterprise, institute):
        told = _found(ctx)["内容已下架或撤回的洽谈"]
        assert [item.href for item in told.items] == [f"/meetings/{meeting.id}"]
        assert need.title not in repr(told)
