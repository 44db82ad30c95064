"""The same for hours: 5,000 requests for each operation and asker; WOSHOU_TEST_PROGRESS names a file to go on from."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from models import Role
from tests.contract.conftest import Explore
from tests.contract.verdict import EXAMPLES_OF_A_DRILL, operations
from tests.parts import ONLY_SQLITE

ASKERS = {"anonymous": None, "enterprise": Role.ENTERPRISE, "organizer": Role.ORGANIZER}
PROGRESS = os.environ.get("WOSHOU_TEST_PROGRESS", "")


@pytest.mark.drill
@ONLY_SQLITE
@pytest.mark.parametrize("operation", operations())
@pytest.mark.parametrize("asker", ASKERS)
def test_an_operation_keeps_its_contract_for_long(explore_as: Explore, asker: str, operation: str) -> None:
    done = f"{asker} {operation}"
    if PROGRESS and Path(PROGRESS).is_file() and done in Path(PROGRESS).read_text(encoding="utf-8").splitlines():
        pytest.skip("done in an earlier run")

    run = explore_as(ASKERS[asker], examples=EXAMPLES_OF_A_DRILL, only=[operation])

    assert run.breaches == {}, run.told()
    if PROGRESS:
        with Path(PROGRESS).open("a", encoding="utf-8") as file:
            file.write(done + "\n")
