"""The policy table and the code speak of the same actions."""

from __future__ import annotations

import ast

import jinja2
import pytest
from jinja2 import nodes

from service.kinds import KINDS
from service.policy import POLICY
from tests.house.checkout import ROOT, modules

ASKS = {"demand": 0, "require": -1, "allows": 1, "may": 0}
"""Calls that name an action, and in which place; ``require`` names it by keyword."""
PER_KIND = {f"create_{kind.singular}" for kind in KINDS.values()}
"""Written ``f"create_{kind.singular}"`` where it is asked."""


def _asked_in_code() -> dict[str, set[str]]:
    """Action → modules that name it in a question to the policy."""
    found: dict[str, set[str]] = {}
    for module, tree in modules().items():
        if module == "service.policy":
            continue
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name not in ASKS:
                continue
            given = [word.value for word in node.keywords if word.arg in ("may", "action")]
            given += node.args[ASKS[name] : ASKS[name] + 1] if ASKS[name] >= 0 else []
            for action in given:
                if isinstance(action, ast.Constant) and isinstance(action.value, str):
                    found.setdefault(action.value, set()).add(module)
    return found


def _asked_in_templates() -> set[str]:
    environment = jinja2.Environment(autoescape=True)
    found = set()
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for call in environment.parse(path.read_text(encoding="utf-8"), filename=str(path)).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "may" and call.args:
                action = call.args[0]
                if isinstance(action, nodes.Const):
                    found.add(action.value)
    return found


def _words_of_the_service() -> set[str]:
    """Every string constant of the service but the policy's own: actions also travel in tables."""
    return {
        node.value
        for module, tree in modules().items()
        if module.startswith("service") and module != "service.policy"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_the_search_finds_questions() -> None:
    assert len(_asked_in_code()) > 5


def test_every_action_asked_about_is_in_the_policy() -> None:
    asked = set(_asked_in_code()) | _asked_in_templates() | PER_KIND

    assert asked - set(POLICY) == set()


def test_every_action_of_the_policy_is_asked_about() -> None:
    asked = _words_of_the_service() | _asked_in_templates() | PER_KIND

    assert set(POLICY) - asked == set()


@pytest.mark.parametrize("action", POLICY)
def test_every_action_is_open_to_somebody(action: str) -> None:
    assert POLICY[action]
