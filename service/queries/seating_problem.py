"""An event as the problem the seating library solves: who comes, which tables stand, who may meet for what worth."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select

from matching import seating
from models import HandshakeEvent, Meeting, MeetingState
from service.context import Context
from service.queries.event_tables import stands_at, tables_of
from service.queries.seating_pairs import Barred, Chance, Encounter, encounters
from service.queries.seating_parties import Sitter, Sitters, sitters_of

THRESHOLD = 3000
"""From which score suggested pairs may be seated unless the organizer says otherwise, in 1/10000."""
UTILITY_SCALE = 100
DONE = (MeetingState.HELD, MeetingState.NOT_HELD)
ZONE_WAY = 20
"""As far apart as this many tables are two zones."""


@dataclass(frozen=True)
class Basis:
    """What a seating takes into account beside the event's own numbers."""

    count_unanswered: bool = True
    threshold: int = THRESHOLD


@dataclass(frozen=True)
class Held:
    """A talk as it is seated now, between two parties."""

    meeting_id: int
    match_id: int
    one: str
    other: str
    slot: int
    table: int
    state: MeetingState
    locked: bool

    @property
    def pair(self) -> frozenset[str]:
        """Both parties."""
        return frozenset((self.one, self.other))

    @property
    def as_meeting(self) -> seating.Meeting:
        """The talk as the library has it."""
        return seating.Meeting(self.one, self.other, self.slot, self.table)


@dataclass(frozen=True)
class SeatingTask:
    """An event's problem with the records behind it.

    ``problem`` has the talks that people hold as ``previous``; ``afresh`` is the same without those that may still be
    moved. ``idle`` come but have nobody to meet. ``doubles`` are further talks of two parties that have one already.
    ``missing`` says who asks for what no table offers: it is not taken into account.
    ``facts`` is all of it in digests, part by part.
    """

    event: HandshakeEvent
    problem: seating.Problem
    sitters: Sitters
    chances: Mapping[frozenset[str], Chance]
    barred: tuple[Barred, ...]
    held: Mapping[frozenset[str], Held]
    doubles: tuple[Held, ...]
    idle: tuple[Sitter, ...]
    wanted: Mapping[str, frozenset[str]]
    missing: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 over everything the seating depends on."""
        return _digest(self.facts, 64)

    @property
    def afresh(self) -> seating.Problem:
        """The problem for seating from the start: only what is past, done or locked stays."""
        past = tuple(one for one in self.problem.previous if one.slot < self.problem.frozen_before)
        return replace(self.problem, previous=past)

    @property
    def current(self) -> tuple[seating.Meeting, ...]:
        """The talks as they are seated now."""
        return tuple(one.as_meeting for one in self.held.values())

    def name(self, party: Any) -> str:
        """What a party is called."""
        sitter = self.sitters.by_id.get(str(party))
        if sitter is not None:
            return sitter.name
        organization = int(str(party)[1:]) if str(party).startswith("g") else 0
        return self.sitters.names.get(organization, "已不参加的一方")


def seating_task(ctx: Context, event: HandshakeEvent, basis: Basis | None = None) -> SeatingTask:
    """The event's problem as everything stands now."""
    basis = basis or Basis()
    sitters = sitters_of(ctx, event, count_unanswered=basis.count_unanswered)
    met = encounters(ctx, event, sitters, basis.threshold)
    held, doubles = _held(ctx, event, met.parties_of)
    frozen = sum(event.begins(slot) <= ctx.now for slot in range(event.slots))
    chances = {pair: chance for pair, chance in met.chances.items() if pair not in met.barred_pairs}
    unwilling = {party for one in met.barred if one.by_wish for party in (one.one, one.other)}
    parties = _parties(sitters, event, chances, held.values(), unwilling)
    known = {party.id for party in parties}
    done = [one for one in held.values() if one.state in DONE and one.slot >= frozen]
    locked = [one for one in held.values() if one.locked and one.slot >= frozen and one.state not in DONE]
    tables = _tables(ctx, event)
    offered = frozenset().union(*(table.features for table in tables))
    problem = seating.Problem(
        slots=event.slots,
        tables=tables,
        parties=parties,
        pairs=tuple(
            seating.Pair(
                chance.one,
                chance.other,
                float(chance.utility),
                (sitters.by_id[chance.one].equipment | sitters.by_id[chance.other].equipment) & offered,
            )
            for pair, chance in sorted(chances.items(), key=lambda one: (one[1].one, one[1].other))
        ),
        locked=tuple(one.as_meeting for one in (*done, *locked)),
        previous=tuple(one.as_meeting for one in held.values() if one not in done and one not in locked),
        frozen_before=frozen,
        excluded=tuple(
            seating.Exclusion(one.one, one.other, one.reason, float(one.utility))
            for one in met.barred
            if one.by_wish and {one.one, one.other} <= known and frozenset((one.one, one.other)) not in chances
        ),
    )
    idle = tuple(one for one in sitters.by_id.values() if one.id not in known)
    wants = {one.name: sorted(one.equipment - offered) for one in sitters.by_id.values()}
    missing = tuple(f"{name}要{'、'.join(what)}" for name, what in wants.items() if what)
    task = SeatingTask(event, problem, sitters, chances, met.barred, held, doubles, idle, met.wanted, missing)
    return replace(task, facts=_facts(task, basis))


def _parties(
    sitters: Sitters,
    event: HandshakeEvent,
    chances: Mapping[frozenset[str], Chance],
    held: Iterable[Held],
    unwilling: set[str],
) -> tuple[seating.Party, ...]:
    """Whoever may meet somebody, sits already or would not meet; one who stays away is there in no slot."""
    meeting = {party for pair in chances for party in pair}
    seated = {party for one in held for party in one.pair}
    counted = meeting | seated | unwilling
    found = [_party(one, event, bound=one.id in meeting) for one in sitters.by_id.values() if one.id in counted]
    gone = sorted(seated - set(sitters.by_id))
    return (*found, *(seating.Party(party, frozenset(), name=_gone(sitters, party)) for party in gone))


def _gone(sitters: Sitters, party: str) -> str:
    return sitters.names.get(int(party[1:]), "已不参加的一方")


def _party(sitter: Sitter, event: HandshakeEvent, *, bound: bool) -> seating.Party:
    counts = [len(sitter.there(slot)) for slot in range(event.slots)]
    most = max(1, *counts)
    return seating.Party(
        sitter.id,
        frozenset(slot for slot, count in enumerate(counts) if count),
        minimum=sitter.minimum if bound else 0,
        maximum=sitter.maximum,
        seats=most,
        name=sitter.name,
        seats_at=None if all(count in (0, most) for count in counts) else tuple(max(1, count) for count in counts),
    )


def _tables(ctx: Context, event: HandshakeEvent) -> tuple[seating.Table, ...]:
    rows = tables_of(ctx, event.id)
    zones: dict[str, int] = {}
    found = []
    for number in range(1, event.tables + 1):
        row = rows.get(number)
        at = zones.setdefault(row.zone, len(zones)) if row is not None and row.zone else 0
        equipment = stands_at(row) if row is not None else frozenset()
        closed = frozenset(row.closed_slots) if row is not None else frozenset()
        chairs = row.chairs if row is not None else None
        found.append(seating.Table(number, chairs, equipment, float(number + ZONE_WAY * at), closed))
    return tuple(found)


def _held(
    ctx: Context, event: HandshakeEvent, parties_of: Mapping[int, Encounter]
) -> tuple[dict[frozenset[str], Held], tuple[Held, ...]]:
    """The talks that were not cancelled by their two parties, and those of two parties that have one already."""
    rows = ctx.session.scalars(
        select(Meeting)
        .where(Meeting.handshake_event_id == event.id, Meeting.state != MeetingState.CANCELLED)
        .order_by(Meeting.slot, Meeting.table_number)
    )
    held: dict[frozenset[str], Held] = {}
    doubles = []
    for row in rows:
        side = parties_of[row.match_id]
        one = Held(row.id, row.match_id, side.one, side.other, row.slot, row.table_number, row.state, row.locked)
        if one.pair in held:
            doubles.append(one)
        else:
            held[one.pair] = one
    return held, tuple(doubles)


def _facts(task: SeatingTask, basis: Basis) -> dict[str, Any]:
    """Digests of all the seating depends on, in parts that can be named when they change."""
    problem, event = task.problem, task.event
    return {
        "event": _digest(
            [event.slots, event.score_weight, event.wanted_weight, basis.count_unanswered, basis.threshold]
        ),
        "tables": _digest([[t.number, t.capacity, sorted(t.features), sorted(t.closed)] for t in problem.tables]),
        "begun": problem.frozen_before,
        "parties": {
            str(party.id): _digest(
                [
                    sorted(party.available or ()),
                    party.minimum,
                    party.maximum,
                    party.seats_at or party.seats,
                    sorted(task.sitters.by_id[str(party.id)].equipment) if party.id in task.sitters.by_id else [],
                    [one.id for one in task.sitters.by_id[str(party.id)].people]
                    if party.id in task.sitters.by_id
                    else [],
                ]
            )
            for party in problem.parties
        },
        "pairs": _digest(sorted([one.one, one.other, one.match_id, one.utility] for one in task.chances.values())),
        "meetings": {
            str(one.meeting_id): _digest([one.slot, one.table, one.locked, one.state in DONE, one.match_id])
            for one in (*task.held.values(), *task.doubles)
        },
    }


def _digest(facts: Any, length: int = 12) -> str:
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def differences(before: Mapping[str, Any], task: SeatingTask) -> list[str]:
    """What changed since a seating was computed, each in a sentence; ``before`` is the ``facts`` of then."""
    now, found = task.facts, []
    if before.get("event") != now["event"]:
        found.append("活动的场次或权重改过")
    if before.get("tables") != now["tables"]:
        found.append("桌子有变化")
    if before.get("begun") != now["begun"]:
        found.append(f"第 {now['begun']} 场已经开始")
    parties = _differing(before.get("parties", {}), now["parties"])
    if parties:
        named = "、".join(task.name(one) for one in parties[:3])
        found.append(f"{named}{f'等 {len(parties)} 方' if len(parties) > 3 else ''}的人员、时间或场数有变化")
    if before.get("pairs") != now["pairs"]:
        found.append("可排的配对或意愿有变化")
    if meetings := _differing(before.get("meetings", {}), now["meetings"]):
        found.append(f"已排的洽谈有 {len(meetings)} 场变动")
    return found


def _differing(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    return [key for key in dict.fromkeys((*before, *now)) if before.get(key) != now.get(key)]


def points(utility: float) -> str:
    """A utility as people read it: 141.2."""
    return f"{utility / UTILITY_SCALE:.1f}"
