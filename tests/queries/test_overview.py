"""The first page opens on a year that has something to show; lists offer only choices that mean something."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from models import HandshakeEventState
from service.context import Context
from service.queries.listing import page_of
from service.queries.overview import scope_shown
from service.queries.postings import LISTINGS
from tests.factories import NOW, add_entry, add_event, add_organization


def test_the_year_shown_is_the_latest_with_an_event_held_else_with_money(leader: Context, ctx: Context) -> None:
    empty = scope_shown(leader, {}).year
    add_entry(ctx, occurred_on=date(NOW.year - 3, 1, 2))
    paid = scope_shown(leader, {}).year
    add_event(ctx, state=HandshakeEventState.HELD, starts_at=datetime(NOW.year - 2, 12, 31, 17, tzinfo=UTC))
    held = scope_shown(leader, {}).year
    add_event(ctx, state=HandshakeEventState.PLANNED, starts_at=datetime(NOW.year, 5, 1, tzinfo=UTC))
    planned = scope_shown(leader, {}).year

    assert empty == NOW.year
    assert paid == NOW.year - 3
    assert held == planned == NOW.year - 1, "an evening of UTC is the next year's morning in China"


def test_a_demonstration_does_not_choose_the_year_of_formal_figures(leader: Context, ctx: Context) -> None:
    long_ago = datetime(NOW.year - 3, 6, 1, tzinfo=UTC)
    add_event(ctx, state=HandshakeEventState.HELD, starts_at=long_ago, is_demo=True)

    assert scope_shown(leader, {"demo": "0"}).year == NOW.year
    assert scope_shown(leader, {"demo": "include"}).year == NOW.year - 3


@pytest.mark.parametrize(("asked", "year"), [("all", None), ("2020", 2020)])
def test_a_year_that_is_asked_for_is_kept(leader: Context, asked: str, year: int | None) -> None:
    assert scope_shown(leader, {"year": asked}).year == year


def _choices(ctx: Context) -> set[str]:
    return {one.key for one in page_of(ctx, LISTINGS["needs"], {}).filters if one.options}


def test_demonstration_is_a_choice_only_where_there_is_any(leader: Context, ctx: Context) -> None:
    before = _choices(leader)
    add_organization(ctx, is_demo=True)

    assert "demo" not in before
    assert "demo" in _choices(leader)


def test_progress_is_a_choice_only_for_those_who_follow_it(
    leader: Context, enterprise: Context, anonymous: Context
) -> None:
    assert "reached" in _choices(leader)
    assert "reached" in _choices(enterprise)
    assert "reached" not in _choices(anonymous)
