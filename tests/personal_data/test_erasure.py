"""After an erasure nothing of the person is found: in no table, in no file, by no search, in no export."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

import service.queries
from models import Account, Job, JobState, Organization, SavedSearch, SignInSession
from service.chain import verify_chain
from service.context import SYSTEM, Context
from service.errors import Conflict
from service.personal_data.registry import fields
from service.personal_data.replay import noted_erasures
from service.queries.listing import Listing
from service.queries.search import search_page, search_suggestions
from service.reports.tables import export
from service.usecases.after_erasure import finish_erasure, replay_erasures
from service.usecases.erasure import erase_person
from tests.conftest import OpenContext
from tests.factories import NOW, add_account, add_invitation, add_need, add_organization, add_scientist
from tests.personal_data.whole_person import EMAIL, NAME, NEEDLES, PHONE, entries_of, where_named, write_whole_person

NOT_NAMED = {"accounts.password_hash", "accounts.totp_secret", "accounts.oidc_issuer", "accounts.oidc_subject"} | {
    "sign_in_failures.account_key",
    "state_changes.actor_name",
}
"""Columns of the registry that hold digests and keys, or names in older lines alone."""


def _erase(ctx: Context, person: Account) -> None:
    erase_person(ctx, person)
    ctx.commit()
    job = ctx.session.scalars(select(Job).where(Job.name == "finish_erasure")).one()
    finish_erasure(ctx, job.payload["account"], postings=job.payload["postings"])
    ctx.session.close()


def _listings() -> dict[str, Listing]:
    modules = [
        importlib.import_module(f"service.queries.{one.name}") for one in pkgutil.iter_modules(service.queries.__path__)
    ]
    found = [value for module in modules for value in vars(module).values()]
    found += [one for value in found if isinstance(value, dict) for one in value.values()]
    return {one.key: one for one in found if isinstance(one, Listing)}


def test_no_column_of_any_table_names_an_erased_person(ctx: Context, engine: Engine, tmp_path: Path) -> None:
    person = write_whole_person(ctx)
    (ctx.settings.data_dir / "index").mkdir(parents=True)
    (ctx.settings.data_dir / "index" / "needs-0-0-0.index").write_text(NAME, encoding="utf-8")
    with engine.connect() as connection:
        before = set(where_named(connection))
    expected = {f"{one.table}.{one.column}" for one in fields() if one.erase != "keep"}
    assert expected - before == NOT_NAMED
    assert not [name for name in before if name.startswith("audit_")]

    _erase(ctx, person)

    with engine.connect() as connection:
        assert where_named(connection) == {}
    engine.dispose()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    hits = [path.name for path in files if any(needle.encode() in path.read_bytes() for needle in NEEDLES)]
    assert hits == []
    print(f"columns named in before: {len(before)}, after: 0; files looked through: {len(files)}")


def test_an_erased_person_is_found_by_no_search_and_in_no_export(ctx: Context) -> None:
    person = write_whole_person(ctx)
    assert search_page(ctx, {"q": NAME}).total > 0
    listings = _listings()
    assert len(listings) > 15
    assert any(NAME.encode() in export(ctx, one, {}, "csv") for one in listings.values())

    _erase(ctx, person)

    for needle in NEEDLES:
        assert search_page(ctx, {"q": f'"{needle}"'}).total == 0
        assert search_suggestions(ctx, needle).results == []
    named = [
        (key, needle)
        for key, listing in listings.items()
        for needle in NEEDLES
        if needle in export(ctx, listing, {}, "csv").decode("utf-8-sig")
    ]
    assert named == []


def test_the_number_stays_and_the_log_holds(ctx: Context) -> None:
    person = write_whole_person(ctx)
    number, lines = person.id, len(entries_of(ctx, person))

    _erase(ctx, person)

    kept = ctx.find(Account, number)
    assert (kept.name, kept.email) == (f"已注销用户-{number}", f"erased-{number}@erased.invalid")
    assert (kept.password_hash, kept.totp_secret, kept.is_active, kept.erased_at) == ("!", None, False, NOW)
    assert ctx.session.scalars(select(SignInSession)).all() == []
    assert ctx.session.scalars(select(SavedSearch)).all() == []
    assert len(entries_of(ctx, kept)) == lines > 2
    assert verify_chain(ctx.session, ctx.settings).holds
    with pytest.raises(Conflict, match="已经注销"):
        erase_person(ctx, kept)


def test_others_keep_what_is_theirs(ctx: Context) -> None:
    house = add_organization(ctx)
    person = add_account(ctx, organization=house, name=NAME, email=EMAIL)
    own = add_need(ctx, organization=house, created_by_id=person.id, contact_name=NAME, contact_phone="0477-8581234")
    colleague = add_need(ctx, organization=house, contact_name="乌兰", contact_phone="0477-8581234")
    written_for = add_need(
        ctx, organization=house, created_by_id=person.id, contact_name="苏和", contact_phone="13847770001"
    )

    erase_person(ctx, person)

    assert (own.contact_name, own.contact_phone) == ("", "")
    assert (colleague.contact_name, colleague.contact_phone) == ("乌兰", "0477-8581234")
    assert (written_for.contact_name, written_for.contact_phone) == ("苏和", "13847770001")


def test_a_name_others_bear_too_is_left_to_be_looked_at(ctx: Context) -> None:
    person = add_account(ctx, name=NAME, email=EMAIL)
    namesake = add_account(ctx, name=NAME)
    theirs = add_scientist(ctx, name=NAME)
    house = ctx.find(Organization, person.organization_id)
    invited = add_invitation(ctx, organization=house, attendee=f"{NAME}，{PHONE}")
    told = add_need(ctx, problem=f"{NAME}团队与{EMAIL}提出", organization_id=namesake.organization_id)

    erased = erase_person(ctx, person)

    ctx.session.expire_all()
    assert (namesake.name, theirs.name) == (NAME, NAME)
    assert NAME not in invited.attendee
    assert erased.left == {"科学家": 1, "技术需求": 1}
    assert NAME in told.problem
    assert EMAIL not in told.problem


def test_whoever_a_restored_copy_brings_back_is_erased_again(ctx: Context, open_ctx: OpenContext) -> None:
    person = add_account(ctx, name=NAME, email=EMAIL)
    ctx.commit()
    finish_erasure(ctx, person.id, postings=False)
    assert [number for number, _ in noted_erasures(ctx.settings.data_dir)] == [person.id]

    again = open_ctx(SYSTEM)
    first, second = replay_erasures(again), replay_erasures(again)

    again.commit()
    assert (first, second) == (1, 0)
    assert again.find(Account, person.id).name == f"已注销用户-{person.id}"
    assert again.session.scalar(select(Job.state).where(Job.name == "finish_erasure")) is JobState.QUEUED
