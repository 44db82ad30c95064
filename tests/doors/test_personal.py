"""The page behind a personal link: one's own answers, wishes, talks and calendar, nobody else's, and until when."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar
from sqlalchemy import select

from models import (
    Attendee,
    AttendeeState,
    EventLetter,
    EventTable,
    HandshakeEvent,
    HandshakeEventState,
    InvitationState,
    LetterKind,
    MatchState,
    MeetingState,
    OrganizationKind,
    Wish,
    WishLevel,
)
from service import clock
from service.app import create_app
from service.config import Settings
from service.context import Context
from service.errors import Conflict, Invalid, NotFound
from service.event_calendars import event_request
from service.links import enter_by_link, guest_of, personal_link, token_of
from service.queries.attendees import comer
from service.queries.wishes import choices_of
from service.usecases.attendees import ensure_attendees
from service.usecases.event_letters import ChooseAttendees, mark_copied, remind_unanswered, send_invitations
from service.usecases.event_tables import WriteTable, forget_table, keep_table
from service.usecases.events import MoveEvent, cancel_event, schedule_event
from service.usecases.replies import GiveFeedback, Reply, SendColleague, give_feedback, reply, send_colleague
from service.usecases.wishes import OneWish, SetWishes, set_wishes
from tests.factories import (
    NOW,
    add_achievement,
    add_event,
    add_invitation,
    add_match,
    add_meeting,
    add_need,
    add_organization,
)
from tests.parts import ONLY_SQLITE

A, E, W = AttendeeState, HandshakeEventState, WishLevel


class Hall:
    """An open event with a firm and an institute asked to it, three pairs of theirs, and one attendee of each."""

    def __init__(self, ctx: Context, **event: object) -> None:
        self.ctx = ctx
        self.event = add_event(ctx, **{"starts_at": ctx.now + timedelta(days=10), **event})
        self.firm = add_organization(ctx, name="河套装备厂")
        self.institute = add_organization(ctx, kind=OrganizationKind.INSTITUTE, name="高原研究院")
        self.needs = [add_need(ctx, organization=self.firm, title=f"难题{n}") for n in range(3)]
        self.offer = add_achievement(ctx, organization=self.institute, title="新膜电极", masked_name="某研究院")
        self.matches = [
            add_match(ctx, need=need, achievement=self.offer, score=score, state=state)
            for need, score, state in zip(
                self.needs,
                (3000, 9000, 6000),
                (MatchState.SUGGESTED, MatchState.MUTUAL, MatchState.SHORTLISTED),
                strict=True,
            )
        ]
        self.asked = [add_invitation(ctx, event=self.event, organization=one) for one in (self.firm, self.institute)]
        self.firms, self.scientist = (ensure_attendees(ctx, one)[0] for one in self.asked)

    def guest(self, attendee: Attendee) -> Context:
        """The attendee behind their link."""
        return replace(self.ctx, actor=guest_of(self.ctx, attendee))


def _reply(attendee: Attendee, **values: object) -> Reply:
    return Reply.model_validate({"version": attendee.version, "coming": True, "name": "白格日勒", **values})


def test_a_guest_answers_and_the_invitation_follows(ctx: Context) -> None:
    hall = Hall(ctx)

    reply(hall.guest(hall.scientist), hall.scientist, _reply(hall.scientist, away_slots=[3, 0], email="bai@example.cn"))

    assert (hall.scientist.state, hall.scientist.away_slots) == (A.COMING, [0, 3])
    assert (hall.asked[1].state, hall.asked[1].attendee) == (InvitationState.ACCEPTED, "白格日勒")
    with pytest.raises(Invalid, match="1 处"):
        reply(hall.guest(hall.firms), hall.firms, _reply(hall.firms, name=""))
    with pytest.raises(Invalid):
        reply(hall.guest(hall.firms), hall.firms, _reply(hall.firms, away_slots=[8]))


def test_a_guest_asks_for_what_stands_at_some_table(ctx: Context) -> None:
    hall = Hall(ctx)
    ctx.add(EventTable(handshake_event_id=hall.event.id, number=1, equipment=["投影"], closed_slots=[]))
    guest = hall.guest(hall.scientist)

    with pytest.raises(Invalid, match="1 处") as refused:
        reply(guest, hall.scientist, _reply(hall.scientist, equipment=["显微镜"]))
    reply(guest, hall.scientist, _reply(hall.scientist, equipment=["投影", "投影"]))

    assert "显微镜" in refused.value.fields["equipment"]
    assert hall.scientist.equipment == ["投影"]


def test_after_the_deadline_one_may_only_stay_away_or_send_a_colleague(ctx: Context, organizer: Context) -> None:
    hall = Hall(ctx, reply_by=ctx.now + timedelta(hours=1))
    reply(hall.guest(hall.scientist), hall.scientist, _reply(hall.scientist))
    ctx.now = NOW + timedelta(hours=2)
    guest, late = hall.guest(hall.scientist), hall.guest(hall.firms)

    for refused in (
        lambda: reply(late, hall.firms, _reply(hall.firms)),
        lambda: reply(guest, hall.scientist, _reply(hall.scientist, away_slots=[1])),
        lambda: set_wishes(guest, hall.asked[1], SetWishes(wishes=[])),
        lambda: send_colleague(late, hall.firms, SendColleague(version=hall.firms.version, name="王总")),
    ):
        with pytest.raises(Conflict, match="截止"):
            refused()
    reply(replace(organizer, now=ctx.now), hall.firms, _reply(hall.firms))
    send_colleague(guest, hall.scientist, SendColleague(version=hall.scientist.version, name="乌兰"))
    reply(hall.guest(hall.scientist), hall.scientist, _reply(hall.scientist, coming=False))

    assert (hall.firms.state, hall.scientist.state) == (A.COMING, A.NOT_COMING)
    assert (hall.scientist.name, hall.scientist.stands_in_for) == ("乌兰", "白格日勒")


def test_wishes_are_ranked_masked_and_kept_to_ones_own_pairs(ctx: Context) -> None:
    hall = Hall(ctx)
    stranger = add_match(ctx)
    firm = hall.guest(hall.firms)

    choices = choices_of(firm, hall.asked[0], hall.firms)
    changed = set_wishes(
        firm,
        hall.asked[0],
        SetWishes(
            wishes=[
                OneWish(match_id=hall.matches[1].id, level=W.WANTED, reason="不会留下"),
                OneWish(match_id=hall.matches[2].id, level=W.UNWANTED, reason="谈过了"),
            ]
        ),
        hall.firms,
    )

    assert [(one.score, one.other_organization) for one in choices] == [
        (9000, "高原研究院"),
        (6000, "某研究院"),
        (3000, "某研究院"),
    ]
    kept = ctx.session.execute(select(Wish.level, Wish.reason, Wish.attendee_id).order_by(Wish.match_id)).all()
    assert changed == 2
    assert kept == [(W.WANTED, "", hall.firms.id), (W.UNWANTED, "谈过了", hall.firms.id)]
    assert all(one.level is None for one in choices_of(hall.guest(hall.scientist), hall.asked[1]))
    with pytest.raises(Invalid):
        set_wishes(firm, hall.asked[0], SetWishes(wishes=[OneWish(match_id=stranger.id, level=W.WANTED)]))
    set_wishes(firm, hall.asked[0], SetWishes(wishes=[OneWish(match_id=hall.matches[1].id, level=None)]))
    assert ctx.session.scalars(select(Wish.match_id)).all() == [hall.matches[2].id]


def test_nobody_says_anything_for_another_house(ctx: Context, enterprise: Context) -> None:
    hall = Hall(ctx)
    for refused in (
        lambda: reply(enterprise, hall.firms, _reply(hall.firms)),
        lambda: set_wishes(hall.guest(hall.firms), hall.asked[1], SetWishes(wishes=[])),
        lambda: send_colleague(hall.guest(hall.firms), hall.scientist, SendColleague(version=1, name="王总")),
    ):
        with pytest.raises(Exception, match="不能进行此操作"):
            refused()


def test_a_colleague_gets_a_link_and_a_letter_of_their_own_and_the_other_side_is_told(ctx: Context) -> None:
    hall = Hall(ctx)
    for one in (hall.firms, hall.scientist):
        reply(hall.guest(one), one, _reply(one))
    meeting = {"need_attendee_id": hall.firms.id, "offer_attendee_id": hall.scientist.id}
    add_meeting(ctx, event=hall.event, match=hall.matches[1], state=MeetingState.CONFIRMED, **meeting)
    hall.event.state = E.SCHEDULED
    old = token_of(ctx, hall.scientist)

    send_colleague(
        hall.guest(hall.scientist), hall.scientist, SendColleague(version=hall.scientist.version, name="乌兰")
    )

    with pytest.raises(NotFound):
        enter_by_link(ctx, old)
    letters = ctx.session.execute(select(EventLetter.attendee_id, EventLetter.kind, EventLetter.text)).all()
    assert [(number, kind) for number, kind, _ in letters] == [
        (hall.scientist.id, LetterKind.INVITATION),
        (hall.firms.id, LetterKind.CHANGE),
    ]
    assert "乌兰" in letters[0][2]
    assert "乌兰" not in letters[1][2]


def test_letters_go_once_to_those_who_have_not_answered(ctx: Context, organizer: Context) -> None:
    hall = Hall(ctx, reply_by=ctx.now + timedelta(days=2), theme="绿氢", letter="请带样品。")
    reply(hall.guest(hall.firms), hall.firms, _reply(hall.firms))
    organizer.origin = "https://woshou.example.cn"

    (letter,) = send_invitations(organizer, hall.event.id, ChooseAttendees())
    again = send_invitations(organizer, hall.event.id, ChooseAttendees())
    reminded = remind_unanswered(ctx), remind_unanswered(ctx)
    mark_copied(organizer, hall.event.id, letter.id)

    assert (letter.attendee_id, again, reminded, letter.copied_at) == (hall.scientist.id, [], (1, 0), NOW)
    assert "高原研究院 负责同志：" in letter.text
    assert "请带样品。" in letter.text
    assert "6月17日 10:00 前" in letter.text
    with pytest.raises(NotFound):
        mark_copied(organizer, add_event(organizer).id, letter.id)
    ctx.settings.remind_days = 0


def test_a_schedule_and_a_cancellation_are_told(ctx: Context, organizer: Context) -> None:
    hall = Hall(ctx)
    for one in (hall.firms, hall.scientist):
        reply(hall.guest(one), one, _reply(one))
    add_meeting(organizer, event=hall.event, match=hall.matches[1], slot=2, table_number=4)

    schedule_event(organizer, hall.event.id, MoveEvent(version=hall.event.version))
    cancel_event(organizer, hall.event.id, MoveEvent(version=hall.event.version, reason="大雪封路"))

    letters = ctx.session.scalars(select(EventLetter).order_by(EventLetter.id)).all()
    assert [one.kind.value for one in letters] == ["PROGRAMME", "PROGRAMME", "CANCELLATION", "CANCELLATION"]
    assert "第 3 场 11:00–11:25，4 号桌：《新膜电极》" in letters[0].text
    assert "大雪封路" in letters[2].text


def test_feedback_waits_for_the_event(ctx: Context) -> None:
    hall = Hall(ctx)
    reply(hall.guest(hall.firms), hall.firms, _reply(hall.firms))
    said = GiveFeedback(version=hall.firms.version, satisfaction=4, feedback="桌间再宽些")
    with pytest.raises(Conflict):
        give_feedback(hall.guest(hall.firms), hall.firms, said)

    hall.event.state = E.SCHEDULED
    ctx.now = hall.event.starts_at + timedelta(hours=1)
    give_feedback(hall.guest(hall.firms), hall.firms, said)

    assert (hall.firms.satisfaction, hall.firms.feedback) == (4, "桌间再宽些")


def test_tables_are_kept_apart_from_the_equal_ones(ctx: Context, organizer: Context) -> None:
    hall = Hall(ctx)
    add_meeting(ctx, event=hall.event, match=hall.matches[1], slot=2, table_number=4)
    link = "https://meet.example.cn/1"

    table = keep_table(
        organizer,
        hall.event.id,
        4,
        WriteTable.model_validate({"equipment": ["投影、白板", "投影"], "remote_link": link}),
    )
    with pytest.raises(Invalid) as seated:
        keep_table(organizer, hall.event.id, 4, WriteTable(closed_slots=[2], version=table.version))
    with pytest.raises(Invalid):
        keep_table(organizer, hall.event.id, 4, WriteTable(closed_slots=[2]))
    with pytest.raises(NotFound):
        keep_table(organizer, hall.event.id, 11, WriteTable())

    assert (table.equipment, "已排了洽谈" in seated.value.fields["closed_slots"]) == (["投影", "白板"], True)
    forget_table(organizer, hall.event.id, 4)
    assert ctx.session.scalars(select(EventTable)).all() == []


def _entries(text: str) -> dict[str, dict[str, str]]:
    """Each VEVENT by its UID, as icalendar reads it; the stricter parser must read it too."""
    strict = IcsCalendarStream.calendar_from_ics(text)
    found = {
        str(entry["UID"]): {key: str(entry.get(key)) for key in ("SUMMARY", "LOCATION", "SEQUENCE", "STATUS")}
        for entry in Calendar.from_ical(text).walk("VEVENT")
    }
    assert {entry.uid: entry.summary for entry in strict.events} == {uid: one["SUMMARY"] for uid, one in found.items()}
    return found


def test_the_calendar_keeps_its_names_and_counts_its_changes(ctx: Context, organizer: Context) -> None:
    hall = Hall(ctx, title="“握手”氢能专场，" + "很长的名称" * 9, venue="科技馆；一楼, 东厅")
    hall.firms.email = "li@example.cn"
    person = comer(ctx, hall.firms)

    first = event_request(organizer, hall.event, "市科技局", person)
    hall.event.venue = "二楼"
    ctx.flush()
    second = event_request(organizer, hall.event, "市科技局", person)
    hall.event.state = E.CANCELLED
    ctx.flush()
    last = event_request(organizer, hall.event, "市科技局", person)

    calendars = [Calendar.from_ical(text) for text in (first, second, last)]
    assert [str(one["METHOD"]) for one in calendars] == ["REQUEST", "REQUEST", "CANCEL"]
    (uid,) = {uid for text in (first, second, last) for uid in _entries(text)}
    assert [_entries(text)[uid]["SEQUENCE"] for text in (first, second, last)] == ["0", "1", "2"]
    assert _entries(first)[uid]["LOCATION"] == "科技馆；一楼, 东厅"
    assert _entries(last)[uid]["STATUS"] == "CANCELLED"
    begins = IcsCalendarStream.calendar_from_ics(first).events[0].dtstart
    assert (begins, str(begins.tzinfo)) == (hall.event.starts_at, "Asia/Shanghai")
    assert all(len(line.encode()) <= 75 for line in first.split("\r\n"))


@ONLY_SQLITE
def test_the_page_of_one_link_is_answered_without_an_account_and_of_no_other(
    ctx: Context, app_client: Callable[[], TestClient]
) -> None:
    client = app_client()
    ctx.now = clock.now()
    hall = Hall(ctx)
    path, others = personal_link(ctx, hall.scientist), personal_link(ctx, hall.firms)
    ctx.commit()

    page = client.get(path)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token is not None
    form = {"csrf_token": token[1], "version": "1", "coming": "true", "name": "白格日勒"}
    answered = client.post(
        f"{path}/reply", data={**form, "version": str(hall.scientist.version)}, follow_redirects=False
    )
    wished = client.post(
        f"{path}/wishes",
        data={"csrf_token": token[1], f"level-{hall.matches[1].id}": "WANTED", f"reason-{hall.matches[1].id}": ""},
        follow_redirects=False,
    )
    calendar = client.get(f"{path}/event.ics")
    forged = [client.get(f"/i/{token}").status_code for token in (path[3:-1], path[3:][::-1], "x", others[3:-1] + "A")]

    assert (page.status_code, answered.status_code, wished.status_code) == (200, 303, 303)
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert "noindex" in page.headers["x-robots-tag"]
    assert len(_entries(calendar.text)) == 1
    assert set(forged) == {404}
    assert client.get("/events/1").status_code in (303, 401)
    ctx.session.expire_all()
    assert ctx.find(Attendee, hall.scientist.id).state is A.COMING
    assert ctx.session.scalars(select(Wish.level)).all() == [W.WANTED]
    assert ctx.find(HandshakeEvent, hall.event.id).state is E.OPEN


@ONLY_SQLITE
def test_a_hall_behind_one_address_is_not_slowed_but_guessing_is(ctx: Context, settings: Settings) -> None:
    ctx.now = clock.now()
    hall = Hall(ctx)
    path = personal_link(ctx, hall.scientist)
    ctx.commit()
    hasty = TestClient(create_app(settings.model_copy(update={"sign_ins_per_minute": 3})))

    own = [hasty.get(path).status_code for _ in range(6)]
    guessed = [hasty.get(f"/i/guess-{n}").status_code for n in range(5)]

    assert set(own) == {200}
    assert guessed == [404, 404, 404, 429, 429]
