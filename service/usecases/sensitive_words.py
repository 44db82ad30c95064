"""Keep the list against classified content, refuse what it refuses, record who pledged that nothing is secret."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import select

from models import Consent, ConsentKind, SensitiveLevel, SensitiveWord
from service.commands import Command, Version
from service.context import Context
from service.errors import Conflict, Invalid
from service.kinds import picked, words
from service.queries.sensitive_words import folded, found, texts_of

PLEDGE_VERSION = 1
"""Counts the wordings of the pledge in ``service/kinds.py``; raise it when that sentence changes."""


class WriteSensitiveWord(Command):
    """A word of the list; ``version`` only for a change."""

    word: Annotated[str, words("提示词", "全角半角、空格、繁简不必重复写", limit=50), Field(min_length=2)]
    level: Annotated[SensitiveLevel, picked("作用", widget="select")] = SensitiveLevel.PROMPT
    note: Annotated[str, words("说明", "为什么提示，请核对什么", limit=200)] = ""
    is_active: Annotated[bool, picked("启用", widget="checkbox")] = True
    version: Version | None = None


def add_sensitive_word(ctx: Context, command: WriteSensitiveWord) -> SensitiveWord:
    """Enter a word; it is looked for as soon as this is committed."""
    ctx.demand("keep_sensitive_words")
    _check(ctx, command, None)
    word = ctx.add(SensitiveWord(**command.model_dump(exclude={"version"})))
    ctx.audit("add_sensitive_word", word, word=word.word, level=word.level.value)
    return word


def edit_sensitive_word(ctx: Context, word_id: int, command: WriteSensitiveWord) -> SensitiveWord:
    """Change a word, or switch it on or off. Raises NotFound, Conflict or Invalid."""
    word = ctx.require(SensitiveWord, word_id, may="keep_sensitive_words")
    if command.version is None:
        raise Conflict("修改提示词需要带上读到的版本号，请刷新后再改。")
    ctx.check_version(word, command.version)
    _check(ctx, command, word)
    for name, value in command.model_dump(exclude={"version"}).items():
        setattr(word, name, value)
    ctx.touch(word)
    ctx.audit("edit", word, word=word.word, level=word.level.value, is_active=word.is_active)
    return word


def refuse_secrets(ctx: Context, record: Any) -> list[str]:
    """The words that ask for a second look. Raises Invalid at the field that holds one that is refused."""
    flags = found(ctx, texts_of(record))
    refused = {flag.field: flag.sentence for flag in reversed(flags) if flag.level is SensitiveLevel.REFUSE}
    if refused:
        raise Invalid(refused)
    return list(dict.fromkeys(flag.word for flag in flags))


def record_pledge(ctx: Context, posting: Any) -> None:
    """Write down who pledged, when, from where and to which wording, that a posting's text is not secret."""
    if ctx.actor.account_id is None:
        return
    ctx.add(
        Consent(
            account_id=ctx.actor.account_id,
            kind=ConsentKind.NO_SECRET,
            notice_number=PLEDGE_VERSION,
            record_type=type(posting).__name__,
            record_id=posting.id,
            address=ctx.address,
            given_at=ctx.now,
        )
    )


def _check(ctx: Context, command: WriteSensitiveWord, current: SensitiveWord | None) -> None:
    wanted = folded(command.word)
    if not wanted:
        raise Invalid({"word": "请填写要提示的词"})
    for other in ctx.session.scalars(select(SensitiveWord)):
        if other is not current and folded(other.word) == wanted:
            raise Invalid({"word": f"名单里已有“{other.word}”"})
