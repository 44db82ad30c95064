"""The loops over postings: build the columns, add up a query's scores, keep the best k.

Array numbers are unsigned where it matters: the compiler then leaves out Python's counting from the end.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matching.compiled import compiled
from matching.engine.dense import add_bytes, whole_weights

BLOCK = 65_536
"""Documents that are scored at once: numbers within a block fit 16 bits."""
_GROUP = 8
_SAMPLE = 16
_TOGETHER = 4
_LOOK_UP = 30
"""Looking up a document's tail costs about as much as adding up this many postings."""

U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]
U32 = NDArray[np.uint32]
I16 = NDArray[np.int16]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
Mask = NDArray[np.bool_]

Columns = tuple[U32, U16, U16, I16, U32, U8, U16, U8, F64]
"""starts, docs, values; slots; tails, tail_slots, tail_values; rows, scale: see ``Postings``."""


@compiled
def count_columns(indptr: I64, indices: I32, impacts: U16, blocks: int, counts: I64) -> None:
    """Count the postings of each (term, block) into ``counts`` of shape (terms · blocks,)."""
    for row in range(indptr.size - 1):
        block = row // BLOCK
        for at in range(indptr[row], indptr[row + 1]):
            if impacts[at] > 0:
                counts[indices[at] * blocks + block] += 1


@compiled
def fill_columns(indptr: I64, indices: I32, impacts: U16, blocks: int, nexts: I64, docs: U16, values: U16) -> None:
    """Write each posting to its column; ``nexts`` says where each (term, block) goes on."""
    for row in range(indptr.size - 1):
        block = row // BLOCK
        for at in range(indptr[row], indptr[row + 1]):
            if impacts[at] > 0:
                column = indices[at] * blocks + block
                docs[nexts[column]] = row % BLOCK
                values[nexts[column]] = impacts[at]
                nexts[column] += 1


@compiled
def fill_tails(
    indptr: I64, indices: I32, impacts: U16, slots: I16, tails: U32, tail_slots: U8, tail_values: U16
) -> None:
    """Write each document's frequent terms (``slots[term] ≥ 0``)."""
    size = 0
    for row in range(indptr.size - 1):
        tails[row] = size
        for at in range(indptr[row], indptr[row + 1]):
            slot = slots[indices[at]]
            if slot >= 0 and impacts[at] > 0:
                tail_slots[size], tail_values[size] = slot, impacts[at]
                size += 1
    tails[indptr.size - 1] = size


@compiled
def number_queries(starts: I64, weights: F32, steps: F64, numbers: F64, scales: F64) -> None:
    """Each query's weights as whole numbers, its largest being ``steps``, and what one of them is worth."""
    for query in range(starts.size - 1):
        largest = 0.0
        for at in range(starts[query], starts[query + 1]):
            largest = max(largest, np.float64(weights[at]))
        for at in range(starts[query], starts[query + 1]):
            value = np.float64(weights[at])
            numbers[at] = max(np.rint(value * (steps[query] / largest)), 1.0) if value > 0.0 else 0.0
        scales[query] = largest / steps[query] if largest > 0.0 else 1.0


@compiled
def add_columns(starts: U32, docs: U16, values: U16, first: I64, weights: F64, size: int, sums: F64) -> None:
    """Add ``weight · impact`` of ``size`` columns (their numbers in ``first``) to the running scores of their block."""
    for at in range(size):
        weight, column = weights[at], np.uint64(first[at])
        for posting in range(np.uint64(starts[column]), np.uint64(starts[column + np.uint64(1)])):
            sums[docs[posting]] += weight * values[posting]


@compiled
def _postings(starts: U32, first: I64, size: int) -> int:
    """How many postings ``size`` columns have."""
    postings = 0
    for at in range(size):
        postings += int(starts[first[at] + 1]) - int(starts[first[at]])
    return postings


@compiled
def reachable(sums: F64, bounds: U16, worth: float, bar: float, flags: U8, found: I32) -> int:
    """Numbers of the documents whose score may exceed ``bar`` into ``found``, how many there are.

    ``sums`` plus ``worth · bounds`` (on the frequent terms) bounds a score from above.
    """
    size = 0
    for at in range(np.uint64(sums.size)):
        flags[at] = sums[at] + worth * bounds[at] > bar
    groups = flags[: sums.size // _GROUP * _GROUP].view(np.uint64)
    for group in range(groups.size):
        if groups[group]:
            for at in range(group * _GROUP, group * _GROUP + _GROUP):
                if flags[at]:
                    found[size] = at
                    size += 1
    for at in range(groups.size * _GROUP, sums.size):
        if flags[at]:
            found[size] = at
            size += 1
    return size


@compiled
def sift(best: F64, where: I64, size: int, at: int) -> None:
    """Restore the heap (worst on top: lowest score, then highest position) below ``at``."""
    while True:
        low = at
        for child in (2 * at + 1, 2 * at + 2):
            if child < size and (best[child] < best[low] or (best[child] == best[low] and where[child] > where[low])):
                low = child
        if low == at:
            return
        best[at], best[low] = best[low], best[at]
        where[at], where[low] = where[low], where[at]
        at = low


@compiled
def offer(best: F64, where: I64, found: int, score: float, position: int) -> int:
    """Put a document that belongs there into the heap; how many it then holds."""
    if found == best.size:
        best[0], where[0] = score, position
        sift(best, where, found, 0)
        return found
    best[found], where[found] = score, position
    found += 1
    if found == best.size:
        for at in range(found // 2, -1, -1):
            sift(best, where, found, at)
    return found


@compiled
def sort_heap(best: F64, where: I64, found: int) -> None:
    """Order ``found`` entries best first, equal ones by position."""
    for at in range(found // 2, -1, -1):
        sift(best, where, found, at)
    for end in range(found - 1, 0, -1):
        best[0], best[end] = best[end], best[0]
        where[0], where[end] = where[end], where[0]
        sift(best, where, end, 0)


@compiled
def complete(columns: Columns, table: F64, position: int, score: float) -> float:
    """A document's whole score: ``score`` of its columns plus its frequent terms by the query's ``table``."""
    _, _, _, _, tails, tail_slots, tail_values, _, _ = columns
    for at in range(np.uint64(tails[position]), np.uint64(tails[position + 1])):
        score += table[tail_slots[at]] * tail_values[at]
    return score


@compiled
def first_bar(
    columns: Columns,
    table: F64,
    sums: F64,
    bounds: U16,
    worth: float,
    allowed: Mask,
    flags: U8,
    reached: I32,
    best: F64,
    where: I64,
) -> tuple[float, float, int]:
    """A score that the best ``best.size`` documents exceed or 0: just below the least of promising ones.

    A sixteenth of the documents says where the promising ones may begin: those, ``reached``, are all whose score may
    exceed the second number; the third is how many they are.
    """
    sample = min(best.size, best.size // _SAMPLE + 4)
    found = 0
    for run in range(0, sums.size, _SAMPLE * _GROUP):
        for at in range(run, min(run + _GROUP, sums.size)):
            score = sums[at] + worth * bounds[at]
            if score > 0.0 and (found < sample or score > best[0]):
                found = offer(best[:sample], where[:sample], found, score, at)
    guess = best[0] if found == sample else 0.0
    count = reachable(sums, bounds, worth, guess, flags, reached)
    found = 0
    for at in range(min(count, _SAMPLE * (best.size + _SAMPLE))):
        document = reached[at]
        bar = best[0] if found == best.size else 0.0
        if sums[document] + worth * bounds[document] > bar and (not allowed.size or allowed[document]):
            score = complete(columns, table, document, sums[document])
            if score > bar:
                found = offer(best, where, found, score, document)
    if found < best.size:
        return 0.0, guess, count
    return max(best[0] - 1.0, 0.0), guess, count


@compiled
def top_one(
    columns: Columns,
    documents: int,
    terms: I32,
    weights: F64,
    allowed: Mask,
    sums: F64,
    bounds: U16,
    flags: U8,
    reached: I32,
    best: F64,
    where: I64,
) -> int:
    """Best ``best.size`` documents with a score above 0, best first, ties by position; how many there are.

    ``weights`` and impacts are whole numbers whose sums stay below 2**53, so float64 adds them without error and in
    any order. ``allowed`` is empty (all) or one flag per document. ``sums``, ``bounds``, ``flags``, ``reached``:
    room for a block.
    """
    starts, docs, values, slots, _, _, _, rows, step = columns
    blocks = (documents + BLOCK - 1) // BLOCK
    numbers, scale = np.empty(2 * terms.size, np.int64), np.empty(2 * terms.size)
    table = np.zeros(256)
    rare = frequent = 0
    chosen = np.empty(terms.size + _TOGETHER, np.int64)
    for at in range(terms.size):
        term = np.int64(terms[at])
        if term >= slots.size or weights[at] <= 0.0:
            continue
        slot = slots[term]
        if slot < 0:
            numbers[rare], scale[rare] = term * blocks, weights[at]
            rare += 1
        else:
            frequent += 1
            numbers[numbers.size - frequent], scale[scale.size - frequent] = term * blocks, weights[at]
            table[slot] = weights[at]
            chosen[frequent - 1] = slot
    late, late_scale = numbers[numbers.size - frequent :], scale[scale.size - frequent :]
    chosen = chosen[: (frequent + _TOGETHER - 1) // _TOGETHER * _TOGETHER]
    steps = np.empty(chosen.size, np.uint16)
    worth = whole_weights(late_scale[::-1], chosen, frequent, step, steps) if frequent else 0.0
    found = 0
    floor = 0.0
    for block in range(blocks):
        first = block * BLOCK
        size = min(BLOCK, documents - first)
        here = sums[:size]
        here[:] = 0.0
        add_columns(starts, docs, values, numbers, scale, rare, here)
        most = bounds[:size]
        add_bytes(rows, documents, chosen, steps, first, most)
        bound = worth
        guess, count = np.inf, 0
        if block == 0:
            floor, guess, count = first_bar(
                columns, table, here, most, bound, allowed, flags[:size], reached, best, where
            )  # fmt: skip
        bar = max(floor, best[0]) if found == best.size else floor
        if bar < guess:
            count = reachable(here, most, bound, bar, flags[:size], reached)
        if frequent and count * _LOOK_UP > _postings(starts, late, frequent):
            add_columns(starts, docs, values, late, late_scale, frequent, here)
            bound = 0.0
            count = reachable(here, most, bound, bar, flags[:size], reached)
        for at in range(count):
            document = reached[at]
            score = here[document]
            if score + bound * most[document] <= bar:
                continue
            if bound > 0.0:
                score = complete(columns, table, first + document, score)
            if score > bar and (not allowed.size or allowed[first + document]):
                found = offer(best, where, found, score, first + document)
                if found == best.size:
                    bar = max(bar, best[0])
        for at in range(frequent):
            late[at] += 1
        for at in range(rare):
            numbers[at] += 1
    sort_heap(best, where, found)
    return found


@compiled
def top_range(
    columns: Columns,
    documents: int,
    query_starts: I64,
    query_terms: I32,
    query_weights: F64,
    first: int,
    last: int,
    allowed: Mask,
    best: F64,
    where: I64,
) -> None:
    """``top_one`` for queries ``first`` to ``last``; unused places become 0 and -1."""
    room = min(BLOCK, documents)
    sums, bounds = np.empty(room), np.empty(room, np.uint16)
    flags, reached = np.empty(room, np.uint8), np.empty(room, np.int32)
    for query in range(first, last):
        low, high = query_starts[query], query_starts[query + 1]
        terms, weights = query_terms[low:high], query_weights[low:high]
        found = top_one(
            columns, documents, terms, weights, allowed, sums, bounds, flags, reached, best[query], where[query]
        )  # fmt: skip
        best[query, found:] = 0.0
        where[query, found:] = -1


@compiled
def all_scores(columns: Columns, documents: int, terms: I32, weights: F64, scores: F64) -> None:
    """Add every document's score to ``scores`` of shape (documents,)."""
    starts, docs, values, slots, _, _, _, _, _ = columns
    blocks = (documents + BLOCK - 1) // BLOCK
    for at in range(terms.size):
        if terms[at] >= slots.size:
            continue
        for block in range(blocks):
            column = np.int64(terms[at]) * blocks + block
            for posting in range(np.uint64(starts[column]), np.uint64(starts[column + 1])):
                scores[np.uint64(block * BLOCK) + np.uint64(docs[posting])] += weights[at] * values[posting]


@compiled
def count_rows(columns: Columns, documents: int, indptr: I64) -> None:
    """Count each row's terms into ``indptr[1:]``."""
    starts, docs, _, slots, _, _, _, _, _ = columns
    blocks = (documents + BLOCK - 1) // BLOCK
    for column in range(np.int64(slots.size) * blocks):
        for posting in range(np.uint64(starts[column]), np.uint64(starts[column + 1])):
            indptr[column % blocks * BLOCK + docs[posting] + 1] += 1


@compiled
def fill_rows(columns: Columns, documents: int, nexts: I64, indices: I32, impacts: U16) -> None:
    """Write the columns back as rows in rising order of terms; ``nexts`` says where each row begins."""
    starts, docs, values, slots, _, _, _, _, _ = columns
    blocks = (documents + BLOCK - 1) // BLOCK
    for column in range(np.int64(slots.size) * blocks):
        for posting in range(np.uint64(starts[column]), np.uint64(starts[column + 1])):
            row = column % blocks * BLOCK + docs[posting]
            indices[nexts[row]], impacts[nexts[row]] = column // blocks, values[posting]
            nexts[row] += 1
