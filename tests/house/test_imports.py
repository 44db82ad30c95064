"""One direction only: no floor reaches up, and no import runs in a circle or hides in a function."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.house.checkout import FLOORS, ROOT, imported, modules

ABOVE = {"matching": {"models", "service"}, "models": {"service"}, "service": set()}
HIDDEN: dict[tuple[str, str], str] = {
    ("matching.signals.dense", "import_module"): "an optional extra, loaded only when it has a weight",
}
"""(module, function) that may import inside: and why."""


def _imports(module: str) -> set[str]:
    return {
        name
        for node in ast.walk(modules()[module])
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in imported(module, node)
    }


def test_there_are_modules_on_every_floor() -> None:
    assert {name.split(".")[0] for name in modules()} == set(FLOORS)


@pytest.mark.parametrize("floor", FLOORS)
def test_no_floor_reaches_up(floor: str) -> None:
    reached = {
        (module, name)
        for module in modules()
        if module.split(".")[0] == floor
        for name in _imports(module)
        if name.split(".")[0] in ABOVE[floor]
    }

    assert reached == set()


def test_no_import_runs_in_a_circle_wherever_it_stands() -> None:
    graph = {}
    for module in modules():
        # a package's own __init__ is loaded on the way to its modules and may gather them
        graph[module] = {name for name in _imports(module) if name != module and not module.startswith(f"{name}.")}

    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" → ".join(reversed(circle.args[1])))


def test_no_import_hides_in_a_function_or_behind_a_condition() -> None:
    hidden = set()
    for module, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.If | ast.Try):
                inside = [part for part in ast.walk(node) if isinstance(part, ast.Import | ast.ImportFrom)]
                if inside:
                    hidden.add((module, getattr(node, "name", type(node).__name__)))
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "__import__":
                hidden.add((module, "__import__"))
            if isinstance(node, ast.Name) and node.id == "TYPE_CHECKING":
                hidden.add((module, "TYPE_CHECKING"))
            if isinstance(node, ast.Attribute) and node.attr == "import_module":
                hidden.add((module, "import_module"))

    assert hidden == set(HIDDEN)


def test_contracts_of_the_floors_are_kept() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    outcome = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
