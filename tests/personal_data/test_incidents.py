"""A drill: an account was misused; who is affected is listed and carried out in minutes, and that is written down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from models import AuditEntry, DataIncident, Need, Role
from service import clock
from service.context import SHANGHAI, Context
from tests.conftest import OpenContext
from tests.doors.conftest import Browser
from tests.factories import actor_for, add_account, add_need
from tests.parts import ONLY_SQLITE
from tests.personal_data.test_own_data import grow_old

BAD, GOOD = "203.0.113.7", "198.51.100.2"


def _saw(ctx: Context, open_ctx: OpenContext, address: str, hours_ago: int, record: Need) -> None:
    """Somebody looked at a contact, from an address, so many hours ago."""
    eyes = open_ctx(actor_for(ctx, add_account(ctx, Role.BROKER)))
    eyes.now, eyes.address = clock.now() - timedelta(hours=hours_ago), address
    eyes.saw("see_contact", record)
    eyes.commit()


def _incident(hours_from: int, hours_to: int) -> dict[str, str]:
    now = clock.now().astimezone(SHANGHAI)
    began, ended = (now - timedelta(hours=hours) for hours in (hours_from, hours_to))
    return {
        "title": "演练：经纪人账号被冒用",
        "started_at": f"{began:%Y-%m-%dT%H:%M}",
        "ended_at": f"{ended:%Y-%m-%dT%H:%M}",
        "description": "口令泄露，联系方式被逐个打开",
    }


def test_a_drill_lists_whoever_was_seen_from_an_address_in_that_time(
    ctx: Context, open_ctx: OpenContext, browse: Callable[..., Browser]
) -> None:
    past = clock.now() - timedelta(days=30)
    people = [add_account(ctx, name=f"受影响者{number}") for number in range(4)]
    for person in people:
        person.created_at = past
    needs = [add_need(ctx, organization_id=person.organization_id, created_by_id=person.id) for person in people]
    _saw(ctx, open_ctx, BAD, 3, needs[0])
    _saw(ctx, open_ctx, BAD, 2, needs[1])
    _saw(ctx, open_ctx, GOOD, 2, needs[2])
    _saw(ctx, open_ctx, BAD, 30, needs[3])
    keeper = browse(role=Role.SECURITY)

    began = clock.now()
    listed = keeper.post("/admin/incidents/new", _incident(4, 1))
    incident = ctx.session.scalars(select(DataIncident)).one()
    at = f"/admin/incidents/{incident.id}/affected"
    from_there = keeper.get(f"{at}?address={BAD}").text
    sheet = keeper.get(f"{at}.csv?address={BAD}").content.decode("utf-8-sig")
    book = keeper.get(f"{at}.xlsx")
    took = clock.now() - began

    named = [[f"受影响者{number}" in text for number in range(4)] for text in (listed.text, from_there, sheet)]
    assert named == [[True, True, True, False], [True, True, False, False], [True, True, False, False]]
    assert people[0].email in sheet
    assert book.content.startswith(b"PK")
    logged = ctx.session.scalars(select(AuditEntry).where(AuditEntry.action == "export").order_by(AuditEntry.id)).all()
    assert [(one.details["list"], one.details["rows"]) for one in logged] == [("受影响的人", 2), ("受影响的人", 3)]
    assert ctx.session.scalars(select(AuditEntry.record_id).where(AuditEntry.action == "register_incident")).all() == [
        incident.id
    ]
    print(f"from the first report to the list in hand: {took.total_seconds():.1f} s")


def test_a_list_or_an_export_of_accounts_affects_everybody_there_was(
    ctx: Context, browse: Callable[..., Browser]
) -> None:
    admin, keeper = browse(role=Role.ADMIN), browse(role=Role.SECURITY)
    old = add_account(ctx, name="早就在的人")
    old.created_at = clock.now() - timedelta(days=30)
    admin.get("/admin/accounts.csv")
    soon = {
        **_incident(4, 0),
        "ended_at": f"{(clock.now() + timedelta(minutes=2)).astimezone(SHANGHAI):%Y-%m-%dT%H:%M}",
    }

    shown = keeper.post("/admin/incidents/new", soon).text

    assert "早就在的人" in shown


@ONLY_SQLITE
def test_everybody_of_a_house_is_listed(ctx: Context, browse: Callable[..., Browser]) -> None:
    inside, outside = add_account(ctx, name="本家的人"), add_account(ctx, name="别家的人")
    for one in (inside, outside):
        one.created_at = clock.now() - timedelta(days=30)
    keeper = browse(role=Role.SECURITY)
    keeper.post("/admin/incidents/new", _incident(4, 1))
    incident = ctx.session.scalars(select(DataIncident)).one()

    shown = keeper.get(f"/admin/incidents/{incident.id}/affected?organization={inside.organization_id}").text

    assert ("本家的人" in shown, "别家的人" in shown) == (True, False)


@ONLY_SQLITE
def test_what_became_known_is_added_and_ends_must_follow_begins(ctx: Context, browse: Callable[..., Browser]) -> None:
    keeper = browse(role=Role.SECURITY)
    turned = keeper.post("/admin/incidents/new", _incident(1, 4))
    keeper.post("/admin/incidents/new", _incident(4, 1))
    incident = ctx.session.scalars(select(DataIncident)).one()
    at = f"/admin/incidents/{incident.id}/edit"

    shown = keeper.get(at).text
    done = keeper.post(at, {**_incident(4, 1), "measures": "已停用账号并通知本人", "version": incident.version})

    assert turned.status_code == 422
    assert "结束不能早于开始" in turned.text
    assert _incident(4, 1)["started_at"][:13] in shown
    assert done.status_code == 200
    assert ctx.find(DataIncident, incident.id).measures == "已停用账号并通知本人"


@ONLY_SQLITE
@pytest.mark.parametrize("role", [Role.ADMIN, Role.ORGANIZER, Role.AUDITOR, Role.ENTERPRISE])
def test_nobody_else_keeps_incidents(browse: Callable[..., Browser], role: Role) -> None:
    assert browse(role=role).get("/admin/incidents").status_code == 403


@ONLY_SQLITE
def test_the_list_goes_out_after_a_fresh_proof_alone(ctx: Context, browse: Callable[..., Browser]) -> None:
    keeper = browse(role=Role.SECURITY)
    keeper.post("/admin/incidents/new", _incident(4, 1))
    incident = ctx.session.scalars(select(DataIncident)).one()
    grow_old(ctx)

    assert keeper.get(f"/admin/incidents/{incident.id}/affected.csv").url.path == "/account/confirm"
