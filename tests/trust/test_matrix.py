"""Every address of both doors × everybody × records of either house, region and tier: who is let in, and what is done.

What is expected comes from ``promise`` and ``oracle``, which are written by hand and ask nothing of the service.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from sqlalchemy import Engine, select

from models import Base
from service.app import create_app
from service.config import Settings
from tests.parts import ONLY_SQLITE
from tests.trust.oracle import expected, may_come_in
from tests.trust.people import ASKERS, Person, Thing
from tests.trust.promise import PROMISES, Promise, bare
from tests.trust.standing import Standing

MOVES = re.compile(r"/\{(move|stage)\}$")
LINKED = ("", "/event.ics", "/replace", "/wishes", "/reply", "/feedback")
"""What there is behind a personal link; whose link it is is asked in tests/doors/test_personal.py."""
AT = {
    "/facts/sources/{}": "/facts/sources/S1",
    "/facts/sources/{}.{}": "/facts/sources/S1.csv",
    "/facts/taxonomies/{}": "/facts/taxonomies/point",
    "/join/{}": "/join/nobody-has-this-link",
    **{f"/i/{{}}{part}": f"/i/nobody-has-this-link-at-all{part}" for part in LINKED},
    "/static": "/static/woshou.js",
    "/report.{}": "/report.json",
    "/account/data.{}": "/account/data.json",
}
"""Addresses whose placeholder is no number."""
OTHERWISE = {
    "/setup": {303, 404, 403},
    "/gallery": {404},
    "/login": {200, 303},
    "/login/second-factor": {303, 404, 200},
    "/login/sso/callback": {303, 404, 422, 403},
    "/join/{}": {404, 422},
    **{f"/i/{{}}{part}": {404} for part in LINKED},
    "/events/{}/letters.{}": {404},
    "/demo/enter/{}": {404, 403},
    "/login/sso": {404, 403},
    "/account/sessions/{}/end": {404},
    "/account/devices/{}/forget": {404},
    "/account/tokens/{}/revoke": {404},
    "/api/v1/sessions/{}": {404},
    "/api/v1/tokens/{}": {404},
    "/privacy/{}": {404},
    "/facts/indicators/{}": {404},
    "/facts/key-technologies/{}": {404},
    "/facts/programmes/{}": {404},
    "/api/v1/matches/{}/against": {404},
    "/events/{}/plans/{}": {404},
    "/api/v1/events/{}/plans/{}": {404},
    **{f"/{noun}/{{}}/attachments": {404} for noun in ("needs", "achievements", "meetings")},
    **{f"/api/v1/{noun}/{{}}/attachments": {404} for noun in ("needs", "achievements", "meetings")},
}
"""What these say beside success where there is nothing to see: no such link, no such file, already set up.

Files are for those alone who may read the names beside them: see tests/attachments/test_readers.py.
"""
LEAVING = {
    "/logout",
    "/api/v1/sessions",
    "/account/sessions/end-others",
    "/account/second-factor/begin",
    "/account/email/code",
    "/account/data/recommendations",
}
"""Writes that take effect without being told anything; asked by those alone who are not let in."""


def _live(app: FastAPI) -> set[tuple[str, str]]:
    return {
        (method, route.path or "")
        for route in iter_route_contexts(app.routes)
        for method in getattr(route, "methods", None) or {"GET"}
        if method != "HEAD"
    }


def _unpromised(app: FastAPI) -> set[tuple[str, str]]:
    """Addresses of the service that nobody wrote down a promise for."""
    stems = {(method, path.rpartition("/")[0]) for method, path in PROMISES}
    return {
        (method, path)
        for method, path in _live(app)
        if (method, bare(path)) not in PROMISES
        and not (MOVES.search(path) and (method, bare(path.rpartition("/")[0])) in stems)
    }


def _unlived(app: FastAPI) -> set[tuple[str, str]]:
    live = {(method, bare(path)) for method, path in _live(app)}
    moves = {(method, bare(path.rpartition("/")[0])) for method, path in _live(app) if MOVES.search(path)}
    return {(method, path) for method, path in PROMISES.keys() - live if (method, path.rpartition("/")[0]) not in moves}


def _unheard_of() -> None:
    """A new route's answer."""


@ONLY_SQLITE
def test_every_address_of_the_service_has_its_promise_and_a_new_one_fails(settings: Settings) -> None:
    app = create_app(settings)

    assert _unpromised(app) == set()
    assert _unlived(app) == set()

    app.add_api_route("/api/v1/secrets", _unheard_of, methods=["GET"])
    assert _unpromised(app) == {("GET", "/api/v1/secrets")}
    app.state.installation.engine.dispose()


def _address(promise: Promise, thing: Thing | None) -> str:
    if promise.path in AT:
        return AT[promise.path]
    at = promise.path.replace(".{}", ".csv")
    number = str(thing.id) if thing is not None else "999999"
    return at.replace("{}", number, 1).replace("{}", "999999")


def _targets(standing: Standing, promise: Promise, asker: Person) -> Sequence[Thing | None]:
    """The records an asker tries an address on: one for each answer, tier and relation there is, and one nobody has.

    Whoever is not let in at all tries one.
    """
    if not promise.kind:
        return [None]
    seen: dict[object, Thing] = {}
    for thing in standing.world.of(promise.kind):
        wanted = expected(asker, promise, thing)
        relation = () if promise.method == "GET" else (asker.house in thing.houses, thing.region == asker.region)
        seen.setdefault((wanted, *relation, thing.tier if wanted in (0, 404) else None), thing)
    if not may_come_in(asker, promise):
        return list(seen.values())[:1]
    return [*seen.values(), None]


def is_let_in(promise: Promise, status: int) -> bool:
    """Whether that is what somebody is answered who may come in."""
    second_is_nothing = promise.path.count("{}") > 1 and status == 404
    return status in {200, 303, 409, 422} | OTHERWISE.get(promise.path, set()) or second_is_nothing


def _wrong(standing: Standing, asker: Person, promise: Promise, thing: Thing | None) -> str:
    """What is not as promised, in words; "" when all is."""
    wanted = expected(asker, promise, thing)
    if wanted == 0 and promise.path in LEAVING:
        return ""
    got = standing.send(asker, promise.method, _address(promise, thing))
    fits = got.status == wanted if wanted else is_let_in(promise, got.status)
    where = f"{asker.name} {promise.method} {_address(promise, thing)}"
    return "" if fits else f"{where}: {got.status}, wanted {wanted or 'to be let in'} {thing}"


def digest(engine: Engine, *, but: frozenset[str] = frozenset()) -> dict[str, str]:
    """What stands in every table, by its name."""
    found = {}
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name not in but:
                rows = sorted(map(repr, connection.execute(select(table))))
                found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


TOLD_ANYWAY = frozenset(
    {"audit_entries", "audit_heads", "sign_in_sessions", "sign_in_failures", "single_sign_on_attempts"}
)
"""Tables in which it is written down that somebody asked."""


def test_everybody_is_let_in_where_promised_and_nowhere_else(standing: Standing) -> None:
    cells: Counter[str] = Counter()
    wrong = []
    before = digest(standing.engine, but=TOLD_ANYWAY)
    for promise in PROMISES.values():
        if not (standing.whole or (promise.kind and promise.path.startswith("/api/"))):
            continue
        for asker in ASKERS:
            for thing in _targets(standing, promise, asker):
                if promise.method == "GET" and expected(asker, promise, thing) == 0:
                    continue  # what is open to read is read in test_fields
                complaint = _wrong(standing, asker, promise, thing)
                cells["read" if promise.method == "GET" else "write"] += 1
                wrong += [complaint] if complaint else []
    print(f"routes: {len(PROMISES)}, askers: {len(ASKERS)}, cells: {dict(cells)}, wrong: {len(wrong)}")

    assert wrong == []
    assert digest(standing.engine, but=TOLD_ANYWAY) == before
    assert cells["write"] > (2000 if standing.whole else 500)
