"""Accounts by invitation, codes that prove an address, and duties that are kept apart."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from email import message_from_bytes, policy
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from models import Account, AccountInvitation, Job, OrganizationKind, Role
from service import mail
from service.config import Settings
from service.context import Context
from tests.doors.conftest import Browser
from tests.factories import add_account, add_organization
from tests.factories.people import PASSWORD

Browse = Callable[..., Browser]
NEW = {"name": "王工", "password": "新密码要记牢Aa1", "agrees": "true"}


class Mailbox:
    """What a real SMTP server took in."""

    def __init__(self) -> None:
        self.letters: list[Any] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


def _invite(browser: Browser, **values: str) -> str:
    form = {"name": "王工", "email": "wang@example.cn", "role": "ENTERPRISE", **values}
    page = browser.post("/account-invitations/new", form)
    found = re.search(r"/join/[\w-]+", page.text)
    assert found is not None, page.text
    return found[0]


def test_an_organization_s_administrator_invites_a_colleague(ctx: Context, browse: Browse) -> None:
    house = add_organization(ctx)
    keeper = browse(role=Role.ENTERPRISE, organization=house, is_organization_admin=True)
    link = _invite(keeper)
    guest = browse()

    shown = guest.get(link)
    unread = guest.post(link, {**NEW, "agrees": ""})
    joined = guest.post(link, NEW)
    again = browse().get(link)

    account = ctx.session.scalars(select(Account).where(Account.email == "wang@example.cn")).one()
    assert (shown.status_code, unread.status_code, joined.url.path) == (200, 422, "/workbench")
    assert (account.organization_id, account.role, account.name) == (house.id, Role.ENTERPRISE, "王工")
    assert again.status_code == 404


@pytest.mark.parametrize("role", ["ADMIN", "ORGANIZER", "INSTITUTE"])
def test_an_organization_s_administrator_invites_no_other_kind(ctx: Context, browse: Browse, role: str) -> None:
    keeper = browse(role=Role.ENTERPRISE, is_organization_admin=True)

    answer = keeper.post(
        "/account-invitations/new",
        {"name": "王工", "email": "w@example.cn", "role": role, "region_code": "150600"},
    )

    assert answer.status_code == 422
    assert ctx.session.scalars(select(AccountInvitation)).all() == []


def test_colleagues_are_one_s_own_organization_s_alone(ctx: Context, browse: Browse) -> None:
    keeper = browse(role=Role.ENTERPRISE, is_organization_admin=True)
    assert keeper.account is not None
    colleague = add_account(ctx, name="外单位的人")
    mine = add_account(ctx, name="本单位同事")
    mine.organization_id = keeper.account.organization_id
    ctx.commit()

    assert "本单位同事" in keeper.get("/colleagues").text
    assert colleague.name not in keeper.get("/colleagues").text
    assert keeper.get(f"/accounts/{colleague.id}").status_code == 404
    off = keeper.post(f"/accounts/{mine.id}/switch", {"version": str(mine.version), "is_active": ""})
    assert off.status_code == 200
    assert browse(role=Role.ENTERPRISE).get("/colleagues").status_code == 403


def test_a_revoked_or_old_link_opens_nothing(ctx: Context, browse: Browse) -> None:
    keeper = browse(role=Role.ENTERPRISE, is_organization_admin=True)
    link = _invite(keeper)
    invitation = ctx.session.scalars(select(AccountInvitation)).one()

    keeper.post(f"/account-invitations/{invitation.id}/revoke", {"version": str(invitation.version)})

    assert browse().get(link).status_code == 404
    assert browse().get("/join/made-up").status_code == 404


def test_a_privileged_account_waits_for_the_security_administrator(ctx: Context, browse: Browse) -> None:
    keeper, guard = browse(role=Role.ADMIN), browse(role=Role.SECURITY)
    house = add_organization(ctx, kind=OrganizationKind.AGENCY)
    form = {"email": "new@example.cn", "name": "新组织方", "role": "ORGANIZER", "organization_id": str(house.id)}
    keeper.post("/admin/accounts/new", {**form, "region_code": "150600", "password": NEW["password"]})
    account = ctx.session.scalars(select(Account).where(Account.email == "new@example.cn")).one()
    entering = {"email": account.email, "password": NEW["password"]}

    before = browse().post("/login", entering)
    by_itself = keeper.post(f"/accounts/{account.id}/approve", {"version": str(account.version), "approved": "true"})
    approved = guard.post(f"/accounts/{account.id}/approve", {"version": str(account.version), "approved": "true"})
    after = browse().post("/login", entering, follow_redirects=False)

    assert account.must_change_password
    assert (before.status_code, by_itself.status_code, approved.status_code, after.status_code) == (422, 403, 200, 303)


def test_one_person_holds_one_of_the_three_duties(browse: Browse) -> None:
    keeper = browse(role=Role.ADMIN, name="李 管")
    assert keeper.account is not None
    form = {"email": "second@example.cn", "name": "李管", "role": "AUDITOR", "password": NEW["password"]}

    answer = keeper.post("/admin/accounts/new", {**form, "organization_id": str(keeper.account.organization_id)})

    assert answer.status_code == 422
    assert "须由不同的人担任" in answer.text


def test_nobody_changes_their_own_role_and_a_change_ends_sessions(browse: Browse) -> None:
    keeper, other = browse(role=Role.ADMIN), browse(role=Role.ENTERPRISE)
    assert keeper.account is not None
    assert other.account is not None

    own = keeper.post(f"/accounts/{keeper.account.id}/role", {"version": "1", "role": "LEADER"})
    done = keeper.post(f"/accounts/{other.account.id}/role", {"version": str(other.account.version), "role": "LEADER"})

    assert (own.status_code, done.status_code) == (409, 200)
    assert other.get("/account").status_code == 401


def test_a_forgotten_password_is_set_anew_with_a_code_handed_over(ctx: Context, browse: Browse) -> None:
    account, guard = add_account(ctx), browse(role=Role.SECURITY)
    code = re.search(r"<code>(\d{6})</code>", guard.post(f"/accounts/{account.id}/code").text)
    assert code is not None
    guest = browse()
    form = {"email": account.email, "password": NEW["password"]}

    wrong = [guest.post("/reset", {**form, "code": "000000"}).status_code for _ in range(2)]
    right = guest.post("/reset", {**form, "code": code[1]})
    again = browse().post("/reset", {**form, "code": code[1]})

    assert wrong == [422, 422]
    assert right.url.path == "/workbench"
    assert again.status_code == 422
    assert browse().post("/login", {"email": account.email, "password": PASSWORD}).status_code == 422


def test_a_code_is_tried_five_times_and_no_more(ctx: Context, browse: Browse) -> None:
    account, guard = add_account(ctx), browse(role=Role.SECURITY)
    code = re.search(r"<code>(\d{6})</code>", guard.post(f"/accounts/{account.id}/code").text)
    assert code is not None
    guest = browse()
    form = {"email": account.email, "password": NEW["password"]}

    for _ in range(5):
        guest.post("/reset", {**form, "code": "abcdef"})

    assert guest.post("/reset", {**form, "code": code[1]}).status_code == 422


def test_asking_for_a_reset_tells_nothing(ctx: Context, browse: Browse) -> None:
    account = add_account(ctx)

    known, unknown = (browse().post("/forgot", {"email": email}) for email in (account.email, "nobody@example.cn"))

    drop = re.compile(r'value="[^"]*"|content="[^"]*"')
    assert known.status_code == unknown.status_code == 200
    assert drop.sub("", known.text) == drop.sub("", unknown.text)


def test_letters_go_through_a_real_server_and_are_sealed_until_then(ctx: Context, settings: Settings) -> None:
    box = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        smtp = {"smtp_host": "127.0.0.1", "smtp_port": port, "mail_from": "w@example.cn"}
        sent = settings.model_copy(update=smtp)
        ctx.settings = sent
        assert mail.post(ctx, "wang@example.cn", "握手：\r\nBcc: x@example.cn", "验证码是 123456")
        ctx.flush()
        job = ctx.session.scalars(select(Job)).one()
        mail.send(sent, job.payload["letter"])
    finally:
        server.stop()

    assert "123456" not in str(job.payload)
    (letter,) = box.letters
    assert (letter["To"], letter["Bcc"]) == ("wang@example.cn", None)
    assert "验证码是 123456" in letter.get_content()


@pytest.mark.parametrize("address", ["a@b.cn\r\nBcc: c@d.cn", "a b@c.cn", "nobody", "a@b@c.cn"])
def test_an_address_that_breaks_out_of_its_header_is_refused(ctx: Context, address: str) -> None:
    with pytest.raises(ValueError, match="mail address"):
        mail.post(ctx, address, "标题", "正文")
