"""What it means for a region to lie within another, over all regions of the seeds."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from models.region import covers

SEEDS = Path(__file__).parents[2] / "seeds" / "regions.csv"


@pytest.fixture(scope="module")
def parents() -> dict[str, str]:
    with SEEDS.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["parent_code"] for row in csv.DictReader(file)}


def test_a_region_covers_itself_and_its_descendants_only(parents: dict[str, str]) -> None:
    assert len(parents) > 100
    for scope in parents:
        for code in parents:
            above = {code}
            step = code
            while step := parents.get(step, ""):
                above.add(step)
            assert covers(scope, code) is (scope in above), (scope, code)


def test_no_scope_covers_all() -> None:
    assert covers(None, "150621")
    assert covers(None, None)


def test_a_record_without_a_region_lies_in_no_scope() -> None:
    assert not covers("150600", None)
