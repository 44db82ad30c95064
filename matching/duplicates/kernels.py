"""Compiled loops of the search for near-duplicates: which rows can be alike, and how alike they are.

Texts are rows of code points in one long array: row ``r`` is ``codes[starts[r]:starts[r + 1]]``. Each text has a mark
of 64 bits: which of 57 buckets its signs fill, and its length (127 for all longer ones). A sign missing from a mark is
missing from the text, so marks bound the likeness from above and nothing alike is lost.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.compiled import compiled

WHOLE_SHARE = 0.3
"""What the whole title counts beside its core."""

EDITS_ONE_IN = 8
"""Titles of which at most one sign in so many was edited are near-duplicates whatever their core."""

SLACK = 1e-9
_MULTIPLIER = 2654435761
_M1, _M2 = np.uint64(0x5555555555555555), np.uint64(0x3333333333333333)
_M4, _H1 = np.uint64(0x0F0F0F0F0F0F0F0F), np.uint64(0x0101010101010101)
_ZERO, _ONE, _TWO, _FOUR, _LAST = np.uint64(0), np.uint64(1), np.uint64(2), np.uint64(4), np.uint64(56)
_WORD = 64
_BUCKETS, _LENGTH_BITS, _LONGEST = 57, np.uint64(7), 127
_LENGTH = np.uint64(_LONGEST)
_MARKS_COUNTED = 8

Array = NDArray[Any]


@compiled
def ones(word: Any) -> Any:
    """How many bits of a 64-bit word are set."""
    word = word - ((word >> _ONE) & _M1)
    word = (word & _M2) + ((word >> _TWO) & _M2)
    word = (word + (word >> _FOUR)) & _M4
    return np.int64((word * _H1) >> _LAST)


@compiled
def marks(codes: Array, starts: Array) -> Any:
    """The mark of each row."""
    made = np.zeros(starts.size - 1, np.uint64)
    for row in range(made.size):
        for at in range(starts[row], starts[row + 1]):
            place = (((np.int64(codes[at]) * _MULTIPLIER) >> 16) & 0xFFFF) % _BUCKETS
            made[row] |= _ONE << (np.uint64(place) + _LENGTH_BITS)
        made[row] |= np.uint64(min(_LONGEST, starts[row + 1] - starts[row]))
    return made


@compiled
def pattern(codes: Array) -> Any:
    """A table that says where each code point stands in ``codes``: (keys, bits); look up with ``slot``."""
    size = 64
    while size < 4 * codes.size:
        size *= 2
    keys = np.full(size, -1, np.int64)
    bits = np.zeros((size, max(1, (codes.size + _WORD - 1) // _WORD)), np.uint64)
    for at in range(codes.size):
        place = slot(keys, codes[at])
        keys[place] = codes[at]
        bits[place, at // _WORD] |= _ONE << np.uint64(at % _WORD)
    return keys, bits


@compiled
def slot(keys: Array, code: Any) -> Any:
    """Where ``code`` stands, or would stand, in an open-addressed table."""
    last = keys.size - 1
    place = ((np.int64(code) * _MULTIPLIER) >> 13) & last
    while keys[place] != -1 and keys[place] != code:
        place = (place + 1) & last
    return place


@compiled
def common(keys: Array, bits: Array, codes: Array, start: int, end: int, state: Array) -> Any:
    """Length of the longest common subsequence of the pattern and ``codes[start:end]`` (Hyyrö 2004, bit-parallel)."""
    words = bits.shape[1]
    if words == 1:
        row = ~_ZERO
        for at in range(start, end):
            step = row & bits[slot(keys, codes[at]), 0]
            row = (row + step) | (row - step)
        return ones(~row)
    for word in range(words):
        state[word] = ~_ZERO
    for at in range(start, end):
        place = slot(keys, codes[at])
        carry = _ZERO
        for word in range(words):
            row = state[word]
            step = row & bits[place, word]
            carried = row + carry
            total = carried + step
            carry = _ONE if carried < carry or total < step else _ZERO
            state[word] = total | (row - step)
    found = 0
    for word in range(words):
        found += ones(~state[word])
    return found


@compiled
def edits(one: Array, other: Array, start: int, end: int, most: int) -> Any:
    """Levenshtein distance of ``one`` and ``other[start:end]``, or ``most + 1`` where it is greater."""
    length = end - start
    if abs(one.size - length) > most:
        return most + 1
    row = np.empty(length + 1, np.int64)
    for at in range(length + 1):
        row[at] = at
    for here in range(1, one.size + 1):
        low, high = max(1, here - most), min(length, here + most)
        diagonal = row[low - 1]
        row[low - 1] = here if low == 1 else most + 1
        least = row[low - 1]
        for at in range(low, high + 1):
            above = row[at] if at < here + most else most + 1
            cost = min(diagonal + (0 if one[here - 1] == other[start + at - 1] else 1), above + 1, row[at - 1] + 1)
            diagonal = row[at]
            row[at] = cost
            least = min(least, cost)
        if least > most:
            return most + 1
    return min(row[length], most + 1)


@compiled
def reworded_bounds(size: int, least: float) -> Any:
    """How many signs may be (missing, extra) in a text of each marked length, -1 where it cannot be alike.

    Alike is an indel similarity of at least ``least`` with a text of ``size`` signs, so that a common subsequence has
    at least ``least`` × (size + length) ÷ 2 signs.
    """
    missing, extra = np.full(_LONGEST + 1, -1, np.int64), np.full(_LONGEST + 1, -1, np.int64)
    for length in range(1, _LONGEST + 1):
        shared = int(np.ceil(least * (size + length) / 2.0 - SLACK))
        if shared <= size and (shared <= length or length == _LONGEST):
            missing[length] = size - shared
            extra[length] = length - shared if length < _LONGEST else _WORD
    return missing, extra


@compiled
def edited_bounds(size: int, span: int) -> Any:
    """As ``reworded_bounds`` for titles of which at most one sign in eight was edited."""
    missing = np.full(_LONGEST + 1, -1, np.int64)
    for length in range(1, _LONGEST + 1):
        most = max(span, length + _MARKS_COUNTED) // EDITS_ONE_IN
        if length == _LONGEST:
            most = max(span, 8 * size // 7 + 2 * _MARKS_COUNTED) // EDITS_ONE_IN
        if size - length <= most and (length - size <= most or length == _LONGEST):
            missing[length] = most
    return missing, missing


@compiled
def possible(mark: Any, other: Any, missing: Array, extra: Array) -> Any:
    """Whether the text with the mark ``other`` can be alike to the query with ``mark``."""
    length = np.int64(other & _LENGTH)
    return (
        ones((mark & ~other) >> _LENGTH_BITS) <= missing[length]
        and ones((other & ~mark) >> _LENGTH_BITS) <= extra[length]
    )


@compiled
def likeness(query: Any, rows: Any, row: int, threshold: float) -> Any:
    """How alike the query's title and a row's are, in [0, 1]; -1 where that is below ``threshold``.

    The better of the weighted indel similarity of titles and cores, and, where at most one sign in eight was edited,
    1 − edits ÷ length.
    """
    whole, core, span, whole_keys, whole_bits, core_keys, core_bits, state = query
    whole_codes, whole_starts, core_codes, core_starts, spans = rows
    start, end = whole_starts[row], whole_starts[row + 1]
    both = end - start + whole.size
    shared = common(whole_keys, whole_bits, whole_codes, start, end, state)
    similarity = -1.0
    if WHOLE_SHARE * 2.0 * shared / both + 1.0 - WHOLE_SHARE >= threshold - SLACK:
        core_start, core_end = core_starts[row], core_starts[row + 1]
        core_shared = common(core_keys, core_bits, core_codes, core_start, core_end, state)
        core_both = core_end - core_start + core.size
        similarity = WHOLE_SHARE * 2.0 * shared / both + (1.0 - WHOLE_SHARE) * 2.0 * core_shared / core_both
    longer = max(span, spans[row])
    most = longer // EDITS_ONE_IN
    if both - 2 * shared <= 2 * most:
        distance = edits(whole, whole_codes, start, end, most)
        if distance <= most:
            similarity = max(similarity, 1.0 - distance / longer)
    return similarity if similarity >= threshold - SLACK else -1.0


@compiled
def bounds(query: Any, threshold: float) -> Any:
    """The bounds of cores, then of whole titles, and the least similarity of cores that can reach ``threshold``."""
    whole, core, span = query[0], query[1], query[2]
    least = (threshold - WHOLE_SHARE) / (1.0 - WHOLE_SHARE)
    return reworded_bounds(core.size, least), edited_bounds(whole.size, span), least


@compiled
def scan_all(query: Any, query_marks: Array, rows: Any, row_marks: Any, alive: Array, threshold: float) -> Any:
    """Every living row that is alike: (rows, similarities)."""
    found, values = np.empty(alive.size, np.int64), np.empty(alive.size, np.float64)
    count = 0
    whole_marks, core_marks = row_marks
    (core_missing, core_extra), (missing, extra), _ = bounds(query, threshold)
    for row in range(alive.size):
        if alive[row] and (
            possible(query_marks[1], core_marks[row], core_missing, core_extra)
            or possible(query_marks[0], whole_marks[row], missing, extra)
        ):
            value = likeness(query, rows, row, threshold)
            if value >= 0.0:
                found[count], values[count] = row, value
                count += 1
    return found[:count], values[:count]


@compiled
def scan_lists(
    query: Any, query_marks: Array, rows: Any, whole_lists: Any, core_lists: Any, alive: Array, threshold: float
) -> Any:
    """As ``scan_all``, looking only at rows that hold one of the query's rarest signs.

    Texts of m and n signs with a common subsequence of c signs share c signs, so the rarest m − c + 1 signs of one
    hold a shared one (prefix filter; Chaudhuri, Ganti and Kaushik 2006). Lists are sorted by length and hold the marks,
    so each is read in one go over the lengths it is needed for.
    """
    (core_missing, core_extra), (missing, extra), _ = bounds(query, threshold)
    likely = np.empty(256, np.int64)
    count = 0
    for codes, lists, mark, fewer, more in (
        (query[1], core_lists, query_marks[1], core_missing, core_extra),
        (query[0], whole_lists, query_marks[0], missing, extra),
    ):
        keys, starts, members, row_marks = lists
        order, begins, ends = by_rarity(codes, keys, starts)
        for before in range(codes.size):
            at = order[before]
            if before > 0 and codes[order[before - 1]] == codes[at]:
                continue
            shortest, longest = 1, _LONGEST
            while shortest <= _LONGEST and fewer[shortest] < before:
                shortest += 1
            while longest >= shortest and fewer[longest] < before:
                longest -= 1
            if shortest > longest:
                break
            begin = first_of_length(row_marks, begins[at], ends[at], shortest)
            end = first_of_length(row_marks, begin, ends[at], longest + 1)
            if likely.size < count + end - begin:
                likely = np.append(likely[:count], np.empty(count + end - begin, np.int64))
            count = read_list(row_marks, members, begin, end, mark, fewer, more, likely, count)
    likely = np.sort(likely[:count])
    found, values = np.empty(count, np.int64), np.empty(count, np.float64)
    taken = 0
    for place in range(count):
        row = likely[place]
        if alive[row] and (place == 0 or likely[place - 1] != row):
            value = likeness(query, rows, row, threshold)
            if value >= 0.0:
                found[taken], values[taken] = row, value
                taken += 1
    return found[:taken], values[:taken]


@compiled
def read_list(
    row_marks: Array,
    members: Array,
    begin: int,
    end: int,
    mark: Any,
    missing: Array,
    extra: Array,
    into: Array,
    at: int,
) -> Any:
    """Write the members of ``[begin, end)`` that can be alike into ``into`` from ``at`` on; says where that ends."""
    for place in range(begin, end):
        if possible(mark, row_marks[place], missing, extra):
            into[at] = members[place]
            at += 1
    return at


@compiled
def by_rarity(codes: Array, keys: Array, starts: Array) -> Any:
    """The positions of ``codes`` with the rarest sign first, equal signs side by side; and where each one's list is."""
    begins, ends = np.empty(codes.size, np.int64), np.empty(codes.size, np.int64)
    order = np.empty(codes.size, np.int64)
    for at in range(codes.size):
        place = np.searchsorted(keys, codes[at])
        known = place < keys.size and keys[place] == codes[at]
        begins[at] = starts[place] if known else 0
        ends[at] = starts[place + 1] if known else 0
        held = ends[at] - begins[at]
        to = at
        while to > 0:
            other = order[to - 1]
            other_held = ends[other] - begins[other]
            if other_held < held or (other_held == held and codes[other] <= codes[at]):
                break
            order[to] = other
            to -= 1
        order[to] = at
    return order, begins, ends


@compiled
def first_of_length(row_marks: Array, begin: int, end: int, shortest: int) -> Any:
    """The first place in a list sorted by length whose text has at least ``shortest`` signs."""
    while begin < end:
        middle = (begin + end) // 2
        if np.int64(row_marks[middle] & _LENGTH) < shortest:
            begin = middle + 1
        else:
            end = middle
    return begin


@compiled
def scan_counts(counts: Array, lengths: Array, query: Array, length: int, threshold: float) -> Any:
    """Rows whose counted signs allow an indel similarity of ``threshold`` or more with the query's.

    ``counts`` has one row of 256 buckets for each text, ``query`` one; counts stop at 255. A sign in excess is a sign
    deleted or inserted, so none that is similar enough is passed over.
    """
    found = np.empty(lengths.size, np.int64)
    count = 0
    for row in range(lengths.size):
        total = length + lengths[row]
        allowed = total * (1.0 - threshold) + SLACK
        unequal = 0
        for part in range(0, 256, 64):
            block = 0
            for at in range(part, part + 64):
                block += max(counts[row, at], query[at]) - min(counts[row, at], query[at])
            unequal += block
            if unequal > allowed:
                break
        if unequal <= allowed:
            found[count] = row
            count += 1
    return found[:count]
