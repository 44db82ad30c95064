"""How many meetings a party could have if it were alone with its wishes: the yardstick of fairness."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_bipartite_matching, maximum_flow

from matching.seating.layout import Bools, Ints, Layout


def own_most(layout: Layout, limit: int) -> Ints:
    """(P) most meetings of each party, the fixed ones included, with nobody else asking; counted up to ``limit``.

    Exact: a party's counterparts are matched with slots in which both are there, each counterpart once, each slot as
    often as the party has seats and the slot has suitable tables.
    """
    own = layout.fixed_count.copy()
    for party, pairs in enumerate(_touching(layout) if layout.one.size else ()):
        wanted = min(int(layout.most[party]), limit - int(own[party]), pairs.size)
        if wanted <= 0:
            continue
        can = layout.can[pairs]
        if layout.problem.parties[party].seats == 1:
            own[party] += min(wanted, _alone(can, wanted))
        else:
            own[party] += min(wanted, _with_seats(layout, party, pairs))
    return np.minimum(own, np.maximum(limit, layout.fixed_count))


def _touching(layout: Layout) -> list[Ints]:
    """Pairs of each party, in their order."""
    ends = np.concatenate([layout.one, layout.other])
    order = np.argsort(ends, kind="stable")
    cuts = np.searchsorted(ends[order], np.arange(1, len(layout.parties)))
    pairs = order % max(1, layout.one.size)
    return [np.sort(part) for part in np.split(pairs, cuts)]


def _alone(can: Bools, wanted: int) -> int:
    """Counterparts × slots, one talk a slot; a greedy pass is tried first since it mostly reaches what is wanted."""
    free = np.ones(can.shape[1], np.bool_)
    reached = 0
    for row in can[np.argsort(can.sum(axis=1), kind="stable")]:
        slot = int(np.argmax(row & free))
        if row[slot] and free[slot]:
            free[slot] = False
            reached += 1
            if reached >= wanted or not free.any():
                return reached
    return int((maximum_bipartite_matching(csr_matrix(can), perm_type="column") >= 0).sum())


def _with_seats(layout: Layout, party: int, pairs: Ints) -> int:
    """A flow: counterpart → (slot, kind of table) → slot → end."""
    slots, kinds = layout.slots, layout.suits.shape[1]
    at, slot = np.nonzero(layout.can[pairs])
    edges: list[tuple[int, int, int]] = []
    first_place = 1 + pairs.size
    first_slot = first_place + slots * kinds
    end = first_slot + slots
    edges += [(0, 1 + counterpart, 1) for counterpart in range(pairs.size)]
    for counterpart, when in zip(at.tolist(), slot.tolist(), strict=True):
        for kind in np.nonzero(layout.suits[layout.classes[pairs[counterpart]]])[0].tolist():
            edges.append((1 + counterpart, first_place + when * kinds + kind, 1))
    for when in range(slots):
        edges.append((first_slot + when, end, int(layout.free[party, when])))
        for kind in range(kinds):
            edges.append((first_place + when * kinds + kind, first_slot + when, int(layout.tables[kind, when])))
    tails, heads, rooms = (np.array(column) for column in zip(*edges, strict=True))
    graph = csr_matrix((rooms.astype(np.int32), (tails, heads)), shape=(end + 1, end + 1))
    return int(maximum_flow(graph, 0, end).flow_value)
