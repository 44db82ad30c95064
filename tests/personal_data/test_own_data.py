"""One's own data: seen, taken along, put right, asked about, closed; proven again before others' data goes out."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from sqlalchemy import select, update

from models import (
    Account,
    AuditEntry,
    EventLetter,
    LetterKind,
    MatchState,
    Organization,
    PersonalDataRequest,
    RequestState,
    Role,
    SignInMethod,
    SignInSession,
)
from service import clock
from service.context import Context
from service.personal_data.registry import fields
from service.queries.data_requests import due_on
from service.queries.own_data import own_data
from service.usecases.erasure import erase_person
from tests.doors.conftest import Browser
from tests.factories import (
    PASSWORD,
    actor_for,
    add_account,
    add_achievement,
    add_attendee,
    add_invitation,
    add_match,
    add_need,
)
from tests.parts import ONLY_SQLITE
from tests.personal_data.whole_person import EMAIL, NAME, PHONE, write_whole_person


def grow_old(ctx: Context, **values: object) -> None:
    """Every session began two hours ago."""
    ctx.session.execute(update(SignInSession).values(created_at=clock.now() - timedelta(hours=2), **values))
    ctx.commit()


def test_everything_kept_of_somebody_is_in_their_export(ctx: Context, bearer: Callable[..., TestClient]) -> None:
    person = write_whole_person(ctx)
    program = bearer(person)

    told = program.get("/api/v1/me/data").json()

    assert told["account"] == person.id
    records = {section["record"] for section in told["sections"]}
    mine = {
        "accounts",
        "needs",
        "achievements",
        "known_devices",
        "saved_searches",
        "consents",
        "personal_data_requests",
    }
    assert mine | {"audit_entries", "investment_entries"} <= records
    assert all(one["purpose"] and one["term"] for section in told["sections"] for one in section["fields"])
    said = str(told)
    assert all(needle in said for needle in (NAME, EMAIL, PHONE))
    account = next(section for section in told["sections"] if section["record"] == "accounts")
    assert account["rows"] == [
        {"id": person.id, "created_at": account["rows"][0]["created_at"], "邮箱": EMAIL, "姓名": NAME}
    ]
    unread = {one.label for one in fields() if one.seen_by == "无人可读"}
    assert not [key for section in told["sections"] for row in section["rows"] for key in row if key in unread]
    logged = ctx.session.scalars(select(AuditEntry).where(AuditEntry.action == "export_own_data")).one()
    assert (logged.actor_id, logged.record_id) == (person.id, person.id)


@ONLY_SQLITE
def test_somebody_elses_rows_are_not_in_it(ctx: Context, browse: Callable[..., Browser]) -> None:
    write_whole_person(ctx)
    stranger = browse(role=Role.ENTERPRISE)

    book = load_workbook(io.BytesIO(stranger.get("/account/data.xlsx").content))
    page, told = stranger.get("/account/data").text, stranger.get("/account/data.json").text

    assert {"清单", "账号", "登录会话"} <= set(book.sheetnames)
    assert not [needle for needle in (NAME, EMAIL, PHONE) if needle in page + told]
    assert stranger.get("/account/data.pdf").status_code == 404
    assert stranger.get("/account/data.xlsx").headers["content-disposition"].startswith("attachment")


@ONLY_SQLITE
def test_a_name_is_put_right_and_a_stale_form_is_not(ctx: Context, browse: Callable[..., Browser]) -> None:
    person = browse(role=Role.BROKER)
    assert person.account is not None

    done = person.post("/account/data/name", {"name": "乌云其其格", "version": person.account.version})
    late = person.post("/account/data/name", {"name": "另一个", "version": 1})

    assert "已保存" in done.text
    assert ctx.find(Account, person.account.id).name == "乌云其其格"
    assert late.status_code == 409
    assert "另一个" in late.text


@ONLY_SQLITE
@pytest.mark.parametrize("role", [Role.ENTERPRISE, Role.INSTITUTE])
def test_an_owner_closes_their_account_at_once(ctx: Context, browse: Callable[..., Browser], role: Role) -> None:
    person = browse(role=role)
    assert person.account is not None
    number = person.account.id

    unsure = person.post("/account/data/close", {})
    done = person.post("/account/data/close", {"sure": "true"})

    assert unsure.status_code == 422
    assert "确认知道注销后不能恢复" in unsure.text
    assert "账号已注销" in done.text
    assert person.get("/account").status_code == 401
    assert ctx.find(Account, number).name == f"已注销用户-{number}"
    asked = ctx.session.scalars(select(PersonalDataRequest)).one()
    assert (asked.state, asked.text) == (RequestState.DONE, "")


def test_staff_ask_and_the_security_administrator_answers(ctx: Context, browse: Callable[..., Browser]) -> None:
    person, keeper = browse(role=Role.ORGANIZER), browse(role=Role.SECURITY)
    assert person.account is not None
    name = person.account.name
    person.post("/account/data/close", {"sure": "true"})
    asked = ctx.session.scalars(select(PersonalDataRequest)).one()
    at = f"/admin/privacy-requests/{asked.id}"

    waiting = keeper.get("/workbench").text
    shown = keeper.get(at).text
    bare = keeper.post(at, {"version": asked.version, "accepted": ""})
    refused = keeper.post(at, {"version": asked.version, "accepted": "", "answer": "手上的活动还没有交接"})
    told = person.get("/account/data").text
    person.post("/account/data/close", {"sure": "true"})
    again = ctx.session.scalars(select(PersonalDataRequest).order_by(PersonalDataRequest.id.desc())).first()
    assert again is not None
    done = keeper.post(f"/admin/privacy-requests/{again.id}", {"version": again.version, "accepted": "true"})

    assert f"{name}：删除（注销账号）" in waiting
    assert "最迟答复" in shown
    assert bare.status_code == 422
    assert "请写明拒绝的理由" in bare.text
    assert refused.status_code == done.status_code == 200
    assert "手上的活动还没有交接" in told
    assert ctx.find(Account, person.account.id).erased_at is not None
    logged = ctx.session.scalars(select(AuditEntry).where(AuditEntry.action == "answer_data_request")).all()
    assert [entry.details["approved"] for entry in logged] == [False, True]
    assert browse(role=Role.ADMIN).get("/admin/privacy-requests").status_code == 403


@ONLY_SQLITE
def test_one_does_not_answer_oneself_nor_ask_twice(ctx: Context, browse: Callable[..., Browser]) -> None:
    keeper = browse(role=Role.SECURITY)
    keeper.post("/account/data/ask", {"kind": "EXPLAIN", "text": "谁看过我的联系方式"})
    asked = ctx.session.scalars(select(PersonalDataRequest)).one()

    own = keeper.post(f"/admin/privacy-requests/{asked.id}", {"version": 1, "accepted": "true", "answer": "查过"})
    twice = keeper.post("/account/data/ask", {"kind": "EXPLAIN", "text": "再问一次"})

    assert own.status_code == twice.status_code == 409
    assert "再问一次" in twice.text


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (date(2026, 11, 30), date(2026, 12, 21)),
        (date(2026, 11, 28), date(2026, 12, 18)),
        (date(2026, 12, 4), date(2026, 12, 25)),
    ],
)
def test_an_answer_is_due_in_fifteen_working_days(asked: date, due: date) -> None:
    assert due_on(asked) == due


@ONLY_SQLITE
def test_the_last_administrator_stays(ctx: Context, browse: Callable[..., Browser]) -> None:
    admin, keeper = browse(role=Role.ADMIN), browse(role=Role.SECURITY)
    admin.post("/account/data/close", {"sure": "true"})
    asked = ctx.session.scalars(select(PersonalDataRequest)).one()

    answer = keeper.post(f"/admin/privacy-requests/{asked.id}", {"version": asked.version, "accepted": "true"})

    assert answer.status_code == 409
    assert "最后一位系统管理员" in answer.text


@ONLY_SQLITE
@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("/admin/accounts.xlsx", Role.ADMIN),
        ("/admin/audit.csv", Role.AUDITOR),
        ("/admin/privacy-requests.csv", Role.SECURITY),
    ],
)
def test_an_export_of_people_asks_who_it_is_once_more(
    ctx: Context, browse: Callable[..., Browser], path: str, role: Role
) -> None:
    keeper, back = browse(role=role), path.partition(".")[0]
    assert keeper.get(path).headers["content-disposition"]
    grow_old(ctx)

    asked = keeper.get(path)
    wrong = keeper.post("/account/confirm", {"current": "不是这个口令", "back": back})
    right = keeper.post("/account/confirm", {"current": PASSWORD, "back": back})
    given = keeper.get(path)

    assert asked.url.path == "/account/confirm"
    assert "content-disposition" not in asked.headers
    assert wrong.status_code == 422
    assert "现在的密码不正确" in wrong.text
    assert right.url.path == back
    assert "attachment" in given.headers["content-disposition"]
    grow_old(ctx, confirmed_at=clock.now() - timedelta(minutes=11))
    assert keeper.get(path).url.path == "/account/confirm"


@ONLY_SQLITE
def test_a_proof_sends_nobody_to_another_host_and_a_token_has_none(
    browse: Callable[..., Browser], bearer: Callable[..., TestClient]
) -> None:
    keeper, program = browse(role=Role.ADMIN), bearer(role=Role.ADMIN)

    away = keeper.post("/account/confirm", {"current": PASSWORD, "back": "//evil.example"})

    assert away.url.path == "/account/data"
    assert program.get("/admin/accounts.csv").status_code == 403


@ONLY_SQLITE
def test_closing_ones_account_wants_a_fresh_proof(ctx: Context, browse: Callable[..., Browser]) -> None:
    person = browse(role=Role.ENTERPRISE)
    assert person.account is not None
    grow_old(ctx)

    asked = person.post("/account/data/close", {"sure": "true"})

    assert asked.url.path == "/account/confirm"
    assert ctx.find(Account, person.account.id).erased_at is None
    grow_old(ctx, method=SignInMethod.DEMO)
    person.post("/account/data/close", {"sure": "true"})
    assert ctx.find(Account, person.account.id).erased_at is not None


def test_whoever_wants_no_recommendations_is_shown_none(ctx: Context, browse: Callable[..., Browser]) -> None:
    owner = add_account(ctx, Role.ENTERPRISE)
    need = add_need(ctx, organization_id=owner.organization_id, created_by_id=owner.id)
    suggested = add_match(ctx, need=need, achievement=add_achievement(ctx, title="没有人选过的成果"))
    chosen = add_achievement(ctx, title="有人选过的成果")
    add_match(ctx, need=need, achievement=chosen, state=MatchState.SHORTLISTED)
    person, organizer = browse(owner), browse(role=Role.ORGANIZER)
    paths = (f"/needs/{need.id}", f"/needs/{need.id}/matches", "/matches", "/matches.csv", "/workbench")
    before = [path for path in paths if "没有人选过的成果" in person.get(path).text]
    assert set(before) >= set(paths[:3])

    off = person.post("/account/data/recommendations", {"wants_recommendations": ""})

    assert "已关闭" in off.text
    assert [path for path in paths if "没有人选过的成果" in person.get(path).text] == []
    assert "有人选过的成果" in person.get(f"/needs/{need.id}").text
    assert person.get(f"/matches/{suggested.id}").status_code == 404
    assert "没有人选过的成果" in organizer.get("/matches").text
    person.post("/account/data/recommendations", {"wants_recommendations": "true"})
    assert "没有人选过的成果" in person.get(f"/needs/{need.id}").text


def test_the_people_of_events_are_told_what_is_kept_of_them_and_lose_it_when_erased(ctx: Context) -> None:
    person = add_account(ctx, email="qing@example.cn", name="青岚")
    house = ctx.find(Organization, person.organization_id)
    other = add_attendee(ctx, invitation=add_invitation(ctx), name="巴图", email="batu@example.cn")
    came = add_attendee(
        ctx,
        invitation=add_invitation(ctx, organization=house),
        name="小青",
        email="qing@example.cn",
        phone="13900000001",
    )
    for one in (came, other):
        ctx.add(
            EventLetter(attendee_id=one.id, kind=LetterKind.INVITATION, subject="函", text="请", created_at=ctx.now)
        )
    asking = replace(ctx, actor=actor_for(ctx, person))

    told = {section.table: section.count for section in own_data(asking)}
    erase_person(ctx, person)
    ctx.session.expire_all()

    assert (told["attendees"], told["event_letters"]) == (1, 1)
    assert (came.name, came.email, came.phone, came.link_digest) == ("", None, None, None)
    assert (other.name, other.email) == ("巴图", "batu@example.cn")
    assert ctx.session.scalars(select(EventLetter.attendee_id)).all() == [other.id]
