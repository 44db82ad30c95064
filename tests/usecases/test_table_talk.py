"""How a talk went, said without an account: by the table's host and by either side through a personal link."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from models import (
    Attendee,
    AttendeeState,
    AuditEntry,
    HandshakeEvent,
    HandshakeEventState,
    Invitation,
    InvitationState,
    MatchState,
    Meeting,
    MeetingOpinion,
    MeetingOutcome,
    MeetingState,
    Organization,
    OrganizationKind,
    Side,
)
from service import clock
from service.app import create_app
from service.config import Settings
from service.context import Context
from service.errors import NotFound
from service.links import give_link, personal_link
from service.queries.floor import floor_of
from service.room_links import event_of_wall, table_link, table_of_link, wall_link
from tests.factories import (
    add_achievement,
    add_attendee,
    add_event,
    add_invitation,
    add_match,
    add_meeting,
    add_need,
    add_organization,
)

O = MeetingOutcome  # noqa: E741 - reads as a heading below


def _table(
    ctx: Context, state: MeetingState = MeetingState.CONFIRMED
) -> tuple[HandshakeEvent, Meeting, list[Attendee]]:
    """A talk at table 4 of an event that has begun, and who sits for either side."""
    event = add_event(
        ctx,
        state=HandshakeEventState.SCHEDULED,
        organizer=add_organization(ctx, OrganizationKind.AGENCY),
        starts_at=clock.now() - timedelta(minutes=5),
    )
    need = add_need(ctx)
    achievement = add_achievement(ctx, organization=add_organization(ctx, OrganizationKind.INSTITUTE))
    people = []
    for posting in (need, achievement):
        house = ctx.find(Organization, posting.organization_id)
        invitation = add_invitation(ctx, event=event, organization=house, state=InvitationState.ACCEPTED)
        people.append(add_attendee(ctx, invitation=invitation, state=AttendeeState.ARRIVED))
        give_link(ctx, people[-1])
    match = add_match(ctx, need=need, achievement=achievement, state=MatchState.MUTUAL)
    return event, add_meeting(ctx, event=event, match=match, state=state, slot=0, table_number=4), people


def _say(client: TestClient, path: str, **said: object) -> int:
    page = client.get(path)
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0] if "csrf_token" in page.text else ""
    return client.post(path, data={"csrf_token": token, "version": 0, **said}, follow_redirects=False).status_code


@pytest.mark.parametrize("state", [MeetingState.CONFIRMED, MeetingState.PROPOSED])
def test_the_host_says_how_it_went_and_the_other_side_may_differ(
    ctx: Context, settings: Settings, state: MeetingState
) -> None:
    event, meeting, people = _table(ctx, state)
    host = f"{table_link(ctx, event, 4)}/talks/{meeting.id}/outcome"
    firm = f"{personal_link(ctx, people[0])}/talks/{meeting.id}/outcome"
    number, attendee = meeting.id, people[0].id
    ctx.commit()

    with TestClient(create_app(settings)) as client:
        assert _say(client, host, outcome="INTENT", note="示例：送样检测", next_step="送样") == 303
        assert _say(client, firm, outcome="CONTINUE") == 303

    ctx.session.expire_all()
    held = ctx.find(Meeting, number)
    assert held.state is MeetingState.HELD
    said = {one.side: one for one in ctx.session.scalars(select(MeetingOpinion))}
    assert {side: one.outcome for side, one in said.items()} == {Side.ORGANIZER: O.INTENT, Side.NEED: O.CONTINUE}
    assert said[Side.NEED].attendee_id == attendee
    assert floor_of(ctx, ctx.find(HandshakeEvent, held.handshake_event_id)).talks[0].disagrees
    names = set(ctx.session.scalars(select(AuditEntry.actor_name).where(AuditEntry.action == "give_opinion")))
    assert names == {"4 号桌主持", f"参会人 #{attendee}"}


def test_a_link_opens_its_own_table_and_its_owner_s_own_talks_alone(ctx: Context, settings: Settings) -> None:
    event, meeting, people = _table(ctx)
    other_event, other_talk, others = _table(ctx)
    strangers = [
        f"{table_link(ctx, event, 3)}/talks/{meeting.id}/outcome",
        f"{table_link(ctx, other_event, 4)}/talks/{meeting.id}/outcome",
        f"{personal_link(ctx, others[0])}/talks/{meeting.id}/outcome",
        f"{personal_link(ctx, people[0])}/talks/{other_talk.id}/outcome",
        f"/t/{event.id}.4.{'x' * 27}/talks/{meeting.id}/outcome",
        f"/t/{event.id}.4/talks/{meeting.id}/outcome",
    ]
    ctx.commit()

    with TestClient(create_app(settings)) as client:
        answers = [client.get(path).status_code for path in strangers]
        posted = {_say(client, path, outcome="SIGNED") for path in strangers}

    assert answers == [404] * len(strangers)
    assert posted <= {403, 404}
    ctx.session.expire_all()
    assert ctx.session.scalars(select(MeetingOpinion)).all() == []


def test_links_of_the_room_end_with_the_event_and_stand_for_one_thing(ctx: Context) -> None:
    event, _, _ = _table(ctx)
    table, wall = (link(ctx, event) for link in (lambda c, e: table_link(c, e, 4), wall_link))
    later = replace(ctx, now=event.ends_at + timedelta(days=4))

    assert table_of_link(ctx, table.removeprefix("/t/")) == (event, 4)
    assert event_of_wall(ctx, wall.removeprefix("/w/")) == event
    for opened, token in (
        (table_of_link, wall.removeprefix("/w/")),
        (event_of_wall, table.removeprefix("/t/")),
        (event_of_wall, "１.0.x"),
    ):
        with pytest.raises(NotFound):
            opened(ctx, token)
    with pytest.raises(NotFound):
        table_of_link(later, table.removeprefix("/t/"))
    with pytest.raises(NotFound):
        event_of_wall(later, wall.removeprefix("/w/"))


def test_the_wall_and_the_host_s_page_are_told_to_nobody_else(ctx: Context, settings: Settings) -> None:
    event, _, people = _table(ctx)
    people[0].phone = "13800000000"
    paths = [wall_link(ctx, event), table_link(ctx, event, 4)]
    whole = people[0].name
    ctx.find(Invitation, people[0].invitation_id)
    ctx.commit()

    with TestClient(create_app(settings)) as client:
        answers = [client.get(path) for path in paths]

    for answer in answers:
        assert answer.status_code == 200
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Robots-Tag"].startswith("noindex")
        assert whole not in answer.text
        assert "13800000000" not in answer.text
