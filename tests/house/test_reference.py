"""docs/reference.md and docs/routes.md name every route, setting, job and signal there is, and nothing else."""

from __future__ import annotations

import pytest

from tests.house.reference import HEADS, WRITTEN, documented, live

HOW = "python -m tests.house.reference brings the tables up to date; then say what the new rows are for"


@pytest.mark.parametrize("section", HEADS)
def test_the_reference_names_what_the_code_has_and_nothing_else(section: str) -> None:
    rows = documented()[section]
    keys = WRITTEN.get(section, len(HEADS[section]))

    named, there = [row[:keys] for row in rows], live()[section]

    assert len(there) > 1
    assert set(there) - set(named) == set(), f"not in the reference; {HOW}"
    assert set(named) - set(there) == set(), f"in the reference but not in the code; {HOW}"
    assert len(set(named)) == len(named)


@pytest.mark.parametrize("section", HEADS)
def test_the_reference_says_what_each_is_for(section: str) -> None:
    assert [row for row in documented()[section] if len(row) != len(HEADS[section]) or not all(row)] == []
