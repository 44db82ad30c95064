"""The lists of projects, contracts and money: who sees what, filters, searches, and how many queries a page takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event

from models import EntryKind, Organization, OrganizationKind, PartyRole, ProjectState
from service.context import Context
from service.queries.contracts import CONTRACTS
from service.queries.ledger import ENTRIES, lines_of, sums_of
from service.queries.listing import Listing, count, page_of, total
from service.queries.projects import PROJECTS, gates, parties, project_detail
from tests.factories import add_contract, add_entry, add_organization, add_project
from tests.factories import add_party as put_party


@contextmanager
def _counting(ctx: Context) -> Iterator[list[str]]:
    said: list[str] = []

    def note(_c: object, _k: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    bind = ctx.session.get_bind()
    event.listen(bind, "before_cursor_execute", note)
    yield said
    event.remove(bind, "before_cursor_execute", note)


def test_a_row_names_both_sides_and_sums_money_by_kind(ctx: Context) -> None:
    demand = add_organization(ctx, name="北疆制氢装备有限公司")
    project = add_project(ctx, state=ProjectState.ACTIVE, demand=demand)
    second = add_organization(ctx, kind=OrganizationKind.INSTITUTE, name="第二研究所")
    put_party(ctx, project, second, PartyRole.TECHNOLOGY)
    add_entry(ctx, project=project, kind=EntryKind.COMMITTED, amount_fen=500)
    entry = add_entry(ctx, project=project, amount_fen=300)
    add_entry(ctx, reverses=entry)

    (row,) = page_of(ctx, PROJECTS, {}).rows

    assert row.demand == "北疆制氢装备有限公司"
    assert "第二研究所" in row.technology.split("、")
    assert (row.committed, row.received, row.spent) == (500, 0, None)
    assert total(ctx, PROJECTS, {}, "committed") == 500


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"state": "ACTIVE"}, 1),
        ({"state": "ACTIVE,INTENT"}, 2),
        ({"year": "2024"}, 1),
        ({"year": "2025"}, 0),
        ({"region": "150621"}, 1),
        ({"region": "150600"}, 2),
        ({"demo": "0"}, 1),
        ({"q": "高盐废水 示范"}, 1),
        ({"q": "100%_"}, 0),
        ({"attention": "stalled"}, 1),
        ({"attention": "overdue"}, 1),
        ({"attention": "unpaid"}, 1),
        ({"attention": "exceeding"}, 0),
        ({"attention": "no such"}, 2),
    ],
)
def test_filters_of_the_list(ctx: Context, params: dict[str, str], found: int) -> None:
    active = add_project(
        ctx,
        state=ProjectState.ACTIVE,
        title="高盐废水分质结晶",
        summary="中试示范",
        contracted_on=date(2024, 12, 31),
        starts_on=date(2024, 12, 31),
        ends_on=date(2025, 6, 14),
    )
    add_entry(ctx, project=active, kind=EntryKind.COMMITTED)
    add_project(ctx, region_code="150621", opened_on=date(2025, 3, 1), is_demo=True)

    assert count(ctx, PROJECTS, params) == found


def test_by_organization_and_for_its_own_people(ctx: Context, enterprise: Context, leader: Context) -> None:
    own = ctx.find(Organization, enterprise.actor.organization_id or 0)
    add_project(ctx, demand=own)
    other = add_project(ctx)
    add_contract(ctx, project=other)
    add_entry(ctx, project=other)

    assert [count(enterprise, listing, {}) for listing in (PROJECTS, CONTRACTS, ENTRIES)] == [1, 0, 0]
    assert [count(leader, listing, {}) for listing in (PROJECTS, CONTRACTS, ENTRIES)] == [2, 1, 1]
    assert count(leader, PROJECTS, {"organization": str(own.id)}) == 1


@pytest.mark.parametrize("listing", [PROJECTS, CONTRACTS, ENTRIES], ids=lambda one: one.key)
def test_every_column_that_says_so_sorts_both_ways(ctx: Context, listing: Listing) -> None:
    project = add_project(ctx, state=ProjectState.ACTIVE)
    add_contract(ctx, project=project)
    add_entry(ctx, project=project)

    for column in listing.columns:
        for sort in (column.key, f"-{column.key}"):
            page = page_of(ctx, listing, {"sort": sort})
            assert page.total == 1
            assert (page.sort == sort) is column.sortable


def _asked(ctx: Context, project_id: int) -> int:
    """How many queries the parts of a project's page take."""
    ctx.session.expire_all()
    with _counting(ctx) as said:
        detail = project_detail(ctx, project_id)
        gates(ctx, detail.project)
        parties(ctx, project_id)
        sums_of(ctx, project_id)
        lines_of(ctx, project_id)
        page_of(ctx, PROJECTS, {})
        page_of(ctx, ENTRIES, {})
    return len(said)


def test_a_page_takes_as_many_queries_for_three_rows_as_for_one(ctx: Context) -> None:
    project = add_project(ctx, state=ProjectState.ACTIVE)
    add_entry(ctx, project=project)
    once = _asked(ctx, project.id)

    for _ in range(2):
        add_project(ctx)
        add_entry(ctx, project=project)

    assert _asked(ctx, project.id) == once
