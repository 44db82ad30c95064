"""What a seating would change of what people hold now, whom it would concern, and what that costs or brings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from matching import seating
from matching.seating import Limit, worst_served
from matching.seating.rules import broken
from matching.seating.seats import walked
from service.errors import NotFound
from service.queries.seating_problem import DONE, Held, SeatingTask, points


class ChangeKind(StrEnum):
    """What becomes of a talk."""

    ADD = "ADD"
    MOVE = "MOVE"
    CANCEL = "CANCEL"

    @property
    def label(self) -> str:
        """The change in Chinese."""
        return {"ADD": "新增", "MOVE": "改动", "CANCEL": "取消"}[self.value]

    @property
    def tone(self) -> str:
        """How it is shown."""
        return {"ADD": "success", "MOVE": "warning", "CANCEL": "danger"}[self.value]


@dataclass(frozen=True)
class SeatChange:
    """One talk that comes, moves or goes; ``held`` is how it stands now, ``after`` how it will."""

    kind: ChangeKind
    one: str
    other: str
    match_id: int
    held: Held | None
    after: seating.Meeting | None

    @property
    def place(self) -> str:
        """Where it will be."""
        return place(self.after.slot, self.after.table) if self.after is not None else "—"

    @property
    def place_before(self) -> str:
        """Where it is now."""
        return place(self.held.slot, self.held.table) if self.held is not None else "—"


def place(slot: int, table: int) -> str:
    """A slot and a table as people say them."""
    return f"第 {slot + 1} 场 {table} 号桌"


def told(sentence: str) -> str:
    """A sentence of the library with slots called as everywhere here: “第 3 场”."""
    return sentence.replace(" 时段", " 场")


def changes_to(task: SeatingTask, meetings: Iterable[seating.Meeting]) -> list[SeatChange]:
    """What has to be done to come from the talks as they are to ``meetings``: what goes first, then moves, then comes.

    Past and done talks are facts and stay.
    """
    planned = {frozenset((str(one.one), str(one.other))): one for one in meetings}
    gone, moved, new = [], [], []
    for pair, held in task.held.items():
        after = planned.get(pair)
        if held.slot < task.problem.frozen_before or held.state in DONE:
            continue
        if after is None:
            gone.append(SeatChange(ChangeKind.CANCEL, held.one, held.other, held.match_id, held, None))
        elif (after.slot, after.table) != (held.slot, held.table):
            moved.append(SeatChange(ChangeKind.MOVE, held.one, held.other, held.match_id, held, after))
    gone += [
        SeatChange(ChangeKind.CANCEL, held.one, held.other, held.match_id, held, None)
        for held in task.doubles
        if held.slot >= task.problem.frozen_before and held.state not in DONE
    ]
    for pair, after in planned.items():
        if pair not in task.held:
            chance = task.chances[pair]
            new.append(SeatChange(ChangeKind.ADD, chance.one, chance.other, chance.match_id, None, after))
    return [*gone, *moved, *new]


@dataclass(frozen=True)
class Balance:
    """One party before and after: how many talks, and what they are worth to it (1/100 points)."""

    party: str
    name: str
    talks_before: int
    talks: int
    utility_before: int
    utility: int

    @property
    def gain(self) -> str:
        """What it gains or loses, with its sign."""
        return f"{(self.utility - self.utility_before) / 100:+.1f}"


@dataclass(frozen=True)
class Cost:
    """What a seating costs beside the one that is: totals, the least-served, ways, limits it newly breaks."""

    utility_before: int
    utility: int
    worst_before: int
    worst: int
    walk_before: float
    walk: float
    changes: Sequence[SeatChange]
    balances: Sequence[Balance]
    breaks: Sequence[str]

    @property
    def sentence(self) -> str:
        """The cost in one sentence."""
        if self.breaks:
            return "不能这样排：" + "；".join(self.breaks) + "。"
        if not self.changes:
            return "没有变化。"
        gain = self.utility - self.utility_before
        total = f"总分 {points(self.utility_before)} → {points(self.utility)}" if gain else "总分不变"
        way = self.walk - self.walk_before
        steps = f"，走动{'多' if way > 0 else '少'} {abs(way):.0f} 个桌位" if abs(way) >= 0.5 else ""
        least = f"最少 {self.worst_before} → {self.worst} 场" if self.worst != self.worst_before else "最少场数不变"
        return f"{total}，{least}{steps}；要通知 {len(self.concerned)} 方、改动 {len(self.changes)} 场。"

    @property
    def concerned(self) -> frozenset[str]:
        """The parties that have to be told."""
        return frozenset(party for change in self.changes for party in (change.one, change.other))


def cost_of(task: SeatingTask, meetings: Sequence[seating.Meeting]) -> Cost:
    """What it would cost to seat people so; only what is broken beyond what is broken already counts."""
    now = list(task.current)
    already = set(_limits(task, now))
    breaks = [told(one.sentence) for one in _limits(task, list(meetings)) if one not in already]
    changes = changes_to(task, meetings)
    return Cost(
        utility_of(task, now),
        utility_of(task, meetings),
        worst_served(task.problem, now),
        worst_served(task.problem, tuple(meetings)),
        walked(task.problem, now),
        walked(task.problem, list(meetings)),
        changes,
        balances(task, now, meetings),
        tuple(dict.fromkeys(breaks)),
    )


def moved(task: SeatingTask, meeting_id: int, slot: int, table: int) -> list[seating.Meeting]:
    """The talks as they are now but for one, which is put elsewhere. Raises NotFound for a talk that is not seated."""
    talk = seated_talk(task, meeting_id)
    return [
        seating.Meeting(one.one, one.other, slot, table) if one is talk else one.as_meeting
        for one in task.held.values()
    ]


def swapped(task: SeatingTask, meeting_id: int, other_id: int) -> list[seating.Meeting]:
    """The talks as they are now but for two, which change places. Raises NotFound for a talk that is not seated."""
    talk, other = seated_talk(task, meeting_id), seated_talk(task, other_id)
    places = {talk.meeting_id: other, other.meeting_id: talk}
    return [
        seating.Meeting(one.one, one.other, at.slot, at.table)
        for one in task.held.values()
        for at in [places.get(one.meeting_id, one)]
    ]


def seated_talk(task: SeatingTask, meeting_id: int) -> Held:
    """The talk of that number. Raises NotFound."""
    for one in task.held.values():
        if one.meeting_id == meeting_id:
            return one
    raise NotFound(f"这次活动没有编号为 {meeting_id} 的已排洽谈，可能刚被取消，请刷新。")


def _limits(task: SeatingTask, meetings: list[seating.Meeting]) -> list[Limit]:
    return broken(task.problem, meetings)


def troubles(task: SeatingTask) -> list[str]:
    """What the talks as they are seated now break, each in a sentence: somebody stays away, a table is closed …"""
    ahead = [one for one in task.held.values() if one.slot >= task.problem.frozen_before and one.state not in DONE]
    gone = {str(party.id) for party in task.problem.parties if party.available == frozenset()}
    lost = Counter(party for one in ahead for party in (one.one, one.other) if party in gone)
    sentences = [f"{task.name(party)}不来了，有 {count} 场要改" for party, count in lost.items()]
    sentences += [
        told(limit.sentence)
        for limit in _limits(task, list(task.current))
        if limit.kind not in ("minimum", "exclusion") and not gone & {str(party) for party in limit.parties}
    ]
    sentences += [f"{task.name(one.one)}与{task.name(one.other)}排了不止一场" for one in task.doubles]
    reasons = {frozenset((one.one, one.other)): one.reason for one in task.barred}
    for held in ahead:
        if held.pair not in task.chances and not held.pair & gone:
            reason = reasons.get(held.pair, "这一对已撤下或不再参加对接")
            sentences.append(f"{place(held.slot, held.table)}：{reason}")
    return list(dict.fromkeys(sentences))


def utility_of(task: SeatingTask, meetings: Iterable[seating.Meeting]) -> int:
    """The total of a seating in 1/100 points."""
    return sum(_worth(task, one) for one in meetings)


def _worth(task: SeatingTask, meeting: seating.Meeting) -> int:
    chance = task.chances.get(frozenset((str(meeting.one), str(meeting.other))))
    return chance.utility if chance is not None else 0


def balances(task: SeatingTask, before: Iterable[seating.Meeting], after: Iterable[seating.Meeting]) -> list[Balance]:
    """Whoever gains or loses by the change, who loses most first."""
    talks: list[Counter[str]] = []
    sums: list[Counter[str]] = []
    for meetings in (before, after):
        count: Counter[str] = Counter()
        total: Counter[str] = Counter()
        for one in meetings:
            for party in (str(one.one), str(one.other)):
                count[party] += 1
                total[party] += _worth(task, one)
        talks.append(count)
        sums.append(total)
    found = [
        Balance(party, task.name(party), talks[0][party], talks[1][party], sums[0][party], sums[1][party])
        for party in dict.fromkeys((*talks[0], *talks[1]))
        if (talks[0][party], sums[0][party]) != (talks[1][party], sums[1][party])
    ]
    return sorted(found, key=lambda one: (one.utility - one.utility_before, one.name))
