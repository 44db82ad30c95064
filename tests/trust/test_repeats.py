"""Sent many times, done once; two editors at once, nothing lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpx2 as httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from models import IdempotentRequest, Need, Organization, Role
from service import clock
from service.context import Context
from service.usecases.tokens import issue_token
from tests.doors.conftest import Browser
from tests.factories import add_account, add_organization

HANDS = 50
FIRM = {"name": "一次就好有限公司", "kind": "ENTERPRISE"}


@pytest.fixture
def program(ctx: Context, address: str) -> Iterator[httpx.Client]:
    """An organizer's program at a real server."""
    token = issue_token(replace(ctx, now=clock.now()), add_account(ctx, Role.ORGANIZER, region_code="150600"))
    ctx.commit()
    limits = httpx.Limits(max_connections=HANDS, max_keepalive_connections=HANDS)
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=address, headers=headers, timeout=60, limits=limits) as client:
        yield client


def _rounds(ctx: Context, program: httpx.Client, rounds: int) -> None:
    started = threading.Barrier(HANDS)
    before = ctx.session.scalar(select(func.count(Organization.id))) or 0
    ctx.session.rollback()

    def send(number: int) -> httpx.Response:
        started.wait(timeout=60)
        firm = {**FIRM, "name": f"第{number}回有限公司"}
        while True:
            try:
                return program.post("/api/v1/organizations", json=firm, headers={"Idempotency-Key": f"round {number}"})
            except httpx.RemoteProtocolError:  # an idle connection that was being closed: sent again, as one may
                unanswered.append(number)

    odd = []
    unanswered: list[int] = []
    with ThreadPoolExecutor(HANDS) as pool:
        for number in range(rounds):
            answers = list(pool.map(send, [number] * HANDS))
            if {answer.status_code for answer in answers} != {201} or len({answer.content for answer in answers}) != 1:
                odd.append((number, sorted({answer.status_code for answer in answers})))
    after = ctx.session.scalar(select(func.count(Organization.id))) or 0

    print(f"rounds: {rounds}, submissions: {rounds * HANDS}, records: {after - before}, odd rounds: {len(odd)}")
    print(f"submissions without an answer that were sent again: {len(unanswered)}")
    assert odd == []
    assert after - before == rounds


def test_fifty_submissions_with_one_key_make_one_record(ctx: Context, program: httpx.Client) -> None:
    _rounds(ctx, program, 10)


@pytest.mark.drill
def test_a_thousand_rounds_of_fifty_submissions_make_a_thousand_records(ctx: Context, program: httpx.Client) -> None:
    _rounds(ctx, program, 1000)


def _edit(program: httpx.Client, number: int, version: int, name: str) -> int:
    return program.put(f"/api/v1/organizations/{number}", json={**FIRM, "name": name, "version": version}).status_code


def _two_editors(ctx: Context, program: httpx.Client, rounds: int) -> None:
    number_of_firm = add_organization(ctx, name=FIRM["name"]).id
    ctx.commit()
    lost = []
    with ThreadPoolExecutor(2) as pool:
        for number in range(rounds):
            here = f"/api/v1/organizations/{number_of_firm}"
            version = program.get(here).json()["version"]
            names = [f"甲改第{number}回有限公司", f"乙改第{number}回有限公司"]
            statuses = list(pool.map(lambda name, seen=version: _edit(program, number_of_firm, seen, name), names))
            now = program.get(here).json()
            winners = [name for name, status in zip(names, statuses, strict=True) if status == 200]
            if sorted(statuses) != [200, 409] or now["name"] != winners[0] or now["version"] != version + 1:
                lost.append((number, statuses, now["name"]))
    print(f"rounds of two editors: {rounds}, lost updates: {len(lost)}")
    assert lost == []


def test_of_two_editors_one_is_told(ctx: Context, program: httpx.Client) -> None:
    _two_editors(ctx, program, 40)


@pytest.mark.drill
def test_a_thousand_rounds_of_two_editors_lose_nothing(ctx: Context, program: httpx.Client) -> None:
    _two_editors(ctx, program, 1000)


def test_a_repeat_gets_the_first_answer_byte_for_byte(bearer: Callable[..., TestClient]) -> None:
    client = bearer(role=Role.ORGANIZER)

    first, again = (client.post("/api/v1/organizations", json=FIRM, headers={"Idempotency-Key": "k"}) for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers


def test_one_key_stands_for_one_request(bearer: Callable[..., TestClient]) -> None:
    client = bearer(role=Role.ORGANIZER)
    client.post("/api/v1/organizations", json=FIRM, headers={"Idempotency-Key": "k"})

    other = client.post(
        "/api/v1/organizations", json={**FIRM, "name": "另一家有限公司"}, headers={"Idempotency-Key": "k"}
    )

    assert other.status_code == 422
    assert "另一个请求" in other.json()["detail"]


@pytest.mark.parametrize("wrong", [{"name": ""}, {"kind": "NOTHING"}, {"uscc": "1"}])
def test_what_failed_may_be_tried_again_under_its_key(
    ctx: Context, bearer: Callable[..., TestClient], wrong: dict[str, str]
) -> None:
    client = bearer(role=Role.ORGANIZER)

    failed = client.post("/api/v1/organizations", json={**FIRM, **wrong}, headers={"Idempotency-Key": "k"})
    kept = ctx.session.scalar(select(func.count(IdempotentRequest.id)))
    mended = client.post("/api/v1/organizations", json=FIRM, headers={"Idempotency-Key": "k"})

    assert (failed.status_code, kept, mended.status_code) == (422, 0, 201)


def test_keys_of_two_people_are_two_keys(bearer: Callable[..., TestClient]) -> None:
    names = ("甲单位有限公司", "乙单位有限公司")
    made = [
        bearer(role=Role.ORGANIZER).post(
            "/api/v1/organizations", json={**FIRM, "name": name}, headers={"Idempotency-Key": "k"}
        )
        for name in names
    ]

    assert [one.json()["name"] for one in made] == list(names)


def test_a_deed_whose_answer_was_lost_is_not_done_again(
    ctx: Context, bearer: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = bearer(role=Role.ORGANIZER)
    client.post("/api/v1/organizations", json=FIRM, headers={"Idempotency-Key": "k"})
    row = ctx.session.scalars(select(IdempotentRequest)).one()
    row.status = None
    monkeypatch.setattr("service.web.repeats.WAIT_SECONDS", 0.1)

    again = client.post("/api/v1/organizations", json=FIRM, headers={"Idempotency-Key": "k"})

    assert again.status_code == 409
    assert "已经办过" in again.json()["detail"]


def test_a_form_sent_twice_is_done_once_and_a_changed_one_is_a_new_one(
    ctx: Context, browse: Callable[..., Browser]
) -> None:
    engineer = browse(role=Role.ENTERPRISE)
    form = {"title": "冷态启动时间过长的技术难题", "no_secret": "true", "idempotency_key": "drawn once"}

    first = engineer.post("/needs/new", form, follow_redirects=False)
    again = engineer.post("/needs/new", form, follow_redirects=False)
    changed = engineer.post("/needs/new", {**form, "title": "另一个技术难题的名称"}, follow_redirects=False)

    assert first.headers["location"] == again.headers["location"] != changed.headers["location"]
    assert ctx.session.scalar(select(func.count(Need.id))) == 2


def test_the_page_of_a_lost_race_shows_both_and_takes_the_choice(ctx: Context, browse: Callable[..., Browser]) -> None:
    engineer = browse(role=Role.ENTERPRISE)
    form = {"title": "最初写下的技术难题", "problem": "最初的卡点", "no_secret": "true"}
    engineer.post("/needs/new", form)
    need = ctx.session.scalars(select(Need)).one()
    edit = f"/needs/{need.id}/edit"
    engineer.post(edit, {**form, "title": "同事改过的名称啊", "problem": "同事写的卡点", "version": "1"})

    ctx.session.expire_all()
    now = str(need.version)

    late = engineer.post(edit, {**form, "title": "我改过的名称啊啊", "problem": "我写的卡点", "version": "1"})
    taken = engineer.post(
        edit,
        {
            **form,
            "title": "我改过的名称啊啊",
            "problem": "我写的卡点",
            "version": now,
            "take.problem": "theirs",
            "theirs.problem": "同事写的卡点",
            "take.title": "mine",
            "theirs.title": "同事改过的名称啊",
        },
    )

    assert late.status_code == 409
    for text in (
        "别人改了什么",
        "同事改过的名称啊",
        "我改过的名称啊啊",
        "同事写的卡点",
        "我写的卡点",
        f'name="version" value="{now}"',
    ):
        assert text in late.text, text
    assert taken.status_code == 200
    ctx.session.expire_all()
    assert (need.title, need.problem) == ("我改过的名称啊啊", "同事写的卡点")


def test_a_program_that_lost_a_race_is_told_what_changed(bearer: Callable[..., TestClient]) -> None:
    client = bearer(role=Role.ORGANIZER)
    made = client.post("/api/v1/organizations", json=FIRM).json()
    here = f"/api/v1/organizations/{made['id']}"
    client.put(here, json={**FIRM, "name": "先改的有限公司", "version": made["version"]})

    late = client.put(here, json={**FIRM, "name": "后改的有限公司", "version": made["version"]})

    assert late.status_code == 409
    assert {"field": "name", "current": "先改的有限公司", "yours": "后改的有限公司"} in late.json()["changes"]
