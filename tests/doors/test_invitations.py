"""Invitations through both doors: answered by those who were asked, checked in by those who run the event."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from fastapi.testclient import TestClient

from models import Account, HandshakeEventState, Invitation, InvitationState, Organization, Role
from service import clock
from service.context import Context
from tests.doors.conftest import Browser
from tests.factories import add_account, add_event, add_invitation, add_organization

Browse = Callable[..., Browser]
Bearer = Callable[..., TestClient]
I = InvitationState  # noqa: E741 - reads as a heading below


def _asked(ctx: Context) -> tuple[Account, Organization]:
    organization = add_organization(ctx)
    return add_account(ctx, Role.ENTERPRISE, organization=organization), organization


def _state(ctx: Context, invitation: Invitation) -> InvitationState:
    ctx.session.expire_all()
    return ctx.find(Invitation, invitation.id).state


def test_an_invitation_is_accepted_with_a_name_and_later_declined(ctx: Context, browse: Browse) -> None:
    account, organization = _asked(ctx)
    invitation = add_invitation(ctx, organization=organization)
    engineer = browse(account)
    here = f"/invitations/{invitation.id}"

    assert "答复邀请" in engineer.get(here).text
    nameless = engineer.post(f"{here}/answer", {"version": invitation.version, "accept": "true", "note": "带样品来"})
    assert nameless.status_code == 422
    assert "请写明谁来参加" in nameless.text
    assert "带样品来" in nameless.text

    engineer.post(f"{here}/answer", {"version": invitation.version, "accept": "true", "attendee": "李工"})
    assert _state(ctx, invitation) is I.ACCEPTED
    engineer.post(f"{here}/answer", {"version": invitation.version, "accept": "false", "note": "出差"})
    assert _state(ctx, invitation) is I.DECLINED


def test_invitations_are_hidden_from_other_organizations(ctx: Context, browse: Browse, bearer: Bearer) -> None:
    invitation = add_invitation(ctx)
    stranger, program = browse(role=Role.ENTERPRISE), bearer(role=Role.INSTITUTE)

    assert stranger.get(f"/invitations/{invitation.id}").status_code == 404
    assert program.get("/api/v1/invitations").json()["total"] == 0
    refused = program.post(f"/api/v1/invitations/{invitation.id}/answer", json={"version": 1, "accept": False})
    assert refused.status_code == 404
    assert _state(ctx, invitation) is I.SENT


def test_people_are_checked_in_from_the_event_page_on_the_day(ctx: Context, browse: Browse) -> None:
    event = add_event(ctx, state=HandshakeEventState.SCHEDULED, starts_at=clock.now() - timedelta(minutes=5))
    coming = add_invitation(ctx, event=event, state=I.ACCEPTED)
    missing = add_invitation(ctx, event=event, state=I.ACCEPTED)
    officer = browse(role=Role.ORGANIZER)
    back = f"/events/{event.id}#invitations"
    assert "签到" in officer.get(f"/events/{event.id}").text

    answer = officer.post(f"/invitations/{coming.id}/check-in", {"version": coming.version, "back": back})
    officer.post(f"/invitations/{missing.id}/no-show", {"version": missing.version, "back": back})

    assert answer.url.path == f"/events/{event.id}"
    assert (_state(ctx, coming), _state(ctx, missing)) == (I.CHECKED_IN, I.NO_SHOW)


def test_the_api_answers_lapses_and_changes_seats(ctx: Context, bearer: Bearer) -> None:
    invitation = add_invitation(ctx)
    program = bearer(role=Role.ORGANIZER)
    here = f"/api/v1/invitations/{invitation.id}"

    wider = program.post(f"{here}/seats", json={"version": invitation.version, "seats": 3}).json()
    lapsed = program.post(f"{here}/lapse", json={"version": wider["version"]}).json()
    again = program.post(f"{here}/lapse", json={"version": lapsed["version"]})

    assert (wider["seats"], lapsed["state"]) == (3, "LAPSED")
    assert (again.status_code, again.json()["title"]) == (409, "当前状态不允许此操作")
