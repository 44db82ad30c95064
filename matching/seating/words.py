"""Chinese names of limits and steps, and the sentences that say which and how much."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from matching.seating.problem import PartyId, Problem
from matching.seating.result import Limit, Step

LIMIT_LABELS = {
    "minimum": "最少场数",
    "maximum": "最多场数",
    "absence": "不在场的时段",
    "lock": "锁定的对接",
    "exclusion": "不见",
    "tables": "桌数",
    "closed": "停用的桌",
    "feature": "对桌子的要求",
    "changes": "最多改动",
    "seats": "同时可谈的场数",
    "shared_table": "一桌两场",
    "repeat": "重复见面",
    "past": "已过的时段",
}
"""Kinds of limits; the first nine can take part in a conflict, the others only in what a manual move breaks."""

STEP_LABELS = {
    "lower_minimum": "降低最少场数",
    "raise_maximum": "放宽最多场数",
    "add_slot": "多留时段",
    "add_table": "加桌",
    "open_table": "恢复停用的桌",
    "unlock": "解除锁定",
    "allow_pair": "允许见面",
    "drop_feature": "不要求桌子的设备或座位",
    "allow_changes": "允许多改动",
}
"""Kinds of steps of a repair."""


def limit(problem: Problem, found: Limit) -> Limit:
    """The limit with its sentence."""
    return replace(found, sentence=_LIMITS[found.kind](_Names(problem), found))


def step(problem: Problem, found: Step) -> Step:
    """The step with its sentence."""
    return replace(found, sentence=_STEPS[found.kind](_Names(problem), found))


def slots_in_words(slots: Iterable[int]) -> str:
    """ "第 1–3、6 时段": slots as people count them, from 1."""
    runs: list[list[int]] = []
    for slot in sorted(set(slots)):
        if runs and slot == runs[-1][-1] + 1:
            runs[-1].append(slot)
        else:
            runs.append([slot])
    told = [f"{run[0] + 1}–{run[-1] + 1}" if len(run) > 1 else f"{run[0] + 1}" for run in runs]
    return f"第 {'、'.join(told)} 时段"


class _Names:
    """How the parties of a problem are called."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._names = {party.id: party.name for party in problem.parties}

    def of(self, party: PartyId) -> str:
        """The name, or the id where there is none; of a side and an id the id."""
        return self._names.get(party) or (str(party[1]) if isinstance(party, tuple) and len(party) == 2 else str(party))

    def all(self, parties: Iterable[PartyId]) -> str:
        """Names joined."""
        return "与".join(self.of(party) for party in parties)


def _absence(names: _Names, found: Limit) -> str:
    return f"{names.all(found.parties)}{slots_in_words(found.slots)}不在"


def _lock(names: _Names, found: Limit) -> str:
    where = f"第 {found.tables[0]} 桌" if found.tables else ""
    return f"锁定了{names.all(found.parties)}在{slots_in_words(found.slots)}{where}见面"


def _feature(names: _Names, found: Limit) -> str:
    wanted = "、".join(sorted(found.features))
    people = f"坐得下 {found.number} 人" if found.number else ""
    return f"{names.all(found.parties)}需要{'、'.join(part for part in (wanted, people) if part)}的桌子"


def _closed(_: _Names, found: Limit) -> str:
    return f"第 {'、'.join(map(str, found.tables))} 桌{slots_in_words(found.slots)}停用"


_LIMITS: dict[str, Callable[[_Names, Limit], str]] = {
    "minimum": lambda names, found: f"{names.all(found.parties)}至少要 {found.number} 场",
    "maximum": lambda names, found: f"{names.all(found.parties)}最多 {found.number} 场",
    "absence": _absence,
    "lock": _lock,
    "exclusion": lambda names, found: f"{names.all(found.parties)}不见面",
    "tables": lambda _, found: f"每个时段只有 {found.number} 张桌",
    "closed": _closed,
    "feature": _feature,
    "changes": lambda _, found: f"最多改动 {found.number} 场已有安排",
    "seats": lambda names, found: f"{names.all(found.parties)}{slots_in_words(found.slots)}同时有 {found.number} 场",
    "shared_table": lambda _, found: f"第 {found.tables[0]} 桌{slots_in_words(found.slots)}有两场",
    "repeat": lambda names, found: f"{names.all(found.parties)}见了不止一次",
    "past": lambda names, found: f"{names.all(found.parties)}排在已过的{slots_in_words(found.slots)}",
}

_STEPS: dict[str, Callable[[_Names, Step], str]] = {
    "lower_minimum": lambda names, done: f"把{names.all(done.parties)}的最少场数从 {done.before} 降到 {done.after}",
    "raise_maximum": lambda names, done: f"把{names.all(done.parties)}的最多场数从 {done.before} 放宽到 {done.after}",
    "add_slot": lambda names, done: f"请{names.all(done.parties)}在{slots_in_words(done.slots)}也留下来",
    "add_table": lambda _, done: (
        f"加 {(done.after or 0) - (done.before or 0)} 张"
        + (f"有{'、'.join(sorted(done.features))}的" if done.features else "")
        + "桌"
    ),
    "open_table": lambda _, done: f"恢复第 {done.table} 桌（{slots_in_words(done.slots)}）",
    "unlock": lambda names, done: f"解除锁定：{names.all(done.parties)}{slots_in_words(done.slots)}第 {done.table} 桌",
    "allow_pair": lambda names, done: f"允许{names.all(done.parties)}见面",
    "drop_feature": lambda names, done: f"不再要求{names.all(done.parties)}的桌子有设备或足够座位",
    "allow_changes": lambda _, done: f"最多改动从 {done.before} 场放宽到 {done.after} 场",
}
