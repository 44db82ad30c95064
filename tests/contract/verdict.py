"""When a run is good: no breach, every operation asked often enough, and the asker not turned away throughout."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from service.app import create_app
from service.config import Settings
from tests.contract.fuzzing import Run
from tests.parts import SECRET

EXAMPLES = 70
"""Generated requests for each operation and each of three askers in the normal run, so 210 for each operation."""
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


def assert_kept(run: Run, *, examples: int = EXAMPLES, signed_in: bool = True) -> None:
    """Fails with the breaches, or with the operations that were hardly asked."""
    assert run.breaches == {}, run.told()
    assert set(run.requests) == set(operations())
    hardly = {label: run.requests[label] for label in operations(with_choice=True) if run.requests[label] < examples}
    assert hardly == {}
    answers = sum(run.answers.values(), start=type(run.requests)())
    assert not [status for status in answers if status >= 500]
    if signed_in:
        assert answers[401] < 0.02 * sum(answers.values())
        assert answers[200] > 0.02 * sum(answers.values())
