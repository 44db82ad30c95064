"""Say which words mean the same in search."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from matching.text import normalise
from models import Synonym
from service.commands import Command, Version
from service.context import Context
from service.errors import Conflict


def _words(value: Any) -> Any:
    """Words come as a list, or as one text separated by 、，；or line breaks; a blank belongs to a word."""
    if isinstance(value, str):
        value = [value]
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        joined = "、".join(value)
        for mark in ",，;；\r\n\t":
            joined = joined.replace(mark, "、")
        distinct = {normalise(word): word.strip() for word in reversed(joined.split("、")) if normalise(word)}
        return list(reversed(distinct.values()))
    return value


class WriteSynonym(Command):
    """A group of words that mean the same; ``version`` only for a change."""

    words: Annotated[
        list[Annotated[str, Field(max_length=40)]],
        BeforeValidator(_words),
        Field(
            min_length=2,
            max_length=12,
            title="同义词",
            description="2–12 个，用顿号或换行分开；大小写、全角半角、繁简不必重复写",
            json_schema_extra={"widget": "textarea"},
        ),
    ]
    note: Annotated[str, Field(max_length=200, title="说明", description="所属领域，或为什么算同义")] = ""
    is_active: Annotated[bool, Field(title="启用", json_schema_extra={"widget": "checkbox"})] = True
    version: Version | None = None


def add_synonym(ctx: Context, command: WriteSynonym) -> Synonym:
    """Enter a group of words; search uses it as soon as this is committed."""
    ctx.demand("manage_synonyms")
    group = ctx.add(Synonym(words=command.words, note=command.note, is_active=command.is_active))
    ctx.audit("add_synonym", group, words=group.words)
    return group


def edit_synonym(ctx: Context, synonym_id: int, command: WriteSynonym) -> Synonym:
    """Change a group, or switch it on or off. Raises NotFound or Conflict."""
    ctx.demand("manage_synonyms")
    group = ctx.find(Synonym, synonym_id)
    if command.version is None:
        raise Conflict("修改同义词需要带上读到的版本号，请刷新后再改。")
    ctx.check_version(group, command.version)
    group.words, group.note, group.is_active = command.words, command.note, command.is_active
    ctx.touch(group)
    ctx.audit("edit", group, words=group.words, is_active=group.is_active)
    return group
