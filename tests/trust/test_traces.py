"""A record somebody may not see leaves no trace: they are answered the same with it and without it, byte by byte."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from sqlalchemy.orm import Session

from models import HandshakeEventState, MatchState, MeetingState, PostingState, Role
from service import clock
from tests.trust.oracle import expected, may_come_in
from tests.trust.people import ASKERS, HERE, THERE, Person, Thing
from tests.trust.promise import PROMISES
from tests.trust.standing import Standing
from tests.trust.test_matrix import AT
from tests.trust.world import POSTINGS, T, World

VARIES = re.compile(r'value="[A-Za-z0-9_-]{16,}"|<label class="chip"><input type="checkbox" name="keywords".*')
"""What differs by itself: keys against repeats, and the words offered, by how rare they are in all texts there are."""
ELSEWHERE = (
    "/static", "/setup", "/login", "/account", "/facts/i", "/facts/k", "/facts/p", "/healthz", "/readyz", "/gallery",
    "/api/openapi.json", "/forgot", "/reset", "/join", "/quality", "/api/v1/quality", "/api/v1/me/",
)  # fmt: skip
"""Where nothing is told of such records but one's own; and where the ranking is measured, by all that was decided."""
WORDS = "隐形词汇 Zweitwort"
"""Words of the hidden records, of two that are open to all, and of the draft that is asked about."""
ASKED = (
    "/search?q={q}", "/search/suggest?q={q}", "/api/v1/search?q={q}", "/needs?q={q}", "/achievements?q={q}",
    "/matches?q={q}", "/meetings?q={q}", "/projects?q={q}", "/events?q={q}", "/contracts?q={q}", "/ledger?q={q}",
    "/invitations?q={q}", "/api/v1/needs?q={q}", "/organizations?q={q}",
)  # fmt: skip
NARROWED = (
    "/needs?sort=organization_id", "/needs?reached=shortlisted", "/needs?state=DRAFT", "/api/v1/needs?sort=-id",
    "/achievements?sort=organization", "/matches?sort=-id", "/matches?state=SHORTLISTED", "/meetings?follow_up=any",
    "/projects?attention=unpaid", "/events?sort=-meetings", "/events?sort=invited", "/?year=all", "/report?year=all",
    "/api/v1/figures?year=all", "/api/v1/figures/funnel?year=all", "/ledger?signed=1", "/search?q=隔膜",
    "/api/v1/search?q=电解槽", "/search/suggest?q=电解",
)  # fmt: skip
DRAFT = {
    "title": "隐形词汇电解槽单耗降低",
    "problem": "隐形词汇在宽负荷下气体纯度下降，Zweitwort 单耗偏高，隔膜寿命不足。",
}


def _addresses(standing: Standing, asker: Person) -> Iterator[str]:
    for promise in PROMISES.values():
        if promise.method != "GET" or not may_come_in(asker, promise) or promise.path.startswith(ELSEWHERE):
            continue
        if promise.path in AT:
            yield AT[promise.path]
        elif ".{}" in promise.path and promise.path.count("{}") == 1:
            yield promise.path.replace("{}", "csv")
        elif promise.kind and (promise.path.count("{}") == 1 or promise.path.endswith("/letters.{}")):
            known = [thing for thing in standing.world.of(promise.kind) if expected(asker, promise, thing) == 0]
            one_of_each = {asker.house in thing.houses: thing for thing in known}
            yield from (
                promise.path.replace("{}", str(thing.id), 1).replace("{}", "docx") for thing in one_of_each.values()
            )
        elif "{}" not in promise.path:
            yield promise.path
    if asker.role in (None, Role.ENTERPRISE, Role.BROKER, Role.LEADER, Role.ORGANIZER):
        yield from (address.replace("{q}", quote(WORDS)) for address in ASKED)
        yield from NARROWED


def _told(standing: Standing, asker: Person) -> dict[str, str]:
    """Every answer there is for the asker, by address."""
    found = {}
    door = standing.at_door[asker.name]
    for address in dict.fromkeys(_addresses(standing, asker)):
        answer = door.get(address)
        found[address] = f"{answer.status} {VARIES.sub('', answer.text)}"
    if asker.role in (Role.ENTERPRISE, Role.BROKER, Role.ORGANIZER):
        for path in ("/api/v1/needs/assist", "/api/v1/achievements/assist"):
            body = DRAFT if "needs" in path else {"title": DRAFT["title"], "abstract": DRAFT["problem"]}
            found[path] = door.program("POST", path, body).text
    return found


def _alike(world: World) -> None:
    """What everybody may know of and resembles the draft: found by the check against duplicates, hidden ones or not."""
    for kind, house in (("Need", "E2"), ("Achievement", "I2")):
        _say(world, world.posting(kind, house, HERE))


def _drafts(world: World) -> None:
    """Postings nobody but their house and the organizers of the other region knows of."""
    for state in (PostingState.DRAFT, PostingState.SUBMITTED, PostingState.TAKEN_DOWN):
        for kind, house in (("Need", "E9"), ("Achievement", "I9")):
            _say(world, world.posting(kind, house, THERE, state=state))


def _closed(world: World) -> None:
    """What is for organizers alone: postings, their pairs among themselves and with what is public, and talks."""
    pairs = [world.pair("9", THERE, T.ORGANIZERS, MatchState.SHORTLISTED) for _ in range(7)]
    for pair in pairs:
        for part in pair.parts:
            _say(world, part)
    for state, kept in (
        (HandshakeEventState.HELD, MeetingState.HELD),
        (HandshakeEventState.OPEN, MeetingState.CONFIRMED),
    ):
        world.meeting(_there(world, state), pairs[0], kept)
    for need in world.of("Need"):
        if need.tier is T.PUBLIC and need.state is PostingState.PUBLISHED:
            world.match_of(need, pairs[0].part("Achievement"))


def _work(world: World) -> None:
    """Work of the other region between others: a planned event, invitations, talks, a project and its money."""
    planned, held = world.event(THERE, HandshakeEventState.PLANNED), _there(world, HandshakeEventState.HELD)
    for event in (planned, held):
        for house in ("E9", "I9"):
            world.invitation(event, house)
    match = world.pair("9", THERE, T.ORGANIZERS, MatchState.MUTUAL)
    world.project(world.meeting(held, match), financier="B1")


def _there(world: World, state: HandshakeEventState) -> Thing:
    return next(one for one in world.of("HandshakeEvent") if (one.region, one.state) == (THERE, state))


def _say(world: World, thing: Thing) -> None:
    row = world.ctx.find(POSTINGS[thing.kind], thing.id)
    row.title = DRAFT["title"]
    setattr(row, "problem" if thing.kind == "Need" else "abstract", f"{DRAFT['problem']}{thing.canary('problem')}")


HIDDEN: list[tuple[Callable[[World], None], tuple[str, ...]]] = [
    (_drafts, ("LEADER",)),
    (_closed, ("BROKER",)),
    (_work, ("anonymous", "ENTERPRISE other", "ORGANIZER here")),
]
"""What is added step by step, and who is asked after each step because nothing so far is for them."""
SEES_IT = "ORGANIZER there"


def _add(standing: Standing, add: Callable[[World], None]) -> None:
    with Session(standing.engine) as session:
        standing.world.ctx.session = session
        add(standing.world)
        standing.world.ctx.commit()


@pytest.mark.parametrize("standing", ["sqlite"], indirect=True)
def test_what_is_hidden_leaves_no_trace(standing: Standing, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)
    people = {asker.name: asker for asker in ASKERS}
    _add(standing, _alike)
    before = {name: _told(standing, people[name]) for _, names in HIDDEN for name in (*names, SEES_IT)}
    cells, wrong = 0, []
    for add, names in HIDDEN:
        _add(standing, add)
        for name in names:
            after = _told(standing, people[name])
            cells += len(after)
            wrong += [_difference(name, address, before[name][address], after[address]) for address in after]
    wrong = [one for one in wrong if one]
    seen = _told(standing, people[SEES_IT])
    changed = sum(seen[address] != before[SEES_IT].get(address) for address in seen)
    print(f"answers compared: {cells}, differing: {len(wrong)}; of {len(seen)} to whom it is open {changed} differ")
    print("\n".join(wrong))
    assert wrong == []
    assert changed > 40


def _difference(name: str, address: str, before: str, after: str) -> str:
    if before == after:
        return ""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return f"{name} {address}: {[line for line in lines if line[:2] not in ('--', '++', '@@')][:6]}"
