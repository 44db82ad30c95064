"""A figure is the number of rows its link opens, for everyone, every year, with 示例 records and without."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest

from service.context import Context
from service.errors import Forbidden, NotFound, NotSignedIn
from service.queries.figures import FIGURES, FUNNEL, Figure, Scope, funnel, scope_of, value_of, values
from service.queries.listing import all_rows, count
from tests.parts import ONLY_POSTGRESQL, ONLY_SQLITE
from tests.queries.world import add_world

ROLES = ("enterprise", "institute", "broker", "organizer", "leader", "admin", "auditor", "anonymous", "ctx")
SCOPES = [
    Scope(year, region, demo) for year in (None, 2024, 2025) for region in ("", "150621") for demo in (False, True)
]


def _rows_behind(ctx: Context, figure: Figure, href: str) -> int:
    """What a reader who opens the figure's link counts, or adds up, by hand."""
    address = urlsplit(href)
    assert address.path == figure.listing.path
    rows = list(all_rows(ctx, figure.listing, dict(parse_qsl(address.query))))
    return len(rows) if figure.column is None else sum(getattr(row, figure.column) for row in rows)


@ONLY_SQLITE
@pytest.mark.parametrize("role", ROLES)
def test_every_figure_is_the_rows_its_link_opens(ctx: Context, role: str, request: pytest.FixtureRequest) -> None:
    reader: Context = request.getfixturevalue(role)
    add_world(ctx)

    assert not _wrong_figures(reader)


@ONLY_POSTGRESQL
def test_every_figure_is_the_rows_its_link_opens_on_postgresql(ctx: Context, leader: Context) -> None:
    add_world(ctx)

    assert not _wrong_figures(leader)


def _wrong_figures(reader: Context) -> list[object]:
    wrong: list[object] = []

    for figure in (*FIGURES.values(), *FUNNEL):
        for scope in SCOPES:
            value = value_of(reader, figure, scope)
            behind = _rows_behind(reader, figure, value.href)
            if value.amount != behind:
                wrong.append((figure.key, scope, value.amount, behind))
    return wrong


@pytest.mark.parametrize("figure", [*FIGURES.values(), *FUNNEL], ids=lambda figure: figure.key)
def test_every_parameter_of_a_figure_is_a_filter_of_its_list(figure: Figure) -> None:
    known = {one.key for one in figure.listing.filters}

    assert set(figure.params(Scope(2025, "150600", True))) <= known
    assert figure.column is None or figure.listing.column(figure.column) is not None
    assert figure.definition
    assert figure.version


def test_figures_of_a_year_leave_demo_records_out(ctx: Context, leader: Context) -> None:
    add_world(ctx)

    found = values(leader, Scope(2025))

    assert {key: value.amount for key, value in found.items()} == {
        "events_held": 2,
        "projects_implemented": 2,
        "money_committed": 140_000_001,
        "money_received": 20_000_000,
        "money_spent": 5_000_001,
        "meetings_held": 4,
        "meetings_agreed": 3,
        "contracts_signed": 2,
        "contracts_amount": 400_000_000,
        "contracts_technology_amount": 300_000_000,
        "needs_published": 9,
        "achievements_published": 5,
        "needs_shortlisted": 5,
        "needs_solved": 1,
    }
    assert values(leader, Scope(2025, demo=True))["events_held"].amount == 3
    assert values(leader, Scope(2024))["events_held"].amount == 1
    assert values(leader, Scope())["projects_implemented"].amount == 4


def test_the_funnel_narrows_stage_by_stage(ctx: Context, leader: Context) -> None:
    add_world(ctx)

    stages = [value.amount for value in funnel(leader, Scope(2025))]

    assert stages == [9, 5, 4, 3, 2, 1]
    assert [value.amount for value in funnel(leader, Scope(2024))] == [6, 5, 4, 3, 2, 1]


@ONLY_SQLITE
def test_figures_are_for_those_who_are_signed_in(enterprise: Context, anonymous: Context) -> None:
    with pytest.raises(NotSignedIn):
        values(anonymous, Scope())
    with pytest.raises(Forbidden):
        funnel(enterprise, Scope())


@ONLY_SQLITE
@pytest.mark.parametrize(
    ("params", "scope"),
    [
        ({}, Scope(2025)),
        ({"year": "2023"}, Scope(2023)),
        ({"year": "all"}, Scope(None)),
        ({"year": "2025年"}, Scope(None)),
        ({"region": "150621", "demo": "include"}, Scope(2025, "150621", True)),
        ({"demo": "1"}, Scope(2025)),
    ],
)
def test_scope_of_an_address(ctx: Context, params: dict[str, str], scope: Scope) -> None:
    assert scope_of(ctx, params, year=2025) == scope


@ONLY_SQLITE
def test_scope_of_an_unknown_region(ctx: Context) -> None:
    with pytest.raises(NotFound):
        scope_of(ctx, {"region": "999999"}, year=2025)


@ONLY_SQLITE
def test_how_far_a_need_came_is_told_of_ones_own_needs_only(ctx: Context, enterprise: Context, leader: Context) -> None:
    add_world(ctx)

    assert count(leader, FUNNEL[-1].listing, {"reached": "funded", "demo": "0"}) == 2
    assert count(enterprise, FUNNEL[-1].listing, {"reached": "funded", "demo": "0"}) == 0
