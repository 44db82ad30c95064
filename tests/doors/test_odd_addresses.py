"""Addresses nobody meant: odd filters, pages that are not there, numbers past any record. Never a crash."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from fastapi.routing import APIRoute

from models import Role
from service.doors import API_ROUTERS, PAGE_ROUTERS
from tests.doors.conftest import Browser

HUGE = str(2**64)
ODD = {
    "page": "-3",
    "size": "100000",
    "sort": "nothing",
    "state": "WHAT,PUBLISHED",
    "year": "99999",
    "region": "zz",
    "point": HUGE,
    "category": HUGE,
    "organization": HUGE,
    "event": HUGE,
    "project": HUGE,
    "kind": "x",
    "reached": "moon",
    "demo": "maybe",
    "meeting": HUGE,
    "match_id": HUGE,
    "q": "%_\\'\"<script>",
}


def _addresses(number: str) -> Iterator[str]:
    """Every address that can be asked for, each number in it replaced."""
    for prefix, routers in (("/api/v1", API_ROUTERS), ("", PAGE_ROUTERS)):
        for router in routers:
            for route in router.routes:
                if isinstance(route, APIRoute) and "GET" in (route.methods or ()):
                    yield prefix + re.sub(
                        r"\{form\}", "csv", re.sub(r"\{\w+(:int)?\}", number, re.sub(r"\{form\}", "csv", route.path))
                    )


@pytest.mark.parametrize("number", ["0", "1", HUGE])
def test_no_address_crashes(browse: Callable[..., Browser], number: str) -> None:
    person = browse(role=Role.ORGANIZER)

    answers = {path: person.get(path, params=ODD).status_code for path in _addresses(number)}

    assert len(answers) > 60
    assert {path: status for path, status in answers.items() if status >= 500} == {}


def test_every_list_answers_odd_filters_with_a_page(browse: Callable[..., Browser]) -> None:
    person = browse(role=Role.ADMIN)

    lists = (
        "/needs",
        "/achievements",
        "/matches",
        "/events",
        "/meetings",
        "/invitations",
        "/projects",
        "/contracts",
        "/ledger",
        "/organizations",
    )

    odd = {key: "9" * 5000 if value == HUGE else value for key, value in ODD.items()}

    assert {path: person.get(path, params=odd).status_code for path in lists} == dict.fromkeys(lists, 200)
