"""Every write of both doors as another site would have a signed-in browser send it: refused, and nothing written."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from urllib.parse import urlencode

import pytest

from service.web.identity import SESSION_COOKIE
from tests.factories import PASSWORD
from tests.trust.asking import Answer, Asker
from tests.trust.oracle import expected, may_come_in
from tests.trust.people import ASKERS, Person, Thing
from tests.trust.promise import PROMISES, Promise
from tests.trust.standing import Standing
from tests.trust.test_matrix import TOLD_ANYWAY, digest

WRITES = [promise for promise in PROMISES.values() if promise.method != "GET"]
CROSS = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}


def _victim(standing: Standing, promise: Promise) -> tuple[Person, Thing | None]:
    """Somebody who may do it, and the record they may do it to if the world has one of that kind."""
    for asker in reversed(ASKERS):
        if promise.kind:
            things = standing.world.of(promise.kind)
            thing = next((one for one in things if expected(asker, promise, one) == 0), None)
            if thing is not None:
                return asker, thing
        elif expected(asker, promise, None) == 0 and (asker.role is not None or "all" in promise.who):
            return asker, None
    return next(asker for asker in reversed(ASKERS) if may_come_in(asker, promise)), None


def _sent(door: Asker, promise: Promise, thing: Thing | None, token: str, headers: dict[str, str]) -> Answer:
    number = str(thing.id) if thing is not None else "1"
    path = promise.path.replace("{}", number, 1).replace("{}", "1")
    if promise.path.startswith("/api/"):
        carried = {"x-csrf-token": token} if token else {}
        return door.ask(
            promise.method, path, json.dumps({}).encode(), {"content-type": "application/json", **carried, **headers}
        )
    fields = {"csrf_token": token} if token else {}
    kind = {"content-type": "application/x-www-form-urlencoded"}
    return door.ask(promise.method, path, urlencode({**fields, "version": "1"}).encode(), {**kind, **headers})


FORGED: dict[str, Callable[[Standing, Asker], tuple[str, dict[str, str]]]] = {
    "no token": lambda _standing, _door: ("", {}),
    "a wrong token": lambda _standing, door: (f"{door.token[:-1]}{'A' if door.token[-1] != 'A' else 'B'}", {}),
    "another session's token": lambda standing, door: (
        next(other.token for other in standing.at_door.values() if other.token != door.token),
        {},
    ),
    "the right token from another site": lambda _standing, door: (door.token, CROSS),
    "the right token from a sister site": lambda _standing, door: (door.token, {"sec-fetch-site": "same-site"}),
}


@pytest.mark.parametrize("standing", ["sqlite"], indirect=True)
def test_no_forged_write_is_let_in(standing: Standing) -> None:
    before = digest(standing.engine, but=TOLD_ANYWAY)
    cells: Counter[str] = Counter()
    wrong = []
    for promise in WRITES:
        asker, thing = _victim(standing, promise)
        door = standing.at_door[asker.name]
        for name, forge in FORGED.items():
            token, headers = forge(standing, door)
            answer = _sent(door, promise, thing, token, headers)
            cells[name] += 1
            if answer.status != 403:
                wrong.append(f"{name}: {asker.name} {promise.method} {promise.path}: {answer.status}")
    print(f"writes: {len(WRITES)}, forged in ways: {dict(cells)}, let in: {len(wrong)}")

    assert wrong == []
    assert digest(standing.engine, but=TOLD_ANYWAY) == before


@pytest.mark.parametrize("standing", ["sqlite"], indirect=True)
def test_a_session_somebody_else_chose_is_worth_nothing(standing: Standing) -> None:
    """Fixation: what is planted before signing in is neither taken over nor left valid."""
    account = standing.world.accounts["LEADER"]
    visitor = standing.at_door["anonymous"]
    planted = Asker(
        visitor.app, visitor.loop, {**visitor.cookies, SESSION_COOKIE: "chosen-by-the-attacker"}, visitor.token
    )

    answer = planted.form("/login", {"email": account.email, "password": PASSWORD})

    given = next(one for one in answer.cookies if one.startswith(f"{SESSION_COOKIE}="))
    assert answer.status == 303
    assert "chosen-by-the-attacker" not in given
    assert planted.get("/workbench").status == 401
    once = Asker(visitor.app, visitor.loop, {SESSION_COOKIE: given.split(";")[0].partition("=")[2]})
    assert once.get("/workbench").status == 200
