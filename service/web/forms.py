"""HTML forms: read one into a command, and show it again with its complaints when it is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import EnumMeta
from typing import Any, TypeVar, get_args, get_origin

from fastapi.responses import Response
from pydantic.fields import FieldInfo

from models import Labelled
from service.commands import Command, read
from service.context import Context
from service.errors import Conflict, Invalid, Stale
from service.web.dependencies import Form
from service.web.differences import Difference, differences, standing

C = TypeVar("C", bound=Command)


@dataclass(frozen=True)
class FormState:
    """What a form shows: the values as typed and the complaint at each field ("" is the whole form's).

    ``changes`` is what somebody else changed meanwhile; the form offers to take theirs, field by field. ``seen`` is
    what the person had before them when they began to type, as far as an earlier showing of the form noted it.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    changes: Sequence[Difference] = ()
    seen: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Any:
        return getattr(self, key)


@dataclass(frozen=True)
class Field:
    """One field as the form macro draws it."""

    name: str
    label: str
    hint: str
    type: str
    required: bool
    maxlength: int | None
    options: Sequence[Any]


WIDGETS = {"text": "text", "title": "text", "region": "select", "organization": "select", "trl": "select"}


def values_of(command: type[Command], form: Form) -> dict[str, Any]:
    """The form's values shaped for the command: lists stay lists, an unticked box is False.

    A choice, number or date left open keeps the command's default.
    """
    values: dict[str, Any] = {}
    for name, info in command.model_fields.items():
        given = form.get(name)
        if _is_list(info):
            values[name] = given or []
        elif _plain(info) is bool:
            values[name] = given is not None and given[-1] not in ("", "false", "0")
        elif given is not None and (given[-1] != "" or info.is_required() or _plain(info) is str):
            values[name] = given[-1]
    return values


def complete(
    ctx: Context,
    form: Form,
    command: type[C],
    act: Callable[[C], Response],
    again: Callable[[FormState, int], Response],
) -> Response:
    """Read the form and act on it; when it is wrong, take everything back and show it again as typed."""
    values = _with_theirs(command, form, values_of(command, form))
    try:
        response = act(read(command, values))
        ctx.flush()
    except Invalid as error:
        ctx.discard()
        return again(FormState(values, error.fields, seen=_seen(form)), error.status)
    except Stale as error:
        changes = differences(command, values, error.record, _seen(form))
        latest = {**values, "version": getattr(error.record, "version", None)}
        ctx.discard()
        return again(
            FormState(latest, {"": error.sentence}, changes, standing(error.record, values)),
            error.status,
        )
    except Conflict as error:
        ctx.discard()
        return again(FormState(values, {"": error.sentence}, seen=_seen(form)), error.status)
    return response


def _with_theirs(command: type[Command], form: Form, values: dict[str, Any]) -> dict[str, Any]:
    """The values after somebody chose, in a form shown again, to take what somebody else wrote in some fields."""
    for name, info in command.model_fields.items():
        if form.get(f"take.{name}") == ["theirs"]:
            theirs = (form.get(f"theirs.{name}") or [""])[0]
            values[name] = [one for one in theirs.split("、") if one] if _is_list(info) else theirs
    return values


def _seen(form: Form) -> dict[str, str]:
    """What the form was drawn with, where it says so."""
    return {name.removeprefix("seen."): texts[0] for name, texts in form.items() if name.startswith("seen.")}


def fields_of(
    command: type[Command], names: Sequence[str], options: Mapping[str, Sequence[Any]] | None = None
) -> list[Field]:
    """The named fields of a command, ready to draw; ``options`` are those that come from the database."""
    return [_field(name, command.model_fields[name], options or {}) for name in names]


def labels_of(command: type[Command]) -> dict[str, str]:
    """Each field's Chinese name, for the summary of errors."""
    return {name: info.title or name for name, info in command.model_fields.items()}


def _field(name: str, info: FieldInfo, options: Mapping[str, Sequence[Any]]) -> Field:
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    widget = str(extra.get("widget", "text"))
    plain = _plain(info)
    chosen: Sequence[Any] = options.get(name, ())
    if not chosen and isinstance(plain, EnumMeta) and issubclass(plain, Labelled):
        chosen = [(member.value, member.label) for member in plain]
    limit = next((item.max_length for item in info.metadata if getattr(item, "max_length", None)), None)
    return Field(
        name=name,
        label=info.title or name,
        hint=info.description or "",
        type=WIDGETS.get(widget, widget),
        required=info.is_required(),
        maxlength=limit if not _is_list(info) else None,
        options=chosen,
    )


def _plain(info: FieldInfo) -> Any:
    """The field's type without optionality and list: ``list[X]``, ``X | None`` and ``X`` are all X."""
    annotation: Any = info.annotation
    while get_origin(annotation) is not None:
        inner = [one for one in get_args(annotation) if one is not type(None)]
        annotation = inner[0]
    return annotation


def _is_list(info: FieldInfo) -> bool:
    return get_origin(info.annotation) is list
