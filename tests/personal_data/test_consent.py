"""The notice is versioned, agreed to and taken back; a contact whose consent is gone is shown to nobody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from models import Account, AuditEntry, Consent, ConsentKind, MatchState, Need, PrivacyNotice, Role
from service.context import Context
from service.errors import Conflict, Invalid
from service.kinds import KINDS, WriteNeed
from service.policy import may_read
from service.queries.postings import LISTINGS
from service.queries.search import search_page
from service.reports.tables import export
from service.usecases.postings import write_posting
from service.usecases.privacy import (
    GiveConsent,
    PublishNotice,
    WithdrawConsent,
    give_consent,
    publish_notice,
    withdraw_consent,
)
from tests.conftest import OpenContext
from tests.doors.conftest import Browser
from tests.factories import actor_for, add_account, add_achievement, add_match, add_need, add_organization
from tests.parts import ONLY_SQLITE

NAME, PHONE = "其木格联系人", "13847712345"
Publish = Callable[..., PrivacyNotice]


def _need(**values: object) -> WriteNeed:
    return WriteNeed.model_validate({"title": "降低电解槽单耗", "no_secret": True, **values})


def test_a_notice_is_published_with_what_changed_and_asks_everybody_again(
    ctx: Context, browse: Callable[..., Browser]
) -> None:
    keeper, person = browse(role=Role.SECURITY), browse(role=Role.ENTERPRISE)
    text = "一、我们是谁\r\n某局。\r\n\r\n二、处理哪些\r\n" + "规则全文。" * 60

    unpublished = person.get("/privacy").text
    first = keeper.post("/admin/privacy", {"text": text})
    asked = person.get("/needs").text
    person.post("/account/data/consent", {"kind": "PRIVACY", "number": 1, "back": "/needs"})
    agreed = person.get("/needs").text
    unsaid = keeper.post("/admin/privacy", {"text": text + "又一句。"})
    second = keeper.post("/admin/privacy", {"text": text + "又一句。", "what_changed": "加了一句"})
    again = person.get("/needs").text
    old = person.post("/account/data/consent", {"kind": "PRIVACY", "number": 1})

    assert "尚未正式发布" in unpublished
    assert "<h2>二、处理哪些</h2>" in person.get("/privacy/1").text
    assert (first.status_code, second.status_code) == (200, 200)
    assert "consent-bar" in asked
    assert "consent-bar" not in agreed
    assert unsaid.status_code == 422
    assert "请写明改了什么" in unsaid.text
    assert text + "又一句。" in unsaid.text
    assert "consent-bar" in again
    assert old.status_code == 409
    assert "加了一句" in person.get("/privacy").text
    assert "这是旧版" in person.get("/privacy/1").text
    given = ctx.session.scalars(select(Consent).where(Consent.account_id == person.account.id)).one()  # type: ignore[union-attr] # signed in
    assert (given.notice_number, given.address, given.withdrawn_at) == (1, "127.0.0.1", None)
    assert ctx.session.scalars(select(AuditEntry.action).where(AuditEntry.action == "give_consent")).all()


@ONLY_SQLITE
def test_the_public_notice_lists_every_field(browse: Callable[..., Browser]) -> None:
    page = browse().get("/privacy").text

    assert page.count("<tr") > 90
    assert "需求联系电话（加密）" in page
    assert "双方有意或引荐后的对方" in page


@ONLY_SQLITE
def test_nobody_else_publishes(browse: Callable[..., Browser]) -> None:
    assert browse(role=Role.ORGANIZER).get("/admin/privacy").status_code == 403
    assert browse(role=Role.ENTERPRISE).post("/admin/privacy", {"text": "规" * 300}).status_code == 403


def test_a_contact_wants_consent_once_a_notice_is_there(enterprise: Context, publish: Publish) -> None:
    need = KINDS["needs"]
    free = write_posting(enterprise, need, _need(contact_name=NAME, contact_phone=PHONE))
    publish()

    with pytest.raises(Invalid) as refusal:
        write_posting(enterprise, need, _need(contact_name=NAME))
    without = write_posting(enterprise, need, _need())
    agreed = write_posting(enterprise, need, _need(contact_name=NAME, contact_consent=True))

    assert list(refusal.value.fields) == ["contact_consent"]
    kept = enterprise.session.scalars(select(Consent).where(Consent.kind == ConsentKind.CONTACT)).all()
    assert [(one.record_type, one.record_id, one.notice_number) for one in kept] == [("Need", agreed.id, 1)]
    assert free.contact_name == NAME
    assert without.contact_name == ""


def _world(ctx: Context, open_ctx: OpenContext) -> tuple[Need, Context, dict[str, Context]]:
    """A need with a contact, its owner, and those who otherwise read it: the introduced other side and the staff."""
    owner = add_account(ctx, Role.ENTERPRISE)
    house = owner.organization_id
    need = add_need(ctx, organization_id=house, created_by_id=owner.id, contact_name=NAME, contact_phone=PHONE)
    offer = add_achievement(ctx)
    add_match(ctx, need=need, achievement=offer, state=MatchState.MUTUAL)
    other = add_account(ctx, Role.INSTITUTE, organization=ctx.find(type(add_organization(ctx)), offer.organization_id))
    readers = {
        "counterpart": open_ctx(actor_for(ctx, other)),
        "organizer": open_ctx(actor_for(ctx, add_account(ctx, Role.ORGANIZER))),
        "broker": open_ctx(actor_for(ctx, add_account(ctx, Role.BROKER))),
    }
    return need, open_ctx(actor_for(ctx, owner)), readers


@pytest.mark.parametrize("kind", [ConsentKind.CONTACT, ConsentKind.PRIVACY])
def test_a_consent_taken_back_hides_the_contact_from_all_others_at_once(
    ctx: Context, open_ctx: OpenContext, publish: Publish, kind: ConsentKind
) -> None:
    need, owner, readers = _world(ctx, open_ctx)
    number = publish().number
    give_consent(owner, GiveConsent(kind=kind, number=number))
    assert all(may_read(reader, "", "contact", need) for reader in readers.values())

    withdraw_consent(owner, WithdrawConsent(kind=kind))

    assert [name for name, reader in readers.items() if may_read(reader, "", "contact", need)] == []
    assert may_read(owner, "", "contact", need)
    give_consent(owner, GiveConsent(kind=kind, number=number))
    assert all(may_read(reader, "", "contact", need) for reader in readers.values())


def test_taking_back_what_was_never_pressed_hides_it_too(ctx: Context, open_ctx: OpenContext) -> None:
    need, owner, readers = _world(ctx, open_ctx)

    withdraw_consent(owner, WithdrawConsent(kind=ConsentKind.CONTACT))

    assert not any(may_read(reader, "", "contact", need) for reader in readers.values())


def test_agreeing_to_the_notice_again_does_not_give_the_contact_back(
    ctx: Context, open_ctx: OpenContext, publish: Publish
) -> None:
    need, owner, readers = _world(ctx, open_ctx)
    withdraw_consent(owner, WithdrawConsent(kind=ConsentKind.CONTACT))

    give_consent(owner, GiveConsent(kind=ConsentKind.PRIVACY, number=publish().number))

    assert not any(may_read(reader, "", "contact", need) for reader in readers.values())


def test_after_taking_back_no_door_says_the_contact(
    ctx: Context, open_ctx: OpenContext, browse: Callable[..., Browser], bearer: Callable[..., TestClient]
) -> None:
    need, owner, readers = _world(ctx, open_ctx)
    accounts = {name: ctx.find(Account, reader.actor.account_id or 0) for name, reader in readers.items()}
    page, record = f"/needs/{need.id}", f"/api/v1/needs/{need.id}"
    browsers = {name: browse(account) for name, account in accounts.items()}
    programs = {name: bearer(account) for name, account in accounts.items()}
    before = [NAME in one.get(page).text for one in browsers.values()]
    before += [PHONE in one.get(record).text for one in programs.values()]
    assert before == [True] * 6

    owner_browser = browse(ctx.find(Account, owner.actor.account_id or 0))
    owner_browser.post("/account/data/withdraw", {"kind": "CONTACT"})

    asked = {**browsers, "anonymous": browse()}
    paths = (
        page,
        "/needs",
        "/needs.csv",
        "/search?q=" + PHONE[-6:],
        "/search/suggest?q=" + PHONE[-6:],
        record,
        "/api/v1/needs",
    )
    hits = [
        (name, path)
        for name, one in {**asked, **programs}.items()
        for path in paths
        if any(needle in one.get(path).text for needle in (NAME, PHONE))
    ]
    assert hits == []
    assert NAME in owner_browser.get(page).text


@ONLY_SQLITE
def test_contacts_are_in_no_list_no_export_and_no_search_in_any_case(ctx: Context, open_ctx: OpenContext) -> None:
    _, _, readers = _world(ctx, open_ctx)

    for reader in readers.values():
        assert NAME.encode() not in export(reader, LISTINGS["needs"], {}, "csv")
        assert search_page(reader, {"q": NAME}).complete == 0


@ONLY_SQLITE
def test_programs_agree_and_take_back_too(publish: Publish, bearer: Callable[..., TestClient]) -> None:
    publish()
    program = bearer(role=Role.ENTERPRISE)

    given = program.post("/api/v1/me/consents", json={"kind": "CONTACT", "number": 1}).json()
    gone = program.delete("/api/v1/me/consents/CONTACT")
    after = program.get("/api/v1/me/consents").json()
    pledge = program.delete("/api/v1/me/consents/NO_SECRET")

    assert [(one["kind"], one["number"]) for one in given] == [("PRIVACY", None), ("CONTACT", 1)]
    assert gone.status_code == 204
    assert (after[1]["number"], after[1]["withdrawn_at"] is not None) == (None, True)
    assert pledge.status_code == 422


def test_an_old_version_is_not_agreed_to_and_the_same_text_is_not_published_twice(
    enterprise: Context, admin: Context, publish: Publish
) -> None:
    publish(1)
    with pytest.raises(Conflict, match="刚刚更新"):
        give_consent(enterprise, GiveConsent(kind=ConsentKind.PRIVACY, number=2))
    text = "规则全文。" * 60
    assert publish_notice(admin, PublishNotice(text=text, what_changed="全部改写")).number == 2
    with pytest.raises(Invalid, match="1 处"):
        publish_notice(admin, PublishNotice(text=text, what_changed="没有改"))
