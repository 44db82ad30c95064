"""An organizer asks everything the contract has, in every way it allows and many it does not."""

from __future__ import annotations

from models import Role
from tests.contract.conftest import Explore
from tests.contract.verdict import ask_enough, assert_kept
from tests.parts import ONLY_SQLITE


@ONLY_SQLITE
def test_every_operation_keeps_its_contract(explore_as: Explore) -> None:
    assert_kept(ask_enough(explore_as, Role.ORGANIZER))
