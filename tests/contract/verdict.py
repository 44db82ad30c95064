"""When a run is good: no breach, every operation asked often enough, and the asker not turned away throughout."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from models import Role
from service.app import create_app
from service.config import Settings
from tests.contract.fuzzing import Run
from tests.parts import SECRET

EXAMPLES = 25
"""Fuzzed requests for each operation and asker in the normal run, beside those of the other phases."""
ENOUGH = 67
"""Generated requests of all phases for each operation and each of three askers, so more than 200 for each operation."""
EXAMPLES_OF_A_DRILL = 5_000
FIXED = {"get", "delete", "post", "put", "patch"}


def document() -> dict[str, Any]:
    """The contract as the application writes it."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data_dir=Path(folder), worker=False, secret_key=SECRET))
        app.state.installation.engine.dispose()
        return app.openapi()


def operations(*, with_choice: bool = False) -> list[str]:
    """Every ``METHOD /path`` of the contract; ``with_choice``: those that have something to fill in."""
    return [
        f"{method.upper()} {path}"
        for path, item in document()["paths"].items()
        for method, operation in item.items()
        if method in FIXED and (not with_choice or operation.get("parameters") or operation.get("requestBody"))
    ]


def ask_enough(ask: Callable[..., Run], role: Role | None) -> Run:
    """Ask every operation a little, and those that got fewer than ``ENOUGH`` requests once more and longer."""
    run = ask(role, examples=EXAMPLES)
    hardly = _hardly_asked(run)
    return run.with_more(ask(role, examples=ENOUGH, only=hardly)) if hardly else run


def assert_kept(run: Run, *, signed_in: bool = True) -> None:
    """Fails with the breaches, or with the operations that were hardly asked."""
    assert run.breaches == {}, run.told()
    assert set(run.requests) == set(operations())
    assert _hardly_asked(run) == []
    answers = sum(run.answers.values(), start=type(run.requests)())
    assert not [status for status in answers if status >= 500]
    if signed_in:
        assert answers[401] < 0.02 * sum(answers.values())
        assert answers[200] > 0.02 * sum(answers.values())


def _hardly_asked(run: Run) -> list[str]:
    return [label for label in operations(with_choice=True) if run.requests[label] < ENOUGH]
