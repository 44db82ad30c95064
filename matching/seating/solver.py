"""The order of aims: fewest changes, the least-served as far as its wishes allow, the total, then short ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import fsum

import numpy as np

from matching.seating.layout import Ints, Layout, ahead, changes_of, facts, keepable, lay_out
from matching.seating.pricing import price
from matching.seating.problem import Meeting, PartyId, Problem, check
from matching.seating.reach import own_most
from matching.seating.relaxation import NOTHING_HELD, Held, Relaxed, relax
from matching.seating.result import Budget, Solution, Status
from matching.seating.seats import place, walked
from matching.seating.slotted import Slotted, seat

_CLOSE = 1e-7
_FEW = 300
_COLUMNS = 400_000
_IMPOSSIBLE = Slotted(None, np.zeros(0, np.int64), (), -np.inf, -np.inf, True)


@dataclass(frozen=True, slots=True)
class _Task:
    """A layout with the previous meetings that are still to be decided, how many of them must stay, and which could."""

    layout: Layout
    keeps: tuple[Meeting, ...] = ()
    at_least: int = 0
    start: tuple[int, ...] = ()

    @property
    def held(self) -> Held:
        """The same for a programme that knows no tables."""
        if not self.keeps:
            return NOTHING_HELD
        pairs = sorted({self.layout.pair_at[meeting.pair] for meeting in self.keeps})
        return Held(np.array(pairs, np.int64), self.at_least)


def solve(
    problem: Problem,
    seconds: float = 60.0,
    clock: Callable[[], float] | None = None,
    progress: Callable[[str], None] | None = None,
) -> Solution:
    """Seat the event as well as it can be, or as well as was found in the time, with a bound that always holds.

    Raises SeatingError for a problem that cannot be read. An impossible one gets status INFEASIBLE without a reason;
    ``diagnose`` finds it. The same problem gets the same answer unless the time runs out.
    """
    check(problem)
    budget = Budget(seconds, clock, progress)
    return replace(_solve(problem, budget), seconds=budget.spent)


def feasible(problem: Problem, seconds: float = 60.0, clock: Callable[[], float] | None = None) -> bool | None:
    """Whether any seating exists; None where the time did not suffice to say."""
    check(problem)
    budget = Budget(seconds, clock)
    layout = lay_out(problem)
    if not layout.sound:
        return False
    task, _ = _decide_changes(problem, layout, budget)
    if task is None:
        return False
    found = _best(task, task.layout.least, budget, any_will_do=True)
    return True if found.pairs is not None else (False if found.proven else None)


def plainly_impossible(problem: Problem) -> bool:
    """Whether the fixed meetings contradict one another, or the minimums cannot be met even without slots."""
    layout = lay_out(problem)
    return not layout.sound or relax(layout, layout.least) is None


def beyond_reach(problem: Problem) -> list[PartyId]:
    """Parties whose minimum is more than they could have even if nobody else asked for anything."""
    layout = lay_out(problem)
    wanted = layout.least + layout.fixed_count
    short = own_most(layout, int(wanted.max(initial=0))) < wanted
    return [party.id for party, missing in zip(problem.parties, short, strict=True) if missing and party.minimum > 0]


def _solve(problem: Problem, budget: Budget) -> Solution:
    layout = lay_out(problem)
    if not layout.sound:
        return Solution(Status.INFEASIBLE, notes=("锁定的对接之间或与规矩相互冲突",))
    task, changes_proven = _decide_changes(problem, layout, budget)
    if task is None:
        return Solution(Status.INFEASIBLE if changes_proven else Status.UNKNOWN)
    caps = own_most(layout, _fairest(layout))
    return _fair(problem, task, caps, changes_proven, budget)


def _decide_changes(problem: Problem, layout: Layout, budget: Budget) -> tuple[_Task | None, bool]:
    """How many previous meetings stay, whether that many is proven; no task where no seating has few enough changes."""
    keeps = tuple(keepable(layout))
    movable = [held for held in ahead(problem) if held not in layout.fixed]
    if problem.max_changes is not None:
        at_least = len(movable) - problem.max_changes
        if at_least > len(keeps):
            return None, True
        return _Task(layout, keeps, at_least, tuple(range(len(keeps)))) if at_least > 0 else _Task(layout), True
    if not keeps:
        return _Task(layout), True
    all_kept = lay_out(problem, keeps)
    if all_kept.sound and _best(_Task(all_kept), all_kept.least, budget, any_will_do=True).pairs is not None:
        return _Task(all_kept), True
    budget.tell("原有安排不能全部保留，正在求最少的改动")
    task = _Task(layout, keeps)
    serves = layout.least > 0
    useful = serves[layout.one] | serves[layout.other]
    useful[[layout.pair_at[held.pair] for held in keeps]] = True
    fewest = seat(layout, np.nonzero(useful)[0], layout.least, budget.left, keeps, keep_most=True)
    if fewest.pairs is None:
        return None, fewest.proven
    return replace(task, at_least=len(fewest.kept), start=fewest.kept), fewest.proven


def _fairest(layout: Layout) -> int:
    """A level of fairness that cannot be exceeded: two at each table, nobody beyond its own limits."""
    most = np.minimum(layout.most, layout.free.sum(axis=1)) + layout.fixed_count
    listed = np.bincount(np.concatenate([layout.one, layout.other]), minlength=len(layout.parties))
    most = np.minimum(most, np.maximum(listed, layout.fixed_count))
    return int(most.max(initial=0))


def _floors(task: _Task, caps: Ints, level: int) -> Ints:
    fair = np.minimum(level, caps) - task.layout.fixed_count
    return np.maximum(task.layout.least, np.maximum(0, fair))


def _fair(problem: Problem, task: _Task, caps: Ints, changes_proven: bool, budget: Budget) -> Solution:
    """The highest level of fairness that a seating reaches, with the best total at that level."""
    level = _highest_without_slots(task, caps) if problem.fair else 0
    fairness_proven = True
    notes: list[str] = []
    while level >= 0:
        floors = _floors(task, caps, level)
        budget.tell(f"每方至少 {level} 场（受其意愿所限的除外）：求最优")
        found = _best(task, floors, budget)
        if found.pairs is not None:
            return _told(problem, task, found, level, fairness_proven, changes_proven, notes, budget)
        if not found.proven:
            fairness_proven = False
            notes.append(f"没有来得及判定能否做到每方至少 {level} 场")
        level -= 1
    return Solution(Status.INFEASIBLE if fairness_proven and changes_proven else Status.UNKNOWN, notes=tuple(notes))


def _highest_without_slots(task: _Task, caps: Ints) -> int:
    """The highest level that even the relaxation allows, by bisection; −1 where not even the minimums are."""
    low, high = -1, int(caps.max(initial=0))
    chairs = 2 * (int(task.layout.tables.sum()) + len(task.layout.fixed))
    while high > 0 and int(np.minimum(high, caps).sum()) > chairs:
        high -= 1
    while low < high:
        middle = (low + high + 1) // 2
        if relax(task.layout, _floors(task, caps, middle), task.held) is None:
            high = middle - 1
        else:
            low = middle
    return low


def _best(task: _Task, floors: Ints, budget: Budget, any_will_do: bool = False) -> Slotted:
    """The best seating with these floors, or the proof that there is none.

    Prices exclude most pairs: with a seating of value v and a bound b, no pair whose use costs the bound more than
    b − v belongs to anything better. First the flow's prices (cheap, mostly enough), then those of the programme with
    slots; what they leave is solved exactly in whole numbers.
    """
    layout = task.layout
    relaxed = relax(layout, floors, task.held)
    if relaxed is None:
        return _IMPOSSIBLE
    budget.tell(f"不分时段的上界 {relaxed.bound * layout.scale + _fixed_utility(layout):.4f}")
    start = _from_start(task, floors, budget) if task.start else None
    if start is not None and (any_will_do or _closed(start.value, relaxed.bound)):
        return replace(start, bound=relaxed.bound, proven=_closed(start.value, relaxed.bound))
    found, inside = _widened(task, floors, relaxed, start, budget.part(0.25), any_will_do, once=True)
    if _enough(found, inside, any_will_do) or budget.left <= 0:
        return found
    if found.pairs is None:
        found = _any(task, floors, relaxed, budget.part(0.4))
        if any_will_do or (found.pairs is None and found.proven):
            return found
    budget.tell("按时段定价，收紧上界")
    core = _by_loss(layout, relaxed, task.keeps)[: max(_FEW, 2 * len(layout.parties))]
    closer = price(layout, floors, np.sort(core), relaxed, budget.part(0.5), task.held)
    if closer is None:
        return _IMPOSSIBLE
    budget.tell(f"分时段的上界 {closer.bound * layout.scale + _fixed_utility(layout):.4f}")
    return _widened(task, floors, closer, found if found.pairs is not None else None, budget, any_will_do)[0]


def _any(task: _Task, floors: Ints, relaxed: Relaxed, budget: Budget) -> Slotted:
    """Any seating at all, or the proof that there is none: without an aim that is found or excluded much sooner."""
    layout = task.layout
    order = _by_loss(layout, relaxed, task.keeps)
    fits = int(np.searchsorted(np.cumsum(layout.can[order].sum(axis=1)), _COLUMNS, side="right"))
    pairs = np.sort(order[: max(fits, len(task.keeps) + 1)])
    found = seat(layout, pairs, floors, budget.left, task.keeps, task.at_least, any_will_do=True)
    if found.pairs is None:
        return replace(found, proven=found.proven and pairs.size == order.size)
    value = float(layout.utility[found.pairs].sum()) / layout.scale
    return replace(found, value=value, bound=relaxed.bound, proven=False)


def _from_start(task: _Task, floors: Ints, budget: Budget) -> Slotted | None:
    """A good seating to begin with: the previous meetings of the start stay, the rest is solved around them."""
    layout = task.layout
    stay = tuple(task.keeps[at] for at in task.start)
    already = set(facts(layout.problem))
    around = lay_out(layout.problem, tuple(m for m in layout.fixed if m not in already) + stay)
    if not around.sound:
        return None
    lower = np.maximum(0, floors - (around.fixed_count - layout.fixed_count))
    found = _best(_Task(around), lower, budget)
    if found.pairs is None:
        return None
    pairs = np.array([layout.pair_at[m.pair] for m in stay], np.int64)
    value = found.value + float(layout.utility[pairs].sum()) / layout.scale
    slots = np.concatenate([found.slots, np.array([m.slot for m in stay], np.int64)])
    return Slotted(np.concatenate([found.pairs, pairs]), slots, task.start, value, np.inf, False)


def _closed(value: float, bound: float) -> bool:
    """Whether nothing lies between a value and a bound but rounding."""
    return bound <= value + _CLOSE * max(1.0, abs(bound))


def _enough(found: Slotted, all_inside: bool, any_will_do: bool) -> bool:
    """Whether nothing remains to be done: proven, or impossible with all pairs, or any seating is good enough."""
    if found.pairs is None:
        return found.proven and all_inside
    return found.proven or any_will_do


def _widened(
    task: _Task,
    floors: Ints,
    relaxed: Relaxed,
    best: Slotted | None,
    budget: Budget,
    any_will_do: bool,
    once: bool = False,
) -> tuple[Slotted, bool]:
    """Solve exactly in a circle of pairs that widens until no pair outside could be part of anything better.

    Returns what was found and whether the circle held all pairs. With ``once`` the circle does not widen.
    """
    layout = task.layout
    order = _by_loss(layout, relaxed, task.keeps)
    size = min(order.size, max(_FEW, int(1.5 * relaxed.chosen.sum()) + len(task.keeps)))
    if best is not None:
        near = int(np.searchsorted(relaxed.loss[order], relaxed.bound - best.value + _CLOSE, side="right"))
        size = min(order.size, max(near, len(task.keeps) + 1)) if near < size or not once else size
    while True:
        outside = relaxed.bound - float(relaxed.loss[order[size]]) if size < order.size else -np.inf
        pairs = np.sort(order[:size])
        found = seat(layout, pairs, floors, budget.left, task.keeps, task.at_least, any_will_do=any_will_do)
        if found.pairs is not None and (best is None or found.value > best.value):
            best = found
        everything = size >= order.size
        if best is None:
            if everything or once or not found.proven or budget.left <= 0:
                return replace(found, proven=found.proven and everything, bound=relaxed.bound), everything
            size = min(order.size, size * 2)
            continue
        bound = min(relaxed.bound, max(found.bound, outside, best.value))
        if _closed(best.value, bound):
            return replace(best, bound=best.value, proven=True), everything
        if any_will_do or once or everything or not found.proven or budget.left <= 0:
            return replace(best, bound=bound, proven=False), everything
        wide = int(np.searchsorted(relaxed.loss[order], relaxed.bound - best.value + _CLOSE, side="right"))
        size = min(order.size, max(size + 1, wide))


def _by_loss(layout: Layout, relaxed: Relaxed, keeps: tuple[Meeting, ...]) -> Ints:
    """Pairs that can meet at all, those that must be decided first, then by what using them would cost the bound."""
    loss = relaxed.loss
    loss[relaxed.chosen] = np.minimum(loss[relaxed.chosen], 0.0)
    for held in keeps:
        loss[layout.pair_at[held.pair]] = min(0.0, loss[layout.pair_at[held.pair]])
    loss[loss < 0] = 0.0
    first = np.zeros(loss.size, np.bool_)
    first[relaxed.chosen] = True
    first[[layout.pair_at[held.pair] for held in keeps]] = True
    order = np.lexsort((np.arange(loss.size), ~first, loss))
    able: Ints = order[np.any(layout.can, axis=1)[order]]
    return able


def _fixed_utility(layout: Layout) -> float:
    at = [layout.pair_at[meeting.pair] for meeting in layout.fixed if meeting.pair in layout.pair_at]
    return fsum(layout.utility[at].tolist())


def _told(
    problem: Problem,
    task: _Task,
    found: Slotted,
    level: int,
    fairness_proven: bool,
    changes_proven: bool,
    notes: list[str],
    budget: Budget,
) -> Solution:
    """The meetings with their tables, and what can be said of them."""
    assert found.pairs is not None  # noqa: S101 - the caller asked
    budget.tell("安排桌号，尽量少走路")
    meetings = _seated(problem, task, found)
    worth = {frozenset((pair.one, pair.other)): pair.utility for pair in problem.pairs}
    utility = fsum(worth.get(meeting.pair, 0.0) for meeting in meetings)
    proven = found.proven and fairness_proven and changes_proven
    bound = utility if found.proven else max(utility, found.bound * task.layout.scale + _fixed_utility(task.layout))
    return Solution(
        Status.OPTIMAL if proven else Status.FEASIBLE,
        tuple(meetings),
        utility,
        bound,
        (bound - utility) / bound if bound > 0 else 0.0,
        level,
        fairness_proven,
        worst_served(problem, meetings),
        tuple(changes_of(problem, meetings)),
        changes_proven,
        walked(problem, meetings),
        notes=tuple(notes),
    )


def _seated(problem: Problem, task: _Task, found: Slotted) -> list[Meeting]:
    """Fixed meetings, kept ones, and the rest at the best tables found."""
    assert found.pairs is not None  # noqa: S101 - the caller asked
    kept = tuple(task.keeps[at] for at in found.kept)
    already = set(facts(problem))
    layout = lay_out(problem, tuple(m for m in task.layout.fixed if m not in already) + kept)
    fixed_pairs = {layout.pair_at[meeting.pair] for meeting in layout.fixed if meeting.pair in layout.pair_at}
    timed = [
        (pair, slot)
        for pair, slot in zip(found.pairs.tolist(), found.slots.tolist(), strict=True)
        if pair not in fixed_pairs
    ]
    meetings = [*layout.fixed, *place(layout, timed)]
    position = {party.id: at for at, party in enumerate(problem.parties)}
    return sorted(meetings, key=lambda held: (held.slot, held.table, position[held.one], position[held.other]))


def worst_served(problem: Problem, meetings: list[Meeting] | tuple[Meeting, ...]) -> int:
    """Meetings of the least-served party that has a listed pair; 0 without any."""
    held = Counter(party for meeting in meetings for party in (meeting.one, meeting.other))
    listed = {party for pair in problem.pairs for party in (pair.one, pair.other)}
    return min((held[party] for party in listed), default=0)
