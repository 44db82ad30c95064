"""Changing a seating by hand: what it costs, what it must not break, and who is told."""

from __future__ import annotations

import pytest

from models import LetterKind
from service.context import Context
from service.errors import Conflict, Invalid
from service.usecases.seating_hand import Rearrange, preview_rearranging, rearrange
from tests.factories import add_fair
from tests.usecases.seated import letters, seat


def test_rearrange_lets_two_talks_change_places_and_tells_both_sides(organizer: Context) -> None:
    fair = add_fair(organizer, 2, 2, slots=1, tables=2)
    one, other = seat(organizer, fair.event)
    told = len(letters(organizer))

    cost = rearrange(organizer, fair.event.id, Rearrange(talk=one.id, other=other.id))

    assert ((one.slot, one.table_number), (other.slot, other.table_number)) == ((0, 2), (0, 1))
    assert cost.utility == cost.utility_before
    assert len(cost.changes) == 2
    assert len(letters(organizer)) - told == 4
    assert {letter.kind for letter in letters(organizer)[told:]} == {LetterKind.CHANGE}


def test_rearrange_refuses_what_would_break_something_and_says_what(organizer: Context) -> None:
    fair = add_fair(organizer, 1, 2, slots=3, tables=2)
    first, second = seat(organizer, fair.event)
    free = ({0, 1, 2} - {first.slot, second.slot}).pop()
    fair.firms[0].away_slots = [free]

    with pytest.raises(Conflict, match=f"第 {free + 1} 场不在"):
        rearrange(organizer, fair.event.id, Rearrange(talk=first.id, slot=free, table_number=1))
    with pytest.raises(Conflict, match="同时有 2 场"):
        rearrange(organizer, fair.event.id, Rearrange(talk=first.id, slot=second.slot, table_number=2))
    with pytest.raises(Conflict, match="有两场"):
        rearrange(
            organizer, fair.event.id, Rearrange(talk=first.id, slot=second.slot, table_number=second.table_number)
        )
    with pytest.raises(Invalid):
        rearrange(organizer, fair.event.id, Rearrange(talk=first.id, slot=7, table_number=1))


def test_preview_rearranging_changes_nothing(organizer: Context) -> None:
    fair = add_fair(organizer, 1, 1, slots=3, tables=2)
    (talk,) = seat(organizer, fair.event)
    before = (talk.slot, talk.table_number, talk.version)

    cost = preview_rearranging(organizer, fair.event.id, Rearrange(talk=talk.id, slot=2, table_number=2))

    assert (talk.slot, talk.table_number, talk.version) == before
    assert "总分不变" in cost.sentence
    assert len(cost.changes) == 1
