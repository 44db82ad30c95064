"""Every address × every role: who comes in, and what they read of needs of two organizations, regions and four tiers.

What is expected of postings is written here in plain words, not taken from the code under test.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import httpx2 as httpx
import openpyxl
import pytest
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from models import AuditEntry, AuditOutcome, Confidentiality, OrganizationKind, PostingState, Role
from service import clock
from service.app import create_app
from service.config import Settings
from service.context import Context
from service.policy import POLICY, ROUTES, Gate
from service.usecases.sessions import open_session
from service.web.identity import SESSION_COOKIE
from tests.factories import add_account, add_achievement, add_match, add_need, add_organization
from tests.parts import ONLY_SQLITE

pytestmark = ONLY_SQLITE
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
HERE, THERE = "150621", "150622"
FORMS = ("xlsx", "csv")
T = Confidentiality


@dataclass(frozen=True)
class Told:
    """A need and the words it alone holds."""

    id: int
    owner: str
    region: str
    tier: Confidentiality

    @property
    def title(self) -> str:
        return f"甲题{self.id:04d}号"

    @property
    def problem(self) -> str:
        return f"甲难{self.id:04d}处"

    @property
    def contact(self) -> str:
        return f"甲联{self.id:04d}人"


@dataclass(frozen=True)
class Person:
    """Somebody at the door; ``house`` is "own" for the organization whose needs are "own"."""

    name: str
    role: Role | None
    client: TestClient
    token: str

    def may_know_of(self, need: Told) -> bool:
        if self.name in ("ENTERPRISE", "organization admin") and need.owner == "own":
            return True
        in_scope = self.role is Role.ORGANIZER and need.region == HERE
        return {
            T.PUBLIC: True,
            T.MEMBERS: self.role is not None,
            T.COUNTERPARTS: self.role in (Role.BROKER, Role.LEADER) or in_scope,
            T.ORGANIZERS: self.role is Role.LEADER or in_scope,
        }[need.tier]

    def may_know_the_name(self, need: Told) -> bool:
        own = self.name in ("ENTERPRISE", "organization admin") and need.owner == "own"
        return own or self.role in (Role.ORGANIZER, Role.BROKER, Role.LEADER)

    def may_call(self, need: Told) -> bool:
        own = self.name in ("ENTERPRISE", "organization admin") and need.owner == "own"
        staff = self.role is Role.BROKER or (self.role is Role.ORGANIZER and need.region == HERE)
        return own or (staff and self.may_know_of(need))

    def has(self, actions: tuple[str, ...]) -> bool:
        """Whether the role has one of the actions for anything at all."""
        if not actions:
            return True
        return any(
            self.role in POLICY[action]
            and (action not in ("invite_colleagues", "keep_colleagues") or self.name == "organization admin")
            for action in actions
        )


REAL_NAMES = {"own": "北疆真名装备公司", "other": "南原真名材料公司"}


@dataclass(frozen=True)
class World:
    """The people and the needs."""

    people: list[Person]
    needs: list[Told]
    ctx: Context


@pytest.fixture
def world(ctx: Context, settings: Settings) -> Iterator[World]:
    houses = {
        owner: add_organization(ctx, kind=OrganizationKind.ENTERPRISE, name=name) for owner, name in REAL_NAMES.items()
    }
    needs = []
    for owner, house in houses.items():
        for region in (HERE, THERE):
            for tier in T:
                need = add_need(
                    ctx, organization=house, region_code=region, confidentiality=tier, masked_name="某装备企业",
                    state=PostingState.PUBLISHED,
                )  # fmt: skip
                told = Told(need.id, owner, region, tier)
                need.title, need.problem, need.contact_name = told.title, told.problem, told.contact
                add_match(ctx, need=need, achievement=add_achievement(ctx))
                needs.append(told)
    ctx.commit()
    unlimited = dict.fromkeys(("reads_per_minute", "writes_per_minute", "exports_per_minute", "sign_ins_per_minute"), 0)
    app = create_app(settings.model_copy(update=unlimited))
    people = []
    opened = []
    wanted: list[tuple[str, Role | None]] = [("anonymous", None), *((role.value, role) for role in Role)]
    for name, role in [*wanted, ("organization admin", Role.ENTERPRISE)]:
        client = TestClient(app, client=("127.0.0.1", 50000), follow_redirects=False)
        client.__enter__()
        opened.append(client)
        if role is not None:
            house = houses["own"] if role is Role.ENTERPRISE else None
            region = HERE if role is Role.ORGANIZER else None
            admin = name == "organization admin"
            account = add_account(ctx, role, organization=house, region_code=region, is_organization_admin=admin)
            ctx.now = clock.now()
            client.cookies.set(SESSION_COOKIE, open_session(ctx, account))
            ctx.commit()
        found = TOKEN.search(client.get("/facts").text)
        assert found is not None
        people.append(Person(name, role, client, found[1]))
    yield World(people, needs, ctx)
    for client in opened:
        client.__exit__(None, None, None)
    app.state.installation.engine.dispose()


def _text(answer: httpx.Response) -> str:
    """What an answer says, a workbook's cells included."""
    if "spreadsheetml" not in answer.headers.get("content-type", ""):
        return answer.text
    book = openpyxl.load_workbook(io.BytesIO(answer.content), read_only=True)
    return "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)


def _leaks(person: Person, needs: list[Told], text: str) -> list[str]:
    """What the text tells that the person may not know."""
    found = []
    for need in needs:
        if not person.may_know_of(need):
            found += [word for word in (need.title, need.problem, need.contact) if word in text]
        elif not person.may_call(need) and need.contact in text:
            found.append(need.contact)
    return found


def _fixed(gate: Gate) -> list[str]:
    """The addresses of a row without a record; none when it needs a key we do not have."""
    if "{form}" in gate.path and gate.path.count("{") == 1:
        return [gate.path.replace("{form}", form) for form in FORMS]
    return [gate.path] if "{" not in gate.path else []


SKIPPED = {
    "/static",
    "/api/openapi.json",
    "/healthz",
    "/readyz",
    "/gallery",
    "/setup",
    "/logout",
    "/report.{form}",
    "/login/sso/callback",
}
"""Addresses that tell the same to everybody, end the session that asks, or speak of no posting."""
SEARCHED = {"/needs", "/api/v1/needs", "/search", "/api/v1/search", "/search/suggest"}


def test_every_list_page_export_and_search_tells_each_role_what_is_theirs(world: World) -> None:
    cells, wrong = 0, []
    queries = ("", "?q=甲题", "?q=甲联", "?q=北疆真名", "?q=南原真名")
    for gate in ROUTES.values():
        if gate.method != "GET" or gate.record or gate.path in SKIPPED:
            continue
        for path in _fixed(gate):
            for person in world.people:
                for query in queries if path in SEARCHED else ("",):
                    answer = person.client.get(path + query)
                    cells += 1
                    here = f"{person.name} {path}{query}"
                    if not person.has(gate.actions):
                        if answer.status_code not in (401, 403):
                            wrong.append(f"{here}: {answer.status_code}")
                        continue
                    if answer.status_code not in (200, 303, 404, 422):
                        wrong.append(f"{here}: {answer.status_code}")
                    wrong += [f"{here} tells {word}" for word in _leaks(person, world.needs, _text(answer))]
    print(f"cells: {cells}, wrong: {len(wrong)}")
    assert wrong == []
    assert cells > 700


def test_a_search_for_a_hidden_word_leaves_no_trace_in_a_total(world: World) -> None:
    for person in world.people:
        for need in world.needs:
            total = person.client.get(f"/api/v1/needs?q={need.title}").json()["total"]
            assert total == (1 if person.may_know_of(need) else 0), (person.name, need)
        for owner, name in REAL_NAMES.items():
            total = person.client.get(f"/api/v1/needs?q={name}").json()["total"]
            known = [
                need
                for need in world.needs
                if need.owner == owner and person.may_know_of(need) and person.may_know_the_name(need)
            ]
            assert total in (0, len(known)), (person.name, owner, total)


def test_each_need_is_shown_field_by_field_or_not_at_all(world: World) -> None:
    cells, wrong = 0, []
    for person in world.people:
        unknown = person.client.get("/api/v1/needs/999999").json()["detail"]
        for need in world.needs:
            for path in (f"/needs/{need.id}", f"/needs/{need.id}/matches", f"/api/v1/needs/{need.id}"):
                answer = person.client.get(path)
                text = answer.text
                cells += 1
                if not person.may_know_of(need):
                    same = answer.status_code == 404 and ("/api/" not in path or answer.json()["detail"] == unknown)
                    if not same or need.title in text:
                        wrong.append(f"{person.name} {path} {need.tier}: {answer.status_code}")
                    continue
                whole = not path.endswith("/matches")
                expected = {
                    need.title: True,
                    need.problem: whole,
                    need.contact: whole and person.may_call(need),
                    REAL_NAMES[need.owner]: whole and person.may_know_the_name(need),
                }
                # one's own house stands at the top of every page one sees
                at_the_top = need.owner == "own" and person.name in ("ENTERPRISE", "organization admin")
                for word, there in expected.items():
                    if (word in text) is not there and not (at_the_top and word == REAL_NAMES["own"]):
                        wrong.append(f"{person.name} {path} {need.tier}: {word} is {'missing' if there else 'told'}")
    print(f"cells: {cells}, wrong: {len(wrong)}")
    assert wrong == []
    assert cells == len(world.people) * 16 * 3


def _sent(person: Person, gate: Gate, path: str) -> httpx.Response:
    if gate.path.startswith("/api/"):
        return person.client.request(gate.method, path, json={}, headers={"X-CSRF-Token": person.token})
    return person.client.request(gate.method, path, data={"csrf_token": person.token})


def test_every_write_is_refused_to_whoever_has_no_part_in_it(world: World) -> None:
    """No role: 401 or 403. A record nobody may know of: 404. And nothing is written either way."""
    done = select(func.count(AuditEntry.id)).where(AuditEntry.outcome == AuditOutcome.DONE)
    cells, wrong = 0, []
    for gate in ROUTES.values():
        if gate.method == "GET" or not gate.actions:
            continue
        for person in world.people:
            targets: list[tuple[str, bool]] = [(re.sub(r"\{[^}]+\}", "999999", gate.path), False)]
            if gate.record == "Need":
                targets += [
                    (re.sub(r"\{[^}]+\}", str(need.id), gate.path), person.may_know_of(need)) for need in world.needs
                ]
            for path, known in targets:
                permitted = person.has(gate.actions)
                if permitted and (known or not gate.record):
                    continue  # who may, goes on to the form; the other tests of the doors are about that
                before = world.ctx.session.scalar(done)
                world.ctx.session.rollback()
                status = _sent(person, gate, path).status_code
                after = world.ctx.session.scalar(done)
                world.ctx.session.rollback()
                cells += 1
                expected = (404,) if permitted else ((401,) if person.role is None else (403,))
                if status not in expected or before != after:
                    wrong.append(
                        f"{person.name} {gate.method} {path}: {status}, wanted {expected}; wrote {before != after}"
                    )
    print(f"cells: {cells}, wrong: {len(wrong)}")
    assert wrong == []
    assert cells > 2000


def test_every_live_route_is_in_the_table_and_one_that_is_not_is_closed(settings: Settings) -> None:
    app = create_app(settings)
    live = {
        (method, route.path)
        for route in iter_route_contexts(app.routes)
        for method in getattr(route, "methods", None) or {"GET"}
        if method != "HEAD"
    }
    moves = re.compile(r"/\{(move|stage)\}$")
    stems = {(gate.method, gate.path.rpartition("/")[0]) for gate in ROUTES.values()}
    listed = {
        (method, path)
        for method, path in live
        if (method, path) in ROUTES or (moves.search(path) and (method, path.rpartition("/")[0]) in stems)
    }

    assert live - listed == set()
    app.state.templates = {key: path for key, path in app.state.templates.items() if path != "/needs"}
    with TestClient(app) as client:
        assert client.get("/needs").status_code == 403
    app.state.installation.engine.dispose()
