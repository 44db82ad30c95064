"""What somebody else changed while a form was being filled in: field by field, theirs beside yours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from models.handshake_event import break_words
from models.money import yuan
from service.commands import Command
from service.context import SHANGHAI

NOT_COMPARED = frozenset({"version", "no_secret", "contact_consent", "categories", "current", "password"})


@dataclass(frozen=True)
class Difference:
    """One field that stands otherwise now than was typed; all three as the form writes them.

    ``seen`` is what the form was drawn with, None when it did not say.
    """

    field: str
    label: str
    seen: str | None
    current: str
    yours: str


def differences(
    command: type[Command], values: Mapping[str, Any], record: Any, seen: Mapping[str, str]
) -> list[Difference]:
    """The fields of the command in which the record stands otherwise than ``values``, in the form's order."""
    found = []
    for name, info in command.model_fields.items():
        if name in NOT_COMPARED or name not in values:
            continue
        column = _column(record, name)
        if column is None:
            continue
        current, yours = _written(getattr(record, column), column), _written(values[name], name)
        if current != yours:
            found.append(Difference(name, info.title or name, seen.get(name), current, yours))
    return found


def standing(record: Any, names: Iterable[str]) -> dict[str, str]:
    """What the record holds in the named fields, as a form writes it; other names are left out."""
    columns = {name: _column(record, name) for name in names if name not in NOT_COMPARED}
    return {name: _written(getattr(record, column), column) for name, column in columns.items() if column is not None}


def _column(record: Any, name: str) -> str | None:
    return next((key for key in (name, f"{name}_fen") if hasattr(record, key)), None)


def _written(value: Any, column: str) -> str:
    """The value as a form writes it."""
    if value is None:
        return ""
    if column.endswith("_fen"):
        return f"{yuan(value):f}".rstrip("0").rstrip(".")
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return "true" if value else ""
    if isinstance(value, datetime):
        return f"{value.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}"
    if isinstance(value, list | tuple):
        return "、".join(_written(one, "") for one in value)
    if isinstance(value, dict) and "after" in value:
        return break_words(value)
    return str(value).replace("\r\n", "\n").strip()
