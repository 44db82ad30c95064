"""Reads a seating problem from JSON and writes its answer; what is wrong is said with the place in the JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from matching.seating.problem import (
    Exclusion,
    Meeting,
    Pair,
    Party,
    PartyId,
    Problem,
    SeatingError,
    Table,
    check,
    equal_tables,
)
from matching.seating.result import Limit, Repair, Solution

_SIDES = ("need", "offer")
_LISTS = ("needs", "offers", "pairs", "locked", "previous", "excluded")
_MOST = 10_000


def read_problem(path: Path) -> Problem:
    """The problem of a JSON file. Raises SeatingError that names the place at fault."""
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SeatingError(str(path), "应是 UTF-8 编码的文本") from error
    except json.JSONDecodeError as error:
        raise SeatingError(str(path), f"不是有效的 JSON（第 {error.lineno} 行第 {error.colno} 个字符处）") from error
    return problem_from(document)


def problem_from(document: object) -> Problem:
    """The problem of a JSON document. Ids of needs and of offers may be the same: a party's id is (side, id).

    A party of a previous meeting that is not listed any more has cancelled. Tables given as a number are numbered from
    1, or from 0 where a locked or previous meeting sits at table 0. Raises SeatingError.
    """
    if not isinstance(document, dict):
        raise SeatingError("（最外层）", "应是一个 {…} 对象")
    whole = _Object("", document)
    lists = {name: whole.objects(name) for name in _LISTS}
    slots = whole.count("slots", None)
    sides = {side: [_party(side, one, slots) for one in lists[f"{side}s"]] for side in _SIDES}
    gone = _gone(lists["previous"], {party.id for side in sides.values() for party in side})
    held = [one.get("table") for name in ("locked", "previous") for one in lists[name]]
    problem = Problem(
        slots,
        _tables(whole, slots, first=0 if 0 in held and not isinstance(whole.get("tables"), list) else 1),
        tuple(sides["need"] + sides["offer"] + gone),
        tuple(
            Pair(*_both(one), one.number("utility", 0.0), frozenset(one.texts("requires"))) for one in lists["pairs"]
        ),
        tuple(_meeting(one) for one in lists["locked"]),
        tuple(_meeting(one) for one in lists["previous"]),
        whole.count("frozen_before", 0),
        None if whole.get("max_changes") is None else whole.count("max_changes", 0),
        tuple(Exclusion(*_both(one), one.text("reason", ""), one.number("utility", 0.0)) for one in lists["excluded"]),
    )
    try:
        check(problem)
    except SeatingError as error:
        raise SeatingError(_place(error.path, len(sides["need"])), error.message) from error
    return problem


def answer_of(solution: Solution) -> dict[str, Any]:
    """The JSON document of an answer."""
    found = solution.found
    return {
        "status": str(solution.status),
        "meetings": [_held(meeting) for meeting in solution.meetings],
        "utility": solution.utility if found else None,
        "bound": solution.bound if found else None,
        "gap": solution.gap if found else None,
        "worst_served": solution.worst_served if found else None,
        "fairness": solution.fairness if found else None,
        "fairness_proven": solution.fairness_proven,
        "changes": len(solution.changes),
        "changed": [_held(meeting) for meeting in solution.changes],
        "changes_proven": solution.changes_proven,
        "walk": solution.walk,
        "conflict": [_limit(limit) for limit in solution.conflict],
        "conflict_smallest": solution.conflict_smallest,
        "conflict_irreducible": solution.conflict_irreducible,
        "repairs": [_repair(repair) for repair in solution.repairs],
        "seconds": round(solution.seconds, 3),
        "notes": list(solution.notes),
    }


def write_answer(path: Path, solution: Solution) -> None:
    """Write the answer as JSON."""
    path.write_text(json.dumps(answer_of(solution), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


class _Object:
    """A JSON object that knows where it stands."""

    def __init__(self, path: str, values: dict[str, Any]) -> None:
        self.path = path
        self._values = values

    def at(self, name: str) -> str:
        """Where a value of it stands."""
        return f"{self.path}.{name}" if self.path else name

    def get(self, name: str) -> Any:
        """The value, None where there is none."""
        return self._values.get(name)

    def need(self, name: str) -> Any:
        """The value; refused where there is none."""
        if self._values.get(name) is None:
            raise SeatingError(self.at(name), "缺少这一项")
        return self._values[name]

    def count(self, name: str, default: int | None) -> int:
        """A whole number from 0."""
        value = self.need(name) if default is None else self._values.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST:
            raise SeatingError(self.at(name), f"应是 0–{_MOST} 之间的整数，现在是 {_shown(value)}")
        return value

    def counts(self, name: str) -> tuple[int, ...]:
        """A list of whole numbers from 0."""
        value = self.need(name)
        if not isinstance(value, list) or any(isinstance(n, bool) or not isinstance(n, int) or n < 0 for n in value):
            raise SeatingError(self.at(name), f"应是不小于 0 的整数的列表，现在是 {_shown(value)}")
        return tuple(value)

    def number(self, name: str, default: float) -> float:
        """A number from 0."""
        value = self._values.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
            raise SeatingError(self.at(name), f"应是不小于 0 的数，现在是 {_shown(value)}")
        return float(value)

    def text(self, name: str, default: str) -> str:
        """A text."""
        value = self._values.get(name, default)
        if not isinstance(value, str):
            raise SeatingError(self.at(name), f"应是文字，现在是 {_shown(value)}")
        return value

    def flag(self, name: str, default: bool) -> bool:
        """True or false."""
        value = self._values.get(name, default)
        if not isinstance(value, bool):
            raise SeatingError(self.at(name), f"应是 true 或 false，现在是 {_shown(value)}")
        return value

    def id(self, name: str) -> str | int:
        """A text or a whole number that names something."""
        value = self.need(name)
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise SeatingError(self.at(name), f"编号应是文字或整数，现在是 {_shown(value)}")
        return value

    def values(self, name: str, each: Callable[[object], bool], what: str) -> list[Any] | None:
        """A list of one kind of value, None where there is none."""
        values = self._values.get(name)
        if values is None:
            return None
        if not isinstance(values, list):
            raise SeatingError(self.at(name), f"应是 […] 列表，现在是 {_shown(values)}")
        for at, value in enumerate(values):
            if not each(value):
                raise SeatingError(f"{self.at(name)}[{at}]", f"应是{what}，现在是 {_shown(value)}")
        return values

    def texts(self, name: str) -> list[str]:
        """A list of texts."""
        return self.values(name, lambda value: isinstance(value, str), "文字") or []

    def slots(self, name: str, slots: int) -> frozenset[int] | None:
        """Numbers of slots."""
        last = f" 0–{slots - 1} 之间的时段号"
        there = self.values(name, lambda value: type(value) is int and 0 <= value < slots, last)
        return None if there is None else frozenset(there)

    def objects(self, name: str) -> list[_Object]:
        """A list of objects."""
        some = self.values(name, lambda value: isinstance(value, dict), " {…} 对象") or []
        return [_Object(f"{self.at(name)}[{at}]", one) for at, one in enumerate(some)]


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:40]}…"


def _party(side: str, one: _Object, slots: int) -> Party:
    seats = one.count("seats", 1)
    if seats < 1:
        raise SeatingError(one.at("seats"), "同时可谈的场数至少是 1")
    return Party(
        (side, one.id("id")),
        one.slots("available", slots),
        one.count("min", 0) if one.get("min") is not None else 0,
        None if one.get("max") is None else one.count("max", 0),
        seats,
        one.count("people", 1),
        one.text("name", ""),
        None if one.get("seats_at") is None else one.counts("seats_at"),
    )


def _gone(previous: list[_Object], known: set[PartyId]) -> list[Party]:
    """Those who held a meeting and are not in the problem any more: away in every slot."""
    named = dict.fromkeys(party for one in previous for party in _both(one))
    return [Party(party, frozenset()) for party in named if party not in known]


def _tables(whole: _Object, slots: int, first: int) -> tuple[Table, ...]:
    if not isinstance(whole.get("tables"), list):
        return equal_tables(whole.count("tables", None), first)
    return tuple(
        Table(
            one.count("number", None),
            None if one.get("capacity") is None else one.count("capacity", 0),
            frozenset(one.texts("features")),
            _position(one),
            one.slots("closed", slots) or frozenset(),
        )
        for one in whole.objects("tables")
    )


def _position(one: _Object) -> float | tuple[float, float] | None:
    value = one.get("position")
    numbers = value if isinstance(value, list) else [value]
    if value is None:
        return None
    if any(isinstance(n, bool) or not isinstance(n, int | float) for n in numbers) or len(numbers) not in (1, 2):
        raise SeatingError(one.at("position"), f"应是一个数或 [x, y]，现在是 {_shown(value)}")
    return float(value) if not isinstance(value, list) else (float(numbers[0]), float(numbers[-1]))


def _both(one: _Object) -> tuple[PartyId, PartyId]:
    return ("need", one.id("need")), ("offer", one.id("offer"))


def _meeting(one: _Object) -> Meeting:
    return Meeting(*_both(one), one.count("slot", None), one.count("table", None))


def _place(path: str, needs: int) -> str:
    """The place in the document for a place in the problem: parties stand in two lists there."""
    path = path.replace(".one", ".need").replace(".other", ".offer")
    if not path.startswith("parties["):
        return path
    number, rest = path.removeprefix("parties[").split("]", 1)
    at = int(number)
    return f"needs[{at}]{rest}" if at < needs else f"offers[{at - needs}]{rest}"


def _held(meeting: Meeting) -> dict[str, Any]:
    return _named((meeting.one, meeting.other)) | {"slot": meeting.slot, "table": meeting.table}


def _named(parties: Iterable[PartyId]) -> dict[str, Any]:
    """{"need": id, "offer": id} of parties whose ids are (side, id)."""
    return {str(party[0]): party[1] for party in parties if isinstance(party, tuple)}


def _limit(limit: Limit) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": limit.kind, **_named(limit.parties)}
    if limit.slots:
        told["slots"] = list(limit.slots)
    if limit.tables:
        told["tables"] = list(limit.tables)
    if limit.number is not None:
        told["number"] = limit.number
    if limit.features:
        told["features"] = sorted(limit.features)
    return told | {"sentence": limit.sentence}


def _repair(repair: Repair) -> dict[str, Any]:
    steps = []
    for step in repair.steps:
        told: dict[str, Any] = {"kind": step.kind, "cost": step.cost, **_named(step.parties)}
        if step.slots:
            told["slots"] = list(step.slots)
        told |= {name: getattr(step, name) for name in ("table", "before", "after") if getattr(step, name) is not None}
        if step.features:
            told["features"] = sorted(step.features)
        steps.append(told | {"sentence": step.sentence})
    return {"cost": repair.cost, "sentence": repair.sentence, "steps": steps}
