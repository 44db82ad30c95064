"""Throws generated requests at the whole JSON door in one process and collects every breach of its contract."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel, ValidationError
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.engine import events, from_schema
from schemathesis.openapi.checks import RejectedPositiveData

OUR_RULES = {"sentence", "money"}
"""Complaints of rules that JSON Schema has no words for: two fields that contradict, a code nobody has, a past day."""
LINES = {"keywords", "aliases"}
"""Lists that may be given as one line of text, whose parts JSON Schema cannot count."""
SEED = 20250615


@dataclass
class Run:
    """What one run found: requests and answers per operation, and the first example of each kind of breach."""

    requests: Counter[str] = field(default_factory=Counter)
    answers: defaultdict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    breaches: dict[tuple[str, str], str] = field(default_factory=dict)
    seconds: float = 0.0

    def with_more(self, other: Run) -> Run:
        """This run and a later one taken together."""
        self.requests.update(other.requests)
        for label, statuses in other.answers.items():
            self.answers[label].update(statuses)
        self.breaches = other.breaches | self.breaches
        self.seconds += other.seconds
        return self

    def told(self) -> str:
        """The breaches, readable."""
        return "\n\n".join(f"{check} at {label}\n{text}" for (label, check), text in sorted(self.breaches.items()))


def explore(
    app: FastAPI,
    headers: dict[str, str],
    *,
    examples: int,
    only: Sequence[str] = (),
    turned_away: Callable[[], None] = lambda: None,
) -> Run:
    """Examples, coverage, fuzzing and chains of calls against the operations named ``METHOD /path`` (all by default).

    ``turned_away`` is called after each 401: a request may have switched the asker off, and the rest would then be
    answered alike. Every check of the tool is on.
    """
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", app, config=_configured(headers, examples))
    commands = commands_of(app)

    @schema.hook
    def filter_failure(_context: Any, failure: Failure, case: Any, response: Any) -> bool:
        if isinstance(failure, RejectedPositiveData):
            if not all(str(value).lstrip("-").isdigit() for value in (case.path_parameters or {}).values()):
                return False  # the tool took null out of an answer for a number in the address: no valid request
            return response.status_code != 422 or not _is_our_rule(commands, case, response)
        return not (isinstance(failure, AcceptedNegativeData) and _is_well_once_trimmed(case))

    @schema.hook
    def after_call(_context: Any, _case: Any, response: Any) -> None:
        if response.status_code == 401:
            turned_away()

    chosen = schema.include(name=list(only)) if only else schema
    run, begun = Run(), time.monotonic()
    for event in from_schema(chosen).execute():
        if isinstance(event, events.ScenarioFinished):
            _note(run, event)
        elif isinstance(event, events.NonFatalError):
            run.breaches.setdefault((event.label, "error"), repr(event.value))
        elif isinstance(event, events.FatalError):
            raise event.exception
    run.seconds = time.monotonic() - begun
    return run


def _configured(headers: dict[str, str], examples: int) -> SchemathesisConfig:
    return SchemathesisConfig.from_dict(
        {
            "seed": SEED,
            "headers": headers,
            "workers": 1,
            "continue-on-failure": True,
            "request-timeout": 120,
            "generation": {"max-examples": examples, "no-shrink": True, "database": "none"},
        }
    )


def _note(run: Run, event: events.ScenarioFinished) -> None:
    recorder = event.recorder
    for case_id, node in recorder.cases.items():
        label = node.value.operation.label
        run.requests[label] += 1
        interaction = recorder.interactions.get(case_id)
        if interaction is not None and interaction.response is not None:
            run.answers[label][interaction.response.status_code] += 1
        for check in recorder.checks.get(case_id, []):
            if check.failure_info is not None:
                found = check.failure_info
                answer = interaction.response.text[:500] if interaction is not None and interaction.response else ""
                text = f"[{event.phase.value}] {found.failure.title}: {found.failure.message}"
                run.breaches.setdefault((label, check.name), f"{text}\n{found.code_sample}\n{answer}")


def commands_of(app: FastAPI) -> dict[str, type[BaseModel]]:
    """The command each operation takes, by ``METHOD /path``."""
    found: dict[str, type[BaseModel]] = {}
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        body = route.body_field.field_info.annotation if isinstance(route, APIRoute) and route.body_field else None
        if isinstance(body, type) and issubclass(body, BaseModel) and context.path:
            path = context.path.replace(":int}", "}")
            found.update({f"{method} {path}": body for method in context.methods or ()})
    return found


def _is_our_rule(commands: dict[str, type[BaseModel]], case: Any, response: Any) -> bool:
    """Whether a request whose shape is right was refused for what it says, with the fields named."""
    command = commands.get(case.operation.label)
    named = [one["field"] for one in response.json()["errors"]]
    if command is None:  # what a file holds is no matter of JSON Schema
        return bool(case.media_type == "multipart/form-data" and named == ["file"])
    try:
        command.model_validate(case.body)
    except ValidationError as error:
        return all(one["type"] in OUR_RULES or _is_of_a_line(case.body, one) for one in error.errors())
    return bool(named)


def _is_of_a_line(body: Any, complaint: Any) -> bool:
    """Whether a list that was given as one line of text is complained of once it was taken apart."""
    given = body.get(complaint["loc"][0]) if isinstance(body, dict) and complaint["loc"] else None
    return (
        isinstance(given, str) and complaint["type"] in ("too_long", "string_too_long") and complaint["loc"][0] in LINES
    )


def _is_well_once_trimmed(case: Any) -> bool:
    """Whether a body breaks the contract only by blanks at the ends of its texts, which are taken off."""
    trimmed = _trimmed(case.body)
    if trimmed == case.body:
        return False
    declared = case.operation.get_body_for_media_type(case.media_type)
    return declared is not None and declared.get_validator().is_valid(trimmed)


def _trimmed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _trimmed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_trimmed(item) for item in value]
    return value.strip() if isinstance(value, str) else value
